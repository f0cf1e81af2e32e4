/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-pixels.h"
#include "comfy-rect.h"

G_BEGIN_DECLS

/* What a model wants of the picture that is sent. {0} sends what was taken, pixel for pixel. */
typedef struct
{
  guint64 pixels;
  int     multiple;
  int     min_edge;
  int     max_edge;
  double  context;
  int     context_min;
} ComfySizing;

/* What is taken of the image, and what of it is sent. Plain data. */
typedef struct
{
  ComfyRect crop;
  int       width;
  int       height;
  int       left;
  int       top;
  int       right;
  int       bottom;
} ComfyRegion;

G_END_DECLS
