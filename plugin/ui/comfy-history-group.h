/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-history-thumb.h"

G_BEGIN_DECLS

/* Pictures that were asked for in the same words, below those. Signals: "changed": one came or went,
 * by what became of a job; "focus-lost": what had the keyboard goes. */
#define COMFY_TYPE_HISTORY_GROUP (comfy_history_group_get_type ())
G_DECLARE_FINAL_TYPE (ComfyHistoryGroup, comfy_history_group, COMFY, HISTORY_GROUP, GtkBox)

GtkWidget  *comfy_history_group_new       (const char        *id,
                                           ComfyPictureCache *cache);
const char *comfy_history_group_get_id    (ComfyHistoryGroup *self);
GtkFlowBox *comfy_history_group_get_box   (ComfyHistoryGroup *self);
void        comfy_history_group_set_items (ComfyHistoryGroup *self,
                                           GPtrArray         *items);
void        comfy_history_group_show_time (ComfyHistoryGroup *self,
                                           gint64             now);

G_END_DECLS
