/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "comfy-sse.h"

#define MAX_BYTES 1000

static void
note_cb (const char *name,
         const char *text,
         gsize       length,
         gpointer    data)
{
  GString *events = data;

  g_string_append_printf (events, "[%s|", name);
  for (gsize i = 0; i < length; i++)
    g_string_append_c (events, text[i] == '\n' ? '/' : text[i]);
  g_string_append_c (events, ']');
}

/* The events of a stream that comes in pieces of which the first two end at @cuts */
static char *
read_in_pieces (const char *stream,
                gsize       length,
                gsize       first,
                gsize       second)
{
  g_autoptr(ComfySse) sse = comfy_sse_new (MAX_BYTES);
  GString            *events = g_string_new (NULL);

  comfy_sse_feed (sse, stream, first, note_cb, events);
  comfy_sse_feed (sse, stream + first, second - first, note_cb, events);
  comfy_sse_feed (sse, stream + second, length - second, note_cb, events);

  return g_string_free (events, FALSE);
}

/* Wherever the wire cuts, once or twice, the events are the same */
static void
assert_events (const char *stream,
               const char *expected)
{
  gsize length = strlen (stream);

  for (gsize first = 0; first <= length; first++)
    for (gsize second = first; second <= length; second++)
      {
        g_autofree char *events = read_in_pieces (stream, length, first, second);

        g_assert_cmpstr (events, ==, expected);
      }
}

static void
test_ends_of_lines (void)
{
  assert_events ("event: a\ndata: 1\n\nevent: b\ndata: 2\n\n", "[a|1][b|2]");
  assert_events ("event: a\r\ndata: 1\r\n\r\nevent: b\r\ndata: 2\r\n\r\n", "[a|1][b|2]");
  assert_events ("event: a\rdata: 1\r\revent: b\rdata: 2\r\r", "[a|1][b|2]");
  assert_events ("event: a\r\ndata: 1\n\r\nevent: b\rdata: 2\n\n", "[a|1][b|2]");
  /* two carriage returns and a line feed are two ends */
  assert_events ("data: 1\r\r\ndata: 2\r\n\n", "[message|1][message|2]");
}

static void
test_fields (void)
{
  assert_events ("data:1\ndata: 2\ndata:  3\ndata\n\n", "[message|1/2/ 3/]");
  assert_events ("data\n\n", "[message|]");
  assert_events ("data:\n\n", "[message|]");
  assert_events ("event: a\nevent: b\ndata: 1\n\n", "[b|1]");
  assert_events ("event: a\nevent\ndata: 1\n\n", "[message|1]");
  assert_events ("id: 7\nretry: 5\ndatum: x\nDATA: x\ndata: a:b\n\n", "[message|a:b]");
}

static void
test_what_is_no_event (void)
{
  assert_events (": keep-alive\n\n:\n\n\n\n", "");
  assert_events ("event: a\n\ndata: 1\n\n", "[message|1]");
  assert_events ("data: 1\n: in between\ndata: 2\n\n", "[message|1/2]");
  assert_events ("data: 1\n\ndata: the end of the stream\n", "[message|1]");
  assert_events ("", "");
}

static void
test_byte_order_mark (void)
{
  assert_events ("\xef\xbb\xbf" "data: 1\n\ndata: 2\n\n", "[message|1][message|2]");
  assert_events ("\xef\xbb\xbf\n\xef\xbb\xbf" "data: 1\n\ndata: 2\n\n", "[message|2]");
}

static void
test_too_large (void)
{
  g_autofree char *fits = g_strnfill (MAX_BYTES, 'x');
  g_autofree char *large = g_strnfill (MAX_BYTES + 1, 'x');
  g_autofree char *huge = g_strnfill (MAX_BYTES * 3, 'x');
  g_autofree char *half = g_strnfill (MAX_BYTES / 2 + 1, 'x');
  g_autofree char *stream = g_strdup_printf ("data: %s\n\n"
                                             "data: %s\n\ndata: 1\n\n"
                                             "event: %s\ndata: %s\n\ndata: 2\n\n"
                                             "data: %s\ndata: %s\n\ndata: 3\n\n"
                                             "data: 4\n: %s\n\n",
                                             fits, large, huge, huge, half, half, huge);
  g_autofree char *expected = g_strdup_printf ("[message|%s][message|1][message|2][message|3]"
                                               "[message|4]", fits);
  gsize            length = strlen (stream);

  for (gsize cut = 0; cut <= length; cut += 97)
    {
      g_autofree char *events = read_in_pieces (stream, length, cut, cut);

      g_assert_cmpstr (events, ==, expected);
    }
}

static void
test_any_bytes (void)
{
  static const char   stream[] = "data: a\0b\xff\n\n";
  g_autoptr(ComfySse) sse = comfy_sse_new (MAX_BYTES);
  g_autoptr(GString)  events = g_string_new (NULL);

  comfy_sse_feed (sse, stream, sizeof stream - 1, note_cb, events);
  g_assert_cmpmem (events->str, events->len, "[message|a\0b\xff]", 14);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sse/lines-end-in-three-ways", test_ends_of_lines);
  g_test_add_func ("/sse/fields-are-read-as-browsers-do", test_fields);
  g_test_add_func ("/sse/comments-and-halves-are-no-events", test_what_is_no_event);
  g_test_add_func ("/sse/a-byte-order-mark-is-not-read", test_byte_order_mark);
  g_test_add_func ("/sse/what-is-too-large-is-left-out-alone", test_too_large);
  g_test_add_func ("/sse/data-may-be-any-bytes", test_any_bytes);

  return g_test_run ();
}
