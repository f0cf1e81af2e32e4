/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every fiber of core needs of libdex beyond its own words.
 */
#define G_LOG_DOMAIN "comfy-fiber"

#include "config.h"

#include "comfy-error.h"
#include "comfy-fiber-private.h"

/**
 * _comfy_spawn:
 * @func: the fiber
 * @data: (transfer full) (nullable): its argument
 * @destroy: (nullable): frees @data
 *
 * Runs a fiber on the main thread. libdex lets a fiber run on when the last reference to its future
 * goes; the future returned here cancels it, and whatever it awaits.
 *
 * Returns: (transfer full): the fiber's result
 */
DexFuture *
_comfy_spawn (DexFiberFunc   func,
              gpointer       data,
              GDestroyNotify destroy)
{
  return dex_future_first (dex_scheduler_spawn (NULL, 0, func, data, destroy), NULL);
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
