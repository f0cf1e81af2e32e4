/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures that other programs write.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <png.h>
#include <string.h>
#include <turbojpeg.h>

#include "codec-fixture.h"
#include "comfy-error.h"
#include "test-future.h"

#define GREY PNG_COLOR_TYPE_GRAY
#define RGB PNG_COLOR_TYPE_RGB
#define RGBA PNG_COLOR_TYPE_RGBA
#define GREY_ALPHA PNG_COLOR_TYPE_GRAY_ALPHA
#define PALETTE PNG_COLOR_TYPE_PALETTE

/* One row, in hexadecimal: of the file, with its filter's number, and what it means */
typedef struct
{
  int         color_type;
  int         depth;
  int         width;
  const char *palette; /* nullable: PLTE */
  const char *key;     /* nullable: tRNS */
  const char *row;
  int         channels;
  int         out_depth;
  const char *expected; /* 16 bit: the high byte first */
} PngCase;

static const PngCase png_cases[] = {
  { GREY, 1, 8, NULL, NULL, "00 1b", 1, 8, "00 00 00 ff ff 00 ff ff" },
  { GREY, 2, 4, NULL, NULL, "00 1b", 1, 8, "00 55 aa ff" },
  { GREY, 4, 2, NULL, NULL, "00 1b", 1, 8, "11 bb" },
  { GREY, 8, 2, NULL, NULL, "00 1b 02", 1, 8, "1b 02" },
  { GREY, 16, 2, NULL, NULL, "00 0102 fffe", 1, 16, "0102 fffe" },
  { RGB, 8, 1, NULL, NULL, "00 010203", 3, 8, "010203" },
  { RGB, 16, 1, NULL, NULL, "00 0102 0304 fe01", 3, 16, "0102 0304 fe01" },
  { RGBA, 8, 1, NULL, NULL, "00 01020300", 4, 8, "01020300" },
  { RGBA, 16, 1, NULL, NULL, "00 0102 0304 fe01 0001", 4, 16, "0102 0304 fe01 0001" },
  { GREY_ALPHA, 8, 2, NULL, NULL, "00 07ff 0903", 4, 8, "070707ff 09090903" },
  { GREY_ALPHA, 16, 1, NULL, NULL, "00 0102 0304", 4, 16, "0102 0102 0102 0304" },
  { PALETTE, 1, 8, "010203 040506", NULL, "00 01", 3, 8,
    "010203 010203 010203 010203 010203 010203 010203 040506" },
  { PALETTE, 2, 4, "010203 040506 070809", NULL, "00 18", 3, 8, "010203 040506 070809 010203" },
  { PALETTE, 4, 2, "010203 040506", NULL, "00 10", 3, 8, "040506 010203" },
  { PALETTE, 8, 2, "010203 040506", "80", "00 01 00", 4, 8, "040506ff 01020380" },
  { GREY, 2, 4, NULL, "0002", "00 1b", 4, 8, "000000ff 555555ff aaaaaa00 ffffffff" },
  { GREY, 8, 2, NULL, "0002", "00 1b 02", 4, 8, "1b1b1bff 02020200" },
  { GREY, 16, 2, NULL, "0102", "00 0102 0103", 4, 16, "0102 0102 0102 0000 0103 0103 0103 ffff" },
  { RGB, 8, 2, NULL, "0001 0002 0003", "00 010203 010204", 4, 8, "01020300 010204ff" },
  { RGB, 16, 1, NULL, "0001 0002 0003", "00 0001 0002 0003", 4, 16, "0001 0002 0003 0000" },
};

static GBytes *
from_hex (const char *text)
{
  GByteArray *array = g_byte_array_new ();

  for (const char *c = text; *c != '\0';)
    if (*c == ' ')
      {
        c++;
      }
    else
      {
        guint8 byte = g_ascii_xdigit_value (c[0]) << 4 | g_ascii_xdigit_value (c[1]);

        g_byte_array_append (array, &byte, 1);
        c += 2;
      }

  return g_byte_array_free_to_bytes (array);
}

static void
add_hex_chunk (GByteArray *png,
               const char *type,
               const char *text)
{
  g_autoptr(GBytes) data = text != NULL ? from_hex (text) : NULL;

  if (data != NULL)
    codec_fixture_add_chunk (png, type, g_bytes_get_data (data, NULL), g_bytes_get_size (data));
}

static GBytes *
finish_png_hex (GByteArray *png,
                const char *rows)
{
  g_autoptr(GBytes) bytes = from_hex (rows);

  return codec_fixture_finish_png (png, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
assert_values (ComfyPixels *pixels,
               const char  *expected)
{
  g_autoptr(GBytes)  bytes = from_hex (expected);
  size_t             size;
  const guint8      *data = g_bytes_get_data (bytes, &size);
  const void        *got = g_bytes_get_data (pixels->data, NULL);

  g_assert_cmpuint (g_bytes_get_size (pixels->data), ==, size);
  for (size_t i = 0; i < size; i += pixels->depth / 8)
    if (pixels->depth == 8)
      g_assert_cmphex (((const guint8 *) got)[i], ==, data[i]);
    else
      g_assert_cmphex (((const guint16 *) got)[i / 2], ==, data[i] << 8 | data[i + 1]);
}

static void
test_png_layouts (void)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (png_cases); i++)
    {
      const PngCase          *c = &png_cases[i];
      GByteArray             *png = NULL;
      g_autoptr(GBytes)       bytes = NULL;
      g_autoptr(ComfyPixels)  pixels = NULL;

      g_test_message ("type %d, depth %d, key %s", c->color_type, c->depth, c->key);
      png = codec_fixture_begin_png (c->width, 1, c->depth, c->color_type, FALSE);
      add_hex_chunk (png, "PLTE", c->palette);
      add_hex_chunk (png, "tRNS", c->key);
      bytes = finish_png_hex (png, c->row);

      pixels = codec_fixture_read (bytes);
      g_assert_cmpint (pixels->channels, ==, c->channels);
      g_assert_cmpint (pixels->depth, ==, c->out_depth);
      assert_values (pixels, c->expected);
    }
}

/* 3 × 3 pixels in the order of Adam7, of whose passes two are empty */
static void
test_interlaced_png (void)
{
  g_autoptr(GBytes)      bytes = NULL;
  g_autoptr(ComfyPixels) pixels = NULL;

  bytes = finish_png_hex (codec_fixture_begin_png (3, 3, 8, GREY, TRUE),
                          "00 01  00 03  00 07 09  00 02  00 08  00 04 05 06");
  pixels = codec_fixture_read (bytes);
  assert_values (pixels, "01 02 03 04 05 06 07 08 09");
}

static void
test_animated_png (void)
{
  GByteArray             *png = codec_fixture_begin_png (1, 1, 8, RGB, FALSE);
  g_autoptr(GByteArray)   before = NULL;
  g_autoptr(GBytes)       bytes = NULL;
  g_autoptr(ComfyPixels)  pixels = NULL;

  add_hex_chunk (png, "acTL", "00000002 00000000");
  add_hex_chunk (png, "fcTL", "00000000 00000001 00000001 00000000 00000000 0001 000a 00 00");
  bytes = finish_png_hex (png, "00 112233");

  /* the second frame goes before IEND */
  before = g_bytes_unref_to_array (g_steal_pointer (&bytes));
  g_byte_array_set_size (before, before->len - 12);
  add_hex_chunk (before, "fcTL", "00000001 00000001 00000001 00000000 00000000 0001 000a 00 00");
  add_hex_chunk (before, "fdAT", "00000002 789c 6364 6206 0000 0e 0007");
  codec_fixture_add_chunk (before, "IEND", NULL, 0);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&before));

  pixels = codec_fixture_read (bytes);
  assert_values (pixels, "112233");
}

/* a colour and its neighbours are close to what they were: no channel is swapped */
static void
assert_close (ComfyPixels *a,
              ComfyPixels *b,
              int          tolerance)
{
  const guint8 *x = g_bytes_get_data (a->data, NULL);
  const guint8 *y = g_bytes_get_data (b->data, NULL);

  g_assert_cmpuint (g_bytes_get_size (a->data), ==, g_bytes_get_size (b->data));
  for (size_t i = 0; i < g_bytes_get_size (a->data); i++)
    g_assert_cmpint (ABS (x[i] - y[i]), <=, tolerance);
}

static ComfyPixels *
make_gradient (int channels)
{
  int     width = 61;
  int     height = 45;
  guint8 *data = g_malloc (width * height * channels);

  for (int i = 0; i < width * height; i++)
    for (int c = 0; c < channels; c++)
      data[i * channels + c] = c == 0 ? 4 * (i % width) : c == 1 ? 5 * (i / width) : 30;

  return comfy_pixels_new_take (width, height, channels, 8, data);
}

static void
test_jpeg_colours (void)
{
  static const int subsamplings[] = { TJSAMP_444, TJSAMP_422, TJSAMP_420, TJSAMP_440, TJSAMP_411 };
  g_autoptr(ComfyPixels) picture = make_gradient (3);

  for (unsigned int i = 0; i < G_N_ELEMENTS (subsamplings); i++)
    {
      g_autoptr(GBytes)      baseline = NULL;
      g_autoptr(GBytes)      progressive = NULL;
      g_autoptr(ComfyPixels) decoded = NULL;
      g_autoptr(ComfyPixels) again = NULL;

      baseline = codec_fixture_make_jpeg (picture, TJPF_RGB, subsamplings[i], 0);
      progressive = codec_fixture_make_jpeg (picture, TJPF_RGB, subsamplings[i],
                                             TJFLAG_PROGRESSIVE);
      g_assert_false (g_bytes_equal (baseline, progressive));

      decoded = codec_fixture_read (baseline);
      g_assert_cmpint (decoded->channels, ==, 3);
      assert_close (decoded, picture, 6);
      again = codec_fixture_read (progressive);
      codec_fixture_assert_same (again, decoded);
    }
}

static void
test_grey_jpeg (void)
{
  g_autoptr(ComfyPixels) picture = make_gradient (1);
  g_autoptr(GBytes)      bytes = codec_fixture_make_jpeg (picture, TJPF_GRAY, TJSAMP_GRAY, 0);
  g_autoptr(ComfyPixels) decoded = codec_fixture_read (bytes);

  g_assert_cmpint (decoded->channels, ==, 1);
  assert_close (decoded, picture, 2);
}

static void
test_photograph (CodecFixture *fixture,
                 const void   *unused)
{
  g_autofree char        *path = g_test_build_filename (G_TEST_DIST, "data", "raccoon.jpg", NULL);
  g_autoptr(ComfyPixels)  pixels = NULL;

  pixels = test_await_boxed (comfy_codec_decode (path, 1024 * 768));
  g_assert_cmpint (pixels->width, ==, 1024);
  g_assert_cmpint (pixels->height, ==, 768);
  g_assert_cmpint (pixels->channels, ==, 3);
  g_assert_cmpint (pixels->depth, ==, 8);
}

/* the pixels are where the file has them */
static void
test_orientation_is_not_followed (void)
{
  static const guint8    exif[] = { 0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0,
                                    0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0,
                                    0 };
  g_autoptr(ComfyPixels) picture = make_gradient (3);
  g_autoptr(GBytes)      bytes = codec_fixture_make_jpeg (picture, TJPF_RGB, TJSAMP_444, 0);
  g_autoptr(ComfyPixels) plain = codec_fixture_read (bytes);
  g_autoptr(GByteArray)  turned = g_byte_array_new ();
  g_autoptr(GBytes)      turned_bytes = NULL;
  g_autoptr(ComfyPixels) decoded = NULL;

  g_byte_array_append (turned, g_bytes_get_data (bytes, NULL), 2);
  g_byte_array_append (turned, exif, sizeof exif);
  g_byte_array_append (turned, (const guint8 *) g_bytes_get_data (bytes, NULL) + 2,
                       g_bytes_get_size (bytes) - 2);
  turned_bytes = g_byte_array_free_to_bytes (g_steal_pointer (&turned));
  decoded = codec_fixture_read (turned_bytes);
  codec_fixture_assert_same (decoded, plain);
}

static void
test_animated_webp (void)
{
  g_autoptr(ComfyPixels) first = codec_fixture_make_picture (20, 10, 3, 8);
  g_autoptr(GBytes)      bytes = codec_fixture_make_animation (20, 10, first, 0, 0);
  g_autoptr(ComfyPixels) pixels = codec_fixture_read (bytes);

  codec_fixture_assert_same (pixels, first);
}

/* around the frame it is transparent, not of the colour that the file suggests */
static void
test_small_frame (void)
{
  g_autoptr(ComfyPixels)  first = codec_fixture_make_picture (4, 2, 4, 8);
  g_autoptr(GBytes)       bytes = codec_fixture_make_animation (9, 7, first, 2, 4);
  g_autoptr(ComfyPixels)  pixels = codec_fixture_read (bytes);
  const guint8           *data = g_bytes_get_data (pixels->data, NULL);
  const guint8           *frame = g_bytes_get_data (first->data, NULL);

  g_assert_cmpint (pixels->width, ==, 9);
  g_assert_cmpint (pixels->height, ==, 7);
  g_assert_cmpint (pixels->channels, ==, 4);
  for (int y = 0; y < 7; y++)
    for (int x = 0; x < 9; x++)
      if (x >= 2 && x < 6 && y >= 4 && y < 6)
        g_assert_cmpmem (data + (y * 9 + x) * 4, 4, frame + ((y - 4) * 4 + x - 2) * 4, 4);
      else
        g_assert_cmpmem (data + (y * 9 + x) * 4, 4, "\0\0\0\0", 4);
}

/* the artist has paid for it, so the sentence says where it is */
static void
assert_refused (CodecFixture *fixture,
                GBytes       *bytes,
                ComfyError    code,
                const char   *word,
                const char   *detail)
{
  g_autoptr(DexFuture) decoded = NULL;
  g_autoptr(GError)    error = NULL;

  codec_fixture_save (fixture, bytes);
  decoded = test_settle (comfy_codec_decode (fixture->path, CODEC_FIXTURE_NO_LIMIT));
  g_assert_null (dex_future_get_value (decoded, &error));
  g_assert_error (error, COMFY_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_assert_true (g_str_has_suffix (error->message, "."));
  if (detail != NULL)
    g_assert_cmpstr (comfy_error_get_detail (error), ==, detail);
}

static void
test_foreign_formats (CodecFixture *fixture,
                      const void   *unused)
{
#define START(text) { text, sizeof text - 1 }
  static const struct { const char *data; size_t size; } starts[] = {
    START ("GIF89a\1\0\1\0\x80\0\0"),
    START ("BM\x3a\0\0\0\0\0\0\0\x36\0\0\0"),
    START ("II*\0\x08\0\0\0"),
    START ("MM\0*\0\0\0\x08"),
    START ("\0\0\0\x20""ftypavif\0\0\0\0avifmif1"),
    START ("\0\0\0\x20""ftypheic\0\0\0\0mif1heic"),
    START ("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    START ("<?xml version=\"1.0\"?><svg/>"),
    START ("<!DOCTYPE html><html><body>Sign in</body></html>"),
    START ("{\"error\": \"not found\"}"),
    START ("no picture at all"),
    START ("\0\0\0\x18""ftypmp42\0\0\0\0mp42isom"),
    START ("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01"),
    START ("RIFF\x24\0\0\0AVI LIST"),
    START ("RIFF\x24\0\0\0WAVEfmt "),
    START ("\x76\x2f\x31\x01\x02\0\0\0"),
    START ("%PDF-1.7"),
    START ("\x89PNG"),
    START ("\xff\xd8"),
    START ("\0"),
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autoptr(GBytes) bytes = g_bytes_new_static (starts[i].data, starts[i].size);

      assert_refused (fixture, bytes, COMFY_ERROR_IMAGE, "neither PNG, WebP nor JPEG", NULL);
    }
}

static void
test_refusals_say_why (CodecFixture *fixture,
                       const void   *unused)
{
  g_autoptr(ComfyPixels) picture = codec_fixture_make_picture (16, 16, 4, 8);
  g_autoptr(ComfyPixels) colour = codec_fixture_make_picture (20, 10, 3, 8);
  g_autoptr(GBytes)      cmyk = codec_fixture_make_jpeg (picture, TJPF_CMYK, TJSAMP_444, 0);
  g_autoptr(GBytes)      empty = g_bytes_new_static ("", 0);
  g_autoptr(GBytes)      png = g_bytes_new_static ("\x89PNG\r\n\x1a\n", 8);
  g_autoptr(GBytes)      webp = g_bytes_new_static ("RIFF\x24\0\0\0WEBPVP8L", 16);
  g_autoptr(GBytes)      jpeg = g_bytes_new_static ("\xff\xd8\xff\xe0\0\x10JFIF", 10);
  g_autoptr(GBytes)      outside = codec_fixture_make_animation (20, 10, colour, 2, 0);

  assert_refused (fixture, cmyk, COMFY_ERROR_IMAGE, "CMYK", "CMYK");
  assert_refused (fixture, empty, COMFY_ERROR_STORAGE, "empty", "an empty file");
  assert_refused (fixture, png, COMFY_ERROR_IMAGE, "damaged", "the file ends too early");
  assert_refused (fixture, webp, COMFY_ERROR_IMAGE, "damaged", "not a WebP header");
  assert_refused (fixture, jpeg, COMFY_ERROR_IMAGE, "damaged", "a JPEG without a picture");
  assert_refused (fixture, outside, COMFY_ERROR_IMAGE, "damaged",
                  "an animated WebP without a first frame");
}

/* a job that is fetched once more may find its file gone */
static void
test_missing_file (CodecFixture *fixture,
                   const void   *unused)
{
  test_await_error (comfy_codec_decode (fixture->path, CODEC_FIXTURE_NO_LIMIT),
                    COMFY_ERROR_STORAGE);
}

#define ADD(path, func) \
  g_test_add (path, CodecFixture, NULL, codec_fixture_set_up, func, codec_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/codec-read/png-of-every-layout", test_png_layouts);
  g_test_add_func ("/codec-read/interlaced-png", test_interlaced_png);
  g_test_add_func ("/codec-read/animated-png-is-its-first-frame", test_animated_png);
  g_test_add_func ("/codec-read/jpeg-of-every-kind", test_jpeg_colours);
  g_test_add_func ("/codec-read/grey-jpeg-has-one-channel", test_grey_jpeg);
  g_test_add_func ("/codec-read/orientation-is-not-followed", test_orientation_is_not_followed);
  g_test_add_func ("/codec-read/animated-webp-is-its-first-frame", test_animated_webp);
  g_test_add_func ("/codec-read/around-a-small-frame-it-is-transparent", test_small_frame);
  ADD ("/codec-read/photograph", test_photograph);
  ADD ("/codec-read/another-format-is-said-to-be-one", test_foreign_formats);
  ADD ("/codec-read/refusals-say-why", test_refusals_say_why);
  ADD ("/codec-read/names-a-missing-file", test_missing_file);

  return g_test_run ();
}
