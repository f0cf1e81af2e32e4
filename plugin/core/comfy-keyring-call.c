/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is asked of the Secret Service, one call at a time, from top to bottom. Attributes lie in clear
 * in a keyring's file, and a label is shown by keyring managers, so neither ever holds a part or hash
 * of the key.
 */
#define G_LOG_DOMAIN "comfy-keyring"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-credentials-private.h"
#include "comfy-error.h"
#include "comfy-keyring-call-private.h"
#include "comfy-secret-private.h"

#define APPLICATION "comfy-cloud-gimp"

/* With SECRET_SCHEMA_NONE a locked collection finds nothing and asks nothing (tried with
 * gnome-keyring 48: the schema's name is an attribute that only an unlocked one compares). */
static const SecretSchema schema = {
  "org.comfy.cloud.gimp.Key", SECRET_SCHEMA_DONT_MATCH_NAME,
  {
    { "application", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "profile-id", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "origin", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  }
};

static ComfyKeyringCall *
call_new (gboolean   (*attempt) (ComfyKeyringCall *, GError **),
          const char  *profile_id,
          const char  *origin,
          gboolean     may_prompt)
{
  ComfyKeyringCall *call = g_new0 (ComfyKeyringCall, 1);

  call->attempt = attempt;
  call->attributes = secret_attributes_build (&schema,
                                              "application", APPLICATION,
                                              "profile-id", profile_id,
                                              "origin", origin,
                                              NULL);
  call->profile_id = g_strdup (profile_id);
  call->origin = g_strdup (origin);
  call->may_prompt = may_prompt;

  return call;
}

/*
 * _comfy_keyring_call_free:
 * @data: (transfer full): a call
 */
void
_comfy_keyring_call_free (gpointer data)
{
  ComfyKeyringCall *call = data;

  g_clear_object (&call->keyring);
  g_hash_table_unref (call->attributes);
  g_free (call->profile_id);
  g_free (call->origin);
  g_free (call->label);
  g_clear_pointer (&call->credentials, comfy_credentials_unref);
  g_free (call);
}

static void
set_locked_error (GError   **error,
                  gboolean   prompted)
{
  if (prompted)
    comfy_set_error (error, COMFY_ERROR_KEYRING_DISMISSED, NULL,
                     _("The keyring stayed locked, because its prompt was dismissed. "
                       "Try again and enter the keyring's password."));
  else
    comfy_set_error (error, COMFY_ERROR_KEYRING_LOCKED, NULL,
                     _("The keyring is locked. Unlock it and try again."));
}

/*
 * _comfy_keyring_fold_error:
 * @foreign: libsecret's or D-Bus's error
 * @prompted: whether the artist could be asked for the keyring's password
 *
 * What is left when a prompt and a cancellation are ruled out means that nobody keeps secrets here.
 *
 * Returns: (transfer full): it in our words
 */
GError *
_comfy_keyring_fold_error (const GError *foreign,
                           gboolean      prompted)
{
  g_autofree char *detail = NULL;
  GError          *error = NULL;

  if (foreign->domain == COMFY_ERROR)
    return g_error_copy (foreign);

  if (g_error_matches (foreign, G_IO_ERROR, G_IO_ERROR_CANCELLED) || foreign->domain == DEX_ERROR)
    return comfy_error_fold (foreign, NULL);

  if (g_error_matches (foreign, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    {
      set_locked_error (&error, prompted);
      return error;
    }

  detail = g_strdup_printf ("%s %d: %s", g_quark_to_string (foreign->domain), foreign->code,
                            foreign->message);

  return comfy_error_new (COMFY_ERROR_KEYRING_MISSING, detail,
                          _("No keyring service answers, or it has no default keyring. Start one, "
                            "for example GNOME Keyring or KeePassXC, and try again. Keys are never "
                            "stored anywhere else."));
}

/* libsecret keeps its connection to the service, its session and its items. When the service was
 * restarted between two calls, these fail in one of many ways, and a new connection helps. */
static gboolean
may_be_stale (const GError *error)
{
  return error->domain != COMFY_ERROR && error->domain != DEX_ERROR &&
         !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
         !g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED);
}

DexFuture *
_comfy_keyring_call_fiber (gpointer data)
{
  ComfyKeyringCall  *call = data;
  g_autoptr(GError)  error = NULL;
  gboolean           done;

  done = call->attempt (call, &error);
  if (!done && may_be_stale (error))
    {
      g_debug ("%s: connecting again after: %s", call->profile_id, error->message);
      g_clear_error (&error);
      secret_service_disconnect ();
      done = call->attempt (call, &error);
    }

  if (!done)
    return dex_future_new_for_error (_comfy_keyring_fold_error (error, call->may_prompt));

  if (call->label == NULL && call->credentials != NULL)
    return dex_future_new_take_boxed (COMFY_TYPE_CREDENTIALS, g_steal_pointer (&call->credentials));

  return dex_future_new_for_boolean (TRUE);
}

static gboolean
is_locked (GPtrArray *items)
{
  /* the file backend's items are never locked and of another class */
  return items->len > 0 && SECRET_IS_ITEM (items->pdata[0]) &&
         secret_item_get_locked (items->pdata[0]);
}

static GPtrArray *
search (ComfyKeyringCall   *call,
        SecretSearchFlags   flags,
        GError            **error)
{
  if ((flags & SECRET_SEARCH_UNLOCK) == 0)
    return dex_await_boxed (_comfy_secret_search (&schema, call->attributes, flags), error);

  return dex_await_boxed (dex_future_first (_comfy_secret_search (&schema, call->attributes, flags),
                                            _comfy_secret_watch (), NULL), error);
}

/* Unlocks @collection, if @call may ask for that */
static gboolean
unlock (ComfyKeyringCall  *call,
        SecretCollection  *collection,
        GError           **error)
{
  g_autoptr(GError) local_error = NULL;

  if (call->may_prompt &&
      dex_await_boolean (dex_future_first (_comfy_secret_unlock (collection),
                                           _comfy_secret_watch (), NULL), &local_error))
    return TRUE;

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    set_locked_error (error, call->may_prompt);

  return FALSE;
}

/* The item of @call, unlocked, in an array; an empty array when there is none; NULL with @error
 * when it stays locked. */
static GPtrArray *
find_unlocked (ComfyKeyringCall  *call,
               GError           **error)
{
  g_autoptr(GPtrArray)        items = search (call, SECRET_SEARCH_NONE, error);
  g_autoptr(SecretCollection) collection = NULL;

  /* none is there, or none is shown while locked */
  if (items != NULL && items->len == 0)
    {
      collection = dex_await_object (_comfy_secret_find_locked_default (), NULL);
      if (collection == NULL)
        return g_steal_pointer (&items);
      if (!unlock (call, collection, error))
        return NULL;
      g_clear_pointer (&items, g_ptr_array_unref);
      items = search (call, SECRET_SEARCH_NONE, error);
    }

  if (items != NULL && is_locked (items) && call->may_prompt)
    {
      g_clear_pointer (&items, g_ptr_array_unref);
      items = search (call, SECRET_SEARCH_UNLOCK, error);
    }

  if (items == NULL || !is_locked (items))
    return g_steal_pointer (&items);

  set_locked_error (error, call->may_prompt);

  return NULL;
}

static gboolean
attempt_lookup (ComfyKeyringCall  *call,
                GError           **error)
{
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GError)    local_error = NULL;
  SecretValue         *value = NULL;

  items = find_unlocked (call, error);
  if (items == NULL)
    return FALSE;

  if (items->len > 0)
    value = dex_await_boxed (_comfy_secret_retrieve (items->pdata[0]), &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (value == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_NO_KEY, call->profile_id,
                       _("The key is not in the keyring any more. Replace it in the settings."));
      return FALSE;
    }

  call->credentials = _comfy_credentials_new_take_value (value, call->origin, error);

  return call->credentials != NULL;
}

/* Where the default collection is missing, libsecret offers to make it and then tries again: that
 * it is still missing means that the offer was dismissed. */
static gboolean
is_collection_missing (const GError *error)
{
  return g_error_matches (error, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT);
}

static gboolean
attempt_store (ComfyKeyringCall  *call,
               GError           **error)
{
  g_autoptr(GError) local_error = NULL;
  SecretValue      *value = _comfy_credentials_get_value (call->credentials);

  if (dex_await_boolean (dex_future_first (_comfy_secret_store (&schema, call->attributes,
                                                                call->label, value),
                                           _comfy_secret_watch (), NULL), &local_error))
    return TRUE;

  if (local_error == NULL)
    set_locked_error (error, call->may_prompt);
  else if (is_collection_missing (local_error))
    comfy_set_error (error, COMFY_ERROR_KEYRING_DISMISSED, local_error->message,
                     _("There is no default keyring, and the prompt to make one was dismissed. "
                       "Try again and choose a password for it."));
  else
    g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
attempt_remove (ComfyKeyringCall  *call,
                GError           **error)
{
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GError)    local_error = NULL;

  items = find_unlocked (call, error);
  if (items == NULL)
    return FALSE;

  if (items->len == 0 ||
      dex_await_boolean (_comfy_secret_clear (&schema, call->attributes), &local_error))
    return TRUE;

  /* somebody else may have removed it between the two calls */
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/*
 * _comfy_keyring_call_new_store:
 * @label: what keyring managers show
 * @credentials: the key, and the origin that it is for
 *
 * Returns: (transfer full): a call for _comfy_keyring_call_fiber()
 */
ComfyKeyringCall *
_comfy_keyring_call_new_store (const char       *profile_id,
                               const char       *label,
                               ComfyCredentials *credentials)
{
  ComfyKeyringCall *call = call_new (attempt_store, profile_id,
                                     comfy_credentials_get_origin (credentials), TRUE);

  call->label = g_strdup (label);
  call->credentials = comfy_credentials_ref (credentials);

  return call;
}

/*
 * _comfy_keyring_call_new_lookup:
 * @may_prompt: whether the artist may be asked to unlock
 *
 * Returns: (transfer full): a call for _comfy_keyring_call_fiber()
 */
ComfyKeyringCall *
_comfy_keyring_call_new_lookup (const char *profile_id,
                                const char *origin,
                                gboolean    may_prompt)
{
  return call_new (attempt_lookup, profile_id, origin, may_prompt);
}

/*
 * _comfy_keyring_call_new_remove:
 *
 * Returns: (transfer full): a call for _comfy_keyring_call_fiber()
 */
ComfyKeyringCall *
_comfy_keyring_call_new_remove (const char *profile_id,
                                const char *origin)
{
  return call_new (attempt_remove, profile_id, origin, TRUE);
}
