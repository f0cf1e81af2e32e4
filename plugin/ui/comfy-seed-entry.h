/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* An entry that holds a seed, exactly, or nothing: no other text can be typed. */
#define COMFY_TYPE_SEED_ENTRY (comfy_seed_entry_get_type ())
G_DECLARE_FINAL_TYPE (ComfySeedEntry, comfy_seed_entry, COMFY, SEED_ENTRY, GtkEntry)

GtkWidget *comfy_seed_entry_new      (guint64         max);
void       comfy_seed_entry_set_max  (ComfySeedEntry *self,
                                      guint64         max);
void       comfy_seed_entry_set_seed (ComfySeedEntry *self,
                                      guint64         seed);
gboolean   comfy_seed_entry_get_seed (ComfySeedEntry *self,
                                      guint64        *out_seed);

G_END_DECLS
