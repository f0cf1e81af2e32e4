/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Results in other formats, and results that are not what was asked for. */

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "sandbox-image.h"
#include "test-fixture.h"

#define V1 "/developer/api/v1"

#define WIDTH  24
#define HEIGHT 16

/* What a job gave, after the control command. */
typedef struct
{
  Reply       job;
  Reply       file;      /* the first output; nothing when there is none */
  JsonArray  *outputs;   /* no-ref */
  JsonObject *output;    /* no-ref, nullable: the first one */
} Result;

static void
result_clear (Result *result)
{
  reply_clear (&result->job);
  reply_clear (&result->file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

/* Inverts a picture and fetches what comes of it. */
static Result
run_job (Fixture *fixture,
         GBytes  *picture)
{
  g_auto(Reply) input =
    fixture_upload (fixture, V1 "/inputs", fixture->bob_key, "a.png", picture, FALSE);
  g_autofree char *body = dup_invert_job (reply_get (&input, "name"));
  g_auto(Reply) made = fixture_send (fixture, "POST", V1 "/jobs", fixture->bob_key, NULL, body);
  g_autofree char *url = g_strconcat (V1 "/jobs/", reply_get (&made, "id"), NULL);
  g_autofree char *status = fixture_wait_for_job (fixture, url, fixture->bob_key);
  g_autofree char *input_url = g_strconcat (V1 "/inputs/", reply_get (&input, "id"), NULL);
  g_auto(Reply) deleted = { 0 };
  Result result = { 0 };

  g_assert_cmpstr (status, ==, "completed");
  /* the name stands in the result, so the next one is to be called the same */
  deleted = fixture_send (fixture, "DELETE", input_url, fixture->bob_key, NULL, NULL);
  g_assert_cmpuint (deleted.status, ==, 204);
  result.job = fixture_send (fixture, "GET", url, fixture->bob_key, NULL, NULL);
  result.outputs = json_object_get_array_member (result.job.json, "outputs");
  if (json_array_get_length (result.outputs) > 0)
    {
      result.output = json_array_get_object_element (result.outputs, 0);
      result.file = fixture_send (fixture, "GET",
                                  comfy_json_get_string (result.output, "download_url"), NULL, NULL,
                                  NULL);
      g_assert_cmpuint (result.file.status, ==, 200);
      g_assert_cmpstr (soup_message_headers_get_content_type (result.file.headers, NULL), ==,
                       comfy_json_get_string (result.output, "mime_type"));
    }

  return result;
}

static gboolean
begins_with (GBytes     *file,
             const char *magic)
{
  return g_bytes_get_size (file) >= strlen (magic)
         && memcmp (g_bytes_get_data (file, NULL), magic, strlen (magic)) == 0;
}

static gboolean
is_png (GBytes *file)
{
  return begins_with (file, "\x89PNG\r\n\x1a\n");
}

static void
test_formats (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (WIDTH, HEIGHT, 3);
  g_auto(Result) png = { 0 };
  g_auto(Result) webp = { 0 };
  g_auto(Result) jpeg = { 0 };
  g_auto(Result) again = { 0 };
  g_autoptr(SandboxImage) from_png = NULL;
  g_autoptr(SandboxImage) from_webp = NULL;
  gboolean has_alpha;

  fixture_start (&fixture, NULL);
  png = run_job (&fixture, picture);
  fixture_control (&fixture, "result-format", "{\"format\":\"webp\"}");
  webp = run_job (&fixture, picture);
  fixture_control (&fixture, "result-format", "{\"format\":\"jpeg\"}");
  jpeg = run_job (&fixture, picture);
  fixture_control (&fixture, "reset", "{}");
  again = run_job (&fixture, picture);

  g_assert_true (is_png (png.file.body));
  g_assert_cmpstr (comfy_json_get_string (webp.output, "mime_type"), ==, "image/webp");
  g_assert_true (g_str_has_suffix (comfy_json_get_string (webp.output, "name"), "_.webp"));
  g_assert_true (begins_with (webp.file.body, "RIFF"));
  g_assert_cmpstr (comfy_json_get_string (jpeg.output, "mime_type"), ==, "image/jpeg");
  g_assert_true (g_str_has_suffix (comfy_json_get_string (jpeg.output, "name"), "_.jpg"));
  g_assert_true (begins_with (jpeg.file.body, "\xff\xd8\xff"));
  g_assert_true (is_png (again.file.body));

  /* lossless */
  from_png = sandbox_image_read (png.file.body, &has_alpha, NULL);
  from_webp = sandbox_image_read (webp.file.body, &has_alpha, NULL);
  g_assert_cmpmem (from_png->data, sandbox_image_get_count (from_png) * sizeof (float),
                   from_webp->data, sandbox_image_get_count (from_webp) * sizeof (float));
}

static void
test_bad_files (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (WIDTH, HEIGHT, 3);
  g_auto(Result) good = { 0 };
  g_auto(Result) html = { 0 };
  g_auto(Result) truncated = { 0 };
  g_auto(Result) empty = { 0 };
  g_auto(Result) gif = { 0 };
  g_auto(Result) after = { 0 };
  gboolean has_alpha;

  fixture_start (&fixture, NULL);
  good = run_job (&fixture, picture);
  /* one after the other, each for one job */
  fixture_control (&fixture, "result", "{\"kind\":\"html\"}");
  fixture_control (&fixture, "result", "{\"kind\":\"truncated\"}");
  fixture_control (&fixture, "result", "{\"kind\":\"empty\"}");
  fixture_control (&fixture, "result", "{\"kind\":\"gif\"}");
  html = run_job (&fixture, picture);
  truncated = run_job (&fixture, picture);
  empty = run_job (&fixture, picture);
  gif = run_job (&fixture, picture);
  after = run_job (&fixture, picture);

  g_assert_true (begins_with (html.file.body, "<!DOCTYPE html>"));
  g_assert_cmpuint (g_bytes_get_size (truncated.file.body), ==,
                    g_bytes_get_size (good.file.body) / 2);
  g_assert_null (sandbox_image_read (truncated.file.body, &has_alpha, NULL));
  g_assert_cmpuint (g_bytes_get_size (empty.file.body), ==, 0);
  g_assert_true (begins_with (gif.file.body, "GIF89a"));
  g_assert_cmpstr (comfy_json_get_string (gif.output, "mime_type"), ==, "image/gif");
  g_assert_true (g_bytes_equal (after.file.body, good.file.body));
}

static void
test_bomb (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (WIDTH, HEIGHT, 3);
  g_auto(Result) bomb = { 0 };
  const guint8 *data;

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "result", "{\"kind\":\"bomb\"}");
  bomb = run_job (&fixture, picture);

  /* IHDR: width and height, 60000 is 0xEA60 */
  g_assert_true (is_png (bomb.file.body));
  g_assert_cmpuint (g_bytes_get_size (bomb.file.body), <, 1000);
  data = g_bytes_get_data (bomb.file.body, NULL);
  g_assert_cmpmem (data + 16, 8, "\0\0\xea\x60\0\0\xea\x60", 8);
}

static void
test_sizes_and_numbers (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (WIDTH, HEIGHT, 3);
  g_auto(Result) first = { 0 };
  g_auto(Result) second = { 0 };
  g_auto(Result) none = { 0 };
  g_auto(Result) many = { 0 };
  g_auto(Result) good = { 0 };
  g_autoptr(SandboxImage) image = NULL;
  gboolean has_alpha;

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "result", "{\"kind\":\"size\",\"width\":30,\"height\":7,\"count\":2}");
  fixture_control (&fixture, "result", "{\"kind\":\"none\"}");
  fixture_control (&fixture, "result", "{\"kind\":\"many\",\"outputs\":25}");
  first = run_job (&fixture, picture);
  second = run_job (&fixture, picture);
  none = run_job (&fixture, picture);
  many = run_job (&fixture, picture);
  good = run_job (&fixture, picture);

  image = sandbox_image_read (first.file.body, &has_alpha, NULL);
  g_assert_cmpint (image->width, ==, 30);
  g_assert_cmpint (image->height, ==, 7);
  g_assert_false (has_alpha);
  g_assert_true (g_bytes_equal (first.file.body, second.file.body));
  g_assert_cmpuint (json_array_get_length (none.outputs), ==, 0);
  g_assert_cmpuint (json_array_get_length (many.outputs), ==, 25);
  g_assert_cmpuint (json_array_get_length (good.outputs), ==, 1);
  g_assert_true (g_bytes_equal (many.file.body, good.file.body));
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
  g_autoptr(GBytes) picture = make_picture (WIDTH, HEIGHT, 3);
  g_auto(Result) good = { 0 };

  fixture_start (&fixture, NULL);
  assert_refused (&fixture, "result", "{\"kind\":\"odd\"}");
  assert_refused (&fixture, "result", "{\"kind\":\"size\"}");
  assert_refused (&fixture, "result", "{\"kind\":\"many\",\"outputs\":0}");
  assert_refused (&fixture, "result-format", "{\"format\":\"tiff\"}");
  fixture_control (&fixture, "result", "{\"kind\":\"html\",\"count\":-1}");
  fixture_control (&fixture, "reset", "{}");
  good = run_job (&fixture, picture);
  g_assert_true (is_png (good.file.body));
}

/* The name that SaveImageAdvanced gives has no underscore at its end. */
static void
test_deep_result (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (WIDTH, HEIGHT, 3);
  g_auto(Reply) input = { 0 };
  g_autofree char *graph = NULL;
  g_autofree char *body = NULL;
  g_auto(Reply) made = { 0 };
  g_auto(Reply) job = { 0 };
  g_autofree char *url = NULL;
  g_autofree char *status = NULL;
  JsonObject *output;

  fixture_start (&fixture, NULL);
  input = fixture_upload (&fixture, V1 "/inputs", fixture.bob_key, "a.png", picture, FALSE);
  graph = dup_graph ("sandbox_save_16bit.json", reply_get (&input, "name"));
  body = g_strdup_printf ("{\"workflow\":%s}", graph);
  made = fixture_send (&fixture, "POST", V1 "/jobs", fixture.bob_key, NULL, body);
  url = g_strconcat (V1 "/jobs/", reply_get (&made, "id"), NULL);
  status = fixture_wait_for_job (&fixture, url, fixture.bob_key);
  job = fixture_send (&fixture, "GET", url, fixture.bob_key, NULL, NULL);

  g_assert_cmpstr (status, ==, "completed");
  output = json_array_get_object_element (json_object_get_array_member (job.json, "outputs"), 0);
  g_assert_cmpstr (comfy_json_get_string (output, "name"), ==, "gimp_00001.png");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox-results/come-in-the-format-that-was-set", test_formats);
  g_test_add_func ("/sandbox-results/bad-files-for-one-job-each", test_bad_files);
  g_test_add_func ("/sandbox-results/bomb-is-small", test_bomb);
  g_test_add_func ("/sandbox-results/other-sizes-and-numbers", test_sizes_and_numbers);
  g_test_add_func ("/sandbox-results/senseless-commands-are-refused", test_commands);
  g_test_add_func ("/sandbox-results/sixteen-bits-have-their-own-names", test_deep_result);

  return g_test_run ();
}
