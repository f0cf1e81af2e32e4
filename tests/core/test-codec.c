/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <libdex.h>
#include <png.h>
#include <string.h>

#include "comfy-codec-private.h"
#include "comfy-codec.h"
#include "comfy-error.h"

#define NO_LIMIT G_MAXUINT32

typedef struct
{
  char *folder; /* owned: a new one for each test */
  char *path;   /* owned: a file in it */
} Fixture;

static void
setup (Fixture    *fixture,
       const void *data)
{
  fixture->folder = g_dir_make_tmp ("comfy-codec-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "picture", NULL);
}

static void
teardown (Fixture    *fixture,
          const void *data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0); /* nothing is left behind */
  g_free (fixture->path);
  g_free (fixture->folder);
}

static DexFuture *
pass_on_cb (DexFuture *future,
            void      *data)
{
  return dex_ref (future);
}

static const GValue *
settle (DexFuture  *future,
        GError    **error)
{
  /* a worker's end wakes this thread only where somebody here waits for it */
  g_autoptr(DexFuture) waiter = dex_future_finally (dex_ref (future), pass_on_cb, NULL, NULL);

  while (dex_future_is_pending (waiter))
    g_main_context_iteration (NULL, TRUE);

  return dex_future_get_value (future, error);
}

/* noise where runs and gradients alternate with it, so that every predictor is used */
static ComfyPixels *
make_picture (int width,
              int height,
              int channels,
              int depth)
{
  size_t  n = (size_t) width * height * channels * (depth / 8);
  guint8 *data = g_malloc (n);

  for (size_t i = 0; i < n; i++)
    data[i] = (i / 97) % 3 == 0   ? g_test_rand_int_range (0, 256)
              : (i / 97) % 3 == 1 ? (guint8) i
                                  : 0;

  return comfy_pixels_new_take (width, height, channels, depth, data);
}

static void
assert_same (ComfyPixels *a,
             ComfyPixels *b)
{
  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
  g_assert_cmpint (a->channels, ==, b->channels);
  g_assert_cmpint (a->depth, ==, b->depth);
  g_assert_true (g_bytes_equal (a->data, b->data));
}

static void
assert_starts_with (const char *path,
                    const char *start)
{
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpmem (contents, 4, start, 4);
}

static void
round_trip (Fixture     *fixture,
            ComfyPixels *pixels,
            ComfyFormat  format,
            const char  *type)
{
  g_autoptr(DexFuture) encoded = comfy_codec_encode (pixels, format, fixture->path);
  g_autoptr(DexFuture) decoded = NULL;
  g_autoptr(GError)    error = NULL;
  const GValue        *value;

  settle (encoded, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (comfy_codec_get_content_type (pixels, format), ==, type);
  assert_starts_with (fixture->path, g_str_equal (type, "image/png") ? "\x89PNG" : "RIFF");

  decoded = comfy_codec_decode (fixture->path, NO_LIMIT);
  value = settle (decoded, &error);
  g_assert_no_error (error);
  assert_same (g_value_get_boxed (value), pixels);
}

static void
test_round_trips (Fixture    *fixture,
                  const void *data)
{
  static const int channels[] = { 1, 3, 4 };

  for (unsigned int i = 0; i < 60; i++)
    {
      int                    width = g_test_rand_int_range (1, i % 10 == 0 ? 700 : 60);
      int                    height = g_test_rand_int_range (1, 60);
      int                    n = channels[i % 3];
      int                    depth = (i / 3) % 2 == 0 ? 8 : 16;
      g_autoptr(ComfyPixels) pixels = make_picture (width, height, n, depth);

      round_trip (fixture, pixels, COMFY_FORMAT_PNG, "image/png");
      round_trip (fixture, pixels, COMFY_FORMAT_AUTO,
                  n >= 3 && depth == 8 ? "image/webp" : "image/png");
    }
}

static void
test_colour_under_transparency (Fixture    *fixture,
                                const void *data)
{
  static const guint8    hidden[] = { 200, 100, 50, 0, 1, 2, 3, 0, 9, 8, 7, 255, 6, 5, 4, 1 };
  g_autoptr(ComfyPixels) pixels = NULL;

  pixels = comfy_pixels_new_take (2, 2, 4, 8, g_memdup2 (hidden, sizeof hidden));
  round_trip (fixture, pixels, COMFY_FORMAT_AUTO, "image/webp");
  round_trip (fixture, pixels, COMFY_FORMAT_PNG, "image/png");
}

/* WebP ends at 16383 px an edge */
static void
test_long_edges_become_png (Fixture    *fixture,
                            const void *data)
{
  g_autoptr(ComfyPixels) longest = make_picture (16383, 1, 3, 8);
  g_autoptr(ComfyPixels) longer = make_picture (16384, 1, 3, 8);

  round_trip (fixture, longest, COMFY_FORMAT_AUTO, "image/webp");
  round_trip (fixture, longer, COMFY_FORMAT_AUTO, "image/png");
}

static GBytes *
encode_to_bytes (Fixture     *fixture,
                 ComfyPixels *pixels,
                 ComfyFormat  format)
{
  g_autoptr(DexFuture) encoded = comfy_codec_encode (pixels, format, fixture->path);
  g_autoptr(GError)    error = NULL;
  char                *contents;
  size_t               length;

  settle (encoded, &error);
  g_assert_no_error (error);
  g_file_get_contents (fixture->path, &contents, &length, &error);
  g_assert_no_error (error);

  return g_bytes_new_take (contents, length);
}

static guint32
big_endian_at (const guint8 *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

/* what leaves the machine is pixels only */
static void
test_no_metadata (Fixture    *fixture,
                  const void *data)
{
  g_autoptr(ComfyPixels) pixels = make_picture (40, 30, 4, 8);
  g_autoptr(GBytes)      png = encode_to_bytes (fixture, pixels, COMFY_FORMAT_PNG);
  g_autoptr(GBytes)      webp = encode_to_bytes (fixture, pixels, COMFY_FORMAT_AUTO);
  g_autoptr(GString)     chunks = g_string_new (NULL);
  size_t                 size;
  const guint8          *bytes = g_bytes_get_data (png, &size);

  for (size_t i = 8; i + 12 <= size; i += 12 + big_endian_at (bytes + i))
    if (chunks->len == 0 || !g_str_has_suffix (chunks->str, "IDAT ")
        || memcmp (bytes + i + 4, "IDAT", 4) != 0)
      g_string_append_printf (chunks, "%.4s ", (const char *) bytes + i + 4);
  g_assert_cmpstr (chunks->str, ==, "IHDR IDAT IEND ");

  /* the simple file format: one bare chunk */
  bytes = g_bytes_get_data (webp, &size);
  g_assert_cmpmem (bytes + 12, 4, "VP8L", 4);
}

/* pictures that other programs write */
static void
test_foreign_layouts (Fixture    *fixture,
                      const void *data)
{
  static const guint8 indices[] = { 0, 1, 1, 0 };
  static const guint8 palette[] = { 10, 20, 30, 255, 40, 50, 60, 128 };
  static const guint8 expected[] = { 10, 20, 30, 255, 40, 50, 60, 128,
                                     40, 50, 60, 128, 10, 20, 30, 255 };
  static const guint8 grey_alpha[] = { 7, 255, 9, 3 };
  static const guint8 expected_grey[] = { 7, 7, 7, 255, 9, 9, 9, 3 };
  png_image           image = { .version = PNG_IMAGE_VERSION, .width = 2, .height = 2,
                                .format = PNG_FORMAT_RGBA_COLORMAP, .colormap_entries = 2 };
  guint8              out[1024];
  size_t              size = sizeof out;

  for (unsigned int i = 0; i < 2; i++)
    {
      g_autoptr(GBytes)      bytes = NULL;
      g_autoptr(ComfyPixels) pixels = NULL;
      g_autoptr(GError)      error = NULL;

      g_assert_true (png_image_write_to_memory (&image, out, &size, 0,
                                                i == 0 ? indices : grey_alpha, 0, palette));
      bytes = g_bytes_new (out, size);
      pixels = comfy_codec_read (bytes, NO_LIMIT, &error);
      g_assert_no_error (error);
      g_assert_cmpint (pixels->channels, ==, 4);
      g_assert_cmpmem (g_bytes_get_data (pixels->data, NULL), g_bytes_get_size (pixels->data),
                       i == 0 ? expected : expected_grey,
                       i == 0 ? sizeof expected : sizeof expected_grey);

      image.height = 1;
      image.format = PNG_FORMAT_GA;
      size = sizeof out;
    }
}

static void
test_limit_is_checked_first (Fixture    *fixture,
                             const void *data)
{
  g_autoptr(ComfyPixels) pixels = make_picture (30, 20, 3, 8);

  for (ComfyFormat format = COMFY_FORMAT_AUTO; format <= COMFY_FORMAT_PNG; format++)
    {
      g_autoptr(GBytes)      bytes = encode_to_bytes (fixture, pixels, format);
      g_autoptr(ComfyPixels) fits = NULL;
      g_autoptr(ComfyPixels) exceeds = NULL;
      g_autoptr(GError)      error = NULL;

      fits = comfy_codec_read (bytes, 600, &error);
      g_assert_no_error (error);
      g_assert_nonnull (fits);
      exceeds = comfy_codec_read (bytes, 599, &error);
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_TOO_LARGE);
      g_assert_null (exceeds);
    }
}

/* a hundred bytes that announce sixteen gigapixels: refused by the header, so it takes no memory */
static void
test_bomb (Fixture    *fixture,
           const void *data)
{
  static const guint8    header[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13,
                                      'I', 'H', 'D', 'R', 0, 1, 0xf4, 0, 0, 1, 0xf4, 0, 8, 2, 0, 0,
                                      0 };
  g_autoptr(GByteArray)  array = g_byte_array_new ();
  g_autoptr(GBytes)      bytes = NULL;
  g_autoptr(ComfyPixels) pixels = NULL;
  g_autoptr(GError)      error = NULL;
  guint32                crc = 0xffffffff;

  for (unsigned int i = 12; i < sizeof header; i++)
    {
      crc ^= header[i];
      for (unsigned int bit = 0; bit < 8; bit++)
        crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
  crc = GUINT32_TO_BE (~crc);
  g_byte_array_append (array, header, sizeof header);
  g_byte_array_append (array, (const guint8 *) &crc, 4);
  g_byte_array_append (array, (const guint8 *) "\0\0\0\0IDAT\x35\xaf\x06\x1e", 12);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&array));

  pixels = comfy_codec_read (bytes, 268435456, &error);
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_TOO_LARGE);
  g_assert_null (pixels);
}

static void
read_anything (const guint8 *data,
               size_t        size)
{
  g_autoptr(GBytes)      bytes = g_bytes_new_static (data, size);
  g_autoptr(ComfyPixels) pixels = NULL;
  g_autoptr(GError)      error = NULL;

  pixels = comfy_codec_read (bytes, 1 << 20, &error);
  g_assert_true ((pixels != NULL) == (error == NULL));
  if (error != NULL && error->code != COMFY_ERROR_TOO_LARGE)
    g_assert_error (error, COMFY_ERROR, COMFY_ERROR_IMAGE);
}

static void
test_hostile_files (Fixture    *fixture,
                    const void *data)
{
  g_autoptr(ComfyPixels) pixels = make_picture (23, 17, 4, 8);

  for (ComfyFormat format = COMFY_FORMAT_AUTO; format <= COMFY_FORMAT_PNG; format++)
    {
      g_autoptr(GBytes)  bytes = encode_to_bytes (fixture, pixels, format);
      size_t             size;
      const guint8      *intact = g_bytes_get_data (bytes, &size);
      g_autofree guint8 *broken = g_memdup2 (intact, size);

      for (size_t cut = 0; cut < size; cut++)
        read_anything (intact, cut);
      for (unsigned int i = 0; i < 4000; i++)
        {
          size_t at = g_test_rand_int_range (0, size);

          broken[at] ^= 1 << g_test_rand_int_range (0, 8);
          read_anything (broken, size);
          if (i % 3 == 0)
            broken[at] = intact[at];
          if (i % 50 == 0)
            memcpy (broken, intact, size);
        }
    }
}

/* a cut file is an error, not half a picture */
static void
test_truncation (Fixture    *fixture,
                 const void *data)
{
  g_autoptr(ComfyPixels) pixels = make_picture (64, 64, 3, 8);

  for (ComfyFormat format = COMFY_FORMAT_AUTO; format <= COMFY_FORMAT_PNG; format++)
    {
      g_autoptr(GBytes)    bytes = encode_to_bytes (fixture, pixels, format);
      g_autoptr(DexFuture) decoded = NULL;
      g_autoptr(GError)    error = NULL;

      g_file_set_contents (fixture->path, g_bytes_get_data (bytes, NULL),
                           g_bytes_get_size (bytes) / 2, NULL);
      decoded = comfy_codec_decode (fixture->path, NO_LIMIT);
      g_assert_null (settle (decoded, &error));
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_IMAGE);
    }
}

static void
test_missing_file (Fixture    *fixture,
                   const void *data)
{
  g_autoptr(DexFuture) decoded = comfy_codec_decode (fixture->path, NO_LIMIT);
  g_autoptr(GError)    error = NULL;

  g_assert_null (settle (decoded, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_STORAGE);
}

/* it is paid for, so the artist hears where it is */
static void
test_another_format_is_said_to_be_one (Fixture    *fixture,
                                       const void *data)
{
  g_autoptr(DexFuture) decoded = NULL;
  g_autoptr(GError)    error = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "\xff\xd8\xff\xe0 JFIF", -1, NULL));
  decoded = comfy_codec_decode (fixture->path, NO_LIMIT);
  g_assert_null (settle (decoded, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_IMAGE);
  g_assert_null (strstr (error->message, "damaged"));
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_assert_no_errno (g_unlink (fixture->path));
}

/* the teardown sees that the temporary file is gone */
static void
test_failed_write_leaves_nothing (Fixture    *fixture,
                                  const void *data)
{
  g_autoptr(ComfyPixels) pixels = make_picture (8, 8, 3, 8);
  g_autofree char       *beyond = g_build_filename (fixture->path, "picture", NULL);
  g_autoptr(DexFuture)   nowhere = NULL;
  g_autoptr(DexFuture)   onto_folder = NULL;
  g_autoptr(GError)      error = NULL;

  nowhere = comfy_codec_encode (pixels, COMFY_FORMAT_PNG, beyond);
  g_assert_null (settle (nowhere, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_IMAGE);
  g_clear_error (&error);

  /* the rename fails after everything was written */
  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  onto_folder = comfy_codec_encode (pixels, COMFY_FORMAT_PNG, fixture->path);
  g_assert_null (settle (onto_folder, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_IMAGE);
  g_assert_cmpint (g_rmdir (fixture->path), ==, 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, setup, func, teardown)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("/codec/round-trips-bit-for-bit", test_round_trips);
  ADD ("/codec/keeps-colour-under-transparency", test_colour_under_transparency);
  ADD ("/codec/long-edges-become-png", test_long_edges_become_png);
  ADD ("/codec/writes-no-metadata", test_no_metadata);
  ADD ("/codec/reads-palettes-and-grey-with-alpha", test_foreign_layouts);
  ADD ("/codec/checks-the-limit-first", test_limit_is_checked_first);
  ADD ("/codec/refuses-a-bomb-by-its-header", test_bomb);
  ADD ("/codec/survives-hostile-files", test_hostile_files);
  ADD ("/codec/refuses-half-a-picture", test_truncation);
  ADD ("/codec/names-a-missing-file", test_missing_file);
  ADD ("/codec/another-format-is-said-to-be-one", test_another_format_is_said_to_be_one);
  ADD ("/codec/failed-write-leaves-nothing", test_failed_write_leaves_nothing);

  return g_test_run ();
}
