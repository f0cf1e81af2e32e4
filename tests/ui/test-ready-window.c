/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is missing before something without a form: a key, and that the artist knows what is sent.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "comfy-ready-window.h"
#include "session-fixture.h"
#include "test-future.h"
#include "ui-test.h"

typedef struct
{
  SessionFixture  base;
  GtkWidget      *window;
  DexFuture      *answer; /* owned */
} Fixture;

static void
open_window (Fixture *fixture)
{
  fixture->window = comfy_ready_window_new (fixture->base.session, "Vary This Layer");
  fixture->answer = comfy_ready_window_ask (COMFY_READY_WINDOW (fixture->window));
  ui_test_show (fixture->window);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  session_fixture_set_up (&fixture->base, NULL);
  open_window (fixture);
}

static void
set_up_with_key (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(ComfyProfile) profile = NULL;

  session_fixture_set_up (&fixture->base, NULL);
  profile = session_fixture_add_profile (&fixture->base, "Work", fixture->base.key);
  open_window (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->window != NULL)
    gtk_widget_destroy (fixture->window);
  dex_clear (&fixture->answer);
  session_fixture_tear_down (&fixture->base, NULL);
}

static gboolean
has_consent (Fixture *fixture)
{
  return comfy_settings_has_consent (comfy_session_get_settings (fixture->base.session),
                                     comfy_endpoint_get_origin (fixture->base.endpoint));
}

static void
add_key (Fixture *fixture)
{
  gtk_entry_set_text (GTK_ENTRY (ui_test_get (fixture->window, GTK_TYPE_ENTRY, "API key")),
                      fixture->base.key);
  ui_test_click (fixture->window, "Test and Store");
}

/* the key first; then what is sent where, before it is */
static void
test_no_key (Fixture       *fixture,
             gconstpointer  data)
{
  ui_test_check_people (fixture->window);
  add_key (fixture);
  ui_test_wait_until_says (fixture->window, "“Vary This Layer” sends once more what the layer was");
  g_assert_true (dex_future_is_pending (fixture->answer));
  g_assert_false (has_consent (fixture));

  ui_test_press (fixture->window, GDK_KEY_Return, 0);
  test_await_true (dex_ref (fixture->answer));
  g_assert_true (has_consent (fixture));
}

static void
test_no_key_but_consent (Fixture       *fixture,
                         gconstpointer  data)
{
  comfy_settings_give_consent (comfy_session_get_settings (fixture->base.session),
                               comfy_endpoint_get_origin (fixture->base.endpoint));
  add_key (fixture);
  test_await_true (dex_ref (fixture->answer));
}

static void
test_no_consent (Fixture       *fixture,
                 gconstpointer  data)
{
  g_assert_true (ui_test_says (fixture->window, "words and pictures, to 127.0.0.1"));
  g_assert_true (ui_test_says (fixture->window, "Runs on Sandbox with the key “Work”."));
  ui_test_shoot (fixture->window, "ready-window");
  ui_test_check_people (fixture->window);
  ui_test_click (fixture->window, "Run");
  test_await_true (dex_ref (fixture->answer));
  g_assert_true (has_consent (fixture));
}

static void
test_escape_cancels (Fixture       *fixture,
                     gconstpointer  data)
{
  GtkWidget *window = g_steal_pointer (&fixture->window);

  ui_test_press (window, GDK_KEY_Escape, 0);
  test_await_error (dex_ref (fixture->answer), COMFY_ERROR_CANCELLED);
  g_assert_false (has_consent (fixture));
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, set_up_, function) \
  g_test_add ("/ready-window/" path, Fixture, NULL, set_up_, function, tear_down)

  add ("no-key-yet", set_up, test_no_key);
  add ("no-key-yet-but-consent", set_up, test_no_key_but_consent);
  add ("no-consent-yet", set_up_with_key, test_no_consent);
  add ("escape-cancels", set_up_with_key, test_escape_cancels);
  add ("escape-from-the-assistant-cancels", set_up, test_escape_cancels);

  return g_test_run ();
}
