/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-credentials.h"

G_BEGIN_DECLS

/* Takes an API key without showing it, says while it is typed what is wrong with it, and keeps
 * nothing of it once it is taken. Emits "changed". */
#define COMFY_TYPE_KEY_ENTRY (comfy_key_entry_get_type ())
G_DECLARE_FINAL_TYPE (ComfyKeyEntry, comfy_key_entry, COMFY, KEY_ENTRY, GtkBox)

GtkWidget        *comfy_key_entry_new       (void);
GtkWidget        *comfy_key_entry_get_entry (ComfyKeyEntry  *self);
gboolean          comfy_key_entry_is_empty  (ComfyKeyEntry  *self);
gboolean          comfy_key_entry_is_valid  (ComfyKeyEntry  *self);
void              comfy_key_entry_set_any   (ComfyKeyEntry  *self,
                                             gboolean        any);
ComfyCredentials *comfy_key_entry_take      (ComfyKeyEntry  *self,
                                             const char     *origin,
                                             GError        **error);

G_END_DECLS
