/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "comfy-alpha.h"
#include "comfy-resample.h"

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

static void
test_split_and_join (void)
{
  for (unsigned int run = 0; run < 50; run++)
    {
      g_autoptr(ComfyPixels) pixels = make_noise (g_test_rand_int_range (1, 30),
                                                  g_test_rand_int_range (1, 30), 4, 8);
      g_autoptr(ComfyPixels) colour = NULL;
      g_autoptr(ComfyPixels) alpha = NULL;
      g_autoptr(ComfyPixels) joined = NULL;

      if (!comfy_alpha_split (pixels, &colour, &alpha) || alpha == NULL)
        continue;

      joined = comfy_alpha_join (colour, alpha);
      for (size_t i = 0; i < g_bytes_get_size (pixels->data); i++)
        if (value_at (pixels, i / 4 * 4 + 3) != 0)
          g_assert_cmpint (value_at (joined, i), ==, value_at (pixels, i));
        else if (i % 4 == 3)
          g_assert_cmpint (value_at (joined, i), ==, 0);
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

static void
test_extremes (void)
{
  g_autoptr(ComfyPixels) opaque = make_flat (5, 4, 4, 255);
  g_autoptr(ComfyPixels) hidden = make_flat (5, 4, 4, 0);
  g_autoptr(ComfyPixels) colour = NULL;
  g_autoptr(ComfyPixels) alpha = NULL;

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
test_resample_size_and_flatness (void)
{
  for (unsigned int run = 0; run < 200; run++)
    {
      static const int       channels[] = { 1, 3, 4 };
      guint8                 value = g_test_rand_int_range (1, 256);
      int                    width = g_test_rand_int_range (1, 80);
      int                    height = g_test_rand_int_range (1, 80);
      g_autoptr(ComfyPixels) flat = make_flat (g_test_rand_int_range (1, 80),
                                               g_test_rand_int_range (1, 80),
                                               channels[run % 3], value);
      g_autoptr(ComfyPixels) scaled = comfy_resample (flat, width, height);

      g_assert_cmpint (scaled->width, ==, width);
      g_assert_cmpint (scaled->height, ==, height);
      for (size_t i = 0; i < g_bytes_get_size (scaled->data); i++)
        g_assert_cmpint (value_at (scaled, i), ==, value);
    }
}

static void
test_resample_keeps_what_fits (void)
{
  g_autoptr(ComfyPixels) noise = make_noise (13, 7, 4, 16);
  g_autoptr(ComfyPixels) same = comfy_resample (noise, 13, 7);

  g_assert_true (g_bytes_equal (noise->data, same->data));
}

/* a ramp stays where it is: no shift by half a pixel, in either direction */
static void
test_resample_registers (void)
{
  guint8                *ramp = g_malloc (64);
  g_autoptr(ComfyPixels) pixels = NULL;
  static const int       widths[] = { 16, 32, 48, 128, 256, 250 };

  for (unsigned int i = 0; i < 64; i++)
    ramp[i] = i * 4;
  pixels = comfy_pixels_new_take (64, 1, 1, 8, ramp);

  for (unsigned int i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_autoptr(ComfyPixels) scaled = comfy_resample (pixels, widths[i], 3);

      for (int x = widths[i] / 8; x < widths[i] * 7 / 8; x++)
        {
          double expected = ((x + 0.5) * 64 / widths[i] - 0.5) * 4;

          g_assert_cmpfloat_with_epsilon (value_at (scaled, x), expected, 1.0);
          g_assert_cmpfloat_with_epsilon (value_at (scaled, x + widths[i] * 2), expected, 1.0);
        }
    }
}

static void
test_resample_hides_hidden_colour (void)
{
  static const guint8    data[] = { 200, 100, 50, 255, 0, 255, 0, 0 };
  g_autoptr(ComfyPixels) pixels = NULL;
  g_autoptr(ComfyPixels) scaled = NULL;

  pixels = comfy_pixels_new_take (2, 1, 4, 8, g_memdup2 (data, sizeof data));
  scaled = comfy_resample (pixels, 16, 1);
  for (size_t i = 0; i < 16; i++)
    if (value_at (scaled, i * 4 + 3) != 0)
      {
        g_assert_cmpint (value_at (scaled, i * 4), ==, 200);
        g_assert_cmpint (value_at (scaled, i * 4 + 1), ==, 100);
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alpha/split-and-join-keep-all-that-is-seen", test_split_and_join);
  g_test_add_func ("/alpha/hidden-colour-stays-here", test_hidden_colour_stays);
  g_test_add_func ("/alpha/opaque-and-invisible-are-known", test_extremes);
  g_test_add_func ("/alpha/joins-any-layout", test_join_layouts);
  g_test_add_func ("/resample/size-is-exact-and-flat-stays-flat", test_resample_size_and_flatness);
  g_test_add_func ("/resample/same-size-is-bit-exact", test_resample_keeps_what_fits);
  g_test_add_func ("/resample/registers", test_resample_registers);
  g_test_add_func ("/resample/hidden-colour-does-not-bleed", test_resample_hides_hidden_colour);

  return g_test_run ();
}
