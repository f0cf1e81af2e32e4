/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file behind ComfySettings: a three-way merge of what was last seen on disk, what is there now
 * and what this process wants, written atomically under a lock.
 */
#define G_LOG_DOMAIN "comfy-settings"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "comfy-error.h"
#include "comfy-settings-file.h"

struct _ComfySettingsFile
{
  char     *path;
  char     *lock_path;
  GKeyFile *keys; /* what this process wants: what it saw, and its own changes on top */
  GKeyFile *seen; /* what it last saw on disk */
};

/* Reads @path; a file that is missing or damaged reads as empty. A damaged one is put aside first,
 * because the next save would overwrite what the artist might still repair. */
static gboolean
load_from_disk (const char  *path,
                GKeyFile    *keys,
                GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char   *data = NULL;
  g_autofree char   *aside = NULL;
  gsize              length = 0;

  if (!g_file_get_contents (path, &data, &length, &local_error) &&
      !g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      comfy_set_error (error, COMFY_ERROR_STORAGE, local_error->message,
                       _("The settings could not be read. Check the permissions of %s."), path);
      return FALSE;
    }

  if (length == 0 ||
      g_key_file_load_from_data (keys, data, length, G_KEY_FILE_KEEP_COMMENTS, NULL))
    return TRUE;

  aside = g_strconcat (path, ".damaged", NULL);
  g_warning ("%s cannot be understood; it is kept as %s", path, aside);
  if (g_rename (path, aside) != 0)
    g_warning ("%s: %s", aside, g_strerror (errno));

  return TRUE;
}

static void
copy_key_file (GKeyFile *from,
               GKeyFile *to)
{
  g_autofree char *data = NULL;
  gsize            length = 0;

  data = g_key_file_to_data (from, &length, NULL);
  g_key_file_load_from_data (to, data, length, G_KEY_FILE_KEEP_COMMENTS, NULL);
}

static gboolean
key_files_equal (GKeyFile *a,
                 GKeyFile *b)
{
  g_autofree char *data_a = g_key_file_to_data (a, NULL, NULL);
  g_autofree char *data_b = g_key_file_to_data (b, NULL, NULL);

  return g_str_equal (data_a, data_b);
}

static void
apply_group_changes (const char *group,
                     GKeyFile   *seen,
                     GKeyFile   *wanted,
                     GKeyFile   *target)
{
  g_auto(GStrv) wanted_keys = g_key_file_get_keys (wanted, group, NULL, NULL);
  g_auto(GStrv) seen_keys = g_key_file_get_keys (seen, group, NULL, NULL);

  for (unsigned int i = 0; wanted_keys != NULL && wanted_keys[i] != NULL; i++)
    {
      g_autofree char *new_value = g_key_file_get_value (wanted, group, wanted_keys[i], NULL);
      g_autofree char *old_value = g_key_file_get_value (seen, group, wanted_keys[i], NULL);

      if (g_strcmp0 (new_value, old_value) != 0)
        g_key_file_set_value (target, group, wanted_keys[i], new_value);
    }

  for (unsigned int i = 0; seen_keys != NULL && seen_keys[i] != NULL; i++)
    if (!g_key_file_has_key (wanted, group, seen_keys[i], NULL))
      g_key_file_remove_key (target, group, seen_keys[i], NULL);
}

/* Does to @target what turned @seen into @wanted. A group that somebody else removed meanwhile
 * stays removed: our last change to a profile must not bring half of it back. */
static void
apply_changes (GKeyFile *seen,
               GKeyFile *wanted,
               GKeyFile *target)
{
  g_auto(GStrv) wanted_groups = g_key_file_get_groups (wanted, NULL);
  g_auto(GStrv) seen_groups = g_key_file_get_groups (seen, NULL);

  for (unsigned int i = 0; wanted_groups[i] != NULL; i++)
    if (!g_key_file_has_group (seen, wanted_groups[i]) ||
        g_key_file_has_group (target, wanted_groups[i]))
      apply_group_changes (wanted_groups[i], seen, wanted, target);

  for (unsigned int i = 0; seen_groups[i] != NULL; i++)
    if (!g_key_file_has_group (wanted, seen_groups[i]))
      g_key_file_remove_group (target, seen_groups[i], NULL);
}

/* Returns: a descriptor that holds the lock until it is closed, -1 on error */
static int
take_lock (ComfySettingsFile  *self,
           GError            **error)
{
  int fd;
  int result;

  fd = g_open (self->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd != -1)
    {
      do
        result = flock (fd, LOCK_EX);
      while (result != 0 && errno == EINTR);
      if (result == 0)
        return fd;
    }

  comfy_set_error (error, COMFY_ERROR_STORAGE, g_strerror (errno),
                   _("The settings could not be saved. Check the permissions and the free space "
                     "of the folder of %s."), self->path);
  if (fd != -1)
    g_close (fd, NULL);

  return -1;
}

/**
 * comfy_settings_file_new:
 * @path: the key file; its folder is made when it is missing
 *
 * Returns: (transfer full): the file as it is on disk, empty when there is none
 */
ComfySettingsFile *
comfy_settings_file_new (const char *path)
{
  ComfySettingsFile *self = g_new0 (ComfySettingsFile, 1);
  g_autoptr(GError) error = NULL;
  g_autofree char   *folder = g_path_get_dirname (path);

  self->path = g_strdup (path);
  self->lock_path = g_strconcat (path, ".lock", NULL);
  self->keys = g_key_file_new ();
  self->seen = g_key_file_new ();

  if (g_mkdir_with_parents (folder, 0700) != 0)
    g_warning ("%s: %s", folder, g_strerror (errno));
  if (!load_from_disk (path, self->seen, &error))
    g_warning ("%s (%s)", error->message, comfy_error_get_detail (error));
  copy_key_file (self->seen, self->keys);

  return self;
}

/**
 * comfy_settings_file_free:
 * @self: (transfer full): a file
 *
 * Frees it; changes that were not saved are lost.
 */
void
comfy_settings_file_free (ComfySettingsFile *self)
{
  g_free (self->path);
  g_free (self->lock_path);
  g_key_file_unref (self->keys);
  g_key_file_unref (self->seen);
  g_free (self);
}

/**
 * comfy_settings_file_get_keys:
 * @self: a file
 *
 * Returns: (transfer none): what this process sees and changes; the same object for the life of
 *   @self, whatever is loaded into it
 */
GKeyFile *
comfy_settings_file_get_keys (ComfySettingsFile *self)
{
  return self->keys;
}

/* Makes @current, which is what lies on disk, what was seen; changes of ours that were not saved
 * stay on top of it. Returns: whether anything is different now */
static gboolean
adopt (ComfySettingsFile *self,
       GKeyFile          *current)
{
  g_autoptr(GKeyFile) merged = g_key_file_new ();
  gboolean             changed;

  copy_key_file (current, merged);
  apply_changes (self->seen, self->keys, merged);
  changed = !key_files_equal (merged, self->keys);

  copy_key_file (current, self->seen);
  copy_key_file (merged, self->keys);

  return changed;
}

/**
 * comfy_settings_file_reload:
 * @self: a file
 *
 * Takes in what other processes wrote. Changes of this one that are not saved yet are kept. A file
 * that cannot be read is left alone, with a warning.
 *
 * Returns: whether anything is different from before
 */
gboolean
comfy_settings_file_reload (ComfySettingsFile *self)
{
  g_autoptr(GKeyFile) current = g_key_file_new ();
  g_autoptr(GError)   error = NULL;

  if (!load_from_disk (self->path, current, &error))
    {
      g_warning ("%s (%s)", error->message, comfy_error_get_detail (error));
      return FALSE;
    }

  return adopt (self, current);
}

/**
 * comfy_settings_file_save:
 * @self: a file
 * @error: %COMFY_ERROR_STORAGE
 *
 * Puts this process's changes on top of what lies on disk now, atomically and durably, readable by
 * the user alone. On failure they stay in memory, and the next save tries again.
 *
 * Returns: whether they are on disk
 */
gboolean
comfy_settings_file_save (ComfySettingsFile  *self,
                          GError            **error)
{
  g_autoptr(GKeyFile) current = g_key_file_new ();
  g_autoptr(GKeyFile) merged = g_key_file_new ();
  g_autoptr(GError)   local_error = NULL;
  g_autofree char     *data = NULL;
  g_autofd int         lock = -1;
  gsize                length = 0;

  lock = take_lock (self, error);
  if (lock == -1 || !load_from_disk (self->path, current, error))
    return FALSE;

  copy_key_file (current, merged);
  apply_changes (self->seen, self->keys, merged);

  /* an existing file's mode would stay, however wide */
  g_chmod (self->path, 0600);

  data = g_key_file_to_data (merged, &length, NULL);
  if (!key_files_equal (merged, current) &&
      !g_file_set_contents_full (self->path, data, (gssize) length,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0600, &local_error))
    {
      comfy_set_error (error, COMFY_ERROR_STORAGE, local_error->message,
                       _("The settings could not be saved. Check the permissions and the free "
                         "space of the folder of %s."), self->path);
      return FALSE;
    }

  adopt (self, merged);

  return TRUE;
}
