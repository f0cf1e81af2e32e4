/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-batch.h"
#include "comfy-host.h"

G_BEGIN_DECLS

/* Where the artist says how often, and for what, a form is run: once, as long as nothing else is
 * chosen. Offers what the form can be run for, and takes no room when that is nothing else. Emits
 * "changed" when that is, or the number of jobs is, another one now. */
#define COMFY_TYPE_BATCH_ROW (comfy_batch_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfyBatchRow, comfy_batch_row, COMFY, BATCH_ROW, GtkBox)

GtkWidget    *comfy_batch_row_new       (ComfyHost     *host,
                                         ComfyForm     *form,
                                         GArray        *layer_ids);
/* to align it with those of a form */
GtkWidget    *comfy_batch_row_get_label (ComfyBatchRow *self);
/* 0 while that is not known */
unsigned int  comfy_batch_row_count     (ComfyBatchRow *self);
/* says what is missing, if anything is */
gboolean      comfy_batch_row_check     (ComfyBatchRow *self);
/* (transfer full) (nullable): what is chosen; NULL while something is missing */
ComfyBatch   *comfy_batch_row_dup_batch (ComfyBatchRow *self);

G_END_DECLS
