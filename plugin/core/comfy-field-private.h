/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-field.h"
#include "comfy-variant.h"

G_BEGIN_DECLS

/* @variants: (element-type ComfyVariant): of the field's action */
ComfyField *_comfy_field_new_from_json (JsonObject         *object,
                                        GPtrArray          *variants,
                                        GError            **error);
/* (transfer full): one of which only that is known */
ComfyField *_comfy_field_new           (const char         *id,
                                        const char         *label,
                                        ComfyFieldType      type);
/* (transfer full): as _comfy_field_new_from_json() takes it; @targets: where it goes: one, for a
 * size two */
JsonNode   *_comfy_field_to_json       (const ComfyField   *self,
                                        const ComfyTarget  *targets);
/* (transfer full) (nullable): floating: what a graph has where the field goes; NULL when that is of
 * another type */
GVariant   *_comfy_field_get_graph_value
                                       (const ComfyField   *self,
                                        ComfyWorkflow      *graph,
                                        const ComfyTarget  *targets);
gboolean    _comfy_field_type_from_id  (const char         *name,
                                        ComfyFieldType     *out_type);
gboolean    _comfy_place_from_id       (const char         *name,
                                        ComfyPlace         *out_place);
void        _comfy_field_add_choice    (ComfyField         *self,
                                        const char         *id,
                                        const char         *label);
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
