/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads what is seen band by band, and has a worker thread make each band small, so that a large
 * image is never in memory as a whole.
 */
#define G_LOG_DOMAIN "comfy-scaled-reader"

#include "config.h"

#include <glib/gi18n.h>
#include <libdex.h>
#include <math.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-resample.h"
#include "comfy-scaled-reader.h"

#define BAND_PIXELS (1 << 22) /* of the image, about: 16 MB */
#define MIN_ROWS    16        /* of what is made: else most would be read twice */
#define REACH       2.0       /* px of what is made: how far comfy_resample_part() looks around */

typedef ComfyPixels *(*ReadFunc) (ComfyImageReader  *reader,
                                  const ComfyRect   *rect,
                                  GError           **error);

/* Some rows on their way to a worker */
typedef struct
{
  ComfyPixels *pixels; /* owned: with what lies around them */
  ComfyPart    part;   /* what of it */
  int          width;  /* px of what is made */
  int          height;
} Band;

static void
band_free (void *data)
{
  Band *band = data;

  comfy_pixels_unref (band->pixels);
  g_free (band);
}

static GError *
new_no_memory_error (void)
{
  return comfy_error_new (COMFY_ERROR_IMAGE, "not enough memory",
                          _("There is not enough memory to read the image. "
                            "Close other images and try again."));
}

static DexFuture *
scale_fiber (void *data)
{
  Band        *band = data;
  ComfyPixels *scaled = comfy_resample_part (band->pixels, &band->part, band->width, band->height);

  if (scaled == NULL)
    return dex_future_new_for_error (new_no_memory_error ());

  return dex_future_new_take_boxed (COMFY_TYPE_PIXELS, scaled);
}

/* rows of what is made; may await */
static ComfyPixels *
read_band (const ComfyScaling  *self,
           ComfyImageReader    *reader,
           ReadFunc             read,
           int                  from,
           int                  to,
           GError             **error)
{
  double     ratio = (double) self->crop.height / self->height;
  int        reach = (int) ceil (REACH * MAX (ratio, 1.0)) + 1;
  int        top = MAX ((int) floor (from * ratio) - reach, 0);
  int        bottom = MIN ((int) ceil (to * ratio) + reach, self->crop.height);
  ComfyRect  rect = { self->crop.x, self->crop.y + top, self->crop.width, bottom - top };
  Band      *band;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return NULL;

  band = g_new0 (Band, 1);
  band->pixels = read (reader, &rect, error);
  if (band->pixels == NULL)
    {
      g_free (band);
      return NULL;
    }
  band->part = (ComfyPart) { 0.0, from * ratio - top, self->crop.width, (to - from) * ratio };
  band->width = self->width;
  band->height = to - from;

  return dex_await_boxed (dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0,
                                               scale_fiber, band, band_free), error);
}

static ComfyPixels *
read_all (const ComfyScaling  *self,
          ComfyImageReader    *reader,
          ReadFunc             read,
          int                  channels,
          GError             **error)
{
  double             rows = (double) BAND_PIXELS * self->height
                            / ((double) self->crop.width * self->crop.height);
  int                n_rows = self->is_whole ? self->height
                                             : (int) CLAMP (rows, MIN_ROWS, self->height);
  size_t             stride = (size_t) self->width * channels;
  g_autofree guint8 *data = g_try_malloc_n (self->height, stride);
  int                to;

  if (data == NULL)
    {
      g_propagate_error (error, new_no_memory_error ());
      return NULL;
    }

  for (int from = 0; from < self->height; from = to)
    {
      g_autoptr(ComfyPixels) band = NULL;

      to = MIN (from + n_rows, self->height);
      band = read_band (self, reader, read, from, to, error);
      if (band == NULL)
        return NULL;
      memcpy (data + from * stride, g_bytes_get_data (band->data, NULL), (to - from) * stride);
    }

  return comfy_pixels_new_take (self->width, self->height, channels, 8, g_steal_pointer (&data));
}

static ComfyPixels *
read_pixels (ComfyImageReader  *reader,
             const ComfyRect   *rect,
             GError           **error)
{
  return comfy_image_reader_read (reader, rect, rect, 8, error);
}

/**
 * comfy_scaled_reader_read:
 * @self: what is read, and how large it becomes
 * @reader: a reader for which %COMFY_SOURCE_VISIBLE was chosen
 * @error: return location
 *
 * In a fiber: reads as sRGB. What is outside of the canvas is transparent. Where nothing is scaled
 * no value is another one.
 *
 * Returns: (transfer full) (nullable): RGBA, 8 bits. Errors: %COMFY_ERROR_IMAGE,
 *   %G_IO_ERROR_CANCELLED
 */
ComfyPixels *
comfy_scaled_reader_read (const ComfyScaling  *self,
                          ComfyImageReader    *reader,
                          GError             **error)
{
  return read_all (self, reader, read_pixels, 4, error);
}

/**
 * comfy_scaled_reader_read_selected:
 * @self: what is read, and how large it becomes
 * @reader: a reader from which no pixels were read yet
 * @error: return location
 *
 * In a fiber.
 *
 * Returns: (transfer full) (nullable): grey, 8 bits, 255 is selected. Errors: as
 *   comfy_scaled_reader_read()
 */
ComfyPixels *
comfy_scaled_reader_read_selected (const ComfyScaling  *self,
                                   ComfyImageReader    *reader,
                                   GError             **error)
{
  return read_all (self, reader, comfy_image_reader_read_selected, 1, error);
}
