/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pixels as the artist sees them. They are read from copies of the layers that are needed, where
 * these are simply pixels, or else from a duplicate of the image. Either copies on write: whatever
 * the artist does meanwhile, the picture is of one moment.
 *
 * GIMP renders a whole duplicate in its idle time, whether anybody wants to see it or not, and lets
 * us wait meanwhile: so all its layers are hidden at once, until the canvas is small.
 *
 * A layer without mask and filters is read from its own buffer. For all else GIMP is asked what is
 * seen (comfy-shown.c).
 */
#define G_LOG_DOMAIN "comfy-image-reader"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-aside.h"
#include "comfy-error.h"
#include "comfy-image-reader.h"
#include "comfy-layer-copies.h"
#include "comfy-layer-stack.h"
#include "comfy-selection-reader.h"
#include "comfy-shown.h"
#include "comfy-strip-reader.h"

#define MAX_MEASURE_PIXELS ((guint64) 1 << 28)

struct _ComfyImageReader
{
  GimpImage   *duplicate; /* owned: of the image, or with copies of some layers only */
  GimpImage   *taker;     /* owned, nullable */
  GPtrArray   *twins;     /* owned, of the duplicate: the layers that were asked for */
  GPtrArray   *visible;   /* owned, of the duplicate: what was visible, but for layers of groups */
  GimpLayer   *plain;     /* nullable, of the duplicate: its buffer is what is seen */
  ComfyPixels *mask;      /* owned, nullable: what is selected within the bounds; else it is still
                           * the duplicate that knows */
  ComfyRect    selected;  /* px in the artist's image: the bounds of what is selected, or empty */
  ComfyShown   shown;     /* what is read otherwise */
  ComfyRect    rect;      /* px in the artist's image: where there is something to read */
};

/* @layers of the artist's image: the same in the duplicate */
static gboolean
find_twins (ComfyImageReader  *self,
            GimpImage         *image,
            GPtrArray         *layers,
            GError           **error)
{
  for (unsigned int i = 0; i < layers->len; i++)
    {
      GimpLayer *twin = comfy_layer_find_twin (image, self->duplicate,
                                               g_ptr_array_index (layers, i));

      if (twin == NULL)
        {
          comfy_set_error (error, COMFY_ERROR_IMAGE, gimp_pdb_get_last_error (gimp_get_pdb ()),
                           _("The layer cannot be read any more. Select a layer and try again."));
          return FALSE;
        }
      g_ptr_array_add (self->twins, twin);
    }

  return TRUE;
}

/* (transfer full): what is selected at this moment; NULL where there is nothing, or too much to be
 * read at once */
static ComfyPixels *
read_mask (GimpImage *image,
           ComfyRect *out_bounds)
{
  if (!comfy_selection_reader_get_bounds (image, out_bounds)
      || !comfy_selection_reader_is_small (out_bounds))
    return NULL;

  return comfy_selection_reader_read (image, out_bounds, NULL);
}

/* %FALSE: that is not enough */
static gboolean
copy_layers (ComfyImageReader *self,
             const ComfyTake  *take,
             GimpImage        *image,
             GPtrArray        *layers)
{
  g_autoptr(GPtrArray) wanted = NULL;
  g_autoptr(GPtrArray) copies = g_ptr_array_new ();

  /* what is being painted is made a selection only in a duplicate */
  if (comfy_selection_reader_has_quick_mask (image))
    return FALSE;

  if (comfy_take_needs_selected (take))
    {
      self->mask = read_mask (image, &self->selected);
      if (self->mask == NULL && !comfy_rect_is_empty (&self->selected))
        return FALSE;
    }

  wanted = take->source == COMFY_SOURCE_VISIBLE ? comfy_layers_dup_visible (image)
                                                : g_ptr_array_ref (layers);
  self->duplicate = comfy_layer_copies_new (image, wanted, copies);
  if (self->duplicate == NULL)
    {
      g_clear_pointer (&self->mask, comfy_pixels_unref);
      return FALSE;
    }

  self->twins = g_ptr_array_ref (copies);
  self->visible = g_steal_pointer (&copies);

  return TRUE;
}

/* all that is known of the duplicate, whose layers are hidden */
static void
settle (ComfyImageReader *self)
{
  comfy_layer_stack_hide_aids (self->duplicate);
  comfy_layer_stack_show_pixels (self->duplicate);
  if (gimp_image_get_base_type (self->duplicate) == GIMP_INDEXED)
    self->taker = comfy_layer_copies_new_taker (self->duplicate);
  comfy_selection_reader_get_bounds (self->duplicate, &self->selected);
}

static gboolean
duplicate_all (ComfyImageReader  *self,
               GimpImage         *image,
               GPtrArray         *layers,
               GError           **error)
{
  self->duplicate = gimp_image_duplicate (image);
  if (self->duplicate == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_IMAGE, gimp_pdb_get_last_error (gimp_get_pdb ()),
                       _("The image cannot be read. Save it, open it again and try once more."));
      return FALSE;
    }

  self->twins = g_ptr_array_new ();
  gimp_image_undo_disable (self->duplicate);
  /* once something was anchored positions are others */
  if (!find_twins (self, image, layers, error))
    return FALSE;
  self->visible = comfy_layer_stack_hide (self->duplicate);
  settle (self);

  return TRUE;
}

static void
init_shown (ComfyImageReader *self)
{
  self->shown = (ComfyShown) {
    .duplicate = self->duplicate,
    .taker = self->taker,
    .seen = self->visible,
    .canvas = { 0, 0, gimp_image_get_width (self->duplicate),
                gimp_image_get_height (self->duplicate) },
  };
}

/**
 * comfy_image_reader_new:
 * @take: what is to be read; its source is not %COMFY_SOURCE_NONE
 * @image: an open image
 * @layers: (element-type GimpLayer): of it, from the top, none in another one
 * @error: return location
 *
 * In a fiber: copies what is needed, with what is being pasted anchored where it is seen. @image is
 * not changed. Waits for nothing once comfy_selection_reader_prepare() was called for @image.
 *
 * Returns: (transfer full) (nullable): a reader. Errors: %COMFY_ERROR_IMAGE
 */
ComfyImageReader *
comfy_image_reader_new (const ComfyTake  *take,
                        GimpImage        *image,
                        GPtrArray        *layers,
                        GError          **error)
{
  g_autoptr(ComfyImageReader) self = g_new0 (ComfyImageReader, 1);

  self->rect.width = gimp_image_get_width (image);
  self->rect.height = gimp_image_get_height (image);
  if (!copy_layers (self, take, image, layers) && !duplicate_all (self, image, layers, error))
    return NULL;
  init_shown (self);

  return g_steal_pointer (&self);
}

/**
 * comfy_image_reader_new_take:
 * @duplicate: (transfer full): an image that nobody looks at, nothing floating in it
 * @visible: (element-type GimpLayer): what is to be seen of it, no layers of groups; they are hidden
 *
 * Returns: (transfer full): a reader, for %COMFY_SOURCE_VISIBLE only
 */
ComfyImageReader *
comfy_image_reader_new_take (GimpImage *duplicate,
                             GPtrArray *visible)
{
  ComfyImageReader *self = g_new0 (ComfyImageReader, 1);

  self->rect.width = gimp_image_get_width (duplicate);
  self->rect.height = gimp_image_get_height (duplicate);
  self->duplicate = duplicate;
  self->visible = g_ptr_array_ref (visible);
  settle (self);
  init_shown (self);

  return self;
}

/**
 * comfy_image_reader_free:
 * @self: (transfer full): a reader
 */
void
comfy_image_reader_free (ComfyImageReader *self)
{
  g_clear_pointer (&self->mask, comfy_pixels_unref);
  if (self->duplicate != NULL)
    comfy_aside_drop (self->duplicate);
  if (self->taker != NULL)
    comfy_aside_drop (self->taker);
  g_clear_pointer (&self->twins, g_ptr_array_unref);
  g_clear_pointer (&self->visible, g_ptr_array_unref);
  g_free (self);
}

/**
 * comfy_image_reader_get_selected:
 * @self: a reader
 * @out_bounds: (out): px in the image: what is selected, if only a little
 *
 * Returns: whether anything is selected
 */
gboolean
comfy_image_reader_get_selected (ComfyImageReader *self,
                                 ComfyRect        *out_bounds)
{
  *out_bounds = self->selected;

  return !comfy_rect_is_empty (&self->selected);
}

/**
 * comfy_image_reader_read_selected:
 * @self: a reader from which no pixels were read yet
 * @rect: px in the image
 * @error: return location
 *
 * In a fiber.
 *
 * Returns: (transfer full) (nullable): see comfy_selection_reader_read()
 */
ComfyPixels *
comfy_image_reader_read_selected (ComfyImageReader  *self,
                                  const ComfyRect   *rect,
                                  GError           **error)
{
  if (self->mask == NULL)
    return comfy_selection_reader_read (self->duplicate, rect, error);

  return comfy_selection_reader_crop (self->mask, &self->selected, rect, error);
}

/* its offsets are the same as in the artist's image, for the canvas stays as it is */
static gboolean
read_plain (ComfyImageReader  *self,
            const ComfyRect   *rect,
            const Babl        *format,
            guint8            *data,
            size_t             stride,
            GError           **error)
{
  g_autoptr(GeglBuffer) buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (self->plain));
  ComfyStrips           strips = { 0 };
  ComfyRect             own = *rect;

  own.x -= self->rect.x;
  own.y -= self->rect.y;

  return comfy_strips_read (&strips, buffer, &own, format, data, stride, error);
}

/* The rectangle of layers that stand alone in the duplicate. Filters may paint beyond it. */
static gboolean
get_seen_rect (ComfyImageReader  *self,
               GPtrArray         *twins,
               ComfyRect         *out_rect,
               GError           **error)
{
  ComfyRect candidate = { 0 };
  ComfyRect painted;

  *out_rect = (ComfyRect) { 0 };
  for (unsigned int i = 0; i < twins->len; i++)
    {
      GimpLayer *twin = g_ptr_array_index (twins, i);
      ComfyRect  rect;

      comfy_layer_get_rect (twin, &rect);
      comfy_rect_unite (out_rect, &rect, out_rect);
      /* a mask ends where the layer does */
      if (!comfy_layer_is_masked (twin) && comfy_layer_is_filtered (twin))
        comfy_layer_get_reach (self->duplicate, twin, &rect);
      comfy_rect_unite (&candidate, &rect, &candidate);
    }

  if (comfy_rect_contains (out_rect, &candidate)
      || (guint64) candidate.width * (guint64) candidate.height > MAX_MEASURE_PIXELS)
    return TRUE;

  if (!comfy_shown_measure (&self->shown, &candidate, &painted, error))
    return FALSE;
  comfy_rect_unite (out_rect, &painted, out_rect);

  return TRUE;
}

/* what is seen of the layers that were asked for */
static gboolean
choose_twins (ComfyImageReader  *self,
              gboolean           alone,
              GError           **error)
{
  GimpLayer *first = g_ptr_array_index (self->twins, 0);

  if (alone && !self->shown.filtered && !comfy_layer_is_masked (first))
    {
      self->plain = first;
      comfy_layer_get_rect (first, &self->rect);
      return TRUE;
    }

  comfy_layer_stack_isolate (self->duplicate, self->twins, alone);

  return get_seen_rect (self, self->twins, &self->rect, error);
}

/**
 * comfy_image_reader_choose:
 * @self: a reader for which nothing was chosen yet
 * @source: whose pixels; not %COMFY_SOURCE_NONE; one layer was asked for when it is
 *   %COMFY_SOURCE_LAYER, and at least one when it is %COMFY_SOURCE_LAYERS
 * @out_rect: (out): px in the image, where there is something to read: the canvas of what is
 *   visible, else the layers' rectangle, which may begin at negative coordinates and is larger than
 *   they are where their filters paint beyond them
 * @error: return location
 *
 * In a fiber. A layer is taken with its mask and filters, without its opacity and mode; layers with
 * those too, as if they alone were in the image and none in a group. A layer that is chosen is seen
 * even when it is hidden, the hidden layers of a group are not.
 *
 * Returns: success. Errors: %COMFY_ERROR_IMAGE
 */
gboolean
comfy_image_reader_choose (ComfyImageReader  *self,
                           ComfySource        source,
                           ComfyRect         *out_rect,
                           GError           **error)
{
  if (source != COMFY_SOURCE_VISIBLE)
    self->shown.seen = self->twins;
  for (unsigned int i = 0; i < self->shown.seen->len; i++)
    if (comfy_layer_is_filtered (g_ptr_array_index (self->shown.seen, i)))
      self->shown.filtered = TRUE;

  if (source != COMFY_SOURCE_VISIBLE
      && !choose_twins (self, source == COMFY_SOURCE_LAYER, error))
    return FALSE;

  *out_rect = self->rect;

  return TRUE;
}

static const Babl *
get_format (int channels,
            int depth)
{
  if (channels == 3)
    return babl_format (depth == 8 ? "R'G'B' u8" : "R'G'B' u16");

  return babl_format (depth == 8 ? "R'G'B'A u8" : "R'G'B'A u16");
}

/**
 * comfy_image_reader_read:
 * @self: a reader for which was chosen
 * @crop: px in the image
 * @within: px in the image: outside of it nothing is read
 * @depth: bits per channel, 8 or 16
 * @error: return location
 *
 * In a fiber: reads as sRGB. What is outside of @within, of the layers or of the canvas is
 * transparent. What is selected cannot be read afterwards.
 *
 * Returns: (transfer full) (nullable): RGB where nothing can be transparent, else RGBA; as large as
 *   @crop. Errors: %COMFY_ERROR_IMAGE
 */
ComfyPixels *
comfy_image_reader_read (ComfyImageReader  *self,
                         const ComfyRect   *crop,
                         const ComfyRect   *within,
                         int                depth,
                         GError           **error)
{
  gboolean    opaque = self->plain != NULL
                       && !gimp_drawable_has_alpha (GIMP_DRAWABLE (self->plain))
                       && comfy_rect_contains (&self->rect, crop)
                       && comfy_rect_contains (within, crop);
  int         channels = opaque ? 3 : 4;
  size_t      pixel = (size_t) channels * (depth / 8);
  size_t      stride = crop->width * pixel;
  guint8     *data = g_try_malloc0_n (crop->height, stride);
  const Babl *format = get_format (channels, depth);
  gboolean    done = TRUE;
  ComfyRect   part;

  if (data == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_IMAGE, "not enough memory",
                       _("There is not enough memory to read the image. "
                         "Close other images and try again."));
      return NULL;
    }

  if (comfy_rect_intersect (crop, within, &part) && comfy_rect_intersect (&part, &self->rect, &part))
    {
      guint8 *start = data + (part.y - crop->y) * stride + (part.x - crop->x) * pixel;

      done = self->plain != NULL ? read_plain (self, &part, format, start, stride, error)
                                 : comfy_shown_read (&self->shown, &part, format, start, stride, error);
    }
  if (!done)
    {
      g_free (data);
      return NULL;
    }

  return comfy_pixels_new_take (crop->width, crop->height, channels, depth, data);
}
