/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "comfy-folder-lock.h"

/* What another one waits for */
typedef struct
{
  const char *folder;
  int         released; /* atomic: set before the lock is given up */
} Turn;

static void *
wait_for_turn (void *data)
{
  Turn         *turn = data;
  g_autofd int  fd = comfy_folder_lock_wait (turn->folder, G_MAXINT);

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (g_atomic_int_get (&turn->released));

  return NULL;
}

static void
test_who_waits_gets_it_next (void)
{
  g_autofree char  *parent = g_dir_make_tmp ("comfy-lock-XXXXXX", NULL);
  g_autofree char  *folder = g_build_filename (parent, "host", NULL);
  g_autofree char  *path = g_build_filename (folder, "lock", NULL);
  Turn              turn = { .folder = folder };
  int               fd = comfy_folder_lock_wait (folder, 0);
  GThread          *thread = g_thread_new ("waits", wait_for_turn, &turn);

  g_assert_true (comfy_folder_lock_is_held (folder));
  g_assert_cmpint (comfy_folder_lock_take (folder, NULL), ==, -1);
  g_assert_cmpint (comfy_folder_lock_wait (folder, 1000), ==, -1);
  g_atomic_int_set (&turn.released, TRUE);
  g_clear_fd (&fd, NULL);
  g_thread_join (thread);
  g_assert_false (comfy_folder_lock_is_held (folder));

  g_remove (path);
  g_rmdir (folder);
  g_rmdir (parent);
}

static void
test_without_a_place_nobody_waits (void)
{
  g_assert_cmpint (comfy_folder_lock_wait ("/dev/null/no-folder", G_MAXINT), ==, -1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/folder-lock/who-waits-gets-it-next", test_who_waits_gets_it_next);
  g_test_add_func ("/folder-lock/without-a-place-nobody-waits", test_without_a_place_nobody_waits);

  return g_test_run ();
}
