/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A small picture of what a job has in the making. Takes no room until there is one. What came from
 * outside is decoded and scaled on a worker thread, one at a time; what came meanwhile and was
 * followed by another is never looked at, and what is no picture leaves the last one in place.
 *
 * Signal "resized" (): it takes room now, or none any more. */
#define COMFY_TYPE_JOB_PREVIEW (comfy_job_preview_get_type ())
G_DECLARE_FINAL_TYPE (ComfyJobPreview, comfy_job_preview, COMFY, JOB_PREVIEW, GtkBox)

GtkWidget *comfy_job_preview_new      (void);
void       comfy_job_preview_set_file (ComfyJobPreview *self,
                                       GBytes          *file);
void       comfy_job_preview_set_path (ComfyJobPreview *self,
                                       const char      *path);
gboolean   comfy_job_preview_is_busy  (ComfyJobPreview *self);

G_END_DECLS
