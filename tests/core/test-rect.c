/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-rect.h"

#define SPAN 12 /* px: rectangles that can be compared pixel by pixel */

static ComfyRect
make_random (void)
{
  return (ComfyRect) { g_test_rand_int_range (-SPAN, SPAN), g_test_rand_int_range (-SPAN, SPAN),
                       g_test_rand_int_range (-1, SPAN), g_test_rand_int_range (-1, SPAN) };
}

static gboolean
has_pixel (const ComfyRect *rect,
           int              x,
           int              y)
{
  return x >= rect->x && x < rect->x + rect->width && y >= rect->y && y < rect->y + rect->height;
}

static void
assert_rect (const ComfyRect *rect,
             int              x,
             int              y,
             int              width,
             int              height)
{
  g_assert_cmpint (rect->x, ==, x);
  g_assert_cmpint (rect->y, ==, y);
  g_assert_cmpint (rect->width, ==, width);
  g_assert_cmpint (rect->height, ==, height);
}

static void
test_sets_of_pixels (void)
{
  for (unsigned int run = 0; run < 2000; run++)
    {
      ComfyRect a = make_random ();
      ComfyRect b = make_random ();
      ComfyRect common;
      ComfyRect united;
      gboolean  meets = comfy_rect_intersect (&a, &b, &common);
      gboolean  b_in_a = TRUE;
      gboolean  any = FALSE;

      comfy_rect_unite (&a, &b, &united);
      for (int y = -SPAN; y < 2 * SPAN; y++)
        for (int x = -SPAN; x < 2 * SPAN; x++)
          {
            gboolean in_a = has_pixel (&a, x, y);
            gboolean in_b = has_pixel (&b, x, y);

            g_assert_cmpint (has_pixel (&common, x, y), ==, in_a && in_b);
            if (in_a || in_b)
              g_assert_true (has_pixel (&united, x, y));
            b_in_a = b_in_a && (in_a || !in_b);
            any = any || (in_a && in_b);
          }
      g_assert_cmpint (meets, ==, any);
      g_assert_cmpint (comfy_rect_is_empty (&common), ==, !any);
      g_assert_cmpint (comfy_rect_contains (&a, &b), ==, b_in_a);
      g_assert_true (comfy_rect_contains (&united, &a) && comfy_rect_contains (&united, &b));
    }
}

static void
test_unite_is_tight (void)
{
  ComfyRect a = { 2, 3, 4, 5 };
  ComfyRect b = { -7, 4, 3, 20 };
  ComfyRect empty = { 100, 100, 0, 9 };
  ComfyRect united;

  comfy_rect_unite (&a, &b, &united);
  assert_rect (&united, -7, 3, 13, 21);
  comfy_rect_unite (&a, &empty, &united);
  assert_rect (&united, 2, 3, 4, 5);
  comfy_rect_unite (&empty, &a, &united);
  assert_rect (&united, 2, 3, 4, 5);

  /* into itself */
  comfy_rect_unite (&a, &b, &a);
  assert_rect (&a, -7, 3, 13, 21);
  comfy_rect_intersect (&a, &b, &b);
  assert_rect (&b, -7, 4, 3, 20);
}

static void
test_extremes (void)
{
  ComfyRect far_right = { G_MAXINT - 1, G_MAXINT, G_MAXINT, G_MAXINT };
  ComfyRect far_left = { G_MININT, G_MININT, G_MAXINT, G_MAXINT };
  ComfyRect small = { G_MAXINT, G_MAXINT, 1, 1 };
  ComfyRect out;

  g_assert_false (comfy_rect_intersect (&far_left, &far_right, &out));
  g_assert_true (comfy_rect_is_empty (&out));
  g_assert_true (comfy_rect_contains (&far_right, &small));
  g_assert_false (comfy_rect_contains (&far_left, &small));
  g_assert_true (comfy_rect_intersect (&far_right, &small, &out));
  assert_rect (&out, G_MAXINT, G_MAXINT, 1, 1);
  comfy_rect_unite (&far_left, &far_right, &out);
  assert_rect (&out, G_MININT, G_MININT, G_MAXINT, G_MAXINT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rect/is-a-set-of-pixels", test_sets_of_pixels);
  g_test_add_func ("/rect/union-is-the-smallest", test_unite_is_tight);
  g_test_add_func ("/rect/no-int-overflows", test_extremes);

  return g_test_run ();
}
