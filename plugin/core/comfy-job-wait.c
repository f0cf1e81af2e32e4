/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a job's fiber waits: for time, for a connection to come back, and for the artist to change
 * their mind.
 */
#define G_LOG_DOMAIN "comfy-job-wait"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-job-private.h"

#define SENSELESS 10 /* answers in a row until one that makes no sense is taken for the server's */

/* Whether the same request may do better in a while, without anybody doing anything. A network that
 * asks for a login answers for the server, so an untrusted certificate and an answer that makes no
 * sense count too. */
static gboolean
is_passing (const GError *error)
{
  if (error->domain != COMFY_ERROR)
    return FALSE;

  switch (error->code)
    {
    case COMFY_ERROR_RATE_LIMITED:
    case COMFY_ERROR_OFFLINE:
    case COMFY_ERROR_HOST_NOT_FOUND:
    case COMFY_ERROR_CONNECTION:
    case COMFY_ERROR_TLS:
    case COMFY_ERROR_PROXY:
    case COMFY_ERROR_TIMED_OUT:
    case COMFY_ERROR_SERVER:
    case COMFY_ERROR_PROTOCOL:
      return TRUE;
    default:
      return FALSE;
    }
}

/*
 * _comfy_job_or_cancel:
 * @work: (transfer full): what is waited for
 *
 * Returns: (transfer full): a future of the same; when the artist asks to stop, @work is dropped,
 *   which ends its request, and the future rejects
 */
DexFuture *
_comfy_job_or_cancel (ComfyJob  *self,
                      DexFuture *work)
{
  return dex_future_first (work, dex_cancellable_new_from_cancellable (self->cancellable), NULL);
}

/*
 * _comfy_job_rest:
 * @ms: how long
 *
 * Waits. When the artist asks to stop meanwhile, it is over at once, so that the flow can see to
 * it; later rests are not cut short.
 */
void
_comfy_job_rest (ComfyJob     *self,
                 unsigned int  ms)
{
  DexFuture *rest = dex_timeout_new_msec (ms);

  if (!_comfy_job_is_cancelled (self))
    rest = _comfy_job_or_cancel (self, rest);

  dex_await (rest, NULL);
}

static char *
dup_pause_text (int seconds)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "The service asks for a pause, going on in %d second",
                                       "The service asks for a pause, going on in %d seconds",
                                       (unsigned long) seconds),
                          seconds);
}

static char *
dup_cut_off_text (int seconds)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "Connection lost, trying again in %d second",
                                       "Connection lost, trying again in %d seconds",
                                       (unsigned long) seconds),
                          seconds);
}

static char *
dup_retry_text (const GError *failure,
                int           seconds)
{
  if (g_strcmp0 (comfy_error_get_server_code (failure), "deployment_not_ready") == 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "The deployment is starting, trying again in %d second",
                                         "The deployment is starting, trying again in %d seconds",
                                         (unsigned long) seconds),
                            seconds);

  switch (failure->code)
    {
    case COMFY_ERROR_RATE_LIMITED:
      return dup_pause_text (seconds);
    case COMFY_ERROR_SERVER:
    case COMFY_ERROR_PROTOCOL:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                           "The server has trouble, trying again in %d second",
                                           "The server has trouble, trying again in %d seconds",
                                           (unsigned long) seconds),
                              seconds);
    default:
      return dup_cut_off_text (seconds);
    }
}

/* Longer each time, counting down in the progress text. A part of the time is left to chance, so
 * that many clients do not come back together. */
static void
back_off (ComfyJob     *self,
          unsigned int  attempt,
          const GError *failure)
{
  const ComfyPace *pace = &self->pace;
  gboolean         was_cancelled = _comfy_job_is_cancelled (self);
  double           full = (double) pace->retry_first_ms * (1u << MIN (attempt, 16u));
  int              left = (int) (MIN (full, pace->retry_last_ms)
                                 * g_random_double_range (0.75, 1.0));

  while (left > 0 && was_cancelled == _comfy_job_is_cancelled (self))
    {
      g_autofree char *text = dup_retry_text (failure, (left + 999) / 1000);

      comfy_progress_set_text (self->progress, text);
      _comfy_job_rest (self, MIN ((unsigned int) left, pace->tick_ms));
      left -= (int) pace->tick_ms;
    }
}

/*
 * _comfy_job_wait_out:
 * @patience: (inout): of this request; set it to 0 when something worked
 * @failure: why the request failed, after transport's own attempts
 *
 * Waits for what goes by without anybody doing anything: however long the network is away. A server
 * that makes no sense ten times in a row will make none the next time either.
 *
 * Returns: whether to ask again; %FALSE, without a wait, when somebody has to do something first
 */
gboolean
_comfy_job_wait_out (ComfyJob      *self,
                     ComfyPatience *patience,
                     const GError  *failure)
{
  gboolean is_senseless = g_error_matches (failure, COMFY_ERROR, COMFY_ERROR_PROTOCOL);

  patience->n_senseless = is_senseless ? patience->n_senseless + 1 : 0;
  if (!is_passing (failure) || patience->n_senseless >= SENSELESS)
    return FALSE;

  back_off (self, patience->attempt++, failure);

  return TRUE;
}

static gboolean
show_pause (gpointer data)
{
  ComfyJob        *self = data;
  gint64           left = self->held_until - g_get_monotonic_time ();
  int              seconds = (int) ((left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  g_autofree char *text = NULL;

  if (left <= 0)
    {
      self->held_tick = 0;
      return G_SOURCE_REMOVE;
    }

  text = self->is_cut_off ? dup_cut_off_text (seconds) : dup_pause_text (seconds);
  comfy_progress_set_text (self->progress, text);

  return G_SOURCE_CONTINUE;
}

static void
api_waits (ComfyApi *api,
           gint64    until,
           gboolean  is_cut_off,
           ComfyJob *self)
{
  self->held_until = until;
  self->is_cut_off = is_cut_off;
  if (until == 0)
    g_clear_handle_id (&self->held_tick, g_source_remove);
  else if (self->held_tick == 0)
    self->held_tick = g_timeout_add (self->pace.tick_ms, show_pause, self);

  if (until != 0)
    show_pause (self);
}

/*
 * _comfy_job_show_pauses:
 * @api: what the job talks to
 *
 * From now on, while the service asks for a pause, our own limit holds requests back, or the server
 * cannot be reached, the progress text counts down.
 */
void
_comfy_job_show_pauses (ComfyJob *self,
                        ComfyApi *api)
{
  g_signal_connect (api, "waiting", G_CALLBACK (api_waits), self);
}

/*
 * _comfy_job_end_pauses:
 * @api: what the job talked to
 *
 * Undoes _comfy_job_show_pauses(); the job must not go before.
 */
void
_comfy_job_end_pauses (ComfyJob *self,
                       ComfyApi *api)
{
  g_signal_handlers_disconnect_by_func (api, api_waits, self);
  g_clear_handle_id (&self->held_tick, g_source_remove);
}
