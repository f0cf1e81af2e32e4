/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-account.h"
#include "comfy-event-stream.h"
#include "comfy-progress.h"
#include "comfy-remote-job.h"
#include "comfy-upload.h"
#include "comfy-usage.h"
#include "comfy-workflow.h"

G_BEGIN_DECLS

/**
 * ComfyApiFlags:
 * @COMFY_API_ACCOUNT: comfy_api_get_account() tells e-mail and balance
 * @COMFY_API_LIST: comfy_api_find_jobs() works, so an unclear submit can be cleared up
 * @COMFY_API_REPLAY: the same Idempotency-Key gives the same job again
 * @COMFY_API_QUEUE_PLACE: jobs tell their place in the queue
 * @COMFY_API_PROGRESS: jobs tell a fraction when asked
 * @COMFY_API_EVENTS: comfy_api_watch() works
 * @COMFY_API_LENDS_KEY: partners' nodes get the key where comfy_api_submit_lending_key() gives it
 * @COMFY_API_NODES: comfy_api_get_nodes() works, as far as is known
 * @COMFY_API_VALIDATE: comfy_api_validate() works, as far as is known
 * @COMFY_API_USAGE: comfy_api_get_usage() works, as far as is known
 * @COMFY_API_BROWSE: comfy_api_list_jobs() works, as far as is known
 * @COMFY_API_DELETE: comfy_api_delete_output() works, as far as is known
 */
typedef enum
{
  COMFY_API_ACCOUNT     = 1 << 0,
  COMFY_API_LIST        = 1 << 1,
  COMFY_API_REPLAY      = 1 << 2,
  COMFY_API_QUEUE_PLACE = 1 << 3,
  COMFY_API_PROGRESS    = 1 << 4,
  COMFY_API_EVENTS      = 1 << 5,
  COMFY_API_LENDS_KEY   = 1 << 6,
  COMFY_API_NODES       = 1 << 7,
  COMFY_API_VALIDATE    = 1 << 8,
  COMFY_API_USAGE       = 1 << 9,
  COMFY_API_BROWSE      = 1 << 10,
  COMFY_API_DELETE      = 1 << 11,
} ComfyApiFlags;

/* The one face of the cloud: which protocol runs below is nobody's business above. Every future
 * rejects with COMFY_ERROR only; dropping a future cancels its request. */
#define COMFY_TYPE_API (comfy_api_get_type ())
G_DECLARE_INTERFACE (ComfyApi, comfy_api, COMFY, API, GObject)

struct _ComfyApiInterface
{
  GTypeInterface parent;

  ComfyApiFlags  (*get_flags)   (ComfyApi                *self);
  const char    *(*get_name)    (ComfyApi                *self);
  DexFuture     *(*get_account) (ComfyApi                *self);
  DexFuture     *(*upload)      (ComfyApi                *self,
                                 const char              *path,
                                 const char              *file_name,
                                 const char              *content_type,
                                 ComfyProgress           *progress);
  DexFuture     *(*check_upload)  (ComfyApi              *self,
                                   const ComfyUpload     *upload);
  DexFuture     *(*delete_upload) (ComfyApi              *self,
                                   const char            *upload_id);
  DexFuture     *(*submit)      (ComfyApi                *self,
                                 ComfyWorkflow           *workflow,
                                 const char              *tag,
                                 const char              *idempotency_key,
                                 gboolean                 lends_key);
  DexFuture     *(*get_job)     (ComfyApi                *self,
                                 const char              *job_id);
  DexFuture     *(*find_jobs)   (ComfyApi                *self,
                                 const char              *tag);
  DexFuture     *(*cancel)      (ComfyApi                *self,
                                 const char              *job_id);
  DexFuture     *(*watch)       (ComfyApi                *self,
                                 const char              *job_id);
  DexFuture     *(*download)    (ComfyApi                *self,
                                 const ComfyRemoteOutput *output,
                                 const char              *path,
                                 ComfyProgress           *progress);
  /* with COMFY_API_NODES */
  DexFuture     *(*get_nodes)   (ComfyApi                *self,
                                 const char              *path);
  /* with COMFY_API_VALIDATE */
  DexFuture     *(*validate)    (ComfyApi                *self,
                                 ComfyWorkflow           *workflow);
  /* with COMFY_API_USAGE */
  DexFuture     *(*get_usage)   (ComfyApi                *self,
                                 ComfyUsagePeriod         period);
  /* with COMFY_API_BROWSE */
  DexFuture     *(*list_jobs)   (ComfyApi                *self,
                                 const char              *page);
  /* with COMFY_API_DELETE */
  DexFuture     *(*delete_output) (ComfyApi              *self,
                                   const char            *output_id);
  /* nullable */
  void           (*recall)      (ComfyApi                *self,
                                 const char              *flag);
};

ComfyApiFlags  comfy_api_get_flags   (ComfyApi                *self);
/* for people, such as "Developer API v1" */
const char    *comfy_api_get_name    (ComfyApi                *self);
/* → ComfyAccount; also the check whether the key works (COMFY_ERROR_UNAUTHORIZED) */
DexFuture     *comfy_api_get_account (ComfyApi                *self) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyUpload, ready for use when it resolves */
DexFuture     *comfy_api_upload      (ComfyApi                *self,
                                      const char              *path,
                                      const char              *file_name,
                                      const char              *content_type,
                                      ComfyProgress           *progress) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyUpload, as it can be used now; COMFY_ERROR_NOT_FOUND when it has to be uploaded again */
DexFuture     *comfy_api_check_upload (ComfyApi              *self,
                                       const ComfyUpload     *upload) G_GNUC_WARN_UNUSED_RESULT;
/* → TRUE when the server does not have it, or no longer */
DexFuture     *comfy_api_delete_upload (ComfyApi             *self,
                                        const char           *upload_id) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyRemoteJob. COMFY_ERROR_OUTCOME_UNKNOWN when a job may exist; every other error says that
 * none was made. Never repeated from inside once a byte may have arrived. */
DexFuture     *comfy_api_submit      (ComfyApi                *self,
                                      ComfyWorkflow           *workflow,
                                      const char              *tag,
                                      const char              *idempotency_key) G_GNUC_WARN_UNUSED_RESULT;
/* the same, and the key goes along for partners' nodes, which are paid for with it */
DexFuture     *comfy_api_submit_lending_key
                                     (ComfyApi                *self,
                                      ComfyWorkflow           *workflow,
                                      const char              *tag,
                                      const char              *idempotency_key) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyRemoteJob, the authority */
DexFuture     *comfy_api_get_job     (ComfyApi                *self,
                                      const char              *job_id) G_GNUC_WARN_UNUSED_RESULT;
/* → GPtrArray of ComfyRemoteJob, boxed as G_TYPE_PTR_ARRAY */
DexFuture     *comfy_api_find_jobs   (ComfyApi                *self,
                                      const char              *tag) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyRemoteJob as it is after asking */
DexFuture     *comfy_api_cancel      (ComfyApi                *self,
                                      const char              *job_id) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyEventStream */
DexFuture     *comfy_api_watch       (ComfyApi                *self,
                                      const char              *job_id) G_GNUC_WARN_UNUSED_RESULT;
/* → TRUE when @path is complete and on disk */
DexFuture     *comfy_api_download    (ComfyApi                *self,
                                      const ComfyRemoteOutput *output,
                                      const char              *path,
                                      ComfyProgress           *progress) G_GNUC_WARN_UNUSED_RESULT;
/* → TRUE when @path is complete and on disk: what the server's nodes take */
DexFuture     *comfy_api_get_nodes   (ComfyApi                *self,
                                      const char              *path) G_GNUC_WARN_UNUSED_RESULT;
/* → TRUE, or COMFY_ERROR_INVALID_WORKFLOW; every other error says nothing of the graph */
DexFuture     *comfy_api_validate    (ComfyApi                *self,
                                      ComfyWorkflow           *workflow) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyUsage */
DexFuture     *comfy_api_get_usage   (ComfyApi                *self,
                                      ComfyUsagePeriod         period) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyRemotePage: the account's jobs, of all programs. @page: (nullable): the former one's next;
 * NULL: from the beginning */
DexFuture     *comfy_api_list_jobs   (ComfyApi                *self,
                                      const char              *page) G_GNUC_WARN_UNUSED_RESULT;
/* → TRUE when the server does not have it, or no longer */
DexFuture     *comfy_api_delete_output (ComfyApi              *self,
                                        const char            *output_id) G_GNUC_WARN_UNUSED_RESULT;
void           comfy_api_recall      (ComfyApi                *self,
                                      const char              *flag);

/* for implementations: the signals "doubted", "waiting" and "learned" */
void           comfy_api_emit_doubted (ComfyApi                *self);
void           comfy_api_emit_learned (ComfyApi                *self,
                                       const char              *flag,
                                       gboolean                 is_so);
void           comfy_api_emit_waiting (ComfyApi                *self,
                                       gint64                   until,
                                       gboolean                 is_cut_off);

G_END_DECLS
