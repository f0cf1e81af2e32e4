/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is only looked at need not be in memory as large as it is.
 */
#define G_LOG_DOMAIN "comfy-codec"

#include "config.h"

#include <string.h>

#include "comfy-codec-reduce-private.h"

/* beside the last whole square there may be a part of one */
static int
divide (int length,
        int factor)
{
  return (length + factor - 1) / factor;
}

/**
 * comfy_reduce_begin:
 * @width: px of each row
 * @height: how many rows will come
 * @channels: 1, 3 or 4
 * @depth: 8 or 16 bits, in host byte order
 * @edge: px: the longer edge of the small picture has at least so many, and less than twice as many,
 *   unless the rows themselves are smaller
 *
 * Returns: %FALSE when there is no memory
 */
gboolean
comfy_reduce_begin (ComfyReduce *self,
                    int          width,
                    int          height,
                    int          channels,
                    int          depth,
                    int          edge)
{
  *self = (ComfyReduce) { .width = width, .height = height, .channels = channels, .depth = depth };
  self->factor = MAX (1, MAX (width, height) / MAX (edge, 1));
  self->sums = g_try_new0 (guint64, (size_t) divide (width, self->factor) * channels);
  self->data = g_try_malloc_n (divide (height, self->factor),
                               (size_t) divide (width, self->factor) * channels);

  return self->sums != NULL && self->data != NULL;
}

static unsigned int
get_value (const ComfyReduce *self,
           const void        *row,
           size_t             i)
{
  return self->depth == 8 ? ((const guint8 *) row)[i] : ((const guint16 *) row)[i];
}

/* hidden colour must not bleed */
static void
add (ComfyReduce *self,
     const void  *row)
{
  for (int x = 0; x < self->width; x++)
    {
      guint64      *sums = self->sums + (size_t) (x / self->factor) * self->channels;
      size_t        at = (size_t) x * self->channels;
      unsigned int  alpha = self->channels == 4 ? get_value (self, row, at + 3) : 1;

      for (int channel = 0; channel < MIN (self->channels, 3); channel++)
        sums[channel] += (guint64) get_value (self, row, at + channel) * alpha;
      if (self->channels == 4)
        sums[3] += alpha;
    }
}

/* a row of squares is complete */
static void
store (ComfyReduce *self)
{
  int     width = divide (self->width, self->factor);
  int     y = (self->n_rows - 1) / self->factor;
  int     n_rows = self->n_rows - y * self->factor;
  int     shift = self->depth - 8;
  guint8 *out = self->data + (size_t) y * width * self->channels;

  for (int x = 0; x < width; x++)
    {
      const guint64 *sums = self->sums + (size_t) x * self->channels;
      guint64        n = (guint64) MIN (self->factor, self->width - x * self->factor) * n_rows;
      guint64        weight = self->channels == 4 ? sums[3] : n;

      for (int channel = 0; channel < MIN (self->channels, 3); channel++)
        *out++ = weight > 0 ? (guint8) (((sums[channel] + weight / 2) / weight) >> shift) : 0;
      if (self->channels == 4)
        *out++ = (guint8) (((sums[3] + n / 2) / n) >> shift);
    }
  memset (self->sums, 0, (size_t) width * self->channels * sizeof *self->sums);
}

/**
 * comfy_reduce_add_row:
 * @row: as long as it was said
 *
 * The next row from above; not more of them than were announced.
 */
void
comfy_reduce_add_row (ComfyReduce *self,
                      const void  *row)
{
  g_return_if_fail (self->n_rows < self->height);

  add (self, row);
  self->n_rows++;
  if (self->n_rows % self->factor == 0 || self->n_rows == self->height)
    store (self);
}

/**
 * comfy_reduce_end:
 *
 * After the last row.
 *
 * Returns: (transfer full): the small picture, of 8 bits
 */
ComfyPixels *
comfy_reduce_end (ComfyReduce *self)
{
  g_return_val_if_fail (self->n_rows == self->height, NULL);

  return comfy_pixels_new_take (divide (self->width, self->factor),
                                divide (self->height, self->factor), self->channels, 8,
                                g_steal_pointer (&self->data));
}

/**
 * comfy_reduce_clear:
 *
 * Frees what is held; @self can begin anew.
 */
void
comfy_reduce_clear (ComfyReduce *self)
{
  g_clear_pointer (&self->sums, g_free);
  g_clear_pointer (&self->data, g_free);
}
