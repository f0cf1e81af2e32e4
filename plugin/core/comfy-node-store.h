/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-connector.h"
#include "comfy-node-table.h"

G_BEGIN_DECLS

/* What the nodes of each environment's server take, as the servers tell it: fetched once a day,
 * kept as a file for each environment, which holds no secret, and in memory. Main thread. */
#define COMFY_TYPE_NODE_STORE (comfy_node_store_get_type ())
G_DECLARE_FINAL_TYPE (ComfyNodeStore, comfy_node_store, COMFY, NODE_STORE, GObject)

ComfyNodeStore *comfy_node_store_new   (ComfyProfileStore *profiles,
                                        ComfyConnector    *connector,
                                        const char        *folder);
/* what is known without a server */
void            comfy_node_store_carry (ComfyNodeStore    *self,
                                        const char        *path);
ComfyNodeTable *comfy_node_store_get_carried
                                       (ComfyNodeStore    *self);
/* → ComfyNodeTable; never rejects */
DexFuture      *comfy_node_store_find  (ComfyNodeStore    *self) G_GNUC_WARN_UNUSED_RESULT;
/* removes the files of environments that nobody uses any more */
void            comfy_node_store_sweep (ComfyNodeStore    *self);
/* everything that servers told, for the artist's "delete now" */
void            comfy_node_store_forget
                                       (ComfyNodeStore    *self);

G_END_DECLS
