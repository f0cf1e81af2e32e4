/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole jobs by the real protocols against the sandbox, which misbehaves. Its ledger judges: what
 * was begun is paid for.
 */
#include "config.h"

#include <string.h>

#include "comfy-protocol-probe-private.h"
#include "sandbox-job-fixture.h"

#define JOBS(data) (is_v1 (data) ? "/developer/api/v1/jobs" : "/api/v2/jobs")

static gboolean
is_v1 (gconstpointer data)
{
  return GPOINTER_TO_UINT (data) == COMFY_PROTOCOL_V1;
}

static void
test_runs_to_a_placed_result (SandboxJob       *fixture,
                              gconstpointer  data)
{
  sandbox_job_run_to_the_end (fixture);
  g_assert_true (g_str_has_prefix (fake_host_get_content (fixture->host), "\x89PNG"));
}

/* Every step once in disorder, each in its own way: one job is begun, and its result arrives. */
static void
test_survives_a_bad_day (SandboxJob       *fixture,
                         gconstpointer  data)
{
  const char *base = is_v1 (data) ? "/developer/api/v1" : "/api/v2";
  const char *jobs = JOBS (data);

  sandbox_job_control (fixture, "faults",
                       "{\"kind\":\"reset\",\"method\":\"POST\",\"path\":\"%s/%s\"}", base,
                       is_v1 (data) ? "inputs" : "assets");
  sandbox_job_control (fixture, "faults",
                       "{\"kind\":\"retry_after\",\"method\":\"POST\",\"path\":\"%s\"}",
                       jobs);
  sandbox_job_control (fixture, "faults", "{\"kind\":\"status\",\"status\":503,\"method\":\"GET\","
                       "\"path\":\"%s/\",\"count\":3}", jobs);
  sandbox_job_control (fixture, "faults", "{\"kind\":\"html\",\"status\":502,\"method\":\"GET\","
                       "\"path\":\"%s/\",\"count\":2}", jobs);
  sandbox_job_control (fixture, "faults",
                       "{\"kind\":\"garbage\",\"method\":\"GET\",\"path\":\"%s/\"}", jobs);
  sandbox_job_control (fixture, "faults",
                       "{\"kind\":\"cut\",\"method\":\"GET\",\"path\":\"/objects/\"}");
  sandbox_job_run_to_the_end (fixture);
}

static void
test_a_lost_reply_is_not_paid_twice (SandboxJob       *fixture,
                                     gconstpointer  data)
{
  sandbox_job_control (fixture, "faults",
                       "{\"kind\":\"lose_reply\",\"method\":\"POST\",\"path\":\"%s\"}",
                       JOBS (data));
  if (is_v1 (data))
    {
      sandbox_job_run_to_the_end (fixture);
      g_assert_cmpuint (comfy_sandbox_count (fixture->sandbox, "request", "POST", JOBS (data)),
                        ==, 1);
      return;
    }

  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_OUTCOME_UNKNOWN);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_UNKNOWN);
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_OUTCOME_UNKNOWN);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 1);
}

static void
test_a_lost_request_is_made_good (SandboxJob       *fixture,
                                  gconstpointer  data)
{
  sandbox_job_control (fixture, "faults",
                       "{\"kind\":\"reset\",\"method\":\"POST\",\"path\":\"%s\"}",
                       JOBS (data));
  sandbox_job_run_to_the_end (fixture);
}

static void
test_a_rejected_key_stops_it_midway (SandboxJob       *fixture,
                                     gconstpointer  data)
{
  sandbox_job_control (fixture, "faults",
                       "{\"kind\":\"status\",\"status\":401,\"code\":\"unauthorized\","
                       "\"method\":\"GET\",\"path\":\"%s/\",\"except\":\"/events\"}", JOBS (data));
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_UNAUTHORIZED);
  g_assert_false (comfy_state_is_final (comfy_job_get_state (fixture->job)));
  sandbox_job_run_to_the_end (fixture);
}

static void
test_a_full_plan_makes_nothing (SandboxJob       *fixture,
                                gconstpointer  data)
{
  sandbox_job_control (fixture, "faults",
                       "{\"kind\":\"status\",\"status\":429,\"code\":\"queue_full\","
                       "\"method\":\"POST\",\"path\":\"%s\",\"count\":-1}", JOBS (data));
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_QUEUE_FULL);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_NEW);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 0);
}

static void
test_a_dropped_socket_loses_nothing (SandboxJob       *fixture,
                                     gconstpointer  data)
{
  g_autoptr(DexFuture) run = NULL;

  sandbox_job_control (fixture, "hold", "{}");
  run = comfy_job_run (fixture->job);
  sandbox_job_wait_for_state (fixture->job, COMFY_STATE_WAITING);
  sandbox_job_control (fixture, "drop", "{}");
  sandbox_job_control (fixture, "release", "{}");
  test_await_true (g_steal_pointer (&run));
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 1);
}

static void
test_a_socket_that_says_nothing_is_not_believed (SandboxJob       *fixture,
                                                 gconstpointer  data)
{
  sandbox_job_control (fixture, "mute", "{}");
  sandbox_job_run_to_the_end (fixture);
}

static void
cancel (ComfyJob   *job,
        ComfyState  when,
        const char *truth)
{
  g_autoptr(DexFuture) run = comfy_job_run (job);

  sandbox_job_wait_for_state (job, when);
  comfy_job_cancel (job);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_CANCELLING);
  test_await_error (g_steal_pointer (&run), COMFY_ERROR_CANCELLED);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_CANCELLED);
  g_assert_nonnull (strstr (comfy_job_get_error (job)->message, truth));
}

/* The plan runs one job at once, so the second one never begins. */
static void
test_a_cancelled_job_says_whether_it_had_begun (SandboxJob       *fixture,
                                                gconstpointer  data)
{
  g_autoptr(ComfyJob)  second = sandbox_job_new (fixture, "png", FALSE);
  g_autoptr(DexFuture) run = NULL;

  sandbox_job_control (fixture, "hold", "{}");
  run = comfy_job_run (fixture->job);
  sandbox_job_wait_for_state (fixture->job, COMFY_STATE_RUNNING);
  cancel (second, COMFY_STATE_WAITING, "before it had begun");
  cancel (fixture->job, COMFY_STATE_RUNNING, "may have cost");
  g_assert_cmpuint (comfy_sandbox_count (fixture->sandbox, "job-end", NULL, NULL), ==, 2);
}

static void
test_a_failed_job_tells_why (SandboxJob       *fixture,
                             gconstpointer  data)
{
  sandbox_job_control (fixture, "fail", "{\"message\":\"The sampler ran out of memory.\"}");
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_JOB_FAILED);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_FAILED);
  g_assert_nonnull (strstr (comfy_job_get_error (fixture->job)->message, "out of memory"));
}

static void
test_a_forgotten_job_has_expired (SandboxJob       *fixture,
                                  gconstpointer  data)
{
  g_autoptr(DexFuture) run = NULL;

  sandbox_job_control (fixture, "hold", "{}");
  run = comfy_job_run (fixture->job);
  sandbox_job_wait_for_state (fixture->job, COMFY_STATE_WAITING);
  sandbox_job_control (fixture, "expire", "{}");
  test_await_error (g_steal_pointer (&run), COMFY_ERROR_JOB_EXPIRED);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_EXPIRED);
}

#define MEDIA \
  "{\"1\":{\"class_type\":\"PrimitiveString\",\"inputs\":{\"value\":\"A cat.\"}}," \
  "\"2\":{\"class_type\":\"PreviewAny\",\"inputs\":{\"source\":[\"1\",0]}}," \
  "\"3\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":8,\"height\":8,\"batch_size\":2," \
  "\"color\":0}}," \
  "\"4\":{\"class_type\":\"CreateVideo\",\"inputs\":{\"images\":[\"3\",0],\"fps\":8}}," \
  "\"5\":{\"class_type\":\"SaveVideo\",\"inputs\":{\"video\":[\"4\",0],\"format\":\"auto\"," \
  "\"codec\":\"auto\",\"filename_prefix\":\"x\"}}," \
  "\"6\":{\"class_type\":\"EmptyAudio\",\"inputs\":{\"duration\":1,\"sample_rate\":44100," \
  "\"channels\":2}}," \
  "\"7\":{\"class_type\":\"SaveAudio\",\"inputs\":{\"audio\":[\"6\",0]," \
  "\"filename_prefix\":\"x\"}}," \
  "\"8\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"3\",0]," \
  "\"filename_prefix\":\"x\"}}," \
  "\"9\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"3\",0]," \
  "\"filename_prefix\":\"x\"}}}"

/* A graph with an output of each kind, of which the artist wants all but the sound and one picture;
 * v1 tells of no file whose it is. */
static void
test_results_of_all_kinds_come_back (SandboxJob    *fixture,
                                     gconstpointer  data)
{
  g_autoptr(GPtrArray) outputs = NULL;
  g_auto(GStrv)        texts = NULL;
  g_auto(GStrv)        names = NULL;
  g_auto(GStrv)        paths = NULL;

  outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_output_free);
  g_ptr_array_add (outputs, comfy_output_new ("9", "gimp-0", COMFY_OUTCOME_SELECTION));
  g_ptr_array_add (outputs, comfy_output_new ("8", "gimp-1", COMFY_OUTCOME_NOTHING));
  g_ptr_array_add (outputs, comfy_output_new ("5", "gimp-2", COMFY_OUTCOME_LAYERS));
  g_ptr_array_add (outputs, comfy_output_new ("7", "gimp-3", COMFY_OUTCOME_NOTHING));
  g_ptr_array_add (outputs, comfy_output_new ("2", NULL, COMFY_OUTCOME_LAYERS));
  sandbox_job_next_graph (fixture, MEDIA, outputs);
  sandbox_job_run_to_the_end (fixture);

  g_assert_cmpstr (fake_host_get_outcomes (fixture->host), ==, "selection selection");
  texts = comfy_job_dup_texts (fixture->job);
  g_assert_cmpstrv (texts, ((const char * const []) { "A cat.", NULL }));
  paths = comfy_job_dup_file_paths (fixture->job, &names);
  g_assert_cmpstrv (names, ((const char * const []) { "Own 00001.mp4", NULL }));
  g_assert_true (g_str_has_suffix (paths[0], ".mp4"));
}

#define ADD_ONE(protocol, version, name, func) \
  g_test_add ("/job-sandbox/" version "/" name, SandboxJob, GUINT_TO_POINTER (protocol), \
              sandbox_job_set_up, func, sandbox_job_tear_down)
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
  ADD ("results-of-all-kinds-come-back", test_results_of_all_kinds_come_back);
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
