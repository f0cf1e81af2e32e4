/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One SoupSession for one environment and one key, shared by everything that talks to it. What the
 * rest of core may ask of the network. Main thread.
 */
#define G_LOG_DOMAIN "comfy-transport"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-call-private.h"
#include "comfy-credentials-private.h"
#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-json-private.h"
#include "comfy-response-private.h"

#define MAX_CONNECTIONS 32

struct _ComfyTransport
{
  GObject                parent_instance;
  ComfyEndpoint         *endpoint;    /* owned */
  ComfyCredentials      *credentials; /* owned, nullable */
  ComfyRateLimit        *limit;       /* owned, nullable */
  SoupSession           *session;     /* owned */
  ComfyTransportOptions  options;
  gint64                 waiting_until; /* µs of the monotonic clock; 0: nothing waits */
  gboolean               is_cut_off;    /* it waits because the way to the server is broken */
};

G_DEFINE_FINAL_TYPE (ComfyTransport, comfy_transport, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_WAITING_UNTIL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
comfy_transport_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ComfyTransport *self = COMFY_TRANSPORT (object);

  switch (prop_id)
    {
    case PROP_WAITING_UNTIL:
      g_value_set_int64 (value, self->waiting_until);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
comfy_transport_finalize (GObject *object)
{
  ComfyTransport *self = COMFY_TRANSPORT (object);

  g_clear_object (&self->session);
  g_clear_object (&self->limit);
  g_clear_pointer (&self->credentials, comfy_credentials_unref);
  g_clear_object (&self->endpoint);

  G_OBJECT_CLASS (comfy_transport_parent_class)->finalize (object);
}

static void
comfy_transport_class_init (ComfyTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = comfy_transport_get_property;
  object_class->finalize = comfy_transport_finalize;

  properties[PROP_WAITING_UNTIL] =
    g_param_spec_int64 ("waiting-until", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
comfy_transport_init (ComfyTransport *self)
{
}

/**
 * _comfy_transport_new_full:
 * @options: (nullable): what a test replaces
 *
 * As comfy_transport_new().
 *
 * Returns: (transfer full): a transport
 */
ComfyTransport *
_comfy_transport_new_full (ComfyEndpoint               *endpoint,
                           ComfyCredentials            *credentials,
                           ComfyRateLimit              *limit,
                           const ComfyTransportOptions *options)
{
  ComfyTransport  *self;
  g_autofree char *user_agent = NULL;

  g_return_val_if_fail (COMFY_IS_ENDPOINT (endpoint), NULL);

  user_agent = g_strdup_printf ("gimp-comfy/%s (libsoup/%u.%u.%u)", PACKAGE_VERSION,
                                soup_get_major_version (), soup_get_minor_version (),
                                soup_get_micro_version ());

  self = g_object_new (COMFY_TYPE_TRANSPORT, NULL);
  self->endpoint = g_object_ref (endpoint);
  self->credentials = credentials != NULL ? comfy_credentials_ref (credentials) : NULL;
  g_set_object (&self->limit, limit);
  if (options != NULL)
    self->options = *options;

  /* The desktop's proxy settings are the session's default. Deadlines are the exchange's; and there
   * never is a SoupLogger, which prints keys. Two connections per host, the default, would let two
   * uploads hold up everything else until it is given up. */
  self->session = soup_session_new_with_options ("user-agent", user_agent,
                                                 "timeout", 0,
                                                 "max-conns", MAX_CONNECTIONS,
                                                 "max-conns-per-host", MAX_CONNECTIONS,
                                                 NULL);
  if (self->options.tls_database != NULL)
    soup_session_set_tls_database (self->session, self->options.tls_database);

  return self;
}

/**
 * comfy_transport_new:
 * @endpoint: the environment
 * @credentials: (nullable): the key; bound to the environment's origin
 * @limit: (nullable): what counts the requests of that key
 *
 * Returns: (transfer full): a transport
 */
ComfyTransport *
comfy_transport_new (ComfyEndpoint    *endpoint,
                     ComfyCredentials *credentials,
                     ComfyRateLimit   *limit)
{
  return _comfy_transport_new_full (endpoint, credentials, limit, NULL);
}

/**
 * comfy_transport_get_endpoint:
 *
 * Returns: (transfer none): the environment
 */
ComfyEndpoint *
comfy_transport_get_endpoint (ComfyTransport *self)
{
  g_return_val_if_fail (COMFY_IS_TRANSPORT (self), NULL);

  return self->endpoint;
}

/**
 * _comfy_transport_get_session:
 *
 * Returns: (transfer none): the session
 */
SoupSession *
_comfy_transport_get_session (ComfyTransport *self)
{
  return self->session;
}

/**
 * _comfy_transport_get_credentials:
 *
 * Returns: (transfer none) (nullable): the key
 */
ComfyCredentials *
_comfy_transport_get_credentials (ComfyTransport *self)
{
  return self->credentials;
}

/**
 * _comfy_transport_get_limit:
 *
 * Returns: (transfer none) (nullable): what counts the requests
 */
ComfyRateLimit *
_comfy_transport_get_limit (ComfyTransport *self)
{
  return self->limit;
}

/**
 * _comfy_transport_get_options:
 *
 * Returns: (transfer none): what a test replaced
 */
const ComfyTransportOptions *
_comfy_transport_get_options (ComfyTransport *self)
{
  return &self->options;
}

/**
 * comfy_transport_get_waiting_until:
 *
 * Returns: µs of the monotonic clock until which a request is held back, because of the key's
 *   limit, a busy server or a broken way; 0 when none is
 */
gint64
comfy_transport_get_waiting_until (ComfyTransport *self)
{
  g_return_val_if_fail (COMFY_IS_TRANSPORT (self), 0);

  return self->waiting_until;
}

/**
 * comfy_transport_is_cut_off:
 *
 * Returns: whether the request that waits does so because the server could not be reached, or the
 *   connection to it broke
 */
gboolean
comfy_transport_is_cut_off (ComfyTransport *self)
{
  g_return_val_if_fail (COMFY_IS_TRANSPORT (self), FALSE);

  return self->waiting_until != 0 && self->is_cut_off;
}

static void
set_waiting_until (ComfyTransport *self,
                   gint64          until_us)
{
  if (self->waiting_until == until_us)
    return;

  self->waiting_until = until_us;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAITING_UNTIL]);
}

/**
 * _comfy_transport_hold:
 * @until_us: µs of the monotonic clock
 * @is_cut_off: whether it is the way to the server that is broken
 *
 * A request will wait until then. Where several do, the last one is told.
 */
void
_comfy_transport_hold (ComfyTransport *self,
                       gint64          until_us,
                       gboolean        is_cut_off)
{
  if (until_us >= self->waiting_until)
    self->is_cut_off = is_cut_off;
  set_waiting_until (self, MAX (self->waiting_until, until_us));
}

/**
 * _comfy_transport_release:
 * @until_us: as it was told
 *
 * That wait is over.
 */
void
_comfy_transport_release (ComfyTransport *self,
                          gint64          until_us)
{
  if (self->waiting_until <= until_us)
    set_waiting_until (self, 0);
}

static GInputStream *
open_json (ComfyCall  *call,
           goffset    *out_length,
           GError    **error)
{
  GBytes *bytes = call->body_data;

  *out_length = (goffset) g_bytes_get_size (bytes);

  return g_memory_input_stream_new_from_bytes (bytes);
}

/**
 * comfy_transport_send:
 * @method: the HTTP method; GET and HEAD are repeatable whatever @flags say
 * @url: absolute, or relative to the base URL
 * @body: (nullable): sent as JSON
 * @idempotency_key: (nullable): sent as Idempotency-Key, the same with each try
 * @flags: how to go about failures
 *
 * Errors: one for each case of the answer (%COMFY_ERROR_UNAUTHORIZED, …) and of the way to it
 *   (%COMFY_ERROR_OFFLINE, …); %COMFY_ERROR_OUTCOME_UNKNOWN when what is not repeatable may have
 *   happened; %COMFY_ERROR_PROTOCOL for a success that is no JSON, unless any status is asked for
 *
 * Returns: (transfer full): a future of a #ComfyResponse; dropping it cancels the request
 */
DexFuture *
comfy_transport_send (ComfyTransport      *self,
                      const char          *method,
                      const char          *url,
                      JsonNode            *body,
                      const char          *idempotency_key,
                      ComfyTransportFlags  flags)
{
  ComfyCall *call;

  g_return_val_if_fail (COMFY_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (method != NULL && url != NULL, NULL);

  call = _comfy_call_new (self, method, url);
  call->idempotency_key = g_strdup (idempotency_key);
  call->flags = flags;
  if (body != NULL)
    {
      GString *text = g_string_new (NULL);

      /* not by json-glib, which does not know integers above G_MAXINT64 */
      comfy_json_write (text, body);
      call->content_type = g_strdup ("application/json");
      call->open_body = open_json;
      call->body_data = (flags & COMFY_TRANSPORT_LEND_KEY) != 0 && self->credentials != NULL
                          ? _comfy_credentials_lend (self->credentials, text)
                          : g_string_free_to_bytes (text);
      call->body_destroy = (GDestroyNotify) g_bytes_unref;
    }

  return _comfy_spawn (_comfy_call_run_fiber, call, (GDestroyNotify) _comfy_call_free);
}

/**
 * comfy_transport_dup_error:
 * @response: an answer of @self that is a refusal
 *
 * Returns: (transfer full): what comfy_transport_send() rejects with for such an answer
 */
GError *
comfy_transport_dup_error (ComfyTransport *self,
                           ComfyResponse  *response)
{
  g_return_val_if_fail (COMFY_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (response != NULL, NULL);

  return _comfy_response_to_error (response, comfy_endpoint_get_host (self->endpoint),
                                   self->credentials, "the answer");
}

static DexFuture *
open_websocket_fiber (gpointer data)
{
  ComfyCall                          *call = data;
  GError                             *error = NULL;
  g_autoptr(GError)                   refused = NULL;
  g_autoptr(SoupMessage)              message = NULL;
  g_autoptr(ComfyExchange)            exchange = NULL;
  g_autoptr(SoupWebsocketConnection)  connection = NULL;
  g_autoptr(ComfyResponse)            answer = NULL;
  g_autofree char                    *label = _comfy_call_dup_label (call);
  ComfyEndpoint                      *endpoint = comfy_transport_get_endpoint (call->transport);
  gint64                              started_us = g_get_monotonic_time ();

  if (!comfy_endpoint_covers (endpoint, call->url))
    return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_WRONG_ORIGIN, label,
      _("%s asked to listen to another server, which was refused."),
      comfy_endpoint_get_host (endpoint)));

  if (!_comfy_call_pass_limit (call, &error) ||
      (message = _comfy_call_new_message (call, call->url, &error)) == NULL)
    return dex_future_new_for_error (error);

  exchange = _comfy_exchange_new (call->transport->session, message, call->stall_ms,
                                  call->total_ms);
  connection = _comfy_exchange_upgrade (exchange, &refused);
  if (_comfy_exchange_is_over (exchange))
    _comfy_call_log (call, message, started_us);
  if (connection != NULL)
    return dex_future_new_take_object (g_steal_pointer (&connection));

  /* an answer, but not the one that makes a WebSocket */
  if (soup_message_get_status (message) < 300)
    return dex_future_new_for_error (g_steal_pointer (&refused));

  answer = _comfy_response_new (soup_message_get_status (message),
                                soup_message_get_response_headers (message), NULL);

  return dex_future_new_for_error (
    _comfy_response_to_error (answer, comfy_endpoint_get_host (endpoint),
                              call->transport->credentials, label));
}

/**
 * comfy_transport_open_websocket:
 * @url: absolute or relative to the base URL; of the environment's own origin
 *
 * The key goes in the handshake's Authorization header. Tried once; redirects are refused. What the
 * server says before it is spoken to may be lost: nobody listens until the future is awaited.
 *
 * Errors: %COMFY_ERROR_WRONG_ORIGIN when @url is elsewhere, and as comfy_transport_send()
 *
 * Returns: (transfer full): a future of a #SoupWebsocketConnection
 */
DexFuture *
comfy_transport_open_websocket (ComfyTransport *self,
                                const char     *url)
{
  g_return_val_if_fail (COMFY_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (url != NULL, NULL);

  return _comfy_spawn (open_websocket_fiber, _comfy_call_new (self, "GET", url),
                       (GDestroyNotify) _comfy_call_free);
}
