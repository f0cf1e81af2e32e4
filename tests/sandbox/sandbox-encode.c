/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes results: PNG as ComfyUI's nodes write it, and other formats that a server may hand out. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <math.h>
#include <png.h>
#include <string.h>

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
