/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results into images. Everything slow is done before, on worker threads; what the artist's image
 * sees is one short undo group with no way back to the main loop in it.
 */
#define G_LOG_DOMAIN "comfy-place"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-place-private.h"
#include "comfy-provenance.h"
#include "comfy-target.h"

/*
 * _comfy_place_report:
 * @image: where something was placed
 * @layers: (element-type GimpLayer): the layers that are new or that it was placed on
 *
 * Returns: (transfer full): "(iai)", as comfy_host_place() has it
 */
GVariant *
_comfy_place_report (GimpImage *image,
                     GPtrArray *layers)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("(iai)"));
  g_variant_builder_add (&builder, "i", gimp_image_get_id (image));
  g_variant_builder_open (&builder, G_VARIANT_TYPE ("ai"));
  for (unsigned int i = 0; i < layers->len; i++)
    g_variant_builder_add (&builder, "i", gimp_item_get_id (g_ptr_array_index (layers, i)));
  g_variant_builder_close (&builder);

  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/*
 * _comfy_place_set_failed:
 *
 * Says that GIMP did not do what it was asked to.
 */
void
_comfy_place_set_failed (GError **error)
{
  comfy_set_error (error, COMFY_ERROR_IMAGE, gimp_pdb_get_last_error (gimp_get_pdb ()),
                   _("GIMP did not take the result. It is kept with the job."));
}

/* what is in GIMP now decides: another process may have placed the same result before it died */
static GVariant *
find_placed (ComfyPlacing *self)
{
  g_autoptr(GPtrArray)  present = NULL;
  GimpImage            *image;

  present = comfy_provenance_find_placed (comfy_result_get_job_id (self->result), &image);

  return image != NULL ? _comfy_place_report (image, present) : NULL;
}

/* What was taken has moved with the canvas, so the result goes where that is now. */
static void
follow_canvas (ComfyPlacing *self)
{
  GimpImage      *image = comfy_target_find_image (self->placement);
  ComfyPlacement *moved;
  int             x;
  int             y;

  if (image == NULL || !comfy_target_find_drift (self->placement, image, &x, &y))
    return;

  moved = comfy_placement_copy (self->placement);
  moved->region.crop.x += x;
  moved->region.crop.y += y;
  comfy_placement_unref (self->placement);
  self->placement = moved;
  for (unsigned int i = 0; i < self->rects->len; i++)
    {
      ComfyRect *rect = &g_array_index (self->rects, ComfyRect, i);

      rect->x += x;
      rect->y += y;
    }
}

static GVariant *
place_once (ComfyPlacing  *self,
            GError       **error)
{
  GVariant *report = find_placed (self);

  if (report != NULL)
    return report;

  follow_canvas (self);
  switch (self->placement->outcome)
    {
    case COMFY_OUTCOME_LAYER_MASK:
      report = _comfy_place_layer_mask (self, error);
      break;

    case COMFY_OUTCOME_SELECTION:
      report = _comfy_place_selection (self, error);
      break;

    case COMFY_OUTCOME_GROUP:
    case COMFY_OUTCOME_NEW_IMAGE:
    case COMFY_OUTCOME_NOTHING:
    case COMFY_OUTCOME_LAYERS:
    default:
      report = _comfy_place_layers (self, error);
      break;
    }
  gimp_displays_flush ();

  return report;
}

static DexFuture *
place_fiber (void *data)
{
  ComfyPlacing *self = data;
  GVariant     *report;
  GError       *error = NULL;

  if (!_comfy_placing_load (self, &error) || !dex_await (_comfy_placing_fit (self), &error))
    return dex_future_new_for_error (error);

  self->is_free = self->hand != NULL && dex_await_boolean (self->hand (), NULL);
  report = place_once (self, &error);
  if (report == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_variant (report);
}

/**
 * comfy_place_result:
 * @result: what came
 * @with_display: whether an image that has to be made gets a window
 * @hand: (nullable): waits until the artist is not in the middle of a stroke
 *
 * Returns: (transfer full): a future of a GVariant "(iai)"; see comfy_host_place()
 */
DexFuture *
comfy_place_result (ComfyResult *result,
                    gboolean     with_display,
                    ComfyHand    hand)
{
  return dex_scheduler_spawn (NULL, 0, place_fiber,
                              _comfy_placing_new (result, with_display, hand),
                              _comfy_placing_unref);
}
