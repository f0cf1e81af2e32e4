/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of the history is shown. A widget for each of hundreds of pictures would hold the window:
 * the newest groups are there, and others come when they are scrolled to.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-history-group.h"
#include "comfy-history-list-private.h"

/* (transfer full): id → the group that shows it */
static GHashTable *
index_groups (ComfyHistoryList *self)
{
  GHashTable       *groups = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GList)  children = gtk_container_get_children (GTK_CONTAINER (self->box));

  for (GList *child = children; child != NULL; child = child->next)
    g_hash_table_insert (groups, (gpointer) comfy_history_group_get_id (child->data), child->data);

  return groups;
}

/* What was asked for together, or one after the other in the same words: another seed is no other
 * request to an artist */
static gboolean
belongs_to (ComfyHistoryItem *item,
            ComfyHistoryItem *other)
{
  if (g_str_equal (comfy_history_item_get_group (item), comfy_history_item_get_group (other)))
    return TRUE;

  return g_str_equal (comfy_history_item_get_action_id (item),
                      comfy_history_item_get_action_id (other))
         && g_strcmp0 (comfy_history_item_get_prompt (item),
                       comfy_history_item_get_prompt (other)) == 0
         && g_strcmp0 (comfy_history_item_get_model (item),
                       comfy_history_item_get_model (other)) == 0;
}

/* (transfer full): those from @position on that belong together, as far as pictures are shown;
 * @n_pictures: (inout): how many there are so far */
static GPtrArray *
take_group (ComfyHistoryList *self,
            unsigned int      position,
            unsigned int     *n_pictures)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  while (*n_pictures < self->limit)
    {
      g_autoptr(ComfyHistoryItem) item = g_list_model_get_item (G_LIST_MODEL (self->history),
                                                                position++);

      if (item == NULL || (items->len > 0 && !belongs_to (item, g_ptr_array_index (items, 0))))
        break;
      *n_pictures += comfy_history_item_get_n_left (item);
      g_ptr_array_add (items, g_steal_pointer (&item));
    }

  return items;
}

/* (transfer none) (nullable): the group that shows one of them already; it is taken out of @old */
static GtkWidget *
find_group (GHashTable *old,
            GPtrArray  *items)
{
  for (unsigned int i = items->len; i > 0; i--)
    {
      const char *id = comfy_history_item_get_group (g_ptr_array_index (items, i - 1));
      GtkWidget  *group = g_hash_table_lookup (old, id);

      if (group != NULL)
        {
          g_hash_table_remove (old, id);
          return group;
        }
    }

  return NULL;
}

static void
drop_groups (ComfyHistoryList *self,
             GHashTable       *groups)
{
  GHashTableIter  iter;
  GtkWidget      *group;

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &group))
    {
      self->has_lost_focus |= gtk_container_get_focus_child (GTK_CONTAINER (group)) != NULL;
      gtk_widget_destroy (group);
    }
}

/* groups that are there already stay the same widgets */
static void
show_groups (ComfyHistoryList *self)
{
  g_autoptr(GHashTable) old = index_groups (self);
  unsigned int          n_items = g_list_model_get_n_items (G_LIST_MODEL (self->history));
  unsigned int          n_pictures = 0;
  unsigned int          position = 0;

  for (int i = 0; position < n_items && n_pictures < self->limit; i++)
    {
      g_autoptr(GPtrArray)  items = take_group (self, position, &n_pictures);
      ComfyHistoryItem     *last = g_ptr_array_index (items, items->len - 1);
      GtkWidget            *group = find_group (old, items);

      if (group == NULL)
        {
          group = _comfy_history_list_create_group (self, comfy_history_item_get_group (last));
          gtk_box_pack_start (GTK_BOX (self->box), group, FALSE, FALSE, 0);
        }
      gtk_box_reorder_child (GTK_BOX (self->box), group, i);
      comfy_history_group_set_items (COMFY_HISTORY_GROUP (group), items);
      comfy_history_group_show_time (COMFY_HISTORY_GROUP (group),
                                     g_get_real_time () / G_USEC_PER_SEC);
      position += items->len;
    }
  self->has_more = position < n_items;
  drop_groups (self, old);
}

/* What the artist has not chosen otherwise shows what has just come. Returns: whether it is such */
static gboolean
note_newest (ComfyHistoryList *self)
{
  g_autoptr(ComfyHistoryItem)  newest = g_list_model_get_item (G_LIST_MODEL (self->history), 0);
  const char                  *id = newest != NULL ? comfy_history_item_get_id (newest) : NULL;
  gboolean                     follows;

  follows = g_strcmp0 (id, self->newest) != 0 && newest != NULL
            && comfy_history_item_get_state (newest) == COMFY_STATE_READY
            && (self->item == NULL
                || g_strcmp0 (comfy_history_item_get_id (self->item), self->newest) == 0);
  g_set_str (&self->newest, id);

  return follows;
}

static gboolean
has_picture (ComfyHistoryItem *item,
             const char       *path)
{
  const char * const *paths = comfy_history_item_get_paths (item);

  for (unsigned int i = 0; paths[i] != NULL; i++)
    if (g_str_equal (paths[i], path))
      return !comfy_history_item_is_discarded (item, i);

  return FALSE;
}

/* (nullable): what was asked for, once it is there */
static ComfyHistoryThumb *
find_wanted (ComfyHistoryList *self,
             GPtrArray        *thumbs,
             const char       *wanted)
{
  for (unsigned int i = 0; wanted != NULL && i < thumbs->len; i++)
    {
      ComfyHistoryThumb *thumb = g_ptr_array_index (thumbs, i);
      ComfyHistoryItem  *item = comfy_history_thumb_get_item (thumb);

      g_autofree char   *name = g_path_get_basename (comfy_history_thumb_get_path (thumb));

      if (g_str_equal (comfy_history_item_get_id (item), wanted)
          && (self->wanted_name == NULL || g_str_equal (name, self->wanted_name)))
        return thumb;
    }

  return NULL;
}

/* (nullable): what is selected, or its neighbour when the artist has discarded it */
static ComfyHistoryThumb *
find_selected (ComfyHistoryList *self,
               GPtrArray        *thumbs)
{
  if (self->path == NULL || thumbs->len == 0)
    return NULL;

  for (unsigned int i = 0; i < thumbs->len; i++)
    {
      ComfyHistoryThumb *thumb = g_ptr_array_index (thumbs, i);

      if (g_str_equal (comfy_history_thumb_get_path (thumb), self->path))
        return thumb;
    }

  /* what does not belong to the image any more has none */
  if (has_picture (self->item, self->path))
    return NULL;

  return g_ptr_array_index (thumbs, MIN (self->index, thumbs->len - 1));
}

/*
 * _comfy_history_list_show:
 *
 * Shows what the history has now.
 */
void
_comfy_history_list_show (ComfyHistoryList *self)
{
  gboolean              has_focus = gtk_container_get_focus_child (GTK_CONTAINER (self)) != NULL;
  gboolean              follows = note_newest (self);
  g_autofree char      *wanted = NULL;
  g_autoptr(GPtrArray)  thumbs = NULL;
  ComfyHistoryThumb    *thumb;

  self->is_busy = TRUE;
  g_clear_weak_pointer (&self->selected);
  show_groups (self);
  self->is_busy = FALSE;

  thumbs = _comfy_history_list_dup_thumbs (self);
  wanted = g_steal_pointer (&self->wanted);
  thumb = find_wanted (self, thumbs, wanted);
  if (thumb != NULL)
    g_clear_pointer (&wanted, g_free);
  else
    thumb = follows && thumbs->len > 0 ? g_ptr_array_index (thumbs, 0)
                                       : find_selected (self, thumbs);
  _comfy_history_list_pick (self, thumb);
  self->wanted = g_steal_pointer (&wanted);
  has_focus |= self->has_lost_focus;
  self->has_lost_focus = FALSE;
  if (has_focus && thumb != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (thumb));
}

/*
 * _comfy_history_list_show_more:
 *
 * Adds groups when the last one comes near.
 */
void
_comfy_history_list_show_more (ComfyHistoryList *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self));
  double         page = gtk_adjustment_get_page_size (adjustment);

  if (!self->has_more || self->is_busy
      || gtk_adjustment_get_value (adjustment) + 2.0 * page < gtk_adjustment_get_upper (adjustment))
    return;

  self->limit += COMFY_HISTORY_LIST_PAGE;
  _comfy_history_list_show (self);
}
