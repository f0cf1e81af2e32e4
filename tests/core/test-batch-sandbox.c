/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole batches against the sandbox. Its ledger judges: each job is begun once, whatever becomes of
 * the others, and of the process in the middle of it.
 */
#include "config.h"

#include <string.h>

#include "comfy-batch-list.h"
#include "comfy-job-private.h"
#include "comfy-sandbox.h"
#include "comfy-session.h"
#include "fake-host.h"
#include "test-future.h"

#define N      4
#define CHILD  "--begin-a-batch"

static const ComfyPace quick = {
  .search_gap_ms = 10, .poll_first_ms = 5, .poll_last_ms = 20, .silence_ms = 200,
  .retry_first_ms = 10, .retry_last_ms = 20, .tick_ms = 20, .tidy_ms = 5000,
};

typedef struct
{
  ComfySandbox   *sandbox;
  FakeHost       *host;
  ComfySession   *session;
  ComfyBatchList *batches;
} Fixture;

static char *
make_key (void)
{
  return g_strconcat ("comfyui-", "0123456789abcdef", "0123456789ab", "abcd", NULL);
}

static ComfySession *
open_session (FakeHost   *host,
              const char *url)
{
  g_autofree char *key = make_key ();

  g_setenv ("COMFY_API_KEY", key, TRUE);
  g_setenv ("COMFY_BASE_URL", url, TRUE);

  return comfy_session_new (COMFY_HOST (host));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char     *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "nodes.json",
                                                 NULL);
  ComfySandboxOptions  options = { .nodes_path = nodes, .job_ms = 5 };
  g_autofree char     *key = make_key ();
  g_autoptr(GError)    error = NULL;

  test_allow_lost_clients ();
  fixture->sandbox = comfy_sandbox_new (&options, &error);
  g_assert_no_error (error);
  comfy_sandbox_add_key (fixture->sandbox, key, "ann@example.org", 1000000000, "creator");
  fixture->host = fake_host_new ();
  fixture->session = open_session (fixture->host, comfy_sandbox_get_v1_url (fixture->sandbox));
  fixture->batches = comfy_batch_list_new (comfy_session_get_scheduler (fixture->session));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  test_remove_tree (comfy_journal_get_folder (comfy_session_get_journal (fixture->session)));
  g_object_unref (fixture->batches);
  g_object_unref (fixture->session);
  g_object_unref (fixture->host);
  comfy_sandbox_free (fixture->sandbox);
}

/* (transfer full): ids of jobs that nobody runs */
static ComfyPrepared *
prepare (ComfySession *session,
         unsigned int  n)
{
  const char              *data = g_getenv ("COMFY_TEST_DATA_DIR");
  g_autofree char         *graph = g_build_filename (data, "actions", "generate-image.json", NULL);
  g_autofree char         *sidecar = g_build_filename (data, "actions", "generate-image.gimp.json",
                                                       NULL);
  g_autoptr(ComfyAction)   action = comfy_action_new_from_files (graph, sidecar, NULL);
  g_autoptr(ComfyForm)     form = comfy_form_new (action);
  g_autoptr(ComfyBatch)    batch = comfy_batch_new_seeds (41, n);
  g_autoptr(DexFuture)     future = NULL;
  g_autoptr(GError)        error = NULL;
  const GValue            *value;

  comfy_form_set_value (form, "prompt", g_variant_new_string ("a red bicycle"));
  comfy_form_set_value (form, "size", g_variant_new ("(ii)", 256, 256));
  future = test_settle (comfy_session_prepare_batch (session, form, batch, -1, NULL));
  value = dex_future_get_value (future, &error);
  g_assert_no_error (error);

  return g_value_dup_boxed (value);
}

static void
start (ComfySession       *session,
       const char * const *ids)
{
  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      g_autoptr(GError)   error = NULL;
      g_autoptr(ComfyJob) job = comfy_session_open_job (session, ids[i], &error);

      g_assert_no_error (error);
      _comfy_job_set_pace (job, &quick);
      comfy_scheduler_add (comfy_session_get_scheduler (session), job);
    }
}

static void
run_to_the_end (Fixture *fixture)
{
  ComfyScheduler *scheduler = comfy_session_get_scheduler (fixture->session);

  while (comfy_scheduler_get_n_active (scheduler) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static unsigned int
count_begun (Fixture *fixture)
{
  return comfy_sandbox_count (fixture->sandbox, "job", NULL, NULL);
}

static void
assert_summary (Fixture    *fixture,
                const char *text)
{
  g_autoptr(ComfyBatchSummary) summary = g_list_model_get_item (G_LIST_MODEL (fixture->batches), 0);
  g_autofree char             *said = comfy_batch_summary_dup_text (summary);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->batches)), ==, 1);
  g_assert_cmpstr (said, ==, text);
}

static void
test_each_job_is_begun_once (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(ComfyPrepared) prepared = prepare (fixture->session, N);

  start (fixture->session, (const char * const *) prepared->ids);
  assert_summary (fixture, "Batch “Generate Image”: 0 of 4 done");
  run_to_the_end (fixture);
  assert_summary (fixture, "Batch “Generate Image”: 4 of 4 done");
  g_assert_cmpuint (count_begun (fixture), ==, N);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, N);
}

/* asked for again, it takes the place of the one that failed */
static void
test_one_that_fails_does_not_stop_the_others (Fixture       *fixture,
                                              gconstpointer  data)
{
  g_autoptr(ComfyPrepared)      prepared = prepare (fixture->session, N);
  g_autoptr(ComfyBatchSummary)  summary = NULL;
  g_autoptr(GPtrArray)          jobs = NULL;
  g_autofree char              *again = NULL;
  const char                   *ids[] = { NULL, NULL };

  g_assert_true (comfy_sandbox_control (fixture->sandbox, "fail",
                                        "{ \"message\": \"Out of memory\" }"));
  start (fixture->session, (const char * const *) prepared->ids);
  run_to_the_end (fixture);
  assert_summary (fixture, "Batch “Generate Image”: 3 of 4 done, 1 failed");
  g_assert_cmpuint (count_begun (fixture), ==, N);

  summary = g_list_model_get_item (G_LIST_MODEL (fixture->batches), 0);
  g_assert_false (comfy_batch_summary_is_active (summary));
  jobs = comfy_batch_list_dup_jobs (fixture->batches, summary);
  for (unsigned int i = 0; i < jobs->len; i++)
    if (comfy_job_get_state (g_ptr_array_index (jobs, i)) == COMFY_STATE_FAILED)
      again = comfy_session_repeat (fixture->session, g_ptr_array_index (jobs, i), NULL);
  ids[0] = again;
  start (fixture->session, ids);
  run_to_the_end (fixture);
  assert_summary (fixture, "Batch “Generate Image”: 4 of 4 done");
  g_assert_cmpuint (count_begun (fixture), ==, N + 1);
}

static void
test_no_more_at_once_than_the_settings_say (Fixture       *fixture,
                                            gconstpointer  data)
{
  ComfySettings            *settings = comfy_session_get_settings (fixture->session);
  g_autoptr(ComfyPrepared)  prepared = prepare (fixture->session, N);

  comfy_settings_set_max_jobs (settings, 1);
  g_assert_true (comfy_sandbox_control (fixture->sandbox, "hold", "{}"));
  start (fixture->session, (const char * const *) prepared->ids);
  while (count_begun (fixture) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count_begun (fixture), ==, 1);
  g_assert_true (comfy_sandbox_control (fixture->sandbox, "release", "{}"));
  run_to_the_end (fixture);
  g_assert_cmpuint (count_begun (fixture), ==, N);
  comfy_settings_set_max_jobs (settings, 0);
}

/* a long list does not use up what the server takes of requests */
static void
test_a_long_list_is_not_begun_at_once (Fixture       *fixture,
                                       gconstpointer  data)
{
  GListModel               *jobs = G_LIST_MODEL (comfy_session_get_scheduler (fixture->session));
  g_autoptr(ComfyPrepared)  prepared = prepare (fixture->session, 25);
  unsigned int              n_running = 0;

  start (fixture->session, (const char * const *) prepared->ids);
  for (unsigned int i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr(ComfyJob) job = g_list_model_get_item (jobs, i);

      n_running += comfy_job_is_running (job) ? 1 : 0;
    }
  g_assert_cmpuint (n_running, ==, 20);
  run_to_the_end (fixture);
  g_assert_cmpuint (count_begun (fixture), ==, 25);
}

/* those that wait are never sent */
static void
test_all_are_cancelled (Fixture       *fixture,
                        gconstpointer  data)
{
  ComfySettings                *settings = comfy_session_get_settings (fixture->session);
  g_autoptr(ComfyPrepared)      prepared = prepare (fixture->session, N);
  g_autoptr(ComfyBatchSummary)  summary = NULL;

  comfy_settings_set_max_jobs (settings, 1);
  g_assert_true (comfy_sandbox_control (fixture->sandbox, "hold", "{}"));
  start (fixture->session, (const char * const *) prepared->ids);
  while (count_begun (fixture) == 0)
    g_main_context_iteration (NULL, TRUE);

  summary = g_list_model_get_item (G_LIST_MODEL (fixture->batches), 0);
  comfy_batch_list_cancel (fixture->batches, summary);
  run_to_the_end (fixture);
  assert_summary (fixture, "Batch “Generate Image”: 0 of 4 done, 4 cancelled");
  g_assert_cmpuint (count_begun (fixture), ==, 1);
  g_assert_true (comfy_sandbox_control (fixture->sandbox, "release", "{}"));
  comfy_settings_set_max_jobs (settings, 0);
}

/* the program that is killed: it has two of the jobs begun, and waits */
G_NORETURN static void
be_the_child (const char *url)
{
  g_autoptr(FakeHost)       host = fake_host_new ();
  g_autoptr(ComfySession)   session = open_session (host, url);
  g_autoptr(ComfyPrepared)  prepared = prepare (session, N);

  comfy_settings_set_max_jobs (comfy_session_get_settings (session), 2);
  start (session, (const char * const *) prepared->ids);
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_a_kill_loses_none_and_pays_none_twice (Fixture       *fixture,
                                            gconstpointer  data)
{
  ComfyJournal           *journal = comfy_session_get_journal (fixture->session);
  g_autoptr(GSubprocess)  child = NULL;
  g_autoptr(GError)       error = NULL;
  g_auto(GStrv)           orphans = NULL;

  g_assert_true (comfy_sandbox_control (fixture->sandbox, "hold", "{}"));
  child = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, data, CHILD,
                            comfy_sandbox_get_v1_url (fixture->sandbox), NULL);
  g_assert_no_error (error);
  g_assert_true (comfy_sandbox_wait (fixture->sandbox, "job", NULL, NULL, 2, 60000));
  g_subprocess_force_exit (child);
  g_assert_true (g_subprocess_wait (child, NULL, NULL));
  g_assert_true (g_subprocess_get_if_signaled (child));
  g_assert_cmpuint (count_begun (fixture), ==, 2);

  g_assert_true (comfy_sandbox_control (fixture->sandbox, "release", "{}"));
  orphans = comfy_journal_list_orphans (journal);
  g_assert_cmpuint (g_strv_length (orphans), ==, N);
  start (fixture->session, (const char * const *) orphans);
  run_to_the_end (fixture);
  assert_summary (fixture, "Batch “Generate Image”: 4 of 4 done");
  g_assert_cmpuint (count_begun (fixture), ==, N);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, N);
}

/* an action that was saved runs without a window that has looked at its graph */
static void
test_what_a_server_refuses_is_no_job (Fixture       *fixture,
                                      gconstpointer  data)
{
  static const char        graph[] =
    "{\"1\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":0,\"height\":64,\"batch_size\":1,"
    "\"color\":0}},\"2\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"1\",0],"
    "\"filename_prefix\":\"x\"}}}";
  static const char        sidecar[] =
    "{\"version\":1,\"menu-label\":\"Blank\",\"title\":\"Blank\",\"blurb\":\"Blank\","
    "\"source\":\"none\",\"fit\":\"natural\",\"outputs\":[{\"node\":\"2\",\"outcome\":\"layers\"}]}";
  g_autoptr(GBytes)        graph_bytes = g_bytes_new_static (graph, strlen (graph));
  g_autoptr(GBytes)        sidecar_bytes = g_bytes_new_static (sidecar, strlen (sidecar));
  g_autoptr(ComfyWorkflow) workflow = comfy_workflow_new_from_bytes (graph_bytes, NULL);
  g_autoptr(GError)        error = NULL;
  g_autoptr(ComfyAction)   action = comfy_action_new_from_bytes ("blank", workflow, sidecar_bytes,
                                                                 &error);
  g_autoptr(ComfyForm)     form = NULL;

  g_assert_no_error (error);
  form = comfy_form_new (action);
  test_await_error (comfy_session_prepare (fixture->session, form, -1, NULL),
                    COMFY_ERROR_INVALID_WORKFLOW);
  g_assert_cmpuint (count_begun (fixture), ==, 0);
}

#define ADD(name, func) \
  g_test_add ("/batch-sandbox/" name, Fixture, argv[0], set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = NULL;
  int              status;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  dex_init ();
  if (argc == 3 && g_str_equal (argv[1], CHILD))
    be_the_child (argv[2]);

  folder = g_dir_make_tmp ("comfy-batch-sandbox-XXXXXX", NULL);
  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_setenv ("XDG_STATE_HOME", folder, TRUE);
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_test_init (&argc, &argv, NULL);

  ADD ("each-job-is-begun-once", test_each_job_is_begun_once);
  ADD ("one-that-fails-does-not-stop-the-others", test_one_that_fails_does_not_stop_the_others);
  ADD ("what-a-server-refuses-is-no-job", test_what_a_server_refuses_is_no_job);
  ADD ("no-more-at-once-than-the-settings-say", test_no_more_at_once_than_the_settings_say);
  ADD ("a-long-list-is-not-begun-at-once", test_a_long_list_is_not_begun_at_once);
  ADD ("all-are-cancelled", test_all_are_cancelled);
  ADD ("a-kill-loses-none-and-pays-none-twice", test_a_kill_loses_none_and_pays_none_twice);

  status = g_test_run ();
  test_remove_tree (folder);

  return status;
}
