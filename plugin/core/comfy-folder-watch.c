/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GLib watches a folder that is missing by looking for it every four seconds, for as long as the
 * process lives. Here the nearest folder that is there is watched instead, until it comes.
 */
#define G_LOG_DOMAIN "comfy-folder-watch"

#include "config.h"

#include "comfy-folder-watch-private.h"

struct _ComfyFolderWatch
{
  char               *folder;  /* owned */
  char               *watched; /* owned: that one, or one above it */
  GFileMonitor       *monitor; /* owned, nullable: it cannot be watched */
  ComfyFolderChanged  changed;
  gpointer            data;    /* of @changed */
};

/* (transfer full): the folder, or the nearest above it that is there */
static char *
dup_nearest (const char *folder)
{
  g_autofree char *nearest = g_strdup (folder);

  while (!g_file_test (nearest, G_FILE_TEST_IS_DIR))
    {
      char *above = g_path_get_dirname (nearest);

      if (g_str_equal (above, nearest))
        {
          g_free (above);
          break;
        }
      g_free (nearest);
      nearest = above;
    }

  return g_steal_pointer (&nearest);
}

static void
drop (ComfyFolderWatch *self)
{
  if (self->monitor == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
}

static void watch (ComfyFolderWatch *self);

static gboolean
is_nearest (ComfyFolderWatch *self)
{
  g_autofree char *nearest = dup_nearest (self->folder);

  return g_str_equal (nearest, self->watched);
}

/* what happens beside a folder that is missing is nobody's business */
static void
changed_cb (ComfyFolderWatch *self)
{
  gboolean was_there = g_str_equal (self->watched, self->folder);
  gboolean has_moved = !is_nearest (self);

  if (has_moved)
    watch (self);
  if (was_there || has_moved)
    self->changed (self->data);
}

/* a folder that comes while it is looked for is found the next time around */
static void
watch (ComfyFolderWatch *self)
{
  do
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GFile)  file = NULL;

      drop (self);
      g_free (self->watched);
      self->watched = dup_nearest (self->folder);
      file = g_file_new_for_path (self->watched);
      self->monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
      if (self->monitor == NULL)
        {
          g_debug ("%s is not watched: %s", self->watched, error->message);
          return;
        }
      g_signal_connect_swapped (self->monitor, "changed", G_CALLBACK (changed_cb), self);
    }
  while (!is_nearest (self));
}

/*
 * _comfy_folder_watch_new:
 * @folder: an absolute path
 * @changed: called after something happened in it, and when it comes or goes
 * @data: for @changed
 *
 * Calls through the main context that is the thread's default now; @changed may free the watch.
 *
 * Returns: (transfer full): the watch
 */
ComfyFolderWatch *
_comfy_folder_watch_new (const char         *folder,
                         ComfyFolderChanged  changed,
                         gpointer            data)
{
  ComfyFolderWatch *self = g_new0 (ComfyFolderWatch, 1);

  self->folder = g_strdup (folder);
  self->changed = changed;
  self->data = data;
  watch (self);

  return self;
}

/*
 * _comfy_folder_watch_free:
 * @self: (transfer full): nothing is told any more
 */
void
_comfy_folder_watch_free (ComfyFolderWatch *self)
{
  drop (self);
  g_free (self->watched);
  g_free (self->folder);
  g_free (self);
}
