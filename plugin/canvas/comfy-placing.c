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

/* (transfer full) (nullable): a picture that came, in its size in the image; NULL here and below:
 * there is no memory for it */
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

/* (transfer full) (nullable): seen through the transparency of what was taken */
static ComfyPixels *
join_alpha (ComfyPlacing *self,
            ComfyPixels  *colour)
{
  g_autoptr(ComfyPixels) alpha = NULL;

  if (self->alpha == NULL)
    return comfy_pixels_ref (colour);

  alpha = comfy_resample (self->alpha, colour->width, colour->height);

  return alpha != NULL ? comfy_alpha_join (colour, alpha) : NULL;
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

/* (transfer full) (nullable) */
static ComfyPixels *
fit_one (ComfyPlacing    *self,
         ComfyPixels     *came,
         const ComfyRect *rect)
{
  g_autoptr(ComfyPixels) unpacked = unpack (self, came, rect->width, rect->height);

  if (unpacked == NULL)
    return NULL;
  if (!comfy_outcome_is_layers (self->placement->outcome))
    return comfy_mask_from_picture (unpacked);

  return join_alpha (self, unpacked);
}

/* What came, and which it is, on its way to a worker */
typedef struct
{
  ComfyPlacing *placing; /* owned */
  ComfyPixels  *came;    /* owned */
  unsigned int  i;       /* which picture of the result */
} Add;

static void
add_free (void *data)
{
  Add *add = data;

  _comfy_placing_unref (add->placing);
  comfy_pixels_unref (add->came);
  g_free (add);
}

/* on a worker */
static DexFuture *
add_fiber (void *data)
{
  Add                    *add = data;
  ComfyPlacing           *self = add->placing;
  g_autoptr(ComfyPixels)  fitted = NULL;
  g_autoptr(ComfyPixels)  mask = NULL;
  ComfyRect               rect;

  _comfy_placing_locate (self, add->came, &rect);
  fitted = fit_one (self, add->came, &rect);
  if (fitted != NULL && self->mask != NULL)
    mask = comfy_resample (self->mask, rect.width, rect.height);
  if (fitted == NULL || (mask == NULL && self->mask != NULL))
    return dex_future_new_for_error (_comfy_place_new_no_memory_error ());

  g_array_append_val (self->indices, add->i);
  g_array_append_val (self->rects, rect);
  g_ptr_array_add (self->pixels, g_steal_pointer (&fitted));
  if (mask != NULL)
    g_ptr_array_add (self->masks, g_steal_pointer (&mask));

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
 *   that it has in the image; one that becomes a mask is a mask. Rejects with %COMFY_ERROR_IMAGE
 *   when there is no memory for that; the picture is none of these then
 */
DexFuture *
_comfy_placing_add (ComfyPlacing *self,
                    unsigned int  i,
                    ComfyPixels  *came)
{
  Add *add = g_new0 (Add, 1);

  add->placing = _comfy_placing_ref (self);
  add->came = came;
  add->i = i;

  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, add_fiber, add,
                              add_free);
}

static DexFuture *
source_fiber (void *data)
{
  ComfyPlacing           *self = data;
  const ComfyRect        *crop = &self->placement->region.crop;
  g_autoptr(ComfyPixels)  sent = g_steal_pointer (&self->source);
  g_autoptr(ComfyPixels)  taken = unpack (self, sent, crop->width, crop->height);

  /* without memory for it there is none, and a mask of it becomes a layer */
  self->source = taken != NULL ? join_alpha (self, taken) : NULL;

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
