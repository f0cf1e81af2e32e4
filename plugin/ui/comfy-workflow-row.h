/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-library-item.h"
#include "comfy-thumbnails.h"

G_BEGIN_DECLS

/* A workflow in a list: its picture, its title, what it takes and gives, or what is wrong with it.
 *
 * Signals, when the artist asks for it in the row's menu:
 *   "renamed" (const char *title)
 *   "added" ()   a recent one shall be copied to the artist's own
 *   "removed" () */
#define COMFY_TYPE_WORKFLOW_ROW (comfy_workflow_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfyWorkflowRow, comfy_workflow_row, COMFY, WORKFLOW_ROW, GtkListBoxRow)

GtkWidget        *comfy_workflow_row_new          (ComfyLibraryItem *item,
                                                   ComfyThumbnails  *thumbnails);
ComfyLibraryItem *comfy_workflow_row_get_item     (ComfyWorkflowRow *self);
gboolean          comfy_workflow_row_can_rename   (ComfyWorkflowRow *self);
void              comfy_workflow_row_start_rename (ComfyWorkflowRow *self);
gboolean          comfy_workflow_row_can_remove   (ComfyWorkflowRow *self);
gboolean          comfy_workflow_row_popup_menu   (ComfyWorkflowRow *self,
                                                   const GdkEvent   *event);

G_END_DECLS
