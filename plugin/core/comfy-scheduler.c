/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Starts jobs in the order they came, as many at once as the settings say; but what a server will
 * not keep for ever is fetched first. When the settings say nothing, the server's answers teach: a
 * plan that is full shows how many fit. Main thread.
 */
#define G_LOG_DOMAIN "comfy-scheduler"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-scheduler-private.h"

#define RETRY_MS (15 * 1000) /* after "full" while none of ours runs: others use the plan too */
#define MOST     20          /* at once, while nothing else is known: each asks the server now and
                              * then, which takes 600 questions a minute */

enum
{
  PROP_0,
  PROP_N_ACTIVE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void start_what_fits (ComfyScheduler *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (ComfyScheduler, comfy_scheduler, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      _comfy_scheduler_list_model_init))

static void
item_free (ComfySchedulerItem *item)
{
  g_signal_handlers_disconnect_by_data (item->job, item);
  g_object_unref (item->job);
  dex_clear (&item->done);
  g_free (item);
}

static void
comfy_scheduler_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_N_ACTIVE:
      g_value_set_uint (value, comfy_scheduler_get_n_active (COMFY_SCHEDULER (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
comfy_scheduler_finalize (GObject *object)
{
  ComfyScheduler *self = COMFY_SCHEDULER (object);

  g_clear_handle_id (&self->retry, g_source_remove);
  g_ptr_array_unref (self->items);
  g_object_unref (self->settings);

  G_OBJECT_CLASS (comfy_scheduler_parent_class)->finalize (object);
}

static void
comfy_scheduler_class_init (ComfySchedulerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = comfy_scheduler_get_property;
  object_class->finalize = comfy_scheduler_finalize;

  properties[PROP_N_ACTIVE] =
    g_param_spec_uint ("n-active", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
comfy_scheduler_init (ComfyScheduler *self)
{
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  self->retry_ms = RETRY_MS;
}

/**
 * comfy_scheduler_new:
 * @settings: say how many jobs may run at once
 *
 * Returns: (transfer full): a scheduler without jobs
 */
ComfyScheduler *
comfy_scheduler_new (ComfySettings *settings)
{
  ComfyScheduler *self;

  g_return_val_if_fail (COMFY_IS_SETTINGS (settings), NULL);

  self = g_object_new (COMFY_TYPE_SCHEDULER, NULL);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed", G_CALLBACK (start_what_fits), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/*
 * _comfy_scheduler_set_retry:
 * @ms: how long to wait after "full" while none of ours runs, for tests
 */
void
_comfy_scheduler_set_retry (ComfyScheduler *self,
                            unsigned int    ms)
{
  self->retry_ms = ms;
}

static unsigned int
count_started (ComfyScheduler *self)
{
  unsigned int n = 0;

  for (unsigned int i = 0; i < self->items->len; i++)
    n += ((ComfySchedulerItem *) g_ptr_array_index (self->items, i))->is_started ? 1 : 0;

  return n;
}

static unsigned int
get_limit (ComfyScheduler *self)
{
  unsigned int set = (unsigned int) comfy_settings_get_max_jobs (self->settings);
  unsigned int limit = set != 0 ? set : self->learned;

  return limit != 0 ? limit : MOST;
}

static void
notify_active (ComfyScheduler *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ACTIVE]);
}

static void
settle (ComfySchedulerItem *item,
        const GError       *error)
{
  g_autoptr(DexPromise) done = g_steal_pointer (&item->done);

  item->is_started = FALSE;
  if (error != NULL)
    dex_promise_reject (done, g_error_copy (error));
  else
    dex_promise_resolve_boolean (done, TRUE);
}

static gboolean
retry_cb (gpointer data)
{
  ComfyScheduler *self = data;

  self->retry = 0;
  self->is_full = FALSE;
  start_what_fits (self);

  return G_SOURCE_REMOVE;
}

/* What fits is known from what runs; when nothing of ours does, others use the plan, and only time
 * tells. */
static void
learn_that_it_is_full (ComfyScheduler *self)
{
  unsigned int n_started = count_started (self);

  self->is_full = TRUE;
  if (n_started > 0)
    self->learned = n_started;
  else if (self->retry == 0)
    self->retry = g_timeout_add (self->retry_ms, retry_cb, self);
}

static DexFuture *
run_ended (DexFuture *future,
           gpointer   data)
{
  ComfySchedulerItem *item = data;
  ComfyScheduler     *self = item->scheduler;
  g_autoptr(GError)   error = NULL;

  dex_future_get_value (future, &error);
  item->is_started = FALSE;

  if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_QUEUE_FULL))
    {
      learn_that_it_is_full (self);
    }
  else
    {
      settle (item, error);
      self->is_full = FALSE;
      g_clear_handle_id (&self->retry, g_source_remove);
    }

  if (comfy_scheduler_get_n_active (self) == 0)
    self->learned = 0;
  start_what_fits (self);
  notify_active (self);

  return NULL;
}

static void
let_scheduler_go (gpointer data)
{
  g_object_unref (((ComfySchedulerItem *) data)->scheduler);
}

/* While it runs, the scheduler lives, and the item with it. */
static void
start (ComfySchedulerItem *item)
{
  g_object_ref (item->scheduler);
  item->is_started = TRUE;
  dex_future_disown (dex_future_finally (comfy_job_run (item->job), run_ended, item,
                                         let_scheduler_go));
}

/* What is paid for and expires first; else as they came, since the sort is stable */
static int
compare_urgency (gconstpointer a,
                 gconstpointer b)
{
  const ComfySchedulerItem *one = *(ComfySchedulerItem * const *) a;
  const ComfySchedulerItem *other = *(ComfySchedulerItem * const *) b;
  /* what is not told, 0, becomes the last */
  guint64                   end_of_one = (guint64) comfy_job_get_expires_at (one->job) - 1;
  guint64                   end_of_other = (guint64) comfy_job_get_expires_at (other->job) - 1;

  return (end_of_one > end_of_other) - (end_of_one < end_of_other);
}

static void
start_what_fits (ComfyScheduler *self)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new ();
  unsigned int         limit = get_limit (self);
  unsigned int         n_started = count_started (self);

  g_ptr_array_extend (items, self->items, NULL, NULL);
  g_ptr_array_sort (items, compare_urgency);
  for (unsigned int i = 0; i < items->len; i++)
    {
      ComfySchedulerItem *item = g_ptr_array_index (items, i);

      if (item->done == NULL || item->is_started)
        continue;

      if (!self->is_full && n_started < limit)
        {
          n_started++;
          start (item);
        }
      else
        comfy_progress_set_text (comfy_job_get_progress (item->job),
                                 self->is_full ? _("Waiting: all jobs of the plan are taken")
                                               : _("Waiting for another job to end"));
    }
}

/* A job that is cancelled while it waits ends without ever being started. */
static void
job_changed (ComfyJob           *job,
             GParamSpec         *pspec,
             ComfySchedulerItem *item)
{
  if (item->done != NULL && !item->is_started && comfy_state_is_final (comfy_job_get_state (job)))
    settle (item, comfy_job_get_error (job));
  notify_active (item->scheduler);
}

/**
 * comfy_scheduler_run:
 * @job: a job in any state; it is put at the end of the list when it is not in it
 *
 * Runs the job when there is room, and again by itself when the server says that the plan is full.
 * A job that stopped goes on where it was.
 *
 * Returns: (transfer full): a future of %TRUE when comfy_job_run() resolves; rejects as it
 *   does, but never with %COMFY_ERROR_QUEUE_FULL. Dropping it stops nothing
 */
DexFuture *
comfy_scheduler_run (ComfyScheduler *self,
                     ComfyJob       *job)
{
  ComfySchedulerItem *item;
  DexFuture          *done;
  unsigned int        position;

  g_return_val_if_fail (COMFY_IS_SCHEDULER (self), NULL);
  g_return_val_if_fail (COMFY_IS_JOB (job), NULL);

  if (g_ptr_array_find_with_equal_func (self->items, job, _comfy_scheduler_item_is_for, &position))
    {
      item = g_ptr_array_index (self->items, position);
    }
  else
    {
      item = g_new0 (ComfySchedulerItem, 1);
      item->scheduler = self;
      item->job = g_object_ref (job);
      g_signal_connect (job, "notify::running", G_CALLBACK (job_changed), item);
      g_signal_connect (job, "notify::state", G_CALLBACK (job_changed), item);
      g_ptr_array_add (self->items, item);
      g_list_model_items_changed (G_LIST_MODEL (self), self->items->len - 1, 0, 1);
    }

  if (item->done == NULL)
    item->done = dex_promise_new ();
  done = dex_ref (DEX_FUTURE (item->done));
  start_what_fits (self);
  notify_active (self);

  return done;
}

/**
 * comfy_scheduler_add:
 * @job: as for comfy_scheduler_run()
 *
 * The same, for who listens to the job's properties instead.
 */
void
comfy_scheduler_add (ComfyScheduler *self,
                     ComfyJob       *job)
{
  dex_future_disown (comfy_scheduler_run (self, job));
}
