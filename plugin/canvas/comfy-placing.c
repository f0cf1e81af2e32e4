/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures of one outcome before they are placed: each is given the size, the transparency and the
 * mask that it has in the image. All of it on worker threads, one picture after the other.
 */
#define G_LOG_DOMAIN "comfy-place"

#include "config.h"

#include "comfy-alpha.h"
#include "comfy-fit.h"
#include "comfy-mask.h"
#include "comfy-place-private.h"
#include "comfy-resample.h"

static void
placing_clear (void *data)
{
  ComfyPlacing *self = data;

  g_object_unref (self->result);
  comfy_placement_unref (self->placement);
  g_array_unref (self->indices);
  g_ptr_array_unref (self->pixels);
  g_array_unref (self->rects);
  g_ptr_array_unref (self->masks);
  g_clear_pointer (&self->alpha, comfy_pixels_unref);
  g_clear_pointer (&self->mask, comfy_pixels_unref);
  g_clear_pointer (&self->source, comfy_pixels_unref);
}

/* An image of its own has nothing to do with the one that something was taken of. */
static void
separate (ComfyPlacement *placement)
{
  placement->image_width = 0;
  placement->image_height = 0;
  placement->fit = COMFY_FIT_NATURAL;
  placement->edges = (ComfyEdges) { 0 };
  g_set_str (&placement->base_type, "rgb");
}

/*
 * _comfy_placing_new:
 * @result: what came
 * @outcome: what becomes of those of its pictures that are added
 *
 * Returns: (transfer full): no picture yet
 */
ComfyPlacing *
_comfy_placing_new (ComfyResult  *result,
                    ComfyOutcome  outcome)
{
  ComfyRequest *request = comfy_result_get_request (result);
  ComfyPlacing *self = g_atomic_rc_box_new0 (ComfyPlacing);

  self->result = g_object_ref (result);
  self->placement = comfy_placement_copy (comfy_request_get_placement (request));
  self->placement->outcome = outcome;
  if (outcome == COMFY_OUTCOME_NEW_IMAGE)
    separate (self->placement);
  self->indices = g_array_new (FALSE, FALSE, sizeof (unsigned int));
  self->pixels = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_pixels_unref);
  self->rects = g_array_new (FALSE, FALSE, sizeof (ComfyRect));
  self->masks = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_pixels_unref);

  return self;
}

ComfyPlacing *
_comfy_placing_ref (ComfyPlacing *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
_comfy_placing_unref (void *self)
{
  g_atomic_rc_box_release_full (self, placing_clear);
}

static gboolean
was_taken (const ComfyPlacement *placement)
{
  return !comfy_rect_is_empty (&placement->region.crop);
}

/* (transfer full): a picture that came, in its size in the image */
static ComfyPixels *
unpack (ComfyPlacing *self,
        ComfyPixels  *came,
        int           width,
        int           height)
{
  if (was_taken (self->placement))
    return comfy_region_unpack (&self->placement->region, came, width, height);

  return comfy_resample (came, width, height);
}

/* (transfer full): seen through the transparency of what was taken */
static ComfyPixels *
join_alpha (ComfyPlacing *self,
            ComfyPixels  *colour)
{
  g_autoptr(ComfyPixels) alpha = NULL;

  if (self->alpha == NULL)
    return comfy_pixels_ref (colour);

  alpha = comfy_resample (self->alpha, colour->width, colour->height);

  return comfy_alpha_join (colour, alpha);
}

/*
 * _comfy_placing_locate:
 * @came: a picture as it came
 * @out_rect: (out): where it goes
 *
 * What is a mask or a selection is one of what was taken, however many pixels came.
 */
void
_comfy_placing_locate (ComfyPlacing *self,
                       ComfyPixels  *came,
                       ComfyRect    *out_rect)
{
  if (!comfy_outcome_is_layers (self->placement->outcome) && was_taken (self->placement))
    *out_rect = self->placement->region.crop;
  else
    comfy_fit_layer (self->placement, came->width, came->height, out_rect);

  if (self->placement->outcome == COMFY_OUTCOME_NEW_IMAGE)
    out_rect->x = out_rect->y = 0;
}

static ComfyPixels *
fit_one (ComfyPlacing    *self,
         ComfyPixels     *came,
         const ComfyRect *rect)
{
  g_autoptr(ComfyPixels) unpacked = unpack (self, came, rect->width, rect->height);

  if (!comfy_outcome_is_layers (self->placement->outcome))
    return comfy_mask_from_picture (unpacked);

  return join_alpha (self, unpacked);
}

/* on a worker: the picture that came last */
static DexFuture *
add_fiber (void *data)
{
  ComfyPlacing           *self = data;
  unsigned int            last = self->pixels->len - 1;
  g_autoptr(ComfyPixels)  came = g_ptr_array_index (self->pixels, last);
  ComfyRect               rect;

  _comfy_placing_locate (self, came, &rect);
  g_array_append_val (self->rects, rect);
  g_ptr_array_index (self->pixels, last) = fit_one (self, came, &rect);
  if (self->mask != NULL)
    g_ptr_array_add (self->masks, comfy_resample (self->mask, rect.width, rect.height));

  return dex_future_new_true ();
}

/*
 * _comfy_placing_add:
 * @i: which picture of the result it is
 * @came: (transfer full): the picture, as it came
 *
 * One after the other: what this returns is awaited before the next call.
 *
 * Returns: (transfer full): a future of %TRUE, once the picture has the size and the transparency
 *   that it has in the image; one that becomes a mask is a mask
 */
DexFuture *
_comfy_placing_add (ComfyPlacing *self,
                    unsigned int  i,
                    ComfyPixels  *came)
{
  g_array_append_val (self->indices, i);
  g_ptr_array_add (self->pixels, came);

  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, add_fiber,
                              _comfy_placing_ref (self), _comfy_placing_unref);
}

static DexFuture *
source_fiber (void *data)
{
  ComfyPlacing           *self = data;
  const ComfyRect        *crop = &self->placement->region.crop;
  g_autoptr(ComfyPixels)  sent = g_steal_pointer (&self->source);
  g_autoptr(ComfyPixels)  taken = unpack (self, sent, crop->width, crop->height);

  self->source = join_alpha (self, taken);

  return dex_future_new_true ();
}

/*
 * _comfy_placing_set_source:
 * @sent: what was sent; of no use where nothing was taken
 *
 * Returns: (transfer full): a future of %TRUE, once it is known what was taken, for a mask or a
 *   selection whose layer or image is gone
 */
DexFuture *
_comfy_placing_set_source (ComfyPlacing *self,
                           ComfyPixels  *sent)
{
  if (!was_taken (self->placement))
    return dex_future_new_true ();

  g_clear_pointer (&self->source, comfy_pixels_unref);
  self->source = comfy_pixels_ref (sent);

  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, source_fiber,
                              _comfy_placing_ref (self), _comfy_placing_unref);
}
