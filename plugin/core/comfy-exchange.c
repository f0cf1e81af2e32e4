/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request on its way and its answer, watched: with deadlines, and with word on whether anything
 * was sent. What can be waited for is in comfy-exchange-io.c. Main thread; what a worker thread
 * sends is counted by atomic operations.
 */
#define G_LOG_DOMAIN "comfy-exchange"

#include "config.h"

#include "comfy-exchange-private.h"

/* how often the bytes that went up are told */
#define TICK_MS 100

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
      g_value_set_uint64 (value, _comfy_exchange_get_written (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/**
 * _comfy_exchange_stop_watching:
 *
 * The callback has come.
 */
void
_comfy_exchange_stop_watching (ComfyExchange *self)
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

  _comfy_exchange_stop_watching (self);
  g_clear_pointer (&self->whole, g_bytes_unref);
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

static int
ms_since_start (ComfyExchange *self)
{
  return (int) ((g_get_monotonic_time () - self->started_us) / 1000);
}

/**
 * _comfy_exchange_moved:
 *
 * A byte moved. In whatever thread sends, as the two after it.
 */
void
_comfy_exchange_moved (ComfyExchange *self)
{
  g_atomic_int_set (&self->moved_ms, ms_since_start (self));
}

/* the connection stands, with TLS and all; the next thing is the first byte of the request */
static void
starting_cb (ComfyExchange *self)
{
  g_atomic_int_set (&self->was_sent, TRUE);
  _comfy_exchange_moved (self);
}

static void
wrote_body_data_cb (ComfyExchange *self,
                    unsigned int   n)
{
  g_atomic_pointer_add (&self->n_written, n);
  _comfy_exchange_moved (self);
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
  self->started_us = g_get_monotonic_time ();
  self->stall_ms = stall_ms;
  self->total_ms = total_ms;

  g_signal_connect_object (message, "starting", G_CALLBACK (starting_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "network-event", G_CALLBACK (_comfy_exchange_moved), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "wrote-headers", G_CALLBACK (_comfy_exchange_moved), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "wrote-body-data", G_CALLBACK (wrote_body_data_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "got-body-data", G_CALLBACK (_comfy_exchange_moved), self,
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

  return g_atomic_int_get (&self->was_sent);
}

/**
 * _comfy_exchange_is_over:
 *
 * Returns: %FALSE while libsoup, perhaps in another thread, still has the message: a fiber that is
 *   cancelled comes back before
 */
gboolean
_comfy_exchange_is_over (ComfyExchange *self)
{
  g_assert (COMFY_IS_EXCHANGE (self));

  return self->watchdog == NULL;
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

  return (gsize) g_atomic_pointer_get (&self->n_written);
}

/**
 * _comfy_exchange_tell_written:
 *
 * Notifies of the bytes that went up since it did so last.
 */
void
_comfy_exchange_tell_written (ComfyExchange *self)
{
  gsize n_written = (gsize) _comfy_exchange_get_written (self);

  if (n_written == self->n_told)
    return;

  self->n_told = n_written;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_WRITTEN]);
}

/* ms until it is given up if nothing moves; at most 0: it is too late */
static int
get_patience (ComfyExchange *self)
{
  int now_ms = ms_since_start (self);
  int left_ms = g_atomic_int_get (&self->moved_ms) + (int) self->stall_ms - now_ms;

  return self->total_ms == 0 ? left_ms : MIN (left_ms, (int) self->total_ms - now_ms);
}

static void
look_again (ComfyExchange *self,
            int            patience_ms)
{
  int in_ms = self->sends_file ? MIN (patience_ms, TICK_MS) : patience_ms;

  /* a bit late, so that it is due then */
  g_source_set_ready_time (self->watchdog, g_get_monotonic_time () + (in_ms + 1) * 1000LL);
}

static gboolean
watchdog_cb (gpointer data)
{
  ComfyExchange *self = COMFY_EXCHANGE (data);
  int            patience_ms = get_patience (self);

  _comfy_exchange_tell_written (self);

  if (patience_ms > 0)
    {
      look_again (self, patience_ms);
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

static void
dropped_cb (GCancellable *of_promise,
            GCancellable *of_work)
{
  g_cancellable_cancel (of_work);
}

/**
 * _comfy_exchange_start_watching:
 *
 * Begins the wait for one callback. @cancellable is for libsoup: it is cancelled when the promise is
 * dropped, and when it takes too long.
 *
 * Returns: (transfer full): what the callback settles
 */
DexPromise *
_comfy_exchange_start_watching (ComfyExchange *self)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  g_assert (self->watchdog == NULL);

  _comfy_exchange_moved (self);
  self->is_late = FALSE;
  self->cancellable = g_cancellable_new ();
  g_cancellable_connect (dex_promise_get_cancellable (promise), G_CALLBACK (dropped_cb),
                         g_object_ref (self->cancellable), g_object_unref);
  self->watchdog = g_source_new (&watchdog_funcs, sizeof (GSource));
  g_source_set_static_name (self->watchdog, "[comfy] watchdog of a request");
  g_source_set_callback (self->watchdog, watchdog_cb, self, NULL);
  look_again (self, MAX (get_patience (self), 0));
  g_source_attach (self->watchdog, NULL);

  return promise;
}
