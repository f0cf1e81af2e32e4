/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes results: PNG as ComfyUI's nodes write it, and other formats that a server may hand out. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <webp/encode.h>

/* needs what stdio.h declares */
#include <jpeglib.h>

#include "sandbox-image.h"

static void
append_bytes (png_structp png,
              png_bytep   data,
              png_size_t  length)
{
  g_byte_array_append (png_get_io_ptr (png), data, (guint) length);
}

static void
flush_nothing (png_structp png)
{
}

static void
begin_png (png_structp         png,
           png_infop           info,
           const SandboxImage *image,
           int                 depth,
           const char         *prompt)
{
  png_set_compression_level (png, 1);
  png_set_IHDR (png, info, image->width, image->height, depth,
                image->channels == 4 ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB,
                PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (prompt != NULL)
    {
      png_text text = { .compression = PNG_TEXT_COMPRESSION_NONE, .key = (char *) "prompt" };

      text.text = (char *) prompt;
      text.text_length = strlen (prompt);
      png_set_text (png, info, &text, 1);
    }
  png_write_info (png, info);
}

/**
 * sandbox_image_write_png:
 * @index: which picture of the batch
 * @depth: bits, 8 or 16
 * @prompt: (nullable): the graph, put into the file as ComfyUI does
 *
 * Writes what SaveImage writes: 8 bits, `(255 * x).clip (0, 255).astype (uint8)`, so cut off, not
 * rounded; 16 bits are rounded, so that 16 bits that came in go out again. One channel becomes
 * three.
 *
 * Returns: (transfer full): the file
 */
GBytes *
sandbox_image_write_png (const SandboxImage *self,
                         int                 index,
                         int                 depth,
                         const char         *prompt)
{
  GByteArray *file = g_byte_array_new ();
  int channels = self->channels == 4 ? 4 : 3;
  g_autofree guint8 *row = g_malloc ((gsize) self->width * channels * (depth / 8));
  /* writing to memory cannot fail, so the default error handler, which aborts, is never reached */
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);

  png_set_write_fn (png, file, append_bytes, flush_nothing);
  begin_png (png, info, self, depth, prompt);

  for (int y = 0; y < self->height; y++)
    {
      const float *pixel = sandbox_image_at (self, index, y, 0);
      guint8 *target = row;

      for (int x = 0; x < self->width; x++, pixel += self->channels)
        for (int c = 0; c < channels; c++)
          {
            float value = pixel[self->channels == 1 ? 0 : c];

            if (depth == 16)
              {
                int wide = (int) rintf (CLAMP (65535.0f * value, 0.0f, 65535.0f));

                *target++ = (guint8) (wide >> 8);
                *target++ = (guint8) (wide & 255);
              }
            else
              *target++ = (guint8) CLAMP (255.0f * value, 0.0f, 255.0f);
          }
      png_write_row (png, row);
    }

  png_write_end (png, info);
  png_destroy_write_struct (&png, &info);

  return g_byte_array_free_to_bytes (file);
}

static GByteArray *
pack_bytes (const SandboxImage *self,
            int                 channels)
{
  GByteArray *bytes = g_byte_array_sized_new ((guint) (self->width * self->height * channels));

  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      for (int c = 0; c < channels; c++)
        {
          float value = c < self->channels ? sandbox_image_at (self, 0, y, x)[c] : 1.0f;
          guint8 byte = (guint8) rintf (CLAMP (255.0f * value, 0.0f, 255.0f));

          g_byte_array_append (bytes, &byte, 1);
        }

  return bytes;
}

/**
 * sandbox_image_write_webp:
 * @self: one picture of three or four channels
 *
 * Returns: (transfer full): a lossless WebP, exact also where it is transparent
 */
GBytes *
sandbox_image_write_webp (const SandboxImage *self)
{
  g_autoptr(GByteArray) bytes = pack_bytes (self, 4);
  WebPMemoryWriter writer;
  WebPConfig config;
  WebPPicture picture;
  GBytes *file;

  WebPMemoryWriterInit (&writer);
  g_assert (WebPConfigInit (&config) && WebPConfigLosslessPreset (&config, 0)
            && WebPPictureInit (&picture));
  config.exact = 1;
  picture.use_argb = 1;
  picture.width = self->width;
  picture.height = self->height;
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = &writer;
  g_assert (WebPPictureImportRGBA (&picture, bytes->data, self->width * 4)
            && WebPEncode (&config, &picture));

  file = g_bytes_new (writer.mem, writer.size);
  WebPPictureFree (&picture);
  WebPMemoryWriterClear (&writer);
  return file;
}

/**
 * sandbox_image_write_jpeg:
 * @self: one picture; alpha is left out
 *
 * Returns: (transfer full): a JPEG of good quality
 */
GBytes *
sandbox_image_write_jpeg (const SandboxImage *self)
{
  g_autoptr(GByteArray) bytes = pack_bytes (self, 3);
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  unsigned char *data = NULL;
  unsigned long length = 0;
  GBytes *file;

  jpeg.err = jpeg_std_error (&errors);
  jpeg_create_compress (&jpeg);
  jpeg_mem_dest (&jpeg, &data, &length);
  jpeg.image_width = (JDIMENSION) self->width;
  jpeg.image_height = (JDIMENSION) self->height;
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults (&jpeg);
  jpeg_set_quality (&jpeg, 95, TRUE);
  jpeg_start_compress (&jpeg, TRUE);
  while (jpeg.next_scanline < jpeg.image_height)
    {
      JSAMPROW row = bytes->data + (gsize) jpeg.next_scanline * self->width * 3;

      jpeg_write_scanlines (&jpeg, &row, 1);
    }
  jpeg_finish_compress (&jpeg);
  jpeg_destroy_compress (&jpeg);

  file = g_bytes_new (data, length);
  free (data);
  return file;
}

/**
 * sandbox_image_write_bomb:
 *
 * Returns: (transfer full): a PNG of a few bytes whose header says 60000 × 60000 pixels
 */
GBytes *
sandbox_image_write_bomb (void)
{
  /* the beginning of a deflated stream */
  static const guint8 begun[] = { 0x78, 0x01, 0xed, 0xc1, 0x01, 0x01, 0x00, 0x00 };
  GByteArray *file = g_byte_array_new ();
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);

  png_set_write_fn (png, file, append_bytes, flush_nothing);
  png_set_IHDR (png, info, 60000, 60000, 8, PNG_COLOR_TYPE_RGB_ALPHA, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info (png, info);
  png_write_chunk (png, (png_const_bytep) "IDAT", begun, sizeof begun);
  png_write_chunk (png, (png_const_bytep) "IEND", NULL, 0);
  png_destroy_write_struct (&png, &info);

  return g_byte_array_free_to_bytes (file);
}
