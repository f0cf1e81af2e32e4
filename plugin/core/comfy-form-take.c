/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a run takes of the image: the action's rules, and what the form's values make of them.
 *
 * A graph of the artist's takes its pictures by fields. The first that is bound to the canvas is the
 * one that the result is put back onto; the first mask goes with it, through the same geometry; the
 * others are extras.
 */
#define G_LOG_DOMAIN "comfy-form"

#include "config.h"

#include "comfy-form-private.h"

/* A picture that was asked for in the size of the image belongs exactly onto the canvas; one whose
 * size was chosen keeps it. */
static ComfyFit
get_fit (ComfyForm *self)
{
  unsigned int i;

  if (_comfy_form_find_type (self, COMFY_FIELD_SIZE, &i) != NULL
      && !_comfy_form_follows_image (g_ptr_array_index (self->values, i)))
    return COMFY_FIT_NATURAL;

  return comfy_action_get_fit (self->action);
}

static ComfySource
get_source (ComfyForm *self)
{
  GVariant *value = comfy_form_get_role_value (self, COMFY_ROLE_SOURCE);

  return value != NULL ? comfy_source_from_id (g_variant_get_string (value, NULL))
                       : comfy_action_get_source (self->action);
}

/* the artist may want all, although something is selected */
static ComfyExtent
get_extent (ComfyForm *self)
{
  GVariant    *within = comfy_form_get_role_value (self, COMFY_ROLE_WITHIN);
  ComfyExtent  extent = comfy_action_get_extent (self->action);

  if (extent == COMFY_EXTENT_SELECTION && within != NULL && !g_variant_get_boolean (within))
    return COMFY_EXTENT_WHOLE;

  return extent;
}

static void
add_extra (ComfyTake          *take,
           const ComfyTarget  *target,
           const ComfyBinding *binding)
{
  if (take->extras == NULL)
    take->extras = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_extra_free);

  g_ptr_array_add (take->extras, comfy_extra_new (target, binding));
}

static void
take_picture (ComfyTake          *take,
              const ComfyTarget  *target,
              const ComfyBinding *binding)
{
  if (comfy_binding_is_canvas (binding) && take->image.node == NULL)
    {
      comfy_take_set_canvas (take, binding->kind);
      comfy_target_set (&take->image, target->node, target->input);
    }
  else if (binding->kind == COMFY_BINDING_MASK && take->mask.node == NULL)
    {
      comfy_target_set (&take->mask, target->node, target->input);
      take->mask_selected = TRUE;
    }
  else
    add_extra (take, target, binding);
}

static void
take_pictures (ComfyForm *self,
               ComfyTake *take)
{
  const ComfyVariant *variant = comfy_form_get_variant (self);
  unsigned int        first;

  if (_comfy_form_find_type (self, COMFY_FIELD_PICTURE, &first) == NULL)
    return;

  take->source = COMFY_SOURCE_NONE;
  for (unsigned int i = first; i < self->values->len; i++)
    {
      const ComfyField        *field = comfy_action_get_field (self->action, i);
      const ComfyTarget       *target = comfy_variant_get_targets (variant, field->id);
      g_autoptr(ComfyBinding)  binding = NULL;

      if (field->type != COMFY_FIELD_PICTURE || target == NULL)
        continue;
      binding = comfy_binding_parse (g_variant_get_string (g_ptr_array_index (self->values, i),
                                                           NULL), NULL);
      if (binding != NULL)
        take_picture (take, target, binding);
    }

  /* a mask alone is one of the whole canvas, which is looked at but not sent */
  if (take->source == COMFY_SOURCE_NONE && take->mask.node != NULL)
    comfy_take_set_canvas (take, COMFY_BINDING_VISIBLE);
}

/* Of several outcomes, the one that the rest has to make allowance for: layers keep what is around
 * the selection. */
static ComfyOutcome
get_outcome (ComfyForm *self)
{
  GPtrArray    *outputs = comfy_action_get_outputs (self->action);
  ComfyOutcome  outcome = COMFY_OUTCOME_NOTHING;

  for (unsigned int i = 0; outputs != NULL && i < outputs->len; i++)
    {
      const ComfyOutput *output = g_ptr_array_index (outputs, i);

      if (comfy_outcome_is_layers (output->outcome))
        return COMFY_OUTCOME_LAYERS;
      if (outcome == COMFY_OUTCOME_NOTHING)
        outcome = output->outcome;
    }

  return outcome != COMFY_OUTCOME_NOTHING ? outcome : comfy_action_get_outcome (self->action);
}

/**
 * comfy_form_dup_take:
 *
 * Returns: (transfer full): what a run now would take of the image
 */
ComfyTake *
comfy_form_dup_take (ComfyForm *self)
{
  ComfyTake          *take = comfy_take_new ();
  const ComfyVariant *variant = comfy_form_get_variant (self);
  GVariant           *edges = comfy_form_get_role_value (self, COMFY_ROLE_EDGES);
  GVariant           *overlap = comfy_form_get_role_value (self, COMFY_ROLE_OVERLAP);

  take->title = g_strdup (comfy_action_get_title (self->action));
  take->source = get_source (self);
  take->extent = get_extent (self);
  take->needs_selection = comfy_action_needs_selection (self->action);
  if (edges != NULL)
    g_variant_get (edges, "(iiii)", &take->edges.left, &take->edges.top, &take->edges.right,
                   &take->edges.bottom);
  if (overlap != NULL)
    take->overlap = (int) g_variant_get_int64 (overlap);
  take->sizing = variant->sizing;
  take->max_pixels = variant->max_pixels;
  comfy_target_set (&take->image, variant->image.node, variant->image.input);
  comfy_target_set (&take->mask, variant->mask.node, variant->mask.input);
  take->mask_grow = variant->mask_grow;
  take->keep_alpha = comfy_action_keeps_alpha (self->action);
  take->fit = get_fit (self);
  take->outcome = get_outcome (self);
  take->order = comfy_action_get_order (self->action);
  take_pictures (self, take);

  return take;
}

/**
 * comfy_form_takes_picture:
 *
 * Returns: whether a run can take anything of an image, so that it can be seen before it is sent
 */
gboolean
comfy_form_takes_picture (ComfyForm *self)
{
  g_autoptr(ComfyTake) take = NULL;
  unsigned int         i;

  g_return_val_if_fail (COMFY_IS_FORM (self), FALSE);

  take = comfy_form_dup_take (self);

  return take->source != COMFY_SOURCE_NONE
         || _comfy_form_find_type (self, COMFY_FIELD_PICTURE, &i) != NULL;
}
