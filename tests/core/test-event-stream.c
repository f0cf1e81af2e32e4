/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "comfy-event-stream.h"

#define TEST_TYPE_STREAM (test_stream_get_type ())
G_DECLARE_FINAL_TYPE (TestStream, test_stream, TEST, STREAM, ComfyEventStream)

struct _TestStream
{
  ComfyEventStream parent_instance;
};

G_DEFINE_FINAL_TYPE (TestStream, test_stream, COMFY_TYPE_EVENT_STREAM)

static void
test_stream_class_init (TestStreamClass *klass)
{
}

static void
test_stream_init (TestStream *self)
{
}

static void
assert_resolves_to (DexFuture      *future,
                    ComfyEventKind  kind,
                    double          fraction)
{
  g_autoptr(GError)  error = NULL;
  const GValue      *value;
  const ComfyEvent  *event;

  while (dex_future_is_pending (future))
    g_main_context_iteration (NULL, TRUE);

  value = dex_future_get_value (future, &error);
  g_assert_no_error (error);
  event = g_value_get_boxed (value);
  g_assert_cmpint (event->kind, ==, kind);
  g_assert_cmpfloat (event->fraction, ==, fraction);
}

static void
assert_next (ComfyEventStream *stream,
             ComfyEventKind    kind,
             double            fraction)
{
  g_autoptr(DexFuture) next = comfy_event_stream_next (stream);

  assert_resolves_to (next, kind, fraction);
}

static void
test_order (void)
{
  g_autoptr(ComfyEventStream) stream = g_object_new (TEST_TYPE_STREAM, NULL);

  comfy_event_stream_push (stream, COMFY_EVENT_CONNECTED, 0);
  comfy_event_stream_push (stream, COMFY_EVENT_PROGRESS, 0.1);
  comfy_event_stream_push (stream, COMFY_EVENT_PROGRESS, 0.2);
  comfy_event_stream_push (stream, COMFY_EVENT_CHANGED, 0);
  comfy_event_stream_push (stream, COMFY_EVENT_PROGRESS, 0.3);

  assert_next (stream, COMFY_EVENT_CONNECTED, 0);
  assert_next (stream, COMFY_EVENT_PROGRESS, 0.2);
  assert_next (stream, COMFY_EVENT_CHANGED, 0);
  assert_next (stream, COMFY_EVENT_PROGRESS, 0.3);
}

/* a slow reader holds neither pictures nor fractions that are old */
static void
test_previews (void)
{
  g_autoptr(ComfyEventStream) stream = g_object_new (TEST_TYPE_STREAM, NULL);

  for (unsigned int i = 0; i < 10; i++)
    {
      comfy_event_stream_push (stream, COMFY_EVENT_PREVIEW, i);
      comfy_event_stream_push (stream, COMFY_EVENT_PROGRESS, i);
    }
  comfy_event_stream_push (stream, COMFY_EVENT_CHANGED, 0);
  comfy_event_stream_push (stream, COMFY_EVENT_PREVIEW, 10);

  assert_next (stream, COMFY_EVENT_PROGRESS, 9);
  assert_next (stream, COMFY_EVENT_CHANGED, 0);
  assert_next (stream, COMFY_EVENT_PREVIEW, 10);
}

static void
test_wakes_reader (void)
{
  g_autoptr(ComfyEventStream) stream = g_object_new (TEST_TYPE_STREAM, NULL);
  g_autoptr(DexFuture)        next = comfy_event_stream_next (stream);

  g_assert_true (dex_future_is_pending (next));
  comfy_event_stream_push (stream, COMFY_EVENT_CHANGED, 0);
  assert_resolves_to (next, COMFY_EVENT_CHANGED, 0);
}

/* a reader races the stream against its clock, and the clock wins */
static void
test_given_up (void)
{
  g_autoptr(ComfyEventStream) stream = g_object_new (TEST_TYPE_STREAM, NULL);
  g_autoptr(DexPromise)       clock = dex_promise_new ();
  g_autoptr(DexFuture)        race = dex_future_first (comfy_event_stream_next (stream),
                                                       dex_ref (DEX_FUTURE (clock)), NULL);

  dex_promise_resolve_boolean (clock, TRUE);
  while (dex_future_is_pending (race))
    g_main_context_iteration (NULL, TRUE);

  comfy_event_stream_push (stream, COMFY_EVENT_CHANGED, 0);
  assert_next (stream, COMFY_EVENT_CHANGED, 0);
}

static void
test_lost (void)
{
  g_autoptr(ComfyEventStream) stream = g_object_new (TEST_TYPE_STREAM, NULL);

  comfy_event_stream_push (stream, COMFY_EVENT_LOST, 0);
  comfy_event_stream_push (stream, COMFY_EVENT_CHANGED, 0);

  assert_next (stream, COMFY_EVENT_LOST, 0);
  assert_next (stream, COMFY_EVENT_LOST, 0);
}

static void
test_freed (void)
{
  ComfyEventStream     *stream = g_object_new (TEST_TYPE_STREAM, NULL);
  g_autoptr(DexFuture)  next = comfy_event_stream_next (stream);

  g_object_unref (stream);
  assert_resolves_to (next, COMFY_EVENT_LOST, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/event-stream/keeps-order-and-the-last-fraction", test_order);
  g_test_add_func ("/event-stream/keeps-the-last-preview", test_previews);
  g_test_add_func ("/event-stream/wakes-who-waits", test_wakes_reader);
  g_test_add_func ("/event-stream/loses-nothing-with-a-future-given-up", test_given_up);
  g_test_add_func ("/event-stream/lost-is-the-end", test_lost);
  g_test_add_func ("/event-stream/ends-the-wait-of-a-reader-it-outlives", test_freed);

  return g_test_run ();
}
