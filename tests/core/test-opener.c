/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a file to a form: known again by its shape, saved as an action, and refused in words.
 */
#include "config.h"

#include "comfy-opener.h"
#include "fake-host.h"
#include "test-file-keyring.h"
#include "test-future.h"

#define IMAGE_ID 7 /* of the fake editor */

#define GRAPH(radius) \
  "{\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}}," \
  "\"2\":{\"class_type\":\"ImageBlur\",\"inputs\":{\"image\":[\"1\",0]," \
  "\"blur_radius\":" radius "," \
  "\"sigma\":1.0}}," \
  "\"3\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"2\",0]," \
  "\"filename_prefix\":\"x\"}}}"

typedef struct
{
  FakeHost     *host;
  ComfySession *session;
  GPtrArray    *actions; /* that came with the program */
  char         *root;
  char         *folder;  /* the artist's, below @root; not there yet */
  ComfyOpener  *opener;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  const char        *data_dir = g_getenv ("COMFY_TEST_DATA_DIR");
  g_autofree char   *shipped = g_build_filename (data_dir, "actions", NULL);
  g_autofree char   *nodes = g_build_filename (data_dir, "nodes.json", NULL);
  g_autoptr(GError)  error = NULL;

  fixture->host = fake_host_new ();
  fixture->session = comfy_session_new (COMFY_HOST (fixture->host));
  comfy_session_use_node_table (fixture->session, nodes);
  fixture->actions = comfy_action_list_folder (shipped);
  fixture->root = g_dir_make_tmp ("comfy-opener-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->folder = g_build_filename (fixture->root, "artist", NULL);
  fixture->opener = comfy_opener_new (fixture->session, fixture->actions, fixture->folder);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  while (comfy_library_is_busy (comfy_opener_get_library (fixture->opener)))
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&fixture->opener);
  g_clear_object (&fixture->session);
  g_clear_object (&fixture->host);
  g_ptr_array_unref (fixture->actions);
  test_remove_tree (fixture->root);
  g_free (fixture->folder);
  g_free (fixture->root);
}

/* (transfer full): its path */
static char *
write_file (Fixture    *fixture,
            const char *name,
            const char *text)
{
  char              *path = g_build_filename (fixture->root, name, NULL);
  g_autoptr(GError)  error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);

  return path;
}

/* (transfer full) */
static ComfyMapping *
open_text (Fixture    *fixture,
           const char *name,
           const char *text)
{
  g_autofree char *path = write_file (fixture, name, text);

  return test_await_object (comfy_opener_open (fixture->opener, path));
}

/* the place of an entry, which must be there */
static unsigned int
find (ComfyMapping *mapping,
      const char   *node)
{
  for (unsigned int i = 0; i < comfy_mapping_get_n_entries (mapping); i++)
    if (g_str_equal (comfy_mapping_get_entry (mapping, i)->node, node))
      return i;

  g_assert_not_reached ();
}

static const char *
get_label (ComfyMapping *mapping,
           const char   *node)
{
  return comfy_mapping_get_entry (mapping, find (mapping, node))->label;
}

/* (transfer full): one that takes a while to be read */
static char *
dup_large_graph (void)
{
  GString *graph = g_string_new ("{");

  for (unsigned int i = 0; i < 4000; i++)
    g_string_append_printf (graph, "\"%u\":{\"class_type\":\"LoadImage\",\"inputs\":"
                            "{\"image\":\"a.png\"}},", i + 10);
  g_string_append (graph, &GRAPH ("5")[1]);

  return g_string_free (graph, FALSE);
}

/* who closes the window does not wait; the thread has its own until it is done */
static void
test_dropped_while_read (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *graph = dup_large_graph ();
  g_autofree char *path = write_file (fixture, "Large.json", graph);

  for (unsigned int i = 0; i < 8; i++)
    {
      g_autoptr(DexFuture) future = comfy_opener_open (fixture->opener, path);

      while (g_main_context_iteration (NULL, FALSE))
        ;
      dex_clear (&future);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  g_object_unref (open_text (fixture, "Soft.json", GRAPH ("5")));
}

static void
test_open (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(ComfyMapping)  mapping = open_text (fixture, "Soft.v2.json", GRAPH ("5"));
  g_autoptr(ComfyForm)     form = NULL;
  g_autoptr(GError)        error = NULL;
  int                      width;
  int                      height;

  g_assert_cmpstr (comfy_mapping_get_title (mapping), ==, "Soft.v2");
  form = comfy_opener_make_form (fixture->opener, mapping, IMAGE_ID, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (comfy_action_get_title (comfy_form_get_action (form)), ==, "Soft.v2");

  /* it knows the image */
  comfy_form_get_image_size (form, &width, &height);
  g_assert_cmpint (width, >, 0);
  g_assert_cmpint (height, >, 0);
  g_assert_true (g_strv_contains (comfy_form_get_layer_names (form), "Ground"));
  /* opening writes nothing */
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
}

static void
test_without_image (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(ComfyMapping)  mapping = open_text (fixture, "Soft.json", GRAPH ("5"));
  g_autoptr(ComfyForm)     form = comfy_opener_make_form (fixture->opener, mapping, -1, NULL);
  int                      width = 1;
  int                      height = 1;

  comfy_form_get_image_size (form, &width, &height);
  g_assert_cmpint (width + height, ==, 0);
}

/* by the shape of the graph: neither its name nor its values count */
static void
test_recalled (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(ComfyMapping) mapping = open_text (fixture, "Soft.json", GRAPH ("5"));
  g_autoptr(ComfyMapping) other = NULL;
  g_autoptr(ComfyMapping) guessed = NULL;
  g_autoptr(ComfyMapping) last = NULL;
  g_autoptr(GError)       error = NULL;

  comfy_mapping_set_label (mapping, find (mapping, "2"), "Softness");
  comfy_mapping_set_place (mapping, find (mapping, "2"), COMFY_PLACE_FORM);

  /* not before the artist is done */
  guessed = open_text (fixture, "Again.json", GRAPH ("5"));
  g_assert_cmpstr (get_label (guessed, "2"), !=, "Softness");

  comfy_opener_remember (fixture->opener, mapping, &error);
  g_assert_no_error (error);
  other = open_text (fixture, "Softer.json", GRAPH ("7"));
  g_assert_cmpstr (comfy_mapping_get_title (other), ==, "Softer");
  g_assert_cmpstr (get_label (other, "2"), ==, "Softness");
  g_assert_cmpint (comfy_mapping_get_entry (other, find (other, "2"))->place, ==, COMFY_PLACE_FORM);

  /* nothing said is remembered, too */
  comfy_mapping_reset (other);
  comfy_opener_remember (fixture->opener, other, &error);
  g_assert_no_error (error);
  last = open_text (fixture, "Softest.json", GRAPH ("9"));
  g_assert_cmpstr (get_label (last, "2"), !=, "Softness");
}

static gboolean
is_listed (Fixture    *fixture,
           const char *title)
{
  GListModel *library = G_LIST_MODEL (comfy_opener_get_library (fixture->opener));

  for (unsigned int i = 0; i < g_list_model_get_n_items (library); i++)
    {
      g_autoptr(ComfyLibraryItem) item = g_list_model_get_item (library, i);

      if (g_str_equal (comfy_library_item_get_title (item), title)
          && comfy_library_item_get_action (item) != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
test_saved (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(ComfyMapping)  mapping = open_text (fixture, "Soft.json", GRAPH ("5"));
  g_autofree char         *folder = comfy_opener_dup_folder (fixture->folder);
  g_autofree char         *sidecar = NULL;
  g_autofree char         *beside = NULL;
  g_autoptr(GError)        error = NULL;

  g_assert_null (comfy_opener_save (fixture->opener, mapping, " \t", &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
  g_clear_error (&error);

  sidecar = comfy_opener_save (fixture->opener, mapping, "Soft Focus", &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (sidecar, folder));
  while (!is_listed (fixture, "Soft Focus"))
    g_main_context_iteration (NULL, TRUE);

  /* the names of those that came with the program are taken */
  beside = comfy_opener_save (fixture->opener, mapping, "Generate Image", &error);
  g_assert_no_error (error);
  g_assert_false (g_str_has_suffix (beside, G_DIR_SEPARATOR_S "generate-image.gimp.json"));
}

static void
test_errors (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *missing = g_build_filename (fixture->root, "missing.json", NULL);
  g_autofree char *broken = write_file (fixture, "broken.json", "{\"1\":");
  g_autofree char *list = write_file (fixture, "list.json", "[1, 2]");
  g_autofree char *window = write_file (fixture, "window.json",
                                        "{\"nodes\":[{\"id\":1,\"type\":\"LoadImage\"}],"
                                        "\"links\":[],\"version\":0.4}");

  test_await_error (comfy_opener_open (fixture->opener, missing), COMFY_ERROR_STORAGE);
  test_await_error (comfy_opener_open (fixture->opener, fixture->root), COMFY_ERROR_STORAGE);
  test_await_error (comfy_opener_open (fixture->opener, broken), COMFY_ERROR_INVALID_WORKFLOW);
  test_await_error (comfy_opener_open (fixture->opener, list), COMFY_ERROR_INVALID_WORKFLOW);
  test_await_error (comfy_opener_open (fixture->opener, window), COMFY_ERROR_INVALID_WORKFLOW);
}

/* a file stands where the folder would be */
static void
test_no_room (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(ComfyMapping)  mapping = open_text (fixture, "Soft.json", GRAPH ("5"));
  g_autofree char         *in_the_way = write_file (fixture, "artist", "no folder");
  g_autoptr(ComfyForm)     form = NULL;
  g_autoptr(GError)        error = NULL;

  comfy_mapping_set_label (mapping, find (mapping, "2"), "Softness");
  g_assert_false (comfy_opener_remember (fixture->opener, mapping, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_STORAGE);
  g_clear_error (&error);
  g_assert_null (comfy_opener_save (fixture->opener, mapping, "Soft Focus", &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_STORAGE);

  /* and it can still be run */
  form = comfy_opener_make_form (fixture->opener, mapping, IMAGE_ID, NULL);
  g_assert_nonnull (form);
}

/* who closes the window while a file is read leaves nothing behind */
static void
test_dropped (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *path = write_file (fixture, "Soft.json", GRAPH ("5"));
  gpointer         alive = fixture->opener;

  dex_unref (comfy_opener_open (fixture->opener, path));
  g_object_add_weak_pointer (alive, &alive);
  while (comfy_library_is_busy (comfy_opener_get_library (fixture->opener)))
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (fixture->opener);
  while (alive != NULL)
    g_main_context_iteration (NULL, TRUE);
  fixture->opener = comfy_opener_new (fixture->session, fixture->actions, fixture->folder);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *home = NULL;
  int              status;

  home = g_dir_make_tmp ("comfy-opener-home-XXXXXX", NULL);
  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  g_setenv ("XDG_STATE_HOME", home, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", home, TRUE);
  g_setenv ("XDG_CACHE_HOME", home, TRUE);
  test_use_file_keyring (home);
  g_test_init (&argc, &argv, NULL);
  dex_init ();

#define add(name, func) \
  g_test_add ("/opener/" name, Fixture, NULL, set_up, func, tear_down)

  add ("a-file-becomes-a-form-that-knows-the-image", test_open);
  add ("without-an-image", test_without_image);
  add ("corrections-count-under-another-name", test_recalled);
  add ("saved-as-an-action", test_saved);
  add ("what-is-no-workflow-is-refused-in-words", test_errors);
  add ("what-cannot-be-remembered-is-said", test_no_room);
  add ("what-nobody-waits-for-goes", test_dropped);
  add ("a-thread-has-its-own-until-it-is-done", test_dropped_while_read);

  status = g_test_run ();
  test_remove_tree (home);

  return status;
}
