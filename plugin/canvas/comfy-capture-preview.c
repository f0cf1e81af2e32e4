/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a capture would send, to look at before it is paid for.
 */
#define G_LOG_DOMAIN "comfy-capture-preview"

#include "config.h"

#include "comfy-capture-snapshot.h"
#include "comfy-capture.h"
#include "comfy-codec.h"
#include "comfy-host.h"
#include "comfy-resample.h"

#define DARKEST 90 /* of 255: what is left of the brightness where nothing is selected */

/* One preview on its way */
typedef struct
{
  ComfyTake *take;   /* owned */
  GimpImage *image;  /* libgimp's, nullable */
  GPtrArray *layers; /* owned, of libgimp's GimpLayer */
} Preview;

static void
preview_free (void *data)
{
  Preview *preview = data;

  comfy_take_free (preview->take);
  g_ptr_array_unref (preview->layers);
  g_free (preview);
}

/* the value of 8 bits */
static guint8
get_value (ComfyPixels *pixels,
           size_t       i)
{
  const guint8  *data = g_bytes_get_data (pixels->data, NULL);
  const guint16 *deep = (const guint16 *) (const void *) data;

  return pixels->depth == 8 ? data[i] : (guint8) ((deep[i] * 255u + 32767u) / 65535u);
}

/* @alpha, @mask: (nullable) */
static ComfyPixels *
compose (ComfyPixels *colour,
         ComfyPixels *alpha,
         ComfyPixels *mask)
{
  size_t  n = (size_t) colour->width * colour->height;
  guint8 *data = g_malloc_n (n, 4);

  for (size_t i = 0; i < n; i++)
    {
      int light = mask != NULL ? DARKEST + (255 - DARKEST) * get_value (mask, i) / 255 : 255;

      for (size_t channel = 0; channel < 3; channel++)
        data[i * 4 + channel] = (guint8) (get_value (colour, i * 3 + channel) * light / 255);
      data[i * 4 + 3] = alpha != NULL ? get_value (alpha, i) : 255;
    }

  return comfy_pixels_new_take (colour->width, colour->height, 4, 8, data);
}

static DexFuture *
thumbnail_fiber (void *data)
{
  ComfyParts             *parts = data;
  int                     width = parts->colour->width;
  int                     height = parts->colour->height;
  int                     longer = MAX (width, height);
  g_autoptr(ComfyPixels)  colour = NULL;
  g_autoptr(ComfyPixels)  alpha = NULL;
  g_autoptr(ComfyPixels)  mask = NULL;

  if (longer > COMFY_PREVIEW_EDGE)
    {
      width = MAX ((int) ((gint64) width * COMFY_PREVIEW_EDGE / longer), 1);
      height = MAX ((int) ((gint64) height * COMFY_PREVIEW_EDGE / longer), 1);
    }
  colour = comfy_resample (parts->colour, width, height);
  if (parts->alpha != NULL)
    alpha = comfy_resample (parts->alpha, width, height);
  if (parts->plan.extent == COMFY_EXTENT_SELECTION)
    mask = comfy_resample (parts->mask, width, height);

  return dex_future_new_take_boxed (COMFY_TYPE_PIXELS, compose (colour, alpha, mask));
}

/* may await; 0: an error */
static size_t
get_encoded_size (ComfyPixels  *pixels,
                  ComfyFormat   format,
                  GError      **error)
{
  g_autoptr(GBytes) bytes = dex_await_boxed (comfy_codec_encode_bytes (pixels, format), error);

  return bytes != NULL ? g_bytes_get_size (bytes) : 0;
}

/* drops each picture as soon as it has been weighed; may await */
static ComfyPreview *
weigh (ComfyParts  *parts,
       GError     **error)
{
  g_autoptr(ComfyPixels) thumbnail = NULL;
  size_t                 request_size = 0;
  size_t                 sent_size;

  if (!dex_await (comfy_parts_separate (parts), error))
    return NULL;
  thumbnail = dex_await_boxed (dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0,
                                                    thumbnail_fiber, comfy_parts_ref (parts),
                                                    (GDestroyNotify) comfy_parts_unref), error);
  if (thumbnail == NULL)
    return NULL;
  g_clear_pointer (&parts->alpha, comfy_pixels_unref);

  if (!dex_await (comfy_parts_make_mask (parts), error))
    return NULL;
  g_clear_pointer (&parts->mask, comfy_pixels_unref);
  if (parts->request != NULL
      && (request_size = get_encoded_size (parts->request, COMFY_FORMAT_SMALLEST, error)) == 0)
    return NULL;
  g_clear_pointer (&parts->request, comfy_pixels_unref);

  if (!dex_await (comfy_parts_pack (parts), error)
      || (sent_size = get_encoded_size (parts->sent, COMFY_FORMAT_AUTO, error)) == 0)
    return NULL;

  return comfy_preview_new (thumbnail, parts->sent->width, parts->sent->height,
                            sent_size + request_size,
                            parts->plan.extent == COMFY_EXTENT_SELECTION);
}

static DexFuture *
preview_fiber (void *data)
{
  Preview               *preview = data;
  g_autoptr(ComfyParts)  parts = NULL;
  ComfyPreview          *result;
  GError                *error = NULL;

  if (preview->take->source == COMFY_SOURCE_NONE)
    return dex_future_new_take_boxed (COMFY_TYPE_PREVIEW,
                                      comfy_preview_new (NULL, 0, 0, 0, FALSE));

  parts = comfy_snapshot_take (preview->take, preview->image, preview->layers, &error);
  if (parts == NULL)
    return dex_future_new_for_error (error);

  result = weigh (parts, &error);
  if (result == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (COMFY_TYPE_PREVIEW, result);
}

/**
 * comfy_capture_preview:
 * @take: says what is taken
 * @image: (nullable): an open image
 * @layers: (element-type GimpLayer): the selected layers of it
 *
 * Returns: (transfer full): a future of a boxed ComfyPreview; see comfy_host_preview()
 */
DexFuture *
comfy_capture_preview (const ComfyTake *take,
                       GimpImage       *image,
                       GPtrArray       *layers)
{
  Preview *preview = g_new0 (Preview, 1);

  preview->take = comfy_take_copy (take);
  preview->image = image;
  preview->layers = image != NULL ? comfy_snapshot_dup_layers (image, layers) : g_ptr_array_new ();

  return dex_scheduler_spawn (NULL, 0, preview_fiber, preview, preview_free);
}
