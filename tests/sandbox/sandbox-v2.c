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

  if (problem != NULL)
    sandbox_request_reply_error (request, 422, "invalid_body", problem, NULL);
  return problem == NULL;
}

static void
create_job (SandboxRequest *request)
{
  SandboxServer *server = request->server;
  g_autoptr(JsonNode) body = sandbox_request_read_json (request);
  g_auto(SandboxRefusal) refusal = { 0 };
  SandboxJob *job;

  if (!check_body (request, body) || !sandbox_v2_claim_key (request))
    return;

  job = sandbox_engine_submit (server->engine, request->account,
                               json_object_get_member (json_node_get_object (body), "workflow"), "",
                               NULL, sandbox_request_get_header (request, "Idempotency-Key"),
                               &refusal);
  if (job != NULL)
    {
      sandbox_request_reply (request, 201, sandbox_v2_job_to_json (server, job));
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
  else if (!handle_job (request) && !sandbox_v2_handle_asset (request))
    sandbox_v2_reply_not_found (request);
}
