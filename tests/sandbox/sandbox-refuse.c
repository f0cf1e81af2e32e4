/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A network that is gone for a while: every connection ends, and no new one is accepted. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "sandbox-server.h"

#define DEFAULT_MS 1000

static void
listen_again (SoupServer *soup_server,
              const char *url)
{
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  g_autoptr(GError) error = NULL;

  if (!soup_server_listen_local (soup_server, (unsigned int) g_uri_get_port (uri),
                                 SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    g_error ("The sandbox does not get its port back: %s", error->message);
}

static gboolean
accept_cb (gpointer data)
{
  SandboxServer *self = data;

  g_clear_pointer (&self->refusing, g_source_unref);
  listen_again (self->api, self->base_url);
  listen_again (self->downloads, self->download_url);

  return G_SOURCE_REMOVE;
}

static void
start_timer (SandboxServer *self,
             unsigned int   ms,
             int            priority,
             GSourceFunc    func)
{
  sandbox_refuse_stop (self);
  self->refusing = g_timeout_source_new (ms);
  g_source_set_priority (self->refusing, priority);
  g_source_set_callback (self->refusing, func, self, NULL);
  g_source_attach (self->refusing, g_main_context_get_thread_default ());
}

static gboolean
disconnect_cb (gpointer data)
{
  SandboxServer *self = data;

  soup_server_disconnect (self->api);
  soup_server_disconnect (self->downloads);
  start_timer (self, self->refuse_ms, G_PRIORITY_DEFAULT, accept_cb);

  return G_SOURCE_REMOVE;
}

static gboolean
begin_cb (gpointer data)
{
  SandboxServer *self = data;

  sandbox_sockets_drop (self);
  sandbox_events_drop (self);
  /* once those are broken off, which are libsoup's no more then */
  start_timer (self, 0, G_PRIORITY_LOW, disconnect_cb);

  return G_SOURCE_REMOVE;
}

/**
 * sandbox_refuse_run:
 * @arguments: `ms`
 *
 * Ends all connections, those for control too, and refuses new ones for that long. What it does not
 * hear of meanwhile is not in the ledger; its jobs go on.
 *
 * Returns: %TRUE, or %FALSE with %G_IO_ERROR
 */
gboolean
sandbox_refuse_run (SandboxServer  *server,
                    JsonObject     *arguments,
                    GError        **error)
{
  gint64 ms = json_object_get_int_member_with_default (arguments, "ms", DEFAULT_MS);

  if (server->options.certificate != NULL || server->refusing != NULL || ms < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "connections cannot be refused now, or not for that long");
      return FALSE;
    }

  server->refuse_ms = (unsigned int) ms;
  /* once the answer to whoever asks for it is out */
  start_timer (server, 0, G_PRIORITY_LOW, begin_cb);

  return TRUE;
}

/**
 * sandbox_refuse_stop:
 *
 * Leaves it as it is: the server ends.
 */
void
sandbox_refuse_stop (SandboxServer *server)
{
  if (server->refusing != NULL)
    g_source_destroy (server->refusing);
  g_clear_pointer (&server->refusing, g_source_unref);
}
