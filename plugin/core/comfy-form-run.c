/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What comes of a form's values: the graph that is sent. What is taken of the image for it is in
 * comfy-form-take.c.
 */
#define G_LOG_DOMAIN "comfy-form"

#include "config.h"

#include <math.h>
#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-field-private.h"
#include "comfy-form-private.h"

/* the size of the image, scaled down to about the area that the model is made for */
static GVariant *
size_of_image (ComfyForm        *self,
               const ComfyField *field)
{
  double width = self->image_width;
  double height = self->image_height;
  double scale;

  if (width <= 0 || height <= 0)
    return g_variant_ref (field->fallback);

  scale = MIN (1.0, sqrt ((double) field->image_area / (width * height)));
  /* an edge past the limits keeps the proportions as far as the other one can follow */
  scale = MIN (scale, field->max / MAX (width, height));
  scale = MAX (scale, field->min / MIN (width, height));

  return comfy_field_sanitize (field, g_variant_new ("(ii)",
                                                     MAX (1, (int) round (width * scale)),
                                                     MAX (1, (int) round (height * scale))));
}

/*
 * _comfy_form_follows_image:
 * @size: of a SIZE field
 *
 * Returns: whether it is the size of the image, whichever that is
 */
gboolean
_comfy_form_follows_image (GVariant *size)
{
  int width;
  int height;

  g_variant_get (size, "(ii)", &width, &height);

  return width == 0 || height == 0;
}

/* (transfer full): the value with nothing left open; @out_seed: set for a seed */
static GVariant *
settle (ComfyForm    *self,
        unsigned int  i,
        gboolean     *has_seed,
        guint64      *out_seed)
{
  const ComfyField     *field = comfy_action_get_field (self->action, i);
  GVariant             *value = g_ptr_array_index (self->values, i);
  g_autoptr(GVariant)   seed = NULL;
  guint64               drawn;

  if (field->type == COMFY_FIELD_SIZE && _comfy_form_follows_image (value))
    return size_of_image (self, field);
  if (field->type != COMFY_FIELD_SEED)
    return g_variant_ref (value);

  seed = g_variant_get_maybe (value);
  drawn = seed != NULL ? g_variant_get_uint64 (seed) : comfy_field_draw_seed (field->seed_max);
  /* of several, the first is the one that is varied and told */
  if (!*has_seed)
    *out_seed = drawn;
  *has_seed = TRUE;

  return g_variant_ref_sink (g_variant_new_maybe (G_VARIANT_TYPE_UINT64,
                                                  g_variant_new_uint64 (drawn)));
}

/* What is sent as a mask is white where something is to change, and has no transparency: whatever a
 * loader of somebody else's graph looks at, there it is the brightness. */
static void
look_at_white (ComfyForm          *self,
               const ComfyVariant *variant,
               ComfyWorkflow      *graph)
{
  for (unsigned int i = 0; i < self->values->len; i++)
    {
      const ComfyField        *field = comfy_action_get_field (self->action, i);
      const ComfyTarget       *target = comfy_variant_get_targets (variant, field->id);
      g_autoptr(ComfyBinding)  binding = NULL;
      const char              *channel;

      if (field->type != COMFY_FIELD_PICTURE || target == NULL)
        continue;
      binding = comfy_binding_parse (g_variant_get_string (g_ptr_array_index (self->values, i),
                                                           NULL), NULL);
      if (binding == NULL || binding->kind != COMFY_BINDING_MASK
          || g_strcmp0 (comfy_workflow_get_class (graph, target->node), "LoadImageMask") != 0
          || !comfy_workflow_get_string (graph, target->node, "channel", &channel))
        continue;
      comfy_workflow_set_string (graph, target->node, "channel", "red", NULL);
    }
}

/*
 * _comfy_form_fill_in:
 * @out_seed: (out): as in comfy_form_apply()
 *
 * Returns: (transfer full): a copy of the graph with the values in it, good or not
 */
ComfyWorkflow *
_comfy_form_fill_in (ComfyForm  *self,
                     guint64    *out_seed,
                     GError    **error)
{
  const ComfyVariant       *variant = comfy_form_get_variant (self);
  g_autoptr(ComfyWorkflow)  graph = comfy_workflow_copy (variant->workflow);
  gboolean                  has_seed = FALSE;

  *out_seed = 0;
  for (unsigned int i = 0; i < self->values->len; i++)
    {
      const ComfyField    *field = comfy_action_get_field (self->action, i);
      const ComfyTarget   *targets = comfy_variant_get_targets (variant, field->id);
      g_autoptr(GVariant)  value = NULL;

      if (targets == NULL)
        continue;
      value = settle (self, i, &has_seed, out_seed);
      if (comfy_field_is_left (field, value))
        continue;
      if (!_comfy_field_apply (field, value, targets, graph, error))
        return NULL;
    }
  look_at_white (self, variant, graph);

  return g_steal_pointer (&graph);
}

/**
 * comfy_form_apply:
 * @out_seed: (out): the seed that was used, drawn where the form leaves it open, of several that of
 *   comfy_form_get_seed_target(); 0 where the action has none
 *
 * Returns: (transfer full): a copy of the graph with the values in it
 *
 * Errors: those of comfy_form_check()
 */
ComfyWorkflow *
comfy_form_apply (ComfyForm  *self,
                  guint64    *out_seed,
                  GError    **error)
{
  g_return_val_if_fail (COMFY_IS_FORM (self), NULL);
  g_return_val_if_fail (out_seed != NULL, NULL);

  *out_seed = 0;
  if (!comfy_form_check (self, NULL, error))
    return NULL;

  return _comfy_form_fill_in (self, out_seed, error);
}

/*
 * _comfy_form_find_type:
 * @type: a type of field
 * @out_index: (out): the field's place
 *
 * Returns: (transfer none) (nullable): the first field of that type
 */
const ComfyField *
_comfy_form_find_type (ComfyForm      *self,
                       ComfyFieldType  type,
                       unsigned int   *out_index)
{
  for (unsigned int i = 0; i < self->values->len; i++)
    if (comfy_action_get_field (self->action, i)->type == type)
      {
        *out_index = i;
        return comfy_action_get_field (self->action, i);
      }

  return NULL;
}

/**
 * comfy_form_get_seed_target:
 * @out_max: (out): the largest seed that goes there
 *
 * Returns: (transfer none) (nullable): where the seed goes in the graph that comfy_form_apply()
 *   makes; %NULL where the action has none
 */
const ComfyTarget *
comfy_form_get_seed_target (ComfyForm *self,
                            guint64   *out_max)
{
  const ComfyField *field;
  unsigned int      i;

  g_return_val_if_fail (COMFY_IS_FORM (self), NULL);
  g_return_val_if_fail (out_max != NULL, NULL);

  field = _comfy_form_find_type (self, COMFY_FIELD_SEED, &i);
  *out_max = field != NULL ? field->seed_max : 0;

  return field != NULL ? comfy_variant_get_targets (comfy_form_get_variant (self), field->id)
                       : NULL;
}

/* the first text that is nobody else's business; else the first */
static gboolean
find_prompt (ComfyForm    *self,
             unsigned int *out_index)
{
  for (unsigned int i = 0; i < self->values->len; i++)
    {
      const ComfyField *field = comfy_action_get_field (self->action, i);

      if (field->type == COMFY_FIELD_TEXT && field->private_ && field->place != COMFY_PLACE_ALL)
        {
          *out_index = i;
          return TRUE;
        }
    }

  return _comfy_form_find_type (self, COMFY_FIELD_TEXT, out_index) != NULL
         && comfy_action_get_field (self->action, *out_index)->place != COMFY_PLACE_ALL;
}

/**
 * comfy_form_dup_prompt:
 *
 * Returns: (transfer full) (nullable): the prompt of the form, for names of layers and lists;
 *   %NULL where the action has none or it is blank
 */
char *
comfy_form_dup_prompt (ComfyForm *self)
{
  unsigned int  i;
  const char   *text;

  g_return_val_if_fail (COMFY_IS_FORM (self), NULL);

  if (!find_prompt (self, &i))
    return NULL;

  text = g_variant_get_string (g_ptr_array_index (self->values, i), NULL);

  return comfy_field_is_blank (text) ? NULL : g_strdup (text);
}

/**
 * comfy_form_has_prompt:
 *
 * Returns: whether the action has a prompt, written or not
 */
gboolean
comfy_form_has_prompt (ComfyForm *self)
{
  unsigned int i;

  g_return_val_if_fail (COMFY_IS_FORM (self), FALSE);

  return find_prompt (self, &i);
}

/**
 * comfy_form_set_prompt:
 * @prompt: what is to stand where comfy_form_dup_prompt() reads
 *
 * Does nothing where the action has no prompt.
 */
void
comfy_form_set_prompt (ComfyForm  *self,
                       const char *prompt)
{
  unsigned int i;

  g_return_if_fail (COMFY_IS_FORM (self));
  g_return_if_fail (prompt != NULL);

  if (find_prompt (self, &i))
    comfy_form_set_value (self, comfy_action_get_field (self->action, i)->id,
                          g_variant_new_string (prompt));
}

/**
 * comfy_form_get_size:
 * @out_width: (out): px
 * @out_height: (out): px
 *
 * Returns: whether the action has a size; then it is the one that a run now would make
 */
gboolean
comfy_form_get_size (ComfyForm *self,
                     int       *out_width,
                     int       *out_height)
{
  const ComfyField    *field;
  g_autoptr(GVariant)  size = NULL;
  unsigned int         i;

  g_return_val_if_fail (COMFY_IS_FORM (self), FALSE);
  g_return_val_if_fail (out_width != NULL && out_height != NULL, FALSE);

  field = _comfy_form_find_type (self, COMFY_FIELD_SIZE, &i);
  if (field == NULL)
    return FALSE;

  size = _comfy_form_follows_image (g_ptr_array_index (self->values, i))
         ? size_of_image (self, field)
         : g_variant_ref (g_ptr_array_index (self->values, i));
  g_variant_get (size, "(ii)", out_width, out_height);

  return TRUE;
}

/**
 * comfy_form_parse_ratio:
 * @ratio: width and height with a colon between, such as "16:9"
 * @out_edges: (out): by how much the image grows, evenly, until it has that ratio
 *
 * Returns: whether @ratio is one and there is an image
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT
 */
gboolean
comfy_form_parse_ratio (ComfyForm   *self,
                        const char  *ratio,
                        ComfyEdges  *out_edges,
                        GError     **error)
{
  g_auto(GStrv) sides = g_strsplit (ratio, ":", 3);
  guint64       width;
  guint64       height;

  g_return_val_if_fail (COMFY_IS_FORM (self), FALSE);

  if (g_strv_length (sides) != 2
      || !g_ascii_string_to_unsigned (g_strstrip (sides[0]), 10, 1, 1000, &width, NULL)
      || !g_ascii_string_to_unsigned (g_strstrip (sides[1]), 10, 1, 1000, &height, NULL))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("“%s” is no aspect ratio. Write it as 16:9."), ratio);
      return FALSE;
    }
  if (self->image_width == 0 || self->image_height == 0)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("“%s” needs an image. Open one and try again."),
                       comfy_action_get_title (self->action));
      return FALSE;
    }

  comfy_edges_for_ratio (self->image_width, self->image_height, (int) width, (int) height,
                         out_edges);

  return TRUE;
}
