/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request on its way and its answer, watched. libsoup's callbacks become waits of a fiber here,
 * and here alone: with deadlines, and with word on whether anything was sent. Main thread.
 */
#define G_LOG_DOMAIN "comfy-exchange"

#include "config.h"

#include "comfy-error.h"
#include "comfy-exchange-private.h"

struct _ComfyExchange
{
  GObject       parent_instance;
  SoupSession  *session;     /* owned */
  SoupMessage  *message;     /* owned */
  GInputStream *body;        /* owned, nullable: the answer's, once its head is there */
  unsigned int  stall_ms;    /* given up when nothing moves for so long */
  gint64        deadline_us; /* monotonic: given up at last */
  gint64        moved_us;    /* monotonic: when a byte moved */
  guint64       n_written;   /* bytes of the body */
  gboolean      was_sent;    /* a byte may have reached the server */

  /* while something is waited for: */
  GSource      *watchdog;    /* owned, nullable */
  GCancellable *cancellable; /* owned, nullable */
  gboolean      is_late;     /* the watchdog gave up */
};

G_DEFINE_FINAL_TYPE (ComfyExchange, _comfy_exchange, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_N_WRITTEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
_comfy_exchange_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ComfyExchange *self = COMFY_EXCHANGE (object);

  switch (prop_id)
    {
    case PROP_N_WRITTEN:
      g_value_set_uint64 (value, self->n_written);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
stop_watching (ComfyExchange *self)
{
  if (self->watchdog != NULL)
    g_source_destroy (self->watchdog);
  g_clear_pointer (&self->watchdog, g_source_unref);
  g_clear_object (&self->cancellable);
}

static void
_comfy_exchange_finalize (GObject *object)
{
  ComfyExchange *self = COMFY_EXCHANGE (object);

  stop_watching (self);
  g_clear_object (&self->body);
  g_clear_object (&self->message);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (_comfy_exchange_parent_class)->finalize (object);
}

static void
_comfy_exchange_class_init (ComfyExchangeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = _comfy_exchange_get_property;
  object_class->finalize = _comfy_exchange_finalize;

  properties[PROP_N_WRITTEN] =
    g_param_spec_uint64 ("n-written", NULL, NULL, 0, G_MAXUINT64, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
_comfy_exchange_init (ComfyExchange *self)
{
}

static void
moved_cb (ComfyExchange *self)
{
  self->moved_us = g_get_monotonic_time ();
}

/* the connection stands, with TLS and all; the next thing is the first byte of the request */
static void
starting_cb (ComfyExchange *self)
{
  self->was_sent = TRUE;
  moved_cb (self);
}

static void
wrote_body_data_cb (ComfyExchange *self,
                    unsigned int   n)
{
  self->n_written += n;
  moved_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_WRITTEN]);
}

/**
 * _comfy_exchange_new:
 * @session: where to send it
 * @message: the request
 * @stall_ms: given up when no byte moves for so long
 * @total_ms: given up after so long whatever moves; 0: never
 *
 * Returns: (transfer full): a request that is not sent yet
 */
ComfyExchange *
_comfy_exchange_new (SoupSession  *session,
                     SoupMessage  *message,
                     unsigned int  stall_ms,
                     unsigned int  total_ms)
{
  ComfyExchange *self = g_object_new (COMFY_TYPE_EXCHANGE, NULL);

  self->session = g_object_ref (session);
  self->message = g_object_ref (message);
  self->stall_ms = stall_ms;
  self->deadline_us = total_ms == 0 ? G_MAXINT64 : g_get_monotonic_time () + total_ms * 1000LL;

  g_signal_connect_object (message, "starting", G_CALLBACK (starting_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "network-event", G_CALLBACK (moved_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "wrote-headers", G_CALLBACK (moved_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "wrote-body-data", G_CALLBACK (wrote_body_data_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "got-body-data", G_CALLBACK (moved_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * _comfy_exchange_get_message:
 *
 * Returns: (transfer none): the request, and the answer's head once it is sent
 */
SoupMessage *
_comfy_exchange_get_message (ComfyExchange *self)
{
  g_assert (COMFY_IS_EXCHANGE (self));

  return self->message;
}

/**
 * _comfy_exchange_was_sent:
 *
 * Returns: %FALSE when the server cannot have seen any of the request
 */
gboolean
_comfy_exchange_was_sent (ComfyExchange *self)
{
  g_assert (COMFY_IS_EXCHANGE (self));

  return self->was_sent;
}

/**
 * _comfy_exchange_get_written:
 *
 * Returns: how many bytes of the request's body went out
 */
guint64
_comfy_exchange_get_written (ComfyExchange *self)
{
  g_assert (COMFY_IS_EXCHANGE (self));

  return self->n_written;
}

static gboolean
watchdog_cb (gpointer data)
{
  ComfyExchange *self = COMFY_EXCHANGE (data);
  gint64         due_us = MIN (self->moved_us + self->stall_ms * 1000LL, self->deadline_us);

  if (g_get_monotonic_time () < due_us)
    {
      g_source_set_ready_time (self->watchdog, due_us);
      return G_SOURCE_CONTINUE;
    }

  self->is_late = TRUE;
  g_source_set_ready_time (self->watchdog, -1);
  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_CONTINUE;
}

static gboolean
watchdog_dispatch (GSource     *source,
                   GSourceFunc  callback,
                   gpointer     data)
{
  return callback (data);
}

static GSourceFuncs watchdog_funcs = { .dispatch = watchdog_dispatch };

/* The wait for one callback. The future that is handed out is cancelled when it is dropped; then
 * libsoup's work is too. */
static DexPromise *
start_waiting (ComfyExchange *self)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  g_assert (self->watchdog == NULL);

  moved_cb (self);
  self->is_late = FALSE;
  self->cancellable = g_object_ref (dex_promise_get_cancellable (promise));
  self->watchdog = g_source_new (&watchdog_funcs, sizeof (GSource));
  g_source_set_static_name (self->watchdog, "[comfy] watchdog of a request");
  g_source_set_callback (self->watchdog, watchdog_cb, self, NULL);
  g_source_set_ready_time (self->watchdog,
                           MIN (self->moved_us + self->stall_ms * 1000LL, self->deadline_us));
  g_source_attach (self->watchdog, NULL);

  return promise;
}

typedef struct
{
  ComfyExchange *self;    /* owned */
  DexPromise    *promise; /* owned */
} Wait;

static Wait *
wait_new (ComfyExchange *self,
          DexPromise    *promise)
{
  Wait *wait = g_new0 (Wait, 1);

  wait->self = g_object_ref (self);
  wait->promise = dex_ref (promise);

  return wait;
}

static void
wait_free (Wait *wait)
{
  dex_clear (&wait->promise);
  g_clear_object (&wait->self);
  g_free (wait);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wait, wait_free)

static void
wait_reject (Wait   *wait,
             GError *error)
{
  ComfyExchange     *self = wait->self;
  g_autoptr(GError)  foreign = error;
  const char        *host = g_uri_get_host (soup_message_get_uri (self->message));

  if (self->is_late)
    {
      g_clear_error (&foreign);
      foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no byte moved for too long");
    }

  dex_promise_reject (wait->promise, comfy_error_fold (foreign, host));
}

static void
send_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Wait)  wait = data;
  GError          *error = NULL;

  stop_watching (wait->self);
  g_clear_object (&wait->self->body);
  wait->self->body = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (wait->self->body == NULL)
    wait_reject (wait, error);
  else
    dex_promise_resolve_boolean (wait->promise, TRUE);
}

/**
 * _comfy_exchange_send:
 *
 * In a fiber: sends the request and waits for the head of the answer, of whatever status.
 *
 * Errors: folded; %COMFY_ERROR_TIMED_OUT when nothing moved for too long
 */
gboolean
_comfy_exchange_send (ComfyExchange  *self,
                      GError        **error)
{
  DexPromise *promise = start_waiting (self);

  soup_session_send_async (self->session, self->message, G_PRIORITY_DEFAULT, self->cancellable,
                           send_cb, wait_new (self, promise));

  return dex_await (DEX_FUTURE (promise), error);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Wait)  wait = data;
  GError          *error = NULL;
  GBytes          *bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result,
                                                             &error);

  stop_watching (wait->self);
  if (bytes == NULL)
    wait_reject (wait, error);
  else
    dex_promise_resolve_boxed (wait->promise, G_TYPE_BYTES, bytes);
}

/**
 * _comfy_exchange_read:
 * @max: how many bytes at most
 *
 * In a fiber, after _comfy_exchange_send(): reads on in the answer's body.
 *
 * Errors: as _comfy_exchange_send()
 *
 * Returns: (transfer full): the next bytes; none at the end
 */
GBytes *
_comfy_exchange_read (ComfyExchange  *self,
                      gsize           max,
                      GError        **error)
{
  DexPromise *promise = start_waiting (self);

  g_assert (self->body != NULL);

  g_input_stream_read_bytes_async (self->body, max, G_PRIORITY_DEFAULT, self->cancellable,
                                   read_cb, wait_new (self, promise));

  return dex_await_boxed (DEX_FUTURE (promise), error);
}

static void
upgrade_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(Wait)          wait = data;
  GError                  *error = NULL;
  SoupWebsocketConnection *connection;

  stop_watching (wait->self);
  connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  if (connection == NULL)
    wait_reject (wait, error);
  else
    dex_promise_resolve_object (wait->promise, connection);
}

/**
 * _comfy_exchange_upgrade:
 *
 * In a fiber, instead of _comfy_exchange_send(): makes a WebSocket of it.
 *
 * Errors: folded; the message's status tells more when the server answered otherwise
 *
 * Returns: (transfer full): the open connection
 */
SoupWebsocketConnection *
_comfy_exchange_upgrade (ComfyExchange  *self,
                         GError        **error)
{
  DexPromise *promise = start_waiting (self);

  soup_session_websocket_connect_async (self->session, self->message, NULL, NULL,
                                        G_PRIORITY_DEFAULT, self->cancellable, upgrade_cb,
                                        wait_new (self, promise));

  return dex_await_object (DEX_FUTURE (promise), error);
}
