/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An INT or DOUBLE field: a slider for a feeling, a spin button for the number, one adjustment.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <glib/gi18n.h>

#include "comfy-field-row.h"

/* as many steps as a slider can tell apart on a screen; above that only the spin button stays */
#define MAX_SLIDER_STEPS 1000
/* what is not shown is rounded away */
#define MAX_DIGITS       6
/* by how much a number goes up and down that has no step */
#define STEP_OF_ANY      0.01

struct _ComfyNumberRow
{
  ComfyFieldRow  parent_instance;

  GtkAdjustment *adjustment; /* borrowed: of the spin button */
};

G_DEFINE_FINAL_TYPE (ComfyNumberRow, comfy_number_row, COMFY_TYPE_FIELD_ROW)

static void
value_changed_cb (GtkAdjustment  *adjustment,
                  ComfyNumberRow *self)
{
  ComfyFieldRow *row = COMFY_FIELD_ROW (self);
  double         value = gtk_adjustment_get_value (adjustment);

  if (comfy_field_row_get_field (row)->type == COMFY_FIELD_INT)
    comfy_field_row_commit (row, g_variant_new_int64 (llround (value)));
  else
    comfy_field_row_commit (row, g_variant_new_double (value));
}

/* as many decimals as the step has */
static unsigned int
count_digits (const ComfyField *field)
{
  unsigned int digits = 0;

  if (field->type == COMFY_FIELD_INT)
    return 0;
  /* without a step the number may be any */
  if (field->step <= 0)
    return MAX_DIGITS;

  for (double step = field->step; fabs (step - round (step)) > 1e-6; step *= 10.0)
    if (++digits == MAX_DIGITS)
      break;

  return digits;
}

/* what 0 of an optional field says: the model's own number, which is not a number of the artist's */
static const char *
get_word_for_nothing (void)
{
  return _("Automatic");
}

static gboolean
output_cb (GtkSpinButton *spin,
           gpointer       unused)
{
  if (gtk_spin_button_get_value (spin) != 0.0)
    return FALSE;

  if (g_strcmp0 (gtk_entry_get_text (GTK_ENTRY (spin)), get_word_for_nothing ()) != 0)
    gtk_entry_set_text (GTK_ENTRY (spin), get_word_for_nothing ());

  return TRUE;
}

/* the word and an emptied entry are 0; what is no number leaves the last one */
static int
input_cb (GtkSpinButton *spin,
          double        *new_value,
          gpointer       unused)
{
  const char *text = gtk_entry_get_text (GTK_ENTRY (spin));
  char       *end;

  if (comfy_field_is_blank (text) || g_strcmp0 (text, get_word_for_nothing ()) == 0)
    {
      *new_value = 0.0;
      return TRUE;
    }

  *new_value = strtod (text, &end);
  if (!comfy_field_is_blank (end))
    *new_value = gtk_spin_button_get_value (spin);

  return TRUE;
}

/* A spin button that takes only digits refuses the word, too. */
static void
show_word_for_nothing (GtkWidget *spin)
{
  int width = (int) g_utf8_strlen (get_word_for_nothing (), -1);

  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), FALSE);
  gtk_entry_set_width_chars (GTK_ENTRY (spin), width);
  g_signal_connect (spin, "output", G_CALLBACK (output_cb), NULL);
  g_signal_connect (spin, "input", G_CALLBACK (input_cb), NULL);
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
}

static void
comfy_number_row_build (ComfyFieldRow *row)
{
  ComfyNumberRow *self = COMFY_NUMBER_ROW (row);
  const ComfyField *field = comfy_field_row_get_field (row);
  GtkWidget        *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  unsigned int      digits = count_digits (field);
  double            step = field->step > 0 ? field->step : STEP_OF_ANY;
  GtkWidget        *scale;
  GtkWidget        *spin;

  self->adjustment = gtk_adjustment_new (field->min, field->min, field->max, step, step * 10.0, 0.0);
  spin = gtk_spin_button_new (self->adjustment, step, digits);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  gtk_entry_set_activates_default (GTK_ENTRY (spin), TRUE);
  if (field->optional)
    show_word_for_nothing (spin);

  if ((field->max - field->min) / step <= MAX_SLIDER_STEPS)
    {
      scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, self->adjustment);
      gtk_scale_set_draw_value (GTK_SCALE (scale), FALSE);
      gtk_scale_set_digits (GTK_SCALE (scale), digits);
      /* the spin button says and takes the same number, so Tab need not stop twice */
      gtk_widget_set_can_focus (scale, FALSE);
      gtk_box_pack_start (GTK_BOX (box), scale, TRUE, TRUE, 0);
    }
  gtk_box_pack_start (GTK_BOX (box), spin, FALSE, FALSE, 0);

  g_signal_connect (self->adjustment, "value-changed", G_CALLBACK (value_changed_cb), self);
  comfy_field_row_set_control (row, box, spin, FALSE);
}

static void
comfy_number_row_show_value (ComfyFieldRow *row,
                             GVariant      *value)
{
  ComfyNumberRow *self = COMFY_NUMBER_ROW (row);

  if (comfy_field_row_get_field (row)->type == COMFY_FIELD_INT)
    gtk_adjustment_set_value (self->adjustment, g_variant_get_int64 (value));
  else
    gtk_adjustment_set_value (self->adjustment, g_variant_get_double (value));
}

static void
comfy_number_row_class_init (ComfyNumberRowClass *klass)
{
  ComfyFieldRowClass *row_class = COMFY_FIELD_ROW_CLASS (klass);

  row_class->build = comfy_number_row_build;
  row_class->show_value = comfy_number_row_show_value;
}

static void
comfy_number_row_init (ComfyNumberRow *self)
{
}
