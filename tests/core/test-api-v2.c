/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "comfy-api-v2-private.h"
#include "comfy-error.h"
#include "test-api-fixture.h"
#include "test-future.h"
#include "test-transport-fixture.h"

#define JOB "{\"id\":\"j\",\"status\":\"queued\",\"urls\":" \
  "{\"self\":\"/gate/jobs/j\",\"events\":\"/gate/jobs/j/events\",\"cancel\":\"/gate/jobs/j/stop\"}}"

static ComfyApi *
open_api (TestFixture *fixture)
{
  return comfy_api_v2_new (fixture->transport);
}

static void
test_account (TestFixture *fixture,
              const void  *unused)
{
  g_autoptr(ComfyApi)     api = open_api (fixture);
  g_autoptr(ComfyAccount) account = NULL;

  test_server_push_reply (fixture->server, 404, "", NULL);
  account = test_await_boxed (comfy_api_get_account (api));
  g_assert_null (account->email);
  g_assert_false (account->has_balance);
  assert_target (fixture, 0, "HEAD", "/api/v2/assets/by-hash/" COMFY_API_V2_NO_ASSET);

  test_server_push_reply (fixture->server, 401, "", NULL);
  test_await_error (comfy_api_get_account (api), COMFY_ERROR_UNAUTHORIZED);

  /* a deployment that does not find files by their hash is asked for a job */
  test_server_push_reply (fixture->server, 405, "", NULL);
  test_server_push_reply (fixture->server, 404, "{\"error\":{\"code\":\"not_found\"}}", NULL);
  g_clear_pointer (&account, comfy_account_free);
  account = test_await_boxed (comfy_api_get_account (api));
  assert_target (fixture, 3, "GET", "/api/v2/jobs/" COMFY_API_V2_NO_JOB);
  test_server_push_reply (fixture->server, 501, "", NULL);
  test_server_push_reply (fixture->server, 401, "{\"error\":{\"code\":\"unauthorized\"}}", NULL);
  test_await_error (comfy_api_get_account (api), COMFY_ERROR_UNAUTHORIZED);
}

/* the text parts have to come before the file */
static void
test_upload (TestFixture *fixture,
             const void  *unused)
{
  static const char * const order[] = {
    "name=\"content_type\"", "image/png", "name=\"file_path\"", "name=\"tags\"", "name=\"file\"",
    "PIXELS",
  };
  g_autoptr(ComfyApi)  api = open_api (fixture);
  g_autofree char     *path = write_file (fixture, "a.png", "PIXELS");
  g_autoptr(ComfyUpload) first = NULL;
  g_autoptr(ComfyUpload) second = NULL;
  g_autofree char     *sent = NULL;
  const char          *position;

  test_server_push_reply (fixture->server, 201, "{\"id\":\"asset-1\",\"file_path\":null}", NULL);
  first = await_upload (comfy_api_upload (api, path, "a.png", "image/png", NULL));
  test_server_push_reply (fixture->server, 200, "{\"id\":\"asset-2\"}", NULL);
  second = await_upload (comfy_api_upload (api, path, "a.png", "image/png", NULL));

  assert_target (fixture, 0, "POST", "/api/v2/assets");
  g_assert_true (g_str_has_prefix (first->name, "gimp-"));
  g_assert_true (g_str_has_suffix (first->name, ".png"));
  g_assert_cmpstr (first->name, !=, second->name);
  g_assert_cmpstr (first->id, ==, "asset-1");

  sent = dup_body (fixture, 0);
  g_assert_nonnull (strstr (sent, first->name));
  position = sent;
  for (unsigned int i = 0; i < G_N_ELEMENTS (order); i++)
    {
      position = strstr (position, order[i]);
      g_assert_nonnull (position);
    }

  test_server_push_reply (fixture->server, 201, "{}", NULL);
  test_await_error (comfy_api_upload (api, path, "a.png", "image/png", NULL),
                    COMFY_ERROR_PROTOCOL);
}

static void
test_delete_upload (TestFixture *fixture,
                    const void  *unused)
{
  g_autoptr(ComfyApi) api = open_api (fixture);

  assert_delete_upload (fixture, api, "/api/v2/assets/up-1");
}

/* Uploads an input and puts its name into the graph. Returns: (transfer full): the name */
static char *
upload_into (TestFixture   *fixture,
             ComfyApi      *api,
             ComfyWorkflow *workflow)
{
  g_autofree char   *path = write_file (fixture, "a.png", "PIXELS");
  g_autoptr(GError)  error = NULL;
  g_autoptr(ComfyUpload) upload = NULL;

  test_server_push_reply (fixture->server, 201, "{\"id\":\"asset-1\"}", NULL);
  upload = await_upload (comfy_api_upload (api, path, "a.png", "image/png", NULL));
  comfy_workflow_set_string (workflow, "9", "image", upload->name, &error);
  g_assert_no_error (error);

  return g_strdup (upload->name);
}

static void
test_submit (TestFixture *fixture,
             const void  *unused)
{
  g_autoptr(ComfyApi)        api = open_api (fixture);
  g_autoptr(ComfyWorkflow)   workflow = new_workflow ();
  g_autofree char           *name = upload_into (fixture, api, workflow);
  g_autoptr(ComfyRemoteJob)  job = NULL;
  g_autofree char           *sent = NULL;
  g_autofree char           *reference = NULL;

  test_server_push_reply (fixture->server, 201, JOB, NULL);
  job = test_await_boxed (comfy_api_submit (api, workflow, "gimp-1", "key-1"));

  g_assert_cmpstr (job->id, ==, "j");
  assert_target (fixture, 1, "POST", "/api/v2/jobs");
  g_assert_cmpstr (test_request_get_header (test_server_get_request (fixture->server, 1),
                                            "Idempotency-Key"), ==, "key-1");
  sent = dup_body (fixture, 1);
  reference = g_strdup_printf ("\"image\":{\"__type\":\"core/ASSET\",\"info\":{\"id\":\"asset-1\","
                               "\"file_path\":\"%s\"}}", name);
  g_assert_nonnull (strstr (sent, reference));
  g_assert_nonnull (strstr (sent, "18446744073709551615"));
  /* the document knows no other member */
  g_assert_null (strstr (sent, "tags"));
}

/* a gateway resolves names only; that it said so clearly means that no job was made */
static void
test_submit_by_name (TestFixture *fixture,
                     const void  *unused)
{
  g_autoptr(ComfyApi)        api = open_api (fixture);
  g_autoptr(ComfyWorkflow)   workflow = new_workflow ();
  g_autofree char           *name = upload_into (fixture, api, workflow);
  g_autoptr(ComfyRemoteJob)  job = NULL;
  g_autofree char           *sent = NULL;
  g_autofree char           *reference = g_strdup_printf ("\"image\":\"%s\"", name);

  test_server_push_reply (fixture->server, 422, "{\"error\":{\"code\":\"missing_asset\"}}", NULL);
  test_server_push_reply (fixture->server, 201, JOB, NULL);
  job = test_await_boxed (comfy_api_submit (api, workflow, "gimp-1", "key-1"));

  sent = dup_body (fixture, 2);
  g_assert_nonnull (strstr (sent, reference));

  test_server_push_reply (fixture->server, 422, "{\"error\":{\"code\":\"missing_asset\"}}", NULL);
  test_server_push_reply (fixture->server, 422, "{\"error\":{\"code\":\"missing_asset\"}}", NULL);
  test_await_error (comfy_api_submit (api, workflow, "gimp-1", "key-1"), COMFY_ERROR_REJECTED);
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
  g_autoptr(ComfyApi) api = open_api (fixture);

  assert_submit_unreached (fixture, api);
}

static void
test_refusal_names_nodes (TestFixture *fixture,
                          const void  *unused)
{
  g_autoptr(ComfyApi) api = open_api (fixture);

  assert_refusal_names_nodes (fixture, api);
}

static void
test_links (TestFixture *fixture,
            const void  *unused)
{
  g_autoptr(ComfyApi)       api = open_api (fixture);
  g_autoptr(ComfyWorkflow)  workflow = new_workflow ();
  g_autoptr(ComfyRemoteJob) job = NULL;
  g_autoptr(ComfyRemoteJob) asked = NULL;
  g_autoptr(ComfyRemoteJob) stopped = NULL;

  test_server_push_reply (fixture->server, 201, JOB, NULL);
  job = test_await_boxed (comfy_api_submit (api, workflow, "gimp-1", "key-1"));
  test_server_push_reply (fixture->server, 200, JOB, NULL);
  asked = test_await_boxed (comfy_api_get_job (api, "j"));
  test_server_push_reply (fixture->server, 200, "{\"id\":\"j\",\"status\":\"canceling\"}", NULL);
  stopped = test_await_boxed (comfy_api_cancel (api, "j"));

  assert_target (fixture, 1, "GET", "/gate/jobs/j");
  assert_target (fixture, 2, "POST", "/gate/jobs/j/stop");
  g_assert_cmpint (stopped->status, ==, COMFY_REMOTE_CANCELLING);
  g_assert_false (comfy_remote_job_is_finished (stopped));
}

/* after a restart no link is known; and one that leads away is not followed */
static void
test_no_links (TestFixture *fixture,
               const void  *unused)
{
  g_autoptr(ComfyApi)       api = open_api (fixture);
  g_autoptr(ComfyRemoteJob) first = NULL;
  g_autoptr(ComfyRemoteJob) second = NULL;

  test_server_push_reply (fixture->server, 200,
                          "{\"id\":\"j\",\"status\":\"running\",\"urls\":"
                          "{\"self\":\"https://elsewhere.example/j\",\"cancel\":7}}", NULL);
  first = test_await_boxed (comfy_api_get_job (api, "j"));
  test_server_push_reply (fixture->server, 200, "{\"id\":\"j\",\"status\":\"canceled\"}", NULL);
  second = test_await_boxed (comfy_api_get_job (api, "j"));

  assert_target (fixture, 0, "GET", "/api/v2/jobs/j");
  assert_target (fixture, 1, "GET", "/api/v2/jobs/j");
}

static void
test_below_a_path (TestFixture *fixture,
                   const void  *unused)
{
  g_autofree char          *base_url = test_server_dup_url (fixture->server, "/deploy/7/api/v2");
  g_autoptr(ComfyEndpoint)  mounted = comfy_endpoint_new ("mounted", "Mounted", base_url, NULL);
  g_autofree char          *below = comfy_api_v2_dup_path (mounted, "jobs/", "j", "/cancel");
  g_autofree char          *at_origin = comfy_api_v2_dup_path (fixture->endpoint, "jobs", NULL, "");
  g_autofree char          *url = comfy_endpoint_resolve (mounted, below);

  g_assert_true (g_str_has_suffix (url, "/deploy/7/api/v2/jobs/j/cancel"));
  g_assert_cmpstr (at_origin, ==, "/api/v2/jobs");
}

static void
test_download (TestFixture *fixture,
               const void  *unused)
{
  g_autoptr(ComfyApi)           api = open_api (fixture);
  g_autoptr(TestServer)         storage = test_server_new (NULL);
  g_autofree char              *signed_url = test_server_dup_url (storage, "/blob");
  g_autofree char              *path = g_build_filename (fixture->folder, "result.png", NULL);
  g_autoptr(ComfyRemoteOutput)  output = new_output ("https://signed.example/old", 6);

  test_server_push_reply (fixture->server, 302, "", "Location", signed_url, NULL);
  test_server_push_reply (storage, 200, "PIXELS", NULL);
  test_await_true (comfy_api_download (api, output, path, NULL));
  assert_target (fixture, 0, "GET", "/api/v2/assets/o/content");
  assert_file (path, "PIXELS");
  g_assert_null (test_request_get_header (test_server_get_request (storage, 0), "Authorization"));

  for (unsigned int i = 0; i < 2; i++)
    test_server_push_reply (fixture->server, 404, "{\"error\":{\"code\":\"not_found\"}}", NULL);
  test_await_error (comfy_api_download (api, output, path, NULL), COMFY_ERROR_JOB_EXPIRED);
}

/* after a cut it goes on where it was, by a fresh redirect; the key goes to neither storage */
static void
test_download_goes_on (TestFixture *fixture,
                       const void  *unused)
{
  g_autoptr(ComfyApi)           api = open_api (fixture);
  g_autoptr(TestServer)         storage = test_server_new (NULL);
  g_autofree char              *first = test_server_dup_url (storage, "/blob?signature=1");
  g_autofree char              *second = test_server_dup_url (storage, "/blob?signature=2");
  g_autofree char              *path = g_build_filename (fixture->folder, "result.png", NULL);
  g_autoptr(ComfyRemoteOutput)  output = new_output (NULL, 6);
  const TestRequest            *again;

  test_server_push_reply (fixture->server, 302, "", "Location", first, NULL);
  test_server_push_raw (storage, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nETag: \"e\"\r\n\r\nPIX");
  test_server_push_reply (fixture->server, 302, "", "Location", second, NULL);
  test_server_push_reply (storage, 206, "ELS", "Content-Range", "bytes 3-5/6", "ETag", "\"e\"",
                          NULL);
  test_await_true (comfy_api_download (api, output, path, NULL));
  assert_file (path, "PIXELS");

  again = test_server_get_request (storage, 1);
  g_assert_cmpstr (again->target, ==, "/blob?signature=2");
  g_assert_cmpstr (test_request_get_header (again, "Range"), ==, "bytes=3-");
  for (unsigned int i = 0; i < 2; i++)
    g_assert_null (test_request_get_header (test_server_get_request (storage, i),
                                            "Authorization"));
}

/* an address that has run out is exchanged for the one that the asset has now */
static void
test_download_renews (TestFixture *fixture,
                      const void  *unused)
{
  g_autoptr(ComfyApi)           api = open_api (fixture);
  g_autoptr(TestServer)         storage = test_server_new (NULL);
  g_autofree char              *old_url = test_server_dup_url (storage, "/old");
  g_autofree char              *new_url = test_server_dup_url (storage, "/new");
  g_autofree char              *asset = g_strdup_printf ("{\"id\":\"o\",\"url\":\"%s\"}", new_url);
  g_autofree char              *path = g_build_filename (fixture->folder, "result.png", NULL);
  g_autoptr(ComfyRemoteOutput)  output = new_output (NULL, 6);

  test_server_push_reply (fixture->server, 302, "", "Location", old_url, NULL);
  test_server_push_reply (storage, 403, "<Error>Expired</Error>", NULL);
  test_server_push_reply (fixture->server, 200, asset, NULL);
  test_server_push_reply (storage, 200, "PIXELS", NULL);
  test_await_true (comfy_api_download (api, output, path, NULL));
  assert_file (path, "PIXELS");
  assert_target (fixture, 1, "GET", "/api/v2/assets/o");
  g_assert_cmpstr (test_server_get_request (storage, 1)->target, ==, "/new");
  g_assert_null (test_request_get_header (test_server_get_request (storage, 1), "Authorization"));
}

static void
test_what_it_cannot (TestFixture *fixture,
                     const void  *unused)
{
  g_autoptr(ComfyApi) api = open_api (fixture);

  g_assert_false (comfy_api_get_flags (api) & (COMFY_API_LIST | COMFY_API_REPLAY));
  test_await_error (comfy_api_find_jobs (api, "gimp-1"), COMFY_ERROR_NOT_SUPPORTED);
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

  test_fixture_add ("/api-v2/an-upload-can-be-deleted", test_delete_upload);
  test_fixture_add ("/api-v2/account-is-whether-the-key-is-accepted", test_account);
  test_fixture_add ("/api-v2/upload-has-a-name-of-its-own-and-its-parts-in-order", test_upload);
  test_fixture_add ("/api-v2/submit-names-inputs-by-id", test_submit);
  test_fixture_add ("/api-v2/submit-names-inputs-by-name-when-asked-to", test_submit_by_name);
  test_fixture_add ("/api-v2/submit-tells-a-no-from-an-unclear-outcome", test_submit_answers);
  test_fixture_add ("/api-v2/submit-that-was-not-sent-made-no-job", test_submit_unreached);
  test_fixture_add ("/api-v2/refusal-names-nodes-by-title", test_refusal_names_nodes);
  test_fixture_add ("/api-v2/links-are-followed", test_links);
  test_fixture_add ("/api-v2/links-are-built-where-none-can-be-followed", test_no_links);
  test_fixture_add ("/api-v2/a-gateway-may-serve-it-below-a-path", test_below_a_path);
  test_fixture_add ("/api-v2/download-follows-without-the-key", test_download);
  test_fixture_add ("/api-v2/download-goes-on-after-a-cut", test_download_goes_on);
  test_fixture_add ("/api-v2/download-renews-its-address", test_download_renews);
  test_fixture_add ("/api-v2/says-what-it-cannot", test_what_it_cannot);
  test_fixture_add ("/api-v2/every-call-can-be-dropped", test_dropped);

  return g_test_run ();
}
