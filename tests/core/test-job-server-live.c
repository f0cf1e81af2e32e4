/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is seen of jobs while they run, and what goes up for those after the first, by the real
 * protocols against the sandbox. Its ledger judges.
 */
#include "config.h"

#include <string.h>

#include "comfy-codec.h"
#include "comfy-protocol-probe-private.h"
#include "sandbox-job-fixture.h"

/* asks when it has to, and else waits for what it is told */
static const ComfyPace patient = {
  .search_gap_ms = 10, .poll_first_ms = 60000, .poll_last_ms = 60000, .silence_ms = 60000,
  .retry_first_ms = 10, .retry_last_ms = 20, .tick_ms = 60000, .tidy_ms = 5000,
};

static gboolean
is_v1 (gconstpointer data)
{
  return GPOINTER_TO_UINT (data) == COMFY_PROTOCOL_V1;
}

static unsigned int
count_uploads (SandboxJob    *fixture,
               gconstpointer  data)
{
  return comfy_sandbox_count (fixture->sandbox, "request", "POST",
                              is_v1 (data) ? "/developer/api/v1/inputs" : "/api/v2/assets");
}

static void
run (SandboxJob *fixture)
{
  g_autofree char             *folder = g_build_filename (fixture->folder, "cache", NULL);
  g_autoptr(ComfyUploadCache)  cache = comfy_upload_cache_new (folder);

  comfy_job_set_upload_cache (fixture->job, cache);
  test_await_true (comfy_job_run (fixture->job));
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_PLACED);
}

static void
test_the_same_pixels_go_up_once (SandboxJob    *fixture,
                                 gconstpointer  data)
{
  run (fixture);
  g_assert_cmpuint (count_uploads (fixture, data), ==, 1);

  sandbox_job_next (fixture, "png", FALSE);
  run (fixture);
  g_assert_cmpuint (count_uploads (fixture, data), ==, 1);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 2);

  /* as a new process: it knows of the upload by the cache alone */
  g_assert_finalize_object (fixture->job);
  g_object_unref (fixture->api);
  fixture->api = comfy_protocol_new_api (GPOINTER_TO_UINT (data), fixture->transport);
  fixture->job = sandbox_job_new (fixture, "png", FALSE);
  run (fixture);
  g_assert_cmpuint (count_uploads (fixture, data), ==, 1);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 3);
}

/* in place of the fixture's job: one with a sampler, and without a picture to upload */
static void
use_sampler (SandboxJob *fixture)
{
  g_autofree char              *path = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                         "actions", "generate-image.sdxl.json",
                                                         NULL);
  g_autoptr(GError)             error = NULL;
  g_autoptr(ComfyWorkflow)      workflow = comfy_workflow_new_from_file (path, &error);
  g_autoptr(ComfyPlacement)     placement = comfy_placement_new ();
  g_autoptr(GPtrArray)          none = g_ptr_array_new ();
  g_autoptr(ComfyRequest)       request = NULL;
  g_autoptr(ComfyJournalEntry)  entry = NULL;
  g_autofree char              *staging = NULL;

  g_assert_no_error (error);
  staging = comfy_journal_make_staging (fixture->journal, NULL);
  request = comfy_request_new (&(ComfyRequestParts) {
    .action_id = "generate-image",
    .title = "Generate Image",
    .profile_id = "profile",
    .workflow = workflow,
    .inputs = none,
    .loaders = none,
    .placement = placement,
  });
  entry = comfy_journal_begin (fixture->journal, staging, request, &error);
  g_assert_no_error (error);
  comfy_journal_entry_set_base_url (entry, comfy_sandbox_get_v1_url (fixture->sandbox));

  g_assert_finalize_object (fixture->job);
  fixture->job = _comfy_job_new_for_api (entry, fixture->api, COMFY_HOST (fixture->host));
  _comfy_job_set_settings (fixture->job, fixture->settings);
  _comfy_job_set_pace (fixture->job, &patient);
}

typedef struct
{
  GBytes       *last;    /* owned, nullable */
  unsigned int  n;
  gboolean      has_step;
} Seen;

static void
preview_cb (ComfyJob   *job,
            GParamSpec *pspec,
            Seen       *seen)
{
  GBytes *preview = comfy_job_get_preview (job, NULL);

  if (preview == NULL)
    return;

  g_clear_pointer (&seen->last, g_bytes_unref);
  seen->last = g_bytes_ref (preview);
  seen->n++;
}

static void
text_cb (ComfyProgress *progress,
         GParamSpec    *pspec,
         Seen          *seen)
{
  const char *text = comfy_progress_get_text (progress);

  seen->has_step |= text != NULL && strstr (text, ", step ") != NULL;
}

static DexFuture *
begin_held (SandboxJob *fixture,
            Seen       *seen)
{
  DexFuture *run;

  g_signal_connect (fixture->job, "notify::preview", G_CALLBACK (preview_cb), seen);
  g_signal_connect (comfy_job_get_progress (fixture->job), "notify::text", G_CALLBACK (text_cb),
                    seen);
  sandbox_job_control (fixture, "hold", "{}");
  run = comfy_job_run (fixture->job);
  sandbox_job_wait_for_state (fixture->job, COMFY_STATE_WAITING);

  return run;
}

/* The job is asked for when it is sent and when it has ended; all else is told. */
static void
test_a_picture_is_seen_in_the_making (SandboxJob    *fixture,
                                      gconstpointer  data)
{
  Seen                    seen = { NULL };
  g_autoptr(ComfyPixels)  pixels = NULL;
  DexFuture              *run;

  use_sampler (fixture);
  run = begin_held (fixture, &seen);
  sandbox_job_control (fixture, "release", "{}");
  test_await_true (run);

  g_assert_cmpuint (seen.n, >, 0);
  g_assert_true (seen.has_step);
  pixels = test_await_boxed (comfy_codec_decode_bytes (seen.last, 512 * 512));
  g_assert_cmpint (pixels->width, >, 0);
  g_assert_null (comfy_job_get_preview (fixture->job, NULL));
  g_assert_cmpuint (comfy_sandbox_count (fixture->sandbox, "request", "GET", "/api/v2/jobs/"), <=,
                    3);
  g_bytes_unref (seen.last);
}

/* cut in the middle of an event, garbled, and connected again: the job is not lost by it */
static void
test_spoilt_events_lose_nothing (SandboxJob    *fixture,
                                 gconstpointer  data)
{
  static const char * const kinds[] = { "cut", "garbage" };
  Seen                      seen = { NULL };
  DexFuture                *run;

  for (unsigned int i = 0; i < G_N_ELEMENTS (kinds); i++)
    sandbox_job_control (fixture, "faults", "{\"kind\":\"%s\",\"path\":\"/api/v2/jobs/\","
                         "\"suffix\":\"/events\",\"events\":1}", kinds[i]);
  use_sampler (fixture);
  run = begin_held (fixture, &seen);
  sandbox_job_control (fixture, "release", "{}");
  test_await_true (run);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 1);
  g_clear_pointer (&seen.last, g_bytes_unref);
}

/* a server that has no events, or no more, is asked once, and its jobs are polled */
static void
test_without_events_it_is_asked (SandboxJob    *fixture,
                                 gconstpointer  data)
{
  Seen       seen = { NULL };
  DexFuture *run;

  sandbox_job_control (fixture, "faults", "{\"kind\":\"status\",\"status\":501,"
                       "\"code\":\"not_implemented\",\"path\":\"/api/v2/jobs/\","
                       "\"suffix\":\"/events\",\"count\":-1}");
  g_assert_true (comfy_api_get_flags (fixture->api) & COMFY_API_EVENTS);
  run = begin_held (fixture, &seen);
  while ((comfy_api_get_flags (fixture->api) & COMFY_API_EVENTS) != 0)
    g_main_context_iteration (NULL, TRUE);
  sandbox_job_control (fixture, "release", "{}");
  test_await_true (run);
}

static unsigned int
count_submits (SandboxJob *fixture)
{
  return comfy_sandbox_count (fixture->sandbox, "request", "POST", "/api/v2/jobs");
}

/* A deployment knows pictures by their names and has no events: the first job finds that out, the
 * second knows. */
static void
test_a_deployment_is_learned (SandboxJob    *fixture,
                              gconstpointer  data)
{
  Seen       seen = { NULL };
  DexFuture *held;

  sandbox_job_control (fixture, "flavour", "{\"flavour\":\"serverless\"}");
  held = begin_held (fixture, &seen);
  while ((comfy_api_get_flags (fixture->api) & COMFY_API_EVENTS) != 0)
    g_main_context_iteration (NULL, TRUE);
  sandbox_job_control (fixture, "release", "{}");
  test_await_true (held);
  g_assert_cmpuint (count_submits (fixture), ==, 2);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 1);

  sandbox_job_next (fixture, "png", FALSE);
  run (fixture);
  g_assert_cmpuint (count_submits (fixture), ==, 3);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 2);
}

/* a ComfyUI of one's own, which wants no key and gives files itself */
static void
test_a_server_of_ones_own (SandboxJob    *fixture,
                           gconstpointer  data)
{
  g_autoptr(ComfyTransport) keyless = NULL;

  keyless = comfy_transport_new (comfy_transport_get_endpoint (fixture->transport), NULL, NULL);
  sandbox_job_control (fixture, "flavour", "{\"flavour\":\"proxy\"}");
  g_assert_finalize_object (fixture->job);
  g_object_unref (fixture->api);
  fixture->api = comfy_protocol_new_api (COMFY_PROTOCOL_V2, keyless);
  fixture->job = sandbox_job_new (fixture, "png", FALSE);
  run (fixture);
  sandbox_job_next (fixture, "png", FALSE);
  run (fixture);
  g_assert_cmpuint (count_uploads (fixture, data), ==, 1);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 2);
}

#define ADD(protocol, name, func) \
  g_test_add ("/job-server-live/" name, SandboxJob, GUINT_TO_POINTER (protocol), \
              sandbox_job_set_up, func, sandbox_job_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD (COMFY_PROTOCOL_V1, "v1/the-same-pixels-go-up-once", test_the_same_pixels_go_up_once);
  ADD (COMFY_PROTOCOL_V2, "v2/the-same-pixels-go-up-once", test_the_same_pixels_go_up_once);
  ADD (COMFY_PROTOCOL_V2, "v2/a-picture-is-seen-in-the-making",
       test_a_picture_is_seen_in_the_making);
  ADD (COMFY_PROTOCOL_V2, "v2/spoilt-events-lose-nothing", test_spoilt_events_lose_nothing);
  ADD (COMFY_PROTOCOL_V2, "v2/without-events-it-is-asked", test_without_events_it_is_asked);
  ADD (COMFY_PROTOCOL_V2, "v2/a-deployment-is-learned", test_a_deployment_is_learned);
  ADD (COMFY_PROTOCOL_V2, "v2/a-server-of-ones-own", test_a_server_of_ones_own);

  return g_test_run ();
}
