/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* Every job that is not under way here: what waits since an earlier session, what has ended on this
 * computer, and what the account has on the server. What is under way is in the queue, where a job
 * goes that the artist takes up here. The server is asked when it is seen. */
#define COMFY_TYPE_JOBS_VIEW (comfy_jobs_view_get_type ())
G_DECLARE_FINAL_TYPE (ComfyJobsView, comfy_jobs_view, COMFY, JOBS_VIEW, GtkBox)

GtkWidget    *comfy_jobs_view_new           (ComfySession  *session);
/* the image whose layers results of the server become; -1: images of their own */
void          comfy_jobs_view_set_image     (ComfyJobsView *self,
                                             int            image_id);
/* how many wait for the artist; property "n-waiting" */
unsigned int  comfy_jobs_view_get_n_waiting (ComfyJobsView *self);

G_END_DECLS
