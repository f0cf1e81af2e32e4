/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-batch-line.h"
#include "comfy-batch-lines.h"

struct _ComfyBatchLines
{
  GtkBox          parent_instance;

  ComfySession   *session; /* owned */
  ComfyBatchList *batches; /* owned */
};

G_DEFINE_FINAL_TYPE (ComfyBatchLines, comfy_batch_lines, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
update (ComfyBatchLines *self)
{
  g_autoptr(GList) lines = gtk_container_get_children (GTK_CONTAINER (self));
  gboolean         has_any = FALSE;

  for (GList *line = lines; line != NULL; line = line->next)
    has_any |= gtk_widget_get_visible (line->data);

  gtk_widget_set_visible (GTK_WIDGET (self), has_any);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
batches_changed_cb (GListModel      *batches,
                    unsigned int     position,
                    unsigned int     removed,
                    unsigned int     added,
                    ComfyBatchLines *self)
{
  for (unsigned int i = position; i < position + added; i++)
    {
      g_autoptr(ComfyBatchSummary)  summary = g_list_model_get_item (batches, i);
      GtkWidget                    *line;

      line = comfy_batch_line_new (self->session, self->batches, summary);
      gtk_box_pack_start (GTK_BOX (self), line, FALSE, FALSE, 0);
      /* after the line itself */
      g_signal_connect_object (summary, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }
  update (self);
}

static void
comfy_batch_lines_finalize (GObject *object)
{
  ComfyBatchLines *self = COMFY_BATCH_LINES (object);

  g_clear_object (&self->batches);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_batch_lines_parent_class)->finalize (object);
}

static void
comfy_batch_lines_class_init (ComfyBatchLinesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_batch_lines_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_BATCH_LINES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_batch_lines_init (ComfyBatchLines *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_no_show_all (GTK_WIDGET (self), TRUE);
}

/**
 * comfy_batch_lines_new:
 * @session: the session
 *
 * Returns: (transfer floating): the lines, hidden while there are none
 */
GtkWidget *
comfy_batch_lines_new (ComfySession *session)
{
  ComfyBatchLines *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_BATCH_LINES, NULL);
  self->session = g_object_ref (session);
  self->batches = comfy_batch_list_new (comfy_session_get_scheduler (session));
  g_signal_connect_object (self->batches, "items-changed", G_CALLBACK (batches_changed_cb), self, 0);
  batches_changed_cb (G_LIST_MODEL (self->batches), 0, 0,
                      g_list_model_get_n_items (G_LIST_MODEL (self->batches)), self);

  return GTK_WIDGET (self);
}

/**
 * comfy_batch_lines_dismiss_ended:
 * @self: the lines
 *
 * Closes the lines of batches of which no job runs or waits for its turn.
 */
void
comfy_batch_lines_dismiss_ended (ComfyBatchLines *self)
{
  GListModel *batches;

  g_return_if_fail (COMFY_IS_BATCH_LINES (self));

  batches = G_LIST_MODEL (self->batches);
  for (unsigned int i = 0; i < g_list_model_get_n_items (batches); i++)
    {
      g_autoptr(ComfyBatchSummary) summary = g_list_model_get_item (batches, i);

      if (!comfy_batch_summary_is_active (summary))
        comfy_batch_summary_dismiss (summary);
    }
}
