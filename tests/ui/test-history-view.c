/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The history as an artist uses it: look, compare, apply or discard; by mouse and by keyboard.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "history-view-fixture.h"
#include "test-future.h"
#include "ui-test.h"

static void
test_selects_and_shows (HistoryView   *fixture,
                        gconstpointer  data)
{
  cairo_surface_t *surface;
  int              edge;

  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_PLACED, .n_pictures = 1,
                                              .prompt = "an oak", .age_s = 200 });
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "a bicycle", .age_s = 100 });
  history_view_show (fixture);

  /* what waits for the artist is shown at once, in its place */
  history_view_wait_until_selected (fixture, "a bicycle");
  history_view_wait_for_comparison (fixture);
  preview_host_get_compared (fixture->base.previews, &edge);
  g_assert_cmpint (edge, ==, history_view_get_picture_edge (fixture));
  surface = history_view_get_shown (fixture);
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, HISTORY_VIEW_EDGE);
  g_assert_true (history_view_shows (fixture, "After"));
  g_assert_true (ui_test_says (fixture->window, "an oak"));
  g_assert_true (ui_test_says (fixture->window, "1 min ago"));
  ui_test_shoot_both (fixture->window, "history");
  ui_test_check_people (fixture->window);
}

static void
test_before_and_after (HistoryView   *fixture,
                       gconstpointer  data)
{
  GtkWidget *toggle;

  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1 });
  history_view_show (fixture);
  toggle = ui_test_wait_until_there (fixture->window, GTK_TYPE_TOGGLE_BUTTON, "Before");
  g_assert_false (gtk_widget_get_sensitive (toggle));
  history_view_wait_for_comparison (fixture);

  ui_test_click (fixture->window, "Before");
  g_assert_true (history_view_shows (fixture, "Before"));
  ui_test_shoot (fixture->window, "history-before");
  ui_test_click (fixture->window, "Before");
  g_assert_true (history_view_shows (fixture, "After"));

  history_view_focus_list (fixture);
  ui_test_press (fixture->window, GDK_KEY_b, 0);
  g_assert_true (history_view_shows (fixture, "Before"));
  ui_test_press (fixture->window, GDK_KEY_space, 0);
  g_assert_true (history_view_shows (fixture, "After"));

  history_view_press_picture (fixture, TRUE);
  g_assert_true (history_view_shows (fixture, "Before"));
  history_view_press_picture (fixture, FALSE);
  g_assert_true (history_view_shows (fixture, "After"));
}

static void
test_enter_applies (HistoryView   *fixture,
                    gconstpointer  data)
{
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "an oak" });
  history_view_show (fixture);
  history_view_wait_until_selected (fixture, "an oak");
  history_view_focus_list (fixture);
  ui_test_press (fixture->window, GDK_KEY_Return, 0);

  /* the check, in words */
  history_view_wait_until_selected (fixture, "an oak, applied");
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 1);
  /* and not the window's own button, which may cost */
  g_assert_cmpuint (fixture->n_default, ==, 0);
  ui_test_shoot_both (fixture->window, "history-applied");

  /* the artist may have undone it */
  ui_test_click (fixture->window, "Apply");
  history_view_wait_until_placed (fixture, 2);
}

static void
test_one_of_several (HistoryView   *fixture,
                     gconstpointer  data)
{
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 3,
                                              .prompt = "an oak" });
  history_view_show (fixture);
  history_view_wait_until_selected (fixture, "an oak, picture 1 of 3");
  history_view_focus_list (fixture);
  ui_test_press (fixture->window, GDK_KEY_Right, 0);
  history_view_wait_until_selected (fixture, "an oak, picture 2 of 3");
  ui_test_click (fixture->window, "Apply");
  history_view_wait_until_selected (fixture, "an oak, picture 2 of 3, applied");
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->base.host), ==, 1);

  history_view_use_menu (fixture, "Apply All");
  history_view_wait_until_placed (fixture, 2);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->base.host), ==, 3);
  history_view_wait_for_pictures (fixture);
  history_view_wait_for_comparison (fixture);
  ui_test_shoot (fixture->window, "history-several");
}

static void
test_delete_and_undo (HistoryView   *fixture,
                      gconstpointer  data)
{
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "first", .age_s = 100 });
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_PLACED, .n_pictures = 1,
                                              .prompt = "second", .age_s = 200 });
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "third", .age_s = 300 });
  history_view_show (fixture);
  history_view_wait_until_selected (fixture, "first");
  history_view_focus_list (fixture);
  ui_test_press (fixture->window, GDK_KEY_Right, 0);
  history_view_wait_until_selected (fixture, "second, applied");

  /* the next one takes its place, and the keyboard stays there */
  ui_test_press (fixture->window, GDK_KEY_Delete, 0);
  history_view_wait_until_selected (fixture, "third");
  g_assert_true (ui_test_says (fixture->window, "Discarded."));
  history_view_wait_for_pictures (fixture);
  history_view_wait_for_comparison (fixture);
  ui_test_shoot_both (fixture->window, "history-discarded");
  ui_test_check_people (fixture->window);
  ui_test_press (fixture->window, GDK_KEY_Delete, 0);
  history_view_wait_until_selected (fixture, "first");
  g_assert_true (ui_test_says (fixture->window, "2 results discarded."));

  ui_test_click (fixture->window, "Undo");
  history_view_wait_until_selected (fixture, "third");
  g_assert_true (ui_test_says (fixture->window, "Discarded."));
  history_view_focus_list (fixture);
  ui_test_press (fixture->window, GDK_KEY_z, GDK_CONTROL_MASK);
  history_view_wait_until_selected (fixture, "second, applied");
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_BUTTON, "Undo"));
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 0);
}

/* the others of its job stay */
static void
test_discards_one_of_several (HistoryView   *fixture,
                              gconstpointer  data)
{
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 3,
                                              .prompt = "an oak", .age_s = 100 });
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "a bicycle", .age_s = 200 });
  history_view_show (fixture);
  history_view_wait_until_selected (fixture, "an oak, picture 1 of 3");
  history_view_focus_list (fixture);
  ui_test_press (fixture->window, GDK_KEY_Right, 0);
  history_view_wait_until_selected (fixture, "an oak, picture 2 of 3");
  ui_test_press (fixture->window, GDK_KEY_Delete, 0);
  history_view_wait_until_selected (fixture, "an oak, picture 3 of 3");
  history_view_wait_until_thumbs (fixture, 3);

  /* brought back where it was, though another job's picture is looked at */
  ui_test_press (fixture->window, GDK_KEY_Right, 0);
  history_view_wait_until_selected (fixture, "a bicycle");
  ui_test_press (fixture->window, GDK_KEY_z, GDK_CONTROL_MASK);
  history_view_wait_until_selected (fixture, "an oak, picture 2 of 3");
  history_view_wait_until_thumbs (fixture, 4);

  ui_test_press (fixture->window, GDK_KEY_Delete, 0);
  history_view_wait_until_thumbs (fixture, 3);
  history_view_use_menu (fixture, "Apply All");
  history_view_wait_until_placed (fixture, 1);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->base.host), ==, 2);

  history_view_use_menu (fixture, "Discard All");
  history_view_wait_until_selected (fixture, "a bicycle");
  history_view_wait_until_thumbs (fixture, 1);
  ui_test_click (fixture->window, "Undo");
  history_view_wait_until_selected (fixture, "an oak, picture 1 of 3, applied");
  history_view_wait_until_thumbs (fixture, 3);
}

static void
test_discards_the_last (HistoryView   *fixture,
                        gconstpointer  data)
{
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "first" });
  history_view_show (fixture);
  history_view_wait_until_selected (fixture, "first");
  ui_test_click (fixture->window, "Discard");
  ui_test_wait_until_says (fixture->window, "What you make appears here");
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_BUTTON, "Apply"));
  ui_test_click (fixture->window, "Undo");
  history_view_wait_until_selected (fixture, "first");
}

/* by the arrow keys, over the borders of requests and through rows */
static void
test_keys_go_through_all (HistoryView   *fixture,
                          gconstpointer  data)
{
  static const char * const there[] = { "a, picture 2 of 3", "a, picture 3 of 3", "b", "c" };
  g_autoptr(GString)        seen = g_string_new (NULL);

  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 3,
                                              .prompt = "a", .age_s = 100 });
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "b", .age_s = 200 });
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "c", .age_s = 300 });
  history_view_show (fixture);
  history_view_wait_until_selected (fixture, "a, picture 1 of 3");
  history_view_focus_list (fixture);
  for (unsigned int i = 0; i < G_N_ELEMENTS (there); i++)
    {
      ui_test_press (fixture->window, GDK_KEY_Right, 0);
      history_view_wait_until_selected (fixture, there[i]);
    }
  ui_test_press (fixture->window, GDK_KEY_Right, 0);
  history_view_wait_until_selected (fixture, "c");
  ui_test_press (fixture->window, GDK_KEY_Left, 0);
  history_view_wait_until_selected (fixture, "b");

  ui_test_press (fixture->window, GDK_KEY_Home, 0);
  history_view_wait_until_selected (fixture, "a, picture 1 of 3");
  for (unsigned int i = 0; i < 8; i++)
    ui_test_press (fixture->window, GDK_KEY_Down, 0);
  history_view_wait_until_selected (fixture, "c");
  ui_test_press (fixture->window, GDK_KEY_Up, 0);
  history_view_wait_until_selected (fixture, "b");
  ui_test_press (fixture->window, GDK_KEY_Up, 0);
  ui_test_press (fixture->window, GDK_KEY_Up, 0);
  history_view_wait_until_selected (fixture, "a, picture 1 of 3");
  ui_test_press (fixture->window, GDK_KEY_End, 0);
  history_view_wait_until_selected (fixture, "c");
}

static unsigned int
count_headers (HistoryView *fixture,
               const char  *words)
{
  unsigned int     n = 0;
  g_autoptr(GList) labels = NULL;

  labels = history_view_list_labels (fixture);
  for (GList *label = labels; label != NULL; label = label->next)
    n += g_str_equal (gtk_label_get_text (label->data), words) ? 1 : 0;

  return n;
}

/* another seed is no other request to an artist */
static void
test_same_words_stay_together (HistoryView   *fixture,
                               gconstpointer  data)
{
  static const char * const prompts[] = { "an oak", "an oak", "a bicycle", "an oak" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (prompts); i++)
    history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                                .prompt = prompts[i], .age_s = 400 - 100 * i });
  history_view_show (fixture);
  g_assert_cmpuint (count_headers (fixture, "an oak"), ==, 2);
  g_assert_cmpuint (count_headers (fixture, "a bicycle"), ==, 1);

  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "an oak", .age_s = 10 });
  history_view_wait_until_thumbs (fixture, 5);
  g_assert_cmpuint (count_headers (fixture, "an oak"), ==, 2);
  history_view_wait_for_pictures (fixture);
  ui_test_shoot_both (fixture->window, "history-together");

  /* the border between them goes with what is discarded */
  history_view_focus_list (fixture);
  ui_test_press (fixture->window, GDK_KEY_Home, 0);
  ui_test_press (fixture->window, GDK_KEY_Right, 0);
  ui_test_press (fixture->window, GDK_KEY_Right, 0);
  history_view_wait_until_selected (fixture, "a bicycle");
  ui_test_press (fixture->window, GDK_KEY_Delete, 0);
  history_view_wait_until_thumbs (fixture, 4);
  g_assert_cmpuint (count_headers (fixture, "an oak"), ==, 1);
  ui_test_press (fixture->window, GDK_KEY_Delete, 0);
  history_view_wait_until_thumbs (fixture, 3);
}

/* of what somebody goes past, nothing is asked; what is asked in vain is dropped */
static void
test_only_what_is_looked_at (HistoryView   *fixture,
                             gconstpointer  data)
{
  PreviewHost *host = fixture->base.previews;

  for (unsigned int i = 0; i < 5; i++)
    history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                                .age_s = 100 * i + 100 });
  preview_host_hold_compare (host, TRUE);
  history_view_show (fixture);
  history_view_wait_until_compared (fixture, 1);
  history_view_wait_for_spinner (fixture);
  ui_test_shoot (fixture->window, "history-waiting");
  history_view_focus_list (fixture);
  for (unsigned int i = 0; i < 4; i++)
    ui_test_press (fixture->window, GDK_KEY_Right, 0);
  g_assert_cmpuint (preview_host_get_n_dropped (host), ==, 1);
  g_assert_cmpuint (preview_host_get_n_compared (host), ==, 1);
  history_view_wait_until_compared (fixture, 2);
  preview_host_hold_compare (host, FALSE);
  history_view_wait_for_comparison (fixture);
  g_assert_cmpstr (preview_host_get_compared (host, NULL), ==,
                   history_view_get_selected_path (fixture));
}

static void
test_image_not_open (HistoryView   *fixture,
                     gconstpointer  data)
{
  history_view_set_comparison (fixture, FALSE);
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1 });
  history_view_show (fixture);
  ui_test_wait_until_says (fixture->window, "Its image is not open.");
  g_assert_true (history_view_shows (fixture, "After"));
  g_assert_false (gtk_widget_get_sensitive (ui_test_get (fixture->window, GTK_TYPE_TOGGLE_BUTTON,
                                                         "Before")));
  history_view_focus_list (fixture);
  ui_test_press (fixture->window, GDK_KEY_b, 0);
  g_assert_true (history_view_shows (fixture, "After"));
}

static void
test_problems_in_place (HistoryView   *fixture,
                        gconstpointer  data)
{
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "an oak" });
  fake_host_fail (fixture->base.host, COMFY_ERROR_IMAGE);
  history_view_show (fixture);
  ui_test_wait_until_says (fixture->window, "The editor fails.");
  g_assert_nonnull (history_view_get_shown (fixture));

  fake_host_fail (fixture->base.host, COMFY_ERROR_IMAGE);
  ui_test_click (fixture->window, "Apply");
  ui_test_wait_until_there (fixture->window, GTK_TYPE_INFO_BAR, "Error");
  ui_test_shoot_both (fixture->window, "history-problem");
  ui_test_check_people (fixture->window);
  history_view_wait_until_selected (fixture, "an oak");
  ui_test_click (fixture->window, "Apply");
  history_view_wait_until_placed (fixture, 1);
}

/* of a file that came from outside anything may be wrong */
static void
test_unreadable (HistoryView   *fixture,
                 gconstpointer  data)
{
  g_autofree char *path = NULL;

  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 2,
                                              .prompt = "an oak" });
  path = history_dup_path (fixture->journal, fixture->last, "output-0.png");
  g_assert_true (g_file_set_contents (path, "<html>", -1, NULL));
  history_view_show (fixture);
  history_view_wait_until_selected (fixture, "an oak, picture 1 of 2");
  history_view_wait_until_unreadable (fixture);
  ui_test_shoot_both (fixture->window, "history-unreadable");

  /* what no image takes goes, and what is left is selected */
  ui_test_click (fixture->window, "Apply");
  history_view_wait_until_selected (fixture, "an oak");
  g_assert_cmpuint (history_view_count_thumbs (fixture), ==, 1);
}

static void
test_empty (HistoryView   *fixture,
            gconstpointer  data)
{
  history_view_show (fixture);
  ui_test_wait_until_says (fixture->window, "What you make appears here");
  ui_test_shoot_both (fixture->window, "history-empty");
  ui_test_check_people (fixture->window);
}

/* by another process, while somebody looks at the newest; not while he looks at another */
static void
test_what_comes_is_shown (HistoryView   *fixture,
                          gconstpointer  data)
{
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "first", .age_s = 300 });
  history_view_show (fixture);
  history_view_wait_until_selected (fixture, "first");
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "second", .age_s = 200 });
  history_view_wait_until_selected (fixture, "second");

  history_view_focus_list (fixture);
  ui_test_press (fixture->window, GDK_KEY_Right, 0);
  history_view_wait_until_selected (fixture, "first");
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "third", .age_s = 100 });
  ui_test_wait_until_says (fixture->window, "third");
  history_view_wait_until_selected (fixture, "first");
}

/* hundreds cost as many widgets and pictures as are seen, and some */
static void
test_hundreds (HistoryView   *fixture,
               gconstpointer  data)
{
  for (unsigned int i = 0; i < 40; i++)
    history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_PLACED, .n_pictures = 10,
                                                .age_s = 10 * i + 10, .edge = 8 });
  history_view_show (fixture);
  history_view_wait_for_pictures (fixture);
  g_assert_cmpuint (history_view_count_thumbs (fixture), ==, 120);
  g_assert_cmpuint (history_view_count_pictures (fixture), <, 60);

  history_view_scroll_to_the_end (fixture, 400);
  g_assert_cmpuint (history_view_count_pictures (fixture), <=, 200);
}

static void
test_can_be_closed (HistoryView   *fixture,
                    gconstpointer  data)
{
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "an oak" });
  preview_host_hold_compare (fixture->base.previews, TRUE);
  history_view_show (fixture);
  history_view_wait_until_compared (fixture, 1);
  ui_test_click (fixture->window, "Apply");
  gtk_widget_destroy (g_steal_pointer (&fixture->window));
  g_assert_cmpuint (preview_host_get_n_dropped (fixture->base.previews), ==, 1);
  history_view_wait_until_placed (fixture, 1);
}

#define ADD(name, func) \
  g_test_add ("/history-view/" name, HistoryView, NULL, history_view_set_up, func, \
              history_view_tear_down)

int
main (int   argc,
      char *argv[])
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

  ADD ("selects-and-shows", test_selects_and_shows);
  ADD ("before-and-after", test_before_and_after);
  ADD ("enter-applies", test_enter_applies);
  ADD ("one-of-several", test_one_of_several);
  ADD ("delete-and-undo", test_delete_and_undo);
  ADD ("discards-one-of-several", test_discards_one_of_several);
  ADD ("discards-the-last", test_discards_the_last);
  ADD ("keys-go-through-all", test_keys_go_through_all);
  ADD ("same-words-stay-together", test_same_words_stay_together);
  ADD ("only-what-is-looked-at", test_only_what_is_looked_at);
  ADD ("image-not-open", test_image_not_open);
  ADD ("problems-in-place", test_problems_in_place);
  ADD ("unreadable", test_unreadable);
  ADD ("empty", test_empty);
  ADD ("what-comes-is-shown", test_what_comes_is_shown);
  ADD ("hundreds", test_hundreds);
  ADD ("can-be-closed", test_can_be_closed);

  return g_test_run ();
}
