/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The job window: it comes with a job and goes with the last one; what needs the artist is said
 * with every way out.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "comfy-job-actions.h"
#include "comfy-job-window.h"
#include "job-window-fixture.h"
#include "ui-test.h"

static void
test_comes_and_goes (JobWindow     *fixture,
                     gconstpointer  data)
{
  g_assert_false (gtk_widget_get_visible (fixture->window));
  job_window_control (fixture, "hold", "{}");
  job_window_start (fixture, "An old oak on a hill in the evening light");
  job_window_start (fixture, "A very long prompt that does not fit into one line of the window, "
                             "because it goes on and on about the many things that are to be seen");
  g_assert_true (gtk_widget_get_visible (fixture->window));
  ui_test_show (fixture->window);
  ui_test_wait_until_says (fixture->window, "Running");
  g_assert_true (job_window_has_button (fixture, "Cancel “Generate Image”"));
  ui_test_wait_for (job_window_has_two_rows, fixture);
  ui_test_shoot (fixture->window, "jobs-running");
  ui_test_check_people (fixture->window);

  job_window_control (fixture, "release", "{}");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_false (gtk_widget_get_visible (fixture->window));
  g_assert_true (comfy_job_window_is_finished (COMFY_JOB_WINDOW (fixture->window)));
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 2);
}

static void
test_closing_hides (JobWindow     *fixture,
                    gconstpointer  data)
{
  job_window_control (fixture, "hold", "{}");
  job_window_start (fixture, "An oak");
  ui_test_show (fixture->window);
  ui_test_press (fixture->window, GDK_KEY_Escape, 0);
  g_assert_false (gtk_widget_get_visible (fixture->window));
  g_assert_false (comfy_job_window_is_finished (COMFY_JOB_WINDOW (fixture->window)));

  job_window_control (fixture, "release", "{}");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 1);
}

static gboolean
is_visible (gpointer data)
{
  return gtk_widget_get_visible (data);
}

/* a closed window comes back for what needs the artist */
static void
test_failed (JobWindow     *fixture,
             gconstpointer  data)
{
  GtkClipboard    *clipboard = gtk_clipboard_get (GDK_SELECTION_CLIPBOARD);
  g_autofree char *details = NULL;

  job_window_control (fixture, "hold", "{}");
  job_window_control (fixture, "fail", "{ \"message\": \"Out of memory\" }");
  job_window_start (fixture, "An oak");
  ui_test_show (fixture->window);
  gtk_dialog_response (GTK_DIALOG (fixture->window), GTK_RESPONSE_CLOSE);
  job_window_control (fixture, "release", "{}");
  ui_test_wait_for (is_visible, fixture->window);
  ui_test_show (fixture->window);
  g_assert_true (ui_test_says (fixture->window, "Out of memory"));
  g_assert_false (job_window_has_button (fixture, "Cancel “Generate Image”"));
  ui_test_shoot (fixture->window, "jobs-failed");
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->window, "Copy Details");
  details = gtk_clipboard_wait_for_text (clipboard);
  g_assert_nonnull (strstr (details, "Out of memory"));
  g_assert_null (strstr (details, fixture->base.key));

  ui_test_click (fixture->window, "Take this job off the list");
  ui_test_wait_for (job_window_is_finished, fixture);
}

static void
test_repeated (JobWindow     *fixture,
               gconstpointer  data)
{
  job_window_control (fixture, "fail", "{ \"message\": \"Out of memory\" }");
  job_window_start (fixture, "An oak");
  ui_test_show (fixture->window);
  ui_test_wait_until_says (fixture->window, "Out of memory");
  ui_test_click (fixture->window, "Retry");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_cmpuint (job_window_count_started (fixture), ==, 2);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 1);
}

static gboolean
nothing_runs (gpointer data)
{
  JobWindow *fixture = data;

  return comfy_scheduler_get_n_active (comfy_session_get_scheduler (fixture->base.session)) == 0;
}

/* the key is replaced in place, once, and all jobs go on with it */
static void
test_rejected_key (JobWindow     *fixture,
                   gconstpointer  data)
{
  g_autofree char *second = session_fixture_make_key ("eeee");

  job_window_control (fixture, "revoke", "{ \"account\": \"ann@example.org\" }");
  comfy_sandbox_add_key (fixture->base.sandbox, second, "bea@example.org", 12340000, "creator");
  job_window_start (fixture, "An oak");
  job_window_start (fixture, "An elm");
  ui_test_show (fixture->window);
  ui_test_wait_until_says (fixture->window, "The key “Work” was rejected");
  ui_test_wait_for (nothing_runs, fixture);
  g_assert_true (ui_test_says (fixture->window, "revoked or deleted"));
  g_assert_true (job_window_has_button (fixture, "Open platform.comfy.org"));
  ui_test_shoot (fixture->window, "jobs-rejected");
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->window, "Replace Key…");
  g_assert_true (ui_test_says (fixture->window, "Replace the Key “Work”"));
  gtk_entry_set_text (GTK_ENTRY (ui_test_get (fixture->window, GTK_TYPE_ENTRY, "API key")),
                      second);
  ui_test_click (fixture->window, "Test and Store");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 2);
  g_assert_cmpuint (job_window_count_started (fixture), ==, 2);
}

static void
test_no_credits (JobWindow     *fixture,
                 gconstpointer  data)
{
  job_window_control (fixture, "balance", "{ \"account\": \"ann@example.org\", \"micros\": 0 }");
  job_window_start (fixture, "An oak");
  ui_test_show (fixture->window);
  ui_test_wait_until_says (fixture->window, "credits");
  ui_test_shoot (fixture->window, "jobs-no-credits");

  job_window_control (fixture, "balance",
                      "{ \"account\": \"ann@example.org\", \"micros\": 9000000 }");
  ui_test_click (fixture->window, "Retry");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_cmpuint (job_window_count_started (fixture), ==, 1);
}

static void
test_cancelled (JobWindow     *fixture,
                gconstpointer  data)
{
  job_window_control (fixture, "hold", "{}");
  job_window_start (fixture, "An oak");
  ui_test_show (fixture->window);
  ui_test_wait_until_says (fixture->window, "Running");
  ui_test_click (fixture->window, "Cancel “Generate Image”");
  ui_test_wait_until_says (fixture->window, "Cancelled");
  ui_test_shoot (fixture->window, "jobs-cancelled");
  ui_test_press (fixture->window, GDK_KEY_Escape, 0);
  ui_test_wait_for (job_window_is_finished, fixture);
}

/* on v2 nobody can ask whether the job exists */
static void
lose_the_answer (JobWindow *fixture)
{
  comfy_settings_set_protocol (comfy_session_get_settings (fixture->base.session), "v2");
  job_window_control (fixture, "faults",
                      "{ \"kind\": \"lose_reply\", \"method\": \"POST\", "
                      "\"path\": \"/api/v2/jobs\" }");
  job_window_start (fixture, "An oak");
  ui_test_show (fixture->window);
  ui_test_wait_for ((UiTestCondition) is_visible,
                    ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Send Again"));
}

static void
test_unknown_sent_again (JobWindow     *fixture,
                         gconstpointer  data)
{
  lose_the_answer (fixture);
  g_assert_true (job_window_has_button (fixture, "Look Again"));
  ui_test_shoot (fixture->window, "jobs-unknown");
  ui_test_check_people (fixture->window);
  g_assert_cmpuint (job_window_count_started (fixture), ==, 1);

  ui_test_click (fixture->window, "Send Again");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_cmpuint (job_window_count_started (fixture), ==, 2);
}

static void
test_unknown_forgotten (JobWindow     *fixture,
                        gconstpointer  data)
{
  g_auto(GStrv) orphans = NULL;

  lose_the_answer (fixture);
  ui_test_click (fixture->window, "Forget");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_cmpuint (job_window_count_started (fixture), ==, 1);
  orphans = comfy_journal_list_orphans (comfy_session_get_journal (fixture->base.session));
  g_assert_cmpuint (g_strv_length (orphans), ==, 0);
}

/* on the artist's word: of one that has just come, and of one that came in an earlier session */
static void
test_placed_on_a_click (JobWindow     *fixture,
                        gconstpointer  data)
{
  ComfySettings *settings = comfy_session_get_settings (fixture->base.session);

  comfy_settings_set_place_at_once (settings, FALSE);
  for (unsigned int i = 0; i < 2; i++)
    {
      fixture->finished = FALSE;
      job_window_start (fixture, "An oak");
      ui_test_show (fixture->window);
      ui_test_wait_until_says (fixture->window, "The result is ready.");
      ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Place");
      g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, i);
      ui_test_shoot (fixture->window, "jobs-ready");
      ui_test_check_people (fixture->window);
      ui_test_click (fixture->window, i == 0 ? "Place" : "Take this job off the list");
      ui_test_wait_for (job_window_is_finished, fixture);
    }

  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 1);
  gtk_widget_destroy (fixture->window);
  job_window_open (fixture);
  fixture->finished = FALSE;
  ui_test_show (fixture->window);
  g_assert_true (ui_test_says (fixture->window, "1 earlier job"));
  ui_test_click (fixture->window, "Go On");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 2);
  g_assert_cmpuint (job_window_count_started (fixture), ==, 2);
  comfy_settings_set_place_at_once (settings, TRUE);
}

static void
test_earlier_session (JobWindow     *fixture,
                      gconstpointer  data)
{
  g_autofree char *first = job_window_prepare (fixture, "An oak");
  g_autofree char *second = job_window_prepare (fixture, "A birch");

  gtk_widget_destroy (fixture->window);
  job_window_open (fixture);
  ui_test_show (fixture->window);
  g_assert_true (ui_test_says (fixture->window, "2 earlier jobs"));
  ui_test_shoot (fixture->window, "jobs-earlier");
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->window, "Forget…");
  g_assert_true (ui_test_says (fixture->window, "may have been paid for"));
  ui_test_click (fixture->window, "Keep");
  ui_test_click (fixture->window, "Go On");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 2);
}

static void
test_earlier_session_forgotten (JobWindow     *fixture,
                                gconstpointer  data)
{
  g_autofree char *id = job_window_prepare (fixture, "An oak");

  gtk_widget_destroy (fixture->window);
  job_window_open (fixture);
  ui_test_show (fixture->window);
  ui_test_click (fixture->window, "Forget…");
  ui_test_click (fixture->window, "Forget");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_cmpuint (job_window_count_started (fixture), ==, 0);
}

static gboolean
has_settled (gpointer window)
{
  return gtk_widget_get_mapped (window) && !g_main_context_pending (NULL);
}

/* what the artist asks for in the menu is not gone before it is read */
static void
test_without_jobs (JobWindow     *fixture,
                   gconstpointer  data)
{
  gtk_window_present (GTK_WINDOW (fixture->window));
  ui_test_wait_for (has_settled, fixture->window);
  g_assert_true (gtk_widget_get_visible (fixture->window));
  g_assert_false (fixture->finished);
  g_assert_true (ui_test_says (fixture->window, "No job is running."));

  ui_test_click (fixture->window, "Close");
  ui_test_wait_for (job_window_is_finished, fixture);
}

/* no error leaves the artist without a way out but for what asking again cannot change */
static void
test_ways_out (void)
{
  for (int code = 0; code < COMFY_ERROR_LAST; code++)
    {
      g_autoptr(GError) error = comfy_error_new (code, NULL, "A sentence.");
      ComfyJobActions   stopped = comfy_job_actions_for (COMFY_STATE_NEW, error);
      ComfyJobActions   failed = comfy_job_actions_for (COMFY_STATE_FAILED, error);

      g_assert_cmpuint (stopped, !=, 0);
      g_assert_true (failed & COMFY_JOB_ACTION_COPY_DETAILS);
      g_assert_false (failed & COMFY_JOB_ACTION_RETRY);
      g_assert_true (comfy_job_actions_for (COMFY_STATE_UNKNOWN, error) &
                     COMFY_JOB_ACTION_SEND_AGAIN);
      g_assert_false (stopped & COMFY_JOB_ACTION_SEND_AGAIN);
    }
  g_assert_cmpuint (comfy_job_actions_for (COMFY_STATE_PLACED, NULL), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/job-window/" path, JobWindow, NULL, job_window_set_up, function, \
              job_window_tear_down)

  add ("comes-with-a-job-and-goes-with-the-last", test_comes_and_goes);
  add ("closing-hides-and-jobs-go-on", test_closing_hides);
  add ("comes-back-when-a-job-fails", test_failed);
  add ("a-failed-job-is-asked-for-once-more", test_repeated);
  add ("a-rejected-key-is-replaced-in-place", test_rejected_key);
  add ("without-credits", test_no_credits);
  add ("cancelled", test_cancelled);
  add ("unknown-and-sent-again", test_unknown_sent_again);
  add ("unknown-and-forgotten", test_unknown_forgotten);
  add ("a-result-is-placed-on-a-click", test_placed_on_a_click);
  add ("jobs-of-earlier-sessions-go-on", test_earlier_session);
  add ("jobs-of-earlier-sessions-are-forgotten", test_earlier_session_forgotten);
  add ("asked-for-without-jobs-it-says-so-and-stays", test_without_jobs);
  g_test_add_func ("/job-window/every-error-has-its-ways-out", test_ways_out);

  return g_test_run ();
}
