/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* Every job of the session's scheduler, a row each. Not modal, one per process. Closing it hides
 * it: jobs go on, and it comes back when one of them needs the artist. Emits "finished" when no job
 * runs and there is nothing left to show. */
#define COMFY_TYPE_JOB_WINDOW (comfy_job_window_get_type ())
G_DECLARE_FINAL_TYPE (ComfyJobWindow, comfy_job_window, COMFY, JOB_WINDOW, GtkDialog)

GtkWidget *comfy_job_window_new         (ComfySession   *session);
gboolean   comfy_job_window_is_finished (ComfyJobWindow *self);
/* quiet: another window has the jobs, and this one stays away */
void       comfy_job_window_set_quiet   (ComfyJobWindow *self,
                                         gboolean        is_quiet);

G_END_DECLS
