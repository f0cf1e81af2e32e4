/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "comfy-region.h"

#define MEGAPIXEL (1024 * 1024)

/* 1…2^@bits, small ones as often as large ones */
static int
random_length (int bits)
{
  return (int) pow (2.0, g_test_rand_double_range (0.0, bits));
}

/* 0 in one case of three */
static int
random_limit (int bits)
{
  return g_test_rand_int_range (0, 3) == 0 ? 0 : random_length (bits);
}

static ComfyRect
random_rect (int bits)
{
  return (ComfyRect) { g_test_rand_int_range (-40000, 40000), g_test_rand_int_range (-40000, 40000),
                       random_length (bits), random_length (bits) };
}

static ComfyRect
random_rect_in (const ComfyRect *limits)
{
  int width = g_test_rand_int_range (1, limits->width + 1);
  int height = g_test_rand_int_range (1, limits->height + 1);

  return (ComfyRect) { limits->x + g_test_rand_int_range (0, limits->width - width + 1),
                       limits->y + g_test_rand_int_range (0, limits->height - height + 1),
                       width, height };
}

static ComfySizing
random_sizing (void)
{
  static const int multiples[] = { 0, 1, 2, 8, 16, 64, 7 };

  return (ComfySizing) {
    .pixels = random_limit (24),
    .multiple = multiples[g_test_rand_int_range (0, G_N_ELEMENTS (multiples))],
    .min_edge = random_limit (9),
    .max_edge = random_limit (13),
    .context = g_test_rand_int_range (0, 2) * g_test_rand_double_range (0.0, 2.0),
    .context_min = random_limit (11),
  };
}

/* one axis of the crop: as long as it should be, the target in its middle unless a limit is near */
static void
assert_range (int    crop,
              int    length,
              int    target,
              int    target_length,
              int    limit,
              int    limit_length,
              double margin,
              int    least)
{
  gint64   before = (gint64) target - crop;
  gint64   after = (gint64) crop + length - target - target_length;
  gboolean at_limit = crop == limit || (gint64) crop + length == (gint64) limit + limit_length;

  g_assert_cmpint (before, >=, 0);
  g_assert_cmpint (after, >=, 0);
  g_assert_cmpint (crop, >=, limit);
  g_assert_cmpint ((gint64) crop + length, <=, (gint64) limit + limit_length);
  g_assert_cmpfloat (length, ==, MIN (MAX (target_length + 2 * margin, least), limit_length));
  if (!at_limit)
    g_assert_cmpint (ABS (before - after), <=, 1);
}

/* one axis of what is sent */
static void
assert_sent (int edge,
             int before,
             int after,
             int multiple,
             int min_edge,
             int max_edge)
{
  gint64 sent = (gint64) before + edge + after;
  gint64 padded = ((gint64) MAX (edge, min_edge) + multiple - 1) / multiple * multiple;

  g_assert_cmpint (edge, >=, 1);
  g_assert_cmpint (before, >=, 0);
  g_assert_cmpint (after, >=, 0);
  g_assert_cmpint (ABS (before - after), <=, 1);
  g_assert_cmpint (sent % multiple, ==, 0);
  g_assert_cmpint (sent, <=, MAX (max_edge, multiple));
  g_assert_cmpint (sent, ==, MIN (padded, MAX (max_edge / multiple, 1) * multiple));
}

/* scaled evenly, and to about as many pixels as are wanted where the limits leave that open */
static void
assert_scale (const ComfyRegion *region,
              const ComfySizing *sizing,
              int                multiple,
              int                max_edge)
{
  double   sent = (double) comfy_region_get_width (region) * comfy_region_get_height (region);
  gboolean wide = region->crop.width >= region->crop.height;
  double   scale = wide ? (double) region->width / region->crop.width
                        : (double) region->height / region->crop.height;
  int      longer = MAX (region->width, region->height);
  int      shorter = MIN (region->width, region->height);
  double   most = 1.11 * (1.0 + (multiple + 1.0) / longer) * (1.0 + (multiple + 1.0) / shorter);
  double   least = 0.89 / (1.0 + 1.0 / longer) / (1.0 + 1.0 / shorter);

  if (wide)
    g_assert_cmpfloat_with_epsilon (region->height, MAX (region->crop.height * scale, 1), 0.5001);
  else
    g_assert_cmpfloat_with_epsilon (region->width, MAX (region->crop.width * scale, 1), 0.5001);

  if (sizing->pixels == 0)
    {
      if (MAX (region->crop.width, region->crop.height) <= max_edge)
        g_assert_cmpfloat (scale, ==, 1.0);
      else
        g_assert_cmpfloat (longer, >=, max_edge * 0.94 - 1.0);
    }
  else if (shorter > sizing->min_edge && shorter > 2 * multiple)
    {
      g_assert_cmpfloat (sent / sizing->pixels, <=, most);
      if (longer + 2 * multiple + 1 <= max_edge)
        g_assert_cmpfloat (sent / sizing->pixels, >=, least);
    }
}

static void
assert_plan (const ComfyRect   *target,
             const ComfyRect   *limits,
             const ComfySizing *sizing,
             ComfyRegion       *region)
{
  const ComfyRect *crop = &region->crop;
  int              multiple = MAX (sizing->multiple, 1);
  int              max_edge = sizing->max_edge > 0 ? sizing->max_edge : G_MAXINT;
  double           margin = round (sizing->context * MAX (target->width, target->height));

  comfy_region_plan (target, limits, sizing, region);

  g_assert_true (comfy_rect_contains (limits, crop));
  g_assert_true (comfy_rect_contains (crop, target));
  assert_range (crop->x, crop->width, target->x, target->width, limits->x, limits->width,
                margin, sizing->context_min);
  assert_range (crop->y, crop->height, target->y, target->height, limits->y, limits->height,
                margin, sizing->context_min);
  assert_sent (region->width, region->left, region->right, multiple, sizing->min_edge, max_edge);
  assert_sent (region->height, region->top, region->bottom, multiple, sizing->min_edge, max_edge);
  assert_scale (region, sizing, multiple, max_edge / multiple * multiple);
}

static void
test_plan (void)
{
  for (unsigned int run = 0; run < 30000; run++)
    {
      ComfyRect   limits = random_rect (run % 2 == 0 ? 15 : 19);
      ComfyRect   target = random_rect_in (&limits);
      ComfySizing sizing = random_sizing ();
      ComfyRegion region;

      assert_plan (&target, &limits, &sizing, &region);
    }
}

static void
test_plan_extremes (void)
{
  static const struct { int width, height; } sizes[] = {
    { 1, 1 }, { 1, 30000 }, { 30000, 1 }, { 30000, 30000 }, { 30000, 20000 }, { 524288, 1 },
    { 524288, 524288 }, { G_MAXINT, G_MAXINT },
  };
  static const int starts[] = { 0, 7, -30000, G_MININT };

  for (unsigned int i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (unsigned int start = 0; start < G_N_ELEMENTS (starts); start++)
      for (int place = 0; place < 10; place++)
        for (unsigned int run = 0; run < 50; run++)
          {
            ComfyRect   limits = { starts[start], starts[start], sizes[i].width, sizes[i].height };
            ComfyRect   target = limits;
            ComfySizing sizing = random_sizing ();
            ComfyRegion region;

            /* in each corner, at each edge, in the middle; the tenth is all */
            if (place < 9)
              {
                target.width = MAX (limits.width / 3, 1);
                target.height = MAX (limits.height / 3, 1);
                target.x += (gint64) (limits.width - target.width) * (place % 3) / 2;
                target.y += (gint64) (limits.height - target.height) * (place / 3) / 2;
              }
            assert_plan (&target, &limits, &sizing, &region);
          }
}

static void
assert_region (const ComfyRegion *region,
               int                left,
               int                width,
               int                right,
               int                top,
               int                height,
               int                bottom)
{
  g_assert_cmpint (region->left, ==, left);
  g_assert_cmpint (region->width, ==, width);
  g_assert_cmpint (region->right, ==, right);
  g_assert_cmpint (region->top, ==, top);
  g_assert_cmpint (region->height, ==, height);
  g_assert_cmpint (region->bottom, ==, bottom);
}

static void
plan_whole (int                width,
            int                height,
            const ComfySizing *sizing,
            ComfyRegion       *out_region)
{
  ComfyRect whole = { 3, -4, width, height };

  comfy_region_plan (&whole, &whole, sizing, out_region);
}

/* what needs no scaling is not scaled */
static void
test_plan_leaves_alone (void)
{
  ComfySizing sizing = { .pixels = MEGAPIXEL, .multiple = 16 };
  ComfyRegion region;

  plan_whole (1234, 77, &(ComfySizing) { 0 }, &region);
  assert_region (&region, 0, 1234, 0, 0, 77, 0);
  plan_whole (1234, 77, &(ComfySizing) { .multiple = 16 }, &region);
  assert_region (&region, 7, 1234, 7, 1, 77, 2);
  plan_whole (1234, 77, &(ComfySizing) { .multiple = 16, .min_edge = 250 }, &region);
  assert_region (&region, 7, 1234, 7, 89, 77, 90);
  plan_whole (1024, 1024, &sizing, &region);
  assert_region (&region, 0, 1024, 0, 0, 1024, 0);
  plan_whole (1216, 832, &sizing, &region);
  assert_region (&region, 0, 1216, 0, 0, 832, 0);
  plan_whole (1000, 1001, &sizing, &region);
  assert_region (&region, 4, 1000, 4, 3, 1001, 4);
}

/* the model's size, with as little padding as is to be had */
static void
test_plan_scales (void)
{
  ComfySizing sizing = { .pixels = MEGAPIXEL, .multiple = 16 };
  ComfyRegion region;

  plan_whole (3000, 3000, &sizing, &region);
  assert_region (&region, 0, 1024, 0, 0, 1024, 0);
  plan_whole (30, 30, &sizing, &region);
  assert_region (&region, 0, 1024, 0, 0, 1024, 0);
  plan_whole (6000, 4000, &sizing, &region);
  assert_region (&region, 0, 1248, 0, 0, 832, 0);
  plan_whole (4000, 6000, &sizing, &region);
  assert_region (&region, 0, 832, 0, 0, 1248, 0);
  plan_whole (1920, 1080, &sizing, &region);
  assert_region (&region, 0, 1360, 0, 1, 765, 2);

  /* only to keep the limit */
  plan_whole (3000, 1500, &(ComfySizing) { .max_edge = 2047, .multiple = 8 }, &region);
  assert_region (&region, 0, 2040, 0, 2, 1020, 2);
}

/* whatever an artist selects, a model that wants a megapixel gets that, and hardly any padding */
static void
test_plan_suits_models (void)
{
  for (unsigned int run = 0; run < 5000; run++)
    {
      ComfySizing sizing = { .pixels = MEGAPIXEL, .multiple = 16 };
      int         width = g_test_rand_int_range (50, 9000);
      int         height = MAX (width * g_test_rand_double_range (0.3, 3.0), 1);
      gboolean    as_taken;
      double      sent;
      ComfyRegion region;

      plan_whole (width, height, &sizing, &region);
      as_taken = region.width == width;
      sent = (double) comfy_region_get_width (&region) * comfy_region_get_height (&region);
      g_assert_cmpfloat_with_epsilon (sent / MEGAPIXEL, 1.0, as_taken ? 0.1 : 0.05);
      g_assert_cmpfloat ((double) region.width * region.height / sent, >, as_taken ? 0.95 : 0.97);
    }
}

/* a sizing against itself: the multiple before the longest edge before the shortest */
static void
test_plan_contradictions (void)
{
  ComfyRegion region;

  plan_whole (300, 200, &(ComfySizing) { .multiple = 64, .max_edge = 40 }, &region);
  g_assert_cmpint (comfy_region_get_width (&region), ==, 64);
  g_assert_cmpint (comfy_region_get_height (&region), ==, 64);
  plan_whole (300, 200, &(ComfySizing) { .multiple = 8, .min_edge = 512, .max_edge = 256 },
              &region);
  g_assert_cmpint (comfy_region_get_width (&region), ==, 256);
  g_assert_cmpint (comfy_region_get_height (&region), ==, 256);
  plan_whole (G_MAXINT, 1, &(ComfySizing) { .pixels = G_MAXUINT64, .multiple = 16 }, &region);
  g_assert_cmpint (comfy_region_get_width (&region) % 16, ==, 0);
}

/* corners of the crop, there and back through a result of any size */
static void
test_corners (void)
{
  for (unsigned int run = 0; run < 10000; run++)
    {
      ComfyRect   limits = random_rect (15);
      ComfyRect   target = random_rect_in (&limits);
      ComfySizing sizing = random_sizing ();
      int         width = random_length (14);
      int         height = random_length (14);
      ComfyRegion region;
      ComfyPart   part;

      comfy_region_plan (&target, &limits, &sizing, &region);
      comfy_region_locate (&region, comfy_region_get_width (&region),
                           comfy_region_get_height (&region), &part);
      g_assert_cmpfloat (part.x, ==, region.left);
      g_assert_cmpfloat (part.y, ==, region.top);
      g_assert_cmpfloat (part.width, ==, region.width);
      g_assert_cmpfloat (part.height, ==, region.height);

      comfy_region_locate (&region, width, height, &part);
      g_assert_cmpfloat_with_epsilon (part.x * comfy_region_get_width (&region) / width,
                                      region.left, 1e-6);
      g_assert_cmpfloat_with_epsilon ((part.y + part.height)
                                      * comfy_region_get_height (&region) / height,
                                      region.top + region.height, 1e-6);
      g_assert_cmpfloat (part.x + part.width, <=, width + 1e-6);
      g_assert_cmpfloat (part.y + part.height, <=, height + 1e-6);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/region/plan-keeps-all-its-promises", test_plan);
  g_test_add_func ("/region/plan-of-extremes", test_plan_extremes);
  g_test_add_func ("/region/plan-leaves-alone-what-fits", test_plan_leaves_alone);
  g_test_add_func ("/region/plan-scales-with-little-padding", test_plan_scales);
  g_test_add_func ("/region/plan-suits-models", test_plan_suits_models);
  g_test_add_func ("/region/plan-in-contradiction", test_plan_contradictions);
  g_test_add_func ("/region/corners-come-back", test_corners);

  return g_test_run ();
}
