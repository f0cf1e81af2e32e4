/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-library.h"

G_BEGIN_DECLS

/* What is to be done: the actions that came with the program, those that the artist saved, and the way
 * to all other workflows.
 *
 * Signals: "chosen" (ComfyAction), by the artist; "browse" (): the list of workflows is wanted. */
#define COMFY_TYPE_ACTION_CHOOSER (comfy_action_chooser_get_type ())
G_DECLARE_FINAL_TYPE (ComfyActionChooser, comfy_action_chooser, COMFY, ACTION_CHOOSER, GtkBox)

GtkWidget   *comfy_action_chooser_new  (ComfyLibrary       *library);
/* (nullable) (transfer none) */
ComfyAction *comfy_action_chooser_find (ComfyActionChooser *self,
                                        const char         *action_id);
/* (nullable) (transfer none) */
ComfyAction *comfy_action_chooser_get_first
                                       (ComfyActionChooser *self);
/* what is shown as chosen; one that is not in the list has a row of its own */
void         comfy_action_chooser_show (ComfyActionChooser *self,
                                        ComfyAction        *action);

G_END_DECLS
