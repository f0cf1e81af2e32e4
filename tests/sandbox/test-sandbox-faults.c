/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Misbehaviour on demand, the ledger, the events, TLS. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "comfy-json-private.h"
#include "test-fixture.h"

#define V1 "/developer/api/v1"

static Reply
ask (Fixture *fixture)
{
  return fixture_send (fixture, "GET", V1 "/account", fixture->alice_key, NULL, NULL);
}

static void
test_answers (void)
{
  static const struct
  {
    const char   *fault;
    unsigned int  status;
    const char   *content_type;
    const char   *text;
  } cases[] = {
    { "{\"kind\":\"status\",\"status\":503,\"code\":\"busy\"}", 503, "application/json", "busy" },
    { "{\"kind\":\"html\"}", 502, "text/html", "<h1>" },
    { "{\"kind\":\"empty\",\"status\":500}", 500, NULL, "" },
    { "{\"kind\":\"flat_error\",\"status\":402,\"message\":\"pay\"}", 402, "application/json",
      "{\"code\":\"internal_error\",\"message\":\"pay\"}" },
    { "{\"kind\":\"plain_text\",\"message\":\"oops\"}", 500, "text/plain", "oops" },
    { "{\"kind\":\"garbage\"}", 200, "application/json", "[[[" },
    { "{\"kind\":\"retry_after\",\"retry_after\":\"7\"}", 429, "application/json", "error" },
    { "{\"kind\":\"redirect\",\"location\":\"http://127.0.0.1:1/\"}", 307, NULL, "" },
  };
  g_auto(Fixture) fixture = { 0 };

  fixture_start (&fixture, NULL);
  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Reply) spoilt = { 0 };
      g_auto(Reply) good = { 0 };
      g_autofree char *body = NULL;

      g_test_message ("%s", cases[i].fault);
      g_assert_true (comfy_sandbox_control (fixture.sandbox, "faults", cases[i].fault));
      spoilt = ask (&fixture);
      good = ask (&fixture);

      g_assert_cmpuint (spoilt.status, ==, cases[i].status);
      g_assert_cmpstr (soup_message_headers_get_content_type (spoilt.headers, NULL), ==,
                       cases[i].content_type);
      body = g_strndup (g_bytes_get_data (spoilt.body, NULL), g_bytes_get_size (spoilt.body));
      g_assert_nonnull (strstr (body != NULL ? body : "", cases[i].text));
      if (spoilt.status == 429)
        g_assert_cmpstr (soup_message_headers_get_one (spoilt.headers, "Retry-After"), ==, "7");
      if (spoilt.status == 307)
        g_assert_cmpstr (soup_message_headers_get_one (spoilt.headers, "Location"), ==,
                         "http://127.0.0.1:1/");
      g_assert_cmpuint (good.status, ==, 200);
    }
}

static void
test_selection (void)
{
  static const unsigned int expected[] = { 200, 200, 500, 500, 200 };
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) other_path = { 0 };

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "faults", "{\"kind\":\"empty\",\"method\":\"GET\",\"path\":\"" V1
                   "/acc\",\"after\":2,\"count\":2}");
  other_path = fixture_send (&fixture, "GET", V1 "/jobs", fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (other_path.status, ==, 200);

  for (unsigned int i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_auto(Reply) reply = ask (&fixture);

      g_assert_cmpuint (reply.status, ==, expected[i]);
    }

  g_test_expect_message ("comfy-sandbox", G_LOG_LEVEL_WARNING, "*unknown kind*");
  g_assert_false (comfy_sandbox_control (fixture.sandbox, "faults", "{\"kind\":\"nonsense\"}"));
  g_test_assert_expected_messages ();
}

static void
test_broken_connections (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) reset = { 0 };
  g_auto(Reply) cut = { 0 };
  g_auto(Reply) late = { 0 };

  fixture_start (&fixture, NULL);
  /* libsoup asks once more on a connection that it used before; a new one shows it as it is */
  fixture_control (&fixture, "faults", "{\"kind\":\"reset\"}");
  reset = ask (&fixture);
  g_assert_cmpuint (reset.status, ==, 0);

  fixture_control (&fixture, "faults", "{\"kind\":\"cut\",\"bytes\":10}");
  cut = ask (&fixture);
  g_assert_cmpuint (cut.status, ==, 0);

  fixture_control (&fixture, "faults", "{\"kind\":\"delay\",\"ms\":20}");
  late = ask (&fixture);
  g_assert_cmpuint (late.status, ==, 200);
}

/* The case that costs money: the job starts, and nobody hears of it. */
static void
test_lost_reply (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);
  g_autofree char *job = g_strdup_printf ("{\"workflow\":%s,\"tags\":[\"gimp-1\"]}", graph);
  g_auto(Reply) lost = { 0 };
  g_auto(Reply) found = { 0 };
  g_auto(Reply) v2_lost = { 0 };
  g_auto(Reply) v2_again = { 0 };
  g_autofree char *v2_job = g_strdup_printf ("{\"workflow\":%s}", graph);

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "faults", "{\"kind\":\"lose_reply\",\"method\":\"POST\"}");
  lost = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, "key-1", job);
  g_assert_cmpuint (lost.status, ==, 0);
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "job", NULL, NULL), ==, 1);

  found = fixture_send (&fixture, "GET", V1 "/jobs?tags=gimp-1", fixture.alice_key, NULL, NULL);
  g_assert_cmpint (json_object_get_int_member (found.json, "total"), ==, 1);

  fixture_control (&fixture, "faults", "{\"kind\":\"lose_reply\",\"method\":\"POST\"}");
  v2_lost = fixture_send (&fixture, "POST", "/api/v2/jobs", fixture.alice_key, "key-2", v2_job);
  g_assert_cmpuint (v2_lost.status, ==, 0);
  v2_again = fixture_send (&fixture, "POST", "/api/v2/jobs", fixture.alice_key, "key-2", v2_job);
  g_assert_cmpstr (reply_get (&v2_again, "error.code"), ==, "idempotency_key_reuse");
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "job", NULL, NULL), ==, 2);
}

/* One that is never answered is in the ledger all the same, and does not keep the sandbox alive. */
static void
test_silence (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(SoupMessage) message = NULL;
  g_autofree char *url = NULL;

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "faults", "{\"kind\":\"silence\"}");
  url = g_strconcat (comfy_sandbox_get_v1_url (fixture.sandbox), "/account", NULL);
  message = soup_message_new ("GET", url);
  soup_session_send_async (fixture.session, message, 0, cancellable, NULL, NULL);

  /* the client needs this thread's main loop to send it */
  while (!comfy_sandbox_wait (fixture.sandbox, "request", "GET", V1 "/account", 1, 5))
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_ledger_file (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "test-sandbox-ledger.jsonl", NULL);
  ComfySandboxOptions options = { .ledger_path = path };
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);
  g_autofree char *job = g_strdup_printf ("{\"workflow\":%s}", graph);
  g_auto(Reply) submitted = { 0 };
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  unsigned int jobs = 0;

  g_unlink (path);
  fixture_start (&fixture, &options);
  submitted = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, "key-1", job);
  g_assert_true (comfy_sandbox_wait (fixture.sandbox, "job-end", NULL, NULL, 1, 10000));
  g_clear_pointer (&fixture.sandbox, comfy_sandbox_free);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_null (strstr (text, fixture.alice_key));
  lines = g_strsplit (text, "\n", -1);
  for (unsigned int i = 0; *lines[i] != '\0'; i++)
    {
      g_autoptr(JsonNode) node = json_from_string (lines[i], NULL);
      JsonObject *entry = json_node_get_object (node);

      if (g_str_equal (json_object_get_string_member (entry, "what"), "job"))
        {
          jobs++;
          g_assert_cmpstr (json_object_get_string_member (entry, "id"), ==,
                           reply_get (&submitted, "id"));
          g_assert_cmpstr (json_object_get_string_member (entry, "idempotency_key"), ==, "key-1");
          g_assert_cmpstr (json_object_get_string_member (entry, "account"), ==, ALICE);
        }
    }
  g_assert_cmpuint (jobs, ==, 1);
  g_unlink (path);
}

typedef struct
{
  SoupWebsocketConnection *connection;
  GPtrArray               *texts;
  gboolean                 answered;
  gboolean                 closed;
} Socket;

static void
connected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      data)
{
  Socket *self = data;

  self->connection = soup_session_websocket_connect_finish (SOUP_SESSION (object), result, NULL);
  self->answered = TRUE;
}

static void
text_cb (SoupWebsocketConnection *connection,
         int                      type,
         GBytes                  *bytes,
         gpointer                 data)
{
  g_ptr_array_add (((Socket *) data)->texts, g_strndup (g_bytes_get_data (bytes, NULL),
                                                        g_bytes_get_size (bytes)));
}

static void
socket_closed_cb (SoupWebsocketConnection *connection,
                  gpointer                 data)
{
  ((Socket *) data)->closed = TRUE;
}

static void
socket_connect (Socket     *self,
                Fixture    *fixture,
                const char *key)
{
  g_autofree char *url = g_strconcat (comfy_sandbox_get_v1_url (fixture->sandbox), "/ws", NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", key, NULL);
  g_autoptr(SoupMessage) message = soup_message_new ("GET", url);

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  soup_session_websocket_connect_async (fixture->session, message, NULL, NULL, 0, NULL,
                                        connected_cb, self);
  while (!self->answered)
    g_main_context_iteration (NULL, TRUE);

  if (self->connection != NULL)
    {
      g_signal_connect (self->connection, "message", G_CALLBACK (text_cb), self);
      g_signal_connect (self->connection, "closed", G_CALLBACK (socket_closed_cb), self);
    }
}

/* Waits until a message holds @part. */
static const char *
socket_wait (Socket     *self,
             const char *part)
{
  for (;;)
    {
      for (unsigned int i = 0; i < self->texts->len; i++)
        if (strstr (g_ptr_array_index (self->texts, i), part) != NULL)
          return g_ptr_array_index (self->texts, i);
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
socket_clear (Socket *self)
{
  g_clear_object (&self->connection);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Socket, socket_clear)

static void
test_events (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);
  g_autofree char *job = g_strdup_printf ("{\"workflow\":%s}", graph);
  g_auto(Socket) socket = { 0 };
  g_auto(Socket) stranger = { 0 };
  g_auto(Reply) submitted = { 0 };
  g_auto(Reply) others = { 0 };
  const char *completed;

  fixture_start (&fixture, NULL);
  socket_connect (&stranger, &fixture, "wrong");
  g_assert_null (stranger.connection);

  socket_connect (&socket, &fixture, fixture.alice_key);
  g_assert_nonnull (socket.connection);
  socket_wait (&socket, "\"type\":\"connected\"");
  soup_websocket_connection_send_text (socket.connection, "{\"type\":\"subscribe\",\"data\":"
                                                          "{\"events\":[\"job.*\"]}}");
  socket_wait (&socket, "\"type\":\"subscribed\"");
  soup_websocket_connection_send_text (socket.connection, "{\"type\":\"ping\"}");
  socket_wait (&socket, "\"type\":\"pong\"");

  others = fixture_send (&fixture, "POST", V1 "/jobs", fixture.bob_key, NULL, job);
  submitted = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, job);
  socket_wait (&socket, "\"event\":\"job.progress\"");
  completed = socket_wait (&socket, "\"event\":\"job.completed\"");
  g_assert_nonnull (strstr (completed, reply_get (&submitted, "id")));
  g_assert_nonnull (strstr (completed, "\"download_url\""));
  for (unsigned int i = 0; i < socket.texts->len; i++)
    g_assert_null (strstr (g_ptr_array_index (socket.texts, i), reply_get (&others, "id")));

  fixture_control (&fixture, "drop", "{}");
  while (!socket.closed)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
accept_cb (SoupMessage          *message,
           GTlsCertificate      *certificate,
           GTlsCertificateFlags  problems,
           gpointer              data)
{
  return TRUE;
}

static void
test_bad_certificate (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "tls", "untrusted.pem", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &error);
  ComfySandboxOptions options = { .certificate = certificate };
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(SoupMessage) careless = NULL;
  g_autoptr(GBytes) body = NULL;
  g_auto(Reply) reply = { 0 };

  g_assert_no_error (error);
  fixture_start (&fixture, &options);
  g_assert_true (g_str_has_prefix (comfy_sandbox_get_base_url (fixture.sandbox), "https://"));
  message = soup_message_new ("GET", comfy_sandbox_get_v1_url (fixture.sandbox));
  body = soup_session_send_and_read (fixture.session, message, NULL, &error);

  g_assert_null (body);
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "request", NULL, NULL), ==, 0);

  /* it is the certificate, and nothing else, that was wrong */
  careless = soup_message_new ("GET", comfy_sandbox_get_v1_url (fixture.sandbox));
  g_signal_connect (careless, "accept-certificate", G_CALLBACK (accept_cb), NULL);
  reply = fixture_send_message (&fixture, careless);
  g_assert_cmpuint (reply.status, ==, 404);
}

/* Who is connected already loses that, who comes is refused; then all is as before. */
static void
test_refused_connections (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Socket) socket = { 0 };
  g_auto(Reply) good = { 0 };
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autofree char *address = NULL;
  g_autoptr(GError) error = NULL;

  fixture_start (&fixture, NULL);
  address = g_strdup (comfy_sandbox_get_base_url (fixture.sandbox) + strlen ("http://"));
  socket_connect (&socket, &fixture, fixture.alice_key);
  socket_wait (&socket, "\"type\":\"connected\"");

  fixture_control (&fixture, "refuse", "{\"ms\":300}");
  while (error == NULL)
    {
      g_autoptr(GSocketConnection) connection =
        g_socket_client_connect_to_host (client, address, 80, NULL, &error);
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  while (!socket.closed)
    g_main_context_iteration (NULL, TRUE);
  while (good.status == 0)
    {
      reply_clear (&good);
      good = ask (&fixture);
    }
  g_assert_cmpuint (good.status, ==, 200);
}

/* A key that was replaced on the account's page: the new one finds the account's jobs. */
static void
test_another_key (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);
  g_autofree char *job = g_strdup_printf ("{\"workflow\":%s}", graph);
  g_auto(Reply) submitted = { 0 };
  g_auto(Reply) refused = { 0 };
  g_auto(Reply) found = { 0 };
  g_autofree char *path = NULL;

  fixture_start (&fixture, NULL);
  submitted = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, job);
  fixture_control (&fixture, "revoke", "{\"account\":\"" ALICE "\"}");
  fixture_control (&fixture, "renew", "{\"account\":\"" ALICE "\",\"key\":\"another\"}");

  path = g_strconcat (V1 "/jobs/", reply_get (&submitted, "id"), NULL);
  refused = fixture_send (&fixture, "GET", path, fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (refused.status, ==, 401);
  found = fixture_send (&fixture, "GET", path, "another", NULL, NULL);
  g_assert_cmpuint (found.status, ==, 200);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox-faults/each-kind-of-answer", test_answers);
  g_test_add_func ("/sandbox-faults/only-what-was-chosen", test_selection);
  g_test_add_func ("/sandbox-faults/broken-connections", test_broken_connections);
  g_test_add_func ("/sandbox-faults/a-lost-reply-leaves-a-job", test_lost_reply);
  g_test_add_func ("/sandbox-faults/silence", test_silence);
  g_test_add_func ("/sandbox-faults/the-ledger-is-a-file-too", test_ledger_file);
  g_test_add_func ("/sandbox-faults/events-reach-their-account-only", test_events);
  g_test_add_func ("/sandbox-faults/bad-certificate", test_bad_certificate);
  g_test_add_func ("/sandbox-faults/refused-connections", test_refused_connections);
  g_test_add_func ("/sandbox-faults/another-key", test_another_key);

  return g_test_run ();
}
