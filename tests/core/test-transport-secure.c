/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates, and WebSockets in clear and encrypted.
 */
#include "config.h"

#include "comfy-error.h"
#include "test-future.h"
#include "test-transport-fixture.h"

/* (nullable) (transfer full): a server that only who knows its certificate trusts */
static TestServer *
new_secure_server (void)
{
  g_autofree char            *path = g_test_build_filename (G_TEST_BUILT, "core",
                                                            "test-certificate.pem", NULL);
  g_autofree char            *key_path = g_test_build_filename (G_TEST_BUILT, "core",
                                                                "test-key.pem", NULL);
  g_autoptr(GTlsCertificate)  certificate = NULL;
  g_autoptr(GError)           error = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("openssl was not there to make a certificate");
      return NULL;
    }

  certificate = g_tls_certificate_new_from_files (path, key_path, &error);
  g_assert_no_error (error);

  return test_server_new (certificate);
}

static GTlsDatabase *
new_authority (void)
{
  g_autofree char   *path = g_test_build_filename (G_TEST_BUILT, "core", "test-certificate.pem",
                                                   NULL);
  g_autoptr(GError)  error = NULL;
  GTlsDatabase      *database = g_tls_file_database_new (path, &error);

  g_assert_no_error (error);

  return database;
}

static void
hang_up (TestFixture *fixture,
         TestServer  *server)
{
  g_clear_object (&fixture->transport);
  test_server_wait_for_clients_to_go (server);
}

/* one of each kind of request */
static DexFuture *
ask (TestFixture *fixture,
     int          kind)
{
  g_autofree char     *path = g_build_filename (fixture->folder, "file", NULL);
  g_autoptr(JsonNode)  body = json_from_string ("{}", NULL);

  switch (kind)
    {
    case 0:
      return comfy_transport_send (fixture->transport, "GET", "account", NULL, NULL,
                                   COMFY_TRANSPORT_REPEATABLE);
    case 1:
      return comfy_transport_send (fixture->transport, "POST", "jobs", body, NULL,
                                   COMFY_TRANSPORT_NONE);
    case 2:
      g_assert_true (g_file_set_contents (path, "private", -1, NULL));
      return comfy_transport_upload (fixture->transport, "inputs", NULL, 0, path, "a", "image/png",
                                     NULL, NULL);
    case 3:
      return comfy_transport_download (fixture->transport, "outputs/1", path, -1, NULL);
    case 4:
      return comfy_transport_open_websocket (fixture->transport, "ws");
    default:
      return NULL;
    }
}

static void
assert_nobody_is_trusted (TestFixture *fixture,
                          TestServer  *server)
{
  DexFuture *future;

  for (int kind = 0; (future = ask (fixture, kind)) != NULL; kind++)
    test_await_error (future, COMFY_ERROR_TLS);

  g_assert_cmpuint (test_server_get_n (server), ==, 0);
  /* and nobody gets used to it: it is said at once */
  g_assert_cmpuint (fixture->clock.waits->len, ==, 0);
  hang_up (fixture, server);
}

static void
test_an_unknown_certificate_is_refused (TestFixture *fixture,
                                        const void  *unused)
{
  g_autoptr(TestServer) server = new_secure_server ();

  if (server == NULL)
    return;

  fixture_use_url (fixture, test_server_get_url (server));
  assert_nobody_is_trusted (fixture, server);
}

static void
test_a_certificate_for_another_name_is_refused (TestFixture *fixture,
                                                const void  *unused)
{
  g_autoptr(TestServer)    server = new_secure_server ();
  g_autoptr(GTlsDatabase)  authority = NULL;
  g_autoptr(GString)       url = NULL;

  if (server == NULL)
    return;

  authority = new_authority ();
  fixture->options.tls_database = authority;
  url = g_string_new (test_server_get_url (server));
  g_string_replace (url, "127.0.0.1", "localhost", 0);
  fixture_use_url (fixture, url->str);
  assert_nobody_is_trusted (fixture, server);
}

static void
test_a_trusted_certificate_gets_the_key (TestFixture *fixture,
                                         const void  *unused)
{
  g_autoptr(TestServer)     server = new_secure_server ();
  g_autoptr(GTlsDatabase)   authority = NULL;
  g_autoptr(ComfyResponse)  response = NULL;

  if (server == NULL)
    return;

  authority = new_authority ();
  fixture->options.tls_database = authority;
  fixture_use_url (fixture, test_server_get_url (server));
  test_server_push_reply (server, 200, "{}", NULL);
  response = test_await_boxed (ask (fixture, 0));
  g_assert_cmpstr (test_request_get_header (test_server_get_request (server, 0), "Authorization"),
                   ==, "Bearer " TEST_KEY);
  hang_up (fixture, server);
}

static void
test_an_encrypted_way_is_not_left (TestFixture *fixture,
                                   const void  *unused)
{
  g_autoptr(TestServer)    server = new_secure_server ();
  g_autoptr(GTlsDatabase)  authority = NULL;

  if (server == NULL)
    return;

  authority = new_authority ();
  fixture->options.tls_database = authority;
  fixture_use_url (fixture, test_server_get_url (server));
  test_server_push_reply (server, 302, "", "Location", test_server_get_url (fixture->server), NULL);
  test_await_error (ask (fixture, 0), COMFY_ERROR_PROTOCOL);
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 0);
  hang_up (fixture, server);
}

static void
message_cb (SoupWebsocketConnection *connection,
            int                      type,
            GBytes                  *message,
            char                   **out_text)
{
  *out_text = g_strndup (g_bytes_get_data (message, NULL), g_bytes_get_size (message));
}

static void
closed_cb (SoupWebsocketConnection *connection,
           gboolean                *out_closed)
{
  *out_closed = TRUE;
}

/* opens @url, speaks, listens, and leaves */
static void
talk_to (TestFixture *fixture,
           const char  *url)
{
  g_autoptr(SoupWebsocketConnection)  connection = NULL;
  g_autofree char                    *text = NULL;
  gboolean                            is_closed = FALSE;

  connection = test_await_object (comfy_transport_open_websocket (fixture->transport, url));
  g_signal_connect (connection, "message", G_CALLBACK (message_cb), &text);
  g_signal_connect (connection, "closed", G_CALLBACK (closed_cb), &is_closed);
  soup_websocket_connection_send_text (connection, "hello");
  while (text == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (text, ==, "hello");

  soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  while (!is_closed)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_a_websocket_has_the_key_in_its_handshake (TestFixture *fixture,
                                               const void  *unused)
{
  const TestRequest *request;

  test_server_add_websocket (fixture->server, "/api/ws");
  talk_to (fixture, "ws");

  request = test_server_get_request (fixture->server, 0);
  g_assert_cmpstr (request->target, ==, "/api/ws");
  g_assert_cmpstr (test_request_get_header (request, "Authorization"), ==, "Bearer " TEST_KEY);
}

static void
test_a_websocket_may_be_named_as_one (TestFixture *fixture,
                                      const void  *unused)
{
  g_autoptr(GString) url = g_string_new (test_server_get_url (fixture->server));

  g_string_replace (url, "http:", "ws:", 1);
  g_string_append (url, "/api/ws");
  test_server_add_websocket (fixture->server, "/api/ws");
  talk_to (fixture, url->str);
}

static void
test_an_encrypted_websocket (TestFixture *fixture,
                             const void  *unused)
{
  g_autoptr(TestServer)    server = new_secure_server ();
  g_autoptr(GTlsDatabase)  authority = NULL;

  if (server == NULL)
    return;

  authority = new_authority ();
  fixture->options.tls_database = authority;
  fixture_use_url (fixture, test_server_get_url (server));
  test_server_add_websocket (server, "/ws");
  talk_to (fixture, "ws");
  hang_up (fixture, server);
}

static void
test_a_refused_handshake_says_why (TestFixture *fixture,
                                   const void  *unused)
{
  static const struct { unsigned int status; ComfyError code; } rows[] = {
    { 401, COMFY_ERROR_UNAUTHORIZED }, { 404, COMFY_ERROR_NOT_FOUND },
    { 503, COMFY_ERROR_SERVER },       { 302, COMFY_ERROR_PROTOCOL },
    { 200, COMFY_ERROR_PROTOCOL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      test_server_push_reply (fixture->server, rows[i].status, "", NULL);
      test_await_error (comfy_transport_open_websocket (fixture->transport, "ws"), rows[i].code);
    }
}

static void
test_a_silent_handshake_has_an_end (TestFixture *fixture,
                                    const void  *unused)
{
  fixture_set_stall (fixture, 30);
  test_server_push_silence (fixture->server);
  test_await_error (comfy_transport_open_websocket (fixture->transport, "ws"),
                    COMFY_ERROR_TIMED_OUT);
}

/* whatever is made of it, by whomever: the key is not in what anybody gets to read */
static void
test_a_key_that_is_quoted_is_in_no_answer (TestFixture *fixture,
                                           const void  *unused)
{
  g_autoptr(DexFuture)  future = NULL;
  g_autofree char      *text = NULL;
  ComfyResponse        *response;

  test_server_push_reply (fixture->server, 200,
                          "{\"error\":{\"type\":\"no " TEST_KEY "\",\"x\":[\"" TEST_KEY "\"]}}",
                          NULL);
  future = test_settle (ask (fixture, 0));
  response = g_value_get_boxed (dex_future_get_value (future, NULL));
  text = json_to_string (response->json, FALSE);
  g_assert_cmpstr (text, ==, "{\"error\":{\"type\":\"no …\",\"x\":[\"…\"]}}");
}

int
main (int    argc,
      char **argv)
{
  test_fixture_init (&argc, &argv);

  test_fixture_add ("/secure/an-unknown-certificate-is-refused",
                    test_an_unknown_certificate_is_refused);
  test_fixture_add ("/secure/a-certificate-for-another-name-is-refused",
                    test_a_certificate_for_another_name_is_refused);
  test_fixture_add ("/secure/a-trusted-certificate-gets-the-key",
                    test_a_trusted_certificate_gets_the_key);
  test_fixture_add ("/secure/an-encrypted-way-is-not-left", test_an_encrypted_way_is_not_left);
  test_fixture_add ("/secure/a-key-that-is-quoted-is-in-no-answer",
                    test_a_key_that_is_quoted_is_in_no_answer);
  test_fixture_add ("/websocket/has-the-key-in-its-handshake",
                    test_a_websocket_has_the_key_in_its_handshake);
  test_fixture_add ("/websocket/may-be-named-as-one", test_a_websocket_may_be_named_as_one);
  test_fixture_add ("/websocket/encrypted", test_an_encrypted_websocket);
  test_fixture_add ("/websocket/a-refused-handshake-says-why", test_a_refused_handshake_says_why);
  test_fixture_add ("/websocket/a-silent-handshake-has-an-end",
                    test_a_silent_handshake_has_an_end);

  return g_test_run ();
}
