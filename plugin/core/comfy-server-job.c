/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-server-jobs"

#include "config.h"

#include "comfy-server-job.h"

struct _ComfyServerJob
{
  GObject         parent_instance;

  ComfyRemoteJob *remote;     /* owned */
  char           *journal_id; /* owned, nullable */
};

G_DEFINE_FINAL_TYPE (ComfyServerJob, comfy_server_job, G_TYPE_OBJECT)

static void
comfy_server_job_finalize (GObject *object)
{
  ComfyServerJob *self = COMFY_SERVER_JOB (object);

  g_clear_pointer (&self->remote, comfy_remote_job_unref);
  g_free (self->journal_id);

  G_OBJECT_CLASS (comfy_server_job_parent_class)->finalize (object);
}

static void
comfy_server_job_class_init (ComfyServerJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_server_job_finalize;
}

static void
comfy_server_job_init (ComfyServerJob *self)
{
}

/**
 * comfy_server_job_new:
 * @remote: what the server told
 * @journal_id: (nullable): which job of this computer's journal started it
 *
 * Returns: (transfer full): the item
 */
ComfyServerJob *
comfy_server_job_new (ComfyRemoteJob *remote,
                      const char     *journal_id)
{
  ComfyServerJob *self;

  g_return_val_if_fail (remote != NULL, NULL);

  self = g_object_new (COMFY_TYPE_SERVER_JOB, NULL);
  self->remote = comfy_remote_job_ref (remote);
  self->journal_id = g_strdup (journal_id);

  return self;
}

/**
 * comfy_server_job_get_remote:
 *
 * Returns: (transfer none): what the server told
 */
ComfyRemoteJob *
comfy_server_job_get_remote (ComfyServerJob *self)
{
  g_return_val_if_fail (COMFY_IS_SERVER_JOB (self), NULL);

  return self->remote;
}

/**
 * comfy_server_job_get_journal_id:
 *
 * Returns: (nullable): the id of the job here that started it; %NULL when another computer or
 *   program did, and when it is forgotten here
 */
const char *
comfy_server_job_get_journal_id (ComfyServerJob *self)
{
  g_return_val_if_fail (COMFY_IS_SERVER_JOB (self), NULL);

  return self->journal_id;
}
