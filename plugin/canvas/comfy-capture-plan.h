/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-take.h"

G_BEGIN_DECLS

/* What there is to take. Plain data; all in px in the image. */
typedef struct
{
  ComfyRect   canvas;
  ComfyRect   rect;          /* of the source; the canvas when everything visible is taken */
  gboolean    has_selection;
  ComfyRect   selection;     /* where something is selected, within @rect; empty: elsewhere */
  const char *name;          /* nullable: of the layer, when one is taken */
  const char *file;          /* nullable: of the picture, when it is not of the artist's image */
} ComfyScene;

/* How an extent came out. Plain data. */
typedef struct
{
  ComfyRegion region;
  ComfyExtent extent;   /* WHOLE when nothing is selected */
  gboolean    selected; /* what is selected counts: SELECTION, or WHOLE with a mask of it */
  ComfyRect   within;   /* px in the image: only there something is read */
} ComfyPlan;

gboolean comfy_capture_plan_make (const ComfyTake   *take,
                                  const ComfyScene  *scene,
                                  ComfyPlan         *out_plan,
                                  GError           **error);

G_END_DECLS
