/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-scheduler-private.h"
#include "job-fixture.h"

#define N_JOBS 3

/* Three jobs, each against a cloud of its own that holds its submit back, under one scheduler */
typedef struct
{
  JobFixture      jobs[N_JOBS];
  char           *folder;
  ComfySettings  *settings;
  ComfyScheduler *scheduler;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *path = NULL;

  fixture->folder = g_dir_make_tmp ("comfy-scheduler-XXXXXX", NULL);
  path = g_build_filename (fixture->folder, "settings.ini", NULL);
  fixture->settings = comfy_settings_new (path);
  fixture->scheduler = comfy_scheduler_new (fixture->settings);
  _comfy_scheduler_set_retry (fixture->scheduler, 1);

  for (unsigned int i = 0; i < N_JOBS; i++)
    {
      job_fixture_set_up (&fixture->jobs[i], GINT_TO_POINTER (V1));
      fake_api_hold (fixture->jobs[i].api, "upload");
    }
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->scheduler);
  g_assert_finalize_object (fixture->settings);
  for (unsigned int i = 0; i < N_JOBS; i++)
    job_fixture_tear_down (&fixture->jobs[i], GINT_TO_POINTER (V1));
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

static DexFuture *
run (Fixture      *fixture,
     unsigned int  i)
{
  return comfy_scheduler_run (fixture->scheduler, fixture->jobs[i].job);
}

static gboolean
is_running (Fixture      *fixture,
            unsigned int  i)
{
  return comfy_job_is_running (fixture->jobs[i].job);
}

static void
let_go (Fixture      *fixture,
        unsigned int  i)
{
  job_fixture_wait_until_held (&fixture->jobs[i]);
  fake_api_let_go (fixture->jobs[i].api);
}

/* as a process before left it: sent, and kept by the server until then */
static void
leave_sent (Fixture      *fixture,
            unsigned int  i,
            gint64        expires_at)
{
  ComfyJournalEntry *entry = job_fixture_entry (&fixture->jobs[i]);

  comfy_journal_entry_set_remote_id (entry, "job");
  comfy_journal_entry_set_expires_at (entry, expires_at);
  comfy_journal_entry_set_state (entry, COMFY_STATE_WAITING);
  fake_api_hold (fixture->jobs[i].api, "get");
}

static void
test_what_expires_is_fetched_first (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autoptr(DexFuture) first = NULL;
  g_autoptr(DexFuture) second = NULL;
  g_autoptr(DexFuture) third = NULL;

  comfy_settings_set_max_jobs (fixture->settings, 1);
  leave_sent (fixture, 1, 2000);
  leave_sent (fixture, 2, 1000);
  first = run (fixture, 0);
  second = run (fixture, 1);
  third = run (fixture, 2);
  let_go (fixture, 0);
  first = test_settle (g_steal_pointer (&first));
  g_assert_false (is_running (fixture, 1));
  g_assert_true (is_running (fixture, 2));

  /* the order that is seen is that in which they came */
  g_assert_true (g_list_model_get_item (G_LIST_MODEL (fixture->scheduler), 1)
                 == fixture->jobs[1].job);
  g_object_unref (fixture->jobs[1].job);

  let_go (fixture, 2);
  third = test_settle (g_steal_pointer (&third));
  let_go (fixture, 1);
  second = test_settle (g_steal_pointer (&second));
}

static void
test_no_more_at_once_than_set (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr(DexFuture) first = NULL;
  g_autoptr(DexFuture) second = NULL;
  g_autoptr(DexFuture) third = NULL;

  comfy_settings_set_max_jobs (fixture->settings, 1);
  first = run (fixture, 0);
  second = run (fixture, 1);
  third = run (fixture, 2);
  g_assert_cmpuint (comfy_scheduler_get_n_active (fixture->scheduler), ==, 3);
  g_assert_true (is_running (fixture, 0));
  g_assert_false (is_running (fixture, 1));
  g_assert_nonnull (comfy_progress_get_text (comfy_job_get_progress (fixture->jobs[1].job)));

  let_go (fixture, 0);
  test_await_true (g_steal_pointer (&first));
  job_fixture_wait_until_held (&fixture->jobs[1]);
  g_assert_false (is_running (fixture, 2));
  let_go (fixture, 1);
  test_await_true (g_steal_pointer (&second));
  let_go (fixture, 2);
  test_await_true (g_steal_pointer (&third));
  g_assert_cmpuint (comfy_scheduler_get_n_active (fixture->scheduler), ==, 0);
}

static void
test_all_at_once_when_nothing_is_known (Fixture       *fixture,
                                        gconstpointer  data)
{
  for (unsigned int i = 0; i < N_JOBS; i++)
    {
      comfy_scheduler_add (fixture->scheduler, fixture->jobs[i].job);
      g_assert_true (is_running (fixture, i));
    }

  for (unsigned int i = 0; i < N_JOBS; i++)
    {
      let_go (fixture, i);
      test_await_true (run (fixture, i));
    }
}

/* Two run when the third is told that the plan is full: it runs when one of them has ended. */
static void
test_a_full_plan_teaches_the_number (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_autoptr(DexFuture) third = NULL;

  fake_api_fail (fixture->jobs[2].api, "submit", COMFY_ERROR_QUEUE_FULL, FALSE);
  comfy_scheduler_add (fixture->scheduler, fixture->jobs[0].job);
  comfy_scheduler_add (fixture->scheduler, fixture->jobs[1].job);
  third = run (fixture, 2);
  let_go (fixture, 2);
  while (is_running (fixture, 2))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (dex_future_is_pending (third));
  g_assert_cmpuint (comfy_scheduler_get_n_active (fixture->scheduler), ==, 3);

  let_go (fixture, 0);
  test_await_true (run (fixture, 0));
  test_await_true (g_steal_pointer (&third));
  g_assert_cmpuint (fake_api_get_n_jobs (fixture->jobs[2].api), ==, 1);

  let_go (fixture, 1);
  test_await_true (run (fixture, 1));
}

/* One runs when two are told to wait: they come one after the other, not both at once to be told
 * again. */
static void
test_what_was_learned_is_kept_to (Fixture       *fixture,
                                  gconstpointer  data)
{
  fake_api_fail (fixture->jobs[1].api, "submit", COMFY_ERROR_QUEUE_FULL, FALSE);
  comfy_scheduler_add (fixture->scheduler, fixture->jobs[0].job);
  comfy_scheduler_add (fixture->scheduler, fixture->jobs[1].job);
  let_go (fixture, 1);
  while (is_running (fixture, 1))
    g_main_context_iteration (NULL, TRUE);
  comfy_scheduler_add (fixture->scheduler, fixture->jobs[2].job);
  g_assert_false (is_running (fixture, 2));

  fake_api_hold (fixture->jobs[1].api, "submit");
  let_go (fixture, 0);
  job_fixture_wait_until_held (&fixture->jobs[1]);
  g_assert_false (is_running (fixture, 2));
  let_go (fixture, 1);
  let_go (fixture, 2);
  test_await_true (run (fixture, 2));
}

static void
test_a_plan_filled_by_others_is_tried_again (Fixture       *fixture,
                                             gconstpointer  data)
{
  g_autoptr(DexFuture) first = NULL;

  fake_api_fail (fixture->jobs[0].api, "submit", COMFY_ERROR_QUEUE_FULL, FALSE);
  fake_api_fail (fixture->jobs[0].api, "submit", COMFY_ERROR_QUEUE_FULL, FALSE);
  first = run (fixture, 0);
  let_go (fixture, 0);
  test_await_true (g_steal_pointer (&first));
  g_assert_cmpuint (fake_api_count (fixture->jobs[0].api, "submit"), ==, 3);
}

static void
test_a_job_that_waits_can_be_cancelled (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_autoptr(DexFuture) second = NULL;

  comfy_settings_set_max_jobs (fixture->settings, 1);
  comfy_scheduler_add (fixture->scheduler, fixture->jobs[0].job);
  second = run (fixture, 1);
  comfy_job_cancel (fixture->jobs[1].job);
  test_await_error (g_steal_pointer (&second), COMFY_ERROR_CANCELLED);
  g_assert_cmpuint (fake_api_count (fixture->jobs[1].api, "upload"), ==, 0);
  g_assert_cmpuint (comfy_scheduler_get_n_active (fixture->scheduler), ==, 1);

  let_go (fixture, 0);
  test_await_true (run (fixture, 0));
}

static void
test_more_room_starts_more (Fixture       *fixture,
                            gconstpointer  data)
{
  comfy_settings_set_max_jobs (fixture->settings, 1);
  comfy_scheduler_add (fixture->scheduler, fixture->jobs[0].job);
  comfy_scheduler_add (fixture->scheduler, fixture->jobs[1].job);
  g_assert_false (is_running (fixture, 1));
  comfy_settings_set_max_jobs (fixture->settings, 2);
  g_assert_true (is_running (fixture, 1));

  for (unsigned int i = 0; i < 2; i++)
    {
      let_go (fixture, i);
      test_await_true (run (fixture, i));
    }
}

static void
test_is_a_list_of_its_jobs (Fixture       *fixture,
                            gconstpointer  data)
{
  GListModel          *model = G_LIST_MODEL (fixture->scheduler);
  g_autoptr(ComfyJob)  job = NULL;

  fake_api_fail (fixture->jobs[0].api, "submit", COMFY_ERROR_UNAUTHORIZED, FALSE);
  comfy_scheduler_add (fixture->scheduler, fixture->jobs[0].job);
  let_go (fixture, 0);
  while (comfy_scheduler_get_n_active (fixture->scheduler) > 0)
    g_main_context_iteration (NULL, TRUE);

  /* it stopped, and stays in the list to be run again */
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 1);
  job = g_list_model_get_item (model, 0);
  g_assert_true (job == fixture->jobs[0].job);
  test_await_true (run (fixture, 0));
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 1);

  comfy_scheduler_remove (fixture->scheduler, job);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 0);
}

/* what the artist unlocked is unlocked for all; what lacks something else lacks it still */
static void
test_one_answer_lets_all_go_on (Fixture       *fixture,
                                gconstpointer  data)
{
  const ComfyError codes[] = { COMFY_ERROR_KEYRING_DISMISSED, COMFY_ERROR_KEYRING_LOCKED,
                               COMFY_ERROR_NO_CREDITS };

  for (unsigned int i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      fake_api_fail (fixture->jobs[i].api, "submit", codes[i], FALSE);
      comfy_scheduler_add (fixture->scheduler, fixture->jobs[i].job);
      let_go (fixture, i);
    }
  while (comfy_scheduler_get_n_active (fixture->scheduler) > 0)
    g_main_context_iteration (NULL, TRUE);

  comfy_scheduler_resume (fixture->scheduler, fixture->jobs[0].job);
  g_assert_cmpuint (comfy_scheduler_get_n_active (fixture->scheduler), ==, 2);
  while (comfy_scheduler_get_n_active (fixture->scheduler) > 0)
    g_main_context_iteration (NULL, TRUE);
  for (unsigned int i = 0; i < 2; i++)
    g_assert_cmpint (comfy_job_get_state (fixture->jobs[i].job), ==, COMFY_STATE_PLACED);
  g_assert_cmpint (comfy_job_get_state (fixture->jobs[2].job), ==, COMFY_STATE_NEW);
}

static void
note_cb (GListModel   *model,
         unsigned int  position,
         unsigned int  removed,
         unsigned int  added,
         GString      *changes)
{
  g_string_append_printf (changes, "%u-%u+%u ", position, removed, added);
}

/* the one that runs stays where it is */
static void
test_what_is_moved_to_the_front_is_next (Fixture       *fixture,
                                         gconstpointer  data)
{
  GListModel          *model = G_LIST_MODEL (fixture->scheduler);
  g_autoptr(DexFuture) first = NULL;
  g_autoptr(DexFuture) second = NULL;
  g_autoptr(DexFuture) third = NULL;
  g_autoptr(GString)   changes = g_string_new (NULL);
  g_autoptr(ComfyJob)  job = NULL;

  comfy_settings_set_max_jobs (fixture->settings, 1);
  first = run (fixture, 0);
  second = run (fixture, 1);
  third = run (fixture, 2);
  g_assert_false (comfy_scheduler_is_waiting (fixture->scheduler, fixture->jobs[0].job));
  g_assert_true (comfy_scheduler_is_waiting (fixture->scheduler, fixture->jobs[2].job));

  g_signal_connect (model, "items-changed", G_CALLBACK (note_cb), changes);
  comfy_scheduler_move_to_front (fixture->scheduler, fixture->jobs[0].job);
  comfy_scheduler_move_to_front (fixture->scheduler, fixture->jobs[2].job);
  comfy_scheduler_move_to_front (fixture->scheduler, fixture->jobs[2].job);
  g_assert_cmpstr (changes->str, ==, "1-2+2 ");
  job = g_list_model_get_item (model, 1);
  g_assert_true (job == fixture->jobs[2].job);

  let_go (fixture, 0);
  test_await_true (g_steal_pointer (&first));
  g_assert_true (is_running (fixture, 2));
  g_assert_false (is_running (fixture, 1));
  let_go (fixture, 2);
  test_await_true (g_steal_pointer (&third));
  let_go (fixture, 1);
  test_await_true (g_steal_pointer (&second));
  g_signal_handlers_disconnect_by_data (model, changes);
}

/* nothing that waits is begun in the place of what ends by it */
static void
test_all_are_cancelled_at_once (Fixture       *fixture,
                                gconstpointer  data)
{
  comfy_settings_set_max_jobs (fixture->settings, 1);
  for (unsigned int i = 0; i < N_JOBS; i++)
    comfy_scheduler_add (fixture->scheduler, fixture->jobs[i].job);
  job_fixture_wait_until_held (&fixture->jobs[0]);

  comfy_scheduler_cancel_all (fixture->scheduler);
  while (comfy_scheduler_get_n_active (fixture->scheduler) > 0)
    g_main_context_iteration (NULL, TRUE);

  for (unsigned int i = 0; i < N_JOBS; i++)
    {
      g_assert_cmpint (comfy_job_get_state (fixture->jobs[i].job), ==, COMFY_STATE_CANCELLED);
      g_assert_cmpuint (fake_api_count (fixture->jobs[i].api, "upload"), ==, i == 0 ? 1 : 0);
      g_assert_cmpuint (fake_api_count (fixture->jobs[i].api, "submit"), ==, 0);
    }
}

#define ADD(name, func) g_test_add ("/scheduler/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("no-more-at-once-than-set", test_no_more_at_once_than_set);
  ADD ("what-expires-is-fetched-first", test_what_expires_is_fetched_first);
  ADD ("all-at-once-when-nothing-is-known", test_all_at_once_when_nothing_is_known);
  ADD ("a-full-plan-teaches-the-number", test_a_full_plan_teaches_the_number);
  ADD ("what-was-learned-is-kept-to", test_what_was_learned_is_kept_to);
  ADD ("a-plan-filled-by-others-is-tried-again", test_a_plan_filled_by_others_is_tried_again);
  ADD ("a-job-that-waits-can-be-cancelled", test_a_job_that_waits_can_be_cancelled);
  ADD ("more-room-starts-more", test_more_room_starts_more);
  ADD ("what-is-moved-to-the-front-is-next", test_what_is_moved_to_the_front_is_next);
  ADD ("all-are-cancelled-at-once", test_all_are_cancelled_at_once);
  ADD ("one-answer-lets-all-go-on", test_one_answer_lets_all_go_on);
  ADD ("is-a-list-of-its-jobs", test_is_a_list_of_its_jobs);

  return g_test_run ();
}
