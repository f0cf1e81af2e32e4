/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-library.h"

G_BEGIN_DECLS

/* What leads from a list of workflows to files: in one line, or below each other where that is too
 * narrow.
 *
 * Signals:
 *   "opened" (const char *path)  the artist chose a file
 *   "added" (const char *path)   a file shall be copied to the artist's own; once for each
 *   "failed" (const GError *error)  the folder cannot be shown */
#define COMFY_TYPE_WORKFLOW_BUTTONS (comfy_workflow_buttons_get_type ())
G_DECLARE_FINAL_TYPE (ComfyWorkflowButtons, comfy_workflow_buttons, COMFY, WORKFLOW_BUTTONS,
                      GtkFlowBox)

GtkWidget *comfy_workflow_buttons_new (ComfyLibrary *library);

G_END_DECLS
