/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a graph names its inputs on the Comfy API v2.
 */
#define G_LOG_DOMAIN "comfy-api-v2"

#include "config.h"

#include "comfy-api-v2-private.h"

static gboolean
refer_to_assets (ComfyWorkflow  *workflow,
                 const char     *node_id,
                 GHashTable     *assets,
                 unsigned int   *n_replaced,
                 GError        **error)
{
  g_auto(GStrv) inputs = comfy_workflow_dup_inputs (workflow, node_id);

  for (unsigned int i = 0; inputs[i] != NULL; i++)
    {
      const char      *value;
      const char      *asset_id;
      g_autofree char *name = NULL;

      if (!comfy_workflow_get_string (workflow, node_id, inputs[i], &value)
          || (asset_id = g_hash_table_lookup (assets, value)) == NULL)
        continue;

      /* setting the input frees its old value */
      name = g_strdup (value);
      if (!comfy_workflow_set_asset (workflow, node_id, inputs[i], asset_id, name, error))
        return FALSE;
      (*n_replaced)++;
    }

  return TRUE;
}

/**
 * comfy_api_v2_refer_to_assets:
 * @workflow: a graph whose inputs are named by file names
 * @assets: file name → asset id; the names are long and random, so that no other text is one
 *
 * Returns: (transfer full) (nullable): a copy whose inputs are named by core/ASSET, %NULL when
 *   there is none to replace
 */
ComfyWorkflow *
comfy_api_v2_refer_to_assets (ComfyWorkflow  *workflow,
                              GHashTable     *assets,
                              GError        **error)
{
  g_autoptr(ComfyWorkflow) copy = comfy_workflow_copy (workflow);
  g_auto(GStrv)            node_ids = comfy_workflow_dup_node_ids (copy);
  unsigned int             n_replaced = 0;

  for (unsigned int i = 0; node_ids[i] != NULL; i++)
    if (!refer_to_assets (copy, node_ids[i], assets, &n_replaced, error))
      return NULL;

  return n_replaced > 0 ? g_steal_pointer (&copy) : NULL;
}
