/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a graph of the artist's gives, of whatever kind, comes back; by both kinds of protocols: one
 * names the nodes that made the files, the other does not.
 */
#include "config.h"

#include <string.h>

#include "job-fixture.h"

#define OUTPUTS(...) ((const char * const []) { __VA_ARGS__, NULL })

static void
tear_down (JobFixture    *fixture,
           gconstpointer  flags)
{
  g_clear_pointer (&fixture->outputs, g_ptr_array_unref);
  job_fixture_tear_down (fixture, flags);
}

static void
want (JobFixture   *fixture,
      const char   *node,
      const char   *prefix,
      ComfyOutcome  outcome)
{
  if (fixture->outputs == NULL)
    fixture->outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_output_free);
  g_ptr_array_add (fixture->outputs, comfy_output_new (node, prefix, outcome));
}

/* a job that wants a picture of one node, one that becomes the selection, nothing of a third, and
 * the text of a fourth */
static void
begin (JobFixture         *fixture,
       const char * const *outputs)
{
  want (fixture, "57:8", "gimp-0", COMFY_OUTCOME_LAYERS);
  want (fixture, "9", "gimp-1", COMFY_OUTCOME_SELECTION);
  want (fixture, "12", "gimp-2", COMFY_OUTCOME_NOTHING);
  want (fixture, "70", NULL, COMFY_OUTCOME_LAYERS);
  job_fixture_next_job (fixture);
  fake_api_set_outputs (fixture->api, outputs);
}

static void
assert_texts (JobFixture         *fixture,
              const char * const *expected)
{
  g_auto(GStrv) texts = comfy_job_dup_texts (fixture->job);

  g_assert_cmpstrv (texts, expected);
}

static void
assert_names (JobFixture         *fixture,
              const char * const *expected)
{
  g_auto(GStrv) names = NULL;
  g_auto(GStrv) paths = comfy_job_dup_file_paths (fixture->job, &names);
  const char   *folder = comfy_journal_entry_get_folder (job_fixture_entry (fixture));

  g_assert_cmpstrv (names, expected);
  g_assert_cmpuint (g_strv_length (paths), ==, g_strv_length (names));
  for (unsigned int i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *parent = g_path_get_dirname (paths[i]);

      g_assert_true (g_file_test (paths[i], G_FILE_TEST_IS_REGULAR));
      g_assert_cmpstr (parent, ==, folder);
    }
}

static void
test_what_named_nodes_made_is_taken (JobFixture    *fixture,
                                     gconstpointer  flags)
{
  const char *prefix = NULL;

  begin (fixture, OUTPUTS ("12|gimp-2_00001_.png", "9|renamed.png", "57:8|zebra.png",
                           "70|text.txt|A cat, sitting.", "99|gimp-0_00001_.png",
                           "57:8|film.mp4"));
  job_fixture_run_to_the_end (fixture);

  /* a node that came to be while the graph ran is told by our prefix */
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 3);
  g_assert_cmpstr (fake_host_get_content (fixture->host), ==, "gimp-0_00001_.png");
  g_assert_cmpstr (fake_host_get_outcomes (fixture->host), ==, "layers layers selection");
  g_assert_cmpuint (fake_api_count (fixture->api, "download"), ==, 4);
  assert_texts (fixture, OUTPUTS ("A cat, sitting."));
  assert_names (fixture, OUTPUTS ("film.mp4"));
  g_assert_true (comfy_workflow_get_string (fake_api_get_graph (fixture->api), "57:8",
                                            "filename_prefix", &prefix));
  g_assert_cmpstr (prefix, ==, "gimp-0");
}

static void
test_files_tell_their_node_by_their_prefix (JobFixture    *fixture,
                                            gconstpointer  flags)
{
  begin (fixture, OUTPUTS ("gimp-2_00001_.png", "gimp-1_00001_.png", "gimp-0_00001_.png",
                           "gimp-0_00002_.png", "ComfyUI_temp_00001_.png", "gimp-0_00001_.flac",
                           "ComfyUI_00001_.txt"));
  job_fixture_run_to_the_end (fixture);

  g_assert_cmpstr (fake_host_get_outcomes (fixture->host), ==, "layers layers selection");
  assert_texts (fixture, OUTPUTS ("ComfyUI_00001_.txt"));
  assert_names (fixture, OUTPUTS ("Upscale 4× 00001.flac"));
}

/* of another node than those that are wanted */
static void
test_a_prefix_of_ours_is_nobody_elses (JobFixture    *fixture,
                                       gconstpointer  flags)
{
  const char *prefix = NULL;

  want (fixture, "12", "gimp-0", COMFY_OUTCOME_LAYERS);
  job_fixture_next_job (fixture);
  fake_api_set_outputs (fixture->api, OUTPUTS ("gimp-0_00001_.png", "gimp-other-57_8_00001_.png"));
  job_fixture_run_to_the_end (fixture);

  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 1);
  g_assert_true (comfy_workflow_get_string (fake_api_get_graph (fixture->api), "57:8",
                                            "filename_prefix", &prefix));
  g_assert_cmpstr (prefix, ==, "gimp-other-57_8");
}

static void
test_a_server_that_renames_files_gets_all_taken (JobFixture    *fixture,
                                                 gconstpointer  flags)
{
  begin (fixture, OUTPUTS ("one.png", "two.mp4", "three.txt"));
  job_fixture_run_to_the_end (fixture);

  g_assert_cmpstr (fake_host_get_outcomes (fixture->host), ==, "layers");
  assert_texts (fixture, OUTPUTS ("three.txt"));
  assert_names (fixture, OUTPUTS ("two.mp4"));
}

/* what is wanted has names that say nothing, but those of the others are ours */
static void
test_what_others_made_is_known (JobFixture    *fixture,
                                gconstpointer  flags)
{
  want (fixture, "70", NULL, COMFY_OUTCOME_LAYERS);
  want (fixture, "3", NULL, COMFY_OUTCOME_LAYERS);
  job_fixture_next_job (fixture);
  fake_api_set_outputs (fixture->api, OUTPUTS ("ComfyUI_00001_.txt", "gimp-other-57_8_00001_.png",
                                               "gimp-other-9_00001_.mp4"));
  test_await_true (comfy_job_run (fixture->job));
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 0);
  assert_texts (fixture, OUTPUTS ("ComfyUI_00001_.txt"));
  assert_names (fixture, (const char * const []) { NULL });
}

/* It waits for no click, and no editor is asked. */
static void
test_what_is_no_picture_is_done_at_once (JobFixture    *fixture,
                                         gconstpointer  flags)
{
  comfy_settings_set_place_at_once (fixture->settings, FALSE);
  begin (fixture, OUTPUTS ("70|text.txt|One", "57:8|sound.flac"));
  test_await_true (comfy_job_run (fixture->job));

  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_PLACED);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 0);
  g_assert_null (comfy_job_get_placed (fixture->job));
  assert_texts (fixture, OUTPUTS ("One"));
  assert_names (fixture, OUTPUTS ("sound.flac"));
}

static void
test_nothing_tells_what_to_do (JobFixture    *fixture,
                               gconstpointer  flags)
{
  begin (fixture, OUTPUTS ("12|gimp-2_00001_.png"));
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_JOB_FAILED, COMFY_STATE_FAILED);
  g_assert_nonnull (strstr (comfy_job_get_error (fixture->job)->message, "Edit Form"));
  g_assert_false (comfy_job_has_kept (fixture->job));
}

/* The text came before the process ended, the picture after. */
static void
test_nothing_is_lost_in_between (JobFixture    *fixture,
                                 gconstpointer  flags)
{
  unsigned int n_asked;

  begin (fixture, OUTPUTS ("9|mask.png", "70|text.txt|A cat."));
  fake_api_fail (fixture->api, "download", COMFY_ERROR_UNAUTHORIZED, FALSE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_UNAUTHORIZED, COMFY_STATE_DOWNLOADING);
  assert_texts (fixture, (const char * const []) { NULL });

  n_asked = fake_api_count (fixture->api, "get");
  job_fixture_restart (fixture);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_api_count (fixture->api, "get"), ==, n_asked);
  g_assert_cmpstr (fake_host_get_outcomes (fixture->host), ==, "selection");
  assert_texts (fixture, OUTPUTS ("A cat."));

  job_fixture_restart (fixture);
  assert_texts (fixture, OUTPUTS ("A cat."));
}

static void
test_a_picture_that_cannot_be_read_keeps_no_other_away (JobFixture    *fixture,
                                                        gconstpointer  flags)
{
  g_autofree char *notice = NULL;

  begin (fixture, OUTPUTS ("57:8|good.png", "57:8|broken.png"));
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpstr (fake_host_get_outcomes (fixture->host), ==, "layers");

  job_fixture_restart (fixture);
  assert_names (fixture, OUTPUTS ("broken.png"));
  g_assert_true (comfy_job_has_kept (fixture->job));
  notice = comfy_job_dup_notice (fixture->job);
  g_assert_nonnull (strstr (notice, "“broken.png”"));
}

/* of a built-in action, too */
static void
test_a_job_of_which_nothing_can_be_read_has_failed (JobFixture    *fixture,
                                                    gconstpointer  flags)
{
  fake_api_set_outputs (fixture->api, OUTPUTS ("gimp-broken.png"));
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_IMAGE, COMFY_STATE_FAILED);
  job_fixture_restart (fixture);
  g_assert_true (comfy_job_has_kept (fixture->job));
  assert_names (fixture, OUTPUTS ("gimp-broken.png"));
}

/* the editor's trouble is not the picture's */
static void
test_an_editor_that_fails_is_asked_again (JobFixture    *fixture,
                                          gconstpointer  flags)
{
  fake_host_fail (fixture->host, COMFY_ERROR_IMAGE);
  job_fixture_run_until_it_stops (fixture, COMFY_ERROR_IMAGE, COMFY_STATE_READY);
  job_fixture_run_to_the_end (fixture);
}

static void
test_too_many_are_said (JobFixture    *fixture,
                        gconstpointer  flags)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv)           outputs = NULL;
  g_autofree char        *notice = NULL;

  for (unsigned int i = 0; i < 300; i++)
    g_strv_builder_take (builder, g_strdup_printf ("57:8|%03u.png", i));
  outputs = g_strv_builder_end (builder);
  begin (fixture, (const char * const *) outputs);
  job_fixture_run_to_the_end (fixture);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 256);
  job_fixture_restart (fixture);
  g_assert_true (comfy_job_has_kept (fixture->job));
  notice = comfy_job_dup_notice (fixture->job);
  g_assert_true (g_str_has_prefix (notice, "44 "));
}

/* Neither where they go nor what is proposed is in the server's hand. */
static void
test_hostile_names_leave_no_folder (JobFixture    *fixture,
                                    gconstpointer  flags)
{
  g_autofree char *endless = g_strnfill (2000000, 'x');
  g_autofree char *output = g_strconcat ("57:8|", endless, ".mp4", NULL);
  g_auto(GStrv)    names = NULL;
  g_auto(GStrv)    paths = NULL;

  begin (fixture, OUTPUTS ("57:8|../../../.bashrc.bin", "57:8|a\\..\\.b\n\xe2\x80\xae" "c.mp4",
                           "57:8|/.mp4", output));
  test_await_true (comfy_job_run (fixture->job));
  job_fixture_restart (fixture);
  paths = comfy_job_dup_file_paths (fixture->job, &names);
  g_assert_cmpuint (g_strv_length (names), ==, 4);
  g_assert_cmpstr (names[0], ==, "bashrc.bin");
  g_assert_cmpstr (names[1], ==, "mp4");
  g_assert_cmpstr (names[2], ==, "bc.mp4");
  g_assert_cmpuint (strlen (names[3]), <=, 120);
  g_assert_true (g_str_has_suffix (names[3], ".mp4"));
  g_assert_false (g_str_has_suffix (paths[0], ".bin"));
  g_assert_true (g_str_has_suffix (paths[1], ".mp4"));
}

static void
test_a_text_that_is_none_is_a_file (JobFixture    *fixture,
                                    gconstpointer  flags)
{
  g_autofree char *words = g_strnfill (1024 * 1024 + 1, 'x');
  g_autofree char *output = g_strconcat ("70|long.txt|", words, NULL);

  begin (fixture, OUTPUTS (output, "70|bad.txt|\xff\xfe", "70|good.txt|Good"));
  test_await_true (comfy_job_run (fixture->job));
  assert_texts (fixture, OUTPUTS ("Good"));
  assert_names (fixture, OUTPUTS ("bad.txt", "long.txt"));
}

static gboolean
lists_kept (JobFixture *fixture)
{
  g_auto(GStrv) ids = comfy_journal_list_kept (fixture->journal);

  return ids[0] != NULL;
}

/* It is offered by whoever comes next, and not swept away, until the artist has done with it. */
static void
test_what_is_kept_is_found_until_it_is_put_away (JobFixture    *fixture,
                                                 gconstpointer  flags)
{
  g_autofree char *id = NULL;
  g_autofree char *folder = NULL;

  begin (fixture, OUTPUTS ("70|text.txt|One"));
  test_await_true (comfy_job_run (fixture->job));
  g_assert_false (lists_kept (fixture));

  id = g_strdup (comfy_journal_entry_get_id (job_fixture_entry (fixture)));
  g_assert_finalize_object (fixture->job);
  g_assert_true (lists_kept (fixture));
  comfy_journal_sweep (fixture->journal, -1);
  g_assert_true (lists_kept (fixture));

  fixture->job = job_fixture_open (fixture, id);
  comfy_job_put_away (fixture->job);
  g_assert_false (comfy_job_has_kept (fixture->job));
  assert_texts (fixture, OUTPUTS ("One"));
  g_assert_finalize_object (fixture->job);
  g_assert_false (lists_kept (fixture));

  folder = g_build_filename (comfy_journal_get_folder (fixture->journal), id, NULL);
  comfy_journal_sweep (fixture->journal, -1);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  job_fixture_begin (fixture);
}

#define ADD(name, flags, func) \
  g_test_add ("/job-outputs/" name, JobFixture, GINT_TO_POINTER (flags), job_fixture_set_up, func, \
              tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("what-named-nodes-made-is-taken", V2, test_what_named_nodes_made_is_taken);
  ADD ("files-tell-their-node-by-their-prefix", V1, test_files_tell_their_node_by_their_prefix);
  ADD ("a-prefix-of-ours-is-nobody-elses", V1, test_a_prefix_of_ours_is_nobody_elses);
  ADD ("a-server-that-renames-files-gets-all-taken", V1,
       test_a_server_that_renames_files_gets_all_taken);
  ADD ("what-others-made-is-known", V1, test_what_others_made_is_known);
  ADD ("what-is-no-picture-is-done-at-once", V2, test_what_is_no_picture_is_done_at_once);
  ADD ("nothing-tells-what-to-do", V2, test_nothing_tells_what_to_do);
  ADD ("nothing-is-lost-in-between", V2, test_nothing_is_lost_in_between);
  ADD ("a-picture-that-cannot-be-read-keeps-no-other-away", V2,
       test_a_picture_that_cannot_be_read_keeps_no_other_away);
  ADD ("a-job-of-which-nothing-can-be-read-has-failed", V1,
       test_a_job_of_which_nothing_can_be_read_has_failed);
  ADD ("an-editor-that-fails-is-asked-again", V1, test_an_editor_that_fails_is_asked_again);
  ADD ("too-many-are-said", V2, test_too_many_are_said);
  ADD ("hostile-names-leave-no-folder", V2, test_hostile_names_leave_no_folder);
  ADD ("a-text-that-is-none-is-a-file", V2, test_a_text_that_is_none_is_a_file);
  ADD ("what-is-kept-is-found-until-it-is-put-away", V2,
       test_what_is_kept_is_found_until_it_is_put_away);

  return g_test_run ();
}
