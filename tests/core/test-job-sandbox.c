/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole jobs by the real protocols against the sandbox, which misbehaves. Its ledger judges: what
 * was begun is paid for.
 */
#include "config.h"

#include <string.h>

#include "comfy-call-private.h"
#include "comfy-codec.h"
#include "comfy-job-private.h"
#include "comfy-protocol-probe-private.h"
#include "comfy-sandbox.h"
#include "fake-host.h"
#include "test-future.h"

#define EMAIL "a@b.example"
#define SIZE  8 /* px, each way */

#define JOBS(data) (is_v1 (data) ? "/developer/api/v1/jobs" : "/api/v2/jobs")

static const ComfyPace quick = {
  .search_gap_ms = 10, .poll_first_ms = 5, .poll_last_ms = 20, .silence_ms = 200,
  .retry_first_ms = 10, .retry_last_ms = 20, .tick_ms = 20,
  .tidy_ms = 5000,
};

typedef struct
{
  char           *folder;
  ComfySandbox   *sandbox;
  ComfyTransport *transport;
  ComfyApi       *api;
  ComfyJournal   *journal;
  FakeHost       *host;
  ComfyJob       *job;
} Fixture;

static gboolean
is_v1 (gconstpointer data)
{
  return GPOINTER_TO_UINT (data) == COMFY_PROTOCOL_V1;
}

static gint64 slept_us;

static gint64
now_us (gpointer data)
{
  return g_get_monotonic_time () + slept_us;
}

/* A retry waits long enough to be asynchronous, and no longer; its budget is used up as ever. */
static gboolean
short_sleep (gpointer   data,
             gint64     duration_us,
             GError   **error)
{
  slept_us += duration_us;
  dex_await (dex_timeout_new_msec (1), NULL);

  return TRUE;
}

static double
no_chance (gpointer data)
{
  return 0.5;
}

static const ComfyClock quick_clock = { now_us, short_sleep, no_chance, NULL };

static void
write_picture (const char *path)
{
  unsigned char          *data = g_malloc (SIZE * SIZE * 3);
  g_autoptr(ComfyPixels)  pixels = NULL;
  g_autoptr(DexFuture)    written = NULL;

  memset (data, 77, SIZE * SIZE * 3);
  pixels = comfy_pixels_new_take (SIZE, SIZE, 3, 8, data);
  written = test_settle (comfy_codec_encode (pixels, COMFY_FORMAT_PNG, path));
  g_assert_true (dex_future_is_resolved (written));
}

/* a job of the upscaling action with a picture of one colour */
static ComfyJob *
make_job (Fixture *fixture)
{
  g_autofree char              *path = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                         "actions", "upscale-4x.json", NULL);
  g_autoptr(GError)             error = NULL;
  g_autoptr(ComfyWorkflow)      workflow = comfy_workflow_new_from_file (path, &error);
  g_autoptr(ComfyPlacement)     placement = comfy_placement_new ();
  g_autoptr(GPtrArray)          inputs = NULL;
  g_autoptr(ComfyRequest)       request = NULL;
  g_autoptr(ComfyJournalEntry)  entry = NULL;
  g_autofree char              *staging = NULL;
  g_autofree char              *picture = NULL;
  ComfyJob                     *job;

  g_assert_no_error (error);
  staging = comfy_journal_make_staging (fixture->journal, NULL);
  picture = g_build_filename (staging, "input.png", NULL);
  write_picture (picture);
  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  g_ptr_array_add (inputs, comfy_input_new ("input.png", "image/png", "1", "image"));
  request = comfy_request_new (&(ComfyRequestParts) {
    .action_id = "upscale-4x",
    .title = "Upscale 4×",
    .profile_id = "profile",
    .workflow = workflow,
    .inputs = inputs,
    .placement = placement,
  });
  entry = comfy_journal_begin (fixture->journal, staging, request, &error);
  g_assert_no_error (error);
  job = _comfy_job_new_for_api (entry, fixture->api, COMFY_HOST (fixture->host));
  _comfy_job_set_pace (job, &quick);

  return job;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char             *key = g_strconcat ("comfyui-", "fedcba9876543210", "fedcba98", NULL);
  g_autofree char             *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                         "nodes.json", NULL);
  g_autoptr(GError)            error = NULL;
  g_autoptr(ComfyEndpoint)     endpoint = NULL;
  g_autoptr(ComfyCredentials)  credentials = NULL;
  const ComfySandboxOptions    options = { .nodes_path = nodes, .job_ms = 20 };
  const ComfyTransportOptions  quickly = { .clock = &quick_clock };

  fixture->folder = g_dir_make_tmp ("comfy-job-sandbox-XXXXXX", NULL);
  fixture->sandbox = comfy_sandbox_new (&options, &error);
  g_assert_no_error (error);
  comfy_sandbox_add_key (fixture->sandbox, key, EMAIL, 1000000, "standard");

  endpoint = comfy_endpoint_new ("sandbox", "Sandbox",
                                 comfy_sandbox_get_v1_url (fixture->sandbox), &error);
  g_assert_no_error (error);
  credentials = comfy_credentials_new (key, comfy_endpoint_get_origin (endpoint), &error);
  g_assert_no_error (error);
  fixture->transport = _comfy_transport_new_full (endpoint, credentials, NULL, &quickly);
  fixture->api = comfy_protocol_new_api (GPOINTER_TO_UINT (data), fixture->transport);
  fixture->journal = comfy_journal_new (fixture->folder);
  fixture->host = fake_host_new ();
  fixture->job = make_job (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);

  g_assert_finalize_object (fixture->job);
  g_assert_finalize_object (fixture->host);
  g_assert_finalize_object (fixture->journal);
  g_assert_finalize_object (fixture->api);
  g_assert_finalize_object (fixture->transport);
  comfy_sandbox_free (fixture->sandbox);
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

/* what the ledger says was begun, and so paid for */
static unsigned int
count_jobs (Fixture *fixture)
{
  return comfy_sandbox_count (fixture->sandbox, "job", NULL, NULL);
}

static void G_GNUC_PRINTF (3, 4)
control (Fixture    *fixture,
         const char *command,
         const char *format,
         ...)
{
  g_autofree char *json = NULL;
  va_list          args;

  va_start (args, format);
  json = g_strdup_vprintf (format, args);
  va_end (args);
  g_assert_true (comfy_sandbox_control (fixture->sandbox, command, json));
}

static void
run_to_the_end (Fixture *fixture)
{
  test_await_true (comfy_job_run (fixture->job));
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_PLACED);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 1);
  g_assert_cmpuint (count_jobs (fixture), ==, 1);
}

static void
wait_for_state (ComfyJob   *job,
                ComfyState  state)
{
  while (comfy_job_get_state (job) != state)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_runs_to_a_placed_result (Fixture       *fixture,
                              gconstpointer  data)
{
  run_to_the_end (fixture);
  g_assert_true (g_str_has_prefix (fake_host_get_content (fixture->host), "\x89PNG"));
}

/* Every step once in disorder, each in its own way: one job is begun, and its result arrives. */
static void
test_survives_a_bad_day (Fixture       *fixture,
                         gconstpointer  data)
{
  const char *base = is_v1 (data) ? "/developer/api/v1" : "/api/v2";
  const char *jobs = JOBS (data);

  control (fixture, "faults", "{\"kind\":\"reset\",\"method\":\"POST\",\"path\":\"%s/%s\"}", base,
           is_v1 (data) ? "inputs" : "assets");
  control (fixture, "faults", "{\"kind\":\"retry_after\",\"method\":\"POST\",\"path\":\"%s\"}",
           jobs);
  control (fixture, "faults", "{\"kind\":\"status\",\"status\":503,\"method\":\"GET\","
           "\"path\":\"%s/\",\"count\":3}", jobs);
  control (fixture, "faults", "{\"kind\":\"html\",\"status\":502,\"method\":\"GET\","
           "\"path\":\"%s/\",\"count\":2}", jobs);
  control (fixture, "faults", "{\"kind\":\"garbage\",\"method\":\"GET\",\"path\":\"%s/\"}", jobs);
  control (fixture, "faults", "{\"kind\":\"cut\",\"method\":\"GET\",\"path\":\"/objects/\"}");
  run_to_the_end (fixture);
}

static void
test_a_lost_reply_is_not_paid_twice (Fixture       *fixture,
                                     gconstpointer  data)
{
  control (fixture, "faults", "{\"kind\":\"lose_reply\",\"method\":\"POST\",\"path\":\"%s\"}",
           JOBS (data));
  if (is_v1 (data))
    {
      run_to_the_end (fixture);
      g_assert_cmpuint (comfy_sandbox_count (fixture->sandbox, "request", "POST", JOBS (data)),
                        ==, 1);
      return;
    }

  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_OUTCOME_UNKNOWN);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_UNKNOWN);
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_OUTCOME_UNKNOWN);
  g_assert_cmpuint (count_jobs (fixture), ==, 1);
}

static void
test_a_lost_request_is_made_good (Fixture       *fixture,
                                  gconstpointer  data)
{
  control (fixture, "faults", "{\"kind\":\"reset\",\"method\":\"POST\",\"path\":\"%s\"}",
           JOBS (data));
  run_to_the_end (fixture);
}

static void
test_a_rejected_key_stops_it_midway (Fixture       *fixture,
                                     gconstpointer  data)
{
  control (fixture, "faults", "{\"kind\":\"status\",\"status\":401,\"code\":\"unauthorized\","
           "\"method\":\"GET\",\"path\":\"%s/\"}", JOBS (data));
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_UNAUTHORIZED);
  g_assert_false (comfy_state_is_final (comfy_job_get_state (fixture->job)));
  run_to_the_end (fixture);
}

static void
test_a_full_plan_makes_nothing (Fixture       *fixture,
                                gconstpointer  data)
{
  control (fixture, "faults", "{\"kind\":\"status\",\"status\":429,\"code\":\"queue_full\","
           "\"method\":\"POST\",\"path\":\"%s\",\"count\":-1}", JOBS (data));
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_QUEUE_FULL);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_NEW);
  g_assert_cmpuint (count_jobs (fixture), ==, 0);
}

static void
test_a_dropped_socket_loses_nothing (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autoptr(DexFuture) run = NULL;

  control (fixture, "hold", "{}");
  run = comfy_job_run (fixture->job);
  wait_for_state (fixture->job, COMFY_STATE_WAITING);
  control (fixture, "drop", "{}");
  control (fixture, "release", "{}");
  test_await_true (g_steal_pointer (&run));
  g_assert_cmpuint (count_jobs (fixture), ==, 1);
}

static void
test_a_socket_that_says_nothing_is_not_believed (Fixture       *fixture,
                                                 gconstpointer  data)
{
  control (fixture, "mute", "{}");
  run_to_the_end (fixture);
}

static void
cancel (ComfyJob   *job,
        ComfyState  when,
        const char *truth)
{
  g_autoptr(DexFuture) run = comfy_job_run (job);

  wait_for_state (job, when);
  comfy_job_cancel (job);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_CANCELLING);
  test_await_error (g_steal_pointer (&run), COMFY_ERROR_CANCELLED);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_CANCELLED);
  g_assert_nonnull (strstr (comfy_job_get_error (job)->message, truth));
}

/* The plan runs one job at once, so the second one never begins. */
static void
test_a_cancelled_job_says_whether_it_had_begun (Fixture       *fixture,
                                                gconstpointer  data)
{
  g_autoptr(ComfyJob)  second = make_job (fixture);
  g_autoptr(DexFuture) run = NULL;

  control (fixture, "hold", "{}");
  run = comfy_job_run (fixture->job);
  wait_for_state (fixture->job, COMFY_STATE_RUNNING);
  cancel (second, COMFY_STATE_WAITING, "before it had begun");
  cancel (fixture->job, COMFY_STATE_RUNNING, "may have cost");
  g_assert_cmpuint (comfy_sandbox_count (fixture->sandbox, "job-end", NULL, NULL), ==, 2);
}

static void
test_a_failed_job_tells_why (Fixture       *fixture,
                             gconstpointer  data)
{
  control (fixture, "fail", "{\"message\":\"The sampler ran out of memory.\"}");
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_JOB_FAILED);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_FAILED);
  g_assert_nonnull (strstr (comfy_job_get_error (fixture->job)->message, "out of memory"));
}

static void
test_a_forgotten_job_has_expired (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autoptr(DexFuture) run = NULL;

  control (fixture, "hold", "{}");
  run = comfy_job_run (fixture->job);
  wait_for_state (fixture->job, COMFY_STATE_WAITING);
  control (fixture, "expire", "{}");
  test_await_error (g_steal_pointer (&run), COMFY_ERROR_JOB_EXPIRED);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_EXPIRED);
}

#define ADD_ONE(protocol, version, name, func) \
  g_test_add ("/job-sandbox/" version "/" name, Fixture, GUINT_TO_POINTER (protocol), set_up, \
              func, tear_down)
#define ADD(name, func) \
  ADD_ONE (COMFY_PROTOCOL_V1, "v1", name, func); \
  ADD_ONE (COMFY_PROTOCOL_V2, "v2", name, func)

int
main (int   argc,
      char *argv[])
{
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("runs-to-a-placed-result", test_runs_to_a_placed_result);
  ADD ("survives-a-bad-day", test_survives_a_bad_day);
  ADD ("a-lost-reply-is-not-paid-twice", test_a_lost_reply_is_not_paid_twice);
  ADD_ONE (COMFY_PROTOCOL_V1, "v1", "a-lost-request-is-made-good",
           test_a_lost_request_is_made_good);
  ADD ("a-rejected-key-stops-it-midway", test_a_rejected_key_stops_it_midway);
  ADD ("a-full-plan-makes-nothing", test_a_full_plan_makes_nothing);
  ADD_ONE (COMFY_PROTOCOL_V1, "v1", "a-dropped-socket-loses-nothing",
           test_a_dropped_socket_loses_nothing);
  ADD_ONE (COMFY_PROTOCOL_V1, "v1", "a-socket-that-says-nothing-is-not-believed",
           test_a_socket_that_says_nothing_is_not_believed);
  ADD ("a-cancelled-job-says-whether-it-had-begun",
       test_a_cancelled_job_says_whether_it_had_begun);
  ADD ("a-failed-job-tells-why", test_a_failed_job_tells_why);
  ADD ("a-forgotten-job-has-expired", test_a_forgotten_job_has_expired);

  return g_test_run ();
}
