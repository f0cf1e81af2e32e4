/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is refused when a graph is submitted, as ComfyUI and Comfy API v2 refuse it. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "comfy-json-private.h"
#include "comfy-workflow-check.h"
#include "comfy-workflow-private.h"
#include "sandbox-engine.h"

/**
 * sandbox_refusal_clear:
 *
 * Frees what a refusal holds.
 */
void
sandbox_refusal_clear (SandboxRefusal *refusal)
{
  g_clear_pointer (&refusal->message, g_free);
  g_clear_pointer (&refusal->place, g_free);
  g_clear_pointer (&refusal->problems, g_ptr_array_unref);
  g_clear_pointer (&refusal->node_errors, json_object_unref);
}

/**
 * sandbox_find_picture:
 * @value: what stands in a LoadImage node: a name, or a core/ASSET reference
 *
 * Returns: (transfer none) (nullable): the account's file, taken in by now
 */
SandboxFile *
sandbox_find_picture (SandboxStore   *store,
                      SandboxAccount *account,
                      JsonNode       *value)
{
  SandboxFile *file = NULL;
  JsonObject *info;

  if (comfy_json_node_is_string (value))
    file = sandbox_store_find_input (store, account, json_node_get_string (value));
  else if (JSON_NODE_HOLDS_OBJECT (value)
           && g_strcmp0 (comfy_json_get_string (json_node_get_object (value), "__type"),
                         "core/ASSET") == 0
           && (info = comfy_json_get_object (json_node_get_object (value), "info")) != NULL
           && comfy_json_get_string (info, "id") != NULL)
    file = sandbox_store_lookup (store, account, comfy_json_get_string (info, "id"));

  return file != NULL && sandbox_file_is_ready (file) ? file : NULL;
}

static gboolean
has_problem (GPtrArray          *problems,
             const char *const  *node_ids)
{
  for (unsigned int i = 0; i < problems->len; i++)
    {
      const ComfyWorkflowProblem *problem = g_ptr_array_index (problems, i);

      if (problem->node_id == NULL || g_strv_contains (node_ids, problem->node_id))
        return TRUE;
    }

  return FALSE;
}

/* ComfyUI drops an output that depends on a problem in silence when another one is sound. */
static char **
find_sound_outputs (ComfyWorkflow  *workflow,
                    ComfyNodeTable *table,
                    GPtrArray      *problems)
{
  g_autoptr(GStrvBuilder) sound = g_strv_builder_new ();
  g_auto(GStrv) outputs = comfy_workflow_dup_output_nodes (workflow, table);

  for (unsigned int i = 0; outputs[i] != NULL; i++)
    {
      const char *const root[] = { outputs[i], NULL };
      g_auto(GStrv) order = comfy_workflow_dup_order (workflow, root, NULL);

      if (!has_problem (problems, (const char *const *) order))
        g_strv_builder_add (sound, outputs[i]);
    }

  return g_strv_builder_end (sound);
}

/* An unknown class anywhere ends it for ComfyUI, even where nothing runs. */
static gboolean
is_fatal (GPtrArray *problems)
{
  for (unsigned int i = 0; i < problems->len; i++)
    {
      const ComfyWorkflowProblem *problem = g_ptr_array_index (problems, i);

      if (g_str_equal (problem->type, "missing_node_type")
          || g_str_equal (problem->type, "dependency_cycle"))
        return TRUE;
    }

  return FALSE;
}

/* LoadImage's own check; the picture must exist before anything runs. */
static gboolean
check_pictures (ComfyWorkflow       *workflow,
                SandboxStore        *store,
                SandboxAccount      *account,
                const char *const   *roots,
                SandboxRefusal      *refusal)
{
  g_auto(GStrv) order = comfy_workflow_dup_order (workflow, roots, NULL);

  for (unsigned int i = 0; order[i] != NULL; i++)
    {
      const char *class_type = comfy_workflow_get_class (workflow, order[i]);
      JsonNode *value;

      if (!g_str_equal (class_type, "LoadImage") && !g_str_equal (class_type, "LoadImageMask"))
        continue;

      value = comfy_workflow_get_value (workflow, order[i], "image");
      if (sandbox_find_picture (store, account, value) != NULL)
        continue;

      refusal->status = 422;
      refusal->code = "missing_asset";
      refusal->message = g_strdup_printf ("Node %s (%s): Invalid image file: %s", order[i],
                                          class_type,
                                          comfy_json_node_is_string (value)
                                          ? json_node_get_string (value) : "core/ASSET");
      return FALSE;
    }

  return TRUE;
}

/**
 * sandbox_check_graph:
 * @missing: what this server has not got
 * @roots: (out) (transfer full): the output nodes that will run
 * @refusal: filled when %FALSE is returned
 *
 * Returns: whether the graph may run
 */
gboolean
sandbox_check_graph (ComfyWorkflow    *workflow,
                     ComfyNodeTable   *table,
                     SandboxMissing   *missing,
                     SandboxStore     *store,
                     SandboxAccount   *account,
                     char           ***roots,
                     SandboxRefusal   *refusal)
{
  g_autoptr(GPtrArray) problems = comfy_workflow_find_problems (workflow, table);
  g_auto(GStrv) sound = NULL;

  sandbox_missing_find_problems (missing, workflow, table, problems);
  sound = find_sound_outputs (workflow, table, problems);
  if (sound[0] == NULL || is_fatal (problems))
    {
      const ComfyWorkflowProblem *first = g_ptr_array_index (problems, 0);

      refusal->status = 422;
      refusal->code = "invalid_workflow";
      refusal->message = g_strdup (first->message);
      refusal->node_errors = sandbox_missing_to_json (missing, workflow, table, problems);
      refusal->shape = sandbox_missing_get_shape (missing);
      refusal->problems = g_steal_pointer (&problems);
      return FALSE;
    }

  if (!check_pictures (workflow, store, account, (const char *const *) sound, refusal))
    return FALSE;

  *roots = g_steal_pointer (&sound);
  return TRUE;
}
