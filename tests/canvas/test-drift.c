/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The canvas is cropped or grows while a job runs: the result stays with what it was made of.
 */
#include "config.h"

#include "canvas-fixture.h"

#define WIDTH  80
#define HEIGHT 60

/* places a picture as large as what was captured; returns where it lies */
static void
place (Fixture      *fixture,
       ComfyCapture *capture,
       int          *out_x,
       int          *out_y)
{
  static const char * const  names[] = { "result.png", NULL };
  const ComfyRect           *crop = &capture->placement->region.crop;
  g_autoptr(ComfyPixels)     result = fixture_make_pixels (crop->width, crop->height, 3);
  g_autofree char           *job_id = g_uuid_string_random ();
  g_autoptr(GPtrArray)       layers = NULL;

  fixture_save (fixture, "result.png", result);
  fixture_place (fixture, capture->placement, names, job_id, &layers);
  g_assert_cmpuint (layers->len, ==, 1);
  gimp_drawable_get_offsets (g_ptr_array_index (layers, 0), out_x, out_y);
}

/* as GIMP's crop tool does it: layers keep what is beyond the canvas */
static void
test_canvas_resized (Fixture    *fixture,
                     const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, GEGL_RECTANGLE (4, 6, 50, 40), FALSE);
  g_autoptr(ComfyCapture)  capture = fixture_capture (fixture, "invert", image, layer);
  int                      x;
  int                      y;

  g_assert_true (gimp_image_resize (image, WIDTH - 30, HEIGHT - 20, -11, -7));
  place (fixture, capture, &x, &y);
  g_assert_cmpint (x, ==, 4 - 11);
  g_assert_cmpint (y, ==, 6 - 7);
}

/* the layer itself is cut, but another one tells */
static void
test_image_cropped (Fixture    *fixture,
                    const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, GEGL_RECTANGLE (0, 0, WIDTH, HEIGHT),
                                                      FALSE);
  g_autoptr(ComfyCapture)  capture = NULL;
  int                      x;
  int                      y;

  fixture_add_noise (image, GEGL_RECTANGLE (30, 25, 10, 10), TRUE);
  capture = fixture_capture (fixture, "invert", image, layer);
  g_assert_true (gimp_image_crop (image, 40, 30, 20, 15));
  place (fixture, capture, &x, &y);
  g_assert_cmpint (x, ==, -20);
  g_assert_cmpint (y, ==, -15);
}

/* that says nothing of the canvas */
static void
test_layer_moved (Fixture    *fixture,
                  const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, GEGL_RECTANGLE (4, 6, 50, 40), FALSE);
  g_autoptr(ComfyCapture)  capture = fixture_capture (fixture, "invert", image, layer);
  int                      x;
  int                      y;

  g_assert_true (gimp_layer_set_offsets (layer, 20, 10));
  place (fixture, capture, &x, &y);
  g_assert_cmpint (x, ==, 4);
  g_assert_cmpint (y, ==, 6);
}

void
test_drift_add (void)
{
  g_test_add ("/drift/of-a-canvas-that-was-made-smaller", Fixture, NULL, fixture_set_up,
              test_canvas_resized, fixture_tear_down);
  g_test_add ("/drift/of-an-image-that-was-cropped", Fixture, NULL, fixture_set_up,
              test_image_cropped, fixture_tear_down);
  g_test_add ("/drift/is-not-that-of-a-layer", Fixture, NULL, fixture_set_up,
              test_layer_moved, fixture_tear_down);
}
