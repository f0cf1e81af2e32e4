/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A job that makes do with what a server has, against a cloud in memory.
 */
#include "config.h"

#include <string.h>

#include "comfy-server-memory-private.h"
#include "job-fixture.h"

#define BASE_URL "https://cloud.example/developer/api/v1"

static GError *
new_refusal (void)
{
  g_autoptr(GPtrArray)  problems = NULL;
  GError               *error = comfy_error_new (COMFY_ERROR_INVALID_WORKFLOW, NULL, "No.");

  problems = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_node_problem_free);
  comfy_error_set_problems (error, problems);

  return error;
}

/* @allowed: (nullable): what the server has, with commas between */
static void
add_problem (GError     *error,
             const char *node,
             const char *input,
             const char *type,
             const char *allowed)
{
  g_auto(GStrv) list = allowed != NULL ? g_strsplit (allowed, ",", -1) : NULL;

  g_ptr_array_add (comfy_error_get_problems (error),
                   comfy_node_problem_new (node, input, type, "no",
                                           (const char * const *) list));
}

static void
refuse (JobFixture *fixture,
        const char *node,
        const char *input,
        const char *type,
        const char *allowed)
{
  GError *error = new_refusal ();

  add_problem (error, node, input, type, allowed);
  fake_api_refuse (fixture->api, "submit", error);
}

static void
refuse_model (JobFixture *fixture,
              const char *allowed)
{
  refuse (fixture, "3", "unet_name", "value_not_in_list", allowed);
}

static void
assert_sent (JobFixture *fixture,
             const char *node,
             const char *input,
             const char *expected)
{
  const char *value = NULL;

  comfy_workflow_get_string (fake_api_get_graph (fixture->api), node, input, &value);
  g_assert_cmpstr (value, ==, expected);
}

/* one job, after so many submits */
static void
run (JobFixture   *fixture,
     unsigned int  n_submits)
{
  unsigned int before = fake_api_count (fixture->api, "submit");
  unsigned int n_jobs = fake_api_get_n_jobs (fixture->api);

  test_await_true (comfy_job_run (fixture->job));
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, before + n_submits);
  g_assert_cmpuint (fake_api_get_n_jobs (fixture->api), ==, n_jobs + 1);
}

static void
test_each_candidate_is_tried (JobFixture    *fixture,
                              gconstpointer  flags)
{
  g_autofree char *key = NULL;

  key = g_strdup (comfy_journal_entry_get_idempotency_key (job_fixture_entry (fixture)));
  refuse_model (fixture, NULL);
  refuse_model (fixture, NULL);
  run (fixture, 3);
  assert_sent (fixture, "3", "unet_name", "fair.safetensors");
  assert_sent (fixture, "4", "vae_name", "ae.safetensors");
  g_assert_cmpstr (fake_api_get_key (fixture->api), !=, key);
  g_assert_cmpuint (fake_api_count (fixture->api, "upload"), ==, 1);
}

static void
test_the_servers_list_decides (JobFixture    *fixture,
                               gconstpointer  flags)
{
  refuse_model (fixture, "other.safetensors,fair.safetensors");
  run (fixture, 2);
  assert_sent (fixture, "3", "unet_name", "fair.safetensors");
}

static void
test_a_file_in_a_folder_is_the_same_file (JobFixture    *fixture,
                                          gconstpointer  flags)
{
  refuse_model (fixture, "good.safetensors,flux/best.safetensors");
  run (fixture, 2);
  assert_sent (fixture, "3", "unet_name", "flux/best.safetensors");

  /* which of the two is not known */
  job_fixture_next_job (fixture);
  refuse_model (fixture, "a/best.safetensors,b/best.safetensors,good.safetensors");
  run (fixture, 2);
  assert_sent (fixture, "3", "unet_name", "good.safetensors");
}

static void
test_two_loaders_at_once (JobFixture    *fixture,
                          gconstpointer  flags)
{
  GError *error = new_refusal ();

  add_problem (error, "3", "unet_name", "value_not_in_list", NULL);
  add_problem (error, "4", "vae_name", NULL, NULL);
  /* said twice: it is refused once */
  add_problem (error, "3", "unet_name", "value_not_in_list", NULL);
  fake_api_refuse (fixture->api, "submit", error);
  run (fixture, 2);
  assert_sent (fixture, "3", "unet_name", "good.safetensors");
  assert_sent (fixture, "4", "vae_name", "ae-2.safetensors");
}

static void
assert_ends (JobFixture   *fixture,
             unsigned int  n_submits,
             const char   *message)
{
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_INVALID_WORKFLOW, COMFY_STATE_FAILED);
  g_assert_nonnull (strstr (comfy_job_get_error (fixture->job)->message, message));
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, n_submits);
  g_assert_cmpuint (fake_api_get_n_jobs (fixture->api), ==, 0);
}

static void
test_it_ends_when_all_are_refused (JobFixture    *fixture,
                                   gconstpointer  flags)
{
  for (unsigned int i = 0; i < 5; i++)
    refuse_model (fixture, NULL);
  assert_ends (fixture, 3, "“The model” needs: best.safetensors, good.safetensors, "
                           "fair.safetensors. Choose another model");
}

static void
test_it_ends_at_once_when_the_list_has_none (JobFixture    *fixture,
                                             gconstpointer  flags)
{
  refuse_model (fixture, "a,b,c,d");
  assert_ends (fixture, 1, "It has a, b, c, ….");

  job_fixture_next_job (fixture);
  refuse_model (fixture, "");
  assert_ends (fixture, 2, "It has no file at all");
}

static void
test_other_problems_are_left_alone (JobFixture    *fixture,
                                    gconstpointer  flags)
{
  refuse (fixture, "3", "unet_name", "required_input_missing", NULL);
  assert_ends (fixture, 1, "No.");
  job_fixture_next_job (fixture);
  refuse (fixture, "3", "weight_dtype", "value_not_in_list", "fp8");
  assert_ends (fixture, 2, "No.");
  job_fixture_next_job (fixture);
  refuse (fixture, "57:8", NULL, "missing_node_type", NULL);
  assert_ends (fixture, 3, "No.");
}

/* What was chosen is on disk before it is sent; after a restart the same is sent again. */
static void
test_a_restart_sends_the_same (JobFixture    *fixture,
                               gconstpointer  flags)
{
  g_autofree char *key = NULL;

  refuse_model (fixture, NULL);
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_OUTCOME_UNKNOWN, FALSE);
  fake_api_fail (fixture->api, "find", COMFY_ERROR_UNAUTHORIZED, FALSE);
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_UNAUTHORIZED);
  assert_sent (fixture, "3", "unet_name", "good.safetensors");
  key = g_strdup (fake_api_get_key (fixture->api));

  /* meanwhile another job found something else: this one may have been received as it was */
  _comfy_server_memory_set_file (fixture->settings, BASE_URL, "ae.safetensors",
                                 "ae-2.safetensors");
  job_fixture_restart (fixture);
  run (fixture, 1);
  assert_sent (fixture, "3", "unet_name", "good.safetensors");
  assert_sent (fixture, "4", "vae_name", "ae.safetensors");
  g_assert_cmpstr (fake_api_get_key (fixture->api), ==, key);
}

/* Two looks have found no job of the first attempt, and its graph is refused now. Another one is
 * sent only where the same key would give the same job. */
static void
test_an_unclear_attempt_before_a_refusal (JobFixture    *fixture,
                                          gconstpointer  flags)
{
  gboolean has_replay = (GPOINTER_TO_INT (flags) & COMFY_API_REPLAY) != 0;

  fake_api_fail (fixture->api, "submit", COMFY_ERROR_OUTCOME_UNKNOWN, FALSE);
  refuse_model (fixture, NULL);
  if (has_replay)
    {
      run (fixture, 3);
      return;
    }

  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_INVALID_WORKFLOW, COMFY_STATE_SUBMITTING);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 2);
  g_assert_cmpint (comfy_journal_entry_get_submitted_at (job_fixture_entry (fixture)), !=, 0);
}

/* The first attempt made a job, which the list does not show yet, and the server looks at a graph
 * before it looks at the key: there is one job all the same. */
static void
test_a_refusal_does_not_say_that_there_is_no_job (JobFixture    *fixture,
                                                  gconstpointer  flags)
{
  g_autofree char *key = NULL;

  key = g_strdup (comfy_journal_entry_get_idempotency_key (job_fixture_entry (fixture)));
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_OUTCOME_UNKNOWN, TRUE);
  fake_api_overlook (fixture->api);
  fake_api_overlook (fixture->api);
  refuse_model (fixture, NULL);
  run (fixture, 3);
  g_assert_cmpuint (fake_api_get_n_jobs (fixture->api), ==, 1);
  g_assert_cmpstr (fake_api_get_key (fixture->api), ==, key);
}

/* and when all are refused, it is as unclear as it was */
static void
test_an_unclear_attempt_stays_so_until_the_end (JobFixture    *fixture,
                                                gconstpointer  flags)
{
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_OUTCOME_UNKNOWN, FALSE);
  for (unsigned int i = 0; i < 3; i++)
    refuse_model (fixture, NULL);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_INVALID_WORKFLOW, COMFY_STATE_SUBMITTING);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 4);
  g_assert_cmpint (comfy_journal_entry_get_submitted_at (job_fixture_entry (fixture)), !=, 0);
}

static void
test_what_was_refused_stays_so_after_a_restart (JobFixture    *fixture,
                                                gconstpointer  flags)
{
  refuse_model (fixture, NULL);
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_QUEUE_FULL, FALSE);
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_QUEUE_FULL);
  job_fixture_restart (fixture);
  refuse_model (fixture, "best.safetensors,fair.safetensors");
  run (fixture, 2);
  assert_sent (fixture, "3", "unet_name", "fair.safetensors");
}

static void
test_the_next_job_tries_it_first (JobFixture    *fixture,
                                  gconstpointer  flags)
{
  refuse_model (fixture, NULL);
  run (fixture, 2);
  job_fixture_next_job (fixture);
  run (fixture, 1);
  assert_sent (fixture, "3", "unet_name", "good.safetensors");

  /* the server has changed, and what was first is there again */
  job_fixture_next_job (fixture);
  refuse_model (fixture, NULL);
  run (fixture, 2);
  assert_sent (fixture, "3", "unet_name", "best.safetensors");
  job_fixture_next_job (fixture);
  run (fixture, 1);
  assert_sent (fixture, "3", "unet_name", "best.safetensors");
}

static void
test_deep_results_are_asked_for (JobFixture    *fixture,
                                 gconstpointer  flags)
{
  job_fixture_restart (fixture);
  run (fixture, 1);
  assert_sent (fixture, "57:8", "format.bit_depth", "16-bit");
  assert_sent (fixture, "57:8", "filename_prefix", "gimp-57_8");
}

static void
test_plain_results_where_there_are_no_deep_ones (JobFixture    *fixture,
                                                 gconstpointer  flags)
{
  refuse (fixture, "57:8", NULL, "missing_node_type", NULL);
  fake_api_fail (fixture->api, "submit", COMFY_ERROR_QUEUE_FULL, FALSE);
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_QUEUE_FULL);
  g_assert_cmpstr (comfy_workflow_get_class (fake_api_get_graph (fixture->api), "57:8"), ==,
                   "SaveImage");
  job_fixture_restart (fixture);
  run (fixture, 1);
  assert_sent (fixture, "57:8", "format", NULL);

  job_fixture_next_job (fixture);
  run (fixture, 1);
  g_assert_cmpstr (comfy_workflow_get_class (fake_api_get_graph (fixture->api), "57:8"), ==,
                   "SaveImage");
}

static GError *
new_type_refusal (unsigned int  status,
                  const char   *code,
                  const char   *detail)
{
  GError *error = comfy_error_new (COMFY_ERROR_REJECTED, detail, "No.");

  comfy_error_set_response (error, status, code, NULL);

  return error;
}

static void
test_png_where_webp_is_refused (JobFixture    *fixture,
                                gconstpointer  flags)
{
  g_autofree char *content = NULL;

  fake_api_refuse (fixture->api, "upload", new_type_refusal (415, NULL, NULL));
  run (fixture, 1);
  g_assert_cmpuint (fake_api_count (fixture->api, "upload"), ==, 2);
  g_assert_cmpstr (fake_api_get_content_type (fixture->api), ==, "image/png");
  g_assert_true (g_file_get_contents (fake_api_get_uploaded (fixture->api), &content, NULL, NULL));
  g_assert_true (g_str_has_prefix (content, "\x89PNG"));

  job_fixture_next_job (fixture);
  run (fixture, 1);
  g_assert_cmpuint (fake_api_count (fixture->api, "upload"), ==, 3);
  g_assert_cmpstr (fake_api_get_content_type (fixture->api), ==, "image/png");
}

static void
test_only_a_refusal_of_the_type_counts (JobFixture    *fixture,
                                        gconstpointer  flags)
{
  static const struct
  {
    unsigned int  status;
    const char   *code;
    const char   *detail;
    gboolean      counts;
  } cases[] = {
    { 400, NULL, "POST inputs → 400, {\"message\":\"image/webp is not allowed\"}", TRUE },
    { 422, "unsupported_media_type", NULL, TRUE },
    { 0, NULL, "cannot identify WEBP file", TRUE },
    { 400, NULL, "POST inputs → 400, {\"message\":\"gimp-0.webp is too wide\"}", FALSE },
    { 422, "validation_error", "POST inputs → 422, {}", FALSE },
    { 409, NULL, "image/webp", FALSE },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      unsigned int before = fake_api_count (fixture->api, "upload");

      g_test_message ("case %u", i);
      /* the second one is about PNG, and the end */
      fake_api_refuse (fixture->api, "upload",
                       new_type_refusal (cases[i].status, cases[i].code, cases[i].detail));
      if (cases[i].counts)
        fake_api_refuse (fixture->api, "upload", new_type_refusal (415, NULL, NULL));
      job_fixture_run_until_it_stops (fixture, COMFY_ERROR_REJECTED, COMFY_STATE_FAILED);
      g_assert_cmpuint (fake_api_count (fixture->api, "upload"), ==,
                        before + (cases[i].counts ? 2 : 1));
      job_fixture_next_job (fixture);
    }

  g_assert_cmpuint (fake_api_get_n_jobs (fixture->api), ==, 0);
}

#define ADD(path, flags, func) \
  g_test_add ("/job-adapt/" path, JobFixture, GINT_TO_POINTER (flags), job_fixture_set_up, func, \
              job_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("each-candidate-is-tried", V1, test_each_candidate_is_tried);
  ADD ("each-candidate-is-tried-without-a-list-of-jobs", V2, test_each_candidate_is_tried);
  ADD ("the-servers-list-decides", V1, test_the_servers_list_decides);
  ADD ("a-file-in-a-folder-is-the-same-file", V1, test_a_file_in_a_folder_is_the_same_file);
  ADD ("two-loaders-at-once", V1, test_two_loaders_at_once);
  ADD ("it-ends-when-all-are-refused", V1, test_it_ends_when_all_are_refused);
  ADD ("it-ends-at-once-when-the-list-has-none", V1, test_it_ends_at_once_when_the_list_has_none);
  ADD ("other-problems-are-left-alone", V1, test_other_problems_are_left_alone);
  ADD ("a-restart-sends-the-same", V1, test_a_restart_sends_the_same);
  ADD ("what-was-refused-stays-so-after-a-restart", V2,
       test_what_was_refused_stays_so_after_a_restart);
  ADD ("an-unclear-attempt-before-a-refusal", V1, test_an_unclear_attempt_before_a_refusal);
  ADD ("a-refusal-does-not-say-that-there-is-no-job", V1,
       test_a_refusal_does_not_say_that_there_is_no_job);
  ADD ("an-unclear-attempt-stays-so-until-the-end", V1,
       test_an_unclear_attempt_stays_so_until_the_end);
  ADD ("an-unclear-attempt-before-a-refusal-without-replay", V1 & ~COMFY_API_REPLAY,
       test_an_unclear_attempt_before_a_refusal);
  ADD ("the-next-job-tries-it-first", V1, test_the_next_job_tries_it_first);
  ADD ("deep-results-are-asked-for", V1 | DEEP, test_deep_results_are_asked_for);
  ADD ("plain-results-where-there-are-no-deep-ones", V1 | DEEP,
       test_plain_results_where_there_are_no_deep_ones);
  ADD ("png-where-webp-is-refused", V1, test_png_where_webp_is_refused);
  ADD ("only-a-refusal-of-the-type-counts", V1, test_only_a_refusal_of_the_type_counts);

  return g_test_run ();
}
