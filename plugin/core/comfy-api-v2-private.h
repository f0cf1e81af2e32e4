/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-api-call-private.h"
#include "comfy-api.h"
#include "comfy-content-hash-private.h"
#include "comfy-server-memory-private.h"
#include "comfy-transport-private.h"

G_BEGIN_DECLS

/* an asset that no one has: asking for it tells whether the key is accepted (404) or not (401) */
#define COMFY_API_V2_NO_ASSET \
  "blake3:0000000000000000000000000000000000000000000000000000000000000000"

/* a job that no one has: denied in the protocol's own words */
#define COMFY_API_V2_NO_JOB "00000000-0000-0000-0000-000000000000"

/* The Comfy API v2. Below "/api/v2" of the environment's origin, or below the base URL when
 * that ends so: a gateway may serve it under a path of its own. */
#define COMFY_TYPE_API_V2 (comfy_api_v2_get_type ())
G_DECLARE_FINAL_TYPE (ComfyApiV2, comfy_api_v2, COMFY, API_V2, GObject)

/* open to the files of the class alone */
struct _ComfyApiV2
{
  GObject         parent_instance;
  ComfyTransport *transport; /* owned */
  GHashTable     *assets;    /* owned: name of an upload of this process → asset id */
  GHashTable     *links;     /* owned: "self ID" or "cancel ID" → URL, as the server told */
  ComfyHashFunc   hash_func; /* nullable: files cannot be named by what is in them */
  gboolean        names_only; /* it does not know inputs by core/ASSET */
  gint64          no_nodes_until; /* µs, monotonic: it does not tell of its nodes before */
  gint64          mute_until; /* µs, monotonic: it gives no events before; 0: it may */
};

ComfyApi *comfy_api_v2_new      (ComfyTransport *transport);
gboolean  comfy_api_v2_is_without_hashes
                                (unsigned int    status);
char     *comfy_api_v2_dup_path (ComfyEndpoint  *endpoint,
                                 const char     *collection,
                                 const char     *id,
                                 const char     *rest);

void           comfy_api_v2_note_asset      (ComfyApiV2      *self,
                                             const char      *name,
                                             const char      *id);

void           comfy_api_v2_learn_links     (ComfyApiV2      *self,
                                             ComfyRemoteJob  *job,
                                             JsonNode        *node);

DexFuture     *comfy_api_v2_submit_fiber    (gpointer         data);
DexFuture     *comfy_api_v2_upload_fiber    (gpointer         data);
DexFuture     *comfy_api_v2_check_fiber     (gpointer         data);
DexFuture     *comfy_api_v2_delete_fiber    (gpointer         data);
DexFuture     *comfy_api_v2_download_fiber  (gpointer         data);
ComfyWorkflow *comfy_api_v2_refer_to_assets (ComfyWorkflow  *workflow,
                                             GHashTable     *assets,
                                             GError        **error);

G_END_DECLS
