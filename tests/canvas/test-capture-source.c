/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "canvas-fixture.h"
#include "comfy-error.h"

#define RECT(x, y, width, height) GEGL_RECTANGLE (x, y, width, height)

/* one pixel of a layer, at px of the image */
static void
get_held (GBytes              *rgba,
          const GeglRectangle *rect,
          int                  x,
          int                  y,
          guint8               out_pixel[4])
{
  const guint8 *data = g_bytes_get_data (rgba, NULL);

  memset (out_pixel, 0, 4);
  if (x >= rect->x && y >= rect->y && x < rect->x + rect->width && y < rect->y + rect->height)
    memcpy (out_pixel, data + ((size_t) (y - rect->y) * rect->width + (x - rect->x)) * 4, 4);
}

/* what is visible without alpha equals what was taken */
static void
assert_pixel (const guint8 *seen,
              const guint8 *expected)
{
  g_assert_cmpint (seen[3], ==, expected[3]);
  if (expected[3] != 0)
    g_assert_cmpmem (seen, 3, expected, 3);
}

static void
assert_seen (Fixture      *fixture,
             ComfyCapture *capture,
             GBytes       *rgba)
{
  g_autoptr(ComfyPixels)  seen = fixture_load_seen (fixture, capture);
  const guint8           *expected = g_bytes_get_data (rgba, NULL);

  g_assert_cmpuint (g_bytes_get_size (rgba), ==, (size_t) seen->width * seen->height * 4);
  for (int y = 0; y < seen->height; y++)
    for (int x = 0; x < seen->width; x++)
      assert_pixel (fixture_get_pixel (seen, x, y),
                    expected + ((size_t) y * seen->width + x) * 4);
}

/* disjoint, overlapping and before the canvas: together they are as large as they reach, and the
 * upper one is above, in whatever order they were selected */
static void
test_layers (Fixture    *fixture,
             const void *data)
{
  const GeglRectangle     *low = RECT (-10, -5, 40, 30);
  const GeglRectangle     *high = RECT (20, 15, 50, 60);
  GimpImage               *image = gimp_image_new (60, 50, GIMP_RGB);
  GimpLayer               *first = fixture_add_noise (image, low, FALSE);
  GimpLayer               *second = fixture_add_noise (image, high, FALSE);
  g_autoptr(GBytes)        first_held = fixture_read (first, "R'G'B'A u8");
  g_autoptr(GBytes)        second_held = fixture_read (second, "R'G'B'A u8");
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYERS, COMFY_EXTENT_WHOLE);

  /* neither what is above nor what is below them */
  fixture_add_noise (image, RECT (0, 0, 60, 50), FALSE);
  gimp_image_reorder_item (image, GIMP_ITEM (fixture_add_noise (image, RECT (0, 0, 60, 50), FALSE)),
                           NULL, 3);

  for (unsigned int i = 0; i < 2; i++)
    {
      g_autoptr(ComfyCapture) capture = NULL;
      g_autoptr(ComfyPixels)  seen = NULL;

      capture = fixture_take (fixture, take, image, i == 0 ? LAYERS (first, second)
                                                           : LAYERS (second, first));
      fixture_assert_crop (capture, -10, -5, 80, 80);
      g_assert_cmpint (capture->placement->layer_id, ==, gimp_item_get_id (GIMP_ITEM (second)));
      seen = fixture_load_seen (fixture, capture);
      for (int y = 0; y < 80; y++)
        for (int x = 0; x < 80; x++)
          {
            guint8 expected[4];

            get_held (second_held, high, x - 10, y - 5, expected);
            if (expected[3] == 0)
              get_held (first_held, low, x - 10, y - 5, expected);
            assert_pixel (fixture_get_pixel (seen, x, y), expected);
          }
    }
}

/* their opacity and mode count among each other; the group that they are in does not */
static void
test_layers_blend (Fixture    *fixture,
                   const void *data)
{
  GimpImage               *image = gimp_image_new (40, 30, GIMP_RGB);
  GimpImage               *reference = gimp_image_new (40, 30, GIMP_RGB);
  GimpLayer               *group = GIMP_LAYER (gimp_group_layer_new (image, "group"));
  GimpLayer               *low = fixture_add_noise (image, RECT (0, 0, 40, 30), FALSE);
  GimpLayer               *high = fixture_add_noise (image, RECT (5, 5, 20, 20), TRUE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYERS, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(GBytes)        expected = NULL;

  gimp_layer_set_mode (high, GIMP_LAYER_MODE_MULTIPLY);
  gimp_layer_set_opacity (high, 60.0);
  gimp_layer_set_opacity (low, 70.0);
  gimp_image_insert_layer (reference, gimp_layer_new_from_drawable (GIMP_DRAWABLE (low), reference),
                           NULL, 0);
  gimp_image_insert_layer (reference, gimp_layer_new_from_drawable (GIMP_DRAWABLE (high), reference),
                           NULL, 0);
  expected = fixture_read_visible (reference, "R'G'B'A u8");

  gimp_image_insert_layer (image, group, NULL, 0);
  gimp_image_reorder_item (image, GIMP_ITEM (high), GIMP_ITEM (group), 0);
  gimp_layer_set_opacity (group, 30.0);
  capture = fixture_take (fixture, take, image, LAYERS (low, high));
  fixture_assert_crop (capture, 0, 0, 40, 30);
  assert_seen (fixture, capture, expected);
}

/* a group and a layer in it are the group; its hidden layers are not seen, though it is taken even
 * when it is hidden itself */
static void
test_group (Fixture    *fixture,
            const void *data)
{
  GimpImage         *image = gimp_image_new (80, 60, GIMP_RGB);
  GimpLayer         *group = GIMP_LAYER (gimp_group_layer_new (image, "group"));
  GimpLayer         *low = fixture_add_noise (image, RECT (10, 10, 40, 30), TRUE);
  GimpLayer         *hidden = fixture_add_noise (image, RECT (10, 10, 40, 30), FALSE);
  g_autoptr(GBytes)  held = fixture_read (low, "R'G'B'A u8");

  gimp_image_insert_layer (image, group, NULL, 0);
  gimp_image_reorder_item (image, GIMP_ITEM (low), GIMP_ITEM (group), 0);
  gimp_image_reorder_item (image, GIMP_ITEM (hidden), GIMP_ITEM (group), 0);
  gimp_item_set_visible (GIMP_ITEM (hidden), FALSE);
  gimp_item_set_visible (GIMP_ITEM (group), FALSE);
  gimp_layer_set_opacity (group, 40.0);

  for (int mode = 0; mode < 2; mode++)
    {
      g_autoptr(ComfyTake)    take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
      g_autoptr(ComfyCapture) capture = NULL;
      g_autoptr(ComfyCapture) inner = NULL;

      if (mode == 1)
        gimp_layer_set_mode (group, GIMP_LAYER_MODE_PASS_THROUGH);
      capture = fixture_take (fixture, take, image, LAYERS (low, group));
      fixture_assert_crop (capture, 10, 10, 40, 30);
      g_assert_cmpint (capture->placement->layer_id, ==, gimp_item_get_id (GIMP_ITEM (group)));
      assert_seen (fixture, capture, held);
      /* selected for itself, a hidden layer is meant */
      inner = fixture_take (fixture, take, image, LAYERS (hidden));
      g_assert_null (inner->placement->alpha_file);
    }
}

static void
test_group_mask (Fixture    *fixture,
                 const void *data)
{
  GimpImage               *image = gimp_image_new (80, 60, GIMP_RGB);
  GimpLayer               *group = GIMP_LAYER (gimp_group_layer_new (image, "group"));
  GimpLayer               *layer = fixture_add_noise (image, RECT (10, 10, 40, 30), FALSE);
  g_autoptr(GBytes)        held = fixture_read (layer, "R'G'B'A u8");
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_SELECTION);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPixels)   seen = NULL;

  gimp_image_insert_layer (image, group, NULL, 0);
  gimp_image_reorder_item (image, GIMP_ITEM (layer), GIMP_ITEM (group), 0);
  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 20, 15, 10, 10);
  gimp_layer_add_mask (group, gimp_layer_create_mask (group, GIMP_ADD_MASK_SELECTION));
  /* looked at, it still is a mask */
  gimp_layer_set_show_mask (group, TRUE);
  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 15, 12, 20, 16);
  capture = fixture_take (fixture, take, image, LAYERS (group));
  fixture_assert_crop (capture, 15, 12, 20, 16);
  seen = fixture_load_seen (fixture, capture);
  for (int y = 12; y < 28; y++)
    for (int x = 15; x < 35; x++)
      {
        guint8 expected[4];

        get_held (held, RECT (10, 10, 40, 30), x, y, expected);
        if (x < 20 || x >= 30 || y < 15 || y >= 25)
          expected[3] = 0;
        assert_pixel (fixture_get_pixel (seen, x - 15, y - 12), expected);
      }
}

/* (transfer none): three layers, one of them hidden, in several modes and a group */
static GimpImage *
new_collage (GimpImageBaseType type)
{
  GimpImage *image = gimp_image_new (90, 70, type);
  GimpLayer *group = GIMP_LAYER (gimp_group_layer_new (image, "group"));
  GimpLayer *top;

  fixture_add_noise (image, RECT (0, 0, 90, 60), TRUE);
  gimp_image_insert_layer (image, group, NULL, 0);
  top = fixture_add_noise (image, RECT (-20, 10, 60, 90), FALSE);
  gimp_image_reorder_item (image, GIMP_ITEM (top), GIMP_ITEM (group), 0);
  gimp_layer_set_mode (top, GIMP_LAYER_MODE_SCREEN);
  gimp_layer_set_opacity (group, 45.0);
  gimp_item_set_visible (GIMP_ITEM (fixture_add_noise (image, RECT (0, 0, 90, 70), FALSE)), FALSE);

  return image;
}

static void
test_visible (Fixture    *fixture,
              const void *data)
{
  for (GimpImageBaseType type = GIMP_RGB; type <= GIMP_GRAY; type++)
    {
      GimpImage               *image = new_collage (type);
      GimpImage               *merged = gimp_image_duplicate (image);
      g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_VISIBLE, COMFY_EXTENT_WHOLE);
      g_autoptr(ComfyCapture)  capture = NULL;
      g_autoptr(GBytes)        expected = NULL;

      expected = fixture_read (gimp_image_merge_visible_layers (merged, GIMP_CLIP_TO_IMAGE),
                               "R'G'B'A u8");
      capture = fixture_take (fixture, take, image, NO_LAYERS);
      fixture_assert_crop (capture, 0, 0, 90, 70);
      assert_seen (fixture, capture, expected);
    }
}

/* channels that are shown over the picture, and colours that are not shown, are ways of looking */
static void
test_aids (Fixture    *fixture,
           const void *data)
{
  static const GimpChannelType hidden[] = { GIMP_CHANNEL_GREEN, GIMP_CHANNEL_GRAY };

  for (GimpImageBaseType type = GIMP_RGB; type <= GIMP_GRAY; type++)
    {
      GimpImage               *image = new_collage (type);
      g_autoptr(GBytes)        expected = fixture_read_visible (image, "R'G'B'A u8");
      g_autoptr(GBytes)        changed = NULL;
      g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_VISIBLE, COMFY_EXTENT_WHOLE);
      g_autoptr(ComfyCapture)  capture = NULL;
      GeglColor               *red = gegl_color_new ("red");
      GimpChannel             *channel = gimp_channel_new (image, "channel", 90, 70, 50.0, red);

      g_object_unref (red);
      gimp_image_insert_channel (image, channel, NULL, 0);
      gimp_item_set_visible (GIMP_ITEM (channel), TRUE);
      gimp_image_set_component_visible (image, hidden[type], FALSE);
      changed = fixture_read_visible (image, "R'G'B'A u8");
      g_assert_false (g_bytes_equal (expected, changed));
      capture = fixture_take (fixture, take, image, NO_LAYERS);
      assert_seen (fixture, capture, expected);
      g_assert_true (gimp_item_get_visible (GIMP_ITEM (channel)));
      g_assert_false (gimp_image_get_component_visible (image, hidden[type]));
    }
}

/* half-transparent layers make colours that the palette does not have */
static void
test_indexed (Fixture    *fixture,
              const void *data)
{
  GimpImage               *image = gimp_image_new (90, 70, GIMP_RGB);
  GimpImage               *rgb;
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_VISIBLE, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(GBytes)        expected = NULL;

  fixture_add_noise (image, RECT (0, 0, 90, 70), FALSE);
  gimp_layer_set_opacity (fixture_add_noise (image, RECT (-5, 20, 50, 40), TRUE), 45.0);
  g_assert_true (gimp_image_convert_indexed (image, GIMP_CONVERT_DITHER_NONE,
                                             GIMP_CONVERT_PALETTE_GENERATE, 12, FALSE, FALSE, ""));
  rgb = gimp_image_duplicate (image);
  g_assert_true (gimp_image_convert_rgb (rgb));
  expected = fixture_read_visible (rgb, "R'G'B'A u8");
  capture = fixture_take (fixture, take, image, NO_LAYERS);
  assert_seen (fixture, capture, expected);
}

/* what is being pasted belongs to what it is pasted onto, whichever of the two is selected */
static void
test_floating (Fixture    *fixture,
               const void *data)
{
  GimpImage               *image = gimp_image_new (80, 60, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (5, 5, 60, 50), FALSE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(GBytes)        before = fixture_read (layer, "R'G'B'A u8");
  g_autoptr(GBytes)        expected = NULL;
  g_autofree GimpLayer   **pasted = NULL;
  GimpImage               *anchored;
  GimpDrawable            *drawables[] = { GIMP_DRAWABLE (layer), NULL };

  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 10, 10, 30, 20);
  g_assert_true (gimp_edit_copy ((const GimpDrawable **) drawables));
  gimp_selection_none (image);
  pasted = (GimpLayer **) gimp_edit_paste (GIMP_DRAWABLE (layer), FALSE);
  g_assert_true (gimp_layer_is_floating_sel (pasted[0]));
  gimp_layer_set_offsets (pasted[0], 22, 17);

  anchored = gimp_image_duplicate (image);
  gimp_floating_sel_anchor (gimp_image_get_floating_sel (anchored));
  {
    g_autofree GimpLayer **layers = gimp_image_get_layers (anchored);

    expected = fixture_read (layers[0], "R'G'B'A u8");
  }
  g_assert_false (g_bytes_equal (before, expected));

  for (unsigned int i = 0; i < 4; i++)
    {
      g_autoptr(ComfyCapture) capture = NULL;

      take->source = i < 2 ? COMFY_SOURCE_LAYER : COMFY_SOURCE_LAYERS;
      capture = fixture_take (fixture, take, image, i % 2 == 0 ? LAYERS (pasted[0])
                                                               : LAYERS (layer));
      fixture_assert_crop (capture, 5, 5, 60, 50);
      g_assert_cmpint (capture->placement->layer_id, ==, gimp_item_get_id (GIMP_ITEM (layer)));
      assert_seen (fixture, capture, expected);
    }
  g_clear_pointer (&expected, g_bytes_unref);
  expected = fixture_read_visible (image, "R'G'B'A u8");
  take->source = COMFY_SOURCE_VISIBLE;
  {
    g_autoptr(ComfyCapture) capture = fixture_take (fixture, take, image, LAYERS (pasted[0]));

    fixture_assert_crop (capture, 0, 0, 80, 60);
    assert_seen (fixture, capture, expected);
  }
  g_assert_true (gimp_image_get_floating_sel (image) == pasted[0]);
}

/* nothing to see: an error where the result could not be seen either, else neutral grey */
static void
test_invisible (Fixture    *fixture,
                const void *data)
{
  GimpImage               *image = gimp_image_new (20, 10, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, 20, 10), TRUE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_VISIBLE, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPixels)   sent = NULL;

  gimp_item_set_visible (GIMP_ITEM (layer), FALSE);
  fixture_take_fails (fixture, take, image, NO_LAYERS, COMFY_ERROR_INVALID_ARGUMENT,
                      "The image is transparent everywhere");
  take->keep_alpha = FALSE;
  capture = fixture_take (fixture, take, image, NO_LAYERS);
  g_assert_null (capture->placement->alpha_file);
  sent = fixture_load_sent (fixture, capture);
  for (int y = 0; y < 10; y++)
    for (int x = 0; x < 20; x++)
      g_assert_cmpmem (fixture_get_pixel (sent, x, y), 3, "\x80\x80\x80", 3);

  gimp_item_set_visible (GIMP_ITEM (layer), TRUE);
  g_clear_pointer (&capture, comfy_capture_free);
  capture = fixture_take (fixture, take, image, NO_LAYERS);
  g_assert_null (capture->placement->alpha_file);
}

/* whoever asks for another image than the one that the artist called from names no layers */
static void
test_selected_unless_named (Fixture    *fixture,
                            const void *data)
{
  GimpImage               *image = gimp_image_new (20, 10, GIMP_RGB);
  GimpLayer               *below = fixture_add_noise (image, GEGL_RECTANGLE (2, 3, 8, 6), FALSE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(DexFuture)     future = NULL;
  g_autoptr(GError)        error = NULL;
  const GimpLayer         *selected[] = { below, NULL };
  const GValue            *value;
  ComfyCapture            *capture;

  fixture_add_noise (image, GEGL_RECTANGLE (0, 0, 20, 10), FALSE);
  gimp_image_set_selected_layers (image, selected);
  future = comfy_host_capture (fixture->host, take, gimp_image_get_id (image), NULL,
                               fixture->folder);
  value = fixture_settle (future, &error);
  g_assert_no_error (error);
  capture = g_value_get_boxed (value);
  g_assert_cmpint (capture->placement->layer_id, ==, gimp_item_get_id (GIMP_ITEM (below)));
  fixture_assert_crop (capture, 2, 3, 8, 6);
  gimp_image_delete (image);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_capture_source_add (void)
{
  ADD ("/capture/source/selected-layers-unless-some-are-named", test_selected_unless_named);
  ADD ("/capture/source/layers-are-taken-together", test_layers);
  ADD ("/capture/source/layers-blend-with-each-other", test_layers_blend);
  ADD ("/capture/source/a-group-is-what-is-seen-of-it", test_group);
  ADD ("/capture/source/a-groups-mask-is-seen", test_group_mask);
  ADD ("/capture/source/visible-is-what-merging-gives", test_visible);
  ADD ("/capture/source/ways-of-looking-are-no-pixels", test_aids);
  ADD ("/capture/source/indexed-images-blend-beyond-their-palette", test_indexed);
  ADD ("/capture/source/what-is-being-pasted-is-seen", test_floating);
  ADD ("/capture/source/invisible-is-an-error-or-grey", test_invisible);
}
