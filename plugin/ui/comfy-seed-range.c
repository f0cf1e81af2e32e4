/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-seed-entry.h"
#include "comfy-reflow.h"
#include "comfy-seed-range.h"
#include "comfy-ui-util.h"

#define FIRST_COUNT 4 /* until the artist says otherwise */

struct _ComfySeedRange
{
  GtkBox     parent_instance;

  GtkWidget *label; /* borrowed: a child */
  GtkWidget *first; /* borrowed: a child */
  GtkWidget *count; /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfySeedRange, comfy_seed_range, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
changed_cb (ComfySeedRange *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
comfy_seed_range_grab_focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (COMFY_SEED_RANGE (widget)->first);
}

static void
comfy_seed_range_class_init (ComfySeedRangeClass *klass)
{
  GTK_WIDGET_CLASS (klass)->grab_focus = comfy_seed_range_grab_focus;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_SEED_RANGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_seed_range_init (ComfySeedRange *self)
{
  GtkWidget *box = comfy_reflow_new (6);

  self->first = comfy_seed_entry_new (G_MAXUINT64);
  self->count = gtk_spin_button_new_with_range (2, COMFY_BATCH_MAX, 1);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->count), FIRST_COUNT);
  gtk_entry_set_activates_default (GTK_ENTRY (self->count), TRUE);
  g_signal_connect_swapped (self->first, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->count, "value-changed", G_CALLBACK (changed_cb), self);

  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->label = comfy_ui_label_for (_("F_irst seed:"), self->first);
  gtk_box_pack_start (GTK_BOX (self), self->label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), self->first, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), comfy_ui_label_for (_("_Jobs:"), self->count), FALSE, FALSE,
                      6);
  gtk_box_pack_start (GTK_BOX (box), self->count, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), box, TRUE, TRUE, 0);
}

/**
 * comfy_seed_range_new:
 *
 * Returns: (transfer floating): a range without a first seed
 */
GtkWidget *
comfy_seed_range_new (void)
{
  return g_object_new (COMFY_TYPE_SEED_RANGE, NULL);
}

/**
 * comfy_seed_range_get_label:
 * @self: a range
 *
 * Returns: (transfer none): what stands before it
 */
GtkWidget *
comfy_seed_range_get_label (ComfySeedRange *self)
{
  g_return_val_if_fail (COMFY_IS_SEED_RANGE (self), NULL);

  return self->label;
}

/**
 * comfy_seed_range_propose:
 * @self: a range
 * @form: one that can be run for seeds
 *
 * Begins where the seed of @form is, or anywhere where that is left open.
 */
void
comfy_seed_range_propose (ComfySeedRange *self,
                          ComfyForm      *form)
{
  const char          *field_id;
  const ComfyField    *field;
  g_autoptr(GVariant)  seed = NULL;
  guint64              first = 0;

  g_return_if_fail (COMFY_IS_SEED_RANGE (self));

  field_id = comfy_batch_kind_get_field_id (COMFY_BATCH_SEEDS, form);
  field = comfy_action_find_field (comfy_form_get_action (form), field_id);
  seed = g_variant_get_maybe (comfy_form_get_value (form, field_id));
  if (seed != NULL)
    first = g_variant_get_uint64 (seed);
  else if (field->seed_max > COMFY_BATCH_MAX)
    first = comfy_field_draw_seed (field->seed_max - COMFY_BATCH_MAX);

  comfy_seed_entry_set_max (COMFY_SEED_ENTRY (self->first), field->seed_max);
  comfy_seed_entry_set_seed (COMFY_SEED_ENTRY (self->first), first);
}

/**
 * comfy_seed_range_dup_batch:
 * @self: a range
 *
 * Returns: (transfer full) (nullable): a plan of the seeds; %NULL without a first seed
 */
ComfyBatch *
comfy_seed_range_dup_batch (ComfySeedRange *self)
{
  guint64 first;
  int     n;

  g_return_val_if_fail (COMFY_IS_SEED_RANGE (self), NULL);

  if (!comfy_seed_entry_get_seed (COMFY_SEED_ENTRY (self->first), &first))
    return NULL;

  n = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->count));

  return comfy_batch_new_seeds (first, (unsigned int) n);
}

/**
 * comfy_seed_range_take_what_is_typed:
 * @self: a range
 *
 * A number that was typed counts, too, before the focus leaves it.
 */
void
comfy_seed_range_take_what_is_typed (ComfySeedRange *self)
{
  g_return_if_fail (COMFY_IS_SEED_RANGE (self));

  gtk_spin_button_update (GTK_SPIN_BUTTON (self->count));
}
