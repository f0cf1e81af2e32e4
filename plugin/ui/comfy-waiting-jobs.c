/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-job-section.h"
#include "comfy-job-text.h"
#include "comfy-listed-job.h"
#include "comfy-waiting-jobs.h"

/* what the buttons of a row mean */
enum
{
  ACTION_GO_ON,
  ACTION_FETCH, /* as "go on", of several at once: what is here already goes as the settings say */
  ACTION_CANCEL,
  ACTION_FORGET,
  ACTION_PUT_AWAY,
};

struct _ComfyWaitingJobs
{
  GtkBox        parent_instance;

  ComfySession *session; /* owned */
  GtkWidget    *section; /* borrowed: a child */
  GPtrArray    *jobs;    /* owned, of ComfyPastJob: those in the rows */
};

G_DEFINE_FINAL_TYPE (ComfyWaitingJobs, comfy_waiting_jobs, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static gboolean
is_waiting (const ComfyPastJob *job)
{
  return comfy_past_job_is_finished (job) ? job->has_kept : !job->is_shown;
}

/* going on sends nothing: what there may be is fetched, or looked for */
static gboolean
is_sent (const ComfyPastJob *job)
{
  return job->state != COMFY_STATE_NEW && job->state != COMFY_STATE_UPLOADING;
}

/* One that another process has taken meanwhile is that process's. Returns: whether it was done */
static gboolean
act (ComfyWaitingJobs  *self,
     const char        *id,
     int                action,
     GError           **error)
{
  g_autoptr(ComfyJob) job = comfy_session_open_job (self->session, id, error);

  if (job == NULL)
    return FALSE;

  if (action == ACTION_FORGET || action == ACTION_PUT_AWAY)
    {
      comfy_job_forget (job);
      comfy_job_put_away (job);
      return TRUE;
    }

  /* of a result that is here already this is the artist's word */
  if (action == ACTION_GO_ON && comfy_job_get_state (job) == COMFY_STATE_READY)
    comfy_job_want_result (job);
  if (action == ACTION_CANCEL)
    comfy_job_cancel (job);
  comfy_scheduler_add (comfy_session_get_scheduler (self->session), job);

  return TRUE;
}

static void
action_cb (ComfyListedJob   *row,
           int               action,
           ComfyWaitingJobs *self)
{
  g_autofree char   *id = g_strdup (g_object_get_data (G_OBJECT (row), "id"));
  g_autoptr(GError)  error = NULL;
  gboolean           is_done = act (self, id, action, &error);

  comfy_job_section_show_problem (COMFY_JOB_SECTION (self->section),
                                  is_done ? NULL : error->message, FALSE);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
fetch_all_cb (ComfyWaitingJobs *self)
{
  g_autoptr(GPtrArray) jobs = g_ptr_array_ref (self->jobs);

  for (unsigned int i = 0; i < jobs->len; i++)
    {
      const ComfyPastJob *job = g_ptr_array_index (jobs, i);
      g_autoptr(GError)   error = NULL;

      if (is_sent (job) && !act (self, job->id, ACTION_FETCH, &error))
        g_message ("The job %s is left alone: %s", job->id, error->message);
    }

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_forget (ComfyListedJob *row,
            gboolean        was_sent)
{
  comfy_listed_job_add_question (row, ACTION_FORGET, _("Forget…"),
                                 was_sent ? _("What this job has made is lost then, and may have "
                                              "been paid for.")
                                          : _("This job is not sent then; nothing was spent."),
                                 _("Forget"));
}

static void
add_actions (ComfyListedJob     *row,
             const ComfyPastJob *job)
{
  switch (job->state)
    {
    case COMFY_STATE_NEW:
    case COMFY_STATE_UPLOADING:
      comfy_listed_job_add_action (row, ACTION_GO_ON, _("Go On"),
                                   job->is_remote ? _("What the server has is fetched")
                                                  : _("It is sent now, which may cost"));
      break;
    case COMFY_STATE_SUBMITTING:
    case COMFY_STATE_UNKNOWN:
      comfy_listed_job_add_action (row, ACTION_GO_ON, _("Look Again"),
                                   _("The server is asked for the job"));
      break;
    case COMFY_STATE_WAITING:
    case COMFY_STATE_RUNNING:
      comfy_listed_job_add_action (row, ACTION_GO_ON, _("Fetch"), NULL);
      comfy_listed_job_add_action (row, ACTION_CANCEL, _("Cancel"),
                                   _("The server is asked to stop it"));
      break;
    case COMFY_STATE_DOWNLOADING:
    case COMFY_STATE_CANCELLING:
      comfy_listed_job_add_action (row, ACTION_GO_ON, _("Fetch"), NULL);
      break;
    case COMFY_STATE_READY:
      comfy_listed_job_add_action (row, ACTION_GO_ON, _("Place"), NULL);
      break;
    case COMFY_STATE_PLACED:
    case COMFY_STATE_CANCELLED:
    case COMFY_STATE_FAILED:
    case COMFY_STATE_EXPIRED:
    case COMFY_N_STATES:
    default:
      comfy_listed_job_add_action (row, ACTION_GO_ON, _("Show"), NULL);
      comfy_listed_job_add_action (row, ACTION_PUT_AWAY, _("Put Away"), NULL);
      return;
    }

  add_forget (row, is_sent (job));
}

static void
add_row (ComfyWaitingJobs   *self,
         const ComfyPastJob *job)
{
  gint64           now = g_get_real_time () / G_USEC_PER_SEC;
  GtkMessageType   type;
  g_autofree char *words = comfy_job_text_dup_waiting (job, now, &type);
  GtkWidget       *row = comfy_listed_job_new (job->title, job->created);

  g_object_set_data_full (G_OBJECT (row), "id", g_strdup (job->id), g_free);
  comfy_listed_job_set_line (COMFY_LISTED_JOB (row), job->prompt);
  comfy_listed_job_set_words (COMFY_LISTED_JOB (row), words, type);
  add_actions (COMFY_LISTED_JOB (row), job);
  comfy_listed_job_show_always (COMFY_LISTED_JOB (row));
  g_signal_connect (row, "action", G_CALLBACK (action_cb), self);
  gtk_container_add (GTK_CONTAINER (comfy_job_section_get_list (COMFY_JOB_SECTION (self->section))),
                     row);
}

static void
comfy_waiting_jobs_finalize (GObject *object)
{
  ComfyWaitingJobs *self = COMFY_WAITING_JOBS (object);

  g_clear_object (&self->session);
  g_ptr_array_unref (self->jobs);

  G_OBJECT_CLASS (comfy_waiting_jobs_parent_class)->finalize (object);
}

static void
comfy_waiting_jobs_class_init (ComfyWaitingJobsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_waiting_jobs_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_WAITING_JOBS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_waiting_jobs_init (ComfyWaitingJobs *self)
{
  self->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_past_job_free);
  self->section = comfy_job_section_new (_("Waiting"), _("Nothing waits to be fetched."));
  g_signal_connect_swapped (self->section, "button", G_CALLBACK (fetch_all_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->section, TRUE, TRUE, 0);
}

/**
 * comfy_waiting_jobs_new:
 * @session: the session
 *
 * Returns: (transfer floating): an empty list
 */
GtkWidget *
comfy_waiting_jobs_new (ComfySession *session)
{
  ComfyWaitingJobs *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_WAITING_JOBS, NULL);
  self->session = g_object_ref (session);

  return GTK_WIDGET (self);
}

/**
 * comfy_waiting_jobs_set_jobs:
 * @jobs: (element-type ComfyPastJob): what is in the journal, the newest first
 *
 * Shows those that wait.
 */
void
comfy_waiting_jobs_set_jobs (ComfyWaitingJobs *self,
                             GPtrArray        *jobs)
{
  g_autoptr(GPtrArray) waiting = NULL;
  unsigned int         n_sent = 0;

  g_return_if_fail (COMFY_IS_WAITING_JOBS (self));
  g_return_if_fail (jobs != NULL);

  waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_past_job_free);
  for (unsigned int i = 0; i < jobs->len; i++)
    if (is_waiting (jobs->pdata[i]))
      g_ptr_array_add (waiting, comfy_past_job_copy (jobs->pdata[i]));
  /* nothing is built anew under the artist's hand that is as it was */
  if (comfy_past_jobs_are_same (self->jobs, waiting))
    return;

  g_ptr_array_unref (self->jobs);
  self->jobs = g_steal_pointer (&waiting);
  comfy_job_section_clear (COMFY_JOB_SECTION (self->section));
  for (unsigned int i = 0; i < self->jobs->len; i++)
    {
      add_row (self, self->jobs->pdata[i]);
      n_sent += is_sent (self->jobs->pdata[i]) ? 1 : 0;
    }
  comfy_job_section_set_button (COMFY_JOB_SECTION (self->section), _("Fetch _All"), n_sent > 1);
}

/**
 * comfy_waiting_jobs_get_n:
 *
 * Returns: how many wait, as of comfy_waiting_jobs_set_jobs()
 */
unsigned int
comfy_waiting_jobs_get_n (ComfyWaitingJobs *self)
{
  g_return_val_if_fail (COMFY_IS_WAITING_JOBS (self), 0);

  return self->jobs->len;
}
