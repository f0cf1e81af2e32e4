/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lies in the journal and nobody holds: it is listed, and what is finished is swept away in
 * the end.
 */
#define G_LOG_DOMAIN "comfy-journal"

#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comfy-durable.h"
#include "comfy-error.h"
#include "comfy-folder-lock.h"
#include "comfy-journal.h"
#include "comfy-record-private.h"

#define STALE_AFTER_S (24 * 60 * 60)
#define KEEP_AT_LEAST_S (7 * 24 * 60 * 60) /* what the artist has not put away */
#define TRY_TO_CLEAN_S (7 * 24 * 60 * 60) /* then what could not be deleted stays on its server */
#define MAX_FINISHED_BYTES (G_GINT64_CONSTANT (2) * 1000 * 1000 * 1000) /* above it the oldest go */

/* What a look at a job's folder tells */
typedef struct
{
  char     *id;       /* owned */
  char     *folder;   /* owned */
  gint64    created;  /* Unix seconds */
  gint64    changed;  /* Unix seconds */
  gint64    size;     /* bytes */
  gboolean  is_readable;
  gboolean  finished; /* for certain: not when its record cannot be read */
  gboolean  unclean;  /* finished, but for what it uploaded, which is to be deleted */
  gboolean  shown;    /* its result is here, and is looked at in the history */
  gboolean  kept;     /* finished, with something that the artist has not put away */
} Found;

static void
found_free (Found *found)
{
  g_free (found->id);
  g_free (found->folder);
  g_free (found);
}

static gint64
size_of_folder (const char *folder)
{
  g_autoptr(GDir)  dir = g_dir_open (folder, 0, NULL);
  const char      *name;
  gint64           size = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf         buf;

      if (g_stat (path, &buf) == 0)
        size += buf.st_size;
    }

  return size;
}

static gint64
mtime_of (const char *path)
{
  GStatBuf buf;

  return g_stat (path, &buf) == 0 ? (gint64) buf.st_mtime : 0;
}

static Found *
look_at (ComfyJournal *self,
         const char   *id)
{
  Found                  *found = g_new0 (Found, 1);
  g_autoptr(ComfyRecord)  record = NULL;
  g_autoptr(GError)       error = NULL;

  found->id = g_strdup (id);
  found->folder = g_build_filename (comfy_journal_get_folder (self), id, NULL);
  record = _comfy_record_read (found->folder, &error);
  found->is_readable = record != NULL;
  if (record == NULL)
    {
      g_message ("The job %s is left alone: %s", id, comfy_error_get_detail (error));
      return found;
    }

  found->finished = comfy_state_is_final (record->state);
  found->unclean = found->finished && record->delete_uploads && record->uploads->len > 0;
  found->shown = _comfy_record_is_shown (record);
  found->kept = _comfy_record_has_kept (record);
  found->created = record->created;
  found->changed = record->changed;

  return found;
}

static int
compare_created (gconstpointer a,
                 gconstpointer b)
{
  const Found *one = *(Found * const *) a;
  const Found *two = *(Found * const *) b;

  if (one->created != two->created)
    return one->created < two->created ? -1 : 1;

  return g_strcmp0 (one->id, two->id);
}

/* Every job that no process holds, oldest first */
static GPtrArray *
find_free (ComfyJournal *self)
{
  GPtrArray       *all = g_ptr_array_new_with_free_func ((GDestroyNotify) found_free);
  g_autoptr(GDir)  dir = g_dir_open (comfy_journal_get_folder (self), 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (comfy_journal_get_folder (self), name, NULL);

      if (g_uuid_string_is_valid (name) && !comfy_folder_lock_is_held (folder))
        g_ptr_array_add (all, look_at (self, name));
    }

  g_ptr_array_sort (all, compare_created);

  return all;
}

static gboolean
is_orphan (const Found *found)
{
  return found->is_readable && !found->finished && !found->shown;
}

static gboolean
is_unclean (const Found *found)
{
  return found->unclean;
}

static gboolean
is_kept (const Found *found)
{
  return found->kept;
}

/* (transfer full): ids of jobs that nobody holds and that are so, oldest first */
static char **
list_those (ComfyJournal *self,
            gboolean    (*are_so) (const Found *found))
{
  g_autoptr(GPtrArray)    all = find_free (self);
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

  for (unsigned int i = 0; i < all->len; i++)
    {
      const Found *found = g_ptr_array_index (all, i);

      if (are_so (found))
        g_strv_builder_add (ids, found->id);
    }

  return g_strv_builder_end (ids);
}

/**
 * comfy_journal_list_orphans:
 *
 * Returns: (transfer full) (array zero-terminated=1): ids of unfinished jobs that no process runs,
 *   oldest first. Another process may take one up before the caller does. One whose record cannot
 *   be read is not among them, but stays on disk; neither is one whose result is in the history.
 */
char **
comfy_journal_list_orphans (ComfyJournal *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL (self), NULL);

  return list_those (self, is_orphan);
}

/**
 * comfy_journal_list_unclean:
 *
 * Returns: (transfer full) (array zero-terminated=1): ids of finished jobs that nobody holds and
 *   whose uploads are still to be deleted, for comfy_job_clean_up(); oldest first
 */
char **
comfy_journal_list_unclean (ComfyJournal *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL (self), NULL);

  return list_those (self, is_unclean);
}

/**
 * comfy_journal_list_kept:
 *
 * Returns: (transfer full) (array zero-terminated=1): ids of finished jobs that nobody holds and
 *   that have texts or files which the artist has not put away, oldest first
 */
char **
comfy_journal_list_kept (ComfyJournal *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL (self), NULL);

  return list_those (self, is_kept);
}

/* Takes the lock first: what somebody opened meanwhile stays. */
static gboolean
remove_job (const Found *found)
{
  g_autoptr(GError) error = NULL;
  int               lock = comfy_folder_lock_take (found->folder, NULL);
  gboolean          removed;

  if (lock < 0)
    return FALSE;

  if (found->unclean)
    g_message ("What job %s uploaded stays on its server", found->id);
  removed = comfy_durable_remove (found->folder, &error);
  if (!removed)
    g_warning ("%s", comfy_error_get_detail (error));
  close (lock);

  return removed;
}

static void
remove_leftovers (ComfyJournal *self,
                  gint64        before)
{
  g_autoptr(GDir)  dir = g_dir_open (comfy_journal_get_folder (self), 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (comfy_journal_get_folder (self), name, NULL);

      if (name[0] == '.' && mtime_of (folder) < before)
        comfy_journal_drop_staging (self, folder);
    }
}

/**
 * comfy_journal_sweep:
 * @keep_days: how long the files of a finished job are kept, 0…
 *
 * Removes finished jobs that are older, or that no longer fit into 2 GB, oldest first, and what
 * interrupted captures left. One whose uploads are still to be deleted, or whose texts and
 * files were not put away, stays for a week. An
 * unfinished job is never removed, nor one that cannot be read: it may be paid for.
 */
void
comfy_journal_sweep (ComfyJournal *self,
                     int           keep_days)
{
  g_autoptr(GPtrArray) all = NULL;
  gint64               now = g_get_real_time () / G_USEC_PER_SEC;
  gint64               total = 0;

  g_return_if_fail (COMFY_IS_JOURNAL (self));

  remove_leftovers (self, now - STALE_AFTER_S);

  all = find_free (self);
  for (unsigned int i = 0; i < all->len; i++)
    {
      Found *found = g_ptr_array_index (all, i);

      found->size = found->finished ? size_of_folder (found->folder) : 0;
      total += found->size;
    }

  for (unsigned int i = 0; i < all->len; i++)
    {
      const Found *found = g_ptr_array_index (all, i);
      gint64       age = now - found->changed;
      gboolean     is_old = age > (gint64) keep_days * 24 * 60 * 60;

      if ((found->unclean && age >= 0 && age < TRY_TO_CLEAN_S)
          || (found->kept && age >= 0 && age < KEEP_AT_LEAST_S))
        continue;
      if (found->finished && (is_old || total > MAX_FINISHED_BYTES) && remove_job (found))
        total -= found->size;
    }
}

/**
 * comfy_journal_delete_finished:
 *
 * Removes the local copies of everything that is finished for certain: "delete now".
 */
void
comfy_journal_delete_finished (ComfyJournal *self)
{
  g_autoptr(GPtrArray) all = NULL;

  g_return_if_fail (COMFY_IS_JOURNAL (self));

  all = find_free (self);
  for (unsigned int i = 0; i < all->len; i++)
    {
      const Found *found = g_ptr_array_index (all, i);

      if (found->finished)
        remove_job (found);
    }
}
