/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading bodies and answering. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "sandbox-server.h"

#define MAX_JSON (32 * 1024 * 1024)
#define MAX_DEPTH 72

/**
 * sandbox_request_read_json:
 *
 * Returns: (transfer full) (nullable): the body, when it is a JSON object
 */
JsonNode *
sandbox_request_read_json (SandboxRequest *request)
{
  SoupMessageBody *body = soup_server_message_get_request_body (request->message);
  g_autoptr(GBytes) bytes = soup_message_body_flatten (body);
  g_autoptr(JsonNode) node = comfy_json_read (g_bytes_get_data (bytes, NULL),
                                              g_bytes_get_size (bytes), MAX_JSON, MAX_DEPTH, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&node) : NULL;
}

/**
 * sandbox_request_reply:
 * @body: (transfer full) (nullable): what to answer
 *
 * Answers with JSON, or with nothing but the status.
 */
void
sandbox_request_reply (SandboxRequest *request,
                       unsigned int    status,
                       JsonObject     *body)
{
  soup_server_message_set_status (request->message, status, NULL);

  if (body != NULL)
    {
      g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), body);
      g_autoptr(GString) text = g_string_new (NULL);
      gsize length;

      comfy_json_write (text, node);
      length = text->len;
      soup_server_message_set_response (request->message, "application/json", SOUP_MEMORY_TAKE,
                                        g_string_free (g_steal_pointer (&text), FALSE), length);
      json_object_unref (body);
    }
}

/**
 * sandbox_request_reply_error:
 * @code: as the protocol names it
 * @details: (transfer full) (nullable): more
 *
 * Answers with an error in the shape of the protocol that the path belongs to. The 401 of Developer
 * API v1 says "type" instead of "code", as the authentication page shows it.
 */
void
sandbox_request_reply_error (SandboxRequest *request,
                             unsigned int    status,
                             const char     *code,
                             const char     *message,
                             JsonNode       *details)
{
  JsonObject *error = json_object_new ();
  JsonObject *body = json_object_new ();
  gboolean is_v2 = g_str_has_prefix (request->path, SANDBOX_V2_PATH);

  json_object_set_string_member (error, !is_v2 && status == 401 ? "type" : "code", code);
  json_object_set_string_member (error, "message", message);
  if (details != NULL)
    json_object_set_member (error, "details", details);
  json_object_set_object_member (body, "error", error);

  sandbox_request_reply (request, status, body);
}

/**
 * sandbox_request_reply_file:
 *
 * Answers with the content; libsoup makes a 206 of it when a Range was asked for.
 */
void
sandbox_request_reply_file (SandboxRequest *request,
                            SandboxFile    *file)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->message);
  g_autoptr(GBytes) content = sandbox_file_load (file);

  soup_server_message_set_status (request->message, 200, NULL);
  soup_message_headers_set_content_type (headers, file->mime_type, NULL);
  soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
  if (g_bytes_get_size (content) > 0)
    soup_message_body_append_bytes (soup_server_message_get_response_body (request->message),
                                    content);
}

/**
 * sandbox_json_set_time:
 * @time: (nullable): UTC; %NULL gives null
 */
void
sandbox_json_set_time (JsonObject *object,
                       const char *member,
                       GDateTime  *time)
{
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%S.%fZ") : NULL;

  if (text != NULL)
    json_object_set_string_member (object, member, text);
  else
    json_object_set_null_member (object, member);
}

/**
 * sandbox_json_set_strings:
 * @strings: (nullable): %NULL gives an empty array
 */
void
sandbox_json_set_strings (JsonObject  *object,
                          const char  *member,
                          char       **strings)
{
  JsonArray *array = json_array_new ();

  for (; strings != NULL && *strings != NULL; strings++)
    json_array_add_string_element (array, *strings);
  json_object_set_array_member (object, member, array);
}
