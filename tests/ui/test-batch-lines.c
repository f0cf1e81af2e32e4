/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line for all jobs of a batch, above their rows: it counts, stops and tries again, and stays
 * until it is closed.
 */
#include "config.h"

#include "comfy-job-window.h"
#include "job-window-fixture.h"
#include "test-future.h"
#include "ui-test.h"

static void
start_batch (JobWindow    *fixture,
             unsigned int  n)
{
  g_autoptr(ComfyAction) action = session_fixture_load_action ("generate-image");
  g_autoptr(ComfyForm)   form = comfy_form_new (action);
  g_autoptr(ComfyBatch)  batch = comfy_batch_new_seeds (41, n);
  g_autoptr(DexFuture)   future = NULL;
  g_autoptr(GError)      error = NULL;
  const GValue          *value;
  ComfyPrepared         *prepared;

  comfy_form_set_value (form, "prompt", g_variant_new_string ("An old oak"));
  comfy_form_set_value (form, "size", g_variant_new ("(ii)", 256, 256));
  future = test_settle (comfy_session_prepare_batch (fixture->base.session, form, batch, -1, NULL));
  value = dex_future_get_value (future, &error);
  g_assert_no_error (error);

  prepared = g_value_get_boxed (value);
  for (unsigned int i = 0; prepared->ids[i] != NULL; i++)
    {
      g_autoptr(ComfyJob) job = comfy_session_open_job (fixture->base.session, prepared->ids[i],
                                                        NULL);

      comfy_scheduler_add (comfy_session_get_scheduler (fixture->base.session), job);
    }
}

static void
heard_cb (AtkObject  *object,
          const char *text,
          int         politeness,
          char      **heard)
{
  g_assert_null (*heard);
  *heard = g_strdup (text);
}

/* the line stays when the rows are gone, is read aloud once, and goes with a click */
static void
test_counts (JobWindow     *fixture,
             gconstpointer  data)
{
  GtkWidget       *line;
  g_autofree char *heard = NULL;

  job_window_control (fixture, "hold", "{}");
  start_batch (fixture, 3);
  ui_test_show (fixture->window);
  line = ui_test_get (fixture->window, GTK_TYPE_LABEL, "Batch “Generate Image”: 0 of 3 done");
  g_signal_connect (gtk_widget_get_accessible (line), "notification", G_CALLBACK (heard_cb), &heard);
  ui_test_shoot (fixture->window, "batch-running");
  ui_test_check_people (fixture->window);
  g_assert_true (job_window_has_button (fixture, "Cancel all jobs of the batch “Generate Image”"));
  g_assert_false (job_window_has_button (fixture, "Take this batch off the list"));
  g_assert_null (heard);

  job_window_control (fixture, "release", "{}");
  ui_test_wait_until_says (fixture->window, "No job is running.");
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (line)), ==, "Batch “Generate Image”: 3 of 3 done");
  g_assert_cmpstr (heard, ==, "Batch “Generate Image”: 3 of 3 done");
  g_assert_true (gtk_widget_get_visible (fixture->window));
  g_assert_false (job_window_has_button (fixture, "Cancel all jobs of the batch “Generate Image”"));
  g_assert_false (job_window_has_button (fixture,
                                         "Retry the failed jobs of the batch “Generate Image”"));
  ui_test_shoot (fixture->window, "batch-done");
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->window, "Take this batch off the list");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_false (gtk_widget_get_visible (fixture->window));
  g_assert_cmpuint (job_window_count_started (fixture), ==, 3);
}

static void
test_failed_ones_are_tried_again (JobWindow     *fixture,
                                  gconstpointer  data)
{
  job_window_control (fixture, "fail", "{ \"message\": \"Out of memory\" }");
  start_batch (fixture, 3);
  ui_test_show (fixture->window);
  ui_test_wait_until_says (fixture->window, "Batch “Generate Image”: 2 of 3 done, 1 failed");
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON,
                            "Retry the failed jobs of the batch “Generate Image”");
  ui_test_shoot (fixture->window, "batch-failed");
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->window, "Retry the failed jobs of the batch “Generate Image”");
  ui_test_wait_until_says (fixture->window, "Batch “Generate Image”: 3 of 3 done");
  ui_test_wait_until_says (fixture->window, "No job is running.");
  g_assert_cmpuint (job_window_count_started (fixture), ==, 4);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 3);
}

static void
test_all_are_cancelled (JobWindow     *fixture,
                        gconstpointer  data)
{
  ComfySettings *settings = comfy_session_get_settings (fixture->base.session);

  comfy_settings_set_max_jobs (settings, 1);
  job_window_control (fixture, "hold", "{}");
  start_batch (fixture, 3);
  ui_test_show (fixture->window);
  ui_test_wait_until_says (fixture->window, "Running");
  ui_test_click (fixture->window, "Cancel all jobs of the batch “Generate Image”");
  ui_test_wait_until_says (fixture->window, "Batch “Generate Image”: 0 of 3 done, 3 cancelled");
  g_assert_cmpuint (job_window_count_started (fixture), ==, 1);

  /* and no row has to be closed one by one */
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Take this batch off the list");
  ui_test_click (fixture->window, "Take this batch off the list");
  ui_test_wait_for (job_window_is_finished, fixture);
  comfy_settings_set_max_jobs (settings, 0);
}

/* the artist has closed the window: nothing calls for attention */
static void
test_the_end_is_quiet (JobWindow     *fixture,
                       gconstpointer  data)
{
  job_window_control (fixture, "hold", "{}");
  start_batch (fixture, 2);
  ui_test_show (fixture->window);
  gtk_dialog_response (GTK_DIALOG (fixture->window), GTK_RESPONSE_CLOSE);
  job_window_control (fixture, "release", "{}");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_false (gtk_widget_get_visible (fixture->window));
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 2);
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/batch-lines/" path, JobWindow, NULL, job_window_set_up, function, \
              job_window_tear_down)

  add ("counts-until-it-is-closed", test_counts);
  add ("failed-ones-are-tried-again", test_failed_ones_are_tried_again);
  add ("all-are-cancelled", test_all_are_cancelled);
  add ("the-end-is-quiet", test_the_end_is_quiet);

  return g_test_run ();
}
