/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two HTTP servers on loopback: one for both protocols and the control requests, one for downloads,
 * so that these come from another origin as in the cloud. What is here happens to every request:
 * the ledger, authentication, the rate limit, faults. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-node-table-private.h"
#include "sandbox-server.h"

static gboolean
check_access (SandboxRequest *request)
{
  int retry_after;

  if (request->account == NULL)
    {
      sandbox_request_reply_error (request, 401, "unauthorized", "Invalid or expired API key",
                                   NULL);
      return FALSE;
    }

  if (!sandbox_account_count_request (request->account, request->server->options.request_limit,
                                      g_get_monotonic_time (), &retry_after))
    {
      g_autofree char *seconds = g_strdup_printf ("%d", retry_after);

      soup_message_headers_replace (soup_server_message_get_response_headers (request->message),
                                    "Retry-After", seconds);
      sandbox_request_reply_error (request, 429, "rate_limited",
                                   "Rate limit exceeded. Please try again later.", NULL);
      return FALSE;
    }

  return TRUE;
}

/* A WebSocket's handshake is answered by libsoup, unless something was said before. */
static void
check_handshake (SandboxRequest *request)
{
  if (!sandbox_flavour_has_v1 (request->server))
    soup_server_message_set_status (request->message, 404, NULL);
  else if (request->fault == NULL || !sandbox_misbehave_before (request))
    check_access (request);
}

/* Runs when the head has arrived, before the body. */
static void
early_cb (SoupServer        *soup_server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           data)
{
  SandboxServer *self = data;
  gboolean is_download = soup_server == self->downloads;
  SandboxRequest *request = sandbox_request_new (self, message, path, query, is_download);

  if (!is_download && g_str_equal (path, SANDBOX_V1_PATH "/ws"))
    check_handshake (request);
}

static void
dispatch (SandboxRequest *request)
{
  ComfySandboxProtocols protocols = request->server->options.protocols;
  gboolean is_v1 = g_str_has_prefix (request->path, SANDBOX_V1_PATH "/");
  gboolean is_v2 = g_str_has_prefix (request->path, SANDBOX_V2_PATH "/");

  if ((is_v1 && sandbox_flavour_has_v1 (request->server))
      || (is_v2 && (protocols & COMFY_SANDBOX_V2) != 0))
    {
      if (!check_access (request))
        return;
      if (is_v1)
        sandbox_v1_handle (request);
      else
        sandbox_v2_handle (request);
    }
  else if (sandbox_request_is (request, "GET", SANDBOX_INFO_PATH)
           && sandbox_flavour_tells_nodes (request->server))
    {
      if (check_access (request))
        sandbox_info_handle (request);
    }
  else if (g_str_has_prefix (request->path, SANDBOX_CONTROL_PATH "/"))
    sandbox_control_handle (request);
  else
    {
      /* what cloud.comfy.org answers where it has no API: the page of its window */
      static const char page[] = "<!DOCTYPE html><title>Not found</title>";

      soup_server_message_set_status (request->message, 404, NULL);
      soup_server_message_set_response (request->message, "text/html", SOUP_MEMORY_STATIC, page,
                                        strlen (page));
    }
}

static void
dispatch_late (SandboxRequest *request)
{
  SoupServerMessage *message = request->message;

  dispatch (request);
  sandbox_request_check (request);
  soup_server_message_unpause (message);
}

static void
request_cb (SoupServer        *soup_server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           data)
{
  SandboxRequest *request = sandbox_request_get (message);
  g_autofree char *id = g_uuid_string_random ();

  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "X-Comfy-Request-Id", id);

  if (request->fault != NULL && sandbox_misbehave_before (request))
    return;

  if (request->fault != NULL && request->fault->kind == SANDBOX_FAULT_DELAY)
    {
      sandbox_request_pause (request, request->fault->ms, dispatch_late);
      return;
    }

  dispatch (request);
  sandbox_request_check (request);
  if (request->fault != NULL)
    sandbox_misbehave_after (request);
}

/* The storage behind signed links: it knows no keys, and a client that sends one is wrong. */
static void
download_cb (SoupServer        *soup_server,
             SoupServerMessage *message,
             const char        *path,
             GHashTable        *query,
             gpointer           data)
{
  SandboxServer *self = data;
  SandboxRequest *request = sandbox_request_get (message);
  gboolean expired;
  SandboxFile *file = sandbox_store_verify (self->store, path, query, &expired);
  const char *problem = NULL;

  if (request->fault != NULL && sandbox_misbehave_before (request))
    return;

  if (request->auth != SANDBOX_AUTH_NONE)
    problem = "<?xml version='1.0'?><Error><Code>InvalidArgument</Code></Error>";
  else if (expired)
    problem = "<?xml version='1.0'?><Error><Code>ExpiredToken</Code></Error>";

  if (problem != NULL)
    {
      soup_server_message_set_status (message, 400, NULL);
      soup_server_message_set_response (message, "application/xml", SOUP_MEMORY_STATIC, problem,
                                        strlen (problem));
    }
  else if (file == NULL)
    soup_server_message_set_status (message, 403, NULL);
  else
    sandbox_request_reply_file (request, file);

  sandbox_request_check (request);
  if (request->fault != NULL)
    sandbox_misbehave_after (request);
}

static void
finished_cb (SoupServer        *soup_server,
             SoupServerMessage *message,
             gpointer           data)
{
  SandboxRequest *request = sandbox_request_get (message);

  sandbox_events_forget (data, message);
  if (request != NULL)
    sandbox_request_commit (request, TRUE);
}

static SoupServer *
listen_on (SandboxServer       *self,
           unsigned int         port,
           SoupServerCallback   callback,
           char               **url,
           GError             **error)
{
  gboolean is_tls = self->options.certificate != NULL;
  g_autoptr(SoupServer) soup_server = soup_server_new (NULL, NULL);
  g_autoslist(GUri) uris = NULL;

  soup_server_add_early_handler (soup_server, NULL, early_cb, self, NULL);
  /* the handler of the most exact path is the only one that runs */
  soup_server_add_early_handler (soup_server, SANDBOX_V1_PATH "/ws", early_cb, self, NULL);
  soup_server_add_handler (soup_server, NULL, callback, self, NULL);
  g_signal_connect (soup_server, "request-finished", G_CALLBACK (finished_cb), self);
  g_signal_connect (soup_server, "request-aborted", G_CALLBACK (finished_cb), self);

  if (is_tls)
    port = sandbox_tls_listen (self, soup_server, port, error);
  else if (soup_server_listen_local (soup_server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    {
      uris = soup_server_get_uris (soup_server);
      port = (unsigned int) g_uri_get_port (uris->data);
    }
  else
    port = 0;

  if (port == 0)
    return NULL;

  *url = g_strdup_printf ("%s://127.0.0.1:%u", is_tls ? "https" : "http", port);
  return g_steal_pointer (&soup_server);
}

static void
moved_cb (SandboxJob *job,
          gpointer    data)
{
  sandbox_sockets_tell (data, job);
  sandbox_events_tell (data, job);
}

/**
 * sandbox_server_new:
 * @options: with the defaults filled in
 *
 * Returns: (transfer full): a server that listens; it lives in the thread-default main context
 */
SandboxServer *
sandbox_server_new (const ComfySandboxOptions  *options,
                    GError                    **error)
{
  g_autoptr(ComfyNodeTable) table = sandbox_table_new (options->nodes_path, error);
  g_autofree char *data_path = g_path_get_dirname (options->nodes_path);
  SandboxServer *self = g_new0 (SandboxServer, 1);

  self->options = *options;
  self->actions_path = g_build_filename (data_path, "actions", NULL);
  if (options->certificate != NULL)
    g_object_ref (options->certificate);
  self->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) sandbox_account_free);
  self->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) sandbox_fault_unref);
  self->sockets = g_ptr_array_new ();
  self->streams = g_ptr_array_new ();
  self->requests = g_ptr_array_new ();
  self->paused = g_ptr_array_new_with_free_func (g_object_unref);
  self->tls_services = g_ptr_array_new_with_free_func (g_object_unref);
  self->stopping = g_cancellable_new ();

  if (table == NULL
      || (options->responses_path != NULL
          && (self->responses = sandbox_responses_new (options->responses_path, error)) == NULL)
      || (self->ledger = sandbox_ledger_new (options->ledger_path, error)) == NULL
      || (self->store = sandbox_store_new (error)) == NULL
      || (self->api = listen_on (self, options->port, request_cb, &self->base_url, error)) == NULL
      || (self->downloads = listen_on (self, 0, download_cb, &self->download_url, error)) == NULL)
    {
      sandbox_server_free (self);
      return NULL;
    }

  /* what is not in it, this server does not have */
  _comfy_node_table_set_complete (table, NULL);
  self->engine = sandbox_engine_new (table, self->store, self->ledger, options->job_ms,
                                     options->job_cost, options->queue_length, moved_cb, self);
  self->engine->retention = options->retention_seconds;
  sandbox_flavour_set (self, options->flavour, options->needs_token);
  sandbox_sockets_listen (self);

  return self;
}

/**
 * sandbox_server_free:
 *
 * Closes all connections and deletes all files.
 */
void
sandbox_server_free (SandboxServer *self)
{
  sandbox_refuse_stop (self);
  sandbox_sockets_drop (self);
  sandbox_events_drop (self);
  sandbox_tls_stop (self);
  if (self->api != NULL)
    soup_server_disconnect (self->api);
  if (self->downloads != NULL)
    soup_server_disconnect (self->downloads);
  g_clear_object (&self->api);
  g_clear_object (&self->downloads);

  /* libsoup may keep messages until what it writes has ended */
  while (self->requests->len > 0)
    sandbox_request_leave (g_ptr_array_index (self->requests, 0));
  g_ptr_array_unref (self->requests);
  g_clear_pointer (&self->paused, g_ptr_array_unref);
  g_clear_pointer (&self->engine, sandbox_engine_free);
  g_clear_pointer (&self->store, sandbox_store_free);
  g_clear_pointer (&self->ledger, sandbox_ledger_free);
  g_clear_pointer (&self->responses, sandbox_responses_free);
  g_ptr_array_unref (self->tls_services);
  g_object_unref (self->stopping);
  g_ptr_array_unref (self->sockets);
  g_ptr_array_unref (self->streams);
  g_ptr_array_unref (self->faults);
  g_ptr_array_unref (self->accounts);
  g_clear_object (&self->options.certificate);
  g_free (self->actions_path);
  g_free (self->violation);
  g_free (self->base_url);
  g_free (self->download_url);
  g_free (self);
}

/**
 * sandbox_server_dup_link:
 *
 * Returns: (transfer full): a fresh link that anybody may download @file from for a while
 */
char *
sandbox_server_dup_link (SandboxServer *self,
                         SandboxFile   *file)
{
  gint64 expires = g_get_real_time () / G_USEC_PER_SEC + self->options.link_seconds;
  g_autofree char *path = sandbox_store_sign (self->store, file, expires);

  return g_strconcat (self->download_url, path, NULL);
}
