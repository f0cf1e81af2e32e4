/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One builder for every action: a row per field, in the order of the data, rare ones under
 * "Advanced". What a kind of field looks like is that kind's business (comfy-*-row.c). Whatever else
 * a graph has stands under "All Parameters" (comfy-parameter-list.c).
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-field-row.h"
#include "comfy-form-view.h"
#include "comfy-parameter-list.h"
#include "comfy-scroller.h"
#include "comfy-ui-util.h"

#define N_PLACES (COMFY_PLACE_ALL + 1)

struct _ComfyFormView
{
  GtkBox        parent_instance;

  ComfyForm    *form;     /* owned */
  GHashTable   *rows;     /* field id → borrowed ComfyFieldRow */
  GtkSizeGroup *labels;   /* owned: aligns the labels of all rows */
  GtkWidget    *folds[N_PLACES]; /* borrowed: children: the expanders; NULL for what is shown at once,
                                  * and while nothing is in one */
  int           folded[N_PLACES]; /* px that the window was high before one was unfolded */
};

G_DEFINE_FINAL_TYPE (ComfyFormView, comfy_form_view, GTK_TYPE_BOX)

static GtkWidget *
new_fold (ComfyPlace  place,
          GtkWidget  *child)
{
  GtkWidget *fold = gtk_expander_new_with_mnemonic (
    place == COMFY_PLACE_ADVANCED ? _("_Advanced") : _("All _Parameters"));

  gtk_widget_set_margin_top (child, 12);
  gtk_container_add (GTK_CONTAINER (fold), child);

  return fold;
}

/* where the fields of a place go; what it folds into is made with the first of them */
static GtkBox *
get_box (ComfyFormView *self,
         ComfyPlace     place)
{
  if (place == COMFY_PLACE_FORM)
    return GTK_BOX (self);

  if (self->folds[place] == NULL)
    self->folds[place] = new_fold (place,
                                   place == COMFY_PLACE_ALL
                                   ? comfy_parameter_list_new (self->form)
                                   : gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));

  return GTK_BOX (gtk_bin_get_child (GTK_BIN (self->folds[place])));
}

/* (nullable): while there are none */
static ComfyParameterList *
get_list (ComfyFormView *self)
{
  GtkWidget *fold = self->folds[COMFY_PLACE_ALL];

  return fold != NULL ? COMFY_PARAMETER_LIST (gtk_bin_get_child (GTK_BIN (fold))) : NULL;
}

static void
add_field (ComfyFormView    *self,
           const ComfyField *field)
{
  GtkBox *box = get_box (self, field->place);

  if (field->place != COMFY_PLACE_ALL)
    g_hash_table_insert (self->rows, field->id,
                         comfy_field_row_new (self->form, field, box, self->labels));
}

/* (nullable): while the view is in none */
static GtkWindow *
get_window (ComfyFormView *self)
{
  GtkWidget *toplevel = gtk_widget_get_toplevel (GTK_WIDGET (self));

  return GTK_IS_WINDOW (toplevel) ? GTK_WINDOW (toplevel) : NULL;
}

/* (nullable) */
static GtkWidget *
get_focus (ComfyFormView *self)
{
  GtkWindow *window = get_window (self);

  return window != NULL ? gtk_window_get_focus (window) : NULL;
}

static gboolean
has_focus_in (ComfyFormView *self,
              GtkWidget     *row)
{
  GtkWidget *focus = get_focus (self);

  return focus != NULL && gtk_widget_is_ancestor (focus, row);
}

/* What the chosen graph has no place for is not seen, and neither is an empty "Advanced". */
static void
update_visibility (ComfyFormView *self)
{
  ComfyAction   *action = comfy_form_get_action (self->form);
  ComfyFieldRow *model = NULL;
  gboolean       has_any[N_PLACES] = { FALSE };
  gboolean       lost_focus = FALSE;

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);
      GtkWidget        *row = g_hash_table_lookup (self->rows, field->id);
      gboolean          is_used = comfy_form_uses_field (self->form, field);

      if (field->role == COMFY_ROLE_MODEL)
        model = COMFY_FIELD_ROW (row);
      has_any[field->place] |= is_used;
      /* the list's */
      if (row == NULL)
        continue;
      lost_focus |= !is_used && has_focus_in (self, row);
      gtk_widget_set_visible (row, is_used);
    }

  if (get_list (self) != NULL)
    comfy_parameter_list_update (get_list (self));
  for (unsigned int i = 0; i < N_PLACES; i++)
    if (self->folds[i] != NULL)
      gtk_widget_set_visible (self->folds[i], has_any[i]);
  /* on what made it go */
  if (lost_focus && model != NULL)
    comfy_field_row_focus (model);
}

/* px that the window needs at its present width; 0 while it is not seen */
static int
get_needed_height (ComfyFormView *self)
{
  GtkWindow *window = get_window (self);
  int        width;
  int        needed;

  if (window == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return 0;

  gtk_window_get_size (window, &width, NULL);
  gtk_widget_get_preferred_height_for_width (GTK_WIDGET (window), width, &needed, NULL);

  return needed;
}

/* The window becomes as much lower or higher as the rows that go or come are, so that what stays,
 * stays where it is: under the pointer is what was just clicked. */
static void
follow_use (ComfyFormView *self)
{
  int before = get_needed_height (self);
  int after;
  int width;
  int height;

  update_visibility (self);
  after = get_needed_height (self);
  if (before == 0 || after == before)
    return;

  gtk_window_get_size (get_window (self), &width, &height);
  gtk_window_resize (get_window (self), width, MAX (1, height + after - before));
}

static void
form_changed_cb (ComfyForm     *form,
                 const char    *field_id,
                 ComfyFormView *self)
{
  const ComfyField *field = comfy_action_find_field (comfy_form_get_action (form), field_id);
  GtkWidget        *row = g_hash_table_lookup (self->rows, field_id);

  /* another graph, or a value that is given otherwise */
  if (field->role == COMFY_ROLE_MODEL
      || (row != NULL && gtk_widget_get_visible (row) != comfy_form_uses_field (form, field)))
    follow_use (self);
}

static void
comfy_form_view_finalize (GObject *object)
{
  ComfyFormView *self = COMFY_FORM_VIEW (object);

  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_object (&self->labels);
  g_clear_object (&self->form);

  G_OBJECT_CLASS (comfy_form_view_parent_class)->finalize (object);
}

static void
comfy_form_view_class_init (ComfyFormViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_form_view_finalize;
}

static void
comfy_form_view_init (ComfyFormView *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->rows = g_hash_table_new (g_str_hash, g_str_equal);
  self->labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
}

/* The window grows by itself; folded again, it is as low as it was. */
static void
unfolded_cb (GtkExpander   *expander,
             GParamSpec    *pspec,
             ComfyFormView *self)
{
  ComfyPlace place = GTK_WIDGET (expander) == self->folds[COMFY_PLACE_ALL] ? COMFY_PLACE_ALL
                                                                           : COMFY_PLACE_ADVANCED;
  GtkWindow *window = get_window (self);
  gboolean   is_unfolded = gtk_expander_get_expanded (expander);
  int        width = 0;
  int        height = 0;

  if (is_unfolded && place == COMFY_PLACE_ALL)
    comfy_parameter_list_fill (get_list (self));
  if (window == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  gtk_window_get_size (window, &width, &height);
  if (is_unfolded)
    self->folded[place] = height;
  else if (self->folded[place] > 0)
    gtk_window_resize (window, width, MAX (get_needed_height (self), self->folded[place]));
}

/* last, wherever their first fields stand in the data */
static void
add_folds (ComfyFormView *self)
{
  for (unsigned int i = N_PLACES; i-- > 0;)
    if (self->folds[i] != NULL)
      {
        gtk_box_pack_end (GTK_BOX (self), self->folds[i], FALSE, FALSE, 0);
        gtk_widget_show_all (self->folds[i]);
        gtk_widget_set_no_show_all (self->folds[i], TRUE);
        g_signal_connect (self->folds[i], "notify::expanded", G_CALLBACK (unfolded_cb), self);
      }
}

/**
 * comfy_form_view_new:
 * @form: the values to show and change; the view follows it, whoever changes it
 *
 * Returns: (transfer floating): a view of the fields of the form's action that the chosen graph
 *   has a place for; it follows the choice
 */
GtkWidget *
comfy_form_view_new (ComfyForm *form)
{
  ComfyFormView *self;
  ComfyAction   *action;

  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);

  self = g_object_new (COMFY_TYPE_FORM_VIEW, NULL);
  self->form = g_object_ref (form);
  action = comfy_form_get_action (form);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    add_field (self, comfy_action_get_field (action, i));
  add_folds (self);
  update_visibility (self);
  g_signal_connect_object (form, "changed", G_CALLBACK (form_changed_cb), self, 0);

  return GTK_WIDGET (self);
}

/* a selection that is not there limits nothing */
static void
preview_changed_cb (ComfyTakePreview *preview,
                    ComfyFormView    *self)
{
  const char *obstacle = NULL;

  if (comfy_take_preview_lacks_selection (preview))
    obstacle = _("Nothing is selected in the image, so all of it is taken.");

  for (unsigned int i = 0; i < comfy_action_get_n_fields (comfy_form_get_action (self->form)); i++)
    {
      const ComfyField *field = comfy_action_get_field (comfy_form_get_action (self->form), i);

      if (field->role == COMFY_ROLE_WITHIN)
        comfy_field_row_set_obstacle (g_hash_table_lookup (self->rows, field->id), obstacle);
    }
}

/* the place below the last row that says what is taken; -1: below all */
static int
find_place_of_preview (ComfyFormView *self)
{
  g_autoptr(GList) children = gtk_container_get_children (GTK_CONTAINER (self));
  int              place = -1;
  int              i = 0;

  for (GList *child = children; child != NULL; child = child->next, i++)
    if (COMFY_IS_FIELD_ROW (child->data))
      {
        const ComfyField *field = comfy_field_row_get_field (child->data);

        if (field->role == COMFY_ROLE_SOURCE || field->role == COMFY_ROLE_WITHIN
            || field->type == COMFY_FIELD_PICTURE)
          place = i + 1;
      }

  return place;
}

/**
 * comfy_form_view_add_preview:
 * @self: a view
 * @preview: what the form's values take of the image
 *
 * Shows it below the fields that say what is taken.
 */
void
comfy_form_view_add_preview (ComfyFormView    *self,
                             ComfyTakePreview *preview)
{
  int place;

  g_return_if_fail (COMFY_IS_FORM_VIEW (self));
  g_return_if_fail (COMFY_IS_TAKE_PREVIEW (preview));

  place = find_place_of_preview (self);
  gtk_box_pack_start (GTK_BOX (self), GTK_WIDGET (preview), FALSE, FALSE, 0);
  if (place >= 0)
    gtk_box_reorder_child (GTK_BOX (self), GTK_WIDGET (preview), place);
  gtk_size_group_add_widget (self->labels, comfy_take_preview_get_label (preview));
  gtk_widget_show_all (GTK_WIDGET (preview));
  g_signal_connect_object (preview, "changed", G_CALLBACK (preview_changed_cb), self, 0);
}

/**
 * comfy_form_view_align:
 * @self: a view
 * @label: a label that stands before something beside the view
 *
 * Makes it as wide as those of the fields.
 */
void
comfy_form_view_align (ComfyFormView *self,
                       GtkWidget     *label)
{
  g_return_if_fail (COMFY_IS_FORM_VIEW (self));

  gtk_size_group_add_widget (self->labels, label);
}

/* a number that was typed counts when the form is sent by a shortcut, too */
static void
take_what_is_typed (ComfyFormView *self)
{
  GtkWidget *focus = get_focus (self);

  if (GTK_IS_SPIN_BUTTON (focus) && gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    gtk_spin_button_update (GTK_SPIN_BUTTON (focus));
}

static void
show_problem (ComfyFormView *self,
              const char    *field_id,
              const char    *problem)
{
  const ComfyField *field = comfy_action_find_field (comfy_form_get_action (self->form), field_id);
  GtkWidget        *fold = self->folds[field->place];
  ComfyFieldRow    *row;

  if (fold != NULL)
    gtk_expander_set_expanded (GTK_EXPANDER (fold), TRUE);
  row = field->place == COMFY_PLACE_ALL ? comfy_parameter_list_reveal (get_list (self), field)
                                        : g_hash_table_lookup (self->rows, field_id);
  comfy_field_row_set_problem (row, problem);
  comfy_field_row_focus (row);
  comfy_scroller_reveal (GTK_WIDGET (row));
}

/**
 * comfy_form_view_check:
 * @self: a view
 * @error: (optional): return location for what no field can mend
 *
 * Checks the form. The first field that cannot be run with says so and takes the focus; when it is
 * folded away, it is unfolded.
 *
 * Returns: %TRUE when the form can be run
 */
gboolean
comfy_form_view_check (ComfyFormView  *self,
                       GError        **error)
{
  g_autoptr(GError)  local = NULL;
  const char        *field_id = NULL;

  g_return_val_if_fail (COMFY_IS_FORM_VIEW (self), FALSE);

  take_what_is_typed (self);
  if (comfy_form_check (self->form, &field_id, &local))
    return TRUE;

  if (field_id != NULL)
    show_problem (self, field_id, local->message);
  else
    g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}
