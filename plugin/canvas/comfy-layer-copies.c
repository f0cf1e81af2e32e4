/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A duplicate of an image costs what the whole image does: GIMP copies its projection's room and
 * every layer, and begins to render it before it can be told that nobody looks, while it answers
 * nobody. Copies of the layers that are wanted, in an image of one pixel, cost nothing of that; their
 * pixels are copied only where somebody paints.
 */
#define G_LOG_DOMAIN "comfy-layer-copies"

#include "config.h"

#include "comfy-aside.h"
#include "comfy-layer-copies.h"
#include "comfy-provenance.h"

/* Several copies are several calls: with more of them the artist may paint between two. */
#define MAX_LAYERS 16

/* What is more than pixels is seen as the whole image makes it. */
static gboolean
is_simple (GimpLayer *layer)
{
  g_autofree GimpDrawableFilter **filters = gimp_drawable_get_filters (GIMP_DRAWABLE (layer));

  return G_OBJECT_TYPE (layer) == GIMP_TYPE_LAYER && gimp_layer_get_mask (layer) == NULL
         && (filters == NULL || filters[0] == NULL);
}

static gboolean
are_simple (GimpImage *image,
            GPtrArray *layers)
{
  /* an indexed image would need its palette, too */
  if (layers->len > MAX_LAYERS || gimp_image_get_base_type (image) == GIMP_INDEXED
      || gimp_image_get_floating_sel (image) != NULL)
    return FALSE;

  for (unsigned int i = 0; i < layers->len; i++)
    if (!is_simple (g_ptr_array_index (layers, i)))
      return FALSE;

  return TRUE;
}

static GimpImage *
new_like (GimpImage         *image,
          GimpImageBaseType  type)
{
  g_autoptr(GimpColorProfile)  profile = gimp_image_get_color_profile (image);
  GimpImage                   *made;

  made = gimp_image_new_with_precision (1, 1, type, gimp_image_get_precision (image));
  if (made == NULL)
    return NULL;

  gimp_image_undo_disable (made);
  comfy_provenance_set_aside (made);
  if (profile != NULL)
    gimp_image_set_color_profile (made, profile);

  return made;
}

/* hidden before it is in the image: nothing is rendered */
static GimpLayer *
copy (GimpLayer *layer,
      GimpImage *to,
      int        position)
{
  GimpLayer *made = gimp_layer_new_from_drawable (GIMP_DRAWABLE (layer), to);

  if (made == NULL)
    return NULL;

  gimp_item_set_visible (GIMP_ITEM (made), FALSE);
  if (!gimp_image_insert_layer (to, made, NULL, position))
    {
      gimp_item_delete (GIMP_ITEM (made));
      return NULL;
    }

  return made;
}

/**
 * comfy_layer_copies_new_taker:
 * @image: an image
 *
 * Returns: (transfer full) (nullable): an RGB image of 1 × 1 px, else like @image: to it GIMP gives
 *   all colours that are seen of an indexed one, and not only those of the palette
 */
GimpImage *
comfy_layer_copies_new_taker (GimpImage *image)
{
  return new_like (image, GIMP_RGB);
}

/**
 * comfy_layer_copies_new:
 * @image: the artist's image, which is not changed
 * @layers: (element-type GimpLayer): of it, from the top
 * @copies: (element-type GimpLayer): gets the copy of each
 *
 * The copies are hidden, in no group, and at the same coordinates as the layers.
 *
 * Returns: (transfer full) (nullable): an image of 1 × 1 px with the copies; %NULL, and nothing in
 *   @copies, where layers are not simply pixels, so that the whole image has to be duplicated
 */
GimpImage *
comfy_layer_copies_new (GimpImage *image,
                        GPtrArray *layers,
                        GPtrArray *copies)
{
  GimpImage *made = are_simple (image, layers)
                      ? new_like (image, gimp_image_get_base_type (image)) : NULL;

  if (made == NULL)
    return NULL;

  for (unsigned int i = 0; i < layers->len; i++)
    {
      GimpLayer *layer = copy (g_ptr_array_index (layers, i), made, (int) i);

      if (layer == NULL)
        {
          g_ptr_array_set_size (copies, 0);
          comfy_aside_drop (made);
          return NULL;
        }
      g_ptr_array_add (copies, layer);
    }

  return made;
}
