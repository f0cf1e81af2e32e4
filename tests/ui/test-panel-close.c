/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The panel is closed while it is about to start what was asked for. Its process ends with it when
 * no job runs yet.
 */
#include "config.h"

#include "comfy-panel.h"
#include "ui-test.h"
#include "workflow-fixture.h"

static void
set_up (WorkflowFixture *fixture,
        gconstpointer    data)
{
  workflow_fixture_set_up (fixture, data);
  comfy_settings_give_consent (comfy_session_get_settings (fixture->base.session),
                               comfy_endpoint_get_origin (fixture->base.endpoint));
  fixture->window = comfy_panel_new (fixture->opener);
  g_signal_connect (fixture->window, "destroy", G_CALLBACK (gtk_widget_destroyed),
                    &fixture->window);
  ui_test_show (fixture->window);
}

static void
generate (WorkflowFixture *fixture)
{
  GtkWidget *view = ui_test_get (fixture->window, GTK_TYPE_TEXT_VIEW, "Prompt");

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)),
                            "An old oak on a hill", -1);
  comfy_panel_generate (COMFY_PANEL (fixture->window), 7);
}

/* as the window manager does it */
static void
close_panel (WorkflowFixture *fixture)
{
  GdkEvent *event = gdk_event_new (GDK_DELETE);

  event->any.window = g_object_ref (gtk_widget_get_window (fixture->window));
  gtk_main_do_event (event);
  gdk_event_free (event);
}

static gboolean
is_closed (gpointer data)
{
  return ((WorkflowFixture *) data)->window == NULL;
}

static gboolean
is_shown (gpointer data)
{
  return gtk_widget_get_visible (((WorkflowFixture *) data)->window);
}

static ComfyScheduler *
get_scheduler (WorkflowFixture *fixture)
{
  return comfy_session_get_scheduler (fixture->base.session);
}

static gboolean
has_job (gpointer data)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_scheduler (data))) > 0;
}

static gboolean
is_idle (gpointer data)
{
  return comfy_scheduler_get_n_active (get_scheduler (data)) == 0;
}

static void
test_idle (WorkflowFixture *fixture,
           gconstpointer    data)
{
  close_panel (fixture);
  g_assert_null (fixture->window);
}

static void
test_goes_once_it_is_under_way (WorkflowFixture *fixture,
                                gconstpointer    data)
{
  generate (fixture);
  close_panel (fixture);
  g_assert_nonnull (fixture->window);
  g_assert_false (is_shown (fixture));
  ui_test_wait_for (is_closed, fixture);
  g_assert_true (has_job (fixture));
  ui_test_wait_for (is_idle, fixture);
}

static void
test_stays_when_it_is_wanted_again (WorkflowFixture *fixture,
                                    gconstpointer    data)
{
  generate (fixture);
  close_panel (fixture);
  gtk_window_present (GTK_WINDOW (fixture->window));
  ui_test_wait_for (has_job, fixture);
  ui_test_wait_for (is_idle, fixture);
  g_assert_nonnull (fixture->window);
}

/* what does not begin is said where it was asked for */
static void
test_comes_back_with_a_problem (WorkflowFixture *fixture,
                                gconstpointer    data)
{
  const char      *folder = comfy_journal_get_folder (comfy_session_get_journal (
                                                        fixture->base.session));
  g_autofree char *parent = g_path_get_dirname (folder);

  /* no job can be written down */
  g_assert_no_errno (g_mkdir_with_parents (parent, 0700));
  g_assert_true (g_file_set_contents (folder, "", -1, NULL));
  generate (fixture);
  close_panel (fixture);
  g_assert_false (is_shown (fixture));
  ui_test_wait_for (is_shown, fixture);
  g_assert_false (has_job (fixture));
}

/* a result on its way into the image ends with the process, too */
static void
test_goes_once_a_result_is_placed (WorkflowFixture *fixture,
                                   gconstpointer    data)
{
  fake_host_set_size (fixture->base.host, -1);
  gtk_toggle_button_set_active (
    GTK_TOGGLE_BUTTON (ui_test_get (fixture->window, GTK_TYPE_CHECK_BUTTON, "Of all images")), TRUE);
  generate (fixture);
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Apply");
  ui_test_wait_for (is_idle, fixture);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 0);

  gtk_button_clicked (GTK_BUTTON (ui_test_get (fixture->window, GTK_TYPE_BUTTON, "Apply")));
  close_panel (fixture);
  g_assert_nonnull (fixture->window);
  ui_test_wait_for (is_closed, fixture);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 1);
}

#define ADD(name, func) \
  g_test_add ("/panel-close/" name, WorkflowFixture, NULL, set_up, func, workflow_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

  ADD ("at-once-when-nothing-is-begun", test_idle);
  ADD ("once-it-is-under-way", test_goes_once_it_is_under_way);
  ADD ("once-a-result-is-placed", test_goes_once_a_result_is_placed);
  ADD ("not-when-it-is-wanted-again", test_stays_when_it_is_wanted_again);
  ADD ("not-with-a-problem", test_comes_back_with_a_problem);

  return g_test_run ();
}
