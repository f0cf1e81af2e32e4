/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What waits, what has ended, and what the account has on the server.
 */
#include "config.h"

#include "comfy-error.h"
#include "comfy-job-text.h"
#include "jobs-view-fixture.h"
#include "test-future.h"
#include "ui-test.h"

/* one of everything */
static void
fill (JobsView *fixture)
{
  g_autoptr(GError)          why = comfy_error_new (COMFY_ERROR_JOB_FAILED, NULL,
                                                    "The job failed in the cloud: Out of memory");
  g_autoptr(ComfyRemoteJob)  remote = NULL;
  g_autofree char           *id = NULL;
  g_autofree char           *tag = NULL;

  g_free (jobs_view_leave (fixture, "A birch in the fog, early in the morning", COMFY_STATE_RUNNING,
                           60, 2 * 60 * 60, "job_1", NULL));
  g_free (jobs_view_leave (fixture, "A raccoon that looks up from what it eats",
                           COMFY_STATE_UNKNOWN, 120, 0, NULL, NULL));
  g_free (jobs_view_leave (fixture, "Blue hour over the harbour", COMFY_STATE_NEW, 180, 0, NULL,
                           NULL));
  id = jobs_view_leave (fixture, "A fox in the snow", COMFY_STATE_PLACED, 3600, 0, "job_2", NULL);
  g_free (jobs_view_leave (fixture, "An owl, watercolour on rough paper, all in one go",
                           COMFY_STATE_FAILED, 2 * 24 * 60 * 60, 0, "job_3", why));
  g_free (jobs_view_leave (fixture, NULL, COMFY_STATE_CANCELLED, 3 * 24 * 60 * 60, 0, NULL, NULL));

  tag = g_strconcat ("gimp-", id, NULL);
  for (unsigned int i = 0; i < 3; i++)
    {
      g_clear_pointer (&remote, comfy_remote_job_unref);
      if (i == 1)
        comfy_sandbox_control (fixture->base.sandbox, "fail", "{\"message\":\"Out of memory\"}");
      remote = jobs_view_run (fixture, i == 2 ? tag : NULL);
    }
}

static void
show_all (JobsView *fixture)
{
  ui_test_show (fixture->window);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_WAITING, 3);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_FINISHED, 3);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_SERVER, 3);
}

/* what a picture of the window has no room for otherwise */
static void
find_adjustment_cb (GtkWidget *widget,
                    gpointer   data)
{
  GtkAdjustment **adjustment = data;

  if (GTK_IS_SCROLLED_WINDOW (widget))
    *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));
}

static void
scroll_down (JobsView *fixture)
{
  GtkAdjustment *adjustment = NULL;

  gtk_container_foreach (GTK_CONTAINER (fixture->view), find_adjustment_cb, &adjustment);
  ui_test_wait_for_paint (fixture->window);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
}

/* so that most of it is in one picture */
static void
make_high (JobsView *fixture,
           int       width)
{
  gtk_window_resize (GTK_WINDOW (fixture->window), width, 960);
}

static void
test_everything (JobsView      *fixture,
                 gconstpointer  data)
{
  fill (fixture);
  make_high (fixture, 340);
  show_all (fixture);
  g_assert_true (ui_test_says (fixture->window, "The server keeps the result until "));
  g_assert_true (ui_test_says (fixture->window, "It is not known whether it was started."));
  g_assert_true (ui_test_says (fixture->window, "It was not sent yet."));
  g_assert_true (ui_test_says (fixture->window, "Done; it used "));
  g_assert_true (ui_test_says (fixture->window, "Out of memory"));
  g_assert_true (ui_test_says (fixture->window, "2 days ago"));
  g_assert_true (ui_test_says (fixture->window, "from this computer"));
  g_assert_true (ui_test_says (fixture->window, "Job from Elsewhere"));
  ui_test_shoot_both (fixture->window, "jobs-view");

  jobs_view_choose (fixture, JOBS_VIEW_FINISHED, 0);
  jobs_view_choose (fixture, JOBS_VIEW_SERVER, 0);
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Open as Layers");
  ui_test_shoot_both (fixture->window, "jobs-view-chosen");
  scroll_down (fixture);
  ui_test_shoot_both (fixture->window, "jobs-view-server");
  ui_test_check_people (fixture->window);
}

static void
test_narrow (JobsView      *fixture,
             gconstpointer  data)
{
  int width;

  fill (fixture);
  make_high (fixture, 280);
  show_all (fixture);
  jobs_view_choose (fixture, JOBS_VIEW_SERVER, 0);
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Delete Outputs…");
  ui_test_click (fixture->window, "Delete Outputs…");
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Delete Outputs");
  gtk_window_get_size (GTK_WINDOW (fixture->window), &width, NULL);
  g_assert_cmpint (width, ==, 280);
  scroll_down (fixture);
  ui_test_shoot_both (fixture->window, "jobs-view-narrow");
  ui_test_check_people (fixture->window);
}

static void
test_strange (JobsView      *fixture,
              gconstpointer  is_rtl)
{
  int width;

  fill (fixture);
  make_high (fixture, 280);
  ui_test_show (fixture->window);
  while (gtk_widget_get_allocated_width (fixture->view) <= 1)
    g_main_context_iteration (NULL, TRUE);
  ui_test_wait_until_says (fixture->window, "A fox in the snow");
  gtk_window_get_size (GTK_WINDOW (fixture->window), &width, NULL);
  g_assert_cmpint (width, ==, 280);
  scroll_down (fixture);
  ui_test_shoot (fixture->window, is_rtl != NULL ? "jobs-view-rtl" : "jobs-view-long");
  ui_test_check_people (fixture->window);
}

static void
test_empty (JobsView      *fixture,
            gconstpointer  data)
{
  ui_test_show (fixture->window);
  ui_test_wait_until_says (fixture->window, "The server has no jobs of this account.");
  g_assert_true (ui_test_says (fixture->window, "Nothing waits to be fetched."));
  g_assert_true (ui_test_says (fixture->window, "Jobs that have ended are listed here."));
  ui_test_shoot_both (fixture->window, "jobs-view-empty");
  ui_test_check_people (fixture->window);
}

/* a job that was sent by a process that is gone: the server has it, and it is paid for */
static void
test_fetch (JobsView      *fixture,
            gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob) remote = jobs_view_run (fixture, NULL);
  g_autoptr(ComfyRemoteJob) other = jobs_view_run (fixture, NULL);

  /* built-in actions take pictures that have their prefix, or all where there is none */
  g_free (jobs_view_leave (fixture, "A fox", COMFY_STATE_WAITING, 60, 0, remote->id, NULL));
  g_free (jobs_view_leave (fixture, "An owl", COMFY_STATE_RUNNING, 30, 0, other->id, NULL));
  ui_test_show (fixture->window);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_WAITING, 2);
  g_assert_cmpuint (comfy_jobs_view_get_n_waiting (COMFY_JOBS_VIEW (fixture->view)), ==, 2);

  ui_test_click (fixture->window, "Fetch All");
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_WAITING, 0);
  ui_test_wait_for (jobs_view_is_idle, fixture);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 2);
  g_assert_cmpuint (jobs_view_count_started (fixture), ==, 2);
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_BUTTON, "Fetch All"));
}

static gboolean
are_ready (gpointer data)
{
  JobsView     *fixture = data;
  GListModel   *jobs = G_LIST_MODEL (comfy_session_get_scheduler (fixture->base.session));
  unsigned int  n_ready = 0;

  for (unsigned int i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr(ComfyJob) job = g_list_model_get_item (jobs, i);

      n_ready += comfy_job_get_state (job) == COMFY_STATE_READY && !comfy_job_is_running (job);
    }

  return n_ready == 2;
}

/* as if the process that had fetched them were gone */
static void
let_go (JobsView *fixture)
{
  ComfyScheduler *scheduler = comfy_session_get_scheduler (fixture->base.session);

  while (g_list_model_get_n_items (G_LIST_MODEL (scheduler)) > 0)
    {
      g_autoptr(ComfyJob) job = g_list_model_get_item (G_LIST_MODEL (scheduler), 0);

      comfy_scheduler_remove (scheduler, job);
      comfy_journal_entry_release (comfy_job_get_entry (job));
    }
}

/* who wants to say when a result is placed says that of each */
static void
test_fetch_and_wait (JobsView      *fixture,
                     gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob)  remote = jobs_view_run (fixture, NULL);
  g_autoptr(ComfyRemoteJob)  other = jobs_view_run (fixture, NULL);
  ComfySettings             *settings = comfy_session_get_settings (fixture->base.session);

  comfy_settings_set_place_at_once (settings, FALSE);
  g_free (jobs_view_leave (fixture, "A fox", COMFY_STATE_WAITING, 60, 0, remote->id, NULL));
  g_free (jobs_view_leave (fixture, "An owl", COMFY_STATE_RUNNING, 30, 0, other->id, NULL));
  ui_test_show (fixture->window);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_WAITING, 2);
  ui_test_click (fixture->window, "Fetch All");
  ui_test_wait_for (are_ready, fixture);

  let_go (fixture);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_WAITING, 2);
  ui_test_click (fixture->window, "Fetch All");
  ui_test_wait_for (are_ready, fixture);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 0);
  comfy_settings_set_place_at_once (settings, TRUE);
}

static gboolean
tells_of_two (gpointer view)
{
  return comfy_jobs_view_get_n_waiting (view) == 2;
}

static gboolean
tells_of_none (gpointer view)
{
  return comfy_jobs_view_get_n_waiting (view) == 0;
}

/* after a crash the artist looks at results first, and is told that there is more */
static void
test_unseen (JobsView      *fixture,
             gconstpointer  data)
{
  ComfySession    *session = fixture->base.session;
  g_autofree char *fox = jobs_view_leave (fixture, "A fox", COMFY_STATE_WAITING, 9, 0, "1", NULL);
  g_autofree char *owl = jobs_view_leave (fixture, "An owl", COMFY_STATE_NEW, 9, 0, NULL, NULL);

  ui_test_wait_for (tells_of_two, fixture->view);
  g_assert_false (gtk_widget_get_mapped (fixture->view));

  for (unsigned int i = 0; i < 2; i++)
    {
      g_autoptr(ComfyJob) job = comfy_session_open_job (session, i == 0 ? fox : owl, NULL);

      comfy_job_forget (job);
      comfy_scheduler_add (comfy_session_get_scheduler (session), job);
    }
  ui_test_wait_for (tells_of_none, fixture->view);
}

static void
test_forget (JobsView      *fixture,
             gconstpointer  data)
{
  g_autofree char *id = jobs_view_leave (fixture, "A fox", COMFY_STATE_UNKNOWN, 60, 0, NULL, NULL);
  GtkWidget       *list;

  ui_test_show (fixture->window);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_WAITING, 1);
  list = ui_test_get (fixture->window, GTK_TYPE_LIST_BOX, JOBS_VIEW_WAITING);

  /* it asks first, in its place */
  ui_test_click (list, "Forget…");
  g_assert_true (ui_test_says (list, "What this job has made is lost then"));
  ui_test_click (list, "Keep");
  g_assert_cmpuint (jobs_view_count_rows (fixture, JOBS_VIEW_WAITING), ==, 1);
  ui_test_click (list, "Forget…");
  ui_test_click (list, "Forget");
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_WAITING, 0);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_FINISHED, 1);
  g_assert_true (ui_test_says (fixture->window, "it may still cost"));
}

/* another process has taken it between the look and the click */
static void
test_taken (JobsView      *fixture,
            gconstpointer  data)
{
  ComfyJournal                 *journal = comfy_session_get_journal (fixture->base.session);
  g_autofree char              *id = NULL;
  g_autoptr(ComfyJournalEntry)  held = NULL;

  id = jobs_view_leave (fixture, "A fox", COMFY_STATE_WAITING, 60, 0, "job_1", NULL);
  ui_test_show (fixture->window);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_WAITING, 1);
  held = comfy_journal_open (journal, id, NULL);
  ui_test_click (fixture->window, "Fetch");
  ui_test_wait_until_says (fixture->window, "Another window of GIMP is at work on this job.");
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_WAITING, 0);
}

static void
test_many (JobsView      *fixture,
           gconstpointer  data)
{
  for (unsigned int i = 0; i < 120; i++)
    {
      g_autofree char *prompt = g_strdup_printf ("Picture %u", i);

      g_free (jobs_view_leave (fixture, prompt, COMFY_STATE_PLACED, 60 + i, 0, NULL, NULL));
    }
  ui_test_show (fixture->window);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_FINISHED, 50);
  ui_test_click (fixture->window, "Show More");
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_FINISHED, 100);
  ui_test_click (fixture->window, "Show More");
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_FINISHED, 120);
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_BUTTON, "Show More"));

  /* the newest is the first; what is deleted is gone from the disk, and the others stay in sight */
  jobs_view_choose (fixture, JOBS_VIEW_FINISHED, 0);
  ui_test_click (fixture->window, "Delete…");
  g_assert_true (ui_test_says (fixture->window, "What is in images stays there."));
  ui_test_click (fixture->window, "Delete");
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_FINISHED, 119);
  g_assert_false (ui_test_says (fixture->window, "Picture 0"));
}

static void
test_copy (JobsView      *fixture,
           gconstpointer  data)
{
  g_autoptr(GError)  why = comfy_error_new (COMFY_ERROR_JOB_FAILED, "node 3", "It failed.");
  g_autofree char   *id = jobs_view_leave (fixture, "A fox", COMFY_STATE_FAILED, 60, 0, NULL, why);
  GtkClipboard      *clipboard;
  g_autofree char   *text = NULL;

  ui_test_show (fixture->window);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_FINISHED, 1);
  jobs_view_choose (fixture, JOBS_VIEW_FINISHED, 0);
  ui_test_click (fixture->window, "Copy Details");
  clipboard = gtk_widget_get_clipboard (fixture->window, GDK_SELECTION_CLIPBOARD);
  text = gtk_clipboard_wait_for_text (clipboard);
  g_assert_nonnull (strstr (text, "prompt: A fox\n"));
  g_assert_nonnull (strstr (text, "state: failed\n"));
  g_assert_nonnull (strstr (text, "It failed.\nerror: job-failed\n"));
  g_assert_nonnull (strstr (text, id));
}

/* once it was placed it can be placed again, whatever became of its layer: nothing is sent */
static void
test_place_again (JobsView      *fixture,
                  gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob) remote = jobs_view_run (fixture, NULL);

  g_free (jobs_view_leave (fixture, "A fox", COMFY_STATE_WAITING, 60, 0, remote->id, NULL));
  ui_test_show (fixture->window);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_WAITING, 1);
  ui_test_click (fixture->window, "Fetch");
  ui_test_wait_for (jobs_view_is_placed, fixture);
  ui_test_wait_for (jobs_view_is_idle, fixture);
  jobs_view_empty_queue (fixture);
  jobs_view_wait_for_rows (fixture, JOBS_VIEW_FINISHED, 1);
  jobs_view_choose (fixture, JOBS_VIEW_FINISHED, 0);
  ui_test_shoot_both (fixture->window, "jobs-view-again");
  ui_test_click (fixture->window, "Place Again");
  while (fake_host_get_n_placed (fixture->base.host) < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (jobs_view_count_started (fixture), ==, 1);
}

static void
test_when_words (void)
{
  g_autoptr(GDateTime) noon = g_date_time_new_local (2026, 3, 10, 12, 15, 0);
  gint64               now = g_date_time_to_unix (noon);
  g_autofree char     *today = comfy_job_text_dup_when (now - 60 * 60, now);
  g_autofree char     *yesterday = comfy_job_text_dup_when (now - 24 * 60 * 60, now);
  g_autofree char     *never = comfy_job_text_dup_when (0, now);

  g_assert_cmpstr (today, ==, "11:15");
  g_assert_cmpstr (yesterday, ==, "yesterday");
  g_assert_cmpstr (never, ==, "");
}

static void
set_up_strange (JobsView      *fixture,
                gconstpointer  is_rtl)
{
  jobs_view_set_up_strange (fixture, is_rtl != NULL);
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, data, function) \
  g_test_add ("/jobs-view/" path, JobsView, data, jobs_view_set_up, function, jobs_view_tear_down)

  add ("tells-what-waits-what-has-ended-and-what-is-there", NULL, test_everything);
  add ("in-a-narrow-panel", GINT_TO_POINTER (280), test_narrow);
  g_test_add ("/jobs-view/in-a-long-language", JobsView, NULL, set_up_strange, test_strange,
              jobs_view_tear_down);
  g_test_add ("/jobs-view/from-right-to-left", JobsView, "", set_up_strange, test_strange,
              jobs_view_tear_down);
  add ("without-any-it-says-so", NULL, test_empty);
  add ("what-waits-is-fetched-and-not-paid-for-again", NULL, test_fetch);
  add ("what-is-fetched-may-wait-to-be-placed", NULL, test_fetch_and_wait);
  add ("how-many-wait-is-told-before-they-are-seen", NULL, test_unseen);
  add ("what-is-lost-is-asked-about-first", NULL, test_forget);
  add ("one-that-is-taken-meanwhile-stays-taken", NULL, test_taken);
  add ("many-are-shown-some-at-a-time", NULL, test_many);
  add ("details-can-be-copied", NULL, test_copy);
  add ("what-was-placed-can-be-placed-again", NULL, test_place_again);
  g_test_add_func ("/jobs-view/when-in-words", test_when_words);

  return g_test_run ();
}
