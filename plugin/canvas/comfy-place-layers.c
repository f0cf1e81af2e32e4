/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results that become layers.
 */
#define G_LOG_DOMAIN "comfy-place"

#include "config.h"

#include "comfy-fit.h"
#include "comfy-layer-writer.h"
#include "comfy-place-private.h"
#include "comfy-provenance.h"
#include "comfy-recipe.h"
#include "comfy-selected.h"
#include "comfy-target.h"

static void
delete_layers (GPtrArray *layers)
{
  for (unsigned int i = 0; i < layers->len; i++)
    gimp_item_delete (g_ptr_array_index (layers, i));
}

/* a layer of one of the pictures, not yet in @image */
static GimpLayer *
make_layer (ComfyPlacing *self,
            GimpImage    *image,
            unsigned int  i)
{
  ComfyRequest      *request = comfy_result_get_request (self->result);
  const char        *job_id = comfy_result_get_job_id (self->result);
  g_autofree char   *name = comfy_request_dup_layer_name (request, i, self->pixels->len);
  g_autoptr(GBytes)  recipe = NULL;
  GimpLayer         *layer;

  layer = comfy_layer_writer_new_layer (image, name, g_ptr_array_index (self->pixels, i),
                                        &g_array_index (self->rects, ComfyRect, i));
  if (layer == NULL)
    return NULL;

  if (self->masks->len > 0
      && !comfy_layer_writer_add_mask (layer, g_ptr_array_index (self->masks, i)))
    {
      gimp_item_delete (GIMP_ITEM (layer));
      return NULL;
    }

  comfy_provenance_sign_layer (layer, job_id);
  if (comfy_request_get_remember (request))
    {
      recipe = comfy_recipe_write (request, job_id);
      comfy_provenance_give_recipe (layer, recipe);
    }

  return layer;
}

/* Of results that are alike the first is what is seen. Where it lets something through the others
 * would be seen, too, and more than what is selected would change. */
static void
hide_alternative (ComfyPlacing *self,
                  GimpLayer    *layer,
                  unsigned int  i)
{
  ComfyPixels *first = g_ptr_array_index (self->pixels, 0);

  if (i > 0 && self->placement->order == COMFY_ORDER_HIGHEST_FIRST
      && (self->masks->len > 0 || first->channels == 4))
    gimp_item_set_visible (GIMP_ITEM (layer), FALSE);
}

/* (element-type GimpLayer) (nullable): layers not yet in @image */
static GPtrArray *
make_layers (ComfyPlacing *self,
             GimpImage    *image)
{
  g_autoptr(GPtrArray) layers = g_ptr_array_new ();

  for (unsigned int i = 0; i < self->pixels->len; i++)
    {
      GimpLayer *layer = make_layer (self, image, i);

      if (layer == NULL)
        {
          delete_layers (layers);
          return NULL;
        }
      hide_alternative (self, layer, i);
      /* the upmost stands first */
      if (self->placement->order == COMFY_ORDER_LOWEST_FIRST)
        g_ptr_array_insert (layers, 0, layer);
      else
        g_ptr_array_add (layers, layer);
    }

  return g_steal_pointer (&layers);
}

/* (nullable): the layer above which they go: the one that was taken. What comes by itself covers no
 * earlier result; what the artist has asked for lies on top of those. */
static GimpItem *
find_ground (ComfyPlacing *self,
             GimpImage    *image)
{
  GimpItem             *layer = (GimpItem *) _comfy_place_find_layer (self, image);
  GimpItem             *parent;
  g_autofree GimpItem **siblings = NULL;
  int                   position;

  if (layer == NULL || !self->is_wanted)
    return layer;

  parent = gimp_item_get_parent (layer);
  siblings = parent != NULL ? gimp_item_get_children (parent)
                            : (GimpItem **) gimp_image_get_layers (image);
  position = gimp_image_get_item_position (image, layer);
  while (position > 0 && comfy_provenance_is_result (siblings[position - 1]))
    position--;

  return siblings[position];
}

/* (inout): the size of the canvas with the result in it, and by how much what is there moves */
static void
get_canvas (ComfyPlacing *self,
            ComfyRect    *canvas)
{
  ComfyRect all = { 0 };

  for (unsigned int i = 0; i < self->rects->len; i++)
    comfy_rect_unite (&all, &g_array_index (self->rects, ComfyRect, i), &all);
  comfy_fit_canvas (self->placement, &all, canvas);
}

/*
 * The one undo step.
 *
 * An undo group tells GIMP that everything may change, and the tool at work is ended for that: a
 * selection half drawn is taken as it is, the strokes of a foreground selection are gone. A layer
 * alone is an undo step by itself, and only ends what no change of the layers leaves alone.
 *
 * But a rectangle that is being dragged takes that step for its own on release, and undoes it: the
 * layer would be lost. The group makes it let go. So it stays where the artist may be dragging.
 */
static gboolean
change_image (ComfyPlacing *self,
              GimpImage    *image,
              GPtrArray    *layers)
{
  g_auto(ComfySelected)  selected = { 0 };
  g_autofree char       *name = NULL;
  int                    width = gimp_image_get_width (image);
  int                    height = gimp_image_get_height (image);
  ComfyRect              canvas = { 0, 0, width, height };
  gboolean               in_group = self->placement->outcome == COMFY_OUTCOME_GROUP;
  gboolean               grows;
  gboolean               is_grouped;
  gboolean               inserted;

  name = comfy_request_dup_layer_name (comfy_result_get_request (self->result), 0, 1);
  get_canvas (self, &canvas);
  grows = canvas.width != width || canvas.height != height;
  is_grouped = grows || in_group || layers->len > 1 || !self->is_free;
  comfy_selected_take (&selected, image);

  if (is_grouped)
    gimp_image_undo_group_start (image);
  inserted = comfy_layer_writer_insert (image, layers, in_group ? COMFY_GROUPING_ALWAYS
                                                                : COMFY_GROUPING_SEVERAL, name,
                                        find_ground (self, image));
  if (inserted && grows)
    gimp_image_resize (image, canvas.width, canvas.height, -canvas.x, -canvas.y);
  /* the artist goes on with what is being worked on */
  comfy_selected_restore (&selected, image);
  if (is_grouped)
    gimp_image_undo_group_end (image);

  return inserted;
}

/* In an image of its own a result is seen whole, the mask is there for whoever wants it. */
static void
show_whole (GPtrArray *layers)
{
  for (unsigned int i = 0; i < layers->len; i++)
    {
      GimpLayer *layer = g_ptr_array_index (layers, i);

      if (gimp_layer_get_mask (layer) != NULL)
        gimp_layer_set_apply_mask (layer, FALSE);
    }
}

static GVariant *
place_into_new_image (ComfyPlacing  *self,
                      GError       **error)
{
  g_autoptr(GPtrArray)  layers = NULL;
  GimpImage            *image;
  ComfyRect             canvas = { 0, 0, self->placement->image_width,
                                   self->placement->image_height };

  if (canvas.width == 0 || canvas.height == 0)
    get_canvas (self, &canvas);
  image = comfy_target_new_image (self->placement, canvas.width, canvas.height);
  layers = image != NULL ? make_layers (self, image) : NULL;
  if (layers == NULL || !change_image (self, image, layers))
    {
      _comfy_place_set_failed (error);
      if (image != NULL)
        gimp_image_delete (image);
      return NULL;
    }

  show_whole (layers);
  if (self->with_display)
    gimp_display_new (image);

  return _comfy_place_report (image, layers);
}

/*
 * _comfy_place_layers:
 *
 * Puts the pictures into the image as layers, a group of several; into an image of its own when
 * that one is gone.
 *
 * Returns: (transfer full) (nullable): the report. Errors: %COMFY_ERROR_IMAGE
 */
GVariant *
_comfy_place_layers (ComfyPlacing  *self,
                     GError       **error)
{
  GimpImage            *image = _comfy_place_find_image (self);
  g_autoptr(GPtrArray)  layers = NULL;

  if (image == NULL)
    return place_into_new_image (self, error);

  layers = make_layers (self, image);
  if (layers == NULL || !change_image (self, image, layers))
    {
      _comfy_place_set_failed (error);
      return NULL;
    }

  return _comfy_place_report (image, layers);
}

/*
 * _comfy_place_new_image:
 *
 * Puts the pictures into an image of their own, as large as they are; several become its layers.
 *
 * Returns: (transfer full) (nullable): the report, of that image. Errors: %COMFY_ERROR_IMAGE
 */
GVariant *
_comfy_place_new_image (ComfyPlacing  *self,
                        GError       **error)
{
  return place_into_new_image (self, error);
}
