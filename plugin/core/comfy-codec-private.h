/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-codec.h"

G_BEGIN_DECLS

/* The codec's formats. They block: for worker threads, tests and the fuzzer. Readers refuse a
 * picture of more than @max_pixels pixels with COMFY_ERROR_TOO_LARGE before they allocate for it;
 * whatever else goes wrong, in either direction, is COMFY_ERROR_IMAGE. */

/**
 * ComfyEffort:
 * @COMFY_EFFORT_FAST: encodes faster than a good uplink sends: for pictures
 * @COMFY_EFFORT_SMALL: takes the time to be small: for masks, which compress to little
 */
typedef enum
{
  COMFY_EFFORT_FAST,
  COMFY_EFFORT_SMALL,
} ComfyEffort;

gboolean     comfy_png_probe     (GBytes       *bytes);
ComfyPixels *comfy_png_read      (GBytes       *bytes,
                                  guint64       max_pixels,
                                  GError      **error);
ComfyPixels *comfy_png_read_small
                                 (GBytes       *bytes,
                                  guint64       max_pixels,
                                  int           edge,
                                  int          *out_width,
                                  int          *out_height,
                                  GError      **error);
GBytes      *comfy_png_write     (ComfyPixels  *pixels,
                                  ComfyEffort   effort,
                                  GError      **error);

gboolean     comfy_webp_probe    (GBytes       *bytes);
gboolean     comfy_webp_can_hold (ComfyPixels  *pixels);
ComfyPixels *comfy_webp_read     (GBytes       *bytes,
                                  guint64       max_pixels,
                                  GError      **error);
ComfyPixels *comfy_webp_read_small
                                 (GBytes       *bytes,
                                  guint64       max_pixels,
                                  int           edge,
                                  int          *out_width,
                                  int          *out_height,
                                  GError      **error);
GBytes      *comfy_webp_write    (ComfyPixels  *pixels,
                                  ComfyEffort   effort,
                                  GError      **error);

gboolean     comfy_jpeg_probe    (GBytes       *bytes);
ComfyPixels *comfy_jpeg_read     (GBytes       *bytes,
                                  guint64       max_pixels,
                                  GError      **error);
ComfyPixels *comfy_jpeg_read_small
                                 (GBytes       *bytes,
                                  guint64       max_pixels,
                                  int           edge,
                                  int          *out_width,
                                  int          *out_height,
                                  GError      **error);

/* any of them, by content */
ComfyPixels *comfy_codec_read    (GBytes       *bytes,
                                  guint64       max_pixels,
                                  GError      **error);
/* about as small as it is wanted: the longer edge has at least @edge px, where the picture has; and
 * px of the picture itself */
ComfyPixels *comfy_codec_read_small
                                 (GBytes       *bytes,
                                  guint64       max_pixels,
                                  int           edge,
                                  int          *out_width,
                                  int          *out_height,
                                  GError      **error);
GBytes      *comfy_codec_write   (ComfyPixels  *pixels,
                                  ComfyFormat   format,
                                  const char  **type,
                                  GError      **error);

/* What the formats say in common: one sentence each, after which a caller that knows the file can
 * say where it lies. @detail is for the log. */
gboolean     comfy_codec_check_size     (guint64       width,
                                         guint64       height,
                                         guint64       max_pixels,
                                         GError      **error);
void         comfy_codec_set_unreadable (GError      **error,
                                         const char   *detail);
void         comfy_codec_set_no_memory  (GError      **error,
                                         int           width,
                                         int           height);
void         comfy_codec_set_unwritable (GError      **error,
                                         const char   *detail);

G_END_DECLS
