/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-job.h"

G_BEGIN_DECLS

/* How many jobs run at once, and which is next. A GListModel of ComfyJob in the order they came. */
#define COMFY_TYPE_SCHEDULER (comfy_scheduler_get_type ())
G_DECLARE_FINAL_TYPE (ComfyScheduler, comfy_scheduler, COMFY, SCHEDULER, GObject)

ComfyScheduler *comfy_scheduler_new          (ComfySettings  *settings);
/* → TRUE once the job is placed; rejects with why not. It starts when there is room. */
DexFuture      *comfy_scheduler_run          (ComfyScheduler *self,
                                              ComfyJob       *job) G_GNUC_WARN_UNUSED_RESULT;
/* the same for who looks at the job's state instead; again for a job that stopped: it goes on */
void            comfy_scheduler_add          (ComfyScheduler *self,
                                              ComfyJob       *job);
/* a job that stopped goes on, and others that stopped for the want of the same key or keyring */
void            comfy_scheduler_resume       (ComfyScheduler *self,
                                              ComfyJob       *job);
/* takes a job that neither runs nor waits out of the list */
void            comfy_scheduler_remove       (ComfyScheduler *self,
                                              ComfyJob       *job);
gboolean        comfy_scheduler_is_active    (ComfyScheduler *self,
                                              ComfyJob       *job);
/* whether it waits for its turn here */
gboolean        comfy_scheduler_is_waiting   (ComfyScheduler *self,
                                              ComfyJob       *job);
/* whether another one that waits is before it */
gboolean        comfy_scheduler_can_move_to_front
                                             (ComfyScheduler *self,
                                              ComfyJob       *job);
/* of those that wait for their turn, @job is the next */
void            comfy_scheduler_move_to_front (ComfyScheduler *self,
                                               ComfyJob       *job);
/* cancels whatever runs or waits */
void            comfy_scheduler_cancel_all   (ComfyScheduler *self);
/* property "n-active": jobs that run or wait for their turn */
unsigned int    comfy_scheduler_get_n_active (ComfyScheduler *self);

G_END_DECLS
