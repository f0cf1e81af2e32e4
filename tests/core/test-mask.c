/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "comfy-mask.h"

static ComfyPixels *
make_flat (int    width,
           int    height,
           guint8 value)
{
  return comfy_pixels_new_take (width, height, 1, 8,
                                memset (g_malloc ((size_t) width * height), value,
                                        (size_t) width * height));
}

/* of which about one pixel in @rarity is selected */
static ComfyPixels *
make_dots (int width,
           int height,
           int rarity)
{
  guint8 *data = g_malloc0 ((size_t) width * height);

  for (int i = 0; i < width * height; i++)
    if (g_test_rand_int_range (0, rarity) == 0)
      data[i] = g_test_rand_int_range (1, 256);

  return comfy_pixels_new_take (width, height, 1, 8, data);
}

static int
value_at (ComfyPixels *mask,
          int          x,
          int          y)
{
  return ((const guint8 *) g_bytes_get_data (mask->data, NULL))[(size_t) y * mask->width + x];
}

/* what the definition says of one pixel: the nearest edge that is not the mask's own counts */
static int
get_fall (int              width,
          int              height,
          const ComfyRect *inside,
          double           overlap,
          int              x,
          int              y)
{
  double distance = 1e9;

  if (x < inside->x || x >= inside->x + inside->width
      || y < inside->y || y >= inside->y + inside->height)
    return 255;
  if (inside->x > 0)
    distance = MIN (distance, x + 0.5 - inside->x);
  if (inside->y > 0)
    distance = MIN (distance, y + 0.5 - inside->y);
  if (inside->x + inside->width < width)
    distance = MIN (distance, inside->x + inside->width - x - 0.5);
  if (inside->y + inside->height < height)
    distance = MIN (distance, inside->y + inside->height - y - 0.5);
  if (distance >= overlap)
    return 0;

  return floor (255.0 * (overlap - distance) * (overlap - distance) / (overlap * overlap) + 0.5);
}

static void
test_outside (void)
{
  for (unsigned int run = 0; run < 500; run++)
    {
      int                    width = g_test_rand_int_range (1, 60);
      int                    height = g_test_rand_int_range (1, 60);
      ComfyRect              inside = { g_test_rand_int_range (-20, 50),
                                        g_test_rand_int_range (-20, 50),
                                        g_test_rand_int_range (20, 60),
                                        g_test_rand_int_range (20, 60) };
      int                    overlap = g_test_rand_int_range (0, 11);
      g_autoptr(ComfyPixels) mask = NULL;
      ComfyRect              seen;

      /* so much of it in the mask that the fall need not be narrower */
      if (!comfy_rect_intersect (&inside, &(ComfyRect) { 0, 0, width, height }, &seen)
          || seen.width < 2 * overlap || seen.height < 2 * overlap)
        continue;

      mask = comfy_mask_new_rect_outside (width, height, &inside, overlap);
      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          g_assert_cmpint (value_at (mask, x, y), ==,
                           get_fall (width, height, &inside, overlap, x, y));
    }
}

static void
test_outside_extremes (void)
{
  g_autoptr(ComfyPixels) narrow = NULL;
  g_autoptr(ComfyPixels) all_inside = NULL;
  g_autoptr(ComfyPixels) all_outside = NULL;
  g_autoptr(ComfyPixels) nothing = NULL;
  g_autoptr(ComfyPixels) side = NULL;

  /* an overlap of more than there is: still something in the middle stays */
  narrow = comfy_mask_new_rect_outside (20, 20, &(ComfyRect) { 5, 5, 9, 9 }, 100);
  g_assert_cmpint (value_at (narrow, 9, 9), <=, 4);
  g_assert_cmpint (value_at (narrow, 5, 9), >, 150);
  g_assert_cmpint (value_at (narrow, 13, 9), ==, value_at (narrow, 5, 9));
  g_assert_cmpint (value_at (narrow, 4, 9), ==, 255);

  /* against the mask's own edge nothing falls, and over the whole length it may */
  side = comfy_mask_new_rect_outside (40, 3, &(ComfyRect) { -9, -9, 39, 99 }, 30);
  g_assert_cmpint (value_at (side, 0, 0), ==, 0);
  g_assert_cmpint (value_at (side, 15, 0), ==, floor (255 * 15.5 * 15.5 / 900.0 + 0.5));
  g_assert_cmpint (value_at (side, 30, 2), ==, 255);

  all_inside = comfy_mask_new_rect_outside (7, 5, &(ComfyRect) { -1, -1, 99, 99 }, 3);
  g_assert_true (comfy_mask_is_empty (all_inside));
  all_outside = comfy_mask_new_rect_outside (7, 5, &(ComfyRect) { 7, 0, 99, 99 }, 3);
  g_assert_true (comfy_mask_is_full (all_outside));
  nothing = comfy_mask_new_rect_outside (7, 5, &(ComfyRect) { 1, 1, 0, 3 }, 0);
  g_assert_true (comfy_mask_is_full (nothing));
}

static gboolean
is_selected_near (ComfyPixels *mask,
                  int          x,
                  int          y,
                  int          grow)
{
  for (int v = MAX (y - grow, 0); v <= MIN (y + grow, mask->height - 1); v++)
    for (int u = MAX (x - grow, 0); u <= MIN (x + grow, mask->width - 1); u++)
      if (value_at (mask, u, v) > 0 && (u - x) * (u - x) + (v - y) * (v - y) <= grow * grow)
        return TRUE;

  return FALSE;
}

static void
test_request (void)
{
  for (unsigned int run = 0; run < 200; run++)
    {
      int                    width = g_test_rand_int_range (1, 50);
      int                    height = g_test_rand_int_range (1, 50);
      int                    grow = g_test_rand_int_range (0, 14);
      g_autoptr(ComfyPixels) mask = make_dots (width, height, g_test_rand_int_range (2, 900));
      g_autoptr(ComfyPixels) request = comfy_mask_to_request (mask, grow);

      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          g_assert_cmpint (value_at (request, x, y), ==,
                           is_selected_near (mask, x, y, grow) ? 255 : 0);
    }
}

static void
test_request_extremes (void)
{
  g_autoptr(ComfyPixels) empty = make_flat (9, 4, 0);
  g_autoptr(ComfyPixels) faint = make_flat (1, 1, 1);
  g_autoptr(ComfyPixels) dots = make_dots (40, 30, 1);
  g_autoptr(ComfyPixels) of_empty = comfy_mask_to_request (empty, 65534);
  g_autoptr(ComfyPixels) of_faint = comfy_mask_to_request (faint, 0);
  g_autoptr(ComfyPixels) of_dots = comfy_mask_to_request (dots, 65534);

  g_assert_true (comfy_mask_is_empty (of_empty));
  g_assert_true (comfy_mask_is_full (of_faint));
  g_assert_true (comfy_mask_is_full (of_dots));
}

static void
test_bounds (void)
{
  for (unsigned int run = 0; run < 1000; run++)
    {
      int                    width = g_test_rand_int_range (1, 30);
      int                    height = g_test_rand_int_range (1, 30);
      g_autoptr(ComfyPixels) mask = make_dots (width, height, g_test_rand_int_range (1, 500));
      ComfyRect              expected = { 0 };
      ComfyRect              bounds = { -1, -1, -1, -1 };
      gboolean               full = TRUE;
      gboolean               any = FALSE;

      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          {
            full = full && value_at (mask, x, y) == 255;
            if (value_at (mask, x, y) > 0)
              {
                comfy_rect_unite (&expected, &(ComfyRect) { x, y, 1, 1 }, &expected);
                any = TRUE;
              }
          }

      g_assert_cmpint (comfy_mask_is_empty (mask), ==, !any);
      g_assert_cmpint (comfy_mask_is_full (mask), ==, full);
      g_assert_cmpint (comfy_mask_get_bounds (mask, &bounds), ==, any);
      if (!any)
        expected = (ComfyRect) { -1, -1, -1, -1 };
      g_assert_cmpmem (&bounds, sizeof bounds, &expected, sizeof expected);
    }
}

/* one pixel decides, wherever it is */
static void
test_full_and_empty (void)
{
  for (int i = 0; i < 35; i++)
    {
      guint8                *almost_full = memset (g_malloc (35), 255, 35);
      guint8                *almost_empty = g_malloc0 (35);
      g_autoptr(ComfyPixels) full = NULL;
      g_autoptr(ComfyPixels) empty = NULL;
      ComfyRect              bounds;

      almost_full[i] = 254;
      almost_empty[i] = 1;
      full = comfy_pixels_new_take (7, 5, 1, 8, almost_full);
      empty = comfy_pixels_new_take (7, 5, 1, 8, almost_empty);
      g_assert_false (comfy_mask_is_full (full));
      g_assert_false (comfy_mask_is_empty (empty));
      g_assert_true (comfy_mask_get_bounds (empty, &bounds));
      g_assert_cmpint (bounds.x, ==, i % 7);
      g_assert_cmpint (bounds.y, ==, i / 7);
      g_assert_cmpint (bounds.width, ==, 1);
      g_assert_cmpint (bounds.height, ==, 1);
    }
}

static void
test_multiply (void)
{
  guint8                *columns = g_malloc (65536);
  guint8                *rows = g_malloc (65536);
  g_autoptr(ComfyPixels) a = NULL;
  g_autoptr(ComfyPixels) b = NULL;
  g_autoptr(ComfyPixels) product = NULL;

  for (int i = 0; i < 65536; i++)
    {
      columns[i] = i % 256;
      rows[i] = i / 256;
    }
  a = comfy_pixels_new_take (256, 256, 1, 8, columns);
  b = comfy_pixels_new_take (256, 256, 1, 8, rows);
  product = comfy_mask_multiply (a, b);
  for (int y = 0; y < 256; y++)
    for (int x = 0; x < 256; x++)
      g_assert_cmpint (value_at (product, x, y), ==, floor (x * y / 255.0 + 0.5));
  for (int x = 0; x < 256; x++)
    {
      g_assert_cmpint (value_at (product, x, 255), ==, x);
      g_assert_cmpint (value_at (product, 255, x), ==, x);
    }
}

/* the same grey in each layout is the same mask, exactly */
static void
test_from_grey (void)
{
  static const int layouts[] = { 1, 3, 4 };

  for (unsigned int i = 0; i < 6; i++)
    {
      int                    channels = layouts[i / 2];
      gboolean               wide = i % 2 == 1;
      guint8                *data = g_malloc ((size_t) 256 * channels * (wide ? 2 : 1));
      g_autoptr(ComfyPixels) picture = NULL;
      g_autoptr(ComfyPixels) mask = NULL;

      for (int x = 0; x < 256; x++)
        for (int channel = 0; channel < channels; channel++)
          {
            guint8 value = channel == 3 ? 255 : x;
            size_t at = (size_t) x * channels + channel;

            /* in 16 bits the same twice is the same grey */
            if (wide)
              data[at * 2] = data[at * 2 + 1] = value;
            else
              data[at] = value;
          }
      picture = comfy_pixels_new_take (256, 1, channels, wide ? 16 : 8, data);
      mask = comfy_mask_from_picture (picture);
      g_assert_cmpint (mask->channels, ==, 1);
      g_assert_cmpint (mask->depth, ==, 8);
      for (int x = 0; x < 256; x++)
        g_assert_cmpint (value_at (mask, x, 0), ==, x);
    }
}

static void
test_from_colour (void)
{
  static const guint8    rgba[] = { 255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255,
                                    255, 255, 255, 100, 255, 255, 255, 0, 200, 200, 200, 51 };
  static const int       expected[] = { 54, 182, 18, 100, 0, 40 };
  static const guint16   grey[] = { 0, 128, 129, 65406, 65407, 65535 };
  static const int       rounded[] = { 0, 0, 1, 254, 255, 255 };
  g_autoptr(ComfyPixels) picture = NULL;
  g_autoptr(ComfyPixels) wide = NULL;
  g_autoptr(ComfyPixels) mask = NULL;
  g_autoptr(ComfyPixels) of_wide = NULL;

  picture = comfy_pixels_new_take (2, 3, 4, 8, g_memdup2 (rgba, sizeof rgba));
  wide = comfy_pixels_new_take (2, 3, 1, 16, g_memdup2 (grey, sizeof grey));
  mask = comfy_mask_from_picture (picture);
  of_wide = comfy_mask_from_picture (wide);
  for (int i = 0; i < 6; i++)
    {
      g_assert_cmpint (value_at (mask, i % 2, i / 2), ==, expected[i]);
      g_assert_cmpint (value_at (of_wide, i % 2, i / 2), ==, rounded[i]);
    }
}

/* the sanitizer's allocator shall say so, too, instead of ending the program */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "allocator_may_return_null=1";
}

/* more than any machine has */
static void
test_no_memory (void)
{
  const ComfyRect none = { 0 };

  g_assert_null (comfy_mask_new_rect_outside (G_MAXINT, G_MAXINT, &none, 0));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mask/outside-falls-inward", test_outside);
  g_test_add_func ("/mask/outside-of-any-rectangle", test_outside_extremes);
  g_test_add_func ("/mask/request-is-a-circle-around-all-that-is-selected", test_request);
  g_test_add_func ("/mask/request-extremes", test_request_extremes);
  g_test_add_func ("/mask/bounds-are-tight", test_bounds);
  g_test_add_func ("/mask/one-pixel-decides", test_full_and_empty);
  g_test_add_func ("/mask/product-is-rounded-and-full-is-neutral", test_multiply);
  g_test_add_func ("/mask/grey-of-any-layout-is-exact", test_from_grey);
  g_test_add_func ("/mask/colour-counts-as-it-is-seen", test_from_colour);
  g_test_add_func ("/mask/no-memory-is-no-mask", test_no_memory);

  return g_test_run ();
}
