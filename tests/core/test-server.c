/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "test-server.h"

struct _TestServer
{
  SoupServer *server;   /* owned */
  char       *url;      /* owned */
  GQueue      steps;    /* of Step */
  GPtrArray  *requests; /* of TestRequest */
  GPtrArray  *open;     /* of GObject: connections that are kept */
  int         port;
};

typedef struct
{
  TestStep       step;
  gpointer       data;
  GDestroyNotify destroy;
} Step;

static void
step_free (Step *step)
{
  if (step->destroy != NULL)
    step->destroy (step->data);
  g_free (step);
}

static void
request_free (TestRequest *request)
{
  g_free (request->method);
  g_free (request->target);
  soup_message_headers_unref (request->headers);
  g_bytes_unref (request->body);
  g_free (request);
}

static void
record_header (const char *name,
               const char *value,
               gpointer    data)
{
  soup_message_headers_append (data, name, value);
}

static void
record (TestServer        *self,
        SoupServerMessage *message,
        const char        *path)
{
  TestRequest *request = g_new0 (TestRequest, 1);
  const char  *query = g_uri_get_query (soup_server_message_get_uri (message));

  request->method = g_strdup (soup_server_message_get_method (message));
  request->target = query != NULL ? g_strdup_printf ("%s?%s", path, query) : g_strdup (path);
  request->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  soup_message_headers_foreach (soup_server_message_get_request_headers (message), record_header,
                                request->headers);
  request->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_ptr_array_add (self->requests, request);
}

static void
handler (SoupServer        *server,
         SoupServerMessage *message,
         const char        *path,
         GHashTable        *query,
         gpointer           data)
{
  TestServer *self = data;
  Step       *step;

  record (self, message, path);
  step = g_queue_pop_head (&self->steps);
  if (step == NULL)
    g_error ("unexpected %s %s", soup_server_message_get_method (message), path);

  step->step (message, step->data);
  step_free (step);
}

/* @certificate: (nullable): serves HTTPS with it */
TestServer *
test_server_new (GTlsCertificate *certificate)
{
  TestServer        *self = g_new0 (TestServer, 1);
  g_autoptr(GError)  error = NULL;
  GSList            *uris;

  g_queue_init (&self->steps);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) request_free);
  self->open = g_ptr_array_new_with_free_func (g_object_unref);
  self->server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (self->server, NULL, handler, self, NULL);
  soup_server_listen_local (self->server, 0,
                            SOUP_SERVER_LISTEN_IPV4_ONLY |
                            (certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0), &error);
  g_assert_no_error (error);

  uris = soup_server_get_uris (self->server);
  self->port = g_uri_get_port (uris->data);
  self->url = g_strdup_printf ("%s://127.0.0.1:%d", certificate != NULL ? "https" : "http",
                               self->port);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return self;
}

/* How many sockets of this process are on the server's side of a connection; the one that listens
 * is another one of them */
static int
count_connections (TestServer *self)
{
  int n = -1;

  for (int fd = 0; fd < 1024; fd++)
    {
      struct sockaddr_in address = { 0, };
      socklen_t          length = sizeof address;

      if (getsockname (fd, (struct sockaddr *) &address, &length) == 0 &&
          address.sin_family == AF_INET && ntohs (address.sin_port) == self->port)
        n++;
    }

  return n;
}

/* Waits until its clients, which are gone, are gone for it too: libsoup's server stumbles over
 * handshakes that are not over when it ends */
void
test_server_wait_for_clients_to_go (TestServer *self)
{
  g_ptr_array_set_size (self->open, 0);
  while (count_connections (self) > 0)
    g_main_context_iteration (NULL, TRUE);
}

void
test_server_free (TestServer *self)
{
  soup_server_disconnect (self->server);
  g_ptr_array_unref (self->open);
  g_object_unref (self->server);
  g_queue_clear_full (&self->steps, (GDestroyNotify) step_free);
  g_ptr_array_unref (self->requests);
  g_free (self->url);
  g_free (self);
}

const char *
test_server_get_url (TestServer *self)
{
  return self->url;
}

char *
test_server_dup_url (TestServer *self,
                     const char *path)
{
  return g_strconcat (self->url, path, NULL);
}

void
test_server_push (TestServer     *self,
                  TestStep        step,
                  gpointer        data,
                  GDestroyNotify  destroy)
{
  Step *entry = g_new0 (Step, 1);

  entry->step = step;
  entry->data = data;
  entry->destroy = destroy;
  g_queue_push_tail (&self->steps, entry);
}

typedef struct
{
  unsigned int        status;
  SoupMessageHeaders *headers; /* owned */
  GBytes             *body;    /* owned */
} Reply;

static void
reply_free (gpointer data)
{
  Reply *reply = data;

  soup_message_headers_unref (reply->headers);
  g_bytes_unref (reply->body);
  g_free (reply);
}

static void
reply_step (SoupServerMessage *message,
            gpointer           data)
{
  Reply      *reply = data;
  gsize       size;
  const char *body = g_bytes_get_data (reply->body, &size);

  soup_server_message_set_status (message, reply->status, NULL);
  soup_server_message_set_response (message, "application/octet-stream", SOUP_MEMORY_COPY, body,
                                    size);
  soup_message_headers_foreach (reply->headers, record_header,
                                soup_server_message_get_response_headers (message));
}

static void
push_reply (TestServer   *self,
            unsigned int  status,
            GBytes       *body,
            va_list       headers)
{
  Reply      *reply = g_new0 (Reply, 1);
  const char *name;

  reply->status = status;
  reply->body = g_bytes_ref (body);
  reply->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  while ((name = va_arg (headers, const char *)) != NULL)
    soup_message_headers_append (reply->headers, name, va_arg (headers, const char *));

  test_server_push (self, reply_step, reply, reply_free);
}

/* @...: names and values of headers */
void
test_server_push_reply (TestServer   *self,
                        unsigned int  status,
                        const char   *body,
                        ...)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  va_list           headers;

  va_start (headers, body);
  push_reply (self, status, bytes, headers);
  va_end (headers);
}

void
test_server_push_bytes (TestServer   *self,
                        unsigned int  status,
                        GBytes       *body,
                        ...)
{
  va_list headers;

  va_start (headers, body);
  push_reply (self, status, body, headers);
  va_end (headers);
}

static void
raw_step (SoupServerMessage *message,
          gpointer           data)
{
  g_autoptr(GIOStream) stream = soup_server_message_steal_connection (message);
  gsize                size;
  const char          *raw = g_bytes_get_data (data, &size);

  /* all of it fits into the socket's buffer, so this does not wait for a client in this thread */
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), raw, size, NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

/* Sends exactly these bytes, and closes */
void
test_server_push_raw_bytes (TestServer *self,
                            GBytes     *raw)
{
  test_server_push (self, raw_step, g_bytes_ref (raw), (GDestroyNotify) g_bytes_unref);
}

void
test_server_push_raw (TestServer *self,
                      const char *raw)
{
  g_autoptr(GBytes) bytes = g_bytes_new (raw, strlen (raw));

  test_server_push_raw_bytes (self, bytes);
}

static void
silence_step (SoupServerMessage *message,
              gpointer           data)
{
  TestServer *self = data;

  g_ptr_array_add (self->open, soup_server_message_steal_connection (message));
}

/* Takes the request, and never answers */
void
test_server_push_silence (TestServer *self)
{
  test_server_push (self, silence_step, self, NULL);
}

typedef struct
{
  TestServer *server;
  char       *raw; /* owned */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_free (opening->raw);
  g_free (opening);
}

static void
open_step (SoupServerMessage *message,
           gpointer           data)
{
  Opening *opening = data;

  g_ptr_array_add (opening->server->open, soup_server_message_steal_connection (message));
  test_server_say (opening->server, opening->server->open->len - 1, opening->raw);
}

/* Sends exactly this, and keeps the connection for test_server_say() */
void
test_server_push_open (TestServer *self,
                       const char *raw)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->server = self;
  opening->raw = g_strdup (raw);
  test_server_push (self, open_step, opening, opening_free);
}

/* Says more on the (@i + 1)th connection that was kept, once there are so many */
void
test_server_say (TestServer   *self,
                 unsigned int  i,
                 const char   *raw)
{
  while (self->open->len <= i)
    g_main_context_iteration (NULL, TRUE);

  g_output_stream_write_all (g_io_stream_get_output_stream (self->open->pdata[i]), raw,
                             strlen (raw), NULL, NULL, NULL);
}

void
test_server_hang_up (TestServer   *self,
                     unsigned int  i)
{
  g_io_stream_close (self->open->pdata[i], NULL, NULL);
}

/* Whether the client closed the (@i + 1)th connection that was kept */
gboolean
test_server_has_left (TestServer   *self,
                      unsigned int  i)
{
  GInputStream *input = g_io_stream_get_input_stream (self->open->pdata[i]);
  char          byte;

  return g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (input), &byte, 1,
                                                   NULL, NULL) == 0;
}

static void
websocket_message_cb (SoupWebsocketConnection *connection,
                      int                      type,
                      GBytes                  *message)
{
  soup_websocket_connection_send_message (connection, type, message);
}

static void
websocket_handler (SoupServer              *server,
                   SoupServerMessage       *message,
                   const char              *path,
                   SoupWebsocketConnection *connection,
                   gpointer                 data)
{
  TestServer *self = data;

  record (self, message, path);
  g_signal_connect (connection, "message", G_CALLBACK (websocket_message_cb), NULL);
  g_ptr_array_add (self->open, g_object_ref (connection));
}

/* @path becomes a WebSocket that gives back what it hears */
void
test_server_add_websocket (TestServer *self,
                           const char *path)
{
  soup_server_add_websocket_handler (self->server, path, NULL, NULL, websocket_handler, self, NULL);
}

unsigned int
test_server_get_n (TestServer *self)
{
  return self->requests->len;
}

const TestRequest *
test_server_get_request (TestServer   *self,
                         unsigned int  i)
{
  g_assert_cmpuint (i, <, self->requests->len);

  return g_ptr_array_index (self->requests, i);
}

const char *
test_request_get_header (const TestRequest *request,
                         const char        *name)
{
  return soup_message_headers_get_one (request->headers, name);
}
