/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ui-test"

#include "config.h"

#include "comfy-job-window.h"
#include "job-window-fixture.h"
#include "test-future.h"
#include "ui-test.h"

static void
finished_cb (ComfyJobWindow *window,
             JobWindow      *fixture)
{
  fixture->finished = TRUE;
}

void
job_window_open (JobWindow *fixture)
{
  fixture->window = comfy_job_window_new (fixture->base.session);
  g_signal_connect (fixture->window, "finished", G_CALLBACK (finished_cb), fixture);
}

void
job_window_set_up (JobWindow     *fixture,
                   gconstpointer  data)
{
  session_fixture_set_up (&fixture->base, NULL);
  fake_host_set_size (fixture->base.host, -1);
  fixture->profile = session_fixture_add_profile (&fixture->base, "Work", fixture->base.key);
  job_window_open (fixture);
}

void
job_window_tear_down (JobWindow     *fixture,
                      gconstpointer  data)
{
  gtk_widget_destroy (fixture->window);
  g_clear_object (&fixture->profile);
  session_fixture_tear_down (&fixture->base, NULL);
}

void
job_window_control (JobWindow  *fixture,
                    const char *command,
                    const char *json)
{
  g_assert_true (comfy_sandbox_control (fixture->base.sandbox, command, json));
}

char *
job_window_prepare (JobWindow  *fixture,
                    const char *prompt)
{
  g_autoptr(ComfyAction) action = session_fixture_load_action ("generate-image");
  g_autoptr(ComfyForm)   form = comfy_form_new (action);
  g_autoptr(DexFuture)   future = NULL;
  g_autoptr(GError)      error = NULL;
  const GValue          *value;

  comfy_form_set_value (form, "prompt", g_variant_new_string (prompt));
  comfy_form_set_value (form, "size", g_variant_new ("(ii)", 256, 256));
  future = test_settle (comfy_session_prepare (fixture->base.session, form, -1, NULL));
  value = dex_future_get_value (future, &error);
  g_assert_no_error (error);

  return g_value_dup_string (value);
}

void
job_window_start (JobWindow  *fixture,
                  const char *prompt)
{
  g_autofree char     *id = job_window_prepare (fixture, prompt);
  g_autoptr(GError)    error = NULL;
  g_autoptr(ComfyJob)  job = comfy_session_open_job (fixture->base.session, id, &error);

  g_assert_no_error (error);
  comfy_scheduler_add (comfy_session_get_scheduler (fixture->base.session), job);
}

gboolean
job_window_is_finished (gpointer data)
{
  return ((JobWindow *) data)->finished;
}

gboolean
job_window_has_button (JobWindow  *fixture,
                       const char *label)
{
  return ui_test_find (fixture->window, GTK_TYPE_BUTTON, label) != NULL;
}

unsigned int
job_window_count_started (JobWindow *fixture)
{
  return comfy_sandbox_count (fixture->base.sandbox, "job", NULL, NULL);
}

gboolean
job_window_has_two_rows (gpointer data)
{
  JobWindow     *fixture = data;
  GtkWidget     *list = ui_test_get (fixture->window, GTK_TYPE_LIST_BOX, "Jobs");
  GtkAdjustment *scroll = gtk_list_box_get_adjustment (GTK_LIST_BOX (list));

  return gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 1) != NULL &&
         gtk_adjustment_get_upper (scroll) <= gtk_adjustment_get_page_size (scroll);
}
