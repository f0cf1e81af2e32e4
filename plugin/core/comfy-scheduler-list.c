/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scheduler's jobs as a list, and what can be asked of one of them.
 */
#define G_LOG_DOMAIN "comfy-scheduler"

#include "config.h"

#include "comfy-scheduler-private.h"

static GType
comfy_scheduler_get_item_type (GListModel *model)
{
  return COMFY_TYPE_JOB;
}

static unsigned int
comfy_scheduler_get_n_items (GListModel *model)
{
  return COMFY_SCHEDULER (model)->items->len;
}

static gpointer
comfy_scheduler_get_item (GListModel   *model,
                          unsigned int  position)
{
  ComfyScheduler *self = COMFY_SCHEDULER (model);

  if (position >= self->items->len)
    return NULL;

  return g_object_ref (((ComfySchedulerItem *) g_ptr_array_index (self->items, position))->job);
}

/*
 * _comfy_scheduler_list_model_init:
 *
 * Fills in the interface of a #GListModel of #ComfyJob.
 */
void
_comfy_scheduler_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = comfy_scheduler_get_item_type;
  iface->get_n_items = comfy_scheduler_get_n_items;
  iface->get_item = comfy_scheduler_get_item;
}

static gboolean
is_active (const ComfySchedulerItem *item)
{
  return item->done != NULL || comfy_job_is_running (item->job);
}

/*
 * _comfy_scheduler_item_is_for:
 *
 * Returns: whether @item is that of @job
 */
gboolean
_comfy_scheduler_item_is_for (gconstpointer item,
                              gconstpointer job)
{
  return ((const ComfySchedulerItem *) item)->job == job;
}

/**
 * comfy_scheduler_remove:
 * @job: a job that neither runs nor waits; one that is not in the list is fine
 */
void
comfy_scheduler_remove (ComfyScheduler *self,
                        ComfyJob       *job)
{
  unsigned int position;

  g_return_if_fail (COMFY_IS_SCHEDULER (self));

  if (!g_ptr_array_find_with_equal_func (self->items, job, _comfy_scheduler_item_is_for, &position))
    return;

  g_return_if_fail (!is_active (g_ptr_array_index (self->items, position)));

  g_ptr_array_remove_index (self->items, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

/**
 * comfy_scheduler_is_active:
 * @job: a job
 *
 * Returns: whether @job is in the list and runs, waits for its turn, or has ended so recently that
 *   the scheduler has not noted it; one that is not active can be removed
 */
gboolean
comfy_scheduler_is_active (ComfyScheduler *self,
                           ComfyJob       *job)
{
  unsigned int position;

  g_return_val_if_fail (COMFY_IS_SCHEDULER (self), FALSE);

  return g_ptr_array_find_with_equal_func (self->items, job, _comfy_scheduler_item_is_for,
                                           &position)
         && is_active (g_ptr_array_index (self->items, position));
}

/**
 * comfy_scheduler_get_n_active:
 *
 * Returns: jobs that run or wait for their turn; while there are any, this process is of use
 */
unsigned int
comfy_scheduler_get_n_active (ComfyScheduler *self)
{
  unsigned int n = 0;

  g_return_val_if_fail (COMFY_IS_SCHEDULER (self), 0);

  for (unsigned int i = 0; i < self->items->len; i++)
    n += is_active (g_ptr_array_index (self->items, i)) ? 1 : 0;

  return n;
}
