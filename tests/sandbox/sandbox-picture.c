/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands in for a generated picture: a paper landscape under a low sun, plainly not from a
 * model. Every line of it follows from the hash of the whole graph (prompt, seed, steps, …), its
 * colours from colour words in the prompt when there are any. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <math.h>

#include "sandbox-node.h"

#define HILLS 5
#define WAVES 4

typedef struct
{
  float hue;          /* 0…1 */
  float saturation;   /* 0…1 */
  float sun_x;        /* 0…1 of the width */
  float sun_y;        /* 0…1 of the height */
  float sun_radius;   /* 0…1 of the shorter edge */
  float base[HILLS];  /* where a hill stands, 0…1 of the height */
  float amplitude[HILLS][WAVES];
  float frequency[HILLS][WAVES];
  float phase[HILLS][WAVES];
} Scene;

static float
draw_lot (guint64      hash,
          unsigned int number)
{
  return (float) (sandbox_hash (hash, &number, sizeof number) >> 40) / (float) (1 << 24);
}

/**
 * sandbox_picture_find_hue:
 * @words: (nullable): the prompt
 * @hue: (out): 0…1
 * @saturation: (out): 0…1
 *
 * Returns: whether there is a word for a colour among them
 */
gboolean
sandbox_picture_find_hue (const char *words,
                          float      *hue,
                          float      *saturation)
{
  static const struct
  {
    const char *word;
    float       hue;
    float       saturation;
  } colours[] = {
    { "red", 0.0f, 0.75f }, { "orange", 0.08f, 0.8f }, { "gold", 0.12f, 0.75f },
    { "yellow", 0.15f, 0.8f }, { "green", 0.33f, 0.6f }, { "forest", 0.36f, 0.5f },
    { "teal", 0.49f, 0.6f }, { "sea", 0.55f, 0.6f }, { "blue", 0.6f, 0.7f },
    { "night", 0.66f, 0.6f }, { "violet", 0.75f, 0.55f }, { "purple", 0.78f, 0.6f },
    { "pink", 0.92f, 0.5f }, { "grey", 0.6f, 0.06f }, { "white", 0.6f, 0.1f },
  };
  g_auto(GStrv) parts = g_str_tokenize_and_fold (words != NULL ? words : "", "en", NULL);

  for (unsigned int i = 0; i < G_N_ELEMENTS (colours); i++)
    if (g_strv_contains ((const char *const *) parts, colours[i].word))
      {
        *hue = colours[i].hue;
        *saturation = colours[i].saturation;
        return TRUE;
      }

  return FALSE;
}

static void
lay_out (Scene      *scene,
         guint64     hash,
         const char *words)
{
  unsigned int lot = 0;

  scene->hue = draw_lot (hash, lot++);
  scene->saturation = 0.4f + 0.35f * draw_lot (hash, lot++);
  scene->sun_x = 0.2f + 0.6f * draw_lot (hash, lot++);
  scene->sun_y = 0.22f + 0.25f * draw_lot (hash, lot++);
  scene->sun_radius = 0.08f + 0.08f * draw_lot (hash, lot++);

  for (unsigned int h = 0; h < HILLS; h++)
    {
      scene->base[h] = 0.42f + 0.12f * (float) h + 0.05f * draw_lot (hash, lot++);
      for (unsigned int w = 0; w < WAVES; w++)
        {
          scene->amplitude[h][w] = 0.075f / (float) (1 << w) * (0.5f + draw_lot (hash, lot++));
          scene->frequency[h][w] = (1.0f + 2.2f * draw_lot (hash, lot++)) * (float) (1 << w);
          scene->phase[h][w] = draw_lot (hash, lot++);
        }
    }

  sandbox_picture_find_hue (words, &scene->hue, &scene->saturation);
}

static void
hsv_to_rgb (float  hue,
            float  saturation,
            float  value,
            float *rgb)
{
  for (int c = 0; c < 3; c++)
    {
      float k = fmodf ((float) (5 - 2 * c) + hue * 6.0f, 6.0f);
      float ramp = CLAMP (MIN (k, 4.0f - k), 0.0f, 1.0f);

      rgb[c] = value * (1.0f - saturation * ramp);
    }
}

static void
paint_sky (const Scene *scene,
           float        x,
           float        y,
           float        shorter,
           float        width,
           float        height,
           float       *rgb)
{
  float distance = hypotf ((x - scene->sun_x) * width, (y - scene->sun_y) * height) / shorter;
  float glow = expf (-6.0f * MAX (0.0f, distance - scene->sun_radius));

  hsv_to_rgb (scene->hue + 0.08f * (1.0f - y), scene->saturation * (0.75f - 0.5f * y),
              0.72f + 0.26f * y, rgb);
  for (int c = 0; c < 3; c++)
    rgb[c] += (1.0f - rgb[c]) * 0.55f * glow;

  if (distance < scene->sun_radius)
    hsv_to_rgb (scene->hue + 0.1f, 0.2f * scene->saturation, 1.0f, rgb);
}

static void
paint_column (const Scene  *scene,
              SandboxImage *image,
              int           column)
{
  float x = ((float) column + 0.5f) / (float) image->width;
  float shorter = (float) MIN (image->width, image->height);
  float ridge[HILLS];

  for (int h = 0; h < HILLS; h++)
    {
      ridge[h] = scene->base[h];
      for (int w = 0; w < WAVES; w++)
        ridge[h] += scene->amplitude[h][w]
                    * sinf (2.0f * (float) G_PI
                            * (scene->frequency[h][w] * x + scene->phase[h][w]));
    }

  for (int row = 0; row < image->height; row++)
    {
      float y = ((float) row + 0.5f) / (float) image->height;
      float *rgb = sandbox_image_at (image, 0, row, column);
      int hill = HILLS - 1;

      while (hill >= 0 && y < ridge[hill])
        hill--;

      if (hill < 0)
        paint_sky (scene, x, y, shorter, (float) image->width, (float) image->height, rgb);
      else
        {
          /* each paper is lighter at its edge, and the farther the paler */
          float near = (float) hill / (HILLS - 1);
          float edge = expf (-18.0f * (y - ridge[hill]));

          hsv_to_rgb (scene->hue + 0.06f * near, scene->saturation * (0.45f + 0.55f * near),
                      0.78f - 0.52f * near + 0.12f * edge, rgb);
        }
    }
}

/**
 * sandbox_picture_new:
 * @hash: of all that it shall depend on
 * @words: (nullable): the prompt, searched for colours
 * @width: px
 * @height: px
 *
 * Returns: (transfer full): one picture of three channels
 */
SandboxImage *
sandbox_picture_new (guint64     hash,
                     const char *words,
                     int         width,
                     int         height)
{
  SandboxImage *image = sandbox_image_new (1, height, width, 3);
  Scene scene;

  lay_out (&scene, hash, words);
  for (int x = 0; x < width; x++)
    paint_column (&scene, image, x);

  return image;
}
