/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The profiles' secrets in the desktop's Secret Service (inside of a Flatpak: in libsecret's own
 * encrypted file). Attributes lie in clear in a keyring's file, and a label is shown by keyring
 * managers, so neither ever holds a part or hash of the key. Nothing falls back to plain text.
 */
#define G_LOG_DOMAIN "comfy-keyring"

#include "config.h"

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-keyring-call-private.h"
#include "comfy-keyring.h"

struct _ComfyKeyring
{
  GObject     parent_instance;

  DexPromise *asking; /* owned, nullable: of the call that may have a prompt open */
};

G_DEFINE_FINAL_TYPE (ComfyKeyring, comfy_keyring, G_TYPE_OBJECT)

/* Several jobs may want a key at a time. The artist is asked once: who comes while a prompt may be
 * open waits for its answer, and one that is dismissed is dismissed for all who waited. */
static DexFuture *
lookup_fiber (gpointer data)
{
  ComfyKeyringCall      *call = data;
  ComfyKeyring          *self = call->keyring;
  g_autoptr(DexPromise)  asking = NULL;
  g_autoptr(DexFuture)   done = NULL;
  g_autoptr(GError)      error = NULL;

  while (self->asking != NULL)
    {
      g_autoptr(GError) theirs = NULL;

      if (!dex_await (dex_ref (DEX_FUTURE (self->asking)), &theirs))
        return dex_future_new_for_error (_comfy_keyring_fold_error (theirs, TRUE));
    }

  asking = dex_promise_new ();
  self->asking = dex_ref (asking);
  done = _comfy_keyring_call_fiber (call);
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
  ComfyKeyringCall *call;

  g_return_val_if_fail (COMFY_IS_KEYRING (self), NULL);
  g_return_val_if_fail (profile_id != NULL && label != NULL && credentials != NULL, NULL);

  call = _comfy_keyring_call_new_store (profile_id, label, credentials);

  return _comfy_spawn (_comfy_keyring_call_fiber, call, _comfy_keyring_call_free);
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
  ComfyKeyringCall *call;

  g_return_val_if_fail (COMFY_IS_KEYRING (self), NULL);
  g_return_val_if_fail (profile_id != NULL && origin != NULL, NULL);

  call = _comfy_keyring_call_new_lookup (profile_id, origin, may_prompt);
  if (!may_prompt)
    return _comfy_spawn (_comfy_keyring_call_fiber, call, _comfy_keyring_call_free);

  call->keyring = g_object_ref (self);

  return _comfy_spawn (lookup_fiber, call, _comfy_keyring_call_free);
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

  return _comfy_spawn (_comfy_keyring_call_fiber, _comfy_keyring_call_new_remove (profile_id, origin),
                       _comfy_keyring_call_free);
}
