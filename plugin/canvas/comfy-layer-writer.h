/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-fit.h"
#include "comfy-pixels.h"

G_BEGIN_DECLS

typedef enum
{
  COMFY_GROUPING_SEVERAL, /* several layers become a group */
  COMFY_GROUPING_ALWAYS,  /* one alone, too */
} ComfyGrouping;

GimpLayer *comfy_layer_writer_new_layer (GimpImage       *image,
                                         const char      *name,
                                         ComfyPixels     *pixels,
                                         const ComfyRect *rect);
/* masks and channels: grey of 8 bits, raw values */
gboolean   comfy_layer_writer_add_mask  (GimpLayer       *layer,
                                         ComfyPixels     *mask);
ComfyPixels *
           comfy_layer_writer_read_mask (GimpLayerMask   *mask);
GimpChannel *
           comfy_layer_writer_new_channel
                                        (GimpImage       *image,
                                         ComfyPixels     *mask,
                                         const ComfyRect *rect);
gboolean   comfy_layer_writer_insert    (GimpImage       *image,
                                         GPtrArray       *layers,
                                         ComfyGrouping    grouping,
                                         const char      *group_name,
                                         GimpItem        *above);

G_END_DECLS
