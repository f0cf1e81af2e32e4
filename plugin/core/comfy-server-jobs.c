/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An account's jobs, a page at a time, and only when somebody asks. Main thread.
 */
#define G_LOG_DOMAIN "comfy-server-jobs"

#include "config.h"

#include "comfy-server-jobs-private.h"

enum
{
  PROP_0,
  PROP_LOADING,
  PROP_HAS_MORE,
  PROP_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return COMFY_TYPE_SERVER_JOB;
}

static unsigned int
get_n_items (GListModel *model)
{
  return COMFY_SERVER_JOBS (model)->items->len;
}

static gpointer
get_item (GListModel   *model,
          unsigned int  position)
{
  ComfyServerJobs *self = COMFY_SERVER_JOBS (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ComfyServerJobs, comfy_server_jobs, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
comfy_server_jobs_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  ComfyServerJobs *self = COMFY_SERVER_JOBS (object);

  switch (prop_id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, self->is_loading);
      break;
    case PROP_HAS_MORE:
      g_value_set_boolean (value, self->next != NULL);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
comfy_server_jobs_finalize (GObject *object)
{
  ComfyServerJobs *self = COMFY_SERVER_JOBS (object);

  dex_clear (&self->load);
  g_hash_table_unref (self->ids);
  g_ptr_array_unref (self->items);
  g_clear_error (&self->error);
  g_free (self->next);
  g_clear_object (&self->api);
  g_clear_object (&self->profile);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_server_jobs_parent_class)->finalize (object);
}

static void
comfy_server_jobs_class_init (ComfyServerJobsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = comfy_server_jobs_get_property;
  object_class->finalize = comfy_server_jobs_finalize;

  properties[PROP_LOADING] =
    g_param_spec_boolean ("loading", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_HAS_MORE] =
    g_param_spec_boolean ("has-more", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
comfy_server_jobs_init (ComfyServerJobs *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * comfy_server_jobs_new:
 * @session: the session
 *
 * Returns: (transfer full): an empty list; nothing is asked for yet
 */
ComfyServerJobs *
comfy_server_jobs_new (ComfySession *session)
{
  ComfyServerJobs *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_SERVER_JOBS, NULL);
  self->session = g_object_ref (session);

  return self;
}

/*
 * _comfy_server_jobs_take_error:
 * @error: (transfer full) (nullable): why the last question was not answered
 */
void
_comfy_server_jobs_take_error (ComfyServerJobs *self,
                               GError          *error)
{
  if (self->error == NULL && error == NULL)
    return;

  g_clear_error (&self->error);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

/*
 * _comfy_server_jobs_set_loading:
 * @is_loading: whether an answer is awaited
 */
void
_comfy_server_jobs_set_loading (ComfyServerJobs *self,
                                gboolean         is_loading)
{
  if (self->is_loading == is_loading)
    return;

  self->is_loading = is_loading;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/*
 * _comfy_server_jobs_set_next:
 * @next: (nullable): where the list goes on
 */
void
_comfy_server_jobs_set_next (ComfyServerJobs *self,
                             const char      *next)
{
  if (g_set_str (&self->next, next))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_MORE]);
}

/*
 * _comfy_server_jobs_clear:
 *
 * Takes everything out.
 */
void
_comfy_server_jobs_clear (ComfyServerJobs *self)
{
  unsigned int n = self->items->len;

  g_hash_table_remove_all (self->ids);
  g_ptr_array_set_size (self->items, 0);
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
}

static ComfyServerJob *
make_item (ComfyServerJobs *self,
           ComfyRemoteJob  *remote)
{
  g_autofree char *id = comfy_journal_dup_id_of (comfy_session_get_journal (self->session), remote);

  return comfy_server_job_new (remote, id);
}

/*
 * _comfy_server_jobs_append:
 * @jobs: (element-type ComfyRemoteJob): a page
 *
 * Jobs that were made since the page before push others onto this one: they are not added again.
 */
void
_comfy_server_jobs_append (ComfyServerJobs *self,
                           GPtrArray       *jobs)
{
  unsigned int old = self->items->len;

  for (unsigned int i = 0; i < jobs->len; i++)
    {
      ComfyRemoteJob *remote = g_ptr_array_index (jobs, i);

      if (g_hash_table_add (self->ids, g_strdup (remote->id)))
        g_ptr_array_add (self->items, make_item (self, remote));
    }

  if (self->items->len > old)
    g_list_model_items_changed (G_LIST_MODEL (self), old, 0, self->items->len - old);
}

/**
 * comfy_server_jobs_is_loading:
 *
 * Returns: whether an answer is awaited
 */
gboolean
comfy_server_jobs_is_loading (ComfyServerJobs *self)
{
  g_return_val_if_fail (COMFY_IS_SERVER_JOBS (self), FALSE);

  return self->is_loading;
}

/**
 * comfy_server_jobs_has_more:
 *
 * Returns: whether comfy_server_jobs_load_more() would bring any
 */
gboolean
comfy_server_jobs_has_more (ComfyServerJobs *self)
{
  g_return_val_if_fail (COMFY_IS_SERVER_JOBS (self), FALSE);

  return self->next != NULL;
}

/**
 * comfy_server_jobs_get_error:
 *
 * Returns: (transfer none) (nullable): why the last question was not answered
 */
const GError *
comfy_server_jobs_get_error (ComfyServerJobs *self)
{
  g_return_val_if_fail (COMFY_IS_SERVER_JOBS (self), NULL);

  return self->error;
}

/**
 * comfy_server_jobs_get_profile:
 *
 * Returns: (transfer none) (nullable): whose jobs these are
 */
ComfyProfile *
comfy_server_jobs_get_profile (ComfyServerJobs *self)
{
  g_return_val_if_fail (COMFY_IS_SERVER_JOBS (self), NULL);

  return self->profile;
}

/**
 * comfy_server_jobs_is_current:
 *
 * Returns: whether these are the jobs of the account that is chosen now; not before the first
 *   comfy_server_jobs_refresh()
 */
gboolean
comfy_server_jobs_is_current (ComfyServerJobs *self)
{
  g_return_val_if_fail (COMFY_IS_SERVER_JOBS (self), FALSE);

  return self->profile != NULL
         && self->profile == comfy_profile_store_get_active (
                               comfy_session_get_profiles (self->session));
}

/*
 * _comfy_server_jobs_replace:
 * @remote: what the server says of a job now; one that is not in the list is left out
 */
void
_comfy_server_jobs_replace (ComfyServerJobs *self,
                            ComfyRemoteJob  *remote)
{
  for (unsigned int i = 0; i < self->items->len; i++)
    {
      ComfyServerJob *old = g_ptr_array_index (self->items, i);

      if (!g_str_equal (comfy_server_job_get_remote (old)->id, remote->id))
        continue;

      self->items->pdata[i] = make_item (self, remote);
      g_object_unref (old);
      g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 1);
      return;
    }
}

/**
 * comfy_server_jobs_can_delete:
 *
 * Returns: whether the server deletes what jobs made, as far as is known; not before it was reached
 */
gboolean
comfy_server_jobs_can_delete (ComfyServerJobs *self)
{
  g_return_val_if_fail (COMFY_IS_SERVER_JOBS (self), FALSE);

  return self->api != NULL && (comfy_api_get_flags (self->api) & COMFY_API_DELETE) != 0;
}
