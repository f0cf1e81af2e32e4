/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Actions as data: what ships is sound, what is broken is refused by name.
 */
#include "config.h"

#include <string.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "comfy-action.h"
#include "comfy-error.h"
#include "comfy-node-table-private.h"
#include "comfy-workflow-check.h"

#define GRAPH \
  "{\"1\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":64,\"height\":64,\"batch_size\":1," \
  "\"color\":255}},\"2\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"1\",0]," \
  "\"filename_prefix\":\"gimp\"}}}"

/* what else has a mnemonic where forms and the menu have theirs: Cancel, Advanced, New Seed,
 * Randomize; Jobs, Settings */
#define TAKEN_IN_FORMS "cawz"
#define TAKEN_IN_MENU  "js"

typedef struct
{
  char *folder;
  char *graph;
  char *sidecar;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("comfy-action-XXXXXX", NULL);
  fixture->graph = g_build_filename (fixture->folder, "plain.json", NULL);
  fixture->sidecar = g_build_filename (fixture->folder, "plain.gimp.json", NULL);
  g_assert_true (g_file_set_contents (fixture->graph, GRAPH, -1, NULL));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_unlink (fixture->graph);
  g_unlink (fixture->sidecar);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->graph);
  g_free (fixture->sidecar);
}

static char *
sidecar_with (const char *label,
              const char *fields)
{
  return g_strdup_printf ("{\"version\":1,\"menu-label\":\"%s\",\"title\":\"Plain\",\"blurb\":\"B\","
                          "\"source\":\"none\",\"fit\":\"region\",\"fields\":[%s]}", label, fields);
}

static ComfyAction *
load (Fixture     *fixture,
      const char  *sidecar,
      GError     **error)
{
  g_assert_true (g_file_set_contents (fixture->sidecar, sidecar, -1, NULL));

  return comfy_action_new_from_files (fixture->graph, fixture->sidecar, error);
}

static char *
data_folder (const char *below)
{
  return g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), below, NULL);
}

static void
test_shipped_are_sound (void)
{
  g_autofree char           *folder = data_folder ("actions");
  g_autofree char           *nodes = data_folder ("nodes.json");
  g_autoptr(GPtrArray)       actions = comfy_action_list_folder (folder);
  g_autoptr(GError)          error = NULL;
  g_autoptr(ComfyNodeTable)  table = comfy_node_table_new_from_file (nodes, &error);
  g_autoptr(GDir)            dir = g_dir_open (folder, 0, NULL);
  const char                *name;
  unsigned int               n_sidecars = 0;

  g_assert_no_error (error);
  _comfy_node_table_set_complete (table, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    n_sidecars += g_str_has_suffix (name, ".gimp.json") ? 1 : 0;
  g_assert_cmpuint (actions->len, ==, n_sidecars);
  g_assert_cmpuint (actions->len, >=, 2);

  for (unsigned int i = 0; i < actions->len; i++)
    {
      ComfyAction *action = g_ptr_array_index (actions, i);

      for (unsigned int j = 0; j < comfy_action_get_n_variants (action); j++)
        {
          comfy_workflow_check (comfy_action_get_variant (action, j)->workflow, table, &error);
          g_assert_no_error (error);
        }
    }
}

static void
test_order_is_position (void)
{
  g_autofree char      *folder = data_folder ("actions");
  g_autoptr(GPtrArray)  actions = comfy_action_list_folder (folder);

  for (unsigned int i = 1; i < actions->len; i++)
    g_assert_cmpint (comfy_action_get_position (g_ptr_array_index (actions, i - 1)), <=,
                     comfy_action_get_position (g_ptr_array_index (actions, i)));
}

static void
take_mnemonic (GString    *taken,
               const char *label)
{
  const char *mark = strchr (label, '_');
  char        letter;

  g_test_message ("%s (taken: %s)", label, taken->str);
  g_assert_nonnull (mark);
  letter = g_ascii_tolower (mark[1]);
  g_assert_true (g_ascii_isalnum (letter));
  g_assert_null (strchr (taken->str, letter));
  g_string_append_c (taken, letter);
}

static void
test_mnemonics_are_unique (void)
{
  g_autofree char      *folder = data_folder ("actions");
  g_autoptr(GPtrArray)  actions = comfy_action_list_folder (folder);
  g_autoptr(GString)    menu = g_string_new (TAKEN_IN_MENU);

  for (unsigned int i = 0; i < actions->len; i++)
    {
      ComfyAction        *action = g_ptr_array_index (actions, i);
      g_autoptr(GString)  form = g_string_new (TAKEN_IN_FORMS);

      take_mnemonic (menu, comfy_action_get_menu_label (action));
      take_mnemonic (form, comfy_action_get_run_label (action));
      for (unsigned int j = 0; j < comfy_action_get_n_fields (action); j++)
        take_mnemonic (form, comfy_action_get_field (action, j)->label);
    }
}

static void
test_defaults_come_from_the_graph (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autoptr(GError)       error = NULL;
  g_autofree char        *sidecar =
    sidecar_with ("_Plain…", "{\"id\":\"color\",\"type\":\"int\",\"label\":\"C\",\"node\":\"1\","
                             "\"input\":\"color\",\"min\":0,\"max\":1000}");
  g_autoptr(ComfyAction)  action = load (fixture, sidecar, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (comfy_action_get_id (action), ==, "plain");
  g_assert_cmpint (g_variant_get_int64 (comfy_action_get_field (action, 0)->fallback), ==, 255);
}

static void
test_broken_is_refused (Fixture       *fixture,
                        gconstpointer  data)
{
  static const struct { const char *label; const char *fields; } broken[] = {
    { "Dots without a form…", "" },
    { "Form without dots", "{\"id\":\"c\",\"type\":\"int\",\"label\":\"C\",\"node\":\"1\","
                           "\"input\":\"color\",\"min\":0,\"max\":9}" },
    { "No such node…", "{\"id\":\"c\",\"type\":\"int\",\"label\":\"C\",\"node\":\"9\","
                       "\"input\":\"color\",\"min\":0,\"max\":9}" },
    { "No such type…", "{\"id\":\"c\",\"type\":\"colour\",\"label\":\"C\",\"node\":\"1\","
                       "\"input\":\"color\"}" },
    { "No range…", "{\"id\":\"c\",\"type\":\"int\",\"label\":\"C\",\"node\":\"1\","
                   "\"input\":\"color\"}" },
    { "No choices…", "{\"id\":\"c\",\"type\":\"choice\",\"label\":\"C\",\"node\":\"1\","
                     "\"input\":\"color\"}" },
    { "Text for a number…", "{\"id\":\"c\",\"type\":\"text\",\"label\":\"C\",\"node\":\"1\","
                            "\"input\":\"color\"}" },
    { "No label…", "{\"id\":\"c\",\"type\":\"int\",\"node\":\"1\",\"input\":\"color\",\"min\":0,"
                   "\"max\":9}" },
    { "Not an object…", "7" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr(GError)       error = NULL;
      g_autofree char        *sidecar = sidecar_with (broken[i].label, broken[i].fields);
      g_autoptr(ComfyAction)  action = load (fixture, sidecar, &error);

      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
      g_assert_null (action);
      g_assert_nonnull (comfy_error_get_detail (error));
    }
}

static void
test_one_broken_leaves_the_others (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autofree char      *bad_graph = g_build_filename (fixture->folder, "bad.json", NULL);
  g_autofree char      *bad = g_build_filename (fixture->folder, "bad.gimp.json", NULL);
  g_autofree char      *good = sidecar_with ("_Plain", "");
  g_autoptr(GPtrArray)  actions = NULL;

  g_assert_true (g_file_set_contents (fixture->sidecar, good, -1, NULL));
  g_assert_true (g_file_set_contents (bad_graph, "{", -1, NULL));
  g_assert_true (g_file_set_contents (bad, "{", -1, NULL));

  g_test_expect_message ("comfy-action", G_LOG_LEVEL_WARNING, "bad.gimp.json is left out*");
  actions = comfy_action_list_folder (fixture->folder);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (actions->len, ==, 1);

  g_unlink (bad_graph);
  g_unlink (bad);
}

/* a folder of the artist's holds what others have made, too: nothing in it is waited for, leads out of
 * it, or reaches GIMP's procedures under a name that they do not take */
static void
test_strange_files_are_left_out (Fixture       *fixture,
                                 gconstpointer  data)
{
  static const char * const ids[] = { "Two Words", "ö", "7up", "image", "" };
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyAction)    outside = NULL;

  outside = load (fixture, "{\"version\":1,\"menu-label\":\"P\",\"title\":\"P\",\"blurb\":\"P\","
                           "\"source\":\"none\",\"fit\":\"natural\",\"variants\":[{\"id\":\"a\","
                           "\"label\":\"A\",\"graph\":\"../plain\"}]}", &error);
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "outside"));
  g_unlink (fixture->sidecar);

  for (unsigned int i = 0; i <= G_N_ELEMENTS (ids); i++)
    {
      g_autoptr(GPtrArray)  actions = NULL;
      g_autofree char      *field = NULL;
      g_autofree char      *sidecar = NULL;

      if (i < G_N_ELEMENTS (ids))
        {
          field = g_strdup_printf ("{\"id\":\"%s\",\"type\":\"int\",\"label\":\"C\",\"node\":\"1\","
                                   "\"input\":\"color\",\"min\":0,\"max\":1000}", ids[i]);
          sidecar = sidecar_with ("_Plain…", field);
          g_assert_true (g_file_set_contents (fixture->sidecar, sidecar, -1, NULL));
        }
      else
        {
          g_unlink (fixture->sidecar);
          g_assert_cmpint (mkfifo (fixture->sidecar, 0600), ==, 0);
        }
      g_test_expect_message ("comfy-action", G_LOG_LEVEL_WARNING, "plain.gimp.json is left out*");
      actions = comfy_action_list_folder (fixture->folder);
      g_test_assert_expected_messages ();
      g_assert_cmpuint (actions->len, ==, 0);
    }
}

/* a label of a megabyte would be laid out for seconds, one that turns its direction lies */
static void
test_words_stay_on_a_line (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autofree char        *long_word = g_strnfill (1024 * 1024, 'x');
  g_autofree char        *field =
    g_strdup_printf ("{\"id\":\"c\",\"type\":\"int\",\"label\":\"a\\nb\\u202ec %s\",\"node\":\"1\","
                     "\"input\":\"color\",\"min\":0,\"max\":1000}", long_word);
  g_autofree char        *sidecar = sidecar_with ("A\\u202e\\tB…", field);
  g_autoptr(GError)       error = NULL;
  g_autoptr(ComfyAction)  action = load (fixture, sidecar, &error);
  const char             *label;

  g_assert_no_error (error);
  label = comfy_action_get_field (action, 0)->label;
  g_assert_cmpstr (comfy_action_get_menu_label (action), ==, "A  B…");
  g_assert_true (g_str_has_prefix (label, "a b c xxx"));
  g_assert_cmpint (g_utf8_strlen (label, -1), ==, 501);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/action/shipped-are-sound", test_shipped_are_sound);
  g_test_add_func ("/action/mnemonics-are-unique", test_mnemonics_are_unique);
  g_test_add_func ("/action/order-is-position", test_order_is_position);
  g_test_add ("/action/defaults-come-from-the-graph", Fixture, NULL, fixture_set_up,
              test_defaults_come_from_the_graph, fixture_tear_down);
  g_test_add ("/action/broken-is-refused", Fixture, NULL, fixture_set_up, test_broken_is_refused,
              fixture_tear_down);
  g_test_add ("/action/strange-files-are-left-out", Fixture, NULL, fixture_set_up,
              test_strange_files_are_left_out, fixture_tear_down);
  g_test_add ("/action/words-stay-on-a-line", Fixture, NULL, fixture_set_up,
              test_words_stay_on_a_line, fixture_tear_down);
  g_test_add ("/action/one-broken-leaves-the-others", Fixture, NULL, fixture_set_up,
              test_one_broken_leaves_the_others, fixture_tear_down);

  return g_test_run ();
}
