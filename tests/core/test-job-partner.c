/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Partners' nodes: who may use the key, and that it is nowhere afterwards.
 */
#include "config.h"

#include <string.h>

#include "comfy-api-v2-private.h"
#include "comfy-credentials-private.h"
#include "job-fixture.h"
#include "test-transport-fixture.h"

#define ORIGIN "https://cloud.example"
#define TABLE  "{\"format\":1,\"source\":\"a test\",\"classes\":{" \
  "\"VAELoader\":{\"title\":\"Load VAE\",\"inputs\":{},\"outputs\":[\"VAE\"]}," \
  "\"UNETLoader\":{\"title\":\"Load\",\"inputs\":{},\"outputs\":[\"MODEL\"],\"partner\":true}}}"

static void
use_table (ComfyJob *job)
{
  g_autoptr(GBytes)         json = g_bytes_new_static (TABLE, strlen (TABLE));
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyNodeTable) table = comfy_node_table_new_from_bytes (json, &error);

  g_assert_no_error (error);
  comfy_job_set_node_table (job, table);
}

static void
test_it_has_to_be_allowed (JobFixture    *fixture,
                           gconstpointer  flags)
{
  use_table (fixture->job);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_PARTNER_KEY, COMFY_STATE_NEW);
  g_assert_nonnull (strstr (comfy_job_get_error (fixture->job)->message, "“The model”"));
  g_assert_nonnull (strstr (comfy_job_get_error (fixture->job)->message, ORIGIN));
  g_assert_cmpuint (fake_api_count (fixture->api, "upload"), ==, 0);
  g_assert_cmpuint (fake_api_count (fixture->api, "submit"), ==, 0);

  /* for another environment is not for this one */
  comfy_settings_set_lends_key (fixture->settings, "https://other.example", TRUE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_PARTNER_KEY, COMFY_STATE_NEW);

  comfy_settings_set_lends_key (fixture->settings, ORIGIN, TRUE);
  job_fixture_run_to_the_end (fixture);
  g_assert_true (fake_api_has_lent_key (fixture->api));

  comfy_settings_set_lends_key (fixture->settings, ORIGIN, FALSE);
  g_assert_false (comfy_settings_get_lends_key (fixture->settings, ORIGIN));
  g_assert_true (comfy_settings_get_lends_key (fixture->settings, "https://other.example"));
}

static void
test_other_nodes_get_no_key (JobFixture    *fixture,
                             gconstpointer  flags)
{
  comfy_settings_set_lends_key (fixture->settings, ORIGIN, TRUE);
  job_fixture_run_to_the_end (fixture);
  g_assert_false (fake_api_has_lent_key (fixture->api));
}

/* a server that sees to its partners itself is not asked about */
static void
test_v1_needs_none (JobFixture    *fixture,
                    gconstpointer  flags)
{
  use_table (fixture->job);
  job_fixture_run_to_the_end (fixture);
  g_assert_false (fake_api_has_lent_key (fixture->api));
}

static void
test_an_unknown_partner_is_found_out (JobFixture    *fixture,
                                      gconstpointer  flags)
{
  const ComfyRemoteStatus statuses[] = { COMFY_REMOTE_FAILED };

  fake_api_set_statuses (fixture->api, statuses, 1);
  fake_api_set_failure (fixture->api, "Unauthorized: Please login first to use this node.", "3");
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_PARTNER_KEY, COMFY_STATE_FAILED);
  g_assert_nonnull (strstr (comfy_job_get_error (fixture->job)->message, "“The model”"));
}

static GString *logged;

static void
log_cb (const char     *domain,
        GLogLevelFlags  level,
        const char     *message,
        gpointer        unused)
{
  g_string_append_printf (logged, "%s\n", message);
}

static void
assert_not_in (const char *path)
{
  g_autoptr(GDir)  folder = g_dir_open (path, 0, NULL);
  g_autofree char *text = NULL;
  const char      *name;
  gsize            size;

  if (folder == NULL)
    {
      g_assert_true (g_file_get_contents (path, &text, &size, NULL));
      g_assert_null (memmem (text, size, TEST_KEY, strlen (TEST_KEY)));
      return;
    }

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      assert_not_in (child);
    }
}

/* The whole way by the real protocol. The key is in the request, once in its head and once in its
 * body, and then neither on disk nor in the log, though the server quotes it. */
static void
test_the_key_is_left_nowhere (TestFixture *fixture,
                              const void  *unused)
{
  JobFixture           job_fixture = { NULL };
  g_autoptr(ComfyApi)  api = comfy_api_v2_new (fixture->transport);
  g_autoptr(ComfyJob)  job = NULL;
  const TestRequest   *request;
  g_autofree char     *body = NULL;

  g_string_truncate (logged, 0);
  job_fixture_set_up (&job_fixture, GINT_TO_POINTER (V2));
  job = _comfy_job_new_for_api (job_fixture_entry (&job_fixture), api,
                                COMFY_HOST (job_fixture.host));
  _comfy_job_set_settings (job, job_fixture.settings);
  use_table (job);
  comfy_settings_set_lends_key (job_fixture.settings, ORIGIN, TRUE);

  test_server_push_reply (fixture->server, 201, "{\"id\":\"asset-1\"}", NULL);
  test_server_push_reply (fixture->server, 422, "{\"error\":{\"code\":\"invalid_workflow\","
                          "\"message\":\"What is {\\\"api_key_comfy_org\\\":\\\"" TEST_KEY
                          "\\\"}, " TEST_KEY "?\"}}", "X-Comfy-Request-Id", TEST_KEY, NULL);
  test_await_error (comfy_job_run (job), COMFY_ERROR_INVALID_WORKFLOW);

  request = test_server_get_request (fixture->server, 1);
  g_assert_cmpstr (request->target, ==, "/api/v2/jobs");
  body = g_strndup (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body));
  g_assert_true (g_str_has_suffix (body,
                                   "},\"extra_data\":{\"api_key_comfy_org\":\"" TEST_KEY "\"}}"));
  g_assert_true (strstr (body, TEST_KEY) == g_strrstr (body, TEST_KEY));

  assert_not_in (job_fixture.folder);
  g_assert_cmpuint (logged->len, >, 0);
  g_assert_null (strstr (logged->str, TEST_KEY));
  g_assert_null (strstr (comfy_job_get_error (job)->message, TEST_KEY));
  g_assert_null (strstr (comfy_error_get_detail (comfy_job_get_error (job)), TEST_KEY));

  g_assert_finalize_object (g_steal_pointer (&job));
  job_fixture_tear_down (&job_fixture, NULL);
}

/* whatever characters a token has, the body stays JSON */
static void
test_odd_tokens (TestFixture *fixture,
                 const void  *unused)
{
  static const char            token[] = "a\"b\\c";
  static const char            expected[] =
    "{\"workflow\":{},\"extra_data\":{\"api_key_comfy_org\":\"a\\\"b\\\\c\"}}";
  g_autoptr(ComfyCredentials)  credentials = NULL;
  g_autoptr(GBytes)            body = NULL;
  g_autoptr(GError)            error = NULL;

  credentials = comfy_credentials_new (token, ORIGIN, &error);
  g_assert_no_error (error);
  body = _comfy_credentials_lend (credentials, g_string_new ("{\"workflow\":{}}"));
  g_assert_cmpmem (g_bytes_get_data (body, NULL), g_bytes_get_size (body),
                   expected, strlen (expected));
}

#define ADD(flags, name, func) \
  g_test_add ("/job-partner/" name, JobFixture, GINT_TO_POINTER (flags), job_fixture_set_up, \
              func, job_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  test_fixture_init (&argc, &argv);
  logged = g_string_new (NULL);
  g_log_set_default_handler (log_cb, NULL);

  ADD (V2 | COMFY_API_LENDS_KEY, "it-has-to-be-allowed", test_it_has_to_be_allowed);
  ADD (V2 | COMFY_API_LENDS_KEY, "other-nodes-get-no-key", test_other_nodes_get_no_key);
  ADD (V1, "v1-needs-none", test_v1_needs_none);
  ADD (V2 | COMFY_API_LENDS_KEY, "an-unknown-partner-is-found-out",
       test_an_unknown_partner_is_found_out);
  test_fixture_add ("/job-partner/the-key-is-left-nowhere", test_the_key_is_left_nowhere);
  test_fixture_add ("/job-partner/odd-tokens", test_odd_tokens);

  return g_test_run ();
}
