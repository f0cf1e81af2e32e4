/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "canvas-fixture.h"
#include "comfy-error.h"

#define WIDTH  120
#define HEIGHT 90
#define ALL    GEGL_RECTANGLE (0, 0, WIDTH, HEIGHT)

static void
select_rect (GimpImage *image,
             int        x,
             int        y,
             int        width,
             int        height)
{
  g_assert_true (gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, x, y, width, height));
}

/* (transfer full): the selection's own values */
static GBytes *
read_selection (GimpImage *image)
{
  g_autoptr(GeglBuffer)  buffer = NULL;
  guint8                *data = g_malloc (WIDTH * HEIGHT);

  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (gimp_image_get_selection (image)));
  gegl_buffer_get (buffer, ALL, 1.0, babl_format ("Y u8"), data, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);

  return g_bytes_new_take (data, WIDTH * HEIGHT);
}

/* everything about a capture of a selection of an opaque picture whose pixels are @held (RGB) and
 * which lies at @offset_x, @offset_y; @selected are the selection's values */
static void
assert_capture (Fixture      *fixture,
                ComfyCapture *capture,
                GBytes       *held,
                int           held_width,
                int           offset_x,
                int           offset_y,
                GBytes       *selected)
{
  const ComfyRegion      *region = &capture->placement->region;
  g_autoptr(ComfyPixels)  sent = fixture_load_sent (fixture, capture);
  g_autoptr(ComfyPixels)  change = fixture_load_change (fixture, capture);
  g_autoptr(ComfyPixels)  mask = fixture_load (fixture, capture->placement->mask_file);
  const guint8           *picture = g_bytes_get_data (held, NULL);
  const guint8           *selection = g_bytes_get_data (selected, NULL);

  g_assert_cmpint (sent->width, ==, comfy_region_get_width (region));
  g_assert_cmpint (sent->height, ==, comfy_region_get_height (region));
  g_assert_cmpint (change->width, ==, sent->width);
  g_assert_cmpint (change->height, ==, sent->height);
  g_assert_cmpint (mask->width, ==, region->crop.width);
  g_assert_cmpint (mask->height, ==, region->crop.height);
  g_assert_cmpint (mask->channels, ==, 1);

  for (int y = 0; y < sent->height; y++)
    for (int x = 0; x < sent->width; x++)
      {
        /* the padding continues the edge */
        int          crop_x = CLAMP (x - region->left, 0, region->width - 1);
        int          crop_y = CLAMP (y - region->top, 0, region->height - 1);
        int          image_x = region->crop.x + crop_x;
        int          image_y = region->crop.y + crop_y;
        size_t       i = (size_t) (image_y - offset_y) * held_width + (image_x - offset_x);
        gboolean     on_canvas = image_x >= 0 && image_y >= 0 && image_x < WIDTH && image_y < HEIGHT;
        unsigned int value = on_canvas ? selection[image_y * WIDTH + image_x] : 0;

        g_assert_cmpmem (fixture_get_pixel (sent, x, y), 3, picture + i * 3, 3);
        g_assert_cmpint (*fixture_get_pixel (change, x, y), ==, value > 0 ? 255 : 0);
        if (x == crop_x + region->left && y == crop_y + region->top)
          g_assert_cmpint (*fixture_get_pixel (mask, crop_x, crop_y), ==, value);
      }
}

static ComfyTake *
new_take (ComfySource source)
{
  ComfyTake *take = fixture_new_take (source, COMFY_EXTENT_SELECTION);

  take->needs_selection = TRUE;
  comfy_target_set (&take->mask, "2", "mask");

  return take;
}

/* at each edge and corner, one pixel, all: with and without surroundings, a layer and all visible */
static void
test_places (Fixture    *fixture,
             const void *data)
{
  static const int places[][4] = {
    { 0, 30, 20, 20 }, { 100, 30, 20, 20 }, { 50, 0, 20, 15 }, { 50, 75, 20, 15 }, { 0, 0, 9, 7 },
    { 113, 83, 7, 7 }, { 60, 40, 1, 1 }, { 0, 0, 1, 1 }, { 119, 89, 1, 1 }, { 0, 0, 120, 90 },
    { 33, 21, 40, 37 }, { 0, 44, 120, 1 }, { 7, 0, 1, 90 },
  };
  GimpImage         *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer         *layer = fixture_add_noise (image, ALL, FALSE);
  g_autoptr(GBytes)  held = fixture_read (layer, "R'G'B' u8");

  for (unsigned int i = 0; i < G_N_ELEMENTS (places) * 4; i++)
    {
      const int               *place = places[i / 4];
      g_autoptr(ComfyTake)     take = new_take (i % 2 ? COMFY_SOURCE_LAYER : COMFY_SOURCE_VISIBLE);
      g_autoptr(ComfyCapture)  capture = NULL;
      g_autoptr(GBytes)        selected = NULL;

      if (i % 4 < 2)
        take->sizing = (ComfySizing) { .multiple = 8, .context = 0.25, .context_min = 24 };
      select_rect (image, place[0], place[1], place[2], place[3]);
      selected = read_selection (image);
      capture = fixture_take (fixture, take, image, LAYERS (layer));
      if (i % 4 >= 2)
        fixture_assert_crop (capture, place[0], place[1], place[2], place[3]);
      else
        g_assert_cmpint (capture->placement->region.crop.width, >=, MAX (place[2], 24));
      g_assert_null (capture->placement->alpha_file);
      assert_capture (fixture, capture, held, WIDTH, 0, 0, selected);
    }
}

static void
test_feathered (Fixture    *fixture,
                const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, ALL, FALSE);
  g_autoptr(GBytes)        held = fixture_read (layer, "R'G'B' u8");
  g_autoptr(GBytes)        selected = NULL;
  g_autoptr(ComfyTake)     take = new_take (COMFY_SOURCE_VISIBLE);
  g_autoptr(ComfyCapture)  capture = NULL;
  gboolean                 is_soft = FALSE;

  gimp_image_select_ellipse (image, GIMP_CHANNEL_OP_REPLACE, 30, 20, 50, 40);
  gimp_selection_feather (image, 12.0);
  selected = read_selection (image);
  for (size_t i = 0; i < WIDTH * HEIGHT; i++)
    {
      guint8 value = ((const guint8 *) g_bytes_get_data (selected, NULL))[i];

      is_soft = is_soft || (value > 0 && value < 255);
    }
  g_assert_true (is_soft);

  take->sizing = (ComfySizing) { .multiple = 16, .context = 0.1 };
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  assert_capture (fixture, capture, held, WIDTH, 0, 0, selected);
}

/* layers that begin before the canvas, end behind it, or are smaller than what is selected */
static void
test_offsets (Fixture    *fixture,
              const void *data)
{
  static const int cases[][8] = {
    /* the layer, the selection */
    { -30, -20, 70, 60, 0, 0, 120, 90 },
    { 100, 70, 80, 70, 90, 60, 30, 30 },
    { 40, 30, 25, 20, 10, 10, 100, 70 },
    { -50, 10, 300, 30, 60, 0, 20, 90 },
    { 40, 30, 1, 1, 40, 30, 1, 1 },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const int               *c = cases[i];
      GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
      GimpLayer               *layer = NULL;
      g_autoptr(GBytes)        held = NULL;
      g_autoptr(GBytes)        selected = NULL;
      g_autoptr(ComfyTake)     take = new_take (COMFY_SOURCE_LAYER);
      g_autoptr(ComfyCapture)  capture = NULL;
      int                      x = MAX (c[0], c[4]);
      int                      y = MAX (c[1], c[5]);

      layer = fixture_add_noise (image, GEGL_RECTANGLE (c[0], c[1], c[2], c[3]), FALSE);
      held = fixture_read (layer, "R'G'B' u8");
      select_rect (image, c[4], c[5], c[6], c[7]);
      selected = read_selection (image);
      capture = fixture_take (fixture, take, image, LAYERS (layer));
      fixture_assert_crop (capture, x, y, MIN (c[0] + c[2], c[4] + c[6]) - x,
                           MIN (c[1] + c[3], c[5] + c[7]) - y);
      assert_capture (fixture, capture, held, c[2], c[0], c[1], selected);

      /* what is around the selection ends with the layer, not with the canvas */
      g_clear_pointer (&capture, comfy_capture_free);
      take->sizing.context = 2.0;
      capture = fixture_take (fixture, take, image, LAYERS (layer));
      assert_capture (fixture, capture, held, c[2], c[0], c[1], selected);
    }
}

static void
test_elsewhere (Fixture    *fixture,
                const void *data)
{
  GimpImage            *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer            *layer = fixture_add_noise (image, GEGL_RECTANGLE (5, 5, 12, 12), FALSE);
  GimpLayer            *other = fixture_add_noise (image, GEGL_RECTANGLE (6, 6, 8, 8), FALSE);
  g_autoptr(ComfyTake)  take = new_take (COMFY_SOURCE_LAYER);
  g_autoptr(ComfyTake)  several = new_take (COMFY_SOURCE_LAYERS);

  gimp_item_set_name (GIMP_ITEM (layer), "meadow");
  select_rect (image, 60, 40, 20, 20);
  fixture_take_fails (fixture, take, image, LAYERS (layer), COMFY_ERROR_INVALID_ARGUMENT,
                      "does not touch the layer “meadow”");
  fixture_take_fails (fixture, several, image, LAYERS (layer, other), COMFY_ERROR_INVALID_ARGUMENT,
                      "does not touch the selected layers");
  /* the corner of its bounds does, the ellipse does not */
  gimp_image_select_ellipse (image, GIMP_CHANNEL_OP_REPLACE, 12, 12, 80, 70);
  fixture_take_fails (fixture, take, image, LAYERS (layer), COMFY_ERROR_INVALID_ARGUMENT,
                      "does not touch the layer “meadow”");
}

static void
test_nothing_selected (Fixture    *fixture,
                       const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, GEGL_RECTANGLE (10, 20, 30, 40), FALSE);
  g_autoptr(ComfyTake)     take = new_take (COMFY_SOURCE_LAYER);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPixels)   change = NULL;

  fixture_take_fails (fixture, take, image, LAYERS (layer), COMFY_ERROR_INVALID_ARGUMENT,
                      "“Try” changes what is selected");

  take->needs_selection = FALSE;
  take->sizing.multiple = 16;
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  fixture_assert_crop (capture, 10, 20, 30, 40);
  g_assert_null (capture->placement->mask_file);
  change = fixture_load_change (fixture, capture);
  g_assert_cmpint (change->width, ==, 32);
  g_assert_cmpint (change->height, ==, 48);
  for (int y = 0; y < 48; y++)
    for (int x = 0; x < 32; x++)
      g_assert_cmpint (*fixture_get_pixel (change, x, y), ==, 255);
}

/* libgimp has no call for it, but GIMP does it when a channel gets the name that it keeps for that */
static GimpChannel *
start_quick_mask (GimpImage *image)
{
  GimpChannel *channel = GIMP_CHANNEL (gimp_selection_save (image));

  gimp_item_set_name (GIMP_ITEM (channel), "Qmask");
  gimp_image_remove_channel (image, channel);

  return gimp_image_get_channel_by_name (image, "Qmask");
}

/* while a Quick Mask is painted GIMP's selection is empty, and no layer is selected */
static void
test_quick_mask (Fixture    *fixture,
                 const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, ALL, FALSE);
  g_autoptr(GBytes)        held = fixture_read (layer, "R'G'B' u8");
  g_autoptr(ComfyTake)     take = new_take (COMFY_SOURCE_VISIBLE);
  g_autoptr(GBytes)        selected = NULL;
  GeglColor               *red = gegl_color_new ("red");
  GimpChannel             *quick_mask;

  gimp_image_select_ellipse (image, GIMP_CHANNEL_OP_REPLACE, 20, 10, 60, 50);
  gimp_selection_feather (image, 20.0);
  selected = read_selection (image);
  quick_mask = start_quick_mask (image);
  g_assert_true (gimp_selection_is_empty (image));
  gimp_item_set_visible (GIMP_ITEM (quick_mask), TRUE);
  gimp_channel_set_color (quick_mask, red);
  g_object_unref (red);
  gimp_channel_set_opacity (quick_mask, 50.0);

  for (unsigned int i = 0; i < 2; i++)
    {
      g_autoptr(ComfyCapture) capture = NULL;

      take->source = i == 0 ? COMFY_SOURCE_VISIBLE : COMFY_SOURCE_LAYER;
      capture = fixture_take (fixture, take, image, NO_LAYERS);
      assert_capture (fixture, capture, held, WIDTH, 0, 0, selected);
      g_assert_cmpint (capture->placement->layer_id, ==, gimp_item_get_id (GIMP_ITEM (layer)));
    }
  g_assert_true (gimp_selection_is_empty (image));
  g_assert_true (gimp_item_is_valid (GIMP_ITEM (quick_mask)));

  /* empty: nothing is selected yet */
  {
    g_autoptr(GeglBuffer) buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (quick_mask));

    gegl_buffer_clear (buffer, ALL);
  }
  fixture_take_fails (fixture, take, image, LAYERS (layer), COMFY_ERROR_INVALID_ARGUMENT,
                      "changes what is selected");
}

/* what may be painted reaches a little further than what is selected, in px of what is sent */
static void
test_grow_and_scale (Fixture    *fixture,
                     const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, ALL, FALSE);
  g_autoptr(ComfyTake)     take = new_take (COMFY_SOURCE_LAYER);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPixels)   sent = NULL;
  g_autoptr(ComfyPixels)   change = NULL;
  g_autoptr(ComfyPixels)   mask = NULL;
  const ComfyRegion       *region;

  select_rect (image, 50, 40, 20, 20);
  take->mask_grow = 6;
  take->sizing = (ComfySizing) { .pixels = 160 * 160, .multiple = 8, .context = 0.5 };
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  region = &capture->placement->region;
  fixture_assert_crop (capture, 40, 30, 40, 40);
  sent = fixture_load_sent (fixture, capture);
  change = fixture_load_change (fixture, capture);
  mask = fixture_load (fixture, capture->placement->mask_file);
  g_assert_cmpint (sent->width, ==, 160);
  g_assert_cmpint (region->width, ==, 160);
  g_assert_cmpint (change->width, ==, 160);
  g_assert_cmpint (mask->width, ==, 40);
  /* selected: 40 to 120 of 160; the kernel's reach is a few px more */
  g_assert_cmpint (*fixture_get_pixel (change, 80, 80), ==, 255);
  g_assert_cmpint (*fixture_get_pixel (change, 34, 80), ==, 255);
  g_assert_cmpint (*fixture_get_pixel (change, 125, 80), ==, 255);
  g_assert_cmpint (*fixture_get_pixel (change, 28, 80), ==, 0);
  g_assert_cmpint (*fixture_get_pixel (change, 131, 80), ==, 0);
  g_assert_cmpint (*fixture_get_pixel (change, 80, 28), ==, 0);
}

static void
test_outcomes (Fixture    *fixture,
               const void *data)
{
  GimpImage            *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer            *layer = fixture_add_noise (image, ALL, FALSE);
  g_autoptr(ComfyTake)  take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);

  select_rect (image, 50, 40, 20, 20);
  for (int i = COMFY_OUTCOME_LAYERS; i <= COMFY_OUTCOME_SELECTION; i++)
    {
      g_autoptr(ComfyCapture) capture = NULL;

      take->outcome = (ComfyOutcome) i;
      capture = fixture_take (fixture, take, image, LAYERS (layer));
      fixture_assert_crop (capture, 0, 0, WIDTH, HEIGHT);
      g_assert_null (capture->placement->mask_file);
      g_assert_cmpuint (capture->inputs->len, ==, 1);
      g_assert_cmpint (capture->placement->outcome, ==, i);
    }
}

static void
test_sizes (Fixture    *fixture,
            const void *data)
{
  GimpImage            *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer            *layer = fixture_add_noise (image, ALL, FALSE);
  g_autoptr(ComfyTake)  take = new_take (COMFY_SOURCE_VISIBLE);

  select_rect (image, 0, 0, 80, 45);
  take->max_pixels = 40 * 40;
  fixture_take_fails (fixture, take, image, LAYERS (layer), COMFY_ERROR_TOO_LARGE,
                      "has 80 × 45 pixels, which is too large to be sent. Select at most 53 × 30");
  take->extent = COMFY_EXTENT_WHOLE;
  fixture_take_fails (fixture, take, image, LAYERS (layer), COMFY_ERROR_TOO_LARGE,
                      "The image has 120 × 90 pixels");
  take->source = COMFY_SOURCE_LAYERS;
  fixture_take_fails (fixture, take, image, LAYERS (layer, layer), COMFY_ERROR_TOO_LARGE,
                      "at most 46 × 34 pixels");

  /* scaled: as many as a computer can bear */
  take->sizing.pixels = 1024;
  comfy_capture_free (fixture_take (fixture, take, image, LAYERS (layer)));
  gimp_layer_scale (layer, 8300, 8100, FALSE);
  fixture_take_fails (fixture, take, image, LAYERS (layer), COMFY_ERROR_TOO_LARGE,
                      "8300 × 8100 pixels");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_capture_selection_add (void)
{
  ADD ("/capture/selection/anywhere-and-of-any-size", test_places);
  ADD ("/capture/selection/soft-edges-stay-soft", test_feathered);
  ADD ("/capture/selection/of-layers-partly-outside", test_offsets);
  ADD ("/capture/selection/elsewhere-is-said", test_elsewhere);
  ADD ("/capture/selection/none-is-all-or-an-error", test_nothing_selected);
  ADD ("/capture/selection/the-quick-mask-counts", test_quick_mask);
  ADD ("/capture/selection/what-may-change-grows-as-it-is-sent", test_grow_and_scale);
  ADD ("/capture/selection/masks-and-selections-are-of-the-whole", test_outcomes);
  ADD ("/capture/selection/says-which-size-fits", test_sizes);
}
