/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* This computer's journal: what has ended, the newest first, some at a time.
 *
 * Signal "changed" (): the journal was changed by it, and is to be read again. */
#define COMFY_TYPE_FINISHED_JOBS (comfy_finished_jobs_get_type ())
G_DECLARE_FINAL_TYPE (ComfyFinishedJobs, comfy_finished_jobs, COMFY, FINISHED_JOBS, GtkBox)

GtkWidget *comfy_finished_jobs_new      (ComfySession      *session);
/* @jobs: (element-type ComfyPastJob): the journal; those that have ended are picked out */
void       comfy_finished_jobs_set_jobs (ComfyFinishedJobs *self,
                                         GPtrArray         *jobs);

G_END_DECLS
