/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-history-view.h"
#include "comfy-job-list.h"
#include "comfy-jobs-view.h"
#include "comfy-panel-results.h"
#include "comfy-ui-util.h"

#define QUEUE_HEIGHT 190 /* px: above it the rows scroll */
#define MARGIN       6   /* px: within a tab */

#define NO_MARK "" /* of an image of which nothing was taken yet: then nothing is listed */

enum
{
  PAGE_RESULTS,
  PAGE_JOBS,
};

struct _ComfyPanelResults
{
  GtkNotebook     parent_instance;

  ComfySession   *session;   /* owned */
  ComfyHistory   *history;   /* owned */
  ComfyImageInfo *image;     /* owned, nullable: that is worked on */
  GtkWidget      *queue;     /* borrowed: a child */
  GtkWidget      *view;      /* borrowed: a child: the history */
  GtkWidget      *all;       /* borrowed: a child: what of other images came, too */
  GtkWidget      *jobs;      /* borrowed: a child */
  GtkWidget      *jobs_tab;  /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyPanelResults, comfy_panel_results, GTK_TYPE_NOTEBOOK)

enum
{
  EDIT,
  SETTLED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/* an empty queue takes no room: the history has it */
static void
queue_changed_cb (ComfyPanelResults *self)
{
  gtk_widget_set_visible (self->queue, !comfy_job_list_is_empty (COMFY_JOB_LIST (self->queue)));
  g_signal_emit (self, signals[SETTLED], 0, TRUE);
}

/* without an image what came of none is to be seen */
static void
filter_history (ComfyPanelResults *self)
{
  gboolean is_all = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->all));

  if (self->image == NULL || is_all)
    comfy_history_set_image (self->history, NULL, NULL);
  else
    comfy_history_set_image (self->history,
                             self->image->mark != NULL ? self->image->mark : NO_MARK,
                             self->image->file);
  gtk_widget_set_sensitive (self->all, self->image != NULL);
}

/* how many wait is told where it can be seen from the other tab */
static void
n_waiting_cb (ComfyPanelResults *self)
{
  unsigned int     n = comfy_jobs_view_get_n_waiting (COMFY_JOBS_VIEW (self->jobs));
  /* translators: a tab, and how many jobs wait there */
  g_autofree char *text = n > 0 ? g_strdup_printf (_("Jobs (%u)"), n) : g_strdup (_("Jobs"));

  gtk_label_set_text (GTK_LABEL (self->jobs_tab), text);
}

static void
edit_cb (ComfyHistoryView  *view,
         ComfyRequest      *request,
         const char        *journal_id,
         ComfyPanelResults *self)
{
  g_signal_emit (self, signals[EDIT], 0, request);
}

static void
settled_cb (ComfyPanelResults *self,
            gboolean           all)
{
  g_signal_emit (self, signals[SETTLED], 0, all);
}

static void
comfy_panel_results_finalize (GObject *object)
{
  ComfyPanelResults *self = COMFY_PANEL_RESULTS (object);

  g_clear_pointer (&self->image, comfy_image_info_free);
  g_clear_object (&self->history);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_panel_results_parent_class)->finalize (object);
}

static void
comfy_panel_results_class_init (ComfyPanelResultsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_panel_results_finalize;

  signals[EDIT] =
    g_signal_new ("edit", COMFY_TYPE_PANEL_RESULTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, COMFY_TYPE_REQUEST);
  signals[SETTLED] =
    g_signal_new ("settled", COMFY_TYPE_PANEL_RESULTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
comfy_panel_results_init (ComfyPanelResults *self)
{
}

/* low, the panel scrolls what it has no room for */
static GtkWidget *
new_results (ComfyPanelResults *self,
             ComfyKeyStack     *keys)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_container_set_border_width (GTK_CONTAINER (box), MARGIN);
  self->queue = comfy_job_list_new (self->session, QUEUE_HEIGHT);
  g_signal_connect_swapped (self->queue, "changed", G_CALLBACK (queue_changed_cb), self);
  g_signal_connect_swapped (self->queue, "replace-key", G_CALLBACK (comfy_key_stack_renew), keys);
  gtk_box_pack_start (GTK_BOX (box), self->queue, FALSE, FALSE, 0);

  self->view = comfy_history_view_new (self->session, self->history);
  g_signal_connect (self->view, "edit", G_CALLBACK (edit_cb), self);
  g_signal_connect_swapped (self->view, "settled", G_CALLBACK (settled_cb), self);
  gtk_box_pack_start (GTK_BOX (box), self->view, TRUE, TRUE, 0);

  self->all = gtk_check_button_new_with_mnemonic (_("Of all _images"));
  gtk_widget_set_tooltip_text (self->all, _("Show what was made for other images, too"));
  g_signal_connect_swapped (self->all, "toggled", G_CALLBACK (filter_history), self);
  gtk_box_pack_start (GTK_BOX (box), self->all, FALSE, FALSE, 0);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  comfy_ui_keep_clear (GTK_SCROLLED_WINDOW (scrolled));
  gtk_container_add (GTK_CONTAINER (scrolled), box);

  return scrolled;
}

static void
build (ComfyPanelResults *self,
       ComfyKeyStack     *keys)
{
  GtkWidget *results = new_results (self, keys);

  self->jobs = comfy_jobs_view_new (self->session);
  gtk_container_set_border_width (GTK_CONTAINER (self->jobs), MARGIN);
  self->jobs_tab = gtk_label_new (NULL);
  n_waiting_cb (self);
  g_signal_connect_swapped (self->jobs, "notify::n-waiting", G_CALLBACK (n_waiting_cb), self);

  gtk_notebook_append_page (GTK_NOTEBOOK (self), results, gtk_label_new (_("Results")));
  gtk_notebook_append_page (GTK_NOTEBOOK (self), self->jobs, self->jobs_tab);
  comfy_ui_set_name (GTK_WIDGET (self), _("Results and jobs"));
}

/**
 * comfy_panel_results_new:
 * @session: the session
 * @keys: where a key is asked for; a parent
 *
 * Returns: (transfer floating): what came, of no image yet
 */
GtkWidget *
comfy_panel_results_new (ComfySession  *session,
                         ComfyKeyStack *keys)
{
  ComfyPanelResults *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (COMFY_IS_KEY_STACK (keys), NULL);

  self = g_object_new (COMFY_TYPE_PANEL_RESULTS, NULL);
  self->session = g_object_ref (session);
  self->history = comfy_history_new (comfy_session_get_journal (session),
                                     comfy_session_get_scheduler (session));
  build (self, keys);
  filter_history (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_panel_results_set_image:
 * @image: (nullable): that is worked on; %NULL: none is open
 *
 * Shows what was made for it.
 */
void
comfy_panel_results_set_image (ComfyPanelResults    *self,
                               const ComfyImageInfo *image)
{
  g_return_if_fail (COMFY_IS_PANEL_RESULTS (self));

  g_clear_pointer (&self->image, comfy_image_info_free);
  self->image = image != NULL ? comfy_image_info_copy (image) : NULL;
  filter_history (self);
  comfy_jobs_view_set_image (COMFY_JOBS_VIEW (self->jobs), image != NULL ? image->id : -1);
}

/**
 * comfy_panel_results_show_jobs:
 *
 * Shows the tab with all jobs.
 */
void
comfy_panel_results_show_jobs (ComfyPanelResults *self)
{
  g_return_if_fail (COMFY_IS_PANEL_RESULTS (self));

  gtk_notebook_set_current_page (GTK_NOTEBOOK (self), PAGE_JOBS);
}

/**
 * comfy_panel_results_refresh:
 *
 * Looks at the disk: the artist has come back.
 */
void
comfy_panel_results_refresh (ComfyPanelResults *self)
{
  g_return_if_fail (COMFY_IS_PANEL_RESULTS (self));

  comfy_history_refresh (self->history);
}

/**
 * comfy_panel_results_is_busy:
 *
 * Returns: whether something is being placed or saved, which ends with the process
 */
gboolean
comfy_panel_results_is_busy (ComfyPanelResults *self)
{
  g_return_val_if_fail (COMFY_IS_PANEL_RESULTS (self), FALSE);

  return comfy_job_list_is_saving (COMFY_JOB_LIST (self->queue))
         || comfy_history_view_is_busy (COMFY_HISTORY_VIEW (self->view));
}
