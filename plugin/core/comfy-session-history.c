/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist does with what is in the history. A job that this process runs is asked itself;
 * any other is opened for the moment, so that no two processes do something with the same job at
 * once.
 */
#define G_LOG_DOMAIN "comfy-session"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-job-private.h"
#include "comfy-journal-entry-private.h"
#include "comfy-journal-private.h"
#include "comfy-session-private.h"

/* (transfer full) (nullable): the job of the scheduler */
static ComfyJob *
find_own (ComfySession *self,
          const char   *journal_id)
{
  GListModel   *jobs = G_LIST_MODEL (comfy_session_get_scheduler (self));
  unsigned int  n = g_list_model_get_n_items (jobs);

  for (unsigned int i = 0; i < n; i++)
    {
      g_autoptr(ComfyJob) job = g_list_model_get_item (jobs, i);

      if (g_str_equal (comfy_journal_entry_get_id (comfy_job_get_entry (job)), journal_id))
        return g_steal_pointer (&job);
    }

  return NULL;
}

static ComfyJob *
find_job (ComfySession  *self,
          const char    *journal_id,
          GError       **error)
{
  ComfyJob *job = find_own (self, journal_id);

  return job != NULL ? job : comfy_session_open_job (self, journal_id, error);
}

/* the arguments of apply_fiber() */
typedef struct
{
  ComfySession *session;    /* owned */
  char         *journal_id; /* owned */
  int           picture;
} Apply;

static void
apply_free (void *data)
{
  Apply *apply = data;

  g_object_unref (apply->session);
  g_free (apply->journal_id);
  g_free (apply);
}

/* What is being placed already, all of it, is what was asked for: two clicks place once. */
static gboolean
is_being_placed (ComfyJob *job)
{
  ComfyState state = comfy_job_get_state (job);

  return comfy_job_is_running (job)
         && (state == COMFY_STATE_READY || state == COMFY_STATE_PLACED);
}

static DexFuture *
apply_fiber (gpointer data)
{
  Apply               *apply = data;
  g_autoptr(GError)    error = NULL;
  g_autoptr(ComfyJob)  job = find_job (apply->session, apply->journal_id, &error);
  gboolean             is_placed;

  if (job == NULL)
    return dex_future_new_for_error (comfy_error_fold (error, NULL));

  is_placed = is_being_placed (job) && dex_await (comfy_job_run (job), NULL) && apply->picture < 0
              && comfy_job_get_placed (job) != NULL;
  if (!is_placed && !dex_await (_comfy_job_apply (job, apply->picture), &error))
    {
      _comfy_journal_note_changed (comfy_session_get_journal (apply->session));
      return dex_future_new_for_error (comfy_error_fold (error, NULL));
    }

  _comfy_journal_note_changed (comfy_session_get_journal (apply->session));

  return dex_future_new_take_variant (g_variant_ref (comfy_job_get_placed (job)));
}

/**
 * comfy_session_apply:
 * @journal_id: a job with pictures, in %COMFY_STATE_READY or %COMFY_STATE_PLACED
 * @picture: which of them, from 0, as comfy_history_item_get_paths() has them; -1: all that are not
 *   discarded
 *
 * Has the editor place what the artist has chosen, once more where it was placed before: he may
 * have undone it. A job that waits for that is done when all its pictures are placed. Nothing is
 * sent.
 *
 * Returns: (transfer full): a future of a GVariant "(iai)": the image's id and the new layers'.
 *   Rejects with %COMFY_ERROR_FAILED while the job runs or another process holds it,
 *   %COMFY_ERROR_NOT_FOUND when there is no such job or picture, else as comfy_host_place() does.
 *   Dropping it does not stop it
 */
DexFuture *
comfy_session_apply (ComfySession *self,
                     const char   *journal_id,
                     int           picture)
{
  Apply *apply;

  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);
  g_return_val_if_fail (journal_id != NULL, NULL);
  g_return_val_if_fail (picture >= -1, NULL);

  apply = g_new0 (Apply, 1);
  apply->session = g_object_ref (self);
  apply->journal_id = g_strdup (journal_id);
  apply->picture = picture;

  return dex_scheduler_spawn (NULL, 0, apply_fiber, apply, apply_free);
}

/**
 * comfy_session_discard:
 * @journal_id: a job with pictures, in %COMFY_STATE_READY or %COMFY_STATE_PLACED
 * @output: (nullable): which of them, by its file's name, which is always the same; %NULL: all
 *
 * Takes it out of the history, and with the last picture the job out of the scheduler where nothing
 * else of it is left for the artist. One that waits to be placed does not any more once each of its
 * pictures is placed or discarded: it is in %COMFY_STATE_PLACED, as what has nothing to place is.
 * The files stay as long as those of any job that is done; until then comfy_session_undiscard()
 * brings them back. What it uploaded is deleted, where the settings say so, by the next
 * comfy_session_clean_up().
 *
 * Returns: %FALSE with %COMFY_ERROR_FAILED while the job runs or another process holds it,
 *   %COMFY_ERROR_NOT_FOUND when there is no such job or picture, %COMFY_ERROR_STORAGE
 */
gboolean
comfy_session_discard (ComfySession  *self,
                       const char    *journal_id,
                       const char    *output,
                       GError       **error)
{
  ComfyScheduler      *scheduler;
  g_autoptr(ComfyJob)  job = NULL;

  g_return_val_if_fail (COMFY_IS_SESSION (self), FALSE);
  g_return_val_if_fail (journal_id != NULL, FALSE);

  scheduler = comfy_session_get_scheduler (self);
  job = find_job (self, journal_id, error);
  if (job == NULL || !_comfy_job_discard (job, output, error))
    return FALSE;

  if (_comfy_journal_entry_is_discarded (comfy_job_get_entry (job), NULL)
      && !comfy_job_has_kept (job) && !comfy_scheduler_is_active (scheduler, job))
    {
      comfy_scheduler_remove (scheduler, job);
      /* whoever may still look at it: who takes it back opens it anew */
      comfy_journal_entry_release (comfy_job_get_entry (job));
    }
  _comfy_journal_note_changed (comfy_session_get_journal (self));

  return TRUE;
}

/**
 * comfy_session_undiscard:
 * @journal_id: a job that comfy_session_discard() was called for
 * @output: (nullable): as it was called
 *
 * It is in the history again, and waits to be placed where it waited before.
 *
 * Returns: %FALSE as comfy_session_discard(); %COMFY_ERROR_NOT_FOUND when it was swept away
 *   meanwhile
 */
gboolean
comfy_session_undiscard (ComfySession  *self,
                         const char    *journal_id,
                         const char    *output,
                         GError       **error)
{
  g_autoptr(ComfyJob) job = NULL;

  g_return_val_if_fail (COMFY_IS_SESSION (self), FALSE);
  g_return_val_if_fail (journal_id != NULL, FALSE);

  job = find_job (self, journal_id, error);
  if (job == NULL || !_comfy_job_take_back (job, output, error))
    return FALSE;

  _comfy_journal_note_changed (comfy_session_get_journal (self));

  return TRUE;
}

/* (transfer full) (nullable): the new job's id */
static char *
begin_with_new_seed (ComfySession  *self,
                     const char    *journal_id,
                     const char    *profile_id,
                     GError       **error)
{
  ComfyJournal            *journal = comfy_session_get_journal (self);
  g_autoptr(ComfyRequest)  old = comfy_journal_read_request (journal, journal_id, error);
  g_autoptr(ComfyRequest)  request = NULL;
  g_autofree char         *folder = NULL;
  g_autofree char         *staging = NULL;

  if (old == NULL)
    return NULL;

  folder = g_build_filename (comfy_journal_get_folder (journal), journal_id, NULL);
  if (!_comfy_session_has_inputs (old, folder))
    {
      comfy_set_error (error, COMFY_ERROR_NOT_FOUND, journal_id,
                       _("The picture that this was made from is not kept any more. "
                         "Run the action on it again."));
      return NULL;
    }

  request = _comfy_session_make_varied (self, old, profile_id, comfy_request_get_placement (old),
                                        error);
  if (request != NULL)
    staging = comfy_journal_make_staging (journal, error);
  if (staging == NULL)
    return NULL;
  if (!_comfy_session_copy_files (comfy_request_get_inputs (request),
                                  comfy_request_get_placement (request), folder, staging, error))
    {
      comfy_journal_drop_staging (journal, staging);
      return NULL;
    }

  return _comfy_session_begin_again (self, g_steal_pointer (&staging), request, error);
}

/**
 * comfy_session_again_with_new_seed:
 * @journal_id: a job in any state, whoever holds it
 *
 * Asks for the same once more with another seed, with the key that is used now: the pictures that
 * it was made from, and where its result belongs, are those of the old job. The image is not looked
 * at. Nothing is sent.
 *
 * Returns: (transfer full): a future of a string: the new job's id in the journal, as of
 *   comfy_session_prepare(). Rejects with %COMFY_ERROR_NO_KEY, %COMFY_ERROR_NOT_FOUND when the job
 *   or its pictures are gone, %COMFY_ERROR_NOT_SUPPORTED when there is no seed,
 *   %COMFY_ERROR_STORAGE
 */
DexFuture *
comfy_session_again_with_new_seed (ComfySession *self,
                                   const char   *journal_id)
{
  ComfyProfile    *profile;
  g_autofree char *id = NULL;
  GError          *error = NULL;

  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);
  g_return_val_if_fail (journal_id != NULL, NULL);

  profile = comfy_profile_store_get_active (comfy_session_get_profiles (self));
  if (profile == NULL)
    return dex_future_new_for_error (_comfy_session_new_no_key_error ());

  id = begin_with_new_seed (self, journal_id, comfy_profile_get_id (profile), &error);

  return id != NULL ? dex_future_new_for_string (id) : dex_future_new_for_error (error);
}
