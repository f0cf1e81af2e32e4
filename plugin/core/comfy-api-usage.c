/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an account used (AccountUsage in the document of the Developer API v1). Not every server
 * tells; one that does not is asked again only the next day.
 */
#define G_LOG_DOMAIN "comfy-api"

#include "config.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>

#include "comfy-api-call-private.h"
#include "comfy-api-json-private.h"
#include "comfy-api-v1-private.h"
#include "comfy-cost-private.h"
#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-server-memory-private.h"

/**
 * comfy_api_get_usage:
 * @self: an API with %COMFY_API_USAGE
 * @period: of which time before now
 *
 * Asks what the account used.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyUsage
 *
 * Errors: %COMFY_ERROR_NOT_SUPPORTED when the server does not tell; the flag is off from then on
 */
DexFuture *
comfy_api_get_usage (ComfyApi         *self,
                     ComfyUsagePeriod  period)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);

  if ((comfy_api_get_flags (self) & COMFY_API_USAGE) == 0)
    return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_NOT_SUPPORTED, NULL,
                                                      _("This server does not offer that.")));

  return COMFY_API_GET_IFACE (self)->get_usage (self, period);
}

/* An answer of another time than was asked for is no answer */
static ComfyUsage *
read_usage (JsonNode          *node,
            ComfyUsagePeriod   period,
            GError           **error)
{
  JsonObject *object = comfy_api_json_get_root (node, error);
  const char *word = object != NULL ? comfy_json_get_string (object, "period") : NULL;
  ComfyUsage *self;

  if (object == NULL)
    return NULL;
  if (word != NULL && !g_str_equal (word, comfy_usage_period_to_word (period)))
    {
      comfy_api_json_set_error (error, "the usage of another time");
      return NULL;
    }

  self = comfy_usage_new (period);
  self->n_completed = MAX (comfy_json_get_int (object, "jobs_completed", -1), -1);
  self->n_failed = MAX (comfy_json_get_int (object, "jobs_failed", -1), -1);
  self->cost = _comfy_cost_read_usage (object);

  return self;
}

static DexFuture *
usage_fiber (gpointer data)
{
  ComfyApiCall             *call = data;
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyResponse)  response = NULL;
  g_autofree char          *path = NULL;
  ComfyUsage               *usage = NULL;

  path = g_strconcat ("account/usage?period=", comfy_usage_period_to_word (call->period), NULL);
  response = dex_await_boxed (comfy_transport_send (call->transport, "GET", path, NULL, NULL,
                                                    COMFY_TRANSPORT_REPEATABLE
                                                    | COMFY_TRANSPORT_ANY_STATUS), &error);
  if (response != NULL
      && (response->status == SOUP_STATUS_NOT_FOUND
          || response->status == SOUP_STATUS_METHOD_NOT_ALLOWED
          || response->status == SOUP_STATUS_NOT_IMPLEMENTED))
    return comfy_api_call_reject_missing (call, COMFY_SERVER_NO_USAGE);

  if (response != NULL && response->status >= 400)
    error = comfy_transport_dup_error (call->transport, response);
  else if (response != NULL)
    usage = read_usage (response->json, call->period, &error);
  if (usage == NULL)
    return comfy_api_call_reject (call, g_steal_pointer (&error));

  return dex_future_new_take_boxed (COMFY_TYPE_USAGE, usage);
}

/**
 * comfy_api_v1_get_usage:
 * @api: a #ComfyApiV1
 * @period: of which time before now
 *
 * Returns: (transfer full): a [class@Dex.Future] of a #ComfyUsage
 */
DexFuture *
comfy_api_v1_get_usage (ComfyApi         *api,
                        ComfyUsagePeriod  period)
{
  ComfyApiCall *call = comfy_api_call_new (api, COMFY_API_V1 (api)->transport, NULL);

  call->period = period;

  return comfy_api_call_spawn (call, usage_fiber);
}
