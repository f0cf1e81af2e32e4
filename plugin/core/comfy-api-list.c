/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An account's jobs, whoever started them, and the end of what they made. Not every server tells,
 * or deletes; what one does not do is asked for again only the next day.
 */
#define G_LOG_DOMAIN "comfy-api"

#include "config.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>

#include "comfy-api-call-private.h"
#include "comfy-api-json-private.h"
#include "comfy-api-v1-private.h"
#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-server-memory-private.h"

#define PAGE 20 /* jobs at a time: what the document takes when nothing is said */

static DexFuture *
reject_unsupported (void)
{
  return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_NOT_SUPPORTED, NULL,
                                                    _("This server does not offer that.")));
}

/**
 * comfy_api_list_jobs:
 * @self: an API with %COMFY_API_BROWSE
 * @page: (nullable): the next of the page before; %NULL for the first page
 *
 * Asks for the account's jobs, those of other programs and computers, too. Where jobs are made
 * meanwhile the pages shift, so that one may come twice.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyRemotePage. Its jobs may
 *   lack their outputs; comfy_api_get_job() has them
 *
 * Errors: %COMFY_ERROR_NOT_SUPPORTED when the server does not tell; the flag is off from then on
 */
DexFuture *
comfy_api_list_jobs (ComfyApi   *self,
                     const char *page)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);

  if ((comfy_api_get_flags (self) & COMFY_API_BROWSE) == 0)
    return reject_unsupported ();

  return COMFY_API_GET_IFACE (self)->list_jobs (self, page);
}

/**
 * comfy_api_delete_output:
 * @self: an API with %COMFY_API_DELETE
 * @output_id: of a #ComfyRemoteOutput, not empty
 *
 * Asks the server to delete a file that a job made. It cannot be fetched any more then, by nobody.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to %TRUE when there is no such file
 *   any more, or never was
 *
 * Errors: %COMFY_ERROR_NOT_SUPPORTED when the server does not do it; the flag is off from then on
 */
DexFuture *
comfy_api_delete_output (ComfyApi   *self,
                         const char *output_id)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);
  g_return_val_if_fail (output_id != NULL && output_id[0] != '\0', NULL);

  if ((comfy_api_get_flags (self) & COMFY_API_DELETE) == 0)
    return reject_unsupported ();

  return COMFY_API_GET_IFACE (self)->delete_output (self, output_id);
}

static ComfyResponse *
await_any_status (ComfyApiCall  *call,
                  const char    *method,
                  const char    *path,
                  GError       **error)
{
  return dex_await_boxed (comfy_transport_send (call->transport, method, path, NULL, NULL,
                                                COMFY_TRANSPORT_REPEATABLE
                                                | COMFY_TRANSPORT_ANY_STATUS), error);
}

/* What no server does that knows of no such thing; 404 is one of these where there can be nothing
 * that is not found. */
static gboolean
is_missing (const ComfyResponse *response)
{
  return response->status == SOUP_STATUS_METHOD_NOT_ALLOWED
         || response->status == SOUP_STATUS_NOT_IMPLEMENTED;
}

/* A job that cannot be read is left out: the others are there all the same. A page that is longer
 * than was asked for is cut, and goes on where it was. */
static ComfyRemotePage *
read_page (JsonNode      *node,
           unsigned int   offset,
           GError       **error)
{
  JsonObject                 *object = comfy_api_json_get_root (node, error);
  JsonArray                  *items = NULL;
  g_autoptr(ComfyRemotePage)  page = comfy_remote_page_new ();
  unsigned int                n;
  gboolean                    has_more;

  if (object == NULL)
    return NULL;

  items = comfy_json_get_array (object, "jobs");
  n = items != NULL ? MIN (json_array_get_length (items), PAGE) : 0;
  has_more = comfy_json_get_boolean (object, "has_more", FALSE)
             || (items != NULL && json_array_get_length (items) > n);
  if (items == NULL || (n == 0 && has_more))
    {
      comfy_api_json_set_error (error, "a list that is none, or does not end");
      return NULL;
    }

  for (unsigned int i = 0; i < n; i++)
    {
      g_autoptr(GError)  local_error = NULL;
      ComfyRemoteJob    *job = comfy_remote_job_new_from_json (json_array_get_element (items, i),
                                                               &local_error);

      if (job != NULL)
        g_ptr_array_add (page->jobs, job);
      else
        g_message ("A job was left out: %s", comfy_error_get_detail (local_error));
    }
  if (has_more && offset <= G_MAXINT - n)
    page->next = g_strdup_printf ("%u", offset + n);

  return g_steal_pointer (&page);
}

static DexFuture *
list_fiber (gpointer data)
{
  ComfyApiCall             *call = data;
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyResponse)  response = NULL;
  g_autofree char          *path = NULL;
  guint64                   offset = 0;
  ComfyRemotePage          *page = NULL;

  if (call->name != NULL)
    g_ascii_string_to_unsigned (call->name, 10, 0, G_MAXINT, &offset, NULL);
  path = g_strdup_printf ("jobs?limit=%d&offset=%u", PAGE, (unsigned int) offset);
  response = await_any_status (call, "GET", path, &error);
  if (response != NULL && (is_missing (response) || response->status == SOUP_STATUS_NOT_FOUND))
    return comfy_api_call_reject_missing (call, COMFY_SERVER_NO_BROWSE);

  if (response != NULL && response->status >= 400)
    error = comfy_transport_dup_error (call->transport, response);
  else if (response != NULL)
    page = read_page (response->json, (unsigned int) offset, &error);
  if (page == NULL)
    return comfy_api_call_reject (call, g_steal_pointer (&error));

  return dex_future_new_take_boxed (COMFY_TYPE_REMOTE_PAGE, page);
}

/**
 * comfy_api_v1_list_jobs:
 * @api: a #ComfyApiV1
 * @page: (nullable): the number of jobs before it
 *
 * GET /jobs
 *
 * Returns: (transfer full): a [class@Dex.Future] of a #ComfyRemotePage
 */
DexFuture *
comfy_api_v1_list_jobs (ComfyApi   *api,
                        const char *page)
{
  return comfy_api_call_spawn (comfy_api_call_new (api, COMFY_API_V1 (api)->transport, page),
                               list_fiber);
}

/* Nobody shall believe that something is deleted which a server has only not been asked for in a
 * way that it understands: what is still there was not deleted. */
static DexFuture *
check_gone (ComfyApiCall *call,
            const char   *path)
{
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyResponse)  response = await_any_status (call, "GET", path, &error);

  if (response != NULL && response->status == SOUP_STATUS_NOT_FOUND)
    return dex_future_new_for_boolean (TRUE);
  if (response != NULL && response->status < 400)
    return comfy_api_call_reject_missing (call, COMFY_SERVER_NO_DELETE);
  if (response != NULL)
    error = comfy_transport_dup_error (call->transport, response);

  return comfy_api_call_reject (call, g_steal_pointer (&error));
}

static DexFuture *
delete_fiber (gpointer data)
{
  ComfyApiCall             *call = data;
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyResponse)  response = NULL;
  g_autofree char          *path = comfy_api_path ("outputs/", call->name, "");

  response = await_any_status (call, "DELETE", path, &error);
  if (response == NULL)
    return comfy_api_call_reject (call, g_steal_pointer (&error));

  if (is_missing (response))
    return comfy_api_call_reject_missing (call, COMFY_SERVER_NO_DELETE);
  if (response->status == SOUP_STATUS_NOT_FOUND)
    return check_gone (call, path);
  if (response->status < 400)
    return dex_future_new_for_boolean (TRUE);

  return comfy_api_call_reject (call, comfy_transport_dup_error (call->transport, response));
}

/**
 * comfy_api_v1_delete_output:
 * @api: a #ComfyApiV1
 * @output_id: an output's id
 *
 * DELETE /outputs/{id}
 *
 * Returns: (transfer full): a [class@Dex.Future] of %TRUE
 */
DexFuture *
comfy_api_v1_delete_output (ComfyApi   *api,
                            const char *output_id)
{
  return comfy_api_call_spawn (comfy_api_call_new (api, COMFY_API_V1 (api)->transport, output_id),
                               delete_fiber);
}
