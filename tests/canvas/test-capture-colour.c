/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "canvas-fixture.h"

#define RECT(x, y, width, height) GEGL_RECTANGLE (x, y, width, height)

#define WIDTH  64
#define HEIGHT 48

/* (transfer full) (nullable): sRGB, Adobe RGB, something wide like Display P3, and none of its own */
static GimpColorProfile *
new_profile (unsigned int which)
{
  const Babl *space;
  const char *icc;
  int         length = 0;

  if (which == 0)
    return NULL;
  if (which == 1)
    return gimp_color_profile_new_rgb_adobe ();
  if (which == 2)
    return gimp_color_profile_new_rgb_srgb ();

  space = babl_space_from_chromaticities ("P3-like", 0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690,
                                          0.150, 0.060, babl_trc ("sRGB"), NULL, NULL,
                                          BABL_SPACE_FLAG_NONE);
  icc = babl_space_get_icc (space, &length);
  g_assert_nonnull (icc);

  return gimp_color_profile_new_from_icc_profile ((const guint8 *) icc, length, NULL);
}

/* @tolerance: levels of the picture's depth */
static void
assert_near (ComfyPixels *pixels,
             GBytes      *expected,
             int          tolerance)
{
  const guint8  *values = g_bytes_get_data (pixels->data, NULL);
  const guint8  *held = g_bytes_get_data (expected, NULL);
  const guint16 *deep_values = (const guint16 *) (const void *) values;
  const guint16 *deep_held = (const guint16 *) (const void *) held;

  g_assert_cmpint (pixels->width, ==, WIDTH);
  g_assert_cmpint (pixels->height, ==, HEIGHT);
  g_assert_cmpuint (g_bytes_get_size (expected), ==, g_bytes_get_size (pixels->data));
  for (size_t i = 0; i < WIDTH * HEIGHT * 3; i++)
    if (pixels->depth == 8)
      g_assert_cmpint (ABS (values[i] - held[i]), <=, tolerance);
    else
      g_assert_cmpint (ABS (deep_values[i] - deep_held[i]), <=, tolerance);
}

/* babl's own conversion, of which it has several and takes the one that was quick when it tried: they
 * are @tolerance levels apart. Where GIMP itself puts deep layers together it rounds a little: by less
 * than a quarter of a level of 8 bits */
static void
assert_take (Fixture     *fixture,
             GimpImage   *image,
             GimpLayer   *layer,
             int          depth,
             const char  *format,
             int          tolerance)
{
  static const ComfySource  sources[] = { COMFY_SOURCE_LAYER, COMFY_SOURCE_VISIBLE };
  g_autoptr(GBytes)         expected = fixture_read (layer, format);

  for (unsigned int i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      ComfySource             source = sources[i];
      g_autoptr(ComfyTake)    take = fixture_new_take (source, COMFY_EXTENT_WHOLE);
      g_autoptr(ComfyCapture) capture = NULL;
      g_autoptr(ComfyPixels)  sent = NULL;
      const ComfyInput       *input;

      capture = fixture_take (fixture, take, image, LAYERS (layer));
      input = g_ptr_array_index (capture->inputs, 0);
      sent = fixture_load_sent (fixture, capture);
      g_assert_cmpint (capture->depth, ==, depth);
      g_assert_cmpint (sent->depth, ==, depth);
      g_assert_cmpstr (input->content_type, ==, depth == 8 ? "image/webp" : "image/png");
      assert_near (sent, expected,
                   source == COMFY_SOURCE_LAYER || depth == 8 ? tolerance : tolerance + 64);
    }
}

static void
test_profiles (Fixture    *fixture,
               const void *data)
{
  static const GimpPrecision precisions[] = {
    GIMP_PRECISION_U8_NON_LINEAR, GIMP_PRECISION_U8_LINEAR, GIMP_PRECISION_U16_NON_LINEAR,
    GIMP_PRECISION_U32_LINEAR, GIMP_PRECISION_HALF_LINEAR, GIMP_PRECISION_FLOAT_LINEAR,
    GIMP_PRECISION_FLOAT_NON_LINEAR, GIMP_PRECISION_DOUBLE_LINEAR,
  };

  for (unsigned int which = 0; which < 4; which++)
    for (unsigned int i = 0; i < G_N_ELEMENTS (precisions); i++)
      {
        g_autoptr(GimpColorProfile)  profile = new_profile (which);
        GimpImage                   *image;
        GimpLayer                   *layer;
        gboolean                     exact = which == 0 && i == 0; /* nothing is converted */

        image = gimp_image_new_with_precision (WIDTH, HEIGHT, GIMP_RGB, precisions[i]);
        if (profile != NULL)
          g_assert_true (gimp_image_set_color_profile (image, profile));
        layer = fixture_add_noise (image, RECT (0, 0, WIDTH, HEIGHT), FALSE);
        assert_take (fixture, image, layer, i < 2 ? 8 : 16, i < 2 ? "R'G'B' u8" : "R'G'B' u16",
                     exact ? 0 : 1);
        gimp_image_delete (image);
      }
}

/* values that 8 bits do not have arrive */
static void
test_deep_values (Fixture    *fixture,
                  const void *data)
{
  GimpImage               *image = gimp_image_new_with_precision (WIDTH, HEIGHT, GIMP_RGB,
                                                                  GIMP_PRECISION_U16_NON_LINEAR);
  GimpLayer               *layer = fixture_add_noise (image, RECT (0, 0, WIDTH, HEIGHT), TRUE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPixels)   sent = NULL;
  g_autoptr(ComfyPixels)   alpha = NULL;
  g_autofree guint16      *values = g_new (guint16, WIDTH * HEIGHT * 4);

  for (size_t i = 0; i < WIDTH * HEIGHT * 4; i++)
    values[i] = (guint16) g_test_rand_int_range (1, 65536);
  {
    g_autoptr(GeglBuffer) buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));

    gegl_buffer_set (buffer, RECT (0, 0, WIDTH, HEIGHT), 0, babl_format ("R'G'B'A u16"), values,
                     GEGL_AUTO_ROWSTRIDE);
  }

  capture = fixture_take (fixture, take, image, LAYERS (layer));
  sent = fixture_load_sent (fixture, capture);
  alpha = fixture_load (fixture, capture->placement->alpha_file);
  g_assert_cmpint (sent->depth, ==, 16);
  g_assert_cmpint (alpha->depth, ==, 16);
  for (size_t i = 0; i < WIDTH * HEIGHT; i++)
    {
      g_assert_cmpmem ((const guint16 *) g_bytes_get_data (sent->data, NULL) + i * 3, 6,
                       values + i * 4, 6);
      g_assert_cmpint (((const guint16 *) g_bytes_get_data (alpha->data, NULL))[i], ==,
                       values[i * 4 + 3]);
    }

  /* a mask or a selection does not come back deep, so it need not go up so */
  g_clear_pointer (&capture, comfy_capture_free);
  take->outcome = COMFY_OUTCOME_LAYER_MASK;
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  g_assert_cmpint (capture->depth, ==, 8);
}

/* proofing is a way of looking */
static void
test_soft_proof (Fixture    *fixture,
                 const void *data)
{
  static const char           *path = "/usr/share/color/icc/ghostscript/default_cmyk.icc";
  GimpImage                   *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer                   *layer = fixture_add_noise (image, RECT (0, 0, WIDTH, HEIGHT), FALSE);
  g_autoptr(GFile)             file = g_file_new_for_path (path);
  g_autoptr(GimpColorProfile)  profile = NULL;

  if (!g_file_query_exists (file, NULL))
    {
      g_test_skip ("no profile for CMYK here");
      return;
    }

  profile = gimp_color_profile_new_from_file (file, NULL);
  g_assert_nonnull (profile);
  g_assert_true (gimp_color_profile_is_cmyk (profile));
  gimp_image_set_simulation_profile (image, profile);
  gimp_image_set_simulation_intent (image, GIMP_COLOR_RENDERING_INTENT_PERCEPTUAL);
  assert_take (fixture, image, layer, 8, "R'G'B' u8", 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_capture_colour_add (void)
{
  ADD ("/capture/colour/any-profile-and-precision-as-srgb", test_profiles);
  ADD ("/capture/colour/deep-values-arrive", test_deep_values);
  ADD ("/capture/colour/proofing-is-no-pixels", test_soft_proof);
}
