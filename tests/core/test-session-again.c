/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vary This Layer: the same once more, with another seed.
 */
#include "config.h"

#include <string.h>

#include "comfy-recipe.h"
#include "comfy-session.h"
#include "fake-host.h"
#include "test-file-keyring.h"

#define GRAPH "{\"3\":{\"class_type\":\"KSampler\",\"inputs\":{\"seed\":2,\"text\":\"a bicycle\"}}," \
              "\"9\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"\"}}}"
#define IMAGE 3
#define LAYER 5

typedef struct
{
  FakeHost       *host;
  ComfySession   *session;
  ComfyProfile   *profile;
  ComfyPlacement *placement; /* of the first job */
  gboolean        with_input;
  gboolean        with_seed;
  guint64         seed_max;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  ComfyProfileStore           *profiles;
  ComfyEndpoint               *endpoint;
  g_autoptr(ComfyCredentials)  credentials = NULL;

  fixture->host = fake_host_new ();
  fixture->session = comfy_session_new (COMFY_HOST (fixture->host));
  profiles = comfy_session_get_profiles (fixture->session);
  endpoint = comfy_profile_store_find_endpoint (profiles, COMFY_ENDPOINT_PRODUCTION);
  credentials = test_make_credentials ("aaaa", comfy_endpoint_get_origin (endpoint));
  fixture->profile = test_await_object (comfy_profile_store_add (profiles, "Key", endpoint,
                                                                 credentials, NULL));
  fixture->placement = comfy_placement_new ();
  fixture->placement->image_width = 100;
  fixture->placement->image_height = 80;
  fixture->placement->region = (ComfyRegion) { { -4, 5, 60, 50 }, 72, 60, 1, 2, 3, 4 };
  fixture->placement->order = COMFY_ORDER_LOWEST_FIRST;
  fixture->placement->fit = COMFY_FIT_NATURAL;
  fixture->with_input = TRUE;
  fixture->with_seed = TRUE;
  fixture->seed_max = 3;
  fake_host_set_canvas (fixture->host, 100, 80);
}

static void
remove_key (Fixture *fixture)
{
  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               fixture->profile));
  g_clear_object (&fixture->profile);
}

static const char *
get_folder (Fixture *fixture)
{
  return comfy_journal_get_folder (comfy_session_get_journal (fixture->session));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  comfy_settings_set_remember_in_layers (comfy_session_get_settings (fixture->session), TRUE);
  if (fixture->profile != NULL)
    remove_key (fixture);
  if (g_file_test (get_folder (fixture), G_FILE_TEST_IS_DIR))
    test_remove_tree (get_folder (fixture));
  comfy_placement_unref (fixture->placement);
  g_assert_finalize_object (fixture->session);
  g_assert_finalize_object (fixture->host);
}

static ComfyRequest *
make_request (Fixture *fixture)
{
  static const ComfyTarget    target = { (char *) "3", (char *) "seed" };
  static const char * const   names[] = { "a.safetensors", "b.safetensors", NULL };
  g_autoptr(GBytes)           bytes = g_bytes_new_static (GRAPH, sizeof GRAPH - 1);
  g_autoptr(ComfyWorkflow)    workflow = comfy_workflow_new_from_bytes (bytes, NULL);
  g_autoptr(GPtrArray)        inputs = NULL;
  g_autoptr(GPtrArray)        loaders = NULL;

  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  if (fixture->with_input)
    g_ptr_array_add (inputs, comfy_input_new ("input-0.png", "image/png", "9", "image"));
  loaders = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_loader_free);
  g_ptr_array_add (loaders, comfy_loader_new ("3", "name", names));

  return comfy_request_new (&(ComfyRequestParts) {
    .action_id = "restyle-layer",
    .title = "Restyle",
    .model = "Z-Image",
    .prompt = "a bicycle",
    .seed = 2,
    .seed_max = fixture->seed_max,
    .seed_target = fixture->with_seed ? &target : NULL,
    .profile_id = "an-earlier-profile",
    .workflow = workflow,
    .inputs = inputs,
    .loaders = loaders,
    .placement = fixture->placement,
    .remember = TRUE,
  });
}

static void
write_file (const char *folder,
            const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, name, -1, NULL));
}

/* (transfer full): a job that has made a layer, and whose lock this process holds */
static ComfyJournalEntry *
begin_job (Fixture *fixture)
{
  ComfyJournal             *journal = comfy_session_get_journal (fixture->session);
  g_autofree char          *staging = comfy_journal_make_staging (journal, NULL);
  g_autoptr(ComfyRequest)   request = make_request (fixture);
  g_autoptr(GError)         error = NULL;
  ComfyJournalEntry        *entry;

  if (fixture->with_input)
    write_file (staging, "input-0.png");
  if (fixture->placement->alpha_file != NULL)
    write_file (staging, fixture->placement->alpha_file);
  if (fixture->placement->mask_file != NULL)
    write_file (staging, fixture->placement->mask_file);
  entry = comfy_journal_begin (journal, staging, request, &error);
  g_assert_no_error (error);

  return entry;
}

/* (transfer full): what its layer remembers */
static ComfyRecipe *
remember (Fixture    *fixture,
          const char *job_id)
{
  g_autoptr(ComfyRequest)  request = make_request (fixture);
  g_autoptr(GBytes)        bytes = comfy_recipe_write (request, job_id);
  g_autoptr(GError)        error = NULL;
  ComfyRecipe             *recipe = comfy_recipe_read (bytes, &error);

  g_assert_no_error (error);

  return recipe;
}

/* (transfer full): the new job */
static ComfyJob *
vary (Fixture     *fixture,
      ComfyRecipe *recipe)
{
  g_autoptr(DexFuture)  future = test_settle (comfy_session_vary (fixture->session, recipe, IMAGE,
                                                                  LAYER));
  g_autoptr(GError)     error = NULL;
  const GValue         *value = dex_future_get_value (future, &error);
  ComfyJob             *job;

  g_assert_no_error (error);
  job = comfy_session_open_job (fixture->session, g_value_get_string (value), &error);
  g_assert_no_error (error);

  return job;
}

static unsigned int
count_folders (Fixture *fixture)
{
  g_autoptr(GDir)  dir = g_dir_open (get_folder (fixture), 0, NULL);
  unsigned int     n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* nothing may be left behind */
static void
vary_fails (Fixture     *fixture,
            ComfyRecipe *recipe,
            ComfyError   code,
            const char  *part)
{
  unsigned int          n = count_folders (fixture);
  g_autoptr(DexFuture)  future = test_settle (comfy_session_vary (fixture->session, recipe, IMAGE,
                                                                  LAYER));
  g_autoptr(GError)     error = NULL;

  g_assert_null (dex_future_get_value (future, &error));
  g_assert_error (error, COMFY_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, part));
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_cmpuint (count_folders (fixture), ==, n);
}

static void
assert_file (ComfyJob   *job,
             const char *name)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  path = g_build_filename (comfy_journal_entry_get_folder (comfy_job_get_entry (job)), name, NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, name);
}

/* the same request but for the seed, which is another one within its bounds */
static void
assert_varied (Fixture  *fixture,
               ComfyJob *job)
{
  ComfyRequest             *request = comfy_job_get_request (job);
  g_autoptr(ComfyWorkflow)  back = comfy_workflow_copy (comfy_request_get_workflow (request));
  g_autoptr(ComfyRequest)   first = make_request (fixture);
  g_autoptr(GBytes)         expected = NULL;
  g_autoptr(GBytes)         graph = NULL;
  guint64                   seed;

  g_assert_true (comfy_workflow_get_uint64 (back, "3", "seed", &seed));
  g_assert_cmpuint (seed, ==, comfy_request_get_seed (request));
  g_assert_cmpuint (seed, !=, 2);
  g_assert_cmpuint (seed, <=, fixture->seed_max);
  g_assert_true (comfy_workflow_set_uint64 (back, "3", "seed", 2, NULL));
  expected = comfy_workflow_to_bytes (comfy_request_get_workflow (first));
  graph = comfy_workflow_to_bytes (back);
  g_assert_true (g_bytes_equal (expected, graph));

  g_assert_cmpstr (comfy_request_get_action_id (request), ==, "restyle-layer");
  g_assert_cmpstr (comfy_request_get_title (request), ==, "Restyle");
  g_assert_cmpstr (comfy_request_get_model (request), ==, "Z-Image");
  g_assert_cmpstr (comfy_request_get_prompt (request), ==, "a bicycle");
  g_assert_cmpuint (comfy_request_get_seed_max (request), ==, fixture->seed_max);
  g_assert_cmpstr (comfy_request_get_seed_target (request)->node, ==, "3");
  g_assert_cmpuint (comfy_request_get_loaders (request)->len, ==, 1);
  g_assert_cmpint (comfy_request_get_placement (request)->image_id, ==, IMAGE);
  g_assert_cmpint (comfy_request_get_placement (request)->layer_id, ==, LAYER);
  g_assert_cmpint (comfy_request_get_placement (request)->fit, ==, COMFY_FIT_NATURAL);
  g_assert_cmpint (comfy_request_get_placement (request)->order, ==, COMFY_ORDER_LOWEST_FIRST);
  /* the key that is used now */
  g_assert_cmpstr (comfy_request_get_profile_id (request), ==,
                   comfy_profile_get_id (fixture->profile));
}

static void
test_pictures (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  entry = NULL;
  g_autoptr(ComfyRecipe)        recipe = NULL;
  g_autoptr(ComfyJob)           job = NULL;
  ComfyPlacement               *placement;

  fixture->placement->alpha_file = g_strdup ("alpha.png");
  fixture->placement->mask_file = g_strdup ("mask.png");
  entry = begin_job (fixture);
  /* whoever holds the lock of the first job goes on with it */
  recipe = remember (fixture, comfy_journal_entry_get_id (entry));
  job = vary (fixture, recipe);
  assert_varied (fixture, job);
  assert_file (job, "input-0.png");
  assert_file (job, "alpha.png");
  assert_file (job, "mask.png");
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
test_variation_of_a_variation (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  entry = begin_job (fixture);
  g_autoptr(ComfyRecipe)        recipe = remember (fixture, comfy_journal_entry_get_id (entry));
  g_autoptr(ComfyJob)           first = vary (fixture, recipe);
  g_autoptr(ComfyRecipe)        again = NULL;
  g_autoptr(ComfyJob)           second = NULL;

  again = remember (fixture, comfy_journal_entry_get_id (comfy_job_get_entry (first)));
  second = vary (fixture, again);
  assert_file (second, "input-0.png");
  g_assert_cmpuint (comfy_request_get_seed (comfy_job_get_request (second)), !=,
                    comfy_request_get_seed (comfy_job_get_request (first)));
}

static void
test_seeds (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(ComfyRecipe) recipe = NULL;
  gboolean               drawn[4] = { FALSE };
  g_autofree char       *id = g_uuid_string_random ();

  fixture->with_input = FALSE;
  recipe = remember (fixture, id);
  for (unsigned int i = 0; i < 60; i++)
    {
      g_autoptr(ComfyJob) job = vary (fixture, recipe);

      assert_varied (fixture, job);
      drawn[comfy_request_get_seed (comfy_job_get_request (job))] = TRUE;
    }
  /* all but the old one: one of them is missing once in 10^10 runs */
  g_assert_true (drawn[0] && drawn[1] && !drawn[2] && drawn[3]);
}

static void
test_words_are_enough (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(ComfyRecipe)  recipe = NULL;
  g_autoptr(ComfyJob)     job = NULL;
  g_autofree char        *id = g_uuid_string_random ();

  fixture->with_input = FALSE;
  recipe = remember (fixture, id);
  job = vary (fixture, recipe);
  assert_varied (fixture, job);
  g_assert_cmpuint (comfy_request_get_inputs (comfy_job_get_request (job))->len, ==, 0);
}

static void
test_forgotten (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  entry = begin_job (fixture);
  g_autoptr(ComfyRecipe)        kept = remember (fixture, comfy_journal_entry_get_id (entry));
  g_autoptr(ComfyRecipe)        gone = NULL;
  g_autofree char              *id = g_uuid_string_random ();
  g_autofree char              *input = NULL;

  gone = remember (fixture, id);
  vary_fails (fixture, gone, COMFY_ERROR_NOT_FOUND, "picture");

  input = g_build_filename (comfy_journal_entry_get_folder (entry), "input-0.png", NULL);
  g_remove (input);
  vary_fails (fixture, kept, COMFY_ERROR_NOT_FOUND, "picture");
}

static void
test_not_remembered (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(ComfyRecipe)  recipe = NULL;
  g_autofree char        *id = g_uuid_string_random ();

  fixture->with_input = FALSE;
  recipe = remember (fixture, id);
  g_clear_object (&recipe->request);
  vary_fails (fixture, recipe, COMFY_ERROR_NOT_FOUND, "How this layer was made");
}

static void
test_no_seed (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  without = NULL;
  g_autoptr(ComfyJournalEntry)  only_one = NULL;
  g_autoptr(ComfyRecipe)        first = NULL;
  g_autoptr(ComfyRecipe)        second = NULL;

  fixture->with_seed = FALSE;
  without = begin_job (fixture);
  first = remember (fixture, comfy_journal_entry_get_id (without));
  vary_fails (fixture, first, COMFY_ERROR_NOT_SUPPORTED, "“Restyle” has no seed");

  fixture->with_seed = TRUE;
  fixture->seed_max = 0;
  only_one = begin_job (fixture);
  second = remember (fixture, comfy_journal_entry_get_id (only_one));
  vary_fails (fixture, second, COMFY_ERROR_NOT_SUPPORTED, "“Restyle” has no seed");
}

static void
test_no_key (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  entry = begin_job (fixture);
  g_autoptr(ComfyRecipe)        recipe = remember (fixture, comfy_journal_entry_get_id (entry));

  remove_key (fixture);
  vary_fails (fixture, recipe, COMFY_ERROR_NO_KEY, "key");
}

static void
test_editor_fails (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  entry = begin_job (fixture);
  g_autoptr(ComfyRecipe)        recipe = remember (fixture, comfy_journal_entry_get_id (entry));

  fake_host_fail (fixture->host, COMFY_ERROR_IMAGE);
  vary_fails (fixture, recipe, COMFY_ERROR_IMAGE, "editor");
}

/* as the settings say now, not as they said then */
static void
test_remembers_as_set (Fixture       *fixture,
                       gconstpointer  data)
{
  ComfySettings                *settings = comfy_session_get_settings (fixture->session);
  g_autoptr(ComfyJournalEntry)  entry = begin_job (fixture);
  g_autoptr(ComfyRecipe)        recipe = remember (fixture, comfy_journal_entry_get_id (entry));
  g_autoptr(ComfyJob)           with = vary (fixture, recipe);
  g_autoptr(ComfyJob)           without = NULL;

  comfy_settings_set_remember_in_layers (settings, FALSE);
  without = vary (fixture, recipe);
  g_assert_true (comfy_request_get_remember (comfy_job_get_request (with)));
  g_assert_false (comfy_request_get_remember (comfy_job_get_request (without)));
}

/* the canvas has grown with the first result, and grows no second time */
static void
test_follows_the_canvas (Fixture       *fixture,
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
  entry = begin_job (fixture);
  recipe = remember (fixture, comfy_journal_entry_get_id (entry));
  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ComfyJob)  job = NULL;
      ComfyPlacement      *placement;

      fake_host_set_canvas (fixture->host, cases[i].width, cases[i].height);
      job = vary (fixture, recipe);
      placement = comfy_request_get_placement (comfy_job_get_request (job));
      g_assert_cmpint (placement->region.crop.x, ==, cases[i].x);
      g_assert_cmpint (placement->region.crop.y, ==, cases[i].y);
      g_assert_cmpint (placement->region.crop.width, ==, 60);
      g_assert_cmpint (placement->image_width, ==, cases[i].width);
      g_assert_cmpint (comfy_edges_are_none (&placement->edges), ==, !cases[i].grows);
    }
}

#define ADD(name, func) \
  g_test_add ("/session-again/" name, Fixture, NULL, set_up, func, tear_down)

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
