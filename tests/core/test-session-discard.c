/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist puts away, brings back, or asks for again.
 */
#include "config.h"

#include "history-session-fixture.h"
#include "test-file-keyring.h"

static void
discard_picture (HistorySession *fixture,
                 const char     *id,
                 int             picture)
{
  g_autoptr(GError)  error = NULL;
  g_autofree char   *name = g_strdup_printf ("output-%d.png", picture);

  comfy_session_discard (fixture->session, id, picture < 0 ? NULL : name, &error);
  g_assert_no_error (error);
}

static void
discard (HistorySession *fixture,
         const char     *id)
{
  g_autoptr(ComfyHistoryItem) item = NULL;

  discard_picture (fixture, id, -1);
  item = history_session_find (fixture, id);
  g_assert_null (item);
}

static void
undiscard_picture (HistorySession *fixture,
                   const char     *id,
                   int             picture)
{
  g_autoptr(GError)  error = NULL;
  g_autofree char   *name = g_strdup_printf ("output-%d.png", picture);

  comfy_session_undiscard (fixture->session, id, picture < 0 ? NULL : name, &error);
  g_assert_no_error (error);
}

static void
undiscard (HistorySession *fixture,
           const char     *id)
{
  undiscard_picture (fixture, id, -1);
}

static void
test_discarded_is_put_away (HistorySession *fixture,
                            gconstpointer   data)
{
  g_autofree char *waiting = history_session_make (fixture, COMFY_STATE_READY, 2);
  g_autofree char *placed = history_session_make (fixture, COMFY_STATE_PLACED, 2);
  g_autofree char *path = history_dup_path (fixture->other, waiting, "output-0.png");
  g_auto(GStrv)    orphans = NULL;
  g_auto(GStrv)    kept = NULL;

  history_session_apply (fixture, waiting, 1);
  discard (fixture, waiting);
  discard (fixture, placed);
  history_session_restart (fixture);
  g_assert_null (history_session_find (fixture, waiting));
  g_assert_null (history_session_find (fixture, placed));
  orphans = comfy_journal_list_orphans (fixture->other);
  kept = comfy_journal_list_kept (fixture->other);
  g_assert_cmpuint (g_strv_length (orphans), ==, 0);
  g_assert_cmpuint (g_strv_length (kept), ==, 0);

  /* it stays for as long as anything that is done, and can be brought back so long */
  comfy_journal_sweep (fixture->other, 30);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  undiscard (fixture, waiting);
  undiscard (fixture, placed);
  history_session_assert_applied (fixture, waiting, COMFY_STATE_READY, "-1");
  history_session_assert_applied (fixture, placed, COMFY_STATE_PLACED, "01");

  discard (fixture, waiting);
  comfy_journal_delete_finished (fixture->other);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  {
    g_autoptr(GError) error = NULL;

    g_assert_false (comfy_session_undiscard (fixture->session, waiting, NULL, &error));
    g_assert_error (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND);
  }
}

/* the others stay, and what waited for the artist's word does until he has said it of each */
static void
test_one_of_several_is_discarded (HistorySession *fixture,
                                  gconstpointer   data)
{
  g_autofree char *waiting = history_session_make (fixture, COMFY_STATE_READY, 3);
  g_autofree char *placed = history_session_make (fixture, COMFY_STATE_PLACED, 2);

  discard_picture (fixture, waiting, 1);
  history_session_restart (fixture);
  history_session_assert_applied (fixture, waiting, COMFY_STATE_READY, "-x-");
  history_session_apply (fixture, waiting, 0);
  discard_picture (fixture, waiting, 2);
  history_session_assert_applied (fixture, waiting, COMFY_STATE_PLACED, "0xx");
  undiscard_picture (fixture, waiting, 2);
  history_session_assert_applied (fixture, waiting, COMFY_STATE_READY, "0x-");
  /* all: but for what was discarded */
  history_session_apply (fixture, waiting, -1);
  history_session_assert_applied (fixture, waiting, COMFY_STATE_PLACED, "0x2");

  discard_picture (fixture, placed, 0);
  history_session_assert_applied (fixture, placed, COMFY_STATE_PLACED, "x1");
  discard_picture (fixture, placed, 1);
  g_assert_null (history_session_find (fixture, placed));
  undiscard_picture (fixture, placed, 1);
  history_session_assert_applied (fixture, placed, COMFY_STATE_PLACED, "x1");
  {
    g_autoptr(GError) error = NULL;

    g_assert_false (comfy_session_discard (fixture->session, placed, "output-2.png", &error));
    g_assert_error (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND);
  }
}

/* a picture that no image takes is none any more, and the others are still what they were */
static void
test_none_of_the_others (HistorySession *fixture,
                         gconstpointer   data)
{
  g_autofree char *id = history_session_make (fixture, COMFY_STATE_READY, 2);
  g_autofree char *path = history_dup_path (fixture->other, id, "output-0.png");

  discard_picture (fixture, id, 1);
  g_assert_true (g_file_set_contents (path, "broken", -1, NULL));
  test_await_error (comfy_session_apply (fixture->session, id, 0), COMFY_ERROR_IMAGE);
  g_assert_null (history_session_find (fixture, id));
  undiscard_picture (fixture, id, 1);
  history_session_assert_applied (fixture, id, COMFY_STATE_READY, "-");
}

/* by Place Again, of what has ended */
static void
test_discarded_can_be_placed (HistorySession *fixture,
                              gconstpointer   data)
{
  g_autofree char *id = history_session_make (fixture, COMFY_STATE_PLACED, 2);

  discard (fixture, id);
  history_session_apply (fixture, id, -1);
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 2);
}

/* What was said of each of a job's pictures, as simple as it can be */
#define N_PICTURES 4
#define ALL        ((1U << N_PICTURES) - 1)

typedef struct
{
  unsigned int applied;   /* bits */
  unsigned int discarded; /* bits */
} Model;

static void
assert_as (HistorySession *fixture,
           const char     *id,
           const Model    *model)
{
  char       expected[N_PICTURES + 1] = { 0 };
  ComfyState state = (model->applied | model->discarded) == ALL ? COMFY_STATE_PLACED
                                                               : COMFY_STATE_READY;

  if (model->discarded == ALL)
    {
      g_assert_null (history_session_find (fixture, id));
      return;
    }

  for (int i = 0; i < N_PICTURES; i++)
    {
      expected[i] = (model->applied & 1U << i) != 0 ? (char) ('0' + i) : '-';
      if ((model->discarded & 1U << i) != 0)
        expected[i] = 'x';
    }
  history_session_assert_applied (fixture, id, state, expected);
}

static void
do_something (HistorySession *fixture,
              const char     *id,
              Model          *model)
{
  int          picture = g_test_rand_int_range (0, N_PICTURES);
  unsigned int bit = 1U << picture;

  if ((model->discarded & bit) != 0)
    {
      undiscard_picture (fixture, id, picture);
      model->discarded &= ~bit;
    }
  else if (g_test_rand_int_range (0, 3) > 0)
    {
      discard_picture (fixture, id, picture);
      model->discarded |= bit;
    }
  else if (g_test_rand_bit ())
    {
      history_session_apply (fixture, id, picture);
      model->applied |= bit;
    }
  else
    {
      history_session_apply (fixture, id, -1);
      model->applied |= ALL & ~model->discarded;
    }
}

static void
test_any_order (HistorySession *fixture,
                gconstpointer   data)
{
  for (unsigned int run = 0; run < 6; run++)
    {
      ComfyState       state = g_test_rand_bit () ? COMFY_STATE_READY : COMFY_STATE_PLACED;
      g_autofree char *id = history_session_make (fixture, state, N_PICTURES);
      Model            model = { .applied = state == COMFY_STATE_PLACED ? ALL : 0 };

      for (unsigned int i = 0; i < 25; i++)
        {
          do_something (fixture, id, &model);
          if (g_test_rand_int_range (0, 4) == 0)
            history_session_restart (fixture);
          assert_as (fixture, id, &model);
        }
    }
}

/* what waits is not finished, and is never swept */
static void
test_what_waits_stays (HistorySession *fixture,
                       gconstpointer   data)
{
  g_autofree char *id = history_session_make (fixture, COMFY_STATE_READY, 2);

  history_session_apply (fixture, id, 0);
  comfy_journal_sweep (fixture->other, 0);
  comfy_journal_delete_finished (fixture->other);
  history_session_assert_applied (fixture, id, COMFY_STATE_READY, "0-");
}

/* a text that came with the pictures is another thing than they */
static void
test_texts_are_not_discarded (HistorySession *fixture,
                              gconstpointer   data)
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
test_discarded_leaves_the_scheduler (HistorySession *fixture,
                                     gconstpointer   data)
{
  GListModel          *jobs = G_LIST_MODEL (comfy_session_get_scheduler (fixture->session));
  g_autofree char     *id = history_session_make (fixture, COMFY_STATE_READY, 1);
  g_autoptr(ComfyJob)  job = NULL;

  comfy_settings_set_place_at_once (comfy_session_get_settings (fixture->session), FALSE);
  job = history_session_run_job (fixture, id);
  discard (fixture, id);
  g_assert_cmpuint (g_list_model_get_n_items (jobs), ==, 0);

  /* although somebody still has the object */
  undiscard (fixture, id);
  history_session_assert_applied (fixture, id, COMFY_STATE_READY, "-");
}

static gboolean
is_applied (gpointer data)
{
  HistorySession                     *fixture = data;
  g_autoptr(ComfyHistoryItem)  item = NULL;

  item = g_list_model_get_item (G_LIST_MODEL (fixture->history), 0);

  return item != NULL && comfy_history_item_is_applied (item, 1);
}

static gboolean
is_empty (gpointer data)
{
  return g_list_model_get_n_items (G_LIST_MODEL (((HistorySession *) data)->history)) == 0;
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
test_the_history_follows (HistorySession *fixture,
                          gconstpointer   data)
{
  ComfyJournal    *journal = comfy_session_get_journal (fixture->session);
  g_autofree char *id = history_session_make (fixture, COMFY_STATE_PLACED, 1);
  g_autofree char *other = NULL;
  unsigned int     n_told = 0;
  gulong           handler = g_signal_connect_swapped (journal, "changed", G_CALLBACK (count_cb),
                                                       &n_told);

  {
    g_autoptr(ComfyHistoryItem) item = history_session_find (fixture, id);

    g_assert_nonnull (item);
  }
  comfy_session_discard (fixture->session, id, NULL, NULL);
  g_assert_cmpuint (n_told, ==, 1);
  wait_for (is_empty, fixture);
  undiscard (fixture, id);
  g_assert_cmpuint (n_told, ==, 2);
  discard (fixture, id);

  other = history_session_make (fixture, COMFY_STATE_READY, 3);
  history_session_apply (fixture, other, 1);
  g_assert_cmpuint (n_told, ==, 4);
  wait_for (is_applied, fixture);
  fake_host_fail (fixture->host, COMFY_ERROR_TOO_LARGE);
  test_await_error (comfy_session_apply (fixture->session, other, 0), COMFY_ERROR_TOO_LARGE);
  g_assert_cmpuint (n_told, ==, 5);
  g_signal_handler_disconnect (journal, handler);
}

static ComfyProfile *
add_key (HistorySession *fixture)
{
  ComfyProfileStore           *profiles = comfy_session_get_profiles (fixture->session);
  ComfyEndpoint               *endpoint;
  g_autoptr(ComfyCredentials)  credentials = NULL;

  endpoint = comfy_profile_store_find_endpoint (profiles, COMFY_ENDPOINT_PRODUCTION);
  credentials = test_make_credentials ("aaaa", comfy_endpoint_get_origin (endpoint));

  return test_await_object (comfy_profile_store_add (profiles, "Key", endpoint, credentials, NULL));
}

static unsigned int
count_folders (HistorySession *fixture)
{
  g_autoptr(GDir) dir = g_dir_open (comfy_journal_get_folder (fixture->other), 0, NULL);
  unsigned int    n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* everything is as it was, but for the seed and the key; nothing is asked of the editor */
static void
test_again_with_a_new_seed (HistorySession *fixture,
                            gconstpointer   data)
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
test_not_again (HistorySession *fixture,
                gconstpointer   data)
{
  g_autofree char         *id = history_session_make (fixture, COMFY_STATE_PLACED, 1);
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

#define ADD(name, func) \
  g_test_add ("/session-discard/" name, HistorySession, NULL, history_session_set_up, func, \
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

  ADD ("discarded-is-put-away", test_discarded_is_put_away);
  ADD ("one-of-several-is-discarded", test_one_of_several_is_discarded);
  ADD ("none-of-the-others", test_none_of_the_others);
  ADD ("discarded-can-be-placed", test_discarded_can_be_placed);
  ADD ("any-order", test_any_order);
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
