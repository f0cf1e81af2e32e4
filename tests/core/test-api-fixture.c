/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "test-api-fixture.h"
#include "test-future.h"

ComfyWorkflow *
new_workflow (void)
{
  g_autoptr(GBytes)  bytes = g_bytes_new_static (TEST_WORKFLOW, strlen (TEST_WORKFLOW));
  g_autoptr(GError)  error = NULL;
  ComfyWorkflow     *workflow = comfy_workflow_new_from_bytes (bytes, &error);

  g_assert_no_error (error);

  return workflow;
}

void
assert_target (TestFixture  *fixture,
               unsigned int  i,
               const char   *method,
               const char   *target)
{
  const TestRequest *request = test_server_get_request (fixture->server, i);

  g_assert_cmpstr (request->method, ==, method);
  g_assert_cmpstr (request->target, ==, target);
}

char *
dup_body (TestFixture  *fixture,
          unsigned int  i)
{
  GBytes *body = test_server_get_request (fixture->server, i)->body;

  return g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

char *
write_file (TestFixture *fixture,
            const char  *name,
            const char  *content)
{
  char              *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr(GError)  error = NULL;

  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);

  return path;
}

void
assert_file (const char *path,
             const char *content)
{
  g_autofree char   *found = NULL;
  g_autoptr(GError)  error = NULL;

  g_file_get_contents (path, &found, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, content);
}

ComfyUpload *
await_upload (DexFuture *taken)
{
  return test_await_boxed (taken);
}

/* @url: (nullable) */
ComfyRemoteOutput *
new_output (const char *url,
            gint64      size)
{
  ComfyRemoteOutput *output = g_new0 (ComfyRemoteOutput, 1);

  output->id = g_strdup ("o");
  output->name = g_strdup ("n.png");
  output->kind = g_strdup ("image");
  output->url = g_strdup (url);
  output->size = size;

  return output;
}

/* Each answer to a submit, and what it says: a job may exist after OUTCOME_UNKNOWN and after
 * nothing else. None is a reason to send again. */
void
assert_submit_answers (TestFixture *fixture,
                       ComfyApi    *api)
{
  static const struct { unsigned int status; const char *body; ComfyError code; } answers[] = {
    { 400, "{\"error\":{\"code\":\"invalid_request\",\"message\":\"no\"}}", COMFY_ERROR_REJECTED },
    { 401, "{\"error\":{\"code\":\"unauthorized\"}}", COMFY_ERROR_UNAUTHORIZED },
    { 402, "", COMFY_ERROR_NO_CREDITS },
    { 403, "{\"error\":{\"code\":\"forbidden\"}}", COMFY_ERROR_FORBIDDEN },
    { 404, "<html>", COMFY_ERROR_NOT_FOUND },
    { 413, "", COMFY_ERROR_TOO_LARGE },
    { 418, "", COMFY_ERROR_REJECTED },
    { 422, "{\"error\":{\"code\":\"invalid_workflow\"}}", COMFY_ERROR_INVALID_WORKFLOW },
    { 422, "{\"error\":{\"code\":\"workflow_format_ui\"}}", COMFY_ERROR_INVALID_WORKFLOW },
    { 422, "{\"error\":{\"code\":\"validation_error\"}}", COMFY_ERROR_INVALID_WORKFLOW },
    { 422, "{\"error\":{\"code\":\"missing_asset\"}}", COMFY_ERROR_REJECTED },
    { 501, "", COMFY_ERROR_NOT_SUPPORTED },

    { 408, "", COMFY_ERROR_OUTCOME_UNKNOWN },
    { 409, "{}", COMFY_ERROR_OUTCOME_UNKNOWN },
    { 422, "{\"error\":{\"code\":\"idempotency_key_reuse\"}}", COMFY_ERROR_OUTCOME_UNKNOWN },
    { 500, "{\"error\":{\"code\":\"upstream_error\"}}", COMFY_ERROR_OUTCOME_UNKNOWN },
    { 502, "<html>", COMFY_ERROR_OUTCOME_UNKNOWN },
    { 503, "", COMFY_ERROR_OUTCOME_UNKNOWN },
    { 504, "", COMFY_ERROR_OUTCOME_UNKNOWN },
    { 200, "", COMFY_ERROR_OUTCOME_UNKNOWN },
    { 201, "<html>thanks</html>", COMFY_ERROR_OUTCOME_UNKNOWN },
    { 202, "{}", COMFY_ERROR_OUTCOME_UNKNOWN },
    { 202, "{\"id\":\"j\"", COMFY_ERROR_OUTCOME_UNKNOWN },
    { 202, "{\"id\":7,\"status\":\"pending\"}", COMFY_ERROR_OUTCOME_UNKNOWN },
  };
  static const char * const cuts[] = {
    "",
    "HTTP/1.1 202 Acc",
    "HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n{\"id\":",
  };
  g_autoptr(ComfyWorkflow) workflow = new_workflow ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      unsigned int n = test_server_get_n (fixture->server);

      g_test_message ("%u %s", answers[i].status, answers[i].body);
      test_server_push_reply (fixture->server, answers[i].status, answers[i].body, NULL);
      test_await_error (comfy_api_submit (api, workflow, "gimp-1", "key-1"), answers[i].code);
      g_assert_cmpuint (test_server_get_n (fixture->server), ==, n + 1);
    }

  for (unsigned int i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      unsigned int n = test_server_get_n (fixture->server);

      g_test_message ("cut after \"%s\"", cuts[i]);
      test_server_push_raw (fixture->server, cuts[i]);
      test_await_error (comfy_api_submit (api, workflow, "gimp-1", "key-1"),
                        COMFY_ERROR_OUTCOME_UNKNOWN);
      g_assert_cmpuint (test_server_get_n (fixture->server), ==, n + 1);
    }
}

/* a full queue and a closed door are clear */
void
assert_submit_unreached (TestFixture *fixture,
                         ComfyApi    *api)
{
  g_autoptr(ComfyWorkflow) workflow = new_workflow ();

  fixture->clock.budget_left = FALSE;
  test_server_push_reply (fixture->server, 429, "{\"error\":{\"code\":\"queue_full\"}}", NULL);
  test_await_error (comfy_api_submit (api, workflow, "gimp-1", "key-1"), COMFY_ERROR_QUEUE_FULL);

  test_server_free (fixture->server);
  test_await_error (comfy_api_submit (api, workflow, "gimp-1", "key-1"), COMFY_ERROR_CONNECTION);
  fixture->server = test_server_new (NULL);
}

void
assert_refusal_names_nodes (TestFixture *fixture,
                            ComfyApi    *api)
{
  static const char * const bodies[] = {
    /* Comfy API v2 */
    "{\"error\":{\"code\":\"invalid_workflow\",\"message\":\"no\",\"details\":{\"node_errors\":"
    "{\"9\":[{\"field\":\"seed\",\"reason\":\"is wrong\"}]}}}}",
    /* ComfyUI's own */
    "{\"error\":{\"type\":\"prompt_outputs_failed_validation\",\"message\":\"no\"},\"node_errors\":"
    "{\"9\":{\"errors\":[{\"message\":\"is wrong\",\"details\":\"seed\"}],"
    "\"class_type\":\"KSampler\"}}}",
  };
  g_autoptr(ComfyWorkflow) workflow = new_workflow ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(GError) error = NULL;

      test_server_push_reply (fixture->server, 422, bodies[i], NULL);
      error = fixture_reject (comfy_api_submit (api, workflow, "gimp-1", "key-1"));
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_WORKFLOW);
      g_assert_nonnull (strstr (error->message, "“The sampler”: seed: is wrong"));
      g_assert_cmpuint (comfy_error_get_status (error), ==, 422);
    }
}

static void
assert_drop (TestFixture *fixture,
             DexFuture   *call)
{
  g_autoptr(DexPromise) arrived = dex_promise_new ();
  g_autoptr(DexFuture)  race = dex_future_first (call, dex_ref (DEX_FUTURE (arrived)), NULL);
  g_autoptr(GError)     error = NULL;
  unsigned int          n = test_server_get_n (fixture->server);

  while (test_server_get_n (fixture->server) == n)
    g_main_context_iteration (NULL, TRUE);

  dex_promise_resolve_boolean (arrived, TRUE);
  while (dex_future_is_pending (race))
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);

  g_assert_nonnull (dex_future_get_value (race, &error));
}

/* every call, dropped while the server is silent: what it holds is released, and nothing is sent
 * after it */
void
assert_can_be_dropped (TestFixture *fixture,
                       ComfyApi    *api)
{
  g_autoptr(ComfyWorkflow)      workflow = new_workflow ();
  g_autoptr(ComfyRemoteOutput)  output = new_output (NULL, -1);
  g_autofree char              *path = write_file (fixture, "in.png", "PIXELS");
  g_autofree char              *result = g_build_filename (fixture->folder, "out.png", NULL);
  unsigned int                  n_calls = 6;

  for (unsigned int i = 0; i < n_calls; i++)
    test_server_push_silence (fixture->server);

  assert_drop (fixture, comfy_api_get_account (api));
  assert_drop (fixture, comfy_api_upload (api, path, "in.png", "image/png", NULL));
  assert_drop (fixture, comfy_api_submit (api, workflow, "gimp-1", "key-1"));
  assert_drop (fixture, comfy_api_get_job (api, "j"));
  assert_drop (fixture, comfy_api_cancel (api, "j"));
  assert_drop (fixture, comfy_api_download (api, output, result, NULL));

  g_assert_cmpuint (test_server_get_n (fixture->server), ==, n_calls);
  g_assert_false (g_file_test (result, G_FILE_TEST_EXISTS));
}

/* @target: where the upload "up-1" is; what is not there is deleted, what is in use is not */
void
assert_delete_upload (TestFixture *fixture,
                      ComfyApi    *api,
                      const char  *target)
{
  unsigned int n = test_server_get_n (fixture->server);

  test_server_push_reply (fixture->server, 204, "", NULL);
  test_await_true (comfy_api_delete_upload (api, "up-1"));
  assert_target (fixture, n, "DELETE", target);

  test_server_push_reply (fixture->server, 404, "{\"error\":{\"code\":\"not_found\"}}", NULL);
  test_await_true (comfy_api_delete_upload (api, "up-1"));

  test_server_push_reply (fixture->server, 409, "{\"error\":{\"code\":\"asset_in_use\"}}", NULL);
  test_await_error (comfy_api_delete_upload (api, "up-1"), COMFY_ERROR_REJECTED);
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, n + 3);
}
