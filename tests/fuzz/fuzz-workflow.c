/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever an artist opens as a workflow: a graph or an error of ours; written and read again it is
 * the same; checking it ends. COMFY_TEST_DATA_DIR tells where nodes.json lies.
 */
#include "config.h"

#include "comfy-error.h"
#include "comfy-workflow-check.h"

int LLVMFuzzerTestOneInput (const unsigned char *data,
                            size_t               size);

static ComfyNodeTable *
get_table (void)
{
  static ComfyNodeTable *table;

  if (table == NULL)
    {
      const char      *dir = g_getenv ("COMFY_TEST_DATA_DIR");
      g_autofree char *path = g_build_filename (dir, "nodes.json", NULL);

      table = comfy_node_table_new_from_file (path, NULL);
      g_assert (table != NULL);
    }

  return table;
}

int
LLVMFuzzerTestOneInput (const unsigned char *data,
                        size_t               size)
{
  g_autoptr(GBytes)        json = g_bytes_new_static (data, size);
  g_autoptr(GError)        error = NULL;
  g_autoptr(ComfyWorkflow) workflow = comfy_workflow_new_from_bytes (json, &error);
  g_autoptr(ComfyWorkflow) copy = NULL;
  g_autoptr(GBytes)        written = NULL;
  g_autoptr(GBytes)        written_again = NULL;
  g_autoptr(GPtrArray)     problems = NULL;
  g_autoptr(GError)        problem = NULL;

  g_assert ((workflow == NULL) == (error != NULL));
  g_assert (error == NULL || error->domain == COMFY_ERROR);
  g_assert (error == NULL || g_utf8_validate (error->message, -1, NULL));
  if (workflow == NULL)
    return 0;

  copy = comfy_workflow_copy (workflow);
  written = comfy_workflow_to_bytes (workflow);
  written_again = comfy_workflow_to_bytes (copy);
  g_assert (g_bytes_equal (written, written_again));

  problems = comfy_workflow_find_problems (workflow, get_table ());
  comfy_workflow_check (workflow, get_table (), &problem);
  g_assert ((problems->len == 0) == (problem == NULL));
  g_assert (problem == NULL || g_utf8_validate (problem->message, -1, NULL));

  return 0;
}
