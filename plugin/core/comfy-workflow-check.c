/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds what ComfyUI would refuse in a graph, with ComfyUI's own names for the problems
 * (execution.py, validate_prompt and validate_inputs): every class must be known; of the nodes that
 * an output node depends on, every required input must be there, of the right type, in range and in
 * the list; nothing may depend on itself. In one thing this is stricter: a plain value where only
 * another node's result can stand is refused; ComfyUI accepts it and fails when it runs. */

#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-similar-private.h"
#include "comfy-workflow-check-private.h"
#include "comfy-workflow-private.h"

#define MAX_PROBLEMS 100
#define MAX_SIZE     (1024 * 1024)   /* bytes of all their texts */
#define MAX_SHOWN    80              /* characters of what is shown of a graph */
#define MAX_BYTES    (4 * MAX_SHOWN) /* that are looked at for it */
#define MAX_ADVISED  20              /* times: looking for what was meant takes long */

static void
problem_free (ComfyWorkflowProblem *self)
{
  g_free (self->node_id);
  g_free (self->input);
  g_free (self->type);
  g_free (self->message);
  g_free (self);
}

/*
 * _comfy_check_is_full:
 *
 * Returns: whether so much was found that nothing more is kept
 */
gboolean
_comfy_check_is_full (ComfyCheck *check)
{
  return check->problems->len >= MAX_PROBLEMS || check->size >= MAX_SIZE;
}

/*
 * _comfy_check_add:
 * @node_id: (nullable): the node
 * @input: (nullable): its input
 * @type: ComfyUI's own name of the problem
 * @format: one sentence, with what follows
 */
void
_comfy_check_add (ComfyCheck *check,
                  const char *node_id,
                  const char *input,
                  const char *type,
                  const char *format,
                  ...)
{
  ComfyWorkflowProblem *problem;
  va_list args;

  if (_comfy_check_is_full (check))
    return;

  problem = g_new0 (ComfyWorkflowProblem, 1);
  problem->node_id = g_strdup (node_id);
  problem->input = g_strdup (input);
  problem->type = g_strdup (type);
  va_start (args, format);
  problem->message = g_strdup_vprintf (format, args);
  va_end (args);

  check->size += strlen (problem->message) + (node_id != NULL ? strlen (node_id) : 0)
                 + (input != NULL ? strlen (input) : 0);
  g_ptr_array_add (check->problems, problem);
}

/*
 * _comfy_check_dup_shown:
 *
 * Returns: (transfer full): @text on one line, and not longer than anybody reads
 */
char *
_comfy_check_dup_shown (const char *text)
{
  g_autofree char *start = NULL;
  size_t           length = strnlen (text, MAX_BYTES);
  char            *shown;

  /* not within a character */
  while (length > 0 && (text[length] & 0xC0) == 0x80)
    length--;
  start = g_strndup (text, length);
  shown = g_utf8_strlen (start, -1) > MAX_SHOWN ? g_utf8_truncate_middle (start, MAX_SHOWN)
                                                : g_steal_pointer (&start);

  for (char *p = shown; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = ' ';

  return shown;
}

/*
 * _comfy_check_dup_title:
 *
 * Returns: (transfer full): the node's title, or its class, as it is shown
 */
char *
_comfy_check_dup_title (ComfyCheck *check,
                        const char *node_id)
{
  return _comfy_check_dup_shown (comfy_workflow_get_title (check->workflow, node_id));
}

/*
 * _comfy_check_dup_similar:
 *
 * Returns: (transfer full): which of @choices may have been meant, the nearest first, at most @max;
 *   empty when none is near, or when so much is wrong that nobody wants to know
 */
char **
_comfy_check_dup_similar (ComfyCheck        *check,
                          const char        *wanted,
                          const char *const *choices,
                          unsigned int       max)
{
  if (check->n_advised++ >= MAX_ADVISED)
    return g_new0 (char *, 1);

  return _comfy_dup_similar (wanted, choices, max);
}

static void
check_value (ComfyCheck           *check,
             const char           *node_id,
             const char           *name,
             const ComfyNodeInput *input,
             JsonNode             *value)
{
  g_autofree char *title = NULL;
  g_autofree char *shown = NULL;

  switch (comfy_node_input_get_kind (input))
    {
    case COMFY_NODE_INPUT_INT:
    case COMFY_NODE_INPUT_FLOAT:
      _comfy_check_number (check, node_id, name, input, value);
      break;

    case COMFY_NODE_INPUT_COMBO:
    case COMFY_NODE_INPUT_DYNAMIC:
      _comfy_check_choice (check, node_id, name, input, value);
      break;

    case COMFY_NODE_INPUT_LINK:
      /* objects are values of types of their own, e.g. a BOUNDING_BOX */
      if (JSON_NODE_HOLDS_OBJECT (value)
          || g_str_equal (comfy_node_input_get_type_name (input), "*"))
        break;

      title = _comfy_check_dup_title (check, node_id);
      shown = _comfy_check_dup_shown (name);
      _comfy_check_add (check, node_id, name, "invalid_input_type",
                        _("“%s” of the node “%s” must be connected to a node that gives %s."),
                        shown, title, comfy_node_input_get_type_name (input));
      break;

    case COMFY_NODE_INPUT_STRING:
    case COMFY_NODE_INPUT_BOOLEAN:
    case COMFY_NODE_INPUT_AUTOGROW:
    default:
      /* ComfyUI makes text or a truth of anything */
      break;
    }
}

/* Whether the value is a list, or an asset, that ComfyUI takes apart before it looks at it: nobody
 * but the server knows. */
static gboolean
is_wrapped (const ComfyNodeInput *input,
            JsonNode             *value)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (value) ? json_node_get_object (value) : NULL;

  if (object != NULL)
    return json_object_has_member (object, "__value__")
           || json_object_has_member (object, "__type");

  return input->takes_list && JSON_NODE_HOLDS_ARRAY (value) && !comfy_json_node_is_link (value);
}

static void
add_missing_input (ComfyCheck           *check,
                   const char           *node_id,
                   const char           *name,
                   const ComfyNodeInput *input)
{
  g_autofree char *title = _comfy_check_dup_title (check, node_id);

  if (comfy_node_input_get_kind (input) == COMFY_NODE_INPUT_LINK)
    _comfy_check_add (check, node_id, name, "required_input_missing",
                      _("“%s” of the node “%s” is not connected; it takes %s."), name, title,
                      comfy_node_input_get_type_name (input));
  else
    _comfy_check_add (check, node_id, name, "required_input_missing",
                      _("“%s” of the node “%s” is missing."), name, title);
}

/* Recurses as deep as the table's dynamic inputs are nested, not as the graph is. */
static void
check_inputs (ComfyCheck *check,
              const char *node_id,
              const char *prefix,
              GPtrArray  *inputs)
{
  for (unsigned int i = 0; i < inputs->len && !_comfy_check_is_full (check); i++)
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
            add_missing_input (check, node_id, name, input);
          continue;
        }
      if (value != NULL && is_wrapped (input, value))
        continue;

      /* every list is a link to ComfyUI, even a malformed one */
      if (value != NULL && JSON_NODE_HOLDS_ARRAY (value))
        _comfy_check_link (check, node_id, name, input);
      else if (value != NULL)
        check_value (check, node_id, name, input, value);

      if (value != NULL && comfy_json_node_is_string (value))
        choice = json_node_get_string (value);
      if ((inner = comfy_node_input_get_option_inputs (input, choice)) != NULL)
        check_inputs (check, node_id, inner_prefix, inner);
    }
}

/* Returns: (transfer full): what runs for its own sake: the output nodes; and those of classes that
 * are not known, but may be there, when no other node takes anything of them */
static char **
dup_roots (ComfyCheck        *check,
           const char *const *ids)
{
  g_autoptr(GStrvBuilder) roots = g_strv_builder_new ();
  g_autoptr(GHashTable)   taken = g_hash_table_new (g_str_hash, g_str_equal);

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      g_auto(GStrv) inputs = comfy_workflow_dup_inputs (check->workflow, ids[i]);
      const char   *source_id;

      for (unsigned int j = 0; inputs[j] != NULL; j++)
        if (comfy_workflow_get_link (check->workflow, ids[i], inputs[j], &source_id, NULL))
          g_hash_table_add (taken, (char *) source_id);
    }

  for (; *ids != NULL; ids++)
    {
      const char           *class_type = comfy_workflow_get_class (check->workflow, *ids);
      const ComfyNodeClass *klass = comfy_node_table_lookup (check->table, class_type);

      if (klass != NULL ? comfy_node_class_is_output (klass)
                        : _comfy_node_table_may_have (check->table, class_type)
                          && !g_hash_table_contains (taken, *ids))
        g_strv_builder_add (roots, *ids);
    }

  return g_strv_builder_end (roots);
}

static void
check_graph (ComfyCheck *check)
{
  g_auto(GStrv)    ids = comfy_workflow_dup_node_ids (check->workflow);
  g_auto(GStrv)    roots = NULL;
  g_auto(GStrv)    order = NULL;
  g_autofree char *cycle_node_id = NULL;

  roots = _comfy_check_classes (check, (const char *const *) ids)
            ? comfy_workflow_dup_output_nodes (check->workflow, check->table)
            : dup_roots (check, (const char *const *) ids);
  if (roots[0] == NULL)
    _comfy_check_add (check, NULL, NULL, "prompt_no_outputs",
                      _("The workflow saves nothing: it needs a node such as “Save Image”."));

  order = comfy_workflow_dup_order (check->workflow, (const char *const *) roots, &cycle_node_id);
  if (cycle_node_id != NULL)
    {
      g_autofree char *title = _comfy_check_dup_title (check, cycle_node_id);

      _comfy_check_add (check, cycle_node_id, NULL, "dependency_cycle",
                        _("The node “%s” depends on its own result."), title);
    }

  for (unsigned int i = 0; order[i] != NULL && !_comfy_check_is_full (check); i++)
    {
      const char           *class_type = comfy_workflow_get_class (check->workflow, order[i]);
      const ComfyNodeClass *klass = comfy_node_table_lookup (check->table, class_type);

      if (klass != NULL)
        check_inputs (check, order[i], "", comfy_node_class_get_inputs (klass));
    }
}

/**
 * comfy_workflow_find_problems:
 * @self: a graph
 * @table: what its classes take
 *
 * With a table that is not complete (comfy_node_table_is_complete()) a class that is not in it is
 * no problem, and nothing is said of its inputs.
 *
 * Returns: (transfer full) (element-type ComfyWorkflowProblem): what ComfyUI would refuse, the
 * first hundred of it; empty when nothing is wrong
 */
GPtrArray *
comfy_workflow_find_problems (ComfyWorkflow  *self,
                              ComfyNodeTable *table)
{
  ComfyCheck check = { .workflow = self, .table = table };

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);
  g_return_val_if_fail (COMFY_IS_NODE_TABLE (table), NULL);

  check.problems = g_ptr_array_new_with_free_func ((GDestroyNotify) problem_free);
  check_graph (&check);

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
