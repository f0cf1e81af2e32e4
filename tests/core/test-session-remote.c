/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Jobs that are on the server already are opened: what they made comes, and nothing is sent.
 */
#include "config.h"

#include "server-jobs-fixture.h"

/* two pictures, a text, and a video */
#define MANY \
  "{\"1\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":16,\"height\":16,\"batch_size\":2," \
  "\"color\":255}},\"2\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"1\",0]," \
  "\"filename_prefix\":\"ComfyUI\"}},\"3\":{\"class_type\":\"CreateVideo\",\"inputs\":{" \
  "\"images\":[\"1\",0],\"fps\":8.0}},\"4\":{\"class_type\":\"SaveVideo\",\"inputs\":{" \
  "\"video\":[\"3\",0],\"filename_prefix\":\"video\",\"format\":\"auto\",\"codec\":\"auto\"}}}"

static char *
open_remote (ServerJobs     *fixture,
             ComfyRemoteJob *remote,
             ComfyOutcome    outcome,
             int             image_id)
{
  g_autoptr(DexFuture)  future = NULL;
  g_autoptr(GError)     error = NULL;
  const GValue         *value;

  future = test_settle (comfy_session_open_remote (fixture->session, fixture->profile, remote,
                                                   outcome, image_id));
  value = dex_future_get_value (future, &error);
  g_assert_no_error (error);

  return g_value_dup_string (value);
}

static ComfyJob *
open_job (ServerJobs *fixture,
          const char *id)
{
  g_autoptr(GError)  error = NULL;
  ComfyJob          *job = comfy_session_open_job (fixture->session, id, &error);

  g_assert_no_error (error);
  comfy_job_want_result (job);

  return job;
}

static void
test_layers (ServerJobs    *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob)  remote = server_jobs_run (fixture, NULL, "other");
  g_autofree char           *id = open_remote (fixture, remote, COMFY_OUTCOME_LAYERS, 7);
  g_autoptr(ComfyJob)        job = open_job (fixture, id);
  ComfyPlacement            *placement;

  /* on disk before anything is fetched */
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_NEW);
  test_await_true (comfy_job_run (job));

  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_PLACED);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 1);
  g_assert_cmpstr (fake_host_get_outcomes (fixture->host), ==, "layers");
  placement = comfy_request_get_placement (comfy_job_get_request (job));
  g_assert_cmpint (placement->image_id, ==, 7);
  g_assert_cmpint (placement->fit, ==, COMFY_FIT_NATURAL);
  g_assert_true (comfy_rect_is_empty (&placement->region.crop));

  /* nothing but the other program's job was begun, and it costs nobody a second time */
  g_assert_cmpuint (server_jobs_count (fixture), ==, 1);
  g_assert_false (comfy_cost_is_known (comfy_job_get_cost (job)));
}

static void
test_images (ServerJobs    *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob)  remote = server_jobs_run (fixture, MANY, "other");
  g_autofree char           *id = open_remote (fixture, remote, COMFY_OUTCOME_NEW_IMAGE, 7);
  g_autoptr(ComfyJob)        job = open_job (fixture, id);
  g_auto(GStrv)              files = NULL;

  test_await_true (comfy_job_run (job));
  g_assert_cmpuint (fake_host_get_n_pictures (fixture->host), ==, 2);
  g_assert_cmpstr (fake_host_get_outcomes (fixture->host), ==, "new-image new-image");
  g_assert_cmpint (comfy_request_get_placement (comfy_job_get_request (job))->image_id, ==, -1);

  /* what is no picture is there, too */
  files = comfy_job_dup_file_paths (job, NULL);
  g_assert_cmpuint (g_strv_length (files), ==, 1);
  g_assert_cmpuint (server_jobs_count (fixture), ==, 1);
}

/* the process ends before anything was fetched, and in the middle */
static void
test_restart (ServerJobs    *fixture,
              gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob)  remote = server_jobs_run (fixture, MANY, "other");
  g_autofree char           *id = open_remote (fixture, remote, COMFY_OUTCOME_LAYERS, -1);
  g_autoptr(ComfyJob)        job = NULL;
  g_auto(GStrv)              orphans = NULL;

  server_jobs_restart (fixture);
  orphans = comfy_journal_list_orphans (comfy_session_get_journal (fixture->session));
  g_assert_cmpstr (orphans[0], ==, id);

  /* no editor takes it now */
  fake_host_fail (fixture->host, COMFY_ERROR_FAILED);
  job = open_job (fixture, id);
  test_await_error (comfy_job_run (job), COMFY_ERROR_FAILED);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_READY);
  g_clear_object (&job);

  server_jobs_restart (fixture);
  job = open_job (fixture, id);
  test_await_true (comfy_job_run (job));
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 1);
  g_assert_cmpuint (server_jobs_count (fixture), ==, 1);
}

static void
test_nothing_left (ServerJobs    *fixture,
                   gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob)  remote = server_jobs_run (fixture, NULL, "other");
  ComfyRemoteOutput         *output = g_ptr_array_index (remote->outputs, 0);
  g_autofree char           *id = open_remote (fixture, remote, COMFY_OUTCOME_LAYERS, -1);
  g_autoptr(ComfyJob)        job = open_job (fixture, id);
  g_autoptr(GError)          error = NULL;

  test_await_true (comfy_api_delete_output (fixture->api, output->id));
  test_await_error (comfy_job_run (job), COMFY_ERROR_NOT_FOUND);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_FAILED);

  /* it is not asked for once more: that would be another job, which costs */
  g_assert_null (comfy_session_repeat (fixture->session, job, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_NOT_SUPPORTED);
  g_assert_cmpuint (server_jobs_count (fixture), ==, 1);
}

static void
test_unknown (ServerJobs    *fixture,
              gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob)  remote = comfy_remote_job_new ("job_of_none", COMFY_REMOTE_SUCCEEDED);
  g_autofree char           *id = open_remote (fixture, remote, COMFY_OUTCOME_LAYERS, -1);
  g_autoptr(ComfyJob)        job = open_job (fixture, id);

  g_assert_cmpuint (comfy_sandbox_count (fixture->sandbox, "request", "POST", NULL), ==, 0);
  comfy_job_forget (job);
  g_assert_cmpint (comfy_job_get_state (job), ==, COMFY_STATE_CANCELLED);
  g_assert_cmpuint (server_jobs_count (fixture), ==, 0);
}

static void
test_refused (ServerJobs    *fixture,
              gconstpointer  data)
{
  static const ComfyRemoteStatus statuses[] = {
    COMFY_REMOTE_QUEUED, COMFY_REMOTE_RUNNING, COMFY_REMOTE_CANCELLING, COMFY_REMOTE_FAILED,
    COMFY_REMOTE_CANCELLED, COMFY_REMOTE_EXPIRED,
  };
  g_autoptr(ComfyRemoteJob) remote = comfy_remote_job_new ("job_1", COMFY_REMOTE_SUCCEEDED);

  for (unsigned int i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      remote->status = statuses[i];
      test_await_error (comfy_session_open_remote (fixture->session, fixture->profile, remote,
                                                   COMFY_OUTCOME_LAYERS, -1),
                        COMFY_ERROR_NOT_FOUND);
    }

  /* no image, no job */
  remote->status = COMFY_REMOTE_SUCCEEDED;
  fake_host_fail (fixture->host, COMFY_ERROR_IMAGE);
  test_await_error (comfy_session_open_remote (fixture->session, fixture->profile, remote,
                                               COMFY_OUTCOME_LAYERS, 9),
                    COMFY_ERROR_IMAGE);
}

/* of a job that was started here the artist knows the name */
static void
test_own_name (ServerJobs    *fixture,
               gconstpointer  data)
{
  g_autoptr(ComfyRemoteJob)  other = server_jobs_run (fixture, NULL, "other");
  g_autoptr(ComfyRemoteJob)  own = NULL;
  g_autoptr(ComfyWorkflow)   workflow = NULL;
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  g_autoptr(ComfyRequest)    request = NULL;
  g_autoptr(ComfyRequest)    opened = NULL;
  ComfyJournal              *journal = comfy_session_get_journal (fixture->session);
  g_autofree char           *staging = comfy_journal_make_staging (journal, NULL);
  g_autoptr(GBytes)          graph = g_bytes_new_static (MANY, strlen (MANY));
  g_autofree char           *id = NULL;
  g_autofree char           *other_id = NULL;

  workflow = comfy_workflow_new_from_bytes (graph, NULL);
  request = comfy_request_new (&(ComfyRequestParts) {
    .action_id = "generate-image",
    .title = "Generate Image",
    .prompt = "a fox",
    .profile_id = comfy_profile_get_id (fixture->profile),
    .workflow = workflow,
    .placement = placement,
  });
  {
    g_autoptr(ComfyJournalEntry) entry = comfy_journal_begin (journal, staging, request, NULL);

    own = server_jobs_run (fixture, NULL, comfy_journal_entry_get_tag (entry));
  }

  id = open_remote (fixture, own, COMFY_OUTCOME_LAYERS, -1);
  opened = comfy_journal_read_request (journal, id, NULL);
  g_assert_cmpstr (comfy_request_get_title (opened), ==, "Generate Image");
  g_assert_cmpstr (comfy_request_get_prompt (opened), ==, "a fox");
  g_assert_cmpstr (comfy_request_get_remote_id (opened), ==, own->id);

  other_id = open_remote (fixture, other, COMFY_OUTCOME_LAYERS, -1);
  g_clear_object (&opened);
  opened = comfy_journal_read_request (journal, other_id, NULL);
  g_assert_cmpstr (comfy_request_get_title (opened), ==, "Job from the Server");
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-session-remote-XXXXXX", NULL);
  int              status;

  server_jobs_init_process (folder);
  g_test_init (&argc, &argv, NULL);
  test_allow_lost_clients ();
  dex_init ();

#define ADD(path, func) \
  g_test_add ("/session-remote/" path, ServerJobs, NULL, server_jobs_set_up, func, \
              server_jobs_tear_down)

  ADD ("as-layers-and-nothing-is-sent", test_layers);
  ADD ("as-images-with-all-that-is-none", test_images);
  ADD ("goes-on-after-the-end-of-the-process", test_restart);
  ADD ("what-is-deleted-meanwhile-is-not-asked-for-again", test_nothing_left);
  ADD ("can-be-given-up", test_unknown);
  ADD ("only-what-has-a-result", test_refused);
  ADD ("has-the-name-that-it-was-asked-for-by", test_own_name);

  status = g_test_run ();
  test_remove_tree (folder);

  return status;
}
