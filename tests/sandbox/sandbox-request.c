/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A request from the arrival of its head to the end of its answer. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "sandbox-server.h"

#define REQUEST_KEY "comfy-sandbox-request"

/**
 * sandbox_request_get:
 *
 * Returns: (transfer none): what belongs to a message that arrived
 */
SandboxRequest *
sandbox_request_get (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), REQUEST_KEY);
}

/**
 * sandbox_request_get_header:
 *
 * Returns: (transfer none) (nullable): a header of the request
 */
const char *
sandbox_request_get_header (SandboxRequest *request,
                            const char     *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (request->message),
                                       name);
}

/**
 * sandbox_request_is:
 *
 * Returns: whether method and path are exactly these
 */
gboolean
sandbox_request_is (SandboxRequest *request,
                    const char     *method,
                    const char     *path)
{
  return g_str_equal (request->method, method) && g_str_equal (request->path, path);
}

/**
 * sandbox_request_dup_id:
 * @suffix: "" or what must follow the id
 *
 * Returns: (transfer full) (nullable): the one path segment between @prefix and @suffix, when
 * method and path fit
 */
char *
sandbox_request_dup_id (SandboxRequest *request,
                        const char     *method,
                        const char     *prefix,
                        const char     *suffix)
{
  g_autofree char *id = NULL;

  if (!g_str_equal (request->method, method) || !g_str_has_prefix (request->path, prefix)
      || !g_str_has_suffix (request->path, suffix)
      || strlen (request->path) <= strlen (prefix) + strlen (suffix))
    return NULL;

  id = g_strndup (request->path + strlen (prefix),
                  strlen (request->path) - strlen (prefix) - strlen (suffix));
  return strchr (id, '/') == NULL ? g_steal_pointer (&id) : NULL;
}

static gboolean
is_upload (SandboxRequest *request)
{
  return sandbox_request_is (request, "POST", SANDBOX_V1_PATH "/inputs")
         || sandbox_request_is (request, "POST", SANDBOX_V2_PATH "/assets");
}

static gboolean
is_control (SandboxRequest *request)
{
  return g_str_has_prefix (request->path, SANDBOX_CONTROL_PATH);
}

static void
got_chunk_cb (SoupServerMessage *message,
              GBytes            *chunk,
              gpointer           data)
{
  SandboxRequest *request = data;

  request->bytes_in += (gint64) g_bytes_get_size (chunk);
  if (request->upload != NULL)
    sandbox_upload_feed (request->upload, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
}

/**
 * sandbox_request_commit:
 * @answered: whether the answer went out
 *
 * Completes the entry in the ledger, which was made when the request arrived.
 */
void
sandbox_request_commit (SandboxRequest *request,
                        gboolean        answered)
{
  SoupMessageBody *body = soup_server_message_get_response_body (request->message);

  if (request->entry == NULL)
    return;

  sandbox_ledger_lock (request->server->ledger);
  json_object_set_int_member (request->entry, "status",
                              answered ? soup_server_message_get_status (request->message) : 0);
  json_object_set_int_member (request->entry, "bytes_in", request->bytes_in);
  json_object_set_int_member (request->entry, "bytes_out", answered ? body->length : 0);
  sandbox_ledger_unlock (request->server->ledger);
  sandbox_ledger_commit (request->server->ledger, g_steal_pointer (&request->entry));
}

/**
 * sandbox_request_leave:
 *
 * Takes the request out of its server, which ends.
 */
void
sandbox_request_leave (SandboxRequest *request)
{
  sandbox_request_commit (request, FALSE);
  if (request->timer != NULL)
    g_source_destroy (request->timer);
  g_clear_pointer (&request->timer, g_source_unref);
  g_ptr_array_remove_fast (request->server->requests, request);
  request->server = NULL;
}

static void
request_free (gpointer data)
{
  SandboxRequest *request = data;

  if (request->server != NULL)
    sandbox_request_leave (request);
  g_free (request->path);
  g_clear_pointer (&request->query, g_hash_table_unref);
  g_clear_pointer (&request->fault, sandbox_fault_unref);
  g_clear_pointer (&request->upload, sandbox_upload_free);
  g_free (request);
}

static void
record (SandboxRequest *request,
        gboolean        is_download)
{
  static const char *const auth_names[] = { "none", "bearer-ok", "bearer-bad" };
  gboolean in_query = request->query != NULL && g_hash_table_contains (request->query, "api_key");
  const char *idempotency_key = sandbox_request_get_header (request, "Idempotency-Key");
  const char *range = sandbox_request_get_header (request, "Range");
  SandboxLedger *ledger = request->server->ledger;

  if (is_control (request))
    return;

  request->entry = sandbox_ledger_begin (ledger, "request");
  sandbox_ledger_lock (ledger);
  json_object_set_string_member (request->entry, "method", request->method);
  json_object_set_string_member (request->entry, "path", request->path);
  json_object_set_string_member (request->entry, "port", is_download ? "downloads" : "api");
  /* a key in a URL ends up in logs: not taken, but told */
  json_object_set_string_member (request->entry, "auth",
                                 in_query ? "query" : auth_names[request->auth]);
  json_object_set_string_member (request->entry, "account",
                                 request->account != NULL ? request->account->email : "");
  if (idempotency_key != NULL)
    json_object_set_string_member (request->entry, "idempotency_key", idempotency_key);
  if (range != NULL)
    json_object_set_string_member (request->entry, "range", range);
  if (request->fault != NULL)
    json_object_set_string_member (request->entry, "fault",
                                   sandbox_fault_get_name (request->fault));
  json_object_set_int_member (request->entry, "status", 0);
  sandbox_ledger_unlock (ledger);
}

/**
 * sandbox_request_new:
 * @query: (nullable): parsed
 * @is_download: on the port of the downloads
 *
 * Made when the head of a request arrived; lives as long as @message. An upload is taken apart from
 * here on, while it arrives.
 *
 * Returns: (transfer none): the request, in the ledger
 */
SandboxRequest *
sandbox_request_new (SandboxServer     *server,
                     SoupServerMessage *message,
                     const char        *path,
                     GHashTable        *query,
                     gboolean           is_download)
{
  SandboxRequest *request = g_new0 (SandboxRequest, 1);

  request->server = server;
  g_ptr_array_add (server->requests, request);
  request->message = message;
  request->method = soup_server_message_get_method (message);
  request->path = sandbox_flavour_dup_path (server, path);
  request->query = query != NULL ? g_hash_table_ref (query) : NULL;
  request->account =
    sandbox_accounts_authenticate (server->accounts,
                                   sandbox_request_get_header (request, "Authorization"),
                                   &request->auth);
  if (request->account == NULL)
    request->account = sandbox_flavour_find_guest (server);
  if (!is_control (request))
    request->fault = sandbox_faults_take (server->faults, request->method, request->path);
  record (request, is_download);

  if (!is_download && is_upload (request))
    {
      g_autofree char *file_path = sandbox_store_dup_new_path (server->store);

      request->upload = sandbox_upload_new (sandbox_request_get_header (request, "Content-Type"),
                                            file_path, server->options.upload_limit);
      soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
    }

  g_object_set_data_full (G_OBJECT (message), REQUEST_KEY, request, request_free);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), request);

  return request;
}

typedef struct
{
  SandboxRequest     *request;
  SandboxRequestFunc  func;
} Later;

static gboolean
later_cb (gpointer data)
{
  Later *later = data;
  SandboxServer *self = later->request->server;
  SoupServerMessage *message = later->request->message;

  later->func (later->request);
  g_ptr_array_remove (self->paused, message);

  return G_SOURCE_REMOVE;
}

/**
 * sandbox_request_pause:
 * @ms: how long
 * @func: (nullable): what to do then; %NULL: nothing ever
 *
 * Stops answering @request; it lives on meanwhile, even when its client goes.
 */
void
sandbox_request_pause (SandboxRequest     *request,
                       unsigned int        ms,
                       SandboxRequestFunc  func)
{
  Later later = { request, func };

  soup_server_message_pause (request->message);
  g_ptr_array_add (request->server->paused, g_object_ref (request->message));

  if (func == NULL)
    return;

  request->timer = g_timeout_source_new (ms);
  g_source_set_callback (request->timer, later_cb, g_memdup2 (&later, sizeof later), g_free);
  g_source_attach (request->timer, g_main_context_get_thread_default ());
}
