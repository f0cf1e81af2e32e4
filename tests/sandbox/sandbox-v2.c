/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Comfy API v2 (openapi-v2.yaml): assets and jobs, by polling. Events are not served, which the
 * contract allows (501 not_implemented). Hashes are null, which it allows too ("may be computed
 * lazily"), so nothing is ever found by hash. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-workflow-private.h"
#include "sandbox-server.h"

#define RETENTION_SECONDS (7 * 24 * 60 * 60)

static void
reply_not_found (SandboxRequest *request)
{
  sandbox_request_reply_error (request, 404, "not_found", "Not found", NULL);
}

static void
set_link (JsonObject    *object,
          SandboxServer *server,
          SandboxFile   *file)
{
  g_autofree char *link = sandbox_server_dup_link (server, file);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) expires = g_date_time_add_seconds (now, server->options.link_seconds);

  json_object_set_string_member (object, "url", link);
  sandbox_json_set_time (object, "url_expires_at", expires);
}

static JsonObject *
asset_to_json (SandboxServer *server,
               SandboxFile   *file)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", file->id);
  json_object_set_null_member (object, "hash");
  json_object_set_int_member (object, "size_bytes", file->size);
  json_object_set_string_member (object, "content_type", file->mime_type);
  json_object_set_string_member (object, "file_path", file->name);
  sandbox_json_set_time (object, "created_at", file->created);
  set_link (object, server, file);
  if (file->job_id != NULL)
    json_object_set_string_member (object, "job_id", file->job_id);

  return object;
}

/* Claims the request's Idempotency-Key. → %FALSE, answered, when it was used before */
static gboolean
claim_key (SandboxRequest *request)
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

static void
create_asset (SandboxRequest *request)
{
  SandboxServer *server = request->server;
  SandboxUpload *upload = request->upload;
  const char *type = sandbox_upload_get_text (upload, "content_type");
  const char *file_path = sandbox_upload_get_text (upload, "file_path");
  const char *problem = NULL;
  g_autofree char *name = NULL;
  SandboxFile *file;
  JsonObject *body;

  if (sandbox_upload_finish (upload, &problem)
      && (!sandbox_upload_is_ordered (upload) || type == NULL || file_path == NULL))
    problem = "content_type and file_path must come before the file";
  if (problem != NULL)
    {
      sandbox_request_reply_error (request, 422, "invalid_body", problem, NULL);
      return;
    }
  if (sandbox_upload_is_too_large (upload))
    {
      sandbox_request_reply_error (request, 413, "invalid_body", "The file is too large", NULL);
      return;
    }
  if (server->refuses_webp && sandbox_upload_is_webp (upload))
    {
      sandbox_request_reply_error (request, 415, "unsupported_media_type", "WebP is not supported",
                                   NULL);
      return;
    }
  if (!claim_key (request))
    return;

  name = sandbox_store_dup_free_name (server->store, request->account, file_path);
  file = sandbox_store_add (server->store, request->account, "", name,
                            sandbox_upload_keep (upload), type);
  body = asset_to_json (server, file);
  json_object_set_boolean_member (body, "created_new", TRUE);
  sandbox_request_reply (request, 201, body);
}

static void
reply_content (SandboxRequest *request,
               SandboxFile    *file)
{
  g_autofree char *link = sandbox_server_dup_link (request->server, file);

  if (request->server->options.inline_content)
    {
      sandbox_request_reply_file (request, file);
      return;
    }

  soup_server_message_set_status (request->message, 302, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (request->message),
                                "Location", link);
}

static JsonObject *
progress_to_json (SandboxJob *job)
{
  JsonObject *progress = json_object_new ();
  unsigned int done;
  unsigned int total;
  const char *node_id = sandbox_job_get_node (job, &done, &total);

  json_object_set_double_member (progress, "value", sandbox_job_get_fraction (job));
  json_object_set_int_member (progress, "nodes_done", done);
  json_object_set_int_member (progress, "nodes_total", total);
  if (node_id != NULL)
    {
      const char *class_type = comfy_workflow_get_class (job->workflow, node_id);
      g_autofree char *message =
        g_strdup_printf ("%s %u/%d", class_type, job->step, SANDBOX_JOB_STEPS);

      json_object_set_string_member (progress, "current_node", node_id);
      json_object_set_string_member (progress, "current_node_class", class_type);
      json_object_set_int_member (progress, "step", job->step);
      json_object_set_int_member (progress, "steps", SANDBOX_JOB_STEPS);
      json_object_set_string_member (progress, "message", message);
    }

  return progress;
}

static JsonObject *
output_to_json (SandboxServer *server,
                SandboxFile   *file)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "node_id", file->node_id);
  json_object_set_string_member (object, "name", file->name);
  json_object_set_string_member (object, "type", "image");
  json_object_set_string_member (object, "content_type", file->mime_type);
  json_object_set_int_member (object, "size_bytes", file->size);
  json_object_set_string_member (object, "id", file->id);
  json_object_set_null_member (object, "hash");
  json_object_set_string_member (object, "job_id", file->job_id);
  set_link (object, server, file);

  return object;
}

static JsonObject *
urls_to_json (SandboxJob *job)
{
  JsonObject *urls = json_object_new ();
  /* host-relative, as a client must be able to take them */
  g_autofree char *self = g_strconcat (SANDBOX_V2_PATH "/jobs/", job->id, NULL);
  g_autofree char *events = g_strconcat (self, "/events", NULL);
  g_autofree char *cancel = g_strconcat (self, "/cancel", NULL);

  json_object_set_string_member (urls, "self", self);
  json_object_set_string_member (urls, "events", events);
  json_object_set_string_member (urls, "cancel", cancel);

  return urls;
}

static void
set_error (JsonObject *object,
           SandboxJob *job)
{
  JsonObject *error = json_object_new ();

  json_object_set_string_member (error, "code", job->error_code);
  json_object_set_string_member (error, "message", job->error_message);
  if (job->error_node_id != NULL)
    {
      json_object_set_string_member (error, "node_id", job->error_node_id);
      json_object_set_string_member (error, "class_type",
                                     comfy_workflow_get_class (job->workflow, job->error_node_id));
    }
  json_object_set_object_member (object, "error", error);
}

static JsonObject *
job_to_json (SandboxServer *server,
             SandboxJob    *job)
{
  static const char *const states[] = {
    "queued", "running", "canceling", "succeeded", "failed", "canceled"
  };
  JsonObject *object = json_object_new ();
  JsonArray *outputs = json_array_new ();
  g_autoptr(GDateTime) expires = g_date_time_add_seconds (job->created, RETENTION_SECONDS);

  for (unsigned int i = 0; i < job->outputs->len; i++)
    json_array_add_object_element (outputs,
                                   output_to_json (server, g_ptr_array_index (job->outputs, i)));

  json_object_set_string_member (object, "id", job->id);
  json_object_set_string_member (object, "status", states[job->state]);
  sandbox_json_set_time (object, "created_at", job->created);
  sandbox_json_set_time (object, "started_at", job->started);
  sandbox_json_set_time (object, "completed_at", job->ended);
  sandbox_json_set_time (object, "expires_at", expires);
  json_object_set_null_member (object, "queue_position");
  if (job->state == SANDBOX_JOB_PENDING)
    json_object_set_int_member (object, "queue_position",
                                sandbox_engine_get_position (server->engine, job));
  json_object_set_null_member (object, "progress");
  if (job->started != NULL)
    json_object_set_object_member (object, "progress", progress_to_json (job));
  json_object_set_array_member (object, "outputs", outputs);
  json_object_set_null_member (object, "error");
  if (job->state == SANDBOX_JOB_FAILED)
    set_error (object, job);
  json_object_set_object_member (object, "urls", urls_to_json (job));

  return object;
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

  if (!check_body (request, body) || !claim_key (request))
    return;

  job = sandbox_engine_submit (server->engine, request->account,
                               json_object_get_member (json_node_get_object (body), "workflow"), "",
                               NULL, sandbox_request_get_header (request, "Idempotency-Key"),
                               &refusal);
  if (job != NULL)
    {
      sandbox_request_reply (request, 201, job_to_json (server, job));
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
  if (job == NULL)
    reply_not_found (request);
  else if (events_id != NULL)
    sandbox_request_reply_error (request, 501, "not_implemented", "Events are not served", NULL);
  else if (workflow_id != NULL)
    reply_workflow (request, job);
  else
    {
      if (cancel_id != NULL)
        sandbox_engine_cancel (request->server->engine, job);
      sandbox_request_reply (request, 200, job_to_json (request->server, job));
    }

  return TRUE;
}

/* What is asked of one asset; → whether the path was one */
static gboolean
handle_asset (SandboxRequest *request)
{
  static const char prefix[] = SANDBOX_V2_PATH "/assets/";
  g_autofree char *content_id = sandbox_request_dup_id (request, "GET", prefix, "/content");
  g_autofree char *delete_id = sandbox_request_dup_id (request, "DELETE", prefix, "");
  g_autofree char *get_id = sandbox_request_dup_id (request, "GET", prefix, "");
  const char *id = content_id != NULL ? content_id : delete_id != NULL ? delete_id : get_id;
  SandboxFile *file;

  if (id == NULL)
    return FALSE;

  file = sandbox_store_lookup (request->server->store, request->account, id);
  if (file == NULL)
    reply_not_found (request);
  else if (content_id != NULL)
    reply_content (request, file);
  else if (get_id != NULL)
    sandbox_request_reply (request, 200, asset_to_json (request->server, file));
  else if (file->job_id != NULL || sandbox_engine_uses (request->server->engine, file))
    sandbox_request_reply_error (request, 409, "asset_in_use", "The asset is in use", NULL);
  else
    {
      sandbox_store_remove (request->server->store, file);
      sandbox_request_reply (request, 204, NULL);
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
  if (request->upload != NULL)
    create_asset (request);
  else if (sandbox_request_is (request, "POST", SANDBOX_V2_PATH "/assets/from-hash"))
    sandbox_request_reply_error (request, 404, "blob_not_found", "No such blob", NULL);
  else if (sandbox_request_is (request, "POST", SANDBOX_V2_PATH "/jobs"))
    create_job (request);
  else if (!handle_job (request) && !handle_asset (request))
    reply_not_found (request);
}
