/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-library.h"
#include "comfy-workflow-row.h"

G_BEGIN_DECLS

/* The workflows of a library, in sections, those that a search finds. Rows stay as long as what
 * they show.
 *
 * Signals, of what the artist asks for in a row:
 *   "rename-wanted" (ComfyLibraryItem *item, const char *title)
 *   "copy-wanted" (ComfyLibraryItem *item)  into the artist's folder
 *   "removal-wanted" (ComfyLibraryItem *item) */
#define COMFY_TYPE_WORKFLOW_LIST (comfy_workflow_list_get_type ())
G_DECLARE_FINAL_TYPE (ComfyWorkflowList, comfy_workflow_list, COMFY, WORKFLOW_LIST, GtkListBox)

GtkWidget        *comfy_workflow_list_new         (ComfyLibrary      *library);
void              comfy_workflow_list_set_search  (ComfyWorkflowList *self,
                                                   const char        *text);
void              comfy_workflow_list_select      (ComfyWorkflowList *self,
                                                   const char        *id);
/* (nullable) */
ComfyWorkflowRow *comfy_workflow_list_get_row     (ComfyWorkflowList *self);
void              comfy_workflow_list_focus       (ComfyWorkflowList *self);

G_END_DECLS
