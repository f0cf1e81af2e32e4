/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SolidMask, ThresholdMask, GrowMask, CropMask, MaskComposite: ComfyUI's nodes_mask.py. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <math.h>
#include <string.h>

#include "sandbox-node.h"

static gboolean
solid_mask (SandboxNode  *node,
            GError      **error)
{
  SandboxImage *mask = sandbox_image_new (1, sandbox_node_get_int (node, "height"),
                                          sandbox_node_get_int (node, "width"), 1);
  float value = (float) sandbox_node_get_double (node, "value");

  for (gsize i = 0; i < sandbox_image_get_count (mask); i++)
    mask->data[i] = value;

  return sandbox_node_take_image (node, 0, mask);
}

static gboolean
threshold_mask (SandboxNode  *node,
                GError      **error)
{
  SandboxImage *mask = sandbox_node_get_image (node, "mask", error);
  float value = (float) sandbox_node_get_double (node, "value");
  SandboxImage *result;

  if (mask == NULL)
    return FALSE;

  result = sandbox_image_copy (mask);
  for (gsize i = 0; i < sandbox_image_get_count (mask); i++)
    result->data[i] = mask->data[i] > value ? 1.0f : 0.0f;

  return sandbox_node_take_image (node, 0, result);
}

static gboolean
grow_mask (SandboxNode  *node,
           GError      **error)
{
  SandboxImage *mask = sandbox_node_get_image (node, "mask", error);
  int expand = sandbox_node_get_int (node, "expand");
  gboolean cross = sandbox_node_get_boolean (node, "tapered_corners");
  SandboxImage *result;
  int steps;

  if (mask == NULL)
    return FALSE;

  /* after so many steps the edge is reached from everywhere */
  steps = MIN (ABS (expand), mask->width + mask->height);
  result = sandbox_image_ref (mask);
  for (int i = 0; i < steps; i++)
    {
      g_autoptr(SandboxImage) before = result;

      result = sandbox_image_grow (before, expand < 0, cross);
    }

  return sandbox_node_take_image (node, 0, result);
}

static gboolean
crop_mask (SandboxNode  *node,
           GError      **error)
{
  SandboxImage *mask = sandbox_node_get_image (node, "mask", error);
  int x = sandbox_node_get_int (node, "x");
  int y = sandbox_node_get_int (node, "y");
  int width = sandbox_node_get_int (node, "width");
  int height = sandbox_node_get_int (node, "height");

  if (mask == NULL)
    return FALSE;
  if (x >= mask->width || y >= mask->height)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "nothing is left");
      return FALSE;
    }

  return sandbox_node_take_image (node, 0, sandbox_image_crop (mask, x, y, width, height));
}

static float
combine (const char *operation,
         float       a,
         float       b)
{
  /* as torch rounds: a half is even, so 0 */
  gboolean p = rintf (a) != 0.0f;
  gboolean q = rintf (b) != 0.0f;

  if (g_str_equal (operation, "multiply"))
    return a * b;
  if (g_str_equal (operation, "add"))
    return a + b;
  if (g_str_equal (operation, "subtract"))
    return a - b;
  if (g_str_equal (operation, "and"))
    return p && q ? 1.0f : 0.0f;
  if (g_str_equal (operation, "or"))
    return p || q ? 1.0f : 0.0f;
  return p != q ? 1.0f : 0.0f;
}

static gboolean
mask_composite (SandboxNode  *node,
                GError      **error)
{
  SandboxImage *destination = sandbox_node_get_image (node, "destination", error);
  SandboxImage *source =
    destination != NULL ? sandbox_node_get_image (node, "source", error) : NULL;
  const char *operation = sandbox_node_get_string (node, "operation");
  int left = sandbox_node_get_int (node, "x");
  int top = sandbox_node_get_int (node, "y");
  SandboxImage *result;

  if (source == NULL)
    return FALSE;

  result = sandbox_image_copy (destination);
  for (int index = 0; index < result->batch; index++)
    for (int y = top; y < MIN (result->height, top + source->height); y++)
      for (int x = left; x < MIN (result->width, left + source->width); x++)
        {
          float *target = sandbox_image_at (result, index, y, x);

          *target = combine (operation, *target,
                             *sandbox_image_at (source, index % source->batch, y - top, x - left));
        }
  for (gsize i = 0; i < sandbox_image_get_count (result); i++)
    result->data[i] = CLAMP (result->data[i], 0.0f, 1.0f);

  return sandbox_node_take_image (node, 0, result);
}

/**
 * sandbox_nodes_shapes_lookup:
 *
 * Returns: (nullable): what carries out the class
 */
SandboxNodeFunc
sandbox_nodes_shapes_lookup (const char *class_type)
{
  static const struct
  {
    const char      *class_type;
    SandboxNodeFunc  func;
  } nodes[] = {
    { "SolidMask", solid_mask },
    { "ThresholdMask", threshold_mask },
    { "GrowMask", grow_mask },
    { "CropMask", crop_mask },
    { "MaskComposite", mask_composite },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (nodes); i++)
    if (g_str_equal (nodes[i].class_type, class_type))
      return nodes[i].func;

  return NULL;
}
