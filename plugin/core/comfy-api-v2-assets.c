/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Comfy API v2's files: how a graph names its inputs, and how they and the outputs are got rid
 * of and got hold of.
 */
#define G_LOG_DOMAIN "comfy-api-v2"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-api-v2-private.h"
#include "comfy-error.h"

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

/**
 * comfy_api_v2_delete_fiber:
 * @data: a #ComfyApiCall whose name is an asset's id
 *
 * Deletes the record of the asset. Its bytes may stay, since others may have uploaded the same.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to %TRUE
 */
DexFuture *
comfy_api_v2_delete_fiber (gpointer data)
{
  ComfyApiCall    *call = data;
  g_autofree char *path = comfy_api_v2_dup_path (comfy_transport_get_endpoint (call->transport),
                                                 "assets/", call->name, "");

  return comfy_api_finish_delete (call, path);
}

/**
 * comfy_api_v2_download_fiber:
 * @data: a #ComfyApiCall with output, path and progress
 *
 * Downloads from the asset's own address, not from output.url: that one runs out, this one
 * redirects to a fresh one each time.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to %TRUE
 */
DexFuture *
comfy_api_v2_download_fiber (gpointer data)
{
  ComfyApiCall      *call = data;
  g_autoptr(GError)  error = NULL;
  g_autofree char   *path = comfy_api_v2_dup_path (comfy_transport_get_endpoint (call->transport),
                                                   "assets/", call->output->id, "/content");

  if (dex_await (comfy_transport_download (call->transport, path, call->path, call->output->size,
                                           call->progress), &error))
    return dex_future_new_for_boolean (TRUE);

  if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      comfy_set_error (&error, COMFY_ERROR_JOB_EXPIRED, NULL,
                       _("The server no longer keeps the job's result."));
    }

  return comfy_api_call_reject (call, g_steal_pointer (&error));
}
