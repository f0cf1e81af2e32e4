/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-finished-jobs.h"
#include "comfy-job-section.h"
#include "comfy-job-text.h"
#include "comfy-listed-job.h"

#define STEP 50 /* rows at a time: there may be hundreds */

/* what the buttons of a row mean */
enum
{
  ACTION_PLACE,
  ACTION_COPY,
  ACTION_DELETE,
};

struct _ComfyFinishedJobs
{
  GtkBox        parent_instance;

  ComfySession *session; /* owned */
  GtkWidget    *section; /* borrowed: a child */
  GPtrArray    *jobs;    /* owned, of ComfyPastJob: all that have ended */
  unsigned int  n_shown; /* of them: the first */
};

G_DEFINE_FINAL_TYPE (ComfyFinishedJobs, comfy_finished_jobs, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/* what the artist has not put away yet waits elsewhere */
static gboolean
has_ended (const ComfyPastJob *job)
{
  return comfy_past_job_is_finished (job) ? !job->has_kept : job->is_shown;
}

static GtkWidget *
get_list (ComfyFinishedJobs *self)
{
  return comfy_job_section_get_list (COMFY_JOB_SECTION (self->section));
}

static void
delete (ComfyFinishedJobs  *self,
        const ComfyPastJob *job)
{
  g_autoptr(GError) error = NULL;
  gboolean          is_done;

  is_done = comfy_journal_delete (comfy_session_get_journal (self->session), job->id, &error);
  comfy_job_section_show_problem (COMFY_JOB_SECTION (self->section),
                                  is_done ? NULL : error->message, FALSE);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* (transfer full): what was asked for, and where the answer goes */
typedef struct
{
  ComfyFinishedJobs *self; /* owned */
  ComfyListedJob    *row;  /* owned */
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_object_unref (asked->self);
  g_object_unref (asked->row);
  g_free (asked);
}

static DexFuture *
placed_cb (DexFuture *future,
           gpointer   data)
{
  Asked             *asked = data;
  g_autoptr(GError)  error = NULL;
  gboolean           is_done = dex_future_get_value (future, &error) != NULL;

  /* closed, or replaced, meanwhile: their children are gone */
  if (gtk_widget_get_parent (GTK_WIDGET (asked->row)) != NULL)
    comfy_listed_job_set_busy (asked->row, FALSE);
  if (gtk_widget_get_parent (GTK_WIDGET (asked->self)) != NULL)
    comfy_job_section_show_problem (COMFY_JOB_SECTION (asked->self->section),
                                    is_done ? NULL : error->message, FALSE);

  return NULL;
}

static void
place (ComfyFinishedJobs  *self,
       ComfyListedJob     *row,
       const ComfyPastJob *job)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->self = g_object_ref (self);
  asked->row = g_object_ref (row);
  comfy_listed_job_set_busy (row, TRUE);
  dex_future_disown (dex_future_finally (comfy_session_apply (self->session, job->id, -1),
                                         placed_cb, asked, asked_free));
}

static void
action_cb (ComfyListedJob    *row,
           int                action,
           ComfyFinishedJobs *self)
{
  const ComfyPastJob *job = g_object_get_data (G_OBJECT (row), "job");
  g_autofree char    *details = NULL;

  if (action == ACTION_DELETE)
    {
      delete (self, job);
      return;
    }
  if (action == ACTION_PLACE)
    {
      place (self, row, job);
      return;
    }

  details = comfy_job_text_dup_details (job);
  gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
                          details, -1);
}

static void
add_row (ComfyFinishedJobs  *self,
         const ComfyPastJob *job)
{
  GtkMessageType   type;
  g_autofree char *words = comfy_job_text_dup_ended (job, &type);
  GtkWidget       *row = comfy_listed_job_new (job->title, job->created);

  g_object_set_data_full (G_OBJECT (row), "job", comfy_past_job_copy (job),
                          (GDestroyNotify) comfy_past_job_free);
  comfy_listed_job_set_line (COMFY_LISTED_JOB (row), job->prompt);
  comfy_listed_job_set_words (COMFY_LISTED_JOB (row), words, type);
  if (job->has_pictures)
    comfy_listed_job_add_action (COMFY_LISTED_JOB (row), ACTION_PLACE,
                                 job->is_shown ? _("Place") : _("Place Again"),
                                 _("Nothing is sent or paid for again"));
  comfy_listed_job_add_action (COMFY_LISTED_JOB (row), ACTION_COPY, _("Copy Details"), NULL);
  if (comfy_past_job_is_finished (job))
    comfy_listed_job_add_question (COMFY_LISTED_JOB (row), ACTION_DELETE, _("Delete…"),
                                   _("What is kept of this job on this computer is deleted. What "
                                     "is in images stays there."),
                                   _("Delete"));
  g_signal_connect (row, "action", G_CALLBACK (action_cb), self);
  gtk_container_add (GTK_CONTAINER (get_list (self)), row);
}

/* rows up to @n, which are there already up to some */
static void
show_up_to (ComfyFinishedJobs *self,
            unsigned int       n)
{
  for (; self->n_shown < MIN (n, self->jobs->len); self->n_shown++)
    add_row (self, self->jobs->pdata[self->n_shown]);
  comfy_job_section_set_more (COMFY_JOB_SECTION (self->section),
                              self->n_shown < self->jobs->len ? _("Show Mor_e") : NULL);
}

static void
more_cb (ComfyFinishedJobs *self)
{
  GtkListBoxRow *first;
  unsigned int   n = self->n_shown;

  show_up_to (self, n + STEP);
  /* the button may be gone that had the focus: who goes on goes on there */
  first = gtk_list_box_get_row_at_index (GTK_LIST_BOX (get_list (self)), (int) n);
  if (first != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (first));
}

static void
comfy_finished_jobs_finalize (GObject *object)
{
  ComfyFinishedJobs *self = COMFY_FINISHED_JOBS (object);

  g_clear_object (&self->session);
  g_ptr_array_unref (self->jobs);

  G_OBJECT_CLASS (comfy_finished_jobs_parent_class)->finalize (object);
}

static void
comfy_finished_jobs_class_init (ComfyFinishedJobsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_finished_jobs_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_FINISHED_JOBS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_finished_jobs_init (ComfyFinishedJobs *self)
{
  self->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_past_job_free);
  self->section = comfy_job_section_new (_("On This Computer"),
                                         _("Jobs that have ended are listed here."));
  g_signal_connect_swapped (self->section, "more", G_CALLBACK (more_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->section, TRUE, TRUE, 0);
}

/**
 * comfy_finished_jobs_new:
 * @session: the session
 *
 * Returns: (transfer floating): an empty list
 */
GtkWidget *
comfy_finished_jobs_new (ComfySession *session)
{
  ComfyFinishedJobs *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_FINISHED_JOBS, NULL);
  self->session = g_object_ref (session);

  return GTK_WIDGET (self);
}

/* (transfer full) (nullable): the id of the job in the row that is chosen */
static char *
dup_chosen (ComfyFinishedJobs *self)
{
  GtkListBoxRow      *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (get_list (self)));
  const ComfyPastJob *job = row != NULL ? g_object_get_data (G_OBJECT (row), "job") : NULL;

  return job != NULL ? g_strdup (job->id) : NULL;
}

/* what the artist has chosen is chosen in the new rows, too; @has_focus: and has the focus */
static void
choose (ComfyFinishedJobs *self,
        const char        *id,
        gboolean           has_focus)
{
  for (unsigned int i = 0; i < self->n_shown; i++)
    {
      const ComfyPastJob *job = g_ptr_array_index (self->jobs, i);
      GtkListBoxRow      *row;

      if (!g_str_equal (job->id, id))
        continue;

      row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (get_list (self)), (int) i);
      gtk_list_box_select_row (GTK_LIST_BOX (get_list (self)), row);
      if (has_focus)
        gtk_widget_grab_focus (GTK_WIDGET (row));
    }
}

/**
 * comfy_finished_jobs_set_jobs:
 * @jobs: (element-type ComfyPastJob): what is in the journal, the newest first
 *
 * Shows those that have ended.
 */
void
comfy_finished_jobs_set_jobs (ComfyFinishedJobs *self,
                              GPtrArray         *jobs)
{
  g_autoptr(GPtrArray)  ended = NULL;
  g_autofree char      *chosen = NULL;
  gboolean              has_focus;
  unsigned int          n;

  g_return_if_fail (COMFY_IS_FINISHED_JOBS (self));
  g_return_if_fail (jobs != NULL);

  ended = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_past_job_free);
  for (unsigned int i = 0; i < jobs->len; i++)
    if (has_ended (jobs->pdata[i]))
      g_ptr_array_add (ended, comfy_past_job_copy (jobs->pdata[i]));
  /* nothing is built anew under the artist's hand that is as it was */
  if (comfy_past_jobs_are_same (self->jobs, ended))
    return;

  n = MAX (self->n_shown, STEP);
  chosen = dup_chosen (self);
  has_focus = gtk_container_get_focus_child (GTK_CONTAINER (get_list (self))) != NULL;
  g_ptr_array_unref (self->jobs);
  self->jobs = g_steal_pointer (&ended);
  comfy_job_section_clear (COMFY_JOB_SECTION (self->section));
  self->n_shown = 0;
  show_up_to (self, n);
  if (chosen != NULL)
    choose (self, chosen, has_focus);
}
