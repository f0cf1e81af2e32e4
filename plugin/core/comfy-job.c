/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The model of one job: what views see. What can be done with it is in comfy-job-control; how it
 * gets on in comfy-job-flow and its parts -submit, -watch and -wait. Main thread.
 */
#define G_LOG_DOMAIN "comfy-job"

#include "config.h"

#include "comfy-job-private.h"

enum
{
  PROP_0,
  PROP_STATE,
  PROP_ERROR,
  PROP_RUNNING,
  PROP_CANCELLABLE,
  PROP_PREVIEW,
  PROP_COST,
  N_PROPS
};

static const ComfyPace ordinary_pace = {
  .search_gap_ms = 10 * 1000,
  .poll_first_ms = 500,
  .poll_last_ms = 5 * 1000,
  .silence_ms = 15 * 1000,
  .retry_first_ms = 1000,
  .retry_last_ms = 30 * 1000,
  .tick_ms = 1000,
  .account_ms = 2 * 1000,
  .tidy_ms = 10 * 1000,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ComfyJob, comfy_job, G_TYPE_OBJECT)

static void
comfy_job_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  ComfyJob *self = COMFY_JOB (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_int (value, comfy_job_get_state (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, comfy_job_is_running (self));
      break;
    case PROP_CANCELLABLE:
      g_value_set_boolean (value, comfy_job_is_cancellable (self));
      break;
    case PROP_PREVIEW:
      g_value_set_boxed (value, self->preview);
      break;

    case PROP_COST:
      g_value_set_pointer (value, (gpointer) comfy_job_get_cost (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
comfy_job_finalize (GObject *object)
{
  ComfyJob *self = COMFY_JOB (object);

  g_clear_object (&self->entry);
  g_clear_object (&self->store);
  g_clear_object (&self->connector);
  g_clear_object (&self->api);
  g_clear_object (&self->host);
  g_clear_object (&self->settings);
  g_clear_object (&self->uploads);
  g_clear_object (&self->nodes);
  g_clear_object (&self->spending);
  dex_clear (&self->account);
  g_clear_object (&self->progress);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_clear_pointer (&self->placed, g_variant_unref);
  g_clear_pointer (&self->preview, g_bytes_unref);
  g_free (self->preview_type);
  dex_clear (&self->done);

  G_OBJECT_CLASS (comfy_job_parent_class)->finalize (object);
}

static void
comfy_job_class_init (ComfyJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = comfy_job_get_property;
  object_class->finalize = comfy_job_finalize;

  properties[PROP_STATE] =
    g_param_spec_int ("state", NULL, NULL, 0, COMFY_N_STATES - 1, COMFY_STATE_NEW,
                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_RUNNING] =
    g_param_spec_boolean ("running", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CANCELLABLE] =
    g_param_spec_boolean ("cancellable", NULL, NULL, TRUE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PREVIEW] =
    g_param_spec_boxed ("preview", NULL, NULL, G_TYPE_BYTES,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_COST] =
    g_param_spec_pointer ("cost", NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
comfy_job_init (ComfyJob *self)
{
  self->progress = comfy_progress_new ();
  self->cancellable = g_cancellable_new ();
  self->pace = ordinary_pace;
}

static ComfyJob *
job_new (ComfyJournalEntry *entry,
         ComfyHost         *host)
{
  ComfyJob     *self = g_object_new (COMFY_TYPE_JOB, NULL);
  const GError *error = comfy_journal_entry_get_error (entry);

  self->entry = g_object_ref (entry);
  self->host = g_object_ref (host);
  if (error != NULL)
    self->error = g_error_copy (error);
  if (comfy_journal_entry_get_state (entry) == COMFY_STATE_CANCELLING)
    g_cancellable_cancel (self->cancellable);
  self->was_cancellable = comfy_job_is_cancellable (self);
  /* of what is shipped it is known that it is good */
  self->asks_first = comfy_request_get_outputs (comfy_job_get_request (self)) != NULL;

  return self;
}

/**
 * comfy_job_new:
 * @entry: where it stands; the job keeps the entry's lock while it lives
 * @store: knows the profile it is sent with
 * @connector: opens the profile's API
 * @settings: say whether a result is placed at once and uploads are deleted, and remember what
 *   servers have
 * @host: where the result is placed
 *
 * Returns: (transfer full): a job that does not run yet
 */
ComfyJob *
comfy_job_new (ComfyJournalEntry *entry,
               ComfyProfileStore *store,
               ComfyConnector    *connector,
               ComfySettings     *settings,
               ComfyHost         *host)
{
  ComfyJob *self;

  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (entry), NULL);
  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (store), NULL);
  g_return_val_if_fail (COMFY_IS_CONNECTOR (connector), NULL);
  g_return_val_if_fail (COMFY_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (COMFY_IS_HOST (host), NULL);

  self = job_new (entry, host);
  self->store = g_object_ref (store);
  self->connector = g_object_ref (connector);
  self->settings = g_object_ref (settings);

  return self;
}

/*
 * _comfy_job_new_for_api:
 * @api: what it talks to, whatever the request's profile says
 *
 * For tests and tools that have no keyring.
 *
 * Returns: (transfer full): a job that does not run yet
 */
ComfyJob *
_comfy_job_new_for_api (ComfyJournalEntry *entry,
                        ComfyApi          *api,
                        ComfyHost         *host)
{
  ComfyJob *self = job_new (entry, host);

  self->api = g_object_ref (api);

  return self;
}

/**
 * comfy_job_set_upload_cache:
 * @uploads: (nullable): knows what lies on the server already; %NULL: everything is uploaded
 *
 * Set it before the job runs.
 */
void
comfy_job_set_upload_cache (ComfyJob         *self,
                            ComfyUploadCache *uploads)
{
  g_return_if_fail (COMFY_IS_JOB (self));

  g_set_object (&self->uploads, uploads);
}

/**
 * comfy_job_set_node_table:
 * @nodes: (nullable): knows which nodes are partners', so that the artist is asked before they run
 *
 * Set it before the job runs.
 */
void
comfy_job_set_node_table (ComfyJob       *self,
                          ComfyNodeTable *nodes)
{
  g_return_if_fail (COMFY_IS_JOB (self));

  g_set_object (&self->nodes, nodes);
}

/**
 * comfy_job_get_entry:
 *
 * Returns: (transfer none): where it stands on disk
 */
ComfyJournalEntry *
comfy_job_get_entry (ComfyJob *self)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), NULL);

  return self->entry;
}

/**
 * comfy_job_get_request:
 *
 * Returns: (transfer none): what was asked
 */
ComfyRequest *
comfy_job_get_request (ComfyJob *self)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), NULL);

  return comfy_journal_entry_get_request (self->entry);
}

/**
 * comfy_job_get_progress:
 *
 * Returns: (transfer none): how far it got, with words
 */
ComfyProgress *
comfy_job_get_progress (ComfyJob *self)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), NULL);

  return self->progress;
}

/**
 * comfy_job_get_state:
 *
 * Returns: how far it got
 */
ComfyState
comfy_job_get_state (ComfyJob *self)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), COMFY_STATE_UNKNOWN);

  return comfy_journal_entry_get_state (self->entry);
}

/**
 * comfy_job_get_error:
 *
 * Returns: (transfer none) (nullable): why it ended, or why it stopped; %NULL while it runs
 */
const GError *
comfy_job_get_error (ComfyJob *self)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), NULL);

  return self->error;
}

/**
 * comfy_job_get_placed:
 *
 * Returns: (transfer none) (nullable): "(iai)": ids of the image and of the new layers, once this
 *   process has placed it
 */
GVariant *
comfy_job_get_placed (ComfyJob *self)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), NULL);

  return self->placed;
}

/**
 * comfy_job_get_preview:
 * @out_content_type: (out) (optional) (nullable) (transfer none): what the server says it is, such
 *   as "image/jpeg"
 *
 * Returns: (transfer none) (nullable): the last picture of what is in the making, as a file that
 *   came from outside; comfy_codec_decode_bytes() reads it. %NULL when there is none, and once the
 *   job does not run any more
 */
GBytes *
comfy_job_get_preview (ComfyJob    *self,
                       const char **out_content_type)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), NULL);

  if (out_content_type != NULL)
    *out_content_type = self->preview_type;

  return self->preview;
}

/*
 * _comfy_job_set_preview:
 * @preview: (nullable): a picture's file
 * @content_type: (nullable): what the server says it is
 */
void
_comfy_job_set_preview (ComfyJob   *self,
                        GBytes     *preview,
                        const char *content_type)
{
  if (preview == self->preview)
    return;

  g_clear_pointer (&self->preview, g_bytes_unref);
  self->preview = preview != NULL ? g_bytes_ref (preview) : NULL;
  g_set_str (&self->preview_type, content_type);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PREVIEW]);
}

/**
 * comfy_job_get_started:
 *
 * Returns: when it first ran in this process, in µs of g_get_monotonic_time(); 0 before
 */
gint64
comfy_job_get_started (ComfyJob *self)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), 0);

  return self->started;
}

/**
 * comfy_job_get_expires_at:
 *
 * Returns: until when the server keeps what the job made, in Unix seconds; 0 when it did not tell,
 *   when nothing was made yet, and once it is here
 */
gint64
comfy_job_get_expires_at (ComfyJob *self)
{
  ComfyState state;

  g_return_val_if_fail (COMFY_IS_JOB (self), 0);

  state = comfy_job_get_state (self);

  return state == COMFY_STATE_WAITING || state == COMFY_STATE_RUNNING
         || state == COMFY_STATE_DOWNLOADING ? comfy_journal_entry_get_expires_at (self->entry) : 0;
}

/**
 * comfy_job_is_running:
 *
 * Returns: whether it is at work in this process
 */
gboolean
comfy_job_is_running (ComfyJob *self)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), FALSE);

  return self->done != NULL;
}

/**
 * comfy_job_is_cancellable:
 *
 * Returns: whether comfy_job_cancel() would do anything: not once it was called, nor once there is
 *   a result
 */
gboolean
comfy_job_is_cancellable (ComfyJob *self)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), FALSE);

  return comfy_job_get_state (self) < COMFY_STATE_DOWNLOADING
         && !g_cancellable_is_cancelled (self->cancellable);
}

/*
 * _comfy_job_set_pace:
 * @pace: how long to wait for what, for tests
 */
void
_comfy_job_set_pace (ComfyJob        *self,
                     const ComfyPace *pace)
{
  self->pace = *pace;
}

/*
 * _comfy_job_set_settings:
 * @settings: what a job from comfy_job_new() would have, for tests
 */
void
_comfy_job_set_settings (ComfyJob      *self,
                         ComfySettings *settings)
{
  g_set_object (&self->settings, settings);
}
