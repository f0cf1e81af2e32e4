/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* One request on its way and its answer, watched: given up when no byte moves for too long */
#define COMFY_TYPE_EXCHANGE (_comfy_exchange_get_type ())
G_DECLARE_FINAL_TYPE (ComfyExchange, _comfy_exchange, COMFY, EXCHANGE, GObject)

/* open to the two files of the class alone */
struct _ComfyExchange
{
  GObject       parent_instance;
  SoupSession  *session;    /* owned */
  SoupMessage  *message;    /* owned */
  GInputStream *body;       /* owned, nullable: the answer's, once its head is there */
  GBytes       *whole;      /* owned, nullable: the answer's body, if a thread has read it */
  gint64        started_us; /* monotonic */
  unsigned int  stall_ms;   /* given up when nothing moves for so long */
  unsigned int  total_ms;   /* given up so long after it started; 0: never */
  gboolean      sends_file; /* a thread sends a large body */
  gsize         n_told;     /* bytes that went up, as told last */

  /* atomic */
  int           moved_ms;   /* after it started: when a byte moved */
  gsize         n_written;  /* bytes of the body that went up */
  int           was_sent;   /* boolean: a byte may have reached the server */

  /* while something is waited for: */
  GSource      *watchdog;    /* owned, nullable */
  GCancellable *cancellable; /* owned, nullable */
  gboolean      is_late;     /* the watchdog gave up */
};

ComfyExchange *_comfy_exchange_new         (SoupSession    *session,
                                            SoupMessage    *message,
                                            unsigned int    stall_ms,
                                            unsigned int    total_ms);
SoupMessage   *_comfy_exchange_get_message (ComfyExchange  *self);
gboolean       _comfy_exchange_was_sent    (ComfyExchange  *self);
gboolean       _comfy_exchange_is_over     (ComfyExchange  *self);
/* property "n-written": bytes of the body that went up; notifies ten times a second */
guint64        _comfy_exchange_get_written (ComfyExchange  *self);

/* between the two files of the class: */
DexPromise    *_comfy_exchange_start_watching
                                           (ComfyExchange  *self);
void           _comfy_exchange_stop_watching
                                           (ComfyExchange  *self);
void           _comfy_exchange_moved       (ComfyExchange  *self);
void           _comfy_exchange_tell_written
                                           (ComfyExchange  *self);

/* in a fiber: */
gboolean       _comfy_exchange_send        (ComfyExchange  *self,
                                            GError        **error);
gboolean       _comfy_exchange_send_from_thread
                                           (ComfyExchange  *self,
                                            gsize           max,
                                            GError        **error);
GBytes        *_comfy_exchange_read        (ComfyExchange  *self,
                                            gsize           max,
                                            GError        **error);
SoupWebsocketConnection *
               _comfy_exchange_upgrade     (ComfyExchange  *self,
                                            GError        **error);

G_END_DECLS
