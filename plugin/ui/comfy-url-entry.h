/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Takes the address of an environment and says while it is typed what is wrong with it. Emits
 * "changed". */
#define COMFY_TYPE_URL_ENTRY (comfy_url_entry_get_type ())
G_DECLARE_FINAL_TYPE (ComfyUrlEntry, comfy_url_entry, COMFY, URL_ENTRY, GtkBox)

GtkWidget  *comfy_url_entry_new          (void);
GtkWidget  *comfy_url_entry_get_entry    (ComfyUrlEntry *self);
const char *comfy_url_entry_get_base_url (ComfyUrlEntry *self);
void        comfy_url_entry_clear        (ComfyUrlEntry *self);

G_END_DECLS
