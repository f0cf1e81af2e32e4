/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is asked of jobs: how far they are, and which files they hold. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "comfy-workflow-private.h"
#include "sandbox-engine.h"

static gboolean
job_uses (SandboxJob  *job,
          SandboxFile *file)
{
  for (unsigned int i = 0; job->order[i] != NULL; i++)
    {
      JsonNode *value = comfy_workflow_get_value (job->workflow, job->order[i], "image");

      if (value != NULL
          && sandbox_find_picture (job->engine->store, job->account, value) == file)
        return TRUE;
    }

  return FALSE;
}

/**
 * sandbox_engine_uses:
 *
 * Returns: whether a job that has not ended yet loads the file
 */
gboolean
sandbox_engine_uses (SandboxEngine *self,
                     SandboxFile   *file)
{
  for (unsigned int i = 0; i < self->jobs->len; i++)
    {
      SandboxJob *job = g_ptr_array_index (self->jobs, i);

      if (job->account == file->account && !sandbox_job_is_over (job) && job_uses (job, file))
        return TRUE;
    }

  return FALSE;
}

/**
 * sandbox_engine_forget:
 * @file: is about to be deleted
 *
 * Takes a file off its job.
 */
void
sandbox_engine_forget (SandboxEngine *self,
                       SandboxFile   *file)
{
  for (unsigned int i = 0; i < self->jobs->len; i++)
    g_ptr_array_remove (((SandboxJob *) g_ptr_array_index (self->jobs, i))->outputs, file);
}

/**
 * sandbox_engine_expire:
 *
 * Ends what runs, and takes all files off the jobs, which say so from now on.
 */
void
sandbox_engine_expire (SandboxEngine *self)
{
  /* ends of jobs start others, so all are looked at until none is left */
  for (unsigned int i = 0; i < self->jobs->len; i++)
    {
      SandboxJob *job = g_ptr_array_index (self->jobs, i);

      job->expired = TRUE;
      g_ptr_array_set_size (job->outputs, 0);
      if (!sandbox_job_is_over (job))
        sandbox_job_end (job, SANDBOX_JOB_CANCELLED);
    }
}

/**
 * sandbox_job_is_over:
 *
 * Returns: whether the state is final
 */
gboolean
sandbox_job_is_over (SandboxJob *job)
{
  return job->state >= SANDBOX_JOB_COMPLETED;
}

/**
 * sandbox_job_get_fraction:
 *
 * Returns: how much is done, 0…1
 */
double
sandbox_job_get_fraction (SandboxJob *job)
{
  return job->state == SANDBOX_JOB_COMPLETED ? 1.0 : (double) job->step / SANDBOX_JOB_STEPS;
}

/**
 * sandbox_job_get_node:
 * @done: (out): how many nodes are behind it
 * @total: (out): of how many
 *
 * Returns: (transfer none) (nullable): the node that a running job is said to be at
 */
const char *
sandbox_job_get_node (SandboxJob   *job,
                      unsigned int *done,
                      unsigned int *total)
{
  *total = g_strv_length (job->order);
  *done = (unsigned int) (*total * sandbox_job_get_fraction (job));

  return job->state == SANDBOX_JOB_RUNNING && *done < *total ? job->order[*done] : NULL;
}
