/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-exchange-private.h"
#include "comfy-transport-private.h"

G_BEGIN_DECLS

#define COMFY_RESPONSE_MAX_BODY  (16 * 1024 * 1024) /* bytes */
#define COMFY_RESPONSE_MAX_DEPTH 64                 /* objects and arrays in each other */

ComfyResponse *_comfy_response_new      (unsigned int         status,
                                         SoupMessageHeaders  *headers,
                                         GBytes              *body);
/* in a fiber */
ComfyResponse *_comfy_response_read     (ComfyExchange       *exchange,
                                         ComfyCredentials    *credentials,
                                         GError             **error);
gboolean       _comfy_response_is_good  (ComfyResponse       *self);
GError        *_comfy_response_to_error (ComfyResponse       *self,
                                         const char          *host,
                                         ComfyCredentials    *credentials,
                                         const char          *request);
char          *_comfy_redact            (const char          *text,
                                         ComfyCredentials    *credentials,
                                         gsize                max_chars);

G_END_DECLS
