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

/* (nullable) */
static ComfySchedulerItem *
find_item (ComfyScheduler *self,
           ComfyJob       *job)
{
  unsigned int position;

  if (!g_ptr_array_find_with_equal_func (self->items, job, _comfy_scheduler_item_is_for, &position))
    return NULL;

  return g_ptr_array_index (self->items, position);
}

static gboolean
is_waiting (const ComfySchedulerItem *item)
{
  return item->done != NULL && !item->is_started;
}

/**
 * comfy_scheduler_is_waiting:
 * @job: a job
 *
 * Returns: whether @job is in the list and waits for its turn
 */
gboolean
comfy_scheduler_is_waiting (ComfyScheduler *self,
                            ComfyJob       *job)
{
  const ComfySchedulerItem *item;

  g_return_val_if_fail (COMFY_IS_SCHEDULER (self), FALSE);

  item = find_item (self, job);

  return item != NULL && is_waiting (item);
}

/* Returns: FALSE when it does not wait, or is the first that does */
static gboolean
find_move (ComfyScheduler *self,
           ComfyJob       *job,
           unsigned int   *out_from,
           unsigned int   *out_to)
{
  if (!comfy_scheduler_is_waiting (self, job))
    return FALSE;

  *out_to = 0;
  while (!is_waiting (g_ptr_array_index (self->items, *out_to)))
    (*out_to)++;
  g_ptr_array_find_with_equal_func (self->items, job, _comfy_scheduler_item_is_for, out_from);

  return *out_from != *out_to;
}

/**
 * comfy_scheduler_can_move_to_front:
 * @job: a job
 *
 * Returns: whether comfy_scheduler_move_to_front() would change anything
 */
gboolean
comfy_scheduler_can_move_to_front (ComfyScheduler *self,
                                   ComfyJob       *job)
{
  unsigned int from;
  unsigned int to;

  g_return_val_if_fail (COMFY_IS_SCHEDULER (self), FALSE);

  return find_move (self, job, &from, &to);
}

/**
 * comfy_scheduler_move_to_front:
 * @job: a job that waits for its turn; any other is left where it is
 *
 * Puts @job before the others that wait, in the list as well. What a server will not keep for ever
 * is still fetched first.
 */
void
comfy_scheduler_move_to_front (ComfyScheduler *self,
                               ComfyJob       *job)
{
  unsigned int from;
  unsigned int to;

  g_return_if_fail (COMFY_IS_SCHEDULER (self));

  if (!find_move (self, job, &from, &to))
    return;

  g_ptr_array_insert (self->items, (int) to, g_ptr_array_steal_index (self->items, from));
  /* all between have moved by one */
  g_list_model_items_changed (G_LIST_MODEL (self), to, from - to + 1, from - to + 1);
}

/**
 * comfy_scheduler_cancel_all:
 *
 * Cancels all jobs that run or wait for their turn, see comfy_job_cancel().
 */
void
comfy_scheduler_cancel_all (ComfyScheduler *self)
{
  g_autoptr(GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (COMFY_IS_SCHEDULER (self));

  /* the last first: what waits is not begun in the place of what is cancelled */
  for (unsigned int i = self->items->len; i-- > 0;)
    g_ptr_array_add (jobs, comfy_scheduler_get_item (G_LIST_MODEL (self), i));
  for (unsigned int i = 0; i < jobs->len; i++)
    if (comfy_scheduler_is_active (self, g_ptr_array_index (jobs, i)))
      comfy_job_cancel (g_ptr_array_index (jobs, i));
}
