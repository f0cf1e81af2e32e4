/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one face of the cloud. The wrappers check their arguments and pass on; the protocols
 * implement, each in its own class.
 */
#define G_LOG_DOMAIN "comfy-api"

#include "config.h"

#include "comfy-api.h"

enum
{
  DOUBTED,
  WAITING,
  LEARNED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

G_DEFINE_INTERFACE (ComfyApi, comfy_api, G_TYPE_OBJECT)

static void
comfy_api_default_init (ComfyApiInterface *iface)
{
  /**
   * ComfyApi::doubted:
   *
   * A call that every server of the protocol answers was not found, or answered with something
   * else: perhaps another protocol is spoken there by now.
   */
  signals[DOUBTED] = g_signal_new ("doubted", COMFY_TYPE_API, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * ComfyApi::waiting:
   * @until: µs of the monotonic clock, 0 when it goes on
   * @is_cut_off: whether the way to the server is broken
   *
   * Requests are held back: by the server's word (429), by our own limit, or because the server
   * cannot be reached.
   */
  signals[WAITING] = g_signal_new ("waiting", COMFY_TYPE_API, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT64,
                                   G_TYPE_BOOLEAN);

  /**
   * ComfyApi::learned:
   * @flag: what, such as "names-only"
   * @is_so: whether it holds for the server
   *
   * Something that is worth remembering of the server, so that the next process need not find it
   * out again.
   */
  signals[LEARNED] = g_signal_new ("learned", COMFY_TYPE_API, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                                   G_TYPE_BOOLEAN);
}

/**
 * comfy_api_get_flags:
 * @self: an API
 *
 * Returns: what this protocol can do beyond what all can
 */
ComfyApiFlags
comfy_api_get_flags (ComfyApi *self)
{
  g_return_val_if_fail (COMFY_IS_API (self), 0);

  return COMFY_API_GET_IFACE (self)->get_flags (self);
}

/**
 * comfy_api_get_name:
 * @self: an API
 *
 * Returns: (transfer none): the protocol's name for people, such as "Developer API v1"
 */
const char *
comfy_api_get_name (ComfyApi *self)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);

  return COMFY_API_GET_IFACE (self)->get_name (self);
}

/**
 * comfy_api_get_account:
 * @self: an API
 *
 * Asks whether the key works, and who owns it where the protocol tells.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyAccount
 *
 * Errors: %COMFY_ERROR_UNAUTHORIZED when the server rejects the key
 */
DexFuture *
comfy_api_get_account (ComfyApi *self)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);

  return COMFY_API_GET_IFACE (self)->get_account (self);
}

/**
 * comfy_api_upload:
 * @self: an API
 * @path: the file
 * @file_name: its name for the server, with the extension of its type
 * @content_type: such as "image/png"
 * @progress: (nullable): told the bytes that went up
 *
 * Uploads an input and waits until the server can use it. Repeating it costs nothing.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyUpload, whose name need
 *   not be @file_name
 *
 * Errors: %COMFY_ERROR_TOO_LARGE before a byte is sent; %COMFY_ERROR_REJECTED when the server does
 *   not take the file
 */
DexFuture *
comfy_api_upload (ComfyApi      *self,
                  const char    *path,
                  const char    *file_name,
                  const char    *content_type,
                  ComfyProgress *progress)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);
  g_return_val_if_fail (path != NULL && file_name != NULL && content_type != NULL, NULL);
  g_return_val_if_fail (progress == NULL || COMFY_IS_PROGRESS (progress), NULL);

  return COMFY_API_GET_IFACE (self)->upload (self, path, file_name, content_type, progress);
}

/**
 * comfy_api_check_upload:
 * @self: an API
 * @upload: what was uploaded before, perhaps by another process; it has an id
 *
 * Asks whether the server still has an input and will keep it for long enough to run a job with it.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyUpload: what a graph
 *   names it now
 *
 * Errors: %COMFY_ERROR_NOT_FOUND when it is gone, or soon will be
 */
DexFuture *
comfy_api_check_upload (ComfyApi          *self,
                        const ComfyUpload *upload)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);
  g_return_val_if_fail (upload != NULL && upload->id != NULL, NULL);

  return COMFY_API_GET_IFACE (self)->check_upload (self, upload);
}

/**
 * comfy_api_delete_upload:
 * @self: an API
 * @upload_id: of comfy_api_upload()
 *
 * Asks the server to delete an input. What it keeps of the bytes all the same is its own affair.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to %TRUE when there is no such input
 *   any more, or never was
 *
 * Errors: %COMFY_ERROR_REJECTED while a job needs it
 */
DexFuture *
comfy_api_delete_upload (ComfyApi   *self,
                         const char *upload_id)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);
  g_return_val_if_fail (upload_id != NULL, NULL);

  return COMFY_API_GET_IFACE (self)->delete_upload (self, upload_id);
}

/**
 * comfy_api_submit:
 * @self: an API
 * @workflow: the graph, complete
 * @tag: by which comfy_api_find_jobs() finds the job again
 * @idempotency_key: the same for every attempt at the same job
 *
 * Starts a job, which may cost money. On disk before this is called: that it will be.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyRemoteJob
 *
 * Errors: %COMFY_ERROR_OUTCOME_UNKNOWN when a job may exist; after every other error there is none
 *   by this call. %COMFY_ERROR_INVALID_WORKFLOW, %COMFY_ERROR_NO_CREDITS, %COMFY_ERROR_QUEUE_FULL
 */
DexFuture *
comfy_api_submit (ComfyApi      *self,
                  ComfyWorkflow *workflow,
                  const char    *tag,
                  const char    *idempotency_key)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);
  g_return_val_if_fail (COMFY_IS_WORKFLOW (workflow), NULL);
  g_return_val_if_fail (tag != NULL && idempotency_key != NULL, NULL);

  return COMFY_API_GET_IFACE (self)->submit (self, workflow, tag, idempotency_key, FALSE);
}

/**
 * comfy_api_submit_lending_key:
 * @self: an API with %COMFY_API_LENDS_KEY
 * @workflow: the graph, complete
 * @tag: by which comfy_api_find_jobs() finds the job again
 * @idempotency_key: the same for every attempt at the same job
 *
 * As comfy_api_submit(); and the server may use the key for partners' nodes, which are billed per
 * call. Only where the artist allowed it. The key is no part of the graph.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyRemoteJob
 */
DexFuture *
comfy_api_submit_lending_key (ComfyApi      *self,
                              ComfyWorkflow *workflow,
                              const char    *tag,
                              const char    *idempotency_key)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);
  g_return_val_if_fail (COMFY_IS_WORKFLOW (workflow), NULL);
  g_return_val_if_fail (tag != NULL && idempotency_key != NULL, NULL);

  return COMFY_API_GET_IFACE (self)->submit (self, workflow, tag, idempotency_key, TRUE);
}

/**
 * comfy_api_get_job:
 * @self: an API
 * @job_id: the server's name for the job
 *
 * Asks where a job stands. What this says is the truth; events are hints to ask.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyRemoteJob, with every
 *   output once it has succeeded
 *
 * Errors: %COMFY_ERROR_NOT_FOUND when the server does not know it, or no longer
 */
DexFuture *
comfy_api_get_job (ComfyApi   *self,
                   const char *job_id)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);
  g_return_val_if_fail (job_id != NULL, NULL);

  return COMFY_API_GET_IFACE (self)->get_job (self, job_id);
}

/**
 * comfy_api_find_jobs:
 * @self: an API with %COMFY_API_LIST
 * @tag: as given to comfy_api_submit()
 *
 * Looks for the jobs of a tag. The answer is complete, or an error.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #GPtrArray of #ComfyRemoteJob,
 *   without their outputs
 *
 * Errors: %COMFY_ERROR_NOT_SUPPORTED without the flag
 */
DexFuture *
comfy_api_find_jobs (ComfyApi   *self,
                     const char *tag)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);
  g_return_val_if_fail (tag != NULL, NULL);

  return COMFY_API_GET_IFACE (self)->find_jobs (self, tag);
}

/**
 * comfy_api_cancel:
 * @self: an API
 * @job_id: the server's name for the job
 *
 * Asks to stop a job. It may finish all the same: the status that comes back says how it stands,
 * and that it can no longer be cancelled is no error.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyRemoteJob
 */
DexFuture *
comfy_api_cancel (ComfyApi   *self,
                  const char *job_id)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);
  g_return_val_if_fail (job_id != NULL, NULL);

  return COMFY_API_GET_IFACE (self)->cancel (self, job_id);
}

/**
 * comfy_api_watch:
 * @self: an API with %COMFY_API_EVENTS
 * @job_id: the server's name for the job
 *
 * Opens a stream of hints. It connects, and connects again, by itself: this resolves at once.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyEventStream
 *
 * Errors: %COMFY_ERROR_NOT_SUPPORTED without the flag
 */
DexFuture *
comfy_api_watch (ComfyApi   *self,
                 const char *job_id)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);
  g_return_val_if_fail (job_id != NULL, NULL);

  return COMFY_API_GET_IFACE (self)->watch (self, job_id);
}

/**
 * comfy_api_download:
 * @self: an API
 * @output: of comfy_api_get_job(); its address may have run out meanwhile
 * @path: where the file shall be
 * @progress: (nullable): told the bytes that came down
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to %TRUE when @path is complete and
 *   on disk
 *
 * Errors: %COMFY_ERROR_JOB_EXPIRED when the server no longer keeps the file
 */
DexFuture *
comfy_api_download (ComfyApi                *self,
                    const ComfyRemoteOutput *output,
                    const char              *path,
                    ComfyProgress           *progress)
{
  g_return_val_if_fail (COMFY_IS_API (self), NULL);
  g_return_val_if_fail (output != NULL && path != NULL, NULL);
  g_return_val_if_fail (progress == NULL || COMFY_IS_PROGRESS (progress), NULL);

  return COMFY_API_GET_IFACE (self)->download (self, output, path, progress);
}

/**
 * comfy_api_emit_doubted:
 * @self: an API
 *
 * For implementations: see #ComfyApi::doubted.
 */
void
comfy_api_emit_doubted (ComfyApi *self)
{
  g_return_if_fail (COMFY_IS_API (self));

  g_signal_emit (self, signals[DOUBTED], 0);
}

/**
 * comfy_api_emit_learned:
 * @self: an API
 * @flag: what, such as "names-only"
 * @is_so: whether it holds for the server
 */
void
comfy_api_emit_learned (ComfyApi   *self,
                        const char *flag,
                        gboolean    is_so)
{
  g_return_if_fail (COMFY_IS_API (self));

  g_signal_emit (self, signals[LEARNED], 0, flag, is_so);
}

/**
 * comfy_api_emit_waiting:
 * @self: an API
 * @until: µs of the monotonic clock, 0 when it goes on
 * @is_cut_off: whether the way to the server is broken
 *
 * For implementations: see #ComfyApi::waiting.
 */
void
comfy_api_emit_waiting (ComfyApi *self,
                        gint64    until,
                        gboolean  is_cut_off)
{
  g_return_if_fail (COMFY_IS_API (self));

  g_signal_emit (self, signals[WAITING], 0, until, is_cut_off);
}
