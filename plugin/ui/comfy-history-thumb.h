/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-history-item.h"
#include "comfy-picture-cache.h"

G_BEGIN_DECLS

/* One picture of the history, small; a check says that it was applied. */
#define COMFY_TYPE_HISTORY_THUMB (comfy_history_thumb_get_type ())
G_DECLARE_FINAL_TYPE (ComfyHistoryThumb, comfy_history_thumb, COMFY, HISTORY_THUMB,
                      GtkFlowBoxChild)

GtkWidget        *comfy_history_thumb_new         (ComfyHistoryItem  *item,
                                                   unsigned int       picture,
                                                   ComfyPictureCache *cache);
ComfyHistoryItem *comfy_history_thumb_get_item    (ComfyHistoryThumb *self);
unsigned int      comfy_history_thumb_get_picture (ComfyHistoryThumb *self);
const char       *comfy_history_thumb_get_path    (ComfyHistoryThumb *self);
void              comfy_history_thumb_update      (ComfyHistoryThumb *self);

G_END_DECLS
