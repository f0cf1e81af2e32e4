/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a job made that is in no image: it is shown until the artist has done with it, by this
 * process and by the next.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <string.h>

#include "comfy-job-window.h"
#include "job-window-fixture.h"
#include "test-future.h"
#include "ui-test.h"

#define WORDS "A raccoon sits on a branch and looks into the camera."

#define SIDECAR(outputs) \
  "{\"version\":1,\"menu-label\":\"_Describe…\",\"title\":\"Describe\"," \
  "\"run-label\":\"_Describe\",\"blurb\":\"x\",\"help\":\"x\",\"position\":1," \
  "\"source\":\"none\",\"fit\":\"natural\"," \
  "\"outputs\":[" outputs "],\"fields\":[{\"id\":\"words\",\"type\":\"text\"," \
  "\"label\":\"_Words\",\"multiline\":true,\"default\":\"\"," \
  "\"node\":\"1\",\"input\":\"value\"}]}"

#define MEDIA SIDECAR ("{\"node\":\"2\",\"outcome\":\"layers\"}," \
                       "{\"node\":\"5\",\"outcome\":\"layers\"}," \
                       "{\"node\":\"7\",\"outcome\":\"layers\"}")
#define TEXT  SIDECAR ("{\"node\":\"2\",\"outcome\":\"layers\"}")
#define IMAGE SIDECAR ("{\"node\":\"8\",\"outcome\":\"layers\"}")

#define GRAPH \
  "{\"1\":{\"class_type\":\"PrimitiveStringMultiline\",\"inputs\":{\"value\":\"\"}}," \
  "\"2\":{\"class_type\":\"PreviewAny\",\"inputs\":{\"source\":[\"1\",0]}}," \
  "\"3\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":8,\"height\":8,\"batch_size\":2," \
  "\"color\":0}}," \
  "\"4\":{\"class_type\":\"CreateVideo\",\"inputs\":{\"images\":[\"3\",0],\"fps\":8}}," \
  "\"5\":{\"class_type\":\"SaveVideo\",\"inputs\":{\"video\":[\"4\",0],\"format\":\"auto\"," \
  "\"codec\":\"auto\",\"filename_prefix\":\"x\"}}," \
  "\"6\":{\"class_type\":\"EmptyAudio\",\"inputs\":{\"duration\":1,\"sample_rate\":44100," \
  "\"channels\":2}}," \
  "\"7\":{\"class_type\":\"SaveAudio\",\"inputs\":{\"audio\":[\"6\",0]," \
  "\"filename_prefix\":\"x\"}}," \
  "\"8\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"3\",0]," \
  "\"filename_prefix\":\"x\"}}}"

/* a job of the graph that is to say @words */
static void
start (JobWindow  *fixture,
       const char *sidecar,
       const char *words)
{
  g_autoptr(GBytes)        graph = g_bytes_new_static (GRAPH, sizeof GRAPH - 1);
  g_autoptr(GBytes)        bytes = g_bytes_new (sidecar, strlen (sidecar));
  g_autoptr(GError)        error = NULL;
  g_autoptr(ComfyWorkflow) workflow = comfy_workflow_new_from_bytes (graph, &error);
  g_autoptr(ComfyAction)   action = NULL;
  g_autoptr(ComfyForm)     form = NULL;
  g_autoptr(DexFuture)     future = NULL;
  g_autoptr(ComfyJob)      job = NULL;
  const GValue            *id;

  g_assert_no_error (error);
  action = comfy_action_new_from_bytes ("describe", workflow, bytes, &error);
  g_assert_no_error (error);
  form = comfy_form_new (action);
  comfy_form_set_value (form, "words", g_variant_new_string (words));
  future = test_settle (comfy_session_prepare (fixture->base.session, form, -1, NULL));
  id = dex_future_get_value (future, &error);
  g_assert_no_error (error);
  job = comfy_session_open_job (fixture->base.session, g_value_get_string (id), &error);
  g_assert_no_error (error);
  comfy_scheduler_add (comfy_session_get_scheduler (fixture->base.session), job);
  ui_test_show (fixture->window);
}

/* what it says is its prompt, too, so that is not what is waited for; the window knows that the job
 * needs the artist only once the scheduler is done with it */
static void
wait_for_text (JobWindow *fixture)
{
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Copy the text");
  while (comfy_scheduler_get_n_active (comfy_session_get_scheduler (fixture->base.session)) > 0)
    g_main_context_iteration (NULL, TRUE);
  ui_test_wait_for_paint (fixture->window);
  g_assert_true (ui_test_says (fixture->window, WORDS));
}

static void
assert_copied (const char *expected)
{
  g_autofree char *text = gtk_clipboard_wait_for_text (gtk_clipboard_get (GDK_SELECTION_CLIPBOARD));

  g_assert_cmpstr (text, ==, expected);
}

/* (nullable): the window that asks for a file's name */
static GtkWidget *
find_chooser (void)
{
  g_autoptr(GList)  windows = gtk_window_list_toplevels ();
  GtkWidget        *found = NULL;

  for (GList *link = windows; link != NULL; link = link->next)
    if (GTK_IS_FILE_CHOOSER_DIALOG (link->data) && gtk_widget_get_mapped (link->data))
      found = link->data;

  return found;
}

static gboolean
has_chooser (gpointer data)
{
  return find_chooser () != NULL;
}

/* the chooser reads the folder meanwhile */
static gboolean
has_file_name (gpointer data)
{
  g_autofree char *path = gtk_file_chooser_get_filename (data);

  return path != NULL;
}

/* Saves by the artist's way. Returns: (transfer full): what the chooser proposed */
static char *
save_as (JobWindow  *fixture,
         const char *button,
         const char *folder)
{
  GtkWidget *chooser;
  char      *name;

  ui_test_click (fixture->window, button);
  ui_test_wait_for (has_chooser, NULL);
  chooser = find_chooser ();
  name = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (chooser));
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), folder);
  ui_test_wait_for (has_file_name, chooser);
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);

  return name;
}

static gboolean
is_there (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* while a file is on its way a job cannot be taken off */
static gboolean
can_be_taken_off (gpointer data)
{
  JobWindow *fixture = data;

  return gtk_widget_get_sensitive (ui_test_get (fixture->window, GTK_TYPE_BUTTON,
                                                "Take this job off the list"));
}

static void
test_text_and_files (JobWindow     *fixture,
                     gconstpointer  data)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-kept-XXXXXX", NULL);
  g_autofree char *film = g_build_filename (folder, "Describe 00001.mp4", NULL);
  g_autofree char *sound = g_build_filename (folder, "Describe 00001.flac", NULL);
  g_autofree char *first_name = NULL;
  g_autofree char *second_name = NULL;
  g_autofree char *remembered = NULL;
  g_autofree char *content = NULL;
  gsize            length;

  start (fixture, MEDIA, WORDS);
  wait_for_text (fixture);
  g_assert_true (ui_test_says (fixture->window, "144 bytes"));
  g_assert_false (fixture->finished);
  ui_test_shoot_both (fixture->window, "kept");
  ui_test_check_people (fixture->window);

  ui_test_click (fixture->window, "Copy the text");
  assert_copied (WORDS);

  first_name = save_as (fixture, "Save “Describe 00001.mp4” as…", folder);
  ui_test_wait_until_says (fixture->window, "Saved.");
  g_assert_cmpstr (first_name, ==, "Describe 00001.mp4");
  g_assert_true (g_file_get_contents (film, &content, &length, NULL));
  g_assert_cmpuint (length, ==, 144);
  g_assert_cmpmem (content + 4, 8, "ftypisom", 8);

  /* where the last one went */
  remembered = comfy_settings_dup_save_folder (comfy_session_get_settings (fixture->base.session));
  g_assert_cmpstr (remembered, ==, folder);
  second_name = save_as (fixture, "Save “Describe 00001.flac” as…", NULL);
  ui_test_wait_for (is_there, sound);
  ui_test_wait_for (can_be_taken_off, fixture);

  ui_test_click (fixture->window, "Take this job off the list");
  ui_test_wait_for (job_window_is_finished, fixture);
  g_assert_false (gtk_widget_get_visible (fixture->window));
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, 0);
  test_remove_tree (folder);
}

/* is not shown in full, is not in the way, and can be copied as it is */
static void
test_long_text (JobWindow     *fixture,
                gconstpointer  data)
{
  g_autoptr(GString) words = g_string_new (NULL);

  for (unsigned int i = 0; words->len < 30000; i++)
    g_string_append_printf (words, "%u. %s\n", i, WORDS);
  start (fixture, TEXT, words->str);
  ui_test_wait_until_says (fixture->window, "Only the beginning");
  ui_test_shoot (fixture->window, "kept-long");
  g_assert_cmpint (gtk_widget_get_allocated_height (fixture->window), <, 500);
  ui_test_check_people (fixture->window);
  ui_test_click (fixture->window, "Copy the text");
  assert_copied (words->str);
}

static void
test_unplaced (JobWindow     *fixture,
               gconstpointer  data)
{
  job_window_control (fixture, "result", "{ \"kind\": \"html\" }");
  start (fixture, IMAGE, "");
  ui_test_wait_until_says (fixture->window, "No picture can be read.");
  ui_test_wait_until_says (fixture->window, "2 pictures could not be placed");
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, "Save “Describe 00002.png” as…");
  ui_test_shoot (fixture->window, "kept-unplaced");
  ui_test_check_people (fixture->window);
}

/* the process ends without a word from the artist */
static void
end_process (JobWindow *fixture)
{
  ComfyScheduler *scheduler = comfy_session_get_scheduler (fixture->base.session);

  gtk_widget_destroy (fixture->window);
  while (g_list_model_get_n_items (G_LIST_MODEL (scheduler)) > 0)
    {
      g_autoptr(ComfyJob) job = g_list_model_get_item (G_LIST_MODEL (scheduler), 0);

      comfy_scheduler_remove (scheduler, job);
    }
  job_window_open (fixture);
  fixture->finished = FALSE;
}

static void
test_after_a_restart (JobWindow     *fixture,
                      gconstpointer  data)
{
  start (fixture, TEXT, WORDS);
  wait_for_text (fixture);
  ui_test_press (fixture->window, GDK_KEY_Escape, 0);
  ui_test_wait_for (job_window_is_finished, fixture);

  end_process (fixture);
  ui_test_show (fixture->window);
  g_assert_true (ui_test_says (fixture->window, "1 earlier job has texts or files for you."));
  ui_test_click (fixture->window, "Show");
  wait_for_text (fixture);
  g_assert_cmpuint (job_window_count_started (fixture), ==, 1);

  ui_test_click (fixture->window, "Take this job off the list");
  ui_test_wait_for (job_window_is_finished, fixture);
  end_process (fixture);
  ui_test_show (fixture->window);
  g_assert_false (ui_test_says (fixture->window, "1 earlier job"));
}

/* a window that was closed comes back with what the artist waits for */
static void
test_comes_back (JobWindow     *fixture,
                 gconstpointer  data)
{
  job_window_control (fixture, "hold", "{}");
  start (fixture, TEXT, WORDS);
  ui_test_press (fixture->window, GDK_KEY_Escape, 0);
  g_assert_false (gtk_widget_get_visible (fixture->window));
  job_window_control (fixture, "release", "{}");
  wait_for_text (fixture);
  g_assert_true (gtk_widget_get_visible (fixture->window));
}

#define ADD(name, func) \
  g_test_add ("/kept/" name, JobWindow, NULL, job_window_set_up, func, job_window_tear_down)

int
main (int   argc,
      char *argv[])
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

  ADD ("texts-and-files-stay-until-they-are-taken-off", test_text_and_files);
  ADD ("a-long-text-is-not-in-the-way", test_long_text);
  ADD ("a-picture-that-cannot-be-placed-can-be-saved", test_unplaced);
  ADD ("the-next-process-offers-them", test_after_a_restart);
  ADD ("a-closed-window-comes-back-with-them", test_comes_back);

  return g_test_run ();
}
