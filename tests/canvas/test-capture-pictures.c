/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Several pictures of the canvas at once. The main one goes to node "1", the mask to "2".
 */
#include "config.h"

#include <glib/gstdio.h>

#include "canvas-fixture.h"
#include "comfy-error.h"

#define WIDTH  60
#define HEIGHT 50
#define ALL    GEGL_RECTANGLE (0, 0, WIDTH, HEIGHT)

/* what was sent for the extra @i is all of @expected, which is RGB of 8 bits */
static void
assert_extra (Fixture      *fixture,
              ComfyCapture *capture,
              unsigned int  i,
              int           width,
              int           height,
              GBytes       *expected)
{
  g_autoptr(ComfyPixels)  sent = fixture_load_input (fixture, capture, i);

  g_assert_cmpint (sent->width, ==, width);
  g_assert_cmpint (sent->height, ==, height);
  g_assert_cmpint (sent->channels, ==, 3);
  g_assert_cmpint (sent->depth, ==, 8);
  g_assert_true (g_bytes_equal (sent->data, expected));
}

static const char *
get_file (ComfyCapture *capture,
          unsigned int  i)
{
  return ((ComfyInput *) g_ptr_array_index (capture->inputs, i))->file;
}

/* (transfer full): RGB of a rectangle of what is seen */
static GBytes *
read_seen (GimpImage           *image,
           const GeglRectangle *rect)
{
  GimpImage *part = gimp_image_duplicate (image);
  GBytes    *bytes;

  gimp_image_resize (part, rect->width, rect->height, -rect->x, -rect->y);
  bytes = fixture_read_visible (part, "R'G'B' u8");
  gimp_image_delete (part);

  return bytes;
}

static void
select_rect (GimpImage *image,
             int        x,
             int        y,
             int        width,
             int        height)
{
  g_assert_true (gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, x, y, width, height));
}

/* each in its own place and size, whatever the main picture is, and in order */
static void
test_kinds (Fixture    *fixture,
            const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *low = fixture_add_noise (image, ALL, FALSE);
  GimpLayer               *high = fixture_add_noise (image, GEGL_RECTANGLE (10, 5, 30, 20), FALSE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(GBytes)        held = fixture_read (high, "R'G'B' u8");
  g_autoptr(GBytes)        seen = NULL;
  g_autoptr(GBytes)        part = NULL;

  gimp_layer_set_mode (high, GIMP_LAYER_MODE_MULTIPLY);
  select_rect (image, 12, 7, 9, 8);
  seen = read_seen (image, ALL);
  part = read_seen (image, GEGL_RECTANGLE (12, 7, 9, 8));
  fixture_add_extra (take, "5", "visible");
  fixture_add_extra (take, "6", "selection");
  fixture_add_extra (take, "7", "visible-selection");
  fixture_add_extra (take, "8", "layers");
  capture = fixture_take (fixture, take, image, LAYERS (high));

  g_assert_cmpuint (capture->inputs->len, ==, 5);
  fixture_assert_crop (capture, 10, 5, 30, 20);
  g_assert_null (capture->placement->mask_file);
  assert_extra (fixture, capture, 0, 30, 20, held);
  assert_extra (fixture, capture, 1, WIDTH, HEIGHT, seen);
  assert_extra (fixture, capture, 3, 9, 8, part);
  assert_extra (fixture, capture, 4, 30, 20, held);
  for (unsigned int i = 0; i < 5; i++)
    {
      static const char * const nodes[] = { "1", "5", "6", "7", "8" };
      const ComfyInput *input = g_ptr_array_index (capture->inputs, i);

      g_assert_cmpstr (input->node, ==, nodes[i]);
      g_assert_cmpstr (input->input, ==, "image");
      for (unsigned int j = 0; j < i; j++)
        g_assert_cmpstr (input->file, !=, get_file (capture, j));
    }
  {
    g_autoptr(ComfyPixels) sent = fixture_load_input (fixture, capture, 2);

    g_assert_cmpint (sent->width, ==, 9);
    g_assert_cmpint (sent->height, ==, 8);
    for (int y = 0; y < 8; y++)
      g_assert_cmpmem (fixture_get_pixel (sent, 0, y), 27,
                       (const guint8 *) g_bytes_get_data (held, NULL) + ((y + 2) * 30 + 2) * 3, 27);
  }
  g_assert_true (gimp_item_is_valid (GIMP_ITEM (low)));
}

/* what is the same picture goes up once */
static void
test_twins (Fixture    *fixture,
            const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, GEGL_RECTANGLE (2, 3, 40, 30), FALSE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_SELECTION);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPreview)  preview = NULL;

  fixture_add_noise (image, ALL, TRUE);
  select_rect (image, 8, 9, 16, 12);
  comfy_target_set (&take->mask, "2", "image");
  take->mask_selected = TRUE;
  fixture_add_extra (take, "5", "selection");
  fixture_add_extra (take, "6", "visible");
  fixture_add_extra (take, "7", "mask");
  fixture_add_extra (take, "8", "visible");
  fixture_add_extra (take, "9", "mask");
  fixture_add_extra (take, "10", "layer");
  capture = fixture_take (fixture, take, image, LAYERS (layer));

  g_assert_cmpuint (capture->inputs->len, ==, 8);
  g_assert_cmpstr (get_file (capture, 2), ==, get_file (capture, 0));
  g_assert_cmpstr (get_file (capture, 4), ==, get_file (capture, 1));
  g_assert_cmpstr (get_file (capture, 5), ==, get_file (capture, 3));
  g_assert_cmpstr (get_file (capture, 6), ==, get_file (capture, 1));
  /* the whole layer is another picture than its selected part */
  g_assert_cmpstr (get_file (capture, 7), !=, get_file (capture, 0));
  g_assert_cmpstr (((ComfyInput *) g_ptr_array_index (capture->inputs, 4))->node, ==, "7");
  g_assert_nonnull (capture->placement->mask_file);

  preview = fixture_preview (fixture, take, image, LAYERS (layer));
  g_assert_cmpuint (preview->bytes, ==, fixture_count_sent (fixture, capture));
  g_assert_cmpint (preview->width, ==, 16);
}

/* alone, whole, whatever is selected: hidden, in a group, with a mode, and with any name */
static void
test_named (Fixture    *fixture,
            const void *data)
{
  static const char * const names[] = {
    "Sky", "layer:Sky", "Himmel — 天空 “a:b”", "%s%n\\\"'", " two  spaces ", "../x\ty",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
      GimpLayer               *group = GIMP_LAYER (gimp_group_layer_new (image, "group"));
      GimpLayer               *layer = NULL;
      GimpLayer               *main = NULL;
      g_autofree char         *name = NULL;
      g_autofree char         *binding = NULL;
      g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
      g_autoptr(ComfyCapture)  capture = NULL;
      g_autoptr(GBytes)        held = NULL;

      layer = fixture_add_noise (image, GEGL_RECTANGLE (-5, 20, 33, 44), FALSE);
      main = fixture_add_noise (image, ALL, FALSE);
      held = fixture_read (layer, "R'G'B' u8");
      gimp_item_set_name (GIMP_ITEM (layer), names[i]);
      name = gimp_item_get_name (GIMP_ITEM (layer)); /* without spaces around it */
      binding = g_strconcat ("layer:", name, NULL);
      gimp_image_insert_layer (image, group, NULL, 1);
      gimp_image_reorder_item (image, GIMP_ITEM (layer), GIMP_ITEM (group), 0);
      gimp_item_set_visible (GIMP_ITEM (layer), FALSE);
      gimp_item_set_visible (GIMP_ITEM (group), FALSE);
      gimp_layer_set_opacity (layer, 20.0);
      gimp_layer_set_mode (layer, GIMP_LAYER_MODE_DIFFERENCE);
      select_rect (image, 30, 30, 10, 10);
      fixture_add_extra (take, "5", binding);
      capture = fixture_take (fixture, take, image, LAYERS (main));
      assert_extra (fixture, capture, 1, 33, 44, held);
      g_assert_cmpint (capture->placement->layer_id, ==, gimp_item_get_id (GIMP_ITEM (main)));
      gimp_image_delete (image);
    }
}

/* a group is a layer, too: what is seen in it */
static void
test_named_group (Fixture    *fixture,
                  const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *group = GIMP_LAYER (gimp_group_layer_new (image, "Sky"));
  GimpLayer               *layer = fixture_add_noise (image, GEGL_RECTANGLE (4, 6, 20, 15), FALSE);
  GimpLayer               *hidden = fixture_add_noise (image, GEGL_RECTANGLE (4, 6, 20, 15), FALSE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_NONE, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(GBytes)        held = fixture_read (layer, "R'G'B' u8");

  gimp_image_insert_layer (image, group, NULL, 0);
  gimp_image_reorder_item (image, GIMP_ITEM (layer), GIMP_ITEM (group), 0);
  gimp_image_reorder_item (image, GIMP_ITEM (hidden), GIMP_ITEM (group), 0);
  gimp_item_set_visible (GIMP_ITEM (hidden), FALSE);
  fixture_add_extra (take, "5", "layer:Sky");
  capture = fixture_take (fixture, take, image, LAYERS (hidden));
  g_assert_cmpuint (capture->inputs->len, ==, 1);
  assert_extra (fixture, capture, 0, 20, 15, held);
  /* nothing of it has a place: the result goes where one of words alone would */
  fixture_assert_crop (capture, 0, 0, 0, 0);
}

/* images of every mode, as they are seen; nothing of them but pixels */
static void
test_images (Fixture    *fixture,
             const void *data)
{
  for (unsigned int i = 0; i < 4; i++)
    {
      GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
      GimpLayer               *layer = fixture_add_noise (image, ALL, FALSE);
      GimpImage               *other;
      g_autofree char         *binding = NULL;
      g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_VISIBLE, COMFY_EXTENT_WHOLE);
      g_autoptr(ComfyCapture)  capture = NULL;
      g_autoptr(ComfyPixels)   sent = NULL;
      g_autoptr(GBytes)        seen = NULL;
      g_auto(GStrv)            parasites = NULL;

      other = gimp_image_new_with_precision (31, 23, i == 1 ? GIMP_GRAY : GIMP_RGB,
                                             i == 3 ? GIMP_PRECISION_U16_NON_LINEAR
                                                    : GIMP_PRECISION_U8_NON_LINEAR);
      fixture_add_noise (other, GEGL_RECTANGLE (0, 0, 31, 23), FALSE);
      if (i == 2)
        g_assert_true (gimp_image_convert_indexed (other, GIMP_CONVERT_DITHER_NONE,
                                                   GIMP_CONVERT_PALETTE_GENERATE, 12, FALSE, FALSE,
                                                   ""));
      fixture_add_noise (other, GEGL_RECTANGLE (5, 5, 80, 9), FALSE);
      seen = fixture_read_visible (other, i == 3 ? "R'G'B' u16" : "R'G'B' u8");
      gimp_image_clean_all (other);
      binding = g_strdup_printf ("image:%d", gimp_image_get_id (other));
      fixture_add_extra (take, "5", binding);
      capture = fixture_take (fixture, take, image, LAYERS (layer));
      sent = fixture_load_input (fixture, capture, 1);
      g_assert_cmpint (sent->width, ==, 31);
      g_assert_cmpint (sent->height, ==, 23);
      /* how deep the result may be says the artist's own image */
      g_assert_cmpint (capture->depth, ==, 8);
      g_assert_cmpint (sent->depth, ==, i == 3 ? 16 : 8);
      g_assert_true (g_bytes_equal (sent->data, seen));
      g_assert_false (gimp_image_is_dirty (other));
      parasites = gimp_image_get_parasite_list (other);
      g_assert_true (parasites == NULL || parasites[0] == NULL);
      gimp_image_delete (other);
      fixture_take_fails (fixture, take, image, LAYERS (layer), COMFY_ERROR_INVALID_ARGUMENT,
                          "not open any more");
      gimp_image_delete (image);
    }
}

/* each is as large as the take says */
static void
test_sizing (Fixture    *fixture,
             const void *data)
{
  GimpImage               *image = gimp_image_new (300, 200, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, GEGL_RECTANGLE (0, 0, 70, 70), FALSE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyCapture)  capture = NULL;

  take->sizing = (ComfySizing) { .multiple = 32, .max_edge = 160 };
  fixture_add_extra (take, "5", "visible");
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  for (unsigned int i = 0; i < 2; i++)
    {
      g_autoptr(ComfyPixels) sent = fixture_load_input (fixture, capture, i);

      g_assert_cmpint (sent->width, ==, i == 0 ? 96 : 160);
      g_assert_cmpint (sent->height, ==, i == 0 ? 96 : 128);
    }
  /* neither of both says where the other one is */
  fixture_assert_crop (capture, 0, 0, 70, 70);
}

static void
test_refusals (Fixture    *fixture,
               const void *data)
{
  GimpImage            *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer            *layer = fixture_add_noise (image, ALL, FALSE);
  GimpLayer            *empty = fixture_add_noise (image, ALL, TRUE);
  GimpImage            *other = gimp_image_new (80, 70, GIMP_RGB);
  g_autoptr(ComfyTake)  missing = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyTake)  large = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyTake)  unseen = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyTake)  elsewhere = fixture_new_take (COMFY_SOURCE_VISIBLE, COMFY_EXTENT_WHOLE);
  g_autofree char      *binding = g_strdup_printf ("image:%d", gimp_image_get_id (other));

  fixture_add_noise (other, GEGL_RECTANGLE (0, 0, 80, 70), FALSE);
  gimp_item_set_name (GIMP_ITEM (empty), "empty");
  gimp_drawable_fill (GIMP_DRAWABLE (empty), GIMP_FILL_TRANSPARENT);
  fixture_add_extra (missing, "5", "layer:Sky");
  fixture_take_fails (fixture, missing, image, LAYERS (layer), COMFY_ERROR_INVALID_ARGUMENT,
                      "The image has no layer called “Sky”.");
  fixture_add_extra (large, "5", binding);
  large->max_pixels = WIDTH * HEIGHT;
  fixture_take_fails (fixture, large, image, LAYERS (layer), COMFY_ERROR_TOO_LARGE,
                      "“[Untitled]” has 80 × 70 pixels");
  fixture_add_extra (unseen, "5", "layer:empty");
  fixture_take_fails (fixture, unseen, image, LAYERS (layer), COMFY_ERROR_INVALID_ARGUMENT,
                      "“empty” is transparent everywhere");
  gimp_layer_set_offsets (layer, 40, 0);
  select_rect (image, 0, 0, 20, 20);
  fixture_add_extra (elsewhere, "5", "selection");
  fixture_take_fails (fixture, elsewhere, image, LAYERS (layer), COMFY_ERROR_INVALID_ARGUMENT,
                      "does not touch the layer “noise”");
}

/* whatever is done once the capture has begun, the pictures are of one moment */
static void
test_one_moment (Fixture    *fixture,
                 const void *data)
{
  GimpImage            *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpImage            *other = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer            *layer = fixture_add_noise (image, ALL, FALSE);
  GimpLayer            *sky = fixture_add_noise (image, GEGL_RECTANGLE (0, 0, 30, 30), FALSE);
  GimpLayer            *beside = fixture_add_noise (other, ALL, FALSE);
  g_autoptr(GBytes)     seen = NULL;
  g_autoptr(GBytes)     part = NULL;
  g_autoptr(GBytes)     held = fixture_read (sky, "R'G'B' u8");
  g_autoptr(GBytes)     others = fixture_read (beside, "R'G'B' u8");
  g_autoptr(ComfyTake)  take = fixture_new_take (COMFY_SOURCE_VISIBLE, COMFY_EXTENT_WHOLE);
  g_autofree char      *binding = g_strdup_printf ("image:%d", gimp_image_get_id (other));

  gimp_item_set_name (GIMP_ITEM (sky), "Sky");
  select_rect (image, 3, 4, 20, 10);
  seen = read_seen (image, ALL);
  part = read_seen (image, GEGL_RECTANGLE (3, 4, 20, 10));
  fixture_add_extra (take, "5", "visible-selection");
  fixture_add_extra (take, "6", "layer:Sky");
  fixture_add_extra (take, "7", binding);
  /* the first one lets babl prepare itself */
  comfy_capture_free (fixture_take (fixture, take, image, LAYERS (layer)));
  {
    g_autoptr(DexFuture)    future = comfy_host_capture (fixture->host, take,
                                                         gimp_image_get_id (image), NULL,
                                                         fixture->folder);
    g_autoptr(ComfyCapture) capture = NULL;

    g_assert_true (g_main_context_iteration (NULL, FALSE));
    g_assert_true (dex_future_is_pending (future));
    gimp_drawable_fill (GIMP_DRAWABLE (layer), GIMP_FILL_WHITE);
    gimp_drawable_fill (GIMP_DRAWABLE (sky), GIMP_FILL_WHITE);
    gimp_selection_none (image);
    gimp_image_delete (other);
    capture = g_value_dup_boxed (fixture_settle (future, NULL));
    assert_extra (fixture, capture, 0, WIDTH, HEIGHT, seen);
    assert_extra (fixture, capture, 1, 20, 10, part);
    assert_extra (fixture, capture, 2, 30, 30, held);
    assert_extra (fixture, capture, 3, WIDTH, HEIGHT, others);
  }
}

static void
test_leaves_images_alone (Fixture    *fixture,
                          const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, ALL, TRUE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyPreview)  preview = NULL;
  g_autofree GimpImage   **images = NULL;
  g_autofree GimpLayer   **selected = NULL;

  gimp_item_set_name (GIMP_ITEM (fixture_add_noise (image, ALL, FALSE)), "Sky");
  gimp_image_set_selected_layers (image, (const GimpLayer *[]) { layer, NULL });
  select_rect (image, 1, 2, 3, 4);
  gimp_image_clean_all (image);
  fixture_add_extra (take, "5", "layer:Sky");
  fixture_add_extra (take, "6", "selection");
  fixture_add_extra (take, "7", "visible");
  preview = fixture_preview (fixture, take, image, LAYERS (layer));
  comfy_capture_free (fixture_take (fixture, take, image, LAYERS (layer)));
  images = gimp_get_images ();
  selected = gimp_image_get_selected_layers (image);
  g_assert_null (images[1]);
  g_assert_true (selected[0] == layer && selected[1] == NULL);
  g_assert_false (gimp_image_is_dirty (image));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_capture_pictures_add (void)
{
  ADD ("/capture/pictures/each-of-the-canvas-in-its-own-place", test_kinds);
  ADD ("/capture/pictures/the-same-goes-up-once", test_twins);
  ADD ("/capture/pictures/a-named-layer-alone-and-whole", test_named);
  ADD ("/capture/pictures/a-named-group-as-it-is-seen", test_named_group);
  ADD ("/capture/pictures/other-images-of-every-mode", test_images);
  ADD ("/capture/pictures/each-as-large-as-the-model-wants", test_sizing);
  ADD ("/capture/pictures/says-which-one-cannot-be-sent", test_refusals);
  ADD ("/capture/pictures/are-of-one-moment", test_one_moment);
  ADD ("/capture/pictures/leave-images-alone", test_leaves_images_alone);
  test_capture_files_add ();
  test_capture_mask_add ();
}
