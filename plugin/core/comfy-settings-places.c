/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where on this computer the artist was last.
 */
#define G_LOG_DOMAIN "comfy-settings"

#include "config.h"

#include "comfy-settings-private.h"

#define KEY_SAVE_FOLDER "save-folder"

/**
 * comfy_settings_dup_save_folder:
 * @self: the settings
 *
 * Returns: (transfer full) (nullable): the folder that a file of a job was last saved in, in the
 *   file system's encoding; %NULL when there is none, or it is gone
 */
char *
comfy_settings_dup_save_folder (ComfySettings *self)
{
  g_autofree char *uri = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (COMFY_IS_SETTINGS (self), NULL);

  uri = g_key_file_get_string (comfy_settings_get_key_file (self), COMFY_SETTINGS_GROUP,
                               KEY_SAVE_FOLDER, NULL);
  path = uri != NULL ? g_filename_from_uri (uri, NULL, NULL) : NULL;
  if (path == NULL || !g_file_test (path, G_FILE_TEST_IS_DIR))
    return NULL;

  return g_steal_pointer (&path);
}

/**
 * comfy_settings_set_save_folder:
 * @self: the settings
 * @folder: an absolute path in the file system's encoding
 */
void
comfy_settings_set_save_folder (ComfySettings *self,
                                const char    *folder)
{
  g_autofree char *uri = NULL;

  g_return_if_fail (COMFY_IS_SETTINGS (self));
  g_return_if_fail (folder != NULL);

  /* a path may be no text */
  uri = g_filename_to_uri (folder, NULL, NULL);
  if (uri == NULL)
    return;

  g_key_file_set_string (comfy_settings_get_key_file (self), COMFY_SETTINGS_GROUP, KEY_SAVE_FOLDER,
                         uri);
  _comfy_settings_save_preference (self);
}
