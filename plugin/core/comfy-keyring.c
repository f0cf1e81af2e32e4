/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The profiles' secrets in the desktop's Secret Service (inside of a Flatpak: in libsecret's own
 * encrypted file). Attributes lie in clear in a keyring's file, and a label is shown by keyring
 * managers, so neither ever holds a part or hash of the key. Nothing falls back to plain text.
 */
#define G_LOG_DOMAIN "comfy-keyring"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-credentials-private.h"
#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-keyring.h"
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

struct _ComfyKeyring
{
  GObject     parent_instance;

  DexPromise *asking; /* owned, nullable: of the call that may have a prompt open */
};

G_DEFINE_FINAL_TYPE (ComfyKeyring, comfy_keyring, G_TYPE_OBJECT)

typedef struct _Call Call;

/* One call from outside, as its fiber sees it */
struct _Call
{
  gboolean          (*attempt) (Call    *call,
                                GError **error);
  ComfyKeyring      *keyring;     /* owned, nullable: of a lookup that may prompt */
  GHashTable        *attributes;
  char              *profile_id;  /* for log lines */
  char              *origin;
  char              *label;       /* store only */
  ComfyCredentials  *credentials; /* in for store, out for lookup */
  gboolean           may_prompt;
};

static Call *
call_new (gboolean   (*attempt) (Call *, GError **),
          const char  *profile_id,
          const char  *origin,
          gboolean     may_prompt)
{
  Call *call = g_new0 (Call, 1);

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

static void
call_free (gpointer data)
{
  Call *call = data;

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

/* libsecret's and D-Bus's errors in our words. What is left when a prompt and a cancellation are
 * ruled out means that nobody keeps secrets here. */
static GError *
fold_error (const GError *foreign,
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

static DexFuture *
call_fiber (gpointer data)
{
  Call              *call = data;
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
    return dex_future_new_for_error (fold_error (error, call->may_prompt));

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
search (Call               *call,
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
unlock (Call              *call,
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
find_unlocked (Call    *call,
               GError **error)
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
attempt_lookup (Call    *call,
                GError **error)
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
attempt_store (Call    *call,
               GError **error)
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
attempt_remove (Call    *call,
                GError **error)
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

/* Several jobs may want a key at a time. The artist is asked once: who comes while a prompt may be
 * open waits for its answer, and one that is dismissed is dismissed for all who waited. */
static DexFuture *
lookup_fiber (gpointer data)
{
  Call                  *call = data;
  ComfyKeyring          *self = call->keyring;
  g_autoptr(DexPromise)  asking = NULL;
  g_autoptr(DexFuture)   done = NULL;
  g_autoptr(GError)      error = NULL;

  while (self->asking != NULL)
    {
      g_autoptr(GError) theirs = NULL;

      if (!dex_await (dex_ref (DEX_FUTURE (self->asking)), &theirs))
        return dex_future_new_for_error (fold_error (theirs, TRUE));
    }

  asking = dex_promise_new ();
  self->asking = dex_ref (asking);
  done = call_fiber (call);
  dex_clear (&self->asking);

  dex_future_get_value (done, &error);
  if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_KEYRING_DISMISSED))
    dex_promise_reject (asking, g_error_copy (error));
  else
    dex_promise_resolve_boolean (asking, TRUE);

  return g_steal_pointer (&done);
}

static void
comfy_keyring_finalize (GObject *object)
{
  dex_clear (&COMFY_KEYRING (object)->asking);

  G_OBJECT_CLASS (comfy_keyring_parent_class)->finalize (object);
}

static void
comfy_keyring_class_init (ComfyKeyringClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_keyring_finalize;
}

static void
comfy_keyring_init (ComfyKeyring *self)
{
}

/**
 * comfy_keyring_new:
 *
 * Nothing is connected yet; each call finds the service, or says that there is none.
 *
 * Returns: (transfer full): the keyring
 */
ComfyKeyring *
comfy_keyring_new (void)
{
  return g_object_new (COMFY_TYPE_KEYRING, NULL);
}

/**
 * comfy_keyring_store:
 * @profile_id: the profile
 * @label: its name, which keyring managers show
 * @credentials: the key; its origin is stored with it
 *
 * Stores in the default collection. An item with the same id and origin is replaced in place, key
 * and label. May ask the user to unlock or make the collection.
 *
 * Errors: %COMFY_ERROR_KEYRING_DISMISSED, %COMFY_ERROR_KEYRING_MISSING
 *
 * Returns: (transfer full): a future of %TRUE
 */
DexFuture *
comfy_keyring_store (ComfyKeyring     *self,
                     const char       *profile_id,
                     const char       *label,
                     ComfyCredentials *credentials)
{
  Call *call;

  g_return_val_if_fail (COMFY_IS_KEYRING (self), NULL);
  g_return_val_if_fail (profile_id != NULL && label != NULL && credentials != NULL, NULL);

  call = call_new (attempt_store, profile_id, comfy_credentials_get_origin (credentials), TRUE);
  call->label = g_strdup (label);
  call->credentials = comfy_credentials_ref (credentials);

  return _comfy_spawn (call_fiber, call, call_free);
}

/**
 * comfy_keyring_lookup:
 * @profile_id: the profile
 * @origin: the origin that the key must have been stored for
 * @may_prompt: whether the user may be asked to unlock; of several calls at a time, one asks
 *
 * Errors: %COMFY_ERROR_NO_KEY, %COMFY_ERROR_KEYRING_LOCKED when it is and @may_prompt is %FALSE,
 *   %COMFY_ERROR_KEYRING_DISMISSED, %COMFY_ERROR_KEYRING_MISSING
 *
 * Returns: (transfer full): a future of #ComfyCredentials, boxed
 */
DexFuture *
comfy_keyring_lookup (ComfyKeyring *self,
                      const char   *profile_id,
                      const char   *origin,
                      gboolean      may_prompt)
{
  Call *call;

  g_return_val_if_fail (COMFY_IS_KEYRING (self), NULL);
  g_return_val_if_fail (profile_id != NULL && origin != NULL, NULL);

  call = call_new (attempt_lookup, profile_id, origin, may_prompt);
  if (!may_prompt)
    return _comfy_spawn (call_fiber, call, call_free);

  call->keyring = g_object_ref (self);

  return _comfy_spawn (lookup_fiber, call, call_free);
}

/**
 * comfy_keyring_remove:
 * @profile_id: the profile
 * @origin: the origin that the key was stored for
 *
 * There being none is fine. May ask the user to unlock.
 *
 * Errors: %COMFY_ERROR_KEYRING_DISMISSED, %COMFY_ERROR_KEYRING_MISSING
 *
 * Returns: (transfer full): a future of %TRUE
 */
DexFuture *
comfy_keyring_remove (ComfyKeyring *self,
                      const char   *profile_id,
                      const char   *origin)
{
  g_return_val_if_fail (COMFY_IS_KEYRING (self), NULL);
  g_return_val_if_fail (profile_id != NULL && origin != NULL, NULL);

  return _comfy_spawn (call_fiber, call_new (attempt_remove, profile_id, origin, TRUE),
                       call_free);
}
