/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "history-session-fixture.h"
#include "test-future.h"

static void
open_session (HistorySession *fixture)
{
  fixture->session = comfy_session_new (COMFY_HOST (fixture->host));
  fixture->history = comfy_history_new (comfy_session_get_journal (fixture->session),
                                        comfy_session_get_scheduler (fixture->session));
}

static void
close_session (HistorySession *fixture)
{
  test_await_true (_comfy_history_follow (fixture->history));
  g_assert_finalize_object (fixture->history);
  g_assert_finalize_object (fixture->session);
}

void
history_session_set_up (HistorySession *fixture,
                        gconstpointer   data)
{
  fixture->host = fake_host_new ();
  open_session (fixture);
  fixture->other = comfy_journal_new (
    comfy_journal_get_folder (comfy_session_get_journal (fixture->session)));
}

void
history_session_tear_down (HistorySession *fixture,
                           gconstpointer   data)
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
void
history_session_restart (HistorySession *fixture)
{
  close_session (fixture);
  open_session (fixture);
}

char *
history_session_make (HistorySession *fixture,
                      ComfyState      state,
                      unsigned int    n_pictures)
{
  return history_make (fixture->other, &(HistoryJob) { .state = state, .n_pictures = n_pictures,
                                                       .prompt = "a bicycle" });
}

void
history_session_apply (HistorySession *fixture,
                       const char     *id,
                       int             picture)
{
  g_autoptr(DexFuture) future = test_settle (comfy_session_apply (fixture->session, id, picture));
  g_autoptr(GError)    error = NULL;
  const GValue        *value = dex_future_get_value (future, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (g_variant_get_type_string (g_value_get_variant (value)), ==, "(iai)");
}

/* (transfer full) (nullable): once the history has caught up */
ComfyHistoryItem *
history_session_find (HistorySession *fixture,
                      const char     *id)
{
  test_await_true (_comfy_history_follow (fixture->history));

  return _comfy_history_find (fixture->history, id);
}

/* which pictures are in an image: "01-" of the first two of three */
void
history_session_assert_applied (HistorySession *fixture,
                                const char     *id,
                                ComfyState      state,
                                const char     *expected)
{
  g_autoptr(ComfyHistoryItem) item = history_session_find (fixture, id);
  g_autoptr(GString)          applied = g_string_new (NULL);

  g_assert_nonnull (item);
  for (unsigned int i = 0; comfy_history_item_get_paths (item)[i] != NULL; i++)
    if (comfy_history_item_is_discarded (item, i))
      g_string_append_c (applied, 'x');
    else
      g_string_append_c (applied, comfy_history_item_is_applied (item, i) ? (char) ('0' + i) : '-');
  g_assert_cmpstr (applied->str, ==, expected);
  g_assert_cmpint (comfy_history_item_get_state (item), ==, state);
}


ComfyJob *
history_session_run_job (HistorySession *fixture,
                         const char     *id)
{
  g_autoptr(GError)  error = NULL;
  ComfyJob          *job = comfy_session_open_job (fixture->session, id, &error);

  g_assert_no_error (error);
  test_await_true (comfy_scheduler_run (comfy_session_get_scheduler (fixture->session), job));

  return job;
}
