/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long the main loop is held while 4096² are captured, placed and shown in place: windows do not
 * move as long.
 * Goal: never longer than 50 ms, but for the one undo step of placing. Time in which this thread
 * stood in line for a processor does not count.
 */
#include "config.h"

#include "bench-place.h"
#include "comfy-gimp-host.h"
#include "test-future.h"

#define EDGE    4096 /* px */
#define SHOWN   512  /* px: edge of what is shown in place */
#define ROUNDS  5
#define GOAL_MS 50.0

/* The undo step begins when the host asks whether the artist's hand is free. */
static BenchWatch *watched;
static gint64      step_began; /* µs */

static DexFuture *
hand (void)
{
  bench_watch_tick (watched);
  step_began = watched->last;

  return dex_future_new_for_boolean (TRUE);
}

static void
judge (Bench      *bench,
       const char *what,
       GArray     *times,
       GArray     *with_waits)
{
  double held = bench_median (times);

  /* sorted by now */
  bench_judge (bench, held <= GOAL_MS,
               "%s %d²: the main loop is held for %.0f ms at most (goal %.0f), median of %d; worst "
               "%.0f ms, with waiting for a processor %.0f ms (no goals)",
               what, EDGE, held, GOAL_MS, ROUNDS,
               g_array_index (times, double, times->len - 1), bench_median (with_waits));
}

static void
capture (Bench       *bench,
         const char  *what,
         GimpImage   *image,
         GimpLayer   *layer,
         ComfySource  source)
{
  g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) with_waits = g_array_new (FALSE, FALSE, sizeof (double));

  for (int i = 0; i < ROUNDS; i++)
    {
      g_autoptr(ComfyTake)    take = bench_new_take (source, COMFY_EXTENT_WHOLE);
      g_autoptr(ComfyCapture) taken = NULL;
      BenchWatch              watch;
      double                  ms;

      bench_watch_start (&watch);
      taken = bench_capture (bench, take, image, layer);
      bench_watch_stop (&watch);
      ms = watch.longest / 1000.0;
      g_array_append_val (times, ms);
      ms = watch.longest_with_waits / 1000.0;
      g_array_append_val (with_waits, ms);
    }
  judge (bench, what, times, with_waits);
}

static void
place (BenchJob   *job,
       const char *what,
       BenchFile   file)
{
  g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) with_waits = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) steps = g_array_new (FALSE, FALSE, sizeof (double));

  for (int i = 0; i < ROUNDS; i++)
    {
      g_autofree GimpLayer **layers = NULL;
      BenchWatch             watch;
      double                 ms;

      bench_watch_start (&watch);
      watched = &watch;
      bench_job_place (job, file);
      bench_watch_forget (&watch);
      ms = (watch.last - step_began) / 1000.0;
      g_array_append_val (steps, ms);
      bench_watch_stop (&watch);
      ms = watch.longest / 1000.0;
      g_array_append_val (times, ms);
      ms = watch.longest_with_waits / 1000.0;
      g_array_append_val (with_waits, ms);

      layers = gimp_image_get_layers (job->image);
      gimp_image_remove_layer (job->image, layers[0]);
    }
  judge (job->bench, what, times, with_waits);
  bench_say ("%s %d²: the undo step takes %.0f ms (no goal)", what, EDGE, bench_median (steps));
}

/* All that placing does happens in one go, because no other step may be seen. */
static void
compare (BenchJob   *job,
         const char *what)
{
  g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) durations = g_array_new (FALSE, FALSE, sizeof (double));

  for (int i = 0; i < ROUNDS; i++)
    {
      g_autoptr(ComfyResult)  result = bench_job_new_result (job, BENCH_PNG);
      g_autoptr(DexFuture)    future = NULL;
      g_autoptr(GError)       error = NULL;
      double                  began = bench_now_ms ();
      BenchWatch              watch;
      double                  ms;

      bench_watch_start (&watch);
      future = test_settle (comfy_host_compare (job->bench->host, result, SHOWN));
      bench_watch_stop (&watch);
      dex_future_get_value (future, &error);
      g_assert_no_error (error);
      ms = watch.longest / 1000.0;
      g_array_append_val (times, ms);
      ms = bench_now_ms () - began;
      g_array_append_val (durations, ms);
    }
  bench_say ("%s %d²: takes %.0f ms, and holds the main loop for %.0f ms at most (no goals), "
             "median of %d", what, EDGE, bench_median (durations), bench_median (times), ROUNDS);
}

void
bench_run_hold (Bench *bench)
{
  g_autoptr(ComfyPixels)  pixels = bench_photograph ("raccoon", EDGE);
  g_autoptr(ComfyPixels)  drawing = bench_drawing (EDGE);
  GimpLayer              *layer;
  GimpImage              *image = bench_new_image (pixels, &layer);
  BenchJob                job;

  bench_add_layer (image, drawing);
  capture (bench, "capture of a layer of", image, layer, COMFY_SOURCE_LAYER);
  capture (bench, "capture of what is visible of two layers of", image, layer,
           COMFY_SOURCE_VISIBLE);
  gimp_image_delete (image);
  bench_empty (bench);

  bench_job_init (&job, bench, pixels);
  comfy_gimp_host_set_hand (COMFY_GIMP_HOST (bench->host), hand);
  place (&job, "placing a PNG of", BENCH_PNG);
  place (&job, "placing a WebP of", BENCH_WEBP);
  compare (&job, "showing in place a PNG of");
  bench_job_clear (&job);
}
