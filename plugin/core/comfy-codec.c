/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures to files and back, on the worker threads of libdex's pool.
 */
#define G_LOG_DOMAIN "comfy-codec"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "comfy-codec-private.h"
#include "comfy-codec.h"
#include "comfy-error.h"

/* One piece of work on its way to a thread and back */
typedef struct
{
  ComfyPixels *pixels;     /* owned; encode */
  ComfyFormat  format;     /* encode */
  guint64      max_pixels; /* decode */
  char        *path;       /* owned */
} Work;

static void
work_free (Work *work)
{
  g_clear_pointer (&work->pixels, comfy_pixels_unref);
  g_free (work->path);
  g_free (work);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Work, work_free)

static DexFuture *
spawn (Work         *work,
       DexFiberFunc  func)
{
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, func, work,
                              (GDestroyNotify) work_free);
}

/**
 * comfy_codec_check_size:
 * @width: px
 * @height: px
 * @max_pixels: the largest picture allowed, in px
 * @error: return location
 *
 * Returns: whether the picture may be read; else %COMFY_ERROR_TOO_LARGE
 */
gboolean
comfy_codec_check_size (guint64   width,
                        guint64   height,
                        guint64   max_pixels,
                        GError  **error)
{
  if (height == 0 || width <= max_pixels / height)
    return TRUE;

  comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                   _("The picture is %d × %d pixels, more than is read here (%.1f megapixels)."),
                   (int) width, (int) height, max_pixels / 1e6);
  return FALSE;
}

/**
 * comfy_codec_set_unreadable:
 * @error: return location
 * @detail: what the codec said
 */
void
comfy_codec_set_unreadable (GError     **error,
                            const char  *detail)
{
  comfy_set_error (error, COMFY_ERROR_IMAGE, detail,
                   _("A picture is damaged, or is neither PNG nor WebP. Its file stays with the "
                     "job."));
}

/* A result that is paid for, and of a kind that GIMP itself may well open */
static GError *
new_foreign (const char *path)
{
  g_autofree char *name = g_filename_display_name (path);

  return comfy_error_new (COMFY_ERROR_IMAGE, "neither PNG nor WebP",
                          _("The picture is neither PNG nor WebP, so it cannot be placed. "
                            "It is kept as %s, to be opened by hand."), name);
}

/**
 * comfy_codec_set_unwritable:
 * @error: return location
 * @detail: what the codec said
 */
void
comfy_codec_set_unwritable (GError     **error,
                            const char  *detail)
{
  comfy_set_error (error, COMFY_ERROR_IMAGE, detail,
                   _("The picture could not be written. Check the free space of your home "
                     "folder."));
}

/**
 * comfy_codec_read:
 * @bytes: a whole file, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 * @error: return location
 *
 * Blocks; for worker threads.
 *
 * Returns: (transfer full) (nullable): the picture
 */
ComfyPixels *
comfy_codec_read (GBytes   *bytes,
                  guint64   max_pixels,
                  GError  **error)
{
  if (comfy_png_probe (bytes))
    return comfy_png_read (bytes, max_pixels, error);
  if (comfy_webp_probe (bytes))
    return comfy_webp_read (bytes, max_pixels, error);

  comfy_codec_set_unreadable (error, "neither PNG nor WebP");
  return NULL;
}

static gboolean
write_file (FILE         *file,
            ComfyPixels  *pixels,
            gboolean      webp,
            GError      **error)
{
  if (!(webp ? comfy_webp_write (pixels, file, error) : comfy_png_write (pixels, file, error)))
    return FALSE;

  /* on disk before anybody relies on it: what is submitted and what was paid for */
  if (fflush (file) != 0 || fsync (fileno (file)) != 0)
    {
      comfy_codec_set_unwritable (error, g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

/* through a temporary file, so that @path is either complete or not there */
static gboolean
write_atomically (ComfyPixels  *pixels,
                  gboolean      webp,
                  const char   *path,
                  GError      **error)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  int              fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0600);
  FILE            *file = fd >= 0 ? fdopen (fd, "wb") : NULL;
  gboolean         written;

  if (file == NULL)
    {
      comfy_codec_set_unwritable (error, g_strerror (errno));
      return FALSE;
    }

  written = write_file (file, pixels, webp, error);
  if (fclose (file) != 0 && written)
    {
      comfy_codec_set_unwritable (error, g_strerror (errno));
      written = FALSE;
    }
  if (written && g_rename (temporary, path) != 0)
    {
      comfy_codec_set_unwritable (error, g_strerror (errno));
      written = FALSE;
    }
  if (!written)
    g_unlink (temporary);

  return written;
}

static gboolean
becomes_webp (ComfyPixels *pixels,
              ComfyFormat  format)
{
  return format == COMFY_FORMAT_AUTO && comfy_webp_can_hold (pixels);
}

/**
 * comfy_codec_get_content_type:
 * @pixels: a picture
 * @format: which format
 *
 * Returns: (transfer none): what comfy_codec_encode() makes of them, "image/webp" or "image/png"
 */
const char *
comfy_codec_get_content_type (ComfyPixels *pixels,
                              ComfyFormat  format)
{
  return becomes_webp (pixels, format) ? "image/webp" : "image/png";
}

static DexFuture *
encode_fiber (void *data)
{
  Work   *work = data;
  GError *error = NULL;

  if (!write_atomically (work->pixels, becomes_webp (work->pixels, work->format), work->path,
                         &error))
    return dex_future_new_for_error (error);

  return dex_future_new_true ();
}

/**
 * comfy_codec_encode:
 * @pixels: a picture
 * @format: which format
 * @path: the file to write; replaced only by a complete one
 *
 * Encodes without loss and without metadata, on a worker thread.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or rejects with %COMFY_ERROR_IMAGE
 */
DexFuture *
comfy_codec_encode (ComfyPixels *pixels,
                    ComfyFormat  format,
                    const char  *path)
{
  Work *work = g_new0 (Work, 1);

  work->pixels = comfy_pixels_ref (pixels);
  work->format = format;
  work->path = g_strdup (path);

  return spawn (work, encode_fiber);
}

static DexFuture *
decode_fiber (void *data)
{
  Work                  *work = data;
  g_autoptr(GError)      foreign = NULL;
  g_autoptr(GMappedFile) file = g_mapped_file_new (work->path, FALSE, &foreign);
  g_autoptr(GBytes)      bytes = NULL;
  ComfyPixels           *pixels;
  GError                *error = NULL;

  if (file == NULL)
    return dex_future_new_for_error (comfy_error_fold (foreign, NULL));

  bytes = g_mapped_file_get_bytes (file);
  if (!comfy_png_probe (bytes) && !comfy_webp_probe (bytes))
    return dex_future_new_for_error (new_foreign (work->path));

  pixels = comfy_codec_read (bytes, work->max_pixels, &error);
  if (pixels == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (COMFY_TYPE_PIXELS, pixels);
}

/**
 * comfy_codec_decode:
 * @path: a file, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 *
 * Decodes a PNG or WebP, told apart by content, on a worker thread.
 *
 * Returns: (transfer full): a future that resolves to a ComfyPixels, or rejects with
 *   %COMFY_ERROR_IMAGE, %COMFY_ERROR_TOO_LARGE or %COMFY_ERROR_STORAGE
 */
DexFuture *
comfy_codec_decode (const char *path,
                    guint64     max_pixels)
{
  Work *work = g_new0 (Work, 1);

  work->path = g_strdup (path);
  work->max_pixels = max_pixels;

  return spawn (work, decode_fiber);
}
