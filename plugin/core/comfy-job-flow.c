/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A job from beginning to end. Each step first looks whether the journal says that it is done, so
 * the same lines start a job and pick one up; each step that cannot be taken back is on disk before
 * it is taken.
 */
#define G_LOG_DOMAIN "comfy-job-flow"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-job-private.h"

static gboolean
is_sent (ComfyJob *self)
{
  return comfy_journal_entry_get_submitted_at (self->entry) != 0;
}

/* A key belongs to one server: what was sent to another must not be looked for there. What was not
 * sent goes to the new one, which has none of the files. */
static gboolean
check_server (ComfyJob       *self,
              ComfyEndpoint  *endpoint,
              GError        **error)
{
  const char *sent_to = comfy_journal_entry_get_base_url (self->entry);
  const char *base_url = comfy_endpoint_get_base_url (endpoint);

  if (g_strcmp0 (sent_to, base_url) == 0)
    return TRUE;

  if (is_sent (self) && sent_to != NULL)
    {
      comfy_set_error (error, COMFY_ERROR_NO_KEY, base_url,
                       _("This job was sent to %s, where its key does not belong any more. "
                         "Restore that address and try again."), sent_to);
      return FALSE;
    }

  if (!is_sent (self))
    comfy_journal_entry_forget_server (self->entry);
  comfy_journal_entry_set_base_url (self->entry, base_url);

  return TRUE;
}

static ComfyProfile *
find_profile (ComfyJob  *self,
              GError   **error)
{
  ComfyRequest *request = comfy_job_get_request (self);
  ComfyProfile *profile;

  profile = comfy_profile_store_find (self->store, comfy_request_get_profile_id (request));
  if (profile == NULL)
    comfy_set_error (error, COMFY_ERROR_NO_KEY, comfy_request_get_profile_id (request),
                     _("The key that this job was made with has been removed, "
                       "so the job cannot go on."));

  return profile;
}

/* Finds the server. Once a job is sent, a connection that is lost does not end it. */
static ComfyApi *
open_api (ComfyJob  *self,
          GError   **error)
{
  ComfyProfile  *profile;
  ComfyEndpoint *endpoint;
  ComfyPatience  patience = { 0 };

  if (self->api != NULL)
    return g_object_ref (self->api);

  profile = find_profile (self, error);
  if (profile == NULL)
    return NULL;

  endpoint = comfy_profile_store_find_endpoint (self->store,
                                                comfy_profile_get_endpoint_id (profile));
  if (endpoint != NULL && !check_server (self, endpoint, error))
    return NULL;

  for (;;)
    {
      g_autoptr(GError)  failure = NULL;
      ComfyApi          *api = dex_await_object (comfy_connector_open (self->connector, profile),
                                                 &failure);

      if (api != NULL)
        return api;

      if (!is_sent (self) || !_comfy_job_wait_out (self, &patience, failure))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
    }
}

/* (transfer full): why a key was rejected, by its name: the words that the settings have too */
static GError *
explain (ComfyJob     *self,
         const GError *error)
{
  ComfyProfile *profile = self->store != NULL ? find_profile (self, NULL) : NULL;

  if (profile == NULL || self->connector == NULL)
    return g_error_copy (error);

  return comfy_connector_explain (self->connector, profile, error);
}

/* What a job learned of its key is told where keys are shown. */
static void
note_outcome (ComfyJob     *self,
              const GError *error)
{
  ComfyProfile *profile = self->store != NULL ? find_profile (self, NULL) : NULL;

  if (profile == NULL)
    return;

  if (error == NULL)
    comfy_profile_store_note_used (self->store, profile);
  else if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_UNAUTHORIZED))
    comfy_profile_store_note_outcome (self->store, profile, NULL, error);
}

/* A server that changed its protocol does not know the job by the id that we have, which must not
 * be taken for the job being gone. */
static gboolean
check_protocol (ComfyJob  *self,
                ComfyApi  *api,
                GError   **error)
{
  const char *sent_by = comfy_journal_entry_get_protocol (self->entry);

  if (!is_sent (self) || g_strcmp0 (sent_by, G_OBJECT_TYPE_NAME (api)) == 0)
    {
      comfy_journal_entry_set_protocol (self->entry, G_OBJECT_TYPE_NAME (api));
      return TRUE;
    }

  comfy_set_error (error, COMFY_ERROR_PROTOCOL, sent_by,
                   _("The server speaks another protocol than when this job was sent to it. "
                     "Choose the former one in Settings and try again."));

  return FALSE;
}

/* What the artist has to allow first is said before anything goes up. */
static gboolean
may_begin (ComfyJob  *self,
           ComfyApi  *api,
           GError   **error)
{
  GError   *why = NULL;
  gboolean  lends_key;

  return _comfy_job_lends_key (self, api, &lends_key, &why)
         || _comfy_job_stop_unsent (self, why, error);
}

/* everything before the moment from which on it may cost */
static gboolean
make_ready (ComfyJob  *self,
            ComfyApi  *api,
            GError   **error)
{
  if (!may_begin (self, api, error))
    return FALSE;

  _comfy_job_ask_before (self, api);
  if (!_comfy_job_upload (self, api, error))
    return FALSE;
  _comfy_job_note_before (self);

  return TRUE;
}

/* Of a job that is on the server already only the result is wanted: it stands where one stands that
 * was sent and has ended, and is never sent. */
static gboolean
adopt (ComfyJob  *self,
       GError   **error)
{
  const char *remote_id = comfy_request_get_remote_id (comfy_job_get_request (self));

  if (remote_id == NULL || comfy_journal_entry_get_remote_id (self->entry) != NULL)
    return TRUE;

  comfy_journal_entry_set_remote_id (self->entry, remote_id);
  comfy_journal_entry_set_submitted_at (self->entry, g_get_real_time () / G_USEC_PER_SEC);

  return _comfy_job_enter (self, COMFY_STATE_DOWNLOADING, error);
}

/* from wherever the journal says to every output on disk */
static gboolean
fetch_from (ComfyJob  *self,
            ComfyApi  *api,
            GError   **error)
{
  if (!check_protocol (self, api, error))
    return FALSE;

  if (!adopt (self, error))
    return FALSE;
  if (comfy_journal_entry_get_remote_id (self->entry) == NULL)
    {
      if (!is_sent (self) && !make_ready (self, api, error))
        return FALSE;
      if (!_comfy_job_submit (self, api, error))
        return FALSE;
      note_outcome (self, NULL);
    }

  return _comfy_job_watch (self, api, error) && _comfy_job_download (self, api, error);
}

static gboolean
fetch (ComfyJob  *self,
       GError   **error)
{
  g_autoptr(ComfyApi) api = open_api (self, error);
  gboolean            fetched;

  if (api == NULL)
    return FALSE;

  _comfy_job_show_pauses (self, api);
  fetched = fetch_from (self, api, error);
  _comfy_job_end_pauses (self, api);

  return fetched;
}

static gboolean
has_result (ComfyJob *self)
{
  ComfyState state = comfy_job_get_state (self);

  return (state == COMFY_STATE_READY || (self->is_applying && state == COMFY_STATE_PLACED))
         && comfy_journal_entry_get_outputs (self->entry) != NULL;
}

/* The artist said: not before a click. What is placed already only has to be noted, and what is no
 * picture changes no image. */
static gboolean
waits_for_click (ComfyJob *self)
{
  gboolean is_held = comfy_journal_entry_is_held (self->entry)
                     || (self->settings != NULL
                         && !comfy_settings_get_place_at_once (self->settings));

  return is_held && !self->is_wanted && !self->is_applying && _comfy_job_has_pictures (self)
         && !_comfy_job_is_placed_unnoted (self);
}

/*
 * _comfy_job_flow:
 * @job: a #ComfyJob whose entry is in no final state
 *
 * The fiber behind comfy_job_run().
 *
 * Returns: (transfer full): a future of %TRUE once the result is placed, or waits to be
 */
DexFuture *
_comfy_job_flow (gpointer job)
{
  ComfyJob          *self = job;
  g_autoptr(GError)  error = NULL;
  gboolean           is_done = (has_result (self) || fetch (self, &error))
                               && (waits_for_click (self) || _comfy_job_place (self, &error));

  _comfy_job_settle (self);
  if (!is_done)
    {
      GError *explained = explain (self, error);

      note_outcome (self, explained);
      _comfy_job_tidy (self);
      return dex_future_new_for_error (explained);
    }

  _comfy_job_tidy (self);

  return dex_future_new_for_boolean (TRUE);
}
