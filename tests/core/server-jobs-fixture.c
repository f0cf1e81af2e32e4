/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-fiber-private.h"
#include "server-jobs-fixture.h"

#define EMAIL "a@b.example"

/* makes one picture */
#define GRAPH \
  "{\"1\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":16,\"height\":16,\"batch_size\":1," \
  "\"color\":255}},\"2\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"1\",0]," \
  "\"filename_prefix\":\"ComfyUI\"}}}"

/* Before anything asks for XDG folders or for a key */
void
server_jobs_init_process (const char *folder)
{
  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_setenv ("XDG_STATE_HOME", folder, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  test_use_file_keyring (folder);
}

static void
start (ServerJobs *fixture)
{
  fixture->session = comfy_session_new (COMFY_HOST (fixture->host));
}

static void
stop (ServerJobs *fixture)
{
  /* a fiber that has ended is freed in the main loop */
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (fixture->session);
}

void
server_jobs_set_up (ServerJobs    *fixture,
                    gconstpointer  data)
{
  g_autofree char             *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                         "nodes.json", NULL);
  g_autofree char             *key = g_strconcat ("comfyui-", "0123456789abcdef", "0123456789ab",
                                                  "aaaa", NULL);
  const ComfySandboxOptions    options = { .nodes_path = nodes };
  g_autoptr(GError)            error = NULL;
  g_autoptr(ComfyCredentials)  credentials = NULL;
  ComfyProfileStore           *profiles;
  ComfyEndpoint               *endpoint;

  fixture->sandbox = comfy_sandbox_new (&options, &error);
  g_assert_no_error (error);
  comfy_sandbox_add_key (fixture->sandbox, key, EMAIL, 5000000, "creator");
  fixture->host = fake_host_new ();
  start (fixture);

  profiles = comfy_session_get_profiles (fixture->session);
  endpoint = comfy_profile_store_add_endpoint (profiles, "Sandbox",
                                               comfy_sandbox_get_v1_url (fixture->sandbox), &error);
  g_assert_no_error (error);
  comfy_settings_set_endpoint (comfy_session_get_settings (fixture->session),
                               comfy_endpoint_get_id (endpoint));
  credentials = test_make_credentials ("aaaa", comfy_endpoint_get_origin (endpoint));
  fixture->profile = test_await_object (comfy_profile_store_add (profiles, "Work", endpoint,
                                                                 credentials, NULL));
  fixture->api = test_await_object (comfy_connector_open (
                                      comfy_session_get_connector (fixture->session),
                                      fixture->profile));
}

void
server_jobs_tear_down (ServerJobs    *fixture,
                       gconstpointer  data)
{
  g_autofree char *left = g_build_filename (g_get_user_config_dir (), "comfy-cloud-gimp", NULL);

  g_clear_object (&fixture->api);
  if (comfy_profile_store_find (comfy_session_get_profiles (fixture->session),
                                comfy_profile_get_id (fixture->profile)) != NULL)
    test_await_true (comfy_profile_store_remove (comfy_session_get_profiles (fixture->session),
                                                 fixture->profile));
  g_clear_object (&fixture->profile);
  stop (fixture);
  test_remove_tree (left);
  g_assert_finalize_object (fixture->host);
  comfy_sandbox_free (fixture->sandbox);
}

void
server_jobs_restart (ServerJobs *fixture)
{
  g_autofree char *id = g_strdup (comfy_profile_get_id (fixture->profile));

  g_clear_object (&fixture->api);
  g_clear_object (&fixture->profile);
  stop (fixture);
  start (fixture);
  g_set_object (&fixture->profile,
                comfy_profile_store_find (comfy_session_get_profiles (fixture->session), id));
  fixture->api = test_await_object (comfy_connector_open (
                                      comfy_session_get_connector (fixture->session),
                                      fixture->profile));
}

/* the arguments of run_fiber() */
typedef struct
{
  ComfyApi      *api;
  ComfyWorkflow *workflow;
  char          *tag;
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  g_object_unref (run->api);
  g_object_unref (run->workflow);
  g_free (run->tag);
  g_free (run);
}

static DexFuture *
run_fiber (gpointer data)
{
  Run                         *run = data;
  g_autofree char             *key = g_uuid_string_random ();
  g_autoptr(ComfyRemoteJob)    job = NULL;
  g_autoptr(ComfyEventStream)  stream = NULL;
  GError                      *error = NULL;

  job = dex_await_boxed (comfy_api_submit (run->api, run->workflow, run->tag, key), &error);
  if (job != NULL)
    stream = dex_await_object (comfy_api_watch (run->api, job->id), &error);

  while (job != NULL && !comfy_remote_job_is_finished (job))
    {
      g_autoptr(ComfyRemoteJob) old = g_steal_pointer (&job);
      g_autoptr(ComfyEvent)     event = dex_await_boxed (comfy_event_stream_next (stream), NULL);

      job = dex_await_boxed (comfy_api_get_job (run->api, old->id), &error);
    }

  return job != NULL ? dex_future_new_take_boxed (COMFY_TYPE_REMOTE_JOB, g_steal_pointer (&job))
                     : dex_future_new_for_error (error);
}

ComfyRemoteJob *
server_jobs_run (ServerJobs *fixture,
                 const char *graph,
                 const char *tag)
{
  const char        *json = graph != NULL ? graph : GRAPH;
  g_autoptr(GBytes)  bytes = g_bytes_new (json, strlen (json));
  g_autoptr(GError)  error = NULL;
  Run               *run = g_new0 (Run, 1);

  run->api = g_object_ref (fixture->api);
  run->workflow = comfy_workflow_new_from_bytes (bytes, &error);
  g_assert_no_error (error);
  run->tag = g_strdup (tag);

  return test_await_boxed (_comfy_spawn (run_fiber, run, run_free));
}

unsigned int
server_jobs_count (ServerJobs *fixture)
{
  return comfy_sandbox_count (fixture->sandbox, "job", NULL, NULL);
}
