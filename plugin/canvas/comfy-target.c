/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-target"

#include "config.h"

#include "comfy-layer-stack.h"
#include "comfy-provenance.h"
#include "comfy-target.h"

/* the very image, in the GIMP that it was taken in */
static GimpImage *
find_by_id (ComfyPlacement *placement)
{
  g_autofree char *mark = NULL;
  GimpImage       *image;

  if (placement->gimp_pid != gimp_getpid () || !gimp_image_id_is_valid (placement->image_id))
    return NULL;

  image = gimp_image_get_by_id (placement->image_id);
  mark = comfy_provenance_dup_image_mark (image);

  /* another GIMP may have got the same process id since */
  return g_strcmp0 (mark, placement->image_mark) == 0 ? image : NULL;
}

static gboolean
has_file (GimpImage  *image,
          const char *path)
{
  GFile           *saved = gimp_image_get_xcf_file (image);
  GFile           *imported = gimp_image_get_imported_file (image);
  g_autoptr(GFile) wanted = path != NULL ? g_file_new_for_path (path) : NULL;

  if (wanted == NULL)
    return FALSE;

  return (saved != NULL && g_file_equal (saved, wanted))
         || (imported != NULL && g_file_equal (imported, wanted));
}

/**
 * comfy_target_dup_file:
 * @image: an image
 *
 * Returns: (transfer full) (nullable): path of its file; of a photograph that was opened and is not
 *   yet saved as an image of GIMP's the path of that
 */
char *
comfy_target_dup_file (GimpImage *image)
{
  GFile *file = gimp_image_get_xcf_file (image);

  if (file == NULL)
    file = gimp_image_get_imported_file (image);

  return file != NULL ? g_file_get_path (file) : NULL;
}

/**
 * comfy_target_find_image:
 * @placement: where pixels were taken
 *
 * Finds the image by its id in the same GIMP; else by its mark, of several with the same mark
 * (copies) rather the one of the same file; else by its file, if it bears no mark.
 *
 * Returns: (transfer none) (nullable): the image; %NULL: it is not open
 */
GimpImage *
comfy_target_find_image (ComfyPlacement *placement)
{
  g_autofree GimpImage **images = NULL;
  GimpImage             *found = find_by_id (placement);
  int                    best = 0;

  if (found != NULL || placement->image_id < 0)
    return found;

  images = gimp_get_images ();
  for (unsigned int i = 0; images[i] != NULL; i++)
    {
      g_autofree char *mark = comfy_provenance_dup_image_mark (images[i]);
      int              score = has_file (images[i], placement->image_file) ? 1 : 0;

      /* of the same file, but known to be another one */
      if ((mark != NULL && g_strcmp0 (mark, placement->image_mark) != 0)
          || comfy_provenance_is_aside (images[i]))
        continue;
      if (mark != NULL)
        score += 2;
      if (score > best)
        {
          best = score;
          found = images[i];
        }
    }

  return found;
}

static GimpPrecision
parse_precision (const char *nick)
{
  g_autoptr(GEnumClass)  class = g_type_class_ref (GIMP_TYPE_PRECISION);
  const GEnumValue      *value = nick != NULL ? g_enum_get_value_by_nick (class, nick) : NULL;

  return value != NULL ? value->value : GIMP_PRECISION_U8_NON_LINEAR;
}

/**
 * comfy_target_new_image:
 * @placement: where pixels were taken
 * @width: px
 * @height: px
 *
 * Makes an image of the recorded kind; an indexed one becomes RGB, since its colours are gone. The
 * caller has to display or delete it.
 *
 * Returns: (transfer none) (nullable): the image
 */
GimpImage *
comfy_target_new_image (ComfyPlacement *placement,
                        int             width,
                        int             height)
{
  gboolean grey = g_strcmp0 (placement->base_type, "gray") == 0;

  return gimp_image_new_with_precision (width, height, grey ? GIMP_GRAY : GIMP_RGB,
                                        parse_precision (placement->precision));
}

/**
 * comfy_target_find_layer:
 * @placement: where pixels were taken
 * @image: the image, from comfy_target_find_image()
 *
 * Returns: (transfer none) (nullable): the layer that they were taken from, when it still exists
 */
GimpItem *
comfy_target_find_layer (ComfyPlacement *placement,
                         GimpImage      *image)
{
  GimpItem *item;

  /* ids are good in the image that was open then; another one of the same mark has its own */
  if (gimp_image_get_id (image) != placement->image_id
      || !gimp_item_id_is_layer (placement->layer_id))
    return comfy_provenance_find_layer (image, placement->layer_mark);

  item = gimp_item_get_by_id (placement->layer_id);

  return gimp_item_get_image (item) == image ? item : NULL;
}

/* layers are others, with other tattoos, in a duplicate */
static void
redirect_boxes (GArray    *boxes,
                GimpImage *image,
                GimpImage *duplicate)
{
  g_autofree GimpLayer **layers = gimp_image_get_layers (image);
  g_autofree GimpLayer **twins = gimp_image_get_layers (duplicate);

  for (unsigned int i = 0; i < boxes->len; i++)
    {
      ComfyLayerBox *box = &g_array_index (boxes, ComfyLayerBox, i);
      unsigned int   k = 0;

      while (layers[k] != NULL && gimp_item_get_tattoo (GIMP_ITEM (layers[k])) != box->tattoo)
        k++;
      box->tattoo = layers[k] != NULL ? gimp_item_get_tattoo (GIMP_ITEM (twins[k])) : 0;
    }
}

/**
 * comfy_target_redirect:
 * @placement: where pixels were taken; changed, so a copy
 * @image: the image, from comfy_target_find_image()
 * @duplicate: its duplicate, unchanged but for marks of ours, of which it has none
 *
 * Afterwards it means the duplicate, and in it what it meant in the image.
 */
void
comfy_target_redirect (ComfyPlacement *placement,
                       GimpImage      *image,
                       GimpImage      *duplicate)
{
  GimpItem  *layer = comfy_target_find_layer (placement, image);
  GimpLayer *twin = layer != NULL
                      ? comfy_layer_find_twin (image, duplicate, GIMP_LAYER (layer)) : NULL;

  redirect_boxes (placement->layers, image, duplicate);
  placement->gimp_pid = gimp_getpid ();
  placement->image_id = gimp_image_get_id (duplicate);
  placement->layer_id = twin != NULL ? gimp_item_get_id (GIMP_ITEM (twin)) : -1;
  g_clear_pointer (&placement->image_mark, g_free);
  g_clear_pointer (&placement->layer_mark, g_free);
}

/**
 * comfy_target_list_boxes:
 * @image: an open image
 * @boxes: (element-type ComfyLayerBox): gets the boxes of its topmost layers, not those in groups
 */
void
comfy_target_list_boxes (GimpImage *image,
                         GArray    *boxes)
{
  g_autofree GimpLayer **layers = gimp_image_get_layers (image);

  for (unsigned int i = 0; layers[i] != NULL && boxes->len < COMFY_DRIFT_MAX_LAYERS; i++)
    {
      GimpDrawable  *drawable = GIMP_DRAWABLE (layers[i]);
      ComfyLayerBox  layer = { .tattoo = gimp_item_get_tattoo (GIMP_ITEM (layers[i])) };

      gimp_drawable_get_offsets (drawable, &layer.box.x, &layer.box.y);
      layer.box.width = gimp_drawable_get_width (drawable);
      layer.box.height = gimp_drawable_get_height (drawable);
      g_array_append_val (boxes, layer);
    }
}

/**
 * comfy_target_find_drift:
 * @placement: where pixels were taken
 * @image: the image, from comfy_target_find_image()
 * @out_x: (out): px by which all that was in the image has moved since
 * @out_y: (out): px
 *
 * A layer that is moved moves nothing else, so only an image of another size is looked at: one that
 * was cropped, or has grown.
 *
 * Returns: %FALSE when nothing has moved, or nothing can be known of it
 */
gboolean
comfy_target_find_drift (ComfyPlacement *placement,
                         GimpImage      *image,
                         int            *out_x,
                         int            *out_y)
{
  g_autoptr(GArray) boxes = g_array_new (FALSE, FALSE, sizeof (ComfyLayerBox));

  if (gimp_image_get_width (image) == placement->image_width
      && gimp_image_get_height (image) == placement->image_height)
    return FALSE;

  comfy_target_list_boxes (image, boxes);

  return comfy_drift_find (placement->layers, boxes, out_x, out_y) && (*out_x != 0 || *out_y != 0);
}
