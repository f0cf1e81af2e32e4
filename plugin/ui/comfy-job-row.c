/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-job-actions.h"
#include "comfy-job-buttons.h"
#include "comfy-job-preview.h"
#include "comfy-job-row.h"
#include "comfy-kept-box.h"
#include "comfy-ui-util.h"

#define KEPT_LONG (24 * 60 * 60) /* s: from here on there is no hurry */

struct _ComfyJobRow
{
  GtkListBoxRow  parent_instance;

  ComfySession  *session; /* owned */
  ComfyJob      *job;     /* owned */
  GtkWidget     *preview; /* borrowed: a child: what is in the making */
  GtkWidget     *elapsed; /* borrowed: a child */
  GtkWidget     *next;    /* borrowed: a child: of those that wait, it goes to the front */
  GtkWidget     *cancel;  /* borrowed: a child */
  GtkWidget     *close;   /* borrowed: a child: takes a row that has ended out of the list */
  GtkWidget     *bar;     /* borrowed: a child */
  GtkWidget     *text;    /* borrowed: a child: the stage, or why it ended */
  GtkWidget     *kept;    /* borrowed: a child: until when the server keeps the result */
  GtkWidget     *box;     /* borrowed: a child: what it made that is in no image */
  GtkWidget     *buttons; /* borrowed: a child: what can be done about it */
  unsigned int   ticking; /* source of the clock, 0 while it stands */
};

G_DEFINE_FINAL_TYPE (ComfyJobRow, comfy_job_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  REPLACE_KEY,
  RESIZED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static gboolean
tick_cb (gpointer user_data)
{
  ComfyJobRow     *self = user_data;
  gint64           started = comfy_job_get_started (self->job);
  g_autofree char *text = NULL;

  if (started != 0)
    text = comfy_ui_dup_elapsed ((g_get_monotonic_time () - started) / G_USEC_PER_SEC);
  gtk_label_set_text (GTK_LABEL (self->elapsed), text);

  return G_SOURCE_CONTINUE;
}

static void
set_ticking (ComfyJobRow *self,
             gboolean     ticking)
{
  if (ticking && self->ticking == 0)
    {
      tick_cb (self);
      self->ticking = g_timeout_add_seconds (1, tick_cb, self);
    }
  else if (!ticking)
    {
      g_clear_handle_id (&self->ticking, g_source_remove);
    }
}

/* nothing goes on by itself: it has ended, or it needs the artist */
static gboolean
has_stopped (ComfyJobRow *self)
{
  return !comfy_scheduler_is_active (comfy_session_get_scheduler (self->session), self->job);
}

static void
update_text (ComfyJobRow *self)
{
  gboolean         stopped = has_stopped (self);
  ComfyState       state = comfy_job_get_state (self->job);
  gboolean         waits = state == COMFY_STATE_READY && comfy_job_get_error (self->job) == NULL;
  gboolean         is_trouble = stopped && !waits && state != COMFY_STATE_CANCELLED
                                && state != COMFY_STATE_PLACED;
  g_autofree char *text = comfy_job_dup_words (self->job, stopped);

  comfy_ui_set_hint (self->text, text, is_trouble ? GTK_MESSAGE_ERROR : GTK_MESSAGE_INFO);
}

/* Said when it matters: a job that goes on fetches what it can in time; one that does not has until
 * then. */
static void
update_kept (ComfyJobRow *self,
             gboolean     stopped)
{
  gint64           until = comfy_job_get_expires_at (self->job);
  gint64           now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;

  if (stopped && until > now && until - now < KEPT_LONG)
    {
      time = comfy_ui_dup_clock_time (until, now);
      text = g_strdup_printf (_("The server keeps the result until %s."), time);
    }
  comfy_ui_set_hint (self->kept, text, GTK_MESSAGE_WARNING);
}

static void
update_thumbnail (ComfyJobRow *self)
{
  g_autofree char *path = comfy_job_dup_picture_path (self->job);

  comfy_job_preview_set_path (COMFY_JOB_PREVIEW (self->preview), path);
}

static void
update_next (ComfyJobRow *self)
{
  gtk_widget_set_visible (self->next, comfy_scheduler_can_move_to_front (
                            comfy_session_get_scheduler (self->session), self->job));
}

static void
update (ComfyJobRow *self)
{
  gboolean stopped = has_stopped (self);

  set_ticking (self, !stopped);
  gtk_widget_set_visible (self->bar, !stopped);
  gtk_widget_set_visible (self->cancel, !stopped);
  gtk_widget_set_visible (self->close, stopped);
  update_text (self);
  update_kept (self, stopped);
  update_next (self);
  update_thumbnail (self);
  comfy_job_buttons_update (COMFY_JOB_BUTTONS (self->buttons), stopped);
  if (comfy_kept_box_update (COMFY_KEPT_BOX (self->box), stopped))
    g_signal_emit (self, signals[RESIZED], 0);
}

static void
update_preview (ComfyJobRow *self)
{
  comfy_job_preview_set_file (COMFY_JOB_PREVIEW (self->preview),
                              comfy_job_get_preview (self->job, NULL));
}

static void
resized_cb (ComfyJobRow *self)
{
  g_signal_emit (self, signals[RESIZED], 0);
}

/* a copy that is under way is not cut off */
static void
saving_changed_cb (ComfyJobRow *self)
{
  gtk_widget_set_sensitive (self->close, !comfy_job_row_is_saving (self));
  g_signal_emit (self, signals[RESIZED], 0);
}

static void
replace_key_cb (ComfyJobRow *self)
{
  g_signal_emit (self, signals[REPLACE_KEY], 0);
}

static void
problem_cb (ComfyJobButtons *buttons,
            const char      *problem,
            ComfyJobRow     *self)
{
  comfy_ui_set_hint (self->text, problem, GTK_MESSAGE_ERROR);
}

static void
next_cb (ComfyJobRow *self)
{
  comfy_scheduler_move_to_front (comfy_session_get_scheduler (self->session), self->job);
}

static void
close_cb (ComfyJobRow *self)
{
  comfy_job_put_away (self->job);
  comfy_scheduler_remove (comfy_session_get_scheduler (self->session), self->job);
}

static void
comfy_job_row_destroy (GtkWidget *widget)
{
  set_ticking (COMFY_JOB_ROW (widget), FALSE);

  GTK_WIDGET_CLASS (comfy_job_row_parent_class)->destroy (widget);
}

static void
comfy_job_row_finalize (GObject *object)
{
  ComfyJobRow *self = COMFY_JOB_ROW (object);

  g_clear_object (&self->job);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_job_row_parent_class)->finalize (object);
}

static void
comfy_job_row_class_init (ComfyJobRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_job_row_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_job_row_destroy;

  signals[REPLACE_KEY] =
    g_signal_new ("replace-key", COMFY_TYPE_JOB_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[RESIZED] =
    g_signal_new ("resized", COMFY_TYPE_JOB_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_job_row_init (ComfyJobRow *self)
{
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)),
                               COMFY_UI_ONE_BACKGROUND);
  /* Tab stops at it, so that it is read aloud, on the way to its buttons */
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
}

static GtkWidget *
build_head (ComfyJobRow *self)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  const char      *title = comfy_request_get_title (comfy_job_get_request (self->job));
  g_autofree char *cancel_name = g_strdup_printf (_("Cancel “%s”"), title);
  g_autofree char *next_name = g_strdup_printf (_("Run “%s” next"), title);

  gtk_box_pack_start (GTK_BOX (box), comfy_ui_heading_new (title), TRUE, TRUE, 0);
  self->elapsed = gtk_label_new (NULL);
  gtk_style_context_add_class (gtk_widget_get_style_context (self->elapsed),
                               GTK_STYLE_CLASS_DIM_LABEL);
  gtk_box_pack_start (GTK_BOX (box), self->elapsed, FALSE, FALSE, 6);

  self->next = gtk_button_new_from_icon_name ("go-top-symbolic", GTK_ICON_SIZE_BUTTON);
  gtk_widget_set_tooltip_text (self->next, _("Run this before the others that wait"));
  comfy_ui_set_name (self->next, next_name);
  gtk_widget_set_no_show_all (self->next, TRUE);
  gtk_box_pack_start (GTK_BOX (box), self->next, FALSE, FALSE, 0);
  g_signal_connect_swapped (self->next, "clicked", G_CALLBACK (next_cb), self);

  self->cancel = gtk_button_new_with_mnemonic (_("C_ancel"));
  comfy_ui_set_name (self->cancel, cancel_name);
  gtk_widget_set_no_show_all (self->cancel, TRUE);
  gtk_box_pack_start (GTK_BOX (box), self->cancel, FALSE, FALSE, 0);
  g_signal_connect_swapped (self->cancel, "clicked", G_CALLBACK (comfy_job_cancel), self->job);
  g_object_bind_property (self->job, "cancellable", self->cancel, "sensitive",
                          G_BINDING_SYNC_CREATE);

  self->close = gtk_button_new_from_icon_name ("window-close", GTK_ICON_SIZE_BUTTON);
  gtk_button_set_relief (GTK_BUTTON (self->close), GTK_RELIEF_NONE);
  gtk_widget_set_tooltip_text (self->close, _("Take this job off the list"));
  comfy_ui_set_name (self->close, _("Take this job off the list"));
  gtk_widget_set_no_show_all (self->close, TRUE);
  gtk_box_pack_start (GTK_BOX (box), self->close, FALSE, FALSE, 0);
  g_signal_connect_swapped (self->close, "clicked", G_CALLBACK (close_cb), self);

  return box;
}

static void
build (ComfyJobRow *self)
{
  GtkWidget  *whole = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget  *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  const char *prompt = comfy_request_get_prompt (comfy_job_get_request (self->job));
  GtkWidget  *label;

  comfy_ui_set_name (GTK_WIDGET (self),
                     comfy_request_get_title (comfy_job_get_request (self->job)));
  gtk_container_set_border_width (GTK_CONTAINER (whole), 12);
  self->preview = comfy_job_preview_new ();
  g_signal_connect_swapped (self->preview, "resized", G_CALLBACK (resized_cb), self);
  gtk_box_pack_start (GTK_BOX (whole), self->preview, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (whole), box, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), build_head (self), FALSE, FALSE, 0);

  if (prompt != NULL && *prompt != '\0')
    {
      label = gtk_label_new (prompt);
      gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_xalign (GTK_LABEL (label), 0.0);
      gtk_widget_set_tooltip_text (label, prompt);
      gtk_box_pack_start (GTK_BOX (box), label, FALSE, FALSE, 0);
    }

  self->bar = gtk_progress_bar_new ();
  comfy_ui_set_name (self->bar, _("Progress"));
  gtk_widget_set_no_show_all (self->bar, TRUE);
  gtk_box_pack_start (GTK_BOX (box), self->bar, FALSE, FALSE, 0);
  self->text = comfy_ui_hint_new (NULL);
  gtk_box_pack_start (GTK_BOX (box), self->text, FALSE, FALSE, 0);

  self->kept = comfy_ui_hint_new (NULL);
  gtk_widget_set_no_show_all (self->kept, TRUE);
  gtk_box_pack_start (GTK_BOX (box), self->kept, FALSE, FALSE, 0);

  self->box = comfy_kept_box_new (self->session, self->job);
  g_signal_connect_swapped (self->box, "notify::saving", G_CALLBACK (saving_changed_cb), self);
  gtk_box_pack_start (GTK_BOX (box), self->box, FALSE, FALSE, 0);

  self->buttons = comfy_job_buttons_new (self->session, self->job);
  gtk_widget_set_no_show_all (self->buttons, TRUE);
  g_signal_connect_swapped (self->buttons, "replace-key", G_CALLBACK (replace_key_cb), self);
  g_signal_connect (self->buttons, "problem", G_CALLBACK (problem_cb), self);
  gtk_box_pack_start (GTK_BOX (box), self->buttons, FALSE, FALSE, 0);

  gtk_container_add (GTK_CONTAINER (self), whole);
  gtk_widget_show_all (GTK_WIDGET (self));
}

/**
 * comfy_job_row_new:
 * @session: the session whose scheduler has @job
 * @job: what to show
 *
 * Returns: (transfer floating): a row for a list box, shown
 */
GtkWidget *
comfy_job_row_new (ComfySession *session,
                   ComfyJob     *job)
{
  ComfyJobRow   *self;
  ComfyProgress *progress;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (COMFY_IS_JOB (job), NULL);

  self = g_object_new (COMFY_TYPE_JOB_ROW, NULL);
  self->session = g_object_ref (session);
  self->job = g_object_ref (job);
  build (self);
  update (self);
  update_preview (self);

  progress = comfy_job_get_progress (job);
  g_object_bind_property (progress, "fraction", self->bar, "fraction", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (progress, "notify::text", G_CALLBACK (update_text), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (job, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (job, "notify::preview", G_CALLBACK (update_preview), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (job, "notify::error", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (comfy_session_get_scheduler (session), "notify::n-active",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (comfy_session_get_scheduler (session), "items-changed",
                           G_CALLBACK (update_next), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * comfy_job_row_get_job:
 * @self: a row
 *
 * Returns: (transfer none): what it shows
 */
ComfyJob *
comfy_job_row_get_job (ComfyJobRow *self)
{
  g_return_val_if_fail (COMFY_IS_JOB_ROW (self), NULL);

  return self->job;
}

/**
 * comfy_job_row_is_saving:
 * @self: a row
 *
 * Returns: whether a file of the job is on its way to where the artist wants it
 */
gboolean
comfy_job_row_is_saving (ComfyJobRow *self)
{
  g_return_val_if_fail (COMFY_IS_JOB_ROW (self), FALSE);

  return comfy_kept_box_is_saving (COMFY_KEPT_BOX (self->box));
}
