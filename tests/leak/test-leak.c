/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A whole session of core in folders of its own, then everything that it wrote, printed, started or
 * left behind is searched for its key.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib-unix.h>

#include "test-future.h"

/* what leak-scan says; a session that aborts is a command that failed */
#define FOUND             1
#define CLEAN_AND_ABORTED 3

/* key, as leak-scan's descriptor */
#define KEY_FD 3

static char *
make_key (void)
{
  GString *key = g_string_new ("comfyui-");

  for (int i = 0; i < 12; i++)
    g_string_append_printf (key, "%04x", (unsigned int) g_random_int_range (0, 0x10000));

  return g_string_free (key, FALSE);
}

static void
set_folders (GSubprocessLauncher *launcher,
             const char          *folder)
{
  static const char * const names[] = {
    "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR", "TMPDIR",
  };
  g_autofree char *keyring = g_build_filename (folder, "keyring", NULL);

  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_assert_no_errno (g_mkdir_with_parents (path, 0700));
      g_subprocess_launcher_setenv (launcher, names[i], path, TRUE);
    }

  g_subprocess_launcher_setenv (launcher, "SECRET_BACKEND", "file", TRUE);
  g_subprocess_launcher_setenv (launcher, "SECRET_FILE_TEST_PATH", keyring, TRUE);
  g_subprocess_launcher_setenv (launcher, "SECRET_FILE_TEST_PASSWORD", "a test's password", TRUE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent",
                                TRUE);
  g_subprocess_launcher_setenv (launcher, "G_MESSAGES_DEBUG", "all", TRUE);
}

/* Runs leak-session under leak-scan in @folder. Returns: leak-scan's exit status */
static int
scan_session (const char *folder,
              const char *option)
{
  g_autoptr(GSubprocessLauncher)  launcher = NULL;
  g_autoptr(GSubprocess)          process = NULL;
  g_autofree char                *key = make_key ();
  g_autofree char                *key_option = g_strdup_printf ("--key-fd=%d", KEY_FD);
  g_autofree char                *report = NULL;
  g_autoptr(GError)               error = NULL;
  int                             fds[2];

  g_assert_true (g_unix_open_pipe (fds, O_CLOEXEC, &error));
  g_assert_cmpint (write (fds[1], key, strlen (key)), ==, (gssize) strlen (key));
  close (fds[1]);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                        G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                        G_SUBPROCESS_FLAGS_STDERR_MERGE);
  set_folders (launcher, folder);
  g_subprocess_launcher_take_fd (launcher, fds[0], KEY_FD);
  process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("LEAK_SCAN"), key_option,
                                         folder, "--", "sh", "-c",
                                         "cd \"$0\" && exec \"$@\" >stdout 2>stderr",
                                         folder, g_getenv ("LEAK_SESSION"), option, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, key, NULL, &report, NULL, &error));
  g_test_message ("%s", report);
  g_assert_true (g_subprocess_get_if_exited (process));

  return g_subprocess_get_exit_status (process);
}

static char *
read_output (const char *folder,
             const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char            *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  return text;
}

static void
assert_exists (const char *folder,
               const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_session_leaves_no_key (void)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-leak-XXXXXX", NULL);
  int              status = scan_session (folder, NULL);
  g_autofree char *output = read_output (folder, "stdout");

  /* the session did what it is there for, to the end */
  g_assert_nonnull (strstr (output, "the session is complete\n"));
  g_assert_nonnull (strstr (output, "status: 401"));
  g_assert_nonnull (strstr (output, "generate-image: fine\n"));
  g_assert_nonnull (strstr (output, "DEBUG"));
  assert_exists (folder, "keyring");
  assert_exists (folder, "XDG_CONFIG_HOME/comfy-cloud-gimp/settings.ini");
  assert_exists (folder, "XDG_STATE_HOME/comfy-cloud-gimp/jobs");

  g_assert_cmpint (status, ==, CLEAN_AND_ABORTED);
  test_remove_tree (folder);
}

static void
test_planted_key_is_found (void)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-leak-XXXXXX", NULL);

  g_assert_cmpint (scan_session (folder, "--plant"), ==, FOUND);
  test_remove_tree (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/leak/session-leaves-no-key", test_session_leaves_no_key);
  g_test_add_func ("/leak/planted-key-is-found", test_planted_key_is_found);

  return g_test_run ();
}
