/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "job-fixture.h"

static void
test_runs_to_a_placed_result (JobFixture    *fixture,
                              gconstpointer  flags)
{
  const char *value = NULL;

  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "upload"), ==, 1);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 1);
  g_assert_cmpuint (fake_api_count (fixture->api, "find"), ==, 0);
  g_assert_cmpuint (fake_api_count (fixture->api, "download"), ==, 1);
  g_assert_cmpstr (fake_host_get_content (fixture->host), ==, "gimp-9_00001_.png");
  g_assert_nonnull (comfy_job_get_placed (fixture->job));
  g_assert_cmpfloat (comfy_progress_get_fraction (comfy_job_get_progress (fixture->job)), ==, 1);

  g_assert_true (comfy_workflow_get_string (fake_api_get_graph (fixture->api), "1", "image",
                                            &value));
  g_assert_true (g_str_has_prefix (value, "remote-gimp-"));
  g_assert_true (comfy_workflow_get_string (fake_api_get_graph (fixture->api), "57:8",
                                            "filename_prefix", &value));
  g_assert_cmpstr (value, ==, "gimp-57_8");

  /* and once more is no second job */
  test_await_true (comfy_job_run (fixture->job));
  g_assert_cmpuint (fake_api_get_n_jobs (fixture->api), ==, 1);
}

static void
note_fraction (ComfyProgress *progress,
               GParamSpec    *pspec,
               gpointer       data)
{
  double *last = data;

  g_assert_cmpfloat (comfy_progress_get_fraction (progress), >, *last);
  *last = comfy_progress_get_fraction (progress);
}

static void
test_progress_never_goes_back (JobFixture    *fixture,
                               gconstpointer  flags)
{
  double last = 0;

  g_signal_connect (comfy_job_get_progress (fixture->job), "notify::fraction",
                    G_CALLBACK (note_fraction), &last);
  fake_api_fail (fixture->api, "download", COMFY_ERROR_CONNECTION, FALSE);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpfloat (last, ==, 1);
}

static void
test_takes_the_saved_pictures_only (JobFixture    *fixture,
                                    gconstpointer  flags)
{
  const char * const outputs[] = { "gimp-9_00002_.png", "ComfyUI_temp_1.png", "gimp-9_00001_.png",
                                   "notes.txt", NULL };

  fake_api_set_outputs (fixture->api, outputs);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 2);
  g_assert_cmpstr (fake_host_get_content (fixture->host), ==, "gimp-9_00001_.png");
}

static void
test_no_picture_is_a_failure (JobFixture    *fixture,
                              gconstpointer  flags)
{
  const char * const outputs[] = { "notes.txt", NULL };

  fake_api_set_outputs (fixture->api, outputs);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_JOB_FAILED, COMFY_STATE_FAILED);
}

static void
test_no_lost_connection_ends_it (JobFixture    *fixture,
                                 gconstpointer  flags)
{
  static const ComfyError codes[] = { COMFY_ERROR_CONNECTION, COMFY_ERROR_OFFLINE,
                                      COMFY_ERROR_HOST_NOT_FOUND, COMFY_ERROR_TIMED_OUT,
                                      COMFY_ERROR_TLS, COMFY_ERROR_PROXY, COMFY_ERROR_SERVER,
                                      COMFY_ERROR_PROTOCOL, COMFY_ERROR_RATE_LIMITED };

  for (unsigned int i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      fake_api_fail (fixture->api, "get", codes[i], FALSE);
      fake_api_fail (fixture->api, "download", codes[i], FALSE);
    }

  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "download"), ==, G_N_ELEMENTS (codes) + 1);
}

/* Ten answers that make no sense are the server's own, and no network's that asks for a login. */
static void
test_an_answer_that_never_makes_sense_stops_it (JobFixture    *fixture,
                                                gconstpointer  flags)
{
  static const struct
  {
    const char *call;
    ComfyState  state;
  } cases[] = { { "get", COMFY_STATE_WAITING }, { "download", COMFY_STATE_DOWNLOADING } };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      for (unsigned int j = 0; j < 10; j++)
        fake_api_fail (fixture->api, cases[i].call, COMFY_ERROR_PROTOCOL, FALSE);
      job_fixture_run_until_it_stops (fixture, COMFY_ERROR_PROTOCOL, cases[i].state);
      job_fixture_restart (fixture);
      g_assert_error (comfy_job_get_error (fixture->job), COMFY_ERROR, COMFY_ERROR_PROTOCOL);
    }

  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_get_n_jobs (fixture->api), ==, 1);
}

static void
test_a_long_absence_of_the_network_does_not_stop_it (JobFixture    *fixture,
                                                     gconstpointer  flags)
{
  for (unsigned int i = 0; i < 9; i++)
    fake_api_fail (fixture->api, "get", COMFY_ERROR_PROTOCOL, FALSE);
  for (unsigned int i = 0; i < 30; i++)
    fake_api_fail (fixture->api, "get", COMFY_ERROR_OFFLINE, FALSE);
  for (unsigned int i = 0; i < 9; i++)
    fake_api_fail (fixture->api, "get", COMFY_ERROR_PROTOCOL, FALSE);

  job_fixture_run_to_the_end (fixture);
}

static void
test_a_rejected_key_stops_it_until_it_is_replaced (JobFixture    *fixture,
                                                   gconstpointer  flags)
{
  fake_api_fail (fixture->api, "get", COMFY_ERROR_UNAUTHORIZED, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_UNAUTHORIZED, COMFY_STATE_WAITING);
  job_fixture_restart (fixture);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 1);
}

static void
test_one_answer_that_it_is_gone_is_not_believed (JobFixture    *fixture,
                                                 gconstpointer  flags)
{
  fake_api_fail (fixture->api, "get", COMFY_ERROR_NOT_FOUND, FALSE);
  job_fixture_run_to_the_end (fixture);
}

static void
test_one_answer_that_a_result_is_gone_is_doubted (JobFixture    *fixture,
                                                  gconstpointer  flags)
{
  fake_api_fail (fixture->api, "download", COMFY_ERROR_JOB_EXPIRED, FALSE);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "download"), ==, 2);
}

static void
test_two_answers_that_a_result_is_gone_are_believed (JobFixture    *fixture,
                                                     gconstpointer  flags)
{
  fake_api_fail (fixture->api, "download", COMFY_ERROR_JOB_EXPIRED, FALSE);
  fake_api_fail (fixture->api, "download", COMFY_ERROR_CONNECTION, FALSE);
  fake_api_fail (fixture->api, "download", COMFY_ERROR_JOB_EXPIRED, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_JOB_EXPIRED, COMFY_STATE_EXPIRED);
}

static void
test_a_job_that_is_gone_has_expired (JobFixture    *fixture,
                                     gconstpointer  flags)
{
  fake_api_fail (fixture->api, "get", COMFY_ERROR_UNAUTHORIZED, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_UNAUTHORIZED, COMFY_STATE_WAITING);
  fake_api_forget (fixture->api);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_JOB_EXPIRED, COMFY_STATE_EXPIRED);
}

/* The ids of one protocol mean nothing to another: what is not found there is not gone. */
static void
test_another_protocol_is_not_asked (JobFixture    *fixture,
                                    gconstpointer  flags)
{
  fake_api_fail (fixture->api, "get", COMFY_ERROR_UNAUTHORIZED, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_UNAUTHORIZED, COMFY_STATE_WAITING);
  comfy_journal_entry_set_protocol (job_fixture_entry (fixture), "ComfyApiOther");
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_PROTOCOL, COMFY_STATE_WAITING);
  comfy_journal_entry_set_protocol (job_fixture_entry (fixture), "FakeApi");
  job_fixture_run_to_the_end (fixture);
}

static void
note_text (ComfyProgress *progress,
           GParamSpec    *pspec,
           gpointer       data)
{
  gboolean   *was_seen = data;
  const char *text = comfy_progress_get_text (progress);

  *was_seen |= text != NULL && strstr (text, "asks for a pause") != NULL;
}

static void
test_a_pause_that_the_service_asks_for_is_said (JobFixture    *fixture,
                                                gconstpointer  flags)
{
  ComfyApi            *api = COMFY_API (fixture->api);
  g_autoptr(DexFuture) run = NULL;
  gboolean             was_seen = FALSE;

  g_signal_connect (comfy_job_get_progress (fixture->job), "notify::text", G_CALLBACK (note_text),
                    &was_seen);
  fake_api_hold (fixture->api, "upload");
  run = comfy_job_run (fixture->job);
  job_fixture_wait_until_held (fixture);
  comfy_api_emit_waiting (api, g_get_monotonic_time () + G_USEC_PER_SEC, FALSE);
  g_assert_true (was_seen);
  g_assert_cmpstr (comfy_progress_get_text (comfy_job_get_progress (fixture->job)), ==,
                   "The service asks for a pause, going on in 1 second");
  /* who is cut off is asked for nothing */
  comfy_api_emit_waiting (api, g_get_monotonic_time () + G_USEC_PER_SEC, TRUE);
  g_assert_cmpstr (comfy_progress_get_text (comfy_job_get_progress (fixture->job)), ==,
                   "Connection lost, trying again in 1 second");
  comfy_api_emit_waiting (api, 0, FALSE);
  fake_api_let_go (fixture->api);
  test_await_true (g_steal_pointer (&run));
}

static void
test_a_job_that_failed_has_failed (JobFixture    *fixture,
                                   gconstpointer  flags)
{
  const ComfyRemoteStatus statuses[] = { COMFY_REMOTE_RUNNING, COMFY_REMOTE_FAILED };

  fake_api_set_statuses (fixture->api, statuses, G_N_ELEMENTS (statuses));
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_JOB_FAILED, COMFY_STATE_FAILED);
}

static void
test_a_result_survives_that_it_cannot_be_placed (JobFixture    *fixture,
                                                 gconstpointer  flags)
{
  fake_host_fail (fixture->host, COMFY_ERROR_IMAGE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_IMAGE, COMFY_STATE_READY);
  job_fixture_restart (fixture);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "download"), ==, 1);
  g_assert_cmpuint (fake_api_count (fixture->api, "get"), ==, 3);
}

/* where the artist says when, it stops with the result on disk, in this process and the next */
static void
test_a_result_waits_until_it_is_wanted (JobFixture    *fixture,
                                        gconstpointer  flags)
{
  g_autofree char          *path = g_build_filename (fixture->folder, "settings.ini", NULL);
  g_autoptr(ComfySettings)  settings = comfy_settings_new (path);

  comfy_settings_set_place_at_once (settings, FALSE);
  _comfy_job_set_settings (fixture->job, settings);
  for (unsigned int i = 0; i < 2; i++)
    {
      test_await_true (comfy_job_run (fixture->job));
      g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_READY);
      g_assert_null (comfy_job_get_error (fixture->job));
      g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 0);
      job_fixture_restart (fixture);
      _comfy_job_set_settings (fixture->job, settings);
    }

  comfy_job_want_result (fixture->job);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 1);
  g_assert_cmpuint (fake_api_count (fixture->api, "download"), ==, 1);
}

/* a script wants it from the beginning */
static void
test_a_wanted_result_is_placed_at_once (JobFixture    *fixture,
                                        gconstpointer  flags)
{
  g_autofree char          *path = g_build_filename (fixture->folder, "settings.ini", NULL);
  g_autoptr(ComfySettings)  settings = comfy_settings_new (path);

  comfy_settings_set_place_at_once (settings, FALSE);
  _comfy_job_set_settings (fixture->job, settings);
  comfy_job_want_result (fixture->job);
  job_fixture_run_to_the_end (fixture);
}

/* for who looks at it in the history first: in this process and the next, with the settings' default */
static void
test_a_held_result_waits_and_is_no_orphan (JobFixture    *fixture,
                                           gconstpointer  flags)
{
  g_auto(GStrv) orphans = NULL;

  g_assert_true (comfy_job_hold_result (fixture->job, NULL));
  job_fixture_restart (fixture);
  test_await_true (comfy_job_run (fixture->job));
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_READY);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 0);

  comfy_journal_entry_release (job_fixture_entry (fixture));
  orphans = comfy_journal_list_orphans (fixture->journal);
  g_assert_cmpuint (g_strv_length (orphans), ==, 0);

  job_fixture_restart (fixture);
  comfy_job_want_result (fixture->job);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 1);
}

/* nobody looks at what is not there: it is offered as any other */
static void
test_a_held_job_without_a_result_is_an_orphan (JobFixture    *fixture,
                                               gconstpointer  flags)
{
  g_auto(GStrv) orphans = NULL;

  g_assert_true (comfy_job_hold_result (fixture->job, NULL));
  comfy_journal_entry_release (job_fixture_entry (fixture));
  orphans = comfy_journal_list_orphans (fixture->journal);
  g_assert_cmpuint (g_strv_length (orphans), ==, 1);
}

/* as if the journal had been tampered with, or written by half by something else */
static void
test_ready_without_files_fetches_them (JobFixture    *fixture,
                                       gconstpointer  flags)
{
  fake_host_fail (fixture->host, COMFY_ERROR_IMAGE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_IMAGE, COMFY_STATE_READY);
  comfy_journal_entry_set_outputs (job_fixture_entry (fixture), NULL);
  g_assert_true (comfy_journal_entry_commit (job_fixture_entry (fixture), NULL));
  job_fixture_restart (fixture);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "download"), ==, 2);
}

static void
test_what_is_placed_is_not_placed_twice (JobFixture    *fixture,
                                         gconstpointer  flags)
{
  job_fixture_run_to_the_end (fixture);
  comfy_journal_entry_set_state (job_fixture_entry (fixture), COMFY_STATE_READY);
  g_assert_true (comfy_journal_entry_commit (job_fixture_entry (fixture), NULL));
  job_fixture_restart (fixture);
  job_fixture_run_to_the_end (fixture);
}

static void
test_several_downloads_go_on_where_they_stopped (JobFixture    *fixture,
                                                 gconstpointer  flags)
{
  const char * const outputs[] = { "gimp-9_1.png", "gimp-9_2.png", "gimp-9_3.png", NULL };

  fake_api_set_outputs (fixture->api, outputs);
  fake_api_hold (fixture->api, "download");
  dex_future_disown (comfy_job_run (fixture->job));
  job_fixture_wait_until_held (fixture);
  fake_api_fail (fixture->api, "download", COMFY_ERROR_STORAGE, FALSE);
  fake_api_let_go (fixture->api);
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_STORAGE);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_DOWNLOADING);

  job_fixture_restart (fixture);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 3);
  g_assert_cmpuint (fake_api_count (fixture->api, "download"), ==, 1 + 1 + 2);
  g_assert_cmpuint (fake_api_count (fixture->api, "get"), ==, 3);
}

static void
test_dropping_the_future_does_not_stop_the_job (JobFixture    *fixture,
                                                gconstpointer  flags)
{
  g_autoptr(DexFuture) raced = dex_future_first (comfy_job_run (fixture->job),
                                                 dex_future_new_for_boolean (FALSE), NULL);

  dex_clear (&raced);
  job_fixture_run_to_the_end (fixture);
}

#define ADD(flags, name, func) \
  g_test_add ("/job/" name, JobFixture, GINT_TO_POINTER (flags), job_fixture_set_up, func, \
              job_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD (V1, "v1-runs-to-a-placed-result", test_runs_to_a_placed_result);
  ADD (V2, "v2-runs-to-a-placed-result", test_runs_to_a_placed_result);
  ADD (V1, "progress-never-goes-back", test_progress_never_goes_back);
  ADD (V1, "takes-the-saved-pictures-only", test_takes_the_saved_pictures_only);
  ADD (V1, "no-picture-is-a-failure", test_no_picture_is_a_failure);
  ADD (V1, "no-lost-connection-ends-it", test_no_lost_connection_ends_it);
  ADD (V1, "an-answer-that-never-makes-sense-stops-it",
       test_an_answer_that_never_makes_sense_stops_it);
  ADD (V1, "a-long-absence-of-the-network-does-not-stop-it",
       test_a_long_absence_of_the_network_does_not_stop_it);
  ADD (V1, "a-rejected-key-stops-it-until-it-is-replaced",
       test_a_rejected_key_stops_it_until_it_is_replaced);
  ADD (V1, "one-answer-that-it-is-gone-is-not-believed",
       test_one_answer_that_it_is_gone_is_not_believed);
  ADD (V1, "one-answer-that-a-result-is-gone-is-doubted",
       test_one_answer_that_a_result_is_gone_is_doubted);
  ADD (V1, "two-answers-that-a-result-is-gone-are-believed",
       test_two_answers_that_a_result_is_gone_are_believed);
  ADD (V1, "a-job-that-is-gone-has-expired", test_a_job_that_is_gone_has_expired);
  ADD (V1, "another-protocol-is-not-asked", test_another_protocol_is_not_asked);
  ADD (V1, "a-pause-that-the-service-asks-for-is-said",
       test_a_pause_that_the_service_asks_for_is_said);
  ADD (V1, "a-job-that-failed-has-failed", test_a_job_that_failed_has_failed);
  ADD (V1, "a-result-survives-that-it-cannot-be-placed",
       test_a_result_survives_that_it_cannot_be_placed);
  ADD (V1, "a-result-waits-until-it-is-wanted", test_a_result_waits_until_it_is_wanted);
  ADD (V1, "a-wanted-result-is-placed-at-once", test_a_wanted_result_is_placed_at_once);
  ADD (V1, "a-held-result-waits-and-is-no-orphan", test_a_held_result_waits_and_is_no_orphan);
  ADD (V1, "a-held-job-without-a-result-is-an-orphan",
       test_a_held_job_without_a_result_is_an_orphan);
  ADD (V1, "ready-without-files-fetches-them", test_ready_without_files_fetches_them);
  ADD (V1, "what-is-placed-is-not-placed-twice", test_what_is_placed_is_not_placed_twice);
  ADD (V1, "several-downloads-go-on-where-they-stopped",
       test_several_downloads_go_on_where_they_stopped);
  ADD (V1, "dropping-the-future-does-not-stop-the-job",
       test_dropping_the_future_does_not_stop_the_job);

  return g_test_run ();
}
