/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The action window: accepted means that the form checks, there is a key, and the artist was told
 * what is sent where.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "comfy-action-window.h"
#include "session-fixture.h"
#include "test-future.h"
#include "ui-test.h"

typedef struct
{
  SessionFixture  base;
  ComfyForm      *form;
  GtkWidget      *window;
  DexFuture      *answer; /* owned */
} Fixture;

static void
open_window (Fixture    *fixture,
             const char *action_id)
{
  g_autoptr(ComfyAction) action = session_fixture_load_action (action_id);

  fixture->form = comfy_form_new (action);
  fixture->window = comfy_action_window_new (fixture->base.session, fixture->form, -1, NULL);
  fixture->answer = comfy_action_window_ask (COMFY_ACTION_WINDOW (fixture->window));
  ui_test_show (fixture->window);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  session_fixture_set_up (&fixture->base, NULL);
  open_window (fixture, "generate-image");
}

static void
set_up_with_key (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(ComfyProfile) profile = NULL;

  session_fixture_set_up (&fixture->base, NULL);
  profile = session_fixture_add_profile (&fixture->base, "Work", fixture->base.key);
  open_window (fixture, "generate-image");
}

static void
set_up_upscale (Fixture       *fixture,
                gconstpointer  data)
{
  session_fixture_set_up (&fixture->base, NULL);
  open_window (fixture, "upscale-4x");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->window != NULL)
    gtk_widget_destroy (fixture->window);
  dex_clear (&fixture->answer);
  g_clear_object (&fixture->form);
  session_fixture_tear_down (&fixture->base, NULL);
}

static void
set_prompt (Fixture *fixture)
{
  comfy_form_set_value (fixture->form, "prompt",
                        g_variant_new_string ("An old oak on a hill in the evening light"));
}

static gboolean
has_consent (Fixture *fixture)
{
  return comfy_settings_has_consent (comfy_session_get_settings (fixture->base.session),
                                     comfy_endpoint_get_origin (fixture->base.endpoint));
}

static void
add_key_in_place (Fixture *fixture)
{
  gtk_entry_set_text (GTK_ENTRY (ui_test_get (fixture->window, GTK_TYPE_ENTRY, "API key")),
                      fixture->base.key);
  ui_test_click (fixture->window, "Test and Store");
}

static void
test_accepted (Fixture       *fixture,
               gconstpointer  data)
{
  g_assert_true (ui_test_says (fixture->window, "sends what you enter here to 127.0.0.1"));
  /* it is asked once for all actions, whatever they send */
  g_assert_true (ui_test_says (fixture->window, "also send the part of it that they work on"));
  g_assert_true (ui_test_says (fixture->window, "Runs on Sandbox with the key “Work”."));
  g_assert_false (has_consent (fixture));
  set_prompt (fixture);
  ui_test_shoot (fixture->window, "action-window");
  ui_test_check_people (fixture->window);

  ui_test_press (fixture->window, GDK_KEY_Return, GDK_CONTROL_MASK);
  test_await_true (dex_ref (fixture->answer));
  g_assert_true (has_consent (fixture));
  g_assert_false (gtk_widget_is_sensitive (
    ui_test_get (fixture->window, GTK_TYPE_BUTTON, "Generate")));
}

/* the window is only asked for what is missing */
static void
test_needed (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyAction) generate = session_fixture_load_action ("generate-image");
  g_autoptr(ComfyAction) upscale = session_fixture_load_action ("upscale-4x");

  g_assert_true (comfy_action_window_is_needed (fixture->base.session, generate));
  g_assert_true (comfy_action_window_is_needed (fixture->base.session, upscale));
  set_prompt (fixture);
  ui_test_click (fixture->window, "Generate");
  g_assert_true (comfy_action_window_is_needed (fixture->base.session, generate));
  g_assert_false (comfy_action_window_is_needed (fixture->base.session, upscale));
}

typedef struct
{
  GtkWidget *widget;
  int        height; /* px */
} Height;

static gboolean
is_higher (gpointer data)
{
  Height *former = data;

  return gtk_widget_get_allocated_height (former->widget) > former->height;
}

/* who makes the window larger has much to write */
static void
test_larger (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *prompt = ui_test_get (fixture->window, GTK_TYPE_TEXT_VIEW, "Prompt");
  Height     former = { prompt, gtk_widget_get_allocated_height (prompt) };
  int        width;
  int        height;

  gtk_window_get_size (GTK_WINDOW (fixture->window), &width, &height);
  gtk_window_resize (GTK_WINDOW (fixture->window), width, height + 100);
  ui_test_wait_for (is_higher, &former);
}

static void
test_incomplete (Fixture       *fixture,
                 gconstpointer  data)
{
  ui_test_click (fixture->window, "Generate");
  g_assert_true (ui_test_says (fixture->window, "Say in words what you want"));
  g_assert_true (dex_future_is_pending (fixture->answer));
  g_assert_false (has_consent (fixture));
}

static void
test_no_key_yet (Fixture       *fixture,
                 gconstpointer  data)
{
  set_prompt (fixture);
  g_assert_true (ui_test_says (fixture->window, "There is no API key yet"));
  ui_test_click (fixture->window, "Generate");
  ui_test_shoot (fixture->window, "action-window-key");
  ui_test_check_people (fixture->window);
  add_key_in_place (fixture);

  /* what is sent where could not be said before; now it is, and the words are still there */
  ui_test_wait_until_says (fixture->window, "sends what you enter here");
  g_assert_true (dex_future_is_pending (fixture->answer));
  ui_test_click (fixture->window, "Generate");
  test_await_true (dex_ref (fixture->answer));
}

static void
test_no_key_but_consent (Fixture       *fixture,
                         gconstpointer  data)
{
  comfy_settings_give_consent (comfy_session_get_settings (fixture->base.session),
                               comfy_endpoint_get_origin (fixture->base.endpoint));
  set_prompt (fixture);
  ui_test_click (fixture->window, "Generate");
  add_key_in_place (fixture);
  test_await_true (dex_ref (fixture->answer));
}

/* nothing to fill in: straight to the key, then to what is sent where */
static void
test_without_form (Fixture       *fixture,
                   gconstpointer  data)
{
  ui_test_shoot (fixture->window, "action-window-upscale-key");
  add_key_in_place (fixture);
  ui_test_wait_until_says (fixture->window, "sends the part of the image that it works on");
  ui_test_shoot (fixture->window, "action-window-upscale");
  ui_test_check_people (fixture->window);
  ui_test_press (fixture->window, GDK_KEY_Return, 0);
  test_await_true (dex_ref (fixture->answer));
}

static void
test_could_not_start (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  set_prompt (fixture);
  ui_test_click (fixture->window, "Generate");
  test_await_true (g_steal_pointer (&fixture->answer));

  error = comfy_error_new (COMFY_ERROR_TOO_LARGE, NULL, "The layer is too large.");
  comfy_action_window_show_error (COMFY_ACTION_WINDOW (fixture->window), error);
  g_assert_true (ui_test_says (fixture->window, "The layer is too large."));
  ui_test_shoot (fixture->window, "action-window-error");

  fixture->answer = comfy_action_window_ask (COMFY_ACTION_WINDOW (fixture->window));
  ui_test_click (fixture->window, "Generate");
  g_assert_false (ui_test_says (fixture->window, "The layer is too large."));
  test_await_true (dex_ref (fixture->answer));
}

static void
test_escape_cancels (Fixture       *fixture,
                     gconstpointer  data)
{
  GtkWidget *window = g_steal_pointer (&fixture->window);

  ui_test_press (window, GDK_KEY_Escape, 0);
  test_await_error (dex_ref (fixture->answer), COMFY_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, set_up_, function) \
  g_test_add ("/action-window/" path, Fixture, NULL, set_up_, function, tear_down)

  add ("ctrl-enter-accepts", set_up_with_key, test_accepted);
  add ("shown-only-for-what-is-missing", set_up_with_key, test_needed);
  add ("a-larger-window-has-room-for-words", set_up_with_key, test_larger);
  add ("an-incomplete-form-is-not-accepted", set_up_with_key, test_incomplete);
  add ("no-key-yet", set_up, test_no_key_yet);
  add ("no-key-yet-but-consent", set_up, test_no_key_but_consent);
  add ("an-action-without-a-form", set_up_upscale, test_without_form);
  add ("what-could-not-start-is-said-in-place", set_up_with_key, test_could_not_start);
  add ("escape-cancels", set_up_with_key, test_escape_cancels);

  return g_test_run ();
}
