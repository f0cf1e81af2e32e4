/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the moment the sandbox has finished a job to the moment our request for the result reaches
 * it: with events (goal: a median under 10 ms) and by polling. Both times are the ledger's, so one
 * clock measures; the job is the whole one, journal and its fsync included.
 */
#include "config.h"

#include <string.h>

#include "comfy-job-private.h"
#include "comfy-json-private.h"
#include "comfy-protocol-probe-private.h"
#include "comfy-sandbox.h"
#include "fake-host.h"
#include "test-future.h"

#define GOAL_MS  10.0
#define N_EVENTS 40
#define N_POLLS  9

/* As the program itself has it */
static const ComfyPace pace = {
  .search_gap_ms = 10000, .poll_first_ms = 500, .poll_last_ms = 5000, .silence_ms = 60000,
  .retry_first_ms = 1000, .retry_last_ms = 30000, .tick_ms = 1000,
};

static ComfySandbox *
start_sandbox (unsigned int   job_ms,
               const char    *key)
{
  g_autofree char           *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                       "nodes.json", NULL);
  const ComfySandboxOptions  options = { .nodes_path = nodes, .job_ms = job_ms };
  g_autoptr(GError)          error = NULL;
  ComfySandbox              *sandbox = comfy_sandbox_new (&options, &error);

  g_assert_no_error (error);
  comfy_sandbox_add_key (sandbox, key, "bench@b.example", G_USEC_PER_SEC * 100, "pro");

  return sandbox;
}

static ComfyApi *
open_api (ComfySandbox  *sandbox,
          const char    *key,
          ComfyProtocol  protocol)
{
  g_autoptr(ComfyEndpoint)    endpoint = NULL;
  g_autoptr(ComfyCredentials) credentials = NULL;
  g_autoptr(ComfyTransport)   transport = NULL;

  endpoint = comfy_endpoint_new ("sandbox", "Sandbox", comfy_sandbox_get_v1_url (sandbox), NULL);
  credentials = comfy_credentials_new (key, comfy_endpoint_get_origin (endpoint), NULL);
  transport = comfy_transport_new (endpoint, credentials, NULL);

  return comfy_protocol_new_api (protocol, transport);
}

static void
run_job (ComfyJournal *journal,
         ComfyApi     *api)
{
  g_autofree char              *graph = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "data",
                                                          "workflows",
                                                          "sandbox_generate_color.json", NULL);
  g_autoptr(ComfyWorkflow)      workflow = comfy_workflow_new_from_file (graph, NULL);
  g_autoptr(ComfyPlacement)     placement = comfy_placement_new ();
  g_autoptr(GPtrArray)          inputs = NULL;
  g_autoptr(ComfyRequest)       request = NULL;
  g_autoptr(ComfyJournalEntry)  entry = NULL;
  g_autoptr(FakeHost)           host = fake_host_new ();
  g_autoptr(ComfyJob)           job = NULL;
  g_autofree char              *staging = comfy_journal_make_staging (journal, NULL);

  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  request = comfy_request_new (&(ComfyRequestParts) {
    .action_id = "bench",
    .title = "Bench",
    .profile_id = "profile",
    .workflow = workflow,
    .inputs = inputs,
    .placement = placement,
  });
  entry = comfy_journal_begin (journal, staging, request, NULL);
  job = _comfy_job_new_for_api (entry, api, COMFY_HOST (host));
  _comfy_job_set_pace (job, &pace);
  test_await_true (comfy_job_run (job));
}

static double
get_time_ms (JsonObject *entry)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_iso8601 (comfy_json_get_string (entry, "time"),
                                                            NULL);

  return g_date_time_to_unix_usec (time) / 1000.0;
}

/* Adds the ms between each job's end and the request for its result */
static void
read_ledger (ComfySandbox *sandbox,
             GArray       *times)
{
  g_autofree char     *text = comfy_sandbox_dup_ledger (sandbox);
  g_autoptr(JsonNode)  node = comfy_json_read (text, strlen (text), strlen (text), 16, NULL);
  JsonArray           *entries = json_node_get_array (node);
  double               ended = -1;

  for (unsigned int i = 0; i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);
      const char *path = comfy_json_get_string (entry, "path");
      const char *port = comfy_json_get_string (entry, "port");
      gboolean    is_result = g_strcmp0 (port, "downloads") == 0
                              || (path != NULL && g_str_has_suffix (path, "/content"));

      if (g_str_equal (comfy_json_get_string (entry, "what"), "job-end"))
        ended = get_time_ms (entry);
      else if (is_result && ended >= 0)
        {
          double ms = get_time_ms (entry) - ended;

          g_array_append_val (times, ms);
          ended = -1;
        }
    }
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double one = *(const double *) a;
  double other = *(const double *) b;

  return (one > other) - (one < other);
}

static double
get_median (GArray *times)
{
  g_array_sort (times, compare);

  return g_array_index (times, double, times->len / 2);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char   *key = g_strconcat ("comfyui-", "fedcba9876543210", "fedcba98", NULL);
  g_autofree char   *folder = g_dir_make_tmp ("comfy-bench-XXXXXX", NULL);
  g_autoptr(GArray)  with_events = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray)  by_polling = g_array_new (FALSE, FALSE, sizeof (double));
  double             median;

  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  dex_init ();

  {
    g_autoptr(ComfySandbox) sandbox = start_sandbox (50, key);
    g_autoptr(ComfyJournal) journal = comfy_journal_new (folder);
    g_autoptr(ComfyApi)     api = open_api (sandbox, key, COMFY_PROTOCOL_V1);

    for (unsigned int i = 0; i < N_EVENTS; i++)
      run_job (journal, api);
    read_ledger (sandbox, with_events);
  }

  /* jobs of many lengths, so that they do not all end just before a question */
  for (unsigned int i = 0; i < N_POLLS; i++)
    {
      g_autoptr(ComfySandbox) sandbox = start_sandbox (100 + 230 * i, key);
      g_autoptr(ComfyJournal) journal = comfy_journal_new (folder);
      g_autoptr(ComfyApi)     api = open_api (sandbox, key, COMFY_PROTOCOL_V2);

      run_job (journal, api);
      read_ledger (sandbox, by_polling);
    }

  test_remove_tree (folder);
  g_assert_cmpuint (with_events->len, ==, N_EVENTS);
  g_assert_cmpuint (by_polling->len, ==, N_POLLS);

  median = get_median (with_events);
  g_print ("from the end of a job to our request for its result, with events: median %.1f ms "
           "(goal %.0f ms), worst of %d: %.1f ms\n",
           median, GOAL_MS, N_EVENTS, g_array_index (with_events, double, N_EVENTS - 1));
  g_print ("by polling: median %.0f ms, worst of %d: %.0f ms; %.0f times as long\n",
           get_median (by_polling), N_POLLS, g_array_index (by_polling, double, N_POLLS - 1),
           get_median (by_polling) / median);

  return median < GOAL_MS ? 0 : 1;
}
