/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Scaling as ComfyUI scales (comfy/utils.py, common_upscale): torch's interpolate with
 * align_corners=False and no antialiasing, and Pillow's Lanczos, which works on 8 bits and widens
 * its kernel when it makes smaller. Both are separable: one table of weights per axis. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <math.h>
#include <string.h>

#include "sandbox-image.h"

typedef struct
{
  int    first;   /* index of the first source pixel; may lie outside */
  int    length;
  float *weights; /* sum 1 */
} Taps;

static double
cubic (double x)
{
  /* torch's bicubic: a = -0.75 */
  const double a = -0.75;

  x = fabs (x);
  if (x <= 1.0)
    return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
  if (x < 2.0)
    return (((x - 5.0) * x + 8.0) * x - 4.0) * a;
  return 0.0;
}

static double
lanczos (double x)
{
  if (fabs (x) >= 3.0)
    return 0.0;
  if (x == 0.0)
    return 1.0;
  x *= G_PI;
  return 3.0 * sin (x) * sin (x / 3.0) / (x * x);
}

static double
triangle (double x)
{
  return MAX (0.0, 1.0 - fabs (x));
}

/* Weights of @kernel, which reaches @support source pixels to each side of @centre. */
static Taps
make_taps (double centre,
           double support,
           double stretch,
           double (*kernel) (double))
{
  Taps taps;
  double sum = 0.0;

  taps.first = (int) floor (centre - support - 0.5) + 1;
  taps.length = (int) ceil (2.0 * support) + 1;
  taps.weights = g_new (float, taps.length);

  for (int i = 0; i < taps.length; i++)
    sum += kernel ((taps.first + i + 0.5 - centre) / stretch);
  for (int i = 0; i < taps.length; i++)
    taps.weights[i] = (float) (kernel ((taps.first + i + 0.5 - centre) / stretch) / sum);

  return taps;
}

/* torch's adaptive average: all pixels that the target pixel touches weigh the same */
static Taps
make_area_taps (int target,
                int from,
                int to)
{
  int first = (int) floor ((double) target * from / to);
  int end = (int) ceil ((double) (target + 1) * from / to);
  Taps taps = { first, end - first, g_new (float, end - first) };

  for (int i = 0; i < taps.length; i++)
    taps.weights[i] = 1.0f / (float) taps.length;

  return taps;
}

static Taps *
make_axis (int         from,
           int         to,
           const char *method)
{
  Taps *axis = g_new (Taps, to);
  double scale = (double) from / to;
  double stretch = MAX (scale, 1.0);

  for (int i = 0; i < to; i++)
    {
      double centre = (i + 0.5) * scale;

      if (g_str_equal (method, "nearest-exact"))
        {
          axis[i] = (Taps) { (int) floor (centre), 1, g_new (float, 1) };
          axis[i].weights[0] = 1.0f;
        }
      else if (g_str_equal (method, "area"))
        axis[i] = make_area_taps (i, from, to);
      else if (g_str_equal (method, "bicubic"))
        axis[i] = make_taps (centre, 2.0, 1.0, cubic);
      else if (g_str_equal (method, "lanczos"))
        axis[i] = make_taps (centre, 3.0 * stretch, stretch, lanczos);
      else
        axis[i] = make_taps (centre, 1.0, 1.0, triangle);

      /* Pillow leaves out what lies outside; torch repeats the edge */
      if (g_str_equal (method, "lanczos"))
        {
          float sum = 0.0f;

          for (int t = 0; t < axis[i].length; t++)
            {
              int source = axis[i].first + t;

              if (source < 0 || source >= from)
                axis[i].weights[t] = 0.0f;
              sum += axis[i].weights[t];
            }
          for (int t = 0; t < axis[i].length; t++)
            axis[i].weights[t] /= sum;
        }
    }

  return axis;
}

static void
free_axis (Taps *axis,
           int   length)
{
  for (int i = 0; i < length; i++)
    g_free (axis[i].weights);
  g_free (axis);
}

static SandboxImage *
resize_columns (const SandboxImage *self,
                int                 width,
                const Taps         *axis)
{
  SandboxImage *result = sandbox_image_new (self->batch, self->height, width, self->channels);
  float *target = result->data;

  for (int row = 0; row < self->batch * self->height; row++)
    {
      const float *source = self->data + (gsize) row * self->width * self->channels;

      for (int x = 0; x < width; x++)
        for (int c = 0; c < self->channels; c++)
          {
            float sum = 0.0f;

            for (int t = 0; t < axis[x].length; t++)
              sum += axis[x].weights[t]
                     * source[CLAMP (axis[x].first + t, 0, self->width - 1) * self->channels + c];
            *target++ = sum;
          }
    }

  return result;
}

static SandboxImage *
resize_rows (const SandboxImage *self,
             int                 height,
             const Taps         *axis)
{
  SandboxImage *result = sandbox_image_new (self->batch, height, self->width, self->channels);
  int stride = self->width * self->channels;

  for (int index = 0; index < self->batch; index++)
    for (int y = 0; y < height; y++)
      {
        float *target = sandbox_image_at (result, index, y, 0);

        for (int t = 0; t < axis[y].length; t++)
          {
            const float *source =
              sandbox_image_at (self, index, CLAMP (axis[y].first + t, 0, self->height - 1), 0);

            for (int i = 0; i < stride; i++)
              target[i] += axis[y].weights[t] * source[i];
          }
      }

  return result;
}

/**
 * sandbox_image_resize:
 * @width: px, at least 1
 * @height: px, at least 1
 * @method: nearest-exact, bilinear, area, bicubic or lanczos
 *
 * Returns: (transfer full): the scaled pictures
 */
SandboxImage *
sandbox_image_resize (const SandboxImage *self,
                      int                 width,
                      int                 height,
                      const char         *method)
{
  Taps *columns = make_axis (self->width, width, method);
  Taps *rows = make_axis (self->height, height, method);
  g_autoptr(SandboxImage) wide = resize_columns (self, width, columns);
  SandboxImage *result = resize_rows (wide, height, rows);
  gsize count = sandbox_image_get_count (result);

  free_axis (columns, width);
  free_axis (rows, height);

  if (g_str_equal (method, "lanczos"))
    for (gsize i = 0; i < count; i++)
      result->data[i] = roundf (CLAMP (result->data[i], 0.0f, 1.0f) * 255.0f) / 255.0f;

  return result;
}

/**
 * sandbox_image_resize_cropped:
 *
 * As sandbox_image_resize(), but cuts the longer side to the new aspect ratio first (common_upscale
 * with crop "center").
 *
 * Returns: (transfer full): the scaled pictures
 */
SandboxImage *
sandbox_image_resize_cropped (const SandboxImage *self,
                              int                 width,
                              int                 height,
                              const char         *method)
{
  double old_aspect = (double) self->width / self->height;
  double new_aspect = (double) width / height;
  int left = 0;
  int top = 0;
  g_autoptr(SandboxImage) cut = NULL;

  if (old_aspect > new_aspect)
    left = (int) rint ((self->width - self->width * (new_aspect / old_aspect)) / 2.0);
  else if (old_aspect < new_aspect)
    top = (int) rint ((self->height - self->height * (old_aspect / new_aspect)) / 2.0);

  cut = sandbox_image_new (self->batch, self->height - 2 * top, self->width - 2 * left,
                           self->channels);
  for (int index = 0; index < cut->batch; index++)
    for (int y = 0; y < cut->height; y++)
      memcpy (sandbox_image_at (cut, index, y, 0), sandbox_image_at (self, index, y + top, left),
              (gsize) cut->width * cut->channels * sizeof (float));

  return sandbox_image_resize (cut, width, height, method);
}
