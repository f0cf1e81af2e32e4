/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-endpoint.h"
#include "comfy-settings.h"

G_BEGIN_DECLS

/* The environments as a GListModel of ComfyEndpoint: the presets, then the artist's own ones from
 * the settings, then the one that COMFY_BASE_URL names. Follows the settings. */
#define COMFY_TYPE_ENDPOINT_LIST (comfy_endpoint_list_get_type ())
G_DECLARE_FINAL_TYPE (ComfyEndpointList, comfy_endpoint_list, COMFY, ENDPOINT_LIST, GObject)

ComfyEndpointList *comfy_endpoint_list_new       (ComfySettings      *settings);
GListModel        *comfy_endpoint_list_get_model (ComfyEndpointList  *self);
void               comfy_endpoint_list_set_extra (ComfyEndpointList  *self,
                                                  ComfyEndpoint      *extra);
ComfyEndpoint     *comfy_endpoint_list_find      (ComfyEndpointList  *self,
                                                  const char         *endpoint_id);
ComfyEndpoint     *comfy_endpoint_list_add       (ComfyEndpointList  *self,
                                                  const char         *label,
                                                  const char         *base_url,
                                                  GError            **error);
gboolean           comfy_endpoint_list_remove    (ComfyEndpointList  *self,
                                                  const char         *endpoint_id,
                                                  GError            **error);

G_END_DECLS
