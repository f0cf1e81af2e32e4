/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* An entry that searches what stands below it. Escape takes the search away; without one it is the
 * window's.
 *
 * Signal "left" (): the artist goes down to what was found */
#define COMFY_TYPE_SEARCH_ENTRY (comfy_search_entry_get_type ())
G_DECLARE_FINAL_TYPE (ComfySearchEntry, comfy_search_entry, COMFY, SEARCH_ENTRY, GtkSearchEntry)

GtkWidget *comfy_search_entry_new  (const char       *name);
gboolean   comfy_search_entry_take (ComfySearchEntry *self,
                                    GdkEventKey      *event);

G_END_DECLS
