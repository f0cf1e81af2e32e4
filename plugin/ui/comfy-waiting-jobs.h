/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* What processes before have left: jobs that are not finished, and those with texts or files that
 * the artist has not seen, a row each with what can be done about it. No process holds them.
 *
 * Signal "changed" (): the journal was changed by it, and is to be read again. */
#define COMFY_TYPE_WAITING_JOBS (comfy_waiting_jobs_get_type ())
G_DECLARE_FINAL_TYPE (ComfyWaitingJobs, comfy_waiting_jobs, COMFY, WAITING_JOBS, GtkBox)

GtkWidget    *comfy_waiting_jobs_new      (ComfySession     *session);
/* @jobs: (element-type ComfyPastJob): what is in the journal; those that wait are picked out */
void          comfy_waiting_jobs_set_jobs (ComfyWaitingJobs *self,
                                           GPtrArray        *jobs);
unsigned int  comfy_waiting_jobs_get_n    (ComfyWaitingJobs *self);

G_END_DECLS
