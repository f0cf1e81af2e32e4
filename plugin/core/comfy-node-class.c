/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a node table tells of one class and of one of its inputs. Everything returned here belongs
 * to the table. */

#define G_LOG_DOMAIN "comfy-node-table"

#include "config.h"

#include "comfy-node-table-private.h"

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

/**
 * comfy_node_input_get_name:
 *
 * Returns: its name; within a dynamic or growing input, without the name of that
 */
const char *
comfy_node_input_get_name (const ComfyNodeInput *input)
{
  return input->name;
}

/**
 * comfy_node_input_get_kind:
 *
 * Returns: what may stand there
 */
ComfyNodeInputKind
comfy_node_input_get_kind (const ComfyNodeInput *input)
{
  return input->kind;
}

/**
 * comfy_node_input_get_type_name:
 *
 * Returns: the type as ComfyUI names it, e.g. "IMAGE"; several with commas; "*" is any
 */
const char *
comfy_node_input_get_type_name (const ComfyNodeInput *input)
{
  return input->type_name;
}

/**
 * comfy_node_input_is_required:
 *
 * Returns: whether a graph without it is refused
 */
gboolean
comfy_node_input_is_required (const ComfyNodeInput *input)
{
  return input->required;
}

/**
 * comfy_node_input_get_default:
 *
 * Returns: (nullable): what ComfyUI's window would fill in, as text
 */
const char *
comfy_node_input_get_default (const ComfyNodeInput *input)
{
  return input->fallback;
}

/**
 * comfy_node_input_get_choices:
 *
 * Returns: (nullable): what a combo or dynamic combo may be, %NULL-terminated; %NULL for other
 * kinds, and for files whose list only the server knows
 */
const char *const *
comfy_node_input_get_choices (const ComfyNodeInput *input)
{
  return (const char *const *) input->choices;
}

/**
 * comfy_node_input_get_int_range:
 * @minimum: (out): the smallest value
 * @maximum: (out): the largest value
 *
 * Returns: whether it is an INT with a range
 */
gboolean
comfy_node_input_get_int_range (const ComfyNodeInput *input,
                                gint64               *minimum,
                                guint64              *maximum)
{
  if (input->kind != COMFY_NODE_INPUT_INT || !input->has_range)
    return FALSE;

  *minimum = input->min_int;
  *maximum = input->max_int;
  return TRUE;
}

/**
 * comfy_node_input_get_float_range:
 * @minimum: (out): the smallest value
 * @maximum: (out): the largest value
 *
 * Returns: whether it is a FLOAT with a range
 */
gboolean
comfy_node_input_get_float_range (const ComfyNodeInput *input,
                                  double               *minimum,
                                  double               *maximum)
{
  if (input->kind != COMFY_NODE_INPUT_FLOAT || !input->has_range)
    return FALSE;

  *minimum = input->min_float;
  *maximum = input->max_float;
  return TRUE;
}

/**
 * comfy_node_input_get_option_inputs:
 * @choice: (nullable): one of a dynamic combo's choices; ignored for a growing row
 *
 * Returns: (transfer none) (nullable) (element-type ComfyNodeInput): the inputs that @choice brings,
 *   or those of a growing row; %NULL for other kinds and unknown choices
 */
GPtrArray *
comfy_node_input_get_option_inputs (const ComfyNodeInput *input,
                                    const char           *choice)
{
  if (input->kind == COMFY_NODE_INPUT_AUTOGROW)
    return input->elements;
  if (input->kind == COMFY_NODE_INPUT_DYNAMIC && choice != NULL)
    return g_hash_table_lookup (input->options, choice);

  return NULL;
}
