/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything is stopped for an hour, as a computer that sleeps: meanwhile jobs end, connections are
 * gone and links run out. Afterwards every result comes, and is paid for once.
 */
#include "config.h"

#include <string.h>

#include "comfy-protocol-probe-private.h"
#include "sandbox-job-fixture.h"

#define HOUR_US (60 * 60 * (gint64) G_USEC_PER_SEC)
#define N_JOBS  3

/* nobody here does anything, the sandbox does */
static void
sleep_for_an_hour (SandboxJob *fixture)
{
  sandbox_job_control (fixture, "refuse", "{\"ms\":1}");
  sandbox_job_control (fixture, "release", "{}");
  g_assert_true (comfy_sandbox_wait (fixture->sandbox, "job-end", NULL, NULL, N_JOBS, 10000));
  sandbox_job_control (fixture, "expire-links", "{}");
  sandbox_job_pass (HOUR_US);
}

/* whether somebody was not answered */
static gboolean
is_silent (SandboxJob *fixture)
{
  g_autofree char *ledger = comfy_sandbox_dup_ledger (fixture->sandbox);

  return strstr (ledger, "\"silence\"") != NULL;
}

static void
test_jobs_end_meanwhile (SandboxJob    *fixture,
                         gconstpointer  data)
{
  const char   *jobs = GPOINTER_TO_UINT (data) == COMFY_PROTOCOL_V1 ? "/developer/api/v1/jobs"
                                                                    : "/api/v2/jobs";
  ComfyJob     *all[N_JOBS];
  DexFuture    *runs[N_JOBS];

  sandbox_job_control (fixture, "hold", "{}");
  for (unsigned int i = 0; i < N_JOBS; i++)
    {
      all[i] = i == 0 ? g_object_ref (fixture->job) : sandbox_job_new (fixture, "png", FALSE);
      runs[i] = comfy_job_run (all[i]);
      sandbox_job_wait_for_state (all[i], i == 0 ? COMFY_STATE_RUNNING : COMFY_STATE_WAITING);
    }
  /* one question is under way */
  sandbox_job_control (fixture, "faults",
                       "{\"kind\":\"silence\",\"method\":\"GET\",\"path\":\"%s/\","
                       "\"except\":\"/events\"}", jobs);
  while (!is_silent (fixture))
    g_main_context_iteration (NULL, TRUE);
  sleep_for_an_hour (fixture);

  for (unsigned int i = 0; i < N_JOBS; i++)
    {
      test_await_true (runs[i]);
      g_assert_cmpint (comfy_job_get_state (all[i]), ==, COMFY_STATE_PLACED);
      g_object_unref (all[i]);
    }
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, N_JOBS);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, N_JOBS);
  g_assert_cmpuint (comfy_sandbox_count (fixture->sandbox, "request", "POST", jobs), ==, N_JOBS);
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add ("/job-hour/v1/jobs-end-meanwhile", SandboxJob,
              GUINT_TO_POINTER (COMFY_PROTOCOL_V1), sandbox_job_set_up, test_jobs_end_meanwhile,
              sandbox_job_tear_down);
  g_test_add ("/job-hour/v2/jobs-end-meanwhile", SandboxJob,
              GUINT_TO_POINTER (COMFY_PROTOCOL_V2), sandbox_job_set_up, test_jobs_end_meanwhile,
              sandbox_job_tear_down);

  return g_test_run ();
}
