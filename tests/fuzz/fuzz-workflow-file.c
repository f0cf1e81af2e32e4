/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever an artist opens for a workflow, by any name: a file with a graph that can be written and
 * read again, or a sentence that can be shown.
 */
#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-workflow-file-private.h"
#include "fuzz-png.h"

int LLVMFuzzerTestOneInput (const unsigned char *data,
                            size_t               size);

static void
check_graph (ComfyWorkflowFile *file)
{
  ComfyWorkflow                *workflow = comfy_workflow_file_get_workflow (file);
  g_autoptr(GBytes)             text = comfy_workflow_to_bytes (workflow);
  g_autoptr(GBytes)             text_again = NULL;
  g_autoptr(GError)             error = NULL;
  g_autoptr(ComfyWorkflowFile)  again = _comfy_workflow_file_new_from_bytes (text, &error);
  JsonNode                     *window = _comfy_workflow_file_get_window (file);

  /* what can be opened can be kept and opened again, unless it grew beyond what may be */
  if (again == NULL)
    g_assert_error (error, COMFY_ERROR, COMFY_ERROR_TOO_LARGE);
  else
    text_again = comfy_workflow_to_bytes (comfy_workflow_file_get_workflow (again));
  g_assert (again == NULL || g_bytes_equal (text, text_again));

  g_assert (window == NULL
            || comfy_json_get_array (json_node_get_object (window), "nodes") != NULL);
}

int
LLVMFuzzerTestOneInput (const unsigned char *data,
                        size_t               size)
{
  g_autofree guint8            *copy = g_memdup2 (data, size);
  g_autoptr(GBytes)             bytes = g_bytes_new_static (copy, size);
  g_autoptr(GError)             error = NULL;
  g_autoptr(ComfyWorkflowFile)  file = NULL;

  if (_comfy_workflow_png_probe (copy, size))
    fuzz_png_mend (copy, size);

  file = _comfy_workflow_file_new_from_bytes (bytes, &error);
  g_assert ((file == NULL) == (error != NULL));
  if (file != NULL)
    {
      check_graph (file);
      return 0;
    }

  g_assert (error->domain == COMFY_ERROR);
  g_assert (g_utf8_validate (error->message, -1, NULL));
  g_assert (g_str_has_suffix (error->message, "."));
  g_assert (strlen (error->message) < 4000);

  return 0;
}
