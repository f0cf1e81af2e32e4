/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-api.h"
#include "comfy-transport-private.h"

G_BEGIN_DECLS

/* The Developer API v1, as its OpenAPI document and the authentication page describe it: paths below
 * the environment's base URL, without a "/v1" of their own. */
#define COMFY_TYPE_API_V1 (comfy_api_v1_get_type ())
G_DECLARE_FINAL_TYPE (ComfyApiV1, comfy_api_v1, COMFY, API_V1, GObject)

ComfyApi *comfy_api_v1_new (ComfyTransport *transport);

G_END_DECLS
