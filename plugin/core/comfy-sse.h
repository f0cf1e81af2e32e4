/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Server-Sent Events as WHATWG HTML has them: bytes in, in pieces of any size, events out. Pure. */
typedef struct _ComfySse ComfySse;

/* @name: the event's type, "message" where it has none. @text: its data, not terminated and perhaps
 * no UTF-8; valid during the call */
typedef void (*ComfySseFunc) (const char *name,
                              const char *text,
                              gsize       length,
                              gpointer    data);

ComfySse *comfy_sse_new  (gsize         max_bytes);
void      comfy_sse_free (ComfySse     *self);
void      comfy_sse_feed (ComfySse     *self,
                          const char   *bytes,
                          gsize         length,
                          ComfySseFunc  func,
                          gpointer      data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfySse, comfy_sse_free)

G_END_DECLS
