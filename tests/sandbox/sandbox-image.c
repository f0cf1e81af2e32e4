/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures of the sandbox: reading uploads, writing results. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <png.h>
#include <string.h>
#include <webp/decode.h>

#include "sandbox-image.h"

/* ComfyUI's own limit on an edge (MAX_RESOLUTION in nodes.py) */
#define MAX_EDGE 16384

/**
 * sandbox_image_new:
 *
 * Returns: (transfer full): a picture, all 0
 */
SandboxImage *
sandbox_image_new (int batch,
                   int height,
                   int width,
                   int channels)
{
  SandboxImage *self = g_atomic_rc_box_new0 (SandboxImage);

  g_assert (batch > 0 && height > 0 && width > 0 && channels > 0);

  self->batch = batch;
  self->height = height;
  self->width = width;
  self->channels = channels;
  self->data = g_new0 (float, sandbox_image_get_count (self));

  return self;
}

SandboxImage *
sandbox_image_ref (SandboxImage *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
sandbox_image_clear (gpointer data)
{
  g_free (((SandboxImage *) data)->data);
}

void
sandbox_image_unref (SandboxImage *self)
{
  g_atomic_rc_box_release_full (self, sandbox_image_clear);
}

/**
 * sandbox_image_get_count:
 *
 * Returns: how many floats there are
 */
gsize
sandbox_image_get_count (const SandboxImage *self)
{
  return (gsize) self->batch * self->height * self->width * self->channels;
}

/**
 * sandbox_image_at:
 *
 * Returns: (transfer none): the channels of one pixel
 */
float *
sandbox_image_at (const SandboxImage *self,
                  int                 index,
                  int                 y,
                  int                 x)
{
  return self->data
         + (((gsize) index * self->height + y) * self->width + x) * self->channels;
}

/**
 * sandbox_image_copy:
 *
 * Returns: (transfer full): a copy that may be changed
 */
SandboxImage *
sandbox_image_copy (const SandboxImage *self)
{
  SandboxImage *copy = sandbox_image_new (self->batch, self->height, self->width, self->channels);

  memcpy (copy->data, self->data, sandbox_image_get_count (self) * sizeof (float));

  return copy;
}

static gboolean
check_edges (int      width,
             int      height,
             GError **error)
{
  if (width >= 1 && height >= 1 && width <= MAX_EDGE && height <= MAX_EDGE)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%d x %d pixels", width, height);
  return FALSE;
}

static guint8 *
read_png (GBytes    *file,
          int       *width,
          int       *height,
          gboolean  *has_alpha,
          GError   **error)
{
  png_image png = { .version = PNG_IMAGE_VERSION };
  g_autofree guint8 *rgba = NULL;

  if (!png_image_begin_read_from_memory (&png, g_bytes_get_data (file, NULL),
                                         g_bytes_get_size (file)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, png.message);
      return NULL;
    }

  *has_alpha = (png.format & PNG_FORMAT_FLAG_ALPHA) != 0;
  *width = (int) png.width;
  *height = (int) png.height;

  if (check_edges (*width, *height, error))
    {
      png.format = PNG_FORMAT_RGBA;
      png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
      rgba = g_malloc (PNG_IMAGE_SIZE (png));
      if (png_image_finish_read (&png, NULL, rgba, 0, NULL))
        return g_steal_pointer (&rgba);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, png.message);
    }

  png_image_free (&png);
  return NULL;
}

static guint8 *
read_webp (GBytes    *file,
           int       *width,
           int       *height,
           gboolean  *has_alpha,
           GError   **error)
{
  const guint8 *data = g_bytes_get_data (file, NULL);
  gsize size = g_bytes_get_size (file);
  WebPBitstreamFeatures features;
  g_autofree guint8 *rgba = NULL;

  if (WebPGetFeatures (data, size, &features) != VP8_STATUS_OK
      || !check_edges (features.width, features.height, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "neither PNG nor WebP");
      return NULL;
    }

  *has_alpha = features.has_alpha;
  *width = features.width;
  *height = features.height;
  rgba = g_malloc ((gsize) features.width * features.height * 4);
  if (WebPDecodeRGBAInto (data, size, rgba, (gsize) features.width * features.height * 4,
                          features.width * 4) == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "a damaged WebP file");
      return NULL;
    }

  return g_steal_pointer (&rgba);
}

/**
 * sandbox_image_read:
 * @file: PNG or WebP
 * @has_alpha: (out): whether the file has an alpha channel
 *
 * Returns: (transfer full): one picture of four channels, or %NULL with %G_IO_ERROR
 */
SandboxImage *
sandbox_image_read (GBytes    *file,
                    gboolean  *has_alpha,
                    GError   **error)
{
  g_autofree guint8 *rgba = NULL;
  SandboxImage *self;
  int width;
  int height;
  gsize count;

  if (g_bytes_get_size (file) > 8
      && png_sig_cmp ((png_bytep) g_bytes_get_data (file, NULL), 0, 8) == 0)
    rgba = read_png (file, &width, &height, has_alpha, error);
  else
    rgba = read_webp (file, &width, &height, has_alpha, error);

  if (rgba == NULL)
    return NULL;

  self = sandbox_image_new (1, height, width, 4);
  count = sandbox_image_get_count (self);
  for (gsize i = 0; i < count; i++)
    self->data[i] = (float) rgba[i] / 255.0f;

  return self;
}

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

/**
 * sandbox_image_write_png:
 * @index: which picture of the batch
 * @prompt: (nullable): the graph, put into the file as ComfyUI does
 *
 * Writes what SaveImage writes: 8 bits, `(255 * x).clip (0, 255).astype (uint8)`, so cut off, not
 * rounded; one channel becomes three.
 *
 * Returns: (transfer full): the file
 */
GBytes *
sandbox_image_write_png (const SandboxImage *self,
                         int                 index,
                         const char         *prompt)
{
  GByteArray *file = g_byte_array_new ();
  int channels = self->channels == 4 ? 4 : 3;
  g_autofree guint8 *row = g_malloc ((gsize) self->width * channels);
  /* writing to memory cannot fail, so the default error handler, which aborts, is never reached */
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);
  png_text text = { .compression = PNG_TEXT_COMPRESSION_NONE, .key = (char *) "prompt" };

  png_set_write_fn (png, file, append_bytes, flush_nothing);
  png_set_compression_level (png, 1);
  png_set_IHDR (png, info, self->width, self->height, 8,
                channels == 4 ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB,
                PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (prompt != NULL)
    {
      text.text = (char *) prompt;
      text.text_length = strlen (prompt);
      png_set_text (png, info, &text, 1);
    }
  png_write_info (png, info);

  for (int y = 0; y < self->height; y++)
    {
      const float *pixel = sandbox_image_at (self, index, y, 0);

      for (int x = 0; x < self->width; x++, pixel += self->channels)
        for (int c = 0; c < channels; c++)
          {
            float value = 255.0f * pixel[self->channels == 1 ? 0 : c];

            row[x * channels + c] = (guint8) CLAMP (value, 0.0f, 255.0f);
          }
      png_write_row (png, row);
    }

  png_write_end (png, info);
  png_destroy_write_struct (&png, &info);

  return g_byte_array_free_to_bytes (file);
}
