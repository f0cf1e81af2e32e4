/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Comfy API v2 as the cloud, a serverless deployment and a proxy serve it; and partners' nodes. */

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "test-fixture.h"

#define V2 "/api/v2"

static char *
dup_job (const char *extra)
{
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);

  return g_strdup_printf ("{\"workflow\":%s%s}", graph, extra);
}

/* Submits an inversion of a new upload, named as @by_id says. */
static Reply
submit_invert (Fixture    *fixture,
               const char *key,
               gboolean    by_id)
{
  g_autoptr(GBytes) picture = make_picture (40, 30, 1);
  g_auto(Reply) asset = fixture_upload (fixture, V2 "/assets", key, "a.png", picture, FALSE);
  g_autofree char *named = dup_invert_job (by_id ? "NAME" : reply_get (&asset, "file_path"));
  g_autofree char *reference = NULL;
  g_auto(GStrv) parts = NULL;
  g_autofree char *job = NULL;

  if (!by_id)
    return fixture_send (fixture, "POST", V2 "/jobs", key, NULL, named);

  reference = g_strdup_printf ("{\"__type\":\"core/ASSET\",\"info\":{\"id\":\"%s\"}}",
                               reply_get (&asset, "id"));
  parts = g_strsplit (named, "\"NAME\"", 2);
  job = g_strjoinv (reference, parts);
  return fixture_send (fixture, "POST", V2 "/jobs", key, NULL, job);
}

static void
test_cloud (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) list = { 0 };
  g_auto(Reply) without_key = { 0 };
  g_auto(Reply) by_id = { 0 };
  g_auto(Reply) by_name = { 0 };

  fixture_start (&fixture, NULL);
  list = fixture_send (&fixture, "GET", V2 "/jobs", fixture.alice_key, NULL, NULL);
  without_key = fixture_send (&fixture, "GET", V2 "/jobs/x", NULL, NULL, NULL);
  by_id = submit_invert (&fixture, fixture.alice_key, TRUE);
  by_name = submit_invert (&fixture, fixture.alice_key, FALSE);

  g_assert_cmpuint (list.status, ==, 404);
  g_assert_cmpuint (without_key.status, ==, 401);
  g_assert_cmpuint (by_id.status, ==, 201);
  g_assert_cmpuint (by_name.status, ==, 201);
}

static void
test_serverless (void)
{
  ComfySandboxOptions options = { .flavour = COMFY_SANDBOX_SERVERLESS };
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) v1 = { 0 };
  g_auto(Reply) list = { 0 };
  g_auto(Reply) by_id = { 0 };
  g_auto(Reply) by_name = { 0 };
  g_auto(Reply) events = { 0 };
  g_autofree char *status = NULL;

  fixture_start (&fixture, &options);
  v1 = fixture_send (&fixture, "GET", "/developer/api/v1/account", fixture.alice_key, NULL, NULL);
  list = fixture_send (&fixture, "GET", V2 "/jobs", fixture.alice_key, NULL, NULL);
  by_id = submit_invert (&fixture, fixture.alice_key, TRUE);
  by_name = submit_invert (&fixture, fixture.alice_key, FALSE);

  g_assert_cmpuint (v1.status, ==, 404);
  g_assert_cmpuint (list.status, ==, 404);
  g_assert_cmpuint (by_id.status, ==, 422);
  g_assert_cmpstr (reply_get (&by_id, "error.code"), ==, "missing_asset");
  g_assert_cmpuint (by_name.status, ==, 201);

  /* links lead on as they are */
  g_assert_true (g_str_has_prefix (reply_get (&by_name, "urls.self"), "/deployment/"));
  status = fixture_wait_for_job (&fixture, reply_get (&by_name, "urls.self"), fixture.alice_key);
  g_assert_cmpstr (status, ==, "succeeded");
  events = fixture_send (&fixture, "GET", reply_get (&by_name, "urls.events"), fixture.alice_key,
                         NULL, NULL);
  g_assert_cmpuint (events.status, ==, 501);
  g_assert_cmpstr (reply_get (&events, "error.code"), ==, "not_implemented");
}

static void
test_proxy (void)
{
  ComfySandboxOptions options = { .flavour = COMFY_SANDBOX_PROXY };
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) by_id = { 0 };
  g_auto(Reply) done = { 0 };
  g_auto(Reply) list = { 0 };
  g_auto(Reply) failed = { 0 };
  g_auto(Reply) content = { 0 };
  g_autofree char *status = NULL;
  g_autofree char *ledger = NULL;
  JsonObject *output;
  const char *url;

  fixture_start (&fixture, &options);
  by_id = submit_invert (&fixture, NULL, TRUE);
  g_assert_cmpuint (by_id.status, ==, 201);
  status = fixture_wait_for_job (&fixture, reply_get (&by_id, "urls.self"), NULL);
  g_assert_cmpstr (status, ==, "succeeded");

  list = fixture_send (&fixture, "GET", V2 "/jobs?limit=5", NULL, NULL, NULL);
  failed = fixture_send (&fixture, "GET", V2 "/jobs?status=failed", NULL, NULL, NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (list.json, "jobs")), ==,
                    1);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (failed.json, "jobs")), ==,
                    0);

  /* from the API itself, and it costs nothing */
  done = fixture_send (&fixture, "GET", reply_get (&by_id, "urls.self"), NULL, NULL, NULL);
  output = json_array_get_object_element (json_object_get_array_member (done.json, "outputs"), 0);
  url = json_object_get_string_member (output, "url");
  g_assert_true (g_str_has_prefix (url, comfy_sandbox_get_base_url (fixture.sandbox)));
  content = fixture_send (&fixture, "GET", url, NULL, NULL, NULL);
  g_assert_cmpuint (content.status, ==, 200);
  ledger = comfy_sandbox_dup_ledger (fixture.sandbox);
  g_assert_nonnull (strstr (ledger, "\"cost\":0"));
}

static void
test_proxy_with_token (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) without = { 0 };
  g_auto(Reply) wrong = { 0 };
  g_auto(Reply) with = { 0 };

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "flavour", "{\"flavour\":\"proxy\",\"token\":true}");
  without = fixture_send (&fixture, "GET", V2 "/jobs", NULL, NULL, NULL);
  wrong = fixture_send (&fixture, "GET", V2 "/jobs", "wrong", NULL, NULL);
  with = fixture_send (&fixture, "GET", V2 "/jobs", fixture.alice_key, NULL, NULL);

  g_assert_cmpuint (without.status, ==, 401);
  g_assert_cmpuint (wrong.status, ==, 401);
  g_assert_cmpuint (with.status, ==, 200);
}

/* Ends every stream that it opened only when it is done. */
static void
test_proxy_streams (void)
{
  ComfySandboxOptions options = { .flavour = COMFY_SANDBOX_PROXY };
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *body = dup_job ("");
  g_auto(Reply) job = { 0 };
  g_auto(Reply) refused = { 0 };
  g_autoptr(GPtrArray) streams = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *url = NULL;

  fixture_start (&fixture, &options);
  fixture_control (&fixture, "hold", "{}");
  job = fixture_send (&fixture, "POST", V2 "/jobs", NULL, NULL, body);
  url = g_strconcat (comfy_sandbox_get_base_url (fixture.sandbox), reply_get (&job, "urls.events"),
                     NULL);
  for (int i = 0; i < 8; i++)
    {
      g_autoptr(SoupMessage) message = soup_message_new ("GET", url);

      g_ptr_array_add (streams, soup_session_send (fixture.session, message, NULL, NULL));
      g_assert_cmpuint (soup_message_get_status (message), ==, 200);
    }

  refused = fixture_send (&fixture, "GET", url, NULL, NULL, NULL);
  g_assert_cmpuint (refused.status, ==, 429);
  g_assert_cmpstr (reply_get (&refused, "error.code"), ==, "too_many_streams");
}

static void
test_switch (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) on_proxy = { 0 };
  g_auto(Reply) on_cloud = { 0 };

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "flavour", "{\"flavour\":\"proxy\"}");
  on_proxy = fixture_send (&fixture, "GET", V2 "/jobs", NULL, NULL, NULL);
  fixture_control (&fixture, "reset", "{}");
  on_cloud = fixture_send (&fixture, "GET", V2 "/jobs", NULL, NULL, NULL);

  g_assert_cmpuint (on_proxy.status, ==, 200);
  g_assert_cmpuint (on_cloud.status, ==, 401);
}

/* Submits a partner's node and returns how it ended. */
static Reply
run_partner (Fixture    *fixture,
             const char *extra)
{
  g_autofree char *job = g_strdup_printf (
    "{\"workflow\":{\"7\":{\"class_type\":\"FluxKontextProImageNode\",\"inputs\":{"
    "\"prompt\":\"a red barn\",\"aspect_ratio\":\"1:1\",\"guidance\":3.0,\"steps\":50,\"seed\":1,"
    "\"prompt_upsampling\":false}},\"8\":{\"class_type\":\"SaveImage\",\"inputs\":{"
    "\"images\":[\"7\",0],\"filename_prefix\":\"x\"}}}%s}", extra);
  g_auto(Reply) submitted =
    fixture_send (fixture, "POST", V2 "/jobs", fixture->alice_key, NULL, job);
  g_autofree char *status = NULL;

  g_assert_cmpuint (submitted.status, ==, 201);
  status = fixture_wait_for_job (fixture, reply_get (&submitted, "urls.self"), fixture->alice_key);
  return fixture_send (fixture, "GET", reply_get (&submitted, "urls.self"), fixture->alice_key,
                       NULL, NULL);
}

static void
test_partner (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *secret = g_uuid_string_random ();
  g_autofree char *extra = g_strdup_printf (",\"extra_data\":{\"api_key_comfy_org\":\"%s\"}",
                                            secret);
  g_auto(Reply) without = { 0 };
  g_auto(Reply) with = { 0 };
  g_autofree char *ledger = NULL;

  fixture_start (&fixture, NULL);
  without = run_partner (&fixture, "");
  g_assert_cmpstr (reply_get (&without, "status"), ==, "failed");
  g_assert_cmpstr (reply_get (&without, "error.message"), ==,
                   "Unauthorized: Please login first to use this node");
  g_assert_cmpstr (reply_get (&without, "error.node_id"), ==, "7");
  with = run_partner (&fixture, extra);
  g_assert_cmpstr (reply_get (&with, "status"), ==, "succeeded");

  ledger = comfy_sandbox_dup_ledger (fixture.sandbox);
  g_assert_nonnull (strstr (ledger, "\"partner_key\":true"));
  g_assert_nonnull (strstr (ledger, "\"partner_key\":false"));
  g_assert_null (strstr (ledger, secret));
}

static void
test_extra_data_is_closed (void)
{
  static const char *const extras[] = {
    ",\"extra_data\":{}", ",\"extra_data\":{\"other\":1}", ",\"extra_data\":7",
    ",\"extra_data\":{\"api_key_comfy_org\":\"x\",\"other\":1}",
  };
  g_auto(Fixture) fixture = { 0 };

  fixture_start (&fixture, NULL);
  for (unsigned int i = 0; i < G_N_ELEMENTS (extras); i++)
    {
      g_autofree char *job = dup_job (extras[i]);
      g_auto(Reply) reply = fixture_send (&fixture, "POST", V2 "/jobs", fixture.alice_key, NULL,
                                          job);

      g_assert_cmpuint (reply.status, ==, 422);
    }
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "job", NULL, NULL), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox-flavours/cloud", test_cloud);
  g_test_add_func ("/sandbox-flavours/serverless", test_serverless);
  g_test_add_func ("/sandbox-flavours/proxy", test_proxy);
  g_test_add_func ("/sandbox-flavours/proxy-with-a-token", test_proxy_with_token);
  g_test_add_func ("/sandbox-flavours/proxy-has-eight-streams", test_proxy_streams);
  g_test_add_func ("/sandbox-flavours/a-running-sandbox-changes", test_switch);
  g_test_add_func ("/sandbox-flavours/partners-want-a-key-that-nobody-writes-down", test_partner);
  g_test_add_func ("/sandbox-flavours/extra-data-is-closed", test_extra_data_is_closed);

  return g_test_run ();
}
