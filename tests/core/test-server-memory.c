/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "comfy-server-memory-private.h"

#define ONE   "https://one.example/developer/api/v1"
#define OTHER "http://[::1]:8188/api=1;2"
#define NAME  "folder/a [b]=c;d é.safetensors"
#define DAY   (24 * 60 * 60)
#define MONTH (30 * DAY)

typedef struct
{
  char          *path;
  ComfySettings *settings;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-memory-XXXXXX", NULL);

  fixture->path = g_build_filename (folder, "settings.ini", NULL);
  fixture->settings = comfy_settings_new (fixture->path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autofree char *lock = g_strconcat (fixture->path, ".lock", NULL);

  g_object_unref (fixture->settings);
  g_remove (fixture->path);
  g_remove (lock);
  g_rmdir (folder);
  g_free (fixture->path);
}

static void
restart (Fixture *fixture)
{
  g_object_unref (fixture->settings);
  fixture->settings = comfy_settings_new (fixture->path);
}

static void
assert_file (Fixture    *fixture,
             const char *base_url,
             const char *wanted,
             const char *expected)
{
  g_autofree char *file = _comfy_server_memory_dup_file (fixture->settings, base_url, wanted);

  g_assert_cmpstr (file, ==, expected);
}

static void
test_each_server_by_itself (Fixture       *fixture,
                            gconstpointer  data)
{
  _comfy_server_memory_set_file (fixture->settings, ONE, NAME, "x;y\\z");
  _comfy_server_memory_set_file (fixture->settings, OTHER, "a", NAME);
  _comfy_server_memory_set_flag (fixture->settings, OTHER, COMFY_SERVER_WANTS_PNG);
  restart (fixture);
  assert_file (fixture, ONE, NAME, "x;y\\z");
  assert_file (fixture, ONE, "a", NULL);
  assert_file (fixture, OTHER, "a", NAME);
  g_assert_false (_comfy_server_memory_get_flag (fixture->settings, ONE, COMFY_SERVER_WANTS_PNG));
  g_assert_true (_comfy_server_memory_get_flag (fixture->settings, OTHER, COMFY_SERVER_WANTS_PNG));
  g_assert_false (_comfy_server_memory_get_flag (fixture->settings, OTHER,
                                                 COMFY_SERVER_PLAIN_RESULTS));

  _comfy_server_memory_set_file (fixture->settings, ONE, NAME, NULL);
  restart (fixture);
  assert_file (fixture, ONE, NAME, NULL);
}

/* Makes everything that was remembered older. */
static void
age (Fixture *fixture,
     gint64   seconds)
{
  GKeyFile        *keys = comfy_settings_get_key_file (fixture->settings);
  g_auto(GStrv)    groups = g_key_file_get_groups (keys, NULL);
  g_auto(GStrv)    names = g_key_file_get_keys (keys, groups[0], NULL, NULL);
  gint64           then = g_get_real_time () / G_USEC_PER_SEC - seconds;
  g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT ";b;", then);

  for (unsigned int i = 0; names[i] != NULL; i++)
    g_key_file_set_value (keys, groups[0], names[i], value);
}

static void
test_it_is_forgotten_after_a_month (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_auto(GStrv) groups = NULL;

  _comfy_server_memory_set_file (fixture->settings, ONE, "a", "b");
  _comfy_server_memory_set_flag (fixture->settings, ONE, COMFY_SERVER_WANTS_PNG);
  age (fixture, MONTH - 100);
  assert_file (fixture, ONE, "a", "b");
  age (fixture, MONTH);
  assert_file (fixture, ONE, "a", NULL);
  g_assert_false (_comfy_server_memory_get_flag (fixture->settings, ONE, COMFY_SERVER_WANTS_PNG));
  /* a clock that went back tells nothing */
  age (fixture, -100);
  assert_file (fixture, ONE, "a", NULL);

  /* and nothing stays in the file */
  _comfy_server_memory_set_file (fixture->settings, OTHER, "a", "b");
  groups = g_key_file_get_groups (comfy_settings_get_key_file (fixture->settings), NULL);
  g_assert_cmpuint (g_strv_length (groups), ==, 1);
}

/* that a server does not do something at all is asked for again soon */
static void
test_some_is_forgotten_after_a_day (Fixture       *fixture,
                                    gconstpointer  data)
{
  _comfy_server_memory_set_flag (fixture->settings, ONE, COMFY_SERVER_NO_NODES);
  _comfy_server_memory_set_flag (fixture->settings, ONE, COMFY_SERVER_NO_USAGE);
  _comfy_server_memory_set_flag (fixture->settings, ONE, COMFY_SERVER_WANTS_PNG);
  age (fixture, DAY - 100);
  g_assert_true (_comfy_server_memory_get_flag (fixture->settings, ONE, COMFY_SERVER_NO_NODES));
  age (fixture, DAY);
  g_assert_false (_comfy_server_memory_get_flag (fixture->settings, ONE, COMFY_SERVER_NO_NODES));
  g_assert_false (_comfy_server_memory_get_flag (fixture->settings, ONE, COMFY_SERVER_NO_USAGE));
  g_assert_true (_comfy_server_memory_get_flag (fixture->settings, ONE, COMFY_SERVER_WANTS_PNG));
}

static void
test_nothing_is_remembered_of_no_server (Fixture       *fixture,
                                         gconstpointer  data)
{
  _comfy_server_memory_set_file (fixture->settings, NULL, "a", "b");
  _comfy_server_memory_set_flag (NULL, ONE, COMFY_SERVER_WANTS_PNG);
  assert_file (fixture, NULL, "a", NULL);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/server-memory/each-server-by-itself", test_each_server_by_itself);
  ADD ("/server-memory/it-is-forgotten-after-a-month", test_it_is_forgotten_after_a_month);
  ADD ("/server-memory/some-is-forgotten-after-a-day", test_some_is_forgotten_after_a_day);
  ADD ("/server-memory/nothing-is-remembered-of-no-server",
       test_nothing_is_remembered_of_no_server);

  return g_test_run ();
}
