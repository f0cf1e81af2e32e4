/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-batch-list.h"
#include "comfy-session.h"

G_BEGIN_DECLS

/* How far a batch is, with what can be done about all its jobs. Seen until it is closed. */
#define COMFY_TYPE_BATCH_LINE (comfy_batch_line_get_type ())
G_DECLARE_FINAL_TYPE (ComfyBatchLine, comfy_batch_line, COMFY, BATCH_LINE, GtkBox)

GtkWidget *comfy_batch_line_new (ComfySession      *session,
                                 ComfyBatchList    *batches,
                                 ComfyBatchSummary *summary);

G_END_DECLS
