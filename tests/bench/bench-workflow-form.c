/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the text of a workflow to its form: parsed, checked, looked at, and made an action with a
 * form. Against `jq .` of the same file, a process that reads it and writes it again. Goal: not
 * slower than 3 times. What jq's own work is without starting a process is told beside it, without
 * a goal. And a graph that is eight times as large shall take eight times as long, not 64 times:
 * goal 32 times, since it no longer fits into the processor's cache.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

#include "comfy-form.h"
#include "comfy-mapping.h"
#include "comfy-workflow-check.h"

#define N_NODES      2000
#define N_VALUES     10000
#define N_RUNS       9
#define GOAL_RATIO   3.0
#define LARGER       8
#define GOAL_LARGER  32.0

/* A checkpoint with a LoRA, two texts, two passes of sampling, a detailer of somebody else's, and a
 * file: ten nodes and fifty values, @n is the number of the first */
static void
add_pipeline (GString      *text,
              unsigned int  n)
{
  static const char * const template =
    "  \"@0\": { \"inputs\": { \"ckpt_name\": \"sd_xl_base_1.0.safetensors\" },\n"
    "    \"class_type\": \"CheckpointLoaderSimple\",\n"
    "    \"_meta\": { \"title\": \"Load Checkpoint\" } },\n"
    "  \"@1\": { \"inputs\": { \"lora_name\": \"aquarelle_v2.safetensors\",\n"
    "      \"strength_model\": 0.85, \"strength_clip\": 1, \"model\": [\"@0\", 0],\n"
    "      \"clip\": [\"@0\", 1] }, \"class_type\": \"LoraLoader\",\n"
    "    \"_meta\": { \"title\": \"Load LoRA\" } },\n"
    "  \"@2\": { \"inputs\": { \"text\": \"une aquarelle très fine d'un \\\"château\\\" au bord de\"\n"
    "      , \"clip\": [\"@1\", 1] }, \"class_type\": \"CLIPTextEncode\",\n"
    "    \"_meta\": { \"title\": \"Motif\" } },\n"
    "  \"@3\": { \"inputs\": { \"text\": \"text, watermark, blurry, low quality, jpeg artefacts\",\n"
    "      \"clip\": [\"@1\", 1] }, \"class_type\": \"CLIPTextEncode\",\n"
    "    \"_meta\": { \"title\": \"CLIP Text Encode (Prompt)\" } },\n"
    "  \"@4\": { \"inputs\": { \"width\": 1216, \"height\": 832, \"batch_size\": 1 },\n"
    "    \"class_type\": \"EmptyLatentImage\",\n"
    "    \"_meta\": { \"title\": \"Empty Latent Image\" } },\n"
    "  \"@5\": { \"inputs\": { \"seed\": 18446744073709551557, \"steps\": 28, \"cfg\": 6.5,\n"
    "      \"sampler_name\": \"dpmpp_2m\", \"scheduler\": \"karras\", \"denoise\": 1,\n"
    "      \"model\": [\"@1\", 0], \"positive\": [\"@2\", 0], \"negative\": [\"@3\", 0],\n"
    "      \"latent_image\": [\"@4\", 0] }, \"class_type\": \"KSampler\",\n"
    "    \"_meta\": { \"title\": \"KSampler\" } },\n"
    "  \"@6\": { \"inputs\": { \"seed\": 7, \"steps\": 14, \"cfg\": 6.5,\n"
    "      \"sampler_name\": \"dpmpp_2m\", \"scheduler\": \"karras\", \"denoise\": 0.45,\n"
    "      \"model\": [\"@1\", 0], \"positive\": [\"@2\", 0], \"negative\": [\"@3\", 0],\n"
    "      \"latent_image\": [\"@5\", 0] }, \"class_type\": \"KSampler\",\n"
    "    \"_meta\": { \"title\": \"Second pass\" } },\n"
    "  \"@7\": { \"inputs\": { \"samples\": [\"@6\", 0], \"vae\": [\"@0\", 2] },\n"
    "    \"class_type\": \"VAEDecode\", \"_meta\": { \"title\": \"VAE Decode\" } },\n"
    "  \"@8\": { \"inputs\": { \"guide_size\": 512, \"guide_size_for\": true, \"max_size\": 1024,\n"
    "      \"seed\": 830204928403022, \"steps\": 20, \"cfg\": 8, \"sampler_name\": \"euler\",\n"
    "      \"scheduler\": \"normal\", \"denoise\": 0.5, \"feather\": 5, \"noise_mask\": true,\n"
    "      \"force_inpaint\": true, \"bbox_threshold\": 0.5, \"bbox_dilation\": 10,\n"
    "      \"bbox_crop_factor\": 3, \"sam_detection_hint\": \"center-1\", \"sam_dilation\": 0,\n"
    "      \"sam_threshold\": 0.93, \"sam_bbox_expansion\": 0,\n"
    "      \"sam_mask_hint_threshold\": 0.7, \"sam_mask_hint_use_negative\": \"False\",\n"
    "      \"drop_size\": 10, \"wildcard\": \"\", \"cycle\": 1, \"inpaint_model\": false,\n"
    "      \"noise_mask_feather\": 20, \"tiled_encode\": false, \"image\": [\"@7\", 0],\n"
    "      \"model\": [\"@1\", 0], \"clip\": [\"@1\", 1], \"vae\": [\"@0\", 2],\n"
    "      \"positive\": [\"@2\", 0], \"negative\": [\"@3\", 0] },\n"
    "    \"class_type\": \"FaceDetailer\", \"_meta\": { \"title\": \"FaceDetailer\" } },\n"
    "  \"@9\": { \"inputs\": { \"filename_prefix\": \"ComfyUI\", \"images\": [\"@8\", 0] },\n"
    "    \"class_type\": \"SaveImage\", \"_meta\": { \"title\": \"Save Image\" } }";

  for (const char *p = template; *p != '\0'; p++)
    if (*p == '@')
      g_string_append_printf (text, "%u", n + (unsigned int) g_ascii_digit_value (*++p));
    else
      g_string_append_c (text, *p);
}

static char *
make_graph (unsigned int n_nodes)
{
  GString *text = g_string_new ("{\n");

  for (unsigned int n = 0; n < n_nodes; n += 10)
    {
      g_string_append (text, n > 0 ? ",\n" : "");
      add_pipeline (text, n + 1);
    }
  g_string_append (text, "\n}\n");

  return g_string_free (text, FALSE);
}

static ComfyNodeTable *
load_table (void)
{
  const char        *dir = g_getenv ("COMFY_TEST_DATA_DIR");
  g_autofree char   *path = g_build_filename (dir, "nodes.json", NULL);
  g_autoptr(GError)  error = NULL;
  ComfyNodeTable    *table = comfy_node_table_new_from_file (path, &error);

  g_assert_no_error (error);

  return table;
}

/* ms of processor time of the children so far */
static double
get_children_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_CHILDREN, &usage);

  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3
         + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

/* ms; @out_own: of processor time */
static double
run_jq (const char *path,
        double     *out_own)
{
  const char        *argv[] = { "jq", ".", path, NULL };
  g_autoptr(GError)  error = NULL;
  double             own = get_children_ms ();
  gint64             start = g_get_monotonic_time ();
  int                status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  *out_own = get_children_ms () - own;

  return (g_get_monotonic_time () - start) / 1e3;
}

/* ms; one for each step when @steps is there */
static double
make_form (const char     *path,
           ComfyNodeTable *table,
           unsigned int    n_values,
           double         *steps)
{
  g_autoptr(GError)         error = NULL;
  gint64                    times[6] = { g_get_monotonic_time () };
  g_autoptr(ComfyWorkflow)  workflow = comfy_workflow_new_from_file (path, &error);
  g_autoptr(GPtrArray)      problems = NULL;
  g_autoptr(ComfyMapping)   mapping = NULL;
  g_autoptr(ComfyAction)    action = NULL;
  g_autoptr(ComfyForm)      form = NULL;

  g_assert_no_error (error);
  times[1] = g_get_monotonic_time ();
  problems = comfy_workflow_find_problems (workflow, table);
  times[2] = g_get_monotonic_time ();
  mapping = comfy_mapping_new (workflow, table, "large");
  times[3] = g_get_monotonic_time ();
  action = comfy_mapping_make_action (mapping, "large", &error);
  times[4] = g_get_monotonic_time ();
  g_assert_no_error (error);
  form = comfy_form_new (action);
  times[5] = g_get_monotonic_time ();

  g_assert_cmpuint (problems->len, ==, 0);
  /* names of files are no values of the form, and a size is one of two */
  g_assert_cmpuint (comfy_action_get_n_fields (action), >=, n_values * 9 / 10);
  for (int i = 0; steps != NULL && i < 5; i++)
    steps[i] = MIN (steps[i], (times[i + 1] - times[i]) / 1e3);

  return (times[5] - times[0]) / 1e3;
}

static void
write_graph (const char   *path,
             unsigned int  n_nodes)
{
  g_autofree char *text = make_graph (n_nodes);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* in turn, and the best of each: other work of the machine only ever adds */
static gboolean
measure (const char     *path,
         ComfyNodeTable *table,
         double         *out_ms)
{
  double steps[5] = { G_MAXDOUBLE, G_MAXDOUBLE, G_MAXDOUBLE, G_MAXDOUBLE, G_MAXDOUBLE };
  double ours = G_MAXDOUBLE;
  double jq = G_MAXDOUBLE;
  double jq_own = G_MAXDOUBLE;

  write_graph (path, N_NODES);
  for (unsigned int i = 0; i < N_RUNS; i++)
    {
      double own;

      jq = MIN (jq, run_jq (path, &own));
      jq_own = MIN (jq_own, own);
      ours = MIN (ours, make_form (path, table, N_VALUES, steps));
    }

  g_print ("form of %u nodes, %u values: %.2f times the time of jq (goal %.0f), %.2f times its "
           "processor time (no goal); %.1f ms against %.1f and %.1f ms\n",
           N_NODES, N_VALUES, ours / jq, GOAL_RATIO, ours / jq_own, ours, jq, jq_own);
  g_print ("  of that: parse %.1f, check %.1f, map %.1f, action %.1f, form %.1f ms\n", steps[0],
           steps[1], steps[2], steps[3], steps[4]);
  *out_ms = ours;

  return ours <= GOAL_RATIO * jq;
}

static gboolean
measure_larger (const char     *path,
                ComfyNodeTable *table,
                double          ms)
{
  double larger = G_MAXDOUBLE;

  write_graph (path, LARGER * N_NODES);
  for (unsigned int i = 0; i < 2; i++)
    larger = MIN (larger, make_form (path, table, LARGER * N_VALUES, NULL));
  g_print ("form of %u nodes: %.1f times the time of %u (goal %.0f), %.0f ms\n", LARGER * N_NODES,
           larger / ms, N_NODES, GOAL_LARGER, larger);

  return larger <= GOAL_LARGER * ms;
}

int
main (void)
{
  g_autofree char           *folder = g_dir_make_tmp ("comfy-bench-XXXXXX", NULL);
  g_autofree char           *path = g_build_filename (folder, "graph.json", NULL);
  g_autofree char           *jq = g_find_program_in_path ("jq");
  g_autoptr(ComfyNodeTable)  table = load_table ();
  gboolean                   good = TRUE;
  double                     ms;

  if (jq == NULL)
    {
      g_print ("skipped: jq is not installed\n");
      return 77;
    }

  good &= measure (path, table, &ms);
  good &= measure_larger (path, table, ms);
  g_unlink (path);
  g_rmdir (folder);

  return good ? 0 : 1;
}
