/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is said of a graph before it is sent: the sentences, and what they must not get wrong. */

#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-node-table-private.h"
#include "comfy-similar-private.h"
#include "comfy-workflow-check.h"

#define SAVE "\"8\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"1\",0]," \
             "\"filename_prefix\":\"x\"},\"_meta\":{\"title\":\"Result\"}}"
#define LOAD "\"2\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}," \
             "\"_meta\":{\"title\":\"Photo\"}}"

/* a server's own table: data/nodes.json with lists of model files */
static ComfyNodeTable *
load_table (gboolean is_complete)
{
  g_autofree char   *path = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "nodes.json", NULL);
  g_autofree char   *info = g_test_build_filename (G_TEST_DIST, "data", "object-info.json", NULL);
  g_autoptr(GError)  error = NULL;
  g_autofree char   *text = NULL;
  gsize              length;
  g_autoptr(GBytes)  json = NULL;
  ComfyNodeTable    *table;

  if (!is_complete)
    return comfy_node_table_new_from_file (path, NULL);

  g_file_get_contents (info, &text, &length, &error);
  g_assert_no_error (error);
  json = g_bytes_new_static (text, length);
  table = comfy_node_table_new_from_object_info (json, &error);
  g_assert_no_error (error);
  _comfy_node_table_set_complete (table, "My Cloud");

  return table;
}

/* Returns: (transfer full): the sentences, one a line */
static char *
dup_messages (ComfyNodeTable *table,
              const char     *graph)
{
  g_autoptr(GBytes)        bytes = g_bytes_new (graph, strlen (graph));
  g_autoptr(GError)        error = NULL;
  g_autoptr(ComfyWorkflow) workflow = comfy_workflow_new_from_bytes (bytes, &error);
  g_autoptr(GPtrArray)     problems = NULL;
  g_autoptr(GStrvBuilder)  lines = g_strv_builder_new ();
  g_auto(GStrv)            all = NULL;

  g_assert_no_error (error);
  problems = comfy_workflow_find_problems (workflow, table);
  for (unsigned int i = 0; i < problems->len; i++)
    g_strv_builder_add (lines, ((ComfyWorkflowProblem *) problems->pdata[i])->message);
  all = g_strv_builder_end (lines);

  return g_strjoinv ("\n", all);
}

static void
assert_messages (ComfyNodeTable *table,
                 const char     *nodes,
                 const char     *expected)
{
  g_autofree char *graph = g_strconcat ("{", nodes, "}", NULL);
  g_autofree char *messages = dup_messages (table, graph);

  g_assert_cmpstr (messages, ==, expected);
}

#define UPSCALE(value) "\"1\":{\"class_type\":\"UpscaleModelLoader\",\"inputs\":{\"model_name\":" \
                       value "},\"_meta\":{\"title\":\"Upscaler\"}}," \
                       "\"9\":{\"class_type\":\"Taker\",\"inputs\":{\"x\":[\"1\",0]}}"

static void
test_files (void)
{
  g_autoptr(ComfyNodeTable) table = load_table (TRUE);
  /* there, but nobody knows what it takes: what is before it is looked at all the same */
  _comfy_node_table_add_unread (table, "Taker");

  assert_messages (table, UPSCALE ("\"RealESRGAN_x2.pth\""), "");
  assert_messages (table, UPSCALE ("\"RealESRGAN_x4.pth\""),
                   "“Upscaler”: RealESRGAN_x4.pth is not on this server; "
                   "RealESRGAN_x4plus.safetensors, RealESRGAN_x2.pth are.");
  assert_messages (table, UPSCALE ("\"esrgan/4x-ultrasharp.safetensors\""),
                   "“Upscaler”: esrgan/4x-ultrasharp.safetensors is not on this server; "
                   "4x-UltraSharp.pth is.");
  /* nothing near: all that there are, when they are few */
  assert_messages (table, UPSCALE ("\"nmkd.pt\""),
                   "“Upscaler”: nmkd.pt is not on this server; 4x-UltraSharp.pth, "
                   "RealESRGAN_x2.pth, RealESRGAN_x4plus.safetensors are.");
  /* an asset, and a list in a wrapping, are the server's to judge */
  assert_messages (table, UPSCALE ("{\"__type\":\"core/ASSET\",\"info\":{}}"), "");
  assert_messages (table, UPSCALE ("{\"__value__\":[1,2,3]}"), "");
}

static void
test_choices (void)
{
  g_autoptr(ComfyNodeTable) table = load_table (FALSE);
  g_autoptr(ComfyNodeTable) told = load_table (TRUE);

#define BLEND(mode) LOAD ",\"1\":{\"class_type\":\"ImageBlend\",\"inputs\":{\"image1\":[\"2\",0]," \
                    "\"image2\":[\"2\",0],\"blend_factor\":1,\"blend_mode\":" mode "}," \
                    "\"_meta\":{\"title\":\"It\"}}," SAVE
#define LEVEL(value) "\"1\":{\"class_type\":\"Numbers\",\"inputs\":{\"seed\":1,\"free\":1," \
                     "\"huge\":1,\"text\":\"\",\"on\":true,\"level\":" value "," \
                     "\"tags\":[\"a\",\"b\",\"a\"]}}"
  assert_messages (table, BLEND ("\"Multiply\""),
                   "“blend_mode” of the node “It” is “Multiply”, which is not among its choices; "
                   "“multiply” is.");
  assert_messages (table, BLEND ("\"xyz\""),
                   "“blend_mode” of the node “It” is “xyz”, which is not among its choices; these "
                   "are: “normal”, “multiply”, “screen”, “overlay”, “soft_light”, “difference”.");
  assert_messages (table, BLEND ("7"),
                   "“blend_mode” of the node “It” is “7”, which is not among its choices; these "
                   "are: “normal”, “multiply”, “screen”, “overlay”, “soft_light”, “difference”.");
  assert_messages (told, LEVEL ("2"), "");
  assert_messages (told, LEVEL ("1.0"), "");
  assert_messages (told, LEVEL ("3.5"), "");
  assert_messages (told, LEVEL ("true"), "");
  assert_messages (told, LEVEL ("3"),
                   "“level” of the node “Numbers” is “3”, which is not among its choices; these "
                   "are: “1”, “2”, “3.5”, “true”.");
}

static void
test_numbers (void)
{
  g_autoptr(ComfyNodeTable) table = load_table (TRUE);

#define SEED(value) "\"1\":{\"class_type\":\"Numbers\",\"inputs\":{\"seed\":" value "," \
                    "\"free\":-1e300,\"huge\":18446744073709551615,\"text\":1,\"on\":\"no\"}}"
#define LAYER(value) "\"1\":{\"class_type\":\"CLIPSetLastLayer\",\"inputs\":{\"clip\":[\"3\",1]," \
                     "\"stop_at_clip_layer\":" value "}}," \
                     "\"3\":{\"class_type\":\"CheckpointLoaderSimple\",\"inputs\":{" \
                     "\"ckpt_name\":\"SDXL/sd_xl_base_1.0.safetensors\"}}," \
                     "\"9\":{\"class_type\":\"NoInput\",\"inputs\":{\"x\":[\"1\",0]}}"
  static const char *const good[] = { "0", "18446744073709551615", "\" 18446744073709551615 \"",
                                      "true", "\"+7\"", "-0.5", "\"-0\"", "9007199254740993" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *nodes = g_strdup_printf (SEED ("%s"), good[i]);

      g_test_message ("%s", good[i]);
      assert_messages (table, nodes, "");
    }

  assert_messages (table, SEED ("-1"),
                   "“seed” of the node “Numbers” is -1, but must be at least 0.");
  assert_messages (table, SEED ("\"18446744073709551616\""),
                   "“seed” of the node “Numbers” is 18446744073709551616, but must be at most "
                   "18446744073709551615.");
  assert_messages (table, SEED ("1e30"),
                   "“seed” of the node “Numbers” is 1e+30, but must be at most "
                   "18446744073709551615.");
  assert_messages (table, SEED ("\"7.5\""), "“seed” of the node “Numbers” must be a whole number.");
  assert_messages (table, SEED ("{}"), "“seed” of the node “Numbers” must be a whole number.");

  /* a largest value below zero */
  assert_messages (table, LAYER ("-2"), "");
  assert_messages (table, LAYER ("1"), "“stop_at_clip_layer” of the node “CLIPSetLastLayer” is 1, "
                                       "but must be at most -1.");
  assert_messages (table, LAYER ("-25"), "“stop_at_clip_layer” of the node “CLIPSetLastLayer” is "
                                         "-25, but must be at least -24.");
}

static void
test_fractions (void)
{
  g_autoptr(ComfyNodeTable) table = load_table (FALSE);

#define SCALE(value) LOAD ",\"1\":{\"class_type\":\"ImageScaleBy\",\"inputs\":{" \
                     "\"image\":[\"2\",0],\"upscale_method\":\"area\",\"scale_by\":" value "}," \
                     "\"_meta\":{\"title\":\"It\"}}," SAVE
  assert_messages (table, SCALE ("0.01"), "");
  assert_messages (table, SCALE ("\"1e0\""), "");
  assert_messages (table, SCALE ("0.001"),
                   "“scale_by” of the node “It” is 0.001, but must be at least 0.01.");
  assert_messages (table, SCALE ("18446744073709551615"),
                   "“scale_by” of the node “It” is 18446744073709551615, but must be at most 8.");
  assert_messages (table, SCALE ("\"much\""), "“scale_by” of the node “It” must be a number.");
}

static void
test_links (void)
{
  g_autoptr(ComfyNodeTable) table = load_table (FALSE);
  g_autoptr(ComfyNodeTable) told = load_table (TRUE);

#define INVERT(value) LOAD ",\"1\":{\"class_type\":\"ImageInvert\",\"inputs\":{" \
                      "\"image\":" value "},\"_meta\":{\"title\":\"It\"}}," SAVE
  assert_messages (table, INVERT ("[\"77\",0]"),
                   "“image” of the node “It” is connected to a node that is not there.");
  assert_messages (table, INVERT ("[\"2\",0,0]"),
                   "“image” of the node “It” is a list that is no connection.");
  assert_messages (table, INVERT ("[\"2\",5]"),
                   "“image” of the node “It” is connected to an output that “Photo” does not have; "
                   "it has IMAGE, MASK.");
  assert_messages (table, INVERT ("[\"2\",1]"),
                   "“image” of the node “It” takes IMAGE, but is connected to MASK of “Photo”.");
  assert_messages (table, INVERT ("\"a.png\""),
                   "“image” of the node “It” must be connected to a node that gives IMAGE.");
  assert_messages (table, INVERT ("[\"8\",0]"), "The node “Result” depends on its own result.");
  assert_messages (table, INVERT ("[\"1\",0]"), "The node “It” depends on its own result.");
  assert_messages (table, "\"1\":{\"class_type\":\"ImageInvert\",\"inputs\":{}}," SAVE,
                   "“image” of the node “ImageInvert” is not connected; it takes IMAGE.");
  assert_messages (told, "\"1\":{\"class_type\":\"Sink\",\"inputs\":{\"x\":true}},"
                         "\"2\":{\"class_type\":\"Sink\",\"inputs\":{\"x\":[\"1\",0]}}",
                   "“x” of the node “Sink” is connected to “Sink”, which has no output.");
}

/* The carried table knows few classes: what is not in it may be there. */
static void
test_unknown_classes (void)
{
  g_autoptr(ComfyNodeTable) carried = load_table (FALSE);
  g_autoptr(ComfyNodeTable) told = load_table (TRUE);

#define FINISH(type) LOAD ",\"1\":{\"class_type\":\"" type "\",\"inputs\":{\"image\":[\"2\",0]}," \
                     "\"_meta\":{\"title\":\"It\"}}"
  /* it may well be an output */
  assert_messages (carried, FINISH ("SaveImageWithMetadata"), "");
  assert_messages (carried, FINISH ("ImageResize+"), "");
  /* and what it takes is checked */
  assert_messages (carried, LOAD ",\"3\":{\"class_type\":\"ImageInvert\",\"inputs\":{\"image\":"
                            "[\"2\",1]}},\"1\":{\"class_type\":\"Mine\",\"inputs\":{"
                            "\"x\":[\"3\",0]}}",
                   "“image” of the node “ImageInvert” takes IMAGE, but is connected to MASK of "
                   "“Photo”.");

  assert_messages (told, FINISH ("Resize+") ",\"9\":{\"class_type\":\"NoOutput\",\"inputs\":{}}",
                   "The node “It” is of the class “Resize+”, which is not available on “My Cloud”; "
                   "“Resize” is.");
  assert_messages (told, FINISH ("Zzz"),
                   "The node “It” is of the class “Zzz”, which is not available on “My Cloud”.\n"
                   "The workflow saves nothing: it needs a node such as “Save Image”.");
}

static void
test_foreign_nodes (void)
{
  static const struct
  {
    const char *class_type;
    const char *tool;
    const char *use;
  } cases[] = {
    { "ETN_KritaCanvas", "Krita AI Diffusion", "“GIMP: image”" },
    { "ETN_LoadImageBase64", "Krita AI Diffusion", "“GIMP: image”" },
    { "ETN_KritaMaskLayer", "Krita AI Diffusion", "“GIMP: mask”" },
    { "ETN_KritaSelection", "Krita AI Diffusion", "“GIMP: mask”" },
    { "ETN_KritaOutput", "Krita AI Diffusion", "“Save Image”" },
    { "ETN_SendImageWebSocket", "Krita AI Diffusion", "“Save Image”" },
    { "ETN_Parameter", "Krita AI Diffusion", "“Input: LABEL”" },
    { "ETN_WhateverComesNext", "Krita AI Diffusion", "ComfyUI itself" },
    { "ComfyUIDeployExternalImage", "ComfyDeploy", "“GIMP: image”" },
    { "ComfyUIDeployExternalText", "ComfyDeploy", "“Input: LABEL”" },
    { "ComfyUIDeployExternalNewThing", "ComfyDeploy", "“Input: LABEL”" },
    { "ComfyUIDeployExternalLora", "ComfyDeploy", "loads the model" },
    { "SwarmInputText", "SwarmUI", "“Input: LABEL”" },
    { "SwarmInputImage", "SwarmUI", "“GIMP: image”" },
    { "SwarmInputNew", "SwarmUI", "“Input: LABEL”" },
    { "SwarmSaveImageWS", "SwarmUI", "“Save Image”" },
  };
  ComfyNodeTable *tables[] = { load_table (FALSE), load_table (TRUE) };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases) * G_N_ELEMENTS (tables); i++)
    {
      const char      *class_type = cases[i / 2].class_type;
      g_autofree char *graph = g_strdup_printf ("{\"5\":{\"class_type\":\"%s\",\"inputs\":{},"
                                                "\"_meta\":{\"title\":\"Mine\"}}}", class_type);
      g_autofree char *messages = dup_messages (tables[i % 2], graph);

      g_test_message ("%s", messages);
      g_assert_nonnull (strstr (messages, "“Mine”"));
      g_assert_nonnull (strstr (messages, class_type));
      g_assert_nonnull (strstr (messages, cases[i / 2].tool));
      g_assert_nonnull (strstr (messages, cases[i / 2].use));
    }
  for (unsigned int i = 0; i < G_N_ELEMENTS (tables); i++)
    g_clear_object (&tables[i]);
}

/* Whatever somebody writes into a file: few problems, and short ones. */
static void
test_bounds (void)
{
  g_autoptr(ComfyNodeTable) table = load_table (TRUE);
  g_autofree char          *title = g_strnfill (1000 * 1000, 'x');
  g_autoptr(GString)        graph = g_string_new ("{");
  g_autofree char          *messages = NULL;
  g_autofree char          *wide = NULL;

  for (unsigned int i = 0; i < 20000; i++)
    g_string_append_printf (graph, "\"%u\":{\"class_type\":\"Nope%u\",\"inputs\":{}},", i, i);
  g_string_append_printf (graph, "\"x\":{\"class_type\":\"%.1000s\",\"inputs\":{}}}", title);
  messages = dup_messages (table, graph->str);
  g_assert_cmpuint (strlen (messages), <, 20000);

  wide = g_strdup_printf ("{\"1\":{\"class_type\":\"UpscaleModelLoader\",\"inputs\":{"
                          "\"model_name\":\"%s\"},\"_meta\":{\"title\":\"é\\u0007\\n%.1000s\"}},"
                          "\"2\":{\"class_type\":\"NoInput\",\"inputs\":{\"x\":[\"1\",0]}}}",
                          title, title);
  g_free (messages);
  messages = dup_messages (table, wide);
  g_assert_true (g_utf8_validate (messages, -1, NULL));
  g_assert_true (g_str_has_prefix (messages, "“model_name”"));
  g_assert_nonnull (strstr (messages, "“é  xxx"));
  g_assert_cmpuint (strlen (messages), <, 600);
}

static void
test_similar (void)
{
  static const char *const choices[] = {
    "normal", "flux/FLUX1-dev.safetensors", "flux1-schnell.sft", "a",
    "qwen_image_fp8_e4m3fn.safetensors", NULL
  };
  static const struct
  {
    const char *wanted;
    const char *similar;
  } cases[] = {
    { "flux1-dev-fp8.safetensors", "flux/FLUX1-dev.safetensors" },
    { "flux1-dev.gguf", "flux/FLUX1-dev.safetensors" },
    { "qwen_image_bf16.safetensors", "qwen_image_fp8_e4m3fn.safetensors" },
    { "A", "a" },
    { "b", "" },
    { "", "" },
    { "sd_xl_base_1.0", "" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(GStrv)    similar = _comfy_dup_similar (cases[i].wanted, choices, 3);
      g_autofree char *text = g_strjoinv (" ", similar);

      g_assert_cmpstr (text, ==, cases[i].similar);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/workflow-check/a-missing-file-and-what-is-there-instead", test_files);
  g_test_add_func ("/workflow-check/a-wrong-choice-and-the-right-one", test_choices);
  g_test_add_func ("/workflow-check/whole-numbers-are-exact", test_numbers);
  g_test_add_func ("/workflow-check/fractions-have-ranges", test_fractions);
  g_test_add_func ("/workflow-check/links-say-what-is-at-their-other-end", test_links);
  g_test_add_func ("/workflow-check/an-unknown-class-may-be-there", test_unknown_classes);
  g_test_add_func ("/workflow-check/other-tools-nodes-are-named", test_foreign_nodes);
  g_test_add_func ("/workflow-check/what-is-said-is-bounded", test_bounds);
  g_test_add_func ("/similar/names-that-were-meant", test_similar);

  return g_test_run ();
}
