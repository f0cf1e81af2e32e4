/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is selected among all groups: each of them knows of its own children alone. What is shown is
 * decided in comfy-history-list-show.c.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-history-group.h"
#include "comfy-history-list-private.h"
#include "comfy-minute.h"
#include "comfy-ui-util.h"

#define EDGE       96  /* px, before the screen's scale */
#define MAX_KEPT   200 /* pictures in memory: 7 MB, 28 MB on a screen with twice the pixels */
#define HEADER     28  /* px: a line above the pictures */
#define MIN_HEIGHT 144 /* px: a line and its pictures; in what scrolls itself it would be a slit */

G_DEFINE_FINAL_TYPE (ComfyHistoryList, comfy_history_list, GTK_TYPE_SCROLLED_WINDOW)

enum
{
  SELECTION_CHANGED,
  ACTIVATED,
  MENU_WANTED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/*
 * _comfy_history_list_dup_thumbs:
 *
 * Returns: (transfer full) (element-type ComfyHistoryThumb): those that are there, as they are seen
 */
GPtrArray *
_comfy_history_list_dup_thumbs (ComfyHistoryList *self)
{
  GPtrArray        *thumbs = g_ptr_array_new ();
  g_autoptr(GList)  groups = gtk_container_get_children (GTK_CONTAINER (self->box));

  for (GList *group = groups; group != NULL; group = group->next)
    {
      GtkFlowBox      *box = comfy_history_group_get_box (group->data);
      GtkFlowBoxChild *child;

      for (int i = 0; (child = gtk_flow_box_get_child_at_index (box, i)) != NULL; i++)
        g_ptr_array_add (thumbs, child);
    }

  return thumbs;
}

static GtkFlowBox *
get_box_of (ComfyHistoryThumb *thumb)
{
  return GTK_FLOW_BOX (gtk_widget_get_parent (GTK_WIDGET (thumb)));
}

/* no other group may have something selected */
static void
unselect_others (ComfyHistoryList  *self,
                 ComfyHistoryThumb *thumb)
{
  g_autoptr(GList) groups = gtk_container_get_children (GTK_CONTAINER (self->box));

  for (GList *group = groups; group != NULL; group = group->next)
    {
      GtkFlowBox *box = comfy_history_group_get_box (group->data);

      if (thumb == NULL || box != get_box_of (thumb))
        gtk_flow_box_unselect_all (box);
    }
}

static void
reveal (ComfyHistoryList *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self));
  int            height;
  int            y;

  self->reveals = FALSE;
  if (self->selected == NULL
      || !gtk_widget_translate_coordinates (GTK_WIDGET (self->selected), self->box, 0, 0, NULL, &y))
    return;

  height = gtk_widget_get_allocated_height (GTK_WIDGET (self->selected));
  gtk_adjustment_clamp_page (adjustment, MAX (0, y - HEADER), y + height);
}

/*
 * _comfy_history_list_pick:
 * @thumb: (nullable): what is selected from now on, and nothing else that was wanted
 */
void
_comfy_history_list_pick (ComfyHistoryList  *self,
                          ComfyHistoryThumb *thumb)
{
  g_autoptr(GPtrArray)  thumbs = _comfy_history_list_dup_thumbs (self);
  const char           *path = thumb != NULL ? comfy_history_thumb_get_path (thumb) : NULL;
  ComfyHistoryItem     *item = thumb != NULL ? comfy_history_thumb_get_item (thumb) : NULL;
  gboolean              is_other = g_strcmp0 (path, self->path) != 0 || item != self->item;

  self->is_busy = TRUE;
  g_clear_pointer (&self->wanted, g_free);
  g_set_weak_pointer (&self->selected, thumb);
  g_set_object (&self->item, item);
  g_set_str (&self->path, path);
  if (thumb != NULL)
    {
      g_ptr_array_find (thumbs, thumb, &self->index);
      gtk_flow_box_select_child (get_box_of (thumb), GTK_FLOW_BOX_CHILD (thumb));
    }
  unselect_others (self, thumb);
  self->is_busy = FALSE;

  if (!is_other)
    return;

  if (thumb != NULL)
    {
      reveal (self);
      self->reveals = TRUE;
    }
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

/* by a click */
static void
child_selected_cb (GtkFlowBox       *box,
                   ComfyHistoryList *self)
{
  g_autoptr(GList) selected = gtk_flow_box_get_selected_children (box);

  if (self->is_busy)
    return;
  if (selected != NULL)
    {
      _comfy_history_list_pick (self, selected->data);
      return;
    }

  /* nobody wants nothing */
  self->is_busy = TRUE;
  if (self->selected != NULL && get_box_of (self->selected) == box)
    gtk_flow_box_select_child (box, GTK_FLOW_BOX_CHILD (self->selected));
  self->is_busy = FALSE;
}

/* by a double click: Enter and Space do not come so far */
static void
child_activated_cb (GtkFlowBox       *box,
                    GtkFlowBoxChild  *child,
                    ComfyHistoryList *self)
{
  _comfy_history_list_pick (self, COMFY_HISTORY_THUMB (child));
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static gboolean
button_press_cb (GtkWidget        *box,
                 GdkEventButton   *event,
                 ComfyHistoryList *self)
{
  GtkFlowBoxChild *child;

  if (!gdk_event_triggers_context_menu ((GdkEvent *) event))
    return GDK_EVENT_PROPAGATE;

  child = gtk_flow_box_get_child_at_pos (GTK_FLOW_BOX (box), (int) event->x, (int) event->y);
  if (child == NULL)
    return GDK_EVENT_PROPAGATE;

  _comfy_history_list_pick (self, COMFY_HISTORY_THUMB (child));
  gtk_widget_grab_focus (GTK_WIDGET (child));
  g_signal_emit (self, signals[MENU_WANTED], 0, event);

  return GDK_EVENT_STOP;
}

static gboolean
comfy_history_list_popup_menu (GtkWidget *widget)
{
  g_autoptr(GdkEvent) event = gtk_get_current_event ();

  if (COMFY_HISTORY_LIST (widget)->selected == NULL)
    return FALSE;

  g_signal_emit (widget, signals[MENU_WANTED], 0, event);

  return TRUE;
}

static void
focus_lost_cb (ComfyHistoryList *self)
{
  self->has_lost_focus = TRUE;
}

/*
 * _comfy_history_list_create_group:
 * @id: of the oldest request that it shows
 *
 * Returns: (transfer floating): a group without pictures that the list listens to
 */
GtkWidget *
_comfy_history_list_create_group (ComfyHistoryList *self,
                                  const char       *id)
{
  GtkWidget  *group = comfy_history_group_new (id, self->cache);
  GtkFlowBox *box = comfy_history_group_get_box (COMFY_HISTORY_GROUP (group));

  g_signal_connect_swapped (group, "changed", G_CALLBACK (_comfy_history_list_show), self);
  g_signal_connect_swapped (group, "focus-lost", G_CALLBACK (focus_lost_cb), self);
  g_signal_connect (box, "selected-children-changed", G_CALLBACK (child_selected_cb), self);
  g_signal_connect (box, "child-activated", G_CALLBACK (child_activated_cb), self);
  g_signal_connect (box, "key-press-event", G_CALLBACK (_comfy_history_list_key_cb), self);
  g_signal_connect (box, "button-press-event", G_CALLBACK (button_press_cb), self);

  return group;
}

static void
show_times (GtkWidget *widget)
{
  ComfyHistoryList *self = COMFY_HISTORY_LIST (widget);
  g_autoptr(GList)  groups = gtk_container_get_children (GTK_CONTAINER (self->box));

  for (GList *group = groups; group != NULL; group = group->next)
    comfy_history_group_show_time (group->data, g_get_real_time () / G_USEC_PER_SEC);
}

static void
comfy_history_list_size_allocate (GtkWidget     *widget,
                                  GtkAllocation *allocation)
{
  ComfyHistoryList *self = COMFY_HISTORY_LIST (widget);

  GTK_WIDGET_CLASS (comfy_history_list_parent_class)->size_allocate (widget, allocation);

  if (self->reveals)
    reveal (self);
}

/* Tab enters at what is selected, and leaves; the rest is for the arrow keys */
static gboolean
comfy_history_list_focus (GtkWidget        *widget,
                          GtkDirectionType  direction)
{
  ComfyHistoryList     *self = COMFY_HISTORY_LIST (widget);
  g_autoptr(GPtrArray)  thumbs = NULL;

  if (gtk_container_get_focus_child (GTK_CONTAINER (widget)) != NULL)
    return FALSE;

  thumbs = _comfy_history_list_dup_thumbs (self);
  if (thumbs->len == 0)
    return FALSE;

  if (self->selected == NULL)
    _comfy_history_list_pick (self, g_ptr_array_index (thumbs, 0));
  gtk_widget_grab_focus (GTK_WIDGET (self->selected));

  return TRUE;
}

static void
comfy_history_list_destroy (GtkWidget *widget)
{
  ComfyHistoryList *self = COMFY_HISTORY_LIST (widget);

  self->is_busy = TRUE;
  g_clear_weak_pointer (&self->selected);
  if (self->history != NULL)
    g_signal_handlers_disconnect_by_data (self->history, self);

  GTK_WIDGET_CLASS (comfy_history_list_parent_class)->destroy (widget);
}

static void
comfy_history_list_finalize (GObject *object)
{
  ComfyHistoryList *self = COMFY_HISTORY_LIST (object);

  g_clear_object (&self->history);
  g_clear_object (&self->cache);
  g_clear_object (&self->item);
  g_free (self->path);
  g_free (self->newest);
  g_free (self->wanted);
  g_free (self->wanted_name);

  G_OBJECT_CLASS (comfy_history_list_parent_class)->finalize (object);
}

static void
comfy_history_list_class_init (ComfyHistoryListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = comfy_history_list_finalize;
  widget_class->destroy = comfy_history_list_destroy;
  widget_class->size_allocate = comfy_history_list_size_allocate;
  widget_class->focus = comfy_history_list_focus;
  widget_class->popup_menu = comfy_history_list_popup_menu;

  signals[SELECTION_CHANGED] =
    g_signal_new ("selection-changed", COMFY_TYPE_HISTORY_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] =
    g_signal_new ("activated", COMFY_TYPE_HISTORY_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[MENU_WANTED] =
    g_signal_new ("menu-wanted", COMFY_TYPE_HISTORY_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, GDK_TYPE_EVENT | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
comfy_history_list_init (ComfyHistoryList *self)
{
  GtkScrolledWindow *scrolled = GTK_SCROLLED_WINDOW (self);

  self->limit = COMFY_HISTORY_LIST_PAGE;
  self->cache = comfy_picture_cache_new (EDGE, MAX_KEPT);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_container_add (GTK_CONTAINER (self), self->box);
  gtk_scrolled_window_set_policy (scrolled, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  comfy_ui_keep_clear (scrolled);
  gtk_scrolled_window_set_min_content_height (scrolled, MIN_HEIGHT);
  comfy_ui_set_name (GTK_WIDGET (self), _("History"));
  gtk_widget_show (self->box);
  comfy_minute_follow (GTK_WIDGET (self), show_times);
}

/**
 * comfy_history_list_new:
 * @history: what is listed; the list follows it
 *
 * Returns: (transfer floating): the list
 */
GtkWidget *
comfy_history_list_new (ComfyHistory *history)
{
  ComfyHistoryList *self;
  GtkAdjustment    *adjustment;

  g_return_val_if_fail (COMFY_IS_HISTORY (history), NULL);

  self = g_object_new (COMFY_TYPE_HISTORY_LIST, NULL);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self));
  g_signal_connect_object (adjustment, "value-changed",
                           G_CALLBACK (_comfy_history_list_show_more), self, G_CONNECT_SWAPPED);
  self->history = g_object_ref (history);
  g_signal_connect_swapped (history, "items-changed", G_CALLBACK (_comfy_history_list_show), self);
  _comfy_history_list_show (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_history_list_get_cache:
 *
 * Returns: (transfer none): the small pictures
 */
ComfyPictureCache *
comfy_history_list_get_cache (ComfyHistoryList *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_LIST (self), NULL);

  return self->cache;
}

/**
 * comfy_history_list_get_selected:
 *
 * Returns: (transfer none) (nullable): the picture that is selected
 */
ComfyHistoryThumb *
comfy_history_list_get_selected (ComfyHistoryList *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_LIST (self), NULL);

  return self->selected;
}

/**
 * comfy_history_list_select:
 * @journal_id: a job's id
 * @name: (nullable): of the file of one of its pictures; %NULL: the first that is there
 *
 * Selects it, now or once the list has it, whatever else comes meanwhile.
 */
void
comfy_history_list_select (ComfyHistoryList *self,
                           const char       *journal_id,
                           const char       *name)
{
  g_return_if_fail (COMFY_IS_HISTORY_LIST (self));
  g_return_if_fail (journal_id != NULL);

  g_set_str (&self->wanted, journal_id);
  g_set_str (&self->wanted_name, name);
  _comfy_history_list_show (self);
}
