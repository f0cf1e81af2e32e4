/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who knocks writes what it wants in one line, GVariant's text, and reads one letter: whether it is
 * done. Whoever finds the door closed meanwhile reads nothing.
 */
#define G_LOG_DOMAIN "comfy-door"

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "comfy-door.h"
#include "comfy-error.h"
#include "comfy-folder-lock.h"

#define NAME     "door" /* of the socket in the folder */
#define MAX_LINE 4096   /* bytes */
#define MAX_PATH 100    /* bytes: of more, GLib cuts the end off without a word */
#define PATIENCE 10     /* seconds: the other side may be busy with a large picture */

#define DONE     '1'
#define NOT_DONE '0'

struct _ComfyDoor
{
  GSocketService *service; /* owned */
  GCancellable   *closing; /* owned: cancelled once it is closed */
  GVariantType   *type;    /* owned */
  ComfyDoorTake   take;
  gpointer        data;    /* of @take */
};

/* somebody who has come */
typedef struct
{
  ComfyDoor         *door;       /* borrowed: not to be used once @closing is cancelled */
  GCancellable      *closing;    /* owned */
  GSocketConnection *connection; /* owned */
} Visit;

static void
visit_free (Visit *visit)
{
  g_io_stream_close (G_IO_STREAM (visit->connection), NULL, NULL);
  g_object_unref (visit->connection);
  g_object_unref (visit->closing);
  g_free (visit);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Visit, visit_free)

/**
 * comfy_door_wait_for_turn:
 * @folder: where the door is
 *
 * Whoever finds no door makes one. So that two who come at the same moment do not make two, only one
 * process looks and makes at a time: from this call until it closes the descriptor.
 *
 * Returns: a file descriptor; -1 when there is no place for a lock, or the other process takes too
 *   long: then nobody waits for anybody
 */
int
comfy_door_wait_for_turn (const char *folder)
{
  g_return_val_if_fail (folder != NULL, -1);

  return comfy_folder_lock_wait (folder, PATIENCE * G_USEC_PER_SEC);
}

/* (nullable): NULL: the path is too long */
static GSocketAddress *
make_address (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, NAME, NULL);

  return strlen (path) <= MAX_PATH ? g_unix_socket_address_new (path) : NULL;
}

/* (transfer full) (nullable): what somebody wants */
static GVariant *
parse (ComfyDoor *self,
       GBytes    *bytes)
{
  size_t      length;
  const char *line = g_bytes_get_data (bytes, &length);

  if (length == 0 || line[length - 1] != '\n')
    return NULL;

  return g_variant_parse (self->type, line, line + length - 1, NULL, NULL);
}

static void
read_cb (GObject      *stream,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Visit)     visit = data;
  g_autoptr(GBytes)    bytes = NULL;
  g_autoptr(GVariant)  what = NULL;
  GOutputStream       *output = g_io_stream_get_output_stream (G_IO_STREAM (visit->connection));
  char                 answer;

  bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (stream), result, NULL);
  if (bytes == NULL || g_cancellable_is_cancelled (visit->closing))
    return;

  what = parse (visit->door, bytes);
  answer = what != NULL && visit->door->take (what, visit->door->data) ? DONE : NOT_DONE;
  /* a letter always has room; who has gone meanwhile does not read it */
  g_output_stream_write_all (output, &answer, 1, NULL, NULL, NULL);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             ComfyDoor         *self)
{
  Visit *visit = g_new0 (Visit, 1);

  visit->door = self;
  visit->closing = g_object_ref (self->closing);
  visit->connection = g_object_ref (connection);
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                   MAX_LINE, G_PRIORITY_DEFAULT, self->closing, read_cb, visit);

  return TRUE;
}

/**
 * comfy_door_open:
 * @folder: where, as whoever knocks knows it; the user's alone
 * @type: of what is asked for
 * @take: called for each who comes
 * @data: for @take
 * @error: return location
 *
 * To be called in one's turn, see comfy_door_wait_for_turn(). Others may come from now on.
 *
 * Returns: (transfer full): the door; %NULL with %COMFY_ERROR_STORAGE
 */
ComfyDoor *
comfy_door_open (const char          *folder,
                 const GVariantType  *type,
                 ComfyDoorTake        take,
                 gpointer             data,
                 GError             **error)
{
  g_autoptr(ComfyDoor)       self = g_new0 (ComfyDoor, 1);
  g_autoptr(GSocketAddress)  address = NULL;
  g_autoptr(GError)          foreign = NULL;
  g_autofree char           *path = NULL;

  g_return_val_if_fail (folder != NULL, NULL);
  g_return_val_if_fail (take != NULL, NULL);

  self->service = g_socket_service_new ();
  self->closing = g_cancellable_new ();
  self->type = g_variant_type_copy (type);
  self->take = take;
  self->data = data;

  /* what a process left that was killed */
  path = g_build_filename (folder, NAME, NULL);
  g_unlink (path);
  address = make_address (folder);
  if (address == NULL || g_mkdir_with_parents (folder, 0700) != 0
      || !g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address,
                                         G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL,
                                         NULL, &foreign))
    {
      comfy_set_error (error, COMFY_ERROR_STORAGE, foreign != NULL ? foreign->message : folder,
                       _("A file could not be read or written. "
                         "Check the free space and permissions of your home folder."));
      return NULL;
    }

  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);

  return g_steal_pointer (&self);
}

/**
 * comfy_door_close:
 * @self: (transfer full): the door
 *
 * Nobody is let in any more; who stands at the door is told nothing.
 */
void
comfy_door_close (ComfyDoor *self)
{
  g_return_if_fail (self != NULL);

  g_cancellable_cancel (self->closing);
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_object_unref (self->closing);
  g_variant_type_free (self->type);
  g_free (self);
}

static gboolean
ask (GSocketConnection *connection,
     const char        *line)
{
  GIOStream *stream = G_IO_STREAM (connection);
  char       answer = NOT_DONE;
  size_t     n = 0;

  return g_output_stream_write_all (g_io_stream_get_output_stream (stream), line, strlen (line),
                                    NULL, NULL, NULL)
         && g_input_stream_read_all (g_io_stream_get_input_stream (stream), &answer, 1, &n, NULL,
                                     NULL)
         && n == 1 && answer == DONE;
}

/**
 * comfy_door_knock:
 * @folder: where the door is
 * @what: (transfer floating): what is wanted, of the door's type
 *
 * Waits for the answer, up to ten seconds. To be called in one's turn, where this process would do
 * it itself otherwise.
 *
 * Returns: %FALSE when there is nobody, or it did not do it
 */
gboolean
comfy_door_knock (const char *folder,
                  GVariant   *what)
{
  g_autoptr(GVariant)           owned = g_variant_ref_sink (what);
  g_autofree char              *text = g_variant_print (owned, FALSE);
  g_autofree char              *line = g_strconcat (text, "\n", NULL);
  g_autoptr(GSocketClient)      client = g_socket_client_new ();
  g_autoptr(GSocketAddress)     address = NULL;
  g_autoptr(GSocketConnection)  connection = NULL;

  g_return_val_if_fail (folder != NULL, FALSE);
  g_return_val_if_fail (strlen (line) <= MAX_LINE, FALSE);

  address = make_address (folder);
  if (address == NULL)
    return FALSE;

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, PATIENCE);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);

  return connection != NULL && ask (connection, line);
}
