/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GIMP is asked what is seen. The duplicate's canvas is made as large as the piece that is read, so
 * that GIMP works on that piece only, however large the image is. Merging filters, masks or groups
 * would be another way, but in GIMP 3.0 a filter that paints outside of its layer then leaves a buffer
 * that begins elsewhere than the layer's offsets say, and its values are rounded once more than those
 * that are seen.
 */
#define G_LOG_DOMAIN "comfy-shown"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-aside.h"
#include "comfy-error.h"
#include "comfy-mask.h"
#include "comfy-shown.h"
#include "comfy-strip-reader.h"

/* px in the image → (transfer none): a new layer of what is seen there */
static GimpLayer *
show (ComfyShown      *self,
      const ComfyRect *rect)
{
  if (!gimp_image_resize (self->duplicate, rect->width, rect->height,
                          self->canvas.x - rect->x, self->canvas.y - rect->y))
    return NULL;
  self->canvas = *rect;

  for (unsigned int i = 0; !self->showing && i < self->seen->len; i++)
    gimp_item_set_visible (g_ptr_array_index (self->seen, i), TRUE);
  self->showing = TRUE;

  return gimp_layer_new_from_visible (self->duplicate,
                                      self->taker != NULL ? self->taker : self->duplicate, "");
}

/* @rect is a strip, or all, which is then read in strips */
static gboolean
read_piece (ComfyShown       *self,
            ComfyStrips      *strips,
            const ComfyRect  *rect,
            const Babl       *format,
            guint8           *data,
            size_t            stride,
            GError          **error)
{
  const ComfyRect  whole = { 0, 0, rect->width, rect->height };
  GimpLayer       *layer = show (self, rect);
  GeglBuffer      *buffer;
  gboolean         done;

  if (layer == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_IMAGE, gimp_pdb_get_last_error (gimp_get_pdb ()),
                       _("The image cannot be read. Save it, open it again and try once more."));
      return FALSE;
    }

  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  if (self->filtered)
    done = comfy_strips_read (strips, buffer, &whole, format, data, stride, error);
  else if ((done = comfy_strips_prepare (strips, buffer, format, error)))
    gegl_buffer_get (buffer, GEGL_RECTANGLE (0, 0, rect->width, rect->height), 1.0, format, data,
                     (int) stride, GEGL_ABYSS_NONE);
  g_object_unref (buffer);
  gimp_item_delete (GIMP_ITEM (layer));

  return done;
}

/**
 * comfy_shown_read:
 * @self: what is shown
 * @rect: px in the image, on the canvas or not; what is seen is asked for in strips, unless there are
 *   filters: a blur may need the whole layer for each pixel, and would do it anew for every strip
 * @format: what to convert to
 * @data: (out caller-allocates): gets the pixels
 * @stride: bytes from row to row of @data
 * @error: return location
 *
 * In a fiber. The duplicate's canvas and selection are others afterwards.
 *
 * Returns: success. Errors: %COMFY_ERROR_IMAGE
 */
gboolean
comfy_shown_read (ComfyShown       *self,
                  const ComfyRect  *rect,
                  const Babl       *format,
                  guint8           *data,
                  size_t            stride,
                  GError          **error)
{
  ComfyStrips strips = { 0 };
  ComfyRect   strip = *rect;

  for (int done = 0; done < rect->height; done += strip.height)
    {
      strip.y = rect->y + done;
      if (!self->filtered
          && !comfy_strips_next (&strips, rect->width, rect->height - done, &strip.height, error))
        return FALSE;
      if (!read_piece (self, &strips, &strip, format, data + done * stride, stride, error))
        return FALSE;
    }

  return TRUE;
}

/* the same in another duplicate; what is seen are its upmost layers */
static gboolean
read_alpha (const ComfyShown  *self,
            const ComfyRect   *rect,
            guint8            *alpha,
            GError           **error)
{
  ComfyShown             probe = *self;
  g_autoptr(GPtrArray)   seen = g_ptr_array_new ();
  g_autofree GimpLayer **layers = NULL;
  gboolean               done;

  probe.duplicate = gimp_image_duplicate (self->duplicate);
  if (probe.duplicate == NULL)
    return TRUE;

  gimp_image_undo_disable (probe.duplicate);
  layers = gimp_image_get_layers (probe.duplicate);
  for (unsigned int i = 0; i < self->seen->len; i++)
    g_ptr_array_add (seen, layers[i]);
  probe.seen = seen;
  done = comfy_shown_read (&probe, rect, babl_format ("A u8"), alpha, rect->width, error);
  comfy_aside_drop (probe.duplicate);

  return done;
}

/**
 * comfy_shown_measure:
 * @self: what is shown: the upmost layers, not read yet, and not changed by this
 * @candidate: px in the image
 * @out_painted: (out): px in the image: the smallest rectangle in @candidate with all that is
 *   painted; empty when nothing is, or when there is no memory to find out
 * @error: return location
 *
 * In a fiber.
 *
 * Returns: success. Errors: %COMFY_ERROR_IMAGE
 */
gboolean
comfy_shown_measure (const ComfyShown *self,
                     const ComfyRect  *candidate,
                     ComfyRect        *out_painted,
                     GError          **error)
{
  g_autofree guint8      *alpha = g_try_malloc0_n (candidate->height, candidate->width);
  g_autoptr(ComfyPixels)  mask = NULL;

  *out_painted = (ComfyRect) { 0 };
  if (alpha == NULL)
    return TRUE;
  if (!read_alpha (self, candidate, alpha, error))
    return FALSE;

  mask = comfy_pixels_new_take (candidate->width, candidate->height, 1, 8,
                                g_steal_pointer (&alpha));
  if (comfy_mask_get_bounds (mask, out_painted))
    {
      out_painted->x += candidate->x;
      out_painted->y += candidate->y;
    }

  return TRUE;
}
