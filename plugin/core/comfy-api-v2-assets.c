/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Comfy API v2's files: how inputs go up, how a graph names them, and how they and the outputs
 * are got rid of and got hold of.
 */
#define G_LOG_DOMAIN "comfy-api-v2"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-api-json-private.h"
#include "comfy-api-v2-private.h"
#include "comfy-error.h"
#include "comfy-json-private.h"

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

/* Assets are found by name too, so names must not collide: not with those of another process, nor
 * with what else the account holds */
static char *
new_asset_name (const char *file_name)
{
  g_autofree char *uuid = g_uuid_string_random ();
  const char      *extension = strrchr (file_name, '.');

  return g_strdup_printf ("gimp-%s%s", uuid, extension != NULL ? extension : "");
}

/**
 * comfy_api_v2_upload_fiber:
 * @data: a #ComfyApiCall with path, file_name, content_type and progress
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyUpload
 */
DexFuture *
comfy_api_v2_upload_fiber (gpointer data)
{
  ComfyApiCall        *call = data;
  g_autoptr(GError)    error = NULL;
  g_autoptr(JsonNode)  node = NULL;
  g_autofree char     *key = g_uuid_string_random ();
  g_autofree char     *path = comfy_api_v2_dup_path (comfy_transport_get_endpoint (call->transport),
                                                      "assets", NULL, "");
  g_autofree char     *asked = new_asset_name (call->file_name);
  const char          *id;
  const char          *name;
  /* they have to come before the file */
  const ComfyTextPart  parts[] = {
    { "content_type", call->content_type },
    { "file_path", asked },
    { "tags", "input" },
  };

  node = comfy_api_await_json (comfy_transport_upload (call->transport, path, parts,
                                                       G_N_ELEMENTS (parts), call->path, asked,
                                                       call->content_type, key, call->progress),
                               &error);
  if (node == NULL)
    return comfy_api_call_reject_basic (call, g_steal_pointer (&error));

  id = comfy_json_get_string (json_node_get_object (node), "id");
  if (id == NULL || id[0] == '\0')
    {
      comfy_api_json_set_error (&error, "an asset without id");
      return comfy_api_call_reject_basic (call, g_steal_pointer (&error));
    }

  name = comfy_json_get_string (json_node_get_object (node), "file_path");
  if (name == NULL || name[0] == '\0')
    name = asked;
  comfy_api_v2_note_asset (COMFY_API_V2 (call->api), name, id);

  return dex_future_new_take_boxed (COMFY_TYPE_UPLOAD, comfy_upload_new (name, id));
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
