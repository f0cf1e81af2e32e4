/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Submitting, where money is spent: what an answer says of whether a job was made. Only a clear
 * "no" is an error; everything that leaves room for a job is COMFY_ERROR_OUTCOME_UNKNOWN.
 */
#define G_LOG_DOMAIN "comfy-api"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-api-call-private.h"
#include "comfy-api-json-private.h"
#include "comfy-error.h"
#include "comfy-json-private.h"

#define MAX_PROBLEMS 3 /* that one message names */

static GError *
new_outcome_unknown (ComfyApiCall *call,
                     const GError *cause)
{
  ComfyEndpoint   *endpoint = comfy_transport_get_endpoint (call->transport);
  const char      *said = comfy_error_get_detail (cause);
  g_autofree char *detail = g_strdup_printf ("%s: %s", comfy_error_code_to_nick (cause->code),
                                             said != NULL ? said : cause->message);
  GError          *error;

  error = comfy_error_new (COMFY_ERROR_OUTCOME_UNKNOWN, detail,
                           _("%s did not say clearly whether it started the job. It may be "
                             "running, and cost, so it is not sent again by itself."),
                           comfy_endpoint_get_host (endpoint));
  comfy_error_set_response (error, comfy_error_get_status (cause),
                            comfy_error_get_server_code (cause),
                            comfy_error_get_request_id (cause));

  return error;
}

/* What no "no" can be read of: a success that is garbled, a failure of which nothing is known, or
 * an Idempotency-Key that was taken before, so that an earlier attempt may have got through. The
 * transport has found out already what broke after it was sent. */
static gboolean
leaves_room_for_a_job (const GError *error)
{
  unsigned int status = comfy_error_get_status (error);

  if (status == 409
      || g_strcmp0 (comfy_error_get_server_code (error), "idempotency_key_reuse") == 0)
    return TRUE;

  return status == 0 && (error->code == COMFY_ERROR_PROTOCOL || error->code == COMFY_ERROR_FAILED
                         || error->code == COMFY_ERROR_CANCELLED);
}

/* one problem of a node, in the words of Comfy API v2 ({field, reason}) or of ComfyUI ({message,
 * details}) */
static char *
dup_problem (JsonNode *node)
{
  JsonObject      *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                              ? json_node_get_object (node) : NULL;
  g_autofree char *field = NULL;
  g_autofree char *reason = NULL;

  if (object == NULL)
    return NULL;

  field = comfy_api_json_dup_text (object, "field");
  if (field == NULL)
    field = comfy_api_json_dup_text (object, "details");
  reason = comfy_api_json_dup_text (object, "reason");
  if (reason == NULL)
    reason = comfy_api_json_dup_text (object, "message");

  if (field != NULL && reason != NULL)
    return g_strdup_printf ("%s: %s", field, reason);

  return reason != NULL ? g_steal_pointer (&reason) : g_steal_pointer (&field);
}

static JsonObject *
find_node_errors (JsonObject *body)
{
  JsonObject *error = comfy_json_get_object (body, "error");
  JsonObject *details = error != NULL ? comfy_json_get_object (error, "details") : NULL;
  JsonObject *found = details != NULL ? comfy_json_get_object (details, "node_errors") : NULL;

  return found != NULL ? found : comfy_json_get_object (body, "node_errors");
}

/* v1: error.details is a list of {field, message} */
static void
add_field_problems (GPtrArray  *problems,
                    JsonObject *body)
{
  JsonObject *error = comfy_json_get_object (body, "error");
  JsonArray  *details = error != NULL ? comfy_json_get_array (error, "details") : NULL;

  for (unsigned int i = 0; details != NULL && i < json_array_get_length (details); i++)
    {
      char *problem = dup_problem (json_array_get_element (details, i));

      if (problem != NULL)
        g_ptr_array_add (problems, problem);
    }
}

static void
add_node_problems (GPtrArray     *problems,
                   JsonObject    *node_errors,
                   ComfyWorkflow *workflow)
{
  JsonObjectIter  iter;
  const char     *node_id;
  JsonNode       *value;

  json_object_iter_init_ordered (&iter, node_errors);
  while (json_object_iter_next_ordered (&iter, &node_id, &value))
    {
      const char *title = comfy_workflow_get_title (workflow, node_id);
      JsonArray  *list = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;

      if (list == NULL && JSON_NODE_HOLDS_OBJECT (value))
        list = comfy_json_get_array (json_node_get_object (value), "errors");

      for (unsigned int i = 0; list != NULL && i < json_array_get_length (list); i++)
        {
          g_autofree char *problem = dup_problem (json_array_get_element (list, i));

          if (problem != NULL)
            g_ptr_array_add (problems, g_strdup_printf ("“%s”: %s", title != NULL ? title : node_id,
                                                        problem));
        }
    }
}

/**
 * comfy_api_new_refusal:
 * @base: (transfer full): the error that the answer is by its status and code alone
 * @body: (nullable): the answer
 * @workflow: the graph that was refused
 *
 * Reads why a graph was refused: %COMFY_ERROR_INVALID_WORKFLOW that names the nodes by their titles
 * where the server says which, else @base.
 *
 * Returns: (transfer full): the error
 */
GError *
comfy_api_new_refusal (GError        *base,
                       JsonNode      *body,
                       ComfyWorkflow *workflow)
{
  g_autoptr(GError)     owned = base;
  g_autoptr(GPtrArray)  problems = g_ptr_array_new_with_free_func (g_free);
  g_autofree char      *text = NULL;
  JsonObject           *node_errors;
  GError               *error;

  if (body != NULL && JSON_NODE_HOLDS_OBJECT (body))
    {
      if ((node_errors = find_node_errors (json_node_get_object (body))) != NULL)
        add_node_problems (problems, node_errors, workflow);
      else
        add_field_problems (problems, json_node_get_object (body));
    }
  if (problems->len == 0
      && g_strcmp0 (comfy_error_get_server_code (owned), "validation_error") != 0)
    return g_steal_pointer (&owned);

  if (problems->len > MAX_PROBLEMS)
    g_ptr_array_remove_range (problems, MAX_PROBLEMS, problems->len - MAX_PROBLEMS);
  g_ptr_array_add (problems, NULL);
  text = g_strjoinv ("; ", (char **) problems->pdata);
  g_set_str (&text, text[0] != '\0' ? text : owned->message);

  error = comfy_error_new (COMFY_ERROR_INVALID_WORKFLOW, comfy_error_get_detail (owned),
                           _("The cloud refused the workflow: %s"), text);
  comfy_error_set_response (error, comfy_error_get_status (owned),
                            comfy_error_get_server_code (owned),
                            comfy_error_get_request_id (owned));

  return error;
}

/**
 * comfy_api_await_submit:
 * @call: of comfy_api_submit()
 * @url: where jobs are made
 * @body: the request
 * @workflow: the graph in it, for the titles of its nodes
 * @out_answer: (out) (optional): the job as the server sent it
 *
 * Sends a job, once.
 *
 * Returns: (transfer full) (nullable): the job
 *
 * Errors: %COMFY_ERROR_OUTCOME_UNKNOWN when a job may exist; after every other error there is none
 */
ComfyRemoteJob *
comfy_api_await_submit (ComfyApiCall   *call,
                        const char     *url,
                        JsonNode       *body,
                        ComfyWorkflow  *workflow,
                        JsonNode      **out_answer,
                        GError        **error)
{
  g_autoptr(ComfyResponse)  response = NULL;
  ComfyRemoteJob           *job;
  g_autoptr(GError)         foreign = NULL;
  g_autoptr(GError)         failure = NULL;

  response = dex_await_boxed (comfy_transport_send (call->transport, "POST", url, body, call->key,
                                                    COMFY_TRANSPORT_KEEP_REFUSALS), &foreign);
  if (response == NULL)
    failure = comfy_error_fold (foreign, NULL);
  else if (response->status >= 400)
    failure = comfy_transport_dup_error (call->transport, response);
  else if ((job = comfy_remote_job_new_from_json (response->json, &failure)) != NULL)
    {
      if (out_answer != NULL)
        *out_answer = json_node_ref (response->json);
      return job;
    }

  if (leaves_room_for_a_job (failure))
    g_propagate_error (error, new_outcome_unknown (call, failure));
  else if (response != NULL)
    g_propagate_error (error, comfy_api_new_refusal (g_steal_pointer (&failure), response->json,
                                                     workflow));
  else
    g_propagate_error (error, g_steal_pointer (&failure));

  return NULL;
}
