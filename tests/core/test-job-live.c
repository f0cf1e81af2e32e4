/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is seen of a job while it runs, by events that the server pushes.
 */
#include "config.h"

#include <string.h>

#include "job-fixture.h"

/* Asks when it is told to, and never because time has passed: how often it asked is certain. */
static const ComfyPace patient = {
  .search_gap_ms = 1, .poll_first_ms = 3600000, .poll_last_ms = 3600000, .silence_ms = 3600000,
  .retry_first_ms = 1, .retry_last_ms = 1, .tick_ms = 3600000, .tidy_ms = 5000,
};

/* Runs the job until it waits for events */
static DexFuture *
run_until_watched (JobFixture *fixture)
{
  DexFuture *run;

  _comfy_job_set_pace (fixture->job, &patient);
  run = comfy_job_run (fixture->job);
  while (fake_api_count (fixture->api, "get") < 1)
    g_main_context_iteration (NULL, TRUE);
  fake_api_push (fixture->api, COMFY_EVENT_CONNECTED, 0);
  while (fake_api_count (fixture->api, "get") < 2)
    g_main_context_iteration (NULL, TRUE);

  return run;
}

static void
finish (JobFixture *fixture,
        DexFuture  *run)
{
  fake_api_push (fixture->api, COMFY_EVENT_CHANGED, 0);
  test_await_true (run);
}

static void
wait_for_text (JobFixture *fixture,
               const char *text)
{
  ComfyProgress *progress = comfy_job_get_progress (fixture->job);

  while (g_strcmp0 (comfy_progress_get_text (progress), text) != 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
tell_progress (JobFixture *fixture,
               double      fraction,
               const char *node,
               int         step,
               int         steps)
{
  g_autoptr(ComfyEvent) event = comfy_event_new (COMFY_EVENT_PROGRESS);

  event->fraction = fraction;
  event->node = g_strdup (node);
  event->step = step;
  event->steps = steps;
  fake_api_tell (fixture->api, event);
}

static void
test_step_and_node_are_said (JobFixture    *fixture,
                             gconstpointer  flags)
{
  DexFuture *run = run_until_watched (fixture);

  tell_progress (fixture, 0.5, "3", 3, 8);
  wait_for_text (fixture, "The model, step 3 of 8");
  g_assert_cmpfloat (comfy_progress_get_fraction (comfy_job_get_progress (fixture->job)), >, 0.5);
  tell_progress (fixture, 0.6, "57:8", -1, -1);
  wait_for_text (fixture, "Running: SaveImage");
  tell_progress (fixture, 0.7, "no such node", 1, 2);
  wait_for_text (fixture, "Running, step 1 of 2");

  g_assert_cmpuint (fake_api_count (fixture->api, "get"), ==, 2);
  finish (fixture, run);
}

static void
test_the_queue_is_said (JobFixture    *fixture,
                        gconstpointer  flags)
{
  const ComfyRemoteStatus  statuses[] = { COMFY_REMOTE_QUEUED, COMFY_REMOTE_QUEUED,
                                          COMFY_REMOTE_SUCCEEDED };
  g_autoptr(ComfyEvent)    event = comfy_event_new (COMFY_EVENT_WAITING);
  DexFuture               *run;

  fake_api_set_statuses (fixture->api, statuses, G_N_ELEMENTS (statuses));
  run = run_until_watched (fixture);
  event->queue_position = 2;
  fake_api_tell (fixture->api, event);
  wait_for_text (fixture, "2 jobs before it in the queue");
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_WAITING);

  fake_api_push (fixture->api, COMFY_EVENT_RUNNING, 0);
  while (comfy_job_get_state (fixture->job) != COMFY_STATE_RUNNING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fake_api_count (fixture->api, "get"), ==, 2);
  finish (fixture, run);
}

static void
count_cb (ComfyJob     *job,
          GParamSpec   *pspec,
          unsigned int *n)
{
  (*n)++;
}

static void
test_a_preview_is_shown_while_it_runs (JobFixture    *fixture,
                                       gconstpointer  flags)
{
  g_autoptr(ComfyEvent)  event = comfy_event_new (COMFY_EVENT_PREVIEW);
  unsigned int           n_notified = 0;
  DexFuture             *run = run_until_watched (fixture);
  const char            *type = NULL;

  g_signal_connect (fixture->job, "notify::preview", G_CALLBACK (count_cb), &n_notified);
  event->preview = g_bytes_new_static ("PIXELS", 6);
  event->content_type = g_strdup ("image/jpeg");
  fake_api_tell (fixture->api, event);
  while (n_notified == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_bytes_equal (comfy_job_get_preview (fixture->job, &type), event->preview));
  g_assert_cmpstr (type, ==, "image/jpeg");

  finish (fixture, run);
  g_assert_null (comfy_job_get_preview (fixture->job, NULL));
  g_assert_cmpuint (n_notified, ==, 2);
}

/* An event that it runs is shown and not believed: what counts is the answer. */
static void
test_an_event_decides_nothing (JobFixture    *fixture,
                               gconstpointer  flags)
{
  const ComfyRemoteStatus statuses[] = { COMFY_REMOTE_QUEUED, COMFY_REMOTE_QUEUED,
                                         COMFY_REMOTE_FAILED };
  DexFuture              *run;

  fake_api_set_statuses (fixture->api, statuses, G_N_ELEMENTS (statuses));
  run = run_until_watched (fixture);
  fake_api_push (fixture->api, COMFY_EVENT_RUNNING, 0);
  tell_progress (fixture, 1, NULL, -1, -1);
  fake_api_push (fixture->api, COMFY_EVENT_CHANGED, 0);
  test_await_error (run, COMFY_ERROR_JOB_FAILED);
  g_assert_cmpuint (fake_api_count (fixture->api, "download"), ==, 0);
}

static gboolean
push_changed (gpointer api)
{
  const ComfyRemoteStatus done = COMFY_REMOTE_SUCCEEDED;

  fake_api_set_statuses (api, &done, 1);
  fake_api_push (api, COMFY_EVENT_CHANGED, 0);

  return G_SOURCE_REMOVE;
}

/* Once connected, nothing is asked before an event says so: a poll would count more questions. How
 * many it asked before is left to the machine; a preview, which asks nothing, says that it read of
 * the connection. */
static void
test_events_save_questions (JobFixture    *fixture,
                            gconstpointer  flags)
{
  static const ComfyPace  pace = { .poll_first_ms = 10, .poll_last_ms = 10, .silence_ms = 3600000,
                                   .tick_ms = 5 };
  const ComfyRemoteStatus running = COMFY_REMOTE_RUNNING;
  g_autoptr(ComfyEvent)   preview = comfy_event_new (COMFY_EVENT_PREVIEW);
  g_autoptr(DexFuture)    run = NULL;
  unsigned int            n_asked;

  fake_api_set_statuses (fixture->api, &running, 1);
  _comfy_job_set_pace (fixture->job, &pace);
  run = comfy_job_run (fixture->job);
  while (fake_api_count (fixture->api, "get") < 1)
    g_main_context_iteration (NULL, TRUE);

  preview->preview = g_bytes_new_static ("PIXELS", 6);
  preview->content_type = g_strdup ("image/jpeg");
  fake_api_push (fixture->api, COMFY_EVENT_CONNECTED, 0);
  fake_api_tell (fixture->api, preview);
  while (comfy_job_get_preview (fixture->job, NULL) == NULL)
    g_main_context_iteration (NULL, TRUE);
  n_asked = fake_api_count (fixture->api, "get");
  g_assert_cmpuint (n_asked, >=, 2);

  g_timeout_add (50, push_changed, fixture->api);
  run = test_settle (g_steal_pointer (&run));
  g_assert_true (dex_future_is_resolved (run));
  g_assert_cmpuint (fake_api_count (fixture->api, "get"), ==, n_asked + 1);
}

static void
test_a_stream_that_is_lost_leaves_polling (JobFixture    *fixture,
                                           gconstpointer  flags)
{
  g_autoptr(DexFuture) run = comfy_job_run (fixture->job);

  while (fake_api_count (fixture->api, "get") < 1)
    g_main_context_iteration (NULL, TRUE);
  fake_api_push (fixture->api, COMFY_EVENT_CONNECTED, 0);
  fake_api_push (fixture->api, COMFY_EVENT_LOST, 0);
  test_await_true (g_steal_pointer (&run));
}

/* and is still known after a restart, until it is here */
static void
test_until_when_it_is_kept (JobFixture    *fixture,
                            gconstpointer  flags)
{
  g_assert_cmpint (comfy_job_get_expires_at (fixture->job), ==, 0);
  fake_api_set_expires_at (fixture->api, 4000000000);
  fake_api_fail (fixture->api, "download", COMFY_ERROR_UNAUTHORIZED, FALSE);
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_UNAUTHORIZED);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_DOWNLOADING);
  g_assert_cmpint (comfy_job_get_expires_at (fixture->job), ==, 4000000000);

  job_fixture_restart (fixture);
  g_assert_cmpint (comfy_job_get_expires_at (fixture->job), ==, 4000000000);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpint (comfy_job_get_expires_at (fixture->job), ==, 0);
}

#define ADD(name, func) \
  g_test_add ("/job-live/" name, JobFixture, GINT_TO_POINTER (V2 | COMFY_API_EVENTS), \
              job_fixture_set_up, func, job_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("step-and-node-are-said", test_step_and_node_are_said);
  ADD ("the-queue-is-said", test_the_queue_is_said);
  ADD ("a-preview-is-shown-while-it-runs", test_a_preview_is_shown_while_it_runs);
  ADD ("events-save-questions", test_events_save_questions);
  ADD ("a-stream-that-is-lost-leaves-polling", test_a_stream_that_is_lost_leaves_polling);
  ADD ("until-when-it-is-kept", test_until_when_it_is_kept);
  ADD ("an-event-decides-nothing", test_an_event_decides_nothing);

  return g_test_run ();
}
