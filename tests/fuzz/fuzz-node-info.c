/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a server tells of its nodes: a table or an error of ours, and everything can be asked of the
 * table.
 */
#include "config.h"

#include "comfy-error.h"
#include "comfy-node-table-private.h"

int LLVMFuzzerTestOneInput (const unsigned char *data,
                            size_t               size);

static void
look_at (GPtrArray *inputs)
{
  for (unsigned int i = 0; i < inputs->len; i++)
    {
      const ComfyNodeInput *input = inputs->pdata[i];
      const char *const    *choices = comfy_node_input_get_choices (input);
      GPtrArray            *rows = comfy_node_input_get_option_inputs (input, NULL);
      gint64                min_int;
      guint64               max_int;

      g_assert (comfy_node_input_get_name (input) != NULL);
      g_assert (comfy_node_input_get_type_name (input) != NULL);
      comfy_node_input_get_int_range (input, &min_int, &max_int);
      for (; choices != NULL && *choices != NULL; choices++)
        {
          GPtrArray *inner = comfy_node_input_get_option_inputs (input, *choices);

          if (inner != NULL)
            look_at (inner);
        }
      if (rows != NULL)
        look_at (rows);
    }
}

int
LLVMFuzzerTestOneInput (const unsigned char *data,
                        size_t               size)
{
  g_autoptr(GBytes)          json = g_bytes_new_static (data, size);
  g_autoptr(GError)          error = NULL;
  g_autoptr(ComfyNodeTable)  table = comfy_node_table_new_from_object_info (json, &error);
  g_autofree char          **classes = NULL;

  g_assert ((table == NULL) == (error != NULL));
  g_assert (error == NULL || error->domain == COMFY_ERROR);
  if (table == NULL)
    return 0;

  classes = _comfy_node_table_list_classes (table);
  for (unsigned int i = 0; classes[i] != NULL; i++)
    {
      const ComfyNodeClass *klass = comfy_node_table_lookup (table, classes[i]);

      g_assert (comfy_node_class_get_outputs (klass) != NULL);
      look_at (comfy_node_class_get_inputs (klass));
    }

  return 0;
}
