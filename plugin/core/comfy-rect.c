/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rectangles as sets of pixels. Pure; right for every int, because ends are reckoned in 64 bits.
 */
#define G_LOG_DOMAIN "comfy-rect"

#include "config.h"

#include "comfy-rect.h"

static gint64
get_right (const ComfyRect *self)
{
  return (gint64) self->x + self->width;
}

static gint64
get_bottom (const ComfyRect *self)
{
  return (gint64) self->y + self->height;
}

/**
 * comfy_rect_is_empty:
 * @self: a rectangle
 *
 * Returns: whether there is no pixel in it
 */
gboolean
comfy_rect_is_empty (const ComfyRect *self)
{
  return self->width <= 0 || self->height <= 0;
}

/**
 * comfy_rect_contains:
 * @outer: a rectangle
 * @inner: another one
 *
 * Returns: whether every pixel of @inner is one of @outer; an empty one lies in every other
 */
gboolean
comfy_rect_contains (const ComfyRect *outer,
                     const ComfyRect *inner)
{
  if (comfy_rect_is_empty (inner))
    return TRUE;

  return inner->x >= outer->x && get_right (inner) <= get_right (outer)
         && inner->y >= outer->y && get_bottom (inner) <= get_bottom (outer);
}

/**
 * comfy_rect_intersect:
 * @a: a rectangle
 * @b: another one
 * @out_rect: (out): what both have, without width and height when that is nothing; may be @a or @b
 *
 * Returns: %FALSE when they have no pixel in common
 */
gboolean
comfy_rect_intersect (const ComfyRect *a,
                      const ComfyRect *b,
                      ComfyRect       *out_rect)
{
  int    x = MAX (a->x, b->x);
  int    y = MAX (a->y, b->y);
  gint64 right = MIN (get_right (a), get_right (b));
  gint64 bottom = MIN (get_bottom (a), get_bottom (b));

  if (comfy_rect_is_empty (a) || comfy_rect_is_empty (b) || right <= x || bottom <= y)
    {
      *out_rect = (ComfyRect) { x, y, 0, 0 };
      return FALSE;
    }
  *out_rect = (ComfyRect) { x, y, (int) (right - x), (int) (bottom - y) };

  return TRUE;
}

/**
 * comfy_rect_unite:
 * @a: a rectangle
 * @b: another one
 * @out_rect: (out): the smallest that contains both; may be @a or @b
 *
 * An empty one adds nothing. Edges that no int can hold end at %G_MAXINT px.
 */
void
comfy_rect_unite (const ComfyRect *a,
                  const ComfyRect *b,
                  ComfyRect       *out_rect)
{
  int    x = MIN (a->x, b->x);
  int    y = MIN (a->y, b->y);
  gint64 width = MAX (get_right (a), get_right (b)) - x;
  gint64 height = MAX (get_bottom (a), get_bottom (b)) - y;

  if (comfy_rect_is_empty (b))
    *out_rect = *a;
  else if (comfy_rect_is_empty (a))
    *out_rect = *b;
  else
    *out_rect = (ComfyRect) { x, y, (int) MIN (width, G_MAXINT), (int) MIN (height, G_MAXINT) };
}
