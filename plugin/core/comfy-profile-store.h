/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-credentials.h"
#include "comfy-endpoint.h"
#include "comfy-environment.h"
#include "comfy-keyring.h"
#include "comfy-profile.h"
#include "comfy-settings.h"

G_BEGIN_DECLS

/* All profiles, as a GListModel of ComfyProfile: the index lies in the settings, the keys in the
 * keyring. The one place that changes either. Also knows the environments, presets first. The
 * profile made from COMFY_API_KEY comes first, and wins over the stored ones. */
#define COMFY_TYPE_PROFILE_STORE (comfy_profile_store_get_type ())
G_DECLARE_FINAL_TYPE (ComfyProfileStore, comfy_profile_store, COMFY, PROFILE_STORE, GObject)

ComfyProfileStore *comfy_profile_store_new             (ComfySettings     *settings,
                                                        ComfyKeyring      *keyring);

/* takes @environment, which is nullable; once, right after comfy_profile_store_new() */
void               comfy_profile_store_use_environment (ComfyProfileStore *self,
                                                        ComfyEnvironment  *environment);

/* GListModel of ComfyEndpoint */
GListModel        *comfy_profile_store_get_endpoints   (ComfyProfileStore *self);
ComfyEndpoint     *comfy_profile_store_find_endpoint   (ComfyProfileStore *self,
                                                        const char        *endpoint_id);
ComfyEndpoint     *comfy_profile_store_add_endpoint    (ComfyProfileStore *self,
                                                        const char        *label,
                                                        const char        *base_url,
                                                        GError           **error);
gboolean           comfy_profile_store_remove_endpoint (ComfyProfileStore *self,
                                                        const char        *endpoint_id,
                                                        GError           **error);

ComfyProfile      *comfy_profile_store_find            (ComfyProfileStore *self,
                                                        const char        *profile_id);
/* (nullable): the profile that actions use: COMFY_API_KEY's, else the default of the chosen
 * environment */
ComfyProfile      *comfy_profile_store_get_active      (ComfyProfileStore *self);
ComfyProfile      *comfy_profile_store_get_default     (ComfyProfileStore *self,
                                                        const char        *endpoint_id);
void               comfy_profile_store_set_default     (ComfyProfileStore *self,
                                                        ComfyProfile      *profile);

/* → ComfyProfile; @credentials is nullable where the environment needs no key */
DexFuture         *comfy_profile_store_add             (ComfyProfileStore *self,
                                                        const char        *name,
                                                        ComfyEndpoint     *endpoint,
                                                        ComfyCredentials  *credentials,
                                                        const ComfyAccount *account) G_GNUC_WARN_UNUSED_RESULT;
/* → TRUE */
DexFuture         *comfy_profile_store_rename          (ComfyProfileStore *self,
                                                        ComfyProfile      *profile,
                                                        const char        *name) G_GNUC_WARN_UNUSED_RESULT;
/* → TRUE; the old key stays until the new one is stored */
DexFuture         *comfy_profile_store_replace         (ComfyProfileStore *self,
                                                        ComfyProfile      *profile,
                                                        ComfyCredentials  *credentials) G_GNUC_WARN_UNUSED_RESULT;
/* → TRUE */
DexFuture         *comfy_profile_store_remove          (ComfyProfileStore *self,
                                                        ComfyProfile      *profile) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyCredentials; COMFY_ERROR_KEYRING_*, COMFY_ERROR_NO_KEY. Asks to unlock when locked. */
DexFuture         *comfy_profile_store_lookup          (ComfyProfileStore *self,
                                                        ComfyProfile      *profile) G_GNUC_WARN_UNUSED_RESULT;
/* → TRUE; learns the last four characters of every key, without a prompt: a locked keyring
 * rejects with COMFY_ERROR_KEYRING_LOCKED */
DexFuture         *comfy_profile_store_refresh         (ComfyProfileStore *self,
                                                        gboolean           may_prompt) G_GNUC_WARN_UNUSED_RESULT;

/* remembers what a test or a job learned of the key */
void               comfy_profile_store_note_outcome    (ComfyProfileStore  *self,
                                                        ComfyProfile       *profile,
                                                        const ComfyAccount *account,
                                                        const GError       *error);
void               comfy_profile_store_note_used       (ComfyProfileStore  *self,
                                                        ComfyProfile       *profile);

G_END_DECLS
