/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is written, and that it comes back as it was. Others' files: test-codec-read.c and
 * test-codec-hostile.c.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "codec-fixture.h"
#include "comfy-error.h"
#include "test-future.h"

static char *
await_string (DexFuture *taken)
{
  g_autoptr(DexFuture) future = test_settle (taken);
  g_autoptr(GError)    error = NULL;
  const GValue        *value = dex_future_get_value (future, &error);

  g_assert_no_error (error);

  return g_value_dup_string (value);
}

static GBytes *
load (const char *path)
{
  g_autoptr(GError)  error = NULL;
  char              *contents;
  size_t             length;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);

  return g_bytes_new_take (contents, length);
}

static void
assert_is (GBytes     *bytes,
           const char *type)
{
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), 4,
                   g_str_equal (type, "image/png") ? "\x89PNG" : "RIFF", 4);
}

static void
round_trip (CodecFixture *fixture,
            ComfyPixels  *pixels,
            ComfyFormat   format,
            const char   *type)
{
  g_autofree char        *encoded = NULL;
  g_autoptr(GBytes)       bytes = NULL;
  g_autoptr(ComfyPixels)  decoded = NULL;

  encoded = await_string (comfy_codec_encode (pixels, format, fixture->path));
  g_assert_cmpstr (encoded, ==, type);
  g_assert_cmpstr (comfy_codec_get_content_type (pixels, format), ==, type);
  bytes = load (fixture->path);
  assert_is (bytes, type);

  decoded = test_await_boxed (comfy_codec_decode (fixture->path, CODEC_FIXTURE_NO_LIMIT));
  codec_fixture_assert_same (decoded, pixels);
}

static void
test_round_trips (CodecFixture *fixture,
                  const void   *unused)
{
  static const int channels[] = { 1, 3, 4 };

  for (unsigned int i = 0; i < 60; i++)
    {
      int                    width = g_test_rand_int_range (1, i % 10 == 0 ? 700 : 60);
      int                    height = g_test_rand_int_range (1, 60);
      int                    n = channels[i % 3];
      int                    depth = (i / 3) % 2 == 0 ? 8 : 16;
      g_autoptr(ComfyPixels) pixels = codec_fixture_make_picture (width, height, n, depth);

      round_trip (fixture, pixels, COMFY_FORMAT_PNG, "image/png");
      round_trip (fixture, pixels, COMFY_FORMAT_AUTO,
                  n >= 3 && depth == 8 ? "image/webp" : "image/png");
    }
}

static void
test_colour_under_transparency (CodecFixture *fixture,
                                const void   *unused)
{
  static const guint8    hidden[] = { 200, 100, 50, 0, 1, 2, 3, 0, 9, 8, 7, 255, 6, 5, 4, 1 };
  g_autoptr(ComfyPixels) pixels = NULL;

  pixels = comfy_pixels_new_take (2, 2, 4, 8, g_memdup2 (hidden, sizeof hidden));
  round_trip (fixture, pixels, COMFY_FORMAT_AUTO, "image/webp");
  round_trip (fixture, pixels, COMFY_FORMAT_PNG, "image/png");
}

/* WebP ends at 16383 px an edge */
static void
test_long_edges_become_png (CodecFixture *fixture,
                            const void   *unused)
{
  g_autoptr(ComfyPixels) longest = codec_fixture_make_picture (16383, 1, 3, 8);
  g_autoptr(ComfyPixels) longer = codec_fixture_make_picture (16384, 1, 3, 8);

  round_trip (fixture, longest, COMFY_FORMAT_AUTO, "image/webp");
  round_trip (fixture, longer, COMFY_FORMAT_AUTO, "image/png");
}

/* a round selection with a hard edge, or as of a soft brush */
static ComfyPixels *
make_mask (int      width,
           int      height,
           gboolean soft)
{
  guint8 *data = g_malloc ((size_t) width * height);
  int     radius = MIN (width, height) / 2 + 1;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        int dx = x - width / 2;
        int dy = y - height / 2;
        int inside = MAX (0, radius * radius - dx * dx - dy * dy);

        data[(size_t) y * width + x] = soft        ? 255 * inside / (radius * radius)
                                       : inside > 0 ? 255
                                                    : 0;
      }

  return comfy_pixels_new_take (width, height, 1, 8, data);
}

/* the same values, whether as one channel or as three */
static void
assert_same_grey (ComfyPixels *pixels,
                  ComfyPixels *grey)
{
  const guint8 *data = g_bytes_get_data (pixels->data, NULL);
  const guint8 *expected = g_bytes_get_data (grey->data, NULL);

  g_assert_cmpint (pixels->width, ==, grey->width);
  g_assert_cmpint (pixels->height, ==, grey->height);
  for (size_t i = 0; i < g_bytes_get_size (pixels->data); i++)
    g_assert_cmpint (data[i], ==, expected[i / pixels->channels]);
}

static void
check_smallest (CodecFixture *fixture,
                ComfyPixels  *mask,
                const char   *expected_name)
{
  g_autofree char        *name = NULL;
  g_autofree char        *path = NULL;
  g_autofree char        *type = NULL;
  g_autoptr(ComfyPixels)  decoded = NULL;
  g_autoptr(GBytes)       written = NULL;
  g_autoptr(GBytes)       again = NULL;
  g_autoptr(GBytes)       png = comfy_png_write (mask, COMFY_EFFORT_SMALL, NULL);
  g_autoptr(GBytes)       webp = NULL;

  name = await_string (comfy_codec_encode_smallest (mask, fixture->path));
  g_assert_cmpstr (name, ==, expected_name);
  path = g_build_filename (fixture->folder, name, NULL);
  decoded = test_await_boxed (comfy_codec_decode (path, CODEC_FIXTURE_NO_LIMIT));
  written = load (path);
  g_assert_no_errno (g_unlink (path));
  assert_same_grey (decoded, mask);
  g_assert_cmpint (decoded->depth, ==, mask->depth);
  g_assert_cmpint (decoded->channels, ==, g_str_has_suffix (name, "webp") ? 3 : 1);

  if (comfy_webp_can_hold (mask))
    {
      webp = comfy_webp_write (mask, COMFY_EFFORT_SMALL, NULL);
      g_assert_cmpuint (g_bytes_get_size (written), ==,
                        MIN (g_bytes_get_size (webp), g_bytes_get_size (png)));
    }

  /* the same by the other function */
  type = await_string (comfy_codec_encode (mask, COMFY_FORMAT_SMALLEST, fixture->path));
  g_assert_cmpstr (type, ==, g_str_has_suffix (name, "webp") ? "image/webp" : "image/png");
  again = load (fixture->path);
  g_assert_true (g_bytes_equal (again, written));
}

static void
test_smallest (CodecFixture *fixture,
               const void   *unused)
{
  g_autoptr(ComfyPixels) hard = make_mask (400, 300, FALSE);
  g_autoptr(ComfyPixels) soft = make_mask (400, 300, TRUE);
  g_autoptr(ComfyPixels) longest = make_mask (16384, 2, FALSE);
  g_autoptr(ComfyPixels) pixel = make_mask (1, 1, FALSE);

  check_smallest (fixture, hard, "picture.webp");
  check_smallest (fixture, soft, "picture.png");
  check_smallest (fixture, longest, "picture.png");
  check_smallest (fixture, pixel, "picture.webp");
}

static void
test_effort_pays (void)
{
  g_autoptr(ComfyPixels) mask = make_mask (400, 300, TRUE);
  g_autoptr(GBytes)      fast_png = comfy_png_write (mask, COMFY_EFFORT_FAST, NULL);
  g_autoptr(GBytes)      small_png = comfy_png_write (mask, COMFY_EFFORT_SMALL, NULL);
  g_autoptr(GBytes)      fast_webp = comfy_webp_write (mask, COMFY_EFFORT_FAST, NULL);
  g_autoptr(GBytes)      small_webp = comfy_webp_write (mask, COMFY_EFFORT_SMALL, NULL);

  g_assert_cmpuint (g_bytes_get_size (small_png), <, g_bytes_get_size (fast_png) / 2);
  g_assert_cmpuint (g_bytes_get_size (small_webp), <, g_bytes_get_size (fast_webp) / 2);
}

/* 16 bit only PNG can hold, and what is not grey is kept as well */
static void
test_smallest_of_other_kinds (CodecFixture *fixture,
                              const void   *unused)
{
  static const int channels[] = { 1, 3, 4 };

  for (unsigned int i = 0; i < 6; i++)
    {
      int                    depth = i < 3 ? 8 : 16;
      g_autoptr(ComfyPixels) pixels = codec_fixture_make_picture (50, 40, channels[i % 3], depth);
      g_autoptr(GBytes)      bytes = codec_fixture_write (pixels, COMFY_FORMAT_SMALLEST);
      g_autoptr(ComfyPixels) decoded = codec_fixture_read (bytes);

      if (depth == 16)
        assert_is (bytes, "image/png");
      if (i == 0)
        assert_same_grey (decoded, pixels);
      else
        codec_fixture_assert_same (decoded, pixels);
    }
}

/* what came over the wire and lies in no file */
static void
test_bytes_are_read_as_a_file (CodecFixture *fixture,
                               const void   *unused)
{
  g_autoptr(ComfyPixels) pixels = codec_fixture_make_picture (50, 40, 3, 8);
  g_autoptr(GBytes)      bytes = codec_fixture_write (pixels, COMFY_FORMAT_PNG);
  g_autoptr(GBytes)      half = g_bytes_new_from_bytes (bytes, 0, g_bytes_get_size (bytes) / 2);
  g_autoptr(GBytes)      none = g_bytes_new_static (NULL, 0);
  g_autoptr(ComfyPixels) decoded = NULL;

  decoded = test_await_boxed (comfy_codec_decode_bytes (bytes, 50 * 40));
  codec_fixture_assert_same (decoded, pixels);

  test_await_error (comfy_codec_decode_bytes (bytes, 50 * 40 - 1), COMFY_ERROR_TOO_LARGE);
  test_await_error (comfy_codec_decode_bytes (half, CODEC_FIXTURE_NO_LIMIT), COMFY_ERROR_IMAGE);
  test_await_error (comfy_codec_decode_bytes (none, CODEC_FIXTURE_NO_LIMIT), COMFY_ERROR_IMAGE);
}

static void
test_bytes_are_those_of_the_file (CodecFixture *fixture,
                                  const void   *unused)
{
  g_autoptr(ComfyPixels) pixels = codec_fixture_make_picture (60, 40, 4, 8);

  for (ComfyFormat format = COMFY_FORMAT_AUTO; format <= COMFY_FORMAT_SMALLEST; format++)
    {
      g_autofree char   *type = NULL;
      g_autoptr(GBytes)  bytes = NULL;
      g_autoptr(GBytes)  file = NULL;

      bytes = test_await_boxed (comfy_codec_encode_bytes (pixels, format));
      type = await_string (comfy_codec_encode (pixels, format, fixture->path));
      file = load (fixture->path);
      g_assert_true (g_bytes_equal (bytes, file));
      assert_is (bytes, type);
    }
}

static guint32
big_endian_at (const guint8 *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

/* the chunks' names, consecutive IDATs once, and that nothing follows the last one */
static char *
list_png_chunks (GBytes *png)
{
  GString      *chunks = g_string_new (NULL);
  size_t        size;
  const guint8 *data = g_bytes_get_data (png, &size);
  size_t        at = 8;

  for (; at + 12 <= size; at += 12 + big_endian_at (data + at))
    if (!g_str_has_suffix (chunks->str, "IDAT ") || memcmp (data + at + 4, "IDAT", 4) != 0)
      g_string_append_printf (chunks, "%.4s ", (const char *) data + at + 4);
  g_assert_cmpuint (at, ==, size);

  return g_string_free_and_steal (chunks);
}

/* what leaves the machine is pixels only */
static void
test_no_metadata (void)
{
  static const int channels[] = { 1, 3, 4 };

  for (unsigned int i = 0; i < 18; i++)
    {
      int                    depth = i % 6 < 3 ? 8 : 16;
      g_autoptr(ComfyPixels) pixels = codec_fixture_make_picture (40, 30, channels[i % 3], depth);
      g_autoptr(GBytes)      bytes = codec_fixture_write (pixels, (ComfyFormat) (i / 6));
      size_t                 size;
      const guint8          *data = g_bytes_get_data (bytes, &size);

      if (comfy_png_probe (bytes))
        {
          g_autofree char *chunks = list_png_chunks (bytes);

          g_assert_cmpstr (chunks, ==, "IHDR IDAT IEND ");
        }
      else
        {
          guint32 length;

          /* the simple file format: one bare chunk, and a byte where its length is odd */
          g_assert_cmpmem (data + 12, 4, "VP8L", 4);
          memcpy (&length, data + 16, 4);
          length = GUINT32_FROM_LE (length);
          g_assert_cmpuint (size, ==, 20 + length + length % 2);
        }
    }
}

static void
convert (CodecFixture *fixture,
         ComfyPixels  *pixels,
         ComfyFormat   format)
{
  g_autofree char        *png = g_build_filename (fixture->folder, "converted.png", NULL);
  g_autofree char        *type = NULL;
  g_autoptr(GBytes)       before = NULL;
  g_autoptr(GBytes)       after = NULL;
  g_autoptr(GBytes)       converted = NULL;
  g_autoptr(ComfyPixels)  decoded = NULL;

  type = await_string (comfy_codec_encode (pixels, format, fixture->path));
  before = load (fixture->path);
  test_await_true (comfy_codec_convert_to_png (fixture->path, png));
  after = load (fixture->path);
  converted = load (png);
  g_assert_no_errno (g_unlink (png));

  g_assert_true (g_bytes_equal (before, after));
  assert_is (converted, "image/png");
  decoded = codec_fixture_read (converted);
  if (pixels->channels == 1 && g_str_equal (type, "image/webp"))
    assert_same_grey (decoded, pixels);
  else
    codec_fixture_assert_same (decoded, pixels);
}

static void
test_conversion (CodecFixture *fixture,
                 const void   *unused)
{
  g_autoptr(ComfyPixels) rgb = codec_fixture_make_picture (70, 50, 3, 8);
  g_autoptr(ComfyPixels) rgba = codec_fixture_make_picture (70, 50, 4, 8);
  g_autoptr(ComfyPixels) deep = codec_fixture_make_picture (70, 50, 3, 16);
  g_autoptr(ComfyPixels) mask = make_mask (70, 50, FALSE);

  convert (fixture, rgb, COMFY_FORMAT_AUTO);
  convert (fixture, rgba, COMFY_FORMAT_AUTO);
  convert (fixture, deep, COMFY_FORMAT_AUTO);
  convert (fixture, mask, COMFY_FORMAT_SMALLEST);
}

static void
test_failed_conversion (CodecFixture *fixture,
                        const void   *unused)
{
  g_autofree char   *png = g_build_filename (fixture->folder, "converted.png", NULL);
  g_autoptr(GBytes)  text = g_bytes_new_static ("text", 4);

  test_await_error (comfy_codec_convert_to_png (fixture->path, png), COMFY_ERROR_STORAGE);
  codec_fixture_save (fixture, text);
  test_await_error (comfy_codec_convert_to_png (fixture->path, png), COMFY_ERROR_IMAGE);
  g_assert_false (g_file_test (png, G_FILE_TEST_EXISTS));
}

/* the teardown sees that the temporary file is gone */
static void
test_failed_write_leaves_nothing (CodecFixture *fixture,
                                  const void   *unused)
{
  g_autoptr(ComfyPixels)  pixels = codec_fixture_make_picture (8, 8, 3, 8);
  g_autofree char        *beyond = g_build_filename (fixture->path, "picture", NULL);

  test_await_error (comfy_codec_encode (pixels, COMFY_FORMAT_PNG, beyond), COMFY_ERROR_STORAGE);
  test_await_error (comfy_codec_encode_smallest (pixels, beyond), COMFY_ERROR_STORAGE);

  /* the rename fails after everything was written */
  g_assert_no_errno (g_mkdir (fixture->path, 0700));
  test_await_error (comfy_codec_encode (pixels, COMFY_FORMAT_PNG, fixture->path),
                    COMFY_ERROR_STORAGE);
  g_assert_no_errno (g_rmdir (fixture->path));
}

#define ADD(path, func) \
  g_test_add (path, CodecFixture, NULL, codec_fixture_set_up, func, codec_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("/codec/round-trips-bit-for-bit", test_round_trips);
  ADD ("/codec/keeps-colour-under-transparency", test_colour_under_transparency);
  ADD ("/codec/long-edges-become-png", test_long_edges_become_png);
  ADD ("/codec/smallest-of-a-mask", test_smallest);
  g_test_add_func ("/codec/effort-makes-masks-small", test_effort_pays);
  ADD ("/codec/smallest-of-other-kinds", test_smallest_of_other_kinds);
  ADD ("/codec/bytes-are-read-as-a-file", test_bytes_are_read_as_a_file);
  ADD ("/codec/bytes-are-those-of-the-file", test_bytes_are_those_of_the_file);
  g_test_add_func ("/codec/writes-no-metadata", test_no_metadata);
  ADD ("/codec/converts-to-png-bit-for-bit", test_conversion);
  ADD ("/codec/failed-conversion-leaves-nothing", test_failed_conversion);
  ADD ("/codec/failed-write-leaves-nothing", test_failed_write_leaves_nothing);

  return g_test_run ();
}
