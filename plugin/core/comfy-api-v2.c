/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Comfy API v2. It tells the place in the queue and the progress of a job when asked, and by
 * itself where the server does events; but it has no account, no list of jobs, and takes an
 * Idempotency-Key only once: an unclear submit stays unclear. Answers carry links, which are
 * followed rather than built, as its document asks.
 */
#define G_LOG_DOMAIN "comfy-api-v2"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-api-call-private.h"
#include "comfy-api-json-private.h"
#include "comfy-api-v2-events-private.h"
#include "comfy-api-v2-private.h"
#include "comfy-error.h"
#include "comfy-json-private.h"

static void comfy_api_v2_iface_init (ComfyApiInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ComfyApiV2, comfy_api_v2, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (COMFY_TYPE_API, comfy_api_v2_iface_init))

static ComfyApiFlags
comfy_api_v2_get_flags (ComfyApi *api)
{
  ComfyApiV2 *self = COMFY_API_V2 (api);

  return COMFY_API_QUEUE_PLACE | COMFY_API_PROGRESS | COMFY_API_LENDS_KEY
         | (g_get_monotonic_time () >= self->mute_until ? COMFY_API_EVENTS : 0)
         | (g_get_monotonic_time () >= self->no_nodes_until ? COMFY_API_NODES : 0);
}

static const char *
comfy_api_v2_get_name (ComfyApi *api)
{
  return _("Comfy API v2");
}

/**
 * comfy_api_v2_dup_path:
 * @endpoint: the environment
 * @collection: such as "jobs/"
 * @id: (nullable): as a server gave it
 * @rest: such as "/cancel"
 *
 * Returns: (transfer full): a reference for the transport
 */
char *
comfy_api_v2_dup_path (ComfyEndpoint *endpoint,
                       const char    *collection,
                       const char    *id,
                       const char    *rest)
{
  gboolean         is_base = g_str_has_suffix (comfy_endpoint_get_base_url (endpoint), "/api/v2");
  g_autofree char *start = g_strconcat (is_base ? "" : "/api/v2/", collection, NULL);

  return id != NULL ? comfy_api_path (start, id, rest) : g_strconcat (start, rest, NULL);
}

static char *
path_for (ComfyApiCall *call,
          const char   *collection,
          const char   *id,
          const char   *rest)
{
  return comfy_api_v2_dup_path (comfy_transport_get_endpoint (call->transport), collection, id,
                                rest);
}

/* Links of other origins are not followed: the key would not go with them anyway */
static void
learn_link (ComfyApiV2 *self,
            const char *job_id,
            const char *relation,
            JsonObject *urls)
{
  const char      *reference = comfy_json_get_string (urls, relation);
  ComfyEndpoint   *endpoint = comfy_transport_get_endpoint (self->transport);
  g_autofree char *url = NULL;

  if (reference == NULL || reference[0] == '\0')
    return;

  url = comfy_endpoint_resolve (endpoint, reference);
  if (comfy_endpoint_covers (endpoint, url))
    g_hash_table_replace (self->links, g_strdup_printf ("%s %s", relation, job_id),
                          g_steal_pointer (&url));
}

/**
 * comfy_api_v2_learn_links:
 * @job: a job
 * @node: what the server said of it
 *
 * Keeps where the server wants to be asked about the job.
 */
void
comfy_api_v2_learn_links (ComfyApiV2     *self,
                          ComfyRemoteJob *job,
                          JsonNode       *node)
{
  JsonObject *urls = comfy_json_get_object (json_node_get_object (node), "urls");

  if (urls == NULL)
    return;

  learn_link (self, job->id, "self", urls);
  learn_link (self, job->id, "cancel", urls);
  learn_link (self, job->id, "events", urls);
}

static char *
dup_link (ComfyApiV2 *self,
          const char *relation,
          const char *job_id,
          const char *rest)
{
  g_autofree char *key = g_strdup_printf ("%s %s", relation, job_id);
  const char      *known = g_hash_table_lookup (self->links, key);

  return known != NULL ? g_strdup (known)
                       : comfy_api_v2_dup_path (comfy_transport_get_endpoint (self->transport),
                                                "jobs/", job_id, rest);
}

/**
 * comfy_api_v2_is_without_hashes:
 * @status: of an answer to HEAD /assets/by-hash/…
 *
 * Returns: whether the server does not find files by their hash, as some deployments do not
 */
gboolean
comfy_api_v2_is_without_hashes (unsigned int status)
{
  return status == SOUP_STATUS_METHOD_NOT_ALLOWED || status == SOUP_STATUS_NOT_IMPLEMENTED;
}

static DexFuture *
account_fiber (gpointer data)
{
  ComfyApiCall             *call = data;
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyResponse)  response = NULL;
  g_autofree char          *path = path_for (call, "assets/by-hash/", COMFY_API_V2_NO_ASSET, "");
  g_autofree char          *job_path = path_for (call, "jobs/", COMFY_API_V2_NO_JOB, "");

  response = comfy_api_await_verdict (call, "HEAD", path, &error);
  if (response != NULL && comfy_api_v2_is_without_hashes (response->status))
    {
      g_clear_pointer (&response, comfy_response_unref);
      response = comfy_api_await_verdict (call, "GET", job_path, &error);
    }
  if (response != NULL && response->status >= 300 && response->status != 404)
    error = comfy_transport_dup_error (call->transport, response);
  if (error != NULL)
    return comfy_api_call_reject_basic (call, g_steal_pointer (&error));

  return dex_future_new_take_boxed (COMFY_TYPE_ACCOUNT, comfy_account_new (NULL));
}

static DexFuture *
comfy_api_v2_get_account (ComfyApi *api)
{
  return comfy_api_call_spawn (comfy_api_call_new (api, COMFY_API_V2 (api)->transport, NULL),
                               account_fiber);
}

/**
 * comfy_api_v2_note_asset:
 * @name: how a graph names it
 * @id: the asset
 *
 * From now on a graph that names the file is sent with the asset.
 */
void
comfy_api_v2_note_asset (ComfyApiV2 *self,
                         const char *name,
                         const char *id)
{
  g_hash_table_replace (self->assets, g_strdup (name), g_strdup (id));
}

static DexFuture *
comfy_api_v2_upload (ComfyApi      *api,
                     const char    *path,
                     const char    *file_name,
                     const char    *content_type,
                     ComfyProgress *progress)
{
  ComfyApiCall *call = comfy_api_call_new (api, COMFY_API_V2 (api)->transport, NULL);

  call->path = g_strdup (path);
  call->file_name = g_strdup (file_name);
  call->content_type = g_strdup (content_type);
  g_set_object (&call->progress, progress);

  return comfy_api_call_spawn (call, comfy_api_v2_upload_fiber);
}

static DexFuture *
comfy_api_v2_check_upload (ComfyApi          *api,
                           const ComfyUpload *upload)
{
  ComfyApiCall *call = comfy_api_call_new (api, COMFY_API_V2 (api)->transport, upload->id);

  call->file_name = g_strdup (upload->name);

  return comfy_api_call_spawn (call, comfy_api_v2_check_fiber);
}

static DexFuture *
comfy_api_v2_delete_upload (ComfyApi   *api,
                            const char *upload_id)
{
  return comfy_api_call_spawn (comfy_api_call_new (api, COMFY_API_V2 (api)->transport, upload_id),
                               comfy_api_v2_delete_fiber);
}

static DexFuture *
comfy_api_v2_submit (ComfyApi      *api,
                     ComfyWorkflow *workflow,
                     const char    *tag,
                     const char    *idempotency_key,
                     gboolean       lends_key)
{
  ComfyApiCall *call = comfy_api_call_new (api, COMFY_API_V2 (api)->transport, tag);

  call->workflow = g_object_ref (workflow);
  call->key = g_strdup (idempotency_key);
  call->lends_key = lends_key;

  return comfy_api_call_spawn (call, comfy_api_v2_submit_fiber);
}

static DexFuture *
finish_job (ComfyApiCall *call,
            DexFuture    *response)
{
  g_autoptr(GError)         error = NULL;
  g_autoptr(JsonNode)       node = NULL;
  ComfyRemoteJob           *job = NULL;

  if ((node = comfy_api_await_json (response, &error)) != NULL)
    job = comfy_remote_job_new_from_json (node, &error);
  if (job == NULL)
    return comfy_api_call_reject (call, g_steal_pointer (&error));

  comfy_api_v2_learn_links (COMFY_API_V2 (call->api), job, node);

  return dex_future_new_take_boxed (COMFY_TYPE_REMOTE_JOB, job);
}

static DexFuture *
job_fiber (gpointer data)
{
  ComfyApiCall    *call = data;
  g_autofree char *url = dup_link (COMFY_API_V2 (call->api), "self", call->name, "");

  return finish_job (call, comfy_transport_send (call->transport, "GET", url, NULL, NULL,
                                                 COMFY_TRANSPORT_REPEATABLE));
}

static DexFuture *
comfy_api_v2_get_job (ComfyApi   *api,
                      const char *job_id)
{
  return comfy_api_call_spawn (comfy_api_call_new (api, COMFY_API_V2 (api)->transport, job_id),
                               job_fiber);
}

static DexFuture *
comfy_api_v2_find_jobs (ComfyApi   *api,
                        const char *tag)
{
  return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_NOT_SUPPORTED, NULL,
                                                    _("This server does not list jobs.")));
}

static DexFuture *
cancel_fiber (gpointer data)
{
  ComfyApiCall    *call = data;
  g_autofree char *url = dup_link (COMFY_API_V2 (call->api), "cancel", call->name, "/cancel");

  return finish_job (call, comfy_transport_send (call->transport, "POST", url, NULL, NULL,
                                                 COMFY_TRANSPORT_REPEATABLE));
}

static DexFuture *
comfy_api_v2_cancel (ComfyApi   *api,
                     const char *job_id)
{
  return comfy_api_call_spawn (comfy_api_call_new (api, COMFY_API_V2 (api)->transport, job_id),
                               cancel_fiber);
}

static void
events_refused_cb (ComfyApiV2 *self,
                   gint64      until)
{
  self->mute_until = MAX (self->mute_until, until);
}

static DexFuture *
comfy_api_v2_watch (ComfyApi   *api,
                    const char *job_id)
{
  ComfyApiV2       *self = COMFY_API_V2 (api);
  g_autofree char  *url = NULL;
  ComfyEventStream *stream;

  if ((comfy_api_get_flags (api) & COMFY_API_EVENTS) != 0)
    {
      url = dup_link (self, "events", job_id, "/events");
      stream = comfy_api_v2_events_new (self->transport, url, NULL);
      g_signal_connect_object (stream, "refused", G_CALLBACK (events_refused_cb), self,
                               G_CONNECT_SWAPPED);
      return dex_future_new_take_object (stream);
    }

  return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_NOT_SUPPORTED, NULL,
                                                    _("This server does not tell of jobs by "
                                                      "itself.")));
}

static DexFuture *
comfy_api_v2_download (ComfyApi                *api,
                       const ComfyRemoteOutput *output,
                       const char              *path,
                       ComfyProgress           *progress)
{
  ComfyApiCall *call = comfy_api_call_new (api, COMFY_API_V2 (api)->transport, NULL);

  call->output = comfy_remote_output_copy (output);
  call->path = g_strdup (path);
  g_set_object (&call->progress, progress);

  return comfy_api_call_spawn (call, comfy_api_v2_download_fiber);
}

static DexFuture *
comfy_api_v2_get_nodes (ComfyApi   *api,
                        const char *path)
{
  ComfyApiCall *call = comfy_api_call_new (api, COMFY_API_V2 (api)->transport, NULL);

  call->path = g_strdup (path);

  return comfy_api_call_spawn (call, comfy_api_nodes_fiber);
}

static void
comfy_api_v2_recall (ComfyApi   *api,
                     const char *flag)
{
  ComfyApiV2 *self = COMFY_API_V2 (api);

  if (g_str_equal (flag, COMFY_SERVER_NAMES_ONLY))
    self->names_only = TRUE;
  else if (g_str_equal (flag, COMFY_SERVER_NO_NODES))
    self->no_nodes_until = g_get_monotonic_time () + COMFY_API_DAY;
}

static void
comfy_api_v2_finalize (GObject *object)
{
  ComfyApiV2 *self = COMFY_API_V2 (object);

  g_clear_object (&self->transport);
  g_hash_table_unref (self->assets);
  g_hash_table_unref (self->links);

  G_OBJECT_CLASS (comfy_api_v2_parent_class)->finalize (object);
}

static void
comfy_api_v2_class_init (ComfyApiV2Class *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_api_v2_finalize;
}

static void
comfy_api_v2_init (ComfyApiV2 *self)
{
  self->assets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->hash_func = comfy_blake3_get_func ();
  self->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
comfy_api_v2_iface_init (ComfyApiInterface *iface)
{
  iface->get_flags = comfy_api_v2_get_flags;
  iface->get_name = comfy_api_v2_get_name;
  iface->get_account = comfy_api_v2_get_account;
  iface->upload = comfy_api_v2_upload;
  iface->check_upload = comfy_api_v2_check_upload;
  iface->delete_upload = comfy_api_v2_delete_upload;
  iface->submit = comfy_api_v2_submit;
  iface->get_job = comfy_api_v2_get_job;
  iface->find_jobs = comfy_api_v2_find_jobs;
  iface->cancel = comfy_api_v2_cancel;
  iface->watch = comfy_api_v2_watch;
  iface->download = comfy_api_v2_download;
  iface->get_nodes = comfy_api_v2_get_nodes;
  iface->recall = comfy_api_v2_recall;
}

/**
 * comfy_api_v2_new:
 * @transport: of the environment and the key
 *
 * Returns: (transfer full): the API; nothing is sent yet
 */
ComfyApi *
comfy_api_v2_new (ComfyTransport *transport)
{
  ComfyApiV2 *self;

  g_return_val_if_fail (COMFY_IS_TRANSPORT (transport), NULL);

  self = g_object_new (COMFY_TYPE_API_V2, NULL);
  self->transport = g_object_ref (transport);
  comfy_api_follow (COMFY_API (self), transport);

  return COMFY_API (self);
}
