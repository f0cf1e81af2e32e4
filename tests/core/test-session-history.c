/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist applies: of jobs of this process and of those that others left.
 */
#include "config.h"

#include "history-session-fixture.h"
#include "test-file-keyring.h"

static void
test_what_waits_is_placed (HistorySession *fixture,
                           gconstpointer   data)
{
  g_autofree char *id = history_session_make (fixture, COMFY_STATE_READY, 2);

  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->session), FALSE);
  history_session_assert_applied (fixture, id, COMFY_STATE_READY, "--");
  history_session_apply (fixture, id, -1);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 1);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 2);
  history_session_assert_applied (fixture, id, COMFY_STATE_PLACED, "01");
  /* nobody holds it any more */
  g_assert_cmpint (history_read_state (fixture->other, id), ==, COMFY_STATE_PLACED);
}

/* the artist may have undone it, or wants two of it: the editor has a layer of the job all the
 * while */
static void
test_what_was_placed_is_placed_again (HistorySession *fixture,
                                      gconstpointer   data)
{
  g_autofree char *id = history_session_make (fixture, COMFY_STATE_READY, 2);

  for (unsigned int i = 0; i < 3; i++)
    {
      history_session_apply (fixture, id, -1);
      g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, i + 1);
      g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 2);
      history_session_restart (fixture);
    }
  history_session_apply (fixture, id, 1);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 1);
  g_assert_cmpstr (fake_host_get_content (fixture->host), ==, "output-1.png");
  history_session_assert_applied (fixture, id, COMFY_STATE_PLACED, "01");
}

static void
test_one_of_several (HistorySession *fixture,
                     gconstpointer   data)
{
  g_autofree char *id = history_session_make (fixture, COMFY_STATE_READY, 3);

  history_session_apply (fixture, id, 1);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 1);
  g_assert_cmpstr (fake_host_get_content (fixture->host), ==, "output-1.png");
  history_session_assert_applied (fixture, id, COMFY_STATE_READY, "-1-");

  history_session_restart (fixture);
  history_session_assert_applied (fixture, id, COMFY_STATE_READY, "-1-");
  history_session_apply (fixture, id, 1);
  history_session_assert_applied (fixture, id, COMFY_STATE_READY, "-1-");
  history_session_apply (fixture, id, 0);
  history_session_apply (fixture, id, 2);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 4);
  history_session_assert_applied (fixture, id, COMFY_STATE_PLACED, "012");
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
test_noted_before_it_is_placed (HistorySession *fixture,
                                gconstpointer   data)
{
  g_autofree char *id = history_session_make (fixture, COMFY_STATE_READY, 2);
  g_autofree char *path = history_dup_path (fixture->other, id, "job.json");

  fake_host_on_place (fixture->host, is_noted_cb, path);
  history_session_apply (fixture, id, 1);
  fake_host_on_place (fixture->host, NULL, NULL);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 1);
}

/* that a layer of the job is there says nothing of its other pictures */
static void
test_the_others_wait_on (HistorySession *fixture,
                         gconstpointer   data)
{
  g_autofree char     *id = history_session_make (fixture, COMFY_STATE_READY, 3);
  g_autoptr(ComfyJob)  job = NULL;

  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->session), FALSE);
  history_session_apply (fixture, id, 0);
  history_session_restart (fixture);
  job = history_session_run_job (fixture, id);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_READY);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 1);

  /* "Place" in the window of jobs */
  comfy_job_want_result (job);
  test_await_true (comfy_job_run (job));
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 2);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 2);
  g_assert_cmpstr (fake_host_get_content (fixture->host), ==, "output-1.png");
  history_session_assert_applied (fixture, id, COMFY_STATE_PLACED, "012");
}

/* through the job that its row shows, which the scheduler holds */
static void
test_of_this_process (HistorySession *fixture,
                      gconstpointer   data)
{
  g_autofree char     *id = history_session_make (fixture, COMFY_STATE_READY, 1);
  g_autoptr(ComfyJob)  job = NULL;

  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->session), FALSE);
  job = history_session_run_job (fixture, id);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_READY);
  history_session_apply (fixture, id, -1);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_PLACED);
  history_session_assert_applied (fixture, id, COMFY_STATE_PLACED, "0");
}

static void
test_two_clicks_place_once (HistorySession *fixture,
                            gconstpointer   data)
{
  g_autofree char      *id = history_session_make (fixture, COMFY_STATE_READY, 1);
  g_autoptr(ComfyJob)   job = NULL;
  g_autoptr(DexFuture)  first = NULL;
  g_autoptr(DexFuture)  second = NULL;

  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->session), FALSE);
  job = history_session_run_job (fixture, id);
  first = comfy_session_apply (fixture->session, id, -1);
  second = comfy_session_apply (fixture->session, id, -1);
  first = test_settle (g_steal_pointer (&first));
  second = test_settle (g_steal_pointer (&second));
  g_assert_true (dex_future_is_resolved (first));
  g_assert_true (dex_future_is_resolved (second));
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 1);
}

static void
test_what_cannot_be_applied (HistorySession *fixture,
                             gconstpointer   data)
{
  g_autofree char              *running = history_session_make (fixture, COMFY_STATE_RUNNING, 1);
  g_autofree char              *held_id = history_session_make (fixture, COMFY_STATE_READY, 1);
  g_autofree char              *nothing = g_uuid_string_random ();
  g_autoptr(ComfyJournalEntry)  held = comfy_journal_open (fixture->other, held_id, NULL);
  g_autoptr(GError)             error = NULL;

  test_await_error (comfy_session_apply (fixture->session, running, -1), COMFY_ERROR_FAILED);
  test_await_error (comfy_session_apply (fixture->session, held_id, -1), COMFY_ERROR_FAILED);
  test_await_error (comfy_session_apply (fixture->session, nothing, -1), COMFY_ERROR_NOT_FOUND);
  test_await_error (comfy_session_apply (fixture->session, "../..", -1), COMFY_ERROR_NOT_FOUND);
  g_assert_false (comfy_session_discard (fixture->session, running, NULL, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_FAILED);
  comfy_journal_entry_release (held);
  test_await_error (comfy_session_apply (fixture->session, held_id, 1), COMFY_ERROR_NOT_FOUND);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 0);
  history_session_assert_applied (fixture, held_id, COMFY_STATE_READY, "-");
}

static void
break_picture (HistorySession *fixture,
               const char     *id,
               const char     *name)
{
  g_autofree char *path = history_dup_path (fixture->other, id, name);

  g_assert_true (g_file_set_contents (path, "broken", -1, NULL));
}

/* the image may be open in a tool, or there may be no room: nothing is noted that is not so */
static void
test_what_fails_can_be_tried_again (HistorySession *fixture,
                                    gconstpointer   data)
{
  g_autofree char *id = history_session_make (fixture, COMFY_STATE_READY, 2);
  g_autofree char *placed = history_session_make (fixture, COMFY_STATE_PLACED, 1);

  fake_host_fail (fixture->host, COMFY_ERROR_TOO_LARGE);
  test_await_error (comfy_session_apply (fixture->session, id, 0), COMFY_ERROR_TOO_LARGE);
  history_session_assert_applied (fixture, id, COMFY_STATE_READY, "--");
  history_session_restart (fixture);
  history_session_assert_applied (fixture, id, COMFY_STATE_READY, "--");
  history_session_apply (fixture, id, 0);
  history_session_assert_applied (fixture, id, COMFY_STATE_READY, "0-");

  fake_host_fail (fixture->host, COMFY_ERROR_TOO_LARGE);
  test_await_error (comfy_session_apply (fixture->session, placed, -1), COMFY_ERROR_TOO_LARGE);
  history_session_assert_applied (fixture, placed, COMFY_STATE_PLACED, "0");
}

/* what no picture can be made of goes, and leaves the others as they are */
static void
test_what_is_no_picture (HistorySession *fixture,
                         gconstpointer   data)
{
  g_autofree char             *id = history_session_make (fixture, COMFY_STATE_READY, 2);
  g_autofree char             *alone = history_session_make (fixture, COMFY_STATE_READY, 1);
  g_autoptr(ComfyHistoryItem)  gone = NULL;

  break_picture (fixture, id, "output-0.png");
  test_await_error (comfy_session_apply (fixture->session, id, 0), COMFY_ERROR_IMAGE);
  history_session_assert_applied (fixture, id, COMFY_STATE_READY, "-");
  history_session_apply (fixture, id, 0);
  g_assert_cmpstr (fake_host_get_content (fixture->host), ==, "output-1.png");
  history_session_assert_applied (fixture, id, COMFY_STATE_PLACED, "0");

  break_picture (fixture, alone, "output-0.png");
  test_await_error (comfy_session_apply (fixture->session, alone, -1), COMFY_ERROR_IMAGE);
  gone = history_session_find (fixture, alone);
  g_assert_null (gone);
  g_assert_cmpint (history_read_state (fixture->other, alone), ==, COMFY_STATE_FAILED);
}

#define ADD(name, func) \
  g_test_add ("/session-history/" name, HistorySession, NULL, history_session_set_up, func, \
              history_session_tear_down)

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

  status = g_test_run ();
  test_remove_tree (folder);

  return status;
}
