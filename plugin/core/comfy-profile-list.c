/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-profile-list"

#include "config.h"

#include <glib/gstdio.h>

#include "comfy-json-private.h"
#include "comfy-profile-list-private.h"

#define MAX_BYTES (1024 * 1024)
#define MAX_DEPTH 8

/*
 * _comfy_profile_list_dup_path:
 * @folder: where such files lie
 * @prefix: what the names of those of this kind begin with
 * @profile_id: from a file that anybody may have edited
 *
 * Returns: (transfer full): path of the profile's file
 */
char *
_comfy_profile_list_dup_path (const char *folder,
                              const char *prefix,
                              const char *profile_id)
{
  g_autofree char *escaped = g_uri_escape_string (profile_id, NULL, FALSE);
  g_autofree char *name = g_strconcat (prefix, escaped, ".json", NULL);

  return g_build_filename (folder, name, NULL);
}

/*
 * _comfy_profile_list_read:
 * @path: of the file, which need not be there
 * @member: the name of the list in it
 * @read: makes an element; (nullable) result: it is damaged, or counts no more
 * @destroy: frees an element
 *
 * Returns: (transfer full): the elements that count, in their order
 */
GPtrArray *
_comfy_profile_list_read (const char           *path,
                          const char           *member,
                          ComfyProfileListRead  read,
                          GDestroyNotify        destroy)
{
  GPtrArray           *elements = g_ptr_array_new_with_free_func (destroy);
  g_autofree char     *text = NULL;
  g_autoptr(JsonNode)  root = NULL;
  JsonArray           *array = NULL;
  gsize                size;

  if (g_file_get_contents (path, &text, &size, NULL))
    root = comfy_json_read (text, size, MAX_BYTES, MAX_DEPTH, NULL);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    array = comfy_json_get_array (json_node_get_object (root), member);

  for (unsigned int i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      void *element = read (json_array_get_element (array, i));

      if (element != NULL)
        g_ptr_array_add (elements, element);
    }

  return elements;
}

/*
 * _comfy_profile_list_write:
 * @path: of the file; its folder is made, for the user alone
 * @member: the name of the list in it
 * @array: (transfer full): the list
 *
 * Returns: whether it is written; what is wrong is a GFileError, for the log
 */
gboolean
_comfy_profile_list_write (const char  *path,
                           const char  *member,
                           JsonArray   *array,
                           GError     **error)
{
  g_autoptr(JsonNode)  root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(GString)   text = g_string_new (NULL);
  g_autofree char     *folder = g_path_get_dirname (path);
  JsonObject          *object = json_object_new ();

  json_node_take_object (root, object);
  json_object_set_int_member (object, "version", 1);
  json_object_set_array_member (object, member, array);
  comfy_json_write (text, root);

  g_mkdir_with_parents (folder, 0700);

  return g_file_set_contents_full (path, text->str, (gssize) text->len,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/*
 * _comfy_profile_list_remove:
 * @folder: where such files lie
 * @prefix: what the names of those of this kind begin with
 * @before: Unix seconds
 *
 * Removes the files that were last written before that time, such as those of profiles that are gone.
 */
void
_comfy_profile_list_remove (const char *folder,
                            const char *prefix,
                            gint64      before)
{
  g_autoptr(GDir)  dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf         info;

      if (g_str_has_prefix (name, prefix) && g_stat (path, &info) == 0
          && (gint64) info.st_mtime < before)
        g_unlink (path);
    }
}
