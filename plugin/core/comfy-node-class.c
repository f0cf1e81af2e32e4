/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a node table tells of one class. Everything returned here belongs to the table. */

#define G_LOG_DOMAIN "comfy-node-table"

#include "config.h"

#include "comfy-node-table-private.h"

/*
 * _comfy_node_class_free:
 * @self: (transfer full): a class
 */
void
_comfy_node_class_free (ComfyNodeClass *self)
{
  g_free (self->title);
  g_ptr_array_unref (self->inputs);
  g_strfreev (self->outputs);
  g_free (self);
}

/**
 * comfy_node_class_get_title:
 *
 * Returns: the class's name in ComfyUI's menus, in English
 */
const char *
comfy_node_class_get_title (const ComfyNodeClass *klass)
{
  return klass->title;
}

/**
 * comfy_node_class_is_output:
 *
 * Returns: whether its nodes are what a run is for; only what these depend on runs
 */
gboolean
comfy_node_class_is_output (const ComfyNodeClass *klass)
{
  return klass->is_output;
}

/**
 * comfy_node_class_is_partner:
 *
 * Returns: whether its nodes call a partner's model, billed per call
 */
gboolean
comfy_node_class_is_partner (const ComfyNodeClass *klass)
{
  return klass->is_partner;
}

/**
 * comfy_node_class_get_outputs:
 *
 * Returns: the type of each output slot, %NULL-terminated; "*" is any
 */
const char *const *
comfy_node_class_get_outputs (const ComfyNodeClass *klass)
{
  return (const char *const *) klass->outputs;
}

/**
 * comfy_node_class_get_inputs:
 *
 * Returns: (transfer none) (element-type ComfyNodeInput): the inputs, the required ones first
 */
GPtrArray *
comfy_node_class_get_inputs (const ComfyNodeClass *klass)
{
  return klass->inputs;
}

/**
 * comfy_node_class_lookup_input:
 * @name: as in the graph; an input that a dynamic choice brings is "input.sub-input", and the first
 *   choice that has it answers
 *
 * Returns: (nullable): the input
 */
const ComfyNodeInput *
comfy_node_class_lookup_input (const ComfyNodeClass *klass,
                               const char           *name)
{
  const char *dot = strchr (name, '.');
  g_autofree char *head = dot != NULL ? g_strndup (name, dot - name) : g_strdup (name);

  for (unsigned int i = 0; i < klass->inputs->len; i++)
    {
      const ComfyNodeInput *input = g_ptr_array_index (klass->inputs, i);
      const char *const *choices = comfy_node_input_get_choices (input);

      if (!g_str_equal (input->name, head))
        continue;
      if (dot == NULL)
        return input;

      for (; input->options != NULL && *choices != NULL; choices++)
        {
          GPtrArray *inputs = comfy_node_input_get_option_inputs (input, *choices);

          for (unsigned int j = 0; j < inputs->len; j++)
            {
              const ComfyNodeInput *sub_input = g_ptr_array_index (inputs, j);

              if (g_str_equal (sub_input->name, dot + 1))
                return sub_input;
            }
        }
    }

  return NULL;
}
