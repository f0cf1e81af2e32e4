/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The graph as a whole: what depends on what, and whether anything depends on itself. Graphs come
 * from files and may be long chains, so nothing here recurses. */

#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include "comfy-workflow-check.h"
#include "comfy-workflow-private.h"

typedef enum
{
  NODE_NEW,
  NODE_ACTIVE,  /* on the stack: meeting it again is a cycle */
  NODE_DONE
} NodeState;

typedef struct
{
  const char     *node_id; /* owned by the workflow */
  JsonObjectIter  inputs;  /* those that are still to be followed */
} Frame;

static void
push_node (ComfyWorkflow *self,
           GArray        *stack,
           GHashTable    *states,
           const char    *node_id)
{
  Frame frame = { node_id, };

  json_object_iter_init_ordered (&frame.inputs, _comfy_workflow_get_inputs (self, node_id));
  g_hash_table_insert (states, (char *) node_id, GINT_TO_POINTER (NODE_ACTIVE));
  g_array_append_val (stack, frame);
}

/* Follows one more link of the topmost node, or finishes it. */
static void
step (ComfyWorkflow  *self,
      GArray         *stack,
      GHashTable     *states,
      GStrvBuilder   *order,
      char          **cycle_node_id)
{
  Frame *top = &g_array_index (stack, Frame, stack->len - 1);
  const char *source_id;
  JsonNode *value;
  NodeState state;

  if (!json_object_iter_next_ordered (&top->inputs, NULL, &value))
    {
      g_hash_table_insert (states, (char *) top->node_id, GINT_TO_POINTER (NODE_DONE));
      g_strv_builder_add (order, top->node_id);
      g_array_remove_index (stack, stack->len - 1);
      return;
    }

  if (!comfy_json_node_read_link (value, &source_id, NULL)
      || !comfy_workflow_has_node (self, source_id))
    return;

  state = GPOINTER_TO_INT (g_hash_table_lookup (states, source_id));
  if (state == NODE_ACTIVE && cycle_node_id != NULL && *cycle_node_id == NULL)
    *cycle_node_id = g_strdup (source_id);
  else if (state == NODE_NEW)
    push_node (self, stack, states, source_id);
}

/**
 * comfy_workflow_dup_order:
 * @roots: ids of nodes of @self, %NULL-terminated
 * @cycle_node_id: (out) (optional) (nullable): a node that depends on itself, when there is one
 *
 * Returns: (transfer full): @roots and all that they depend on, each once and after everything that
 * it depends on itself; without meaning for nodes on a cycle
 */
char **
comfy_workflow_dup_order (ComfyWorkflow      *self,
                          const char *const  *roots,
                          char              **cycle_node_id)
{
  g_autoptr(GArray) stack = g_array_new (FALSE, FALSE, sizeof (Frame));
  g_autoptr(GHashTable) states = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GStrvBuilder) order = g_strv_builder_new ();

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);

  if (cycle_node_id != NULL)
    *cycle_node_id = NULL;

  for (; *roots != NULL; roots++)
    {
      if (comfy_workflow_has_node (self, *roots) && !g_hash_table_contains (states, *roots))
        push_node (self, stack, states, *roots);
      while (stack->len > 0)
        step (self, stack, states, order, cycle_node_id);
    }

  return g_strv_builder_end (order);
}

/**
 * comfy_workflow_dup_output_nodes:
 *
 * Returns: (transfer full): the ids of the nodes whose class is an output, in the file's order
 */
char **
comfy_workflow_dup_output_nodes (ComfyWorkflow  *self,
                                 ComfyNodeTable *table)
{
  g_autoptr(GStrvBuilder) outputs = g_strv_builder_new ();
  g_auto(GStrv) ids = NULL;

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);
  g_return_val_if_fail (COMFY_IS_NODE_TABLE (table), NULL);

  ids = comfy_workflow_dup_node_ids (self);
  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      const ComfyNodeClass *klass =
        comfy_node_table_lookup (table, comfy_workflow_get_class (self, ids[i]));

      if (klass != NULL && comfy_node_class_is_output (klass))
        g_strv_builder_add (outputs, ids[i]);
    }

  return g_strv_builder_end (outputs);
}
