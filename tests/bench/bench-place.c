/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a result's file to a layer in the image, against GIMP's own way with the same PNG:
 * gimp_file_load_layer() and inserting what that returns. Goal: 1.7 times as fast, for a PNG and for
 * a WebP of the same picture.
 */
#include "config.h"

#include "bench-place.h"
#include "test-future.h"

#define EDGE   2048 /* px */
#define ROUNDS 7
#define GOAL   1.7

static void
export_rgb (BenchJob    *self,
            ComfyPixels *pixels)
{
  GimpLayer *layer;
  GimpImage *image = bench_new_image (pixels, &layer);

  /* as ComfyUI's SaveImage writes it */
  gimp_layer_flatten (layer);
  bench_export_png (image, self->paths[BENCH_PNG], 4);
  gimp_image_delete (image);
}

void
bench_job_init (BenchJob    *self,
                Bench       *bench,
                ComfyPixels *pixels)
{
  g_autoptr(ComfyTake)  take = bench_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(GError)     error = NULL;
  const ComfyInput     *input;
  GimpLayer            *layer;

  *self = (BenchJob) { .bench = bench };
  self->action = comfy_action_new_from_files (COMFY_TEST_SOURCE_DIR "/tests/data/actions/invert.json",
                                              COMFY_TEST_SOURCE_DIR
                                              "/tests/data/actions/invert.gimp.json", &error);
  g_assert_no_error (error);
  self->image = bench_new_image (pixels, &layer);
  self->capture = bench_capture (bench, take, self->image, layer);
  input = g_ptr_array_index (self->capture->inputs, 0);
  g_assert_cmpstr (input->content_type, ==, "image/webp");
  self->paths[BENCH_WEBP] = g_build_filename (bench->folder, input->file, NULL);
  self->paths[BENCH_PNG] = g_build_filename (bench->folder, "result.png", NULL);
  export_rgb (self, pixels);
}

void
bench_job_clear (BenchJob *self)
{
  gimp_image_delete (self->image);
  comfy_capture_free (self->capture);
  g_object_unref (self->action);
  for (unsigned int i = 0; i < G_N_ELEMENTS (self->paths); i++)
    g_free (self->paths[i]);
  bench_empty (self->bench);
}

/* removes what was placed on top */
static void
remove_upmost (GimpImage *image)
{
  g_autofree GimpLayer **layers = gimp_image_get_layers (image);

  g_assert_nonnull (layers[1]);
  gimp_image_remove_layer (image, layers[0]);
}

ComfyResult *
bench_job_new_result (BenchJob  *self,
                      BenchFile  file)
{
  g_autoptr(ComfyRequest)  request = NULL;
  g_autofree char         *job_id = g_strdup_printf ("job-%u", self->n_placed++);
  const char              *paths[] = { self->paths[file], NULL };

  request = comfy_request_new (&(ComfyRequestParts) {
    .action_id = "invert",
    .title = "Bench",
    .seed = 7,
    .profile_id = "profile",
    .workflow = comfy_action_get_variant (self->action, 0)->workflow,
    .placement = self->capture->placement,
  });

  return comfy_result_new (job_id, request, self->bench->folder, paths);
}

/* until it is in the image; the caller removes it */
void
bench_job_place (BenchJob  *self,
                 BenchFile  file)
{
  g_autoptr(ComfyResult)  result = bench_job_new_result (self, file);
  g_autoptr(DexFuture)    future = test_settle (comfy_host_place (self->bench->host, result));
  g_autoptr(GError)       error = NULL;

  dex_future_get_value (future, &error);
  g_assert_no_error (error);
}

/* ms */
static double
place_once (BenchJob  *self,
            BenchFile  file)
{
  double began = bench_now_ms ();
  double ms;

  bench_job_place (self, file);
  ms = bench_now_ms () - began;
  remove_upmost (self->image);

  return ms;
}

/* ms */
static double
load_once (BenchJob  *self,
           BenchFile  file)
{
  g_autoptr(GFile)  path = g_file_new_for_path (self->paths[file]);
  double            began = bench_now_ms ();
  GimpLayer        *layer = gimp_file_load_layer (GIMP_RUN_NONINTERACTIVE, self->image, path);
  double            ms;

  g_assert_nonnull (layer);
  gimp_image_insert_layer (self->image, layer, NULL, 0);
  ms = bench_now_ms () - began;
  gimp_image_remove_layer (self->image, layer);

  return ms;
}

static void
measure (Bench      *bench,
         const char *name)
{
  static const char      *names[] = { [BENCH_PNG] = "PNG", [BENCH_WEBP] = "WebP" };
  g_autoptr(ComfyPixels)  pixels = bench_photograph (name, EDGE);
  BenchJob                job;

  bench_job_init (&job, bench, pixels);
  for (BenchFile file = BENCH_PNG; file <= BENCH_WEBP; file++)
    {
      g_autoptr(GArray) ours = g_array_new (FALSE, FALSE, sizeof (double));
      g_autoptr(GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));
      g_autoptr(GArray) same = g_array_new (FALSE, FALSE, sizeof (double));
      double            cold = place_once (&job, file);
      double            faster;

      load_once (&job, file);
      for (int i = 0; i < ROUNDS; i++)
        {
          double ms = place_once (&job, file);
          double ratio = load_once (&job, BENCH_PNG) / ms;
          double own_ratio = load_once (&job, file) / ms;

          g_array_append_val (ours, ms);
          g_array_append_val (ratios, ratio);
          g_array_append_val (same, own_ratio);
        }
      faster = bench_median (ratios);
      bench_judge (bench, faster >= GOAL,
                   "%s, decode and place %d² of a %s: %.0f ms, %.1f times as fast as GIMP with the "
                   "PNG (goal %.1f); %.1f times as fast as GIMP with the same file; the first one "
                   "took %.0f ms (no goals)",
                   name, EDGE, names[file], bench_median (ours), faster, GOAL, bench_median (same),
                   cold);
    }
  bench_job_clear (&job);
}

void
bench_run_place (Bench *bench)
{
  measure (bench, "coffee");
  measure (bench, "raccoon");
  measure (bench, "rocket");
}
