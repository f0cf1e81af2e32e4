/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Jobs between their submission and their start: who waits for whom. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-workflow-check.h"
#include "comfy-workflow-private.h"
#include "sandbox-engine.h"
#include "sandbox-node.h"

static void
job_free (gpointer data)
{
  SandboxJob *job = data;

  g_cancellable_cancel (job->cancellable);
  if (job->timer != NULL)
    g_source_destroy (job->timer);
  g_clear_pointer (&job->timer, g_source_unref);
  g_free (job->id);
  g_object_unref (job->workflow);
  g_strfreev (job->roots);
  g_strfreev (job->order);
  g_strfreev (job->tags);
  g_free (job->batch_id);
  g_date_time_unref (job->created);
  g_clear_pointer (&job->started, g_date_time_unref);
  g_clear_pointer (&job->ended, g_date_time_unref);
  g_object_unref (job->cancellable);
  g_clear_pointer (&job->saved, g_ptr_array_unref);
  g_ptr_array_unref (job->outputs);
  g_ptr_array_unref (job->previews);
  g_free (job->error_code);
  g_free (job->error_message);
  g_free (job->error_node_id);
  g_free (job);
}

/**
 * sandbox_engine_new:
 * @job_ms: how long a job takes at least
 * @cost: of a job, micros of a dollar
 * @queue_length: how many jobs of an account may wait
 * @moved: called whenever a job changed
 *
 * Returns: (transfer full): an engine; it lives in the thread-default main context
 */
SandboxEngine *
sandbox_engine_new (ComfyNodeTable *table,
                    SandboxStore   *store,
                    SandboxLedger  *ledger,
                    unsigned int    job_ms,
                    gint64          cost,
                    unsigned int    queue_length,
                    SandboxJobFunc  moved,
                    gpointer        moved_data)
{
  SandboxEngine *self = g_new0 (SandboxEngine, 1);

  self->table = g_object_ref (table);
  self->store = store;
  self->ledger = ledger;
  self->jobs = g_ptr_array_new_with_free_func (job_free);
  self->job_ms = job_ms;
  self->cost = cost;
  self->queue_length = queue_length;
  self->moved = moved;
  self->moved_data = moved_data;
  self->results = sandbox_results_new ();
  self->missing = sandbox_missing_new ();

  return self;
}

void
sandbox_engine_free (SandboxEngine *self)
{
  g_ptr_array_unref (self->jobs);
  g_object_unref (self->table);
  g_free (self->next_failure);
  sandbox_results_free (self->results);
  sandbox_missing_free (self->missing);
  g_free (self);
}

/**
 * sandbox_engine_count:
 * @waiting: whether those that wait are meant, or those that run
 *
 * Returns: how many jobs the account has
 */
unsigned int
sandbox_engine_count (SandboxEngine   *self,
                      SandboxAccount  *account,
                      gboolean         waiting)
{
  unsigned int count = 0;

  for (unsigned int i = 0; i < self->jobs->len; i++)
    {
      SandboxJob *job = g_ptr_array_index (self->jobs, i);

      if (job->account == account && !sandbox_job_is_over (job)
          && (job->state == SANDBOX_JOB_PENDING) == waiting)
        count++;
    }

  return count;
}

/**
 * sandbox_engine_start_waiting:
 *
 * Starts the jobs whose account has a slot free, the oldest first.
 */
void
sandbox_engine_start_waiting (SandboxEngine *self)
{
  for (unsigned int i = 0; i < self->jobs->len; i++)
    {
      SandboxJob *job = g_ptr_array_index (self->jobs, i);

      if (job->state == SANDBOX_JOB_PENDING
          && sandbox_engine_count (self, job->account, FALSE)
             < sandbox_account_get_slots (job->account))
        sandbox_job_start (job);
    }
}

/**
 * sandbox_engine_lookup:
 *
 * Returns: (transfer none) (nullable): the account's job of that id
 */
SandboxJob *
sandbox_engine_lookup (SandboxEngine  *self,
                       SandboxAccount *account,
                       const char     *id)
{
  for (unsigned int i = 0; i < self->jobs->len; i++)
    {
      SandboxJob *job = g_ptr_array_index (self->jobs, i);

      if (job->account == account && g_str_equal (job->id, id))
        return job;
    }

  return NULL;
}

static gboolean
has_tags (SandboxJob  *job,
          char       **tags)
{
  for (; *tags != NULL; tags++)
    if (job->tags == NULL || !g_strv_contains ((const char *const *) job->tags, *tags))
      return FALSE;

  return TRUE;
}

/**
 * sandbox_engine_list:
 * @tags: a job must have them all
 * @batch_id: (nullable): of this batch alone
 *
 * Returns: (transfer container) (element-type SandboxJob): the account's jobs, the newest first
 */
GPtrArray *
sandbox_engine_list (SandboxEngine   *self,
                     SandboxAccount  *account,
                     char           **tags,
                     const char      *batch_id)
{
  GPtrArray *jobs = g_ptr_array_new ();

  for (unsigned int i = self->jobs->len; i > 0; i--)
    {
      SandboxJob *job = g_ptr_array_index (self->jobs, i - 1);

      if (job->account == account && has_tags (job, tags)
          && (batch_id == NULL || g_strcmp0 (job->batch_id, batch_id) == 0))
        g_ptr_array_add (jobs, job);
    }

  return jobs;
}

/**
 * sandbox_engine_get_position:
 *
 * Returns: how many of the account's jobs wait before this one, which is pending
 */
unsigned int
sandbox_engine_get_position (SandboxEngine *self,
                             SandboxJob    *job)
{
  unsigned int position = 0;

  for (unsigned int i = 0; i < self->jobs->len; i++)
    {
      SandboxJob *other = g_ptr_array_index (self->jobs, i);

      if (other == job)
        break;
      if (other->account == job->account && other->state == SANDBOX_JOB_PENDING)
        position++;
    }

  return position;
}

/**
 * sandbox_engine_cancel:
 *
 * A pending job ends at once and costs nothing; a running one ends at its next step; one that is
 * over stays as it is.
 */
void
sandbox_engine_cancel (SandboxEngine *self,
                       SandboxJob    *job)
{
  if (job->state == SANDBOX_JOB_PENDING)
    {
      job->account->balance += self->cost;
      sandbox_job_end (job, SANDBOX_JOB_CANCELLED);
    }
  else if (job->state == SANDBOX_JOB_RUNNING)
    {
      job->state = SANDBOX_JOB_CANCELLING;
      self->moved (job, self->moved_data);
    }
}

/**
 * sandbox_engine_hold:
 *
 * While held, jobs start and move, but none completes.
 */
void
sandbox_engine_hold (SandboxEngine *self,
                     gboolean       hold)
{
  self->held = hold;
}

/**
 * sandbox_engine_fail_next:
 *
 * Makes the next job that starts fail with @message when it is done.
 */
void
sandbox_engine_fail_next (SandboxEngine *self,
                          const char    *message)
{
  g_free (self->next_failure);
  self->next_failure = g_strdup (message);
}

/**
 * sandbox_engine_reset:
 *
 * Forgets all jobs, running ones too.
 */
void
sandbox_engine_reset (SandboxEngine *self)
{
  g_ptr_array_set_size (self->jobs, 0);
  self->held = FALSE;
  g_clear_pointer (&self->next_failure, g_free);
}
