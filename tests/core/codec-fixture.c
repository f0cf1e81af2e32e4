/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PNG and animated WebP are put together from their chunks here, so that what is read was not
 * written by the code under test.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <turbojpeg.h>
#include <zlib.h>

#include "codec-fixture.h"

void
codec_fixture_set_up (CodecFixture *self,
                      const void   *unused)
{
  self->folder = g_dir_make_tmp ("comfy-codec-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "picture", NULL);
}

void
codec_fixture_tear_down (CodecFixture *self,
                         const void   *unused)
{
  g_unlink (self->path);
  g_assert_no_errno (g_rmdir (self->folder)); /* nothing is left behind */
  g_free (self->path);
  g_free (self->folder);
}

/* puts a file where the fixture's path is */
void
codec_fixture_save (CodecFixture *self,
                    GBytes       *bytes)
{
  size_t      size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_assert_true (g_file_set_contents (self->path, size > 0 ? data : "", size, NULL));
}

/* noise where runs and gradients alternate with it, so that every predictor is used */
ComfyPixels *
codec_fixture_make_picture (int width,
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

void
codec_fixture_assert_same (ComfyPixels *a,
                           ComfyPixels *b)
{
  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
  g_assert_cmpint (a->channels, ==, b->channels);
  g_assert_cmpint (a->depth, ==, b->depth);
  g_assert_true (g_bytes_equal (a->data, b->data));
}

ComfyPixels *
codec_fixture_read (GBytes *bytes)
{
  g_autoptr(GError)  error = NULL;
  ComfyPixels       *pixels = comfy_codec_read (bytes, CODEC_FIXTURE_NO_LIMIT, &error);

  g_assert_no_error (error);

  return pixels;
}

GBytes *
codec_fixture_write (ComfyPixels *pixels,
                     ComfyFormat  format)
{
  g_autoptr(GError)  error = NULL;
  const char        *type;
  GBytes            *bytes = comfy_codec_write (pixels, format, &type, &error);

  g_assert_no_error (error);

  return bytes;
}

static void
append_big_endian (GByteArray *array,
                   guint32     value)
{
  value = GUINT32_TO_BE (value);
  g_byte_array_append (array, (const guint8 *) &value, 4);
}

/* the signature and IHDR */
GByteArray *
codec_fixture_begin_png (guint32  width,
                         guint32  height,
                         int      depth,
                         int      color_type,
                         gboolean interlaced)
{
  GByteArray           *png = g_byte_array_new ();
  g_autoptr(GByteArray) header = g_byte_array_new ();
  const guint8          rest[] = { depth, color_type, 0, 0, interlaced };

  g_byte_array_append (png, (const guint8 *) "\x89PNG\r\n\x1a\n", 8);
  append_big_endian (header, width);
  append_big_endian (header, height);
  g_byte_array_append (header, rest, sizeof rest);
  codec_fixture_add_chunk (png, "IHDR", header->data, header->len);

  return png;
}

void
codec_fixture_add_chunk (GByteArray *png,
                         const char *type,
                         const void *data,
                         size_t      size)
{
  unsigned int start = png->len + 4;

  append_big_endian (png, (guint32) size);
  g_byte_array_append (png, (const guint8 *) type, 4);
  if (size > 0)
    g_byte_array_append (png, data, size);
  append_big_endian (png, (guint32) crc32 (0, png->data + start, 4 + size));
}

/* takes @png; @rows with a filter's number before each row */
GBytes *
codec_fixture_finish_png (GByteArray *png,
                          const void *rows,
                          size_t      size)
{
  uLongf             packed_size = compressBound (size);
  g_autofree guint8 *packed = g_malloc (packed_size);

  g_assert_cmpint (compress (packed, &packed_size, rows, size), ==, Z_OK);
  codec_fixture_add_chunk (png, "IDAT", packed, packed_size);
  codec_fixture_add_chunk (png, "IEND", NULL, 0);

  return g_byte_array_free_to_bytes (png);
}

/* what unpacks to @size zeros, made without ever having them in memory */
GBytes *
codec_fixture_deflate_zeros (size_t size)
{
  static guint8 zeros[16384];
  guint8        out[16384];
  z_stream      stream = { 0 };
  GByteArray   *packed = g_byte_array_new ();
  int           status = Z_OK;

  g_assert_cmpint (deflateInit (&stream, 9), ==, Z_OK);
  while (status != Z_STREAM_END)
    {
      if (stream.avail_in == 0 && size > 0)
        {
          stream.next_in = zeros;
          stream.avail_in = MIN (size, sizeof zeros);
          size -= stream.avail_in;
        }
      stream.next_out = out;
      stream.avail_out = sizeof out;
      status = deflate (&stream, size > 0 ? Z_NO_FLUSH : Z_FINISH);
      g_byte_array_append (packed, out, sizeof out - stream.avail_out);
    }
  deflateEnd (&stream);

  return g_byte_array_free_to_bytes (packed);
}

/* @pixel_format, @subsampling and @flags are libturbojpeg's */
GBytes *
codec_fixture_make_jpeg (ComfyPixels *pixels,
                         int          pixel_format,
                         int          subsampling,
                         int          flags)
{
  tjhandle       jpeg = tjInitCompress ();
  unsigned char *data = NULL;
  unsigned long  size = 0;
  GBytes        *bytes;

  g_assert_cmpint (tjCompress2 (jpeg, g_bytes_get_data (pixels->data, NULL), pixels->width, 0,
                                pixels->height, pixel_format, &data, &size, subsampling, 100,
                                flags), ==, 0);
  bytes = g_bytes_new (data, size);
  tjFree (data);
  tjDestroy (jpeg);

  return bytes;
}

static void
append_little_endian (GByteArray *array,
                      guint32     value,
                      int         n)
{
  value = GUINT32_TO_LE (value);
  g_byte_array_append (array, (const guint8 *) &value, n);
}

static void
append_riff_chunk (GByteArray *riff,
                   const char *type,
                   GByteArray *data)
{
  g_byte_array_append (riff, (const guint8 *) type, 4);
  append_little_endian (riff, data->len, 4);
  g_byte_array_append (riff, data->data, data->len);
}

/* an animated WebP of two frames at an even place, of which @first is the first; the other is the
 * same with its rows in reverse order */
GBytes *
codec_fixture_make_animation (guint32      width,
                              guint32      height,
                              ComfyPixels *first,
                              int          x,
                              int          y)
{
  g_autoptr(GByteArray) header = g_byte_array_new ();
  g_autoptr(GByteArray) body = g_byte_array_new ();
  GByteArray           *file = g_byte_array_new ();

  append_little_endian (header, 0x12, 4); /* animated, with alpha */
  append_little_endian (header, width - 1, 3);
  append_little_endian (header, height - 1, 3);
  g_byte_array_append (body, (const guint8 *) "WEBP", 4);
  append_riff_chunk (body, "VP8X", header);
  g_byte_array_set_size (header, 0);
  append_little_endian (header, 0xff00ff00, 4);
  append_little_endian (header, 0, 2);
  append_riff_chunk (body, "ANIM", header);

  for (int i = 0; i < 2; i++)
    {
      g_autofree guint8      *data = g_memdup2 (g_bytes_get_data (first->data, NULL),
                                                first->stride * first->height);
      g_autoptr(ComfyPixels)  pixels = NULL;
      g_autoptr(GBytes)       still = NULL;

      for (int row = 0; row < first->height && i == 1; row++)
        memcpy (data + (first->height - 1 - row) * first->stride,
                (const guint8 *) g_bytes_get_data (first->data, NULL) + row * first->stride,
                first->stride);
      pixels = comfy_pixels_new_take (first->width, first->height, first->channels, 8,
                                      g_steal_pointer (&data));
      still = codec_fixture_write (pixels, COMFY_FORMAT_AUTO);

      g_byte_array_set_size (header, 0);
      append_little_endian (header, x / 2, 3);
      append_little_endian (header, y / 2, 3);
      append_little_endian (header, first->width - 1, 3);
      append_little_endian (header, first->height - 1, 3);
      append_little_endian (header, 100, 4);
      g_byte_array_append (header, (const guint8 *) g_bytes_get_data (still, NULL) + 12,
                           g_bytes_get_size (still) - 12);
      append_riff_chunk (body, "ANMF", header);
    }

  append_riff_chunk (file, "RIFF", body);

  return g_byte_array_free_to_bytes (file);
}
