/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes to the files of the artist's folder. Nothing here overwrites a file that the artist may
 * want to keep; everything blocks, and runs on worker threads.
 */
#define G_LOG_DOMAIN "comfy-library"

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "comfy-action-private.h"
#include "comfy-durable.h"
#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-library-private.h"
#include "comfy-workflow-file.h"

#define SIDECAR_SUFFIX COMFY_SIDECAR_SUFFIX
#define ELLIPSIS       "…"

/* copies under one name that are tried */
#define MAX_COPIES 1000

static const char * const group_suffixes[] = { ".json", SIDECAR_SUFFIX, ".png", ".jpg", ".jpeg",
                                               ".webp" };

/* whether a file of the folder goes by that name already, and would belong to a new one */
static gboolean
is_taken (const char *folder,
          const char *stem)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (group_suffixes); i++)
    {
      g_autofree char *path = g_strconcat (folder, "/", stem, group_suffixes[i], NULL);
      struct stat      info;

      if (lstat (path, &info) == 0)
        return TRUE;
    }

  return FALSE;
}

/* (transfer full) (nullable): "Portrait", else "Portrait 2"… */
static char *
dup_free_stem (const char *folder,
               const char *stem)
{
  for (int i = 1; i <= MAX_COPIES; i++)
    {
      g_autofree char *numbered = i == 1 ? g_strdup (stem) : g_strdup_printf ("%s %d", stem, i);

      if (!is_taken (folder, numbered))
        return g_steal_pointer (&numbered);
    }

  return NULL;
}

/* what cannot be used is not kept, either: the artist learns at once which of the files it is, and
 * why */
static gboolean
check_graph (const char  *path,
             gboolean    *is_picture,
             GError     **error)
{
  g_autoptr(GError)            reason = NULL;
  g_autoptr(ComfyWorkflowFile) file = comfy_workflow_file_open (path, &reason);
  g_autofree char             *name = g_filename_display_basename (path);

  if (file == NULL)
    {
      /* translators: a file's name, and the sentence that says why */
      comfy_set_error (error, (ComfyError) reason->code, comfy_error_get_detail (reason),
                       _("“%s” was not added. %s"), name, reason->message);
      return FALSE;
    }

  *is_picture = comfy_workflow_file_is_picture (file);

  return TRUE;
}

static gboolean
copy_file (const char  *from,
           const char  *to,
           GError     **error)
{
  g_autoptr(GFile)  source = g_file_new_for_path (from);
  g_autoptr(GFile)  target = g_file_new_for_path (to);
  g_autofree char  *name = g_filename_display_basename (from);
  g_autoptr(GError) foreign = NULL;

  if (g_file_copy (source, target, G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, &foreign))
    return TRUE;

  /* half a file is of no use; one that was there before is not ours */
  if (!g_error_matches (foreign, G_IO_ERROR, G_IO_ERROR_EXISTS))
    g_remove (to);
  comfy_set_error (error, COMFY_ERROR_STORAGE, foreign->message,
                   _("“%s” cannot be copied. Check the free space and the permissions of your home "
                     "folder."), name);

  return FALSE;
}

/* (transfer full): the graph of which @path may be the description */
static char *
dup_graph_path (const char *path)
{
  if (_comfy_library_has_suffix (path, SIDECAR_SUFFIX))
    return g_strdup_printf ("%.*s.json", (int) (strlen (path) - strlen (SIDECAR_SUFFIX)), path);

  return g_strdup (path);
}

/* (transfer full): what a copy of @name may be called so that it is seen, and describes nothing */
static char *
dup_target_stem (const char *name)
{
  g_autofree char *stem = _comfy_library_dup_stem (name + strspn (name, "."));

  if (_comfy_library_has_suffix (stem, ".gimp"))
    stem[strlen (stem) - strlen (".gimp")] = '\0';

  return *stem != '\0' ? g_steal_pointer (&stem) : g_strdup ("workflow");
}

/* (transfer full) (nullable): the path of the copy */
static char *
copy_group (const ComfyLibraryEntry  *entry,
            const char               *folder,
            const char               *stem,
            const char               *suffix,
            GError                  **error)
{
  g_autofree char *free_stem = dup_free_stem (folder, stem);
  g_autofree char *target = NULL;
  g_autofree char *sidecar = NULL;

  if (free_stem == NULL)
    {
      g_autofree char *shown = g_filename_display_name (stem);

      comfy_set_error (error, COMFY_ERROR_STORAGE, NULL,
                       _("There are too many workflows called “%s”. Rename some of them."), shown);
      return NULL;
    }

  target = g_strconcat (folder, "/", free_stem, suffix, NULL);
  sidecar = g_strconcat (folder, "/", free_stem, SIDECAR_SUFFIX, NULL);
  /* the description first: without it the graph would be listed for a moment as if it had none */
  if (entry->sidecar != NULL && !copy_file (entry->sidecar, sidecar, error))
    return NULL;
  if (copy_file (entry->path, target, error))
    return g_steal_pointer (&target);

  if (entry->sidecar != NULL)
    g_remove (sidecar);

  return NULL;
}

/* two copies at once would take the same free name */
G_LOCK_DEFINE_STATIC (copying);

/*
 * _comfy_library_copy_in:
 * @folder: the artist's; it is there
 * @path: a workflow that lies anywhere
 *
 * Copies a workflow that can be used, and its description where there is one, under its own name
 * or, when that is taken, with a number behind it.
 *
 * Errors: those of opening it, and %COMFY_ERROR_STORAGE
 *
 * Returns: (transfer full) (nullable): the path of the copy
 */
char *
_comfy_library_copy_in (const char  *folder,
                        const char  *path,
                        GError     **error)
{
  g_autofree char              *graph = dup_graph_path (path);
  g_autofree char              *name = g_path_get_basename (graph);
  g_autofree char              *stem = dup_target_stem (name);
  g_autoptr(ComfyLibraryEntry)  entry = NULL;
  gboolean                      is_picture;
  char                         *target;

  if (!check_graph (graph, &is_picture, error))
    return NULL;

  entry = _comfy_library_entry_new (graph);
  if (is_picture)
    g_clear_pointer (&entry->sidecar, g_free);
  G_LOCK (copying);
  target = copy_group (entry, folder, stem, is_picture ? ".png" : ".json", error);
  G_UNLOCK (copying);

  return target;
}

/* (transfer full): for a menu: without a mnemonic, with dots where @old has them */
static char *
dup_menu_label (const char *title,
                const char *old)
{
  g_auto(GStrv)    parts = g_strsplit (title, "_", -1);
  g_autofree char *plain = g_strjoinv ("__", parts);
  gboolean         has_dots = old != NULL && g_str_has_suffix (old, ELLIPSIS);

  /* they say that there is a form, whatever the title ends in */
  while (g_str_has_suffix (plain, ELLIPSIS))
    plain[strlen (plain) - strlen (ELLIPSIS)] = '\0';

  return g_strconcat (*plain != '\0' ? plain : _("Workflow"), has_dots ? ELLIPSIS : NULL, NULL);
}

/* the title stands in the description; the files keep their names, by which the menu knows them */
static gboolean
retitle (ComfyLibraryItem  *item,
         const char        *title,
         GError           **error)
{
  const char          *path = comfy_library_item_get_sidecar_path (item);
  g_autofree char     *label = NULL;
  g_autoptr(JsonNode)  root = NULL;
  g_autoptr(GString)   written = g_string_new (NULL);
  g_autoptr(GBytes)    bytes = NULL;
  JsonObject          *sidecar;

  sidecar = _comfy_action_load_sidecar (path, &root, error);
  if (sidecar == NULL)
    return FALSE;

  label = dup_menu_label (title, comfy_json_get_string (sidecar, "menu-label"));
  json_object_set_string_member (sidecar, "title", title);
  json_object_set_string_member (sidecar, "menu-label", label);
  comfy_json_write (written, root);
  bytes = g_string_free_to_bytes (g_steal_pointer (&written));

  return comfy_durable_write (path, bytes, error);
}

static gboolean
move_file (const char  *from,
           const char  *to,
           GError     **error)
{
  g_autoptr(GFile)  source = g_file_new_for_path (from);
  g_autoptr(GFile)  target = g_file_new_for_path (to);
  g_autofree char  *name = g_filename_display_basename (from);
  g_autoptr(GError) foreign = NULL;

  if (g_file_move (source, target, G_FILE_COPY_NO_FALLBACK_FOR_MOVE, NULL, NULL, NULL, &foreign))
    return TRUE;

  comfy_set_error (error, COMFY_ERROR_STORAGE, foreign->message,
                   _("“%s” cannot be renamed. Try another name, or check the permissions of the "
                     "folder."), name);

  return FALSE;
}

/* (transfer full) (nullable): @title as the name of files */
static char *
dup_new_stem (const char  *title,
              GError     **error)
{
  g_autofree char *stem = _comfy_library_dup_stem (title);
  g_autofree char *name = NULL;

  /* NAME.gimp would make NAME.gimp.json, which describes another one */
  if (*stem == '.' || strchr (stem, '/') != NULL || _comfy_library_has_suffix (stem, ".gimp") ||
      (name = g_filename_from_utf8 (stem, -1, NULL, NULL, NULL)) == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("A file cannot be called “%s”. Use a name without “/” that begins with "
                         "no dot and does not end in “.gimp”."), title);
      return NULL;
    }

  return g_steal_pointer (&name);
}

/* (transfer full): @path with another NAME */
static char *
dup_renamed (const char *path,
             const char *stem)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return g_strconcat (folder, "/", stem, strrchr (path, '.'), NULL);
}

static char *
rename_file (ComfyLibraryItem  *item,
             const char        *title,
             GError           **error)
{
  const char      *path = comfy_library_item_get_path (item);
  const char      *thumbnail = comfy_library_item_get_thumbnail_path (item);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *stem = dup_new_stem (title, error);
  g_autofree char *target = NULL;

  if (stem == NULL)
    return NULL;

  target = dup_renamed (path, stem);
  if (g_str_equal (target, path))
    return g_steal_pointer (&target);

  if (is_taken (folder, stem))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("There is a file called “%s” already. Try another name."), title);
      return NULL;
    }
  if (!move_file (path, target, error))
    return NULL;

  if (thumbnail != NULL && !g_str_equal (thumbnail, path))
    {
      g_autofree char *picture = dup_renamed (thumbnail, stem);

      if (!move_file (thumbnail, picture, error))
        return NULL;
    }

  return g_steal_pointer (&target);
}

/*
 * _comfy_library_rename_files:
 * @item: one of the artist's own
 * @title: what it shall be called
 *
 * What has a description gets another title, and keeps its files' names; other files are renamed.
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT, %COMFY_ERROR_STORAGE
 *
 * Returns: (transfer full) (nullable): the path that it has now
 */
char *
_comfy_library_rename_files (ComfyLibraryItem  *item,
                             const char        *title,
                             GError           **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (title));

  if (*stripped == '\0')
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("A workflow needs a name. Enter one."));
      return NULL;
    }

  if (comfy_library_item_get_kind (item) != COMFY_LIBRARY_SAVED)
    return rename_file (item, stripped, error);
  if (!retitle (item, stripped, error))
    return NULL;

  return g_strdup (comfy_library_item_get_path (item));
}

static gboolean
remove_file (const char  *path,
             gboolean     for_good,
             GError     **error)
{
  g_autoptr(GFile)  file = g_file_new_for_path (path);
  g_autofree char  *name = g_filename_display_basename (path);
  g_autoptr(GError) foreign = NULL;

  if (for_good ? g_file_delete (file, NULL, &foreign) : g_file_trash (file, NULL, &foreign))
    return TRUE;
  if (g_error_matches (foreign, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;

  if (for_good)
    comfy_set_error (error, COMFY_ERROR_STORAGE, foreign->message,
                     _("“%s” cannot be deleted. Check the permissions of the folder."), name);
  else
    comfy_set_error (error, COMFY_ERROR_NOT_SUPPORTED, foreign->message,
                     _("“%s” cannot be moved to the trash."), name);

  return FALSE;
}

/*
 * _comfy_library_remove_files:
 * @item: one of the artist's own
 * @for_good: %FALSE: to the trash
 *
 * Errors: %COMFY_ERROR_NOT_SUPPORTED: there is no trash, and nothing is changed;
 * %COMFY_ERROR_STORAGE
 *
 * Returns: whether it is gone, with what belongs to it
 */
gboolean
_comfy_library_remove_files (ComfyLibraryItem  *item,
                             gboolean           for_good,
                             GError           **error)
{
  const char *path = comfy_library_item_get_path (item);
  const char *others[] = { comfy_library_item_get_sidecar_path (item),
                           comfy_library_item_get_thumbnail_path (item) };

  if (!remove_file (path, for_good, error))
    return FALSE;

  for (unsigned int i = 0; i < G_N_ELEMENTS (others); i++)
    if (others[i] != NULL && !g_str_equal (others[i], path) &&
        !remove_file (others[i], for_good, error))
      return FALSE;

  return TRUE;
}
