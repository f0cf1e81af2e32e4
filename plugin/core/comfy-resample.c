/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Another size for a picture or a part of it: Catmull-Rom, widened when shrinking so that every
 * pixel counts. Both axes are done one after the other; of the horizontal pass only as many rows
 * are kept as the vertical one looks at, so that a large picture takes little memory beside itself.
 *
 * Pixels are squares and (0, 0) is the corner of the first: the middle of pixel i lies at i + ½.
 * The middle of a target's pixel is looked up in the source, so nothing ever shifts.
 */
#define G_LOG_DOMAIN "comfy-resample"

#include "config.h"

#include <math.h>
#include <string.h>

#include "comfy-resample.h"

#define KERNEL_RADIUS 2.0        /* source px where nothing shrinks */
#define WORTH_A_THREAD (1 << 18) /* px of source and target together */

/* Which pixels of the source make a pixel, along one axis */
typedef struct
{
  int    *first;   /* owned: the first of them, for each pixel; may be outside of the source */
  float  *weights; /* owned: n_taps for each pixel, 1 in sum */
  int     n_taps;
  int     n_source; /* px */
  int     begin;    /* the range of all of them, with at least one pixel of the source */
  int     end;
} Axis;

/* Some rows of the target: what one thread does */
typedef struct
{
  ComfyPixels *source;
  const Axis  *horizontal;
  const Axis  *vertical;
  int          width; /* px of the target */
  int          from;  /* row of the target */
  int          to;    /* row after the last one */
  guint8      *data;  /* of the whole target */
} Band;

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

/* @start and @length are the part's, in px of the source */
static void
axis_init (Axis   *self,
           int     n_source,
           double  start,
           double  length,
           int     n_target)
{
  double ratio = length / n_target;
  double stretch = MAX (ratio, 1.0);
  double radius = KERNEL_RADIUS * stretch;

  self->n_source = n_source;
  self->n_taps = (int) ceil (2.0 * radius);
  self->first = g_new (int, n_target);
  self->weights = g_new (float, (size_t) n_target * self->n_taps);
  self->begin = n_source - 1;
  self->end = 1;

  for (int i = 0; i < n_target; i++)
    {
      double  centre = start + (i + 0.5) * ratio - 0.5;
      double  first = floor (centre - radius) + 1.0;
      float  *weights = self->weights + (size_t) i * self->n_taps;
      double  sum = 0.0;

      for (int tap = 0; tap < self->n_taps; tap++)
        sum += catmull_rom ((first + tap - centre) / stretch);
      for (int tap = 0; tap < self->n_taps; tap++)
        weights[tap] = (float) (catmull_rom ((first + tap - centre) / stretch) / sum);

      /* outside everything is like the edge, however far */
      self->first[i] = (int) CLAMP (first, -self->n_taps, n_source);
      self->begin = MIN (self->begin, self->first[i]);
      self->end = MAX (self->end, self->first[i] + self->n_taps);
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

/* A row of the source, only the range of @axis, colour multiplied by alpha so that hidden colour
 * does not bleed. */
static void
load_row (ComfyPixels *pixels,
          const Axis  *axis,
          int          y,
          float       *out)
{
  const guint8  *data = g_bytes_get_data (pixels->data, NULL);
  const guint8  *row = data + y * pixels->stride;
  const guint16 *wide = (const void *) row;
  int            channels = pixels->channels;
  int            from = axis_clamp (axis, axis->begin);
  int            to = axis_clamp (axis, axis->end - 1) + 1;
  float         *inside = out + (size_t) (from - axis->begin) * channels;
  size_t         offset = (size_t) from * channels;
  size_t         n = (size_t) (to - from) * channels;
  size_t         bytes = channels * sizeof *out;

  if (pixels->depth == 8)
    for (size_t i = 0; i < n; i++)
      inside[i] = row[offset + i];
  else
    for (size_t i = 0; i < n; i++)
      inside[i] = wide[offset + i];

  if (channels == 4)
    for (size_t i = 0; i < n; i += 4)
      for (int channel = 0; channel < 3; channel++)
        inside[i + channel] *= inside[i + 3];

  for (int x = axis->begin; x < from; x++)
    memcpy (out + (size_t) (x - axis->begin) * channels, inside, bytes);
  for (int x = to; x < axis->end; x++)
    memcpy (out + (size_t) (x - axis->begin) * channels, inside + n - channels, bytes);
}

static void
store_row (float *row,
           int    width,
           int    channels,
           int    depth,
           void  *out)
{
  guint8  *narrow = out;
  guint16 *wide = out;
  float    full = depth == 8 ? 255.0f : 65535.0f;
  size_t   n = (size_t) width * channels;

  if (channels == 4)
    for (size_t i = 0; i < n; i += 4)
      for (int channel = 0; channel < 3; channel++)
        row[i + channel] = row[i + 3] > 0.0f ? row[i + channel] / row[i + 3] : 0.0f;

  if (depth == 8)
    for (size_t i = 0; i < n; i++)
      narrow[i] = (guint8) (int) (CLAMP (row[i], 0.0f, full) + 0.5f);
  else
    for (size_t i = 0; i < n; i++)
      wide[i] = (guint16) (int) (CLAMP (row[i], 0.0f, full) + 0.5f);
}

/* @channels is a constant wherever this is inlined: that makes it several times as fast */
static inline void
filter_row_of (const Axis  *axis,
               const float *source,
               int          width,
               float       *out,
               int          channels)
{
  for (int x = 0; x < width; x++)
    {
      const float *weights = axis->weights + (size_t) x * axis->n_taps;
      const float *pixel = source + (size_t) (axis->first[x] - axis->begin) * channels;
      float        sums[4] = { 0 };

      for (int tap = 0; tap < axis->n_taps; tap++)
        for (int channel = 0; channel < channels; channel++)
          sums[channel] += weights[tap] * pixel[tap * channels + channel];
      memcpy (out + (size_t) x * channels, sums, channels * sizeof *sums);
    }
}

static void
filter_row (const Axis  *axis,
            const float *source,
            int          channels,
            int          width,
            float       *out)
{
  if (channels == 1)
    filter_row_of (axis, source, width, out, 1);
  else if (channels == 3)
    filter_row_of (axis, source, width, out, 3);
  else
    filter_row_of (axis, source, width, out, 4);
}

static void
filter_column (const Axis  *axis,
               int          y,
               const float *ring,
               int          n_rows,
               size_t       n,
               float       *out)
{
  memset (out, 0, n * sizeof *out);
  for (int tap = 0; tap < axis->n_taps; tap++)
    {
      float        weight = axis->weights[(size_t) y * axis->n_taps + tap];
      const float *row = ring + axis_clamp (axis, axis->first[y] + tap) % n_rows * n;

      for (size_t i = 0; i < n; i++)
        out[i] += weight * row[i];
    }
}

static void *
band_run (void *data)
{
  const Band        *self = data;
  const Axis        *vertical = self->vertical;
  int                channels = self->source->channels;
  int                depth = self->source->depth;
  int                n_rows = MIN (vertical->n_taps, vertical->n_source);
  size_t             n = (size_t) self->width * channels; /* values in a row of the target */
  size_t             n_source = self->horizontal->end - self->horizontal->begin;
  g_autofree float  *source = g_new (float, n_source * channels);
  g_autofree float  *ring = g_new (float, n_rows * n); /* the row y at y modulo n_rows */
  g_autofree float  *target = g_new (float, n);
  int                n_filtered = axis_clamp (vertical, vertical->first[self->from]);

  for (int y = self->from; y < self->to; y++)
    {
      int last = axis_clamp (vertical, vertical->first[y] + vertical->n_taps - 1);

      for (; n_filtered <= last; n_filtered++)
        {
          load_row (self->source, self->horizontal, n_filtered, source);
          filter_row (self->horizontal, source, channels, self->width,
                      ring + n_filtered % n_rows * n);
        }
      filter_column (vertical, y, ring, n_rows, n, target);
      store_row (target, self->width, channels, depth, self->data + y * n * (depth / 8));
    }

  return NULL;
}

/* the lower half in a second thread, when there is much to do and a thread to be had */
static void
run_bands (const Band *whole)
{
  Band     upper = *whole;
  Band     lower = *whole;
  gint64   n_pixels = (gint64) whole->width * (whole->to - whole->from)
                      + (gint64) (whole->horizontal->end - whole->horizontal->begin)
                        * (whole->vertical->end - whole->vertical->begin);
  GThread *thread = NULL;

  upper.to = lower.from = whole->to / 2;
  if (n_pixels >= WORTH_A_THREAD && upper.to > upper.from)
    thread = g_thread_try_new ("comfy-resample", band_run, &lower, NULL);
  if (thread == NULL)
    {
      band_run ((void *) whole);
      return;
    }
  band_run (&upper);
  g_thread_join (thread);
}

/* not a value is changed; the edge goes on outside; (nullable) */
static ComfyPixels *
copy_part (ComfyPixels     *pixels,
           const ComfyPart *part,
           int              width,
           int              height)
{
  const guint8 *data = g_bytes_get_data (pixels->data, NULL);
  size_t        pixel = (size_t) pixels->channels * (pixels->depth / 8); /* bytes */
  gint64        x0 = (gint64) CLAMP (part->x, -(double) width, pixels->width);
  gint64        y0 = (gint64) CLAMP (part->y, -(double) height, pixels->height);
  gint64        from = CLAMP (-x0, 0, width); /* columns with a pixel of their own */
  gint64        to = CLAMP (pixels->width - x0, from, width);
  guint8       *copy = g_try_malloc_n (height, width * pixel);

  if (copy == NULL)
    return NULL;

  for (gint64 y = 0; y < height; y++)
    {
      const guint8 *source = data + CLAMP (y0 + y, 0, pixels->height - 1) * pixels->stride;
      guint8       *target = copy + y * width * pixel;

      for (gint64 x = 0; x < from; x++)
        memcpy (target + x * pixel, source, pixel);
      if (to > from)
        memcpy (target + from * pixel, source + (x0 + from) * pixel, (to - from) * pixel);
      for (gint64 x = to; x < width; x++)
        memcpy (target + x * pixel, source + (pixels->width - 1) * pixel, pixel);
    }

  return comfy_pixels_new_take (width, height, pixels->channels, pixels->depth, copy);
}

/**
 * comfy_resample_part:
 * @pixels: a picture
 * @part: what of it
 * @width: px, at least 1
 * @height: px, at least 1
 *
 * What lies around the part is seen where a pixel needs it, so that parts fit together without a
 * seam. Outside of the picture its edge goes on. A part of whole pixels that has the size already
 * is copied bit for bit.
 *
 * Returns: (transfer full) (nullable): the part in that size, channels and depth as @pixels; %NULL
 *   when there is no memory for it
 */
ComfyPixels *
comfy_resample_part (ComfyPixels     *pixels,
                     const ComfyPart *part,
                     int              width,
                     int              height)
{
  Axis    horizontal;
  Axis    vertical;
  guint8 *data;

  g_return_val_if_fail (width > 0 && height > 0, NULL);
  g_return_val_if_fail (part->width > 0.0 && part->height > 0.0, NULL);

  if (part->width == width && part->height == height
      && part->x == floor (part->x) && part->y == floor (part->y))
    {
      if (part->x == 0.0 && part->y == 0.0 && pixels->width == width && pixels->height == height)
        return comfy_pixels_ref (pixels);
      return copy_part (pixels, part, width, height);
    }

  data = g_try_malloc_n (height, (size_t) width * pixels->channels * (pixels->depth / 8));
  if (data == NULL)
    return NULL;

  axis_init (&horizontal, pixels->width, part->x, part->width, width);
  axis_init (&vertical, pixels->height, part->y, part->height, height);
  run_bands (&(Band) { pixels, &horizontal, &vertical, width, 0, height, data });
  axis_clear (&horizontal);
  axis_clear (&vertical);

  return comfy_pixels_new_take (width, height, pixels->channels, pixels->depth, data);
}

/**
 * comfy_resample:
 * @pixels: a picture
 * @width: px, at least 1
 * @height: px, at least 1
 *
 * Returns: (transfer full) (nullable): the same picture in that size; @pixels itself, bit for bit,
 *   where it has it already; %NULL when there is no memory for it
 */
ComfyPixels *
comfy_resample (ComfyPixels *pixels,
                int          width,
                int          height)
{
  ComfyPart whole = { 0.0, 0.0, pixels->width, pixels->height };

  return comfy_resample_part (pixels, &whole, width, height);
}
