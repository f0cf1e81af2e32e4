/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The jobs of Comfy API v2 (openapi-v2.yaml). Assets are in sandbox-v2-assets.c, events in
 * sandbox-events.c. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-workflow-private.h"
#include "sandbox-v2.h"

/**
 * sandbox_v2_claim_key:
 *
 * Claims the request's Idempotency-Key.
 *
 * Returns: %FALSE, answered, when it was used before
 */
gboolean
sandbox_v2_claim_key (SandboxRequest *request)
{
  const char *key = sandbox_request_get_header (request, "Idempotency-Key");

  if (key == NULL || g_hash_table_add (request->account->claimed, g_strdup (key)))
    return TRUE;

  sandbox_request_reply_error (request, 422, "idempotency_key_reuse",
                               "This Idempotency-Key was used before", NULL);
  return FALSE;
}

static void
release_key (SandboxRequest *request)
{
  const char *key = sandbox_request_get_header (request, "Idempotency-Key");

  if (key != NULL)
    g_hash_table_remove (request->account->claimed, key);
}

/**
 * sandbox_v2_reply_not_found:
 *
 * Answers that there is no such thing.
 */
void
sandbox_v2_reply_not_found (SandboxRequest *request)
{
  sandbox_request_reply_error (request, 404, "not_found", "Not found", NULL);
}

/* Nothing, or a key for partners' models and nothing else. */
static gboolean
is_extra_data (JsonObject *body)
{
  JsonObject *extra = comfy_json_get_object (body, "extra_data");

  if (!json_object_has_member (body, "extra_data"))
    return TRUE;

  return extra != NULL && json_object_get_size (extra) == 1
         && comfy_json_get_string (extra, "api_key_comfy_org") != NULL;
}

/* The body is closed: what the contract does not list is refused. */
static gboolean
check_body (SandboxRequest *request,
            JsonNode       *body)
{
  const char *problem = NULL;

  if (body == NULL)
    problem = "The body is not JSON";
  else if (!json_object_has_member (json_node_get_object (body), "workflow"))
    problem = "workflow is required";
  else
    {
      JsonObjectIter iter;
      const char *member;

      json_object_iter_init (&iter, json_node_get_object (body));
      while (json_object_iter_next (&iter, &member, NULL))
        if (!g_str_equal (member, "workflow") && !g_str_equal (member, "extra_data"))
          problem = "The body has a member that is not known";
    }

  if (problem == NULL && !is_extra_data (json_node_get_object (body)))
    problem = "extra_data has a member that is not known";
  if (problem != NULL)
    sandbox_request_reply_error (request, 422, "invalid_body", problem, NULL);
  return problem == NULL;
}

/* core/ASSET anywhere among the inputs */
static gboolean
refers_to_assets (JsonNode *graph)
{
  g_autoptr(GString) text = g_string_new (NULL);

  comfy_json_write (text, graph);
  return strstr (text->str, "\"__type\":\"core/ASSET\"") != NULL;
}

static void
create_job (SandboxRequest *request)
{
  SandboxServer *server = request->server;
  g_autoptr(JsonNode) body = sandbox_request_read_json (request);
  g_auto(SandboxRefusal) refusal = { 0 };
  JsonNode *graph;
  g_autoptr(GPtrArray) jobs = NULL;
  SandboxSubmission submission = { .id_prefix = "" };

  if (!check_body (request, body))
    return;

  graph = json_object_get_member (json_node_get_object (body), "workflow");
  if (server->flavour == COMFY_SANDBOX_SERVERLESS && refers_to_assets (graph))
    {
      sandbox_request_reply_error (request, 422, "missing_asset",
                                   "An asset that the workflow refers to does not exist", NULL);
      return;
    }
  if (!sandbox_v2_claim_key (request))
    return;

  submission.graph = graph;
  submission.idempotency_key = sandbox_request_get_header (request, "Idempotency-Key");
  submission.has_partner_key = json_object_has_member (json_node_get_object (body), "extra_data");
  jobs = sandbox_engine_submit (server->engine, request->account, &submission, 1, NULL, &refusal);
  if (jobs != NULL)
    {
      sandbox_request_reply (request, 201, sandbox_v2_job_to_json (server, jobs->pdata[0]));
      return;
    }

  /* it definitely failed, so the key may be used again */
  release_key (request);
  sandbox_request_reply_refusal (request, &refusal);
}

static void
reply_workflow (SandboxRequest *request,
                SandboxJob     *job)
{
  JsonObject *body = json_object_new ();

  json_object_set_member (body, "workflow",
                          json_node_copy (comfy_workflow_get_node (job->workflow)));
  json_object_set_string_member (body, "format", "api");
  sandbox_request_reply (request, 200, body);
}

static gboolean
is_forgotten (SandboxServer *server,
              SandboxJob    *job)
{
  return g_date_time_to_unix (job->created) + server->options.retention_seconds
         <= g_get_real_time () / G_USEC_PER_SEC;
}

/* What is asked of one job; → whether the path was one */
static gboolean
handle_job (SandboxRequest *request)
{
  static const char prefix[] = SANDBOX_V2_PATH "/jobs/";
  g_autofree char *cancel_id = sandbox_request_dup_id (request, "POST", prefix, "/cancel");
  g_autofree char *events_id = sandbox_request_dup_id (request, "GET", prefix, "/events");
  g_autofree char *workflow_id = sandbox_request_dup_id (request, "GET", prefix, "/workflow");
  g_autofree char *get_id = sandbox_request_dup_id (request, "GET", prefix, "");
  const char *ids[] = { cancel_id, events_id, workflow_id, get_id };
  const char *id = NULL;
  SandboxJob *job;

  for (unsigned int i = 0; i < G_N_ELEMENTS (ids) && id == NULL; i++)
    id = ids[i];
  if (id == NULL)
    return FALSE;

  job = sandbox_engine_lookup (request->server->engine, request->account, id);
  if (job == NULL || is_forgotten (request->server, job))
    sandbox_v2_reply_not_found (request);
  else if (events_id != NULL)
    sandbox_events_open (request, job);
  else if (workflow_id != NULL)
    reply_workflow (request, job);
  else
    {
      if (cancel_id != NULL)
        sandbox_engine_cancel (request->server->engine, job);
      sandbox_request_reply (request, 200, sandbox_v2_job_to_json (request->server, job));
    }

  return TRUE;
}

/* What only a proxy has: its jobs, the newest first, or those in one of the states of `status`. */
static void
list_jobs (SandboxRequest *request)
{
  GHashTable *query = request->query;
  const char *status = query != NULL ? g_hash_table_lookup (query, "status") : NULL;
  const char *limit_text = query != NULL ? g_hash_table_lookup (query, "limit") : NULL;
  g_auto(GStrv) states = status != NULL ? g_strsplit (status, ",", -1) : NULL;
  char *no_tags[] = { NULL };
  g_autoptr(GPtrArray) jobs =
    sandbox_engine_list (request->server->engine, request->account, no_tags, NULL);
  gint64 limit = 50;
  JsonArray *array;
  JsonObject *body;

  if (limit_text != NULL && !g_ascii_string_to_signed (limit_text, 10, 1, 200, &limit, NULL))
    {
      sandbox_request_reply_error (request, 400, "invalid_request",
                                   "'limit' must be between 1 and 200", NULL);
      return;
    }

  array = json_array_new ();
  body = json_object_new ();
  for (unsigned int i = 0; i < jobs->len && json_array_get_length (array) < limit; i++)
    {
      SandboxJob *job = g_ptr_array_index (jobs, i);

      if (states == NULL
          || g_strv_contains ((const char *const *) states, sandbox_v2_get_status (job)))
        json_array_add_object_element (array, sandbox_v2_job_to_json (request->server, job));
    }

  json_object_set_array_member (body, "jobs", array);
  json_object_set_boolean_member (body, "truncated", FALSE);
  sandbox_request_reply (request, 200, body);
}

/**
 * sandbox_v2_handle:
 * @request: authenticated, under SANDBOX_V2_PATH
 *
 * Answers a request of Comfy API v2.
 */
void
sandbox_v2_handle (SandboxRequest *request)
{
  if (sandbox_request_is (request, "POST", SANDBOX_V2_PATH "/jobs"))
    create_job (request);
  else if (request->server->flavour == COMFY_SANDBOX_PROXY
           && sandbox_request_is (request, "GET", SANDBOX_V2_PATH "/jobs"))
    list_jobs (request);
  else if (!handle_job (request) && !sandbox_v2_handle_asset (request))
    sandbox_v2_reply_not_found (request);
}
