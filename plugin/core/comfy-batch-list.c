/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-batch"

#include "config.h"

#include "comfy-batch-list.h"
#include "comfy-batch-summary-private.h"

struct _ComfyBatchList
{
  GObject         parent_instance;

  ComfyScheduler *scheduler; /* owned */
  GPtrArray      *summaries; /* owned, of ComfyBatchSummary */
};

static void comfy_batch_list_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ComfyBatchList, comfy_batch_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      comfy_batch_list_list_model_init))

static GType
comfy_batch_list_get_item_type (GListModel *model)
{
  return COMFY_TYPE_BATCH_SUMMARY;
}

static unsigned int
comfy_batch_list_get_n_items (GListModel *model)
{
  return COMFY_BATCH_LIST (model)->summaries->len;
}

static gpointer
comfy_batch_list_get_item (GListModel   *model,
                           unsigned int  position)
{
  GPtrArray *summaries = COMFY_BATCH_LIST (model)->summaries;

  return position < summaries->len ? g_object_ref (g_ptr_array_index (summaries, position)) : NULL;
}

static void
comfy_batch_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = comfy_batch_list_get_item_type;
  iface->get_n_items = comfy_batch_list_get_n_items;
  iface->get_item = comfy_batch_list_get_item;
}

static void
comfy_batch_list_finalize (GObject *object)
{
  ComfyBatchList *self = COMFY_BATCH_LIST (object);

  g_ptr_array_unref (self->summaries);
  g_object_unref (self->scheduler);

  G_OBJECT_CLASS (comfy_batch_list_parent_class)->finalize (object);
}

static void
comfy_batch_list_class_init (ComfyBatchListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_batch_list_finalize;
}

static void
comfy_batch_list_init (ComfyBatchList *self)
{
  self->summaries = g_ptr_array_new_with_free_func (g_object_unref);
}

static const char *
get_batch_id (ComfyJob *job)
{
  return comfy_request_get_batch_id (comfy_job_get_request (job), NULL, NULL);
}

/* (transfer none): that of a job's batch, from its first job on */
static ComfyBatchSummary *
find_summary (ComfyBatchList *self,
              ComfyJob       *job)
{
  ComfyBatchSummary *summary;

  for (unsigned int i = 0; i < self->summaries->len; i++)
    {
      summary = g_ptr_array_index (self->summaries, i);
      if (g_str_equal (comfy_batch_summary_get_id (summary), get_batch_id (job)))
        return summary;
    }

  summary = _comfy_batch_summary_new (comfy_job_get_request (job));
  g_ptr_array_add (self->summaries, summary);

  return summary;
}

/* looks at every job: the numbers are small, and only what is true now is counted */
static void
update (ComfyBatchList *self)
{
  GListModel   *jobs = G_LIST_MODEL (self->scheduler);
  unsigned int  n_before = self->summaries->len;

  for (unsigned int i = 0; i < n_before; i++)
    _comfy_batch_summary_begin (g_ptr_array_index (self->summaries, i));
  for (unsigned int i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr(ComfyJob) job = g_list_model_get_item (jobs, i);

      if (get_batch_id (job) != NULL)
        _comfy_batch_summary_note (find_summary (self, job), job,
                                   comfy_scheduler_is_active (self->scheduler, job));
    }
  for (unsigned int i = 0; i < self->summaries->len; i++)
    _comfy_batch_summary_end (g_ptr_array_index (self->summaries, i));

  if (self->summaries->len > n_before)
    g_list_model_items_changed (G_LIST_MODEL (self), n_before, 0,
                                self->summaries->len - n_before);
}

/**
 * comfy_batch_list_new:
 * @scheduler: whose jobs are counted
 *
 * Returns: (transfer full): the list
 */
ComfyBatchList *
comfy_batch_list_new (ComfyScheduler *scheduler)
{
  ComfyBatchList *self;

  g_return_val_if_fail (COMFY_IS_SCHEDULER (scheduler), NULL);

  self = g_object_new (COMFY_TYPE_BATCH_LIST, NULL);
  self->scheduler = g_object_ref (scheduler);
  g_signal_connect_object (scheduler, "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  /* emitted whenever a job's state is another one, too */
  g_signal_connect_object (scheduler, "notify::n-active", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);

  return self;
}

/**
 * comfy_batch_list_dup_jobs:
 * @summary: one of the list
 *
 * Returns: (transfer full) (element-type ComfyJob): the jobs of the batch that the scheduler still
 *   has, in its order
 */
GPtrArray *
comfy_batch_list_dup_jobs (ComfyBatchList    *self,
                           ComfyBatchSummary *summary)
{
  GPtrArray  *found = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *jobs;

  g_return_val_if_fail (COMFY_IS_BATCH_LIST (self), found);

  jobs = G_LIST_MODEL (self->scheduler);
  for (unsigned int i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr(ComfyJob) job = g_list_model_get_item (jobs, i);

      if (g_strcmp0 (get_batch_id (job), comfy_batch_summary_get_id (summary)) == 0)
        g_ptr_array_add (found, g_steal_pointer (&job));
    }

  return found;
}

/**
 * comfy_batch_list_cancel:
 * @summary: one of the list
 *
 * Cancels every job of the batch that can be cancelled. Those that have not begun come first, lest
 * one begins in the place of another.
 */
void
comfy_batch_list_cancel (ComfyBatchList    *self,
                         ComfyBatchSummary *summary)
{
  g_autoptr(GPtrArray) jobs = comfy_batch_list_dup_jobs (self, summary);

  for (int begun = 0; begun < 2; begun++)
    for (unsigned int i = 0; i < jobs->len; i++)
      {
        ComfyJob *job = g_ptr_array_index (jobs, i);

        if (comfy_job_is_running (job) == (begun == 1) && comfy_job_is_cancellable (job)
            && comfy_scheduler_is_active (self->scheduler, job))
          comfy_job_cancel (job);
      }
}
