/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pixels as the artist sees them. They are read from a duplicate of the image, made in one call that
 * copies on write: whatever the artist does meanwhile, the picture is of one moment.
 *
 * A layer without mask and filters is read from its own buffer. For all else GIMP is asked what is
 * seen: the duplicate's canvas is made as large as the piece that is read, so that GIMP works on that
 * piece only, however large the image is. Merging filters, masks or groups would be another way, but
 * in GIMP 3.0 a filter that paints outside of its layer then leaves a buffer that begins elsewhere
 * than the layer's offsets say, and its values are rounded once more than those that are seen.
 */
#define G_LOG_DOMAIN "comfy-image-reader"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-image-reader.h"
#include "comfy-layer-stack.h"
#include "comfy-mask.h"
#include "comfy-strip-reader.h"

#define OUR_PARASITES      "org.comfy."
#define MAX_MEASURE_PIXELS ((guint64) 1 << 28)

struct _ComfyImageReader
{
  GimpImage *image;     /* libgimp's: the artist's, only to find layers */
  GimpImage *duplicate; /* owned */
  GimpImage *taker;     /* owned, nullable: RGB, takes what is seen of an indexed image */
  GimpLayer *plain;     /* nullable, of the duplicate: its buffer is what is seen */
  gboolean   filtered;  /* a strip could cost as much as all */
  ComfyRect  canvas;    /* px in the artist's image: the duplicate's canvas now */
  ComfyRect  rect;      /* px in the artist's image: where there is something to read */
};

/* what the artist looks at while working, beside the picture itself */
static void
hide_aids (GimpImage *duplicate)
{
  static const GimpChannelType components[] = { GIMP_CHANNEL_RED, GIMP_CHANNEL_GREEN,
                                                GIMP_CHANNEL_BLUE, GIMP_CHANNEL_ALPHA };
  g_autofree GimpChannel **channels = gimp_image_get_channels (duplicate);
  g_auto(GStrv)            parasites = gimp_image_get_parasite_list (duplicate);

  for (unsigned int i = 0; channels[i] != NULL; i++)
    gimp_item_set_visible (GIMP_ITEM (channels[i]), FALSE);

  if (gimp_image_get_base_type (duplicate) == GIMP_RGB)
    for (unsigned int i = 0; i < G_N_ELEMENTS (components); i++)
      gimp_image_set_component_visible (duplicate, components[i], TRUE);

  /* nobody shall take it for the artist's image */
  for (unsigned int i = 0; parasites != NULL && parasites[i] != NULL; i++)
    if (g_str_has_prefix (parasites[i], OUR_PARASITES))
      gimp_image_detach_parasite (duplicate, parasites[i]);
}

/* GIMP would give what is seen of an indexed image in the colours of its palette only. */
static GimpImage *
make_taker (GimpImage *duplicate)
{
  g_autoptr(GimpColorProfile)  profile = gimp_image_get_color_profile (duplicate);
  GimpImage                   *taker;

  taker = gimp_image_new_with_precision (1, 1, GIMP_RGB, gimp_image_get_precision (duplicate));
  if (taker != NULL && profile != NULL)
    gimp_image_set_color_profile (taker, profile);

  return taker;
}

/**
 * comfy_image_reader_new:
 * @image: an open image
 * @error: return location
 *
 * Duplicates the image, with what is being pasted anchored where it is seen. @image is not changed.
 *
 * Returns: (transfer full) (nullable): a reader. Errors: %COMFY_ERROR_IMAGE
 */
ComfyImageReader *
comfy_image_reader_new (GimpImage  *image,
                        GError    **error)
{
  GimpImage        *duplicate = gimp_image_duplicate (image);
  ComfyImageReader *self;

  if (duplicate == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_IMAGE, gimp_pdb_get_last_error (gimp_get_pdb ()),
                       _("The image cannot be read. Save it, open it again and try once more."));
      return NULL;
    }

  self = g_new0 (ComfyImageReader, 1);
  self->image = image;
  self->duplicate = duplicate;
  self->canvas.width = gimp_image_get_width (duplicate);
  self->canvas.height = gimp_image_get_height (duplicate);
  gimp_image_undo_disable (duplicate);
  hide_aids (duplicate);
  if (gimp_image_get_base_type (duplicate) == GIMP_INDEXED)
    self->taker = make_taker (duplicate);

  return self;
}

/**
 * comfy_image_reader_free:
 * @self: (transfer full): a reader
 */
void
comfy_image_reader_free (ComfyImageReader *self)
{
  gimp_image_delete (self->duplicate);
  if (self->taker != NULL)
    gimp_image_delete (self->taker);
  g_free (self);
}

/**
 * comfy_image_reader_get_duplicate:
 *
 * Returns: (transfer none): the duplicate. Its selection is in place until something is read.
 */
GimpImage *
comfy_image_reader_get_duplicate (ComfyImageReader *self)
{
  return self->duplicate;
}

static void
set_unreadable (GError **error)
{
  comfy_set_error (error, COMFY_ERROR_IMAGE, gimp_pdb_get_last_error (gimp_get_pdb ()),
                   _("The layer cannot be read any more. Select a layer and try again."));
}

/* px in the duplicate → (transfer none): a new layer of what is seen there, for one strip */
static GimpLayer *
show (ComfyImageReader *self,
      const ComfyRect  *rect)
{
  if (!gimp_image_resize (self->duplicate, rect->width, rect->height,
                          self->canvas.x - rect->x, self->canvas.y - rect->y))
    return NULL;
  self->canvas = *rect;

  return gimp_layer_new_from_visible (self->duplicate,
                                      self->taker != NULL ? self->taker : self->duplicate, "");
}

/* @rect of what is seen: a strip, or all of it, which is then read in strips */
static gboolean
read_shown (ComfyImageReader  *self,
            ComfyStrips       *strips,
            const ComfyRect   *rect,
            const Babl        *format,
            guint8            *data,
            size_t             stride,
            GError           **error)
{
  GimpLayer  *layer = show (self, rect);
  GeglBuffer *buffer;
  gboolean    done;

  if (layer == NULL)
    {
      set_unreadable (error);
      return FALSE;
    }

  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  if (self->filtered)
    done = comfy_strips_read (strips, buffer, &(ComfyRect) { 0, 0, rect->width, rect->height }, format, data, stride, error);
  else if ((done = comfy_strips_prepare (strips, buffer, format, error)))
    gegl_buffer_get (buffer, GEGL_RECTANGLE (0, 0, rect->width, rect->height), 1.0, format, data,
                     (int) stride, GEGL_ABYSS_NONE);
  g_object_unref (buffer);
  gimp_item_delete (GIMP_ITEM (layer));

  return done;
}

/* What is seen, in strips. A filter such as a blur may need the whole layer for each of its pixels,
 * and would be done anew for every strip: then all is asked for at once. */
static gboolean
read_visible (ComfyImageReader  *self,
              const ComfyRect   *rect,
              const Babl        *format,
              guint8            *data,
              size_t             stride,
              GError           **error)
{
  ComfyStrips strips = { 0 };
  ComfyRect   strip = *rect;

  for (int done = 0; done < rect->height; done += strip.height)
    {
      strip.y = rect->y + done;
      if (!self->filtered
          && !comfy_strips_next (&strips, rect->width, rect->height - done, &strip.height, error))
        return FALSE;
      if (!read_shown (self, &strips, &strip, format, data + done * stride, stride, error))
        return FALSE;
    }

  return TRUE;
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

/* Where something is painted at all in @candidate, which is larger than what the layers say. In
 * another duplicate: reading changes the canvas, and the selection with it. */
static gboolean
measure (ComfyImageReader  *self,
         const ComfyRect   *candidate,
         ComfyRect         *out_painted,
         GError           **error)
{
  ComfyImageReader        probe = *self;
  size_t                  stride = candidate->width;
  g_autofree guint8      *alpha = g_try_malloc_n (candidate->height, stride);
  g_autoptr(ComfyPixels)  mask = NULL;
  gboolean                done;

  *out_painted = (ComfyRect) { 0 };
  probe.duplicate = alpha != NULL ? gimp_image_duplicate (self->duplicate) : NULL;
  if (probe.duplicate == NULL)
    return TRUE;

  gimp_image_undo_disable (probe.duplicate);
  done = read_visible (&probe, candidate, babl_format ("A u8"), alpha, stride, error);
  gimp_image_delete (probe.duplicate);
  if (!done)
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

  if (!measure (self, &candidate, &painted, error))
    return FALSE;
  comfy_rect_unite (out_rect, &painted, out_rect);

  return TRUE;
}

/* @layers of the artist's image → (transfer full) (nullable): the same in the duplicate */
static GPtrArray *
find_twins (ComfyImageReader  *self,
            GPtrArray         *layers,
            GError           **error)
{
  g_autoptr(GPtrArray) twins = g_ptr_array_new ();

  for (unsigned int i = 0; i < layers->len; i++)
    {
      GimpLayer *twin = comfy_layer_find_twin (self->image, self->duplicate,
                                               g_ptr_array_index (layers, i));

      if (twin == NULL)
        {
          set_unreadable (error);
          return NULL;
        }
      g_ptr_array_add (twins, twin);
    }

  return g_steal_pointer (&twins);
}

static void
anchor_floating (ComfyImageReader *self)
{
  GimpLayer *floating = gimp_image_get_floating_sel (self->duplicate);

  if (floating != NULL)
    gimp_floating_sel_anchor (floating);
}

/**
 * comfy_image_reader_choose:
 * @self: a reader for which nothing was chosen yet
 * @source: whose pixels; not %COMFY_SOURCE_NONE
 * @layers: (element-type GimpLayer): of the image, from the top, none in another one; at least one,
 *   exactly one for %COMFY_SOURCE_LAYER; ignored for %COMFY_SOURCE_VISIBLE
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
                           GPtrArray         *layers,
                           ComfyRect         *out_rect,
                           GError           **error)
{
  g_autoptr(GPtrArray) twins = NULL;

  self->rect = self->canvas;
  if (source != COMFY_SOURCE_VISIBLE && (twins = find_twins (self, layers, error)) == NULL)
    return FALSE;

  anchor_floating (self);
  comfy_layer_stack_show_pixels (self->duplicate);
  if (twins == NULL)
    self->filtered = comfy_layer_stack_is_filtered (self->duplicate);
  else
    {
      for (unsigned int i = 0; i < twins->len; i++)
        if (comfy_layer_is_filtered (g_ptr_array_index (twins, i)))
          self->filtered = TRUE;

      if (source == COMFY_SOURCE_LAYER && !self->filtered
          && !comfy_layer_is_masked (g_ptr_array_index (twins, 0)))
        {
          self->plain = g_ptr_array_index (twins, 0);
          comfy_layer_get_rect (self->plain, &self->rect);
        }
      else
        {
          comfy_layer_stack_isolate (self->duplicate, twins, source == COMFY_SOURCE_LAYER);
          if (!get_seen_rect (self, twins, &self->rect, error))
            return FALSE;
        }
    }
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
 * transparent. The duplicate's selection is of no use afterwards.
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
                                 : read_visible (self, &part, format, start, stride, error);
    }
  if (!done)
    {
      g_free (data);
      return NULL;
    }

  return comfy_pixels_new_take (crop->width, crop->height, channels, depth, data);
}
