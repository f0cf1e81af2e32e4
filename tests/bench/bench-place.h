/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas-bench.h"
#include "comfy-action.h"

G_BEGIN_DECLS

/* The kinds of result files */
typedef enum
{
  BENCH_PNG,
  BENCH_WEBP,
} BenchFile;

/* An image from which a job was sent, and what came of it */
typedef struct
{
  Bench        *bench;
  GimpImage    *image;    /* owned */
  ComfyCapture *capture;  /* owned */
  ComfyAction  *action;   /* owned */
  char         *paths[2]; /* owned, by BenchFile */
  unsigned int  n_placed; /* so that no result is the same as the one before */
} BenchJob;

void       bench_job_init  (BenchJob    *self,
                            Bench       *bench,
                            ComfyPixels *pixels);
void       bench_job_clear (BenchJob    *self);
/* (transfer full): what came, of a job of its own */
ComfyResult *
           bench_job_new_result
                           (BenchJob    *self,
                            BenchFile    file);
void       bench_job_place (BenchJob    *self,
                            BenchFile    file);

G_END_DECLS
