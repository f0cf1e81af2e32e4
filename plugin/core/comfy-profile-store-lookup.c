/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What reads keys: one for a job, or the end of each for the list.
 */
#define G_LOG_DOMAIN "comfy-profile-store"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-profile-private.h"
#include "comfy-profile-store-private.h"

/* The arguments of one call, as its fiber sees them */
typedef struct
{
  ComfyProfileStore *store;
  ComfyProfile      *profile;    /* nullable: all */
  gboolean           may_prompt;
} Call;

static Call *
call_new (ComfyProfileStore *store,
          ComfyProfile      *profile,
          gboolean           may_prompt)
{
  Call *call = g_new0 (Call, 1);

  call->store = g_object_ref (store);
  g_set_object (&call->profile, profile);
  call->may_prompt = may_prompt;

  return call;
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->store);
  g_clear_object (&call->profile);
  g_free (call);
}

/* The key of the profile that was made from the environment; the error that it carries, if any */
static DexFuture *
lookup_given (ComfyProfileStore *self)
{
  const ComfyEnvironment *environment = self->environment;

  if (environment->error != NULL)
    return dex_future_new_for_error (g_error_copy (environment->error));
  if (environment->credentials != NULL)
    return dex_future_new_take_boxed (COMFY_TYPE_CREDENTIALS,
                                      comfy_credentials_ref (environment->credentials));

  return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_NO_KEY, NULL,
                                                    _("COMFY_API_KEY is not set.")));
}

static DexFuture *
lookup_fiber (gpointer data)
{
  Call                        *call = data;
  g_autoptr(ComfyCredentials)  credentials = NULL;
  g_autoptr(GError)            error = NULL;
  ComfyEndpoint               *endpoint;

  endpoint = comfy_profile_store_find_endpoint (call->store,
                                                comfy_profile_get_endpoint_id (call->profile));
  if (endpoint == NULL)
    return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_NO_KEY, NULL,
                                                      _("The environment of this key is not in "
                                                        "the settings any more.")));

  credentials = dex_await_boxed (comfy_keyring_lookup (call->store->keyring,
                                                       comfy_profile_get_id (call->profile),
                                                       comfy_endpoint_get_origin (endpoint),
                                                       call->may_prompt), &error);
  _comfy_profile_set_last_four (call->profile, credentials != NULL
                                                 ? comfy_credentials_get_last_four (credentials)
                                                 : NULL);
  if (credentials == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_boxed (COMFY_TYPE_CREDENTIALS, g_steal_pointer (&credentials));
}

static DexFuture *
lookup (ComfyProfileStore *self,
        ComfyProfile      *profile,
        gboolean           may_prompt)
{
  if (profile == self->given)
    return lookup_given (self);
  if (!comfy_profile_has_key (profile))
    return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_NO_KEY, NULL,
                                                      _("This environment is used without a "
                                                        "key.")));

  return _comfy_spawn (lookup_fiber, call_new (self, profile, may_prompt), call_free);
}

/**
 * comfy_profile_store_lookup:
 * @profile: any profile of the store that has a key
 *
 * Asks to unlock when locked.
 *
 * Errors: %COMFY_ERROR_NO_KEY, those of comfy_keyring_lookup(), and for the profile from the
 *   environment why its variables cannot be used
 *
 * Returns: (transfer full): a future of #ComfyCredentials, boxed
 */
DexFuture *
comfy_profile_store_lookup (ComfyProfileStore *self,
                            ComfyProfile      *profile)
{
  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (self), NULL);
  g_return_val_if_fail (COMFY_IS_PROFILE (profile), NULL);

  return lookup (self, profile, TRUE);
}

static DexFuture *
refresh_fiber (gpointer data)
{
  Call                 *call = data;
  ComfyProfileStore    *store = call->store;
  g_autoptr(GPtrArray)  profiles = g_ptr_array_new_with_free_func (g_object_unref);

  /* the list may change while a prompt is open */
  for (unsigned int i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    g_ptr_array_add (profiles, g_list_model_get_item (G_LIST_MODEL (store), i));

  for (unsigned int i = 0; i < profiles->len; i++)
    {
      g_autoptr(ComfyCredentials) credentials = NULL;
      g_autoptr(GError)           error = NULL;

      if (!comfy_profile_is_editable (profiles->pdata[i]) ||
          !comfy_profile_has_key (profiles->pdata[i]))
        continue;

      credentials = dex_await_boxed (lookup (store, profiles->pdata[i], call->may_prompt), &error);
      if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_KEYRING_LOCKED) ||
          g_error_matches (error, COMFY_ERROR, COMFY_ERROR_KEYRING_DISMISSED) ||
          g_error_matches (error, COMFY_ERROR, COMFY_ERROR_KEYRING_MISSING))
        return dex_future_new_for_error (g_steal_pointer (&error));

      /* somebody removed it with a keyring manager */
      if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NO_KEY))
        _comfy_profile_set_outcome (profiles->pdata[i], COMFY_PROFILE_NOT_TESTED, NULL,
                                    error->message);
    }

  return dex_future_new_for_boolean (TRUE);
}

/**
 * comfy_profile_store_refresh:
 * @may_prompt: whether the user may be asked to unlock
 *
 * Learns the last four characters of every stored key; forgets those that cannot be read any more.
 *
 * Errors: %COMFY_ERROR_KEYRING_LOCKED, %COMFY_ERROR_KEYRING_DISMISSED, %COMFY_ERROR_KEYRING_MISSING
 *
 * Returns: (transfer full): a future of %TRUE
 */
DexFuture *
comfy_profile_store_refresh (ComfyProfileStore *self,
                             gboolean           may_prompt)
{
  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (self), NULL);

  return _comfy_spawn (refresh_fiber, call_new (self, NULL, may_prompt), call_free);
}
