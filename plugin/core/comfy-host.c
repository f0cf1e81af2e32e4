/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-host"

#include "config.h"

#include "comfy-host.h"

G_DEFINE_BOXED_TYPE (ComfyCapture, comfy_capture, comfy_capture_copy, comfy_capture_free)

G_DEFINE_BOXED_TYPE (ComfyPreview, comfy_preview, comfy_preview_copy, comfy_preview_free)

G_DEFINE_INTERFACE (ComfyHost, comfy_host, G_TYPE_OBJECT)

/**
 * comfy_capture_new:
 * @placement: where the pixels came from
 * @inputs: (nullable) (element-type ComfyInput): the files that were made; none when %NULL
 *
 * Returns: (transfer full): a capture that holds references to both, of 8 bits
 */
ComfyCapture *
comfy_capture_new (ComfyPlacement *placement,
                   GPtrArray      *inputs)
{
  ComfyCapture *self;

  g_return_val_if_fail (placement != NULL, NULL);

  self = g_new0 (ComfyCapture, 1);
  self->placement = comfy_placement_ref (placement);
  self->inputs = inputs != NULL
                   ? g_ptr_array_ref (inputs)
                   : g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  self->depth = 8;

  return self;
}

/**
 * comfy_capture_copy:
 *
 * Returns: (transfer full): another one of the same parts
 */
ComfyCapture *
comfy_capture_copy (ComfyCapture *self)
{
  ComfyCapture *copy = comfy_capture_new (self->placement, self->inputs);

  copy->depth = self->depth;

  return copy;
}

/**
 * comfy_capture_free:
 * @self: (transfer full): a capture
 */
void
comfy_capture_free (ComfyCapture *self)
{
  comfy_placement_unref (self->placement);
  g_ptr_array_unref (self->inputs);
  g_free (self);
}

/**
 * comfy_preview_new:
 * @thumbnail: (nullable): see ComfyPreview
 * @width: px that are sent
 * @height: px that are sent
 * @bytes: that are sent
 * @has_selection: whether only what is selected is to change
 *
 * Returns: (transfer full): a preview that holds a reference to @thumbnail
 */
ComfyPreview *
comfy_preview_new (ComfyPixels *thumbnail,
                   int          width,
                   int          height,
                   guint64      bytes,
                   gboolean     has_selection)
{
  ComfyPreview *self = g_new0 (ComfyPreview, 1);

  self->thumbnail = thumbnail != NULL ? comfy_pixels_ref (thumbnail) : NULL;
  self->width = width;
  self->height = height;
  self->bytes = bytes;
  self->has_selection = has_selection;

  return self;
}

/**
 * comfy_preview_copy:
 *
 * Returns: (transfer full): another one with the same thumbnail
 */
ComfyPreview *
comfy_preview_copy (const ComfyPreview *self)
{
  return comfy_preview_new (self->thumbnail, self->width, self->height, self->bytes,
                            self->has_selection);
}

/**
 * comfy_preview_free:
 * @self: (transfer full): a preview
 */
void
comfy_preview_free (ComfyPreview *self)
{
  g_clear_pointer (&self->thumbnail, comfy_pixels_unref);
  g_free (self);
}

static void
comfy_host_default_init (ComfyHostInterface *iface)
{
}

/**
 * comfy_host_capture:
 * @take: says what is taken and which node gets it
 * @image_id: the editor's id of the image, -1 when there is none
 * @layer_ids: (nullable) (element-type int): the editor's ids of the selected layers
 * @folder: where the files go
 *
 * Takes pixels as the artist sees them at this moment, and what is selected, into files below
 * @folder.
 *
 * Returns: (transfer full): a future of a boxed ComfyCapture. Rejects with %COMFY_ERROR_IMAGE,
 *   %COMFY_ERROR_TOO_LARGE, %COMFY_ERROR_INVALID_ARGUMENT or %COMFY_ERROR_STORAGE
 */
DexFuture *
comfy_host_capture (ComfyHost       *self,
                    const ComfyTake *take,
                    int              image_id,
                    GArray          *layer_ids,
                    const char      *folder)
{
  g_return_val_if_fail (COMFY_IS_HOST (self), NULL);

  return COMFY_HOST_GET_IFACE (self)->capture (self, take, image_id, layer_ids, folder);
}

/**
 * comfy_host_preview:
 * @take: says what is taken
 * @image_id: the editor's id of the image, -1 when there is none
 * @layer_ids: (nullable) (element-type int): the editor's ids of the selected layers
 *
 * Does all that comfy_host_capture() does, but writes nothing and leaves no mark in the image.
 *
 * Returns: (transfer full): a future of a boxed ComfyPreview. Rejects as comfy_host_capture() would
 */
DexFuture *
comfy_host_preview (ComfyHost       *self,
                    const ComfyTake *take,
                    int              image_id,
                    GArray          *layer_ids)
{
  g_return_val_if_fail (COMFY_IS_HOST (self), NULL);

  return COMFY_HOST_GET_IFACE (self)->preview (self, take, image_id, layer_ids);
}

/**
 * comfy_host_place:
 * @result: what came; learns which of its pictures cannot be placed
 *
 * Puts the pictures where the request's placement says, each as its outcome says, in one undo step
 * but for images of their own; the layers carry the job's id from that step on. When the image is
 * gone, a new one of the recorded size is opened. A picture that cannot be placed keeps no other
 * away. Where an open image has the result of that job already nothing is placed, and that one is
 * told of: it may have been our note of it that was lost.
 *
 * Returns: (transfer full): a future of a GVariant "(iai)": the image's id and the new layers'.
 *   Rejects with %COMFY_ERROR_IMAGE, %COMFY_ERROR_TOO_LARGE or %COMFY_ERROR_STORAGE when none can
 *   be placed; those that never can be are noted in @result
 */
DexFuture *
comfy_host_place (ComfyHost   *self,
                  ComfyResult *result)
{
  g_return_val_if_fail (COMFY_IS_HOST (self), NULL);

  return COMFY_HOST_GET_IFACE (self)->place (self, result);
}

/**
 * comfy_host_place_again:
 * @result: what came, all of it or some; learns which of its pictures cannot be placed
 *
 * As comfy_host_place(), whether an open image has the result of that job or not: for what the
 * artist asks for. So it lies above earlier results of the same layer, which would cover it.
 *
 * Returns: (transfer full): a future as that of comfy_host_place()
 */
DexFuture *
comfy_host_place_again (ComfyHost   *self,
                        ComfyResult *result)
{
  g_return_val_if_fail (COMFY_IS_HOST (self), NULL);

  return COMFY_HOST_GET_IFACE (self)->place_again (self, result);
}

/**
 * comfy_host_compare:
 * @result: what came; learns which of its pictures cannot be placed
 * @edge: px that the longer edge of the pictures has at most, at least 1
 *
 * Shows what comfy_host_place_again() would do, around the place where it would. No image is
 * changed.
 *
 * Returns: (transfer full): a future of a boxed ComfyComparison. Rejects as comfy_host_place()
 */
DexFuture *
comfy_host_compare (ComfyHost   *self,
                    ComfyResult *result,
                    int          edge)
{
  g_return_val_if_fail (COMFY_IS_HOST (self), NULL);
  g_return_val_if_fail (COMFY_IS_RESULT (result) && edge >= 1, NULL);

  return COMFY_HOST_GET_IFACE (self)->compare (self, result, edge);
}

/**
 * comfy_host_is_placed:
 * @job_id: the journal's id of a job
 *
 * Returns: %TRUE when an open image has a layer that carries the job's id
 */
gboolean
comfy_host_is_placed (ComfyHost  *self,
                      const char *job_id)
{
  g_return_val_if_fail (COMFY_IS_HOST (self), FALSE);

  return COMFY_HOST_GET_IFACE (self)->is_placed (self, job_id);
}

/**
 * comfy_host_dup_layer_names:
 * @image_id: the editor's id of the image, -1 when there is none
 *
 * Returns: (transfer full): the names of its layers, %NULL-terminated, the upmost first, those in
 *   groups, too; empty when there is no such image
 */
char **
comfy_host_dup_layer_names (ComfyHost *self,
                            int        image_id)
{
  g_return_val_if_fail (COMFY_IS_HOST (self), NULL);

  return COMFY_HOST_GET_IFACE (self)->dup_layer_names (self, image_id);
}

/**
 * comfy_host_list_images:
 *
 * Returns: (transfer full) (element-type int): the editor's ids of the open images, the oldest first
 */
GArray *
comfy_host_list_images (ComfyHost *self)
{
  g_return_val_if_fail (COMFY_IS_HOST (self), NULL);

  return COMFY_HOST_GET_IFACE (self)->list_images (self);
}

/**
 * comfy_host_get_image_size:
 * @image_id: the editor's id of the image, -1 when there is none
 * @out_width: (out): of the canvas, px; 0 without an image
 * @out_height: (out): of the canvas, px; 0 without an image
 *
 * Returns: whether there is such an image
 */
gboolean
comfy_host_get_image_size (ComfyHost *self,
                           int        image_id,
                           int       *out_width,
                           int       *out_height)
{
  g_return_val_if_fail (COMFY_IS_HOST (self), FALSE);

  *out_width = 0;
  *out_height = 0;

  return image_id >= 0
         && COMFY_HOST_GET_IFACE (self)->get_image_size (self, image_id, out_width, out_height);
}

/**
 * comfy_host_dup_image_info:
 * @image_id: the editor's id of an image
 *
 * Returns: (transfer full) (nullable): what a list of images says of it; %NULL when there is no such
 *   image
 */
ComfyImageInfo *
comfy_host_dup_image_info (ComfyHost *self,
                           int        image_id)
{
  g_return_val_if_fail (COMFY_IS_HOST (self), NULL);

  return COMFY_HOST_GET_IFACE (self)->dup_image_info (self, image_id);
}

/**
 * comfy_host_dup_thumbnail:
 * @image_id: the editor's id of an image
 * @edge: px, at most 1024: the longer edge is not longer
 *
 * Returns: (transfer full) (nullable): the whole image as the artist sees it, 8 bits per channel;
 *   %NULL when there is no such image
 */
ComfyPixels *
comfy_host_dup_thumbnail (ComfyHost *self,
                          int        image_id,
                          int        edge)
{
  g_return_val_if_fail (COMFY_IS_HOST (self), NULL);
  g_return_val_if_fail (edge > 0 && edge <= 1024, NULL);

  return COMFY_HOST_GET_IFACE (self)->dup_thumbnail (self, image_id, edge);
}

/**
 * comfy_host_describe_image:
 * @image_id: the editor's id of the image that the form is about, -1 when there is none
 * @form: a form
 *
 * Tells the form what its values can be about.
 */
void
comfy_host_describe_image (ComfyHost *self,
                           int        image_id,
                           ComfyForm *form)
{
  g_auto(GStrv) names = NULL;
  int           width;
  int           height;

  if (!comfy_host_get_image_size (self, image_id, &width, &height))
    return;

  names = comfy_host_dup_layer_names (self, image_id);
  comfy_form_set_image_size (form, width, height);
  comfy_form_set_layer_names (form, (const char * const *) names);
}
