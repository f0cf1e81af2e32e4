/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A spinner for what may take long, and mostly does not: it shows itself after a while. Can be seen
 * on any picture, and needs no icon: GIMP's icon theme has none for GtkSpinner. */
#define COMFY_TYPE_LATE_SPINNER (comfy_late_spinner_get_type ())
G_DECLARE_FINAL_TYPE (ComfyLateSpinner, comfy_late_spinner, COMFY, LATE_SPINNER, GtkDrawingArea)

GtkWidget *comfy_late_spinner_new   (void);
void       comfy_late_spinner_start (ComfyLateSpinner *self);
void       comfy_late_spinner_stop  (ComfyLateSpinner *self);

G_END_DECLS
