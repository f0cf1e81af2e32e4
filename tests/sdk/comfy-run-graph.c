/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs one graph with core alone over Comfy API v2, against COMFY_BASE_URL with COMFY_API_KEY, and
 * keeps what comes of it: FOLDER/0, FOLDER/1, …
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "comfy-fiber-private.h"
#include "comfy-protocol-probe-private.h"
#include "comfy-transport-private.h"
#include "test-future.h"

typedef struct
{
  ComfyApi *api;    /* owned */
  char     *job_id; /* owned */
} Wait;

static void
wait_free (gpointer data)
{
  Wait *wait = data;

  g_object_unref (wait->api);
  g_free (wait->job_id);
  g_free (wait);
}

static DexFuture *
wait_fiber (gpointer data)
{
  Wait              *wait = data;
  g_autoptr(GError)  error = NULL;

  for (;;)
    {
      g_autoptr(ComfyRemoteJob) job = dex_await_boxed (comfy_api_get_job (wait->api, wait->job_id),
                                                       &error);

      if (job != NULL && comfy_remote_job_is_finished (job))
        return dex_future_new_take_boxed (COMFY_TYPE_REMOTE_JOB, g_steal_pointer (&job));
      if (job == NULL || !_comfy_sleep (G_USEC_PER_SEC / 50, &error))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }
}

static ComfyRemoteJob *
finish (ComfyApi   *api,
        const char *job_id)
{
  Wait *wait = g_new0 (Wait, 1);

  wait->api = g_object_ref (api);
  wait->job_id = g_strdup (job_id);

  return test_await_boxed (_comfy_spawn (wait_fiber, wait, wait_free));
}

static ComfyApi *
connect_to_server (void)
{
  g_autoptr(GError)           error = NULL;
  g_autoptr(ComfyCredentials) credentials = NULL;
  g_autoptr(ComfyTransport)   transport = NULL;
  g_autoptr(ComfyEndpoint)    endpoint = comfy_endpoint_new ("server", "Server",
                                                             g_getenv ("COMFY_BASE_URL"), &error);

  g_assert_no_error (error);
  credentials = comfy_credentials_new (g_getenv ("COMFY_API_KEY"),
                                       comfy_endpoint_get_origin (endpoint), &error);
  g_assert_no_error (error);
  transport = comfy_transport_new (endpoint, credentials, NULL);

  return comfy_protocol_new_api (COMFY_PROTOCOL_V2, transport);
}

/* @picture: "NODE=PATH" */
static void
set_picture (ComfyApi      *api,
             ComfyWorkflow *workflow,
             const char    *picture)
{
  g_auto(GStrv)          parts = g_strsplit (picture, "=", 2);
  g_autofree char       *name = g_path_get_basename (parts[1]);
  g_autoptr(GError)      error = NULL;
  g_autoptr(ComfyUpload) upload = test_await_boxed (comfy_api_upload (api, parts[1], name,
                                                                      "image/png", NULL));

  comfy_workflow_set_string (workflow, parts[0], "image", upload->name, &error);
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(ComfyApi)       api = NULL;
  g_autoptr(ComfyWorkflow)  workflow = NULL;
  g_autoptr(ComfyRemoteJob) started = NULL;
  g_autoptr(ComfyRemoteJob) job = NULL;
  g_autofree char          *key = g_uuid_string_random ();
  g_autoptr(GError)         error = NULL;

  if (argc < 3)
    {
      fprintf (stderr, "comfy-run-graph GRAPH FOLDER [NODE=PICTURE…]\n");
      return EXIT_FAILURE;
    }

  dex_init ();
  api = connect_to_server ();
  workflow = comfy_workflow_new_from_file (argv[1], &error);
  g_assert_no_error (error);
  for (int i = 3; i < argc; i++)
    set_picture (api, workflow, argv[i]);

  started = test_await_boxed (comfy_api_submit (api, workflow, "graph", key));
  job = finish (api, started->id);
  g_assert_cmpint (job->status, ==, COMFY_REMOTE_SUCCEEDED);
  for (unsigned int i = 0; i < job->outputs->len; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);
      g_autofree char *path = g_build_filename (argv[2], number, NULL);

      test_await_true (comfy_api_download (api, job->outputs->pdata[i], path, NULL));
    }

  return EXIT_SUCCESS;
}
