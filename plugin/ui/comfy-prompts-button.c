/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is read counts, whatever becomes of the file afterwards.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-prompts-button.h"

#define MAX_NAME 28 /* characters of a file's name */

struct _ComfyPromptsButton
{
  GtkButton   parent_instance;

  ComfyBatch *prompts; /* owned, nullable */
  GError     *problem; /* owned, nullable */
};

G_DEFINE_FINAL_TYPE (ComfyPromptsButton, comfy_prompts_button, GTK_TYPE_BUTTON)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
set_name (ComfyPromptsButton *self,
          const char         *name)
{
  GtkWidget *label;

  gtk_button_set_use_underline (GTK_BUTTON (self), name == NULL);
  gtk_button_set_label (GTK_BUTTON (self), name != NULL ? name : _("Choose a Fi_le…"));
  label = gtk_bin_get_child (GTK_BIN (self));
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_NAME);
}

static void
file_chosen_cb (GtkNativeDialog    *dialog,
                int                 response,
                ComfyPromptsButton *self)
{
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog));
  if (path != NULL)
    comfy_prompts_button_set_file (self, path);
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
comfy_prompts_button_clicked (GtkButton *button)
{
  GtkWidget            *window = gtk_widget_get_toplevel (GTK_WIDGET (button));
  GtkFileFilter        *filter = gtk_file_filter_new ();
  GtkFileChooserNative *dialog;

  dialog = gtk_file_chooser_native_new (_("Choose a List of Prompts"), GTK_WINDOW (window),
                                        GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_filter_set_name (filter, _("Text files"));
  gtk_file_filter_add_mime_type (filter, "text/plain");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  g_signal_connect_object (dialog, "response", G_CALLBACK (file_chosen_cb), button, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
comfy_prompts_button_finalize (GObject *object)
{
  ComfyPromptsButton *self = COMFY_PROMPTS_BUTTON (object);

  g_clear_pointer (&self->prompts, comfy_batch_free);
  g_clear_error (&self->problem);

  G_OBJECT_CLASS (comfy_prompts_button_parent_class)->finalize (object);
}

static void
comfy_prompts_button_class_init (ComfyPromptsButtonClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_prompts_button_finalize;
  GTK_BUTTON_CLASS (klass)->clicked = comfy_prompts_button_clicked;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_PROMPTS_BUTTON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_prompts_button_init (ComfyPromptsButton *self)
{
}

/**
 * comfy_prompts_button_new:
 *
 * Returns: (transfer floating): a button with which nothing is chosen yet
 */
GtkWidget *
comfy_prompts_button_new (void)
{
  ComfyPromptsButton *self = g_object_new (COMFY_TYPE_PROMPTS_BUTTON, NULL);

  set_name (self, NULL);

  return GTK_WIDGET (self);
}

/**
 * comfy_prompts_button_set_file:
 * @self: a button
 * @path: a text file, see comfy_batch_new_from_file()
 *
 * Reads it, as when the artist chooses it.
 */
void
comfy_prompts_button_set_file (ComfyPromptsButton *self,
                               const char         *path)
{
  g_autofree char *name = NULL;

  g_return_if_fail (COMFY_IS_PROMPTS_BUTTON (self));

  g_clear_pointer (&self->prompts, comfy_batch_free);
  g_clear_error (&self->problem);
  self->prompts = comfy_batch_new_from_file (path, &self->problem);
  name = g_filename_display_basename (path);
  set_name (self, self->prompts != NULL ? name : NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * comfy_prompts_button_dup_batch:
 * @self: a button
 *
 * Returns: (transfer full) (nullable): a plan of the prompts; %NULL while there are none
 */
ComfyBatch *
comfy_prompts_button_dup_batch (ComfyPromptsButton *self)
{
  g_return_val_if_fail (COMFY_IS_PROMPTS_BUTTON (self), NULL);

  return self->prompts != NULL ? comfy_batch_copy (self->prompts) : NULL;
}

/**
 * comfy_prompts_button_get_problem:
 * @self: a button
 *
 * Returns: (transfer none) (nullable): why what was chosen last is no list of prompts
 */
const GError *
comfy_prompts_button_get_problem (ComfyPromptsButton *self)
{
  g_return_val_if_fail (COMFY_IS_PROMPTS_BUTTON (self), NULL);

  return self->problem;
}
