/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What servers tell of their nodes, from the sandbox, which does not always.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <utime.h>

#include "comfy-node-store-private.h"
#include "comfy-node-table-private.h"
#include "comfy-sandbox.h"
#include "comfy-server-memory-private.h"
#include "test-file-keyring.h"

#define INFO "/api/object_info"
#define DAY  (24 * 60 * 60)

typedef struct
{
  char              *folder;
  char              *cache;
  ComfySandbox      *sandbox;
  ComfySettings     *settings;
  ComfyKeyring      *keyring;
  ComfyProfileStore *profiles;
  ComfyConnector    *connector;
  ComfyNodeStore    *store;
  ComfyNodeTable    *carried; /* the store's */
} Fixture;

/* as another process would begin */
static void
start (Fixture *fixture)
{
  g_autofree char *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "nodes.json", NULL);

  fixture->connector = comfy_connector_new (fixture->profiles, fixture->settings, fixture->folder);
  fixture->store = comfy_node_store_new (fixture->profiles, fixture->connector, fixture->cache);
  comfy_node_store_carry (fixture->store, nodes);
  fixture->carried = comfy_node_store_get_carried (fixture->store);
}

static void
stop (Fixture *fixture)
{
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);

  g_assert_finalize_object (fixture->store);
  g_assert_finalize_object (fixture->connector);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  has_key)
{
  g_autofree char             *settings = NULL;
  g_autofree char             *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                         "nodes.json", NULL);
  g_autofree char             *key = g_strconcat ("comfyui-", "0123456789abcdef", "0123456789ab",
                                                  "aaaa", NULL);
  const ComfySandboxOptions    options = { .nodes_path = nodes };
  g_autoptr(GError)            error = NULL;
  g_autoptr(ComfyCredentials)  credentials = NULL;
  ComfyEndpoint               *endpoint;

  fixture->folder = g_dir_make_tmp ("comfy-nodes-XXXXXX", NULL);
  fixture->cache = g_build_filename (fixture->folder, "cache", NULL);
  settings = g_build_filename (fixture->folder, "settings.ini", NULL);
  fixture->sandbox = comfy_sandbox_new (&options, &error);
  g_assert_no_error (error);
  comfy_sandbox_add_key (fixture->sandbox, key, "a@b.example", 0, "standard");
  fixture->settings = comfy_settings_new (settings);
  fixture->keyring = comfy_keyring_new ();
  fixture->profiles = comfy_profile_store_new (fixture->settings, fixture->keyring);
  start (fixture);
  if (has_key == NULL)
    return;

  endpoint = comfy_profile_store_add_endpoint (fixture->profiles, "My Sandbox",
                                               comfy_sandbox_get_v1_url (fixture->sandbox), &error);
  g_assert_no_error (error);
  comfy_settings_set_endpoint (fixture->settings, comfy_endpoint_get_id (endpoint));
  credentials = test_make_credentials ("aaaa", comfy_sandbox_get_base_url (fixture->sandbox));
  g_object_unref (test_await_object (comfy_profile_store_add (fixture->profiles, "Key", endpoint,
                                                              credentials, NULL)));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  stop (fixture);
  g_assert_finalize_object (fixture->profiles);
  g_object_unref (fixture->keyring);
  g_assert_finalize_object (fixture->settings);
  comfy_sandbox_free (fixture->sandbox);
  test_remove_tree (fixture->folder);
  g_free (fixture->cache);
  g_free (fixture->folder);
}

static ComfyNodeTable *
find (Fixture *fixture)
{
  return test_await_object (comfy_node_store_find (fixture->store));
}

static void
assert_told (Fixture *fixture)
{
  g_autoptr(ComfyNodeTable) table = find (fixture);

  g_assert_true (comfy_node_table_is_complete (table));
  g_assert_nonnull (comfy_node_table_lookup (table, "KSampler"));
}

static void
assert_carried (Fixture *fixture)
{
  g_autoptr(ComfyNodeTable) table = find (fixture);

  g_assert_true (table == fixture->carried);
}

static unsigned int
count_asked (Fixture *fixture)
{
  return comfy_sandbox_count (fixture->sandbox, "request", "GET", INFO);
}

static char *
dup_path (Fixture *fixture)
{
  return _comfy_node_store_dup_path (fixture->store, comfy_sandbox_get_v1_url (fixture->sandbox));
}

static void
age (Fixture *fixture,
     gint64   seconds)
{
  g_autofree char *path = dup_path (fixture);
  gint64           then = g_get_real_time () / G_USEC_PER_SEC - seconds;

  g_assert_cmpint (g_utime (path, &(struct utimbuf) { (time_t) then, (time_t) then }), ==, 0);
}

static void
add_fault (Fixture    *fixture,
           const char *fault)
{
  g_autofree char *json = g_strdup_printf ("{%s,\"path\":\"" INFO "\"}", fault);

  g_assert_true (comfy_sandbox_control (fixture->sandbox, "faults", json));
}

static void
test_told_once_a_day (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(ComfyNodeTable) first = find (fixture);
  g_autoptr(ComfyNodeTable) again = find (fixture);

  g_assert_true (comfy_node_table_is_complete (first));
  g_assert_cmpstr (_comfy_node_table_get_server (first), ==, "My Sandbox");
  g_assert_true (first == again);

  /* another process reads the file */
  g_clear_object (&first);
  g_clear_object (&again);
  stop (fixture);
  start (fixture);
  assert_told (fixture);
  g_assert_cmpuint (count_asked (fixture), ==, 1);

  /* and asks the next day */
  stop (fixture);
  start (fixture);
  age (fixture, DAY);
  assert_told (fixture);
  assert_told (fixture);
  g_assert_cmpuint (count_asked (fixture), ==, 2);
}

static void
test_an_old_one_is_better_than_none (Fixture       *fixture,
                                     gconstpointer  data)
{
  static const char *const faults[] = {
    "\"kind\":\"status\",\"status\":400", "\"kind\":\"html\",\"status\":200",
    "\"kind\":\"status\",\"status\":404",
  };

  assert_told (fixture);
  for (unsigned int i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      stop (fixture);
      start (fixture);
      age (fixture, 20 * DAY);
      _comfy_server_memory_clear_flag (fixture->settings,
                                       comfy_sandbox_get_v1_url (fixture->sandbox),
                                       COMFY_SERVER_NO_NODES);
      add_fault (fixture, faults[i]);
      assert_told (fixture);
      assert_told (fixture);
      g_assert_cmpuint (count_asked (fixture), ==, 2 + i);
    }
}

static void
test_who_does_not_tell (Fixture       *fixture,
                        gconstpointer  data)
{
  add_fault (fixture, "\"kind\":\"status\",\"status\":404");
  assert_carried (fixture);
  assert_carried (fixture);

  /* nor is it asked by another process */
  stop (fixture);
  start (fixture);
  assert_carried (fixture);
  g_assert_cmpuint (count_asked (fixture), ==, 1);
}

/* A page with a good status is no table, and is not kept. */
static void
test_a_page (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *path = dup_path (fixture);
  g_autoptr(GDir)  dir = NULL;

  add_fault (fixture, "\"kind\":\"html\",\"status\":200");
  assert_carried (fixture);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  dir = g_dir_open (fixture->cache, 0, NULL);
  g_assert_null (g_dir_read_name (dir));

  stop (fixture);
  start (fixture);
  assert_carried (fixture);
  g_assert_cmpuint (count_asked (fixture), ==, 1);
}

/* A slow server's answer serves the next one who asks. */
static void
test_a_slow_server (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(ComfyNodeTable) table = NULL;

  _comfy_node_store_set_patience (fixture->store, 1);
  add_fault (fixture, "\"kind\":\"delay\",\"ms\":200");
  assert_carried (fixture);

  do
    {
      g_clear_object (&table);
      table = find (fixture);
    }
  while (!comfy_node_table_is_complete (table));
  g_assert_cmpuint (count_asked (fixture), ==, 1);
}

static void
test_a_damaged_file (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *path = dup_path (fixture);

  g_mkdir_with_parents (fixture->cache, 0700);
  g_assert_true (g_file_set_contents (path, "{\"KSampler\":", -1, NULL));
  assert_told (fixture);
  g_assert_cmpuint (count_asked (fixture), ==, 1);
}

static void
test_without_a_key (Fixture       *fixture,
                    gconstpointer  data)
{
  assert_carried (fixture);
  g_assert_cmpuint (count_asked (fixture), ==, 0);
}

static void
test_sweep (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *path = dup_path (fixture);
  g_autofree char *left = g_strconcat (path, ".1234", NULL);
  const time_t     then = (time_t) (g_get_real_time () / G_USEC_PER_SEC - 2 * DAY);

  assert_told (fixture);
  age (fixture, 29 * DAY);
  g_assert_true (g_file_set_contents (left, "x", -1, NULL));
  comfy_node_store_sweep (fixture->store);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (left, G_FILE_TEST_EXISTS));

  age (fixture, 31 * DAY);
  g_assert_cmpint (g_utime (left, &(struct utimbuf) { then, then }), ==, 0);
  comfy_node_store_sweep (fixture->store);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
}

/* What was told is gone, here and for the next process; who asks then is told anew. */
static void
test_forget (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *path = dup_path (fixture);
  g_autofree char *coming = g_strdup_printf ("%s.%d", path, 4711);

  assert_told (fixture);
  g_assert_true (g_file_set_contents (coming, "{", -1, NULL));
  comfy_node_store_forget (fixture->store);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (coming, G_FILE_TEST_EXISTS));

  assert_told (fixture);
  g_assert_cmpuint (count_asked (fixture), ==, 2);
}

#define ADD(path, has_key, func) \
  g_test_add (path, Fixture, GINT_TO_POINTER (has_key), set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-keyring-XXXXXX", NULL);
  int              result;

  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  test_use_file_keyring (folder);

  ADD ("/node-store/a-server-is-asked-once-a-day", TRUE, test_told_once_a_day);
  ADD ("/node-store/an-old-one-is-better-than-none", TRUE, test_an_old_one_is_better_than_none);
  ADD ("/node-store/who-does-not-tell-is-not-asked-again", TRUE, test_who_does_not_tell);
  ADD ("/node-store/a-page-is-no-table", TRUE, test_a_page);
  ADD ("/node-store/a-slow-server-serves-the-next-one", TRUE, test_a_slow_server);
  ADD ("/node-store/a-damaged-file-is-fetched-anew", TRUE, test_a_damaged_file);
  ADD ("/node-store/without-a-key-nobody-is-asked", FALSE, test_without_a_key);
  ADD ("/node-store/what-nobody-uses-is-removed", TRUE, test_sweep);
  ADD ("/node-store/what-was-told-can-be-forgotten", TRUE, test_forget);

  result = g_test_run ();
  test_remove_tree (folder);

  return result;
}
