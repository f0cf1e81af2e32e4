/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vary This Layer: the same once more, with another seed.
 */
#include "config.h"

#include "again-fixture.h"
#include "test-file-keyring.h"

static void
test_pictures (AgainFixture  *fixture,
               gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  entry = NULL;
  g_autoptr(ComfyRecipe)        recipe = NULL;
  g_autoptr(ComfyJob)           job = NULL;
  ComfyPlacement               *placement;

  fixture->placement->alpha_file = g_strdup ("alpha.png");
  fixture->placement->mask_file = g_strdup ("mask.png");
  entry = again_begin_job (fixture);
  /* whoever holds the lock of the first job goes on with it */
  recipe = again_remember (fixture, comfy_journal_entry_get_id (entry));
  job = again_vary (fixture, recipe);
  again_assert_varied (fixture, job);
  again_assert_file (job, "input-0.png");
  again_assert_file (job, "alpha.png");
  again_assert_file (job, "mask.png");
  g_assert_cmpuint (comfy_request_get_inputs (comfy_job_get_request (job))->len, ==, 1);
  g_assert_cmpstr (comfy_journal_entry_get_idempotency_key (comfy_job_get_entry (job)), !=,
                   comfy_journal_entry_get_idempotency_key (entry));
  placement = comfy_request_get_placement (comfy_job_get_request (job));
  g_assert_cmpstr (placement->alpha_file, ==, "alpha.png");
  g_assert_cmpstr (placement->mask_file, ==, "mask.png");
  g_assert_cmpmem (&placement->region, sizeof placement->region, &fixture->placement->region,
                   sizeof fixture->placement->region);
}

static void
test_variation_of_a_variation (AgainFixture  *fixture,
                               gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  entry = again_begin_job (fixture);
  const char                   *first_id = comfy_journal_entry_get_id (entry);
  g_autoptr(ComfyRecipe)        recipe = again_remember (fixture, first_id);
  g_autoptr(ComfyJob)           first = again_vary (fixture, recipe);
  g_autoptr(ComfyRecipe)        again = NULL;
  g_autoptr(ComfyJob)           second = NULL;

  again = again_remember (fixture, comfy_journal_entry_get_id (comfy_job_get_entry (first)));
  second = again_vary (fixture, again);
  again_assert_file (second, "input-0.png");
  g_assert_cmpuint (comfy_request_get_seed (comfy_job_get_request (second)), !=,
                    comfy_request_get_seed (comfy_job_get_request (first)));
}

static void
test_seeds (AgainFixture  *fixture,
            gconstpointer  data)
{
  g_autoptr(ComfyRecipe) recipe = NULL;
  gboolean               drawn[4] = { FALSE };
  g_autofree char       *id = g_uuid_string_random ();

  fixture->with_input = FALSE;
  recipe = again_remember (fixture, id);
  for (unsigned int i = 0; i < 60; i++)
    {
      g_autoptr(ComfyJob) job = again_vary (fixture, recipe);

      again_assert_varied (fixture, job);
      drawn[comfy_request_get_seed (comfy_job_get_request (job))] = TRUE;
    }
  /* all but the old one: one of them is missing once in 10^10 runs */
  g_assert_true (drawn[0] && drawn[1] && !drawn[2] && drawn[3]);
}

static void
test_words_are_enough (AgainFixture  *fixture,
                       gconstpointer  data)
{
  g_autoptr(ComfyRecipe)  recipe = NULL;
  g_autoptr(ComfyJob)     job = NULL;
  g_autofree char        *id = g_uuid_string_random ();

  fixture->with_input = FALSE;
  recipe = again_remember (fixture, id);
  job = again_vary (fixture, recipe);
  again_assert_varied (fixture, job);
  g_assert_cmpuint (comfy_request_get_inputs (comfy_job_get_request (job))->len, ==, 0);
}

static void
test_forgotten (AgainFixture  *fixture,
                gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  entry = again_begin_job (fixture);
  const char                   *first_id = comfy_journal_entry_get_id (entry);
  g_autoptr(ComfyRecipe)        kept = again_remember (fixture, first_id);
  g_autoptr(ComfyRecipe)        gone = NULL;
  g_autofree char              *id = g_uuid_string_random ();
  g_autofree char              *input = NULL;

  gone = again_remember (fixture, id);
  again_vary_fails (fixture, gone, COMFY_ERROR_NOT_FOUND, "picture");

  input = g_build_filename (comfy_journal_entry_get_folder (entry), "input-0.png", NULL);
  g_remove (input);
  again_vary_fails (fixture, kept, COMFY_ERROR_NOT_FOUND, "picture");
}

/* (transfer full): AGAIN_GRAPH with something else in it */
static char *
make_other_graph (const char *what,
                  const char *by)
{
  g_auto(GStrv) parts = g_strsplit (AGAIN_GRAPH, what, -1);

  g_assert_cmpuint (g_strv_length (parts), ==, 2);

  return g_strjoinv (by, parts);
}

/* a file of somebody else's spends nothing on what no action here would ask for */
static void
test_forged (AgainFixture  *fixture,
             gconstpointer  data)
{
  static const struct
  {
    const char *what;
    const char *by;
  } cases[] = {
    { "KSampler", "PartnerVideoNode" },
    { "\"steps\":20", "\"steps\":51" },
    { "\"steps\":20", "\"steps\":0" },
    { "\"steps\":20", "\"steps\":\"20\"" },
    { "\"cfg\":1.0", "\"cfg\":1.5" },
    { "\"cfg\":1.0", "\"other\":1.0" },
    { "\"cfg\":1.0", "\"cfg\":1.0,\"more\":1" },
    { ",\"cfg\":1.0", "" },
    { "\"a bicycle\"", "[\"9\",0]" },
    { "a.safetensors", "other.safetensors" },
    { "\"seed\":2", "\"seed\":1001" },
    { "\"9\":{", "\"8\":{" },
    { "\"9\":{", "\"8\":{\"class_type\":\"KSampler\",\"inputs\":{}},\"9\":{" },
  };
  g_autofree char *id = g_uuid_string_random ();

  fixture->with_input = FALSE;
  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char         *graph = make_other_graph (cases[i].what, cases[i].by);
      g_autoptr(ComfyRecipe)   recipe = NULL;

      fixture->graph = graph;
      recipe = again_remember (fixture, id);
      again_vary_fails (fixture, recipe, COMFY_ERROR_NOT_SUPPORTED, "made elsewhere");
    }
}

/* nor by another way than its graph */
static void
test_forged_around (AgainFixture  *fixture,
                    gconstpointer  data)
{
  g_autofree char         *id = g_uuid_string_random ();
  g_autoptr(ComfyRecipe)   action = NULL;
  g_autoptr(ComfyRecipe)   file = NULL;
  g_autoptr(ComfyRecipe)   seed = NULL;
  g_autoptr(ComfyRecipe)   seed_max = NULL;

  fixture->with_input = FALSE;
  fixture->action_id = "generate-image";
  action = again_remember (fixture, id);
  again_vary_fails (fixture, action, COMFY_ERROR_NOT_SUPPORTED, "made elsewhere");

  fixture->action_id = "restyle-layer";
  fixture->second_file = "other.safetensors";
  file = again_remember (fixture, id);
  again_vary_fails (fixture, file, COMFY_ERROR_NOT_SUPPORTED, "made elsewhere");

  fixture->second_file = "b.safetensors";
  fixture->seed_input = "steps";
  seed = again_remember (fixture, id);
  again_vary_fails (fixture, seed, COMFY_ERROR_NOT_SUPPORTED, "made elsewhere");

  fixture->seed_input = "seed";
  fixture->seed_max = 1001;
  seed_max = again_remember (fixture, id);
  again_vary_fails (fixture, seed_max, COMFY_ERROR_NOT_SUPPORTED, "made elsewhere");
}

/* within the bounds of the form everybody may choose; the journal's own jobs need no action at all */
static void
test_not_forged (AgainFixture  *fixture,
                 gconstpointer  data)
{
  g_autofree char               *id = g_uuid_string_random ();
  g_autofree char               *graph = make_other_graph ("\"steps\":20", "\"steps\":50");
  g_autoptr(ComfyRecipe)         recipe = NULL;
  g_autoptr(ComfyRecipe)         kept = NULL;
  g_autoptr(ComfyJob)            elsewhere = NULL;
  g_autoptr(ComfyJob)            here = NULL;
  g_autoptr(ComfyJournalEntry)   entry = NULL;

  fixture->with_input = FALSE;
  fixture->graph = graph;
  recipe = again_remember (fixture, id);
  elsewhere = again_vary (fixture, recipe);
  again_assert_varied (fixture, elsewhere);

  fixture->graph = AGAIN_GRAPH;
  g_ptr_array_set_size (fixture->actions, 0);
  entry = again_begin_job (fixture);
  kept = again_remember (fixture, comfy_journal_entry_get_id (entry));
  here = again_vary (fixture, kept);
  again_assert_varied (fixture, here);
}

static void
test_not_remembered (AgainFixture  *fixture,
                     gconstpointer  data)
{
  g_autoptr(ComfyRecipe)  recipe = NULL;
  g_autofree char        *id = g_uuid_string_random ();

  fixture->with_input = FALSE;
  recipe = again_remember (fixture, id);
  g_clear_object (&recipe->request);
  again_vary_fails (fixture, recipe, COMFY_ERROR_NOT_FOUND, "How this layer was made");
}

static void
test_no_seed (AgainFixture  *fixture,
              gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  without = NULL;
  g_autoptr(ComfyJournalEntry)  only_one = NULL;
  g_autoptr(ComfyRecipe)        first = NULL;
  g_autoptr(ComfyRecipe)        second = NULL;

  fixture->with_seed = FALSE;
  without = again_begin_job (fixture);
  first = again_remember (fixture, comfy_journal_entry_get_id (without));
  again_vary_fails (fixture, first, COMFY_ERROR_NOT_SUPPORTED, "“Restyle” has no seed");

  fixture->with_seed = TRUE;
  fixture->seed_max = 0;
  only_one = again_begin_job (fixture);
  second = again_remember (fixture, comfy_journal_entry_get_id (only_one));
  again_vary_fails (fixture, second, COMFY_ERROR_NOT_SUPPORTED, "“Restyle” has no seed");
}

static void
test_no_key (AgainFixture  *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  entry = again_begin_job (fixture);
  const char                   *first_id = comfy_journal_entry_get_id (entry);
  g_autoptr(ComfyRecipe)        recipe = again_remember (fixture, first_id);

  again_remove_key (fixture);
  again_vary_fails (fixture, recipe, COMFY_ERROR_NO_KEY, "key");
}

static void
test_editor_fails (AgainFixture  *fixture,
                   gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  entry = again_begin_job (fixture);
  const char                   *first_id = comfy_journal_entry_get_id (entry);
  g_autoptr(ComfyRecipe)        recipe = again_remember (fixture, first_id);

  fake_host_fail (fixture->host, COMFY_ERROR_IMAGE);
  again_vary_fails (fixture, recipe, COMFY_ERROR_IMAGE, "editor");
}

/* as the settings say now, not as they said then */
static void
test_remembers_as_set (AgainFixture  *fixture,
                       gconstpointer  data)
{
  ComfySettings                *settings = comfy_session_get_settings (fixture->session);
  g_autoptr(ComfyJournalEntry)  entry = again_begin_job (fixture);
  const char                   *first_id = comfy_journal_entry_get_id (entry);
  g_autoptr(ComfyRecipe)        recipe = again_remember (fixture, first_id);
  g_autoptr(ComfyJob)           with = again_vary (fixture, recipe);
  g_autoptr(ComfyJob)           without = NULL;

  comfy_settings_set_remember_in_layers (settings, FALSE);
  without = again_vary (fixture, recipe);
  g_assert_true (comfy_request_get_remember (comfy_job_get_request (with)));
  g_assert_false (comfy_request_get_remember (comfy_job_get_request (without)));
}

/* the canvas has grown with the first result, and grows no second time */
static void
test_follows_the_canvas (AgainFixture  *fixture,
                         gconstpointer  data)
{
  static const struct
  {
    int      width;
    int      height;
    int      x; /* of the crop then */
    int      y;
    gboolean grows;
  } cases[] = {
    { 117, 91, 3, 10, FALSE }, /* as it has grown */
    { 100, 80, -4, 5, TRUE },  /* as it was */
    { 300, 200, -4, 5, FALSE },
    { 117, 80, -4, 5, FALSE },
  };
  g_autoptr(ComfyJournalEntry)  entry = NULL;
  g_autoptr(ComfyRecipe)        recipe = NULL;

  fixture->placement->edges = (ComfyEdges) { .left = 7, .top = 5, .right = 10, .bottom = 6 };
  entry = again_begin_job (fixture);
  recipe = again_remember (fixture, comfy_journal_entry_get_id (entry));
  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ComfyJob)  job = NULL;
      ComfyPlacement      *placement;

      fake_host_set_canvas (fixture->host, cases[i].width, cases[i].height);
      job = again_vary (fixture, recipe);
      placement = comfy_request_get_placement (comfy_job_get_request (job));
      g_assert_cmpint (placement->region.crop.x, ==, cases[i].x);
      g_assert_cmpint (placement->region.crop.y, ==, cases[i].y);
      g_assert_cmpint (placement->region.crop.width, ==, 60);
      g_assert_cmpint (placement->image_width, ==, cases[i].width);
      g_assert_cmpint (comfy_edges_are_none (&placement->edges), ==, !cases[i].grows);
    }
}

#define ADD(name, func) \
  g_test_add ("/session-again/" name, AgainFixture, NULL, again_set_up, func, again_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-session-XXXXXX", NULL);
  int              status;

  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_setenv ("XDG_STATE_HOME", folder, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  test_use_file_keyring (folder);
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("only-the-seed-is-another", test_pictures);
  ADD ("a-variation-can-be-varied", test_variation_of_a_variation);
  ADD ("seeds-are-others-within-bounds", test_seeds);
  ADD ("words-alone-need-no-journal", test_words_are_enough);
  ADD ("pictures-that-are-gone-are-missed", test_forgotten);
  ADD ("what-no-action-asks-for-is-not-sent", test_forged);
  ADD ("nor-what-would-come-into-its-graph", test_forged_around);
  ADD ("what-an-action-asks-for-is", test_not_forged);
  ADD ("what-is-not-remembered-cannot-be-varied", test_not_remembered);
  ADD ("without-a-seed-it-would-be-the-same", test_no_seed);
  ADD ("needs-a-key", test_no_key);
  ADD ("nothing-stays-when-the-editor-fails", test_editor_fails);
  ADD ("remembers-as-the-settings-say-now", test_remembers_as_set);
  ADD ("the-canvas-grows-once", test_follows_the_canvas);

  status = g_test_run ();
  test_remove_tree (folder);

  return status;
}
