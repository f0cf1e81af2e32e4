/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A layer's pixels as the artist sees them. They are read from a duplicate of the image, made in
 * one call: whatever the artist does meanwhile, the picture is of one moment; and on the duplicate
 * filters, mask and group can be merged, which a layer's own buffer knows nothing of.
 */
#define G_LOG_DOMAIN "comfy-layer-reader"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "comfy-error.h"
#include "comfy-layer-reader.h"

#define ROWS_AT_ONCE 256 /* two rows of GIMP's tiles */

/* the same layer in a duplicate of the image: at the same place in the same groups */
static GimpLayer *
find_twin (GimpImage *image,
           GimpImage *duplicate,
           GimpItem  *layer)
{
  GimpItem             *parent = gimp_item_get_parent (layer);
  g_autofree GimpItem **siblings = NULL;
  int                   position = gimp_image_get_item_position (image, layer);

  if (parent == NULL)
    siblings = (GimpItem **) gimp_image_get_layers (duplicate);
  else
    {
      GimpLayer *group = find_twin (image, duplicate, parent);

      siblings = group != NULL ? gimp_item_get_children (GIMP_ITEM (group)) : NULL;
    }

  for (int i = 0; siblings != NULL && siblings[i] != NULL; i++)
    if (i == position)
      return GIMP_LAYER (siblings[i]);

  return NULL;
}

/* what is being pasted onto the layer is seen as a part of it */
static void
anchor_floating (GimpImage *duplicate,
                 GimpLayer *twin)
{
  GimpLayer *floating = gimp_image_get_floating_sel (duplicate);

  if (floating != NULL && floating != twin)
    gimp_floating_sel_anchor (floating);
}

/* one plain layer whose buffer is what is seen of it, but for its opacity and mode */
static GimpLayer *
merge (GimpLayer *layer)
{
  if (gimp_item_is_group (GIMP_ITEM (layer)))
    return gimp_group_layer_merge (GIMP_GROUP_LAYER (layer));

  gimp_drawable_merge_filters (GIMP_DRAWABLE (layer));
  if (gimp_layer_get_mask (layer) != NULL && gimp_layer_get_apply_mask (layer))
    gimp_layer_remove_mask (layer, GIMP_MASK_APPLY);

  return layer;
}

static gboolean
check_size (GimpLayer  *layer,
            int         width,
            int         height,
            guint64     max_pixels,
            GError    **error)
{
  double           shrink = sqrt ((double) max_pixels / ((double) width * height));
  g_autofree char *name = NULL;

  if (shrink >= 1.0)
    return TRUE;

  name = gimp_item_get_name (GIMP_ITEM (layer));
  comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                   _("The layer “%s” has %d × %d pixels, which is too large to be sent. "
                     "Scale it to at most %d × %d pixels and try again."),
                   name, width, height, MAX ((int) (width * shrink), 1),
                   MAX ((int) (height * shrink), 1));
  return FALSE;
}

static ComfyPixels *
read_buffer (GimpDrawable *drawable,
             int           width,
             int           height)
{
  g_autoptr(GeglBuffer)  buffer = gimp_drawable_get_buffer (drawable);
  int                    channels = gimp_drawable_has_alpha (drawable) ? 4 : 3;
  size_t                 stride = (size_t) width * channels;
  const Babl            *format = babl_format (channels == 4 ? "R'G'B'A u8" : "R'G'B' u8");
  guint8                *data = g_try_malloc_n (height, stride);

  if (data == NULL)
    return NULL;

  /* in strips: a large layer in one call takes twice as long */
  for (int y = 0; y < height; y += ROWS_AT_ONCE)
    gegl_buffer_get (buffer, GEGL_RECTANGLE (0, y, width, MIN (ROWS_AT_ONCE, height - y)), 1.0,
                     format, data + y * stride, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);

  return comfy_pixels_new_take (width, height, channels, 8, data);
}

static ComfyPixels *
read_twin (GimpLayer      *twin,
           guint64         max_pixels,
           GeglRectangle  *out_rect,
           GError        **error)
{
  GimpDrawable *drawable = GIMP_DRAWABLE (merge (twin));
  ComfyPixels  *pixels;

  if (drawable == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_IMAGE, gimp_pdb_get_last_error (gimp_get_pdb ()),
                       _("The layer group could not be merged for sending. "
                         "Select a layer and try again."));
      return NULL;
    }

  out_rect->width = gimp_drawable_get_width (drawable);
  out_rect->height = gimp_drawable_get_height (drawable);
  gimp_drawable_get_offsets (drawable, &out_rect->x, &out_rect->y);
  if (!check_size (GIMP_LAYER (drawable), out_rect->width, out_rect->height, max_pixels, error))
    return NULL;

  pixels = read_buffer (drawable, out_rect->width, out_rect->height);
  if (pixels == NULL)
    comfy_set_error (error, COMFY_ERROR_IMAGE, "not enough memory",
                     _("There is not enough memory to read the layer. "
                       "Close other images and try again."));
  return pixels;
}

/**
 * comfy_layer_reader_read:
 * @image: an open image
 * @layer: a layer of it, of any kind
 * @max_pixels: the largest picture allowed, in px
 * @out_rect: (out): where the pixels are in the image, in px; may begin at negative coordinates and
 *   may be larger than the layer, where a filter paints outside of it
 * @error: return location
 *
 * Reads the layer with its filters and its mask, as sRGB of 8 bits, RGBA where the layer has an
 * alpha channel, else RGB. The image is not changed.
 *
 * Returns: (transfer full) (nullable): the pixels. Errors: %COMFY_ERROR_TOO_LARGE,
 *   %COMFY_ERROR_IMAGE
 */
ComfyPixels *
comfy_layer_reader_read (GimpImage      *image,
                         GimpLayer      *layer,
                         guint64         max_pixels,
                         GeglRectangle  *out_rect,
                         GError        **error)
{
  GimpImage   *duplicate = gimp_image_duplicate (image);
  GimpLayer   *twin;
  ComfyPixels *pixels = NULL;

  twin = duplicate != NULL ? find_twin (image, duplicate, GIMP_ITEM (layer)) : NULL;
  if (twin != NULL)
    {
      anchor_floating (duplicate, twin);
      pixels = read_twin (twin, max_pixels, out_rect, error);
    }
  else
    comfy_set_error (error, COMFY_ERROR_IMAGE, gimp_pdb_get_last_error (gimp_get_pdb ()),
                     _("The layer cannot be read any more. Select a layer and try again."));

  if (duplicate != NULL)
    gimp_image_delete (duplicate);

  return pixels;
}
