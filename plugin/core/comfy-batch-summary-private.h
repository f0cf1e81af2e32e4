/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-batch-summary.h"

G_BEGIN_DECLS

/* for the list, which knows the scheduler: between begin and end it tells of every job there is */
ComfyBatchSummary *_comfy_batch_summary_new   (ComfyRequest      *request);
void               _comfy_batch_summary_begin (ComfyBatchSummary *self);
void               _comfy_batch_summary_note  (ComfyBatchSummary *self,
                                               ComfyJob          *job,
                                               gboolean           is_active);
void               _comfy_batch_summary_end   (ComfyBatchSummary *self);

G_END_DECLS
