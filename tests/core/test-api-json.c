/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "comfy-api-json-private.h"
#include "comfy-error.h"
#include "comfy-json-private.h"

static JsonNode *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonNode         *node = comfy_json_read (text, strlen (text), 1 << 20, 32, &error);

  g_assert_no_error (error);

  return node;
}

static ComfyRemoteJob *
read_job (const char *text)
{
  g_autoptr(JsonNode)  node = parse (text);
  g_autoptr(GError)    error = NULL;
  ComfyRemoteJob      *job = comfy_remote_job_new_from_json (node, &error);

  g_assert_no_error (error);

  return job;
}

static const ComfyRemoteOutput *
nth_output (ComfyRemoteJob *job,
            unsigned int    i)
{
  g_assert_cmpuint (i, <, job->outputs->len);

  return job->outputs->pdata[i];
}

static void
test_v1_job (void)
{
  g_autoptr(ComfyRemoteJob) job = read_job (
    "{\"id\":\"job_1\",\"status\":\"completed\",\"tags\":[\"a\"],"
    "\"created_at\":\"2026-01-01T00:00:00Z\",\"started_at\":\"2026-01-01T00:00:01Z\","
    "\"outputs\":[{\"id\":\"out_1\",\"name\":\"a_1.png\",\"type\":\"image\",\"job_id\":\"job_1\","
    "\"size\":42,\"mime_type\":\"image/png\",\"download_url\":\"https://x.example/1\"},"
    "{\"id\":\"out_2\",\"name\":\"a_2.png\",\"type\":\"image\",\"job_id\":\"job_1\"}]}");

  g_assert_cmpstr (job->id, ==, "job_1");
  g_assert_cmpint (job->status, ==, COMFY_REMOTE_SUCCEEDED);
  g_assert_true (comfy_remote_job_is_finished (job));
  g_assert_true (job->has_begun);
  g_assert_cmpint (job->queue_position, ==, -1);
  g_assert_cmpfloat (job->fraction, ==, -1);
  g_assert_cmpuint (job->outputs->len, ==, 2);
  g_assert_cmpstr (nth_output (job, 0)->name, ==, "a_1.png");
  g_assert_cmpstr (nth_output (job, 0)->content_type, ==, "image/png");
  g_assert_cmpstr (nth_output (job, 0)->url, ==, "https://x.example/1");
  g_assert_cmpint (nth_output (job, 0)->size, ==, 42);
  g_assert_null (nth_output (job, 1)->url);
  g_assert_cmpint (nth_output (job, 1)->size, ==, -1);
}

static void
test_v2_job (void)
{
  g_autoptr(ComfyRemoteJob) queued = read_job (
    "{\"id\":\"u\",\"status\":\"queued\",\"queue_position\":3,\"started_at\":null,"
    "\"progress\":null,\"outputs\":[],\"error\":null,\"expires_at\":\"1970-01-02T00:00:00Z\"}");
  g_autoptr(ComfyRemoteJob) running = read_job (
    "{\"id\":\"u\",\"status\":\"running\",\"queue_position\":null,"
    "\"progress\":{\"value\":0.42,\"nodes_done\":1,\"nodes_total\":2,\"current_node\":\"12\","
    "\"step\":21,\"steps\":50},\"outputs\":[{\"node_id\":\"9\",\"id\":\"a\",\"name\":\"n.png\","
    "\"type\":\"image\",\"content_type\":\"image/png\",\"size_bytes\":7,\"hash\":null}]}");
  g_autoptr(ComfyRemoteJob) canceling = read_job ("{\"id\":\"u\",\"status\":\"canceling\"}");

  g_assert_cmpint (queued->status, ==, COMFY_REMOTE_QUEUED);
  g_assert_cmpint (queued->queue_position, ==, 3);
  g_assert_cmpint (queued->expires_at, ==, 24 * 60 * 60);
  g_assert_false (queued->has_begun);

  g_assert_cmpint (running->status, ==, COMFY_REMOTE_RUNNING);
  g_assert_cmpfloat_with_epsilon (running->fraction, 0.42, 1e-9);
  g_assert_cmpint (running->step, ==, 21);
  g_assert_cmpint (running->steps, ==, 50);
  g_assert_cmpstr (running->node, ==, "12");
  g_assert_true (running->has_begun);
  g_assert_cmpstr (nth_output (running, 0)->node_id, ==, "9");
  g_assert_cmpint (nth_output (running, 0)->size, ==, 7);

  g_assert_cmpint (canceling->status, ==, COMFY_REMOTE_CANCELLING);
  g_assert_false (comfy_remote_job_is_finished (canceling));
}

static void
test_failure (void)
{
  g_autoptr(ComfyRemoteJob) job = read_job (
    "{\"id\":\"u\",\"status\":\"failed\",\"error\":{\"code\":\"node_execution_error\","
    "\"message\":\"out of\\nmemory\",\"node_id\":\"12\",\"class_type\":\"KSampler\","
    "\"traceback\":\"SECRET PLACE\"}}");
  g_autoptr(ComfyRemoteJob) silent = read_job ("{\"id\":\"u\",\"status\":\"failed\"}");
  g_autofree char          *report = comfy_error_dup_report (job->error);

  g_assert_error (job->error, COMFY_ERROR, COMFY_ERROR_JOB_FAILED);
  g_assert_nonnull (strstr (job->error->message, "out of memory"));
  g_assert_cmpstr (job->node, ==, "12");
  g_assert_nonnull (strstr (report, "KSampler"));
  g_assert_nonnull (strstr (report, "node_execution_error"));
  g_assert_null (strstr (report, "SECRET PLACE"));
  g_assert_error (silent->error, COMFY_ERROR, COMFY_ERROR_JOB_FAILED);
}

#define BEGUN "\"started_at\":\"2026-01-01T00:00:01.250Z\""
#define ENDED "\"completed_at\":\"2026-01-01T00:00:13Z\""

/* v1 tells two times and what was used, v2 counts the time */
static void
test_cost_and_time (void)
{
  static const struct { const char *json; gint64 micros; gint64 run_ms; } cases[] = {
    { "{\"id\":\"u\",\"status\":\"completed\"," BEGUN "," ENDED ",\"usage\":{\"events\":[{"
      "\"event_type\":\"gpu_compute\",\"properties\":{\"credits_used\":12950}}]}}", 12950, 11750 },
    { "{\"id\":\"u\",\"status\":\"succeeded\"," BEGUN "," ENDED ","
      "\"metrics\":{\"queue_ms\":9000,\"execution_ms\":4200}}", -1, 4200 },
    { "{\"id\":\"u\",\"status\":\"succeeded\"," BEGUN "," ENDED ","
      "\"metrics\":{\"execution_ms\":null}}", -1, 11750 },
    { "{\"id\":\"u\",\"status\":\"completed\"," ENDED "}", -1, -1 },
    { "{\"id\":\"u\",\"status\":\"completed\",\"completed_at\":\"2025-01-01T00:00:00Z\","
      BEGUN "}", -1, -1 },
    { "{\"id\":\"u\",\"status\":\"running\",\"metrics\":{\"execution_ms\":4200}}", -1, -1 },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ComfyRemoteJob) job = read_job (cases[i].json);

      g_assert_cmpint (comfy_cost_is_known (&job->cost) ? job->cost.micros : -1, ==,
                       cases[i].micros);
      g_assert_cmpint (job->run_ms, ==, cases[i].run_ms);
    }
}

/* whether a job that was cancelled may have cost is said by its times and its usage */
static void
test_has_begun (void)
{
  static const struct { const char *json; gboolean has_begun; } cases[] = {
    { "{\"id\":\"u\",\"status\":\"cancelled\"}", FALSE },
    { "{\"id\":\"u\",\"status\":\"cancelled\",\"started_at\":null}", FALSE },
    { "{\"id\":\"u\",\"status\":\"cancelled\",\"started_at\":\"2026-01-01T00:00:01Z\"}", TRUE },
    { "{\"id\":\"u\",\"status\":\"cancelled\",\"usage\":{\"events\":[]}}", FALSE },
    { "{\"id\":\"u\",\"status\":\"cancelled\",\"usage\":{\"events\":[{}]}}", TRUE },
    { "{\"id\":\"u\",\"status\":\"failed\",\"started_at\":null}", FALSE },
    { "{\"id\":\"u\",\"status\":\"failed\"}", TRUE },
    { "{\"id\":\"u\",\"status\":\"pending\"}", FALSE },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ComfyRemoteJob) job = read_job (cases[i].json);

      g_assert_cmpint (job->has_begun, ==, cases[i].has_begun);
    }
}

static void
test_unknown_status (void)
{
  g_autoptr(ComfyRemoteJob) job = read_job ("{\"id\":\"u\",\"status\":\"warming_up\"}");

  g_assert_false (comfy_remote_job_is_finished (job));
}

static void
test_unusable_job (void)
{
  static const char * const cases[] = {
    "[]", "{}", "{\"id\":\"u\"}", "{\"status\":\"queued\"}", "{\"id\":7,\"status\":\"queued\"}",
    "{\"id\":\"\",\"status\":\"queued\"}", "{\"id\":\"u\",\"status\":null}",
    "{\"id\":\"u\",\"status\":[\"queued\"]}",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(JsonNode) node = parse (cases[i]);
      g_autoptr(GError)   error = NULL;

      g_assert_null (comfy_remote_job_new_from_json (node, &error));
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_PROTOCOL);
    }
}

static void
test_wrong_types (void)
{
  g_autoptr(ComfyRemoteJob) job = read_job (
    "{\"id\":\"u\",\"status\":\"running\",\"outputs\":{\"a\":1},\"progress\":17,\"error\":\"x\","
    "\"queue_position\":\"3\",\"started_at\":12,\"usage\":[],\"expires_at\":\"soon\"}");

  g_assert_cmpuint (job->outputs->len, ==, 0);
  g_assert_cmpint (job->queue_position, ==, -1);
  g_assert_cmpfloat (job->fraction, ==, -1);
  g_assert_cmpint (job->expires_at, ==, 0);
}

static void
test_one_bad_output_costs_no_other (void)
{
  g_autoptr(ComfyRemoteJob) job = NULL;

  g_test_expect_message ("comfy-api-json", G_LOG_LEVEL_MESSAGE, "An output was left out*");
  job = read_job ("{\"id\":\"u\",\"status\":\"completed\",\"outputs\":["
                  "{\"id\":\"a\"},{\"name\":\"no id\"},{\"id\":\"a\"},{\"id\":\"b\"}]}");
  g_test_assert_expected_messages ();

  g_assert_cmpuint (job->outputs->len, ==, 2);
  g_assert_cmpstr (nth_output (job, 0)->id, ==, "a");
  g_assert_cmpstr (nth_output (job, 0)->name, ==, "a");
  g_assert_cmpstr (nth_output (job, 0)->kind, ==, "file");
  g_assert_cmpstr (nth_output (job, 1)->id, ==, "b");
}

static void
test_texts_come_along (void)
{
  g_autoptr(ComfyRemoteJob) job = NULL;

  job = read_job ("{\"id\":\"u\",\"status\":\"completed\",\"outputs\":["
                  "{\"node_id\":\"7\",\"type\":\"text\",\"text\":\"A cat.\"},"
                  "{\"node_id\":\"8\",\"type\":\"text\",\"text\":[\"One\",2,\"Two\"]},"
                  "{\"id\":\"a\",\"name\":\"t.txt\",\"type\":\"text\",\"content\":\"Said\"},"
                  "{\"id\":\"b\",\"name\":\"f.txt\",\"type\":\"text\",\"url\":\"/f\"},"
                  "{\"id\":\"c\",\"name\":\"p.png\",\"type\":\"image\",\"text\":\"no\"},"
                  "{\"node_id\":\"9\",\"type\":\"text\",\"text\":17}]}");
  g_assert_cmpuint (job->outputs->len, ==, 5);
  g_assert_cmpstr (nth_output (job, 0)->text, ==, "A cat.");
  g_assert_cmpstr (nth_output (job, 0)->id, ==, "");
  g_assert_cmpstr (nth_output (job, 0)->node_id, ==, "7");
  g_assert_cmpstr (nth_output (job, 1)->text, ==, "One\nTwo");
  g_assert_cmpstr (nth_output (job, 2)->text, ==, "Said");
  g_assert_null (nth_output (job, 3)->text);
  g_assert_null (nth_output (job, 4)->text);
}

static void
test_shown_text_is_tame (void)
{
  g_autofree char        *letters = g_strnfill (2000, 'x');
  g_autofree char        *json = g_strdup_printf ("{\"long\":\"%s\",\"lines\":\" a\\nb\\u001bc \","
                                                  "\"blank\":\" \\n\",\"number\":1}", letters);
  g_autoptr(JsonNode)     node = parse (json);
  JsonObject             *object = json_node_get_object (node);
  g_autofree char        *lines = comfy_api_json_dup_text (object, "lines");
  g_autofree char        *shortened = comfy_api_json_dup_text (object, "long");

  g_assert_cmpstr (lines, ==, "a b c");
  g_assert_cmpint (g_utf8_strlen (shortened, -1), ==, 501);
  g_assert_null (comfy_api_json_dup_text (object, "blank"));
  g_assert_null (comfy_api_json_dup_text (object, "number"));
  g_assert_null (comfy_api_json_dup_text (object, "absent"));
}

static void
test_account (void)
{
  g_autoptr(JsonNode)     full = parse ("{\"id\":\"acc\",\"email\":\"a@b.example\","
                                        "\"balance\":-1230000}");
  g_autoptr(JsonNode)     bare = parse ("{\"balance\":\"12\"}");
  g_autoptr(ComfyAccount) account = comfy_account_new_from_json (full, NULL);
  g_autoptr(ComfyAccount) empty = comfy_account_new_from_json (bare, NULL);

  g_assert_cmpstr (account->email, ==, "a@b.example");
  g_assert_true (account->has_balance);
  g_assert_cmpint (account->balance_micros, ==, -1230000);
  g_assert_null (empty->email);
  g_assert_false (empty->has_balance);
}

static void
assert_money (gint64      micros,
              const char *expected)
{
  g_autofree char *text = comfy_format_money (micros);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_money (void)
{
  setlocale (LC_MONETARY, "C");

  assert_money (0, "$0.00");
  assert_money (1230000, "$1.23");
  assert_money (-1230000, "-$1.23");
  assert_money (99999, "$0.100");
  assert_money (100000, "$0.10");
  assert_money (50000, "$0.05");
  assert_money (12300, "$0.012");
  assert_money (1295, "$0.0013");
  assert_money (2000, "$0.002");
  assert_money (270, "$0.00027");
  assert_money (1, "$0.000001");
  assert_money (-42, "-$0.000042");
}

static void
test_money_elsewhere (void)
{
  if (setlocale (LC_MONETARY, "de_DE.UTF-8") == NULL)
    {
      g_test_skip ("the locale de_DE.UTF-8 is not installed");
      return;
    }

  assert_money (1230000, "1,23\302\240$");
  assert_money (G_GINT64_CONSTANT (-1234560000), "-1.234,56\302\240$");
  setlocale (LC_MONETARY, "C");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/api-json/reads-a-job-of-v1", test_v1_job);
  g_test_add_func ("/api-json/reads-a-job-of-v2", test_v2_job);
  g_test_add_func ("/api-json/a-failure-is-told-without-its-traceback", test_failure);
  g_test_add_func ("/api-json/knows-whether-a-job-has-begun", test_has_begun);
  g_test_add_func ("/api-json/cost-and-time-are-what-is-told", test_cost_and_time);
  g_test_add_func ("/api-json/an-unknown-status-is-no-end", test_unknown_status);
  g_test_add_func ("/api-json/a-job-without-id-or-status-is-refused", test_unusable_job);
  g_test_add_func ("/api-json/members-of-other-types-are-absent", test_wrong_types);
  g_test_add_func ("/api-json/one-bad-output-costs-no-other", test_one_bad_output_costs_no_other);
  g_test_add_func ("/api-json/texts-may-come-along-with-a-job", test_texts_come_along);
  g_test_add_func ("/api-json/text-that-is-shown-is-one-short-line", test_shown_text_is_tame);
  g_test_add_func ("/account/reads-what-is-there", test_account);
  g_test_add_func ("/account/money-keeps-digits-that-mean-something", test_money);
  g_test_add_func ("/account/money-follows-the-locale", test_money_elsewhere);

  return g_test_run ();
}
