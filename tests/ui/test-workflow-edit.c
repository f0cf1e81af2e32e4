/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "Edit Form…": what the artist says of a workflow is in its form, and stays said.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "comfy-mapping-row.h"
#include "ui-test.h"
#include "workflow-fixture.h"

#define GRAPH  "t2i_sdxl_base.json"

/* px: what becomes of the windows when somebody makes them small; a seed, its button and its switch
 * stand in one line */
#define NARROW      380
#define NARROW_FORM 520

static const ComfyField *
find_field (WorkflowFixture *fixture,
            const char      *label)
{
  ComfyAction *action = comfy_form_get_action (workflow_fixture_get_form (fixture));

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    if (g_str_equal (comfy_action_get_field (action, i)->label, label))
      return comfy_action_get_field (action, i);

  return NULL;
}

static const char *
get_text (WorkflowFixture *fixture,
          const char      *label)
{
  const ComfyField *field = find_field (fixture, label);

  g_assert_nonnull (field);

  return workflow_fixture_get_text (fixture, field->id);
}

/* the first fields of the form, in their order */
static void
assert_labels (WorkflowFixture *fixture,
               const char      *first,
               const char      *second)
{
  ComfyAction *action = comfy_form_get_action (workflow_fixture_get_form (fixture));

  g_assert_cmpstr (comfy_action_get_field (action, 0)->label, ==, first);
  g_assert_cmpstr (comfy_action_get_field (action, 1)->label, ==, second);
}

static const char *
get_focus_name (WorkflowFixture *fixture)
{
  static char *name;

  g_free (name);
  name = ui_test_dup_name (gtk_window_get_focus (GTK_WINDOW (fixture->window)));

  return name;
}

static void
focus (WorkflowFixture *fixture,
       GType            type,
       const char      *name)
{
  gtk_widget_grab_focus (ui_test_get (fixture->window, type, name));
}

static void
test_says (WorkflowFixture *fixture,
           gconstpointer    data)
{
  workflow_fixture_open_copy (fixture, GRAPH, "Paint.json");
  comfy_form_set_value (workflow_fixture_get_form (fixture), find_field (fixture, "Prompt")->id,
                        g_variant_new_string ("an old oak"));
  workflow_fixture_edit (fixture);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "Edit Form");
  ui_test_shoot_both (fixture->window, "workflow-edit");
  ui_test_check_people (fixture->window);

  workflow_fixture_type (fixture, "Prompt: name", "Style");
  workflow_fixture_pick_nth (fixture, "Steps: where it is shown", COMFY_PLACE_FORM);
  workflow_fixture_pick_nth (fixture, "Negative prompt: where it is shown", COMFY_PLACE_ADVANCED);
  workflow_fixture_pick (fixture, "Result becomes", "group");
  workflow_fixture_pick_nth (fixture, "Size of the result", COMFY_FIT_NATURAL);
  workflow_fixture_end_edit (fixture, "Done");

  /* with what was entered before */
  g_assert_cmpstr (get_text (fixture, "Style"), ==, "an old oak");
  g_assert_null (find_field (fixture, "Prompt"));
  g_assert_cmpint (find_field (fixture, "Steps")->place, ==, COMFY_PLACE_FORM);
  g_assert_cmpint (find_field (fixture, "Negative prompt")->place, ==, COMFY_PLACE_ADVANCED);
  g_assert_cmpint (comfy_action_get_fit (comfy_form_get_action (
    workflow_fixture_get_form (fixture))), ==, COMFY_FIT_NATURAL);
  g_assert_nonnull (ui_test_find (fixture->window, GTK_TYPE_TEXT_VIEW, "Style"));
  ui_test_shoot (fixture->window, "workflow-form-corrected");
  ui_test_check_people (fixture->window);
}

/* by the graph's shape, not by the file's name */
static void
test_remembered (WorkflowFixture *fixture,
                 gconstpointer    data)
{
  g_autofree char *other = workflow_fixture_copy (fixture, GRAPH, "Other Name.json");

  workflow_fixture_open_copy (fixture, GRAPH, "Paint.json");
  workflow_fixture_edit (fixture);
  workflow_fixture_type (fixture, "Prompt: name", "Style");
  workflow_fixture_end_edit (fixture, "Done");
  ui_test_click (fixture->window, "Workflows");
  workflow_fixture_wait_for_list (fixture);
  workflow_fixture_choose (fixture, "Other Name");
  workflow_fixture_wait_for_form (fixture);
  g_assert_nonnull (find_field (fixture, "Style"));

  /* what was guessed is said again */
  workflow_fixture_edit (fixture);
  ui_test_click (fixture->window, "Reset");
  ui_test_get (fixture->window, GTK_TYPE_ENTRY, "Prompt: name");
  workflow_fixture_end_edit (fixture, "Done");
  g_assert_nonnull (find_field (fixture, "Prompt"));
}

static void
test_cancelled (WorkflowFixture *fixture,
                gconstpointer    data)
{
  workflow_fixture_open_copy (fixture, GRAPH, "Paint.json");
  workflow_fixture_edit (fixture);
  workflow_fixture_type (fixture, "Prompt: name", "Style");
  workflow_fixture_end_edit (fixture, "Done");

  workflow_fixture_edit (fixture);
  workflow_fixture_type (fixture, "Style: name", "Mood");
  workflow_fixture_pick (fixture, "Result becomes", "nothing");
  workflow_fixture_end_edit (fixture, "Cancel");
  g_assert_nonnull (find_field (fixture, "Style"));

  /* and what was said before is still said */
  workflow_fixture_edit (fixture);
  ui_test_get (fixture->window, GTK_TYPE_ENTRY, "Style: name");
  g_assert_cmpstr (gtk_combo_box_get_active_id (GTK_COMBO_BOX (
    ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Result becomes"))), ==, "layers");
  workflow_fixture_end_edit (fixture, "Done");
  g_assert_nonnull (find_field (fixture, "Style"));
}

static void
test_moved (WorkflowFixture *fixture,
            gconstpointer    data)
{
  workflow_fixture_open_copy (fixture, GRAPH, "Paint.json");
  assert_labels (fixture, "Prompt", "Negative prompt");
  workflow_fixture_edit (fixture);

  /* the focus goes along, so that the next press moves it on */
  focus (fixture, GTK_TYPE_ENTRY, "Prompt: name");
  ui_test_press (fixture->window, GDK_KEY_Down, GDK_MOD1_MASK);
  g_assert_cmpstr (get_focus_name (fixture), ==, "Prompt: name");
  ui_test_press (fixture->window, GDK_KEY_Down, GDK_MOD1_MASK);
  ui_test_press (fixture->window, GDK_KEY_Up, GDK_MOD1_MASK);
  focus (fixture, GTK_TYPE_BUTTON, "Size: Move up");
  ui_test_press (fixture->window, GDK_KEY_Up, GDK_MOD1_MASK);
  ui_test_click (fixture->window, "Size: Move up");
  g_assert_cmpstr (get_focus_name (fixture), ==, "Size: Move up");
  /* above the first there is nothing */
  ui_test_click (fixture->window, "Size: Move up");
  workflow_fixture_end_edit (fixture, "Done");
  assert_labels (fixture, "Size", "Negative prompt");
  g_assert_cmpstr (comfy_action_get_field (comfy_form_get_action (
    workflow_fixture_get_form (fixture)), 2)->label, ==, "Prompt");
}

/* what is said in a row after it was moved is said of it, and of no other */
static void
test_moved_and_named (WorkflowFixture *fixture,
                      gconstpointer    data)
{
  workflow_fixture_open_copy (fixture, GRAPH, "Paint.json");
  workflow_fixture_edit (fixture);
  ui_test_click (fixture->window, "Prompt: Move down");
  workflow_fixture_type (fixture, "Prompt: name", "Words");
  workflow_fixture_type (fixture, "Negative prompt: name", "No Words");
  workflow_fixture_end_edit (fixture, "Done");
  assert_labels (fixture, "No Words", "Words");
  g_assert_cmpstr (get_text (fixture, "Words"), ==, "a red bicycle leaning on a brick wall");
}

/* a string that names a file may be a picture; then it comes from somewhere */
static void
test_kind (WorkflowFixture *fixture,
           gconstpointer    data)
{
  g_autofree char *picture = g_strdup_printf ("%d", COMFY_KIND_PICTURE);
  g_autofree char *text = g_strdup_printf ("%d", COMFY_KIND_TEXT);

  workflow_fixture_open_copy (fixture, GRAPH, "Paint.json");
  workflow_fixture_edit (fixture);
  focus (fixture, GTK_TYPE_COMBO_BOX, "Negative prompt: kind");
  workflow_fixture_pick (fixture, "Negative prompt: kind", picture);
  workflow_fixture_pick (fixture, "Negative prompt: where it comes from", "visible");
  workflow_fixture_end_edit (fixture, "Done");
  g_assert_cmpint (find_field (fixture, "Negative prompt")->type, ==, COMFY_FIELD_PICTURE);
  g_assert_cmpstr (get_text (fixture, "Negative prompt"), ==, "visible");
  ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Negative prompt");

  workflow_fixture_edit (fixture);
  workflow_fixture_pick (fixture, "Negative prompt: where it comes from", text);
  ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Negative prompt: kind");
  workflow_fixture_end_edit (fixture, "Done");
  g_assert_cmpint (find_field (fixture, "Negative prompt")->type, ==, COMFY_FIELD_TEXT);
}

static void
test_saved (WorkflowFixture *fixture,
            gconstpointer    data)
{
  workflow_fixture_open_copy (fixture, GRAPH, "Paint.json");
  workflow_fixture_edit (fixture);
  workflow_fixture_type (fixture, "Menu name", "  ");
  ui_test_click (fixture->window, "Save as Action");
  g_assert_true (ui_test_says (fixture->window, "The action has no name yet."));
  g_assert_cmpstr (get_focus_name (fixture), ==, "Menu name");
  ui_test_shoot (fixture->window, "workflow-edit-no-name");
  ui_test_check_people (fixture->window);

  workflow_fixture_type (fixture, "Menu name", "Bicycle Painter");
  ui_test_press (fixture->window, GDK_KEY_Return, 0);
  g_assert_true (ui_test_says (fixture->window, "“Bicycle Painter” stands in the list"));
  ui_test_shoot (fixture->window, "workflow-edit-saved");
  ui_test_check_people (fixture->window);
  workflow_fixture_end_edit (fixture, "Done");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "Bicycle Painter");
  ui_test_click (fixture->window, "Workflows");
  workflow_fixture_wait_for_list (fixture);
  workflow_fixture_choose (fixture, "Bicycle Painter");
  workflow_fixture_wait_for_form (fixture);
}

static void
count_rows_cb (GtkWidget *widget,
               gpointer   n)
{
  if (COMFY_IS_MAPPING_ROW (widget))
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

static void
test_search (WorkflowFixture *fixture,
             gconstpointer    data)
{
  g_autofree char *graph = workflow_fixture_make_graph (2000, FALSE);

  workflow_fixture_open_text (fixture, "Long.json", graph);
  workflow_fixture_edit (fixture);
  g_assert_cmpuint (count_rows (fixture), ==, 0);
  g_assert_true (ui_test_says (fixture->window, "The form shows nothing."));
  workflow_fixture_type (fixture, "Search all parameters", "blur");
  g_assert_cmpuint (count_rows (fixture), ==, 50);
  g_assert_true (ui_test_says (fixture->window, "3950 more are called so"));
  ui_test_shoot (fixture->window, "workflow-edit-search");
  ui_test_check_people (fixture->window);
  workflow_fixture_type (fixture, "Search all parameters", "no. 1777");
  g_assert_cmpuint (count_rows (fixture), ==, 2);
  workflow_fixture_type (fixture, "Blur radius: name", "Softness");
  workflow_fixture_pick_nth (fixture, "Blur radius: where it is shown", COMFY_PLACE_FORM);
  workflow_fixture_type (fixture, "Search all parameters", "xyzzy");
  g_assert_true (ui_test_says (fixture->window, "No parameter, and no node, is called so."));

  /* Escape: first the search, then the corrections */
  focus (fixture, GTK_TYPE_ENTRY, "Search all parameters");
  ui_test_press (fixture->window, GDK_KEY_Escape, 0);
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (ui_test_get (
    fixture->window, GTK_TYPE_ENTRY, "Search all parameters"))), ==, "");
  workflow_fixture_end_edit (fixture, "Done");
  g_assert_cmpint (find_field (fixture, "Softness")->place, ==, COMFY_PLACE_FORM);
}

/* what a hand without patience does, in a window as small as it gets */
static void
look_at_all (WorkflowFixture *fixture,
             const char      *name,
             gboolean         is_long,
             gboolean         is_rtl)
{
  static const char * const pages[] = { "list", "form", "edit" };
  g_autofree char          *path = NULL;
  g_autofree char          *button = NULL;
  int                       width;

  workflow_fixture_set_up_strange (fixture, is_long, is_rtl);
  path = workflow_fixture_copy (fixture, "edit_qwen_2511_two_images.json", "Two Pictures.json");
  workflow_fixture_open (fixture, NULL);
  for (unsigned int i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *screen = g_strdup_printf ("workflow-%s-%s", name, pages[i]);

      if (i == 1)
        {
          workflow_fixture_choose (fixture, "Two Pictures");
          workflow_fixture_wait_for_form (fixture);
        }
      if (i == 2)
        workflow_fixture_edit (fixture);
      gtk_window_resize (GTK_WINDOW (fixture->window), NARROW, 600);
      ui_test_shoot (fixture->window, screen);
      gtk_window_get_size (GTK_WINDOW (fixture->window), &width, NULL);
      g_test_message ("%s: %d px", screen, width);
      if (!is_long)
        g_assert_cmpint (width, <=, i == 1 ? NARROW_FORM : NARROW);
      ui_test_check_people (fixture->window);
    }
}

static void
test_narrow (WorkflowFixture *fixture,
             gconstpointer    data)
{
  look_at_all (fixture, "narrow", FALSE, FALSE);
}

static void
test_long (WorkflowFixture *fixture,
           gconstpointer    data)
{
  look_at_all (fixture, "long", TRUE, FALSE);
}

static void
test_rtl (WorkflowFixture *fixture,
          gconstpointer    data)
{
  look_at_all (fixture, "rtl", TRUE, TRUE);
}

static void
set_nothing_up (WorkflowFixture *fixture,
                gconstpointer    data)
{
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, set_up, function) \
  g_test_add ("/workflow-edit/" path, WorkflowFixture, NULL, set_up, function, \
              workflow_fixture_tear_down)

  add ("what-is-said-is-in-the-form", workflow_fixture_set_up, test_says);
  add ("what-was-said-counts-under-another-name", workflow_fixture_set_up, test_remembered);
  add ("cancel-takes-it-back", workflow_fixture_set_up, test_cancelled);
  add ("moved-by-keys-and-by-buttons", workflow_fixture_set_up, test_moved);
  add ("moved-and-named", workflow_fixture_set_up, test_moved_and_named);
  add ("a-text-may-be-a-picture", workflow_fixture_set_up, test_kind);
  add ("saved-as-an-action", workflow_fixture_set_up, test_saved);
  add ("thousands-of-values-are-searched", workflow_fixture_set_up, test_search);
  add ("narrow", set_nothing_up, test_narrow);
  add ("in-long-words", set_nothing_up, test_long);
  add ("from-right-to-left", set_nothing_up, test_rtl);

  return g_test_run ();
}
