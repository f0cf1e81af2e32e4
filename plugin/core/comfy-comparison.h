/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-pixels.h"
#include "comfy-rect.h"

G_BEGIN_DECLS

/* Two looks at the same place. Plain data, boxed. */
typedef struct
{
  ComfyPixels *before; /* owned, nullable: as the artist sees it now, RGBA of 8 bits; NULL: there is
                        * no image that the result would go into */
  ComfyPixels *after;  /* owned: the same with the result placed, in the same scale */
  ComfyRect    crop;   /* px of the image: what both show; may lie outside of the canvas, where
                        * before is transparent */
} ComfyComparison;

#define COMFY_TYPE_COMPARISON (comfy_comparison_get_type ())
GType            comfy_comparison_get_type (void);
ComfyComparison *comfy_comparison_new      (ComfyPixels           *before,
                                            ComfyPixels           *after,
                                            const ComfyRect       *crop);
ComfyComparison *comfy_comparison_copy     (const ComfyComparison *self);
void             comfy_comparison_free     (ComfyComparison       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyComparison, comfy_comparison_free)

G_END_DECLS
