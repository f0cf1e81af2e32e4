/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list follows the disk: whatever happens there, or in the settings, makes a fiber look at the
 * whole folder again, which costs a stat of each file, and read only what is not as it was. So no
 * event that is lost, doubled or too early does harm.
 */
#define G_LOG_DOMAIN "comfy-library"

#include "config.h"

#include "comfy-library-private.h"
#include "comfy-list-private.h"

/* files that are read before the list shows them */
#define BATCH 16

/*
 * _comfy_library_known_free:
 * @self: a file that was read
 */
void
_comfy_library_known_free (ComfyLibraryKnown *self)
{
  g_free (self->state);
  g_object_unref (self->item);
  g_free (self);
}

/*
 * _comfy_library_publish:
 * @self: a library
 *
 * Lists what is known, in its order.
 */
void
_comfy_library_publish (ComfyLibrary *self)
{
  g_autoptr(GPtrArray)  wanted = g_ptr_array_new ();
  g_autoptr(GPtrArray)  own = g_ptr_array_new ();
  GHashTableIter        iter;
  ComfyLibraryKnown    *known;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &known))
    if (comfy_library_item_is_own (known->item))
      g_ptr_array_add (own, known->item);
  g_ptr_array_sort (own, _comfy_library_item_compare);

  g_ptr_array_extend (wanted, self->built_in, NULL, NULL);
  g_ptr_array_extend (wanted, own, NULL, NULL);
  for (unsigned int i = 0; self->recent[i] != NULL; i++)
    if ((known = g_hash_table_lookup (self->known, self->recent[i])) != NULL)
      g_ptr_array_add (wanted, known->item);

  _comfy_list_replace (self->list, wanted);
}

/* What a worker looks at */
typedef struct
{
  char      *folder;  /* owned */
  char     **recent;  /* owned */
  GPtrArray *entries; /* owned: of ComfyLibraryEntry: to read */
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_free (look->folder);
  g_strfreev (look->recent);
  g_clear_pointer (&look->entries, g_ptr_array_unref);
  g_free (look);
}

/* on a worker thread → GPtrArray of ComfyLibraryEntry */
static DexFuture *
list_fiber (gpointer data)
{
  const Look *look = data;
  GPtrArray  *entries = _comfy_library_list_folder (look->folder);

  for (unsigned int i = 0; look->recent[i] != NULL; i++)
    g_ptr_array_add (entries, _comfy_library_entry_new (look->recent[i]));

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, entries);
}

/* on a worker thread → GPtrArray of ComfyLibraryItem */
static DexFuture *
read_fiber (gpointer data)
{
  const Look *look = data;
  GPtrArray  *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (unsigned int i = 0; i < look->entries->len; i++)
    {
      const ComfyLibraryEntry *entry = g_ptr_array_index (look->entries, i);
      g_autofree char         *folder = g_path_get_dirname (entry->path);

      g_ptr_array_add (items,
                       _comfy_library_entry_read (entry, !g_str_equal (folder, look->folder)));
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, items);
}

static DexFuture *
work (DexFiberFunc  func,
      Look         *look)
{
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, func, look, look_free);
}

/* Forgets what is not there any more. Returns: (transfer full): those of @entries that must be
 * read; they stay owned by @entries */
static GPtrArray *
sort_out (ComfyLibrary *self,
          GPtrArray    *entries)
{
  GPtrArray             *changed = g_ptr_array_new ();
  g_autoptr(GHashTable)  there = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter         iter;
  const char            *path;

  for (unsigned int i = 0; i < entries->len; i++)
    {
      const ComfyLibraryEntry *entry = g_ptr_array_index (entries, i);
      const ComfyLibraryKnown *known = g_hash_table_lookup (self->known, entry->path);

      g_hash_table_add (there, entry->path);
      if (known == NULL || !g_str_equal (known->state, entry->state))
        g_ptr_array_add (changed, (gpointer) entry);
    }

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, (gpointer *) &path, NULL))
    if (!g_hash_table_contains (there, path))
      g_hash_table_iter_remove (&iter);

  return changed;
}

static void
remember (ComfyLibrary *self,
          GPtrArray    *entries,
          GPtrArray    *items)
{
  for (unsigned int i = 0; i < items->len; i++)
    {
      const ComfyLibraryEntry *entry = g_ptr_array_index (entries, i);
      ComfyLibraryKnown       *known = g_new0 (ComfyLibraryKnown, 1);

      known->state = g_strdup (entry->state);
      known->item = g_object_ref (g_ptr_array_index (items, i));
      g_hash_table_replace (self->known, g_strdup (entry->path), known);
    }
}

static ComfyLibraryEntry *
copy_entry (const ComfyLibraryEntry *entry)
{
  ComfyLibraryEntry *copy = g_new0 (ComfyLibraryEntry, 1);

  copy->path = g_strdup (entry->path);
  copy->sidecar = g_strdup (entry->sidecar);
  copy->thumbnail = g_strdup (entry->thumbnail);
  copy->state = g_strdup (entry->state);

  return copy;
}

/* (transfer full): up to %BATCH of @entries from @first on */
static GPtrArray *
take_batch (GPtrArray    *entries,
            unsigned int  first)
{
  GPtrArray *batch = g_ptr_array_new_with_free_func ((GDestroyNotify) _comfy_library_entry_free);

  for (unsigned int i = first; i < entries->len && i < first + BATCH; i++)
    g_ptr_array_add (batch, copy_entry (g_ptr_array_index (entries, i)));

  return batch;
}

/* In a fiber that holds no reference to the library, so that one that is closed does not go on
 * reading. Returns: whether it is still wanted */
static gboolean
look_once (GWeakRef *weak)
{
  g_autoptr(ComfyLibrary)  self = g_weak_ref_get (weak);
  g_autoptr(GPtrArray)     entries = NULL;
  g_autoptr(GPtrArray)     changed = NULL;
  Look                    *look = g_new0 (Look, 1);
  g_autofree char         *folder = g_strdup (self->folder);

  self->is_stale = FALSE;
  look->folder = g_strdup (folder);
  look->recent = g_strdupv (self->recent);
  g_clear_object (&self);

  entries = dex_await_boxed (work (list_fiber, look), NULL);
  self = g_weak_ref_get (weak);
  if (self == NULL || entries == NULL)
    return self != NULL;

  changed = sort_out (self, entries);
  _comfy_library_publish (self);
  for (unsigned int i = 0; i < changed->len; i += BATCH)
    {
      g_autoptr(GPtrArray) batch = take_batch (changed, i);
      g_autoptr(GPtrArray) items = NULL;

      g_clear_object (&self);
      look = g_new0 (Look, 1);
      look->folder = g_strdup (folder);
      look->entries = g_ptr_array_ref (batch);
      items = dex_await_boxed (work (read_fiber, look), NULL);
      self = g_weak_ref_get (weak);
      if (self == NULL || items == NULL)
        return self != NULL;

      remember (self, batch, items);
      _comfy_library_publish (self);
    }

  return TRUE;
}

static gboolean
is_stale (GWeakRef *weak)
{
  g_autoptr(ComfyLibrary) self = g_weak_ref_get (weak);

  return self != NULL && self->is_stale;
}

static void
end_busy (ComfyLibrary *self)
{
  g_autoptr(DexPromise) settled = g_steal_pointer (&self->settled);

  g_object_notify (G_OBJECT (self), "busy");
  dex_promise_resolve_boolean (settled, TRUE);
}

static DexFuture *
follow_fiber (gpointer data)
{
  GWeakRef                *weak = data;
  g_autoptr(ComfyLibrary)  self = NULL;

  while (is_stale (weak) && look_once (weak))
    ;

  self = g_weak_ref_get (weak);
  if (self != NULL)
    end_busy (self);

  return dex_future_new_true ();
}

static void
weak_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/*
 * _comfy_library_follow:
 * @self: a library
 *
 * Looks at the disk again.
 *
 * Returns: (transfer full): a future of %TRUE when all that is on disk now is in the list
 */
DexFuture *
_comfy_library_follow (ComfyLibrary *self)
{
  GWeakRef *weak;

  g_assert (COMFY_IS_LIBRARY (self));

  self->is_stale = TRUE;
  if (self->settled != NULL)
    return dex_ref (DEX_FUTURE (self->settled));

  self->settled = dex_promise_new ();
  g_object_notify (G_OBJECT (self), "busy");
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, follow_fiber, weak, weak_free));

  return dex_ref (DEX_FUTURE (self->settled));
}

