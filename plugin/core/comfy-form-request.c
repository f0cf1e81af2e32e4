/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way back: from what was asked to the form that it was asked with.
 */
#define G_LOG_DOMAIN "comfy-form"

#include "config.h"

#include "comfy-form-private.h"
#include "comfy-form-request.h"

/* the artist knows it by what it is called */
static void
take_model (ComfyForm    *self,
            ComfyRequest *request)
{
  const char *label = comfy_request_get_model (request);
  int         place = self->roles[COMFY_ROLE_MODEL];

  for (unsigned int i = 0; place >= 0 && i < comfy_action_get_n_variants (self->action); i++)
    {
      const ComfyVariant *variant = comfy_action_get_variant (self->action, i);

      if (g_strcmp0 (variant->label, label) == 0)
        comfy_form_set_value (self, comfy_action_get_field (self->action, (unsigned int) place)->id,
                              g_variant_new_string (variant->id));
    }
}

static gboolean
is_choice (const ComfyField *field,
           const char       *id)
{
  for (unsigned int i = 0; i < field->choices->len; i++)
    if (g_str_equal (((const ComfyChoice *) g_ptr_array_index (field->choices, i))->id, id))
      return TRUE;

  return FALSE;
}

/* (transfer floating) (nullable): a text or a choice */
static GVariant *
read_words (const ComfyField  *field,
            const ComfyTarget *target,
            ComfyWorkflow     *graph)
{
  const char *text;

  if (!comfy_workflow_get_string (graph, target->node, target->input, &text)
      || (field->type == COMFY_FIELD_CHOICE && !is_choice (field, text)))
    return NULL;

  /* what the model is told instead of nothing is not what the artist wrote */
  return g_variant_new_string (g_strcmp0 (text, field->when_blank) == 0 ? "" : text);
}

/* (transfer floating) (nullable) */
static GVariant *
read_size (const ComfyTarget *targets,
           ComfyWorkflow     *graph)
{
  gint64 width;
  gint64 height;

  return comfy_workflow_get_int (graph, targets[0].node, targets[0].input, &width)
         && comfy_workflow_get_int (graph, targets[1].node, targets[1].input, &height)
         && width > 0 && width <= G_MAXINT && height > 0 && height <= G_MAXINT
           ? g_variant_new ("(ii)", (int) width, (int) height) : NULL;
}

/* (transfer floating) (nullable): a number, or a switch */
static GVariant *
read_number (const ComfyField  *field,
             const ComfyTarget *target,
             ComfyWorkflow     *graph)
{
  gboolean flag;
  guint64  seed;
  gint64   whole;
  double   number;

  if (field->type == COMFY_FIELD_BOOLEAN)
    return comfy_workflow_get_boolean (graph, target->node, target->input, &flag)
             ? g_variant_new_boolean (flag) : NULL;
  if (field->type == COMFY_FIELD_INT)
    return comfy_workflow_get_int (graph, target->node, target->input, &whole)
             ? g_variant_new_int64 (whole) : NULL;
  if (field->type == COMFY_FIELD_DOUBLE)
    return comfy_workflow_get_double (graph, target->node, target->input, &number)
             ? g_variant_new_double (number) : NULL;

  return comfy_workflow_get_uint64 (graph, target->node, target->input, &seed)
           ? g_variant_new_maybe (G_VARIANT_TYPE_UINT64, g_variant_new_uint64 (seed)) : NULL;
}

/* (transfer floating) (nullable): %NULL: the graph does not tell */
static GVariant *
read_value (const ComfyField  *field,
            const ComfyTarget *targets,
            ComfyWorkflow     *graph)
{
  switch (field->type)
    {
    case COMFY_FIELD_TEXT:
    case COMFY_FIELD_CHOICE:
      return read_words (field, targets, graph);

    case COMFY_FIELD_SIZE:
      return read_size (targets, graph);

    case COMFY_FIELD_INT:
    case COMFY_FIELD_DOUBLE:
    case COMFY_FIELD_BOOLEAN:
    case COMFY_FIELD_SEED:
      return read_number (field, targets, graph);

    /* what was taken of the image stands with the pictures, not in the graph */
    case COMFY_FIELD_EDGES:
    case COMFY_FIELD_PICTURE:
    default:
      return NULL;
    }
}

/**
 * comfy_form_take_request:
 * @self: a form of the action that @request was made with
 * @request: what was asked
 *
 * Sets each field to what was asked, the seed included; what the graph does not tell, such as which
 * layer was taken, stays as it is.
 */
void
comfy_form_take_request (ComfyForm    *self,
                         ComfyRequest *request)
{
  const ComfyVariant *variant;
  ComfyWorkflow      *graph;

  g_return_if_fail (COMFY_IS_FORM (self));
  g_return_if_fail (COMFY_IS_REQUEST (request));

  take_model (self, request);
  variant = comfy_form_get_variant (self);
  graph = comfy_request_get_workflow (request);
  for (unsigned int i = 0; i < self->values->len; i++)
    {
      const ComfyField  *field = comfy_action_get_field (self->action, i);
      const ComfyTarget *targets = comfy_variant_get_targets (variant, field->id);
      GVariant          *value = targets != NULL ? read_value (field, targets, graph) : NULL;

      if (value != NULL)
        comfy_form_set_value (self, field->id, value);
    }
}
