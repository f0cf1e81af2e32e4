/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* The jobs of the chosen account as the server lists them, whoever started them. Asked for when it
 * is seen, and when the artist says so; never while nobody does anything. */
#define COMFY_TYPE_ACCOUNT_JOBS (comfy_account_jobs_get_type ())
G_DECLARE_FINAL_TYPE (ComfyAccountJobs, comfy_account_jobs, COMFY, ACCOUNT_JOBS, GtkBox)

GtkWidget *comfy_account_jobs_new       (ComfySession     *session);
/* the image whose layers results become; -1: images of their own */
void       comfy_account_jobs_set_image (ComfyAccountJobs *self,
                                         int               image_id);
/* @jobs: (element-type ComfyPastJob): what is in the journal, by which its jobs have names */
void       comfy_account_jobs_set_past  (ComfyAccountJobs *self,
                                         GPtrArray        *jobs);

G_END_DECLS
