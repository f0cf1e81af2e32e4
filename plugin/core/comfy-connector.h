/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-api.h"
#include "comfy-profile-store.h"

G_BEGIN_DECLS

/* Opens the API of an environment with a profile's key: looks the key up, finds the protocol out
 * (and remembers it), and joins transport and rate limit. */
#define COMFY_TYPE_CONNECTOR (comfy_connector_get_type ())
G_DECLARE_FINAL_TYPE (ComfyConnector, comfy_connector, COMFY, CONNECTOR, GObject)

ComfyConnector *comfy_connector_new  (ComfyProfileStore *store,
                                      ComfySettings     *settings,
                                      const char        *runtime_folder);
/* → ComfyApi; one per profile and process, reused */
DexFuture      *comfy_connector_open (ComfyConnector    *self,
                                      ComfyProfile      *profile) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyAccount: tests the stored key and notes the outcome in the profile */
DexFuture      *comfy_connector_test (ComfyConnector    *self,
                                      ComfyProfile      *profile) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyAccount: tests a key that is not stored; @credentials is nullable */
DexFuture      *comfy_connector_try  (ComfyConnector    *self,
                                      ComfyEndpoint     *endpoint,
                                      ComfyCredentials  *credentials) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full): @error with the key's name and the causes, when it is that the key was rejected */
GError         *comfy_connector_explain (ComfyConnector *self,
                                         ComfyProfile   *profile,
                                         const GError   *error);
/* (nullable): what answers there, for people, once it is known: "Developer API v1" */
const char     *comfy_connector_get_protocol_name (ComfyConnector *self,
                                                   ComfyEndpoint  *endpoint);

G_END_DECLS
