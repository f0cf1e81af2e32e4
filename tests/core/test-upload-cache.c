/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <utime.h>

#include "comfy-content-hash-private.h"
#include "comfy-upload-cache.h"
#include "test-future.h"

#define PROFILE "profile"
#define SERVER  "v2 https://cloud.example"

typedef struct
{
  char             *folder;
  ComfyUploadCache *cache;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autofree char *below = NULL;

  fixture->folder = g_dir_make_tmp ("comfy-upload-cache-XXXXXX", NULL);
  below = g_build_filename (fixture->folder, "cache", NULL);
  fixture->cache = comfy_upload_cache_new (below);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->cache);
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

static void
store (Fixture    *fixture,
       const char *hash,
       const char *id)
{
  g_autofree char        *name = g_strdup_printf ("name-of-%s", hash);
  g_autoptr(ComfyUpload)  upload = comfy_upload_new (name, id);

  comfy_upload_cache_store (fixture->cache, PROFILE, SERVER, hash, upload);
}

/* @id: (nullable): %NULL: nothing is known */
static void
assert_known (Fixture    *fixture,
              const char *profile,
              const char *server,
              const char *hash,
              const char *id)
{
  g_autoptr(ComfyUpload) upload = comfy_upload_cache_lookup (fixture->cache, profile, server, hash);

  g_assert_cmpstr (upload != NULL ? upload->id : NULL, ==, id);
}

static char *
dup_path (Fixture *fixture)
{
  return g_build_filename (fixture->folder, "cache", "uploads-" PROFILE ".json", NULL);
}

static void
test_remembers (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autofree char             *below = g_build_filename (fixture->folder, "cache", NULL);
  g_autofree char             *path = dup_path (fixture);
  g_autoptr(ComfyUploadCache)  other = comfy_upload_cache_new (below);
  g_autoptr(ComfyUpload)       upload = NULL;
  GStatBuf                     info;

  assert_known (fixture, PROFILE, SERVER, "a", NULL);
  store (fixture, "a", "id-1");
  store (fixture, "b", "id-2");
  assert_known (fixture, PROFILE, SERVER, "a", "id-1");
  assert_known (fixture, PROFILE, SERVER, "b", "id-2");
  store (fixture, "a", "id-3");
  assert_known (fixture, PROFILE, SERVER, "a", "id-3");

  /* not of another key, and not of another server */
  assert_known (fixture, "other", SERVER, "a", NULL);
  assert_known (fixture, PROFILE, "v1 https://cloud.example", "a", NULL);

  /* another process */
  upload = comfy_upload_cache_lookup (other, PROFILE, SERVER, "a");
  g_assert_cmpstr (upload->name, ==, "name-of-a");

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_drops (Fixture       *fixture,
            gconstpointer  unused)
{
  store (fixture, "a", "id-1");
  store (fixture, "b", "id-2");
  comfy_upload_cache_drop (fixture->cache, PROFILE, "id-1");
  assert_known (fixture, PROFILE, SERVER, "a", NULL);
  assert_known (fixture, PROFILE, SERVER, "b", "id-2");

  /* what cannot be asked for is of no use */
  store (fixture, "c", NULL);
  assert_known (fixture, PROFILE, SERVER, "c", NULL);
}

static void
test_is_limited (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char    *path = dup_path (fixture);
  gint64              now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr(GString)  text = g_string_new ("{\"version\":1,\"uploads\":[");

  /* five hundred, the one used last first */
  for (unsigned int i = 0; i < 500; i++)
    g_string_append_printf (text, "%s{\"server\":\"" SERVER "\",\"hash\":\"hash-%u\","
                            "\"name\":\"n\",\"id\":\"id\",\"used\":%" G_GINT64_FORMAT "}",
                            i > 0 ? "," : "", i, now - i);
  g_string_append (text, "]}");
  store (fixture, "a", "id");
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  assert_known (fixture, PROFILE, SERVER, "hash-499", "id");

  store (fixture, "new", "id");
  assert_known (fixture, PROFILE, SERVER, "new", "id");
  assert_known (fixture, PROFILE, SERVER, "hash-498", "id");
  assert_known (fixture, PROFILE, SERVER, "hash-499", NULL);
}

static void
test_forgets_the_old (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autofree char *path = dup_path (fixture);
  gint64           now = g_get_real_time () / G_USEC_PER_SEC;
  gint64           month = 30 * 24 * 60 * 60;
  struct utimbuf   long_ago = { now - month - 1, now - month - 1 };
  g_autofree char *text = NULL;

  store (fixture, "a", "id-1");
  text = g_strdup_printf ("{\"version\":1,\"uploads\":["
                          "{\"server\":\"%s\",\"hash\":\"old\",\"name\":\"n\",\"id\":\"i\","
                          "\"used\":%" G_GINT64_FORMAT "},"
                          "{\"server\":\"%s\",\"hash\":\"future\",\"name\":\"n\",\"id\":\"i\","
                          "\"used\":%" G_GINT64_FORMAT "},"
                          "{\"server\":\"%s\",\"hash\":\"new\",\"name\":\"n\",\"id\":\"i\","
                          "\"used\":%" G_GINT64_FORMAT "}]}",
                          SERVER, now - month - 1, SERVER, now + 1000, SERVER, now - month + 100);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  assert_known (fixture, PROFILE, SERVER, "old", NULL);
  assert_known (fixture, PROFILE, SERVER, "future", NULL);
  assert_known (fixture, PROFILE, SERVER, "new", "i");

  comfy_upload_cache_sweep (fixture->cache);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (utime (path, &long_ago), ==, 0);
  comfy_upload_cache_sweep (fixture->cache);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_damage (Fixture       *fixture,
             gconstpointer  unused)
{
  static const char * const texts[] = {
    "", "garbage", "[]", "{}", "{\"uploads\":7}",
    "{\"uploads\":[7,{},{\"server\":\"" SERVER "\"}]}",
  };
  g_autofree char *path = dup_path (fixture);

  store (fixture, "a", "id-1");
  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      assert_known (fixture, PROFILE, SERVER, "a", NULL);
      store (fixture, "a", "id-2");
      assert_known (fixture, PROFILE, SERVER, "a", "id-2");
    }
}

static void
test_names_stay_in_the_folder (Fixture       *fixture,
                               gconstpointer  unused)
{
  g_autoptr(ComfyUpload)  upload = comfy_upload_new ("name", "id");
  g_autofree char        *astray = g_build_filename (fixture->folder, "x.json", NULL);

  comfy_upload_cache_store (fixture->cache, "/../../x", SERVER, "a", upload);
  assert_known (fixture, "/../../x", SERVER, "a", "id");
  g_assert_false (g_file_test (astray, G_FILE_TEST_EXISTS));
}

static void
test_forgets_everything (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autofree char        *path = dup_path (fixture);
  g_autoptr(ComfyUpload)  upload = comfy_upload_new ("name", "id");

  /* before there is a folder, too */
  comfy_upload_cache_forget (fixture->cache);
  store (fixture, "a", "id-1");
  comfy_upload_cache_store (fixture->cache, "other", SERVER, "a", upload);
  comfy_upload_cache_forget (fixture->cache);
  assert_known (fixture, PROFILE, SERVER, "a", NULL);
  assert_known (fixture, "other", SERVER, "a", NULL);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static char *
await_hash (const char *path)
{
  g_autoptr(DexFuture)  future = test_settle (comfy_content_hash (path, comfy_sha256_of_file));
  g_autoptr(GError)     error = NULL;
  const GValue         *value = dex_future_get_value (future, &error);

  g_assert_no_error (error);

  return g_value_dup_string (value);
}

static void
test_hash (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (fixture->folder, "file", NULL);
  g_autofree char *large = g_strnfill (1000 * 1000, 'x');
  g_autofree char *expected = g_compute_checksum_for_string (G_CHECKSUM_SHA256, large, -1);
  g_autofree char *of_abc = NULL;
  g_autofree char *of_large = NULL;

  test_await_error (comfy_content_hash (path, comfy_sha256_of_file), COMFY_ERROR_STORAGE);

  g_assert_true (g_file_set_contents (path, "abc", -1, NULL));
  of_abc = await_hash (path);
  g_assert_cmpstr (of_abc, ==,
                   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

  g_assert_true (g_file_set_contents (path, large, -1, NULL));
  of_large = await_hash (path);
  g_assert_cmpstr (of_large, ==, expected);
}

#define ADD(name, func) \
  g_test_add ("/upload-cache/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("remembers-by-key-server-and-content", test_remembers);
  ADD ("drops-what-is-gone", test_drops);
  ADD ("keeps-the-five-hundred-used-last", test_is_limited);
  ADD ("forgets-what-is-old", test_forgets_the_old);
  ADD ("forgets-everything-when-told", test_forgets_everything);
  ADD ("damage-costs-an-upload-and-no-more", test_damage);
  ADD ("names-stay-in-the-folder", test_names_stay_in_the_folder);
  ADD ("content-has-a-name", test_hash);

  return g_test_run ();
}
