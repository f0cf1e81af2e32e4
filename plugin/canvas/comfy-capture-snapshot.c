/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a picture that an action takes: first what is selected, then where the pixels are, then
 * those that are needed and no others.
 */
#define G_LOG_DOMAIN "comfy-capture-snapshot"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-capture-snapshot.h"
#include "comfy-error.h"
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

/**
 * comfy_snapshot_new:
 * @take: says what is taken; its source is not %COMFY_SOURCE_NONE
 * @image: (nullable): an open image
 * @layers: (element-type GimpLayer): from comfy_snapshot_dup_layers()
 * @name: (nullable): what the picture is called in sentences, for one that is not the main one
 * @is_foreign: whether @image is not the one that the artist works on, but is what @name says
 * @error: return location
 *
 * In a fiber; see comfy_image_reader_new() for when it waits.
 *
 * Returns: (transfer full) (nullable): what is there now. Errors: %COMFY_ERROR_INVALID_ARGUMENT,
 *   %COMFY_ERROR_IMAGE
 */
ComfySnapshot *
comfy_snapshot_new (const ComfyTake  *take,
                    GimpImage        *image,
                    GPtrArray        *layers,
                    const char       *name,
                    gboolean          is_foreign,
                    GError          **error)
{
  g_autoptr(ComfySnapshot) self = NULL;

  if (image == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("“%s” needs an image. Open one and try again."), take->title);
      return NULL;
    }
  if (!check_layers (take, layers, error))
    return NULL;

  self = g_new0 (ComfySnapshot, 1);
  self->reader = comfy_image_reader_new (take, image, layers, error);
  if (self->reader == NULL)
    return NULL;

  self->take = comfy_take_copy (take);
  self->canvas.width = gimp_image_get_width (image);
  self->canvas.height = gimp_image_get_height (image);
  self->depth = get_depth (take, image);
  self->name = g_strdup (name);
  self->is_foreign = is_foreign;
  if (layers->len == 1)
    self->layer_name = gimp_item_get_name (g_ptr_array_index (layers, 0));

  return g_steal_pointer (&self);
}

/**
 * comfy_snapshot_free:
 * @self: (transfer full): a snapshot
 */
void
comfy_snapshot_free (ComfySnapshot *self)
{
  if (self->take != NULL)
    comfy_take_free (self->take);
  if (self->reader != NULL)
    comfy_image_reader_free (self->reader);
  g_free (self->layer_name);
  g_free (self->name);
  g_free (self);
}

/* reads what was planned */
static ComfyParts *
read_parts (ComfySnapshot    *self,
            const ComfyPlan  *plan,
            GError          **error)
{
  const ComfyRect        *crop = &plan->region.crop;
  g_autoptr(ComfyPixels)  mask = NULL;
  ComfyPixels            *pixels = NULL;

  /* first: reading pixels leaves nothing of the selection */
  if (plan->selected)
    {
      mask = comfy_image_reader_read_selected (self->reader, crop, error);
      if (mask == NULL)
        return NULL;
    }

  /* where nobody takes the picture, all that is wanted of it is where it is */
  if (self->take->image.node != NULL)
    {
      pixels = comfy_image_reader_read (self->reader, crop, &plan->within, self->depth, error);
      if (pixels == NULL)
        return NULL;
    }

  return comfy_parts_new (self->take, plan, &self->canvas, self->name, pixels,
                          g_steal_pointer (&mask));
}

/**
 * comfy_snapshot_read:
 * @self: a snapshot that was not read yet
 * @error: return location
 *
 * In a fiber.
 *
 * Returns: (transfer full) (nullable): parts that are still to be separated. Errors:
 *   %COMFY_ERROR_INVALID_ARGUMENT, %COMFY_ERROR_TOO_LARGE, %COMFY_ERROR_IMAGE
 */
ComfyParts *
comfy_snapshot_read (ComfySnapshot  *self,
                     GError        **error)
{
  ComfyScene scene = {
    .canvas = self->canvas,
    .name = self->layer_name,
    .file = self->is_foreign ? self->name : NULL,
  };
  ComfyPlan  plan = { 0 };

  if (comfy_take_needs_selected (self->take))
    scene.has_selection = comfy_image_reader_get_selected (self->reader, &scene.selection);

  if (!comfy_image_reader_choose (self->reader, self->take->source, &scene.rect, error)
      || !find_selection (self->reader, &scene, error)
      || !comfy_capture_plan_make (self->take, &scene, &plan, error))
    return NULL;

  return read_parts (self, &plan, error);
}
