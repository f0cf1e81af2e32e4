/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-history-group.h"
#include "comfy-thumb-box.h"
#include "comfy-ui-util.h"

#define MIN_CHARS 8 /* as many of the words are seen in any case */

struct _ComfyHistoryGroup
{
  GtkBox             parent_instance;

  char              *id;    /* owned */
  ComfyPictureCache *cache; /* owned */
  GPtrArray         *items; /* owned, of ComfyHistoryItem */
  GtkWidget         *words; /* borrowed: a child */
  GtkWidget         *time;  /* borrowed: a child */
  GtkWidget         *box;   /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyHistoryGroup, comfy_history_group, GTK_TYPE_BOX)

enum
{
  CHANGED,
  FOCUS_LOST,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/* (transfer full): how long ago that was, or what time it was then */
static char *
dup_time (gint64 when,
          gint64 now)
{
  g_autofree char *day = comfy_ui_dup_relative_time (when, now);
  g_autofree char *today = comfy_ui_dup_relative_time (now, now);
  int              minutes = (int) CLAMP ((now - when) / 60, 0, 60);

  if (minutes < 1)
    return g_strdup (_("just now"));
  if (minutes < 60)
    /* translators: short: how long ago something was asked for, in minutes */
    return g_strdup_printf (ngettext ("%d min ago", "%d min ago", minutes), minutes);

  return g_str_equal (day, today) ? comfy_ui_dup_clock_time (when, now) : g_steal_pointer (&day);
}

/* (transfer full): what was asked for, in one line */
static char *
dup_words (ComfyHistoryItem *item)
{
  const char *prompt = comfy_history_item_get_prompt (item);
  char       *words;

  if (prompt == NULL || *prompt == '\0')
    return g_strdup (comfy_history_item_get_title (item));

  words = g_strstrip (g_strdup (prompt));

  return g_strdelimit (words, "\r\n\t", ' ');
}

/* (nullable) (transfer none): one that is there already */
static GtkWidget *
find_thumb (ComfyHistoryGroup *self,
            ComfyHistoryItem  *item,
            const char        *path)
{
  GtkFlowBoxChild *child;

  for (int i = 0; (child = gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (self->box), i)) != NULL;
       i++)
    if (comfy_history_thumb_get_item (COMFY_HISTORY_THUMB (child)) == item
        && g_str_equal (comfy_history_thumb_get_path (COMFY_HISTORY_THUMB (child)), path))
      return GTK_WIDGET (child);

  return NULL;
}

/* (transfer full) (element-type GtkWidget): what is to be seen, in its order */
static GPtrArray *
collect_thumbs (ComfyHistoryGroup *self)
{
  GPtrArray *wanted = g_ptr_array_new_with_free_func (g_object_unref);

  for (unsigned int i = 0; i < self->items->len; i++)
    {
      ComfyHistoryItem   *item = g_ptr_array_index (self->items, i);
      const char * const *paths = comfy_history_item_get_paths (item);

      for (unsigned int k = 0; paths[k] != NULL; k++)
        {
          GtkWidget *thumb = find_thumb (self, item, paths[k]);

          if (comfy_history_item_is_discarded (item, k))
            continue;
          if (thumb == NULL
              || comfy_history_thumb_get_picture (COMFY_HISTORY_THUMB (thumb)) != k)
            thumb = comfy_history_thumb_new (item, k, self->cache);
          g_ptr_array_add (wanted, g_object_ref_sink (thumb));
        }
    }

  return wanted;
}

/* those that stay are not touched: one of them may be selected, or have the focus. Returns: whether
 * any came or went */
static gboolean
show_thumbs (ComfyHistoryGroup *self)
{
  g_autoptr(GPtrArray)  wanted = collect_thumbs (self);
  g_autoptr(GList)      children = gtk_container_get_children (GTK_CONTAINER (self->box));
  gboolean              is_other = FALSE;

  for (GList *child = children; child != NULL; child = child->next)
    {
      if (g_ptr_array_find (wanted, child->data, NULL))
        continue;
      if (gtk_widget_is_focus (child->data))
        g_signal_emit (self, signals[FOCUS_LOST], 0);
      gtk_container_remove (GTK_CONTAINER (self->box), child->data);
      is_other = TRUE;
    }

  for (unsigned int i = 0; i < wanted->len; i++)
    {
      GtkWidget *thumb = g_ptr_array_index (wanted, i);

      if (gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (self->box), (int) i)
          == GTK_FLOW_BOX_CHILD (thumb))
        {
          comfy_history_thumb_update (COMFY_HISTORY_THUMB (thumb));
          continue;
        }

      if (gtk_widget_get_parent (thumb) != NULL)
        gtk_container_remove (GTK_CONTAINER (self->box), thumb);
      gtk_flow_box_insert (GTK_FLOW_BOX (self->box), thumb, (int) i);
      comfy_history_thumb_update (COMFY_HISTORY_THUMB (thumb));
      is_other = TRUE;
    }

  return is_other;
}

/* a picture was discarded or brought back, or turned out to be none */
static void
item_changed_cb (ComfyHistoryGroup *self)
{
  if (show_thumbs (self))
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
comfy_history_group_destroy (GtkWidget *widget)
{
  ComfyHistoryGroup *self = COMFY_HISTORY_GROUP (widget);

  for (unsigned int i = 0; i < self->items->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->items, i), self);
  g_ptr_array_set_size (self->items, 0);

  GTK_WIDGET_CLASS (comfy_history_group_parent_class)->destroy (widget);
}

static void
comfy_history_group_finalize (GObject *object)
{
  ComfyHistoryGroup *self = COMFY_HISTORY_GROUP (object);

  g_free (self->id);
  g_clear_object (&self->cache);
  g_ptr_array_unref (self->items);

  G_OBJECT_CLASS (comfy_history_group_parent_class)->finalize (object);
}

static void
comfy_history_group_class_init (ComfyHistoryGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_history_group_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_history_group_destroy;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_HISTORY_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[FOCUS_LOST] =
    g_signal_new ("focus-lost", COMFY_TYPE_HISTORY_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_history_group_init (ComfyHistoryGroup *self)
{
  GtkWidget *header = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 3);

  self->words = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->words), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (self->words), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (self->words), MIN_CHARS);
  gtk_label_set_single_line_mode (GTK_LABEL (self->words), TRUE);
  gtk_box_pack_start (GTK_BOX (header), self->words, TRUE, TRUE, 0);

  self->time = gtk_label_new (NULL);
  gtk_style_context_add_class (gtk_widget_get_style_context (self->time),
                               GTK_STYLE_CLASS_DIM_LABEL);
  gtk_box_pack_end (GTK_BOX (header), self->time, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), header, FALSE, FALSE, 0);

  self->box = comfy_thumb_box_new ();
  gtk_box_pack_start (GTK_BOX (self), self->box, FALSE, FALSE, 0);
  gtk_widget_show_all (GTK_WIDGET (self));
}

/**
 * comfy_history_group_new:
 * @id: what it is known by
 * @cache: has the pictures
 *
 * Returns: (transfer floating): a group without pictures, shown
 */
GtkWidget *
comfy_history_group_new (const char        *id,
                         ComfyPictureCache *cache)
{
  ComfyHistoryGroup *self;

  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (COMFY_IS_PICTURE_CACHE (cache), NULL);

  self = g_object_new (COMFY_TYPE_HISTORY_GROUP, NULL);
  self->id = g_strdup (id);
  self->cache = g_object_ref (cache);

  return GTK_WIDGET (self);
}

/**
 * comfy_history_group_get_id:
 *
 * Returns: what it is known by
 */
const char *
comfy_history_group_get_id (ComfyHistoryGroup *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_GROUP (self), NULL);

  return self->id;
}

/**
 * comfy_history_group_get_box:
 *
 * Returns: (transfer none): what holds its #ComfyHistoryThumb children
 */
GtkFlowBox *
comfy_history_group_get_box (ComfyHistoryGroup *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_GROUP (self), NULL);

  return GTK_FLOW_BOX (self->box);
}

/**
 * comfy_history_group_set_items:
 * @items: (element-type ComfyHistoryItem): the jobs, at least one; the group follows them
 *
 * Pictures that are there already stay the same widgets.
 */
void
comfy_history_group_set_items (ComfyHistoryGroup *self,
                               GPtrArray         *items)
{
  g_autofree char *words = NULL;

  g_return_if_fail (COMFY_IS_HISTORY_GROUP (self));
  g_return_if_fail (items != NULL && items->len > 0);

  for (unsigned int i = 0; i < self->items->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->items, i), self);
  g_ptr_array_set_size (self->items, 0);
  for (unsigned int i = 0; i < items->len; i++)
    {
      ComfyHistoryItem *item = g_ptr_array_index (items, i);

      g_ptr_array_add (self->items, g_object_ref (item));
      g_signal_connect_swapped (item, "changed", G_CALLBACK (item_changed_cb), self);
    }

  words = dup_words (g_ptr_array_index (items, 0));
  gtk_label_set_text (GTK_LABEL (self->words), words);
  gtk_widget_set_tooltip_text (self->words,
                               comfy_history_item_get_prompt (g_ptr_array_index (items, 0)));
  comfy_ui_set_name (self->box, words);
  show_thumbs (self);
}

/**
 * comfy_history_group_show_time:
 * @now: Unix seconds
 *
 * Says how long ago its pictures were asked for.
 */
void
comfy_history_group_show_time (ComfyHistoryGroup *self,
                               gint64             now)
{
  g_autofree char *text = NULL;

  g_return_if_fail (COMFY_IS_HISTORY_GROUP (self));

  if (self->items->len == 0)
    return;

  text = dup_time (comfy_history_item_get_created (g_ptr_array_index (self->items, 0)), now);
  /* the same words would be laid out and drawn again */
  if (g_strcmp0 (text, gtk_label_get_text (GTK_LABEL (self->time))) != 0)
    gtk_label_set_text (GTK_LABEL (self->time), text);
}
