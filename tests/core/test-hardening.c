/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "comfy-hardening.h"
#include "test-future.h"

/* Whether the kernel wrote a core for a child that aborts, with its limit lifted */
static gboolean
aborted_child_dumps (gboolean hardened)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-hardening-XXXXXX", NULL);
  pid_t            child = fork ();
  int              status;

  if (child == 0)
    {
      struct rlimit limit;

      if (chdir (folder) != 0 || getrlimit (RLIMIT_CORE, &limit) != 0)
        _exit (1);
      limit.rlim_cur = limit.rlim_max;
      if (setrlimit (RLIMIT_CORE, &limit) != 0)
        _exit (1);
      if (hardened)
        comfy_hardening_apply ();
      abort ();
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  test_remove_tree (folder);

  return WCOREDUMP (status);
}

static void
test_limits (void)
{
  struct rlimit limit;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  comfy_hardening_apply ();
  g_assert_no_errno (getrlimit (RLIMIT_CORE, &limit));
  g_assert_cmpuint (limit.rlim_cur, <=, 1);
  g_assert_cmpuint (limit.rlim_max, <=, 1);
  if (!g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) && g_getenv ("SNAP_NAME") == NULL)
    g_assert_cmpint (prctl (PR_GET_DUMPABLE, 0, 0, 0, 0), ==, 0);
}

static void
test_abort_leaves_no_core (void)
{
  /* the test can fail only where cores are written at all */
  if (!aborted_child_dumps (FALSE))
    {
      g_test_skip ("this system writes no core files");
      return;
    }

  g_assert_false (aborted_child_dumps (TRUE));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hardening/limits", test_limits);
  g_test_add_func ("/hardening/abort-leaves-no-core", test_abort_leaves_no_core);

  return g_test_run ();
}
