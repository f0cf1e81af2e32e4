/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* The queue: a row for each job of the session's scheduler, and a line for each batch. What is seen in
 * an image or a history leaves it by itself.
 *
 * Signals: "changed" (), after all that happens at a time: another height, other jobs, other states;
 * "replace-key" (ComfyJob): the artist wants to give its profile another key. */
#define COMFY_TYPE_JOB_LIST (comfy_job_list_get_type ())
G_DECLARE_FINAL_TYPE (ComfyJobList, comfy_job_list, COMFY, JOB_LIST, GtkBox)

GtkWidget   *comfy_job_list_new             (ComfySession *session,
                                             int           max_height);
/* no job and no word of a batch */
gboolean     comfy_job_list_is_empty        (ComfyJobList *self);
/* jobs that have stopped and need the artist */
unsigned int comfy_job_list_get_n_needy     (ComfyJobList *self);
/* a file is on its way to where the artist wants it: the process has to live */
gboolean     comfy_job_list_is_saving       (ComfyJobList *self);
/* closes the lines of batches that have ended */
void         comfy_job_list_dismiss_batches (ComfyJobList *self);
/* "changed" is emitted soon */
void         comfy_job_list_settle          (ComfyJobList *self);

G_END_DECLS
