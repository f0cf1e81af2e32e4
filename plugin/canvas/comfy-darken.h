/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-pixels.h"

G_BEGIN_DECLS

/* Blocks; for worker threads. */
ComfyPixels *comfy_darken (ComfyPixels *shown,
                           ComfyPixels *mask);

G_END_DECLS
