/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What changes keys: each call a fiber that reads from top to bottom. A key is stored before the
 * index lists it, and removed before the index forgets it, so that whatever fails in between, no
 * key lies in the keyring that nothing lists.
 */
#define G_LOG_DOMAIN "comfy-profile-store"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-profile-index-private.h"
#include "comfy-profile-private.h"
#include "comfy-profile-store-private.h"

/* The arguments of one call, as its fiber sees them; what a call does not take is NULL */
typedef struct
{
  ComfyProfileStore *store;
  ComfyProfile      *profile;
  ComfyEndpoint     *endpoint;
  ComfyCredentials  *credentials;
  ComfyAccount      *account;
  char              *name;
} Call;

static Call *
call_new (ComfyProfileStore *store,
          ComfyProfile      *profile)
{
  Call *call = g_new0 (Call, 1);

  call->store = g_object_ref (store);
  if (g_set_object (&call->profile, profile))
    g_set_object (&call->endpoint,
                  comfy_profile_store_find_endpoint (store,
                                                     comfy_profile_get_endpoint_id (profile)));

  return call;
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->store);
  g_clear_object (&call->profile);
  g_clear_object (&call->endpoint);
  g_clear_pointer (&call->credentials, comfy_credentials_unref);
  g_clear_pointer (&call->account, comfy_account_free);
  g_free (call->name);
  g_free (call);
}

static GKeyFile *
call_get_keys (Call *call)
{
  return comfy_settings_get_key_file (call->store->settings);
}

/* A name is what tells keys apart, so two of one environment never share it */
static gboolean
check_name (Call    *call,
            GError **error)
{
  unsigned int n = g_list_model_get_n_items (G_LIST_MODEL (call->store));

  g_strstrip (call->name);
  if (call->name[0] == '\0' || !g_utf8_validate (call->name, -1, NULL))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL, _("Give the key a name."));
      return FALSE;
    }

  for (unsigned int i = 0; i < n; i++)
    {
      g_autoptr(ComfyProfile) other = g_list_model_get_item (G_LIST_MODEL (call->store), i);

      if (other != call->profile && comfy_profile_is_editable (other) &&
          g_str_equal (comfy_profile_get_endpoint_id (other),
                       comfy_endpoint_get_id (call->endpoint)) &&
          g_str_equal (comfy_profile_get_name (other), call->name))
        {
          comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                           _("There is already a key named “%s” for this environment."),
                           call->name);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
check_editable (Call    *call,
                GError **error)
{
  if (!comfy_profile_is_editable (call->profile))
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("This key comes from the variable COMFY_API_KEY and cannot be changed "
                       "here."));
  else if (call->endpoint == NULL)
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT,
                     comfy_profile_get_endpoint_id (call->profile),
                     _("The environment of this key is not in the settings any more."));
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_origin (Call    *call,
              GError **error)
{
  if (comfy_endpoint_covers (call->endpoint, comfy_credentials_get_origin (call->credentials)))
    return TRUE;

  comfy_set_error (error, COMFY_ERROR_WRONG_ORIGIN, NULL,
                   _("The key was made for another environment than %s."),
                   comfy_endpoint_get_label (call->endpoint));

  return FALSE;
}

static DexFuture *
add_fiber (gpointer data)
{
  Call              *call = data;
  ComfyProfileStore *store = call->store;
  g_autofree char   *id = g_uuid_string_random ();
  g_autoptr(GError)  error = NULL;
  ComfyProfile      *profile;

  if (!check_name (call, &error) ||
      (call->credentials != NULL && !check_origin (call, &error)) ||
      (call->credentials != NULL &&
       !dex_await (comfy_keyring_store (store->keyring, id, call->name, call->credentials),
                   &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  _comfy_profile_index_add (call_get_keys (call), id, call->name,
                            comfy_endpoint_get_id (call->endpoint), call->credentials != NULL);
  if (call->account != NULL)
    _comfy_profile_index_set_outcome (call_get_keys (call), id, COMFY_PROFILE_WORKS,
                                      call->account, NULL);

  if (!comfy_settings_save (store->settings, &error))
    {
      _comfy_profile_index_remove (call_get_keys (call), id);
      if (call->credentials != NULL)
        dex_await (comfy_keyring_remove (store->keyring, id,
                                         comfy_credentials_get_origin (call->credentials)), NULL);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  profile = comfy_profile_store_find (store, id);
  if (call->credentials != NULL)
    _comfy_profile_set_last_four (profile, comfy_credentials_get_last_four (call->credentials));

  return dex_future_new_take_object (g_object_ref (profile));
}

/**
 * comfy_profile_store_add:
 * @name: as the artist reads it; not that of another key of the environment
 * @endpoint: the environment that the key was made for
 * @credentials: (nullable): the key; %NULL where the environment needs none
 * @account: (nullable): what the server told when the key was tested; %NULL: it was not tested, or
 *   the server tells nothing (then see comfy_profile_store_note_outcome())
 *
 * Stores the key and lists it. The first one of an environment becomes its default.
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT, %COMFY_ERROR_WRONG_ORIGIN, %COMFY_ERROR_STORAGE, and those
 *   of comfy_keyring_store(); nothing is left behind then
 *
 * Returns: (transfer full): a future of the new #ComfyProfile
 */
DexFuture *
comfy_profile_store_add (ComfyProfileStore  *self,
                         const char         *name,
                         ComfyEndpoint      *endpoint,
                         ComfyCredentials   *credentials,
                         const ComfyAccount *account)
{
  Call *call;

  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (self), NULL);
  g_return_val_if_fail (name != NULL && COMFY_IS_ENDPOINT (endpoint), NULL);

  call = call_new (self, NULL);
  call->name = g_strdup (name);
  call->endpoint = g_object_ref (endpoint);
  call->credentials = credentials != NULL ? comfy_credentials_ref (credentials) : NULL;
  call->account = account != NULL ? comfy_account_copy (account) : NULL;

  return _comfy_spawn (add_fiber, call, call_free);
}

static DexFuture *
rename_fiber (gpointer data)
{
  Call                        *call = data;
  ComfyKeyring                *keyring = call->store->keyring;
  const char                  *id = comfy_profile_get_id (call->profile);
  g_autoptr(ComfyCredentials)  credentials = NULL;
  g_autoptr(GError)            error = NULL;

  if (!check_editable (call, &error) || !check_name (call, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  /* the item's label follows, so that keyring managers show the same name */
  if (comfy_profile_has_key (call->profile))
    {
      const char *origin = comfy_endpoint_get_origin (call->endpoint);

      credentials = dex_await_boxed (comfy_keyring_lookup (keyring, id, origin, TRUE), &error);
      if (credentials == NULL ||
          !dex_await (comfy_keyring_store (keyring, id, call->name, credentials), &error))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }

  _comfy_profile_index_set_name (call_get_keys (call), id, call->name);
  if (!comfy_settings_save (call->store->settings, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_for_boolean (TRUE);
}

/**
 * comfy_profile_store_rename:
 * @profile: a stored profile
 * @name: its new name; not that of another key of the environment
 *
 * Asks to unlock when locked: the keyring's label is changed, too.
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT, %COMFY_ERROR_NO_KEY, %COMFY_ERROR_STORAGE, and those of
 *   comfy_keyring_store()
 *
 * Returns: (transfer full): a future of %TRUE
 */
DexFuture *
comfy_profile_store_rename (ComfyProfileStore *self,
                            ComfyProfile      *profile,
                            const char        *name)
{
  Call *call;

  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (self), NULL);
  g_return_val_if_fail (COMFY_IS_PROFILE (profile) && name != NULL, NULL);

  call = call_new (self, profile);
  call->name = g_strdup (name);

  return _comfy_spawn (rename_fiber, call, call_free);
}

static DexFuture *
replace_fiber (gpointer data)
{
  Call              *call = data;
  const char        *id = comfy_profile_get_id (call->profile);
  g_autoptr(GError)  error = NULL;

  if (!check_editable (call, &error) || !check_origin (call, &error) ||
      !dex_await (comfy_keyring_store (call->store->keyring, id,
                                       comfy_profile_get_name (call->profile), call->credentials),
                  &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  _comfy_profile_set_last_four (call->profile,
                                comfy_credentials_get_last_four (call->credentials));
  _comfy_profile_index_set_outcome (call_get_keys (call), id, COMFY_PROFILE_NOT_TESTED, NULL, NULL);
  if (!comfy_settings_save (call->store->settings, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_for_boolean (TRUE);
}

/**
 * comfy_profile_store_replace:
 * @profile: a stored profile with a key
 * @credentials: the key that takes the old one's place; test it before
 *
 * The old key stays until the new one is stored. What was known of the old one is forgotten: note
 * the outcome of the test afterwards.
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT, %COMFY_ERROR_WRONG_ORIGIN, %COMFY_ERROR_STORAGE, and those
 *   of comfy_keyring_store()
 *
 * Returns: (transfer full): a future of %TRUE
 */
DexFuture *
comfy_profile_store_replace (ComfyProfileStore *self,
                             ComfyProfile      *profile,
                             ComfyCredentials  *credentials)
{
  Call *call;

  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (self), NULL);
  g_return_val_if_fail (COMFY_IS_PROFILE (profile) && comfy_profile_has_key (profile), NULL);
  g_return_val_if_fail (credentials != NULL, NULL);

  call = call_new (self, profile);
  call->credentials = comfy_credentials_ref (credentials);

  return _comfy_spawn (replace_fiber, call, call_free);
}

static DexFuture *
remove_fiber (gpointer data)
{
  Call              *call = data;
  const char        *id = comfy_profile_get_id (call->profile);
  g_autoptr(GError)  error = NULL;

  if (!check_editable (call, &error) ||
      (comfy_profile_has_key (call->profile) &&
       !dex_await (comfy_keyring_remove (call->store->keyring, id,
                                         comfy_endpoint_get_origin (call->endpoint)), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  _comfy_profile_index_remove (call_get_keys (call), id);
  if (!comfy_settings_save (call->store->settings, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_for_boolean (TRUE);
}

/**
 * comfy_profile_store_remove:
 * @profile: a stored profile
 *
 * Removes the key from the keyring, then the profile. The key itself stays valid until its owner
 * deletes it on the platform page.
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT, %COMFY_ERROR_STORAGE, and those of comfy_keyring_remove()
 *
 * Returns: (transfer full): a future of %TRUE
 */
DexFuture *
comfy_profile_store_remove (ComfyProfileStore *self,
                            ComfyProfile      *profile)
{
  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (self), NULL);
  g_return_val_if_fail (COMFY_IS_PROFILE (profile), NULL);

  return _comfy_spawn (remove_fiber, call_new (self, profile), call_free);
}
