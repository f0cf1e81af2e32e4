/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list with a row for each value: those that are shown, and those that a search finds among the
 * others, which may be thousands. Below it, what becomes of each result.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-mapping-row.h"
#include "comfy-mapping-view.h"
#include "comfy-notice.h"
#include "comfy-ui-util.h"

#define LIST_HEIGHT 300 /* px */
#define MAX_FOUND   50  /* of the values that are not shown */

struct _ComfyMappingView
{
  GtkBox        parent_instance;

  ComfyOpener  *opener;  /* owned */
  ComfyMapping *mapping; /* owned */
  GtkWidget    *name;    /* borrowed: a child */
  GtkWidget    *search;  /* borrowed: a child */
  GtkWidget    *list;    /* borrowed: a child */
  GtkWidget    *outputs; /* borrowed: a child: the results */
  GtkWidget    *notice;  /* borrowed: a child */
  gboolean      is_told; /* that what is said here cannot be remembered */
};

G_DEFINE_FINAL_TYPE (ComfyMappingView, comfy_mapping_view, GTK_TYPE_BOX)

static unsigned int done_signal;

static void
comfy_mapping_view_finalize (GObject *object)
{
  ComfyMappingView *self = COMFY_MAPPING_VIEW (object);

  g_clear_object (&self->mapping);
  g_clear_object (&self->opener);

  G_OBJECT_CLASS (comfy_mapping_view_parent_class)->finalize (object);
}

static void
comfy_mapping_view_class_init (ComfyMappingViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_mapping_view_finalize;

  /**
   * ComfyMappingView::done:
   *
   * The artist goes back to the form.
   */
  done_signal = g_signal_new ("done", COMFY_TYPE_MAPPING_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);
}

static void
comfy_mapping_view_init (ComfyMappingView *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
}

static void
destroy_cb (GtkWidget *child,
            void      *data)
{
  gtk_widget_destroy (child);
}

static gboolean
is_found (ComfyMappingView        *self,
          const ComfyMappingEntry *entry)
{
  const char *text = gtk_entry_get_text (GTK_ENTRY (self->search));
  const char *title = comfy_workflow_get_title (comfy_mapping_get_workflow (self->mapping),
                                                entry->node);

  return !comfy_field_is_blank (text)
         && (g_str_match_string (text, entry->label, TRUE) || g_str_match_string (text, title, TRUE)
             || g_str_match_string (text, entry->input, TRUE));
}

static void fill (ComfyMappingView *self);

static void
focus_row (ComfyMappingView *self,
           unsigned int      index)
{
  g_autoptr(GList) rows = gtk_container_get_children (GTK_CONTAINER (self->list));

  for (GList *row = rows; row != NULL; row = row->next)
    if (comfy_mapping_row_get_index (row->data) == index)
      comfy_mapping_row_focus (row->data);
}

/* among those that are seen, past what is not */
static void
moved_cb (ComfyMappingRow  *row,
          int               by,
          ComfyMappingView *self)
{
  int        place = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) + by;
  GtkWidget *neighbour;
  unsigned int to;

  neighbour = place >= 0 ? GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list),
                                                                      place)) : NULL;
  if (neighbour == NULL)
    return;

  to = comfy_mapping_row_get_index (COMFY_MAPPING_ROW (neighbour));
  comfy_mapping_move (self->mapping, comfy_mapping_row_get_index (row), to);
  fill (self);
  focus_row (self, to);
}

static void
fill (ComfyMappingView *self)
{
  unsigned int n_found = 0;

  gtk_container_foreach (GTK_CONTAINER (self->list), destroy_cb, NULL);
  for (unsigned int i = 0; i < comfy_mapping_get_n_entries (self->mapping); i++)
    {
      const ComfyMappingEntry *entry = comfy_mapping_get_entry (self->mapping, i);
      GtkWidget               *row;

      if (entry->place == COMFY_PLACE_ALL && (n_found >= MAX_FOUND || !is_found (self, entry)))
        continue;
      n_found += entry->place == COMFY_PLACE_ALL;
      row = comfy_mapping_row_new (self->mapping, i);
      g_signal_connect_object (row, "moved", G_CALLBACK (moved_cb), self, 0);
      gtk_container_add (GTK_CONTAINER (self->list), row);
    }
  gtk_widget_show_all (self->list);
}

static void
outcome_changed_cb (GtkComboBox      *combo,
                    ComfyMappingView *self)
{
  unsigned int i = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (combo), "index"));
  ComfyOutcome outcome;

  if (comfy_outcome_from_id (gtk_combo_box_get_active_id (combo), &outcome))
    comfy_mapping_set_outcome (self->mapping, i, outcome);
}

static GtkWidget *
new_outcome_combo (ComfyMappingView *self,
                   unsigned int      i)
{
  const struct { ComfyOutcome outcome; const char *name; } outcomes[] = {
    { COMFY_OUTCOME_LAYERS,     _("New layers") },
    { COMFY_OUTCOME_GROUP,      _("A group of layers") },
    { COMFY_OUTCOME_NEW_IMAGE,  _("A new image") },
    { COMFY_OUTCOME_LAYER_MASK, _("The layer's mask") },
    { COMFY_OUTCOME_SELECTION,  _("The selection") },
    { COMFY_OUTCOME_NOTHING,    _("Nothing") },
  };
  const ComfyMappingOutput *output = comfy_mapping_get_output (self->mapping, i);
  GtkWidget                *combo = gtk_combo_box_text_new ();

  for (unsigned int j = 0; j < G_N_ELEMENTS (outcomes); j++)
    if (!output->is_text || outcomes[j].outcome == COMFY_OUTCOME_NOTHING
        || outcomes[j].outcome == COMFY_OUTCOME_LAYERS)
      gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (combo),
                                 comfy_outcome_to_id (outcomes[j].outcome),
                                 output->is_text && j == 0 ? _("A text") : outcomes[j].name);
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo), comfy_outcome_to_id (output->outcome));
  g_object_set_data (G_OBJECT (combo), "index", GUINT_TO_POINTER (i));
  g_signal_connect (combo, "changed", G_CALLBACK (outcome_changed_cb), self);

  return combo;
}

static void
fit_changed_cb (GtkComboBox      *combo,
                ComfyMappingView *self)
{
  comfy_mapping_set_fit (self->mapping, (ComfyFit) gtk_combo_box_get_active (combo));
}

static void
attach (GtkWidget  *grid,
        int         line,
        const char *label,
        GtkWidget  *control)
{
  gtk_widget_set_hexpand (control, TRUE);
  gtk_grid_attach (GTK_GRID (grid), comfy_ui_label_for (label, control), 0, line, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), control, 1, line, 1, 1);
}

static void
fill_outputs (ComfyMappingView *self)
{
  ComfyWorkflow *workflow = comfy_mapping_get_workflow (self->mapping);
  GtkWidget     *fit = gtk_combo_box_text_new ();
  unsigned int   n = comfy_mapping_get_n_outputs (self->mapping);

  gtk_container_foreach (GTK_CONTAINER (self->outputs), destroy_cb, NULL);
  for (unsigned int i = 0; i < n; i++)
    {
      const char      *node = comfy_mapping_get_output (self->mapping, i)->node;
      g_autofree char *title = comfy_field_dup_line (comfy_workflow_get_title (workflow, node));
      g_auto(GStrv)    parts = g_strsplit (title, "_", -1);
      g_autofree char *escaped = g_strjoinv ("__", parts);
      /* translators: what a node of a workflow gives */
      g_autofree char *label = g_strdup_printf (_("%s becomes:"), escaped);

      attach (self->outputs, (int) i, label, new_outcome_combo (self, i));
    }

  gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (fit), _("That of what was taken"));
  gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (fit), _("Its own"));
  gtk_combo_box_set_active (GTK_COMBO_BOX (fit), (int) comfy_mapping_get_fit (self->mapping));
  g_signal_connect (fit, "changed", G_CALLBACK (fit_changed_cb), self);
  attach (self->outputs, (int) n, _("Size of the _result:"), fit);
  gtk_widget_show_all (self->outputs);
}

static void
done_clicked_cb (ComfyMappingView *self)
{
  g_autoptr(GError) error = NULL;

  /* it counts for this run all the same */
  if (!comfy_opener_remember (self->opener, self->mapping, &error) && !self->is_told)
    {
      self->is_told = TRUE;
      comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_ERROR, error->message);
      return;
    }
  g_signal_emit (self, done_signal, 0);
}

static void
reset_clicked_cb (ComfyMappingView *self)
{
  comfy_mapping_reset (self->mapping);
  fill (self);
  fill_outputs (self);
}

static void
save_clicked_cb (ComfyMappingView *self)
{
  g_autoptr(GError)  error = NULL;
  g_autofree char   *path = NULL;
  g_autofree char   *text = NULL;

  path = comfy_opener_save (self->opener, self->mapping,
                            gtk_entry_get_text (GTK_ENTRY (self->name)), &error);
  if (path == NULL || !comfy_opener_remember (self->opener, self->mapping, &error))
    {
      comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_ERROR, error->message);
      return;
    }

  text = g_strdup_printf (_("“%s” stands in the list of workflows now, and in the menu after GIMP's "
                            "next start."), comfy_mapping_get_title (self->mapping));
  comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_INFO, text);
}

static GtkWidget *
new_button (ComfyMappingView *self,
            const char       *label,
            GCallback         clicked)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_signal_connect_swapped (button, "clicked", clicked, self);

  return button;
}

static GtkWidget *
new_buttons (ComfyMappingView *self)
{
  GtkWidget *buttons = gtk_button_box_new (GTK_ORIENTATION_HORIZONTAL);
  GtkWidget *reset = new_button (self, _("_Reset"), G_CALLBACK (reset_clicked_cb));

  gtk_button_box_set_layout (GTK_BUTTON_BOX (buttons), GTK_BUTTONBOX_END);
  gtk_box_set_spacing (GTK_BOX (buttons), 6);
  gtk_container_add (GTK_CONTAINER (buttons), reset);
  gtk_button_box_set_child_secondary (GTK_BUTTON_BOX (buttons), reset, TRUE);
  gtk_container_add (GTK_CONTAINER (buttons),
                     new_button (self, _("_Done"), G_CALLBACK (done_clicked_cb)));

  return buttons;
}

static GtkWidget *
new_name_line (ComfyMappingView *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->name = gtk_entry_new ();
  gtk_entry_set_text (GTK_ENTRY (self->name), comfy_mapping_get_title (self->mapping));
  gtk_box_pack_start (GTK_BOX (line), comfy_ui_label_for (_("_Name:"), self->name), FALSE, FALSE, 6);
  gtk_box_pack_start (GTK_BOX (line), self->name, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (line),
                      new_button (self, _("_Save as Action"), G_CALLBACK (save_clicked_cb)),
                      FALSE, FALSE, 0);

  return line;
}

static void
build (ComfyMappingView *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);

  gtk_box_pack_start (GTK_BOX (self), new_name_line (self), FALSE, FALSE, 0);
  self->search = gtk_search_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->search), _("Search all parameters"));
  comfy_ui_set_name (self->search, _("Search all parameters"));
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (fill), self);
  gtk_box_pack_start (GTK_BOX (self), self->search, FALSE, FALSE, 0);

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  comfy_ui_set_name (self->list, _("Values"));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (scrolled), GTK_SHADOW_IN);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), LIST_HEIGHT);
  gtk_container_add (GTK_CONTAINER (scrolled), self->list);
  gtk_box_pack_start (GTK_BOX (self), scrolled, TRUE, TRUE, 0);

  self->outputs = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->outputs), 12);
  gtk_grid_set_row_spacing (GTK_GRID (self->outputs), 6);
  gtk_box_pack_start (GTK_BOX (self), self->outputs, FALSE, FALSE, 0);
  self->notice = comfy_notice_new ();
  gtk_box_pack_start (GTK_BOX (self), self->notice, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), new_buttons (self), FALSE, FALSE, 0);
  fill (self);
  fill_outputs (self);
}

/**
 * comfy_mapping_view_new:
 * @opener: remembers what is said here
 * @mapping: what a workflow is to the artist
 *
 * Returns: (transfer floating): a view
 */
GtkWidget *
comfy_mapping_view_new (ComfyOpener  *opener,
                        ComfyMapping *mapping)
{
  ComfyMappingView *self;

  g_return_val_if_fail (COMFY_IS_OPENER (opener), NULL);
  g_return_val_if_fail (COMFY_IS_MAPPING (mapping), NULL);

  self = g_object_new (COMFY_TYPE_MAPPING_VIEW, NULL);
  self->opener = g_object_ref (opener);
  self->mapping = g_object_ref (mapping);
  build (self);

  return GTK_WIDGET (self);
}
