/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a server says of a job at one moment, and the files it made. Plain values, the same for
 * every protocol.
 */
#define G_LOG_DOMAIN "comfy-remote-job"

#include "config.h"

#include "comfy-remote-job.h"

G_DEFINE_BOXED_TYPE (ComfyRemoteOutput, comfy_remote_output, comfy_remote_output_copy,
                     comfy_remote_output_free)
G_DEFINE_BOXED_TYPE (ComfyRemoteJob, comfy_remote_job, comfy_remote_job_ref, comfy_remote_job_unref)
G_DEFINE_BOXED_TYPE (ComfyRemotePage, comfy_remote_page, comfy_remote_page_copy,
                     comfy_remote_page_free)

/**
 * comfy_remote_output_copy:
 * @self: an output
 *
 * Returns: (transfer full): a deep copy
 */
ComfyRemoteOutput *
comfy_remote_output_copy (const ComfyRemoteOutput *self)
{
  ComfyRemoteOutput *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (ComfyRemoteOutput, 1);
  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  copy->node_id = g_strdup (self->node_id);
  copy->kind = g_strdup (self->kind);
  copy->content_type = g_strdup (self->content_type);
  copy->url = g_strdup (self->url);
  copy->text = g_strdup (self->text);
  copy->size = self->size;

  return copy;
}

/**
 * comfy_remote_output_free:
 * @self: (transfer full): an output
 */
void
comfy_remote_output_free (ComfyRemoteOutput *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->id);
  g_free (self->name);
  g_free (self->node_id);
  g_free (self->kind);
  g_free (self->content_type);
  g_free (self->url);
  g_free (self->text);
  g_free (self);
}

/**
 * comfy_remote_job_new:
 * @id: the server's name for the job
 * @status: where it stands
 *
 * Returns: (transfer full): a job of which nothing else is known
 */
ComfyRemoteJob *
comfy_remote_job_new (const char        *id,
                      ComfyRemoteStatus  status)
{
  ComfyRemoteJob *self;

  g_return_val_if_fail (id != NULL, NULL);

  self = g_atomic_rc_box_new0 (ComfyRemoteJob);
  self->id = g_strdup (id);
  self->status = status;
  self->fraction = -1;
  self->queue_position = -1;
  self->step = -1;
  self->steps = -1;
  self->run_ms = -1;
  self->outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_remote_output_free);

  return self;
}

/**
 * comfy_remote_job_ref:
 * @self: a job
 *
 * Returns: (transfer full): @self
 */
ComfyRemoteJob *
comfy_remote_job_ref (ComfyRemoteJob *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
clear_job (gpointer data)
{
  ComfyRemoteJob *self = data;

  g_free (self->id);
  g_free (self->node);
  g_strfreev (self->tags);
  g_ptr_array_unref (self->outputs);
  g_clear_error (&self->error);
}

/**
 * comfy_remote_job_unref:
 * @self: (transfer full): a job
 */
void
comfy_remote_job_unref (ComfyRemoteJob *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear_job);
}

/**
 * comfy_remote_job_is_finished:
 * @self: a job
 *
 * Returns: whether its status will not change any more
 */
gboolean
comfy_remote_job_is_finished (ComfyRemoteJob *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  switch (self->status)
    {
    case COMFY_REMOTE_SUCCEEDED:
    case COMFY_REMOTE_FAILED:
    case COMFY_REMOTE_CANCELLED:
    case COMFY_REMOTE_EXPIRED:
      return TRUE;
    case COMFY_REMOTE_QUEUED:
    case COMFY_REMOTE_RUNNING:
    case COMFY_REMOTE_CANCELLING:
    default:
      return FALSE;
    }
}

/**
 * comfy_remote_page_new:
 *
 * Returns: (transfer full): a page without jobs, the last of its list
 */
ComfyRemotePage *
comfy_remote_page_new (void)
{
  ComfyRemotePage *self = g_new0 (ComfyRemotePage, 1);

  self->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_remote_job_unref);

  return self;
}

/**
 * comfy_remote_page_copy:
 * @self: a page
 *
 * Returns: (transfer full): another one of the same, which shares the list of jobs
 */
ComfyRemotePage *
comfy_remote_page_copy (const ComfyRemotePage *self)
{
  ComfyRemotePage *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (ComfyRemotePage, 1);
  copy->jobs = g_ptr_array_ref (self->jobs);
  copy->next = g_strdup (self->next);

  return copy;
}

/**
 * comfy_remote_page_free:
 * @self: (transfer full): a page
 */
void
comfy_remote_page_free (ComfyRemotePage *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->jobs);
  g_free (self->next);
  g_free (self);
}
