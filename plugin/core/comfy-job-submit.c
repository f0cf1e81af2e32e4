/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The step that costs money. It is written down before it is taken, and when nobody can tell how it
 * ended, the server is asked before anything is sent again; where the server cannot be asked, the
 * artist is. When in doubt ask, never send.
 */
#define G_LOG_DOMAIN "comfy-job-submit"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-job-private.h"

#define SEARCHES 2               /* looks without a find before a job is taken not to exist */
#define RESEND_WITHIN_S (60 * 60) /* servers do not keep idempotency keys for ever */

/* What the names of a node's files begin with: what its output says, so that they are told apart */
static char *
dup_prefix (ComfyRequest *request,
            const char   *node_id)
{
  GPtrArray         *outputs = comfy_request_get_outputs (request);
  const ComfyOutput *output = NULL;
  char              *prefix;

  if (outputs != NULL)
    output = comfy_output_find (outputs, node_id, NULL);
  if (output != NULL && output->prefix != NULL)
    return g_strdup (output->prefix);

  prefix = g_strconcat (outputs != NULL ? COMFY_JOB_OTHER_PREFIX : "gimp-", node_id, NULL);

  /* ids of nodes in subgraphs are such as "57:8"; a colon is no part of a file name everywhere */
  return g_strcanon (prefix, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_", '_');
}

/* The graph as it is sent: with the files that were chosen, what was uploaded by the server's name,
 * and each saving node with a prefix of its own, since v1 does not say which node a file is from.
 * The same each time, until the server refuses it. */
static ComfyWorkflow *
make_workflow (ComfyJob  *self,
               GError   **error)
{
  ComfyRequest             *request = comfy_job_get_request (self);
  GPtrArray                *inputs = comfy_request_get_inputs (request);
  g_autoptr(ComfyWorkflow)  workflow = comfy_workflow_copy (comfy_request_get_workflow (request));
  g_auto(GStrv)             ids = comfy_workflow_dup_node_ids (workflow);

  if (!_comfy_job_fill_in (self, workflow, error))
    return NULL;

  for (unsigned int i = 0; i < inputs->len; i++)
    {
      const ComfyInput *input = g_ptr_array_index (inputs, i);
      const char       *name = comfy_journal_entry_get_remote_input (self->entry, i);

      if (!comfy_workflow_set_string (workflow, input->node, input->input, name, error))
        return NULL;
    }

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      g_autofree char *prefix = dup_prefix (request, ids[i]);
      const char      *value;

      if (comfy_workflow_get_string (workflow, ids[i], "filename_prefix", &value)
          && !comfy_workflow_set_string (workflow, ids[i], "filename_prefix", prefix, error))
        return NULL;
    }

  return g_steal_pointer (&workflow);
}

/*
 * _comfy_job_stop_unsent:
 * @why: (transfer full): of COMFY_ERROR's domain; it is certain that no job was made
 * @error: gets @why, or why that could not be written down
 *
 * What the artist asked to stop ends; what would fail each time has failed; all else can be tried
 * again when its cause is gone.
 *
 * Returns: %FALSE, for the caller to hand on
 */
gboolean
_comfy_job_stop_unsent (ComfyJob  *self,
                        GError    *why,
                        GError   **error)
{
  g_autoptr(GError) owned = why;

  if (_comfy_job_is_cancelled (self))
    return _comfy_job_end_unsent (self, error);

  switch (why->code)
    {
    case COMFY_ERROR_INVALID_ARGUMENT:
    case COMFY_ERROR_REJECTED:
    case COMFY_ERROR_INVALID_WORKFLOW:
    case COMFY_ERROR_TOO_LARGE:
    case COMFY_ERROR_NOT_SUPPORTED:
      return _comfy_job_end (self, COMFY_STATE_FAILED, g_steal_pointer (&owned), error);
    default:
      if (_comfy_job_enter (self, COMFY_STATE_NEW, error))
        g_propagate_error (error, g_steal_pointer (&owned));
      return FALSE;
    }
}

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* Asks whether the server takes the graph, where that is asked for and the server does it. That it
 * could not be asked says nothing.
 *
 * Returns: (transfer full) (nullable): why the server would refuse it */
static GError *
ask_first (ComfyJob      *self,
           ComfyApi      *api,
           ComfyWorkflow *workflow)
{
  g_autoptr(GError) failure = NULL;

  if (!self->asks_first || (comfy_api_get_flags (api) & COMFY_API_VALIDATE) == 0
      || _comfy_job_is_cancelled (self))
    return NULL;

  comfy_progress_set_text (self->progress, _("Asking whether the workflow is good"));
  if (dex_await (_comfy_job_or_cancel (self, comfy_api_validate (api, workflow)), &failure))
    return NULL;
  if (g_error_matches (failure, COMFY_ERROR, COMFY_ERROR_INVALID_WORKFLOW))
    return g_steal_pointer (&failure);

  g_debug ("The graph could not be looked at: %s", failure->message);

  return NULL;
}

/* Sends the job once. */
static ComfyRemoteJob *
send (ComfyJob       *self,
      ComfyApi       *api,
      ComfyWorkflow  *workflow,
      GError        **error)
{
  ComfyJournalEntry *entry = self->entry;
  gboolean           lends_key;

  /* a job that was opened on the server has no graph that could be sent */
  if (comfy_request_get_remote_id (comfy_job_get_request (self)) != NULL)
    {
      comfy_set_error (error, COMFY_ERROR_NOT_SUPPORTED, NULL,
                       _("This job was started elsewhere, so it cannot be sent from here."));
      return NULL;
    }

  if (!_comfy_job_lends_key (self, api, &lends_key, error))
    return NULL;

  if (self->accepts_twice && (comfy_api_get_flags (api) & COMFY_API_REPLAY) == 0)
    comfy_journal_entry_renew_key (entry);
  self->accepts_twice = FALSE;

  if (comfy_journal_entry_get_submitted_at (entry) == 0)
    comfy_journal_entry_set_submitted_at (entry, now_s ());
  comfy_progress_set_stage (self->progress, COMFY_STAGE_QUEUE, _("Sending the job"));

  if (!_comfy_job_enter (self, COMFY_STATE_SUBMITTING, error))
    return NULL;

  return dex_await_boxed (
    (lends_key ? comfy_api_submit_lending_key : comfy_api_submit)
      (api, workflow, comfy_journal_entry_get_tag (entry),
       comfy_journal_entry_get_idempotency_key (entry)), error);
}

/* Of several jobs that carry the tag, the one that is of use */
static ComfyRemoteJob *
pick (GPtrArray *jobs)
{
  for (unsigned int i = 0; i < jobs->len; i++)
    {
      ComfyRemoteJob *job = g_ptr_array_index (jobs, i);

      if (job->status == COMFY_REMOTE_QUEUED || job->status == COMFY_REMOTE_RUNNING
          || job->status == COMFY_REMOTE_SUCCEEDED)
        return comfy_remote_job_ref (job);
    }

  return comfy_remote_job_ref (g_ptr_array_index (jobs, 0));
}

/* Asks the server for jobs with our tag until it found one, or none so often that there is none.
 * Returns FALSE when it cannot be asked. */
static gboolean
search (ComfyJob        *self,
        ComfyApi        *api,
        ComfyRemoteJob **found,
        GError         **error)
{
  const char   *tag = comfy_journal_entry_get_tag (self->entry);
  unsigned int  n_empty = 0;
  ComfyPatience patience = { 0 };

  for (;;)
    {
      g_autoptr(GError)    failure = NULL;
      g_autoptr(GPtrArray) jobs = NULL;

      comfy_progress_set_text (self->progress, _("Looking whether the job was begun"));
      jobs = dex_await_boxed (comfy_api_find_jobs (api, tag), &failure);

      if (jobs == NULL && _comfy_job_wait_out (self, &patience, failure))
        continue;
      if (jobs == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (jobs->len > 0)
        {
          *found = pick (jobs);
          return TRUE;
        }
      if (++n_empty == SEARCHES)
        return TRUE;

      /* in full, even when the artist asks to stop: a job that is yet to appear would cost */
      dex_await (dex_timeout_new_msec (self->pace.search_gap_ms), NULL);
    }
}

static gboolean
end_unknown (ComfyJob  *self,
             GError    *why,
             GError   **error)
{
  g_autoptr(GError) owned = why;

  if (owned == NULL)
    owned = comfy_error_new (COMFY_ERROR_OUTCOME_UNKNOWN, NULL,
                             _("It is not known whether the server began this job. It may be "
                               "running, and cost, so it is not sent again by itself."));

  return _comfy_job_end (self, COMFY_STATE_UNKNOWN, g_steal_pointer (&owned), error);
}

/* After a submit of which nobody can tell how it ended, now or in a process before.
 * Returns TRUE with the job, or without when it is certain enough that none was made. */
static gboolean
clear_up (ComfyJob        *self,
          ComfyApi        *api,
          GError          *why,
          ComfyRemoteJob **found,
          GError         **error)
{
  g_autoptr(GError) owned = why;
  gint64            age;

  if ((comfy_api_get_flags (api) & COMFY_API_LIST) == 0)
    return end_unknown (self, g_steal_pointer (&owned), error);

  if (!_comfy_job_is_cancelled (self))
    _comfy_job_show (self, COMFY_STATE_SUBMITTING);
  if (!search (self, api, found, error))
    return FALSE;
  if (*found != NULL)
    return TRUE;

  if (_comfy_job_is_cancelled (self))
    return _comfy_job_end_unsent (self, error);

  /* a clock that went back tells nothing */
  age = now_s () - comfy_journal_entry_get_submitted_at (self->entry);
  if (age < 0 || age >= RESEND_WITHIN_S)
    return end_unknown (self, g_steal_pointer (&owned), error);

  return TRUE;
}

/* Whether another graph may be sent. While an attempt before is unclear, only where the same key
 * gives the same job again: whatever is sent with it is that job, if there is one after all. */
static gboolean
may_change (ComfyJob *self,
            ComfyApi *api,
            gint64    submitted_before)
{
  return !_comfy_job_is_cancelled (self)
         && (submitted_before == 0 || (comfy_api_get_flags (api) & COMFY_API_REPLAY) != 0);
}

/* What to do when the server said clearly that it made no job. Returns TRUE to try again. */
static gboolean
handle_refusal (ComfyJob       *self,
                ComfyApi       *api,
                ComfyPatience  *patience,
                gint64          submitted_before,
                GError         *why,
                GError        **error)
{
  /* an earlier attempt may still be unclear; this one is not */
  comfy_journal_entry_set_submitted_at (self->entry, submitted_before);

  if (why->code == COMFY_ERROR_RATE_LIMITED && !_comfy_job_is_cancelled (self))
    {
      _comfy_job_wait_out (self, patience, why);
      g_error_free (why);
      return TRUE;
    }

  if (may_change (self, api, submitted_before)
      && (_comfy_job_doubt_uploads (self, why) || _comfy_job_adapt (self, &why)))
    {
      g_error_free (why);
      /* A key may stay with the graph that it came with, even with one that was refused. But that a
       * graph is refused today does not say that it was refused before: a server may look at it
       * before it looks at the key, and a file may have gone meanwhile. So after an attempt that is
       * unclear the key stays, and the attempt is as unclear as it was. */
      if (submitted_before == 0)
        comfy_journal_entry_renew_key (self->entry);
      return _comfy_job_enter (self, COMFY_STATE_SUBMITTING, error);
    }

  if (submitted_before == 0)
    return _comfy_job_stop_unsent (self, why, error);

  g_propagate_error (error, why);

  return FALSE;
}

/*
 * _comfy_job_submit:
 *
 * Makes sure that the job is with the server exactly once, whatever happened before. Its id is on
 * disk when this returns %TRUE.
 *
 * Returns: %FALSE with @error set: %COMFY_ERROR_OUTCOME_UNKNOWN when the artist has to decide
 */
gboolean
_comfy_job_submit (ComfyJob  *self,
                   ComfyApi  *api,
                   GError   **error)
{
  g_autoptr(ComfyRemoteJob) remote = NULL;
  ComfyPatience             patience = { 0 };
  gboolean                  is_unclear = comfy_journal_entry_get_submitted_at (self->entry) != 0;

  _comfy_job_recall (self);

  while (remote == NULL)
    {
      gint64                    before = comfy_journal_entry_get_submitted_at (self->entry);
      g_autoptr(ComfyWorkflow)  workflow = NULL;
      GError                   *failure = NULL;

      if (!is_unclear)
        {
          if (!_comfy_job_upload (self, api, error)
              || (workflow = make_workflow (self, error)) == NULL)
            return FALSE;
          failure = ask_first (self, api, workflow);
          if (_comfy_job_is_cancelled (self))
            {
              g_clear_error (&failure);
              return _comfy_job_end_unsent (self, error);
            }

          if (failure == NULL)
            remote = send (self, api, workflow, &failure);
          is_unclear = g_error_matches (failure, COMFY_ERROR, COMFY_ERROR_OUTCOME_UNKNOWN);
        }

      if (is_unclear)
        {
          if (!clear_up (self, api, failure, &remote, error))
            return FALSE;
          is_unclear = FALSE;
        }
      else if (failure != NULL
               && !handle_refusal (self, api, &patience, before, failure, error))
        return FALSE;
    }

  comfy_journal_entry_set_remote_id (self->entry, remote->id);
  comfy_journal_entry_set_expires_at (self->entry, remote->expires_at);
  if (!_comfy_job_enter (self, _comfy_job_is_cancelled (self) ? COMFY_STATE_CANCELLING
                                                              : COMFY_STATE_WAITING, error))
    return FALSE;

  _comfy_job_remember (self);

  return TRUE;
}

/*
 * _comfy_job_set_asks_first:
 * @asks_first: whether the server is asked, before anything is sent, if it takes the graph; for
 *   tests: else the artist's own graphs are asked for, and what is shipped is not
 */
void
_comfy_job_set_asks_first (ComfyJob *self,
                           gboolean  asks_first)
{
  self->asks_first = asks_first;
}
