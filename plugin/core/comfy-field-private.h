/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-field.h"
#include "comfy-variant.h"

G_BEGIN_DECLS

/* @variants: (element-type ComfyVariant): of the field's action; @choices: those of its fields so
 * far, by JsonArray */
ComfyField *_comfy_field_new_from_json (JsonObject         *object,
                                        GPtrArray          *variants,
                                        GHashTable         *choices,
                                        GError            **error);
void        _comfy_field_free          (ComfyField         *self);
gboolean    _comfy_field_is_choice     (const ComfyField   *self,
                                        const char         *id);
gboolean    _comfy_field_apply         (const ComfyField   *self,
                                        GVariant           *value,
                                        const ComfyTarget  *targets,
                                        ComfyWorkflow      *graph,
                                        GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyField, _comfy_field_free)

G_END_DECLS
