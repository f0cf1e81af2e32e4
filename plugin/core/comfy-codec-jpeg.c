/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JPEG through libturbojpeg, to be read only: some servers' results come as it, nothing of ours is
 * sent as it.
 */
#define G_LOG_DOMAIN "comfy-codec"

#include "config.h"

#include <glib/gi18n.h>
#include <turbojpeg.h>

#include "comfy-codec-private.h"
#include "comfy-error.h"

/* A warning is a cut or broken file, of which the library would fill up the rest with grey. It fails
 * in any case, so there is no need to go on. A progressive file can have so many scans that it takes
 * hours; the library stops at 500, where programs write a dozen. */
#define FLAGS (TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS)

/**
 * comfy_jpeg_probe:
 * @bytes: the start of a file, or all of it
 *
 * Returns: whether it says to be a JPEG
 */
gboolean
comfy_jpeg_probe (GBytes *bytes)
{
  size_t        size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return size >= 3 && data[0] == 0xff && data[1] == 0xd8 && data[2] == 0xff;
}

/* the library makes eighths of the size with less work than the whole; @edge 0: the whole */
static void
scale (int  edge,
       int *width,
       int *height)
{
  int              n = 0;
  tjscalingfactor *factors = tjGetScalingFactors (&n);
  int              longer = MAX (*width, *height);
  tjscalingfactor  best = { 1, 1 };

  for (int i = 0; i < n && factors != NULL && edge > 0; i++)
    if (TJSCALED (longer, factors[i]) >= edge
        && TJSCALED (longer, factors[i]) < TJSCALED (longer, best))
      best = factors[i];

  *width = TJSCALED (*width, best);
  *height = TJSCALED (*height, best);
}

static ComfyPixels *
decompress (tjhandle      jpeg,
            const guint8 *input,
            size_t        size,
            guint64       max_pixels,
            int           edge,
            int          *out_width,
            int          *out_height,
            GError      **error)
{
  g_autofree guint8 *data = NULL;
  int                width = 0;
  int                height = 0;
  int                subsampling;
  int                space = -1;
  int                channels;

  if (tjDecompressHeader3 (jpeg, input, size, &width, &height, &subsampling, &space) != 0)
    {
      comfy_codec_set_unreadable (error, tjGetErrorStr2 (jpeg));
      return NULL;
    }
  /* it says no more of a file that ends before its picture begins */
  if (width < 1 || height < 1)
    {
      comfy_codec_set_unreadable (error, "a JPEG without a picture");
      return NULL;
    }
  if (space == TJCS_CMYK || space == TJCS_YCCK)
    {
      comfy_set_error (error, COMFY_ERROR_IMAGE, "CMYK",
                       _("The picture has the colours of a printer (CMYK), so it cannot be "
                         "placed."));
      return NULL;
    }
  if (!comfy_codec_check_size (width, height, max_pixels, error))
    return NULL;

  *out_width = width;
  *out_height = height;
  scale (edge, &width, &height);
  channels = space == TJCS_GRAY ? 1 : 3;
  data = g_try_malloc_n (height, (size_t) width * channels);
  if (data == NULL)
    {
      comfy_codec_set_no_memory (error, width, height);
      return NULL;
    }
  if (tjDecompress2 (jpeg, input, size, data, width, width * channels, height,
                     channels == 1 ? TJPF_GRAY : TJPF_RGB, FLAGS) != 0)
    {
      comfy_codec_set_unreadable (error, tjGetErrorStr2 (jpeg));
      return NULL;
    }

  return comfy_pixels_new_take (width, height, channels, 8, g_steal_pointer (&data));
}

/**
 * comfy_jpeg_read:
 * @bytes: a JPEG, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 * @error: return location
 *
 * Grey stays grey, all else becomes RGB, but CMYK is refused. An orientation that EXIF tells is not
 * followed.
 *
 * Returns: (transfer full) (nullable): the picture
 */
ComfyPixels *
comfy_jpeg_read (GBytes   *bytes,
                 guint64   max_pixels,
                 GError  **error)
{
  int width;
  int height;

  return comfy_jpeg_read_small (bytes, max_pixels, 0, &width, &height, error);
}

/**
 * comfy_jpeg_read_small:
 * @bytes: a JPEG, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 * @edge: px: how large the longer edge is to be at least, where the picture has that; 0: the whole
 * @out_width: (out): px of the picture itself
 * @out_height: (out): px
 * @error: return location
 *
 * As comfy_jpeg_read().
 *
 * Returns: (transfer full) (nullable): the picture, perhaps larger than @edge
 */
ComfyPixels *
comfy_jpeg_read_small (GBytes   *bytes,
                       guint64   max_pixels,
                       int       edge,
                       int      *out_width,
                       int      *out_height,
                       GError  **error)
{
  size_t        size;
  const guint8 *input = g_bytes_get_data (bytes, &size);
  tjhandle      jpeg = tjInitDecompress ();
  ComfyPixels  *pixels;

  if (jpeg == NULL)
    {
      comfy_codec_set_unreadable (error, tjGetErrorStr2 (NULL));
      return NULL;
    }

  pixels = decompress (jpeg, input, size, max_pixels, edge, out_width, out_height, error);
  tjDestroy (jpeg);

  return pixels;
}
