/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Developer API v1's events of one job. A fiber connects, subscribes, keeps the connection
 * alive and connects again when it dies; messages become events as they arrive. The fiber shares a
 * Watch with the stream and never holds the stream itself, so that dropping the stream ends it.
 */
#define G_LOG_DOMAIN "comfy-api-v1-events"

#include "config.h"

#include "comfy-api-v1-events-private.h"
#include "comfy-error.h"
#include "comfy-fiber-private.h"

#define MAX_FAILURES 5 /* in a row */

static const char subscribe[] = "{\"type\":\"subscribe\",\"data\":{\"events\":[\"job.*\"]}}";
static const char ping[] = "{\"type\":\"ping\"}";

/* The document's client pings every 30 s and backs off from 1 s to 30 s */
static const ComfyApiV1EventsTiming default_timing = {
  .handshake = 10 * G_USEC_PER_SEC,
  .ping = 30 * G_USEC_PER_SEC,
  .silence = 75 * G_USEC_PER_SEC,
  .first_delay = 1 * G_USEC_PER_SEC,
  .last_delay = 30 * G_USEC_PER_SEC,
};

typedef struct
{
  ComfyEventStream        *stream;        /* not owned, NULL once it is gone */
  ComfyTransport          *transport;     /* owned */
  char                    *job_id;        /* owned */
  ComfyApiV1EventsTiming   timing;
  DexPromise              *closed;        /* owned, nullable: of this wait */
  gint64                   heard;         /* µs of the monotonic clock: the last word */
  gboolean                 is_subscribed; /* on this connection */
  gboolean                 was_useful;    /* this connection told something once subscribed */
} Watch;

struct _ComfyApiV1Events
{
  ComfyEventStream  parent_instance;
  Watch            *watch;  /* shared with the fiber */
  DexFuture        *fiber;  /* owned: dropping it ends the fiber */
};

G_DEFINE_FINAL_TYPE (ComfyApiV1Events, comfy_api_v1_events, COMFY_TYPE_EVENT_STREAM)

static void
watch_clear (gpointer data)
{
  Watch *watch = data;

  g_clear_object (&watch->transport);
  dex_clear (&watch->closed);
  g_free (watch->job_id);
}

static void
watch_unref (gpointer data)
{
  g_rc_box_release_full (data, watch_clear);
}

static void
push (Watch          *watch,
      ComfyEventKind  kind,
      double          fraction)
{
  if (watch->stream != NULL)
    comfy_event_stream_push (watch->stream, kind, fraction);
}

static void
connection_message_cb (SoupWebsocketConnection  *connection,
                       SoupWebsocketDataType     type,
                       GBytes                   *text,
                       Watch                    *watch)
{
  double            fraction = 0;
  ComfyApiV1Message message = COMFY_API_V1_MESSAGE_NOTHING;

  watch->heard = g_get_monotonic_time ();
  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    message = comfy_api_v1_message_read (text, watch->job_id, &fraction);
  watch->was_useful |= watch->is_subscribed;

  switch (message)
    {
    case COMFY_API_V1_MESSAGE_SUBSCRIBED:
      watch->is_subscribed = TRUE;
      push (watch, COMFY_EVENT_CONNECTED, 0);
      break;
    case COMFY_API_V1_MESSAGE_PROGRESS:
      push (watch, COMFY_EVENT_PROGRESS, fraction);
      break;
    case COMFY_API_V1_MESSAGE_CHANGED:
      push (watch, COMFY_EVENT_CHANGED, 0);
      break;
    case COMFY_API_V1_MESSAGE_NOTHING:
    default:
      break;
    }
}

static void
connection_closed_cb (SoupWebsocketConnection *connection,
                      Watch                   *watch)
{
  if (watch->closed != NULL && dex_future_is_pending (DEX_FUTURE (watch->closed)) &&
      _comfy_promise_is_wanted (watch->closed))
    dex_promise_resolve_boolean (watch->closed, TRUE);
}

/* Keeps one connection alive until it dies. Returns FALSE when the fiber was cancelled. */
static gboolean
await_end (Watch                   *watch,
           SoupWebsocketConnection *connection)
{
  gint64 opened = g_get_monotonic_time ();
  gint64 next_ping = opened + watch->timing.ping;

  watch->heard = opened;
  /* it may have ended since it was opened: the computer slept */
  if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (connection, subscribe);

  while (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_OPEN)
    {
      gint64            limit = watch->is_subscribed ? watch->heard + watch->timing.silence
                                                     : opened + watch->timing.handshake;
      g_autoptr(GError) error = NULL;

      if (g_get_monotonic_time () >= next_ping)
        {
          soup_websocket_connection_send_text (connection, ping);
          next_ping = g_get_monotonic_time () + watch->timing.ping;
        }
      if (g_get_monotonic_time () >= limit)
        return TRUE;

      /* a new one for each wait: the race drops the one that loses */
      dex_clear (&watch->closed);
      watch->closed = dex_promise_new_cancellable ();
      dex_await (dex_future_first (dex_ref (DEX_FUTURE (watch->closed)),
                                   dex_timeout_new_deadline (MIN (limit, next_ping)), NULL),
                 &error);
      if (g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED))
        return FALSE;
    }

  return TRUE;
}

static gboolean
run_connection (Watch                   *watch,
                SoupWebsocketConnection *connection)
{
  gulong   handlers[2];
  gboolean goes_on;

  watch->is_subscribed = FALSE;
  watch->was_useful = FALSE;
  handlers[0] = g_signal_connect (connection, "message", G_CALLBACK (connection_message_cb), watch);
  handlers[1] = g_signal_connect (connection, "closed", G_CALLBACK (connection_closed_cb), watch);

  goes_on = await_end (watch, connection);

  for (unsigned int i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_handler_disconnect (connection, handlers[i]);
  if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  /* what is said in the pause is lost */
  if (goes_on && watch->is_subscribed)
    push (watch, COMFY_EVENT_CHANGED, 0);

  return goes_on;
}

/* What connecting again does not cure; the transport's errors are all of our domain, so another one
 * says that the fiber was cancelled */
static gboolean
is_final (const GError *error)
{
  if (error->domain != COMFY_ERROR)
    return TRUE;

  switch (error->code)
    {
    case COMFY_ERROR_UNAUTHORIZED:
    case COMFY_ERROR_FORBIDDEN:
    case COMFY_ERROR_NOT_FOUND:
    case COMFY_ERROR_NOT_SUPPORTED:
    case COMFY_ERROR_TLS:
    case COMFY_ERROR_WRONG_ORIGIN:
      return TRUE;
    default:
      return FALSE;
    }
}

static DexFuture *
watch_fiber (gpointer data)
{
  Watch  *watch = data;
  gint64  delay = watch->timing.first_delay;

  for (unsigned int failures = 0; failures < MAX_FAILURES;)
    {
      g_autoptr(SoupWebsocketConnection) connection = NULL;
      g_autoptr(GError)                  error = NULL;

      connection = dex_await_object (comfy_transport_open_websocket (watch->transport, "ws"),
                                     &error);
      if (connection != NULL)
        {
          if (!run_connection (watch, connection))
            return dex_future_new_for_boolean (FALSE);
          if (watch->was_useful)
            {
              failures = 0;
              delay = watch->timing.first_delay;
            }
        }
      else
        {
          g_debug ("No event stream: %s", error->message);
          if (is_final (error))
            break;
        }

      if (++failures < MAX_FAILURES && !_comfy_sleep (delay, NULL))
        return dex_future_new_for_boolean (FALSE);
      delay = MIN (delay * 2, watch->timing.last_delay);
    }

  push (watch, COMFY_EVENT_LOST, 0);

  return dex_future_new_for_boolean (TRUE);
}

static void
comfy_api_v1_events_dispose (GObject *object)
{
  ComfyApiV1Events *self = COMFY_API_V1_EVENTS (object);

  if (self->watch != NULL)
    self->watch->stream = NULL;
  dex_clear (&self->fiber);
  g_clear_pointer (&self->watch, watch_unref);

  G_OBJECT_CLASS (comfy_api_v1_events_parent_class)->dispose (object);
}

static void
comfy_api_v1_events_class_init (ComfyApiV1EventsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = comfy_api_v1_events_dispose;
}

static void
comfy_api_v1_events_init (ComfyApiV1Events *self)
{
}

/**
 * comfy_api_v1_events_new:
 * @transport: of the environment and the key
 * @job_id: the job to watch
 * @timing: (nullable): %NULL for the document's
 *
 * Returns: (transfer full): a stream that begins to connect
 */
ComfyEventStream *
comfy_api_v1_events_new (ComfyTransport               *transport,
                         const char                   *job_id,
                         const ComfyApiV1EventsTiming *timing)
{
  ComfyApiV1Events *self;

  g_return_val_if_fail (COMFY_IS_TRANSPORT (transport), NULL);
  g_return_val_if_fail (job_id != NULL, NULL);

  self = g_object_new (COMFY_TYPE_API_V1_EVENTS, NULL);
  self->watch = g_rc_box_new0 (Watch);
  self->watch->stream = COMFY_EVENT_STREAM (self);
  self->watch->transport = g_object_ref (transport);
  self->watch->job_id = g_strdup (job_id);
  self->watch->timing = timing != NULL ? *timing : default_timing;

  self->fiber = _comfy_spawn (watch_fiber, g_rc_box_acquire (self->watch), watch_unref);

  return COMFY_EVENT_STREAM (self);
}
