/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a server has not got, does not take, or was told to forget. */

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "test-fixture.h"

#define V1 "/developer/api/v1"
#define V2 "/api/v2"

#define MODEL "z_image_turbo_bf16.safetensors"
#define OTHER "z_image_turbo_fp8.safetensors"

static Reply
submit (Fixture    *fixture,
        const char *jobs,
        const char *graph)
{
  g_autofree char *body = g_strdup_printf ("{\"workflow\":%s}", graph);

  return fixture_send (fixture, "POST", jobs, fixture->bob_key, NULL, body);
}

/* Submits a graph that wants MODEL. */
static Reply
submit_generate (Fixture    *fixture,
                 const char *jobs)
{
  g_autofree char *graph = dup_graph ("t2i_z_image_turbo.json", NULL);

  g_assert_nonnull (strstr (graph, MODEL));
  return submit (fixture, jobs, graph);
}

static JsonObject *
get_object (const Reply *reply,
            const char  *path)
{
  g_auto(GStrv) members = g_strsplit (path, ".", -1);
  JsonObject *object = reply->json;

  for (unsigned int i = 0; members[i] != NULL; i++)
    {
      g_assert_nonnull (object);
      object = comfy_json_get_object (object, members[i]);
    }

  g_assert_nonnull (object);
  return object;
}

/* "b" of {…, "extra_info": {"input_name": "unet_name", "received_value": MODEL, "input_config":
 * [["a", "b"], {}]}} */
static const char *
get_allowed (JsonObject   *problem,
             unsigned int  index)
{
  JsonObject *extra = json_object_get_object_member (problem, "extra_info");
  JsonArray *config = json_object_get_array_member (extra, "input_config");

  g_assert_cmpstr (comfy_json_get_string (extra, "input_name"), ==, "unet_name");
  g_assert_cmpstr (comfy_json_get_string (extra, "received_value"), ==, MODEL);
  return json_array_get_string_element (json_array_get_array_element (config, 0), index);
}

static void
test_missing_model (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) v1 = { 0 };
  g_auto(Reply) v2 = { 0 };
  g_auto(Reply) after = { 0 };
  JsonObject *problem;

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "missing-model",
                   "{\"name\":\"" MODEL "\",\"allowed\":[\"x.safetensors\",\"" OTHER "\"]}");
  v1 = submit_generate (&fixture, V1 "/jobs");
  v2 = submit_generate (&fixture, V2 "/jobs");

  g_assert_cmpuint (v1.status, ==, 422);
  g_assert_cmpstr (reply_get (&v1, "error.code"), ==, "validation_error");
  problem = json_array_get_object_element (
    json_object_get_array_member (get_object (&v1, "error"), "details"), 0);
  g_assert_cmpstr (comfy_json_get_string (problem, "field"), ==, "workflow.1.unet_name");
  g_assert_cmpstr (comfy_json_get_string (problem, "type"), ==, "value_not_in_list");
  g_assert_cmpstr (get_allowed (problem, 1), ==, OTHER);

  g_assert_cmpuint (v2.status, ==, 422);
  g_assert_cmpstr (reply_get (&v2, "error.code"), ==, "invalid_workflow");
  problem = json_array_get_object_element (
    json_object_get_array_member (get_object (&v2, "error.details.node_errors"), "1"), 0);
  g_assert_cmpstr (comfy_json_get_string (problem, "field"), ==, "unet_name");
  g_assert_cmpstr (comfy_json_get_string (problem, "reason"), ==, "value_not_in_list");
  g_assert_cmpstr (get_allowed (problem, 0), ==, "x.safetensors");

  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "job", NULL, NULL), ==, 0);
  fixture_control (&fixture, "reset", "{}");
  after = submit_generate (&fixture, V1 "/jobs");
  g_assert_cmpuint (after.status, ==, 202);
}

/* ComfyUI's own answer: by itself, and where an error has its details. */
static void
test_shapes (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) raw = { 0 };
  g_auto(Reply) details = { 0 };
  JsonArray *errors;
  JsonObject *extra;
  JsonArray *config;

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "missing-model", "{\"name\":\"" MODEL "\",\"allowed\":[\"" OTHER "\"],"
                   "\"config\":\"combo\",\"shape\":\"raw\"}");
  raw = submit_generate (&fixture, V1 "/jobs");
  fixture_control (&fixture, "missing-model", "{\"name\":\"" MODEL "\",\"config\":\"none\","
                   "\"shape\":\"details\"}");
  details = submit_generate (&fixture, V2 "/jobs");

  g_assert_cmpuint (raw.status, ==, 400);
  g_assert_cmpstr (reply_get (&raw, "error.type"), ==, "prompt_outputs_failed_validation");
  g_assert_cmpstr (reply_get (&raw, "node_errors.1.class_type"), ==, "UNETLoader");
  errors = json_object_get_array_member (get_object (&raw, "node_errors.1"), "errors");
  extra = json_object_get_object_member (json_array_get_object_element (errors, 0), "extra_info");
  config = json_object_get_array_member (extra, "input_config");
  g_assert_cmpstr (json_array_get_string_element (config, 0), ==, "COMBO");
  g_assert_cmpstr (json_array_get_string_element (
                     json_object_get_array_member (json_array_get_object_element (config, 1),
                                                   "options"), 0), ==, OTHER);

  g_assert_cmpuint (details.status, ==, 422);
  errors = json_object_get_array_member (get_object (&details, "error.details.node_errors.1"),
                                         "errors");
  extra = json_object_get_object_member (json_array_get_object_element (errors, 0), "extra_info");
  g_assert_true (json_object_get_null_member (extra, "input_config"));
}

static void
test_missing_node (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (8, 8, 1);
  g_auto(Reply) input = { 0 };
  g_autofree char *graph = NULL;
  g_auto(Reply) v1 = { 0 };
  g_auto(Reply) v2 = { 0 };
  g_auto(Reply) raw = { 0 };
  JsonObject *problem;

  fixture_start (&fixture, NULL);
  input = fixture_upload (&fixture, V1 "/inputs", fixture.bob_key, "a.png", picture, FALSE);
  graph = dup_graph ("sandbox_save_16bit.json", reply_get (&input, "name"));
  fixture_control (&fixture, "missing-node", "{\"class_type\":\"SaveImageAdvanced\"}");
  v1 = submit (&fixture, V1 "/jobs", graph);
  v2 = submit (&fixture, V2 "/jobs", graph);
  fixture_control (&fixture, "missing-node",
                   "{\"class_type\":\"SaveImageAdvanced\",\"shape\":\"raw\"}");
  raw = submit (&fixture, V2 "/jobs", graph);

  g_assert_cmpuint (v1.status, ==, 422);
  problem = json_array_get_object_element (
    json_object_get_array_member (get_object (&v1, "error"), "details"), 0);
  g_assert_cmpstr (comfy_json_get_string (problem, "field"), ==, "workflow.3");
  g_assert_cmpstr (comfy_json_get_string (problem, "type"), ==, "missing_node_type");

  g_assert_cmpuint (v2.status, ==, 422);
  problem = json_array_get_object_element (
    json_object_get_array_member (get_object (&v2, "error.details.node_errors"), "3"), 0);
  g_assert_cmpstr (comfy_json_get_string (problem, "reason"), ==, "missing_node_type");

  g_assert_cmpuint (raw.status, ==, 400);
  g_assert_cmpstr (reply_get (&raw, "error.type"), ==, "missing_node_type");
  g_assert_cmpstr (reply_get (&raw, "error.extra_info.class_type"), ==, "SaveImageAdvanced");
  g_assert_cmpuint (json_object_get_size (get_object (&raw, "node_errors")), ==, 0);
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "job", NULL, NULL), ==, 0);
}

static void
test_refuse_webp (void)
{
  static const char *const urls[] = { V1 "/inputs", V2 "/assets" };
  static const char *const codes[] = { "invalid_request", "unsupported_media_type" };
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fuzz", "corpus-image",
                                                 "lossless.webp", NULL);
  g_autofree char *content = NULL;
  gsize length;
  g_autoptr(GBytes) webp = NULL;
  g_autoptr(GBytes) png = make_picture (8, 8, 1);

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  webp = g_bytes_new (content, length);

  for (unsigned int i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_auto(Fixture) fixture = { 0 };
      g_auto(Reply) refused = { 0 };
      g_auto(Reply) taken = { 0 };
      g_auto(Reply) after = { 0 };

      fixture_start (&fixture, NULL);
      fixture_control (&fixture, "refuse-webp", "{}");
      /* the bytes count, not the name */
      refused = fixture_upload (&fixture, urls[i], fixture.bob_key, "a.png", webp, FALSE);
      taken = fixture_upload (&fixture, urls[i], fixture.bob_key, "a.webp", png, FALSE);
      fixture_control (&fixture, "reset", "{}");
      after = fixture_upload (&fixture, urls[i], fixture.bob_key, "a.webp", webp, FALSE);

      g_assert_cmpuint (refused.status, ==, 415);
      g_assert_cmpstr (reply_get (&refused, "error.code"), ==, codes[i]);
      g_assert_cmpuint (taken.status, ==, 201);
      g_assert_cmpuint (after.status, ==, 201);
    }
}

static void
test_delete_input (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (8, 8, 1);
  g_auto(Reply) input = { 0 };
  g_auto(Reply) deleted = { 0 };
  g_auto(Reply) again = { 0 };
  g_auto(Reply) refused = { 0 };
  g_autofree char *url = NULL;
  g_autofree char *body = NULL;

  fixture_start (&fixture, NULL);
  input = fixture_upload (&fixture, V1 "/inputs", fixture.bob_key, "a.png", picture, FALSE);
  url = g_strconcat (V1 "/inputs/", reply_get (&input, "id"), NULL);
  body = dup_invert_job (reply_get (&input, "name"));
  deleted = fixture_send (&fixture, "DELETE", url, fixture.bob_key, NULL, NULL);
  again = fixture_send (&fixture, "DELETE", url, fixture.bob_key, NULL, NULL);
  refused = fixture_send (&fixture, "POST", V1 "/jobs", fixture.bob_key, NULL, body);

  g_assert_cmpuint (deleted.status, ==, 204);
  g_assert_cmpuint (again.status, ==, 404);
  g_assert_cmpstr (reply_get (&again, "error.code"), ==, "not_found");
  g_assert_cmpuint (refused.status, ==, 422);
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "request", "DELETE", V1 "/inputs/"), ==,
                    2);
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "job", NULL, NULL), ==, 0);
}

static void
test_delete_asset (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (8, 8, 1);
  g_auto(Reply) asset = { 0 };
  g_auto(Reply) job = { 0 };
  g_auto(Reply) in_use = { 0 };
  g_auto(Reply) deleted = { 0 };
  g_auto(Reply) again = { 0 };
  g_auto(Reply) refused = { 0 };
  g_autofree char *url = NULL;
  g_autofree char *job_url = NULL;
  g_autofree char *body = NULL;
  g_autofree char *status = NULL;

  fixture_start (&fixture, NULL);
  asset = fixture_upload (&fixture, V2 "/assets", fixture.bob_key, "a.png", picture, FALSE);
  url = g_strconcat (V2 "/assets/", reply_get (&asset, "id"), NULL);
  body = dup_invert_job (reply_get (&asset, "file_path"));

  fixture_control (&fixture, "hold", "{}");
  job = fixture_send (&fixture, "POST", V2 "/jobs", fixture.bob_key, NULL, body);
  job_url = g_strconcat (V2 "/jobs/", reply_get (&job, "id"), NULL);
  in_use = fixture_send (&fixture, "DELETE", url, fixture.bob_key, NULL, NULL);
  fixture_control (&fixture, "release", "{}");
  status = fixture_wait_for_job (&fixture, job_url, fixture.bob_key);
  deleted = fixture_send (&fixture, "DELETE", url, fixture.bob_key, NULL, NULL);
  again = fixture_send (&fixture, "DELETE", url, fixture.bob_key, NULL, NULL);
  refused = fixture_send (&fixture, "POST", V2 "/jobs", fixture.bob_key, NULL, body);

  g_assert_cmpuint (in_use.status, ==, 409);
  g_assert_cmpstr (reply_get (&in_use, "error.code"), ==, "asset_in_use");
  g_assert_cmpstr (status, ==, "succeeded");
  g_assert_cmpuint (deleted.status, ==, 204);
  g_assert_cmpuint (again.status, ==, 404);
  g_assert_cmpuint (refused.status, ==, 422);
  g_assert_cmpstr (reply_get (&refused, "error.code"), ==, "missing_asset");
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "request", "DELETE", V2 "/assets/"), ==,
                    3);
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "job", NULL, NULL), ==, 1);
}

/* Sends a command that must be refused. */
static void
assert_refused (Fixture    *fixture,
                const char *command,
                const char *json)
{
  g_autofree char *url = g_strconcat ("/_sandbox/", command, NULL);
  g_auto(Reply) reply = fixture_send (fixture, "POST", url, NULL, NULL, json);

  g_assert_cmpuint (reply.status, ==, 400);
}

static void
test_commands (void)
{
  g_auto(Fixture) fixture = { 0 };

  fixture_start (&fixture, NULL);
  assert_refused (&fixture, "missing-model", "{}");
  assert_refused (&fixture, "missing-model", "{\"name\":\"x\",\"config\":\"odd\"}");
  assert_refused (&fixture, "missing-node", "{\"class_type\":\"x\",\"shape\":\"odd\"}");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox-refusals/missing-model-tells-what-there-is", test_missing_model);
  g_test_add_func ("/sandbox-refusals/comfyui-own-answers", test_shapes);
  g_test_add_func ("/sandbox-refusals/missing-node", test_missing_node);
  g_test_add_func ("/sandbox-refusals/webp-is-refused-by-its-bytes", test_refuse_webp);
  g_test_add_func ("/sandbox-refusals/deleted-input-is-gone", test_delete_input);
  g_test_add_func ("/sandbox-refusals/asset-in-use-is-kept-until-the-job-ends", test_delete_asset);
  g_test_add_func ("/sandbox-refusals/senseless-commands-are-refused", test_commands);

  return g_test_run ();
}
