/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of an account's jobs as a model, over the sandbox.
 */
#include "config.h"

#include "comfy-record-private.h"
#include "server-jobs-fixture.h"

/* until what was asked for is answered */
static void
wait_for (ComfyServerJobs *jobs)
{
  while (comfy_server_jobs_is_loading (jobs))
    g_main_context_iteration (NULL, TRUE);
}

static void
refresh (ComfyServerJobs *jobs)
{
  comfy_server_jobs_refresh (jobs);
  wait_for (jobs);
}

static unsigned int
count (ComfyServerJobs *jobs)
{
  return g_list_model_get_n_items (G_LIST_MODEL (jobs));
}

static ComfyServerJob *
get (ComfyServerJobs *jobs,
     unsigned int     i)
{
  g_autoptr(ComfyServerJob) job = g_list_model_get_item (G_LIST_MODEL (jobs), i);

  g_assert_nonnull (job);

  return job;
}

static void
run_some (ServerJobs   *fixture,
          unsigned int  n)
{
  for (unsigned int i = 0; i < n; i++)
    {
      g_autoptr(ComfyRemoteJob) job = server_jobs_run (fixture, NULL, "other");

      g_assert_cmpint (job->status, ==, COMFY_REMOTE_SUCCEEDED);
    }
}

static void
test_pages (ServerJobs    *fixture,
            gconstpointer  data)
{
  g_autoptr(ComfyServerJobs) jobs = comfy_server_jobs_new (fixture->session);

  run_some (fixture, 22);
  g_assert_cmpuint (count (jobs), ==, 0);
  g_assert_false (comfy_server_jobs_is_current (jobs));

  refresh (jobs);
  g_assert_no_error (comfy_server_jobs_get_error (jobs));
  g_assert_true (comfy_server_jobs_is_current (jobs));
  g_assert_true (comfy_server_jobs_get_profile (jobs) == fixture->profile);
  g_assert_cmpuint (count (jobs), ==, 20);
  g_assert_true (comfy_server_jobs_has_more (jobs));
  g_assert_null (comfy_server_job_get_journal_id (get (jobs, 0)));
  g_assert_cmpuint (comfy_server_job_get_remote (get (jobs, 0))->outputs->len, ==, 1);

  /* one that is made meanwhile pushes another onto the next page: it is there once */
  run_some (fixture, 1);
  comfy_server_jobs_load_more (jobs);
  /* asking twice at a time is asking once */
  comfy_server_jobs_load_more (jobs);
  wait_for (jobs);
  g_assert_cmpuint (count (jobs), ==, 22);
  g_assert_false (comfy_server_jobs_has_more (jobs));
  g_assert_cmpuint (comfy_sandbox_count (fixture->sandbox, "request", "GET",
                                         "/developer/api/v1/jobs"), >=, 2);

  refresh (jobs);
  g_assert_cmpuint (count (jobs), ==, 20);
  g_assert_true (comfy_server_jobs_has_more (jobs));
}

/* the tag says which, and the journal whether it is still known here */
static void
test_own_jobs (ServerJobs    *fixture,
               gconstpointer  data)
{
  g_autoptr(ComfyServerJobs)    jobs = comfy_server_jobs_new (fixture->session);
  ComfyJournal                 *journal = comfy_session_get_journal (fixture->session);
  g_autoptr(ComfyRemoteJob)     remote = server_jobs_run (fixture, NULL, "other");
  g_autoptr(DexFuture)          opened = NULL;
  g_autoptr(ComfyRemoteJob)     own = NULL;
  g_autoptr(ComfyRemoteJob)     forgotten = NULL;
  g_autofree char              *unknown = g_uuid_string_random ();
  g_autofree char              *own_tag = NULL;
  g_autofree char              *unknown_tag = g_strconcat ("gimp-", unknown, NULL);
  g_auto(GStrv)                 ids = NULL;

  opened = test_settle (comfy_session_open_remote (fixture->session, fixture->profile, remote,
                                                   COMFY_OUTCOME_LAYERS, -1));
  ids = comfy_journal_list_orphans (journal);
  g_assert_cmpuint (g_strv_length (ids), ==, 1);
  own_tag = g_strconcat ("gimp-", ids[0], NULL);
  own = server_jobs_run (fixture, NULL, own_tag);
  forgotten = server_jobs_run (fixture, NULL, unknown_tag);

  refresh (jobs);
  g_assert_cmpuint (count (jobs), ==, 3);
  g_assert_null (comfy_server_job_get_journal_id (get (jobs, 0)));
  g_assert_cmpstr (comfy_server_job_get_journal_id (get (jobs, 1)), ==, ids[0]);
  g_assert_null (comfy_server_job_get_journal_id (get (jobs, 2)));
}

static void
test_error (ServerJobs    *fixture,
            gconstpointer  data)
{
  g_autoptr(ComfyServerJobs) jobs = comfy_server_jobs_new (fixture->session);

  run_some (fixture, 1);
  refresh (jobs);
  comfy_sandbox_control (fixture->sandbox, "faults",
                         "{\"kind\":\"status\",\"status\":403,\"code\":\"forbidden\","
                         "\"path\":\"/developer/api/v1/jobs\"}");
  refresh (jobs);
  g_assert_error (comfy_server_jobs_get_error (jobs), COMFY_ERROR, COMFY_ERROR_FORBIDDEN);
  /* what was there is still to be seen */
  g_assert_cmpuint (count (jobs), ==, 1);

  refresh (jobs);
  g_assert_no_error (comfy_server_jobs_get_error (jobs));
  g_assert_cmpuint (count (jobs), ==, 1);
}

static void
test_no_list (ServerJobs    *fixture,
              gconstpointer  data)
{
  g_autoptr(ComfyServerJobs) jobs = comfy_server_jobs_new (fixture->session);

  comfy_settings_set_protocol (comfy_session_get_settings (fixture->session), "v2");
  refresh (jobs);
  g_assert_error (comfy_server_jobs_get_error (jobs), COMFY_ERROR, COMFY_ERROR_NOT_SUPPORTED);
  g_assert_cmpuint (count (jobs), ==, 0);
  g_assert_false (comfy_server_jobs_can_delete (jobs));
  comfy_settings_set_protocol (comfy_session_get_settings (fixture->session), "auto");
}

static void
test_no_key (ServerJobs    *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyServerJobs) jobs = comfy_server_jobs_new (fixture->session);

  run_some (fixture, 1);
  refresh (jobs);
  g_assert_cmpuint (count (jobs), ==, 1);

  /* nobody is shown what belongs to a key that is gone */
  test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                               fixture->profile));
  g_assert_false (comfy_server_jobs_is_current (jobs));
  refresh (jobs);
  g_assert_error (comfy_server_jobs_get_error (jobs), COMFY_ERROR, COMFY_ERROR_NO_KEY);
  g_assert_cmpuint (count (jobs), ==, 0);
  g_assert_null (comfy_server_jobs_get_profile (jobs));
}

/* by the ledger, and by what the list says then */
static void
test_delete (ServerJobs    *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyServerJobs)  jobs = comfy_server_jobs_new (fixture->session);
  ComfyRemoteJob             *remote;

  run_some (fixture, 2);
  refresh (jobs);
  g_assert_true (comfy_server_jobs_can_delete (jobs));
  test_await_true (comfy_server_jobs_delete_outputs (jobs, get (jobs, 1)));

  g_assert_cmpuint (comfy_sandbox_count (fixture->sandbox, "request", "DELETE",
                                         "/developer/api/v1/outputs/"), ==, 1);
  remote = comfy_server_job_get_remote (get (jobs, 1));
  g_assert_true (remote->tells_outputs);
  g_assert_cmpuint (remote->outputs->len, ==, 0);
  g_assert_cmpuint (comfy_server_job_get_remote (get (jobs, 0))->outputs->len, ==, 1);

  /* what is gone already is no trouble */
  test_await_true (comfy_server_jobs_delete_outputs (jobs, get (jobs, 1)));
}

/* what is still to come to this computer is not deleted, whatever an older list offers */
static void
test_delete_unfetched (ServerJobs    *fixture,
                       gconstpointer  data)
{
  g_autoptr(ComfyServerJobs)  jobs = comfy_server_jobs_new (fixture->session);
  ComfyJournal               *journal = comfy_session_get_journal (fixture->session);
  g_autofree char            *id = g_uuid_string_random ();
  g_autofree char            *tag = g_strconcat ("gimp-", id, NULL);
  g_autofree char            *folder = g_build_filename (comfy_journal_get_folder (journal), id,
                                                         NULL);
  g_autofree char            *path = g_build_filename (folder, "job.json", NULL);
  g_autoptr(ComfyRecord)      record = _comfy_record_new (g_get_real_time () / G_USEC_PER_SEC);
  g_autoptr(ComfyRemoteJob)   remote = server_jobs_run (fixture, NULL, tag);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  for (ComfyState state = COMFY_STATE_SUBMITTING; state <= COMFY_STATE_DOWNLOADING; state++)
    {
      record->state = state;
      g_assert_true (_comfy_record_save (record, folder, NULL));
      refresh (jobs);
      test_await_error (comfy_server_jobs_delete_outputs (jobs, get (jobs, 0)),
                        COMFY_ERROR_FAILED);
    }
  /* nobody knows what it was */
  g_assert_true (g_file_set_contents (path, "{", -1, NULL));
  test_await_error (comfy_server_jobs_delete_outputs (jobs, get (jobs, 0)), COMFY_ERROR_FAILED);
  g_assert_cmpuint (comfy_sandbox_count (fixture->sandbox, "request", "DELETE",
                                         "/developer/api/v1/outputs/"), ==, 0);

  record->state = COMFY_STATE_READY;
  g_assert_true (_comfy_record_save (record, folder, NULL));
  test_await_true (comfy_server_jobs_delete_outputs (jobs, get (jobs, 0)));
}

/* and what another program made is being fetched */
static void
test_delete_while_fetched (ServerJobs    *fixture,
                           gconstpointer  data)
{
  g_autoptr(ComfyServerJobs)  jobs = comfy_server_jobs_new (fixture->session);
  ComfyScheduler             *scheduler = comfy_session_get_scheduler (fixture->session);
  g_autoptr(ComfyRemoteJob)   remote = server_jobs_run (fixture, NULL, "other");
  g_autoptr(DexFuture)        opened = NULL;
  g_autoptr(ComfyJob)         job = NULL;
  const char                 *id;

  opened = test_settle (comfy_session_open_remote (fixture->session, fixture->profile, remote,
                                                   COMFY_OUTCOME_LAYERS, -1));
  id = g_value_get_string (dex_future_get_value (opened, NULL));
  refresh (jobs);
  test_await_error (comfy_server_jobs_delete_outputs (jobs, get (jobs, 0)), COMFY_ERROR_FAILED);
  job = comfy_session_open_job (fixture->session, id, NULL);
  comfy_scheduler_add (scheduler, job);
  test_await_error (comfy_server_jobs_delete_outputs (jobs, get (jobs, 0)), COMFY_ERROR_FAILED);
  while (comfy_scheduler_get_n_active (scheduler) > 0)
    g_main_context_iteration (NULL, TRUE);
  test_await_true (comfy_server_jobs_delete_outputs (jobs, get (jobs, 0)));
}

static void
test_delete_fails (ServerJobs    *fixture,
                   gconstpointer  data)
{
  g_autoptr(ComfyServerJobs) jobs = comfy_server_jobs_new (fixture->session);

  run_some (fixture, 1);
  refresh (jobs);
  comfy_sandbox_control (fixture->sandbox, "faults",
                         "{\"kind\":\"status\",\"status\":403,\"code\":\"forbidden\","
                         "\"method\":\"DELETE\",\"path\":\"/developer/api/v1/outputs/\"}");
  test_await_error (comfy_server_jobs_delete_outputs (jobs, get (jobs, 0)), COMFY_ERROR_FORBIDDEN);
  g_assert_cmpuint (comfy_server_job_get_remote (get (jobs, 0))->outputs->len, ==, 1);
}

/* the answer to a question of before the refresh is no answer to it */
static void
test_dropped (ServerJobs    *fixture,
              gconstpointer  data)
{
  ComfyServerJobs *jobs = comfy_server_jobs_new (fixture->session);

  run_some (fixture, 1);
  comfy_server_jobs_refresh (jobs);
  comfy_server_jobs_refresh (jobs);
  wait_for (jobs);
  g_assert_no_error (comfy_server_jobs_get_error (jobs));
  g_assert_cmpuint (count (jobs), ==, 1);

  /* and who is gone gets none */
  comfy_server_jobs_refresh (jobs);
  g_assert_finalize_object (jobs);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-server-jobs-XXXXXX", NULL);
  int              status;

  server_jobs_init_process (folder);
  g_test_init (&argc, &argv, NULL);
  test_allow_lost_clients ();
  dex_init ();

#define ADD(path, func) \
  g_test_add ("/server-jobs/" path, ServerJobs, NULL, server_jobs_set_up, func, \
              server_jobs_tear_down)

  ADD ("come-page-by-page-and-each-once", test_pages);
  ADD ("which-are-of-this-computer", test_own_jobs);
  ADD ("an-error-takes-nothing-away", test_error);
  ADD ("a-server-without-a-list", test_no_list);
  ADD ("without-a-key-there-are-none", test_no_key);
  ADD ("what-a-job-made-can-be-deleted", test_delete);
  ADD ("what-was-not-fetched-is-not-deleted", test_delete_unfetched);
  ADD ("what-is-being-fetched-is-not-deleted", test_delete_while_fetched);
  ADD ("what-could-not-be-deleted-is-said-to-be-there", test_delete_fails);
  ADD ("the-last-question-counts", test_dropped);

  status = g_test_run ();
  test_remove_tree (folder);

  return status;
}
