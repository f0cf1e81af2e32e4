/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An action is data: a graph (NAME.json) and its sidecar (NAME.gimp.json). Reading them is in
 * comfy-action-read.c.
 */
#define G_LOG_DOMAIN "comfy-action"

#include "config.h"

#include "comfy-action-private.h"
#include "comfy-field-private.h"

G_DEFINE_FINAL_TYPE (ComfyAction, comfy_action, G_TYPE_OBJECT)

static void
comfy_action_finalize (GObject *object)
{
  ComfyAction *self = COMFY_ACTION (object);

  g_clear_object (&self->workflow);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_free (self->id);
  g_free (self->menu_label);
  g_free (self->title);
  g_free (self->run_label);
  g_free (self->blurb);
  g_free (self->help);
  g_free (self->image_node);
  g_free (self->image_input);

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
  self->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) _comfy_field_free);
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

  for (unsigned int i = 0; i < self->fields->len; i++)
    {
      const ComfyField *field = g_ptr_array_index (self->fields, i);

      if (g_strcmp0 (field->id, id) == 0)
        return field;
    }

  return NULL;
}

/**
 * comfy_action_get_workflow:
 *
 * Returns: (transfer none): the graph as it is in the file; copy it before changing it
 */
ComfyWorkflow *
comfy_action_get_workflow (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);

  return self->workflow;
}

/**
 * comfy_action_get_image_node:
 *
 * Returns: (transfer none) (nullable): the node that takes the picture
 */
const char *
comfy_action_get_image_node (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);

  return self->image_node;
}

/**
 * comfy_action_get_image_input:
 *
 * Returns: (transfer none) (nullable): that node's input
 */
const char *
comfy_action_get_image_input (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), NULL);

  return self->image_input;
}

/**
 * comfy_action_get_max_pixels:
 *
 * Returns: the largest picture worth sending, width times height in px
 */
guint64
comfy_action_get_max_pixels (ComfyAction *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION (self), 0);

  return self->max_pixels;
}
