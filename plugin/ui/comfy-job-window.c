/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The jobs of this process. The list is the scheduler's; this window decides only when it is seen:
 * when a job comes, and again when one needs the artist.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-earlier-jobs.h"
#include "comfy-job-list.h"
#include "comfy-job-window.h"
#include "comfy-jobs-view.h"
#include "comfy-key-stack.h"
#include "comfy-ui-util.h"

#define WINDOW_WIDTH 480 /* px */
#define LIST_HEIGHT  420 /* px: above it the list scrolls */

#define PAGE_QUEUE "queue"
#define PAGE_ALL   "all"

struct _ComfyJobWindow
{
  GtkDialog     parent_instance;

  ComfySession *session;  /* owned */
  GtkWidget    *stack;    /* borrowed: a child: the jobs, or the key assistant in their place */
  GtkWidget    *pages;    /* borrowed: a child: what is under way, or all jobs */
  GtkWidget    *jobs;     /* borrowed: a child: the list */
  GtkWidget    *waiting;  /* borrowed: a child: earlier jobs */
  unsigned int  n_needy;  /* jobs that need the artist, when last looked */
  gboolean      is_quiet; /* another window has the jobs */
  gboolean      had_jobs; /* when the last is gone the window goes, too; asked for without any it
                           * says so, and stays */
};

G_DEFINE_FINAL_TYPE (ComfyJobWindow, comfy_job_window, GTK_TYPE_DIALOG)

enum
{
  FINISHED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static gboolean
shows_all (ComfyJobWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (self->pages)), PAGE_ALL) == 0;
}

/* the assistant, jobs that wait, what became of a batch, and who looks for another job keep the
 * window open */
static gboolean
has_something_to_show (ComfyJobWindow *self)
{
  return shows_all (self) || !comfy_job_list_is_empty (COMFY_JOB_LIST (self->jobs))
         || comfy_key_stack_is_asking (COMFY_KEY_STACK (self->stack))
         || gtk_widget_get_visible (self->waiting);
}

/* as high as what is in it, as wide as the artist made it */
static void
fit_height (ComfyJobWindow *self)
{
  int width;

  gtk_window_get_size (GTK_WINDOW (self), &width, NULL);
  gtk_window_resize (GTK_WINDOW (self), width, 1);
}

/* another page has another height */
static void
page_changed_cb (ComfyJobWindow *self)
{
  fit_height (self);
}

static void
list_changed_cb (ComfyJobWindow *self)
{
  unsigned int n_needy = comfy_job_list_get_n_needy (COMFY_JOB_LIST (self->jobs));

  comfy_earlier_jobs_hide_taken (COMFY_EARLIER_JOBS (self->waiting));
  if (n_needy > self->n_needy && !self->is_quiet)
    comfy_ui_appear (GTK_WINDOW (self));
  else if (self->had_jobs && !has_something_to_show (self))
    gtk_widget_hide (GTK_WIDGET (self));
  self->n_needy = n_needy;
  fit_height (self);

  if (comfy_job_window_is_finished (self))
    g_signal_emit (self, signals[FINISHED], 0);
}

static void
settle (ComfyJobWindow *self)
{
  comfy_job_list_settle (COMFY_JOB_LIST (self->jobs));
}

static void
hide_window (ComfyJobWindow *self)
{
  gtk_widget_hide (GTK_WIDGET (self));
  gtk_stack_set_visible_child_name (GTK_STACK (self->pages), PAGE_QUEUE);
  comfy_job_list_dismiss_batches (COMFY_JOB_LIST (self->jobs));
  settle (self);
}

static void
jobs_changed_cb (ComfyJobWindow *self,
                 unsigned int    position,
                 unsigned int    removed,
                 unsigned int    added)
{
  if (added == 0)
    return;

  self->had_jobs = TRUE;
  if (!self->is_quiet)
    comfy_ui_appear (GTK_WINDOW (self));
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
comfy_job_window_finalize (GObject *object)
{
  g_clear_object (&COMFY_JOB_WINDOW (object)->session);

  G_OBJECT_CLASS (comfy_job_window_parent_class)->finalize (object);
}

static void
comfy_job_window_class_init (ComfyJobWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_job_window_finalize;
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
  gtk_dialog_add_button (GTK_DIALOG (self), _("_Close"), GTK_RESPONSE_CLOSE);
}

/* what is under way in this GIMP */
static GtkWidget *
new_queue (ComfyJobWindow *self)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->jobs = comfy_job_list_new (self->session, LIST_HEIGHT);
  g_signal_connect_swapped (self->jobs, "changed", G_CALLBACK (list_changed_cb), self);
  self->waiting = comfy_earlier_jobs_new (self->session);
  self->had_jobs = gtk_widget_get_visible (self->waiting);
  g_signal_connect_swapped (self->waiting, "taken", G_CALLBACK (settle), self);
  gtk_box_pack_start (GTK_BOX (page), self->waiting, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (page), self->jobs, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (page),
                      comfy_ui_hint_new (_("Jobs go on when this window is closed; their results "
                                           "appear in their images.")),
                      FALSE, FALSE, 0);

  return page;
}

/* what earlier sessions left, what has ended, and what is on the server */
static GtkWidget *
new_all (ComfyJobWindow *self)
{
  GtkWidget *view = comfy_jobs_view_new (self->session);

  gtk_widget_set_size_request (view, -1, LIST_HEIGHT);

  return view;
}

static void
build (ComfyJobWindow *self)
{
  GtkWidget *content = gtk_dialog_get_content_area (GTK_DIALOG (self));
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *switcher = gtk_stack_switcher_new ();

  self->pages = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->pages), FALSE);
  gtk_stack_add_titled (GTK_STACK (self->pages), new_queue (self), PAGE_QUEUE, _("Queue"));
  gtk_stack_add_titled (GTK_STACK (self->pages), new_all (self), PAGE_ALL, _("All Jobs"));
  g_signal_connect_object (self->pages, "notify::visible-child", G_CALLBACK (page_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), GTK_STACK (self->pages));
  gtk_widget_set_halign (switcher, GTK_ALIGN_CENTER);
  gtk_box_pack_start (GTK_BOX (page), switcher, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (page), self->pages, TRUE, TRUE, 0);

  self->stack = comfy_key_stack_new (self->session, page);
  gtk_stack_set_hhomogeneous (GTK_STACK (self->stack), TRUE);
  gtk_container_set_border_width (GTK_CONTAINER (self->stack), 12);
  g_signal_connect_swapped (self->jobs, "replace-key", G_CALLBACK (comfy_key_stack_renew),
                            self->stack);
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
  g_signal_connect_object (comfy_session_get_scheduler (session), "items-changed",
                           G_CALLBACK (jobs_changed_cb), self, G_CONNECT_SWAPPED);

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
         !comfy_job_list_is_saving (COMFY_JOB_LIST (self->jobs));
}

/**
 * comfy_job_window_set_quiet:
 * @self: a window
 * @is_quiet: whether another window has the jobs
 *
 * A quiet one hides, and does not come when jobs do.
 */
void
comfy_job_window_set_quiet (ComfyJobWindow *self,
                            gboolean        is_quiet)
{
  g_return_if_fail (COMFY_IS_JOB_WINDOW (self));

  self->is_quiet = is_quiet;
  if (is_quiet)
    gtk_widget_hide (GTK_WIDGET (self));
}
