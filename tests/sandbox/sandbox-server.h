/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "comfy-sandbox.h"
#include "sandbox-accounts.h"
#include "sandbox-engine.h"
#include "sandbox-faults.h"
#include "sandbox-ledger.h"
#include "sandbox-responses.h"
#include "sandbox-store.h"
#include "sandbox-upload.h"

G_BEGIN_DECLS

#define SANDBOX_V1_PATH "/developer/api/v1"
#define SANDBOX_V2_PATH "/api/v2"
#define SANDBOX_INFO_PATH "/api/object_info"
#define SANDBOX_CONTROL_PATH "/_sandbox"

/* Everything of one sandbox; belongs to its thread, except for the ledger. */
typedef struct
{
  ComfySandboxOptions  options;          /* defaults filled in; its strings are not kept */
  GPtrArray           *accounts;         /* of SandboxAccount */
  GPtrArray           *faults;           /* of SandboxFault */
  GPtrArray           *sockets;          /* of SandboxSocket */
  GPtrArray           *streams;          /* of SandboxStream */
  ComfySandboxFlavour  flavour;
  gboolean             needs_token;      /* also of a proxy */
  gboolean             refuses_webp;     /* among uploads */
  gboolean             hides_usage;      /* nobody is told what jobs cost */
  gboolean             muted;            /* sockets and streams stay open and say nothing */
  GSource             *refusing;         /* nullable: until refuse_ms begin, or end */
  unsigned int         refuse_ms;        /* how long connections are refused */
  GPtrArray           *requests;         /* of SandboxRequest, no-ref */
  GPtrArray           *paused;           /* of SoupServerMessage: not to be answered now */
  SandboxLedger       *ledger;
  char                *actions_path;     /* graphs whose models this server has */
  SandboxResponses    *responses;        /* nullable */
  char                *violation;        /* nullable: of a message that was pushed */
  SandboxStore        *store;
  SandboxEngine       *engine;
  SoupServer          *api;
  SoupServer          *downloads;        /* another port, so another origin */
  GPtrArray           *tls_services;     /* of GSocketService */
  GCancellable        *stopping;         /* ends what is under way when the server ends */
  char                *base_url;         /* without a slash at the end */
  char                *download_url;
} SandboxServer;

/* One request, from its head to the end of the answer. */
typedef struct
{
  SandboxServer     *server;       /* no-ref; %NULL once it ended */
  SoupServerMessage *message;      /* no-ref */
  const char        *method;
  char              *path;
  GHashTable        *query;        /* nullable */
  SandboxAccount    *account;      /* nullable, no-ref */
  SandboxAuth        auth;
  SandboxFault      *fault;        /* nullable */
  SandboxUpload     *upload;       /* nullable */
  JsonObject        *entry;        /* nullable: in the ledger, until it is committed */
  GSource           *timer;        /* nullable: what a paused request waits for */
  gint64             bytes_in;     /* of the body */
} SandboxRequest;

typedef void (*SandboxRequestFunc) (SandboxRequest *request);

SandboxServer *sandbox_server_new           (const ComfySandboxOptions  *options,
                                             GError                    **error);
void           sandbox_server_free          (SandboxServer              *self);
char          *sandbox_server_dup_link      (SandboxServer              *self,
                                             SandboxFile                *file);

SandboxRequest *sandbox_request_new         (SandboxServer              *server,
                                             SoupServerMessage          *message,
                                             const char                 *path,
                                             GHashTable                 *query,
                                             gboolean                    is_download);
void            sandbox_request_leave       (SandboxRequest             *request);
SandboxRequest *sandbox_request_get         (SoupServerMessage          *message);
void           sandbox_request_pause        (SandboxRequest             *request,
                                             unsigned int                ms,
                                             SandboxRequestFunc          func);
void           sandbox_request_commit       (SandboxRequest             *request,
                                             gboolean                    answered);
void           sandbox_request_reply        (SandboxRequest             *request,
                                             unsigned int                status,
                                             JsonObject                 *body);
void           sandbox_request_reply_error  (SandboxRequest             *request,
                                             unsigned int                status,
                                             const char                 *code,
                                             const char                 *message,
                                             JsonNode                   *details);
void           sandbox_request_reply_file   (SandboxRequest             *request,
                                             SandboxFile                *file);
JsonNode      *sandbox_request_read_json    (SandboxRequest             *request);
const char    *sandbox_request_get_header   (SandboxRequest             *request,
                                             const char                 *name);
gboolean       sandbox_request_is           (SandboxRequest             *request,
                                             const char                 *method,
                                             const char                 *path);
char          *sandbox_request_dup_id       (SandboxRequest             *request,
                                             const char                 *method,
                                             const char                 *prefix,
                                             const char                 *suffix);
void           sandbox_json_set_time        (JsonObject                 *object,
                                             const char                 *member,
                                             GDateTime                  *time);
void           sandbox_json_set_strings     (JsonObject                 *object,
                                             const char                 *member,
                                             char                      **strings);

/* sandbox-violation.c */
void           sandbox_request_check         (SandboxRequest            *request);
void           sandbox_server_check_message  (SandboxServer             *server,
                                              const char                *kind,
                                              const char                *text);

/* sandbox-refusal.c */
void           sandbox_request_reply_invalid (SandboxRequest            *request,
                                             const char                 *field,
                                             const char                 *message);
void           sandbox_request_reply_refusal (SandboxRequest            *request,
                                             const SandboxRefusal       *refusal);

/* sandbox-misbehave.c */
gboolean       sandbox_misbehave_before     (SandboxRequest             *request);
void           sandbox_misbehave_after      (SandboxRequest             *request);

/* the dispatchers of each part of the address space; they always answer */
void           sandbox_v1_handle            (SandboxRequest             *request);
void           sandbox_v2_handle            (SandboxRequest             *request);
void           sandbox_info_handle          (SandboxRequest             *request);
void           sandbox_control_handle       (SandboxRequest             *request);
gboolean       sandbox_control_run          (SandboxServer              *server,
                                             const char                 *command,
                                             JsonObject                 *arguments,
                                             GError                    **error);

/* sandbox-flavour.c */
void            sandbox_flavour_set              (SandboxServer        *server,
                                                  ComfySandboxFlavour   flavour,
                                                  gboolean              needs_token);
gboolean        sandbox_flavour_run              (SandboxServer        *server,
                                                  JsonObject           *arguments,
                                                  GError              **error);
gboolean        sandbox_flavour_has_v1           (SandboxServer        *server);
gboolean        sandbox_flavour_tells_nodes      (SandboxServer        *server);
SandboxAccount *sandbox_flavour_find_guest       (SandboxServer        *server);
char           *sandbox_flavour_dup_path         (SandboxServer        *server,
                                                  const char           *path);
const char     *sandbox_flavour_get_prefix       (SandboxServer        *server);
unsigned int    sandbox_flavour_get_stream_limit (SandboxServer        *server);
gboolean        sandbox_flavour_serves_content   (SandboxServer        *server);

/* sandbox-tls.c */
unsigned int   sandbox_tls_listen           (SandboxServer              *self,
                                             SoupServer                 *soup_server,
                                             unsigned int                port,
                                             GError                    **error);
void           sandbox_tls_stop             (SandboxServer              *self);

/* sandbox-refuse.c */
gboolean       sandbox_refuse_run           (SandboxServer              *server,
                                             JsonObject                 *arguments,
                                             GError                    **error);
void           sandbox_refuse_stop          (SandboxServer              *server);

/* sandbox-sockets.c */
void           sandbox_sockets_listen       (SandboxServer              *server);
void           sandbox_sockets_tell         (SandboxServer              *server,
                                             SandboxJob                 *job);
void           sandbox_sockets_drop         (SandboxServer              *server);

/* sandbox-events.c */
void           sandbox_events_tell          (SandboxServer              *server,
                                             SandboxJob                 *job);
void           sandbox_events_forget        (SandboxServer              *server,
                                             SoupServerMessage          *message);
void           sandbox_events_drop          (SandboxServer              *server);

/* sandbox-table.c */
ComfyNodeTable *sandbox_table_new  (const char     *path,
                                    GError        **error);

G_END_DECLS
