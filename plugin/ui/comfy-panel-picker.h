/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-opener.h"

G_BEGIN_DECLS

/* All workflows, in the place of the panel's form.
 *
 * Signals: "picked" (ComfyForm); "left" (): the artist goes back to the form. */
#define COMFY_TYPE_PANEL_PICKER (comfy_panel_picker_get_type ())
G_DECLARE_FINAL_TYPE (ComfyPanelPicker, comfy_panel_picker, COMFY, PANEL_PICKER, GtkBox)

GtkWidget *comfy_panel_picker_new (ComfyOpener *opener,
                                   int          image_id);

G_END_DECLS
