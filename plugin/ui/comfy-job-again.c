/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A second try of a job that has stopped: the same job where it can go on, else another one.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-job-actions.h"
#include "comfy-job-again.h"

#define GOES_ON (COMFY_JOB_ACTION_RETRY | COMFY_JOB_ACTION_UNLOCK | COMFY_JOB_ACTION_LOOK_AGAIN)

static ComfyJobActions
get_actions (ComfyJob *job)
{
  return comfy_job_actions_for (comfy_job_get_state (job), comfy_job_get_error (job));
}

/**
 * comfy_job_again_repeat:
 * @session: the session whose scheduler has @job
 * @job: a job that is not running
 * @error: return location
 *
 * Starts a job that asks for the same, and takes @job off the list. Where the artist wanted to look
 * at the result first, he still does.
 *
 * Returns: %FALSE with %COMFY_ERROR_STORAGE when its pictures are gone; then @job stays
 */
gboolean
comfy_job_again_repeat (ComfySession  *session,
                        ComfyJob      *job,
                        GError       **error)
{
  ComfyScheduler      *scheduler = comfy_session_get_scheduler (session);
  g_autoptr(ComfyJob)  old = g_object_ref (job);
  g_autoptr(ComfyJob)  again = NULL;
  g_autofree char     *id = NULL;

  id = comfy_session_repeat (session, old, error);
  if (id != NULL)
    again = comfy_session_start_job (session, id,
                                     comfy_journal_entry_is_held (comfy_job_get_entry (old)),
                                     error);
  if (again == NULL)
    return FALSE;

  comfy_scheduler_remove (scheduler, old);

  return TRUE;
}

/**
 * comfy_job_again_is_sane:
 * @job: a job that is not running
 *
 * Returns: whether comfy_job_again_try() is of use: %FALSE for a result that only waits to be placed,
 *   and for what would fail in the same way
 */
gboolean
comfy_job_again_is_sane (ComfyJob *job)
{
  return (get_actions (job) & (GOES_ON | COMFY_JOB_ACTION_REPEAT)) != 0;
}

/**
 * comfy_job_again_try:
 * @session: the session whose scheduler has @job
 * @job: a job that is not running
 * @error: return location
 *
 * Lets a job go on that can; asks for one again that has failed for good, which may cost again. What
 * may be with the server already is looked for, and never sent a second time.
 *
 * Returns: %FALSE as comfy_job_again_repeat()
 */
gboolean
comfy_job_again_try (ComfySession  *session,
                     ComfyJob      *job,
                     GError       **error)
{
  if (get_actions (job) & GOES_ON)
    {
      comfy_scheduler_add (comfy_session_get_scheduler (session), job);
      return TRUE;
    }

  return comfy_job_again_repeat (session, job, error);
}
