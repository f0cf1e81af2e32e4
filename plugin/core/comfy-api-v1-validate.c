/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the Developer API v1 would take a graph (WorkflowValidation in its document).
 */
#define G_LOG_DOMAIN "comfy-api-v1"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-api-call-private.h"
#include "comfy-api-json-private.h"
#include "comfy-api-v1-private.h"
#include "comfy-error.h"
#include "comfy-server-memory-private.h"
#include "comfy-workflow-private.h"

/* (transfer full) (nullable): the answer, of any status */
static ComfyResponse *
await_answer (ComfyApiCall  *call,
              GError       **error)
{
  g_autoptr(JsonNode)  body = json_node_new (JSON_NODE_OBJECT);
  JsonObject          *object = json_object_new ();

  json_node_take_object (body, object);
  json_object_set_member (object, "workflow",
                          json_node_copy (comfy_workflow_get_node (call->workflow)));

  return dex_await_boxed (comfy_transport_send (call->transport, "POST", "workflows/validate", body,
                                                NULL, COMFY_TRANSPORT_REPEATABLE
                                                      | COMFY_TRANSPORT_ANY_STATUS), error);
}

/* (nullable): the member "valid", when the answer has it */
static JsonNode *
get_valid (ComfyResponse *response)
{
  JsonNode *node = response->json;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    node = json_object_get_member (json_node_get_object (node), "valid");

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
         && json_node_get_value_type (node) == G_TYPE_BOOLEAN ? node : NULL;
}

/**
 * comfy_api_v1_validate_fiber:
 * @data: a #ComfyApiCall with a workflow
 *
 * Returns: (transfer full): a [class@Dex.Future] of %TRUE when the graph is good
 */
DexFuture *
comfy_api_v1_validate_fiber (gpointer data)
{
  ComfyApiCall             *call = data;
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyResponse)  response = await_answer (call, &error);
  JsonNode                 *valid;

  if (response == NULL)
    return comfy_api_call_reject (call, g_steal_pointer (&error));
  if (response->status == SOUP_STATUS_NOT_FOUND
      || response->status == SOUP_STATUS_METHOD_NOT_ALLOWED
      || response->status == SOUP_STATUS_NOT_IMPLEMENTED)
    return comfy_api_call_reject_missing (call, COMFY_SERVER_NO_VALIDATE);

  if (response->status >= 400)
    return comfy_api_call_reject (call, comfy_api_new_refusal (
      comfy_transport_dup_error (call->transport, response), response->json, call->workflow));

  valid = get_valid (response);
  if (valid != NULL && json_node_get_boolean (valid))
    return dex_future_new_for_boolean (TRUE);

  if (valid == NULL)
    comfy_api_json_set_error (&error, "neither valid nor not");
  else
    error = comfy_api_new_refusal (
      comfy_error_new (COMFY_ERROR_INVALID_WORKFLOW, NULL,
                       _("The cloud refused the workflow, and did not say why.")),
      response->json, call->workflow);

  return comfy_api_call_reject (call, g_steal_pointer (&error));
}
