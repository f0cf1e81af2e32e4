/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-cost.h"

G_BEGIN_DECLS

/* more than that, in millionths, no run costs: a number beyond it is something else */
#define COMFY_COST_MAX (G_GINT64_CONSTANT (1000000) * 1000000)

ComfyCost   _comfy_cost_read_usage (JsonObject      *usage);

/* as it lies in files of ours */
JsonObject *_comfy_cost_to_json    (const ComfyCost *self);
ComfyCost   _comfy_cost_from_json  (JsonObject      *object);

G_END_DECLS
