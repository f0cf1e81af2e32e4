/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-reflow.h"
#include "comfy-session.h"

G_BEGIN_DECLS

/* What can be done about a job that has stopped, as buttons that do it.
 *
 * Signals "replace-key" (): the artist wants to give the job's profile another key; "problem"
 * (string): why what was asked for could not be done. */
#define COMFY_TYPE_JOB_BUTTONS (comfy_job_buttons_get_type ())
G_DECLARE_FINAL_TYPE (ComfyJobButtons, comfy_job_buttons, COMFY, JOB_BUTTONS, ComfyReflow)

GtkWidget *comfy_job_buttons_new    (ComfySession    *session,
                                     ComfyJob        *job);
void       comfy_job_buttons_update (ComfyJobButtons *self,
                                     gboolean         has_stopped);

G_END_DECLS
