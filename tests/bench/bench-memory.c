/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The most that a process takes which captures 4096² RGBA, over one that captures next to nothing.
 * Goal: three times the pixels themselves.
 */
#include "config.h"

#include <string.h>

#include "canvas-bench.h"

#define EDGE   4096 /* px */
#define ROUNDS 3
#define GOAL   3.0

int
bench_get_peak (Bench     *bench,
                GimpImage *image)
{
  g_autoptr(ComfyTake)     take = bench_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autofree GimpLayer   **layers = gimp_image_get_layers (image);
  g_autoptr(ComfyCapture)  capture = bench_capture (bench, take, image, layers[0]);
  g_autofree char         *status = NULL;
  const char              *peak;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  peak = strstr (status, "VmHWM:");
  g_assert_nonnull (peak);

  return (int) g_ascii_strtoll (peak + strlen ("VmHWM:"), NULL, 10);
}

/* bytes, of a process of its own */
static double
measure (GimpImage *image)
{
  GimpProcedure  *procedure = gimp_pdb_lookup_procedure (gimp_get_pdb (), BENCH_PEAK);
  GimpValueArray *values = gimp_procedure_run (procedure, "image", image, NULL);
  double          peak;

  g_assert_cmpint (GIMP_VALUES_GET_ENUM (values, 0), ==, GIMP_PDB_SUCCESS);
  peak = GIMP_VALUES_GET_INT (values, 1) * 1024.0;
  gimp_value_array_unref (values);

  return peak;
}

/* how often the pixels themselves */
static double
compare (Bench       *bench,
         ComfyPixels *pixels)
{
  g_autoptr(GArray)       times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(ComfyPixels)  tiny = bench_photograph ("coffee", 8);
  GimpLayer              *layer;
  GimpImage              *small = bench_new_image (tiny, &layer);
  GimpImage              *large = bench_new_image (pixels, &layer);

  for (int i = 0; i < ROUNDS; i++)
    {
      double ratio = (measure (large) - measure (small)) / (4.0 * EDGE * EDGE);

      g_array_append_val (times, ratio);
    }
  gimp_image_delete (small);
  gimp_image_delete (large);

  return bench_median (times);
}

void
bench_run_memory (Bench *bench)
{
  g_autoptr(ComfyPixels) photograph = bench_photograph ("raccoon", EDGE);
  g_autoptr(ComfyPixels) drawing = bench_drawing (EDGE);
  double                 times = compare (bench, photograph);

  bench_judge (bench, times <= GOAL,
               "a photograph, capture of %d² RGBA: %.2f times the pixels' memory over idle (goal "
               "%.0f)", EDGE, times, GOAL);
  times = compare (bench, drawing);
  bench_judge (bench, times <= GOAL,
               "a drawing, capture of %d² RGBA: %.2f times the pixels' memory over idle (goal "
               "%.0f)", EDGE, times, GOAL);
}
