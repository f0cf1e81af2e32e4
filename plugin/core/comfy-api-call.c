/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the calls of every protocol have in common: their arguments on the way into a fiber, their
 * errors on the way out, pauses, and reading an answer as a job.
 */
#define G_LOG_DOMAIN "comfy-api"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-api-call-private.h"
#include "comfy-api-json-private.h"
#include "comfy-error.h"
#include "comfy-fiber-private.h"

#define MAX_DELAY (5 * G_USEC_PER_SEC)

static void
comfy_api_call_free (gpointer data)
{
  ComfyApiCall *self = data;

  g_clear_object (&self->api);
  g_clear_object (&self->transport);
  g_clear_object (&self->workflow);
  g_clear_object (&self->progress);
  g_clear_pointer (&self->output, comfy_remote_output_free);
  g_free (self->name);
  g_free (self->key);
  g_free (self->path);
  g_free (self->file_name);
  g_free (self->content_type);
  g_free (self);
}

/**
 * comfy_api_call_new:
 * @name: (nullable): the job's id, or the tag
 *
 * Returns: (transfer full): a call for comfy_api_call_spawn()
 */
ComfyApiCall *
comfy_api_call_new (ComfyApi       *api,
                    ComfyTransport *transport,
                    const char     *name)
{
  ComfyApiCall *self = g_new0 (ComfyApiCall, 1);

  self->api = g_object_ref (api);
  self->transport = g_object_ref (transport);
  self->name = g_strdup (name);

  return self;
}

/**
 * comfy_api_call_spawn:
 * @self: (transfer full): a call
 * @func: the fiber
 *
 * Returns: (transfer full): the fiber's future; dropping it cancels the fiber
 */
DexFuture *
comfy_api_call_spawn (ComfyApiCall *self,
                      DexFiberFunc  func)
{
  return _comfy_spawn (func, self, comfy_api_call_free);
}

/**
 * comfy_api_call_reject:
 * @error: (transfer full): why, of any domain
 *
 * Returns: (transfer full): what the fiber returns
 */
DexFuture *
comfy_api_call_reject (ComfyApiCall *self,
                       GError       *error)
{
  ComfyEndpoint     *endpoint = comfy_transport_get_endpoint (self->transport);
  g_autoptr(GError)  owned = error;

  return dex_future_new_for_error (comfy_error_fold (owned, comfy_endpoint_get_host (endpoint)));
}

/**
 * comfy_api_call_reject_basic:
 * @error: (transfer full): why, of any domain
 *
 * As comfy_api_call_reject(), for a call that every server of the protocol answers: that it was not
 * found, or not understood, makes the protocol doubtful.
 *
 * Returns: (transfer full): what the fiber returns
 */
DexFuture *
comfy_api_call_reject_basic (ComfyApiCall *self,
                             GError       *error)
{
  if (comfy_api_error_is_doubt (error))
    comfy_api_emit_doubted (self->api);

  return comfy_api_call_reject (self, error);
}

/**
 * comfy_api_call_new_gone:
 *
 * Returns: (transfer full): why an input that was uploaded before cannot be used
 */
GError *
comfy_api_call_new_gone (void)
{
  return comfy_error_new (COMFY_ERROR_NOT_FOUND, NULL,
                          _("The server no longer has the picture, so it has to be uploaded "
                            "again."));
}

/**
 * comfy_api_error_is_doubt:
 * @error: of a call that every server of the protocol answers
 *
 * Returns: whether another protocol may be spoken there by now
 */
gboolean
comfy_api_error_is_doubt (const GError *error)
{
  return g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND)
         || g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NOT_SUPPORTED)
         || g_error_matches (error, COMFY_ERROR, COMFY_ERROR_PROTOCOL);
}

/**
 * comfy_api_address_may_have_run_out:
 * @error: of a download
 *
 * Returns: whether it may be what a storage service answers when a signed address has run out, or
 *   the file is gone
 */
gboolean
comfy_api_address_may_have_run_out (const GError *error)
{
  return g_error_matches (error, COMFY_ERROR, COMFY_ERROR_UNAUTHORIZED)
         || g_error_matches (error, COMFY_ERROR, COMFY_ERROR_FORBIDDEN)
         || g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND)
         || g_error_matches (error, COMFY_ERROR, COMFY_ERROR_REJECTED);
}

static void
transport_waiting_cb (ComfyTransport *transport,
                      GParamSpec     *pspec,
                      ComfyApi       *api)
{
  comfy_api_emit_waiting (api, comfy_transport_get_waiting_until (transport),
                          comfy_transport_is_cut_off (transport));
}

/**
 * comfy_api_follow:
 *
 * Lets @api tell when its transport is held back.
 */
void
comfy_api_follow (ComfyApi       *api,
                  ComfyTransport *transport)
{
  g_signal_connect_object (transport, "notify::waiting-until", G_CALLBACK (transport_waiting_cb),
                           api, G_CONNECT_DEFAULT);
}

/**
 * comfy_api_path:
 * @collection: such as "jobs/"
 * @id: as a server gave it; no character of it can change the path
 * @rest: such as "/cancel"
 *
 * Returns: (transfer full): a reference below the base URL, or below the origin when @collection
 *   begins with a slash
 */
char *
comfy_api_path (const char *collection,
                const char *id,
                const char *rest)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  /* the two names that a path gives a meaning to, and that escaping lets through */
  if (g_str_equal (escaped, ".") || g_str_equal (escaped, ".."))
    return g_strconcat (collection, "_", rest, NULL);

  return g_strconcat (collection, escaped, rest, NULL);
}

/**
 * comfy_api_next_delay:
 * @delay: the last one, in µs; %COMFY_API_FIRST_DELAY is the first
 *
 * Returns: the delay before asking the next time: half as long again, at most 5 s, in µs
 */
gint64
comfy_api_next_delay (gint64 delay)
{
  return MIN (delay + delay / 2, MAX_DELAY);
}

/**
 * comfy_api_await_verdict:
 * @method: "GET" or "HEAD"
 * @url: what is asked for
 *
 * Asks once whether the server takes the key. Somebody watches: what cannot be reached now is said
 * now, and not after a minute of trying.
 *
 * Returns: (transfer full) (nullable): the answer, of any status
 */
ComfyResponse *
comfy_api_await_verdict (ComfyApiCall  *call,
                         const char    *method,
                         const char    *url,
                         GError       **error)
{
  return dex_await_boxed (comfy_transport_send (call->transport, method, url, NULL, NULL,
                                                COMFY_TRANSPORT_REPEATABLE
                                                | COMFY_TRANSPORT_ANY_STATUS), error);
}

/**
 * comfy_api_await_json:
 * @response: (transfer full): a future of comfy_transport_send() or comfy_transport_upload()
 *
 * Returns: (transfer full) (nullable): the body, an object
 *
 * Errors: %COMFY_ERROR_PROTOCOL when it is something else
 */
JsonNode *
comfy_api_await_json (DexFuture  *response,
                      GError    **error)
{
  g_autoptr(ComfyResponse) answer = dex_await_boxed (response, error);

  if (answer == NULL || comfy_api_json_get_root (answer->json, error) == NULL)
    return NULL;

  return json_node_ref (answer->json);
}

/**
 * comfy_api_finish_delete:
 * @url: of what is to be deleted
 *
 * Deletes it. What is not there, perhaps since an answer got lost, is deleted.
 *
 * Returns: (transfer full): what the fiber returns: a future of %TRUE
 */
DexFuture *
comfy_api_finish_delete (ComfyApiCall *call,
                         const char   *url)
{
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyResponse)  response = NULL;

  response = dex_await_boxed (comfy_transport_send (call->transport, "DELETE", url, NULL, NULL,
                                                    COMFY_TRANSPORT_REPEATABLE), &error);
  if (response != NULL || g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND))
    return dex_future_new_for_boolean (TRUE);

  return comfy_api_call_reject (call, g_steal_pointer (&error));
}

/**
 * comfy_api_await_job:
 * @response: (transfer full): a future of comfy_transport_send()
 *
 * Returns: (transfer full) (nullable): the job that the body is
 *
 * Errors: %COMFY_ERROR_PROTOCOL when it is something else
 */
ComfyRemoteJob *
comfy_api_await_job (DexFuture  *response,
                     GError    **error)
{
  g_autoptr(ComfyResponse) answer = dex_await_boxed (response, error);

  return answer != NULL ? comfy_remote_job_new_from_json (answer->json, error) : NULL;
}
