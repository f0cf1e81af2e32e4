/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Open file description locks: unlike the older POSIX locks they are not lost when another part of
 * the process closes the same file, they exclude a second holder in the same process too, and
 * whether one is held can be asked without taking it. See fcntl(2).
 */
#define G_LOG_DOMAIN "comfy-folder-lock"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <unistd.h>

#include "comfy-error.h"
#include "comfy-folder-lock.h"

#define LOOK_AGAIN (10 * 1000) /* µs */

static int
open_lock_file (const char *folder,
                int         flags)
{
  g_autofree char *path = g_build_filename (folder, "lock", NULL);

  return open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
}

/**
 * comfy_folder_lock_take:
 * @folder: the folder
 *
 * Takes the lock without waiting for it.
 *
 * Returns: a file descriptor; the lock is held until it is closed. -1 with @error set:
 *   %COMFY_ERROR_FAILED when it is held, %COMFY_ERROR_STORAGE when the file cannot be opened
 */
int
comfy_folder_lock_take (const char  *folder,
                        GError     **error)
{
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int          fd = open_lock_file (folder, O_CREAT);
  int          saved_errno;

  if (fd >= 0 && fcntl (fd, F_OFD_SETLK, &whole) == 0)
    return fd;

  saved_errno = errno;
  if (fd >= 0)
    close (fd);

  if (fd >= 0 && (saved_errno == EAGAIN || saved_errno == EACCES))
    comfy_set_error (error, COMFY_ERROR_FAILED, folder,
                     _("Another window of GIMP is at work on this job."));
  else
    comfy_set_error (error, COMFY_ERROR_STORAGE, g_strerror (saved_errno),
                     _("A file could not be read or written. "
                       "Check the free space and permissions of your home folder."));

  return -1;
}

/**
 * comfy_folder_lock_wait:
 * @folder: the folder, which is made if it is missing
 * @patience_us: how long it waits at most, in microseconds
 *
 * Takes the lock as soon as nobody else has it, and blocks until then: for what takes no time.
 *
 * Returns: a file descriptor; the lock is held until it is closed. -1 when the file cannot be opened,
 *   or it took too long
 */
int
comfy_folder_lock_wait (const char *folder,
                        gint64      patience_us)
{
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  gint64       deadline = g_get_monotonic_time () + patience_us;
  int          fd;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return -1;
  fd = open_lock_file (folder, O_CREAT);
  if (fd < 0)
    return -1;

  /* the kernel waits for a lock for ever, or not at all */
  while (fcntl (fd, F_OFD_SETLK, &whole) != 0)
    {
      if ((errno != EAGAIN && errno != EACCES && errno != EINTR)
          || g_get_monotonic_time () >= deadline)
        {
          close (fd);
          return -1;
        }
      g_usleep (LOOK_AGAIN);
    }

  return fd;
}

/**
 * comfy_folder_lock_is_held:
 * @folder: the folder
 *
 * Returns: whether anybody, this process included, holds the lock
 */
gboolean
comfy_folder_lock_is_held (const char *folder)
{
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int          fd = open_lock_file (folder, 0);
  gboolean     is_held;

  if (fd < 0)
    return FALSE;

  is_held = fcntl (fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
  close (fd);

  return is_held;
}
