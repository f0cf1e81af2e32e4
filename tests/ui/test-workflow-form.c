/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The form of a workflow: what is wrong is said where it can be mended, pictures come from where
 * the artist says, and however long it is, it fits the screen.
 */
#include "config.h"

#include "comfy-field-row.h"
#include "comfy-scroller.h"
#include "test-future.h"
#include "ui-test.h"
#include "workflow-fixture.h"

#define PROMPT_GRAPH "t2i_sdxl_base.json"

/* with a class that no server has */
#define UNKNOWN_GRAPH \
  "{\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}}," \
  "\"2\":{\"class_type\":\"SoftGlowPro\",\"inputs\":{\"image\":[\"1\",0],\"amount\":3}}," \
  "\"3\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"2\",0]," \
  "\"filename_prefix\":\"x\"}}}"

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

/* that what has the focus is seen, where it is in something that scrolls */
static void
assert_focus_in_view (WorkflowFixture *fixture)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));
  GtkWidget *scroller = gtk_widget_get_ancestor (focus, COMFY_TYPE_SCROLLER);
  int        y;

  g_assert_nonnull (scroller);
  ui_test_wait_for_paint (fixture->window);
  g_assert_true (gtk_widget_translate_coordinates (focus, scroller, 0, 0, NULL, &y));
  g_assert_cmpint (y, >=, 0);
  g_assert_cmpint (y + gtk_widget_get_allocated_height (focus), <=,
                   gtk_widget_get_allocated_height (scroller));
}

/* what the graph lacks is said before anything is filled in */
static void
test_missing_class (WorkflowFixture *fixture,
                    gconstpointer    data)
{
  workflow_fixture_open_text (fixture, "Glow.json", UNKNOWN_GRAPH);
  g_assert_true (ui_test_says (fixture->window, "SoftGlowPro"));
  ui_test_shoot (fixture->window, "workflow-form-missing-class");
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->window, "Run");
  g_assert_true (is_asking (fixture));
  g_assert_true (ui_test_says (fixture->window, "SoftGlowPro"));
}

static char *
dup_graph (const char *source,
           const char *word,
           const char *other)
{
  g_autofree char   *path = g_test_build_filename (G_TEST_DIST, "data", "workflows", source, NULL);
  g_autofree char   *text = NULL;
  g_autoptr(GError)  error = NULL;
  g_auto(GStrv)      parts = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  parts = g_strsplit (text, word, -1);
  g_assert_cmpuint (g_strv_length (parts), >, 1);

  return g_strjoinv (other, parts);
}

/* the field is folded away; Run shows it, and what would be right */
static void
test_missing_model (WorkflowFixture *fixture,
                    gconstpointer    data)
{
  g_autofree char *graph = dup_graph (PROMPT_GRAPH, "sd_xl_base_1.0.safetensors",
                                      "sd_xl_base_1.1.safetensors");

  workflow_fixture_open_text (fixture, "Paint.json", graph);
  g_assert_true (ui_test_says (fixture->window, "sd_xl_base_1.1.safetensors"));
  g_assert_true (ui_test_says (fixture->window, "sd_xl_base_1.0.safetensors"));
  ui_test_click (fixture->window, "Run");
  g_assert_true (is_asking (fixture));
  ui_test_wait_until_there (fixture->window, GTK_TYPE_COMBO_BOX, "Checkpoint");
  g_assert_true (has_focus (fixture, GTK_TYPE_COMBO_BOX, "Checkpoint"));
  assert_focus_in_view (fixture);
  ui_test_shoot (fixture->window, "workflow-form-missing-model");
  ui_test_check_people (fixture->window);

  workflow_fixture_pick (fixture, "Checkpoint", "sd_xl_base_1.0.safetensors");
  ui_test_wait_for_paint (fixture->window);
  g_assert_false (ui_test_says (fixture->window, "sd_xl_base_1.1.safetensors"));
  ui_test_click (fixture->window, "Run");
  test_await_true (dex_ref (fixture->answer));
  g_assert_false (gtk_widget_is_sensitive (ui_test_get (fixture->window, GTK_TYPE_BUTTON,
                                                        "Edit Form…")));
  g_assert_false (gtk_widget_is_sensitive (ui_test_get (fixture->window, GTK_TYPE_BUTTON,
                                                        "Workflows")));
}

/* (nullable): the file dialog that is open */
static GtkWidget *
find_dialog (void)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at != NULL; at = at->next)
    if (GTK_IS_FILE_CHOOSER_DIALOG (at->data) && gtk_widget_get_mapped (at->data))
      return at->data;

  return NULL;
}

static gboolean
dialog_is_open (gpointer unused)
{
  return find_dialog () != NULL;
}

static gboolean
dialog_has_file (gpointer path)
{
  g_autofree char *chosen = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (find_dialog ()));

  return g_strcmp0 (chosen, path) == 0;
}

/* @path: NULL: cancels */
static void
answer_dialog (const char *path)
{
  ui_test_wait_for (dialog_is_open, NULL);
  if (path != NULL)
    {
      gtk_file_chooser_set_filename (GTK_FILE_CHOOSER (find_dialog ()), path);
      ui_test_wait_for (dialog_has_file, (gpointer) path);
    }
  gtk_dialog_response (GTK_DIALOG (find_dialog ()),
                       path != NULL ? GTK_RESPONSE_ACCEPT : GTK_RESPONSE_CANCEL);
  while (gtk_events_pending ())
    gtk_main_iteration ();
}

static const char *
get_picture (WorkflowFixture *fixture,
             unsigned int     n)
{
  ComfyForm   *form = workflow_fixture_get_form (fixture);
  ComfyAction *action = comfy_form_get_action (form);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    if (comfy_action_get_field (action, i)->type == COMFY_FIELD_PICTURE && n-- == 0)
      return workflow_fixture_get_text (fixture, comfy_action_get_field (action, i)->id);

  g_assert_not_reached ();
}

static void
test_pictures (WorkflowFixture *fixture,
               gconstpointer    data)
{
  g_autofree char *photo = g_test_build_filename (G_TEST_DIST, "data", "coffee.jpg", NULL);
  g_autofree char *binding = g_strconcat ("file:", photo, NULL);

  workflow_fixture_open_copy (fixture, "sandbox_blend_two.json", "Blend.json");
  g_assert_cmpstr (get_picture (fixture, 0), ==, "layer");

  /* the layers of the image, by name */
  workflow_fixture_pick (fixture, "Image 2", "layer:Ground");
  g_assert_cmpstr (get_picture (fixture, 1), ==, "layer:Ground");

  /* a dialog that is cancelled changes nothing */
  workflow_fixture_pick (fixture, "Image 1", "choose");
  answer_dialog (NULL);
  g_assert_cmpstr (get_picture (fixture, 0), ==, "layer");
  g_assert_cmpstr (gtk_combo_box_get_active_id (GTK_COMBO_BOX (
    ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Image 1"))), ==, "layer");

  workflow_fixture_pick (fixture, "Image 1", "choose");
  answer_dialog (photo);
  g_assert_cmpstr (get_picture (fixture, 0), ==, binding);
  g_assert_cmpstr (gtk_combo_box_get_active_id (GTK_COMBO_BOX (
    ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Image 1"))), ==, binding);
  ui_test_shoot (fixture->window, "workflow-form-two-pictures");
  ui_test_check_people (fixture->window);

  /* and stays through the corrections */
  workflow_fixture_edit (fixture);
  workflow_fixture_end_edit (fixture, "Done");
  g_assert_cmpstr (get_picture (fixture, 0), ==, binding);
  g_assert_cmpstr (get_picture (fixture, 1), ==, "layer:Ground");
  g_assert_cmpstr (gtk_combo_box_get_active_id (GTK_COMBO_BOX (
    ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Image 2"))), ==, "layer:Ground");
}

static void
count_rows_cb (GtkWidget *widget,
               gpointer   n)
{
  if (COMFY_IS_FIELD_ROW (widget))
    (*(unsigned int *) n)++;
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), count_rows_cb, n);
}

static unsigned int
count_rows (WorkflowFixture *fixture)
{
  unsigned int n = 0;

  count_rows_cb (fixture->window, &n);

  return n;
}

/* thousands of values, and rows for those that somebody looks at */
static void
test_all_parameters (WorkflowFixture *fixture,
                     gconstpointer    data)
{
  g_autofree char *graph = workflow_fixture_make_graph (2000, FALSE);
  int              folded;

  workflow_fixture_open_text (fixture, "Long.json", graph);
  g_assert_cmpuint (count_rows (fixture), ==, 0);
  folded = workflow_fixture_get_height (fixture);

  workflow_fixture_unfold (fixture, "All Parameters", TRUE);
  g_assert_cmpuint (count_rows (fixture), >, 20);
  g_assert_cmpuint (count_rows (fixture), <, 200);
  g_assert_true (ui_test_says (fixture->window, "Blur no. 1"));
  g_assert_false (ui_test_says (fixture->window, "Blur no. 1777"));
  ui_test_shoot (fixture->window, "workflow-all-parameters");
  ui_test_check_people (fixture->window);

  workflow_fixture_type (fixture, "Search parameters", "no. 1777");
  g_assert_true (ui_test_says (fixture->window, "Blur no. 1777"));
  g_assert_cmpuint (count_rows (fixture), ==, 2);
  ui_test_shoot (fixture->window, "workflow-all-parameters-search");
  workflow_fixture_type (fixture, "Search parameters", "xyzzy");
  g_assert_true (ui_test_says (fixture->window, "No parameter, and no node, is called so."));
  workflow_fixture_type (fixture, "Search parameters", "");
  ui_test_click (fixture->window, "Show 60 More");
  g_assert_cmpuint (count_rows (fixture), ==, 120);

  workflow_fixture_unfold (fixture, "All Parameters", FALSE);
  g_assert_cmpint (workflow_fixture_get_height (fixture), ==, folded);
}

/* far down the list, which nobody has unfolded */
static void
test_folded_problem (WorkflowFixture *fixture,
                     gconstpointer    data)
{
  g_autofree char *graph = workflow_fixture_make_graph (300, FALSE);
  g_auto(GStrv)    parts = g_strsplit (graph, "\"blur_radius\":22,\"sigma\":1.0}},\"292\"", 2);
  g_autofree char *bad = g_strjoinv ("\"blur_radius\":22,\"sigma\":99.0}},\"292\"", parts);

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  workflow_fixture_open_text (fixture, "Long.json", bad);
  g_assert_true (ui_test_says (fixture->window, "Blur no. 291"));
  ui_test_click (fixture->window, "Run");
  g_assert_true (is_asking (fixture));
  ui_test_wait_for_paint (fixture->window);
  g_assert_true (gtk_expander_get_expanded (GTK_EXPANDER (
    ui_test_get (fixture->window, GTK_TYPE_EXPANDER, "All Parameters"))));
  assert_focus_in_view (fixture);
  ui_test_shoot (fixture->window, "workflow-all-parameters-problem");
  ui_test_check_people (fixture->window);
  g_assert_true (GTK_IS_SPIN_BUTTON (gtk_window_get_focus (GTK_WINDOW (fixture->window))));
}

/* the screen of this test is 768 px high */
static void
test_low_screen (WorkflowFixture *fixture,
                 gconstpointer    data)
{
  g_autofree char *graph = workflow_fixture_make_graph (40, TRUE);
  GdkRectangle     area;
  int              height;

  gdk_monitor_get_workarea (gdk_display_get_monitor (gdk_display_get_default (), 0), &area);
  g_assert_cmpint (area.height, ==, 768);
  workflow_fixture_open_text (fixture, "Forty.json", graph);
  g_assert_nonnull (ui_test_find (fixture->window, GTK_TYPE_SPIN_BUTTON, "Radius 40"));
  height = workflow_fixture_get_height (fixture);
  g_assert_cmpint (height, >, 500);
  g_assert_cmpint (height, <=, area.height - 40);
  ui_test_shoot (fixture->window, "workflow-form-forty");
  ui_test_check_people (fixture->window);

  /* back and forth it stays as it is */
  for (unsigned int i = 0; i < 3; i++)
    {
      workflow_fixture_edit (fixture);
      g_assert_cmpint (workflow_fixture_get_height (fixture), ==, height);
      workflow_fixture_end_edit (fixture, "Done");
      g_assert_cmpint (workflow_fixture_get_height (fixture), ==, height);
      ui_test_click (fixture->window, "Workflows");
      workflow_fixture_wait_for_list (fixture);
      g_assert_cmpint (workflow_fixture_get_height (fixture), ==, height);
      workflow_fixture_choose (fixture, "Forty");
      workflow_fixture_wait_for_form (fixture);
    }
  g_assert_cmpint (workflow_fixture_get_height (fixture), ==, height);
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/workflow-form/" path, WorkflowFixture, NULL, workflow_fixture_set_up, function, \
              workflow_fixture_tear_down)

  add ("a-missing-class-is-said-first", test_missing_class);
  add ("a-missing-model-is-said-at-its-field", test_missing_model);
  add ("pictures-come-from-layers-and-files", test_pictures);
  add ("all-parameters-are-made-when-looked-at", test_all_parameters);
  add ("a-problem-that-is-folded-away-is-shown", test_folded_problem);
  add ("forty-fields-on-a-low-screen", test_low_screen);

  return g_test_run ();
}
