/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is measured with. The photographs of tests/data are scaled up, which would make them smoother
 * than any that a camera takes and so easier to encode: grain as it is left by a sensor and by what
 * a camera makes of its values makes up for it.
 */
#include "config.h"

#include <cairo.h>
#include <math.h>

#include "canvas-bench.h"
#include "comfy-codec.h"
#include "test-future.h"

#define LUMA_GRAIN   3.2 /* standard deviation in levels, where it is half bright */
#define CHROMA_GRAIN 0.9

static guint64
next (guint64 *state)
{
  guint64 value = *state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  value = (value ^ (value >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  value = (value ^ (value >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);

  return value ^ (value >> 31);
}

/* random bits → about normally distributed, standard deviation 1 */
static double
get_normal (guint64 bits)
{
  int sum = (int) (bits & 255) + (int) (bits >> 8 & 255) + (int) (bits >> 16 & 255)
            + (int) (bits >> 24 & 255);

  return (sum - 510) / 147.8;
}

/* Each pixel's value has a share of its neighbours', as a camera makes its colours of them. */
static float *
make_luma_grain (int      edge,
                 guint64 *state)
{
  size_t            n = (size_t) edge * edge;
  g_autofree float *raw = g_new (float, n);
  float            *grain = g_new (float, n);

  for (size_t i = 0; i < n; i++)
    raw[i] = (float) get_normal (next (state));
  /* 1.414: what the neighbours' shares take of the deviation */
  for (size_t i = 0; i < n; i++)
    grain[i] = 1.414f * (0.5f * raw[i] + 0.35f * raw[(i + 1) % n] + 0.35f * raw[(i + edge) % n]);

  return grain;
}

static void
add_grain (const guint8 *rgb,
           guint8       *rgba,
           int           edge)
{
  guint64           state = 1;
  g_autofree float *grain = make_luma_grain (edge, &state);

  for (size_t i = 0; i < (size_t) edge * edge; i++)
    {
      const guint8 *source = rgb + i * 3;
      double        light = (source[0] + 2 * source[1] + source[2]) / 1020.0;
      /* the noise of light itself grows with the root of the light */
      double        strength = 0.4 + 0.85 * sqrt (light);

      for (unsigned int channel = 0; channel < 3; channel++)
        {
          double value = source[channel]
                         + strength * (LUMA_GRAIN * grain[i]
                                       + CHROMA_GRAIN * get_normal (next (&state)));

          rgba[i * 4 + channel] = (guint8) CLAMP (value + 0.5, 0.0, 255.0);
        }
      rgba[i * 4 + 3] = 255;
    }
}

/* (transfer full): the largest square in the middle of one of the photographs in tests/data */
ComfyPixels *
bench_photograph (const char *name,
                  int         edge)
{
  g_autofree char        *path = g_strdup_printf ("%s/tests/data/%s.jpg", COMFY_TEST_SOURCE_DIR,
                                                  name);
  g_autoptr(ComfyPixels)  taken = test_await_boxed (comfy_codec_decode (path, G_MAXUINT32));
  g_autoptr(ComfyPixels)  scaled = NULL;
  int                     side = MIN (taken->width, taken->height);
  ComfyPart               part = { (taken->width - side) / 2, (taken->height - side) / 2,
                                   side, side };
  guint8                 *data = g_malloc_n (edge, (size_t) edge * 4);

  scaled = comfy_resample_part (taken, &part, edge, edge);
  add_grain (g_bytes_get_data (scaled->data, NULL), data, edge);

  return comfy_pixels_new_take (edge, edge, 4, 8, data);
}

static void
draw (cairo_t *cairo,
      double   edge)
{
  static const char *words[] = { "sharp", "pencil", "ink on paper", "balloon", "panel 4" };
  double             unit = edge / 64.0;

  /* flat areas, the ground around them is transparent */
  for (int i = 0; i < 12; i++)
    {
      double x = (4 + i % 4 * 15) * unit;
      double y = (4 + i / 4 * 19) * unit;

      cairo_set_source_rgb (cairo, 0.15 + i * 0.06, 0.9 - i * 0.05, 0.3 + i % 3 * 0.25);
      cairo_rectangle (cairo, x, y, 12 * unit, 16 * unit);
      cairo_fill (cairo);
      /* a shadow that is seen through */
      cairo_set_source_rgba (cairo, 0.0, 0.0, 0.1, 0.35);
      cairo_arc (cairo, x + 9 * unit, y + 11 * unit, 5 * unit, 0, 2 * G_PI);
      cairo_fill (cairo);
    }

  cairo_set_source_rgb (cairo, 0.05, 0.05, 0.05);
  for (int i = 0; i < 160; i++)
    {
      cairo_set_line_width (cairo, 1.0 + i % 5);
      cairo_move_to (cairo, edge * (i * 37 % 160) / 160.0, edge * (i * 53 % 160) / 160.0);
      cairo_curve_to (cairo, edge * (i * 17 % 160) / 160.0, edge * (i * 71 % 160) / 160.0,
                      edge * (i * 29 % 160) / 160.0, edge * (i * 91 % 160) / 160.0,
                      edge * (i * 61 % 160) / 160.0, edge * (i * 43 % 160) / 160.0);
      cairo_stroke (cairo);
    }

  for (int i = 0; i < 60; i++)
    {
      cairo_set_font_size (cairo, (1.0 + i % 3) * unit);
      cairo_move_to (cairo, i % 4 * edge / 4.0, (i + 1) * unit);
      cairo_show_text (cairo, words[i % G_N_ELEMENTS (words)]);
    }
}

/* (transfer full): flat areas, lines, text, and a ground that is transparent */
ComfyPixels *
bench_drawing (int edge)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, edge, edge);
  cairo_t         *cairo = cairo_create (surface);
  guint8          *data = g_malloc_n (edge, (size_t) edge * 4);

  draw (cairo, edge);
  cairo_destroy (cairo);
  cairo_surface_flush (surface);
  for (int y = 0; y < edge; y++)
    {
      const guint32 *row = (const void *) (cairo_image_surface_get_data (surface)
                                           + (size_t) y
                                             * cairo_image_surface_get_stride (surface));
      guint8        *out = data + (size_t) y * edge * 4;

      for (int x = 0; x < edge; x++)
        {
          unsigned int alpha = row[x] >> 24;

          for (unsigned int channel = 0; channel < 3; channel++)
            {
              unsigned int value = row[x] >> (16 - 8 * channel) & 255;

              out[x * 4 + channel] = alpha > 0 ? (value * 255 + alpha / 2) / alpha : 0;
            }
          out[x * 4 + 3] = alpha;
        }
    }
  cairo_surface_destroy (surface);

  return comfy_pixels_new_take (edge, edge, 4, 8, data);
}
