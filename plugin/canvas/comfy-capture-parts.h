/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-pixels.h"
#include "comfy-capture-plan.h"

G_BEGIN_DECLS

/* What becomes of the pixels that were read, on worker threads, a step at a time: each picture can be
 * written and dropped before the next one is made. Reference counted; the owner changes its pictures
 * only while no step runs. */
typedef struct
{
  ComfyTake   *take;    /* owned */
  ComfyPlan    plan;
  ComfyRect    canvas;  /* px in the image */
  char        *name;    /* owned, nullable: what the artist knows a further picture by */
  ComfyPixels *pixels;  /* owned, nullable: the crop as it was read; dropped once separated */
  ComfyPixels *mask;    /* owned, nullable: of the crop: how much of the result is seen */
  ComfyPixels *alpha;   /* owned, nullable: of the crop, what stays here */
  ComfyPixels *colour;  /* owned, nullable: of the crop */
  ComfyPixels *request; /* owned, nullable: what goes up of the mask */
  ComfyPixels *sent;    /* owned, nullable: what goes up of the colour */
} ComfyParts;

ComfyParts *comfy_parts_new       (const ComfyTake *take,
                                   const ComfyPlan *plan,
                                   const ComfyRect *canvas,
                                   const char      *name,
                                   ComfyPixels     *pixels,
                                   ComfyPixels     *mask);
ComfyParts *comfy_parts_ref       (ComfyParts      *self);
void        comfy_parts_unref     (ComfyParts      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyParts, comfy_parts_unref)

/* → TRUE: each of them */
DexFuture  *comfy_parts_separate  (ComfyParts      *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *comfy_parts_make_mask (ComfyParts      *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *comfy_parts_pack      (ComfyParts      *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
