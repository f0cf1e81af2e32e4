/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "bench-watch.h"
#include "comfy-host.h"

G_BEGIN_DECLS

/* One run of a measure inside of GIMP */
typedef struct
{
  char      *folder; /* owned: for files that a measure makes */
  ComfyHost *host;   /* owned */
  gboolean   missed; /* a goal was not reached */
} Bench;

#define BENCH_PROCEDURE "bench-comfy-canvas"
#define BENCH_PEAK      "bench-comfy-peak"

double        bench_now_ms         (void);
double        bench_median         (GArray         *values);
void          bench_say            (const char     *format,
                                    ...) G_GNUC_PRINTF (1, 2);
void          bench_judge          (Bench          *bench,
                                    gboolean        reached,
                                    const char     *format,
                                    ...) G_GNUC_PRINTF (3, 4);
Bench        *bench_new            (void);
void          bench_free           (Bench          *bench);
void          bench_empty          (Bench          *bench);

ComfyTake    *bench_new_take       (ComfySource     source,
                                    ComfyExtent     extent);
ComfyCapture *bench_capture        (Bench          *bench,
                                    ComfyTake      *take,
                                    GimpImage      *image,
                                    GimpLayer      *layer);
guint64       bench_get_sent_bytes (Bench          *bench,
                                    ComfyCapture   *capture);
GimpImage    *bench_new_image      (ComfyPixels    *pixels,
                                    GimpLayer     **out_layer);
GimpLayer    *bench_add_layer      (GimpImage      *image,
                                    ComfyPixels    *pixels);
void          bench_export_png     (GimpImage      *image,
                                    const char     *path,
                                    int             level);

/* RGBA of 8 bits */
ComfyPixels  *bench_photograph     (const char     *name,
                                    int             edge);
ComfyPixels  *bench_drawing        (int             edge);

/* the measures */
void          bench_run_capture    (Bench          *bench);
void          bench_run_hold       (Bench          *bench);
void          bench_run_place      (Bench          *bench);
void          bench_run_memory     (Bench          *bench);
void          bench_run_canvas     (Bench          *bench);
/* KiB: the most that this process has taken once it has captured the image's only layer */
int           bench_get_peak       (Bench          *bench,
                                    GimpImage      *image);

G_END_DECLS
