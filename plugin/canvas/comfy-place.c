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

/*
 * _comfy_place_new_no_memory_error:
 *
 * Returns: (transfer full): what is said of a result that does not fit into memory
 */
GError *
_comfy_place_new_no_memory_error (void)
{
  return comfy_error_new (COMFY_ERROR_IMAGE, "not enough memory",
                          _("There is not enough memory to place the result. It is kept with the "
                            "job; close other images and try again."));
}

/*
 * _comfy_place_find_image:
 *
 * Returns: (transfer none) (nullable): the image that it belongs into: the one that was made for
 *   what was placed before it, else the one that it was taken of; %NULL: it is not open
 */
GimpImage *
_comfy_place_find_image (ComfyPlacing *self)
{
  return self->made != NULL ? self->made : comfy_target_find_image (self->placement);
}

/*
 * _comfy_place_find_layer:
 * @image: from _comfy_place_find_image()
 *
 * Returns: (transfer none) (nullable): the layer that was taken, when it still exists
 */
GimpLayer *
_comfy_place_find_layer (ComfyPlacing *self,
                         GimpImage    *image)
{
  /* in an image of ours another layer may have its mark */
  if (self->made != NULL)
    return NULL;

  return (GimpLayer *) comfy_target_find_layer (self->placement, image);
}

/* What is in GIMP now decides: another process may have placed the same result before it died. */
static GVariant *
find_placed (ComfyResult *result)
{
  g_autoptr(GPtrArray)  present = NULL;
  GimpImage            *image;

  present = comfy_provenance_find_placed (comfy_result_get_job_id (result), &image);

  return image != NULL ? _comfy_place_report (image, present) : NULL;
}

/* What was taken has moved with the canvas, so the result goes where that is now. */
static void
follow_canvas (ComfyPlacing *self)
{
  GimpImage *image = self->made == NULL ? comfy_target_find_image (self->placement) : NULL;
  int        x;
  int        y;

  if (image == NULL || self->placement->outcome == COMFY_OUTCOME_NEW_IMAGE
      || !comfy_target_find_drift (self->placement, image, &x, &y))
    return;

  self->placement->region.crop.x += x;
  self->placement->region.crop.y += y;
  for (unsigned int i = 0; i < self->rects->len; i++)
    {
      ComfyRect *rect = &g_array_index (self->rects, ComfyRect, i);

      rect->x += x;
      rect->y += y;
    }
}

/* Whether there is something that it can be a mask or the selection of; else it becomes a layer. */
static gboolean
has_subject (ComfyPlacing *self)
{
  GimpImage *image = _comfy_place_find_image (self);

  if (self->source != NULL)
    return TRUE;
  if (image == NULL)
    return FALSE;

  return self->placement->outcome == COMFY_OUTCOME_SELECTION
         || _comfy_place_find_layer (self, image) != NULL;
}

static GVariant *
place_part (ComfyPlacing  *self,
            GError       **error)
{
  follow_canvas (self);
  switch (self->placement->outcome)
    {
    case COMFY_OUTCOME_LAYER_MASK:
      return has_subject (self) ? _comfy_place_layer_mask (self, error)
                                : _comfy_place_layers (self, error);

    case COMFY_OUTCOME_SELECTION:
      return has_subject (self) ? _comfy_place_selection (self, error)
                                : _comfy_place_layers (self, error);

    case COMFY_OUTCOME_NEW_IMAGE:
      return _comfy_place_new_image (self, error);

    case COMFY_OUTCOME_GROUP:
    case COMFY_OUTCOME_NOTHING:
    case COMFY_OUTCOME_LAYERS:
    default:
      return _comfy_place_layers (self, error);
    }
}

/*
 * _comfy_place_read_report:
 * @report: from _comfy_place_report()
 * @layers: (element-type GimpLayer): gets its layers, each once
 *
 * Returns: (transfer none): its image
 */
GimpImage *
_comfy_place_read_report (GVariant  *report,
                          GPtrArray *layers)
{
  g_autoptr(GVariantIter) iter = NULL;
  int                     image_id;
  int                     id;

  g_variant_get (report, "(iai)", &image_id, &iter);
  while (g_variant_iter_next (iter, "i", &id))
    {
      GimpLayer *layer = gimp_layer_get_by_id (id);

      if (!g_ptr_array_find (layers, layer, NULL))
        g_ptr_array_add (layers, layer);
    }

  return gimp_image_get_by_id (image_id);
}

static void
set_unplaced (GPtrArray *parts)
{
  for (unsigned int i = 0; i < parts->len; i++)
    {
      ComfyPlacing *part = g_ptr_array_index (parts, i);

      for (unsigned int j = 0; j < part->indices->len; j++)
        comfy_result_set_unplaced (part->result, g_array_index (part->indices, unsigned int, j));
    }
}

/*
 * _comfy_place_parts:
 * @parts: (element-type ComfyPlacing): from _comfy_place_load()
 *
 * Places each in turn, with no way back to the main loop in between. What GIMP does not take is
 * kept as files, if anything was taken.
 *
 * Returns: (transfer full) (nullable): the report. Errors: %COMFY_ERROR_IMAGE
 */
GVariant *
_comfy_place_parts (GPtrArray  *parts,
                    GError    **error)
{
  g_autoptr(GPtrArray)  layers = g_ptr_array_new ();
  g_autoptr(GPtrArray)  failed = g_ptr_array_new ();
  g_autoptr(GError)     first = NULL;
  GimpImage            *image = NULL;
  GimpImage            *made = NULL;

  for (unsigned int i = 0; i < parts->len; i++)
    {
      ComfyPlacing        *part = g_ptr_array_index (parts, i);
      gboolean             is_new = comfy_target_find_image (part->placement) == NULL;
      g_autoptr(GError)    why = NULL;
      g_autoptr(GVariant)  report = NULL;
      GimpImage           *where;

      part->made = made;
      report = place_part (part, &why);
      if (report == NULL)
        {
          g_ptr_array_add (failed, part);
          if (first == NULL)
            first = g_steal_pointer (&why);
          continue;
        }

      where = _comfy_place_read_report (report, layers);
      if (image == NULL)
        image = where;
      if (is_new && part->placement->outcome != COMFY_OUTCOME_NEW_IMAGE)
        made = where;
    }

  if (image == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&first));
      return NULL;
    }
  set_unplaced (failed);

  return _comfy_place_report (image, layers);
}

/* (nullable): the image that several parts go into */
static GimpImage *
find_common_image (GPtrArray *parts)
{
  ComfyPlacing *part;

  /* images of their own come last */
  if (parts->len < 2)
    return NULL;
  part = g_ptr_array_index (parts, 1);

  return part->placement->outcome != COMFY_OUTCOME_NEW_IMAGE
         ? comfy_target_find_image (part->placement) : NULL;
}

/* What goes into one image is one undo step, however much it is. */
static GVariant *
place_together (GPtrArray  *parts,
                GError    **error)
{
  GVariant  *report;
  GimpImage *image;

  image = find_common_image (parts);
  if (image != NULL)
    gimp_image_undo_group_start (image);
  report = _comfy_place_parts (parts, error);
  if (image != NULL)
    gimp_image_undo_group_end (image);
  gimp_displays_flush ();

  return report;
}

/* the arguments of place_fiber() */
typedef struct
{
  ComfyResult *result;       /* owned */
  gboolean     again;        /* whether it is there already or not */
  gboolean     with_display; /* a new image gets a window */
  ComfyHand    hand;         /* nullable */
} Place;

static void
place_free (void *data)
{
  Place *place = data;

  g_object_unref (place->result);
  g_free (place);
}

static DexFuture *
place_fiber (void *data)
{
  Place                *place = data;
  g_autoptr(GPtrArray)  parts = NULL;
  GVariant             *report = NULL;
  GError               *error = NULL;
  gboolean              is_free;

  parts = _comfy_place_load (place->result, &error);
  if (parts == NULL)
    return dex_future_new_for_error (error);

  is_free = place->hand != NULL && dex_await_boolean (place->hand (), NULL);
  for (unsigned int i = 0; i < parts->len; i++)
    {
      ComfyPlacing *part = g_ptr_array_index (parts, i);

      part->is_wanted = place->again;
      part->is_free = is_free;
      part->with_display = place->with_display;
    }

  if (!place->again)
    report = find_placed (place->result);
  if (report == NULL)
    report = place_together (parts, &error);
  if (report == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_variant (report);
}

/**
 * comfy_place_result:
 * @result: what came
 * @again: whether it is placed although an open image has the result of that job already
 * @with_display: whether an image that has to be made gets a window
 * @hand: (nullable): waits until the artist is not in the middle of a stroke
 *
 * Returns: (transfer full): a future of a GVariant "(iai)"; see comfy_host_place()
 */
DexFuture *
comfy_place_result (ComfyResult *result,
                    gboolean     again,
                    gboolean     with_display,
                    ComfyHand    hand)
{
  Place *place = g_new0 (Place, 1);

  place->result = g_object_ref (result);
  place->again = again;
  place->with_display = with_display;
  place->hand = hand;

  return dex_scheduler_spawn (NULL, 0, place_fiber, place, place_free);
}
