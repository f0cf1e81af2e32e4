/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Comfy API v2's submit: in which form inputs are named, and what goes with the graph.
 */
#define G_LOG_DOMAIN "comfy-api-v2"

#include "config.h"

#include "comfy-api-v2-private.h"
#include "comfy-error.h"
#include "comfy-workflow-private.h"

static ComfyRemoteJob *
await_submit (ComfyApiCall   *call,
              ComfyWorkflow  *workflow,
              GError        **error)
{
  ComfyEndpoint       *endpoint = comfy_transport_get_endpoint (call->transport);
  g_autofree char     *path = comfy_api_v2_dup_path (endpoint, "jobs", NULL, "");
  g_autoptr(JsonNode)  body = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(JsonNode)  answer = NULL;
  JsonObject          *object = json_object_new ();
  ComfyRemoteJob      *job;

  json_node_take_object (body, object);
  json_object_set_member (object, "workflow", json_node_copy (comfy_workflow_get_node (workflow)));

  job = comfy_api_await_submit (call, path, body, workflow, &answer, error);
  if (job != NULL)
    comfy_api_v2_learn_links (COMFY_API_V2 (call->api), job, answer);

  return job;
}

static gboolean
is_missing_asset (const GError *error)
{
  return g_strcmp0 (comfy_error_get_server_code (error), "missing_asset") == 0;
}

/* Sends the job in one form and, when the server does not find an input so, in the other. It made
 * no job then, and gave the Idempotency-Key free again. What works is the first choice from now
 * on. */
static ComfyRemoteJob *
await_in_either_form (ComfyApiCall   *call,
                      ComfyWorkflow  *by_id,
                      GError        **error)
{
  ComfyApiV2        *self = COMFY_API_V2 (call->api);
  gboolean           names_first = self->names_only;
  g_autoptr(GError)  failure = NULL;
  ComfyRemoteJob    *job;

  job = await_submit (call, names_first ? call->workflow : by_id, &failure);
  if (job != NULL)
    return job;

  if (!is_missing_asset (failure))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  job = await_submit (call, names_first ? by_id : call->workflow, error);
  if (job != NULL && self->names_only == names_first)
    {
      self->names_only = !names_first;
      comfy_api_emit_learned (call->api, COMFY_SERVER_NAMES_ONLY, self->names_only);
    }

  return job;
}

/**
 * comfy_api_v2_submit_fiber:
 * @data: a #ComfyApiCall with workflow and key
 *
 * Inputs are named by core/ASSET, as the document asks, but for servers that know file names only,
 * as gateways do. An upload of which only the name is known is named so everywhere.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyRemoteJob
 */
DexFuture *
comfy_api_v2_submit_fiber (gpointer data)
{
  ComfyApiCall              *call = data;
  g_autoptr(GError)          error = NULL;
  g_autoptr(ComfyWorkflow)   by_id = NULL;
  ComfyRemoteJob            *job;

  by_id = comfy_api_v2_refer_to_assets (call->workflow, COMFY_API_V2 (call->api)->assets, &error);
  if (error != NULL)
    return comfy_api_call_reject (call, g_steal_pointer (&error));

  job = by_id != NULL ? await_in_either_form (call, by_id, &error)
                      : await_submit (call, call->workflow, &error);
  if (job == NULL)
    return comfy_api_call_reject_basic (call, g_steal_pointer (&error));

  return dex_future_new_take_boxed (COMFY_TYPE_REMOTE_JOB, job);
}
