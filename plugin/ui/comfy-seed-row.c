/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A SEED field. Empty means a new seed for each run.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-field-row.h"
#include "comfy-reflow.h"
#include "comfy-seed-entry.h"
#include "comfy-ui-util.h"

struct _ComfySeedRow
{
  ComfyFieldRow  parent_instance;

  GtkWidget     *entry;  /* borrowed: a child */
  GtkWidget     *random; /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfySeedRow, comfy_seed_row, COMFY_TYPE_FIELD_ROW)

static void
entry_changed_cb (GtkEditable  *editable,
                  ComfySeedRow *self)
{
  guint64  seed = 0;
  gboolean fixed = comfy_seed_entry_get_seed (COMFY_SEED_ENTRY (editable), &seed);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->random), !fixed);
  comfy_field_row_commit (COMFY_FIELD_ROW (self),
                          g_variant_new_maybe (G_VARIANT_TYPE_UINT64,
                                               fixed ? g_variant_new_uint64 (seed) : NULL));
}

static void
draw_cb (GtkButton    *button,
         ComfySeedRow *self)
{
  const ComfyField *field = comfy_field_row_get_field (COMFY_FIELD_ROW (self));

  comfy_seed_entry_set_seed (COMFY_SEED_ENTRY (self->entry),
                             comfy_field_draw_seed (field->seed_max));
}

static void
random_toggled_cb (GtkToggleButton *button,
                   ComfySeedRow    *self)
{
  gboolean is_empty = *gtk_entry_get_text (GTK_ENTRY (self->entry)) == '\0';
  gboolean is_random = gtk_toggle_button_get_active (button);

  if (is_random && !is_empty)
    gtk_entry_set_text (GTK_ENTRY (self->entry), "");
  else if (!is_random && is_empty)
    draw_cb (NULL, self);
}

static void
comfy_seed_row_build (ComfyFieldRow *row)
{
  ComfySeedRow *self = COMFY_SEED_ROW (row);
  GtkWidget    *box = comfy_reflow_new (6);
  GtkWidget    *buttons = comfy_reflow_new (6);
  GtkWidget    *draw;

  self->entry = comfy_seed_entry_new (comfy_field_row_get_field (row)->seed_max);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), _("New for each run"));
  gtk_box_pack_start (GTK_BOX (box), self->entry, TRUE, TRUE, 0);

  draw = gtk_button_new_with_mnemonic (_("Ne_w Seed"));
  gtk_widget_set_tooltip_text (draw, _("Draw a seed and keep it, so that a run can be repeated"));
  gtk_box_pack_start (GTK_BOX (buttons), draw, FALSE, FALSE, 0);

  self->random = gtk_check_button_new_with_mnemonic (_("Randomi_ze"));
  gtk_widget_set_tooltip_text (self->random, _("Draw a new seed for each run"));
  gtk_box_pack_start (GTK_BOX (buttons), self->random, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), buttons, FALSE, FALSE, 0);

  g_signal_connect (self->entry, "changed", G_CALLBACK (entry_changed_cb), self);
  g_signal_connect (draw, "clicked", G_CALLBACK (draw_cb), self);
  g_signal_connect (self->random, "toggled", G_CALLBACK (random_toggled_cb), self);
  comfy_field_row_set_control (row, box, self->entry, FALSE);
}

static void
comfy_seed_row_show_value (ComfyFieldRow *row,
                           GVariant      *value)
{
  ComfySeedRow      *self = COMFY_SEED_ROW (row);
  g_autoptr(GVariant)  seed = g_variant_get_maybe (value);

  if (seed != NULL)
    comfy_seed_entry_set_seed (COMFY_SEED_ENTRY (self->entry), g_variant_get_uint64 (seed));
  else
    gtk_entry_set_text (GTK_ENTRY (self->entry), "");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->random), seed == NULL);
}

static void
comfy_seed_row_class_init (ComfySeedRowClass *klass)
{
  ComfyFieldRowClass *row_class = COMFY_FIELD_ROW_CLASS (klass);

  row_class->build = comfy_seed_row_build;
  row_class->show_value = comfy_seed_row_show_value;
}

static void
comfy_seed_row_init (ComfySeedRow *self)
{
}
