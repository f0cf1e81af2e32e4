/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A call until it has an answer or an error: the limit is kept, what may be tried again is, and who
 * waits is told why.
 */
#define G_LOG_DOMAIN "comfy-call"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-call-private.h"
#include "comfy-error.h"
#include "comfy-rate-limit-private.h"
#include "comfy-response-private.h"

/* shorter waits are not worth a word */
#define WORTH_TELLING_US (G_USEC_PER_SEC)

static const ComfyClock *
get_clock (ComfyCall *self)
{
  const ComfyClock *clock = _comfy_transport_get_options (self->transport)->clock;

  return clock != NULL ? clock : &_comfy_system_clock;
}

/**
 * _comfy_call_wait:
 * @wait_us: how long, in µs
 * @is_cut_off: whether it is the way to the server that is broken
 *
 * In a fiber: waits, and lets #ComfyTransport:waiting-until say so.
 *
 * Errors: %COMFY_ERROR_CANCELLED
 */
gboolean
_comfy_call_wait (ComfyCall  *self,
                  gint64      wait_us,
                  gboolean    is_cut_off,
                  GError    **error)
{
  const ComfyClock *clock = get_clock (self);
  gint64            until_us = clock->now_us (clock->data) + wait_us;
  gboolean          passed;

  if (wait_us >= WORTH_TELLING_US)
    _comfy_transport_hold (self->transport, until_us, is_cut_off);
  passed = clock->sleep (clock->data, wait_us, error);
  _comfy_transport_release (self->transport, until_us);

  return passed;
}

/**
 * _comfy_call_pass_limit:
 *
 * In a fiber: waits until the key's limit lets a request out, and counts it.
 *
 * Errors: %COMFY_ERROR_STORAGE, %COMFY_ERROR_CANCELLED
 */
gboolean
_comfy_call_pass_limit (ComfyCall  *self,
                        GError    **error)
{
  ComfyRateLimit *limit = _comfy_transport_get_limit (self->transport);
  gint64          wait_us = 0;

  if (limit == NULL)
    return TRUE;

  for (;;)
    {
      if (!_comfy_rate_limit_try (limit, &wait_us, error))
        return FALSE;
      if (wait_us == 0)
        return TRUE;
      if (!_comfy_call_wait (self, wait_us, FALSE, error))
        return FALSE;
    }
}

static ComfyResponse *
try_once (ComfyCall  *self,
          GError    **error)
{
  g_autoptr(ComfyExchange) exchange = _comfy_call_start (self, error);

  if (exchange == NULL)
    return NULL;

  return _comfy_response_read (exchange, _comfy_transport_get_credentials (self->transport), error);
}

/* After the last try of what must not happen twice: is it clear that nothing happened? An answer of
 * the kind 4xx is a refusal; and 501 says that there is nothing that could have happened. */
static gboolean
may_have_happened (const ComfyTry *last)
{
  if (!last->was_sent)
    return FALSE;

  return last->status == 0 || last->status == SOUP_STATUS_REQUEST_TIMEOUT ||
         SOUP_STATUS_IS_SUCCESSFUL (last->status) ||
         (last->status >= 500 && last->status != SOUP_STATUS_NOT_IMPLEMENTED);
}

static GError *
unknown_outcome (ComfyCall    *self,
                 const GError *why)
{
  ComfyEndpoint   *endpoint = comfy_transport_get_endpoint (self->transport);
  g_autofree char *detail = g_strdup_printf ("%s; %s", comfy_error_code_to_nick (why->code),
                                             comfy_error_get_detail (why));
  GError          *error;

  error = comfy_error_new (COMFY_ERROR_OUTCOME_UNKNOWN, detail,
                           _("It is not clear whether %s accepted the job: it may exist and may "
                             "cost credits."), comfy_endpoint_get_host (endpoint));
  comfy_error_set_response (error, comfy_error_get_status (why),
                            comfy_error_get_server_code (why), comfy_error_get_request_id (why));

  return error;
}

/* (transfer full): what the call ends with */
static GError *
conclude (ComfyCall        *self,
          const ComfyRetry *retry,
          const ComfyTry   *last,
          gboolean          is_repeatable)
{
  GError *error = !is_repeatable && may_have_happened (last) ? unknown_outcome (self, last->error)
                                                             : g_error_copy (last->error);

  _comfy_retry_tell (retry, error);

  return error;
}

static gboolean
is_result (ComfyCall     *self,
           ComfyResponse *response)
{
  if (self->flags & COMFY_TRANSPORT_ANY_STATUS)
    return TRUE;
  if (self->flags & COMFY_TRANSPORT_KEEP_REFUSALS &&
      (response->status == SOUP_STATUS_BAD_REQUEST || response->status == SOUP_STATUS_CONFLICT ||
       response->status == SOUP_STATUS_UNPROCESSABLE_ENTITY))
    return TRUE;

  return _comfy_response_is_good (response);
}

/**
 * _comfy_call_run_fiber:
 * @data: (type ComfyCall): the call
 *
 * A fiber: tries until there is an answer, an error, or no time left.
 *
 * Returns: (transfer full): a future of a #ComfyResponse
 */
DexFuture *
_comfy_call_run_fiber (gpointer data)
{
  ComfyCall  *self = data;
  const char *host = comfy_endpoint_get_host (comfy_transport_get_endpoint (self->transport));
  gboolean    is_repeatable = (self->flags & COMFY_TRANSPORT_REPEATABLE) != 0 ||
                              g_str_equal (self->method, "GET") ||
                              g_str_equal (self->method, "HEAD");
  ComfyRetry  retry;

  _comfy_retry_begin (&retry, get_clock (self));

  for (;;)
    {
      g_autoptr(GError)         error = NULL;
      g_autoptr(ComfyResponse)  response = try_once (self, &error);
      g_autofree char          *label = _comfy_call_dup_label (self);
      GError                   *gave_up = NULL;
      ComfyTry                  last = { 0, NULL, self->was_sent, -1 };
      gint64                    wait_us = -1;

      if (response != NULL && is_result (self, response))
        return dex_future_new_take_boxed (COMFY_TYPE_RESPONSE, g_steal_pointer (&response));

      if (response != NULL)
        {
          error = _comfy_response_to_error (response, host,
                                            _comfy_transport_get_credentials (self->transport),
                                            label);
          last.status = response->status;
          last.retry_after_us = response->retry_after_us;
        }
      last.error = error;

      if (!(self->flags & COMFY_TRANSPORT_ANY_STATUS))
        wait_us = _comfy_retry_next (&retry, &last, is_repeatable);
      if (wait_us < 0)
        return dex_future_new_for_error (conclude (self, &retry, &last, is_repeatable));
      if (!_comfy_call_wait (self, wait_us, last.status == 0, &gave_up))
        return dex_future_new_for_error (gave_up);
    }
}
