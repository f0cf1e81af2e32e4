/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-busy-label.h"
#include "comfy-job-section.h"
#include "comfy-notice.h"
#include "comfy-ui-util.h"

#define MIN_CHARS      16 /* of running text: a panel may be narrow */
#define RESPONSE_RETRY 1

struct _ComfyJobSection
{
  GtkBox     parent_instance;

  GtkWidget *heading; /* borrowed: a child, as the following */
  GtkWidget *button;
  GtkWidget *state;
  GtkWidget *notice;
  GtkWidget *frame;   /* the list's */
  GtkWidget *list;
  GtkWidget *more;
};

G_DEFINE_FINAL_TYPE (ComfyJobSection, comfy_job_section, GTK_TYPE_BOX)

enum
{
  BUTTON,
  MORE,
  RETRY,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
comfy_job_section_class_init (ComfyJobSectionClass *klass)
{
  static const char * const names[] = { "button", "more", "retry" };

  for (unsigned int i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], COMFY_TYPE_JOB_SECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
button_clicked_cb (ComfyJobSection *self)
{
  g_signal_emit (self, signals[BUTTON], 0);
}

static void
more_clicked_cb (ComfyJobSection *self)
{
  g_signal_emit (self, signals[MORE], 0);
}

static void
response_cb (ComfyJobSection *self)
{
  comfy_notice_hide (COMFY_NOTICE (self->notice));
  g_signal_emit (self, signals[RETRY], 0);
}

static void
comfy_job_section_init (ComfyJobSection *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);

  self->heading = comfy_ui_heading_new (NULL);
  gtk_label_set_line_wrap (GTK_LABEL (self->heading), TRUE);
  gtk_box_pack_start (GTK_BOX (head), self->heading, TRUE, TRUE, 0);
  self->button = gtk_button_new ();
  gtk_button_set_use_underline (GTK_BUTTON (self->button), TRUE);
  gtk_widget_set_no_show_all (self->button, TRUE);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (button_clicked_cb), self);
  gtk_box_pack_start (GTK_BOX (head), self->button, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), head, FALSE, FALSE, 0);

  self->state = comfy_busy_label_new ();
  comfy_busy_label_allow_narrow (COMFY_BUSY_LABEL (self->state), MIN_CHARS);
  gtk_widget_show_all (self->state);
  gtk_widget_set_no_show_all (self->state, TRUE);
  gtk_widget_hide (self->state);
  gtk_box_pack_start (GTK_BOX (self), self->state, FALSE, FALSE, 0);

  self->notice = comfy_notice_new ();
  comfy_notice_allow_narrow (COMFY_NOTICE (self->notice));
  g_signal_connect_swapped (self->notice, "response", G_CALLBACK (response_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->notice, FALSE, FALSE, 0);

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_SINGLE);
  self->frame = comfy_ui_picture_frame_new (self->list);
  gtk_box_pack_start (GTK_BOX (self), self->frame, FALSE, FALSE, 0);

  self->more = gtk_button_new ();
  gtk_button_set_use_underline (GTK_BUTTON (self->more), TRUE);
  gtk_widget_set_halign (self->more, GTK_ALIGN_CENTER);
  gtk_widget_set_no_show_all (self->more, TRUE);
  g_signal_connect_swapped (self->more, "clicked", G_CALLBACK (more_clicked_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->more, FALSE, FALSE, 0);
}

/* lines between rows, so that each is seen as one */
static void
header_cb (GtkListBoxRow *row,
           GtkListBoxRow *before,
           gpointer       data)
{
  if (before == NULL)
    gtk_list_box_row_set_header (row, NULL);
  else if (gtk_list_box_row_get_header (row) == NULL)
    {
      GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);

      gtk_widget_show (line);
      gtk_list_box_row_set_header (row, line);
    }
}

/**
 * comfy_job_section_new:
 * @title: translated: the heading
 * @empty: translated: what is said instead of rows
 *
 * Returns: (transfer floating): a section without rows
 */
GtkWidget *
comfy_job_section_new (const char *title,
                       const char *empty)
{
  ComfyJobSection *self = g_object_new (COMFY_TYPE_JOB_SECTION, NULL);
  GtkWidget       *placeholder = comfy_ui_hint_new (empty);

  g_return_val_if_fail (title != NULL && empty != NULL, NULL);

  gtk_label_set_text (GTK_LABEL (self->heading), title);
  comfy_ui_set_name (self->list, title);
  gtk_label_set_width_chars (GTK_LABEL (placeholder), MIN_CHARS);
  g_object_set (placeholder, "margin", 12, NULL);
  gtk_widget_show (placeholder);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (self->list), placeholder);
  gtk_list_box_set_header_func (GTK_LIST_BOX (self->list), header_cb, NULL, NULL);

  return GTK_WIDGET (self);
}

/**
 * comfy_job_section_get_list:
 *
 * Returns: (transfer none): the #GtkListBox
 */
GtkWidget *
comfy_job_section_get_list (ComfyJobSection *self)
{
  g_return_val_if_fail (COMFY_IS_JOB_SECTION (self), NULL);

  return self->list;
}

/**
 * comfy_job_section_clear:
 *
 * Takes the rows away.
 */
void
comfy_job_section_clear (ComfyJobSection *self)
{
  g_autoptr(GList) rows = NULL;

  g_return_if_fail (COMFY_IS_JOB_SECTION (self));

  rows = gtk_container_get_children (GTK_CONTAINER (self->list));
  for (GList *row = rows; row != NULL; row = row->next)
    gtk_widget_destroy (row->data);
}

/**
 * comfy_job_section_set_button:
 * @label: translated, with mnemonic
 * @is_visible: whether it makes sense now
 */
void
comfy_job_section_set_button (ComfyJobSection *self,
                              const char      *label,
                              gboolean         is_visible)
{
  g_return_if_fail (COMFY_IS_JOB_SECTION (self));

  gtk_button_set_label (GTK_BUTTON (self->button), label);
  gtk_widget_set_visible (self->button, is_visible);
}

/**
 * comfy_job_section_set_more:
 * @label: (nullable): translated, with mnemonic; %NULL: there are no more rows
 */
void
comfy_job_section_set_more (ComfyJobSection *self,
                            const char      *label)
{
  g_return_if_fail (COMFY_IS_JOB_SECTION (self));

  gtk_button_set_label (GTK_BUTTON (self->more), label != NULL ? label : "");
  gtk_widget_set_visible (self->more, label != NULL);
}

/**
 * comfy_job_section_set_state:
 * @text: (nullable): translated: a quiet line
 * @is_busy: whether something is under way: then there is nothing to be clicked
 */
void
comfy_job_section_set_state (ComfyJobSection *self,
                             const char      *text,
                             gboolean         is_busy)
{
  g_return_if_fail (COMFY_IS_JOB_SECTION (self));

  comfy_busy_label_set (COMFY_BUSY_LABEL (self->state), text, is_busy);
  gtk_widget_set_visible (self->state, text != NULL);
  gtk_widget_set_sensitive (self->button, !is_busy);
  gtk_widget_set_sensitive (self->more, !is_busy);
}

/**
 * comfy_job_section_show_rows:
 * @is_shown: whether the list, or that it is empty, says anything
 */
void
comfy_job_section_show_rows (ComfyJobSection *self,
                             gboolean         is_shown)
{
  g_return_if_fail (COMFY_IS_JOB_SECTION (self));

  gtk_widget_set_visible (self->frame, is_shown);
}

/**
 * comfy_job_section_show_problem:
 * @problem: (nullable): translated; %NULL: there is none
 * @may_retry: whether "retry" may help
 */
void
comfy_job_section_show_problem (ComfyJobSection *self,
                                const char      *problem,
                                gboolean         may_retry)
{
  g_return_if_fail (COMFY_IS_JOB_SECTION (self));

  if (problem == NULL)
    {
      comfy_notice_hide (COMFY_NOTICE (self->notice));
      return;
    }

  comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_WARNING, problem);
  if (may_retry)
    comfy_notice_add_action (COMFY_NOTICE (self->notice), _("Retr_y"), RESPONSE_RETRY);
}
