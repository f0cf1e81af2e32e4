/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest time that the main loop was not at work, by a source that wants to run each ms */
typedef struct
{
  unsigned int id;        /* of the source */
  int          schedstat; /* file descriptor, or -1 */
  gint64       last;      /* µs: when it ran last */
  gint64       last_wait; /* µs that this thread had waited for a processor by then */
  gint64       longest;   /* µs, less the waiting for a processor */
  gint64       longest_with_waits;
  void       (*ticked) (gint64   gap, /* µs since the last time, less the waiting for a processor */
                        gpointer data); /* nullable */
  gpointer     data;      /* of @ticked */
} BenchWatch;

void bench_watch_start  (BenchWatch *watch);
void bench_watch_tick   (BenchWatch *watch);
void bench_watch_forget (BenchWatch *watch);
void bench_watch_stop   (BenchWatch *watch);

G_END_DECLS
