/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-pixels.h"
#include "comfy-rect.h"

G_BEGIN_DECLS

/* A mask is a grey picture of 8 bits: 255 is selected, 0 is not. All of these block; for worker
 * threads. Masks that are made are NULL when there is no memory for them. */
ComfyPixels *comfy_mask_new_rect_outside (int              width,
                                          int              height,
                                          const ComfyRect *inside,
                                          int              overlap);
ComfyPixels *comfy_mask_from_picture     (ComfyPixels     *pixels);
ComfyPixels *comfy_mask_to_request       (ComfyPixels     *mask,
                                          int              grow);
ComfyPixels *comfy_mask_multiply         (ComfyPixels     *a,
                                          ComfyPixels     *b);
gboolean     comfy_mask_is_empty         (ComfyPixels     *mask);
gboolean     comfy_mask_is_full          (ComfyPixels     *mask);
gboolean     comfy_mask_get_bounds       (ComfyPixels     *mask,
                                          ComfyRect       *out_bounds);

G_END_DECLS
