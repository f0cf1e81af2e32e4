/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* One job: what it is, how far it is, and what can be done about it. Emits "replace-key" when the
 * artist wants to give its profile another key, and "resized" when it takes another height. */
#define COMFY_TYPE_JOB_ROW (comfy_job_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfyJobRow, comfy_job_row, COMFY, JOB_ROW, GtkListBoxRow)

GtkWidget *comfy_job_row_new     (ComfySession *session,
                                  ComfyJob     *job);
ComfyJob  *comfy_job_row_get_job (ComfyJobRow  *self);
/* a file of it is on its way to where the artist wants it: the process has to live */
gboolean   comfy_job_row_is_saving (ComfyJobRow *self);

G_END_DECLS
