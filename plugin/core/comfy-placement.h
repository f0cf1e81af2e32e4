/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-drift.h"
#include "comfy-take.h"

G_BEGIN_DECLS

/* Where a result belongs, recorded when the pixels were taken: what the artist does meanwhile does
 * not move it. Plain data; written into the journal. Reference counted, not changed once made. */
typedef struct
{
  int           gimp_pid;      /* the GIMP whose ids these are */
  int           image_id;      /* -1: there was no image */
  char         *image_mark;    /* owned, nullable: UUID in a parasite of the image, survives saving */
  char         *image_file;    /* owned, nullable: path */
  char         *image_name;    /* owned, nullable: as the title bar said */
  int           image_width;   /* px */
  int           image_height;  /* px */
  char         *base_type;     /* owned: "rgb", "gray", "indexed" */
  char         *precision;     /* owned: GIMP's nick, such as "u8-non-linear" */
  int           layer_id;      /* -1: no layer */
  char         *layer_mark;    /* owned, nullable: UUID in a parasite of the layer */
  GArray       *layers;        /* owned, of ComfyLayerBox: the layers as they lay */
  ComfyRegion   region;        /* what was taken, its crop in px of the image, and how it was sent;
                                * the crop is empty when nothing was */
  ComfyEdges    edges;         /* px that the canvas is to grow by */
  ComfyFit      fit;
  ComfyOutcome  outcome;
  ComfyOrder    order;         /* of several results */
  char         *alpha_file;    /* owned, nullable: name in the job's folder: the transparency of the
                                * crop, kept here */
  char         *mask_file;     /* owned, nullable: name in the job's folder: how much of the result
                                * is seen in each pixel of the crop */
} ComfyPlacement;

#define COMFY_TYPE_PLACEMENT (comfy_placement_get_type ())
GType           comfy_placement_get_type (void);
ComfyPlacement *comfy_placement_new      (void);
ComfyPlacement *comfy_placement_copy     (ComfyPlacement *self);
ComfyPlacement *comfy_placement_ref      (ComfyPlacement *self);
void            comfy_placement_unref    (ComfyPlacement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyPlacement, comfy_placement_unref)

G_END_DECLS
