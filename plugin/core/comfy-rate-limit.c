/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * At most so many requests in any window of time, over all processes of the user. The file is a
 * bare array with one time stamp per allowed request. A request takes the place of the oldest
 * stamp, if that has left the window: so any n + 1 requests in a row are at least a window apart,
 * exactly. One stamp is one aligned write of 8 bytes, so a process may die at any moment and leave
 * a sound file.
 */
#define G_LOG_DOMAIN "comfy-rate-limit"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-rate-limit-private.h"

/* A stamp is taken before a request goes out, and the server counts when it arrives: the first of a
 * window may be held up on its way where the last is not. */
#define MARGIN_US  (1 * G_USEC_PER_SEC)
/* The lock is held for microseconds; whoever finds it taken asks again soon */
#define LOCKED_US  (2 * 1000)
#define MAX_ID     64

struct _ComfyRateLimit
{
  GObject       parent_instance;
  char         *path;       /* owned */
  unsigned int  n_requests; /* allowed in a window */
  gint64        window_us;
};

G_DEFINE_FINAL_TYPE (ComfyRateLimit, comfy_rate_limit, G_TYPE_OBJECT)

static void
comfy_rate_limit_finalize (GObject *object)
{
  ComfyRateLimit *self = COMFY_RATE_LIMIT (object);

  g_free (self->path);

  G_OBJECT_CLASS (comfy_rate_limit_parent_class)->finalize (object);
}

static void
comfy_rate_limit_class_init (ComfyRateLimitClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_rate_limit_finalize;
}

static void
comfy_rate_limit_init (ComfyRateLimit *self)
{
}

/**
 * _comfy_rate_limit_new_full:
 * @folder: where the file lies; made when missing
 * @profile_id: what has the limit: profiles with one id share it
 * @n_requests: how many in a window
 * @window_us: the window, in µs
 *
 * Returns: (transfer full): a limit
 */
ComfyRateLimit *
_comfy_rate_limit_new_full (const char   *folder,
                            const char   *profile_id,
                            unsigned int  n_requests,
                            gint64        window_us)
{
  ComfyRateLimit  *self;
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (folder != NULL && profile_id != NULL, NULL);
  g_return_val_if_fail (n_requests > 0 && window_us > 0, NULL);

  /* two ids that become one name share a limit, which errs on the safe side */
  id = g_strndup (profile_id, MAX_ID);
  g_strcanon (id, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_", '_');
  name = g_strconcat ("rate-limit-", id, NULL);

  self = g_object_new (COMFY_TYPE_RATE_LIMIT, NULL);
  self->path = g_build_filename (folder, name, NULL);
  self->n_requests = n_requests;
  self->window_us = window_us;

  return self;
}

/**
 * comfy_rate_limit_new:
 * @folder: a folder of the user's own, gone with the session: below XDG_RUNTIME_DIR
 * @profile_id: the profile whose key has the limit
 *
 * Returns: (transfer full): the service's limit for one key
 */
ComfyRateLimit *
comfy_rate_limit_new (const char *folder,
                      const char *profile_id)
{
  return _comfy_rate_limit_new_full (folder, profile_id, COMFY_RATE_LIMIT_REQUESTS,
                                     COMFY_RATE_LIMIT_WINDOW_S * G_USEC_PER_SEC + MARGIN_US);
}

/* Not the clock on the wall, which can be set; and it goes on while the machine sleeps */
static gint64
now_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
fail (ComfyRateLimit  *self,
      GError         **error)
{
  g_autoptr(GError) foreign = g_error_new (G_FILE_ERROR,
                                           (int) g_file_error_from_errno (errno), "%s: %s",
                                           self->path, g_strerror (errno));

  g_propagate_error (error, comfy_error_fold (foreign, NULL));

  return FALSE;
}

/* What a file that makes no sense had counted is lost, so the worst is assumed: that the window is
 * full as of now. */
static gboolean
repair (ComfyRateLimit *self,
        int             fd,
        gint64         *stamps,
        gint64          now)
{
  gsize size = self->n_requests * sizeof *stamps;

  g_info ("%s cannot be read, starting over", self->path);
  for (unsigned int i = 0; i < self->n_requests; i++)
    stamps[i] = now;

  return ftruncate (fd, (off_t) size) == 0 &&
         pwrite (fd, stamps, size, 0) == (gssize) size;
}

/* @stamps: as many as requests are allowed; 0 where there was none yet */
static gboolean
read_stamps (ComfyRateLimit *self,
             int             fd,
             gint64         *stamps,
             gint64          now)
{
  gsize       size = self->n_requests * sizeof *stamps;
  struct stat info;

  if (fstat (fd, &info) != 0)
    return FALSE;

  /* made a moment ago: a hole reads as zeros */
  if (info.st_size == 0)
    return ftruncate (fd, (off_t) size) == 0;

  if (info.st_size != (off_t) size)
    return repair (self, fd, stamps, now);
  if (pread (fd, stamps, size, 0) != (gssize) size)
    return FALSE;

  for (unsigned int i = 0; i < self->n_requests; i++)
    if (stamps[i] < 0 || stamps[i] > now)
      return repair (self, fd, stamps, now);

  return TRUE;
}

/* with the lock held */
static gboolean
take_place (ComfyRateLimit *self,
            int             fd,
            gint64         *out_wait_us)
{
  g_autofree gint64 *stamps = g_new0 (gint64, self->n_requests);
  gint64             now = now_us ();
  unsigned int       oldest = 0;

  if (!read_stamps (self, fd, stamps, now))
    return FALSE;

  for (unsigned int i = 1; i < self->n_requests; i++)
    if (stamps[i] < stamps[oldest])
      oldest = i;

  if (stamps[oldest] != 0 && now - stamps[oldest] < self->window_us)
    {
      *out_wait_us = stamps[oldest] + self->window_us - now;
      return TRUE;
    }

  *out_wait_us = 0;

  return pwrite (fd, &now, sizeof now, (off_t) (oldest * sizeof now)) == (gssize) sizeof now;
}

/**
 * _comfy_rate_limit_try:
 * @out_wait_us: (out): 0: the request may go out now and is counted; else: ask again after so
 *   many µs
 *
 * Never waits.
 *
 * Errors: %COMFY_ERROR_STORAGE when the file cannot be used
 */
gboolean
_comfy_rate_limit_try (ComfyRateLimit  *self,
                       gint64          *out_wait_us,
                       GError         **error)
{
  g_autofree char *folder = NULL;
  g_autofd int     fd = -1;

  g_return_val_if_fail (COMFY_IS_RATE_LIMIT (self), FALSE);

  folder = g_path_get_dirname (self->path);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return fail (self, error);

  fd = open (self->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return fail (self, error);

  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      *out_wait_us = LOCKED_US;
      return errno == EWOULDBLOCK || errno == EINTR ? TRUE : fail (self, error);
    }

  return take_place (self, fd, out_wait_us) ? TRUE : fail (self, error);
}

static DexFuture *
acquire_fiber (gpointer data)
{
  ComfyRateLimit *self = COMFY_RATE_LIMIT (data);
  GError         *error = NULL;
  gint64          wait_us;

  for (;;)
    {
      if (!_comfy_rate_limit_try (self, &wait_us, &error))
        return dex_future_new_for_error (error);
      if (wait_us == 0)
        return dex_future_new_true ();
      if (!_comfy_sleep (wait_us, &error))
        return dex_future_new_for_error (error);
    }
}

/**
 * comfy_rate_limit_acquire:
 *
 * Waits, without blocking the main loop, until a request may go out.
 *
 * Errors: %COMFY_ERROR_STORAGE when the file cannot be used
 *
 * Returns: (transfer full): a future of %TRUE; the request is counted when it resolves
 */
DexFuture *
comfy_rate_limit_acquire (ComfyRateLimit *self)
{
  g_return_val_if_fail (COMFY_IS_RATE_LIMIT (self), NULL);

  return _comfy_spawn (acquire_fiber, g_object_ref (self), g_object_unref);
}
