/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include "bench-watch.h"

/* On a busy machine this thread stands in line for a processor, through no fault of what it does. */
static gint64
get_wait (BenchWatch *watch)
{
  char    text[128] = "";
  char   *second;
  ssize_t n = watch->schedstat >= 0 ? pread (watch->schedstat, text, sizeof text - 1, 0) : -1;

  if (n <= 0)
    return 0;

  g_ascii_strtoull (text, &second, 10);

  return (gint64) (g_ascii_strtoull (second, NULL, 10) / 1000);
}

/* counts the time since the last tick */
void
bench_watch_tick (BenchWatch *watch)
{
  gint64 now = g_get_monotonic_time ();
  gint64 wait = get_wait (watch);
  gint64 gap = now - watch->last;
  gint64 held = gap - (wait - watch->last_wait);

  watch->longest_with_waits = MAX (watch->longest_with_waits, gap);
  watch->longest = MAX (watch->longest, held);
  if (watch->ticked != NULL)
    watch->ticked (held, watch->data);
  watch->last = now;
  watch->last_wait = wait;
}

/* does not count the time since the last tick */
void
bench_watch_forget (BenchWatch *watch)
{
  watch->last = g_get_monotonic_time ();
  watch->last_wait = get_wait (watch);
}

static gboolean
tick_cb (void *data)
{
  bench_watch_tick (data);

  return G_SOURCE_CONTINUE;
}

void
bench_watch_start (BenchWatch *watch)
{
  *watch = (BenchWatch) { 0 };
  watch->schedstat = open ("/proc/self/schedstat", O_RDONLY | O_CLOEXEC);
  bench_watch_forget (watch);
  watch->id = g_timeout_add_full (G_PRIORITY_HIGH, 1, tick_cb, watch, NULL);
}

void
bench_watch_stop (BenchWatch *watch)
{
  bench_watch_tick (watch);
  g_source_remove (watch->id);
  if (watch->schedstat >= 0)
    close (watch->schedstat);
}
