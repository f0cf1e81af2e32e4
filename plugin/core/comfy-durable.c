/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A new content goes to a temporary file, which is fsynced, renamed over the old one, and made to
 * last by an fsync of the folder. g_file_set_contents() leaves out the last step: after a power cut
 * the old content could be back, and with it a job that was sent would look as if it never was.
 */
#define G_LOG_DOMAIN "comfy-durable"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comfy-durable.h"
#include "comfy-error.h"

static gboolean
fail (GError     **error,
      const char  *what,
      const char  *path)
{
  g_autofree char *detail = g_strdup_printf ("%s %s: %s", what, path, g_strerror (errno));

  comfy_set_error (error, COMFY_ERROR_STORAGE, detail,
                   _("A file could not be read or written. "
                     "Check the free space and permissions of your home folder."));

  return FALSE;
}

static gboolean
sync_path (const char  *path,
           int          flags,
           GError     **error)
{
  int      fd = open (path, flags | O_CLOEXEC | O_NOFOLLOW);
  gboolean synced;

  if (fd < 0)
    return fail (error, "open", path);

  synced = fsync (fd) == 0 || fail (error, "fsync", path);
  close (fd);

  return synced;
}

static gboolean
sync_parent (const char  *path,
             GError     **error)
{
  g_autofree char *parent = g_path_get_dirname (path);

  return sync_path (parent, O_RDONLY | O_DIRECTORY, error);
}

/**
 * comfy_durable_make_folder:
 * @path: where
 *
 * Makes a folder that only its owner can enter (0700), and those above it that are missing. One
 * that is there keeps its place and gets the same mode.
 *
 * Returns: %FALSE with @error set when that is not possible
 */
gboolean
comfy_durable_make_folder (const char  *path,
                           GError     **error)
{
  if (g_mkdir_with_parents (path, 0700) != 0)
    return fail (error, "mkdir", path);
  if (chmod (path, 0700) != 0)
    return fail (error, "chmod", path);

  return sync_parent (path, error);
}

static gboolean
write_all (int         fd,
           const char *data,
           size_t      size)
{
  while (size > 0)
    {
      ssize_t n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      size -= n;
    }

  return TRUE;
}

/**
 * comfy_durable_write:
 * @path: the file
 * @content: what it shall hold
 *
 * Replaces a file (0600): whatever happens, either the old content is there or the new one, and
 * once this returned %TRUE it is the new one.
 *
 * Returns: %FALSE with @error set when that is not possible
 */
gboolean
comfy_durable_write (const char  *path,
                     GBytes      *content,
                     GError     **error)
{
  g_autofree char *temporary = g_strconcat (path, ".new", NULL);
  size_t           size;
  const char      *data = g_bytes_get_data (content, &size);
  int              fd;
  gboolean         done;

  fd = open (temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return fail (error, "open", temporary);

  done = (write_all (fd, data, size) || fail (error, "write", temporary))
         && (fsync (fd) == 0 || fail (error, "fsync", temporary));
  close (fd);

  done = done && comfy_durable_rename (temporary, path, error);
  if (!done)
    g_unlink (temporary);

  return done;
}

/**
 * comfy_durable_rename:
 * @from: a file or folder
 * @to: its new name, in the same folder; a file there is replaced
 *
 * Returns: %FALSE with @error set when that is not possible
 */
gboolean
comfy_durable_rename (const char  *from,
                      const char  *to,
                      GError     **error)
{
  if (rename (from, to) != 0)
    return fail (error, "rename", to);

  return sync_parent (to, error);
}

/**
 * comfy_durable_sync_folder:
 * @folder: a folder that holds files only
 *
 * Makes everything in @folder last that others wrote there, such as encoded pictures.
 *
 * Returns: %FALSE with @error set when that is not possible
 */
gboolean
comfy_durable_sync_folder (const char  *folder,
                           GError     **error)
{
  g_autoptr(GDir)  dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  if (dir == NULL)
    return fail (error, "open", folder);

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!sync_path (path, O_RDONLY, error))
        return FALSE;
    }

  return sync_path (folder, O_RDONLY | O_DIRECTORY, error);
}

/**
 * comfy_durable_remove:
 * @folder: a folder that holds files only
 *
 * Removes a folder with what is in it. It first gets a name of a leading dot, so that one that is
 * removed by half is never taken for a whole one.
 *
 * Returns: %FALSE with @error set when that is not possible
 */
gboolean
comfy_durable_remove (const char  *folder,
                      GError     **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *hidden_name = name[0] == '.' ? g_strdup (name) : g_strconcat (".", name, NULL);
  g_autofree char *hidden = g_build_filename (parent, hidden_name, NULL);
  g_autoptr(GDir)  dir = NULL;
  const char      *entry;

  if (g_strcmp0 (folder, hidden) != 0 && rename (folder, hidden) != 0)
    return fail (error, "rename", folder);

  dir = g_dir_open (hidden, 0, NULL);
  if (dir == NULL)
    return fail (error, "open", hidden);

  while ((entry = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (hidden, entry, NULL);

      if (g_unlink (path) != 0)
        return fail (error, "unlink", path);
    }

  if (g_rmdir (hidden) != 0)
    return fail (error, "rmdir", hidden);

  return sync_parent (folder, error);
}
