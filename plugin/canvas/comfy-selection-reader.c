/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is selected. The Quick Mask is a channel with a name that GIMP knows, and while it is there
 * GIMP's selection is empty: it is what the artist is selecting, so it counts.
 */
#define G_LOG_DOMAIN "comfy-selection-reader"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-selection-reader.h"
#include "comfy-strip-reader.h"

#define QUICK_MASK  "Qmask"
#define MAX_AT_ONCE ((guint64) 1 << 20) /* px: some ms */

/* its values as they are, whatever a script that calls us has set for its own selections */
static void
load_quick_mask (GimpImage   *duplicate,
                 GimpChannel *quick_mask)
{
  gimp_context_push ();
  gimp_context_set_feather (FALSE);
  gimp_image_select_item (duplicate, GIMP_CHANNEL_OP_REPLACE, GIMP_ITEM (quick_mask));
  gimp_context_pop ();
}

/**
 * comfy_selection_reader_has_quick_mask:
 *
 * Returns: whether what is selected is being painted
 */
gboolean
comfy_selection_reader_has_quick_mask (GimpImage *image)
{
  return gimp_image_get_channel_by_name (image, QUICK_MASK) != NULL;
}

/**
 * comfy_selection_reader_drop_quick_mask:
 * @duplicate: a duplicate of the artist's image
 *
 * From now on GIMP's own selection is what is selected in it.
 */
void
comfy_selection_reader_drop_quick_mask (GimpImage *duplicate)
{
  GimpChannel *quick_mask = gimp_image_get_channel_by_name (duplicate, QUICK_MASK);

  if (quick_mask != NULL)
    gimp_image_remove_channel (duplicate, quick_mask);
}

/* linear, as it is: values, not how they look */
static const Babl *
get_format (void)
{
  return babl_format ("Y u8");
}

/**
 * comfy_selection_reader_prepare:
 * @image: an open image
 * @error: return location
 *
 * In a fiber: waits for what the first selection of its kind has to wait for.
 *
 * Returns: %FALSE when the fiber was cancelled meanwhile
 */
gboolean
comfy_selection_reader_prepare (GimpImage  *image,
                                GError    **error)
{
  GimpSelection         *selection = gimp_image_get_selection (image);
  g_autoptr(GeglBuffer)  buffer = NULL;
  ComfyStrips            strips = { 0 };

  /* closed just now: whoever reads it says so */
  if (selection == NULL)
    return TRUE;

  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (selection));

  return comfy_strips_prepare (&strips, buffer, get_format (), error);
}

/**
 * comfy_selection_reader_get_bounds:
 * @image: a duplicate of the artist's image, whose Quick Mask, if it has one, becomes its selection;
 *   or the artist's image, when it has none
 * @out_bounds: (out): px in the image: what is selected, if only a little
 *
 * Whether the Quick Mask is shown inverted (“Mask Selected Areas”) is nothing that GIMP tells: white
 * is selected.
 *
 * Returns: whether anything is selected
 */
gboolean
comfy_selection_reader_get_bounds (GimpImage *image,
                                   ComfyRect *out_bounds)
{
  GimpChannel *quick_mask = gimp_image_get_channel_by_name (image, QUICK_MASK);
  gboolean     selected;
  int          x1;
  int          y1;
  int          x2;
  int          y2;

  if (quick_mask != NULL)
    load_quick_mask (image, quick_mask);

  *out_bounds = (ComfyRect) { 0 };
  if (!gimp_selection_bounds (image, &selected, &x1, &y1, &x2, &y2) || !selected)
    return FALSE;

  *out_bounds = (ComfyRect) { x1, y1, x2 - x1, y2 - y1 };

  return TRUE;
}

/**
 * comfy_selection_reader_is_small:
 * @rect: px in the image
 *
 * Returns: whether it is read at once, so that what is read is of one moment
 */
gboolean
comfy_selection_reader_is_small (const ComfyRect *rect)
{
  return (guint64) rect->width * (guint64) rect->height <= MAX_AT_ONCE;
}

static void
set_no_memory (GError **error)
{
  comfy_set_error (error, COMFY_ERROR_IMAGE, "not enough memory",
                   _("There is not enough memory to read the selection. "
                     "Close other images and try again."));
}

/* @rect is small */
static gboolean
read_at_once (GeglBuffer       *buffer,
              const ComfyRect  *rect,
              const Babl       *format,
              guint8           *data,
              GError          **error)
{
  ComfyStrips strips = { 0 };

  if (!comfy_strips_prepare (&strips, buffer, format, error))
    return FALSE;
  gegl_buffer_get (buffer, GEGL_RECTANGLE (rect->x, rect->y, rect->width, rect->height), 1.0,
                   format, data, rect->width, GEGL_ABYSS_NONE);

  return TRUE;
}

/**
 * comfy_selection_reader_read:
 * @image: whose bounds were asked for
 * @rect: px in the image; nothing is selected outside of the canvas
 * @error: return location
 *
 * In a fiber: reads how much each pixel is selected, soft edges included.
 *
 * Returns: (transfer full) (nullable): grey, 8 bits, 255 is selected. Errors: %COMFY_ERROR_IMAGE
 */
ComfyPixels *
comfy_selection_reader_read (GimpImage        *image,
                             const ComfyRect  *rect,
                             GError          **error)
{
  GimpSelection         *selection = gimp_image_get_selection (image);
  g_autoptr(GeglBuffer)  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (selection));
  guint8                *data = g_try_malloc_n (rect->height, rect->width);
  const Babl            *format = get_format ();
  ComfyStrips            strips = { 0 };
  gboolean               done;

  if (data == NULL)
    {
      set_no_memory (error);
      return NULL;
    }

  done = comfy_selection_reader_is_small (rect)
           ? read_at_once (buffer, rect, format, data, error)
           : comfy_strips_read (&strips, buffer, rect, format, data, rect->width, error);
  if (!done)
    {
      g_free (data);
      return NULL;
    }

  return comfy_pixels_new_take (rect->width, rect->height, 1, 8, data);
}

/**
 * comfy_selection_reader_crop:
 * @mask: grey, 8 bits
 * @bounds: px in the image: where it is
 * @rect: px in the image
 * @error: return location
 *
 * Returns: (transfer full) (nullable): @rect of it; outside of it nothing is selected. Errors:
 *   %COMFY_ERROR_IMAGE
 */
ComfyPixels *
comfy_selection_reader_crop (ComfyPixels      *mask,
                             const ComfyRect  *bounds,
                             const ComfyRect  *rect,
                             GError          **error)
{
  const guint8 *source = g_bytes_get_data (mask->data, NULL);
  guint8       *data = g_try_malloc0_n (rect->height, rect->width);
  ComfyRect     part;

  if (data == NULL)
    {
      set_no_memory (error);
      return NULL;
    }

  if (comfy_rect_intersect (bounds, rect, &part))
    for (int y = part.y; y < part.y + part.height; y++)
      memcpy (data + (size_t) (y - rect->y) * rect->width + (part.x - rect->x),
              source + (y - bounds->y) * mask->stride + (part.x - bounds->x), part.width);

  return comfy_pixels_new_take (rect->width, rect->height, 1, 8, data);
}
