/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From one form to many jobs in the journal: each with its own value, all of one batch, and what
 * cannot be prepared does not stop the others.
 */
#include "config.h"

#include <string.h>

#include "comfy-session.h"
#include "fake-host.h"
#include "test-file-keyring.h"

typedef struct
{
  FakeHost     *host;
  ComfySession *session;
  ComfyForm    *form;
  ComfyProfile *profile;
} Fixture;

static ComfyForm *
make_form (const char *name)
{
  const char             *data = g_getenv ("COMFY_TEST_DATA_DIR");
  g_autofree char        *graph_name = g_strconcat (name, ".json", NULL);
  g_autofree char        *sidecar_name = g_strconcat (name, ".gimp.json", NULL);
  g_autofree char        *graph = g_build_filename (data, "actions", graph_name, NULL);
  g_autofree char        *sidecar = g_build_filename (data, "actions", sidecar_name, NULL);
  g_autoptr(GError)       error = NULL;
  g_autoptr(ComfyAction)  action = comfy_action_new_from_files (graph, sidecar, &error);

  g_assert_no_error (error);

  return comfy_form_new (action);
}

static ComfyProfile *
add_key (ComfySession *session)
{
  ComfyProfileStore           *profiles = comfy_session_get_profiles (session);
  ComfyEndpoint               *endpoint;
  g_autoptr(ComfyCredentials)  credentials = NULL;

  endpoint = comfy_profile_store_find_endpoint (profiles, COMFY_ENDPOINT_PRODUCTION);
  credentials = test_make_credentials ("aaaa", comfy_endpoint_get_origin (endpoint));

  return test_await_object (comfy_profile_store_add (profiles, "Key", endpoint, credentials, NULL));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  action)
{
  fixture->host = fake_host_new ();
  fake_host_set_size (fixture->host, 1000);
  fixture->session = comfy_session_new (COMFY_HOST (fixture->host));
  fixture->form = make_form (action);
  fixture->profile = add_key (fixture->session);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  action)
{
  const char *folder = comfy_journal_get_folder (comfy_session_get_journal (fixture->session));

  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               fixture->profile));
  g_clear_object (&fixture->profile);
  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    test_remove_tree (folder);
  g_assert_finalize_object (fixture->form);
  g_assert_finalize_object (fixture->session);
  g_assert_finalize_object (fixture->host);
}

/* (transfer full): of ids 2, 3 and so on */
static GArray *
select_layers (unsigned int n)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (int));

  for (unsigned int i = 0; i < n; i++)
    {
      int id = 2 + (int) i;

      g_array_append_val (ids, id);
    }

  return ids;
}

static ComfyPrepared *
prepare (Fixture          *fixture,
         const ComfyBatch *batch,
         GArray           *layer_ids)
{
  g_autoptr(DexFuture)  future = NULL;
  g_autoptr(GError)     error = NULL;
  const GValue         *value;

  future = test_settle (comfy_session_prepare_batch (fixture->session, fixture->form, batch, 7,
                                                     layer_ids));
  value = dex_future_get_value (future, &error);
  g_assert_no_error (error);

  return g_value_dup_boxed (value);
}

static ComfyRequest *
read_request (Fixture    *fixture,
              const char *id)
{
  g_autoptr(GError)  error = NULL;
  ComfyRequest      *request;

  request = comfy_journal_read_request (comfy_session_get_journal (fixture->session), id, &error);
  g_assert_no_error (error);

  return request;
}

/* job and staging folders */
static unsigned int
count_folders (Fixture *fixture)
{
  const char      *folder = comfy_journal_get_folder (comfy_session_get_journal (fixture->session));
  g_autoptr(GDir)  dir = g_dir_open (folder, 0, NULL);
  unsigned int     n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* and the picture is taken once for all: whatever happens to the image, they are comparable */
static void
test_a_job_for_each_seed (Fixture       *fixture,
                          gconstpointer  action)
{
  g_autoptr(ComfyBatch)    batch = comfy_batch_new_seeds (41, 3);
  g_autoptr(ComfyPrepared) prepared = NULL;
  g_autofree char         *batch_id = NULL;

  comfy_form_set_value (fixture->form, "prompt", g_variant_new_string ("make it night"));
  prepared = prepare (fixture, batch, NULL);
  g_assert_cmpuint (g_strv_length (prepared->ids), ==, 3);
  g_assert_cmpuint (prepared->failures->len, ==, 0);
  g_assert_null (comfy_prepared_dup_problem (prepared));
  g_assert_cmpuint (fake_host_get_n_captured (fixture->host), ==, 1);
  g_assert_cmpuint (count_folders (fixture), ==, 3);

  for (unsigned int i = 0; i < 3; i++)
    {
      g_autoptr(ComfyRequest) request = read_request (fixture, prepared->ids[i]);
      g_autoptr(ComfyJob)     job = NULL;
      g_autofree char        *picture = NULL;
      unsigned int            place;
      unsigned int            n;
      guint64                 seed;
      const ComfyTarget      *target = comfy_request_get_seed_target (request);

      g_assert_cmpuint (comfy_request_get_seed (request), ==, 41 + i);
      g_assert_true (comfy_workflow_get_uint64 (comfy_request_get_workflow (request), target->node,
                                                target->input, &seed));
      g_assert_cmpuint (seed, ==, 41 + i);
      g_assert_cmpstr (comfy_request_get_prompt (request), ==, "make it night");
      if (i == 0)
        batch_id = g_strdup (comfy_request_get_batch_id (request, NULL, NULL));
      g_assert_true (g_uuid_string_is_valid (batch_id));
      g_assert_cmpstr (comfy_request_get_batch_id (request, &place, &n), ==, batch_id);
      g_assert_cmpuint (place, ==, i);
      g_assert_cmpuint (n, ==, 3);

      job = comfy_session_open_job (fixture->session, prepared->ids[i], NULL);
      picture = g_build_filename (comfy_journal_entry_get_folder (comfy_job_get_entry (job)),
                                  "input-0.png", NULL);
      g_assert_true (g_file_test (picture, G_FILE_TEST_IS_REGULAR));
    }
}

static void
test_a_job_for_each_prompt (Fixture       *fixture,
                            gconstpointer  action)
{
  g_autofree char         *path = g_build_filename (g_get_user_config_dir (), "prompts.txt", NULL);
  g_autoptr(ComfyBatch)    batch = NULL;
  g_autoptr(ComfyPrepared) prepared = NULL;
  static const char * const words[] = { "a cat", "a dog" };
  guint64                  seeds[2];

  fake_host_set_size (fixture->host, -1);
  g_assert_true (g_file_set_contents (path, "a cat\n# no\na dog\n", -1, NULL));
  batch = comfy_batch_new_from_file (path, NULL);
  prepared = prepare (fixture, batch, NULL);
  g_assert_cmpuint (g_strv_length (prepared->ids), ==, 2);
  for (unsigned int i = 0; i < 2; i++)
    {
      g_autoptr(ComfyRequest)  request = read_request (fixture, prepared->ids[i]);
      g_autofree char         *name = comfy_request_dup_layer_name (request, 0, 1);

      g_assert_cmpstr (comfy_request_get_prompt (request), ==, words[i]);
      g_assert_nonnull (strstr (name, words[i]));
      seeds[i] = comfy_request_get_seed (request);
    }
  g_assert_cmpuint (seeds[0], !=, seeds[1]);
  g_assert_no_errno (g_remove (path));
}

static void
test_a_job_for_each_layer (Fixture       *fixture,
                           gconstpointer  action)
{
  g_autoptr(ComfyBatch)    batch = comfy_batch_new (COMFY_BATCH_LAYERS);
  g_autoptr(GArray)        layers = select_layers (20);
  g_autoptr(ComfyPrepared) prepared = prepare (fixture, batch, layers);

  g_assert_cmpuint (g_strv_length (prepared->ids), ==, 20);
  g_assert_cmpuint (fake_host_get_n_captured (fixture->host), ==, 20);
  for (unsigned int i = 0; i < 20; i++)
    {
      g_autoptr(ComfyRequest) request = read_request (fixture, prepared->ids[i]);

      g_assert_cmpint (comfy_request_get_placement (request)->layer_id, ==, 2 + (int) i);
      g_assert_cmpint (comfy_request_get_placement (request)->image_id, ==, 7);
    }
}

static void
test_an_empty_layer_does_not_stop_the_others (Fixture       *fixture,
                                              gconstpointer  action)
{
  g_autoptr(ComfyBatch)     batch = comfy_batch_new (COMFY_BATCH_LAYERS);
  g_autoptr(GArray)         layers = select_layers (3);
  g_autoptr(ComfyPrepared)  prepared = NULL;
  g_autofree char          *problem = NULL;
  unsigned int              n;
  unsigned int              place;

  fake_host_refuse (fixture->host, 3);
  prepared = prepare (fixture, batch, layers);
  g_assert_cmpuint (g_strv_length (prepared->ids), ==, 2);
  g_assert_cmpuint (prepared->failures->len, ==, 1);
  g_assert_cmpuint (count_folders (fixture), ==, 2);
  problem = comfy_prepared_dup_problem (prepared);
  g_assert_cmpstr (problem, ==, "1 of 3 jobs was not started, and is not paid for:\n"
                                "Layer 2 of 3: There is nothing on it.");
  for (unsigned int i = 0; i < 2; i++)
    {
      g_autoptr(ComfyRequest) request = read_request (fixture, prepared->ids[i]);

      g_assert_nonnull (comfy_request_get_batch_id (request, &place, &n));
      g_assert_cmpuint (place, ==, i);
      g_assert_cmpuint (n, ==, 2);
    }
}

/* each in the size of its own image, closed ones left out */
static void
test_a_job_for_each_image (Fixture       *fixture,
                           gconstpointer  action)
{
  g_autoptr(ComfyBatch)    batch = comfy_batch_new (COMFY_BATCH_IMAGES);
  g_autoptr(GArray)        layers = select_layers (1);
  g_autoptr(ComfyPrepared) prepared = NULL;
  static const int         images[] = { 7, 9 };

  fake_host_open (fixture->host, 8);
  fake_host_open (fixture->host, 9);
  fake_host_refuse (fixture->host, 8);
  prepared = prepare (fixture, batch, layers);
  g_assert_cmpuint (g_strv_length (prepared->ids), ==, 2);
  for (unsigned int i = 0; i < 2; i++)
    {
      g_autoptr(ComfyRequest) request = read_request (fixture, prepared->ids[i]);

      g_assert_cmpint (comfy_request_get_placement (request)->image_id, ==, images[i]);
      /* those that are selected there, whichever they are */
      g_assert_cmpint (comfy_request_get_placement (request)->layer_id, ==, -1);
    }
}

static void
test_once_is_no_batch (Fixture       *fixture,
                       gconstpointer  action)
{
  g_autoptr(ComfyBatch)    batch = comfy_batch_new (COMFY_BATCH_ONCE);
  g_autoptr(ComfyPrepared) prepared = prepare (fixture, batch, NULL);
  g_autoptr(ComfyRequest)  request = read_request (fixture, prepared->ids[0]);

  g_assert_cmpuint (g_strv_length (prepared->ids), ==, 1);
  g_assert_null (comfy_request_get_batch_id (request, NULL, NULL));
}

/* and leaves nothing behind */
static void
test_nothing_prepared_is_an_error (Fixture       *fixture,
                                   gconstpointer  action)
{
  g_autoptr(ComfyBatch) batch = comfy_batch_new (COMFY_BATCH_LAYERS);
  g_autoptr(ComfyBatch) many = comfy_batch_new (COMFY_BATCH_LAYERS);
  g_autoptr(GArray)     layers = select_layers (2);
  g_autoptr(GArray)     too_many = select_layers (COMFY_BATCH_MAX + 1);

  fake_host_set_size (fixture->host, G_GINT64_CONSTANT (100) * 1000 * 1000 + 1);
  test_await_error (comfy_session_prepare_batch (fixture->session, fixture->form, batch, 7, layers),
                    COMFY_ERROR_TOO_LARGE);
  test_await_error (comfy_session_prepare_batch (fixture->session, fixture->form, many, 7,
                                                 too_many), COMFY_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (count_folders (fixture), ==, 0);
}

/* the same picture fails for the same reason: it is said once */
static void
test_a_picture_that_fails_fails_all (Fixture       *fixture,
                                     gconstpointer  action)
{
  g_autoptr(ComfyBatch) batch = comfy_batch_new_seeds (0, 5);

  comfy_form_set_value (fixture->form, "prompt", g_variant_new_string ("make it night"));
  fake_host_fail (fixture->host, COMFY_ERROR_IMAGE);
  test_await_error (comfy_session_prepare_batch (fixture->session, fixture->form, batch, 7, NULL),
                    COMFY_ERROR_IMAGE);
  g_assert_cmpuint (count_folders (fixture), ==, 0);
}

/* in the place of the one that failed; a variation is a job of its own */
static void
test_a_repeated_job_stays_in_its_batch (Fixture       *fixture,
                                        gconstpointer  action)
{
  g_autoptr(ComfyBatch)     batch = comfy_batch_new_seeds (5, 2);
  g_autoptr(ComfyPrepared)  prepared = NULL;
  g_autoptr(ComfyJob)       job = NULL;
  g_autoptr(ComfyRequest)   request = NULL;
  g_autoptr(ComfyRequest)   varied = NULL;
  g_autoptr(GError)         error = NULL;
  g_autofree char          *id = NULL;
  unsigned int              place;

  comfy_form_set_value (fixture->form, "prompt", g_variant_new_string ("make it night"));
  prepared = prepare (fixture, batch, NULL);
  job = comfy_session_open_job (fixture->session, prepared->ids[1], &error);
  g_assert_no_error (error);
  id = comfy_session_repeat (fixture->session, job, &error);
  g_assert_no_error (error);
  request = read_request (fixture, id);
  g_assert_cmpstr (comfy_request_get_batch_id (request, &place, NULL), ==,
                   comfy_request_get_batch_id (comfy_job_get_request (job), NULL, NULL));
  g_assert_cmpuint (place, ==, 1);

  varied = comfy_request_new_varied (request, 99, "profile", comfy_request_get_placement (request),
                                     FALSE);
  g_assert_null (comfy_request_get_batch_id (varied, NULL, NULL));
}

#define ADD(name, action, func) \
  g_test_add ("/session-batch/" name, Fixture, action, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-session-batch-XXXXXX", NULL);
  int              status;

  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_setenv ("XDG_STATE_HOME", folder, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  test_use_file_keyring (folder);
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("a-job-for-each-seed", "edit-with-prompt", test_a_job_for_each_seed);
  ADD ("a-job-for-each-prompt", "generate-image", test_a_job_for_each_prompt);
  ADD ("a-job-for-each-layer", "upscale-4x", test_a_job_for_each_layer);
  ADD ("an-empty-layer-does-not-stop-the-others", "upscale-4x",
       test_an_empty_layer_does_not_stop_the_others);
  ADD ("a-job-for-each-image", "upscale-4x", test_a_job_for_each_image);
  ADD ("once-is-no-batch", "upscale-4x", test_once_is_no_batch);
  ADD ("nothing-prepared-is-an-error", "upscale-4x", test_nothing_prepared_is_an_error);
  ADD ("a-picture-that-fails-fails-all", "edit-with-prompt", test_a_picture_that_fails_fails_all);
  ADD ("a-repeated-job-stays-in-its-batch", "edit-with-prompt",
       test_a_repeated_job_stays_in_its_batch);

  status = g_test_run ();
  test_remove_tree (folder);

  return status;
}
