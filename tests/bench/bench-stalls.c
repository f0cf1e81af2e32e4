/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench-stalls.h"

#define LOOK_US   2000  /* between two looks */
#define SOME_US   15000 /* held as long as that, it is looked at what the main thread does */
#define MAX_DEPTH 40
#define N_KEPT    3

/* What the main thread did while the loop was held */
typedef struct
{
  void   *frames[MAX_DEPTH];
  int     depth;
  gint64  us; /* of the whole time, less the waiting for a processor */
} Stall;

struct _BenchStalls
{
  BenchWatch             watch;
  _Atomic gint64         turned;  /* µs: when the loop was at work last; 0: nobody watches */
  gint64                 looked;  /* µs: the turn that was looked at */
  Stall                  now;
  volatile sig_atomic_t  has_now;
  Stall                  kept[N_KEPT];
  unsigned int           n_kept;
  _Atomic gint64         peak;    /* bytes */
  _Atomic gboolean       is_over;
  pthread_t              main;
  GThread               *thread;
};

static BenchStalls *looked_at;

static void
signal_cb (int number)
{
  looked_at->now.depth = backtrace (looked_at->now.frames, MAX_DEPTH);
  looked_at->has_now = TRUE;
}

gint64
bench_stalls_get_memory (void)
{
  char   text[128] = "";
  FILE  *file = fopen ("/proc/self/statm", "r");
  long   resident = 0;
  long   shared = 0;

  if (file == NULL)
    return 0;

  if (fgets (text, sizeof text, file) != NULL)
    sscanf (text, "%*d %ld %ld", &resident, &shared);
  fclose (file);

  return (gint64) (resident - shared) * sysconf (_SC_PAGESIZE);
}

static gpointer
look_thread (gpointer data)
{
  BenchStalls *self = data;

  while (!self->is_over)
    {
      gint64 turned = self->turned;

      g_usleep (LOOK_US);
      self->peak = MAX (self->peak, bench_stalls_get_memory ());
      if (turned == 0 || turned != self->turned || turned == self->looked
          || g_get_monotonic_time () - turned < SOME_US)
        continue;
      self->looked = turned;
      pthread_kill (self->main, SIGURG);
    }

  return NULL;
}

/* the longest ones are kept */
static void
keep (BenchStalls *self,
      gint64       us)
{
  unsigned int least = 0;

  self->now.us = us;
  if (self->n_kept < N_KEPT)
    {
      self->kept[self->n_kept++] = self->now;
      return;
    }
  for (unsigned int i = 1; i < N_KEPT; i++)
    if (self->kept[i].us < self->kept[least].us)
      least = i;
  if (self->kept[least].us < us)
    self->kept[least] = self->now;
}

static void
ticked_cb (gint64   held,
           gpointer data)
{
  BenchStalls *self = data;

  if (self->has_now)
    keep (self, held);
  self->has_now = FALSE;
  self->turned = g_get_monotonic_time ();
}

BenchStalls *
bench_stalls_new (void)
{
  BenchStalls *self = g_new0 (BenchStalls, 1);
  void        *frames[2];

  /* the first call allocates, which a signal's handler may not */
  backtrace (frames, 2);
  looked_at = self;
  self->main = pthread_self ();
  signal (SIGURG, signal_cb);
  self->thread = g_thread_new ("look", look_thread, self);

  return self;
}

void
bench_stalls_free (BenchStalls *self)
{
  self->is_over = TRUE;
  g_thread_join (self->thread);
  signal (SIGURG, SIG_DFL);
  g_free (self);
}

void
bench_stalls_begin (BenchStalls *self)
{
  self->n_kept = 0;
  self->peak = 0;
  self->turned = g_get_monotonic_time ();
  bench_watch_start (&self->watch);
  self->watch.ticked = ticked_cb;
  self->watch.data = self;
}

double
bench_stalls_end (BenchStalls *self)
{
  bench_watch_stop (&self->watch);
  self->turned = 0;

  return self->watch.longest / 1000.0;
}

void
bench_stalls_tell (BenchStalls *self,
                   double       least_ms)
{
  for (unsigned int i = 0; i < self->n_kept; i++)
    {
      const Stall *stall = &self->kept[i];
      char       **names;

      if (stall->us < least_ms * 1000)
        continue;

      names = backtrace_symbols (stall->frames, stall->depth);
      g_print ("%d ms, in:\n", (int) (stall->us / 1000));
      /* the first two are the look itself */
      for (int frame = 2; frame < stall->depth && names != NULL; frame++)
        g_print ("    %s\n", names[frame]);
      free (names);
    }
}

gint64
bench_stalls_take_peak (BenchStalls *self)
{
  gint64 peak = self->peak;

  self->peak = 0;

  return peak;
}
