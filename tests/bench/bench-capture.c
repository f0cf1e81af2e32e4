/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a layer to the files that go up, against GIMP's own export of a PNG. Goals: three times as
 * fast as its quickest level, fifteen times as fast as its default; photographs at most 0.75 of the
 * bytes of the quickest level.
 */
#include "config.h"

#include <glib/gstdio.h>

#include "canvas-bench.h"

#define EDGE         2048 /* px */
#define ROUNDS       5
#define GOAL_QUICK   3.0
#define GOAL_DEFAULT 15.0
#define GOAL_BYTES   0.75

/* ms, and the bytes that go up */
static double
take_once (Bench     *bench,
           GimpImage *image,
           GimpLayer *layer,
           guint64   *out_bytes)
{
  g_autoptr(ComfyTake)    take = bench_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  double                  began = bench_now_ms ();
  g_autoptr(ComfyCapture) capture = bench_capture (bench, take, image, layer);
  double                  ms = bench_now_ms () - began;

  *out_bytes = bench_get_sent_bytes (bench, capture);

  return ms;
}

static double
export_once (Bench     *bench,
             GimpImage *image,
             int        level,
             guint64   *out_bytes)
{
  g_autofree char *path = g_build_filename (bench->folder, "export.png", NULL);
  double           began = bench_now_ms ();
  double           ms;
  GStatBuf         status;

  bench_export_png (image, path, level);
  ms = bench_now_ms () - began;
  g_assert_no_errno (g_stat (path, &status));
  *out_bytes = status.st_size;

  return ms;
}

static void
measure (Bench       *bench,
         const char  *name,
         ComfyPixels *pixels,
         gboolean     photograph)
{
  g_autoptr(GArray)  ours = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray)  quick = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray)  slow = g_array_new (FALSE, FALSE, sizeof (double));
  GimpLayer         *layer;
  GimpImage         *image = bench_new_image (pixels, &layer);
  guint64            our_bytes = 0;
  guint64            quick_bytes = 0;
  guint64            slow_bytes = 0;
  double             our_ms;
  double             faster;
  double             share;

  /* in turn, so that the machine's other work hits them all; the ratio of each turn counts */
  for (int i = 0; i < ROUNDS; i++)
    {
      double ratio;

      our_ms = take_once (bench, image, layer, &our_bytes);
      ratio = export_once (bench, image, 1, &quick_bytes) / our_ms;
      g_array_append_val (quick, ratio);
      ratio = export_once (bench, image, -1, &slow_bytes) / our_ms;
      g_array_append_val (slow, ratio);
      g_array_append_val (ours, our_ms);
    }
  gimp_image_delete (image);
  bench_empty (bench);

  our_ms = bench_median (ours);
  faster = bench_median (quick);
  bench_judge (bench, faster >= GOAL_QUICK,
               "%s, capture and encode %d²: %.0f ms, %.1f times as fast as a PNG of level 1 "
               "(goal %.0f)", name, EDGE, our_ms, faster, GOAL_QUICK);
  faster = bench_median (slow);
  bench_judge (bench, faster >= GOAL_DEFAULT,
               "%s: %.1f times as fast as a PNG of the default level (goal %.0f)",
               name, faster, GOAL_DEFAULT);
  share = (double) our_bytes / quick_bytes;
  if (photograph)
    bench_judge (bench, share <= GOAL_BYTES,
                 "%s: %.2f MB, %.2f of level 1's %.2f MB (goal %.2f); default %.2f MB", name,
                 our_bytes / 1e6, share, quick_bytes / 1e6, GOAL_BYTES, slow_bytes / 1e6);
  else
    bench_say ("%s: %.2f MB, level 1 %.2f MB, default %.2f MB (no goal)", name, our_bytes / 1e6,
               quick_bytes / 1e6, slow_bytes / 1e6);
}

/* babl chooses its conversions and GIMP starts its plug-in for the first time */
static void
warm_up (Bench *bench)
{
  g_autoptr(ComfyPixels)  small = bench_photograph ("coffee", 256);
  GimpLayer              *layer;
  GimpImage              *image = bench_new_image (small, &layer);
  guint64                 bytes;
  double                  cold = take_once (bench, image, layer, &bytes);
  double                  warm = take_once (bench, image, layer, &bytes);

  export_once (bench, image, 1, &bytes);
  gimp_image_delete (image);
  bench_empty (bench);
  bench_say ("capture and encode 256², the first one of a process: %.0f ms, the second %.0f ms "
             "(no goal; what follows is warm)", cold, warm);
}

void
bench_run_capture (Bench *bench)
{
  static const char *photographs[] = { "coffee", "raccoon", "rocket" };
  g_autoptr(ComfyPixels) drawing = bench_drawing (EDGE);

  warm_up (bench);
  for (unsigned int i = 0; i < G_N_ELEMENTS (photographs); i++)
    {
      g_autoptr(ComfyPixels) pixels = bench_photograph (photographs[i], EDGE);

      measure (bench, photographs[i], pixels, TRUE);
    }
  measure (bench, "a drawing", drawing, FALSE);
}
