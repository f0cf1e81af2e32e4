/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The assets of Comfy API v2: records over bytes that are kept once. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "sandbox-v2.h"

static void
create_asset (SandboxRequest *request)
{
  SandboxServer *server = request->server;
  SandboxUpload *upload = request->upload;
  const char *type = sandbox_upload_get_text (upload, "content_type");
  const char *file_path = sandbox_upload_get_text (upload, "file_path");
  const char *problem = NULL;
  g_autofree char *name = NULL;
  SandboxFile *file;
  JsonObject *body;

  if (sandbox_upload_finish (upload, &problem)
      && (!sandbox_upload_is_ordered (upload) || type == NULL || file_path == NULL))
    problem = "content_type and file_path must come before the file";
  if (problem != NULL)
    {
      sandbox_request_reply_error (request, 422, "invalid_body", problem, NULL);
      return;
    }
  if (sandbox_upload_is_too_large (upload))
    {
      sandbox_request_reply_error (request, 413, "invalid_body", "The file is too large", NULL);
      return;
    }
  if (server->refuses_webp && sandbox_upload_is_webp (upload))
    {
      sandbox_request_reply_error (request, 415, "unsupported_media_type", "WebP is not supported",
                                   NULL);
      return;
    }
  if (!sandbox_v2_claim_key (request))
    return;

  name = sandbox_store_dup_free_name (server->store, request->account, file_path);
  file = sandbox_store_add (server->store, request->account, "", name,
                            sandbox_upload_keep (upload), type);
  body = sandbox_v2_asset_to_json (server, file);
  json_object_set_boolean_member (body, "created_new", TRUE);
  sandbox_request_reply (request, 201, body);
}

static void
reply_content (SandboxRequest *request,
               SandboxFile    *file)
{
  g_autofree char *link = sandbox_server_dup_link (request->server, file);

  if (request->server->options.inline_content)
    {
      sandbox_request_reply_file (request, file);
      return;
    }

  soup_server_message_set_status (request->message, 302, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (request->message),
                                "Location", link);
}

/* What is asked of one asset; → whether the path was one */
static gboolean
handle_one (SandboxRequest *request)
{
  static const char prefix[] = SANDBOX_V2_PATH "/assets/";
  g_autofree char *content_id = sandbox_request_dup_id (request, "GET", prefix, "/content");
  g_autofree char *delete_id = sandbox_request_dup_id (request, "DELETE", prefix, "");
  g_autofree char *get_id = sandbox_request_dup_id (request, "GET", prefix, "");
  const char *id = content_id != NULL ? content_id : delete_id != NULL ? delete_id : get_id;
  SandboxFile *file;

  if (id == NULL)
    return FALSE;

  file = sandbox_store_lookup (request->server->store, request->account, id);
  if (file == NULL)
    sandbox_v2_reply_not_found (request);
  else if (content_id != NULL)
    reply_content (request, file);
  else if (get_id != NULL)
    sandbox_request_reply (request, 200, sandbox_v2_asset_to_json (request->server, file));
  else if (file->job_id != NULL || sandbox_engine_uses (request->server->engine, file))
    sandbox_request_reply_error (request, 409, "asset_in_use", "The asset is in use", NULL);
  else
    {
      sandbox_store_remove (request->server->store, file);
      sandbox_request_reply (request, 204, NULL);
    }

  return TRUE;
}

/**
 * sandbox_v2_handle_asset:
 *
 * Answers a request for assets.
 *
 * Returns: whether it was one
 */
gboolean
sandbox_v2_handle_asset (SandboxRequest *request)
{
  if (request->upload != NULL)
    create_asset (request);
  else if (sandbox_request_is (request, "POST", SANDBOX_V2_PATH "/assets/from-hash"))
    sandbox_request_reply_error (request, 404, "blob_not_found", "No such blob", NULL);
  else
    return handle_one (request);

  return TRUE;
}
