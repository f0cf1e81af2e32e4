/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PNG through libpng, row by row. libpng reports by longjmp(); what must be freed afterwards lies
 * in a struct of the caller's frame, so that no local variable lives across the jump.
 */
#define G_LOG_DOMAIN "comfy-codec"

#include "config.h"

#include <png.h>
#include <string.h>

#include "comfy-codec-private.h"
#include "comfy-error.h"

/* Text and profiles that nobody here reads are skipped, but libpng has to look at some */
#define MAX_CHUNK_BYTES (8 * 1024 * 1024)

typedef struct
{
  png_structp   png;
  png_infop     info;
  const guint8 *input;     /* what is left to read; borrowed */
  size_t        n_input;   /* bytes */
  guint64       max_pixels;
  guint8       *data;      /* owned */
  png_bytepp    rows;      /* owned: into data */
  int           width;     /* px */
  int           height;    /* px */
  int           channels;
  int           depth;     /* bits */
  GError       *error;     /* owned: more exact than the text of libpng */
  char          detail[128];
} PngState;

static void
error_cb (png_structp png,
          const char *message)
{
  PngState *state = png_get_error_ptr (png);

  g_strlcpy (state->detail, message, sizeof state->detail);
  png_longjmp (png, 1);
}

static void
warning_cb (png_structp png,
            const char *message)
{
  /* the pixels can be read all the same */
}

static void
read_cb (png_structp png,
         png_bytep   out,
         size_t      n)
{
  PngState *state = png_get_io_ptr (png);

  if (n > state->n_input)
    png_error (png, "the file ends too early");

  memcpy (out, state->input, n);
  state->input += n;
  state->n_input -= n;
}

/* asks libpng for the nearest of our four layouts */
static void
choose_layout (PngState *state)
{
  int color = png_get_color_type (state->png, state->info);

  if (color == PNG_COLOR_TYPE_PALETTE)
    png_set_palette_to_rgb (state->png);
  if (color == PNG_COLOR_TYPE_GRAY && png_get_bit_depth (state->png, state->info) < 8)
    png_set_expand_gray_1_2_4_to_8 (state->png);
  if (png_get_valid (state->png, state->info, PNG_INFO_tRNS) != 0)
    {
      png_set_tRNS_to_alpha (state->png);
      png_set_gray_to_rgb (state->png);
    }
  if (color == PNG_COLOR_TYPE_GRAY_ALPHA)
    png_set_gray_to_rgb (state->png);
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
    png_set_swap (state->png);
  png_set_interlace_handling (state->png);
}

static void
read_header (PngState *state)
{
  png_set_read_fn (state->png, state, read_cb);
  png_set_user_limits (state->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_chunk_malloc_max (state->png, MAX_CHUNK_BYTES);
  png_read_info (state->png, state->info);
  choose_layout (state);
  png_read_update_info (state->png, state->info);

  state->width = (int) png_get_image_width (state->png, state->info);
  state->height = (int) png_get_image_height (state->png, state->info);
  state->channels = png_get_channels (state->png, state->info);
  state->depth = png_get_bit_depth (state->png, state->info);
}

static gboolean
allocate (PngState *state)
{
  size_t stride = png_get_rowbytes (state->png, state->info);

  if (!comfy_codec_check_size (state->width, state->height, state->max_pixels, &state->error))
    return FALSE;

  state->data = g_try_malloc_n (state->height, stride);
  state->rows = g_try_new (png_bytep, state->height);
  if (state->data == NULL || state->rows == NULL)
    {
      comfy_codec_set_unreadable (&state->error, "not enough memory");
      return FALSE;
    }
  for (int y = 0; y < state->height; y++)
    state->rows[y] = state->data + (size_t) y * stride;

  return TRUE;
}

static gboolean
read_jumping (PngState *state)
{
  if (setjmp (png_jmpbuf (state->png)) != 0)
    return FALSE;

  read_header (state);
  if (!allocate (state))
    return FALSE;
  png_read_image (state->png, state->rows);
  /* what follows the pixels is of no use, and may be broken without harm */

  return TRUE;
}

/**
 * comfy_png_probe:
 * @bytes: the start of a file, or all of it
 *
 * Returns: whether it says to be a PNG
 */
gboolean
comfy_png_probe (GBytes *bytes)
{
  size_t        size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return size >= 8 && png_sig_cmp (data, 0, 8) == 0;
}

/**
 * comfy_png_read:
 * @bytes: a PNG, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 * @error: return location
 *
 * Palettes become RGB, grey with alpha becomes RGBA; 16 bit stays 16 bit.
 *
 * Returns: (transfer full) (nullable): the picture
 */
ComfyPixels *
comfy_png_read (GBytes   *bytes,
                guint64   max_pixels,
                GError  **error)
{
  PngState     state = { .max_pixels = max_pixels };
  ComfyPixels *pixels = NULL;

  state.input = g_bytes_get_data (bytes, &state.n_input);
  state.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &state, error_cb, warning_cb);
  state.info = png_create_info_struct (state.png);

  if (read_jumping (&state))
    pixels = comfy_pixels_new_take (state.width, state.height, state.channels, state.depth,
                                    g_steal_pointer (&state.data));
  else if (state.error != NULL)
    g_propagate_error (error, g_steal_pointer (&state.error));
  else
    comfy_codec_set_unreadable (error, state.detail);

  png_destroy_read_struct (&state.png, &state.info, NULL);
  g_free (state.rows);
  g_free (state.data);

  return pixels;
}

static gboolean
write_jumping (PngState    *state,
               ComfyPixels *pixels,
               FILE        *file)
{
  const guint8 *data = g_bytes_get_data (pixels->data, NULL);

  if (setjmp (png_jmpbuf (state->png)) != 0)
    return FALSE;

  png_init_io (state->png, file);
  png_set_IHDR (state->png, state->info, pixels->width, pixels->height, pixels->depth,
                pixels->channels == 1   ? PNG_COLOR_TYPE_GRAY
                : pixels->channels == 3 ? PNG_COLOR_TYPE_RGB
                                        : PNG_COLOR_TYPE_RGBA,
                PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  /* level 9 takes eight times as long to save a tenth of the bytes */
  png_set_compression_level (state->png, 1);
  png_set_filter (state->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
  png_write_info (state->png, state->info);
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN && pixels->depth == 16)
    png_set_swap (state->png);
  for (int y = 0; y < pixels->height; y++)
    png_write_row (state->png, data + (size_t) y * pixels->stride);
  png_write_end (state->png, NULL);

  return TRUE;
}

/**
 * comfy_png_write:
 * @pixels: a picture
 * @file: where to
 * @error: return location
 *
 * Writes a PNG without any metadata.
 *
 * Returns: whether everything was handed to @file
 */
gboolean
comfy_png_write (ComfyPixels  *pixels,
                 FILE         *file,
                 GError      **error)
{
  PngState state = { 0 };
  gboolean written;

  state.png = png_create_write_struct (PNG_LIBPNG_VER_STRING, &state, error_cb, warning_cb);
  state.info = png_create_info_struct (state.png);
  written = write_jumping (&state, pixels, file);
  if (!written)
    comfy_codec_set_unwritable (error, state.detail);
  png_destroy_write_struct (&state.png, &state.info);

  return written;
}
