/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Comfy API v2 as its contract describes it, and what stands in for models. */

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "sandbox-image.h"
#include "test-fixture.h"

#define V2 "/api/v2"

static void
test_probe (void)
{
  g_autofree char *zeros = g_strnfill (64, '0');
  g_autofree char *url = g_strconcat (V2 "/assets/by-hash/blake3%3A", zeros, NULL);
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) accepted = { 0 };
  g_auto(Reply) rejected = { 0 };
  g_auto(Reply) with_body = { 0 };

  fixture_start (&fixture, NULL);
  accepted = fixture_send (&fixture, "HEAD", url, fixture.alice_key, NULL, NULL);
  rejected = fixture_send (&fixture, "HEAD", url, "wrong", NULL, NULL);
  with_body = fixture_send (&fixture, "GET", V2 "/jobs/x", "wrong", NULL, NULL);

  g_assert_cmpuint (accepted.status, ==, 404);
  g_assert_cmpuint (rejected.status, ==, 401);
  g_assert_cmpstr (reply_get (&with_body, "error.code"), ==, "unauthorized");
}

static void
test_one_protocol (void)
{
  ComfySandboxOptions only_v2 = { .protocols = COMFY_SANDBOX_V2 };
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) v1 = { 0 };
  g_auto(Reply) v2 = { 0 };

  fixture_start (&fixture, &only_v2);
  v1 = fixture_send (&fixture, "GET", "/developer/api/v1/account", fixture.alice_key, NULL, NULL);
  v2 = fixture_send (&fixture, "GET", V2 "/jobs/x", fixture.alice_key, NULL, NULL);

  /* as cloud.comfy.org does today: a page, not JSON */
  g_assert_cmpuint (v1.status, ==, 404);
  g_assert_null (v1.json);
  g_assert_cmpuint (v2.status, ==, 404);
  g_assert_cmpstr (reply_get (&v2, "error.code"), ==, "not_found");
}

static void
test_assets (void)
{
  static const char *const required[] = {
    "id", "hash", "size_bytes", "content_type", "created_at", "url", "url_expires_at", NULL
  };
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (40, 30, 1);
  g_auto(Reply) asset = { 0 };
  g_auto(Reply) refused = { 0 };
  g_auto(Reply) again = { 0 };
  g_auto(Reply) content = { 0 };
  g_auto(Reply) download = { 0 };
  g_auto(Reply) with_key = { 0 };
  g_autofree char *url = NULL;
  g_autofree char *content_url = NULL;
  const char *location;

  fixture_start (&fixture, NULL);
  asset = fixture_upload (&fixture, V2 "/assets", fixture.alice_key, "a.png", picture, FALSE);
  refused = fixture_upload (&fixture, V2 "/assets", fixture.alice_key, "a.png", picture, TRUE);

  g_assert_cmpuint (asset.status, ==, 201);
  reply_assert_members (asset.json, required);
  g_assert_cmpstr (reply_get (&asset, "content_type"), ==, "image/png");
  g_assert_cmpuint (refused.status, ==, 422);

  url = g_strconcat (V2 "/assets/", reply_get (&asset, "id"), NULL);
  again = fixture_send (&fixture, "GET", url, fixture.alice_key, NULL, NULL);
  g_assert_cmpstr (reply_get (&again, "file_path"), ==, "a.png");

  content_url = g_strconcat (url, "/content", NULL);
  content = fixture_send (&fixture, "GET", content_url, fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (content.status, ==, 302);
  location = soup_message_headers_get_one (content.headers, "Location");
  g_assert_true (g_str_has_prefix (location, comfy_sandbox_get_download_url (fixture.sandbox)));
  g_assert_false (g_str_has_prefix (location, comfy_sandbox_get_base_url (fixture.sandbox)));

  download = fixture_send (&fixture, "GET", location, NULL, NULL, NULL);
  g_assert_true (g_bytes_equal (download.body, picture));
  /* a key at another origin is the client's mistake */
  with_key = fixture_send (&fixture, "GET", location, fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (with_key.status, ==, 400);
}

static void
test_ranges_and_expiry (void)
{
  ComfySandboxOptions options = { .inline_content = TRUE };
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (40, 30, 1);
  g_auto(Reply) asset = { 0 };
  g_auto(Reply) part = { 0 };
  g_auto(Reply) expired = { 0 };
  g_auto(Reply) forged = { 0 };
  g_autofree char *url = NULL;
  g_autofree char *forged_url = NULL;
  g_autofree char *bearer = NULL;
  g_autoptr(SoupMessage) message = NULL;

  fixture_start (&fixture, &options);
  asset = fixture_upload (&fixture, V2 "/assets", fixture.alice_key, "a.png", picture, FALSE);
  url = g_strdup_printf ("%s" V2 "/assets/%s/content",
                         comfy_sandbox_get_base_url (fixture.sandbox), reply_get (&asset, "id"));
  message = soup_message_new ("GET", url);
  soup_message_headers_append (soup_message_get_request_headers (message), "Range", "bytes=100-");
  bearer = g_strconcat ("Bearer ", fixture.alice_key, NULL);
  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  part = fixture_send_message (&fixture, message);

  g_assert_cmpuint (part.status, ==, 206);
  g_assert_cmpmem (g_bytes_get_data (part.body, NULL), g_bytes_get_size (part.body),
                   (const char *) g_bytes_get_data (picture, NULL) + 100,
                   g_bytes_get_size (picture) - 100);

  forged_url = g_strconcat (reply_get (&asset, "url"), "0", NULL);
  forged = fixture_send (&fixture, "GET", forged_url, NULL, NULL, NULL);
  g_assert_cmpuint (forged.status, ==, 403);

  fixture_control (&fixture, "expire-links", "{}");
  expired = fixture_send (&fixture, "GET", reply_get (&asset, "url"), NULL, NULL, NULL);
  g_assert_cmpuint (expired.status, ==, 400);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (expired.body, NULL),
                                  (gssize) g_bytes_get_size (expired.body), "ExpiredToken"));
}

static void
test_job (void)
{
  static const char *const required[] = {
    "id", "status", "created_at", "started_at", "completed_at", "expires_at", "queue_position",
    "progress", "outputs", "error", "urls", NULL
  };
  static const char *const output_required[] = {
    "node_id", "name", "type", "content_type", "size_bytes", "id", "hash", "url",
    "url_expires_at", NULL
  };
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);
  g_autofree char *job = g_strdup_printf ("{\"workflow\":%s}", graph);
  g_auto(Reply) submitted = { 0 };
  g_auto(Reply) waiting = { 0 };
  g_auto(Reply) done = { 0 };
  g_autofree char *status = NULL;
  JsonArray *outputs;

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "hold", "{}");
  submitted = fixture_send (&fixture, "POST", V2 "/jobs", fixture.alice_key, "key-1", job);
  waiting = fixture_send (&fixture, "POST", V2 "/jobs", fixture.alice_key, "key-2", job);

  g_assert_cmpuint (submitted.status, ==, 201);
  reply_assert_members (submitted.json, required);
  g_assert_cmpstr (reply_get (&waiting, "status"), ==, "queued");
  g_assert_cmpint (json_object_get_int_member (waiting.json, "queue_position"), ==, 0);
  reply_assert_members (json_object_get_object_member (submitted.json, "progress"),
                  (const char *const[]) { "value", "nodes_done", "nodes_total", NULL });

  fixture_control (&fixture, "release", "{}");
  status = fixture_wait_for_job (&fixture, reply_get (&submitted, "urls.self"), fixture.alice_key);
  g_assert_cmpstr (status, ==, "succeeded");
  done = fixture_send (&fixture, "GET", reply_get (&submitted, "urls.self"), fixture.alice_key,
                       NULL, NULL);
  /* two saved, two previews */
  outputs = json_object_get_array_member (done.json, "outputs");
  g_assert_cmpuint (json_array_get_length (outputs), ==, 4);
  reply_assert_members (json_array_get_object_element (outputs, 0), output_required);
}

static void
test_idempotency (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);
  g_autofree char *good = g_strdup_printf ("{\"workflow\":%s}", graph);
  g_auto(Reply) refused = { 0 };
  g_auto(Reply) first = { 0 };
  g_auto(Reply) again = { 0 };

  fixture_start (&fixture, NULL);
  refused = fixture_send (&fixture, "POST", V2 "/jobs", fixture.alice_key, "key-1",
                          "{\"workflow\":{\"1\":{\"class_type\":\"Nope\",\"inputs\":{}}}}");
  first = fixture_send (&fixture, "POST", V2 "/jobs", fixture.alice_key, "key-1", good);
  again = fixture_send (&fixture, "POST", V2 "/jobs", fixture.alice_key, "key-1", good);

  /* a definite failure gives the key back; a job keeps it */
  g_assert_cmpuint (refused.status, ==, 422);
  g_assert_cmpuint (first.status, ==, 201);
  g_assert_cmpuint (again.status, ==, 422);
  g_assert_cmpstr (reply_get (&again, "error.code"), ==, "idempotency_key_reuse");
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "job", NULL, NULL), ==, 1);
}

static void
test_refusals (void)
{
  static const struct
  {
    const char *body;
    const char *code;
  } cases[] = {
    { "nonsense", "invalid_body" },
    { "{}", "invalid_body" },
    { "{\"workflow\":{\"nodes\":[],\"links\":[]}}", "workflow_format_ui" },
    { "{\"workflow\":{\"1\":{\"class_type\":\"Nope\",\"inputs\":{}}}}", "invalid_workflow" },
    { "{\"workflow\":{},\"webhook_url\":\"x\"}", "invalid_body" },
  };
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *job = dup_invert_job ("never.png");
  g_auto(Reply) missing = { 0 };

  fixture_start (&fixture, NULL);
  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Reply) reply =
        fixture_send (&fixture, "POST", V2 "/jobs", fixture.alice_key, NULL, cases[i].body);

      g_assert_cmpuint (reply.status, ==, 422);
      g_assert_cmpstr (reply_get (&reply, "error.code"), ==, cases[i].code);
    }

  missing = fixture_send (&fixture, "POST", V2 "/jobs", fixture.alice_key, NULL, job);
  g_assert_cmpstr (reply_get (&missing, "error.code"), ==, "missing_asset");
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "job", NULL, NULL), ==, 0);
}

static void
test_queue_full (void)
{
  ComfySandboxOptions options = { .queue_length = 1 };
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);
  g_autofree char *job = g_strdup_printf ("{\"workflow\":%s}", graph);

  fixture_start (&fixture, &options);
  fixture_control (&fixture, "hold", "{}");
  for (int i = 0; i < 3; i++)
    {
      g_auto(Reply) reply =
        fixture_send (&fixture, "POST", V2 "/jobs", fixture.alice_key, NULL, job);

      g_assert_cmpuint (reply.status, ==, i < 2 ? 201 : 429);
      if (i == 2)
        {
          g_assert_cmpstr (reply_get (&reply, "error.code"), ==, "queue_full");
          g_assert_nonnull (soup_message_headers_get_one (reply.headers, "Retry-After"));
        }
    }
}

/* Runs a graph over an upload by core/ASSET and returns what came out. */
static GBytes *
run_graph (Fixture    *fixture,
           const char *graph)
{
  g_autofree char *job = g_strdup_printf ("{\"workflow\":%s}", graph);
  g_auto(Reply) submitted =
    fixture_send (fixture, "POST", V2 "/jobs", fixture->alice_key, NULL, job);
  g_autofree char *status = NULL;
  g_auto(Reply) done = { 0 };
  g_auto(Reply) download = { 0 };
  JsonObject *output;

  g_assert_cmpuint (submitted.status, ==, 201);
  status = fixture_wait_for_job (fixture, reply_get (&submitted, "urls.self"), fixture->alice_key);
  g_assert_cmpstr (status, ==, "succeeded");
  done = fixture_send (fixture, "GET", reply_get (&submitted, "urls.self"), fixture->alice_key,
                       NULL, NULL);
  output = json_array_get_object_element (json_object_get_array_member (done.json, "outputs"), 0);
  download = fixture_send (fixture, "GET", json_object_get_string_member (output, "url"), NULL,
                           NULL, NULL);
  g_assert_cmpuint (download.status, ==, 200);

  return g_bytes_ref (download.body);
}

static char *
replace (const char *text,
         const char *from,
         const char *to)
{
  g_auto(GStrv) parts = g_strsplit (text, from, -1);

  g_assert_cmpuint (g_strv_length (parts), >, 1);
  return g_strjoinv (to, parts);
}

/* Only the pixels: the file also holds the graph. */
static gboolean
same_pixels (GBytes *a,
             GBytes *b)
{
  gboolean has_alpha;
  g_autoptr(SandboxImage) first = sandbox_image_read (a, &has_alpha, NULL);
  g_autoptr(SandboxImage) second = sandbox_image_read (b, &has_alpha, NULL);

  return first->width == second->width && first->height == second->height
         && memcmp (first->data, second->data,
                    sandbox_image_get_count (first) * sizeof (float)) == 0;
}

static void
test_generate (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *large = dup_graph ("generate-image.json", NULL);
  g_autofree char *narrow = replace (large, "\"width\":1024", "\"width\":128");
  g_autofree char *graph = replace (narrow, "\"height\":1024", "\"height\":100");
  g_autofree char *prefix = replace (graph, "\"filename_prefix\":\"gimp\"",
                                     "\"filename_prefix\":\"other\"");
  g_autofree char *seed = replace (graph, "\"seed\":0", "\"seed\":18446744073709551615");
  g_autofree char *near_seed = replace (graph, "\"seed\":0", "\"seed\":18446744073709551614");
  g_autofree char *prompt = replace (graph, "bicycle", "tricycle");
  g_autoptr(GBytes) result = NULL;
  g_autoptr(GBytes) same = NULL;
  g_autoptr(GBytes) by_seed = NULL;
  g_autoptr(GBytes) by_near_seed = NULL;
  g_autoptr(GBytes) by_prompt = NULL;
  g_autoptr(SandboxImage) image = NULL;
  gboolean has_alpha;

  fixture_start (&fixture, NULL);
  result = run_graph (&fixture, graph);
  same = run_graph (&fixture, prefix);
  by_seed = run_graph (&fixture, seed);
  by_near_seed = run_graph (&fixture, near_seed);
  by_prompt = run_graph (&fixture, prompt);

  image = sandbox_image_read (result, &has_alpha, NULL);
  g_assert_cmpint (image->width, ==, 128);
  /* the latent's blocks are 8 pixels */
  g_assert_cmpint (image->height, ==, 96);
  g_assert_true (same_pixels (result, same));
  g_assert_false (same_pixels (result, by_seed));
  g_assert_false (same_pixels (by_seed, by_near_seed));
  g_assert_false (same_pixels (result, by_prompt));
}

static void
test_upscale (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (12, 10, 5);
  g_auto(Reply) asset = { 0 };
  g_autofree char *named = dup_graph ("upscale-4x.json", "NAME");
  g_autofree char *reference = NULL;
  g_autofree char *graph = NULL;
  g_autoptr(GBytes) result = NULL;
  g_autoptr(SandboxImage) before = NULL;
  g_autoptr(SandboxImage) expected = NULL;
  g_autoptr(SandboxImage) after = NULL;
  gboolean has_alpha;

  fixture_start (&fixture, NULL);
  asset = fixture_upload (&fixture, V2 "/assets", fixture.alice_key, "a.png", picture, FALSE);
  reference = g_strdup_printf ("{\"__type\":\"core/ASSET\",\"info\":{\"id\":\"%s\"}}",
                               reply_get (&asset, "id"));
  graph = replace (named, "\"NAME\"", reference);
  result = run_graph (&fixture, graph);

  before = sandbox_image_read (picture, &has_alpha, NULL);
  expected = sandbox_image_resize (before, 48, 40, "bicubic");
  after = sandbox_image_read (result, &has_alpha, NULL);
  g_assert_cmpint (after->width, ==, 48);
  g_assert_cmpint (after->height, ==, 40);
  for (gsize i = 0; i < sandbox_image_get_count (after); i++)
    g_assert_cmpfloat_with_epsilon (CLAMP (expected->data[i], 0.0f, 1.0f), after->data[i],
                                    1.01f / 255.0f);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox-v2/probe", test_probe);
  g_test_add_func ("/sandbox-v2/one-protocol-alone", test_one_protocol);
  g_test_add_func ("/sandbox-v2/assets", test_assets);
  g_test_add_func ("/sandbox-v2/ranges-and-links-that-expire", test_ranges_and_expiry);
  g_test_add_func ("/sandbox-v2/job", test_job);
  g_test_add_func ("/sandbox-v2/a-key-is-good-for-one-job", test_idempotency);
  g_test_add_func ("/sandbox-v2/refusals-start-nothing", test_refusals);
  g_test_add_func ("/sandbox-v2/queue-full", test_queue_full);
  g_test_add_func ("/sandbox-v2/generated-pictures-depend-on-all-of-the-graph", test_generate);
  g_test_add_func ("/sandbox-v2/upscale-is-of-the-uploaded-bytes", test_upscale);

  return g_test_run ();
}
