/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-connector.h"
#include "comfy-usage.h"

G_BEGIN_DECLS

/* → GPtrArray of ComfyUsage, boxed as G_TYPE_PTR_ARRAY: day, week and month.
 * COMFY_ERROR_NOT_SUPPORTED where the server does not tell */
DexFuture *comfy_usage_fetch (ComfyConnector *connector,
                              ComfyProfile   *profile) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
