/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-json-private.h"
#include "comfy-workflow.h"

G_BEGIN_DECLS

ComfyWorkflow *comfy_workflow_new_from_node (JsonNode       *node,
                                             GError        **error);
JsonNode      *comfy_workflow_get_node      (ComfyWorkflow  *self);
JsonNode      *comfy_workflow_get_value     (ComfyWorkflow  *self,
                                             const char     *node_id,
                                             const char     *input);
/* (nullable): what the node is given, by name; not to be changed */
JsonObject    *_comfy_workflow_get_inputs       (ComfyWorkflow         *self,
                                                 const char            *node_id);
gboolean       comfy_json_node_read_link        (JsonNode              *value,
                                                 const char           **source_id,
                                                 unsigned int          *slot);
gboolean       comfy_json_node_is_link      (JsonNode       *value);

/* texts and documents of any origin */
JsonNode      *_comfy_workflow_read             (const char            *text,
                                                 gsize                  length,
                                                 const ComfyJsonRules  *rules,
                                                 GError               **error);
char          *_comfy_workflow_dup_shown        (const char            *word);
gboolean       _comfy_workflow_is_window        (JsonObject            *object);
void           _comfy_workflow_set_window_error (JsonObject            *window,
                                                 gboolean               is_picture,
                                                 GError               **error);

G_END_DECLS
