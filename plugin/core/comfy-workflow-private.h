/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-workflow.h"

G_BEGIN_DECLS

ComfyWorkflow *comfy_workflow_new_from_node (JsonNode       *node,
                                             GError        **error);
JsonNode      *comfy_workflow_get_node      (ComfyWorkflow  *self);
JsonNode      *comfy_workflow_get_value     (ComfyWorkflow  *self,
                                             const char     *node_id,
                                             const char     *input);
gboolean       comfy_json_node_is_link      (JsonNode       *value);

G_END_DECLS
