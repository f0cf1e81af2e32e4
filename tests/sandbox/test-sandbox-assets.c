/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Comfy API v2 keeps the same bytes once, tells how long, and names them by content. */

#include "config.h"

#include <string.h>

#include "blake3.h"
#include "comfy-json-private.h"
#include "test-fixture.h"

#define V2 "/api/v2"

static char *
dup_hash (GBytes *bytes)
{
  g_autoptr(Blake3) blake3 = blake3_new ();
  g_autofree char *hex = NULL;

  blake3_update (blake3, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  hex = blake3_dup_hex (blake3);

  return g_strconcat ("blake3:", hex, NULL);
}

/* percent-encoded, as the official client writes it */
static unsigned int
head (Fixture    *fixture,
      const char *key,
      const char *hash)
{
  g_autofree char *escaped = g_uri_escape_string (hash, NULL, FALSE);
  g_autofree char *url = g_strconcat (V2 "/assets/by-hash/", escaped, NULL);
  g_auto(Reply) reply = fixture_send (fixture, "HEAD", url, key, NULL, NULL);

  g_assert_cmpuint (g_bytes_get_size (reply.body), ==, 0);
  return reply.status;
}

static Reply
from_hash (Fixture    *fixture,
           const char *key,
           const char *hash,
           const char *name)
{
  g_autofree char *body = g_strdup_printf ("{\"hash\":\"%s\",\"file_path\":\"%s\"}", hash, name);

  return fixture_send (fixture, "POST", V2 "/assets/from-hash", key, NULL, body);
}

static void
test_from_hash (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (40, 30, 1);
  g_autofree char *hash = dup_hash (picture);
  g_auto(Reply) first = { 0 };
  g_auto(Reply) unknown = { 0 };
  g_auto(Reply) foreign = { 0 };
  g_auto(Reply) minted = { 0 };
  g_auto(Reply) same = { 0 };

  fixture_start (&fixture, NULL);
  g_assert_cmpuint (head (&fixture, fixture.alice_key, hash), ==, 404);
  unknown = from_hash (&fixture, fixture.alice_key, hash, "a.png");
  g_assert_cmpuint (unknown.status, ==, 404);
  g_assert_cmpstr (reply_get (&unknown, "error.code"), ==, "blob_not_found");

  first = fixture_upload (&fixture, V2 "/assets", fixture.alice_key, "a.png", picture, FALSE);
  g_assert_cmpstr (reply_get (&first, "hash"), ==, hash);
  g_assert_true (json_object_get_boolean_member (first.json, "created_new"));
  g_assert_cmpuint (head (&fixture, fixture.alice_key, hash), ==, 200);

  /* somebody else's is as if it were not there */
  g_assert_cmpuint (head (&fixture, fixture.bob_key, hash), ==, 404);
  foreign = from_hash (&fixture, fixture.bob_key, hash, "a.png");
  g_assert_cmpuint (foreign.status, ==, 404);

  minted = from_hash (&fixture, fixture.alice_key, hash, "b.png");
  g_assert_cmpuint (minted.status, ==, 201);
  g_assert_false (json_object_get_boolean_member (minted.json, "created_new"));
  g_assert_cmpstr (reply_get (&minted, "id"), !=, reply_get (&first, "id"));
  g_assert_cmpstr (reply_get (&minted, "file_path"), ==, "b.png");

  same = from_hash (&fixture, fixture.alice_key, hash, "b.png");
  g_assert_cmpuint (same.status, ==, 200);
  g_assert_cmpstr (reply_get (&same, "id"), ==, reply_get (&minted, "id"));
}

static void
test_upload_again (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (40, 30, 1);
  g_autofree char *hash = dup_hash (picture);
  g_autofree char *first_url = NULL;
  g_autofree char *second_url = NULL;
  g_auto(Reply) first = { 0 };
  g_auto(Reply) second = { 0 };
  g_auto(Reply) deleted = { 0 };
  g_auto(Reply) download = { 0 };
  g_auto(Reply) deleted_too = { 0 };

  fixture_start (&fixture, NULL);
  first = fixture_upload (&fixture, V2 "/assets", fixture.alice_key, "a.png", picture, FALSE);
  second = fixture_upload (&fixture, V2 "/assets", fixture.alice_key, "a.png", picture, FALSE);
  g_assert_cmpuint (first.status, ==, 201);
  g_assert_cmpuint (second.status, ==, 200);
  g_assert_false (json_object_get_boolean_member (second.json, "created_new"));

  /* a record goes, the bytes of the other one stay */
  first_url = g_strconcat (V2 "/assets/", reply_get (&first, "id"), NULL);
  second_url = g_strconcat (V2 "/assets/", reply_get (&second, "id"), NULL);
  deleted = fixture_send (&fixture, "DELETE", first_url, fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (deleted.status, ==, 204);
  download = fixture_send (&fixture, "GET", reply_get (&second, "url"), NULL, NULL, NULL);
  g_assert_true (g_bytes_equal (download.body, picture));
  g_assert_cmpuint (head (&fixture, fixture.alice_key, hash), ==, 200);

  deleted_too = fixture_send (&fixture, "DELETE", second_url, fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (deleted_too.status, ==, 204);
  g_assert_cmpuint (head (&fixture, fixture.alice_key, hash), ==, 404);
}

static void
test_expected_hash (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (40, 30, 1);
  g_autoptr(GBytes) other = make_picture (40, 30, 2);
  g_autofree char *hash = dup_hash (picture);
  const char *const extra[] = { "expected_hash", hash, NULL };
  g_auto(Reply) good = { 0 };
  g_auto(Reply) bad = { 0 };
  g_autofree char *other_hash = dup_hash (other);

  fixture_start (&fixture, NULL);
  good = fixture_upload_with (&fixture, V2 "/assets", fixture.alice_key, "a.png", picture, extra,
                              FALSE);
  bad = fixture_upload_with (&fixture, V2 "/assets", fixture.alice_key, "b.png", other, extra,
                             FALSE);

  g_assert_cmpuint (good.status, ==, 201);
  g_assert_cmpuint (bad.status, ==, 409);
  g_assert_cmpstr (reply_get (&bad, "error.code"), ==, "hash_mismatch");
  g_assert_cmpuint (head (&fixture, fixture.alice_key, other_hash), ==, 404);
}

static void
test_retention (void)
{
  const char *const short_lived[] = { "expires_in", "60", NULL };
  const char *const too_short[] = { "expires_in", "59", NULL };
  ComfySandboxOptions options = { .retention_seconds = 1000 };
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (40, 30, 1);
  g_auto(Reply) asked = { 0 };
  g_auto(Reply) usual = { 0 };
  g_auto(Reply) refused = { 0 };
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) asked_end = NULL;
  g_autoptr(GDateTime) usual_end = NULL;

  fixture_start (&fixture, &options);
  asked = fixture_upload_with (&fixture, V2 "/assets", fixture.alice_key, "a.png", picture,
                               short_lived, FALSE);
  usual = fixture_upload (&fixture, V2 "/assets", fixture.alice_key, "b.png", picture, FALSE);
  refused = fixture_upload_with (&fixture, V2 "/assets", fixture.alice_key, "c.png", picture,
                                 too_short, FALSE);
  g_assert_cmpuint (refused.status, ==, 422);

  asked_end = g_date_time_new_from_iso8601 (reply_get (&asked, "expires_at"), NULL);
  usual_end = g_date_time_new_from_iso8601 (reply_get (&usual, "expires_at"), NULL);
  g_assert_cmpint (g_date_time_difference (asked_end, now) / G_TIME_SPAN_SECOND, >=, 58);
  g_assert_cmpint (g_date_time_difference (asked_end, now) / G_TIME_SPAN_SECOND, <=, 120);
  g_assert_cmpint (g_date_time_difference (usual_end, now) / G_TIME_SPAN_SECOND, >=, 998);
}

/* Files and jobs end by themselves, or when told; a job that is kept says what it is. */
static void
test_expired (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);
  g_autofree char *job = g_strdup_printf ("{\"workflow\":%s}", graph);
  g_autofree char *status = NULL;
  g_autofree char *asset = NULL;
  g_auto(Reply) submitted = { 0 };
  g_auto(Reply) done = { 0 };
  g_auto(Reply) expired = { 0 };
  g_auto(Reply) gone = { 0 };
  JsonObject *output;

  fixture_start (&fixture, NULL);
  submitted = fixture_send (&fixture, "POST", V2 "/jobs", fixture.alice_key, NULL, job);
  status = fixture_wait_for_job (&fixture, reply_get (&submitted, "urls.self"), fixture.alice_key);
  g_assert_cmpstr (status, ==, "succeeded");
  done = fixture_send (&fixture, "GET", reply_get (&submitted, "urls.self"), fixture.alice_key,
                       NULL, NULL);
  output = json_array_get_object_element (json_object_get_array_member (done.json, "outputs"), 0);
  asset = g_strconcat (V2 "/assets/", json_object_get_string_member (output, "id"), NULL);

  fixture_control (&fixture, "expire", "{\"jobs\":\"kept\"}");
  expired = fixture_send (&fixture, "GET", reply_get (&submitted, "urls.self"), fixture.alice_key,
                          NULL, NULL);
  gone = fixture_send (&fixture, "GET", asset, fixture.alice_key, NULL, NULL);
  g_assert_cmpstr (reply_get (&expired, "status"), ==, "expired");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (expired.json, "outputs")),
                    ==, 0);
  g_assert_cmpuint (gone.status, ==, 404);
}

static GBytes *
run_invert (Fixture    *fixture,
            const char *image)
{
  g_autofree char *named = dup_invert_job ("NAME");
  g_auto(GStrv) parts = g_strsplit (named, "\"NAME\"", 2);
  g_autofree char *job = g_strjoinv (image, parts);
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

  return g_bytes_ref (download.body);
}

/* The whole file is the same, with the graph in it, by whatever record and name its input went. */
static void
test_results_name_content (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_autoptr(GBytes) picture = make_picture (40, 30, 1);
  g_auto(Reply) asset = { 0 };
  g_auto(Reply) other = { 0 };
  g_autofree char *by_id = NULL;
  g_autoptr(GBytes) first = NULL;
  g_autoptr(GBytes) second = NULL;

  fixture_start (&fixture, NULL);
  asset = fixture_upload (&fixture, V2 "/assets", fixture.alice_key, "a.png", picture, FALSE);
  other = fixture_upload (&fixture, V2 "/assets", fixture.alice_key, "b.png", picture, FALSE);
  g_assert_cmpstr (reply_get (&other, "id"), !=, reply_get (&asset, "id"));
  by_id = g_strdup_printf ("{\"__type\":\"core/ASSET\",\"info\":{\"id\":\"%s\"}}",
                           reply_get (&asset, "id"));
  first = run_invert (&fixture, by_id);
  second = run_invert (&fixture, "\"b.png\"");

  g_assert_true (g_bytes_equal (first, second));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox-assets/from-hash-sends-no-bytes", test_from_hash);
  g_test_add_func ("/sandbox-assets/the-same-bytes-are-kept-once", test_upload_again);
  g_test_add_func ("/sandbox-assets/another-hash-than-expected", test_expected_hash);
  g_test_add_func ("/sandbox-assets/retention", test_retention);
  g_test_add_func ("/sandbox-assets/what-is-expired-is-gone", test_expired);
  g_test_add_func ("/sandbox-assets/results-name-content", test_results_name_content);

  return g_test_run ();
}
