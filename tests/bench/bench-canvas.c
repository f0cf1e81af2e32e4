/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a selection of 512² costs on a canvas of 8192² with several layers, against the same one on
 * 1024². Goal: at most twice as much, whether a layer is taken or what is visible.
 */
#include "config.h"

#include "canvas-bench.h"

#define LARGE  8192 /* px */
#define SMALL  1024
#define EDGE   512
#define ROUNDS 9
#define GOAL   2.0

static void
fill (GimpLayer   *layer,
      ComfyPixels *pixels)
{
  g_autoptr(GeglBuffer) buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  int                   edge = gimp_drawable_get_width (GIMP_DRAWABLE (layer));

  for (int y = 0; y < edge; y += SMALL)
    for (int x = 0; x < edge; x += SMALL)
      gegl_buffer_set (buffer, GEGL_RECTANGLE (x, y, SMALL, SMALL), 0, babl_format ("R'G'B'A u8"),
                       g_bytes_get_data (pixels->data, NULL), (int) pixels->stride);
}

/* three layers that are mixed, and something selected */
static GimpImage *
make_image (ComfyPixels  *pixels,
            int           edge,
            GimpLayer   **out_layer)
{
  static const GimpLayerMode modes[] = { GIMP_LAYER_MODE_NORMAL, GIMP_LAYER_MODE_MULTIPLY,
                                         GIMP_LAYER_MODE_SCREEN };
  GimpImage *image = gimp_image_new (edge, edge, GIMP_RGB);

  gimp_image_undo_disable (image);
  for (unsigned int i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      *out_layer = gimp_layer_new (image, "bench", edge, edge, GIMP_RGBA_IMAGE, i == 0 ? 100 : 60,
                                   modes[i]);
      gimp_image_insert_layer (image, *out_layer, NULL, 0);
      fill (*out_layer, pixels);
    }
  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, EDGE / 2, EDGE / 2, EDGE, EDGE);

  return image;
}

/* ms */
static double
take_once (Bench       *bench,
           GimpImage   *image,
           GimpLayer   *layer,
           ComfySource  source)
{
  g_autoptr(ComfyTake)    take = bench_new_take (source, COMFY_EXTENT_SELECTION);
  double                  began = bench_now_ms ();
  g_autoptr(ComfyCapture) capture = bench_capture (bench, take, image, layer);
  double                  ms = bench_now_ms () - began;

  g_assert_cmpint (capture->placement->region.crop.width, ==, EDGE);
  g_assert_cmpint (capture->placement->region.crop.height, ==, EDGE);

  return ms;
}

void
bench_run_canvas (Bench *bench)
{
  static const char      *names[] = { [COMFY_SOURCE_LAYER] = "a layer",
                                      [COMFY_SOURCE_VISIBLE] = "what is visible" };
  static const int        sources[] = { COMFY_SOURCE_LAYER, COMFY_SOURCE_VISIBLE };
  g_autoptr(ComfyPixels)  pixels = bench_photograph ("raccoon", SMALL);
  GimpLayer              *small_layer;
  GimpLayer              *large_layer;
  GimpImage              *small = make_image (pixels, SMALL, &small_layer);
  GimpImage              *large = make_image (pixels, LARGE, &large_layer);

  for (unsigned int i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_autoptr(GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));
      g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
      double            cost;

      take_once (bench, small, small_layer, sources[i]);
      take_once (bench, large, large_layer, sources[i]);
      for (int round = 0; round < ROUNDS; round++)
        {
          double small_ms = take_once (bench, small, small_layer, sources[i]);
          double ratio = take_once (bench, large, large_layer, sources[i]) / small_ms;

          g_array_append_val (times, small_ms);
          g_array_append_val (ratios, ratio);
        }
      cost = bench_median (ratios);
      bench_judge (bench, cost <= GOAL,
                   "a selection of %d² in %s of %d²: %.2f times the cost on %d² (%.0f ms; goal "
                   "%.0f)", EDGE, names[sources[i]], LARGE, cost, SMALL, bench_median (times), GOAL);
    }
  gimp_image_delete (small);
  gimp_image_delete (large);
}
