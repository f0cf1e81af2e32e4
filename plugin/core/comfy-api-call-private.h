/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-api.h"
#include "comfy-transport-private.h"

G_BEGIN_DECLS

/* The arguments of one call of ComfyApi, for the fiber that makes it; what it does not take is
 * NULL. Owned by the fiber. */
typedef struct
{
  ComfyApi          *api;          /* owned */
  ComfyTransport    *transport;    /* owned */
  char              *name;         /* owned: a job's id, or a tag */
  char              *key;          /* owned: Idempotency-Key */
  char              *path;         /* owned: a local file */
  char              *file_name;    /* owned */
  char              *content_type; /* owned */
  ComfyWorkflow     *workflow;     /* owned */
  ComfyRemoteOutput *output;       /* owned */
  ComfyProgress     *progress;     /* owned, nullable */
  ComfyUsagePeriod   period;       /* of an account's usage */
  gboolean           lends_key;    /* a submit: the key goes along for partners' nodes */
} ComfyApiCall;

ComfyApiCall   *comfy_api_call_new      (ComfyApi        *api,
                                         ComfyTransport  *transport,
                                         const char      *name);
DexFuture      *comfy_api_call_spawn    (ComfyApiCall    *self,
                                         DexFiberFunc     func);
DexFuture      *comfy_api_call_reject   (ComfyApiCall    *self,
                                         GError          *error);
DexFuture      *comfy_api_call_reject_basic
                                        (ComfyApiCall    *self,
                                         GError          *error);
GError         *comfy_api_call_new_gone (void);
gboolean        comfy_api_error_is_doubt
                                        (const GError    *error);

gboolean        comfy_api_address_may_have_run_out
                                        (const GError    *error);
void            comfy_api_follow        (ComfyApi        *api,
                                         ComfyTransport  *transport);
char           *comfy_api_path          (const char      *collection,
                                         const char      *id,
                                         const char      *rest);
gint64          comfy_api_next_delay    (gint64           delay);

ComfyResponse  *comfy_api_await_verdict (ComfyApiCall    *call,
                                         const char      *method,
                                         const char      *url,
                                         GError         **error);
JsonNode       *comfy_api_await_json    (DexFuture       *response,
                                         GError         **error);
DexFuture      *comfy_api_finish_delete (ComfyApiCall    *call,
                                         const char      *url);
ComfyRemoteJob *comfy_api_await_job     (DexFuture       *response,
                                         GError         **error);
ComfyRemoteJob *comfy_api_await_submit  (ComfyApiCall    *call,
                                         const char      *url,
                                         JsonNode        *body,
                                         ComfyWorkflow   *workflow,
                                         JsonNode       **out_answer,
                                         GError         **error);
GError         *comfy_api_new_refusal   (GError          *base,
                                         JsonNode        *body,
                                         ComfyWorkflow   *workflow);
/* comfy-api-nodes.c */
DexFuture      *comfy_api_call_reject_missing
                                        (ComfyApiCall    *call,
                                         const char      *flag);
DexFuture      *comfy_api_nodes_fiber   (gpointer         data);

#define COMFY_API_DAY         (G_GINT64_CONSTANT (24) * 60 * 60 * G_USEC_PER_SEC) /* µs */
#define COMFY_API_FIRST_DELAY (G_USEC_PER_SEC / 2) /* µs before asking again */

G_END_DECLS
