/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the sandbox tells of nodes and graphs before anything runs, and batches of them. */

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-node-table-private.h"
#include "comfy-workflow-check.h"
#include "test-fixture.h"

#define V1 "/developer/api/v1"
#define COLOR "{\"1\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":8,\"height\":8," \
              "\"batch_size\":1,\"color\":255}},\"2\":{\"class_type\":\"SaveImage\"," \
              "\"inputs\":{\"images\":[\"1\",0],\"filename_prefix\":\"a\"}}}"
#define NOPE  "{\"1\":{\"class_type\":\"Nope\",\"inputs\":{}}}"
#define COST  1000

static unsigned int
count_jobs (Fixture *fixture)
{
  return comfy_sandbox_count (fixture->sandbox, "job", NULL, NULL);
}

static ComfyNodeTable *
read_table (const Reply *reply)
{
  g_autoptr(GError) error = NULL;
  ComfyNodeTable   *table = comfy_node_table_new_from_object_info (reply->body, &error);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_no_error (error);

  return table;
}

static const char *const *
get_choices (ComfyNodeTable *table,
             const char     *class_type,
             const char     *input)
{
  const ComfyNodeClass *klass = comfy_node_table_lookup (table, class_type);

  g_assert_nonnull (klass);

  return comfy_node_input_get_choices (comfy_node_class_lookup_input (klass, input));
}

/* What the server tells is what it checks by; shipped graphs pass it, with all their models. */
static void
test_nodes (void)
{
  g_auto(Fixture)           fixture = { 0 };
  g_auto(Reply)             reply = { 0 };
  g_auto(Reply)             refused = { 0 };
  g_autoptr(ComfyNodeTable) table = NULL;
  g_autoptr(GDir)           dir = NULL;
  g_autofree char          *folder = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "actions",
                                                       NULL);
  const char               *name;
  gint64                    min_int;
  guint64                   max_int;

  fixture_start (&fixture, NULL);
  refused = fixture_send (&fixture, "GET", "/api/object_info", NULL, NULL, NULL);
  g_assert_cmpuint (refused.status, ==, 401);
  reply = fixture_send (&fixture, "GET", "/api/object_info", fixture.alice_key, NULL, NULL);
  table = read_table (&reply);

  g_assert_true (comfy_node_input_get_int_range (comfy_node_class_lookup_input (
                   comfy_node_table_lookup (table, "KSampler"), "seed"), &min_int, &max_int));
  g_assert_cmpuint (max_int, ==, G_MAXUINT64);
  g_assert_true (g_strv_contains (get_choices (table, "VAELoader", "vae_name"), "ae.safetensors"));
  g_assert_null (get_choices (table, "LoadImage", "image"));

  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char          *path = g_build_filename (folder, name, NULL);
      g_autoptr(GError)         error = NULL;
      g_autoptr(ComfyWorkflow)  workflow = NULL;

      if (g_str_has_suffix (name, ".gimp.json"))
        continue;

      g_test_message ("%s", name);
      workflow = comfy_workflow_new_from_file (path, &error);
      g_assert_no_error (error);
      comfy_workflow_check (workflow, table, &error);
      g_assert_no_error (error);
    }
}

static void
test_nodes_that_are_missing (void)
{
  g_auto(Fixture)           fixture = { 0 };
  g_auto(Reply)             reply = { 0 };
  g_auto(Reply)             gateway = { 0 };
  g_autoptr(ComfyNodeTable) table = NULL;
  const char *const        *choices;

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "missing-model",
                   "{\"name\":\"ae.safetensors\",\"allowed\":[\"flux-ae.safetensors\"]}");
  fixture_control (&fixture, "missing-node", "{\"class_type\":\"ImageInvert\"}");
  reply = fixture_send (&fixture, "GET", "/api/object_info", fixture.alice_key, NULL, NULL);
  table = read_table (&reply);

  choices = get_choices (table, "VAELoader", "vae_name");
  g_assert_false (g_strv_contains (choices, "ae.safetensors"));
  g_assert_true (g_strv_contains (choices, "flux-ae.safetensors"));
  g_assert_null (comfy_node_table_lookup (table, "ImageInvert"));
  g_assert_nonnull (comfy_node_table_lookup (table, "ImageBlur"));

  fixture_control (&fixture, "flavour", "{\"flavour\":\"serverless\"}");
  gateway = fixture_send (&fixture, "GET", "/api/object_info", fixture.alice_key, NULL, NULL);
  g_assert_cmpuint (gateway.status, ==, 404);
}

static void
test_validate (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply)   good = { 0 };
  g_auto(Reply)   bad = { 0 };
  g_auto(Reply)   window = { 0 };
  JsonObject     *error;

  fixture_start (&fixture, NULL);
  good = fixture_send (&fixture, "POST", V1 "/workflows/validate", fixture.alice_key, NULL,
                       "{\"workflow\":" COLOR "}");
  bad = fixture_send (&fixture, "POST", V1 "/workflows/validate", fixture.alice_key, NULL,
                      "{\"workflow\":" NOPE "}");
  window = fixture_send (&fixture, "POST", V1 "/workflows/validate", fixture.alice_key, NULL,
                         "{\"workflow\":{\"nodes\":[],\"links\":[]}}");

  g_assert_cmpuint (good.status, ==, 200);
  g_assert_true (json_object_get_boolean_member (good.json, "valid"));
  g_assert_cmpuint (bad.status, ==, 200);
  g_assert_false (json_object_get_boolean_member (bad.json, "valid"));
  error = json_array_get_object_element (json_object_get_array_member (bad.json, "errors"), 0);
  g_assert_cmpstr (comfy_json_get_string (error, "node_id"), ==, "1");
  g_assert_nonnull (strstr (comfy_json_get_string (error, "message"), "Nope"));
  g_assert_false (json_object_get_boolean_member (window.json, "valid"));

  g_assert_cmpuint (count_jobs (&fixture), ==, 0);
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "request", "POST",
                                         V1 "/workflows/validate"), ==, 3);
}

static const char *
get_job_id (const Reply  *reply,
            unsigned int  i)
{
  JsonArray *jobs = json_object_get_array_member (reply->json, "jobs");

  return json_object_get_string_member (json_array_get_object_element (jobs, i), "id");
}

static void
test_batch (void)
{
  const ComfySandboxOptions options = { .job_cost = COST };
  g_auto(Fixture)           fixture = { 0 };
  g_auto(Reply)             batch = { 0 };
  g_auto(Reply)             again = { 0 };
  g_auto(Reply)             account = { 0 };
  g_autofree char          *ledger = NULL;
  g_autofree char          *noted = NULL;
  static const char         body[] = "{\"jobs\":[{\"workflow\":" COLOR ",\"tags\":[\"one\"]},"
                                     "{\"workflow\":" COLOR "},{\"workflow\":" COLOR "}]}";

  fixture_start (&fixture, &options);
  batch = fixture_send (&fixture, "POST", V1 "/jobs/batch", fixture.alice_key, "key", body);
  again = fixture_send (&fixture, "POST", V1 "/jobs/batch", fixture.alice_key, "key", body);
  account = fixture_send (&fixture, "GET", V1 "/account", fixture.alice_key, NULL, NULL);

  g_assert_cmpuint (batch.status, ==, 202);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (batch.json, "jobs")), ==,
                    3);
  g_assert_cmpstr (reply_get (&batch, "batch_id"), ==, reply_get (&again, "batch_id"));
  for (unsigned int i = 0; i < 3; i++)
    {
      g_autofree char *url = g_strconcat (V1 "/jobs/", get_job_id (&batch, i), NULL);
      g_autofree char *state = fixture_wait_for_job (&fixture, url, fixture.alice_key);

      g_assert_cmpstr (get_job_id (&batch, i), ==, get_job_id (&again, i));
      g_assert_cmpstr (state, ==, "completed");
    }

  /* each job is a job, and paid for once */
  g_assert_cmpuint (count_jobs (&fixture), ==, 3);
  g_assert_cmpint (json_object_get_int_member (account.json, "balance"), ==, 1000000 - 3 * COST);
  ledger = comfy_sandbox_dup_ledger (fixture.sandbox);
  noted = g_strdup_printf ("\"batch_id\":\"%s\"", reply_get (&batch, "batch_id"));
  g_assert_nonnull (strstr (ledger, noted));
}

/* All of a batch, or nothing of it. */
static void
test_refused_batches (void)
{
  const ComfySandboxOptions  options = { .job_cost = 400000, .job_ms = 60000, .queue_length = 1 };
  g_auto(Fixture)            fixture = { 0 };
  g_autoptr(GString)         many = g_string_new ("{\"jobs\":[");
  const struct
  {
    const char   *body;
    unsigned int  status;
    const char   *said;
  } cases[] = {
    { "{\"jobs\":[]}", 422, "1 to 50" },
    { "{}", 422, "1 to 50" },
    { "{\"jobs\":[{\"workflow\":" COLOR "},7]}", 422, "jobs.1.workflow" },
    { "{\"jobs\":[{\"workflow\":" COLOR "},{\"workflow\":" NOPE "}]}", 422, "jobs.1.workflow.1" },
    { "{\"jobs\":[{\"workflow\":" COLOR "},{\"workflow\":{\"nodes\":[]}}]}", 422,
      "jobs.1.workflow" },
    /* enough for two; and one runs, one may wait */
    { "{\"jobs\":[{\"workflow\":" COLOR "},{\"workflow\":" COLOR "},{\"workflow\":" COLOR "}]}",
      402, "credits" },
  };

  fixture_start (&fixture, &options);
  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Reply)    reply = fixture_send (&fixture, "POST", V1 "/jobs/batch", fixture.alice_key,
                                             NULL, cases[i].body);
      g_autofree char *text = g_strndup (g_bytes_get_data (reply.body, NULL),
                                         g_bytes_get_size (reply.body));

      g_test_message ("%s", text);
      g_assert_cmpuint (reply.status, ==, cases[i].status);
      g_assert_nonnull (strstr (text, cases[i].said));
    }

  for (unsigned int i = 0; i < 51; i++)
    g_string_append_printf (many, "%s{\"workflow\":" COLOR "}", i > 0 ? "," : "");
  g_string_append (many, "]}");
  {
    g_auto(Reply) reply = fixture_send (&fixture, "POST", V1 "/jobs/batch", fixture.alice_key, NULL,
                                        many->str);

    g_assert_cmpuint (reply.status, ==, 422);
  }
  fixture_control (&fixture, "balance", "{\"account\":\"%s\",\"micros\":4000000}", ALICE);
  {
    g_auto(Reply) full = fixture_send (&fixture, "POST", V1 "/jobs/batch", fixture.alice_key, NULL,
                                       cases[5].body);

    g_assert_cmpuint (full.status, ==, 429);
  }
  g_assert_cmpuint (count_jobs (&fixture), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox-graphs/tells-the-nodes-it-checks-by", test_nodes);
  g_test_add_func ("/sandbox-graphs/tells-what-it-has-not-got", test_nodes_that_are_missing);
  g_test_add_func ("/sandbox-graphs/validate-starts-nothing", test_validate);
  g_test_add_func ("/sandbox-graphs/a-batch-is-several-jobs", test_batch);
  g_test_add_func ("/sandbox-graphs/a-batch-is-taken-whole-or-not-at-all", test_refused_batches);

  return g_test_run ();
}
