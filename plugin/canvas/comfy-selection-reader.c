/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is selected. The Quick Mask is a channel with a name that GIMP knows, and while it is there
 * GIMP's selection is empty: it is what the artist is selecting, so it counts.
 */
#define G_LOG_DOMAIN "comfy-selection-reader"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-selection-reader.h"
#include "comfy-strip-reader.h"

#define QUICK_MASK "Qmask"

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
 * comfy_selection_reader_get_bounds:
 * @duplicate: of the artist's image; its Quick Mask, if it has one, becomes its selection
 * @out_bounds: (out): px in the image: what is selected, if only a little
 *
 * Whether the Quick Mask is shown inverted (“Mask Selected Areas”) is nothing that GIMP tells: white
 * is selected.
 *
 * Returns: whether anything is selected
 */
gboolean
comfy_selection_reader_get_bounds (GimpImage *duplicate,
                                   ComfyRect *out_bounds)
{
  GimpChannel *quick_mask = gimp_image_get_channel_by_name (duplicate, QUICK_MASK);
  gboolean     selected;
  int          x1;
  int          y1;
  int          x2;
  int          y2;

  if (quick_mask != NULL)
    load_quick_mask (duplicate, quick_mask);

  *out_bounds = (ComfyRect) { 0 };
  if (!gimp_selection_bounds (duplicate, &selected, &x1, &y1, &x2, &y2) || !selected)
    return FALSE;

  *out_bounds = (ComfyRect) { x1, y1, x2 - x1, y2 - y1 };

  return TRUE;
}

/**
 * comfy_selection_reader_read:
 * @duplicate: whose bounds were asked for
 * @rect: px in the image; nothing is selected outside of the canvas
 * @error: return location
 *
 * In a fiber: reads how much each pixel is selected, soft edges included.
 *
 * Returns: (transfer full) (nullable): grey, 8 bits, 255 is selected. Errors: %COMFY_ERROR_IMAGE
 */
ComfyPixels *
comfy_selection_reader_read (GimpImage        *duplicate,
                             const ComfyRect  *rect,
                             GError          **error)
{
  GimpSelection         *selection = gimp_image_get_selection (duplicate);
  g_autoptr(GeglBuffer)  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (selection));
  guint8                *data = g_try_malloc_n (rect->height, rect->width);
  ComfyStrips            strips = { 0 };

  if (data == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_IMAGE, "not enough memory",
                       _("There is not enough memory to read the selection. "
                         "Close other images and try again."));
      return NULL;
    }

  /* linear, as a selection is: its values, not what they would look like */
  if (!comfy_strips_read (&strips, buffer, rect, babl_format ("Y u8"), data, rect->width, error))
    {
      g_free (data);
      return NULL;
    }

  return comfy_pixels_new_take (rect->width, rect->height, 1, 8, data);
}
