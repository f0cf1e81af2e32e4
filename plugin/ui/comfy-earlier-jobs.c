/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-earlier-jobs.h"
#include "comfy-notice.h"

/* what the buttons of the notice mean */
enum
{
  RESPONSE_FETCH = 1,
  RESPONSE_ASK_FORGET,
  RESPONSE_FORGET,
  RESPONSE_KEEP,
};

struct _ComfyEarlierJobs
{
  GtkBox        parent_instance;

  ComfySession *session; /* owned */
  GtkWidget    *notice;  /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyEarlierJobs, comfy_earlier_jobs, GTK_TYPE_BOX)

enum
{
  TAKEN,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/* (transfer full): those that are not finished, and those with texts and files not put away */
static char **
list_ids (ComfyEarlierJobs *self)
{
  ComfyJournal            *journal = comfy_session_get_journal (self->session);
  g_autoptr(GStrvBuilder)  ids = g_strv_builder_new ();
  g_auto(GStrv)            orphans = comfy_journal_list_orphans (journal);
  g_auto(GStrv)            kept = comfy_journal_list_kept (journal);

  g_strv_builder_addv (ids, (const char **) orphans);
  g_strv_builder_addv (ids, (const char **) kept);

  return g_strv_builder_end (ids);
}

/* (transfer full): what is said of earlier jobs, at least one */
static char *
dup_text (unsigned int n_unfinished,
          unsigned int n_kept)
{
  g_autofree char *unfinished = NULL;
  g_autofree char *kept = NULL;

  unfinished = g_strdup_printf (ngettext ("%u earlier job has not been finished.",
                                          "%u earlier jobs have not been finished.",
                                          n_unfinished), n_unfinished);
  kept = g_strdup_printf (ngettext ("%u earlier job has texts or files for you.",
                                    "%u earlier jobs have texts or files for you.",
                                    n_kept), n_kept);
  if (n_kept == 0)
    return g_steal_pointer (&unfinished);
  if (n_unfinished == 0)
    return g_steal_pointer (&kept);

  return g_strdup_printf ("%s %s", unfinished, kept);
}

/* how many earlier results wait, if any */
static void
show (ComfyEarlierJobs *self)
{
  ComfyJournal    *journal = comfy_session_get_journal (self->session);
  g_auto(GStrv)    orphans = comfy_journal_list_orphans (journal);
  g_auto(GStrv)    kept = comfy_journal_list_kept (journal);
  g_autofree char *text = NULL;

  if (orphans[0] == NULL && kept[0] == NULL)
    {
      gtk_widget_hide (GTK_WIDGET (self));
      return;
    }

  text = dup_text (g_strv_length (orphans), g_strv_length (kept));
  comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_INFO, text);
  comfy_notice_add_action (COMFY_NOTICE (self->notice), _("Forge_t…"), RESPONSE_ASK_FORGET);
  comfy_notice_add_action (COMFY_NOTICE (self->notice),
                           orphans[0] != NULL ? _("_Go On") : _("_Show"), RESPONSE_FETCH);
  gtk_widget_show (GTK_WIDGET (self));
}

static void
ask_forget (ComfyEarlierJobs *self)
{
  comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_WARNING,
                     _("What these jobs have made is lost then, and may have been paid for."));
  comfy_notice_add_action (COMFY_NOTICE (self->notice), _("K_eep"), RESPONSE_KEEP);
  comfy_notice_add_action (COMFY_NOTICE (self->notice), _("Forge_t"), RESPONSE_FORGET);
}

/* one that another process has taken meanwhile is that process's */
static void
take (ComfyEarlierJobs *self,
      gboolean          forget)
{
  g_auto(GStrv) ids = list_ids (self);

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      g_autoptr(GError)   error = NULL;
      g_autoptr(ComfyJob) job = comfy_session_open_job (self->session, ids[i], &error);

      if (job == NULL)
        {
          g_message ("The job %s is left alone: %s", ids[i], error->message);
          continue;
        }

      /* of a result that is here already this is the artist's word */
      if (comfy_job_get_state (job) == COMFY_STATE_READY)
        comfy_job_want_result (job);
      if (forget)
        {
          comfy_job_forget (job);
          comfy_job_put_away (job);
        }
      else
        comfy_scheduler_add (comfy_session_get_scheduler (self->session), job);
    }

  show (self);
  g_signal_emit (self, signals[TAKEN], 0);
}

static void
response_cb (GtkInfoBar       *bar,
             int               response,
             ComfyEarlierJobs *self)
{
  if (response == RESPONSE_ASK_FORGET)
    ask_forget (self);
  else if (response == RESPONSE_KEEP)
    show (self);
  else
    take (self, response == RESPONSE_FORGET);
}

static void
comfy_earlier_jobs_finalize (GObject *object)
{
  g_clear_object (&COMFY_EARLIER_JOBS (object)->session);

  G_OBJECT_CLASS (comfy_earlier_jobs_parent_class)->finalize (object);
}

static void
comfy_earlier_jobs_class_init (ComfyEarlierJobsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_earlier_jobs_finalize;

  signals[TAKEN] =
    g_signal_new ("taken", COMFY_TYPE_EARLIER_JOBS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_earlier_jobs_init (ComfyEarlierJobs *self)
{
  self->notice = comfy_notice_new ();
  g_signal_connect (self->notice, "response", G_CALLBACK (response_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->notice, TRUE, TRUE, 0);
  gtk_widget_set_no_show_all (GTK_WIDGET (self), TRUE);
}

/**
 * comfy_earlier_jobs_new:
 * @session: the session
 *
 * Returns: (transfer floating): what asks, visible when there is something to ask about
 */
GtkWidget *
comfy_earlier_jobs_new (ComfySession *session)
{
  ComfyEarlierJobs *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_EARLIER_JOBS, NULL);
  self->session = g_object_ref (session);
  show (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_earlier_jobs_hide_taken:
 * @self: what asks
 *
 * Asks no more when there is nothing left. A job on its way from a menu entry to another window of
 * jobs is nobody's for a moment, and may have been counted as left over.
 */
void
comfy_earlier_jobs_hide_taken (ComfyEarlierJobs *self)
{
  g_auto(GStrv) ids = NULL;

  g_return_if_fail (COMFY_IS_EARLIER_JOBS (self));

  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return;

  ids = list_ids (self);
  if (ids[0] == NULL)
    gtk_widget_hide (GTK_WIDGET (self));
}
