/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-place.h"
#include "comfy-rect.h"

G_BEGIN_DECLS

/* One result on its way into an image. Reference counted: the worker holds a reference of its own,
 * because the fiber that waits for it may be cancelled. */
typedef struct
{
  ComfyResult    *result;       /* owned */
  ComfyPlacement *placement;    /* owned */
  gboolean        with_display; /* a new image gets a window */
  ComfyHand       hand;         /* nullable */
  gboolean        is_free;      /* the artist holds no button down */
  GPtrArray      *pixels;       /* owned, of ComfyPixels: as decoded, then as they are placed */
  GArray         *rects;        /* owned, of ComfyRect: where, for each of the pixels */
  ComfyPixels    *alpha;        /* owned, nullable: the transparency that was kept here */
  ComfyPixels    *mask;         /* owned, nullable: how much of what was taken changes */
  GPtrArray      *masks;        /* owned, of ComfyPixels: that of each of the pixels; or none */
  ComfyPixels    *source;       /* owned, nullable: what the result is a mask of: as it was sent,
                                 * then as it was taken */
} ComfyPlacing;

ComfyPlacing *_comfy_placing_new       (ComfyResult  *result,
                                        gboolean      with_display,
                                        ComfyHand     hand);
ComfyPlacing *_comfy_placing_ref       (ComfyPlacing *self);
void          _comfy_placing_unref     (void         *self);
gboolean      _comfy_placing_load      (ComfyPlacing *self,
                                        GError      **error);
DexFuture    *_comfy_placing_fit       (ComfyPlacing *self) G_GNUC_WARN_UNUSED_RESULT;

/* each kind of outcome; → (transfer full) (nullable): "(iai)", as comfy_host_place() has it */
GVariant     *_comfy_place_layers      (ComfyPlacing *self,
                                        GError      **error);
GVariant     *_comfy_place_layer_mask  (ComfyPlacing *self,
                                        GError      **error);
GVariant     *_comfy_place_selection   (ComfyPlacing *self,
                                        GError      **error);

/* shared by them */
GVariant     *_comfy_place_report      (GimpImage    *image,
                                        GPtrArray    *layers);
void          _comfy_place_set_failed  (GError      **error);
GimpImage    *_comfy_place_new_source  (ComfyPlacing *self,
                                        GimpImage    *image,
                                        GimpLayer   **out_layer,
                                        GError      **error);

G_END_DECLS
