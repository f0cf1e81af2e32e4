/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the account has on the server, as the view of all jobs shows it.
 */
#include "config.h"

#include "comfy-job-row.h"
#include "jobs-view-fixture.h"
#include "test-future.h"
#include "ui-test.h"

static void
test_open (JobsView      *fixture,
           gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob) remote = jobs_view_run (fixture, NULL);

  comfy_jobs_view_set_image (COMFY_JOBS_VIEW (fixture->view), 7);
  ui_test_show (fixture->window);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_SERVER, 1);
  jobs_view_choose (fixture, JOBS_VIEW_SERVER, 0);
  ui_test_click (fixture->window, "Open as Layers");
  ui_test_wait_until_says (fixture->window, "It was put into the queue.");
  ui_test_wait_for (jobs_view_is_placed, fixture);
  g_assert_cmpstr (fake_host_get_outcomes (fixture->base.host), ==, "layers");

  ui_test_click (fixture->window, "Open as Images");
  ui_test_wait_for (jobs_view_is_idle, fixture);
  while (fake_host_get_n_placed (fixture->base.host) < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fake_host_get_outcomes (fixture->base.host), ==, "new-image");
  g_assert_cmpuint (jobs_view_count_started (fixture), ==, 1);
}

/* the process ended between the click and the queue: it sends nothing, and nothing else is said */
static void
test_opened_and_not_begun (JobsView      *fixture,
                           gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob) remote = jobs_view_run (fixture, NULL);
  ComfyProfileStore        *store = comfy_session_get_profiles (fixture->base.session);
  g_autoptr(DexFuture)      opened = NULL;
  g_autofree char          *tooltip = NULL;

  opened = test_settle (comfy_session_open_remote (fixture->base.session,
                                                   comfy_profile_store_get_active (store), remote,
                                                   COMFY_OUTCOME_LAYERS, 7));
  g_assert_true (dex_future_is_resolved (opened));
  ui_test_show (fixture->window);
  tooltip = gtk_widget_get_tooltip_text (
    ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Go On"));
  g_assert_cmpstr (tooltip, ==, "What the server has is fetched");
  ui_test_click (fixture->window, "Go On");
  ui_test_wait_for (jobs_view_is_placed, fixture);
  g_assert_cmpuint (jobs_view_count_started (fixture), ==, 1);
}

static void
test_image_gone (JobsView      *fixture,
                 gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob) remote = jobs_view_run (fixture, NULL);

  comfy_jobs_view_set_image (COMFY_JOBS_VIEW (fixture->view), 9);
  fake_host_refuse (fixture->base.host, 9);
  ui_test_show (fixture->window);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_SERVER, 1);
  jobs_view_choose (fixture, JOBS_VIEW_SERVER, 0);
  ui_test_click (fixture->window, "Open as Layers");
  ui_test_wait_until_says (fixture->window, "There is nothing on it.");
  g_assert_true (gtk_widget_is_sensitive (
                   ui_test_get (fixture->window, GTK_TYPE_BUTTON, "Open as Images")));
}

static void
test_delete (JobsView      *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob) remote = jobs_view_run (fixture, NULL);

  ui_test_show (fixture->window);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_SERVER, 1);
  jobs_view_choose (fixture, JOBS_VIEW_SERVER, 0);
  ui_test_click (fixture->window, "Delete Outputs…");
  g_assert_cmpuint (comfy_sandbox_count (fixture->base.sandbox, "request", "DELETE", NULL), ==, 0);
  ui_test_click (fixture->window, "Delete Outputs");
  ui_test_wait_until_says (fixture->window, "nothing is left on the server");
  g_assert_cmpuint (comfy_sandbox_count (fixture->base.sandbox, "request", "DELETE", NULL), ==, 1);
  jobs_view_choose (fixture, JOBS_VIEW_SERVER, 0);
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_BUTTON, "Open as Layers"));
}

/* what is gone meanwhile cannot be asked for once more: that would be another job, and cost */
static void
test_gone_meanwhile (JobsView      *fixture,
                     gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob)  remote = jobs_view_run (fixture, NULL);
  ComfyRemoteOutput         *output = g_ptr_array_index (remote->outputs, 0);
  ComfyScheduler            *scheduler = comfy_session_get_scheduler (fixture->base.session);
  g_autoptr(ComfyJob)        job = NULL;
  GtkWidget                 *row;

  ui_test_show (fixture->window);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_SERVER, 1);
  test_await_true (comfy_api_delete_output (fixture->api, output->id));
  jobs_view_choose (fixture, JOBS_VIEW_SERVER, 0);
  ui_test_click (fixture->window, "Open as Layers");
  ui_test_wait_until_says (fixture->window, "It was put into the queue.");
  ui_test_wait_for (jobs_view_is_idle, fixture);

  job = g_list_model_get_item (G_LIST_MODEL (scheduler), 0);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_FAILED);
  row = g_object_ref_sink (comfy_job_row_new (fixture->base.session, job));
  g_assert_true (ui_test_says (row, "The server keeps nothing any more of what this job made."));
  g_assert_nonnull (ui_test_find (row, GTK_TYPE_BUTTON, "Copy Details"));
  g_assert_null (ui_test_find (row, GTK_TYPE_BUTTON, "Retry"));
  gtk_widget_destroy (row);
  g_object_unref (row);
}

/* the server is asked when somebody looks, and when somebody says so */
static void
test_asks_when_seen (JobsView      *fixture,
                     gconstpointer  data)
{
  for (unsigned int i = 0; i < 21; i++)
    comfy_remote_job_unref (jobs_view_run (fixture, NULL));
  g_assert_cmpuint (jobs_view_count_asked (fixture), ==, 0);

  ui_test_show (fixture->window);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_SERVER, 20);
  g_assert_cmpuint (jobs_view_count_asked (fixture), ==, 1);
  ui_test_click (fixture->window, "Load More");
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_SERVER, 21);
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_BUTTON, "Load More"));

  /* another look at the same account asks nothing */
  gtk_widget_hide (fixture->view);
  gtk_widget_show (fixture->view);
  g_assert_cmpuint (jobs_view_count_asked (fixture), ==, 2);
  ui_test_click (fixture->window, "Refresh");
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_SERVER, 20);
  g_assert_cmpuint (jobs_view_count_asked (fixture), ==, 3);
}

static void
test_error (JobsView      *fixture,
            gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob) remote = jobs_view_run (fixture, NULL);

  comfy_sandbox_control (fixture->base.sandbox, "faults",
                         "{\"kind\":\"status\",\"status\":403,\"code\":\"forbidden\","
                         "\"path\":\"/developer/api/v1/jobs\"}");
  ui_test_show (fixture->window);
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Retry");
  ui_test_shoot_both (fixture->window, "jobs-view-error");
  ui_test_check_people (fixture->window);
  ui_test_click (fixture->window, "Retry");
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_SERVER, 1);
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_BUTTON, "Retry"));
}

static void
test_no_list (JobsView      *fixture,
              gconstpointer  data)
{
  comfy_settings_set_protocol (comfy_session_get_settings (fixture->base.session), "v2");
  ui_test_show (fixture->window);
  ui_test_wait_until_says (fixture->window, "This server does not list the jobs of an account.");
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_BUTTON, "Refresh"));
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_BUTTON, "Retry"));
  ui_test_shoot_both (fixture->window, "jobs-view-no-list");
  comfy_settings_set_protocol (comfy_session_get_settings (fixture->base.session), "auto");
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/jobs-view-server/" path, JobsView, NULL, jobs_view_set_up, function, \
              jobs_view_tear_down)

  add ("what-is-on-the-server-is-opened-where-one-works", test_open);
  add ("what-was-opened-and-not-begun-sends-nothing", test_opened_and_not_begun);
  add ("an-image-that-is-gone-is-said-in-place", test_image_gone);
  add ("what-is-gone-meanwhile-is-not-asked-for-again", test_gone_meanwhile);
  add ("outputs-are-deleted-after-a-question", test_delete);
  add ("the-server-is-asked-when-somebody-looks", test_asks_when_seen);
  add ("an-error-can-be-tried-again", test_error);
  add ("a-server-without-a-list-says-so-in-a-line", test_no_list);

  return g_test_run ();
}
