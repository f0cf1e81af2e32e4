/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What may change: masks made, read and joined. Pure.
 */
#define G_LOG_DOMAIN "comfy-mask"

#include "config.h"

#include <math.h>
#include <string.h>

#include "comfy-mask.h"

#define NONE G_MAXUINT16 /* distance where no selected pixel is near */

/* luminance as Rec. 709 weighs it; the three are 65536 in sum, so that grey stays exact */
#define RED_WEIGHT   13933
#define GREEN_WEIGHT 46871
#define BLUE_WEIGHT  4732

static gboolean
is_mask (ComfyPixels *pixels)
{
  return pixels->channels == 1 && pixels->depth == 8;
}

static const guint8 *
get_row (ComfyPixels *mask,
         int          y)
{
  const guint8 *data = g_bytes_get_data (mask->data, NULL);

  return data + y * mask->stride;
}

static gboolean
is_flat (const guint8 *row,
         int           n,
         guint8        value)
{
  return row[0] == value && memcmp (row, row + 1, n - 1) == 0;
}

/* The mask along one axis: 255 outside of @start…@end, falling inward from the ends that are not
 * the picture's own. */
static guint8 *
make_ramp (int    n,
           gint64 start,
           gint64 end,
           int    overlap)
{
  guint8   *ramp = g_malloc (n);
  gboolean  falls_at_start = start > 0;
  gboolean  falls_at_end = end < n;
  double    width;

  start = MAX (start, 0);
  end = MIN (end, n);
  /* something of the inside stays as it is: both ramps end in its middle at the latest */
  width = MIN (overlap, (end - start) / (falls_at_start && falls_at_end ? 2.0 : 1.0));

  for (int i = 0; i < n; i++)
    {
      double distance = G_MAXDOUBLE; /* px from the middle of the pixel */

      if (falls_at_start)
        distance = i + 0.5 - start;
      if (falls_at_end)
        distance = MIN (distance, end - i - 0.5);

      if (distance < 0.0)
        ramp[i] = 255;
      else if (distance < width)
        ramp[i] = (guint8) (255.0 * pow ((width - distance) / width, 2.0) + 0.5);
      else
        ramp[i] = 0;
    }

  return ramp;
}

/**
 * comfy_mask_new_rect_outside:
 * @width: px, at least 1
 * @height: px, at least 1
 * @inside: px in the mask: what is not selected; may be empty or reach beyond
 * @overlap: px, 0 for a hard edge: over how many the mask falls inward
 *
 * The fall is squared, as that of ComfyUI's ImagePadForOutpaint. There is none along edges of
 * @inside that lie on the mask's own edge or beyond. It is as narrow as it must be to reach 0.
 *
 * Returns: (transfer full) (nullable): a mask, 255 outside of @inside
 */
ComfyPixels *
comfy_mask_new_rect_outside (int              width,
                             int              height,
                             const ComfyRect *inside,
                             int              overlap)
{
  ComfyRect          all = { 0, 0, width, height };
  ComfyRect          clipped;
  guint8            *data;
  g_autofree guint8 *columns = NULL;
  g_autofree guint8 *rows = NULL;

  g_return_val_if_fail (width > 0 && height > 0 && overlap >= 0, NULL);

  data = g_try_malloc_n (height, width);
  if (data == NULL)
    return NULL;
  if (!comfy_rect_intersect (&all, inside, &clipped))
    {
      memset (data, 255, (size_t) width * height);
      return comfy_pixels_new_take (width, height, 1, 8, data);
    }

  columns = make_ramp (width, clipped.x, (gint64) clipped.x + clipped.width, overlap);
  rows = make_ramp (height, clipped.y, (gint64) clipped.y + clipped.height, overlap);

  /* the nearest edge counts, and nearer is more */
  for (int y = 0; y < height; y++)
    {
      guint8 *row = data + (size_t) y * width;

      for (int x = 0; x < width; x++)
        row[x] = MAX (columns[x], rows[y]);
    }

  return comfy_pixels_new_take (width, height, 1, 8, data);
}

static guint64
get_luminance (const guint8 *data,
               size_t        i,
               int           depth,
               int           channels)
{
  const guint16 *wide = (const void *) data;
  guint64        red = depth == 8 ? data[i] : wide[i];

  if (channels == 1)
    return red;

  return (red * RED_WEIGHT + (depth == 8 ? data[i + 1] : wide[i + 1]) * (guint64) GREEN_WEIGHT
          + (depth == 8 ? data[i + 2] : wide[i + 2]) * (guint64) BLUE_WEIGHT + 32768) >> 16;
}

/**
 * comfy_mask_from_picture:
 * @pixels: a picture of any layout
 *
 * Returns: (transfer full) (nullable): its luminance as a mask, times its alpha if it has one
 */
ComfyPixels *
comfy_mask_from_picture (ComfyPixels *pixels)
{
  int            channels = pixels->channels;
  int            depth = pixels->depth;
  guint64        full = depth == 8 ? 255 : 65535;
  guint8        *mask;

  if (is_mask (pixels))
    return comfy_pixels_ref (pixels);

  mask = g_try_malloc_n (pixels->height, pixels->width);
  if (mask == NULL)
    return NULL;
  for (int y = 0; y < pixels->height; y++)
    {
      const guint8  *row = get_row (pixels, y);
      const guint16 *wide = (const void *) row;

      for (int x = 0; x < pixels->width; x++)
        {
          size_t  i = (size_t) x * channels;
          guint64 alpha = full;

          if (channels == 4)
            alpha = depth == 8 ? row[i + 3] : wide[i + 3];
          mask[(size_t) y * pixels->width + x] =
            (get_luminance (row, i, depth, channels) * alpha * 255 + full * full / 2)
            / (full * full);
        }
    }

  return comfy_pixels_new_take (pixels->width, pixels->height, 1, 8, mask);
}

/* (nullable): how far each pixel is from a selected one of its column, @grow px at most, else NONE */
static guint16 *
measure_columns (ComfyPixels *mask,
                 int          grow)
{
  size_t   n = mask->width;
  guint16 *distances = g_try_new (guint16, n * mask->height);

  if (distances == NULL)
    return NULL;

  for (int y = 0; y < mask->height; y++)
    {
      const guint8 *row = get_row (mask, y);
      guint16      *here = distances + y * n;
      guint16      *above = y > 0 ? here - n : NULL;

      for (size_t x = 0; x < n; x++)
        if (row[x] > 0)
          here[x] = 0;
        else
          here[x] = above != NULL && above[x] < grow ? above[x] + 1 : NONE;
    }
  for (int y = mask->height - 2; y >= 0; y--)
    {
      guint16 *here = distances + y * n;

      for (size_t x = 0; x < n; x++)
        if (here[x + n] < grow)
          here[x] = MIN (here[x], here[x + n] + 1);
    }

  return distances;
}

/* selects what lies within reach of a column, from the left and from the right */
static void
grow_row (const guint16 *distances,
          const int     *reach, /* px sideways, for each distance */
          int            n,
          guint8        *out)
{
  gint64 last = -1;

  for (int x = 0; x < n; x++)
    {
      if (distances[x] != NONE)
        last = MAX (last, (gint64) x + reach[distances[x]]);
      out[x] = x <= last ? 255 : 0;
    }
  last = n;
  for (int x = n - 1; x >= 0; x--)
    {
      if (distances[x] != NONE)
        last = MIN (last, (gint64) x - reach[distances[x]]);
      if (x >= last)
        out[x] = 255;
    }
}

/**
 * comfy_mask_to_request:
 * @mask: a mask, its soft edges included
 * @grow: px, 0…65534
 *
 * What a model is asked to change. Soft edges are asked for whole, because they are blended here.
 *
 * Returns: (transfer full) (nullable): a mask, 255 within a circle of @grow px around each pixel that
 *   is selected at all, else 0
 */
ComfyPixels *
comfy_mask_to_request (ComfyPixels *mask,
                       int          grow)
{
  g_autofree guint16 *distances = NULL;
  g_autofree int     *reach = NULL;
  guint8             *data;

  g_return_val_if_fail (is_mask (mask), NULL);
  g_return_val_if_fail (grow >= 0 && grow < NONE, NULL);

  reach = g_new (int, grow + 1);
  for (int i = 0; i <= grow; i++)
    reach[i] = (int) sqrt ((double) grow * grow - (double) i * i);

  distances = measure_columns (mask, grow);
  data = g_try_malloc_n (mask->height, mask->width);
  if (distances == NULL || data == NULL)
    {
      g_free (data);
      return NULL;
    }
  for (int y = 0; y < mask->height; y++)
    grow_row (distances + (size_t) y * mask->width, reach, mask->width,
              data + (size_t) y * mask->width);

  return comfy_pixels_new_take (mask->width, mask->height, 1, 8, data);
}

/**
 * comfy_mask_multiply:
 * @a: a mask
 * @b: a mask of the same size
 *
 * Returns: (transfer full) (nullable): what both select, rounded; where one is 255 exactly the other
 */
ComfyPixels *
comfy_mask_multiply (ComfyPixels *a,
                     ComfyPixels *b)
{
  guint8 *data;

  g_return_val_if_fail (is_mask (a) && is_mask (b), NULL);
  g_return_val_if_fail (a->width == b->width && a->height == b->height, NULL);

  data = g_try_malloc_n (a->height, a->width);
  if (data == NULL)
    return NULL;
  for (int y = 0; y < a->height; y++)
    {
      const guint8 *row = get_row (a, y);
      const guint8 *other = get_row (b, y);
      guint8       *out = data + (size_t) y * a->width;

      for (int x = 0; x < a->width; x++)
        out[x] = (row[x] * other[x] + 127) / 255;
    }

  return comfy_pixels_new_take (a->width, a->height, 1, 8, data);
}

/**
 * comfy_mask_is_empty:
 * @mask: a mask
 *
 * Returns: whether nothing is selected
 */
gboolean
comfy_mask_is_empty (ComfyPixels *mask)
{
  g_return_val_if_fail (is_mask (mask), FALSE);

  for (int y = 0; y < mask->height; y++)
    if (!is_flat (get_row (mask, y), mask->width, 0))
      return FALSE;

  return TRUE;
}

/**
 * comfy_mask_is_full:
 * @mask: a mask
 *
 * Returns: whether everything is selected, and wholly
 */
gboolean
comfy_mask_is_full (ComfyPixels *mask)
{
  g_return_val_if_fail (is_mask (mask), FALSE);

  for (int y = 0; y < mask->height; y++)
    if (!is_flat (get_row (mask, y), mask->width, 255))
      return FALSE;

  return TRUE;
}

/**
 * comfy_mask_get_bounds:
 * @mask: a mask
 * @out_bounds: (out): px in the mask: the smallest rectangle with all that is selected; left alone
 *   when nothing is
 *
 * Returns: %FALSE when nothing is selected
 */
gboolean
comfy_mask_get_bounds (ComfyPixels *mask,
                       ComfyRect   *out_bounds)
{
  int left = mask->width;
  int right = 0;
  int top = -1;
  int bottom = 0;

  g_return_val_if_fail (is_mask (mask), FALSE);

  for (int y = 0; y < mask->height; y++)
    {
      const guint8 *row = get_row (mask, y);

      if (is_flat (row, mask->width, 0))
        continue;
      if (top < 0)
        top = y;
      bottom = y + 1;
      for (int x = 0; x < left; x++)
        if (row[x] > 0)
          left = x;
      for (int x = mask->width; x > right; x--)
        if (row[x - 1] > 0)
          right = x;
    }
  if (top < 0)
    return FALSE;
  *out_bounds = (ComfyRect) { left, top, right - left, bottom - top };

  return TRUE;
}
