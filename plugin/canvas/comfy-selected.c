/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GIMP selects each layer that is inserted, and deselects the channels for it. What belongs to a
 * layer, such as whether its mask is painted on, and which paths are selected, it leaves alone.
 */
#define G_LOG_DOMAIN "comfy-selected"

#include "config.h"

#include "comfy-selected.h"

/**
 * comfy_selected_take:
 * @self: uninitialized or cleared
 * @image: an open image
 *
 * Notes what is selected, for comfy_selected_restore().
 */
void
comfy_selected_take (ComfySelected *self,
                     GimpImage     *image)
{
  self->layers = gimp_image_get_selected_layers (image);
  self->channels = gimp_image_get_selected_channels (image);
}

/**
 * comfy_selected_restore:
 * @self: what was noted
 * @image: the same image, with the noted layers and channels still in it
 *
 * Selects the same again. GIMP makes no undo step of it, and tells nobody where nothing changes.
 */
void
comfy_selected_restore (ComfySelected *self,
                        GimpImage     *image)
{
  /* either layers or channels can be selected; each call takes the others out */
  if (self->channels[0] != NULL)
    gimp_image_set_selected_channels (image, (const GimpChannel **) self->channels);
  else
    gimp_image_set_selected_layers (image, (const GimpLayer **) self->layers);
}

/**
 * comfy_selected_clear:
 * @self: what was noted
 *
 * Frees what is in it.
 */
void
comfy_selected_clear (ComfySelected *self)
{
  g_clear_pointer (&self->layers, g_free);
  g_clear_pointer (&self->channels, g_free);
}
