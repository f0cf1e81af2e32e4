/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A rectangle in an image, in px; may lie outside of the canvas. Empty when an edge is not longer
 * than 0. */
typedef struct
{
  int x;
  int y;
  int width;
  int height;
} ComfyRect;

gboolean comfy_rect_is_empty  (const ComfyRect *self);
gboolean comfy_rect_contains  (const ComfyRect *outer,
                               const ComfyRect *inner);
gboolean comfy_rect_intersect (const ComfyRect *a,
                               const ComfyRect *b,
                               ComfyRect       *out_rect);
void     comfy_rect_unite     (const ComfyRect *a,
                               const ComfyRect *b,
                               ComfyRect       *out_rect);

G_END_DECLS
