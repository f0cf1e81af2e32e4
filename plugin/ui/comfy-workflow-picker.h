/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-opener.h"

G_BEGIN_DECLS

/* The list of workflows, and the way from one of them to a form. Signals:
 *   "picked" (ComfyForm *form, ComfyMapping *mapping)  @mapping: nullable: it came with the program
 *   "selection-changed" ()                             see comfy_workflow_picker_can_pick() */
#define COMFY_TYPE_WORKFLOW_PICKER (comfy_workflow_picker_get_type ())
G_DECLARE_FINAL_TYPE (ComfyWorkflowPicker, comfy_workflow_picker, COMFY, WORKFLOW_PICKER, GtkBox)

GtkWidget *comfy_workflow_picker_new      (ComfyOpener         *opener,
                                           int                  image_id);
gboolean   comfy_workflow_picker_can_pick (ComfyWorkflowPicker *self);
void       comfy_workflow_picker_pick     (ComfyWorkflowPicker *self);
void       comfy_workflow_picker_open     (ComfyWorkflowPicker *self,
                                           const char          *path);

G_END_DECLS
