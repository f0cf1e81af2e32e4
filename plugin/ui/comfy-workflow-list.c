/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

#include "comfy-ui-util.h"
#include "comfy-workflow-list.h"

struct _ComfyWorkflowList
{
  GtkListBox       parent_instance;

  ComfyLibrary    *library;    /* owned */
  ComfyThumbnails *thumbnails; /* owned */
  char            *search;     /* owned */
  char            *wanted;     /* owned, nullable: id of what is selected once it is listed */
  gboolean         reveals;    /* what is selected is scrolled to once it has its place */
};

G_DEFINE_FINAL_TYPE (ComfyWorkflowList, comfy_workflow_list, GTK_TYPE_LIST_BOX)

enum
{
  RENAME_WANTED,
  COPY_WANTED,
  REMOVAL_WANTED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/* (nullable) */
static ComfyWorkflowRow *
get_row_at (ComfyWorkflowList *self,
            int                i)
{
  return (ComfyWorkflowRow *) gtk_list_box_get_row_at_index (GTK_LIST_BOX (self), i);
}

static gboolean
is_found (ComfyWorkflowList *self,
          ComfyWorkflowRow  *row)
{
  return comfy_library_item_matches (comfy_workflow_row_get_item (row), self->search);
}

static gboolean
filter_cb (GtkListBoxRow *row,
           gpointer       self)
{
  return is_found (self, COMFY_WORKFLOW_ROW (row));
}

static const char *
get_section (ComfyWorkflowRow *row)
{
  ComfyLibraryItem *item = comfy_workflow_row_get_item (row);

  if (comfy_library_item_is_own (item))
    return _("My Workflows");

  return comfy_library_item_get_kind (item) == COMFY_LIBRARY_RECENT ? _("Recent") : _("Built-in");
}

static void
header_cb (GtkListBoxRow *row,
           GtkListBoxRow *before,
           gpointer       unused)
{
  const char *section = get_section (COMFY_WORKFLOW_ROW (row));
  GtkWidget  *header = gtk_list_box_row_get_header (row);

  if (before != NULL && get_section (COMFY_WORKFLOW_ROW (before)) == section)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  if (header != NULL)
    return;

  header = comfy_ui_heading_new (section);
  g_object_set (header, "margin", 6, "margin-top", 12, NULL);
  gtk_style_context_add_class (gtk_widget_get_style_context (header), GTK_STYLE_CLASS_DIM_LABEL);
  gtk_widget_show (header);
  gtk_list_box_row_set_header (row, header);
}

static void
select_row (ComfyWorkflowList *self,
            ComfyWorkflowRow  *row)
{
  gtk_list_box_select_row (GTK_LIST_BOX (self), (GtkListBoxRow *) row);
}

/* what is selected can be seen: else the first that can */
static void
select_visible (ComfyWorkflowList *self,
                int                from)
{
  ComfyWorkflowRow *row = comfy_workflow_list_get_row (self);
  ComfyWorkflowRow *last = NULL;

  if (row != NULL && is_found (self, row))
    return;

  for (int i = 0; (row = get_row_at (self, i)) != NULL; i++)
    if (is_found (self, row))
      {
        last = row;
        if (i >= from)
          break;
      }
  select_row (self, last);
}

static ComfyWorkflowRow *
find_row (ComfyWorkflowList *self,
          const char        *id)
{
  ComfyWorkflowRow *row;

  for (int i = 0; (row = get_row_at (self, i)) != NULL; i++)
    if (g_str_equal (comfy_library_item_get_id (comfy_workflow_row_get_item (row)), id))
      return row;

  return NULL;
}

static void
row_renamed_cb (ComfyWorkflowRow  *row,
                const char        *title,
                ComfyWorkflowList *self)
{
  g_signal_emit (self, signals[RENAME_WANTED], 0, comfy_workflow_row_get_item (row), title);
}

static void
row_added_cb (ComfyWorkflowRow  *row,
              ComfyWorkflowList *self)
{
  g_signal_emit (self, signals[COPY_WANTED], 0, comfy_workflow_row_get_item (row));
}

static void
row_removed_cb (ComfyWorkflowRow  *row,
                ComfyWorkflowList *self)
{
  g_signal_emit (self, signals[REMOVAL_WANTED], 0, comfy_workflow_row_get_item (row));
}

static GtkWidget *
create_row (ComfyWorkflowList *self,
            ComfyLibraryItem  *item)
{
  GtkWidget *row = comfy_workflow_row_new (item, self->thumbnails);

  g_signal_connect (row, "renamed", G_CALLBACK (row_renamed_cb), self);
  g_signal_connect (row, "added", G_CALLBACK (row_added_cb), self);
  g_signal_connect (row, "removed", G_CALLBACK (row_removed_cb), self);

  return row;
}

/* Takes rows out of the list. Returns: (transfer full): the row of each item, which may come back
 * with its picture */
static GHashTable *
take_rows (ComfyWorkflowList *self,
           int                position,
           unsigned int       n)
{
  GHashTable *rows = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);

  for (unsigned int i = 0; i < n; i++)
    {
      ComfyWorkflowRow *row = get_row_at (self, position);

      g_hash_table_insert (rows, comfy_workflow_row_get_item (row), g_object_ref (row));
      gtk_container_remove (GTK_CONTAINER (self), GTK_WIDGET (row));
    }

  return rows;
}

static void
items_changed_cb (GListModel        *model,
                  unsigned int       position,
                  unsigned int       removed,
                  unsigned int       added,
                  ComfyWorkflowList *self)
{
  ComfyWorkflowRow      *row = comfy_workflow_list_get_row (self);
  gboolean               has_focus = row != NULL && gtk_widget_is_focus (GTK_WIDGET (row));
  int                    index = row != NULL ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row))
                                             : 0;
  g_autofree char       *id = NULL;
  g_autoptr(GHashTable)  rows = NULL;

  if (row != NULL)
    id = g_strdup (comfy_library_item_get_id (comfy_workflow_row_get_item (row)));
  rows = take_rows (self, (int) position, removed);
  for (unsigned int i = 0; i < added; i++)
    {
      g_autoptr(ComfyLibraryItem)  item = g_list_model_get_item (model, position + i);
      GtkWidget                   *kept = g_hash_table_lookup (rows, item);

      gtk_list_box_insert (GTK_LIST_BOX (self), kept != NULL ? kept : create_row (self, item),
                           (int) (position + i));
    }

  if (self->wanted != NULL && find_row (self, self->wanted) != NULL)
    {
      g_free (id);
      id = g_steal_pointer (&self->wanted);
      self->reveals = TRUE;
    }
  row = id != NULL ? find_row (self, id) : NULL;
  if (row != NULL)
    select_row (self, row);
  select_visible (self, index);
  if (has_focus)
    comfy_workflow_list_focus (self);
}

static gboolean
is_enter (GdkEventKey *event)
{
  return event->keyval == GDK_KEY_Return || event->keyval == GDK_KEY_KP_Enter
         || event->keyval == GDK_KEY_ISO_Enter;
}

/* the keys that GIMP's own lists know */
static gboolean
comfy_workflow_list_key_press_event (GtkWidget   *widget,
                                     GdkEventKey *event)
{
  ComfyWorkflowRow *row = comfy_workflow_list_get_row (COMFY_WORKFLOW_LIST (widget));
  GtkWidget        *focus = gtk_window_get_focus (GTK_WINDOW (gtk_widget_get_toplevel (widget)));

  /* while a name is edited, the keys are the entry's */
  if (row != NULL && !GTK_IS_ENTRY (focus) && event->keyval == GDK_KEY_F2 &&
      comfy_workflow_row_can_rename (row))
    {
      comfy_workflow_row_start_rename (row);
      return GDK_EVENT_STOP;
    }
  if (row != NULL && !GTK_IS_ENTRY (focus) && event->keyval == GDK_KEY_Delete &&
      comfy_workflow_row_can_remove (row))
    {
      row_removed_cb (row, COMFY_WORKFLOW_LIST (widget));
      return GDK_EVENT_STOP;
    }
  /* at once: a window's default button thinks about it for a while, and may mean another by then */
  if (row != NULL && !GTK_IS_ENTRY (focus) && is_enter (event)
      && (event->state & gtk_accelerator_get_default_mod_mask ()) == 0)
    {
      g_signal_emit_by_name (widget, "row-activated", row);
      return GDK_EVENT_STOP;
    }

  return GTK_WIDGET_CLASS (comfy_workflow_list_parent_class)->key_press_event (widget, event);
}

static gboolean
comfy_workflow_list_popup_menu (GtkWidget *widget)
{
  ComfyWorkflowRow    *row = comfy_workflow_list_get_row (COMFY_WORKFLOW_LIST (widget));
  g_autoptr(GdkEvent)  event = gtk_get_current_event ();

  return row != NULL && comfy_workflow_row_popup_menu (row, event);
}

/* a row that is new has no place to scroll to when it gets the focus */
static void
comfy_workflow_list_size_allocate (GtkWidget     *widget,
                                   GtkAllocation *allocation)
{
  ComfyWorkflowList *self = COMFY_WORKFLOW_LIST (widget);
  ComfyWorkflowRow  *row = comfy_workflow_list_get_row (self);
  GtkAdjustment     *adjustment = gtk_list_box_get_adjustment (GTK_LIST_BOX (self));
  GtkAllocation      place;

  GTK_WIDGET_CLASS (comfy_workflow_list_parent_class)->size_allocate (widget, allocation);

  if (!self->reveals || row == NULL || adjustment == NULL)
    return;

  gtk_widget_get_allocation (GTK_WIDGET (row), &place);
  gtk_adjustment_clamp_page (adjustment, place.y, place.y + place.height);
  self->reveals = FALSE;
}

/* Tab enters the list at what is selected, and leaves it; rows are for the arrow keys */
static gboolean
comfy_workflow_list_focus_in (GtkWidget        *widget,
                              GtkDirectionType  direction)
{
  gboolean is_tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;

  if (is_tab && gtk_container_get_focus_child (GTK_CONTAINER (widget)) != NULL)
    return FALSE;
  if (is_tab && comfy_workflow_list_get_row (COMFY_WORKFLOW_LIST (widget)) != NULL)
    {
      comfy_workflow_list_focus (COMFY_WORKFLOW_LIST (widget));
      return TRUE;
    }

  return GTK_WIDGET_CLASS (comfy_workflow_list_parent_class)->focus (widget, direction);
}

static void
comfy_workflow_list_finalize (GObject *object)
{
  ComfyWorkflowList *self = COMFY_WORKFLOW_LIST (object);

  g_clear_object (&self->library);
  g_clear_object (&self->thumbnails);
  g_free (self->search);
  g_free (self->wanted);

  G_OBJECT_CLASS (comfy_workflow_list_parent_class)->finalize (object);
}

static void
comfy_workflow_list_class_init (ComfyWorkflowListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = comfy_workflow_list_finalize;
  widget_class->key_press_event = comfy_workflow_list_key_press_event;
  widget_class->popup_menu = comfy_workflow_list_popup_menu;
  widget_class->size_allocate = comfy_workflow_list_size_allocate;
  widget_class->focus = comfy_workflow_list_focus_in;

  signals[RENAME_WANTED] =
    g_signal_new ("rename-wanted", COMFY_TYPE_WORKFLOW_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, COMFY_TYPE_LIBRARY_ITEM, G_TYPE_STRING);
  signals[COPY_WANTED] =
    g_signal_new ("copy-wanted", COMFY_TYPE_WORKFLOW_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, COMFY_TYPE_LIBRARY_ITEM);
  signals[REMOVAL_WANTED] =
    g_signal_new ("removal-wanted", COMFY_TYPE_WORKFLOW_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, COMFY_TYPE_LIBRARY_ITEM);
}

static void
comfy_workflow_list_init (ComfyWorkflowList *self)
{
  GtkListBox *list = GTK_LIST_BOX (self);

  self->thumbnails = comfy_thumbnails_new ();
  self->search = g_strdup ("");
  gtk_list_box_set_selection_mode (list, GTK_SELECTION_BROWSE);
  gtk_list_box_set_activate_on_single_click (list, FALSE);
  gtk_list_box_set_filter_func (list, filter_cb, self, NULL);
  gtk_list_box_set_header_func (list, header_cb, NULL, NULL);
  comfy_ui_set_name (GTK_WIDGET (self), _("Workflows"));
}

/**
 * comfy_workflow_list_new:
 * @library: what is listed; the list follows it
 *
 * Returns: (transfer floating): the list, the first row selected
 */
GtkWidget *
comfy_workflow_list_new (ComfyLibrary *library)
{
  ComfyWorkflowList *self;

  g_return_val_if_fail (COMFY_IS_LIBRARY (library), NULL);

  self = g_object_new (COMFY_TYPE_WORKFLOW_LIST, NULL);
  self->library = g_object_ref (library);
  g_signal_connect_object (library, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_DEFAULT);
  items_changed_cb (G_LIST_MODEL (library), 0, 0, g_list_model_get_n_items (G_LIST_MODEL (library)),
                    self);

  return GTK_WIDGET (self);
}

/**
 * comfy_workflow_list_set_search:
 * @self: a list
 * @text: what the artist looks for; "" shows all
 */
void
comfy_workflow_list_set_search (ComfyWorkflowList *self,
                                const char        *text)
{
  g_return_if_fail (COMFY_IS_WORKFLOW_LIST (self));
  g_return_if_fail (text != NULL);

  g_set_str (&self->search, text);
  gtk_list_box_invalidate_filter (GTK_LIST_BOX (self));
  gtk_list_box_invalidate_headers (GTK_LIST_BOX (self));
  select_visible (self, 0);
}

/**
 * comfy_workflow_list_select:
 * @self: a list
 * @id: of an item that is listed, or will be
 */
void
comfy_workflow_list_select (ComfyWorkflowList *self,
                            const char        *id)
{
  ComfyWorkflowRow *row;

  g_return_if_fail (COMFY_IS_WORKFLOW_LIST (self));
  g_return_if_fail (id != NULL);

  row = find_row (self, id);
  if (row == NULL)
    {
      g_set_str (&self->wanted, id);
      return;
    }

  select_row (self, row);
  comfy_workflow_list_focus (self);
  self->reveals = TRUE;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * comfy_workflow_list_get_row:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): the row that is selected
 */
ComfyWorkflowRow *
comfy_workflow_list_get_row (ComfyWorkflowList *self)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW_LIST (self), NULL);

  return (ComfyWorkflowRow *) gtk_list_box_get_selected_row (GTK_LIST_BOX (self));
}

/**
 * comfy_workflow_list_focus:
 * @self: a list
 *
 * Gives the focus to what is selected, which is scrolled to.
 */
void
comfy_workflow_list_focus (ComfyWorkflowList *self)
{
  ComfyWorkflowRow *row;

  g_return_if_fail (COMFY_IS_WORKFLOW_LIST (self));

  row = comfy_workflow_list_get_row (self);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}
