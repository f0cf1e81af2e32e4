/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-job-text.h"
#include "comfy-listed-job.h"
#include "comfy-ui-util.h"

#define MIN_CHARS  16 /* of running text: a panel may be narrow */
#define SPACING    6  /* px */
#define MAX_BESIDE 3 /* buttons */

struct _ComfyListedJob
{
  GtkListBoxRow  parent_instance;

  char          *title;    /* owned */
  GtkWidget     *line;     /* borrowed: a child */
  GtkWidget     *words;    /* borrowed: a child */
  GtkWidget     *below;    /* borrowed: a child: the buttons, or the question */
  GtkWidget     *buttons;  /* borrowed: a child */
  GtkWidget     *question; /* borrowed: a child: what is asked, and the two answers */
  GtkWidget     *asked;    /* borrowed: a child of it: the text */
  GtkWidget     *yes;      /* borrowed: a child of it */
  unsigned int   leaving;  /* source: the question is taken back; 0 while it is not */
  int            action;   /* that is asked about */
  gboolean       is_shown_always;
};

G_DEFINE_FINAL_TYPE (ComfyListedJob, comfy_listed_job, GTK_TYPE_LIST_BOX_ROW)

enum
{
  ACTION,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static unsigned int
count_buttons (ComfyListedJob *self)
{
  g_autoptr(GList) children = gtk_container_get_children (GTK_CONTAINER (self->buttons));

  return g_list_length (children);
}

static gboolean
is_shown (ComfyListedJob *self)
{
  return self->is_shown_always || gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (self));
}

static gboolean
leave_cb (gpointer user_data)
{
  ComfyListedJob *self = user_data;

  self->leaving = 0;
  if (!is_shown (self))
    gtk_stack_set_visible_child (GTK_STACK (self->below), self->buttons);

  return G_SOURCE_REMOVE;
}

/* Who goes to another row has not answered. A list takes the choice away for a moment even from a
 * row that it is about to choose. */
static void
update (ComfyListedJob *self)
{
  gtk_widget_set_visible (self->below, is_shown (self) && count_buttons (self) > 0);
  if (!is_shown (self) && self->leaving == 0)
    self->leaving = g_idle_add (leave_cb, self);
}

static void
state_flags_cb (ComfyListedJob *self,
                GtkStateFlags   before)
{
  GtkStateFlags now = gtk_widget_get_state_flags (GTK_WIDGET (self));

  if (((now ^ before) & GTK_STATE_FLAG_SELECTED) != 0
      && !gtk_widget_in_destruction (GTK_WIDGET (self)))
    update (self);
}

static void
comfy_listed_job_destroy (GtkWidget *widget)
{
  g_clear_handle_id (&COMFY_LISTED_JOB (widget)->leaving, g_source_remove);

  GTK_WIDGET_CLASS (comfy_listed_job_parent_class)->destroy (widget);
}

static void
comfy_listed_job_finalize (GObject *object)
{
  g_free (COMFY_LISTED_JOB (object)->title);

  G_OBJECT_CLASS (comfy_listed_job_parent_class)->finalize (object);
}

static void
comfy_listed_job_class_init (ComfyListedJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_listed_job_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_listed_job_destroy;

  signals[ACTION] =
    g_signal_new ("action", COMFY_TYPE_LISTED_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
comfy_listed_job_init (ComfyListedJob *self)
{
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)),
                               COMFY_UI_ONE_BACKGROUND);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  g_signal_connect (self, "state-flags-changed", G_CALLBACK (state_flags_cb), NULL);
}

static void
keep_cb (ComfyListedJob *self)
{
  gtk_stack_set_visible_child (GTK_STACK (self->below), self->buttons);
  gtk_widget_child_focus (self->buttons, GTK_DIR_TAB_FORWARD);
}

static void
yes_cb (ComfyListedJob *self)
{
  gtk_stack_set_visible_child (GTK_STACK (self->below), self->buttons);
  g_signal_emit (self, signals[ACTION], 0, self->action);
}

/* several rows have the same buttons: each is called by its row, too */
static GtkWidget *
new_button (ComfyListedJob *self,
            const char     *label)
{
  GtkWidget       *button = gtk_button_new_with_label (label);
  /* translators: what a button does, and the name of the job that it does it with */
  g_autofree char *name = g_strdup_printf (_("%s: %s"), label, self->title);

  comfy_ui_set_name (button, name);

  return button;
}

static GtkWidget *
build_question (ComfyListedJob *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACING);
  GtkWidget *answers = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
  GtkWidget *keep = new_button (self, _("Keep"));

  self->asked = comfy_ui_text_new (NULL);
  gtk_label_set_width_chars (GTK_LABEL (self->asked), MIN_CHARS);
  gtk_box_pack_start (GTK_BOX (box), self->asked, FALSE, FALSE, 0);

  g_signal_connect_swapped (keep, "clicked", G_CALLBACK (keep_cb), self);
  gtk_box_pack_start (GTK_BOX (answers), keep, FALSE, FALSE, 0);
  self->yes = new_button (self, "");
  g_signal_connect_swapped (self->yes, "clicked", G_CALLBACK (yes_cb), self);
  gtk_box_pack_start (GTK_BOX (answers), self->yes, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), answers, FALSE, FALSE, 0);

  return box;
}

/* Buttons that have no room beside each other stand in two lines. */
static GtkWidget *
build_below (ComfyListedJob *self)
{
  self->below = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->below), FALSE);
  gtk_stack_set_hhomogeneous (GTK_STACK (self->below), FALSE);
  gtk_widget_set_margin_top (self->below, SPACING);
  gtk_widget_set_no_show_all (self->below, TRUE);

  self->buttons = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (self->buttons), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (self->buttons), TRUE);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (self->buttons), SPACING);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (self->buttons), SPACING);
  gtk_widget_show (self->buttons);
  gtk_container_add (GTK_CONTAINER (self->below), self->buttons);
  self->question = build_question (self);
  gtk_widget_show_all (self->question);
  gtk_container_add (GTK_CONTAINER (self->below), self->question);

  return self->below;
}

static GtkWidget *
build_head (ComfyListedJob *self,
            gint64          when)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
  GtkWidget       *title = comfy_ui_heading_new (self->title);
  g_autofree char *text = comfy_job_text_dup_when (when, g_get_real_time () / G_USEC_PER_SEC);
  GtkWidget       *time = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (title, self->title);
  gtk_box_pack_start (GTK_BOX (box), title, TRUE, TRUE, 0);
  gtk_style_context_add_class (gtk_widget_get_style_context (time), GTK_STYLE_CLASS_DIM_LABEL);
  gtk_box_pack_end (GTK_BOX (box), time, FALSE, FALSE, 0);

  return box;
}

/**
 * comfy_listed_job_new:
 * @title: what it was, translated
 * @when: Unix seconds; 0: nobody knows
 *
 * Returns: (transfer floating): a row, shown
 */
GtkWidget *
comfy_listed_job_new (const char *title,
                      gint64      when)
{
  ComfyListedJob *self;
  GtkWidget      *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  g_return_val_if_fail (title != NULL, NULL);

  self = g_object_new (COMFY_TYPE_LISTED_JOB, NULL);
  self->title = g_strdup (title);
  comfy_ui_set_name (GTK_WIDGET (self), title);

  g_object_set (box, "margin", 9, NULL);
  gtk_box_pack_start (GTK_BOX (box), build_head (self, when), FALSE, FALSE, 0);
  self->line = gtk_label_new (NULL);
  gtk_label_set_single_line_mode (GTK_LABEL (self->line), TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (self->line), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (self->line), 0.0);
  gtk_widget_set_no_show_all (self->line, TRUE);
  gtk_box_pack_start (GTK_BOX (box), self->line, FALSE, FALSE, 0);
  self->words = comfy_ui_hint_new (NULL);
  gtk_label_set_width_chars (GTK_LABEL (self->words), MIN_CHARS);
  gtk_widget_set_no_show_all (self->words, TRUE);
  gtk_box_pack_start (GTK_BOX (box), self->words, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), build_below (self), FALSE, FALSE, 0);

  gtk_container_add (GTK_CONTAINER (self), box);
  gtk_widget_show_all (GTK_WIDGET (self));

  return GTK_WIDGET (self);
}

/**
 * comfy_listed_job_set_line:
 * @line: (nullable): what the artist wrote, or whatever tells the job from others
 */
void
comfy_listed_job_set_line (ComfyListedJob *self,
                           const char     *line)
{
  gboolean has_line = line != NULL && *line != '\0';

  g_return_if_fail (COMFY_IS_LISTED_JOB (self));

  gtk_label_set_text (GTK_LABEL (self->line), line);
  gtk_widget_set_tooltip_text (self->line, has_line ? line : NULL);
  gtk_widget_set_visible (self->line, has_line);
}

/**
 * comfy_listed_job_set_words:
 * @words: how it stands, translated
 * @type: how grave that is
 */
void
comfy_listed_job_set_words (ComfyListedJob *self,
                            const char     *words,
                            GtkMessageType  type)
{
  g_return_if_fail (COMFY_IS_LISTED_JOB (self));

  comfy_ui_set_hint (self->words, words, type);
  atk_object_set_description (gtk_widget_get_accessible (GTK_WIDGET (self)),
                              words != NULL ? words : "");
}

static void
action_clicked_cb (GtkButton      *button,
                   ComfyListedJob *self)
{
  const char *question = g_object_get_data (G_OBJECT (button), "question");
  const char *yes = g_object_get_data (G_OBJECT (button), "yes");
  int         action = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "action"));

  if (question == NULL)
    {
      g_signal_emit (self, signals[ACTION], 0, action);
      return;
    }

  self->action = action;
  gtk_label_set_text (GTK_LABEL (self->asked), question);
  gtk_button_set_label (GTK_BUTTON (self->yes), yes);
  comfy_ui_set_name (self->yes, yes);
  gtk_stack_set_visible_child (GTK_STACK (self->below), self->question);
  comfy_ui_announce (self->asked, question);
  gtk_widget_child_focus (self->question, GTK_DIR_TAB_FORWARD);
}

static GtkWidget *
add_button (ComfyListedJob *self,
            int             action,
            const char     *label)
{
  GtkWidget *button = new_button (self, label);

  g_object_set_data (G_OBJECT (button), "action", GINT_TO_POINTER (action));
  g_signal_connect (button, "clicked", G_CALLBACK (action_clicked_cb), self);
  gtk_container_add (GTK_CONTAINER (self->buttons), button);
  /* the focus is the button's, not that of its place */
  gtk_widget_set_can_focus (gtk_widget_get_parent (button), FALSE);
  gtk_widget_show_all (gtk_widget_get_parent (button));
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->buttons),
                                          MIN (count_buttons (self), MAX_BESIDE));
  update (self);

  return button;
}

/**
 * comfy_listed_job_add_action:
 * @action: what "action" is emitted with
 * @label: translated, without mnemonic
 * @tooltip: (nullable): translated
 */
void
comfy_listed_job_add_action (ComfyListedJob *self,
                             int             action,
                             const char     *label,
                             const char     *tooltip)
{
  g_return_if_fail (COMFY_IS_LISTED_JOB (self));

  gtk_widget_set_tooltip_text (add_button (self, action, label), tooltip);
}

/**
 * comfy_listed_job_add_question:
 * @action: what "action" is emitted with, once the answer is yes
 * @label: translated, without mnemonic, with "…"
 * @question: translated: what is lost
 * @yes: translated: what the answer does
 */
void
comfy_listed_job_add_question (ComfyListedJob *self,
                               int             action,
                               const char     *label,
                               const char     *question,
                               const char     *yes)
{
  GtkWidget *button;

  g_return_if_fail (COMFY_IS_LISTED_JOB (self));

  button = add_button (self, action, label);
  g_object_set_data_full (G_OBJECT (button), "question", g_strdup (question), g_free);
  g_object_set_data_full (G_OBJECT (button), "yes", g_strdup (yes), g_free);
}

/**
 * comfy_listed_job_show_always:
 *
 * Shows its buttons whether it is chosen or not.
 */
void
comfy_listed_job_show_always (ComfyListedJob *self)
{
  g_return_if_fail (COMFY_IS_LISTED_JOB (self));

  self->is_shown_always = TRUE;
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (self), FALSE);
  update (self);
}

/**
 * comfy_listed_job_set_busy:
 * @is_busy: whether what was asked for is under way
 */
void
comfy_listed_job_set_busy (ComfyListedJob *self,
                           gboolean        is_busy)
{
  g_return_if_fail (COMFY_IS_LISTED_JOB (self));

  gtk_widget_set_sensitive (self->below, !is_busy);
}
