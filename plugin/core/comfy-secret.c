/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Leaf adaptors: each of libsecret's callbacks is hidden here, once. Only calls that both of its
 * backends have: the Secret Service, and the file that it keeps inside of a Flatpak.
 */
#define G_LOG_DOMAIN "comfy-keyring"

#include "config.h"

#include "comfy-fiber-private.h"
#include "comfy-secret-private.h"

/* libsecret 0.21 completes a prompt that is cancelled twice, and complains of itself. So a call
 * that may ask the user is never cancelled: its future may be dropped, the prompt stays, and an
 * answer still unlocks the keyring. */
static GCancellable *
get_cancellable (DexPromise *promise,
                 gboolean    may_prompt)
{
  return may_prompt ? NULL : dex_promise_get_cancellable (promise);
}

static void
settle_boolean (DexPromise *promise,
                gboolean    value,
                GError     *error)
{
  g_autoptr(GError) owned = error;

  if (!_comfy_promise_is_wanted (promise))
    return;

  if (owned != NULL)
    dex_promise_reject (promise, g_steal_pointer (&owned));
  else
    dex_promise_resolve_boolean (promise, value);
}

static void
search_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DexPromise) promise = user_data;
  g_autoptr(GPtrArray)  items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GList)      found = NULL;
  g_autoptr(GError)     error = NULL;

  found = secret_password_search_finish (result, &error);
  for (GList *iter = found; iter != NULL; iter = iter->next)
    g_ptr_array_add (items, iter->data);

  if (!_comfy_promise_is_wanted (promise))
    return;
  if (error != NULL)
    dex_promise_reject (promise, g_steal_pointer (&error));
  else
    dex_promise_resolve_boxed (promise, G_TYPE_PTR_ARRAY, g_steal_pointer (&items));
}

/**
 * _comfy_secret_search:
 * @attributes: what to look for, made with @schema
 * @flags: %SECRET_SEARCH_UNLOCK may ask the user; whether that helped is seen from the items
 *
 * Returns: (transfer full): a future of a #GPtrArray of #SecretRetrievable
 */
DexFuture *
_comfy_secret_search (const SecretSchema *schema,
                      GHashTable         *attributes,
                      SecretSearchFlags   flags)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_password_searchv (schema, attributes, flags,
                           get_cancellable (promise, (flags & SECRET_SEARCH_UNLOCK) != 0),
                           search_cb, dex_ref (promise));

  return DEX_FUTURE (promise);
}

static void
retrieve_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(DexPromise)  promise = user_data;
  g_autoptr(GError)      error = NULL;
  g_autoptr(SecretValue) value = NULL;

  value = secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (source), result, &error);
  if (!_comfy_promise_is_wanted (promise))
    return;
  if (error != NULL)
    dex_promise_reject (promise, g_steal_pointer (&error));
  else
    dex_promise_resolve_boxed (promise, SECRET_TYPE_VALUE, g_steal_pointer (&value));
}

/**
 * _comfy_secret_retrieve:
 * @item: one of _comfy_secret_search(), not locked
 *
 * Returns: (transfer full): a future of its #SecretValue, in non-pageable memory
 */
DexFuture *
_comfy_secret_retrieve (SecretRetrievable *item)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_retrievable_retrieve_secret (item, dex_promise_get_cancellable (promise),
                                      retrieve_cb, dex_ref (promise));

  return DEX_FUTURE (promise);
}

static void
default_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(DexPromise)       promise = user_data;
  g_autoptr(SecretCollection) collection = NULL;

  collection = secret_collection_for_alias_finish (result, NULL);
  if (collection != NULL && !secret_collection_get_locked (collection))
    g_clear_object (&collection);

  if (_comfy_promise_is_wanted (promise))
    dex_promise_resolve_object (promise, g_steal_pointer (&collection));
}

static void
service_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  DexPromise               *promise = user_data; /* goes on to the next callback */
  g_autoptr(SecretService)  service = secret_service_get_finish (result, NULL);

  if (service != NULL)
    {
      secret_collection_for_alias (service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                                   dex_promise_get_cancellable (promise), default_cb, promise);
      return;
    }

  /* the file backend has no service; what is wrong with one is told by the call that needs it */
  if (_comfy_promise_is_wanted (promise))
    dex_promise_resolve_object (promise, NULL);
  dex_unref (promise);
}

/**
 * _comfy_secret_find_locked_default:
 *
 * Whether finding nothing means anything: some services (KeePassXC) list no items while locked.
 *
 * Returns: (transfer full): a future of the default #SecretCollection when it is locked, else of
 * %NULL
 */
DexFuture *
_comfy_secret_find_locked_default (void)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_service_get (SECRET_SERVICE_NONE, dex_promise_get_cancellable (promise), service_cb,
                      dex_ref (promise));

  return DEX_FUTURE (promise);
}

static void
unlock_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DexPromise)  promise = user_data;
  GError                *error = NULL;
  int                    n_unlocked;

  n_unlocked = secret_service_unlock_finish (SECRET_SERVICE (source), result, NULL, &error);
  settle_boolean (promise, n_unlocked > 0, error);
}

/**
 * _comfy_secret_unlock:
 * @collection: a locked one; the user is asked
 *
 * Returns: (transfer full): a future of whether it is unlocked now
 */
DexFuture *
_comfy_secret_unlock (SecretCollection *collection)
{
  DexPromise *promise = dex_promise_new_cancellable ();
  GList       objects = { collection, NULL, NULL };

  secret_service_unlock (secret_collection_get_service (collection), &objects, NULL, unlock_cb,
                         dex_ref (promise));

  return DEX_FUTURE (promise);
}

static void
store_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(DexPromise)  promise = user_data;
  GError                *error = NULL;
  gboolean               stored = secret_password_store_finish (result, &error);

  settle_boolean (promise, stored, error);
}

/**
 * _comfy_secret_store:
 * @attributes: an item with equal ones is replaced, its label too
 * @label: what the user reads in a keyring manager
 * @value: the secret
 *
 * Stores in the default collection; may ask the user to unlock or to make it.
 *
 * Returns: (transfer full): a future of whether it was stored
 */
DexFuture *
_comfy_secret_store (const SecretSchema *schema,
                     GHashTable         *attributes,
                     const char         *label,
                     SecretValue        *value)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_password_storev_binary (schema, attributes, SECRET_COLLECTION_DEFAULT, label, value,
                                 get_cancellable (promise, TRUE),
                                 store_cb, dex_ref (promise));

  return DEX_FUTURE (promise);
}

static void
clear_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(DexPromise)  promise = user_data;
  GError                *error = NULL;
  gboolean               cleared = secret_password_clear_finish (result, &error);

  settle_boolean (promise, cleared, error);
}

/**
 * _comfy_secret_clear:
 * @attributes: every unlocked item with these is removed
 *
 * Returns: (transfer full): a future of whether something was removed
 */
DexFuture *
_comfy_secret_clear (const SecretSchema *schema,
                     GHashTable         *attributes)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  secret_password_clearv (schema, attributes, dex_promise_get_cancellable (promise),
                          clear_cb, dex_ref (promise));

  return DEX_FUTURE (promise);
}

/* The service's name on the bus, and who waits for it to go */
typedef struct
{
  DexPromise   *promise;
  unsigned int  watch_id;
  gboolean      was_there;
} Watch;

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  dex_unref (watch->promise);
  g_free (watch);
}

static void
watch_appeared_cb (GDBusConnection *connection,
                   const char      *name,
                   const char      *owner,
                   gpointer         user_data)
{
  Watch *watch = user_data;

  watch->was_there = TRUE;
}

static void
watch_vanished_cb (GDBusConnection *connection,
                   const char      *name,
                   gpointer         user_data)
{
  Watch *watch = user_data;

  /* never there: the file backend, or a service that is about to be started by this call */
  if (watch->was_there && dex_future_is_pending (DEX_FUTURE (watch->promise)))
    dex_promise_reject (watch->promise, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED,
                                                             "the service left the bus"));
}

static void
watch_cancelled_cb (GCancellable *cancellable,
                    gpointer      user_data)
{
  g_bus_unwatch_name (GPOINTER_TO_UINT (user_data));
}

/**
 * _comfy_secret_watch:
 *
 * For a race with a call that may have a prompt open: when the service dies then, libsecret 0.21
 * never completes the call.
 *
 * Returns: (transfer full): a future that never resolves
 */
DexFuture *
_comfy_secret_watch (void)
{
  Watch *watch = g_new0 (Watch, 1);

  watch->promise = dex_promise_new_cancellable ();
  watch->watch_id = g_bus_watch_name (G_BUS_TYPE_SESSION, "org.freedesktop.secrets",
                                      G_BUS_NAME_WATCHER_FLAGS_NONE, watch_appeared_cb,
                                      watch_vanished_cb, watch, watch_free);
  g_signal_connect (dex_promise_get_cancellable (watch->promise), "cancelled",
                    G_CALLBACK (watch_cancelled_cb), GUINT_TO_POINTER (watch->watch_id));

  return dex_ref (DEX_FUTURE (watch->promise));
}
