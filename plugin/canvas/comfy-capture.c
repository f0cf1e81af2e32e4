/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes up: reads the layer on the main thread, then separates its transparency and encodes on
 * worker threads.
 */
#define G_LOG_DOMAIN "comfy-capture"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-alpha.h"
#include "comfy-capture.h"
#include "comfy-codec.h"
#include "comfy-error.h"
#include "comfy-layer-reader.h"
#include "comfy-provenance.h"

#define ALPHA_FILE "alpha.png"

/* One capture on its way. The worker holds a reference of its own: the fiber that waits for it may
 * be cancelled. */
typedef struct
{
  ComfyTake      *take;      /* owned */
  GimpImage      *image;     /* libgimp's, nullable */
  GimpLayer      *layer;     /* libgimp's, nullable */
  gboolean        ambiguous; /* several layers are selected */
  char           *folder;    /* owned */
  ComfyPlacement *placement; /* owned */
  ComfyPixels    *pixels;    /* owned, nullable: as read */
  ComfyPixels    *colour;    /* owned, nullable: what goes up */
  ComfyPixels    *alpha;     /* owned, nullable: what stays here */
} Capture;

static void
capture_clear (void *data)
{
  Capture *capture = data;

  comfy_take_free (capture->take);
  g_free (capture->folder);
  comfy_placement_unref (capture->placement);
  g_clear_pointer (&capture->pixels, comfy_pixels_unref);
  g_clear_pointer (&capture->colour, comfy_pixels_unref);
  g_clear_pointer (&capture->alpha, comfy_pixels_unref);
}

static void
capture_unref (void *data)
{
  g_atomic_rc_box_release_full (data, capture_clear);
}

static char *
dup_nick (GType type,
          int   value)
{
  const char *nick = NULL;

  gimp_enum_get_value (type, value, NULL, &nick, NULL, NULL);

  return g_strdup (nick);
}

static char *
dup_file (GimpImage *image)
{
  GFile *file = gimp_image_get_xcf_file (image);

  /* a photograph that was opened, not yet saved as an image of GIMP's */
  if (file == NULL)
    file = gimp_image_get_imported_file (image);

  return file != NULL ? g_file_get_path (file) : NULL;
}

static void
record_image (ComfyPlacement *placement,
              GimpImage      *image)
{
  placement->gimp_pid = gimp_getpid ();
  placement->image_id = gimp_image_get_id (image);
  placement->image_mark = comfy_provenance_mark_image (image);
  placement->image_file = dup_file (image);
  placement->image_name = gimp_image_get_name (image);
  placement->image_width = gimp_image_get_width (image);
  placement->image_height = gimp_image_get_height (image);
  g_free (placement->base_type);
  placement->base_type = dup_nick (GIMP_TYPE_IMAGE_BASE_TYPE, gimp_image_get_base_type (image));
  g_free (placement->precision);
  placement->precision = dup_nick (GIMP_TYPE_PRECISION, gimp_image_get_precision (image));
}

/* an action that takes nothing still remembers above which layer its result goes */
static void
record_layer (ComfyPlacement *placement,
              GimpLayer      *layer)
{
  placement->layer_id = gimp_item_get_id (GIMP_ITEM (layer));
  placement->layer_mark = comfy_provenance_dup_layer_mark (GIMP_ITEM (layer));
}

static gboolean
read_source (Capture  *capture,
             GError  **error)
{
  ComfyPlacement *placement = capture->placement;
  GeglRectangle   rect;

  if (capture->layer == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("“%s” needs a layer. Select one and try again."),
                       capture->take->title);
      return FALSE;
    }
  if (capture->ambiguous)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("“%s” works on one layer. Select only that one and try again."),
                       capture->take->title);
      return FALSE;
    }

  capture->pixels = comfy_layer_reader_read (capture->image, capture->layer,
                                             capture->take->max_pixels,
                                             &rect, error);
  if (capture->pixels == NULL)
    return FALSE;

  placement->region.crop = (ComfyRect) { rect.x, rect.y, rect.width, rect.height };
  placement->region.width = rect.width;
  placement->region.height = rect.height;

  return TRUE;
}

static DexFuture *
split_fiber (void *data)
{
  Capture *capture = data;

  if (capture->pixels->channels != 4)
    capture->colour = comfy_pixels_ref (capture->pixels);
  else if (!comfy_alpha_split (capture->pixels, &capture->colour, &capture->alpha))
    return dex_future_new_for_error (
      comfy_error_new (COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("The layer is transparent everywhere, so there is nothing to send. "
                         "Select another layer.")));

  g_clear_pointer (&capture->pixels, comfy_pixels_unref);

  return dex_future_new_true ();
}

static DexFuture *
encode (Capture     *capture,
        ComfyPixels *pixels,
        ComfyFormat  format,
        const char  *name)
{
  g_autofree char *path = g_build_filename (capture->folder, name, NULL);

  return comfy_codec_encode (pixels, format, path);
}

/* the colour's file, encoded, as an input of the graph; may await */
static ComfyInput *
encode_source (Capture  *capture,
               GError  **error)
{
  const char *type = comfy_codec_get_content_type (capture->colour, COMFY_FORMAT_AUTO);
  const char *name = g_str_equal (type, "image/png") ? "source.png" : "source.webp";

  if (!dex_await (encode (capture, capture->colour, COMFY_FORMAT_AUTO, name), error))
    return NULL;

  return comfy_input_new (name, type, capture->take->image.node, capture->take->image.input);
}

static DexFuture *
capture_fiber (void *data)
{
  Capture              *capture = data;
  g_autoptr(GPtrArray)  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  ComfyInput           *input;
  GError               *error = NULL;

  capture->placement->fit = capture->take->fit;
  capture->placement->order = capture->take->order;
  if (capture->image != NULL)
    record_image (capture->placement, capture->image);
  if (capture->layer != NULL)
    record_layer (capture->placement, capture->layer);

  if (capture->take->source != COMFY_SOURCE_NONE)
    {
      if (!read_source (capture, &error)
          || !dex_await (dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0,
                                              split_fiber, g_atomic_rc_box_acquire (capture),
                                              capture_unref), &error))
        return dex_future_new_for_error (error);

      if (capture->alpha != NULL)
        {
          if (!dex_await (encode (capture, capture->alpha, COMFY_FORMAT_PNG, ALPHA_FILE), &error))
            return dex_future_new_for_error (error);
          capture->placement->alpha_file = g_strdup (ALPHA_FILE);
        }

      input = encode_source (capture, &error);
      if (input == NULL)
        return dex_future_new_for_error (error);
      g_ptr_array_add (inputs, input);
    }

  return dex_future_new_take_boxed (COMFY_TYPE_CAPTURE,
                                    comfy_capture_new (capture->placement, inputs));
}

/**
 * comfy_capture_take:
 * @take: says what is taken
 * @image: (nullable): an open image
 * @layers: (element-type GimpLayer): the selected layers of it
 * @folder: where the files go
 *
 * The pixels are read in one go, when the main loop runs next.
 *
 * Returns: (transfer full): a future of a boxed ComfyCapture; see comfy_host_capture()
 */
DexFuture *
comfy_capture_take (const ComfyTake *take,
                    GimpImage       *image,
                    GPtrArray       *layers,
                    const char      *folder)
{
  Capture *capture = g_atomic_rc_box_new0 (Capture);

  capture->take = comfy_take_copy (take);
  capture->image = image;
  capture->layer = layers->len > 0 ? g_ptr_array_index (layers, 0) : NULL;
  capture->ambiguous = layers->len > 1;
  capture->folder = g_strdup (folder);
  capture->placement = comfy_placement_new ();

  return dex_scheduler_spawn (NULL, 0, capture_fiber, capture, capture_unref);
}
