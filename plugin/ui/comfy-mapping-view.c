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
#include "comfy-scroller.h"
#include "comfy-search-entry.h"
#include "comfy-ui-util.h"

#define LIST_HEIGHT    300 /* px */
#define OUTPUTS_HEIGHT 154 /* px: four lines */
#define MAX_FOUND      50  /* of the values that are not shown */
#define TITLE_CHARS    24  /* of a node, in a line */
#define NAME_CHARS     8

struct _ComfyMappingView
{
  GtkBox        parent_instance;

  ComfyOpener  *opener;  /* owned */
  ComfyMapping *mapping; /* owned */
  GtkWidget    *name;    /* borrowed: a child */
  GtkWidget    *search;  /* borrowed: a child */
  GtkWidget    *list;    /* borrowed: a child */
  GtkWidget    *empty;   /* borrowed: a child: what the list says without rows */
  GtkWidget    *more;    /* borrowed: a child: that there are more than rows */
  GtkWidget    *outputs; /* borrowed: a child: the results */
  GtkWidget    *fit;     /* borrowed: a child */
  GtkSizeGroup *labels;  /* owned: aligns those of the results with those below */
  GtkWidget    *notice;  /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyMappingView, comfy_mapping_view, GTK_TYPE_BOX)

static void
comfy_mapping_view_finalize (GObject *object)
{
  ComfyMappingView *self = COMFY_MAPPING_VIEW (object);

  g_clear_object (&self->labels);
  g_clear_object (&self->mapping);
  g_clear_object (&self->opener);

  G_OBJECT_CLASS (comfy_mapping_view_parent_class)->finalize (object);
}

static void
comfy_mapping_view_class_init (ComfyMappingViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_mapping_view_finalize;
}

static void
comfy_mapping_view_init (ComfyMappingView *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
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

/* The rows stay, and with them the focus. Entries that no row shows lie between, and go along. */
static void
exchange (ComfyMappingView *self,
          ComfyMappingRow  *row,
          ComfyMappingRow  *neighbour)
{
  GtkListBox   *list = GTK_LIST_BOX (self->list);
  GtkWindow    *window = GTK_WINDOW (gtk_widget_get_toplevel (self->list));
  GtkWidget    *focus = gtk_window_get_focus (window);
  int           place = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (neighbour));
  unsigned int  from = comfy_mapping_row_get_index (row);
  unsigned int  to = comfy_mapping_row_get_index (neighbour);

  comfy_mapping_move (self->mapping, from, to);
  comfy_mapping_row_set_index (row, to);
  comfy_mapping_row_set_index (neighbour, from < to ? to - 1 : to + 1);

  g_object_ref (row);
  gtk_container_remove (GTK_CONTAINER (list), GTK_WIDGET (row));
  gtk_list_box_insert (list, GTK_WIDGET (row), place);
  g_object_unref (row);
  if (focus != NULL)
    gtk_widget_grab_focus (focus);
}

static void
moved_cb (ComfyMappingRow  *row,
          int               by,
          ComfyMappingView *self)
{
  int            place = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) + by;
  GtkListBoxRow *neighbour = NULL;

  if (place >= 0)
    neighbour = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), place);
  if (neighbour != NULL)
    exchange (self, row, COMFY_MAPPING_ROW (neighbour));
  else
    gtk_widget_error_bell (self->list);
}

/* @n: how many are found, and have no row */
static void
show_more (ComfyMappingView *self,
           unsigned int      n)
{
  g_autofree char *text = NULL;

  if (n > 0)
    text = g_strdup_printf (ngettext ("One more is called so. Write more of its name.",
                                      "%u more are called so. Write more of their names.", n), n);
  comfy_ui_set_hint (self->more, text, GTK_MESSAGE_INFO);
}

static void
fill (ComfyMappingView *self)
{
  unsigned int n_found = 0;
  gboolean     is_search = !comfy_field_is_blank (gtk_entry_get_text (GTK_ENTRY (self->search)));

  gtk_container_foreach (GTK_CONTAINER (self->list), destroy_cb, NULL);
  gtk_label_set_text (GTK_LABEL (self->empty),
                      is_search ? _("No parameter, and no node, is called so.")
                                : _("The form shows nothing. Search for what it shall show."));
  for (unsigned int i = 0; i < comfy_mapping_get_n_entries (self->mapping); i++)
    {
      const ComfyMappingEntry *entry = comfy_mapping_get_entry (self->mapping, i);
      GtkWidget               *row;

      /* what is looked for is seen alone; else what the form shows */
      if (is_search ? !is_found (self, entry) : entry->place == COMFY_PLACE_ALL)
        continue;
      if (++n_found > MAX_FOUND && is_search)
        continue;
      row = comfy_mapping_row_new (self->mapping, i);
      g_signal_connect_object (row, "moved", G_CALLBACK (moved_cb), self, 0);
      gtk_container_add (GTK_CONTAINER (self->list), row);
    }
  gtk_widget_show_all (self->list);
  show_more (self, is_search && n_found > MAX_FOUND ? n_found - MAX_FOUND : 0);
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
  GtkWidget                *combo = comfy_ui_combo_new ();

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
attach (ComfyMappingView *self,
        GtkWidget        *grid,
        int               line,
        GtkWidget        *label,
        GtkWidget        *control)
{
  gtk_widget_set_hexpand (control, TRUE);
  gtk_size_group_add_widget (self->labels, label);
  gtk_grid_attach (GTK_GRID (grid), label, 0, line, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), control, 1, line, 1, 1);
}

static void
fill_outputs (ComfyMappingView *self)
{
  ComfyWorkflow *workflow = comfy_mapping_get_workflow (self->mapping);
  unsigned int   n = comfy_mapping_get_n_outputs (self->mapping);

  gtk_container_foreach (GTK_CONTAINER (self->outputs), destroy_cb, NULL);
  for (unsigned int i = 0; i < n; i++)
    {
      const char      *node = comfy_mapping_get_output (self->mapping, i)->node;
      g_autofree char *title = comfy_field_dup_line (comfy_workflow_get_title (workflow, node));
      /* translators: what a node of a workflow gives */
      g_autofree char *text = g_strdup_printf (_("%s becomes:"), title);
      GtkWidget       *combo = new_outcome_combo (self, i);
      GtkWidget       *label = comfy_ui_label_for ("", combo);

      /* a node may be called anything, "_" and all */
      gtk_label_set_text (GTK_LABEL (label), text);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
      gtk_label_set_max_width_chars (GTK_LABEL (label), TITLE_CHARS);
      gtk_widget_set_tooltip_text (label, text);
      attach (self, self->outputs, (int) i, label, combo);
    }
  gtk_widget_show_all (self->outputs);
}

static void
show_mapping (ComfyMappingView *self)
{
  fill (self);
  fill_outputs (self);
  gtk_combo_box_set_active (GTK_COMBO_BOX (self->fit), (int) comfy_mapping_get_fit (self->mapping));
}

static GtkWidget *
new_fit_combo (ComfyMappingView *self)
{
  GtkWidget *fit = comfy_ui_combo_new ();

  gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (fit), _("That of what was taken"));
  gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (fit), _("Its own"));
  g_signal_connect (fit, "changed", G_CALLBACK (fit_changed_cb), self);

  return fit;
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
      comfy_mapping_view_show_error (self, error);
      gtk_widget_grab_focus (self->name);
      return;
    }

  text = g_strdup_printf (_("“%s” stands in the list of workflows now, and in the menu after GIMP's "
                            "next start."), comfy_mapping_get_title (self->mapping));
  comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_INFO, text);
}

static GtkWidget *
new_name_line (ComfyMappingView *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *save = gtk_button_new_with_mnemonic (_("_Save as Action"));

  self->name = gtk_entry_new ();
  gtk_entry_set_text (GTK_ENTRY (self->name), comfy_mapping_get_title (self->mapping));
  gtk_entry_set_width_chars (GTK_ENTRY (self->name), NAME_CHARS);
  g_signal_connect_swapped (self->name, "activate", G_CALLBACK (save_clicked_cb), self);
  g_signal_connect_swapped (save, "clicked", G_CALLBACK (save_clicked_cb), self);
  gtk_box_pack_start (GTK_BOX (line), self->name, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (line), save, FALSE, FALSE, 0);

  return line;
}

static GtkWidget *
new_grid (void)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);

  return grid;
}

static void
left_cb (ComfyMappingView *self)
{
  gtk_widget_child_focus (self->list, GTK_DIR_TAB_FORWARD);
}

static void
build_list (ComfyMappingView *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);

  self->search = comfy_search_entry_new (_("Search all parameters"));
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (fill), self);
  g_signal_connect_swapped (self->search, "left", G_CALLBACK (left_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->search, FALSE, FALSE, 0);

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  comfy_ui_set_name (self->list, _("Values"));
  self->empty = comfy_ui_hint_new (NULL);
  gtk_label_set_width_chars (GTK_LABEL (self->empty), NAME_CHARS);
  g_object_set (self->empty, "margin", 24, "visible", TRUE, NULL);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (self->list), self->empty);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (scrolled), GTK_SHADOW_IN);
  gtk_scrolled_window_set_overlay_scrolling (GTK_SCROLLED_WINDOW (scrolled), FALSE);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), LIST_HEIGHT);
  gtk_container_add (GTK_CONTAINER (scrolled), self->list);
  gtk_box_pack_start (GTK_BOX (self), scrolled, TRUE, TRUE, 0);

  self->more = comfy_ui_hint_new (NULL);
  gtk_label_set_width_chars (GTK_LABEL (self->more), NAME_CHARS);
  gtk_widget_set_no_show_all (self->more, TRUE);
  gtk_box_pack_start (GTK_BOX (self), self->more, FALSE, FALSE, 0);
}

static void
build (ComfyMappingView *self)
{
  GtkWidget *results = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *size = new_grid ();
  GtkWidget *action = new_grid ();
  GtkWidget *name = new_name_line (self);

  build_list (self);
  /* a workflow may give dozens of pictures */
  self->outputs = new_grid ();
  gtk_container_add (GTK_CONTAINER (results), comfy_scroller_new (self->outputs, OUTPUTS_HEIGHT));
  self->fit = new_fit_combo (self);
  attach (self, size, 0, comfy_ui_label_for (_("Size of the resul_t:"), self->fit), self->fit);
  gtk_container_add (GTK_CONTAINER (results), size);
  gtk_box_pack_start (GTK_BOX (self), results, FALSE, FALSE, 0);
  attach (self, action, 0, comfy_ui_label_for (_("_Menu name:"), self->name), name);
  gtk_box_pack_start (GTK_BOX (self), action, FALSE, FALSE, 0);
  self->notice = comfy_notice_new ();
  comfy_notice_allow_narrow (COMFY_NOTICE (self->notice));
  gtk_box_pack_start (GTK_BOX (self), self->notice, FALSE, FALSE, 0);
  show_mapping (self);
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

/**
 * comfy_mapping_view_reset:
 *
 * Forgets all that was corrected, and shows what was guessed.
 */
void
comfy_mapping_view_reset (ComfyMappingView *self)
{
  g_return_if_fail (COMFY_IS_MAPPING_VIEW (self));

  comfy_notice_hide (COMFY_NOTICE (self->notice));
  comfy_mapping_reset (self->mapping);
  show_mapping (self);
}

/**
 * comfy_mapping_view_show_error:
 * @error: why what is said here cannot be used
 *
 * Says so in place.
 */
void
comfy_mapping_view_show_error (ComfyMappingView *self,
                               const GError     *error)
{
  g_return_if_fail (COMFY_IS_MAPPING_VIEW (self));
  g_return_if_fail (error != NULL);

  comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_ERROR, error->message);
}
