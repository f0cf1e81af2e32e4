/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-node-table.h"
#include "comfy-workflow.h"

G_BEGIN_DECLS

/**
 * ComfyWorkflowProblem:
 * @node_id: (nullable): the node; %NULL when the graph as a whole is meant
 * @input: (nullable): the input; %NULL when the node as a whole is meant
 * @type: ComfyUI's own name of the problem, e.g. "value_not_in_list"
 * @message: one sentence that names the node by its title
 *
 * Something that ComfyUI would refuse.
 */
typedef struct
{
  char *node_id;
  char *input;
  char *type;
  char *message;
} ComfyWorkflowProblem;

gboolean   comfy_workflow_check            (ComfyWorkflow   *self,
                                            ComfyNodeTable  *table,
                                            GError         **error);
GPtrArray *comfy_workflow_find_problems    (ComfyWorkflow   *self,
                                            ComfyNodeTable  *table);
char     **comfy_workflow_dup_output_nodes (ComfyWorkflow   *self,
                                            ComfyNodeTable  *table);
char     **comfy_workflow_dup_order        (ComfyWorkflow   *self,
                                            const char *const *roots,
                                            char           **cycle_node_id);

G_END_DECLS
