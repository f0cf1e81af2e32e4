/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a recipe is one of ours. A recipe lies in the image, so it may come from anybody, and what
 * it asks for is paid for by whoever varies its layer. So its graph counts only where the form of an
 * installed action could have made it: the nodes of one of its graphs, and in them other values only
 * where the form has a field, within that field's bounds.
 */
#define G_LOG_DOMAIN "comfy-recipe"

#include "config.h"

#include "comfy-field-private.h"
#include "comfy-json-private.h"
#include "comfy-recipe.h"
#include "comfy-workflow-private.h"

/* (nullable): the field whose value goes into an input of the graph */
static const ComfyField *
find_field (ComfyAction        *action,
            const ComfyVariant *variant,
            const char         *node,
            const char         *input)
{
  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField  *field = comfy_action_get_field (action, i);
      const ComfyTarget *targets = comfy_variant_get_targets (variant, field->id);
      unsigned int       n = field->type == COMFY_FIELD_SIZE ? 2 : 1;

      for (unsigned int j = 0; targets != NULL && j < n; j++)
        if (g_strcmp0 (targets[j].node, node) == 0 && g_strcmp0 (targets[j].input, input) == 0)
          return field;
    }

  return NULL;
}

/* whether the form could have put the value there */
static gboolean
is_value_of (const ComfyField *field,
             ComfyWorkflow    *graph,
             const char       *node,
             const char       *input)
{
  const char *text;
  double      number;
  guint64     seed;
  gint64      whole;
  gboolean    flag;

  switch (field->type)
    {
    case COMFY_FIELD_TEXT:
      return comfy_workflow_get_string (graph, node, input, &text);

    case COMFY_FIELD_CHOICE:
      return comfy_workflow_get_string (graph, node, input, &text)
             && _comfy_field_is_choice (field, text);

    case COMFY_FIELD_BOOLEAN:
      return comfy_workflow_get_boolean (graph, node, input, &flag);

    case COMFY_FIELD_INT:
    case COMFY_FIELD_SIZE:
      return comfy_workflow_get_int (graph, node, input, &whole)
             && (double) whole >= field->min && (double) whole <= field->max;

    case COMFY_FIELD_DOUBLE:
      return comfy_workflow_get_double (graph, node, input, &number)
             && number >= field->min && number <= field->max;

    case COMFY_FIELD_SEED:
      return comfy_workflow_get_uint64 (graph, node, input, &seed) && seed <= field->seed_max;

    case COMFY_FIELD_EDGES:
    case COMFY_FIELD_PICTURE:
    default:
      return FALSE;
    }
}

static gboolean
is_same_value (ComfyWorkflow *graph,
               ComfyWorkflow *own,
               const char    *node,
               const char    *input)
{
  g_autoptr(GString)  first = g_string_new (NULL);
  g_autoptr(GString)  second = g_string_new (NULL);

  comfy_json_write (first, comfy_workflow_get_value (graph, node, input));
  comfy_json_write (second, comfy_workflow_get_value (own, node, input));

  return g_string_equal (first, second);
}

static gboolean
is_node_of (ComfyWorkflow      *graph,
            ComfyAction        *action,
            const ComfyVariant *variant,
            const char         *node)
{
  g_auto(GStrv) inputs = comfy_workflow_dup_inputs (graph, node);
  g_auto(GStrv) own_inputs = comfy_workflow_dup_inputs (variant->workflow, node);

  if (own_inputs == NULL || g_strv_length (inputs) != g_strv_length (own_inputs)
      || g_strcmp0 (comfy_workflow_get_class (graph, node),
                    comfy_workflow_get_class (variant->workflow, node)) != 0)
    return FALSE;

  for (unsigned int i = 0; inputs[i] != NULL; i++)
    {
      const ComfyField *field = find_field (action, variant, node, inputs[i]);

      if (!comfy_workflow_has_input (variant->workflow, node, inputs[i]))
        return FALSE;
      if (!is_same_value (graph, variant->workflow, node, inputs[i])
          && (field == NULL || !is_value_of (field, graph, node, inputs[i])))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_same_target (const ComfyTarget *first,
                const ComfyTarget *second)
{
  return g_strcmp0 (first->node, second->node) == 0 && g_strcmp0 (first->input, second->input) == 0;
}

/* A loader's candidates go into the graph when a server refuses the first. */
static gboolean
has_loaders_of (ComfyRequest       *request,
                const ComfyVariant *variant)
{
  GPtrArray *loaders = comfy_request_get_loaders (request);

  if (loaders->len != variant->loaders->len)
    return FALSE;

  for (unsigned int i = 0; i < loaders->len; i++)
    {
      const ComfyLoader *loader = g_ptr_array_index (loaders, i);
      const ComfyLoader *own = g_ptr_array_index (variant->loaders, i);

      if (!is_same_target (&loader->target, &own->target)
          || !g_strv_equal ((const char * const *) loader->candidates,
                            (const char * const *) own->candidates))
        return FALSE;
    }

  return TRUE;
}

/* another seed goes only where the form's goes, and is no larger */
static gboolean
has_seed_of (ComfyRequest       *request,
             ComfyAction        *action,
             const ComfyVariant *variant)
{
  const ComfyTarget *target = comfy_request_get_seed_target (request);
  const ComfyField  *field;

  if (target == NULL)
    return TRUE;

  field = find_field (action, variant, target->node, target->input);

  return field != NULL && field->type == COMFY_FIELD_SEED
         && comfy_request_get_seed_max (request) <= field->seed_max;
}

static gboolean
is_of_variant (ComfyRequest       *request,
               ComfyAction        *action,
               const ComfyVariant *variant)
{
  ComfyWorkflow *graph = comfy_request_get_workflow (request);
  g_auto(GStrv)  nodes = comfy_workflow_dup_node_ids (graph);
  g_auto(GStrv)  own_nodes = comfy_workflow_dup_node_ids (variant->workflow);

  /* a picture is in no recipe */
  if (variant->image.node != NULL || variant->mask.node != NULL
      || g_strv_length (nodes) != g_strv_length (own_nodes)
      || !has_loaders_of (request, variant) || !has_seed_of (request, action, variant))
    return FALSE;

  for (unsigned int i = 0; nodes[i] != NULL; i++)
    if (!is_node_of (graph, action, variant, nodes[i]))
      return FALSE;

  return TRUE;
}

/**
 * comfy_recipe_is_of:
 * @self: a recipe, by whomever it was written
 * @actions: (element-type ComfyAction): those that are installed
 *
 * Returns: whether one of @actions, as it is here, asks for just what the recipe's own request asks
 *   for, with values that its form takes and without a picture; %FALSE when it has no request
 */
gboolean
comfy_recipe_is_of (ComfyRecipe *self,
                    GPtrArray   *actions)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (actions != NULL, FALSE);

  for (unsigned int i = 0; self->request != NULL && i < actions->len; i++)
    {
      ComfyAction *action = g_ptr_array_index (actions, i);

      if (!g_str_equal (comfy_action_get_id (action), comfy_request_get_action_id (self->request)))
        continue;
      for (unsigned int j = 0; j < comfy_action_get_n_variants (action); j++)
        if (is_of_variant (self->request, action, comfy_action_get_variant (action, j)))
          return TRUE;
    }

  return FALSE;
}
