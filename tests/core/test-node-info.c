/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-node-table-private.h"

static GBytes *
read_file (const char *path)
{
  g_autoptr(GError) error = NULL;
  char             *text;
  gsize             length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);

  return g_bytes_new_take (text, length);
}

static ComfyNodeTable *
load_fixture (void)
{
  g_autofree char   *path = g_test_build_filename (G_TEST_DIST, "data", "object-info.json", NULL);
  g_autoptr(GBytes)  json = read_file (path);
  g_autoptr(GError)  error = NULL;
  ComfyNodeTable    *table = comfy_node_table_new_from_object_info (json, &error);

  g_assert_no_error (error);

  return table;
}

static const ComfyNodeInput *
look_up (ComfyNodeTable *table,
         const char     *class_type,
         const char     *input)
{
  const ComfyNodeClass *klass = comfy_node_table_lookup (table, class_type);

  g_assert_nonnull (klass);
  g_assert_nonnull (comfy_node_class_lookup_input (klass, input));

  return comfy_node_class_lookup_input (klass, input);
}

static void
assert_choices (const ComfyNodeInput *input,
                const char           *expected)
{
  const char *const *choices = comfy_node_input_get_choices (input);
  g_autofree char   *text = choices != NULL ? g_strjoinv ("|", (char **) choices) : NULL;

  g_assert_cmpint (comfy_node_input_get_kind (input), ==, COMFY_NODE_INPUT_COMBO);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_combos (void)
{
  g_autoptr(ComfyNodeTable) table = load_fixture ();
  const ComfyNodeInput     *input;

  assert_choices (look_up (table, "UpscaleModelLoader", "model_name"),
                  "4x-UltraSharp.pth|RealESRGAN_x2.pth|RealESRGAN_x4plus.safetensors");
  assert_choices (look_up (table, "CheckpointLoaderSimple", "ckpt_name"),
                  "SDXL/sd_xl_base_1.0.safetensors");
  input = look_up (table, "Numbers", "level");
  assert_choices (input, "1|2|3.5|true");
  g_assert_cmpstr (comfy_node_input_get_default (input), ==, "2");
  g_assert_false (comfy_node_input_is_required (input));

  /* what was uploaded, only the server knows */
  input = look_up (table, "LoadImage", "image");
  assert_choices (input, NULL);
  g_assert_true (comfy_node_input_is_upload (input));
  input = look_up (table, "LoadAudio", "audio");
  assert_choices (input, NULL);
  g_assert_false (comfy_node_input_is_upload (input));
}

static void
test_values (void)
{
  g_autoptr(ComfyNodeTable) table = load_fixture ();
  const ComfyNodeInput     *input = look_up (table, "Numbers", "seed");
  gint64                    min_int;
  guint64                   max_int;
  double                    min_float;
  double                    max_float;

  g_assert_true (comfy_node_input_is_seed (input));
  g_assert_true (comfy_node_input_get_int_range (input, &min_int, &max_int));
  g_assert_cmpuint (max_int, ==, G_MAXUINT64);

  input = look_up (table, "CLIPSetLastLayer", "stop_at_clip_layer");
  g_assert_true (comfy_node_input_get_int_range (input, &min_int, &max_int));
  g_assert_cmpint (min_int, ==, -24);
  g_assert_cmpint ((gint64) max_int, ==, -1);
  g_assert_cmpfloat (comfy_node_input_get_step (input), ==, 1);
  g_assert_false (comfy_node_input_is_seed (input));

  /* what Python writes, and JSON does not have */
  input = look_up (table, "Numbers", "free");
  g_assert_false (comfy_node_input_get_float_range (input, &min_float, &max_float));
  g_assert_cmpfloat (comfy_node_input_get_step (input), ==, 0);
  g_assert_cmpstr (comfy_node_input_get_default (input), ==, "1.5");
  g_assert_false (comfy_node_input_get_int_range (look_up (table, "Numbers", "huge"), &min_int,
                                                  &max_int));

  g_assert_true (comfy_node_input_is_multiline (look_up (table, "Numbers", "text")));
  g_assert_null (comfy_node_input_get_default (look_up (table, "Numbers", "text")));
  g_assert_cmpint (comfy_node_input_get_kind (look_up (table, "Numbers", "on")), ==,
                   COMFY_NODE_INPUT_BOOLEAN);
}

static void
test_special_types (void)
{
  g_autoptr(ComfyNodeTable) table = load_fixture ();
  const ComfyNodeClass     *numbers = comfy_node_table_lookup (table, "Numbers");
  const ComfyNodeInput     *input = look_up (table, "Resize", "input");
  GPtrArray                *rows;

  g_assert_cmpint (comfy_node_input_get_kind (input), ==, COMFY_NODE_INPUT_LINK);
  g_assert_cmpstr (comfy_node_input_get_type_name (input), ==, "IMAGE,MASK");
  g_assert_cmpstr (comfy_node_input_get_type_name (look_up (table, "Resize", "slot")), ==, "*");

  input = look_up (table, "Resize", "how");
  g_assert_cmpint (comfy_node_input_get_kind (input), ==, COMFY_NODE_INPUT_DYNAMIC);
  g_assert_cmpuint (comfy_node_input_get_option_inputs (input, "by factor")->len, ==, 2);
  g_assert_cmpuint (comfy_node_input_get_option_inputs (input, "not at all")->len, ==, 0);
  input = look_up (table, "Resize", "how.factor");
  g_assert_cmpfloat (comfy_node_input_get_step (input), ==, 0.01);
  g_assert_true (comfy_node_input_is_required (input));
  g_assert_false (comfy_node_input_is_required (look_up (table, "Resize", "how.mask")));

  rows = comfy_node_input_get_option_inputs (look_up (table, "Resize", "images"), NULL);
  g_assert_cmpuint (rows->len, ==, 3);
  g_assert_cmpstr (comfy_node_input_get_name (rows->pdata[2]), ==, "image2");
  g_assert_true (comfy_node_input_is_required (rows->pdata[0]));
  g_assert_false (comfy_node_input_is_required (rows->pdata[1]));
  rows = comfy_node_input_get_option_inputs (look_up (table, "Resize", "more"), NULL);
  g_assert_cmpstr (comfy_node_input_get_name (rows->pdata[1]), ==, "second");

  /* slots keep their places whatever stands in one; hidden inputs are none */
  g_assert_cmpuint (g_strv_length ((char **) comfy_node_class_get_outputs (numbers)), ==, 3);
  g_assert_cmpstr (comfy_node_class_get_outputs (numbers)[1], ==, "COMBO");
  g_assert_cmpstr (comfy_node_class_get_outputs (numbers)[2], ==, "*");
  g_assert_null (comfy_node_class_lookup_input (numbers, "prompt"));
  g_assert_true (comfy_node_class_is_output (numbers));
  g_assert_true (comfy_node_class_is_partner (numbers));
  g_assert_cmpstr (comfy_node_class_get_title (comfy_node_table_lookup (table,
                                                                        "CheckpointLoaderSimple")),
                   ==, "CheckpointLoaderSimple");
}

/* Somebody's broken node is there, and spoils no other. */
static void
test_broken_classes (void)
{
  static const char *const  broken[] = { "NoInput", "NoOutput", "BadKey", "BadRow", "Null" };
  g_autoptr(ComfyNodeTable) table = load_fixture ();

  g_assert_true (comfy_node_table_is_complete (table));
  g_assert_cmpuint (_comfy_node_table_count (table), ==, 8);
  for (unsigned int i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_assert_null (comfy_node_table_lookup (table, broken[i]));
      g_assert_true (_comfy_node_table_may_have (table, broken[i]));
    }
  g_assert_false (_comfy_node_table_may_have (table, "Nope"));
}

static void
test_no_table (void)
{
  static const char *const texts[] = {
    "", "[]", "{}", "<html>", "{\"error\":{\"code\":\"not_found\"}}", "{\"A\":", "{\"A\":12x}",
    "\"\\", "{\"A\":{\"input\":{},\"output\":[]}} NaN",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GBytes) json = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", texts[i]);
      g_assert_null (comfy_node_table_new_from_object_info (json, &error));
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_PROTOCOL);
    }
}

static void
test_too_large (void)
{
  const gsize        length = 64 * 1024 * 1024 + 1;
  char              *text = g_malloc (length);
  g_autoptr(GBytes)  json = g_bytes_new_take (text, length);
  g_autoptr(GError)  error = NULL;

  memset (text, ' ', length);
  g_assert_null (comfy_node_table_new_from_object_info (json, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_TOO_LARGE);
}

static void append_inputs (GString   *text,
                           GPtrArray *inputs);

/* which files there are, only the server's own table knows */
static gboolean
is_file_list (const ComfyNodeInput *input)
{
  static const char *const names[] = {
    "unet_name", "vae_name", "clip_name", "clip_name1", "clip_name2", "ckpt_name", "lora_name",
    "control_net_name", "model_name", "bg_removal_name", NULL
  };

  return g_strv_contains (names, input->name);
}

/* everything that both tables tell of an input */
static void
append_input (GString              *text,
              const ComfyNodeInput *input)
{
  const char *const *choices = comfy_node_input_get_choices (input);
  GPtrArray         *rows = comfy_node_input_get_option_inputs (input, NULL);

  g_string_append_printf (text, "%s %s %d%d%d%d %s %d:%" G_GINT64_FORMAT ":%g %d:%"
                          G_GUINT64_FORMAT ":%g %g (",
                          input->name, input->type_name, input->required, input->multiline,
                          input->upload, input->seed, input->fallback, input->has_min,
                          input->has_min ? input->min_int : 0,
                          input->has_min ? input->min_float : 0,
                          input->has_max, input->has_max ? input->max_int : 0,
                          input->has_max ? input->max_float : 0, input->step);
  for (; choices != NULL && *choices != NULL && !is_file_list (input); choices++)
    {
      GPtrArray *inner = comfy_node_input_get_option_inputs (input, *choices);

      g_string_append_printf (text, "%s,", *choices);
      if (inner != NULL)
        append_inputs (text, inner);
    }
  if (rows != NULL)
    append_inputs (text, rows);
  g_string_append (text, ")\n");
}

static void
append_inputs (GString   *text,
               GPtrArray *inputs)
{
  for (unsigned int i = 0; i < inputs->len; i++)
    append_input (text, inputs->pdata[i]);
}

static char *
dup_told (const ComfyNodeClass *klass)
{
  GString         *text = g_string_new (klass->title);
  g_autofree char *outputs = g_strjoinv (",", klass->outputs);

  g_string_append_printf (text, " %s %d%d\n", outputs, klass->is_output, klass->is_partner);
  append_inputs (text, klass->inputs);

  return g_string_free (text, FALSE);
}

/* The table that is carried, and this, are of one server. */
static void
test_as_carried (void)
{
  const char               *contracts = g_getenv ("COMFY_CONTRACTS");
  g_autofree char          *beside = g_test_build_filename (G_TEST_DIST, "..", "..", "shared",
                                                            "contracts", NULL);
  g_autofree char          *path = g_build_filename (contracts != NULL ? contracts : beside,
                                                     "object_info.json", NULL);
  g_autofree char          *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                      "nodes.json", NULL);
  g_autoptr(GError)         error = NULL;
  g_autoptr(GBytes)         json = NULL;
  g_autoptr(ComfyNodeTable) told = NULL;
  g_autoptr(ComfyNodeTable) carried = comfy_node_table_new_from_file (nodes, &error);
  g_autofree char         **classes = NULL;

  g_assert_no_error (error);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("the server's own list is not at hand");
      return;
    }

  json = read_file (path);
  told = comfy_node_table_new_from_object_info (json, &error);
  g_assert_no_error (error);
  g_assert_false (comfy_node_table_is_complete (carried));
  g_assert_cmpuint (_comfy_node_table_count (told), ==, _comfy_node_table_count (carried));

  classes = _comfy_node_table_list_classes (told);
  for (unsigned int i = 0; classes[i] != NULL; i++)
    {
      g_autofree char *one = dup_told (comfy_node_table_lookup (told, classes[i]));
      g_autofree char *other = NULL;

      g_assert_nonnull (comfy_node_table_lookup (carried, classes[i]));
      other = dup_told (comfy_node_table_lookup (carried, classes[i]));
      g_assert_cmpstr (one, ==, other);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/node-info/combos-of-both-kinds", test_combos);
  g_test_add_func ("/node-info/values-with-their-true-ranges", test_values);
  g_test_add_func ("/node-info/inputs-that-bring-inputs", test_special_types);
  g_test_add_func ("/node-info/a-broken-class-is-there-and-spoils-no-other", test_broken_classes);
  g_test_add_func ("/node-info/what-is-no-table-is-refused", test_no_table);
  g_test_add_func ("/node-info/what-is-too-large-is-refused", test_too_large);
  g_test_add_func ("/node-info/the-carried-table-is-the-same", test_as_carried);

  return g_test_run ();
}
