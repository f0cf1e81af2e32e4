/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a job leaves on a server, against a cloud in memory.
 */
#include "config.h"

#include <string.h>

#include "comfy-journal-entry-private.h"
#include "job-fixture.h"

static void
delete_uploads (JobFixture *fixture)
{
  comfy_settings_set_delete_uploads (fixture->settings, TRUE);
}

static void
assert_deleted (JobFixture *fixture,
                const char *ids)
{
  g_assert_cmpstr (fake_api_get_deleted (fixture->api), ==, ids);
}

static void
assert_left (JobFixture   *fixture,
             unsigned int  n)
{
  g_auto(GStrv)  unclean = NULL;
  char          *id;

  g_assert_cmpuint (comfy_journal_entry_get_uploads (job_fixture_entry (fixture))->len, ==, n);

  /* whoever comes next learns of it */
  id = g_strdup (comfy_journal_entry_get_id (job_fixture_entry (fixture)));
  comfy_journal_entry_release (job_fixture_entry (fixture));
  unclean = comfy_journal_list_unclean (fixture->journal);
  g_assert_cmpuint (g_strv_length (unclean), ==, n > 0 ? 1 : 0);
  if (n > 0)
    g_assert_cmpstr (unclean[0], ==, id);
  g_free (id);
}

static void
test_nothing_is_deleted_unless_asked (JobFixture    *fixture,
                                      gconstpointer  flags)
{
  job_fixture_run_to_the_end (fixture);
  test_await_true (comfy_job_clean_up (fixture->job));
  assert_deleted (fixture, "");
  g_assert_cmpuint (comfy_journal_entry_get_uploads (job_fixture_entry (fixture))->len, ==, 1);
}

static void
test_after_it_is_placed (JobFixture    *fixture,
                         gconstpointer  flags)
{
  delete_uploads (fixture);
  job_fixture_run_to_the_end (fixture);
  assert_deleted (fixture, "id-1");
  assert_left (fixture, 0);
}

static void
test_after_it_has_failed (JobFixture    *fixture,
                          gconstpointer  flags)
{
  delete_uploads (fixture);
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_INVALID_WORKFLOW, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_INVALID_WORKFLOW, COMFY_STATE_FAILED);
  assert_deleted (fixture, "id-1");
  assert_left (fixture, 0);
}

/* What can still be tried again needs its pictures. */
static void
test_after_it_is_cancelled_and_not_before (JobFixture    *fixture,
                                           gconstpointer  flags)
{
  delete_uploads (fixture);
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_NO_CREDITS, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_NO_CREDITS, COMFY_STATE_NEW);
  assert_deleted (fixture, "");

  comfy_job_cancel (fixture->job);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_CANCELLED);
  while (fake_api_count (fixture->api, "delete") == 0 || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
  assert_deleted (fixture, "id-1");
  assert_left (fixture, 0);
}

static void
test_an_unclear_job_keeps_its_pictures (JobFixture    *fixture,
                                        gconstpointer  flags)
{
  delete_uploads (fixture);
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_OUTCOME_UNKNOWN, TRUE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_OUTCOME_UNKNOWN, COMFY_STATE_UNKNOWN);
  assert_deleted (fixture, "");
}

static void
test_a_deletion_that_fails_is_no_failure_and_is_tried_again (JobFixture    *fixture,
                                                             gconstpointer  flags)
{
  delete_uploads (fixture);
  fake_api_fail (fixture->api, "delete", COMFY_ERROR_REJECTED, FALSE);
  job_fixture_run_to_the_end (fixture);
  assert_deleted (fixture, "");
  assert_left (fixture, 1);

  job_fixture_restart (fixture);
  fake_api_fail (fixture->api, "delete", COMFY_ERROR_CONNECTION, FALSE);
  test_await_error (comfy_job_clean_up (fixture->job), COMFY_ERROR_CONNECTION);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_PLACED);
  g_assert_null (comfy_job_get_error (fixture->job));
  assert_left (fixture, 1);

  job_fixture_restart (fixture);
  test_await_true (comfy_job_clean_up (fixture->job));
  assert_deleted (fixture, "id-1");
  assert_left (fixture, 0);
}

static void
test_nobody_waits_long_for_it (JobFixture    *fixture,
                               gconstpointer  flags)
{
  static const ComfyPace brief = { .poll_first_ms = 1, .poll_last_ms = 1, .silence_ms = 5000,
                                   .tick_ms = 1, .tidy_ms = 1 };

  delete_uploads (fixture);
  _comfy_job_set_pace (fixture->job, &brief);
  fake_api_hold (fixture->api, "delete");
  job_fixture_run_to_the_end (fixture);
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
  fake_api_let_go (fixture->api);
  assert_left (fixture, 1);
}

/* as if the job had ended so many days ago, and nobody held it now */
static void
age (JobFixture *fixture,
     int         days)
{
  ComfyJournalEntry *entry = job_fixture_entry (fixture);
  ComfyRecord       *record = entry->record;

  record->changed = g_get_real_time () / G_USEC_PER_SEC - days * 24 * HOUR_S;
  g_assert_true (_comfy_record_save (record, comfy_journal_entry_get_folder (entry), NULL));
  comfy_journal_entry_release (entry);
}

static void
test_it_outlives_a_sweep_for_a_week (JobFixture    *fixture,
                                     gconstpointer  flags)
{
  const char *folder = NULL;

  delete_uploads (fixture);
  fake_api_fail (fixture->api, "delete", COMFY_ERROR_REJECTED, FALSE);
  job_fixture_run_to_the_end (fixture);
  folder = comfy_journal_entry_get_folder (job_fixture_entry (fixture));
  age (fixture, 6);
  comfy_journal_sweep (fixture->journal, 0);
  g_assert_true (g_file_test (folder, G_FILE_TEST_IS_DIR));

  age (fixture, 8);
  comfy_journal_sweep (fixture->journal, 0);
  g_assert_false (g_file_test (folder, G_FILE_TEST_IS_DIR));
}

#define ADD(path, flags, func) \
  g_test_add ("/job-clean/" path, JobFixture, GINT_TO_POINTER (flags), job_fixture_set_up, func, \
              job_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("nothing-is-deleted-unless-asked", V1, test_nothing_is_deleted_unless_asked);
  ADD ("after-it-is-placed", V1, test_after_it_is_placed);
  ADD ("after-it-has-failed", V2, test_after_it_has_failed);
  ADD ("after-it-is-cancelled-and-not-before", V1, test_after_it_is_cancelled_and_not_before);
  ADD ("an-unclear-job-keeps-its-pictures", V2, test_an_unclear_job_keeps_its_pictures);
  ADD ("a-deletion-that-fails-is-no-failure-and-is-tried-again", V1,
       test_a_deletion_that_fails_is_no_failure_and_is_tried_again);
  ADD ("nobody-waits-long-for-it", V1, test_nobody_waits_long_for_it);
  ADD ("it-outlives-a-sweep-for-a-week", V1, test_it_outlives_a_sweep_for_a_week);

  return g_test_run ();
}
