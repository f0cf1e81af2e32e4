/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The events of Comfy API v2 over SSE: first the job as it is now, then what becomes of it, until
 * it is over. Nothing is replayed and nothing has an id. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "comfy-json-private.h"
#include "sandbox-node.h"
#include "sandbox-v2.h"

/* One client that listens to one job. */
typedef struct
{
  SandboxServer     *server;       /* no-ref */
  SandboxRequest    *request;      /* no-ref, lives as long as the message */
  SoupServerMessage *message;
  SandboxJob        *job;          /* no-ref */
  const char        *status;       /* nullable: the last one told */
  int                position;     /* in the queue, the last one told; -1: none */
  int                step;         /* the last one told; -1: none */
  unsigned int       n_previews;   /* so many of the job's were told, or are of the past */
  unsigned int       n_outputs;
  gint64             n_events;
  gsize              n_pending;    /* pieces that are not written yet */
  gboolean           silent;       /* says nothing more */
  gboolean           broken;       /* ends when what was said is written */
  GSource           *keep_alive;
  GSource           *hang_up;      /* tells that the client went */
} SandboxStream;

static void
destroy_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
stream_free (SandboxStream *self)
{
  destroy_source (&self->keep_alive);
  destroy_source (&self->hang_up);
  g_signal_handlers_disconnect_by_data (self->message, self);
  if (self->request->entry != NULL)
    {
      sandbox_ledger_lock (self->server->ledger);
      json_object_set_int_member (self->request->entry, "events", self->n_events);
      sandbox_ledger_unlock (self->server->ledger);
    }
  g_object_unref (self->message);
  g_free (self);
}

static void
append (SandboxStream *self,
        const char    *text,
        gsize          length)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);

  self->n_pending++;
  soup_message_body_append (body, SOUP_MEMORY_COPY, text, length);
  soup_server_message_unpause (self->message);
}

/* The connection ends without a farewell. */
static void
break_off (SandboxRequest *request)
{
  g_autoptr(GIOStream) stream = NULL;

  sandbox_request_commit (request, TRUE);
  stream = soup_server_message_steal_connection (request->message);
  if (stream != NULL)
    g_io_stream_close (stream, NULL, NULL);
}

/* Takes the stream out of the server; its message stays. */
static void
leave (SandboxStream *self)
{
  g_ptr_array_remove (self->server->streams, self);
  stream_free (self);
}

static void
break_stream (SandboxStream *self)
{
  SandboxRequest *request = self->request;

  leave (self);
  sandbox_request_pause (request, 0, break_off);
}

static void
end_stream (SandboxStream *self)
{
  g_autoptr(SoupServerMessage) message = g_object_ref (self->message);

  leave (self);
  soup_message_body_complete (soup_server_message_get_response_body (message));
  soup_server_message_unpause (message);
}

static void
wrote_chunk_cb (SoupServerMessage *message,
                gpointer           data)
{
  SandboxStream *self = data;

  if (self->n_pending > 0)
    self->n_pending--;
  if (self->broken && self->n_pending == 0)
    break_stream (self);
}

/* Says one event, or what a fault makes of it. Takes @data. */
static void
say (SandboxStream *self,
     const char    *event,
     JsonObject    *data)
{
  const SandboxFault *fault = self->request->fault;
  gboolean is_due = fault != NULL && fault->events == self->n_events;
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), data);
  g_autoptr(GString) text = g_string_new (NULL);

  json_object_unref (data);
  if (self->silent || self->broken || self->server->muted)
    return;

  if (is_due && fault->kind == SANDBOX_FAULT_SILENCE)
    {
      self->silent = TRUE;
      return;
    }

  comfy_json_write (text, node);
  sandbox_server_check_message (self->server, event, text->str);
  g_string_printf (text, "event: %s\ndata: ", event);
  if (is_due && fault->kind == SANDBOX_FAULT_GARBAGE)
    g_string_append (text, "{\"value\": \x01 [[[");
  else
    comfy_json_write (text, node);
  g_string_append (text, "\n\n");
  self->n_events++;

  if (is_due && fault->kind == SANDBOX_FAULT_CUT)
    {
      self->broken = TRUE;
      g_string_truncate (text, text->len / 2);
    }
  append (self, text->str, text->len);
}

static void
say_status (SandboxStream *self)
{
  SandboxJob *job = self->job;
  const char *status = sandbox_v2_get_status (job);
  int position = job->state == SANDBOX_JOB_PENDING
                 ? (int) sandbox_engine_get_position (job->engine, job) : -1;
  JsonObject *data;

  if (self->status == status && self->position == position)
    return;

  self->status = status;
  self->position = position;
  data = json_object_new ();
  json_object_set_string_member (data, "status", status);
  json_object_set_null_member (data, "queue_position");
  if (position >= 0)
    json_object_set_int_member (data, "queue_position", position);
  say (self, "status", data);
}

static void
say_progress (SandboxStream *self)
{
  if (self->job->started == NULL || self->step == (int) self->job->step)
    return;

  self->step = (int) self->job->step;
  say (self, "progress", sandbox_v2_progress_to_json (self->job));
}

static void
say_preview (SandboxStream *self,
             unsigned int   index)
{
  const SandboxPreview *preview = g_ptr_array_index (self->job->previews, index);
  g_autofree char *text = g_base64_encode (g_bytes_get_data (preview->jpeg, NULL),
                                           g_bytes_get_size (preview->jpeg));
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "node_id", preview->node_id);
  json_object_set_string_member (data, "content_type", "image/jpeg");
  json_object_set_string_member (data, "data_base64", text);
  say (self, "preview", data);
}

/* Says what has changed since the last time; a job that is over ends the stream. */
static void
catch_up (SandboxStream *self)
{
  SandboxJob *job = self->job;
  gboolean is_over = sandbox_job_is_over (job);

  if (!is_over)
    say_status (self);
  say_progress (self);
  while (self->n_previews < job->n_shown)
    say_preview (self, self->n_previews++);
  while (self->n_outputs < job->outputs->len)
    say (self, "output",
         sandbox_v2_output_to_json (self->server,
                                    g_ptr_array_index (job->outputs, self->n_outputs++)));
  if (is_over)
    say_status (self);

  if (is_over && !self->silent && !self->broken && !self->server->muted)
    end_stream (self);
}

static gboolean
keep_alive_cb (gpointer data)
{
  SandboxStream *self = data;

  if (!self->silent && !self->broken && !self->server->muted)
    append (self, ": keep-alive\n\n", strlen (": keep-alive\n\n"));

  return G_SOURCE_CONTINUE;
}

/* libsoup does not look at a connection that it has nothing to write to. */
static gboolean
hang_up_cb (GSocket      *socket,
            GIOCondition  condition,
            gpointer      data)
{
  SandboxStream *self = data;
  char byte;

  if ((condition & (G_IO_HUP | G_IO_ERR)) == 0
      && recv (g_socket_get_fd (socket), &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0)
    return G_SOURCE_REMOVE;

  end_stream (self);
  return G_SOURCE_REMOVE;
}

static void
watch_connection (SandboxStream *self)
{
  GSocket *socket = soup_server_message_get_socket (self->message);

  self->hang_up = g_socket_create_source (socket, G_IO_IN | G_IO_HUP, NULL);
  g_source_set_callback (self->hang_up, G_SOURCE_FUNC (hang_up_cb), self, NULL);
  g_source_attach (self->hang_up, g_main_context_get_thread_default ());

  self->keep_alive = g_timeout_source_new (self->server->options.keep_alive_ms);
  g_source_set_callback (self->keep_alive, keep_alive_cb, self, NULL);
  g_source_attach (self->keep_alive, g_main_context_get_thread_default ());
}

static gboolean
has_room (SandboxRequest *request)
{
  unsigned int limit = sandbox_flavour_get_stream_limit (request->server);

  return limit == 0 || request->server->streams->len < limit;
}

/**
 * sandbox_events_open:
 * @job: what the client asks about
 *
 * Answers with the events of a job, from now on.
 */
void
sandbox_events_open (SandboxRequest *request,
                     SandboxJob     *job)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->message);
  SandboxStream *self;

  if (request->server->flavour == COMFY_SANDBOX_SERVERLESS)
    {
      sandbox_request_reply_error (request, 501, "not_implemented", "Events are not served", NULL);
      return;
    }
  if (!has_room (request))
    {
      soup_message_headers_replace (headers, "Retry-After", "5");
      sandbox_request_reply_error (request, 429, "too_many_streams",
                                   "Too many event streams are open", NULL);
      return;
    }

  soup_server_message_set_status (request->message, 200, NULL);
  soup_message_headers_set_content_type (headers, "text/event-stream", NULL);
  soup_message_headers_replace (headers, "Cache-Control", "no-cache");
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (request->message),
                                    FALSE);

  self = g_new0 (SandboxStream, 1);
  self->server = request->server;
  self->request = request;
  self->message = g_object_ref (request->message);
  self->job = job;
  self->position = -1;
  self->step = -1;
  /* of previews only the last one is kept for those who come later, of outputs the job tells */
  self->n_previews = job->n_shown > 0 && !sandbox_job_is_over (job) ? job->n_shown - 1
                                                                    : job->n_shown;
  self->n_outputs = job->outputs->len;
  g_signal_connect (request->message, "wrote-chunk", G_CALLBACK (wrote_chunk_cb), self);
  g_ptr_array_add (request->server->streams, self);
  watch_connection (self);
  catch_up (self);
}

/**
 * sandbox_events_tell:
 * @job: one that changed
 *
 * Tells those who listen to it, and those whose job waits behind it.
 */
void
sandbox_events_tell (SandboxServer *server,
                     SandboxJob    *job)
{
  /* from the end, as streams may leave */
  for (unsigned int i = server->streams->len; i > 0; i--)
    {
      SandboxStream *stream = g_ptr_array_index (server->streams, i - 1);

      if (stream->job->account == job->account)
        catch_up (stream);
    }
}

/**
 * sandbox_events_forget:
 * @message: one that ended, of whatever kind
 *
 * Ends the stream that it carried, if it did.
 */
void
sandbox_events_forget (SandboxServer     *server,
                       SoupServerMessage *message)
{
  for (unsigned int i = 0; i < server->streams->len; i++)
    {
      SandboxStream *stream = g_ptr_array_index (server->streams, i);

      if (stream->message == message)
        {
          leave (stream);
          return;
        }
    }
}

/**
 * sandbox_events_drop:
 *
 * Breaks all streams off without a farewell.
 */
void
sandbox_events_drop (SandboxServer *server)
{
  while (server->streams->len > 0)
    break_stream (g_ptr_array_index (server->streams, 0));
}
