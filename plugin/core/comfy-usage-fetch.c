/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-usage"

#include "config.h"

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-usage-fetch.h"

/* the arguments of fetch_fiber() */
typedef struct
{
  ComfyConnector *connector; /* owned */
  ComfyProfile   *profile;   /* owned */
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;

  g_object_unref (fetch->connector);
  g_object_unref (fetch->profile);
  g_free (fetch);
}

static DexFuture *
fetch_fiber (gpointer data)
{
  Fetch                *fetch = data;
  g_autoptr(GError)     error = NULL;
  g_autoptr(ComfyApi)   api = dex_await_object (comfy_connector_open (fetch->connector,
                                                                      fetch->profile), &error);
  g_autoptr(GPtrArray)  all = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_usage_free);

  /* one after the other: a server that does not tell is asked only once */
  for (unsigned int i = 0; api != NULL && i < COMFY_N_USAGE_PERIODS; i++)
    {
      ComfyUsage *usage = dex_await_boxed (comfy_api_get_usage (api, (ComfyUsagePeriod) i), &error);

      if (usage == NULL)
        break;
      g_ptr_array_add (all, usage);
    }
  if (error != NULL)
    return dex_future_new_for_error (comfy_error_fold (error, NULL));

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&all));
}

/**
 * comfy_usage_fetch:
 * @connector: opens the profile's server
 * @profile: whose account is meant
 *
 * Asks what the account used in the last day, week and month.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #GPtrArray of #ComfyUsage, one
 *   for each period; dropping it stops it
 *
 * Errors: as comfy_connector_open(); %COMFY_ERROR_NOT_SUPPORTED when the server does not tell
 */
DexFuture *
comfy_usage_fetch (ComfyConnector *connector,
                   ComfyProfile   *profile)
{
  Fetch *fetch;

  g_return_val_if_fail (COMFY_IS_CONNECTOR (connector), NULL);
  g_return_val_if_fail (COMFY_IS_PROFILE (profile), NULL);

  fetch = g_new0 (Fetch, 1);
  fetch->connector = g_object_ref (connector);
  fetch->profile = g_object_ref (profile);

  return _comfy_spawn (fetch_fiber, fetch, fetch_free);
}
