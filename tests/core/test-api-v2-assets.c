/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the Comfy API v2 has of a file, and is sent of it.
 */
#include "config.h"

#include <string.h>

#include "comfy-api-v2-private.h"
#include "comfy-error.h"
#include "test-api-fixture.h"
#include "test-future.h"
#include "test-transport-fixture.h"

#define HASH "blake3:0123abcd"

static char *
fake_hash (const char  *path,
           GError     **error)
{
  return g_strdup (HASH);
}

static ComfyApi *
open_api (TestFixture   *fixture,
          ComfyHashFunc  hash_func)
{
  ComfyApi *api = comfy_api_v2_new (fixture->transport);

  COMFY_API_V2 (api)->hash_func = hash_func;

  return api;
}

static ComfyUpload *
upload (TestFixture *fixture,
        ComfyApi    *api)
{
  g_autofree char *path = write_file (fixture, "a.png", "PIXELS");

  return await_upload (comfy_api_upload (api, path, "a.png", "image/png", NULL));
}

static void
test_bytes_stay_here (TestFixture *fixture,
                      const void  *unused)
{
  g_autoptr(ComfyApi)     api = open_api (fixture, fake_hash);
  g_autoptr(ComfyUpload)  taken = NULL;
  g_autofree char        *sent = NULL;

  test_server_push_reply (fixture->server, 200, "", NULL);
  test_server_push_reply (fixture->server, 201, "{\"id\":\"asset-1\"}", NULL);
  taken = upload (fixture, api);
  g_assert_cmpstr (taken->id, ==, "asset-1");
  assert_target (fixture, 0, "HEAD", "/api/v2/assets/by-hash/" HASH);
  assert_target (fixture, 1, "POST", "/api/v2/assets/from-hash");
  sent = dup_body (fixture, 1);
  g_assert_nonnull (strstr (sent, "\"hash\":\"" HASH "\""));
  g_assert_nonnull (strstr (sent, "\"tags\":[\"input\"]"));
  g_assert_null (strstr (sent, "PIXELS"));
  g_assert_nonnull (test_request_get_header (test_server_get_request (fixture->server, 1),
                                             "Idempotency-Key"));
}

/* whatever the look-up comes to, the file goes up */
static void
test_bytes_go_up (TestFixture *fixture,
                  const void  *unused)
{
  static const struct { unsigned int head; unsigned int from_hash; } cases[] = {
    { 404, 0 }, { 405, 0 }, { 500, 0 }, { 200, 404 }, { 200, 422 }, { 200, 500 },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ComfyApi)     api = open_api (fixture, fake_hash);
      unsigned int            n = test_server_get_n (fixture->server);
      g_autoptr(ComfyUpload)  taken = NULL;
      g_autofree char        *sent = NULL;
      const char             *expected;

      test_server_push_reply (fixture->server, cases[i].head, "", NULL);
      if (cases[i].from_hash != 0)
        test_server_push_reply (fixture->server, cases[i].from_hash,
                                "{\"error\":{\"code\":\"blob_not_found\"}}", NULL);
      test_server_push_reply (fixture->server, 201, "{\"id\":\"asset-1\"}", NULL);
      taken = upload (fixture, api);
      g_assert_cmpuint (test_server_get_n (fixture->server), ==,
                        n + (cases[i].from_hash != 0 ? 3 : 2));

      sent = dup_body (fixture, test_server_get_n (fixture->server) - 1);
      expected = strstr (sent, "name=\"expected_hash\"\r\n\r\n" HASH "\r\n");
      g_assert_nonnull (expected);
      g_assert_true (expected < strstr (sent, "name=\"file\""));
    }
}

static void
test_who_is_right_decides_nothing (TestFixture *fixture,
                                   const void  *unused)
{
  g_autoptr(ComfyApi)     api = open_api (fixture, fake_hash);
  g_autoptr(ComfyUpload)  taken = NULL;
  g_autofree char        *first = NULL;
  g_autofree char        *second = NULL;

  test_server_push_reply (fixture->server, 404, "", NULL);
  test_server_push_reply (fixture->server, 409, "{\"error\":{\"code\":\"hash_mismatch\"}}", NULL);
  test_server_push_reply (fixture->server, 201, "{\"id\":\"asset-1\"}", NULL);
  taken = upload (fixture, api);
  first = dup_body (fixture, 1);
  second = dup_body (fixture, 2);
  g_assert_nonnull (strstr (first, "expected_hash"));
  g_assert_null (strstr (second, "expected_hash"));
}

/* an upload whose answer got lost used its key up */
static void
test_a_used_key_is_exchanged (TestFixture *fixture,
                              const void  *unused)
{
  static const char       reuse[] = "{\"error\":{\"code\":\"idempotency_key_reuse\"}}";
  g_autoptr(ComfyApi)     api = open_api (fixture, NULL);
  g_autoptr(ComfyUpload)  taken = NULL;
  g_autofree char        *path = write_file (fixture, "b.png", "PIXELS");
  const char             *keys[2];

  test_server_push_raw (fixture->server, "");
  test_server_push_reply (fixture->server, 422, reuse, NULL);
  test_server_push_reply (fixture->server, 201, "{\"id\":\"asset-1\"}", NULL);
  taken = upload (fixture, api);
  for (unsigned int i = 0; i < 2; i++)
    keys[i] = test_request_get_header (test_server_get_request (fixture->server, i + 1),
                                       "Idempotency-Key");
  g_assert_cmpstr (keys[0], !=, keys[1]);

  /* but not for ever */
  for (unsigned int i = 0; i < 3; i++)
    test_server_push_reply (fixture->server, 422, reuse, NULL);
  test_await_error (comfy_api_upload (api, path, "b.png", "image/png", NULL),
                    COMFY_ERROR_REJECTED);
}

static DexFuture *
check (ComfyApi *api)
{
  g_autoptr(ComfyUpload) known = comfy_upload_new ("gimp-1.png", "asset-1");

  return comfy_api_check_upload (api, known);
}

static void
test_check (TestFixture *fixture,
            const void  *unused)
{
  g_autoptr(ComfyApi)        api = open_api (fixture, NULL);
  g_autoptr(GDateTime)       now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime)       soon = g_date_time_add_minutes (now, 30);
  g_autoptr(GDateTime)       late = g_date_time_add_hours (now, 2);
  g_autofree char           *soon_text = g_date_time_format_iso8601 (soon);
  g_autofree char           *late_text = g_date_time_format_iso8601 (late);
  g_autofree char           *short_lived = NULL;
  g_autofree char           *long_lived = NULL;
  g_autofree char           *sent = NULL;
  g_autoptr(ComfyUpload)     found = NULL;
  g_autoptr(ComfyUpload)     lasting = NULL;
  g_autoptr(ComfyWorkflow)   workflow = new_workflow ();
  g_autoptr(ComfyRemoteJob)  job = NULL;

  short_lived = g_strdup_printf ("{\"id\":\"asset-1\",\"expires_at\":\"%s\"}", soon_text);
  long_lived = g_strdup_printf ("{\"id\":\"asset-1\",\"expires_at\":\"%s\"}", late_text);

  test_server_push_reply (fixture->server, 404, "{\"error\":{\"code\":\"not_found\"}}", NULL);
  test_await_error (check (api), COMFY_ERROR_NOT_FOUND);
  test_server_push_reply (fixture->server, 200, short_lived, NULL);
  test_await_error (check (api), COMFY_ERROR_NOT_FOUND);
  test_server_push_reply (fixture->server, 200, "{\"id\":\"asset-1\",\"expires_at\":null}", NULL);
  lasting = test_await_boxed (check (api));
  test_server_push_reply (fixture->server, 200, long_lived, NULL);
  found = test_await_boxed (check (api));
  assert_target (fixture, 0, "GET", "/api/v2/assets/asset-1");
  g_assert_cmpstr (found->name, ==, "gimp-1.png");
  g_assert_cmpstr (found->id, ==, "asset-1");

  /* and it is named by its id from now on, though another process uploaded it */
  g_assert_true (comfy_workflow_set_string (workflow, "9", "image", found->name, NULL));
  test_server_push_reply (fixture->server, 201, "{\"id\":\"j\",\"status\":\"queued\"}", NULL);
  job = test_await_boxed (comfy_api_submit (api, workflow, "gimp-1", "key-1"));
  sent = dup_body (fixture, 4);
  g_assert_nonnull (strstr (sent, "\"info\":{\"id\":\"asset-1\""));
}

static void
learned_cb (ComfyApi   *api,
            const char *flag,
            gboolean    is_so,
            GString    *learned)
{
  g_string_append_printf (learned, "%s=%d;", flag, is_so);
}

static void
submit (TestFixture   *fixture,
        ComfyApi      *api,
        ComfyWorkflow *workflow,
        gboolean       is_refused_first)
{
  g_autoptr(ComfyRemoteJob) job = NULL;

  if (is_refused_first)
    test_server_push_reply (fixture->server, 422, "{\"error\":{\"code\":\"missing_asset\"}}", NULL);
  test_server_push_reply (fixture->server, 201, "{\"id\":\"j\",\"status\":\"queued\"}", NULL);
  job = test_await_boxed (comfy_api_submit (api, workflow, "gimp-1", "key-1"));
}

static gboolean
is_by_id (TestFixture  *fixture,
          unsigned int  i)
{
  g_autofree char *sent = dup_body (fixture, i);

  return strstr (sent, "core/ASSET") != NULL;
}

/* a gateway that knows names only is asked so from the second time on; and back again */
static void
test_learns_the_form (TestFixture *fixture,
                      const void  *unused)
{
  g_autoptr(ComfyApi)       api = open_api (fixture, NULL);
  g_autoptr(ComfyWorkflow)  workflow = new_workflow ();
  g_autoptr(ComfyUpload)    taken = NULL;
  g_autoptr(GString)        learned = g_string_new (NULL);

  g_signal_connect (api, "learned", G_CALLBACK (learned_cb), learned);
  test_server_push_reply (fixture->server, 201, "{\"id\":\"asset-1\"}", NULL);
  taken = upload (fixture, api);
  g_assert_true (comfy_workflow_set_string (workflow, "9", "image", taken->name, NULL));

  submit (fixture, api, workflow, TRUE);
  g_assert_true (is_by_id (fixture, 1));
  g_assert_false (is_by_id (fixture, 2));
  submit (fixture, api, workflow, FALSE);
  g_assert_false (is_by_id (fixture, 3));
  g_assert_cmpstr (learned->str, ==, "names-only=1;");

  submit (fixture, api, workflow, TRUE);
  g_assert_false (is_by_id (fixture, 4));
  g_assert_true (is_by_id (fixture, 5));
  submit (fixture, api, workflow, FALSE);
  g_assert_true (is_by_id (fixture, 6));
  g_assert_cmpstr (learned->str, ==, "names-only=1;names-only=0;");

  /* what works in neither form teaches nothing */
  for (unsigned int i = 0; i < 2; i++)
    test_server_push_reply (fixture->server, 422, "{\"error\":{\"code\":\"missing_asset\"}}", NULL);
  test_await_error (comfy_api_submit (api, workflow, "gimp-1", "key-1"), COMFY_ERROR_REJECTED);
  submit (fixture, api, workflow, FALSE);
  g_assert_true (is_by_id (fixture, 9));
}

int
main (int    argc,
      char **argv)
{
  test_fixture_init (&argc, &argv);

  test_fixture_add ("/api-v2-assets/bytes-that-the-server-has-stay-here", test_bytes_stay_here);
  test_fixture_add ("/api-v2-assets/else-they-go-up", test_bytes_go_up);
  test_fixture_add ("/api-v2-assets/who-is-right-about-a-hash-decides-nothing",
                    test_who_is_right_decides_nothing);
  test_fixture_add ("/api-v2-assets/a-used-key-is-exchanged", test_a_used_key_is_exchanged);
  test_fixture_add ("/api-v2-assets/what-lies-there-can-be-used-for-an-hour", test_check);
  test_fixture_add ("/api-v2-assets/learns-how-inputs-are-named", test_learns_the_form);

  return g_test_run ();
}
