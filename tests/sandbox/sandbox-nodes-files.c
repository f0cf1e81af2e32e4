/* SPDX-License-Identifier: GPL-3.0-or-later */

/* LoadImage, LoadImageMask, SaveImage, SaveImageAdvanced, PreviewImage, EmptyImage: ComfyUI's
 * nodes.py and nodes_images.py. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-workflow-private.h"
#include "comfy-json-private.h"
#include "sandbox-node.h"

/* The picture that the node names, with its bytes mixed into the node's hash; the name is not. */
static SandboxImage *
load (SandboxNode  *node,
      gboolean     *has_alpha,
      GError      **error)
{
  g_autoptr(GBytes) file = NULL;
  g_autoptr(GString) name = g_string_new (NULL);
  JsonNode *value = comfy_workflow_get_value (node->run->workflow, node->id, "image");

  if (comfy_json_node_is_string (value))
    g_string_append (name, json_node_get_string (value));
  else
    comfy_json_write (name, value);

  if ((file = node->run->load (name->str, node->run->load_data)) == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "Invalid image file: %s", name->str);
      return NULL;
    }

  node->hash = sandbox_hash (0, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  return sandbox_image_read (file, has_alpha, error);
}

/* One channel of a file as a mask; @invert for alpha, where opaque means "keep". */
static SandboxImage *
extract (const SandboxImage *rgba,
         int                 channel,
         gboolean            invert)
{
  SandboxImage *mask = sandbox_image_new (1, rgba->height, rgba->width, 1);
  gsize count = sandbox_image_get_count (mask);

  for (gsize i = 0; i < count; i++)
    mask->data[i] = invert ? 1.0f - rgba->data[4 * i + channel] : rgba->data[4 * i + channel];

  return mask;
}

/* ComfyUI: without alpha the mask is 64 x 64 and empty */
static SandboxImage *
alpha_mask (const SandboxImage *rgba,
            gboolean            has_alpha)
{
  return has_alpha ? extract (rgba, 3, TRUE) : sandbox_image_new (1, 64, 64, 1);
}

static gboolean
load_image (SandboxNode  *node,
            GError      **error)
{
  gboolean has_alpha;
  g_autoptr(SandboxImage) rgba = load (node, &has_alpha, error);
  SandboxImage *rgb;

  if (rgba == NULL)
    return FALSE;

  rgb = sandbox_image_new (1, rgba->height, rgba->width, 3);
  for (gsize i = 0; i < (gsize) rgba->height * rgba->width; i++)
    memcpy (rgb->data + 3 * i, rgba->data + 4 * i, 3 * sizeof (float));

  sandbox_node_take_image (node, 0, rgb);
  return sandbox_node_take_image (node, 1, alpha_mask (rgba, has_alpha));
}

static gboolean
load_image_mask (SandboxNode  *node,
                 GError      **error)
{
  const char *channel = sandbox_node_get_string (node, "channel");
  gboolean has_alpha;
  g_autoptr(SandboxImage) rgba = load (node, &has_alpha, error);
  SandboxImage *mask;

  if (rgba == NULL)
    return FALSE;

  if (g_str_equal (channel, "alpha"))
    mask = alpha_mask (rgba, has_alpha);
  else
    mask = extract (rgba, g_str_equal (channel, "red") ? 0 : g_str_equal (channel, "green") ? 1 : 2,
                    FALSE);

  return sandbox_node_take_image (node, 0, mask);
}

static gboolean
save (SandboxNode  *node,
      const char   *prefix,
      int           depth,
      gboolean      plain,
      gboolean      temporary,
      GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "images", error);
  g_autoptr(GBytes) graph = comfy_workflow_to_bytes (node->run->workflow);
  g_autofree char *prompt = g_strndup (g_bytes_get_data (graph, NULL), g_bytes_get_size (graph));

  for (int i = 0; image != NULL && i < image->batch; i++)
    {
      SandboxSaved *saved = g_new0 (SandboxSaved, 1);

      saved->node_id = g_strdup (node->id);
      saved->prefix = g_strdup (prefix);
      saved->plain = plain;
      saved->temporary = temporary;
      saved->content = sandbox_image_write_png (image, i, depth, prompt);
      saved->mime_type = "image/png";
      saved->suffix = ".png";
      g_ptr_array_add (node->run->saved, saved);
    }

  return image != NULL;
}

static gboolean
save_image (SandboxNode  *node,
            GError      **error)
{
  return save (node, sandbox_node_get_string (node, "filename_prefix"), 8, FALSE, FALSE,
               error);
}

static gboolean
preview_image (SandboxNode  *node,
               GError      **error)
{
  return save (node, "ComfyUI_temp", 8, FALSE, TRUE, error);
}

/* Hands the pictures on too. */
static gboolean
save_image_advanced (SandboxNode  *node,
                     GError      **error)
{
  const char *depth = sandbox_node_get_string (node, "format.bit_depth");

  if (!g_str_equal (sandbox_node_get_string (node, "format"), "png"))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "The sandbox does not write EXR.");
      return FALSE;
    }

  sandbox_node_pass (node, 0, sandbox_node_get_value (node, "images"));
  return save (node, sandbox_node_get_string (node, "filename_prefix"),
               g_str_equal (depth, "16-bit") ? 16 : 8, TRUE, FALSE, error);
}

static gboolean
empty_image (SandboxNode  *node,
             GError      **error)
{
  int color = sandbox_node_get_int (node, "color");
  float rgb[3] = { (float) (color >> 16 & 255) / 255.0f, (float) (color >> 8 & 255) / 255.0f,
                   (float) (color & 255) / 255.0f };
  SandboxImage *image = sandbox_image_new (sandbox_node_get_int (node, "batch_size"),
                                           sandbox_node_get_int (node, "height"),
                                           sandbox_node_get_int (node, "width"), 3);
  gsize count = sandbox_image_get_count (image);

  for (gsize i = 0; i < count; i++)
    image->data[i] = rgb[i % 3];

  return sandbox_node_take_image (node, 0, image);
}

/**
 * sandbox_nodes_files_lookup:
 *
 * Returns: (nullable): what carries out the class
 */
SandboxNodeFunc
sandbox_nodes_files_lookup (const char *class_type)
{
  static const struct
  {
    const char      *class_type;
    SandboxNodeFunc  func;
  } nodes[] = {
    { "LoadImage", load_image },
    { "LoadImageMask", load_image_mask },
    { "SaveImage", save_image },
    { "SaveImageAdvanced", save_image_advanced },
    { "PreviewImage", preview_image },
    { "EmptyImage", empty_image },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (nodes); i++)
    if (g_str_equal (nodes[i].class_type, class_type))
      return nodes[i].func;

  return NULL;
}
