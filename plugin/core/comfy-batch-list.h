/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-batch-summary.h"
#include "comfy-scheduler.h"

G_BEGIN_DECLS

/* The batches that a scheduler has had jobs of: a GListModel of ComfyBatchSummary, the oldest
 * first, that only grows. */
#define COMFY_TYPE_BATCH_LIST (comfy_batch_list_get_type ())
G_DECLARE_FINAL_TYPE (ComfyBatchList, comfy_batch_list, COMFY, BATCH_LIST, GObject)

ComfyBatchList *comfy_batch_list_new      (ComfyScheduler    *scheduler);
/* (transfer full) (element-type ComfyJob): its jobs that the scheduler still has */
GPtrArray      *comfy_batch_list_dup_jobs (ComfyBatchList    *self,
                                           ComfyBatchSummary *summary);
/* asks for an end of all its jobs */
void            comfy_batch_list_cancel   (ComfyBatchList    *self,
                                           ComfyBatchSummary *summary);

G_END_DECLS
