/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "comfy-error.h"
#include "comfy-protocol-probe-private.h"
#include "test-api-fixture.h"
#include "test-future.h"
#include "test-transport-fixture.h"

static ComfyProtocol
probe (TestFixture *fixture)
{
  g_autoptr(DexFuture)  future = test_settle (comfy_protocol_probe (fixture->transport));
  g_autoptr(GError)     error = NULL;
  const GValue         *value = dex_future_get_value (future, &error);

  g_assert_no_error (error);

  return (ComfyProtocol) g_value_get_uint (value);
}

static void
test_v1 (TestFixture *fixture,
         const void  *unused)
{
  static const struct { unsigned int status; const char *body; } answers[] = {
    { 200, "{\"id\":\"acc\",\"email\":\"a@b.example\",\"balance\":0}" },
    { 401, "{\"error\":{\"type\":\"unauthorized\",\"message\":\"no\"}}" },
    { 403, "{\"error\":{\"code\":\"forbidden\"}}" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      test_server_push_reply (fixture->server, answers[i].status, answers[i].body, NULL);
      g_assert_cmpuint (probe (fixture), ==, COMFY_PROTOCOL_V1);
      assert_target (fixture, i, "GET", "/api/account");
    }
}

static void
test_v2 (TestFixture *fixture,
         const void  *unused)
{
  static const struct { unsigned int asset; unsigned int job; const char *body; } answers[] = {
    { 404, 404, "{\"error\":{\"code\":\"not_found\",\"message\":\"no\"}}" },
    { 401, 401, "{\"error\":{\"code\":\"unauthorized\",\"message\":\"no\"}}" },
    /* a deployment that does not find files by their hash */
    { 405, 404, "{\"error\":{\"code\":\"not_found\",\"message\":\"no\"}}" },
    { 501, 404, "{\"error\":{\"code\":\"job_not_found\",\"message\":\"no\"}}" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      test_server_push_reply (fixture->server, 404, "<html>", NULL);
      test_server_push_reply (fixture->server, answers[i].asset, "", NULL);
      test_server_push_reply (fixture->server, answers[i].job, answers[i].body, NULL);
      g_assert_cmpuint (probe (fixture), ==, COMFY_PROTOCOL_V2);
    }

  assert_target (fixture, 1, "HEAD",
                 "/api/v2/assets/by-hash/blake3:"
                 "0000000000000000000000000000000000000000000000000000000000000000");
}

/* a web server that says 404 or 401 to anything, a page, a log-in form */
static void
test_neither (TestFixture *fixture,
              const void  *unused)
{
  static const struct { unsigned int account; unsigned int asset; unsigned int job; } answers[] = {
    { 404, 404, 404 }, { 401, 401, 401 }, { 200, 200, 200 }, { 302, 302, 0 }, { 404, 405, 405 },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      test_server_push_reply (fixture->server, answers[i].account, "<html>", NULL);
      test_server_push_reply (fixture->server, answers[i].asset, "", NULL);
      if (answers[i].job != 0)
        test_server_push_reply (fixture->server, answers[i].job, "<html>", NULL);
      test_await_error (comfy_protocol_probe (fixture->transport), COMFY_ERROR_PROTOCOL);
    }
}

/* trouble says nothing about what is spoken */
static void
test_trouble (TestFixture *fixture,
              const void  *unused)
{
  test_server_push_reply (fixture->server, 503, "<html>", NULL);
  test_server_push_reply (fixture->server, 503, "", NULL);
  test_await_error (comfy_protocol_probe (fixture->transport), COMFY_ERROR_SERVER);

  test_server_push_reply (fixture->server, 429, "{}", NULL);
  test_server_push_reply (fixture->server, 429, "", NULL);
  test_await_error (comfy_protocol_probe (fixture->transport), COMFY_ERROR_RATE_LIMITED);

  fixture->clock.budget_left = FALSE;
  test_server_free (fixture->server);
  test_await_error (comfy_protocol_probe (fixture->transport), COMFY_ERROR_CONNECTION);
  fixture->server = test_server_new (NULL);
}

static void
test_nicks (TestFixture *fixture,
            const void  *unused)
{
  for (ComfyProtocol i = COMFY_PROTOCOL_NONE; i <= COMFY_PROTOCOL_V2; i++)
    g_assert_cmpint (comfy_protocol_from_nick (comfy_protocol_to_nick (i)), ==, i);

  g_assert_cmpint (comfy_protocol_from_nick ("v3"), ==, COMFY_PROTOCOL_NONE);
  g_assert_cmpint (comfy_protocol_from_nick (NULL), ==, COMFY_PROTOCOL_NONE);
}

int
main (int    argc,
      char **argv)
{
  test_fixture_init (&argc, &argv);

  test_fixture_add ("/probe/an-account-in-json-is-v1", test_v1);
  test_fixture_add ("/probe/a-job-denied-in-its-words-is-v2", test_v2);
  test_fixture_add ("/probe/another-server-is-neither", test_neither);
  test_fixture_add ("/probe/trouble-decides-nothing", test_trouble);
  test_fixture_add ("/probe/nicks-go-there-and-back", test_nicks);

  return g_test_run ();
}
