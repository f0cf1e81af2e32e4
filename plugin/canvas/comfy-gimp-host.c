/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-gimp-host"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-capture.h"
#include "comfy-compare.h"
#include "comfy-error.h"
#include "comfy-gimp-host.h"
#include "comfy-gimp-images.h"
#include "comfy-place.h"
#include "comfy-provenance.h"

struct _ComfyGimpHost
{
  GObject   parent_instance;
  gboolean  with_displays; /* new images get a window */
  ComfyHand hand;          /* nullable */
};

static void comfy_gimp_host_iface_init (ComfyHostInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ComfyGimpHost, comfy_gimp_host, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (COMFY_TYPE_HOST, comfy_gimp_host_iface_init))

/* FALSE when the image is gone; @out_image: (nullable): there is none */
static gboolean
find_image (int          image_id,
            GimpImage  **out_image,
            GError     **error)
{
  *out_image = NULL;
  if (image_id < 0)
    return TRUE;
  if (!gimp_image_id_is_valid (image_id))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("The image was closed before it could be read. Open it and try again."));
      return FALSE;
    }
  *out_image = gimp_image_get_by_id (image_id);

  return TRUE;
}

/* (transfer full): those that still are layers of the image; without ids those that are selected */
static GPtrArray *
find_layers (GimpImage *image,
             GArray    *layer_ids)
{
  GPtrArray             *layers = g_ptr_array_new ();
  g_autofree GimpLayer **selected = NULL;

  if (image != NULL && layer_ids == NULL)
    selected = gimp_image_get_selected_layers (image);
  for (unsigned int i = 0; selected != NULL && selected[i] != NULL; i++)
    g_ptr_array_add (layers, selected[i]);
  for (unsigned int i = 0; image != NULL && layer_ids != NULL && i < layer_ids->len; i++)
    {
      int        id = g_array_index (layer_ids, int, i);
      GimpLayer *layer = gimp_item_id_is_layer (id) ? gimp_layer_get_by_id (id) : NULL;

      if (layer != NULL && gimp_item_get_image (GIMP_ITEM (layer)) == image)
        g_ptr_array_add (layers, layer);
    }

  return layers;
}

static DexFuture *
comfy_gimp_host_capture (ComfyHost       *host,
                         const ComfyTake *take,
                         int              image_id,
                         GArray          *layer_ids,
                         const char      *folder)
{
  g_autoptr(GPtrArray)  layers = NULL;
  GimpImage            *image;
  GError               *error = NULL;

  if (!find_image (image_id, &image, &error))
    return dex_future_new_for_error (error);
  layers = find_layers (image, layer_ids);

  return comfy_capture_take (take, image, layers, folder);
}

static DexFuture *
comfy_gimp_host_preview (ComfyHost       *host,
                         const ComfyTake *take,
                         int              image_id,
                         GArray          *layer_ids)
{
  g_autoptr(GPtrArray)  layers = NULL;
  GimpImage            *image;
  GError               *error = NULL;

  if (!find_image (image_id, &image, &error))
    return dex_future_new_for_error (error);
  layers = find_layers (image, layer_ids);

  return comfy_capture_preview (take, image, layers);
}

static DexFuture *
comfy_gimp_host_place (ComfyHost   *host,
                       ComfyResult *result)
{
  ComfyGimpHost *self = COMFY_GIMP_HOST (host);

  return comfy_place_result (result, FALSE, self->with_displays, self->hand);
}

static DexFuture *
comfy_gimp_host_place_again (ComfyHost   *host,
                             ComfyResult *result)
{
  ComfyGimpHost *self = COMFY_GIMP_HOST (host);

  return comfy_place_result (result, TRUE, self->with_displays, self->hand);
}

static DexFuture *
comfy_gimp_host_compare (ComfyHost   *host,
                         ComfyResult *result,
                         int          edge)
{
  return comfy_compare_result (result, edge);
}

static gboolean
comfy_gimp_host_is_placed (ComfyHost  *host,
                           const char *job_id)
{
  g_autoptr(GPtrArray)  layers = NULL;
  GimpImage            *image;

  layers = comfy_provenance_find_placed (job_id, &image);

  return image != NULL;
}

static void
comfy_gimp_host_iface_init (ComfyHostInterface *iface)
{
  iface->capture = comfy_gimp_host_capture;
  iface->preview = comfy_gimp_host_preview;
  iface->place = comfy_gimp_host_place;
  iface->place_again = comfy_gimp_host_place_again;
  iface->compare = comfy_gimp_host_compare;
  iface->is_placed = comfy_gimp_host_is_placed;
  _comfy_gimp_images_iface_init (iface);
}

static void
comfy_gimp_host_class_init (ComfyGimpHostClass *klass)
{
}

static void
comfy_gimp_host_init (ComfyGimpHost *self)
{
}

/**
 * comfy_gimp_host_new:
 * @with_displays: whether an image that is made for a result gets a window; %FALSE for scripts and
 *   where there is no display
 *
 * What an earlier one has left behind is swept up.
 *
 * Returns: (transfer full): GIMP, for core
 */
ComfyHost *
comfy_gimp_host_new (gboolean with_displays)
{
  ComfyGimpHost *self = g_object_new (COMFY_TYPE_GIMP_HOST, NULL);

  self->with_displays = with_displays;
  comfy_provenance_sweep ();

  return COMFY_HOST (self);
}

/**
 * comfy_gimp_host_set_hand:
 * @self: a host
 * @hand: how to wait until the artist is not in the middle of a stroke
 *
 * From now on results are placed when the hand is free. GIMP itself tells plug-ins nothing of what
 * its tools are doing.
 */
void
comfy_gimp_host_set_hand (ComfyGimpHost *self,
                          ComfyHand      hand)
{
  g_return_if_fail (COMFY_IS_GIMP_HOST (self));

  self->hand = hand;
}
