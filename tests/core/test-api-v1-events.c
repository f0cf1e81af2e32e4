/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "comfy-api-v1-events-private.h"
#include "test-api-fixture.h"
#include "test-future.h"
#include "test-transport-fixture.h"

/* The server's ends of the WebSockets, in the order they were opened */
typedef struct
{
  GPtrArray *connections; /* of SoupWebsocketConnection */
  GPtrArray *received;    /* of char *: what the client said, on any of them */
} Sockets;

static void
sockets_init (Sockets *sockets)
{
  sockets->connections = g_ptr_array_new_with_free_func (g_object_unref);
  sockets->received = g_ptr_array_new_with_free_func (g_free);
}

static void
sockets_clear (Sockets *sockets)
{
  g_ptr_array_unref (sockets->connections);
  g_ptr_array_unref (sockets->received);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sockets, sockets_clear)

static void
message_cb (SoupWebsocketConnection *connection,
            SoupWebsocketDataType    type,
            GBytes                  *text,
            GPtrArray               *received)
{
  g_ptr_array_add (received, g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text)));
}

static void
upgraded_cb (SoupServerMessage *message,
             Sockets           *sockets)
{
  g_autoptr(GIOStream)     stream = soup_server_message_steal_connection (message);
  SoupWebsocketConnection *connection;

  connection = soup_websocket_connection_new (stream, soup_server_message_get_uri (message),
                                              SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, NULL, NULL);
  g_signal_connect (connection, "message", G_CALLBACK (message_cb), sockets->received);
  g_ptr_array_add (sockets->connections, connection);
}

static void
upgrade_step (SoupServerMessage *message,
              gpointer           data)
{
  g_assert_true (soup_websocket_server_process_handshake (message, NULL, NULL, NULL, NULL));
  g_signal_connect (message, "wrote-informational", G_CALLBACK (upgraded_cb), data);
}

static void
push_upgrade (TestFixture *fixture,
              Sockets     *sockets)
{
  test_server_push (fixture->server, upgrade_step, sockets, NULL);
}

static void
iterate_until (GPtrArray    *array,
               unsigned int  n)
{
  while (array->len < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
say (Sockets      *sockets,
     unsigned int  i,
     const char   *text)
{
  iterate_until (sockets->connections, i + 1);
  soup_websocket_connection_send_text (sockets->connections->pdata[i], text);
}

/* Answers the subscription on the (@i + 1)th connection, when @n_said messages have come in all */
static void
confirm (Sockets      *sockets,
         unsigned int  i,
         unsigned int  n_said)
{
  iterate_until (sockets->received, n_said);
  say (sockets, i, "{\"type\":\"subscribed\"}");
}

static void
assert_next (ComfyEventStream *stream,
             ComfyEventKind    kind,
             double            fraction)
{
  g_autoptr(ComfyEvent) event = test_await_boxed (comfy_event_stream_next (stream));

  g_assert_cmpint (event->kind, ==, kind);
  g_assert_cmpfloat_with_epsilon (event->fraction, fraction, 1e-9);
}

/* Patient, but quick to connect again */
static const ComfyApiV1EventsTiming quick = {
  .handshake = G_USEC_PER_SEC * 60,
  .ping = G_USEC_PER_SEC * 60,
  .silence = G_USEC_PER_SEC * 60,
  .first_delay = 1,
  .last_delay = 10,
};

static void
test_events (TestFixture *fixture,
             const void  *unused)
{
  g_auto(Sockets)              sockets = { 0, };
  g_autoptr(ComfyEventStream)  stream = NULL;
  const TestRequest           *request;

  sockets_init (&sockets);
  push_upgrade (fixture, &sockets);
  stream = comfy_api_v1_events_new (fixture->transport, "j", &quick);

  say (&sockets, 0, "{\"type\":\"connected\",\"session_id\":\"s\"}");
  confirm (&sockets, 0, 1);
  g_assert_cmpstr (sockets.received->pdata[0], ==,
                   "{\"type\":\"subscribe\",\"data\":{\"events\":[\"job.*\"]}}");
  assert_next (stream, COMFY_EVENT_CONNECTED, 0);

  say (&sockets, 0, "{\"type\":\"event\",\"data\":{\"event\":\"job.progress\","
                    "\"payload\":{\"id\":\"j\",\"progress\":42}}}");
  assert_next (stream, COMFY_EVENT_PROGRESS, 0.42);
  say (&sockets, 0, "{\"type\":\"event\",\"data\":{\"event\":\"job.completed\","
                    "\"payload\":{\"id\":\"j\",\"status\":\"completed\"}}}");
  assert_next (stream, COMFY_EVENT_CHANGED, 0);

  /* the key is in the header, and not in the address */
  request = test_server_get_request (fixture->server, 0);
  g_assert_cmpstr (request->target, ==, "/api/ws");
  g_assert_cmpstr (test_request_get_header (request, "Authorization"), ==, "Bearer " TEST_KEY);
}

static void
test_reconnects (TestFixture *fixture,
                 const void  *unused)
{
  g_auto(Sockets)             sockets = { 0, };
  g_autoptr(ComfyEventStream) stream = NULL;

  sockets_init (&sockets);
  push_upgrade (fixture, &sockets);
  test_server_push_reply (fixture->server, 503, "", NULL);
  push_upgrade (fixture, &sockets);
  stream = comfy_api_v1_events_new (fixture->transport, "j", &quick);

  confirm (&sockets, 0, 1);
  assert_next (stream, COMFY_EVENT_CONNECTED, 0);
  soup_websocket_connection_close (sockets.connections->pdata[0], SOUP_WEBSOCKET_CLOSE_GOING_AWAY,
                                   NULL);
  /* until then nothing is heard */
  assert_next (stream, COMFY_EVENT_CHANGED, 0);

  confirm (&sockets, 1, 2);
  assert_next (stream, COMFY_EVENT_CONNECTED, 0);
  g_assert_cmpuint (sockets.received->len, ==, 2);
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 3);
}

/* a connection that was of use takes the count of failures back */
static void
test_lost (TestFixture *fixture,
           const void  *unused)
{
  g_auto(Sockets)             sockets = { 0, };
  g_autoptr(ComfyEventStream) stream = NULL;

  sockets_init (&sockets);
  for (unsigned int i = 0; i < 4; i++)
    test_server_push_reply (fixture->server, 503, "", NULL);
  push_upgrade (fixture, &sockets);
  for (unsigned int i = 0; i < 4; i++)
    test_server_push_raw (fixture->server, "");
  stream = comfy_api_v1_events_new (fixture->transport, "j", &quick);

  confirm (&sockets, 0, 1);
  assert_next (stream, COMFY_EVENT_CONNECTED, 0);
  say (&sockets, 0, "{\"type\":\"pong\"}");
  soup_websocket_connection_close (sockets.connections->pdata[0], SOUP_WEBSOCKET_CLOSE_GOING_AWAY,
                                   NULL);
  assert_next (stream, COMFY_EVENT_CHANGED, 0);
  assert_next (stream, COMFY_EVENT_LOST, 0);
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 9);
}

static void
test_final (TestFixture *fixture,
            const void  *unused)
{
  static const unsigned int answers[] = { 401, 403, 404, 501 };

  for (unsigned int i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(ComfyEventStream) stream = NULL;

      test_server_push_reply (fixture->server, answers[i], "", NULL);
      stream = comfy_api_v1_events_new (fixture->transport, "j", &quick);
      assert_next (stream, COMFY_EVENT_LOST, 0);
      g_assert_cmpuint (test_server_get_n (fixture->server), ==, i + 1);
    }
}

/* a server that is pinged and says nothing is dead, whatever TCP thinks */
static void
test_silence (TestFixture *fixture,
              const void  *unused)
{
  const ComfyApiV1EventsTiming impatient = {
    .handshake = G_USEC_PER_SEC * 60,
    .ping = G_USEC_PER_SEC / 100,
    .silence = G_USEC_PER_SEC / 20,
    .first_delay = 1,
    .last_delay = 10,
  };
  g_auto(Sockets)             sockets = { 0, };
  g_autoptr(ComfyEventStream) stream = NULL;

  sockets_init (&sockets);
  push_upgrade (fixture, &sockets);
  push_upgrade (fixture, &sockets);
  test_server_push_silence (fixture->server);
  stream = comfy_api_v1_events_new (fixture->transport, "j", &impatient);

  confirm (&sockets, 0, 1);
  assert_next (stream, COMFY_EVENT_CONNECTED, 0);
  iterate_until (sockets.received, 2);
  g_assert_cmpstr (sockets.received->pdata[1], ==, "{\"type\":\"ping\"}");
  iterate_until (sockets.connections, 2);
  confirm (&sockets, 1, sockets.received->len + 1);
  assert_next (stream, COMFY_EVENT_CHANGED, 0);
  assert_next (stream, COMFY_EVENT_CONNECTED, 0);
}

static void
test_never_subscribed (TestFixture *fixture,
                       const void  *unused)
{
  const ComfyApiV1EventsTiming impatient = {
    .handshake = G_USEC_PER_SEC / 50,
    .ping = G_USEC_PER_SEC * 60,
    .silence = G_USEC_PER_SEC * 60,
    .first_delay = 1,
    .last_delay = 10,
  };
  g_auto(Sockets)             sockets = { 0, };
  g_autoptr(ComfyEventStream) stream = NULL;

  sockets_init (&sockets);
  for (unsigned int i = 0; i < 5; i++)
    push_upgrade (fixture, &sockets);
  stream = comfy_api_v1_events_new (fixture->transport, "j", &impatient);
  assert_next (stream, COMFY_EVENT_LOST, 0);
}

static void
closed_cb (SoupWebsocketConnection *connection,
           gboolean                *is_closed)
{
  *is_closed = TRUE;
}

static void
test_dropped (TestFixture *fixture,
              const void  *unused)
{
  g_auto(Sockets)   sockets = { 0, };
  ComfyEventStream *stream;
  gboolean          is_closed = FALSE;

  sockets_init (&sockets);
  push_upgrade (fixture, &sockets);
  stream = comfy_api_v1_events_new (fixture->transport, "j", &quick);
  confirm (&sockets, 0, 1);
  assert_next (stream, COMFY_EVENT_CONNECTED, 0);

  g_signal_connect (sockets.connections->pdata[0], "closed", G_CALLBACK (closed_cb), &is_closed);
  g_assert_finalize_object (stream);
  while (!is_closed)
    g_main_context_iteration (NULL, TRUE);
}

/* at each stage before it is connected */
static void
test_dropped_early (TestFixture *fixture,
                    const void  *unused)
{
  const ComfyApiV1EventsTiming patient = {
    .handshake = G_USEC_PER_SEC * 60,
    .ping = G_USEC_PER_SEC * 60,
    .silence = G_USEC_PER_SEC * 60,
    .first_delay = G_USEC_PER_SEC * 60,
    .last_delay = G_USEC_PER_SEC * 60,
  };
  ComfyEventStream *stream = comfy_api_v1_events_new (fixture->transport, "j", &patient);

  g_assert_finalize_object (stream);

  test_server_push_silence (fixture->server);
  stream = comfy_api_v1_events_new (fixture->transport, "j", &patient);
  while (test_server_get_n (fixture->server) < 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (stream);

  test_server_push_reply (fixture->server, 503, "", NULL);
  stream = comfy_api_v1_events_new (fixture->transport, "j", &patient);
  while (test_server_get_n (fixture->server) < 2)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (stream);
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
}

static void
test_messages (TestFixture *fixture,
               const void  *unused)
{
  static const struct { const char *text; ComfyApiV1Message meaning; double fraction; } cases[] = {
    { "{\"type\":\"connected\"}", COMFY_API_V1_MESSAGE_NOTHING, 0 },
    { "{\"type\":\"subscribed\"}", COMFY_API_V1_MESSAGE_SUBSCRIBED, 0 },
    { "{\"type\":\"pong\"}", COMFY_API_V1_MESSAGE_NOTHING, 0 },
    { "{\"type\":\"event\"}", COMFY_API_V1_MESSAGE_NOTHING, 0 },
    { "{\"type\":\"event\",\"data\":{\"event\":\"job.failed\",\"payload\":{\"id\":\"j\"}}}",
      COMFY_API_V1_MESSAGE_CHANGED, 0 },
    { "{\"type\":\"event\",\"data\":{\"event\":\"job.begun\",\"payload\":{\"job_id\":\"j\"}}}",
      COMFY_API_V1_MESSAGE_CHANGED, 0 },
    { "{\"type\":\"event\",\"data\":{\"event\":\"job.completed\",\"payload\":{\"id\":\"k\"}}}",
      COMFY_API_V1_MESSAGE_NOTHING, 0 },
    { "{\"type\":\"event\",\"data\":{\"event\":\"job.completed\"}}",
      COMFY_API_V1_MESSAGE_CHANGED, 0 },
    { "{\"type\":\"event\",\"data\":{\"event\":\"input.ready\",\"payload\":{\"id\":\"j\"}}}",
      COMFY_API_V1_MESSAGE_NOTHING, 0 },
    { "{\"type\":\"event\",\"data\":{\"event\":\"job.progress\","
      "\"payload\":{\"id\":\"j\",\"progress\":150}}}", COMFY_API_V1_MESSAGE_PROGRESS, 1 },
    { "{\"type\":\"event\",\"data\":{\"event\":\"job.progress\","
      "\"payload\":{\"id\":\"j\",\"progress\":\"half\"}}}", COMFY_API_V1_MESSAGE_NOTHING, 0 },
    { "{\"type\":7}", COMFY_API_V1_MESSAGE_NOTHING, 0 },
    { "[]", COMFY_API_V1_MESSAGE_NOTHING, 0 },
    { "garbage", COMFY_API_V1_MESSAGE_NOTHING, 0 },
    { "", COMFY_API_V1_MESSAGE_NOTHING, 0 },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) text = g_bytes_new_static (cases[i].text, strlen (cases[i].text));
      double            fraction = 0;

      g_assert_cmpint (comfy_api_v1_message_read (text, "j", &fraction), ==, cases[i].meaning);
      if (cases[i].meaning == COMFY_API_V1_MESSAGE_PROGRESS)
        g_assert_cmpfloat (fraction, ==, cases[i].fraction);
    }
}

int
main (int    argc,
      char **argv)
{
  test_fixture_init (&argc, &argv);

  test_fixture_add ("/api-v1-events/subscribes-and-tells", test_events);
  test_fixture_add ("/api-v1-events/connects-again-and-says-so", test_reconnects);
  test_fixture_add ("/api-v1-events/gives-up-after-five-failures-in-a-row", test_lost);
  test_fixture_add ("/api-v1-events/gives-up-at-once-where-again-is-no-use", test_final);
  test_fixture_add ("/api-v1-events/pings-and-leaves-the-silent", test_silence);
  test_fixture_add ("/api-v1-events/leaves-a-server-that-does-not-confirm", test_never_subscribed);
  test_fixture_add ("/api-v1-events/dropping-the-stream-closes-the-socket", test_dropped);
  test_fixture_add ("/api-v1-events/can-be-dropped-before-it-is-connected", test_dropped_early);
  test_fixture_add ("/api-v1-events/messages-mean-what-they-say", test_messages);

  return g_test_run ();
}
