/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <math.h>
#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-resample.h"
#include "comfy-shrink.h"

/* A picture on its way to the screen */
typedef struct
{
  ComfyPixels *pixels; /* owned */
  int          edge;   /* px of the screen */
} Work;

static void
work_free (void *data)
{
  Work *work = data;

  comfy_pixels_unref (work->pixels);
  g_free (work);
}

/* Returns: (transfer full): RGB or RGBA in 8 bits, as a screen has it */
static ComfyPixels *
convert (ComfyPixels *pixels)
{
  int           channels = MAX (pixels->channels, 3);
  const guint8 *data = g_bytes_get_data (pixels->data, NULL);
  guint8       *converted;

  if (pixels->depth == 8 && pixels->channels == channels)
    return comfy_pixels_ref (pixels);

  converted = g_malloc ((size_t) pixels->width * pixels->height * channels);
  for (int y = 0; y < pixels->height; y++)
    for (int x = 0; x < pixels->width; x++)
      for (int channel = 0; channel < channels; channel++)
        {
          size_t from = (size_t) x * pixels->channels + MIN (channel, pixels->channels - 1);
          size_t to = ((size_t) y * pixels->width + x) * channels + channel;

          if (pixels->depth == 8)
            converted[to] = data[y * pixels->stride + from];
          else
            converted[to] = ((const guint16 *) (data + y * pixels->stride))[from] >> 8;
        }

  return comfy_pixels_new_take (pixels->width, pixels->height, channels, 8, converted);
}

static DexFuture *
shrink_fiber (void *data)
{
  Work                   *work = data;
  ComfyPixels            *pixels = work->pixels;
  double                  fit = MIN (1.0, (double) work->edge / MAX (pixels->width, pixels->height));
  g_autoptr(ComfyPixels)  scaled = NULL;

  scaled = comfy_resample (pixels, MAX (1, (int) lround (pixels->width * fit)),
                           MAX (1, (int) lround (pixels->height * fit)));
  if (scaled == NULL)
    return dex_future_new_for_error (comfy_error_new (
      COMFY_ERROR_IMAGE, "not enough memory",
      _("There is not enough memory to show the picture. Close other images and try again.")));

  return dex_future_new_take_boxed (COMFY_TYPE_PIXELS, convert (scaled));
}

/**
 * comfy_shrink:
 * @pixels: (transfer full): any picture
 * @edge: px, at least 1: the longer edge is not larger
 *
 * Works on a worker thread.
 *
 * Returns: (transfer full): a future of a boxed #ComfyPixels for comfy_ui_set_picture(), never
 *   magnified. Rejects with %COMFY_ERROR_IMAGE when there is no memory
 */
DexFuture *
comfy_shrink (ComfyPixels *pixels,
              int          edge)
{
  Work *work = g_new0 (Work, 1);

  work->pixels = pixels;
  work->edge = edge;

  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, shrink_fiber, work,
                              work_free);
}
