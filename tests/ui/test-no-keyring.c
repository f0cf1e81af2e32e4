/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A desktop without a keyring service: said in words, and nothing is kept anywhere else.
 */
#include "config.h"

#include "comfy-settings-window.h"
#include "session-fixture.h"
#include "ui-test.h"

static void
test_said_and_not_stored (SessionFixture *fixture,
                          gconstpointer   data)
{
  GtkWidget        *window = comfy_settings_window_new (fixture->session);
  g_autofree char  *settings = g_build_filename (g_get_user_config_dir (), "comfy-cloud-gimp",
                                                 "settings.ini", NULL);
  g_autofree char  *written = NULL;

  ui_test_show (window);
  ui_test_click (window, "Add Key…");
  gtk_entry_set_text (GTK_ENTRY (ui_test_get (window, GTK_TYPE_ENTRY, "API key")), fixture->key);
  ui_test_click (window, "Test and Store");
  ui_test_wait_until_says (window, "No keyring service answers");
  ui_test_shoot (window, "settings-no-keyring");
  ui_test_check_people (window);

  /* the key is still in hand, for when there is a keyring */
  ui_test_click (window, "Store Again");
  ui_test_wait_until_says (window, "No keyring service answers");
  g_assert_cmpuint (session_fixture_count_keys (fixture), ==, 0);
  if (g_file_get_contents (settings, &written, NULL, NULL))
    g_assert_null (strstr (written, fixture->key));

  gtk_widget_destroy (window);
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (FALSE);
  ui_test_init (&argc, &argv);

  g_test_add ("/no-keyring/said-and-not-stored", SessionFixture, NULL, session_fixture_set_up,
              test_said_and_not_stored, session_fixture_tear_down);

  return g_test_run ();
}
