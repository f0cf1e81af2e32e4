/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-profile.h"

G_BEGIN_DECLS

/* What ComfyProfileStore alone may do with a profile. Setters notify if something changes. */
ComfyProfile *_comfy_profile_new            (const char         *id,
                                             const char         *endpoint_id,
                                             gint64              created,
                                             gboolean            has_key,
                                             gboolean            is_editable);
void          _comfy_profile_set_name       (ComfyProfile       *self,
                                             const char         *name);
void          _comfy_profile_set_last_four  (ComfyProfile       *self,
                                             const char         *last_four);
void          _comfy_profile_set_outcome    (ComfyProfile       *self,
                                             ComfyProfileState   state,
                                             const ComfyAccount *account,
                                             const char         *problem);
void          _comfy_profile_set_last_used  (ComfyProfile       *self,
                                             gint64              last_used);
void          _comfy_profile_set_default    (ComfyProfile       *self,
                                             gboolean            is_default);

G_END_DECLS
