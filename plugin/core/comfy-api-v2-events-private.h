/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-event-stream.h"
#include "comfy-transport-private.h"

G_BEGIN_DECLS

/* All in µs. Tests use shorter ones. */
typedef struct
{
  gint64 silence;     /* without a word, not even a comment: the connection is dead */
  gint64 first_delay; /* before connecting again, doubled with each connection that was short */
  gint64 last_delay;  /* at most */
  gint64 busy_delay;  /* after a 429 that does not say how long */
  gint64 short_life;  /* a connection that lived longer takes the delay back */
} ComfyApiV2EventsTiming;

/* The Comfy API v2's events of one job: Server-Sent Events over a connection of its own.
 *
 * Signal "refused" (gint64 until): the server gives no events, or no more of them, and need not be
 * asked again before @until, in µs of the monotonic clock. */
#define COMFY_TYPE_API_V2_EVENTS (comfy_api_v2_events_get_type ())
G_DECLARE_FINAL_TYPE (ComfyApiV2Events, comfy_api_v2_events, COMFY, API_V2_EVENTS, ComfyEventStream)

ComfyEventStream *comfy_api_v2_events_new (ComfyTransport               *transport,
                                           const char                   *url,
                                           const ComfyApiV2EventsTiming *timing);

#define COMFY_API_V2_MAX_EVENT (8 * 1024 * 1024) /* bytes */

ComfyEvent       *comfy_api_v2_event_read (const char                   *name,
                                           const char                   *text,
                                           gsize                         length,
                                           gboolean                     *is_end);

G_END_DECLS
