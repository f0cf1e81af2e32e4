/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "comfy-pixels.h"

G_BEGIN_DECLS

/* The codec's formats. They block: for worker threads, tests and the fuzzer. Readers refuse a
 * picture of more than @max_pixels pixels with COMFY_ERROR_TOO_LARGE before they allocate for it;
 * whatever else goes wrong, in either direction, is COMFY_ERROR_IMAGE. */

gboolean     comfy_png_probe    (GBytes       *bytes);
ComfyPixels *comfy_png_read     (GBytes       *bytes,
                                 guint64       max_pixels,
                                 GError      **error);
gboolean     comfy_png_write    (ComfyPixels  *pixels,
                                 FILE         *file,
                                 GError      **error);

gboolean     comfy_webp_probe   (GBytes       *bytes);
gboolean     comfy_webp_can_hold (ComfyPixels *pixels);
ComfyPixels *comfy_webp_read    (GBytes       *bytes,
                                 guint64       max_pixels,
                                 GError      **error);
gboolean     comfy_webp_write   (ComfyPixels  *pixels,
                                 FILE         *file,
                                 GError      **error);

/* either, by content */
ComfyPixels *comfy_codec_read   (GBytes       *bytes,
                                 guint64       max_pixels,
                                 GError      **error);

/* what the formats say in common; @detail is for the log */
gboolean     comfy_codec_check_size   (guint64       width,
                                       guint64       height,
                                       guint64       max_pixels,
                                       GError      **error);
void         comfy_codec_set_unreadable (GError    **error,
                                       const char   *detail);
void         comfy_codec_set_unwritable (GError    **error,
                                       const char   *detail);

G_END_DECLS
