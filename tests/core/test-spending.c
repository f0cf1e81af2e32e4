/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <utime.h>

#include "comfy-mapping.h"
#include "comfy-spending.h"
#include "test-future.h"

#define PROFILE "profile"

typedef struct
{
  char          *folder;
  ComfySpending *spending;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autofree char *below = NULL;

  fixture->folder = g_dir_make_tmp ("comfy-spending-XXXXXX", NULL);
  below = g_build_filename (fixture->folder, "state", NULL);
  fixture->spending = comfy_spending_new (below);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->spending);
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

/* @micros: -1: not known */
static void
note (Fixture    *fixture,
      const char *key,
      gint64      micros,
      gint64      run_ms)
{
  ComfyCost cost = { micros, COMFY_CURRENCY_USD };
  ComfyCost nothing = { 0 };

  comfy_spending_note_run (fixture->spending, PROFILE, key, micros >= 0 ? &cost : &nothing, run_ms);
}

/* @micros: -1: not known */
static void
assert_expected (Fixture    *fixture,
                 const char *key,
                 gint64      micros,
                 gint64      run_ms)
{
  ComfyCost cost;
  gint64    ms;

  g_assert_cmpint (comfy_spending_get_expected (fixture->spending, PROFILE, key, &cost, &ms), ==,
                   micros >= 0 || run_ms >= 0);
  g_assert_cmpint (comfy_cost_is_known (&cost) ? cost.micros : -1, ==, micros);
  g_assert_cmpint (ms, ==, run_ms);
}

static void
test_medians (Fixture       *fixture,
              gconstpointer  unused)
{
  assert_expected (fixture, "a", -1, -1);
  note (fixture, "a", 100, 2000);
  assert_expected (fixture, "a", 100, 2000);
  note (fixture, "a", 100000, 600000);
  assert_expected (fixture, "a", 50050, 301000);
  /* one that was so much larger is not the measure */
  note (fixture, "a", 300, 4000);
  assert_expected (fixture, "a", 300, 4000);
  assert_expected (fixture, "b", -1, -1);
  note (fixture, "b", 7, 1);
  assert_expected (fixture, "b", 7, 1);
  assert_expected (fixture, "a", 300, 4000);
}

/* prices change: what is long ago counts no more */
static void
test_the_last_runs_count (Fixture       *fixture,
                          gconstpointer  unused)
{
  for (int i = 0; i < 5; i++)
    note (fixture, "a", 10, 10);
  for (int i = 0; i < 3; i++)
    note (fixture, "a", 50, 50);
  assert_expected (fixture, "a", 50, 50);
}

static void
test_what_is_not_known_is_not_counted (Fixture       *fixture,
                                       gconstpointer  unused)
{
  note (fixture, "a", -1, -1);
  assert_expected (fixture, "a", -1, -1);
  note (fixture, "a", -1, 2000);
  assert_expected (fixture, "a", -1, 2000);
  note (fixture, "a", 40, -1);
  assert_expected (fixture, "a", 40, 2000);
}

/* dollars and credits have no median */
static void
test_the_last_currency_counts (Fixture       *fixture,
                               gconstpointer  unused)
{
  ComfyCost credits = { 3000000, COMFY_CURRENCY_CREDITS };
  ComfyCost cost;

  note (fixture, "a", 40, -1);
  comfy_spending_note_run (fixture->spending, PROFILE, "a", &credits, -1);
  g_assert_true (comfy_spending_get_expected (fixture->spending, PROFILE, "a", &cost, NULL));
  g_assert_true (comfy_cost_is_same (&cost, &credits));
  g_assert_false (comfy_spending_get_expected (fixture->spending, "another", "a", &cost, NULL));
  g_assert_false (comfy_cost_is_known (&cost));
}

static char *
get_path (Fixture *fixture)
{
  return g_build_filename (fixture->folder, "state", "spending-" PROFILE ".json", NULL);
}

static void
test_is_limited (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *path = get_path (fixture);
  GStatBuf         info;

  note (fixture, "first", 1, 1);
  for (int i = 0; i < 39; i++)
    {
      g_autofree char *key = g_strdup_printf ("action %d", i);

      for (int j = 0; j < 7; j++)
        note (fixture, key, j, j);
    }
  assert_expected (fixture, "first", 1, 1);
  note (fixture, "another", 1, 1);
  assert_expected (fixture, "first", -1, -1);
  assert_expected (fixture, "action 0", 4, 4);

  g_assert_no_errno (g_stat (path, &info));
  g_assert_cmpint (info.st_size, <, 32 * 1024);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_damage (Fixture       *fixture,
             gconstpointer  unused)
{
  static const char * const damaged[] = {
    "", "[]", "{\"actions\":7}", "{\"actions\":[7,{},{\"key\":\"a\"},{\"key\":\"a\",\"runs\":[]}]}",
    "{\"actions\":[{\"key\":\"a\",\"runs\":[7,{},{\"ms\":-5},{\"ms\":99999999999999}]}]}",
    "{\"actions\":[{\"key\":\"a\",\"runs\":[{\"cost\":{\"micros\":-1,\"currency\":\"USD\"}}]}]}",
  };
  g_autofree char *path = get_path (fixture);

  note (fixture, "a", 1, 1);
  for (unsigned int i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_assert_true (g_file_set_contents (path, damaged[i], -1, NULL));
      assert_expected (fixture, "a", -1, -1);
    }
  note (fixture, "a", 2, 2);
  assert_expected (fixture, "a", 2, 2);
}

static void
test_forgets_the_unused (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autofree char *path = get_path (fixture);
  struct utimbuf   long_ago = { 1000000000, 1000000000 };

  note (fixture, "a", 1, 1);
  comfy_spending_sweep (fixture->spending);
  assert_expected (fixture, "a", 1, 1);
  g_assert_no_errno (g_utime (path, &long_ago));
  comfy_spending_sweep (fixture->spending);
  assert_expected (fixture, "a", -1, -1);
}

static ComfyForm *
make_form (const char *name,
           const char *title)
{
  g_autofree char           *path = g_test_build_filename (G_TEST_DIST, "data", "workflows", name,
                                                           NULL);
  g_autofree char           *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                       "nodes.json", NULL);
  g_autofree char           *text = NULL;
  g_autoptr(GBytes)          bytes = NULL;
  g_autoptr(ComfyWorkflow)   workflow = NULL;
  g_autoptr(ComfyNodeTable)  table = comfy_node_table_new_from_file (nodes, NULL);
  g_autoptr(ComfyMapping)    mapping = NULL;
  g_autoptr(ComfyAction)     action = NULL;
  g_autoptr(GError)          error = NULL;
  size_t                     length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  bytes = g_bytes_new (text, length);
  workflow = comfy_workflow_new_from_bytes (bytes, &error);
  g_assert_no_error (error);
  mapping = comfy_mapping_new (workflow, table, title);
  action = comfy_mapping_make_action (mapping, title, &error);
  g_assert_no_error (error);

  return comfy_form_new (action);
}

/* (transfer full): of what the form makes when it is run */
static char *
dup_request_key (ComfyForm *form)
{
  ComfyAction               *action = comfy_form_get_action (form);
  g_autoptr(GError)          error = NULL;
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  g_autoptr(ComfyWorkflow)   workflow = NULL;
  g_autoptr(ComfyRequest)    request = NULL;
  guint64                    seed;

  workflow = comfy_form_apply (form, &seed, &error);
  g_assert_no_error (error);
  request = comfy_request_new (&(ComfyRequestParts) {
    .action_id = comfy_action_get_id (action),
    .title = comfy_action_get_title (action),
    .model = comfy_form_get_variant (form)->label,
    .profile_id = PROFILE,
    .workflow = workflow,
    .outputs = comfy_action_get_outputs (action),
    .placement = placement,
  });

  return comfy_spending_dup_key (request);
}

/* whatever a graph of the artist's is called, and whatever is filled in */
static void
test_a_graph_is_known_by_its_shape (Fixture       *fixture,
                                    gconstpointer  unused)
{
  g_autoptr(ComfyForm)  one = make_form ("t2i_sdxl_base.json", "one");
  g_autoptr(ComfyForm)  same = make_form ("t2i_sdxl_base.json", "another name");
  g_autoptr(ComfyForm)  other = make_form ("sandbox_generate_color.json", "one");
  g_autofree char      *key = comfy_spending_dup_form_key (one);
  g_autofree char      *same_key = comfy_spending_dup_form_key (same);
  g_autofree char      *other_key = comfy_spending_dup_form_key (other);
  g_autofree char      *asked = dup_request_key (one);
  g_autofree char      *other_asked = dup_request_key (other);

  g_assert_cmpstr (key, ==, same_key);
  g_assert_cmpstr (key, !=, other_key);
  g_assert_cmpstr (key, ==, asked);
  g_assert_cmpstr (other_key, ==, other_asked);
}

/* of an action of ours each model has its price */
static void
test_an_action_is_known_by_its_model (Fixture       *fixture,
                                      gconstpointer  unused)
{
  const char             *data = g_getenv ("COMFY_TEST_DATA_DIR");
  g_autofree char        *graph = g_build_filename (data, "actions", "generate-image.json", NULL);
  g_autofree char        *sidecar = g_build_filename (data, "actions", "generate-image.gimp.json",
                                                      NULL);
  g_autoptr(ComfyAction)  action = comfy_action_new_from_files (graph, sidecar, NULL);
  g_autoptr(GHashTable)   keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const ComfyField       *field = NULL;
  unsigned int            n = comfy_action_get_n_variants (action);

  g_assert_cmpuint (n, >, 1);
  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    if (comfy_action_get_field (action, i)->role == COMFY_ROLE_MODEL)
      field = comfy_action_get_field (action, i);
  g_assert_nonnull (field);

  for (unsigned int i = 0; i < n; i++)
    {
      g_autoptr(ComfyForm)  form = comfy_form_new (action);
      g_autofree char      *key = NULL;
      g_autofree char      *asked = NULL;

      comfy_form_set_value (form, field->id,
                            g_variant_new_string (comfy_action_get_variant (action, i)->id));
      comfy_form_set_value (form, "prompt", g_variant_new_string ("an oak"));
      key = comfy_spending_dup_form_key (form);
      asked = dup_request_key (form);
      g_assert_cmpstr (key, ==, asked);
      g_hash_table_add (keys, g_steal_pointer (&key));
    }
  g_assert_cmpuint (g_hash_table_size (keys), ==, n);
}

#define ADD(name, func) \
  g_test_add ("/spending/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("the-middle-of-the-last-runs-is-expected", test_medians);
  ADD ("old-runs-count-no-more", test_the_last_runs_count);
  ADD ("what-is-not-known-is-not-counted", test_what_is_not_known_is_not_counted);
  ADD ("the-last-currency-counts", test_the_last_currency_counts);
  ADD ("keeps-a-few-hundred-numbers", test_is_limited);
  ADD ("damage-costs-the-memory-and-no-more", test_damage);
  ADD ("forgets-what-nobody-uses", test_forgets_the_unused);
  ADD ("a-graph-is-known-by-its-shape", test_a_graph_is_known_by_its_shape);
  ADD ("an-action-is-known-by-its-model", test_an_action_is_known_by_its_model);

  return g_test_run ();
}
