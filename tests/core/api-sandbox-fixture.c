/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api-sandbox-fixture.h"
#include "comfy-codec.h"
#include "comfy-fiber-private.h"

#define SIZE 8 /* px, each way */

void
api_sandbox_set_up (ApiSandbox    *fixture,
                    gconstpointer  data)
{
  const ComfyProtocol          protocol = GPOINTER_TO_UINT (data);
  g_autofree char             *key = g_strconcat ("comfyui-", "fedcba9876543210", "fedcba98", NULL);
  g_autofree char             *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                         "nodes.json", NULL);
  g_autoptr(GError)            error = NULL;
  g_autoptr(ComfyEndpoint)     endpoint = NULL;
  g_autoptr(ComfyCredentials)  credentials = NULL;
  const ComfySandboxOptions    options = { .nodes_path = nodes };

  fixture->folder = g_dir_make_tmp ("comfy-api-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->sandbox = comfy_sandbox_new (&options, &error);
  g_assert_no_error (error);
  comfy_sandbox_add_key (fixture->sandbox, key, API_SANDBOX_EMAIL, API_SANDBOX_BALANCE, "standard");

  endpoint = comfy_endpoint_new ("sandbox", "Sandbox",
                                 comfy_sandbox_get_v1_url (fixture->sandbox), &error);
  g_assert_no_error (error);
  credentials = comfy_credentials_new (key, comfy_endpoint_get_origin (endpoint), &error);
  g_assert_no_error (error);
  fixture->transport = comfy_transport_new (endpoint, credentials, NULL);
  fixture->api = comfy_protocol_new_api (protocol, fixture->transport);
}

void
api_sandbox_tear_down (ApiSandbox    *fixture,
                       gconstpointer  data)
{
  /* a fiber that has ended is freed in the main loop */
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);

  g_assert_finalize_object (fixture->api);
  g_assert_finalize_object (fixture->transport);
  comfy_sandbox_free (fixture->sandbox);
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

gboolean
api_sandbox_is_v1 (gconstpointer data)
{
  return GPOINTER_TO_UINT (data) == COMFY_PROTOCOL_V1;
}

/* Writes a picture of one colour. Returns: (transfer full): its path */
static char *
write_picture (ApiSandbox    *fixture,
               unsigned char  value)
{
  char                   *path = g_build_filename (fixture->folder, "in.png", NULL);
  unsigned char          *data = g_malloc (SIZE * SIZE * 3);
  g_autoptr(ComfyPixels)  pixels = NULL;
  g_autoptr(DexFuture)    written = NULL;

  memset (data, value, SIZE * SIZE * 3);
  pixels = comfy_pixels_new_take (SIZE, SIZE, 3, 8, data);
  written = test_settle (comfy_codec_encode (pixels, COMFY_FORMAT_PNG, path));
  g_assert_true (dex_future_is_resolved (written));

  return path;
}

/* The graph that inverts, with an input of @value uploaded */
ComfyWorkflow *
api_sandbox_prepare (ApiSandbox    *fixture,
                     unsigned char  value)
{
  g_autofree char      *graph = g_test_build_filename (G_TEST_DIST, "data", "workflows",
                                                       "sandbox_invert.json", NULL);
  g_autofree char      *path = write_picture (fixture, value);
  g_autoptr(GError)     error = NULL;
  g_autoptr(ComfyUpload) uploaded = NULL;
  ComfyWorkflow        *workflow = comfy_workflow_new_from_file (graph, &error);

  g_assert_no_error (error);
  uploaded = test_await_boxed (comfy_api_upload (fixture->api, path, "in.png", "image/png", NULL));
  comfy_workflow_set_string (workflow, "1", "image", uploaded->name, &error);
  g_assert_no_error (error);

  return workflow;
}

typedef struct
{
  ComfyApi *api;
  char     *job_id;
} Watch;

/* As a job does: the event is a hint, the GET is the authority; polled where there are no events */
static DexFuture *
finish_fiber (gpointer data)
{
  Watch                       *watch = data;
  g_autoptr(ComfyEventStream)  stream = NULL;
  g_autoptr(GError)            error = NULL;

  if (comfy_api_get_flags (watch->api) & COMFY_API_EVENTS)
    stream = dex_await_object (comfy_api_watch (watch->api, watch->job_id), &error);

  for (;;)
    {
      g_autoptr(ComfyRemoteJob) job = NULL;
      g_autoptr(ComfyEvent)     event = NULL;

      if (stream != NULL)
        event = dex_await_boxed (comfy_event_stream_next (stream), &error);
      else if (!_comfy_sleep (G_USEC_PER_SEC / 100, &error))
        break;

      job = dex_await_boxed (comfy_api_get_job (watch->api, watch->job_id), &error);
      if (job == NULL)
        break;
      if (comfy_remote_job_is_finished (job))
        return dex_future_new_take_boxed (COMFY_TYPE_REMOTE_JOB, g_steal_pointer (&job));
    }

  return dex_future_new_for_error (g_steal_pointer (&error));
}

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  g_object_unref (watch->api);
  g_free (watch->job_id);
  g_free (watch);
}

ComfyRemoteJob *
api_sandbox_finish (ApiSandbox    *fixture,
                    const char *job_id)
{
  Watch *watch = g_new0 (Watch, 1);

  watch->api = g_object_ref (fixture->api);
  watch->job_id = g_strdup (job_id);

  return test_await_boxed (_comfy_spawn (finish_fiber, watch, watch_free));
}
