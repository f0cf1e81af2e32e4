/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-pixels.h"

G_BEGIN_DECLS

/* A part of a picture, in px that may be fractions; may reach beyond the picture */
typedef struct
{
  double x;
  double y;
  double width;  /* more than 0 */
  double height; /* more than 0 */
} ComfyPart;

/* Both block; for worker threads; NULL when there is no memory. */
ComfyPixels *comfy_resample      (ComfyPixels     *pixels,
                                  int              width,
                                  int              height);
ComfyPixels *comfy_resample_part (ComfyPixels     *pixels,
                                  const ComfyPart *part,
                                  int              width,
                                  int              height);

G_END_DECLS
