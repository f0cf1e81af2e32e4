/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist allows to leave this computer, and for how long it may stay where it went.
 */
#define G_LOG_DOMAIN "comfy-settings"

#include "config.h"

#include "comfy-settings-private.h"

#define KEY_CONSENTS       "consents"
#define KEY_DELETE_UPLOADS "delete-uploads"
#define KEY_LENDS_KEY      "partner-keys"

/**
 * comfy_settings_get_delete_uploads:
 * @self: the settings
 *
 * Returns: whether what a job uploaded is deleted on the server when the job is done
 */
gboolean
comfy_settings_get_delete_uploads (ComfySettings *self)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), FALSE);

  return g_key_file_get_boolean (comfy_settings_get_key_file (self), COMFY_SETTINGS_GROUP,
                                 KEY_DELETE_UPLOADS, NULL);
}

/**
 * comfy_settings_set_delete_uploads:
 * @self: the settings
 * @deletes: whether what a job uploaded is deleted on the server when the job is done
 */
void
comfy_settings_set_delete_uploads (ComfySettings *self,
                                   gboolean       deletes)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));

  g_key_file_set_boolean (comfy_settings_get_key_file (self), COMFY_SETTINGS_GROUP,
                          KEY_DELETE_UPLOADS, deletes);
  _comfy_settings_save_preference (self);
}

/* Whether an origin is in a list of origins */
static gboolean
has_origin (ComfySettings *self,
            const char    *key,
            const char    *origin)
{
  g_auto(GStrv) origins = g_key_file_get_string_list (comfy_settings_get_key_file (self),
                                                      COMFY_SETTINGS_GROUP, key, NULL, NULL);

  return origins != NULL && g_strv_contains ((const char * const *) origins, origin);
}

static void
set_origin (ComfySettings *self,
            const char    *key,
            const char    *origin,
            gboolean       is_in)
{
  GKeyFile                *keys = comfy_settings_get_key_file (self);
  g_auto(GStrv)            origins = NULL;
  g_auto(GStrv)            all = NULL;
  g_autoptr(GStrvBuilder)  builder = g_strv_builder_new ();

  if (has_origin (self, key, origin) == is_in)
    return;

  origins = g_key_file_get_string_list (keys, COMFY_SETTINGS_GROUP, key, NULL, NULL);
  for (unsigned int i = 0; origins != NULL && origins[i] != NULL; i++)
    if (!g_str_equal (origins[i], origin))
      g_strv_builder_add (builder, origins[i]);
  if (is_in)
    g_strv_builder_add (builder, origin);
  all = g_strv_builder_end (builder);
  g_key_file_set_string_list (keys, COMFY_SETTINGS_GROUP, key, (const char * const *) all,
                              g_strv_length (all));
  _comfy_settings_save_preference (self);
}

/**
 * comfy_settings_get_lends_key:
 * @self: the settings
 * @origin: of an environment
 *
 * Returns: whether the environment's key may be used for partners' nodes, which are billed per
 *   call; not unless the artist said so
 */
gboolean
comfy_settings_get_lends_key (ComfySettings *self,
                              const char    *origin)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (origin != NULL, FALSE);

  return has_origin (self, KEY_LENDS_KEY, origin);
}

/**
 * comfy_settings_set_lends_key:
 * @self: the settings
 * @origin: of an environment
 * @lends: whether its key may be used for partners' nodes
 */
void
comfy_settings_set_lends_key (ComfySettings *self,
                              const char    *origin,
                              gboolean       lends)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));
  g_return_if_fail (origin != NULL);

  set_origin (self, KEY_LENDS_KEY, origin, lends);
}

/**
 * comfy_settings_has_consent:
 * @self: the settings
 * @origin: where pixels would be sent
 *
 * Returns: whether the artist has read what leaves the machine, and where to, for this origin
 */
gboolean
comfy_settings_has_consent (ComfySettings *self,
                            const char    *origin)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (origin != NULL, FALSE);

  return has_origin (self, KEY_CONSENTS, origin);
}

/**
 * comfy_settings_give_consent:
 * @self: the settings
 * @origin: where pixels may be sent from now on
 */
void
comfy_settings_give_consent (ComfySettings *self,
                             const char    *origin)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));
  g_return_if_fail (origin != NULL);

  set_origin (self, KEY_CONSENTS, origin, TRUE);
}
