/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Carries out faults: what goes wrong instead of the work, and what goes wrong after it. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "sandbox-server.h"

static void
reply_text (SandboxRequest *request,
            const char     *content_type,
            const char     *text)
{
  soup_server_message_set_status (request->message, request->fault->status, NULL);
  soup_server_message_set_response (request->message, content_type, SOUP_MEMORY_COPY, text,
                                    strlen (text));
}

static void
reply_flat_error (SandboxRequest *request)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "code", request->fault->code);
  json_object_set_string_member (body, "message", request->fault->message);
  sandbox_request_reply (request, request->fault->status, body);
}

/* Ends the connection with a reset, as a lost network or a killed proxy would. */
static void
break_connection (SandboxRequest *request)
{
  const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
  GSocket *borrowed = soup_server_message_get_socket (request->message);
  g_autoptr(GSocket) socket = borrowed != NULL ? g_object_ref (borrowed) : NULL;
  g_autoptr(GIOStream) stream = NULL;

  if (socket != NULL)
    setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);

  sandbox_request_commit (request, FALSE);
  stream = soup_server_message_steal_connection (request->message);
  if (socket != NULL)
    g_socket_close (socket, NULL);
}

static void
append_header (const char *name,
               const char *value,
               gpointer    data)
{
  g_string_append_printf (data, "%s: %s\r\n", name, value);
}

/* Announces the whole answer, sends a part of it and ends the connection in good order. */
static void
cut_answer (SandboxRequest *request)
{
  SoupServerMessage *message = request->message;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr(GBytes) body =
    soup_message_body_flatten (soup_server_message_get_response_body (message));
  gsize length = g_bytes_get_size (body);
  gsize part = request->fault->bytes >= 0 ? MIN ((gsize) request->fault->bytes, length)
                                          : length / 2;
  g_autoptr(GString) head = g_string_new (NULL);
  g_autoptr(GIOStream) stream = NULL;
  GOutputStream *output;

  soup_message_headers_set_content_length (headers, (goffset) length);
  g_string_append_printf (head, "HTTP/1.1 %u OK\r\n", soup_server_message_get_status (message));
  soup_message_headers_foreach (headers, append_header, head);
  g_string_append (head, "\r\n");

  sandbox_request_commit (request, TRUE);
  stream = soup_server_message_steal_connection (message);
  output = g_io_stream_get_output_stream (stream);
  g_output_stream_write_all (output, head->str, head->len, NULL, NULL, NULL);
  g_output_stream_write_all (output, g_bytes_get_data (body, NULL), part, NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

/**
 * sandbox_misbehave_before:
 * @request: one with a fault
 *
 * Returns: whether the fault takes the place of the work; never with `events`, which are the
 * stream's affair
 */
gboolean
sandbox_misbehave_before (SandboxRequest *request)
{
  const SandboxFault *fault = request->fault;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->message);

  if (fault->retry_after != NULL)
    soup_message_headers_replace (headers, "Retry-After", fault->retry_after);

  if (fault->events >= 0)
    return FALSE;

  switch (fault->kind)
    {
    case SANDBOX_FAULT_STATUS:
    case SANDBOX_FAULT_RETRY_AFTER:
      sandbox_request_reply_error (request, fault->status, fault->code, fault->message, NULL);
      return TRUE;

    case SANDBOX_FAULT_HTML:
      reply_text (request, "text/html", "<html><body><h1>Bad Gateway</h1></body></html>");
      return TRUE;

    case SANDBOX_FAULT_EMPTY:
      soup_server_message_set_status (request->message, fault->status, NULL);
      return TRUE;

    case SANDBOX_FAULT_FLAT_ERROR:
      reply_flat_error (request);
      return TRUE;

    case SANDBOX_FAULT_PLAIN_TEXT:
      reply_text (request, "text/plain", fault->message);
      return TRUE;

    case SANDBOX_FAULT_GARBAGE:
      reply_text (request, "application/json", "{\"id\": \x01 [[[");
      return TRUE;

    case SANDBOX_FAULT_REDIRECT:
      soup_server_message_set_status (request->message, fault->status, NULL);
      soup_message_headers_replace (headers, "Location", fault->location);
      return TRUE;

    case SANDBOX_FAULT_SILENCE:
      sandbox_request_pause (request, 0, NULL);
      return TRUE;

    case SANDBOX_FAULT_RESET:
      sandbox_request_pause (request, 0, break_connection);
      return TRUE;

    case SANDBOX_FAULT_DELAY:
    case SANDBOX_FAULT_LOSE_REPLY:
    case SANDBOX_FAULT_CUT:
    default:
      return FALSE;
    }
}

/**
 * sandbox_misbehave_after:
 * @request: one with a fault, its work done and its answer ready
 *
 * Spoils the answer.
 */
void
sandbox_misbehave_after (SandboxRequest *request)
{
  if (request->fault->kind == SANDBOX_FAULT_LOSE_REPLY)
    sandbox_request_pause (request, 0, break_connection);
  else if (request->fault->kind == SANDBOX_FAULT_CUT && request->fault->events < 0)
    sandbox_request_pause (request, 0, cut_answer);
}
