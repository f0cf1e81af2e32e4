/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "comfy-region.h"

static void
plan_whole (int                width,
            int                height,
            const ComfySizing *sizing,
            ComfyRegion       *out_region)
{
  ComfyRect whole = { 3, -4, width, height };

  comfy_region_plan (&whole, &whole, sizing, out_region);
}

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
invert (ComfyPixels *pixels)
{
  size_t        n;
  const guint8 *data = g_bytes_get_data (pixels->data, &n);
  guint8       *inverse = g_malloc (n);

  for (size_t i = 0; i < n; i++)
    inverse[i] = ~data[i];

  return comfy_pixels_new_take (pixels->width, pixels->height, pixels->channels, pixels->depth,
                                inverse);
}

/* each pixel @factor² times */
static ComfyPixels *
enlarge (ComfyPixels *pixels,
         int          factor)
{
  const guint8 *data = g_bytes_get_data (pixels->data, NULL);
  size_t        pixel = (size_t) pixels->channels * (pixels->depth / 8);
  size_t        width = (size_t) pixels->width * factor;
  size_t        height = (size_t) pixels->height * factor;
  guint8       *large = g_malloc (width * height * pixel);

  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++)
      memcpy (large + (y * width + x) * pixel,
              data + y / factor * pixels->stride + x / factor * pixel, pixel);

  return comfy_pixels_new_take (width, height, pixels->channels, pixels->depth, large);
}

static void
assert_same (ComfyPixels *a,
             ComfyPixels *b)
{
  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
  g_assert_true (g_bytes_equal (a->data, b->data));
}

/* what is padded is the nearest pixel of the crop */
static void
assert_extended (const ComfyRegion *region,
                 ComfyPixels       *crop,
                 ComfyPixels       *sent)
{
  const guint8 *from = g_bytes_get_data (crop->data, NULL);
  const guint8 *to = g_bytes_get_data (sent->data, NULL);
  size_t        pixel = (size_t) crop->channels * (crop->depth / 8);

  for (int y = 0; y < sent->height; y++)
    for (int x = 0; x < sent->width; x++)
      {
        size_t u = CLAMP (x - region->left, 0, crop->width - 1);
        size_t v = CLAMP (y - region->top, 0, crop->height - 1);

        g_assert_true (memcmp (to + y * sent->stride + x * pixel,
                               from + v * crop->stride + u * pixel, pixel) == 0);
      }
}

static void
test_unscaled_is_exact (void)
{
  static const int layouts[] = { 1, 3, 4 };

  for (unsigned int run = 0; run < 1000; run++)
    {
      ComfySizing            sizing = { .multiple = g_test_rand_int_range (0, 20),
                                        .min_edge = g_test_rand_int_range (0, 128) };
      int                    width = g_test_rand_int_range (1, 60);
      int                    height = g_test_rand_int_range (1, 60);
      g_autoptr(ComfyPixels) crop = NULL;
      g_autoptr(ComfyPixels) sent = NULL;
      g_autoptr(ComfyPixels) result = NULL;
      g_autoptr(ComfyPixels) back = NULL;
      g_autoptr(ComfyPixels) expected = NULL;
      g_autoptr(ComfyPixels) large_result = NULL;
      g_autoptr(ComfyPixels) large_back = NULL;
      g_autoptr(ComfyPixels) large = NULL;
      ComfyRegion            region;

      plan_whole (width, height, &sizing, &region);
      crop = make_noise (width, height, layouts[run % 3], run % 2 == 0 ? 8 : 16);
      sent = comfy_region_pack (&region, crop);
      g_assert_cmpint (sent->width, ==, comfy_region_get_width (&region));
      g_assert_cmpint (sent->height, ==, comfy_region_get_height (&region));
      assert_extended (&region, crop, sent);

      result = invert (sent);
      back = comfy_region_unpack (&region, result, width, height);
      expected = invert (crop);
      assert_same (back, expected);

      /* an upscaler's result as well */
      large_result = enlarge (result, 3);
      large_back = comfy_region_unpack (&region, large_result, width * 3, height * 3);
      large = enlarge (expected, 3);
      assert_same (large_back, large);
    }
}

/* grey of 16 bits: a ramp to the right, or down; or a sharp edge before pixel @edge */
static ComfyPixels *
make_ramp (int      width,
           int      height,
           gboolean down,
           int      edge)
{
  guint16 *data = g_new (guint16, (size_t) width * height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        int at = down ? y : x;

        if (edge > 0)
          data[(size_t) y * width + x] = at >= edge ? 60000 : 0;
        else
          data[(size_t) y * width + x] = (guint16) ((at + 0.5) * 65535 / (down ? height : width));
      }

  return comfy_pixels_new_take (width, height, 1, 16, data);
}

/* a region that is scaled, of a picture that is not too large for many runs */
static void
plan_scaled (ComfyRegion *out_region)
{
  ComfySizing sizing = { .multiple = g_test_rand_int_range (0, 3) * 8,
                         .min_edge = g_test_rand_int_range (0, 64),
                         .pixels = g_test_rand_int_range (6000, 20000) };

  plan_whole (g_test_rand_int_range (60, 240), g_test_rand_int_range (60, 240), &sizing,
              out_region);
}

/* What is sent is where the plan says: not only there and back, which might err twice. */
static void
test_scaled_lies_where_planned (void)
{
  for (unsigned int run = 0; run < 200; run++)
    {
      gboolean               down = run % 2 == 1;
      g_autoptr(ComfyPixels) crop = NULL;
      g_autoptr(ComfyPixels) sent = NULL;
      const guint16         *data;
      ComfyRegion            region;
      int                    length;
      int                    border;

      plan_scaled (&region);
      crop = make_ramp (region.crop.width, region.crop.height, down, 0);
      sent = comfy_region_pack (&region, crop);
      data = g_bytes_get_data (sent->data, NULL);
      length = down ? region.height : region.width;
      border = 3 + ceil (3.0 * length / (down ? crop->height : crop->width));

      for (int at = border; at < length - border; at++)
        {
          size_t x = down ? sent->width / 2 : region.left + at;
          size_t y = down ? region.top + at : sent->height / 2;

          g_assert_cmpfloat_with_epsilon (data[y * sent->width + x], (at + 0.5) * 65535 / length,
                                          65535.0 / length * 0.1);
        }
    }
}

/* Sends it, gets it back in another size, as from a model that changes nothing. */
static ComfyPixels *
send_and_return (const ComfyRegion *region,
                 ComfyPixels       *crop,
                 unsigned int       kind)
{
  g_autoptr(ComfyPixels) sent = comfy_region_pack (region, crop);
  g_autoptr(ComfyPixels) result = NULL;
  int                    width = sent->width;
  int                    height = sent->height;

  if (kind == 1)
    result = comfy_resample (sent, (width + 1) / 2, (height + 1) / 2);
  else if (kind == 2)
    result = comfy_resample (sent, width * 2, height * 2);
  else if (kind == 3)
    result = comfy_resample (sent, width + 3, MAX (height - 3, 1));
  else
    result = comfy_pixels_ref (sent);

  return comfy_region_unpack (region, result, crop->width, crop->height);
}

/* px of the crop near its border that see the padding: that far do both kernels reach */
static int
get_border (const ComfyRegion *region)
{
  double scale = MIN ((double) region->width / region->crop.width,
                      (double) region->height / region->crop.height);

  return 4 + (int) ceil (8.0 / MIN (scale, 1.0));
}

static void
test_scaled_ramp_registers (void)
{
  for (unsigned int run = 0; run < 400; run++)
    {
      gboolean               down = run % 2 == 1;
      g_autoptr(ComfyPixels) crop = NULL;
      g_autoptr(ComfyPixels) back = NULL;
      const guint16         *before;
      const guint16         *after;
      ComfyRegion            region;
      int                    border;
      double                 step; /* between two pixels */

      plan_scaled (&region);
      border = get_border (&region);
      crop = make_ramp (region.crop.width, region.crop.height, down, 0);
      back = send_and_return (&region, crop, run / 2 % 4);
      before = g_bytes_get_data (crop->data, NULL);
      after = g_bytes_get_data (back->data, NULL);
      step = 65535.0 / (down ? crop->height : crop->width);

      for (int y = 0; y < crop->height; y++)
        for (int x = 0; x < crop->width; x++)
          {
            int    at = down ? y : x;
            size_t i = (size_t) y * crop->width + x;

            if (at >= border && at < (down ? crop->height : crop->width) - border)
              g_assert_cmpfloat (fabs ((double) before[i] - after[i]), <, step * 0.1);
          }
    }
}

/* an edge is where all that is dark ends: in px, also between two of them */
static double
measure_edge (ComfyPixels *pixels,
              gboolean     down)
{
  const guint16 *data = g_bytes_get_data (pixels->data, NULL);
  int            length = down ? pixels->height : pixels->width;
  double         sum = 0.0;

  for (size_t i = 0; i < (size_t) pixels->width * pixels->height; i++)
    sum += data[i] / 60000.0;

  return length - sum / (down ? pixels->width : pixels->height);
}

static void
test_scaled_edge_registers (void)
{
  for (unsigned int run = 0; run < 400; run++)
    {
      gboolean               down = run % 2 == 1;
      g_autoptr(ComfyPixels) crop = NULL;
      g_autoptr(ComfyPixels) back = NULL;
      ComfyRegion            region;
      int                    length;
      int                    border;
      int                    edge;

      plan_scaled (&region);
      border = get_border (&region);
      length = down ? region.crop.height : region.crop.width;
      edge = length > 2 * border + 1 ? g_test_rand_int_range (border, length - border) : length / 2;
      crop = make_ramp (region.crop.width, region.crop.height, down, edge);
      back = send_and_return (&region, crop, run / 2 % 4);

      g_assert_cmpfloat_with_epsilon (measure_edge (crop, down), edge, 1e-6);
      g_assert_cmpfloat_with_epsilon (measure_edge (back, down), edge, 0.5);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/region-pixels/unscaled-is-bit-exact", test_unscaled_is_exact);
  g_test_add_func ("/region-pixels/scaled-lies-where-planned", test_scaled_lies_where_planned);
  g_test_add_func ("/region-pixels/a-scaled-ramp-comes-back-where-it-was",
                   test_scaled_ramp_registers);
  g_test_add_func ("/region-pixels/a-scaled-edge-comes-back-where-it-was",
                   test_scaled_edge_registers);

  return g_test_run ();
}
