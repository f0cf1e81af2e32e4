/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results that become the selection.
 */
#define G_LOG_DOMAIN "comfy-place"

#include "config.h"

#include "comfy-layer-writer.h"
#include "comfy-place-private.h"
#include "comfy-provenance.h"
#include "comfy-selected.h"
#include "comfy-target.h"

/* GIMP selects of what is in the image only: so the result is in it for a moment. In an undo group
 * that is open. */
static gboolean
select_result (ComfyPlacing *self,
               GimpImage    *image)
{
  GimpChannel *channel;
  gboolean     is_selected;

  channel = comfy_layer_writer_new_channel (image, g_ptr_array_index (self->pixels, 0),
                                            &g_array_index (self->rects, ComfyRect, 0));
  if (channel == NULL)
    return FALSE;
  if (!gimp_image_insert_channel (image, channel, NULL, 0))
    {
      gimp_item_delete (GIMP_ITEM (channel));
      return FALSE;
    }

  is_selected = gimp_image_select_item (image, GIMP_CHANNEL_OP_REPLACE, GIMP_ITEM (channel));
  gimp_image_remove_channel (image, channel);

  return is_selected;
}

/*
 * _comfy_place_selection:
 *
 * Selects in the image what the result says, in one undo step. When the image is gone, what was
 * sent becomes one.
 *
 * Returns: (transfer full) (nullable): the report, without layers. Errors: %COMFY_ERROR_IMAGE
 */
GVariant *
_comfy_place_selection (ComfyPlacing  *self,
                        GError       **error)
{
  GimpImage            *image = _comfy_place_find_image (self);
  gboolean              is_new = image == NULL;
  g_autoptr(GPtrArray)  layers = g_ptr_array_new ();
  g_auto(ComfySelected) selected = { 0 };
  GimpLayer            *layer;
  gboolean              is_placed;

  if (image == NULL)
    image = _comfy_place_new_source (self, NULL, &layer, error);
  if (image == NULL)
    return NULL;

  comfy_selected_take (&selected, image);
  gimp_image_undo_group_start (image);
  is_placed = select_result (self, image);
  if (is_placed)
    comfy_provenance_note_job (image, comfy_result_get_job_id (self->result));
  comfy_selected_restore (&selected, image);
  gimp_image_undo_group_end (image);

  if (!is_placed)
    {
      _comfy_place_set_failed (error);
      if (is_new)
        gimp_image_delete (image);
      return NULL;
    }

  if (is_new && self->with_display)
    gimp_display_new (image);

  return _comfy_place_report (image, layers);
}
