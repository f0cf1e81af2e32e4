/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-account-jobs.h"
#include "comfy-error.h"
#include "comfy-job-section.h"
#include "comfy-job-text.h"
#include "comfy-listed-job.h"
#include "comfy-server-jobs.h"

/* what the buttons of a row mean */
enum
{
  ACTION_LAYERS,
  ACTION_IMAGES,
  ACTION_DELETE,
};

struct _ComfyAccountJobs
{
  GtkBox           parent_instance;

  ComfySession    *session;  /* owned */
  ComfyServerJobs *jobs;     /* owned */
  GtkWidget       *section;  /* borrowed: a child */
  GHashTable      *past;     /* owned: id → ComfyPastJob */
  int              image_id; /* -1: none */
};

G_DEFINE_FINAL_TYPE (ComfyAccountJobs, comfy_account_jobs, GTK_TYPE_BOX)

static ComfyJobSection *
get_section (ComfyAccountJobs *self)
{
  return COMFY_JOB_SECTION (self->section);
}

/* (transfer full): what was asked for, and where the answer goes */
typedef struct
{
  ComfyAccountJobs *self; /* owned */
  ComfyListedJob   *row;  /* owned */
} Asked;

static Asked *
asked_new (ComfyAccountJobs *self,
           ComfyListedJob   *row)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->self = g_object_ref (self);
  asked->row = g_object_ref (row);

  return asked;
}

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_object_unref (asked->self);
  g_object_unref (asked->row);
  g_free (asked);
}

/* closed, or replaced, meanwhile: its children are gone */
static gboolean
is_gone (gpointer widget)
{
  return gtk_widget_get_parent (widget) == NULL;
}

/* @problem: (nullable); @words: (nullable): what the row says from now on */
static void
answer (Asked      *asked,
        const char *problem,
        const char *words)
{
  if (!is_gone (asked->row))
    {
      comfy_listed_job_set_busy (asked->row, FALSE);
      if (words != NULL)
        comfy_listed_job_set_words (asked->row, words, GTK_MESSAGE_INFO);
    }
  if (!is_gone (asked->self))
    comfy_job_section_show_problem (get_section (asked->self), problem, FALSE);
}

/* It goes on as any job: in the queue, and even when the panel is closed. */
static gboolean
start (ComfyAccountJobs  *self,
       const char        *id,
       GError           **error)
{
  g_autoptr(ComfyJob) job = comfy_session_open_job (self->session, id, error);

  if (job == NULL)
    return FALSE;

  comfy_job_want_result (job);
  comfy_scheduler_add (comfy_session_get_scheduler (self->session), job);

  return TRUE;
}

static DexFuture *
opened_cb (DexFuture *future,
           gpointer   data)
{
  Asked             *asked = data;
  g_autoptr(GError)  error = NULL;
  const GValue      *value = dex_future_get_value (future, &error);
  gboolean           is_started;

  is_started = value != NULL && start (asked->self, g_value_get_string (value), &error);
  if (is_started)
    answer (asked, NULL, _("It was put into the queue."));
  else
    answer (asked, error->message, NULL);

  return NULL;
}

static DexFuture *
deleted_cb (DexFuture *future,
            gpointer   data)
{
  Asked             *asked = data;
  g_autoptr(GError)  error = NULL;
  gboolean           is_done = dex_future_get_value (future, &error) != NULL;

  answer (asked, is_done ? NULL : error->message, NULL);

  return NULL;
}

static void
action_cb (ComfyListedJob   *row,
           int               action,
           ComfyAccountJobs *self)
{
  ComfyServerJob *job = g_object_get_data (G_OBJECT (row), "job");
  ComfyOutcome    outcome = action == ACTION_IMAGES ? COMFY_OUTCOME_NEW_IMAGE
                                                    : COMFY_OUTCOME_LAYERS;
  DexFuture      *future;

  comfy_listed_job_set_busy (row, TRUE);
  if (action == ACTION_DELETE)
    future = dex_future_finally (comfy_server_jobs_delete_outputs (self->jobs, job), deleted_cb,
                                 asked_new (self, row), asked_free);
  else
    future = dex_future_finally (
      comfy_session_open_remote (self->session, comfy_server_jobs_get_profile (self->jobs),
                                 comfy_server_job_get_remote (job), outcome, self->image_id),
      opened_cb, asked_new (self, row), asked_free);
  dex_future_disown (future);
}

/* what is not told may be there */
static gboolean
has_results (const ComfyRemoteJob *remote)
{
  return remote->status == COMFY_REMOTE_SUCCEEDED
         && (remote->outputs->len > 0 || !remote->tells_outputs);
}

static void
add_actions (ComfyAccountJobs *self,
             ComfyListedJob   *row)
{
  comfy_listed_job_add_action (row, ACTION_LAYERS, _("Open as Layers"),
                               _("What it made becomes layers of the image; nothing is paid for "
                                 "again"));
  comfy_listed_job_add_action (row, ACTION_IMAGES, _("Open as Images"),
                               _("Each picture that it made becomes an image; nothing is paid for "
                                 "again"));
  if (comfy_server_jobs_can_delete (self->jobs))
    comfy_listed_job_add_question (row, ACTION_DELETE, _("Delete Outputs…"),
                                   _("What this job made is deleted on the server and cannot be "
                                     "fetched any more. What is on this computer stays."),
                                   _("Delete Outputs"));
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  ComfyAccountJobs     *self = user_data;
  const ComfyRemoteJob *remote = comfy_server_job_get_remote (item);
  const char           *id = comfy_server_job_get_journal_id (item);
  const ComfyPastJob   *own = id != NULL ? g_hash_table_lookup (self->past, id) : NULL;
  GtkMessageType        type;
  g_autofree char      *title = comfy_job_text_dup_remote_title (item, own);
  g_autofree char      *words = comfy_job_text_dup_remote (item, &type);
  GtkWidget            *row = comfy_listed_job_new (title, remote->created_at);

  g_object_set_data_full (G_OBJECT (row), "job", g_object_ref (item), g_object_unref);
  comfy_listed_job_set_line (COMFY_LISTED_JOB (row), own != NULL ? own->prompt : NULL);
  comfy_listed_job_set_words (COMFY_LISTED_JOB (row), words, type);
  if (has_results (remote))
    add_actions (self, COMFY_LISTED_JOB (row));
  g_signal_connect (row, "action", G_CALLBACK (action_cb), self);

  return row;
}

/* (transfer full) (nullable): whose jobs these are */
static char *
dup_account (ComfyAccountJobs *self)
{
  ComfyProfileStore *profiles = comfy_session_get_profiles (self->session);
  ComfyProfile      *profile = comfy_server_jobs_get_profile (self->jobs);
  ComfyEndpoint     *endpoint = NULL;

  if (profile != NULL)
    endpoint = comfy_profile_store_find_endpoint (profiles,
                                                  comfy_profile_get_endpoint_id (profile));
  if (endpoint == NULL)
    return NULL;

  /* translators: a key's name, and that of the environment that it is for */
  return g_strdup_printf (_("%s – %s"), comfy_profile_get_name (profile),
                          comfy_endpoint_get_label (endpoint));
}

static void
update (ComfyAccountJobs *self)
{
  const GError    *error = comfy_server_jobs_get_error (self->jobs);
  gboolean         is_loading = comfy_server_jobs_is_loading (self->jobs);
  gboolean         has_list = !g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NOT_SUPPORTED);
  gboolean         has_key = !g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NO_KEY);
  unsigned int     n = g_list_model_get_n_items (G_LIST_MODEL (self->jobs));
  g_autofree char *account = dup_account (self);

  if (is_loading)
    comfy_job_section_set_state (get_section (self), _("Asking the server…"), TRUE);
  else if (!has_list)
    comfy_job_section_set_state (get_section (self),
                                 _("This server does not list the jobs of an account."), FALSE);
  else if (!has_key)
    comfy_job_section_set_state (get_section (self),
                                 _("The jobs of an account are listed once there is a key for it."),
                                 FALSE);
  else
    comfy_job_section_set_state (get_section (self), account, FALSE);

  comfy_job_section_show_problem (get_section (self),
                                  error != NULL && has_list && has_key ? error->message : NULL,
                                  TRUE);
  comfy_job_section_show_rows (get_section (self),
                               n > 0 || (error == NULL && !is_loading && account != NULL));
  comfy_job_section_set_button (get_section (self), _("_Refresh"), has_list && has_key);
  comfy_job_section_set_more (get_section (self),
                              comfy_server_jobs_has_more (self->jobs) ? _("Load _More") : NULL);
}

/* where it was interrupted */
static void
retry_cb (ComfyAccountJobs *self)
{
  if (comfy_server_jobs_has_more (self->jobs))
    comfy_server_jobs_load_more (self->jobs);
  else
    comfy_server_jobs_refresh (self->jobs);
}

/* of another account, or not asked for yet; one that does not answer is not asked for ever */
static void
refresh_if_needed (ComfyAccountJobs *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && !comfy_server_jobs_is_current (self->jobs))
    comfy_server_jobs_look (self->jobs);
}

static void
comfy_account_jobs_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (comfy_account_jobs_parent_class)->map (widget);

  refresh_if_needed (COMFY_ACCOUNT_JOBS (widget));
}

static void
comfy_account_jobs_finalize (GObject *object)
{
  ComfyAccountJobs *self = COMFY_ACCOUNT_JOBS (object);

  g_clear_object (&self->jobs);
  g_clear_object (&self->session);
  g_hash_table_unref (self->past);

  G_OBJECT_CLASS (comfy_account_jobs_parent_class)->finalize (object);
}

static void
comfy_account_jobs_class_init (ComfyAccountJobsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_account_jobs_finalize;
  GTK_WIDGET_CLASS (klass)->map = comfy_account_jobs_map;
}

static GHashTable *
new_past (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                (GDestroyNotify) comfy_past_job_free);
}

static void
comfy_account_jobs_init (ComfyAccountJobs *self)
{
  self->image_id = -1;
  self->past = new_past ();
  self->section = comfy_job_section_new (_("On the Server"),
                                         _("The server has no jobs of this account."));
  gtk_box_pack_start (GTK_BOX (self), self->section, TRUE, TRUE, 0);
}

static void
bind (ComfyAccountJobs *self)
{
  gtk_list_box_bind_model (GTK_LIST_BOX (comfy_job_section_get_list (get_section (self))),
                           G_LIST_MODEL (self->jobs), create_row, self, NULL);
}

/**
 * comfy_account_jobs_new:
 * @session: the session
 *
 * Returns: (transfer floating): a list that asks for its jobs when it is seen
 */
GtkWidget *
comfy_account_jobs_new (ComfySession *session)
{
  ComfyAccountJobs *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_ACCOUNT_JOBS, NULL);
  self->session = g_object_ref (session);
  self->jobs = comfy_server_jobs_new (session);
  bind (self);
  g_signal_connect_object (self->jobs, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->jobs, "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->section, "button", G_CALLBACK (comfy_server_jobs_refresh),
                           self->jobs, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->section, "more", G_CALLBACK (comfy_server_jobs_load_more),
                           self->jobs, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->section, "retry", G_CALLBACK (retry_cb), self);
  g_signal_connect_object (comfy_session_get_profiles (session), "items-changed",
                           G_CALLBACK (refresh_if_needed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (comfy_session_get_settings (session), "changed",
                           G_CALLBACK (refresh_if_needed), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_account_jobs_set_image:
 * @image_id: the editor's id of the image that is worked on; -1: there is none
 */
void
comfy_account_jobs_set_image (ComfyAccountJobs *self,
                              int               image_id)
{
  g_return_if_fail (COMFY_IS_ACCOUNT_JOBS (self));

  self->image_id = image_id;
}

/* whether a row that is shown without its name could have one now */
static gboolean
learns_name (ComfyAccountJobs *self,
             GHashTable       *past)
{
  GListModel *jobs = G_LIST_MODEL (self->jobs);

  for (unsigned int i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr(ComfyServerJob)  job = g_list_model_get_item (jobs, i);
      const char                *id = comfy_server_job_get_journal_id (job);

      if (id != NULL && g_hash_table_contains (past, id) && !g_hash_table_contains (self->past, id))
        return TRUE;
    }

  return FALSE;
}

/**
 * comfy_account_jobs_set_past:
 * @jobs: (element-type ComfyPastJob): what is in the journal
 *
 * Lets jobs that were started here have their names.
 */
void
comfy_account_jobs_set_past (ComfyAccountJobs *self,
                             GPtrArray        *jobs)
{
  g_autoptr(GHashTable) past = NULL;
  gboolean              is_new;

  g_return_if_fail (COMFY_IS_ACCOUNT_JOBS (self));
  g_return_if_fail (jobs != NULL);

  past = new_past ();
  for (unsigned int i = 0; i < jobs->len; i++)
    {
      const ComfyPastJob *job = g_ptr_array_index (jobs, i);

      g_hash_table_insert (past, g_strdup (job->id), comfy_past_job_copy (job));
    }

  is_new = learns_name (self, past);
  g_hash_table_unref (self->past);
  self->past = g_steal_pointer (&past);
  if (is_new)
    bind (self);
}
