/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Filters that are not merged, and layers that are made of something else than pixels.
 */
#include "config.h"

#include "canvas-fixture.h"
#include "comfy-error.h"

#define RECT(x, y, width, height) GEGL_RECTANGLE (x, y, width, height)

#define WIDTH  160
#define HEIGHT 120

/* GEGL blurs recursively, so that values depend a little on where it begins; colour counts as much
 * as is seen of it, so that it is as far off as itself and its alpha */
#define ALPHA_ERROR  4
#define COLOUR_ERROR (2 + ALPHA_ERROR)

static void
assert_near (int a,
             int b,
             int error)
{
  g_assert_cmpint (ABS (a - b), <=, error);
}

/* what was taken is what GIMP shows at the same place, where that is on the canvas */
static void
assert_visible (Fixture      *fixture,
                ComfyCapture *capture,
                GBytes       *rgba)
{
  const ComfyRect        *crop = &capture->placement->region.crop;
  g_autoptr(ComfyPixels)  seen = fixture_load_seen (fixture, capture);
  const guint8           *visible = g_bytes_get_data (rgba, NULL);

  for (int y = MAX (crop->y, 0); y < MIN (crop->y + crop->height, HEIGHT); y++)
    for (int x = MAX (crop->x, 0); x < MIN (crop->x + crop->width, WIDTH); x++)
      {
        const guint8 *pixel = fixture_get_pixel (seen, x - crop->x, y - crop->y);
        const guint8 *expected = visible + ((size_t) y * WIDTH + x) * 4;

        assert_near (pixel[3], expected[3], ALPHA_ERROR);
        for (unsigned int channel = 0; channel < 3; channel++)
          assert_near (pixel[channel] * pixel[3] / 255, expected[channel] * expected[3] / 255,
                       COLOUR_ERROR);
      }
}

/* and there is nothing to be seen outside of it */
static void
assert_whole (ComfyCapture *capture,
              GBytes       *rgba)
{
  const ComfyRect *crop = &capture->placement->region.crop;
  const guint8    *visible = g_bytes_get_data (rgba, NULL);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      if (x < crop->x || y < crop->y || x >= crop->x + crop->width || y >= crop->y + crop->height)
        g_assert_cmpint (visible[((size_t) y * WIDTH + x) * 4 + 3], <=, 1);
}

/* a blur near the selection's edge has what is beyond that edge in it */
static void
test_blur (Fixture    *fixture,
           const void *data)
{
  GimpImage         *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer         *layer = fixture_add_noise (image, RECT (0, 0, WIDTH, HEIGHT), FALSE);
  g_autoptr(GBytes)  plain = fixture_read_visible (image, "R'G'B'A u8");
  g_autoptr(GBytes)  visible = NULL;

  fixture_add_filter (layer, "gegl:gaussian-blur");
  visible = fixture_read_visible (image, "R'G'B'A u8");
  g_assert_false (g_bytes_equal (plain, visible));
  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 50, 40, 30, 20);
  for (ComfySource source = COMFY_SOURCE_LAYER; source <= COMFY_SOURCE_VISIBLE; source++)
    {
      g_autoptr(ComfyTake)    take = fixture_new_take (source, COMFY_EXTENT_SELECTION);
      g_autoptr(ComfyCapture) capture = fixture_take (fixture, take, image, LAYERS (layer));

      fixture_assert_crop (capture, 50, 40, 30, 20);
      assert_visible (fixture, capture, visible);
    }
}

/* a shadow lies outside of its layer, on all sides */
static void
test_shadow (Fixture    *fixture,
             const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (40, 30, 40, 30), TRUE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyCapture)  selected = NULL;
  g_autoptr(ComfyPixels)   mask = NULL;
  g_autoptr(GBytes)        visible = NULL;
  const ComfyRect         *crop;

  fixture_add_filter (layer, "gegl:dropshadow");
  visible = fixture_read_visible (image, "R'G'B'A u8");
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  crop = &capture->placement->region.crop;
  g_assert_cmpint (crop->x, <, 40);
  g_assert_cmpint (crop->y, <, 30);
  g_assert_cmpint (crop->x + crop->width, >, 80);
  assert_visible (fixture, capture, visible);
  assert_whole (capture, visible);

  /* finding that out has not cost the selection */
  take->extent = COMFY_EXTENT_SELECTION;
  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 36, 26, 20, 20);
  selected = fixture_take (fixture, take, image, LAYERS (layer));
  fixture_assert_crop (selected, 36, 26, 20, 20);
  assert_visible (fixture, selected, visible);
  mask = fixture_load (fixture, selected->placement->mask_file);
  g_assert_cmpint (*fixture_get_pixel (mask, 0, 0), ==, 255);
  g_assert_cmpint (*fixture_get_pixel (mask, 19, 19), ==, 255);
}

/* a mask hides the shadow outside of the layer, and where it is black within */
static void
test_masked_shadow (Fixture    *fixture,
                    const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (40, 30, 40, 30), TRUE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(GBytes)        visible = NULL;

  gimp_image_select_ellipse (image, GIMP_CHANNEL_OP_REPLACE, 45, 35, 30, 20);
  gimp_layer_add_mask (layer, gimp_layer_create_mask (layer, GIMP_ADD_MASK_SELECTION));
  gimp_selection_none (image);
  fixture_add_filter (layer, "gegl:dropshadow");
  visible = fixture_read_visible (image, "R'G'B'A u8");
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  fixture_assert_crop (capture, 40, 30, 40, 30);
  assert_visible (fixture, capture, visible);
  assert_whole (capture, visible);
}

/* of a group, and of a layer in a group */
static void
test_groups (Fixture    *fixture,
             const void *data)
{
  for (unsigned int i = 0; i < 4; i++)
    {
      GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
      GimpLayer               *group = GIMP_LAYER (gimp_group_layer_new (image, "group"));
      GimpLayer               *layer = fixture_add_noise (image, RECT (40, 30, 40, 30), TRUE);
      g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
      g_autoptr(ComfyCapture)  capture = NULL;
      g_autoptr(GBytes)        visible = NULL;

      gimp_image_insert_layer (image, group, NULL, 0);
      gimp_image_reorder_item (image, GIMP_ITEM (layer), GIMP_ITEM (group), 0);
      fixture_add_filter (i % 2 == 0 ? group : layer, "gegl:dropshadow");
      visible = fixture_read_visible (image, "R'G'B'A u8");
      if (i >= 2)
        take->source = COMFY_SOURCE_LAYERS;
      capture = fixture_take (fixture, take, image, LAYERS (group));
      assert_visible (fixture, capture, visible);
      assert_whole (capture, visible);
    }
}

/* a filter that is switched off counts as none */
static void
test_switched_off (Fixture    *fixture,
                   const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (40, 30, 40, 30), FALSE);
  g_autoptr(GBytes)        visible = fixture_read_visible (image, "R'G'B'A u8");
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyCapture)  capture = NULL;

  gimp_drawable_filter_set_visible (fixture_add_filter (layer, "gegl:dropshadow"), FALSE);
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  fixture_assert_crop (capture, 40, 30, 40, 30);
  assert_visible (fixture, capture, visible);
}

static void
test_text (Fixture    *fixture,
           const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyCapture)  filtered = NULL;
  g_autoptr(GBytes)        visible = NULL;
  g_autoptr(GBytes)        shaded = NULL;
  GimpTextLayer           *text;

  text = gimp_text_layer_new (image, "Hello", gimp_context_get_font (), 30.0, gimp_unit_pixel ());
  gimp_image_insert_layer (image, GIMP_LAYER (text), NULL, 0);
  gimp_layer_set_offsets (GIMP_LAYER (text), 30, 20);
  visible = fixture_read_visible (image, "R'G'B'A u8");
  capture = fixture_take (fixture, take, image, LAYERS (GIMP_LAYER (text)));
  fixture_assert_crop (capture, 30, 20, gimp_drawable_get_width (GIMP_DRAWABLE (text)),
                       gimp_drawable_get_height (GIMP_DRAWABLE (text)));
  assert_visible (fixture, capture, visible);

  fixture_add_filter (GIMP_LAYER (text), "gegl:dropshadow");
  shaded = fixture_read_visible (image, "R'G'B'A u8");
  filtered = fixture_take (fixture, take, image, LAYERS (GIMP_LAYER (text)));
  assert_visible (fixture, filtered, shaded);
  assert_whole (filtered, shaded);
  /* it still is text */
  g_assert_true (gimp_item_is_text_layer (GIMP_ITEM (text)));
}

/* GIMP 3.2 has layers that show a file; earlier ones have not */
static void
test_link (Fixture    *fixture,
           const void *data)
{
  GimpProcedure             *procedure = NULL;
  g_autoptr(GFile)           file = NULL;
  g_autoptr(ComfyTake)       take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyCapture)    capture = NULL;
  g_autoptr(GBytes)          visible = NULL;
  g_autoptr(ComfyPixels)     picture = NULL;
  GimpImage                 *image;
  GimpLayer                 *layer;
  GimpValueArray            *values;

  if (!gimp_pdb_procedure_exists (gimp_get_pdb (), "gimp-link-layer-new"))
    {
      g_test_skip ("this GIMP has no link layers");
      return;
    }

  image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  picture = fixture_make_pixels (50, 40, 3);
  fixture_save (fixture, "linked.png", picture);
  file = g_file_new_build_filename (fixture->folder, "linked.png", NULL);
  procedure = gimp_pdb_lookup_procedure (gimp_get_pdb (), "gimp-link-layer-new");
  values = gimp_procedure_run (procedure, "image", image, "file", file, NULL);
  g_assert_cmpint (GIMP_VALUES_GET_ENUM (values, 0), ==, GIMP_PDB_SUCCESS);
  layer = GIMP_LAYER (g_value_get_object (gimp_value_array_index (values, 1)));
  gimp_value_array_unref (values);
  gimp_image_insert_layer (image, layer, NULL, 0);
  gimp_layer_set_offsets (layer, 20, 10);
  visible = fixture_read_visible (image, "R'G'B'A u8");
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  fixture_assert_crop (capture, 20, 10, 50, 40);
  assert_visible (fixture, capture, visible);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_capture_filters_add (void)
{
  ADD ("/capture/filters/see-beyond-the-crop", test_blur);
  ADD ("/capture/filters/paint-beyond-the-layer", test_shadow);
  ADD ("/capture/filters/are-masked", test_masked_shadow);
  ADD ("/capture/filters/of-groups-and-in-groups", test_groups);
  ADD ("/capture/filters/switched-off-are-none", test_switched_off);
  ADD ("/capture/filters/text-is-a-layer", test_text);
  ADD ("/capture/filters/a-link-is-a-layer", test_link);
}
