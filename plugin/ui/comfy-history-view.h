/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-history.h"
#include "comfy-session.h"

G_BEGIN_DECLS

/* What jobs made, to be looked at in its place, applied or discarded. Enter applies, Delete
 * discards, B compares, Ctrl+Z takes a discard back.
 *
 * Signals: "edit" with a ComfyRequest and the job's id: the artist wants to change it and run it
 * again. "again" with the id of a new job, which runs already. "settled" with a boolean, when what the
 * view was at is done: FALSE: something is said of it. */
#define COMFY_TYPE_HISTORY_VIEW (comfy_history_view_get_type ())
G_DECLARE_FINAL_TYPE (ComfyHistoryView, comfy_history_view, COMFY, HISTORY_VIEW, GtkBox)

GtkWidget *comfy_history_view_new    (ComfySession     *session,
                                      ComfyHistory     *history);
/* selects a job, once the history has it */
void       comfy_history_view_select (ComfyHistoryView *self,
                                      const char       *journal_id);
/* something is being placed or saved: the process has to live */
gboolean   comfy_history_view_is_busy (ComfyHistoryView *self);

G_END_DECLS
