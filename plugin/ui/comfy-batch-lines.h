/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* A line for each batch that the session's scheduler has had jobs of: how far it is, and what can be
 * done about all its jobs. The line of one that has ended stays until it is closed. Takes no room
 * without any. Emits "changed" when a line comes, goes, or has another height. */
#define COMFY_TYPE_BATCH_LINES (comfy_batch_lines_get_type ())
G_DECLARE_FINAL_TYPE (ComfyBatchLines, comfy_batch_lines, COMFY, BATCH_LINES, GtkBox)

GtkWidget *comfy_batch_lines_new           (ComfySession    *session);
/* closes those of batches that have ended */
void       comfy_batch_lines_dismiss_ended (ComfyBatchLines *self);

G_END_DECLS
