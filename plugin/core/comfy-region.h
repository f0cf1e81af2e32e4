/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-pixels.h"
#include "comfy-rect.h"
#include "comfy-resample.h"

G_BEGIN_DECLS

/* What a model wants of the picture that is sent. {0} sends what was taken, pixel for pixel. */
typedef struct
{
  guint64 pixels;      /* px: about this many are sent, whether more or fewer were taken; 0: as many
                          as are taken, scaled only where max_edge forbids that */
  int     multiple;    /* px: both edges that are sent are multiples of it; 0 is like 1 */
  int     min_edge;    /* px: neither edge that is sent is shorter; 0: no limit */
  int     max_edge;    /* px: neither edge that is sent is longer; 0: no limit */
  double  context;     /* 0…: margin on each side of the target as a share of its longer edge */
  int     context_min; /* px of the image: both edges of the crop are at least as long, where the
                          limits allow */
} ComfySizing;

/* What is taken of the image, and what of it is sent. Plain data. */
typedef struct
{
  ComfyRect crop;   /* px in the image */
  int       width;  /* px: the crop as it is sent, without the padding */
  int       height;
  int       left;   /* px of padding around it in what is sent */
  int       top;
  int       right;
  int       bottom;
} ComfyRegion;

void         comfy_region_plan       (const ComfyRect   *target,
                                      const ComfyRect   *limits,
                                      const ComfySizing *sizing,
                                      ComfyRegion       *out_region);
int          comfy_region_get_width  (const ComfyRegion *self);
int          comfy_region_get_height (const ComfyRegion *self);
void         comfy_region_locate     (const ComfyRegion *self,
                                      int                result_width,
                                      int                result_height,
                                      ComfyPart         *out_part);

/* Both block; for worker threads. */
ComfyPixels *comfy_region_pack       (const ComfyRegion *self,
                                      ComfyPixels       *crop);
ComfyPixels *comfy_region_unpack     (const ComfyRegion *self,
                                      ComfyPixels       *result,
                                      int                width,
                                      int                height);

G_END_DECLS
