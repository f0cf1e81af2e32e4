/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one place where a key is typed or pasted. GTK's entry buffer overwrites its memory whenever
 * text leaves it, a hidden entry cannot be copied from, and GTK 3 has no undo that would keep it.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <string.h>
#include <glib/gi18n.h>

#include "comfy-key-entry.h"
#include "comfy-ui-util.h"

struct _ComfyKeyEntry
{
  GtkBox     parent_instance;

  GtkWidget *entry;    /* borrowed: a child */
  GtkWidget *hint;     /* borrowed: a child */
  gboolean   is_valid; /* what is typed can be a key */
  gboolean   any;      /* keys of any form are usual, and none at all */
};

G_DEFINE_FINAL_TYPE (ComfyKeyEntry, comfy_key_entry, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/* no copy: the buffer's own memory, which it overwrites */
static const char *
peek_text (ComfyKeyEntry *self)
{
  return gtk_entry_buffer_get_text (gtk_entry_get_buffer (GTK_ENTRY (self->entry)));
}

static void
check (ComfyKeyEntry *self)
{
  g_autofree char   *warning = NULL;
  g_autoptr(GError)  error = NULL;

  self->is_valid = comfy_credentials_check_typed (peek_text (self), &warning, &error);
  if (comfy_key_entry_is_empty (self))
    comfy_ui_set_hint (self->hint, NULL, GTK_MESSAGE_INFO);
  else if (error != NULL)
    comfy_ui_set_hint (self->hint, error->message, GTK_MESSAGE_ERROR);
  else
    comfy_ui_set_hint (self->hint, self->any ? NULL : warning, GTK_MESSAGE_WARNING);
}

static void
entry_changed_cb (GtkEditable   *editable,
                  ComfyKeyEntry *self)
{
  check (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
clipboard_received_cb (GtkClipboard     *clipboard,
                       GtkSelectionData *selection,
                       gpointer          user_data)
{
  g_autoptr(ComfyKeyEntry)  self = user_data;
  GtkEntryBuffer           *buffer = gtk_entry_get_buffer (GTK_ENTRY (self->entry));
  int                       length;
  char                     *text;

  text = (char *) gtk_selection_data_get_data_with_length (selection, &length);
  if (length <= 0 || !g_utf8_validate (text, length, NULL))
    return;

  gtk_entry_buffer_set_text (buffer, text, g_utf8_strlen (text, length));
  gtk_widget_grab_focus (self->entry);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
  /* GTK frees its copy right after this, without a look at what was in it */
  explicit_bzero (text, length);
}

static void
paste_cb (GtkButton     *button,
          ComfyKeyEntry *self)
{
  GtkClipboard *clipboard = gtk_widget_get_clipboard (self->entry, GDK_SELECTION_CLIPBOARD);

  gtk_clipboard_request_contents (clipboard, gdk_atom_intern_static_string ("UTF8_STRING"),
                                  clipboard_received_cb, g_object_ref (self));
}

static void
comfy_key_entry_class_init (ComfyKeyEntryClass *klass)
{
  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_KEY_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_key_entry_init (ComfyKeyEntry *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *paste = gtk_button_new_with_mnemonic (_("_Paste"));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);

  self->entry = gtk_entry_new ();
  gtk_entry_set_visibility (GTK_ENTRY (self->entry), FALSE);
  gtk_entry_set_input_purpose (GTK_ENTRY (self->entry), GTK_INPUT_PURPOSE_PASSWORD);
  gtk_entry_set_input_hints (GTK_ENTRY (self->entry), GTK_INPUT_HINT_NO_SPELLCHECK);
  gtk_entry_set_activates_default (GTK_ENTRY (self->entry), TRUE);
  gtk_box_pack_start (GTK_BOX (line), self->entry, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (line), paste, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), line, FALSE, FALSE, 0);

  self->hint = comfy_ui_hint_new (NULL);
  gtk_widget_set_no_show_all (self->hint, TRUE);
  gtk_box_pack_start (GTK_BOX (self), self->hint, FALSE, FALSE, 0);

  g_signal_connect (self->entry, "changed", G_CALLBACK (entry_changed_cb), self);
  g_signal_connect (paste, "clicked", G_CALLBACK (paste_cb), self);
}

/**
 * comfy_key_entry_new:
 *
 * Returns: (transfer floating): an empty entry
 */
GtkWidget *
comfy_key_entry_new (void)
{
  return g_object_new (COMFY_TYPE_KEY_ENTRY, NULL);
}

/**
 * comfy_key_entry_get_entry:
 * @self: an entry
 *
 * Returns: (transfer none): what takes the focus, for the mnemonic of a label
 */
GtkWidget *
comfy_key_entry_get_entry (ComfyKeyEntry *self)
{
  g_return_val_if_fail (COMFY_IS_KEY_ENTRY (self), NULL);

  return self->entry;
}

/**
 * comfy_key_entry_is_empty:
 * @self: an entry
 *
 * Returns: whether nothing is typed
 */
gboolean
comfy_key_entry_is_empty (ComfyKeyEntry *self)
{
  g_return_val_if_fail (COMFY_IS_KEY_ENTRY (self), TRUE);

  return *peek_text (self) == '\0';
}

/**
 * comfy_key_entry_is_valid:
 * @self: an entry
 *
 * Returns: whether what is typed can be a key
 */
gboolean
comfy_key_entry_is_valid (ComfyKeyEntry *self)
{
  g_return_val_if_fail (COMFY_IS_KEY_ENTRY (self), FALSE);

  return self->is_valid;
}

/**
 * comfy_key_entry_set_any:
 * @self: an entry
 * @any: whether it is for a server that may take tokens of any form, or need none; else a key that
 *   does not look like one of Comfy Cloud's is warned of
 */
void
comfy_key_entry_set_any (ComfyKeyEntry *self,
                         gboolean       any)
{
  g_return_if_fail (COMFY_IS_KEY_ENTRY (self));

  self->any = any;
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry),
                                  any ? _("Or a token; empty where none is needed") : NULL);
  check (self);
}

/**
 * comfy_key_entry_take:
 * @self: an entry
 * @origin: the one server that may be told the key
 *
 * Moves what is typed into guarded memory and empties the entry.
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT when it cannot be a key or @origin may have none; then the
 *   entry stays as it is
 *
 * Returns: (transfer full): the key bound to @origin
 */
ComfyCredentials *
comfy_key_entry_take (ComfyKeyEntry  *self,
                      const char     *origin,
                      GError        **error)
{
  ComfyCredentials *credentials;

  g_return_val_if_fail (COMFY_IS_KEY_ENTRY (self), NULL);

  credentials = comfy_credentials_new (peek_text (self), origin, error);
  if (credentials != NULL)
    gtk_entry_buffer_delete_text (gtk_entry_get_buffer (GTK_ENTRY (self->entry)), 0, -1);

  return credentials;
}
