/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is asked of a server before a graph is sent: which nodes it has, and whether it takes the
 * graph. Against the sandbox, whose ledger says that nothing was begun.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-node-problem.h"
#include "comfy-node-table.h"
#include "comfy-protocol-probe-private.h"
#include "comfy-server-memory-private.h"
#include "sandbox-job-fixture.h"

#define VALIDATE "/developer/api/v1/workflows/validate"

static void
learned_cb (ComfyApi   *api,
            const char *flag,
            gboolean    is_so,
            char      **learned)
{
  g_assert_true (is_so);
  g_set_str (learned, flag);
}

static unsigned int
count_asked (SandboxJob *fixture,
             const char *method,
             const char *path)
{
  return comfy_sandbox_count (fixture->sandbox, "request", method, path);
}

static void
test_nodes (SandboxJob    *fixture,
            gconstpointer  data)
{
  g_autofree char           *path = g_build_filename (fixture->folder, "nodes.json", NULL);
  g_autoptr(GError)          error = NULL;
  g_autoptr(ComfyNodeTable)  table = NULL;
  g_autofree char           *text = NULL;
  gsize                      length;
  g_autoptr(GBytes)          json = NULL;

  g_assert_cmpuint (comfy_api_get_flags (fixture->api) & COMFY_API_NODES, ==, COMFY_API_NODES);
  test_await_true (comfy_api_get_nodes (fixture->api, path));

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  json = g_bytes_new_static (text, length);
  table = comfy_node_table_new_from_object_info (json, &error);
  g_assert_no_error (error);
  g_assert_nonnull (comfy_node_table_lookup (table, "KSampler"));
}

/* What says that there is none is believed, told, and not asked for again. */
static void
test_no_nodes (SandboxJob    *fixture,
               gconstpointer  data)
{
  static const unsigned int statuses[] = { 401, 403, 404, 405, 501 };
  g_autofree char          *path = g_build_filename (fixture->folder, "nodes.json", NULL);

  for (unsigned int i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(ComfyApi) api = comfy_protocol_new_api (GPOINTER_TO_UINT (data),
                                                        fixture->transport);
      g_autofree char    *learned = NULL;
      gulong              handler = g_signal_connect (api, "learned", G_CALLBACK (learned_cb),
                                                      &learned);

      sandbox_job_control (fixture, "faults", "{\"kind\":\"status\",\"status\":%u,"
                           "\"path\":\"/api/object_info\"}", statuses[i]);
      test_await_error (comfy_api_get_nodes (api, path), COMFY_ERROR_NOT_SUPPORTED);
      g_assert_cmpstr (learned, ==, COMFY_SERVER_NO_NODES);
      g_assert_cmpuint (comfy_api_get_flags (api) & COMFY_API_NODES, ==, 0);

      test_await_error (comfy_api_get_nodes (api, path), COMFY_ERROR_NOT_SUPPORTED);
      g_assert_cmpuint (count_asked (fixture, "GET", "/api/object_info"), ==, i + 1);
      g_signal_handler_disconnect (api, handler);
    }
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* A bad day says nothing of whether there is one. */
static void
test_nodes_on_a_bad_day (SandboxJob    *fixture,
                         gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "nodes.json", NULL);

  sandbox_job_control (fixture, "faults", "{\"kind\":\"status\",\"status\":500,\"count\":-1,"
                       "\"path\":\"/api/object_info\"}");
  test_await_error (comfy_api_get_nodes (fixture->api, path), COMFY_ERROR_SERVER);
  g_assert_cmpuint (comfy_api_get_flags (fixture->api) & COMFY_API_NODES, ==, COMFY_API_NODES);

  sandbox_job_control (fixture, "reset", "{}");
  sandbox_job_control (fixture, "faults",
                       "{\"kind\":\"cut\",\"path\":\"/api/object_info\",\"bytes\":1000}");
  test_await_true (comfy_api_get_nodes (fixture->api, path));
}

/* A good graph runs as ever, and was asked for once. */
static void
test_a_good_graph (SandboxJob    *fixture,
                   gconstpointer  data)
{
  _comfy_job_set_asks_first (fixture->job, TRUE);
  sandbox_job_run_to_the_end (fixture);
  g_assert_cmpuint (count_asked (fixture, "POST", VALIDATE), ==,
                    GPOINTER_TO_UINT (data) == COMFY_PROTOCOL_V1 ? 1 : 0);
}

/* the artist's own graphs are asked for without anybody saying so */
static void
test_own_graphs_ask (SandboxJob    *fixture,
                     gconstpointer  data)
{
  static const char     good[] =
    "{\"1\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":8,\"height\":8,"
    "\"batch_size\":1,\"color\":255}},\"2\":{\"class_type\":\"SaveImage\",\"inputs\":{"
    "\"images\":[\"1\",0],\"filename_prefix\":\"a\"}}}";
  static const char     bad[] =
    "{\"1\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":0,\"height\":8,"
    "\"batch_size\":1,\"color\":255}},\"2\":{\"class_type\":\"SaveImage\",\"inputs\":{"
    "\"images\":[\"1\",0],\"filename_prefix\":\"a\"}}}";
  g_autoptr(GPtrArray)  outputs = NULL;

  outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_output_free);
  g_ptr_array_add (outputs, comfy_output_new ("2", "gimp-0", COMFY_OUTCOME_LAYERS));
  sandbox_job_next_graph (fixture, bad, outputs);
  test_await_error (comfy_job_run (fixture->job), COMFY_ERROR_INVALID_WORKFLOW);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 0);
  g_assert_cmpuint (comfy_sandbox_count (fixture->sandbox, "request", "POST",
                                         "/developer/api/v1/jobs"), ==, 0);

  sandbox_job_next_graph (fixture, good, outputs);
  sandbox_job_run_to_the_end (fixture);
  g_assert_cmpuint (count_asked (fixture, "POST", VALIDATE), ==, 2);
}

/* Who does not ask is not held up. */
static void
test_shipped_graphs_do_not_ask (SandboxJob    *fixture,
                                gconstpointer  data)
{
  sandbox_job_run_to_the_end (fixture);
  g_assert_cmpuint (count_asked (fixture, "POST", VALIDATE), ==, 0);
}

static void
test_a_refused_graph (SandboxJob    *fixture,
                      gconstpointer  data)
{
  g_autoptr(DexFuture)    future = NULL;
  g_autoptr(GError)       error = NULL;
  const ComfyNodeProblem *problem;

  sandbox_job_control (fixture, "missing-node", "{\"class_type\":\"ImageUpscaleWithModel\"}");
  _comfy_job_set_asks_first (fixture->job, TRUE);
  future = test_settle (comfy_job_run (fixture->job));
  g_assert_null (dex_future_get_value (future, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_WORKFLOW);
  g_assert_nonnull (strstr (error->message, "ImageUpscaleWithModel"));
  problem = comfy_error_get_problems (error)->pdata[0];
  g_assert_cmpstr (problem->node_id, ==, "3");

  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_FAILED);
  g_assert_cmpuint (count_asked (fixture, "POST", VALIDATE), ==, 1);
  g_assert_cmpuint (comfy_sandbox_count (fixture->sandbox, "request", "POST",
                                         "/developer/api/v1/jobs"), ==, 0);
  g_assert_cmpuint (sandbox_job_count (fixture), ==, 0);
}

/* What is refused for a file that can be exchanged is sent with another one. */
static void
test_a_refusal_that_can_be_mended (SandboxJob    *fixture,
                                   gconstpointer  data)
{
  sandbox_job_control (fixture, "missing-model",
                       "{\"name\":\"RealESRGAN_x4plus.safetensors\"}");
  _comfy_job_set_asks_first (fixture->job, TRUE);
  sandbox_job_run_to_the_end (fixture);
  g_assert_cmpuint (count_asked (fixture, "POST", VALIDATE), ==, 2);
}

/* A server that does not do it, or not now, holds up no job. */
static void
test_who_cannot_be_asked (SandboxJob    *fixture,
                          gconstpointer  data)
{
  static const char *const faults[] = {
    "\"kind\":\"status\",\"status\":404", "\"kind\":\"status\",\"status\":405",
    "\"kind\":\"status\",\"status\":501", "\"kind\":\"status\",\"status\":500",
    "\"kind\":\"reset\"", "\"kind\":\"html\"", "\"kind\":\"garbage\"", "\"kind\":\"empty\"",
    "\"kind\":\"retry_after\",\"retry_after\":60", "\"kind\":\"cut\"",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *learned = NULL;
      gulong           handler;

      g_test_message ("%s", faults[i]);
      if (i > 0)
        sandbox_job_next (fixture, "png", FALSE);
      handler = g_signal_connect (fixture->api, "learned", G_CALLBACK (learned_cb), &learned);
      sandbox_job_control (fixture, "faults", "{%s,\"path\":\"" VALIDATE "\"}", faults[i]);
      _comfy_job_set_asks_first (fixture->job, TRUE);
      test_await_true (comfy_job_run (fixture->job));
      g_assert_cmpuint (sandbox_job_count (fixture), ==, i + 1);
      g_signal_handler_disconnect (fixture->api, handler);

      g_assert_cmpstr (learned, ==, i < 3 ? COMFY_SERVER_NO_VALIDATE : NULL);
      g_assert_cmpuint (comfy_api_get_flags (fixture->api) & COMFY_API_VALIDATE, ==,
                        i < 3 ? 0 : COMFY_API_VALIDATE);
      if (i < 3)
        {
          g_clear_object (&fixture->job->api);
          g_object_unref (fixture->api);
          fixture->api = comfy_protocol_new_api (COMFY_PROTOCOL_V1, fixture->transport);
        }
    }
  g_assert_cmpuint (count_asked (fixture, "POST", VALIDATE), ==, G_N_ELEMENTS (faults));
}

/* What another process found out is not found out again. */
static void
test_recalled (SandboxJob    *fixture,
               gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "nodes.json", NULL);

  comfy_api_recall (fixture->api, COMFY_SERVER_NO_NODES);
  comfy_api_recall (fixture->api, COMFY_SERVER_NO_VALIDATE);
  g_assert_cmpuint (comfy_api_get_flags (fixture->api)
                    & (COMFY_API_NODES | COMFY_API_VALIDATE), ==, 0);
  test_await_error (comfy_api_get_nodes (fixture->api, path), COMFY_ERROR_NOT_SUPPORTED);
  _comfy_job_set_asks_first (fixture->job, TRUE);
  sandbox_job_run_to_the_end (fixture);
  g_assert_cmpuint (count_asked (fixture, "POST", VALIDATE), ==, 0);
}

typedef void (*TestFunc) (SandboxJob    *fixture,
                          gconstpointer  data);

static void
add (const char    *name,
     ComfyProtocol  protocol,
     TestFunc       func)
{
  g_autofree char *path = g_strdup_printf ("/job-graphs/%s/%s", comfy_protocol_to_nick (protocol),
                                           name);

  g_test_add (path, SandboxJob, GUINT_TO_POINTER (protocol), sandbox_job_set_up, func,
              sandbox_job_tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  for (ComfyProtocol i = COMFY_PROTOCOL_V1; i <= COMFY_PROTOCOL_V2; i++)
    {
      add ("the-nodes-are-fetched", i, test_nodes);
      add ("who-tells-no-nodes-is-not-asked-again", i, test_no_nodes);
      add ("a-bad-day-does-not-mean-no-nodes", i, test_nodes_on_a_bad_day);
      add ("a-good-graph-is-asked-for-and-runs", i, test_a_good_graph);
      add ("shipped-graphs-do-not-ask", i, test_shipped_graphs_do_not_ask);
      add ("what-was-learned-is-recalled", i, test_recalled);
    }
  add ("own-graphs-are-asked-for", COMFY_PROTOCOL_V1, test_own_graphs_ask);
  add ("a-refused-graph-is-not-sent", COMFY_PROTOCOL_V1, test_a_refused_graph);
  add ("a-refusal-that-can-be-mended-is", COMFY_PROTOCOL_V1, test_a_refusal_that_can_be_mended);
  add ("who-cannot-be-asked-holds-up-no-job", COMFY_PROTOCOL_V1, test_who_cannot_be_asked);

  return g_test_run ();
}
