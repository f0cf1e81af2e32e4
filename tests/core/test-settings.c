/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include <sys/wait.h>
#include <unistd.h>

#include "comfy-endpoint.h"
#include "comfy-settings-file.h"
#include "comfy-settings.h"
#include "test-future.h"

#define N_PROCESSES 4
#define N_CHANGES   25

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("comfy-settings-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "config", "settings.ini", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
write_file (Fixture    *fixture,
            const char *text)
{
  g_autofree char   *folder = g_path_get_dirname (fixture->path);
  g_autoptr(GError)  error = NULL;

  g_assert_no_errno (g_mkdir_with_parents (folder, 0700));
  g_file_set_contents (fixture->path, text, -1, &error);
  g_assert_no_error (error);
}

static void
set_true_cb (gboolean *flag)
{
  *flag = TRUE;
}

static void
wait_for_change (ComfySettings *settings)
{
  gboolean      changed = FALSE;
  unsigned long id = g_signal_connect_swapped (settings, "changed", G_CALLBACK (set_true_cb),
                                               &changed);

  while (!changed)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (settings, id);
}

/* a folder whose name is no text, too; one that is gone is not gone to */
static void
test_save_folder (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char          *parent = g_dir_make_tmp ("comfy-save-XXXXXX", NULL);
  g_autofree char          *folder = g_build_filename (parent, "not \xff text", NULL);
  g_autofree char          *remembered = NULL;
  g_autoptr(ComfySettings)  settings = comfy_settings_new (fixture->path);
  g_autoptr(ComfySettings)  later = NULL;

  g_assert_null (comfy_settings_dup_save_folder (settings));
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  comfy_settings_set_save_folder (settings, folder);
  later = comfy_settings_new (fixture->path);
  remembered = comfy_settings_dup_save_folder (later);
  g_assert_cmpstr (remembered, ==, folder);

  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_null (comfy_settings_dup_save_folder (later));
  g_assert_cmpint (g_rmdir (parent), ==, 0);
}

static void
test_defaults (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(ComfySettings) settings = comfy_settings_new (fixture->path);

  g_assert_cmpstr (comfy_settings_get_endpoint (settings), ==, COMFY_ENDPOINT_PRODUCTION);
  g_assert_cmpstr (comfy_settings_get_protocol (settings), ==, "auto");
  g_assert_cmpint (comfy_settings_get_max_jobs (settings), ==, 0);
  g_assert_cmpint (comfy_settings_get_keep_days (settings), ==, 30);
  g_assert_false (comfy_settings_get_repeat_runs (settings));
  g_assert_true (comfy_settings_get_place_at_once (settings));
  g_assert_true (comfy_settings_get_remember_in_layers (settings));
  g_assert_false (comfy_settings_get_delete_uploads (settings));
  g_assert_false (comfy_settings_has_consent (settings, "https://cloud.comfy.org"));
  /* reading alone writes nothing */
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_survives_restart (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(ComfySettings) settings = comfy_settings_new (fixture->path);
  g_autoptr(ComfySettings) again = NULL;

  comfy_settings_set_endpoint (settings, "staging");
  comfy_settings_set_protocol (settings, "v2");
  comfy_settings_set_max_jobs (settings, 3);
  comfy_settings_set_keep_days (settings, 0);
  comfy_settings_set_repeat_runs (settings, TRUE);
  comfy_settings_set_place_at_once (settings, FALSE);
  comfy_settings_set_remember_in_layers (settings, FALSE);
  comfy_settings_set_delete_uploads (settings, TRUE);
  comfy_settings_give_consent (settings, "https://cloud.comfy.org");
  comfy_settings_give_consent (settings, "http://[::1]:8188");

  again = comfy_settings_new (fixture->path);
  g_assert_cmpstr (comfy_settings_get_endpoint (again), ==, "staging");
  g_assert_cmpstr (comfy_settings_get_protocol (again), ==, "v2");
  g_assert_cmpint (comfy_settings_get_max_jobs (again), ==, 3);
  g_assert_cmpint (comfy_settings_get_keep_days (again), ==, 0);
  g_assert_true (comfy_settings_get_repeat_runs (again));
  g_assert_false (comfy_settings_get_place_at_once (again));
  g_assert_false (comfy_settings_get_remember_in_layers (again));
  g_assert_true (comfy_settings_get_delete_uploads (again));
  g_assert_true (comfy_settings_has_consent (again, "https://cloud.comfy.org"));
  g_assert_true (comfy_settings_has_consent (again, "http://[::1]:8188"));
  g_assert_false (comfy_settings_has_consent (again, "https://stagingcloud.comfy.org"));
}

static void
test_readable_by_user_alone (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(ComfySettings) settings = comfy_settings_new (fixture->path);
  g_autofree char         *folder = g_path_get_dirname (fixture->path);
  GStatBuf                 info;

  comfy_settings_set_max_jobs (settings, 1);
  g_assert_no_errno (g_stat (fixture->path, &info));
  g_assert_cmphex (info.st_mode & 07777, ==, 0600);
  g_assert_no_errno (g_stat (folder, &info));
  g_assert_cmphex (info.st_mode & 07777, ==, 0700);

  /* a wider mode, made by hand, does not stay */
  g_assert_no_errno (g_chmod (fixture->path, 0644));
  comfy_settings_set_max_jobs (settings, 2);
  g_assert_no_errno (g_stat (fixture->path, &info));
  g_assert_cmphex (info.st_mode & 07777, ==, 0600);
}

static void
test_sees_other_process (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(ComfySettings) ours = comfy_settings_new (fixture->path);
  g_autoptr(ComfySettings) theirs = comfy_settings_new (fixture->path);

  comfy_settings_set_max_jobs (theirs, 2);
  while (comfy_settings_get_max_jobs (ours) != 2)
    wait_for_change (ours);

  comfy_settings_set_protocol (ours, "v1");
  while (g_strcmp0 (comfy_settings_get_protocol (theirs), "v1") != 0)
    wait_for_change (theirs);
  g_assert_cmpint (comfy_settings_get_max_jobs (theirs), ==, 2);
}

static void
test_keeps_both_changes (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(ComfySettings) ours = comfy_settings_new (fixture->path);
  g_autoptr(ComfySettings) theirs = comfy_settings_new (fixture->path);

  /* no main loop runs in between: ours has not seen theirs when it writes */
  comfy_settings_set_max_jobs (theirs, 2);
  comfy_settings_set_keep_days (ours, 7);

  g_assert_cmpint (comfy_settings_get_max_jobs (ours), ==, 2);
  while (comfy_settings_get_keep_days (theirs) != 7)
    wait_for_change (theirs);
  g_assert_cmpint (comfy_settings_get_max_jobs (theirs), ==, 2);
}

static void
test_removed_group_stays_removed (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autoptr(ComfySettingsFile) ours = NULL;
  g_autoptr(ComfySettingsFile) theirs = NULL;
  g_autoptr(GError)            error = NULL;

  write_file (fixture, "# a remark\n[profile a]\nname=A\nlast-used=1\n[profile b]\nname=B\n");
  ours = comfy_settings_file_new (fixture->path);
  theirs = comfy_settings_file_new (fixture->path);

  g_key_file_remove_group (comfy_settings_file_get_keys (theirs), "profile a", NULL);
  g_assert_true (comfy_settings_file_save (theirs, &error));
  g_key_file_set_integer (comfy_settings_file_get_keys (ours), "profile a", "last-used", 2);
  g_key_file_remove_key (comfy_settings_file_get_keys (ours), "profile b", "name", NULL);
  g_assert_true (comfy_settings_file_save (ours, &error));

  g_assert_false (g_key_file_has_group (comfy_settings_file_get_keys (ours), "profile a"));
  g_assert_true (comfy_settings_file_reload (theirs));
  g_assert_false (g_key_file_has_group (comfy_settings_file_get_keys (theirs), "profile a"));
  g_assert_false (g_key_file_has_key (comfy_settings_file_get_keys (theirs), "profile b", "name",
                                      NULL));
}

/* Changes of many processes at once: each adds keys of its own, none is lost */
static void
test_no_change_is_lost (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(ComfySettingsFile) file = NULL;
  pid_t                        children[N_PROCESSES];

  for (int i = 0; i < N_PROCESSES; i++)
    {
      children[i] = fork ();
      if (children[i] == 0)
        {
          ComfySettingsFile *own = comfy_settings_file_new (fixture->path);
          gboolean           saved = TRUE;

          for (int n = 0; n < N_CHANGES && saved; n++)
            {
              g_autofree char *key = g_strdup_printf ("key-%d-%d", i, n);

              g_key_file_set_integer (comfy_settings_file_get_keys (own), "shared", key, n);
              saved = comfy_settings_file_save (own, NULL);
            }
          _exit (saved ? 0 : 1);
        }
    }

  for (int i = 0; i < N_PROCESSES; i++)
    {
      int status;

      g_assert_cmpint (waitpid (children[i], &status, 0), ==, children[i]);
      g_assert_cmpint (status, ==, 0);
    }

  file = comfy_settings_file_new (fixture->path);
  for (int i = 0; i < N_PROCESSES; i++)
    for (int n = 0; n < N_CHANGES; n++)
      {
        g_autofree char *key = g_strdup_printf ("key-%d-%d", i, n);

        g_assert_true (g_key_file_has_key (comfy_settings_file_get_keys (file), "shared", key,
                                           NULL));
      }
}

static void
test_nonsense_counts_as_missing (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr(ComfySettings) settings = NULL;

  write_file (fixture, "[preferences]\nprotocol=v9\nmax-jobs=-4\nkeep-days=many\n"
              "repeat-runs=oui\nplace-at-once=non\n");
  settings = comfy_settings_new (fixture->path);

  g_assert_cmpstr (comfy_settings_get_protocol (settings), ==, "auto");
  g_assert_cmpint (comfy_settings_get_max_jobs (settings), ==, 0);
  g_assert_cmpint (comfy_settings_get_keep_days (settings), ==, 30);
  g_assert_false (comfy_settings_get_repeat_runs (settings));
  g_assert_true (comfy_settings_get_place_at_once (settings));
}

static void
test_damaged_file_is_put_aside (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr(ComfySettings) settings = NULL;
  g_autofree char         *aside = g_strconcat (fixture->path, ".damaged", NULL);
  g_autofree char         *kept = NULL;

  write_file (fixture, "this is no key file\n");
  g_test_expect_message ("comfy-settings", G_LOG_LEVEL_WARNING, "*cannot be understood*");
  settings = comfy_settings_new (fixture->path);
  g_test_assert_expected_messages ();

  comfy_settings_set_max_jobs (settings, 5);
  g_assert_true (g_file_get_contents (aside, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "this is no key file\n");
}

static void
test_unwritable_holds_for_the_process (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autoptr(ComfySettings) settings = NULL;
  g_autoptr(GError)        error = NULL;

  /* root writes where it has no permission to, but not below a file */
  g_test_expect_message ("comfy-settings", G_LOG_LEVEL_WARNING, "*");
  g_test_expect_message ("comfy-settings", G_LOG_LEVEL_WARNING, "*could not be read*");
  settings = comfy_settings_new ("/dev/null/comfy/settings.ini");
  g_test_expect_message ("comfy-settings", G_LOG_LEVEL_WARNING, "*could not be saved*");
  comfy_settings_set_max_jobs (settings, 4);
  g_test_assert_expected_messages ();

  g_assert_cmpint (comfy_settings_get_max_jobs (settings), ==, 4);
  g_assert_false (comfy_settings_save (settings, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_STORAGE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/settings/the-folder-of-the-last-file-is-remembered", test_save_folder);
  ADD ("/settings/defaults", test_defaults);
  ADD ("/settings/survives-restart", test_survives_restart);
  ADD ("/settings/readable-by-user-alone", test_readable_by_user_alone);
  ADD ("/settings/sees-other-process", test_sees_other_process);
  ADD ("/settings/keeps-both-changes", test_keeps_both_changes);
  ADD ("/settings/removed-group-stays-removed", test_removed_group_stays_removed);
  ADD ("/settings/no-change-is-lost", test_no_change_is_lost);
  ADD ("/settings/nonsense-counts-as-missing", test_nonsense_counts_as_missing);
  ADD ("/settings/damaged-file-is-put-aside", test_damaged_file_is_put_aside);
  ADD ("/settings/unwritable-holds-for-the-process", test_unwritable_holds_for_the_process);
#undef ADD

  return g_test_run ();
}
