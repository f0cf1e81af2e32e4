/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exact 64 bits, which a spin button's doubles cannot hold.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-seed-entry.h"

struct _ComfySeedEntry
{
  GtkEntry parent_instance;

  guint64  max;
};

G_DEFINE_FINAL_TYPE (ComfySeedEntry, comfy_seed_entry, GTK_TYPE_ENTRY)

/* Lets only through what leaves a seed in the entry: digits, and not above the maximum. Blanks
 * around a pasted number are dropped. */
static void
insert_text_cb (GtkEditable *editable,
                const char  *text,
                int          length,
                int         *position,
                void        *data)
{
  ComfySeedEntry     *self = COMFY_SEED_ENTRY (editable);
  g_autofree char    *typed = g_strstrip (length < 0 ? g_strdup (text) : g_strndup (text, length));
  g_autoptr(GString)  whole = g_string_new (gtk_entry_get_text (GTK_ENTRY (editable)));

  g_string_insert (whole, MIN ((gsize) *position, whole->len), typed);
  g_signal_stop_emission_by_name (editable, "insert-text");

  if (!g_ascii_string_to_unsigned (whole->str, 10, 0, self->max, NULL, NULL))
    {
      gtk_widget_error_bell (GTK_WIDGET (editable));
      return;
    }

  g_signal_handlers_block_by_func (editable, insert_text_cb, data);
  gtk_editable_insert_text (editable, typed, -1, position);
  g_signal_handlers_unblock_by_func (editable, insert_text_cb, data);
}

static void
comfy_seed_entry_class_init (ComfySeedEntryClass *klass)
{
}

static void
comfy_seed_entry_init (ComfySeedEntry *self)
{
  self->max = G_MAXUINT64;
  /* all of it where there is room */
  gtk_entry_set_width_chars (GTK_ENTRY (self), 11);
  gtk_entry_set_max_width_chars (GTK_ENTRY (self), 20);
  gtk_entry_set_input_purpose (GTK_ENTRY (self), GTK_INPUT_PURPOSE_DIGITS);
  gtk_entry_set_activates_default (GTK_ENTRY (self), TRUE);
  g_signal_connect (self, "insert-text", G_CALLBACK (insert_text_cb), NULL);
}

/**
 * comfy_seed_entry_new:
 * @max: the largest seed
 *
 * Returns: (transfer floating): an empty entry
 */
GtkWidget *
comfy_seed_entry_new (guint64 max)
{
  ComfySeedEntry *self = g_object_new (COMFY_TYPE_SEED_ENTRY, NULL);

  self->max = max;

  return GTK_WIDGET (self);
}

/**
 * comfy_seed_entry_set_max:
 * @self: an entry
 * @max: the largest seed from now on; what is in the entry stays
 */
void
comfy_seed_entry_set_max (ComfySeedEntry *self,
                          guint64         max)
{
  g_return_if_fail (COMFY_IS_SEED_ENTRY (self));

  self->max = max;
}

/**
 * comfy_seed_entry_set_seed:
 * @self: an entry
 * @seed: what is to be in it
 */
void
comfy_seed_entry_set_seed (ComfySeedEntry *self,
                           guint64         seed)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, seed);

  g_return_if_fail (COMFY_IS_SEED_ENTRY (self));

  gtk_entry_set_text (GTK_ENTRY (self), text);
}

/**
 * comfy_seed_entry_get_seed:
 * @self: an entry
 * @out_seed: (out): what is in it
 *
 * Returns: %FALSE when it is empty
 */
gboolean
comfy_seed_entry_get_seed (ComfySeedEntry *self,
                           guint64        *out_seed)
{
  g_return_val_if_fail (COMFY_IS_SEED_ENTRY (self), FALSE);

  return g_ascii_string_to_unsigned (gtk_entry_get_text (GTK_ENTRY (self)), 10, 0, G_MAXUINT64,
                                     out_seed, NULL);
}
