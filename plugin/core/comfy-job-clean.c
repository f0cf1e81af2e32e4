/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a job leaves on the server, when the artist wants that it leaves nothing: the pictures that
 * it uploaded are deleted once it is done. That they are to be is on disk together with the end of
 * the job; what cannot be deleted now is deleted at the next start. None of it changes how the job
 * ended.
 */
#define G_LOG_DOMAIN "comfy-job-clean"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-job-private.h"
#include "comfy-journal-entry-private.h"

/*
 * _comfy_job_is_unclean:
 *
 * Returns: whether the job is done and something of it is to be deleted on the server
 */
gboolean
_comfy_job_is_unclean (ComfyJob *self)
{
  return comfy_state_is_final (comfy_job_get_state (self))
         && comfy_journal_entry_get_delete_uploads (self->entry)
         && comfy_journal_entry_get_uploads (self->entry)->len > 0;
}

/* An id means something to the server and the protocol that gave it, and to no other. */
static ComfyApi *
open_server (ComfyJob  *self,
             GError   **error)
{
  const char          *profile_id = comfy_request_get_profile_id (comfy_job_get_request (self));
  ComfyProfile        *profile = NULL;
  ComfyEndpoint       *endpoint = NULL;
  g_autoptr(ComfyApi)  api = self->api != NULL ? g_object_ref (self->api) : NULL;

  if (api == NULL)
    {
      profile = comfy_profile_store_find (self->store, profile_id);
      if (profile != NULL)
        endpoint = comfy_profile_store_find_endpoint (self->store,
                                                      comfy_profile_get_endpoint_id (profile));
      if (endpoint == NULL
          || g_strcmp0 (comfy_endpoint_get_base_url (endpoint),
                        comfy_journal_entry_get_base_url (self->entry)) != 0)
        {
          comfy_set_error (error, COMFY_ERROR_NO_KEY, profile_id,
                           _("The key that this job was made with has been removed, or its "
                             "address was changed."));
          return NULL;
        }

      api = dex_await_object (comfy_connector_open (self->connector, profile), error);
      if (api == NULL)
        return NULL;
    }

  if (g_strcmp0 (G_OBJECT_TYPE_NAME (api), comfy_journal_entry_get_protocol (self->entry)) != 0)
    {
      comfy_set_error (error, COMFY_ERROR_PROTOCOL,
                       comfy_journal_entry_get_protocol (self->entry),
                       _("The server speaks another protocol than when this job was sent to it. "
                         "Choose the former one in Settings and try again."));
      return NULL;
    }

  return g_steal_pointer (&api);
}

/* First of all, so that no job begins to use what is about to go */
static void
forget_uploads (ComfyJob *self)
{
  GPtrArray *uploads = comfy_journal_entry_get_uploads (self->entry);

  for (unsigned int i = 0; i < uploads->len; i++)
    {
      const ComfyUpload *upload = g_ptr_array_index (uploads, i);

      if (upload->id != NULL)
        _comfy_job_drop_upload (self, upload->id);
    }
}

/* Deletes as much as can be. What the server gave no id for cannot be, ever; what another job
 * still needs goes with that one, or the next time: it stays on record here. */
static gboolean
delete_uploads (ComfyJob  *self,
                ComfyApi  *api,
                GError   **error)
{
  GPtrArray             *uploads = comfy_journal_entry_get_uploads (self->entry);
  g_autoptr(GHashTable)  shared = NULL;
  g_autoptr(GError)      failure = NULL;
  unsigned int           n_failed = 0;

  forget_uploads (self);
  shared = _comfy_journal_entry_find_shared (self->entry);

  for (unsigned int i = uploads->len; i-- > 0;)
    {
      const ComfyUpload *upload = g_ptr_array_index (uploads, i);

      if (upload->id == NULL)
        {
          g_message ("%s stays on the server, which gave no id to delete it by", upload->name);
        }
      else if (g_hash_table_contains (shared, upload->id))
        {
          continue;
        }
      else if (!dex_await (comfy_api_delete_upload (api, upload->id),
                           failure == NULL ? &failure : NULL))
        {
          n_failed++;
          continue;
        }

      comfy_journal_entry_remove_upload (self->entry, i);
    }

  if (uploads->len == 0)
    comfy_journal_entry_set_delete_uploads (self->entry, FALSE);
  if (!comfy_journal_entry_commit (self->entry, error))
    return FALSE;

  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));

  return n_failed == 0;
}

static DexFuture *
clean_fiber (gpointer data)
{
  ComfyJob            *self = data;
  g_autoptr(GError)    error = NULL;
  g_autoptr(ComfyApi)  api = open_server (self, &error);

  if (api == NULL || !delete_uploads (self, api, &error))
    {
      g_autoptr(GError) folded = comfy_error_fold (error, NULL);
      const char       *detail = comfy_error_get_detail (folded);

      g_message ("What job %s uploaded is still on the server: %s (%s)",
                 comfy_journal_entry_get_id (self->entry), folded->message,
                 detail != NULL ? detail : "");
      return dex_future_new_for_error (g_steal_pointer (&folded));
    }

  return dex_future_new_for_boolean (TRUE);
}

/**
 * comfy_job_clean_up:
 * @self: a job
 *
 * Deletes what the job uploaded, when it is done and that was asked for. What a job that has not
 * ended uses, too, is left to that one. Whatever happens, the state and error of the job stay as
 * they are; what was not deleted is tried again by the next call, in whichever process.
 *
 * Returns: (transfer full): a future of %TRUE when nothing is left to be deleted but what another
 *   job needs; dropping it stops it. Rejects with why not
 */
DexFuture *
comfy_job_clean_up (ComfyJob *self)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), NULL);

  if (!_comfy_job_is_unclean (self))
    return dex_future_new_for_boolean (TRUE);

  return _comfy_spawn (clean_fiber, g_object_ref (self), g_object_unref);
}

/*
 * _comfy_job_tidy:
 *
 * Cleans up at the end of a job's flow. Nobody waits long for it.
 */
void
_comfy_job_tidy (ComfyJob *self)
{
  g_autoptr(GError) error = NULL;

  if (!_comfy_job_is_unclean (self))
    return;

  if (!dex_await (dex_future_first (comfy_job_clean_up (self),
                                    dex_timeout_new_msec (self->pace.tidy_ms), NULL), &error)
      && g_error_matches (error, DEX_ERROR, DEX_ERROR_TIMED_OUT))
    g_message ("What job %s uploaded may still be on the server, which does not answer",
               comfy_journal_entry_get_id (self->entry));
}
