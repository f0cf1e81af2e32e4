/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An action is data: a graph (NAME.json) and its sidecar (NAME.gimp.json). Reading them is in
 * comfy-action-read.c.
 */
#define G_LOG_DOMAIN "comfy-action"

#include "config.h"

#include "comfy-action-private.h"
#include "comfy-field-private.h"
#include "comfy-variant-private.h"

G_DEFINE_FINAL_TYPE (ComfyAction, comfy_action, G_TYPE_OBJECT)

static void
comfy_action_finalize (GObject *object)
{
  ComfyAction *self = COMFY_ACTION (object);

  g_clear_pointer (&self->variants, g_ptr_array_unref);
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_pointer (&self->outputs, g_ptr_array_unref);
  g_free (self->id);
  g_free (self->menu_label);
  g_free (self->title);
  g_free (self->run_label);
  g_free (self->blurb);
  g_free (self->help);

  G_OBJECT_CLASS (comfy_action_parent_class)->finalize (object);
}

static void
comfy_action_class_init (ComfyActionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_action_finalize;
}

static void
comfy_action_init (ComfyAction *self)
{
  self->variants = g_ptr_array_new_with_free_func ((GDestroyNotify) _comfy_variant_free);
  self->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) _comfy_field_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
}

/**
 * comfy_action_get_id:
 *
 * Returns: (transfer none): stable name, such as "generate-image"
 */
const char *
comfy_action_get_id (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);

  return self->id;
}

/**
 * comfy_action_get_menu_label:
 *
 * Returns: (transfer none): translated, with mnemonic, with "…" when a form opens
 */
const char *
comfy_action_get_menu_label (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);

  return self->menu_label;
}

/**
 * comfy_action_get_title:
 *
 * Returns: (transfer none): translated, for windows and layers
 */
const char *
comfy_action_get_title (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);

  return self->title;
}

/**
 * comfy_action_get_run_label:
 *
 * Returns: (transfer none): translated, with mnemonic, for the form's button
 */
const char *
comfy_action_get_run_label (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);

  return self->run_label;
}

/**
 * comfy_action_get_blurb:
 *
 * Returns: (transfer none): translated, one line
 */
const char *
comfy_action_get_blurb (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);

  return self->blurb;
}

/**
 * comfy_action_get_help:
 *
 * Returns: (transfer none): translated, a paragraph
 */
const char *
comfy_action_get_help (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);

  return self->help;
}

/**
 * comfy_action_get_position:
 *
 * Returns: where it stands in lists; smaller is higher
 */
int
comfy_action_get_position (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), 0);

  return self->position;
}

/**
 * comfy_action_has_form:
 *
 * Returns: whether there is something to set; otherwise it runs at once
 */
gboolean
comfy_action_has_form (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), FALSE);

  return self->fields->len > 0;
}

/**
 * comfy_action_get_source:
 *
 * Returns: what is taken of the open image
 */
ComfySource
comfy_action_get_source (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), COMFY_SOURCE_NONE);

  return self->source;
}

/**
 * comfy_action_get_extent:
 *
 * Returns: how much of it is taken
 */
ComfyExtent
comfy_action_get_extent (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), COMFY_EXTENT_WHOLE);

  return self->extent;
}

/**
 * comfy_action_needs_selection:
 *
 * Returns: whether it cannot run while nothing is selected
 */
gboolean
comfy_action_needs_selection (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), FALSE);

  return self->needs_selection;
}

/**
 * comfy_action_get_outcome:
 *
 * Returns: what becomes of the result
 */
ComfyOutcome
comfy_action_get_outcome (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), COMFY_OUTCOME_LAYERS);

  return self->outcome;
}

/**
 * comfy_action_get_order:
 *
 * Returns: how several results lie on each other
 */
ComfyOrder
comfy_action_get_order (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), COMFY_ORDER_HIGHEST_FIRST);

  return self->order;
}

/**
 * comfy_action_keeps_alpha:
 *
 * Returns: whether the transparency of what was taken is put on the result
 */
gboolean
comfy_action_keeps_alpha (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), FALSE);

  return self->keeps_alpha;
}

/**
 * comfy_action_get_fit:
 *
 * Returns: how big the result is put into the image
 */
ComfyFit
comfy_action_get_fit (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), COMFY_FIT_REGION);

  return self->fit;
}

/**
 * comfy_action_get_outputs:
 *
 * Returns: (transfer none) (nullable) (element-type ComfyOutput): which nodes' results are taken and
 *   what becomes of them; %NULL when that is left to what the graph saves
 */
GPtrArray *
comfy_action_get_outputs (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);

  return self->outputs;
}

/**
 * comfy_action_get_n_fields:
 *
 * Returns: how many things can be set
 */
unsigned int
comfy_action_get_n_fields (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), 0);

  return self->fields->len;
}

/**
 * comfy_action_get_field:
 * @i: below comfy_action_get_n_fields()
 *
 * Returns: (transfer none): a field, in the order of the form
 */
const ComfyField *
comfy_action_get_field (ComfyAction  *self,
                        unsigned int  i)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);
  g_return_val_if_fail (i < self->fields->len, NULL);

  return g_ptr_array_index (self->fields, i);
}

/**
 * comfy_action_find_field:
 * @id: a field's id
 *
 * Returns: (transfer none) (nullable): that field
 */
const ComfyField *
comfy_action_find_field (ComfyAction *self,
                         const char  *id)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);

  return g_hash_table_lookup (self->by_id, id);
}

/**
 * comfy_action_get_n_variants:
 *
 * Returns: in how many ways it can be carried out, at least one
 */
unsigned int
comfy_action_get_n_variants (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), 0);

  return self->variants->len;
}

/**
 * comfy_action_get_variant:
 * @i: below comfy_action_get_n_variants()
 *
 * Returns: (transfer none): one of the ways to carry it out; the first is the default
 */
const ComfyVariant *
comfy_action_get_variant (ComfyAction  *self,
                          unsigned int  i)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);
  g_return_val_if_fail (i < self->variants->len, NULL);

  return g_ptr_array_index (self->variants, i);
}

/**
 * comfy_action_find_variant:
 * @id: (nullable): a variant's id
 *
 * Returns: (transfer none) (nullable): that variant
 */
const ComfyVariant *
comfy_action_find_variant (ComfyAction *self,
                           const char  *id)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);

  for (unsigned int i = 0; i < self->variants->len; i++)
    {
      const ComfyVariant *variant = g_ptr_array_index (self->variants, i);

      if (g_strcmp0 (variant->id, id) == 0)
        return variant;
    }

  return NULL;
}
