/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Waiting for a job that the server has. Events are hints that save time; what the server says when
 * it is asked counts. No loss of connection ends a job that is paid for.
 */
#define G_LOG_DOMAIN "comfy-job-watch"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-job-private.h"

typedef struct
{
  ComfyJob         *job;          /* no ref */
  ComfyApi         *api;          /* no ref */
  ComfyEventStream *stream;       /* owned, nullable: without events */
  char             *words;        /* owned, nullable: what the server told; else time is counted */
  gint64            run_ms;       /* how long it may run; -1: not known */
  gint64            since;        /* µs, monotonic: when the present status was first seen */
  unsigned int      interval_ms;  /* until the next question while there is no stream */
  unsigned int      n_missing;    /* questions in a row that the server knew no job for */
  ComfyPatience     patience;     /* with questions that failed */
  gboolean          is_connected; /* events come */
  gboolean          is_running;
  gboolean          has_begun;
  gboolean          was_asked_to_stop;
} Watch;

static void
watch_clear (Watch *watch)
{
  g_clear_object (&watch->stream);
  g_free (watch->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

static void
show_text (Watch *watch)
{
  ComfyProgress   *progress = watch->job->progress;
  int              seconds = (int) ((g_get_monotonic_time () - watch->since) / G_USEC_PER_SEC);
  g_autofree char *text = NULL;

  if (_comfy_job_is_cancelled (watch->job))
    text = g_strdup (_("Cancelling…"));
  else if (watch->is_running)
    text = _comfy_job_dup_running (watch->words, seconds, watch->run_ms);
  else if (watch->words != NULL)
    text = g_strdup (watch->words);
  else
    /* TRANSLATORS: seconds that have passed */
    text = g_strdup_printf (_("Waiting for its turn, %d s"), seconds);

  comfy_progress_set_text (progress, text);
}

static void
note_status (Watch                *watch,
             const ComfyRemoteJob *remote)
{
  ComfyJob *job = watch->job;
  gboolean  is_running = remote->status == COMFY_REMOTE_RUNNING;

  watch->patience = (ComfyPatience) { 0 };
  watch->n_missing = 0;
  watch->has_begun |= is_running || remote->has_begun;
  if (is_running != watch->is_running)
    watch->since = g_get_monotonic_time ();
  watch->is_running = is_running;

  g_free (watch->words);
  watch->words = _comfy_job_dup_remote_words (comfy_job_get_request (job), remote);

  if (is_running && comfy_progress_get_stage (job->progress) < COMFY_STAGE_RUN)
    comfy_progress_set_stage (job->progress, COMFY_STAGE_RUN, _("Running"));
  if (is_running && remote->fraction >= 0)
    comfy_progress_set_part (job->progress, remote->fraction, NULL);
  if (!_comfy_job_is_cancelled (job) && !comfy_remote_job_is_finished ((ComfyRemoteJob *) remote))
    _comfy_job_show (job, is_running ? COMFY_STATE_RUNNING : COMFY_STATE_WAITING);
  show_text (watch);
}

/* What an event tells is shown, and not believed any further */
static void
note_event (Watch            *watch,
            const ComfyEvent *event)
{
  const char                *id = comfy_journal_entry_get_remote_id (watch->job->entry);
  ComfyRemoteStatus          status = event->kind == COMFY_EVENT_WAITING ? COMFY_REMOTE_QUEUED
                                                                         : COMFY_REMOTE_RUNNING;
  g_autoptr(ComfyRemoteJob)  seen = comfy_remote_job_new (id, status);

  seen->queue_position = event->queue_position;
  seen->fraction = event->kind == COMFY_EVENT_PROGRESS ? event->fraction : -1;
  seen->step = event->step;
  seen->steps = event->steps;
  seen->node = g_strdup (event->node);
  note_status (watch, seen);
}

/* Asks for the job; when the artist wants it stopped, by telling so. */
static ComfyRemoteJob *
ask (Watch   *watch,
     GError **error)
{
  const char     *id = comfy_journal_entry_get_remote_id (watch->job->entry);
  ComfyRemoteJob *remote;

  if (!_comfy_job_is_cancelled (watch->job) || watch->was_asked_to_stop)
    return dex_await_boxed (comfy_api_get_job (watch->api, id), error);

  remote = dex_await_boxed (comfy_api_cancel (watch->api, id), error);
  watch->was_asked_to_stop = remote != NULL;

  return remote;
}

/* Whether the server said no to stopping the job, so that it is only waited for from now on */
static gboolean
is_refusal_to_stop (Watch        *watch,
                    const GError *failure)
{
  if (!_comfy_job_is_cancelled (watch->job) || watch->was_asked_to_stop)
    return FALSE;

  switch (failure->code)
    {
    case COMFY_ERROR_REJECTED:
    case COMFY_ERROR_FORBIDDEN:
    case COMFY_ERROR_NOT_FOUND:
    case COMFY_ERROR_NOT_SUPPORTED:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Returns whether to ask again. One answer that the job is not there may be a server that is
 * behind; a second one a while later is believed. */
static gboolean
handle_failure (Watch   *watch,
                GError  *failure,
                GError **error)
{
  g_autoptr(GError)  owned = failure;
  ComfyJob          *job = watch->job;

  if (is_refusal_to_stop (watch, failure))
    {
      watch->was_asked_to_stop = TRUE;
      return TRUE;
    }

  if (failure->code == COMFY_ERROR_NOT_FOUND && watch->n_missing++ == 0)
    {
      dex_await (dex_timeout_new_msec (job->pace.search_gap_ms), NULL);
      return TRUE;
    }

  if (failure->code == COMFY_ERROR_NOT_FOUND)
    return _comfy_job_end (job, COMFY_STATE_EXPIRED,
                           comfy_error_new (COMFY_ERROR_JOB_EXPIRED,
                                            comfy_error_get_detail (failure),
                                            _("The server no longer knows this job.")),
                           error);

  if (_comfy_job_wait_out (job, &watch->patience, failure))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&owned));

  return FALSE;
}

/* Waits at most @ms. Returns the event, or NULL when there was none in that time. */
static ComfyEvent *
next_event (Watch        *watch,
            unsigned int  ms)
{
  if (watch->stream == NULL)
    {
      _comfy_job_rest (watch->job, ms);
      return NULL;
    }

  /* once the server was asked to stop, the artist has nothing more to interrupt */
  if (_comfy_job_is_cancelled (watch->job))
    return dex_await_boxed (dex_future_first (comfy_event_stream_next (watch->stream),
                                              dex_timeout_new_msec (ms), NULL), NULL);

  return dex_await_boxed (dex_future_first (comfy_event_stream_next (watch->stream),
                                            dex_timeout_new_msec (ms),
                                            dex_cancellable_new_from_cancellable (
                                              watch->job->cancellable),
                                            NULL), NULL);
}

static gint64
deadline_of (Watch *watch)
{
  unsigned int ms = watch->is_connected ? watch->job->pace.silence_ms : watch->interval_ms;

  return g_get_monotonic_time () + (gint64) ms * 1000;
}

/* Returns whether to go on waiting; else the job is to be asked for. */
static gboolean
take_event (Watch            *watch,
            const ComfyEvent *event)
{
  switch (event->kind)
    {
    case COMFY_EVENT_WAITING:
    case COMFY_EVENT_RUNNING:
      note_event (watch, event);
      return TRUE;

    case COMFY_EVENT_PROGRESS:
      if (watch->is_running)
        note_event (watch, event);
      return watch->is_running;

    case COMFY_EVENT_PREVIEW:
      _comfy_job_set_preview (watch->job, event->preview, event->content_type);
      return TRUE;

    case COMFY_EVENT_LOST:
      g_clear_object (&watch->stream);
      return TRUE;

    case COMFY_EVENT_CONNECTED:
    case COMFY_EVENT_CHANGED:
    default:
      return FALSE;
    }
}

/* Until it is time to ask again: an event says so, there was silence for too long, or the artist
 * wants it stopped. */
static void
wait_for_change (Watch *watch)
{
  gint64 deadline = deadline_of (watch);
  gint64 left_ms;

  while ((left_ms = (deadline - g_get_monotonic_time ()) / 1000) > 0)
    {
      unsigned int          ms = MIN (left_ms, watch->job->pace.tick_ms);
      g_autoptr(ComfyEvent) event = next_event (watch, ms);

      if (_comfy_job_is_cancelled (watch->job) && !watch->was_asked_to_stop)
        return;

      show_text (watch);
      if (event == NULL)
        continue;

      watch->is_connected = event->kind != COMFY_EVENT_LOST;
      if (!take_event (watch, event))
        return;
      deadline = deadline_of (watch);
    }

  if (!watch->is_connected)
    watch->interval_ms = MIN (watch->interval_ms + watch->interval_ms / 2,
                              watch->job->pace.poll_last_ms);
}

static GError *
new_cancelled (Watch *watch)
{
  if (!_comfy_job_is_cancelled (watch->job))
    return comfy_error_new (COMFY_ERROR_CANCELLED, NULL,
                            _("The job was cancelled on the server, not by this GIMP."));
  if (watch->has_begun)
    return comfy_error_new (COMFY_ERROR_CANCELLED, NULL,
                            _("Cancelled; it had begun and may have cost credits."));

  return _comfy_job_new_unspent (watch->job);
}

static GError *
new_failed (Watch                *watch,
            const ComfyRemoteJob *remote)
{
  GError *explained = _comfy_job_explain_failure (watch->job, watch->api, remote);

  if (explained != NULL)
    return explained;

  return remote->error != NULL ? comfy_error_fold (remote->error, NULL)
                               : comfy_error_new (COMFY_ERROR_JOB_FAILED, NULL,
                                                  _("The job failed on the server, "
                                                    "which did not say why."));
}

static GError *
new_empty (ComfyRequest *request)
{
  if (comfy_request_get_remote_id (request) != NULL)
    return comfy_error_new (COMFY_ERROR_NOT_FOUND, NULL,
                            _("The server keeps nothing any more of what this job made."));
  if (comfy_request_get_outputs (request) == NULL)
    return comfy_error_new (COMFY_ERROR_JOB_FAILED, NULL, _("The job ended without a picture."));

  return comfy_error_new (COMFY_ERROR_JOB_FAILED, NULL,
                          _("The workflow ran, but none of its nodes whose results are taken gave "
                            "one. Choose “Edit Form…” and see which nodes those are."));
}

/* The job has ended. A result that came although it was cancelled is paid for, so it is kept. */
static gboolean
conclude (Watch           *watch,
          ComfyRemoteJob  *remote,
          GError         **error)
{
  ComfyJob             *job = watch->job;
  ComfyRequest         *request = comfy_job_get_request (job);
  g_autoptr(GPtrArray)  outputs = NULL;
  unsigned int          n_left_out;

  _comfy_job_note_end (job, watch->api, remote);

  switch (remote->status)
    {
    case COMFY_REMOTE_FAILED:
      return _comfy_job_end (job, COMFY_STATE_FAILED, new_failed (watch, remote), error);
    case COMFY_REMOTE_CANCELLED:
      return _comfy_job_end (job, COMFY_STATE_CANCELLED, new_cancelled (watch), error);
    case COMFY_REMOTE_EXPIRED:
      return _comfy_job_end (job, COMFY_STATE_EXPIRED,
                             comfy_error_new (COMFY_ERROR_JOB_EXPIRED, NULL,
                                              _("The server no longer keeps the job's result.")),
                             error);
    case COMFY_REMOTE_SUCCEEDED:
    case COMFY_REMOTE_QUEUED:
    case COMFY_REMOTE_RUNNING:
    case COMFY_REMOTE_CANCELLING:
    default:
      break;
    }

  outputs = _comfy_job_pick_outputs (request, remote, &n_left_out);
  if (outputs->len == 0)
    return _comfy_job_end (job, COMFY_STATE_FAILED, new_empty (request), error);
  if (!_comfy_job_keep_texts (job, outputs, error))
    return FALSE;

  comfy_journal_entry_set_remote_outputs (job->entry, outputs);
  comfy_journal_entry_set_n_left_out (job->entry, n_left_out);

  return _comfy_job_enter (job, COMFY_STATE_DOWNLOADING, error);
}

/*
 * _comfy_job_watch:
 *
 * Waits until the job has ended, however long that takes. What it made is on disk in the journal
 * when this returns %TRUE; when it is there already, nothing is asked.
 *
 * Returns: %FALSE with @error set when there is nothing to download, or when nobody but the artist
 *   can help: then the job can go on later
 */
gboolean
_comfy_job_watch (ComfyJob  *self,
                  ComfyApi  *api,
                  GError   **error)
{
  g_auto(Watch) watch = { .job = self, .api = api };

  if (comfy_journal_entry_get_remote_outputs (self->entry) != NULL)
    return TRUE;

  watch.interval_ms = self->pace.poll_first_ms;
  watch.since = g_get_monotonic_time ();
  watch.run_ms = _comfy_job_expect_run_ms (self);
  if ((comfy_api_get_flags (api) & COMFY_API_EVENTS) != 0)
    watch.stream = dex_await_object (
      comfy_api_watch (api, comfy_journal_entry_get_remote_id (self->entry)), NULL);

  for (;;)
    {
      g_autoptr(ComfyRemoteJob)  remote = NULL;
      GError                    *failure = NULL;

      remote = ask (&watch, &failure);
      if (remote == NULL)
        {
          if (!handle_failure (&watch, failure, error))
            return FALSE;
          continue;
        }

      note_status (&watch, remote);
      if (remote->expires_at != 0)
        comfy_journal_entry_set_expires_at (self->entry, remote->expires_at);
      if (comfy_remote_job_is_finished (remote))
        return conclude (&watch, remote, error);

      wait_for_change (&watch);
    }
}
