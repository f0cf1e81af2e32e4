/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of workflows: it holds what there is, says what is broken, and follows the disk.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "library-fixture.h"

static void
test_built_in (LibraryFixture *fixture,
               gconstpointer   data)
{
  static const struct { const char *id; const char *takes; const char *gives; } wanted[] = {
    { "generate-image",    "a prompt",                                   "a layer" },
    { "upscale-2x",        "a layer",                                    "a layer" },
    { "fill-selection",    "the visible image, the selection, a prompt", "a layer" },
    { "remove-background", "a layer",                                    "a layer mask" },
    { "select-subject",    "the visible image",                          "a selection" },
    { "split-into-layers", "a layer, a prompt",                          "layers" },
  };

  /* at once, before anything was read */
  g_assert_true (comfy_library_is_busy (fixture->library));
  for (unsigned int i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      ComfyLibraryItem *item = library_fixture_get (fixture, wanted[i].id);

      g_assert_cmpint (comfy_library_item_get_kind (item), ==, COMFY_LIBRARY_BUILT_IN);
      g_assert_nonnull (comfy_library_item_get_action (item));
      g_assert_null (comfy_library_item_get_path (item));
      g_assert_false (comfy_library_item_is_own (item));
      g_assert_cmpstr (comfy_library_item_get_takes (item), ==, wanted[i].takes);
      g_assert_cmpstr (comfy_library_item_get_gives (item), ==, wanted[i].gives);
    }
}

static void
test_folder (LibraryFixture *fixture,
             gconstpointer   data)
{
  ComfyLibraryItem *item;

  library_fixture_write (fixture, "Sketch 10.json", LIBRARY_GRAPH);
  library_fixture_write (fixture, "Sketch 9.JSON", LIBRARY_GRAPH);
  library_fixture_write (fixture, "Sketch 9.webp", "any");
  library_fixture_write (fixture, "two.json", LIBRARY_GRAPH);
  library_fixture_write (fixture, "two.gimp.json", LIBRARY_SIDECAR);
  library_fixture_write (fixture, "two.png", "any");
  library_fixture_write (fixture, "two.jpg", "any");
  library_fixture_write (fixture, "lonely.jpg", "any");
  library_fixture_write (fixture, "notes.txt", "any");
  library_fixture_write (fixture, ".hidden.json", LIBRARY_GRAPH);
  g_assert_no_errno (g_mkdir (library_fixture_path (fixture, "folder.json"), 0700));
  library_fixture_settle (fixture);

  /* the title of the description is "Paint Over" */
  library_fixture_assert_own (fixture, "Paint Over", "Sketch 9", "Sketch 10", NULL);

  item = library_fixture_get (fixture, library_fixture_path (fixture, "two.json"));
  g_assert_cmpint (comfy_library_item_get_kind (item), ==, COMFY_LIBRARY_SAVED);
  g_assert_cmpstr (comfy_library_item_get_sidecar_path (item), ==,
                   library_fixture_path (fixture, "two.gimp.json"));
  g_assert_cmpstr (comfy_library_item_get_thumbnail_path (item), ==,
                   library_fixture_path (fixture, "two.png"));
  g_assert_nonnull (comfy_library_item_get_action (item));
  g_assert_cmpstr (comfy_library_item_get_takes (item), ==, "a layer, a prompt");

  item = library_fixture_get (fixture, library_fixture_path (fixture, "Sketch 9.JSON"));
  g_assert_cmpint (comfy_library_item_get_kind (item), ==, COMFY_LIBRARY_FILE);
  g_assert_null (comfy_library_item_get_action (item));
  g_assert_null (comfy_library_item_get_problem (item));
  g_assert_cmpstr (comfy_library_item_get_thumbnail_path (item), ==,
                   library_fixture_path (fixture, "Sketch 9.webp"));
  g_assert_cmpstr (comfy_library_item_get_takes (item), ==, "2 pictures, a mask, a prompt");
  g_assert_cmpstr (comfy_library_item_get_gives (item), ==, "a picture, a video");
}

/* A picture that ComfyUI saved holds the workflow that made it, and shows what it makes */
static void
test_pictures (LibraryFixture *fixture,
               gconstpointer   data)
{
  ComfyLibraryItem *item;

  library_fixture_write_picture (library_fixture_path (fixture, "made.png"), LIBRARY_GRAPH);
  library_fixture_write_picture (library_fixture_path (fixture, "photo.png"), NULL);
  library_fixture_settle (fixture);

  library_fixture_assert_own (fixture, "made", "photo", NULL);
  item = library_fixture_get (fixture, library_fixture_path (fixture, "made.png"));
  g_assert_cmpstr (comfy_library_item_get_thumbnail_path (item), ==,
                   comfy_library_item_get_path (item));
  g_assert_cmpstr (comfy_library_item_get_takes (item), ==, "2 pictures, a mask, a prompt");
  item = library_fixture_get (fixture, library_fixture_path (fixture, "photo.png"));
  g_assert_nonnull (comfy_library_item_get_problem (item));
}

/* The artist sees what is wrong, and where */
static void
test_broken (LibraryFixture *fixture,
             gconstpointer   data)
{
  static const char * const names[] = { "half.json", "no-graph.json", "words.json",
                                        "nowhere.json" };

  library_fixture_write (fixture, "half.json", "{\"1\":");
  library_fixture_write (fixture, "no-graph.gimp.json", LIBRARY_SIDECAR);
  library_fixture_write (fixture, "words.json", LIBRARY_GRAPH);
  library_fixture_write (fixture, "words.gimp.json", "{}");
  g_assert_no_errno (symlink ("/nonexistent/x.json",
                              library_fixture_path (fixture, "nowhere.json")));
  library_fixture_settle (fixture);

  library_fixture_assert_own (fixture, "half", "no-graph", "nowhere", "words", NULL);
  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    {
      ComfyLibraryItem *item;

      item = library_fixture_get (fixture, library_fixture_path (fixture, names[i]));
      g_assert_true (g_str_has_suffix (comfy_library_item_get_problem (item), "."));
      g_assert_null (comfy_library_item_get_takes (item));
      g_assert_null (comfy_library_item_get_gives (item));
      g_assert_null (comfy_library_item_get_action (item));
      g_assert_true (comfy_library_item_matches (item, comfy_library_item_get_title (item)));
    }
}

static void
count_cb (GListModel   *model,
          unsigned int  position,
          unsigned int  removed,
          unsigned int  added,
          unsigned int *n_changes)
{
  g_assert_cmpuint (removed, ==, 0);
  (*n_changes)++;
}

/* What was read first is there before the last, and nothing that stands there moves */
static void
test_many (LibraryFixture *fixture,
           gconstpointer   data)
{
  unsigned int n_before = g_list_model_get_n_items (G_LIST_MODEL (fixture->library));
  unsigned int n_changes = 0;

  for (int i = 0; i < 500; i++)
    {
      g_autofree char *name = g_strdup_printf ("File %d.json", i);

      library_fixture_write (fixture, name, LIBRARY_GRAPH);
    }
  g_signal_connect (fixture->library, "items-changed", G_CALLBACK (count_cb), &n_changes);
  library_fixture_settle (fixture);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->library)), ==,
                    n_before + 500);
  g_assert_cmpuint (n_changes, >, 10);
}

/* inotify's own events, and nothing else, bring the list to what the disk is */
static void
test_follows (LibraryFixture *fixture,
              gconstpointer   data)
{
  g_autofree char *path = g_strdup (library_fixture_path (fixture, "a.json"));

  library_fixture_settle (fixture);
  library_fixture_write (fixture, "a.json", LIBRARY_GRAPH);
  library_fixture_wait_for (fixture, path, LIBRARY_IS_GOOD);

  library_fixture_write (fixture, "a.json", "{");
  library_fixture_wait_for (fixture, path, LIBRARY_IS_BROKEN);

  library_fixture_write (fixture, "a.json", LIBRARY_GRAPH);
  library_fixture_wait_for (fixture, path, LIBRARY_IS_GOOD);

  library_fixture_write (fixture, "a.gimp.json", LIBRARY_SIDECAR);
  library_fixture_wait_for (fixture, path, LIBRARY_IS_SAVED);

  g_assert_no_errno (g_rename (path, library_fixture_path (fixture, "b.json")));
  library_fixture_wait_for (fixture, library_fixture_path (fixture, "b.json"), LIBRARY_IS_GOOD);
  library_fixture_wait_for (fixture, path, LIBRARY_IS_BROKEN);

  g_assert_no_errno (g_remove (library_fixture_path (fixture, "a.gimp.json")));
  library_fixture_wait_for (fixture, path, LIBRARY_IS_GONE);
  g_assert_no_errno (g_remove (library_fixture_path (fixture, "b.json")));
  library_fixture_wait_for (fixture, library_fixture_path (fixture, "b.json"), LIBRARY_IS_GONE);
  library_fixture_assert_own (fixture, NULL);
}

/* A file that did not change is not read again: the artist's place in the list stays */
static void
test_unchanged (LibraryFixture *fixture,
                gconstpointer   data)
{
  g_autofree char             *path = g_strdup (library_fixture_path (fixture, "a.json"));
  g_autoptr(ComfyLibraryItem)  before = NULL;
  g_autoptr(ComfyLibraryItem)  after = NULL;

  library_fixture_write (fixture, "a.json", LIBRARY_GRAPH);
  library_fixture_settle (fixture);
  before = comfy_library_find (fixture->library, path);
  library_fixture_write (fixture, "b.json", LIBRARY_GRAPH);
  library_fixture_wait_for (fixture, library_fixture_path (fixture, "b.json"), LIBRARY_IS_GOOD);
  after = comfy_library_find (fixture->library, path);

  g_assert_true (before == after);
}

static void
test_recent (LibraryFixture *fixture,
             gconstpointer   data)
{
  g_autofree char *first = library_fixture_write_elsewhere (fixture, "first.json", LIBRARY_GRAPH);
  g_autofree char *second = library_fixture_write_elsewhere (fixture, "second.json", "{");
  g_autofree char *own = NULL;
  ComfyLibraryItem *item;

  library_fixture_write (fixture, "own.json", LIBRARY_GRAPH);
  own = g_strdup (library_fixture_path (fixture, "own.json"));
  comfy_library_note_recent (fixture->library, first);
  comfy_library_note_recent (fixture->library, own);
  comfy_library_note_recent (fixture->library, second);
  library_fixture_settle (fixture);
  library_fixture_assert_kind (fixture, COMFY_LIBRARY_RECENT, "second", "first", NULL);
  g_assert_false (comfy_library_item_is_own (library_fixture_get (fixture, first)));
  g_assert_nonnull (comfy_library_item_get_problem (library_fixture_get (fixture, second)));

  comfy_library_note_recent (fixture->library, first);
  library_fixture_settle (fixture);
  library_fixture_assert_kind (fixture, COMFY_LIBRARY_RECENT, "first", "second", NULL);

  /* gone, and said so; only forgotten, never deleted */
  g_assert_no_errno (g_remove (second));
  comfy_library_note_recent (fixture->library, second);
  library_fixture_settle (fixture);
  item = library_fixture_get (fixture, second);
  g_assert_nonnull (comfy_library_item_get_problem (item));
  test_await_true (comfy_library_remove (fixture->library, item, FALSE));
  test_await_true (comfy_library_remove (fixture->library, library_fixture_get (fixture, first),
                                         TRUE));
  library_fixture_assert_kind (fixture, COMFY_LIBRARY_RECENT, NULL);
  g_assert_true (g_file_test (first, G_FILE_TEST_EXISTS));
}

static void
test_recent_are_few (LibraryFixture *fixture,
                     gconstpointer   data)
{
  g_auto(GStrv)            recent = NULL;
  g_autoptr(ComfySettings) other = NULL;

  for (int i = 0; i < 12; i++)
    {
      g_autofree char *path = g_strdup_printf ("/nonexistent/\xff %d;.json", i);

      comfy_library_note_recent (fixture->library, path);
    }
  library_fixture_settle (fixture);

  /* as another process sees it */
  other = comfy_settings_new (fixture->settings_path);
  recent = comfy_settings_dup_recent_workflows (other);
  g_assert_cmpuint (g_strv_length (recent), ==, COMFY_SETTINGS_MAX_RECENT);
  g_assert_cmpstr (recent[0], ==, "/nonexistent/\xff 11;.json");
  g_assert_cmpstr (recent[9], ==, "/nonexistent/\xff 2;.json");
}

static void
test_search (LibraryFixture *fixture,
             gconstpointer   data)
{
  static const struct { const char *text; gboolean matches; } searches[] = {
    { "",                  TRUE },
    { "  ",                TRUE },
    { "ete",               TRUE },
    { "ÉTÉ",               TRUE },
    { "e\xcc\x81te",       TRUE },
    { "scale",             TRUE },
    { "upscale été",       TRUE },
    { "video",             TRUE },
    { "Nœud",              TRUE },
    { "my encoder prompt", TRUE },
    { "upscale winter",    FALSE },
    { "KSampler",          FALSE },
  };
  ComfyLibraryItem *item;

  library_fixture_write (fixture, "Upscale d’été.json", LIBRARY_GRAPH);
  library_fixture_settle (fixture);
  item = library_fixture_get (fixture, library_fixture_path (fixture, "Upscale d’été.json"));
  for (unsigned int i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_test_message ("%s", searches[i].text);
      g_assert_cmpint (comfy_library_item_matches (item, searches[i].text), ==,
                       searches[i].matches);
    }
}

/* A list that is closed while it reads goes, and its threads harm nobody */
static void
test_dropped (LibraryFixture *fixture,
              gconstpointer   data)
{
  ComfyLibrary         *library = fixture->library;
  g_autoptr(GPtrArray)  none = g_ptr_array_new ();
  g_autofree char      *elsewhere = library_fixture_write_elsewhere (fixture, "a.json", "{");
  DexFuture            *waits;

  comfy_library_note_recent (library, elsewhere);
  library_fixture_settle (fixture);
  for (int i = 0; i < 100; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d.json", i);

      library_fixture_write (fixture, name, LIBRARY_GRAPH);
    }
  while (g_list_model_get_n_items (G_LIST_MODEL (library)) < fixture->n_built_in + 20)
    g_main_context_iteration (NULL, TRUE);

  waits = comfy_library_remove (library, library_fixture_get (fixture, elsewhere), FALSE);
  g_object_add_weak_pointer (G_OBJECT (library), (gpointer *) &library);
  g_clear_object (&fixture->library);
  g_assert_null (library);
  test_await_error (waits, COMFY_ERROR_CANCELLED);

  /* the next one reads all of it, after what the first had begun */
  fixture->library = comfy_library_new (none, fixture->folder, fixture->settings);
  library_fixture_settle (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->library)), ==, 100);
}

int
main (int    argc,
      char **argv)
{
  library_fixture_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/library/" path, LibraryFixture, NULL, library_fixture_set_up, function, \
              library_fixture_tear_down)

  add ("built-in-ones-are-there-at-once", test_built_in);
  add ("the-folder-is-listed", test_folder);
  add ("a-picture-is-its-own-thumbnail", test_pictures);
  add ("what-is-broken-says-so", test_broken);
  add ("many-are-listed-as-they-are-read", test_many);
  add ("the-disk-is-followed", test_follows);
  add ("what-did-not-change-is-not-read-again", test_unchanged);
  add ("recent-ones-lie-elsewhere", test_recent);
  add ("recent-ones-are-few", test_recent_are_few);
  add ("search-knows-no-case-and-no-accents", test_search);
  add ("one-that-is-closed-stops-reading", test_dropped);

  return g_test_run ();
}
