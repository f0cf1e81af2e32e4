/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pixels into layers. GIMP's buffers know their colour space, so plain sRGB comes out with the right
 * colour in an image of any profile, precision and mode.
 */
#define G_LOG_DOMAIN "comfy-layer-writer"

#include "config.h"

#include <string.h>

#include "comfy-layer-writer.h"

static const Babl *
get_format (ComfyPixels *pixels)
{
  const char *deep = pixels->channels == 1   ? "Y' u16"
                     : pixels->channels == 3 ? "R'G'B' u16"
                                             : "R'G'B'A u16";
  const char *plain = pixels->channels == 1   ? "Y' u8"
                      : pixels->channels == 3 ? "R'G'B' u8"
                                              : "R'G'B'A u8";

  return babl_format (pixels->depth == 16 ? deep : plain);
}

static GimpImageType
get_layer_type (GimpImage *image,
                gboolean   alpha)
{
  switch (gimp_image_get_base_type (image))
    {
    case GIMP_GRAY:
      return alpha ? GIMP_GRAYA_IMAGE : GIMP_GRAY_IMAGE;
    case GIMP_INDEXED:
      return alpha ? GIMP_INDEXEDA_IMAGE : GIMP_INDEXED_IMAGE;
    case GIMP_RGB:
    default:
      return alpha ? GIMP_RGBA_IMAGE : GIMP_RGB_IMAGE;
    }
}

/**
 * comfy_layer_writer_new_layer:
 * @image: the image that the layer is for
 * @name: its name
 * @pixels: what it shows
 * @rect: where it is in the image, of the size of @pixels
 *
 * Makes a layer with these pixels; not yet in the image, so that no undo step begins.
 *
 * Returns: (transfer none) (nullable): the layer
 */
GimpLayer *
comfy_layer_writer_new_layer (GimpImage       *image,
                              const char      *name,
                              ComfyPixels     *pixels,
                              const ComfyRect *rect)
{
  g_autoptr(GeglBuffer)  buffer = NULL;
  GimpLayer             *layer;

  layer = gimp_layer_new (image, name, pixels->width, pixels->height,
                          get_layer_type (image, pixels->channels == 4), 100.0,
                          gimp_image_get_default_new_layer_mode (image));
  if (layer == NULL)
    return NULL;

  gimp_layer_set_offsets (layer, rect->x, rect->y);
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  gegl_buffer_set (buffer, GEGL_RECTANGLE (0, 0, pixels->width, pixels->height), 0,
                   get_format (pixels), g_bytes_get_data (pixels->data, NULL),
                   (int) pixels->stride);

  return layer;
}

/* How much is seen or selected is no light: the numbers themselves count. GIMP's masks hold them in
 * a linear format of whatever depth, its channels in images of plain 8 bits in another one. */
static const Babl *
get_mask_format (GeglBuffer *buffer)
{
  const Babl *own = gegl_buffer_get_format (buffer);

  return babl_format (strchr (babl_get_name (own), '\'') != NULL ? "Y' u8" : "Y u8");
}

/* only what is inside of the drawable: libgimp ends the program at a tile that is not */
static void
write_mask (GimpDrawable    *drawable,
            ComfyPixels     *mask,
            const ComfyRect *rect)
{
  g_autoptr(GeglBuffer)  buffer = gimp_drawable_get_buffer (drawable);
  const guint8          *data = g_bytes_get_data (mask->data, NULL);
  const ComfyRect        all = { 0, 0, gimp_drawable_get_width (drawable),
                                 gimp_drawable_get_height (drawable) };
  ComfyRect              part;

  if (comfy_rect_intersect (&all, rect, &part))
    gegl_buffer_set (buffer, GEGL_RECTANGLE (part.x, part.y, part.width, part.height), 0,
                     get_mask_format (buffer),
                     data + (part.y - rect->y) * mask->stride + (part.x - rect->x),
                     (int) mask->stride);
}

/**
 * comfy_layer_writer_add_mask:
 * @layer: a layer without a mask, in an image or not yet
 * @mask: grey, 8 bits, of the layer's size: 255 shows it
 *
 * Returns: whether the layer has the mask now; it is the layer that is painted on, not the mask
 */
gboolean
comfy_layer_writer_add_mask (GimpLayer   *layer,
                             ComfyPixels *mask)
{
  GimpLayerMask   *made = gimp_layer_create_mask (layer, GIMP_ADD_MASK_BLACK);
  const ComfyRect  rect = { 0, 0, mask->width, mask->height };

  if (made == NULL)
    return FALSE;

  write_mask (GIMP_DRAWABLE (made), mask, &rect);
  if (!gimp_layer_add_mask (layer, made))
    {
      gimp_item_delete (GIMP_ITEM (made));
      return FALSE;
    }
  gimp_layer_set_edit_mask (layer, FALSE);

  return TRUE;
}

/**
 * comfy_layer_writer_read_mask:
 * @mask: a layer's mask
 *
 * Returns: (transfer full) (nullable): it as grey of 8 bits; %NULL when there is no memory for it
 */
ComfyPixels *
comfy_layer_writer_read_mask (GimpLayerMask *mask)
{
  g_autoptr(GeglBuffer)  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (mask));
  int                    width = gimp_drawable_get_width (GIMP_DRAWABLE (mask));
  int                    height = gimp_drawable_get_height (GIMP_DRAWABLE (mask));
  guint8                *data = g_try_malloc_n (height, width);

  if (data == NULL)
    return NULL;

  gegl_buffer_get (buffer, GEGL_RECTANGLE (0, 0, width, height), 1.0, get_mask_format (buffer),
                   data, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);

  return comfy_pixels_new_take (width, height, 1, 8, data);
}

/**
 * comfy_layer_writer_new_channel:
 * @image: the image that the channel is for
 * @mask: grey, 8 bits: 255 is selected
 * @rect: where it is in the image, of the size of @mask; what is outside of the canvas is left out
 *
 * Returns: (transfer none) (nullable): a channel as large as the image, not yet in it
 */
GimpChannel *
comfy_layer_writer_new_channel (GimpImage       *image,
                                ComfyPixels     *mask,
                                const ComfyRect *rect)
{
  GeglBuffer  *buffer;
  GeglColor   *black = gegl_color_new ("black");
  int          width = gimp_image_get_width (image);
  int          height = gimp_image_get_height (image);
  GimpChannel *channel = gimp_channel_new (image, "Comfy Cloud", width, height, 100.0, black);

  g_object_unref (black);

  if (channel == NULL)
    return NULL;

  /* not gimp_drawable_fill(): its transparent is the background colour in a channel */
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (channel));
  gegl_buffer_clear (buffer, NULL);
  g_object_unref (buffer);
  write_mask (GIMP_DRAWABLE (channel), mask, rect);

  return channel;
}

/* Half a result must not stay: the layers in the image would be taken for all of it, and the others
 * be in memory until the image is closed. */
static void
take_back (GimpImage    *image,
           GPtrArray    *layers,
           unsigned int  n_inserted)
{
  for (unsigned int i = 0; i < layers->len; i++)
    {
      GimpLayer *layer = g_ptr_array_index (layers, i);

      if (i < n_inserted)
        gimp_image_remove_layer (image, layer);
      else
        gimp_item_delete (GIMP_ITEM (layer));
    }
}

/**
 * comfy_layer_writer_insert:
 * @image: an open image
 * @layers: (element-type GimpLayer): new layers, the upmost first
 * @grouping: whether one layer alone comes into a group, too
 * @group_name: name of the group
 * @above: (nullable): the layer above which they go; %NULL: on top
 *
 * Returns: whether all of them are in the image, else they are gone; the caller has opened the undo
 *   group
 */
gboolean
comfy_layer_writer_insert (GimpImage     *image,
                           GPtrArray     *layers,
                           ComfyGrouping  grouping,
                           const char    *group_name,
                           GimpItem      *above)
{
  GimpItem  *parent = above != NULL ? gimp_item_get_parent (above) : NULL;
  int        position = above != NULL ? gimp_image_get_item_position (image, above) : 0;
  GimpLayer *group = NULL;

  if (layers->len > 1 || grouping == COMFY_GROUPING_ALWAYS)
    {
      group = GIMP_LAYER (gimp_group_layer_new (image, group_name));
      if (!gimp_image_insert_layer (image, group, GIMP_LAYER (parent), position))
        {
          gimp_item_delete (GIMP_ITEM (group));
          take_back (image, layers, 0);
          return FALSE;
        }
      parent = GIMP_ITEM (group);
      position = 0;
    }

  for (unsigned int i = 0; i < layers->len; i++)
    if (!gimp_image_insert_layer (image, g_ptr_array_index (layers, i), GIMP_LAYER (parent),
                                  position + (int) i))
      {
        take_back (image, layers, i);
        if (group != NULL)
          gimp_image_remove_layer (image, group);
        return FALSE;
      }

  return TRUE;
}
