/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results into images. Everything slow is done before, on worker threads; what the artist's image
 * sees is one short undo group with no way back to the main loop in it.
 */
#define G_LOG_DOMAIN "comfy-place"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-alpha.h"
#include "comfy-codec.h"
#include "comfy-error.h"
#include "comfy-fit.h"
#include "comfy-layer-writer.h"
#include "comfy-place.h"
#include "comfy-provenance.h"
#include "comfy-resample.h"
#include "comfy-target.h"

#define MAX_PIXELS (G_GUINT64_CONSTANT (1) << 28) /* 16384 × 16384: what one result may hold */

/* One result on its way into an image. The worker holds a reference of its own: the fiber that
 * waits for it may be cancelled. */
typedef struct
{
  ComfyResult    *result;       /* owned */
  ComfyPlacement *placement;    /* owned */
  gboolean        with_display; /* a new image gets a window */
  GPtrArray      *pixels;       /* owned, of ComfyPixels: as decoded, then as they are placed */
  GArray         *rects;        /* owned, of ComfyRect: where, for each of the pixels */
  ComfyPixels    *alpha;        /* owned, nullable: the transparency that was kept here */
} Place;

static void
place_clear (void *data)
{
  Place *place = data;

  g_object_unref (place->result);
  comfy_placement_unref (place->placement);
  g_ptr_array_unref (place->pixels);
  g_array_unref (place->rects);
  g_clear_pointer (&place->alpha, comfy_pixels_unref);
}

static void
place_unref (void *data)
{
  g_atomic_rc_box_release_full (data, place_clear);
}

/* the transparency that stayed here; without it the result is placed all the same: it was paid
 * for */
static void
load_alpha (Place *place)
{
  g_autofree char        *path = NULL;
  g_autoptr(ComfyPixels)  alpha = NULL;
  g_autoptr(GError)       error = NULL;

  if (place->placement->alpha_file == NULL)
    return;

  path = g_build_filename (comfy_result_get_folder (place->result), place->placement->alpha_file,
                           NULL);
  alpha = dex_await_boxed (comfy_codec_decode (path, MAX_PIXELS), &error);
  if (alpha == NULL)
    g_warning ("The layer's transparency is lost: %s", error->message);
  else if (alpha->channels == 1 && alpha->depth == 8)
    place->alpha = g_steal_pointer (&alpha);
}

static gboolean
load (Place   *place,
      GError **error)
{
  const char * const *paths = comfy_result_get_paths (place->result);

  for (unsigned int i = 0; paths[i] != NULL; i++)
    {
      ComfyPixels *pixels = dex_await_boxed (comfy_codec_decode (paths[i], MAX_PIXELS), error);

      if (pixels == NULL)
        return FALSE;
      g_ptr_array_add (place->pixels, pixels);
    }

  if (place->pixels->len == 0)
    {
      comfy_set_error (error, COMFY_ERROR_IMAGE, NULL, _("The job made no picture."));
      return FALSE;
    }

  load_alpha (place);

  return TRUE;
}

/* gives each picture the size and the transparency that it has in the image */
static DexFuture *
fit_fiber (void *data)
{
  Place *place = data;

  for (unsigned int i = 0; i < place->pixels->len; i++)
    {
      ComfyPixels            *came = g_ptr_array_index (place->pixels, i);
      g_autoptr(ComfyPixels)  alpha = NULL;
      ComfyPixels            *fitted;
      ComfyRect               rect;

      comfy_fit_layer (place->placement, came->width, came->height, &rect);
      g_array_append_val (place->rects, rect);
      fitted = comfy_resample (came, rect.width, rect.height);
      comfy_pixels_unref (came);

      if (place->alpha != NULL)
        {
          g_autoptr(ComfyPixels) colour = fitted;

          alpha = comfy_resample (place->alpha, rect.width, rect.height);
          fitted = comfy_alpha_join (colour, alpha);
        }
      g_ptr_array_index (place->pixels, i) = fitted;
    }

  return dex_future_new_true ();
}

static GVariant *
report_new (GimpImage *image,
            GPtrArray *layers)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("(iai)"));
  g_variant_builder_add (&builder, "i", gimp_image_get_id (image));
  g_variant_builder_open (&builder, G_VARIANT_TYPE ("ai"));
  for (unsigned int i = 0; i < layers->len; i++)
    g_variant_builder_add (&builder, "i", gimp_item_get_id (g_ptr_array_index (layers, i)));
  g_variant_builder_close (&builder);

  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static void
set_failed (GError **error)
{
  comfy_set_error (error, COMFY_ERROR_IMAGE, gimp_pdb_get_last_error (gimp_get_pdb ()),
                   _("GIMP did not take the result. It is kept with the job."));
}

/* (element-type GimpLayer) (nullable): layers not yet in @image */
static GPtrArray *
make_layers (Place     *place,
             GimpImage *image)
{
  g_autoptr(GPtrArray)  layers = g_ptr_array_new ();
  ComfyRequest         *request = comfy_result_get_request (place->result);

  for (unsigned int i = 0; i < place->pixels->len; i++)
    {
      g_autofree char *name = comfy_request_dup_layer_name (request, i, place->pixels->len);
      GimpLayer       *layer;

      layer = comfy_layer_writer_new_layer (image, name, g_ptr_array_index (place->pixels, i),
                                            &g_array_index (place->rects, ComfyRect, i));
      if (layer == NULL)
        {
          for (unsigned int j = 0; j < layers->len; j++)
            gimp_item_delete (g_ptr_array_index (layers, j));
          return NULL;
        }
      comfy_provenance_sign_layer (layer, comfy_result_get_job_id (place->result));
      g_ptr_array_add (layers, layer);
    }

  return g_steal_pointer (&layers);
}

static void
get_canvas (Place *place,
            int   *width,
            int   *height)
{
  for (unsigned int i = 0; i < place->rects->len; i++)
    comfy_fit_canvas (place->placement, &g_array_index (place->rects, ComfyRect, i), width, height);
}

/* the one undo step */
static gboolean
change_image (Place     *place,
              GimpImage *image,
              GPtrArray *layers)
{
  g_autofree char       *name = NULL;
  g_autofree GimpLayer **selected = gimp_image_get_selected_layers (image);
  int                    width = gimp_image_get_width (image);
  int                    height = gimp_image_get_height (image);
  int                    new_width = width;
  int                    new_height = height;
  gboolean               inserted;

  name = comfy_request_dup_layer_name (comfy_result_get_request (place->result), 0, 1);
  get_canvas (place, &new_width, &new_height);

  gimp_image_undo_group_start (image);
  inserted = comfy_layer_writer_insert (image, layers, name,
                                        comfy_target_find_layer (place->placement, image));
  if (new_width != width || new_height != height)
    gimp_image_resize (image, new_width, new_height, 0, 0);
  /* the artist goes on with the layer that is being worked on */
  if (selected[0] != NULL)
    gimp_image_set_selected_layers (image, (const GimpLayer **) selected);
  gimp_image_undo_group_end (image);

  return inserted;
}

static GVariant *
place_into_new_image (Place   *place,
                      GError **error)
{
  g_autoptr(GPtrArray)  layers = NULL;
  GimpImage            *image;
  int                   width = place->placement->image_width;
  int                   height = place->placement->image_height;

  get_canvas (place, &width, &height);
  image = comfy_target_new_image (place->placement, width, height);
  layers = image != NULL ? make_layers (place, image) : NULL;
  if (layers == NULL || !change_image (place, image, layers))
    {
      set_failed (error);
      if (image != NULL)
        gimp_image_delete (image);
      return NULL;
    }

  if (place->with_display)
    gimp_display_new (image);

  return report_new (image, layers);
}

static GVariant *
place_into_image (Place      *place,
                  GimpImage  *image,
                  GError    **error)
{
  g_autoptr(GPtrArray) layers = make_layers (place, image);

  if (layers == NULL || !change_image (place, image, layers))
    {
      set_failed (error);
      return NULL;
    }

  return report_new (image, layers);
}

/* what is in GIMP now decides: another process may have placed the same result before it died */
static GVariant *
place_once (Place   *place,
            GError **error)
{
  g_autoptr(GPtrArray)  present = NULL;
  GimpImage            *image;
  GVariant             *report;

  present = comfy_provenance_find_signed (comfy_result_get_job_id (place->result), &image);
  if (present->len > 0)
    return report_new (image, present);

  image = comfy_target_find_image (place->placement);
  report = image != NULL ? place_into_image (place, image, error)
                         : place_into_new_image (place, error);
  gimp_displays_flush ();

  return report;
}

static DexFuture *
place_fiber (void *data)
{
  Place    *place = data;
  GVariant *report;
  GError   *error = NULL;

  if (!load (place, &error)
      || !dex_await (dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, fit_fiber,
                                          g_atomic_rc_box_acquire (place), place_unref), &error))
    return dex_future_new_for_error (error);

  report = place_once (place, &error);
  if (report == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_variant (report);
}

/**
 * comfy_place_result:
 * @result: what came
 * @with_display: whether an image that has to be made gets a window
 *
 * Returns: (transfer full): a future of a GVariant "(iai)"; see comfy_host_place()
 */
DexFuture *
comfy_place_result (ComfyResult *result,
                    gboolean     with_display)
{
  ComfyRequest *request = comfy_result_get_request (result);
  Place        *place = g_atomic_rc_box_new0 (Place);

  place->result = g_object_ref (result);
  place->placement = comfy_placement_ref (comfy_request_get_placement (request));
  place->with_display = with_display;
  place->pixels = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_pixels_unref);
  place->rects = g_array_new (FALSE, FALSE, sizeof (ComfyRect));

  return dex_scheduler_spawn (NULL, 0, place_fiber, place, place_unref);
}
