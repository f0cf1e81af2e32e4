/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-pixels.h"

G_BEGIN_DECLS

/* Lossless encoding, and decoding, on worker threads; colour under transparent pixels is kept. */

/**
 * ComfyFormat:
 * @COMFY_FORMAT_AUTO: fast: lossless WebP where it can hold the picture as it is (8 bit, RGB or
 *   RGBA, at most 16383 px an edge), else PNG
 * @COMFY_FORMAT_PNG: PNG, fast
 * @COMFY_FORMAT_SMALLEST: lossless WebP or PNG, whichever is smaller; for masks, as it takes
 *   seconds for a photograph. Grey comes back from a WebP as RGB of three equal channels.
 */
typedef enum
{
  COMFY_FORMAT_AUTO,
  COMFY_FORMAT_PNG,
  COMFY_FORMAT_SMALLEST,
} ComfyFormat;

const char *comfy_codec_get_content_type (ComfyPixels *pixels,
                                          ComfyFormat  format);
/* → string: the content type */
DexFuture  *comfy_codec_encode           (ComfyPixels *pixels,
                                          ComfyFormat  format,
                                          const char  *path) G_GNUC_WARN_UNUSED_RESULT;
/* → string: the file's name, with its suffix and without its folder */
DexFuture  *comfy_codec_encode_smallest  (ComfyPixels *pixels,
                                          const char  *path_without_suffix)
                                         G_GNUC_WARN_UNUSED_RESULT;
/* → GBytes */
DexFuture  *comfy_codec_encode_bytes     (ComfyPixels *pixels,
                                          ComfyFormat  format) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyPixels; PNG, WebP or JPEG by content; at most @max_pixels (COMFY_ERROR_TOO_LARGE) */
DexFuture  *comfy_codec_decode           (const char  *path,
                                          guint64      max_pixels) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *comfy_codec_decode_bytes     (GBytes      *bytes,
                                          guint64      max_pixels) G_GNUC_WARN_UNUSED_RESULT;
/* → TRUE */
DexFuture  *comfy_codec_convert_to_png   (const char  *path,
                                          const char  *png_path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
