/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-api.h"
#include "comfy-transport-private.h"

G_BEGIN_DECLS

/* The Developer API v1, as its OpenAPI document and the authentication page describe it: paths
 * below the environment's base URL, without a "/v1" of their own. */
#define COMFY_TYPE_API_V1 (comfy_api_v1_get_type ())
G_DECLARE_FINAL_TYPE (ComfyApiV1, comfy_api_v1, COMFY, API_V1, GObject)

/* open to the files of the class alone */
struct _ComfyApiV1
{
  GObject         parent_instance;
  ComfyTransport *transport;         /* owned */
  gint64          no_nodes_until;    /* µs, monotonic: it does not tell of its nodes before */
  gint64          no_usage_until;    /* µs, monotonic: it does not tell of usage before */
  gint64          no_browse_until;   /* µs, monotonic: it does not list the jobs before */
  gint64          no_delete_until;   /* µs, monotonic: it does not delete outputs before */
  gint64          no_validate_until; /* µs, monotonic: it does not look at graphs before */
};

ComfyApi  *comfy_api_v1_new            (ComfyTransport *transport);
DexFuture *comfy_api_v1_get_usage      (ComfyApi         *api,
                                        ComfyUsagePeriod  period);
DexFuture *comfy_api_v1_list_jobs      (ComfyApi         *api,
                                        const char       *page);
DexFuture *comfy_api_v1_delete_output  (ComfyApi         *api,
                                        const char       *output_id);
DexFuture *comfy_api_v1_validate_fiber (gpointer        data);

G_END_DECLS
