/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same pixels twice, against a cloud in memory: they go up once.
 */
#include "config.h"

#include "comfy-journal-entry-private.h"
#include "job-fixture.h"

static void
use_cache (JobFixture *fixture)
{
  g_autofree char             *folder = g_build_filename (fixture->folder, "cache", NULL);
  g_autoptr(ComfyUploadCache)  cache = comfy_upload_cache_new (folder);

  comfy_job_set_upload_cache (fixture->job, cache);
}

static void
run (JobFixture *fixture)
{
  use_cache (fixture);
  test_await_true (comfy_job_run (fixture->job));
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_PLACED);
}

static void
run_another (JobFixture *fixture)
{
  job_fixture_next_job (fixture);
  run (fixture);
}

static void
assert_uploads (JobFixture   *fixture,
                unsigned int  n)
{
  g_assert_cmpuint (fake_api_count (fixture->api, "upload"), ==, n);
}

/* (transfer full): what the last job's graph calls its input */
static char *
dup_input (JobFixture *fixture)
{
  const char *value = NULL;

  g_assert_true (comfy_workflow_get_string (fake_api_get_graph (fixture->api), "1", "image",
                                            &value));

  return g_strdup (value);
}

static void
test_the_second_run_uploads_nothing (JobFixture    *fixture,
                                     gconstpointer  flags)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  run (fixture);
  first = dup_input (fixture);
  assert_uploads (fixture, 1);
  g_assert_cmpuint (fake_api_count (fixture->api, "check"), ==, 0);

  run_another (fixture);
  second = dup_input (fixture);
  assert_uploads (fixture, 1);
  g_assert_cmpuint (fake_api_count (fixture->api, "check"), ==, 1);
  g_assert_cmpstr (second, ==, first);
  /* so that it can be deleted with the last job that used it */
  g_assert_cmpuint (comfy_journal_entry_get_uploads (job_fixture_entry (fixture))->len, ==, 1);
}

static void
test_what_is_gone_is_uploaded_again (JobFixture    *fixture,
                                     gconstpointer  flags)
{
  run (fixture);
  fake_api_fail (fixture->api, "check", COMFY_ERROR_NOT_FOUND, FALSE);
  run_another (fixture);
  assert_uploads (fixture, 2);

  /* and a server in trouble costs an upload, not the job */
  fake_api_fail (fixture->api, "check", COMFY_ERROR_SERVER, FALSE);
  run_another (fixture);
  assert_uploads (fixture, 3);
  run_another (fixture);
  assert_uploads (fixture, 3);
}

static GError *
new_refusal (const char *code)
{
  GError *error = comfy_error_new (COMFY_ERROR_REJECTED, NULL, "There is no such picture.");

  comfy_error_set_response (error, 422, code, NULL);

  return error;
}

/* A server that takes back what it said gets everything anew, once. */
static void
test_a_picture_that_is_missing_after_all (JobFixture    *fixture,
                                          gconstpointer  flags)
{
  run (fixture);
  fake_api_refuse (fixture->api, "submit", new_refusal ("missing_asset"));
  run_another (fixture);
  assert_uploads (fixture, 2);
  g_assert_cmpuint (fake_api_get_n_jobs (fixture->api), ==, 2);

  run_another (fixture);
  assert_uploads (fixture, 2);

  fake_api_refuse (fixture->api, "submit", new_refusal ("missing_asset"));
  fake_api_refuse (fixture->api, "submit", new_refusal ("missing_asset"));
  job_fixture_next_job (fixture);
  use_cache (fixture);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_REJECTED, COMFY_STATE_FAILED);
  assert_uploads (fixture, 3);
}

static void
test_a_refused_input_is_doubted (JobFixture    *fixture,
                                 gconstpointer  flags)
{
  GError               *error = new_refusal ("invalid_workflow");
  g_autoptr(GPtrArray)  problems = NULL;

  problems = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_node_problem_free);
  g_ptr_array_add (problems, comfy_node_problem_new ("1", "image", "custom_validation_failed",
                                                     "Invalid image file", NULL));
  comfy_error_set_problems (error, problems);

  run (fixture);
  fake_api_refuse (fixture->api, "submit", error);
  run_another (fixture);
  assert_uploads (fixture, 2);
}

static void
test_other_refusals_upload_nothing (JobFixture    *fixture,
                                    gconstpointer  flags)
{
  run (fixture);
  fake_api_refuse (fixture->api, "submit", new_refusal ("invalid_workflow"));
  job_fixture_next_job (fixture);
  use_cache (fixture);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_REJECTED, COMFY_STATE_FAILED);
  assert_uploads (fixture, 1);
}

/* Where uploads are deleted, each job has its own, and what is deleted is not used again. */
static void
test_deleted_uploads_are_not_shared (JobFixture    *fixture,
                                     gconstpointer  flags)
{
  run (fixture);
  comfy_settings_set_delete_uploads (fixture->settings, TRUE);
  run_another (fixture);
  assert_uploads (fixture, 2);
  g_assert_cmpuint (fake_api_count (fixture->api, "check"), ==, 0);
  g_assert_cmpstr (fake_api_get_deleted (fixture->api), ==, "id-2");

  comfy_settings_set_delete_uploads (fixture->settings, FALSE);
  run_another (fixture);
  assert_uploads (fixture, 2);
}

static void
test_what_is_deleted_is_forgotten (JobFixture    *fixture,
                                   gconstpointer  flags)
{
  run (fixture);
  fake_api_hold (fixture->api, "submit");
  job_fixture_next_job (fixture);
  use_cache (fixture);
  {
    g_autoptr(DexFuture) running = comfy_job_run (fixture->job);

    job_fixture_wait_until_held (fixture);
    comfy_settings_set_delete_uploads (fixture->settings, TRUE);
    fake_api_let_go (fixture->api);
    test_await_true (g_steal_pointer (&running));
  }
  g_assert_cmpstr (fake_api_get_deleted (fixture->api), ==, "id-1");

  comfy_settings_set_delete_uploads (fixture->settings, FALSE);
  run_another (fixture);
  assert_uploads (fixture, 2);
  g_assert_cmpuint (fake_api_count (fixture->api, "check"), ==, 1);
}

/* One file for two nodes goes up once, whether it is remembered or not; and is deleted once. */
static void
test_one_file_for_two_nodes (JobFixture    *fixture,
                             gconstpointer  flags)
{
  for (unsigned int i = 1; i <= 2; i++)
    {
      g_autofree char *first = NULL;
      const char      *second = NULL;

      comfy_settings_set_delete_uploads (fixture->settings, i == 2);
      run_another (fixture);
      assert_uploads (fixture, i);
      first = dup_input (fixture);
      g_assert_true (comfy_workflow_get_string (fake_api_get_graph (fixture->api), "2", "image",
                                                &second));
      g_assert_cmpstr (first, !=, "");
      g_assert_cmpstr (second, ==, first);
    }
  g_assert_cmpstr (fake_api_get_deleted (fixture->api), ==, "id-2");
}

/* (transfer full): a job that has stopped with the picture that all share, and can go on */
static ComfyJob *
stop_another (JobFixture *fixture)
{
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_NO_CREDITS, FALSE);
  job_fixture_next_job (fixture);
  use_cache (fixture);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_NO_CREDITS, COMFY_STATE_NEW);

  return g_steal_pointer (&fixture->job);
}

/* Runs a job that is to delete its uploads, which was decided after it had found them. */
static void
run_and_delete (JobFixture *fixture)
{
  g_autoptr(DexFuture) running = NULL;

  fake_api_hold (fixture->api, "submit");
  job_fixture_begin (fixture);
  use_cache (fixture);
  running = comfy_job_run (fixture->job);
  job_fixture_wait_until_held (fixture);
  comfy_settings_set_delete_uploads (fixture->settings, TRUE);
  fake_api_let_go (fixture->api);
  test_await_true (g_steal_pointer (&running));
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_PLACED);
}

static void
assert_n_unclean (JobFixture   *fixture,
                  unsigned int  n)
{
  g_auto(GStrv) unclean = NULL;

  comfy_journal_entry_release (job_fixture_entry (fixture));
  unclean = comfy_journal_list_unclean (fixture->journal);
  g_assert_cmpuint (g_strv_length (unclean), ==, n);
}

/* One upload for two jobs: the first to end leaves it to the other. */
static void
test_the_last_job_deletes_what_is_shared (JobFixture    *fixture,
                                          gconstpointer  flags)
{
  g_autoptr(ComfyJob) other = NULL;

  run (fixture);
  other = stop_another (fixture);
  run_and_delete (fixture);
  assert_uploads (fixture, 1);
  g_assert_cmpuint (fake_api_count (fixture->api, "delete"), ==, 0);

  test_await_true (comfy_job_run (other));
  assert_uploads (fixture, 1);
  g_assert_cmpstr (fake_api_get_deleted (fixture->api), ==, "id-1");
  g_assert_cmpuint (comfy_journal_entry_get_uploads (comfy_job_get_entry (other))->len, ==, 0);

  job_fixture_restart (fixture);
  test_await_true (comfy_job_clean_up (fixture->job));
  assert_n_unclean (fixture, 0);
}

/* where the last one was told to delete nothing, or never ended in a process of its own */
static void
test_what_was_shared_is_cleaned_up_later (JobFixture    *fixture,
                                          gconstpointer  flags)
{
  g_autoptr(ComfyJob) other = NULL;

  run (fixture);
  other = stop_another (fixture);
  run_and_delete (fixture);
  assert_n_unclean (fixture, 1);
  job_fixture_restart (fixture);
  test_await_true (comfy_job_clean_up (fixture->job));
  g_assert_cmpuint (fake_api_count (fixture->api, "delete"), ==, 0);

  comfy_settings_set_delete_uploads (fixture->settings, FALSE);
  test_await_true (comfy_job_run (other));
  g_assert_cmpuint (fake_api_count (fixture->api, "delete"), ==, 0);

  assert_n_unclean (fixture, 1);
  job_fixture_restart (fixture);
  test_await_true (comfy_job_clean_up (fixture->job));
  g_assert_cmpstr (fake_api_get_deleted (fixture->api), ==, "id-1");
  assert_n_unclean (fixture, 0);
}

/* An id is one profile's: another's job of the same id needs something else. */
static void
test_another_profile_shares_nothing (JobFixture    *fixture,
                                     gconstpointer  flags)
{
  g_autoptr(ComfyJob)  other = NULL;
  g_autofree char     *path = NULL;
  g_autofree char     *text = NULL;
  g_autoptr(GString)   changed = NULL;

  run (fixture);
  other = stop_another (fixture);
  path = g_build_filename (comfy_journal_entry_get_folder (comfy_job_get_entry (other)),
                           "request.json", NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, ":\"profile\"", ":\"another\"", 0), ==, 1);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));

  run_and_delete (fixture);
  g_assert_cmpstr (fake_api_get_deleted (fixture->api), ==, "id-1");
}

#define ADD(name, func) \
  g_test_add ("/job-reuse/" name, JobFixture, GINT_TO_POINTER (V2), job_fixture_set_up, func, \
              job_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("the-second-run-uploads-nothing", test_the_second_run_uploads_nothing);
  ADD ("what-is-gone-is-uploaded-again", test_what_is_gone_is_uploaded_again);
  ADD ("a-picture-that-is-missing-after-all", test_a_picture_that_is_missing_after_all);
  ADD ("a-refused-input-is-doubted", test_a_refused_input_is_doubted);
  ADD ("other-refusals-upload-nothing", test_other_refusals_upload_nothing);
  ADD ("deleted-uploads-are-not-shared", test_deleted_uploads_are_not_shared);
  ADD ("what-is-deleted-is-forgotten", test_what_is_deleted_is_forgotten);
  ADD ("the-last-job-deletes-what-is-shared", test_the_last_job_deletes_what_is_shared);
  ADD ("what-was-shared-is-cleaned-up-later", test_what_was_shared_is_cleaned_up_later);
  ADD ("another-profile-shares-nothing", test_another_profile_shares_nothing);

  g_test_add ("/job-reuse/one-file-for-two-nodes-goes-up-once", JobFixture,
              GINT_TO_POINTER (V2 | TWICE), job_fixture_set_up, test_one_file_for_two_nodes,
              job_fixture_tear_down);

  return g_test_run ();
}
