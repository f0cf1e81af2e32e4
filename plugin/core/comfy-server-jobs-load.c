/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the pages of an account's jobs come: one question at a time, the last one counts.
 */
#define G_LOG_DOMAIN "comfy-server-jobs"

#include "config.h"

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-server-jobs-private.h"
#include "comfy-session-private.h"

/* the arguments of load_fiber() */
typedef struct
{
  GWeakRef           jobs;       /* of ComfyServerJobs: who is gone needs no answer */
  ComfyProfileStore *profiles;   /* owned */
  ComfyConnector    *connector;  /* owned */
  ComfyProfile      *profile;    /* owned */
  char              *page;       /* owned, nullable: the first */
  gboolean           may_prompt; /* whether the artist may be asked to unlock the keyring */
  unsigned int       serial;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_weak_ref_clear (&load->jobs);
  g_object_unref (load->profiles);
  g_object_unref (load->connector);
  g_object_unref (load->profile);
  g_free (load->page);
  g_free (load);
}

/* @api, @page: (nullable); @error: (transfer full): when there is no page */
static void
deliver (Load            *load,
         ComfyApi        *api,
         ComfyRemotePage *page,
         GError          *error)
{
  g_autoptr(ComfyServerJobs) self = g_weak_ref_get (&load->jobs);
  g_autoptr(GError)          owned = error;

  if (self == NULL || load->serial != self->serial)
    return;

  if (api != NULL)
    g_set_object (&self->api, api);
  if (page != NULL)
    {
      if (load->page == NULL)
        _comfy_server_jobs_clear (self);
      _comfy_server_jobs_append (self, page->jobs);
      _comfy_server_jobs_set_next (self, page->next);
      _comfy_server_jobs_take_error (self, NULL);
    }
  else
    {
      g_autoptr(GError) folded = comfy_error_fold (owned, NULL);

      _comfy_server_jobs_take_error (self, comfy_connector_explain (load->connector,
                                                                    load->profile, folded));
    }
  _comfy_server_jobs_set_loading (self, FALSE);
}

/* whether its key can be read without asking for anything; one that is not in the keyring always */
static gboolean
await_unlocked (Load    *load,
                GError **error)
{
  return load->may_prompt || !comfy_profile_is_editable (load->profile)
         || !comfy_profile_has_key (load->profile)
         || dex_await (comfy_profile_store_refresh (load->profiles, FALSE), error);
}

static DexFuture *
load_fiber (gpointer data)
{
  Load                       *load = data;
  g_autoptr(ComfyApi)         api = NULL;
  g_autoptr(ComfyRemotePage)  page = NULL;
  GError                     *error = NULL;

  if (await_unlocked (load, &error))
    api = dex_await_object (comfy_connector_open (load->connector, load->profile), &error);
  if (api != NULL)
    page = dex_await_boxed (comfy_api_list_jobs (api, load->page), &error);
  deliver (load, api, page, error);

  return dex_future_new_for_boolean (TRUE);
}

static void
load (ComfyServerJobs *self,
      const char      *page,
      gboolean         may_prompt)
{
  Load *load = g_new0 (Load, 1);

  g_weak_ref_init (&load->jobs, self);
  load->profiles = g_object_ref (comfy_session_get_profiles (self->session));
  load->connector = g_object_ref (comfy_session_get_connector (self->session));
  load->profile = g_object_ref (self->profile);
  load->page = g_strdup (page);
  load->may_prompt = may_prompt;
  load->serial = ++self->serial;

  dex_clear (&self->load);
  _comfy_server_jobs_set_loading (self, TRUE);
  self->load = _comfy_spawn (load_fiber, load, load_free);
}

static void
load_newest (ComfyServerJobs *self,
             gboolean         may_prompt)
{
  if (!comfy_server_jobs_is_current (self))
    {
      _comfy_server_jobs_clear (self);
      _comfy_server_jobs_set_next (self, NULL);
      g_clear_object (&self->api);
      g_set_object (&self->profile, comfy_profile_store_get_active (
                                        comfy_session_get_profiles (self->session)));
    }
  _comfy_server_jobs_take_error (self, NULL);

  if (self->profile != NULL)
    {
      load (self, NULL, may_prompt);
      return;
    }

  dex_clear (&self->load);
  self->serial++;
  _comfy_server_jobs_set_loading (self, FALSE);
  _comfy_server_jobs_take_error (self, _comfy_session_new_no_key_error ());
}

/**
 * comfy_server_jobs_refresh:
 *
 * Asks for the newest jobs of the account that is chosen now, and to unlock the keyring when it is
 * locked. What is shown of the same account stays until the answer is there.
 */
void
comfy_server_jobs_refresh (ComfyServerJobs *self)
{
  g_return_if_fail (COMFY_IS_SERVER_JOBS (self));

  load_newest (self, TRUE);
}

/**
 * comfy_server_jobs_look:
 *
 * The same without being asked for it: a locked keyring is not asked to open, but is the error.
 */
void
comfy_server_jobs_look (ComfyServerJobs *self)
{
  g_return_if_fail (COMFY_IS_SERVER_JOBS (self));

  load_newest (self, FALSE);
}

/**
 * comfy_server_jobs_load_more:
 *
 * Asks for the next page, of the same account; nothing happens while an answer is awaited, and at
 * the end of the list.
 */
void
comfy_server_jobs_load_more (ComfyServerJobs *self)
{
  g_return_if_fail (COMFY_IS_SERVER_JOBS (self));

  if (self->is_loading || self->next == NULL)
    return;

  _comfy_server_jobs_take_error (self, NULL);
  load (self, self->next, TRUE);
}
