/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Uploads that several jobs refer to, because a later one used again what an earlier one had
 * uploaded. Only the disk knows of all of them: jobs are run by several processes.
 */
#define G_LOG_DOMAIN "comfy-journal"

#include "config.h"

#include "comfy-journal-entry-private.h"

static gboolean
has_upload (const ComfyRecord *record,
            const char        *upload_id)
{
  for (unsigned int i = 0; i < record->uploads->len; i++)
    {
      const ComfyUpload *upload = g_ptr_array_index (record->uploads, i);

      if (g_strcmp0 (upload->id, upload_id) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_of_profile (const char *folder,
               const char *profile_id)
{
  g_autoptr(ComfyRequest) request = _comfy_journal_entry_read_request (folder, NULL);

  return request != NULL && g_strcmp0 (comfy_request_get_profile_id (request), profile_id) == 0;
}

/* Adds to @shared what the job in @folder may still need of the uploads of @self. */
static void
add_shared (ComfyJournalEntry *self,
            const char        *folder,
            GHashTable        *shared)
{
  g_autoptr(ComfyRecord) record = _comfy_record_read (folder, NULL);
  const char            *profile_id = comfy_request_get_profile_id (self->request);

  if (record == NULL || comfy_state_is_final (record->state))
    return;

  for (unsigned int i = 0; i < self->record->uploads->len; i++)
    {
      const ComfyUpload *upload = g_ptr_array_index (self->record->uploads, i);

      /* the graph is read with a request, so that is asked last */
      if (upload->id != NULL && has_upload (record, upload->id)
          && is_of_profile (folder, profile_id))
        g_hash_table_add (shared, g_strdup (upload->id));
    }
}

/*
 * _comfy_journal_entry_find_shared:
 *
 * Looks through the journal, whoever holds its jobs.
 *
 * Returns: (transfer full): ids (char *) of those uploads of this job that a job of the same
 *   profile which has not ended refers to as well, as a set
 */
GHashTable *
_comfy_journal_entry_find_shared (ComfyJournalEntry *self)
{
  GHashTable      *shared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *jobs = g_path_get_dirname (self->folder);
  g_autoptr(GDir)  dir = g_dir_open (jobs, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (jobs, name, NULL);

      if (g_uuid_string_is_valid (name) && !g_str_equal (name, self->id))
        add_shared (self, folder, shared);
    }

  return shared;
}
