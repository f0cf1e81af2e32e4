/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the menu of the history offers, and what was discarded; and that it can be read in a narrow
 * panel, in a long language and from right to left.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <string.h>

#include "comfy-settings-panel.h"
#include "history-view-fixture.h"
#include "test-future.h"
#include "ui-test.h"

/* what was sent is sent again */
static void
paint_input (HistoryView *fixture)
{
  g_autofree char *path = history_dup_path (fixture->journal, fixture->last, "input-0.png");
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 64, 48);

  g_assert_cmpint (cairo_surface_write_to_png (surface, path), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
}

static void
make_one (HistoryView *fixture)
{
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "an oak" });
  paint_input (fixture);
  history_view_show (fixture);
  history_view_wait_until_selected (fixture, "an oak");
}

static ComfySettings *
get_settings (HistoryView *fixture)
{
  return comfy_session_get_settings (fixture->base.session);
}

static void
agree (HistoryView *fixture)
{
  comfy_settings_give_consent (get_settings (fixture),
                               comfy_endpoint_get_origin (fixture->base.endpoint));
}

static gboolean
has_ended (gpointer data)
{
  HistoryView    *fixture = data;
  ComfyScheduler *scheduler = comfy_session_get_scheduler (fixture->base.session);

  return fixture->again != NULL && comfy_scheduler_get_n_active (scheduler) == 0;
}

static unsigned int
count_started (HistoryView *fixture)
{
  return comfy_sandbox_count (fixture->base.sandbox, "job", NULL, NULL);
}

/* (transfer full): what it asked for */
static ComfyRequest *
wait_until_asked_again (HistoryView *fixture)
{
  ComfyRequest *request;

  ui_test_wait_for (has_ended, fixture);
  g_assert_cmpuint (count_started (fixture), ==, 1);
  request = comfy_journal_read_request (fixture->journal, fixture->again, NULL);
  g_assert_nonnull (request);

  return request;
}

/* what it makes is looked at first, as what the panel asked for is */
static void
test_again (HistoryView   *fixture,
            gconstpointer  data)
{
  g_autoptr(ComfyRequest) request = NULL;

  agree (fixture);
  make_one (fixture);
  history_view_use_menu (fixture, "Again with New Seed");
  request = wait_until_asked_again (fixture);
  g_assert_cmpstr (comfy_request_get_prompt (request), ==, "an oak");
  g_assert_cmpuint (comfy_request_get_seed (request), !=, 2);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 0);
}

static void
test_again_at_once (HistoryView   *fixture,
                    gconstpointer  data)
{
  g_autoptr(ComfyRequest) request = NULL;

  agree (fixture);
  comfy_settings_set_panel_places_at_once (get_settings (fixture), TRUE);
  make_one (fixture);
  history_view_use_menu (fixture, "Again with New Seed");
  request = wait_until_asked_again (fixture);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 1);
}

/* the pictures of the old job go to a server that the artist was not told of */
static void
test_again_to_another_server (HistoryView   *fixture,
                              gconstpointer  data)
{
  g_autoptr(ComfyRequest) request = NULL;

  make_one (fixture);
  history_view_use_menu (fixture, "Again with New Seed");
  ui_test_wait_until_says (fixture->window, "sends once more what the layer was made from");
  ui_test_shoot_both (fixture->window, "history-consent");
  ui_test_check_people (fixture->window);
  g_assert_cmpuint (count_started (fixture), ==, 0);
  ui_test_click (fixture->window, "Run");
  request = wait_until_asked_again (fixture);
}

static void
test_again_over_the_limit (HistoryView   *fixture,
                           gconstpointer  data)
{
  ComfyProfileStore       *store = comfy_session_get_profiles (fixture->base.session);
  ComfyAccount             account = { .has_balance = TRUE, .balance_micros = 900000 };
  g_autoptr(ComfyRequest)  request = NULL;

  agree (fixture);
  comfy_settings_set_ask_under_balance (get_settings (fixture), 2000000);
  comfy_profile_store_note_outcome (store, fixture->profile, &account, NULL);
  make_one (fixture);
  history_view_use_menu (fixture, "Again with New Seed");
  ui_test_wait_until_says (fixture->window, "The balance was");
  ui_test_shoot_both (fixture->window, "history-spending");
  ui_test_check_people (fixture->window);
  g_assert_cmpuint (count_started (fixture), ==, 0);

  /* less is left now than was spoken of */
  account.balance_micros = 800000;
  comfy_profile_store_note_outcome (store, fixture->profile, &account, NULL);
  ui_test_click (fixture->window, "Run Anyway");
  g_assert_null (fixture->again);
  ui_test_wait_until_says (fixture->window, "0.80");
  g_assert_cmpuint (count_started (fixture), ==, 0);
  ui_test_click (fixture->window, "Run Anyway");
  request = wait_until_asked_again (fixture);
}

static void
test_not_again (HistoryView   *fixture,
                gconstpointer  data)
{
  g_autofree char *input = NULL;

  agree (fixture);
  make_one (fixture);
  input = history_dup_path (fixture->journal, fixture->last, "input-0.png");
  g_assert_no_errno (g_remove (input));
  history_view_use_menu (fixture, "Again with New Seed");
  ui_test_wait_until_says (fixture->window, "is not kept any more");
  g_assert_null (fixture->again);

  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .without_seed = TRUE, .age_s = -10 });
  history_view_wait_until_selected (fixture, "Restyle");
  g_assert_false (history_view_can_use_menu (fixture, "Again with New Seed"));
  g_assert_false (history_view_can_use_menu (fixture, "Copy Prompt"));
}

static void
test_edit (HistoryView   *fixture,
           gconstpointer  data)
{
  make_one (fixture);
  history_view_use_menu (fixture, "Edit and Run Again…");
  g_assert_cmpstr (fixture->edited_id, ==, fixture->last);
  g_assert_cmpstr (comfy_request_get_prompt (fixture->edited), ==, "an oak");
  g_assert_true (comfy_workflow_has_node (comfy_request_get_workflow (fixture->edited), "3"));
}

static void
assert_copied (const char *expected)
{
  g_autofree char *text = gtk_clipboard_wait_for_text (gtk_clipboard_get (GDK_SELECTION_CLIPBOARD));

  g_assert_cmpstr (text, ==, expected);
}

static void
test_copy (HistoryView   *fixture,
           gconstpointer  data)
{
  make_one (fixture);
  history_view_use_menu (fixture, "Copy Prompt");
  assert_copied ("an oak");
}

static void
test_details (HistoryView   *fixture,
              gconstpointer  data)
{
  g_autofree char *text = NULL;

  make_one (fixture);
  history_view_wait_for_pictures (fixture);
  history_view_use_menu (fixture, "Details");
  ui_test_wait_until_says (fixture->window, "Z-Image");
  ui_test_wait_until_says (fixture->window, " pixels");
  g_assert_true (ui_test_says (fixture->window, fixture->last));
  ui_test_shoot_both (fixture->window, "history-details");
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->window, "Copy Details");
  text = gtk_clipboard_wait_for_text (gtk_clipboard_get (GDK_SELECTION_CLIPBOARD));
  g_assert_nonnull (strstr (text, "Prompt: an oak\n"));
  g_assert_nonnull (strstr (text, "Seed: 2\n"));

  history_view_use_menu (fixture, "Details");
  g_assert_false (ui_test_says (fixture->window, "Z-Image"));
}

static void
test_save (HistoryView   *fixture,
           gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-history-XXXXXX", NULL);
  g_autofree char *source = NULL;
  g_autofree char *target = NULL;
  g_autofree char *name = NULL;
  g_autofree char *content = NULL;
  g_autofree char *saved = NULL;
  size_t           length;
  size_t           saved_length;

  make_one (fixture);
  name = history_view_save (fixture, folder);
  g_assert_true (g_str_has_suffix (name, ".png"));
  g_assert_nonnull (strstr (name, "an oak"));
  ui_test_wait_until_says (fixture->window, "Saved.");
  source = history_dup_path (fixture->journal, fixture->last, "output-0.png");
  target = g_build_filename (folder, name, NULL);
  g_assert_true (g_file_get_contents (source, &content, &length, NULL));
  g_assert_true (g_file_get_contents (target, &saved, &saved_length, NULL));
  g_assert_cmpmem (content, length, saved, saved_length);
  test_remove_tree (folder);
}

/* while another process is at work on it */
static void
test_undo_later (HistoryView   *fixture,
                 gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry) held = NULL;

  make_one (fixture);
  ui_test_click (fixture->window, "Discard");
  held = comfy_journal_open (fixture->journal, fixture->last, NULL);
  g_assert_nonnull (held);
  ui_test_click (fixture->window, "Undo");
  ui_test_wait_until_says (fixture->window, "is at work on this job");
  comfy_journal_entry_release (held);
  ui_test_click (fixture->window, "Undo");
  history_view_wait_until_selected (fixture, "an oak");
  g_assert_cmpint (history_read_state (fixture->journal, fixture->last), ==, COMFY_STATE_READY);
}

/* as the panel does with what it was told of, maybe before the history knows */
static void
test_select (HistoryView   *fixture,
             gconstpointer  data)
{
  g_autofree char *first = NULL;

  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_PLACED, .n_pictures = 1,
                                              .prompt = "first", .age_s = 300 });
  first = g_strdup (fixture->last);
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_READY, .n_pictures = 1,
                                              .prompt = "second", .age_s = 200 });
  history_view_show (fixture);
  history_view_wait_until_selected (fixture, "second");
  comfy_history_view_select (COMFY_HISTORY_VIEW (fixture->view), first);
  history_view_wait_until_selected (fixture, "first, applied");

  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_PLACED, .n_pictures = 1,
                                              .prompt = "third", .age_s = 400 });
  comfy_history_view_select (COMFY_HISTORY_VIEW (fixture->view), fixture->last);
  history_view_wait_until_selected (fixture, "third, applied");
}

static void
check_strange (HistoryView *fixture,
               const char  *screen)
{
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_PLACED, .n_pictures = 3,
                                              .prompt = "a raccoon that looks into the camera",
                                              .age_s = 3 * 24 * 60 * 60 });
  history_view_make (fixture, &(HistoryJob) { .state = COMFY_STATE_PLACED, .n_pictures = 1,
                                              .prompt = "an oak", .age_s = 100 });
  history_view_show (fixture);
  history_view_focus_list (fixture);
  history_view_wait_for_comparison (fixture);
  history_view_wait_for_pictures (fixture);
  g_assert_cmpint (gtk_widget_get_allocated_width (fixture->view), <=, HISTORY_VIEW_NARROW);
  ui_test_shoot_both (fixture->window, screen);
  ui_test_check_people (fixture->window);

  history_view_show_details (fixture);
  ui_test_press (fixture->window, GDK_KEY_Delete, 0);
  history_view_wait_for_comparison (fixture);
  ui_test_check_people (fixture->window);
  g_assert_cmpint (gtk_widget_get_allocated_width (fixture->view), <=, HISTORY_VIEW_NARROW);
}

static void
test_narrow (HistoryView   *fixture,
             gconstpointer  data)
{
  check_strange (fixture, "history-narrow");
}

static void
test_long (HistoryView   *fixture,
           gconstpointer  data)
{
  check_strange (fixture, "history-long");
}

static void
test_rtl (HistoryView   *fixture,
          gconstpointer  data)
{
  check_strange (fixture, "history-rtl");

  /* left is on */
  ui_test_press (fixture->window, GDK_KEY_End, 0);
  history_view_wait_until_picture (fixture, 2);
  ui_test_press (fixture->window, GDK_KEY_Right, 0);
  history_view_wait_until_picture (fixture, 1);
  ui_test_press (fixture->window, GDK_KEY_Left, 0);
  history_view_wait_until_picture (fixture, 2);
}

#define ADD(name, set_up, func) \
  g_test_add ("/history-again/" name, HistoryView, NULL, set_up, func, history_view_tear_down)

int
main (int   argc,
      char *argv[])
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

  ADD ("again", history_view_set_up, test_again);
  ADD ("again-at-once", history_view_set_up, test_again_at_once);
  ADD ("again-to-another-server", history_view_set_up, test_again_to_another_server);
  ADD ("again-over-the-limit", history_view_set_up, test_again_over_the_limit);
  ADD ("not-again", history_view_set_up, test_not_again);
  ADD ("edit", history_view_set_up, test_edit);
  ADD ("copy-prompt", history_view_set_up, test_copy);
  ADD ("details", history_view_set_up, test_details);
  ADD ("save", history_view_set_up, test_save);
  ADD ("undo-later", history_view_set_up, test_undo_later);
  ADD ("select", history_view_set_up, test_select);
  ADD ("narrow", history_view_set_up_narrow, test_narrow);
  ADD ("long-words", history_view_set_up_long, test_long);
  ADD ("from-right-to-left", history_view_set_up_rtl, test_rtl);

  return g_test_run ();
}
