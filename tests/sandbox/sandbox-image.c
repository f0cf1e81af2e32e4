/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures of the sandbox, and reading uploads; results are written in sandbox-encode.c. */

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

/**
 * sandbox_image_crop:
 * @x: px, inside of the picture
 * @y: px, inside of the picture
 * @width: px, at least 1; what lies beyond the edge is left out
 * @height: px, at least 1
 *
 * Returns: (transfer full): a part of the pictures
 */
SandboxImage *
sandbox_image_crop (const SandboxImage *self,
                    int                 x,
                    int                 y,
                    int                 width,
                    int                 height)
{
  SandboxImage *part = sandbox_image_new (self->batch, MIN (height, self->height - y),
                                          MIN (width, self->width - x), self->channels);

  for (int index = 0; index < part->batch; index++)
    for (int row = 0; row < part->height; row++)
      memcpy (sandbox_image_at (part, index, row, 0), sandbox_image_at (self, index, y + row, x),
              (gsize) part->width * part->channels * sizeof (float));

  return part;
}

/**
 * sandbox_image_grow:
 * @mask: of one channel
 * @shrink: whether it shrinks instead
 * @cross: whether only the four nearest pixels count
 *
 * One step of a grey dilation, or erosion, over 3 × 3 pixels. The edge is repeated.
 *
 * Returns: (transfer full): the mask, one pixel larger
 */
SandboxImage *
sandbox_image_grow (const SandboxImage *mask,
                    gboolean            shrink,
                    gboolean            cross)
{
  SandboxImage *result = sandbox_image_new (mask->batch, mask->height, mask->width, 1);

  for (int index = 0; index < mask->batch; index++)
    for (int y = 0; y < mask->height; y++)
      for (int x = 0; x < mask->width; x++)
        {
          float value = *sandbox_image_at (mask, index, y, x);

          for (int dy = -1; dy <= 1; dy++)
            for (int dx = -1; dx <= 1; dx++)
              {
                float other = *sandbox_image_at (mask, index, CLAMP (y + dy, 0, mask->height - 1),
                                                 CLAMP (x + dx, 0, mask->width - 1));

                if (!cross || dx == 0 || dy == 0)
                  value = shrink ? MIN (value, other) : MAX (value, other);
              }

          *sandbox_image_at (result, index, y, x) = value;
        }

  return result;
}

/* libpng's own errors jump; what is said is kept. */
static void
keep_error (png_structp     png,
            png_const_charp message)
{
  g_set_str (png_get_error_ptr (png), message);
  png_longjmp (png, 1);
}

static void
ignore_warning (png_structp     png,
                png_const_charp message)
{
}

static void
take_bytes (png_structp png,
            png_bytep   data,
            png_size_t  length)
{
  if (!g_input_stream_read_all (png_get_io_ptr (png), data, length, &length, NULL, NULL)
      || length == 0)
    png_error (png, "the file ends too early");
}

/* Asks for RGBA of 8 or 16 bits, whichever the file has. */
static int
prepare_png (png_structp  png,
             png_infop    info,
             gboolean    *has_alpha)
{
  int depth = png_get_bit_depth (png, info) == 16 ? 16 : 8;

  *has_alpha = (png_get_color_type (png, info) & PNG_COLOR_MASK_ALPHA) != 0
               || png_get_valid (png, info, PNG_INFO_tRNS);
  png_set_expand (png);
  png_set_gray_to_rgb (png);
  png_set_add_alpha (png, depth == 16 ? 65535 : 255, PNG_FILLER_AFTER);
  if (depth == 16 && G_BYTE_ORDER == G_LITTLE_ENDIAN)
    png_set_swap (png);
  png_set_interlace_handling (png);
  png_read_update_info (png, info);
  return depth;
}

/* What of reading a PNG must outlive a jump. */
typedef struct
{
  png_structp   png;
  png_infop     info;
  char         *problem;
  SandboxImage *image;
  guint16      *samples;
  png_bytep    *rows;
} PngRead;

static gboolean
read_png_samples (PngRead  *self,
                  gboolean *has_alpha)
{
  int width;
  int height;
  int depth;
  gsize count;

  if (setjmp (png_jmpbuf (self->png)))
    return FALSE;

  png_read_info (self->png, self->info);
  width = (int) png_get_image_width (self->png, self->info);
  height = (int) png_get_image_height (self->png, self->info);
  if (width > MAX_EDGE || height > MAX_EDGE)
    png_error (self->png, "too many pixels");

  depth = prepare_png (self->png, self->info, has_alpha);
  self->image = sandbox_image_new (1, height, width, 4);
  count = sandbox_image_get_count (self->image);
  self->samples = g_new (guint16, count);
  self->rows = g_new (png_bytep, height);
  for (int y = 0; y < height; y++)
    self->rows[y] = (png_bytep) self->samples + (gsize) y * width * 4 * (depth / 8);
  png_read_image (self->png, self->rows);

  for (gsize i = 0; i < count; i++)
    self->image->data[i] = depth == 16 ? (float) self->samples[i] / 65535.0f
                                       : (float) ((guint8 *) self->samples)[i] / 255.0f;
  return TRUE;
}

static SandboxImage *
read_png (GBytes    *file,
          gboolean  *has_alpha,
          GError   **error)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (file);
  PngRead self = { 0 };

  self.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &self.problem, keep_error,
                                     ignore_warning);
  self.info = png_create_info_struct (self.png);
  png_set_read_fn (self.png, stream, take_bytes);

  if (!read_png_samples (&self, has_alpha))
    {
      g_clear_pointer (&self.image, sandbox_image_unref);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           self.problem != NULL ? self.problem : "a damaged PNG file");
    }

  png_destroy_read_struct (&self.png, &self.info, NULL);
  g_free (self.problem);
  g_free (self.samples);
  g_free (self.rows);
  return self.image;
}

static SandboxImage *
read_webp (GBytes    *file,
           gboolean  *has_alpha,
           GError   **error)
{
  const guint8 *data = g_bytes_get_data (file, NULL);
  gsize size = g_bytes_get_size (file);
  WebPBitstreamFeatures features;
  g_autofree guint8 *rgba = NULL;
  SandboxImage *self;

  if (WebPGetFeatures (data, size, &features) != VP8_STATUS_OK
      || features.width > MAX_EDGE || features.height > MAX_EDGE)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "neither PNG nor WebP");
      return NULL;
    }

  *has_alpha = features.has_alpha;
  rgba = g_malloc ((gsize) features.width * features.height * 4);
  if (WebPDecodeRGBAInto (data, size, rgba, (gsize) features.width * features.height * 4,
                          features.width * 4) == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "a damaged WebP file");
      return NULL;
    }

  self = sandbox_image_new (1, features.height, features.width, 4);
  for (gsize i = 0; i < sandbox_image_get_count (self); i++)
    self->data[i] = (float) rgba[i] / 255.0f;

  return self;
}

/**
 * sandbox_image_read:
 * @file: PNG, of which all 16 bits count, or WebP
 * @has_alpha: (out): whether the file has an alpha channel
 *
 * Returns: (transfer full): one picture of four channels, or %NULL with %G_IO_ERROR
 */
SandboxImage *
sandbox_image_read (GBytes    *file,
                    gboolean  *has_alpha,
                    GError   **error)
{
  if (g_bytes_get_size (file) > 8
      && png_sig_cmp ((png_bytep) g_bytes_get_data (file, NULL), 0, 8) == 0)
    return read_png (file, has_alpha, error);

  return read_webp (file, has_alpha, error);
}
