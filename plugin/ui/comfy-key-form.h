/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-profile-store.h"

G_BEGIN_DECLS

/* What is entered to add a key, or only the new key to replace one. Emits "changed". */
#define COMFY_TYPE_KEY_FORM (comfy_key_form_get_type ())
G_DECLARE_FINAL_TYPE (ComfyKeyForm, comfy_key_form, COMFY, KEY_FORM, GtkGrid)

GtkWidget     *comfy_key_form_new             (ComfyProfileStore  *store,
                                               ComfyProfile       *replaced);
gboolean       comfy_key_form_is_complete     (ComfyKeyForm       *self);
ComfyEndpoint *comfy_key_form_dup_endpoint    (ComfyKeyForm       *self);
ComfyEndpoint *comfy_key_form_find_elsewhere  (ComfyKeyForm       *self,
                                               ComfyEndpoint      *endpoint);
void           comfy_key_form_select_endpoint (ComfyKeyForm       *self,
                                               const char         *endpoint_id);
const char    *comfy_key_form_get_name        (ComfyKeyForm       *self);
gboolean       comfy_key_form_take_key        (ComfyKeyForm       *self,
                                               const char         *origin,
                                               ComfyCredentials  **out_credentials,
                                               GError            **error);

G_END_DECLS
