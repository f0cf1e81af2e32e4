/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The graphs of tests/data/workflows that use models, from their uploads to their results. */

#include "config.h"

#include <math.h>
#include <string.h>

#include "test-upload.h"

/* What one changed value does to the result; nothing when the graph has no such input. */
static void
assert_depends_on (const char         *name,
                   const char         *input,
                   const SandboxImage *before,
                   GBytes             *a,
                   GBytes             *b)
{
  g_autoptr(ComfyWorkflow) workflow = load_small (name);
  g_autofree char *id = find_node (workflow, input);
  g_autoptr(SandboxImage) after = NULL;

  if (id == NULL)
    return;

  if (g_str_has_suffix (input, "seed"))
    comfy_workflow_set_int (workflow, id, input, 77, NULL);
  else
    comfy_workflow_set_string (workflow, id, input, "green", NULL);
  after = run_first (workflow, a, b);
  g_assert_cmpfloat (get_distance (before, after), >, 0.0);
}

static void
test_one_graph (gconstpointer data)
{
  const char *name = data;
  g_autoptr(ComfyWorkflow) workflow = load_small (name);
  g_autofree char *loader = find_node (workflow, "image");
  gboolean hole = strstr (name, "_alpha") != NULL;
  g_autoptr(GBytes) a = make_upload_with (0, hole);
  g_autoptr(GBytes) other = make_upload_with (40, hole);
  g_autoptr(GBytes) b = make_mask (FALSE);
  g_autoptr(SandboxImage) once = run_first (workflow, a, b);
  g_autoptr(SandboxImage) again = run_first (workflow, a, b);
  g_autoptr(SandboxImage) changed = run_first (workflow, other, b);

  g_assert_cmpfloat (get_distance (once, again), ==, 0.0);
  if (loader != NULL && !strstr (name, "mask") && !strstr (name, "select"))
    g_assert_cmpfloat (get_distance (once, changed), >, 0.0);
  assert_depends_on (name, "text", once, a, b);
  assert_depends_on (name, "prompt", once, a, b);
  assert_depends_on (name, "seed", once, a, b);
  assert_depends_on (name, "noise_seed", once, a, b);
}

static void
add_graph_tests (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "workflows", NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (!g_str_has_prefix (name, "sandbox_"))
      {
        g_autofree char *test = g_strconcat ("/sandbox-workflows/runs-and-depends-on-inputs/", name,
                                             NULL);

        g_test_add_data_func_full (test, g_strdup (name), test_one_graph, g_free);
      }
}

static void
test_edit_keeps_geometry (gconstpointer data)
{
  g_autoptr(ComfyWorkflow) workflow = load_small (data);
  g_autoptr(GBytes) a = make_upload (0);
  g_autoptr(SandboxImage) upload = decode_png (a);
  g_autoptr(SandboxImage) result = run_first (workflow, a, a);

  g_assert_cmpint (result->width, ==, WIDTH);
  g_assert_cmpint (result->height, ==, HEIGHT);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      for (int c = 0; c < 3; c++)
        {
          g_assert_cmpint (value_at (result, x, y, c), >=, value_at (upload, x, y, c) / 2 - 2);
          g_assert_cmpint (value_at (result, x, y, c), <=, value_at (upload, x, y, c) / 2 + 130);
        }
}

static void
test_batch_of_edits (void)
{
  g_autoptr(ComfyWorkflow) workflow = load_small ("edit_flux2_klein_4b.json");
  g_autofree char *id = find_node (workflow, "batch_size");
  g_autoptr(GBytes) a = make_upload (0);
  g_autoptr(GPtrArray) saved = NULL;
  g_autoptr(SandboxImage) first = NULL;
  g_autoptr(SandboxImage) second = NULL;
  gboolean has_alpha;

  comfy_workflow_set_int (workflow, id, "batch_size", 2, NULL);
  saved = run_graph (workflow, a, NULL);
  g_assert_cmpuint (saved->len, ==, 2);
  first = read_saved (saved, 0, &has_alpha);
  second = read_saved (saved, 1, &has_alpha);
  g_assert_cmpfloat (get_distance (first, second), >, 1.0);
}

static void
test_denoise (void)
{
  static const double steps[] = { 0.0, 0.3, 0.6, 1.0 };
  g_autoptr(ComfyWorkflow) workflow = load_small ("i2i_z_image_turbo.json");
  g_autofree char *id = find_node (workflow, "denoise");
  g_autoptr(GBytes) a = make_upload (0);
  g_autoptr(SandboxImage) upload = decode_png (a);
  double before = -1.0;

  for (unsigned int i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr(SandboxImage) result = NULL;
      double distance;

      comfy_workflow_set_double (workflow, id, "denoise", steps[i], NULL);
      result = run_first (workflow, a, NULL);
      distance = get_distance (upload, result);
      g_assert_cmpfloat (distance, >, before + (i == 0 ? 0.5 : 5.0));
      if (i == 0)
        g_assert_cmpfloat (distance, ==, 0.0);
      before = distance;
    }
}

/* Lays the layers from @first on over each other and returns the value of a channel. */
static int
flatten (GPtrArray    *layers,
         unsigned int  first,
         int           x,
         int           y,
         int           channel)
{
  double value = 0.0;

  for (unsigned int i = first; i < layers->len; i++)
    {
      const SandboxImage *layer = g_ptr_array_index (layers, i);
      double alpha = value_at (layer, x, y, 3) / 255.0;

      value = value * (1.0 - alpha) + value_at (layer, x, y, channel) * alpha;
    }

  return (int) rint (value);
}

static void
test_layers (void)
{
  g_autoptr(ComfyWorkflow) workflow = load_small ("layers_qwen_image_layered.json");
  g_autofree char *id = find_node (workflow, "layers");
  g_autoptr(GBytes) a = make_upload (0);
  g_autoptr(SandboxImage) upload = decode_png (a);

  for (int count = 1; count <= 4; count++)
    {
      g_autoptr(GPtrArray) saved = NULL;
      g_autoptr(GPtrArray) layers =
        g_ptr_array_new_with_free_func ((GDestroyNotify) sandbox_image_unref);

      comfy_workflow_set_int (workflow, id, "layers", count, NULL);
      saved = run_graph (workflow, a, NULL);
      g_assert_cmpuint (saved->len, ==, count + 1);
      for (unsigned int i = 0; i < saved->len; i++)
        {
          gboolean has_alpha;

          g_ptr_array_add (layers, read_saved (saved, i, &has_alpha));
          g_assert_true (has_alpha);
          if (i > 0)
            g_assert_cmpfloat (get_distance (layers->pdata[i - 1], layers->pdata[i]), >, 0.0);
        }

      for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
          g_assert_cmpint (value_at (layers->pdata[1], x, y, 3), ==, 255);

      for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
          for (int c = 0; c < 3; c++)
            g_assert_cmpint (flatten (layers, 1, x, y, c), ==, value_at (upload, x, y, c));
    }
}

static void
test_select_by_text (void)
{
  g_autoptr(ComfyWorkflow) workflow = load_small ("select_by_text_sam3.json");
  g_autofree char *id = find_node (workflow, "text");
  g_autoptr(GBytes) a = make_upload (0);
  g_autoptr(SandboxImage) red = NULL;
  g_autoptr(SandboxImage) nothing = NULL;

  comfy_workflow_set_string (workflow, id, "text", "the red ball", NULL);
  red = run_first (workflow, a, NULL);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      g_assert_cmpint (value_at (red, x, y, 0), ==,
                       (x - 50) * (x - 50) + (y - 45) * (y - 45) < 20 * 20 ? 255 : 0);

  comfy_workflow_set_string (workflow, id, "text", "nothing", NULL);
  nothing = run_first (workflow, a, NULL);
  g_assert_cmpint (value_at (nothing, 50, 45, 0), ==, 0);
}

static void
test_background (void)
{
  g_autoptr(ComfyWorkflow) cut = load_small ("remove_background_birefnet.json");
  g_autoptr(ComfyWorkflow) find = load_small ("mask_foreground_birefnet.json");
  g_autoptr(GBytes) a = make_upload (0);
  g_autoptr(GPtrArray) saved = run_graph (cut, a, NULL);
  gboolean has_alpha;
  g_autoptr(SandboxImage) result = read_saved (saved, 0, &has_alpha);
  g_autoptr(SandboxImage) mask = run_first (find, a, NULL);

  g_assert_true (has_alpha);
  g_assert_cmpint (value_at (result, 50, 45, 3), ==, 255);
  g_assert_cmpint (value_at (result, 50, 2, 3), ==, 0);
  g_assert_cmpint (value_at (result, 50, 2, 0), ==, 40 + 50 / 4);
  g_assert_cmpint (value_at (mask, 50, 45, 0), ==, 255);
  g_assert_cmpint (value_at (mask, 50, 2, 0), ==, 0);
}

static void
test_upscale (void)
{
  static const struct
  {
    const char *name;
    int         factor;
  } cases[] = {
    { "upscale_esrgan_x4.json", 4 },
    { "upscale_esrgan_x2.json", 2 },
    { "upscale_creative_z_image.json", 2 },
  };
  g_autoptr(GBytes) a = make_upload (0);

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ComfyWorkflow) workflow = load_small (cases[i].name);
      g_autoptr(SandboxImage) result = run_first (workflow, a, NULL);

      g_assert_cmpint (result->width, ==, WIDTH * cases[i].factor);
      g_assert_cmpint (result->height, ==, HEIGHT * cases[i].factor);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const char *const edits[] = {
    "edit_flux2_klein_4b.json", "edit_flux2_klein_base_4b.json", "edit_flux2_dev_turbo.json",
    "edit_flux_kontext_dev.json", "edit_qwen_2509_lightning.json", "edit_qwen_2511.json",
    "edit_qwen_2511_lightning.json",
  };

  g_test_init (&argc, &argv, NULL);

  add_graph_tests ();
  for (unsigned int i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      g_autofree char *test = g_strconcat ("/sandbox-workflows/edit-keeps-geometry/", edits[i],
                                           NULL);

      g_test_add_data_func (test, edits[i], test_edit_keeps_geometry);
    }
  g_test_add_func ("/sandbox-workflows/edits-of-one-batch-differ", test_batch_of_edits);
  g_test_add_func ("/sandbox-workflows/denoise-decides-how-far", test_denoise);
  g_test_add_func ("/sandbox-workflows/layers-together-show-the-upload", test_layers);
  g_test_add_func ("/sandbox-workflows/text-selects-by-colour", test_select_by_text);
  g_test_add_func ("/sandbox-workflows/background-is-removed", test_background);
  g_test_add_func ("/sandbox-workflows/upscale-sizes", test_upscale);

  return g_test_run ();
}
