/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ImageCrop, ImageCropV2, ImageFromBatch, ImageBatch, RepeatImageBatch: parts and sets of pictures,
 * as in ComfyUI's nodes.py and nodes_images.py. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-workflow-private.h"
#include "sandbox-node.h"

/* The corner is moved into the picture, the rest is clipped. */
static gboolean
take_crop (SandboxNode  *node,
           SandboxImage *image,
           int           x,
           int           y,
           int           width,
           int           height,
           GError      **error)
{
  if (width < 1 || height < 1)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "nothing is left");
      return FALSE;
    }

  return sandbox_node_take_image (node, 0,
                                  sandbox_image_crop (image, CLAMP (x, 0, image->width - 1),
                                                      CLAMP (y, 0, image->height - 1), width,
                                                      height));
}

static gboolean
image_crop (SandboxNode  *node,
            GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);

  return image != NULL
         && take_crop (node, image, sandbox_node_get_int (node, "x"),
                       sandbox_node_get_int (node, "y"), sandbox_node_get_int (node, "width"),
                       sandbox_node_get_int (node, "height"), error);
}

static int
get_member (JsonObject *object,
            const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? (int) json_node_get_int (node) : 0;
}

static gboolean
image_crop_v2 (SandboxNode  *node,
               GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  SandboxValue *box = sandbox_node_get_value (node, "crop_region");
  JsonNode *value = comfy_workflow_get_value (node->run->workflow, node->id, "crop_region");
  JsonObject *literal =
    value != NULL && JSON_NODE_HOLDS_OBJECT (value) ? json_node_get_object (value) : NULL;

  if (image == NULL)
    return FALSE;
  if (box != NULL)
    return take_crop (node, image, box->x, box->y, box->width, box->height, error);

  return take_crop (node, image, get_member (literal, "x"), get_member (literal, "y"),
                    get_member (literal, "width"), get_member (literal, "height"), error);
}

/* Writes the pictures of @source into @result from @first on; channels it lacks are 1. */
static void
copy_pictures (SandboxImage       *result,
               int                 first,
               const SandboxImage *source,
               int                 source_first,
               int                 count)
{
  for (int index = 0; index < count; index++)
    for (int y = 0; y < result->height; y++)
      for (int x = 0; x < result->width; x++)
        {
          const float *pixel = sandbox_image_at (source, source_first + index, y, x);
          float *target = sandbox_image_at (result, first + index, y, x);

          for (int c = 0; c < result->channels; c++)
            target[c] = c < source->channels ? pixel[c] : 1.0f;
        }
}

/* A negative index counts from the last picture. */
static gboolean
image_from_batch (SandboxNode  *node,
                  GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  int first = sandbox_node_get_int (node, "batch_index");
  int length = sandbox_node_get_int (node, "length");
  SandboxImage *result;

  if (image == NULL)
    return FALSE;

  first = CLAMP (first < 0 ? first + image->batch : first, 0, image->batch - 1);
  length = CLAMP (length, 1, image->batch - first);
  result = sandbox_image_new (length, image->height, image->width, image->channels);
  copy_pictures (result, 0, image, first, length);

  return sandbox_node_take_image (node, 0, result);
}

static gboolean
image_batch (SandboxNode  *node,
             GError      **error)
{
  SandboxImage *first = sandbox_node_get_image (node, "image1", error);
  SandboxImage *given = first != NULL ? sandbox_node_get_image (node, "image2", error) : NULL;
  g_autoptr(SandboxImage) second = NULL;
  SandboxImage *result;

  if (given == NULL)
    return FALSE;

  if (given->width == first->width && given->height == first->height)
    second = sandbox_image_ref (given);
  else
    second = sandbox_image_resize_cropped (given, first->width, first->height, "bilinear");

  result = sandbox_image_new (first->batch + second->batch, first->height, first->width,
                              MAX (first->channels, second->channels));
  copy_pictures (result, 0, first, 0, first->batch);
  copy_pictures (result, first->batch, second, 0, second->batch);

  return sandbox_node_take_image (node, 0, result);
}

static gboolean
repeat_image_batch (SandboxNode  *node,
                    GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  int amount = MAX (1, sandbox_node_get_int (node, "amount"));
  SandboxImage *result;

  if (image == NULL)
    return FALSE;

  result = sandbox_image_new (image->batch * amount, image->height, image->width, image->channels);
  for (int i = 0; i < amount; i++)
    copy_pictures (result, i * image->batch, image, 0, image->batch);

  return sandbox_node_take_image (node, 0, result);
}

/**
 * sandbox_nodes_batches_lookup:
 *
 * Returns: (nullable): what carries out the class
 */
SandboxNodeFunc
sandbox_nodes_batches_lookup (const char *class_type)
{
  static const struct
  {
    const char      *class_type;
    SandboxNodeFunc  func;
  } nodes[] = {
    { "ImageCrop", image_crop },
    { "ImageCropV2", image_crop_v2 },
    { "ImageFromBatch", image_from_batch },
    { "ImageBatch", image_batch },
    { "RepeatImageBatch", repeat_image_batch },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (nodes); i++)
    if (g_str_equal (nodes[i].class_type, class_type))
      return nodes[i].func;

  return NULL;
}
