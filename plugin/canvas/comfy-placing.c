/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A result before it is placed: read from its files, and given the size, the transparency and the
 * mask that it has in the image. All of it on worker threads.
 */
#define G_LOG_DOMAIN "comfy-place"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-alpha.h"
#include "comfy-codec.h"
#include "comfy-error.h"
#include "comfy-fit.h"
#include "comfy-mask.h"
#include "comfy-place-private.h"
#include "comfy-resample.h"

#define MAX_PIXELS (G_GUINT64_CONSTANT (1) << 28) /* 16384 × 16384: what one result may hold */

static void
placing_clear (void *data)
{
  ComfyPlacing *self = data;

  g_object_unref (self->result);
  comfy_placement_unref (self->placement);
  g_ptr_array_unref (self->pixels);
  g_array_unref (self->rects);
  g_ptr_array_unref (self->masks);
  g_clear_pointer (&self->alpha, comfy_pixels_unref);
  g_clear_pointer (&self->mask, comfy_pixels_unref);
  g_clear_pointer (&self->source, comfy_pixels_unref);
}

/*
 * _comfy_placing_new:
 * @result: what came
 * @with_display: whether an image that has to be made gets a window
 * @hand: (nullable): waits until the artist is not in the middle of a stroke
 *
 * Returns: (transfer full): a result that nothing has been done with yet
 */
ComfyPlacing *
_comfy_placing_new (ComfyResult *result,
                    gboolean     with_display,
                    ComfyHand    hand)
{
  ComfyRequest *request = comfy_result_get_request (result);
  ComfyPlacing *self = g_atomic_rc_box_new0 (ComfyPlacing);

  self->result = g_object_ref (result);
  self->placement = comfy_placement_ref (comfy_request_get_placement (request));
  self->with_display = with_display;
  self->hand = hand;
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

/* A picture of the job's folder; may await. Without it the result is placed all the same: it was
 * paid for. */
static ComfyPixels *
load_kept (ComfyPlacing *self,
           const char   *name)
{
  g_autofree char   *path = NULL;
  g_autoptr(GError)  error = NULL;
  ComfyPixels       *pixels;

  if (name == NULL)
    return NULL;

  path = g_build_filename (comfy_result_get_folder (self->result), name, NULL);
  pixels = dex_await_boxed (comfy_codec_decode (path, MAX_PIXELS), &error);
  if (pixels == NULL)
    g_warning ("%s is lost, the result goes without: %s", name, error->message);

  return pixels;
}

/* the same, of a picture that is of use only as one channel of the size that was taken */
static ComfyPixels *
load_channel (ComfyPlacing *self,
              const char   *name)
{
  g_autoptr(ComfyPixels)  pixels = load_kept (self, name);
  const ComfyRect        *crop = &self->placement->region.crop;

  if (pixels == NULL || pixels->channels != 1
      || pixels->width != crop->width || pixels->height != crop->height)
    return NULL;

  return g_steal_pointer (&pixels);
}

/* what a mask is of: needed when its layer or image is gone meanwhile */
static void
load_source (ComfyPlacing *self)
{
  GPtrArray        *inputs = comfy_request_get_inputs (comfy_result_get_request (self->result));
  const ComfyInput *input = inputs->len > 0 ? g_ptr_array_index (inputs, 0) : NULL;

  if (!comfy_outcome_is_layers (self->placement->outcome) && input != NULL)
    self->source = load_kept (self, input->file);
}

/*
 * _comfy_placing_load:
 *
 * In a fiber: reads every file that belongs to the result.
 *
 * Returns: whether the result itself could be read. Errors: %COMFY_ERROR_IMAGE,
 *   %COMFY_ERROR_TOO_LARGE, %COMFY_ERROR_STORAGE
 */
gboolean
_comfy_placing_load (ComfyPlacing  *self,
                     GError       **error)
{
  const char * const *paths = comfy_result_get_paths (self->result);

  for (unsigned int i = 0; paths[i] != NULL; i++)
    {
      ComfyPixels *pixels = dex_await_boxed (comfy_codec_decode (paths[i], MAX_PIXELS), error);

      if (pixels == NULL)
        return FALSE;
      g_ptr_array_add (self->pixels, pixels);
    }

  if (self->pixels->len == 0)
    {
      comfy_set_error (error, COMFY_ERROR_IMAGE, NULL, _("The job made no picture."));
      return FALSE;
    }

  self->alpha = load_channel (self, self->placement->alpha_file);
  self->mask = load_channel (self, self->placement->mask_file);
  if (self->mask != NULL && self->mask->depth != 8)
    g_clear_pointer (&self->mask, comfy_pixels_unref);
  load_source (self);

  return TRUE;
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

/* Where a picture that came goes. What is a mask or a selection is one of what was taken, however
 * many pixels came. */
static void
locate (ComfyPlacing *self,
        ComfyPixels  *came,
        ComfyRect    *out_rect)
{
  if (!comfy_outcome_is_layers (self->placement->outcome) && was_taken (self->placement))
    *out_rect = self->placement->region.crop;
  else
    comfy_fit_layer (self->placement, came->width, came->height, out_rect);
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

static DexFuture *
fit_fiber (void *data)
{
  ComfyPlacing *self = data;

  for (unsigned int i = 0; i < self->pixels->len; i++)
    {
      g_autoptr(ComfyPixels) came = g_ptr_array_index (self->pixels, i);
      ComfyRect              rect;

      locate (self, came, &rect);
      g_array_append_val (self->rects, rect);
      g_ptr_array_index (self->pixels, i) = fit_one (self, came, &rect);
      if (self->mask != NULL)
        g_ptr_array_add (self->masks, comfy_resample (self->mask, rect.width, rect.height));
    }

  if (self->source != NULL && was_taken (self->placement))
    {
      const ComfyRect        *crop = &self->placement->region.crop;
      g_autoptr(ComfyPixels)  sent = g_steal_pointer (&self->source);
      g_autoptr(ComfyPixels)  taken = unpack (self, sent, crop->width, crop->height);

      self->source = join_alpha (self, taken);
    }

  return dex_future_new_true ();
}

/*
 * _comfy_placing_fit:
 *
 * Returns: (transfer full): a future of %TRUE, once each picture has the size and the transparency
 *   that it has in the image; pictures that become masks are masks
 */
DexFuture *
_comfy_placing_fit (ComfyPlacing *self)
{
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, fit_fiber,
                              _comfy_placing_ref (self), _comfy_placing_unref);
}
