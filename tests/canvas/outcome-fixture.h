/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas-fixture.h"

G_BEGIN_DECLS

#define NAMES(...) ((const char * const []) { __VA_ARGS__, NULL })
#define OUTCOME_N_KINDS 9

/* images of every kind: the numbers go from 0 to OUTCOME_N_KINDS - 1 */
GimpImage      *outcome_new_image      (unsigned int        kind,
                                        int                 width,
                                        int                 height,
                                        GimpLayer         **out_layer);
gboolean        outcome_is_indexed     (unsigned int        kind);

/* (transfer full): where a result of @crop belongs; not scaled, not padded */
ComfyPlacement *outcome_make_placement (Fixture            *fixture,
                                        GimpImage          *image,
                                        GimpLayer          *layer,
                                        const ComfyRect    *crop);
/* (transfer full): @rect of @layer, as it is in the image, as a picture of 8 bits */
ComfyPixels    *outcome_read_layer     (GimpLayer          *layer,
                                        int                 channels);
/* (transfer full): a third that hides, a third of every value, a third that shows */
ComfyPixels    *outcome_make_mask      (int                 width,
                                        int                 height);

/* @source: (nullable): name of what went up; @out_layers: (out) (optional) (transfer container) */
GimpImage      *outcome_place          (Fixture            *fixture,
                                        ComfyPlacement     *placement,
                                        const char         *source,
                                        const char * const *names,
                                        const char         *job_id,
                                        GPtrArray         **out_layers);

/* (transfer full): what came; @outcomes: (nullable): what the placement says */
ComfyResult    *outcome_new_result     (Fixture            *fixture,
                                        ComfyPlacement     *placement,
                                        const char         *source,
                                        const char * const *names,
                                        const ComfyOutcome *outcomes,
                                        const char         *job_id);
/* @future: (transfer full): that of placing */
GimpImage      *outcome_read_report    (DexFuture          *future,
                                        GPtrArray         **out_layers);
/* outcome_place() with what becomes of each picture; @outcomes: (nullable): what the placement
 * says; @out_result: (out) (optional): knows what was not placed; with it nothing may be, and NULL is
 * returned */
GimpImage      *outcome_place_each     (Fixture            *fixture,
                                        ComfyPlacement     *placement,
                                        const char         *source,
                                        const char * const *names,
                                        const ComfyOutcome *outcomes,
                                        const char         *job_id,
                                        GPtrArray         **out_layers,
                                        ComfyResult       **out_result);

/* (transfer full): the image as it is seen, in its own depth */
GBytes         *outcome_look           (GimpImage          *image,
                                        int                *out_pixel_size);
/* (transfer full): the image as it is seen: RGB, of 8 bits */
ComfyPixels    *outcome_look_plain     (GimpImage          *image);
/* (transfer full): everything of an image that a result may touch */
char           *outcome_describe       (GimpImage          *image);
/* (transfer full): a mask's or the selection's values as they are */
ComfyPixels    *outcome_read_values    (GimpDrawable       *drawable);

guint8          outcome_get            (ComfyPixels        *pixels,
                                        int                 x,
                                        int                 y,
                                        int                 channel);
void            outcome_assert_same    (ComfyPixels        *a,
                                        ComfyPixels        *b,
                                        int                 tolerance);
void            outcome_assert_rect    (GimpLayer          *layer,
                                        int                 x,
                                        int                 y,
                                        int                 width,
                                        int                 height);
unsigned int    outcome_count_layers   (GimpImage          *image);

void            test_outcome_again_add (void);
void            test_outcome_layers_add
                                       (void);
void            test_outcome_sizes_add (void);
void            test_outcome_edges_add (void);
void            test_outcome_mask_add  (void);
void            test_outcome_several_add
                                       (void);
void            test_outcome_selection_add
                                       (void);
void            test_compare_add       (void);
void            test_compare_aside_add (void);
/* for a GIMP with windows */
void            test_undo_add          (void);

G_END_DECLS
