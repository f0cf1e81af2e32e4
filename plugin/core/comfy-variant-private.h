/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-variant.h"

G_BEGIN_DECLS

/* @sidecar: what it says goes for every variant; @object: (nullable): what goes for this one only */
ComfyVariant *_comfy_variant_new_from_json (JsonObject    *sidecar,
                                            JsonObject    *object,
                                            ComfyWorkflow *workflow,
                                            const char   **out_problem);
gboolean      _comfy_variant_add_targets  (ComfyVariant       *self,
                                           const char         *field_id,
                                           ComfyTarget        *targets);
void          _comfy_variant_take_masks   (ComfyVariant       *self,
                                           const ComfyTarget  *targets,
                                           unsigned int        n);
void          _comfy_variant_free          (ComfyVariant  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyVariant, _comfy_variant_free)

G_END_DECLS
