/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-mapping-row.h"
#include "comfy-ui-util.h"

#define LABEL_CHARS 14

struct _ComfyMappingRow
{
  GtkListBoxRow  parent_instance;

  ComfyMapping  *mapping; /* owned */
  unsigned int   index;   /* in the mapping */
  GtkWidget     *label;   /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyMappingRow, comfy_mapping_row, GTK_TYPE_LIST_BOX_ROW)

static unsigned int moved_signal;

static const struct { ComfyKind kind; const char *name; } kinds[] = {
  { COMFY_KIND_TEXT,     N_("Text") },
  { COMFY_KIND_PROMPT,   N_("Prompt") },
  { COMFY_KIND_NEGATIVE, N_("Negative prompt") },
  { COMFY_KIND_NUMBER,   N_("Number") },
  { COMFY_KIND_SEED,     N_("Seed") },
  { COMFY_KIND_SWITCH,   N_("Switch") },
  { COMFY_KIND_CHOICE,   N_("Choice") },
  { COMFY_KIND_SIZE,     N_("Size") },
  { COMFY_KIND_PICTURE,  N_("Picture") },
};
G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == COMFY_KIND_PICTURE + 1);

static const ComfyMappingEntry *
get_entry (ComfyMappingRow *self)
{
  return comfy_mapping_get_entry (self->mapping, self->index);
}

static void
label_changed_cb (GtkEntry        *entry,
                  ComfyMappingRow *self)
{
  comfy_mapping_set_label (self->mapping, self->index, gtk_entry_get_text (entry));
}

static void
kind_changed_cb (GtkComboBox     *combo,
                 ComfyMappingRow *self)
{
  const char *id = gtk_combo_box_get_active_id (combo);

  if (id != NULL)
    comfy_mapping_set_kind (self->mapping, self->index,
                            (ComfyKind) g_ascii_strtoull (id, NULL, 10));
}

static void
binding_changed_cb (GtkComboBox     *combo,
                    ComfyMappingRow *self)
{
  const char *id = gtk_combo_box_get_active_id (combo);

  if (id != NULL)
    comfy_mapping_set_binding (self->mapping, self->index, id);
}

static void
place_changed_cb (GtkComboBox     *combo,
                  ComfyMappingRow *self)
{
  comfy_mapping_set_place (self->mapping, self->index,
                           (ComfyPlace) gtk_combo_box_get_active (combo));
}

static void
up_clicked_cb (ComfyMappingRow *self)
{
  g_signal_emit (self, moved_signal, 0, -1);
}

static void
down_clicked_cb (ComfyMappingRow *self)
{
  g_signal_emit (self, moved_signal, 0, 1);
}

static void
comfy_mapping_row_finalize (GObject *object)
{
  g_clear_object (&COMFY_MAPPING_ROW (object)->mapping);

  G_OBJECT_CLASS (comfy_mapping_row_parent_class)->finalize (object);
}

static void
comfy_mapping_row_class_init (ComfyMappingRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_mapping_row_finalize;

  /**
   * ComfyMappingRow::moved:
   * @by: places, down when positive
   */
  moved_signal = g_signal_new ("moved", COMFY_TYPE_MAPPING_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
comfy_mapping_row_init (ComfyMappingRow *self)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (self), FALSE);
}

/* "what the label is about: what the control sets", for who cannot see that they stand in a line */
static void
name_control (ComfyMappingRow *self,
              GtkWidget       *control,
              const char      *what)
{
  g_autofree char *name = g_strdup_printf ("%s: %s", get_entry (self)->label, what);

  comfy_ui_set_name (control, name);
}

static GtkWidget *
new_kind_combo (ComfyMappingRow *self)
{
  GtkWidget         *combo = gtk_combo_box_text_new ();
  g_autoptr(GArray)  list = comfy_mapping_list_kinds (self->mapping, self->index);
  g_autofree char   *present = g_strdup_printf ("%d", (int) get_entry (self)->kind);

  for (unsigned int i = 0; i < list->len; i++)
    {
      int              kind = g_array_index (list, int, i);
      g_autofree char *id = g_strdup_printf ("%d", kind);

      gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (combo), id, _(kinds[kind].name));
    }
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo), present);
  /* what it is for sure is told, not asked */
  gtk_widget_set_sensitive (combo, list->len > 1);
  g_signal_connect (combo, "changed", G_CALLBACK (kind_changed_cb), self);
  name_control (self, combo, _("kind"));

  return combo;
}

static GtkWidget *
new_binding_combo (ComfyMappingRow *self)
{
  const struct { const char *id; const char *name; } bindings[] = {
    { "layer",             _("Selected layer") },
    { "layers",            _("Selected layers") },
    { "visible",           _("Visible image") },
    { "selection",         _("Selected part of the layer") },
    { "visible-selection", _("Selected part of the image") },
    { "mask",              _("Selection as a mask") },
  };
  GtkWidget *combo = gtk_combo_box_text_new ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (bindings); i++)
    gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (combo), bindings[i].id, bindings[i].name);
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo), get_entry (self)->binding);
  g_signal_connect (combo, "changed", G_CALLBACK (binding_changed_cb), self);
  name_control (self, combo, _("where it comes from"));

  return combo;
}

static GtkWidget *
new_place_combo (ComfyMappingRow *self)
{
  GtkWidget *combo = gtk_combo_box_text_new ();

  gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (combo), _("In the form"));
  gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (combo), _("Advanced"));
  gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (combo), _("All parameters"));
  gtk_combo_box_set_active (GTK_COMBO_BOX (combo), (int) get_entry (self)->place);
  g_signal_connect (combo, "changed", G_CALLBACK (place_changed_cb), self);
  name_control (self, combo, _("where it is shown"));

  return combo;
}

static GtkWidget *
new_arrow (ComfyMappingRow *self,
           const char      *icon,
           const char      *what,
           GCallback        clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon, GTK_ICON_SIZE_BUTTON);

  gtk_button_set_relief (GTK_BUTTON (button), GTK_RELIEF_NONE);
  gtk_widget_set_tooltip_text (button, what);
  g_signal_connect_swapped (button, "clicked", clicked, self);
  name_control (self, button, what);

  return button;
}

/* which node of the graph is meant */
static GtkWidget *
new_origin (ComfyMappingRow *self)
{
  const ComfyMappingEntry *entry = get_entry (self);
  ComfyWorkflow           *workflow = comfy_mapping_get_workflow (self->mapping);
  g_autofree char         *title = NULL;
  g_autofree char         *input = comfy_field_dup_line (entry->input);
  g_autofree char         *text = NULL;

  title = comfy_field_dup_line (comfy_workflow_get_title (workflow, entry->node));
  /* translators: a node of a graph by its title, and one of its inputs */
  text = g_strdup_printf (_("%s, %s"), title, input);

  return comfy_ui_hint_new (text);
}

static void
build (ComfyMappingRow *self)
{
  const ComfyMappingEntry *entry = get_entry (self);
  GtkWidget               *grid = gtk_grid_new ();
  GtkWidget               *what = entry->kind == COMFY_KIND_PICTURE ? new_binding_combo (self)
                                                                    : new_kind_combo (self);

  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  g_object_set (grid, "margin", 6, NULL);
  self->label = gtk_entry_new ();
  gtk_entry_set_text (GTK_ENTRY (self->label), entry->label);
  gtk_entry_set_width_chars (GTK_ENTRY (self->label), LABEL_CHARS);
  gtk_widget_set_hexpand (self->label, TRUE);
  g_signal_connect (self->label, "changed", G_CALLBACK (label_changed_cb), self);
  name_control (self, self->label, _("name"));

  gtk_grid_attach (GTK_GRID (grid), self->label, 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), what, 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), new_place_combo (self), 2, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), new_arrow (self, "go-up", _("Move up"),
                                               G_CALLBACK (up_clicked_cb)), 3, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), new_arrow (self, "go-down", _("Move down"),
                                               G_CALLBACK (down_clicked_cb)), 4, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), new_origin (self), 0, 1, 5, 1);
  gtk_container_add (GTK_CONTAINER (self), grid);
}

/**
 * comfy_mapping_row_new:
 * @mapping: what a workflow is to the artist
 * @i: one of its entries
 *
 * Returns: (transfer floating): a row, good until the order of the entries changes
 */
GtkWidget *
comfy_mapping_row_new (ComfyMapping *mapping,
                       unsigned int  i)
{
  ComfyMappingRow *self;

  g_return_val_if_fail (COMFY_IS_MAPPING (mapping), NULL);

  self = g_object_new (COMFY_TYPE_MAPPING_ROW, NULL);
  self->mapping = g_object_ref (mapping);
  self->index = i;
  build (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_mapping_row_get_index:
 *
 * Returns: which entry it shows
 */
unsigned int
comfy_mapping_row_get_index (ComfyMappingRow *self)
{
  g_return_val_if_fail (COMFY_IS_MAPPING_ROW (self), 0);

  return self->index;
}

/**
 * comfy_mapping_row_focus:
 *
 * Puts the cursor into its name.
 */
void
comfy_mapping_row_focus (ComfyMappingRow *self)
{
  g_return_if_fail (COMFY_IS_MAPPING_ROW (self));

  gtk_widget_grab_focus (self->label);
}
