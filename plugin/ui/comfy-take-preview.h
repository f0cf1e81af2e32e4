/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-form.h"
#include "comfy-host.h"
#include "comfy-reflow.h"

G_BEGIN_DECLS

/* What a run now would send of the image: a thumbnail, its size, or why it cannot. Follows the
 * form, and the image when its window is looked at again.
 *
 * Signal "changed" (): another picture or sentence is shown. */
#define COMFY_TYPE_TAKE_PREVIEW (comfy_take_preview_get_type ())
G_DECLARE_FINAL_TYPE (ComfyTakePreview, comfy_take_preview, COMFY, TAKE_PREVIEW,
                      ComfyReflow)

GtkWidget *comfy_take_preview_new             (ComfyHost        *host,
                                               ComfyForm        *form,
                                               int               image_id,
                                               GArray           *layer_ids);
void       comfy_take_preview_set_layers
                                         (ComfyTakePreview *self,
                                          GArray           *layer_ids);
GtkWidget *comfy_take_preview_get_label       (ComfyTakePreview *self);
gboolean   comfy_take_preview_lacks_selection (ComfyTakePreview *self);

G_END_DECLS
