/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal is the store: whatever happens to a job, its record on disk says so first. What is in
 * the list, and in which order, is decided here; comfy-history-follow.c reads the disk.
 */
#define G_LOG_DOMAIN "comfy-history"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-history-private.h"
#include "comfy-list-private.h"

enum
{
  PROP_0,
  PROP_BUSY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ComfyHistory, comfy_history, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static GType
get_item_type (GListModel *model)
{
  return COMFY_TYPE_HISTORY_ITEM;
}

static unsigned int
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (COMFY_HISTORY (model)->list));
}

static gpointer
get_item (GListModel   *model,
          unsigned int  position)
{
  return g_list_model_get_item (G_LIST_MODEL (COMFY_HISTORY (model)->list), position);
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static gboolean
is_of_image (ComfyHistory     *self,
             ComfyHistoryItem *item)
{
  ComfyPlacement *placement = comfy_history_item_get_placement (item);

  if (self->mark == NULL && self->file == NULL)
    return TRUE;

  return (self->mark != NULL && g_strcmp0 (placement->image_mark, self->mark) == 0)
         || (self->file != NULL && g_strcmp0 (placement->image_file, self->file) == 0);
}

/* when the last of those was asked for that were asked for together */
static gint64
get_time_of_group (GHashTable *times,
                   const char *group)
{
  const gint64 *created = g_hash_table_lookup (times, group);

  return created != NULL ? *created : 0;
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      times)
{
  ComfyHistoryItem *one = *(ComfyHistoryItem * const *) a;
  ComfyHistoryItem *two = *(ComfyHistoryItem * const *) b;
  const char       *group = comfy_history_item_get_group (one);
  const char       *other = comfy_history_item_get_group (two);
  gint64            time = get_time_of_group (times, group);
  gint64            other_time = get_time_of_group (times, other);

  if (time != other_time)
    return time > other_time ? -1 : 1;
  if (!g_str_equal (group, other))
    return g_strcmp0 (group, other);
  if (_comfy_history_item_get_run (one) != _comfy_history_item_get_run (two))
    return _comfy_history_item_get_run (one) < _comfy_history_item_get_run (two) ? -1 : 1;

  return g_strcmp0 (comfy_history_item_get_id (one), comfy_history_item_get_id (two));
}

static void
note_time (GHashTable       *times,
           ComfyHistoryItem *item)
{
  gint64  created = comfy_history_item_get_created (item);
  gint64 *noted = g_hash_table_lookup (times, comfy_history_item_get_group (item));

  if (noted != NULL && *noted >= created)
    return;

  noted = g_new (gint64, 1);
  *noted = created;
  g_hash_table_insert (times, (gpointer) comfy_history_item_get_group (item), noted);
}

/*
 * _comfy_history_publish:
 *
 * Lists what is known and belongs to the image, in its order.
 */
void
_comfy_history_publish (ComfyHistory *self)
{
  g_autoptr(GPtrArray)   wanted = g_ptr_array_new ();
  g_autoptr(GHashTable)  times = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  GHashTableIter         iter;
  ComfyHistoryKnown     *known;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &known))
    if (known->item != NULL && is_of_image (self, known->item))
      {
        g_ptr_array_add (wanted, known->item);
        note_time (times, known->item);
      }
  g_ptr_array_sort_with_data (wanted, compare, times);

  _comfy_list_replace (self->list, wanted);
}

static void
follow (ComfyHistory *self)
{
  /* nobody waits; the history holds it */
  dex_unref (_comfy_history_follow (self));
}

/* what is committed is told of afterwards */
static void
jobs_changed_cb (GListModel   *jobs,
                 unsigned int  position,
                 unsigned int  removed,
                 unsigned int  added,
                 ComfyHistory *self)
{
  for (unsigned int i = position; i < position + added; i++)
    {
      g_autoptr(ComfyJob) job = g_list_model_get_item (jobs, i);

      g_signal_handlers_disconnect_by_func (job, follow, self);
      g_signal_connect_object (job, "notify::state", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (job, "notify::running", G_CALLBACK (follow), self,
                               G_CONNECT_SWAPPED);
    }
  follow (self);
}

static void
comfy_history_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, comfy_history_is_busy (COMFY_HISTORY (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
comfy_history_finalize (GObject *object)
{
  ComfyHistory *self = COMFY_HISTORY (object);

  g_clear_pointer (&self->watch, _comfy_folder_watch_free);
  if (self->settled != NULL)
    dex_promise_reject (self->settled, comfy_error_new (COMFY_ERROR_CANCELLED, NULL,
                                                        _("The operation was cancelled.")));
  dex_clear (&self->settled);
  g_clear_object (&self->list);
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_clear_object (&self->scheduler);
  g_clear_object (&self->journal);
  g_free (self->mark);
  g_free (self->file);

  G_OBJECT_CLASS (comfy_history_parent_class)->finalize (object);
}

static void
comfy_history_class_init (ComfyHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = comfy_history_finalize;
  object_class->get_property = comfy_history_get_property;

  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
comfy_history_init (ComfyHistory *self)
{
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) _comfy_history_known_free);
  self->list = g_list_store_new (COMFY_TYPE_HISTORY_ITEM);
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (g_list_model_items_changed),
                           self, G_CONNECT_SWAPPED);
}

/**
 * comfy_history_new:
 * @journal: the jobs on disk
 * @scheduler: (nullable): this process's jobs, which are followed closely
 *
 * Changes on disk arrive through the main context that is the thread's default now.
 *
 * Returns: (transfer full): the history of all images; it fills as the disk is read
 */
ComfyHistory *
comfy_history_new (ComfyJournal   *journal,
                   ComfyScheduler *scheduler)
{
  ComfyHistory *self;

  g_return_val_if_fail (COMFY_IS_JOURNAL (journal), NULL);
  g_return_val_if_fail (scheduler == NULL || COMFY_IS_SCHEDULER (scheduler), NULL);

  self = g_object_new (COMFY_TYPE_HISTORY, NULL);
  self->journal = g_object_ref (journal);
  g_signal_connect_object (journal, "changed", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
  self->watch = _comfy_folder_watch_new (comfy_journal_get_folder (journal),
                                         (ComfyFolderChanged) follow, self);
  if (scheduler != NULL)
    {
      GListModel *jobs = G_LIST_MODEL (scheduler);

      self->scheduler = g_object_ref (scheduler);
      g_signal_connect_object (jobs, "items-changed", G_CALLBACK (jobs_changed_cb), self,
                               G_CONNECT_DEFAULT);
      jobs_changed_cb (jobs, 0, 0, g_list_model_get_n_items (jobs), self);
    }
  follow (self);

  return self;
}

/**
 * comfy_history_set_image:
 * @mark: (nullable): the mark that an image carries, see ComfyPlacement
 * @file: (nullable): its path, in which the same image may have been before it was marked
 *
 * Lists only what was asked for in that image; with neither, everything.
 */
void
comfy_history_set_image (ComfyHistory *self,
                         const char   *mark,
                         const char   *file)
{
  g_return_if_fail (COMFY_IS_HISTORY (self));

  if (g_strcmp0 (self->mark, mark) == 0 && g_strcmp0 (self->file, file) == 0)
    return;

  g_set_str (&self->mark, mark);
  g_set_str (&self->file, file);
  _comfy_history_publish (self);
}

/**
 * comfy_history_is_busy:
 *
 * Returns: whether the disk is being looked at; the list may be about to change
 */
gboolean
comfy_history_is_busy (ComfyHistory *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY (self), FALSE);

  return self->settled != NULL;
}

/**
 * comfy_history_refresh:
 *
 * Looks at the disk again, which costs a look at each job's folder on a worker thread. What other
 * processes do to jobs that are done is not noticed by itself.
 */
void
comfy_history_refresh (ComfyHistory *self)
{
  g_return_if_fail (COMFY_IS_HISTORY (self));

  follow (self);
}

/*
 * _comfy_history_find:
 * @journal_id: a job's id
 *
 * Returns: (transfer full) (nullable): its item, where the list has it
 */
ComfyHistoryItem *
_comfy_history_find (ComfyHistory *self,
                     const char   *journal_id)
{
  ComfyHistoryKnown *known;

  g_return_val_if_fail (COMFY_IS_HISTORY (self), NULL);
  g_return_val_if_fail (journal_id != NULL, NULL);

  known = g_hash_table_lookup (self->known, journal_id);

  return known != NULL && known->item != NULL && is_of_image (self, known->item)
           ? g_object_ref (known->item) : NULL;
}
