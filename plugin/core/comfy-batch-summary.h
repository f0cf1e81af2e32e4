/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-job.h"

G_BEGIN_DECLS

/* How far the jobs are that were asked for together, as far as this process has had them in its
 * hands. Emits "changed". */
#define COMFY_TYPE_BATCH_SUMMARY (comfy_batch_summary_get_type ())
G_DECLARE_FINAL_TYPE (ComfyBatchSummary, comfy_batch_summary, COMFY, BATCH_SUMMARY, GObject)

const char   *comfy_batch_summary_get_id      (ComfyBatchSummary *self);
/* of their action, for people */
const char   *comfy_batch_summary_get_title   (ComfyBatchSummary *self);
/* jobs; those that stopped are done, failed or cancelled, and the others are active */
unsigned int  comfy_batch_summary_get_n       (ComfyBatchSummary *self);
unsigned int  comfy_batch_summary_count_done  (ComfyBatchSummary *self);
unsigned int  comfy_batch_summary_count_failed
                                              (ComfyBatchSummary *self);
unsigned int  comfy_batch_summary_count_cancelled
                                              (ComfyBatchSummary *self);
gboolean      comfy_batch_summary_is_active   (ComfyBatchSummary *self);
/* (transfer full): all that in a line */
char         *comfy_batch_summary_dup_text    (ComfyBatchSummary *self);
/* nobody wants to see it any more; it comes back when one of its jobs runs again */
void          comfy_batch_summary_dismiss     (ComfyBatchSummary *self);
gboolean      comfy_batch_summary_is_dismissed
                                              (ComfyBatchSummary *self);

G_END_DECLS
