/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Jobs that make do with what the sandbox has, and leave nothing there, by the real protocols. Its
 * ledger judges: a refused graph is no job.
 */
#include "config.h"

#include <string.h>

#include "comfy-protocol-probe-private.h"
#include "sandbox-job-fixture.h"

#define FIRST  "RealESRGAN_x4plus.safetensors"
#define SECOND "4x-a.safetensors"
#define THIRD  "4x-b.safetensors"

#define BASE(data) (is_v1 (data) ? "/developer/api/v1" : "/api/v2")

static gboolean
is_v1 (gconstpointer data)
{
  return GPOINTER_TO_UINT (data) == COMFY_PROTOCOL_V1;
}

static unsigned int
count_requests (SandboxJob    *fixture,
                gconstpointer  data,
                const char    *method,
                const char    *rest)
{
  g_autofree char *path = g_strconcat (BASE (data), rest, NULL);

  return comfy_sandbox_count (fixture->sandbox, "request", method, path);
}

/* one job, after so many submits */
static void
run (SandboxJob    *fixture,
     gconstpointer  data,
     unsigned int   n_submits)
{
  unsigned int n_jobs = sandbox_job_count (fixture);
  unsigned int before = count_requests (fixture, data, "POST", "/jobs");

  test_await_true (comfy_job_run (fixture->job));
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_PLACED);
  g_assert_cmpuint (count_requests (fixture, data, "POST", "/jobs"), ==, before + n_submits);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, n_jobs + 1);
}

static void
assert_file (SandboxJob *fixture,
             const char *file)
{
  g_assert_cmpstr (comfy_journal_entry_get_file (comfy_job_get_entry (fixture->job), 0), ==, file);
}

static void
miss (SandboxJob *fixture,
      const char *name,
      const char *allowed,
      const char *config,
      const char *shape)
{
  sandbox_job_control (fixture, "missing-model", "{\"name\":\"%s\",\"allowed\":[%s],"
                       "\"config\":\"%s\",\"shape\":\"%s\"}", name, allowed, config, shape);
}

static void
test_another_model_in_every_shape (SandboxJob    *fixture,
                                   gconstpointer  data)
{
  static const char * const shapes[] = { "fields", "details", "raw" };
  static const char * const configs[] = { "list", "combo" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      for (unsigned int j = 0; j < G_N_ELEMENTS (configs); j++)
        {
          g_test_message ("%s, %s", shapes[i], configs[j]);
          miss (fixture, FIRST, "\"x\",\"" THIRD "\"", configs[j], shapes[i]);
          run (fixture, data, 2);
          assert_file (fixture, THIRD);
          sandbox_job_control (fixture, "reset", "{}");
          sandbox_job_next (fixture, "png", FALSE);
          /* what was remembered is tried, and is gone */
          miss (fixture, THIRD, "", "none", shapes[i]);
          run (fixture, data, 2);
          assert_file (fixture, FIRST);
          sandbox_job_control (fixture, "reset", "{}");
          sandbox_job_next (fixture, "png", FALSE);
        }

      miss (fixture, FIRST, "", "none", shapes[i]);
      miss (fixture, SECOND, "", "none", shapes[i]);
      run (fixture, data, 3);
      assert_file (fixture, THIRD);
      sandbox_job_next (fixture, "png", FALSE);
      run (fixture, data, 1);
      assert_file (fixture, THIRD);
      sandbox_job_control (fixture, "reset", "{}");
      sandbox_job_next (fixture, "png", FALSE);
      miss (fixture, THIRD, "", "none", shapes[i]);
      run (fixture, data, 2);
      sandbox_job_control (fixture, "reset", "{}");
      sandbox_job_next (fixture, "png", FALSE);
    }
}

static void
test_no_model_is_no_job (SandboxJob    *fixture,
                         gconstpointer  data)
{
  miss (fixture, FIRST, "", "none", "fields");
  miss (fixture, SECOND, "", "none", "fields");
  miss (fixture, THIRD, "", "none", "fields");
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_INVALID_WORKFLOW);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_FAILED);
  g_assert_nonnull (strstr (comfy_job_get_error (fixture->job)->message,
                            "“Upscale model” needs"));
  g_assert_cmpuint (count_requests (fixture, data, "POST", "/jobs"), ==, 3);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 0);
}

/* The answer to the second graph is lost: a job may be there, so nothing else is sent. */
static void
test_a_lost_reply_after_a_refusal_is_not_paid_twice (SandboxJob    *fixture,
                                                     gconstpointer  data)
{
  miss (fixture, FIRST, "\"" SECOND "\"", "list", "fields");
  sandbox_job_control (fixture, "faults", "{\"kind\":\"lose_reply\",\"method\":\"POST\","
                       "\"path\":\"%s/jobs\",\"after\":1}", BASE (data));
  if (is_v1 (data))
    run (fixture, data, 2);
  else
    test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_OUTCOME_UNKNOWN);

  assert_file (fixture, SECOND);
  g_assert_cmpuint (count_requests (fixture, data, "POST", "/jobs"), ==, 2);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 1);
}

static int
depth_of_result (SandboxJob *fixture)
{
  const char *content = fake_host_get_content (fixture->host);

  g_assert_true (g_str_has_prefix (content, "\x89PNG"));

  return content[24];
}

static void
forget_what_was_found (SandboxJob *fixture)
{
  GKeyFile      *keys = comfy_settings_get_key_file (fixture->settings);
  g_auto(GStrv)  groups = g_key_file_get_groups (keys, NULL);

  for (unsigned int i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], "Server "))
      g_key_file_remove_group (keys, groups[i], NULL);
}

static void
test_deep_results_and_plain_ones (SandboxJob    *fixture,
                                  gconstpointer  data)
{
  static const char * const shapes[] = { "fields", "details", "raw" };

  sandbox_job_next (fixture, "png", TRUE);
  run (fixture, data, 1);
  g_assert_cmpint (depth_of_result (fixture), ==, 16);

  for (unsigned int i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      sandbox_job_next (fixture, "png", TRUE);
      sandbox_job_control (fixture, "missing-node", "{\"class_type\":\"SaveImageAdvanced\","
                           "\"shape\":\"%s\"}", shapes[i]);
      g_test_message ("%s", shapes[i]);
      run (fixture, data, 2);
      g_assert_cmpint (depth_of_result (fixture), ==, 8);

      sandbox_job_next (fixture, "png", TRUE);
      run (fixture, data, 1);
      g_assert_cmpint (depth_of_result (fixture), ==, 8);
      sandbox_job_control (fixture, "reset", "{}");
      forget_what_was_found (fixture);
    }
}

static void
test_png_where_webp_is_refused (SandboxJob    *fixture,
                                gconstpointer  data)
{
  const char *uploads = is_v1 (data) ? "/inputs" : "/assets";

  sandbox_job_control (fixture, "refuse-webp", "{}");
  sandbox_job_next (fixture, "webp", FALSE);
  run (fixture, data, 1);
  g_assert_cmpuint (count_requests (fixture, data, "POST", uploads), ==, 2);
  sandbox_job_next (fixture, "webp", FALSE);
  run (fixture, data, 1);
  g_assert_cmpuint (count_requests (fixture, data, "POST", uploads), ==, 3);
}

static void
test_uploads_are_deleted (SandboxJob    *fixture,
                          gconstpointer  data)
{
  const char *uploads = is_v1 (data) ? "/inputs/" : "/assets/";

  run (fixture, data, 1);
  g_assert_cmpuint (count_requests (fixture, data, "DELETE", "/"), ==, 0);

  comfy_settings_set_delete_uploads (fixture->settings, TRUE);
  sandbox_job_next (fixture, "png", FALSE);
  run (fixture, data, 1);
  g_assert_cmpuint (count_requests (fixture, data, "DELETE", uploads), ==, 1);
  g_assert_cmpuint (comfy_journal_entry_get_uploads (comfy_job_get_entry (fixture->job))->len,
                    ==, 0);
}

static void
test_a_deletion_that_fails_is_tried_again (SandboxJob    *fixture,
                                           gconstpointer  data)
{
  const char *uploads = is_v1 (data) ? "/inputs/" : "/assets/";

  comfy_settings_set_delete_uploads (fixture->settings, TRUE);
  sandbox_job_control (fixture, "faults", "{\"kind\":\"status\",\"status\":409,"
                       "\"code\":\"asset_in_use\",\"method\":\"DELETE\",\"path\":\"%s\"}",
                       BASE (data));
  run (fixture, data, 1);
  g_assert_null (comfy_job_get_error (fixture->job));
  test_await_true (comfy_job_clean_up (fixture->job));
  g_assert_cmpuint (count_requests (fixture, data, "DELETE", uploads), ==, 2);
  test_await_true (comfy_job_clean_up (fixture->job));
  g_assert_cmpuint (count_requests (fixture, data, "DELETE", uploads), ==, 2);

  /* an answer that got lost: it is not there any more, which is what was wanted */
  sandbox_job_next (fixture, "png", FALSE);
  sandbox_job_control (fixture, "faults", "{\"kind\":\"lose_reply\",\"method\":\"DELETE\","
                       "\"path\":\"%s\"}", BASE (data));
  run (fixture, data, 1);
  g_assert_cmpuint (count_requests (fixture, data, "DELETE", uploads), ==, 4);
  g_assert_cmpuint (comfy_journal_entry_get_uploads (comfy_job_get_entry (fixture->job))->len,
                    ==, 0);
}

#define ADD_ONE(protocol, version, name, func) \
  g_test_add ("/job-server/" version "/" name, SandboxJob, GUINT_TO_POINTER (protocol), \
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

  ADD ("another-model-in-every-shape", test_another_model_in_every_shape);
  ADD ("no-model-is-no-job", test_no_model_is_no_job);
  ADD ("a-lost-reply-after-a-refusal-is-not-paid-twice",
       test_a_lost_reply_after_a_refusal_is_not_paid_twice);
  ADD ("deep-results-and-plain-ones", test_deep_results_and_plain_ones);
  ADD ("png-where-webp-is-refused", test_png_where_webp_is_refused);
  ADD ("uploads-are-deleted", test_uploads_are_deleted);
  ADD ("a-deletion-that-fails-is-tried-again", test_a_deletion_that_fails_is_tried_again);

  return g_test_run ();
}
