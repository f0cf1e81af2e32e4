/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-credentials.h"

G_BEGIN_DECLS

/* The profiles' secrets in the desktop's Secret Service. Every future rejects with
 * COMFY_ERROR_KEYRING_LOCKED, _DISMISSED or _MISSING when the keyring is the reason. Never falls
 * back to anything in clear. */
#define COMFY_TYPE_KEYRING (comfy_keyring_get_type ())
G_DECLARE_FINAL_TYPE (ComfyKeyring, comfy_keyring, COMFY, KEYRING, GObject)

ComfyKeyring *comfy_keyring_new    (void);
/* → TRUE; storing again with the same id and origin replaces key and label in place */
DexFuture    *comfy_keyring_store  (ComfyKeyring     *self,
                                    const char       *profile_id,
                                    const char       *label,
                                    ComfyCredentials *credentials) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyCredentials; COMFY_ERROR_NO_KEY when there is none */
DexFuture    *comfy_keyring_lookup (ComfyKeyring     *self,
                                    const char       *profile_id,
                                    const char       *origin,
                                    gboolean          may_prompt) G_GNUC_WARN_UNUSED_RESULT;
/* → TRUE; there being none is fine */
DexFuture    *comfy_keyring_remove (ComfyKeyring     *self,
                                    const char       *profile_id,
                                    const char       *origin) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
