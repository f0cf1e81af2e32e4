/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever an artist opens as a workflow: a graph or an error of ours; written and read again it is
 * the same; checking it ends. COMFY_TEST_DATA_DIR tells where nodes.json lies.
 */
#include "config.h"

#include "comfy-error.h"
#include "comfy-node-table-private.h"
#include "comfy-workflow-check.h"

int LLVMFuzzerTestOneInput (const unsigned char *data,
                            size_t               size);

/* once as it is carried, once as if a server had told it */
static ComfyNodeTable *
get_table (gboolean is_complete)
{
  static ComfyNodeTable *tables[2];

  if (tables[is_complete] == NULL)
    {
      const char      *dir = g_getenv ("COMFY_TEST_DATA_DIR");
      g_autofree char *path = g_build_filename (dir, "nodes.json", NULL);

      tables[is_complete] = comfy_node_table_new_from_file (path, NULL);
      g_assert (tables[is_complete] != NULL);
      if (is_complete)
        _comfy_node_table_set_complete (tables[is_complete], "A");
    }

  return tables[is_complete];
}

static void
check (ComfyWorkflow *workflow,
       gboolean       is_complete)
{
  ComfyNodeTable       *table = get_table (is_complete);
  g_autoptr(GPtrArray)  problems = comfy_workflow_find_problems (workflow, table);
  g_autoptr(GError)     error = NULL;

  comfy_workflow_check (workflow, table, &error);
  g_assert ((problems->len == 0) == (error == NULL));
  g_assert (problems->len <= 100);
  for (unsigned int i = 0; i < problems->len; i++)
    g_assert (g_utf8_validate (((ComfyWorkflowProblem *) problems->pdata[i])->message, -1, NULL));
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

  g_assert ((workflow == NULL) == (error != NULL));
  g_assert (error == NULL || error->domain == COMFY_ERROR);
  g_assert (error == NULL || g_utf8_validate (error->message, -1, NULL));
  if (workflow == NULL)
    return 0;

  copy = comfy_workflow_copy (workflow);
  written = comfy_workflow_to_bytes (workflow);
  written_again = comfy_workflow_to_bytes (copy);
  g_assert (g_bytes_equal (written, written_again));

  check (workflow, FALSE);
  check (workflow, TRUE);

  return 0;
}
