/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The limiter as it is used, 600 in any 60 s, by 4 processes that all want more: how many it lets
 * out in the fullest 60 s. Goal: never above 600; and not much below, or it would be in the way.
 * One of the processes is killed on the way, as GIMP kills plug-ins.
 */
#include "config.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "comfy-rate-limit-private.h"
#include "test-future.h"

#define N_PROCESSES 4
#define DURATION_US (75 * (gint64) G_USEC_PER_SEC)
#define WINDOW_US   (COMFY_RATE_LIMIT_WINDOW_S * (gint64) G_USEC_PER_SEC)
#define GOAL_USE    0.95

static gint64
now_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* Sends as fast as it may until the time is over, and tells each time through @out */
static void
child (const char *folder,
       int         out,
       gint64      until)
{
  g_autoptr(ComfyRateLimit) limit = comfy_rate_limit_new (folder, "bench");

  while (now_us () < until)
    {
      gint64 wait_us;
      gint64 stamp;

      g_assert_true (_comfy_rate_limit_try (limit, &wait_us, NULL));
      stamp = now_us ();
      if (wait_us != 0)
        g_usleep ((gulong) MIN (wait_us, G_USEC_PER_SEC));
      else
        g_assert_cmpint (write (out, &stamp, sizeof stamp), ==, sizeof stamp);
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

/* @stamps: sorted */
static unsigned int
count_fullest_window (GArray *stamps)
{
  unsigned int most = 0;

  for (unsigned int first = 0, last = 0; last < stamps->len; last++)
    {
      while (g_array_index (stamps, gint64, last) - g_array_index (stamps, gint64, first) >=
             WINDOW_US)
        first++;
      most = MAX (most, last - first + 1);
    }

  return most;
}

int
main (int    argc,
      char **argv)
{
  g_autofree char   *folder = g_dir_make_tmp ("comfy-bench-XXXXXX", NULL);
  g_autoptr(GArray)  stamps = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64             started = now_us ();
  pid_t              pids[N_PROCESSES];
  unsigned int       fullest;
  int                pipes[2];
  gint64             stamp;

  g_assert_no_errno (pipe (pipes));
  for (int i = 0; i < N_PROCESSES; i++)
    {
      pids[i] = fork ();
      if (pids[i] == 0)
        {
          child (folder, pipes[1], started + DURATION_US);
          _exit (0);
        }
    }
  close (pipes[1]);

  while (read (pipes[0], &stamp, sizeof stamp) == sizeof stamp)
    {
      g_array_append_val (stamps, stamp);
      if (stamps->len == COMFY_RATE_LIMIT_REQUESTS / 2)
        kill (pids[0], SIGKILL);
    }
  close (pipes[0]);
  while (wait (NULL) > 0)
    ;
  test_remove_tree (folder);

  g_array_sort (stamps, compare_stamps);
  fullest = count_fullest_window (stamps);
  g_print ("rate limit: %u requests by %d processes in %d s, at most %u in any 60 s (limit %d)\n",
           stamps->len, N_PROCESSES, (int) (DURATION_US / G_USEC_PER_SEC), fullest,
           COMFY_RATE_LIMIT_REQUESTS);

  return fullest <= COMFY_RATE_LIMIT_REQUESTS &&
         fullest >= GOAL_USE * COMFY_RATE_LIMIT_REQUESTS ? 0 : 1;
}
