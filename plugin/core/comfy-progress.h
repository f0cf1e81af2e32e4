/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Weighted progress with words. A model: properties "fraction" (0…1, never goes back) and "text"
 * (nullable, translated) notify; nobody here knows a bar. */
#define COMFY_TYPE_PROGRESS (comfy_progress_get_type ())
G_DECLARE_FINAL_TYPE (ComfyProgress, comfy_progress, COMFY, PROGRESS, GObject)

/* the stages of a job, in their order */
typedef enum
{
  COMFY_STAGE_PREPARE,
  COMFY_STAGE_UPLOAD,
  COMFY_STAGE_QUEUE,
  COMFY_STAGE_RUN,
  COMFY_STAGE_DOWNLOAD,
  COMFY_STAGE_PLACE,
  COMFY_N_STAGES
} ComfyStage;

ComfyProgress *comfy_progress_new          (void);
void           comfy_progress_set_stage    (ComfyProgress *self,
                                            ComfyStage     stage,
                                            const char    *text);
void           comfy_progress_set_part     (ComfyProgress *self,
                                            double         part,
                                            const char    *text);
void           comfy_progress_set_bytes    (ComfyProgress *self,
                                            guint64        done,
                                            guint64        total);
void           comfy_progress_set_text     (ComfyProgress *self,
                                            const char    *text);
ComfyStage     comfy_progress_get_stage    (ComfyProgress *self);
double         comfy_progress_get_fraction (ComfyProgress *self);
const char    *comfy_progress_get_text     (ComfyProgress *self);

G_END_DECLS
