/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-response-private.h"
#include "test-future.h"
#include "test-transport-fixture.h"

static DexFuture *
get (TestFixture *fixture)
{
  return comfy_transport_send (fixture->transport, "GET", "account", NULL, NULL,
                               COMFY_TRANSPORT_NONE);
}

/* what costs money */
static DexFuture *
submit (TestFixture *fixture)
{
  g_autoptr(JsonNode) body = json_from_string ("{}", NULL);

  return comfy_transport_send (fixture->transport, "POST", "jobs", body, "key-1",
                               COMFY_TRANSPORT_NONE);
}

static void
test_a_question_is_asked_until_it_is_answered (TestFixture *fixture,
                                               const void  *unused)
{
  g_autoptr(ComfyResponse) response = NULL;

  /* on a new connection; on one that was used before libsoup asks again by itself */
  test_server_push_raw (fixture->server, "");
  test_server_push_reply (fixture->server, 503, "", NULL);
  test_server_push_raw (fixture->server, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"half");
  test_server_push_reply (fixture->server, 408, "", NULL);
  test_server_push_reply (fixture->server, 429, "", "Retry-After", "7", NULL);
  test_server_push_reply (fixture->server, 200, "{}", NULL);
  response = test_await_boxed (get (fixture));

  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 6);
  g_assert_cmpint (fixture_get_wait (fixture, 0), ==, 375 * 1000);
  g_assert_cmpint (fixture_get_wait (fixture, 1), ==, 750 * 1000);
  g_assert_cmpint (fixture_get_wait (fixture, 4), ==, 7 * G_USEC_PER_SEC);
}

static void
test_the_budget_ends_with_what_was_tried (TestFixture *fixture,
                                          const void  *unused)
{
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 30; i++)
    test_server_push_reply (fixture->server, 503, "", "X-Comfy-Request-Id", "req-9", NULL);
  error = fixture_reject (get (fixture));

  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_SERVER);
  g_assert_nonnull (strstr (error->message, " times in 60 s."));
  g_assert_cmpuint (comfy_error_get_status (error), ==, 503);
  g_assert_cmpstr (comfy_error_get_request_id (error), ==, "req-9");
}

static void
test_a_submit_waits_for_room (TestFixture *fixture,
                              const void  *unused)
{
  g_autoptr(ComfyResponse) response = NULL;

  test_server_push_reply (fixture->server, 429, "{\"error\":{\"code\":\"queue_full\"}}",
                          "Retry-After", "2", NULL);
  test_server_push_reply (fixture->server, 202, "{}", NULL);
  response = test_await_boxed (submit (fixture));

  g_assert_cmpuint (response->status, ==, 202);
  g_assert_cmpint (fixture_get_wait (fixture, 0), ==, 2 * G_USEC_PER_SEC);
  g_assert_cmpstr (test_request_get_header (test_server_get_request (fixture->server, 1),
                                            "Idempotency-Key"), ==, "key-1");
}

static void
test_a_submit_without_room_is_no_job (TestFixture *fixture,
                                      const void  *unused)
{
  for (int i = 0; i < 40; i++)
    test_server_push_reply (fixture->server, 429, "{\"error\":{\"code\":\"queue_full\"}}", NULL);
  test_await_error (submit (fixture), COMFY_ERROR_QUEUE_FULL);
}

static void
test_a_submit_that_may_have_arrived_is_not_sent_again (TestFixture *fixture,
                                                       const void  *unused)
{
  static const char * const cuts[] = {
    "", "HTTP/1.1 2", "HTTP/1.1 202 Accepted\r\nContent-Length: 50\r\n\r\n{\"id\":",
    "HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello", "garbage\r\n\r\n",
  };
  static const unsigned int statuses[] = { 408, 500, 502, 503, 504 };

  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      test_server_push_raw (fixture->server, cuts[i]);
      test_await_error (submit (fixture), COMFY_ERROR_OUTCOME_UNKNOWN);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(GError) error = NULL;

      test_server_push_reply (fixture->server, statuses[i], "{\"error\":{\"code\":\"upstream\"}}",
                              NULL);
      error = fixture_reject (submit (fixture));
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_OUTCOME_UNKNOWN);
      g_assert_cmpuint (comfy_error_get_status (error), ==, statuses[i]);
      g_assert_cmpstr (comfy_error_get_server_code (error), ==, "upstream");
    }

  g_assert_cmpuint (test_server_get_n (fixture->server), ==,
                    G_N_ELEMENTS (cuts) + G_N_ELEMENTS (statuses));
  g_assert_cmpuint (fixture->clock.waits->len, ==, 0);
}

static void
test_a_submit_without_an_answer_is_unknown (TestFixture *fixture,
                                            const void  *unused)
{
  fixture_set_stall (fixture, 30);
  test_server_push_silence (fixture->server);
  test_await_error (submit (fixture), COMFY_ERROR_OUTCOME_UNKNOWN);
}

static void
test_a_refused_submit_is_clear (TestFixture *fixture,
                                const void  *unused)
{
  static const struct { unsigned int status; ComfyError code; } rows[] = {
    { 400, COMFY_ERROR_REJECTED },     { 401, COMFY_ERROR_UNAUTHORIZED },
    { 402, COMFY_ERROR_NO_CREDITS },   { 403, COMFY_ERROR_FORBIDDEN },
    { 404, COMFY_ERROR_NOT_FOUND },    { 413, COMFY_ERROR_TOO_LARGE },
    { 422, COMFY_ERROR_REJECTED },     { 501, COMFY_ERROR_NOT_SUPPORTED },
    { 307, COMFY_ERROR_PROTOCOL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      test_server_push_reply (fixture->server, rows[i].status, "{}", NULL);
      test_await_error (submit (fixture), rows[i].code);
    }
}

/* Bound, so that nobody else gets the port; but not listening, so that nobody can connect */
static GSocket *
reserve_port (guint16 *out_port)
{
  g_autoptr(GSocket)        socket = NULL;
  g_autoptr(GInetAddress)   loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) bound = NULL;

  socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_assert_true (g_socket_bind (socket, address, FALSE, NULL));
  bound = g_socket_get_local_address (socket, NULL);
  *out_port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));

  return g_steal_pointer (&socket);
}

static void
test_a_refused_connection_is_clear_and_tried_again (TestFixture *fixture,
                                                    const void  *unused)
{
  guint16             port;
  g_autoptr(GSocket)  socket = reserve_port (&port);
  g_autofree char    *url = g_strdup_printf ("http://127.0.0.1:%u", port);
  g_autoptr(GError)   error = NULL;

  fixture_use_url (fixture, url);
  error = fixture_reject (submit (fixture));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_CONNECTION);
  g_assert_nonnull (strstr (error->message, "Tried "));
  g_assert_cmpuint (fixture->clock.waits->len, >, 5);
}

static void
test_any_status_is_asked_for_once (TestFixture *fixture,
                                   const void  *unused)
{
  guint16             port;
  g_autoptr(GSocket)  socket = reserve_port (&port);
  g_autofree char    *url = g_strdup_printf ("http://127.0.0.1:%u", port);

  fixture_use_url (fixture, url);
  test_await_error (comfy_transport_send (fixture->transport, "HEAD", "/", NULL, NULL,
                                          COMFY_TRANSPORT_ANY_STATUS), COMFY_ERROR_CONNECTION);
  g_assert_cmpuint (fixture->clock.waits->len, ==, 0);
}

static void
test_refusals_are_results_when_asked_for (TestFixture *fixture,
                                          const void  *unused)
{
  g_autoptr(JsonNode)      body = json_from_string ("{}", NULL);
  g_autoptr(ComfyResponse) response = NULL;
  g_autoptr(GError)        error = NULL;

  test_server_push_reply (fixture->server, 422, "{\"error\":{\"code\":\"invalid_workflow\"}}",
                          NULL);
  response = test_await_boxed (comfy_transport_send (fixture->transport, "POST", "jobs", body, NULL,
                                                     COMFY_TRANSPORT_KEEP_REFUSALS));
  g_assert_cmpuint (response->status, ==, 422);
  error = comfy_transport_dup_error (fixture->transport, response);
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_WORKFLOW);

  test_server_push_reply (fixture->server, 402, "{}", NULL);
  test_await_error (comfy_transport_send (fixture->transport, "POST", "jobs", body, NULL,
                                          COMFY_TRANSPORT_KEEP_REFUSALS), COMFY_ERROR_NO_CREDITS);
}

static void
waiting_cb (ComfyTransport *transport,
            GParamSpec     *pspec,
            GArray         *seen)
{
  gint64 until = comfy_transport_get_waiting_until (transport);

  g_array_append_val (seen, until);
}

static void
test_a_wait_can_be_seen (TestFixture *fixture,
                         const void  *unused)
{
  g_autoptr(ComfyResponse) response = NULL;
  g_autoptr(GArray)        seen = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_signal_connect (fixture->transport, "notify::waiting-until", G_CALLBACK (waiting_cb), seen);
  test_server_push_reply (fixture->server, 503, "", NULL);
  test_server_push_reply (fixture->server, 429, "", "Retry-After", "20", NULL);
  test_server_push_reply (fixture->server, 200, "{}", NULL);
  response = test_await_boxed (get (fixture));

  /* the first wait is too short to be worth a word */
  g_assert_cmpuint (seen->len, ==, 2);
  g_assert_cmpint (g_array_index (seen, gint64, 0), ==, fixture->clock.now_us);
  g_assert_cmpint (g_array_index (seen, gint64, 1), ==, 0);
}

static void
cut_off_cb (ComfyTransport *transport,
            GParamSpec     *pspec,
            GArray         *seen)
{
  gboolean is_cut_off = comfy_transport_is_cut_off (transport);

  g_array_append_val (seen, is_cut_off);
}

static void
test_a_broken_way_is_no_pause (TestFixture *fixture,
                               const void  *unused)
{
  g_autoptr(ComfyResponse) response = NULL;
  g_autoptr(GArray)        seen = g_array_new (FALSE, FALSE, sizeof (gboolean));

  g_signal_connect (fixture->transport, "notify::waiting-until", G_CALLBACK (cut_off_cb), seen);
  test_server_push_reply (fixture->server, 429, "", "Retry-After", "20", NULL);
  /* libsoup asks by itself once more, and the first wait is too short to be worth a word */
  for (unsigned int i = 0; i < 3; i++)
    test_server_push_raw (fixture->server, "");
  test_server_push_reply (fixture->server, 200, "{}", NULL);
  response = test_await_boxed (get (fixture));

  g_assert_cmpuint (seen->len, ==, 4);
  g_assert_false (g_array_index (seen, gboolean, 0));
  g_assert_false (g_array_index (seen, gboolean, 1));
  g_assert_true (g_array_index (seen, gboolean, 2));
  g_assert_false (g_array_index (seen, gboolean, 3));
}

static void
test_an_endless_answer_is_not_read (TestFixture *fixture,
                                    const void  *unused)
{
  g_autofree char  *blanks = g_strnfill (COMFY_RESPONSE_MAX_BODY + 1, ' ');

  test_server_push_reply (fixture->server, 200, blanks, NULL);
  test_await_error (get (fixture), COMFY_ERROR_TOO_LARGE);
}

int
main (int    argc,
      char **argv)
{
  test_fixture_init (&argc, &argv);

  test_fixture_add ("/transport-retry/a-question-is-asked-until-it-is-answered",
                    test_a_question_is_asked_until_it_is_answered);
  test_fixture_add ("/transport-retry/the-budget-ends-with-what-was-tried",
                    test_the_budget_ends_with_what_was_tried);
  test_fixture_add ("/transport-retry/a-submit-waits-for-room", test_a_submit_waits_for_room);
  test_fixture_add ("/transport-retry/a-submit-without-room-is-no-job",
                    test_a_submit_without_room_is_no_job);
  test_fixture_add ("/transport-retry/a-submit-that-may-have-arrived-is-not-sent-again",
                    test_a_submit_that_may_have_arrived_is_not_sent_again);
  test_fixture_add ("/transport-retry/a-submit-without-an-answer-is-unknown",
                    test_a_submit_without_an_answer_is_unknown);
  test_fixture_add ("/transport-retry/a-refused-submit-is-clear", test_a_refused_submit_is_clear);
  test_fixture_add ("/transport-retry/a-refused-connection-is-clear-and-tried-again",
                    test_a_refused_connection_is_clear_and_tried_again);
  test_fixture_add ("/transport-retry/any-status-is-asked-for-once",
                    test_any_status_is_asked_for_once);
  test_fixture_add ("/transport-retry/refusals-are-results-when-asked-for",
                    test_refusals_are_results_when_asked_for);
  test_fixture_add ("/transport-retry/a-broken-way-is-no-pause", test_a_broken_way_is_no_pause);
  test_fixture_add ("/transport-retry/a-wait-can-be-seen", test_a_wait_can_be_seen);
  test_fixture_add ("/transport-retry/an-endless-answer-is-not-read",
                    test_an_endless_answer_is_not_read);

  return g_test_run ();
}
