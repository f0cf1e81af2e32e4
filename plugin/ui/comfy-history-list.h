/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-history-thumb.h"
#include "comfy-history.h"

G_BEGIN_DECLS

/* All pictures of a history, in groups; one of them may be selected. The arrow keys go through all
 * groups; Tab enters at what is selected, and leaves.
 *
 * Signals: "selection-changed"; "activated", by Enter or a double click; "menu-wanted" with the
 * GdkEvent, by the second mouse button or the menu's key. */
#define COMFY_TYPE_HISTORY_LIST (comfy_history_list_get_type ())
G_DECLARE_FINAL_TYPE (ComfyHistoryList, comfy_history_list, COMFY, HISTORY_LIST, GtkScrolledWindow)

GtkWidget         *comfy_history_list_new          (ComfyHistory     *history);
ComfyPictureCache *comfy_history_list_get_cache    (ComfyHistoryList *self);
/* (nullable) (transfer none) */
ComfyHistoryThumb *comfy_history_list_get_selected (ComfyHistoryList *self);
/* selects a picture of a job by its file's name, NULL: the first, as soon as the list has it */
void               comfy_history_list_select       (ComfyHistoryList *self,
                                                    const char       *journal_id,
                                                    const char       *name);

G_END_DECLS
