/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes the transparency off a picture and puts it on another one.
 */
#define G_LOG_DOMAIN "comfy-alpha"

#include "config.h"

#include <string.h>

#include "comfy-alpha.h"

static unsigned int
get_value (const guint8 *data,
           size_t        i,
           int           depth)
{
  return depth == 8 ? data[i] : ((const guint16 *) (const void *) data)[i];
}

static void
set_value (guint8       *data,
           size_t        i,
           int           depth,
           unsigned int  value)
{
  if (depth == 8)
    data[i] = (guint8) value;
  else
    ((guint16 *) (void *) data)[i] = (guint16) value;
}

static unsigned int
get_full (int depth)
{
  return depth == 8 ? 255 : 65535;
}

/* Colour of one row; what cannot be seen takes the nearest visible colour on its left, at the start
 * of the row on its right. Returns whether anything can be seen. */
static gboolean
split_row (const guint8 *rgba,
           int           width,
           int           depth,
           guint8       *colour,
           guint8       *alpha)
{
  size_t        n = depth / 8; /* bytes */
  const guint8 *visible = NULL;

  for (int x = 0; x < width && visible == NULL; x++)
    if (get_value (rgba, (size_t) x * 4 + 3, depth) != 0)
      visible = rgba + x * 4 * n;
  if (visible == NULL)
    {
      memset (alpha, 0, width * n);
      return FALSE;
    }

  for (int x = 0; x < width; x++)
    {
      unsigned int value = get_value (rgba, (size_t) x * 4 + 3, depth);

      if (value != 0)
        visible = rgba + x * 4 * n;
      memcpy (colour + x * 3 * n, visible, 3 * n);
      set_value (alpha, x, depth, value);
    }

  return TRUE;
}

/* every byte of a full value is 255, in either depth */
static gboolean
is_opaque (const guint8 *alpha,
           size_t        n_bytes)
{
  for (size_t i = 0; i < n_bytes; i++)
    if (alpha[i] != 255)
      return FALSE;

  return TRUE;
}

/**
 * comfy_alpha_split:
 * @pixels: an RGBA picture
 * @out_colour: (out) (transfer full) (nullable): its colour, in its depth; %NULL when nothing can be
 *   seen, and when there is no memory for it
 * @out_alpha: (out) (transfer full) (nullable): its alpha as grey, in its depth; %NULL: it is
 *   opaque everywhere
 *
 * Colour that cannot be seen is replaced by its visible neighbours': what was erased does not leave
 * the machine, and a model finds no edge where the artist sees none.
 *
 * Returns: %FALSE when nothing at all can be seen
 */
gboolean
comfy_alpha_split (ComfyPixels  *pixels,
                   ComfyPixels **out_colour,
                   ComfyPixels **out_alpha)
{
  const guint8      *data = g_bytes_get_data (pixels->data, NULL);
  size_t             alpha_stride = (size_t) pixels->width * (pixels->depth / 8);
  size_t             stride = alpha_stride * 3;
  g_autofree guint8 *colour = NULL;
  g_autofree guint8 *alpha = NULL;
  int                first = -1; /* row with something to see */

  g_return_val_if_fail (pixels->channels == 4, FALSE);

  *out_colour = NULL;
  *out_alpha = NULL;
  colour = g_try_malloc_n (pixels->height, stride);
  alpha = g_try_malloc_n (pixels->height, alpha_stride);
  if (colour == NULL || alpha == NULL)
    return TRUE;

  for (int y = 0; y < pixels->height; y++)
    if (split_row (data + y * pixels->stride, pixels->width, pixels->depth,
                   colour + y * stride, alpha + y * alpha_stride))
      {
        if (first < 0)
          first = y;
      }
    else if (first >= 0)
      memcpy (colour + y * stride, colour + (y - 1) * stride, stride);

  if (first < 0)
    return FALSE;

  for (int y = 0; y < first; y++)
    memcpy (colour + y * stride, colour + first * stride, stride);

  if (!is_opaque (alpha, alpha_stride * pixels->height))
    *out_alpha = comfy_pixels_new_take (pixels->width, pixels->height, 1, pixels->depth,
                                        g_steal_pointer (&alpha));
  *out_colour = comfy_pixels_new_take (pixels->width, pixels->height, 3, pixels->depth,
                                       g_steal_pointer (&colour));

  return TRUE;
}

/**
 * comfy_alpha_join:
 * @colour: a picture, whose own alpha, if it has one, counts as well
 * @alpha: grey, of either depth, of the same size
 *
 * Returns: (transfer full) (nullable): @colour as RGBA in its depth, seen through @alpha; %NULL
 *   when there is no memory for it
 */
ComfyPixels *
comfy_alpha_join (ComfyPixels *colour,
                  ComfyPixels *alpha)
{
  const guint8 *source = g_bytes_get_data (colour->data, NULL);
  const guint8 *mask = g_bytes_get_data (alpha->data, NULL);
  int           depth = colour->depth;
  int           channels = colour->channels;
  unsigned int  full = get_full (depth);
  unsigned int  mask_full = get_full (alpha->depth);
  size_t        n = (size_t) colour->width * colour->height;
  guint8       *data;

  g_return_val_if_fail (colour->width == alpha->width && colour->height == alpha->height, NULL);
  g_return_val_if_fail (alpha->channels == 1, NULL);

  data = g_try_malloc_n (n, 4 * (depth / 8));
  if (data == NULL)
    return NULL;
  for (size_t i = 0; i < n; i++)
    {
      guint64 own = channels == 4 ? get_value (source, i * 4 + 3, depth) : full;

      for (unsigned int channel = 0; channel < 3; channel++)
        set_value (data, i * 4 + channel, depth,
                   get_value (source, i * channels + (channels == 1 ? 0 : channel), depth));
      set_value (data, i * 4 + 3, depth,
                 (own * get_value (mask, i, alpha->depth) + mask_full / 2) / mask_full);
    }

  return comfy_pixels_new_take (colour->width, colour->height, 4, depth, data);
}
