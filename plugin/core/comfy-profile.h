/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-account.h"

G_BEGIN_DECLS

/* What the last use or test of a key showed. WORKS with a problem: the key is good, but the account
 * has no credits or the plan does not allow the API. */
typedef enum
{
  COMFY_PROFILE_NOT_TESTED,
  COMFY_PROFILE_WORKS,
  COMFY_PROFILE_REJECTED,
  COMFY_PROFILE_UNREACHABLE,
} ComfyProfileState;

/* What the rest of the program knows of a key; never the key. Owned and changed by
 * ComfyProfileStore. Properties, all of which notify: "name", "last-four", "state", "account",
 * "problem", "last-used", "is-default". */
#define COMFY_TYPE_PROFILE (comfy_profile_get_type ())
G_DECLARE_FINAL_TYPE (ComfyProfile, comfy_profile, COMFY, PROFILE, GObject)

const char         *comfy_profile_get_id          (ComfyProfile *self);
const char         *comfy_profile_get_name        (ComfyProfile *self);
const char         *comfy_profile_get_endpoint_id (ComfyProfile *self);
/* (nullable): known only while the keyring is unlocked */
const char         *comfy_profile_get_last_four   (ComfyProfile *self);
ComfyProfileState   comfy_profile_get_state       (ComfyProfile *self);
/* (nullable): what the server told when the key was last tested */
const ComfyAccount *comfy_profile_get_account     (ComfyProfile *self);
/* (nullable): why the key cannot be used now, in a sentence */
const char         *comfy_profile_get_problem     (ComfyProfile *self);
/* Unix seconds, 0 when never */
gint64              comfy_profile_get_last_used   (ComfyProfile *self);
gboolean            comfy_profile_is_default      (ComfyProfile *self);
/* FALSE for the one read from COMFY_API_KEY */
gboolean            comfy_profile_is_editable     (ComfyProfile *self);
/* FALSE where the environment needs no key */
gboolean            comfy_profile_has_key         (ComfyProfile *self);
/* unused for 90 days: the authentication page advises to delete such keys */
gboolean            comfy_profile_is_stale        (ComfyProfile *self);

G_END_DECLS
