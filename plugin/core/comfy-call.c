/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request as it was asked for: made into messages, sent, and followed through redirects. Here
 * is decided where the key goes: to the environment's own origin, and nowhere else.
 */
#define G_LOG_DOMAIN "comfy-call"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-call-private.h"
#include "comfy-credentials-private.h"
#include "comfy-error.h"
#include "comfy-response-private.h"

#define MAX_REDIRECTS 5
#define MAX_ID        100 /* characters of a request's id that are logged */
#define JSON_STALL_MS (30 * 1000)
#define JSON_TOTAL_MS (120 * 1000)

/**
 * _comfy_call_new:
 * @transport: who sends it
 * @method: the HTTP method
 * @url: absolute, or relative to the environment's base URL
 *
 * Returns: (transfer full): a call with the deadlines of one that answers in JSON
 */
ComfyCall *
_comfy_call_new (ComfyTransport *transport,
                 const char     *method,
                 const char     *url)
{
  ComfyCall    *self = g_new0 (ComfyCall, 1);
  unsigned int  stall_ms = _comfy_transport_get_options (transport)->stall_ms;

  self->transport = g_object_ref (transport);
  self->method = g_strdup (method);
  self->url = comfy_endpoint_resolve (comfy_transport_get_endpoint (transport), url);
  self->stall_ms = stall_ms != 0 ? stall_ms : JSON_STALL_MS;
  self->total_ms = JSON_TOTAL_MS;

  return self;
}

/**
 * _comfy_call_free:
 * @self: (transfer full): a call
 */
void
_comfy_call_free (ComfyCall *self)
{
  if (self->body_destroy != NULL)
    self->body_destroy (self->body_data);
  g_clear_object (&self->progress);
  g_free (self->content_type);
  g_free (self->accept);
  g_free (self->if_range);
  g_free (self->idempotency_key);
  g_free (self->url);
  g_free (self->method);
  g_clear_object (&self->transport);
  g_free (self);
}

/* without the query: signatures are there */
static char *
dup_place (SoupMessage    *message,
           ComfyTransport *transport)
{
  GUri       *uri = soup_message_get_uri (message);
  const char *path = g_uri_get_path (uri);
  const char *own = comfy_endpoint_get_host (comfy_transport_get_endpoint (transport));

  return g_str_has_prefix (own, g_uri_get_host (uri))
           ? g_strdup (path) : g_strconcat (g_uri_get_host (uri), path, NULL);
}

/**
 * _comfy_call_dup_label:
 *
 * Returns: (transfer full): the call for a log: method and path without query
 */
char *
_comfy_call_dup_label (ComfyCall *self)
{
  g_autoptr(GUri) uri = g_uri_parse (self->url, G_URI_FLAGS_ENCODED, NULL);

  return g_strconcat (self->method, " ", uri != NULL ? g_uri_get_path (uri) : "?", NULL);
}

/**
 * _comfy_call_log:
 * @message: a request that ended
 * @started_us: monotonic: when it was begun
 *
 * The one line that a request leaves in the log: never a query, a header or a body.
 */
void
_comfy_call_log (ComfyCall   *self,
                 SoupMessage *message,
                 gint64       started_us)
{
  g_autofree char *place = dup_place (message, self->transport);
  unsigned int     status = soup_message_get_status (message);
  int              ms = (int) ((g_get_monotonic_time () - started_us) / 1000);
  const char      *id = soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                      "X-Comfy-Request-Id");

  g_debug ("%s %s %u %d ms", soup_message_get_method (message), place, status, ms);
  if (status >= 400 && id != NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (id, -1);
      g_autofree char *shown = _comfy_redact (valid,
                                              _comfy_transport_get_credentials (self->transport),
                                              MAX_ID);

      g_info ("%s %s %u request id %s", soup_message_get_method (message), place, status, shown);
    }
}

static gboolean
is_safe_method (const char *method)
{
  return g_str_equal (method, "GET") || g_str_equal (method, "HEAD");
}

static gboolean
add_body (ComfyCall    *self,
          SoupMessage  *message,
          GError      **error)
{
  g_autoptr(GInputStream) body = NULL;
  goffset                 length = 0;

  if (self->open_body == NULL)
    return TRUE;

  body = self->open_body (self, &length, error);
  if (body == NULL)
    return FALSE;

  soup_message_set_request_body (message, self->content_type, body, length);

  return TRUE;
}

static void
add_file_headers (ComfyCall   *self,
                  SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  /* sizes are counted, so the bytes must come as they are */
  soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);
  soup_message_headers_replace (headers, "Accept-Encoding", "identity");
  if (self->range_start > 0)
    soup_message_headers_set_range (headers, self->range_start, -1);
  if (self->range_start > 0 && self->if_range != NULL)
    soup_message_headers_replace (headers, "If-Range", self->if_range);
}

/**
 * _comfy_call_new_message:
 * @url: where this message goes: the call's own URL, or where that was redirected to
 *
 * Errors: %COMFY_ERROR_WRONG_ORIGIN when a request that is more than a question would go to another
 *   origin than the environment's
 *
 * Returns: (transfer full): the message, with the key if it goes to the environment's own origin
 */
SoupMessage *
_comfy_call_new_message (ComfyCall   *self,
                         const char  *url,
                         GError     **error)
{
  ComfyEndpoint          *endpoint = comfy_transport_get_endpoint (self->transport);
  ComfyCredentials       *credentials = _comfy_transport_get_credentials (self->transport);
  gboolean                is_own = comfy_endpoint_covers (endpoint, url);
  g_autoptr(SoupMessage)  message = soup_message_new (self->method, url);

  if (message == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_PROTOCOL, "not a URL",
                       _("%s named an address that makes no sense."),
                       comfy_endpoint_get_host (endpoint));
      return NULL;
    }
  if (!is_own && !is_safe_method (self->method))
    {
      comfy_set_error (error, COMFY_ERROR_WRONG_ORIGIN,
                       g_uri_get_host (soup_message_get_uri (message)),
                       _("%s asked to send data to another server, which was refused."),
                       comfy_endpoint_get_host (endpoint));
      return NULL;
    }

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  /* a kept connection may be closed by the server just as it is used again, which libsoup makes
   * good for questions only; where nothing may be sent twice the outcome would be unknown for
   * nothing */
  if (!is_safe_method (self->method))
    soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);

  if (self->accept != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Accept",
                                  self->accept);
  if (self->is_file)
    add_file_headers (self, message);
  if (!add_body (self, message, error))
    return NULL;
  if (is_own && self->idempotency_key != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Idempotency-Key",
                                  self->idempotency_key);
  if (is_own && credentials != NULL && !_comfy_credentials_authorize (credentials, message, error))
    return NULL;

  return g_steal_pointer (&message);
}

/* Where the answer sends on to. An encrypted way is not left for one that is not, and only the
 * environment itself may be talked to in clear over a network.
 *
 * Returns: (transfer full) (nullable): the next URL; %NULL without error when there is none */
static char *
find_redirect (ComfyCall    *self,
               SoupMessage  *message,
               const char   *url,
               GError      **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char         *location = soup_message_headers_get_one (headers, "Location");
  ComfyEndpoint      *endpoint = comfy_transport_get_endpoint (self->transport);
  g_autofree char    *next = NULL;

  if (!SOUP_STATUS_IS_REDIRECTION (soup_message_get_status (message)) || location == NULL ||
      !is_safe_method (self->method))
    return NULL;

  next = g_uri_resolve_relative (url, location, G_URI_FLAGS_ENCODED, NULL);
  if (next != NULL && comfy_endpoint_origin_of_url (next) != NULL &&
      (comfy_endpoint_covers (endpoint, next) ||
       (comfy_endpoint_url_may_carry_key (next) &&
        !(g_str_has_prefix (url, "https:") && g_str_has_prefix (next, "http:")))))
    return g_steal_pointer (&next);

  comfy_set_error (error, COMFY_ERROR_PROTOCOL, "redirect to an unsafe address",
                   _("%s sent on to an address that is not safe, which was refused."),
                   comfy_endpoint_get_host (endpoint));

  return NULL;
}

static void
written_cb (ComfyExchange *exchange,
            GParamSpec    *pspec,
            ComfyCall     *self)
{
  guint64 total = (guint64) soup_message_headers_get_content_length (
    soup_message_get_request_headers (_comfy_exchange_get_message (exchange)));
  guint64 done = _comfy_exchange_get_written (exchange);

  comfy_progress_set_bytes (self->progress, done, total);
}

/* one message, without what follows from it */
static ComfyExchange *
exchange_once (ComfyCall   *self,
               const char  *url,
               GError     **error)
{
  ComfyEndpoint            *endpoint = comfy_transport_get_endpoint (self->transport);
  g_autoptr(SoupMessage)    message = NULL;
  g_autoptr(ComfyExchange)  exchange = NULL;
  gint64                    started_us = g_get_monotonic_time ();
  gulong                    handler = 0;
  gboolean                  is_there;

  if (comfy_endpoint_covers (endpoint, url) && !_comfy_call_pass_limit (self, error))
    return NULL;

  message = _comfy_call_new_message (self, url, error);
  if (message == NULL)
    return NULL;

  exchange = _comfy_exchange_new (_comfy_transport_get_session (self->transport), message,
                                  self->stall_ms, self->total_ms);
  if (self->progress != NULL && self->sends_file)
    handler = g_signal_connect (exchange, "notify::n-written", G_CALLBACK (written_cb), self);

  is_there = self->sends_file
               ? _comfy_exchange_send_from_thread (exchange, COMFY_RESPONSE_MAX_BODY, error)
               : _comfy_exchange_send (exchange, error);
  g_clear_signal_handler (&handler, exchange);
  self->was_sent = self->was_sent || _comfy_exchange_was_sent (exchange);
  if (_comfy_exchange_is_over (exchange))
    _comfy_call_log (self, message, started_us);

  return is_there ? g_steal_pointer (&exchange) : NULL;
}

/**
 * _comfy_call_start:
 *
 * In a fiber: sends the request, once, and follows redirects of questions, each time deciding anew
 * whether the key goes along. Sets @was_sent.
 *
 * Errors: %COMFY_ERROR_PROTOCOL for redirects that lead nowhere or astray, and those of the way
 *
 * Returns: (transfer full): the exchange at the head of the last answer, of whatever status
 */
ComfyExchange *
_comfy_call_start (ComfyCall  *self,
                   GError    **error)
{
  g_autofree char *url = g_strdup (self->url);

  self->was_sent = FALSE;
  for (int hops = 0; hops <= MAX_REDIRECTS; hops++)
    {
      g_autoptr(ComfyExchange)  exchange = exchange_once (self, url, error);
      g_autoptr(GError)         astray = NULL;
      g_autofree char          *next = NULL;

      if (exchange == NULL)
        return NULL;

      next = find_redirect (self, _comfy_exchange_get_message (exchange), url, &astray);
      if (astray != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&astray));
          return NULL;
        }
      if (next == NULL)
        return g_steal_pointer (&exchange);

      g_free (url);
      url = g_steal_pointer (&next);
    }

  comfy_set_error (error, COMFY_ERROR_PROTOCOL, "too many redirects",
                   _("%s sends from one address to the next without end."),
                   comfy_endpoint_get_host (comfy_transport_get_endpoint (self->transport)));

  return NULL;
}
