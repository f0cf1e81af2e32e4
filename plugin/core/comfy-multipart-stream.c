/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The body of a multipart upload, read from disk as it is sent, so that memory does not grow with
 * the file. For one thread at a time.
 */
#define G_LOG_DOMAIN "comfy-multipart"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comfy-multipart-stream.h"

struct _ComfyMultipartStream
{
  GInputStream  parent_instance;
  GBytes       *head;      /* owned */
  GBytes       *tail;      /* owned */
  int           fd;
  goffset       file_size; /* bytes, as it was when opened */
  goffset       position;  /* in the whole */
};

G_DEFINE_FINAL_TYPE (ComfyMultipartStream, comfy_multipart_stream, G_TYPE_INPUT_STREAM)

static gssize
read_file (ComfyMultipartStream  *self,
           void                  *buffer,
           gsize                  count,
           goffset                offset,
           GError               **error)
{
  gssize n;

  do
    n = pread (self->fd, buffer, MIN (count, (gsize) (self->file_size - offset)), offset);
  while (n < 0 && errno == EINTR);

  if (n < 0)
    g_set_error_literal (error, G_IO_ERROR, (int) g_io_error_from_errno (errno),
                         g_strerror (errno));
  if (n != 0)
    return n;

  /* the length was announced, so there is no good way on */
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "the file was cut meanwhile");

  return -1;
}

static gssize
read_bytes (GBytes  *bytes,
            void    *buffer,
            gsize    count,
            goffset  offset)
{
  gsize       size;
  const char *data = g_bytes_get_data (bytes, &size);
  gsize       n = MIN (count, size - (gsize) offset);

  memcpy (buffer, data + offset, n);

  return (gssize) n;
}

static gssize
comfy_multipart_stream_read (GInputStream  *stream,
                             void          *buffer,
                             gsize          count,
                             GCancellable  *cancellable,
                             GError       **error)
{
  ComfyMultipartStream *self = COMFY_MULTIPART_STREAM (stream);
  goffset               file_start = (goffset) g_bytes_get_size (self->head);
  goffset               tail_start = file_start + self->file_size;
  gssize                n = 0;

  if (count == 0 || self->position == comfy_multipart_stream_get_length (self))
    return 0;

  if (self->position < file_start)
    n = read_bytes (self->head, buffer, count, self->position);
  else if (self->position < tail_start)
    n = read_file (self, buffer, count, self->position - file_start, error);
  else
    n = read_bytes (self->tail, buffer, count, self->position - tail_start);

  self->position += MAX (n, 0);

  return n;
}

static void
comfy_multipart_stream_finalize (GObject *object)
{
  ComfyMultipartStream *self = COMFY_MULTIPART_STREAM (object);

  g_clear_fd (&self->fd, NULL);
  g_clear_pointer (&self->head, g_bytes_unref);
  g_clear_pointer (&self->tail, g_bytes_unref);

  G_OBJECT_CLASS (comfy_multipart_stream_parent_class)->finalize (object);
}

static void
comfy_multipart_stream_class_init (ComfyMultipartStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_multipart_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = comfy_multipart_stream_read;
}

static void
comfy_multipart_stream_init (ComfyMultipartStream *self)
{
  self->fd = -1;
}

/**
 * comfy_multipart_stream_open:
 * @path: a regular file
 * @head: what goes before its bytes
 * @tail: what goes after them
 *
 * Errors: of %G_IO_ERROR when the file cannot be opened
 *
 * Returns: (transfer full): the stream, at its beginning
 */
ComfyMultipartStream *
comfy_multipart_stream_open (const char  *path,
                             GBytes      *head,
                             GBytes      *tail,
                             GError     **error)
{
  g_autoptr(ComfyMultipartStream) self = g_object_new (COMFY_TYPE_MULTIPART_STREAM, NULL);
  struct stat                     info;

  self->head = g_bytes_ref (head);
  self->tail = g_bytes_ref (tail);
  self->fd = open (path, O_RDONLY | O_CLOEXEC);
  if (self->fd < 0 || fstat (self->fd, &info) != 0)
    {
      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), "%s: %s", path,
                   g_strerror (errno));
      return NULL;
    }
  if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: not a regular file", path);
      return NULL;
    }
  self->file_size = info.st_size;
  posix_fadvise (self->fd, 0, 0, POSIX_FADV_SEQUENTIAL);

  return g_steal_pointer (&self);
}

/**
 * comfy_multipart_stream_get_length:
 *
 * Returns: bytes in all
 */
goffset
comfy_multipart_stream_get_length (ComfyMultipartStream *self)
{
  g_return_val_if_fail (COMFY_IS_MULTIPART_STREAM (self), 0);

  return (goffset) g_bytes_get_size (self->head) + self->file_size +
         (goffset) g_bytes_get_size (self->tail);
}
