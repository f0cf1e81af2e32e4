/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-pixels.h"

G_BEGIN_DECLS

/* → ComfyPixels: a picture as small as the screen needs it, made on a worker thread */
DexFuture *comfy_shrink (ComfyPixels *pixels,
                         int          edge) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
