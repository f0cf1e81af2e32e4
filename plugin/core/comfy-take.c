/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a run takes of the image. Pure.
 */
#define G_LOG_DOMAIN "comfy-take"

#include "config.h"

#include "comfy-take.h"

G_DEFINE_BOXED_TYPE (ComfyTake, comfy_take, comfy_take_copy, comfy_take_free)

/**
 * comfy_source_from_id:
 * @id: (nullable): as sidecars and procedures have it
 *
 * Returns: the source that is called so; %COMFY_SOURCE_NONE when none is
 */
ComfySource
comfy_source_from_id (const char *id)
{
  static const char * const ids[] = { NULL, "layer", "layers", "visible" };

  for (unsigned int i = 1; i < G_N_ELEMENTS (ids); i++)
    if (g_strcmp0 (id, ids[i]) == 0)
      return (ComfySource) i;

  return COMFY_SOURCE_NONE;
}

static const char * const outcome_ids[] = {
  "layers", "layer-mask", "selection", "group", "new-image", "nothing",
};
G_STATIC_ASSERT (G_N_ELEMENTS (outcome_ids) == COMFY_OUTCOME_NOTHING + 1);

/**
 * comfy_outcome_to_id:
 * @outcome: an outcome
 *
 * Returns: its name in sidecars and in the journal
 */
const char *
comfy_outcome_to_id (ComfyOutcome outcome)
{
  g_return_val_if_fail (outcome < G_N_ELEMENTS (outcome_ids), NULL);

  return outcome_ids[outcome];
}

/**
 * comfy_outcome_from_id:
 * @id: (nullable): as comfy_outcome_to_id() has it
 * @out_outcome: (out): set when %TRUE is returned
 *
 * Returns: whether there is one of that name
 */
gboolean
comfy_outcome_from_id (const char   *id,
                       ComfyOutcome *out_outcome)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (outcome_ids); i++)
    if (g_strcmp0 (id, outcome_ids[i]) == 0)
      {
        *out_outcome = (ComfyOutcome) i;
        return TRUE;
      }

  return FALSE;
}

/**
 * comfy_outcome_is_layers:
 * @outcome: an outcome
 *
 * Returns: whether layers are made of the result, wherever they go
 */
gboolean
comfy_outcome_is_layers (ComfyOutcome outcome)
{
  return outcome == COMFY_OUTCOME_LAYERS || outcome == COMFY_OUTCOME_GROUP
         || outcome == COMFY_OUTCOME_NEW_IMAGE;
}

/**
 * comfy_target_set:
 * @self: a target
 * @node: (nullable): id of a node
 * @input: (nullable): name of an input of it
 */
void
comfy_target_set (ComfyTarget *self,
                  const char  *node,
                  const char  *input)
{
  g_set_str (&self->node, node);
  g_set_str (&self->input, input);
}

/**
 * comfy_target_clear:
 * @self: a target, which names nothing afterwards
 */
void
comfy_target_clear (ComfyTarget *self)
{
  g_clear_pointer (&self->node, g_free);
  g_clear_pointer (&self->input, g_free);
}

/**
 * comfy_extra_new:
 * @target: the input that takes it
 * @binding: where it comes from
 *
 * Returns: (transfer full): a further picture
 */
ComfyExtra *
comfy_extra_new (const ComfyTarget  *target,
                 const ComfyBinding *binding)
{
  ComfyExtra *self = g_new0 (ComfyExtra, 1);

  comfy_target_set (&self->target, target->node, target->input);
  self->binding = comfy_binding_copy (binding);

  return self;
}

/**
 * comfy_extra_free:
 * @self: (transfer full): a further picture
 */
void
comfy_extra_free (ComfyExtra *self)
{
  comfy_target_clear (&self->target);
  comfy_binding_free (self->binding);
  g_free (self);
}

static void *
copy_extra (const void *extra,
            void       *data)
{
  const ComfyExtra *self = extra;

  return comfy_extra_new (&self->target, self->binding);
}

/**
 * comfy_take_new:
 *
 * Returns: (transfer full): what takes nothing, for the caller to fill in before anybody else sees
 *   it
 */
ComfyTake *
comfy_take_new (void)
{
  return g_new0 (ComfyTake, 1);
}

/**
 * comfy_take_copy:
 * @self: a take
 *
 * Returns: (transfer full): the same
 */
ComfyTake *
comfy_take_copy (const ComfyTake *self)
{
  ComfyTake *copy = g_memdup2 (self, sizeof *self);

  copy->title = g_strdup (self->title);
  copy->image = (ComfyTarget) { 0 };
  copy->mask = (ComfyTarget) { 0 };
  comfy_target_set (&copy->image, self->image.node, self->image.input);
  comfy_target_set (&copy->mask, self->mask.node, self->mask.input);
  if (self->extras != NULL)
    {
      copy->extras = g_ptr_array_copy (self->extras, copy_extra, NULL);
      g_ptr_array_set_free_func (copy->extras, (GDestroyNotify) comfy_extra_free);
    }

  return copy;
}

/**
 * comfy_take_free:
 * @self: (transfer full): a take
 */
void
comfy_take_free (ComfyTake *self)
{
  g_free (self->title);
  comfy_target_clear (&self->image);
  comfy_target_clear (&self->mask);
  g_clear_pointer (&self->extras, g_ptr_array_unref);
  g_free (self);
}

/* what each of the bindings to the canvas takes, in their order */
static const struct { ComfySource source; ComfyExtent extent; } canvas_bindings[] = {
  { COMFY_SOURCE_LAYER,   COMFY_EXTENT_WHOLE },
  { COMFY_SOURCE_LAYERS,  COMFY_EXTENT_WHOLE },
  { COMFY_SOURCE_VISIBLE, COMFY_EXTENT_WHOLE },
  { COMFY_SOURCE_LAYER,   COMFY_EXTENT_SELECTION },
  { COMFY_SOURCE_VISIBLE, COMFY_EXTENT_SELECTION },
};
G_STATIC_ASSERT (G_N_ELEMENTS (canvas_bindings) == COMFY_BINDING_VISIBLE_SELECTION + 1);

/**
 * comfy_take_set_canvas:
 * @self: a take that nobody else sees yet
 * @kind: one for which comfy_binding_is_canvas() holds
 *
 * Sets source and extent to what a binding of that kind means.
 */
void
comfy_take_set_canvas (ComfyTake        *self,
                       ComfyBindingKind  kind)
{
  g_return_if_fail (kind < G_N_ELEMENTS (canvas_bindings));

  self->source = canvas_bindings[kind].source;
  self->extent = canvas_bindings[kind].extent;
}

/**
 * comfy_take_needs_selected:
 *
 * Returns: whether it counts what is selected
 */
gboolean
comfy_take_needs_selected (const ComfyTake *self)
{
  return self->extent == COMFY_EXTENT_SELECTION
         || (self->extent == COMFY_EXTENT_WHOLE && self->mask_selected);
}

static gboolean
targets_equal (const ComfyTarget *self,
               const ComfyTarget *other)
{
  return g_strcmp0 (self->node, other->node) == 0 && g_strcmp0 (self->input, other->input) == 0;
}

static gboolean
edges_equal (const ComfyEdges *self,
             const ComfyEdges *other)
{
  return self->left == other->left && self->top == other->top && self->right == other->right
         && self->bottom == other->bottom;
}

static gboolean
sizings_equal (const ComfySizing *self,
               const ComfySizing *other)
{
  return self->pixels == other->pixels && self->multiple == other->multiple
         && self->min_edge == other->min_edge && self->max_edge == other->max_edge
         && self->context >= other->context && self->context <= other->context
         && self->context_min == other->context_min;
}

static gboolean
extras_equal (GPtrArray *some,
              GPtrArray *others)
{
  unsigned int n = some != NULL ? some->len : 0;

  if (n != (others != NULL ? others->len : 0))
    return FALSE;

  for (unsigned int i = 0; i < n; i++)
    {
      const ComfyExtra *one = g_ptr_array_index (some, i);
      const ComfyExtra *other = g_ptr_array_index (others, i);

      if (!targets_equal (&one->target, &other->target)
          || !comfy_binding_equal (one->binding, other->binding))
        return FALSE;
    }

  return TRUE;
}

/**
 * comfy_take_equal:
 * @self: a take
 * @other: another one
 *
 * Returns: whether both take the same, in the same way, of the same image
 */
gboolean
comfy_take_equal (const ComfyTake *self,
                  const ComfyTake *other)
{
  return g_strcmp0 (self->title, other->title) == 0 && self->source == other->source
         && self->extent == other->extent && self->needs_selection == other->needs_selection
         && edges_equal (&self->edges, &other->edges) && self->overlap == other->overlap
         && sizings_equal (&self->sizing, &other->sizing)
         && self->max_pixels == other->max_pixels && targets_equal (&self->image, &other->image)
         && targets_equal (&self->mask, &other->mask)
         && self->mask_selected == other->mask_selected && self->mask_grow == other->mask_grow
         && extras_equal (self->extras, other->extras)
         && self->keep_alpha == other->keep_alpha && self->fit == other->fit
         && self->outcome == other->outcome;
}

/**
 * comfy_edges_for_ratio:
 * @width: of the canvas, px, at least 1
 * @height: of the canvas, px, at least 1
 * @ratio_width: at least 1
 * @ratio_height: at least 1
 * @out_edges: (out): how much the canvas grows: on two opposite edges at most, and evenly
 *
 * Never shrinks; the smallest canvas of that ratio, to the nearest px, that holds the present one.
 */
void
comfy_edges_for_ratio (int         width,
                       int         height,
                       int         ratio_width,
                       int         ratio_height,
                       ComfyEdges *out_edges)
{
  gint64 wanted_width = ((gint64) height * ratio_width + ratio_height / 2) / ratio_height;
  gint64 wanted_height = ((gint64) width * ratio_height + ratio_width / 2) / ratio_width;
  gint64 more_width = MAX (0, wanted_width - width);
  gint64 more_height = MAX (0, wanted_height - height);

  g_return_if_fail (width > 0 && height > 0 && ratio_width > 0 && ratio_height > 0);

  out_edges->left = (int) MIN (more_width / 2, G_MAXINT);
  out_edges->right = (int) MIN (more_width - more_width / 2, G_MAXINT);
  out_edges->top = (int) MIN (more_height / 2, G_MAXINT);
  out_edges->bottom = (int) MIN (more_height - more_height / 2, G_MAXINT);
}

/**
 * comfy_edges_are_none:
 * @self: edges
 *
 * Returns: whether the canvas stays as it is
 */
gboolean
comfy_edges_are_none (const ComfyEdges *self)
{
  return self->left == 0 && self->top == 0 && self->right == 0 && self->bottom == 0;
}
