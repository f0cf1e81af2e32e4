/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds what ComfyUI would refuse in a graph, with ComfyUI's own names for the problems
 * (execution.py, validate_prompt and validate_inputs): every class must be known; of the nodes that
 * an output node depends on, every required input must be there, of the right type, in range and in
 * the list; nothing may depend on itself. In one thing this is stricter: a plain value where only
 * another node's result can stand is refused; ComfyUI accepts it and fails when it runs. */

#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-workflow-check.h"
#include "comfy-workflow-private.h"

typedef struct
{
  ComfyWorkflow  *workflow;  /* no-ref */
  ComfyNodeTable *table;     /* no-ref */
  GPtrArray      *problems;  /* of ComfyWorkflowProblem */
} Check;

static void
problem_free (ComfyWorkflowProblem *self)
{
  g_free (self->node_id);
  g_free (self->input);
  g_free (self->type);
  g_free (self->message);
  g_free (self);
}

static void G_GNUC_PRINTF (5, 6)
add_problem (Check      *check,
             const char *node_id,
             const char *input,
             const char *type,
             const char *format,
             ...)
{
  ComfyWorkflowProblem *problem = g_new0 (ComfyWorkflowProblem, 1);
  va_list args;

  problem->node_id = g_strdup (node_id);
  problem->input = g_strdup (input);
  problem->type = g_strdup (type);
  va_start (args, format);
  problem->message = g_strdup_vprintf (format, args);
  va_end (args);

  g_ptr_array_add (check->problems, problem);
}

/* ComfyUI's rule: equal, or "*" on one side, or one of several types with commas in common. */
static gboolean
types_match (const char *received,
             const char *wanted)
{
  g_auto(GStrv) some = g_strsplit (received, ",", -1);
  g_auto(GStrv) others = g_strsplit (wanted, ",", -1);

  if (g_str_equal (received, "*") || g_str_equal (wanted, "*"))
    return TRUE;

  for (unsigned int i = 0; some[i] != NULL; i++)
    if (g_strv_contains ((const char *const *) others, some[i]))
      return TRUE;

  return FALSE;
}

static void
check_link (Check                *check,
            const char           *node_id,
            const char           *name,
            const ComfyNodeInput *input)
{
  const char *title = comfy_workflow_get_title (check->workflow, node_id);
  const char *source_id;
  const char *source_class;
  const ComfyNodeClass *klass;
  const char *const *outputs;
  unsigned int slot;

  if (!comfy_workflow_get_link (check->workflow, node_id, name, &source_id, &slot)
      || (source_class = comfy_workflow_get_class (check->workflow, source_id)) == NULL)
    {
      add_problem (check, node_id, name, "bad_linked_input",
                   _("“%s” of the node “%s” is connected to a node that is not there."),
                   name, title);
      return;
    }

  /* an unknown class is a problem of its own */
  if ((klass = comfy_node_table_lookup (check->table, source_class)) == NULL)
    return;

  outputs = comfy_node_class_get_outputs (klass);
  if (slot >= g_strv_length ((char **) outputs))
    add_problem (check, node_id, name, "bad_linked_input",
                 _("“%s” of the node “%s” is connected to an output that “%s” does not have."),
                 name, title, comfy_workflow_get_title (check->workflow, source_id));
  else if (!types_match (outputs[slot], comfy_node_input_get_type_name (input)))
    add_problem (check, node_id, name, "return_type_mismatch",
                 _("“%s” of the node “%s” takes %s, but is connected to %s."),
                 name, title, comfy_node_input_get_type_name (input), outputs[slot]);
}

/* A number as ComfyUI would make one of the value, which also takes text and booleans. */
static gboolean
get_number (JsonNode *value,
            double   *number)
{
  guint64 large;
  char *end = NULL;

  if (!JSON_NODE_HOLDS_VALUE (value))
    return FALSE;

  if (comfy_json_node_get_uint64 (value, &large))
    *number = (double) large;
  else if (comfy_json_node_is_string (value))
    {
      const char *text = json_node_get_string (value);

      *number = g_ascii_strtod (text, &end);
      return end != text && *end == '\0';
    }
  else if (json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    *number = json_node_get_boolean (value);
  else
    *number = json_node_get_double (value);

  return TRUE;
}

static void
check_number (Check                *check,
              const char           *node_id,
              const char           *name,
              const ComfyNodeInput *input,
              JsonNode             *value)
{
  const char *title = comfy_workflow_get_title (check->workflow, node_id);
  double number;
  double minimum;
  double maximum;
  gint64 min_int;
  guint64 max_int;

  if (!get_number (value, &number))
    {
      add_problem (check, node_id, name, "invalid_input_type",
                   _("“%s” of the node “%s” must be a number."), name, title);
      return;
    }

  /* seeds up to 2^64 - 1 end exactly where a double rounds up to: no value is misjudged */
  if (comfy_node_input_get_int_range (input, &min_int, &max_int))
    {
      minimum = (double) min_int;
      maximum = (double) max_int;
    }
  else if (!comfy_node_input_get_float_range (input, &minimum, &maximum))
    return;

  if (number < minimum)
    add_problem (check, node_id, name, "value_smaller_than_min",
                 _("“%s” of the node “%s” is %g, but must be at least %g."),
                 name, title, number, minimum);
  else if (number > maximum)
    add_problem (check, node_id, name, "value_bigger_than_max",
                 _("“%s” of the node “%s” is %g, but must be at most %g."),
                 name, title, number, maximum);
}

static void
check_choice (Check                *check,
              const char           *node_id,
              const char           *name,
              const ComfyNodeInput *input,
              JsonNode             *value)
{
  const char *const *choices = comfy_node_input_get_choices (input);
  const char *choice = comfy_json_node_is_string (value) ? json_node_get_string (value) : NULL;

  if (choices == NULL || (choice != NULL && g_strv_contains (choices, choice)))
    return;

  add_problem (check, node_id, name, "value_not_in_list",
               _("“%s” of the node “%s” is “%s”, which is not among its choices."),
               name, comfy_workflow_get_title (check->workflow, node_id),
               choice != NULL ? choice : "?");
}

static void
check_value (Check                *check,
             const char           *node_id,
             const char           *name,
             const ComfyNodeInput *input,
             JsonNode             *value)
{
  switch (comfy_node_input_get_kind (input))
    {
    case COMFY_NODE_INPUT_INT:
    case COMFY_NODE_INPUT_FLOAT:
      check_number (check, node_id, name, input, value);
      break;

    case COMFY_NODE_INPUT_COMBO:
    case COMFY_NODE_INPUT_DYNAMIC:
      check_choice (check, node_id, name, input, value);
      break;

    case COMFY_NODE_INPUT_LINK:
      /* objects are values of types of their own, e.g. a BOUNDING_BOX */
      if (!JSON_NODE_HOLDS_OBJECT (value)
          && !g_str_equal (comfy_node_input_get_type_name (input), "*"))
        add_problem (check, node_id, name, "invalid_input_type",
                     _("“%s” of the node “%s” must be connected to another node."),
                     name, comfy_workflow_get_title (check->workflow, node_id));
      break;

    case COMFY_NODE_INPUT_STRING:
    case COMFY_NODE_INPUT_BOOLEAN:
    case COMFY_NODE_INPUT_AUTOGROW:
    default:
      /* ComfyUI makes text or a truth of anything */
      break;
    }
}

/* Recurses as deep as the table's dynamic inputs are nested, not as the graph is. */
static void
check_inputs (Check      *check,
              const char *node_id,
              const char *prefix,
              GPtrArray  *inputs)
{
  for (unsigned int i = 0; i < inputs->len; i++)
    {
      const ComfyNodeInput *input = g_ptr_array_index (inputs, i);
      ComfyNodeInputKind kind = comfy_node_input_get_kind (input);
      g_autofree char *name = g_strconcat (prefix, comfy_node_input_get_name (input), NULL);
      g_autofree char *inner_prefix = g_strconcat (name, ".", NULL);
      JsonNode *value = comfy_workflow_get_value (check->workflow, node_id, name);
      const char *choice = NULL;
      GPtrArray *inner;

      if (value == NULL && kind != COMFY_NODE_INPUT_AUTOGROW)
        {
          if (comfy_node_input_is_required (input))
            add_problem (check, node_id, name, "required_input_missing",
                         _("“%s” of the node “%s” is missing."), name,
                         comfy_workflow_get_title (check->workflow, node_id));
          continue;
        }

      /* every list is a link to ComfyUI, even a malformed one */
      if (value != NULL && JSON_NODE_HOLDS_ARRAY (value))
        check_link (check, node_id, name, input);
      else if (value != NULL)
        check_value (check, node_id, name, input, value);

      if (value != NULL && comfy_json_node_is_string (value))
        choice = json_node_get_string (value);
      if ((inner = comfy_node_input_get_option_inputs (input, choice)) != NULL)
        check_inputs (check, node_id, inner_prefix, inner);
    }
}

static void
check_classes (Check *check)
{
  g_auto(GStrv) ids = comfy_workflow_dup_node_ids (check->workflow);

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      const char *class_type = comfy_workflow_get_class (check->workflow, ids[i]);

      if (comfy_node_table_lookup (check->table, class_type) == NULL)
        add_problem (check, ids[i], NULL, "missing_node_type",
                     _("The node “%s” is of the class “%s”, which is not known."),
                     comfy_workflow_get_title (check->workflow, ids[i]), class_type);
    }
}

/**
 * comfy_workflow_find_problems:
 * @self: a graph
 * @table: what its classes take
 *
 * Returns: (transfer full) (element-type ComfyWorkflowProblem): everything that ComfyUI would
 * refuse; empty when nothing is wrong
 */
GPtrArray *
comfy_workflow_find_problems (ComfyWorkflow  *self,
                              ComfyNodeTable *table)
{
  Check check = { self, table, NULL };
  g_auto(GStrv) outputs = NULL;
  g_auto(GStrv) order = NULL;
  g_autofree char *cycle_node_id = NULL;

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);
  g_return_val_if_fail (COMFY_IS_NODE_TABLE (table), NULL);

  check.problems = g_ptr_array_new_with_free_func ((GDestroyNotify) problem_free);
  check_classes (&check);

  outputs = comfy_workflow_dup_output_nodes (self, table);
  if (outputs[0] == NULL)
    add_problem (&check, NULL, NULL, "prompt_no_outputs",
                 _("The workflow saves nothing: it needs a node such as “Save Image”."));

  order = comfy_workflow_dup_order (self, (const char *const *) outputs, &cycle_node_id);
  if (cycle_node_id != NULL)
    add_problem (&check, cycle_node_id, NULL, "dependency_cycle",
                 _("The node “%s” depends on its own result."),
                 comfy_workflow_get_title (self, cycle_node_id));

  for (unsigned int i = 0; order[i] != NULL; i++)
    {
      const ComfyNodeClass *klass =
        comfy_node_table_lookup (table, comfy_workflow_get_class (self, order[i]));

      if (klass != NULL)
        check_inputs (&check, order[i], "", comfy_node_class_get_inputs (klass));
    }

  return check.problems;
}

/**
 * comfy_workflow_check:
 * @self: a graph
 * @table: what its classes take
 *
 * Checks a graph before anything is sent, let alone paid for.
 *
 * Returns: %TRUE, or %FALSE with %COMFY_ERROR_INVALID_WORKFLOW for the first problem, and all of
 * them in the error's detail
 */
gboolean
comfy_workflow_check (ComfyWorkflow   *self,
                      ComfyNodeTable  *table,
                      GError         **error)
{
  g_autoptr(GPtrArray) problems = comfy_workflow_find_problems (self, table);
  g_autoptr(GString) detail = g_string_new (NULL);

  if (problems->len == 0)
    return TRUE;

  for (unsigned int i = 0; i < problems->len; i++)
    {
      const ComfyWorkflowProblem *problem = g_ptr_array_index (problems, i);

      g_string_append_printf (detail, "%s%s: node %s, input %s", i > 0 ? "; " : "", problem->type,
                              problem->node_id != NULL ? problem->node_id : "-",
                              problem->input != NULL ? problem->input : "-");
    }

  comfy_set_error (error, COMFY_ERROR_INVALID_WORKFLOW, detail->str, "%s",
                   ((ComfyWorkflowProblem *) g_ptr_array_index (problems, 0))->message);
  return FALSE;
}
