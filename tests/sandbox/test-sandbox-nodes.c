/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the sandbox's nodes compute, against numbers that were worked out by hand from ComfyUI's
 * definitions. */

#include "config.h"

#include <string.h>

#include "test-graph.h"

#define IMAGE "\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}}"
#define SECOND "\"2\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"b.png\"}}"
#define NODE(class_type, inputs) "\"5\":{\"class_type\":\"" class_type "\",\"inputs\":{" inputs "}}"
#define SAVE(from) "\"9\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":" from "," \
                   "\"filename_prefix\":\"x\"}}"
#define SHOW_MASK(from) "\"8\":{\"class_type\":\"MaskToImage\",\"inputs\":{\"mask\":" from "}}," \
                        SAVE ("[\"8\",0]")

/* all values that there are, in a row */
static GBytes *
make_ramp (void)
{
  guint8 values[256];

  for (int i = 0; i < 256; i++)
    values[i] = (guint8) i;

  return make_grey (256, 1, values);
}

static void
test_round_trip (void)
{
  g_autoptr(GBytes) a = make_ramp ();
  g_autoptr(SandboxImage) result = run (IMAGE "," SAVE ("[\"1\",0]"), a, NULL);

  for (int i = 0; i < 256; i++)
    g_assert_cmpint (value_at (result, i, 0, 0), ==, i);
}

static void
test_invert (void)
{
  g_autoptr(GBytes) a = make_ramp ();
  g_autoptr(SandboxImage) result =
    run (IMAGE "," NODE ("ImageInvert", "\"image\":[\"1\",0]") "," SAVE ("[\"5\",0]"), a, NULL);

  /* SaveImage cuts off, so 1 - x may come out one lower */
  for (int i = 0; i < 256; i++)
    g_assert_cmpint (ABS (value_at (result, i, 0, 0) - (255 - i)), <=, 1);
  g_assert_cmpint (value_at (result, 0, 0, 0), ==, 255);
  g_assert_cmpint (value_at (result, 255, 0, 0), ==, 0);
}

static void
test_webp (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fuzz", "corpus-image",
                                                 "lossless.webp", NULL);
  g_autofree char *content = NULL;
  g_autoptr(GBytes) a = NULL;
  g_autoptr(SandboxImage) result = NULL;
  gboolean has_alpha;
  g_autoptr(SandboxImage) source = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  a = g_bytes_new (content, length);
  source = sandbox_image_read (a, &has_alpha, NULL);
  result = run (IMAGE "," SAVE ("[\"1\",0]"), a, NULL);

  for (int y = 0; y < source->height; y++)
    for (int x = 0; x < source->width; x++)
      for (int c = 0; c < 3; c++)
        g_assert_cmpint (value_at (result, x, y, c), ==, value_at (source, x, y, c));
}

#define SCALE(method, width, height, crop) \
  IMAGE "," NODE ("ImageScale", "\"image\":[\"1\",0],\"upscale_method\":\"" method "\"," \
                  "\"width\":" width ",\"height\":" height ",\"crop\":\"" crop "\"") \
  "," SAVE ("[\"5\",0]")

static void
test_scale (void)
{
  g_autoptr(GBytes) pair = make_grey (2, 1, (const guint8[]) { 0, 255 });
  g_autoptr(GBytes) four = make_grey (4, 2, (const guint8[]) { 0, 10, 20, 30, 40, 50, 60, 70 });
  g_autoptr(GBytes) flat = make_grey (3, 2, (const guint8[]) { 90, 90, 90, 90, 90, 90 });

  assert_grey (SCALE ("nearest-exact", "4", "1", "disabled"), pair, NULL, 4, 1,
               (const int[]) { 0, 0, 255, 255 });
  /* weights 0.75 and 0.25: 63.75 and 191.25, cut off */
  assert_grey (SCALE ("bilinear", "4", "1", "disabled"), pair, NULL, 4, 1,
               (const int[]) { 0, 63, 191, 255 });
  /* a = -0.75: 255 (w(0.75) + w(1.75)) = 255 * 0.2265625 = 57.8; the outer ones overshoot */
  assert_grey (SCALE ("bicubic", "4", "1", "disabled"), pair, NULL, 4, 1,
               (const int[]) { 0, 57, 197, 255 });
  assert_grey (SCALE ("area", "2", "1", "disabled"), four, NULL, 2, 1, (const int[]) { 25, 45 });
  assert_grey (SCALE ("nearest-exact", "2", "2", "center"), four, NULL, 2, 2,
               (const int[]) { 10, 20, 50, 60 });
  /* 0 keeps the aspect ratio */
  assert_grey (SCALE ("nearest-exact", "0", "1", "disabled"), four, NULL, 2, 1,
               (const int[]) { 50, 70 });
  assert_grey (SCALE ("lanczos", "2", "1", "disabled"), flat, NULL, 2, 1, (const int[]) { 90, 90 });
}

static void
test_scale_sizes (void)
{
  g_autofree guint8 *zeros = g_malloc0 (100 * 50);
  g_autoptr(GBytes) large = make_grey (100, 50, zeros);
  g_autoptr(GBytes) small = make_grey (3, 5, zeros);

  /* Python's round (4.5) is 4, round (7.5) is 8 */
  assert_size (IMAGE "," NODE ("ImageScaleBy", "\"image\":[\"1\",0],\"upscale_method\":\"area\","
                               "\"scale_by\":1.5") "," SAVE ("[\"5\",0]"), small, 4, 8);
  /* sqrt (0.01 * 1048576 / 5000) = 1.4482 */
  assert_size (IMAGE "," NODE ("ImageScaleToTotalPixels", "\"image\":[\"1\",0],\"upscale_method\":"
                               "\"area\",\"megapixels\":0.01,\"resolution_steps\":1")
               "," SAVE ("[\"5\",0]"), large, 145, 72);
  assert_size (IMAGE "," NODE ("ImageScaleToTotalPixels", "\"image\":[\"1\",0],\"upscale_method\":"
                               "\"area\",\"megapixels\":0.01,\"resolution_steps\":16")
               "," SAVE ("[\"5\",0]"), large, 144, 80);
}

static void
test_blend (void)
{
  static const struct
  {
    const char *mode;
    int         expected;
  } cases[] = {
    { "normal", 127 },     /* 0.5 */
    { "multiply", 45 },    /* (0.2 + 0.16) / 2 = 0.18 */
    { "screen", 132 },     /* (0.2 + 0.84) / 2 = 0.52 */
    { "overlay", 66 },     /* (0.2 + 0.32) / 2 = 0.26 */
    { "soft_light", 69 },  /* (0.2 + 0.3488) / 2 = 0.2744 */
    { "difference", 0 },   /* (0.2 - 0.6) / 2, signed */
  };
  g_autoptr(GBytes) a = make_grey (1, 1, (const guint8[]) { 51 });
  g_autoptr(GBytes) b = make_grey (1, 1, (const guint8[]) { 204 });

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *node =
        g_strdup_printf (NODE ("ImageBlend", "\"image1\":[\"1\",0],\"image2\":[\"2\",0],"
                               "\"blend_factor\":0.5,\"blend_mode\":\"%s\""), cases[i].mode);
      g_autofree char *graph =
        g_strconcat (IMAGE "," SECOND ",", node, "," SAVE ("[\"5\",0]"), NULL);

      g_test_message ("%s", cases[i].mode);
      assert_grey (graph, a, b, 1, 1, &cases[i].expected);
    }
}

static GBytes *
make_dot (guint8 ground,
          guint8 dot)
{
  guint8 values[25];

  memset (values, ground, sizeof values);
  values[12] = dot;
  return make_grey (5, 5, values);
}

static void
test_blur_and_sharpen (void)
{
  g_autoptr(GBytes) dot = make_dot (0, 255);
  g_autoptr(GBytes) soft_dot = make_dot (102, 153);
  g_autoptr(SandboxImage) blurred =
    run (IMAGE "," NODE ("ImageBlur", "\"image\":[\"1\",0],\"blur_radius\":1,\"sigma\":1.0")
         "," SAVE ("[\"5\",0]"), dot, NULL);
  g_autoptr(SandboxImage) sharpened =
    run (IMAGE "," NODE ("ImageSharpen", "\"image\":[\"1\",0],\"sharpen_radius\":1,\"sigma\":1.0,"
                         "\"alpha\":0.1") "," SAVE ("[\"5\",0]"), soft_dot, NULL);

  /* the kernel is 0.27407, 0.45186, 0.27407 each way */
  g_assert_cmpint (value_at (blurred, 2, 2, 0), ==, 52);
  g_assert_cmpint (value_at (blurred, 1, 2, 0), ==, 31);
  g_assert_cmpint (value_at (blurred, 2, 3, 0), ==, 31);
  g_assert_cmpint (value_at (blurred, 3, 3, 0), ==, 19);
  g_assert_cmpint (value_at (blurred, 0, 0, 0), ==, 0);

  /* 0.6 + (0.6 - 0.440836), 0.4 + (0.4 - 0.424768) */
  g_assert_cmpint (value_at (sharpened, 2, 2, 0), ==, 193);
  g_assert_cmpint (value_at (sharpened, 2, 1, 0), ==, 95);
  g_assert_cmpint (value_at (sharpened, 0, 0, 0), ==, 102);
}

static void
test_pad (void)
{
#define PAD "\"5\":{\"class_type\":\"ImagePadForOutpaint\",\"inputs\":{\"image\":[\"1\",0]," \
            "\"left\":8,\"top\":0,\"right\":0,\"bottom\":0,\"feathering\":2}}"
  g_autofree guint8 *values = g_malloc0 (64);
  g_autoptr(GBytes) a = make_grey (8, 8, values);
  g_autoptr(SandboxImage) image = run (IMAGE "," PAD "," SAVE ("[\"5\",0]"), a, NULL);
  g_autoptr(SandboxImage) mask = run (IMAGE "," PAD "," SHOW_MASK ("[\"5\",1]"), a, NULL);

  g_assert_cmpint (image->width, ==, 16);
  g_assert_cmpint (image->height, ==, 8);
  g_assert_cmpint (value_at (image, 7, 3, 0), ==, 127);
  g_assert_cmpint (value_at (image, 8, 3, 0), ==, 0);
  g_assert_cmpint (value_at (mask, 7, 3, 0), ==, 255);
  g_assert_cmpint (value_at (mask, 8, 3, 0), ==, 255);
  g_assert_cmpint (value_at (mask, 9, 3, 0), ==, 63);
  g_assert_cmpint (value_at (mask, 10, 3, 0), ==, 0);
}

static void
test_masks (void)
{
  const guint8 rgba[] = { 10, 20, 30, 255, 40, 50, 60, 0, 70, 80, 90, 55 };
  g_autoptr(GBytes) a = make_png (3, 1, 4, rgba);
  g_autoptr(GBytes) opaque = make_grey (3, 1, (const guint8[]) { 1, 2, 3 });
  g_autoptr(SandboxImage) none = NULL;

  /* transparent is what is to change */
  assert_grey (IMAGE "," SHOW_MASK ("[\"1\",1]"), a, NULL, 3, 1, (const int[]) { 0, 255, 200 });
  assert_grey ("\"1\":{\"class_type\":\"LoadImageMask\",\"inputs\":{\"image\":\"a.png\","
               "\"channel\":\"green\"}}," SHOW_MASK ("[\"1\",0]"), a, NULL, 3, 1,
               (const int[]) { 20, 50, 80 });
  assert_grey ("\"1\":{\"class_type\":\"LoadImageMask\",\"inputs\":{\"image\":\"a.png\","
               "\"channel\":\"alpha\"}}," SHOW_MASK ("[\"1\",0]"), a, NULL, 3, 1,
               (const int[]) { 0, 255, 200 });
  assert_grey ("\"1\":{\"class_type\":\"LoadImageMask\",\"inputs\":{\"image\":\"a.png\","
               "\"channel\":\"alpha\"}},\"2\":{\"class_type\":\"InvertMask\",\"inputs\":{\"mask\":"
               "[\"1\",0]}}," SHOW_MASK ("[\"2\",0]"), a, NULL, 3, 1, (const int[]) { 255, 0, 54 });

  none = run (IMAGE "," SHOW_MASK ("[\"1\",1]"), opaque, NULL);
  g_assert_cmpint (none->width, ==, 64);
  g_assert_cmpint (value_at (none, 5, 5, 0), ==, 0);
}

static void
test_join_alpha (void)
{
  g_autoptr(GBytes) a = make_png (2, 1, 3, (const guint8[]) { 1, 2, 3, 4, 5, 6 });
  g_autoptr(GBytes) b = make_grey (2, 1, (const guint8[]) { 0, 255 });
  g_autoptr(GPtrArray) saved =
    run_all (IMAGE ",\"2\":{\"class_type\":\"LoadImageMask\",\"inputs\":{\"image\":\"b.png\","
             "\"channel\":\"red\"}}," NODE ("JoinImageWithAlpha", "\"image\":[\"1\",0],"
                                            "\"alpha\":[\"2\",0]") "," SAVE ("[\"5\",0]"), a, b);
  gboolean has_alpha;
  g_autoptr(SandboxImage) result = read_saved (saved, 0, &has_alpha);

  /* colour stays under what is transparent */
  g_assert_true (has_alpha);
  g_assert_cmpint (value_at (result, 0, 0, 3), ==, 255);
  g_assert_cmpint (value_at (result, 1, 0, 3), ==, 0);
  g_assert_cmpint (value_at (result, 1, 0, 1), ==, 5);
}

static void
test_composite (void)
{
#define COMPOSITE(rest) IMAGE "," SECOND "," \
  "\"3\":{\"class_type\":\"LoadImageMask\",\"inputs\":{\"image\":\"b.png\",\"channel\":\"red\"}}," \
  NODE ("ImageCompositeMasked", \
        "\"destination\":[\"1\",0],\"source\":[\"2\",0],\"y\":0," rest) "," SAVE ("[\"5\",0]")
  g_autoptr(GBytes) a = make_grey (3, 1, (const guint8[]) { 10, 20, 30 });
  g_autoptr(GBytes) b = make_grey (2, 1, (const guint8[]) { 255, 0 });

  assert_grey (COMPOSITE ("\"x\":1,\"resize_source\":false"), a, b, 3, 1,
               (const int[]) { 10, 255, 0 });
  /* clipped at the right edge */
  assert_grey (COMPOSITE ("\"x\":2,\"resize_source\":false"), a, b, 3, 1,
               (const int[]) { 10, 20, 255 });
  /* where the mask is 0 the destination stays */
  assert_grey (COMPOSITE ("\"x\":1,\"resize_source\":false,\"mask\":[\"3\",0]"), a, b, 3, 1,
               (const int[]) { 10, 255, 30 });
}

static void
test_empty_and_batch (void)
{
  g_autoptr(GPtrArray) saved =
    run_all ("\"1\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":4,\"height\":3,"
             "\"batch_size\":2,\"color\":3368652}},\"2\":{\"class_type\":\"PreviewImage\","
             "\"inputs\":{\"images\":[\"1\",0]}}," SAVE ("[\"1\",0]"), NULL, NULL);
  unsigned int previews = 0;

  g_assert_cmpuint (saved->len, ==, 4);
  for (unsigned int i = 0; i < saved->len; i++)
    {
      gboolean has_alpha;
      g_autoptr(SandboxImage) image = read_saved (saved, i, &has_alpha);

      previews += ((SandboxSaved *) g_ptr_array_index (saved, i))->temporary;
      g_assert_false (has_alpha);
      g_assert_cmpint (image->width, ==, 4);
      /* 3368652 is 0x3366CC */
      g_assert_cmpint (value_at (image, 3, 2, 0), ==, 0x33);
      g_assert_cmpint (value_at (image, 3, 2, 1), ==, 0x66);
      g_assert_cmpint (value_at (image, 3, 2, 2), ==, 0xCC);
    }
  g_assert_cmpuint (previews, ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox-nodes/load-and-save-change-nothing", test_round_trip);
  g_test_add_func ("/sandbox-nodes/lossless-webp-is-read", test_webp);
  g_test_add_func ("/sandbox-nodes/invert", test_invert);
  g_test_add_func ("/sandbox-nodes/scale-as-torch", test_scale);
  g_test_add_func ("/sandbox-nodes/scale-rounds-sizes-as-python", test_scale_sizes);
  g_test_add_func ("/sandbox-nodes/blend-modes", test_blend);
  g_test_add_func ("/sandbox-nodes/blur-and-sharpen", test_blur_and_sharpen);
  g_test_add_func ("/sandbox-nodes/pad-for-outpaint", test_pad);
  g_test_add_func ("/sandbox-nodes/masks-are-one-minus-alpha", test_masks);
  g_test_add_func ("/sandbox-nodes/join-alpha-keeps-colour", test_join_alpha);
  g_test_add_func ("/sandbox-nodes/composite-masked", test_composite);
  g_test_add_func ("/sandbox-nodes/empty-images-and-batches", test_empty_and_batch);

  return g_test_run ();
}
