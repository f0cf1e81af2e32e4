/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of the formats it is, and what they say in common.
 */
#define G_LOG_DOMAIN "comfy-codec"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-codec-private.h"
#include "comfy-error.h"

#define PNG "image/png"
#define WEBP "image/webp"

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
  comfy_set_error (error, COMFY_ERROR_IMAGE, detail, _("The picture is damaged."));
}

/**
 * comfy_codec_set_no_memory:
 * @error: return location
 * @width: px
 * @height: px
 */
void
comfy_codec_set_no_memory (GError **error,
                           int      width,
                           int      height)
{
  comfy_set_error (error, COMFY_ERROR_IMAGE, "not enough memory",
                   _("There is not enough memory for a picture of %d × %d pixels."),
                   width, height);
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
                   _("The picture could not be encoded. Close other images and try again."));
}

/* of a kind that GIMP itself may well open; what it looks like is for the log */
static void
set_foreign (GError **error,
             GBytes  *bytes)
{
  size_t           size;
  const guint8    *data = g_bytes_get_data (bytes, &size);
  g_autofree char *type = g_content_type_guess (NULL, data, MIN (size, 4096), NULL);

  comfy_set_error (error, COMFY_ERROR_IMAGE, type,
                   _("The picture is neither PNG, WebP nor JPEG, so it cannot be placed."));
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
  if (comfy_jpeg_probe (bytes))
    return comfy_jpeg_read (bytes, max_pixels, error);

  set_foreign (error, bytes);
  return NULL;
}

/**
 * comfy_codec_read_small:
 * @bytes: a whole file, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 * @edge: px: how large the longer edge is to be at least, where the picture has that
 * @out_width: (out): px of the picture itself
 * @out_height: (out): px
 * @error: return location
 *
 * As comfy_codec_read(), in as little memory as the format allows.
 *
 * Returns: (transfer full) (nullable): the picture, perhaps larger than @edge
 */
ComfyPixels *
comfy_codec_read_small (GBytes   *bytes,
                        guint64   max_pixels,
                        int       edge,
                        int      *out_width,
                        int      *out_height,
                        GError  **error)
{
  if (comfy_png_probe (bytes))
    return comfy_png_read_small (bytes, max_pixels, edge, out_width, out_height, error);
  if (comfy_webp_probe (bytes))
    return comfy_webp_read_small (bytes, max_pixels, edge, out_width, out_height, error);
  if (comfy_jpeg_probe (bytes))
    return comfy_jpeg_read_small (bytes, max_pixels, edge, out_width, out_height, error);

  set_foreign (error, bytes);
  return NULL;
}

static gboolean
becomes_webp (ComfyPixels *pixels,
              ComfyFormat  format)
{
  /* grey would come back as RGB */
  return format == COMFY_FORMAT_AUTO && pixels->channels >= 3 && comfy_webp_can_hold (pixels);
}

/**
 * comfy_codec_get_content_type:
 * @pixels: a picture
 * @format: which format, but %COMFY_FORMAT_SMALLEST: that is known only afterwards
 *
 * Returns: (transfer none): what comfy_codec_encode() makes of them, "image/webp" or "image/png"
 */
const char *
comfy_codec_get_content_type (ComfyPixels *pixels,
                              ComfyFormat  format)
{
  g_return_val_if_fail (format != COMFY_FORMAT_SMALLEST, NULL);

  return becomes_webp (pixels, format) ? WEBP : PNG;
}

static GBytes *
write_smallest (ComfyPixels  *pixels,
                const char  **type,
                GError      **error)
{
  g_autoptr(GBytes) png = comfy_png_write (pixels, COMFY_EFFORT_SMALL, error);
  g_autoptr(GBytes) webp = NULL;

  if (png == NULL)
    return NULL;

  if (comfy_webp_can_hold (pixels))
    {
      webp = comfy_webp_write (pixels, COMFY_EFFORT_SMALL, error);
      if (webp == NULL)
        return NULL;
    }

  if (webp != NULL && g_bytes_get_size (webp) < g_bytes_get_size (png))
    {
      *type = WEBP;
      return g_steal_pointer (&webp);
    }

  *type = PNG;
  return g_steal_pointer (&png);
}

/**
 * comfy_codec_write:
 * @pixels: a picture
 * @format: which format
 * @type: (out): its content type, "image/webp" or "image/png"
 * @error: return location
 *
 * Blocks; for worker threads.
 *
 * Returns: (transfer full) (nullable): a whole file
 */
GBytes *
comfy_codec_write (ComfyPixels  *pixels,
                   ComfyFormat   format,
                   const char  **type,
                   GError      **error)
{
  if (format == COMFY_FORMAT_SMALLEST)
    return write_smallest (pixels, type, error);

  *type = comfy_codec_get_content_type (pixels, format);

  return becomes_webp (pixels, format)
           ? comfy_webp_write (pixels, COMFY_EFFORT_FAST, error)
           : comfy_png_write (pixels, COMFY_EFFORT_FAST, error);
}
