/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers that do not end: read as they come.
 */
#define G_LOG_DOMAIN "comfy-transport"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-call-private.h"
#include "comfy-error.h"
#include "comfy-fiber-private.h"

static DexFuture *
open_stream_fiber (gpointer data)
{
  ComfyCall       *call = data;
  ComfyEndpoint   *endpoint = comfy_transport_get_endpoint (call->transport);
  g_autofree char *label = _comfy_call_dup_label (call);
  ComfyExchange   *exchange;
  GError          *error = NULL;

  if (!comfy_endpoint_covers (endpoint, call->url))
    return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_WRONG_ORIGIN, label,
      _("%s asked to listen to another server, which was refused."),
      comfy_endpoint_get_host (endpoint)));

  exchange = _comfy_call_start (call, &error);
  if (exchange == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_object (exchange);
}

/**
 * comfy_transport_open_stream:
 * @url: absolute or relative to the base URL; of the environment's own origin
 * @content_type: what is asked for; the answer may be something else
 * @stall_ms: how long the server may say nothing, in ms
 *
 * Asks for an answer that comes bit by bit for as long as it takes. Tried once. A read fails with
 * %COMFY_ERROR_TIMED_OUT after @stall_ms of silence.
 *
 * Errors: %COMFY_ERROR_WRONG_ORIGIN when @url is elsewhere; those of the way to the server
 *
 * Returns: (transfer full): a future of a #ComfyExchange at the head of the answer, of whatever
 *   status; giving it up closes the connection
 */
DexFuture *
comfy_transport_open_stream (ComfyTransport *self,
                             const char     *url,
                             const char     *content_type,
                             unsigned int    stall_ms)
{
  ComfyCall *call;

  g_return_val_if_fail (COMFY_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (url != NULL && content_type != NULL, NULL);

  call = _comfy_call_new (self, "GET", url);
  call->accept = g_strdup (content_type);
  /* a coder may hold bytes back until it has enough */
  call->is_file = TRUE;
  call->stall_ms = stall_ms;
  call->total_ms = 0;

  return _comfy_spawn (open_stream_fiber, call, (GDestroyNotify) _comfy_call_free);
}
