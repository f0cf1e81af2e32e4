/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a capture would send, to look at before it is paid for.
 */
#define G_LOG_DOMAIN "comfy-capture-preview"

#include "config.h"

#include "comfy-capture-pictures.h"
#include "comfy-capture.h"
#include "comfy-codec.h"
#include "comfy-darken.h"
#include "comfy-host.h"
#include "comfy-resample.h"

/* One preview on its way */
typedef struct
{
  ComfyTake    *take;   /* owned */
  GimpImage    *image;  /* libgimp's, nullable */
  GPtrArray    *layers; /* owned, of libgimp's GimpLayer */
  ComfyPreview *result; /* owned */
} Preview;

static void
preview_free (void *data)
{
  Preview *preview = data;

  comfy_take_free (preview->take);
  g_ptr_array_unref (preview->layers);
  g_clear_pointer (&preview->result, comfy_preview_free);
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

/* @colour: or grey; @alpha: (nullable) */
static ComfyPixels *
compose (ComfyPixels *colour,
         ComfyPixels *alpha)
{
  size_t  n = (size_t) colour->width * colour->height;
  guint8 *data = g_malloc_n (n, 4);

  for (size_t i = 0; i < n; i++)
    {
      for (size_t channel = 0; channel < 3; channel++)
        data[i * 4 + channel] = get_value (colour, colour->channels == 1 ? i : i * 3 + channel);
      data[i * 4 + 3] = alpha != NULL ? get_value (alpha, i) : 255;
    }

  return comfy_pixels_new_take (colour->width, colour->height, 4, 8, data);
}

/* the picture, or, where none is sent, the mask */
static DexFuture *
thumbnail_fiber (void *data)
{
  ComfyParts             *parts = data;
  ComfyPixels            *shown = parts->colour != NULL ? parts->colour : parts->request;
  int                     width = shown->width;
  int                     height = shown->height;
  int                     longer = MAX (width, height);
  g_autoptr(ComfyPixels)  colour = NULL;
  g_autoptr(ComfyPixels)  alpha = NULL;
  g_autoptr(ComfyPixels)  mask = NULL;
  g_autoptr(ComfyPixels)  lit = NULL;

  if (longer > COMFY_PREVIEW_EDGE)
    {
      width = MAX ((int) ((gint64) width * COMFY_PREVIEW_EDGE / longer), 1);
      height = MAX ((int) ((gint64) height * COMFY_PREVIEW_EDGE / longer), 1);
    }
  colour = comfy_resample (shown, width, height);
  if (parts->alpha != NULL)
    alpha = comfy_resample (parts->alpha, width, height);
  if (parts->mask != NULL)
    mask = comfy_resample (parts->mask, width, height);

  lit = compose (colour, alpha);

  return dex_future_new_take_boxed (COMFY_TYPE_PIXELS,
                                    mask != NULL ? comfy_darken (lit, mask)
                                                 : g_steal_pointer (&lit));
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

/* may await */
static gboolean
make_thumbnail (Preview     *preview,
                ComfyParts  *parts,
                GError     **error)
{
  preview->result->thumbnail =
    dex_await_boxed (dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0,
                                          thumbnail_fiber, comfy_parts_ref (parts),
                                          (GDestroyNotify) comfy_parts_unref), error);

  return preview->result->thumbnail != NULL;
}

/* may await */
static gboolean
add_bytes (Preview      *preview,
           ComfyPixels  *pixels,
           ComfyFormat   format,
           GError      **error)
{
  size_t size = get_encoded_size (pixels, format, error);

  preview->result->bytes += size;
  if (preview->result->width == 0)
    {
      preview->result->width = pixels->width;
      preview->result->height = pixels->height;
    }

  return size > 0;
}

/* the colour of parts that were not separated yet; drops it once it has been weighed; may await */
static gboolean
weigh_colour (Preview     *preview,
              ComfyParts  *parts,
              GError     **error)
{
  if (!dex_await (comfy_parts_separate (parts), error))
    return FALSE;
  if (parts->colour == NULL)
    return TRUE;
  if (preview->result->thumbnail == NULL && !make_thumbnail (preview, parts, error))
    return FALSE;
  g_clear_pointer (&parts->alpha, comfy_pixels_unref);

  if (!dex_await (comfy_parts_pack (parts), error)
      || !add_bytes (preview, parts->sent, COMFY_FORMAT_AUTO, error))
    return FALSE;
  g_clear_pointer (&parts->sent, comfy_pixels_unref);

  return TRUE;
}

/* may await */
static gboolean
weigh_extras (Preview        *preview,
              ComfyPictures  *pictures,
              GError        **error)
{
  for (unsigned int i = 0; i < pictures->extras->len; i++)
    {
      g_autoptr(ComfyParts) parts = NULL;

      if (comfy_pictures_get_twin (pictures, i) != COMFY_TWIN_NONE)
        continue;
      parts = comfy_pictures_read_extra (pictures, i, error);
      if (parts == NULL || !weigh_colour (preview, parts, error))
        return FALSE;
    }

  return TRUE;
}

/* after all pictures, for it is only looked at where there are none; may await */
static gboolean
weigh_mask (Preview     *preview,
            ComfyParts  *parts,
            GError     **error)
{
  if (!dex_await (comfy_parts_make_mask (parts), error))
    return FALSE;
  g_clear_pointer (&parts->mask, comfy_pixels_unref);
  if (parts->request == NULL)
    return TRUE;

  return (preview->result->thumbnail != NULL || make_thumbnail (preview, parts, error))
         && add_bytes (preview, parts->request, COMFY_FORMAT_SMALLEST, error);
}

static DexFuture *
preview_fiber (void *data)
{
  Preview                  *preview = data;
  g_autoptr(ComfyPictures)  pictures = NULL;
  g_autoptr(ComfyParts)     parts = NULL;
  GError                   *error = NULL;

  pictures = comfy_pictures_new (preview->take, preview->image, preview->layers, &error);
  if (pictures == NULL)
    return dex_future_new_for_error (error);

  if (pictures->main != NULL)
    {
      parts = comfy_pictures_read_main (pictures, &error);
      if (parts == NULL)
        return dex_future_new_for_error (error);
      preview->result->has_selection = parts->plan.selected;
    }

  if ((parts != NULL && !weigh_colour (preview, parts, &error))
      || !weigh_extras (preview, pictures, &error)
      || (parts != NULL && !weigh_mask (preview, parts, &error)))
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (COMFY_TYPE_PREVIEW, g_steal_pointer (&preview->result));
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
  preview->result = comfy_preview_new (NULL, 0, 0, 0, FALSE);

  return dex_scheduler_spawn (NULL, 0, preview_fiber, preview, preview_free);
}
