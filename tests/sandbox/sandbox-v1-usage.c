/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What jobs cost, as Developer API v1 tells it: with the job, and for the account. Both are what
 * the ledger says that was charged. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "sandbox-v1.h"

/* Jobs are charged when they are submitted; one that never ran gets it back. */
static gboolean
is_charged (SandboxJob *job)
{
  return job->started != NULL || !sandbox_job_is_over (job);
}

static double
get_gpu_seconds (SandboxJob *job)
{
  return job->started != NULL && job->ended != NULL
           ? (double) g_date_time_difference (job->ended, job->started) / G_USEC_PER_SEC : 0;
}

/**
 * sandbox_v1_add_usage:
 * @object: a Job of @job
 *
 * Adds its JobUsage once it ran and has ended. The document names nothing of what an event's
 * properties hold; what is there has the names of AccountUsage.
 */
void
sandbox_v1_add_usage (SandboxServer *server,
                      SandboxJob    *job,
                      JsonObject    *object)
{
  JsonObject *usage;
  JsonObject *event;
  JsonObject *properties;
  JsonArray  *events;

  if (server->hides_usage || job->started == NULL || !sandbox_job_is_over (job))
    return;

  usage = json_object_new ();
  event = json_object_new ();
  properties = json_object_new ();
  events = json_array_new ();
  json_object_set_double_member (properties, "gpu_seconds", get_gpu_seconds (job));
  json_object_set_int_member (properties, "credits_used", job->engine->cost);
  sandbox_json_set_time (event, "timestamp", job->ended);
  json_object_set_string_member (event, "event_type", "gpu_compute");
  json_object_set_object_member (event, "properties", properties);
  json_array_add_object_element (events, event);
  json_object_set_array_member (usage, "events", events);
  json_object_set_object_member (object, "usage", usage);
}

/**
 * sandbox_v1_reply_usage:
 * @request: GET /account/usage
 * @period: (nullable): day, week or month, which is the default
 *
 * Answers with what the account used in the time before now.
 */
void
sandbox_v1_reply_usage (SandboxRequest *request,
                        const char     *period)
{
  SandboxEngine *engine = request->server->engine;
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  const char *name = period != NULL ? period : "month";
  int days = g_str_equal (name, "day") ? 1 : g_str_equal (name, "week") ? 7 : 30;
  JsonObject *body = json_object_new ();
  unsigned int n_completed = 0;
  unsigned int n_failed = 0;
  double seconds = 0;
  gint64 credits_used = 0;

  for (unsigned int i = 0; i < engine->jobs->len; i++)
    {
      SandboxJob *job = g_ptr_array_index (engine->jobs, i);

      if (job->account != request->account
          || g_date_time_difference (now, job->created) > days * G_TIME_SPAN_DAY)
        continue;

      n_completed += job->state == SANDBOX_JOB_COMPLETED;
      n_failed += job->state == SANDBOX_JOB_FAILED;
      seconds += get_gpu_seconds (job);
      credits_used += is_charged (job) ? engine->cost : 0;
    }

  json_object_set_string_member (body, "period", name);
  json_object_set_int_member (body, "jobs_completed", n_completed);
  json_object_set_int_member (body, "jobs_failed", n_failed);
  json_object_set_double_member (body, "gpu_seconds", seconds);
  json_object_set_int_member (body, "credits_used", credits_used);
  sandbox_request_reply (request, 200, body);
}
