/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which workflows were used last. A path need not be UTF-8, and is kept as a URI.
 */
#define G_LOG_DOMAIN "comfy-settings"

#include "config.h"

#include "comfy-settings-private.h"

#define KEY_RECENT "recent-workflows"

/**
 * comfy_settings_dup_recent_workflows:
 * @self: the settings
 *
 * Returns: (transfer full): absolute paths in the file system's encoding, the newest first, at most
 *   %COMFY_SETTINGS_MAX_RECENT
 */
char **
comfy_settings_dup_recent_workflows (ComfySettings *self)
{
  g_autoptr(GStrvBuilder) paths = g_strv_builder_new ();
  g_auto(GStrv)           uris = NULL;
  unsigned int            n = 0;

  g_return_val_if_fail (COMFY_IS_SETTINGS (self), NULL);

  uris = g_key_file_get_string_list (comfy_settings_get_key_file (self), COMFY_SETTINGS_GROUP,
                                     KEY_RECENT, NULL, NULL);
  for (unsigned int i = 0; uris != NULL && uris[i] != NULL && n < COMFY_SETTINGS_MAX_RECENT; i++)
    {
      char *path = g_filename_from_uri (uris[i], NULL, NULL);

      if (path == NULL)
        continue;
      g_strv_builder_take (paths, path);
      n++;
    }

  return g_strv_builder_end (paths);
}

/* @first: (nullable): stands before the others from now on; @gone: (nullable): does no more */
static void
replace (ComfySettings *self,
         const char    *first,
         const char    *gone)
{
  g_auto(GStrv)           old = comfy_settings_dup_recent_workflows (self);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv)           uris = NULL;
  unsigned int            n = 0;

  if (first != NULL)
    {
      g_strv_builder_take (builder, g_filename_to_uri (first, NULL, NULL));
      n++;
    }
  for (unsigned int i = 0; old[i] != NULL && n < COMFY_SETTINGS_MAX_RECENT; i++)
    {
      if (g_strcmp0 (old[i], first) == 0 || g_strcmp0 (old[i], gone) == 0)
        continue;
      g_strv_builder_take (builder, g_filename_to_uri (old[i], NULL, NULL));
      n++;
    }

  uris = g_strv_builder_end (builder);
  g_key_file_set_string_list (comfy_settings_get_key_file (self), COMFY_SETTINGS_GROUP, KEY_RECENT,
                              (const char * const *) uris, n);
  _comfy_settings_save_preference (self);
}

/**
 * comfy_settings_note_recent_workflow:
 * @self: the settings
 * @path: absolute, in the file system's encoding
 *
 * Puts @path before all others; the oldest goes when there are too many.
 */
void
comfy_settings_note_recent_workflow (ComfySettings *self,
                                     const char    *path)
{
  g_auto(GStrv) recent = NULL;

  g_return_if_fail (COMFY_IS_SETTINGS (self));
  g_return_if_fail (path != NULL && g_path_is_absolute (path));

  recent = comfy_settings_dup_recent_workflows (self);
  if (g_strcmp0 (recent[0], path) != 0)
    replace (self, path, NULL);
}

/**
 * comfy_settings_forget_recent_workflow:
 * @self: the settings
 * @path: as it was noted
 */
void
comfy_settings_forget_recent_workflow (ComfySettings *self,
                                       const char    *path)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));
  g_return_if_fail (path != NULL);

  replace (self, NULL, path);
}
