/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One helper for lists that follow a file: views keep their place when nothing changed.
 */
#define G_LOG_DOMAIN "comfy-list"

#include "config.h"

#include "comfy-list-private.h"

static gboolean
has_item_at (GListStore   *list,
             unsigned int  position,
             gpointer      wanted)
{
  g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (list), position);

  return item == wanted;
}

/**
 * _comfy_list_replace:
 * @list: a list
 * @wanted: the objects that it shall hold, in order
 *
 * Touches only what lies between the first and the last difference, so that items-changed is
 * emitted once at most, and not at all when the objects are the same.
 */
void
_comfy_list_replace (GListStore *list,
                     GPtrArray  *wanted)
{
  unsigned int n_old = g_list_model_get_n_items (G_LIST_MODEL (list));
  unsigned int n_new = wanted->len;
  unsigned int n_head = 0;
  unsigned int n_tail = 0;
  unsigned int n_removed, n_added;

  while (n_head < MIN (n_old, n_new) && has_item_at (list, n_head, wanted->pdata[n_head]))
    n_head++;
  while (n_tail < MIN (n_old, n_new) - n_head &&
         has_item_at (list, n_old - n_tail - 1, wanted->pdata[n_new - n_tail - 1]))
    n_tail++;

  n_removed = n_old - n_head - n_tail;
  n_added = n_new - n_head - n_tail;
  /* an empty array has no data to point into */
  if (n_removed > 0 || n_added > 0)
    g_list_store_splice (list, n_head, n_removed, n_added > 0 ? wanted->pdata + n_head : NULL,
                         n_added);
}
