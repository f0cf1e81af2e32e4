/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-event-stream.h"
#include "comfy-transport-private.h"

G_BEGIN_DECLS

/* All in µs. Tests use shorter ones. */
typedef struct
{
  gint64 handshake;   /* from open until subscribed */
  gint64 ping;        /* between our pings */
  gint64 silence;     /* without a word from the server: the connection is dead */
  gint64 first_delay; /* before connecting again, doubled after each failure */
  gint64 last_delay;  /* at most */
} ComfyApiV1EventsTiming;

/* The Developer API v1's events of one job, over a WebSocket of its own */
#define COMFY_TYPE_API_V1_EVENTS (comfy_api_v1_events_get_type ())
G_DECLARE_FINAL_TYPE (ComfyApiV1Events, comfy_api_v1_events, COMFY, API_V1_EVENTS, ComfyEventStream)

ComfyEventStream *comfy_api_v1_events_new (ComfyTransport               *transport,
                                           const char                   *job_id,
                                           const ComfyApiV1EventsTiming *timing);

/* What a message of the server means for a job */
typedef enum
{
  COMFY_API_V1_MESSAGE_NOTHING,
  COMFY_API_V1_MESSAGE_SUBSCRIBED,
  COMFY_API_V1_MESSAGE_PROGRESS,
  COMFY_API_V1_MESSAGE_CHANGED,
} ComfyApiV1Message;

ComfyApiV1Message comfy_api_v1_message_read (GBytes     *text,
                                             const char *job_id,
                                             double     *fraction);

G_END_DECLS
