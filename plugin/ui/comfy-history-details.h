/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-history-item.h"

G_BEGIN_DECLS

/* How a picture of the history was made, to be read and copied. */
#define COMFY_TYPE_HISTORY_DETAILS (comfy_history_details_get_type ())
G_DECLARE_FINAL_TYPE (ComfyHistoryDetails, comfy_history_details, COMFY, HISTORY_DETAILS, GtkBox)

GtkWidget *comfy_history_details_new      (void);
/* @width, @height: px of the picture, 0: not known */
void       comfy_history_details_show     (ComfyHistoryDetails *self,
                                           ComfyHistoryItem    *item,
                                           int                  width,
                                           int                  height);
/* (transfer full): all of it, a line each */
char      *comfy_history_details_dup_text (ComfyHistoryDetails *self);

G_END_DECLS
