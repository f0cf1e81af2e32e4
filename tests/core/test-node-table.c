/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-node-table-private.h"
#include "comfy-node-table-private.h"
#include "comfy-workflow-check.h"

#define SAVE "\"8\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"1\",0]," \
             "\"filename_prefix\":\"x\"},\"_meta\":{\"title\":\"Result\"}}"

static ComfyNodeTable *
load_table (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "nodes.json", NULL);
  g_autoptr(GError) error = NULL;
  ComfyNodeTable *table = comfy_node_table_new_from_file (path, &error);

  g_assert_no_error (error);
  _comfy_node_table_set_complete (table, NULL);
  return table;
}

/* The problems of a graph as "type node input" lines, in the order found. */
static char *
dup_problems (ComfyNodeTable *table,
              const char     *graph)
{
  g_autoptr(GBytes) bytes = g_bytes_new (graph, strlen (graph));
  g_autoptr(GError) error = NULL;
  g_autoptr(ComfyWorkflow) workflow = comfy_workflow_new_from_bytes (bytes, &error);
  g_autoptr(GPtrArray) problems = NULL;
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  problems = comfy_workflow_find_problems (workflow, table);
  for (unsigned int i = 0; i < problems->len; i++)
    {
      const ComfyWorkflowProblem *problem = g_ptr_array_index (problems, i);

      g_assert_true (g_utf8_validate (problem->message, -1, NULL));
      g_string_append_printf (text, "%s%s %s %s", i > 0 ? "\n" : "", problem->type,
                              problem->node_id != NULL ? problem->node_id : "-",
                              problem->input != NULL ? problem->input : "-");
    }

  g_assert_true (comfy_workflow_check (workflow, table, NULL) == (problems->len == 0));
  return g_string_free (text, FALSE);
}

static void
assert_problems (const char *nodes,
                 const char *expected)
{
  g_autoptr(ComfyNodeTable) table = load_table ();
  g_autofree char *graph = g_strconcat ("{", nodes, ",", SAVE, "}", NULL);
  g_autofree char *problems = dup_problems (table, graph);

  g_assert_cmpstr (problems, ==, expected);
}

static void
test_classes (void)
{
  g_autoptr(ComfyNodeTable) table = load_table ();
  const ComfyNodeClass *sampler = comfy_node_table_lookup (table, "KSampler");
  const ComfyNodeClass *save = comfy_node_table_lookup (table, "SaveImage");
  const ComfyNodeClass *load = comfy_node_table_lookup (table, "LoadImage");
  const ComfyNodeClass *resize = comfy_node_table_lookup (table, "ResizeImageMaskNode");
  const ComfyNodeInput *input;
  gint64 min_int;
  guint64 max_int;
  double min_float;
  double max_float;

  g_assert_null (comfy_node_table_lookup (table, "NoSuchClass"));
  g_assert_true (comfy_node_class_is_output (save));
  g_assert_false (comfy_node_class_is_output (sampler));
  g_assert_true (comfy_node_class_is_partner (comfy_node_table_lookup (table, "GeminiImage2Node")));
  g_assert_cmpstr (comfy_node_class_get_title (load), ==, "Load Image");
  g_assert_cmpstr (comfy_node_class_get_outputs (load)[1], ==, "MASK");
  g_assert_cmpuint (comfy_node_class_get_inputs (sampler)->len, ==, 10);

  input = comfy_node_class_lookup_input (sampler, "seed");
  g_assert_cmpint (comfy_node_input_get_kind (input), ==, COMFY_NODE_INPUT_INT);
  g_assert_true (comfy_node_input_get_int_range (input, &min_int, &max_int));
  g_assert_cmpint (min_int, ==, 0);
  g_assert_cmpuint (max_int, ==, G_MAXUINT64);
  g_assert_cmpstr (comfy_node_input_get_default (input), ==, "0");

  input = comfy_node_class_lookup_input (sampler, "cfg");
  g_assert_true (comfy_node_input_get_float_range (input, &min_float, &max_float));
  g_assert_cmpfloat (max_float, ==, 100.0);
  g_assert_false (comfy_node_input_get_int_range (input, &min_int, &max_int));

  input = comfy_node_class_lookup_input (sampler, "scheduler");
  g_assert_true (g_strv_contains (comfy_node_input_get_choices (input), "karras"));
  /* which pictures and models there are, only the server knows */
  g_assert_null (comfy_node_input_get_choices (comfy_node_class_lookup_input (load, "image")));

  input = comfy_node_class_lookup_input (resize, "resize_type.multiplier");
  g_assert_cmpint (comfy_node_input_get_kind (input), ==, COMFY_NODE_INPUT_FLOAT);
  g_assert_null (comfy_node_class_lookup_input (resize, "resize_type.nothing"));
}

static void
test_good_graphs (void)
{
  g_autoptr(ComfyNodeTable) table = load_table ();
  const char *const dirs[] = { "tests/data/workflows", "data/actions" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (dirs); i++)
    {
      g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", dirs[i], NULL);
      g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *file = g_build_filename (path, name, NULL);
          g_autoptr(GError) error = NULL;
          g_autoptr(ComfyWorkflow) workflow = NULL;

          if (!g_str_has_suffix (name, ".json") || g_str_has_suffix (name, ".gimp.json"))
            continue;

          g_test_message ("%s", name);
          workflow = comfy_workflow_new_from_file (file, &error);
          g_assert_no_error (error);
          comfy_workflow_check (workflow, table, &error);
          g_assert_no_error (error);
        }
    }
}

static void
test_problems (void)
{
  assert_problems ("\"1\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":0,\"height\":16385,"
                   "\"batch_size\":\"x\",\"color\":\"7\"}}",
                   "value_smaller_than_min 1 width\nvalue_bigger_than_max 1 height\n"
                   "invalid_input_type 1 batch_size");
  assert_problems ("\"1\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":8,\"height\":8}}",
                   "required_input_missing 1 batch_size\nrequired_input_missing 1 color");
  assert_problems ("\"1\":{\"class_type\":\"Nope\",\"inputs\":{}}", "missing_node_type 1 -");
  assert_problems ("\"2\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}},"
                   "\"1\":{\"class_type\":\"ImageInvert\",\"inputs\":{\"image\":[\"2\",1]}}",
                   "return_type_mismatch 1 image");
  assert_problems ("\"1\":{\"class_type\":\"ImageInvert\",\"inputs\":{\"image\":[\"7\",0]}}",
                   "bad_linked_input 1 image");
  assert_problems ("\"1\":{\"class_type\":\"ImageInvert\",\"inputs\":{\"image\":[\"8\",4]}}",
                   "dependency_cycle 8 -\nbad_linked_input 1 image");
  assert_problems ("\"1\":{\"class_type\":\"ImageInvert\",\"inputs\":{\"image\":[1,0]}}",
                   "bad_linked_input 1 image");
  assert_problems ("\"1\":{\"class_type\":\"ImageInvert\",\"inputs\":{\"image\":\"a.png\"}}",
                   "invalid_input_type 1 image");
  assert_problems ("\"2\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}},"
                   "\"1\":{\"class_type\":\"ImageScaleBy\",\"inputs\":{\"image\":[\"2\",0],"
                   "\"upscale_method\":\"Lanczos\",\"scale_by\":8.5}}",
                   "value_not_in_list 1 upscale_method\nvalue_bigger_than_max 1 scale_by");
}

static void
test_dynamic_inputs (void)
{
#define RESIZE(rest) "\"2\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}}," \
                     "\"1\":{\"class_type\":\"ResizeImageMaskNode\",\"inputs\":{" \
                     "\"input\":[\"2\",0],\"scale_method\":\"area\"," rest "}}"

  assert_problems (RESIZE ("\"resize_type\":\"scale by multiplier\","
                           "\"resize_type.multiplier\":2"), "");
  assert_problems (RESIZE ("\"resize_type\":\"scale by multiplier\""),
                   "required_input_missing 1 resize_type.multiplier");
  assert_problems (RESIZE ("\"resize_type\":\"scale by multiplier\","
                           "\"resize_type.multiplier\":9"),
                   "value_bigger_than_max 1 resize_type.multiplier");
  assert_problems (RESIZE ("\"resize_type\":\"sideways\""), "value_not_in_list 1 resize_type");
#undef RESIZE
}

static void
test_only_what_runs (void)
{
  /* node 5 feeds no output, so ComfyUI never looks at its inputs; its class must exist though */
  assert_problems ("\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}},"
                   "\"5\":{\"class_type\":\"ImageInvert\",\"inputs\":{}}", "");
  assert_problems ("\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}},"
                   "\"5\":{\"class_type\":\"Nope\",\"inputs\":{}}", "missing_node_type 5 -");
}

static void
test_no_output (void)
{
  g_autoptr(ComfyNodeTable) table = load_table ();
  g_autofree char *problems =
    dup_problems (table, "{\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a\"}}}");

  g_assert_cmpstr (problems, ==, "prompt_no_outputs - -");
}

/* A chain of 10000 nodes, then closed to a ring: no recursion, and the ring is found. */
static void
test_long_chain (void)
{
  const unsigned int length = 10000;
  g_autoptr(ComfyNodeTable) table = load_table ();
  g_autoptr(GString) chain = g_string_new ("{\"8\":{\"class_type\":\"SaveImage\",\"inputs\":{"
                                           "\"images\":[\"n0\",0],\"filename_prefix\":\"x\"}}");
  g_autofree char *problems = NULL;
  g_autofree char *ring_problems = NULL;
  g_autofree char *ring = NULL;

  for (unsigned int i = 0; i < length; i++)
    g_string_append_printf (chain, ",\"n%u\":{\"class_type\":\"ImageInvert\",\"inputs\":{"
                                   "\"image\":[\"n%u\",0]}}", i, i + 1);
  ring = g_strdup_printf ("%s,\"n%u\":{\"class_type\":\"ImageInvert\",\"inputs\":{"
                          "\"image\":[\"n0\",0]}}}", chain->str, length);
  g_string_append_printf (chain, ",\"n%u\":{\"class_type\":\"LoadImage\",\"inputs\":{"
                                 "\"image\":\"a.png\"}}}", length);

  problems = dup_problems (table, chain->str);
  g_assert_cmpstr (problems, ==, "");
  ring_problems = dup_problems (table, ring);
  g_assert_cmpstr (ring_problems, ==, "dependency_cycle n0 -");
}

static void
test_order (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "workflows",
                                                 "sandbox_masked_blur.json", NULL);
  g_autoptr(ComfyWorkflow) workflow = comfy_workflow_new_from_file (path, NULL);
  g_autofree char *cycle_node_id = NULL;
  g_auto(GStrv) order = comfy_workflow_dup_order (workflow, (const char *const[]) { "5", NULL },
                                                  &cycle_node_id);
  g_autofree char *text = g_strjoinv (" ", order);

  g_assert_cmpstr (text, ==, "1 3 2 4 5");
  g_assert_null (cycle_node_id);
}

static void
test_sentence (void)
{
  g_autoptr(ComfyNodeTable) table = load_table ();
  g_autoptr(GError) error = NULL;
  static const char graph[] = "{\"1\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":0,"
                              "\"height\":8,\"batch_size\":1,\"color\":0},\"_meta\":{\"title\":"
                              "\"Canvas\"}}," SAVE "}";
  g_autoptr(GBytes) bytes = g_bytes_new_static (graph, strlen (graph));
  g_autoptr(ComfyWorkflow) workflow = comfy_workflow_new_from_bytes (bytes, NULL);

  g_assert_false (comfy_workflow_check (workflow, table, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_WORKFLOW);
  g_assert_cmpstr (error->message, ==,
                   "“width” of the node “Canvas” is 0, but must be at least 1.");
}

static void
test_no_table (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("{\"a\":1}", 7);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) missing = NULL;

  g_assert_null (comfy_node_table_new_from_bytes (bytes, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_PROTOCOL);
  g_assert_null (comfy_node_table_new_from_file ("/nonexistent/nodes.json", &missing));
  g_assert_error (missing, COMFY_ERROR, COMFY_ERROR_STORAGE);
}

/* What saves deep results is complete, and the graph otherwise the same. */
static void
test_deep_results (void)
{
  static const char          graph[] =
    "{\"1\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":8,\"height\":8,"
    "\"batch_size\":1,\"color\":0}}," SAVE "}";
  g_autoptr(ComfyNodeTable)  table = load_table ();
  g_autoptr(GBytes)          bytes = g_bytes_new_static (graph, sizeof graph - 1);
  g_autoptr(GError)          error = NULL;
  g_autoptr(ComfyWorkflow)   workflow = comfy_workflow_new_from_bytes (bytes, &error);
  const char                *value;

  g_assert_no_error (error);
  g_assert_true (comfy_workflow_save_deep (workflow));
  comfy_workflow_check (workflow, table, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (comfy_workflow_get_class (workflow, "8"), ==, COMFY_WORKFLOW_DEEP_CLASS);
  g_assert_cmpstr (comfy_workflow_get_title (workflow, "8"), ==, "Result");
  g_assert_true (comfy_workflow_get_string (workflow, "8", "filename_prefix", &value));
  g_assert_cmpstr (value, ==, "x");
  g_assert_true (comfy_workflow_get_string (workflow, "8", "format.bit_depth", &value));
  g_assert_cmpstr (value, ==, "16-bit");
  g_assert_false (comfy_workflow_save_deep (workflow));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/node-table/tells-what-classes-take", test_classes);
  g_test_add_func ("/node-table/what-is-no-table-is-refused", test_no_table);
  g_test_add_func ("/workflow-check/good-graphs-pass", test_good_graphs);
  g_test_add_func ("/workflow-check/each-problem-has-comfyui-s-name", test_problems);
  g_test_add_func ("/workflow-check/dynamic-inputs-follow-the-choice", test_dynamic_inputs);
  g_test_add_func ("/workflow-check/only-what-runs-is-checked", test_only_what_runs);
  g_test_add_func ("/workflow-check/a-graph-needs-an-output", test_no_output);
  g_test_add_func ("/workflow-check/long-chains-and-rings", test_long_chain);
  g_test_add_func ("/workflow-check/deep-results-are-saved-by-a-good-graph", test_deep_results);
  g_test_add_func ("/workflow-check/order-puts-sources-first", test_order);
  g_test_add_func ("/workflow-check/the-sentence-names-the-node-s-title", test_sentence);

  return g_test_run ();
}
