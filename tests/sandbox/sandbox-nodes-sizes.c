/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ImageScale, ImageScaleBy, ImageScaleToTotalPixels, ImageScaleToMaxDimension,
 * ImagePadForOutpaint: ComfyUI's nodes.py, nodes_post_processing.py and nodes_images.py. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <math.h>

#include "sandbox-node.h"

/* nodes.py, MAX_RESOLUTION */
#define MAX_EDGE 16384

static gboolean
take_scaled (SandboxNode   *node,
             SandboxImage  *image,
             int            width,
             int            height,
             gboolean       cropped,
             GError       **error)
{
  const char *method = sandbox_node_get_string (node, "upscale_method");

  if (width < 1 || height < 1 || width > MAX_EDGE || height > MAX_EDGE)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%d x %d pixels", width, height);
      return FALSE;
    }

  return sandbox_node_take_image (node, 0,
                                  (cropped ? sandbox_image_resize_cropped : sandbox_image_resize)
                                  (image, width, height, method));
}

static gboolean
image_scale (SandboxNode  *node,
             GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  int width = sandbox_node_get_int (node, "width");
  int height = sandbox_node_get_int (node, "height");

  if (image == NULL)
    return FALSE;

  if (width == 0 && height == 0)
    return sandbox_node_take_image (node, 0, sandbox_image_ref (image));

  if (width == 0)
    width = MAX (1, (int) rint ((double) image->width * height / image->height));
  else if (height == 0)
    height = MAX (1, (int) rint ((double) image->height * width / image->width));

  return take_scaled (node, image, width, height,
                      g_str_equal (sandbox_node_get_string (node, "crop"), "center"), error);
}

static gboolean
image_scale_by (SandboxNode  *node,
                GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  double factor = sandbox_node_get_double (node, "scale_by");

  return image != NULL
         && take_scaled (node, image, (int) rint (image->width * factor),
                         (int) rint (image->height * factor), FALSE, error);
}

static gboolean
image_scale_to_total_pixels (SandboxNode  *node,
                             GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  double pixels = sandbox_node_get_double (node, "megapixels") * 1024.0 * 1024.0;
  int steps = MAX (1, sandbox_node_get_int (node, "resolution_steps"));
  double factor;

  if (image == NULL)
    return FALSE;

  factor = sqrt (pixels / ((double) image->width * image->height));
  return take_scaled (node, image, (int) rint (image->width * factor / steps) * steps,
                      (int) rint (image->height * factor / steps) * steps, FALSE, error);
}

/* The longer edge gets the size, the other one keeps the aspect ratio. */
static gboolean
image_scale_to_max_dimension (SandboxNode  *node,
                              GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  int size = sandbox_node_get_int (node, "largest_size");
  int width = size;
  int height = size;

  if (image == NULL)
    return FALSE;

  if (image->height > image->width)
    width = (int) rint ((double) image->width / image->height * size);
  else
    height = (int) rint ((double) image->height / image->width * size);

  return take_scaled (node, image, width, height, FALSE, error);
}

/* How much of the old picture's pixel is to be painted over: 1 at a padded edge, falling with the
 * square of the distance to 0 at @feathering. */
static float
feather (int y,
         int x,
         int height,
         int width,
         int left,
         int top,
         int right,
         int bottom,
         int feathering)
{
  int distance = MIN (MIN (top != 0 ? y : height, bottom != 0 ? height - y : height),
                      MIN (left != 0 ? x : width, right != 0 ? width - x : width));
  float v = (float) (feathering - distance) / (float) MAX (1, feathering);

  return distance >= feathering ? 0.0f : v * v;
}

static gboolean
image_pad_for_outpaint (SandboxNode  *node,
                        GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  int left = sandbox_node_get_int (node, "left");
  int top = sandbox_node_get_int (node, "top");
  int right = sandbox_node_get_int (node, "right");
  int bottom = sandbox_node_get_int (node, "bottom");
  int feathering = sandbox_node_get_int (node, "feathering");
  SandboxImage *result;
  SandboxImage *mask;

  if (image == NULL)
    return FALSE;

  result = sandbox_image_new (image->batch, image->height + top + bottom,
                              image->width + left + right, image->channels);
  mask = sandbox_image_new (1, result->height, result->width, 1);

  for (gsize i = 0; i < sandbox_image_get_count (result); i++)
    result->data[i] = 0.5f;
  for (gsize i = 0; i < sandbox_image_get_count (mask); i++)
    mask->data[i] = 1.0f;

  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++)
      {
        float *m = sandbox_image_at (mask, 0, y + top, x + left);

        for (int index = 0; index < image->batch; index++)
          for (int c = 0; c < image->channels; c++)
            sandbox_image_at (result, index, y + top, x + left)[c] =
              sandbox_image_at (image, index, y, x)[c];

        *m = 0.0f;
        if (feathering > 0 && feathering * 2 < image->height && feathering * 2 < image->width)
          *m = feather (y, x, image->height, image->width, left, top, right, bottom, feathering);
      }

  sandbox_node_take_image (node, 0, result);
  return sandbox_node_take_image (node, 1, mask);
}

/**
 * sandbox_nodes_sizes_lookup:
 *
 * Returns: (nullable): what carries out the class
 */
SandboxNodeFunc
sandbox_nodes_sizes_lookup (const char *class_type)
{
  static const struct
  {
    const char      *class_type;
    SandboxNodeFunc  func;
  } nodes[] = {
    { "ImageScale", image_scale },
    { "ImageScaleBy", image_scale_by },
    { "ImageScaleToTotalPixels", image_scale_to_total_pixels },
    { "ImageScaleToMaxDimension", image_scale_to_max_dimension },
    { "ImagePadForOutpaint", image_pad_for_outpaint },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (nodes); i++)
    if (g_str_equal (nodes[i].class_type, class_type))
      return nodes[i].func;

  return NULL;
}
