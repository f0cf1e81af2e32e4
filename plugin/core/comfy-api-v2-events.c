/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Comfy API v2's events of one job. A fiber connects, reads, and connects again when the
 * connection dies before the job ends; the server then begins with how things stand. What was
 * missed meanwhile is asked for. The fiber shares a Watch with the stream and never holds the
 * stream itself, so that dropping the stream ends it.
 */
#define G_LOG_DOMAIN "comfy-api-v2-events"

#include "config.h"

#include "comfy-api-json-private.h"
#include "comfy-api-v2-events-private.h"
#include "comfy-call-private.h"
#include "comfy-error.h"
#include "comfy-exchange-private.h"
#include "comfy-fiber-private.h"
#include "comfy-response-private.h"
#include "comfy-sse.h"

#define CONTENT_TYPE "text/event-stream"
#define READ_SIZE    (64 * 1024)
#define MAX_FAILURES 5 /* in a row: connections that told nothing */

#define MAX_BUSY_US  (60 * G_USEC_PER_SEC)
/* other jobs' streams end some time, so this says nothing for ever */
#define FULL_FOR_US  (60 * G_USEC_PER_SEC)

/* The server sends a comment every 15 s */
static const ComfyApiV2EventsTiming default_timing = {
  .silence = 45 * G_USEC_PER_SEC,
  .first_delay = G_USEC_PER_SEC / 10,
  .last_delay = 30 * G_USEC_PER_SEC,
  .busy_delay = 2 * G_USEC_PER_SEC,
  .short_life = 10 * G_USEC_PER_SEC,
};

typedef struct
{
  ComfyApiV2Events       *stream;     /* not owned, NULL once it is gone */
  ComfyTransport         *transport;  /* owned */
  char                   *url;        /* owned */
  ComfyApiV2EventsTiming  timing;
  double                  furthest;   /* the largest fraction so far: it never goes back */
  gboolean                was_useful; /* this connection told something */
  gboolean                has_ended;  /* the job */
} Watch;

struct _ComfyApiV2Events
{
  ComfyEventStream  parent_instance;

  Watch            *watch; /* shared with the fiber */
  DexFuture        *fiber; /* owned: dropping it ends the fiber */
};

enum
{
  REFUSED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ComfyApiV2Events, comfy_api_v2_events, COMFY_TYPE_EVENT_STREAM)

static void
watch_clear (gpointer data)
{
  Watch *watch = data;

  g_clear_object (&watch->transport);
  g_free (watch->url);
}

static void
watch_unref (gpointer data)
{
  g_rc_box_release_full (data, watch_clear);
}

static void
push (Watch          *watch,
      ComfyEventKind  kind)
{
  if (watch->stream != NULL)
    comfy_event_stream_push (COMFY_EVENT_STREAM (watch->stream), kind, 0);
}

static void
event_cb (const char *name,
          const char *text,
          gsize       length,
          gpointer    data)
{
  Watch      *watch = data;
  gboolean    is_end;
  ComfyEvent *event = comfy_api_v2_event_read (name, text, length, &is_end);

  watch->was_useful = TRUE;
  watch->has_ended |= is_end;

  if (event == NULL)
    return;

  if (event->kind == COMFY_EVENT_PROGRESS)
    {
      watch->furthest = MAX (watch->furthest, event->fraction);
      event->fraction = watch->furthest;
    }

  if (watch->stream != NULL)
    comfy_event_stream_take (COMFY_EVENT_STREAM (watch->stream), event);
  else
    comfy_event_free (event);
}

/* Until the connection or the job ends */
static void
read_events (Watch         *watch,
             ComfyExchange *exchange)
{
  g_autoptr(ComfySse) sse = comfy_sse_new (COMFY_API_V2_MAX_EVENT);

  while (!watch->has_ended && watch->stream != NULL)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) chunk = _comfy_exchange_read (exchange, READ_SIZE, &error);
      gsize             size;
      const char       *bytes;

      if (chunk == NULL)
        g_debug ("The events broke off: %s", error->message);
      if (chunk == NULL || g_bytes_get_size (chunk) == 0)
        return;

      bytes = g_bytes_get_data (chunk, &size);
      comfy_sse_feed (sse, bytes, size, event_cb, watch);
    }
}

/* What connecting again does not cure */
static gboolean
is_final (const GError *error)
{
  switch (error->code)
    {
    case COMFY_ERROR_CANCELLED:
    case COMFY_ERROR_UNAUTHORIZED:
    case COMFY_ERROR_FORBIDDEN:
    case COMFY_ERROR_NOT_FOUND:
    case COMFY_ERROR_NOT_SUPPORTED:
    case COMFY_ERROR_PROTOCOL:
    case COMFY_ERROR_TLS:
    case COMFY_ERROR_WRONG_ORIGIN:
      return TRUE;

    default:
      return FALSE;
    }
}

/* Whether others of ours take up what the server gives one key */
static gboolean
is_full (const GError *error)
{
  return g_strcmp0 (comfy_error_get_server_code (error), "too_many_streams") == 0;
}

/* Tells whom it may concern that this server need not be asked for events */
static void
note_refusal (Watch        *watch,
              const GError *error)
{
  gint64 until = 0;

  if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NOT_SUPPORTED))
    until = G_MAXINT64;
  else if (is_full (error))
    until = g_get_monotonic_time () + FULL_FOR_US;

  if (until != 0 && watch->stream != NULL)
    g_signal_emit (watch->stream, signals[REFUSED], 0, until);
}

/* Reads an answer that is no stream. @delay: how long to wait before asking again; 0: do not */
static void
handle_refusal (Watch         *watch,
                ComfyExchange *exchange,
                gint64        *delay)
{
  g_autoptr(GError)        error = NULL;
  g_autoptr(ComfyResponse) refusal = _comfy_response_read (
    exchange, _comfy_transport_get_credentials (watch->transport), &error);

  if (refusal != NULL && refusal->status < 300)
    comfy_api_json_set_error (&error, "an answer that is no event stream");
  else if (refusal != NULL)
    error = comfy_transport_dup_error (watch->transport, refusal);

  g_debug ("No events: %s", error->message);
  note_refusal (watch, error);

  if (is_final (error) || is_full (error))
    *delay = 0;
  else if (refusal != NULL && refusal->status == 429)
    *delay = refusal->retry_after_us > 0 ? MIN (refusal->retry_after_us, MAX_BUSY_US)
                                         : watch->timing.busy_delay;
}

static gboolean
is_stream (ComfyExchange *exchange)
{
  SoupMessage        *message = _comfy_exchange_get_message (exchange);
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char         *type = soup_message_headers_get_content_type (headers, NULL);

  return soup_message_get_status (message) == SOUP_STATUS_OK && type != NULL
         && g_ascii_strcasecmp (type, CONTENT_TYPE) == 0;
}

/* One connection. @delay: (inout): how long to wait before the next; 0: there shall be none */
static void
run_connection (Watch  *watch,
                gint64 *delay)
{
  gint64                    opened = g_get_monotonic_time ();
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyExchange)  exchange = NULL;

  watch->was_useful = FALSE;
  exchange = dex_await_object (comfy_transport_open_stream (watch->transport, watch->url,
                                                            CONTENT_TYPE,
                                                            (unsigned int) (watch->timing.silence
                                                                            / 1000)),
                               &error);
  if (exchange == NULL)
    {
      g_debug ("No events: %s", error->message);
      if (error->domain != COMFY_ERROR || is_final (error))
        *delay = 0;
      return;
    }

  if (!is_stream (exchange))
    {
      handle_refusal (watch, exchange, delay);
      return;
    }

  read_events (watch, exchange);
  if (watch->has_ended)
    *delay = 0;
  else if (g_get_monotonic_time () - opened >= watch->timing.short_life)
    *delay = watch->timing.first_delay;
  /* what is said in the pause is lost */
  if (!watch->has_ended && watch->was_useful)
    push (watch, COMFY_EVENT_CHANGED);
}

static DexFuture *
watch_fiber (gpointer data)
{
  Watch  *watch = data;
  gint64  delay = watch->timing.first_delay;

  for (unsigned int failures = 0; watch->stream != NULL && failures < MAX_FAILURES;)
    {
      gint64 pause = delay;

      run_connection (watch, &pause);
      if (pause == 0)
        break;

      failures = watch->was_useful ? 0 : failures + 1;
      if (failures < MAX_FAILURES && !_comfy_sleep (pause, NULL))
        return dex_future_new_for_boolean (FALSE);
      delay = MIN (pause * 2, watch->timing.last_delay);
    }

  push (watch, COMFY_EVENT_LOST);

  return dex_future_new_for_boolean (TRUE);
}

static void
comfy_api_v2_events_dispose (GObject *object)
{
  ComfyApiV2Events *self = COMFY_API_V2_EVENTS (object);

  if (self->watch != NULL)
    self->watch->stream = NULL;
  dex_clear (&self->fiber);
  g_clear_pointer (&self->watch, watch_unref);

  G_OBJECT_CLASS (comfy_api_v2_events_parent_class)->dispose (object);
}

static void
comfy_api_v2_events_class_init (ComfyApiV2EventsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = comfy_api_v2_events_dispose;

  signals[REFUSED] = g_signal_new ("refused", COMFY_TYPE_API_V2_EVENTS, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
comfy_api_v2_events_init (ComfyApiV2Events *self)
{
}

/**
 * comfy_api_v2_events_new:
 * @transport: of the environment and the key
 * @url: the job's events, as the server or comfy_api_v2_dup_path() names them
 * @timing: (nullable): %NULL for the document's
 *
 * Returns: (transfer full): a stream that begins to connect
 */
ComfyEventStream *
comfy_api_v2_events_new (ComfyTransport               *transport,
                         const char                   *url,
                         const ComfyApiV2EventsTiming *timing)
{
  ComfyApiV2Events *self;

  g_return_val_if_fail (COMFY_IS_TRANSPORT (transport), NULL);
  g_return_val_if_fail (url != NULL, NULL);

  self = g_object_new (COMFY_TYPE_API_V2_EVENTS, NULL);
  self->watch = g_rc_box_new0 (Watch);
  self->watch->stream = self;
  self->watch->transport = g_object_ref (transport);
  self->watch->url = g_strdup (url);
  self->watch->timing = timing != NULL ? *timing : default_timing;
  self->watch->furthest = -1;
  self->fiber = _comfy_spawn (watch_fiber, g_rc_box_acquire (self->watch), watch_unref);

  return COMFY_EVENT_STREAM (self);
}
