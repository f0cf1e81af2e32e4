/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A quiet line of text, with a spinner before it while something is under way. */
#define COMFY_TYPE_BUSY_LABEL (comfy_busy_label_get_type ())
G_DECLARE_FINAL_TYPE (ComfyBusyLabel, comfy_busy_label, COMFY, BUSY_LABEL, GtkBox)

GtkWidget *comfy_busy_label_new (void);
/* for a page that may be narrow: @min_chars of it are in a line at least */
void       comfy_busy_label_allow_narrow
                                (ComfyBusyLabel *self,
                                 int             min_chars);
void       comfy_busy_label_set (ComfyBusyLabel *self,
                                 const char     *text,
                                 gboolean        is_busy);

G_END_DECLS
