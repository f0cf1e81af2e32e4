/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opens the API of an environment with a profile's key. One ComfyApi per profile is kept and handed
 * out again while nothing it was made of has changed: the keyring is asked each time, so a key that
 * was replaced or removed, by whichever process or program, is never used again. Main thread.
 */
#define G_LOG_DOMAIN "comfy-connector"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-api-call-private.h"
#include "comfy-connector.h"
#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-line-private.h"
#include "comfy-protocol-memory-private.h"
#include "comfy-rejection-private.h"

/* keys that are tried before they are stored have no profile to be counted by */
#define UNSTORED "unstored"

struct _ComfyConnector
{
  GObject            parent_instance;
  ComfyProfileStore *store;          /* owned */
  ComfySettings     *settings;       /* owned */
  char              *runtime_folder; /* owned */
  GHashTable        *lines;          /* owned: profile id → ComfyLine */
};

G_DEFINE_FINAL_TYPE (ComfyConnector, comfy_connector, G_TYPE_OBJECT)

/* The arguments of one call, as its fiber sees them; what a call does not take is NULL */
typedef struct
{
  ComfyConnector   *self;
  ComfyProfile     *profile;
  ComfyEndpoint    *endpoint;
  ComfyCredentials *credentials;
} Call;

static Call *
call_new (ComfyConnector *self,
          ComfyProfile   *profile,
          ComfyEndpoint  *endpoint)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  g_set_object (&call->profile, profile);
  g_set_object (&call->endpoint, endpoint);

  return call;
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->self);
  g_clear_object (&call->profile);
  g_clear_object (&call->endpoint);
  g_clear_pointer (&call->credentials, comfy_credentials_unref);
  g_free (call);
}

static DexFuture *
call_reject (Call   *call,
             GError *error)
{
  g_autoptr(GError)  owned = error;
  const char        *host = NULL;

  if (call->endpoint != NULL)
    host = comfy_endpoint_get_host (call->endpoint);

  return dex_future_new_for_error (comfy_error_fold (owned, host));
}

/* A job found its protocol doubtful: who opens next finds out anew */
static void
api_doubted_cb (ComfyApi       *api,
                ComfyConnector *self)
{
  GHashTableIter  iter;
  gpointer        value;

  g_hash_table_iter_init (&iter, self->lines);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((ComfyLine *) value)->api == api)
      {
        comfy_protocol_memory_forget (self->settings, ((ComfyLine *) value)->endpoint);
        return;
      }
}

static gboolean
await_key (Call    *call,
           GError **error)
{
  ComfyProfileStore *store = call->self->store;
  const char        *endpoint_id = comfy_profile_get_endpoint_id (call->profile);

  g_clear_pointer (&call->credentials, comfy_credentials_unref);
  g_set_object (&call->endpoint, comfy_profile_store_find_endpoint (store, endpoint_id));
  if (call->endpoint == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_NO_KEY, endpoint_id,
                       _("The environment of the key “%s” is not in the settings any more."),
                       comfy_profile_get_name (call->profile));
      return FALSE;
    }
  if (!comfy_profile_has_key (call->profile))
    return TRUE;

  call->credentials = dex_await_boxed (comfy_profile_store_lookup (store, call->profile), error);

  return call->credentials != NULL;
}

/* The profile's API: the one that is open, or a new one */
static ComfyApi *
await_api (Call    *call,
           GError **error)
{
  ComfyConnector *self = call->self;
  const char     *id = comfy_profile_get_id (call->profile);
  ComfyLine      *line;
  ComfyLine      *other;

  if (!await_key (call, error))
    {
      g_hash_table_remove (self->lines, id);
      return NULL;
    }

  line = g_hash_table_lookup (self->lines, id);
  if (line != NULL
      && comfy_line_is_current (line, self->settings, call->endpoint, call->credentials))
    return g_object_ref (line->api);

  g_hash_table_remove (self->lines, id);
  line = comfy_line_await_open (self->settings, call->endpoint, call->credentials,
                                self->runtime_folder, id, error);
  if (line == NULL)
    return NULL;

  /* somebody else may have asked for it meanwhile, and have it already */
  other = g_hash_table_lookup (self->lines, id);
  if (other != NULL
      && comfy_line_is_current (other, self->settings, call->endpoint, call->credentials))
    {
      comfy_line_free (line);
      return g_object_ref (other->api);
    }

  g_signal_connect_object (line->api, "doubted", G_CALLBACK (api_doubted_cb), self,
                           G_CONNECT_DEFAULT);
  g_hash_table_replace (self->lines, g_strdup (id), line);

  return g_object_ref (line->api);
}

static DexFuture *
open_fiber (gpointer data)
{
  Call              *call = data;
  g_autoptr(GError)  error = NULL;
  ComfyApi          *api = await_api (call, &error);

  if (api == NULL)
    return call_reject (call, g_steal_pointer (&error));

  return dex_future_new_take_object (api);
}

/**
 * comfy_connector_open:
 * @profile: a profile of the store
 *
 * Opens the API with the profile's key. Asks to unlock the keyring when it is locked, and the
 * server for its protocol when that is not known.
 *
 * Errors: those of comfy_profile_store_lookup(); when the server is asked, those of the connection
 *   and %COMFY_ERROR_PROTOCOL
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyApi
 */
DexFuture *
comfy_connector_open (ComfyConnector *self,
                      ComfyProfile   *profile)
{
  g_return_val_if_fail (COMFY_IS_CONNECTOR (self), NULL);
  g_return_val_if_fail (COMFY_IS_PROFILE (profile), NULL);

  return _comfy_spawn (open_fiber, call_new (self, profile, NULL), call_free);
}

/* Returns whether the protocol will be found out anew: not when the settings prescribe it */
static gboolean
forget_protocol (ComfyConnector *self,
                 ComfyEndpoint  *endpoint)
{
  comfy_protocol_memory_forget (self->settings, endpoint);

  return comfy_protocol_memory_get (self->settings, endpoint) == COMFY_PROTOCOL_NONE;
}

/* A call's account, by the profile's line or by one for this call alone. A protocol that stopped
 * making sense is found out anew, once. */
static ComfyAccount *
await_account (Call    *call,
               GError **error)
{
  for (gboolean is_second = FALSE;; is_second = TRUE)
    {
      g_autoptr(ComfyApi)  api = NULL;
      g_autoptr(GError)    failure = NULL;
      ComfyAccount        *account = NULL;

      if (call->profile != NULL)
        {
          api = await_api (call, &failure);
        }
      else
        {
          g_autoptr(ComfyLine) line = NULL;

          line = comfy_line_await_open (call->self->settings, call->endpoint, call->credentials,
                                        call->self->runtime_folder, UNSTORED, &failure);
          api = line != NULL ? g_object_ref (line->api) : NULL;
        }
      if (api != NULL)
        account = dex_await_boxed (comfy_api_get_account (api), &failure);
      if (account != NULL)
        return account;

      if (api != NULL && comfy_api_error_is_doubt (failure) && !is_second
          && forget_protocol (call->self, call->endpoint))
        continue;

      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
}

static DexFuture *
test_fiber (gpointer data)
{
  Call                    *call = data;
  g_autoptr(GError)        error = NULL;
  g_autoptr(GError)        explained = NULL;
  g_autoptr(ComfyAccount)  account = await_account (call, &error);
  ComfyProfileState        before = comfy_profile_get_state (call->profile);

  if (account != NULL)
    {
      comfy_profile_store_note_outcome (call->self->store, call->profile, account, NULL);
      return dex_future_new_take_boxed (COMFY_TYPE_ACCOUNT, g_steal_pointer (&account));
    }

  /* a key that could not be read says nothing of itself */
  if (call->endpoint == NULL
      || (comfy_profile_has_key (call->profile) && call->credentials == NULL))
    return call_reject (call, g_steal_pointer (&error));

  explained = comfy_rejection_explain (error, call->endpoint, call->credentials,
                                       comfy_profile_get_name (call->profile),
                                       before == COMFY_PROFILE_WORKS);
  comfy_profile_store_note_outcome (call->self->store, call->profile, NULL, explained);

  return call_reject (call, g_steal_pointer (&explained));
}

/**
 * comfy_connector_test:
 * @profile: a profile of the store
 *
 * Asks the server whether it takes the stored key, and notes what it says in the profile: that it
 * works, with e-mail and balance where the server tells; that it was rejected, with the causes that
 * may have; or that the server cannot be reached, and why.
 *
 * Errors: as comfy_connector_open(), and %COMFY_ERROR_UNAUTHORIZED
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyAccount
 */
DexFuture *
comfy_connector_test (ComfyConnector *self,
                      ComfyProfile   *profile)
{
  g_return_val_if_fail (COMFY_IS_CONNECTOR (self), NULL);
  g_return_val_if_fail (COMFY_IS_PROFILE (profile), NULL);

  return _comfy_spawn (test_fiber, call_new (self, profile, NULL), call_free);
}

static DexFuture *
try_fiber (gpointer data)
{
  Call              *call = data;
  g_autoptr(GError)  error = NULL;
  ComfyAccount      *account = await_account (call, &error);

  if (account == NULL)
    return call_reject (call, comfy_rejection_explain (error, call->endpoint, call->credentials,
                                                       NULL, FALSE));

  return dex_future_new_take_boxed (COMFY_TYPE_ACCOUNT, account);
}

/**
 * comfy_connector_try:
 * @endpoint: where
 * @credentials: (nullable): a key for it that is not stored
 *
 * Asks the server whether it takes a key. Nothing is noted but the protocol that it speaks.
 *
 * Errors: %COMFY_ERROR_UNAUTHORIZED with the causes that may have; those of the connection
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyAccount
 */
DexFuture *
comfy_connector_try (ComfyConnector   *self,
                     ComfyEndpoint    *endpoint,
                     ComfyCredentials *credentials)
{
  Call *call;

  g_return_val_if_fail (COMFY_IS_CONNECTOR (self), NULL);
  g_return_val_if_fail (COMFY_IS_ENDPOINT (endpoint), NULL);

  call = call_new (self, NULL, endpoint);
  call->credentials = credentials != NULL ? comfy_credentials_ref (credentials) : NULL;

  return _comfy_spawn (try_fiber, call, call_free);
}

/**
 * comfy_connector_explain:
 * @profile: a profile that comfy_connector_open() was called with
 * @error: why something failed that was asked with its key
 *
 * Says which key was rejected and what may have caused it. Any other error is copied as it is.
 *
 * Returns: (transfer full): the error for the artist
 */
GError *
comfy_connector_explain (ComfyConnector *self,
                         ComfyProfile   *profile,
                         const GError   *error)
{
  ComfyLine *line;

  g_return_val_if_fail (COMFY_IS_CONNECTOR (self), NULL);
  g_return_val_if_fail (COMFY_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (error != NULL, NULL);

  line = g_hash_table_lookup (self->lines, comfy_profile_get_id (profile));
  if (line == NULL)
    return g_error_copy (error);

  return comfy_rejection_explain (error, line->endpoint, line->credentials,
                                  comfy_profile_get_name (profile),
                                  comfy_profile_get_state (profile) == COMFY_PROFILE_WORKS);
}

/**
 * comfy_connector_get_protocol_name:
 * @endpoint: an environment
 *
 * Returns: (transfer none) (nullable): what answers there, for people; %NULL until it is known
 */
const char *
comfy_connector_get_protocol_name (ComfyConnector *self,
                                   ComfyEndpoint  *endpoint)
{
  g_return_val_if_fail (COMFY_IS_CONNECTOR (self), NULL);
  g_return_val_if_fail (COMFY_IS_ENDPOINT (endpoint), NULL);

  return comfy_protocol_get_name (comfy_protocol_memory_get (self->settings, endpoint));
}

static void
comfy_connector_finalize (GObject *object)
{
  ComfyConnector *self = COMFY_CONNECTOR (object);

  g_hash_table_unref (self->lines);
  g_clear_object (&self->store);
  g_clear_object (&self->settings);
  g_free (self->runtime_folder);

  G_OBJECT_CLASS (comfy_connector_parent_class)->finalize (object);
}

static void
comfy_connector_class_init (ComfyConnectorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_connector_finalize;
}

static void
comfy_connector_init (ComfyConnector *self)
{
  self->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) comfy_line_free);
}

/**
 * comfy_connector_new:
 * @store: the profiles
 * @settings: remembers what protocol an environment speaks
 * @runtime_folder: where the rate limits of all processes lie
 *
 * Returns: (transfer full): a connector with nothing open
 */
ComfyConnector *
comfy_connector_new (ComfyProfileStore *store,
                     ComfySettings     *settings,
                     const char        *runtime_folder)
{
  ComfyConnector *self;

  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (store), NULL);
  g_return_val_if_fail (COMFY_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (runtime_folder != NULL, NULL);

  self = g_object_new (COMFY_TYPE_CONNECTOR, NULL);
  self->store = g_object_ref (store);
  self->settings = g_object_ref (settings);
  self->runtime_folder = g_strdup (runtime_folder);

  return self;
}
