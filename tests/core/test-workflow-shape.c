/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * By its shape a graph is known again: what is entered into it does not count, what it is made of
 * does.
 */
#include "config.h"

#include <string.h>

#include "comfy-workflow.h"

#define LOADER  "\"1\":{\"class_type\":\"Loader\",\"inputs\":{\"name\":\"a\"}}"
#define SAMPLER "\"2\":{\"class_type\":\"Sampler\",\"inputs\":{\"seed\":1,\"model\":[\"1\",0]}," \
                "\"_meta\":{\"title\":\"One\"}}"

static char *
dup_shape (const char *nodes)
{
  g_autofree char          *text = g_strconcat ("{", nodes, "}", NULL);
  g_autoptr(GBytes)         bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyWorkflow)  workflow = comfy_workflow_new_from_bytes (bytes, &error);

  g_assert_no_error (error);

  return comfy_workflow_dup_shape (workflow);
}

static void
test_same (void)
{
  static const char * const same[] = {
    LOADER "," SAMPLER,
    SAMPLER "," LOADER,
    LOADER ",\"2\":{\"class_type\":\"Sampler\",\"inputs\":{\"model\":[\"1\",0],"
           "\"seed\":18446744073709551615},\"_meta\":{\"title\":\"Other\"}}",
    "\"1\":{\"class_type\":\"Loader\",\"inputs\":{\"name\":[\"a\",\"b\",\"c\"]}}," SAMPLER,
  };
  g_autofree char *first = dup_shape (same[0]);

  g_assert_cmpuint (strlen (first), ==, 64);
  for (unsigned int i = 1; i < G_N_ELEMENTS (same); i++)
    {
      g_autofree char *shape = dup_shape (same[i]);

      g_assert_cmpstr (shape, ==, first);
    }
}

static void
test_different (void)
{
  static const char * const different[] = {
    LOADER "," SAMPLER,
    LOADER,
    /* another id, class, input, output, source; a value for a link, a link for a value */
    LOADER ",\"3\":{\"class_type\":\"Sampler\",\"inputs\":{\"seed\":1,\"model\":[\"1\",0]}}",
    LOADER ",\"2\":{\"class_type\":\"Sample\",\"inputs\":{\"seed\":1,\"model\":[\"1\",0]}}",
    LOADER ",\"2\":{\"class_type\":\"Sampler\",\"inputs\":{\"seeds\":1,\"model\":[\"1\",0]}}",
    LOADER ",\"2\":{\"class_type\":\"Sampler\",\"inputs\":{\"seed\":1,\"model\":[\"1\",1]}}",
    LOADER ",\"2\":{\"class_type\":\"Sampler\",\"inputs\":{\"seed\":1,\"model\":[\"2\",0]}}",
    LOADER ",\"2\":{\"class_type\":\"Sampler\",\"inputs\":{\"seed\":1,\"model\":1}}",
    LOADER ",\"2\":{\"class_type\":\"Sampler\",\"inputs\":{\"seed\":[\"1\",0],"
           "\"model\":[\"1\",0]}}",
    LOADER ",\"2\":{\"class_type\":\"Sampler\",\"inputs\":{\"model\":[\"1\",0]}}",
    /* where one name ends and the next begins */
    "\"12\":{\"class_type\":\"Loader\",\"inputs\":{}}",
    "\"1\":{\"class_type\":\"2Loader\",\"inputs\":{}}",
  };
  g_autoptr(GHashTable) shapes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (unsigned int i = 0; i < G_N_ELEMENTS (different); i++)
    {
      g_test_message ("%s", different[i]);
      g_assert_true (g_hash_table_add (shapes, dup_shape (different[i])));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/workflow-shape/values-titles-and-order-do-not-count", test_same);
  g_test_add_func ("/workflow-shape/nodes-inputs-and-links-count", test_different);

  return g_test_run ();
}
