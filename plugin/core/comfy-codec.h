/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-pixels.h"

G_BEGIN_DECLS

/* Lossless encoding and decoding on worker threads; colour under transparent pixels is kept. */

/**
 * ComfyFormat:
 * @COMFY_FORMAT_AUTO: lossless WebP where it can hold the picture (8 bit, at most 16383 px an
 *   edge), else PNG
 * @COMFY_FORMAT_PNG: PNG
 */
typedef enum
{
  COMFY_FORMAT_AUTO,
  COMFY_FORMAT_PNG,
} ComfyFormat;

const char *comfy_codec_get_content_type (ComfyPixels *pixels,
                                          ComfyFormat  format);
/* → TRUE */
DexFuture  *comfy_codec_encode           (ComfyPixels *pixels,
                                          ComfyFormat  format,
                                          const char  *path) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyPixels; PNG or WebP by content; at most @max_pixels pixels (COMFY_ERROR_TOO_LARGE) */
DexFuture  *comfy_codec_decode           (const char  *path,
                                          guint64      max_pixels) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
