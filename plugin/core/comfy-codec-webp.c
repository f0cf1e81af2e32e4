/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * WebP through libwebp: lossless ones are written, for pictures at its fastest setting, which gives
 * smaller files than PNG, and ComfyUI's LoadImage reads them.
 */
#define G_LOG_DOMAIN "comfy-codec"

#include "config.h"

#include <math.h>
#include <webp/decode.h>
#include <webp/demux.h>
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
 * Returns: whether WebP keeps its values exactly; grey comes back as RGB
 */
gboolean
comfy_webp_can_hold (ComfyPixels *pixels)
{
  return pixels->depth == 8 && pixels->width <= WEBP_MAX_DIMENSION
         && pixels->height <= WEBP_MAX_DIMENSION;
}

/* a picture on its way out of a file */
typedef struct
{
  guint8   *data;      /* owned */
  int       width;     /* px */
  int       height;    /* px */
  int       channels;  /* 3 or 4 */
  gboolean  is_scaled; /* the frame is made as large as the canvas */
} Canvas;

static gboolean
allocate (Canvas   *canvas,
          guint64   max_pixels,
          GError  **error)
{
  if (!comfy_codec_check_size (canvas->width, canvas->height, max_pixels, error))
    return FALSE;

  canvas->data = g_try_malloc0_n (canvas->height, (size_t) canvas->width * canvas->channels);
  if (canvas->data == NULL)
    comfy_codec_set_no_memory (error, canvas->width, canvas->height);

  return canvas->data != NULL;
}

/* decodes one frame, which must fit, to a place on the canvas */
static gboolean
decode_onto (Canvas       *canvas,
             int           x,
             int           y,
             const guint8 *input,
             size_t        size,
             GError      **error)
{
  size_t            stride = (size_t) canvas->width * canvas->channels;
  size_t            offset = y * stride + (size_t) x * canvas->channels;
  WebPDecoderConfig config;

  if (!WebPInitDecoderConfig (&config))
    {
      comfy_codec_set_unreadable (error, "libwebp is of another version");
      return FALSE;
    }

  config.options.use_threads = 1;
  config.options.use_scaling = canvas->is_scaled;
  config.options.scaled_width = canvas->width;
  config.options.scaled_height = canvas->height;
  config.output.colorspace = canvas->channels == 4 ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = canvas->data + offset;
  config.output.u.RGBA.stride = (int) stride;
  config.output.u.RGBA.size = stride * canvas->height - offset;
  if (WebPDecode (input, size, &config) != VP8_STATUS_OK)
    {
      comfy_codec_set_unreadable (error, "a damaged WebP");
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_still (Canvas       *canvas,
            const guint8 *input,
            size_t        size,
            guint64       max_pixels,
            GError      **error)
{
  return allocate (canvas, max_pixels, error)
         && decode_onto (canvas, 0, 0, input, size, error);
}

/* what of the canvas the first frame leaves free stays transparent */
static gboolean
read_first_frame (Canvas        *canvas,
                  WebPIterator  *frame,
                  guint64        max_pixels,
                  GError       **error)
{
  if (frame->x_offset < 0 || frame->width > canvas->width - frame->x_offset
      || frame->y_offset < 0 || frame->height > canvas->height - frame->y_offset)
    {
      comfy_codec_set_unreadable (error, "a frame beyond the canvas");
      return FALSE;
    }

  canvas->channels = frame->has_alpha || frame->width < canvas->width
                     || frame->height < canvas->height ? 4 : 3;

  return allocate (canvas, max_pixels, error)
         && decode_onto (canvas, frame->x_offset, frame->y_offset, frame->fragment.bytes,
                         frame->fragment.size, error);
}

static gboolean
read_animation (Canvas       *canvas,
                const guint8 *input,
                size_t        size,
                guint64       max_pixels,
                GError      **error)
{
  const WebPData  file = { input, size };
  WebPDemuxer    *demuxer = WebPDemux (&file);
  WebPIterator    frame;
  gboolean        is_read = FALSE;

  if (demuxer != NULL && WebPDemuxGetFrame (demuxer, 1, &frame))
    {
      is_read = read_first_frame (canvas, &frame, max_pixels, error);
      WebPDemuxReleaseIterator (&frame);
    }
  else
    {
      comfy_codec_set_unreadable (error, "an animated WebP without a first frame");
    }
  WebPDemuxDelete (demuxer);

  return is_read;
}

/**
 * comfy_webp_read:
 * @bytes: a WebP, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 * @error: return location
 *
 * Of an animation it is the first frame. A picture that is opaque everywhere may come as RGB.
 *
 * Returns: (transfer full) (nullable): the picture
 */
ComfyPixels *
comfy_webp_read (GBytes   *bytes,
                 guint64   max_pixels,
                 GError  **error)
{
  size_t                size;
  const guint8         *input = g_bytes_get_data (bytes, &size);
  WebPBitstreamFeatures features;
  Canvas                canvas = { NULL };
  gboolean              is_read;

  if (WebPGetFeatures (input, size, &features) != VP8_STATUS_OK)
    {
      comfy_codec_set_unreadable (error, "not a WebP header");
      return NULL;
    }

  canvas.width = features.width;
  canvas.height = features.height;
  canvas.channels = features.has_alpha ? 4 : 3;
  is_read = features.has_animation
              ? read_animation (&canvas, input, size, max_pixels, error)
              : read_still (&canvas, input, size, max_pixels, error);
  if (!is_read)
    {
      g_free (canvas.data);
      return NULL;
    }

  return comfy_pixels_new_take (canvas.width, canvas.height, canvas.channels, 8, canvas.data);
}

/**
 * comfy_webp_read_small:
 * @bytes: a WebP, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 * @edge: px: how large the longer edge is to be at least, where the picture has that
 * @out_width: (out): px of the picture itself
 * @out_height: (out): px
 * @error: return location
 *
 * As comfy_webp_read(). The library itself holds all of a lossless picture for a while, 4 bytes for
 * each pixel.
 *
 * Returns: (transfer full) (nullable): the picture, perhaps larger than @edge
 */
ComfyPixels *
comfy_webp_read_small (GBytes   *bytes,
                       guint64   max_pixels,
                       int       edge,
                       int      *out_width,
                       int      *out_height,
                       GError  **error)
{
  size_t                size;
  const guint8         *input = g_bytes_get_data (bytes, &size);
  WebPBitstreamFeatures features;
  Canvas                canvas = { .is_scaled = TRUE };
  double                fit;

  if (WebPGetFeatures (input, size, &features) != VP8_STATUS_OK)
    {
      comfy_codec_set_unreadable (error, "not a WebP header");
      return NULL;
    }

  *out_width = features.width;
  *out_height = features.height;
  if (features.has_animation || MAX (features.width, features.height) <= edge)
    return comfy_webp_read (bytes, max_pixels, error);
  if (!comfy_codec_check_size (features.width, features.height, max_pixels, error))
    return NULL;

  fit = (double) edge / MAX (features.width, features.height);
  canvas.width = MAX (1, (int) lround (features.width * fit));
  canvas.height = MAX (1, (int) lround (features.height * fit));
  canvas.channels = features.has_alpha ? 4 : 3;
  if (!read_still (&canvas, input, size, max_pixels, error))
    {
      g_free (canvas.data);
      return NULL;
    }

  return comfy_pixels_new_take (canvas.width, canvas.height, canvas.channels, 8, canvas.data);
}

static gboolean
import_grey (WebPPicture  *picture,
             const guint8 *data,
             size_t        stride)
{
  if (!WebPPictureAlloc (picture))
    return FALSE;

  for (int y = 0; y < picture->height; y++)
    for (int x = 0; x < picture->width; x++)
      picture->argb[(size_t) y * picture->argb_stride + x] =
        0xff000000 | data[y * stride + x] * 0x010101u;

  return TRUE;
}

static gboolean
import (WebPPicture *picture,
        ComfyPixels *pixels)
{
  const guint8 *data = g_bytes_get_data (pixels->data, NULL);

  picture->use_argb = 1;
  picture->width = pixels->width;
  picture->height = pixels->height;

  switch (pixels->channels)
    {
    case 1:
      return import_grey (picture, data, pixels->stride);
    case 3:
      return WebPPictureImportRGB (picture, data, (int) pixels->stride);
    default:
      return WebPPictureImportRGBA (picture, data, (int) pixels->stride);
    }
}

/**
 * comfy_webp_write:
 * @pixels: a picture for which comfy_webp_can_hold() is %TRUE
 * @effort: how hard to try
 * @error: return location
 *
 * Writes a lossless WebP without any metadata; the colour of transparent pixels is kept.
 *
 * Returns: (transfer full) (nullable): the file
 */
GBytes *
comfy_webp_write (ComfyPixels  *pixels,
                  ComfyEffort   effort,
                  GError      **error)
{
  WebPConfig       config;
  WebPPicture      picture;
  WebPMemoryWriter writer;
  gboolean         written;

  g_return_val_if_fail (comfy_webp_can_hold (pixels), NULL);

  /* Of a mask level 2 leaves a tenth of what level 0 does. Those above take up to ten times as long
   * and save a tenth at most. */
  if (!WebPConfigInit (&config)
      || !WebPConfigLosslessPreset (&config, effort == COMFY_EFFORT_SMALL ? 2 : 0)
      || !WebPPictureInit (&picture))
    {
      comfy_codec_set_unwritable (error, "libwebp is of another version");
      return NULL;
    }

  config.exact = 1;
  WebPMemoryWriterInit (&writer);
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = &writer;
  written = import (&picture, pixels) && WebPEncode (&config, &picture);
  WebPPictureFree (&picture);
  if (!written)
    {
      g_autofree char *detail = g_strdup_printf ("libwebp: error %d", picture.error_code);

      WebPMemoryWriterClear (&writer);
      comfy_codec_set_unwritable (error, detail);
      return NULL;
    }

  return g_bytes_new_with_free_func (writer.mem, writer.size, WebPFree, writer.mem);
}
