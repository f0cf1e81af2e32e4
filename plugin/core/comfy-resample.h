/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-pixels.h"

G_BEGIN_DECLS

/* Blocks; for worker threads. */
ComfyPixels *comfy_resample (ComfyPixels *pixels,
                             int          width,
                             int          height);

G_END_DECLS
