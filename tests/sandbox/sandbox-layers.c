/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands in for a model that takes a picture apart into layers. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "sandbox-node.h"

/* a place per layer; a pixel belongs to the layer whose place is the nearest */
typedef struct
{
  float x;  /* 0…1 of the width */
  float y;  /* 0…1 of the height */
} Place;

/* One place in each of as many columns, so that every layer gets a part of any picture. */
static Place *
draw_places (guint64 hash,
             int     count)
{
  Place *places = g_new (Place, MAX (1, count));

  for (int i = 0; i < count; i++)
    {
      guint64 lot = sandbox_hash (hash, &i, sizeof i);

      places[i].x = ((float) i + 0.25f + 0.5f * (float) (lot >> 48) / 65536.0f) / (float) count;
      places[i].y = 0.25f + 0.5f * (float) (lot >> 32 & 65535) / 65536.0f;
    }

  return places;
}

static int
find_owner (const Place *places,
            int          count,
            float        x,
            float        y)
{
  float least = G_MAXFLOAT;
  int owner = 0;

  for (int i = 0; i < count; i++)
    {
      float dx = x - places[i].x;
      float dy = y - places[i].y;

      if (dx * dx + dy * dy < least)
        {
          least = dx * dx + dy * dy;
          owner = i;
        }
    }

  return owner;
}

static void
get_mean (const SandboxImage *picture,
          float              *mean)
{
  double sum[3] = { 0.0 };
  gsize count = (gsize) picture->width * picture->height;

  for (gsize i = 0; i < count; i++)
    for (int c = 0; c < 3; c++)
      sum[c] += picture->data[i * picture->channels + c];
  for (int c = 0; c < 3; c++)
    mean[c] = (float) (sum[c] / (double) count);
}

/**
 * sandbox_layers_new:
 * @picture: one picture
 * @hash: of all that the parts shall depend on
 * @words: (nullable): the prompt
 * @frames: 1 and the number of layers
 *
 * The first frame is the whole once more, faintly washed over with what would be generated. The
 * other ones are the layers from the lowest up: laid over each other they are exactly @picture. The
 * lowest is opaque; where another layer covers it, it has the mean colour.
 *
 * Returns: (transfer full): @frames pictures of four channels
 */
SandboxImage *
sandbox_layers_new (const SandboxImage *picture,
                    guint64             hash,
                    const char         *words,
                    int                 frames)
{
  SandboxImage *result = sandbox_image_new (frames, picture->height, picture->width, 4);
  g_autoptr(SandboxImage) wash =
    sandbox_picture_new (hash, words, picture->width, picture->height);
  g_autofree Place *places = draw_places (hash, frames - 1);
  float mean[3];

  get_mean (picture, mean);
  for (int y = 0; y < picture->height; y++)
    for (int x = 0; x < picture->width; x++)
      {
        const float *pixel = sandbox_image_at (picture, 0, y, x);
        int owner = find_owner (places, frames - 1, ((float) x + 0.5f) / (float) picture->width,
                                ((float) y + 0.5f) / (float) picture->height);

        for (int frame = 0; frame < frames; frame++)
          {
            float *target = sandbox_image_at (result, frame, y, x);
            gboolean owned = frame - 1 == owner;

            for (int c = 0; c < 3; c++)
              {
                if (frame == 0)
                  target[c] = 0.85f * pixel[c] + 0.15f * sandbox_image_at (wash, 0, y, x)[c];
                else if (owned)
                  target[c] = pixel[c];
                else if (frame == 1)
                  target[c] = mean[c];
              }
            target[3] = frame <= 1 || owned ? 1.0f : 0.0f;
          }
      }

  return result;
}
