/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-past-job.h"
#include "comfy-server-job.h"

G_BEGIN_DECLS

/* What is said of jobs that are not under way here. All strings are (transfer full). */
char *comfy_job_text_dup_when         (gint64              when,
                                       gint64              now);
char *comfy_job_text_dup_waiting      (const ComfyPastJob *job,
                                       gint64              now,
                                       GtkMessageType     *out_type);
char *comfy_job_text_dup_ended        (const ComfyPastJob *job,
                                       GtkMessageType     *out_type);
char *comfy_job_text_dup_details      (const ComfyPastJob *job);
char *comfy_job_text_dup_remote_title (ComfyServerJob     *job,
                                       const ComfyPastJob *own);
char *comfy_job_text_dup_remote       (ComfyServerJob     *job,
                                       GtkMessageType     *out_type);

G_END_DECLS
