/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "canvas-fixture.h"
#include "comfy-layer-writer.h"

#define RECT(x, y, width, height) GEGL_RECTANGLE (x, y, width, height)
#define NAMES(...) ((const char * const []) { __VA_ARGS__, NULL })

static const char *
get_source (ComfyCapture *capture)
{
  return ((ComfyInput *) g_ptr_array_index (capture->inputs, 0))->file;
}

static void
assert_layer (GimpLayer *layer,
              int        x,
              int        y,
              int        width,
              int        height)
{
  int offset_x;
  int offset_y;

  gimp_drawable_get_offsets (GIMP_DRAWABLE (layer), &offset_x, &offset_y);
  g_assert_cmpint (offset_x, ==, x);
  g_assert_cmpint (offset_y, ==, y);
  g_assert_cmpint (gimp_drawable_get_width (GIMP_DRAWABLE (layer)), ==, width);
  g_assert_cmpint (gimp_drawable_get_height (GIMP_DRAWABLE (layer)), ==, height);
}

static unsigned int
count_layers (GimpImage *image)
{
  g_autofree GimpLayer **layers = gimp_image_get_layers (image);
  unsigned int           n = 0;

  while (layers[n] != NULL)
    n++;

  return n;
}

/* the layer that came back looks as the one that was sent, in an image of any kind */
static void
test_comes_back (Fixture    *fixture,
                 const void *data)
{
  static const GimpPrecision precisions[] = {
    GIMP_PRECISION_U8_NON_LINEAR, GIMP_PRECISION_U16_NON_LINEAR, GIMP_PRECISION_U16_LINEAR,
    GIMP_PRECISION_FLOAT_LINEAR, GIMP_PRECISION_FLOAT_NON_LINEAR,
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (precisions) * 4; i++)
    {
      GimpPrecision      precision = precisions[i / 4];
      GimpImageBaseType  base = i % 2 == 0 ? GIMP_RGB : GIMP_GRAY;
      gboolean           alpha = i % 4 >= 2;
      GimpImage         *image = gimp_image_new_with_precision (60, 50, base, precision);
      GimpLayer         *layer = fixture_add_noise (image, RECT (-9, 7, 61, 43), alpha);
      GimpLayer         *came;
      g_autoptr(GBytes)  sent = NULL;
      g_autoptr(GBytes)  back = NULL;
      const guint8      *a;
      const guint8      *b;

      came = fixture_send_and_return (fixture, image, layer);
      assert_layer (came, -9, 7, 61, 43);
      g_assert_cmpint (gimp_image_get_precision (image), ==, precision);
      g_assert_cmpint (gimp_image_get_base_type (image), ==, base);
      g_assert_cmpint (gimp_drawable_has_alpha (GIMP_DRAWABLE (came)), ==, alpha);

      sent = fixture_read (layer, "R'G'B'A u8");
      back = fixture_read (came, "R'G'B'A u8");
      a = g_bytes_get_data (sent, NULL);
      b = g_bytes_get_data (back, NULL);
      for (size_t p = 0; p < 61 * 43 * 4; p += 4)
        {
          g_assert_cmpint (a[p + 3], ==, b[p + 3]);
          if (a[p + 3] != 0)
            g_assert_cmpmem (a + p, 3, b + p, 3);
        }
    }
}

static void
test_profile (Fixture    *fixture,
              const void *data)
{
  g_autoptr(GimpColorProfile)  profile = gimp_color_profile_new_rgb_adobe ();
  GimpImage                   *image;
  g_autoptr(GBytes)            seen = NULL;
  g_autoptr(GBytes)            back = NULL;
  GimpLayer                   *layer;
  GimpLayer                   *came;

  /* 8 bits of another profile's are not exactly any 8 bits of sRGB's */
  image = gimp_image_new_with_precision (60, 50, GIMP_RGB, GIMP_PRECISION_U16_NON_LINEAR);
  gimp_image_set_color_profile (image, profile);
  layer = fixture_add_noise (image, RECT (0, 0, 60, 50), FALSE);
  came = fixture_send_and_return (fixture, image, layer);
  seen = fixture_read (layer, "R'G'B' u8");
  back = fixture_read (came, "R'G'B' u8");
  for (size_t i = 0; i < g_bytes_get_size (seen); i++)
    g_assert_cmpint (ABS (((const guint8 *) g_bytes_get_data (seen, NULL))[i]
                          - ((const guint8 *) g_bytes_get_data (back, NULL))[i]), <=, 1);
}

static void
test_indexed (Fixture    *fixture,
              const void *data)
{
  GimpImage         *image = gimp_image_new (60, 50, GIMP_RGB);
  GimpLayer         *layer = fixture_add_noise (image, RECT (0, 0, 60, 50), FALSE);
  GimpLayer         *came;
  g_autoptr(GBytes)  seen = NULL;
  g_autoptr(GBytes)  back = NULL;

  gimp_image_convert_indexed (image, GIMP_CONVERT_DITHER_NONE, GIMP_CONVERT_PALETTE_GENERATE, 16,
                              FALSE, FALSE, "");
  came = fixture_send_and_return (fixture, image, layer);
  g_assert_cmpint (gimp_image_get_base_type (image), ==, GIMP_INDEXED);
  seen = fixture_read (layer, "R'G'B' u8");
  back = fixture_read (came, "R'G'B' u8");
  g_assert_true (g_bytes_equal (seen, back));
}

static void
test_only_once (Fixture    *fixture,
                const void *data)
{
  GimpImage               *image = gimp_image_new (60, 50, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, 60, 50), FALSE);
  g_autoptr(ComfyCapture)  capture = fixture_capture (fixture, "invert", image, layer);
  g_autoptr(GPtrArray)     first = NULL;
  g_autoptr(GPtrArray)     second = NULL;

  g_assert_false (comfy_host_is_placed (fixture->host, "job-1"));
  fixture_place (fixture, capture->placement, NAMES (get_source (capture)), "job-1", &first);
  g_assert_true (comfy_host_is_placed (fixture->host, "job-1"));
  g_assert_false (comfy_host_is_placed (fixture->host, "job-2"));
  fixture_place (fixture, capture->placement, NAMES (get_source (capture)), "job-1", &second);
  g_assert_cmpuint (count_layers (image), ==, 2);
  g_assert_true (g_ptr_array_index (first, 0) == g_ptr_array_index (second, 0));

  gimp_image_remove_layer (image, g_ptr_array_index (first, 0));
  g_assert_false (comfy_host_is_placed (fixture->host, "job-1"));
}

static void
test_several (Fixture    *fixture,
              const void *data)
{
  GimpImage               *image = gimp_image_new (60, 50, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, 60, 50), FALSE);
  g_autoptr(ComfyCapture)  capture = fixture_capture (fixture, "invert", image, layer);
  const char              *name = get_source (capture);
  g_autoptr(GPtrArray)     placed = NULL;
  g_autofree GimpItem    **children = NULL;
  g_autofree char         *first_name = NULL;
  GimpItem                *group;

  fixture_place (fixture, capture->placement, NAMES (name, name, name), "several", &placed);
  g_assert_cmpuint (placed->len, ==, 3);
  g_assert_cmpuint (count_layers (image), ==, 2);
  group = gimp_item_get_parent (g_ptr_array_index (placed, 0));
  children = gimp_item_get_children (group);
  for (unsigned int i = 0; i < 3; i++)
    g_assert_true (children[i] == g_ptr_array_index (placed, i));
  first_name = gimp_item_get_name (children[0]);
  g_assert_cmpstr (first_name, ==, "Invert (seed 7, 1 of 3)");
  g_assert_true (comfy_host_is_placed (fixture->host, "several"));
}

/* a parent in another image stands for whatever GIMP may refuse */
static void
test_refused (Fixture    *fixture,
              const void *data)
{
  GimpImage              *image = gimp_image_new (60, 50, GIMP_RGB);
  GimpImage              *other = gimp_image_new (60, 50, GIMP_RGB);
  GimpLayer              *above = gimp_layer_new (other, "above", 60, 50, GIMP_RGB_IMAGE, 100,
                                                  GIMP_LAYER_MODE_NORMAL);
  GimpLayer              *group = GIMP_LAYER (gimp_group_layer_new (other, "group"));
  g_autoptr(ComfyPixels)  pixels = fixture_make_pixels (60, 50, 3);

  gimp_image_insert_layer (other, group, NULL, 0);
  gimp_image_insert_layer (other, above, group, 0);

  for (unsigned int n = 1; n <= 2; n++)
    {
      g_autoptr(GPtrArray) layers = g_ptr_array_new ();
      const ComfyRect      rect = { .width = 60, .height = 50 };

      for (unsigned int i = 0; i < n; i++)
        g_ptr_array_add (layers, comfy_layer_writer_new_layer (image, "result", pixels, &rect));
      g_assert_false (comfy_layer_writer_insert (image, layers, COMFY_GROUPING_SEVERAL, "results",
                                                 GIMP_ITEM (above)));
      g_assert_cmpuint (count_layers (image), ==, 0);
      for (unsigned int i = 0; i < n; i++)
        g_assert_false (gimp_item_is_valid (g_ptr_array_index (layers, i)));
    }

  gimp_image_delete (other);
}

/* a result of another size is made to fit, one in its natural size makes the canvas grow */
static void
test_fits (Fixture    *fixture,
           const void *data)
{
  GimpImage               *image = gimp_image_new (60, 50, GIMP_RGB);
  GimpLayer               *whole = fixture_add_noise (image, RECT (0, 0, 60, 50), TRUE);
  GimpLayer               *part = fixture_add_noise (image, RECT (10, 11, 20, 15), FALSE);
  g_autoptr(ComfyPixels)   pixels = fixture_make_pixels (80, 60, 3);
  g_autoptr(ComfyCapture)  region = fixture_capture (fixture, "invert", image, part);
  g_autoptr(ComfyCapture)  natural = fixture_capture (fixture, "upscale-4x", image, part);
  g_autoptr(ComfyCapture)  growing = fixture_capture (fixture, "upscale-4x", image, whole);
  g_autoptr(GPtrArray)     placed = NULL;
  g_autoptr(GPtrArray)     grown = NULL;
  g_autoptr(GPtrArray)     fitted = NULL;

  fixture_save (fixture, "result.png", pixels);
  fixture_place (fixture, region->placement, NAMES ("result.png"), "region", &fitted);
  assert_layer (g_ptr_array_index (fitted, 0), 10, 11, 20, 15);

  fixture_place (fixture, natural->placement, NAMES ("result.png"), "natural", &placed);
  assert_layer (g_ptr_array_index (placed, 0), 10, 11, 80, 60);
  g_assert_cmpint (gimp_image_get_width (image), ==, 60);

  fixture_place (fixture, growing->placement, NAMES ("result.png"), "growing", &grown);
  assert_layer (g_ptr_array_index (grown, 0), 0, 0, 80, 60);
  g_assert_cmpint (gimp_image_get_width (image), ==, 80);
  g_assert_cmpint (gimp_image_get_height (image), ==, 60);
  g_assert_true (gimp_drawable_has_alpha (g_ptr_array_index (grown, 0)));
}

/* it goes where it was taken, whatever became of the layer meanwhile */
static void
test_source_gone (Fixture    *fixture,
                  const void *data)
{
  GimpImage               *image = gimp_image_new (60, 50, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (5, 6, 30, 20), FALSE);
  g_autoptr(ComfyCapture)  moved = fixture_capture (fixture, "invert", image, layer);
  g_autoptr(GPtrArray)     first = NULL;
  g_autoptr(GPtrArray)     second = NULL;

  gimp_layer_set_offsets (layer, 40, 40);
  fixture_place (fixture, moved->placement, NAMES (get_source (moved)), "moved", &first);
  assert_layer (g_ptr_array_index (first, 0), 5, 6, 30, 20);

  gimp_image_remove_layer (image, layer);
  fixture_place (fixture, moved->placement, NAMES (get_source (moved)), "removed", &second);
  assert_layer (g_ptr_array_index (second, 0), 5, 6, 30, 20);
}

/* in the middle of pasting: the floating selection goes on floating */
static void
test_floating_selection (Fixture    *fixture,
                         const void *data)
{
  GimpImage               *image = gimp_image_new (60, 50, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, 60, 50), FALSE);
  GimpDrawable            *drawables[] = { GIMP_DRAWABLE (layer), NULL };
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(GPtrArray)     placed = NULL;
  g_autoptr(GBytes)        seen = NULL;
  g_autoptr(GBytes)        back = NULL;
  GimpLayer               *floating;

  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 10, 10, 20, 20);
  floating = gimp_selection_float (image, drawables, 3, 3);
  capture = fixture_capture (fixture, "invert", image, layer);
  fixture_place (fixture, capture->placement, NAMES (get_source (capture)), "floating", &placed);
  assert_layer (g_ptr_array_index (placed, 0), 0, 0, 60, 50);
  g_assert_true (gimp_image_get_floating_sel (image) == floating);

  /* it was sent as it was seen */
  gimp_floating_sel_anchor (floating);
  seen = fixture_read (layer, "R'G'B' u8");
  back = fixture_read (g_ptr_array_index (placed, 0), "R'G'B' u8");
  g_assert_true (g_bytes_equal (seen, back));
}

static void
test_image_gone (Fixture    *fixture,
                 const void *data)
{
  GimpImage               *image;
  GimpLayer               *layer;
  GimpImage               *other = gimp_image_new (5, 5, GIMP_RGB);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(GPtrArray)     placed = NULL;

  image = gimp_image_new_with_precision (60, 50, GIMP_GRAY, GIMP_PRECISION_U16_LINEAR);
  layer = fixture_add_noise (image, RECT (5, 6, 30, 20), FALSE);
  capture = fixture_capture (fixture, "invert", image, layer);
  gimp_image_delete (image);

  image = fixture_place (fixture, capture->placement, NAMES (get_source (capture)), "gone",
                         &placed);
  g_assert_true (image != other);
  g_assert_cmpint (gimp_image_get_width (image), ==, 60);
  g_assert_cmpint (gimp_image_get_height (image), ==, 50);
  g_assert_cmpint (gimp_image_get_base_type (image), ==, GIMP_GRAY);
  g_assert_cmpint (gimp_image_get_precision (image), ==, GIMP_PRECISION_U16_LINEAR);
  assert_layer (g_ptr_array_index (placed, 0), 5, 6, 30, 20);
}

/* saved, closed and opened again, as after a restart: ids are others, the mark is the same */
static void
test_image_reopened (Fixture    *fixture,
                     const void *data)
{
  GimpImage               *image = gimp_image_new (60, 50, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (5, 6, 30, 20), FALSE);
  g_autofree char         *path = g_build_filename (fixture->folder, "work.xcf", NULL);
  g_autoptr(GFile)         file = g_file_new_for_path (path);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autofree GimpLayer   **layers = NULL;
  g_autoptr(GPtrArray)     placed = NULL;
  GimpImage               *reopened;

  fixture_add_noise (image, RECT (0, 0, 60, 50), FALSE);
  capture = fixture_capture (fixture, "invert", image, layer);
  g_assert_true (gimp_file_save (GIMP_RUN_NONINTERACTIVE, image, file, NULL));
  gimp_image_delete (image);
  reopened = gimp_file_load (GIMP_RUN_NONINTERACTIVE, file);

  g_assert_true (fixture_place (fixture, capture->placement, NAMES (get_source (capture)),
                                "reopened", &placed) == reopened);
  layers = gimp_image_get_layers (reopened);
  g_assert_true (layers[1] == g_ptr_array_index (placed, 0)); /* between the two it had */
}

static void
test_no_image (Fixture    *fixture,
               const void *data)
{
  g_autoptr(ComfyCapture)  capture = fixture_capture (fixture, "generate-image", NULL, NULL);
  g_autoptr(ComfyPixels)   pixels = fixture_make_pixels (48, 32, 3);
  g_autoptr(GPtrArray)     placed = NULL;
  GimpImage               *image;

  fixture_save (fixture, "result.png", pixels);
  image = fixture_place (fixture, capture->placement, NAMES ("result.png"), "new", &placed);
  g_assert_cmpint (gimp_image_get_width (image), ==, 48);
  g_assert_cmpint (gimp_image_get_height (image), ==, 32);
  assert_layer (g_ptr_array_index (placed, 0), 0, 0, 48, 32);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_place_add (void)
{
  ADD ("/place/comes-back-as-it-was-sent", test_comes_back);
  ADD ("/place/right-colour-under-another-profile", test_profile);
  ADD ("/place/indexed-stays-indexed", test_indexed);
  ADD ("/place/never-twice", test_only_once);
  ADD ("/place/several-come-as-a-group", test_several);
  ADD ("/place/what-gimp-refuses-leaves-nothing", test_refused);
  ADD ("/place/fits-the-region-or-grows-the-canvas", test_fits);
  ADD ("/place/stays-where-it-was-taken", test_source_gone);
  ADD ("/place/beside-a-floating-selection", test_floating_selection);
  ADD ("/place/an-image-that-is-gone-is-made-anew", test_image_gone);
  ADD ("/place/an-image-is-known-after-a-restart", test_image_reopened);
  ADD ("/place/without-an-image-it-makes-one", test_no_image);
}
