/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-action-chooser.h"
#include "comfy-ui-util.h"

/* what no action is called */
#define ID_BROWSE    "?browse"
#define ID_SEPARATOR "?separator"

struct _ComfyActionChooser
{
  GtkBox        parent_instance;

  ComfyLibrary *library; /* owned */
  ComfyAction  *action;  /* owned, nullable: what is shown as chosen */
  GtkWidget    *combo;   /* borrowed: a child */
  gboolean      filling; /* the combo box follows, not the artist */
};

G_DEFINE_FINAL_TYPE (ComfyActionChooser, comfy_action_chooser, GTK_TYPE_BOX)

enum
{
  CHOSEN,
  BROWSE,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/* (nullable): what can be run as it is */
static ComfyAction *
get_action (ComfyLibraryItem *item)
{
  ComfyLibraryKind kind = comfy_library_item_get_kind (item);
  gboolean         is_action = kind == COMFY_LIBRARY_BUILT_IN || kind == COMFY_LIBRARY_SAVED;

  return is_action && comfy_library_item_get_problem (item) == NULL
           ? comfy_library_item_get_action (item) : NULL;
}

static void
append (ComfyActionChooser *self,
        const char         *id,
        const char         *text)
{
  gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->combo), id, text);
}

static void
show_action (ComfyActionChooser *self)
{
  self->filling = TRUE;
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->combo),
                               self->action != NULL ? comfy_action_get_id (self->action) : NULL);
  self->filling = FALSE;
}

static void
fill (ComfyActionChooser *self)
{
  GListModel *items = G_LIST_MODEL (self->library);
  gboolean    has_own = FALSE;

  self->filling = TRUE;
  gtk_combo_box_text_remove_all (GTK_COMBO_BOX_TEXT (self->combo));
  for (unsigned int i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr(ComfyLibraryItem) item = g_list_model_get_item (items, i);
      ComfyAction                *action = get_action (item);

      if (action == NULL)
        continue;
      if (comfy_library_item_get_kind (item) == COMFY_LIBRARY_SAVED && !has_own)
        append (self, ID_SEPARATOR, "");
      has_own |= comfy_library_item_get_kind (item) == COMFY_LIBRARY_SAVED;
      append (self, comfy_action_get_id (action), comfy_action_get_title (action));
    }
  append (self, ID_SEPARATOR, "");
  /* opened from elsewhere, it is in no list */
  if (self->action != NULL
      && comfy_action_chooser_find (self, comfy_action_get_id (self->action)) == NULL)
    append (self, comfy_action_get_id (self->action), comfy_action_get_title (self->action));
  append (self, ID_BROWSE, _("Other Workflow…"));
  show_action (self);
}

static gboolean
is_separator_cb (GtkTreeModel *model,
                 GtkTreeIter  *iter,
                 gpointer      data)
{
  g_autofree char *id = NULL;

  gtk_tree_model_get (model, iter, gtk_combo_box_get_id_column (data), &id, -1);

  return g_strcmp0 (id, ID_SEPARATOR) == 0;
}

static void
combo_changed_cb (GtkComboBox        *combo,
                  ComfyActionChooser *self)
{
  g_autofree char *id = g_strdup (gtk_combo_box_get_active_id (combo));
  ComfyAction     *action;

  if (self->filling || id == NULL)
    return;

  if (g_str_equal (id, ID_BROWSE))
    {
      /* what is shown stays what is chosen until another one is picked */
      show_action (self);
      g_signal_emit (self, signals[BROWSE], 0);
      return;
    }

  action = comfy_action_chooser_find (self, id);
  if (action == NULL || action == self->action)
    return;

  g_set_object (&self->action, action);
  g_signal_emit (self, signals[CHOSEN], 0, action);
}

static void
comfy_action_chooser_finalize (GObject *object)
{
  ComfyActionChooser *self = COMFY_ACTION_CHOOSER (object);

  g_clear_object (&self->action);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (comfy_action_chooser_parent_class)->finalize (object);
}

static void
comfy_action_chooser_class_init (ComfyActionChooserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_action_chooser_finalize;

  signals[CHOSEN] =
    g_signal_new ("chosen", COMFY_TYPE_ACTION_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, COMFY_TYPE_ACTION);
  signals[BROWSE] =
    g_signal_new ("browse", COMFY_TYPE_ACTION_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_action_chooser_init (ComfyActionChooser *self)
{
  self->combo = comfy_ui_combo_new ();
  comfy_ui_set_name (self->combo, _("Action"));
  gtk_widget_set_tooltip_text (self->combo, _("What is to be done"));
  gtk_combo_box_set_row_separator_func (GTK_COMBO_BOX (self->combo), is_separator_cb, self->combo,
                                        NULL);
  g_signal_connect (self->combo, "changed", G_CALLBACK (combo_changed_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->combo, TRUE, TRUE, 0);
}

/**
 * comfy_action_chooser_new:
 * @library: all workflows
 *
 * Returns: (transfer floating): a chooser, with nothing chosen yet
 */
GtkWidget *
comfy_action_chooser_new (ComfyLibrary *library)
{
  ComfyActionChooser *self;

  g_return_val_if_fail (COMFY_IS_LIBRARY (library), NULL);

  self = g_object_new (COMFY_TYPE_ACTION_CHOOSER, NULL);
  self->library = g_object_ref (library);
  fill (self);
  g_signal_connect_object (library, "items-changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * comfy_action_chooser_find:
 * @action_id: an action's
 *
 * Returns: (transfer none) (nullable): the action of the list with that id
 */
ComfyAction *
comfy_action_chooser_find (ComfyActionChooser *self,
                           const char         *action_id)
{
  GListModel *items;

  g_return_val_if_fail (COMFY_IS_ACTION_CHOOSER (self), NULL);

  items = G_LIST_MODEL (self->library);
  for (unsigned int i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr(ComfyLibraryItem) item = g_list_model_get_item (items, i);
      ComfyAction                *action = get_action (item);

      if (action != NULL && g_str_equal (comfy_action_get_id (action), action_id))
        return action;
    }

  return NULL;
}

/**
 * comfy_action_chooser_get_first:
 *
 * Returns: (transfer none) (nullable): the action that stands first; %NULL when there is none
 */
ComfyAction *
comfy_action_chooser_get_first (ComfyActionChooser *self)
{
  GListModel  *items;
  ComfyAction *action = NULL;

  g_return_val_if_fail (COMFY_IS_ACTION_CHOOSER (self), NULL);

  items = G_LIST_MODEL (self->library);
  for (unsigned int i = 0; i < g_list_model_get_n_items (items) && action == NULL; i++)
    {
      g_autoptr(ComfyLibraryItem) item = g_list_model_get_item (items, i);

      action = get_action (item);
    }

  return action;
}

/**
 * comfy_action_chooser_show:
 * @action: what is chosen
 *
 * Shows it without a signal.
 */
void
comfy_action_chooser_show (ComfyActionChooser *self,
                           ComfyAction        *action)
{
  g_return_if_fail (COMFY_IS_ACTION_CHOOSER (self));

  g_set_object (&self->action, action);
  fill (self);
}
