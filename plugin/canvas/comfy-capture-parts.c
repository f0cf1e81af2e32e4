/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the pixels of the crop to what goes up and what stays here. Knows nothing of GIMP.
 */
#define G_LOG_DOMAIN "comfy-capture-parts"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-alpha.h"
#include "comfy-capture-parts.h"
#include "comfy-error.h"
#include "comfy-mask.h"

#define GREY 128 /* where there is nothing to send: neither light nor dark */

/**
 * comfy_parts_new:
 * @take: what the action wants
 * @plan: what is taken
 * @canvas: px in the image
 * @name: (nullable): see comfy_snapshot_new()
 * @pixels: (transfer full) (nullable): the crop, RGB or RGBA; %NULL when only a mask is wanted
 * @mask: (transfer full) (nullable): what is selected in the crop
 *
 * Returns: (transfer full): the parts
 */
ComfyParts *
comfy_parts_new (const ComfyTake *take,
                 const ComfyPlan *plan,
                 const ComfyRect *canvas,
                 const char      *name,
                 ComfyPixels     *pixels,
                 ComfyPixels     *mask)
{
  ComfyParts *self = g_atomic_rc_box_new0 (ComfyParts);

  self->take = comfy_take_copy (take);
  self->plan = *plan;
  self->canvas = *canvas;
  self->name = g_strdup (name);
  self->pixels = pixels;
  self->mask = mask;

  return self;
}

/**
 * comfy_parts_ref:
 *
 * Returns: (transfer full): the same; any thread may call
 */
ComfyParts *
comfy_parts_ref (ComfyParts *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (void *data)
{
  ComfyParts *self = data;

  comfy_take_free (self->take);
  g_free (self->name);
  g_clear_pointer (&self->pixels, comfy_pixels_unref);
  g_clear_pointer (&self->mask, comfy_pixels_unref);
  g_clear_pointer (&self->alpha, comfy_pixels_unref);
  g_clear_pointer (&self->colour, comfy_pixels_unref);
  g_clear_pointer (&self->request, comfy_pixels_unref);
  g_clear_pointer (&self->sent, comfy_pixels_unref);
}

/**
 * comfy_parts_unref:
 * @self: (transfer full): parts; any thread may call
 */
void
comfy_parts_unref (ComfyParts *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static DexFuture *
run (ComfyParts   *self,
     DexFiberFunc  func)
{
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, func,
                              comfy_parts_ref (self), (GDestroyNotify) comfy_parts_unref);
}

static DexFuture *
reject_no_memory (void)
{
  return dex_future_new_for_error (
    comfy_error_new (COMFY_ERROR_IMAGE, "not enough memory",
                     _("There is not enough memory to send the picture. "
                       "Close other images and try again.")));
}

/* (nullable): there is no memory for it */
static ComfyPixels *
new_flat (int width,
          int height,
          int channels,
          int depth,
          int value)
{
  size_t  n = (size_t) width * height * channels * (depth / 8);
  void   *data = g_try_malloc (n);

  if (data == NULL)
    return NULL;

  return comfy_pixels_new_take (width, height, channels, depth, memset (data, value, n));
}

/* the old canvas in the crop; without width and height where there is nothing of it */
static void
get_old (ComfyParts *self,
         ComfyRect  *out_old)
{
  const ComfyRect *crop = &self->plan.region.crop;

  comfy_rect_intersect (&self->canvas, crop, out_old);
  out_old->x -= crop->x;
  out_old->y -= crop->y;
}

/* What is new has no transparency of its own that the result could get. Without it this is the alpha
 * that is kept, unless all is opaque then. %FALSE: there is no memory */
static gboolean
open_beyond (ComfyParts  *self,
             ComfyPixels *alpha)
{
  const guint8      *source = g_bytes_get_data (alpha->data, NULL);
  size_t             pixel = alpha->depth / 8;
  size_t             n = alpha->stride * alpha->height;
  g_autofree guint8 *data = g_try_malloc (n);
  gboolean           opaque = TRUE;
  ComfyRect          old;

  if (data == NULL)
    return FALSE;

  memset (data, 255, n);
  get_old (self, &old);
  for (int y = old.y; y < old.y + old.height; y++)
    {
      size_t start = y * alpha->stride + old.x * pixel;
      size_t length = old.width * pixel;

      opaque = opaque && memcmp (data + start, source + start, length) == 0;
      memcpy (data + start, source + start, length);
    }
  if (!opaque)
    self->alpha = comfy_pixels_new_take (alpha->width, alpha->height, 1, alpha->depth,
                                         g_steal_pointer (&data));

  return TRUE;
}

static GError *
new_invisible (ComfyParts *self)
{
  if (self->plan.extent == COMFY_EXTENT_SELECTION)
    return comfy_error_new (COMFY_ERROR_INVALID_ARGUMENT, NULL,
                            _("What is selected is transparent everywhere, so there is nothing to "
                              "send. Select another part or another layer."));
  if (self->name != NULL)
    return comfy_error_new (COMFY_ERROR_INVALID_ARGUMENT, NULL,
                            _("“%s” is transparent everywhere, so there is nothing to send. "
                              "Choose another picture and try again."), self->name);
  if (self->take->source == COMFY_SOURCE_VISIBLE)
    return comfy_error_new (COMFY_ERROR_INVALID_ARGUMENT, NULL,
                            _("The image is transparent everywhere, so there is nothing to send. "
                              "Show a layer and try again."));

  return comfy_error_new (COMFY_ERROR_INVALID_ARGUMENT, NULL,
                          _("The layer is transparent everywhere, so there is nothing to send. "
                            "Select another layer."));
}

static DexFuture *
separate_fiber (void *data)
{
  ComfyParts             *self = data;
  g_autoptr(ComfyPixels)  pixels = g_steal_pointer (&self->pixels);
  g_autoptr(ComfyPixels)  alpha = NULL;

  if (pixels == NULL)
    return dex_future_new_true ();

  if (pixels->channels != 4)
    self->colour = g_steal_pointer (&pixels);
  else if (comfy_alpha_split (pixels, &self->colour, &alpha))
    {
      g_clear_pointer (&pixels, comfy_pixels_unref);
      if (alpha != NULL && self->take->keep_alpha && self->plan.extent != COMFY_EXTENT_BEYOND)
        self->alpha = g_steal_pointer (&alpha);
      else if (alpha != NULL && self->take->keep_alpha && !open_beyond (self, alpha))
        return reject_no_memory ();
    }
  else if (self->name != NULL
           || (self->take->keep_alpha && self->plan.extent != COMFY_EXTENT_BEYOND))
    return dex_future_new_for_error (new_invisible (self));
  else
    self->colour = new_flat (pixels->width, pixels->height, 3, pixels->depth, GREY);
  if (self->colour == NULL)
    return reject_no_memory ();

  return dex_future_new_true ();
}

/**
 * comfy_parts_separate:
 * @self: parts, normally with pixels
 *
 * Makes colour and alpha of the pixels, which are dropped. Colour that cannot be seen does not stay.
 *
 * Returns: (transfer full): a future; rejects with %COMFY_ERROR_INVALID_ARGUMENT when nothing is
 *   seen, and the result would not be seen either or it is a further picture, and with
 *   %COMFY_ERROR_IMAGE when there is no memory for it
 */
DexFuture *
comfy_parts_separate (ComfyParts *self)
{
  return run (self, separate_fiber);
}

static gboolean
is_sent_as_taken (const ComfyRegion *region)
{
  return region->width == region->crop.width && region->height == region->crop.height
         && comfy_region_get_width (region) == region->width
         && comfy_region_get_height (region) == region->height;
}

/* (transfer full) (nullable): @picture, of the crop, as it is sent; there is no memory for it */
static ComfyPixels *
pack (ComfyParts  *self,
      ComfyPixels *picture)
{
  return is_sent_as_taken (&self->plan.region) ? comfy_pixels_ref (picture)
                                               : comfy_region_pack (&self->plan.region, picture);
}

static DexFuture *
mask_fiber (void *data)
{
  ComfyParts             *self = data;
  const ComfyRegion      *region = &self->plan.region;
  g_autoptr(ComfyPixels)  packed = NULL;
  ComfyRect               old;

  if (self->plan.extent == COMFY_EXTENT_BEYOND)
    {
      get_old (self, &old);
      self->mask = comfy_mask_new_rect_outside (region->crop.width, region->crop.height, &old,
                                                self->take->overlap);
      if (self->mask == NULL)
        return reject_no_memory ();
    }

  if (self->take->mask.node == NULL)
    return dex_future_new_true ();

  if (self->mask == NULL)
    self->request = new_flat (comfy_region_get_width (region), comfy_region_get_height (region),
                              1, 8, 255);
  else if ((packed = pack (self, self->mask)) != NULL)
    {
      /* only what is blended here afterwards is asked for whole */
      self->request = self->plan.extent == COMFY_EXTENT_WHOLE && self->take->mask_grow == 0
                        ? comfy_pixels_ref (packed)
                        : comfy_mask_to_request (packed, self->take->mask_grow);
    }

  return self->request != NULL ? dex_future_new_true () : reject_no_memory ();
}

/**
 * comfy_parts_make_mask:
 * @self: parts
 *
 * Completes the mask and makes what is sent of it, when the action takes a mask: all white when
 * there is none.
 *
 * Returns: (transfer full): a future; rejects with %COMFY_ERROR_IMAGE when there is no memory for it
 */
DexFuture *
comfy_parts_make_mask (ComfyParts *self)
{
  return run (self, mask_fiber);
}

static DexFuture *
pack_fiber (void *data)
{
  ComfyParts *self = data;

  if (self->colour == NULL)
    return dex_future_new_true ();

  self->sent = pack (self, self->colour);
  g_clear_pointer (&self->colour, comfy_pixels_unref);

  return self->sent != NULL ? dex_future_new_true () : reject_no_memory ();
}

/**
 * comfy_parts_pack:
 * @self: separated parts
 *
 * Makes what is sent of the colour, which is dropped. Nothing where there is none.
 *
 * Returns: (transfer full): a future; rejects with %COMFY_ERROR_IMAGE when there is no memory for it
 */
DexFuture *
comfy_parts_pack (ComfyParts *self)
{
  return run (self, pack_fiber);
}
