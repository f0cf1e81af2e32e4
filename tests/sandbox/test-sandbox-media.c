/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Results that are no pictures, by both protocols. */

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "test-fixture.h"

#define V1 "/developer/api/v1"
#define V2 "/api/v2"

#define JOB \
  "{\"workflow\":{" \
  "\"1\":{\"class_type\":\"PrimitiveString\",\"inputs\":{\"value\":\"A cat.\"}}," \
  "\"2\":{\"class_type\":\"PreviewAny\",\"inputs\":{\"source\":[\"1\",0]}}," \
  "\"3\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":8,\"height\":8,\"batch_size\":12," \
  "\"color\":0}}," \
  "\"4\":{\"class_type\":\"CreateVideo\",\"inputs\":{\"images\":[\"3\",0],\"fps\":8}}," \
  "\"5\":{\"class_type\":\"SaveVideo\",\"inputs\":{\"video\":[\"4\",0],\"format\":\"auto\"," \
  "\"codec\":\"auto\",\"filename_prefix\":\"gimp-0\"}}," \
  "\"6\":{\"class_type\":\"EmptyAudio\",\"inputs\":{\"duration\":1,\"sample_rate\":44100," \
  "\"channels\":2}}," \
  "\"7\":{\"class_type\":\"SaveAudio\",\"inputs\":{\"audio\":[\"6\",0]," \
  "\"filename_prefix\":\"gimp-1\"}}}}"

/* (transfer full): the job, once it has ended */
static Reply
run_job (Fixture    *fixture,
         const char *base)
{
  g_autofree char *jobs = g_strconcat (base, "/jobs", NULL);
  g_auto(Reply) made = fixture_send (fixture, "POST", jobs, fixture->bob_key, NULL, JOB);
  g_autofree char *url = g_strconcat (jobs, "/", reply_get (&made, "id"), NULL);
  g_autofree char *status = fixture_wait_for_job (fixture, url, fixture->bob_key);

  g_assert_true (g_str_equal (status, "completed") || g_str_equal (status, "succeeded"));
  return fixture_send (fixture, "GET", url, fixture->bob_key, NULL, NULL);
}

static JsonObject *
find_output (Reply      *job,
             const char *kind)
{
  JsonArray *outputs = json_object_get_array_member (job->json, "outputs");

  for (unsigned int i = 0; i < json_array_get_length (outputs); i++)
    {
      JsonObject *output = json_array_get_object_element (outputs, i);

      if (g_strcmp0 (comfy_json_get_string (output, "type"), kind) == 0)
        return output;
    }

  g_assert_not_reached ();
}

static void
test_kinds (gconstpointer data)
{
  static const struct
  {
    const char *kind;
    const char *suffix;
    const char *content;
    gsize       length;
    gsize       at;
  } kinds[] = {
    { "text", ".txt", "A cat.", 6, 0 },
    { "video", ".mp4", "ftypisom", 8, 4 },
    { "audio", ".flac", "fLaC", 4, 0 },
  };
  gboolean is_v1 = g_str_equal (data, V1);
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) job = { 0 };

  fixture_start (&fixture, NULL);
  job = run_job (&fixture, data);
  for (unsigned int i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      JsonObject *output = find_output (&job, kinds[i].kind);
      const char *url = comfy_json_get_string (output, is_v1 ? "download_url" : "url");
      g_auto(Reply) file = fixture_send (&fixture, "GET", url, NULL, NULL, NULL);
      const char *bytes = g_bytes_get_data (file.body, NULL);

      g_assert_cmpuint (file.status, ==, 200);
      g_assert_true (g_str_has_suffix (comfy_json_get_string (output, "name"), kinds[i].suffix));
      g_assert_cmpuint (g_bytes_get_size (file.body), >=, kinds[i].at + kinds[i].length);
      g_assert_cmpmem (bytes + kinds[i].at, kinds[i].length, kinds[i].content, kinds[i].length);
    }
}

/* 12 frames, 8 a second */
static void
test_film_is_as_long_as_it_is (void)
{
  static const guint8 header[] = { 0, 0, 3, 0xe8, 0, 0, 5, 0xdc };
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) job = { 0 };
  g_auto(Reply) file = { 0 };
  const guint8 *bytes;
  gsize size;

  fixture_start (&fixture, NULL);
  job = run_job (&fixture, V2);
  file = fixture_send (&fixture, "GET", comfy_json_get_string (find_output (&job, "video"), "url"),
                       NULL, NULL, NULL);
  bytes = g_bytes_get_data (file.body, &size);
  g_assert_cmpuint (size, ==, 28 + 116);
  g_assert_cmpmem (bytes + 28 + 16 + 12, sizeof header, header, sizeof header);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/sandbox-media/v1/each-kind-is-told", V1, test_kinds);
  g_test_add_data_func ("/sandbox-media/v2/each-kind-is-told", V2, test_kinds);
  g_test_add_func ("/sandbox-media/a-film-is-as-long-as-its-frames", test_film_is_as_long_as_it_is);

  return g_test_run ();
}
