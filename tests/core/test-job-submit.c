/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "job-fixture.h"

static void
test_what_fails_before_sending_can_be_tried_again (JobFixture    *fixture,
                                                   gconstpointer  flags)
{
  static const ComfyError codes[] = { COMFY_ERROR_UNAUTHORIZED, COMFY_ERROR_NO_CREDITS,
                                      COMFY_ERROR_CONNECTION, COMFY_ERROR_QUEUE_FULL };

  for (unsigned int i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      fake_api_fail (fixture->api, "submit", codes[i], FALSE);
      job_fixture_run_until_it_stops (fixture, codes[i], COMFY_STATE_NEW);
      g_assert_cmpint (comfy_journal_entry_get_submitted_at (job_fixture_entry (fixture)), ==, 0);
      job_fixture_restart (fixture);
      g_assert_error (comfy_job_get_error (fixture->job), COMFY_ERROR, (int) codes[i]);
    }

  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "upload"), ==, 1);
  g_assert_cmpuint (fake_api_get_n_jobs (fixture->api), ==, 1);
}

static void
test_a_refused_graph_has_failed (JobFixture    *fixture,
                                 gconstpointer  flags)
{
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_INVALID_WORKFLOW, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_INVALID_WORKFLOW, COMFY_STATE_FAILED);
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_INVALID_WORKFLOW);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 1);
}

static void
test_a_rate_limit_goes_by_itself (JobFixture    *fixture,
                                  gconstpointer  flags)
{
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_RATE_LIMITED, FALSE);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 2);
}

static GError *
new_refusal (ComfyError  code,
             const char *server_code)
{
  GError *error = comfy_error_new (code, NULL, "The deployment is not there.");

  comfy_error_set_response (error, 429, server_code, NULL);

  return error;
}

static void
note_starting (ComfyProgress *progress,
               GParamSpec    *pspec,
               gpointer       data)
{
  gboolean   *is_said = data;
  const char *text = comfy_progress_get_text (progress);

  *is_said |= text != NULL && g_str_has_prefix (text, "The deployment is starting");
}

/* one that starts is waited for; one that is stopped is for the artist to start */
static void
test_a_deployment_is_waited_for (JobFixture    *fixture,
                                 gconstpointer  flags)
{
  const ComfyPace pace = {
    .search_gap_ms = 1, .poll_first_ms = 1, .poll_last_ms = 1, .silence_ms = 5000,
    .retry_first_ms = 20, .retry_last_ms = 20, .tick_ms = 5, .tidy_ms = 5000,
  };
  gboolean        is_said = FALSE;

  _comfy_job_set_pace (fixture->job, &pace);
  g_signal_connect (comfy_job_get_progress (fixture->job), "notify::text",
                    G_CALLBACK (note_starting), &is_said);
  fake_api_refuse (fixture->api, "submit", new_refusal (COMFY_ERROR_SERVER, "deployment_stopped"));
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_SERVER, COMFY_STATE_NEW);
  g_assert_false (is_said);
  fake_api_refuse (fixture->api, "submit",
                   new_refusal (COMFY_ERROR_RATE_LIMITED, "deployment_not_ready"));
  job_fixture_run_to_the_end (fixture);
  g_assert_true (is_said);
  g_assert_cmpuint (fake_api_get_n_jobs (fixture->api), ==, 1);
}

/* The pauses grow: after the third, a wait that starts at half a second must be some seconds. */
static void
judge_pause (ComfyProgress *progress,
             GParamSpec    *pspec,
             gpointer       data)
{
  static const ComfyPace  slow = { .retry_first_ms = 500, .retry_last_ms = 60 * 1000,
                                   .tick_ms = 1000 };
  JobFixture             *fixture = data;
  const char             *text = comfy_progress_get_text (progress);

  g_assert_null (strstr (text, "Connection lost"));
  if (strstr (text, "asks for a pause") == NULL)
    return;

  if (strstr (text, "in 1 second") == NULL)
    comfy_job_cancel (fixture->job);
  else if (fake_api_count (fixture->api, "submit") == 3)
    _comfy_job_set_pace (fixture->job, &slow);
}

static void
test_a_rate_limit_makes_pauses_that_grow (JobFixture    *fixture,
                                          gconstpointer  flags)
{
  static const ComfyPace brisk = { .retry_first_ms = 4, .retry_last_ms = 60 * 1000,
                                   .tick_ms = 1000 };

  _comfy_job_set_pace (fixture->job, &brisk);
  g_signal_connect (comfy_job_get_progress (fixture->job), "notify::text",
                    G_CALLBACK (judge_pause), fixture);
  for (unsigned int i = 0; i < 6; i++)
    fake_api_fail (fixture->api, "submit", COMFY_ERROR_RATE_LIMITED, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_CANCELLED, COMFY_STATE_CANCELLED);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 4);
}

/* The list of jobs is no list, ever: nothing is sent again, and nothing forgotten. */
static void
test_a_search_that_makes_no_sense_stops_it (JobFixture    *fixture,
                                            gconstpointer  flags)
{
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_OUTCOME_UNKNOWN, TRUE);
  for (unsigned int i = 0; i < 10; i++)
    fake_api_fail (fixture->api, "find", COMFY_ERROR_PROTOCOL, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_PROTOCOL, COMFY_STATE_SUBMITTING);

  job_fixture_restart (fixture);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 1);
}

static void
test_lost_reply_adopts_the_job (JobFixture    *fixture,
                                gconstpointer  flags)
{
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_OUTCOME_UNKNOWN, TRUE);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 1);
  g_assert_cmpuint (fake_api_count (fixture->api, "find"), ==, 1);
}

static void
test_lost_request_is_sent_again_after_two_looks (JobFixture    *fixture,
                                                 gconstpointer  flags)
{
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_OUTCOME_UNKNOWN, FALSE);
  fake_api_fail (fixture->api, "find", COMFY_ERROR_CONNECTION, FALSE);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 2);
  g_assert_cmpuint (fake_api_count (fixture->api, "find"), ==, 3);
  g_assert_cmpuint (fake_api_get_n_jobs (fixture->api), ==, 1);
}

static void
test_restart_while_submitting_looks_first (JobFixture    *fixture,
                                           gconstpointer  flags)
{
  job_fixture_leave_submitting (fixture, 30);
  job_fixture_restart (fixture);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "find"), ==, 2);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 1);
}

/* A record that says that the job may have been sent, and not with what: what is there is looked for
 * first, and what is missing is uploaded before anything is sent. */
static void
test_a_record_without_inputs_looks_first (JobFixture    *fixture,
                                          gconstpointer  flags)
{
  job_fixture_leave_submitting (fixture, 30);
  comfy_journal_entry_set_remote_input (job_fixture_entry (fixture), 0, NULL);
  g_assert_true (comfy_journal_entry_commit (job_fixture_entry (fixture), NULL));
  job_fixture_restart (fixture);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "find"), ==, 2);
  g_assert_cmpuint (fake_api_count (fixture->api, "upload"), ==, 1);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 1);
}

static void
test_an_old_attempt_is_not_sent_again (JobFixture    *fixture,
                                       gconstpointer  flags)
{
  static const gint64 ages[] = { HOUR_S, -HOUR_S };

  for (unsigned int i = 0; i < G_N_ELEMENTS (ages); i++)
    {
      job_fixture_leave_submitting (fixture, ages[i]);
      job_fixture_restart (fixture);
      job_fixture_run_until_it_stops (fixture, COMFY_ERROR_OUTCOME_UNKNOWN, COMFY_STATE_UNKNOWN);
      g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 0);
    }
}

/* A disk that takes nothing while the job is looked for: the first attempt stays as unclear as it
 * was. */
static void
test_what_cannot_be_noted_is_neither_sent_nor_forgotten (JobFixture    *fixture,
                                                         gconstpointer  flags)
{
  const char           *folder = comfy_journal_entry_get_folder (job_fixture_entry (fixture));
  g_autofree char      *in_the_way = g_build_filename (folder, "job.json.new", NULL);
  g_autoptr(DexFuture)  run = NULL;

  fake_api_fail (fixture->api, "submit", COMFY_ERROR_OUTCOME_UNKNOWN, FALSE);
  fake_api_hold (fixture->api, "find");
  run = comfy_job_run (fixture->job);
  job_fixture_wait_until_held (fixture);

  g_assert_no_errno (g_mkdir (in_the_way, 0700));
  g_test_expect_message ("comfy-job-control", G_LOG_LEVEL_WARNING, "*job.json.new*");
  fake_api_let_go (fixture->api);
  test_await_error (g_steal_pointer (&run), COMFY_ERROR_STORAGE);
  g_test_assert_expected_messages ();
  g_assert_no_errno (g_rmdir (in_the_way));
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 1);

  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "find"), ==, 2 + 2);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 2);
}

static void
test_a_server_without_list_is_never_sent_to_again (JobFixture    *fixture,
                                                   gconstpointer  flags)
{
  g_autofree char *key = NULL;

  key = g_strdup (comfy_journal_entry_get_idempotency_key (job_fixture_entry (fixture)));
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_OUTCOME_UNKNOWN, TRUE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_OUTCOME_UNKNOWN, COMFY_STATE_UNKNOWN);
  job_fixture_restart (fixture);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_OUTCOME_UNKNOWN, COMFY_STATE_UNKNOWN);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 1);

  /* the artist decides: a key that may be used up would be refused */
  comfy_job_send_again (fixture->job);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 2);
  g_assert_cmpstr (comfy_journal_entry_get_idempotency_key (job_fixture_entry (fixture)), !=, key);
}

static void
test_sending_again_keeps_a_key_that_replays (JobFixture    *fixture,
                                             gconstpointer  flags)
{
  g_autofree char *key = NULL;

  key = g_strdup (comfy_journal_entry_get_idempotency_key (job_fixture_entry (fixture)));
  job_fixture_leave_submitting (fixture, HOUR_S);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_OUTCOME_UNKNOWN, COMFY_STATE_UNKNOWN);
  comfy_job_send_again (fixture->job);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpstr (comfy_journal_entry_get_idempotency_key (job_fixture_entry (fixture)), ==, key);
}

static void
test_looking_again_finds_what_was_unknown (JobFixture    *fixture,
                                           gconstpointer  flags)
{
  ComfyRequest  *request = comfy_job_get_request (fixture->job);
  ComfyWorkflow *workflow = comfy_request_get_workflow (request);
  const char    *tag = comfy_journal_entry_get_tag (job_fixture_entry (fixture));

  job_fixture_leave_submitting (fixture, HOUR_S);
  fake_api_fail (fixture->api, "find", COMFY_ERROR_UNAUTHORIZED, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_UNAUTHORIZED, COMFY_STATE_SUBMITTING);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_OUTCOME_UNKNOWN, COMFY_STATE_UNKNOWN);

  dex_future_disown (comfy_api_submit (COMFY_API (fixture->api), workflow, tag, "key"));
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_get_n_jobs (fixture->api), ==, 1);
}

static void
test_an_unknown_job_can_be_forgotten (JobFixture    *fixture,
                                      gconstpointer  flags)
{
  job_fixture_leave_submitting (fixture, HOUR_S);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_OUTCOME_UNKNOWN, COMFY_STATE_UNKNOWN);
  comfy_job_forget (fixture->job);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_CANCELLED);
  job_fixture_restart (fixture);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_CANCELLED);
}

#define ADD(flags, name, func) \
  g_test_add ("/job-submit/" name, JobFixture, GINT_TO_POINTER (flags), job_fixture_set_up, func, \
              job_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD (V1, "what-fails-before-sending-can-be-tried-again",
       test_what_fails_before_sending_can_be_tried_again);
  ADD (V1, "a-refused-graph-has-failed", test_a_refused_graph_has_failed);
  ADD (V2, "a-deployment-is-waited-for", test_a_deployment_is_waited_for);
  ADD (V1, "a-rate-limit-goes-by-itself", test_a_rate_limit_goes_by_itself);
  ADD (V1, "a-rate-limit-makes-pauses-that-grow", test_a_rate_limit_makes_pauses_that_grow);
  ADD (V1, "a-search-that-makes-no-sense-stops-it", test_a_search_that_makes_no_sense_stops_it);
  ADD (V1, "lost-reply-adopts-the-job", test_lost_reply_adopts_the_job);
  ADD (COMFY_API_LIST, "lost-request-is-sent-again-after-two-looks",
       test_lost_request_is_sent_again_after_two_looks);
  ADD (COMFY_API_LIST, "restart-while-submitting-looks-first",
       test_restart_while_submitting_looks_first);
  ADD (V1, "a-record-without-inputs-looks-first", test_a_record_without_inputs_looks_first);
  ADD (V1, "an-old-attempt-is-not-sent-again", test_an_old_attempt_is_not_sent_again);
  ADD (COMFY_API_LIST, "what-cannot-be-noted-is-neither-sent-nor-forgotten",
       test_what_cannot_be_noted_is_neither_sent_nor_forgotten);
  ADD (V2, "a-server-without-list-is-never-sent-to-again",
       test_a_server_without_list_is_never_sent_to_again);
  ADD (V1, "sending-again-keeps-a-key-that-replays", test_sending_again_keeps_a_key_that_replays);
  ADD (V1, "looking-again-finds-what-was-unknown", test_looking_again_finds_what_was_unknown);
  ADD (V1, "an-unknown-job-can-be-forgotten", test_an_unknown_job_can_be_forgotten);

  return g_test_run ();
}
