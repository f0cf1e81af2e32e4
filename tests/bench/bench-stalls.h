/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-watch.h"

G_BEGIN_DECLS

/* A BenchWatch of the main loop, with a thread beside it that looks what the main thread does while
 * it is held, and how much anonymous memory the process has. One at a time. */
typedef struct _BenchStalls BenchStalls;

BenchStalls *bench_stalls_new          (void);
void         bench_stalls_free         (BenchStalls *self);
/* from now on */
void         bench_stalls_begin        (BenchStalls *self);
/* ms: the longest time since the beginning, less what was waiting for a processor */
double       bench_stalls_end          (BenchStalls *self);
/* what the main thread did in the midst of the longest times, on stdout */
void         bench_stalls_tell         (BenchStalls *self,
                                        double       least_ms);
/* bytes: the most since the beginning, or the last call */
gint64       bench_stalls_take_peak    (BenchStalls *self);
/* bytes, now */
gint64       bench_stalls_get_memory   (void);

G_END_DECLS
