/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes up: the pixels are read on the main thread, all else is done on worker threads. Each
 * picture is dropped as soon as it is written.
 */
#define G_LOG_DOMAIN "comfy-capture"

#include "config.h"

#include "comfy-capture-pictures.h"
#include "comfy-capture.h"
#include "comfy-codec.h"
#include "comfy-provenance.h"
#include "comfy-target.h"

#define ALPHA_FILE  "alpha.png"
#define MASK_FILE   "mask.png"
#define CHANGE_FILE "change" /* and a suffix */

/* One capture on its way */
typedef struct
{
  ComfyTake      *take;      /* owned */
  GimpImage      *image;     /* libgimp's, nullable */
  GPtrArray      *layers;    /* owned, of libgimp's GimpLayer */
  char           *folder;    /* owned */
  ComfyPlacement *placement; /* owned */
} Capture;

static void
capture_free (void *data)
{
  Capture *capture = data;

  comfy_take_free (capture->take);
  g_ptr_array_unref (capture->layers);
  g_free (capture->folder);
  comfy_placement_unref (capture->placement);
  g_free (capture);
}

static char *
dup_nick (GType type,
          int   value)
{
  const char *nick = NULL;

  gimp_enum_get_value (type, value, NULL, &nick, NULL, NULL);

  return g_strdup (nick);
}

static void
record_image (ComfyPlacement *placement,
              GimpImage      *image)
{
  placement->gimp_pid = gimp_getpid ();
  placement->image_id = gimp_image_get_id (image);
  placement->image_mark = comfy_provenance_mark_image (image);
  placement->image_file = comfy_target_dup_file (image);
  placement->image_name = gimp_image_get_name (image);
  placement->image_width = gimp_image_get_width (image);
  placement->image_height = gimp_image_get_height (image);
  comfy_target_list_boxes (image, placement->layers);
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

static DexFuture *
encode (Capture     *capture,
        ComfyPixels *pixels,
        ComfyFormat  format,
        const char  *name)
{
  g_autofree char *path = g_build_filename (capture->folder, name, NULL);

  return comfy_codec_encode (pixels, format, path);
}

/* what stays here; may await */
static gboolean
write_kept (Capture     *capture,
            ComfyParts  *parts,
            GError     **error)
{
  ComfyPlacement *placement = capture->placement;

  if (parts->alpha != NULL)
    {
      if (!dex_await (encode (capture, parts->alpha, COMFY_FORMAT_PNG, ALPHA_FILE), error))
        return FALSE;
      placement->alpha_file = g_strdup (ALPHA_FILE);
      g_clear_pointer (&parts->alpha, comfy_pixels_unref);
    }

  if (!dex_await (comfy_parts_make_mask (parts), error))
    return FALSE;

  /* a mask or a selection that comes back is as large as what was taken; and where all was taken the
   * graph knows where something changes */
  if (parts->mask != NULL && parts->plan.extent != COMFY_EXTENT_WHOLE
      && comfy_outcome_is_layers (capture->take->outcome))
    {
      if (!dex_await (encode (capture, parts->mask, COMFY_FORMAT_PNG, MASK_FILE), error))
        return FALSE;
      placement->mask_file = g_strdup (MASK_FILE);
    }
  g_clear_pointer (&parts->mask, comfy_pixels_unref);

  return TRUE;
}

/* what is to change, as an input of the graph; may await */
static gboolean
write_request (Capture     *capture,
               ComfyParts  *parts,
               GPtrArray   *inputs,
               GError     **error)
{
  ComfyTarget     *target = &capture->take->mask;
  g_autofree char *path = g_build_filename (capture->folder, CHANGE_FILE, NULL);
  g_autofree char *name = NULL;

  if (parts->request == NULL)
    return TRUE;

  name = dex_await_string (comfy_codec_encode_smallest (parts->request, path), error);
  if (name == NULL)
    return FALSE;
  g_clear_pointer (&parts->request, comfy_pixels_unref);
  g_ptr_array_add (inputs, comfy_input_new (name,
                                            g_str_has_suffix (name, ".png") ? "image/png"
                                                                            : "image/webp",
                                            target->node, target->input));

  return TRUE;
}

/* the colour, as an input of the graph; may await */
static gboolean
write_colour (Capture            *capture,
              ComfyParts         *parts,
              const char         *stem,
              const ComfyTarget  *target,
              GPtrArray          *inputs,
              GError            **error)
{
  g_autofree char *name = NULL;
  const char      *type;

  if (!dex_await (comfy_parts_pack (parts), error))
    return FALSE;
  if (parts->sent == NULL)
    return TRUE;

  type = comfy_codec_get_content_type (parts->sent, COMFY_FORMAT_AUTO);
  name = g_strconcat (stem, g_str_equal (type, "image/png") ? ".png" : ".webp", NULL);
  if (!dex_await (encode (capture, parts->sent, COMFY_FORMAT_AUTO, name), error))
    return FALSE;
  g_ptr_array_add (inputs, comfy_input_new (name, type, target->node, target->input));

  return TRUE;
}

/* may await */
static gboolean
write_parts (Capture     *capture,
             ComfyParts  *parts,
             GPtrArray   *inputs,
             GError     **error)
{
  g_autoptr(GPtrArray) masks = NULL;

  masks = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  if (!dex_await (comfy_parts_separate (parts), error)
      || !write_kept (capture, parts, error)
      || !write_request (capture, parts, masks, error)
      || !write_colour (capture, parts, COMFY_CAPTURE_SOURCE, &capture->take->image, inputs, error))
    return FALSE;

  /* the picture is the first one, whoever looks */
  g_ptr_array_extend_and_steal (inputs, g_steal_pointer (&masks));

  return TRUE;
}

/* (nullable): what is written already of the take's extra @i; @n_before: how many inputs are none of
 * the extras */
static const ComfyInput *
find_twin (ComfyPictures *pictures,
           GPtrArray     *inputs,
           unsigned int   n_before,
           unsigned int   i)
{
  int twin = comfy_pictures_get_twin (pictures, i);

  if (twin == COMFY_TWIN_NONE)
    return NULL;
  if (twin == COMFY_TWIN_MAIN)
    return g_ptr_array_index (inputs, 0);

  return g_ptr_array_index (inputs, twin == COMFY_TWIN_MASK ? n_before - 1 : n_before + twin);
}

/* may await */
static gboolean
write_extras (Capture        *capture,
              ComfyPictures  *pictures,
              GPtrArray      *inputs,
              GError        **error)
{
  unsigned int n_before = inputs->len;

  for (unsigned int i = 0; i < pictures->extras->len; i++)
    {
      const ComfyExtra       *extra = g_ptr_array_index (capture->take->extras, i);
      const ComfyInput       *twin = find_twin (pictures, inputs, n_before, i);
      g_autofree char        *stem = g_strdup_printf ("extra-%u", i + 1);
      g_autoptr(ComfyParts)   parts = NULL;

      if (twin != NULL)
        {
          g_ptr_array_add (inputs, comfy_input_new (twin->file, twin->content_type,
                                                    extra->target.node, extra->target.input));
          continue;
        }
      parts = comfy_pictures_read_extra (pictures, i, error);
      if (parts == NULL || !dex_await (comfy_parts_separate (parts), error)
          || !write_colour (capture, parts, stem, &extra->target, inputs, error))
        return FALSE;
    }

  return TRUE;
}

static void
record (Capture *capture)
{
  ComfyPlacement *placement = capture->placement;

  placement->edges = capture->take->edges;
  placement->fit = capture->take->fit;
  placement->order = capture->take->order;
  placement->outcome = capture->take->outcome;
  if (capture->image != NULL)
    record_image (placement, capture->image);
  if (capture->layers->len > 0)
    record_layer (placement, g_ptr_array_index (capture->layers, 0));
}

/* reads and writes the picture that the result belongs to; may await */
static gboolean
write_main (Capture        *capture,
            ComfyPictures  *pictures,
            GPtrArray      *inputs,
            GError        **error)
{
  g_autoptr(ComfyParts) parts = comfy_pictures_read_main (pictures, error);

  if (parts == NULL)
    return FALSE;

  capture->placement->region = parts->plan.region;

  return write_parts (capture, parts, inputs, error);
}

static DexFuture *
capture_fiber (void *data)
{
  Capture                  *capture = data;
  g_autoptr(GPtrArray)      inputs = NULL;
  g_autoptr(ComfyPictures)  pictures = NULL;
  ComfyCapture             *result;
  int                       depth = 8;
  GError                   *error = NULL;

  pictures = comfy_pictures_new (capture->take, capture->image, capture->layers, &error);
  if (pictures == NULL)
    return dex_future_new_for_error (error);
  record (capture);

  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  if (pictures->main != NULL)
    {
      depth = pictures->main->depth;
      if (!write_main (capture, pictures, inputs, &error))
        return dex_future_new_for_error (error);
    }
  if (!write_extras (capture, pictures, inputs, &error))
    return dex_future_new_for_error (error);

  result = comfy_capture_new (capture->placement, inputs);
  result->depth = depth;

  return dex_future_new_take_boxed (COMFY_TYPE_CAPTURE, result);
}

/**
 * comfy_capture_take:
 * @take: says what is taken
 * @image: (nullable): an open image
 * @layers: (element-type GimpLayer): the selected layers of it
 * @folder: where the files go
 *
 * What is seen when the main loop runs next is taken.
 *
 * Returns: (transfer full): a future of a boxed ComfyCapture; see comfy_host_capture()
 */
DexFuture *
comfy_capture_take (const ComfyTake *take,
                    GimpImage       *image,
                    GPtrArray       *layers,
                    const char      *folder)
{
  Capture *capture = g_new0 (Capture, 1);

  capture->take = comfy_take_copy (take);
  capture->image = image;
  capture->layers = image != NULL ? comfy_snapshot_dup_layers (image, layers) : g_ptr_array_new ();
  capture->folder = g_strdup (folder);
  capture->placement = comfy_placement_new ();

  return dex_scheduler_spawn (NULL, 0, capture_fiber, capture, capture_free);
}
