/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist does in the history: with jobs of this process and with those that others left.
 */
#include "config.h"

#include "comfy-history-private.h"
#include "comfy-session.h"
#include "fake-host.h"
#include "history-fixture.h"
#include "test-file-keyring.h"

typedef struct
{
  FakeHost     *host;
  ComfySession *session;
  ComfyJournal *other;   /* the same journal, of another process */
  ComfyHistory *history;
} Fixture;

static void
open_session (Fixture *fixture)
{
  fixture->session = comfy_session_new (COMFY_HOST (fixture->host));
  fixture->history = comfy_history_new (comfy_session_get_journal (fixture->session),
                                        comfy_session_get_scheduler (fixture->session));
}

static void
close_session (Fixture *fixture)
{
  test_await_true (_comfy_history_follow (fixture->history));
  g_assert_finalize_object (fixture->history);
  g_assert_finalize_object (fixture->session);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->host = fake_host_new ();
  open_session (fixture);
  fixture->other = comfy_journal_new (
    comfy_journal_get_folder (comfy_session_get_journal (fixture->session)));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  const char *folder = comfy_journal_get_folder (fixture->other);

  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->session), TRUE);
  close_session (fixture);
  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    test_remove_tree (folder);
  g_assert_finalize_object (fixture->other);
  g_assert_finalize_object (fixture->host);
}

/* as a process that starts now */
static void
restart (Fixture *fixture)
{
  close_session (fixture);
  open_session (fixture);
}

static char *
make (Fixture      *fixture,
      ComfyState    state,
      unsigned int  n_pictures)
{
  return history_make (fixture->other, &(HistoryJob) { .state = state, .n_pictures = n_pictures,
                                                       .prompt = "a bicycle" });
}

static void
apply (Fixture    *fixture,
       const char *id,
       int         picture)
{
  g_autoptr(DexFuture) future = test_settle (comfy_session_apply (fixture->session, id, picture));
  g_autoptr(GError)    error = NULL;
  const GValue        *value = dex_future_get_value (future, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (g_variant_get_type_string (g_value_get_variant (value)), ==, "(iai)");
}

/* (transfer full) (nullable): once the history has caught up */
static ComfyHistoryItem *
find (Fixture    *fixture,
      const char *id)
{
  test_await_true (_comfy_history_follow (fixture->history));

  return comfy_history_find (fixture->history, id);
}

/* which pictures are in an image: "01-" of the first two of three */
static void
assert_applied (Fixture    *fixture,
                const char *id,
                ComfyState  state,
                const char *expected)
{
  g_autoptr(ComfyHistoryItem) item = find (fixture, id);
  g_autoptr(GString)          applied = g_string_new (NULL);

  g_assert_nonnull (item);
  for (unsigned int i = 0; comfy_history_item_get_paths (item)[i] != NULL; i++)
    g_string_append_c (applied, comfy_history_item_is_applied (item, i) ? (char) ('0' + i) : '-');
  g_assert_cmpstr (applied->str, ==, expected);
  g_assert_cmpint (comfy_history_item_get_state (item), ==, state);
}

static void
test_what_waits_is_placed (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autofree char *id = make (fixture, COMFY_STATE_READY, 2);

  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->session), FALSE);
  assert_applied (fixture, id, COMFY_STATE_READY, "--");
  apply (fixture, id, -1);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 1);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 2);
  assert_applied (fixture, id, COMFY_STATE_PLACED, "01");
  /* nobody holds it any more */
  g_assert_cmpint (history_read_state (fixture->other, id), ==, COMFY_STATE_PLACED);
}

/* the artist may have undone it, or wants two of it: the editor has a layer of the job all the while */
static void
test_what_was_placed_is_placed_again (Fixture       *fixture,
                                      gconstpointer  data)
{
  g_autofree char *id = make (fixture, COMFY_STATE_READY, 2);

  for (unsigned int i = 0; i < 3; i++)
    {
      apply (fixture, id, -1);
      g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, i + 1);
      g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 2);
      restart (fixture);
    }
  apply (fixture, id, 1);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 1);
  g_assert_cmpstr (fake_host_get_content (fixture->host), ==, "output-1.png");
  assert_applied (fixture, id, COMFY_STATE_PLACED, "01");
}

static void
test_one_of_several (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *id = make (fixture, COMFY_STATE_READY, 3);

  apply (fixture, id, 1);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 1);
  g_assert_cmpstr (fake_host_get_content (fixture->host), ==, "output-1.png");
  assert_applied (fixture, id, COMFY_STATE_READY, "-1-");

  restart (fixture);
  assert_applied (fixture, id, COMFY_STATE_READY, "-1-");
  apply (fixture, id, 1);
  assert_applied (fixture, id, COMFY_STATE_READY, "-1-");
  apply (fixture, id, 0);
  apply (fixture, id, 2);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 4);
  assert_applied (fixture, id, COMFY_STATE_PLACED, "012");
}

/* the record as a process finds it that starts now */
static void
is_noted_cb (void *data)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (data, &text, NULL, NULL));
  g_assert_true (g_regex_match_simple ("\"applied\":\\s*\\[\\s*\"output-1.png\"\\s*\\]", text, 0,
                                       0));
}

/* of several pictures a layer does not tell which it is of: what ends in between must not place the
 * same one twice, and then call it another */
static void
test_noted_before_it_is_placed (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autofree char *id = make (fixture, COMFY_STATE_READY, 2);
  g_autofree char *path = history_dup_path (fixture->other, id, "job.json");

  fake_host_on_place (fixture->host, is_noted_cb, path);
  apply (fixture, id, 1);
  fake_host_on_place (fixture->host, NULL, NULL);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 1);
}

static ComfyJob *
run_job (Fixture    *fixture,
         const char *id)
{
  g_autoptr(GError)  error = NULL;
  ComfyJob          *job = comfy_session_open_job (fixture->session, id, &error);

  g_assert_no_error (error);
  test_await_true (comfy_scheduler_run (comfy_session_get_scheduler (fixture->session), job));

  return job;
}

/* that a layer of the job is there says nothing of its other pictures */
static void
test_the_others_wait_on (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char     *id = make (fixture, COMFY_STATE_READY, 3);
  g_autoptr(ComfyJob)  job = NULL;

  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->session), FALSE);
  apply (fixture, id, 0);
  restart (fixture);
  job = run_job (fixture, id);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_READY);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 1);

  /* "Place" in the window of jobs */
  comfy_job_want_result (job);
  test_await_true (comfy_job_run (job));
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 2);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 2);
  g_assert_cmpstr (fake_host_get_content (fixture->host), ==, "output-1.png");
  assert_applied (fixture, id, COMFY_STATE_PLACED, "012");
}

/* through the job that its row shows, which the scheduler holds */
static void
test_of_this_process (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char     *id = make (fixture, COMFY_STATE_READY, 1);
  g_autoptr(ComfyJob)  job = NULL;

  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->session), FALSE);
  job = run_job (fixture, id);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_READY);
  apply (fixture, id, -1);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_PLACED);
  assert_applied (fixture, id, COMFY_STATE_PLACED, "0");
}

static void
test_two_clicks_place_once (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char      *id = make (fixture, COMFY_STATE_READY, 1);
  g_autoptr(ComfyJob)   job = NULL;
  g_autoptr(DexFuture)  first = NULL;
  g_autoptr(DexFuture)  second = NULL;

  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->session), FALSE);
  job = run_job (fixture, id);
  first = comfy_session_apply (fixture->session, id, -1);
  second = comfy_session_apply (fixture->session, id, -1);
  first = test_settle (g_steal_pointer (&first));
  second = test_settle (g_steal_pointer (&second));
  g_assert_true (dex_future_is_resolved (first));
  g_assert_true (dex_future_is_resolved (second));
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 1);
}

static void
test_what_cannot_be_applied (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autofree char              *running = make (fixture, COMFY_STATE_RUNNING, 1);
  g_autofree char              *held_id = make (fixture, COMFY_STATE_READY, 1);
  g_autofree char              *nothing = g_uuid_string_random ();
  g_autoptr(ComfyJournalEntry)  held = comfy_journal_open (fixture->other, held_id, NULL);
  g_autoptr(GError)             error = NULL;

  test_await_error (comfy_session_apply (fixture->session, running, -1), COMFY_ERROR_FAILED);
  test_await_error (comfy_session_apply (fixture->session, held_id, -1), COMFY_ERROR_FAILED);
  test_await_error (comfy_session_apply (fixture->session, nothing, -1), COMFY_ERROR_NOT_FOUND);
  test_await_error (comfy_session_apply (fixture->session, "../..", -1), COMFY_ERROR_NOT_FOUND);
  g_assert_false (comfy_session_discard (fixture->session, running, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_FAILED);
  comfy_journal_entry_release (held);
  test_await_error (comfy_session_apply (fixture->session, held_id, 1), COMFY_ERROR_NOT_FOUND);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 0);
  assert_applied (fixture, held_id, COMFY_STATE_READY, "-");
}

static void
break_picture (Fixture    *fixture,
               const char *id,
               const char *name)
{
  g_autofree char *path = history_dup_path (fixture->other, id, name);

  g_assert_true (g_file_set_contents (path, "broken", -1, NULL));
}

/* the image may be open in a tool, or there may be no room: nothing is noted that is not so */
static void
test_what_fails_can_be_tried_again (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autofree char *id = make (fixture, COMFY_STATE_READY, 2);
  g_autofree char *placed = make (fixture, COMFY_STATE_PLACED, 1);

  fake_host_fail (fixture->host, COMFY_ERROR_TOO_LARGE);
  test_await_error (comfy_session_apply (fixture->session, id, 0), COMFY_ERROR_TOO_LARGE);
  assert_applied (fixture, id, COMFY_STATE_READY, "--");
  restart (fixture);
  assert_applied (fixture, id, COMFY_STATE_READY, "--");
  apply (fixture, id, 0);
  assert_applied (fixture, id, COMFY_STATE_READY, "0-");

  fake_host_fail (fixture->host, COMFY_ERROR_TOO_LARGE);
  test_await_error (comfy_session_apply (fixture->session, placed, -1), COMFY_ERROR_TOO_LARGE);
  assert_applied (fixture, placed, COMFY_STATE_PLACED, "0");
}

/* what no picture can be made of goes, and leaves the others as they are */
static void
test_what_is_no_picture (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char             *id = make (fixture, COMFY_STATE_READY, 2);
  g_autofree char             *alone = make (fixture, COMFY_STATE_READY, 1);
  g_autoptr(ComfyHistoryItem)  gone = NULL;

  break_picture (fixture, id, "output-0.png");
  test_await_error (comfy_session_apply (fixture->session, id, 0), COMFY_ERROR_IMAGE);
  assert_applied (fixture, id, COMFY_STATE_READY, "-");
  apply (fixture, id, 0);
  g_assert_cmpstr (fake_host_get_content (fixture->host), ==, "output-1.png");
  assert_applied (fixture, id, COMFY_STATE_PLACED, "0");

  break_picture (fixture, alone, "output-0.png");
  test_await_error (comfy_session_apply (fixture->session, alone, -1), COMFY_ERROR_IMAGE);
  gone = find (fixture, alone);
  g_assert_null (gone);
  g_assert_cmpint (history_read_state (fixture->other, alone), ==, COMFY_STATE_FAILED);
}

static void
discard (Fixture    *fixture,
         const char *id)
{
  g_autoptr(GError)           error = NULL;
  g_autoptr(ComfyHistoryItem) item = NULL;

  comfy_session_discard (fixture->session, id, &error);
  g_assert_no_error (error);
  item = find (fixture, id);
  g_assert_null (item);
}

static void
undiscard (Fixture    *fixture,
           const char *id)
{
  g_autoptr(GError) error = NULL;

  comfy_session_undiscard (fixture->session, id, &error);
  g_assert_no_error (error);
}

static void
test_discarded_is_put_away (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *waiting = make (fixture, COMFY_STATE_READY, 2);
  g_autofree char *placed = make (fixture, COMFY_STATE_PLACED, 2);
  g_autofree char *path = history_dup_path (fixture->other, waiting, "output-0.png");
  g_auto(GStrv)    orphans = NULL;
  g_auto(GStrv)    kept = NULL;

  apply (fixture, waiting, 1);
  discard (fixture, waiting);
  discard (fixture, placed);
  restart (fixture);
  g_assert_null (find (fixture, waiting));
  g_assert_null (find (fixture, placed));
  orphans = comfy_journal_list_orphans (fixture->other);
  kept = comfy_journal_list_kept (fixture->other);
  g_assert_cmpuint (g_strv_length (orphans), ==, 0);
  g_assert_cmpuint (g_strv_length (kept), ==, 0);

  /* it stays for as long as anything that is done, and can be brought back so long */
  comfy_journal_sweep (fixture->other, 30);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  undiscard (fixture, waiting);
  undiscard (fixture, placed);
  assert_applied (fixture, waiting, COMFY_STATE_READY, "-1");
  assert_applied (fixture, placed, COMFY_STATE_PLACED, "01");

  discard (fixture, waiting);
  comfy_journal_delete_finished (fixture->other);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  {
    g_autoptr(GError) error = NULL;

    g_assert_false (comfy_session_undiscard (fixture->session, waiting, &error));
    g_assert_error (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND);
  }
}

/* what waits is not finished, and is never swept */
static void
test_what_waits_stays (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autofree char *id = make (fixture, COMFY_STATE_READY, 2);

  apply (fixture, id, 0);
  comfy_journal_sweep (fixture->other, 0);
  comfy_journal_delete_finished (fixture->other);
  assert_applied (fixture, id, COMFY_STATE_READY, "0-");
}

/* a text that came with the pictures is another thing than they */
static void
test_texts_are_not_discarded (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autofree char *id = history_make (fixture->other, &(HistoryJob) { .state = COMFY_STATE_READY,
                                                                      .n_pictures = 1,
                                                                      .with_text = TRUE });
  g_auto(GStrv)    kept = NULL;

  discard (fixture, id);
  kept = comfy_journal_list_kept (fixture->other);
  g_assert_cmpstr (kept[0], ==, id);
}

static void
test_discarded_leaves_the_scheduler (Fixture       *fixture,
                                     gconstpointer  data)
{
  GListModel          *jobs = G_LIST_MODEL (comfy_session_get_scheduler (fixture->session));
  g_autofree char     *id = make (fixture, COMFY_STATE_READY, 1);
  g_autoptr(ComfyJob)  job = NULL;

  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->session), FALSE);
  job = run_job (fixture, id);
  discard (fixture, id);
  g_assert_cmpuint (g_list_model_get_n_items (jobs), ==, 0);

  /* although somebody still has the object */
  undiscard (fixture, id);
  assert_applied (fixture, id, COMFY_STATE_READY, "-");
}

static gboolean
is_applied (gpointer data)
{
  Fixture                     *fixture = data;
  g_autoptr(ComfyHistoryItem)  item = NULL;

  item = g_list_model_get_item (G_LIST_MODEL (fixture->history), 0);

  return item != NULL && comfy_history_item_is_applied (item, 1);
}

static gboolean
is_empty (gpointer data)
{
  return g_list_model_get_n_items (G_LIST_MODEL (((Fixture *) data)->history)) == 0;
}

static void
wait_for (gboolean (*condition) (gpointer data),
          gpointer   data)
{
  while (!condition (data))
    g_main_context_iteration (NULL, TRUE);
}

static void
count_cb (unsigned int *n)
{
  (*n)++;
}

/* nobody refreshes it here; what is placed is not watched, so that it has to be told */
static void
test_the_history_follows (Fixture       *fixture,
                          gconstpointer  data)
{
  ComfyJournal    *journal = comfy_session_get_journal (fixture->session);
  g_autofree char *id = make (fixture, COMFY_STATE_PLACED, 1);
  g_autofree char *other = NULL;
  unsigned int     n_told = 0;
  gulong           handler = g_signal_connect_swapped (journal, "changed", G_CALLBACK (count_cb),
                                                       &n_told);

  {
    g_autoptr(ComfyHistoryItem) item = find (fixture, id);

    g_assert_nonnull (item);
  }
  comfy_session_discard (fixture->session, id, NULL);
  g_assert_cmpuint (n_told, ==, 1);
  wait_for (is_empty, fixture);
  undiscard (fixture, id);
  g_assert_cmpuint (n_told, ==, 2);
  discard (fixture, id);

  other = make (fixture, COMFY_STATE_READY, 3);
  apply (fixture, other, 1);
  g_assert_cmpuint (n_told, ==, 4);
  wait_for (is_applied, fixture);
  fake_host_fail (fixture->host, COMFY_ERROR_TOO_LARGE);
  test_await_error (comfy_session_apply (fixture->session, other, 0), COMFY_ERROR_TOO_LARGE);
  g_assert_cmpuint (n_told, ==, 5);
  g_signal_handler_disconnect (journal, handler);
}

static ComfyProfile *
add_key (Fixture *fixture)
{
  ComfyProfileStore           *profiles = comfy_session_get_profiles (fixture->session);
  ComfyEndpoint               *endpoint;
  g_autoptr(ComfyCredentials)  credentials = NULL;

  endpoint = comfy_profile_store_find_endpoint (profiles, COMFY_ENDPOINT_PRODUCTION);
  credentials = test_make_credentials ("aaaa", comfy_endpoint_get_origin (endpoint));

  return test_await_object (comfy_profile_store_add (profiles, "Key", endpoint, credentials, NULL));
}

static unsigned int
count_folders (Fixture *fixture)
{
  g_autoptr(GDir) dir = g_dir_open (comfy_journal_get_folder (fixture->other), 0, NULL);
  unsigned int    n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* everything is as it was, but for the seed and the key; nothing is asked of the editor */
static void
test_again_with_a_new_seed (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(ComfyProfile)       profile = add_key (fixture);
  g_autofree char              *batch = g_uuid_string_random ();
  g_autofree char              *id = NULL;
  g_autofree char              *input = NULL;
  g_autoptr(ComfyJournalEntry)  held = NULL;
  g_autoptr(ComfyJob)           job = NULL;
  g_autoptr(DexFuture)          future = NULL;
  ComfyRequest                 *request;
  guint64                       seed;

  id = history_make (fixture->other, &(HistoryJob) { .state = COMFY_STATE_PLACED, .n_pictures = 1,
                                                     .prompt = "a bicycle", .batch_id = batch,
                                                     .batch_n = 2, .image_mark = "mark" });
  held = comfy_journal_open (fixture->other, id, NULL);
  future = test_settle (comfy_session_again_with_new_seed (fixture->session, id));
  job = comfy_session_open_job (fixture->session,
                                g_value_get_string (dex_future_get_value (future, NULL)), NULL);
  g_assert_nonnull (job);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_NEW);
  request = comfy_job_get_request (job);
  g_assert_cmpstr (comfy_request_get_prompt (request), ==, "a bicycle");
  g_assert_cmpuint (comfy_request_get_seed (request), !=, 2);
  g_assert_true (comfy_workflow_get_uint64 (comfy_request_get_workflow (request), "3", "seed",
                                            &seed));
  g_assert_cmpuint (seed, ==, comfy_request_get_seed (request));
  g_assert_cmpstr (comfy_request_get_profile_id (request), ==, comfy_profile_get_id (profile));
  g_assert_null (comfy_request_get_batch_id (request, NULL, NULL));
  g_assert_cmpstr (comfy_request_get_placement (request)->image_mark, ==, "mark");
  g_assert_cmpint (comfy_request_get_placement (request)->region.crop.width, ==, 300);
  input = g_build_filename (comfy_journal_entry_get_folder (comfy_job_get_entry (job)),
                            "input-0.png", NULL);
  g_assert_true (g_file_test (input, G_FILE_TEST_IS_REGULAR));
  g_assert_cmpuint (fake_host_get_n_captured (fixture->host), ==, 0);
  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               profile));
}

/* and leaves nothing behind */
static void
test_not_again (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char         *id = make (fixture, COMFY_STATE_PLACED, 1);
  g_autofree char         *seedless = history_make (fixture->other,
                                                    &(HistoryJob) { .state = COMFY_STATE_PLACED,
                                                                    .n_pictures = 1,
                                                                    .without_seed = TRUE });
  g_autofree char         *input = history_dup_path (fixture->other, id, "input-0.png");
  g_autoptr(ComfyProfile)  profile = NULL;

  test_await_error (comfy_session_again_with_new_seed (fixture->session, id), COMFY_ERROR_NO_KEY);
  profile = add_key (fixture);
  test_await_error (comfy_session_again_with_new_seed (fixture->session, seedless),
                    COMFY_ERROR_NOT_SUPPORTED);
  g_assert_no_errno (g_remove (input));
  test_await_error (comfy_session_again_with_new_seed (fixture->session, id),
                    COMFY_ERROR_NOT_FOUND);
  test_await_error (comfy_session_again_with_new_seed (fixture->session, ".."),
                    COMFY_ERROR_NOT_FOUND);
  g_assert_cmpuint (count_folders (fixture), ==, 2);
  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               profile));
}

#define ADD(name, func) g_test_add ("/session-history/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-session-XXXXXX", NULL);
  int              status;

  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_setenv ("XDG_STATE_HOME", folder, TRUE);
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  test_use_file_keyring (folder);
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("what-waits-is-placed", test_what_waits_is_placed);
  ADD ("what-was-placed-is-placed-again", test_what_was_placed_is_placed_again);
  ADD ("one-of-several", test_one_of_several);
  ADD ("noted-before-it-is-placed", test_noted_before_it_is_placed);
  ADD ("the-others-wait-on", test_the_others_wait_on);
  ADD ("of-this-process", test_of_this_process);
  ADD ("two-clicks-place-once", test_two_clicks_place_once);
  ADD ("what-cannot-be-applied", test_what_cannot_be_applied);
  ADD ("what-fails-can-be-tried-again", test_what_fails_can_be_tried_again);
  ADD ("what-is-no-picture", test_what_is_no_picture);
  ADD ("discarded-is-put-away", test_discarded_is_put_away);
  ADD ("what-waits-stays", test_what_waits_stays);
  ADD ("texts-are-not-discarded", test_texts_are_not_discarded);
  ADD ("discarded-leaves-the-scheduler", test_discarded_leaves_the_scheduler);
  ADD ("the-history-follows", test_the_history_follows);
  ADD ("again-with-a-new-seed", test_again_with_a_new_seed);
  ADD ("not-again", test_not_again);

  status = g_test_run ();
  test_remove_tree (folder);

  return status;
}
