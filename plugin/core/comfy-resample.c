/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Another size for a picture: Catmull-Rom, widened when shrinking so that every pixel counts. Both
 * axes are done one after the other; of the horizontal pass only as many rows are kept as the
 * vertical one looks at, so that a large picture takes little memory beside itself.
 */
#define G_LOG_DOMAIN "comfy-resample"

#include "config.h"

#include <math.h>
#include <string.h>

#include "comfy-resample.h"

#define KERNEL_RADIUS 2.0 /* source px where nothing shrinks */

/* Which pixels of the source make a pixel, along one axis */
typedef struct
{
  int    *first;   /* owned: the first of them, for each pixel; may be outside of the source */
  float  *weights; /* owned: n_taps for each pixel, 1 in sum */
  int     n_taps;
  int     n_source; /* px */
} Axis;

static double
catmull_rom (double x)
{
  x = fabs (x);
  if (x < 1.0)
    return 1.5 * x * x * x - 2.5 * x * x + 1.0;
  if (x < 2.0)
    return -0.5 * x * x * x + 2.5 * x * x - 4.0 * x + 2.0;

  return 0.0;
}

static void
axis_init (Axis *self,
           int   n_source,
           int   n_target)
{
  double ratio = (double) n_source / n_target;
  double stretch = MAX (ratio, 1.0);
  double radius = KERNEL_RADIUS * stretch;

  self->n_source = n_source;
  self->n_taps = (int) ceil (radius) * 2 + 1;
  self->first = g_new (int, n_target);
  self->weights = g_new (float, (size_t) n_target * self->n_taps);

  for (int i = 0; i < n_target; i++)
    {
      double  centre = (i + 0.5) * ratio - 0.5;
      float  *weights = self->weights + (size_t) i * self->n_taps;
      double  sum = 0.0;

      self->first[i] = (int) ceil (centre - radius);
      for (int tap = 0; tap < self->n_taps; tap++)
        sum += catmull_rom ((self->first[i] + tap - centre) / stretch);
      for (int tap = 0; tap < self->n_taps; tap++)
        weights[tap] = (float) (catmull_rom ((self->first[i] + tap - centre) / stretch) / sum);
    }
}

static void
axis_clear (Axis *self)
{
  g_free (self->first);
  g_free (self->weights);
}

/* the edge goes on outside of the picture */
static int
axis_clamp (const Axis *self,
            int         position)
{
  return CLAMP (position, 0, self->n_source - 1);
}

/* a row of the source as 0…1, colour multiplied by alpha so that hidden colour does not bleed */
static void
load_row (ComfyPixels *pixels,
          int          y,
          float       *out)
{
  const guint8  *data = g_bytes_get_data (pixels->data, NULL);
  const guint8  *row = data + (size_t) y * pixels->stride;
  const guint16 *wide = (const void *) row;
  int            n = pixels->width * pixels->channels;

  for (int i = 0; i < n; i++)
    out[i] = pixels->depth == 8 ? row[i] / 255.0f : wide[i] / 65535.0f;

  if (pixels->channels == 4)
    for (int i = 0; i < n; i += 4)
      for (int channel = 0; channel < 3; channel++)
        out[i + channel] *= out[i + 3];
}

static void
store_row (const float *row,
           int          width,
           int          channels,
           int          depth,
           void        *out)
{
  guint8  *narrow = out;
  guint16 *wide = out;
  float    scale = depth == 8 ? 255.0f : 65535.0f;

  for (int i = 0; i < width * channels; i++)
    {
      float value = row[i];
      float stored;

      if (channels == 4 && i % 4 != 3)
        value = row[i - i % 4 + 3] > 0.0f ? value / row[i - i % 4 + 3] : 0.0f;
      stored = CLAMP (value, 0.0f, 1.0f) * scale + 0.5f;
      if (depth == 8)
        narrow[i] = (guint8) stored;
      else
        wide[i] = (guint16) stored;
    }
}

static void
filter_row (const Axis  *axis,
            const float *source,
            int          channels,
            int          width,
            float       *out)
{
  for (int x = 0; x < width; x++)
    {
      const float *weights = axis->weights + (size_t) x * axis->n_taps;
      float        sums[4] = { 0 };

      for (int tap = 0; tap < axis->n_taps; tap++)
        {
          const float *pixel = source + axis_clamp (axis, axis->first[x] + tap) * channels;

          for (int channel = 0; channel < channels; channel++)
            sums[channel] += weights[tap] * pixel[channel];
        }
      memcpy (out + x * channels, sums, channels * sizeof *sums);
    }
}

static void
filter_column (const Axis  *axis,
               int          y,
               const float *ring,
               size_t       n,
               float       *out)
{
  memset (out, 0, n * sizeof *out);
  for (int tap = 0; tap < axis->n_taps; tap++)
    {
      float        weight = axis->weights[(size_t) y * axis->n_taps + tap];
      const float *row = ring + axis_clamp (axis, axis->first[y] + tap) % axis->n_taps * n;

      for (size_t i = 0; i < n; i++)
        out[i] += weight * row[i];
    }
}

/**
 * comfy_resample:
 * @pixels: a picture
 * @width: px, at least 1
 * @height: px, at least 1
 *
 * Returns: (transfer full): the same picture in that size; @pixels itself, bit for bit, where it
 *   has it already
 */
ComfyPixels *
comfy_resample (ComfyPixels *pixels,
                int          width,
                int          height)
{
  size_t             n = (size_t) width * pixels->channels; /* values in a row of the target */
  g_autofree float  *source = NULL;
  g_autofree float  *ring = NULL; /* n_taps rows, the row y at y modulo n_taps */
  g_autofree float  *target = NULL;
  guint8            *data;
  Axis               horizontal;
  Axis               vertical;
  int                n_filtered = 0;

  g_return_val_if_fail (width > 0 && height > 0, NULL);

  if (pixels->width == width && pixels->height == height)
    return comfy_pixels_ref (pixels);

  axis_init (&horizontal, pixels->width, width);
  axis_init (&vertical, pixels->height, height);
  source = g_new (float, (size_t) pixels->width * pixels->channels);
  ring = g_new (float, vertical.n_taps * n);
  target = g_new (float, n);
  data = g_malloc_n (height, n * (pixels->depth / 8));

  for (int y = 0; y < height; y++)
    {
      int last = axis_clamp (&vertical, vertical.first[y] + vertical.n_taps - 1);

      for (; n_filtered <= last; n_filtered++)
        {
          load_row (pixels, n_filtered, source);
          filter_row (&horizontal, source, pixels->channels, width,
                      ring + n_filtered % vertical.n_taps * n);
        }
      filter_column (&vertical, y, ring, n, target);
      store_row (target, width, pixels->channels, pixels->depth,
                 data + (size_t) y * n * (pixels->depth / 8));
    }

  axis_clear (&horizontal);
  axis_clear (&vertical);

  return comfy_pixels_new_take (width, height, pixels->channels, pixels->depth, data);
}
