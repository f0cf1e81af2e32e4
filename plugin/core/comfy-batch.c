/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One form, many runs. Each run becomes a job like any other, with an Idempotency-Key and a tag of
 * its own, and is sent alone: a call that takes many jobs at once has one key for all of them, so
 * that of a lost reply nobody could ask for one job again without the others.
 */
#define G_LOG_DOMAIN "comfy-batch"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-batch.h"
#include "comfy-error.h"

G_DEFINE_BOXED_TYPE (ComfyBatch, comfy_batch, comfy_batch_copy, comfy_batch_free)

/**
 * comfy_batch_new:
 * @kind: once, or for each layer or image
 *
 * Returns: (transfer full): a plan
 */
ComfyBatch *
comfy_batch_new (ComfyBatchKind kind)
{
  ComfyBatch *self = g_new0 (ComfyBatch, 1);

  g_warn_if_fail (kind != COMFY_BATCH_SEEDS && kind != COMFY_BATCH_PROMPTS);

  self->kind = kind;

  return self;
}

/**
 * comfy_batch_new_seeds:
 * @first: the first seed
 * @n: how many there are, one after the other
 *
 * Returns: (transfer full): a plan
 */
ComfyBatch *
comfy_batch_new_seeds (guint64      first,
                       unsigned int n)
{
  ComfyBatch *self = g_new0 (ComfyBatch, 1);

  self->kind = COMFY_BATCH_SEEDS;
  self->first_seed = first;
  self->n_seeds = n;

  return self;
}

/**
 * comfy_batch_copy:
 * @self: a plan
 *
 * Returns: (transfer full): a copy
 */
ComfyBatch *
comfy_batch_copy (const ComfyBatch *self)
{
  ComfyBatch *copy = g_memdup2 (self, sizeof *self);

  copy->prompts = g_strdupv (self->prompts);

  return copy;
}

/**
 * comfy_batch_free:
 * @self: (transfer full): a plan
 */
void
comfy_batch_free (ComfyBatch *self)
{
  g_strfreev (self->prompts);
  g_free (self);
}

/* whether the chosen graph has a place for a field of that type, whatever stands in for its value */
static gboolean
is_input (ComfyForm        *form,
          const ComfyField *field,
          ComfyFieldType    type)
{
  return field->type == type && field->role == COMFY_ROLE_INPUT
         && comfy_variant_get_targets (comfy_form_get_variant (form), field->id) != NULL;
}

/* (nullable): the first one */
static const ComfyField *
find_seed (ComfyForm *form)
{
  ComfyAction *action = comfy_form_get_action (form);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    if (is_input (form, comfy_action_get_field (action, i), COMFY_FIELD_SEED))
      return comfy_action_get_field (action, i);

  return NULL;
}

/* (nullable): the first prompt; else the first text of those that are shown: one that nobody sees is
 * the name of a file or such */
static const ComfyField *
find_prompt (ComfyForm *form)
{
  ComfyAction      *action = comfy_form_get_action (form);
  const ComfyField *text = NULL;

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);

      if (field->place == COMFY_PLACE_ALL || !is_input (form, field, COMFY_FIELD_TEXT))
        continue;
      if (field->private_)
        return field;
      if (text == NULL)
        text = field;
    }

  return text;
}

/* a picture of one layer is sent, as the one that the result belongs to or beside it */
static gboolean
takes_layer (const ComfyTake *take)
{
  if (take->source == COMFY_SOURCE_LAYER || take->source == COMFY_SOURCE_LAYERS)
    return TRUE;

  for (unsigned int i = 0; take->extras != NULL && i < take->extras->len; i++)
    {
      const ComfyExtra *extra = g_ptr_array_index (take->extras, i);

      if (extra->binding->kind == COMFY_BINDING_LAYER
          || extra->binding->kind == COMFY_BINDING_LAYERS
          || extra->binding->kind == COMFY_BINDING_SELECTION)
        return TRUE;
    }

  return FALSE;
}

/**
 * comfy_batch_kind_fits:
 * @kind: what the form may be run for
 * @form: its values at this moment count: they say which graph it is, and what it takes
 *
 * Returns: whether each run would ask for something else, and the results go together
 */
gboolean
comfy_batch_kind_fits (ComfyBatchKind  kind,
                       ComfyForm      *form)
{
  g_autoptr(ComfyTake) take = NULL;
  gboolean             grows;

  g_return_val_if_fail (COMFY_IS_FORM (form), FALSE);

  take = comfy_form_dup_take (form);
  /* each result lets the canvas grow: a second one would let it grow once more */
  grows = take->extent == COMFY_EXTENT_BEYOND;

  switch (kind)
    {
    case COMFY_BATCH_ONCE:
      return TRUE;
    case COMFY_BATCH_SEEDS:
      return !grows && find_seed (form) != NULL;
    case COMFY_BATCH_PROMPTS:
      return !grows && find_prompt (form) != NULL;
    case COMFY_BATCH_LAYERS:
      return !grows && takes_layer (take);
    case COMFY_BATCH_IMAGES:
      return take->source != COMFY_SOURCE_NONE;
    case COMFY_N_BATCH_KINDS:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/**
 * comfy_batch_is_meant_for_layers:
 * @form: what is run
 * @layer_ids: (nullable) (element-type int): the selected layers
 *
 * Returns: whether the form works on one layer, and several are selected: then it can only be meant
 *   for each of them
 */
gboolean
comfy_batch_is_meant_for_layers (ComfyForm *form,
                                 GArray    *layer_ids)
{
  g_autoptr(ComfyTake) take = NULL;

  g_return_val_if_fail (COMFY_IS_FORM (form), FALSE);

  take = comfy_form_dup_take (form);

  return layer_ids != NULL && layer_ids->len > 1 && take->source == COMFY_SOURCE_LAYER
         && comfy_batch_kind_fits (COMFY_BATCH_LAYERS, form);
}

/**
 * comfy_batch_kind_get_field_id:
 * @kind: what the form is run for
 * @form: the form
 *
 * Returns: (transfer none) (nullable): the field whose value the plan brings, so that nobody needs
 *   to fill it in; %NULL where the form's own values count
 */
const char *
comfy_batch_kind_get_field_id (ComfyBatchKind  kind,
                               ComfyForm      *form)
{
  const ComfyField *field = NULL;

  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);

  if (kind == COMFY_BATCH_SEEDS)
    field = find_seed (form);
  else if (kind == COMFY_BATCH_PROMPTS)
    field = find_prompt (form);

  return field != NULL ? field->id : NULL;
}

/**
 * comfy_batch_count:
 * @self: a plan
 * @layer_ids: (nullable) (element-type int): the selected layers
 * @image_ids: (nullable) (element-type int): the open images
 *
 * Returns: how many jobs that are, be it too many
 */
unsigned int
comfy_batch_count (const ComfyBatch *self,
                   GArray           *layer_ids,
                   GArray           *image_ids)
{
  switch (self->kind)
    {
    case COMFY_BATCH_ONCE:
      return 1;
    case COMFY_BATCH_SEEDS:
      return self->n_seeds;
    case COMFY_BATCH_PROMPTS:
      return g_strv_length (self->prompts);
    case COMFY_BATCH_LAYERS:
      return layer_ids != NULL ? layer_ids->len : 0;
    case COMFY_BATCH_IMAGES:
      return image_ids != NULL ? image_ids->len : 0;
    case COMFY_N_BATCH_KINDS:
    default:
      g_return_val_if_reached (0);
    }
}

static gboolean
check_count (const ComfyBatch  *self,
             unsigned int       n,
             GError           **error)
{
  if (n > COMFY_BATCH_MAX)
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("These would be %u jobs, and each is paid for. At most %d are run at once: "
                       "choose fewer and run the rest later."), n, COMFY_BATCH_MAX);
  else if (n > 0)
    return TRUE;
  else if (self->kind == COMFY_BATCH_LAYERS)
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("No layer is selected. Select the layers that it is to run for."));
  else if (self->kind == COMFY_BATCH_IMAGES)
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("No image is open. Open those that it is to run for."));
  else
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("There is nothing that it is to run for."));

  return FALSE;
}

static gboolean
check_seeds (const ComfyBatch  *self,
             ComfyForm         *form,
             GError           **error)
{
  guint64 max = find_seed (form)->seed_max;

  if (self->first_seed <= max && self->n_seeds - 1 <= max - self->first_seed)
    return TRUE;

  comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                   _("Seeds go up to %" G_GUINT64_FORMAT " here. Begin with a smaller one."), max);

  return FALSE;
}

/**
 * comfy_batch_check:
 * @self: a plan
 * @form: what is run; not changed
 * @layer_ids: (nullable) (element-type int): the selected layers
 * @image_ids: (nullable) (element-type int): the open images
 *
 * Returns: whether @form can be run by this plan
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT
 */
gboolean
comfy_batch_check (const ComfyBatch  *self,
                   ComfyForm         *form,
                   GArray            *layer_ids,
                   GArray            *image_ids,
                   GError           **error)
{
  g_autoptr(ComfyForm) first = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (COMFY_IS_FORM (form), FALSE);

  if (!comfy_batch_kind_fits (self->kind, form))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("“%s” cannot be run that way. Run it once."),
                       comfy_action_get_title (comfy_form_get_action (form)));
      return FALSE;
    }
  if (!check_count (self, comfy_batch_count (self, layer_ids, image_ids), error)
      || (self->kind == COMFY_BATCH_SEEDS && !check_seeds (self, form, error)))
    return FALSE;

  first = comfy_batch_dup_form (self, form, 0);

  return comfy_form_check (first, NULL, error);
}

/**
 * comfy_batch_dup_form:
 * @self: a plan that was checked
 * @form: what is run; not changed
 * @i: which run, from 0
 *
 * Returns: (transfer full): what that run asks for
 */
ComfyForm *
comfy_batch_dup_form (const ComfyBatch *self,
                      ComfyForm        *form,
                      unsigned int      i)
{
  const char *field_id = comfy_batch_kind_get_field_id (self->kind, form);
  ComfyForm  *copy = comfy_form_copy (form);

  if (self->kind == COMFY_BATCH_SEEDS)
    comfy_form_set_value (copy, field_id,
                          g_variant_new_maybe (G_VARIANT_TYPE_UINT64,
                                               g_variant_new_uint64 (self->first_seed + i)));
  else if (self->kind == COMFY_BATCH_PROMPTS)
    comfy_form_set_value (copy, field_id, g_variant_new_string (self->prompts[i]));

  return copy;
}

/**
 * comfy_batch_dup_run_name:
 * @self: a plan that was checked
 * @i: which run, from 0
 * @n: how many there are
 *
 * Returns: (transfer full): what that run is called, to begin a sentence with
 */
char *
comfy_batch_dup_run_name (const ComfyBatch *self,
                          unsigned int      i,
                          unsigned int      n)
{
  switch (self->kind)
    {
    case COMFY_BATCH_SEEDS:
      return g_strdup_printf (_("Seed %" G_GUINT64_FORMAT), self->first_seed + i);
    case COMFY_BATCH_PROMPTS:
      return g_strdup_printf (_("Prompt %u of %u"), i + 1, n);
    case COMFY_BATCH_LAYERS:
      return g_strdup_printf (_("Layer %u of %u"), i + 1, n);
    case COMFY_BATCH_IMAGES:
      return g_strdup_printf (_("Image %u of %u"), i + 1, n);
    case COMFY_BATCH_ONCE:
    case COMFY_N_BATCH_KINDS:
    default:
      return g_strdup_printf (_("Job %u of %u"), i + 1, n);
    }
}
