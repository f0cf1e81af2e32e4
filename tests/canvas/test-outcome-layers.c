/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results with a mask: nothing changes but what was selected, in an image of any kind.
 */
#include "config.h"

#include <math.h>

#include "comfy-mask.h"
#include "outcome-fixture.h"

#define WIDTH  60
#define HEIGHT 50

static const ComfyRect crop = { -4, 8, 45, 30 };

/* how much of the result is seen at a place of the image */
static int
get_share (ComfyPixels *mask,
           int          x,
           int          y)
{
  if (x < crop.x || y < crop.y || x >= crop.x + crop.width || y >= crop.y + crop.height)
    return 0;

  return outcome_get (mask, x - crop.x, y - crop.y, 0);
}

/* as it was, bit for bit, wherever the mask is 0 */
static void
assert_unchanged_outside (GBytes      *before,
                          GBytes      *after,
                          int          pixel_size,
                          ComfyPixels *mask)
{
  const guint8 *a = g_bytes_get_data (before, NULL);
  const guint8 *b = g_bytes_get_data (after, NULL);

  g_assert_cmpuint (g_bytes_get_size (before), ==, g_bytes_get_size (after));
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        size_t i = (size_t) (y * WIDTH + x) * pixel_size;

        if (get_share (mask, x, y) == 0)
          g_assert_cmpmem (a + i, pixel_size, b + i, pixel_size);
      }
}

static double
to_light (int value)
{
  double v = value / 255.0;

  return v <= 0.04045 ? v / 12.92 : pow ((v + 0.055) / 1.055, 2.4);
}

static double
from_light (double v)
{
  return 255.0 * (v <= 0.0031308 ? v * 12.92 : 1.055 * pow (v, 1 / 2.4) - 0.055);
}

/* light of both, as much of each as the mask says */
static void
assert_mixed (ComfyPixels *before,
              ComfyPixels *result,
              ComfyPixels *after,
              ComfyPixels *mask,
              double       tolerance)
{
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      for (int channel = 0; channel < 3; channel++)
        {
          int    share = get_share (mask, x, y);
          double old;
          double new;
          double mixed;

          if (share == 0)
            continue;

          old = to_light (outcome_get (before, x, y, channel));
          new = to_light (outcome_get (result, x - crop.x, y - crop.y, channel));
          mixed = from_light (old + (new - old) * share / 255.0);
          g_assert_cmpfloat_with_epsilon (outcome_get (after, x, y, channel), mixed, tolerance);
        }
}

static void
assert_has_mask (GimpLayer   *layer,
                 ComfyPixels *mask)
{
  GimpLayerMask          *present = gimp_layer_get_mask (layer);
  g_autoptr(ComfyPixels)  values = NULL;

  g_assert_nonnull (present);
  values = outcome_read_values (GIMP_DRAWABLE (present));
  outcome_assert_same (values, mask, 0);
  g_assert_true (gimp_layer_get_apply_mask (layer));
  g_assert_false (gimp_layer_get_edit_mask (layer));
  g_assert_false (gimp_layer_get_show_mask (layer));
}

static void
place_masked (Fixture      *fixture,
              unsigned int  kind,
              gboolean      several)
{
  GimpLayer                  *layer;
  GimpImage                  *image = outcome_new_image (kind, WIDTH, HEIGHT, &layer);
  g_autoptr(ComfyPlacement)   placement = outcome_make_placement (fixture, image, layer, &crop);
  g_autoptr(ComfyPixels)      mask = outcome_make_mask (crop.width, crop.height);
  g_autoptr(ComfyPixels)      result = fixture_make_pixels (crop.width, crop.height, 3);
  g_autoptr(ComfyPixels)      other = fixture_make_pixels (crop.width, crop.height, 3);
  g_autoptr(ComfyPixels)      plain_before = outcome_look_plain (image);
  g_autoptr(ComfyPixels)      plain_after = NULL;
  g_autoptr(ComfyPixels)      came = NULL;
  g_autoptr(GPtrArray)        placed = NULL;
  g_autofree char            *job_id = g_uuid_string_random ();
  int                         pixel_size;
  g_autoptr(GBytes)           before = outcome_look (image, &pixel_size);
  g_autoptr(GBytes)           after = NULL;
  gboolean                    linear;

  placement->mask_file = g_strdup ("mask.png");
  fixture_save (fixture, "mask.png", mask);
  fixture_save (fixture, "result.png", result);
  fixture_save (fixture, "other.png", other);
  outcome_place (fixture, placement, NULL,
                 several ? NAMES ("result.png", "other.png", "other.png") : NAMES ("result.png"),
                 job_id, &placed);

  g_assert_cmpuint (placed->len, ==, several ? 3 : 1);
  for (unsigned int i = 0; i < placed->len; i++)
    {
      outcome_assert_rect (g_ptr_array_index (placed, i), crop.x, crop.y, crop.width, crop.height);
      assert_has_mask (g_ptr_array_index (placed, i), mask);
    }
  after = outcome_look (image, &pixel_size);
  assert_unchanged_outside (before, after, pixel_size, mask);

  /* what its palette or its grey cannot show is another test's */
  if (gimp_image_get_base_type (image) != GIMP_RGB)
    return;

  plain_after = outcome_look_plain (image);
  /* 8 bits of light are few in the dark */
  linear = gimp_image_get_precision (image) == GIMP_PRECISION_U8_LINEAR;
  assert_mixed (plain_before, result, plain_after, mask, linear ? 14.0 : 2.0);
  came = outcome_read_layer (g_ptr_array_index (placed, 0), 3);
  outcome_assert_same (came, result, linear ? 14 : 0);
}

static void
test_masked (Fixture    *fixture,
             const void *data)
{
  for (unsigned int kind = 0; kind < OUTCOME_N_KINDS; kind++)
    place_masked (fixture, kind, FALSE);
}

static void
test_masked_several (Fixture    *fixture,
                     const void *data)
{
  for (unsigned int kind = 0; kind < OUTCOME_N_KINDS; kind++)
    place_masked (fixture, kind, TRUE);
}

/* the artist may change the mask, and sees it */
static void
test_mask_is_painted_on (Fixture    *fixture,
                         const void *data)
{
  GimpLayer                  *layer;
  GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
  g_autoptr(ComfyPlacement)   placement = outcome_make_placement (fixture, image, layer, &crop);
  g_autoptr(ComfyPixels)      mask = outcome_make_mask (crop.width, crop.height);
  g_autoptr(ComfyPixels)      result = fixture_make_pixels (crop.width, crop.height, 3);
  g_autoptr(ComfyPixels)      before = NULL;
  g_autoptr(ComfyPixels)      hidden = NULL;
  g_autoptr(ComfyPixels)      black = NULL;
  g_autoptr(ComfyPixels)      seen = NULL;
  g_autoptr(GPtrArray)        placed = NULL;
  GimpLayer                  *came;

  placement->mask_file = g_strdup ("mask.png");
  fixture_save (fixture, "mask.png", mask);
  fixture_save (fixture, "result.png", result);
  outcome_place (fixture, placement, NULL, NAMES ("result.png"), "painted", &placed);
  came = g_ptr_array_index (placed, 0);
  before = outcome_look_plain (image);
  gimp_item_set_visible (GIMP_ITEM (came), FALSE);
  hidden = outcome_look_plain (image);
  gimp_item_set_visible (GIMP_ITEM (came), TRUE);
  gimp_context_set_default_colors ();
  g_assert_true (gimp_drawable_fill (GIMP_DRAWABLE (gimp_layer_get_mask (came)),
                                     GIMP_FILL_FOREGROUND));
  black = outcome_look_plain (image);
  outcome_assert_same (black, hidden, 0);
  g_assert_false (g_bytes_equal (before->data, black->data));

  g_assert_true (gimp_drawable_fill (GIMP_DRAWABLE (gimp_layer_get_mask (came)),
                                     GIMP_FILL_WHITE));
  seen = outcome_look_plain (image);
  for (int y = crop.y; y < crop.y + crop.height; y++)
    for (int x = 0; x < crop.x + crop.width; x++)
      g_assert_cmpint (outcome_get (seen, x, y, 1), ==,
                       outcome_get (result, x - crop.x, y - crop.y, 1));
}

/* results that make one picture together are all seen; so are opaque alternatives */
static void
test_all_are_seen (Fixture    *fixture,
                   const void *data)
{
  for (unsigned int i = 0; i < 3; i++)
    {
      GimpLayer                  *layer;
      GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
      g_autoptr(ComfyPlacement)   placement = NULL;
      g_autoptr(ComfyPixels)      lowest = fixture_make_pixels (WIDTH, HEIGHT, i == 0 ? 3 : 4);
      g_autoptr(ComfyPixels)      upper = fixture_make_pixels (WIDTH, HEIGHT, i == 0 ? 3 : 4);
      g_autoptr(GPtrArray)        placed = NULL;
      g_autofree char            *job_id = g_uuid_string_random ();
      g_autofree GimpItem       **children = NULL;
      const ComfyRect             whole = { 0, 0, WIDTH, HEIGHT };
      g_autofree char            *name = NULL;
      gboolean                    one_picture = i == 1;

      placement = outcome_make_placement (fixture, image, layer, &whole);
      placement->order = one_picture ? COMFY_ORDER_LOWEST_FIRST : COMFY_ORDER_HIGHEST_FIRST;
      fixture_save (fixture, "first.png", lowest);
      fixture_save (fixture, "second.png", upper);
      outcome_place (fixture, placement, NULL, NAMES ("first.png", "second.png"), job_id, &placed);
      children = gimp_item_get_children (gimp_item_get_parent (g_ptr_array_index (placed, 0)));
      name = gimp_item_get_name (children[0]);
      g_assert_true (gimp_item_get_visible (children[0]));
      g_assert_cmpint (gimp_item_get_visible (children[1]), ==, i < 2);
      g_assert_cmpint (g_str_has_suffix (name, "1 of 2)"), ==,
                       !one_picture);
    }
}

static void
test_twice (Fixture    *fixture,
            const void *data)
{
  GimpLayer                  *layer;
  GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
  g_autoptr(ComfyPlacement)   placement = outcome_make_placement (fixture, image, layer, &crop);
  g_autoptr(ComfyPixels)      mask = outcome_make_mask (crop.width, crop.height);
  g_autoptr(GPtrArray)        first = NULL;
  g_autoptr(GPtrArray)        second = NULL;

  placement->mask_file = g_strdup ("mask.png");
  fixture_save (fixture, "mask.png", mask);
  g_assert_true (outcome_place (fixture, placement, NULL, NAMES ("mask.png"), "twice", &first)
                 == image);
  g_assert_true (outcome_place (fixture, placement, NULL, NAMES ("mask.png"), "twice", &second)
                 == image);
  g_assert_cmpuint (outcome_count_layers (image), ==, 2);
  g_assert_true (g_ptr_array_index (first, 0) == g_ptr_array_index (second, 0));
}

/* a mask that is lost costs no result */
static void
test_mask_lost (Fixture    *fixture,
                const void *data)
{
  static const int sizes[] = { 45, 44 }; /* px: the second is no mask of this crop */

  for (unsigned int i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      GimpLayer                  *layer;
      GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
      g_autoptr(ComfyPlacement)   placement = outcome_make_placement (fixture, image, layer, &crop);
      g_autoptr(ComfyPixels)      result = fixture_make_pixels (crop.width, crop.height, 3);
      g_autoptr(ComfyPixels)      wrong = outcome_make_mask (sizes[i], crop.height);
      g_autoptr(GPtrArray)        placed = NULL;
      g_autofree char            *job_id = g_uuid_string_random ();

      placement->mask_file = g_strdup (i == 0 ? "gone.png" : "wrong.png");
      fixture_save (fixture, "wrong.png", wrong);
      fixture_save (fixture, "result.png", result);
      if (i == 0)
        g_test_expect_message ("comfy-place", G_LOG_LEVEL_WARNING, "gone.png is lost*");
      outcome_place (fixture, placement, NULL, NAMES ("result.png"), job_id, &placed);
      g_test_assert_expected_messages ();
      g_assert_null (gimp_layer_get_mask (g_ptr_array_index (placed, 0)));
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_outcome_layers_add (void)
{
  ADD ("/outcome/layers/only-what-is-selected-changes", test_masked);
  ADD ("/outcome/layers/several-change-no-more-than-one", test_masked_several);
  ADD ("/outcome/layers/the-mask-can-be-painted-on", test_mask_is_painted_on);
  ADD ("/outcome/layers/alternatives-that-shine-through-are-hidden", test_all_are_seen);
  ADD ("/outcome/layers/never-twice", test_twice);
  ADD ("/outcome/layers/a-lost-mask-costs-no-result", test_mask_lost);
}
