/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The assets of Comfy API v2: records over bytes that are kept once. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "sandbox-v2.h"

#define MIN_EXPIRES_IN 60
#define MAX_EXPIRES_IN 604800

/* Until when a new asset is kept, s since 1970; @expires_in: 0 when nothing was asked for */
static gint64
get_end (SandboxRequest *request,
         gint64          expires_in)
{
  return g_get_real_time () / G_USEC_PER_SEC
         + (expires_in > 0 ? expires_in : request->server->options.retention_seconds);
}

static gboolean
is_retention (gint64 expires_in)
{
  return expires_in == 0 || (expires_in >= MIN_EXPIRES_IN && expires_in <= MAX_EXPIRES_IN);
}

static void
reply_asset (SandboxRequest *request,
             unsigned int    status,
             SandboxFile    *file,
             gboolean        created_new)
{
  JsonObject *body = sandbox_v2_asset_to_json (request->server, file);

  json_object_set_boolean_member (body, "created_new", created_new);
  sandbox_request_reply (request, status, body);
}

/* → whether the upload may be kept; else it is answered */
static gboolean
check_upload (SandboxRequest *request,
              const char     *hash,
              gint64         *expires_in)
{
  SandboxUpload *upload = request->upload;
  const char *expected = sandbox_upload_get_text (upload, "expected_hash");
  const char *retention = sandbox_upload_get_text (upload, "expires_in");
  const char *problem = NULL;

  *expires_in = 0;
  if (sandbox_upload_finish (upload, &problem)
      && (!sandbox_upload_is_ordered (upload)
          || sandbox_upload_get_text (upload, "content_type") == NULL
          || sandbox_upload_get_text (upload, "file_path") == NULL))
    problem = "content_type, file_path and all others must come before the file";
  if (problem == NULL && retention != NULL
      && (!g_ascii_string_to_signed (retention, 10, MIN_EXPIRES_IN, MAX_EXPIRES_IN, expires_in,
                                     NULL)))
    problem = "expires_in must be from 60 to 604800";

  if (problem != NULL)
    sandbox_request_reply_error (request, 422, "invalid_body", problem, NULL);
  else if (sandbox_upload_is_too_large (upload))
    sandbox_request_reply_error (request, 413, "invalid_body", "The file is too large", NULL);
  else if (request->server->refuses_webp && sandbox_upload_is_webp (upload))
    sandbox_request_reply_error (request, 415, "unsupported_media_type", "WebP is not supported",
                                 NULL);
  else if (expected != NULL && g_ascii_strcasecmp (expected, hash) != 0)
    sandbox_request_reply_error (request, 409, "hash_mismatch",
                                 "expected_hash is not the hash of what arrived", NULL);
  else
    return sandbox_v2_claim_key (request);

  return FALSE;
}

static void
create_asset (SandboxRequest *request)
{
  SandboxStore *store = request->server->store;
  SandboxUpload *upload = request->upload;
  g_autofree char *hash = sandbox_upload_dup_hash (upload);
  g_autofree char *name = NULL;
  SandboxFile *known;
  SandboxFile *file;
  gint64 expires_in;

  if (!check_upload (request, hash, &expires_in))
    return;

  name = sandbox_store_dup_free_name (store, request->account,
                                      sandbox_upload_get_text (upload, "file_path"));
  known = sandbox_store_find_hash (store, request->account, hash, NULL);
  if (known != NULL)
    file = sandbox_store_add_copy (store, known, name);
  else
    file = sandbox_store_add (store, request->account, "", name, sandbox_upload_keep (upload),
                              sandbox_upload_get_text (upload, "content_type"), hash);

  file->expires = get_end (request, expires_in);
  reply_asset (request, known != NULL ? 200 : 201, file, known == NULL);
}

/* Hashes are written in small letters here; a client may do otherwise. */
static SandboxFile *
find_hash (SandboxRequest *request,
           const char     *hash,
           const char     *name)
{
  g_autofree char *lower = g_ascii_strdown (hash, -1);

  return sandbox_store_find_hash (request->server->store, request->account, lower, name);
}

/* A new record over bytes that are here; when there is one just like it, that one. */
static void
create_from_hash (SandboxRequest *request)
{
  g_autoptr(JsonNode) body = sandbox_request_read_json (request);
  JsonObject *object = body != NULL ? json_node_get_object (body) : NULL;
  const char *hash = object != NULL ? comfy_json_get_string (object, "hash") : NULL;
  const char *name = object != NULL ? comfy_json_get_string (object, "file_path") : NULL;
  gint64 expires_in = object != NULL
                      ? json_object_get_int_member_with_default (object, "expires_in", 0) : 0;
  g_autofree char *free_name = NULL;
  SandboxFile *known = hash != NULL ? find_hash (request, hash, NULL) : NULL;
  SandboxFile *same;
  SandboxFile *file;

  if (hash == NULL || !is_retention (expires_in))
    sandbox_request_reply_error (request, 422, "invalid_body",
                                 "hash is required, and expires_in is from 60 to 604800", NULL);
  else if (known == NULL)
    sandbox_request_reply_error (request, 404, "blob_not_found", "No such blob", NULL);
  else if (sandbox_v2_claim_key (request))
    {
      if (name == NULL)
        name = known->name;
      same = find_hash (request, hash, name);
      free_name = sandbox_store_dup_free_name (request->server->store, request->account, name);
      file = same != NULL ? same
                          : sandbox_store_add_copy (request->server->store, known, free_name);
      file->expires = MAX (file->expires, get_end (request, expires_in));
      reply_asset (request, same != NULL ? 200 : 201, file, FALSE);
    }
}

static void
reply_content (SandboxRequest *request,
               SandboxFile    *file)
{
  g_autofree char *link = sandbox_server_dup_link (request->server, file);

  if (sandbox_flavour_serves_content (request->server))
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
  /* libsoup has decoded what was percent-encoded */
  g_autofree char *hash =
    sandbox_request_dup_id (request, "HEAD", SANDBOX_V2_PATH "/assets/by-hash/", "");

  if (request->upload != NULL)
    create_asset (request);
  else if (sandbox_request_is (request, "POST", SANDBOX_V2_PATH "/assets/from-hash"))
    create_from_hash (request);
  else if (hash != NULL)
    soup_server_message_set_status (request->message, find_hash (request, hash, NULL) != NULL
                                                      ? 200 : 404, NULL);
  else
    return handle_one (request);

  return TRUE;
}
