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

/* a job may wait for its turn, and run, for so long */
#define KEPT_FOR_S (60 * 60)

#define MAX_AGAIN 2 /* uploads of the same file after the first */

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

static gboolean
has_code (const GError *error,
          const char   *code)
{
  return g_strcmp0 (comfy_error_get_server_code (error), code) == 0;
}

/* (transfer full) (nullable): the asset, made of bytes that the server has. Whatever goes wrong
 * here is no reason not to upload. */
static JsonNode *
await_from_hash (ComfyApiCall *call,
                 const char   *hash,
                 const char   *name)
{
  ComfyEndpoint            *endpoint = comfy_transport_get_endpoint (call->transport);
  g_autofree char          *probe = comfy_api_v2_dup_path (endpoint, "assets/by-hash/", hash, "");
  g_autofree char          *path = comfy_api_v2_dup_path (endpoint, "assets/from-hash", NULL, "");
  g_autofree char          *key = g_uuid_string_random ();
  g_autoptr(ComfyResponse)  answer = NULL;
  g_autoptr(JsonNode)       body = json_node_new (JSON_NODE_OBJECT);
  JsonObject               *object = json_object_new ();
  JsonArray                *tags = json_array_new ();

  json_node_take_object (body, object);
  json_object_set_string_member (object, "hash", hash);
  json_object_set_string_member (object, "file_path", name);
  json_object_set_array_member (object, "tags", tags);
  json_array_add_string_element (tags, "input");

  answer = comfy_api_await_verdict (call, "HEAD", probe, NULL);
  if (answer == NULL || answer->status != 200)
    return NULL;

  return comfy_api_await_json (comfy_transport_send (call->transport, "POST", path, body, key,
                                                     COMFY_TRANSPORT_NONE), NULL);
}

/* @hash: (nullable): what the server is to hold against what it gets */
static JsonNode *
await_upload (ComfyApiCall  *call,
              const char    *name,
              const char    *hash,
              GError       **error)
{
  ComfyEndpoint       *endpoint = comfy_transport_get_endpoint (call->transport);
  g_autofree char     *path = comfy_api_v2_dup_path (endpoint, "assets", NULL, "");
  g_autofree char     *key = g_uuid_string_random ();
  /* they have to come before the file */
  const ComfyTextPart  parts[] = {
    { "content_type", call->content_type },
    { "file_path", name },
    { "tags", "input" },
    { "expected_hash", hash },
  };

  return comfy_api_await_json (comfy_transport_upload (call->transport, path, parts,
                                                       G_N_ELEMENTS (parts) - (hash == NULL),
                                                       call->path, name, call->content_type, key,
                                                       call->progress), error);
}

/* Sends the bytes. A second copy costs nothing: when an answer got lost, the key is used up and
 * another one does; and who is right about the hash, we or the server, decides nothing. */
static JsonNode *
await_upload_until_taken (ComfyApiCall  *call,
                          const char    *name,
                          const char    *hash,
                          GError       **error)
{
  for (unsigned int i = 0;; i++)
    {
      g_autoptr(GError)  failure = NULL;
      JsonNode          *node = await_upload (call, name, hash, &failure);

      if (node != NULL)
        return node;

      if (i == MAX_AGAIN
          || (!has_code (failure, "hash_mismatch") && !has_code (failure, "idempotency_key_reuse")))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
      if (has_code (failure, "hash_mismatch"))
        hash = NULL;
    }
}

/**
 * comfy_api_v2_upload_fiber:
 * @data: a #ComfyApiCall with path, file_name, content_type and progress
 *
 * Where files can be named by BLAKE3, the server is asked first whether it has the bytes, and they
 * stay here.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyUpload
 */
DexFuture *
comfy_api_v2_upload_fiber (gpointer data)
{
  ComfyApiCall        *call = data;
  ComfyHashFunc        hash_func = COMFY_API_V2 (call->api)->hash_func;
  g_autoptr(GError)    error = NULL;
  g_autoptr(JsonNode)  node = NULL;
  g_autofree char     *asked = new_asset_name (call->file_name);
  g_autofree char     *hash = NULL;
  const char          *id;
  const char          *name;

  if (hash_func != NULL)
    hash = dex_await_string (comfy_content_hash (call->path, hash_func), NULL);
  if (hash != NULL)
    node = await_from_hash (call, hash, asked);
  if (node == NULL)
    node = await_upload_until_taken (call, asked, hash, &error);
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
 * comfy_api_v2_check_fiber:
 * @data: a #ComfyApiCall whose name is an asset's id, and its file_name how graphs name it
 *
 * GET /assets/{id}: an asset that is about to go is as good as none, since its job may have to
 * wait.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyUpload
 */
DexFuture *
comfy_api_v2_check_fiber (gpointer data)
{
  ComfyApiCall        *call = data;
  g_autoptr(GError)    error = NULL;
  g_autoptr(JsonNode)  node = NULL;
  g_autofree char     *path = comfy_api_v2_dup_path (comfy_transport_get_endpoint (call->transport),
                                                     "assets/", call->name, "");
  gint64               expires_at;

  node = comfy_api_await_json (comfy_transport_send (call->transport, "GET", path, NULL, NULL,
                                                     COMFY_TRANSPORT_REPEATABLE), &error);
  if (node == NULL)
    return comfy_api_call_reject (call, g_steal_pointer (&error));

  expires_at = comfy_api_json_get_time (json_node_get_object (node), "expires_at");
  if (expires_at != 0 && expires_at < g_get_real_time () / G_USEC_PER_SEC + KEPT_FOR_S)
    return dex_future_new_for_error (comfy_api_call_new_gone ());

  comfy_api_v2_note_asset (COMFY_API_V2 (call->api), call->file_name, call->name);

  return dex_future_new_take_boxed (COMFY_TYPE_UPLOAD,
                                    comfy_upload_new (call->file_name, call->name));
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

/* (transfer full) (nullable): an address of the output that is good for a while, without the key */
static char *
await_fresh_url (ComfyApiCall  *call,
                 GError       **error)
{
  ComfyEndpoint       *endpoint = comfy_transport_get_endpoint (call->transport);
  g_autofree char     *path = comfy_api_v2_dup_path (endpoint, "assets/", call->output->id, "");
  g_autoptr(JsonNode)  node = NULL;
  const char          *url;

  node = comfy_api_await_json (comfy_transport_send (call->transport, "GET", path, NULL, NULL,
                                                     COMFY_TRANSPORT_REPEATABLE), error);
  if (node == NULL)
    return NULL;

  url = comfy_json_get_string (json_node_get_object (node), "url");
  if (url == NULL || url[0] == '\0')
    {
      comfy_api_json_set_error (error, "an asset without url");
      return NULL;
    }

  return comfy_endpoint_resolve (endpoint, url);
}

/**
 * comfy_api_v2_download_fiber:
 * @data: a #ComfyApiCall with output, path and progress
 *
 * Downloads from the asset's own address, not from output.url: that one runs out, this one
 * redirects to a fresh one each time. Where that does not work the asset is asked for one, which
 * also tells whether it is still there.
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
  g_autofree char   *fresh = NULL;

  if (dex_await (comfy_transport_download (call->transport, path, call->path, call->output->size,
                                           call->progress), &error))
    return dex_future_new_for_boolean (TRUE);
  if (!comfy_api_address_may_have_run_out (error))
    return comfy_api_call_reject (call, g_steal_pointer (&error));

  g_clear_error (&error);
  fresh = await_fresh_url (call, &error);
  if (fresh != NULL
      && dex_await (comfy_transport_download (call->transport, fresh, call->path,
                                              call->output->size, call->progress), &error))
    return dex_future_new_for_boolean (TRUE);

  if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      comfy_set_error (&error, COMFY_ERROR_JOB_EXPIRED, NULL,
                       _("The server no longer keeps the job's result."));
    }

  return comfy_api_call_reject (call, g_steal_pointer (&error));
}
