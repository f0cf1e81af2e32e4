/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be waited for on the way of a request. libsoup's callbacks become waits of a fiber here,
 * and here alone.
 */
#define G_LOG_DOMAIN "comfy-exchange"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-credentials-private.h"
#include "comfy-error.h"
#include "comfy-exchange-private.h"
#include "comfy-fiber-private.h"

#define READ_SIZE (64 * 1024)

typedef struct
{
  ComfyExchange *self;    /* owned */
  DexPromise    *promise; /* owned */
} Wait;

static Wait *
wait_new (ComfyExchange *self,
          DexPromise    *promise)
{
  Wait *wait = g_new0 (Wait, 1);

  wait->self = g_object_ref (self);
  wait->promise = dex_ref (promise);

  return wait;
}

static void
wait_free (Wait *wait)
{
  dex_clear (&wait->promise);
  g_clear_object (&wait->self);
  g_free (wait);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wait, wait_free)

/* libsoup's own word for a broken HTTP/2 connection is just that it failed */
static GError *
fold (ComfyExchange *self,
      const GError  *foreign)
{
  const char        *host = g_uri_get_host (soup_message_get_uri (self->message));
  g_autoptr(GError)  folded = comfy_error_fold (foreign, host);

  if (!g_error_matches (folded, COMFY_ERROR, COMFY_ERROR_FAILED))
    return g_steal_pointer (&folded);

  return comfy_error_new (COMFY_ERROR_CONNECTION, comfy_error_get_detail (folded),
                          _("The connection to %s was refused or broke. Try again later."), host);
}

/* @error: (transfer full) */
static void
wait_reject (Wait   *wait,
             GError *error)
{
  g_autoptr(GError) foreign = error;

  if (wait->self->is_late)
    {
      g_clear_error (&foreign);
      foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                     "no byte moved for too long");
    }

  if (_comfy_promise_is_wanted (wait->promise))
    dex_promise_reject (wait->promise, fold (wait->self, foreign));
}

/* A fiber that is cancelled while it waits gets an error of libdex: @foreign, (transfer full) */
static void
give_up (GError **error,
         GError  *foreign)
{
  g_propagate_error (error, comfy_error_fold (foreign, NULL));
  g_error_free (foreign);
}

static void
send_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Wait)  wait = data;
  GError          *error = NULL;

  _comfy_exchange_stop_watching (wait->self);
  _comfy_credentials_wipe (wait->self->message);
  g_clear_object (&wait->self->body);
  wait->self->body = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (wait->self->body == NULL)
    wait_reject (wait, error);
  else if (_comfy_promise_is_wanted (wait->promise))
    dex_promise_resolve_boolean (wait->promise, TRUE);
}

/**
 * _comfy_exchange_send:
 *
 * In a fiber: sends the request and waits for the head of the answer, of whatever status. The key
 * that the message may carry is wiped when libsoup is done with it.
 *
 * Errors: folded; %COMFY_ERROR_TIMED_OUT when nothing moved for too long
 */
gboolean
_comfy_exchange_send (ComfyExchange  *self,
                      GError        **error)
{
  DexPromise *promise = _comfy_exchange_start_watching (self);
  GError     *foreign = NULL;

  soup_session_send_async (self->session, self->message, G_PRIORITY_DEFAULT, self->cancellable,
                           send_cb, wait_new (self, promise));

  if (dex_await (DEX_FUTURE (promise), &foreign))
    return TRUE;

  give_up (error, foreign);

  return FALSE;
}

/* In a thread: sends the request and reads the whole answer, up to @max bytes and a few more */
static GBytes *
send_and_read (ComfyExchange  *self,
               gsize           max,
               GCancellable   *cancellable,
               GError        **error)
{
  g_autoptr(GInputStream) body = soup_session_send (self->session, self->message, cancellable,
                                                    error);
  g_autoptr(GByteArray)   whole = g_byte_array_new ();

  _comfy_credentials_wipe (self->message);

  while (body != NULL)
    {
      g_autoptr(GBytes) chunk = g_input_stream_read_bytes (body, READ_SIZE, cancellable, error);

      if (chunk == NULL)
        return NULL;
      if (g_bytes_get_size (chunk) == 0 || whole->len > max)
        return g_byte_array_free_to_bytes (g_steal_pointer (&whole));

      _comfy_exchange_moved (self);
      g_byte_array_append (whole, g_bytes_get_data (chunk, NULL),
                           (unsigned int) g_bytes_get_size (chunk));
    }

  return NULL;
}

static void
send_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  GBytes *whole = send_and_read (COMFY_EXCHANGE (source), GPOINTER_TO_SIZE (data), cancellable,
                                 &error);

  if (whole == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, whole, (GDestroyNotify) g_bytes_unref);
}

static void
send_from_thread_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      data)
{
  g_autoptr(Wait)  wait = data;
  GError          *error = NULL;

  _comfy_exchange_stop_watching (wait->self);
  _comfy_exchange_tell_written (wait->self);
  g_clear_pointer (&wait->self->whole, g_bytes_unref);
  wait->self->whole = g_task_propagate_pointer (G_TASK (result), &error);
  if (wait->self->whole == NULL)
    wait_reject (wait, error);
  else if (_comfy_promise_is_wanted (wait->promise))
    dex_promise_resolve_boolean (wait->promise, TRUE);
}

/**
 * _comfy_exchange_send_from_thread:
 * @max: how many bytes of the answer are wanted at most
 *
 * As _comfy_exchange_send(), for a large body: libsoup writes 8 KiB at a time, and on the main loop
 * the way around it for each of them would be half of the time that a fast line gives an upload. It
 * would also wait for the disk. libsoup lets a session be used by another thread in this way; the
 * answer is read there too.
 */
gboolean
_comfy_exchange_send_from_thread (ComfyExchange  *self,
                                  gsize           max,
                                  GError        **error)
{
  DexPromise       *promise;
  GError           *foreign = NULL;
  g_autoptr(GTask)  task = NULL;

  self->sends_file = TRUE;
  promise = _comfy_exchange_start_watching (self);
  task = g_task_new (self, self->cancellable, send_from_thread_cb, wait_new (self, promise));

  g_task_set_task_data (task, GSIZE_TO_POINTER (max), NULL);
  g_task_run_in_thread (task, send_in_thread);

  if (dex_await (DEX_FUTURE (promise), &foreign))
    return TRUE;

  give_up (error, foreign);

  return FALSE;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Wait)  wait = data;
  GError          *error = NULL;
  g_autoptr(GBytes) bytes = NULL;

  bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  _comfy_exchange_stop_watching (wait->self);
  if (bytes == NULL)
    wait_reject (wait, error);
  else if (_comfy_promise_is_wanted (wait->promise))
    dex_promise_resolve_boxed (wait->promise, G_TYPE_BYTES, g_steal_pointer (&bytes));
}

/**
 * _comfy_exchange_read:
 * @max: how many bytes at most
 *
 * In a fiber, after _comfy_exchange_send(): reads on in the answer's body.
 *
 * Errors: as _comfy_exchange_send()
 *
 * Returns: (transfer full): the next bytes; none at the end
 */
GBytes *
_comfy_exchange_read (ComfyExchange  *self,
                      gsize           max,
                      GError        **error)
{
  DexPromise *promise;
  GError     *foreign = NULL;
  GBytes     *bytes;

  if (self->whole != NULL)
    {
      GBytes *rest = g_steal_pointer (&self->whole);

      self->whole = g_bytes_new_static (NULL, 0);
      return rest;
    }

  g_assert (self->body != NULL);

  promise = _comfy_exchange_start_watching (self);
  g_input_stream_read_bytes_async (self->body, max, G_PRIORITY_DEFAULT, self->cancellable,
                                   read_cb, wait_new (self, promise));

  bytes = dex_await_boxed (DEX_FUTURE (promise), &foreign);
  if (bytes == NULL)
    give_up (error, foreign);

  return bytes;
}

static void
upgrade_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(Wait)                    wait = data;
  GError                            *error = NULL;
  g_autoptr(SoupWebsocketConnection) connection = NULL;

  _comfy_exchange_stop_watching (wait->self);
  _comfy_credentials_wipe (wait->self->message);
  connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  if (connection == NULL)
    wait_reject (wait, error);
  else if (_comfy_promise_is_wanted (wait->promise))
    dex_promise_resolve_object (wait->promise, g_steal_pointer (&connection));
}

/**
 * _comfy_exchange_upgrade:
 *
 * In a fiber, instead of _comfy_exchange_send(): makes a WebSocket of it.
 *
 * Errors: folded; the message's status tells more when the server answered otherwise
 *
 * Returns: (transfer full): the open connection
 */
SoupWebsocketConnection *
_comfy_exchange_upgrade (ComfyExchange  *self,
                         GError        **error)
{
  DexPromise              *promise = _comfy_exchange_start_watching (self);
  GError                  *foreign = NULL;
  SoupWebsocketConnection *connection;

  soup_session_websocket_connect_async (self->session, self->message, NULL, NULL,
                                        G_PRIORITY_DEFAULT, self->cancellable, upgrade_cb,
                                        wait_new (self, promise));

  connection = dex_await_object (DEX_FUTURE (promise), &foreign);
  if (connection == NULL)
    give_up (error, foreign);

  return connection;
}
