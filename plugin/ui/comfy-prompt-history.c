/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-past-job.h"
#include "comfy-prompt-history.h"
#include "comfy-ui-util.h"

#define MAX_PROMPTS 30  /* more than that is looked for in the history */
#define LIST_WIDTH  240 /* px: the panel may be 280 px wide */
#define LIST_HEIGHT 320 /* px: above it the list scrolls */
#define N_LINES     3   /* of a prompt; all of it is in the tooltip */

struct _ComfyPromptHistory
{
  GtkMenuButton  parent_instance;

  ComfySession  *session; /* owned */
  GtkWidget     *popover; /* borrowed: a child */
  GtkWidget     *list;    /* borrowed: a child */
  GtkWidget     *empty;   /* borrowed: a child: what is said while there is none */
  gboolean       is_busy; /* the journal is being read */
};

G_DEFINE_FINAL_TYPE (ComfyPromptHistory, comfy_prompt_history, GTK_TYPE_MENU_BUTTON)

enum
{
  CHOSEN,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
add_prompt (ComfyPromptHistory *self,
            const char         *prompt)
{
  GtkWidget *label = gtk_label_new (prompt);
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), N_LINES);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  g_object_set (label, "margin", 6, NULL);
  gtk_widget_set_tooltip_text (row, prompt);
  g_object_set_data_full (G_OBJECT (row), "prompt", g_strdup (prompt), g_free);
  comfy_ui_set_name (row, prompt);
  gtk_container_add (GTK_CONTAINER (row), label);
  gtk_widget_show_all (row);
  gtk_list_box_insert (GTK_LIST_BOX (self->list), row, -1);
}

/* @seen: set of what is there; @prompt: (nullable) */
static void
add_new (ComfyPromptHistory *self,
         GHashTable         *seen,
         const char         *prompt)
{
  if (prompt != NULL && *prompt != '\0' && g_hash_table_size (seen) < MAX_PROMPTS
      && g_hash_table_add (seen, g_strdup (prompt)))
    add_prompt (self, prompt);
}

/* what is at work now was written last, and is not among those of the past */
static void
show_prompts (ComfyPromptHistory *self,
              GPtrArray          *jobs)
{
  g_autoptr(GHashTable)  seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GList)       old = gtk_container_get_children (GTK_CONTAINER (self->list));
  GListModel            *own = G_LIST_MODEL (comfy_session_get_scheduler (self->session));

  for (GList *child = old; child != NULL; child = child->next)
    gtk_widget_destroy (child->data);

  for (unsigned int i = g_list_model_get_n_items (own); i > 0; i--)
    {
      g_autoptr(ComfyJob) job = g_list_model_get_item (own, i - 1);

      add_new (self, seen, comfy_request_get_prompt (comfy_job_get_request (job)));
    }
  for (unsigned int i = 0; i < jobs->len; i++)
    add_new (self, seen, ((const ComfyPastJob *) g_ptr_array_index (jobs, i))->prompt);
  gtk_label_set_text (GTK_LABEL (self->empty), _("What you ask for is remembered here."));
}

static DexFuture *
read_cb (DexFuture *future,
         gpointer   user_data)
{
  ComfyPromptHistory *self = user_data;
  const GValue       *value = dex_future_get_value (future, NULL);

  self->is_busy = FALSE;
  if (self->popover != NULL && value != NULL)
    show_prompts (self, g_value_get_boxed (value));

  return NULL;
}

static void
toggled_cb (ComfyPromptHistory *self)
{
  if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self)) || self->is_busy)
    return;

  self->is_busy = TRUE;
  dex_future_disown (dex_future_finally (
    comfy_past_job_find_all (comfy_session_get_journal (self->session)), read_cb,
    g_object_ref (self), g_object_unref));
}

static void
activated_cb (GtkListBox         *list,
              GtkListBoxRow      *row,
              ComfyPromptHistory *self)
{
  g_autofree char *prompt = g_strdup (g_object_get_data (G_OBJECT (row), "prompt"));

  gtk_popover_popdown (GTK_POPOVER (self->popover));
  g_signal_emit (self, signals[CHOSEN], 0, prompt);
}

static void
comfy_prompt_history_destroy (GtkWidget *widget)
{
  COMFY_PROMPT_HISTORY (widget)->popover = NULL;

  GTK_WIDGET_CLASS (comfy_prompt_history_parent_class)->destroy (widget);
}

static void
comfy_prompt_history_finalize (GObject *object)
{
  g_clear_object (&COMFY_PROMPT_HISTORY (object)->session);

  G_OBJECT_CLASS (comfy_prompt_history_parent_class)->finalize (object);
}

static void
comfy_prompt_history_class_init (ComfyPromptHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_prompt_history_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_prompt_history_destroy;

  signals[CHOSEN] =
    g_signal_new ("chosen", COMFY_TYPE_PROMPT_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
comfy_prompt_history_init (ComfyPromptHistory *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);

  self->empty = comfy_ui_text_new (_("Reading…"));
  gtk_label_set_width_chars (GTK_LABEL (self->empty), -1);
  g_object_set (self->empty, "margin", 12, NULL);
  gtk_style_context_add_class (gtk_widget_get_style_context (self->empty),
                               GTK_STYLE_CLASS_DIM_LABEL);
  gtk_widget_show (self->empty);

  self->list = gtk_list_box_new ();
  gtk_list_box_set_placeholder (GTK_LIST_BOX (self->list), self->empty);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  comfy_ui_set_name (self->list, _("Earlier prompts"));
  g_signal_connect (self->list, "row-activated", G_CALLBACK (activated_cb), self);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), LIST_HEIGHT);
  gtk_widget_set_size_request (scrolled, LIST_WIDTH, -1);
  gtk_container_add (GTK_CONTAINER (scrolled), self->list);
  gtk_widget_show_all (scrolled);

  self->popover = gtk_popover_new (GTK_WIDGET (self));
  gtk_container_add (GTK_CONTAINER (self->popover), scrolled);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self), self->popover);
  gtk_button_set_image (GTK_BUTTON (self),
                        gtk_image_new_from_icon_name ("document-open-recent-symbolic",
                                                      GTK_ICON_SIZE_BUTTON));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), _("Earlier prompts"));
  comfy_ui_set_name (GTK_WIDGET (self), _("Earlier prompts"));
  g_signal_connect (self, "toggled", G_CALLBACK (toggled_cb), NULL);
}

/**
 * comfy_prompt_history_new:
 * @session: has the journal
 *
 * Returns: (transfer floating): the button
 */
GtkWidget *
comfy_prompt_history_new (ComfySession *session)
{
  ComfyPromptHistory *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_PROMPT_HISTORY, NULL);
  self->session = g_object_ref (session);

  return GTK_WIDGET (self);
}
