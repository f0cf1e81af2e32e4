/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The key assistant: nothing is stored before the server accepted it, or the artist said so twice;
 * and nothing of a key stays in the window.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "comfy-key-assistant.h"
#include "session-fixture.h"
#include "test-future.h"
#include "ui-test.h"

typedef struct
{
  SessionFixture  base;
  GtkWidget      *window;
  GtkWidget      *assistant;
  ComfyProfile   *done;      /* owned: what "done" brought */
  gboolean        cancelled;
} Fixture;

static void
done_cb (ComfyKeyAssistant *assistant,
         ComfyProfile      *profile,
         Fixture           *fixture)
{
  g_set_object (&fixture->done, profile);
}

static void
cancelled_cb (ComfyKeyAssistant *assistant,
              Fixture           *fixture)
{
  fixture->cancelled = TRUE;
}

static void
open_assistant (Fixture      *fixture,
                ComfyProfile *replaced)
{
  fixture->assistant = comfy_key_assistant_new (fixture->base.session, replaced);
  g_signal_connect (fixture->assistant, "done", G_CALLBACK (done_cb), fixture);
  g_signal_connect (fixture->assistant, "cancelled", G_CALLBACK (cancelled_cb), fixture);
  fixture->window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  gtk_container_set_border_width (GTK_CONTAINER (fixture->window), 12);
  gtk_container_add (GTK_CONTAINER (fixture->window), fixture->assistant);
  gtk_widget_show_all (fixture->window);
  ui_test_show (fixture->window);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  session_fixture_set_up (&fixture->base, data);
  open_assistant (fixture, NULL);
}

static void
set_up_without_window (Fixture       *fixture,
                       gconstpointer  data)
{
  session_fixture_set_up (&fixture->base, data);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_widget_destroy (fixture->window);
  g_clear_object (&fixture->done);
  session_fixture_tear_down (&fixture->base, data);
}

static GtkEntry *
get_entry (Fixture    *fixture,
           const char *name)
{
  return GTK_ENTRY (ui_test_get (fixture->assistant, GTK_TYPE_ENTRY, name));
}

static void
type_key (Fixture    *fixture,
          const char *key)
{
  gtk_entry_set_text (get_entry (fixture, "API key"), key);
}

static gboolean
is_done (gpointer data)
{
  return ((Fixture *) data)->done != NULL;
}

static gboolean
offers_to_keep (gpointer data)
{
  Fixture *fixture = data;

  return ui_test_find (fixture->assistant, GTK_TYPE_BUTTON, "Keep Without Test") != NULL;
}

static unsigned int
count_requests (Fixture *fixture)
{
  return comfy_sandbox_count (fixture->base.sandbox, "request", NULL, NULL);
}

static void
test_accepted (Fixture       *fixture,
               gconstpointer  data)
{
  const ComfyAccount *account;

  ui_test_shoot (fixture->window, "key-assistant");
  gtk_entry_set_text (get_entry (fixture, "Name"), "Work");
  type_key (fixture, fixture->base.key);
  ui_test_click (fixture->assistant, "Test and Store");
  /* at once, not only when all has gone well */
  g_assert_cmpstr (gtk_entry_get_text (get_entry (fixture, "API key")), ==, "");
  ui_test_wait_for (is_done, fixture);

  g_assert_cmpstr (comfy_profile_get_name (fixture->done), ==, "Work");
  g_assert_cmpint (comfy_profile_get_state (fixture->done), ==, COMFY_PROFILE_WORKS);
  account = comfy_profile_get_account (fixture->done);
  g_assert_cmpstr (account->email, ==, "ann@example.org");
  g_assert_cmpuint (session_fixture_count_keys (&fixture->base), ==, 1);
  g_assert_true (comfy_profile_store_get_active (
                   comfy_session_get_profiles (fixture->base.session)) == fixture->done);
}

static void
test_rejected (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *wrong = session_fixture_make_key ("ffff");

  type_key (fixture, wrong);
  ui_test_click (fixture->assistant, "Test and Store");
  ui_test_wait_until_says (fixture->assistant, "Possible causes");
  g_assert_cmpuint (session_fixture_count_keys (&fixture->base), ==, 0);
  g_assert_null (fixture->done);
  ui_test_shoot (fixture->window, "key-assistant-rejected");
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->assistant, "Keep It Anyway");
  ui_test_wait_for (is_done, fixture);
  g_assert_cmpint (comfy_profile_get_state (fixture->done), ==, COMFY_PROFILE_REJECTED);
  g_assert_cmpuint (session_fixture_count_keys (&fixture->base), ==, 1);
}

/* another key takes the rejected one's place: "keep" is no longer offered for it */
static void
test_rejected_then_another (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *wrong = session_fixture_make_key ("ffff");

  type_key (fixture, wrong);
  ui_test_click (fixture->assistant, "Test and Store");
  ui_test_wait_until_says (fixture->assistant, "Possible causes");

  type_key (fixture, fixture->base.key);
  g_assert_null (ui_test_find (fixture->assistant, GTK_TYPE_BUTTON, "Keep It Anyway"));
  ui_test_click (fixture->assistant, "Test and Store");
  ui_test_wait_for (is_done, fixture);
  g_assert_cmpint (comfy_profile_get_state (fixture->done), ==, COMFY_PROFILE_WORKS);
}

static void
test_unreachable (Fixture       *fixture,
                  gconstpointer  data)
{
  g_assert_true (comfy_sandbox_control (fixture->base.sandbox, "faults",
                                        "{ \"kind\": \"garbage\", \"count\": 100 }"));
  type_key (fixture, fixture->base.key);
  ui_test_click (fixture->assistant, "Test and Store");
  ui_test_wait_for (offers_to_keep, fixture);
  g_assert_cmpuint (session_fixture_count_keys (&fixture->base), ==, 0);
  ui_test_shoot (fixture->window, "key-assistant-unreachable");

  ui_test_click (fixture->assistant, "Keep Without Test");
  ui_test_wait_for (is_done, fixture);
  g_assert_cmpint (comfy_profile_get_state (fixture->done), !=, COMFY_PROFILE_WORKS);
  g_assert_cmpuint (session_fixture_count_keys (&fixture->base), ==, 1);
}

static void
test_what_cannot_be_a_key (Fixture       *fixture,
                           gconstpointer  data)
{
  GtkWidget  *store = ui_test_get (fixture->assistant, GTK_TYPE_BUTTON, "Test and Store");
  GtkWidget  *combo = ui_test_get (fixture->assistant, GTK_TYPE_COMBO_BOX, "Environment");
  const char *another = "Keys of Comfy Cloud begin with";

  gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo), COMFY_ENDPOINT_PRODUCTION);
  g_assert_false (gtk_widget_get_sensitive (store));

  type_key (fixture, "comfyui-0123\n4567");
  g_assert_true (ui_test_says (fixture->assistant, "line break"));
  g_assert_false (gtk_widget_get_sensitive (store));

  type_key (fixture, "  sk-0123456789  ");
  g_assert_true (ui_test_says (fixture->assistant, another));
  g_assert_true (gtk_widget_get_sensitive (store));
  ui_test_shoot (fixture->window, "key-assistant-warning");

  type_key (fixture, fixture->base.key);
  g_assert_false (ui_test_says (fixture->assistant, another));
  g_assert_false (gtk_entry_get_visibility (get_entry (fixture, "API key")));
  g_assert_cmpuint (count_requests (fixture), ==, 0);
}

static void
test_paste (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *padded = g_strconcat ("  ", fixture->base.key, " ", NULL);

  gtk_clipboard_set_text (gtk_clipboard_get (GDK_SELECTION_CLIPBOARD), padded, -1);
  ui_test_click (fixture->assistant, "Paste");
  while (gtk_entry_get_text_length (get_entry (fixture, "API key")) == 0)
    g_main_context_iteration (NULL, TRUE);

  ui_test_click (fixture->assistant, "Test and Store");
  ui_test_wait_for (is_done, fixture);
  g_assert_cmpint (comfy_profile_get_state (fixture->done), ==, COMFY_PROFILE_WORKS);
}

static void
test_address_while_typing (Fixture       *fixture,
                           gconstpointer  data)
{
  GtkWidget *combo = ui_test_get (fixture->assistant, GTK_TYPE_COMBO_BOX, "Environment");
  GtkWidget *store = ui_test_get (fixture->assistant, GTK_TYPE_BUTTON, "Test and Store");
  GtkEntry  *address;

  type_key (fixture, fixture->base.key);
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo), "custom");
  address = get_entry (fixture, "Address of the environment");

  gtk_entry_set_text (address, "cloud");
  g_assert_true (ui_test_says (fixture->assistant, "begins with https://"));
  g_assert_false (gtk_widget_get_sensitive (store));

  gtk_entry_set_text (address, "http://example.org");
  g_assert_true (ui_test_says (fixture->assistant, "not encrypted"));

  gtk_entry_set_text (address, "https://example.org");
  g_assert_false (ui_test_says (fixture->assistant, "not encrypted"));
  g_assert_true (gtk_widget_get_sensitive (store));
}

/* a bad new key leaves the old one in force */
static void
test_replace (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(ComfyProfile) profile = NULL;
  g_autoptr(ComfyAccount) account = NULL;
  ComfyConnector         *connector = comfy_session_get_connector (fixture->base.session);
  g_autofree char        *wrong = session_fixture_make_key ("ffff");
  g_autofree char        *second = session_fixture_make_key ("eeee");

  profile = session_fixture_add_profile (&fixture->base, "Work", fixture->base.key);
  open_assistant (fixture, profile);
  ui_test_shoot (fixture->window, "key-assistant-replace");
  ui_test_check_people (fixture->window);

  type_key (fixture, wrong);
  ui_test_click (fixture->assistant, "Test and Store");
  ui_test_wait_until_says (fixture->assistant, "Possible causes");
  account = test_await_boxed (comfy_connector_test (connector, profile));
  g_assert_cmpstr (account->email, ==, "ann@example.org");

  comfy_sandbox_add_key (fixture->base.sandbox, second, "bea@example.org", 0, "creator");
  type_key (fixture, second);
  ui_test_click (fixture->assistant, "Test and Store");
  ui_test_wait_for (is_done, fixture);
  g_assert_true (fixture->done == profile);
  g_clear_pointer (&account, comfy_account_free);
  account = test_await_boxed (comfy_connector_test (connector, profile));
  g_assert_cmpstr (account->email, ==, "bea@example.org");
  g_assert_cmpuint (session_fixture_count_keys (&fixture->base), ==, 1);
}

/* closed while the server is being asked: nothing is stored, nothing breaks */
static void
test_closed_meanwhile (Fixture       *fixture,
                       gconstpointer  data)
{
  type_key (fixture, fixture->base.key);
  ui_test_click (fixture->assistant, "Test and Store");
  ui_test_wait_until_says (fixture->assistant, "Asking");
  gtk_widget_destroy (fixture->window);
  while (gtk_events_pending ())
    gtk_main_iteration ();
  g_assert_null (fixture->done);
  g_assert_cmpuint (session_fixture_count_keys (&fixture->base), ==, 0);

  open_assistant (fixture, NULL);
}

static void
test_everybody_can_use_it (Fixture       *fixture,
                           gconstpointer  data)
{
  ui_test_check_people (fixture->window);
  ui_test_click (fixture->assistant, "Cancel");
  g_assert_true (fixture->cancelled);
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, set_up_, function) \
  g_test_add ("/key-assistant/" path, Fixture, NULL, set_up_, function, tear_down)

  add ("an-accepted-key-is-stored", set_up, test_accepted);
  add ("a-rejected-key-is-kept-only-on-a-second-choice", set_up, test_rejected);
  add ("another-key-takes-the-rejected-ones-place", set_up, test_rejected_then_another);
  add ("an-unreachable-server-is-said", set_up, test_unreachable);
  add ("what-cannot-be-a-key-is-said-while-typing", set_up, test_what_cannot_be_a_key);
  add ("a-key-is-pasted-with-blanks-around-it", set_up, test_paste);
  add ("an-address-is-checked-while-typing", set_up, test_address_while_typing);
  add ("the-old-key-works-until-the-new-one-does", set_up_without_window, test_replace);
  add ("closed-meanwhile", set_up, test_closed_meanwhile);
  add ("everybody-can-use-it", set_up, test_everybody_can_use_it);

  return g_test_run ();
}
