/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-connector.h"

G_BEGIN_DECLS

/* One key: what is known of it, never the key. Renaming, and the question before removing, happen
 * in the row. Emits "renamed" (the new name) and "removed" once the artist has said so. */
#define COMFY_TYPE_KEY_ROW (comfy_key_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfyKeyRow, comfy_key_row, COMFY, KEY_ROW, GtkListBoxRow)

GtkWidget    *comfy_key_row_new          (ComfyProfileStore *store,
                                          ComfyProfile      *profile);
ComfyProfile *comfy_key_row_get_profile  (ComfyKeyRow       *self);
void          comfy_key_row_ask_usage    (ComfyKeyRow       *self,
                                          ComfyConnector    *connector);
void          comfy_key_row_start_rename (ComfyKeyRow       *self);
void          comfy_key_row_ask_removal  (ComfyKeyRow       *self);
void          comfy_key_row_set_busy     (ComfyKeyRow       *self,
                                          gboolean           busy);

G_END_DECLS
