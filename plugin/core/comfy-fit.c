/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a result goes and how large it becomes there. Pure.
 */
#define G_LOG_DOMAIN "comfy-fit"

#include "config.h"

#include <math.h>

#include "comfy-fit.h"

/**
 * comfy_fit_layer:
 * @placement: where the pixels were taken
 * @width: px of the result
 * @height: px of the result
 * @out_layer: (out): the rectangle that it fills in the image
 *
 * To fit the region: exactly what was taken; the recorded canvas when nothing was. In its natural
 * size, without what was padded when it was sent: from the same corner; in the middle of the
 * recorded canvas when nothing was taken. Without an image both are the result's own size.
 *
 * A canvas of more than %COMFY_FIT_MAX_PIXELS is not filled: what is paid for shall not fail for
 * want of memory, so it gets its natural size there.
 */
void
comfy_fit_layer (const ComfyPlacement *placement,
                 int                   width,
                 int                   height,
                 ComfyRect            *out_layer)
{
  const ComfyRect *crop = &placement->region.crop;
  gboolean         taken = !comfy_rect_is_empty (crop);
  gboolean         canvas = placement->image_width > 0 && placement->image_height > 0;
  guint64          n_canvas = (guint64) MAX (placement->image_width, 0)
                              * (guint64) MAX (placement->image_height, 0);
  ComfyPart        part;

  *out_layer = (ComfyRect) { 0, 0, width, height };

  if (placement->fit == COMFY_FIT_REGION && taken)
    *out_layer = *crop;
  else if (placement->fit == COMFY_FIT_REGION && canvas && n_canvas <= COMFY_FIT_MAX_PIXELS)
    *out_layer = (ComfyRect) { 0, 0, placement->image_width, placement->image_height };
  else if (taken)
    {
      comfy_region_locate (&placement->region, width, height, &part);
      *out_layer = (ComfyRect) { crop->x, crop->y, MAX (1, (int) lround (part.width)),
                                 MAX (1, (int) lround (part.height)) };
    }
  else if (canvas)
    *out_layer = (ComfyRect) { (placement->image_width - width) / 2,
                               (placement->image_height - height) / 2, width, height };
}

/* the canvas as it was recorded lay all in what was taken */
static gboolean
filled_canvas (const ComfyPlacement *placement)
{
  const ComfyRect canvas = { 0, 0, placement->image_width, placement->image_height };

  return comfy_rect_contains (&placement->region.crop, &canvas);
}

/**
 * comfy_fit_canvas:
 * @placement: where the pixels were taken
 * @layer: the rectangle of a result, from comfy_fit_layer()
 * @canvas: (inout): px of the canvas, its size 0 for an image that is made for the result. It may
 *   begin at negative coordinates afterwards: by so much all that is there has to be moved.
 *
 * A canvas that was to grow on some edges does; one that the source filled grows with a result in
 * its natural size. But not when the artist has given it another size meanwhile. It never shrinks.
 */
void
comfy_fit_canvas (const ComfyPlacement *placement,
                  const ComfyRect      *layer,
                  ComfyRect            *canvas)
{
  const ComfyEdges *edges = &placement->edges;
  gboolean          unchanged = canvas->width == placement->image_width
                                && canvas->height == placement->image_height;

  if (comfy_rect_is_empty (canvas)
      || (placement->fit == COMFY_FIT_NATURAL && unchanged && filled_canvas (placement)))
    {
      canvas->width = MAX (canvas->width, layer->x + layer->width);
      canvas->height = MAX (canvas->height, layer->y + layer->height);
    }
  else if (unchanged)
    {
      canvas->x -= edges->left;
      canvas->y -= edges->top;
      canvas->width += edges->left + edges->right;
      canvas->height += edges->top + edges->bottom;
    }
}
