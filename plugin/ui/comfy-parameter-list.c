/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows cost time and memory, and nobody reads thousands of them: so many are made as are asked for.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-parameter-list.h"
#include "comfy-search-entry.h"
#include "comfy-ui-util.h"

#define BATCH      60 /* rows that are made at once */
#define SEARCHABLE 12 /* of fewer, the one that is looked for is seen */

struct _ComfyParameterList
{
  GtkBox            parent_instance;

  ComfyForm        *form;      /* owned */
  GtkSizeGroup     *labels;    /* owned: aligns the labels of its rows; those of the form stay
                                * where they are when it is unfolded */
  GPtrArray        *fields;    /* owned, of borrowed ComfyField: that stand here */
  GHashTable       *rows;      /* owned: field → borrowed ComfyFieldRow */
  const ComfyField *wanted;    /* borrowed, nullable: has a row whatever is searched for */
  unsigned int      n_wanted;  /* rows that are made at most */
  gboolean          is_filled;
  GtkWidget        *search;    /* borrowed: a child */
  GtkWidget        *box;       /* borrowed: a child: the rows */
  GtkWidget        *nothing;   /* borrowed: a child */
  GtkWidget        *more;      /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyParameterList, comfy_parameter_list, GTK_TYPE_BOX)

static void
comfy_parameter_list_finalize (GObject *object)
{
  ComfyParameterList *self = COMFY_PARAMETER_LIST (object);

  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_object (&self->labels);
  g_clear_object (&self->form);

  G_OBJECT_CLASS (comfy_parameter_list_parent_class)->finalize (object);
}

static void
comfy_parameter_list_class_init (ComfyParameterListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_parameter_list_finalize;
}

static void
comfy_parameter_list_init (ComfyParameterList *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->fields = g_ptr_array_new ();
  self->rows = g_hash_table_new (NULL, NULL);
  self->labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  self->n_wanted = BATCH;
}

static void
destroy_cb (GtkWidget *child,
            void      *data)
{
  gtk_widget_destroy (child);
}

static gboolean
is_found (ComfyParameterList *self,
          const ComfyField   *field)
{
  const char *text = gtk_entry_get_text (GTK_ENTRY (self->search));

  if (field == self->wanted || comfy_field_is_blank (text))
    return TRUE;

  return g_str_match_string (text, field->label, TRUE)
         || (field->group != NULL && g_str_match_string (text, field->group, TRUE));
}

/* values that stand together in the graph stand under their node's name */
static void
add_row (ComfyParameterList *self,
         const ComfyField   *field,
         const char        **group)
{
  GtkBox        *box = GTK_BOX (self->box);
  ComfyFieldRow *row;

  if (field->group != NULL && g_strcmp0 (field->group, *group) != 0)
    {
      GtkWidget *heading = comfy_ui_heading_new (field->group);

      gtk_label_set_ellipsize (GTK_LABEL (heading), PANGO_ELLIPSIZE_END);
      gtk_box_pack_start (box, heading, FALSE, FALSE, 0);
    }
  *group = field->group;
  row = comfy_field_row_new (self->form, field, box, self->labels);
  g_hash_table_insert (self->rows, (void *) field, row);
}

static void
show_more (ComfyParameterList *self,
           unsigned int        n_left)
{
  unsigned int     n = MIN (n_left, BATCH);
  g_autofree char *label = g_strdup_printf (_("Show %u _More"), n);

  gtk_button_set_label (GTK_BUTTON (self->more), label);
  gtk_widget_set_visible (self->more, n_left > 0);
}

static void
make_rows (ComfyParameterList *self)
{
  const char   *group = NULL;
  unsigned int  n_found = 0;
  unsigned int  n_left = 0;

  gtk_container_foreach (GTK_CONTAINER (self->box), destroy_cb, NULL);
  g_hash_table_remove_all (self->rows);
  for (unsigned int i = 0; i < self->fields->len; i++)
    {
      const ComfyField *field = g_ptr_array_index (self->fields, i);

      if (!is_found (self, field))
        continue;
      n_found++;
      if (n_found <= self->n_wanted || field == self->wanted)
        add_row (self, field, &group);
      else
        n_left++;
    }
  gtk_widget_show_all (self->box);
  gtk_widget_set_visible (self->nothing, n_found == 0);
  show_more (self, n_left);
  comfy_parameter_list_update (self);
}

static void
search_changed_cb (ComfyParameterList *self)
{
  self->n_wanted = BATCH;
  self->wanted = NULL;
  make_rows (self);
}

static void
left_cb (ComfyParameterList *self)
{
  gtk_widget_child_focus (self->box, GTK_DIR_TAB_FORWARD);
}

static void
more_clicked_cb (ComfyParameterList *self)
{
  self->n_wanted += BATCH;
  make_rows (self);
}

static void
build (ComfyParameterList *self)
{
  self->search = comfy_search_entry_new (_("Search parameters"));
  gtk_widget_set_no_show_all (self->search, self->fields->len < SEARCHABLE);
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (search_changed_cb), self);
  g_signal_connect_swapped (self->search, "left", G_CALLBACK (left_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->search, FALSE, FALSE, 0);

  self->nothing = comfy_ui_hint_new (_("No parameter, and no node, is called so."));
  gtk_widget_set_no_show_all (self->nothing, TRUE);
  gtk_box_pack_start (GTK_BOX (self), self->nothing, FALSE, FALSE, 0);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_box_pack_start (GTK_BOX (self), self->box, FALSE, FALSE, 0);

  self->more = gtk_button_new_with_mnemonic ("");
  gtk_widget_set_halign (self->more, GTK_ALIGN_START);
  gtk_widget_set_no_show_all (self->more, TRUE);
  g_signal_connect_swapped (self->more, "clicked", G_CALLBACK (more_clicked_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->more, FALSE, FALSE, 0);
}

/**
 * comfy_parameter_list_new:
 * @form: the values
 *
 * Returns: (transfer floating): a list without rows yet
 */
GtkWidget *
comfy_parameter_list_new (ComfyForm *form)
{
  ComfyParameterList *self;
  ComfyAction        *action;

  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);

  self = g_object_new (COMFY_TYPE_PARAMETER_LIST, NULL);
  self->form = g_object_ref (form);
  action = comfy_form_get_action (form);
  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);

      if (field->place == COMFY_PLACE_ALL)
        g_ptr_array_add (self->fields, (void *) field);
    }
  build (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_parameter_list_fill:
 *
 * Makes the first rows, when somebody looks.
 */
void
comfy_parameter_list_fill (ComfyParameterList *self)
{
  g_return_if_fail (COMFY_IS_PARAMETER_LIST (self));

  if (self->is_filled)
    return;

  self->is_filled = TRUE;
  make_rows (self);
}

/**
 * comfy_parameter_list_update:
 *
 * Hides what the chosen graph has no place for.
 */
void
comfy_parameter_list_update (ComfyParameterList *self)
{
  GHashTableIter  iter;
  void           *field;
  void           *row;

  g_return_if_fail (COMFY_IS_PARAMETER_LIST (self));

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &field, &row))
    gtk_widget_set_visible (row, comfy_form_uses_field (self->form, field));
}

/**
 * comfy_parameter_list_reveal:
 * @field: one that stands here
 *
 * Returns: (transfer none): its row, whatever is searched for
 */
ComfyFieldRow *
comfy_parameter_list_reveal (ComfyParameterList *self,
                             const ComfyField   *field)
{
  g_return_val_if_fail (COMFY_IS_PARAMETER_LIST (self), NULL);

  comfy_parameter_list_fill (self);
  if (g_hash_table_lookup (self->rows, field) == NULL)
    {
      self->wanted = field;
      make_rows (self);
    }

  return g_hash_table_lookup (self->rows, field);
}
