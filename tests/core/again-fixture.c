/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "again-fixture.h"
#include "test-file-keyring.h"

#define SIDECAR "{\"version\":1,\"menu-label\":\"R…\",\"title\":\"Restyle\"," \
                "\"run-label\":\"Go\"," \
                "\"blurb\":\"Makes it another\",\"source\":\"none\",\"fit\":\"region\"," \
                "\"loaders\":[{\"node\":\"3\",\"input\":\"name\",\"candidates\":" \
                "[\"a.safetensors\",\"b.safetensors\"]}],\"fields\":[" \
                "{\"id\":\"text\",\"type\":\"text\",\"label\":\"T\",\"node\":\"3\",\"input\":\"text\"}," \
                "{\"id\":\"steps\",\"type\":\"int\",\"label\":\"N\",\"node\":\"3\",\"input\":\"steps\"," \
                "\"min\":1,\"max\":50}," \
                "{\"id\":\"seed\",\"type\":\"seed\",\"label\":\"S\",\"node\":\"3\",\"input\":\"seed\"," \
                "\"max\":1000}]}"
#define IMAGE 3
#define LAYER 5

/* (transfer full): the action of the first job */
static ComfyAction *
make_action (void)
{
  g_autofree char  *folder = g_dir_make_tmp ("comfy-action-XXXXXX", NULL);
  g_autofree char  *graph = g_build_filename (folder, "restyle-layer.json", NULL);
  g_autofree char  *sidecar = g_build_filename (folder, "restyle-layer.gimp.json", NULL);
  g_autoptr(GError) error = NULL;
  ComfyAction      *action;

  g_assert_true (g_file_set_contents (graph, AGAIN_GRAPH, -1, NULL));
  g_assert_true (g_file_set_contents (sidecar, SIDECAR, -1, NULL));
  action = comfy_action_new_from_files (graph, sidecar, &error);
  g_assert_no_error (error);
  test_remove_tree (folder);

  return action;
}

void
again_set_up (AgainFixture  *fixture,
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
  fixture->actions = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (fixture->actions, make_action ());
  fixture->action_id = "restyle-layer";
  fixture->graph = AGAIN_GRAPH;
  fixture->second_file = "b.safetensors";
  fixture->seed_input = "seed";
  fixture->with_input = TRUE;
  fixture->with_seed = TRUE;
  fixture->seed_max = 3;
  fake_host_set_canvas (fixture->host, 100, 80);
}

void
again_remove_key (AgainFixture *fixture)
{
  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               fixture->profile));
  g_clear_object (&fixture->profile);
}

static const char *
get_folder (AgainFixture *fixture)
{
  return comfy_journal_get_folder (comfy_session_get_journal (fixture->session));
}

void
again_tear_down (AgainFixture  *fixture,
                 gconstpointer  data)
{
  comfy_settings_set_remember_in_layers (comfy_session_get_settings (fixture->session), TRUE);
  if (fixture->profile != NULL)
    again_remove_key (fixture);
  if (g_file_test (get_folder (fixture), G_FILE_TEST_IS_DIR))
    test_remove_tree (get_folder (fixture));
  comfy_placement_unref (fixture->placement);
  g_ptr_array_unref (fixture->actions);
  g_assert_finalize_object (fixture->session);
  g_assert_finalize_object (fixture->host);
}

static ComfyRequest *
make_request (AgainFixture *fixture)
{
  const ComfyTarget         target = { (char *) "3", (char *) fixture->seed_input };
  const char               *names[] = { "a.safetensors", fixture->second_file, NULL };
  g_autoptr(GBytes)         bytes = g_bytes_new (fixture->graph, strlen (fixture->graph));
  g_autoptr(ComfyWorkflow)  workflow = comfy_workflow_new_from_bytes (bytes, NULL);
  g_autoptr(GPtrArray)      inputs = NULL;
  g_autoptr(GPtrArray)      loaders = NULL;

  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  if (fixture->with_input)
    g_ptr_array_add (inputs, comfy_input_new ("input-0.png", "image/png", "9", "image"));
  loaders = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_loader_free);
  g_ptr_array_add (loaders, comfy_loader_new ("3", "name", names));

  return comfy_request_new (&(ComfyRequestParts) {
    .action_id = fixture->action_id,
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
ComfyJournalEntry *
again_begin_job (AgainFixture *fixture)
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
ComfyRecipe *
again_remember (AgainFixture *fixture,
                const char   *job_id)
{
  g_autoptr(ComfyRequest)  request = make_request (fixture);
  g_autoptr(GBytes)        bytes = comfy_recipe_write (request, job_id);
  g_autoptr(GError)        error = NULL;
  ComfyRecipe             *recipe = comfy_recipe_read (bytes, &error);

  g_assert_no_error (error);

  return recipe;
}

/* (transfer full): the new job */
ComfyJob *
again_vary (AgainFixture *fixture,
            ComfyRecipe  *recipe)
{
  g_autoptr(DexFuture)  future = test_settle (comfy_session_vary (fixture->session, recipe,
                                                                  fixture->actions, IMAGE, LAYER));
  g_autoptr(GError)     error = NULL;
  const GValue         *value = dex_future_get_value (future, &error);
  ComfyJob             *job;

  g_assert_no_error (error);
  job = comfy_session_open_job (fixture->session, g_value_get_string (value), &error);
  g_assert_no_error (error);

  return job;
}

static unsigned int
count_folders (AgainFixture *fixture)
{
  g_autoptr(GDir)  dir = g_dir_open (get_folder (fixture), 0, NULL);
  unsigned int     n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* nothing may be left behind */
void
again_vary_fails (AgainFixture *fixture,
                  ComfyRecipe  *recipe,
                  ComfyError    code,
                  const char   *part)
{
  unsigned int          n = count_folders (fixture);
  g_autoptr(DexFuture)  future = test_settle (comfy_session_vary (fixture->session, recipe,
                                                                  fixture->actions, IMAGE, LAYER));
  g_autoptr(GError)     error = NULL;

  g_assert_null (dex_future_get_value (future, &error));
  g_assert_error (error, COMFY_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, part));
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_cmpuint (count_folders (fixture), ==, n);
}

void
again_assert_file (ComfyJob   *job,
                   const char *name)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  path = g_build_filename (comfy_journal_entry_get_folder (comfy_job_get_entry (job)), name, NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, name);
}

/* the same request but for the seed, which is another one within its bounds */
void
again_assert_varied (AgainFixture *fixture,
                     ComfyJob     *job)
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
