/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The panel: what it asks for, and for which image; what it does with results; how it looks where
 * there is little room, in long words and from right to left.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

#include "comfy-panel.h"
#include "comfy-settings-panel.h"
#include "pseudo-translation.h"
#include "test-future.h"
#include "ui-test.h"
#include "workflow-fixture.h"

#define OTHER_IMAGE 8
#define AROUND      47 /* px: margins and a scrollbar */

static ComfySettings *
get_settings (WorkflowFixture *fixture)
{
  return comfy_session_get_settings (fixture->base.session);
}

static ComfyScheduler *
get_scheduler (WorkflowFixture *fixture)
{
  return comfy_session_get_scheduler (fixture->base.session);
}

static void
agree (WorkflowFixture *fixture)
{
  comfy_settings_give_consent (get_settings (fixture),
                               comfy_endpoint_get_origin (fixture->base.endpoint));
}

static void
open_panel (WorkflowFixture *fixture)
{
  fixture->window = comfy_panel_new (fixture->opener);
  ui_test_show (fixture->window);
}

static void
set_up_untold (WorkflowFixture *fixture,
               gconstpointer    data)
{
  workflow_fixture_set_up (fixture, data);
  fake_host_set_size (fixture->base.host, -1);
}

static void
set_up (WorkflowFixture *fixture,
        gconstpointer    data)
{
  set_up_untold (fixture, data);
  agree (fixture);
}

static void
type_prompt (WorkflowFixture *fixture,
             const char      *text)
{
  GtkWidget *view = ui_test_get (fixture->window, GTK_TYPE_TEXT_VIEW, "Prompt");

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
}

static unsigned int
count_started (WorkflowFixture *fixture)
{
  return comfy_sandbox_count (fixture->base.sandbox, "job", NULL, NULL);
}

static gboolean
is_idle (gpointer data)
{
  return comfy_scheduler_get_n_active (get_scheduler (data)) == 0
         && g_list_model_get_n_items (G_LIST_MODEL (get_scheduler (data))) == 0;
}

static gboolean
has_started (gpointer data)
{
  return count_started (data) > 0;
}

static void
run_to_the_end (WorkflowFixture *fixture)
{
  ui_test_wait_for (has_started, fixture);
  ui_test_wait_for (is_idle, fixture);
}

/* by what is written in a combo box */
static void
choose (WorkflowFixture *fixture,
        const char      *combo,
        const char      *id)
{
  g_assert_true (gtk_combo_box_set_active_id (
    GTK_COMBO_BOX (ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, combo)), id));
}

static char *
dup_chosen (WorkflowFixture *fixture,
            const char      *combo)
{
  return gtk_combo_box_text_get_active_text (
    GTK_COMBO_BOX_TEXT (ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, combo)));
}

static void
test_a_result_waits_for_the_artist (WorkflowFixture *fixture,
                                    gconstpointer    data)
{
  g_auto(GStrv) orphans = NULL;

  open_panel (fixture);
  type_prompt (fixture, "An old oak on a hill");
  ui_test_press (fixture->window, GDK_KEY_Return, GDK_CONTROL_MASK);
  run_to_the_end (fixture);
  g_assert_cmpuint (count_started (fixture), ==, 1);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 0);

  /* it is in the history, and nobody is asked about it anywhere else */
  orphans = comfy_journal_list_orphans (comfy_session_get_journal (fixture->base.session));
  g_assert_cmpuint (g_strv_length (orphans), ==, 0);
}

static void
test_a_result_is_placed_at_once_if_the_artist_wants_that (WorkflowFixture *fixture,
                                                          gconstpointer    data)
{
  comfy_settings_set_panel_places_at_once (get_settings (fixture), TRUE);
  open_panel (fixture);
  type_prompt (fixture, "An old oak on a hill");
  ui_test_click (fixture->window, "Generate");
  run_to_the_end (fixture);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 1);
}

/* the same once more, while the first one runs */
static void
test_several_run_while_more_is_asked_for (WorkflowFixture *fixture,
                                          gconstpointer    data)
{
  g_assert_true (comfy_sandbox_control (fixture->base.sandbox, "hold", NULL));
  comfy_settings_set_max_jobs (get_settings (fixture), 1);
  open_panel (fixture);
  for (unsigned int i = 0; i < 3; i++)
    {
      g_autofree char *prompt = g_strdup_printf ("Oak no. %u", i + 1);

      type_prompt (fixture, prompt);
      ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Generate");
      comfy_panel_generate (COMFY_PANEL (fixture->window), 7);
      ui_test_wait_until_says (fixture->window, prompt);
    }
  ui_test_wait_for (has_started, fixture);
  ui_test_wait_until_says (fixture->window, "Waiting for another job to end");
  ui_test_shoot_both (fixture->window, "panel-queue");
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->window, "Cancel All");
  ui_test_wait_until_says (fixture->window, "Cancelled");
  g_assert_true (comfy_sandbox_control (fixture->base.sandbox, "release", NULL));
  while (comfy_scheduler_get_n_active (get_scheduler (fixture)) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count_started (fixture), ==, 1);
}

static void
test_an_empty_prompt_is_said_in_place (WorkflowFixture *fixture,
                                       gconstpointer    data)
{
  open_panel (fixture);
  ui_test_click (fixture->window, "Generate");
  g_assert_true (ui_test_says (fixture->window, "Nothing is written here yet."));
  ui_test_shoot (fixture->window, "panel-problem");
  g_assert_cmpuint (count_started (fixture), ==, 0);
}

/* and what is used by a job that ends is counted in */
static void
test_what_the_account_used_is_shown (WorkflowFixture *fixture,
                                     gconstpointer    data)
{
  open_panel (fixture);
  ui_test_wait_until_says (fixture->window, "Balance $");
  g_assert_false (ui_test_says (fixture->window, "Used in a day"));
  ui_test_choose_from_button (fixture->window, "Panel Menu", "Show Usage");
  ui_test_wait_until_says (fixture->window, "Used in a day: $0.00 (0 jobs)");
  type_prompt (fixture, "An old oak on a hill");
  ui_test_click (fixture->window, "Generate");
  run_to_the_end (fixture);
  ui_test_wait_until_says (fixture->window, "Used in a day: $0.013 (1 job)");
  ui_test_wait_until_says (fixture->window, "In a month: $0.013 (1 job)");
  ui_test_shoot_both (fixture->window, "panel-usage");
  ui_test_check_people (fixture->window);

  /* it is remembered */
  gtk_widget_destroy (fixture->window);
  open_panel (fixture);
  ui_test_wait_until_says (fixture->window, "Used in a day: $0.013 (1 job)");
  ui_test_choose_from_button (fixture->window, "Panel Menu", "Show Usage");
  g_assert_false (ui_test_says (fixture->window, "Used in a day"));
}

static void
test_where_nobody_tells_that_is_said (WorkflowFixture *fixture,
                                      gconstpointer    data)
{
  g_assert_true (comfy_sandbox_control (fixture->base.sandbox, "hide-usage", "{}"));
  comfy_settings_set_panel_shows_usage (get_settings (fixture), TRUE);
  open_panel (fixture);
  ui_test_wait_until_says (fixture->window, "This server does not tell what was used.");
}

/* from the menu, where nobody may see what the panel says */
static void
test_what_was_not_told_is_not_sent_unseen (WorkflowFixture *fixture,
                                           gconstpointer    data)
{
  open_panel (fixture);
  type_prompt (fixture, "An old oak on a hill");
  comfy_panel_generate (COMFY_PANEL (fixture->window), 7);
  g_assert_true (gtk_widget_is_sensitive (ui_test_get (fixture->window, GTK_TYPE_BUTTON,
                                                       "Generate")));
  agree (fixture);
  /* closed meanwhile: the panel shows another one */
  comfy_panel_generate (COMFY_PANEL (fixture->window), 1234);
  g_assert_true (gtk_widget_is_sensitive (ui_test_get (fixture->window, GTK_TYPE_BUTTON,
                                                       "Generate")));
  comfy_panel_generate (COMFY_PANEL (fixture->window), 7);
  run_to_the_end (fixture);
  g_assert_cmpuint (count_started (fixture), ==, 1);
}

/* without a key one is asked for in place, and what was asked for goes on by itself */
static void
test_a_key_is_asked_for_in_place (WorkflowFixture *fixture,
                                  gconstpointer    data)
{
  ComfyProfileStore *store = comfy_session_get_profiles (fixture->base.session);

  test_await_true (comfy_profile_store_remove (store, comfy_profile_store_get_active (store)));
  open_panel (fixture);
  g_assert_true (ui_test_find (fixture->window, GTK_TYPE_COMBO_BOX, "Key") != NULL);
  type_prompt (fixture, "An old oak on a hill");
  ui_test_click (fixture->window, "Generate");
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Test and Store");
  ui_test_shoot (fixture->window, "panel-key");
  gtk_entry_set_text (GTK_ENTRY (ui_test_get (fixture->window, GTK_TYPE_ENTRY, "API key")),
                      fixture->base.key);
  ui_test_click (fixture->window, "Test and Store");
  run_to_the_end (fixture);
  g_assert_cmpuint (count_started (fixture), ==, 1);
}

/* the words go along, and what was entered before is there again */
static void
test_another_action_keeps_the_words (WorkflowFixture *fixture,
                                     gconstpointer    data)
{
  g_autofree char *chosen = NULL;

  open_panel (fixture);
  type_prompt (fixture, "An old oak on a hill");
  choose (fixture, "Action", "edit-with-prompt");
  g_assert_true (ui_test_find (fixture->window, GTK_TYPE_TEXT_VIEW, "An old oak on a hill") == NULL);
  choose (fixture, "Action", "generate-image");
  gtk_widget_destroy (fixture->window);

  /* another day */
  open_panel (fixture);
  chosen = dup_chosen (fixture, "Action");
  g_assert_cmpstr (chosen, ==, "Generate Image");
}

static gboolean
has_row (gpointer list)
{
  return gtk_list_box_get_row_at_index (list, 0) != NULL;
}

static void
test_what_was_written_can_be_written_again (WorkflowFixture *fixture,
                                            gconstpointer    data)
{
  GtkWidget       *list;
  GtkWidget       *row;
  g_autofree char *prompt = NULL;

  open_panel (fixture);
  type_prompt (fixture, "An old oak on a hill");
  ui_test_press (fixture->window, GDK_KEY_Return, GDK_CONTROL_MASK);
  run_to_the_end (fixture);
  type_prompt (fixture, "Something else");

  gtk_toggle_button_set_active (
    GTK_TOGGLE_BUTTON (ui_test_get (fixture->window, GTK_TYPE_MENU_BUTTON, "Earlier prompts")), TRUE);
  list = ui_test_wait_until_there (fixture->window, GTK_TYPE_LIST_BOX, "Earlier prompts");
  ui_test_wait_for (has_row, list);
  row = GTK_WIDGET (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0));
  ui_test_shoot (fixture->window, "panel-prompts");
  g_signal_emit_by_name (list, "row-activated", row);
  g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (
                  ui_test_get (fixture->window, GTK_TYPE_TEXT_VIEW, "Prompt"))), "text", &prompt,
                NULL);
  g_assert_cmpstr (prompt, ==, "An old oak on a hill");
}

static void
test_it_works_on_a_named_image (WorkflowFixture *fixture,
                                gconstpointer    data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  open_panel (fixture);
  first = dup_chosen (fixture, "Image");
  g_assert_cmpstr (first, ==, "picture-7.xcf (640 × 480)");
  fake_host_open (fixture->base.host, OTHER_IMAGE);
  comfy_panel_set_image (COMFY_PANEL (fixture->window), OTHER_IMAGE);
  second = dup_chosen (fixture, "Image");
  g_assert_cmpstr (second, ==, "picture-8.xcf (640 × 480)");

  /* one that is closed meanwhile is left for what is open */
  comfy_panel_set_image (COMFY_PANEL (fixture->window), 1234);
  third = dup_chosen (fixture, "Image");
  g_assert_cmpstr (third, ==, second);
}

static void
test_another_key_is_chosen_in_place (WorkflowFixture *fixture,
                                     gconstpointer    data)
{
  ComfyProfileStore       *store = comfy_session_get_profiles (fixture->base.session);
  g_autofree char         *key = session_fixture_make_key ("2222");
  g_autoptr(ComfyProfile)  other = session_fixture_add_profile (&fixture->base, "Client", key);

  open_panel (fixture);
  g_assert_true (comfy_profile_store_get_active (store) != other);
  choose (fixture, "Key", comfy_profile_get_id (other));
  g_assert_true (comfy_profile_store_get_active (store) == other);
}

static void
test_it_is_where_it_was_left (WorkflowFixture *fixture,
                              gconstpointer    data)
{
  ComfyPanelPlace place;
  int             width;
  int             height;

  open_panel (fixture);
  gtk_window_resize (GTK_WINDOW (fixture->window), 420, 640);
  ui_test_wait_for_paint (fixture->window);
  gtk_widget_destroy (fixture->window);
  g_assert_true (comfy_settings_get_panel_place (get_settings (fixture), &place));

  open_panel (fixture);
  gtk_window_get_size (GTK_WINDOW (fixture->window), &width, &height);
  g_assert_cmpint (width, ==, place.width);
  g_assert_cmpint (height, ==, place.height);
}

/* for the report of a failure: the smallest widgets that are wider than the panel */
static void
tell_cb (GtkWidget *widget,
         gpointer   data)
{
  int width = GPOINTER_TO_INT (data);
  int least;

  gtk_widget_get_preferred_width (widget, &least, NULL);
  if (!gtk_widget_get_mapped (widget) || least <= width)
    return;

  g_test_message ("%s “%s” is at least %d px wide", G_OBJECT_TYPE_NAME (widget),
                  GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : "", least);
  if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), tell_cb, data);
}

/* each action's form, in a panel of that width */
static void
check_all_forms (WorkflowFixture *fixture,
                 int              width,
                 const char      *picture)
{
  GListModel *items = G_LIST_MODEL (comfy_opener_get_library (fixture->opener));

  open_panel (fixture);
  gtk_window_resize (GTK_WINDOW (fixture->window), width, 860);
  for (unsigned int i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr(ComfyLibraryItem)  item = g_list_model_get_item (items, i);
      g_autofree char             *name = g_strdup_printf ("%s-%u", picture, i);

      choose (fixture, gettext ("Action"), comfy_library_item_get_id (item));
      ui_test_wait_for_paint (fixture->window);
      tell_cb (fixture->window, GINT_TO_POINTER (width - AROUND));
      g_assert_cmpint (gtk_widget_get_allocated_width (fixture->window), ==, width);
      ui_test_check_people (fixture->window);
      ui_test_shoot (fixture->window, name);
    }
}

static void
test_every_form_is_whole (WorkflowFixture *fixture,
                          gconstpointer    data)
{
  check_all_forms (fixture, GPOINTER_TO_INT (data), "panel-form");
}

static void
set_up_long (WorkflowFixture *fixture,
             gconstpointer    data)
{
  workflow_fixture_set_up_strange (fixture, TRUE, FALSE);
  fake_host_set_size (fixture->base.host, -1);
}

static void
set_up_rtl (WorkflowFixture *fixture,
            gconstpointer    data)
{
  workflow_fixture_set_up_strange (fixture, FALSE, TRUE);
  fake_host_set_size (fixture->base.host, -1);
}

static void
test_every_form_is_whole_in_long_words (WorkflowFixture *fixture,
                                        gconstpointer    data)
{
  check_all_forms (fixture, 280, "panel-long");
}

static void
test_every_form_is_whole_from_right_to_left (WorkflowFixture *fixture,
                                             gconstpointer    data)
{
  check_all_forms (fixture, 280, "panel-rtl");
}

#define ADD(name, func) \
  g_test_add ("/panel/" name, WorkflowFixture, NULL, set_up, func, workflow_fixture_tear_down)
#define ADD_WIDE(name, width) \
  g_test_add ("/panel/" name, WorkflowFixture, GINT_TO_POINTER (width), set_up, \
              test_every_form_is_whole, workflow_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

  ADD ("a-result-waits-for-the-artist", test_a_result_waits_for_the_artist);
  ADD ("a-result-is-placed-at-once-if-the-artist-wants-that",
       test_a_result_is_placed_at_once_if_the_artist_wants_that);
  ADD ("several-run-while-more-is-asked-for", test_several_run_while_more_is_asked_for);
  ADD ("an-empty-prompt-is-said-in-place", test_an_empty_prompt_is_said_in_place);
  g_test_add ("/panel/what-was-not-told-is-not-sent-unseen", WorkflowFixture, NULL, set_up_untold,
              test_what_was_not_told_is_not_sent_unseen, workflow_fixture_tear_down);
  ADD ("a-key-is-asked-for-in-place", test_a_key_is_asked_for_in_place);
  ADD ("another-action-keeps-the-words", test_another_action_keeps_the_words);
  ADD ("what-was-written-can-be-written-again", test_what_was_written_can_be_written_again);
  ADD ("it-works-on-a-named-image", test_it_works_on_a_named_image);
  ADD ("another-key-is-chosen-in-place", test_another_key_is_chosen_in_place);
  ADD ("what-the-account-used-is-shown", test_what_the_account_used_is_shown);
  ADD ("where-nobody-tells-that-is-said", test_where_nobody_tells_that_is_said);
  ADD ("it-is-where-it-was-left", test_it_is_where_it_was_left);
  ADD_WIDE ("every-form-is-whole-at-280-px", 280);
  ADD_WIDE ("every-form-is-whole-at-900-px", 900);
  g_test_add ("/panel/every-form-is-whole-in-long-words", WorkflowFixture, NULL, set_up_long,
              test_every_form_is_whole_in_long_words, workflow_fixture_tear_down);
  g_test_add ("/panel/every-form-is-whole-from-right-to-left", WorkflowFixture, NULL, set_up_rtl,
              test_every_form_is_whole_from_right_to_left, workflow_fixture_tear_down);

  return g_test_run ();
}
