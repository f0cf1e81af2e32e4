/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lets one job go on lets others: a key that is replaced, a keyring that is unlocked. The artist
 * says so once.
 */
#define G_LOG_DOMAIN "comfy-scheduler"

#include "config.h"

#include "comfy-error.h"
#include "comfy-scheduler-private.h"

static gboolean
lacks_key (const GError *error)
{
  return g_error_matches (error, COMFY_ERROR, COMFY_ERROR_UNAUTHORIZED)
         || g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NO_KEY);
}

static gboolean
is_locked_out (const GError *error)
{
  return g_error_matches (error, COMFY_ERROR, COMFY_ERROR_KEYRING_LOCKED)
         || g_error_matches (error, COMFY_ERROR, COMFY_ERROR_KEYRING_DISMISSED);
}

static gboolean
have_same_key (ComfyJob *one,
               ComfyJob *other)
{
  return g_str_equal (comfy_request_get_profile_id (comfy_job_get_request (one)),
                      comfy_request_get_profile_id (comfy_job_get_request (other)));
}

/* one that has ended goes on in no way */
static gboolean
needs_the_same (ComfyJob *one,
                ComfyJob *other)
{
  const GError *error = comfy_job_get_error (one);
  const GError *other_error = comfy_job_get_error (other);

  if (comfy_state_is_final (comfy_job_get_state (other)))
    return FALSE;

  return (is_locked_out (error) && is_locked_out (other_error))
         || (lacks_key (error) && lacks_key (other_error) && have_same_key (one, other));
}

/**
 * comfy_scheduler_resume:
 * @job: a job in the list that stopped
 *
 * The job goes on, and with it every other that stopped for the want of the same key, or because
 * the keyring is locked.
 */
void
comfy_scheduler_resume (ComfyScheduler *self,
                        ComfyJob       *job)
{
  g_autoptr(GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (COMFY_IS_SCHEDULER (self));
  g_return_if_fail (COMFY_IS_JOB (job));

  /* before any of them begins, and forgets why it stopped */
  g_ptr_array_add (jobs, g_object_ref (job));
  for (unsigned int i = 0; i < self->items->len; i++)
    {
      ComfyJob *other = ((ComfySchedulerItem *) g_ptr_array_index (self->items, i))->job;

      if (other != job && !comfy_scheduler_is_active (self, other) && needs_the_same (job, other))
        g_ptr_array_add (jobs, g_object_ref (other));
    }

  for (unsigned int i = 0; i < jobs->len; i++)
    comfy_scheduler_add (self, jobs->pdata[i]);
}
