/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "comfy-api-v2-events-private.h"
#include "comfy-api-v2-private.h"
#include "test-api-fixture.h"
#include "test-future.h"
#include "test-transport-fixture.h"

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n\r\n"
#define URL  "/gate/j/events"

/* Patient, but quick to connect again */
static const ComfyApiV2EventsTiming quick = {
  .silence = G_USEC_PER_SEC * 60,
  .first_delay = 1,
  .last_delay = 10,
  .busy_delay = 5,
  .short_life = G_USEC_PER_SEC * 60,
};

static ComfyEventStream *
open_stream (TestFixture *fixture)
{
  return comfy_api_v2_events_new (fixture->transport, URL, &quick);
}

static ComfyEvent *
next (ComfyEventStream *stream)
{
  return test_await_boxed (comfy_event_stream_next (stream));
}

static void
assert_next (ComfyEventStream *stream,
             ComfyEventKind    kind)
{
  g_autoptr(ComfyEvent) event = next (stream);

  g_assert_cmpint (event->kind, ==, kind);
}

static void
assert_progress (ComfyEventStream *stream,
                 double            fraction)
{
  g_autoptr(ComfyEvent) event = next (stream);

  g_assert_cmpint (event->kind, ==, COMFY_EVENT_PROGRESS);
  g_assert_cmpfloat_with_epsilon (event->fraction, fraction, 1e-9);
}

static void
test_events (TestFixture *fixture,
             const void  *unused)
{
  g_autoptr(ComfyEventStream)  stream = NULL;
  g_autoptr(ComfyEvent)        waiting = NULL;
  g_autoptr(ComfyEvent)        progress = NULL;
  g_autoptr(ComfyEvent)        preview = NULL;
  const TestRequest           *request;

  test_server_push_open (fixture->server, HEAD
                         "event: status\ndata: {\"status\":\"queued\",\"queue_position\":3}\n\n");
  stream = open_stream (fixture);

  waiting = next (stream);
  g_assert_cmpint (waiting->kind, ==, COMFY_EVENT_WAITING);
  g_assert_cmpint (waiting->queue_position, ==, 3);

  test_server_say (fixture->server, 0, ": keep-alive\n\nevent: log\ndata: {\"message\":\"x\"}\n\n"
                   "event: status\ndata: {\"status\":\"running\"}\n\n");
  assert_next (stream, COMFY_EVENT_RUNNING);

  test_server_say (fixture->server, 0,
                   "event: progress\ndata: {\"value\":0.25,\"nodes_done\":1,\"nodes_total\":4,"
                   "\"current_node\":\"57:8\",\"step\":3,\"steps\":8}\n\n");
  progress = next (stream);
  g_assert_cmpint (progress->kind, ==, COMFY_EVENT_PROGRESS);
  g_assert_cmpfloat (progress->fraction, ==, 0.25);
  g_assert_cmpint (progress->step, ==, 3);
  g_assert_cmpint (progress->steps, ==, 8);
  g_assert_cmpstr (progress->node, ==, "57:8");

  test_server_say (fixture->server, 0, "event: preview\ndata: {\"node_id\":\"9\",\"content_type\":"
                   "\"image/jpeg\",\"data_base64\":\"UElYRUxT\"}\n\n");
  preview = next (stream);
  g_assert_cmpint (preview->kind, ==, COMFY_EVENT_PREVIEW);
  g_assert_cmpmem (g_bytes_get_data (preview->preview, NULL), g_bytes_get_size (preview->preview),
                   "PIXELS", 6);
  g_assert_cmpstr (preview->content_type, ==, "image/jpeg");
  g_assert_cmpstr (preview->node, ==, "9");

  /* canceling is no end */
  test_server_say (fixture->server, 0, "event: status\ndata: {\"status\":\"canceling\"}\n\n"
                   "event: output\ndata: {\"id\":\"o\"}\n\n"
                   "event: status\ndata: {\"status\":\"canceled\"}\n\n");
  assert_next (stream, COMFY_EVENT_CHANGED);
  assert_next (stream, COMFY_EVENT_LOST);

  request = test_server_get_request (fixture->server, 0);
  g_assert_cmpstr (request->target, ==, URL);
  g_assert_cmpstr (test_request_get_header (request, "Accept"), ==, "text/event-stream");
  g_assert_cmpstr (test_request_get_header (request, "Authorization"), ==, "Bearer " TEST_KEY);
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 1);
}

/* what was said in between is asked for, and the server begins with how things stand */
static void
test_reconnects (TestFixture *fixture,
                 const void  *unused)
{
  g_autoptr(ComfyEventStream) stream = NULL;

  test_server_push_open (fixture->server, HEAD "event: progress\ndata: {\"value\":0.5}\n\n");
  test_server_push_raw (fixture->server, "");
  test_server_push_reply (fixture->server, 503, "", NULL);
  test_server_push_reply (fixture->server, 429, "{\"error\":{\"code\":\"rate_limited\"}}", NULL);
  test_server_push_open (fixture->server, HEAD "event: progress\ndata: {\"value\":0.25}\n\n");
  stream = open_stream (fixture);

  assert_progress (stream, 0.5);
  test_server_say (fixture->server, 0, "event: progress\ndata: {\"va");
  test_server_hang_up (fixture->server, 0);
  assert_next (stream, COMFY_EVENT_CHANGED);
  /* it never goes back */
  assert_progress (stream, 0.5);
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 5);
}

static void
test_gives_up (TestFixture *fixture,
               const void  *unused)
{
  g_autoptr(ComfyEventStream) stream = NULL;

  for (unsigned int i = 0; i < 4; i++)
    test_server_push_reply (fixture->server, 503, "", NULL);
  test_server_push_raw (fixture->server, HEAD "event: future\ndata: of use\n\n");
  for (unsigned int i = 0; i < 5; i++)
    test_server_push_raw (fixture->server, HEAD ": nothing\n\n");
  stream = open_stream (fixture);

  assert_next (stream, COMFY_EVENT_CHANGED);
  assert_next (stream, COMFY_EVENT_LOST);
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 10);
}

static void
refused_cb (ComfyEventStream *stream,
            gint64            until,
            gint64           *out_until)
{
  *out_until = until;
}

/* where again is no use it is not tried again, and it says where that holds for other jobs, too */
static void
test_final (TestFixture *fixture,
            const void  *unused)
{
  static const struct { unsigned int status; const char *body; gboolean is_of_all; } answers[] = {
    { 401, "{\"error\":{\"code\":\"unauthorized\"}}", FALSE },
    { 403, "{\"error\":{\"code\":\"forbidden\"}}", FALSE },
    { 404, "{\"error\":{\"code\":\"not_found\"}}", FALSE },
    { 200, "{\"status\":\"running\"}", FALSE },
    { 501, "{\"error\":{\"code\":\"not_implemented\"}}", TRUE },
    { 429, "{\"error\":{\"code\":\"too_many_streams\"}}", TRUE },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(ComfyEventStream) stream = NULL;
      gint64                      until = 0;

      g_test_message ("%u", answers[i].status);
      test_server_push_reply (fixture->server, answers[i].status, answers[i].body, NULL);
      stream = open_stream (fixture);
      g_signal_connect (stream, "refused", G_CALLBACK (refused_cb), &until);
      assert_next (stream, COMFY_EVENT_LOST);
      g_assert_cmpint (until > g_get_monotonic_time (), ==, answers[i].is_of_all);
      g_assert_cmpuint (test_server_get_n (fixture->server), ==, i + 1);
    }
}

/* a connection that says nothing is dead, whatever TCP thinks */
static void
test_silence (TestFixture *fixture,
              const void  *unused)
{
  const ComfyApiV2EventsTiming impatient = {
    .silence = G_USEC_PER_SEC / 20,
    .first_delay = 1,
    .last_delay = 1,
    .short_life = G_USEC_PER_SEC * 60,
  };
  g_autoptr(ComfyEventStream) stream = NULL;

  test_server_push_open (fixture->server, HEAD "event: status\ndata: {\"status\":\"running\"}\n\n");
  test_server_push_raw (fixture->server,
                        HEAD "event: status\ndata: {\"status\":\"succeeded\"}\n\n");
  stream = comfy_api_v2_events_new (fixture->transport, URL, &impatient);

  assert_next (stream, COMFY_EVENT_RUNNING);
  assert_next (stream, COMFY_EVENT_CHANGED);
  assert_next (stream, COMFY_EVENT_CHANGED);
  assert_next (stream, COMFY_EVENT_LOST);
}

static void
test_dropped (TestFixture *fixture,
              const void  *unused)
{
  ComfyEventStream *stream;

  test_server_push_open (fixture->server, HEAD "event: status\ndata: {\"status\":\"running\"}\n\n");
  stream = open_stream (fixture);
  assert_next (stream, COMFY_EVENT_RUNNING);
  g_assert_finalize_object (stream);
  while (!test_server_has_left (fixture->server, 0))
    g_main_context_iteration (NULL, TRUE);

  /* and at each stage before it is connected */
  stream = open_stream (fixture);
  g_assert_finalize_object (stream);

  test_server_push_silence (fixture->server);
  stream = open_stream (fixture);
  while (test_server_get_n (fixture->server) < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (stream);

  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
}

static void
test_not_elsewhere (TestFixture *fixture,
                    const void  *unused)
{
  g_autoptr(TestServer)       other = test_server_new (NULL);
  g_autofree char            *url = test_server_dup_url (other, URL);
  g_autoptr(ComfyEventStream) stream = comfy_api_v2_events_new (fixture->transport, url, &quick);

  assert_next (stream, COMFY_EVENT_LOST);
  g_assert_cmpuint (test_server_get_n (other), ==, 0);
}

/* a server without events is asked once in this process; the link of the job is followed */
static void
test_remembers (TestFixture *fixture,
                const void  *unused)
{
  g_autoptr(ComfyApi)         api = comfy_api_v2_new (fixture->transport);
  g_autoptr(ComfyRemoteJob)   job = NULL;
  g_autoptr(ComfyEventStream) stream = NULL;

  test_server_push_reply (fixture->server, 200, "{\"id\":\"j\",\"status\":\"running\",\"urls\":"
                          "{\"events\":\"" URL "\"}}", NULL);
  job = test_await_boxed (comfy_api_get_job (api, "j"));

  g_assert_true (comfy_api_get_flags (api) & COMFY_API_EVENTS);
  test_server_push_reply (fixture->server, 501, "", NULL);
  stream = test_await_object (comfy_api_watch (api, "j"));
  assert_next (stream, COMFY_EVENT_LOST);
  assert_target (fixture, 1, "GET", URL);

  g_assert_false (comfy_api_get_flags (api) & COMFY_API_EVENTS);
  test_await_error (comfy_api_watch (api, "j"), COMFY_ERROR_NOT_SUPPORTED);
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 2);
}

static void
test_meanings (void)
{
  static const struct { const char *name; const char *text; int kind; gboolean is_end; } cases[] = {
    { "status", "{\"status\":\"queued\"}", COMFY_EVENT_WAITING, FALSE },
    { "status", "{\"status\":\"running\"}", COMFY_EVENT_RUNNING, FALSE },
    { "status", "{\"status\":\"dreaming\"}", COMFY_EVENT_RUNNING, FALSE },
    { "status", "{\"status\":\"canceling\"}", -1, FALSE },
    { "status", "{\"status\":\"succeeded\"}", COMFY_EVENT_CHANGED, TRUE },
    { "status", "{\"status\":\"failed\"}", COMFY_EVENT_CHANGED, TRUE },
    { "status", "{\"status\":\"canceled\"}", COMFY_EVENT_CHANGED, TRUE },
    { "status", "{\"status\":\"expired\"}", COMFY_EVENT_CHANGED, TRUE },
    { "status", "{\"status\":7}", -1, FALSE },
    { "status", "[]", -1, FALSE },
    { "status", "{\"status\":", -1, FALSE },
    { "progress", "{}", COMFY_EVENT_PROGRESS, FALSE },
    { "progress", "{\"value\":\"half\",\"step\":1e300}", COMFY_EVENT_PROGRESS, FALSE },
    { "progress", "", -1, FALSE },
    { "preview", "{\"content_type\":\"image/jpeg\"}", -1, FALSE },
    { "preview", "{\"content_type\":\"image/jpeg\",\"data_base64\":\"\"}", -1, FALSE },
    { "preview", "{\"content_type\":\"text/html\",\"data_base64\":\"UElY\"}", -1, FALSE },
    { "preview", "{\"data_base64\":\"UElY\"}", -1, FALSE },
    { "output", "{\"id\":\"o\"}", -1, FALSE },
    { "message", "{\"status\":\"failed\"}", -1, FALSE },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean    is_end = !cases[i].is_end;
      ComfyEvent *event = comfy_api_v2_event_read (cases[i].name, cases[i].text,
                                                   strlen (cases[i].text), &is_end);

      g_test_message ("%s %s", cases[i].name, cases[i].text);
      g_assert_cmpint (event != NULL ? (int) event->kind : -1, ==, cases[i].kind);
      g_assert_cmpint (is_end, ==, cases[i].is_end);
      g_clear_pointer (&event, comfy_event_free);
    }
}

int
main (int    argc,
      char **argv)
{
  test_fixture_init (&argc, &argv);

  test_fixture_add ("/api-v2-events/tells-what-it-hears", test_events);
  test_fixture_add ("/api-v2-events/connects-again-and-never-goes-back", test_reconnects);
  test_fixture_add ("/api-v2-events/gives-up-after-five-that-told-nothing", test_gives_up);
  test_fixture_add ("/api-v2-events/gives-up-at-once-where-again-is-no-use", test_final);
  test_fixture_add ("/api-v2-events/leaves-the-silent", test_silence);
  test_fixture_add ("/api-v2-events/can-be-dropped-at-any-time", test_dropped);
  test_fixture_add ("/api-v2-events/listens-to-no-other-server", test_not_elsewhere);
  test_fixture_add ("/api-v2-events/a-server-without-is-asked-once", test_remembers);
  g_test_add_func ("/api-v2-events/events-mean-what-they-say", test_meanings);

  return g_test_run ();
}
