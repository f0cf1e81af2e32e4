/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A SIZE field: presets, "as the image", and two spin buttons for any size between.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-field-row.h"
#include "comfy-reflow.h"
#include "comfy-ui-util.h"

struct _ComfySizeRow
{
  ComfyFieldRow  parent_instance;

  GtkWidget     *combo;   /* borrowed: a child */
  GtkWidget     *edges;   /* borrowed: a child, around both spin buttons */
  GtkWidget     *width;   /* borrowed: a child */
  GtkWidget     *height;  /* borrowed: a child */
  gboolean       showing; /* the widgets follow the form, not the artist */
};

G_DEFINE_FINAL_TYPE (ComfySizeRow, comfy_size_row, COMFY_TYPE_FIELD_ROW)

/* ids in the combo box; presets are "WxH" */
#define ID_IMAGE  "image"
#define ID_CUSTOM "custom"

static char *
dup_preset_id (int width,
               int height)
{
  return g_strdup_printf ("%dx%d", width, height);
}

static void
commit_size (ComfySizeRow *self,
             int           width,
             int           height)
{
  ComfyFieldRow *row = COMFY_FIELD_ROW (self);

  comfy_field_row_commit (row, g_variant_new ("(ii)", width, height));
  /* the form may have moved an edge into the range or onto the step; presets follow the edges */
  COMFY_FIELD_ROW_GET_CLASS (self)->show_value (
    row, comfy_form_get_value (comfy_field_row_get_form (row),
                               comfy_field_row_get_field (row)->id));
}

static void
combo_changed_cb (GtkComboBox  *combo,
                  ComfySizeRow *self)
{
  const char *id = gtk_combo_box_get_active_id (combo);
  int         width;
  int         height;

  if (self->showing || id == NULL)
    return;

  if (g_str_equal (id, ID_IMAGE))
    {
      commit_size (self, 0, 0);
    }
  else if (sscanf (id, "%dx%d", &width, &height) == 2)
    {
      commit_size (self, width, height);
    }
  else
    {
      /* from the size that stands there; which entry is shown stays with what was chosen */
      gtk_widget_set_sensitive (self->edges, TRUE);
      gtk_widget_grab_focus (self->width);
      comfy_field_row_commit (COMFY_FIELD_ROW (self),
                              g_variant_new ("(ii)",
                                             gtk_spin_button_get_value_as_int (
                                               GTK_SPIN_BUTTON (self->width)),
                                             gtk_spin_button_get_value_as_int (
                                               GTK_SPIN_BUTTON (self->height))));
    }
}

static void
edge_changed_cb (GtkSpinButton *spin,
                 ComfySizeRow  *self)
{
  if (!self->showing)
    commit_size (self, gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->width)),
                 gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->height)));
}

static GtkWidget *
build_combo (const ComfyField *field)
{
  GtkComboBoxText *combo = GTK_COMBO_BOX_TEXT (comfy_ui_combo_new ());

  if (field->image_area > 0)
    gtk_combo_box_text_append (combo, ID_IMAGE, _("As the image"));

  for (unsigned int i = 0; i < field->presets->len; i++)
    {
      const ComfySize *size = &g_array_index (field->presets, ComfySize, i);
      g_autofree char *id = dup_preset_id (size->width, size->height);
      g_autofree char *label = g_strdup_printf ("%d × %d", size->width, size->height);

      gtk_combo_box_text_append (combo, id, label);
    }
  gtk_combo_box_text_append (combo, ID_CUSTOM, _("Custom"));

  return GTK_WIDGET (combo);
}

static GtkWidget *
build_edge (ComfySizeRow     *self,
            const ComfyField *field,
            const char       *name)
{
  double     step = MAX (field->step, 1.0);
  GtkWidget *spin = gtk_spin_button_new_with_range (field->min, field->max, step);

  gtk_spin_button_set_snap_to_ticks (GTK_SPIN_BUTTON (spin), TRUE);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  gtk_entry_set_activates_default (GTK_ENTRY (spin), TRUE);
  gtk_widget_set_tooltip_text (spin, name);
  comfy_ui_set_name (spin, name);
  g_signal_connect (spin, "value-changed", G_CALLBACK (edge_changed_cb), self);

  return spin;
}

/* (transfer floating): what stays in one line */
static GtkWidget *
join (GtkWidget  *spin,
      const char *sign)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_pack_start (GTK_BOX (box), spin, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), gtk_label_new (sign), FALSE, FALSE, 0);

  return box;
}

static void
comfy_size_row_build (ComfyFieldRow *row)
{
  ComfySizeRow   *self = COMFY_SIZE_ROW (row);
  const ComfyField *field = comfy_field_row_get_field (row);
  GtkWidget        *box = comfy_reflow_new (12);

  self->combo = build_combo (field);
  gtk_box_pack_start (GTK_BOX (box), self->combo, TRUE, TRUE, 0);

  self->edges = comfy_reflow_new (6);
  self->width = build_edge (self, field, _("Width in pixels"));
  self->height = build_edge (self, field, _("Height in pixels"));
  gtk_box_pack_start (GTK_BOX (self->edges), join (self->width, "×"), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self->edges), join (self->height, _("px")), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), self->edges, FALSE, FALSE, 0);

  g_signal_connect (self->combo, "changed", G_CALLBACK (combo_changed_cb), self);
  comfy_field_row_set_control (row, box, self->combo, FALSE);
}

static void
comfy_size_row_show_value (ComfyFieldRow *row,
                           GVariant      *value)
{
  ComfySizeRow  *self = COMFY_SIZE_ROW (row);
  g_autofree char *preset = NULL;
  gboolean         is_image;
  int              width;
  int              height;

  g_variant_get (value, "(ii)", &width, &height);
  is_image = width == 0 && height == 0;
  preset = dup_preset_id (width, height);

  self->showing = TRUE;
  if (is_image)
    gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->combo), ID_IMAGE);
  else if (!gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->combo), preset))
    gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->combo), ID_CUSTOM);

  if (is_image)
    comfy_form_get_size (comfy_field_row_get_form (row), &width, &height);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->width), width);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->height), height);
  gtk_widget_set_sensitive (self->edges, !is_image);
  self->showing = FALSE;
}

static void
comfy_size_row_class_init (ComfySizeRowClass *klass)
{
  ComfyFieldRowClass *row_class = COMFY_FIELD_ROW_CLASS (klass);

  row_class->build = comfy_size_row_build;
  row_class->show_value = comfy_size_row_show_value;
}

static void
comfy_size_row_init (ComfySizeRow *self)
{
}
