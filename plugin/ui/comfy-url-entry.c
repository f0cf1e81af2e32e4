/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-endpoint.h"
#include "comfy-ui-util.h"
#include "comfy-url-entry.h"

struct _ComfyUrlEntry
{
  GtkBox     parent_instance;

  GtkWidget *entry;    /* borrowed: a child */
  GtkWidget *hint;     /* borrowed: a child */
  char      *base_url; /* owned; NULL while what is typed cannot be used */
};

G_DEFINE_FINAL_TYPE (ComfyUrlEntry, comfy_url_entry, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
entry_changed_cb (GtkEditable   *editable,
                  ComfyUrlEntry *self)
{
  const char        *text = gtk_entry_get_text (GTK_ENTRY (editable));
  g_autofree char   *warning = NULL;
  g_autoptr(GError)  error = NULL;

  g_clear_pointer (&self->base_url, g_free);
  if (!comfy_endpoint_check_url (text, &self->base_url, &warning, &error) && *text != '\0')
    comfy_ui_set_hint (self->hint, error->message, GTK_MESSAGE_ERROR);
  else
    comfy_ui_set_hint (self->hint, warning, GTK_MESSAGE_WARNING);

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
comfy_url_entry_finalize (GObject *object)
{
  g_free (COMFY_URL_ENTRY (object)->base_url);

  G_OBJECT_CLASS (comfy_url_entry_parent_class)->finalize (object);
}

static void
comfy_url_entry_class_init (ComfyUrlEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_url_entry_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_URL_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_url_entry_init (ComfyUrlEntry *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);

  self->entry = gtk_entry_new ();
  gtk_entry_set_input_purpose (GTK_ENTRY (self->entry), GTK_INPUT_PURPOSE_URL);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), "https://");
  gtk_entry_set_activates_default (GTK_ENTRY (self->entry), TRUE);
  gtk_box_pack_start (GTK_BOX (self), self->entry, FALSE, FALSE, 0);

  self->hint = comfy_ui_hint_new (NULL);
  gtk_widget_set_no_show_all (self->hint, TRUE);
  gtk_box_pack_start (GTK_BOX (self), self->hint, FALSE, FALSE, 0);

  g_signal_connect (self->entry, "changed", G_CALLBACK (entry_changed_cb), self);
}

/**
 * comfy_url_entry_new:
 *
 * Returns: (transfer floating): an empty entry
 */
GtkWidget *
comfy_url_entry_new (void)
{
  return g_object_new (COMFY_TYPE_URL_ENTRY, NULL);
}

/**
 * comfy_url_entry_get_entry:
 * @self: an entry
 *
 * Returns: (transfer none): what takes the focus, for the mnemonic of a label
 */
GtkWidget *
comfy_url_entry_get_entry (ComfyUrlEntry *self)
{
  g_return_val_if_fail (COMFY_IS_URL_ENTRY (self), NULL);

  return self->entry;
}

/**
 * comfy_url_entry_get_base_url:
 * @self: an entry
 *
 * Returns: (transfer none) (nullable): the checked base URL; %NULL while what is typed cannot be
 *   used
 */
const char *
comfy_url_entry_get_base_url (ComfyUrlEntry *self)
{
  g_return_val_if_fail (COMFY_IS_URL_ENTRY (self), NULL);

  return self->base_url;
}

/**
 * comfy_url_entry_clear:
 * @self: an entry
 *
 * Empties it.
 */
void
comfy_url_entry_clear (ComfyUrlEntry *self)
{
  g_return_if_fail (COMFY_IS_URL_ENTRY (self));

  gtk_entry_set_text (GTK_ENTRY (self->entry), "");
}
