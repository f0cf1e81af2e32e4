/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands in for models that look for something in a picture. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <math.h>
#include <string.h>

#include "sandbox-node.h"

static void
get_mean_of_edge (const SandboxImage *image,
                  int                 index,
                  double             *mean)
{
  int count = 0;

  memset (mean, 0, 3 * sizeof (double));
  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++)
      if (y == 0 || x == 0 || y == image->height - 1 || x == image->width - 1)
        {
          for (int c = 0; c < 3; c++)
            mean[c] += sandbox_image_at (image, index, y, x)[c];
          count++;
        }

  for (int c = 0; c < 3; c++)
    mean[c] /= count;
}

/**
 * sandbox_find_subject:
 *
 * A "subject" is what differs from the mean colour along the picture's edge.
 *
 * Returns: (transfer full): a mask, 1 on the subject, soft at its edge
 */
SandboxImage *
sandbox_find_subject (const SandboxImage *image)
{
  SandboxImage *mask = sandbox_image_new (image->batch, image->height, image->width, 1);

  for (int index = 0; index < image->batch; index++)
    {
      double mean[3];

      get_mean_of_edge (image, index, mean);
      for (int y = 0; y < image->height; y++)
        for (int x = 0; x < image->width; x++)
          {
            const float *pixel = sandbox_image_at (image, index, y, x);
            double distance = 0.0;

            for (int c = 0; c < 3; c++)
              distance += fabs (pixel[c] - mean[c]);
            *sandbox_image_at (mask, index, y, x) = (float) CLAMP (4.0 * distance - 0.5, 0.0, 1.0);
          }
    }

  return mask;
}

/* 0…1, or -1 when there is hardly any colour */
static float
get_hue (const float *rgb)
{
  float most = MAX (MAX (rgb[0], rgb[1]), rgb[2]);
  float least = MIN (MIN (rgb[0], rgb[1]), rgb[2]);
  float range = most - least;
  float sixths;

  if (range < 0.12f)
    return -1.0f;

  if (most == rgb[0])
    sixths = (rgb[1] - rgb[2]) / range;
  else if (most == rgb[1])
    sixths = 2.0f + (rgb[2] - rgb[0]) / range;
  else
    sixths = 4.0f + (rgb[0] - rgb[1]) / range;

  return (sixths < 0.0f ? sixths + 6.0f : sixths) / 6.0f;
}

static gboolean
has_hue (const float *rgb,
         float        wanted)
{
  float hue = get_hue (rgb);
  float distance = fabsf (hue - wanted);

  return hue >= 0.0f && MIN (distance, 1.0f - distance) < 0.07f;
}

/**
 * sandbox_find_named:
 * @words: (nullable): what is looked for
 *
 * Finds what has the colour that the words name, "nothing" for nothing, else the subject, cut off
 * a little harder or softer as follows from the words.
 *
 * Returns: (transfer full): a mask of 0 and 1
 */
SandboxImage *
sandbox_find_named (const SandboxImage *image,
                    const char         *words)
{
  g_autofree char *folded = g_ascii_strdown (words != NULL ? words : "", -1);
  guint64 hash = sandbox_hash (0, folded, strlen (folded));
  float limit = 0.2f + 0.6f * (float) (hash >> 40) / (float) (1 << 24);
  SandboxImage *mask = sandbox_find_subject (image);
  float hue;
  float saturation;
  gboolean by_hue = sandbox_picture_find_hue (words, &hue, &saturation);

  for (gsize i = 0; i < sandbox_image_get_count (mask); i++)
    {
      gboolean found = by_hue ? has_hue (image->data + i * image->channels, hue)
                              : mask->data[i] > limit && !g_str_equal (folded, "nothing");

      mask->data[i] = found ? 1.0f : 0.0f;
    }

  return mask;
}
