/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-host.h"

G_BEGIN_DECLS

/* Which of the open images is meant, by name and thumbnail. The editor tells nobody when images come
 * and go, so it is asked when somebody looks.
 *
 * Signal "changed" (): another image is meant, or it has another name, mark or size. */
#define COMFY_TYPE_IMAGE_CHOOSER (comfy_image_chooser_get_type ())
G_DECLARE_FINAL_TYPE (ComfyImageChooser, comfy_image_chooser, COMFY, IMAGE_CHOOSER, GtkBox)

GtkWidget            *comfy_image_chooser_new      (ComfyHost         *host);
/* (nullable) (transfer none): no image is open */
const ComfyImageInfo *comfy_image_chooser_get_info (ComfyImageChooser *self);
/* -1: none */
int                   comfy_image_chooser_get_id   (ComfyImageChooser *self);
void                  comfy_image_chooser_set_id   (ComfyImageChooser *self,
                                                    int                image_id);
void                  comfy_image_chooser_refresh  (ComfyImageChooser *self);

G_END_DECLS
