/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What Developer API v1 does with graphs: starts them, one or a batch, or only looks at them. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-workflow-check.h"
#include "sandbox-v1.h"

#define MAX_BATCH 50

static char **
read_tags (JsonObject *body)
{
  g_autoptr(GStrvBuilder) tags = g_strv_builder_new ();
  JsonArray *array = comfy_json_get_array (body, "tags");

  for (unsigned int i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (comfy_json_node_is_string (json_array_get_element (array, i)))
      g_strv_builder_add (tags, json_array_get_string_element (array, i));

  return g_strv_builder_end (tags);
}

/* (transfer full) (nullable): the body; what is no object is answered */
static JsonNode *
read_body (SandboxRequest *request)
{
  JsonNode *body = sandbox_request_read_json (request);

  if (body == NULL)
    sandbox_request_reply_error (request, 400, "invalid_request", "The body is not JSON", NULL);

  return body;
}

/* (nullable): the graph of a body; that there is none is answered */
static JsonNode *
read_graph (SandboxRequest *request,
            JsonObject     *object)
{
  JsonNode *graph = json_object_get_member (object, "workflow");

  if (graph == NULL)
    sandbox_request_reply_invalid (request, "workflow", "required");

  return graph;
}

/* (nullable): what the same Idempotency-Key made before */
static const char *
find_replayed (SandboxRequest *request)
{
  const char *key = sandbox_request_get_header (request, "Idempotency-Key");

  return key != NULL ? g_hash_table_lookup (request->account->replayed, key) : NULL;
}

static void
note_made (SandboxRequest *request,
           const char     *id)
{
  const char *key = sandbox_request_get_header (request, "Idempotency-Key");

  if (key != NULL)
    g_hash_table_insert (request->account->replayed, g_strdup (key), g_strdup (id));
}

/**
 * sandbox_v1_create_job:
 * @request: POST …/jobs
 *
 * Here the same Idempotency-Key gives the same job again.
 */
void
sandbox_v1_create_job (SandboxRequest *request)
{
  SandboxServer *server = request->server;
  g_autoptr(JsonNode) body = read_body (request);
  const char *known = find_replayed (request);
  SandboxJob *job = known != NULL ? sandbox_engine_lookup (server->engine, request->account, known)
                                  : NULL;
  g_auto(SandboxRefusal) refusal = { 0 };
  g_autoptr(GPtrArray) jobs = NULL;
  g_auto(GStrv) tags = NULL;
  SandboxSubmission submission = { .id_prefix = "job_" };

  if (body == NULL
      || (submission.graph = read_graph (request, json_node_get_object (body))) == NULL)
    return;

  if (job == NULL)
    {
      submission.tags = tags = read_tags (json_node_get_object (body));
      submission.idempotency_key = sandbox_request_get_header (request, "Idempotency-Key");
      jobs = sandbox_engine_submit (server->engine, request->account, &submission, 1, NULL,
                                    &refusal);
      job = jobs != NULL ? jobs->pdata[0] : NULL;
    }
  if (job == NULL)
    {
      sandbox_request_reply_refusal (request, &refusal);
      return;
    }

  note_made (request, job->id);
  sandbox_request_reply (request, 202, sandbox_v1_job_to_json (server, job));
}

/* {batch_id, jobs}, in the order in which they were asked for */
static void
reply_batch (SandboxRequest *request,
             const char     *batch_id)
{
  char *no_tags[] = { NULL };
  g_autoptr(GPtrArray) jobs =
    sandbox_engine_list (request->server->engine, request->account, no_tags, batch_id);
  JsonObject *body = json_object_new ();
  JsonArray *array = json_array_new ();

  for (unsigned int i = jobs->len; i > 0; i--)
    json_array_add_object_element (array, sandbox_v1_job_to_json (request->server,
                                                                  jobs->pdata[i - 1]));
  json_object_set_string_member (body, "batch_id", batch_id);
  json_object_set_array_member (body, "jobs", array);
  sandbox_request_reply (request, 202, body);
}

static void
clear_submission (gpointer data)
{
  g_strfreev (((SandboxSubmission *) data)->tags);
}

/* (transfer full) (nullable): what a batch asks for; what is wrong with it is answered */
static GArray *
read_batch (SandboxRequest *request,
            JsonNode       *body,
            const char     *batch_id)
{
  JsonArray *array = comfy_json_get_array (json_node_get_object (body), "jobs");
  unsigned int n = array != NULL ? json_array_get_length (array) : 0;
  g_autoptr(GArray) submissions = g_array_new (FALSE, TRUE, sizeof (SandboxSubmission));

  if (n == 0 || n > MAX_BATCH)
    {
      sandbox_request_reply_invalid (request, "jobs", "must be 1 to 50 jobs");
      return NULL;
    }

  g_array_set_clear_func (submissions, clear_submission);
  for (unsigned int i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      SandboxSubmission submission = { .id_prefix = "job_", .batch_id = batch_id };

      if (object == NULL || !json_object_has_member (object, "workflow"))
        {
          g_autofree char *field = g_strdup_printf ("jobs.%u.workflow", i);

          sandbox_request_reply_invalid (request, field, "required");
          return NULL;
        }
      submission.graph = json_object_get_member (object, "workflow");
      submission.tags = read_tags (object);
      submission.idempotency_key = sandbox_request_get_header (request, "Idempotency-Key");
      g_array_append_val (submissions, submission);
    }

  return g_steal_pointer (&submissions);
}

/**
 * sandbox_v1_create_batch:
 * @request: POST …/jobs/batch
 *
 * Starts all of up to fifty graphs, or none. The same Idempotency-Key gives the same batch again.
 */
void
sandbox_v1_create_batch (SandboxRequest *request)
{
  SandboxServer *server = request->server;
  g_autoptr(JsonNode) body = read_body (request);
  const char *known = find_replayed (request);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *batch_id = g_strconcat ("bat_", uuid, NULL);
  g_autoptr(GArray) submissions = NULL;
  g_autoptr(GPtrArray) jobs = NULL;
  g_auto(SandboxRefusal) refusal = { 0 };
  unsigned int refused = 0;

  if (body != NULL && known != NULL && g_str_has_prefix (known, "bat_"))
    {
      reply_batch (request, known);
      return;
    }
  if (body == NULL || (submissions = read_batch (request, body, batch_id)) == NULL)
    return;

  jobs = sandbox_engine_submit (server->engine, request->account,
                                (const SandboxSubmission *) submissions->data, submissions->len,
                                &refused, &refusal);
  if (jobs == NULL)
    {
      refusal.place = g_strdup_printf ("jobs.%u.", refused);
      sandbox_request_reply_refusal (request, &refusal);
      return;
    }

  note_made (request, batch_id);
  reply_batch (request, batch_id);
}

static void
add_error (JsonArray  *errors,
           const char *node_id,
           const char *field,
           const char *message)
{
  JsonObject *error = json_object_new ();

  if (node_id != NULL)
    json_object_set_string_member (error, "node_id", node_id);
  if (field != NULL)
    json_object_set_string_member (error, "field", field);
  json_object_set_string_member (error, "message", message);
  json_array_add_object_element (errors, error);
}

/* What is wrong with a graph, as WorkflowValidation has it */
static JsonArray *
errors_to_json (const SandboxRefusal *refusal)
{
  JsonArray *errors = json_array_new ();

  if (refusal->problems == NULL)
    add_error (errors, NULL, "workflow", refusal->message);

  for (unsigned int i = 0; refusal->problems != NULL && i < refusal->problems->len; i++)
    {
      const ComfyWorkflowProblem *problem = g_ptr_array_index (refusal->problems, i);

      add_error (errors, problem->node_id, problem->input, problem->message);
    }

  return errors;
}

/**
 * sandbox_v1_validate:
 * @request: POST …/workflows/validate
 *
 * Looks at a graph as when it is submitted, and starts nothing.
 */
void
sandbox_v1_validate (SandboxRequest *request)
{
  g_autoptr(JsonNode) body = read_body (request);
  g_auto(SandboxRefusal) refusal = { 0 };
  g_autoptr(ComfyWorkflow) workflow = NULL;
  g_auto(GStrv) roots = NULL;
  JsonObject *answer;

  if (body == NULL)
    return;
  if (!json_object_has_member (json_node_get_object (body), "workflow"))
    {
      sandbox_request_reply_error (request, 400, "invalid_request", "workflow is required", NULL);
      return;
    }

  workflow = sandbox_engine_check (request->server->engine, request->account,
                                   json_object_get_member (json_node_get_object (body), "workflow"),
                                   &roots, &refusal);
  answer = json_object_new ();
  json_object_set_boolean_member (answer, "valid", workflow != NULL);
  if (workflow == NULL)
    json_object_set_array_member (answer, "errors", errors_to_json (&refusal));
  sandbox_request_reply (request, 200, answer);
}
