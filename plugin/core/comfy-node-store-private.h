/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-node-store.h"

G_BEGIN_DECLS

void  _comfy_node_store_set_patience (ComfyNodeStore *self,
                                      unsigned int    patience_ms);
char *_comfy_node_store_dup_path     (ComfyNodeStore *self,
                                      const char     *base_url);

G_END_DECLS
