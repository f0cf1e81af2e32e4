/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings: what is clicked is in force at once, and is there again in the next session.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "comfy-settings-window.h"
#include "session-fixture.h"
#include "test-future.h"
#include "ui-test.h"

typedef struct
{
  SessionFixture  base;
  ComfyProfile   *work;   /* owned: a key that the sandbox takes, and the default */
  ComfyProfile   *old;    /* owned: one that it does not */
  GtkWidget      *window;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *wrong = session_fixture_make_key ("ffff");

  session_fixture_set_up (&fixture->base, data);
  fixture->work = session_fixture_add_profile (&fixture->base, "Work", fixture->base.key);
  fixture->old = session_fixture_add_profile (&fixture->base, "Old Laptop", wrong);
  fixture->window = comfy_settings_window_new (fixture->base.session);
  ui_test_show (fixture->window);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_widget_destroy (fixture->window);
  g_clear_object (&fixture->work);
  g_clear_object (&fixture->old);
  session_fixture_tear_down (&fixture->base, data);
}

static ComfySettings *
get_settings (Fixture *fixture)
{
  return comfy_session_get_settings (fixture->base.session);
}

static void
select_key (Fixture    *fixture,
            const char *name)
{
  GtkWidget *list = ui_test_get (fixture->window, GTK_TYPE_LIST_BOX, "API keys");
  GtkWidget *row = ui_test_get (list, GTK_TYPE_LIST_BOX_ROW, name);

  gtk_list_box_select_row (GTK_LIST_BOX (list), GTK_LIST_BOX_ROW (row));
  gtk_widget_grab_focus (row);
}

static void
show_page (Fixture    *fixture,
           const char *text)
{
  GtkWidget *notebook = ui_test_get (fixture->window, GTK_TYPE_NOTEBOOK, "Pages");

  for (int i = 0; i < gtk_notebook_get_n_pages (GTK_NOTEBOOK (notebook)); i++)
    {
      GtkWidget *page = gtk_notebook_get_nth_page (GTK_NOTEBOOK (notebook), i);

      if (g_str_equal (gtk_notebook_get_tab_label_text (GTK_NOTEBOOK (notebook), page), text))
        gtk_notebook_set_current_page (GTK_NOTEBOOK (notebook), i);
    }
}

static gboolean
shows_four (gpointer data)
{
  return ui_test_says (data, "comfyui-…abcd");
}

static gboolean
is_tested (gpointer data)
{
  return comfy_profile_get_state (data) != COMFY_PROFILE_NOT_TESTED;
}

static void
test_keys_are_shown (Fixture       *fixture,
                     gconstpointer  data)
{
  ui_test_wait_for (shows_four, fixture->window);
  g_assert_true (ui_test_says (fixture->window, "Actions use “Work” on Sandbox."));
  g_assert_true (ui_test_says (fixture->window, "Not tested"));
  g_assert_true (ui_test_says (fixture->window, "last used: never"));
  g_assert_false (ui_test_says (fixture->window, fixture->base.key));
}

static void
test_key_is_tested (Fixture       *fixture,
                    gconstpointer  data)
{
  select_key (fixture, "Work");
  ui_test_click (fixture->window, "Test");
  ui_test_wait_for (is_tested, fixture->work);
  ui_test_wait_until_says (fixture->window, "ann@example.org");
  g_assert_true (ui_test_says (fixture->window, "12.34"));

  select_key (fixture, "Old Laptop");
  ui_test_click (fixture->window, "Test");
  ui_test_wait_until_says (fixture->window, "Possible causes");
  ui_test_shoot (fixture->window, "settings-keys");
  ui_test_check_people (fixture->window);
}

static gboolean
is_renamed (gpointer data)
{
  return g_str_equal (comfy_profile_get_name (data), "Studio");
}

static void
test_rename (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *entry;

  select_key (fixture, "Work");
  ui_test_press (fixture->window, GDK_KEY_F2, 0);
  entry = ui_test_get (fixture->window, GTK_TYPE_ENTRY, "Name of the key");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == entry);
  gtk_entry_set_text (GTK_ENTRY (entry), "Nonsense");
  ui_test_press (fixture->window, GDK_KEY_Escape, 0);
  g_assert_true (gtk_widget_get_visible (fixture->window));
  g_assert_cmpstr (comfy_profile_get_name (fixture->work), ==, "Work");

  ui_test_click (fixture->window, "Rename");
  entry = ui_test_get (fixture->window, GTK_TYPE_ENTRY, "Name of the key");
  gtk_entry_set_text (GTK_ENTRY (entry), "Studio");
  ui_test_press (fixture->window, GDK_KEY_Return, 0);
  ui_test_wait_for (is_renamed, fixture->work);
  ui_test_wait_until_says (fixture->window, "Actions use “Studio”");
}

static void
test_make_default (Fixture       *fixture,
                   gconstpointer  data)
{
  select_key (fixture, "Work");
  g_assert_false (gtk_widget_get_sensitive (
    ui_test_get (fixture->window, GTK_TYPE_BUTTON, "Make Default")));

  select_key (fixture, "Old Laptop");
  ui_test_click (fixture->window, "Make Default");
  g_assert_true (comfy_profile_is_default (fixture->old));
  g_assert_false (comfy_profile_is_default (fixture->work));
  ui_test_wait_until_says (fixture->window, "Actions use “Old Laptop”");
}

static gboolean
has_one_key (gpointer data)
{
  return session_fixture_count_keys (data) == 1;
}

static void
count_cb (GtkWidget    *row,
          unsigned int *n)
{
  (*n)++;
}

static void
test_remove (Fixture       *fixture,
             gconstpointer  data)
{
  ComfyProfileStore *store = comfy_session_get_profiles (fixture->base.session);
  GtkWidget         *row;
  unsigned int       n_removed = 0;

  select_key (fixture, "Old Laptop");
  ui_test_press (fixture->window, GDK_KEY_Delete, 0);
  g_assert_true (ui_test_says (fixture->window, "does not revoke the key"));
  ui_test_shoot (fixture->window, "settings-remove");
  ui_test_check_people (fixture->window);
  row = ui_test_get (fixture->window, GTK_TYPE_LIST_BOX_ROW, "Old Laptop");
  g_signal_connect (row, "removed", G_CALLBACK (count_cb), &n_removed);
  ui_test_click (fixture->window, "Keep");
  g_assert_cmpuint (n_removed, ==, 0);

  ui_test_click (fixture->window, "Remove…");
  ui_test_click (fixture->window, "Remove");
  g_assert_cmpuint (n_removed, ==, 1);
  ui_test_wait_for (has_one_key, &fixture->base);
  test_await_error (comfy_profile_store_lookup (store, fixture->old), COMFY_ERROR_NO_KEY);
}

/* the assistant takes the list's place, and gives it back */
static void
test_add (Fixture       *fixture,
          gconstpointer  data)
{
  g_autofree char *third = session_fixture_make_key ("1234");

  comfy_sandbox_add_key (fixture->base.sandbox, third, "cy@example.org", 0, "creator");
  ui_test_click (fixture->window, "Add Key…");
  ui_test_shoot (fixture->window, "settings-add-key");
  gtk_entry_set_text (GTK_ENTRY (ui_test_get (fixture->window, GTK_TYPE_ENTRY, "API key")), third);
  gtk_entry_set_text (GTK_ENTRY (ui_test_get (fixture->window, GTK_TYPE_ENTRY, "Name")), "Third");
  ui_test_click (fixture->window, "Test and Store");
  ui_test_wait_until_says (fixture->window, "cy@example.org");
  ui_test_wait_until_says (fixture->window, "comfyui-…1234");
  /* it is selected, and something can be done with it at once */
  ui_test_click (fixture->window, "Make Default");
  ui_test_wait_until_says (fixture->window, "Actions use “Third”");

  ui_test_click (fixture->window, "Add Key…");
  ui_test_click (fixture->window, "Cancel");
  g_assert_nonnull (ui_test_find (fixture->window, GTK_TYPE_BUTTON, "Add Key…"));
}

/* the presets, and the sandbox */
static gboolean
has_three_environments (gpointer data)
{
  ComfyProfileStore *store = comfy_session_get_profiles (((Fixture *) data)->base.session);

  return g_list_model_get_n_items (comfy_profile_store_get_endpoints (store)) == 3;
}

static void
test_environments (Fixture       *fixture,
                   gconstpointer  data)
{
  ComfyProfileStore *store = comfy_session_get_profiles (fixture->base.session);
  GListModel        *endpoints = comfy_profile_store_get_endpoints (store);
  GtkWidget         *add;

  show_page (fixture, "Environments");
  add = ui_test_get (fixture->window, GTK_TYPE_BUTTON, "Add");
  gtk_entry_set_text (GTK_ENTRY (ui_test_get (fixture->window, GTK_TYPE_ENTRY, "Name")), "Office");
  gtk_entry_set_text (GTK_ENTRY (ui_test_get (fixture->window, GTK_TYPE_ENTRY, "Address")), "ftp:");
  g_assert_false (gtk_widget_get_sensitive (add));
  ui_test_shoot (fixture->window, "settings-environments");
  gtk_entry_set_text (GTK_ENTRY (ui_test_get (fixture->window, GTK_TYPE_ENTRY, "Address")),
                      "https://comfy.example.org");
  ui_test_click (fixture->window, "Add");
  g_assert_cmpuint (g_list_model_get_n_items (endpoints), ==, 4);
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->window, "Staging");
  g_assert_cmpstr (comfy_settings_get_endpoint (get_settings (fixture)), ==,
                   COMFY_ENDPOINT_STAGING);
  ui_test_click (fixture->window, "Remove “Office”");
  ui_test_wait_for (has_three_environments, fixture);
  ui_test_click (fixture->window, "Remove “Sandbox”");
  ui_test_wait_until_says (fixture->window, "There are keys for this environment");
}

static void
test_jobs_and_privacy (Fixture       *fixture,
                       gconstpointer  data)
{
  GtkWidget *jobs;
  GtkWidget *days;

  show_page (fixture, "Jobs and Privacy");
  jobs = ui_test_get (fixture->window, GTK_TYPE_SPIN_BUTTON, "Jobs at once");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (jobs)), ==, "Automatic");
  ui_test_shoot (fixture->window, "settings-jobs");
  ui_test_check_people (fixture->window);

  gtk_spin_button_set_value (GTK_SPIN_BUTTON (jobs), 3);
  g_assert_cmpint (comfy_settings_get_max_jobs (get_settings (fixture)), ==, 3);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (jobs), 0);
  gtk_spin_button_update (GTK_SPIN_BUTTON (jobs));
  g_assert_cmpint (comfy_settings_get_max_jobs (get_settings (fixture)), ==, 0);

  days = ui_test_get (fixture->window, GTK_TYPE_SPIN_BUTTON, "Keep finished jobs for (days)");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (days), 30);
  g_assert_cmpint (comfy_settings_get_keep_days (get_settings (fixture)), ==, 30);

  gtk_combo_box_set_active_id (
    GTK_COMBO_BOX (ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Protocol")), "v2");
  g_assert_cmpstr (comfy_settings_get_protocol (get_settings (fixture)), ==, "v2");

  gtk_combo_box_set_active (
    GTK_COMBO_BOX (ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Place results")), 1);
  g_assert_false (comfy_settings_get_place_at_once (get_settings (fixture)));
  comfy_settings_set_place_at_once (get_settings (fixture), TRUE);

  ui_test_click (fixture->window,
                 "“Repeat” in the Filters menu runs paid actions without asking");
  g_assert_true (comfy_settings_get_repeat_runs (get_settings (fixture)));

  ui_test_click (fixture->window, "Remember in new layers how they were made");
  g_assert_false (comfy_settings_get_remember_in_layers (get_settings (fixture)));
  g_assert_false (comfy_settings_get_delete_uploads (get_settings (fixture)));
  ui_test_click (fixture->window, "Delete uploads from the server when a job is done");
  g_assert_true (comfy_settings_get_delete_uploads (get_settings (fixture)));

  ui_test_click (fixture->window, "Delete Now");
  g_assert_true (ui_test_says (fixture->window, "deleted from this computer"));
}

static void
test_spending (Fixture       *fixture,
               gconstpointer  data)
{
  GtkWidget *balance;
  GtkWidget *jobs;

  show_page (fixture, "Spending");
  balance = ui_test_get (fixture->window, GTK_TYPE_SPIN_BUTTON,
                         "Ask when the balance is under ($)");
  jobs = ui_test_get (fixture->window, GTK_TYPE_SPIN_BUTTON, "Ask before starting more jobs than");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (balance)), ==, "Never");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (jobs)), ==, "10");
  ui_test_check_people (fixture->window);

  gtk_spin_button_set_value (GTK_SPIN_BUTTON (balance), 2.5);
  g_assert_cmpint (comfy_settings_get_ask_under_balance (get_settings (fixture)), ==, 2500000);
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (balance)), ==, "2.50");
  ui_test_shoot_both (fixture->window, "settings-spending");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (balance), 0);
  gtk_spin_button_update (GTK_SPIN_BUTTON (balance));
  g_assert_cmpint (comfy_settings_get_ask_under_balance (get_settings (fixture)), ==, 0);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (jobs), 0);
  g_assert_cmpint (comfy_settings_get_ask_over_jobs (get_settings (fixture)), ==, 0);
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (jobs)), ==, "Never");
}

static void
test_escape_closes (Fixture       *fixture,
                    gconstpointer  data)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  ui_test_press (fixture->window, GDK_KEY_Escape, 0);
  g_assert_null (fixture->window);

  fixture->window = comfy_settings_window_new (fixture->base.session);
}

/* what wins is said, and cannot be changed here */
static void
test_from_environment (Fixture       *fixture,
                       gconstpointer  data)
{
  g_assert_true (ui_test_says (fixture->window, "COMFY_API_KEY or COMFY_BASE_URL is set"));
  g_assert_true (ui_test_says (fixture->window, "Actions use “From the environment”"));
  ui_test_wait_for (shows_four, fixture->window);
  select_key (fixture, "From the environment");
  g_assert_false (gtk_widget_get_sensitive (
    ui_test_get (fixture->window, GTK_TYPE_BUTTON, "Replace…")));
  g_assert_false (gtk_widget_get_sensitive (
    ui_test_get (fixture->window, GTK_TYPE_BUTTON, "Remove…")));
  ui_test_shoot (fixture->window, "settings-environment-key");
  ui_test_check_people (fixture->window);

  select_key (fixture, "From the environment");
  ui_test_click (fixture->window, "Test");
  ui_test_wait_until_says (fixture->window, "ann@example.org");
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/settings-window/" path, Fixture, NULL, set_up, function, tear_down)

  add ("keys-are-shown-by-their-last-four", test_keys_are_shown);
  add ("a-key-is-tested", test_key_is_tested);
  add ("a-key-is-renamed-in-place", test_rename);
  add ("a-key-becomes-the-default", test_make_default);
  add ("a-key-is-removed-only-when-asked-twice", test_remove);
  add ("a-key-is-added-in-place", test_add);
  add ("environments", test_environments);
  add ("jobs-and-privacy", test_jobs_and_privacy);
  add ("spending", test_spending);
  add ("escape-closes", test_escape_closes);
  g_test_add ("/settings-window/a-key-from-the-environment-wins", Fixture, "from environment",
              set_up, test_from_environment, tear_down);

  return g_test_run ();
}
