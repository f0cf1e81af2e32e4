/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-exchange-private.h"
#include "comfy-retry-private.h"
#include "comfy-transport-private.h"

G_BEGIN_DECLS

/* What a transport can be given instead of the world's own, by tests alone. There is no way here to
 * switch the verification of certificates off: a test brings its own authority. */
typedef struct
{
  GTlsDatabase     *tls_database; /* borrowed, nullable: the system's */
  const ComfyClock *clock;        /* borrowed, nullable: the system's */
  unsigned int      stall_ms;     /* 0: the usual deadlines */
  gint64            max_download; /* bytes; 0: the usual limit */
} ComfyTransportOptions;

ComfyTransport   *_comfy_transport_new_full        (ComfyEndpoint               *endpoint,
                                                    ComfyCredentials            *credentials,
                                                    ComfyRateLimit              *limit,
                                                    const ComfyTransportOptions *options);
SoupSession      *_comfy_transport_get_session     (ComfyTransport              *self);
ComfyCredentials *_comfy_transport_get_credentials (ComfyTransport              *self);
const ComfyTransportOptions *
                  _comfy_transport_get_options     (ComfyTransport              *self);
ComfyRateLimit   *_comfy_transport_get_limit       (ComfyTransport              *self);
void              _comfy_transport_hold            (ComfyTransport              *self,
                                                    gint64                       until_us,
                                                    gboolean                     is_cut_off);
void              _comfy_transport_release         (ComfyTransport              *self,
                                                    gint64                       until_us);

/* One request as it was asked for. Opening its body again gives the same body, for another try. */
typedef struct _ComfyCall ComfyCall;
typedef GInputStream *(*ComfyOpenBody) (ComfyCall  *call,
                                        goffset    *out_length,
                                        GError    **error);

struct _ComfyCall
{
  ComfyTransport      *transport;       /* owned */
  char                *method;          /* owned */
  char                *url;             /* owned: absolute */
  char                *idempotency_key; /* owned, nullable */
  ComfyTransportFlags  flags;
  unsigned int         stall_ms;
  unsigned int         total_ms;        /* 0: none */
  ComfyProgress       *progress;        /* owned, nullable */

  /* the body */
  ComfyOpenBody        open_body;       /* nullable */
  char                *content_type;    /* owned, nullable */
  gpointer             body_data;       /* owned by @body_destroy, nullable: for @open_body */
  GDestroyNotify       body_destroy;
  gboolean             sends_file;      /* the body is large and comes from the disk */

  char                *accept;          /* owned, nullable: the type that is asked for */

  /* for a download that goes on */
  gint64               range_start;     /* bytes; 0: from the start */
  char                *if_range;        /* owned, nullable */
  gboolean             is_file;         /* bytes as they are: no content coding */

  gboolean             was_sent;        /* out: a byte of the last try may have arrived */
};

ComfyCall     *_comfy_call_new          (ComfyTransport   *transport,
                                         const char       *method,
                                         const char       *url);
void           _comfy_call_free         (ComfyCall        *self);
char          *_comfy_call_dup_label    (ComfyCall        *self);
/* in a fiber: */
gboolean       _comfy_call_wait         (ComfyCall        *self,
                                         gint64            wait_us,
                                         gboolean          is_cut_off,
                                         GError          **error);
gboolean       _comfy_call_pass_limit   (ComfyCall        *self,
                                         GError          **error);
ComfyExchange *_comfy_call_start        (ComfyCall        *self,
                                         GError          **error);
DexFuture     *_comfy_call_run_fiber    (gpointer          data);

SoupMessage   *_comfy_call_new_message  (ComfyCall        *self,
                                         const char       *url,
                                         GError          **error);
void           _comfy_call_log          (ComfyCall        *self,
                                         SoupMessage      *message,
                                         gint64            started_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyCall, _comfy_call_free)

G_END_DECLS
