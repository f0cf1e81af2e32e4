/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist does in the list of workflows: nothing is overwritten, nothing is lost.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "library-fixture.h"

#define N_TOGETHER 60

/* the path that @taken resolves to is that of @name in the folder */
static void
assert_resolves (LibraryFixture *fixture,
                 DexFuture      *taken,
                 const char     *name)
{
  g_autoptr(DexFuture) future = test_settle (taken);
  g_autoptr(GError)    error = NULL;
  const GValue        *value = dex_future_get_value (future, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (g_value_get_string (value), ==, library_fixture_path (fixture, name));
  /* the list says so already */
  library_fixture_get (fixture, library_fixture_path (fixture, name));
}

static void
test_add (LibraryFixture *fixture,
          gconstpointer   data)
{
  g_autofree char *path = library_fixture_write_elsewhere (fixture, "cat.json", LIBRARY_GRAPH);
  g_autofree char *text = NULL;
  struct stat      info;

  /* made when it is needed, for nobody else */
  g_assert_no_errno (g_rmdir (fixture->folder));
  assert_resolves (fixture, comfy_library_add (fixture->library, path), "cat.json");
  g_assert_no_errno (stat (fixture->folder, &info));
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  text = library_fixture_read (fixture, "cat.json");
  g_assert_cmpstr (text, ==, LIBRARY_GRAPH);

  /* and watched from then on */
  library_fixture_write (fixture, "dog.json", LIBRARY_GRAPH);
  library_fixture_wait_for (fixture, library_fixture_path (fixture, "dog.json"), LIBRARY_IS_GOOD);

  assert_resolves (fixture, comfy_library_add (fixture->library,
                                               library_fixture_path (fixture, "cat.json")),
                   "cat.json");
  assert_resolves (fixture, comfy_library_add (fixture->library, path), "cat 2.json");
  assert_resolves (fixture, comfy_library_add (fixture->library, path), "cat 3.json");
  library_fixture_assert_own (fixture, "cat", "cat 2", "cat 3", "dog", NULL);
}

static void
test_add_described (LibraryFixture *fixture,
                    gconstpointer   data)
{
  g_autofree char *path = library_fixture_write_elsewhere (fixture, "a.json", LIBRARY_GRAPH);
  g_autofree char *sidecar = library_fixture_write_elsewhere (fixture, "a.gimp.json",
                                                              LIBRARY_SIDECAR);

  /* a description that is there already would be taken for ours */
  library_fixture_write (fixture, "a.gimp.json", "{}");
  assert_resolves (fixture, comfy_library_add (fixture->library, path), "a 2.json");
  library_fixture_wait_for (fixture, library_fixture_path (fixture, "a 2.json"),
                            LIBRARY_IS_SAVED);
  assert_resolves (fixture, comfy_library_add (fixture->library, sidecar), "a 3.json");
  library_fixture_wait_for (fixture, library_fixture_path (fixture, "a 3.json"),
                            LIBRARY_IS_SAVED);
}

/* By what it is, not by what it is called */
static void
test_add_picture (LibraryFixture *fixture,
                  gconstpointer   data)
{
  g_autofree char *path = library_fixture_write_elsewhere (fixture, "download", "");

  library_fixture_write_picture (path, LIBRARY_GRAPH);
  assert_resolves (fixture, comfy_library_add (fixture->library, path), "download.png");
  library_fixture_assert_own (fixture, "download", NULL);
}

/* Copies are seen, and describe nothing, whatever the file was called */
static void
test_add_odd_names (LibraryFixture *fixture,
                    gconstpointer   data)
{
  g_autofree char *hidden = library_fixture_write_elsewhere (fixture, ".a.json", LIBRARY_GRAPH);
  g_autofree char *gimp = library_fixture_write_elsewhere (fixture, "b.gimp", LIBRARY_GRAPH);
  g_autofree char *empty = library_fixture_write_elsewhere (fixture, "...", LIBRARY_GRAPH);

  assert_resolves (fixture, comfy_library_add (fixture->library, hidden), "a.json");
  assert_resolves (fixture, comfy_library_add (fixture->library, gimp), "b.json");
  assert_resolves (fixture, comfy_library_add (fixture->library, empty), "workflow.json");
}

/* Files of one name that are added together, as many threads at once do it */
static void
test_add_together (LibraryFixture *fixture,
                   gconstpointer   data)
{
  g_autofree char *path = library_fixture_write_elsewhere (fixture, "a.json", LIBRARY_GRAPH);
  DexFuture       *adds[N_TOGETHER];

  for (unsigned int i = 0; i < N_TOGETHER; i++)
    adds[i] = comfy_library_add (fixture->library, path);
  for (unsigned int i = 0; i < N_TOGETHER; i++)
    {
      g_autoptr(DexFuture) add = test_settle (adds[i]);
      g_autoptr(GError)    error = NULL;

      dex_future_get_value (add, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->library)), ==,
                    fixture->n_built_in + N_TOGETHER);
}

static void
test_add_refuses (LibraryFixture *fixture,
                  gconstpointer   data)
{
  g_autofree char *broken = library_fixture_write_elsewhere (fixture, "broken.json", "{");

  test_await_error (comfy_library_add (fixture->library, broken), COMFY_ERROR_INVALID_WORKFLOW);
  test_await_error (comfy_library_add (fixture->library, "/nonexistent/a.json"),
                    COMFY_ERROR_STORAGE);
  library_fixture_settle (fixture);
  library_fixture_assert_own (fixture, NULL);
}

static void
test_rename_file (LibraryFixture *fixture,
                  gconstpointer   data)
{
  static const char * const impossible[] = { "", "  ", "a/b", ".hidden", "b.GIMP" };
  ComfyLibraryItem         *item;

  library_fixture_write (fixture, "a.json", LIBRARY_GRAPH);
  library_fixture_write (fixture, "a.jpg", "picture");
  library_fixture_write (fixture, "c.json", "other");
  library_fixture_write (fixture, "d.png", "other");
  library_fixture_settle (fixture);

  item = library_fixture_get (fixture, library_fixture_path (fixture, "a.json"));
  for (unsigned int i = 0; i < G_N_ELEMENTS (impossible); i++)
    test_await_error (comfy_library_rename (fixture->library, item, impossible[i]),
                      COMFY_ERROR_INVALID_ARGUMENT);
  /* a file of that name, or one that would become its picture */
  test_await_error (comfy_library_rename (fixture->library, item, "c"),
                    COMFY_ERROR_INVALID_ARGUMENT);
  test_await_error (comfy_library_rename (fixture->library, item, "d"),
                    COMFY_ERROR_INVALID_ARGUMENT);
  assert_resolves (fixture, comfy_library_rename (fixture->library, item, "a"), "a.json");

  assert_resolves (fixture, comfy_library_rename (fixture->library, item, " Größer 2×.json"),
                   "Größer 2×.json");
  item = library_fixture_get (fixture, library_fixture_path (fixture, "Größer 2×.json"));
  g_assert_cmpstr (comfy_library_item_get_title (item), ==, "Größer 2×");
  g_assert_cmpstr (comfy_library_item_get_thumbnail_path (item), ==,
                   library_fixture_path (fixture, "Größer 2×.jpg"));
  g_assert_false (g_file_test (library_fixture_path (fixture, "a.json"), G_FILE_TEST_EXISTS));
}

static void
test_rename_saved (LibraryFixture *fixture,
                   gconstpointer   data)
{
  ComfyLibraryItem *item;
  ComfyAction      *action;

  library_fixture_write (fixture, "a.json", LIBRARY_GRAPH);
  library_fixture_write (fixture, "a.gimp.json", LIBRARY_SIDECAR);
  library_fixture_settle (fixture);
  item = library_fixture_get (fixture, library_fixture_path (fixture, "a.json"));
  assert_resolves (fixture, comfy_library_rename (fixture->library, item, "Snake_Case / “2”"),
                   "a.json");

  item = library_fixture_get (fixture, library_fixture_path (fixture, "a.json"));
  action = comfy_library_item_get_action (item);
  g_assert_cmpstr (comfy_library_item_get_title (item), ==, "Snake_Case / “2”");
  /* its underscore is no mnemonic, and the menu still says that a form opens */
  g_assert_cmpstr (comfy_action_get_menu_label (action), ==, "Snake__Case / “2”…");
  g_assert_cmpstr (comfy_action_get_blurb (action), ==, "Paints.");
  g_assert_cmpuint (comfy_action_get_n_fields (action), ==, 1);
}

/* what knows each model of a server is large, and is renamed all the same */
static void
test_rename_large (LibraryFixture *fixture,
                   gconstpointer   data)
{
  g_autofree char  *blanks = g_strnfill (1024 * 1024, ' ');
  g_autofree char  *sidecar = g_strconcat (LIBRARY_SIDECAR, blanks, NULL);
  ComfyLibraryItem *item;

  library_fixture_write (fixture, "a.json", LIBRARY_GRAPH);
  library_fixture_write (fixture, "a.gimp.json", sidecar);
  library_fixture_settle (fixture);
  item = library_fixture_get (fixture, library_fixture_path (fixture, "a.json"));
  assert_resolves (fixture, comfy_library_rename (fixture->library, item, "Sky… "), "a.json");

  item = library_fixture_get (fixture, library_fixture_path (fixture, "a.json"));
  g_assert_cmpstr (comfy_library_item_get_title (item), ==, "Sky…");
  g_assert_cmpstr (comfy_action_get_menu_label (comfy_library_item_get_action (item)), ==, "Sky…");
}

static void
write_group (LibraryFixture *fixture)
{
  library_fixture_write (fixture, "a.json", LIBRARY_GRAPH);
  library_fixture_write (fixture, "a.gimp.json", LIBRARY_SIDECAR);
  library_fixture_write (fixture, "a.png", "picture");
  library_fixture_write (fixture, "b.json", LIBRARY_GRAPH);
  library_fixture_settle (fixture);
}

static gboolean
is_in_trash (const char *name)
{
  g_autofree char *path = g_build_filename (library_fixture_get_trash (), "files", name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_trash (LibraryFixture *fixture,
            gconstpointer   data)
{
  write_group (fixture);
  test_await_true (comfy_library_remove (fixture->library,
                                         library_fixture_get (fixture,
                                                              library_fixture_path (fixture,
                                                                                    "a.json")),
                                         FALSE));
  library_fixture_assert_own (fixture, "b", NULL);
  g_assert_true (is_in_trash ("a.json"));
  g_assert_true (is_in_trash ("a.gimp.json"));
  g_assert_true (is_in_trash ("a.png"));
}

/* Without a trash nothing goes before the artist was asked */
static void
test_no_trash (LibraryFixture *fixture,
               gconstpointer   data)
{
  g_autofree char   *folder = g_path_get_dirname (library_fixture_get_trash ());
  g_autoptr(GError)  error = NULL;
  ComfyLibraryItem  *item;

  g_assert_no_errno (g_mkdir_with_parents (folder, 0700));
  g_file_set_contents (library_fixture_get_trash (), "no folder", -1, &error);
  g_assert_no_error (error);
  write_group (fixture);
  item = library_fixture_get (fixture, library_fixture_path (fixture, "a.json"));
  test_await_error (comfy_library_remove (fixture->library, item, FALSE),
                    COMFY_ERROR_NOT_SUPPORTED);
  g_assert_true (g_file_test (library_fixture_path (fixture, "a.json"), G_FILE_TEST_EXISTS));
  library_fixture_assert_own (fixture, "b", "Paint Over", NULL);

  test_await_true (comfy_library_remove (fixture->library, item, TRUE));
  library_fixture_assert_own (fixture, "b", NULL);
  g_assert_false (g_file_test (library_fixture_path (fixture, "a.gimp.json"),
                               G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (library_fixture_path (fixture, "a.png"), G_FILE_TEST_EXISTS));
}

int
main (int    argc,
      char **argv)
{
  library_fixture_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/library-changes/" path, LibraryFixture, NULL, library_fixture_set_up, function, \
              library_fixture_tear_down)

  add ("a-copy-keeps-its-name-and-overwrites-nothing", test_add);
  add ("a-description-comes-along", test_add_described);
  add ("a-picture-is-known-by-what-it-is", test_add_picture);
  add ("a-copy-is-seen-whatever-it-was-called", test_add_odd_names);
  add ("files-of-one-name-are-added-together", test_add_together);
  add ("what-cannot-be-used-is-not-added", test_add_refuses);
  add ("a-file-is-renamed", test_rename_file);
  add ("what-is-described-gets-another-title", test_rename_saved);
  add ("what-is-large-is-renamed", test_rename_large);
  add ("what-is-removed-lies-in-the-trash", test_trash);
  add ("without-a-trash-the-artist-decides", test_no_trash);

  return g_test_run ();
}
