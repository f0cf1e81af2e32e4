/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What servers tell of workflows beside running them: what their nodes take, which ComfyUI itself
 * answers beside every protocol, and whether a graph is good. Not every server does; what one does
 * not is asked for again only the next day.
 */
#define G_LOG_DOMAIN "comfy-api"

#include "config.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>

#include "comfy-api-call-private.h"
#include "comfy-error.h"
#include "comfy-server-memory-private.h"

#define NODES_URL "/api/object_info"
#define MAX_NODES (G_GINT64_CONSTANT (64) * 1024 * 1024) /* bytes */

static DexFuture *
reject_unsupported (void)
{
  return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_NOT_SUPPORTED, NULL,
                                                    _("This server does not offer that.")));
}

/**
 * comfy_api_get_nodes:
 * @self: an API with %COMFY_API_NODES
 * @path: where the file shall be
 *
 * Fetches what the server's nodes take, for comfy_node_table_new_from_object_info(). It may be tens
 * of megabytes.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to %TRUE when @path is complete and
 *   on disk
 *
 * Errors: %COMFY_ERROR_NOT_SUPPORTED when the server does not tell; the flag is off from then on
 */
DexFuture *
comfy_api_get_nodes (ComfyApi   *self,
                     const char *path)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  if ((comfy_api_get_flags (self) & COMFY_API_NODES) == 0)
    return reject_unsupported ();

  return COMFY_API_GET_IFACE (self)->get_nodes (self, path);
}

/**
 * comfy_api_validate:
 * @self: an API with %COMFY_API_VALIDATE
 * @workflow: the graph, complete
 *
 * Asks whether the server would take a graph. Starts nothing and costs nothing; tried once.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to %TRUE when nothing is wrong
 *
 * Errors: %COMFY_ERROR_INVALID_WORKFLOW as comfy_api_submit() gives it; every other error says
 *   nothing of the graph. %COMFY_ERROR_NOT_SUPPORTED when the server does not do it; the flag is
 *   off from then on
 */
DexFuture *
comfy_api_validate (ComfyApi      *self,
                    ComfyWorkflow *workflow)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);
  g_return_val_if_fail (COMFY_IS_WORKFLOW (workflow), NULL);

  if ((comfy_api_get_flags (self) & COMFY_API_VALIDATE) == 0)
    return reject_unsupported ();

  return COMFY_API_GET_IFACE (self)->validate (self, workflow);
}

/**
 * comfy_api_recall:
 * @self: an API
 * @flag: what #ComfyApi::learned told of the server, perhaps in another process
 *
 * Says what is known of the server, so that it need not be found out again.
 */
void
comfy_api_recall (ComfyApi   *self,
                  const char *flag)
{
  g_return_if_fail (COMFY_IS_API (self));
  g_return_if_fail (flag != NULL);

  if (COMFY_API_GET_IFACE (self)->recall != NULL)
    COMFY_API_GET_IFACE (self)->recall (self, flag);
}

/**
 * comfy_api_call_reject_missing:
 * @call: of an endpoint that not every server has
 * @flag: what is learned by that
 *
 * Returns: (transfer full): what the fiber returns
 */
DexFuture *
comfy_api_call_reject_missing (ComfyApiCall *call,
                               const char   *flag)
{
  comfy_api_recall (call->api, flag);
  comfy_api_emit_learned (call->api, flag, TRUE);

  return reject_unsupported ();
}

/* Whether the server has no such thing for us, and will not have it in a minute. */
static gboolean
is_missing (unsigned int status)
{
  return status == SOUP_STATUS_UNAUTHORIZED || status == SOUP_STATUS_FORBIDDEN
         || status == SOUP_STATUS_NOT_FOUND || status == SOUP_STATUS_METHOD_NOT_ALLOWED
         || status == SOUP_STATUS_NOT_IMPLEMENTED;
}

/**
 * comfy_api_nodes_fiber:
 * @data: a #ComfyApiCall with a path
 *
 * What get_nodes() does by every protocol.
 *
 * Returns: (transfer full): a [class@Dex.Future] of %TRUE
 */
DexFuture *
comfy_api_nodes_fiber (gpointer data)
{
  ComfyApiCall      *call = data;
  g_autoptr(GError)  error = NULL;

  if (dex_await (comfy_transport_download_up_to (call->transport, NODES_URL, call->path, MAX_NODES),
                 &error))
    return dex_future_new_for_boolean (TRUE);
  if (error->domain == COMFY_ERROR && is_missing (comfy_error_get_status (error)))
    return comfy_api_call_reject_missing (call, COMFY_SERVER_NO_NODES);

  return comfy_api_call_reject (call, g_steal_pointer (&error));
}
