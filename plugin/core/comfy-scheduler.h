/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-job.h"

G_BEGIN_DECLS

/* How many jobs run at once, and which is next. A GListModel of ComfyJob in the order they came. */
#define COMFY_TYPE_SCHEDULER (comfy_scheduler_get_type ())
G_DECLARE_FINAL_TYPE (ComfyScheduler, comfy_scheduler, COMFY, SCHEDULER, GObject)

ComfyScheduler *comfy_scheduler_new        (ComfySettings  *settings);
/* starts the job when there is room; its end is seen in its state */
void            comfy_scheduler_add        (ComfyScheduler *self,
                                            ComfyJob       *job);
/* takes a job that has ended out of the list */
void            comfy_scheduler_remove     (ComfyScheduler *self,
                                            ComfyJob       *job);
/* property "n-active": jobs that have not ended */
unsigned int    comfy_scheduler_get_n_active (ComfyScheduler *self);

G_END_DECLS
