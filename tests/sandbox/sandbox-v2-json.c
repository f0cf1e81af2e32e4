/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What Comfy API v2 says of assets and jobs. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "comfy-workflow-private.h"
#include "sandbox-v2.h"

static void
set_link (JsonObject    *object,
          SandboxServer *server,
          SandboxFile   *file)
{
  g_autofree char *link =
    server->flavour == COMFY_SANDBOX_PROXY
    ? g_strconcat (server->base_url, SANDBOX_V2_PATH "/assets/", file->id, "/content", NULL)
    : sandbox_server_dup_link (server, file);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) expires =
    g_date_time_add_seconds (now, server->options.link_seconds);

  json_object_set_string_member (object, "url", link);
  sandbox_json_set_time (object, "url_expires_at", expires);
}

/**
 * sandbox_v2_asset_to_json:
 *
 * Returns: (transfer full): an Asset, with a fresh link
 */
JsonObject *
sandbox_v2_asset_to_json (SandboxServer *server,
                          SandboxFile   *file)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", file->id);
  json_object_set_string_member (object, "hash", file->hash);
  json_object_set_int_member (object, "size_bytes", file->size);
  json_object_set_string_member (object, "content_type", file->mime_type);
  json_object_set_string_member (object, "file_path", file->name);
  sandbox_json_set_time (object, "created_at", file->created);
  set_link (object, server, file);
  if (file->expires > 0)
    {
      g_autoptr(GDateTime) expires = g_date_time_new_from_unix_utc (file->expires);

      sandbox_json_set_time (object, "expires_at", expires);
    }
  if (file->job_id != NULL)
    json_object_set_string_member (object, "job_id", file->job_id);

  return object;
}

/**
 * sandbox_v2_progress_to_json:
 * @job: one that was started
 *
 * Returns: (transfer full): a Progress
 */
JsonObject *
sandbox_v2_progress_to_json (SandboxJob *job)
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

/**
 * sandbox_v2_output_to_json:
 *
 * Returns: (transfer full): an Output, with a fresh link
 */
JsonObject *
sandbox_v2_output_to_json (SandboxServer *server,
                           SandboxFile   *file)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "node_id", file->node_id);
  json_object_set_string_member (object, "name", file->name);
  json_object_set_string_member (object, "type", sandbox_file_get_kind (file));
  json_object_set_string_member (object, "content_type", file->mime_type);
  json_object_set_int_member (object, "size_bytes", file->size);
  json_object_set_string_member (object, "id", file->id);
  /* as the contract allows where things must be quick; the asset tells it */
  json_object_set_null_member (object, "hash");
  json_object_set_string_member (object, "job_id", file->job_id);
  set_link (object, server, file);

  return object;
}

static JsonObject *
urls_to_json (SandboxServer *server,
              SandboxJob    *job)
{
  JsonObject *urls = json_object_new ();
  /* host-relative, as a client must be able to take them */
  g_autofree char *self = g_strconcat (sandbox_flavour_get_prefix (server),
                                       SANDBOX_V2_PATH "/jobs/", job->id, NULL);
  g_autofree char *events = g_strconcat (self, "/events", NULL);
  g_autofree char *cancel = g_strconcat (self, "/cancel", NULL);

  json_object_set_string_member (urls, "self", self);
  json_object_set_string_member (urls, "events", events);
  json_object_set_string_member (urls, "cancel", cancel);

  return urls;
}

static void
set_metric (JsonObject *metrics,
            const char *name,
            GDateTime  *from,
            GDateTime  *to)
{
  if (from != NULL && to != NULL)
    json_object_set_int_member (metrics, name, g_date_time_difference (to, from) / 1000);
  else
    json_object_set_null_member (metrics, name);
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

/**
 * sandbox_v2_get_status:
 *
 * Returns: (transfer none): the JobStatus
 */
const char *
sandbox_v2_get_status (SandboxJob *job)
{
  static const char *const states[] = {
    "queued", "running", "canceling", "succeeded", "failed", "canceled"
  };

  return job->expired ? "expired" : states[job->state];
}

/**
 * sandbox_v2_job_to_json:
 *
 * Returns: (transfer full): a Job
 */
JsonObject *
sandbox_v2_job_to_json (SandboxServer *server,
                        SandboxJob    *job)
{
  JsonObject *object = json_object_new ();
  JsonObject *metrics = json_object_new ();
  JsonArray *outputs = json_array_new ();
  g_autoptr(GDateTime) expires =
    g_date_time_add_seconds (job->created, server->options.retention_seconds);

  for (unsigned int i = 0; i < job->outputs->len; i++)
    json_array_add_object_element (outputs,
                                   sandbox_v2_output_to_json (server,
                                                              g_ptr_array_index (job->outputs,
                                                                                 i)));

  json_object_set_string_member (object, "id", job->id);
  json_object_set_string_member (object, "status", sandbox_v2_get_status (job));
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
    json_object_set_object_member (object, "progress", sandbox_v2_progress_to_json (job));
  json_object_set_array_member (object, "outputs", outputs);
  json_object_set_null_member (object, "error");
  if (job->state == SANDBOX_JOB_FAILED)
    set_error (object, job);
  set_metric (metrics, "queue_ms", job->created, job->started);
  set_metric (metrics, "execution_ms", job->started, job->ended);
  json_object_set_object_member (object, "metrics", metrics);
  json_object_set_object_member (object, "urls", urls_to_json (server, job));

  return object;
}

