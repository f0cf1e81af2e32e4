/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What becomes of an answer that is not as responses.json says: an error that nobody overlooks. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "sandbox-server.h"

static void
shout (SandboxServer *server,
       const char    *what,
       const char    *problem)
{
  JsonObject *entry = sandbox_ledger_begin (server->ledger, "violation");

  sandbox_ledger_lock (server->ledger);
  json_object_set_string_member (entry, "path", what);
  json_object_set_string_member (entry, "problem", problem);
  sandbox_ledger_unlock (server->ledger);
  sandbox_ledger_commit (server->ledger, entry);
  g_printerr ("comfy-sandbox: %s: %s\n", what, problem);
}

/**
 * sandbox_request_check:
 * @request: its answer is ready
 *
 * Makes a 500 with the reason of an answer that the table does not know.
 */
void
sandbox_request_check (SandboxRequest *request)
{
  SoupServerMessage *message = request->message;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *content_type = soup_message_headers_get_content_type (headers, NULL);
  gboolean is_stream = g_strcmp0 (content_type, "text/event-stream") == 0;
  g_autoptr(GBytes) body = NULL;
  g_autofree char *problem = NULL;

  if (request->server->responses == NULL
      || g_str_has_prefix (request->path, SANDBOX_CONTROL_PATH "/"))
    return;

  /* a stream's body is gone piece by piece */
  body = is_stream ? g_bytes_new (NULL, 0)
                   : soup_message_body_flatten (soup_server_message_get_response_body (message));
  problem = sandbox_responses_check (request->server->responses, request->method, request->path,
                                     soup_server_message_get_status (message), content_type, body);
  if (problem != NULL)
    shout (request->server, request->path, problem);
  if (problem == NULL && request->server->violation == NULL)
    return;

  soup_message_body_truncate (soup_server_message_get_response_body (message));
  sandbox_request_reply_error (request, 500, "contract_violation",
                               problem != NULL ? problem : request->server->violation, NULL);
}

/**
 * sandbox_server_check_message:
 * @kind: of event
 * @text: its data, JSON
 *
 * Puts what is pushed and not as the table says into the ledger; from then on every answer says so.
 */
void
sandbox_server_check_message (SandboxServer *server,
                              const char    *kind,
                              const char    *text)
{
  g_autoptr(GBytes) body = NULL;
  g_autofree char *problem = NULL;

  if (server->responses == NULL)
    return;

  body = g_bytes_new (text, strlen (text));
  problem = sandbox_responses_check (server->responses, "EVENT", kind, 0, "application/json", body);
  if (problem == NULL)
    return;

  shout (server, kind, problem);
  g_free (server->violation);
  server->violation = g_steal_pointer (&problem);
}
