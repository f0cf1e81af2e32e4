/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures to files and back, on the worker threads of libdex's pool.
 */
#define G_LOG_DOMAIN "comfy-codec"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-codec-private.h"
#include "comfy-durable.h"
#include "comfy-error.h"

/* 16384 × 16384: more than any upload has */
#define MAX_UPLOAD_PIXELS (G_GUINT64_CONSTANT (1) << 28)

/* One piece of work on its way to a thread and back */
typedef struct
{
  ComfyPixels *pixels;     /* owned; encode */
  ComfyFormat  format;     /* encode */
  guint64      max_pixels; /* decode */
  char        *path;       /* owned, nullable */
  char        *png_path;   /* owned; convert */
  GBytes      *bytes;      /* owned, nullable; decode */
} Work;

static Work *
work_new (ComfyPixels *pixels,
          ComfyFormat  format,
          const char  *path)
{
  Work *work = g_new0 (Work, 1);

  work->pixels = pixels != NULL ? comfy_pixels_ref (pixels) : NULL;
  work->format = format;
  work->path = g_strdup (path);

  return work;
}

static void
work_free (Work *work)
{
  g_clear_pointer (&work->pixels, comfy_pixels_unref);
  g_free (work->path);
  g_free (work->png_path);
  g_clear_pointer (&work->bytes, g_bytes_unref);
  g_free (work);
}

static DexFuture *
spawn (Work         *work,
       DexFiberFunc  func)
{
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, func, work,
                              (GDestroyNotify) work_free);
}

static DexFuture *
encode_fiber (void *data)
{
  Work              *work = data;
  const char        *type;
  GError            *error = NULL;
  g_autoptr(GBytes)  bytes = comfy_codec_write (work->pixels, work->format, &type, &error);

  if (bytes == NULL || !comfy_durable_write (work->path, bytes, &error))
    return dex_future_new_for_error (error);

  return dex_future_new_take_string (g_strdup (type));
}

/**
 * comfy_codec_encode:
 * @pixels: a picture
 * @format: which format
 * @path: the file to write; replaced only by a complete one
 *
 * Encodes without loss and without metadata, on a worker thread.
 *
 * Returns: (transfer full): a future that resolves to the content type, "image/webp" or
 *   "image/png", or rejects with %COMFY_ERROR_IMAGE or %COMFY_ERROR_STORAGE
 */
DexFuture *
comfy_codec_encode (ComfyPixels *pixels,
                    ComfyFormat  format,
                    const char  *path)
{
  return spawn (work_new (pixels, format, path), encode_fiber);
}

static DexFuture *
encode_smallest_fiber (void *data)
{
  Work              *work = data;
  const char        *type;
  GError            *error = NULL;
  g_autoptr(GBytes)  bytes = comfy_codec_write (work->pixels, COMFY_FORMAT_SMALLEST, &type, &error);
  g_autofree char   *path = NULL;

  if (bytes == NULL)
    return dex_future_new_for_error (error);

  path = g_strconcat (work->path, g_str_equal (type, "image/webp") ? ".webp" : ".png", NULL);
  if (!comfy_durable_write (path, bytes, &error))
    return dex_future_new_for_error (error);

  return dex_future_new_take_string (g_path_get_basename (path));
}

/**
 * comfy_codec_encode_smallest:
 * @pixels: a picture, which should be a mask
 * @path_without_suffix: the file to write, but for its suffix
 *
 * As comfy_codec_encode() with %COMFY_FORMAT_SMALLEST, to a file that is named after what it
 * became: ".webp" for "image/webp", or ".png" for "image/png".
 *
 * Returns: (transfer full): a future that resolves to the file's name, with its suffix and without
 *   its folder, or rejects as that of comfy_codec_encode()
 */
DexFuture *
comfy_codec_encode_smallest (ComfyPixels *pixels,
                             const char  *path_without_suffix)
{
  return spawn (work_new (pixels, COMFY_FORMAT_SMALLEST, path_without_suffix),
                encode_smallest_fiber);
}

static DexFuture *
encode_bytes_fiber (void *data)
{
  Work       *work = data;
  const char *type;
  GError     *error = NULL;
  GBytes     *bytes = comfy_codec_write (work->pixels, work->format, &type, &error);

  if (bytes == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (G_TYPE_BYTES, bytes);
}

/**
 * comfy_codec_encode_bytes:
 * @pixels: a picture
 * @format: which format
 *
 * Encodes to memory, on a worker thread: the same bytes that comfy_codec_encode() writes.
 *
 * Returns: (transfer full): a future that resolves to a #GBytes, or rejects with
 *   %COMFY_ERROR_IMAGE
 */
DexFuture *
comfy_codec_encode_bytes (ComfyPixels *pixels,
                          ComfyFormat  format)
{
  return spawn (work_new (pixels, format, NULL), encode_bytes_fiber);
}

static ComfyPixels *
read_file (const char  *path,
           guint64      max_pixels,
           GError     **error)
{
  g_autoptr(GError)      foreign = NULL;
  g_autoptr(GMappedFile) file = g_mapped_file_new (path, FALSE, &foreign);
  g_autoptr(GBytes)      bytes = NULL;

  if (file == NULL)
    {
      g_propagate_error (error, comfy_error_fold (foreign, NULL));
      return NULL;
    }

  bytes = g_mapped_file_get_bytes (file);
  if (g_bytes_get_size (bytes) == 0)
    {
      g_autofree char *name = g_filename_display_name (path);

      comfy_set_error (error, COMFY_ERROR_STORAGE, "an empty file",
                       _("The file %s is empty, so there is no picture in it."), name);
      return NULL;
    }

  return comfy_codec_read (bytes, max_pixels, error);
}

/* a result that is paid for, so the artist hears where it is */
static GError *
new_kept (const GError *reason,
          const char   *path)
{
  g_autofree char *name = g_filename_display_name (path);

  /* Translators: the first %s is a sentence, such as “The picture is damaged.” */
  return comfy_error_new (reason->code, comfy_error_get_detail (reason),
                          _("%s It is kept as %s, to be opened by hand."), reason->message, name);
}

static DexFuture *
decode_fiber (void *data)
{
  Work              *work = data;
  g_autoptr(GError)  error = NULL;
  ComfyPixels       *pixels = read_file (work->path, work->max_pixels, &error);

  if (pixels != NULL)
    return dex_future_new_take_boxed (COMFY_TYPE_PIXELS, pixels);
  if (error->code == COMFY_ERROR_IMAGE || error->code == COMFY_ERROR_TOO_LARGE)
    return dex_future_new_for_error (new_kept (error, work->path));

  return dex_future_new_for_error (g_steal_pointer (&error));
}

/**
 * comfy_codec_decode:
 * @path: a file, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 *
 * Decodes a PNG, WebP or JPEG, told apart by content, on a worker thread. Of an animation it is the
 * first picture. A sentence about what cannot be read says where the file is.
 *
 * Returns: (transfer full): a future that resolves to a ComfyPixels, or rejects with
 *   %COMFY_ERROR_IMAGE, %COMFY_ERROR_TOO_LARGE or %COMFY_ERROR_STORAGE (missing or empty)
 */
DexFuture *
comfy_codec_decode (const char *path,
                    guint64     max_pixels)
{
  Work *work = work_new (NULL, COMFY_FORMAT_AUTO, path);

  work->max_pixels = max_pixels;

  return spawn (work, decode_fiber);
}

static DexFuture *
decode_bytes_fiber (void *data)
{
  Work        *work = data;
  GError      *error = NULL;
  ComfyPixels *pixels = comfy_codec_read (work->bytes, work->max_pixels, &error);

  return pixels != NULL ? dex_future_new_take_boxed (COMFY_TYPE_PIXELS, pixels)
                        : dex_future_new_for_error (error);
}

/**
 * comfy_codec_decode_bytes:
 * @bytes: a file, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 *
 * As comfy_codec_decode(), of what is in memory.
 *
 * Returns: (transfer full): a future that resolves to a ComfyPixels, or rejects with
 *   %COMFY_ERROR_IMAGE or %COMFY_ERROR_TOO_LARGE
 */
DexFuture *
comfy_codec_decode_bytes (GBytes  *bytes,
                          guint64  max_pixels)
{
  Work *work = work_new (NULL, COMFY_FORMAT_AUTO, NULL);

  work->bytes = g_bytes_ref (bytes);
  work->max_pixels = max_pixels;

  return spawn (work, decode_bytes_fiber);
}

static DexFuture *
convert_fiber (void *data)
{
  Work                   *work = data;
  const char             *type;
  GError                 *error = NULL;
  g_autoptr(ComfyPixels)  pixels = read_file (work->path, MAX_UPLOAD_PIXELS, &error);
  g_autoptr(GBytes)       bytes = NULL;

  if (pixels != NULL)
    bytes = comfy_codec_write (pixels, COMFY_FORMAT_PNG, &type, &error);
  if (bytes == NULL || !comfy_durable_write (work->png_path, bytes, &error))
    return dex_future_new_for_error (error);

  return dex_future_new_true ();
}

/**
 * comfy_codec_convert_to_png:
 * @path: a file that comfy_codec_encode() or comfy_codec_encode_smallest() wrote
 * @png_path: the file to write; replaced only by a complete one
 *
 * For a server that refuses WebP: the same pixels as PNG, on a worker thread. @path stays. An alpha
 * that is opaque everywhere may be left out, as WebP does.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or rejects with %COMFY_ERROR_IMAGE,
 *   %COMFY_ERROR_TOO_LARGE or %COMFY_ERROR_STORAGE
 */
DexFuture *
comfy_codec_convert_to_png (const char *path,
                            const char *png_path)
{
  Work *work = work_new (NULL, COMFY_FORMAT_PNG, path);

  work->png_path = g_strdup (png_path);

  return spawn (work, convert_fiber);
}
