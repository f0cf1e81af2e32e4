/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The event stream of Comfy API v2: what it says, in which order, when it ends, and how it fails. */

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "sandbox-image.h"
#include "test-fixture.h"

#define V2 "/api/v2"

/* An open event stream that is read line by line. */
typedef struct
{
  GInputStream     *body;
  GDataInputStream *lines;
  SoupMessage      *message;
  char             *event;  /* nullable: the last one read */
  JsonObject       *data;   /* nullable: of it */
  unsigned int      n_comments;
} Listener;

static void
listener_clear (Listener *self)
{
  g_clear_object (&self->lines);
  g_clear_object (&self->body);
  g_clear_object (&self->message);
  g_clear_pointer (&self->event, g_free);
  g_clear_pointer (&self->data, json_object_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listener, listener_clear)

static void
listen_to (Listener    *self,
           Fixture     *fixture,
           const Reply *job)
{
  g_autofree char *url = g_strconcat (comfy_sandbox_get_base_url (fixture->sandbox),
                                      reply_get (job, "urls.events"), NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", fixture->alice_key, NULL);
  SoupMessageHeaders *headers;
  g_autoptr(GError) error = NULL;

  self->message = soup_message_new ("GET", url);
  headers = soup_message_get_request_headers (self->message);
  soup_message_headers_append (headers, "Authorization", bearer);
  soup_message_headers_append (headers, "Accept", "text/event-stream");
  self->body = soup_session_send (fixture->session, self->message, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (soup_message_get_status (self->message), ==, 200);
  g_assert_cmpstr (soup_message_headers_get_content_type (
                     soup_message_get_response_headers (self->message), NULL), ==,
                   "text/event-stream");
  self->lines = g_data_input_stream_new (self->body);
}

/* The next event; %FALSE at the end, also when it comes too early. What is no JSON is no data. */
static gboolean
next_event (Listener *self)
{
  char *line;

  g_clear_pointer (&self->event, g_free);
  g_clear_pointer (&self->data, json_object_unref);

  while ((line = g_data_input_stream_read_line (self->lines, NULL, NULL, NULL)) != NULL)
    {
      g_autofree char *owned = line;

      if (line[0] == ':')
        self->n_comments++;
      else if (g_str_has_prefix (line, "event: "))
        self->event = g_strdup (line + strlen ("event: "));
      else if (g_str_has_prefix (line, "data: "))
        {
          g_autoptr(JsonNode) node = json_from_string (line + strlen ("data: "), NULL);

          if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
            self->data = json_object_ref (json_node_get_object (node));
        }
      else if (line[0] == '\0' && self->event != NULL)
        return TRUE;
    }

  return FALSE;
}

static const char *
get_status (Listener *self)
{
  return g_strcmp0 (self->event, "status") == 0 ? comfy_json_get_string (self->data, "status")
                                                : NULL;
}

static void
assert_status (Listener   *self,
               const char *status)
{
  g_assert_true (next_event (self));
  g_assert_cmpstr (get_status (self), ==, status);
}

static void
submit (Fixture *fixture,
        Reply   *job,
        const char *graph_name)
{
  g_autofree char *graph = dup_graph (graph_name, NULL);
  g_autofree char *body = g_strdup_printf ("{\"workflow\":%s}", graph);

  *job = fixture_send (fixture, "POST", V2 "/jobs", fixture->alice_key, NULL, body);
  g_assert_cmpuint (job->status, ==, 201);
}

/* Decodes what is shown; a picture, and no larger than previews are. */
static void
check_preview (JsonObject *data)
{
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (comfy_json_get_string (data, "data_base64"),
                                              &length);

  g_assert_cmpstr (comfy_json_get_string (data, "content_type"), ==, "image/jpeg");
  g_assert_nonnull (comfy_json_get_string (data, "node_id"));
  g_assert_cmpuint (length, >, 500);
  g_assert_cmpmem (bytes, 3, "\xff\xd8\xff", 3);
  g_assert_cmpmem (bytes + length - 2, 2, "\xff\xd9", 2);
}

/* Submits a job that starts only when it is listened to, so that no event is missed. */
static void
submit_and_listen (Fixture    *fixture,
                   Reply      *job,
                   Listener   *listener,
                   const char *graph_name)
{
  g_auto(Reply) before = { 0 };
  g_auto(Reply) cancelled = { 0 };

  fixture_control (fixture, "hold", "{}");
  submit (fixture, &before, "sandbox_generate_color.json");
  submit (fixture, job, graph_name);
  listen_to (listener, fixture, job);
  assert_status (listener, "queued");
  cancelled = fixture_send (fixture, "POST", reply_get (&before, "urls.cancel"),
                            fixture->alice_key, NULL, NULL);
  g_assert_cmpuint (cancelled.status, ==, 200);
  assert_status (listener, "running");
}

static void
test_whole_run (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) job = { 0 };
  g_auto(Reply) done = { 0 };
  g_auto(Listener) listener = { 0 };
  double value = -1.0;
  unsigned int n_previews = 0;
  unsigned int n_outputs = 0;
  gboolean over = FALSE;

  fixture_start (&fixture, NULL);
  submit_and_listen (&fixture, &job, &listener, "t2i_sdxl_base.json");
  fixture_control (&fixture, "release", "{}");

  while (next_event (&listener))
    {
      /* nothing comes after the end */
      g_assert_false (over);
      if (g_str_equal (listener.event, "progress"))
        {
          double now = json_object_get_double_member (listener.data, "value");

          reply_assert_members (listener.data, (const char *const[]) { "value", "nodes_done",
                                                                       "nodes_total", NULL });
          g_assert_cmpfloat (now, >, value);
          value = now;
        }
      else if (g_str_equal (listener.event, "preview"))
        {
          check_preview (listener.data);
          n_previews++;
        }
      else if (g_str_equal (listener.event, "output"))
        n_outputs++;
      else
        {
          g_assert_cmpstr (get_status (&listener), ==, "succeeded");
          over = TRUE;
        }
    }

  g_assert_true (over);
  g_assert_cmpfloat (value, ==, 1.0);
  g_assert_cmpuint (n_previews, ==, 3);
  done = fixture_send (&fixture, "GET", reply_get (&job, "urls.self"), fixture.alice_key, NULL,
                       NULL);
  g_assert_cmpuint (n_outputs, ==,
                    json_array_get_length (json_object_get_array_member (done.json, "outputs")));
}

/* Who comes late is told how it is now: state, progress, the last preview, and no more. */
static void
test_snapshot (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) job = { 0 };
  g_auto(Listener) first = { 0 };
  g_auto(Listener) late = { 0 };
  g_auto(Listener) too_late = { 0 };
  g_autofree char *status = NULL;
  unsigned int n_previews = 0;

  fixture_start (&fixture, NULL);
  submit_and_listen (&fixture, &job, &first, "t2i_sdxl_base.json");
  /* held before its last step, where all that there is was shown */
  do
    g_assert_true (next_event (&first));
  while (!g_str_equal (first.event, "preview") || ++n_previews < 3);

  listen_to (&late, &fixture, &job);
  assert_status (&late, "running");
  g_assert_true (next_event (&late));
  g_assert_cmpstr (late.event, ==, "progress");
  g_assert_true (next_event (&late));
  g_assert_cmpstr (late.event, ==, "preview");

  fixture_control (&fixture, "release", "{}");
  g_assert_true (next_event (&late));
  g_assert_cmpstr (late.event, !=, "preview");
  status = fixture_wait_for_job (&fixture, reply_get (&job, "urls.self"), fixture.alice_key);
  g_assert_cmpstr (status, ==, "succeeded");

  listen_to (&too_late, &fixture, &job);
  g_assert_true (next_event (&too_late));
  g_assert_cmpstr (too_late.event, ==, "progress");
  assert_status (&too_late, "succeeded");
  g_assert_false (next_event (&too_late));
}

static void
test_queue_and_cancel (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) running = { 0 };
  g_auto(Reply) waiting = { 0 };
  g_auto(Reply) cancelled = { 0 };
  g_auto(Listener) listener = { 0 };
  g_auto(Listener) queued = { 0 };

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "hold", "{}");
  submit (&fixture, &running, "sandbox_generate_color.json");
  submit (&fixture, &waiting, "sandbox_generate_color.json");
  listen_to (&queued, &fixture, &waiting);
  assert_status (&queued, "queued");
  g_assert_cmpint (json_object_get_int_member (queued.data, "queue_position"), ==, 0);

  listen_to (&listener, &fixture, &running);
  assert_status (&listener, "running");
  cancelled = fixture_send (&fixture, "POST", reply_get (&running, "urls.cancel"),
                            fixture.alice_key, NULL, NULL);
  g_assert_cmpstr (reply_get (&cancelled, "status"), ==, "canceling");

  while (next_event (&listener) && get_status (&listener) == NULL)
    ;
  g_assert_cmpstr (get_status (&listener), ==, "canceling");
  while (next_event (&listener) && get_status (&listener) == NULL)
    ;
  g_assert_cmpstr (get_status (&listener), ==, "canceled");
  g_assert_false (next_event (&listener));

  /* its slot is free now */
  while (next_event (&queued) && get_status (&queued) == NULL)
    ;
  g_assert_cmpstr (get_status (&queued), ==, "running");
}

static void
test_failure (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) job = { 0 };
  g_auto(Listener) listener = { 0 };
  const char *status = NULL;

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "fail", "{}");
  submit (&fixture, &job, "sandbox_generate_color.json");
  listen_to (&listener, &fixture, &job);
  while (next_event (&listener))
    status = get_status (&listener) != NULL ? g_intern_string (get_status (&listener)) : status;

  g_assert_cmpstr (status, ==, "failed");
}

static void
test_keep_alive (void)
{
  ComfySandboxOptions options = { .keep_alive_ms = 1 };
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) running = { 0 };
  g_auto(Reply) waiting = { 0 };
  g_auto(Listener) listener = { 0 };

  fixture_start (&fixture, &options);
  fixture_control (&fixture, "hold", "{}");
  submit (&fixture, &running, "sandbox_generate_color.json");
  submit (&fixture, &waiting, "sandbox_generate_color.json");
  listen_to (&listener, &fixture, &waiting);
  assert_status (&listener, "queued");

  /* a line that no event ends is a comment, or the empty line behind it */
  for (int i = 0; i < 4; i++)
    {
      g_autofree char *line = g_data_input_stream_read_line (listener.lines, NULL, NULL, NULL);

      g_assert_cmpstr (line, ==, i % 2 == 0 ? ": keep-alive" : "");
    }
}

static void
test_too_many (void)
{
  ComfySandboxOptions options = { .stream_limit = 1 };
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) job = { 0 };
  g_auto(Reply) refused = { 0 };
  unsigned int status = 0;

  fixture_start (&fixture, &options);
  fixture_control (&fixture, "hold", "{}");
  submit (&fixture, &job, "sandbox_generate_color.json");
  {
    g_auto(Listener) listener = { 0 };

    listen_to (&listener, &fixture, &job);
    assert_status (&listener, "running");
    refused = fixture_send (&fixture, "GET", reply_get (&job, "urls.events"), fixture.alice_key,
                            NULL, NULL);
    g_assert_cmpuint (refused.status, ==, 429);
    g_assert_cmpstr (reply_get (&refused, "error.code"), ==, "too_many_streams");
    g_assert_nonnull (soup_message_headers_get_one (refused.headers, "Retry-After"));
  }

  /* a client that goes makes room, as soon as the sandbox has seen it go */
  fixture_control (&fixture, "fail", "{}");
  fixture_control (&fixture, "release", "{}");
  while (status != 200)
    {
      g_auto(Reply) reply = fixture_send (&fixture, "GET", reply_get (&job, "urls.events"),
                                          fixture.alice_key, NULL, NULL);

      status = reply.status;
      g_assert_true (status == 200 || status == 429);
    }
}

/* Opens a stream that a fault spoils after its first two events, when all others are to come. */
static void
open_spoiled (Fixture    *fixture,
              Listener   *listener,
              const char *kind)
{
  g_auto(Reply) job = { 0 };

  fixture_control (fixture, "faults", "{\"kind\":\"%s\",\"path\":\"" V2 "/jobs/\","
                   "\"suffix\":\"/events\",\"events\":2}", kind);
  submit_and_listen (fixture, &job, listener, "sandbox_generate_color.json");
}

static void
test_cut (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Listener) listener = { 0 };

  fixture_start (&fixture, NULL);
  open_spoiled (&fixture, &listener, "cut");

  /* something of it came, but not its end */
  g_assert_false (next_event (&listener));
  g_assert_nonnull (listener.event);
  g_assert_null (listener.data);
}

static void
test_garbage (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Listener) listener = { 0 };

  fixture_start (&fixture, NULL);
  open_spoiled (&fixture, &listener, "garbage");

  g_assert_true (next_event (&listener));
  g_assert_null (listener.data);
  g_assert_true (next_event (&listener));
  g_assert_nonnull (listener.data);
}

/* Nothing more is said, and the stream stays open, taking the only place: only a break ends it. */
static void
test_silence (void)
{
  ComfySandboxOptions options = { .stream_limit = 1 };
  g_auto(Fixture) fixture = { 0 };
  g_auto(Listener) listener = { 0 };
  g_auto(Reply) other = { 0 };

  fixture_start (&fixture, &options);
  open_spoiled (&fixture, &listener, "silence");
  fixture_control (&fixture, "release", "{}");
  g_assert_true (comfy_sandbox_wait (fixture.sandbox, "job-end", NULL, NULL, 2, 20000));
  other = fixture_send (&fixture, "GET",
                        g_uri_get_path (soup_message_get_uri (listener.message)),
                        fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (other.status, ==, 429);
  fixture_control (&fixture, "drop", "{}");

  g_assert_false (next_event (&listener));
  g_assert_null (listener.event);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox-events/a-whole-run", test_whole_run);
  g_test_add_func ("/sandbox-events/first-comes-how-it-is-now", test_snapshot);
  g_test_add_func ("/sandbox-events/canceling-is-not-the-end", test_queue_and_cancel);
  g_test_add_func ("/sandbox-events/a-failure-ends-it", test_failure);
  g_test_add_func ("/sandbox-events/silence-is-filled-with-comments", test_keep_alive);
  g_test_add_func ("/sandbox-events/too-many-streams", test_too_many);
  g_test_add_func ("/sandbox-events/cut-in-an-event", test_cut);
  g_test_add_func ("/sandbox-events/garbage-in-an-event", test_garbage);
  g_test_add_func ("/sandbox-events/silence-after-an-event", test_silence);

  return g_test_run ();
}
