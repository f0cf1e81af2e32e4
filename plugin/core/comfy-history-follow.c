/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list follows the disk: whatever happens there makes a fiber look at the whole journal again,
 * which costs a stat for each job, and read only what is not as it was. So no event that is lost,
 * doubled or too early does harm. No lock is taken: a record is exchanged whole.
 */
#define G_LOG_DOMAIN "comfy-history"

#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-history-private.h"
#include "comfy-journal-entry-private.h"

#define RECORD       "job.json"
#define MAX_MONITORS 64 /* of jobs that are not finished: others may go on with them */

/* A job's folder as a worker saw it */
typedef struct
{
  char         *id;         /* owned */
  char         *stamp;      /* owned */
  ComfyRecord  *record;     /* owned, nullable: it is as it was, or cannot be read */
  ComfyRequest *summary;    /* owned, nullable: where there was no item yet */
  gboolean      is_changed;
} Found;

/* What a worker looks at, and finds. Lives in the fiber, and on the worker's thread meanwhile */
typedef struct
{
  char       *folder; /* owned */
  GHashTable *stamps; /* owned: id → stamp, of what is known */
  GHashTable *items;  /* owned: set of ids that have an item */
  GPtrArray  *found;  /* owned, of Found */
} Look;

static void
found_free (gpointer data)
{
  Found *found = data;

  g_free (found->id);
  g_free (found->stamp);
  g_clear_pointer (&found->record, _comfy_record_free);
  g_clear_object (&found->summary);
  g_free (found);
}

static void
look_clear (gpointer data)
{
  Look *look = data;

  g_free (look->folder);
  g_hash_table_unref (look->stamps);
  g_hash_table_unref (look->items);
  g_ptr_array_unref (look->found);
}

static void
look_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, look_clear);
}

static Look *
look_new (ComfyHistory *self)
{
  Look              *look = g_atomic_rc_box_new0 (Look);
  GHashTableIter     iter;
  const char        *id;
  ComfyHistoryKnown *known;

  look->folder = g_strdup (comfy_journal_get_folder (self->journal));
  look->stamps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  look->items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  look->found = g_ptr_array_new_with_free_func (found_free);
  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, (gpointer *) &known))
    {
      g_hash_table_insert (look->stamps, g_strdup (id), g_strdup (known->stamp));
      if (known->item != NULL)
        g_hash_table_add (look->items, g_strdup (id));
    }

  return look;
}

/* (transfer full) (nullable): another one when the record was written anew */
static char *
dup_stamp (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, RECORD, NULL);
  struct stat      buf;

  if (stat (path, &buf) != 0)
    return NULL;

  return g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld %" G_GINT64_FORMAT,
                          (guint64) buf.st_ino, (gint64) buf.st_mtim.tv_sec,
                          (long) buf.st_mtim.tv_nsec, (gint64) buf.st_size);
}

static void
look_at (Look       *look,
         const char *id)
{
  g_autofree char   *folder = g_build_filename (look->folder, id, NULL);
  g_autofree char   *stamp = dup_stamp (folder);
  g_autoptr(GError)  error = NULL;
  Found             *found;

  if (stamp == NULL)
    return;

  found = g_new0 (Found, 1);
  found->id = g_strdup (id);
  found->stamp = g_steal_pointer (&stamp);
  g_ptr_array_add (look->found, found);
  found->is_changed = g_strcmp0 (g_hash_table_lookup (look->stamps, id), found->stamp) != 0;
  if (!found->is_changed)
    return;

  found->record = _comfy_record_read (folder, &error);
  if (found->record != NULL && _comfy_history_item_shows (found->record)
      && !g_hash_table_contains (look->items, id))
    found->summary = _comfy_journal_entry_read_summary (folder, &error);
  if (error != NULL)
    g_debug ("The job %s is not in the history: %s", id, comfy_error_get_detail (error));
}

static gboolean
look_in_thread (gpointer   data,
                GError   **error)
{
  Look            *look = data;
  g_autoptr(GDir)  dir = g_dir_open (look->folder, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_uuid_string_is_valid (name))
      look_at (look, name);

  return TRUE;
}

/*
 * _comfy_history_known_free:
 * @self: a job that was read
 */
void
_comfy_history_known_free (ComfyHistoryKnown *self)
{
  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  g_clear_object (&self->item);
  g_free (self->stamp);
  g_free (self);
}

static gboolean
is_record (GFile *file)
{
  g_autofree char *name = file != NULL ? g_file_get_basename (file) : NULL;

  return g_strcmp0 (name, RECORD) == 0;
}

/* of all that happens in a job's folder, only a record that is exchanged says something */
static void
job_changed_cb (GFileMonitor      *monitor,
                GFile             *file,
                GFile             *other,
                GFileMonitorEvent  event,
                ComfyHistory      *self)
{
  if (is_record (file) || is_record (other))
    comfy_history_refresh (self);
}

static unsigned int
count_monitors (ComfyHistory *self)
{
  unsigned int       n = 0;
  GHashTableIter     iter;
  ComfyHistoryKnown *known;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &known))
    n += known->monitor != NULL ? 1 : 0;

  return n;
}

static void
watch (ComfyHistory      *self,
       ComfyHistoryKnown *known,
       const char        *folder,
       gboolean           is_final)
{
  g_autoptr(GFile) file = g_file_new_for_path (folder);

  if (is_final && known->monitor != NULL)
    {
      g_file_monitor_cancel (known->monitor);
      g_clear_object (&known->monitor);
    }
  if (is_final || known->monitor != NULL || count_monitors (self) >= MAX_MONITORS)
    return;

  known->monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (known->monitor != NULL)
    g_signal_connect_object (known->monitor, "changed", G_CALLBACK (job_changed_cb), self,
                             G_CONNECT_DEFAULT);
}

static void
show (ComfyHistoryKnown *known,
      const char        *folder,
      Found             *found)
{
  if (known->item != NULL)
    _comfy_history_item_update (known->item, g_steal_pointer (&found->record));
  else if (found->summary != NULL)
    known->item = _comfy_history_item_new (folder, g_steal_pointer (&found->record),
                                           found->summary);
}

static void
take_up (ComfyHistory *self,
         const Look   *look,
         Found        *found)
{
  g_autofree char   *folder = g_build_filename (look->folder, found->id, NULL);
  ComfyHistoryKnown *known = g_hash_table_lookup (self->known, found->id);
  gboolean           was_known = known != NULL;

  if (!found->is_changed)
    return;

  if (known == NULL)
    {
      known = g_new0 (ComfyHistoryKnown, 1);
      g_hash_table_insert (self->known, g_strdup (found->id), known);
    }
  g_set_str (&known->stamp, found->stamp);
  watch (self, known, folder,
         found->record == NULL || comfy_state_is_final (found->record->state));
  /* what happened before it was watched may have been missed */
  self->is_stale |= !was_known && known->monitor != NULL;

  if (found->record != NULL && _comfy_history_item_shows (found->record))
    {
      show (known, folder, found);
      return;
    }

  /* whoever still has it learns why it goes */
  if (known->item != NULL && found->record != NULL)
    _comfy_history_item_update (known->item, g_steal_pointer (&found->record));
  g_clear_object (&known->item);
}

static void
forget_what_is_gone (ComfyHistory *self,
                     const Look   *look)
{
  g_autoptr(GHashTable)  there = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter         iter;
  const char            *id;

  for (unsigned int i = 0; i < look->found->len; i++)
    g_hash_table_add (there, ((Found *) g_ptr_array_index (look->found, i))->id);

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, NULL))
    if (!g_hash_table_contains (there, id))
      g_hash_table_iter_remove (&iter);
}

/* In a fiber that holds no reference to the history, so that one that is closed does not go on
 * reading */
static void
look_once (GWeakRef *weak)
{
  g_autoptr(ComfyHistory)  self = g_weak_ref_get (weak);
  Look                    *look = look_new (self);

  self->is_stale = FALSE;
  g_clear_object (&self);

  dex_await (_comfy_run_in_thread (look_in_thread, g_atomic_rc_box_acquire (look), look_unref),
             NULL);
  self = g_weak_ref_get (weak);
  if (self != NULL)
    {
      forget_what_is_gone (self, look);
      for (unsigned int i = 0; i < look->found->len; i++)
        take_up (self, look, g_ptr_array_index (look->found, i));
      _comfy_history_publish (self);
    }
  look_unref (look);
}

static gboolean
is_stale (GWeakRef *weak)
{
  g_autoptr(ComfyHistory) self = g_weak_ref_get (weak);

  return self != NULL && self->is_stale;
}

static void
end_busy (ComfyHistory *self)
{
  g_autoptr(DexPromise) settled = g_steal_pointer (&self->settled);

  g_object_notify (G_OBJECT (self), "busy");
  dex_promise_resolve_boolean (settled, TRUE);
}

static DexFuture *
follow_fiber (gpointer data)
{
  GWeakRef                *weak = data;
  g_autoptr(ComfyHistory)  self = NULL;

  while (is_stale (weak))
    look_once (weak);

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
 * _comfy_history_follow:
 *
 * Looks at the disk again.
 *
 * Returns: (transfer full): a future of %TRUE when all that is on disk now is in the list
 */
DexFuture *
_comfy_history_follow (ComfyHistory *self)
{
  GWeakRef *weak;

  g_assert (COMFY_IS_HISTORY (self));

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
