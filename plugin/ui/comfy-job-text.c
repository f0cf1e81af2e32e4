/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is said of jobs that are not under way here: those that a process before has left, those
 * that have ended, and those that are on the server.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-job-text.h"
#include "comfy-ui-util.h"

#define KEPT_LONG (24 * 60 * 60) /* s: from here on there is no hurry */

/**
 * comfy_job_text_dup_when:
 * @when: Unix seconds, 0: nobody knows
 * @now: Unix seconds
 *
 * Returns: (transfer full): the time of day for today, else how many days ago it was
 */
char *
comfy_job_text_dup_when (gint64 when,
                         gint64 now)
{
  g_autoptr(GDateTime) then_time = g_date_time_new_from_unix_local (when);
  g_autoptr(GDateTime) now_time = g_date_time_new_from_unix_local (now);

  if (when == 0 || then_time == NULL || now_time == NULL)
    return g_strdup ("");
  if (g_date_time_get_year (then_time) == g_date_time_get_year (now_time)
      && g_date_time_get_day_of_year (then_time) == g_date_time_get_day_of_year (now_time))
    /* translators: a time of day, as in “until 14:30”; see g_date_time_format() */
    return g_date_time_format (then_time, _("%H:%M"));

  return comfy_ui_dup_relative_time (when, now);
}

/* of one that the server has, as far as is known here */
static char *
dup_on_server (const ComfyPastJob *job,
               gint64              now,
               GtkMessageType     *out_type)
{
  g_autofree char *time = NULL;

  if (job->expires_at != 0 && job->expires_at <= now)
    {
      *out_type = GTK_MESSAGE_WARNING;
      return g_strdup (_("The server may no longer keep the result."));
    }
  if (job->expires_at == 0 || job->expires_at - now >= KEPT_LONG)
    return g_strdup (_("The server has this job. Its result can be fetched."));

  *out_type = GTK_MESSAGE_WARNING;
  time = comfy_ui_dup_clock_time (job->expires_at, now);

  return g_strdup_printf (_("The server keeps the result until %s."), time);
}

/**
 * comfy_job_text_dup_waiting:
 * @job: one that is not finished, or that has texts and files for the artist
 * @now: Unix seconds
 * @out_type: (out): how grave it is
 *
 * Returns: (transfer full): how it stands
 */
char *
comfy_job_text_dup_waiting (const ComfyPastJob *job,
                            gint64              now,
                            GtkMessageType     *out_type)
{
  *out_type = GTK_MESSAGE_INFO;

  switch (job->state)
    {
    case COMFY_STATE_NEW:
    case COMFY_STATE_UPLOADING:
      return g_strdup (_("It was not sent yet."));
    case COMFY_STATE_SUBMITTING:
    case COMFY_STATE_UNKNOWN:
      *out_type = GTK_MESSAGE_WARNING;
      return g_strdup (_("It is not known whether it was started."));
    case COMFY_STATE_CANCELLING:
      return g_strdup (_("The server was to be asked to stop it."));
    case COMFY_STATE_WAITING:
    case COMFY_STATE_RUNNING:
    case COMFY_STATE_DOWNLOADING:
      return dup_on_server (job, now, out_type);
    case COMFY_STATE_READY:
      return g_strdup (_("The result is ready."));
    case COMFY_STATE_PLACED:
    case COMFY_STATE_CANCELLED:
    case COMFY_STATE_FAILED:
    case COMFY_STATE_EXPIRED:
    case COMFY_N_STATES:
    default:
      return g_strdup (_("It has texts or files for you."));
    }
}

static const char *
describe_end (const ComfyPastJob *job)
{
  switch (job->state)
    {
    case COMFY_STATE_READY:
      return _("Its result is in the history.");
    case COMFY_STATE_CANCELLED:
      return _("Cancelled");
    case COMFY_STATE_FAILED:
      return _("Failed");
    case COMFY_STATE_EXPIRED:
      return _("The server no longer keeps the result");
    case COMFY_STATE_NEW:
    case COMFY_STATE_UPLOADING:
    case COMFY_STATE_SUBMITTING:
    case COMFY_STATE_WAITING:
    case COMFY_STATE_RUNNING:
    case COMFY_STATE_DOWNLOADING:
    case COMFY_STATE_PLACED:
    case COMFY_STATE_CANCELLING:
    case COMFY_STATE_UNKNOWN:
    case COMFY_N_STATES:
    default:
      return _("Done");
    }
}

/**
 * comfy_job_text_dup_ended:
 * @job: one that is finished, or that waits in the history
 * @out_type: (out): how grave it is
 *
 * Returns: (transfer full): how it ended, and what it used
 */
char *
comfy_job_text_dup_ended (const ComfyPastJob *job,
                          GtkMessageType     *out_type)
{
  const char      *end = job->error != NULL ? job->error->message : describe_end (job);
  g_autofree char *money = NULL;

  *out_type = job->state == COMFY_STATE_FAILED || job->state == COMFY_STATE_EXPIRED
                ? GTK_MESSAGE_ERROR : GTK_MESSAGE_INFO;
  if (!comfy_cost_is_known (&job->cost))
    return g_strdup (end);

  money = comfy_cost_format (&job->cost);
  if (job->error == NULL && job->state == COMFY_STATE_PLACED)
    /* translators: an amount of money */
    return g_strdup_printf (_("Done; it used %s"), money);

  /* translators: a sentence, and an amount of money */
  return g_strdup_printf (_("%s It used %s."), end, money);
}

/**
 * comfy_job_text_dup_details:
 * @job: any
 *
 * Returns: (transfer full): what is copied for whoever shall help: what it was, and all that is
 *   known of how it ended, without secrets
 */
char *
comfy_job_text_dup_details (const ComfyPastJob *job)
{
  g_autoptr(GDateTime)  created = g_date_time_new_from_unix_local (job->created);
  g_autofree char      *when = created != NULL ? g_date_time_format_iso8601 (created) : NULL;
  GString              *text = g_string_new (job->title);

  g_string_append_c (text, '\n');
  if (job->model != NULL)
    g_string_append_printf (text, "model: %s\n", job->model);
  if (job->prompt != NULL)
    g_string_append_printf (text, "prompt: %s\n", job->prompt);
  if (when != NULL)
    g_string_append_printf (text, "time: %s\n", when);
  g_string_append_printf (text, "job: %s\nstate: %s\n", job->id, comfy_state_to_nick (job->state));
  if (job->error != NULL)
    {
      g_autofree char *report = comfy_error_dup_report (job->error);

      g_string_append (text, report);
    }

  return g_string_free (text, FALSE);
}

/* whatever computer it was */
static gboolean
is_of_gimp (const ComfyRemoteJob *remote)
{
  for (unsigned int i = 0; remote->tags != NULL && remote->tags[i] != NULL; i++)
    if (g_str_has_prefix (remote->tags[i], "gimp-"))
      return TRUE;

  return FALSE;
}

/**
 * comfy_job_text_dup_remote_title:
 * @job: one of the server's
 * @own: (nullable): the same as it is remembered here
 *
 * Returns: (transfer full): what it is called
 */
char *
comfy_job_text_dup_remote_title (ComfyServerJob     *job,
                                 const ComfyPastJob *own)
{
  if (own != NULL)
    return g_strdup (own->title);
  if (comfy_server_job_get_journal_id (job) != NULL
      || is_of_gimp (comfy_server_job_get_remote (job)))
    return g_strdup (_("Job from GIMP"));

  return g_strdup (_("Job from Elsewhere"));
}

/* (transfer full) (nullable): what there is of it on the server */
static char *
dup_results (const ComfyRemoteJob *remote)
{
  if (remote->status != COMFY_REMOTE_SUCCEEDED)
    return NULL;
  if (remote->outputs->len > 0)
    return g_strdup_printf (ngettext ("%u result", "%u results", remote->outputs->len),
                            remote->outputs->len);

  return remote->tells_outputs ? g_strdup (_("nothing is left on the server")) : NULL;
}

static const char *
describe_remote (const ComfyRemoteJob *remote)
{
  switch (remote->status)
    {
    case COMFY_REMOTE_QUEUED:
      return _("Waiting in the queue");
    case COMFY_REMOTE_RUNNING:
      return _("Running");
    case COMFY_REMOTE_CANCELLING:
      return _("Asked to stop");
    case COMFY_REMOTE_FAILED:
      return remote->error != NULL ? remote->error->message : _("Failed");
    case COMFY_REMOTE_CANCELLED:
      return _("Cancelled");
    case COMFY_REMOTE_EXPIRED:
      return _("The server no longer keeps the result");
    case COMFY_REMOTE_SUCCEEDED:
    default:
      return _("Done");
    }
}

/**
 * comfy_job_text_dup_remote:
 * @job: one of the server's
 * @out_type: (out): how grave it is
 *
 * Returns: (transfer full): how it stands, what it made, whose it is, and what it used
 */
char *
comfy_job_text_dup_remote (ComfyServerJob *job,
                           GtkMessageType *out_type)
{
  const ComfyRemoteJob *remote = comfy_server_job_get_remote (job);
  g_autofree char      *results = dup_results (remote);
  g_autofree char      *money = NULL;
  GString              *text = g_string_new (describe_remote (remote));

  *out_type = remote->status == COMFY_REMOTE_FAILED ? GTK_MESSAGE_ERROR : GTK_MESSAGE_INFO;
  if (results != NULL)
    g_string_append_printf (text, " · %s", results);
  if (comfy_server_job_get_journal_id (job) != NULL)
    g_string_append_printf (text, " · %s", _("from this computer"));
  if (comfy_cost_is_known (&remote->cost))
    {
      money = comfy_cost_format (&remote->cost);
      g_string_append_printf (text, " · %s", money);
    }

  return g_string_free (text, FALSE);
}
