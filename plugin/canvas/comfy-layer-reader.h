/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-pixels.h"

G_BEGIN_DECLS

ComfyPixels *comfy_layer_reader_read (GimpImage      *image,
                                      GimpLayer      *layer,
                                      guint64         max_pixels,
                                      GeglRectangle  *out_rect,
                                      GError        **error);

G_END_DECLS
