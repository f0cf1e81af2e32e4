/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way of a piece of the image to a model and exactly back: what is taken around the target, how
 * large it is sent, and where in the result it lies. Pure.
 *
 * Whatever is decided here, the way back is the inverse of the way there, and both are reckoned
 * from the same numbers. So the choices are free to be good for the model: its size, its multiples,
 * little padding, and no scaling at all where the pixels can go as they are.
 */
#define G_LOG_DOMAIN "comfy-region"

#include "config.h"

#include <math.h>

#include "comfy-region.h"

#define NEAR_ENOUGH 0.1 /* share of the wanted pixels that may lack or be too many, unscaled */
#define REACH       0.05 /* share of the edge within which a better size is looked for */
#define REACH_MAX   256  /* px */

/* the limits without contradictions: multiples of @multiple, the longest not under the shortest */
static void
normalise (const ComfySizing *sizing,
           ComfySizing       *out_sizing)
{
  int    multiple = MAX (sizing->multiple, 1);
  int    max_edge = sizing->max_edge > 0 ? sizing->max_edge : G_MAXINT;
  gint64 min_edge = ((gint64) MAX (sizing->min_edge, 1) + multiple - 1) / multiple * multiple;

  *out_sizing = *sizing;
  out_sizing->multiple = multiple;
  out_sizing->max_edge = MAX (max_edge / multiple, 1) * multiple;
  out_sizing->min_edge = (int) MIN (min_edge, out_sizing->max_edge);
}

/* px that are sent of an edge of @edge px, which is not longer than max_edge */
static gint64
get_sent_edge (const ComfySizing *sizing,
               gint64             edge)
{
  gint64 sent = (edge + sizing->multiple - 1) / sizing->multiple * sizing->multiple;

  return CLAMP (sent, sizing->min_edge, sizing->max_edge);
}

/* around the target's middle, but moved and cut so that it stays in the limits */
static void
choose_range (int     target,
              int     target_length,
              int     limit,
              int     limit_length,
              double  wanted,
              int    *out_start,
              int    *out_length)
{
  gint64 length = (gint64) MIN (MAX (wanted, target_length), limit_length);
  gint64 start = target - (length - target_length) / 2;

  *out_start = (int) CLAMP (start, limit, (gint64) limit + limit_length - length);
  *out_length = (int) length;
}

static gboolean
is_near (double pixels,
         double wanted)
{
  return fabs (pixels - wanted) <= NEAR_ENOUGH * wanted;
}

/* how much speaks against a size: another number of pixels than is wanted, and padding */
static double
get_cost (const ComfySizing *sizing,
          double             wanted,
          gint64             longer,
          gint64             shorter)
{
  double pixels = (double) longer * shorter;
  double sent = (double) get_sent_edge (sizing, longer) * get_sent_edge (sizing, shorter);

  return fabs (log (sent / wanted)) + (sent - pixels) / sent;
}

/* px of both edges of the crop as they are sent */
static void
choose_size (const ComfySizing *sizing,
             gint64             longer,
             gint64             shorter,
             gint64            *out_longer,
             gint64            *out_shorter)
{
  double taken = (double) longer * shorter;
  double wanted = sizing->pixels > 0 ? (double) sizing->pixels : taken;
  gint64 ideal;
  gint64 reach;
  double lowest = G_MAXDOUBLE;

  *out_longer = longer;
  *out_shorter = shorter;
  if (longer <= sizing->max_edge && is_near (taken, wanted)
      && (sizing->pixels == 0
          || is_near ((double) get_sent_edge (sizing, longer) * get_sent_edge (sizing, shorter),
                      wanted)))
    return;

  ideal = (gint64) CLAMP (round (longer * sqrt (wanted / taken)), 1.0, sizing->max_edge);
  reach = MIN (2 * (gint64) sizing->multiple, MIN ((gint64) (ideal * REACH), REACH_MAX));
  for (gint64 edge = ideal - reach; edge <= MIN (ideal + reach, sizing->max_edge); edge++)
    {
      gint64 other = MAX ((gint64) round ((double) shorter * edge / longer), 1);
      double cost = get_cost (sizing, wanted, edge, other);

      if (cost < lowest)
        {
          lowest = cost;
          *out_longer = edge;
          *out_shorter = other;
        }
    }
}

static void
pad (const ComfySizing *sizing,
     int                edge,
     int               *out_before,
     int               *out_after)
{
  int padding = (int) (get_sent_edge (sizing, edge) - edge);

  *out_before = padding / 2;
  *out_after = padding - padding / 2;
}

/**
 * comfy_region_plan:
 * @target: px in the image: what is to be changed; not empty, within @limits
 * @limits: px in the image: what there is to take
 * @sizing: what the model wants
 * @out_region: (out): what to take and how to send it
 *
 * The crop is the target and its context, the target in the middle unless a limit is near. It is
 * scaled evenly to about the pixels that are wanted, to whole pixels, and padded to multiples and
 * to the shortest edge. Of the sizes near the wanted one it gets that with little padding. A crop
 * that has about as many pixels already is not scaled, so that its pixels are sent as they are.
 * Where limits of @sizing contradict each other, the multiple wins over the longest edge and that
 * over the shortest, and all of them over the pixels.
 */
void
comfy_region_plan (const ComfyRect   *target,
                   const ComfyRect   *limits,
                   const ComfySizing *sizing,
                   ComfyRegion       *out_region)
{
  ComfySizing rules;
  double      margin = MAX (sizing->context, 0.0) * MAX (target->width, target->height);
  gint64      longer;
  gint64      shorter;

  *out_region = (ComfyRegion) { 0 };
  g_return_if_fail (!comfy_rect_is_empty (target) && comfy_rect_contains (limits, target));

  normalise (sizing, &rules);
  choose_range (target->x, target->width, limits->x, limits->width,
                MAX (target->width + 2.0 * round (margin), sizing->context_min),
                &out_region->crop.x, &out_region->crop.width);
  choose_range (target->y, target->height, limits->y, limits->height,
                MAX (target->height + 2.0 * round (margin), sizing->context_min),
                &out_region->crop.y, &out_region->crop.height);

  choose_size (&rules, MAX (out_region->crop.width, out_region->crop.height),
               MIN (out_region->crop.width, out_region->crop.height), &longer, &shorter);
  out_region->width = (int) (out_region->crop.width >= out_region->crop.height ? longer : shorter);
  out_region->height = (int) (out_region->crop.width >= out_region->crop.height ? shorter : longer);
  pad (&rules, out_region->width, &out_region->left, &out_region->right);
  pad (&rules, out_region->height, &out_region->top, &out_region->bottom);
}

/**
 * comfy_region_get_width:
 * @self: a region
 *
 * Returns: px of what is sent, with the padding
 */
int
comfy_region_get_width (const ComfyRegion *self)
{
  return self->left + self->width + self->right;
}

/**
 * comfy_region_get_height:
 * @self: a region
 *
 * Returns: px of what is sent, with the padding
 */
int
comfy_region_get_height (const ComfyRegion *self)
{
  return self->top + self->height + self->bottom;
}

/**
 * comfy_region_locate:
 * @self: a region
 * @result_width: px, at least 1
 * @result_height: px, at least 1
 * @out_part: (out): where in a result of that size the crop is
 *
 * A result of another size than was sent is what was sent, stretched.
 */
void
comfy_region_locate (const ComfyRegion *self,
                     int                result_width,
                     int                result_height,
                     ComfyPart         *out_part)
{
  double width = comfy_region_get_width (self);
  double height = comfy_region_get_height (self);

  /* multiplied first: exact wherever the quotient is a whole number */
  out_part->x = (double) self->left * result_width / width;
  out_part->y = (double) self->top * result_height / height;
  out_part->width = (double) self->width * result_width / width;
  out_part->height = (double) self->height * result_height / height;
}

/**
 * comfy_region_pack:
 * @self: a region
 * @crop: the pixels of the crop, in its size; also its mask
 *
 * Returns: (transfer full) (nullable): what is sent: scaled, the edges going on into the padding;
 *   bit for bit where nothing is scaled; %NULL when there is no memory for it
 */
ComfyPixels *
comfy_region_pack (const ComfyRegion *self,
                   ComfyPixels       *crop)
{
  int       width = comfy_region_get_width (self);
  int       height = comfy_region_get_height (self);
  ComfyPart part;

  g_return_val_if_fail (crop->width == self->crop.width && crop->height == self->crop.height, NULL);

  /* all that is sent, as a part of the crop that reaches beyond it */
  part.x = -(double) self->left * crop->width / self->width;
  part.y = -(double) self->top * crop->height / self->height;
  part.width = (double) width * crop->width / self->width;
  part.height = (double) height * crop->height / self->height;

  return comfy_resample_part (crop, &part, width, height);
}

/**
 * comfy_region_unpack:
 * @self: a region
 * @result: what came back for what was sent, in any size
 * @width: px, at least 1: normally the crop's, or a multiple of it for upscalers
 * @height: px, at least 1
 *
 * Returns: (transfer full) (nullable): the crop's part of @result in that size; bit for bit where
 *   nothing is scaled; %NULL when there is no memory for it
 */
ComfyPixels *
comfy_region_unpack (const ComfyRegion *self,
                     ComfyPixels       *result,
                     int                width,
                     int                height)
{
  ComfyPart part;

  comfy_region_locate (self, result->width, result->height, &part);

  return comfy_resample_part (result, &part, width, height);
}
