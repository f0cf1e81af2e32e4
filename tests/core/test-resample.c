/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "comfy-resample.h"

static const int layouts[] = { 1, 3, 4 };

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

static unsigned int
value_at (ComfyPixels *pixels,
          size_t       i)
{
  const guint8 *data = g_bytes_get_data (pixels->data, NULL);

  return pixels->depth == 8 ? data[i] : ((const guint16 *) (const void *) data)[i];
}

/* with the edge going on outside */
static double
pixel_at (ComfyPixels *pixels,
          int          x,
          int          y,
          int          channel)
{
  x = CLAMP (x, 0, pixels->width - 1);
  y = CLAMP (y, 0, pixels->height - 1);

  return value_at (pixels, ((size_t) y * pixels->width + x) * pixels->channels + channel);
}

static void
test_size_and_flatness (void)
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
test_keeps_what_fits (void)
{
  g_autoptr(ComfyPixels) noise = make_noise (13, 7, 4, 16);
  g_autoptr(ComfyPixels) same = comfy_resample (noise, 13, 7);

  g_assert_true (g_bytes_equal (noise->data, same->data));
}

/* a ramp stays where it is: no shift by half a pixel, in either direction */
static void
test_registers (void)
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
test_hides_hidden_colour (void)
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

static double
kernel (double x)
{
  x = fabs (x);
  if (x >= 2.0)
    return 0.0;

  return x < 1.0 ? (1.5 * x - 2.5) * x * x + 1.0 : ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0;
}

/* one value by the definition, slowly: a sum over all pixels that the kernel sees */
static double
filter_slowly (ComfyPixels     *pixels,
               const ComfyPart *part,
               int              width,
               int              height,
               int              x,
               int              y,
               int              channel)
{
  double ratio_x = part->width / width;
  double ratio_y = part->height / height;
  double stretch_x = MAX (ratio_x, 1.0);
  double stretch_y = MAX (ratio_y, 1.0);
  double centre_x = part->x + (x + 0.5) * ratio_x;
  double centre_y = part->y + (y + 0.5) * ratio_y;
  double sum = 0.0;
  double total = 0.0;

  for (int v = floor (centre_y - 2 * stretch_y) - 1; v < centre_y + 2 * stretch_y + 1; v++)
    for (int u = floor (centre_x - 2 * stretch_x) - 1; u < centre_x + 2 * stretch_x + 1; u++)
      {
        double weight = kernel ((u + 0.5 - centre_x) / stretch_x)
                        * kernel ((v + 0.5 - centre_y) / stretch_y);

        sum += weight * pixel_at (pixels, u, v, channel);
        total += weight;
      }

  return CLAMP (sum / total, 0.0, pixels->depth == 8 ? 255.0 : 65535.0);
}

static void
test_part_by_definition (void)
{
  for (unsigned int run = 0; run < 300; run++)
    {
      int                    channels = layouts[run % 2];
      int                    depth = run % 4 < 2 ? 8 : 16;
      g_autoptr(ComfyPixels) noise = make_noise (g_test_rand_int_range (1, 24),
                                                 g_test_rand_int_range (1, 24), channels, depth);
      ComfyPart              part = { g_test_rand_double_range (-20, 30),
                                      g_test_rand_double_range (-20, 30),
                                      g_test_rand_double_range (0.1, 50),
                                      g_test_rand_double_range (0.1, 50) };
      int                    width = g_test_rand_int_range (1, 20);
      int                    height = g_test_rand_int_range (1, 20);
      g_autoptr(ComfyPixels) scaled = comfy_resample_part (noise, &part, width, height);

      g_assert_cmpint (scaled->width, ==, width);
      g_assert_cmpint (scaled->height, ==, height);
      g_assert_cmpint (scaled->depth, ==, depth);
      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          for (int channel = 0; channel < channels; channel++)
            g_assert_cmpfloat_with_epsilon (pixel_at (scaled, x, y, channel),
                                            filter_slowly (noise, &part, width, height,
                                                           x, y, channel),
                                            depth == 8 ? 0.51 : 0.6);
    }
}

static void
test_whole_part_is_copied (void)
{
  for (unsigned int run = 0; run < 500; run++)
    {
      int                    channels = layouts[run % 3];
      g_autoptr(ComfyPixels) noise = make_noise (g_test_rand_int_range (1, 20),
                                                 g_test_rand_int_range (1, 20), channels,
                                                 run % 2 == 0 ? 8 : 16);
      int                    x0 = g_test_rand_int_range (-30, 30);
      int                    y0 = g_test_rand_int_range (-30, 30);
      int                    width = g_test_rand_int_range (1, 40);
      int                    height = g_test_rand_int_range (1, 40);
      ComfyPart              part = { x0, y0, width, height };
      g_autoptr(ComfyPixels) copy = comfy_resample_part (noise, &part, width, height);

      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          for (int channel = 0; channel < channels; channel++)
            g_assert_cmpfloat (pixel_at (copy, x, y, channel), ==,
                               pixel_at (noise, x0 + x, y0 + y, channel));
    }
}

/* tiles scaled one by one are the whole scaled at once: no seam, also where threads meet */
static void
test_parts_fit_together (void)
{
  static const struct { int width, height, scaled_width, scaled_height; } sizes[] = {
    { 640, 512, 320, 256 }, { 640, 512, 1280, 1024 }, { 512, 1024, 512, 256 }, { 96, 64, 384, 128 },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (unsigned int layout = 0; layout < 3; layout++)
      {
        int                    width = sizes[i].scaled_width;
        int                    height = sizes[i].scaled_height;
        int                    channels = layouts[layout];
        g_autoptr(ComfyPixels) noise = make_noise (sizes[i].width, sizes[i].height, channels, 8);
        g_autoptr(ComfyPixels) whole = comfy_resample (noise, width, height);
        size_t                 row = (size_t) width / 4 * channels;

        for (int tile = 0; tile < 16; tile++)
          {
            ComfyPart              part = { tile % 4 * sizes[i].width / 4.0,
                                            tile / 4 * sizes[i].height / 4.0,
                                            sizes[i].width / 4.0, sizes[i].height / 4.0 };
            g_autoptr(ComfyPixels) scaled = NULL;
            const guint8          *expected = g_bytes_get_data (whole->data, NULL);
            const guint8          *got;

            scaled = comfy_resample_part (noise, &part, width / 4, height / 4);
            got = g_bytes_get_data (scaled->data, NULL);
            expected += tile / 4 * (height / 4) * whole->stride + tile % 4 * row;
            for (int y = 0; y < height / 4; y++)
              g_assert_cmpmem (got + y * row, row, expected + y * whole->stride, row);
          }
      }
}

/* a part far outside is the edge, and a picture may be as long as it likes */
static void
test_extremes (void)
{
  g_autoptr(ComfyPixels) noise = make_noise (5, 4, 3, 8);
  g_autoptr(ComfyPixels) line = make_flat (30000, 1, 1, 77);
  g_autoptr(ComfyPixels) far_out = NULL;
  g_autoptr(ComfyPixels) copied = NULL;
  g_autoptr(ComfyPixels) dot = NULL;
  g_autoptr(ComfyPixels) column = NULL;

  far_out = comfy_resample_part (noise, &(ComfyPart) { -1e12, 1e12, 9.5, 7.5 }, 6, 5);
  copied = comfy_resample_part (noise, &(ComfyPart) { 1e12, -1e12, 6, 5 }, 6, 5);
  for (size_t i = 0; i < 30; i++)
    for (int channel = 0; channel < 3; channel++)
      {
        size_t at = i * 3 + channel;

        g_assert_cmpfloat (value_at (far_out, at), ==, pixel_at (noise, 0, 3, channel));
        g_assert_cmpfloat (value_at (copied, at), ==, pixel_at (noise, 4, 0, channel));
      }

  dot = comfy_resample (line, 1, 1);
  g_assert_cmpuint (value_at (dot, 0), ==, 77);
  column = comfy_resample (line, 1, 30000);
  for (size_t i = 0; i < 30000; i++)
    g_assert_cmpuint (value_at (column, i), ==, 77);
}

/* more than any machine has */
static void
test_no_memory (void)
{
  g_autoptr(ComfyPixels) pixels = comfy_pixels_new_take (2, 2, 4, 16, g_malloc0 (32));
  const ComfyPart        beyond = { 0.0, 0.0, G_MAXINT, G_MAXINT };

  g_assert_null (comfy_resample (pixels, G_MAXINT, G_MAXINT));
  g_assert_null (comfy_resample_part (pixels, &beyond, G_MAXINT, G_MAXINT));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/resample/size-is-exact-and-flat-stays-flat", test_size_and_flatness);
  g_test_add_func ("/resample/same-size-is-bit-exact", test_keeps_what_fits);
  g_test_add_func ("/resample/registers", test_registers);
  g_test_add_func ("/resample/hidden-colour-does-not-bleed", test_hides_hidden_colour);
  g_test_add_func ("/resample/part-is-what-the-definition-says", test_part_by_definition);
  g_test_add_func ("/resample/part-of-whole-pixels-is-copied", test_whole_part_is_copied);
  g_test_add_func ("/resample/parts-fit-together", test_parts_fit_together);
  g_test_add_func ("/resample/extremes", test_extremes);
  g_test_add_func ("/resample/no-memory-is-no-picture", test_no_memory);

  return g_test_run ();
}
