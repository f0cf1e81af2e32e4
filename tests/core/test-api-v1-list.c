/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Developer API v1's list of an account's jobs, and the deletion of what they made.
 */
#include "config.h"

#include "comfy-api-v1-private.h"
#include "comfy-error.h"
#include "comfy-server-memory-private.h"
#include "test-api-fixture.h"
#include "test-future.h"

#define JOB(id) "{\"id\":\"" id "\",\"status\":\"completed\",\"created_at\":\"2026-03-01T10:00:00Z\"," \
                "\"completed_at\":\"2026-03-01T10:01:00Z\",\"tags\":[\"gimp-1\",7,\"mine\"]," \
                "\"outputs\":[{\"id\":\"out_1\",\"name\":\"a.png\",\"type\":\"image\"}]}"

static ComfyApi *
open_api (TestFixture *fixture)
{
  return comfy_api_v1_new (fixture->transport);
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
test_pages (TestFixture *fixture,
            const void  *unused)
{
  g_autoptr(ComfyApi)         api = open_api (fixture);
  g_autoptr(ComfyRemotePage)  first = NULL;
  g_autoptr(ComfyRemotePage)  last = NULL;
  ComfyRemoteJob             *job;

  test_server_push_reply (fixture->server, 200, "{\"jobs\":[" JOB ("a") "," JOB ("b") "],"
                          "\"total\":3,\"has_more\":true}", NULL);
  first = test_await_boxed (comfy_api_list_jobs (api, NULL));
  assert_target (fixture, 0, "GET", "/api/jobs?limit=20&offset=0");
  g_assert_cmpuint (first->jobs->len, ==, 2);
  g_assert_nonnull (first->next);

  job = g_ptr_array_index (first->jobs, 0);
  g_assert_cmpstr (job->id, ==, "a");
  g_assert_cmpint (job->status, ==, COMFY_REMOTE_SUCCEEDED);
  g_assert_cmpint (job->created_at, ==, 1772359200);
  g_assert_cmpint (job->ended_at, ==, 1772359260);
  g_assert_cmpuint (job->outputs->len, ==, 1);
  g_assert_cmpuint (g_strv_length (job->tags), ==, 2);
  g_assert_true (g_strv_contains ((const char * const *) job->tags, "mine"));

  test_server_push_reply (fixture->server, 200, "{\"jobs\":[{\"id\":\"c\",\"status\":\"failed\"}],"
                          "\"total\":3,\"has_more\":false}", NULL);
  last = test_await_boxed (comfy_api_list_jobs (api, first->next));
  assert_target (fixture, 1, "GET", "/api/jobs?limit=20&offset=2");
  g_assert_cmpuint (last->jobs->len, ==, 1);
  g_assert_null (last->next);
  job = g_ptr_array_index (last->jobs, 0);
  g_assert_null (job->tags);
  g_assert_cmpint (job->created_at, ==, 0);
}

/* the others are there all the same, and the next page begins behind it */
static void
test_unreadable_job (TestFixture *fixture,
                     const void  *unused)
{
  g_autoptr(ComfyApi)        api = open_api (fixture);
  g_autoptr(ComfyRemotePage) page = NULL;
  g_autoptr(ComfyRemotePage) next = NULL;

  test_server_push_reply (fixture->server, 200, "{\"jobs\":[{\"status\":\"failed\"},7," JOB ("b") "],"
                          "\"has_more\":true}", NULL);
  page = test_await_boxed (comfy_api_list_jobs (api, NULL));
  g_assert_cmpuint (page->jobs->len, ==, 1);

  test_server_push_reply (fixture->server, 200, "{\"jobs\":[],\"has_more\":false}", NULL);
  next = test_await_boxed (comfy_api_list_jobs (api, page->next));
  assert_target (fixture, 1, "GET", "/api/jobs?limit=20&offset=3");
  g_assert_cmpuint (next->jobs->len, ==, 0);
  g_assert_null (next->next);
}

static void
test_longer_page (TestFixture *fixture,
                  const void  *unused)
{
  g_autoptr(ComfyApi)         api = open_api (fixture);
  g_autoptr(ComfyRemotePage)  page = NULL;
  g_autoptr(ComfyRemotePage)  next = NULL;
  g_autoptr(GString)          body = g_string_new ("{\"jobs\":[");

  for (unsigned int i = 0; i < 30; i++)
    g_string_append_printf (body, "%s{\"id\":\"%u\",\"status\":\"failed\"}", i > 0 ? "," : "", i);
  g_string_append (body, "],\"has_more\":false}");
  test_server_push_reply (fixture->server, 200, body->str, NULL);
  page = test_await_boxed (comfy_api_list_jobs (api, NULL));
  g_assert_cmpuint (page->jobs->len, ==, 20);

  test_server_push_reply (fixture->server, 200, "{\"jobs\":[],\"has_more\":false}", NULL);
  next = test_await_boxed (comfy_api_list_jobs (api, page->next));
  assert_target (fixture, 1, "GET", "/api/jobs?limit=20&offset=20");
}

static void
test_no_list (TestFixture *fixture,
              const void  *unused)
{
  static const struct
  {
    unsigned int  status;
    const char   *body;
    ComfyError    error;
  } table[] = {
    { 200, "[]",                                     COMFY_ERROR_PROTOCOL },
    { 200, "{}",                                     COMFY_ERROR_PROTOCOL },
    { 200, "{\"jobs\":{}}",                          COMFY_ERROR_PROTOCOL },
    { 200, "{\"jobs\":[],\"has_more\":true}",        COMFY_ERROR_PROTOCOL },
    { 200, "<html>hello</html>",                     COMFY_ERROR_PROTOCOL },
    { 401, "{\"error\":{\"code\":\"unauthorized\"}}", COMFY_ERROR_UNAUTHORIZED },
    { 403, "{\"error\":{\"code\":\"forbidden\"}}",   COMFY_ERROR_FORBIDDEN },
  };
  g_autoptr(ComfyApi) api = open_api (fixture);

  for (unsigned int i = 0; i < G_N_ELEMENTS (table); i++)
    {
      test_server_push_reply (fixture->server, table[i].status, table[i].body, NULL);
      test_await_error (comfy_api_list_jobs (api, NULL), table[i].error);
    }
  g_assert_true ((comfy_api_get_flags (api) & COMFY_API_BROWSE) != 0);
}

/* a server without it is asked once, and whoever comes next not at all */
static void
test_no_such_list (TestFixture *fixture,
                   const void  *unused)
{
  static const unsigned int statuses[] = { 404, 405, 501 };

  for (unsigned int i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(ComfyApi)  api = open_api (fixture);
      g_autoptr(ComfyApi)  next = open_api (fixture);
      g_autofree char     *learned = NULL;

      g_signal_connect (api, "learned", G_CALLBACK (learned_cb), &learned);
      test_server_push_reply (fixture->server, statuses[i], "{}", NULL);
      test_await_error (comfy_api_list_jobs (api, NULL), COMFY_ERROR_NOT_SUPPORTED);
      g_assert_cmpstr (learned, ==, COMFY_SERVER_NO_BROWSE);
      g_assert_true ((comfy_api_get_flags (api) & COMFY_API_BROWSE) == 0);
      /* what says whether a job was paid for is another question */
      g_assert_true ((comfy_api_get_flags (api) & COMFY_API_LIST) != 0);
      test_await_error (comfy_api_list_jobs (api, NULL), COMFY_ERROR_NOT_SUPPORTED);

      comfy_api_recall (next, learned);
      test_await_error (comfy_api_list_jobs (next, NULL), COMFY_ERROR_NOT_SUPPORTED);
    }
}

static void
test_delete (TestFixture *fixture,
             const void  *unused)
{
  g_autoptr(ComfyApi) api = open_api (fixture);

  test_server_push_reply (fixture->server, 204, "", NULL);
  test_await_true (comfy_api_delete_output (api, "out_1"));
  assert_target (fixture, 0, "DELETE", "/api/outputs/out_1");

  /* gone already: the server does not know it when it is asked for it, either */
  test_server_push_reply (fixture->server, 404, "{}", NULL);
  test_server_push_reply (fixture->server, 404, "{}", NULL);
  test_await_true (comfy_api_delete_output (api, "out_2"));
  assert_target (fixture, 1, "DELETE", "/api/outputs/out_2");
  assert_target (fixture, 2, "GET", "/api/outputs/out_2");

  test_server_push_reply (fixture->server, 409, "{\"error\":{\"code\":\"in_use\"}}", NULL);
  test_await_error (comfy_api_delete_output (api, "out_1"), COMFY_ERROR_REJECTED);
  g_assert_true ((comfy_api_get_flags (api) & COMFY_API_DELETE) != 0);
}

/* "not found" of a server that has no such call would be taken for deleted */
static void
test_no_delete (TestFixture *fixture,
                const void  *unused)
{
  g_autoptr(ComfyApi)  api = open_api (fixture);
  g_autoptr(ComfyApi)  other = open_api (fixture);
  g_autofree char     *learned = NULL;

  g_signal_connect (api, "learned", G_CALLBACK (learned_cb), &learned);
  test_server_push_reply (fixture->server, 404, "{}", NULL);
  test_server_push_reply (fixture->server, 200, "{\"id\":\"out_1\"}", NULL);
  test_await_error (comfy_api_delete_output (api, "out_1"), COMFY_ERROR_NOT_SUPPORTED);
  g_assert_cmpstr (learned, ==, COMFY_SERVER_NO_DELETE);
  g_assert_true ((comfy_api_get_flags (api) & COMFY_API_DELETE) == 0);
  test_await_error (comfy_api_delete_output (api, "out_1"), COMFY_ERROR_NOT_SUPPORTED);

  test_server_push_reply (fixture->server, 405, "{}", NULL);
  test_await_error (comfy_api_delete_output (other, "out_1"), COMFY_ERROR_NOT_SUPPORTED);

  g_clear_object (&other);
  other = open_api (fixture);
  comfy_api_recall (other, learned);
  test_await_error (comfy_api_delete_output (other, "out_1"), COMFY_ERROR_NOT_SUPPORTED);
}

static void
test_no_delete_untold (TestFixture *fixture,
                       const void  *unused)
{
  g_autoptr(ComfyApi) api = open_api (fixture);

  /* nobody can tell: that is said, and not that it is gone */
  test_server_push_reply (fixture->server, 404, "{}", NULL);
  test_server_push_reply (fixture->server, 403, "{}", NULL);
  test_await_error (comfy_api_delete_output (api, "out_1"), COMFY_ERROR_FORBIDDEN);
}

int
main (int    argc,
      char **argv)
{
  test_fixture_init (&argc, &argv);

  test_fixture_add ("/api-v1-list/goes-on-page-by-page", test_pages);
  test_fixture_add ("/api-v1-list/a-job-that-cannot-be-read-is-left-out", test_unreadable_job);
  test_fixture_add ("/api-v1-list/a-longer-page-is-cut-and-goes-on-there", test_longer_page);
  test_fixture_add ("/api-v1-list/an-answer-that-makes-no-sense-is-an-error", test_no_list);
  test_fixture_add ("/api-v1-list/a-server-without-is-asked-once", test_no_such_list);
  test_fixture_add ("/api-v1-list/an-output-can-be-deleted", test_delete);
  test_fixture_add ("/api-v1-list/what-is-still-there-was-not-deleted", test_no_delete);
  test_fixture_add ("/api-v1-list/what-nobody-can-tell-is-not-said-to-be-gone",
                    test_no_delete_untold);

  return g_test_run ();
}
