/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The jobs of this process. The list is the scheduler's; this window decides only when it is seen:
 * when a job comes, and again when one needs the artist.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-batch-lines.h"
#include "comfy-earlier-jobs.h"
#include "comfy-job-row.h"
#include "comfy-job-window.h"
#include "comfy-key-assistant.h"
#include "comfy-ui-util.h"

#define WINDOW_WIDTH 480 /* px */
#define LIST_HEIGHT  420 /* px: above it the list scrolls */

struct _ComfyJobWindow
{
  GtkDialog     parent_instance;

  ComfySession *session;   /* owned */
  GtkWidget    *stack;     /* borrowed: a child: the jobs, or the assistant in their place */
  GtkWidget    *assistant; /* borrowed: a child; NULL while none is needed */
  GtkWidget    *scrolled;  /* borrowed: a child */
  GtkWidget    *list;      /* borrowed: a child */
  GtkWidget    *waiting;   /* borrowed: a child: earlier jobs */
  GtkWidget    *batches;   /* borrowed: a child: a line for each batch */
  unsigned int  n_needy;   /* jobs that need the artist, when last looked */
  unsigned int  settling;  /* source: a look at what is left to show; 0 while none is due */
  gboolean      had_jobs;  /* when the last is gone the window goes, too; asked for without any it
                            * says so, and stays */
};

G_DEFINE_FINAL_TYPE (ComfyJobWindow, comfy_job_window, GTK_TYPE_DIALOG)

enum
{
  FINISHED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static GListModel *
get_jobs (ComfyJobWindow *self)
{
  return G_LIST_MODEL (comfy_session_get_scheduler (self->session));
}

/* the assistant, jobs that wait, and what became of a batch keep the window open */
static gboolean
has_something_to_show (ComfyJobWindow *self)
{
  return g_list_model_get_n_items (get_jobs (self)) > 0 || self->assistant != NULL ||
         gtk_widget_get_visible (self->waiting) || gtk_widget_get_visible (self->batches);
}

/* A placed job is seen in its image and needs no row any more, unless it made something else, too.
 * Returns: how many need the artist */
static unsigned int
sort_out_stopped (ComfyJobWindow *self)
{
  ComfyScheduler *scheduler = comfy_session_get_scheduler (self->session);
  unsigned int    n_needy = 0;

  for (unsigned int i = g_list_model_get_n_items (get_jobs (self)); i > 0; i--)
    {
      g_autoptr(ComfyJob) job = g_list_model_get_item (get_jobs (self), i - 1);
      ComfyState          state = comfy_job_get_state (job);

      if (comfy_scheduler_is_active (scheduler, job))
        continue;

      if (state == COMFY_STATE_PLACED && !comfy_job_has_kept (job))
        comfy_scheduler_remove (scheduler, job);
      else if (state != COMFY_STATE_CANCELLED)
        n_needy++;
    }

  return n_needy;
}

/* As high as its rows, up to where the list scrolls; as wide as the artist made it. A scrolled
 * window does not know by itself what height its child needs at the width that it has. */
static void
fit_height (ComfyJobWindow *self)
{
  int width;
  int height;

  gtk_widget_get_preferred_height_for_width (self->list,
                                             gtk_widget_get_allocated_width (self->list), NULL,
                                             &height);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (self->scrolled),
                                              MIN (height, LIST_HEIGHT));
  gtk_window_get_size (GTK_WINDOW (self), &width, NULL);
  gtk_window_resize (GTK_WINDOW (self), width, 1);
}

static void
look_at_row_cb (GtkWidget *row,
                gpointer   data)
{
  gboolean *is_saving = data;

  *is_saving |= comfy_job_row_is_saving (COMFY_JOB_ROW (row));
}

static gboolean
is_saving (ComfyJobWindow *self)
{
  gboolean is_saving = FALSE;

  gtk_container_foreach (GTK_CONTAINER (self->list), look_at_row_cb, &is_saving);

  return is_saving;
}

static gboolean
settle_cb (gpointer user_data)
{
  ComfyJobWindow *self = user_data;
  unsigned int    n_needy = sort_out_stopped (self);

  self->settling = 0;
  comfy_earlier_jobs_hide_taken (COMFY_EARLIER_JOBS (self->waiting));
  if (n_needy > self->n_needy)
    comfy_ui_appear (GTK_WINDOW (self));
  else if (self->had_jobs && !has_something_to_show (self))
    gtk_widget_hide (GTK_WIDGET (self));
  self->n_needy = n_needy;
  fit_height (self);

  if (comfy_job_window_is_finished (self))
    g_signal_emit (self, signals[FINISHED], 0);

  return G_SOURCE_REMOVE;
}

/* Once for all that happens at a time, and never from inside the scheduler, which is asked. */
static void
settle (ComfyJobWindow *self)
{
  if (self->settling == 0)
    self->settling = g_idle_add (settle_cb, self);
}

static void
hide_window (ComfyJobWindow *self)
{
  gtk_widget_hide (GTK_WIDGET (self));
  comfy_batch_lines_dismiss_ended (COMFY_BATCH_LINES (self->batches));
  settle (self);
}

static void
jobs_changed_cb (ComfyJobWindow *self,
                 unsigned int    position,
                 unsigned int    removed,
                 unsigned int    added)
{
  if (added > 0)
    {
      self->had_jobs = TRUE;
      comfy_ui_appear (GTK_WINDOW (self));
    }
  settle (self);
}

static void
drop_assistant (ComfyJobWindow *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "jobs");
  g_clear_pointer (&self->assistant, gtk_widget_destroy);
}

static void
assistant_done_cb (ComfyKeyAssistant *assistant,
                   ComfyProfile      *profile,
                   ComfyJobWindow    *self)
{
  ComfyScheduler      *scheduler = comfy_session_get_scheduler (self->session);
  g_autoptr(ComfyJob)  job = g_object_ref (g_object_get_data (G_OBJECT (assistant), "job"));

  drop_assistant (self);
  comfy_scheduler_add (scheduler, job);
}

static void
replace_key_cb (ComfyJobRow    *row,
                ComfyJobWindow *self)
{
  ComfyJob     *job = comfy_job_row_get_job (row);
  ComfyProfile *profile;

  profile = comfy_profile_store_find (
    comfy_session_get_profiles (self->session),
    comfy_request_get_profile_id (comfy_job_get_request (job)));
  /* removed since the button was shown */
  if (profile == NULL)
    return;

  self->assistant = comfy_key_assistant_new (self->session, profile);
  g_object_set_data_full (G_OBJECT (self->assistant), "job", g_object_ref (job), g_object_unref);
  g_signal_connect (self->assistant, "done", G_CALLBACK (assistant_done_cb), self);
  g_signal_connect_swapped (self->assistant, "cancelled", G_CALLBACK (drop_assistant), self);
  gtk_widget_show_all (self->assistant);
  gtk_stack_add_named (GTK_STACK (self->stack), self->assistant, "key");
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "key");
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  ComfyJobWindow *self = user_data;
  GtkWidget      *row = comfy_job_row_new (self->session, item);

  g_signal_connect (row, "replace-key", G_CALLBACK (replace_key_cb), self);
  g_signal_connect_swapped (row, "resized", G_CALLBACK (settle), self);

  return row;
}

/* closing hides: rows and their jobs stay */
static void
comfy_job_window_response (GtkDialog *dialog,
                           int        response)
{
  hide_window (COMFY_JOB_WINDOW (dialog));
}

static gboolean
comfy_job_window_delete_event (GtkWidget   *widget,
                               GdkEventAny *event)
{
  hide_window (COMFY_JOB_WINDOW (widget));

  return GDK_EVENT_STOP;
}

static void
comfy_job_window_destroy (GtkWidget *widget)
{
  g_clear_handle_id (&COMFY_JOB_WINDOW (widget)->settling, g_source_remove);

  GTK_WIDGET_CLASS (comfy_job_window_parent_class)->destroy (widget);
}

static void
comfy_job_window_finalize (GObject *object)
{
  g_clear_object (&COMFY_JOB_WINDOW (object)->session);

  G_OBJECT_CLASS (comfy_job_window_parent_class)->finalize (object);
}

static void
comfy_job_window_class_init (ComfyJobWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_job_window_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_job_window_destroy;
  GTK_WIDGET_CLASS (klass)->delete_event = comfy_job_window_delete_event;
  GTK_DIALOG_CLASS (klass)->response = comfy_job_window_response;

  /**
   * ComfyJobWindow::finished:
   *
   * No job runs and there is nothing left to show: the process may end.
   */
  signals[FINISHED] =
    g_signal_new ("finished", COMFY_TYPE_JOB_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_job_window_init (ComfyJobWindow *self)
{
  gtk_window_set_title (GTK_WINDOW (self), _("Comfy Cloud Jobs"));
  gtk_window_set_role (GTK_WINDOW (self), "comfy-jobs");
  gtk_window_set_default_size (GTK_WINDOW (self), WINDOW_WIDTH, -1);
  g_signal_connect (self, "map", G_CALLBACK (settle), NULL);
  gtk_dialog_add_button (GTK_DIALOG (self), _("_Close"), GTK_RESPONSE_CLOSE);
}

static void
build_list (ComfyJobWindow *self)
{
  GtkWidget *empty = gtk_label_new (_("No job is running."));

  g_object_set (empty, "margin", 24, NULL);
  gtk_style_context_add_class (gtk_widget_get_style_context (empty), GTK_STYLE_CLASS_DIM_LABEL);
  gtk_widget_show (empty);

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (self->list), empty);
  gtk_list_box_bind_model (GTK_LIST_BOX (self->list), get_jobs (self), create_row, self, NULL);
  comfy_ui_set_name (self->list, _("Jobs"));

  self->scrolled = gtk_scrolled_window_new (NULL, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (self->scrolled), GTK_SHADOW_IN);
  gtk_container_add (GTK_CONTAINER (self->scrolled), self->list);
}

static void
build (ComfyJobWindow *self)
{
  GtkWidget *content = gtk_dialog_get_content_area (GTK_DIALOG (self));
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  build_list (self);
  self->waiting = comfy_earlier_jobs_new (self->session);
  self->had_jobs = gtk_widget_get_visible (self->waiting);
  g_signal_connect_swapped (self->waiting, "taken", G_CALLBACK (settle), self);
  gtk_box_pack_start (GTK_BOX (page), self->waiting, FALSE, FALSE, 0);
  self->batches = comfy_batch_lines_new (self->session);
  g_signal_connect_swapped (self->batches, "changed", G_CALLBACK (settle), self);
  gtk_box_pack_start (GTK_BOX (page), self->batches, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (page), self->scrolled, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (page),
                      comfy_ui_hint_new (_("Jobs go on when this window is closed; their results "
                                           "appear in their images.")),
                      FALSE, FALSE, 0);

  self->stack = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_container_set_border_width (GTK_CONTAINER (self->stack), 12);
  gtk_stack_add_named (GTK_STACK (self->stack), page, "jobs");
  gtk_box_pack_start (GTK_BOX (content), self->stack, TRUE, TRUE, 0);
  gtk_widget_show_all (content);
}

/**
 * comfy_job_window_new:
 * @session: the session
 *
 * The window shows itself when a job comes; gtk_window_present() shows it without one.
 *
 * Returns: (transfer none): a hidden window, owned by GTK until gtk_widget_destroy()
 */
GtkWidget *
comfy_job_window_new (ComfySession *session)
{
  ComfyJobWindow *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_JOB_WINDOW, NULL);
  self->session = g_object_ref (session);
  build (self);
  g_signal_connect_object (get_jobs (self), "items-changed", G_CALLBACK (jobs_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (get_jobs (self), "notify::n-active", G_CALLBACK (settle), self,
                           G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * comfy_job_window_is_finished:
 * @self: a window
 *
 * Returns: whether no job runs, nothing is being saved, and the window is closed
 */
gboolean
comfy_job_window_is_finished (ComfyJobWindow *self)
{
  g_return_val_if_fail (COMFY_IS_JOB_WINDOW (self), TRUE);

  return !gtk_widget_get_visible (GTK_WIDGET (self)) &&
         comfy_scheduler_get_n_active (comfy_session_get_scheduler (self->session)) == 0 &&
         !is_saving (self);
}
