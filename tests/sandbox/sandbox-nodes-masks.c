/* SPDX-License-Identifier: GPL-3.0-or-later */

/* InvertMask, MaskToImage, ImageToMask, JoinImageWithAlpha, SplitImageWithAlpha,
 * ImageCompositeMasked: ComfyUI's nodes_mask.py and nodes_compositing.py. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "sandbox-node.h"

static gboolean
invert_mask (SandboxNode  *node,
             GError      **error)
{
  SandboxImage *mask = sandbox_node_get_image (node, "mask", error);
  SandboxImage *result;

  if (mask == NULL)
    return FALSE;

  result = sandbox_image_copy (mask);
  for (gsize i = 0; i < sandbox_image_get_count (mask); i++)
    result->data[i] = 1.0f - mask->data[i];

  return sandbox_node_take_image (node, 0, result);
}

static gboolean
mask_to_image (SandboxNode  *node,
               GError      **error)
{
  SandboxImage *mask = sandbox_node_get_image (node, "mask", error);
  SandboxImage *result;

  if (mask == NULL)
    return FALSE;

  result = sandbox_image_new (mask->batch, mask->height, mask->width, 3);
  for (gsize i = 0; i < sandbox_image_get_count (result); i++)
    result->data[i] = mask->data[i / 3];

  return sandbox_node_take_image (node, 0, result);
}

/* One channel as a mask; a missing alpha is refused, as torch refuses the index. */
static gboolean
image_to_mask (SandboxNode  *node,
               GError      **error)
{
  static const char *const channels[] = { "red", "green", "blue", "alpha" };
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  const char *wanted = sandbox_node_get_string (node, "channel");
  SandboxImage *result;
  int channel = 0;

  if (image == NULL)
    return FALSE;

  while (channel < 3 && !g_str_equal (channels[channel], wanted))
    channel++;
  if (channel >= image->channels)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the picture has no channel %s",
                   wanted);
      return FALSE;
    }

  result = sandbox_image_new (image->batch, image->height, image->width, 1);
  for (gsize i = 0; i < sandbox_image_get_count (result); i++)
    result->data[i] = image->data[i * image->channels + channel];

  return sandbox_node_take_image (node, 0, result);
}

/* Without alpha the mask is empty. */
static gboolean
split_image_with_alpha (SandboxNode  *node,
                        GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  SandboxImage *colour;
  SandboxImage *mask;

  if (image == NULL)
    return FALSE;

  colour = sandbox_image_new (image->batch, image->height, image->width, 3);
  mask = sandbox_image_new (image->batch, image->height, image->width, 1);
  for (gsize i = 0; i < sandbox_image_get_count (mask); i++)
    {
      const float *pixel = image->data + i * image->channels;

      for (int c = 0; c < 3; c++)
        colour->data[3 * i + c] = pixel[c];
      mask->data[i] = image->channels > 3 ? 1.0f - pixel[3] : 0.0f;
    }

  sandbox_node_take_image (node, 0, colour);
  return sandbox_node_take_image (node, 1, mask);
}

static gboolean
join_image_with_alpha (SandboxNode  *node,
                       GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  SandboxImage *alpha = image != NULL ? sandbox_node_get_image (node, "alpha", error) : NULL;
  g_autoptr(SandboxImage) mask = NULL;
  SandboxImage *result;

  if (alpha == NULL)
    return FALSE;

  mask = sandbox_image_resize (alpha, image->width, image->height, "bilinear");
  result = sandbox_image_new (image->batch, image->height, image->width, 4);
  for (int index = 0; index < image->batch; index++)
    for (int y = 0; y < image->height; y++)
      for (int x = 0; x < image->width; x++)
        {
          float *target = sandbox_image_at (result, index, y, x);
          const float *source = sandbox_image_at (image, index, y, x);

          for (int c = 0; c < 3; c++)
            target[c] = source[c];
          target[3] = 1.0f - *sandbox_image_at (mask, index % mask->batch, y, x);
        }

  return sandbox_node_take_image (node, 0, result);
}

/* Lays @source over @result, both of as many channels as @result has; a channel that @source lacks
 * is 1. */
static void
composite (SandboxImage       *result,
           const SandboxImage *source,
           const SandboxImage *mask,
           int                 left,
           int                 top)
{
  for (int index = 0; index < result->batch; index++)
    for (int y = top; y < MIN (result->height, top + source->height); y++)
      for (int x = left; x < MIN (result->width, left + source->width); x++)
        {
          float *target = sandbox_image_at (result, index, y, x);
          const float *pixel =
            sandbox_image_at (source, index % source->batch, y - top, x - left);
          float m = mask == NULL ? 1.0f
                    : *sandbox_image_at (mask, index % mask->batch, y - top, x - left);

          for (int c = 0; c < result->channels; c++)
            target[c] = target[c] * (1.0f - m) + (c < source->channels ? pixel[c] : 1.0f) * m;
        }
}

static gboolean
image_composite_masked (SandboxNode  *node,
                        GError      **error)
{
  SandboxImage *destination = sandbox_node_get_image (node, "destination", error);
  SandboxImage *given =
    destination != NULL ? sandbox_node_get_image (node, "source", error) : NULL;
  SandboxValue *mask_value = sandbox_node_get_value (node, "mask");
  g_autoptr(SandboxImage) source = NULL;
  g_autoptr(SandboxImage) mask = NULL;
  SandboxImage *result;

  if (given == NULL)
    return FALSE;

  if (sandbox_node_get_boolean (node, "resize_source"))
    source = sandbox_image_resize (given, destination->width, destination->height, "bilinear");
  else
    source = sandbox_image_ref (given);
  if (mask_value != NULL && mask_value->image != NULL)
    mask = sandbox_image_resize (mask_value->image, source->width, source->height, "bilinear");

  result = sandbox_image_copy (destination);
  composite (result, source, mask, sandbox_node_get_int (node, "x"),
             sandbox_node_get_int (node, "y"));

  return sandbox_node_take_image (node, 0, result);
}

/**
 * sandbox_nodes_masks_lookup:
 *
 * Returns: (nullable): what carries out the class
 */
SandboxNodeFunc
sandbox_nodes_masks_lookup (const char *class_type)
{
  static const struct
  {
    const char      *class_type;
    SandboxNodeFunc  func;
  } nodes[] = {
    { "InvertMask", invert_mask },
    { "MaskToImage", mask_to_image },
    { "ImageToMask", image_to_mask },
    { "JoinImageWithAlpha", join_image_with_alpha },
    { "SplitImageWithAlpha", split_image_with_alpha },
    { "ImageCompositeMasked", image_composite_masked },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (nodes); i++)
    if (g_str_equal (nodes[i].class_type, class_type))
      return nodes[i].func;

  return NULL;
}
