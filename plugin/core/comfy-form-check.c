/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a form cannot be run with: values that are missing, and, where it is known what the nodes of
 * its graph take, all that a server would refuse. It is found here, before anything is sent.
 */
#define G_LOG_DOMAIN "comfy-form"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-form-private.h"
#include "comfy-workflow-check.h"

/* (nullable): why the value of a field cannot be run with */
static const char *
find_problem (ComfyForm        *self,
              const ComfyField *field,
              GVariant         *value)
{
  int left;
  int top;
  int right;
  int bottom;

  if (!comfy_form_uses_field (self, field))
    return NULL;

  if (field->type == COMFY_FIELD_TEXT && field->required
      && comfy_field_is_blank (g_variant_get_string (value, NULL)))
    return _("Nothing is written here yet. Say in words what you want.");

  if (field->type == COMFY_FIELD_EDGES)
    {
      g_variant_get (value, "(iiii)", &left, &top, &right, &bottom);
      if (left + top + right + bottom == 0)
        return _("The canvas stays as it is. Say on which edges it grows.");
    }

  return NULL;
}

/*
 * _comfy_form_check_values:
 * @out_field_id: (out) (optional) (transfer none) (nullable): the field that is wrong
 *
 * Returns: whether every field has a value that can be run with; the graph is not looked at
 */
gboolean
_comfy_form_check_values (ComfyForm   *self,
                          const char **out_field_id,
                          GError     **error)
{
  for (unsigned int i = 0; i < self->values->len; i++)
    {
      const ComfyField *field = comfy_action_get_field (self->action, i);
      const char       *problem = find_problem (self, field, g_ptr_array_index (self->values, i));

      if (problem == NULL)
        continue;

      if (out_field_id != NULL)
        *out_field_id = field->id;
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, field->id, "%s", problem);
      return FALSE;
    }

  if (out_field_id != NULL)
    *out_field_id = NULL;

  return TRUE;
}

/* (nullable): the field that sets an input */
static const ComfyField *
find_field_of (ComfyForm  *self,
               const char *node,
               const char *input)
{
  const ComfyVariant *variant = comfy_form_get_variant (self);

  for (unsigned int i = 0; node != NULL && input != NULL && i < self->values->len; i++)
    {
      const ComfyField  *field = comfy_action_get_field (self->action, i);
      const ComfyTarget *targets = comfy_variant_get_targets (variant, field->id);
      unsigned int       n = field->type == COMFY_FIELD_SIZE ? 2 : 1;

      for (unsigned int j = 0; targets != NULL && j < n; j++)
        if (g_strcmp0 (targets[j].node, node) == 0 && g_strcmp0 (targets[j].input, input) == 0)
          return field;
    }

  return NULL;
}

static void
note_problem (ComfyForm                  *self,
              const ComfyWorkflowProblem *problem,
              GPtrArray                  *problems)
{
  ComfyFormProblem *noted = g_new0 (ComfyFormProblem, 1);
  const ComfyField *field = find_field_of (self, problem->node_id, problem->input);

  noted->field_id = field != NULL ? field->id : NULL;
  noted->message = g_strdup (problem->message);
  noted->detail = g_strdup_printf ("%s: node %s, input %s", problem->type,
                                   problem->node_id != NULL ? problem->node_id : "-",
                                   problem->input != NULL ? problem->input : "-");
  g_ptr_array_add (problems, noted);
}

static void
problem_free (void *data)
{
  ComfyFormProblem *problem = data;

  g_free (problem->message);
  g_free (problem->detail);
  g_free (problem);
}

/**
 * comfy_form_list_problems:
 *
 * Looks at the graph with the values in it, as the server will.
 *
 * Returns: (transfer full) (element-type ComfyFormProblem): all that it would refuse, as far as that
 *   is known; empty without a node table
 */
GPtrArray *
comfy_form_list_problems (ComfyForm *self)
{
  GPtrArray                *problems = g_ptr_array_new_with_free_func (problem_free);
  g_autoptr(ComfyWorkflow)  graph = NULL;
  g_autoptr(GPtrArray)      found = NULL;
  guint64                   seed;

  g_return_val_if_fail (COMFY_IS_FORM (self), problems);

  if (self->table != NULL)
    graph = _comfy_form_fill_in (self, &seed, NULL);
  if (graph != NULL)
    found = comfy_workflow_find_problems (graph, self->table);
  for (unsigned int i = 0; found != NULL && i < found->len; i++)
    note_problem (self, g_ptr_array_index (found, i), problems);

  return problems;
}

/* whether anything becomes of what the graph makes; one that makes nothing is the server's to refuse */
static gboolean
gives_something (ComfyForm *self)
{
  GPtrArray *outputs = comfy_action_get_outputs (self->action);

  for (unsigned int i = 0; outputs != NULL && i < outputs->len; i++)
    if (((const ComfyOutput *) g_ptr_array_index (outputs, i))->outcome != COMFY_OUTCOME_NOTHING)
      return TRUE;

  return outputs == NULL || outputs->len == 0;
}

/**
 * comfy_form_check:
 * @out_field_id: (out) (optional) (transfer none) (nullable): the field that is wrong; %NULL when the
 *   graph is, apart from any field
 *
 * Returns: whether the form can be run
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT with a sentence for beside the field, or where nothing would
 * become of the result,
 * %COMFY_ERROR_INVALID_WORKFLOW for what the graph's nodes do not take
 */
gboolean
comfy_form_check (ComfyForm   *self,
                  const char **out_field_id,
                  GError     **error)
{
  g_autoptr(GPtrArray)    problems = NULL;
  const ComfyFormProblem *first;

  g_return_val_if_fail (COMFY_IS_FORM (self), FALSE);

  if (!_comfy_form_check_values (self, out_field_id, error))
    return FALSE;

  problems = comfy_form_list_problems (self);
  if (problems->len == 0 && !gives_something (self))
    {
      /* it would be paid for */
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, "each outcome is nothing",
                       _("Nothing would become of what this workflow makes. Choose “Edit Form…” and "
                         "say what becomes of it."));
      return FALSE;
    }
  if (problems->len == 0)
    return TRUE;

  first = g_ptr_array_index (problems, 0);
  if (out_field_id != NULL)
    *out_field_id = first->field_id;
  comfy_set_error (error, COMFY_ERROR_INVALID_WORKFLOW, first->detail, "%s", first->message);

  return FALSE;
}
