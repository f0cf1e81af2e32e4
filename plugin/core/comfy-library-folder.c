/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which files of a folder are workflows, and which belong together.
 */
#define G_LOG_DOMAIN "comfy-library"

#include "config.h"

#include <glib/gstdio.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "comfy-library-private.h"

#define SIDECAR_SUFFIX ".gimp.json"

/* what a picture beside NAME.json is called, the first that is there */
static const char * const picture_suffixes[] = { ".png", ".jpg", ".jpeg", ".webp" };

/* What there is of one NAME */
typedef struct
{
  char *graph;    /* owned, nullable: a file's name, as the others */
  char *sidecar;  /* owned, nullable */
  char *pictures[G_N_ELEMENTS (picture_suffixes)]; /* owned, nullable */
} Group;

static void
group_free (gpointer data)
{
  Group *group = data;

  g_free (group->graph);
  g_free (group->sidecar);
  for (unsigned int i = 0; i < G_N_ELEMENTS (picture_suffixes); i++)
    g_free (group->pictures[i]);
  g_free (group);
}

/*
 * _comfy_library_entry_free:
 * @self: files
 */
void
_comfy_library_entry_free (ComfyLibraryEntry *self)
{
  g_free (self->path);
  g_free (self->sidecar);
  g_free (self->thumbnail);
  g_free (self->state);
  g_free (self);
}

/*
 * _comfy_library_has_suffix:
 * @name: of a file
 * @suffix: in small letters, such as ".json"
 *
 * Returns: whether @name ends in @suffix, in whatever case
 */
gboolean
_comfy_library_has_suffix (const char *name,
                           const char *suffix)
{
  size_t length = strlen (name);
  size_t tail = strlen (suffix);

  return length > tail && g_ascii_strcasecmp (name + length - tail, suffix) == 0;
}

/*
 * _comfy_library_dup_stem:
 * @name: of a file
 *
 * Returns: (transfer full): NAME of NAME.json, NAME.gimp.json and NAME.png; else @name
 */
char *
_comfy_library_dup_stem (const char *name)
{
  static const char * const suffixes[] = { SIDECAR_SUFFIX, ".json", ".png", ".jpg", ".jpeg",
                                           ".webp" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (_comfy_library_has_suffix (name, suffixes[i]))
      return g_strndup (name, strlen (name) - strlen (suffixes[i]));

  return g_strdup (name);
}

/* (nullable): where in @group a file of that name stands; %NULL: it is none of ours */
static char **
get_place (Group      *group,
           const char *name)
{
  if (_comfy_library_has_suffix (name, SIDECAR_SUFFIX))
    return &group->sidecar;
  if (_comfy_library_has_suffix (name, ".json"))
    return &group->graph;
  for (unsigned int i = 0; i < G_N_ELEMENTS (picture_suffixes); i++)
    if (_comfy_library_has_suffix (name, picture_suffixes[i]))
      return &group->pictures[i];

  return NULL;
}

static void
add_name (GHashTable *groups,
          const char *name)
{
  g_autofree char  *stem = _comfy_library_dup_stem (name);
  Group            *group = g_hash_table_lookup (groups, stem);
  char            **place;

  if (group == NULL)
    {
      group = g_new0 (Group, 1);
      g_hash_table_insert (groups, g_steal_pointer (&stem), group);
    }

  place = get_place (group, name);
  if (place != NULL)
    g_set_str (place, name);
}

/* what is no file, such as a folder or a pipe, is not looked at; what cannot be told is shown, so
 * that the artist learns of it */
static gboolean
may_be_file (const char *path)
{
  struct stat info;

  return stat (path, &info) != 0 || S_ISREG (info.st_mode);
}

static void
add_state (GString    *state,
           const char *path)
{
  struct stat info;

  if (path == NULL || stat (path, &info) != 0)
    g_string_append (state, "-\n");
  else
    g_string_append_printf (state, "%s:%ju:%ju:%jd:%jd.%09ld:%jd.%09ld\n", path,
                            (uintmax_t) info.st_dev, (uintmax_t) info.st_ino,
                            (intmax_t) info.st_size,
                            (intmax_t) info.st_mtim.tv_sec, info.st_mtim.tv_nsec,
                            (intmax_t) info.st_ctim.tv_sec, info.st_ctim.tv_nsec);
}

/* (transfer full) (nullable) */
static char *
dup_path (const char *folder,
          const char *name)
{
  return name != NULL ? g_build_filename (folder, name, NULL) : NULL;
}

/* (transfer full) (nullable): %NULL when there is nothing that could be a workflow */
static ComfyLibraryEntry *
make_entry (const char  *folder,
            const char  *stem,
            const Group *group)
{
  ComfyLibraryEntry  *entry;
  g_autoptr(GString)  state = g_string_new (NULL);
  const char         *picture = NULL;
  g_autofree char    *path = dup_path (folder, group->graph);

  for (unsigned int i = 0; i < G_N_ELEMENTS (picture_suffixes) && picture == NULL; i++)
    picture = group->pictures[i];

  /* a picture may hold a workflow; a description that has lost its graph is shown as that */
  if (path == NULL && group->pictures[0] != NULL)
    path = dup_path (folder, group->pictures[0]);
  if (path == NULL && group->sidecar != NULL)
    path = g_strdup_printf ("%s/%s.json", folder, stem);
  if (path == NULL || !may_be_file (path))
    return NULL;

  entry = g_new0 (ComfyLibraryEntry, 1);
  entry->path = g_steal_pointer (&path);
  if (!_comfy_library_has_suffix (entry->path, ".png"))
    entry->sidecar = dup_path (folder, group->sidecar);
  entry->thumbnail = dup_path (folder, picture);
  add_state (state, entry->path);
  add_state (state, entry->sidecar);
  add_state (state, entry->thumbnail);
  entry->state = g_string_free (g_steal_pointer (&state), FALSE);

  return entry;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  g_autofree char *first = g_filename_display_name (*(const char * const *) a);
  g_autofree char *second = g_filename_display_name (*(const char * const *) b);
  g_autofree char *first_key = g_utf8_collate_key_for_filename (first, -1);
  g_autofree char *second_key = g_utf8_collate_key_for_filename (second, -1);

  return strcmp (first_key, second_key);
}

/*
 * _comfy_library_list_folder:
 * @folder: where the artist's workflows lie; need not exist
 *
 * Blocks. Nothing is opened.
 *
 * Returns: (transfer full) (element-type ComfyLibraryEntry): about in the order in which they are
 *   listed, so that what is read first stands first
 */
GPtrArray *
_comfy_library_list_folder (const char *folder)
{
  GPtrArray             *entries;
  g_autoptr(GHashTable)  groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                         group_free);
  g_autoptr(GDir)        dir = g_dir_open (folder, 0, NULL);
  g_autoptr(GPtrArray)   stems = NULL;
  const char            *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (*name != '.')
      add_name (groups, name);

  stems = g_hash_table_get_keys_as_ptr_array (groups);
  g_ptr_array_sort (stems, compare_names);
  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) _comfy_library_entry_free);
  for (unsigned int i = 0; i < stems->len; i++)
    {
      const char        *stem = g_ptr_array_index (stems, i);
      ComfyLibraryEntry *entry = make_entry (folder, stem, g_hash_table_lookup (groups, stem));

      if (entry != NULL)
        g_ptr_array_add (entries, entry);
    }

  return entries;
}

/*
 * _comfy_library_entry_new:
 * @path: of a graph
 *
 * Blocks.
 *
 * Returns: (transfer full): the files that belong to it, where it lies; it need not be there itself
 */
ComfyLibraryEntry *
_comfy_library_entry_new (const char *path)
{
  g_autofree char    *folder = g_path_get_dirname (path);
  g_autofree char    *name = g_path_get_basename (path);
  g_autofree char    *stem = _comfy_library_dup_stem (name);
  ComfyLibraryEntry  *entry = g_new0 (ComfyLibraryEntry, 1);
  g_autofree char    *sidecar = g_strconcat (folder, "/", stem, SIDECAR_SUFFIX, NULL);
  g_autoptr(GString)  state = g_string_new (NULL);

  entry->path = g_strdup (path);
  if (!_comfy_library_has_suffix (path, ".png") && g_file_test (sidecar, G_FILE_TEST_IS_REGULAR))
    entry->sidecar = g_steal_pointer (&sidecar);
  for (unsigned int i = 0; i < G_N_ELEMENTS (picture_suffixes) && entry->thumbnail == NULL; i++)
    {
      g_autofree char *picture = g_strconcat (folder, "/", stem, picture_suffixes[i], NULL);

      if (g_file_test (picture, G_FILE_TEST_IS_REGULAR))
        entry->thumbnail = g_steal_pointer (&picture);
    }
  add_state (state, entry->path);
  add_state (state, entry->sidecar);
  add_state (state, entry->thumbnail);
  entry->state = g_string_free (g_steal_pointer (&state), FALSE);

  return entry;
}
