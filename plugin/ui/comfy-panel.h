/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-opener.h"

G_BEGIN_DECLS

/* The window that stays open beside the canvas: what is asked for, what is under way, what came. Not
 * modal, one per GIMP; where it was and how large, it is again. Closing it destroys it: jobs go on. */
#define COMFY_TYPE_PANEL (comfy_panel_get_type ())
G_DECLARE_FINAL_TYPE (ComfyPanel, comfy_panel, COMFY, PANEL, GtkWindow)

GtkWidget *comfy_panel_new       (ComfyOpener *opener);
/* works on that image from now on */
void       comfy_panel_set_image (ComfyPanel  *self,
                                  int          image_id);
/* works on that image, and asks for the same as before; what is missing is asked for in place */
void       comfy_panel_generate  (ComfyPanel  *self,
                                  int          image_id);
void       comfy_panel_show_jobs (ComfyPanel  *self);

G_END_DECLS
