/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "comfy-api-call-private.h"
#include "comfy-api-v1-private.h"
#include "comfy-error.h"
#include "comfy-server-memory-private.h"
#include "test-api-fixture.h"
#include "test-future.h"
#include "test-transport-fixture.h"

static ComfyApi *
open_api (TestFixture *fixture)
{
  return comfy_api_v1_new (fixture->transport);
}

static void
test_account (TestFixture *fixture,
              const void  *unused)
{
  g_autoptr(ComfyApi)     api = open_api (fixture);
  g_autoptr(ComfyAccount) account = NULL;

  test_server_push_reply (fixture->server, 200,
                          "{\"id\":\"acc\",\"email\":\"a@b.example\",\"balance\":1230000}", NULL);
  account = test_await_boxed (comfy_api_get_account (api));
  g_assert_cmpstr (account->email, ==, "a@b.example");
  g_assert_cmpint (account->balance_micros, ==, 1230000);
  assert_target (fixture, 0, "GET", "/api/account");

  test_server_push_reply (fixture->server, 401,
                          "{\"error\":{\"type\":\"unauthorized\",\"message\":\"no\"}}", NULL);
  test_await_error (comfy_api_get_account (api), COMFY_ERROR_UNAUTHORIZED);
}

static void
count_cb (ComfyApi     *api,
          unsigned int *n)
{
  (*n)++;
}

/* what every server of the protocol answers makes it doubtful when it does not */
static void
test_doubt (TestFixture *fixture,
            const void  *unused)
{
  g_autoptr(ComfyApi) api = open_api (fixture);
  unsigned int        n_doubts = 0;

  g_signal_connect (api, "doubted", G_CALLBACK (count_cb), &n_doubts);

  test_server_push_reply (fixture->server, 404, "{}", NULL);
  test_await_error (comfy_api_get_job (api, "job_1"), COMFY_ERROR_NOT_FOUND);
  g_assert_cmpuint (n_doubts, ==, 0);

  test_server_push_reply (fixture->server, 404, "<html>nothing here</html>", NULL);
  test_await_error (comfy_api_get_account (api), COMFY_ERROR_NOT_FOUND);
  g_assert_cmpuint (n_doubts, ==, 1);

  test_server_push_reply (fixture->server, 200, "[]", NULL);
  test_await_error (comfy_api_get_account (api), COMFY_ERROR_PROTOCOL);
  g_assert_cmpuint (n_doubts, ==, 2);
}

static void
learned_cb (ComfyApi    *api,
            const char  *flag,
            gboolean     is_so,
            char       **learned)
{
  g_assert_true (is_so);
  g_set_str (learned, flag);
}

static void
test_usage (TestFixture *fixture,
            const void  *unused)
{
  g_autoptr(ComfyApi)   api = open_api (fixture);
  g_autoptr(ComfyUsage) usage = NULL;
  g_autoptr(ComfyUsage) bare = NULL;

  test_server_push_reply (fixture->server, 200,
                          "{\"period\":\"week\",\"jobs_completed\":12,\"jobs_failed\":1,"
                          "\"gpu_seconds\":31.5,\"credits_used\":240000}", NULL);
  usage = test_await_boxed (comfy_api_get_usage (api, COMFY_USAGE_WEEK));
  assert_target (fixture, 0, "GET", "/api/account/usage?period=week");
  g_assert_cmpint (usage->period, ==, COMFY_USAGE_WEEK);
  g_assert_cmpint (usage->n_completed, ==, 12);
  g_assert_cmpint (usage->n_failed, ==, 1);
  g_assert_cmpint (usage->cost.micros, ==, 240000);
  g_assert_cmpstr (usage->cost.currency, ==, COMFY_CURRENCY_USD);

  test_server_push_reply (fixture->server, 200, "{\"jobs_completed\":\"12\"}", NULL);
  bare = test_await_boxed (comfy_api_get_usage (api, COMFY_USAGE_DAY));
  g_assert_cmpint (bare->n_completed, ==, -1);
  g_assert_cmpint (bare->n_failed, ==, -1);
  g_assert_false (comfy_cost_is_known (&bare->cost));

  /* what is of another time would be shown as if it were not */
  test_server_push_reply (fixture->server, 200, "{\"period\":\"month\",\"credits_used\":5}", NULL);
  test_await_error (comfy_api_get_usage (api, COMFY_USAGE_DAY), COMFY_ERROR_PROTOCOL);
  test_server_push_reply (fixture->server, 200, "[]", NULL);
  test_await_error (comfy_api_get_usage (api, COMFY_USAGE_DAY), COMFY_ERROR_PROTOCOL);
  test_server_push_reply (fixture->server, 403, "{\"error\":{\"code\":\"forbidden\"}}", NULL);
  test_await_error (comfy_api_get_usage (api, COMFY_USAGE_DAY), COMFY_ERROR_FORBIDDEN);
  g_assert_true ((comfy_api_get_flags (api) & COMFY_API_USAGE) != 0);
}

/* a server without it is asked once, and whoever comes next not at all */
static void
test_no_usage (TestFixture *fixture,
               const void  *unused)
{
  g_autoptr(ComfyApi)  api = open_api (fixture);
  g_autoptr(ComfyApi)  next = open_api (fixture);
  g_autofree char     *learned = NULL;

  g_signal_connect (api, "learned", G_CALLBACK (learned_cb), &learned);
  test_server_push_reply (fixture->server, 404, "{\"error\":{\"code\":\"not_found\"}}", NULL);
  test_await_error (comfy_api_get_usage (api, COMFY_USAGE_DAY), COMFY_ERROR_NOT_SUPPORTED);
  g_assert_cmpstr (learned, ==, COMFY_SERVER_NO_USAGE);
  g_assert_true ((comfy_api_get_flags (api) & COMFY_API_USAGE) == 0);
  test_await_error (comfy_api_get_usage (api, COMFY_USAGE_DAY), COMFY_ERROR_NOT_SUPPORTED);

  comfy_api_recall (next, learned);
  test_await_error (comfy_api_get_usage (next, COMFY_USAGE_DAY), COMFY_ERROR_NOT_SUPPORTED);
}

static void
test_upload (TestFixture *fixture,
             const void  *unused)
{
  g_autoptr(ComfyApi) api = open_api (fixture);
  g_autofree char    *path = write_file (fixture, "a.png", "PIXELS");
  g_autoptr(ComfyUpload) upload = NULL;
  g_autofree char    *sent = NULL;

  test_server_push_reply (fixture->server, 201,
                          "{\"id\":\"inp_1\",\"name\":\"a.png\",\"status\":\"uploading\"}", NULL);
  test_server_push_reply (fixture->server, 200,
                          "{\"id\":\"inp_1\",\"name\":\"a (2).png\",\"status\":\"ready\"}", NULL);
  upload = await_upload (comfy_api_upload (api, path, "a.png", "image/png", NULL));

  g_assert_cmpstr (upload->name, ==, "a (2).png");
  g_assert_cmpstr (upload->id, ==, "inp_1");
  assert_target (fixture, 0, "POST", "/api/inputs");
  assert_target (fixture, 1, "GET", "/api/inputs/inp_1");
  sent = dup_body (fixture, 0);
  g_assert_nonnull (strstr (sent, "PIXELS"));
  g_assert_true (strstr (sent, "name=\"name\"") < strstr (sent, "name=\"file\""));
}

static void
test_upload_failed (TestFixture *fixture,
                    const void  *unused)
{
  g_autoptr(ComfyApi) api = open_api (fixture);
  g_autofree char    *path = write_file (fixture, "a.png", "PIXELS");
  g_autoptr(GError)   error = NULL;

  test_server_push_reply (fixture->server, 201,
                          "{\"id\":\"i\",\"name\":\"a.png\",\"status\":\"failed\","
                          "\"error\":{\"message\":\"not a picture\"}}", NULL);
  error = fixture_reject (comfy_api_upload (api, path, "a.png", "image/png", NULL));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_REJECTED);
  g_assert_nonnull (strstr (error->message, "not a picture"));

  test_server_push_reply (fixture->server, 201, "{\"status\":\"uploading\"}", NULL);
  test_await_error (comfy_api_upload (api, path, "a.png", "image/png", NULL),
                    COMFY_ERROR_PROTOCOL);
}

static void
test_submit (TestFixture *fixture,
             const void  *unused)
{
  g_autoptr(ComfyApi)        api = open_api (fixture);
  g_autoptr(ComfyWorkflow)   workflow = new_workflow ();
  g_autoptr(ComfyRemoteJob)  job = NULL;
  g_autofree char           *sent = NULL;

  test_server_push_reply (fixture->server, 202,
                          "{\"id\":\"job_1\",\"status\":\"pending\",\"tags\":[\"gimp-1\"]}", NULL);
  job = test_await_boxed (comfy_api_submit (api, workflow, "gimp-1", "key-1"));

  g_assert_cmpstr (job->id, ==, "job_1");
  g_assert_cmpint (job->status, ==, COMFY_REMOTE_QUEUED);
  assert_target (fixture, 0, "POST", "/api/jobs");
  g_assert_cmpstr (test_request_get_header (test_server_get_request (fixture->server, 0),
                                            "Idempotency-Key"), ==, "key-1");
  sent = dup_body (fixture, 0);
  g_assert_cmpstr (sent, ==, "{\"workflow\":" TEST_WORKFLOW ",\"tags\":[\"gimp-1\"]}");
}

static void
test_submit_answers (TestFixture *fixture,
                     const void  *unused)
{
  g_autoptr(ComfyApi) api = open_api (fixture);

  assert_submit_answers (fixture, api);
}

static void
test_submit_unreached (TestFixture *fixture,
                       const void  *unused)
{
  g_autoptr(ComfyApi)      api = open_api (fixture);
  g_autoptr(ComfyWorkflow) workflow = new_workflow ();

  assert_submit_unreached (fixture, api);
}

static void
test_check_upload (TestFixture *fixture,
                   const void  *unused)
{
  static const char * const  others[] = { "uploading", "downloading", "failed" };
  g_autoptr(ComfyApi)        api = comfy_api_v1_new (fixture->transport);
  g_autoptr(ComfyUpload)     known = comfy_upload_new ("old.png", "in-1");
  g_autoptr(ComfyUpload)     found = NULL;

  test_server_push_reply (fixture->server, 200,
                          "{\"id\":\"in-1\",\"name\":\"new.png\",\"status\":\"ready\"}", NULL);
  found = await_upload (comfy_api_check_upload (api, known));
  assert_target (fixture, 0, "GET", "/api/inputs/in-1");
  g_assert_cmpstr (found->name, ==, "new.png");
  g_assert_cmpstr (found->id, ==, "in-1");

  test_server_push_reply (fixture->server, 404, "{\"error\":{\"code\":\"not_found\"}}", NULL);
  test_await_error (comfy_api_check_upload (api, known), COMFY_ERROR_NOT_FOUND);
  for (unsigned int i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"id\":\"in-1\",\"name\":\"new.png\","
                                               "\"status\":\"%s\"}", others[i]);

      test_server_push_reply (fixture->server, 200, body, NULL);
      test_await_error (comfy_api_check_upload (api, known), COMFY_ERROR_NOT_FOUND);
    }
}

static void
test_delete_upload (TestFixture *fixture,
                    const void  *unused)
{
  g_autoptr(ComfyApi) api = open_api (fixture);

  assert_delete_upload (fixture, api, "/api/inputs/up-1");
}

static void
test_refusal_names_nodes (TestFixture *fixture,
                          const void  *unused)
{
  g_autoptr(ComfyApi) api = open_api (fixture);

  assert_refusal_names_nodes (fixture, api);
}

static void
test_outputs_apart (TestFixture *fixture,
                    const void  *unused)
{
  g_autoptr(ComfyApi)       api = open_api (fixture);
  g_autoptr(ComfyRemoteJob) job = NULL;

  test_server_push_reply (fixture->server, 200, "{\"id\":\"j\",\"status\":\"completed\"}", NULL);
  test_server_push_reply (fixture->server, 200,
                          "{\"outputs\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"has_more\":true}", NULL);
  test_server_push_reply (fixture->server, 200,
                          "{\"outputs\":[{\"id\":\"c\"}],\"total\":3,\"has_more\":false}", NULL);
  job = test_await_boxed (comfy_api_get_job (api, "j"));

  g_assert_cmpuint (job->outputs->len, ==, 3);
  assert_target (fixture, 1, "GET", "/api/jobs/j/outputs?limit=100&offset=0");
  assert_target (fixture, 2, "GET", "/api/jobs/j/outputs?limit=100&offset=2");
}

/* an id is data, whatever the server puts into it */
static void
test_id_is_no_path (TestFixture *fixture,
                    const void  *unused)
{
  static const struct { const char *id; const char *path; } cases[] = {
    { "job_1-2", "jobs/job_1-2/cancel" },
    { "../account", "jobs/..%2Faccount/cancel" },
    { "..", "jobs/_/cancel" },
    { ".", "jobs/_/cancel" },
    { "a?b#c", "jobs/a%3Fb%23c/cancel" },
    { "a b%2Fc", "jobs/a%20b%252Fc/cancel" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = comfy_api_path ("jobs/", cases[i].id, "/cancel");

      g_assert_cmpstr (path, ==, cases[i].path);
    }
}

static void
test_find_jobs (TestFixture *fixture,
                const void  *unused)
{
  g_autoptr(ComfyApi)  api = open_api (fixture);
  g_autoptr(GPtrArray) jobs = NULL;

  /* a server that does not know the filter lists everything */
  test_server_push_reply (fixture->server, 200,
                          "{\"jobs\":[{\"id\":\"1\",\"status\":\"running\",\"tags\":[\"gimp-2\"]},"
                          "{\"id\":\"2\",\"status\":\"running\"}],\"has_more\":true}", NULL);
  test_server_push_reply (fixture->server, 200,
                          "{\"jobs\":[{\"id\":\"3\",\"status\":\"completed\","
                          "\"tags\":[\"x\",\"gimp-1\"]}],\"has_more\":false}", NULL);
  jobs = test_await_boxed (comfy_api_find_jobs (api, "gimp-1"));

  g_assert_cmpuint (jobs->len, ==, 1);
  g_assert_cmpstr (((ComfyRemoteJob *) jobs->pdata[0])->id, ==, "3");
  assert_target (fixture, 0, "GET", "/api/jobs?tags=gimp-1&limit=100&offset=0");
  assert_target (fixture, 1, "GET", "/api/jobs?tags=gimp-1&limit=100&offset=2");
}

/* "none was found" must be true */
static void
test_find_jobs_unclear (TestFixture *fixture,
                        const void  *unused)
{
  static const char * const answers[] = {
    "{}",
    "{\"jobs\":{}}",
    "{\"jobs\":[],\"has_more\":true}",
    "{\"jobs\":[{\"id\":\"1\",\"tags\":[\"gimp-1\"]}]}",
    "<html>",
  };
  g_autoptr(ComfyApi) api = open_api (fixture);

  for (unsigned int i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      test_server_push_reply (fixture->server, 200, answers[i], NULL);
      test_await_error (comfy_api_find_jobs (api, "gimp-1"), COMFY_ERROR_PROTOCOL);
    }
}

static void
test_cancel (TestFixture *fixture,
             const void  *unused)
{
  g_autoptr(ComfyApi)       api = open_api (fixture);
  g_autoptr(ComfyRemoteJob) stopped = NULL;
  g_autoptr(ComfyRemoteJob) finished = NULL;

  test_server_push_reply (fixture->server, 200, "{\"id\":\"j\",\"status\":\"cancelled\"}", NULL);
  stopped = test_await_boxed (comfy_api_cancel (api, "j"));
  g_assert_cmpint (stopped->status, ==, COMFY_REMOTE_CANCELLED);
  assert_target (fixture, 0, "POST", "/api/jobs/j/cancel");

  test_server_push_reply (fixture->server, 400,
                          "{\"error\":{\"code\":\"invalid_request\",\"message\":\"done\"}}", NULL);
  test_server_push_reply (fixture->server, 200,
                          "{\"id\":\"j\",\"status\":\"completed\",\"outputs\":[{\"id\":\"o\"}]}",
                          NULL);
  finished = test_await_boxed (comfy_api_cancel (api, "j"));
  g_assert_cmpint (finished->status, ==, COMFY_REMOTE_SUCCEEDED);
  g_assert_cmpuint (finished->outputs->len, ==, 1);
  assert_target (fixture, 2, "GET", "/api/jobs/j");
}

static void
test_download (TestFixture *fixture,
               const void  *unused)
{
  g_autoptr(ComfyApi)           api = open_api (fixture);
  g_autofree char              *path = g_build_filename (fixture->folder, "result.png", NULL);
  g_autofree char              *old_url = test_server_dup_url (fixture->server, "/files/old");
  g_autofree char              *new_url = test_server_dup_url (fixture->server, "/files/new");
  g_autofree char              *fresh = g_strdup_printf ("{\"id\":\"o\",\"download_url\":\"%s\"}",
                                                         new_url);
  g_autoptr(ComfyRemoteOutput)  unready = new_output (NULL, 6);
  g_autoptr(ComfyRemoteOutput)  output = new_output (old_url, 6);

  /* it has no address yet */
  test_server_push_reply (fixture->server, 200, "{\"id\":\"o\"}", NULL);
  test_server_push_reply (fixture->server, 200, fresh, NULL);
  test_server_push_reply (fixture->server, 200, "PIXELS", NULL);
  test_await_true (comfy_api_download (api, unready, path, NULL));
  assert_target (fixture, 0, "GET", "/api/outputs/o");
  assert_target (fixture, 2, "GET", "/files/new");
  assert_file (path, "PIXELS");

  /* the address that it has ran out */
  test_server_push_reply (fixture->server, 403, "<Error>expired</Error>", NULL);
  test_server_push_reply (fixture->server, 200, fresh, NULL);
  test_server_push_reply (fixture->server, 200, "PIXELS", NULL);
  test_await_true (comfy_api_download (api, output, path, NULL));
  assert_target (fixture, 3, "GET", "/files/old");

  /* it is gone for good */
  test_server_push_reply (fixture->server, 404, "", NULL);
  test_server_push_reply (fixture->server, 404, "{}", NULL);
  test_await_error (comfy_api_download (api, output, path, NULL), COMFY_ERROR_JOB_EXPIRED);
}

static void
test_dropped (TestFixture *fixture,
              const void  *unused)
{
  g_autoptr(ComfyApi) api = open_api (fixture);

  assert_can_be_dropped (fixture, api);
}

int
main (int    argc,
      char **argv)
{
  test_fixture_init (&argc, &argv);

  test_fixture_add ("/api-v1/account-tells-e-mail-and-balance", test_account);
  test_fixture_add ("/api-v1/usage-is-of-the-time-that-was-asked-for", test_usage);
  test_fixture_add ("/api-v1/a-server-without-usage-is-asked-once", test_no_usage);
  test_fixture_add ("/api-v1/a-basic-call-that-fails-makes-doubtful", test_doubt);
  test_fixture_add ("/api-v1/upload-waits-until-ready-and-takes-the-name-given", test_upload);
  test_fixture_add ("/api-v1/upload-that-failed-says-why", test_upload_failed);
  test_fixture_add ("/api-v1/submit-sends-graph-tag-and-key", test_submit);
  test_fixture_add ("/api-v1/submit-tells-a-no-from-an-unclear-outcome", test_submit_answers);
  test_fixture_add ("/api-v1/submit-that-was-not-sent-made-no-job", test_submit_unreached);
  test_fixture_add ("/api-v1/an-upload-can-be-used-while-it-is-ready", test_check_upload);
  test_fixture_add ("/api-v1/an-upload-can-be-deleted", test_delete_upload);
  test_fixture_add ("/api-v1/refusal-names-nodes-by-title", test_refusal_names_nodes);
  test_fixture_add ("/api-v1/outputs-are-complete-even-when-listed-apart", test_outputs_apart);
  test_fixture_add ("/api-v1/an-id-cannot-change-the-path", test_id_is_no_path);
  test_fixture_add ("/api-v1/only-a-job-that-shows-the-tag-is-found", test_find_jobs);
  test_fixture_add ("/api-v1/an-unclear-list-is-an-error", test_find_jobs_unclear);
  test_fixture_add ("/api-v1/cancel-tells-how-the-job-stands", test_cancel);
  test_fixture_add ("/api-v1/download-gets-a-fresh-address", test_download);
  test_fixture_add ("/api-v1/every-call-can-be-dropped", test_dropped);

  return g_test_run ();
}
