/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file that grows under a temporary name. Whoever finds a file under its own name finds all of
 * it, also after a crash of the machine: fsync, rename, fsync of the folder.
 */
#define G_LOG_DOMAIN "comfy-partial-file"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "comfy-error.h"
#include "comfy-partial-file.h"

struct _ComfyPartialFile
{
  char   *path;      /* owned */
  char   *part_path; /* owned */
  int     fd;        /* -1 once it is finished */
  gint64  size;      /* bytes so far */
};

static gboolean
fail (ComfyPartialFile  *self,
      GError           **error)
{
  g_autoptr(GError) foreign = g_error_new (G_FILE_ERROR,
                                           (int) g_file_error_from_errno (errno), "%s: %s",
                                           self->part_path, g_strerror (errno));

  g_propagate_error (error, comfy_error_fold (foreign, NULL));

  return FALSE;
}

/**
 * comfy_partial_file_new:
 * @path: the name that it shall get; ".part" is added until then
 *
 * What another attempt left under the temporary name is thrown away: nobody knows what is in it.
 *
 * Errors: %COMFY_ERROR_STORAGE
 *
 * Returns: (transfer full): an empty file
 */
ComfyPartialFile *
comfy_partial_file_new (const char  *path,
                        GError     **error)
{
  g_autoptr(ComfyPartialFile) self = g_new0 (ComfyPartialFile, 1);

  self->path = g_strdup (path);
  self->part_path = g_strconcat (path, ".part", NULL);
  self->fd = open (self->part_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->fd < 0)
    {
      fail (self, error);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * comfy_partial_file_free:
 * @self: (transfer full): removed from the disk unless it is finished
 */
void
comfy_partial_file_free (ComfyPartialFile *self)
{
  if (self->fd >= 0)
    {
      g_clear_fd (&self->fd, NULL);
      g_unlink (self->part_path);
    }

  g_free (self->path);
  g_free (self->part_path);
  g_free (self);
}

/**
 * comfy_partial_file_get_size:
 *
 * Returns: how many bytes there are so far
 */
gint64
comfy_partial_file_get_size (ComfyPartialFile *self)
{
  return self->size;
}

/**
 * comfy_partial_file_append:
 * @bytes: what comes next
 *
 * Errors: %COMFY_ERROR_STORAGE
 */
gboolean
comfy_partial_file_append (ComfyPartialFile  *self,
                           GBytes            *bytes,
                           GError           **error)
{
  gsize       left;
  const char *data = g_bytes_get_data (bytes, &left);

  while (left > 0)
    {
      gssize n = write (self->fd, data, left);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (self, error);

      data += n;
      left -= (gsize) n;
      self->size += n;
    }

  return TRUE;
}

/**
 * comfy_partial_file_restart:
 *
 * Begins anew.
 *
 * Errors: %COMFY_ERROR_STORAGE
 */
gboolean
comfy_partial_file_restart (ComfyPartialFile  *self,
                            GError           **error)
{
  if (ftruncate (self->fd, 0) != 0 || lseek (self->fd, 0, SEEK_SET) != 0)
    return fail (self, error);

  self->size = 0;

  return TRUE;
}

static gboolean
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofd int     fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  return fd >= 0 && fsync (fd) == 0;
}

/**
 * comfy_partial_file_finish:
 *
 * Brings it to the disk and gives it its name. May take as long as the disk does.
 *
 * Errors: %COMFY_ERROR_STORAGE
 */
gboolean
comfy_partial_file_finish (ComfyPartialFile  *self,
                           GError           **error)
{
  if (fsync (self->fd) != 0 || g_rename (self->part_path, self->path) != 0)
    return fail (self, error);

  g_clear_fd (&self->fd, NULL);

  return sync_folder (self->path) ? TRUE : fail (self, error);
}
