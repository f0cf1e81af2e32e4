/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever comes from the wire, and wherever it is cut: the events are the same, none is larger than
 * allowed, and each means something or nothing.
 */
#include "config.h"

#include "comfy-api-v2-events-private.h"
#include "comfy-sse.h"

#define MAX_BYTES 200

int LLVMFuzzerTestOneInput (const unsigned char *data,
                            size_t               size);

static void
note_cb (const char *name,
         const char *text,
         gsize       length,
         gpointer    data)
{
  GString    *events = data;
  gboolean    is_end;
  ComfyEvent *event = comfy_api_v2_event_read (name, text, length, &is_end);

  g_assert (!is_end || event->kind == COMFY_EVENT_CHANGED);
  g_assert (event == NULL || (event->kind == COMFY_EVENT_PREVIEW) == (event->preview != NULL));
  g_assert (event == NULL || event->fraction <= 1);
  g_clear_pointer (&event, comfy_event_free);

  g_assert (length <= MAX_BYTES);
  g_string_append (events, name);
  g_string_append_c (events, '\0');
  g_string_append_len (events, text, (gssize) length);
  g_string_append_c (events, '\0');
}

int
LLVMFuzzerTestOneInput (const unsigned char *data,
                        size_t               size)
{
  g_autoptr(ComfySse) whole = comfy_sse_new (MAX_BYTES);
  g_autoptr(ComfySse) pieces = comfy_sse_new (MAX_BYTES);
  g_autoptr(GString)  expected = g_string_new (NULL);
  g_autoptr(GString)  events = g_string_new (NULL);
  const char         *bytes = (const char *) data;

  comfy_sse_feed (whole, bytes, size, note_cb, expected);
  for (gsize i = 0; i < size; i++)
    comfy_sse_feed (pieces, bytes + i, 1, note_cb, events);

  g_assert (g_string_equal (events, expected));

  return 0;
}
