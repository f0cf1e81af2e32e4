/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was asked for once in the panel is asked for again.
 */
#include "config.h"

#include "comfy-panel-results.h"
#include "comfy-panel.h"
#include "ui-test.h"
#include "workflow-fixture.h"

static void
set_up (WorkflowFixture *fixture,
        gconstpointer    data)
{
  workflow_fixture_set_up (fixture, data);
  fake_host_set_size (fixture->base.host, -1);
  comfy_settings_give_consent (comfy_session_get_settings (fixture->base.session),
                               comfy_endpoint_get_origin (fixture->base.endpoint));
  fixture->window = comfy_panel_new (fixture->opener);
  ui_test_show (fixture->window);
}

static void
choose_action (WorkflowFixture *fixture,
               const char      *id)
{
  g_assert_true (gtk_combo_box_set_active_id (
    GTK_COMBO_BOX (ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Action")), id));
}

static GtkTextBuffer *
get_prompt (WorkflowFixture *fixture)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (ui_test_get (fixture->window, GTK_TYPE_TEXT_VIEW,
                                                               "Prompt")));
}

static void
assert_prompt (WorkflowFixture *fixture,
               const char      *expected)
{
  g_autofree char *text = NULL;

  g_object_get (get_prompt (fixture), "text", &text, NULL);
  g_assert_cmpstr (text, ==, expected);
}

/* as the history does; nothing was written for it */
static void
edit_upscale (WorkflowFixture *fixture)
{
  g_autoptr(ComfyAction)     action = session_fixture_load_action ("upscale-creative");
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  g_autoptr(ComfyRequest)    request = NULL;
  g_autoptr(ComfyWorkflow)   graph = NULL;

  graph = comfy_workflow_copy (comfy_action_get_variant (action, 0)->workflow);
  g_assert_true (comfy_workflow_set_string (graph, "5", "text", "masterpiece, 8k, fine detail",
                                            NULL));
  request = comfy_request_new (&(ComfyRequestParts) {
    .action_id = comfy_action_get_id (action),
    .title = comfy_action_get_title (action),
    .profile_id = "an-earlier-profile",
    .workflow = graph,
    .placement = placement,
  });
  g_signal_emit_by_name (ui_test_get (fixture->window, COMFY_TYPE_PANEL_RESULTS,
                                      "Results and jobs"), "edit", request);
}

/* an empty prompt is what was asked for, whatever stands in the form of another action */
static void
test_no_words_of_another_form (WorkflowFixture *fixture,
                               gconstpointer    data)
{
  gtk_text_buffer_set_text (get_prompt (fixture), "An old oak on a hill", -1);
  edit_upscale (fixture);
  ui_test_get (fixture->window, GTK_TYPE_BUTTON, "Upscale");
  assert_prompt (fixture, "");

  choose_action (fixture, "generate-image");
  assert_prompt (fixture, "An old oak on a hill");
}

static void
test_in_the_place_of_the_workflows (WorkflowFixture *fixture,
                                    gconstpointer    data)
{
  choose_action (fixture, "?browse");
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_TEXT_VIEW, "Prompt"));
  edit_upscale (fixture);
  ui_test_get (fixture->window, GTK_TYPE_BUTTON, "Upscale");
  assert_prompt (fixture, "");
}

static gboolean
has_made_one (gpointer data)
{
  WorkflowFixture *fixture = data;
  ComfyScheduler  *scheduler = comfy_session_get_scheduler (fixture->base.session);

  return g_list_model_get_n_items (G_LIST_MODEL (scheduler)) == 0;
}

/* it is looked at first, as the one that failed would have been */
static void
test_still_waits_for_the_artist (WorkflowFixture *fixture,
                                 gconstpointer    data)
{
  gtk_text_buffer_set_text (get_prompt (fixture), "An old oak on a hill", -1);
  g_assert_true (comfy_sandbox_control (fixture->base.sandbox, "fail",
                                        "{\"message\":\"Out of memory\"}"));
  comfy_panel_generate (COMFY_PANEL (fixture->window), 7);
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Retry");
  ui_test_click (fixture->window, "Retry");
  ui_test_wait_for (has_made_one, fixture);
  g_assert_cmpuint (comfy_sandbox_count (fixture->base.sandbox, "job", NULL, NULL), ==, 2);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 0);
}

static gboolean
has_row (gpointer list)
{
  return gtk_list_box_get_row_at_index (list, 0) != NULL;
}

static gboolean
has_job (gpointer data)
{
  return !has_made_one (data);
}

/* the words of what still runs */
static void
test_words_at_once (WorkflowFixture *fixture,
                    gconstpointer    data)
{
  GtkWidget *button = ui_test_get (fixture->window, GTK_TYPE_MENU_BUTTON, "Earlier prompts");
  GtkWidget *list;

  g_assert_true (comfy_sandbox_control (fixture->base.sandbox, "hold", NULL));
  gtk_text_buffer_set_text (get_prompt (fixture), "An old oak on a hill", -1);
  comfy_panel_generate (COMFY_PANEL (fixture->window), 7);
  ui_test_wait_for (has_job, fixture);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  list = ui_test_wait_until_there (fixture->window, GTK_TYPE_LIST_BOX, "Earlier prompts");
  ui_test_wait_for (has_row, list);
  g_assert_true (ui_test_says (list, "An old oak on a hill"));
  g_assert_true (comfy_sandbox_control (fixture->base.sandbox, "release", NULL));
  ui_test_wait_for (has_made_one, fixture);
}

/* (transfer full): a file of an action that came with the program */
static char *
read_data (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "actions", name, NULL);
  char            *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  return text;
}

/* in the artist's folder; @run: the word on its button */
static void
save_action (WorkflowFixture *fixture,
             const char      *run)
{
  g_autofree char   *graph = read_data ("upscale-2x.json");
  g_autofree char   *sidecar = read_data ("upscale-2x.gimp.json");
  g_autofree char   *words = NULL;
  g_autofree char   *first = NULL;
  g_autofree char   *second = NULL;
  g_autoptr(GString) text = g_string_new (sidecar);

  words = g_strdup_printf ("\"title\": \"%s It\", \"run-label\": \"%s\"", run, run);
  g_assert_cmpuint (g_string_replace (text, "\"title\": \"Upscale 2×\"", words, 0), ==, 1);
  first = workflow_fixture_write (fixture, "mine.gimp.json", text->str);
  second = workflow_fixture_write (fixture, "mine.json", graph);
}

/* (transfer full) (nullable): the id of what is listed so */
static char *
dup_listed (WorkflowFixture *fixture,
            const char      *title)
{
  GListModel *items = G_LIST_MODEL (comfy_opener_get_library (fixture->opener));

  for (unsigned int i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr(ComfyLibraryItem)  item = g_list_model_get_item (items, i);
      ComfyAction                 *action = comfy_library_item_get_action (item);

      if (action != NULL && g_str_equal (comfy_action_get_title (action), title))
        return g_strdup (comfy_action_get_id (action));
    }

  return NULL;
}

typedef struct
{
  WorkflowFixture *fixture;
  const char      *title;
} Listed;

static gboolean
is_listed (gpointer data)
{
  Listed          *listed = data;
  g_autofree char *id = dup_listed (listed->fixture, listed->title);

  return id != NULL;
}

static void
choose_listed (WorkflowFixture *fixture,
               const char      *title)
{
  g_autofree char *id = NULL;

  ui_test_wait_for (is_listed, &(Listed) { fixture, title });
  id = dup_listed (fixture, title);
  choose_action (fixture, id);
}

/* what was written into its file since is what runs */
static void
test_as_it_is_now (WorkflowFixture *fixture,
                   gconstpointer    data)
{
  save_action (fixture, "Enlarge");
  choose_listed (fixture, "Enlarge It");
  ui_test_get (fixture->window, GTK_TYPE_BUTTON, "Enlarge");
  choose_action (fixture, "generate-image");
  save_action (fixture, "Magnify");
  choose_listed (fixture, "Magnify It");
  ui_test_get (fixture->window, GTK_TYPE_BUTTON, "Magnify");
}

#define ADD(name, func) \
  g_test_add ("/panel-edit/" name, WorkflowFixture, NULL, set_up, func, workflow_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

  ADD ("has-no-words-of-another-form", test_no_words_of_another_form);
  ADD ("is-seen-in-the-place-of-the-workflows", test_in_the_place_of_the_workflows);
  ADD ("still-waits-for-the-artist", test_still_waits_for_the_artist);
  ADD ("has-its-words-at-once", test_words_at_once);
  ADD ("is-the-workflow-as-it-is-now", test_as_it_is_now);

  return g_test_run ();
}
