/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-pixels.h"

G_BEGIN_DECLS

/* A picture that becomes smaller by a whole number while its rows come: what is held is one row of
 * sums, and the small picture. What is all 0 is one that has not begun. */
typedef struct
{
  int      width;    /* px of the rows */
  int      height;
  int      channels;
  int      depth;
  int      factor;   /* so many px a side become one */
  int      n_rows;   /* that came */
  guint64 *sums;     /* owned: colour times alpha, where there is alpha */
  guint8  *data;     /* owned: the small picture, of 8 bits */
} ComfyReduce;

gboolean     comfy_reduce_begin   (ComfyReduce *self,
                                   int          width,
                                   int          height,
                                   int          channels,
                                   int          depth,
                                   int          edge);
void         comfy_reduce_add_row (ComfyReduce *self,
                                   const void  *row);
ComfyPixels *comfy_reduce_end     (ComfyReduce *self);
void         comfy_reduce_clear   (ComfyReduce *self);

G_END_DECLS
