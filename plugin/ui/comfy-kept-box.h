/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* What a job made that is in no image: its texts, and its files to be saved. Takes no room without
 * any. Property "saving" (boolean): a file is on its way to where the artist wants it. */
#define COMFY_TYPE_KEPT_BOX (comfy_kept_box_get_type ())
G_DECLARE_FINAL_TYPE (ComfyKeptBox, comfy_kept_box, COMFY, KEPT_BOX, GtkBox)

GtkWidget *comfy_kept_box_new       (ComfySession *session,
                                     ComfyJob     *job);
/* shows what there is once the job has ended; returns whether its height has changed */
gboolean   comfy_kept_box_update    (ComfyKeptBox *self,
                                     gboolean      has_stopped);
gboolean   comfy_kept_box_is_saving (ComfyKeptBox *self);

G_END_DECLS
