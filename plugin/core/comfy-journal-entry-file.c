/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How an entry comes into being: made of a staging folder, or read again from its own.
 */
#define G_LOG_DOMAIN "comfy-journal-entry-file"

#include "config.h"

#include <string.h>

#include "comfy-durable.h"
#include "comfy-error.h"
#include "comfy-folder-lock.h"
#include "comfy-journal-entry-private.h"
#include "comfy-request-private.h"

#define NO_GRAPH "{\"0\":{\"class_type\":\"\",\"inputs\":{}}}"

static ComfyJournalEntry *
entry_new (const char *folder)
{
  ComfyJournalEntry *self = g_object_new (COMFY_TYPE_JOURNAL_ENTRY, NULL);

  self->folder = g_strdup (folder);
  self->id = g_path_get_basename (folder);
  self->tag = g_strconcat ("gimp-", self->id, NULL);

  return self;
}

static gboolean
write_request (const char    *folder,
               ComfyRequest  *request,
               GError       **error)
{
  g_autofree char   *request_path = g_build_filename (folder, "request.json", NULL);
  g_autofree char   *graph_path = g_build_filename (folder, "graph.json", NULL);
  g_autoptr(GBytes)  json = _comfy_request_to_json (request);
  g_autoptr(GBytes)  graph = comfy_workflow_to_bytes (comfy_request_get_workflow (request));

  return comfy_durable_write (graph_path, graph, error)
         && comfy_durable_write (request_path, json, error);
}

/*
 * _comfy_journal_entry_create:
 * @staging: a folder that holds the inputs
 * @folder: what it becomes
 * @request: what was asked
 *
 * Everything is written and the lock taken under the old name: the rename makes the entry, whole
 * and owned, or not at all.
 *
 * Returns: (transfer full): the entry in state NEW, or %NULL with %COMFY_ERROR_STORAGE
 */
ComfyJournalEntry *
_comfy_journal_entry_create (const char    *staging,
                             const char    *folder,
                             ComfyRequest  *request,
                             GError       **error)
{
  g_autoptr(ComfyJournalEntry) self = entry_new (folder);

  self->request = g_object_ref (request);
  self->record = _comfy_record_new (comfy_request_get_created (request));
  self->record->changed = self->record->created;
  self->lock = comfy_folder_lock_take (staging, error);
  if (self->lock < 0
      || !write_request (staging, request, error)
      || !_comfy_record_save (self->record, staging, error)
      || !comfy_durable_sync_folder (staging, error)
      || !comfy_durable_rename (staging, folder, error))
    return NULL;

  return g_steal_pointer (&self);
}

static ComfyRequest *
read_request (const char     *folder,
              ComfyWorkflow  *workflow,
              GError        **error)
{
  g_autofree char   *path = g_build_filename (folder, "request.json", NULL);
  g_autofree char   *text = NULL;
  g_autoptr(GBytes)  json = NULL;
  g_autoptr(GError)  local_error = NULL;
  size_t             size;

  if (!g_file_get_contents (path, &text, &size, &local_error))
    {
      g_propagate_error (error, comfy_error_fold (local_error, NULL));
      return NULL;
    }

  json = g_bytes_new_take (g_steal_pointer (&text), size);

  return _comfy_request_from_json (json, workflow, error);
}

/*
 * _comfy_journal_entry_read_request:
 * @folder: a job's folder
 *
 * Reads what was asked, which never changes: whoever holds the lock.
 *
 * Returns: (transfer full): the request, or %NULL with %COMFY_ERROR_STORAGE
 */
ComfyRequest *
_comfy_journal_entry_read_request (const char  *folder,
                                   GError     **error)
{
  g_autofree char          *path = g_build_filename (folder, "graph.json", NULL);
  g_autoptr(ComfyWorkflow)  workflow = comfy_workflow_new_from_file (path, error);

  return workflow != NULL ? read_request (folder, workflow, error) : NULL;
}

/*
 * _comfy_journal_entry_read_summary:
 * @folder: a job's folder
 *
 * The same without its graph, which is the most of it: for who keeps hundreds of them.
 *
 * Returns: (transfer full): a request that cannot be asked for, or %NULL with %COMFY_ERROR_STORAGE
 */
ComfyRequest *
_comfy_journal_entry_read_summary (const char  *folder,
                                   GError     **error)
{
  g_autoptr(GBytes)        nothing = g_bytes_new_static (NO_GRAPH, strlen (NO_GRAPH));
  g_autoptr(ComfyWorkflow) workflow = comfy_workflow_new_from_bytes (nothing, error);

  return workflow != NULL ? read_request (folder, workflow, error) : NULL;
}

/*
 * _comfy_journal_entry_load:
 * @folder: a job's folder
 *
 * Returns: (transfer full): the entry, whose lock is held now, or %NULL with %COMFY_ERROR_FAILED
 *   when it is held elsewhere, %COMFY_ERROR_STORAGE when it cannot be read
 */
ComfyJournalEntry *
_comfy_journal_entry_load (const char  *folder,
                           GError     **error)
{
  g_autoptr(ComfyJournalEntry) self = entry_new (folder);

  self->lock = comfy_folder_lock_take (folder, error);
  if (self->lock < 0)
    return NULL;

  self->record = _comfy_record_read (folder, error);
  if (self->record == NULL)
    return NULL;

  self->request = _comfy_journal_entry_read_request (folder, error);

  return self->request != NULL ? g_steal_pointer (&self) : NULL;
}
