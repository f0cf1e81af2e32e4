/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-batch-lines.h"
#include "comfy-job-list.h"
#include "comfy-job-row.h"
#include "comfy-ui-util.h"

struct _ComfyJobList
{
  GtkBox        parent_instance;

  ComfySession *session;    /* owned */
  GtkWidget    *batches;    /* borrowed: a child: a line for each batch */
  GtkWidget    *scrolled;   /* borrowed: a child */
  GtkWidget    *list;       /* borrowed: a child */
  GtkWidget    *cancel_all; /* borrowed: a child */
  int           max_height; /* px: above it the list scrolls */
  unsigned int  n_needy;    /* jobs that need the artist, when last looked */
  unsigned int  settling;   /* source: a look at what is left to show; 0 while none is due */
};

G_DEFINE_FINAL_TYPE (ComfyJobList, comfy_job_list, GTK_TYPE_BOX)

enum
{
  CHANGED,
  REPLACE_KEY,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static ComfyScheduler *
get_scheduler (ComfyJobList *self)
{
  return comfy_session_get_scheduler (self->session);
}

static GListModel *
get_jobs (ComfyJobList *self)
{
  return G_LIST_MODEL (get_scheduler (self));
}

/* A placed job is seen in its image, and a result that is held in the history: neither needs a row
 * any more, unless it made something else, too. */
static gboolean
is_seen_elsewhere (ComfyJob *job)
{
  ComfyState state = comfy_job_get_state (job);
  gboolean   is_held = state == COMFY_STATE_READY && comfy_job_get_error (job) == NULL
                       && comfy_journal_entry_is_held (comfy_job_get_entry (job));

  return (state == COMFY_STATE_PLACED || is_held) && !comfy_job_has_kept (job);
}

/* Returns: how many need the artist */
static unsigned int
sort_out_stopped (ComfyJobList *self)
{
  ComfyScheduler *scheduler = get_scheduler (self);
  unsigned int    n_needy = 0;

  for (unsigned int i = g_list_model_get_n_items (get_jobs (self)); i > 0; i--)
    {
      g_autoptr(ComfyJob) job = g_list_model_get_item (get_jobs (self), i - 1);

      if (comfy_scheduler_is_active (scheduler, job))
        continue;

      if (is_seen_elsewhere (job))
        comfy_scheduler_remove (scheduler, job);
      else if (comfy_job_get_state (job) != COMFY_STATE_CANCELLED)
        n_needy++;
    }

  return n_needy;
}

/* px: of the whole list, or of one of its rows, at the width that it has */
static int
get_height (ComfyJobList *self,
            GtkWidget    *widget)
{
  int height = 0;

  if (widget != NULL)
    gtk_widget_get_preferred_height_for_width (widget, gtk_widget_get_allocated_width (self->list),
                                               NULL, &height);

  return height;
}

/* As high as its rows, up to where the list scrolls; but the first is seen whole, with what can be
 * done about it. A scrolled window does not know by itself what height its child needs. */
static void
fit_height (ComfyJobList *self)
{
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0);
  int            least = get_height (self, first != NULL ? GTK_WIDGET (first) : NULL);

  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (self->scrolled),
                                              MIN (get_height (self, self->list),
                                                   MAX (self->max_height, least)));
}

static gboolean
settle_cb (gpointer user_data)
{
  ComfyJobList *self = user_data;

  self->settling = 0;
  self->n_needy = sort_out_stopped (self);
  gtk_widget_set_visible (self->cancel_all, comfy_scheduler_get_n_active (get_scheduler (self)) > 1);
  fit_height (self);
  g_signal_emit (self, signals[CHANGED], 0);

  return G_SOURCE_REMOVE;
}

static void
replace_key_cb (ComfyJobRow  *row,
                ComfyJobList *self)
{
  g_signal_emit (self, signals[REPLACE_KEY], 0, comfy_job_row_get_job (row));
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  ComfyJobList *self = user_data;
  GtkWidget    *row = comfy_job_row_new (self->session, item);

  g_signal_connect (row, "replace-key", G_CALLBACK (replace_key_cb), self);
  g_signal_connect_swapped (row, "resized", G_CALLBACK (comfy_job_list_settle), self);

  return row;
}

static void
comfy_job_list_destroy (GtkWidget *widget)
{
  g_clear_handle_id (&COMFY_JOB_LIST (widget)->settling, g_source_remove);

  GTK_WIDGET_CLASS (comfy_job_list_parent_class)->destroy (widget);
}

static void
comfy_job_list_finalize (GObject *object)
{
  g_clear_object (&COMFY_JOB_LIST (object)->session);

  G_OBJECT_CLASS (comfy_job_list_parent_class)->finalize (object);
}

static void
comfy_job_list_class_init (ComfyJobListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_job_list_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_job_list_destroy;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_JOB_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[REPLACE_KEY] =
    g_signal_new ("replace-key", COMFY_TYPE_JOB_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, COMFY_TYPE_JOB);
}

static void
comfy_job_list_init (ComfyJobList *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  /* heights for a width are known once it is there */
  g_signal_connect (self, "map", G_CALLBACK (comfy_job_list_settle), NULL);
}

static void
build_list (ComfyJobList *self)
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
build (ComfyJobList *self)
{
  build_list (self);
  self->batches = comfy_batch_lines_new (self->session);
  g_signal_connect_swapped (self->batches, "changed", G_CALLBACK (comfy_job_list_settle), self);
  gtk_box_pack_start (GTK_BOX (self), self->batches, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), self->scrolled, TRUE, TRUE, 0);

  self->cancel_all = gtk_button_new_with_mnemonic (_("Cance_l All"));
  gtk_widget_set_tooltip_text (self->cancel_all, _("Cancel whatever runs or waits for its turn"));
  gtk_widget_set_halign (self->cancel_all, GTK_ALIGN_END);
  gtk_widget_set_no_show_all (self->cancel_all, TRUE);
  g_signal_connect_swapped (self->cancel_all, "clicked", G_CALLBACK (comfy_scheduler_cancel_all),
                            get_scheduler (self));
  gtk_box_pack_start (GTK_BOX (self), self->cancel_all, FALSE, FALSE, 0);
}

/**
 * comfy_job_list_new:
 * @session: the session
 * @max_height: px: above it the rows scroll
 *
 * Returns: (transfer floating): the jobs of this process
 */
GtkWidget *
comfy_job_list_new (ComfySession *session,
                    int           max_height)
{
  ComfyJobList *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_JOB_LIST, NULL);
  self->session = g_object_ref (session);
  self->max_height = max_height;
  build (self);
  g_signal_connect_object (get_jobs (self), "items-changed", G_CALLBACK (comfy_job_list_settle),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_jobs (self), "notify::n-active", G_CALLBACK (comfy_job_list_settle),
                           self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * comfy_job_list_is_empty:
 *
 * Returns: whether there is neither a job nor what became of a batch
 */
gboolean
comfy_job_list_is_empty (ComfyJobList *self)
{
  g_return_val_if_fail (COMFY_IS_JOB_LIST (self), TRUE);

  return g_list_model_get_n_items (get_jobs (self)) == 0 && !gtk_widget_get_visible (self->batches);
}

/**
 * comfy_job_list_get_n_needy:
 *
 * Returns: how many jobs had stopped and needed the artist when "changed" was last emitted
 */
unsigned int
comfy_job_list_get_n_needy (ComfyJobList *self)
{
  g_return_val_if_fail (COMFY_IS_JOB_LIST (self), 0);

  return self->n_needy;
}

static void
look_at_row_cb (GtkWidget *row,
                gpointer   data)
{
  gboolean *is_saving = data;

  *is_saving |= comfy_job_row_is_saving (COMFY_JOB_ROW (row));
}

/**
 * comfy_job_list_is_saving:
 *
 * Returns: whether a file of a job is on its way to where the artist wants it
 */
gboolean
comfy_job_list_is_saving (ComfyJobList *self)
{
  gboolean is_saving = FALSE;

  g_return_val_if_fail (COMFY_IS_JOB_LIST (self), FALSE);

  gtk_container_foreach (GTK_CONTAINER (self->list), look_at_row_cb, &is_saving);

  return is_saving;
}

/**
 * comfy_job_list_dismiss_batches:
 *
 * Closes the lines of batches of which no job runs or waits for its turn.
 */
void
comfy_job_list_dismiss_batches (ComfyJobList *self)
{
  g_return_if_fail (COMFY_IS_JOB_LIST (self));

  comfy_batch_lines_dismiss_ended (COMFY_BATCH_LINES (self->batches));
}

/**
 * comfy_job_list_settle:
 *
 * Looks at what is left to show: once for all that happens at a time, and never from inside the
 * scheduler, which is asked.
 */
void
comfy_job_list_settle (ComfyJobList *self)
{
  g_return_if_fail (COMFY_IS_JOB_LIST (self));

  if (self->settling == 0)
    self->settling = g_idle_add (settle_cb, self);
}
