/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-opener.h"
#include "comfy-session.h"

G_BEGIN_DECLS

/* Asks for what an action needs before it runs: the values of its fields, a key, and once per
 * server the artist's consent. Not modal. */
#define COMFY_TYPE_ACTION_WINDOW (comfy_action_window_get_type ())
G_DECLARE_FINAL_TYPE (ComfyActionWindow, comfy_action_window, COMFY, ACTION_WINDOW, GtkDialog)

gboolean   comfy_action_window_is_ready   (ComfySession      *session);
gboolean   comfy_action_window_is_needed  (ComfySession      *session,
                                           ComfyAction       *action);
GtkWidget *comfy_action_window_new        (ComfySession      *session,
                                           ComfyForm         *form,
                                           int                image_id,
                                           GArray            *layer_ids);
GtkWidget *comfy_action_window_new_for_workflows
                                          (ComfyOpener       *opener,
                                           const char        *path,
                                           int                image_id,
                                           GArray            *layer_ids);
ComfyForm *comfy_action_window_get_form   (ComfyActionWindow *self);
DexFuture *comfy_action_window_ask        (ComfyActionWindow *self) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full): how often, and for what, the artist wants it run */
ComfyBatch *comfy_action_window_dup_batch (ComfyActionWindow *self);
void       comfy_action_window_show_error (ComfyActionWindow *self,
                                           const GError      *error);

G_END_DECLS
