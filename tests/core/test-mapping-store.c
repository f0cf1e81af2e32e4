/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an artist says of a workflow, on disk: it is found again by the graph, and saving it takes
 * nothing away that lies there.
 */
#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-mapping-store.h"
#include "mapping-fixture.h"
#include "test-future.h"

#define PAINT(text) \
  "{'1':{'class_type':'Paint','inputs':{'text':'" text "'}}," \
  "'2':{'class_type':'SaveImage','inputs':{'images':['1',0]}}}"
#define OTHER \
  "{'1':{'class_type':'Print','inputs':{'text':'x'}}," \
  "'2':{'class_type':'SaveImage','inputs':{'images':['1',0]}}}"

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("comfy-mapping-store-XXXXXX", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

/* where a graph is saved under @title: in the folder, whatever the title says */
static void
assert_saved (Fixture    *fixture,
              const char *json,
              const char *title,
              const char *name)
{
  g_autoptr(ComfyMapping)  mapping = mapping_new (json);
  g_autoptr(GError)        error = NULL;
  g_autofree char         *expected = g_strconcat (fixture->folder, "/", name, ".gimp.json", NULL);
  g_autofree char         *graph = g_strconcat (fixture->folder, "/", name, ".json", NULL);
  g_autoptr(ComfyAction)   action = NULL;
  g_autofree char         *path = comfy_mapping_store_save (fixture->folder, mapping, title, NULL,
                                                            &error);

  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
  action = comfy_action_new_from_files (graph, path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (comfy_action_get_title (action), ==, title);
}

static void
test_saved_anew (Fixture       *fixture,
                 gconstpointer  data)
{
  assert_saved (fixture, PAINT ("a cat"), "Sky", "sky");
  assert_saved (fixture, PAINT ("a dog"), "Sky", "sky");
  assert_saved (fixture, OTHER, "Sky", "sky-2");
  assert_saved (fixture, OTHER, "Sky", "sky-2");
}

static void
test_names (Fixture       *fixture,
            gconstpointer  data)
{
  assert_saved (fixture, PAINT ("a cat"), "../../etc/Sky", "etc-sky");
  assert_saved (fixture, PAINT ("a cat"), "天空", "workflow");
  assert_saved (fixture, PAINT ("a cat"), "4×", "n-4x");
  /* procedures of the program's own are called so */
  assert_saved (fixture, PAINT ("a cat"), "Settings", "settings-2");
  assert_saved (fixture, PAINT ("a cat"), "Run Workflow…", "run-workflow-2");
}

/* a workflow that lies in the folder is the artist's, who may have no other copy of its values */
static void
test_files_stay (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(ComfyMapping)  mine = mapping_new (PAINT ("my very own words"));
  g_autoptr(GBytes)        graph = comfy_workflow_to_bytes (comfy_mapping_get_workflow (mine));
  g_autofree char         *path = g_build_filename (fixture->folder, "sky.json", NULL);
  g_autofree char         *text = NULL;

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (graph, NULL),
                                      (gssize) g_bytes_get_size (graph), NULL));
  assert_saved (fixture, PAINT ("a cat"), "Sky", "sky-2");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "my very own words"));

  /* the same becomes an action where it lies */
  assert_saved (fixture, PAINT ("my very own words"), "Sky", "sky");
}

static void
test_a_blank_name (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(ComfyMapping) mapping = mapping_new (OTHER);
  g_autoptr(GError)       error = NULL;

  g_assert_null (comfy_mapping_store_save (fixture->folder, mapping, " \t", NULL, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
}

/* known by the graph's shape: other values, another name; nothing said any more is no file */
static void
test_recall (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyMapping)  said = mapping_new (PAINT ("a cat"));
  g_autoptr(ComfyMapping)  again = mapping_new (PAINT ("a dog"));
  g_autoptr(ComfyMapping)  forgotten = mapping_new (PAINT ("a dog"));
  g_autoptr(GError)        error = NULL;
  unsigned int             i = mapping_find (said, "1", "text");

  comfy_mapping_set_label (said, i, "Style");
  g_assert_true (comfy_mapping_store_remember (fixture->folder, said, &error));
  g_assert_no_error (error);
  comfy_mapping_store_recall (fixture->folder, again);
  g_assert_cmpstr (comfy_mapping_get_entry (again, mapping_find (again, "1", "text"))->label, ==,
                   "Style");

  comfy_mapping_reset (said);
  g_assert_true (comfy_mapping_store_remember (fixture->folder, said, &error));
  comfy_mapping_store_recall (fixture->folder, forgotten);
  g_assert_cmpstr (comfy_mapping_get_entry (forgotten, mapping_find (forgotten, "1", "text"))->label,
                   ==, "Prompt");
}

#define ADD(name, func) \
  g_test_add ("/mapping-store/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("an-action-is-saved-anew", test_saved_anew);
  ADD ("names-stay-in-the-folder", test_names);
  ADD ("files-with-other-values-stay", test_files_stay);
  ADD ("a-blank-name-is-refused", test_a_blank_name);
  ADD ("what-was-said-is-found-by-the-graph", test_recall);

  return g_test_run ();
}
