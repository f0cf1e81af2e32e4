/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of what a job made on the server. Nothing on this computer is touched.
 */
#define G_LOG_DOMAIN "comfy-server-jobs"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-journal-entry-private.h"
#include "comfy-record-private.h"
#include "comfy-server-jobs-private.h"

/* the arguments of delete_fiber() */
typedef struct
{
  ComfyServerJobs *jobs;    /* owned */
  ComfyProfile    *profile; /* owned */
  char            *job_id;  /* owned: on the server */
  char            *own_id;  /* owned, nullable: in the journal */
} Delete;

static void
delete_free (gpointer data)
{
  Delete *self = data;

  g_object_unref (self->jobs);
  g_object_unref (self->profile);
  g_free (self->job_id);
  g_free (self->own_id);
  g_free (self);
}

static gboolean
is_fetched (ComfyState state)
{
  return state == COMFY_STATE_READY || comfy_state_is_final (state);
}

/* whether what it started, or was begun to fetch, is that job of the server; both nullable */
static gboolean
is_meant (Delete       *self,
          ComfyRequest *request,
          const char   *remote_id)
{
  return g_strcmp0 (remote_id, self->job_id) == 0
         || (request != NULL
             && g_strcmp0 (comfy_request_get_remote_id (request), self->job_id) == 0);
}

/* whether a job of the journal wants nothing more of that of the server; most have another one */
static gboolean
is_done_with (Delete     *self,
              const char *id)
{
  ComfyJournal            *journal = comfy_session_get_journal (self->jobs->session);
  g_autofree char         *folder = g_build_filename (comfy_journal_get_folder (journal), id, NULL);
  g_autoptr(ComfyRecord)   record = _comfy_record_read (folder, NULL);
  g_autoptr(ComfyRequest)  request = _comfy_journal_entry_read_summary (folder, NULL);

  /* nobody knows of one that cannot be read */
  if (record == NULL)
    return g_strcmp0 (id, self->own_id) != 0 || !g_file_test (folder, G_FILE_TEST_IS_DIR);
  if (g_strcmp0 (id, self->own_id) != 0 && !is_meant (self, request, record->remote_id))
    return TRUE;

  return is_fetched (record->state);
}

/* the same of those that this process runs */
static gboolean
is_running (Delete *self)
{
  GListModel *jobs = G_LIST_MODEL (comfy_session_get_scheduler (self->jobs->session));

  for (unsigned int i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr(ComfyJob)  job = g_list_model_get_item (jobs, i);
      ComfyJournalEntry   *entry = comfy_job_get_entry (job);

      if (is_meant (self, comfy_job_get_request (job), comfy_journal_entry_get_remote_id (entry))
          && !is_fetched (comfy_job_get_state (job)))
        return TRUE;
    }

  return FALSE;
}

/* What was paid for here and has not come yet is only there; and so is what is just being fetched of
 * somebody else's. */
static gboolean
check_fetched (Delete  *self,
               GError **error)
{
  ComfyJournal  *journal = comfy_session_get_journal (self->jobs->session);
  g_auto(GStrv)  ids = comfy_journal_list_orphans (journal);
  gboolean       is_done = !is_running (self)
                           && (self->own_id == NULL || is_done_with (self, self->own_id));

  for (unsigned int i = 0; is_done && ids[i] != NULL; i++)
    is_done = is_done_with (self, ids[i]);
  if (is_done)
    return TRUE;

  comfy_set_error (error, COMFY_ERROR_FAILED, self->job_id,
                   _("What this job made is not on this computer yet. Fetch it first."));

  return FALSE;
}

/* The list may be old, or leave outputs out: the server is asked what there is now. */
static gboolean
delete_all (Delete    *self,
            ComfyApi  *api,
            GError   **error)
{
  g_autoptr(ComfyRemoteJob) remote = NULL;

  remote = dex_await_boxed (comfy_api_get_job (api, self->job_id), error);
  if (remote == NULL)
    return FALSE;

  for (unsigned int i = 0; i < remote->outputs->len; i++)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (remote->outputs, i);

      /* a text that came along with the job is no file */
      if (output->id[0] != '\0' && !dex_await (comfy_api_delete_output (api, output->id), error))
        return FALSE;
    }

  return TRUE;
}

static DexFuture *
delete_fiber (gpointer data)
{
  Delete                    *self = data;
  ComfySession              *session = self->jobs->session;
  g_autoptr(ComfyApi)        api = NULL;
  g_autoptr(ComfyRemoteJob)  left = NULL;
  g_autoptr(GError)          error = NULL;

  if (!check_fetched (self, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  api = dex_await_object (comfy_connector_open (comfy_session_get_connector (session),
                                                self->profile), &error);
  if (api != NULL)
    {
      delete_all (self, api, &error);
      /* some may be gone, even if it failed */
      left = dex_await_boxed (comfy_api_get_job (api, self->job_id), NULL);
    }
  if (left != NULL)
    _comfy_server_jobs_replace (self->jobs, left);
  if (error != NULL)
    return dex_future_new_for_error (comfy_error_fold (error, NULL));

  return dex_future_new_for_boolean (TRUE);
}

/**
 * comfy_server_jobs_delete_outputs:
 * @self: a list
 * @job: one of its jobs
 *
 * Deletes every file that the job made on the server, by the artist's explicit wish: nobody can
 * fetch them any more. Files on this computer, and what is in images, stay. Of a job of this
 * computer that is not fetched yet nothing is deleted.
 *
 * Returns: (transfer full): a future of %TRUE when nothing is left there. Rejects with
 *   %COMFY_ERROR_FAILED when it was not fetched, else with why not; some may be deleted then, which
 *   the list tells
 */
DexFuture *
comfy_server_jobs_delete_outputs (ComfyServerJobs *self,
                                  ComfyServerJob  *job)
{
  Delete *delete;

  g_return_val_if_fail (COMFY_IS_SERVER_JOBS (self), NULL);
  g_return_val_if_fail (COMFY_IS_SERVER_JOB (job), NULL);
  g_return_val_if_fail (comfy_server_jobs_get_profile (self) != NULL, NULL);

  delete = g_new0 (Delete, 1);
  delete->jobs = g_object_ref (self);
  delete->profile = g_object_ref (comfy_server_jobs_get_profile (self));
  delete->job_id = g_strdup (comfy_server_job_get_remote (job)->id);
  delete->own_id = g_strdup (comfy_server_job_get_journal_id (job));

  return _comfy_spawn (delete_fiber, delete, delete_free);
}
