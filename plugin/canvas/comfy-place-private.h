/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-place.h"
#include "comfy-rect.h"

G_BEGIN_DECLS

/* What one result becomes of one outcome, on its way into an image. Reference counted: the worker
 * holds a reference of its own, because the fiber that waits for it may be cancelled. */
typedef struct
{
  ComfyResult    *result;       /* owned */
  ComfyPlacement *placement;    /* owned: with the outcome of these pictures */
  GArray         *indices;      /* owned, of unsigned int: which pictures of the result these are */
  gboolean        with_display; /* a new image gets a window */
  gboolean        is_wanted;    /* the artist has asked for it and wants to see it */
  gboolean        is_free;      /* the artist holds no button down */
  GimpImage      *made;         /* nullable: the image that was made for what was placed before */
  GPtrArray      *pixels;       /* owned, of ComfyPixels: as they are placed */
  GArray         *rects;        /* owned, of ComfyRect: where, for each of the pixels */
  ComfyPixels    *alpha;        /* owned, nullable: the transparency that was kept here */
  ComfyPixels    *mask;         /* owned, nullable: how much of what was taken changes */
  GPtrArray      *masks;        /* owned, of ComfyPixels: that of each of the pixels; or none */
  ComfyPixels    *source;       /* owned, nullable: what the result is a mask of, as it was taken */
} ComfyPlacing;

ComfyPlacing *_comfy_placing_new       (ComfyResult  *result,
                                        ComfyOutcome  outcome);
ComfyPlacing *_comfy_placing_ref       (ComfyPlacing *self);
void          _comfy_placing_unref     (void         *self);
void          _comfy_placing_locate    (ComfyPlacing *self,
                                        ComfyPixels  *came,
                                        ComfyRect    *out_rect);
DexFuture    *_comfy_placing_add       (ComfyPlacing *self,
                                        unsigned int  i,
                                        ComfyPixels  *came) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *_comfy_placing_set_source (ComfyPlacing *self,
                                         ComfyPixels  *sent) G_GNUC_WARN_UNUSED_RESULT;

/* comfy-place-load.c; → (transfer full) (nullable) (element-type ComfyPlacing): in the order in
 * which they are placed */
GPtrArray    *_comfy_place_load        (ComfyResult  *result,
                                        GError      **error);

/* comfy-place.c; each as its outcome says → (transfer full) (nullable): "(iai)" */
GVariant     *_comfy_place_parts       (GPtrArray    *parts,
                                        GError      **error);

/* each kind of outcome; → (transfer full) (nullable): "(iai)", as comfy_host_place() has it */
GVariant     *_comfy_place_layers      (ComfyPlacing *self,
                                        GError      **error);
GVariant     *_comfy_place_layer_mask  (ComfyPlacing *self,
                                        GError      **error);
GVariant     *_comfy_place_selection   (ComfyPlacing *self,
                                        GError      **error);
GVariant     *_comfy_place_new_image   (ComfyPlacing *self,
                                        GError      **error);

/* shared by them */
GVariant     *_comfy_place_report      (GimpImage    *image,
                                        GPtrArray    *layers);
GimpImage    *_comfy_place_read_report (GVariant     *report,
                                        GPtrArray    *layers);
void          _comfy_place_set_failed  (GError      **error);
GError       *_comfy_place_new_no_memory_error
                                       (void);
GimpImage    *_comfy_place_find_image  (ComfyPlacing *self);
GimpLayer    *_comfy_place_find_layer  (ComfyPlacing *self,
                                        GimpImage    *image);
GimpImage    *_comfy_place_new_source  (ComfyPlacing *self,
                                        GimpImage    *image,
                                        GimpLayer   **out_layer,
                                        GError      **error);

G_END_DECLS
