/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All profiles. Whatever changes them writes the index and saves it; the list and its objects are
 * read from the index again, exactly as after another process's change. What is noted of profiles
 * is in comfy-profile-store-notes.c; what needs the keyring in comfy-profile-store-keys.c (changes)
 * and comfy-profile-store-lookup.c.
 */
#define G_LOG_DOMAIN "comfy-profile-store"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-list-private.h"
#include "comfy-profile-index-private.h"
#include "comfy-profile-private.h"
#include "comfy-profile-store-private.h"

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ComfyProfileStore, comfy_profile_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static GType
comfy_profile_store_get_item_type (GListModel *model)
{
  return COMFY_TYPE_PROFILE;
}

static unsigned int
comfy_profile_store_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (COMFY_PROFILE_STORE (model)->list));
}

static gpointer
comfy_profile_store_get_item (GListModel   *model,
                              unsigned int  position)
{
  return g_list_model_get_item (G_LIST_MODEL (COMFY_PROFILE_STORE (model)->list), position);
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = comfy_profile_store_get_item_type;
  iface->get_n_items = comfy_profile_store_get_n_items;
  iface->get_item = comfy_profile_store_get_item;
}

static void
reload (ComfyProfileStore *self)
{
  GKeyFile            *keys = comfy_settings_get_key_file (self->settings);
  g_auto(GStrv)        ids = _comfy_profile_index_list (keys);
  g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->given != NULL)
    g_ptr_array_add (wanted, g_object_ref (self->given));

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      ComfyProfile *known = comfy_profile_store_find (self, ids[i]);

      g_ptr_array_add (wanted, _comfy_profile_index_read (keys, ids[i], known));
    }

  _comfy_list_replace (self->list, wanted);
}

static void
comfy_profile_store_finalize (GObject *object)
{
  ComfyProfileStore *self = COMFY_PROFILE_STORE (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->keyring);
  g_clear_object (&self->endpoints);
  g_clear_object (&self->list);
  g_clear_pointer (&self->environment, comfy_environment_free);
  g_clear_object (&self->given);

  G_OBJECT_CLASS (comfy_profile_store_parent_class)->finalize (object);
}

static void
comfy_profile_store_class_init (ComfyProfileStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_profile_store_finalize;
}

static void
comfy_profile_store_init (ComfyProfileStore *self)
{
  self->list = g_list_store_new (COMFY_TYPE_PROFILE);
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (g_list_model_items_changed),
                           self, G_CONNECT_SWAPPED);
}

/**
 * comfy_profile_store_new:
 * @settings: where the index and the custom environments are kept
 * @keyring: where the keys are kept
 *
 * Nothing is asked of the keyring yet.
 *
 * Returns: (transfer full): the profiles that the index lists
 */
ComfyProfileStore *
comfy_profile_store_new (ComfySettings *settings,
                         ComfyKeyring  *keyring)
{
  ComfyProfileStore *self;

  g_return_val_if_fail (COMFY_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (COMFY_IS_KEYRING (keyring), NULL);

  self = g_object_new (COMFY_TYPE_PROFILE_STORE, NULL);
  self->settings = g_object_ref (settings);
  self->keyring = g_object_ref (keyring);
  self->endpoints = comfy_endpoint_list_new (settings);
  reload (self);
  g_signal_connect_object (settings, "changed", G_CALLBACK (reload), self, G_CONNECT_SWAPPED);

  return self;
}

/* The environment that the variables name: one that is listed already, or one for this process */
static void
join_endpoints (ComfyProfileStore *self)
{
  GListModel *model = comfy_endpoint_list_get_model (self->endpoints);

  for (unsigned int i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(ComfyEndpoint) listed = g_list_model_get_item (model, i);

      if (g_str_equal (comfy_endpoint_get_base_url (listed),
                       comfy_endpoint_get_base_url (self->environment->endpoint)))
        {
          g_set_object (&self->environment->endpoint, listed);
          return;
        }
    }

  comfy_endpoint_list_set_extra (self->endpoints, self->environment->endpoint);
}

/**
 * comfy_profile_store_use_environment:
 * @environment: (transfer full) (nullable): what COMFY_API_KEY and COMFY_BASE_URL say
 *
 * Adds the read-only profile “From the environment”, which wins over the stored ones. One that
 * cannot be used wins all the same and says why: a job on another account would be a surprise.
 */
void
comfy_profile_store_use_environment (ComfyProfileStore *self,
                                     ComfyEnvironment  *environment)
{
  g_return_if_fail (COMFY_IS_PROFILE_STORE (self));
  g_return_if_fail (self->environment == NULL);

  if (environment == NULL)
    return;

  self->environment = environment;
  join_endpoints (self);
  self->given = _comfy_profile_new (COMFY_ENVIRONMENT_ID,
                                    comfy_endpoint_get_id (environment->endpoint),
                                    g_get_real_time () / G_USEC_PER_SEC,
                                    environment->credentials != NULL, FALSE);
  _comfy_profile_set_name (self->given, _("From the environment"));
  if (environment->credentials != NULL)
    _comfy_profile_set_last_four (self->given,
                                  comfy_credentials_get_last_four (environment->credentials));
  if (environment->error != NULL)
    _comfy_profile_set_outcome (self->given, COMFY_PROFILE_REJECTED, NULL,
                                environment->error->message);
  reload (self);
}

/**
 * comfy_profile_store_get_endpoints:
 *
 * Returns: (transfer none): the environments, as a list of #ComfyEndpoint, presets first
 */
GListModel *
comfy_profile_store_get_endpoints (ComfyProfileStore *self)
{
  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (self), NULL);

  return comfy_endpoint_list_get_model (self->endpoints);
}

/**
 * comfy_profile_store_find_endpoint:
 * @endpoint_id: an id
 *
 * Returns: (transfer none) (nullable): the environment with this id
 */
ComfyEndpoint *
comfy_profile_store_find_endpoint (ComfyProfileStore *self,
                                   const char        *endpoint_id)
{
  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (self), NULL);

  return comfy_endpoint_list_find (self->endpoints, endpoint_id);
}

/**
 * comfy_profile_store_add_endpoint:
 * @label: what people read; not empty, not that of another environment
 * @base_url: see comfy_endpoint_check_url()
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT, %COMFY_ERROR_STORAGE
 *
 * Returns: (transfer none): the new environment
 */
ComfyEndpoint *
comfy_profile_store_add_endpoint (ComfyProfileStore  *self,
                                  const char         *label,
                                  const char         *base_url,
                                  GError            **error)
{
  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (self), NULL);

  return comfy_endpoint_list_add (self->endpoints, label, base_url, error);
}

/**
 * comfy_profile_store_remove_endpoint:
 * @endpoint_id: a custom environment without profiles: their keys would stay in the keyring, and
 *   nothing would list them
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT, %COMFY_ERROR_STORAGE
 */
gboolean
comfy_profile_store_remove_endpoint (ComfyProfileStore  *self,
                                     const char         *endpoint_id,
                                     GError            **error)
{
  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (self), FALSE);

  if (comfy_profile_store_get_default (self, endpoint_id) != NULL ||
      (self->given != NULL &&
       g_str_equal (comfy_profile_get_endpoint_id (self->given), endpoint_id)))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, endpoint_id,
                       _("There are keys for this environment. Remove them first."));
      return FALSE;
    }

  return comfy_endpoint_list_remove (self->endpoints, endpoint_id, error);
}

/**
 * comfy_profile_store_find:
 * @profile_id: an id
 *
 * Returns: (transfer none) (nullable): the profile with this id
 */
ComfyProfile *
comfy_profile_store_find (ComfyProfileStore *self,
                          const char        *profile_id)
{
  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (self), NULL);

  for (unsigned int i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      g_autoptr(ComfyProfile) profile = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      /* the list keeps it alive */
      if (g_strcmp0 (comfy_profile_get_id (profile), profile_id) == 0)
        return profile;
    }

  return NULL;
}

/**
 * comfy_profile_store_get_active:
 *
 * COMFY_BASE_URL without COMFY_API_KEY names an environment: where a key is stored for it, that key
 * is used, else none.
 *
 * Returns: (transfer none) (nullable): the profile that actions use: the one from the environment,
 *   else the default of the chosen environment; %NULL when no key is there yet
 */
ComfyProfile *
comfy_profile_store_get_active (ComfyProfileStore *self)
{
  const char *endpoint_id;

  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (self), NULL);

  if (self->given != NULL)
    {
      ComfyProfile *stored = NULL;

      if (!comfy_profile_has_key (self->given) && self->environment->error == NULL)
        stored = comfy_profile_store_get_default (self,
                                                  comfy_profile_get_endpoint_id (self->given));
      return stored != NULL ? stored : self->given;
    }

  /* a custom environment that was chosen may be gone */
  endpoint_id = comfy_settings_get_endpoint (self->settings);
  if (comfy_profile_store_find_endpoint (self, endpoint_id) == NULL)
    endpoint_id = COMFY_ENDPOINT_PRODUCTION;

  return comfy_profile_store_get_default (self, endpoint_id);
}

/**
 * comfy_profile_store_get_default:
 * @endpoint_id: an environment
 *
 * Returns: (transfer none) (nullable): the stored profile that its actions use: the one marked as
 *   default, else the first; %NULL when there is none
 */
ComfyProfile *
comfy_profile_store_get_default (ComfyProfileStore *self,
                                 const char        *endpoint_id)
{
  ComfyProfile *first = NULL;

  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (self), NULL);

  for (unsigned int i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      g_autoptr(ComfyProfile) profile = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      if (!comfy_profile_is_editable (profile) ||
          g_strcmp0 (comfy_profile_get_endpoint_id (profile), endpoint_id) != 0)
        continue;
      if (comfy_profile_is_default (profile))
        return profile;
      if (first == NULL)
        first = profile;
    }

  return first;
}
