/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-api.h"
#include "comfy-transport-private.h"

G_BEGIN_DECLS

typedef enum
{
  COMFY_PROTOCOL_NONE,
  COMFY_PROTOCOL_V1, /* Developer API v1 */
  COMFY_PROTOCOL_V2, /* Comfy API v2 */
} ComfyProtocol;

/* → unsigned int, a ComfyProtocol but NONE */
DexFuture     *comfy_protocol_probe     (ComfyTransport *transport) G_GNUC_WARN_UNUSED_RESULT;

const char    *comfy_protocol_to_nick   (ComfyProtocol   protocol);
ComfyProtocol  comfy_protocol_from_nick (const char     *nick);
const char    *comfy_protocol_get_name  (ComfyProtocol   protocol);
ComfyApi      *comfy_protocol_new_api   (ComfyProtocol   protocol,
                                         ComfyTransport *transport);

G_END_DECLS
