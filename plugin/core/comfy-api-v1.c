/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Developer API v1. It has an account, a list of jobs by tag and Idempotency-Keys that give the
 * same job again, so that an unclear submit can be cleared up; progress comes over the WebSocket
 * alone (comfy-api-v1-events). Files are in comfy-api-v1-files.
 */
#define G_LOG_DOMAIN "comfy-api-v1"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-api-call-private.h"
#include "comfy-api-json-private.h"
#include "comfy-api-v1-events-private.h"
#include "comfy-api-v1-files-private.h"
#include "comfy-api-v1-private.h"
#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-server-memory-private.h"
#include "comfy-workflow-private.h"

#define PAGE      100 /* items asked for at once: the most that the document allows */
#define MAX_PAGES 50

static void comfy_api_v1_iface_init (ComfyApiInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ComfyApiV1, comfy_api_v1, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (COMFY_TYPE_API, comfy_api_v1_iface_init))

static ComfyApiFlags
comfy_api_v1_get_flags (ComfyApi *api)
{
  ComfyApiV1 *self = COMFY_API_V1 (api);
  gint64      now = g_get_monotonic_time ();

  return COMFY_API_ACCOUNT | COMFY_API_LIST | COMFY_API_REPLAY | COMFY_API_EVENTS
         | (now >= self->no_nodes_until ? COMFY_API_NODES : 0)
         | (now >= self->no_validate_until ? COMFY_API_VALIDATE : 0)
         | (now >= self->no_usage_until ? COMFY_API_USAGE : 0)
         | (now >= self->no_browse_until ? COMFY_API_BROWSE : 0)
         | (now >= self->no_delete_until ? COMFY_API_DELETE : 0);
}

static const char *
comfy_api_v1_get_name (ComfyApi *api)
{
  return _("Developer API v1");
}

static DexFuture *
get (ComfyApiCall *call,
     const char   *path)
{
  return comfy_transport_send (call->transport, "GET", path, NULL, NULL,
                               COMFY_TRANSPORT_REPEATABLE);
}

static DexFuture *
account_fiber (gpointer data)
{
  ComfyApiCall             *call = data;
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyResponse)  response = comfy_api_await_verdict (call, "GET", "account", &error);
  ComfyAccount             *account = NULL;

  if (response != NULL && response->status >= 400)
    error = comfy_transport_dup_error (call->transport, response);
  else if (response != NULL)
    account = comfy_account_new_from_json (response->json, &error);
  if (account == NULL)
    return comfy_api_call_reject_basic (call, g_steal_pointer (&error));

  return dex_future_new_take_boxed (COMFY_TYPE_ACCOUNT, account);
}

static DexFuture *
comfy_api_v1_get_account (ComfyApi *api)
{
  return comfy_api_call_spawn (comfy_api_call_new (api, COMFY_API_V1 (api)->transport, NULL),
                               account_fiber);
}

/* Appends every item of a list to @all. A list that does not end is an error: who asks whether a
 * job exists must not be told that none does. */
static gboolean
await_list (ComfyApiCall  *call,
            const char    *path,
            const char    *query,
            const char    *member,
            JsonArray     *all,
            GError       **error)
{
  for (unsigned int page = 0; page < MAX_PAGES; page++)
    {
      g_autofree char     *url = g_strdup_printf ("%s?%slimit=%d&offset=%u", path, query, PAGE,
                                                  json_array_get_length (all));
      g_autoptr(JsonNode)  node = comfy_api_await_json (get (call, url), error);
      JsonObject          *object = node != NULL ? json_node_get_object (node) : NULL;
      JsonArray           *items = object != NULL ? comfy_json_get_array (object, member) : NULL;

      if (node == NULL)
        return FALSE;
      if (items == NULL)
        break;

      for (unsigned int i = 0; i < json_array_get_length (items); i++)
        json_array_add_element (all, json_array_dup_element (items, i));

      if (!comfy_json_get_boolean (object, "has_more", FALSE))
        return TRUE;
      if (json_array_get_length (items) == 0)
        break;
    }

  comfy_api_json_set_error (error, "a list that is none, or does not end");

  return FALSE;
}

static DexFuture *
submit_fiber (gpointer data)
{
  ComfyApiCall         *call = data;
  g_autoptr(GError)     error = NULL;
  g_autoptr(JsonNode)   body = json_node_new (JSON_NODE_OBJECT);
  JsonObject           *object = json_object_new ();
  JsonArray            *tags = json_array_new ();
  ComfyRemoteJob       *job;

  json_node_take_object (body, object);
  json_array_add_string_element (tags, call->name);
  json_object_set_member (object, "workflow",
                          json_node_copy (comfy_workflow_get_node (call->workflow)));
  json_object_set_array_member (object, "tags", tags);

  job = comfy_api_await_submit (call, "jobs", body, call->workflow, NULL, &error);
  if (job == NULL)
    return comfy_api_call_reject_basic (call, g_steal_pointer (&error));

  return dex_future_new_take_boxed (COMFY_TYPE_REMOTE_JOB, job);
}

static DexFuture *
comfy_api_v1_submit (ComfyApi      *api,
                     ComfyWorkflow *workflow,
                     const char    *tag,
                     const char    *idempotency_key,
                     gboolean       lends_key)
{
  ComfyApiCall *call = comfy_api_call_new (api, COMFY_API_V1 (api)->transport, tag);

  call->workflow = g_object_ref (workflow);
  call->key = g_strdup (idempotency_key);

  return comfy_api_call_spawn (call, submit_fiber);
}

/* A job may leave its outputs to an endpoint of their own */
static ComfyRemoteJob *
await_job_with_outputs (ComfyApiCall  *call,
                        GError       **error)
{
  g_autofree char           *path = comfy_api_path ("jobs/", call->name, "");
  g_autofree char           *outputs_path = comfy_api_path ("jobs/", call->name, "/outputs");
  g_autoptr(JsonArray)       outputs = json_array_new ();
  g_autoptr(ComfyRemoteJob)  job = comfy_api_await_job (get (call, path), error);

  if (job == NULL)
    return NULL;
  if (job->status == COMFY_REMOTE_SUCCEEDED && job->outputs->len == 0)
    {
      if (!await_list (call, outputs_path, "", "outputs", outputs, error))
        return NULL;
      comfy_remote_job_add_outputs (job, outputs);
    }

  return g_steal_pointer (&job);
}

static DexFuture *
job_fiber (gpointer data)
{
  ComfyApiCall      *call = data;
  g_autoptr(GError)  error = NULL;
  ComfyRemoteJob    *job = await_job_with_outputs (call, &error);

  if (job == NULL)
    return comfy_api_call_reject (call, g_steal_pointer (&error));

  return dex_future_new_take_boxed (COMFY_TYPE_REMOTE_JOB, job);
}

static DexFuture *
comfy_api_v1_get_job (ComfyApi   *api,
                      const char *job_id)
{
  return comfy_api_call_spawn (comfy_api_call_new (api, COMFY_API_V1 (api)->transport, job_id),
                               job_fiber);
}

/* Whether a job is ours. A server may not know the filter and list every job of the account: one
 * that does not show the tag is not adopted. */
static gboolean
has_tag (JsonNode   *node,
         const char *tag)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonArray  *tags = object != NULL ? comfy_json_get_array (object, "tags") : NULL;

  for (unsigned int i = 0; tags != NULL && i < json_array_get_length (tags); i++)
    {
      JsonNode *element = json_array_get_element (tags, i);

      if (comfy_json_node_is_string (element) && g_str_equal (json_node_get_string (element), tag))
        return TRUE;
    }

  return FALSE;
}

static DexFuture *
find_fiber (gpointer data)
{
  ComfyApiCall          *call = data;
  g_autoptr(GError)      error = NULL;
  g_autoptr(JsonArray)   items = json_array_new ();
  g_autoptr(GPtrArray)   jobs = NULL;
  g_autofree char       *tag = g_uri_escape_string (call->name, NULL, FALSE);
  g_autofree char       *query = g_strdup_printf ("tags=%s&", tag);

  if (!await_list (call, "jobs", query, "jobs", items, &error))
    return comfy_api_call_reject (call, g_steal_pointer (&error));

  jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_remote_job_unref);
  for (unsigned int i = 0; i < json_array_get_length (items); i++)
    {
      JsonNode       *item = json_array_get_element (items, i);
      ComfyRemoteJob *job;

      if (!has_tag (item, call->name))
        continue;
      if ((job = comfy_remote_job_new_from_json (item, &error)) == NULL)
        return comfy_api_call_reject (call, g_steal_pointer (&error));
      g_ptr_array_add (jobs, job);
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&jobs));
}

static DexFuture *
comfy_api_v1_find_jobs (ComfyApi   *api,
                        const char *tag)
{
  return comfy_api_call_spawn (comfy_api_call_new (api, COMFY_API_V1 (api)->transport, tag),
                               find_fiber);
}

/* 400: it has ended, or cannot be cancelled any more. Then, and when the answer is not the job,
 * what the job says is the answer. */
static DexFuture *
cancel_fiber (gpointer data)
{
  ComfyApiCall             *call = data;
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyResponse)  response = NULL;
  g_autofree char          *path = comfy_api_path ("jobs/", call->name, "/cancel");
  ComfyRemoteJob           *job = NULL;

  response = dex_await_boxed (comfy_transport_send (call->transport, "POST", path, NULL, NULL,
                                                    COMFY_TRANSPORT_REPEATABLE
                                                    | COMFY_TRANSPORT_KEEP_REFUSALS), &error);
  if (response == NULL)
    return comfy_api_call_reject (call, g_steal_pointer (&error));

  if (response->status < 400)
    job = comfy_remote_job_new_from_json (response->json, NULL);
  if (job == NULL)
    job = await_job_with_outputs (call, &error);
  if (job == NULL)
    return comfy_api_call_reject (call, g_steal_pointer (&error));

  return dex_future_new_take_boxed (COMFY_TYPE_REMOTE_JOB, job);
}

static DexFuture *
comfy_api_v1_cancel (ComfyApi   *api,
                     const char *job_id)
{
  return comfy_api_call_spawn (comfy_api_call_new (api, COMFY_API_V1 (api)->transport, job_id),
                               cancel_fiber);
}

static DexFuture *
comfy_api_v1_watch (ComfyApi   *api,
                    const char *job_id)
{
  return dex_future_new_take_object (comfy_api_v1_events_new (COMFY_API_V1 (api)->transport, job_id,
                                                              NULL));
}

static DexFuture *
comfy_api_v1_upload (ComfyApi      *api,
                     const char    *path,
                     const char    *file_name,
                     const char    *content_type,
                     ComfyProgress *progress)
{
  ComfyApiCall *call = comfy_api_call_new (api, COMFY_API_V1 (api)->transport, NULL);

  call->path = g_strdup (path);
  call->file_name = g_strdup (file_name);
  call->content_type = g_strdup (content_type);
  g_set_object (&call->progress, progress);

  return comfy_api_call_spawn (call, comfy_api_v1_upload_fiber);
}

static DexFuture *
comfy_api_v1_check_upload (ComfyApi          *api,
                           const ComfyUpload *upload)
{
  return comfy_api_call_spawn (comfy_api_call_new (api, COMFY_API_V1 (api)->transport, upload->id),
                               comfy_api_v1_check_fiber);
}

static DexFuture *
comfy_api_v1_delete_upload (ComfyApi   *api,
                            const char *upload_id)
{
  return comfy_api_call_spawn (comfy_api_call_new (api, COMFY_API_V1 (api)->transport, upload_id),
                               comfy_api_v1_delete_fiber);
}

static DexFuture *
comfy_api_v1_download (ComfyApi                *api,
                       const ComfyRemoteOutput *output,
                       const char              *path,
                       ComfyProgress           *progress)
{
  ComfyApiCall *call = comfy_api_call_new (api, COMFY_API_V1 (api)->transport, NULL);

  call->output = comfy_remote_output_copy (output);
  call->path = g_strdup (path);
  g_set_object (&call->progress, progress);

  return comfy_api_call_spawn (call, comfy_api_v1_download_fiber);
}

static DexFuture *
comfy_api_v1_get_nodes (ComfyApi   *api,
                        const char *path)
{
  ComfyApiCall *call = comfy_api_call_new (api, COMFY_API_V1 (api)->transport, NULL);

  call->path = g_strdup (path);

  return comfy_api_call_spawn (call, comfy_api_nodes_fiber);
}

static DexFuture *
comfy_api_v1_validate (ComfyApi      *api,
                       ComfyWorkflow *workflow)
{
  ComfyApiCall *call = comfy_api_call_new (api, COMFY_API_V1 (api)->transport, NULL);

  call->workflow = g_object_ref (workflow);

  return comfy_api_call_spawn (call, comfy_api_v1_validate_fiber);
}

static void
comfy_api_v1_recall (ComfyApi   *api,
                     const char *flag)
{
  ComfyApiV1 *self = COMFY_API_V1 (api);

  if (g_str_equal (flag, COMFY_SERVER_NO_NODES))
    self->no_nodes_until = g_get_monotonic_time () + COMFY_API_DAY;
  else if (g_str_equal (flag, COMFY_SERVER_NO_VALIDATE))
    self->no_validate_until = g_get_monotonic_time () + COMFY_API_DAY;
  else if (g_str_equal (flag, COMFY_SERVER_NO_USAGE))
    self->no_usage_until = g_get_monotonic_time () + COMFY_API_DAY;
  else if (g_str_equal (flag, COMFY_SERVER_NO_BROWSE))
    self->no_browse_until = g_get_monotonic_time () + COMFY_API_DAY;
  else if (g_str_equal (flag, COMFY_SERVER_NO_DELETE))
    self->no_delete_until = g_get_monotonic_time () + COMFY_API_DAY;
}

static void
comfy_api_v1_finalize (GObject *object)
{
  g_clear_object (&COMFY_API_V1 (object)->transport);

  G_OBJECT_CLASS (comfy_api_v1_parent_class)->finalize (object);
}

static void
comfy_api_v1_class_init (ComfyApiV1Class *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_api_v1_finalize;
}

static void
comfy_api_v1_init (ComfyApiV1 *self)
{
}

static void
comfy_api_v1_iface_init (ComfyApiInterface *iface)
{
  iface->get_flags = comfy_api_v1_get_flags;
  iface->get_name = comfy_api_v1_get_name;
  iface->get_account = comfy_api_v1_get_account;
  iface->upload = comfy_api_v1_upload;
  iface->check_upload = comfy_api_v1_check_upload;
  iface->delete_upload = comfy_api_v1_delete_upload;
  iface->submit = comfy_api_v1_submit;
  iface->get_job = comfy_api_v1_get_job;
  iface->find_jobs = comfy_api_v1_find_jobs;
  iface->cancel = comfy_api_v1_cancel;
  iface->watch = comfy_api_v1_watch;
  iface->download = comfy_api_v1_download;
  iface->get_nodes = comfy_api_v1_get_nodes;
  iface->validate = comfy_api_v1_validate;
  iface->get_usage = comfy_api_v1_get_usage;
  iface->list_jobs = comfy_api_v1_list_jobs;
  iface->delete_output = comfy_api_v1_delete_output;
  iface->recall = comfy_api_v1_recall;
}

/**
 * comfy_api_v1_new:
 * @transport: of the environment and the key
 *
 * Returns: (transfer full): the API; nothing is sent yet
 */
ComfyApi *
comfy_api_v1_new (ComfyTransport *transport)
{
  ComfyApiV1 *self;

  g_return_val_if_fail (COMFY_IS_TRANSPORT (transport), NULL);

  self = g_object_new (COMFY_TYPE_API_V1, NULL);
  self->transport = g_object_ref (transport);
  comfy_api_follow (COMFY_API (self), transport);

  return COMFY_API (self);
}
