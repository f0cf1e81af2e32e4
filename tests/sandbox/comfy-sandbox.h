/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ComfySandboxProtocols:
 * @COMFY_SANDBOX_V1: Developer API v1, under /developer/api/v1
 * @COMFY_SANDBOX_V2: Comfy API v2, under /api/v2
 */
typedef enum
{
  COMFY_SANDBOX_V1   = 1 << 0,
  COMFY_SANDBOX_V2   = 1 << 1,
  COMFY_SANDBOX_BOTH = COMFY_SANDBOX_V1 | COMFY_SANDBOX_V2,
} ComfySandboxProtocols;

/**
 * ComfySandboxFlavour:
 * @COMFY_SANDBOX_CLOUD: as Comfy Cloud
 * @COMFY_SANDBOX_SERVERLESS: as a deployment: v2 alone; pictures are found by name only, there are
 *   no events, and links have a prefix
 * @COMFY_SANDBOX_PROXY: as comfy-api-proxy: v2 alone; no key or a fixed one, no money, a list of
 *   jobs, eight event streams, files from the API itself
 */
typedef enum
{
  COMFY_SANDBOX_CLOUD,
  COMFY_SANDBOX_SERVERLESS,
  COMFY_SANDBOX_PROXY,
} ComfySandboxFlavour;

/* How a sandbox is to be; what is 0 or %NULL takes the default. All strings are copied. */
typedef struct
{
  const char            *nodes_path;      /* data/nodes.json; required */
  const char            *ledger_path;     /* default: only in memory */
  const char            *responses_path;  /* responses.json: what is answered is held against it;
                                           * default: $COMFY_SANDBOX_RESPONSES, or it is not */
  GTlsCertificate       *certificate;     /* default: plain HTTP */
  ComfySandboxProtocols  protocols;       /* default: both */
  ComfySandboxFlavour    flavour;         /* default: cloud */
  gboolean               needs_token;     /* a proxy wants a key */
  unsigned int           port;            /* default: a free one */
  unsigned int           job_ms;          /* how long a job takes at least */
  unsigned int           input_ms;        /* how long an upload is "uploading" on v1 */
  unsigned int           link_seconds;    /* how long a download link is good; default 3600 */
  unsigned int           retention_seconds; /* how long v2 keeps files and jobs; default 7 days */
  unsigned int           request_limit;   /* per key in any 60 s; default 600 */
  unsigned int           queue_length;    /* waiting jobs per account; default 100 */
  unsigned int           keep_alive_ms;   /* what a silent event stream waits; default 15000 */
  unsigned int           stream_limit;    /* event streams at a time; default: any number */
  gint64                 upload_limit;    /* bytes; default 100 MB */
  gint64                 job_cost;        /* micros of a dollar; default 12950, ten GPU seconds */
  gboolean               inline_content;  /* v2's /content answers itself instead of redirecting */
} ComfySandboxOptions;

/* The local stand-in for the cloud, on a thread of its own. Every function may be called from any
 * thread. */
typedef struct _ComfySandbox ComfySandbox;

gboolean      comfy_sandbox_flavour_from_name (const char          *name,
                                               ComfySandboxFlavour *flavour);

ComfySandbox *comfy_sandbox_new              (const ComfySandboxOptions *options,
                                              GError                   **error);
void          comfy_sandbox_free             (ComfySandbox              *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfySandbox, comfy_sandbox_free)

const char   *comfy_sandbox_get_base_url     (ComfySandbox              *self);
const char   *comfy_sandbox_get_v1_url       (ComfySandbox              *self);
const char   *comfy_sandbox_get_v2_url       (ComfySandbox              *self);
const char   *comfy_sandbox_get_download_url (ComfySandbox              *self);
const char   *comfy_sandbox_get_control_url  (ComfySandbox              *self);

void          comfy_sandbox_add_key          (ComfySandbox              *self,
                                              const char                *key,
                                              const char                *email,
                                              gint64                     balance_micros,
                                              const char                *plan);
gboolean      comfy_sandbox_control          (ComfySandbox              *self,
                                              const char                *command,
                                              const char                *json);
char         *comfy_sandbox_dup_ledger       (ComfySandbox              *self);
unsigned int  comfy_sandbox_count            (ComfySandbox              *self,
                                              const char                *what,
                                              const char                *method,
                                              const char                *path_prefix);
gboolean      comfy_sandbox_wait             (ComfySandbox              *self,
                                              const char                *what,
                                              const char                *method,
                                              const char                *path_prefix,
                                              unsigned int               count,
                                              unsigned int               timeout_ms);

G_END_DECLS
