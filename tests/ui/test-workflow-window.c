/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "Run Workflow…": from the list to the form of whatever an artist brought, and back. Nothing runs
 * that the artist has not seen.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "test-future.h"
#include "ui-test.h"
#include "workflow-fixture.h"

#define PROMPT_GRAPH "t2i_sdxl_base.json"
#define MASK_GRAPH   "sandbox_masked_blur.json"

static gboolean
has_focus (WorkflowFixture *fixture,
           GType            type,
           const char      *name)
{
  GtkWidget *widget = ui_test_get (fixture->window, type, name);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

static gboolean
is_asking (WorkflowFixture *fixture)
{
  return dex_future_is_pending (fixture->answer);
}

/* a default button clicks itself long after Enter, when another page is there */
static void
count_cb (unsigned int *n)
{
  (*n)++;
}

static void
test_enter (WorkflowFixture *fixture,
            gconstpointer    data)
{
  g_autofree char *blur = workflow_fixture_copy (fixture, MASK_GRAPH, "Blur.json");
  unsigned int     n_pressed = 0;

  workflow_fixture_open (fixture, NULL);
  g_signal_connect_swapped (ui_test_get (fixture->window, GTK_TYPE_BUTTON, "Open"), "activate",
                            G_CALLBACK (count_cb), &n_pressed);
  workflow_fixture_choose (fixture, "Upscale 2×");
  workflow_fixture_wait_for_form (fixture);
  g_assert_cmpuint (n_pressed, ==, 0);
  g_assert_true (is_asking (fixture));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "Upscale 2×");

  ui_test_click (fixture->window, "Workflows");
  workflow_fixture_wait_for_list (fixture);
  g_assert_true (has_focus (fixture, GTK_TYPE_ENTRY, "Search"));
  workflow_fixture_choose (fixture, "Blur");
  workflow_fixture_wait_for_form (fixture);
  g_assert_cmpuint (n_pressed, ==, 0);
  g_assert_true (has_focus (fixture, GTK_TYPE_COMBO_BOX, "Image"));
  g_assert_true (is_asking (fixture));
}

static void
test_back (WorkflowFixture *fixture,
           gconstpointer    data)
{
  g_autofree char *blur = workflow_fixture_copy (fixture, MASK_GRAPH, "Blur.json");
  g_autofree char *paint = workflow_fixture_copy (fixture, PROMPT_GRAPH, "Paint.json");

  workflow_fixture_open (fixture, NULL);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "Run Workflow");
  ui_test_wait_until_there (fixture->window, GTK_TYPE_LIST_BOX_ROW, "Paint");
  ui_test_shoot_both (fixture->window, "workflow-list");
  ui_test_check_people (fixture->window);

  workflow_fixture_choose (fixture, "Paint");
  workflow_fixture_wait_for_form (fixture);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "Paint");
  ui_test_shoot_both (fixture->window, "workflow-form-prompt");
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->window, "Workflows");
  workflow_fixture_wait_for_list (fixture);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "Run Workflow");
  workflow_fixture_choose (fixture, "Blur");
  workflow_fixture_wait_for_form (fixture);
  ui_test_shoot (fixture->window, "workflow-form-pictures");
  ui_test_check_people (fixture->window);
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_TEXT_VIEW, "Prompt"));
}

static void
test_broken (WorkflowFixture *fixture,
             gconstpointer    data)
{
  g_autofree char *blur = workflow_fixture_copy (fixture, MASK_GRAPH, "Blur.json");
  g_autofree char *broken = workflow_fixture_write (fixture, "../Half.json", "{\"1\":");

  workflow_fixture_open (fixture, broken);
  ui_test_wait_until_says (fixture->window, "ends in the middle");
  ui_test_shoot (fixture->window, "workflow-list-broken");
  ui_test_check_people (fixture->window);
  g_assert_true (has_focus (fixture, GTK_TYPE_ENTRY, "Search"));
  workflow_fixture_choose (fixture, "Blur");
  workflow_fixture_wait_for_form (fixture);
}

static void
test_escape (WorkflowFixture *fixture,
             gconstpointer    data)
{
  workflow_fixture_open_copy (fixture, MASK_GRAPH, "Blur.json");
  workflow_fixture_edit (fixture);
  ui_test_press (fixture->window, GDK_KEY_Escape, 0);
  workflow_fixture_wait_for_form (fixture);
  g_assert_true (is_asking (fixture));
  ui_test_press (fixture->window, GDK_KEY_Escape, 0);
  workflow_fixture_wait_until_closed (fixture);
  test_await_error (dex_ref (fixture->answer), COMFY_ERROR_CANCELLED);
}

static void
test_escape_list (WorkflowFixture *fixture,
                  gconstpointer    data)
{
  workflow_fixture_open (fixture, NULL);
  ui_test_press (fixture->window, GDK_KEY_Escape, 0);
  workflow_fixture_wait_until_closed (fixture);
  test_await_error (dex_ref (fixture->answer), COMFY_ERROR_CANCELLED);
}

/* closed by the window manager, with a file on its way */
static void
test_close (WorkflowFixture *fixture,
            gconstpointer    data)
{
  g_autofree char *blur = workflow_fixture_copy (fixture, MASK_GRAPH, "Blur.json");

  workflow_fixture_open (fixture, blur);
  gtk_window_close (GTK_WINDOW (fixture->window));
  workflow_fixture_wait_until_closed (fixture);
  test_await_error (dex_ref (fixture->answer), COMFY_ERROR_CANCELLED);
}

static void
test_close_edit (WorkflowFixture *fixture,
                 gconstpointer    data)
{
  workflow_fixture_open_copy (fixture, MASK_GRAPH, "Blur.json");
  workflow_fixture_edit (fixture);
  gtk_window_close (GTK_WINDOW (fixture->window));
  workflow_fixture_wait_until_closed (fixture);
  test_await_error (dex_ref (fixture->answer), COMFY_ERROR_CANCELLED);
}

/* Ctrl+Enter is the button on the right, on each page */
static void
test_ctrl_enter (WorkflowFixture *fixture,
                 gconstpointer    data)
{
  g_autofree char *blur = workflow_fixture_copy (fixture, MASK_GRAPH, "Blur.json");
  GtkWidget       *row;

  workflow_fixture_open (fixture, NULL);
  row = ui_test_wait_until_there (fixture->window, GTK_TYPE_LIST_BOX_ROW, "Blur");
  gtk_list_box_select_row (GTK_LIST_BOX (gtk_widget_get_parent (row)), GTK_LIST_BOX_ROW (row));
  ui_test_press (fixture->window, GDK_KEY_Return, GDK_CONTROL_MASK);
  workflow_fixture_wait_for_form (fixture);
  workflow_fixture_edit (fixture);
  workflow_fixture_type (fixture, "Image: name", "Photo");
  ui_test_press (fixture->window, GDK_KEY_Return, GDK_CONTROL_MASK);
  workflow_fixture_wait_for_form (fixture);
  g_assert_true (is_asking (fixture));
  ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Photo");
  ui_test_press (fixture->window, GDK_KEY_Return, GDK_CONTROL_MASK);
  test_await_true (dex_ref (fixture->answer));
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/workflow-window/" path, WorkflowFixture, NULL, workflow_fixture_set_up, function, \
              workflow_fixture_tear_down)

  add ("enter-opens-and-runs-nothing", test_enter);
  add ("back-to-the-list-and-to-another", test_back);
  add ("a-broken-file-is-said-in-the-list", test_broken);
  add ("escape-is-the-cancel-button-that-is-seen", test_escape);
  add ("escape-closes-the-list", test_escape_list);
  add ("closed-while-a-file-is-opened", test_close);
  add ("closed-while-corrected", test_close_edit);
  add ("ctrl-enter-on-each-page", test_ctrl_enter);

  return g_test_run ();
}
