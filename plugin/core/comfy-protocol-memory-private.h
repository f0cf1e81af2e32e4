/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-endpoint.h"
#include "comfy-protocol-probe-private.h"
#include "comfy-settings.h"

G_BEGIN_DECLS

ComfyProtocol comfy_protocol_memory_get    (ComfySettings *settings,
                                            ComfyEndpoint *endpoint);
void          comfy_protocol_memory_set    (ComfySettings *settings,
                                            ComfyEndpoint *endpoint,
                                            ComfyProtocol  protocol);
void          comfy_protocol_memory_forget (ComfySettings *settings,
                                            ComfyEndpoint *endpoint);

G_END_DECLS
