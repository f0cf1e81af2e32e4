/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <utime.h>

#include "comfy-session.h"
#include "fake-host.h"
#include "test-file-keyring.h"

typedef struct
{
  FakeHost     *host;
  ComfySession *session;
  ComfyForm    *form;
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

static void
set_up (Fixture       *fixture,
        gconstpointer  action)
{
  fixture->host = fake_host_new ();
  fixture->session = comfy_session_new (COMFY_HOST (fixture->host));
  fixture->form = make_form (action);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  action)
{
  const char *folder = comfy_journal_get_folder (comfy_session_get_journal (fixture->session));

  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    test_remove_tree (folder);
  g_assert_finalize_object (fixture->form);
  g_assert_finalize_object (fixture->session);
  g_assert_finalize_object (fixture->host);
}

static ComfyProfile *
add_key (Fixture *fixture)
{
  ComfyProfileStore           *profiles = comfy_session_get_profiles (fixture->session);
  ComfyEndpoint               *endpoint;
  g_autoptr(ComfyCredentials)  credentials = NULL;

  endpoint = comfy_profile_store_find_endpoint (profiles, COMFY_ENDPOINT_PRODUCTION);
  credentials = test_make_credentials ("aaaa", comfy_endpoint_get_origin (endpoint));

  return test_await_object (comfy_profile_store_add (profiles, "Key", endpoint, credentials, NULL));
}

static char *
await_string (DexFuture *taken)
{
  g_autoptr(DexFuture) future = test_settle (taken);
  g_autoptr(GError)    error = NULL;
  const GValue        *value = dex_future_get_value (future, &error);

  g_assert_no_error (error);

  return g_value_dup_string (value);
}

static unsigned int
count_files (Fixture *fixture)
{
  const char      *folder = comfy_journal_get_folder (comfy_session_get_journal (fixture->session));
  g_autoptr(GDir)  dir = g_dir_open (folder, 0, NULL);
  unsigned int     n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
test_without_a_key_nothing_is_taken (Fixture       *fixture,
                                     gconstpointer  action)
{
  test_await_error (comfy_session_prepare (fixture->session, fixture->form, 1, NULL),
                    COMFY_ERROR_NO_KEY);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

static void
test_without_a_key_the_carried_nodes_are_known (Fixture       *fixture,
                                                gconstpointer  action)
{
  g_autofree char           *path = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                      "nodes.json", NULL);
  g_autoptr(ComfyNodeTable)  nothing = NULL;
  g_autoptr(ComfyNodeTable)  carried = NULL;

  nothing = test_await_object (comfy_session_find_nodes (fixture->session));
  g_assert_false (comfy_node_table_is_complete (nothing));
  g_assert_null (comfy_node_table_lookup (nothing, "KSampler"));

  comfy_session_use_node_table (fixture->session, path);
  carried = test_await_object (comfy_session_find_nodes (fixture->session));
  g_assert_false (comfy_node_table_is_complete (carried));
  g_assert_nonnull (comfy_node_table_lookup (carried, "KSampler"));
}

static void
test_a_prepared_job_can_be_taken_over (Fixture       *fixture,
                                       gconstpointer  action)
{
  g_autoptr(ComfyProfile)  profile = add_key (fixture);
  g_autoptr(ComfyJob)      job = NULL;
  g_autoptr(GError)        error = NULL;
  g_autofree char         *id = NULL;
  g_auto(GStrv)            orphans = NULL;
  g_autoptr(GArray)        layer_ids = g_array_new (FALSE, FALSE, sizeof (int));
  const int                layer_id = 2;
  ComfyPlacement          *placement;

  fake_host_set_size (fixture->host, 1000);
  g_array_append_val (layer_ids, layer_id);
  id = await_string (comfy_session_prepare (fixture->session, fixture->form, 1, layer_ids));
  orphans = comfy_journal_list_orphans (comfy_session_get_journal (fixture->session));
  g_assert_cmpstr (orphans[0], ==, id);

  job = comfy_session_open_job (fixture->session, id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_NEW);
  g_assert_cmpstr (comfy_request_get_profile_id (comfy_job_get_request (job)), ==,
                   comfy_profile_get_id (profile));
  g_assert_cmpuint (comfy_request_get_inputs (comfy_job_get_request (job))->len, ==, 1);
  placement = comfy_request_get_placement (comfy_job_get_request (job));
  g_assert_cmpint (placement->image_id, ==, 1);
  g_assert_cmpint (placement->layer_id, ==, 2);

  g_assert_null (comfy_session_open_job (fixture->session, id, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_FAILED);
  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               profile));
}

static void
test_deep_pixels_ask_for_a_deep_result (Fixture       *fixture,
                                        gconstpointer  action)
{
  g_autoptr(ComfyProfile) profile = add_key (fixture);

  for (int depth = 8; depth <= 16; depth += 8)
    {
      g_autoptr(ComfyJob)  job = NULL;
      g_autofree char     *id = NULL;

      fake_host_set_depth (fixture->host, depth);
      id = await_string (comfy_session_prepare (fixture->session, fixture->form, 1, NULL));
      job = comfy_session_open_job (fixture->session, id, NULL);
      g_assert_nonnull (job);
      g_assert_true (comfy_request_get_deep (comfy_job_get_request (job)) == (depth == 16));
    }

  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               profile));
}

/* Two jobs of a key that is gone: nothing can be asked, and neither is forgotten. */
static void
test_what_cannot_be_cleaned_up_stays_known (Fixture       *fixture,
                                            gconstpointer  action)
{
  ComfyJournal            *journal = comfy_session_get_journal (fixture->session);
  g_autoptr(ComfyProfile)  profile = add_key (fixture);
  g_autoptr(ComfyUpload)   upload = comfy_upload_new ("name", "id");
  g_auto(GStrv)            unclean = NULL;

  for (unsigned int i = 0; i < 2; i++)
    {
      g_autoptr(ComfyJournalEntry)  entry = NULL;
      g_autofree char              *id = NULL;

      id = await_string (comfy_session_prepare (fixture->session, fixture->form, 1, NULL));
      entry = comfy_journal_open (journal, id, NULL);
      comfy_journal_entry_set_state (entry, COMFY_STATE_PLACED);
      comfy_journal_entry_add_upload (entry, upload);
      comfy_journal_entry_set_delete_uploads (entry, TRUE);
      g_assert_true (comfy_journal_entry_commit (entry, NULL));
    }

  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               profile));
  test_await_true (comfy_session_clean_up (fixture->session));
  unclean = comfy_journal_list_unclean (journal);
  g_assert_cmpuint (g_strv_length (unclean), ==, 2);
}

/* "Delete Now": finished jobs, and what is remembered of uploads and of nodes */
static void
test_forgetting_leaves_nothing_behind (Fixture       *fixture,
                                       gconstpointer  action)
{
  static const char * const  names[] = { "uploads-profile.json", "nodes-0123.json" };
  ComfyJournal              *journal = comfy_session_get_journal (fixture->session);
  g_autofree char           *cache = g_build_filename (g_get_user_cache_dir (), "comfy-cloud-gimp",
                                                       NULL);
  g_autoptr(ComfyProfile)    profile = add_key (fixture);
  g_autofree char           *id = NULL;
  g_autofree char           *folder = NULL;

  id = await_string (comfy_session_prepare (fixture->session, fixture->form, 1, NULL));
  folder = g_build_filename (comfy_journal_get_folder (journal), id, NULL);
  {
    g_autoptr(ComfyJournalEntry) entry = comfy_journal_open (journal, id, NULL);

    comfy_journal_entry_set_state (entry, COMFY_STATE_PLACED);
    g_assert_true (comfy_journal_entry_commit (entry, NULL));
  }
  g_assert_no_errno (g_mkdir_with_parents (cache, 0700));
  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (cache, names[i], NULL);

      g_assert_true (g_file_set_contents (path, "{}", -1, NULL));
    }

  comfy_session_forget (fixture->session);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (cache, names[i], NULL);

      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    }
  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               profile));
}

static void
test_a_job_whose_key_was_removed_stops (Fixture       *fixture,
                                        gconstpointer  action)
{
  g_autoptr(ComfyProfile)  profile = add_key (fixture);
  g_autoptr(ComfyJob)      job = NULL;
  g_autofree char         *id = NULL;

  fake_host_set_size (fixture->host, 1000);
  id = await_string (comfy_session_prepare (fixture->session, fixture->form, 1, NULL));
  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               profile));

  job = comfy_session_open_job (fixture->session, id, NULL);
  test_await_error (comfy_job_run (job), COMFY_ERROR_NO_KEY);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_NEW);
}

static void
test_a_repeated_job_is_another_one (Fixture       *fixture,
                                    gconstpointer  action)
{
  g_autoptr(ComfyProfile)  profile = add_key (fixture);
  g_autoptr(ComfyJob)      job = NULL;
  g_autoptr(ComfyJob)      repeated = NULL;
  g_autoptr(GError)        error = NULL;
  g_autofree char         *id = NULL;
  g_autofree char         *repeated_id = NULL;
  g_autofree char         *input = NULL;

  fake_host_set_size (fixture->host, 1000);
  id = await_string (comfy_session_prepare (fixture->session, fixture->form, 1, NULL));
  job = comfy_session_open_job (fixture->session, id, NULL);
  repeated_id = comfy_session_repeat (fixture->session, job, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (repeated_id, !=, id);

  repeated = comfy_session_open_job (fixture->session, repeated_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (comfy_job_get_state (repeated), ==, COMFY_STATE_NEW);
  g_assert_cmpstr (comfy_journal_entry_get_idempotency_key (comfy_job_get_entry (repeated)), !=,
                   comfy_journal_entry_get_idempotency_key (comfy_job_get_entry (job)));
  input = g_build_filename (comfy_journal_entry_get_folder (comfy_job_get_entry (repeated)),
                            "input-0.png", NULL);
  g_assert_true (g_file_test (input, G_FILE_TEST_IS_REGULAR));

  /* without the files there is nothing to ask with, and nothing is left behind */
  g_remove (input);
  g_assert_null (comfy_session_repeat (fixture->session, repeated, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_STORAGE);
  g_assert_cmpuint (count_files (fixture), ==, 2);
  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               profile));
}

/* and leaves nothing behind */
static void
test_what_cannot_be_sent_is_refused (Fixture       *fixture,
                                     gconstpointer  action)
{
  g_autoptr(ComfyProfile) profile = add_key (fixture);

  fake_host_set_size (fixture->host, G_GINT64_CONSTANT (100) * 1000 * 1000 + 1);
  test_await_error (comfy_session_prepare (fixture->session, fixture->form, 1, NULL),
                    COMFY_ERROR_TOO_LARGE);
  g_assert_cmpuint (count_files (fixture), ==, 0);

  fake_host_fail (fixture->host, COMFY_ERROR_IMAGE);
  test_await_error (comfy_session_prepare (fixture->session, fixture->form, 1, NULL),
                    COMFY_ERROR_IMAGE);
  g_assert_cmpuint (count_files (fixture), ==, 0);
  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               profile));
}

/* What an interrupted capture left is swept away with the first job, then not for a while; at once
 * where nothing is to be kept. */
static void
test_it_is_not_swept_with_each_job (Fixture       *fixture,
                                    gconstpointer  action)
{
  const char              *jobs;
  ComfySettings           *settings = comfy_session_get_settings (fixture->session);
  g_autoptr(ComfyProfile)  profile = add_key (fixture);
  g_autofree char         *leftover = NULL;
  const struct utimbuf     long_ago = { 1000, 1000 };

  jobs = comfy_journal_get_folder (comfy_session_get_journal (fixture->session));
  leftover = g_build_filename (jobs, ".staging-leftover", NULL);
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *id = NULL;

      g_assert_no_errno (g_mkdir_with_parents (leftover, 0700));
      g_assert_no_errno (g_utime (leftover, (struct utimbuf *) &long_ago));
      if (i == 2)
        comfy_settings_set_keep_days (settings, 0);
      id = await_string (comfy_session_prepare (fixture->session, fixture->form, 1, NULL));
      g_assert_true (g_file_test (leftover, G_FILE_TEST_EXISTS) == (i == 1));
    }

  comfy_settings_set_keep_days (settings, 30);
  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               profile));
}

static void
test_the_form_counts_as_it_was_at_the_call (Fixture       *fixture,
                                            gconstpointer  action)
{
  g_autoptr(ComfyProfile)  profile = add_key (fixture);
  g_autoptr(ComfyJob)      job = NULL;
  g_autoptr(DexFuture)     prepared = NULL;
  g_autofree char         *id = NULL;

  comfy_form_set_value (fixture->form, "prompt", g_variant_new_string ("a red bicycle"));
  prepared = comfy_session_prepare (fixture->session, fixture->form, -1, NULL);
  comfy_form_set_value (fixture->form, "prompt", g_variant_new_string ("something else"));
  id = await_string (g_steal_pointer (&prepared));

  job = comfy_session_open_job (fixture->session, id, NULL);
  g_assert_cmpstr (comfy_request_get_prompt (comfy_job_get_request (job)), ==, "a red bicycle");
  g_assert_cmpuint (comfy_request_get_seed (comfy_job_get_request (job)), !=, 0);
  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               profile));
}

#define ADD(name, action, func) \
  g_test_add ("/session/" name, Fixture, action, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-session-XXXXXX", NULL);
  int              status;

  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_setenv ("XDG_STATE_HOME", folder, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  test_use_file_keyring (folder);
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("without-a-key-nothing-is-taken", "upscale-4x", test_without_a_key_nothing_is_taken);
  ADD ("without-a-key-the-carried-nodes-are-known", "upscale-4x",
       test_without_a_key_the_carried_nodes_are_known);
  ADD ("a-prepared-job-can-be-taken-over", "upscale-4x", test_a_prepared_job_can_be_taken_over);
  ADD ("a-job-whose-key-was-removed-stops", "upscale-4x", test_a_job_whose_key_was_removed_stops);
  ADD ("a-repeated-job-is-another-one", "upscale-4x", test_a_repeated_job_is_another_one);
  ADD ("deep-pixels-ask-for-a-deep-result", "upscale-4x", test_deep_pixels_ask_for_a_deep_result);
  ADD ("what-cannot-be-cleaned-up-stays-known", "upscale-4x",
       test_what_cannot_be_cleaned_up_stays_known);
  ADD ("forgetting-leaves-nothing-behind", "upscale-4x", test_forgetting_leaves_nothing_behind);
  ADD ("it-is-not-swept-with-each-job", "upscale-4x", test_it_is_not_swept_with_each_job);
  ADD ("what-cannot-be-sent-is-refused", "upscale-4x", test_what_cannot_be_sent_is_refused);
  ADD ("the-form-counts-as-it-was-at-the-call", "generate-image",
       test_the_form_counts_as_it_was_at_the_call);

  status = g_test_run ();
  test_remove_tree (folder);

  return status;
}
