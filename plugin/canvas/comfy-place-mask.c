/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results that become the mask of the layer that they were made from. Its pixels stay as they are.
 */
#define G_LOG_DOMAIN "comfy-place"

#include "config.h"

#include <string.h>

#include "comfy-layer-writer.h"
#include "comfy-mask.h"
#include "comfy-place-private.h"
#include "comfy-provenance.h"
#include "comfy-selected.h"
#include "comfy-target.h"

/*
 * _comfy_place_new_source:
 * @image: (nullable): an open image; %NULL: one is made for it
 * @out_layer: (out): the layer, which is in the image
 *
 * Makes a layer of what was sent, for a mask or a selection whose layer or image is gone.
 *
 * Returns: (transfer none) (nullable): the image. Errors: %COMFY_ERROR_IMAGE
 */
GimpImage *
_comfy_place_new_source (ComfyPlacing  *self,
                         GimpImage     *image,
                         GimpLayer    **out_layer,
                         GError       **error)
{
  ComfyPlacement       *placement = self->placement;
  GimpImage            *target = image;
  g_autofree char      *name = NULL;
  g_autoptr(GPtrArray)  layers = g_ptr_array_new ();
  GimpLayer            *layer = NULL;

  if (target == NULL)
    target = comfy_target_new_image (placement, placement->image_width, placement->image_height);
  name = comfy_request_dup_layer_name (comfy_result_get_request (self->result), 0, 1);
  if (target != NULL && self->source != NULL)
    layer = comfy_layer_writer_new_layer (target, name, self->source, &placement->region.crop);
  if (layer != NULL)
    g_ptr_array_add (layers, layer);
  if (layer == NULL || !comfy_layer_writer_insert (target, layers, name, NULL))
    {
      _comfy_place_set_failed (error);
      if (target != NULL && image == NULL)
        gimp_image_delete (target);
      return NULL;
    }

  *out_layer = layer;

  return target;
}

/* (transfer full): the result as large as the layer is now, wherever that has been moved to; what
 * the layer has got since stays visible */
static ComfyPixels *
align (ComfyPlacing *self,
       GimpLayer    *layer)
{
  ComfyPixels            *mask = g_ptr_array_index (self->pixels, 0);
  const ComfyRect        *crop = &self->placement->region.crop;
  int                     width = gimp_drawable_get_width (GIMP_DRAWABLE (layer));
  int                     height = gimp_drawable_get_height (GIMP_DRAWABLE (layer));
  const guint8           *source = g_bytes_get_data (mask->data, NULL);
  guint8                 *data;
  int                     x;
  int                     y;
  ComfyRect               taken = *crop;
  ComfyRect               common;

  if (mask->width == width && mask->height == height)
    return comfy_pixels_ref (mask);

  gimp_drawable_get_offsets (GIMP_DRAWABLE (layer), &x, &y);
  data = g_malloc_n (height, width);
  memset (data, 255, (size_t) width * height);
  if (comfy_rect_intersect (&taken, &(ComfyRect) { x, y, width, height }, &common))
    for (int row = 0; row < common.height; row++)
      memcpy (data + (size_t) (common.y - y + row) * width + (common.x - x),
              source + (size_t) (common.y - taken.y + row) * mask->stride + (common.x - taken.x),
              common.width);

  return comfy_pixels_new_take (width, height, 1, 8, data);
}

/* a mask that was seen when the layer was sent goes on hiding what it hid */
static ComfyPixels *
combine (GimpLayer   *layer,
         ComfyPixels *mask)
{
  g_autoptr(ComfyPixels)  present = NULL;
  GimpLayerMask          *old = gimp_layer_get_mask (layer);

  if (old == NULL || !gimp_layer_get_apply_mask (layer))
    return comfy_pixels_ref (mask);

  present = comfy_layer_writer_read_mask (old);

  return comfy_mask_multiply (present, mask);
}

/* in an undo group that is open */
static gboolean
give_mask (ComfyPlacing *self,
           GimpLayer    *layer)
{
  g_autoptr(ComfyPixels) aligned = align (self, layer);
  g_autoptr(ComfyPixels) mask = combine (layer, aligned);

  if (gimp_layer_get_mask (layer) != NULL
      && !gimp_layer_remove_mask (layer, GIMP_MASK_DISCARD))
    return FALSE;

  return comfy_layer_writer_add_mask (layer, mask);
}

/*
 * _comfy_place_layer_mask:
 *
 * Gives the layer that was sent its mask, in one undo step. When the layer or its image is gone,
 * what was sent becomes a layer again.
 *
 * Returns: (transfer full) (nullable): the report, with that layer. Errors: %COMFY_ERROR_IMAGE
 */
GVariant *
_comfy_place_layer_mask (ComfyPlacing  *self,
                         GError       **error)
{
  GimpImage             *found = comfy_target_find_image (self->placement);
  GimpImage             *image = found;
  GimpItem              *item = found != NULL ? comfy_target_find_layer (self->placement, found)
                                              : NULL;
  GimpLayer             *layer = item != NULL ? GIMP_LAYER (item) : NULL;
  g_autoptr(GPtrArray)   layers = g_ptr_array_new ();
  g_auto(ComfySelected)  selected = { 0 };
  gboolean               is_placed;

  if (found != NULL)
    {
      comfy_selected_take (&selected, found);
      gimp_image_undo_group_start (found);
    }
  if (layer == NULL)
    image = _comfy_place_new_source (self, found, &layer, error);

  is_placed = image != NULL && give_mask (self, layer);
  if (is_placed)
    comfy_provenance_note_job (image, comfy_result_get_job_id (self->result));
  if (found != NULL)
    {
      comfy_selected_restore (&selected, found);
      gimp_image_undo_group_end (found);
    }
  if (!is_placed)
    {
      if (image != NULL)
        _comfy_place_set_failed (error);
      return NULL;
    }

  if (found == NULL && self->with_display)
    gimp_display_new (image);
  g_ptr_array_add (layers, layer);

  return _comfy_place_report (image, layers);
}
