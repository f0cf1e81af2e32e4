/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A BOOLEAN field: a check box that carries the label itself.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-field-row.h"

struct _ComfyBooleanRow
{
  ComfyFieldRow  parent_instance;

  GtkWidget     *check; /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyBooleanRow, comfy_boolean_row, COMFY_TYPE_FIELD_ROW)

static void
toggled_cb (GtkToggleButton *button,
            ComfyBooleanRow *self)
{
  comfy_field_row_commit (COMFY_FIELD_ROW (self),
                          g_variant_new_boolean (gtk_toggle_button_get_active (button)));
}

static void
comfy_boolean_row_build (ComfyFieldRow *row)
{
  ComfyBooleanRow *self = COMFY_BOOLEAN_ROW (row);
  GtkWidget         *label;

  self->check =
    gtk_check_button_new_with_mnemonic (comfy_field_row_get_field (row)->label);
  gtk_label_set_line_wrap (GTK_LABEL (gtk_bin_get_child (GTK_BIN (self->check))), TRUE);
  g_signal_connect (self->check, "toggled", G_CALLBACK (toggled_cb), self);
  comfy_field_row_set_control (row, self->check, self->check, FALSE);

  /* the column of the labels stays, so that the check box aligns with the other controls */
  label = comfy_field_row_get_label (row);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), NULL);
  gtk_label_set_text (GTK_LABEL (label), NULL);
}

static void
comfy_boolean_row_show_value (ComfyFieldRow *row,
                              GVariant      *value)
{
  ComfyBooleanRow *self = COMFY_BOOLEAN_ROW (row);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->check), g_variant_get_boolean (value));
}

static void
comfy_boolean_row_class_init (ComfyBooleanRowClass *klass)
{
  ComfyFieldRowClass *row_class = COMFY_FIELD_ROW_CLASS (klass);

  row_class->build = comfy_boolean_row_build;
  row_class->show_value = comfy_boolean_row_show_value;
}

static void
comfy_boolean_row_init (ComfyBooleanRow *self)
{
}
