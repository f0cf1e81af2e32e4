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
#include "comfy-node-problem-private.h"

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

/* (transfer full): the first problems in one sentence, empty when there is none */
static char *
describe_problems (GPtrArray     *problems,
                   ComfyWorkflow *workflow)
{
  GString *text = g_string_new (NULL);

  for (unsigned int i = 0, n = 0; i < problems->len && n < MAX_PROBLEMS; i++)
    {
      const ComfyNodeProblem *problem = g_ptr_array_index (problems, i);
      const char             *title = NULL;

      if (problem->message == NULL)
        continue;

      if (n++ > 0)
        g_string_append (text, "; ");
      if (problem->node_id != NULL)
        title = comfy_workflow_get_title (workflow, problem->node_id);
      if (title != NULL)
        g_string_append_printf (text, "“%s”: ", title);
      g_string_append (text, problem->message);
    }

  return g_string_free (text, FALSE);
}

/**
 * comfy_api_new_refusal:
 * @base: (transfer full): the error that the answer is by its status and code alone
 * @body: (nullable): the answer
 * @workflow: the graph that was refused
 *
 * Reads why a graph was refused: %COMFY_ERROR_INVALID_WORKFLOW that names the nodes by their titles
 * where the server says which, with a #ComfyNodeProblem for each; else @base.
 *
 * Returns: (transfer full): the error
 */
GError *
comfy_api_new_refusal (GError        *base,
                       JsonNode      *body,
                       ComfyWorkflow *workflow)
{
  g_autoptr(GError)     owned = base;
  g_autoptr(GPtrArray)  problems = _comfy_node_problems_from_json (body, workflow);
  g_autofree char      *text = describe_problems (problems, workflow);
  GError               *error;

  if (problems->len == 0
      && g_strcmp0 (comfy_error_get_server_code (owned), "validation_error") != 0)
    return g_steal_pointer (&owned);

  error = comfy_error_new (COMFY_ERROR_INVALID_WORKFLOW, comfy_error_get_detail (owned),
                           _("The cloud refused the workflow: %s"),
                           text[0] != '\0' ? text : owned->message);
  comfy_error_set_response (error, comfy_error_get_status (owned),
                            comfy_error_get_server_code (owned),
                            comfy_error_get_request_id (owned));
  comfy_error_set_problems (error, problems);

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
                                                    COMFY_TRANSPORT_KEEP_REFUSALS
                                                    | (call->lends_key ? COMFY_TRANSPORT_LEND_KEY
                                                                       : 0)), &foreign);
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
