/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ResizeImageMaskNode: one node for pictures and masks that scales in nine ways (ComfyUI's
 * nodes_post_processing.py). */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <math.h>

#include "sandbox-node.h"

/* nodes.py, MAX_RESOLUTION */
#define MAX_EDGE 16384

/* What a way of scaling comes to. */
typedef struct
{
  double   width;    /* px; 0 keeps the aspect ratio */
  double   height;   /* px */
  gboolean cropped;  /* to the new aspect ratio, before it is scaled */
  gboolean covered;  /* scaled to cover the size, and cut to it afterwards */
} Target;

static gboolean
is_cropped (SandboxNode *node)
{
  return g_str_equal (sandbox_node_get_string (node, "resize_type.crop"), "center");
}

/* Returns %FALSE when "match" brings no picture. */
static gboolean
read_target (SandboxNode         *node,
             const SandboxImage  *image,
             Target              *target,
             GError             **error)
{
  const char *type = sandbox_node_get_string (node, "resize_type");
  double width = image->width;
  double height = image->height;
  double factor = 1.0;

  *target = (Target) { 0 };
  if (g_str_equal (type, "scale dimensions"))
    *target = (Target) { sandbox_node_get_int (node, "resize_type.width"),
                         sandbox_node_get_int (node, "resize_type.height"), is_cropped (node) };
  else if (g_str_equal (type, "scale width"))
    target->width = sandbox_node_get_int (node, "resize_type.width");
  else if (g_str_equal (type, "scale height"))
    target->height = sandbox_node_get_int (node, "resize_type.height");
  else if (g_str_equal (type, "match size"))
    {
      SandboxImage *match = sandbox_node_get_image (node, "resize_type.match", error);

      if (match == NULL)
        return FALSE;
      *target = (Target) { match->width, match->height, is_cropped (node) };
    }
  else if (g_str_equal (type, "scale to multiple"))
    {
      int multiple = MAX (1, sandbox_node_get_int (node, "resize_type.multiple"));

      *target = (Target) { image->width / multiple * multiple, image->height / multiple * multiple,
                           FALSE, TRUE };
    }
  else
    {
      if (g_str_equal (type, "scale by multiplier"))
        factor = sandbox_node_get_double (node, "resize_type.multiplier");
      else if (g_str_equal (type, "scale longer dimension"))
        factor = sandbox_node_get_int (node, "resize_type.longer_size") / MAX (width, height);
      else if (g_str_equal (type, "scale shorter dimension"))
        factor = sandbox_node_get_int (node, "resize_type.shorter_size") / MIN (width, height);
      else
        factor = sqrt (sandbox_node_get_double (node, "resize_type.megapixels") * 1024.0 * 1024.0
                       / (width * height));
      *target = (Target) { rint (width * factor), rint (height * factor) };
    }

  return TRUE;
}

/* Scales so that the size is covered, and cuts what is over from both sides. */
static SandboxImage *
cover (const SandboxImage *image,
       int                 width,
       int                 height,
       const char         *method)
{
  double factor = MAX ((double) width / image->width, (double) height / image->height);
  int wide = MAX (width, (int) ceil (image->width * factor - 1e-9));
  int high = MAX (height, (int) ceil (image->height * factor - 1e-9));
  g_autoptr(SandboxImage) scaled = sandbox_image_resize (image, wide, high, method);

  return sandbox_image_crop (scaled, (wide - width) / 2, (high - height) / 2, width, height);
}

static gboolean
resize_image_mask (SandboxNode  *node,
                   GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "input", error);
  const char *method = sandbox_node_get_string (node, "scale_method");
  Target target;
  int width;
  int height;

  if (image == NULL || !read_target (node, image, &target, error))
    return FALSE;

  /* nothing given, and what is smaller than one multiple, stays as it is */
  if ((target.width < 1.0 && target.height < 1.0)
      || (target.covered && (target.width < 1.0 || target.height < 1.0)))
    return sandbox_node_take_image (node, 0, sandbox_image_ref (image));

  width = (int) target.width;
  height = (int) target.height;
  if (width < 1)
    width = MAX (1, (int) rint ((double) image->width * height / image->height));
  else if (height < 1)
    height = MAX (1, (int) rint ((double) image->height * width / image->width));

  if (width > MAX_EDGE || height > MAX_EDGE)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%d x %d pixels", width, height);
      return FALSE;
    }

  return sandbox_node_take_image (node, 0,
                                  (target.covered ? cover
                                   : target.cropped ? sandbox_image_resize_cropped
                                                    : sandbox_image_resize)
                                  (image, width, height, method));
}

/**
 * sandbox_nodes_resize_lookup:
 *
 * Returns: (nullable): what carries out the class
 */
SandboxNodeFunc
sandbox_nodes_resize_lookup (const char *class_type)
{
  return g_str_equal (class_type, "ResizeImageMaskNode") ? resize_image_mask : NULL;
}
