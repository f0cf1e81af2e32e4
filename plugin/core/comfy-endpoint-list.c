/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The environments. The settings' groups "environment ID" are the truth; the list is read from them
 * again whenever they change, whoever changed them.
 */
#define G_LOG_DOMAIN "comfy-endpoint-list"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "comfy-endpoint-list.h"
#include "comfy-error.h"
#include "comfy-list-private.h"

#define GROUP_PREFIX "environment "

struct _ComfyEndpointList
{
  GObject        parent_instance;
  ComfySettings *settings;
  GListStore    *list;
  ComfyEndpoint *presets[2];
  ComfyEndpoint *extra;      /* owned, nullable: what COMFY_BASE_URL names */
};

G_DEFINE_FINAL_TYPE (ComfyEndpointList, comfy_endpoint_list, G_TYPE_OBJECT)

/* Reads the group of a custom environment; the object that the list has already stays the same
 * while nothing in it changed. Returns: (transfer full) (nullable) */
static ComfyEndpoint *
read_group (ComfyEndpointList *self,
            const char        *group)
{
  GKeyFile                *keys = comfy_settings_get_key_file (self->settings);
  const char              *id = group + strlen (GROUP_PREFIX);
  g_autofree char         *label = g_key_file_get_string (keys, group, "name", NULL);
  g_autofree char         *base_url = g_key_file_get_string (keys, group, "base-url", NULL);
  ComfyEndpoint           *known = comfy_endpoint_list_find (self, id);
  g_autoptr(ComfyEndpoint) fresh = NULL;
  g_autoptr(GError)        error = NULL;

  /* a preset has a group, too, for what is remembered of it */
  if (base_url == NULL || label == NULL || (known != NULL && comfy_endpoint_is_preset (known)))
    return NULL;

  fresh = comfy_endpoint_new (id, label, base_url, &error);
  if (fresh == NULL)
    {
      g_warning ("The environment “%s” of the settings is left out: %s", label, error->message);
      return NULL;
    }

  if (known != NULL && g_str_equal (comfy_endpoint_get_label (known), label) &&
      g_str_equal (comfy_endpoint_get_base_url (known), comfy_endpoint_get_base_url (fresh)))
    return g_object_ref (known);

  return g_steal_pointer (&fresh);
}

static void
reload (ComfyEndpointList *self)
{
  GKeyFile            *keys = comfy_settings_get_key_file (self->settings);
  g_auto(GStrv)        groups = g_key_file_get_groups (keys, NULL);
  g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func (g_object_unref);

  for (unsigned int i = 0; i < G_N_ELEMENTS (self->presets); i++)
    g_ptr_array_add (wanted, g_object_ref (self->presets[i]));

  for (unsigned int i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], GROUP_PREFIX))
      {
        ComfyEndpoint *endpoint = read_group (self, groups[i]);

        if (endpoint != NULL)
          g_ptr_array_add (wanted, endpoint);
      }

  if (self->extra != NULL)
    g_ptr_array_add (wanted, g_object_ref (self->extra));

  _comfy_list_replace (self->list, wanted);
}

static void
comfy_endpoint_list_finalize (GObject *object)
{
  ComfyEndpointList *self = COMFY_ENDPOINT_LIST (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->list);
  for (unsigned int i = 0; i < G_N_ELEMENTS (self->presets); i++)
    g_clear_object (&self->presets[i]);
  g_clear_object (&self->extra);

  G_OBJECT_CLASS (comfy_endpoint_list_parent_class)->finalize (object);
}

static void
comfy_endpoint_list_class_init (ComfyEndpointListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_endpoint_list_finalize;
}

static void
comfy_endpoint_list_init (ComfyEndpointList *self)
{
  self->list = g_list_store_new (COMFY_TYPE_ENDPOINT);
  self->presets[0] = comfy_endpoint_new_production ();
  self->presets[1] = comfy_endpoint_new_staging ();
}

/**
 * comfy_endpoint_list_new:
 * @settings: where custom environments are kept
 *
 * Returns: (transfer full): the environments
 */
ComfyEndpointList *
comfy_endpoint_list_new (ComfySettings *settings)
{
  ComfyEndpointList *self;

  g_return_val_if_fail (COMFY_IS_SETTINGS (settings), NULL);

  self = g_object_new (COMFY_TYPE_ENDPOINT_LIST, NULL);
  self->settings = g_object_ref (settings);
  reload (self);
  g_signal_connect_object (settings, "changed", G_CALLBACK (reload), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * comfy_endpoint_list_get_model:
 *
 * Returns: (transfer none): the list, for views
 */
GListModel *
comfy_endpoint_list_get_model (ComfyEndpointList *self)
{
  g_return_val_if_fail (COMFY_IS_ENDPOINT_LIST (self), NULL);

  return G_LIST_MODEL (self->list);
}

/**
 * comfy_endpoint_list_set_extra:
 * @extra: an environment for this process alone, which the settings do not know
 */
void
comfy_endpoint_list_set_extra (ComfyEndpointList *self,
                               ComfyEndpoint     *extra)
{
  g_return_if_fail (COMFY_IS_ENDPOINT_LIST (self));
  g_return_if_fail (COMFY_IS_ENDPOINT (extra));

  if (g_set_object (&self->extra, extra))
    reload (self);
}

/**
 * comfy_endpoint_list_find:
 * @endpoint_id: an id
 *
 * Returns: (transfer none) (nullable): the environment with this id
 */
ComfyEndpoint *
comfy_endpoint_list_find (ComfyEndpointList *self,
                          const char        *endpoint_id)
{
  g_return_val_if_fail (COMFY_IS_ENDPOINT_LIST (self), NULL);

  for (unsigned int i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      g_autoptr(ComfyEndpoint) endpoint = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      /* the list keeps it alive */
      if (g_strcmp0 (comfy_endpoint_get_id (endpoint), endpoint_id) == 0)
        return endpoint;
    }

  return NULL;
}

static gboolean
has_label (ComfyEndpointList *self,
           const char        *label)
{
  for (unsigned int i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      g_autoptr(ComfyEndpoint) endpoint = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      if (g_str_equal (comfy_endpoint_get_label (endpoint), label))
        return TRUE;
    }

  return FALSE;
}

/**
 * comfy_endpoint_list_add:
 * @label: what people read; not empty, not that of another environment
 * @base_url: see comfy_endpoint_check_url()
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT, %COMFY_ERROR_STORAGE
 *
 * Returns: (transfer none): the new environment, which is kept in the settings
 */
ComfyEndpoint *
comfy_endpoint_list_add (ComfyEndpointList  *self,
                         const char         *label,
                         const char         *base_url,
                         GError            **error)
{
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;
  g_autofree char *group = NULL;
  g_autofree char *checked = NULL;
  GKeyFile        *keys;

  g_return_val_if_fail (COMFY_IS_ENDPOINT_LIST (self), NULL);
  g_return_val_if_fail (label != NULL && base_url != NULL, NULL);

  name = g_strstrip (g_strdup (label));
  if (name[0] == '\0' || has_label (self, name))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       name[0] == '\0'
                         ? _("Give the environment a name.")
                         : _("There is already an environment with this name."));
      return NULL;
    }
  if (!comfy_endpoint_check_url (base_url, &checked, NULL, error))
    return NULL;

  id = g_uuid_string_random ();
  group = g_strconcat (GROUP_PREFIX, id, NULL);
  keys = comfy_settings_get_key_file (self->settings);
  g_key_file_set_string (keys, group, "name", name);
  g_key_file_set_string (keys, group, "base-url", checked);

  if (!comfy_settings_save (self->settings, error))
    {
      g_key_file_remove_group (keys, group, NULL);
      return NULL;
    }

  return comfy_endpoint_list_find (self, id);
}

/**
 * comfy_endpoint_list_remove:
 * @endpoint_id: a custom environment; nothing may need it any more
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT for a preset, %COMFY_ERROR_STORAGE
 */
gboolean
comfy_endpoint_list_remove (ComfyEndpointList  *self,
                            const char         *endpoint_id,
                            GError            **error)
{
  g_autofree char *group = NULL;

  g_return_val_if_fail (COMFY_IS_ENDPOINT_LIST (self), FALSE);
  g_return_val_if_fail (endpoint_id != NULL, FALSE);

  group = g_strconcat (GROUP_PREFIX, endpoint_id, NULL);
  if (!g_key_file_has_key (comfy_settings_get_key_file (self->settings), group, "base-url", NULL))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, endpoint_id,
                       _("This environment cannot be removed."));
      return FALSE;
    }

  g_key_file_remove_group (comfy_settings_get_key_file (self->settings), group, NULL);

  return comfy_settings_save (self->settings, error);
}
