/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-history-private.h"
#include "history-fixture.h"
#include "test-future.h"

#define IMAGE_MARK "5d3a7f6e-0000-4000-8000-000000000001"

typedef struct
{
  char         *folder;
  ComfyJournal *journal;
  ComfyJournal *other;   /* the same, of another process */
  ComfyHistory *history;
  unsigned int  n_changes;
} Fixture;

static void
items_changed_cb (Fixture *fixture)
{
  fixture->n_changes++;
}

static void
open_history (Fixture *fixture)
{
  fixture->history = comfy_history_new (fixture->journal, NULL);
  g_signal_connect_swapped (fixture->history, "items-changed", G_CALLBACK (items_changed_cb),
                            fixture);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("comfy-history-XXXXXX", NULL);
  fixture->journal = comfy_journal_new (fixture->folder);
  fixture->other = comfy_journal_new (fixture->folder);
  open_history (fixture);
}

static void
settle (Fixture *fixture)
{
  test_await_true (_comfy_history_follow (fixture->history));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  settle (fixture);
  g_assert_finalize_object (fixture->history);
  g_assert_finalize_object (fixture->journal);
  g_assert_finalize_object (fixture->other);
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

static unsigned int
count (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->history));
}

/* the ids as they are listed; ends with NULL */
static void
assert_ids (Fixture *fixture,
            ...)
{
  va_list      ids;
  const char  *id;
  unsigned int n = 0;

  va_start (ids, fixture);
  while ((id = va_arg (ids, const char *)) != NULL)
    {
      g_autoptr(ComfyHistoryItem) item = NULL;

      item = g_list_model_get_item (G_LIST_MODEL (fixture->history), n++);
      g_assert_nonnull (item);
      g_assert_cmpstr (comfy_history_item_get_id (item), ==, id);
    }
  va_end (ids);
  g_assert_cmpuint (count (fixture), ==, n);
}

static char *
make (Fixture    *fixture,
      ComfyState  state)
{
  return history_make (fixture->other, &(HistoryJob) { .state = state, .n_pictures = 2,
                                                       .prompt = "a bicycle",
                                                       .image_mark = IMAGE_MARK });
}

static void
test_lists_what_can_be_seen (Fixture       *fixture,
                             gconstpointer  data)
{
  for (ComfyState state = COMFY_STATE_NEW; state < COMFY_N_STATES; state++)
    {
      g_autofree char *id = make (fixture, state);
    }
  {
    g_autofree char *text = history_make (fixture->other,
                                          &(HistoryJob) { .state = COMFY_STATE_PLACED,
                                                          .with_text = TRUE });
  }
  settle (fixture);
  g_assert_cmpuint (count (fixture), ==, 2);
  for (unsigned int i = 0; i < 2; i++)
    {
      g_autoptr(ComfyHistoryItem)  item = NULL;
      ComfyState                   state;

      item = g_list_model_get_item (G_LIST_MODEL (fixture->history), i);
      state = comfy_history_item_get_state (item);
      g_assert_true (state == COMFY_STATE_READY || state == COMFY_STATE_PLACED);
    }
}

static void
test_tells_what_a_job_was (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autofree char             *id = history_make (fixture->other,
                                                  &(HistoryJob) { .state = COMFY_STATE_READY,
                                                                  .n_pictures = 2,
                                                                  .with_text = TRUE, .age_s = 100,
                                                                  .prompt = "a bicycle" });
  g_autofree char             *path = history_dup_path (fixture->journal, id, "output-1.png");
  g_autoptr(ComfyHistoryItem)  item = NULL;
  g_autoptr(ComfyRequest)      request = NULL;
  g_autoptr(ComfyResult)       one = NULL;
  g_autoptr(ComfyResult)       all = NULL;
  g_autoptr(GError)            error = NULL;
  gint64                       age;
  guint64                      seed;

  settle (fixture);
  item = _comfy_history_find (fixture->history, id);
  g_assert_nonnull (item);
  g_assert_cmpstr (comfy_history_item_get_title (item), ==, "Restyle");
  g_assert_cmpstr (comfy_history_item_get_prompt (item), ==, "a bicycle");
  g_assert_cmpstr (comfy_history_item_get_model (item), ==, "Z-Image");
  g_assert_cmpstr (comfy_history_item_get_action_id (item), ==, "restyle-layer");
  g_assert_cmpstr (comfy_history_item_get_group (item), ==, id);
  g_assert_true (comfy_history_item_get_seed (item, &seed));
  g_assert_cmpuint (seed, ==, 2);
  age = g_get_real_time () / G_USEC_PER_SEC - comfy_history_item_get_created (item);
  g_assert_cmpint (age, >=, 100);
  g_assert_cmpint (age, <, 200);
  g_assert_cmpint (comfy_history_item_get_placement (item)->region.crop.width, ==, 300);
  g_assert_cmpuint (g_strv_length ((char **) comfy_history_item_get_paths (item)), ==, 2);
  g_assert_cmpstr (comfy_history_item_get_paths (item)[1], ==, path);
  g_assert_false (comfy_history_item_is_applied (item, 0));
  g_assert_false (comfy_history_item_is_discarded (item, 0));

  /* the graph is read when it is asked for */
  request = comfy_history_item_read_request (item, &error);
  g_assert_no_error (error);
  g_assert_true (comfy_workflow_get_uint64 (comfy_request_get_workflow (request), "3", "seed",
                                            &seed));
  one = comfy_history_item_read_result (item, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (comfy_result_get_paths (one)[0], ==, path);
  g_assert_null (comfy_result_get_paths (one)[1]);
  g_assert_cmpstr (comfy_result_get_job_id (one), ==, id);
  all = comfy_history_item_read_result (item, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (comfy_result_get_paths (all)[1], ==, path);
  g_assert_null (comfy_history_item_read_result (item, 2, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND);
}

/* those of one request stay together, in the order they were asked for */
static void
test_the_newest_request_is_first (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autofree char *batch = g_uuid_string_random ();
  HistoryJob       job = { .state = COMFY_STATE_PLACED, .n_pictures = 1, .age_s = 300 };
  g_autofree char *oldest = history_make (fixture->other, &job);
  g_autofree char *first = NULL;
  g_autofree char *between = NULL;
  g_autofree char *second = NULL;

  job.age_s = 150;
  between = history_make (fixture->other, &job);
  job = (HistoryJob) { .state = COMFY_STATE_PLACED, .n_pictures = 1, .age_s = 100,
                       .batch_id = batch, .batch_i = 1, .batch_n = 2 };
  second = history_make (fixture->other, &job);
  job.age_s = 200;
  job.batch_i = 0;
  first = history_make (fixture->other, &job);

  settle (fixture);
  assert_ids (fixture, first, second, between, oldest, NULL);
}

static void
test_of_one_image (Fixture       *fixture,
                   gconstpointer  data)
{
  HistoryJob       job = { .state = COMFY_STATE_PLACED, .n_pictures = 1, .age_s = 1,
                           .image_mark = IMAGE_MARK };
  g_autofree char *by_mark = history_make (fixture->other, &job);
  g_autofree char *by_file = NULL;
  g_autofree char *elsewhere = NULL;
  g_autofree char *nowhere = NULL;

  job = (HistoryJob) { .state = COMFY_STATE_PLACED, .n_pictures = 1, .age_s = 2,
                       .image_file = "/home/a/b.xcf" };
  by_file = history_make (fixture->other, &job);
  job.age_s = 3;
  job.image_file = "/home/a/c.xcf";
  elsewhere = history_make (fixture->other, &job);
  job.age_s = 4;
  job.image_file = NULL;
  nowhere = history_make (fixture->other, &job);

  settle (fixture);
  assert_ids (fixture, by_mark, by_file, elsewhere, nowhere, NULL);
  comfy_history_set_image (fixture->history, IMAGE_MARK, "/home/a/b.xcf");
  assert_ids (fixture, by_mark, by_file, NULL);
  g_assert_null (_comfy_history_find (fixture->history, elsewhere));
  comfy_history_set_image (fixture->history, IMAGE_MARK, NULL);
  assert_ids (fixture, by_mark, NULL);
  comfy_history_set_image (fixture->history, NULL, "/home/a/c.xcf");
  assert_ids (fixture, elsewhere, NULL);
  comfy_history_set_image (fixture->history, NULL, NULL);
  assert_ids (fixture, by_mark, by_file, elsewhere, nowhere, NULL);
}

static gboolean
has_one (gpointer data)
{
  return g_list_model_get_n_items (data) == 1;
}

static gboolean
has_none (gpointer data)
{
  return g_list_model_get_n_items (data) == 0;
}

static void
wait_for (gboolean (*condition) (gpointer data),
          gpointer   data)
{
  while (!condition (data))
    g_main_context_iteration (NULL, TRUE);
}

/* nobody calls comfy_history_refresh() here */
static void
test_follows_other_processes (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autofree char *id = NULL;
  g_autofree char *folder = NULL;

  settle (fixture);
  id = make (fixture, COMFY_STATE_RUNNING);
  settle (fixture);
  g_assert_cmpuint (count (fixture), ==, 0);

  history_set_state (fixture->other, id, COMFY_STATE_READY);
  wait_for (has_one, fixture->history);
  history_set_state (fixture->other, id, COMFY_STATE_CANCELLED);
  wait_for (has_none, fixture->history);

  g_free (id);
  id = make (fixture, COMFY_STATE_PLACED);
  wait_for (has_one, fixture->history);
  folder = history_dup_path (fixture->journal, id, NULL);
  test_remove_tree (folder);
  wait_for (has_none, fixture->history);
}

static void
changed_cb (gboolean *changed)
{
  *changed = TRUE;
}

/* a job that changes stays the same object at the same place, so that a view keeps its selection */
static void
test_an_item_changes_in_its_place (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autofree char             *id = make (fixture, COMFY_STATE_READY);
  g_autoptr(ComfyHistoryItem)  item = NULL;
  g_autoptr(ComfyHistoryItem)  same = NULL;
  gboolean                     changed = FALSE;
  unsigned int                 n_changes;

  settle (fixture);
  item = _comfy_history_find (fixture->history, id);
  g_signal_connect_swapped (item, "changed", G_CALLBACK (changed_cb), &changed);
  n_changes = fixture->n_changes;
  settle (fixture);
  g_assert_false (changed);

  history_set_state (fixture->other, id, COMFY_STATE_PLACED);
  settle (fixture);
  g_assert_true (changed);
  same = _comfy_history_find (fixture->history, id);
  g_assert_true (same == item);
  g_assert_cmpuint (fixture->n_changes, ==, n_changes);
  g_assert_cmpint (comfy_history_item_get_state (item), ==, COMFY_STATE_PLACED);
  g_assert_true (comfy_history_item_is_applied (item, 0));
  g_assert_true (comfy_history_item_is_applied (item, 1));
}

static void
test_what_is_damaged_is_skipped (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autofree char *good = make (fixture, COMFY_STATE_PLACED);
  g_autofree char *record = make (fixture, COMFY_STATE_PLACED);
  g_autofree char *request = make (fixture, COMFY_STATE_PLACED);
  g_autofree char *no_record = make (fixture, COMFY_STATE_PLACED);
  g_autofree char *path = history_dup_path (fixture->journal, no_record, "job.json");

  history_damage (fixture->journal, record, "job.json");
  history_damage (fixture->journal, request, "request.json");
  g_assert_no_errno (g_remove (path));
  settle (fixture);
  assert_ids (fixture, good, NULL);

  /* nor is what was good before and is damaged now shown as it was */
  history_damage (fixture->journal, good, "job.json");
  settle (fixture);
  g_assert_cmpuint (count (fixture), ==, 0);
}

/* the lock of a job is its owner's: reading does not take it, and does not need it */
static void
test_a_job_that_is_held_is_listed (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autofree char              *id = make (fixture, COMFY_STATE_READY);
  g_autoptr(ComfyJournalEntry)  held = comfy_journal_open (fixture->other, id, NULL);

  g_assert_nonnull (held);
  settle (fixture);
  assert_ids (fixture, id, NULL);
}

/* a job that is on another disk's time, or a name that is none of ours */
static void
test_only_jobs_are_looked_at (Fixture       *fixture,
                              gconstpointer  data)
{
  static const char * const names[] = { ".staging-abcdef", "notes", "..data" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *id = make (fixture, COMFY_STATE_PLACED);
      g_autofree char *from = history_dup_path (fixture->journal, id, NULL);
      g_autofree char *to = history_dup_path (fixture->journal, names[i], NULL);

      g_assert_no_errno (g_rename (from, to));
    }
  settle (fixture);
  g_assert_cmpuint (count (fixture), ==, 0);
}

/* What was asked, which never changes, is not read with each change of how it stands; nor that,
 * when nothing tells that it has changed. */
static void
test_each_job_is_read_once (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char             *id = make (fixture, COMFY_STATE_PLACED);
  g_autofree char             *path = history_dup_path (fixture->journal, id, "job.json");
  g_autofree char             *text = NULL;
  g_autoptr(ComfyHistoryItem)  item = NULL;

  settle (fixture);
  history_damage (fixture->journal, id, "request.json");
  history_exchange_unseen (path, "placed", "failed");
  settle (fixture);
  assert_ids (fixture, id, NULL);

  history_exchange_unseen (path, "failed", "placed");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  memcpy (strstr (text, "\"placed\""), "\"ready\" ", strlen ("\"placed\""));
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  settle (fixture);
  item = _comfy_history_find (fixture->history, id);
  g_assert_cmpint (comfy_history_item_get_state (item), ==, COMFY_STATE_READY);
}

static void
test_hundreds_of_jobs (Fixture       *fixture,
                       gconstpointer  data)
{
  for (unsigned int i = 0; i < 500; i++)
    history_make_bare (fixture->journal);

  /* they come all at once: a view is not built 500 times */
  settle (fixture);
  g_assert_cmpuint (count (fixture), ==, 500);
  g_assert_cmpuint (fixture->n_changes, <=, 2);
}

/* while the disk is looked at */
static void
test_can_be_closed_at_any_time (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autofree char      *id = make (fixture, COMFY_STATE_PLACED);
  g_autoptr(DexFuture)  future = _comfy_history_follow (fixture->history);

  g_assert_true (comfy_history_is_busy (fixture->history));
  g_assert_finalize_object (fixture->history);
  test_await_error (g_steal_pointer (&future), COMFY_ERROR_CANCELLED);
  open_history (fixture);
  settle (fixture);
  assert_ids (fixture, id, NULL);
}

#define ADD(name, func) g_test_add ("/history/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("lists-what-can-be-seen", test_lists_what_can_be_seen);
  ADD ("tells-what-a-job-was", test_tells_what_a_job_was);
  ADD ("the-newest-request-is-first", test_the_newest_request_is_first);
  ADD ("of-one-image", test_of_one_image);
  ADD ("follows-other-processes", test_follows_other_processes);
  ADD ("an-item-changes-in-its-place", test_an_item_changes_in_its_place);
  ADD ("what-is-damaged-is-skipped", test_what_is_damaged_is_skipped);
  ADD ("a-job-that-is-held-is-listed", test_a_job_that_is_held_is_listed);
  ADD ("only-jobs-are-looked-at", test_only_jobs_are_looked_at);
  ADD ("each-job-is-read-once", test_each_job_is_read_once);
  ADD ("hundreds-of-jobs", test_hundreds_of_jobs);
  ADD ("can-be-closed-at-any-time", test_can_be_closed_at_any_time);

  return g_test_run ();
}
