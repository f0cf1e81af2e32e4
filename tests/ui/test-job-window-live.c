/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a row of the job window tells beyond how far the job is.
 */
#include "config.h"

#include <glib/gstdio.h>

#include "comfy-job-private.h"
#include "comfy-settings-window.h"
#include "comfy-ui-util.h"
#include "job-window-fixture.h"
#include "ui-test.h"

/* the newest job of the list (transfer full) */
static ComfyJob *
get_job (JobWindow *fixture)
{
  GListModel *jobs = G_LIST_MODEL (comfy_session_get_scheduler (fixture->base.session));

  return g_list_model_get_item (jobs, g_list_model_get_n_items (jobs) - 1);
}

static GtkWidget *
find_preview (JobWindow *fixture)
{
  return ui_test_find (fixture->window, GTK_TYPE_IMAGE, "The picture as far as it is");
}

/* it is seen with what is said of it, and the window has room for both */
static gboolean
has_preview (gpointer data)
{
  return find_preview (data) != NULL && job_window_has_two_rows (data);
}

static gboolean
has_a_preview (gpointer data)
{
  return find_preview (data) != NULL;
}

static void
test_live_preview (JobWindow     *fixture,
                   gconstpointer  data)
{
  g_autofree char     *path = g_test_build_filename (G_TEST_DIST, "data", "raccoon.jpg", NULL);
  g_autofree char     *photo = NULL;
  g_autoptr(GError)    error = NULL;
  g_autoptr(GBytes)    file = NULL;
  g_autoptr(ComfyJob)  job = NULL;
  size_t               length;

  g_file_get_contents (path, &photo, &length, &error);
  g_assert_no_error (error);
  file = g_bytes_new_take (g_steal_pointer (&photo), length);

  job_window_control (fixture, "hold", "{}");
  job_window_start (fixture, "A birch in the fog");
  job_window_start (fixture, "A raccoon that looks up from what it eats, on a long summer's "
                             "evening by the sea");
  job = get_job (fixture);
  ui_test_show (fixture->window);
  ui_test_wait_until_says (fixture->window, "Running");
  g_assert_null (find_preview (fixture));

  _comfy_job_set_preview (job, file, "image/jpeg");
  ui_test_wait_for (has_preview, fixture);
  comfy_progress_set_text (comfy_job_get_progress (job), "Sampling, step 3 of 8");
  g_assert_true (ui_test_says (fixture->window, "Sampling, step 3 of 8"));
  ui_test_shoot_both (fixture->window, "jobs-preview");
  ui_test_check_people (fixture->window);

  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->base.session), FALSE);
  job_window_control (fixture, "release", "{}");
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Place");
  /* the other one, too, is done with this process */
  while (comfy_scheduler_get_n_active (comfy_session_get_scheduler (fixture->base.session)) > 0)
    g_main_context_iteration (NULL, TRUE);
  /* now it is of what came, which waits */
  g_assert_nonnull (find_preview (fixture));
  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->base.session), TRUE);
}

/* the server's own pictures, steps and nodes */
static void
test_over_v2 (JobWindow     *fixture,
              gconstpointer  data)
{
  comfy_settings_set_protocol (comfy_session_get_settings (fixture->base.session), "v2");
  job_window_control (fixture, "hold", "{}");
  job_window_start (fixture, "A raccoon in the grass");
  ui_test_show (fixture->window);
  ui_test_wait_for (has_a_preview, fixture);
  ui_test_wait_until_says (fixture->window, "step ");
  ui_test_shoot_both (fixture->window, "jobs-preview-v2");
  job_window_control (fixture, "release", "{}");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 1);
  comfy_settings_set_protocol (comfy_session_get_settings (fixture->base.session), "auto");
}

/* a job that runs and whose result is kept for @seconds, stopped by a key that is rejected */
static void
stop_while_it_is_kept (JobWindow *fixture,
                       gint64     seconds)
{
  ComfyScheduler      *scheduler = comfy_session_get_scheduler (fixture->base.session);
  g_autoptr(ComfyJob)  job = NULL;

  job_window_control (fixture, "hold", "{}");
  job_window_start (fixture, "A raccoon in the grass");
  job = get_job (fixture);
  ui_test_show (fixture->window);
  ui_test_wait_until_says (fixture->window, "Running");
  comfy_journal_entry_set_expires_at (comfy_job_get_entry (job),
                                      g_get_real_time () / G_USEC_PER_SEC + seconds);
  g_object_notify (G_OBJECT (job), "state");
  g_assert_false (ui_test_says (fixture->window, "The server keeps the result"));

  job_window_control (fixture, "revoke", "{ \"account\": \"ann@example.org\" }");
  job_window_control (fixture, "release", "{}");
  while (comfy_scheduler_is_active (scheduler, job))
    g_main_context_iteration (NULL, TRUE);
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Retry");
}

static void
test_kept_for_a_while (JobWindow     *fixture,
                       gconstpointer  data)
{
  stop_while_it_is_kept (fixture, 2 * 60 * 60);
  g_assert_true (ui_test_says (fixture->window, "The server keeps the result until "));
  ui_test_shoot_both (fixture->window, "jobs-kept");
  ui_test_check_people (fixture->window);
}

static void
test_kept_for_days (JobWindow     *fixture,
                    gconstpointer  data)
{
  stop_while_it_is_kept (fixture, 2 * 24 * 60 * 60);
  g_assert_false (ui_test_says (fixture->window, "The server keeps the result"));
}

static void
test_kept_until_words (void)
{
  g_autoptr(GDateTime) evening = g_date_time_new_local (2026, 3, 10, 22, 15, 0);
  gint64               now = g_date_time_to_unix (evening);
  g_autofree char     *today = comfy_ui_dup_clock_time (now + 30 * 60, now);
  g_autofree char     *tomorrow = comfy_ui_dup_clock_time (now + 11 * 60 * 60, now);

  g_assert_cmpstr (today, ==, "22:45");
  g_assert_cmpstr (tomorrow, ==, "tomorrow, 09:15");
}

/* of this table the loader of the action's model is a partner's node */
#define TABLE "{\"format\":1,\"source\":\"a test\",\"classes\":{" \
  "\"UNETLoader\":{\"title\":\"Load\",\"inputs\":{},\"outputs\":[\"MODEL\"],\"partner\":true}}}"

static GtkWidget *
find_settings (void)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *window = windows; window != NULL; window = window->next)
    if (COMFY_IS_SETTINGS_WINDOW (window->data))
      return window->data;

  return NULL;
}

static gboolean
has_settings (gpointer data)
{
  return find_settings () != NULL && gtk_window_is_active (GTK_WINDOW (find_settings ()));
}

static void
test_partner_is_allowed (JobWindow     *fixture,
                         gconstpointer  data)
{
  ComfySettings     *settings = comfy_session_get_settings (fixture->base.session);
  const char        *name = "Let partner models bill the account on “Sandbox”";
  g_autofree char   *path = g_build_filename (g_get_user_runtime_dir (), "nodes.json", NULL);
  g_autoptr(GError)  error = NULL;
  GtkWidget         *check;

  g_file_set_contents (path, TABLE, -1, &error);
  g_assert_no_error (error);
  comfy_session_use_node_table (fixture->base.session, path);
  comfy_settings_set_protocol (settings, "v2");
  job_window_start (fixture, "A raccoon in the grass");
  ui_test_show (fixture->window);
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Allow in Settings…");
  g_assert_cmpuint (job_window_count_started (fixture), ==, 0);
  ui_test_shoot_both (fixture->window, "jobs-partner");
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->window, "Allow in Settings…");
  ui_test_wait_for (has_settings, NULL);
  check = ui_test_get (find_settings (), GTK_TYPE_CHECK_BUTTON, name);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (find_settings ())) == check);
  g_assert_true (gtk_window_get_focus_visible (GTK_WINDOW (find_settings ())));
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (check)));
  ui_test_shoot_both (find_settings (), "settings-partner");
  ui_test_click (find_settings (), name);
  g_assert_true (comfy_settings_get_lends_key (settings, comfy_endpoint_get_origin (
                                                           fixture->base.endpoint)));
  gtk_dialog_response (GTK_DIALOG (find_settings ()), GTK_RESPONSE_CLOSE);
  g_assert_null (find_settings ());

  ui_test_click (fixture->window, "Retry");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_cmpuint (job_window_count_started (fixture), ==, 1);
  comfy_settings_set_protocol (settings, "auto");
  g_unlink (path);
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/job-window-live/" path, JobWindow, NULL, job_window_set_up, function, \
              job_window_tear_down)

  add ("what-is-in-the-making-is-seen-while-it-runs", test_live_preview);
  add ("over-v2-the-server-tells-step-and-node", test_over_v2);
  add ("partner-models-are-allowed-where-the-button-leads", test_partner_is_allowed);
  add ("until-when-a-result-is-kept", test_kept_for_a_while);
  add ("a-result-that-is-kept-for-days-is-no-matter", test_kept_for_days);
  g_test_add_func ("/job-window-live/until-when-in-words", test_kept_until_words);

  return g_test_run ();
}
