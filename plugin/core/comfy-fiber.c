/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every fiber of core needs of libdex beyond its own words.
 */
#define G_LOG_DOMAIN "comfy-fiber"

#include "config.h"

#include "comfy-error.h"
#include "comfy-fiber-private.h"

/* A fiber, and the promise that stands before it */
typedef struct
{
  DexFiberFunc    func;
  gpointer        data;    /* owned */
  GDestroyNotify  destroy; /* nullable: of @data */
  DexPromise     *promise; /* owned */
  gulong          handler; /* of @promise's cancellable */
} Front;

static void
front_free (gpointer data)
{
  Front *front = data;

  g_cancellable_disconnect (dex_promise_get_cancellable (front->promise), front->handler);
  if (front->destroy != NULL)
    front->destroy (front->data);
  dex_clear (&front->promise);
  g_free (front);
}

static DexFuture *
front_fiber (gpointer data)
{
  Front                *front = data;
  g_autoptr(DexFuture)  result = NULL;
  const GValue         *value;
  GError               *error = NULL;

  /* dropped before it began: then it shall not begin */
  if (!_comfy_promise_is_wanted (front->promise))
    return dex_future_new_true ();

  result = front->func (front->data);
  dex_await (dex_ref (result), NULL);
  value = dex_future_get_value (result, &error);
  if (!_comfy_promise_is_wanted (front->promise))
    g_clear_error (&error);
  else if (value != NULL)
    dex_promise_resolve (front->promise, value);
  else
    dex_promise_reject (front->promise, error);

  return dex_future_new_true ();
}

static gboolean
discard_cb (gpointer data)
{
  DexFuture *fiber = data;

  /* a fiber is only discarded by a set that held it */
  if (dex_future_is_pending (fiber))
    dex_unref (dex_future_first (dex_ref (fiber), NULL));

  return G_SOURCE_REMOVE;
}

static void
dropped_cb (GCancellable *cancellable,
            DexFuture    *fiber)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, discard_cb, dex_ref (fiber), dex_unref);
}

/**
 * _comfy_spawn:
 * @func: the fiber
 * @data: (transfer full) (nullable): its argument
 * @destroy: (nullable): frees @data
 *
 * Runs a fiber on the main thread, as all of core's fibers are run that somebody may drop. libdex
 * lets a fiber run on when the last reference to its future goes; the future returned here cancels
 * it, and whatever it awaits.
 *
 * Not at once, though: libdex 0.10 loses count of its fibers, or its memory, when what a fiber
 * awaits is settled after the fiber was cancelled and before it has run. On idle nothing is about to
 * be settled; and the fibers' source, the first one of the main loop, then comes before all others.
 *
 * Returns: (transfer full): the fiber's result
 */
DexFuture *
_comfy_spawn (DexFiberFunc   func,
              gpointer       data,
              GDestroyNotify destroy)
{
  Front                *front = g_new0 (Front, 1);
  DexPromise           *promise = dex_promise_new_cancellable ();
  g_autoptr(DexFuture)  fiber = NULL;

  front->func = func;
  front->data = data;
  front->destroy = destroy;
  front->promise = dex_ref (promise);
  fiber = dex_scheduler_spawn (NULL, 0, front_fiber, front, front_free);
  front->handler = g_cancellable_connect (dex_promise_get_cancellable (promise),
                                          G_CALLBACK (dropped_cb), dex_ref (fiber), dex_unref);

  return dex_future_first (DEX_FUTURE (promise), NULL);
}

/**
 * _comfy_sleep:
 * @duration_us: in µs, at least 0
 *
 * In a fiber: lets time pass.
 *
 * Errors: %COMFY_ERROR_CANCELLED when the fiber is cancelled meanwhile
 *
 * Returns: %TRUE when the time has passed
 */
gboolean
_comfy_sleep (gint64   duration_us,
              GError **error)
{
  g_autoptr(GError) foreign = NULL;

  /* not awaited bare: libdex 0.10 complains of a timeout whose only waiter is cancelled */
  dex_await (dex_future_first (dex_timeout_new_usec (duration_us), NULL), &foreign);
  if (g_error_matches (foreign, DEX_ERROR, DEX_ERROR_TIMED_OUT))
    return TRUE;

  g_propagate_error (error, comfy_error_fold (foreign, NULL));

  return FALSE;
}

/**
 * _comfy_promise_is_wanted:
 * @promise: one made with dex_promise_new_cancellable()
 *
 * To be asked before a promise is settled that a fiber may await: see _comfy_spawn(). What was
 * dropped is left as it is.
 *
 * Returns: %FALSE once the promise was dropped
 */
gboolean
_comfy_promise_is_wanted (DexPromise *promise)
{
  return !g_cancellable_is_cancelled (dex_promise_get_cancellable (promise));
}

typedef struct
{
  ComfyThreadFunc  func;
  gpointer         data; /* owned */
  GDestroyNotify   destroy;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  if (work->destroy != NULL)
    work->destroy (work->data);
  g_free (work);
}

static void
work_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Work   *work = data;
  GError *error = NULL;

  if (work->func (work->data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
work_done_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(DexPromise)  promise = data;
  GError                *error = NULL;
  gboolean               succeeded = g_task_propagate_boolean (G_TASK (result), &error);

  if (_comfy_promise_is_wanted (promise) && succeeded)
    dex_promise_resolve_boolean (promise, TRUE);
  else if (_comfy_promise_is_wanted (promise))
    dex_promise_reject (promise, error);
  else
    g_clear_error (&error);
}

/**
 * _comfy_run_in_thread:
 * @func: what may take long; runs to its end even when nobody waits any more
 * @data: (transfer full) (nullable): its argument; what a fiber frees that may be dropped meanwhile
 *   must not be in it
 * @destroy: (nullable): frees @data, on any thread
 *
 * Errors: those of @func
 *
 * Returns: (transfer full): a future of %TRUE
 */
DexFuture *
_comfy_run_in_thread (ComfyThreadFunc func,
                      gpointer        data,
                      GDestroyNotify  destroy)
{
  DexPromise       *promise = dex_promise_new_cancellable ();
  g_autoptr(GTask)  task = g_task_new (NULL, NULL, work_done_cb, dex_ref (promise));
  Work             *work = g_new0 (Work, 1);

  work->func = func;
  work->data = data;
  work->destroy = destroy;
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, work_in_thread);

  return DEX_FUTURE (promise);
}
