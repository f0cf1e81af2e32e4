/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-workflow.h"

static const char SAMPLER[] =
  "{\"9\":{\"class_type\":\"KSampler\",\"inputs\":{\"seed\":18446744073709551615,\"cfg\":1.0,"
  "\"steps\":8,\"text\":\"a \\\"b\\\"\\n\\u00e9\",\"on\":true,\"model\":[\"1\",0]},"
  "\"_meta\":{\"title\":\"Sampler\"},\"kept\":[1,null,{\"x\":-0.5}]},"
  "\"1\":{\"class_type\":\"UNETLoader\",\"inputs\":{}}}";

static ComfyWorkflow *
parse (const char  *text,
       GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  return comfy_workflow_new_from_bytes (bytes, error);
}

static char *
dup_text (ComfyWorkflow *workflow)
{
  g_autoptr(GBytes) bytes = comfy_workflow_to_bytes (workflow);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_round_trip (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ComfyWorkflow) workflow = parse (SAMPLER, &error);
  g_autoptr(ComfyWorkflow) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;
  const char *string;
  const char *source_id;
  unsigned int slot;
  guint64 seed;
  gint64 steps;
  double cfg;
  gboolean on;

  g_assert_no_error (error);
  g_assert_cmpstr (comfy_workflow_get_class (workflow, "9"), ==, "KSampler");
  g_assert_cmpstr (comfy_workflow_get_title (workflow, "9"), ==, "Sampler");
  g_assert_cmpstr (comfy_workflow_get_title (workflow, "1"), ==, "UNETLoader");
  g_assert_null (comfy_workflow_get_title (workflow, "2"));

  g_assert_true (comfy_workflow_get_uint64 (workflow, "9", "seed", &seed));
  g_assert_cmpuint (seed, ==, G_MAXUINT64);
  g_assert_false (comfy_workflow_get_int (workflow, "9", "seed", &steps));
  g_assert_false (comfy_workflow_get_string (workflow, "9", "seed", &string));
  g_assert_true (comfy_workflow_get_int (workflow, "9", "steps", &steps));
  g_assert_cmpint (steps, ==, 8);
  g_assert_true (comfy_workflow_get_double (workflow, "9", "cfg", &cfg));
  g_assert_cmpfloat (cfg, ==, 1.0);
  g_assert_true (comfy_workflow_get_double (workflow, "9", "steps", &cfg));
  g_assert_cmpfloat (cfg, ==, 8.0);
  g_assert_true (comfy_workflow_get_boolean (workflow, "9", "on", &on));
  g_assert_true (on);
  g_assert_true (comfy_workflow_get_string (workflow, "9", "text", &string));
  g_assert_cmpstr (string, ==, "a \"b\"\n\xc3\xa9");
  g_assert_true (comfy_workflow_get_link (workflow, "9", "model", &source_id, &slot));
  g_assert_cmpstr (source_id, ==, "1");
  g_assert_cmpuint (slot, ==, 0);
  g_assert_false (comfy_workflow_get_link (workflow, "9", "cfg", NULL, NULL));

  /* what is not understood is carried along, and the order of the file stays */
  text = dup_text (workflow);
  g_assert_true (g_str_has_prefix (text, "{\"9\":{\"class_type\":\"KSampler\",\"inputs\":{"
                                         "\"seed\":18446744073709551615,\"cfg\":1.0,"));
  g_assert_nonnull (strstr (text, "\"kept\":[1,null,{\"x\":-0.5}]"));

  again = parse (text, &error);
  g_assert_no_error (error);
  text_again = dup_text (again);
  g_assert_cmpstr (text, ==, text_again);
}

static void
test_large_seeds (void)
{
  const guint64 seeds[] = {
    0, 1, G_GUINT64_CONSTANT (9007199254740993), G_MAXINT64, (guint64) G_MAXINT64 + 1,
    G_GUINT64_CONSTANT (12345678901234567891), G_MAXUINT64 - 1, G_MAXUINT64
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ComfyWorkflow) workflow = parse (SAMPLER, &error);
      g_autoptr(ComfyWorkflow) copy = NULL;
      g_autofree char *expected = g_strdup_printf ("\"seed\":%" G_GUINT64_FORMAT ",", seeds[i]);
      g_autofree char *text = NULL;
      guint64 seed;

      g_assert_no_error (error);
      g_assert_true (comfy_workflow_set_uint64 (workflow, "9", "seed", seeds[i], &error));
      text = dup_text (workflow);
      g_assert_nonnull (strstr (text, expected));

      copy = comfy_workflow_copy (workflow);
      g_assert_true (comfy_workflow_get_uint64 (copy, "9", "seed", &seed));
      g_assert_cmpuint (seed, ==, seeds[i]);
    }
}

static void
test_set (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ComfyWorkflow) workflow = parse (SAMPLER, &error);
  g_autoptr(ComfyWorkflow) copy = comfy_workflow_copy (workflow);
  g_autofree char *text = NULL;
  const char *string;
  double value;

  g_assert_true (comfy_workflow_set_string (workflow, "9", "text", "ünïcode \"\\\t\x01", &error));
  g_assert_true (comfy_workflow_set_double (workflow, "9", "cfg", 0.1, &error));
  g_assert_true (comfy_workflow_set_boolean (workflow, "9", "new", FALSE, &error));
  g_assert_true (comfy_workflow_set_int (workflow, "9", "steps", -3, &error));
  g_assert_true (comfy_workflow_set_asset (workflow, "1", "image", "abc", "a.png", &error));
  g_assert_no_error (error);

  text = dup_text (workflow);
  g_assert_nonnull (strstr (text, "\"cfg\":0.1,\"steps\":-3,"));
  g_assert_nonnull (strstr (text, "ünïcode \\\"\\\\\\u0009\\u0001\""));
  g_assert_nonnull (strstr (text, "\"new\":false"));
  g_assert_nonnull (strstr (text, "{\"image\":{\"__type\":\"core/ASSET\",\"info\":"
                                  "{\"id\":\"abc\",\"file_path\":\"a.png\"}}}"));

  /* a copy shares nothing */
  g_assert_true (comfy_workflow_get_string (copy, "9", "text", &string));
  g_assert_cmpstr (string, ==, "a \"b\"\n\xc3\xa9");
  g_assert_true (comfy_workflow_get_double (copy, "9", "cfg", &value));
  g_assert_cmpfloat (value, ==, 1.0);
}

static void
test_set_refuses (void)
{
  g_autoptr(ComfyWorkflow) workflow = parse (SAMPLER, NULL);
  g_autoptr(GError) no_node = NULL;
  g_autoptr(GError) link = NULL;
  g_autoptr(GError) not_finite = NULL;
  g_autoptr(GError) not_utf8 = NULL;

  g_assert_false (comfy_workflow_set_int (workflow, "7", "steps", 1, &no_node));
  g_assert_error (no_node, COMFY_ERROR, COMFY_ERROR_INVALID_WORKFLOW);
  g_assert_false (comfy_workflow_set_string (workflow, "9", "model", "x", &link));
  g_assert_error (link, COMFY_ERROR, COMFY_ERROR_INVALID_WORKFLOW);
  g_assert_true (comfy_workflow_get_link (workflow, "9", "model", NULL, NULL));
  g_assert_false (comfy_workflow_set_double (workflow, "9", "cfg", INFINITY, &not_finite));
  g_assert_error (not_finite, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
  g_assert_false (comfy_workflow_set_string (workflow, "9", "text", "\xff", &not_utf8));
  g_assert_error (not_utf8, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "", "x", "[]", "{}", "null", "7", "\"a\"", "{\"a\":1}", "{\"a\":{}}", "{\"a\":{\"inputs\":{}}}",
    "{\"a\":{\"class_type\":\"X\"}}", "{\"a\":{\"class_type\":1,\"inputs\":{}}}",
    "{\"a\":{\"class_type\":\"X\",\"inputs\":[]}}", "{\"\":{\"class_type\":\"X\",\"inputs\":{}}}",
    "{\"a\":{\"class_type\":\"X\",\"inputs\":{}}} {}",
    "{\"a\":{\"class_type\":\"X\",\"inputs\":{}}",
    "{\"a\":{\"class_type\":\"X\",\"inputs\":{},}}",
    "/* */{\"a\":{\"class_type\":\"X\",\"inputs\":{}}}",
    "var a = {\"a\":{\"class_type\":\"X\",\"inputs\":{}}}",
    "{\"a\":{\"class_type\":\"X\",\"inputs\":{\"s\":18446744073709551616}}}",
    "{\"a\":{\"class_type\":\"X\",\"inputs\":{\"s\":-9223372036854775809}}}",
    "{\"a\":{\"class_type\":\"X\",\"inputs\":{\"s\":1e400}}}",
    "{\"a\":{\"class_type\":\"X\",\"inputs\":{\"s\":NaN}}}",
    "{\"a\":{\"class_type\":\"X\",\"inputs\":{\"s\":\"a\\u0000b\"}}}",
    "{\"a\":{\"class_type\":\"X\",\"inputs\":{\"s\":\"\xff\"}}}",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("text %u", i);
      g_assert_null (parse (texts[i], &error));
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_WORKFLOW);
    }
}

static void
test_window_format (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (parse ("{\"last_node_id\":1,\"nodes\":[],\"links\":[],\"version\":0.4}", &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_WORKFLOW);
  g_assert_nonnull (strstr (error->message, "Export (API)"));
}

static void
test_limits (void)
{
  g_autoptr(GString) deep = g_string_new ("{\"a\":{\"class_type\":\"X\",\"inputs\":{\"x\":");
  g_autoptr(GBytes) large = NULL;
  g_autoptr(GError) too_deep = NULL;
  g_autoptr(GError) too_large = NULL;
  char *spaces;

  for (unsigned int i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  g_assert_null (parse (deep->str, &too_deep));
  g_assert_error (too_deep, COMFY_ERROR, COMFY_ERROR_INVALID_WORKFLOW);

  spaces = g_malloc (COMFY_WORKFLOW_MAX_BYTES + 1);
  memset (spaces, ' ', COMFY_WORKFLOW_MAX_BYTES + 1);
  large = g_bytes_new_take (spaces, COMFY_WORKFLOW_MAX_BYTES + 1);
  g_assert_null (comfy_workflow_new_from_bytes (large, &too_large));
  g_assert_error (too_large, COMFY_ERROR, COMFY_ERROR_TOO_LARGE);
}

/* whatever is cut off or changed: either an error or a graph, never a crash */
static void
test_any_damage (void)
{
  const gsize length = strlen (SAMPLER);

  for (gsize i = 0; i < length; i++)
    {
      g_autofree char *cut = g_strndup (SAMPLER, i);
      g_autoptr(GError) error = NULL;

      g_assert_null (parse (cut, &error));
      g_assert_nonnull (error);
    }

  for (unsigned int i = 0; i < 20000; i++)
    {
      g_autofree char *text = g_strdup (SAMPLER);
      g_autoptr(GError) error = NULL;
      g_autoptr(ComfyWorkflow) workflow = NULL;
      g_autoptr(ComfyWorkflow) copy = NULL;

      for (int changes = g_test_rand_int_range (1, 4); changes > 0; changes--)
        text[g_test_rand_int_range (0, (gint32) length)] =
          "{}[]\",:\\01-.eE tn\x80"[g_test_rand_int_range (0, 18)];

      workflow = parse (text, &error);
      g_assert_true ((workflow == NULL) == (error != NULL));
      if (workflow != NULL)
        copy = comfy_workflow_copy (workflow);
    }
}

static void
test_missing_file (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (comfy_workflow_new_from_file ("/nonexistent/graph.json", &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_STORAGE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/workflow/round-trip-is-exact", test_round_trip);
  g_test_add_func ("/workflow/seeds-up-to-2-to-the-64-stay-exact", test_large_seeds);
  g_test_add_func ("/workflow/inputs-are-set", test_set);
  g_test_add_func ("/workflow/links-and-strangers-are-not-set", test_set_refuses);
  g_test_add_func ("/workflow/what-is-no-graph-is-refused", test_refused);
  g_test_add_func ("/workflow/window-format-is-refused-with-advice", test_window_format);
  g_test_add_func ("/workflow/depth-and-size-are-limited", test_limits);
  g_test_add_func ("/workflow/any-damage-is-an-error-or-a-graph", test_any_damage);
  g_test_add_func ("/workflow/missing-file-is-a-storage-error", test_missing_file);

  return g_test_run ();
}
