/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far a canvas has moved under what is in it, when it was cropped or has grown. GIMP does not
 * tell, but its layers do: all that kept their size have moved alike. Pure.
 */
#define G_LOG_DOMAIN "comfy-drift"

#include "config.h"

#include "comfy-drift.h"

/* whether a layer of @before is still there in its size; then how far it has moved */
static gboolean
find_move (const ComfyLayerBox *before,
           GArray              *now,
           ComfyRect           *out_move)
{
  for (unsigned int i = 0; i < now->len; i++)
    {
      const ComfyLayerBox *box = &g_array_index (now, ComfyLayerBox, i);

      if (box->tattoo != before->tattoo)
        continue;

      *out_move = (ComfyRect) { box->box.x - before->box.x, box->box.y - before->box.y, 0, 0 };

      return box->box.width == before->box.width && box->box.height == before->box.height;
    }

  return FALSE;
}

/**
 * comfy_drift_find:
 * @before: (element-type ComfyLayerBox): layers when the canvas had its former size
 * @now: (element-type ComfyLayerBox): the layers now, when it has another one
 * @out_x: (out): px by which everything has moved
 * @out_y: (out): px
 *
 * The artist may have moved some of the layers as well: what most of them say counts.
 *
 * Returns: %FALSE when no layer tells, or as many say this as that; then nothing is known
 */
gboolean
comfy_drift_find (GArray *before,
                  GArray *now,
                  int    *out_x,
                  int    *out_y)
{
  unsigned int best = 0;
  gboolean     is_clear = FALSE;

  for (unsigned int i = 0; i < before->len; i++)
    {
      ComfyRect    move;
      ComfyRect    other;
      unsigned int n = 0;

      if (!find_move (&g_array_index (before, ComfyLayerBox, i), now, &move))
        continue;
      for (unsigned int j = 0; j < before->len; j++)
        if (find_move (&g_array_index (before, ComfyLayerBox, j), now, &other)
            && other.x == move.x && other.y == move.y)
          n++;

      if (n > best)
        {
          best = n;
          is_clear = TRUE;
          *out_x = move.x;
          *out_y = move.y;
        }
      else if (n == best && (move.x != *out_x || move.y != *out_y))
        is_clear = FALSE;
    }

  return is_clear;
}
