/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Money in the windows: what a run may cost is said before it, what is more than the artist set as
 * a limit is asked in place, and what a run used stands in its row.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "comfy-action-window.h"
#include "comfy-settings-window.h"
#include "job-window-fixture.h"
#include "test-future.h"
#include "ui-test.h"

#define DOLLAR G_GINT64_CONSTANT (1000000)

typedef struct
{
  SessionFixture  base;
  ComfyProfile   *profile; /* owned */
  ComfyForm      *form;
  GtkWidget      *window;  /* NULL until it is opened */
  DexFuture      *answer;  /* owned, nullable */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  session_fixture_set_up (&fixture->base, NULL);
  fixture->profile = session_fixture_add_profile (&fixture->base, "Work", fixture->base.key);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->window, gtk_widget_destroy);
  dex_clear (&fixture->answer);
  g_clear_object (&fixture->form);
  g_clear_object (&fixture->profile);
  session_fixture_tear_down (&fixture->base, NULL);
}

static ComfySettings *
get_settings (Fixture *fixture)
{
  return comfy_session_get_settings (fixture->base.session);
}

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
open_generate (Fixture *fixture)
{
  open_window (fixture, "generate-image");
  comfy_form_set_value (fixture->form, "prompt",
                        g_variant_new_string ("An old oak on a hill in the evening light"));
  comfy_form_set_value (fixture->form, "seed",
                        g_variant_new_maybe (G_VARIANT_TYPE_UINT64, g_variant_new_uint64 (42)));
}

static void
choose_jobs (Fixture    *fixture,
             const char *n)
{
  GtkWidget *combo = ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Batch");
  GtkWidget *count;

  g_assert_true (gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo), "seeds"));
  count = ui_test_get (fixture->window, GTK_TYPE_SPIN_BUTTON, "Jobs");
  gtk_entry_set_text (GTK_ENTRY (count), n);
  gtk_spin_button_update (GTK_SPIN_BUTTON (count));
}

static void
note_run (ComfySession *session,
          ComfyProfile *profile,
          gint64        micros,
          gint64        run_ms)
{
  g_autoptr(ComfyAction)  action = session_fixture_load_action ("generate-image");
  g_autoptr(ComfyForm)    form = comfy_form_new (action);
  g_autofree char        *key = comfy_spending_dup_form_key (form);
  ComfyCost               cost = { micros, COMFY_CURRENCY_USD };

  comfy_spending_note_run (comfy_session_get_spending (session), comfy_profile_get_id (profile),
                           key, &cost, run_ms);
}

static void
set_balance (Fixture *fixture,
             gint64   micros)
{
  g_autoptr(ComfyAccount) account = comfy_account_new ("ann@example.org");

  account->has_balance = TRUE;
  account->balance_micros = micros;
  comfy_profile_store_note_outcome (comfy_session_get_profiles (fixture->base.session),
                                    fixture->profile, account, NULL);
}

static void
test_unknown (Fixture       *fixture,
              gconstpointer  data)
{
  open_generate (fixture);
  g_assert_true (ui_test_says (fixture->window, "Cost unknown"));
  choose_jobs (fixture, "4");
  g_assert_true (ui_test_says (fixture->window, "4 jobs, cost unknown"));

  /* a run that ends meanwhile tells */
  note_run (fixture->base.session, fixture->profile, 12950, 2000);
  set_balance (fixture, DOLLAR);
  g_assert_true (ui_test_says (fixture->window, "4 jobs, about $0.052"));
}

static void
test_about (Fixture       *fixture,
            gconstpointer  data)
{
  GtkWidget *model;

  note_run (fixture->base.session, fixture->profile, 12950, 2000);
  open_generate (fixture);
  g_assert_true (ui_test_says (fixture->window, "About $0.013"));
  choose_jobs (fixture, "8");
  g_assert_true (ui_test_says (fixture->window, "8 jobs, about $0.10"));
  set_balance (fixture, 12 * DOLLAR);
  ui_test_shoot_both (fixture->window, "spending-about");
  ui_test_check_people (fixture->window);

  /* another model has its own price */
  model = ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Model");
  gtk_combo_box_set_active (GTK_COMBO_BOX (model), 1);
  g_assert_true (ui_test_says (fixture->window, "8 jobs, cost unknown"));
}

/* who runs a server of his own pays nobody */
static void
test_without_a_key (Fixture       *fixture,
                    gconstpointer  data)
{
  ComfyProfileStore           *profiles = comfy_session_get_profiles (fixture->base.session);
  g_autoptr(ComfyProfile)      keyless = NULL;
  g_autoptr(GError)            error = NULL;
  ComfyEndpoint               *own;

  own = comfy_profile_store_add_endpoint (profiles, "Own", "http://127.0.0.1:9", &error);
  g_assert_no_error (error);
  keyless = test_await_object (comfy_profile_store_add (profiles, "Own", own, NULL, NULL));
  comfy_settings_set_endpoint (get_settings (fixture), comfy_endpoint_get_id (own));
  open_generate (fixture);
  g_assert_true (ui_test_says (fixture->window, "Runs on Own, without a key."));
  g_assert_false (ui_test_says (fixture->window, "Cost unknown"));
  choose_jobs (fixture, "50");
  ui_test_click (fixture->window, "Run 50 Jobs");
  test_await_true (dex_ref (fixture->answer));
}

static void
test_many_jobs (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(ComfyBatch) batch = NULL;

  open_generate (fixture);
  choose_jobs (fixture, "11");
  ui_test_click (fixture->window, "Run 11 Jobs");
  g_assert_true (ui_test_says (fixture->window, "This begins 11 jobs, and each of them is paid"));
  g_assert_true (dex_future_is_pending (fixture->answer));
  ui_test_shoot_both (fixture->window, "spending-many");
  ui_test_check_people (fixture->window);

  /* of another number it was not said yet */
  choose_jobs (fixture, "12");
  g_assert_false (ui_test_says (fixture->window, "This begins"));
  ui_test_click (fixture->window, "Run 12 Jobs");
  g_assert_true (ui_test_says (fixture->window, "This begins 12 jobs"));
  ui_test_click (fixture->window, "Run Anyway");
  test_await_true (dex_ref (fixture->answer));
  g_assert_false (ui_test_says (fixture->window, "This begins"));
  batch = comfy_action_window_dup_batch (COMFY_ACTION_WINDOW (fixture->window));
  g_assert_cmpuint (batch->n_seeds, ==, 12);
}

static void
test_as_many_as_allowed (Fixture       *fixture,
                         gconstpointer  data)
{
  open_generate (fixture);
  choose_jobs (fixture, "10");
  ui_test_click (fixture->window, "Run 10 Jobs");
  test_await_true (dex_ref (fixture->answer));
}

/* pressing the same key twice is no answer */
static void
test_low_balance (Fixture       *fixture,
                  gconstpointer  data)
{
  set_balance (fixture, 1230000);
  comfy_settings_set_ask_under_balance (get_settings (fixture), 5 * DOLLAR);
  open_generate (fixture);
  ui_test_press (fixture->window, GDK_KEY_Return, GDK_CONTROL_MASK);
  g_assert_true (ui_test_says (fixture->window,
                               "The balance was $1.23 when last asked, which is under $5.00."));
  ui_test_press (fixture->window, GDK_KEY_Return, GDK_CONTROL_MASK);
  g_assert_true (dex_future_is_pending (fixture->answer));
  ui_test_click (fixture->window, "Run Anyway");
  test_await_true (dex_ref (fixture->answer));

  /* the next run is asked for again */
  dex_clear (&fixture->answer);
  fixture->answer = comfy_action_window_ask (COMFY_ACTION_WINDOW (fixture->window));
  ui_test_click (fixture->window, "Generate");
  g_assert_true (dex_future_is_pending (fixture->answer));
}

/* one that would run at once gets a window for the question */
static void
test_without_form (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(ComfyAction) upscale = session_fixture_load_action ("upscale-4x");

  comfy_settings_give_consent (get_settings (fixture),
                               comfy_endpoint_get_origin (fixture->base.endpoint));
  set_balance (fixture, 5 * DOLLAR);
  comfy_settings_set_ask_under_balance (get_settings (fixture), 5 * DOLLAR);
  g_assert_false (comfy_action_window_is_needed (fixture->base.session, upscale));
  set_balance (fixture, 5 * DOLLAR - 1);
  g_assert_true (comfy_action_window_is_needed (fixture->base.session, upscale));

  open_window (fixture, "upscale-4x");
  g_assert_true (ui_test_says (fixture->window, "The balance was"));
  ui_test_shoot (fixture->window, "spending-upscale");
  ui_test_click (fixture->window, "Run Anyway");
  test_await_true (dex_ref (fixture->answer));
}

static void
test_row_while_it_runs (JobWindow     *fixture,
                        gconstpointer  data)
{
  note_run (fixture->base.session, fixture->profile, 12950, 20000);
  job_window_control (fixture, "hold", "{}");
  job_window_start (fixture, "An oak");
  ui_test_show (fixture->window);
  ui_test_wait_until_says (fixture->window, " s of about 20 s");
  ui_test_shoot_both (fixture->window, "spending-running");
  ui_test_check_people (fixture->window);
  job_window_control (fixture, "release", "{}");
  ui_test_wait_for (job_window_is_finished, fixture);
}

static void
test_row_after_it (JobWindow     *fixture,
                   gconstpointer  data)
{
  job_window_control (fixture, "fail", "{ \"message\": \"Out of memory.\" }");
  job_window_start (fixture, "An oak");
  ui_test_show (fixture->window);
  ui_test_wait_until_says (fixture->window, "Out of memory. It used $0.013.");
  ui_test_shoot_both (fixture->window, "spending-used");
}

static gboolean
has_failed (gpointer data)
{
  return ui_test_says (data, "Out of memory.");
}

static void
test_usage (JobWindow     *fixture,
            gconstpointer  data)
{
  GtkWidget *settings;
  GtkWidget *list;

  job_window_control (fixture, "fail", "{ \"message\": \"Out of memory.\" }");
  job_window_start (fixture, "An oak");
  ui_test_wait_for (has_failed, fixture->window);

  settings = comfy_settings_window_new (fixture->base.session);
  ui_test_show (settings);
  list = ui_test_get (settings, GTK_TYPE_LIST_BOX, "API keys");
  gtk_list_box_select_row (GTK_LIST_BOX (list), gtk_list_box_get_row_at_index (
                             GTK_LIST_BOX (list), 0));
  ui_test_click (settings, "Test");
  ui_test_wait_until_says (settings, "Used in a day: $0.013 (1 job, 1 failed)");
  g_assert_true (ui_test_says (settings, "In a week: $0.013 (1 job, 1 failed)"));
  g_assert_true (ui_test_says (settings, "In a month: $0.013 (1 job, 1 failed)"));
  ui_test_shoot_both (settings, "settings-usage");
  ui_test_check_people (settings);
  gtk_widget_destroy (settings);
}

static gboolean
was_asked (gpointer data)
{
  return comfy_sandbox_count (data, "request", "GET", "/developer/api/v1/account/usage") > 0;
}

/* where nobody tells, there are no rows */
static void
test_no_usage (JobWindow     *fixture,
               gconstpointer  data)
{
  GtkWidget *settings = comfy_settings_window_new (fixture->base.session);
  GtkWidget *list;

  job_window_control (fixture, "hide-usage", "{}");
  ui_test_show (settings);
  list = ui_test_get (settings, GTK_TYPE_LIST_BOX, "API keys");
  gtk_list_box_select_row (GTK_LIST_BOX (list), gtk_list_box_get_row_at_index (
                             GTK_LIST_BOX (list), 0));
  ui_test_click (settings, "Test");
  ui_test_wait_for (was_asked, fixture->base.sandbox);
  ui_test_wait_until_says (settings, "Works: ann@example.org");
  /* the second test is answered after the first question */
  ui_test_click (settings, "Test");
  ui_test_wait_until_says (settings, "Testing…");
  ui_test_wait_until_says (settings, "Works: ann@example.org");
  g_assert_false (ui_test_says (settings, "Used in a day"));
  g_assert_cmpuint (comfy_sandbox_count (fixture->base.sandbox, "request", "GET",
                                         "/developer/api/v1/account/usage"), ==, 1);
  gtk_widget_destroy (settings);
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/spending-lines/" path, Fixture, NULL, set_up, function, tear_down)
#define add_row(path, function) \
  g_test_add ("/spending-lines/" path, JobWindow, NULL, job_window_set_up, function, \
              job_window_tear_down)

  add ("what-is-not-known-is-said-to-be", test_unknown);
  add ("what-a-run-may-cost-is-said-before", test_about);
  add ("without-a-key-nothing-costs", test_without_a_key);
  add ("many-jobs-are-asked-for", test_many_jobs);
  add ("as-many-as-allowed-are-not", test_as_many_as_allowed);
  add ("a-low-balance-is-asked-for", test_low_balance);
  add ("an-action-without-a-form-asks-too", test_without_form);
  add_row ("while-it-runs-the-time-is-told", test_row_while_it_runs);
  add_row ("after-it-what-it-used-is-told", test_row_after_it);
  add_row ("what-the-account-used-is-told-at-the-key", test_usage);
  add_row ("where-nobody-tells-there-are-no-rows", test_no_usage);

  return g_test_run ();
}
