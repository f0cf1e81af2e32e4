/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "comfy-rect.h"

G_BEGIN_DECLS

/* Where a layer was, by which it can be told later how the canvas has moved */
typedef struct
{
  unsigned int tattoo; /* GIMP's, kept in files */
  ComfyRect    box;    /* px in the image */
} ComfyLayerBox;

#define COMFY_DRIFT_MAX_LAYERS 64

gboolean comfy_drift_find (GArray *before,
                           GArray *now,
                           int    *out_x,
                           int    *out_y);

G_END_DECLS
