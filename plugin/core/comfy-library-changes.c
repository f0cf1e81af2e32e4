/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist does to the list.
 */
#define G_LOG_DOMAIN "comfy-library"

#include "config.h"

#include "comfy-fiber-private.h"
#include "comfy-library-private.h"

/* One change. Lives in its fiber, and on the worker thread while that runs. */
typedef struct
{
  ComfyLibrary     *library;  /* owned */
  ComfyLibraryItem *item;     /* owned, nullable */
  char             *text;     /* owned, nullable: a path, or a title */
  char             *folder;   /* owned */
  char             *path;     /* owned, nullable: what came of it */
  gboolean          for_good;
  ComfyThreadFunc   func;
} Change;

static void
change_clear (gpointer data)
{
  Change *change = data;

  g_clear_object (&change->library);
  g_clear_object (&change->item);
  g_free (change->text);
  g_free (change->folder);
  g_free (change->path);
}

static void
change_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, change_clear);
}

static Change *
change_new (ComfyLibrary     *library,
            ComfyLibraryItem *item,
            const char       *text,
            ComfyThreadFunc   func)
{
  Change *change = g_atomic_rc_box_new0 (Change);

  change->library = g_object_ref (library);
  change->item = item != NULL ? g_object_ref (item) : NULL;
  change->text = g_strdup (text);
  change->folder = g_strdup (comfy_library_get_folder (library));
  change->func = func;

  return change;
}

/* files first, then the list */
static DexFuture *
change_fiber (gpointer data)
{
  Change *change = data;
  GError *error = NULL;

  if (!dex_await (_comfy_run_in_thread (change->func, g_atomic_rc_box_acquire (change),
                                        change_unref), &error) ||
      !dex_await (_comfy_library_follow (change->library), &error))
    return dex_future_new_for_error (error);

  return change->path != NULL ? dex_future_new_for_string (change->path) : dex_future_new_true ();
}

static DexFuture *
run (Change *change)
{
  return dex_scheduler_spawn (NULL, 0, change_fiber, change, change_unref);
}

static gboolean
add_in_thread (gpointer   data,
               GError   **error)
{
  Change *change = data;

  change->path = _comfy_library_copy_in (change->folder, change->text, error);

  return change->path != NULL;
}

static gboolean
rename_in_thread (gpointer   data,
                  GError   **error)
{
  Change *change = data;

  change->path = _comfy_library_rename_files (change->item, change->text, error);

  return change->path != NULL;
}

static gboolean
remove_in_thread (gpointer   data,
                  GError   **error)
{
  Change *change = data;

  return _comfy_library_remove_files (change->item, change->for_good, error);
}

/**
 * comfy_library_find:
 * @self: a library
 * @path: of a graph, absolute, or relative to the current folder
 *
 * Returns: (transfer full) (nullable): the item of that file
 */
ComfyLibraryItem *
comfy_library_find (ComfyLibrary *self,
                    const char   *path)
{
  g_autofree char *wanted = NULL;
  unsigned int     n;

  g_return_val_if_fail (COMFY_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  wanted = g_canonicalize_filename (path, NULL);
  n = g_list_model_get_n_items (G_LIST_MODEL (self));
  for (unsigned int i = 0; i < n; i++)
    {
      g_autoptr(ComfyLibraryItem) item = g_list_model_get_item (G_LIST_MODEL (self), i);

      if (g_strcmp0 (comfy_library_item_get_path (item), wanted) == 0)
        return g_steal_pointer (&item);
    }

  return NULL;
}

/**
 * comfy_library_note_recent:
 * @self: a library
 * @path: of a graph that was used; one in the artist's own folder is listed anyway
 *
 * It stands first among the recent ones from now on.
 */
void
comfy_library_note_recent (ComfyLibrary *self,
                           const char   *path)
{
  g_autofree char *absolute = NULL;
  g_autofree char *folder = NULL;

  g_return_if_fail (COMFY_IS_LIBRARY (self));
  g_return_if_fail (path != NULL);

  absolute = g_canonicalize_filename (path, NULL);
  folder = g_path_get_dirname (absolute);
  if (!g_str_equal (folder, comfy_library_get_folder (self)))
    comfy_settings_note_recent_workflow (self->settings, absolute);
}

/**
 * comfy_library_add:
 * @self: a library
 * @path: a workflow that lies anywhere
 *
 * Copies it into the artist's folder, with its description where it has one. It keeps its name,
 * with a number behind it when that is taken; one that is in the folder already stays as it is.
 *
 * Errors: %COMFY_ERROR_INVALID_WORKFLOW and others of opening it; %COMFY_ERROR_STORAGE
 *
 * Returns: (transfer full): a future of the copy's path, settled when it is in the list
 */
DexFuture *
comfy_library_add (ComfyLibrary *self,
                   const char   *path)
{
  g_autofree char *absolute = NULL;
  g_autofree char *folder = NULL;
  GError          *error = NULL;

  g_return_val_if_fail (COMFY_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  absolute = g_canonicalize_filename (path, NULL);
  folder = g_path_get_dirname (absolute);
  if (g_str_equal (folder, comfy_library_get_folder (self)))
    return dex_future_new_for_string (absolute);
  if (!comfy_library_make_folder (self, &error))
    return dex_future_new_for_error (error);

  return run (change_new (self, NULL, absolute, add_in_thread));
}

/**
 * comfy_library_rename:
 * @self: a library
 * @item: one of the artist's own
 * @title: what it shall be called
 *
 * What has a description is called so there, and in GIMP's menu after its next start; another file
 * is renamed.
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT: nothing can be called so, or something is already;
 * %COMFY_ERROR_STORAGE
 *
 * Returns: (transfer full): a future of its path, settled when the list says so
 */
DexFuture *
comfy_library_rename (ComfyLibrary     *self,
                      ComfyLibraryItem *item,
                      const char       *title)
{
  g_return_val_if_fail (COMFY_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (item) && comfy_library_item_is_own (item), NULL);
  g_return_val_if_fail (title != NULL, NULL);

  return run (change_new (self, item, title, rename_in_thread));
}

/**
 * comfy_library_remove:
 * @self: a library
 * @item: one of the artist's own, or a recent one
 * @for_good: its files are deleted; else they go to the trash
 *
 * A recent one is only forgotten: its file lies where it lay.
 *
 * Errors: %COMFY_ERROR_NOT_SUPPORTED: there is no trash; ask the artist before you say @for_good;
 * %COMFY_ERROR_STORAGE
 *
 * Returns: (transfer full): a future of %TRUE, settled when it is not in the list any more
 */
DexFuture *
comfy_library_remove (ComfyLibrary     *self,
                      ComfyLibraryItem *item,
                      gboolean          for_good)
{
  Change *change;

  g_return_val_if_fail (COMFY_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (COMFY_IS_LIBRARY_ITEM (item), NULL);
  g_return_val_if_fail (comfy_library_item_get_kind (item) != COMFY_LIBRARY_BUILT_IN, NULL);

  if (comfy_library_item_get_kind (item) == COMFY_LIBRARY_RECENT)
    {
      comfy_settings_forget_recent_workflow (self->settings,
                                             comfy_library_item_get_path (item));
      return _comfy_library_follow (self);
    }

  change = change_new (self, item, NULL, remove_in_thread);
  change->for_good = for_good;

  return run (change);
}
