/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Developer API v1 (openapi-developer-v1.yaml): account, inputs, jobs, outputs. What takes graphs
 * is in sandbox-v1-graphs.c, the events are in sandbox-sockets.c. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "sandbox-server.h"
#include "sandbox-v1.h"

static void
reply_account (SandboxRequest *request)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "id", request->account->id);
  json_object_set_string_member (body, "email", request->account->email);
  json_object_set_int_member (body, "balance", request->account->balance);
  sandbox_request_reply (request, 200, body);
}

static void
reply_not_found (SandboxRequest *request)
{
  sandbox_request_reply_error (request, 404, "not_found", "Resource not found", NULL);
}

static JsonObject *
input_to_json (SandboxServer *server,
               SandboxFile   *file)
{
  JsonObject *object = json_object_new ();
  gboolean ready = sandbox_file_is_ready (file);

  json_object_set_string_member (object, "id", file->id);
  json_object_set_string_member (object, "name", file->name);
  json_object_set_string_member (object, "status", ready ? "ready" : "uploading");
  json_object_set_int_member (object, "size", file->size);
  json_object_set_string_member (object, "mime_type", file->mime_type);
  sandbox_json_set_strings (object, "tags", file->tags);
  sandbox_json_set_time (object, "created_at", file->created);
  if (ready)
    {
      g_autofree char *link = sandbox_server_dup_link (server, file);

      json_object_set_string_member (object, "download_url", link);
    }

  return object;
}

static void
create_input (SandboxRequest *request)
{
  SandboxServer *server = request->server;
  SandboxUpload *upload = request->upload;
  const char *key = sandbox_request_get_header (request, "Idempotency-Key");
  const char *known = key != NULL ? g_hash_table_lookup (request->account->replayed, key) : NULL;
  const char *problem;
  const char *name;
  const char *tags;
  const char *type;
  g_autofree char *free_name = NULL;
  g_autofree char *hash = NULL;
  SandboxFile *file;

  if (!sandbox_upload_finish (upload, &problem))
    {
      sandbox_request_reply_error (request, 400, "invalid_request", problem, NULL);
      return;
    }
  if (sandbox_upload_is_too_large (upload))
    {
      sandbox_request_reply_error (request, 413, "invalid_request", "The file is too large", NULL);
      return;
    }
  if (server->refuses_webp && sandbox_upload_is_webp (upload))
    {
      sandbox_request_reply_error (request, 415, "invalid_request", "WebP is not supported", NULL);
      return;
    }

  file = known != NULL ? sandbox_store_lookup (server->store, request->account, known) : NULL;
  if (file != NULL)
    {
      sandbox_request_reply (request, 201, input_to_json (server, file));
      return;
    }

  name = sandbox_upload_get_text (upload, "name");
  if (name == NULL)
    name = sandbox_upload_get_name (upload);
  tags = sandbox_upload_get_text (upload, "tags");
  type = sandbox_upload_get_type (upload);

  free_name = sandbox_store_dup_free_name (server->store, request->account,
                                           name != NULL ? name : "file");
  hash = sandbox_upload_dup_hash (upload);
  file = sandbox_store_add (server->store, request->account, "inp_", free_name,
                            sandbox_upload_keep (upload),
                            type != NULL ? type : "application/octet-stream", hash);
  file->tags = tags != NULL && *tags != '\0' ? g_strsplit (tags, ",", -1) : NULL;
  file->ready_at = g_get_monotonic_time () + (gint64) server->options.input_ms * 1000;
  if (key != NULL)
    g_hash_table_insert (request->account->replayed, g_strdup (key), g_strdup (file->id));

  sandbox_request_reply (request, 201, input_to_json (server, file));
}

/**
 * sandbox_v1_output_to_json:
 *
 * Returns: (transfer full): an Output
 */
JsonObject *
sandbox_v1_output_to_json (SandboxServer *server,
                           SandboxFile   *file)
{
  JsonObject *object = json_object_new ();
  g_autofree char *link = sandbox_server_dup_link (server, file);

  json_object_set_string_member (object, "id", file->id);
  json_object_set_string_member (object, "name", file->name);
  json_object_set_string_member (object, "type", sandbox_file_get_kind (file));
  json_object_set_string_member (object, "job_id", file->job_id);
  json_object_set_int_member (object, "size", file->size);
  json_object_set_string_member (object, "mime_type", file->mime_type);
  sandbox_json_set_strings (object, "tags", file->tags);
  json_object_set_string_member (object, "download_url", link);
  sandbox_json_set_time (object, "created_at", file->created);

  return object;
}

static JsonArray *
outputs_to_json (SandboxServer *server,
                 SandboxJob    *job)
{
  JsonArray *outputs = json_array_new ();

  for (unsigned int i = 0; i < job->outputs->len; i++)
    json_array_add_object_element (outputs,
                                   sandbox_v1_output_to_json (server,
                                                              g_ptr_array_index (job->outputs, i)));

  return outputs;
}

/**
 * sandbox_v1_job_to_json:
 *
 * Returns: (transfer full): a Job, its outputs only once it is completed
 */
JsonObject *
sandbox_v1_job_to_json (SandboxServer *server,
                        SandboxJob    *job)
{
  /* a job that is being cancelled is still running for this protocol */
  static const char *const states[] = {
    "pending", "running", "running", "completed", "failed", "cancelled"
  };
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", job->id);
  json_object_set_string_member (object, "status", states[job->state]);
  sandbox_json_set_strings (object, "tags", job->tags);
  if (job->batch_id != NULL)
    json_object_set_string_member (object, "batch_id", job->batch_id);
  sandbox_json_set_time (object, "created_at", job->created);
  if (job->started != NULL)
    sandbox_json_set_time (object, "started_at", job->started);
  if (job->ended != NULL)
    sandbox_json_set_time (object, "completed_at", job->ended);
  sandbox_v1_add_usage (server, job, object);
  if (job->state == SANDBOX_JOB_COMPLETED)
    json_object_set_array_member (object, "outputs", outputs_to_json (server, job));
  if (job->state == SANDBOX_JOB_FAILED)
    {
      JsonObject *error = json_object_new ();

      json_object_set_string_member (error, "code", job->error_code);
      json_object_set_string_member (error, "message", job->error_message);
      json_object_set_object_member (object, "error", error);
    }

  return object;
}

static const char *
get_query (SandboxRequest *request,
           const char     *name)
{
  return request->query != NULL ? g_hash_table_lookup (request->query, name) : NULL;
}

static gint64
get_query_int (SandboxRequest *request,
               const char     *name,
               gint64          fallback)
{
  const char *text = get_query (request, name);
  gint64 value = fallback;

  if (text != NULL)
    g_ascii_string_to_signed (text, 10, 0, G_MAXINT, &value, NULL);

  return value;
}

static void
list_jobs (SandboxRequest *request)
{
  const char *text = get_query (request, "tags");
  g_auto(GStrv) tags = g_strsplit (text != NULL ? text : "", ",", -1);
  g_autoptr(GPtrArray) jobs =
    sandbox_engine_list (request->server->engine, request->account, tags,
                         get_query (request, "batch_id"));
  gint64 offset = get_query_int (request, "offset", 0);
  gint64 limit = CLAMP (get_query_int (request, "limit", 20), 1, 100);
  JsonArray *array = json_array_new ();
  JsonObject *body = json_object_new ();

  for (gint64 i = offset; i < jobs->len && i < offset + limit; i++)
    json_array_add_object_element (array,
                                   sandbox_v1_job_to_json (request->server,
                                                           g_ptr_array_index (jobs, i)));

  json_object_set_array_member (body, "jobs", array);
  json_object_set_int_member (body, "total", jobs->len);
  json_object_set_boolean_member (body, "has_more", offset + limit < jobs->len);
  sandbox_request_reply (request, 200, body);
}

static void
cancel_job (SandboxRequest *request,
            SandboxJob     *job)
{
  if (sandbox_job_is_over (job))
    {
      sandbox_request_reply_error (request, 400, "invalid_request", "Job cannot be cancelled",
                                   NULL);
      return;
    }

  sandbox_engine_cancel (request->server->engine, job);
  sandbox_request_reply (request, 200, sandbox_v1_job_to_json (request->server, job));
}

static void
list_outputs (SandboxRequest *request,
              SandboxJob     *job)
{
  JsonObject *body = json_object_new ();

  json_object_set_array_member (body, "outputs", outputs_to_json (request->server, job));
  json_object_set_int_member (body, "total", job->outputs->len);
  json_object_set_boolean_member (body, "has_more", FALSE);
  sandbox_request_reply (request, 200, body);
}

/* What is asked of one job; → whether the path was one */
static gboolean
handle_job (SandboxRequest *request)
{
  static const char prefix[] = SANDBOX_V1_PATH "/jobs/";
  g_autofree char *cancel_id = sandbox_request_dup_id (request, "POST", prefix, "/cancel");
  g_autofree char *outputs_id = sandbox_request_dup_id (request, "GET", prefix, "/outputs");
  g_autofree char *get_id = sandbox_request_dup_id (request, "GET", prefix, "");
  const char *id = cancel_id != NULL ? cancel_id : outputs_id != NULL ? outputs_id : get_id;
  SandboxJob *job;

  if (id == NULL)
    return FALSE;

  if ((job = sandbox_engine_lookup (request->server->engine, request->account, id)) == NULL)
    reply_not_found (request);
  else if (cancel_id != NULL)
    cancel_job (request, job);
  else if (outputs_id != NULL)
    list_outputs (request, job);
  else
    sandbox_request_reply (request, 200, sandbox_v1_job_to_json (request->server, job));

  return TRUE;
}

/* What is asked of one file; → whether the path was one */
static gboolean
handle_file (SandboxRequest *request)
{
  static const char inputs[] = SANDBOX_V1_PATH "/inputs/";
  static const char outputs[] = SANDBOX_V1_PATH "/outputs/";
  gboolean is_input = g_str_has_prefix (request->path, inputs);
  g_autofree char *get_id =
    sandbox_request_dup_id (request, "GET", is_input ? inputs : outputs, "");
  g_autofree char *delete_id =
    sandbox_request_dup_id (request, "DELETE", is_input ? inputs : outputs, "");
  const char *id = get_id != NULL ? get_id : delete_id;
  SandboxFile *file;

  if (id == NULL)
    return FALSE;

  file = sandbox_store_lookup (request->server->store, request->account, id);
  if (file == NULL || (file->job_id == NULL) != is_input)
    reply_not_found (request);
  else if (delete_id != NULL)
    {
      sandbox_engine_forget (request->server->engine, file);
      sandbox_store_remove (request->server->store, file);
      sandbox_request_reply (request, 204, NULL);
    }
  else if (is_input)
    sandbox_request_reply (request, 200, input_to_json (request->server, file));
  else
    sandbox_request_reply (request, 200, sandbox_v1_output_to_json (request->server, file));

  return TRUE;
}

/**
 * sandbox_v1_handle:
 * @request: authenticated, under SANDBOX_V1_PATH
 *
 * Answers a request of Developer API v1.
 */
void
sandbox_v1_handle (SandboxRequest *request)
{
  if (sandbox_request_is (request, "GET", SANDBOX_V1_PATH "/account"))
    reply_account (request);
  else if (sandbox_request_is (request, "GET", SANDBOX_V1_PATH "/account/usage")
           && !request->server->hides_usage)
    sandbox_v1_reply_usage (request, get_query (request, "period"));
  else if (request->upload != NULL)
    create_input (request);
  else if (sandbox_request_is (request, "POST", SANDBOX_V1_PATH "/jobs"))
    sandbox_v1_create_job (request);
  else if (sandbox_request_is (request, "POST", SANDBOX_V1_PATH "/jobs/batch"))
    sandbox_v1_create_batch (request);
  else if (sandbox_request_is (request, "POST", SANDBOX_V1_PATH "/workflows/validate"))
    sandbox_v1_validate (request);
  else if (sandbox_request_is (request, "GET", SANDBOX_V1_PATH "/jobs"))
    list_jobs (request);
  else if (!handle_job (request) && !handle_file (request))
    reply_not_found (request);
}
