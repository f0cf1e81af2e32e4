/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "canvas-fixture.h"

#define RECT(x, y, width, height) GEGL_RECTANGLE (x, y, width, height)

static gboolean
is_empty (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);

  return g_dir_read_name (dir) == NULL;
}

static void
test_tells (Fixture    *fixture,
            const void *data)
{
  GimpImage               *image = gimp_image_new (600, 300, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, 600, 300), FALSE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_SELECTION);
  g_autoptr(ComfyPreview)  whole = NULL;
  g_autoptr(ComfyPreview)  preview = NULL;
  g_autoptr(ComfyCapture)  capture = NULL;

  take->sizing = (ComfySizing) { .pixels = 200 * 200, .multiple = 16, .context = 0.5 };
  comfy_target_set (&take->mask, "2", "mask");
  whole = fixture_preview (fixture, take, image, LAYERS (layer));
  g_assert_false (whole->has_selection);
  g_assert_cmpint (whole->thumbnail->width, ==, 256);
  g_assert_cmpint (whole->thumbnail->height, ==, 128);

  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 200, 100, 60, 60);
  preview = fixture_preview (fixture, take, image, LAYERS (layer));
  g_assert_true (is_empty (fixture->folder));
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  g_assert_true (preview->has_selection);
  g_assert_cmpint (preview->width, ==, comfy_region_get_width (&capture->placement->region));
  g_assert_cmpint (preview->height, ==, comfy_region_get_height (&capture->placement->region));
  g_assert_cmpuint (preview->bytes, ==, fixture_count_sent (fixture, capture));
  g_assert_cmpint (preview->thumbnail->width, ==, 120);
}

/* what is not selected is dark, what is transparent is transparent */
static void
test_thumbnail (Fixture    *fixture,
                const void *data)
{
  for (unsigned int i = 0; i < 2; i++)
    {
      GimpImage               *image = NULL;
      GimpLayer               *layer;
      g_autoptr(ComfyTake)     take = NULL;
      g_autoptr(ComfyPreview)  preview = NULL;
      g_autoptr(GBytes)        held = NULL;
      const guint8            *expected;

      image = gimp_image_new_with_precision (100, 80, GIMP_RGB,
                                             i == 0 ? GIMP_PRECISION_U8_NON_LINEAR
                                                    : GIMP_PRECISION_U16_NON_LINEAR);
      layer = fixture_add_noise (image, RECT (0, 0, 100, 80), TRUE);
      held = fixture_read (layer, "R'G'B'A u8");
      expected = g_bytes_get_data (held, NULL);
      take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_SELECTION);
      take->sizing.context = 10.0;
      gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 30, 20, 40, 30);
      preview = fixture_preview (fixture, take, image, LAYERS (layer));
      g_assert_cmpint (preview->thumbnail->width, ==, 100);
      g_assert_cmpint (preview->thumbnail->channels, ==, 4);
      for (int y = 0; y < 80; y++)
        for (int x = 0; x < 100; x++)
          {
            const guint8 *pixel = fixture_get_pixel (preview->thumbnail, x, y);
            const guint8 *held_pixel = expected + ((size_t) y * 100 + x) * 4;
            gboolean      selected = x >= 30 && x < 70 && y >= 20 && y < 50;

            g_assert_cmpint (pixel[3], ==, held_pixel[3]);
            for (unsigned int channel = 0; channel < 3 && pixel[3] != 0; channel++)
              if (selected)
                g_assert_cmpint (pixel[channel], ==, held_pixel[channel]);
              else
                g_assert_cmpint (pixel[channel], <=, held_pixel[channel] / 2);
          }
    }
}

static void
test_leaves_no_trace (Fixture    *fixture,
                      const void *data)
{
  GimpImage               *image = gimp_image_new (60, 50, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, 60, 50), TRUE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_VISIBLE, COMFY_EXTENT_SELECTION);
  g_autoptr(ComfyPreview)  preview = NULL;
  g_autofree GimpImage   **images = NULL;
  g_auto(GStrv)            parasites = NULL;
  gboolean                 selected;
  int                      x1;
  int                      y1;
  int                      x2;
  int                      y2;

  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 10, 11, 12, 13);
  gimp_image_clean_all (image);
  preview = fixture_preview (fixture, take, image, LAYERS (layer));
  parasites = gimp_image_get_parasite_list (image);
  images = gimp_get_images ();
  g_assert_true (parasites == NULL || parasites[0] == NULL);
  g_assert_null (images[1]);
  g_assert_false (gimp_image_is_dirty (image));
  g_assert_true (gimp_selection_bounds (image, &selected, &x1, &y1, &x2, &y2));
  g_assert_true (selected && x1 == 10 && y1 == 11 && x2 == 22 && y2 == 24);

  /* nor does a capture, but for its mark */
  comfy_capture_free (fixture_take (fixture, take, image, LAYERS (layer)));
  g_assert_false (gimp_image_is_dirty (image));
}

static void
test_nothing (Fixture    *fixture,
              const void *data)
{
  GimpImage               *image = gimp_image_new (60, 50, GIMP_RGB);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_NONE, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyPreview)  preview = fixture_preview (fixture, take, image, NO_LAYERS);

  g_assert_null (preview->thumbnail);
  g_assert_cmpuint (preview->bytes, ==, 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_capture_preview_add (void)
{
  ADD ("/capture/preview/tells-what-is-sent", test_tells);
  ADD ("/capture/preview/shows-what-is-to-change", test_thumbnail);
  ADD ("/capture/preview/leaves-no-trace", test_leaves_no_trace);
  ADD ("/capture/preview/of-nothing-is-nothing", test_nothing);
}
