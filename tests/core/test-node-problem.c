/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-node-problem-private.h"

static const char GRAPH[] =
  "{\"57:8\":{\"class_type\":\"CheckpointLoaderSimple\",\"inputs\":{\"ckpt_name\":\"a\"}},"
  "\"1\":{\"class_type\":\"SaveImageAdvanced\",\"inputs\":{\"format.bit_depth\":\"16-bit\"}},"
  "\"1.2\":{\"class_type\":\"VAELoader\",\"inputs\":{\"vae_name\":\"v\"}}}";

/* (transfer full): a line for each problem: node, input, type, message and what is allowed */
static char *
describe (const char *answer)
{
  g_autoptr(GError)         error = NULL;
  g_autoptr(JsonNode)       body = comfy_json_read (answer, strlen (answer), 1 << 20, 64, &error);
  g_autoptr(GBytes)         graph = g_bytes_new_static (GRAPH, sizeof GRAPH - 1);
  g_autoptr(ComfyWorkflow)  workflow = comfy_workflow_new_from_bytes (graph, NULL);
  g_autoptr(GPtrArray)      problems = NULL;
  GString                  *text = g_string_new (NULL);

  g_assert_no_error (error);
  problems = _comfy_node_problems_from_json (body, workflow);
  for (unsigned int i = 0; i < problems->len; i++)
    {
      g_autoptr(ComfyNodeProblem) copy = comfy_node_problem_copy (problems->pdata[i]);
      g_autofree char            *allowed = copy->allowed != NULL ? g_strjoinv (",", copy->allowed)
                                                                  : g_strdup ("-");

      g_string_append_printf (text, "%s|%s|%s|%s|%s\n", copy->node_id != NULL ? copy->node_id : "-",
                              copy->input != NULL ? copy->input : "-",
                              copy->type != NULL ? copy->type : "-",
                              copy->message != NULL ? copy->message : "-", allowed);
    }

  return g_string_free (text, FALSE);
}

static void
assert_described (const char *answer,
                  const char *expected)
{
  g_autofree char *text = describe (answer);

  g_assert_cmpstr (text, ==, expected);
}

#define V2(errors) \
  "{\"error\":{\"code\":\"invalid_workflow\",\"details\":{\"node_errors\":" errors "}}}"

static void
test_v2 (void)
{
  assert_described (V2 ("{\"57:8\":[{\"field\":\"ckpt_name\",\"reason\":\"value_not_in_list\"}]}"),
                    "57:8|ckpt_name|value_not_in_list|ckpt_name: value_not_in_list|-\n");
  assert_described (V2 ("{\"57:8\":[{\"field\":\"ckpt_name\",\"reason\":\"No such file.\","
                        "\"extra_info\":{\"input_config\":[[\"b\",\"c\"],{}]}}]}"),
                    "57:8|ckpt_name|-|ckpt_name: No such file.|b,c\n");
  assert_described (V2 ("{\"1\":[{\"field\":\"\",\"reason\":\"missing_node_type\"}]}"),
                    "1|-|missing_node_type|missing_node_type|-\n");
}

#define V1(field) \
  "{\"error\":{\"code\":\"validation_error\",\"details\":[{\"field\":\"" field "\"," \
  "\"message\":\"is not there\"}]}}"

static void
test_v1 (void)
{
  assert_described (V1 ("workflow.57:8.ckpt_name"), "57:8|ckpt_name|-|ckpt_name: is not there|-\n");
  assert_described (V1 ("57:8.inputs.ckpt_name"), "57:8|ckpt_name|-|ckpt_name: is not there|-\n");
  assert_described (V1 ("workflow.1.format.bit_depth"),
                    "1|format.bit_depth|-|format.bit_depth: is not there|-\n");
  /* an id that begins as another one does */
  assert_described (V1 ("workflow.1.2.vae_name"), "1.2|vae_name|-|vae_name: is not there|-\n");
  assert_described (V1 ("workflow.1"), "1|-|-|is not there|-\n");
  assert_described (V1 ("workflow"), "-|-|-|workflow: is not there|-\n");
  assert_described (V1 ("workflow.99.seed"), "-|-|-|workflow.99.seed: is not there|-\n");
}

#define OWN(config) \
  "{\"error\":{\"type\":\"prompt_outputs_failed_validation\"}," \
  "\"node_errors\":{\"57:8\":{\"errors\":[{\"type\":\"value_not_in_list\"," \
  "\"message\":\"Not in list\",\"details\":\"ckpt_name: 'a'\"," \
  "\"extra_info\":{\"input_name\":\"ckpt_name\"," \
  "\"input_config\":" config "}}],\"class_type\":\"CheckpointLoaderSimple\"}}}"

#define FOUND(rest) "{\"valid\":false,\"errors\":[{" rest "\"message\":\"is not there\"}]}"

/* a graph that was only looked at */
static void
test_validation (void)
{
  assert_described (FOUND ("\"node_id\":\"57:8\",\"field\":\"ckpt_name\","),
                    "57:8|ckpt_name|-|ckpt_name: is not there|-\n");
  assert_described (FOUND ("\"node_id\":\"57:8\",\"field\":\"inputs.ckpt_name\","),
                    "57:8|ckpt_name|-|ckpt_name: is not there|-\n");
  assert_described (FOUND ("\"node_id\":\"57:8\","), "57:8|-|-|is not there|-\n");
  assert_described (FOUND ("\"node_id\":\"99\",\"field\":\"seed\","),
                    "-|-|-|seed: is not there|-\n");
  assert_described (FOUND ("\"field\":\"workflow.57:8.ckpt_name\","),
                    "57:8|ckpt_name|-|ckpt_name: is not there|-\n");
  assert_described (FOUND (""), "-|-|-|is not there|-\n");
}

static void
test_comfyui (void)
{
  static const char * const start =
    "57:8|ckpt_name|value_not_in_list|ckpt_name: 'a': Not in list|";
  static const struct { const char *answer; const char *allowed; } cases[] = {
    { OWN ("[[\"b\",\"c\"],{\"tooltip\":\"x\"}]"), "b,c" },
    { OWN ("[\"COMBO\",{\"options\":[\"b\",7,\"c\"]}]"), "b,c" },
    { OWN ("[[],{}]"), "" },
    /* a list that is too long is left away: nothing is known */
    { OWN ("null"), "-" },
    { OWN ("[\"COMBO\"]"), "-" },
    { OWN ("[]"), "-" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *expected = g_strdup_printf ("%s%s\n", start, cases[i].allowed);
      g_autofree char *within = g_strdup_printf ("{\"error\":{\"code\":\"x\",\"details\":%s}}",
                                                 cases[i].answer);

      assert_described (cases[i].answer, expected);
      assert_described (within, expected);
    }
}

static void
test_missing_class (void)
{
  assert_described ("{\"error\":{\"type\":\"missing_node_type\",\"message\":\"Not found\","
                    "\"details\":\"Node ID '#1'\",\"extra_info\":{\"node_id\":\"1\"}},"
                    "\"node_errors\":{}}",
                    "1|-|missing_node_type|Not found|-\n");
  assert_described ("{\"error\":{\"type\":\"invalid_prompt\",\"message\":\"does not exist.\","
                    "\"details\":\"Node ID '#57:8'\",\"extra_info\":{}},\"node_errors\":[]}",
                    "57:8|-|missing_node_type|does not exist.|-\n");
  assert_described ("{\"error\":{\"type\":\"missing_node_type\",\"details\":\"Node ID '#77'\"}}",
                    "");
}

static void
test_nonsense (void)
{
  static const char * const answers[] = {
    "[]", "{}", "{\"error\":7}", "{\"error\":{\"details\":[7,null,\"x\",[]]}}",
    V2 ("{\"1\":7}"), V2 ("{\"1\":[7,[]]}"), V2 ("[]"), "{\"node_errors\":{\"1\":{\"errors\":{}}}}",
    "{\"error\":{\"type\":\"missing_node_type\",\"details\":\"Node ID '#\",\"extra_info\":[]}}",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (answers); i++)
    assert_described (answers[i], "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/node-problem/comfy-api-v2", test_v2);
  g_test_add_func ("/node-problem/developer-api-v1", test_v1);
  g_test_add_func ("/node-problem/of-a-graph-that-was-looked-at", test_validation);
  g_test_add_func ("/node-problem/comfyui-with-or-without-its-list", test_comfyui);
  g_test_add_func ("/node-problem/a-class-that-is-missing", test_missing_class);
  g_test_add_func ("/node-problem/nonsense-is-no-problem", test_nonsense);

  return g_test_run ();
}
