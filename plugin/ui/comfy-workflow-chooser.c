/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list is the library's; this page turns what the artist does into its futures, and says in
 * place what came of them.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-notice.h"
#include "comfy-search-entry.h"
#include "comfy-ui-util.h"
#include "comfy-workflow-buttons.h"
#include "comfy-workflow-chooser.h"
#include "comfy-workflow-drop.h"
#include "comfy-workflow-list.h"

#define LIST_HEIGHT 320 /* px: four workflows and a heading */
#define MIN_CHARS   20  /* the page may be 320 px wide */

/* what the buttons of the question mean */
enum
{
  RESPONSE_KEEP = 1,
  RESPONSE_DELETE,
};

struct _ComfyWorkflowChooser
{
  GtkBox            parent_instance;

  ComfyLibrary     *library;   /* owned */
  ComfyLibraryItem *condemned; /* owned, nullable: what a question is about */
  GtkWidget        *search;    /* borrowed: a child */
  GtkWidget        *notice;    /* borrowed: a child */
  GtkWidget        *list;      /* borrowed: a child */
  GtkWidget        *empty;     /* borrowed: a child: how the artist's folder is filled */
};

G_DEFINE_FINAL_TYPE (ComfyWorkflowChooser, comfy_workflow_chooser, GTK_TYPE_BOX)

enum
{
  CHOSEN,
  FILE_CHOSEN,
  SELECTION_CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static ComfyWorkflowList *
get_list (ComfyWorkflowChooser *self)
{
  return COMFY_WORKFLOW_LIST (self->list);
}

/* Futures outlive the page, whose children are gone then */
static gboolean
is_there (ComfyWorkflowChooser *self)
{
  return gtk_widget_get_parent (GTK_WIDGET (self)) != NULL;
}

static DexFuture *
failed_cb (DexFuture *future,
           gpointer   user_data)
{
  g_autoptr(GError) error = NULL;

  dex_future_get_value (future, &error);
  if (is_there (user_data))
    comfy_workflow_chooser_show_error (user_data, error);

  return NULL;
}

/* what was added or renamed is what the artist looks for */
static DexFuture *
done_cb (DexFuture *future,
         gpointer   user_data)
{
  ComfyWorkflowChooser *self = user_data;
  const GValue         *value = dex_future_get_value (future, NULL);

  if (is_there (self) && G_VALUE_HOLDS_STRING (value))
    comfy_workflow_list_select (get_list (self), g_value_get_string (value));

  return NULL;
}

/* @future: (transfer full): when it rejects, the page says why */
static void
watch (ComfyWorkflowChooser *self,
       DexFuture            *future)
{
  future = dex_future_then (future, done_cb, g_object_ref (self), g_object_unref);
  dex_future_disown (dex_future_catch (future, failed_cb, g_object_ref (self), g_object_unref));
}

static void
rename_cb (ComfyWorkflowList    *list,
           ComfyLibraryItem     *item,
           const char           *title,
           ComfyWorkflowChooser *self)
{
  comfy_notice_hide (COMFY_NOTICE (self->notice));
  watch (self, comfy_library_rename (self->library, item, title));
}

static void
add (ComfyWorkflowChooser *self,
     const char           *path)
{
  /* a search would hide it */
  gtk_entry_set_text (GTK_ENTRY (self->search), "");
  watch (self, comfy_library_add (self->library, path));
}

static void
add_cb (ComfyWorkflowList    *list,
        ComfyLibraryItem     *item,
        ComfyWorkflowChooser *self)
{
  comfy_notice_hide (COMFY_NOTICE (self->notice));
  add (self, comfy_library_item_get_path (item));
}

/* What goes to the trash can be fetched back; only where there is none the artist is asked */
static DexFuture *
not_removed_cb (DexFuture *future,
                gpointer   user_data)
{
  ComfyWorkflowChooser *self = user_data;
  ComfyNotice          *notice = COMFY_NOTICE (self->notice);
  g_autoptr(GError)     error = NULL;
  g_autofree char      *text = NULL;

  dex_future_get_value (future, &error);
  if (!is_there (self) || self->condemned == NULL ||
      !g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NOT_SUPPORTED))
    return NULL;

  text = g_strdup_printf (_("There is no trash for “%s”. Delete it for good?"),
                          comfy_library_item_get_title (self->condemned));
  comfy_notice_show (notice, GTK_MESSAGE_WARNING, text);
  comfy_notice_add_action (notice, _("_Keep"), RESPONSE_KEEP);
  comfy_notice_add_action (notice, _("_Delete"), RESPONSE_DELETE);

  return dex_future_new_true ();
}

static void
remove_cb (ComfyWorkflowList    *list,
           ComfyLibraryItem     *item,
           ComfyWorkflowChooser *self)
{
  DexFuture *removal = comfy_library_remove (self->library, item, FALSE);

  comfy_notice_hide (COMFY_NOTICE (self->notice));
  g_set_object (&self->condemned, item);
  watch (self, dex_future_catch (removal, not_removed_cb, g_object_ref (self), g_object_unref));
}

static void
notice_response_cb (GtkInfoBar           *bar,
                    int                   response,
                    ComfyWorkflowChooser *self)
{
  g_autoptr(ComfyLibraryItem) item = g_steal_pointer (&self->condemned);

  comfy_notice_hide (COMFY_NOTICE (self->notice));
  comfy_workflow_list_focus (get_list (self));
  if (response == RESPONSE_DELETE && item != NULL)
    watch (self, comfy_library_remove (self->library, item, TRUE));
}

static void
opened_cb (ComfyWorkflowChooser *self,
           const char           *path)
{
  comfy_notice_hide (COMFY_NOTICE (self->notice));
  g_signal_emit (self, signals[FILE_CHOSEN], 0, path);
}

static void
added_cb (ComfyWorkflowChooser *self,
          const char           *path)
{
  comfy_notice_hide (COMFY_NOTICE (self->notice));
  add (self, path);
}

static void
comfy_workflow_chooser_drag_data_received (GtkWidget        *widget,
                                           GdkDragContext   *context,
                                           int               x,
                                           int               y,
                                           GtkSelectionData *data,
                                           guint             info,
                                           guint             time)
{
  ComfyWorkflowChooser *self = COMFY_WORKFLOW_CHOOSER (widget);
  g_autoptr(GError)     error = NULL;
  g_autofree char      *path = comfy_workflow_drop_dup_path (data, &error);

  if (path != NULL)
    opened_cb (self, path);
  else
    comfy_workflow_chooser_show_error (self, error);
}

static void
search_changed_cb (ComfyWorkflowChooser *self)
{
  comfy_workflow_list_set_search (get_list (self), gtk_entry_get_text (GTK_ENTRY (self->search)));
}

/* "search-changed" comes late, and Enter may come before it: what was typed counts */
static void
activate_cb (ComfyWorkflowChooser *self)
{
  search_changed_cb (self);
  comfy_workflow_chooser_choose (self);
}

static void
left_cb (ComfyWorkflowChooser *self)
{
  search_changed_cb (self);
  comfy_workflow_list_focus (get_list (self));
}

static gboolean
comfy_workflow_chooser_key_press_event (GtkWidget   *widget,
                                        GdkEventKey *event)
{
  ComfyWorkflowChooser *self = COMFY_WORKFLOW_CHOOSER (widget);

  if (comfy_search_entry_take (COMFY_SEARCH_ENTRY (self->search), event))
    return GDK_EVENT_STOP;

  return GTK_WIDGET_CLASS (comfy_workflow_chooser_parent_class)->key_press_event (widget, event);
}

static void
selected_cb (ComfyWorkflowChooser *self)
{
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

/* said only once it is known */
static void
update_empty (ComfyWorkflowChooser *self)
{
  unsigned int n = g_list_model_get_n_items (G_LIST_MODEL (self->library));
  gboolean     is_empty = !comfy_library_is_busy (self->library);

  for (unsigned int i = 0; i < n && is_empty; i++)
    {
      g_autoptr(ComfyLibraryItem) item = g_list_model_get_item (G_LIST_MODEL (self->library), i);

      is_empty = !comfy_library_item_is_own (item);
    }
  gtk_widget_set_visible (self->empty, is_empty);
}

static void
comfy_workflow_chooser_finalize (GObject *object)
{
  ComfyWorkflowChooser *self = COMFY_WORKFLOW_CHOOSER (object);

  g_clear_object (&self->condemned);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (comfy_workflow_chooser_parent_class)->finalize (object);
}

static void
comfy_workflow_chooser_class_init (ComfyWorkflowChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = comfy_workflow_chooser_finalize;
  widget_class->drag_data_received = comfy_workflow_chooser_drag_data_received;
  widget_class->key_press_event = comfy_workflow_chooser_key_press_event;

  signals[CHOSEN] =
    g_signal_new ("chosen", COMFY_TYPE_WORKFLOW_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, COMFY_TYPE_LIBRARY_ITEM);
  signals[FILE_CHOSEN] =
    g_signal_new ("file-chosen", COMFY_TYPE_WORKFLOW_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SELECTION_CHANGED] =
    g_signal_new ("selection-changed", COMFY_TYPE_WORKFLOW_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL,
                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
comfy_workflow_chooser_init (ComfyWorkflowChooser *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  comfy_workflow_drop_accept (GTK_WIDGET (self));
}

static GtkWidget *
hint_new (const char *text)
{
  GtkWidget *hint = comfy_ui_hint_new (text);

  gtk_label_set_width_chars (GTK_LABEL (hint), MIN_CHARS);

  return hint;
}

static GtkWidget *
build_list (ComfyWorkflowChooser *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);
  GtkWidget *nothing = hint_new (_("No workflow is called so, or has such a part."));

  self->list = comfy_workflow_list_new (self->library);
  g_object_set (nothing, "margin", 24, "halign", GTK_ALIGN_CENTER, NULL);
  gtk_widget_show (nothing);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (self->list), nothing);
  g_signal_connect (self->list, "rename-wanted", G_CALLBACK (rename_cb), self);
  g_signal_connect (self->list, "copy-wanted", G_CALLBACK (add_cb), self);
  g_signal_connect (self->list, "removal-wanted", G_CALLBACK (remove_cb), self);
  g_signal_connect_swapped (self->list, "row-activated",
                            G_CALLBACK (comfy_workflow_chooser_choose), self);
  g_signal_connect_swapped (self->list, "selected-rows-changed", G_CALLBACK (selected_cb), self);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (scrolled), GTK_SHADOW_IN);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), LIST_HEIGHT);
  gtk_container_add (GTK_CONTAINER (scrolled), self->list);

  return scrolled;
}

static void
build (ComfyWorkflowChooser *self)
{
  GtkBox    *page = GTK_BOX (self);
  GtkWidget *buttons = comfy_workflow_buttons_new (self->library);

  self->search = comfy_search_entry_new (_("Search"));
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (search_changed_cb), self);
  g_signal_connect_swapped (self->search, "activate", G_CALLBACK (activate_cb), self);
  g_signal_connect_swapped (self->search, "left", G_CALLBACK (left_cb), self);
  gtk_box_pack_start (page, self->search, FALSE, FALSE, 0);

  self->notice = comfy_notice_new ();
  comfy_notice_allow_narrow (COMFY_NOTICE (self->notice));
  g_signal_connect (self->notice, "response", G_CALLBACK (notice_response_cb), self);
  gtk_box_pack_start (page, self->notice, FALSE, FALSE, 0);
  gtk_box_pack_start (page, build_list (self), TRUE, TRUE, 0);
  self->empty = hint_new (_("You have no workflows of your own yet. In ComfyUI, choose Workflow → "
                            "Export (API), and add the file here, or drop it on this window."));
  gtk_widget_set_no_show_all (self->empty, TRUE);
  gtk_box_pack_start (page, self->empty, FALSE, FALSE, 0);

  g_signal_connect_swapped (buttons, "opened", G_CALLBACK (opened_cb), self);
  g_signal_connect_swapped (buttons, "added", G_CALLBACK (added_cb), self);
  g_signal_connect_swapped (buttons, "failed", G_CALLBACK (comfy_workflow_chooser_show_error),
                            self);
  gtk_box_pack_start (page, buttons, FALSE, FALSE, 0);
  gtk_widget_show_all (GTK_WIDGET (self));
}

/**
 * comfy_workflow_chooser_new:
 * @library: the workflows
 *
 * Returns: (transfer floating): the page, shown
 */
GtkWidget *
comfy_workflow_chooser_new (ComfyLibrary *library)
{
  ComfyWorkflowChooser *self;

  g_return_val_if_fail (COMFY_IS_LIBRARY (library), NULL);

  self = g_object_new (COMFY_TYPE_WORKFLOW_CHOOSER, NULL);
  self->library = g_object_ref (library);
  build (self);
  update_empty (self);
  g_signal_connect_object (library, "notify::busy", G_CALLBACK (update_empty), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (library, "items-changed", G_CALLBACK (update_empty), self,
                           G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * comfy_workflow_chooser_get_selected:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): what is selected and can be used
 */
ComfyLibraryItem *
comfy_workflow_chooser_get_selected (ComfyWorkflowChooser *self)
{
  ComfyWorkflowRow *row;
  ComfyLibraryItem *item;

  g_return_val_if_fail (COMFY_IS_WORKFLOW_CHOOSER (self), NULL);

  row = comfy_workflow_list_get_row (get_list (self));
  item = row != NULL ? comfy_workflow_row_get_item (row) : NULL;

  return item != NULL && comfy_library_item_get_problem (item) == NULL ? item : NULL;
}

/**
 * comfy_workflow_chooser_choose:
 * @self: a page
 *
 * Chooses what is selected, as Enter does.
 */
void
comfy_workflow_chooser_choose (ComfyWorkflowChooser *self)
{
  ComfyLibraryItem *item;

  g_return_if_fail (COMFY_IS_WORKFLOW_CHOOSER (self));

  item = comfy_workflow_chooser_get_selected (self);
  if (item != NULL)
    g_signal_emit (self, signals[CHOSEN], 0, item);
  else
    gtk_widget_error_bell (GTK_WIDGET (self));
}

/**
 * comfy_workflow_chooser_show_error:
 * @self: a page
 * @error: why what was chosen cannot be used
 *
 * Says so in place.
 */
void
comfy_workflow_chooser_show_error (ComfyWorkflowChooser *self,
                                   const GError         *error)
{
  g_return_if_fail (COMFY_IS_WORKFLOW_CHOOSER (self));
  g_return_if_fail (error != NULL);

  comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_ERROR, error->message);
}
