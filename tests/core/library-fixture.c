/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-library-private.h"
#include "library-fixture.h"
#include "workflow-file-fixture.h"

const char * const LIBRARY_GRAPH =
  "{\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}},"
  "\"2\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"b.png\"}},"
  "\"3\":{\"class_type\":\"LoadImageMask\",\"inputs\":{\"image\":\"c.png\"}},"
  "\"4\":{\"class_type\":\"CLIPTextEncode\",\"inputs\":{\"text\":\"a cat\"},"
  "\"_meta\":{\"title\":\"My Encoder\"}},"
  "\"5\":{\"class_type\":\"CLIPTextEncode\",\"inputs\":{\"text\":[\"4\",0]}},"
  "\"6\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"1\",0]},"
  "\"_meta\":{\"title\":\"Dernier nœud\"}},"
  "\"7\":{\"class_type\":\"SaveAnimatedWEBP\",\"inputs\":{\"images\":[\"2\",0]}}}";

const char * const LIBRARY_SIDECAR =
  "{\"version\":1,\"menu-label\":\"_Paint Over…\",\"title\":\"Paint Over\",\"blurb\":\"Paints.\","
  "\"source\":\"layer\",\"fit\":\"region\",\"image\":{\"node\":\"1\",\"input\":\"image\"},"
  "\"fields\":[{\"id\":\"prompt\",\"type\":\"text\",\"label\":\"_Prompt\","
  "\"node\":\"4\",\"input\":\"text\"}]}";

static char *home; /* owned */

void
library_fixture_init (int    *argc,
                      char ***argv)
{
  g_autofree char   *data = NULL;
  g_autoptr(GError)  error = NULL;

  home = g_dir_make_tmp ("comfy-library-XXXXXX", &error);
  g_assert_no_error (error);
  data = g_build_filename (home, "data", NULL);
  /* before GLib asks: the trash lies there */
  g_setenv ("HOME", home, TRUE);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_test_init (argc, argv, NULL);
  dex_init ();
}

const char *
library_fixture_get_trash (void)
{
  static char *trash;

  if (trash == NULL)
    trash = g_build_filename (home, "data", "Trash", NULL);

  return trash;
}

void
library_fixture_set_up (LibraryFixture *fixture,
                        gconstpointer   data)
{
  g_autofree char      *shipped = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "actions",
                                                    NULL);
  g_autoptr(GPtrArray)  actions = comfy_action_list_folder (shipped);

  if (!g_file_test (home, G_FILE_TEST_IS_DIR))
    g_assert_no_errno (g_mkdir (home, 0700));
  fixture->folder = g_build_filename (home, "config", "workflows", NULL);
  fixture->elsewhere = g_build_filename (home, "elsewhere", NULL);
  fixture->settings_path = g_build_filename (home, "settings.ini", NULL);
  g_assert_no_errno (g_mkdir_with_parents (fixture->folder, 0755));
  g_assert_no_errno (g_mkdir_with_parents (fixture->elsewhere, 0755));
  fixture->settings = comfy_settings_new (fixture->settings_path);
  fixture->library = comfy_library_new (actions, fixture->folder, fixture->settings);
  fixture->n_built_in = actions->len;
}

void
library_fixture_tear_down (LibraryFixture *fixture,
                           gconstpointer   data)
{
  if (fixture->library != NULL)
    library_fixture_settle (fixture);
  g_clear_object (&fixture->library);
  g_clear_object (&fixture->settings);
  g_free (fixture->folder);
  g_free (fixture->elsewhere);
  g_free (fixture->settings_path);
  g_free (fixture->path);
  test_remove_tree (home);
}

const char *
library_fixture_path (LibraryFixture *fixture,
                      const char     *name)
{
  g_free (fixture->path);
  fixture->path = g_build_filename (fixture->folder, name, NULL);

  return fixture->path;
}

static void
write_file (const char *path,
            const char *text)
{
  g_autoptr(GError) error = NULL;

  /* in place, as many programs do */
  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}

void
library_fixture_write (LibraryFixture *fixture,
                       const char     *name,
                       const char     *text)
{
  write_file (library_fixture_path (fixture, name), text);
}

char *
library_fixture_read (LibraryFixture *fixture,
                      const char     *name)
{
  g_autoptr(GError)  error = NULL;
  char              *text;

  g_file_get_contents (library_fixture_path (fixture, name), &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

char *
library_fixture_write_elsewhere (LibraryFixture *fixture,
                                 const char     *name,
                                 const char     *text)
{
  char *path = g_build_filename (fixture->elsewhere, name, NULL);

  write_file (path, text);

  return path;
}

void
library_fixture_write_picture (const char *path,
                               const char *graph)
{
  g_autoptr(GByteArray) png = png_begin ();
  g_autoptr(GError)     error = NULL;

  if (graph != NULL)
    png_add_text (png, "tEXt", "prompt", graph);
  png_end (png);
  g_file_set_contents (path, (const char *) png->data, png->len, &error);
  g_assert_no_error (error);
}

void
library_fixture_settle (LibraryFixture *fixture)
{
  test_await_true (_comfy_library_follow (fixture->library));
}

/* (transfer none) (nullable) */
static ComfyLibraryItem *
find (LibraryFixture *fixture,
      const char     *id)
{
  GListModel *model = G_LIST_MODEL (fixture->library);

  for (unsigned int i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(ComfyLibraryItem) item = g_list_model_get_item (model, i);

      /* the list holds it */
      if (g_str_equal (comfy_library_item_get_id (item), id))
        return item;
    }

  return NULL;
}

ComfyLibraryItem *
library_fixture_get (LibraryFixture *fixture,
                     const char     *id)
{
  ComfyLibraryItem *item = find (fixture, id);

  if (item == NULL)
    g_error ("%s is not listed.", id);

  return item;
}

static gboolean
is_in_state (LibraryFixture *fixture,
             const char     *id,
             LibraryState    state)
{
  ComfyLibraryItem *item = find (fixture, id);

  switch (state)
    {
    case LIBRARY_IS_GOOD:
      return item != NULL && comfy_library_item_get_problem (item) == NULL;

    case LIBRARY_IS_BROKEN:
      return item != NULL && comfy_library_item_get_problem (item) != NULL;

    case LIBRARY_IS_SAVED:
      return item != NULL && comfy_library_item_get_action (item) != NULL;

    case LIBRARY_IS_GONE:
    default:
      return item == NULL;
    }
}

void
library_fixture_wait_for (LibraryFixture *fixture,
                          const char     *id,
                          LibraryState    state)
{
  g_autofree char *kept = g_strdup (id);

  while (!is_in_state (fixture, kept, state))
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_titles (LibraryFixture *fixture,
               unsigned int    kinds,
               va_list         titles)
{
  GListModel *model = G_LIST_MODEL (fixture->library);

  for (unsigned int i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(ComfyLibraryItem) item = g_list_model_get_item (model, i);

      if ((kinds & (1u << comfy_library_item_get_kind (item))) != 0)
        g_assert_cmpstr (comfy_library_item_get_title (item), ==, va_arg (titles, const char *));
    }
  g_assert_null (va_arg (titles, const char *));
}

void
library_fixture_assert_own (LibraryFixture *fixture,
                            ...)
{
  va_list titles;

  va_start (titles, fixture);
  assert_titles (fixture, (1u << COMFY_LIBRARY_SAVED) | (1u << COMFY_LIBRARY_FILE), titles);
  va_end (titles);
}

void
library_fixture_assert_kind (LibraryFixture   *fixture,
                             ComfyLibraryKind  kind,
                             ...)
{
  va_list titles;

  va_start (titles, kind);
  assert_titles (fixture, 1u << kind, titles);
  va_end (titles);
}
