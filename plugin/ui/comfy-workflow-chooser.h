/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-library.h"

G_BEGIN_DECLS

/* A page where the artist chooses a workflow: a list that can be searched, a file, or a drop.
 *
 * Signals:
 *   "chosen" (ComfyLibraryItem *item)  one that can be used
 *   "file-chosen" (const char *path)   a file that nobody has looked at; comfy_library_find() may
 *                                      know it
 *   "selection-changed" ()             see comfy_workflow_chooser_get_selected() */
#define COMFY_TYPE_WORKFLOW_CHOOSER (comfy_workflow_chooser_get_type ())
G_DECLARE_FINAL_TYPE (ComfyWorkflowChooser, comfy_workflow_chooser, COMFY, WORKFLOW_CHOOSER, GtkBox)

GtkWidget        *comfy_workflow_chooser_new          (ComfyLibrary         *library);
ComfyLibraryItem *comfy_workflow_chooser_get_selected (ComfyWorkflowChooser *self);
void              comfy_workflow_chooser_choose       (ComfyWorkflowChooser *self);
void              comfy_workflow_chooser_show_error   (ComfyWorkflowChooser *self,
                                                       const GError         *error);

G_END_DECLS
