/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "comfy-call-private.h"
#include "comfy-codec.h"
#include "comfy-protocol-probe-private.h"
#include "sandbox-job-fixture.h"

#define EMAIL "a@b.example"
#define SIZE  8 /* px, each way */

static const ComfyPace quick = {
  .search_gap_ms = 10, .poll_first_ms = 5, .poll_last_ms = 20, .silence_ms = 200,
  .retry_first_ms = 10, .retry_last_ms = 20, .tick_ms = 20,
  .tidy_ms = 5000,
};

static gint64 slept_us;

static gint64
now_us (gpointer data)
{
  return g_get_monotonic_time () + slept_us;
}

/* A retry waits long enough to be asynchronous, and no longer; its budget is used up as ever. */
static gboolean
short_sleep (gpointer   data,
             gint64     duration_us,
             GError   **error)
{
  slept_us += duration_us;
  dex_await (dex_timeout_new_msec (1), NULL);

  return TRUE;
}

static double
no_chance (gpointer data)
{
  return 0.5;
}

static const ComfyClock quick_clock = { now_us, short_sleep, no_chance, NULL };

static void
write_picture (const char  *path,
               ComfyFormat  format)
{
  unsigned char          *data = g_malloc (SIZE * SIZE * 3);
  g_autoptr(ComfyPixels)  pixels = NULL;
  g_autoptr(DexFuture)    written = NULL;

  memset (data, 77, SIZE * SIZE * 3);
  pixels = comfy_pixels_new_take (SIZE, SIZE, 3, 8, data);
  written = test_settle (comfy_codec_encode (pixels, format, path));
  g_assert_true (dex_future_is_resolved (written));
}

/* (transfer full): a job of what was staged */
static ComfyJob *
begin (SandboxJob   *fixture,
       const char   *staging,
       ComfyRequest *request)
{
  g_autoptr(GError)            error = NULL;
  g_autoptr(ComfyJournalEntry) entry = NULL;
  ComfyJob                    *job;

  entry = comfy_journal_begin (fixture->journal, staging, request, &error);
  g_assert_no_error (error);
  comfy_journal_entry_set_base_url (entry, comfy_sandbox_get_v1_url (fixture->sandbox));
  job = _comfy_job_new_for_api (entry, fixture->api, COMFY_HOST (fixture->host));
  _comfy_job_set_pace (job, &quick);
  _comfy_job_set_settings (job, fixture->settings);

  return job;
}

/* A job of the upscaling action with a picture of one colour; @kind: "png" or "webp" */
ComfyJob *
sandbox_job_new (SandboxJob *fixture,
                 const char *kind,
                 gboolean    deep)
{
  static const char * const     models[] = { "RealESRGAN_x4plus.safetensors", "4x-a.safetensors",
                                             "4x-b.safetensors", NULL };
  g_autofree char              *file = g_strconcat ("input.", kind, NULL);
  g_autofree char              *content_type = g_strconcat ("image/", kind, NULL);
  g_autofree char              *path = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                         "actions", "upscale-4x.json", NULL);
  g_autoptr(GError)             error = NULL;
  g_autoptr(ComfyWorkflow)      workflow = comfy_workflow_new_from_file (path, &error);
  g_autoptr(ComfyPlacement)     placement = comfy_placement_new ();
  g_autoptr(GPtrArray)          inputs = NULL;
  g_autoptr(GPtrArray)          loaders = NULL;
  g_autoptr(ComfyRequest)       request = NULL;
  g_autofree char              *staging = NULL;
  g_autofree char              *picture = NULL;

  g_assert_no_error (error);
  staging = comfy_journal_make_staging (fixture->journal, NULL);
  picture = g_build_filename (staging, file, NULL);
  write_picture (picture, g_str_equal (kind, "webp") ? COMFY_FORMAT_AUTO : COMFY_FORMAT_PNG);
  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  g_ptr_array_add (inputs, comfy_input_new (file, content_type, "1", "image"));
  loaders = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_loader_free);
  g_ptr_array_add (loaders, comfy_loader_new ("2", "model_name", models));
  request = comfy_request_new (&(ComfyRequestParts) {
    .action_id = "upscale-4x",
    .title = "Upscale 4×",
    .profile_id = "profile",
    .workflow = workflow,
    .inputs = inputs,
    .loaders = loaders,
    .placement = placement,
    .deep = deep,
  });

  return begin (fixture, staging, request);
}

void
sandbox_job_next_graph (SandboxJob *fixture,
                        const char *graph,
                        GPtrArray  *outputs)
{
  g_autoptr(GBytes)          bytes = g_bytes_new (graph, strlen (graph));
  g_autoptr(ComfyWorkflow)   workflow = comfy_workflow_new_from_bytes (bytes, NULL);
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  g_autoptr(ComfyRequest)    request = NULL;
  g_autofree char           *staging = comfy_journal_make_staging (fixture->journal, NULL);

  g_assert_nonnull (workflow);
  request = comfy_request_new (&(ComfyRequestParts) {
    .action_id = "own",
    .title = "Own",
    .profile_id = "profile",
    .workflow = workflow,
    .outputs = outputs,
    .placement = placement,
  });
  g_assert_finalize_object (fixture->job);
  fixture->job = begin (fixture, staging, request);
}

void
sandbox_job_next (SandboxJob *fixture,
                  const char *kind,
                  gboolean    deep)
{
  g_assert_finalize_object (fixture->job);
  fixture->job = sandbox_job_new (fixture, kind, deep);
}

void
sandbox_job_set_up (SandboxJob    *fixture,
                    gconstpointer  data)
{
  g_autofree char             *settings = NULL;
  g_autofree char             *key = g_strconcat ("comfyui-", "fedcba9876543210", "fedcba98", NULL);
  g_autofree char             *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                         "nodes.json", NULL);
  g_autoptr(GError)            error = NULL;
  g_autoptr(ComfyEndpoint)     endpoint = NULL;
  g_autoptr(ComfyCredentials)  credentials = NULL;
  const ComfySandboxOptions    options = { .nodes_path = nodes, .job_ms = 20 };
  const ComfyTransportOptions  quickly = { .clock = &quick_clock };

  test_allow_lost_clients ();
  fixture->folder = g_dir_make_tmp ("comfy-job-sandbox-XXXXXX", NULL);
  fixture->sandbox = comfy_sandbox_new (&options, &error);
  g_assert_no_error (error);
  comfy_sandbox_add_key (fixture->sandbox, key, EMAIL, 1000000, "standard");

  endpoint = comfy_endpoint_new ("sandbox", "Sandbox",
                                 comfy_sandbox_get_v1_url (fixture->sandbox), &error);
  g_assert_no_error (error);
  credentials = comfy_credentials_new (key, comfy_endpoint_get_origin (endpoint), &error);
  g_assert_no_error (error);
  fixture->transport = _comfy_transport_new_full (endpoint, credentials, NULL, &quickly);
  fixture->api = comfy_protocol_new_api (GPOINTER_TO_UINT (data), fixture->transport);
  settings = g_build_filename (fixture->folder, "settings.ini", NULL);
  fixture->settings = comfy_settings_new (settings);
  fixture->journal = comfy_journal_new (fixture->folder);
  fixture->host = fake_host_new ();
  fixture->job = sandbox_job_new (fixture, "png", FALSE);
}

void
sandbox_job_tear_down (SandboxJob    *fixture,
                       gconstpointer  data)
{
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);

  g_assert_finalize_object (fixture->job);
  g_assert_finalize_object (fixture->host);
  g_assert_finalize_object (fixture->journal);
  g_object_unref (fixture->settings);
  g_assert_finalize_object (fixture->api);
  g_assert_finalize_object (fixture->transport);
  comfy_sandbox_free (fixture->sandbox);
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

void
sandbox_job_pass (gint64 us)
{
  slept_us += us;
}

unsigned int
sandbox_job_count (SandboxJob *fixture)
{
  return comfy_sandbox_count (fixture->sandbox, "job", NULL, NULL);
}

void
sandbox_job_control (SandboxJob *fixture,
                     const char *command,
                     const char *format,
                     ...)
{
  g_autofree char *json = NULL;
  va_list          args;

  va_start (args, format);
  json = g_strdup_vprintf (format, args);
  va_end (args);
  g_assert_true (comfy_sandbox_control (fixture->sandbox, command, json));
}

void
sandbox_job_run_to_the_end (SandboxJob *fixture)
{
  test_await_true (comfy_job_run (fixture->job));
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_PLACED);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 1);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 1);
}

void
sandbox_job_wait_for_state (ComfyJob   *job,
                            ComfyState  state)
{
  while (comfy_job_get_state (job) != state)
    g_main_context_iteration (NULL, TRUE);
}
