/* SPDX-License-Identifier: GPL-3.0-or-later */

/* HTTPS. The handshakes are made here and not by libsoup, whose server, up to 3.6 at least, calls
 * back into a connection that it has freed when it is stopped during one; and a client that refuses
 * our certificate goes during one. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "sandbox-server.h"

static void
shaken_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      data)
{
  GTlsConnection *tls = G_TLS_CONNECTION (object);
  g_autoptr(SoupServer) soup_server = data;
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GSocketAddress) local = NULL;
  g_autoptr(GSocketAddress) remote = NULL;

  /* a refusal by the client is what this is for */
  if (!g_tls_connection_handshake_finish (tls, result, NULL))
    return;

  g_object_get (tls, "base-io-stream", &connection, NULL);
  local = g_socket_connection_get_local_address (connection, NULL);
  remote = g_socket_connection_get_remote_address (connection, NULL);
  if (local != NULL && remote != NULL)
    soup_server_accept_iostream (soup_server, G_IO_STREAM (tls), local, remote, NULL);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source_object,
             gpointer           data)
{
  SandboxServer *self = data;
  SoupServer *soup_server = g_object_get_data (G_OBJECT (service), "soup-server");
  g_autoptr(GIOStream) tls = g_tls_server_connection_new (G_IO_STREAM (connection),
                                                          self->options.certificate, NULL);

  if (tls != NULL)
    g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT,
                                      self->stopping, shaken_cb, g_object_ref (soup_server));

  return TRUE;
}

/**
 * sandbox_tls_listen:
 * @soup_server: what answers on the connections
 * @port: 0: a free one
 *
 * Accepts HTTPS on loopback until @self is freed.
 *
 * Returns: the port, or 0 with %G_IO_ERROR
 */
unsigned int
sandbox_tls_listen (SandboxServer  *self,
                    SoupServer     *soup_server,
                    unsigned int    port,
                    GError        **error)
{
  g_autoptr(GSocketService) service = g_socket_service_new ();
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, (guint16) port);
  g_autoptr(GSocketAddress) effective = NULL;

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &effective, error))
    return 0;

  g_object_set_data (G_OBJECT (service), "soup-server", soup_server);
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), self);
  g_ptr_array_add (self->tls_services, g_steal_pointer (&service));

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
}

/**
 * sandbox_tls_stop:
 *
 * Accepts nothing any more, and ends the handshakes under way.
 */
void
sandbox_tls_stop (SandboxServer *self)
{
  g_cancellable_cancel (self->stopping);
  for (unsigned int i = 0; i < self->tls_services->len; i++)
    {
      GSocketService *service = g_ptr_array_index (self->tls_services, i);

      g_socket_service_stop (service);
      g_socket_listener_close (G_SOCKET_LISTENER (service));
    }
}
