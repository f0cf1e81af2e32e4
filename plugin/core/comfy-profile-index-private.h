/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-profile.h"

G_BEGIN_DECLS

/* How profiles lie in the settings: a group "profile ID" each, and the default of an environment in
 * its group. Nothing here is secret, and nothing here saves: the caller does. */
GStrv         _comfy_profile_index_list         (GKeyFile           *keys);
ComfyProfile *_comfy_profile_index_read         (GKeyFile           *keys,
                                                 const char         *id,
                                                 ComfyProfile       *known);
void          _comfy_profile_index_add          (GKeyFile           *keys,
                                                 const char         *id,
                                                 const char         *name,
                                                 const char         *endpoint_id,
                                                 gboolean            has_key);
void          _comfy_profile_index_remove       (GKeyFile           *keys,
                                                 const char         *id);
void          _comfy_profile_index_set_name     (GKeyFile           *keys,
                                                 const char         *id,
                                                 const char         *name);
void          _comfy_profile_index_set_outcome  (GKeyFile           *keys,
                                                 const char         *id,
                                                 ComfyProfileState   state,
                                                 const ComfyAccount *account,
                                                 const char         *problem);
void          _comfy_profile_index_set_used     (GKeyFile           *keys,
                                                 const char         *id,
                                                 gint64              when);
char         *_comfy_profile_index_dup_default  (GKeyFile           *keys,
                                                 const char         *endpoint_id);
void          _comfy_profile_index_set_default  (GKeyFile           *keys,
                                                 const char         *endpoint_id,
                                                 const char         *id);

G_END_DECLS
