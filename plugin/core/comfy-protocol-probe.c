/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds out which protocol an environment speaks. The Developer API v1 is what the key's owner was
 * told of, so it is asked for first; a web page, a proxy's log-in form or another service that
 * happens to answer is neither.
 */
#define G_LOG_DOMAIN "comfy-protocol-probe"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-api-v1-private.h"
#include "comfy-api-v2-private.h"
#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-json-private.h"
#include "comfy-protocol-probe-private.h"

static const char * const nicks[] = { "auto", "v1", "v2" };

/**
 * comfy_protocol_to_nick:
 *
 * Returns: (transfer none): a stable word for files: "v1", "v2", or "auto" for none
 */
const char *
comfy_protocol_to_nick (ComfyProtocol protocol)
{
  g_return_val_if_fail ((unsigned int) protocol < G_N_ELEMENTS (nicks), nicks[0]);

  return nicks[protocol];
}

/**
 * comfy_protocol_from_nick:
 * @nick: (nullable): a word of comfy_protocol_to_nick()
 *
 * Returns: the protocol, %COMFY_PROTOCOL_NONE for any other word
 */
ComfyProtocol
comfy_protocol_from_nick (const char *nick)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (nicks); i++)
    if (g_strcmp0 (nick, nicks[i]) == 0)
      return (ComfyProtocol) i;

  return COMFY_PROTOCOL_NONE;
}

/**
 * comfy_protocol_get_name:
 *
 * Returns: (transfer none) (nullable): the protocol's name for people
 */
const char *
comfy_protocol_get_name (ComfyProtocol protocol)
{
  switch (protocol)
    {
    case COMFY_PROTOCOL_V1:
      return _("Developer API v1");
    case COMFY_PROTOCOL_V2:
      return _("Comfy API v2");
    case COMFY_PROTOCOL_NONE:
    default:
      return NULL;
    }
}

/**
 * comfy_protocol_new_api:
 * @protocol: one that is known
 * @transport: of the environment and the key
 *
 * Returns: (transfer full): the API
 */
ComfyApi *
comfy_protocol_new_api (ComfyProtocol   protocol,
                        ComfyTransport *transport)
{
  g_return_val_if_fail (protocol != COMFY_PROTOCOL_NONE, NULL);

  return protocol == COMFY_PROTOCOL_V1 ? comfy_api_v1_new (transport)
                                       : comfy_api_v2_new (transport);
}

static ComfyResponse *
await_answer (ComfyTransport  *transport,
              const char      *method,
              const char      *url,
              GError         **error)
{
  return dex_await_boxed (comfy_transport_send (transport, method, url, NULL, NULL,
                                                COMFY_TRANSPORT_REPEATABLE
                                                | COMFY_TRANSPORT_ANY_STATUS), error);
}

static gboolean
is_account (ComfyResponse *response)
{
  gboolean has_status = response->status / 100 == 2 || response->status == 401
                        || response->status == 403;

  return has_status && response->json != NULL && JSON_NODE_HOLDS_OBJECT (response->json);
}

static gboolean
is_error_envelope (ComfyResponse *response)
{
  return response->json != NULL && JSON_NODE_HOLDS_OBJECT (response->json)
         && comfy_json_get_object (json_node_get_object (response->json), "error") != NULL;
}

/* A HEAD's answer has no body, and many servers say 404 or 401 to anything; a job that does not
 * exist is denied in the protocol's own words. */
static gboolean
await_is_v2 (ComfyTransport  *transport,
             GError         **error)
{
  ComfyEndpoint            *endpoint = comfy_transport_get_endpoint (transport);
  g_autofree char          *asset_path = NULL;
  g_autofree char          *job_path = NULL;
  g_autoptr(ComfyResponse)  asset = NULL;
  g_autoptr(ComfyResponse)  job = NULL;

  asset_path = comfy_api_v2_dup_path (endpoint, "assets/by-hash/", COMFY_API_V2_NO_ASSET, "");
  if ((asset = await_answer (transport, "HEAD", asset_path, error)) == NULL)
    return FALSE;
  if (asset->status != 200 && asset->status != 401 && asset->status != 403 && asset->status != 404
      && !comfy_api_v2_is_without_hashes (asset->status))
    return FALSE;

  job_path = comfy_api_v2_dup_path (endpoint, "jobs/", COMFY_API_V2_NO_JOB, "");
  job = await_answer (transport, "GET", job_path, error);

  return job != NULL && is_error_envelope (job);
}

static DexFuture *
probe_fiber (gpointer data)
{
  ComfyTransport           *transport = data;
  const char               *host;
  g_autoptr(ComfyResponse)  account = NULL;
  g_autoptr(GError)         error = NULL;
  g_autofree char          *detail = NULL;

  host = comfy_endpoint_get_host (comfy_transport_get_endpoint (transport));
  if ((account = await_answer (transport, "GET", "account", &error)) == NULL)
    return dex_future_new_for_error (comfy_error_fold (error, host));
  if (is_account (account))
    return dex_future_new_for_uint (COMFY_PROTOCOL_V1);

  if (await_is_v2 (transport, &error))
    return dex_future_new_for_uint (COMFY_PROTOCOL_V2);
  if (error != NULL)
    return dex_future_new_for_error (comfy_error_fold (error, host));

  /* a server in trouble says nothing about what it speaks */
  if (account->status == 429 || account->status >= 500)
    return dex_future_new_for_error (comfy_transport_dup_error (transport, account));

  detail = g_strdup_printf ("GET account: %u", account->status);

  return dex_future_new_for_error (
    comfy_error_new (COMFY_ERROR_PROTOCOL, detail,
                     _("%s does not answer as Comfy Cloud does. Check the environment's address."),
                     host));
}

/**
 * comfy_protocol_probe:
 * @transport: of the environment and the key; a key that is rejected does not matter
 *
 * Asks GET {base}/account: JSON with 2xx, 401 or 403 is the Developer API v1. Else asks the same
 * origin for an asset and a job that do not exist, as the Comfy API v2 names them.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyProtocol as unsigned int
 *
 * Errors: %COMFY_ERROR_PROTOCOL when it is neither; those of the connection
 */
DexFuture *
comfy_protocol_probe (ComfyTransport *transport)
{
  g_return_val_if_fail (COMFY_IS_TRANSPORT (transport), NULL);

  return _comfy_spawn (probe_fiber, g_object_ref (transport), g_object_unref);
}
