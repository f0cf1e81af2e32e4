/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-workflow.h"

G_BEGIN_DECLS

/* nodes of a workflow that is opened; the largest known have a few thousand */
#define COMFY_WORKFLOW_MAX_NODES 10000

#define COMFY_TYPE_WORKFLOW_FILE (comfy_workflow_file_get_type ())
G_DECLARE_FINAL_TYPE (ComfyWorkflowFile, comfy_workflow_file, COMFY, WORKFLOW_FILE, GObject)

ComfyWorkflowFile *comfy_workflow_file_open         (const char         *path,
                                                     GError            **error);
ComfyWorkflow     *comfy_workflow_file_get_workflow (ComfyWorkflowFile  *self);
gboolean           comfy_workflow_file_is_picture   (ComfyWorkflowFile  *self);

G_END_DECLS
