/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "canvas-fixture.h"
#include "comfy-error.h"

#define RECT(x, y, width, height) GEGL_RECTANGLE (x, y, width, height)

static const char *
get_source (ComfyCapture *capture)
{
  g_assert_cmpuint (capture->inputs->len, ==, 1);

  return ((ComfyInput *) g_ptr_array_index (capture->inputs, 0))->file;
}

static void
assert_rect (ComfyPlacement *placement,
             int             x,
             int             y,
             int             width,
             int             height)
{
  g_assert_cmpint (placement->region.crop.x, ==, x);
  g_assert_cmpint (placement->region.crop.y, ==, y);
  g_assert_cmpint (placement->region.crop.width, ==, width);
  g_assert_cmpint (placement->region.crop.height, ==, height);
}

/* what went into the file is what @layer holds */
static void
assert_sent (Fixture      *fixture,
             ComfyCapture *capture,
             GimpLayer    *layer)
{
  g_autoptr(ComfyPixels) sent = fixture_load (fixture, get_source (capture));
  g_autoptr(GBytes)      held = fixture_read (layer, sent->depth == 8 ? "R'G'B' u8" : "R'G'B' u16");

  g_assert_cmpint (sent->channels, ==, 3);
  g_assert_cmpint (sent->depth, ==, capture->depth);
  g_assert_true (g_bytes_equal (sent->data, held));
}

static void
test_bit_exact (Fixture    *fixture,
                const void *data)
{
  GimpImage               *image = gimp_image_new (400, 300, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, 400, 300), FALSE);
  g_autoptr(ComfyCapture)  capture = fixture_capture (fixture, "invert", image, layer);
  ComfyInput              *input = g_ptr_array_index (capture->inputs, 0);

  assert_rect (capture->placement, 0, 0, 400, 300);
  g_assert_null (capture->placement->alpha_file);
  g_assert_cmpstr (input->content_type, ==, "image/webp");
  g_assert_cmpstr (input->node, ==, "1");
  g_assert_cmpstr (input->input, ==, "image");
  assert_sent (fixture, capture, layer);
}

static void
test_offsets (Fixture    *fixture,
              const void *data)
{
  GimpImage               *image = gimp_image_new (100, 80, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (-30, -7, 50, 700), FALSE);
  g_autoptr(ComfyCapture)  capture = fixture_capture (fixture, "invert", image, layer);

  assert_rect (capture->placement, -30, -7, 50, 700);
  assert_sent (fixture, capture, layer);
}

/* every mode and precision, with and without a profile of its own */
static void
test_modes (Fixture    *fixture,
            const void *data)
{
  static const GimpPrecision precisions[] = {
    GIMP_PRECISION_U8_NON_LINEAR, GIMP_PRECISION_U8_LINEAR, GIMP_PRECISION_U16_NON_LINEAR,
    GIMP_PRECISION_FLOAT_LINEAR, GIMP_PRECISION_HALF_NON_LINEAR,
  };

  for (unsigned int base = GIMP_RGB; base <= GIMP_GRAY; base++)
    for (unsigned int i = 0; i < G_N_ELEMENTS (precisions); i++)
      {
        GimpImage               *image;
        GimpLayer               *layer;
        g_autoptr(ComfyCapture)  capture = NULL;
        g_autofree char         *expected = NULL;

        image = gimp_image_new_with_precision (64, 48, base, precisions[i]);
        if (base == GIMP_RGB && i % 2 == 0)
          {
            g_autoptr(GimpColorProfile) profile = gimp_color_profile_new_rgb_adobe ();

            gimp_image_set_color_profile (image, profile);
          }
        layer = fixture_add_noise (image, RECT (0, 0, 64, 48), FALSE);
        capture = fixture_capture (fixture, "invert", image, layer);
        assert_sent (fixture, capture, layer);
        g_assert_cmpstr (capture->placement->base_type, ==, base == GIMP_RGB ? "rgb" : "gray");
        expected = g_strdup (capture->placement->precision);
        g_assert_true (g_str_has_suffix (expected, "linear"));
      }
}

static void
test_indexed (Fixture    *fixture,
              const void *data)
{
  GimpImage               *image = gimp_image_new (64, 48, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, 64, 48), FALSE);
  g_autoptr(ComfyCapture)  capture = NULL;

  g_assert_true (gimp_image_convert_indexed (image, GIMP_CONVERT_DITHER_NONE,
                                             GIMP_CONVERT_PALETTE_GENERATE, 16, FALSE, FALSE,
                                             ""));
  capture = fixture_capture (fixture, "invert", image, layer);
  assert_sent (fixture, capture, layer);
  g_assert_cmpstr (capture->placement->base_type, ==, "indexed");
}

static void
test_alpha_stays (Fixture    *fixture,
                  const void *data)
{
  GimpImage               *image = gimp_image_new (90, 70, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (3, 4, 90, 70), TRUE);
  g_autoptr(ComfyCapture)  capture = fixture_capture (fixture, "invert", image, layer);
  g_autoptr(ComfyPixels)   sent = fixture_load (fixture, get_source (capture));
  g_autoptr(ComfyPixels)   kept = fixture_load (fixture, capture->placement->alpha_file);
  g_autoptr(GBytes)        bytes = fixture_read (layer, "R'G'B'A u8");
  const guint8            *held = g_bytes_get_data (bytes, NULL);
  const guint8            *colour = g_bytes_get_data (sent->data, NULL);
  const guint8            *alpha = g_bytes_get_data (kept->data, NULL);

  g_assert_cmpint (sent->channels, ==, 3);
  g_assert_cmpint (kept->channels, ==, 1);
  for (size_t i = 0; i < 90 * 70; i++)
    {
      g_assert_cmpint (alpha[i], ==, held[i * 4 + 3]);
      if (alpha[i] != 0)
        g_assert_cmpmem (colour + i * 3, 3, held + i * 4, 3);
    }
}

static void
test_opaque_alpha (Fixture    *fixture,
                   const void *data)
{
  GimpImage               *image = gimp_image_new (20, 20, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, 20, 20), FALSE);
  g_autoptr(ComfyCapture)  capture = NULL;

  gimp_layer_add_alpha (layer);
  capture = fixture_capture (fixture, "invert", image, layer);
  g_assert_null (capture->placement->alpha_file);
  assert_sent (fixture, capture, layer);
}

/* a filter that is not merged: the layer's own buffer does not have it, the artist sees it */
static void
test_filters (Fixture    *fixture,
              const void *data)
{
  GimpImage               *image = gimp_image_new (40, 30, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, 40, 30), FALSE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPixels)   sent = NULL;
  g_autoptr(GBytes)        held = NULL;
  GimpDrawableFilter      *filter;

  filter = gimp_drawable_filter_new (GIMP_DRAWABLE (layer), "gegl:invert-gamma", "");
  gimp_drawable_append_filter (GIMP_DRAWABLE (layer), filter);
  capture = fixture_capture (fixture, "invert", image, layer);
  sent = fixture_load (fixture, get_source (capture));
  held = fixture_read (layer, "R'G'B' u8");
  for (size_t i = 0; i < g_bytes_get_size (held); i++)
    g_assert_cmpint (((const guint8 *) g_bytes_get_data (sent->data, NULL))[i], ==,
                     255 - ((const guint8 *) g_bytes_get_data (held, NULL))[i]);
}

static void
test_mask (Fixture    *fixture,
           const void *data)
{
  GimpImage               *image = gimp_image_new (40, 30, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, 40, 30), FALSE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPixels)   kept = NULL;
  GimpLayerMask           *mask;

  gimp_layer_add_alpha (layer);
  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 10, 5, 20, 10);
  mask = gimp_layer_create_mask (layer, GIMP_ADD_MASK_SELECTION);
  gimp_layer_add_mask (layer, mask);
  capture = fixture_capture (fixture, "invert", image, layer);
  kept = fixture_load (fixture, capture->placement->alpha_file);
  for (int y = 0; y < 30; y++)
    for (int x = 0; x < 40; x++)
      g_assert_cmpint (((const guint8 *) g_bytes_get_data (kept->data, NULL))[y * 40 + x], ==,
                       x >= 10 && x < 30 && y >= 5 && y < 15 ? 255 : 0);
  /* the artist's own mask is where it was */
  g_assert_true (gimp_layer_get_mask (layer) == mask);
}

static void
test_groups_and_text (Fixture    *fixture,
                      const void *data)
{
  GimpImage               *image = gimp_image_new (200, 100, GIMP_RGB);
  GimpLayer               *group = GIMP_LAYER (gimp_group_layer_new (image, "group"));
  GimpLayer               *layer = fixture_add_noise (image, RECT (20, 10, 50, 40), FALSE);
  GimpTextLayer           *text;
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyCapture)  inner = NULL;
  g_autoptr(ComfyCapture)  letters = NULL;
  g_autoptr(ComfyPixels)   sent = NULL;

  gimp_image_insert_layer (image, group, NULL, 0);
  gimp_image_reorder_item (image, GIMP_ITEM (layer), GIMP_ITEM (group), 0);
  capture = fixture_capture (fixture, "invert", image, group);
  assert_rect (capture->placement, 20, 10, 50, 40);
  assert_sent (fixture, capture, layer);
  g_assert_true (gimp_item_is_group (GIMP_ITEM (group)));

  inner = fixture_capture (fixture, "invert", image, layer);
  assert_rect (inner->placement, 20, 10, 50, 40);
  assert_sent (fixture, inner, layer);

  text = gimp_text_layer_new (image, "Hello", gimp_context_get_font (), 30.0, gimp_unit_pixel ());
  gimp_image_insert_layer (image, GIMP_LAYER (text), NULL, 0);
  letters = fixture_capture (fixture, "invert", image, GIMP_LAYER (text));
  sent = fixture_load (fixture, get_source (letters));
  g_assert_cmpint (sent->width, ==, gimp_drawable_get_width (GIMP_DRAWABLE (text)));
  g_assert_nonnull (letters->placement->alpha_file);
}

static void
test_leaves_image_alone (Fixture    *fixture,
                         const void *data)
{
  GimpImage               *image = gimp_image_new (40, 30, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, 40, 30), TRUE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autofree GimpImage   **images = NULL;
  g_autofree GimpLayer   **layers = NULL;

  gimp_image_clean_all (image);
  capture = fixture_capture (fixture, "invert", image, layer);
  images = gimp_get_images ();
  layers = gimp_image_get_layers (image);
  g_assert_false (gimp_image_is_dirty (image));
  g_assert_null (images[1]);
  g_assert_true (layers[0] == layer && layers[1] == NULL);
}

static void
test_refusals (Fixture    *fixture,
               const void *data)
{
  GimpImage *image = gimp_image_new (5000, 4000, GIMP_RGB);
  GimpLayer *large = gimp_layer_new (image, "meadow", 5000, 4000, GIMP_RGB_IMAGE, 100.0,
                                     GIMP_LAYER_MODE_NORMAL);
  GimpLayer *empty = gimp_layer_new (image, "empty", 50, 40, GIMP_RGBA_IMAGE, 100.0,
                                     GIMP_LAYER_MODE_NORMAL);

  gimp_image_insert_layer (image, large, NULL, 0);
  gimp_image_insert_layer (image, empty, NULL, 0);
  gimp_drawable_fill (GIMP_DRAWABLE (empty), GIMP_FILL_TRANSPARENT);

  fixture_capture_fails (fixture, "upscale-4x", image, large, COMFY_ERROR_TOO_LARGE,
                         "“meadow” has 5000 × 4000 pixels");
  fixture_capture_fails (fixture, "upscale-4x", image, large, COMFY_ERROR_TOO_LARGE,
                         "at most 4579 × 3663 pixels");
  fixture_capture_fails (fixture, "invert", image, empty, COMFY_ERROR_INVALID_ARGUMENT,
                         "transparent everywhere");
  fixture_capture_fails (fixture, "invert", image, NULL, COMFY_ERROR_INVALID_ARGUMENT,
                         "needs a layer");
  gimp_image_delete (image);
  fixture_capture_fails (fixture, "invert", image, large, COMFY_ERROR_INVALID_ARGUMENT,
                         "was closed");
}

static void
test_nothing_taken (Fixture    *fixture,
                    const void *data)
{
  GimpImage               *image = gimp_image_new (300, 200, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, 30, 20), FALSE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyCapture)  without = NULL;

  capture = fixture_capture (fixture, "generate-image", image, layer);
  without = fixture_capture (fixture, "generate-image", NULL, NULL);
  g_assert_cmpuint (capture->inputs->len, ==, 0);
  assert_rect (capture->placement, 0, 0, 0, 0);
  g_assert_cmpint (capture->placement->image_width, ==, 300);
  g_assert_cmpint (capture->placement->layer_id, ==, gimp_item_get_id (GIMP_ITEM (layer)));
  g_assert_cmpint (without->placement->image_id, ==, -1);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_capture_add (void)
{
  ADD ("/capture/opaque-pixels-are-bit-exact", test_bit_exact);
  ADD ("/capture/a-layer-beyond-the-canvas-is-whole", test_offsets);
  ADD ("/capture/every-mode-and-precision-as-srgb", test_modes);
  ADD ("/capture/indexed-colours-are-the-palettes", test_indexed);
  ADD ("/capture/transparency-stays-here", test_alpha_stays);
  ADD ("/capture/opaque-alpha-is-no-alpha", test_opaque_alpha);
  ADD ("/capture/filters-are-seen", test_filters);
  ADD ("/capture/the-mask-is-seen", test_mask);
  ADD ("/capture/groups-and-text-are-layers-too", test_groups_and_text);
  ADD ("/capture/leaves-the-image-alone", test_leaves_image_alone);
  ADD ("/capture/says-what-cannot-be-sent", test_refusals);
  ADD ("/capture/remembers-where-when-nothing-is-taken", test_nothing_taken);
  test_capture_source_add ();
  test_capture_filters_add ();
  test_capture_selection_add ();
  test_capture_beyond_add ();
  test_capture_colour_add ();
  test_capture_preview_add ();
  test_capture_pictures_add ();
}
