/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-darken"

#include "config.h"

#include "comfy-darken.h"

#define DARKEST 90 /* of 255: what is left of the brightness where nothing is selected */

/**
 * comfy_darken:
 * @shown: RGBA, 8 bits
 * @mask: grey, 8 bits, of the same size: 255 is selected
 *
 * Returns: (transfer full) (nullable): the same, dark where it is not selected; %NULL when there is
 *   no memory for it
 */
ComfyPixels *
comfy_darken (ComfyPixels *shown,
              ComfyPixels *mask)
{
  const guint8 *data = g_bytes_get_data (shown->data, NULL);
  const guint8 *selected = g_bytes_get_data (mask->data, NULL);
  size_t        n = (size_t) shown->width * shown->height;
  guint8       *dark;

  g_return_val_if_fail (shown->channels == 4 && shown->depth == 8, NULL);
  g_return_val_if_fail (mask->channels == 1 && mask->depth == 8, NULL);
  g_return_val_if_fail (mask->width == shown->width && mask->height == shown->height, NULL);

  dark = g_try_malloc_n (n, 4);
  if (dark == NULL)
    return NULL;
  for (size_t i = 0; i < n; i++)
    {
      int light = DARKEST + (255 - DARKEST) * selected[i] / 255;

      for (size_t channel = 0; channel < 3; channel++)
        dark[i * 4 + channel] = (guint8) (data[i * 4 + channel] * light / 255);
      dark[i * 4 + 3] = data[i * 4 + 3];
    }

  return comfy_pixels_new_take (shown->width, shown->height, 4, 8, dark);
}
