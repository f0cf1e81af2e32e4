/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "comfy-rate-limit-private.h"
#include "test-future.h"

/* the window, compressed: 20 in 100 ms */
#define N_REQUESTS  20
#define WINDOW_US   (100 * 1000)
#define N_PROCESSES 4
#define N_EACH      30

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture    *fixture,
        const void *data)
{
  fixture->folder = g_dir_make_tmp ("comfy-test-XXXXXX", NULL);
}

static void
tear_down (Fixture    *fixture,
           const void *data)
{
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

static gint64
now_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* 0: it may go out; else how long to wait */
static gint64
try_now (ComfyRateLimit *limit)
{
  g_autoptr(GError) error = NULL;
  gint64            wait_us = -1;

  _comfy_rate_limit_try (limit, &wait_us, &error);
  g_assert_no_error (error);

  return wait_us;
}

static void
test_a_full_window_makes_the_next_one_wait (Fixture    *fixture,
                                            const void *unused)
{
  g_autoptr(ComfyRateLimit) limit = _comfy_rate_limit_new_full (fixture->folder, "a", 3,
                                                                G_USEC_PER_SEC * 3600LL);
  gint64                    wait_us;

  for (int i = 0; i < 3; i++)
    g_assert_cmpint (try_now (limit), ==, 0);
  wait_us = try_now (limit);
  g_assert_cmpint (wait_us, >, G_USEC_PER_SEC * 3590LL);
  g_assert_cmpint (wait_us, <=, G_USEC_PER_SEC * 3600LL);
}

static void
test_each_profile_has_its_own (Fixture    *fixture,
                               const void *unused)
{
  g_autoptr(ComfyRateLimit) a = _comfy_rate_limit_new_full (fixture->folder, "a", 1, G_MAXINT32);
  g_autoptr(ComfyRateLimit) b = _comfy_rate_limit_new_full (fixture->folder, "b", 1, G_MAXINT32);
  g_autoptr(ComfyRateLimit) same = _comfy_rate_limit_new_full (fixture->folder, "a", 1, G_MAXINT32);

  g_assert_cmpint (try_now (a), ==, 0);
  g_assert_cmpint (try_now (b), ==, 0);
  g_assert_cmpint (try_now (same), >, 0);
}

static void
test_an_id_cannot_leave_the_folder (Fixture    *fixture,
                                    const void *unused)
{
  g_autoptr(ComfyRateLimit) limit = _comfy_rate_limit_new_full (fixture->folder, "../../x/y\n", 1,
                                                                G_MAXINT32);
  g_autofree char          *path = g_build_filename (fixture->folder, "rate-limit-______x_y_",
                                                     NULL);

  g_assert_cmpint (try_now (limit), ==, 0);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
}

/* whatever is in the file: no more go out than the window allows, and it is sound again after it */
static void
test_garbage_counts_as_a_full_window (Fixture    *fixture,
                                      const void *unused)
{
  g_autofree char *path = g_build_filename (fixture->folder, "rate-limit-a", NULL);
  g_autofree char *noise = g_malloc (3 * sizeof (gint64));
  const struct { const char *bytes; gssize size; } rows[] = {
    { "x", 1 }, { "a longer text that is no array", 30 },
    { "\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24 },
    { "\xff\xff\xff\xff\xff\xff\xff\x7f\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24 },
    { noise, 3 * sizeof (gint64) },
  };

  memset (noise, 0x5a, 3 * sizeof (gint64));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(ComfyRateLimit) limit = _comfy_rate_limit_new_full (fixture->folder, "a", 3,
                                                                    20 * 1000);
      GStatBuf                  info;
      gint64                    started = now_us ();

      g_assert_true (g_file_set_contents (path, rows[i].bytes, rows[i].size, NULL));
      g_assert_cmpint (try_now (limit), >, 0);
      test_await_true (comfy_rate_limit_acquire (limit));
      g_assert_cmpint (now_us () - started, >=, 20 * 1000);
      g_assert_no_errno (g_stat (path, &info));
      g_assert_cmpint (info.st_size, ==, 3 * sizeof (gint64));
    }
}

static void
test_a_folder_that_cannot_be_made_is_an_error (Fixture    *fixture,
                                               const void *unused)
{
  g_autoptr(ComfyRateLimit) limit = comfy_rate_limit_new ("/proc/nowhere", "a");

  test_await_error (comfy_rate_limit_acquire (limit), COMFY_ERROR_STORAGE);
}

static gboolean
tick_cb (gpointer data)
{
  (*(unsigned int *) data)++;

  return G_SOURCE_CONTINUE;
}

static void
test_waiting_does_not_block_the_main_loop (Fixture    *fixture,
                                           const void *unused)
{
  g_autoptr(ComfyRateLimit) limit = _comfy_rate_limit_new_full (fixture->folder, "a", 1,
                                                                G_MAXINT32);
  g_autoptr(DexFuture)      waiting = NULL;
  unsigned int              n_ticks = 0;
  unsigned int              source;

  test_await_true (comfy_rate_limit_acquire (limit));
  source = g_timeout_add (1, tick_cb, &n_ticks);
  waiting = comfy_rate_limit_acquire (limit);
  while (n_ticks < 5)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (dex_future_is_pending (waiting));
  g_source_remove (source);
}

static void
test_a_lock_that_is_held_does_not_block_either (Fixture    *fixture,
                                                const void *unused)
{
  g_autofree char          *path = g_build_filename (fixture->folder, "rate-limit-a", NULL);
  g_autoptr(ComfyRateLimit) limit = _comfy_rate_limit_new_full (fixture->folder, "a", 1,
                                                                G_MAXINT32);
  g_autoptr(DexFuture)      future = NULL;
  int                       fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  g_assert_no_errno (flock (fd, LOCK_EX));
  future = comfy_rate_limit_acquire (limit);
  for (int i = 0; i < 10; i++)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (dex_future_is_pending (future));
  g_assert_no_errno (close (fd));
  test_settle (future);
  g_assert_true (dex_future_is_resolved (future));
}

/* Takes as many places as it can get, and writes down when */
static void
child (const char *folder,
       int         out)
{
  g_autoptr(ComfyRateLimit) limit = _comfy_rate_limit_new_full (folder, "a", N_REQUESTS, WINDOW_US);

  for (int i = 0; i < N_EACH;)
    {
      gint64 wait_us = try_now (limit);
      gint64 stamp = now_us ();

      if (wait_us != 0)
        g_usleep ((gulong) wait_us);
      else if (write (out, &stamp, sizeof stamp) == sizeof stamp)
        i++;
    }
}

static int
compare_stamps (const void *a,
                const void *b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

/* Several processes at once, as GIMP starts them. A child notes the time after its place was given,
 * so a note can only be late, never early. */
static void
test_processes_share_the_window_exactly (Fixture    *fixture,
                                         const void *unused)
{
  g_autofree char  *path = g_build_filename (fixture->folder, "rate-limit-a", NULL);
  g_autoptr(GArray) stamps = g_array_new (FALSE, FALSE, sizeof (gint64));
  int               pipes[2];
  gint64            stamp;
  gint64            started = now_us ();

  g_assert_no_errno (pipe (pipes));
  for (int i = 0; i < N_PROCESSES; i++)
    if (fork () == 0)
      {
        child (fixture->folder, pipes[1]);
        _exit (0);
      }
  close (pipes[1]);
  while (read (pipes[0], &stamp, sizeof stamp) == sizeof stamp)
    g_array_append_val (stamps, stamp);
  close (pipes[0]);
  while (wait (NULL) > 0)
    ;

  g_assert_cmpuint (stamps->len, ==, N_PROCESSES * N_EACH);
  g_array_sort (stamps, compare_stamps);
  /* the k-th after the first may go out a window later at the earliest, k = 20, 40, … */
  for (unsigned int i = 0; i < stamps->len; i++)
    g_assert_cmpint (g_array_index (stamps, gint64, i) - started, >=,
                     (gint64) (i / N_REQUESTS) * WINDOW_US);
  /* and the limit is used: not much slower than it allows */
  g_assert_cmpint (g_array_index (stamps, gint64, stamps->len - 1) - started, <,
                   WINDOW_US * (N_PROCESSES * N_EACH / N_REQUESTS) * 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

#define ADD(path, func) g_test_add ("/rate-limit/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("a-full-window-makes-the-next-one-wait", test_a_full_window_makes_the_next_one_wait);
  ADD ("each-profile-has-its-own", test_each_profile_has_its_own);
  ADD ("an-id-cannot-leave-the-folder", test_an_id_cannot_leave_the_folder);
  ADD ("garbage-counts-as-a-full-window", test_garbage_counts_as_a_full_window);
  ADD ("a-folder-that-cannot-be-made-is-an-error", test_a_folder_that_cannot_be_made_is_an_error);
  ADD ("waiting-does-not-block-the-main-loop", test_waiting_does_not_block_the_main_loop);
  ADD ("a-lock-that-is-held-does-not-block-either",
       test_a_lock_that_is_held_does_not_block_either);
  ADD ("processes-share-the-window-exactly", test_processes_share_the_window_exactly);
#undef ADD

  return g_test_run ();
}
