/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "job-fixture.h"

static void
test_cancel_before_it_runs_sends_nothing (JobFixture    *fixture,
                                          gconstpointer  flags)
{
  g_assert_true (comfy_job_is_cancellable (fixture->job));
  comfy_job_cancel (fixture->job);
  g_assert_false (comfy_job_is_cancellable (fixture->job));
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_CANCELLED);
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_CANCELLED);
  g_assert_cmpuint (fake_api_count (fixture->api, "upload"), ==, 0);
}

static void
test_cancel_while_uploading_submits_nothing (JobFixture    *fixture,
                                             gconstpointer  flags)
{
  g_autoptr(DexFuture) run = NULL;

  fake_api_hold (fixture->api, "upload");
  run = comfy_job_run (fixture->job);
  job_fixture_wait_until_held (fixture);
  comfy_job_cancel (fixture->job);
  test_await_error (g_steal_pointer (&run), COMFY_ERROR_CANCELLED);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_CANCELLED);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 0);
}

/* Whether the job's record says so, now: a process that dies next has told its successor. */
static gboolean
is_on_disk (JobFixture *fixture,
            const char *text)
{
  const char      *folder = comfy_journal_entry_get_folder (job_fixture_entry (fixture));
  g_autofree char *path = g_build_filename (folder, "job.json", NULL);
  g_autofree char *record = NULL;

  g_assert_true (g_file_get_contents (path, &record, NULL, NULL));

  return strstr (record, text) != NULL;
}

static void
test_cancel_while_submitting_reaches_the_server (JobFixture    *fixture,
                                                 gconstpointer  flags)
{
  g_autoptr(DexFuture) run = NULL;

  fake_api_hold (fixture->api, "submit");
  run = comfy_job_run (fixture->job);
  job_fixture_wait_until_held (fixture);
  comfy_job_cancel (fixture->job);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_CANCELLING);
  g_assert_true (is_on_disk (fixture, "\"state\":\"cancelling\""));
  fake_api_let_go (fixture->api);
  test_await_error (g_steal_pointer (&run), COMFY_ERROR_CANCELLED);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_CANCELLED);
  g_assert_cmpuint (fake_api_count (fixture->api, "cancel"), ==, 1);
  g_assert_nonnull (strstr (comfy_job_get_error (fixture->job)->message, "before it had begun"));
}

static void
cancel_when_running (ComfyJob   *job,
                     GParamSpec *pspec,
                     gpointer    data)
{
  if (comfy_job_get_state (job) == COMFY_STATE_RUNNING)
    comfy_job_cancel (job);
}

static void
test_cancel_while_running_says_that_it_may_cost (JobFixture    *fixture,
                                                 gconstpointer  flags)
{
  g_signal_connect (fixture->job, "notify::state", G_CALLBACK (cancel_when_running), NULL);
  fake_api_fail (fixture->api, "cancel", COMFY_ERROR_CONNECTION, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_CANCELLED, COMFY_STATE_CANCELLED);
  g_assert_cmpuint (fake_api_count (fixture->api, "cancel"), ==, 2);
  g_assert_nonnull (strstr (comfy_job_get_error (fixture->job)->message, "may have cost"));
}

static void
test_a_result_that_comes_despite_cancel_is_kept (JobFixture    *fixture,
                                                 gconstpointer  flags)
{
  g_signal_connect (fixture->job, "notify::state", G_CALLBACK (cancel_when_running), NULL);
  fake_api_ignore_cancel (fixture->api);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "cancel"), ==, 1);
}

static void
test_cancel_is_remembered_by_the_next_process (JobFixture    *fixture,
                                               gconstpointer  flags)
{
  fake_api_fail (fixture->api, "get", COMFY_ERROR_UNAUTHORIZED, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_UNAUTHORIZED, COMFY_STATE_WAITING);
  comfy_journal_entry_set_state (job_fixture_entry (fixture), COMFY_STATE_CANCELLING);
  g_assert_true (comfy_journal_entry_commit (job_fixture_entry (fixture), NULL));

  job_fixture_restart (fixture);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_CANCELLED, COMFY_STATE_CANCELLED);
  g_assert_cmpuint (fake_api_count (fixture->api, "cancel"), ==, 1);
}

static void
test_cancel_of_a_stopped_job_reaches_the_server (JobFixture    *fixture,
                                                 gconstpointer  flags)
{
  fake_api_fail (fixture->api, "get", COMFY_ERROR_UNAUTHORIZED, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_UNAUTHORIZED, COMFY_STATE_WAITING);
  comfy_job_cancel (fixture->job);
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_CANCELLED);
  g_assert_cmpuint (fake_api_count (fixture->api, "cancel"), ==, 1);
}

static void
test_cancel_of_an_unclear_submit_never_sends_again (JobFixture    *fixture,
                                                    gconstpointer  flags)
{
  static const gint64 ages[] = { 30, HOUR_S };

  for (unsigned int i = 0; i < G_N_ELEMENTS (ages); i++)
    {
      job_fixture_leave_submitting (fixture, ages[i]);
      job_fixture_restart (fixture);
      comfy_job_cancel (fixture->job);
      test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_CANCELLED);
      g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_CANCELLED);
      g_assert_cmpuint (fake_api_count (fixture->api, "find"), ==, 2 * (i + 1));
      g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 0);
    }
}

/* the artist's last word counts */
static void
test_sending_again_takes_an_earlier_cancel_back (JobFixture    *fixture,
                                                 gconstpointer  flags)
{
  job_fixture_leave_submitting (fixture, 30);
  comfy_job_cancel (fixture->job);
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_OUTCOME_UNKNOWN);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_UNKNOWN);

  comfy_job_send_again (fixture->job);
  g_assert_true (comfy_job_is_cancellable (fixture->job));
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 1);
}

/* Of the first attempt nobody knows, now or in the next process: it may have cost. */
static void
test_cancel_after_sending_again_promises_nothing (JobFixture    *fixture,
                                                  gconstpointer  flags)
{
  static const ComfyRemoteStatus  queued[] = { COMFY_REMOTE_QUEUED };
  g_autoptr(DexFuture)            run = NULL;

  job_fixture_leave_submitting (fixture, HOUR_S);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_OUTCOME_UNKNOWN, COMFY_STATE_UNKNOWN);
  comfy_job_send_again (fixture->job);
  job_fixture_restart (fixture);

  if (GPOINTER_TO_INT (flags) == V2)
    {
      fake_api_set_statuses (fixture->api, queued, G_N_ELEMENTS (queued));
      fake_api_hold (fixture->api, "submit");
      run = comfy_job_run (fixture->job);
      job_fixture_wait_until_held (fixture);
      comfy_job_cancel (fixture->job);
      fake_api_let_go (fixture->api);
      test_await_error (g_steal_pointer (&run), COMFY_ERROR_CANCELLED);
    }
  else
    comfy_job_cancel (fixture->job);

  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_CANCELLED);
  g_assert_null (strstr (comfy_job_get_error (fixture->job)->message, "nothing was spent"));
  g_assert_nonnull (strstr (comfy_job_get_error (fixture->job)->message, "may still cost"));
}

#define ADD(flags, name, func) \
  g_test_add ("/job-cancel/" name, JobFixture, GINT_TO_POINTER (flags), job_fixture_set_up, func, \
              job_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD (V1, "cancel-before-it-runs-sends-nothing", test_cancel_before_it_runs_sends_nothing);
  ADD (V1, "cancel-while-uploading-submits-nothing", test_cancel_while_uploading_submits_nothing);
  ADD (V1, "cancel-while-submitting-reaches-the-server",
       test_cancel_while_submitting_reaches_the_server);
  ADD (V2, "cancel-while-running-says-that-it-may-cost",
       test_cancel_while_running_says_that_it_may_cost);
  ADD (V1, "a-result-that-comes-despite-cancel-is-kept",
       test_a_result_that_comes_despite_cancel_is_kept);
  ADD (V1, "cancel-is-remembered-by-the-next-process",
       test_cancel_is_remembered_by_the_next_process);
  ADD (V1, "cancel-of-a-stopped-job-reaches-the-server",
       test_cancel_of_a_stopped_job_reaches_the_server);
  ADD (V1, "cancel-of-an-unclear-submit-never-sends-again",
       test_cancel_of_an_unclear_submit_never_sends_again);
  ADD (V2, "sending-again-takes-an-earlier-cancel-back",
       test_sending_again_takes_an_earlier_cancel_back);
  ADD (V1, "before-sending-again-promises-nothing",
       test_cancel_after_sending_again_promises_nothing);
  ADD (V2, "while-sending-again-promises-nothing",
       test_cancel_after_sending_again_promises_nothing);

  return g_test_run ();
}
