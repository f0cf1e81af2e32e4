/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures that are only looked at. However many are wanted at once, one is read after the other: what
 * a large one takes while it is read is taken once.
 */
#define G_LOG_DOMAIN "comfy-thumbnail"

#include "config.h"

#include <math.h>

#include "comfy-codec-private.h"
#include "comfy-error.h"
#include "comfy-resample.h"
#include "comfy-thumbnail.h"

/* a picture is read larger than it is shown by that, and made smaller well */
#define SPARE 2

G_DEFINE_BOXED_TYPE (ComfyThumbnail, comfy_thumbnail, comfy_thumbnail_copy, comfy_thumbnail_free)

/* One that is wanted */
typedef struct
{
  char       *path;       /* owned, nullable */
  GBytes     *bytes;      /* owned, nullable: the file itself */
  guint64     max_pixels;
  int         edge;       /* px */
  DexPromise *promise;    /* owned */
} Wish;

static void
wish_free (Wish *wish)
{
  g_free (wish->path);
  g_clear_pointer (&wish->bytes, g_bytes_unref);
  dex_unref (wish->promise);
  g_free (wish);
}

/**
 * comfy_thumbnail_copy:
 * @self: a thumbnail
 *
 * Returns: (transfer full): the same pixels
 */
ComfyThumbnail *
comfy_thumbnail_copy (const ComfyThumbnail *self)
{
  ComfyThumbnail *copy = g_memdup2 (self, sizeof *self);

  comfy_pixels_ref (copy->pixels);

  return copy;
}

/**
 * comfy_thumbnail_free:
 * @self: (transfer full): a thumbnail
 */
void
comfy_thumbnail_free (ComfyThumbnail *self)
{
  comfy_pixels_unref (self->pixels);
  g_free (self);
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

/* (transfer full) (nullable) */
static GBytes *
get_bytes (Wish    *wish,
           GError **error)
{
  g_autoptr(GError)      foreign = NULL;
  g_autoptr(GMappedFile) file = NULL;

  if (wish->bytes != NULL)
    return g_bytes_ref (wish->bytes);

  file = g_mapped_file_new (wish->path, FALSE, &foreign);
  if (file == NULL)
    {
      g_propagate_error (error, comfy_error_fold (foreign, NULL));
      return NULL;
    }

  return g_mapped_file_get_bytes (file);
}

/* (transfer full) (nullable) */
static ComfyThumbnail *
make (Wish    *wish,
      GError **error)
{
  g_autoptr(GBytes)       bytes = get_bytes (wish, error);
  g_autoptr(ComfyPixels)  read = NULL;
  g_autoptr(ComfyPixels)  scaled = NULL;
  ComfyThumbnail         *thumbnail;
  int                     width = 0;
  int                     height = 0;
  double                  fit;

  if (bytes == NULL)
    return NULL;

  read = comfy_codec_read_small (bytes, wish->max_pixels, wish->edge * SPARE, &width, &height,
                                 error);
  if (read == NULL)
    return NULL;

  fit = MIN (1.0, (double) wish->edge / MAX (width, height));
  scaled = comfy_resample (read, MAX (1, (int) lround (width * fit)),
                           MAX (1, (int) lround (height * fit)));
  if (scaled == NULL)
    {
      comfy_codec_set_no_memory (error, width, height);
      return NULL;
    }

  thumbnail = g_new (ComfyThumbnail, 1);
  *thumbnail = (ComfyThumbnail) { convert (scaled), width, height };

  return thumbnail;
}

static void
serve (gpointer data,
       gpointer unused)
{
  Wish           *wish = data;
  GError         *error = NULL;
  ComfyThumbnail *thumbnail = make (wish, &error);

  if (thumbnail != NULL)
    {
      g_auto(GValue) value = G_VALUE_INIT;

      g_value_init (&value, COMFY_TYPE_THUMBNAIL);
      g_value_take_boxed (&value, thumbnail);
      dex_promise_resolve (wish->promise, &value);
    }
  else
    dex_promise_reject (wish->promise, error);
  wish_free (wish);
}

static DexFuture *
want (const char *path,
      GBytes     *bytes,
      guint64     max_pixels,
      int         edge)
{
  static GThreadPool *pool; /* never freed: it ends with the process */
  Wish               *wish = g_new0 (Wish, 1);
  DexPromise         *promise = dex_promise_new ();

  if (g_once_init_enter_pointer (&pool))
    g_once_init_leave_pointer (&pool, g_thread_pool_new (serve, NULL, 1, FALSE, NULL));

  wish->path = g_strdup (path);
  wish->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  wish->max_pixels = max_pixels;
  wish->edge = edge;
  wish->promise = dex_ref (promise);
  g_thread_pool_push (pool, wish, NULL);

  return DEX_FUTURE (promise);
}

/**
 * comfy_thumbnail_load:
 * @path: a file, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 * @edge: px, at least 1: the longer edge is not larger
 *
 * Reads a PNG, WebP or JPEG, told apart by content, on a worker thread, when its turn comes. Of an
 * animation it is the first picture.
 *
 * Returns: (transfer full): a future that resolves to a ComfyThumbnail, never magnified, or rejects
 *   with %COMFY_ERROR_IMAGE, %COMFY_ERROR_TOO_LARGE or %COMFY_ERROR_STORAGE
 */
DexFuture *
comfy_thumbnail_load (const char *path,
                      guint64     max_pixels,
                      int         edge)
{
  g_return_val_if_fail (path != NULL, NULL);

  return want (path, NULL, max_pixels, edge);
}

/**
 * comfy_thumbnail_load_bytes:
 * @bytes: a file, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 * @edge: px, at least 1: the longer edge is not larger
 *
 * As comfy_thumbnail_load(), of what is in memory.
 *
 * Returns: (transfer full): a future that resolves to a ComfyThumbnail, or rejects
 */
DexFuture *
comfy_thumbnail_load_bytes (GBytes  *bytes,
                            guint64  max_pixels,
                            int      edge)
{
  g_return_val_if_fail (bytes != NULL, NULL);

  return want (NULL, bytes, max_pixels, edge);
}
