/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist is shown before a result is applied is, pixel for pixel, what is seen once it is.
 */
#include "config.h"

#include "comfy-mask.h"
#include "comfy-resample.h"
#include "outcome-fixture.h"

#define WIDTH    160
#define HEIGHT   120
#define DARKEST  90   /* of 255: as what is sent is shown */
#define UNSCALED 4096 /* px */

static const ComfyRect part = { 50, 40, 30, 20 };

/* (transfer full): what GIMP shows of the canvas: RGBA of 8 bits, of an indexed image, too */
static ComfyPixels *
look (GimpImage *image)
{
  GimpImage              *taker;
  GimpLayer              *layer;
  g_autoptr(ComfyPixels)  pixels = NULL;

  taker = gimp_image_new_with_precision (1, 1, gimp_image_get_base_type (image) == GIMP_GRAY
                                                 ? GIMP_GRAY : GIMP_RGB,
                                         gimp_image_get_precision (image));
  layer = gimp_layer_new_from_visible (image, taker, "");
  pixels = outcome_read_layer (layer, 4);
  gimp_item_delete (GIMP_ITEM (layer));
  gimp_image_delete (taker);

  return g_steal_pointer (&pixels);
}

static ComfyComparison *
compare (Fixture     *fixture,
         ComfyResult *result,
         int          edge)
{
  g_autoptr(DexFuture)  future = comfy_host_compare (fixture->host, result, edge);
  g_autoptr(GError)     error = NULL;
  const GValue         *value = fixture_settle (future, &error);

  g_assert_no_error (error);

  return g_value_dup_boxed (value);
}

static void
assert_pixel (const guint8 *pixel,
              const guint8 *expected,
              int           light,
              int           tolerance)
{
  g_assert_cmpint (ABS (pixel[3] - expected[3]), <=, tolerance);
  for (unsigned int channel = 0; channel < 3 && expected[3] != 0; channel++)
    g_assert_cmpint (ABS (pixel[channel] - expected[channel] * light / 255), <=, tolerance);
}

/* @crop: px in what is @seen; @mask: (nullable): as large, what is selected; outside of both there
 * is nothing */
static void
assert_shows (ComfyPixels     *shown,
              const ComfyRect *crop,
              ComfyPixels     *seen,
              ComfyPixels     *mask,
              int              tolerance)
{
  static const guint8 nothing[4] = { 0 };

  g_assert_cmpint (shown->width, ==, crop->width);
  g_assert_cmpint (shown->height, ==, crop->height);
  g_assert_cmpint (shown->channels, ==, 4);
  for (int y = 0; y < crop->height; y++)
    for (int x = 0; x < crop->width; x++)
      {
        int      in_x = crop->x + x;
        int      in_y = crop->y + y;
        gboolean inside = in_x >= 0 && in_y >= 0 && in_x < seen->width && in_y < seen->height;
        int      light = mask != NULL && inside
                           ? DARKEST + (255 - DARKEST) * *fixture_get_pixel (mask, in_x, in_y) / 255
                           : 255;

        assert_pixel (fixture_get_pixel (shown, x, y),
                      inside ? fixture_get_pixel (seen, in_x, in_y) : nothing, light, tolerance);
      }
}

/* What is compared, and how it is placed then. @shift: (nullable): by how much the canvas grows at
 * its upper left corner. Returns the crop. */
static ComfyRect
assert_true_to_life (Fixture            *fixture,
                     GimpImage          *image,
                     ComfyPlacement     *placement,
                     const char * const *names,
                     const ComfyOutcome *outcomes,
                     const ComfyRect    *shift,
                     gboolean            selects,
                     int                 tolerance)
{
  g_autofree char            *job_id = g_uuid_string_random ();
  g_autoptr(ComfyResult)      result = NULL;
  g_autoptr(ComfyPixels)      before = look (image);
  g_autoptr(ComfyPixels)      after = NULL;
  g_autoptr(ComfyPixels)      mask = NULL;
  g_autoptr(ComfyComparison)  comparison = NULL;
  ComfyRect                   crop;

  result = outcome_new_result (fixture, placement, "source.png", names, outcomes, job_id);
  comparison = compare (fixture, result, UNSCALED);
  assert_shows (comparison->before, &comparison->crop, before, NULL, tolerance);

  g_assert_true (outcome_read_report (comfy_host_place (fixture->host, result), NULL) == image);
  after = look (image);
  if (selects)
    mask = outcome_read_values (GIMP_DRAWABLE (gimp_image_get_selection (image)));
  crop = comparison->crop;
  if (shift != NULL)
    {
      crop.x += shift->x;
      crop.y += shift->y;
    }
  assert_shows (comparison->after, &crop, after, mask, tolerance);
  g_assert_false (g_bytes_equal (comparison->before->data, comparison->after->data));

  return comparison->crop;
}

/* an image of noise, with a layer of it that is not all of it */
static GimpImage *
new_image (Fixture         *fixture,
           unsigned int     kind,
           GimpLayer      **out_layer,
           ComfyPlacement **out_placement)
{
  GimpImage              *image = outcome_new_image (kind, WIDTH, HEIGHT, NULL);
  g_autoptr(ComfyPixels)  result = fixture_make_pixels (part.width, part.height, 3);
  g_autoptr(ComfyPixels)  mask = outcome_make_mask (part.width, part.height);

  *out_layer = fixture_add_noise (image, GEGL_RECTANGLE (part.x, part.y, part.width, part.height),
                                  FALSE);
  *out_placement = outcome_make_placement (fixture, image, *out_layer, &part);
  fixture_save (fixture, "result.png", result);
  fixture_save (fixture, "other.png", result);
  fixture_save (fixture, "mask.png", mask);
  fixture_save (fixture, "source.png", result);

  return image;
}

static void
test_layer (Fixture    *fixture,
            const void *data)
{
  for (unsigned int kind = 0; kind < OUTCOME_N_KINDS; kind++)
    {
      g_autoptr(ComfyPlacement)  placement = NULL;
      GimpLayer                 *layer;
      GimpImage                 *image = new_image (fixture, kind, &layer, &placement);
      ComfyRect                  crop;

      placement->mask_file = g_strdup ("mask.png");
      crop = assert_true_to_life (fixture, image, placement, NAMES ("result.png"), NULL, NULL,
                                  FALSE, 0);
      /* some of what lies around it is seen, but not all */
      g_assert_true (comfy_rect_contains (&crop, &part));
      g_assert_cmpint (crop.x, <, part.x);
      g_assert_cmpint (crop.x + crop.width, <, WIDTH);
    }
}

static void
test_mask (Fixture    *fixture,
           const void *data)
{
  for (unsigned int kind = 0; kind < OUTCOME_N_KINDS; kind++)
    {
      g_autoptr(ComfyPlacement)  placement = NULL;
      GimpLayer                 *layer;
      GimpImage                 *image = new_image (fixture, kind, &layer, &placement);

      placement->outcome = COMFY_OUTCOME_LAYER_MASK;
      assert_true_to_life (fixture, image, placement, NAMES ("mask.png"), NULL, NULL, FALSE, 0);
      g_assert_nonnull (gimp_layer_get_mask (layer));
    }
}

/* one that hid something goes on hiding it */
static void
test_second_mask (Fixture    *fixture,
                  const void *data)
{
  g_autoptr(ComfyPlacement)  placement = NULL;
  GimpLayer                 *layer;
  GimpImage                 *image = new_image (fixture, 0, &layer, &placement);

  gimp_image_select_ellipse (image, GIMP_CHANNEL_OP_REPLACE, 52, 42, 20, 15);
  gimp_layer_add_mask (layer, gimp_layer_create_mask (layer, GIMP_ADD_MASK_SELECTION));
  placement->outcome = COMFY_OUTCOME_LAYER_MASK;
  assert_true_to_life (fixture, image, placement, NAMES ("mask.png"), NULL, NULL, FALSE, 0);
}

static void
test_selection (Fixture    *fixture,
                const void *data)
{
  for (unsigned int kind = 0; kind < OUTCOME_N_KINDS; kind++)
    {
      g_autoptr(ComfyPlacement)  placement = NULL;
      GimpLayer                 *layer;
      GimpImage                 *image = new_image (fixture, kind, &layer, &placement);

      gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 5, 6, 70, 60);
      placement->outcome = COMFY_OUTCOME_SELECTION;
      assert_true_to_life (fixture, image, placement, NAMES ("mask.png"), NULL, NULL, TRUE, 0);
    }
}

/* what the artist paints there is none of the result */
static void
test_quick_mask (Fixture    *fixture,
                 const void *data)
{
  g_autoptr(ComfyPlacement)  placement = NULL;
  GimpLayer                 *layer;
  GimpImage                 *image = new_image (fixture, 0, &layer, &placement);
  GeglColor                 *red = gegl_color_new ("red");
  GimpChannel               *quick = gimp_channel_new (image, "Qmask", WIDTH, HEIGHT, 50, red);

  g_object_unref (red);
  gimp_item_set_visible (GIMP_ITEM (quick), FALSE);
  gimp_image_insert_channel (image, quick, NULL, 0);
  placement->outcome = COMFY_OUTCOME_SELECTION;
  assert_true_to_life (fixture, image, placement, NAMES ("mask.png"), NULL, NULL, TRUE, 0);
}

static void
test_several (Fixture    *fixture,
              const void *data)
{
  static const ComfyOutcome  outcomes[] = { COMFY_OUTCOME_LAYERS, COMFY_OUTCOME_LAYER_MASK,
                                            COMFY_OUTCOME_NEW_IMAGE, COMFY_OUTCOME_LAYERS,
                                            COMFY_OUTCOME_SELECTION };
  g_autoptr(ComfyPlacement)  placement = NULL;
  GimpLayer                 *layer;
  GimpImage                 *image = new_image (fixture, 0, &layer, &placement);

  assert_true_to_life (fixture, image, placement,
                       NAMES ("result.png", "mask.png", "other.png", "other.png", "mask.png"),
                       outcomes, NULL, TRUE, 0);
}

/* the place has moved under the result */
static void
test_cropped (Fixture    *fixture,
              const void *data)
{
  g_autoptr(ComfyPlacement)  placement = NULL;
  GimpLayer                 *layer;
  GimpImage                 *image = new_image (fixture, 0, &layer, &placement);
  ComfyRect                  crop;

  g_assert_true (gimp_image_resize (image, WIDTH - 20, HEIGHT - 20, -11, -7));
  crop = assert_true_to_life (fixture, image, placement, NAMES ("result.png"), NULL, NULL, FALSE,
                              0);
  g_assert_true (comfy_rect_contains (&crop, &(ComfyRect) { part.x - 11, part.y - 7, part.width,
                                                            part.height }));
}

/* before, there is nothing where the canvas will be; what follows goes with it */
static void
test_growing (Fixture    *fixture,
              const void *data)
{
  static const ComfyOutcome  outcomes[] = { COMFY_OUTCOME_LAYERS, COMFY_OUTCOME_SELECTION };
  const ComfyRect            grown = { -30, -20, WIDTH + 40, HEIGHT + 30 };
  const ComfyRect            shift = { 30, 20, 0, 0 };

  for (unsigned int n = 1; n <= 2; n++)
    {
      g_autoptr(ComfyPlacement)  placement = NULL;
      g_autoptr(ComfyPixels)     result = fixture_make_pixels (grown.width, grown.height, 3);
      GimpLayer                 *layer;
      GimpImage                 *image = new_image (fixture, 0, &layer, &placement);
      ComfyRect                  crop;

      fixture_save (fixture, "result.png", result);
      placement->region = (ComfyRegion) { .crop = grown, .width = grown.width,
                                          .height = grown.height };
      placement->edges = (ComfyEdges) { 30, 20, 10, 10 };
      crop = assert_true_to_life (fixture, image, placement,
                                  n == 1 ? NAMES ("result.png") : NAMES ("result.png", "mask.png"),
                                  outcomes, &shift, n == 2, 0);
      g_assert_cmpmem (&crop, sizeof crop, &grown, sizeof grown);
      g_assert_cmpint (gimp_image_get_width (image), ==, grown.width);
    }
}

/* in a group, below others, filtered, and while something is being pasted */
static void
test_in_between (Fixture    *fixture,
                 const void *data)
{
  g_autoptr(ComfyPlacement)  placement = NULL;
  GimpLayer                 *layer;
  GimpImage                 *image = new_image (fixture, 0, &layer, &placement);
  GimpLayer                 *group = GIMP_LAYER (gimp_group_layer_new (image, "group"));
  GimpLayer                 *top;
  GimpLayer                 *hidden;
  GimpDrawable              *drawables[2] = { NULL };

  gimp_image_insert_layer (image, group, NULL, 0);
  gimp_image_reorder_item (image, GIMP_ITEM (layer), GIMP_ITEM (group), 0);
  gimp_layer_set_opacity (group, 70);
  top = fixture_add_noise (image, GEGL_RECTANGLE (60, 45, 60, 40), TRUE);
  gimp_layer_set_mode (top, GIMP_LAYER_MODE_MULTIPLY);
  fixture_add_filter (top, "gegl:invert-gamma");
  hidden = fixture_add_noise (image, GEGL_RECTANGLE (0, 0, WIDTH, HEIGHT), TRUE);
  gimp_item_set_visible (GIMP_ITEM (hidden), FALSE);
  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 40, 30, 30, 30);
  drawables[0] = GIMP_DRAWABLE (top);
  g_assert_nonnull (gimp_selection_float (image, drawables, 3, 3));
  assert_true_to_life (fixture, image, placement, NAMES ("result.png", "other.png"), NULL, NULL,
                       FALSE, 1);
}

/* in another profile and deep, too */
static void
test_profile (Fixture    *fixture,
              const void *data)
{
  g_autoptr(GimpColorProfile)  profile = gimp_color_profile_new_rgb_adobe ();
  g_autoptr(ComfyPlacement)    placement = NULL;
  GimpLayer                   *layer;
  GimpImage                   *image = new_image (fixture, 2, &layer, &placement);

  gimp_image_set_color_profile (image, profile);
  assert_true_to_life (fixture, image, placement, NAMES ("result.png"), NULL, NULL, FALSE, 1);
}

/* read in several bands, which nobody sees */
static void
test_scaled (Fixture    *fixture,
             const void *data)
{
  const int                   edge = 200;
  const ComfyRect             whole = { 0, 0, 2600, 2400 };
  GimpLayer                  *layer;
  GimpImage                  *image = outcome_new_image (0, whole.width, whole.height, &layer);
  g_autoptr(ComfyPlacement)   placement = NULL;
  g_autoptr(ComfyPixels)      picture = fixture_make_pixels (200, 200, 3);
  g_autoptr(ComfyPixels)      seen = look (image);
  g_autoptr(ComfyPixels)      expected = NULL;
  g_autoptr(ComfyPixels)      after = NULL;
  g_autoptr(ComfyResult)      result = NULL;
  g_autoptr(ComfyComparison)  comparison = NULL;

  placement = outcome_make_placement (fixture, image, layer, &whole);
  fixture_save (fixture, "result.png", picture);
  result = outcome_new_result (fixture, placement, NULL, NAMES ("result.png"), NULL, "scaled");
  comparison = compare (fixture, result, edge);
  g_assert_cmpint (comparison->before->width, ==, edge);
  g_assert_cmpint (comparison->before->height, ==, edge * whole.height / whole.width);
  g_assert_cmpmem (&comparison->crop, sizeof whole, &whole, sizeof whole);
  expected = comfy_resample (seen, comparison->before->width, comparison->before->height);
  outcome_assert_same (comparison->before, expected, 1);

  outcome_read_report (comfy_host_place (fixture->host, result), NULL);
  g_clear_pointer (&seen, comfy_pixels_unref);
  g_clear_pointer (&expected, comfy_pixels_unref);
  seen = look (image);
  expected = comfy_resample (seen, comparison->after->width, comparison->after->height);
  outcome_assert_same (comparison->after, expected, 1);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_compare_add (void)
{
  ADD ("/compare/a-layer-as-it-will-be-seen", test_layer);
  ADD ("/compare/a-mask-as-it-will-be-seen", test_mask);
  ADD ("/compare/a-mask-beside-the-one-that-is-there", test_second_mask);
  ADD ("/compare/what-is-not-selected-is-dark", test_selection);
  ADD ("/compare/a-selection-beside-a-quick-mask", test_quick_mask);
  ADD ("/compare/each-picture-becomes-what-it-shall", test_several);
  ADD ("/compare/in-an-image-that-was-cropped", test_cropped);
  ADD ("/compare/on-a-canvas-that-grows", test_growing);
  ADD ("/compare/between-groups-filters-and-what-is-pasted", test_in_between);
  ADD ("/compare/under-another-profile", test_profile);
  ADD ("/compare/made-small-without-a-seam", test_scaled);
}
