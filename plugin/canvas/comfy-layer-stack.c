/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-layer-stack"

#include "config.h"

#include "comfy-aside.h"
#include "comfy-layer-stack.h"
#include "comfy-provenance.h"

#define OUR_PARASITES "org.comfy."

/* NULL-terminated; (transfer container) (nullable) */
static GimpItem **
get_children (GimpItem *group)
{
  return gimp_item_is_group (group) ? gimp_item_get_children (group) : NULL;
}

/* what the layer that is being pasted belongs to; itself when it is no such layer */
static GimpLayer *
get_ground (GimpImage *image,
            GimpLayer *layer)
{
  GimpDrawable *ground;

  if (!gimp_layer_is_floating_sel (layer))
    return layer;

  ground = gimp_image_floating_sel_attached_to (image);
  if (ground != NULL && gimp_item_id_is_layer_mask (gimp_item_get_id (GIMP_ITEM (ground))))
    return gimp_layer_from_mask (GIMP_LAYER_MASK (ground));

  return ground != NULL && GIMP_IS_LAYER (ground) ? GIMP_LAYER (ground) : NULL;
}

static gboolean
has_ancestor_in (GimpLayer *layer,
                 GPtrArray *layers)
{
  for (GimpItem *parent = gimp_item_get_parent (GIMP_ITEM (layer)); parent != NULL;
       parent = gimp_item_get_parent (parent))
    if (g_ptr_array_find (layers, parent, NULL))
      return TRUE;

  return FALSE;
}

/* positions from the outermost group inwards, from the top */
static GArray *
dup_path (GimpImage *image,
          GimpLayer *layer)
{
  GArray *path = g_array_new (FALSE, FALSE, sizeof (int));

  for (GimpItem *item = GIMP_ITEM (layer); item != NULL; item = gimp_item_get_parent (item))
    {
      int position = gimp_image_get_item_position (image, item);

      g_array_prepend_val (path, position);
    }

  return path;
}

static int
compare_stacking (const void *a,
                  const void *b,
                  void       *image)
{
  g_autoptr(GArray) first = dup_path (image, *(GimpLayer * const *) a);
  g_autoptr(GArray) second = dup_path (image, *(GimpLayer * const *) b);

  for (unsigned int i = 0; i < first->len && i < second->len; i++)
    if (g_array_index (first, int, i) != g_array_index (second, int, i))
      return g_array_index (first, int, i) - g_array_index (second, int, i);

  return (int) first->len - (int) second->len;
}

/**
 * comfy_layers_dup_upmost:
 * @image: an image
 * @layers: (element-type GimpLayer): some of its layers
 *
 * Returns: (transfer full) (element-type GimpLayer): the same from the top of the stack, each once
 *   and none that is in a group of them; of one that is being pasted what it is pasted onto
 */
GPtrArray *
comfy_layers_dup_upmost (GimpImage *image,
                         GPtrArray *layers)
{
  g_autoptr(GPtrArray)  all = g_ptr_array_new ();
  GPtrArray            *upmost = g_ptr_array_new ();

  for (unsigned int i = 0; i < layers->len; i++)
    {
      GimpLayer *layer = get_ground (image, g_ptr_array_index (layers, i));

      if (layer != NULL && !g_ptr_array_find (all, layer, NULL))
        g_ptr_array_add (all, layer);
    }
  for (unsigned int i = 0; i < all->len; i++)
    if (!has_ancestor_in (g_ptr_array_index (all, i), all))
      g_ptr_array_add (upmost, g_ptr_array_index (all, i));

  g_ptr_array_sort_with_data (upmost, compare_stacking, image);

  return upmost;
}

/**
 * comfy_layers_dup_visible:
 * @image: an image
 *
 * Returns: (transfer full) (element-type GimpLayer): its visible layers from the top, but for layers
 *   of groups
 */
GPtrArray *
comfy_layers_dup_visible (GimpImage *image)
{
  g_autofree GimpLayer **layers = gimp_image_get_layers (image);
  GPtrArray             *visible = g_ptr_array_new ();

  for (unsigned int i = 0; layers[i] != NULL; i++)
    if (gimp_item_get_visible (GIMP_ITEM (layers[i])))
      g_ptr_array_add (visible, layers[i]);

  return visible;
}

/**
 * comfy_layer_find_twin:
 * @image: an image
 * @duplicate: its duplicate, still unchanged
 * @layer: a layer of @image
 *
 * Returns: (transfer none) (nullable): the same layer in @duplicate: at the same place in the same
 *   groups
 */
GimpLayer *
comfy_layer_find_twin (GimpImage *image,
                       GimpImage *duplicate,
                       GimpLayer *layer)
{
  g_autofree GimpItem **siblings = NULL;
  GimpItem             *parent = gimp_item_get_parent (GIMP_ITEM (layer));
  int                   position = gimp_image_get_item_position (image, GIMP_ITEM (layer));

  if (parent == NULL)
    siblings = (GimpItem **) gimp_image_get_layers (duplicate);
  else
    {
      GimpLayer *group = comfy_layer_find_twin (image, duplicate, GIMP_LAYER (parent));

      siblings = group != NULL ? get_children (GIMP_ITEM (group)) : NULL;
    }

  for (int i = 0; siblings != NULL && siblings[i] != NULL; i++)
    if (i == position)
      return GIMP_LAYER (siblings[i]);

  return NULL;
}

/**
 * comfy_layer_get_rect:
 * @layer: a layer
 * @out_rect: (out): px in its image
 */
void
comfy_layer_get_rect (GimpLayer *layer,
                      ComfyRect *out_rect)
{
  GimpDrawable *drawable = GIMP_DRAWABLE (layer);

  gimp_drawable_get_offsets (drawable, &out_rect->x, &out_rect->y);
  out_rect->width = gimp_drawable_get_width (drawable);
  out_rect->height = gimp_drawable_get_height (drawable);
}

/**
 * comfy_layer_is_masked:
 * @layer: a layer
 *
 * Returns: whether it has a mask that counts
 */
gboolean
comfy_layer_is_masked (GimpLayer *layer)
{
  return gimp_layer_get_mask (layer) != NULL && gimp_layer_get_apply_mask (layer);
}

/**
 * comfy_layer_is_filtered:
 * @layer: a layer
 *
 * Returns: whether it, or what is seen in it when it is a group, has a filter that counts and that
 *   its buffer knows nothing of
 */
gboolean
comfy_layer_is_filtered (GimpLayer *layer)
{
  g_autofree GimpDrawableFilter **filters = gimp_drawable_get_filters (GIMP_DRAWABLE (layer));
  g_autofree GimpItem           **children = get_children (GIMP_ITEM (layer));

  for (unsigned int i = 0; filters != NULL && filters[i] != NULL; i++)
    if (gimp_drawable_filter_get_visible (filters[i]))
      return TRUE;
  for (unsigned int i = 0; children != NULL && children[i] != NULL; i++)
    if (gimp_item_get_visible (children[i]) && comfy_layer_is_filtered (GIMP_LAYER (children[i])))
      return TRUE;

  return FALSE;
}

/**
 * comfy_layer_get_reach:
 * @duplicate: a duplicate
 * @layer: a layer of it
 * @out_rect: (out): px in the image: its filters paint nowhere else
 *
 * GIMP tells how large a layer becomes with its filters, but not reliably where it then begins: so
 * this is as much larger on each side as it could be.
 */
void
comfy_layer_get_reach (GimpImage *duplicate,
                       GimpLayer *layer,
                       ComfyRect *out_rect)
{
  GimpImage *probe = gimp_image_duplicate (duplicate);
  GimpLayer *twin = probe != NULL ? comfy_layer_find_twin (duplicate, probe, layer) : NULL;
  ComfyRect  merged;
  int        more;

  comfy_layer_get_rect (layer, out_rect);
  if (twin != NULL && gimp_item_is_group (GIMP_ITEM (twin)))
    twin = gimp_group_layer_merge (GIMP_GROUP_LAYER (twin));
  else if (twin != NULL)
    gimp_drawable_merge_filters (GIMP_DRAWABLE (twin));

  if (twin != NULL)
    {
      comfy_layer_get_rect (twin, &merged);
      more = MAX (merged.width - out_rect->width, 0);
      out_rect->x -= more;
      out_rect->width += 2 * more;
      more = MAX (merged.height - out_rect->height, 0);
      out_rect->y -= more;
      out_rect->height += 2 * more;
    }
  if (probe != NULL)
    comfy_aside_drop (probe);
}

/**
 * comfy_layer_stack_hide:
 * @duplicate: a duplicate, which is changed
 *
 * Anchors what is being pasted, and hides all layers.
 *
 * Returns: (transfer full) (element-type GimpLayer): those that were visible, but for layers of
 *   groups
 */
GPtrArray *
comfy_layer_stack_hide (GimpImage *duplicate)
{
  GimpLayer *floating = gimp_image_get_floating_sel (duplicate);
  GPtrArray *visible;

  /* a hidden one could not be anchored */
  if (floating != NULL)
    gimp_floating_sel_anchor (floating);
  visible = comfy_layers_dup_visible (duplicate);

  for (unsigned int i = 0; i < visible->len; i++)
    gimp_item_set_visible (g_ptr_array_index (visible, i), FALSE);

  return visible;
}

/**
 * comfy_layer_stack_hide_aids:
 * @duplicate: a duplicate, which is changed
 *
 * Hides what the artist looks at while working, beside the picture itself.
 */
void
comfy_layer_stack_hide_aids (GimpImage *duplicate)
{
  static const GimpChannelType components[][4] = {
    [GIMP_RGB] = { GIMP_CHANNEL_RED, GIMP_CHANNEL_GREEN, GIMP_CHANNEL_BLUE, GIMP_CHANNEL_ALPHA },
    [GIMP_GRAY] = { GIMP_CHANNEL_GRAY, GIMP_CHANNEL_GRAY, GIMP_CHANNEL_GRAY, GIMP_CHANNEL_ALPHA },
    [GIMP_INDEXED] = { GIMP_CHANNEL_INDEXED, GIMP_CHANNEL_INDEXED, GIMP_CHANNEL_INDEXED,
                       GIMP_CHANNEL_ALPHA },
  };
  GimpImageBaseType        type = gimp_image_get_base_type (duplicate);
  g_autofree GimpChannel **channels = gimp_image_get_channels (duplicate);
  g_auto(GStrv)            parasites = gimp_image_get_parasite_list (duplicate);

  for (unsigned int i = 0; channels[i] != NULL; i++)
    gimp_item_set_visible (GIMP_ITEM (channels[i]), FALSE);

  for (unsigned int i = 0; i < G_N_ELEMENTS (components[type]); i++)
    gimp_image_set_component_visible (duplicate, components[type][i], TRUE);

  /* nobody shall take it for the artist's image */
  for (unsigned int i = 0; parasites != NULL && parasites[i] != NULL; i++)
    if (g_str_has_prefix (parasites[i], OUR_PARASITES))
      gimp_image_detach_parasite (duplicate, parasites[i]);
  comfy_provenance_set_aside (duplicate);
}

static void
show_pixels (GimpItem *item)
{
  g_autofree GimpItem **children = get_children (item);
  GimpLayer            *layer = GIMP_LAYER (item);

  if (gimp_layer_get_mask (layer) != NULL && gimp_layer_get_show_mask (layer))
    gimp_layer_set_show_mask (layer, FALSE);
  for (unsigned int i = 0; children != NULL && children[i] != NULL; i++)
    show_pixels (children[i]);
}

/**
 * comfy_layer_stack_show_pixels:
 * @duplicate: a duplicate
 *
 * Masks that are looked at instead of their layers are masks again.
 */
void
comfy_layer_stack_show_pixels (GimpImage *duplicate)
{
  g_autofree GimpLayer **layers = gimp_image_get_layers (duplicate);

  for (unsigned int i = 0; layers[i] != NULL; i++)
    show_pixels (GIMP_ITEM (layers[i]));
}

/**
 * comfy_layer_stack_isolate:
 * @duplicate: a duplicate, which is changed
 * @layers: (element-type GimpLayer): some of its layers, from the top
 * @alone: whether opacity and mode count no more
 *
 * Afterwards the layers are the upmost ones, and in no group.
 */
void
comfy_layer_stack_isolate (GimpImage *duplicate,
                           GPtrArray *layers,
                           gboolean   alone)
{
  for (unsigned int i = 0; i < layers->len; i++)
    {
      GimpLayer *layer = g_ptr_array_index (layers, i);

      gimp_image_reorder_item (duplicate, GIMP_ITEM (layer), NULL, (int) i);
      if (alone)
        {
          gimp_layer_set_opacity (layer, 100.0);
          gimp_layer_set_mode (layer, GIMP_LAYER_MODE_NORMAL);
        }
    }
}
