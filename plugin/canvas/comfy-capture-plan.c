/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which piece of the image is taken, and what speaks against it. Pure.
 */
#define G_LOG_DOMAIN "comfy-capture-plan"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "comfy-capture-plan.h"
#include "comfy-error.h"

#define MOST_PIXELS ((guint64) 1 << 26) /* of a crop: 8192 × 8192 */

static void
set_unselected (const ComfyTake  *take,
                GError          **error)
{
  comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                   _("“%s” changes what is selected. Select something and try again."),
                   take->title);
}

static void
set_untouched (const ComfyTake   *take,
               const ComfyScene  *scene,
               GError           **error)
{
  if (take->source == COMFY_SOURCE_LAYER && scene->name != NULL)
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("The selection does not touch the layer “%s”. "
                       "Select a part of it, or select another layer, and try again."),
                     scene->name);
  else
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("The selection does not touch the selected layers. "
                       "Select a part of them, or select other layers, and try again."));
}

static void
set_too_large (const ComfyTake   *take,
               const ComfyScene  *scene,
               ComfyExtent        extent,
               const ComfyRect   *crop,
               double             shrink,
               GError           **error)
{
  int most_width = MAX ((int) (crop->width * shrink), 1);
  int most_height = MAX ((int) (crop->height * shrink), 1);

  if (extent == COMFY_EXTENT_SELECTION)
    comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                     _("The selection with its surroundings has %d × %d pixels, which is too large "
                       "to be sent. Select at most %d × %d pixels and try again."),
                     crop->width, crop->height, most_width, most_height);
  else if (extent == COMFY_EXTENT_BEYOND)
    comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                     _("The extended image has %d × %d pixels, which is too large to be sent. "
                       "Extend it to at most %d × %d pixels, or scale it, and try again."),
                     crop->width, crop->height, most_width, most_height);
  else if (scene->file != NULL)
    comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                     _("The picture “%s” has %d × %d pixels, which is too large to be sent. "
                       "Scale it to at most %d × %d pixels and try again."),
                     scene->file, crop->width, crop->height, most_width, most_height);
  else if (take->source == COMFY_SOURCE_VISIBLE)
    comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                     _("The image has %d × %d pixels, which is too large to be sent. "
                       "Scale it to at most %d × %d pixels and try again."),
                     crop->width, crop->height, most_width, most_height);
  else if (scene->name != NULL)
    comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                     _("The layer “%s” has %d × %d pixels, which is too large to be sent. "
                       "Scale it to at most %d × %d pixels and try again."),
                     scene->name, crop->width, crop->height, most_width, most_height);
  else
    comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                     _("The selected layers have %d × %d pixels together, which is too large to be "
                       "sent. Scale them to at most %d × %d pixels and try again."),
                     crop->width, crop->height, most_width, most_height);
}

static gboolean
check_size (const ComfyTake   *take,
            const ComfyScene  *scene,
            const ComfyPlan   *plan,
            GError           **error)
{
  const ComfyRect *crop = &plan->region.crop;
  guint64          most = take->sizing.pixels == 0 ? MIN (take->max_pixels, MOST_PIXELS)
                                                   : MOST_PIXELS;
  double           shrink = sqrt ((double) most / ((double) crop->width * crop->height));

  if (shrink >= 1.0)
    return TRUE;

  set_too_large (take, scene, plan->extent, crop, shrink, error);
  return FALSE;
}

/* the canvas with the room that is to come, and the smallest rectangle with all of that room */
static gboolean
extend (const ComfyTake   *take,
        const ComfyRect   *canvas,
        ComfyRect         *out_limits,
        ComfyRect         *out_target,
        GError           **error)
{
  const ComfyEdges *edges = &take->edges;
  gboolean          sideways = edges->left > 0 || edges->right > 0;
  gboolean          upright = edges->top > 0 || edges->bottom > 0;
  gint64            width = (gint64) canvas->width + edges->left + edges->right;
  gint64            height = (gint64) canvas->height + edges->top + edges->bottom;

  if (!sideways && !upright)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("“%s” has nothing to add. Say on which side the image shall grow."),
                       take->title);
      return FALSE;
    }

  *out_limits = (ComfyRect) { canvas->x - edges->left, canvas->y - edges->top,
                              (int) MIN (width, G_MAXINT), (int) MIN (height, G_MAXINT) };
  *out_target = *out_limits;
  if (!upright && edges->right == 0)
    out_target->width = edges->left;
  else if (!upright && edges->left == 0)
    {
      out_target->x = canvas->x + canvas->width;
      out_target->width = edges->right;
    }
  else if (!sideways && edges->bottom == 0)
    out_target->height = edges->top;
  else if (!sideways && edges->top == 0)
    {
      out_target->y = canvas->y + canvas->height;
      out_target->height = edges->bottom;
    }

  return TRUE;
}

/**
 * comfy_capture_plan_make:
 * @take: what an action wants
 * @scene: what there is
 * @out_plan: (out): what is taken
 * @error: return location
 *
 * Returns: %FALSE with %COMFY_ERROR_INVALID_ARGUMENT when there is nothing to take, or
 *   %COMFY_ERROR_TOO_LARGE
 */
gboolean
comfy_capture_plan_make (const ComfyTake   *take,
                         const ComfyScene  *scene,
                         ComfyPlan         *out_plan,
                         GError           **error)
{
  ComfyRect limits = scene->rect;
  ComfyRect target = scene->rect;
  gboolean  counts = comfy_take_needs_selected (take);

  if (counts && !scene->has_selection && take->needs_selection)
    {
      set_unselected (take, error);
      return FALSE;
    }
  if (counts && scene->has_selection && comfy_rect_is_empty (&scene->selection))
    {
      set_untouched (take, scene, error);
      return FALSE;
    }
  if (take->extent == COMFY_EXTENT_BEYOND
      && !extend (take, &scene->canvas, &limits, &target, error))
    return FALSE;

  out_plan->selected = counts && scene->has_selection;
  out_plan->extent = take->extent;
  if (take->extent == COMFY_EXTENT_SELECTION && out_plan->selected)
    target = scene->selection;
  else if (take->extent == COMFY_EXTENT_SELECTION)
    out_plan->extent = COMFY_EXTENT_WHOLE;

  /* beyond the canvas there is nothing yet, whatever layers hide there */
  out_plan->within = take->extent == COMFY_EXTENT_BEYOND ? scene->canvas : limits;
  comfy_region_plan (&target, &limits, &take->sizing, &out_plan->region);

  return check_size (take, scene, out_plan, error);
}
