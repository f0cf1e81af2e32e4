/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Developer API v1's files: inputs go up and are waited for, outputs come down from addresses
 * that run out.
 */
#define G_LOG_DOMAIN "comfy-api-v1"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-api-json-private.h"
#include "comfy-api-v1-files-private.h"
#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-json-private.h"

#define INPUT_DEADLINE  (5 * 60 * G_USEC_PER_SEC) /* from upload until usable */
#define OUTPUT_DEADLINE (60 * G_USEC_PER_SEC)     /* from success until an output has an address */

static DexFuture *
get (ComfyApiCall *call,
     const char   *path)
{
  return comfy_transport_send (call->transport, "GET", path, NULL, NULL,
                               COMFY_TRANSPORT_REPEATABLE);
}

static void
set_timed_out (GError     **error,
               const char  *detail)
{
  comfy_set_error (error, COMFY_ERROR_TIMED_OUT, detail,
                   _("The server took the file, but did not get it ready in time. "
                     "Try again later."));
}

/* Whether an input can be used: then @out_upload is what it is. Neither that nor an error: it has to
 * be waited for, and @out_path is where. */
static gboolean
read_input (JsonNode     *node,
            ComfyUpload **out_upload,
            char        **out_path,
            GError      **error)
{
  JsonObject      *object = json_node_get_object (node);
  const char      *id = comfy_json_get_string (object, "id");
  const char      *name = comfy_json_get_string (object, "name");
  const char      *status = comfy_json_get_string (object, "status");
  JsonObject      *failure = comfy_json_get_object (object, "error");
  g_autofree char *message = NULL;

  if (g_strcmp0 (status, "failed") == 0)
    {
      message = failure != NULL ? comfy_api_json_dup_text (failure, "message") : NULL;
      comfy_set_error (error, COMFY_ERROR_REJECTED, NULL,
                       _("The server did not take the picture: %s"),
                       message != NULL ? message : _("it did not say why."));
      return FALSE;
    }
  if (g_strcmp0 (status, "ready") == 0 && name != NULL && name[0] != '\0')
    {
      *out_upload = comfy_upload_new (name, id != NULL && id[0] != '\0' ? id : NULL);
      return TRUE;
    }
  if (id == NULL || id[0] == '\0' || g_strcmp0 (status, "ready") == 0)
    {
      comfy_api_json_set_error (error, "an input without id or name");
      return FALSE;
    }

  g_free (*out_path);
  *out_path = comfy_api_path ("inputs/", id, "");

  return TRUE;
}

/**
 * comfy_api_v1_upload_fiber:
 * @data: a #ComfyApiCall with path, file_name, content_type and progress
 *
 * POST /inputs, then GET /inputs/{id} until it is ready. LoadImage takes the name that the server
 * gives, which need not be the one that was asked for.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyUpload
 */
DexFuture *
comfy_api_v1_upload_fiber (gpointer data)
{
  ComfyApiCall        *call = data;
  g_autoptr(GError)    error = NULL;
  g_autoptr(JsonNode)  node = NULL;
  g_autofree char     *key = g_uuid_string_random ();
  ComfyUpload         *upload = NULL;
  g_autofree char     *path = NULL;
  gint64               deadline = 0;
  const ComfyTextPart  parts[] = { { "name", call->file_name } };

  node = comfy_api_await_json (comfy_transport_upload (call->transport, "inputs", parts,
                                                       G_N_ELEMENTS (parts), call->path,
                                                       call->file_name, call->content_type, key,
                                                       call->progress), &error);
  if (node == NULL)
    return comfy_api_call_reject_basic (call, g_steal_pointer (&error));

  deadline = g_get_monotonic_time () + INPUT_DEADLINE;
  for (gint64 delay = COMFY_API_FIRST_DELAY;; delay = comfy_api_next_delay (delay))
    {
      if (!read_input (node, &upload, &path, &error))
        break;
      if (upload != NULL)
        return dex_future_new_take_boxed (COMFY_TYPE_UPLOAD, upload);
      if (g_get_monotonic_time () >= deadline)
        {
          set_timed_out (&error, "an input does not become ready");
          break;
        }

      g_clear_pointer (&node, json_node_unref);
      if (!_comfy_sleep (delay, &error)
          || (node = comfy_api_await_json (get (call, path), &error)) == NULL)
        break;
    }

  return comfy_api_call_reject (call, g_steal_pointer (&error));
}

/**
 * comfy_api_v1_check_fiber:
 * @data: a #ComfyApiCall whose name is an input's id
 *
 * GET /inputs/{id}: an input that is not ready is as good as none.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyUpload
 */
DexFuture *
comfy_api_v1_check_fiber (gpointer data)
{
  ComfyApiCall        *call = data;
  g_autoptr(GError)    error = NULL;
  g_autoptr(JsonNode)  node = NULL;
  g_autofree char     *path = comfy_api_path ("inputs/", call->name, "");
  g_autofree char     *again = NULL;
  ComfyUpload         *upload = NULL;

  node = comfy_api_await_json (get (call, path), &error);
  if (node == NULL)
    return comfy_api_call_reject (call, g_steal_pointer (&error));
  if (read_input (node, &upload, &again, NULL) && upload != NULL)
    return dex_future_new_take_boxed (COMFY_TYPE_UPLOAD, upload);

  return dex_future_new_for_error (comfy_api_call_new_gone ());
}

/**
 * comfy_api_v1_delete_fiber:
 * @data: a #ComfyApiCall whose name is an input's id
 *
 * DELETE /inputs/{id}
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to %TRUE
 */
DexFuture *
comfy_api_v1_delete_fiber (gpointer data)
{
  ComfyApiCall    *call = data;
  g_autofree char *path = comfy_api_path ("inputs/", call->name, "");

  return comfy_api_finish_delete (call, path);
}

/* The output as it is now, once it has an address */
static ComfyRemoteOutput *
await_output (ComfyApiCall  *call,
              GError       **error)
{
  g_autofree char *path = comfy_api_path ("outputs/", call->output->id, "");
  gint64           deadline = g_get_monotonic_time () + OUTPUT_DEADLINE;

  for (gint64 delay = COMFY_API_FIRST_DELAY;; delay = comfy_api_next_delay (delay))
    {
      g_autoptr(JsonNode)          node = comfy_api_await_json (get (call, path), error);
      g_autoptr(ComfyRemoteOutput) output = NULL;

      if (node == NULL || (output = comfy_remote_output_new_from_json (node, error)) == NULL)
        return NULL;
      if (output->url != NULL)
        return g_steal_pointer (&output);
      if (g_get_monotonic_time () >= deadline)
        {
          set_timed_out (error, "an output does not get an address");
          return NULL;
        }
      if (!_comfy_sleep (delay, error))
        return NULL;
    }
}

/**
 * comfy_api_v1_download_fiber:
 * @data: a #ComfyApiCall with output, path and progress
 *
 * Downloads from the output's address, or from a fresh one when it has none or the one it has no
 * longer works.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to %TRUE
 */
DexFuture *
comfy_api_v1_download_fiber (gpointer data)
{
  ComfyApiCall                 *call = data;
  g_autoptr(GError)             error = NULL;
  g_autoptr(ComfyRemoteOutput)  fresh = NULL;
  gint64                        size;

  if (call->output->url != NULL)
    {
      if (dex_await (comfy_transport_download (call->transport, call->output->url, call->path,
                                               call->output->size, call->progress), &error))
        return dex_future_new_for_boolean (TRUE);
      if (!comfy_api_address_may_have_run_out (error))
        return comfy_api_call_reject (call, g_steal_pointer (&error));
      g_clear_error (&error);
    }

  if ((fresh = await_output (call, &error)) != NULL)
    {
      size = fresh->size >= 0 ? fresh->size : call->output->size;
      if (dex_await (comfy_transport_download (call->transport, fresh->url, call->path, size,
                                               call->progress), &error))
        return dex_future_new_for_boolean (TRUE);
    }

  if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      comfy_set_error (&error, COMFY_ERROR_JOB_EXPIRED, NULL,
                       _("The server no longer keeps the job's result."));
    }

  return comfy_api_call_reject (call, g_steal_pointer (&error));
}
