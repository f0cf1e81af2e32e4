/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results that become the mask of the layer that they were made from. Its pixels stay as they are.
 */
#define G_LOG_DOMAIN "comfy-place"

#include "config.h"

#include <math.h>
#include <string.h>

#include "comfy-layer-writer.h"
#include "comfy-mask.h"
#include "comfy-place-private.h"
#include "comfy-provenance.h"
#include "comfy-resample.h"
#include "comfy-selected.h"
#include "comfy-target.h"

#define LOOK 64 /* px: edge of what is looked at of a layer */

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
  if (layer == NULL || !comfy_layer_writer_insert (target, layers,
                                                   COMFY_GROUPING_SEVERAL, name, NULL))
    {
      _comfy_place_set_failed (error);
      if (target != NULL && image == NULL)
        gimp_image_delete (target);
      return NULL;
    }

  *out_layer = layer;

  return target;
}

/* how far apart two pictures of the same size are within @where, per value of what is seen of
 * @sent */
static double
get_distance (ComfyPixels     *sent,
              const guint8    *seen,
              int              n_channels,
              const ComfyRect *where)
{
  const guint8 *data = g_bytes_get_data (sent->data, NULL);
  double        sum = 0.0;
  double        weight = 1.0;

  for (int y = where->y; y < where->y + where->height; y++)
    for (int x = where->x; x < where->x + where->width; x++)
      {
        size_t        i = (size_t) y * sent->width + x;
        const guint8 *a = data + i * sent->channels;
        const guint8 *b = seen + i * n_channels;
        int           alpha = sent->channels == 4 ? a[3] : 255;

        for (int channel = 0; channel < 3; channel++)
          sum += alpha * ABS (a[sent->channels < 3 ? 0 : channel]
                              - b[n_channels < 3 ? 0 : channel]);
        weight += alpha;
      }

  return sum / weight;
}

/* Where a look of @width × @height px at @part shows something of the picture that the part is of,
 * and nothing of what lies around it. FALSE: nowhere */
static gboolean
find_known (ComfyPixels     *picture,
            const ComfyPart *part,
            int              width,
            int              height,
            ComfyRect       *out_known)
{
  double across = width / part->width;
  double down = height / part->height;
  int    left = (int) ceil (-part->x * across);
  int    top = (int) ceil (-part->y * down);
  int    right = (int) floor ((picture->width - part->x) * across);
  int    bottom = (int) floor ((picture->height - part->y) * down);

  return comfy_rect_intersect (&(ComfyRect) { left, top, right - left, bottom - top },
                               &(ComfyRect) { 0, 0, width, height }, out_known);
}

/* Whether the layer shows what was sent in another size, rather than another part of it. Looks at a
 * few pixels only. */
static gboolean
was_scaled (ComfyPlacing    *self,
            GimpLayer       *layer,
            const ComfyRect *rect)
{
  const ComfyRect        *crop = &self->placement->region.crop;
  const ComfyPart         part = { rect->x - crop->x, rect->y - crop->y, rect->width,
                                   rect->height };
  g_autoptr(GBytes)       seen = NULL;
  g_autoptr(ComfyPixels)  stretched = NULL;
  g_autoptr(ComfyPixels)  cut = NULL;
  const guint8           *data;
  ComfyRect               known;
  int                     width;
  int                     height;
  int                     n_channels;

  if (self->source == NULL || self->source->depth != 8)
    return FALSE;

  seen = gimp_drawable_get_thumbnail_data (GIMP_DRAWABLE (layer), LOOK, LOOK, &width, &height,
                                           &n_channels);
  if (seen == NULL || g_bytes_get_size (seen) < (size_t) width * height * n_channels
      || !find_known (self->source, &part, width, height, &known))
    return FALSE;

  data = g_bytes_get_data (seen, NULL);
  stretched = comfy_resample (self->source, width, height);
  cut = comfy_resample_part (self->source, &part, width, height);
  if (stretched == NULL || cut == NULL)
    return FALSE;

  return get_distance (stretched, data, n_channels, &known)
         < get_distance (cut, data, n_channels, &known);
}

/* (transfer full) (nullable): as much of the result as there is at the layer's place; what the
 * layer has got since stays visible. NULL here and below: there is no memory for it */
static ComfyPixels *
cut (ComfyPlacing    *self,
     const ComfyRect *rect)
{
  ComfyPixels     *mask = g_ptr_array_index (self->pixels, 0);
  const ComfyRect *taken = &g_array_index (self->rects, ComfyRect, 0);
  const guint8    *source = g_bytes_get_data (mask->data, NULL);
  guint8          *data = g_try_malloc_n (rect->height, rect->width);
  ComfyRect        common;

  if (data == NULL)
    return NULL;

  memset (data, 255, (size_t) rect->width * rect->height);
  if (comfy_rect_intersect (taken, rect, &common))
    for (int row = common.y; row < common.y + common.height; row++)
      memcpy (data + (size_t) (row - rect->y) * rect->width + (common.x - rect->x),
              source + (size_t) (row - taken->y) * mask->stride + (common.x - taken->x),
              common.width);

  return comfy_pixels_new_take (rect->width, rect->height, 1, 8, data);
}

/* (transfer full) (nullable): the result as large as the layer is now. One of the same size has at
 * most been moved; one of another was scaled, cut or enlarged. */
static ComfyPixels *
align (ComfyPlacing *self,
       GimpLayer    *layer)
{
  ComfyPixels *mask = g_ptr_array_index (self->pixels, 0);
  ComfyRect    rect;

  gimp_drawable_get_offsets (GIMP_DRAWABLE (layer), &rect.x, &rect.y);
  rect.width = gimp_drawable_get_width (GIMP_DRAWABLE (layer));
  rect.height = gimp_drawable_get_height (GIMP_DRAWABLE (layer));

  if ((mask->width == rect.width && mask->height == rect.height)
      || was_scaled (self, layer, &rect))
    return comfy_resample (mask, rect.width, rect.height);

  return cut (self, &rect);
}

/* of the same size: whether @present lets nothing more through than @mask */
static gboolean
hides_as_much (ComfyPixels *present,
               ComfyPixels *mask)
{
  const guint8 *a = g_bytes_get_data (present->data, NULL);
  const guint8 *b = g_bytes_get_data (mask->data, NULL);
  size_t        n = (size_t) mask->width * mask->height;

  for (size_t i = 0; i < n; i++)
    if (a[i] > b[i])
      return FALSE;

  return TRUE;
}

/* (transfer full) (nullable): a mask that was seen when the layer was sent goes on hiding what it
 * hid. @mask: nullable */
static ComfyPixels *
combine (ComfyPlacing *self,
         GimpLayer    *layer,
         ComfyPixels  *mask)
{
  g_autoptr(ComfyPixels)  present = NULL;
  GimpLayerMask          *old = gimp_layer_get_mask (layer);

  if (mask == NULL)
    return NULL;
  if (old == NULL || !gimp_layer_get_apply_mask (layer))
    return comfy_pixels_ref (mask);

  present = comfy_layer_writer_read_mask (old);
  if (present == NULL)
    return NULL;
  /* twice the same would make soft edges hard */
  if (self->is_wanted && hides_as_much (present, mask))
    return g_steal_pointer (&present);

  return comfy_mask_multiply (present, mask);
}

/* in an undo group that is open, where there is anything to undo */
static gboolean
give_mask (GimpLayer   *layer,
           ComfyPixels *mask)
{
  gboolean had_mask = gimp_layer_get_mask (layer) != NULL;
  gboolean was_edited = had_mask && gimp_layer_get_edit_mask (layer);

  if (had_mask && !gimp_layer_remove_mask (layer, GIMP_MASK_DISCARD))
    return FALSE;

  if (!comfy_layer_writer_add_mask (layer, mask))
    return FALSE;

  /* whoever painted on the mask goes on with that */
  if (was_edited)
    gimp_layer_set_edit_mask (layer, TRUE);

  return TRUE;
}

/* The one undo step. @layer: (inout): the layer in @image that was sent; NULL: it is gone, and what
 * was sent is one again afterwards. */
static gboolean
change_image (ComfyPlacing  *self,
              GimpImage     *image,
              GimpLayer    **layer,
              GError       **error)
{
  g_auto(ComfySelected)   selected = { 0 };
  g_autoptr(ComfyPixels)  aligned = *layer != NULL ? align (self, *layer) : NULL;
  g_autoptr(ComfyPixels)  mask = *layer != NULL ? combine (self, *layer, aligned) : NULL;
  gboolean                is_made = *layer == NULL;
  gboolean                is_placed = FALSE;

  if (is_made)
    mask = comfy_pixels_ref (g_ptr_array_index (self->pixels, 0));
  if (mask == NULL)
    {
      g_propagate_error (error, _comfy_place_new_no_memory_error ());
      return FALSE;
    }
  comfy_selected_take (&selected, image);
  gimp_image_undo_group_start (image);

  if (!is_made || _comfy_place_new_source (self, image, layer, error) != NULL)
    {
      is_placed = give_mask (*layer, mask);
      if (is_placed)
        comfy_provenance_note_job (image, comfy_result_get_job_id (self->result));
      else
        {
          _comfy_place_set_failed (error);
          if (is_made)
            gimp_image_remove_layer (image, *layer);
        }
    }

  comfy_selected_restore (&selected, image);
  gimp_image_undo_group_end (image);

  return is_placed;
}

static GimpImage *
make_image (ComfyPlacing  *self,
            GimpLayer    **out_layer,
            GError       **error)
{
  GimpImage *image = _comfy_place_new_source (self, NULL, out_layer, error);

  if (image == NULL)
    return NULL;

  if (!give_mask (*out_layer, g_ptr_array_index (self->pixels, 0)))
    {
      _comfy_place_set_failed (error);
      gimp_image_delete (image);
      return NULL;
    }

  comfy_provenance_note_job (image, comfy_result_get_job_id (self->result));
  if (self->with_display)
    gimp_display_new (image);

  return image;
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
  GimpImage            *image = _comfy_place_find_image (self);
  GimpLayer            *layer = NULL;
  g_autoptr(GPtrArray)  layers = g_ptr_array_new ();

  if (image == NULL)
    image = make_image (self, &layer, error);
  else
    {
      layer = _comfy_place_find_layer (self, image);
      if (!change_image (self, image, &layer, error))
        return NULL;
    }
  if (image == NULL)
    return NULL;

  g_ptr_array_add (layers, layer);

  return _comfy_place_report (image, layers);
}
