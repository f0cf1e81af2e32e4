/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "canvas-fixture.h"
#include "comfy-error.h"

#define RECT(x, y, width, height) GEGL_RECTANGLE (x, y, width, height)

#define WIDTH  60
#define HEIGHT 40

static ComfyTake *
new_take (ComfyEdges edges)
{
  ComfyTake *take = fixture_new_take (COMFY_SOURCE_VISIBLE, COMFY_EXTENT_BEYOND);

  take->edges = edges;
  comfy_target_set (&take->mask, "2", "mask");

  return take;
}

/* the canvas's own pixels are where they were, what is new continues them, and just that is to
 * change; layers that reach beyond the canvas are not seen there */
static void
assert_extended (Fixture      *fixture,
                 ComfyCapture *capture,
                 GBytes       *rgb)
{
  const ComfyRegion      *region = &capture->placement->region;
  g_autoptr(ComfyPixels)  sent = fixture_load_sent (fixture, capture);
  g_autoptr(ComfyPixels)  change = fixture_load_change (fixture, capture);
  g_autoptr(ComfyPixels)  mask = fixture_load (fixture, capture->placement->mask_file);
  const guint8           *canvas = g_bytes_get_data (rgb, NULL);

  g_assert_null (capture->placement->alpha_file);
  g_assert_cmpint (sent->width, ==, comfy_region_get_width (region));
  for (int y = 0; y < region->crop.height; y++)
    for (int x = 0; x < region->crop.width; x++)
      {
        int      canvas_x = region->crop.x + x;
        int      canvas_y = region->crop.y + y;
        int      near_x = CLAMP (canvas_x, 0, WIDTH - 1);
        int      near_y = CLAMP (canvas_y, 0, HEIGHT - 1);
        gboolean is_new = canvas_x != near_x || canvas_y != near_y;

        g_assert_cmpint (*fixture_get_pixel (mask, x, y), ==, is_new ? 255 : 0);
        g_assert_cmpint (*fixture_get_pixel (change, region->left + x, region->top + y), ==,
                         is_new ? 255 : 0);
        g_assert_cmpmem (fixture_get_pixel (sent, region->left + x, region->top + y), 3,
                         canvas + ((size_t) near_y * WIDTH + near_x) * 3, 3);
      }
}

static void
test_edges (Fixture    *fixture,
            const void *data)
{
  static const struct
  {
    ComfyEdges edges;
    ComfyRect  target;
  } cases[] = {
    { { 10, 0, 0, 0 }, { -10, 0, 10, 40 } },     { { 0, 12, 0, 0 }, { 0, -12, 60, 12 } },
    { { 0, 0, 7, 0 }, { 60, 0, 7, 40 } },        { { 0, 0, 0, 1 }, { 0, 40, 60, 1 } },
    { { 10, 0, 20, 0 }, { -10, 0, 90, 40 } },    { { 0, 5, 0, 6 }, { 0, -5, 60, 51 } },
    { { 10, 5, 20, 6 }, { -10, -5, 90, 51 } },   { { 3, 4, 0, 0 }, { -3, -4, 63, 44 } },
  };
  GimpImage         *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer         *layer = fixture_add_noise (image, RECT (-25, -15, 120, 90), FALSE);
  g_autoptr(GBytes)  canvas = fixture_read_visible (image, "R'G'B' u8");

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases) * 2; i++)
    {
      const ComfyRect         *target = &cases[i / 2].target;
      g_autoptr(ComfyTake)     take = new_take (cases[i / 2].edges);
      g_autoptr(ComfyCapture)  capture = NULL;
      const ComfyRect         *crop;
      ComfyRect                old;

      if (i % 2 == 1)
        {
          take->source = COMFY_SOURCE_LAYER;
          take->sizing = (ComfySizing) { .multiple = 8, .context_min = 30 };
        }
      capture = fixture_take (fixture, take, image, LAYERS (layer));
      crop = &capture->placement->region.crop;
      if (i % 2 == 0)
        fixture_assert_crop (capture, target->x, target->y, target->width, target->height);
      g_assert_true (comfy_rect_contains (crop, target));
      g_assert_null (capture->placement->alpha_file);
      g_assert_cmpint (capture->placement->edges.left, ==, take->edges.left);
      g_assert_cmpint (capture->placement->edges.bottom, ==, take->edges.bottom);
      /* without surroundings there may be nothing to continue */
      if (i % 2 == 1 || comfy_rect_intersect (crop, &(ComfyRect) { 0, 0, WIDTH, HEIGHT }, &old))
        assert_extended (fixture, capture, canvas);
    }
}

/* the result fades into what was there */
static void
test_overlap (Fixture    *fixture,
              const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, WIDTH, HEIGHT), FALSE);
  g_autoptr(ComfyTake)     take = new_take ((ComfyEdges) { .right = 20 });
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPixels)   mask = NULL;
  g_autoptr(ComfyPixels)   change = NULL;

  take->overlap = 8;
  take->sizing.context_min = 50;
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  fixture_assert_crop (capture, 30, 0, 50, 40);
  mask = fixture_load (fixture, capture->placement->mask_file);
  change = fixture_load_change (fixture, capture);
  g_assert_cmpint (*fixture_get_pixel (mask, 30, 20), ==, 255);
  g_assert_cmpint (*fixture_get_pixel (mask, 21, 20), ==, 0);
  g_assert_cmpint (*fixture_get_pixel (mask, 26, 20), >, 0);
  g_assert_cmpint (*fixture_get_pixel (mask, 26, 20), <, 255);
  g_assert_cmpint (*fixture_get_pixel (mask, 29, 0), ==, *fixture_get_pixel (mask, 29, 20));
  g_assert_cmpint (*fixture_get_pixel (change, 26, 20), ==, 255);
  g_assert_cmpint (*fixture_get_pixel (change, 21, 20), ==, 0);
}

/* transparency of the old canvas stays, what is new has none */
static void
test_transparency (Fixture    *fixture,
                   const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, WIDTH, HEIGHT), TRUE);
  g_autoptr(GBytes)        held = fixture_read (layer, "A u8");
  g_autoptr(ComfyTake)     take = new_take ((ComfyEdges) { 6, 5, 4, 3 });
  g_autoptr(ComfyCapture)  capture = fixture_take (fixture, take, image, LAYERS (layer));
  g_autoptr(ComfyPixels)   alpha = fixture_load (fixture, capture->placement->alpha_file);

  fixture_assert_crop (capture, -6, -5, 70, 48);
  for (int y = 0; y < 48; y++)
    for (int x = 0; x < 70; x++)
      if (x < 6 || y < 5 || x >= 6 + WIDTH || y >= 5 + HEIGHT)
        g_assert_cmpint (*fixture_get_pixel (alpha, x, y), ==, 255);
      else
        g_assert_cmpint (*fixture_get_pixel (alpha, x, y), ==,
                         ((const guint8 *) g_bytes_get_data (held, NULL))[(y - 5) * WIDTH + x - 6]);
}

static void
test_refusals (Fixture    *fixture,
               const void *data)
{
  GimpImage            *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer            *layer = fixture_add_noise (image, RECT (0, 0, WIDTH, HEIGHT), FALSE);
  g_autoptr(ComfyTake)  take = new_take ((ComfyEdges) { 0 });

  fixture_take_fails (fixture, take, image, LAYERS (layer), COMFY_ERROR_INVALID_ARGUMENT,
                      "“Try” has nothing to add");
  take->edges = (ComfyEdges) { 10000, 10000, 10000, 10000 };
  fixture_take_fails (fixture, take, image, LAYERS (layer), COMFY_ERROR_TOO_LARGE,
                      "The extended image has 20060 × 20040 pixels");
  take->edges = (ComfyEdges) { G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT };
  fixture_take_fails (fixture, take, image, LAYERS (layer), COMFY_ERROR_TOO_LARGE, "too large");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_capture_beyond_add (void)
{
  ADD ("/capture/beyond/each-edge-and-all", test_edges);
  ADD ("/capture/beyond/fades-into-what-was-there", test_overlap);
  ADD ("/capture/beyond/what-is-new-is-opaque", test_transparency);
  ADD ("/capture/beyond/says-what-cannot-be", test_refusals);
}
