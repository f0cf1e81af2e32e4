/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a result goes and how large it becomes there. Pure.
 */
#define G_LOG_DOMAIN "comfy-fit"

#include "config.h"

#include "comfy-fit.h"

/**
 * comfy_fit_layer:
 * @placement: where the pixels were taken
 * @width: px of the result
 * @height: px of the result
 * @out_layer: (out): the rectangle that it fills in the image
 *
 * To fit the region: exactly what was taken; the recorded canvas when nothing was. In its natural
 * size: from the same corner; in the middle of the recorded canvas when nothing was taken. Without
 * an image both are the result's own size.
 */
void
comfy_fit_layer (const ComfyPlacement *placement,
                 int                   width,
                 int                   height,
                 ComfyRect            *out_layer)
{
  gboolean taken = placement->region.crop.width > 0 && placement->region.crop.height > 0;
  gboolean canvas = placement->image_width > 0 && placement->image_height > 0;

  *out_layer = (ComfyRect) { 0, 0, width, height };

  if (placement->fit == COMFY_FIT_REGION && taken)
    *out_layer = (ComfyRect) { placement->region.crop.x, placement->region.crop.y, placement->region.crop.width, placement->region.crop.height };
  else if (placement->fit == COMFY_FIT_REGION && canvas)
    *out_layer = (ComfyRect) { 0, 0, placement->image_width, placement->image_height };
  else if (taken)
    *out_layer = (ComfyRect) { placement->region.crop.x, placement->region.crop.y, width, height };
  else if (canvas)
    *out_layer = (ComfyRect) { (placement->image_width - width) / 2,
                               (placement->image_height - height) / 2, width, height };
}

/* the canvas as it was recorded lay all in what was taken */
static gboolean
filled_canvas (const ComfyPlacement *placement)
{
  return placement->region.crop.width > 0 && placement->region.crop.height > 0
         && placement->region.crop.x <= 0 && placement->region.crop.x + placement->region.crop.width >= placement->image_width
         && placement->region.crop.y <= 0 && placement->region.crop.y + placement->region.crop.height >= placement->image_height;
}

/**
 * comfy_fit_canvas:
 * @placement: where the pixels were taken
 * @layer: the rectangle of a result, from comfy_fit_layer()
 * @canvas_width: (inout): px of the canvas, 0 for an image that is made for the result
 * @canvas_height: (inout): px of the canvas, 0 for an image that is made for the result
 *
 * A canvas that the source filled grows with a result in its natural size, unless the artist has
 * given it another size meanwhile. It never shrinks.
 */
void
comfy_fit_canvas (const ComfyPlacement *placement,
                  const ComfyRect      *layer,
                  int                  *canvas_width,
                  int                  *canvas_height)
{
  gboolean unchanged = *canvas_width == placement->image_width
                       && *canvas_height == placement->image_height;

  if (*canvas_width == 0 || *canvas_height == 0
      || (placement->fit == COMFY_FIT_NATURAL && unchanged && filled_canvas (placement)))
    {
      *canvas_width = MAX (*canvas_width, layer->x + layer->width);
      *canvas_height = MAX (*canvas_height, layer->y + layer->height);
    }
}
