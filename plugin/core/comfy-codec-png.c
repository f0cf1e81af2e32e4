/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PNG through libpng, row by row. libpng reports by longjmp(); what must be freed afterwards lies
 * in a struct of the caller's frame, so that no local variable lives across the jump.
 */
#define G_LOG_DOMAIN "comfy-codec"

#include "config.h"

#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "comfy-codec-private.h"
#include "comfy-codec-reduce-private.h"

typedef struct
{
  png_structp   png;
  png_infop     info;
  const guint8 *input;     /* what is left to read; borrowed */
  size_t        n_input;   /* bytes */
  guint8       *data;      /* owned */
  size_t        stride;    /* bytes from row to row */
  int           passes;    /* how often each row is read: an interlaced picture has seven */
  int           width;     /* px */
  int           height;    /* px */
  int           channels;
  int           depth;     /* bits */
  ComfyReduce   reduce;    /* where only something small is wanted */
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
  state->passes = png_set_interlace_handling (state->png);
}

/* the size is checked before libpng prepares for rows, as it allocates some of them */
static gboolean
read_header (PngState *state,
             guint64   max_pixels)
{
  png_set_read_fn (state->png, state, read_cb);
  png_set_user_limits (state->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  /* skips whatever is not pixels: text and profiles may unpack to any size, nobody reads them */
  png_set_keep_unknown_chunks (state->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info (state->png, state->info);

  state->width = (int) png_get_image_width (state->png, state->info);
  state->height = (int) png_get_image_height (state->png, state->info);
  if (!comfy_codec_check_size (state->width, state->height, max_pixels, &state->error))
    return FALSE;

  choose_layout (state);
  png_read_update_info (state->png, state->info);
  state->channels = png_get_channels (state->png, state->info);
  state->depth = png_get_bit_depth (state->png, state->info);
  state->stride = png_get_rowbytes (state->png, state->info);

  return TRUE;
}

static gboolean
allocate (PngState *state)
{
  state->data = g_try_malloc_n (state->height, state->stride);
  if (state->data == NULL)
    comfy_codec_set_no_memory (&state->error, state->width, state->height);

  return state->data != NULL;
}

static void
read_rows (PngState *state)
{
  for (int pass = 0; pass < state->passes; pass++)
    for (int y = 0; y < state->height; y++)
      png_read_row (state->png, state->data + (size_t) y * state->stride, NULL);
}

static gboolean
read_jumping (PngState *state,
              guint64   max_pixels)
{
  if (setjmp (png_jmpbuf (state->png)) != 0)
    return FALSE;

  if (!read_header (state, max_pixels) || !allocate (state))
    return FALSE;
  read_rows (state);
  /* what follows the pixels is of no use, and may be broken without harm */

  return TRUE;
}

/* row by row, unless it is interlaced: then it is there only as a whole */
static gboolean
read_small_jumping (PngState *state,
                    guint64   max_pixels,
                    int       edge)
{
  if (setjmp (png_jmpbuf (state->png)) != 0)
    return FALSE;

  if (!read_header (state, max_pixels))
    return FALSE;
  if (state->passes > 1)
    {
      if (!allocate (state))
        return FALSE;
      read_rows (state);
      return TRUE;
    }

  state->data = g_try_malloc (state->stride);
  if (state->data == NULL
      || !comfy_reduce_begin (&state->reduce, state->width, state->height, state->channels,
                              state->depth, edge))
    {
      comfy_codec_set_no_memory (&state->error, state->width, state->height);
      return FALSE;
    }
  for (int y = 0; y < state->height; y++)
    {
      png_read_row (state->png, state->data, NULL);
      comfy_reduce_add_row (&state->reduce, state->data);
    }

  return TRUE;
}

static void
set_failure (PngState  *state,
             GError   **error)
{
  if (state->error != NULL)
    g_propagate_error (error, g_steal_pointer (&state->error));
  else
    comfy_codec_set_unreadable (error, state->detail);
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
  PngState     state = { .detail = "not enough memory" };
  ComfyPixels *pixels = NULL;

  state.input = g_bytes_get_data (bytes, &state.n_input);
  state.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &state, error_cb, warning_cb);
  if (state.png != NULL)
    state.info = png_create_info_struct (state.png);

  if (state.info != NULL && read_jumping (&state, max_pixels))
    pixels = comfy_pixels_new_take (state.width, state.height, state.channels, state.depth,
                                    g_steal_pointer (&state.data));
  else
    set_failure (&state, error);

  png_destroy_read_struct (&state.png, &state.info, NULL);
  g_free (state.data);

  return pixels;
}

/**
 * comfy_png_read_small:
 * @bytes: a PNG, perhaps hostile
 * @max_pixels: the largest picture allowed, in px
 * @edge: px: how large the longer edge is to be at least, where the picture has that
 * @out_width: (out): px of the picture itself
 * @out_height: (out): px
 * @error: return location
 *
 * As comfy_png_read(), in little memory unless the picture is interlaced.
 *
 * Returns: (transfer full) (nullable): the picture, perhaps larger than @edge
 */
ComfyPixels *
comfy_png_read_small (GBytes   *bytes,
                      guint64   max_pixels,
                      int       edge,
                      int      *out_width,
                      int      *out_height,
                      GError  **error)
{
  PngState     state = { .detail = "not enough memory" };
  ComfyPixels *pixels = NULL;

  state.input = g_bytes_get_data (bytes, &state.n_input);
  state.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &state, error_cb, warning_cb);
  if (state.png != NULL)
    state.info = png_create_info_struct (state.png);

  if (state.info == NULL || !read_small_jumping (&state, max_pixels, edge))
    set_failure (&state, error);
  else if (state.passes > 1)
    pixels = comfy_pixels_new_take (state.width, state.height, state.channels, state.depth,
                                    g_steal_pointer (&state.data));
  else
    pixels = comfy_reduce_end (&state.reduce);
  *out_width = state.width;
  *out_height = state.height;

  png_destroy_read_struct (&state.png, &state.info, NULL);
  comfy_reduce_clear (&state.reduce);
  g_free (state.data);

  return pixels;
}

/* Measured with photographs of 2048 × 2048: run lengths alone, after the filter that suits
 * photographs, take two thirds of the time of zlib's level 1 and are a sixth smaller (16 bit: less
 * than half the time). Masks are flat, with edges; what they gain from zlib's best level is worth
 * its 0.1 s. */
static void
choose_compression (PngState    *state,
                    ComfyEffort  effort)
{
  if (effort == COMFY_EFFORT_FAST)
    {
      png_set_compression_level (state->png, 1);
      png_set_compression_strategy (state->png, Z_RLE);
      png_set_filter (state->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_AVG);
    }
  else
    {
      png_set_compression_level (state->png, Z_BEST_COMPRESSION);
      png_set_filter (state->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    }
}

static gboolean
write_jumping (PngState    *state,
               ComfyPixels *pixels,
               ComfyEffort  effort,
               FILE        *file)
{
  const guint8 *data = g_bytes_get_data (pixels->data, NULL);

  if (setjmp (png_jmpbuf (state->png)) != 0)
    return FALSE;

  png_init_io (state->png, file);
  png_set_user_limits (state->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR (state->png, state->info, pixels->width, pixels->height, pixels->depth,
                pixels->channels == 1   ? PNG_COLOR_TYPE_GRAY
                : pixels->channels == 3 ? PNG_COLOR_TYPE_RGB
                                        : PNG_COLOR_TYPE_RGBA,
                PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  choose_compression (state, effort);
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
 * @effort: how hard to try
 * @error: return location
 *
 * Writes a PNG without any metadata.
 *
 * Returns: (transfer full) (nullable): the file
 */
GBytes *
comfy_png_write (ComfyPixels  *pixels,
                 ComfyEffort   effort,
                 GError      **error)
{
  PngState  state = { .detail = "not enough memory" };
  char     *data = NULL;
  size_t    size = 0;
  FILE     *file = open_memstream (&data, &size);
  gboolean  written = FALSE;

  if (file == NULL)
    {
      comfy_codec_set_unwritable (error, g_strerror (errno));
      return NULL;
    }

  state.png = png_create_write_struct (PNG_LIBPNG_VER_STRING, &state, error_cb, warning_cb);
  if (state.png != NULL)
    state.info = png_create_info_struct (state.png);
  if (state.info != NULL)
    written = write_jumping (&state, pixels, effort, file);
  png_destroy_write_struct (&state.png, &state.info);

  if (fclose (file) != 0 || !written)
    {
      comfy_codec_set_unwritable (error, state.detail);
      free (data);
      return NULL;
    }

  return g_bytes_new_with_free_func (data, size, free, data);
}
