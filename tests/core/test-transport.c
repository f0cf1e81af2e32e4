/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "comfy-call-private.h"
#include "comfy-error.h"
#include "test-future.h"
#include "test-server.h"
#include "test-transport-fixture.h"

static void
test_a_request_carries_key_and_name (TestFixture *fixture,
                                     const void  *unused)
{
  g_autoptr(ComfyResponse)  response = NULL;
  const TestRequest        *request;
  JsonObject               *root;

  test_server_push_reply (fixture->server, 200, "{\"email\":\"a@example.org\"}",
                          "X-Comfy-Request-Id", "req-1", NULL);
  response = test_await_boxed (comfy_transport_send (fixture->transport, "GET", "account", NULL,
                                                     NULL, COMFY_TRANSPORT_REPEATABLE));

  g_assert_cmpuint (response->status, ==, 200);
  g_assert_cmpstr (response->request_id, ==, "req-1");
  root = json_node_get_object (response->json);
  g_assert_cmpstr (json_object_get_string_member (root, "email"), ==, "a@example.org");

  request = test_server_get_request (fixture->server, 0);
  g_assert_cmpstr (request->method, ==, "GET");
  g_assert_cmpstr (request->target, ==, "/api/account");
  g_assert_cmpstr (test_request_get_header (request, "Authorization"), ==, "Bearer " TEST_KEY);
  g_assert_true (g_str_has_prefix (test_request_get_header (request, "User-Agent"),
                                   "gimp-comfy/" PACKAGE_VERSION " ("));
  g_assert_null (test_request_get_header (request, "Idempotency-Key"));
}

static void
test_a_body_goes_as_json (TestFixture *fixture,
                          const void  *unused)
{
  g_autoptr(ComfyResponse)  response = NULL;
  g_autoptr(JsonNode)       body = json_from_string ("{\"a\":[1,2]}", NULL);
  const TestRequest        *request;

  test_server_push_reply (fixture->server, 202, "{}", NULL);
  response = test_await_boxed (comfy_transport_send (fixture->transport, "POST", "/api/jobs", body,
                                                     "key-1", COMFY_TRANSPORT_NONE));

  request = test_server_get_request (fixture->server, 0);
  g_assert_cmpstr (request->method, ==, "POST");
  g_assert_cmpstr (test_request_get_header (request, "Content-Type"), ==, "application/json");
  g_assert_cmpstr (test_request_get_header (request, "Idempotency-Key"), ==, "key-1");
  g_assert_cmpmem (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body),
                   "{\"a\":[1,2]}", 11);
}

static void
test_an_empty_answer_is_fine (TestFixture *fixture,
                              const void  *unused)
{
  g_autoptr(ComfyResponse) response = NULL;

  test_server_push_reply (fixture->server, 204, "", NULL);
  response = test_await_boxed (comfy_transport_send (fixture->transport, "DELETE", "inputs/1",
                                                     NULL, NULL, COMFY_TRANSPORT_REPEATABLE));
  g_assert_null (response->json);
  g_assert_null (response->text);
}

static void
test_any_status_is_an_answer_when_asked_for (TestFixture *fixture,
                                             const void  *unused)
{
  g_autoptr(ComfyResponse) response = NULL;

  test_server_push_reply (fixture->server, 503, "<html>maintenance</html>", NULL);
  response = test_await_boxed (comfy_transport_send (fixture->transport, "GET", "account", NULL,
                                                     NULL, COMFY_TRANSPORT_ANY_STATUS));
  g_assert_cmpuint (response->status, ==, 503);
  g_assert_cmpstr (response->text, ==, "<html>maintenance</html>");
}

static void
test_a_page_for_people_is_no_success (TestFixture *fixture,
                                      const void  *unused)
{
  test_server_push_reply (fixture->server, 200, "<html>Welcome to the café's network</html>", NULL);
  test_await_error (comfy_transport_send (fixture->transport, "GET", "account", NULL, NULL,
                                          COMFY_TRANSPORT_REPEATABLE), COMFY_ERROR_PROTOCOL);
}

static void
test_a_401_challenge_is_not_answered_by_itself (TestFixture *fixture,
                                                const void  *unused)
{
  test_server_push_reply (fixture->server, 401, "{}",
                          "WWW-Authenticate", "Basic realm=\"x\"", NULL);
  test_await_error (comfy_transport_send (fixture->transport, "GET", "account", NULL, NULL,
                                          COMFY_TRANSPORT_REPEATABLE), COMFY_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 1);
}

static void
test_dropping_the_future_cancels_the_request (TestFixture *fixture,
                                              const void  *unused)
{
  DexFuture *future;

  test_server_push_silence (fixture->server);
  future = comfy_transport_send (fixture->transport, "GET", "account", NULL, NULL,
                                 COMFY_TRANSPORT_REPEATABLE);
  while (test_server_get_n (fixture->server) == 0)
    g_main_context_iteration (NULL, TRUE);

  g_object_add_weak_pointer (G_OBJECT (fixture->transport), (gpointer *) &fixture->transport);
  g_object_unref (fixture->transport);
  g_assert_nonnull (fixture->transport);
  dex_unref (future);
  while (fixture->transport != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_silence_has_an_end (TestFixture *fixture,
                         const void  *unused)
{
  fixture_set_stall (fixture, 30);
  fixture->clock.budget_left = FALSE;
  test_server_push_silence (fixture->server);
  test_await_error (comfy_transport_send (fixture->transport, "GET", "account", NULL, NULL,
                                          COMFY_TRANSPORT_REPEATABLE), COMFY_ERROR_TIMED_OUT);
}

int
main (int    argc,
      char **argv)
{
  test_fixture_init (&argc, &argv);

  test_fixture_add ("/transport/a-request-carries-key-and-name",
                    test_a_request_carries_key_and_name);
  test_fixture_add ("/transport/a-body-goes-as-json", test_a_body_goes_as_json);
  test_fixture_add ("/transport/an-empty-answer-is-fine", test_an_empty_answer_is_fine);
  test_fixture_add ("/transport/any-status-is-an-answer-when-asked-for",
                    test_any_status_is_an_answer_when_asked_for);
  test_fixture_add ("/transport/a-page-for-people-is-no-success",
                    test_a_page_for_people_is_no_success);
  test_fixture_add ("/transport/a-401-challenge-is-not-answered-by-itself",
                    test_a_401_challenge_is_not_answered_by_itself);
  test_fixture_add ("/transport/dropping-the-future-cancels-the-request",
                    test_dropping_the_future_cancels_the_request);
  test_fixture_add ("/transport/silence-has-an-end", test_silence_has_an_end);

  return g_test_run ();
}
