/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A PICTURE field: where the picture comes from. What is of the image stands first, then its layers
 * by name, last a file.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-binding-names.h"
#include "comfy-field-row.h"

#define CHOOSE      "choose" /* no binding: asks for a file */
#define MIN_CHARS   12
#define MAX_LAYERS  200      /* a longer menu is of no use */

enum
{
  COLUMN_ID,    /* text form of a binding; NULL for a separator */
  COLUMN_LABEL,
  N_COLUMNS
};

struct _ComfyPictureRow
{
  ComfyFieldRow    parent_instance;

  GtkWidget       *combo;   /* borrowed: a child */
  GtkListStore    *choices; /* owned */
  GtkNativeDialog *dialog;  /* owned, nullable: a file is being chosen */
  gboolean         showing; /* the change is not the artist's */
};

G_DEFINE_FINAL_TYPE (ComfyPictureRow, comfy_picture_row, COMFY_TYPE_FIELD_ROW)

static void
add_choice (ComfyPictureRow *self,
            const char      *id,
            const char      *label)
{
  gtk_list_store_insert_with_values (self->choices, NULL, -1, COLUMN_ID, id, COLUMN_LABEL, label,
                                     -1);
}

static void
add_binding (void       *self,
             const char *id,
             const char *name)
{
  add_choice (self, id, name);
}

static void
add_layers (ComfyPictureRow *self)
{
  ComfyForm          *form = comfy_field_row_get_form (COMFY_FIELD_ROW (self));
  const char * const *names = comfy_form_get_layer_names (form);

  if (names == NULL || names[0] == NULL)
    return;

  add_choice (self, NULL, NULL);
  for (unsigned int i = 0; names[i] != NULL && i < MAX_LAYERS; i++)
    {
      g_autofree char *id = g_strconcat ("layer:", names[i], NULL);
      /* translators: a layer of the image, by its name */
      g_autofree char *label = g_strdup_printf (_("Layer “%s”"), names[i]);

      add_choice (self, id, label);
    }
}

/* what is bound already may be something that the list cannot offer */
static char *
dup_label (const char *id)
{
  g_autoptr(ComfyBinding) binding = comfy_binding_parse (id, NULL);

  if (binding != NULL && binding->kind == COMFY_BINDING_FILE)
    return g_path_get_basename (binding->name);
  if (binding != NULL && binding->kind == COMFY_BINDING_NAMED_LAYER)
    /* translators: a layer of the image, by its name */
    return g_strdup_printf (_("Layer “%s”"), binding->name);

  return g_strdup (_("Another image"));
}

static void
show_binding (ComfyPictureRow *self,
              const char      *id)
{
  GtkComboBox *combo = GTK_COMBO_BOX (self->combo);

  self->showing = TRUE;
  if (!gtk_combo_box_set_active_id (combo, id))
    {
      g_autofree char *label = dup_label (id);

      gtk_list_store_insert_with_values (self->choices, NULL, 0, COLUMN_ID, id,
                                         COLUMN_LABEL, label, -1);
      gtk_combo_box_set_active_id (combo, id);
    }
  self->showing = FALSE;
}

static void
show_value (ComfyPictureRow *self)
{
  ComfyFieldRow *row = COMFY_FIELD_ROW (self);
  GVariant      *value = comfy_form_get_value (comfy_field_row_get_form (row),
                                               comfy_field_row_get_field (row)->id);

  show_binding (self, g_variant_get_string (value, NULL));
}

static void
drop_dialog (ComfyPictureRow *self)
{
  if (self->dialog != NULL)
    gtk_native_dialog_destroy (self->dialog);
  g_clear_object (&self->dialog);
}

static void
file_chosen_cb (GtkNativeDialog *dialog,
                int              response,
                ComfyPictureRow *self)
{
  ComfyFieldRow   *row = COMFY_FIELD_ROW (self);
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog));
  if (path != NULL && !g_utf8_validate (path, -1, NULL))
    comfy_field_row_set_problem (row, _("The name of that file is not valid UTF-8. Rename it and "
                                        "choose it again."));
  else if (path != NULL)
    {
      g_autofree char *id = g_strconcat ("file:", path, NULL);

      comfy_field_row_commit (row, g_variant_new_string (id));
    }
  show_value (self);
  drop_dialog (self);
}

static void
choose_file (ComfyPictureRow *self)
{
  GtkWidget            *window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  GtkFileFilter        *filter = gtk_file_filter_new ();
  GtkFileChooserNative *dialog;

  dialog = gtk_file_chooser_native_new (_("Choose a Picture"), GTK_WINDOW (window),
                                        GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_filter_set_name (filter, _("Pictures"));
  gtk_file_filter_add_mime_type (filter, "image/*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  drop_dialog (self);
  self->dialog = GTK_NATIVE_DIALOG (dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (file_chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
combo_changed_cb (GtkComboBox     *combo,
                  ComfyPictureRow *self)
{
  const char *id = gtk_combo_box_get_active_id (combo);

  if (self->showing || id == NULL)
    return;

  if (g_str_equal (id, CHOOSE))
    choose_file (self);
  else
    comfy_field_row_commit (COMFY_FIELD_ROW (self), g_variant_new_string (id));
}

static gboolean
is_separator (GtkTreeModel *model,
              GtkTreeIter  *iter,
              void         *data)
{
  g_autofree char *id = NULL;

  gtk_tree_model_get (model, iter, COLUMN_ID, &id, -1);

  return id == NULL;
}

static void
comfy_picture_row_build (ComfyFieldRow *row)
{
  ComfyPictureRow *self = COMFY_PICTURE_ROW (row);
  GtkCellRenderer *text = gtk_cell_renderer_text_new ();

  self->choices = gtk_list_store_new (N_COLUMNS, G_TYPE_STRING, G_TYPE_STRING);
  comfy_binding_names_foreach (add_binding, self);
  add_layers (self);
  add_choice (self, NULL, NULL);
  add_choice (self, CHOOSE, _("Choose a File…"));

  self->combo = gtk_combo_box_new_with_model (GTK_TREE_MODEL (self->choices));
  gtk_combo_box_set_id_column (GTK_COMBO_BOX (self->combo), COLUMN_ID);
  gtk_combo_box_set_row_separator_func (GTK_COMBO_BOX (self->combo), is_separator, NULL, NULL);
  /* names of layers may be long */
  g_object_set (text, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, "width-chars", MIN_CHARS, NULL);
  gtk_cell_layout_pack_start (GTK_CELL_LAYOUT (self->combo), text, TRUE);
  gtk_cell_layout_add_attribute (GTK_CELL_LAYOUT (self->combo), text, "text", COLUMN_LABEL);

  g_signal_connect (self->combo, "changed", G_CALLBACK (combo_changed_cb), self);
  comfy_field_row_set_control (row, self->combo, self->combo, FALSE);
}

static void
comfy_picture_row_show_value (ComfyFieldRow *row,
                              GVariant      *value)
{
  show_binding (COMFY_PICTURE_ROW (row), g_variant_get_string (value, NULL));
}

static void
comfy_picture_row_dispose (GObject *object)
{
  drop_dialog (COMFY_PICTURE_ROW (object));

  G_OBJECT_CLASS (comfy_picture_row_parent_class)->dispose (object);
}

static void
comfy_picture_row_finalize (GObject *object)
{
  g_clear_object (&COMFY_PICTURE_ROW (object)->choices);

  G_OBJECT_CLASS (comfy_picture_row_parent_class)->finalize (object);
}

static void
comfy_picture_row_class_init (ComfyPictureRowClass *klass)
{
  ComfyFieldRowClass *row_class = COMFY_FIELD_ROW_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = comfy_picture_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = comfy_picture_row_finalize;
  row_class->build = comfy_picture_row_build;
  row_class->show_value = comfy_picture_row_show_value;
}

static void
comfy_picture_row_init (ComfyPictureRow *self)
{
}
