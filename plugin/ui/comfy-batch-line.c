/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-batch-line.h"
#include "comfy-job-again.h"
#include "comfy-ui-util.h"

struct _ComfyBatchLine
{
  GtkBox             parent_instance;

  ComfySession      *session; /* owned */
  ComfyBatchList    *batches; /* owned */
  ComfyBatchSummary *summary; /* owned */
  GtkWidget         *text;    /* borrowed: a child */
  GtkWidget         *cancel;  /* borrowed: a child */
  GtkWidget         *retry;   /* borrowed: a child */
  GtkWidget         *close;   /* borrowed: a child */
  gboolean           was_active;
};

G_DEFINE_FINAL_TYPE (ComfyBatchLine, comfy_batch_line, GTK_TYPE_BOX)

/* what is off the list cannot be tried again */
static gboolean
has_retryable (ComfyBatchLine *self)
{
  ComfyScheduler       *scheduler = comfy_session_get_scheduler (self->session);
  g_autoptr(GPtrArray)  jobs = comfy_batch_list_dup_jobs (self->batches, self->summary);

  for (unsigned int i = 0; i < jobs->len; i++)
    if (!comfy_scheduler_is_active (scheduler, g_ptr_array_index (jobs, i))
        && comfy_job_again_is_sane (g_ptr_array_index (jobs, i)))
      return TRUE;

  return FALSE;
}

static void
update (ComfyBatchLine *self)
{
  gboolean         is_active = comfy_batch_summary_is_active (self->summary);
  g_autofree char *text = comfy_batch_summary_dup_text (self->summary);

  gtk_label_set_text (GTK_LABEL (self->text), text);
  gtk_widget_set_visible (self->cancel, is_active);
  gtk_widget_set_visible (self->retry, !is_active && has_retryable (self));
  gtk_widget_set_visible (self->close, !is_active);
  gtk_widget_set_visible (GTK_WIDGET (self), !comfy_batch_summary_is_dismissed (self->summary));

  if (self->was_active && !is_active)
    comfy_ui_announce (self->text, text);
  self->was_active = is_active;
}

static void
cancel_cb (ComfyBatchLine *self)
{
  comfy_batch_list_cancel (self->batches, self->summary);
}

static void
retry_cb (ComfyBatchLine *self)
{
  ComfyScheduler       *scheduler = comfy_session_get_scheduler (self->session);
  g_autoptr(GPtrArray)  jobs = comfy_batch_list_dup_jobs (self->batches, self->summary);

  for (unsigned int i = 0; i < jobs->len; i++)
    {
      ComfyJob          *job = g_ptr_array_index (jobs, i);
      g_autoptr(GError)  error = NULL;

      if (comfy_scheduler_is_active (scheduler, job) || !comfy_job_again_is_sane (job))
        continue;
      /* its row stays, and says so when it is asked for again */
      if (!comfy_job_again_try (self->session, job, &error))
        g_message ("A job of the batch is left as it is: %s", error->message);
    }
}

/* rows that only say that their jobs were cancelled go with the line; those that failed stay */
static void
close_cb (ComfyBatchLine *self)
{
  ComfyScheduler       *scheduler = comfy_session_get_scheduler (self->session);
  g_autoptr(GPtrArray)  jobs = comfy_batch_list_dup_jobs (self->batches, self->summary);

  for (unsigned int i = 0; i < jobs->len; i++)
    {
      ComfyJob *job = g_ptr_array_index (jobs, i);

      if (comfy_job_get_state (job) == COMFY_STATE_CANCELLED
          && !comfy_scheduler_is_active (scheduler, job))
        comfy_scheduler_remove (scheduler, job);
    }
  comfy_batch_summary_dismiss (self->summary);
}

static void
comfy_batch_line_finalize (GObject *object)
{
  ComfyBatchLine *self = COMFY_BATCH_LINE (object);

  g_clear_object (&self->summary);
  g_clear_object (&self->batches);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_batch_line_parent_class)->finalize (object);
}

static void
comfy_batch_line_class_init (ComfyBatchLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_batch_line_finalize;
}

static void
comfy_batch_line_init (ComfyBatchLine *self)
{
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_no_show_all (GTK_WIDGET (self), TRUE);
}

/* several lines may have one: no mnemonic, which would lead to one of them only */
static GtkWidget *
add_button (ComfyBatchLine *self,
            const char     *label,
            const char     *name_format,
            GCallback       callback)
{
  GtkWidget       *button = gtk_button_new_with_label (label);
  g_autoptr(GString) name = g_string_new (name_format);

  g_string_replace (name, "%s", comfy_batch_summary_get_title (self->summary), 1);
  comfy_ui_set_name (button, name->str);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_box_pack_start (GTK_BOX (self), button, FALSE, FALSE, 0);

  return button;
}

static void
build (ComfyBatchLine *self)
{
  self->text = comfy_ui_text_new (NULL);
  gtk_label_set_width_chars (GTK_LABEL (self->text), -1);
  gtk_widget_show (self->text);
  gtk_box_pack_start (GTK_BOX (self), self->text, TRUE, TRUE, 0);

  self->cancel = add_button (self, _("Cancel All"), _("Cancel all jobs of the batch “%s”"),
                             G_CALLBACK (cancel_cb));
  self->retry = add_button (self, _("Retry Failed"), _("Retry the failed jobs of the batch “%s”"),
                            G_CALLBACK (retry_cb));
  gtk_widget_set_tooltip_text (self->retry, _("What is made again is paid for again"));

  self->close = gtk_button_new_from_icon_name ("window-close", GTK_ICON_SIZE_BUTTON);
  gtk_button_set_relief (GTK_BUTTON (self->close), GTK_RELIEF_NONE);
  gtk_widget_set_valign (self->close, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->close, _("Take this batch off the list"));
  comfy_ui_set_name (self->close, _("Take this batch off the list"));
  g_signal_connect_swapped (self->close, "clicked", G_CALLBACK (close_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->close, FALSE, FALSE, 0);
}

/**
 * comfy_batch_line_new:
 * @session: the session
 * @batches: the list that @summary is of
 * @summary: how far the batch is
 *
 * Returns: (transfer floating): a line, shown unless the summary was dismissed
 */
GtkWidget *
comfy_batch_line_new (ComfySession      *session,
                      ComfyBatchList    *batches,
                      ComfyBatchSummary *summary)
{
  ComfyBatchLine *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (COMFY_IS_BATCH_LIST (batches), NULL);
  g_return_val_if_fail (COMFY_IS_BATCH_SUMMARY (summary), NULL);

  self = g_object_new (COMFY_TYPE_BATCH_LINE, NULL);
  self->session = g_object_ref (session);
  self->batches = g_object_ref (batches);
  self->summary = g_object_ref (summary);
  build (self);
  update (self);
  g_signal_connect_object (summary, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
