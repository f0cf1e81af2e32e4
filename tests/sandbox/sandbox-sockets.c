/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The events of Developer API v1 over WebSocket: connected, subscribe, subscribed, event, ping and
 * pong. Nothing is replayed: who was not there when it happened asks for the job. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "comfy-json-private.h"
#include "sandbox-server.h"
#include "sandbox-v1.h"

typedef struct
{
  SandboxServer           *server;      /* no-ref */
  SoupWebsocketConnection *connection;
  SandboxAccount          *account;     /* no-ref */
  char                   **patterns;    /* e.g. "job.*"; NULL: not subscribed */
} SandboxSocket;

static void
socket_free (SandboxSocket *self)
{
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_object_unref (self->connection);
  g_strfreev (self->patterns);
  g_free (self);
}

/* Takes @message. */
static void
send_message (SandboxSocket *self,
              const char    *type,
              JsonObject    *message)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), message);
  g_autoptr(GString) text = g_string_new (NULL);

  json_object_set_string_member (message, "type", type);
  comfy_json_write (text, node);
  json_object_unref (message);
  sandbox_server_check_message (self->server, type, text->str);

  if (!self->server->muted
      && soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (self->connection, text->str);
}

static void
subscribe (SandboxSocket *self,
           JsonObject    *message)
{
  JsonObject *data = comfy_json_get_object (message, "data");
  JsonArray *events = data != NULL ? comfy_json_get_array (data, "events") : NULL;
  g_autoptr(GStrvBuilder) patterns = g_strv_builder_new ();
  JsonObject *answer = json_object_new ();
  JsonObject *answer_data = json_object_new ();

  for (unsigned int i = 0; events != NULL && i < json_array_get_length (events); i++)
    if (comfy_json_node_is_string (json_array_get_element (events, i)))
      g_strv_builder_add (patterns, json_array_get_string_element (events, i));

  g_strfreev (self->patterns);
  self->patterns = g_strv_builder_end (patterns);

  sandbox_json_set_strings (answer_data, "events", self->patterns);
  json_object_set_object_member (answer, "data", answer_data);
  send_message (self, "subscribed", answer);
}

static void
message_cb (SoupWebsocketConnection *connection,
            int                      kind,
            GBytes                  *bytes,
            gpointer                 data)
{
  SandboxSocket *self = data;
  g_autoptr(JsonNode) node = comfy_json_read (g_bytes_get_data (bytes, NULL),
                                              g_bytes_get_size (bytes), 65536, 16, NULL);
  const char *type = NULL;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    type = comfy_json_get_string (json_node_get_object (node), "type");

  if (g_strcmp0 (type, "ping") == 0)
    send_message (self, "pong", json_object_new ());
  else if (g_strcmp0 (type, "subscribe") == 0)
    subscribe (self, json_node_get_object (node));
}

static void
closed_cb (SoupWebsocketConnection *connection,
           gpointer                 data)
{
  SandboxSocket *self = data;

  if (g_ptr_array_remove (self->server->sockets, self))
    socket_free (self);
}

/* The handshake passed authentication already. */
static void
socket_cb (SoupServer              *soup_server,
           SoupServerMessage       *message,
           const char              *path,
           SoupWebsocketConnection *connection,
           gpointer                 data)
{
  SandboxServer *server = data;
  SandboxRequest *request = sandbox_request_get (message);
  SandboxSocket *self = g_new0 (SandboxSocket, 1);
  g_autofree char *session = g_uuid_string_random ();
  JsonObject *greeting = json_object_new ();
  JsonObject *greeting_data = json_object_new ();

  self->server = server;
  self->connection = g_object_ref (connection);
  self->account = request->account;
  g_ptr_array_add (server->sockets, self);
  g_signal_connect (connection, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (connection, "closed", G_CALLBACK (closed_cb), self);
  sandbox_request_commit (request, TRUE);

  json_object_set_string_member (greeting_data, "session_id", session);
  json_object_set_object_member (greeting, "data", greeting_data);
  send_message (self, "connected", greeting);
}

/**
 * sandbox_sockets_listen:
 *
 * Accepts WebSockets on the API's port.
 */
void
sandbox_sockets_listen (SandboxServer *server)
{
  soup_server_add_websocket_handler (server->api, SANDBOX_V1_PATH "/ws", NULL, NULL, socket_cb,
                                     server, NULL);
}

/**
 * sandbox_sockets_drop:
 *
 * Breaks all sockets off without a farewell.
 */
void
sandbox_sockets_drop (SandboxServer *server)
{
  while (server->sockets->len > 0)
    {
      SandboxSocket *socket = g_ptr_array_steal_index (server->sockets, 0);
      GIOStream *stream = soup_websocket_connection_get_io_stream (socket->connection);

      if (stream != NULL)
        g_io_stream_close (stream, NULL, NULL);
      socket_free (socket);
    }
}

static gboolean
is_subscribed (SandboxSocket *self,
               const char    *event)
{
  for (char **pattern = self->patterns; pattern != NULL && *pattern != NULL; pattern++)
    if (g_pattern_match_simple (*pattern, event))
      return TRUE;

  return FALSE;
}

static JsonObject *
payload_of (SandboxServer *server,
            SandboxJob    *job)
{
  JsonObject *payload;

  if (sandbox_job_is_over (job))
    return sandbox_v1_job_to_json (server, job);

  payload = json_object_new ();
  json_object_set_string_member (payload, "id", job->id);
  json_object_set_double_member (payload, "progress", 100.0 * sandbox_job_get_fraction (job));
  return payload;
}

/**
 * sandbox_sockets_tell:
 * @job: one that changed
 *
 * Tells the sockets of its account that asked for it. Jobs of Comfy API v2 have no events here.
 */
void
sandbox_sockets_tell (SandboxServer *server,
                      SandboxJob    *job)
{
  static const char *const events[] = {
    [SANDBOX_JOB_RUNNING] = "job.progress",
    [SANDBOX_JOB_CANCELLING] = "job.progress",
    [SANDBOX_JOB_COMPLETED] = "job.completed",
    [SANDBOX_JOB_FAILED] = "job.failed",
    [SANDBOX_JOB_CANCELLED] = "job.cancelled",
  };
  const char *event = events[job->state];

  if (event == NULL || !g_str_has_prefix (job->id, "job_"))
    return;

  for (unsigned int i = 0; i < server->sockets->len; i++)
    {
      SandboxSocket *socket = g_ptr_array_index (server->sockets, i);
      g_autoptr(GDateTime) now = NULL;
      JsonObject *message;
      JsonObject *data;

      if (socket->account != job->account || !is_subscribed (socket, event))
        continue;

      now = g_date_time_new_now_utc ();
      data = json_object_new ();
      json_object_set_string_member (data, "event", event);
      json_object_set_object_member (data, "payload", payload_of (server, job));
      message = json_object_new ();
      sandbox_json_set_time (message, "timestamp", now);
      json_object_set_object_member (message, "data", data);
      send_message (socket, "event", message);
    }
}
