/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that are cut, broken or made to harm: an error or a whole picture, and never much memory.
 */
#include "config.h"

#include <png.h>
#include <string.h>
#include <turbojpeg.h>

#include "codec-fixture.h"
#include "comfy-error.h"
#include "test-future.h"

#define MIB (1024 * 1024)
#define MAX_PIXELS (1 << 28) /* as results have it */

/* one small file of each kind */
static GPtrArray *
make_files (void)
{
  GPtrArray              *files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(ComfyPixels)  grey = codec_fixture_make_picture (23, 17, 1, 8);
  g_autoptr(ComfyPixels)  rgb = codec_fixture_make_picture (23, 17, 3, 8);
  g_autoptr(ComfyPixels)  rgba = codec_fixture_make_picture (23, 17, 4, 8);
  g_autoptr(ComfyPixels)  deep = codec_fixture_make_picture (13, 17, 4, 16);
  static const guint8     rows[] = { 0, 1, 0, 3, 0, 7, 9, 0, 2, 0, 8, 0, 4, 5, 6 };

  g_ptr_array_add (files, codec_fixture_write (rgba, COMFY_FORMAT_AUTO));
  g_ptr_array_add (files, codec_fixture_write (grey, COMFY_FORMAT_SMALLEST));
  g_ptr_array_add (files, codec_fixture_write (rgb, COMFY_FORMAT_PNG));
  g_ptr_array_add (files, codec_fixture_write (deep, COMFY_FORMAT_PNG));
  g_ptr_array_add (files, codec_fixture_finish_png (
                            codec_fixture_begin_png (3, 3, 8, PNG_COLOR_TYPE_GRAY, TRUE),
                            rows, sizeof rows));
  g_ptr_array_add (files, codec_fixture_make_animation (30, 20, rgb, 2, 2));
  g_ptr_array_add (files, codec_fixture_make_jpeg (rgb, TJPF_RGB, TJSAMP_420, 0));
  g_ptr_array_add (files, codec_fixture_make_jpeg (grey, TJPF_GRAY, TJSAMP_GRAY, 0));
  g_ptr_array_add (files, codec_fixture_make_jpeg (rgb, TJPF_RGB, TJSAMP_444,
                                                   TJFLAG_PROGRESSIVE));

  return files;
}

static ComfyPixels *
read_anything (const guint8 *data,
               size_t        size)
{
  /* a copy of its own, so that a sanitizer sees a read beyond the end */
  g_autoptr(GBytes)       bytes = g_bytes_new (data, size);
  g_autoptr(GError)       error = NULL;
  g_autoptr(GError)       small_error = NULL;
  ComfyPixels            *pixels = comfy_codec_read (bytes, MIB, &error);
  g_autoptr(ComfyPixels)  small = NULL;
  int                     width = 0;
  int                     height = 0;

  g_assert_true ((pixels != NULL) == (error == NULL));
  /* as something to be looked at it is as good, or as bad */
  small = comfy_codec_read_small (bytes, MIB, 3, &width, &height, &small_error);
  g_assert_true ((small != NULL) == (pixels != NULL));
  if (error != NULL)
    g_assert_error (small_error, COMFY_ERROR, error->code);
  else
    g_assert_cmpint (width, ==, pixels->width);
  if (error != NULL && error->code != COMFY_ERROR_TOO_LARGE)
    g_assert_error (error, COMFY_ERROR, COMFY_ERROR_IMAGE);

  return pixels;
}

/* Never half a picture. What follows the pixels may be missing, but that is a few bytes. */
static void
test_cut_files (void)
{
  g_autoptr(GPtrArray) files = make_files ();

  for (unsigned int i = 0; i < files->len; i++)
    {
      GBytes                 *file = g_ptr_array_index (files, i);
      size_t                  size;
      const guint8           *data = g_bytes_get_data (file, &size);
      g_autoptr(ComfyPixels)  whole = codec_fixture_read (file);
      gboolean                animated = i == 5;

      for (size_t cut = 0; cut < size; cut++)
        {
          g_autoptr(ComfyPixels) pixels = read_anything (data, cut);

          if (pixels == NULL)
            continue;
          codec_fixture_assert_same (pixels, whole);
          g_assert_true (animated || size - cut <= 24);
        }
    }
}

static void
test_broken_files (void)
{
  g_autoptr(GPtrArray) files = make_files ();

  for (unsigned int file = 0; file < files->len; file++)
    {
      size_t             size;
      const guint8      *intact = g_bytes_get_data (g_ptr_array_index (files, file), &size);
      g_autofree guint8 *broken = g_memdup2 (intact, size);

      for (unsigned int i = 0; i < 2000; i++)
        {
          size_t                 at = g_test_rand_int_range (0, size);
          g_autoptr(ComfyPixels) pixels = NULL;

          broken[at] ^= 1 << g_test_rand_int_range (0, 8);
          pixels = read_anything (broken, size);
          if (i % 3 == 0)
            broken[at] = intact[at];
          if (i % 50 == 0)
            memcpy (broken, intact, size);
        }
    }
}

static void
test_limit_is_exact (void)
{
  g_autoptr(GPtrArray) files = make_files ();

  for (unsigned int i = 0; i < files->len; i++)
    {
      GBytes                 *file = g_ptr_array_index (files, i);
      g_autoptr(ComfyPixels)  whole = codec_fixture_read (file);
      guint64                 n = (guint64) whole->width * whole->height;
      g_autoptr(ComfyPixels)  fits = NULL;
      g_autoptr(ComfyPixels)  exceeds = NULL;
      g_autoptr(GError)       error = NULL;

      fits = comfy_codec_read (file, n, &error);
      g_assert_no_error (error);
      codec_fixture_assert_same (fits, whole);
      exceeds = comfy_codec_read (file, n - 1, &error);
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_TOO_LARGE);
      g_assert_null (exceeds);
    }
}

/* the most address space that this process ever had, in bytes; counts what is allocated and never
 * touched, too */
static guint64
get_peak (void)
{
  g_autofree char *status = NULL;
  const char      *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  line = strstr (status, "VmPeak:");
  g_assert_nonnull (line);

  return g_ascii_strtoull (line + strlen ("VmPeak:"), NULL, 10) * 1024;
}

static void
assert_too_large (GBytes     *bytes,
                  const char *size)
{
  guint64                before = get_peak ();
  g_autoptr(ComfyPixels) pixels = NULL;
  g_autoptr(GError)      error = NULL;
  int                    width;
  int                    height;

  pixels = comfy_codec_read (bytes, MAX_PIXELS, &error);
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_TOO_LARGE);
  g_assert_null (pixels);
  g_assert_nonnull (strstr (error->message, size));

  g_clear_error (&error);
  pixels = comfy_codec_read_small (bytes, MAX_PIXELS, 96, &width, &height, &error);
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_TOO_LARGE);
  g_assert_null (pixels);
  g_assert_cmpuint (get_peak () - before, <, 64 * MIB);
}

/* few bytes that announce gigapixels, even in a single row: refused by the header */
static void
test_huge_png (void)
{
  static const struct { guint32 width, height; const char *text; } sizes[] = {
    { 60000, 60000, "60000 × 60000" },
    { 1 << 30, 1, "1073741824 × 1" },
    { 1, 1 << 30, "1 × 1073741824" },
    { 0x7fffffff, 0x7fffffff, "2147483647 × 2147483647" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GBytes) bytes = NULL;

      bytes = codec_fixture_finish_png (codec_fixture_begin_png (sizes[i].width, sizes[i].height,
                                                                 8, PNG_COLOR_TYPE_RGB, i == 0),
                                        "\0\0\0\0", 4);
      assert_too_large (bytes, sizes[i].text);
    }
}

static void
test_huge_jpeg (void)
{
  g_autoptr(ComfyPixels)  small = codec_fixture_make_picture (8, 8, 3, 8);
  g_autoptr(GBytes)       bytes = NULL;
  g_autoptr(GBytes)       huge = NULL;
  guint8                 *data;
  size_t                  size;

  bytes = codec_fixture_make_jpeg (small, TJPF_RGB, TJSAMP_444, TJFLAG_PROGRESSIVE);
  data = g_bytes_unref_to_data (g_steal_pointer (&bytes), &size);
  huge = g_bytes_new_take (data, size);
  for (size_t i = 0; i + 9 < size; i++)
    if (data[i] == 0xff && data[i + 1] == 0xc2)
      memcpy (data + i + 5, "\xff\xdc\xff\xdc", 4);

  assert_too_large (huge, "65500 × 65500");
}

static void
test_huge_webp (void)
{
  g_autoptr(ComfyPixels) small = codec_fixture_make_picture (8, 8, 3, 8);
  g_autoptr(GBytes)      bytes = codec_fixture_make_animation (65536, 65535, small, 0, 0);

  assert_too_large (bytes, "65536 × 65535");
}

/* one that packs gigabytes behind its pixels, or into a text, takes no more than its pixels */
static void
test_bomb (void)
{
  static const char *const  types[] = { "zTXt", "iCCP", "iTXt", "zzZz", "IDAT" };
  static const char *const  heads[] = { "a\0\0", "a\0\0", "a\0\1\0\0\0", "", "" };
  static const size_t       head_sizes[] = { 3, 3, 6, 0, 0 };
  g_autoptr(GBytes)         packed = codec_fixture_deflate_zeros (256 * MIB);
  static const guint8       row[] = { 0, 7 };

  for (unsigned int i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GByteArray             *png = codec_fixture_begin_png (1, 1, 8, PNG_COLOR_TYPE_GRAY, FALSE);
      g_autoptr(GByteArray)   chunk = g_byte_array_new ();
      g_autoptr(GBytes)       bytes = NULL;
      g_autoptr(ComfyPixels)  pixels = NULL;
      guint64                 before;

      g_test_message ("%s", types[i]);
      g_byte_array_append (chunk, (const guint8 *) heads[i], head_sizes[i]);
      g_byte_array_append (chunk, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed));
      codec_fixture_add_chunk (png, types[i], chunk->data, chunk->len);
      bytes = codec_fixture_finish_png (png, row, sizeof row);

      before = get_peak ();
      pixels = codec_fixture_read (bytes);
      g_assert_cmpint (*(const guint8 *) g_bytes_get_data (pixels->data, NULL), ==,
                       g_str_equal (types[i], "IDAT") ? 0 : 7);
      g_assert_cmpuint (get_peak () - before, <, 64 * MIB);
    }
}

/* a grey progressive JPEG of which the second scan, the first one with details, comes @n times; it
 * is complete in itself, so that it may come again */
static GBytes *
make_scans (unsigned int n)
{
  g_autoptr(ComfyPixels)  picture = codec_fixture_make_picture (16, 16, 1, 8);
  g_autoptr(GBytes)       bytes = NULL;
  GByteArray             *array = g_byte_array_new ();
  g_autofree guint8      *data = NULL;
  size_t                  size;
  size_t                  start = 0;
  size_t                  end;

  bytes = codec_fixture_make_jpeg (picture, TJPF_GRAY, TJSAMP_GRAY, TJFLAG_PROGRESSIVE);
  data = g_bytes_unref_to_data (g_steal_pointer (&bytes), &size);
  for (unsigned int scans = 0; scans < 2; start++)
    scans += data[start] == 0xff && data[start + 1] == 0xda;
  start--;
  for (end = start + 2; data[end] != 0xff || data[end + 1] == 0; end++)
    continue;
  data[start + 9] = 0; /* nothing is left to refine */

  g_byte_array_append (array, data, start);
  for (unsigned int i = 0; i < n; i++)
    g_byte_array_append (array, data + start, end - start);
  g_byte_array_append (array, (const guint8 *) "\xff\xd9", 2);

  return g_byte_array_free_to_bytes (array);
}

/* scans cost time and no bytes to speak of */
static void
test_endless_scans (void)
{
  g_autoptr(GBytes)      few = make_scans (20);
  g_autoptr(GBytes)      endless = make_scans (1000);
  g_autoptr(ComfyPixels) pixels = codec_fixture_read (few);
  g_autoptr(ComfyPixels) refused = NULL;
  g_autoptr(GError)      error = NULL;

  g_assert_cmpint (pixels->width, ==, 16);
  refused = comfy_codec_read (endless, MAX_PIXELS, &error);
  g_assert_null (refused);
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_IMAGE);
}

/* the threads that decode have small stacks */
static void
test_on_worker_threads (CodecFixture *fixture,
                        const void   *unused)
{
  g_autoptr(GPtrArray) files = make_files ();

  for (unsigned int i = 0; i < files->len; i++)
    {
      GBytes                 *file = g_ptr_array_index (files, i);
      g_autoptr(GBytes)       half = g_bytes_new_from_bytes (file, 0, g_bytes_get_size (file) / 3);
      g_autoptr(ComfyPixels)  whole = codec_fixture_read (file);
      g_autoptr(ComfyPixels)  pixels = NULL;

      codec_fixture_save (fixture, file);
      pixels = test_await_boxed (comfy_codec_decode (fixture->path, MAX_PIXELS));
      codec_fixture_assert_same (pixels, whole);
      test_await_error (comfy_codec_decode (fixture->path, 1), COMFY_ERROR_TOO_LARGE);
      codec_fixture_save (fixture, half);
      test_await_error (comfy_codec_decode (fixture->path, MAX_PIXELS), COMFY_ERROR_IMAGE);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/codec-hostile/a-cut-file-is-never-half-a-picture", test_cut_files);
  g_test_add_func ("/codec-hostile/survives-broken-files", test_broken_files);
  g_test_add_func ("/codec-hostile/limit-is-exact", test_limit_is_exact);
  g_test_add_func ("/codec-hostile/refuses-a-huge-png-by-its-header", test_huge_png);
  g_test_add_func ("/codec-hostile/refuses-a-huge-jpeg-by-its-header", test_huge_jpeg);
  g_test_add_func ("/codec-hostile/refuses-a-huge-webp-by-its-header", test_huge_webp);
  g_test_add_func ("/codec-hostile/unpacks-no-more-than-the-pixels", test_bomb);
  g_test_add_func ("/codec-hostile/refuses-endless-scans", test_endless_scans);
  g_test_add ("/codec-hostile/survives-on-worker-threads", CodecFixture, NULL,
              codec_fixture_set_up, test_on_worker_threads, codec_fixture_tear_down);

  return g_test_run ();
}
