/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads what an action takes: first what is selected, then where the pixels are, then those that are
 * needed and no others.
 */
#define G_LOG_DOMAIN "comfy-capture-snapshot"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-capture-snapshot.h"
#include "comfy-error.h"
#include "comfy-image-reader.h"
#include "comfy-layer-stack.h"
#include "comfy-mask.h"

/**
 * comfy_snapshot_dup_layers:
 * @image: an open image
 * @layers: (element-type GimpLayer): its selected layers
 *
 * While the artist paints a Quick Mask no layer is selected. Where there is only one there is no
 * doubt.
 *
 * Returns: (transfer full) (element-type GimpLayer): what is meant, from the top; of a layer that is
 *   being pasted the one that it is pasted onto
 */
GPtrArray *
comfy_snapshot_dup_layers (GimpImage *image,
                           GPtrArray *layers)
{
  GPtrArray             *upmost = comfy_layers_dup_upmost (image, layers);
  g_autofree GimpLayer **all = gimp_image_get_layers (image);

  if (upmost->len == 0 && all[0] != NULL && all[1] == NULL)
    g_ptr_array_add (upmost, all[0]);

  return upmost;
}

static gboolean
check_layers (const ComfyTake  *take,
              GPtrArray        *layers,
              GError          **error)
{
  if (take->source == COMFY_SOURCE_VISIBLE)
    return TRUE;

  if (layers->len == 0)
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("“%s” needs a layer. Select one and try again."), take->title);
  else if (layers->len > 1 && take->source == COMFY_SOURCE_LAYER)
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("“%s” works on one layer. Select only that one and try again."),
                     take->title);
  else
    return TRUE;

  return FALSE;
}

/* The bounds of what is selected, within what can be taken: those of a circle may touch a layer that
 * the circle itself does not. */
static gboolean
find_selection (ComfyImageReader  *reader,
                ComfyScene        *scene,
                GError           **error)
{
  ComfyRect              bounds = scene->selection;
  ComfyRect              part;
  g_autoptr(ComfyPixels) mask = NULL;

  if (!scene->has_selection || comfy_rect_contains (&scene->rect, &bounds))
    return TRUE;

  scene->selection = (ComfyRect) { 0 };
  if (!comfy_rect_intersect (&bounds, &scene->rect, &part))
    return TRUE;

  mask = comfy_image_reader_read_selected (reader, &part, error);
  if (mask == NULL)
    return FALSE;
  if (comfy_mask_get_bounds (mask, &scene->selection))
    {
      scene->selection.x += part.x;
      scene->selection.y += part.y;
    }

  return TRUE;
}

static int
get_depth (const ComfyTake *take,
           GimpImage       *image)
{
  GimpPrecision precision = gimp_image_get_precision (image);
  gboolean      shallow = precision == GIMP_PRECISION_U8_LINEAR
                          || precision == GIMP_PRECISION_U8_NON_LINEAR
                          || precision == GIMP_PRECISION_U8_PERCEPTUAL;

  return shallow || !comfy_outcome_is_layers (take->outcome) ? 8 : 16;
}

/* reads what was planned */
static ComfyParts *
read_parts (const ComfyTake   *take,
            ComfyImageReader  *reader,
            const ComfyScene  *scene,
            const ComfyPlan   *plan,
            int                depth,
            GError           **error)
{
  const ComfyRect        *crop = &plan->region.crop;
  g_autoptr(ComfyPixels)  mask = NULL;
  ComfyPixels            *pixels;

  /* first: reading pixels leaves nothing of the selection */
  if (plan->extent == COMFY_EXTENT_SELECTION)
    {
      mask = comfy_image_reader_read_selected (reader, crop, error);
      if (mask == NULL)
        return NULL;
    }

  pixels = comfy_image_reader_read (reader, crop, &plan->within, depth, error);
  if (pixels == NULL)
    return NULL;

  return comfy_parts_new (take, plan, &scene->canvas, pixels, g_steal_pointer (&mask));
}

/**
 * comfy_snapshot_take:
 * @take: says what is taken; its source is not %COMFY_SOURCE_NONE
 * @image: (nullable): an open image
 * @layers: (element-type GimpLayer): from comfy_snapshot_dup_layers()
 * @error: return location
 *
 * In a fiber. What the artist does from now on has no share in it.
 *
 * Returns: (transfer full) (nullable): parts that are still to be separated. Errors:
 *   %COMFY_ERROR_INVALID_ARGUMENT, %COMFY_ERROR_TOO_LARGE, %COMFY_ERROR_IMAGE
 */
ComfyParts *
comfy_snapshot_take (const ComfyTake  *take,
                     GimpImage        *image,
                     GPtrArray        *layers,
                     GError          **error)
{
  g_autoptr(ComfyImageReader) reader = NULL;
  g_autofree char            *name = NULL;
  ComfyScene                  scene = { 0 };
  ComfyPlan                   plan;
  int                         depth;

  if (!check_layers (take, layers, error))
    return NULL;
  if (image == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("“%s” needs an image. Open one and try again."), take->title);
      return NULL;
    }

  reader = comfy_image_reader_new (take, image, layers, error);
  if (reader == NULL)
    return NULL;

  depth = get_depth (take, image);
  if (layers->len == 1)
    name = gimp_item_get_name (g_ptr_array_index (layers, 0));
  scene.name = name;
  scene.canvas.width = gimp_image_get_width (image);
  scene.canvas.height = gimp_image_get_height (image);
  if (take->extent == COMFY_EXTENT_SELECTION)
    scene.has_selection = comfy_image_reader_get_selected (reader, &scene.selection);

  if (!comfy_image_reader_choose (reader, take->source, &scene.rect, error)
      || !find_selection (reader, &scene, error)
      || !comfy_capture_plan_make (take, &scene, &plan, error))
    return NULL;

  return read_parts (take, reader, &scene, &plan, depth, error);
}
