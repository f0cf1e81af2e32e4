/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes the transparency off a picture and puts it on another one.
 */
#define G_LOG_DOMAIN "comfy-alpha"

#include "config.h"

#include <string.h>

#include "comfy-alpha.h"

/* Colour of one row; what cannot be seen takes the nearest visible colour on its left, at the start
 * of the row on its right. Returns whether anything can be seen. */
static gboolean
split_row (const guint8 *rgba,
           int           width,
           guint8       *colour,
           guint8       *alpha)
{
  const guint8 *visible = NULL;

  for (int x = 0; x < width && visible == NULL; x++)
    if (rgba[x * 4 + 3] != 0)
      visible = rgba + x * 4;
  if (visible == NULL)
    {
      memset (alpha, 0, width);
      return FALSE;
    }

  for (int x = 0; x < width; x++)
    {
      if (rgba[x * 4 + 3] != 0)
        visible = rgba + x * 4;
      memcpy (colour + x * 3, visible, 3);
      alpha[x] = rgba[x * 4 + 3];
    }

  return TRUE;
}

static gboolean
is_opaque (const guint8 *alpha,
           size_t        n)
{
  for (size_t i = 0; i < n; i++)
    if (alpha[i] != 255)
      return FALSE;

  return TRUE;
}

/**
 * comfy_alpha_split:
 * @pixels: an RGBA picture of 8 bits
 * @out_colour: (out) (transfer full): its colour
 * @out_alpha: (out) (transfer full) (nullable): its alpha as grey; %NULL: it is opaque everywhere
 *
 * Colour that cannot be seen is replaced by its visible neighbours': what was erased does not leave
 * the machine, and a model finds no edge where the artist sees none.
 *
 * Returns: %FALSE, and nothing in @out_colour and @out_alpha, when nothing at all can be seen
 */
gboolean
comfy_alpha_split (ComfyPixels  *pixels,
                   ComfyPixels **out_colour,
                   ComfyPixels **out_alpha)
{
  const guint8      *data = g_bytes_get_data (pixels->data, NULL);
  size_t             stride = (size_t) pixels->width * 3;
  g_autofree guint8 *colour = g_malloc_n (pixels->height, stride);
  g_autofree guint8 *alpha = g_malloc_n (pixels->height, pixels->width);
  int                first = -1; /* row with something to see */

  g_return_val_if_fail (pixels->channels == 4 && pixels->depth == 8, FALSE);

  for (int y = 0; y < pixels->height; y++)
    if (split_row (data + (size_t) y * pixels->stride, pixels->width,
                   colour + y * stride, alpha + (size_t) y * pixels->width))
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

  *out_alpha = NULL;
  if (!is_opaque (alpha, (size_t) pixels->width * pixels->height))
    *out_alpha = comfy_pixels_new_take (pixels->width, pixels->height, 1, 8,
                                        g_steal_pointer (&alpha));
  *out_colour = comfy_pixels_new_take (pixels->width, pixels->height, 3, 8,
                                       g_steal_pointer (&colour));

  return TRUE;
}

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

/**
 * comfy_alpha_join:
 * @colour: a picture, whose own alpha, if it has one, counts as well
 * @alpha: grey, 8 bits, of the same size
 *
 * Returns: (transfer full): @colour as RGBA in its depth, seen through @alpha
 */
ComfyPixels *
comfy_alpha_join (ComfyPixels *colour,
                  ComfyPixels *alpha)
{
  const guint8 *source = g_bytes_get_data (colour->data, NULL);
  const guint8 *mask = g_bytes_get_data (alpha->data, NULL);
  int           depth = colour->depth;
  int           channels = colour->channels;
  unsigned int  full = depth == 8 ? 255 : 65535;
  size_t        n = (size_t) colour->width * colour->height;
  guint8       *data;

  g_return_val_if_fail (colour->width == alpha->width && colour->height == alpha->height, NULL);
  g_return_val_if_fail (alpha->channels == 1 && alpha->depth == 8, NULL);

  data = g_malloc_n (n, 4 * (depth / 8));
  for (size_t i = 0; i < n; i++)
    {
      unsigned int own = channels == 4 ? get_value (source, i * 4 + 3, depth) : full;

      for (unsigned int channel = 0; channel < 3; channel++)
        set_value (data, i * 4 + channel, depth,
                   get_value (source, i * channels + (channels == 1 ? 0 : channel), depth));
      set_value (data, i * 4 + 3, depth, (own * mask[i] + 127) / 255);
    }

  return comfy_pixels_new_take (colour->width, colour->height, 4, depth, data);
}
