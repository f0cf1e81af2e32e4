/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-hand.h"
#include "ui-test.h"

static void
move_button (const char *what)
{
  g_autofree char   *command = g_strdup_printf ("xdotool %s 1", what);
  g_autoptr(GError)  error = NULL;
  int                status;

  g_spawn_command_line_sync (command, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static gboolean
is_settled (gpointer future)
{
  return !dex_future_is_pending (future);
}

static gboolean
release_cb (gpointer data)
{
  gboolean *released = data;

  move_button ("mouseup");
  *released = TRUE;

  return G_SOURCE_REMOVE;
}

static void
test_waits (void)
{
  g_autoptr(DexFuture) future = NULL;
  gboolean             released = FALSE;

  move_button ("mousedown");
  future = comfy_hand_wait_until_free ();
  /* longer than the rest that it looks for */
  g_timeout_add (600, release_cb, &released);
  ui_test_wait_for (is_settled, future);
  g_assert_true (released);
  g_assert_true (g_value_get_boolean (dex_future_get_value (future, NULL)));
}

static void
test_free (void)
{
  g_autoptr(DexFuture) future = comfy_hand_wait_until_free ();

  ui_test_wait_for (is_settled, future);
  g_assert_true (g_value_get_boolean (dex_future_get_value (future, NULL)));
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  if (xdotool == NULL)
    return 77;

  dex_init ();
  ui_test_init (&argc, &argv);
  g_test_add_func ("/hand/a-free-one-is-told", test_free);
  g_test_add_func ("/hand/a-button-that-is-down-is-waited-for", test_waits);

  return g_test_run ();
}
