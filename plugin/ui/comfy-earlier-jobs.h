/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* Asks what is to become of jobs that a process before has not finished. Takes no room without any.
 *
 * Signal "taken" (): the artist has decided, and the jobs go on or are forgotten. */
#define COMFY_TYPE_EARLIER_JOBS (comfy_earlier_jobs_get_type ())
G_DECLARE_FINAL_TYPE (ComfyEarlierJobs, comfy_earlier_jobs, COMFY, EARLIER_JOBS, GtkBox)

GtkWidget *comfy_earlier_jobs_new        (ComfySession     *session);
void       comfy_earlier_jobs_hide_taken (ComfyEarlierJobs *self);

G_END_DECLS
