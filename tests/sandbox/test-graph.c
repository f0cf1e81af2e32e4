/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "comfy-node-table-private.h"
#include "comfy-workflow-check.h"
#include "test-graph.h"

/* What LoadImage nodes find: a PNG of one grey value, or RGBA, per pixel. */
typedef struct
{
  GBytes *a;
  GBytes *b;
} Pictures;

static GBytes *
load_cb (const char *name,
         gpointer    data)
{
  Pictures *pictures = data;
  GBytes *picture = g_str_equal (name, "a.png") || g_str_equal (name, "input.png") ? pictures->a
                                                                                   : pictures->b;

  return picture != NULL ? g_bytes_ref (picture) : NULL;
}

/**
 * make_png:
 * @values: @channels (1, 3 or 4) per pixel
 *
 * Returns: (transfer full): a PNG
 */
GBytes *
make_png (int           width,
          int           height,
          int           channels,
          const guint8 *values)
{
  g_autoptr(SandboxImage) image = sandbox_image_new (1, height, width, channels);

  for (gsize i = 0; i < sandbox_image_get_count (image); i++)
    image->data[i] = (float) values[i] / 255.0f;

  return sandbox_image_write_png (image, 0, 8, NULL);
}

/**
 * make_grey:
 * @values: one per pixel
 *
 * Returns: (transfer full): a PNG
 */
GBytes *
make_grey (int           width,
           int           height,
           const guint8 *values)
{
  return make_png (width, height, 1, values);
}

/**
 * load_graph:
 * @name: in tests/data/workflows
 *
 * Returns: (transfer full): the graph
 */
ComfyWorkflow *
load_graph (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "workflows", name, NULL);
  g_autoptr(GError) error = NULL;
  ComfyWorkflow *workflow = comfy_workflow_new_from_file (path, &error);

  g_assert_no_error (error);
  return workflow;
}

/**
 * run_graph:
 * @a: (nullable): what "a.png" and "input.png" are
 * @b: (nullable): what any other name is
 *
 * Runs a graph that must be sound.
 *
 * Returns: (transfer full) (element-type SandboxSaved): what was saved
 */
GPtrArray *
run_graph (ComfyWorkflow *workflow,
           GBytes        *a,
           GBytes        *b)
{
  Pictures pictures = { a, b };
  g_autofree char *path = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "nodes.json", NULL);
  g_autoptr(ComfyNodeTable) table = comfy_node_table_new_from_file (path, NULL);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) outputs = NULL;
  g_autofree char *failed_node_id = NULL;
  GPtrArray *saved;

  _comfy_node_table_set_complete (table, NULL);
  comfy_workflow_check (workflow, table, &error);
  g_assert_no_error (error);
  outputs = comfy_workflow_dup_output_nodes (workflow, table);
  saved = sandbox_run_graph (workflow, table, (const char *const *) outputs, load_cb, &pictures,
                             NULL, NULL, &failed_node_id, &error);
  g_assert_no_error (error);

  return saved;
}

/**
 * run_all:
 * @graph: the members of a graph, without the outer braces
 * @a: (nullable): what "a.png" is
 * @b: (nullable): what any other name is
 *
 * Runs a graph that must be sound.
 *
 * Returns: (transfer full) (element-type SandboxSaved): what was saved
 */
GPtrArray *
run_all (const char *graph,
         GBytes     *a,
         GBytes     *b)
{
  g_autofree char *text = g_strdup_printf ("{%s}", graph);
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;
  g_autoptr(ComfyWorkflow) workflow = comfy_workflow_new_from_bytes (bytes, &error);

  g_assert_no_error (error);
  return run_graph (workflow, a, b);
}

/**
 * read_saved:
 * @has_alpha: (out): of the file
 *
 * Returns: (transfer full): one of the saved pictures
 */
SandboxImage *
read_saved (GPtrArray    *saved,
            unsigned int  index,
            gboolean     *has_alpha)
{
  g_autoptr(GError) error = NULL;
  SandboxSaved *one = g_ptr_array_index (saved, index);
  SandboxImage *image = sandbox_image_read (one->content, has_alpha, &error);

  g_assert_no_error (error);
  return image;
}

/**
 * run:
 * @graph: as run_all()
 *
 * Returns: (transfer full): the first saved picture
 */
SandboxImage *
run (const char *graph,
     GBytes     *a,
     GBytes     *b)
{
  g_autoptr(GPtrArray) saved = run_all (graph, a, b);
  gboolean has_alpha;

  return read_saved (saved, 0, &has_alpha);
}

/**
 * value_at:
 * @channel: 0 to 3
 *
 * Returns: 0 to 255
 */
int
value_at (const SandboxImage *image,
          int                 x,
          int                 y,
          int                 channel)
{
  return (int) (sandbox_image_at (image, 0, y, x)[channel] * 255.0f + 0.5f);
}

/**
 * assert_size:
 * @graph: as run_all()
 *
 * Runs a graph and checks the size of the result.
 */
void
assert_size (const char *graph,
             GBytes     *a,
             int         width,
             int         height)
{
  g_autoptr(SandboxImage) result = run (graph, a, NULL);

  g_assert_cmpint (result->width, ==, width);
  g_assert_cmpint (result->height, ==, height);
}

/**
 * assert_grey:
 * @graph: as run_all()
 * @expected: red values, row by row
 *
 * Runs a graph and checks the size and the values of the result.
 */
void
assert_grey (const char *graph,
             GBytes     *a,
             GBytes     *b,
             int         width,
             int         height,
             const int  *expected)
{
  g_autoptr(SandboxImage) result = run (graph, a, b);

  g_assert_cmpint (result->width, ==, width);
  g_assert_cmpint (result->height, ==, height);
  for (int i = 0; i < width * height; i++)
    g_assert_cmpint (value_at (result, i % width, i / width, 0), ==, expected[i]);
}
