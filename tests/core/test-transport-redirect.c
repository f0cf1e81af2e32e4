/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A key stays with its own origin: whatever kind of request, the environment's server sends it on
 * to a second server that records what it got.
 */
#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "test-future.h"
#include "test-transport-fixture.h"

/* the kinds of request that there are */
typedef enum
{
  KIND_GET,
  KIND_GET_ANY_STATUS,
  KIND_POST,
  KIND_POST_REPEATABLE,
  KIND_DELETE,
  KIND_UPLOAD,
  KIND_DOWNLOAD,
  KIND_WEBSOCKET,
  N_KINDS
} Kind;

static const unsigned int redirects[] = { 301, 302, 303, 307, 308 };

static char *
dup_path (TestFixture *fixture)
{
  return g_build_filename (fixture->folder, "file", NULL);
}

static DexFuture *
ask (TestFixture *fixture,
     Kind         kind,
     const char  *url)
{
  g_autofree char     *path = dup_path (fixture);
  g_autoptr(JsonNode)  body = json_from_string ("{\"prompt\":\"private\"}", NULL);

  switch ((int) kind)
    {
    case KIND_GET:
      return comfy_transport_send (fixture->transport, "GET", url, NULL, NULL,
                                   COMFY_TRANSPORT_REPEATABLE);
    case KIND_GET_ANY_STATUS:
      return comfy_transport_send (fixture->transport, "GET", url, NULL, NULL,
                                   COMFY_TRANSPORT_ANY_STATUS);
    case KIND_POST:
      return comfy_transport_send (fixture->transport, "POST", url, body, "idempotency",
                                   COMFY_TRANSPORT_NONE);
    case KIND_POST_REPEATABLE:
      return comfy_transport_send (fixture->transport, "POST", url, body, "idempotency",
                                   COMFY_TRANSPORT_REPEATABLE);
    case KIND_DELETE:
      return comfy_transport_send (fixture->transport, "DELETE", url, NULL, NULL,
                                   COMFY_TRANSPORT_REPEATABLE);
    case KIND_UPLOAD:
      g_assert_true (g_file_set_contents (path, "private", -1, NULL));
      return comfy_transport_upload (fixture->transport, url, NULL, 0, path, "a.png", "image/png",
                                     "idempotency", NULL);
    case KIND_DOWNLOAD:
      return comfy_transport_download (fixture->transport, url, path, -1, NULL);
    case KIND_WEBSOCKET:
      return comfy_transport_open_websocket (fixture->transport, url);
    default:
      g_assert_not_reached ();
    }
}

static gboolean
is_question (Kind kind)
{
  return kind == KIND_GET || kind == KIND_GET_ANY_STATUS || kind == KIND_DOWNLOAD;
}

static void
check_header (const char *name,
              const char *value,
              gpointer    data)
{
  if (strstr (value, "0123456789") != NULL || strstr (value, "idempotency") != NULL)
    g_error ("the other server got %s: %s", name, value);
}

/* nothing that the second server got has the key in it, or anything that names what was asked */
static void
assert_got_no_secret (TestServer *other)
{
  for (unsigned int i = 0; i < test_server_get_n (other); i++)
    {
      const TestRequest *request = test_server_get_request (other, i);

      g_assert_null (test_request_get_header (request, "Authorization"));
      g_assert_null (test_request_get_header (request, "Cookie"));
      g_assert_null (test_request_get_header (request, "Referer"));
      g_assert_null (strstr (request->target, "0123456789"));
      g_assert_cmpuint (g_bytes_get_size (request->body), ==, 0);
      soup_message_headers_foreach (request->headers, check_header, NULL);
    }
}

static void
test_a_redirect_elsewhere_gets_no_key (TestFixture *fixture,
                                       const void  *unused)
{
  for (Kind kind = 0; kind < N_KINDS; kind++)
    for (gsize i = 0; i < G_N_ELEMENTS (redirects); i++)
      {
        g_autoptr(TestServer)  other = test_server_new (NULL);
        g_autofree char       *target = test_server_dup_url (other, "/stolen?sig=1");
        g_autoptr(DexFuture)   future = NULL;
        unsigned int           n = test_server_get_n (fixture->server);

        test_server_push_reply (fixture->server, redirects[i], "", "Location", target, NULL);
        if (is_question (kind))
          test_server_push_reply (other, 200, "{}", NULL);

        future = test_settle (ask (fixture, kind, "account"));
        g_test_message ("kind %d, %u: %u", kind, redirects[i], test_server_get_n (other));
        g_assert_cmpint (dex_future_is_resolved (future), ==, is_question (kind));
        g_assert_cmpuint (test_server_get_n (other), ==, is_question (kind) ? 1 : 0);
        assert_got_no_secret (other);

        /* and the environment's own server did get it, so the test can tell */
        g_assert_cmpstr (test_request_get_header (test_server_get_request (fixture->server, n),
                                                  "Authorization"), ==, "Bearer " TEST_KEY);
      }
}

static void
test_the_way_back_gets_the_key_again (TestFixture *fixture,
                                      const void  *unused)
{
  g_autoptr(TestServer)    other = test_server_new (NULL);
  g_autofree char         *there = test_server_dup_url (other, "/there");
  g_autofree char         *back = test_server_dup_url (fixture->server, "/back");
  g_autoptr(ComfyResponse) response = NULL;

  test_server_push_reply (fixture->server, 302, "", "Location", there, NULL);
  test_server_push_reply (other, 302, "", "Location", back, NULL);
  test_server_push_reply (fixture->server, 200, "{}", NULL);
  response = test_await_boxed (ask (fixture, KIND_GET, "account"));

  assert_got_no_secret (other);
  g_assert_cmpstr (test_request_get_header (test_server_get_request (fixture->server, 1),
                                            "Authorization"), ==, "Bearer " TEST_KEY);
}

static void
test_a_redirect_at_home_is_followed (TestFixture *fixture,
                                     const void  *unused)
{
  g_autoptr(ComfyResponse) response = NULL;

  test_server_push_reply (fixture->server, 308, "", "Location", "../moved/account?x=1", NULL);
  test_server_push_reply (fixture->server, 200, "{}", NULL);
  response = test_await_boxed (ask (fixture, KIND_GET, "account"));
  g_assert_cmpstr (test_server_get_request (fixture->server, 1)->target, ==, "/moved/account?x=1");
}

/* it could be done twice */
static void
test_a_command_is_not_sent_on_even_at_home (TestFixture *fixture,
                                            const void  *unused)
{
  for (gsize i = 0; i < G_N_ELEMENTS (redirects); i++)
    {
      test_server_push_reply (fixture->server, redirects[i], "", "Location", "/api/jobs", NULL);
      test_await_error (ask (fixture, KIND_POST, "jobs"), COMFY_ERROR_PROTOCOL);
    }
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, G_N_ELEMENTS (redirects));
}

static void
test_a_link_elsewhere_gets_no_key (TestFixture *fixture,
                                   const void  *unused)
{
  for (Kind kind = 0; kind < N_KINDS; kind++)
    {
      g_autoptr(TestServer)  other = test_server_new (NULL);
      g_autofree char       *target = test_server_dup_url (other, "/link");
      g_autoptr(DexFuture)   future = NULL;

      if (is_question (kind))
        test_server_push_reply (other, 200, "{}", NULL);

      future = test_settle (ask (fixture, kind, target));
      if (!is_question (kind))
        {
          g_autoptr(GError) error = NULL;

          g_assert_null (dex_future_get_value (future, &error));
          g_assert_error (error, COMFY_ERROR, COMFY_ERROR_WRONG_ORIGIN);
        }
      g_assert_cmpuint (test_server_get_n (other), ==, is_question (kind) ? 1 : 0);
      assert_got_no_secret (other);
    }
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 0);
}

/* the same machine, another name: another origin */
static void
test_another_name_of_the_host_is_another_origin (TestFixture *fixture,
                                                 const void  *unused)
{
  g_autoptr(GString) target = g_string_new (test_server_get_url (fixture->server));
  g_autoptr(DexFuture) future = NULL;

  g_string_replace (target, "127.0.0.1", "localhost", 0);
  g_string_append (target, "/account");
  test_server_push_reply (fixture->server, 302, "", "Location", target->str, NULL);
  test_server_push_reply (fixture->server, 200, "{}", NULL);
  future = test_settle (ask (fixture, KIND_GET, "account"));

  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 2);
  g_assert_null (test_request_get_header (test_server_get_request (fixture->server, 1),
                                          "Authorization"));
}

static void
test_redirects_have_an_end (TestFixture *fixture,
                            const void  *unused)
{
  for (int i = 0; i < 6; i++)
    test_server_push_reply (fixture->server, 302, "", "Location", "/api/again", NULL);
  test_await_error (ask (fixture, KIND_GET, "account"), COMFY_ERROR_PROTOCOL);
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 6);
}

static void
test_unsafe_targets_are_refused (TestFixture *fixture,
                                 const void  *unused)
{
  static const char * const targets[] = {
    "http://192.0.2.1/", "http://example.org/", "file:///etc/passwd", "ftp://127.0.0.1/",
    "https://user:password@127.0.0.1/", "http://[", "javascript:alert(1)", "data:,x",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      test_server_push_reply (fixture->server, 302, "", "Location", targets[i], NULL);
      test_await_error (ask (fixture, KIND_GET, "account"), COMFY_ERROR_PROTOCOL);
    }
}

static void
test_a_key_for_another_environment_is_not_sent (TestFixture *fixture,
                                                const void  *unused)
{
  g_autoptr(ComfyCredentials) others = comfy_credentials_rebind (fixture->credentials,
                                                                 "https://cloud.comfy.org");

  g_set_object (&fixture->transport, NULL);
  fixture->transport = _comfy_transport_new_full (fixture->endpoint, others, NULL,
                                                  &fixture->options);
  for (Kind kind = 0; kind < N_KINDS; kind++)
    test_await_error (ask (fixture, kind, "account"), COMFY_ERROR_WRONG_ORIGIN);
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  test_fixture_init (&argc, &argv);

  test_fixture_add ("/redirect/elsewhere-gets-no-key", test_a_redirect_elsewhere_gets_no_key);
  test_fixture_add ("/redirect/the-way-back-gets-the-key-again",
                    test_the_way_back_gets_the_key_again);
  test_fixture_add ("/redirect/at-home-is-followed", test_a_redirect_at_home_is_followed);
  test_fixture_add ("/redirect/a-command-is-not-sent-on-even-at-home",
                    test_a_command_is_not_sent_on_even_at_home);
  test_fixture_add ("/redirect/a-link-elsewhere-gets-no-key", test_a_link_elsewhere_gets_no_key);
  test_fixture_add ("/redirect/another-name-of-the-host-is-another-origin",
                    test_another_name_of_the_host_is_another_origin);
  test_fixture_add ("/redirect/has-an-end", test_redirects_have_an_end);
  test_fixture_add ("/redirect/unsafe-targets-are-refused", test_unsafe_targets_are_refused);
  test_fixture_add ("/redirect/a-key-for-another-environment-is-not-sent",
                    test_a_key_for_another_environment_is_not_sent);

  return g_test_run ();
}
