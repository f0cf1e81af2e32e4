/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-history-item.h"
#include "comfy-host.h"

G_BEGIN_DECLS

/* A picture of the history where it belongs in the image, before and after. The host is asked while
 * somebody can see it, for one at a time, and not before the selection has settled. */
#define COMFY_TYPE_HISTORY_PREVIEW (comfy_history_preview_get_type ())
G_DECLARE_FINAL_TYPE (ComfyHistoryPreview, comfy_history_preview, COMFY, HISTORY_PREVIEW, GtkBox)

GtkWidget *comfy_history_preview_new           (ComfyHost           *host);
/* @item: (nullable): nothing is shown */
void       comfy_history_preview_show          (ComfyHistoryPreview *self,
                                                ComfyHistoryItem    *item,
                                                unsigned int         picture);
/* (nullable): stands there until the answer comes, or when there is none */
void       comfy_history_preview_set_small     (ComfyHistoryPreview *self,
                                                cairo_surface_t     *small);
void       comfy_history_preview_toggle_before (ComfyHistoryPreview *self);
gboolean   comfy_history_preview_is_before     (ComfyHistoryPreview *self);

G_END_DECLS
