/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* One request on its way and its answer, watched: it is given up when no byte moves for too long. */
#define COMFY_TYPE_EXCHANGE (_comfy_exchange_get_type ())
G_DECLARE_FINAL_TYPE (ComfyExchange, _comfy_exchange, COMFY, EXCHANGE, GObject)

ComfyExchange *_comfy_exchange_new         (SoupSession    *session,
                                            SoupMessage    *message,
                                            unsigned int    stall_ms,
                                            unsigned int    total_ms);
SoupMessage   *_comfy_exchange_get_message (ComfyExchange  *self);
gboolean       _comfy_exchange_was_sent    (ComfyExchange  *self);
/* property "n-written": bytes of the body that went up */
guint64        _comfy_exchange_get_written (ComfyExchange  *self);

/* in a fiber: */
gboolean       _comfy_exchange_send        (ComfyExchange  *self,
                                            GError        **error);
GBytes        *_comfy_exchange_read        (ComfyExchange  *self,
                                            gsize           max,
                                            GError        **error);
SoupWebsocketConnection *
               _comfy_exchange_upgrade     (ComfyExchange  *self,
                                            GError        **error);

G_END_DECLS
