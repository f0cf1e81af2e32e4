/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be done with a job, and how its state changes: on disk first, then for the views.
 */
#define G_LOG_DOMAIN "comfy-job-control"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-job-private.h"

static void
notify_cancellable (ComfyJob *self)
{
  gboolean is_cancellable = comfy_job_is_cancellable (self);

  if (is_cancellable == self->was_cancellable)
    return;

  self->was_cancellable = is_cancellable;
  g_object_notify (G_OBJECT (self), "cancellable");
}

/*
 * _comfy_job_is_cancelled:
 *
 * Returns: whether the artist asked to stop, here or in a process before
 */
gboolean
_comfy_job_is_cancelled (ComfyJob *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

/*
 * _comfy_job_show:
 * @state: what views shall see; not on disk before the next commit
 */
void
_comfy_job_show (ComfyJob   *self,
                 ComfyState  state)
{
  if (comfy_job_get_state (self) == state)
    return;

  comfy_journal_entry_set_state (self->entry, state);
  g_object_notify (G_OBJECT (self), "state");
  notify_cancellable (self);
}

/* On disk together with the end of the job: whichever process comes next knows of it. */
static void
note_what_is_to_go (ComfyJob   *self,
                    ComfyState  state)
{
  if (comfy_state_is_final (state) && self->settings != NULL
      && comfy_settings_get_delete_uploads (self->settings)
      && comfy_journal_entry_get_uploads (self->entry)->len > 0)
    comfy_journal_entry_set_delete_uploads (self->entry, TRUE);
}

/*
 * _comfy_job_enter:
 * @state: where the job now stands
 *
 * Puts the state, and whatever else was set in the entry, on disk; views see it afterwards.
 *
 * Returns: %FALSE with %COMFY_ERROR_STORAGE set; the state is then as before
 */
gboolean
_comfy_job_enter (ComfyJob    *self,
                  ComfyState   state,
                  GError     **error)
{
  ComfyState before = comfy_job_get_state (self);

  comfy_journal_entry_set_state (self->entry, state);
  note_what_is_to_go (self, state);
  if (!comfy_journal_entry_commit (self->entry, error))
    {
      comfy_journal_entry_set_state (self->entry, before);
      return FALSE;
    }

  if (state != before)
    g_object_notify (G_OBJECT (self), "state");
  notify_cancellable (self);

  return TRUE;
}

/* Where nobody can be told, and the job goes on without */
static void
warn_of_storage (const GError *error)
{
  if (error != NULL && error->code == COMFY_ERROR_STORAGE)
    g_warning ("%s", comfy_error_get_detail (error));
}

/* Takes the error, which may be NULL. */
static void
take_error (ComfyJob *self,
            GError   *error)
{
  if (error == NULL && self->error == NULL)
    return;

  comfy_journal_entry_set_error (self->entry, error);
  g_clear_error (&self->error);
  self->error = error;
  g_object_notify (G_OBJECT (self), "error");
}

/*
 * _comfy_job_end:
 * @state: a final state, or %COMFY_STATE_UNKNOWN
 * @why: (transfer full): the error that says so to the artist
 * @error: gets @why, or why that could not be written down
 *
 * Returns: %FALSE, for the caller to hand on
 */
gboolean
_comfy_job_end (ComfyJob    *self,
                ComfyState   state,
                GError      *why,
                GError     **error)
{
  g_autoptr(GError) owned = why;

  take_error (self, g_error_copy (why));
  if (_comfy_job_enter (self, state, error))
    g_propagate_error (error, g_steal_pointer (&owned));

  return FALSE;
}

/*
 * _comfy_job_new_unspent:
 *
 * Returns: (transfer full): what is said of a job that was cancelled in time; of an attempt before
 *   it nobody knows
 */
GError *
_comfy_job_new_unspent (ComfyJob *self)
{
  if (comfy_journal_entry_has_lost_job (self->entry))
    return comfy_error_new (COMFY_ERROR_CANCELLED, NULL,
                            _("Cancelled before it had begun. If the server has begun the attempt "
                              "before it, that may still cost."));

  return comfy_error_new (COMFY_ERROR_CANCELLED, NULL,
                          _("Cancelled before it had begun; nothing was spent."));
}

/*
 * _comfy_job_end_unsent:
 *
 * Ends a job that the artist stopped before anything was sent.
 *
 * Returns: %FALSE, for the caller to hand on
 */
gboolean
_comfy_job_end_unsent (ComfyJob  *self,
                       GError   **error)
{
  return _comfy_job_end (self, COMFY_STATE_CANCELLED, _comfy_job_new_unspent (self), error);
}

/* The error of a job that only stopped is worth a line in the journal, and nothing more: it can go
 * on without. */
static DexFuture *
flow_ended (DexFuture *flow,
            gpointer   data)
{
  ComfyJob             *self = data;
  g_autoptr(DexPromise) done = g_steal_pointer (&self->done);
  g_autoptr(GError)     foreign = NULL;
  g_autoptr(GError)     error = NULL;
  g_autoptr(GError)     storage_error = NULL;
  ComfyState            state = comfy_job_get_state (self);

  self->is_applying = FALSE;
  if (dex_future_get_value (flow, &foreign) == NULL)
    error = comfy_error_fold (foreign, NULL);

  if (error != NULL && !comfy_state_is_final (state) && state != COMFY_STATE_UNKNOWN)
    {
      take_error (self, g_error_copy (error));
      comfy_journal_entry_commit (self->entry, &storage_error);
      warn_of_storage (storage_error);
    }

  _comfy_job_set_preview (self, NULL, NULL);
  g_object_notify (G_OBJECT (self), "running");
  notify_cancellable (self);

  if (error != NULL)
    dex_promise_reject (done, g_steal_pointer (&error));
  else
    dex_promise_resolve_boolean (done, TRUE);

  return NULL;
}

/**
 * comfy_job_run:
 *
 * Goes on from where the journal says the job stands: uploads what is missing, submits once, waits,
 * downloads, places; where the settings let the artist say when, it stops in %COMFY_STATE_READY. In
 * %COMFY_STATE_UNKNOWN it looks again for a job that may exist. While it runs already, the same end
 * is waited for; dropping the future does not stop it.
 *
 * Returns: (transfer full): a future of %TRUE once the result is placed, or waits to be. Rejects
 *   with why not; the job can be run again unless its state is final then. %COMFY_ERROR_QUEUE_FULL:
 *   the plan's jobs are all taken and nothing was made; run it again later
 */
DexFuture *
comfy_job_run (ComfyJob *self)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), NULL);

  if (self->done != NULL)
    return dex_ref (DEX_FUTURE (self->done));

  if (comfy_state_is_final (comfy_job_get_state (self)) && !self->is_applying)
    return self->error != NULL ? dex_future_new_for_error (g_error_copy (self->error))
                               : dex_future_new_for_boolean (TRUE);

  if (self->started == 0)
    self->started = g_get_monotonic_time ();
  take_error (self, NULL);
  self->done = dex_promise_new ();
  g_object_notify (G_OBJECT (self), "running");

  dex_future_disown (dex_future_finally (dex_scheduler_spawn (NULL, 0, _comfy_job_flow,
                                                              g_object_ref (self), g_object_unref),
                                         flow_ended, g_object_ref (self), g_object_unref));

  return dex_ref (DEX_FUTURE (self->done));
}

/* Outside of the flow, which would do it at its end */
static void
clean_up_alone (ComfyJob *self)
{
  if (_comfy_job_is_unclean (self))
    dex_future_disown (comfy_job_clean_up (self));
}

/**
 * comfy_job_cancel:
 *
 * Stops a job that is not sent; asks the server to stop one that is, which is written down first so
 * that it is asked even after the end of this process. A result that arrives anyway is kept and
 * placed. How it ended is told by the job's state and error.
 */
void
comfy_job_cancel (ComfyJob *self)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (COMFY_IS_JOB (self));

  if (!comfy_job_is_cancellable (self))
    return;

  g_cancellable_cancel (self->cancellable);

  if (comfy_journal_entry_get_submitted_at (self->entry) != 0)
    {
      _comfy_job_enter (self, COMFY_STATE_CANCELLING, &error);
      comfy_progress_set_text (self->progress, _("Cancelling…"));
      dex_future_disown (comfy_job_run (self));
    }
  else if (!comfy_job_is_running (self))
    {
      _comfy_job_end_unsent (self, &error);
      clean_up_alone (self);
    }

  warn_of_storage (error);
  notify_cancellable (self);
}

/**
 * comfy_job_want_result:
 *
 * For a script, which waits for the result, and for the artist's word: the result is placed as soon
 * as it is there, whatever the settings say. A job that waits for that word has to be run again.
 */
void
comfy_job_want_result (ComfyJob *self)
{
  g_return_if_fail (COMFY_IS_JOB (self));

  self->is_wanted = TRUE;
}

/**
 * comfy_job_hold_result:
 * @error: return location
 *
 * For somebody who shows results beside the image first. Written down, so that it is true after the
 * end of this process, too.
 *
 * Returns: whether it is on disk; else %COMFY_ERROR_STORAGE
 */
gboolean
comfy_job_hold_result (ComfyJob  *self,
                       GError   **error)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), FALSE);

  comfy_journal_entry_set_held (self->entry, TRUE);

  return comfy_journal_entry_commit (self->entry, error);
}

/**
 * comfy_job_send_again:
 *
 * In %COMFY_STATE_UNKNOWN: the artist knows that a job may exist, and that a second one may cost
 * again; a cancel from before is taken back. Run the job afterwards. Where the server takes the
 * same idempotency key for the same job the key is kept, so that the second one is the first if
 * that exists.
 */
void
comfy_job_send_again (ComfyJob *self)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (COMFY_IS_JOB (self));
  g_return_if_fail (comfy_job_get_state (self) == COMFY_STATE_UNKNOWN && self->done == NULL);

  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->accepts_twice = TRUE;
  comfy_journal_entry_give_up_attempt (self->entry);
  take_error (self, NULL);
  _comfy_job_enter (self, COMFY_STATE_NEW, &error);
  warn_of_storage (error);
}

/**
 * comfy_job_forget:
 *
 * Gives up a job that is not running and not finished, without asking the server: for an artist who
 * will not know how an unclear submit ended, and for a caller that has reported an error and leaves
 * nobody to go on.
 */
void
comfy_job_forget (ComfyJob *self)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (COMFY_IS_JOB (self));
  g_return_if_fail (self->done == NULL);

  if (comfy_state_is_final (comfy_job_get_state (self)))
    return;

  if (comfy_journal_entry_get_submitted_at (self->entry) == 0)
    _comfy_job_end_unsent (self, &error);
  else
    _comfy_job_end (self, COMFY_STATE_CANCELLED,
                    comfy_error_new (COMFY_ERROR_CANCELLED, NULL,
                                     _("Given up. If the server has begun it, it may still cost.")),
                    &error);

  clean_up_alone (self);
  warn_of_storage (error);
}
