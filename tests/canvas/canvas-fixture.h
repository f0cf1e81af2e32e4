/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-form.h"
#include "comfy-host.h"

G_BEGIN_DECLS

/* What each test begins with: a folder for a job's files and GIMP as the host */
typedef struct
{
  char       *folder;    /* owned */
  ComfyHost  *host;      /* owned */
  const char *remote_id; /* nullable: what is placed was made by this job of the server */
} Fixture;

void            fixture_set_up         (Fixture            *fixture,
                                        const void         *data);
void            fixture_tear_down      (Fixture            *fixture,
                                        const void         *data);

ComfyAction    *fixture_get_action     (const char         *id);
GimpLayer      *fixture_add_noise      (GimpImage          *image,
                                        const GeglRectangle *rect,
                                        gboolean            alpha);
GBytes         *fixture_read           (GimpLayer          *layer,
                                        const char         *format);
const GValue   *fixture_settle         (DexFuture          *future,
                                        GError            **error);

ComfyCapture   *fixture_capture        (Fixture            *fixture,
                                        const char         *action_id,
                                        GimpImage          *image,
                                        GimpLayer          *layer);
void            fixture_capture_fails  (Fixture            *fixture,
                                        const char         *action_id,
                                        GimpImage          *image,
                                        GimpLayer          *layer,
                                        int                 code,
                                        const char         *part);
/* what takes of the selected @layers, which end with NULL; for the caller to change */
#define LAYERS(...) ((GimpLayer * const []) { __VA_ARGS__, NULL })
#define NO_LAYERS   ((GimpLayer * const []) { NULL })
ComfyTake      *fixture_new_take       (ComfySource         source,
                                        ComfyExtent         extent);
ComfyCapture   *fixture_take           (Fixture            *fixture,
                                        const ComfyTake    *take,
                                        GimpImage          *image,
                                        GimpLayer * const  *layers);
void            fixture_take_fails     (Fixture            *fixture,
                                        const ComfyTake    *take,
                                        GimpImage          *image,
                                        GimpLayer * const  *layers,
                                        int                 code,
                                        const char         *part);
/* @binding: as text; the input is called "image" */
void            fixture_add_extra      (ComfyTake          *take,
                                        const char         *node,
                                        const char         *binding);
ComfyPreview   *fixture_preview        (Fixture            *fixture,
                                        const ComfyTake    *take,
                                        GimpImage          *image,
                                        GimpLayer * const  *layers);
ComfyPixels    *fixture_load_input     (Fixture            *fixture,
                                        ComfyCapture       *capture,
                                        unsigned int        i);
/* bytes of all different files that go up */
guint64         fixture_count_sent     (Fixture            *fixture,
                                        ComfyCapture       *capture);
ComfyPixels    *fixture_load_sent      (Fixture            *fixture,
                                        ComfyCapture       *capture);
ComfyPixels    *fixture_load_change    (Fixture            *fixture,
                                        ComfyCapture       *capture);
ComfyPixels    *fixture_load_seen      (Fixture            *fixture,
                                        ComfyCapture       *capture);
GBytes         *fixture_read_visible   (GimpImage          *image,
                                        const char         *format);
const guint8   *fixture_get_pixel      (ComfyPixels        *pixels,
                                        int                 x,
                                        int                 y);
void            fixture_assert_crop    (ComfyCapture       *capture,
                                        int                 x,
                                        int                 y,
                                        int                 width,
                                        int                 height);
GimpDrawableFilter *fixture_add_filter (GimpLayer          *layer,
                                        const char         *operation);

ComfyPixels    *fixture_load           (Fixture            *fixture,
                                        const char         *name);
void            fixture_save           (Fixture            *fixture,
                                        const char         *name,
                                        ComfyPixels        *pixels);
ComfyPixels    *fixture_make_pixels    (int                 width,
                                        int                 height,
                                        int                 channels);
GimpImage      *fixture_place          (Fixture            *fixture,
                                        ComfyPlacement     *placement,
                                        const char * const *names,
                                        const char         *job_id,
                                        GPtrArray         **out_layers);
/* sends @layer away and has it come back as it was; returns the layer that came */
GimpLayer      *fixture_send_and_return
                                       (Fixture            *fixture,
                                        GimpImage          *image,
                                        GimpLayer          *layer);

void            test_capture_add       (void);
void            test_capture_beyond_add    (void);
void            test_capture_colour_add    (void);
void            test_capture_files_add     (void);
void            test_capture_filters_add   (void);
void            test_capture_mask_add      (void);
void            test_capture_pictures_add  (void);
void            test_capture_preview_add   (void);
void            test_capture_selection_add (void);
void            test_capture_source_add    (void);
void            test_place_add         (void);
void            test_polite_add        (void);
void            test_drift_add         (void);

G_END_DECLS
