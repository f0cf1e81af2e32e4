/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lossless WebP through libwebp at its fastest setting: a third smaller than PNG in a third of the
 * time, and ComfyUI's LoadImage reads it.
 */
#define G_LOG_DOMAIN "comfy-codec"

#include "config.h"

#include <webp/decode.h>
#include <webp/encode.h>

#include "comfy-codec-private.h"

/**
 * comfy_webp_probe:
 * @bytes: the start of a file, or all of it
 *
 * Returns: whether it says to be a WebP
 */
gboolean
comfy_webp_probe (GBytes *bytes)
{
  size_t      size;
  const char *data = g_bytes_get_data (bytes, &size);

  return size >= 12 && strncmp (data, "RIFF", 4) == 0 && strncmp (data + 8, "WEBP", 4) == 0;
}

/**
 * comfy_webp_can_hold:
 * @pixels: a picture
 *
 * Returns: whether WebP keeps it exactly
 */
gboolean
comfy_webp_can_hold (ComfyPixels *pixels)
{
  return pixels->depth == 8 && pixels->channels >= 3 && pixels->width <= WEBP_MAX_DIMENSION
         && pixels->height <= WEBP_MAX_DIMENSION;
}

/**
 * comfy_webp_read:
 * @bytes: a WebP, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 * @error: return location
 *
 * An animation is refused. A picture whose alpha is opaque everywhere may come as RGB.
 *
 * Returns: (transfer full) (nullable): the picture
 */
ComfyPixels *
comfy_webp_read (GBytes   *bytes,
                 guint64   max_pixels,
                 GError  **error)
{
  g_autofree guint8    *data = NULL;
  size_t                size;
  const guint8         *input = g_bytes_get_data (bytes, &size);
  WebPDecoderConfig     config;
  WebPBitstreamFeatures features;
  size_t                stride;
  int                   channels;

  if (!WebPInitDecoderConfig (&config) || WebPGetFeatures (input, size, &features) != VP8_STATUS_OK)
    {
      comfy_codec_set_unreadable (error, "not a WebP header");
      return NULL;
    }
  if (features.has_animation)
    {
      comfy_codec_set_unreadable (error, "an animated WebP");
      return NULL;
    }
  if (!comfy_codec_check_size (features.width, features.height, max_pixels, error))
    return NULL;

  channels = features.has_alpha ? 4 : 3;
  stride = (size_t) features.width * channels;
  data = g_try_malloc_n (features.height, stride);
  if (data == NULL)
    {
      comfy_codec_set_unreadable (error, "not enough memory");
      return NULL;
    }

  config.options.use_threads = 1;
  config.output.colorspace = features.has_alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = data;
  config.output.u.RGBA.stride = (int) stride;
  config.output.u.RGBA.size = stride * features.height;
  if (WebPDecode (input, size, &config) != VP8_STATUS_OK)
    {
      comfy_codec_set_unreadable (error, "a damaged WebP");
      return NULL;
    }

  return comfy_pixels_new_take (features.width, features.height, channels, 8,
                                g_steal_pointer (&data));
}

static int
write_cb (const guint8      *data,
          size_t             size,
          const WebPPicture *picture)
{
  return fwrite (data, 1, size, picture->custom_ptr) == size;
}

/**
 * comfy_webp_write:
 * @pixels: a picture for which comfy_webp_can_hold() is %TRUE
 * @file: where to
 * @error: return location
 *
 * Writes a lossless WebP without any metadata; the colour of transparent pixels is kept.
 *
 * Returns: whether everything was handed to @file
 */
gboolean
comfy_webp_write (ComfyPixels  *pixels,
                  FILE         *file,
                  GError      **error)
{
  const guint8 *data = g_bytes_get_data (pixels->data, NULL);
  WebPConfig    config;
  WebPPicture   picture;
  gboolean      written;

  g_return_val_if_fail (comfy_webp_can_hold (pixels), FALSE);

  if (!WebPConfigInit (&config) || !WebPConfigLosslessPreset (&config, 0)
      || !WebPPictureInit (&picture))
    {
      comfy_codec_set_unwritable (error, "libwebp is of another version");
      return FALSE;
    }

  config.exact = 1;
  picture.use_argb = 1;
  picture.width = pixels->width;
  picture.height = pixels->height;
  picture.writer = write_cb;
  picture.custom_ptr = file;

  written = (pixels->channels == 4
               ? WebPPictureImportRGBA (&picture, data, (int) pixels->stride)
               : WebPPictureImportRGB (&picture, data, (int) pixels->stride))
            && WebPEncode (&config, &picture);
  if (!written)
    {
      g_autofree char *detail = g_strdup_printf ("libwebp: error %d", picture.error_code);

      comfy_codec_set_unwritable (error, detail);
    }
  WebPPictureFree (&picture);

  return written;
}
