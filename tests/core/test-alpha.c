/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "comfy-alpha.h"

static ComfyPixels *
make_noise (int width,
            int height,
            int channels,
            int depth)
{
  size_t  n = (size_t) width * height * channels * (depth / 8);
  guint8 *data = g_malloc (n);

  for (size_t i = 0; i < n; i++)
    data[i] = g_test_rand_int_range (0, 256);

  return comfy_pixels_new_take (width, height, channels, depth, data);
}

static ComfyPixels *
make_flat (int    width,
           int    height,
           int    channels,
           guint8 value)
{
  size_t  n = (size_t) width * height * channels;
  guint8 *data = g_malloc (n);

  memset (data, value, n);

  return comfy_pixels_new_take (width, height, channels, 8, data);
}

static guint8
value_at (ComfyPixels *pixels,
          size_t       i)
{
  return ((const guint8 *) g_bytes_get_data (pixels->data, NULL))[i];
}

static unsigned int
channel_at (ComfyPixels *pixels,
            size_t       i)
{
  const guint16 *wide = g_bytes_get_data (pixels->data, NULL);

  return pixels->depth == 8 ? value_at (pixels, i) : wide[i];
}

/* noise of which about a third cannot be seen */
static ComfyPixels *
make_holes (int width,
            int height,
            int depth)
{
  g_autoptr(ComfyPixels) noise = make_noise (width, height, 4, depth);
  size_t                 size;
  guint8                *data = g_bytes_unref_to_data (g_steal_pointer (&noise->data), &size);

  noise->data = g_bytes_new (NULL, 0);
  for (size_t i = 3; i < (size_t) width * height * 4; i += 4)
    if (g_test_rand_int_range (0, 3) == 0)
      memset (data + i * (depth / 8), 0, depth / 8);

  return comfy_pixels_new_take (width, height, 4, depth, data);
}

static void
test_split_and_join (void)
{
  for (unsigned int run = 0; run < 100; run++)
    {
      g_autoptr(ComfyPixels) pixels = make_holes (g_test_rand_int_range (1, 30),
                                                  g_test_rand_int_range (1, 30),
                                                  run % 2 == 0 ? 8 : 16);
      g_autoptr(ComfyPixels) colour = NULL;
      g_autoptr(ComfyPixels) alpha = NULL;
      g_autoptr(ComfyPixels) joined = NULL;

      if (!comfy_alpha_split (pixels, &colour, &alpha) || alpha == NULL)
        continue;

      g_assert_cmpint (colour->depth, ==, pixels->depth);
      g_assert_cmpint (alpha->depth, ==, pixels->depth);
      joined = comfy_alpha_join (colour, alpha);
      for (size_t i = 0; i < (size_t) pixels->width * pixels->height * 4; i++)
        if (channel_at (pixels, i / 4 * 4 + 3) != 0)
          g_assert_cmpuint (channel_at (joined, i), ==, channel_at (pixels, i));
        else if (i % 4 == 3)
          g_assert_cmpuint (channel_at (joined, i), ==, 0);
    }
}

static void
test_hidden_colour_stays (void)
{
  static const guint8    data[] = { 1, 1, 1, 0, 1, 1, 1, 0,
                                    1, 1, 1, 0, 9, 8, 7, 5,
                                    1, 1, 1, 0, 1, 1, 1, 0 };
  g_autoptr(ComfyPixels) pixels = NULL;
  g_autoptr(ComfyPixels) colour = NULL;
  g_autoptr(ComfyPixels) alpha = NULL;

  pixels = comfy_pixels_new_take (2, 3, 4, 8, g_memdup2 (data, sizeof data));
  g_assert_true (comfy_alpha_split (pixels, &colour, &alpha));
  for (size_t i = 0; i < 18; i++)
    g_assert_cmpint (value_at (colour, i), ==, 9 - i % 3);
}

/* alpha of 1 in 65535 can be seen, 0 cannot, whatever its bytes' neighbours are */
static void
test_hidden_colour_stays_in_16_bits (void)
{
  static const guint16   data[] = { 999, 999, 999, 0, 300, 65535, 258, 1, 999, 999, 999, 0,
                                    999, 999, 999, 0, 999, 999, 999, 0, 999, 999, 999, 0 };
  g_autoptr(ComfyPixels) pixels = NULL;
  g_autoptr(ComfyPixels) colour = NULL;
  g_autoptr(ComfyPixels) alpha = NULL;

  pixels = comfy_pixels_new_take (3, 2, 4, 16, g_memdup2 (data, sizeof data));
  g_assert_true (comfy_alpha_split (pixels, &colour, &alpha));
  for (size_t i = 0; i < 6; i++)
    {
      g_assert_cmpuint (channel_at (colour, i * 3), ==, 300);
      g_assert_cmpuint (channel_at (colour, i * 3 + 1), ==, 65535);
      g_assert_cmpuint (channel_at (colour, i * 3 + 2), ==, 258);
      g_assert_cmpuint (channel_at (alpha, i), ==, i == 1);
    }
}

/* one value decides, also the last, also by its low byte only */
static void
test_opaque_is_all (void)
{
  for (size_t i = 0; i < 24; i++)
    {
      int                    depth = i < 12 ? 8 : 16;
      size_t                 n = 12 * 4 * (depth / 8);
      guint8                *data = memset (g_malloc (n), 255, n);
      g_autoptr(ComfyPixels) pixels = NULL;
      g_autoptr(ComfyPixels) colour = NULL;
      g_autoptr(ComfyPixels) alpha = NULL;

      data[(i % 12 * 4 + 3) * (depth / 8)] = 254;
      pixels = comfy_pixels_new_take (4, 3, 4, depth, data);
      g_assert_true (comfy_alpha_split (pixels, &colour, &alpha));
      g_assert_nonnull (alpha);
    }
}

static void
test_extremes (void)
{
  g_autoptr(ComfyPixels) opaque = make_flat (5, 4, 4, 255);
  g_autoptr(ComfyPixels) hidden = make_flat (5, 4, 4, 0);
  g_autoptr(ComfyPixels) wide = comfy_pixels_new_take (2, 1, 4, 16, g_malloc0 (16));
  g_autoptr(ComfyPixels) colour = NULL;
  g_autoptr(ComfyPixels) alpha = NULL;

  g_assert_false (comfy_alpha_split (wide, &colour, &alpha));
  g_clear_pointer (&wide, comfy_pixels_unref);
  wide = comfy_pixels_new_take (2, 1, 4, 16, memset (g_malloc (16), 255, 16));
  g_assert_true (comfy_alpha_split (wide, &colour, &alpha));
  g_assert_null (alpha);
  g_clear_pointer (&colour, comfy_pixels_unref);

  g_assert_true (comfy_alpha_split (opaque, &colour, &alpha));
  g_assert_null (alpha);
  g_clear_pointer (&colour, comfy_pixels_unref);
  g_assert_false (comfy_alpha_split (hidden, &colour, &alpha));
  g_assert_null (colour);
}

static void
test_join_layouts (void)
{
  static const guint16   wide[] = { 1000, 2000, 3000, 65535, 1, 2, 3, 32768 };
  static const guint8    grey[] = { 10, 20 };
  static const guint8    mask[] = { 128, 255 };
  g_autoptr(ComfyPixels) colour = NULL;
  g_autoptr(ComfyPixels) flat = NULL;
  g_autoptr(ComfyPixels) alpha = NULL;
  g_autoptr(ComfyPixels) joined = NULL;
  g_autoptr(ComfyPixels) joined_flat = NULL;
  const guint16         *result;

  colour = comfy_pixels_new_take (2, 1, 4, 16, g_memdup2 (wide, sizeof wide));
  flat = comfy_pixels_new_take (2, 1, 1, 8, g_memdup2 (grey, sizeof grey));
  alpha = comfy_pixels_new_take (2, 1, 1, 8, g_memdup2 (mask, sizeof mask));

  joined = comfy_alpha_join (colour, alpha);
  result = g_bytes_get_data (joined->data, NULL);
  g_assert_cmpint (result[1], ==, 2000);
  g_assert_cmpint (result[3], ==, 128 * 257);
  g_assert_cmpint (result[7], ==, 32768);

  joined_flat = comfy_alpha_join (flat, alpha);
  g_assert_cmpint (value_at (joined_flat, 2), ==, 10);
  g_assert_cmpint (value_at (joined_flat, 3), ==, 128);
  g_assert_cmpint (value_at (joined_flat, 4), ==, 20);
}

static void
test_join_depths (void)
{
  static const guint16   values[] = { 0, 1, 128, 129, 32768, 65406, 65407, 65535 };
  static const guint8    narrow[] = { 0, 0, 0, 1, 128, 254, 255, 255 }; /* rounded */
  g_autoptr(ComfyPixels) flat = make_flat (8, 1, 3, 7);
  g_autoptr(ComfyPixels) wide_flat = NULL;
  g_autoptr(ComfyPixels) alpha = NULL;
  g_autoptr(ComfyPixels) joined = NULL;
  g_autoptr(ComfyPixels) wide = NULL;

  alpha = comfy_pixels_new_take (8, 1, 1, 16, g_memdup2 (values, sizeof values));
  wide_flat = comfy_pixels_new_take (8, 1, 1, 16, g_malloc0 (16));
  joined = comfy_alpha_join (flat, alpha);
  wide = comfy_alpha_join (wide_flat, alpha);
  g_assert_cmpint (joined->depth, ==, 8);
  g_assert_cmpint (wide->depth, ==, 16);
  for (size_t i = 0; i < 8; i++)
    {
      g_assert_cmpuint (channel_at (joined, i * 4 + 2), ==, 7);
      g_assert_cmpuint (channel_at (joined, i * 4 + 3), ==, narrow[i]);
      g_assert_cmpuint (channel_at (wide, i * 4 + 3), ==, values[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alpha/split-and-join-keep-all-that-is-seen", test_split_and_join);
  g_test_add_func ("/alpha/hidden-colour-stays-here", test_hidden_colour_stays);
  g_test_add_func ("/alpha/hidden-colour-stays-here-in-16-bits",
                   test_hidden_colour_stays_in_16_bits);
  g_test_add_func ("/alpha/opaque-and-invisible-are-known", test_extremes);
  g_test_add_func ("/alpha/opaque-is-opaque-everywhere", test_opaque_is_all);
  g_test_add_func ("/alpha/joins-any-layout", test_join_layouts);
  g_test_add_func ("/alpha/joins-any-depths", test_join_depths);

  return g_test_run ();
}
