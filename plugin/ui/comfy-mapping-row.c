/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

#include "comfy-binding-names.h"
#include "comfy-mapping-row.h"
#include "comfy-ui-util.h"

#define LABEL_CHARS 8

/* of the width, in equal columns */
#define LEFT  5
#define RIGHT 6

struct _ComfyMappingRow
{
  GtkListBoxRow  parent_instance;

  ComfyMapping  *mapping; /* owned */
  unsigned int   index;   /* in the mapping */
  GtkWidget     *label;   /* borrowed: a child */
  GtkWidget     *kind;    /* borrowed: a child: what it is; NULL: that is not asked */
  gboolean       filling; /* what is chosen is not the artist's word */
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

static void fill_kind_combo (ComfyMappingRow *self);

static void
kind_changed_cb (GtkComboBox     *combo,
                 ComfyMappingRow *self)
{
  const char *id = gtk_combo_box_get_active_id (combo);

  if (id == NULL || self->filling)
    return;

  if (!g_ascii_isdigit (*id))
    {
      comfy_mapping_set_binding (self->mapping, self->index, id);
      return;
    }

  comfy_mapping_set_kind (self->mapping, self->index,
                          (ComfyKind) g_ascii_strtoull (id, NULL, 10));
  /* of a picture it is said where it comes from */
  fill_kind_combo (self);
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

/* wherever in the row the focus is */
static gboolean
comfy_mapping_row_key_press_event (GtkWidget   *widget,
                                   GdkEventKey *event)
{
  ComfyMappingRow *self = COMFY_MAPPING_ROW (widget);
  gboolean         has_alt = (event->state & gtk_accelerator_get_default_mod_mask ())
                             == GDK_MOD1_MASK;

  if (has_alt && (event->keyval == GDK_KEY_Up || event->keyval == GDK_KEY_Down))
    {
      g_signal_emit (self, moved_signal, 0, event->keyval == GDK_KEY_Up ? -1 : 1);
      return GDK_EVENT_STOP;
    }

  return GTK_WIDGET_CLASS (comfy_mapping_row_parent_class)->key_press_event (widget, event);
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
  GTK_WIDGET_CLASS (klass)->key_press_event = comfy_mapping_row_key_press_event;

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
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)),
                               COMFY_UI_ONE_BACKGROUND);
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

static void
add_binding (void       *combo,
             const char *id,
             const char *name)
{
  gtk_combo_box_text_append (combo, id, name);
}

/* of a picture, where it comes from at first; then what else it may be */
static void
fill_kind_combo (ComfyMappingRow *self)
{
  const ComfyMappingEntry *entry = get_entry (self);
  GtkComboBoxText         *combo = GTK_COMBO_BOX_TEXT (self->kind);
  gboolean                 is_picture = entry->kind == COMFY_KIND_PICTURE;
  g_autoptr(GArray)        list = comfy_mapping_list_kinds (self->mapping, self->index);
  g_autofree char         *present = g_strdup_printf ("%d", (int) entry->kind);

  self->filling = TRUE;
  gtk_combo_box_text_remove_all (combo);
  if (is_picture)
    comfy_binding_names_foreach (add_binding, combo);
  for (unsigned int i = 0; i < list->len; i++)
    {
      int              kind = g_array_index (list, int, i);
      g_autofree char *id = g_strdup_printf ("%d", kind);

      if (!is_picture || kind != COMFY_KIND_PICTURE)
        gtk_combo_box_text_append (combo, id, _(kinds[kind].name));
    }
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo), is_picture ? entry->binding : present);
  name_control (self, self->kind, is_picture ? _("where it comes from") : _("kind"));
  self->filling = FALSE;
}

/* what it is for sure is told, not asked */
static GtkWidget *
new_kind_label (ComfyMappingRow *self)
{
  GtkWidget *label = gtk_label_new (_(kinds[get_entry (self)->kind].name));

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  /* in a line with the words of the combo boxes */
  gtk_widget_set_margin_start (label, 12);
  gtk_style_context_add_class (gtk_widget_get_style_context (label), GTK_STYLE_CLASS_DIM_LABEL);

  return label;
}

static GtkWidget *
new_kind (ComfyMappingRow *self)
{
  g_autoptr(GArray) list = comfy_mapping_list_kinds (self->mapping, self->index);

  if (list->len <= 1 && get_entry (self)->kind != COMFY_KIND_PICTURE)
    return new_kind_label (self);

  self->kind = comfy_ui_combo_new ();
  fill_kind_combo (self);
  g_signal_connect (self->kind, "changed", G_CALLBACK (kind_changed_cb), self);

  return self->kind;
}

static GtkWidget *
new_place_combo (ComfyMappingRow *self)
{
  GtkWidget *combo = comfy_ui_combo_new ();

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
  GtkWidget               *hint;

  title = comfy_field_dup_line (comfy_workflow_get_title (workflow, entry->node));
  /* translators: a node of a graph by its title, and one of its inputs */
  text = g_strdup_printf (_("%s, %s"), title, input);

  hint = comfy_ui_hint_new (text);
  gtk_label_set_line_wrap (GTK_LABEL (hint), FALSE);
  gtk_label_set_width_chars (GTK_LABEL (hint), LABEL_CHARS);
  gtk_label_set_ellipsize (GTK_LABEL (hint), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_tooltip_text (hint, text);

  return hint;
}

static GtkWidget *
new_place_line (ComfyMappingRow *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *up = new_arrow (self, "go-up", _("Move up"), G_CALLBACK (up_clicked_cb));
  GtkWidget *down = new_arrow (self, "go-down", _("Move down"), G_CALLBACK (down_clicked_cb));

  gtk_box_pack_start (GTK_BOX (line), new_place_combo (self), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (line), up, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (line), down, FALSE, FALSE, 0);

  return line;
}

/* on the left what it is called, here and in the graph; on the right what it is, and where */
static void
build (ComfyMappingRow *self)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  g_object_set (grid, "margin", 6, NULL);
  self->label = gtk_entry_new ();
  gtk_entry_set_text (GTK_ENTRY (self->label), get_entry (self)->label);
  gtk_entry_set_width_chars (GTK_ENTRY (self->label), LABEL_CHARS);
  gtk_widget_set_hexpand (self->label, TRUE);
  g_signal_connect (self->label, "changed", G_CALLBACK (label_changed_cb), self);
  name_control (self, self->label, _("name"));

  gtk_grid_attach (GTK_GRID (grid), self->label, 0, 0, LEFT, 1);
  gtk_grid_attach (GTK_GRID (grid), new_kind (self), LEFT, 0, RIGHT, 1);
  gtk_grid_attach (GTK_GRID (grid), new_origin (self), 0, 1, LEFT, 1);
  gtk_grid_attach (GTK_GRID (grid), new_place_line (self), LEFT, 1, RIGHT, 1);
  gtk_container_add (GTK_CONTAINER (self), grid);
  comfy_ui_set_name (GTK_WIDGET (self), get_entry (self)->label);
}

/**
 * comfy_mapping_row_new:
 * @mapping: what a workflow is to the artist
 * @i: one of its entries
 *
 * Returns: (transfer floating): a row; who moves entries calls comfy_mapping_row_set_index()
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
 * comfy_mapping_row_set_index:
 * @i: which entry it shows, since another one was moved past it
 */
void
comfy_mapping_row_set_index (ComfyMappingRow *self,
                             unsigned int     i)
{
  g_return_if_fail (COMFY_IS_MAPPING_ROW (self));

  self->index = i;
}
