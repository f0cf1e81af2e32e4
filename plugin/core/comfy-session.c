/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Core put together for one process. Nothing here is a singleton: who needs a part is handed it.
 */
#define G_LOG_DOMAIN "comfy-session"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-node-store.h"
#include "comfy-session-private.h"

#define FOLDER "comfy-cloud-gimp"

/* Every job that is kept is read for it, so not with each new one. */
#define SWEEP_EVERY_US (10 * 60 * G_USEC_PER_SEC)

struct _ComfySession
{
  GObject            parent_instance;

  ComfyHost         *host;
  ComfySettings     *settings;
  ComfyKeyring      *keyring;
  ComfyProfileStore *profiles;
  ComfyConnector    *connector;
  ComfyJournal      *journal;
  ComfyScheduler    *scheduler;
  ComfyUploadCache  *uploads;
  ComfyNodeStore    *nodes;
  ComfySpending     *spending;
  gint64             swept;     /* µs, monotonic; 0: not yet */
};

G_DEFINE_FINAL_TYPE (ComfySession, comfy_session, G_TYPE_OBJECT)

static void
comfy_session_finalize (GObject *object)
{
  ComfySession *self = COMFY_SESSION (object);

  g_clear_object (&self->scheduler);
  g_clear_object (&self->uploads);
  g_clear_object (&self->nodes);
  g_clear_object (&self->spending);
  g_clear_object (&self->journal);
  g_clear_object (&self->connector);
  g_clear_object (&self->profiles);
  g_clear_object (&self->keyring);
  g_clear_object (&self->settings);
  g_clear_object (&self->host);

  G_OBJECT_CLASS (comfy_session_parent_class)->finalize (object);
}

static void
comfy_session_class_init (ComfySessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_session_finalize;
}

static void
comfy_session_init (ComfySession *self)
{
}

/**
 * comfy_session_new:
 * @host: the editor
 *
 * Reads the settings from the user's config folder, and COMFY_API_KEY and COMFY_BASE_URL, which it
 * takes out of the process's environment: call it once, while there is one thread. Asks neither the
 * keyring nor a server for anything.
 *
 * Returns: (transfer full): the session
 */
ComfySession *
comfy_session_new (ComfyHost *host)
{
  g_autofree char  *settings_path = NULL;
  g_autofree char  *jobs_folder = NULL;
  g_autofree char  *runtime_folder = NULL;
  g_autofree char  *cache_folder = NULL;
  g_autofree char  *spending_folder = NULL;
  ComfyEnvironment *environment;
  ComfySession     *self;

  g_return_val_if_fail (COMFY_IS_HOST (host), NULL);

  /* before anything here starts a thread, as the settings' file monitor does */
  environment = comfy_environment_take ();

  settings_path = g_build_filename (g_get_user_config_dir (), FOLDER, "settings.ini", NULL);
  jobs_folder = g_build_filename (g_get_user_state_dir (), FOLDER, "jobs", NULL);
  runtime_folder = g_build_filename (g_get_user_runtime_dir (), FOLDER, NULL);

  spending_folder = g_build_filename (g_get_user_state_dir (), FOLDER, NULL);
  cache_folder = g_build_filename (g_get_user_cache_dir (), FOLDER, NULL);

  self = g_object_new (COMFY_TYPE_SESSION, NULL);
  self->host = g_object_ref (host);
  self->settings = comfy_settings_new (settings_path);
  self->keyring = comfy_keyring_new ();
  self->profiles = comfy_profile_store_new (self->settings, self->keyring);
  comfy_profile_store_use_environment (self->profiles, environment);
  self->connector = comfy_connector_new (self->profiles, self->settings, runtime_folder);
  self->journal = comfy_journal_new (jobs_folder);
  self->scheduler = comfy_scheduler_new (self->settings);
  self->uploads = comfy_upload_cache_new (cache_folder);
  self->nodes = comfy_node_store_new (self->profiles, self->connector, cache_folder);
  self->spending = comfy_spending_new (spending_folder);

  return self;
}

/**
 * comfy_session_use_node_table:
 * @path: a file of the node table
 *
 * From it jobs know which nodes are partners'. Read with the first job; one that cannot be read is
 * as good as none.
 */
void
comfy_session_use_node_table (ComfySession *self,
                              const char   *path)
{
  g_return_if_fail (COMFY_IS_SESSION (self));

  comfy_node_store_carry (self->nodes, path);
}

/**
 * comfy_session_find_nodes:
 *
 * Finds what the nodes of the chosen environment's server take, for comfy_workflow_check() and for
 * forms.
 *
 * Returns: (transfer full): a future of a #ComfyNodeTable: the server's own where it tells, and not
 *   older than a day where it can be reached; else the carried one, see
 *   comfy_node_table_is_complete(). Never rejects; takes a few seconds at most
 */
DexFuture *
comfy_session_find_nodes (ComfySession *self)
{
  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);

  return comfy_node_store_find (self->nodes);
}

/**
 * comfy_session_get_host:
 *
 * Returns: (transfer none): the editor
 */
ComfyHost *
comfy_session_get_host (ComfySession *self)
{
  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);

  return self->host;
}

/**
 * comfy_session_get_settings:
 *
 * Returns: (transfer none): the preferences
 */
ComfySettings *
comfy_session_get_settings (ComfySession *self)
{
  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);

  return self->settings;
}

/**
 * comfy_session_get_profiles:
 *
 * Returns: (transfer none): the keys and environments
 */
ComfyProfileStore *
comfy_session_get_profiles (ComfySession *self)
{
  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);

  return self->profiles;
}

/**
 * comfy_session_get_connector:
 *
 * Returns: (transfer none): opens and tests servers
 */
ComfyConnector *
comfy_session_get_connector (ComfySession *self)
{
  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);

  return self->connector;
}

/**
 * comfy_session_get_journal:
 *
 * Returns: (transfer none): the jobs on disk, this process's and others'
 */
ComfyJournal *
comfy_session_get_journal (ComfySession *self)
{
  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);

  return self->journal;
}

/**
 * comfy_session_get_scheduler:
 *
 * Returns: (transfer none): this process's jobs
 */
ComfyScheduler *
comfy_session_get_scheduler (ComfySession *self)
{
  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);

  return self->scheduler;
}

/**
 * comfy_session_get_spending:
 *
 * Returns: (transfer none): what runs cost, this process's and others'
 */
ComfySpending *
comfy_session_get_spending (ComfySession *self)
{
  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);

  return self->spending;
}

/*
 * _comfy_session_sweep:
 *
 * After a new job: forgets what is old. Who keeps nothing wants it gone with the next job.
 */
void
_comfy_session_sweep (ComfySession *self)
{
  int    keep_days = comfy_settings_get_keep_days (self->settings);
  gint64 now = g_get_monotonic_time ();

  if (keep_days > 0 && self->swept != 0 && now - self->swept < SWEEP_EVERY_US)
    return;

  comfy_journal_sweep (self->journal, keep_days);
  comfy_upload_cache_sweep (self->uploads);
  comfy_node_store_sweep (self->nodes);
  comfy_spending_sweep (self->spending);
  self->swept = now;
}

/**
 * comfy_session_forget:
 *
 * The artist's "delete now": removes from this computer what belongs to finished jobs, and what it
 * remembers of uploads and of servers' nodes.
 */
void
comfy_session_forget (ComfySession *self)
{
  g_return_if_fail (COMFY_IS_SESSION (self));

  comfy_journal_delete_finished (self->journal);
  comfy_upload_cache_forget (self->uploads);
  comfy_node_store_forget (self->nodes);
}

/*
 * _comfy_session_new_no_key_error:
 *
 * Returns: (transfer full): what is said when there is nothing to send a job with
 */
GError *
_comfy_session_new_no_key_error (void)
{
  return comfy_error_new (COMFY_ERROR_NO_KEY, NULL,
                          _("No key is stored for this environment. "
                            "Add one in Filters, Comfy Cloud, Settings."));
}

/**
 * comfy_session_open_job:
 * @journal_id: a job's id, maybe from another process
 *
 * Returns: (transfer full): the job, not yet started, whose lock this process holds from now on;
 *   %NULL with an error as comfy_journal_open()
 */
ComfyJob *
comfy_session_open_job (ComfySession  *self,
                        const char    *journal_id,
                        GError       **error)
{
  g_autoptr(ComfyJournalEntry)  entry = NULL;
  ComfyJob                     *job;

  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);
  g_return_val_if_fail (journal_id != NULL, NULL);

  entry = comfy_journal_open (self->journal, journal_id, error);
  if (entry == NULL)
    return NULL;

  job = comfy_job_new (entry, self->profiles, self->connector, self->settings, self->host);
  comfy_job_set_upload_cache (job, self->uploads);
  comfy_job_set_spending (job, self->spending);
  comfy_job_set_node_table (job, comfy_node_store_get_carried (self->nodes));

  return job;
}

/**
 * comfy_session_start_job:
 * @journal_id: a job that nobody holds
 * @holds: whether its result waits in the history for the artist's word, whatever the settings say
 * @error: return location
 *
 * Takes the job over and runs it, when it is its turn.
 *
 * Returns: (transfer full): the job; %NULL with an error as comfy_journal_open(), or
 *   %COMFY_ERROR_STORAGE, and it is not run
 */
ComfyJob *
comfy_session_start_job (ComfySession  *self,
                         const char    *journal_id,
                         gboolean       holds,
                         GError       **error)
{
  g_autoptr(ComfyJob) job = comfy_session_open_job (self, journal_id, error);

  if (job == NULL || (holds && !comfy_job_hold_result (job, error)))
    return NULL;

  comfy_scheduler_add (self->scheduler, job);

  return g_steal_pointer (&job);
}
