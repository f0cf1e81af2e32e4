/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-profile-store.h"

G_BEGIN_DECLS

/* Chooses an environment, or takes the address of a new one. Emits "changed". */
#define COMFY_TYPE_ENDPOINT_CHOOSER (comfy_endpoint_chooser_get_type ())
G_DECLARE_FINAL_TYPE (ComfyEndpointChooser, comfy_endpoint_chooser, COMFY, ENDPOINT_CHOOSER, GtkBox)

GtkWidget     *comfy_endpoint_chooser_new          (ComfyProfileStore    *store);
GtkWidget     *comfy_endpoint_chooser_get_combo    (ComfyEndpointChooser *self);
void           comfy_endpoint_chooser_select       (ComfyEndpointChooser *self,
                                                    const char           *endpoint_id);
ComfyEndpoint *comfy_endpoint_chooser_dup_endpoint (ComfyEndpointChooser *self);

G_END_DECLS
