/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a row of the job window tells beyond how far the job is.
 */
#include "config.h"

#include "comfy-job-private.h"
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
has_no_preview (gpointer data)
{
  return find_preview (data) == NULL;
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
  ui_test_wait_for (has_no_preview, fixture);
  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->base.session), TRUE);
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

  return g_test_run ();
}
