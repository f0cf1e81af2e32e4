/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an artist opens as a workflow and what becomes of it; test-workflow-hostile has what was
 * made to do harm.
 */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "workflow-file-fixture.h"

#define NODE(id) "\"" id "\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}}"

/* whatever surrounds a graph, the graph is what is opened */
static void
test_graphs (void)
{
  static const struct { const char *text; const char *graph; gboolean has_window; } texts[] = {
    { A_GRAPH, A_GRAPH, FALSE },
    { " \n" A_GRAPH "\r\n ", A_GRAPH, FALSE },
    { "\xef\xbb\xbf" A_GRAPH, A_GRAPH, FALSE },
    { "{\"prompt\":" A_GRAPH "}", A_GRAPH, FALSE },
    { "{\"client_id\":\"x\",\"prompt\":" A_GRAPH ",\"extra_data\":{\"extra_pnginfo\":{\"workflow\":"
      A_WINDOW "}}}", A_GRAPH, TRUE },
    { "{\"prompt\":" A_GRAPH ",\"extra_data\":{\"extra_pnginfo\":{\"workflow\":[]}}}", A_GRAPH,
      FALSE },
    { "{\"prompt\":" A_GRAPH ",\"extra_data\":{\"extra_pnginfo\":7}}", A_GRAPH, FALSE },
    { "{\"3f1c\":{\"prompt\":[0,\"3f1c\"," A_GRAPH ",{\"extra_pnginfo\":{\"workflow\":" A_WINDOW
      "}},[\"1\"]],\"outputs\":{}}}", A_GRAPH, TRUE },
    { "{\"prompt\":[0,\"3f1c\"," A_GRAPH ",{},[]]}", A_GRAPH, FALSE },
    { "{\"workflow\":" A_GRAPH ",\"extra_data\":{}}", A_GRAPH, FALSE },
    { "{\"prompt\":" A_GRAPH ",\"workflow\":" A_WINDOW "}", A_GRAPH, TRUE },
    { "{" NODE ("workflow") "}", "{" NODE ("workflow") "}", FALSE },
    /* nodes may be called anything, and have anything beside their inputs */
    { "{\"1\":{\"class_type\":\"X\",\"inputs\":{},\"prompt\":[0,0," A_GRAPH ",0]}}",
      "{\"1\":{\"class_type\":\"X\",\"inputs\":{},\"prompt\":[0,0," A_GRAPH ",0]}}", FALSE },
    { "{" NODE ("prompt") "}", "{" NODE ("prompt") "}", FALSE },
    { "{" NODE ("nodes") "," NODE ("links") "}", "{" NODE ("nodes") "," NODE ("links") "}", FALSE },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      ComfyWorkflowFile *file = open_text (texts[i].text, &error);

      g_test_message ("%s", texts[i].text);
      g_assert_no_error (error);
      g_assert_false (comfy_workflow_file_is_picture (file));
      g_assert_cmpint (_comfy_workflow_file_get_window (file) != NULL, ==, texts[i].has_window);
      assert_opens (file, error, texts[i].graph);
    }
}

/* Python writes NaN, and a server what it noted while it ran */
static void
test_traces_of_a_run (void)
{
  g_autoptr(GError) error = NULL;

  assert_opens (open_text ("{\"1\":{\"inputs\":{\"a\":NaN,\"b\":-Infinity,\"is_changed\":1},"
                           "\"class_type\":\"X\",\"is_changed\":[NaN]}}", &error),
                error,
                "{\"1\":{\"inputs\":{\"a\":null,\"b\":null,\"is_changed\":1},"
                "\"class_type\":\"X\"}}");
}

static void
test_png (void)
{
  static const char *const types[] = { "tEXt", "zTXt", "iTXt", "iTXz" };

  for (unsigned int i = 0; i < 2 * G_N_ELEMENTS (types); i++)
    {
      g_autoptr(GByteArray)  png = png_begin ();
      g_autoptr(GError)      error = NULL;
      gboolean               is_behind = i % 2;
      ComfyWorkflowFile     *file;
      JsonNode              *window;

      if (is_behind)
        png_add (png, "IDAT", "no pixels", 9);
      png_add_text (png, types[i / 2], "parameters", "{}");
      png_add_text (png, types[i / 2], "prompt", A_GRAPH);
      png_add_text (png, types[i / 2], "workflow", A_WINDOW);
      png_end (png);

      file = open_bytes (png->data, png->len, &error);
      g_assert_no_error (error);
      g_assert_true (comfy_workflow_file_is_picture (file));
      window = _comfy_workflow_file_get_window (file);
      g_assert_nonnull (comfy_json_get_array (json_node_get_object (window), "nodes"));
      assert_opens (file, error, A_GRAPH);
    }
}

/* the pixels may be cut off anywhere: the texts are before them */
static void
test_png_cut_off (void)
{
  g_autoptr(GByteArray) png = png_begin ();
  unsigned int          complete;

  png_add_text (png, "tEXt", "prompt", A_GRAPH);
  complete = png->len;
  png_end (png);

  for (unsigned int length = 8; length < png->len; length++)
    {
      GError            *error = NULL;
      ComfyWorkflowFile *file = open_bytes (png->data, length, &error);

      if (length < complete)
        assert_refused (file, error, COMFY_ERROR_INVALID_WORKFLOW, "holds no workflow");
      else
        assert_opens (file, error, A_GRAPH);
    }
}

/* what a PNG may hold in place of a workflow, or beside it */
static void
test_png_texts (void)
{
  static const struct { const char *prompt; const char *window; const char *graph;
                        const char *words; } texts[] = {
    { NULL, NULL, NULL, "was not saved by ComfyUI, or its metadata was removed" },
    /* other programs keep there what the artist wrote */
    { "a cat, {sharp}", NULL, NULL, "was not saved by ComfyUI" },
    { "", "", NULL, "was not saved by ComfyUI" },
    { NULL, "[]", NULL, "was not saved by ComfyUI" },
    { NULL, A_WINDOW, NULL, "Open it in ComfyUI, choose Workflow → Export (API)" },
    { "{", NULL, NULL, "ends in the middle" },
    { "{}", NULL, NULL, "holds no nodes" },
    { A_GRAPH, "{\"nodes\":[}", A_GRAPH, NULL },
    { A_GRAPH, "{\"nodes\":{}}", A_GRAPH, NULL },
    { "{\"1\":{\"class_type\":\"X\",\"inputs\":{\"t\":\"caf\xe9\"}}}", NULL,
      "{\"1\":{\"class_type\":\"X\",\"inputs\":{\"t\":\"café\"}}}", NULL },
    { "{\"1\":{\"class_type\":\"X\",\"inputs\":{\"t\":\"café\"}}}", NULL,
      "{\"1\":{\"class_type\":\"X\",\"inputs\":{\"t\":\"café\"}}}", NULL },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GByteArray)  png = png_begin ();
      GError                *error = NULL;
      ComfyWorkflowFile     *file;

      g_test_message ("texts %u", i);
      if (texts[i].prompt != NULL)
        png_add_text (png, "tEXt", "prompt", texts[i].prompt);
      if (texts[i].window != NULL)
        png_add_text (png, "tEXt", "workflow", texts[i].window);
      png_end (png);

      file = open_bytes (png->data, png->len, &error);
      if (texts[i].words != NULL)
        {
          assert_refused (file, error, COMFY_ERROR_INVALID_WORKFLOW, texts[i].words);
          continue;
        }
      g_assert_no_error (error);
      g_assert_null (_comfy_workflow_file_get_window (file));
      assert_opens (file, error, texts[i].graph);
    }
}

/* as in ComfyUI's window */
static void
test_png_twice (void)
{
  g_autoptr(GByteArray)  png = png_begin ();
  g_autoptr(GError)      error = NULL;

  png_add_text (png, "tEXt", "prompt", "{" NODE ("2") "}");
  png_add_text (png, "zTXt", "prompt", A_GRAPH);
  png_end (png);
  assert_opens (open_bytes (png->data, png->len, &error), error, A_GRAPH);
}

static void
test_window (void)
{
  static const char window[] =
    "{\"last_node_id\":9,\"nodes\":["
    "{\"id\":1,\"type\":\"CLIPTextEncode\",\"widgets_values\":[\"a cat.PT \"]},"
    "{\"id\":2,\"type\":\"KSampler\",\"widgets_values\":[7,\"fixed\",20]},"
    "{\"id\":3,\"type\":\"CLIPTextEncode\",\"widgets_values\":[\"blurry\"]},"
    "{\"id\":4,\"type\":\"CheckpointLoaderSimple\",\"widgets_values\":[\"SDXL/base.Safetensors\"]},"
    "{\"id\":5,\"type\":\"9ca5d32f-5d0c-4a4f-9d6e-2c1a2b3c4d5e\"},"
    "{\"id\":6,\"type\":\"Note\",\"widgets_values\":[\"not.a.model.pth\"]},"
    "{\"id\":7,\"type\":\"LoraLoader\",\"widgets_values\":{\"a\":{\"lora\":\"x.gguf\"},"
    "\"b\":\"x.gguf\"}},"
    "{\"id\":8,\"type\":\"SaveImage\"},{\"id\":9,\"type\":\"VAEDecode\"}],"
    "\"links\":[],\"definitions\":{\"subgraphs\":[{\"id\":\"9ca5d32f-5d0c-4a4f-9d6e-2c1a2b3c4d5e\","
    "\"name\":\"My <b>Upscaler\",\"nodes\":[{\"type\":\"KSampler\"},{\"type\":\"CLIPTextEncode\","
    "\"widgets_values\":[\"y.ckpt\"]}]}]}}";
  GError *error = NULL;
  ComfyWorkflowFile *file = open_text (window, &error);

  g_assert_cmpstr (error->message, ==,
                   "This workflow was saved in the format of ComfyUI's window. In ComfyUI, choose "
                   "Workflow → Export (API), and use that file. It has 10 nodes: "
                   "3 × CLIPTextEncode, 2 × KSampler, CheckpointLoaderSimple, My <b>Upscaler, "
                   "LoraLoader and others. "
                   "The model files that it names: SDXL/base.Safetensors, x.gguf, y.ckpt.");
  assert_refused (file, error, COMFY_ERROR_INVALID_WORKFLOW, "It has 10 nodes");
}

/* what is there is told, whatever stands around it */
static void
test_window_malformed (void)
{
  static const struct { const char *text; const char *words; } windows[] = {
    { "{\"nodes\":[]}", "use that file." },
    { "{\"format\":\"save\",\"workflow\":" A_WINDOW "}", "It has 1 node: LoadImage." },
    { "{\"nodes\":[7,null,[],\"a\",{}],\"links\":7}", "use that file." },
    { "{\"nodes\":[{\"type\":7},{\"type\":\"\"},{\"type\":\"A\\nB\"}]}", "It has 3 nodes: A B." },
    { "{\"nodes\":[{\"type\":\"A\",\"widgets_values\":7}],\"definitions\":[]}",
      "It has 1 node: A." },
    { "{\"nodes\":[{\"type\":\"A\",\"widgets_values\":null}],\"definitions\":{\"subgraphs\":{}}}",
      "It has 1 node: A." },
    { "{\"nodes\":[{\"type\":\"A\",\"widgets_values\":[[[{\"a\":[\"m.pt\",\".pt\"]}]]]}],"
      "\"definitions\":{\"subgraphs\":[7,{},{\"id\":7},{\"id\":\"A\"},{\"id\":\"A\",\"name\":7,"
      "\"nodes\":7}]}}", "names: m.pt." },
    { "{\"nodes\":[{\"type\":\"A\",\"widgets_values\":[\"1.pt\",\"2.pt\",\"3.pt\",\"4.pt\","
      "\"5.pt\",\"6.pt\",\"7.pt\"]}]}", "names: 1.pt, 2.pt, 3.pt, 4.pt, 5.pt and others." },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      GError *error = NULL;
      ComfyWorkflowFile *file = open_text (windows[i].text, &error);

      assert_refused (file, error, COMFY_ERROR_INVALID_WORKFLOW, windows[i].words);
    }
}

static void
test_kinds (void)
{
  static const struct { const char *start; size_t length; const char *words; } kinds[] = {
    { "", 0, "is empty" },
    { " \n", 2, "is empty" },
    { "PK\3\4rest", 8, "ZIP archive. Unpack it" },
    { "\x1f\x8b\x08rest", 7, "gzip archive. Unpack it" },
    { "7z\xbc\xaf\x27\x1c", 6, "an archive" },
    { "\xff\xd8\xff\xe0rest", 8, "JPEG picture" },
    { "RIFF\1\2\3\4WEBPVP8 ", 16, "WebP picture" },
    { "GIF89a\0\0", 8, "no PNG" },
    { "gimp xcf v011", 14, "image of GIMP" },
    { "\0\0\0\x20""ftypisom", 12, "a video" },
    { "GGUF\3\0\0\0", 8, "a model" },
    { "{\1\0\0\0\0\0\0{\"__metadata__\":", 24, "a model" },
    { "\xff\xfe{\0\"\0", 6, "UTF-16" },
    { "{\0\"\0", 4, "UTF-16" },
    { "\0\0\0{", 4, "UTF-16" },
    { "\n<!DOCTYPE html>", 16, "a web page" },
    { "<HTML", 5, "a web page" },
    { "%PDF-1.7", 8, "PDF" },
    { "a cat", 5, "not valid JSON in line 1, column 1" },
    { "\x89PNG\r\n\x1a\n", 8, "holds no workflow" },
    /* a word of JSON at the place where another format has its mark */
    { "{\"abc\":\"WEBP\"}", 14, "node “abc”" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      GError *error = NULL;
      ComfyWorkflowFile *file = open_bytes (kinds[i].start, kinds[i].length, &error);

      assert_refused (file, error, COMFY_ERROR_INVALID_WORKFLOW, kinds[i].words);
    }
}

static ComfyWorkflowFile *
open_in (const char  *folder,
         const char  *name,
         GError     **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return comfy_workflow_file_open (path, error);
}

/* by content, not by name */
static void
test_files (void)
{
  g_autofree char       *folder = g_dir_make_tmp ("comfy-workflow-XXXXXX", NULL);
  g_autofree char       *graph = g_build_filename (folder, "graph.png", NULL);
  g_autofree char       *picture = g_build_filename (folder, "picture.json", NULL);
  g_autoptr(GByteArray)  png = png_begin ();
  GError                *error = NULL;

  g_file_set_contents (graph, A_GRAPH, -1, &error);
  g_assert_no_error (error);
  assert_opens (comfy_workflow_file_open (graph, &error), error, A_GRAPH);

  png_add_text (png, "iTXt", "prompt", A_GRAPH);
  png_end (png);
  g_file_set_contents (picture, (const char *) png->data, png->len, &error);
  g_assert_no_error (error);
  assert_opens (comfy_workflow_file_open (picture, &error), error, A_GRAPH);

  g_assert_cmpint (g_unlink (graph), ==, 0);
  g_assert_cmpint (g_unlink (picture), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* a pipe that nobody writes to would be waited for */
static void
test_no_files (void)
{
  g_autofree char   *folder = g_dir_make_tmp ("comfy-workflow-XXXXXX", NULL);
  g_autofree char   *pipe_path = g_build_filename (folder, "pipe.json", NULL);
  g_autofree char   *closed = g_build_filename (folder, "closed.json", NULL);
  GError            *error = NULL;
  ComfyWorkflowFile *file;

  file = open_in (folder, "gone.json", &error);
  assert_refused (file, g_steal_pointer (&error), COMFY_ERROR_STORAGE,
                  "no file “gone.json” any more");
  file = comfy_workflow_file_open (folder, &error);
  assert_refused (file, g_steal_pointer (&error), COMFY_ERROR_STORAGE, "is a folder");

  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  file = comfy_workflow_file_open (pipe_path, &error);
  assert_refused (file, g_steal_pointer (&error), COMFY_ERROR_STORAGE,
                  "“pipe.json” is a device or a pipe");
  file = comfy_workflow_file_open ("/dev/zero", &error);
  assert_refused (file, g_steal_pointer (&error), COMFY_ERROR_STORAGE, "is a device or a pipe");

  g_assert_true (g_file_set_contents_full (closed, A_GRAPH, -1, 0, 0, NULL));
  if (access (closed, R_OK) != 0)
    {
      file = comfy_workflow_file_open (closed, &error);
      assert_refused (file, g_steal_pointer (&error), COMFY_ERROR_STORAGE,
                      "may not read “closed.json”");
    }

  g_assert_cmpint (g_unlink (pipe_path), ==, 0);
  g_assert_cmpint (g_unlink (closed), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/workflow-file/a-graph-opens-whatever-surrounds-it", test_graphs);
  g_test_add_func ("/workflow-file/traces-of-a-run-are-forgotten", test_traces_of_a_run);
  g_test_add_func ("/workflow-file/a-png-opens-wherever-its-texts-are", test_png);
  g_test_add_func ("/workflow-file/a-png-that-is-cut-off-opens", test_png_cut_off);
  g_test_add_func ("/workflow-file/a-png-says-what-it-lacks", test_png_texts);
  g_test_add_func ("/workflow-file/the-last-text-of-a-png-counts", test_png_twice);
  g_test_add_func ("/workflow-file/window-format-tells-what-it-is-made-of", test_window);
  g_test_add_func ("/workflow-file/malformed-window-format-tells-what-it-can",
                   test_window_malformed);
  g_test_add_func ("/workflow-file/other-files-are-named", test_kinds);
  g_test_add_func ("/workflow-file/files-open-by-content", test_files);
  g_test_add_func ("/workflow-file/what-is-no-file-is-not-waited-for", test_no_files);

  return g_test_run ();
}
