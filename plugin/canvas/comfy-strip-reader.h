/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gegl.h>
#include <libdex.h>

#include "comfy-rect.h"

G_BEGIN_DECLS

/* Large pieces in strips, so that windows stay alive. Main thread only, and in a fiber: between two
 * strips whatever else is due is done. Plain data. */
typedef struct
{
  gint64      began;    /* µs: when the strip was begun that is in work; 0: none is */
  int         rows;     /* how many it has */
  const Babl *prepared; /* the format that can be converted at once */
} ComfyStrips;

gboolean comfy_strips_next    (ComfyStrips      *self,
                               int               width,
                               int               rows_left,
                               int              *out_rows,
                               GError          **error);
gboolean comfy_strips_prepare (ComfyStrips      *self,
                               GeglBuffer       *buffer,
                               const Babl       *format,
                               GError          **error);
gboolean comfy_strips_read    (ComfyStrips      *self,
                               GeglBuffer       *buffer,
                               const ComfyRect  *rect,
                               const Babl       *format,
                               guint8           *data,
                               size_t            stride,
                               GError          **error);

G_END_DECLS
