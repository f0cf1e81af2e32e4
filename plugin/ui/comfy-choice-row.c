/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A CHOICE field: a combo box.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-field-row.h"
#include "comfy-ui-util.h"

struct _ComfyChoiceRow
{
  ComfyFieldRow  parent_instance;

  GtkWidget     *combo; /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyChoiceRow, comfy_choice_row, COMFY_TYPE_FIELD_ROW)

static void
combo_changed_cb (GtkComboBox    *combo,
                  ComfyChoiceRow *self)
{
  const char *id = gtk_combo_box_get_active_id (combo);

  if (id != NULL)
    comfy_field_row_commit (COMFY_FIELD_ROW (self), g_variant_new_string (id));
}

static void
comfy_choice_row_build (ComfyFieldRow *row)
{
  ComfyChoiceRow   *self = COMFY_CHOICE_ROW (row);
  const ComfyField *field = comfy_field_row_get_field (row);

  self->combo = comfy_ui_combo_new ();
  for (unsigned int i = 0; i < field->choices->len; i++)
    {
      const ComfyChoice *choice = g_ptr_array_index (field->choices, i);

      gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->combo), choice->id, choice->label);
    }

  g_signal_connect (self->combo, "changed", G_CALLBACK (combo_changed_cb), self);
  comfy_field_row_set_control (row, self->combo, self->combo, FALSE);
}

static void
comfy_choice_row_show_value (ComfyFieldRow *row,
                             GVariant      *value)
{
  ComfyChoiceRow *self = COMFY_CHOICE_ROW (row);

  gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->combo), g_variant_get_string (value, NULL));
}

static void
comfy_choice_row_class_init (ComfyChoiceRowClass *klass)
{
  ComfyFieldRowClass *row_class = COMFY_FIELD_ROW_CLASS (klass);

  row_class->build = comfy_choice_row_build;
  row_class->show_value = comfy_choice_row_show_value;
}

static void
comfy_choice_row_init (ComfyChoiceRow *self)
{
}
