/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-placement.h"

G_BEGIN_DECLS

JsonNode       *_comfy_placement_to_json   (ComfyPlacement *self);
ComfyPlacement *_comfy_placement_from_json (JsonObject     *object);

G_END_DECLS
