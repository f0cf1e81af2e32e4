/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is selected as a picture of its own, for a graph that takes one.
 */
#include "config.h"

#include "canvas-fixture.h"
#include "comfy-error.h"

#define WIDTH  60
#define HEIGHT 50
#define ALL    GEGL_RECTANGLE (0, 0, WIDTH, HEIGHT)

/* (transfer full): takes the mask for node "2", and the picture only where @image is */
static ComfyTake *
new_take (ComfySource source,
          gboolean    image)
{
  ComfyTake *take = fixture_new_take (source, COMFY_EXTENT_WHOLE);

  if (!image)
    comfy_target_clear (&take->image);
  comfy_target_set (&take->mask, "2", "image");
  take->mask_selected = TRUE;

  return take;
}

static int
get_selected (GimpImage *image,
              int        x,
              int        y)
{
  g_autoptr(GeglBuffer) buffer = NULL;
  guint8                value;

  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (gimp_image_get_selection (image)));
  gegl_buffer_get (buffer, GEGL_RECTANGLE (x, y, 1, 1), 1.0, babl_format ("Y u8"), &value,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);

  return value;
}

/* the picture says where, but does not go up; soft edges stay soft, for nobody blends them here */
static void
test_alone (Fixture    *fixture,
            const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, GEGL_RECTANGLE (9, 9, 20, 20), TRUE);
  g_autoptr(ComfyTake)     take = new_take (COMFY_SOURCE_VISIBLE, FALSE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPreview)  preview = NULL;
  g_autoptr(ComfyPixels)   sent = NULL;
  gboolean                 soft = FALSE;

  gimp_context_push ();
  gimp_context_set_feather (TRUE);
  gimp_context_set_feather_radius (6.0, 6.0);
  gimp_image_select_ellipse (image, GIMP_CHANNEL_OP_REPLACE, 15, 10, 30, 30);
  gimp_context_pop ();
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  g_assert_cmpuint (capture->inputs->len, ==, 1);
  g_assert_cmpstr (((ComfyInput *) g_ptr_array_index (capture->inputs, 0))->node, ==, "2");
  g_assert_null (capture->placement->alpha_file);
  g_assert_null (capture->placement->mask_file);
  fixture_assert_crop (capture, 0, 0, WIDTH, HEIGHT);
  sent = fixture_load_input (fixture, capture, 0);
  g_assert_cmpint (sent->width, ==, WIDTH);
  g_assert_cmpint (sent->height, ==, HEIGHT);
  for (int y = 0; y < HEIGHT; y += 3)
    for (int x = 0; x < WIDTH; x++)
      {
        int value = get_selected (image, x, y);

        soft = soft || (value > 0 && value < 255);
        g_assert_cmpint (*fixture_get_pixel (sent, x, y), ==, value);
      }
  g_assert_true (soft);

  preview = fixture_preview (fixture, take, image, LAYERS (layer));
  g_assert_true (preview->has_selection);
  g_assert_cmpuint (preview->bytes, ==, fixture_count_sent (fixture, capture));
  g_assert_cmpint (preview->width, ==, WIDTH);
  /* where nothing else is sent the mask is what there is to look at */
  g_assert_cmpint (fixture_get_pixel (preview->thumbnail, 30, 25)[1], ==, 255);
  g_assert_cmpint (fixture_get_pixel (preview->thumbnail, 1, 1)[1], ==, 0);
}

/* beside a picture it has the picture's geometry, and is scaled and padded with it */
static void
test_beside_a_layer (Fixture    *fixture,
                     const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, GEGL_RECTANGLE (-10, 5, 50, 30), FALSE);
  g_autoptr(ComfyTake)     take = new_take (COMFY_SOURCE_LAYER, TRUE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPixels)   picture = NULL;
  g_autoptr(ComfyPixels)   mask = NULL;

  take->sizing.multiple = 16;
  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 20, 0, 40, 20);
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  fixture_assert_crop (capture, -10, 5, 50, 30);
  g_assert_null (capture->placement->mask_file);
  picture = fixture_load_sent (fixture, capture);
  mask = fixture_load_change (fixture, capture);
  g_assert_cmpint (mask->width, ==, 64);
  g_assert_cmpint (mask->height, ==, 32);
  g_assert_cmpint (picture->width, ==, 64);
  for (int y = 0; y < 30; y++)
    for (int x = 0; x < 50; x++)
      g_assert_cmpint (*fixture_get_pixel (mask, x + 7, y + 1), ==, x >= 30 && y < 15 ? 255 : 0);
}

/* as in GIMP itself, all is meant where nothing is selected; who says that it must be is told */
static void
test_nothing_selected (Fixture    *fixture,
                       const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, GEGL_RECTANGLE (30, 0, 30, 50), FALSE);
  g_autoptr(ComfyTake)     take = new_take (COMFY_SOURCE_LAYER, TRUE);
  g_autoptr(ComfyCapture)  capture = fixture_take (fixture, take, image, LAYERS (layer));
  g_autoptr(ComfyPixels)   mask = fixture_load_change (fixture, capture);

  g_assert_cmpint (mask->width, ==, 30);
  for (int y = 0; y < mask->height; y++)
    for (int x = 0; x < mask->width; x++)
      g_assert_cmpint (*fixture_get_pixel (mask, x, y), ==, 255);

  take->needs_selection = TRUE;
  fixture_take_fails (fixture, take, image, LAYERS (layer), COMFY_ERROR_INVALID_ARGUMENT,
                      "changes what is selected");
  /* black all over changes nothing, and costs */
  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 0, 0, 20, 20);
  fixture_take_fails (fixture, take, image, LAYERS (layer), COMFY_ERROR_INVALID_ARGUMENT,
                      "does not touch the layer");
}

/* an artist who wants all of it changed, although something is selected, has said so */
static void
test_all (Fixture    *fixture,
          const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, ALL, FALSE);
  g_autoptr(ComfyTake)     take = new_take (COMFY_SOURCE_LAYER, TRUE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPixels)   mask = NULL;

  take->mask_selected = FALSE;
  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 0, 0, 20, 20);
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  mask = fixture_load_change (fixture, capture);
  g_assert_cmpint (*fixture_get_pixel (mask, 40, 40), ==, 255);
}

/* a picture that is a layer of its own beside a mask of the canvas */
static void
test_with_extra (Fixture    *fixture,
                 const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, GEGL_RECTANGLE (3, 4, 20, 10), FALSE);
  g_autoptr(ComfyTake)     take = new_take (COMFY_SOURCE_VISIBLE, FALSE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPreview)  preview = NULL;
  g_autoptr(ComfyPixels)   picture = NULL;
  g_autoptr(GBytes)        held = fixture_read (layer, "R'G'B' u8");

  gimp_item_set_name (GIMP_ITEM (layer), "Sky");
  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 0, 0, 20, 20);
  fixture_add_extra (take, "5", "layer:Sky");
  fixture_add_extra (take, "6", "mask");
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  g_assert_cmpuint (capture->inputs->len, ==, 3);
  picture = fixture_load_input (fixture, capture, 1);
  g_assert_true (g_bytes_equal (picture->data, held));
  g_assert_cmpstr (((ComfyInput *) g_ptr_array_index (capture->inputs, 2))->file, ==,
                   ((ComfyInput *) g_ptr_array_index (capture->inputs, 0))->file);

  preview = fixture_preview (fixture, take, image, LAYERS (layer));
  g_assert_cmpint (preview->thumbnail->width, ==, 20);
  g_assert_cmpint (preview->width, ==, 20);
  g_assert_cmpuint (preview->bytes, ==, fixture_count_sent (fixture, capture));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_capture_mask_add (void)
{
  ADD ("/capture/mask/alone-it-is-of-the-canvas", test_alone);
  ADD ("/capture/mask/beside-a-layer-it-has-its-geometry", test_beside_a_layer);
  ADD ("/capture/mask/of-no-selection", test_nothing_selected);
  ADD ("/capture/mask/of-all-where-that-is-wanted", test_all);
  ADD ("/capture/mask/with-a-picture-of-another-layer", test_with_extra);
}
