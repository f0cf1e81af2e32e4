/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures that are only looked at: small, of the same look, and what they were is known.
 */
#include "config.h"

#include <math.h>
#include <turbojpeg.h>

#include "codec-fixture.h"
#include "comfy-error.h"
#include "comfy-resample.h"
#include "comfy-thumbnail.h"
#include "test-future.h"

#define WIDTH  1200 /* px */
#define HEIGHT 301
#define EDGE   96
#define SHOWN  24   /* px: 301 in the same measure */
#define NEAR   6    /* levels that two ways of making it small may differ in */
#define N_MANY 40

/* (transfer full): colour that changes slowly, so that every way to make it small gives the same */
static ComfyPixels *
make_picture (int channels,
              int depth)
{
  size_t   n = (size_t) WIDTH * HEIGHT * channels;
  guint8  *narrow = g_malloc (n * (depth / 8));
  guint16 *wide = (guint16 *) narrow;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      for (int channel = 0; channel < channels; channel++)
        {
          size_t at = ((size_t) y * WIDTH + x) * channels + channel;
          int    value = channel == 3 ? 60 + y / 4
                                      : x / 8 + y / 4 + channel * 10;

          if (depth == 8)
            narrow[at] = (guint8) value;
          else
            wide[at] = (guint16) (value * 257);
        }

  return comfy_pixels_new_take (WIDTH, HEIGHT, channels, depth, narrow);
}

static ComfyThumbnail *
load (GBytes *file)
{
  return test_await_boxed (comfy_thumbnail_load_bytes (file, CODEC_FIXTURE_NO_LIMIT, EDGE));
}

/* as the whole picture made small, but for rounding */
static void
assert_looks_like (ComfyThumbnail *thumbnail,
                   ComfyPixels    *whole)
{
  g_autoptr(ComfyPixels)  small = comfy_resample (whole, EDGE, SHOWN);
  const guint8           *shown = g_bytes_get_data (thumbnail->pixels->data, NULL);
  const guint8           *wanted = g_bytes_get_data (small->data, NULL);
  int                     channels = thumbnail->pixels->channels;

  g_assert_cmpint (thumbnail->width, ==, WIDTH);
  g_assert_cmpint (thumbnail->height, ==, HEIGHT);
  g_assert_cmpint (thumbnail->pixels->width, ==, EDGE);
  g_assert_cmpint (thumbnail->pixels->height, ==, SHOWN);
  g_assert_cmpint (thumbnail->pixels->depth, ==, 8);
  g_assert_cmpint (channels, ==, MAX (whole->channels, 3));
  for (int i = 0; i < EDGE * SHOWN; i++)
    for (int channel = 0; channel < channels; channel++)
      {
        size_t from = (size_t) i * whole->channels + MIN (channel, whole->channels - 1);
        int    value = whole->depth == 8 ? wanted[from] : ((const guint16 *) wanted)[from] >> 8;

        g_assert_cmpint (abs (shown[i * channels + channel] - value), <=, NEAR);
      }
}

static void
test_it_looks_like_the_whole_picture (void)
{
  static const struct
  {
    int         channels;
    int         depth;
    ComfyFormat format;
  } cases[] = {
    { 1, 8, COMFY_FORMAT_PNG },  { 3, 8, COMFY_FORMAT_PNG },  { 4, 8, COMFY_FORMAT_PNG },
    { 1, 16, COMFY_FORMAT_PNG }, { 3, 16, COMFY_FORMAT_PNG }, { 4, 16, COMFY_FORMAT_PNG },
    { 3, 8, COMFY_FORMAT_AUTO }, { 4, 8, COMFY_FORMAT_AUTO },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ComfyPixels)     whole = make_picture (cases[i].channels, cases[i].depth);
      g_autoptr(GBytes)          file = codec_fixture_write (whole, cases[i].format);
      g_autoptr(ComfyThumbnail)  thumbnail = load (file);

      assert_looks_like (thumbnail, whole);
    }
}

static void
test_a_jpeg_looks_like_the_whole_picture (void)
{
  g_autoptr(ComfyPixels)     drawn = make_picture (3, 8);
  g_autoptr(GBytes)          file = codec_fixture_make_jpeg (drawn, TJPF_RGB, TJSAMP_420, 0);
  g_autoptr(ComfyPixels)     whole = codec_fixture_read (file);
  g_autoptr(ComfyThumbnail)  thumbnail = load (file);

  assert_looks_like (thumbnail, whole);
}

static void
test_a_small_picture_is_not_magnified (void)
{
  g_autoptr(ComfyPixels)     whole = codec_fixture_make_picture (17, 9, 3, 8);
  g_autoptr(GBytes)          png = codec_fixture_write (whole, COMFY_FORMAT_PNG);
  g_autoptr(GBytes)          webp = codec_fixture_write (whole, COMFY_FORMAT_AUTO);
  g_autoptr(ComfyThumbnail)  first = load (png);
  g_autoptr(ComfyThumbnail)  second = load (webp);

  codec_fixture_assert_same (first->pixels, whole);
  codec_fixture_assert_same (second->pixels, whole);
}

/* red that nobody sees beside green that everybody sees */
static void
test_hidden_colour_does_not_bleed (void)
{
  guint8                    *data = g_malloc0_n (1024, 1024 * 4);
  g_autoptr(ComfyPixels)     whole = NULL;
  g_autoptr(GBytes)          file = NULL;
  g_autoptr(ComfyThumbnail)  thumbnail = NULL;
  const guint8              *shown;

  for (size_t i = 0; i < 1024 * 1024; i++)
    {
      data[i * 4] = i % 2 == 0 ? 255 : 0;
      data[i * 4 + 1] = i % 2 == 0 ? 0 : 255;
      data[i * 4 + 3] = i % 2 == 0 ? 0 : 255;
    }
  whole = comfy_pixels_new_take (1024, 1024, 4, 8, data);
  file = codec_fixture_write (whole, COMFY_FORMAT_PNG);
  thumbnail = load (file);
  shown = g_bytes_get_data (thumbnail->pixels->data, NULL);
  for (int i = 0; i < EDGE * EDGE; i++)
    {
      g_assert_cmpuint (shown[i * 4], ==, 0);
      g_assert_cmpuint (shown[i * 4 + 1], ==, 255);
    }
}

static void
test_too_large_a_picture_is_refused (void)
{
  static const ComfyFormat formats[] = { COMFY_FORMAT_PNG, COMFY_FORMAT_AUTO };

  for (unsigned int i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr(ComfyPixels) whole = make_picture (3, 8);
      g_autoptr(GBytes)      file = codec_fixture_write (whole, formats[i]);

      test_await_error (comfy_thumbnail_load_bytes (file, WIDTH * HEIGHT - 1, EDGE),
                        COMFY_ERROR_TOO_LARGE);
    }
}

static void
test_what_is_no_picture_is_refused (CodecFixture *fixture,
                                    const void   *unused)
{
  g_autoptr(ComfyPixels) whole = make_picture (3, 8);
  g_autoptr(GBytes)      file = codec_fixture_write (whole, COMFY_FORMAT_PNG);
  g_autoptr(GBytes)      half = g_bytes_new_from_bytes (file, 0, g_bytes_get_size (file) / 2);
  g_autoptr(GBytes)      text = g_bytes_new_static ("none", 4);

  test_await_error (comfy_thumbnail_load_bytes (half, CODEC_FIXTURE_NO_LIMIT, EDGE),
                    COMFY_ERROR_IMAGE);
  test_await_error (comfy_thumbnail_load_bytes (text, CODEC_FIXTURE_NO_LIMIT, EDGE),
                    COMFY_ERROR_IMAGE);
  test_await_error (comfy_thumbnail_load (fixture->path, CODEC_FIXTURE_NO_LIMIT, EDGE),
                    COMFY_ERROR_STORAGE);
}

/* all at once, in any order */
static void
test_many_are_all_served (CodecFixture *fixture,
                          const void   *unused)
{
  g_autoptr(ComfyPixels)  whole = make_picture (3, 8);
  g_autoptr(GBytes)       file = codec_fixture_write (whole, COMFY_FORMAT_PNG);
  DexFuture              *futures[N_MANY];

  codec_fixture_save (fixture, file);
  for (unsigned int i = 0; i < N_MANY; i++)
    futures[i] = comfy_thumbnail_load (fixture->path, CODEC_FIXTURE_NO_LIMIT, EDGE);
  for (unsigned int i = N_MANY; i > 0; i--)
    {
      g_autoptr(ComfyThumbnail) thumbnail = test_await_boxed (futures[i - 1]);

      assert_looks_like (thumbnail, whole);
    }
}

#define ADD(name, func) \
  g_test_add ("/thumbnail/" name, CodecFixture, NULL, codec_fixture_set_up, func, \
              codec_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/thumbnail/it-looks-like-the-whole-picture",
                   test_it_looks_like_the_whole_picture);
  g_test_add_func ("/thumbnail/a-jpeg-looks-like-the-whole-picture",
                   test_a_jpeg_looks_like_the_whole_picture);
  g_test_add_func ("/thumbnail/a-small-picture-is-not-magnified",
                   test_a_small_picture_is_not_magnified);
  g_test_add_func ("/thumbnail/hidden-colour-does-not-bleed", test_hidden_colour_does_not_bleed);
  g_test_add_func ("/thumbnail/too-large-a-picture-is-refused",
                   test_too_large_a_picture_is_refused);
  ADD ("what-is-no-picture-is-refused", test_what_is_no_picture_is_refused);
  ADD ("many-are-all-served", test_many_are_all_served);

  return g_test_run ();
}
