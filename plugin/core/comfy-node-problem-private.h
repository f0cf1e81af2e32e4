/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-node-problem.h"
#include "comfy-workflow.h"

G_BEGIN_DECLS

GPtrArray *_comfy_node_problems_from_json (JsonNode      *body,
                                           ComfyWorkflow *workflow);

G_END_DECLS
