/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-api.h"
#include "comfy-credentials.h"
#include "comfy-endpoint.h"
#include "comfy-protocol-probe-private.h"
#include "comfy-settings.h"

G_BEGIN_DECLS

/* An open API, and what it was made of */
typedef struct
{
  ComfyApi         *api;         /* owned */
  ComfyEndpoint    *endpoint;    /* owned */
  ComfyCredentials *credentials; /* owned, nullable */
  ComfyProtocol     protocol;
} ComfyLine;

ComfyLine *comfy_line_await_open (ComfySettings     *settings,
                                  ComfyEndpoint     *endpoint,
                                  ComfyCredentials  *credentials,
                                  const char        *runtime_folder,
                                  const char        *limit_id,
                                  GError           **error);
void       comfy_line_free       (ComfyLine         *self);
gboolean   comfy_line_is_current (ComfyLine         *self,
                                  ComfySettings     *settings,
                                  ComfyEndpoint     *endpoint,
                                  ComfyCredentials  *credentials);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyLine, comfy_line_free)

G_END_DECLS
