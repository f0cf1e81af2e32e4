/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Developer API v1 as its contract describes it. */

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "sandbox-image.h"
#include "test-fixture.h"

#define V1 "/developer/api/v1"

static void
test_account (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) reply = { 0 };

  fixture_start (&fixture, NULL);
  reply = fixture_send (&fixture, "GET", V1 "/account", fixture.alice_key, NULL, NULL);

  g_assert_cmpuint (reply.status, ==, 200);
  g_assert_cmpstr (reply_get (&reply, "email"), ==, ALICE);
  g_assert_nonnull (reply_get (&reply, "id"));
  g_assert_cmpint (json_object_get_int_member (reply.json, "balance"), ==, 1000000);
  g_assert_nonnull (soup_message_headers_get_one (reply.headers, "X-Comfy-Request-Id"));
}

static void
test_keys (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) none = { 0 };
  g_auto(Reply) wrong = { 0 };
  g_auto(Reply) revoked = { 0 };
  g_autofree char *ledger = NULL;

  fixture_start (&fixture, NULL);
  none = fixture_send (&fixture, "GET", V1 "/account", NULL, NULL, NULL);
  wrong = fixture_send (&fixture, "GET", V1 "/account", "wrong", NULL, NULL);
  fixture_control (&fixture, "revoke", "{\"account\":\"%s\"}", ALICE);
  revoked = fixture_send (&fixture, "GET", V1 "/account", fixture.alice_key, NULL, NULL);

  /* the authentication page's own shape */
  g_assert_cmpuint (none.status, ==, 401);
  g_assert_cmpuint (wrong.status, ==, 401);
  g_assert_cmpuint (revoked.status, ==, 401);
  g_assert_cmpstr (reply_get (&wrong, "error.type"), ==, "unauthorized");
  g_assert_cmpstr (reply_get (&wrong, "error.message"), ==, "Invalid or expired API key");

  ledger = comfy_sandbox_dup_ledger (fixture.sandbox);
  g_assert_nonnull (strstr (ledger, "\"auth\":\"none\""));
  g_assert_nonnull (strstr (ledger, "\"auth\":\"bearer-bad\""));
  g_assert_null (strstr (ledger, fixture.alice_key));
}

static void
test_inputs (void)
{
  static const char *const required[] = { "id", "name", "status", "created_at", NULL };
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (40, 30, 1);
  g_auto(Reply) first = { 0 };
  g_auto(Reply) second = { 0 };
  g_auto(Reply) other = { 0 };
  g_auto(Reply) download = { 0 };
  g_auto(Reply) removed = { 0 };
  g_auto(Reply) gone = { 0 };
  g_autofree char *url = NULL;

  fixture_start (&fixture, NULL);
  first = fixture_upload (&fixture, V1 "/inputs", fixture.alice_key, "a.png", picture, FALSE);
  second = fixture_upload (&fixture, V1 "/inputs", fixture.alice_key, "a.png", picture, TRUE);

  g_assert_cmpuint (first.status, ==, 201);
  reply_assert_members (first.json, required);
  g_assert_true (g_str_has_prefix (reply_get (&first, "id"), "inp_"));
  g_assert_cmpstr (reply_get (&first, "status"), ==, "ready");
  g_assert_cmpstr (reply_get (&first, "name"), ==, "a.png");
  g_assert_cmpstr (json_array_get_string_element (json_object_get_array_member (first.json, "tags"),
                                                  1), ==, "two");
  g_assert_cmpint (json_object_get_int_member (first.json, "size"), ==, g_bytes_get_size (picture));
  /* the name counts, and it may be another than was asked for */
  g_assert_cmpstr (reply_get (&second, "name"), ==, "a (1).png");

  download = fixture_send (&fixture, "GET", reply_get (&first, "download_url"), NULL, NULL, NULL);
  g_assert_true (g_bytes_equal (download.body, picture));

  /* nobody else's */
  url = g_strconcat (V1 "/inputs/", reply_get (&first, "id"), NULL);
  other = fixture_send (&fixture, "GET", url, fixture.bob_key, NULL, NULL);
  g_assert_cmpuint (other.status, ==, 404);

  removed = fixture_send (&fixture, "DELETE", url, fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (removed.status, ==, 204);
  gone = fixture_send (&fixture, "GET", url, fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (gone.status, ==, 404);
  g_assert_cmpstr (reply_get (&gone, "error.code"), ==, "not_found");
}

static void
test_input_limits (void)
{
  ComfySandboxOptions options = { .upload_limit = 1000, .input_ms = 3600000 };
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) small = g_bytes_new_static ("12345", 5);
  g_autoptr(GBytes) large = make_picture (100, 100, 1);
  g_auto(Reply) uploading = { 0 };
  g_auto(Reply) refused = { 0 };
  g_auto(Reply) no_form = { 0 };
  g_auto(Reply) not_ready = { 0 };
  g_autofree char *job = dup_invert_job ("a.png");

  fixture_start (&fixture, &options);
  uploading = fixture_upload (&fixture, V1 "/inputs", fixture.alice_key, "a.png", small, FALSE);
  refused = fixture_upload (&fixture, V1 "/inputs", fixture.alice_key, "b.png", large, FALSE);
  no_form = fixture_send (&fixture, "POST", V1 "/inputs", fixture.alice_key, NULL, "{}");
  not_ready = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, job);

  g_assert_cmpstr (reply_get (&uploading, "status"), ==, "uploading");
  g_assert_false (json_object_has_member (uploading.json, "download_url"));
  g_assert_cmpuint (refused.status, ==, 413);
  g_assert_cmpuint (no_form.status, ==, 400);
  g_assert_cmpstr (reply_get (&no_form, "error.code"), ==, "invalid_request");
  g_assert_cmpuint (not_ready.status, ==, 422);
}

/* The whole of it: upload, submit, end, outputs, download. */
static void
test_job (void)
{
  static const char *const job_members[] = { "id", "status", "created_at", NULL };
  static const char *const output_members[] = {
    "id", "name", "type", "job_id", "created_at", NULL
  };
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (16, 8, 3);
  g_auto(Reply) input = { 0 };
  g_auto(Reply) submitted = { 0 };
  g_auto(Reply) outputs = { 0 };
  g_auto(Reply) download = { 0 };
  g_autofree char *job = dup_invert_job ("a.png");
  g_autofree char *url = NULL;
  g_autofree char *outputs_url = NULL;
  g_autofree char *status = NULL;
  g_autoptr(SandboxImage) before = NULL;
  g_autoptr(SandboxImage) after = NULL;
  gboolean has_alpha;
  JsonArray *array;
  JsonObject *output;

  fixture_start (&fixture, NULL);
  input = fixture_upload (&fixture, V1 "/inputs", fixture.alice_key, "a.png", picture, FALSE);
  submitted = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, job);
  g_assert_cmpuint (submitted.status, ==, 202);
  reply_assert_members (submitted.json, job_members);
  url = g_strconcat (V1 "/jobs/", reply_get (&submitted, "id"), NULL);
  status = fixture_wait_for_job (&fixture, url, fixture.alice_key);
  g_assert_cmpstr (status, ==, "completed");

  outputs_url = g_strconcat (url, "/outputs", NULL);
  outputs = fixture_send (&fixture, "GET", outputs_url, fixture.alice_key, NULL, NULL);
  g_assert_cmpint (json_object_get_int_member (outputs.json, "total"), ==, 1);
  array = json_object_get_array_member (outputs.json, "outputs");
  output = json_array_get_object_element (array, 0);
  reply_assert_members (output, output_members);
  g_assert_cmpstr (json_object_get_string_member (output, "name"), ==, "gimp_00001_.png");

  download = fixture_send (&fixture, "GET", json_object_get_string_member (output, "download_url"),
                           NULL, NULL, NULL);
  before = sandbox_image_read (picture, &has_alpha, NULL);
  after = sandbox_image_read (download.body, &has_alpha, NULL);
  for (int i = 0; i < 16 * 8 * 4; i++)
    if (i % 4 != 3)
      g_assert_cmpfloat_with_epsilon (before->data[i] + after->data[i], 1.0, 1.01 / 255.0);
}

static void
test_idempotency (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);
  g_autofree char *job = g_strdup_printf ("{\"workflow\":%s,\"tags\":[\"gimp-7\",\"x\"]}", graph);
  g_auto(Reply) first = { 0 };
  g_auto(Reply) again = { 0 };
  g_auto(Reply) others = { 0 };
  g_auto(Reply) found = { 0 };
  g_auto(Reply) not_found = { 0 };
  g_auto(Reply) account = { 0 };

  fixture_start (&fixture, NULL);
  first = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, "key-1", job);
  again = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, "key-1", job);
  others = fixture_send (&fixture, "POST", V1 "/jobs", fixture.bob_key, "key-1", job);

  g_assert_cmpuint (again.status, ==, 202);
  g_assert_cmpstr (reply_get (&first, "id"), ==, reply_get (&again, "id"));
  g_assert_cmpstr (reply_get (&first, "id"), !=, reply_get (&others, "id"));
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "job", NULL, NULL), ==, 2);

  found = fixture_send (&fixture, "GET", V1 "/jobs?tags=gimp-7,x", fixture.alice_key, NULL, NULL);
  g_assert_cmpint (json_object_get_int_member (found.json, "total"), ==, 1);
  g_assert_false (json_object_get_boolean_member (found.json, "has_more"));
  not_found =
    fixture_send (&fixture, "GET", V1 "/jobs?tags=gimp-7,y", fixture.alice_key, NULL, NULL);
  g_assert_cmpint (json_object_get_int_member (not_found.json, "total"), ==, 0);

  account = fixture_send (&fixture, "GET", V1 "/account", fixture.alice_key, NULL, NULL);
  g_assert_cmpint (json_object_get_int_member (account.json, "balance"), ==, 1000000 - 12950);
}

/* (transfer none): the id of the only job of a page */
static const char *
get_only_job (const Reply *page)
{
  JsonArray *jobs = json_object_get_array_member (page->json, "jobs");

  g_assert_cmpuint (json_array_get_length (jobs), ==, 1);

  return json_object_get_string_member (json_array_get_object_element (jobs, 0), "id");
}

static void
test_list (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (16, 8, 3);
  g_auto(Reply) input = { 0 };
  g_auto(Reply) older = { 0 };
  g_auto(Reply) newer = { 0 };
  g_auto(Reply) first = { 0 };
  g_auto(Reply) last = { 0 };
  g_auto(Reply) beyond = { 0 };
  g_auto(Reply) others = { 0 };
  g_autofree char *job = dup_invert_job ("a.png");

  fixture_start (&fixture, NULL);
  input = fixture_upload (&fixture, V1 "/inputs", fixture.alice_key, "a.png", picture, FALSE);
  older = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, job);
  newer = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, job);

  /* the newest comes first */
  first = fixture_send (&fixture, "GET", V1 "/jobs?limit=1", fixture.alice_key, NULL, NULL);
  g_assert_cmpstr (get_only_job (&first), ==, reply_get (&newer, "id"));
  g_assert_true (json_object_get_boolean_member (first.json, "has_more"));
  g_assert_cmpint (json_object_get_int_member (first.json, "total"), ==, 2);
  last = fixture_send (&fixture, "GET", V1 "/jobs?limit=1&offset=1", fixture.alice_key, NULL,
                       NULL);
  g_assert_cmpstr (get_only_job (&last), ==, reply_get (&older, "id"));
  g_assert_false (json_object_get_boolean_member (last.json, "has_more"));

  beyond = fixture_send (&fixture, "GET", V1 "/jobs?offset=7", fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (beyond.json, "jobs")), ==,
                    0);
  others = fixture_send (&fixture, "GET", V1 "/jobs", fixture.bob_key, NULL, NULL);
  g_assert_cmpint (json_object_get_int_member (others.json, "total"), ==, 0);
}

/* what was deleted is gone for the job, too; the ledger has it */
static void
test_delete_output (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (16, 8, 3);
  g_auto(Reply) input = { 0 };
  g_auto(Reply) submitted = { 0 };
  g_auto(Reply) made = { 0 };
  g_auto(Reply) refused = { 0 };
  g_auto(Reply) removed = { 0 };
  g_auto(Reply) again = { 0 };
  g_auto(Reply) left = { 0 };
  g_autofree char *job = dup_invert_job ("a.png");
  g_autofree char *url = NULL;
  g_autofree char *output_url = NULL;
  g_autofree char *status = NULL;
  JsonObject *output;

  fixture_start (&fixture, NULL);
  input = fixture_upload (&fixture, V1 "/inputs", fixture.alice_key, "a.png", picture, FALSE);
  submitted = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, job);
  url = g_strconcat (V1 "/jobs/", reply_get (&submitted, "id"), NULL);
  status = fixture_wait_for_job (&fixture, url, fixture.alice_key);
  g_assert_cmpstr (status, ==, "completed");
  made = fixture_send (&fixture, "GET", url, fixture.alice_key, NULL, NULL);
  output = json_array_get_object_element (json_object_get_array_member (made.json, "outputs"), 0);
  output_url = g_strconcat (V1 "/outputs/", json_object_get_string_member (output, "id"), NULL);

  refused = fixture_send (&fixture, "DELETE", output_url, fixture.bob_key, NULL, NULL);
  g_assert_cmpuint (refused.status, ==, 404);
  removed = fixture_send (&fixture, "DELETE", output_url, fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (removed.status, ==, 204);
  again = fixture_send (&fixture, "DELETE", output_url, fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (again.status, ==, 404);
  left = fixture_send (&fixture, "GET", url, fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (left.json, "outputs")), ==,
                    0);
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "request", "DELETE", V1 "/outputs/"), ==,
                    3);
}

static void
test_refusals (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) no_json = { 0 };
  g_auto(Reply) no_workflow = { 0 };
  g_auto(Reply) unknown_class = { 0 };
  g_auto(Reply) no_picture = { 0 };
  g_auto(Reply) no_credits = { 0 };
  g_autofree char *job = dup_invert_job ("never.png");
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);
  g_autofree char *good = g_strdup_printf ("{\"workflow\":%s}", graph);

  fixture_start (&fixture, NULL);
  no_json = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, "nonsense");
  no_workflow = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, "{}");
  unknown_class = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL,
                                "{\"workflow\":{\"1\":{\"class_type\":\"Nope\",\"inputs\":{}}}}");
  no_picture = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, job);
  fixture_control (&fixture, "balance", "{\"account\":\"%s\",\"micros\":100}", ALICE);
  no_credits = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, good);

  g_assert_cmpuint (no_json.status, ==, 400);
  g_assert_cmpuint (no_workflow.status, ==, 422);
  g_assert_cmpstr (reply_get (&no_workflow, "error.code"), ==, "validation_error");
  g_assert_cmpuint (unknown_class.status, ==, 422);
  g_assert_nonnull (comfy_json_get_array (comfy_json_get_object (unknown_class.json, "error"),
                                          "details"));
  g_assert_cmpuint (no_picture.status, ==, 422);
  g_assert_cmpuint (no_credits.status, ==, 402);
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "job", NULL, NULL), ==, 0);
}

static void
test_cancel (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);
  g_autofree char *job = g_strdup_printf ("{\"workflow\":%s}", graph);
  g_auto(Reply) running = { 0 };
  g_auto(Reply) pending = { 0 };
  g_auto(Reply) cancelled = { 0 };
  g_auto(Reply) too_late = { 0 };
  g_auto(Reply) account = { 0 };
  g_autofree char *cancel_pending = NULL;
  g_autofree char *cancel_running = NULL;

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "hold", "{}");
  running = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, job);
  pending = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, job);

  /* the standard plan runs one at a time */
  g_assert_cmpstr (reply_get (&running, "status"), ==, "running");
  g_assert_cmpstr (reply_get (&pending, "status"), ==, "pending");

  cancel_pending = g_strdup_printf (V1 "/jobs/%s/cancel", reply_get (&pending, "id"));
  cancelled = fixture_send (&fixture, "POST", cancel_pending, fixture.alice_key, NULL, NULL);
  g_assert_cmpstr (reply_get (&cancelled, "status"), ==, "cancelled");
  too_late = fixture_send (&fixture, "POST", cancel_pending, fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (too_late.status, ==, 400);

  cancel_running = g_strdup_printf (V1 "/jobs/%s/cancel", reply_get (&running, "id"));
  reply_clear (&cancelled);
  cancelled = fixture_send (&fixture, "POST", cancel_running, fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (cancelled.status, ==, 200);
  g_assert_true (comfy_sandbox_wait (fixture.sandbox, "job-end", NULL, NULL, 2, 10000));

  /* what never ran costs nothing */
  account = fixture_send (&fixture, "GET", V1 "/account", fixture.alice_key, NULL, NULL);
  g_assert_cmpint (json_object_get_int_member (account.json, "balance"), ==, 1000000 - 12950);
}

static void
test_failing_job (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);
  g_autofree char *job = g_strdup_printf ("{\"workflow\":%s}", graph);
  g_auto(Reply) submitted = { 0 };
  g_auto(Reply) failed = { 0 };
  g_autofree char *url = NULL;
  g_autofree char *status = NULL;

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "fail", "{\"message\":\"Allocation on device\"}");
  submitted = fixture_send (&fixture, "POST", V1 "/jobs", fixture.alice_key, NULL, job);
  url = g_strconcat (V1 "/jobs/", reply_get (&submitted, "id"), NULL);
  status = fixture_wait_for_job (&fixture, url, fixture.alice_key);
  failed = fixture_send (&fixture, "GET", url, fixture.alice_key, NULL, NULL);

  g_assert_cmpstr (status, ==, "failed");
  g_assert_cmpstr (reply_get (&failed, "error.message"), ==, "Allocation on device");
}

static void
test_rate_limit (void)
{
  ComfySandboxOptions options = { .request_limit = 3 };
  g_auto(Fixture) fixture = { 0 };

  fixture_start (&fixture, &options);
  for (int i = 0; i < 5; i++)
    {
      g_auto(Reply) reply =
        fixture_send (&fixture, "GET", V1 "/account", fixture.alice_key, NULL, NULL);

      g_assert_cmpuint (reply.status, ==, i < 3 ? 200 : 429);
      if (i >= 3)
        g_assert_cmpstr (soup_message_headers_get_one (reply.headers, "Retry-After"), ==, "60");
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox-v1/account", test_account);
  g_test_add_func ("/sandbox-v1/keys-are-judged-and-never-recorded", test_keys);
  g_test_add_func ("/sandbox-v1/inputs", test_inputs);
  g_test_add_func ("/sandbox-v1/input-limits", test_input_limits);
  g_test_add_func ("/sandbox-v1/job-from-upload-to-download", test_job);
  g_test_add_func ("/sandbox-v1/same-key-same-job", test_idempotency);
  g_test_add_func ("/sandbox-v1/jobs-are-listed-by-pages", test_list);
  g_test_add_func ("/sandbox-v1/an-output-that-is-deleted-is-gone", test_delete_output);
  g_test_add_func ("/sandbox-v1/refusals-start-nothing", test_refusals);
  g_test_add_func ("/sandbox-v1/cancel", test_cancel);
  g_test_add_func ("/sandbox-v1/a-job-can-fail", test_failing_job);
  g_test_add_func ("/sandbox-v1/rate-limit", test_rate_limit);

  return g_test_run ();
}
