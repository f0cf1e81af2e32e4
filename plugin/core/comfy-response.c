/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An answer, read whole within limits. Its body comes from anywhere, so nothing is believed: size
 * and depth are checked before it is parsed.
 */
#define G_LOG_DOMAIN "comfy-response"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-credentials-private.h"
#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-response-private.h"
#include "comfy-retry-private.h"

#define READ_SIZE (64 * 1024)
/* of a body that is no JSON, in bytes; enough for a log to show what it was */
#define MAX_TEXT  4096

typedef struct
{
  ComfyResponse   parent;
  gatomicrefcount ref_count;
} Response;

G_DEFINE_BOXED_TYPE (ComfyResponse, comfy_response, comfy_response_ref, comfy_response_unref)

/**
 * comfy_response_ref:
 *
 * Returns: (transfer full): @self
 */
ComfyResponse *
comfy_response_ref (ComfyResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&((Response *) self)->ref_count);

  return self;
}

/**
 * comfy_response_unref:
 * @self: (transfer full): an answer
 */
void
comfy_response_unref (ComfyResponse *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&((Response *) self)->ref_count))
    return;

  g_clear_pointer (&self->json, json_node_unref);
  g_free (self->text);
  g_free (self->request_id);
  g_free (self);
}

/**
 * _comfy_response_new:
 * @status: HTTP
 * @headers: (nullable): of the answer
 * @body: (nullable): the whole of it
 *
 * Returns: (transfer full): the answer
 */
ComfyResponse *
_comfy_response_new (unsigned int        status,
                     SoupMessageHeaders *headers,
                     GBytes             *body)
{
  Response      *response = g_new0 (Response, 1);
  ComfyResponse *self = &response->parent;
  gsize          size = 0;
  const char    *data = body != NULL ? g_bytes_get_data (body, &size) : NULL;

  g_atomic_ref_count_init (&response->ref_count);
  self->status = status;
  self->retry_after_us = -1;
  if (size > 0)
    self->json = comfy_json_read (data, size, COMFY_RESPONSE_MAX_BODY, COMFY_RESPONSE_MAX_DEPTH,
                                  NULL);
  if (self->json == NULL && size > 0)
    self->text = g_utf8_make_valid (data, (gssize) MIN (size, MAX_TEXT));

  if (headers != NULL)
    {
      self->request_id = g_strdup (soup_message_headers_get_one (headers, "X-Comfy-Request-Id"));
      self->retry_after_us =
        _comfy_retry_parse_after (soup_message_headers_get_one (headers, "Retry-After"),
                                  soup_message_headers_get_one (headers, "Date"));
    }

  return self;
}

/* (transfer full): the body without the key, whichever member of it quotes it: who makes words of
 * one has no key to compare them with. A token so short that it may be a part of other words is left
 * to _comfy_redact(). */
static GBytes *
mask (GBytes           *body,
      ComfyCredentials *credentials)
{
  gsize            size;
  const char      *data = g_bytes_get_data (body, &size);
  g_autofree char *text = g_strndup (data != NULL ? data : "", size);
  char            *masked;

  if (credentials == NULL || comfy_credentials_get_last_four (credentials)[0] == '\0'
      || strlen (text) < size)
    return g_bytes_ref (body);

  masked = _comfy_credentials_mask (credentials, text);

  return g_bytes_new_take (masked, strlen (masked));
}

/**
 * _comfy_response_read:
 * @exchange: one whose answer's head is there
 * @credentials: (nullable): what the request carried; it is masked wherever the answer quotes it
 *
 * In a fiber: reads the body, up to %COMFY_RESPONSE_MAX_BODY.
 *
 * Errors: %COMFY_ERROR_TOO_LARGE, and those of the way
 *
 * Returns: (transfer full): the answer
 */
ComfyResponse *
_comfy_response_read (ComfyExchange     *exchange,
                      ComfyCredentials  *credentials,
                      GError           **error)
{
  SoupMessage           *message = _comfy_exchange_get_message (exchange);
  g_autoptr(GByteArray)  body = g_byte_array_new ();
  g_autoptr(GBytes)      whole = NULL;
  g_autoptr(GBytes)      masked = NULL;

  for (;;)
    {
      g_autoptr(GBytes) chunk = _comfy_exchange_read (exchange, READ_SIZE, error);

      if (chunk == NULL)
        return NULL;
      if (g_bytes_get_size (chunk) == 0)
        break;

      g_byte_array_append (body, g_bytes_get_data (chunk, NULL),
                           (unsigned int) g_bytes_get_size (chunk));
      if (body->len > COMFY_RESPONSE_MAX_BODY)
        {
          comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                           _("%s sent an answer that is far too large. Check the environment's "
                             "address."), g_uri_get_host (soup_message_get_uri (message)));
          return NULL;
        }
    }

  whole = g_byte_array_free_to_bytes (g_steal_pointer (&body));
  masked = mask (whole, credentials);

  return _comfy_response_new (soup_message_get_status (message),
                              soup_message_get_response_headers (message),
                              masked);
}

/**
 * _comfy_response_is_good:
 *
 * Returns: whether it is a success that can be worked with: 2xx, with JSON or nothing in it. A page
 *   for people with status 200 is what networks with a log-in page send.
 */
gboolean
_comfy_response_is_good (ComfyResponse *self)
{
  return SOUP_STATUS_IS_SUCCESSFUL (self->status) && self->text == NULL;
}
