/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-pixels.h"

G_BEGIN_DECLS

/* Transparency stays here while colour goes up: models take three channels. Both block; for worker
 * threads. */
gboolean     comfy_alpha_split (ComfyPixels  *pixels,
                                ComfyPixels **out_colour,
                                ComfyPixels **out_alpha);
ComfyPixels *comfy_alpha_join  (ComfyPixels  *colour,
                                ComfyPixels  *alpha);

G_END_DECLS
