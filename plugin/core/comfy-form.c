/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The values of an action's fields. Whatever is set, what is kept can be run, but for a text that
 * is needed and blank.
 */
#define G_LOG_DOMAIN "comfy-form"

#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-field-private.h"
#include "comfy-form-private.h"

G_DEFINE_FINAL_TYPE (ComfyForm, comfy_form, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
comfy_form_finalize (GObject *object)
{
  ComfyForm *self = COMFY_FORM (object);

  g_clear_object (&self->action);
  g_clear_pointer (&self->values, g_ptr_array_unref);
  g_clear_pointer (&self->places, g_hash_table_unref);
  g_clear_pointer (&self->layer_names, g_strfreev);
  g_clear_object (&self->table);

  G_OBJECT_CLASS (comfy_form_parent_class)->finalize (object);
}

static void
comfy_form_class_init (ComfyFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_form_finalize;

  /**
   * ComfyForm::changed:
   * @field_id: whose value is another now
   */
  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
comfy_form_init (ComfyForm *self)
{
  self->values = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  self->places = g_hash_table_new (g_str_hash, g_str_equal);
  for (unsigned int role = 0; role < COMFY_N_ROLES; role++)
    self->roles[role] = -1;
}

static void
add_field (ComfyForm        *self,
           const ComfyField *field)
{
  int place = (int) self->values->len;

  g_ptr_array_add (self->values, g_variant_ref (field->fallback));
  g_hash_table_insert (self->places, field->id, GINT_TO_POINTER (place + 1));
  if (self->roles[field->role] < 0)
    self->roles[field->role] = place;
}

/**
 * comfy_form_new:
 * @action: whose fields
 *
 * Returns: (transfer full): a form with the defaults
 */
ComfyForm *
comfy_form_new (ComfyAction *action)
{
  ComfyForm *self;

  g_return_val_if_fail (COMFY_IS_ACTION (action), NULL);

  self = g_object_new (COMFY_TYPE_FORM, NULL);
  self->action = g_object_ref (action);
  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    add_field (self, comfy_action_get_field (action, i));

  return self;
}

/**
 * comfy_form_copy:
 *
 * Returns: (transfer full): a form with the same values, about the same image
 */
ComfyForm *
comfy_form_copy (ComfyForm *self)
{
  ComfyForm *copy;

  g_return_val_if_fail (COMFY_IS_FORM (self), NULL);

  copy = g_object_new (COMFY_TYPE_FORM, NULL);
  copy->action = g_object_ref (self->action);
  for (unsigned int i = 0; i < self->values->len; i++)
    g_ptr_array_add (copy->values, g_variant_ref (g_ptr_array_index (self->values, i)));
  copy->image_width = self->image_width;
  copy->image_height = self->image_height;
  copy->layer_names = g_strdupv (self->layer_names);
  g_set_object (&copy->table, self->table);
  g_hash_table_unref (copy->places);
  copy->places = g_hash_table_ref (self->places);
  memcpy (copy->roles, self->roles, sizeof copy->roles);

  return copy;
}

/**
 * comfy_form_get_action:
 *
 * Returns: (transfer none): whose values these are
 */
ComfyAction *
comfy_form_get_action (ComfyForm *self)
{
  g_return_val_if_fail (COMFY_IS_FORM (self), NULL);

  return self->action;
}

static gboolean
find_index (ComfyForm    *self,
            const char   *field_id,
            unsigned int *out_index)
{
  int place = GPOINTER_TO_INT (g_hash_table_lookup (self->places, field_id));

  *out_index = (unsigned int) (place - 1);

  return place > 0;
}

static void
take_value (ComfyForm    *self,
            unsigned int  i,
            GVariant     *value)
{
  GVariant **slot = (GVariant **) &g_ptr_array_index (self->values, i);

  if (g_variant_equal (*slot, value))
    {
      g_variant_unref (value);
      return;
    }

  g_variant_unref (*slot);
  *slot = value;
  g_signal_emit (self, signals[CHANGED], 0, comfy_action_get_field (self->action, i)->id);
}

/**
 * comfy_form_set_value:
 * @field_id: a field of the action
 * @value: consumed when floating
 *
 * Keeps what comfy_field_sanitize() makes of @value; "changed" is emitted when that is new.
 */
void
comfy_form_set_value (ComfyForm  *self,
                      const char *field_id,
                      GVariant   *value)
{
  g_autoptr(GVariant) owned = g_variant_ref_sink (value);
  unsigned int        i;

  g_return_if_fail (COMFY_IS_FORM (self));
  g_return_if_fail (find_index (self, field_id, &i));

  take_value (self, i, comfy_field_sanitize (comfy_action_get_field (self->action, i), owned));
}

/**
 * comfy_form_get_value:
 * @field_id: a field of the action
 *
 * Returns: (transfer none): its value, of the field type's format
 */
GVariant *
comfy_form_get_value (ComfyForm  *self,
                      const char *field_id)
{
  unsigned int i;

  g_return_val_if_fail (COMFY_IS_FORM (self), NULL);
  g_return_val_if_fail (find_index (self, field_id, &i), NULL);

  return g_ptr_array_index (self->values, i);
}

/**
 * comfy_form_get_role_value:
 * @role: a role other than %COMFY_ROLE_INPUT, which many fields may have
 *
 * Returns: (transfer none) (nullable): the value of the field with that role; %NULL when the action
 *   has no such field
 */
GVariant *
comfy_form_get_role_value (ComfyForm *self,
                           ComfyRole  role)
{
  g_return_val_if_fail (COMFY_IS_FORM (self), NULL);
  g_return_val_if_fail (role != COMFY_ROLE_INPUT, NULL);

  return self->roles[role] >= 0 ? g_ptr_array_index (self->values, self->roles[role]) : NULL;
}

/**
 * comfy_form_get_variant:
 *
 * Returns: (transfer none): the graph that a run now would use
 */
const ComfyVariant *
comfy_form_get_variant (ComfyForm *self)
{
  GVariant           *value = comfy_form_get_role_value (self, COMFY_ROLE_MODEL);
  const ComfyVariant *chosen = NULL;

  if (value != NULL)
    chosen = comfy_action_find_variant (self->action, g_variant_get_string (value, NULL));

  return chosen != NULL ? chosen : comfy_action_get_variant (self->action, 0);
}

/**
 * comfy_form_uses_field:
 * @field: a field of the action
 *
 * Returns: whether the field's value matters to a run now: not every graph of an action takes
 *   everything, and a value may come from elsewhere
 */
gboolean
comfy_form_uses_field (ComfyForm        *self,
                       const ComfyField *field)
{
  g_return_val_if_fail (COMFY_IS_FORM (self), FALSE);

  if (self->given != NULL && g_str_equal (self->given, field->id))
    return FALSE;

  return field->role != COMFY_ROLE_INPUT
         || comfy_variant_get_targets (comfy_form_get_variant (self), field->id) != NULL;
}

/**
 * comfy_form_set_given:
 * @field_id: (nullable): a field of the action
 *
 * Says that the value of this field, and of this one alone, comes from elsewhere for each run: then
 * it is neither checked nor of use to show. "changed" is emitted for it, and for the one before. A
 * copy of the form has all values of its own.
 */
void
comfy_form_set_given (ComfyForm  *self,
                      const char *field_id)
{
  const char   *before = self->given;
  unsigned int  i = 0;

  g_return_if_fail (COMFY_IS_FORM (self));
  g_return_if_fail (field_id == NULL || find_index (self, field_id, &i));

  if (g_strcmp0 (before, field_id) == 0)
    return;

  self->given = field_id != NULL ? comfy_action_get_field (self->action, i)->id : NULL;
  if (before != NULL)
    g_signal_emit (self, signals[CHANGED], 0, before);
  if (self->given != NULL)
    g_signal_emit (self, signals[CHANGED], 0, self->given);
}

/**
 * comfy_form_reset:
 *
 * Sets every field to its default.
 */
void
comfy_form_reset (ComfyForm *self)
{
  g_return_if_fail (COMFY_IS_FORM (self));

  for (unsigned int i = 0; i < self->values->len; i++)
    take_value (self, i, g_variant_ref (comfy_action_get_field (self->action, i)->fallback));
}

/**
 * comfy_form_set_image_size:
 * @width: of the canvas, px; 0 while there is no image
 * @height: of the canvas, px; 0 while there is no image
 *
 * Says what the size "as the image" means.
 */
void
comfy_form_set_image_size (ComfyForm *self,
                           int        width,
                           int        height)
{
  g_return_if_fail (COMFY_IS_FORM (self));
  g_return_if_fail (width >= 0 && height >= 0);

  self->image_width = width;
  self->image_height = height;
}

/**
 * comfy_form_get_image_size:
 * @out_width: (out): of the canvas, px; 0 while there is no image
 * @out_height: (out): of the canvas, px; 0 while there is no image
 */
void
comfy_form_get_image_size (ComfyForm *self,
                           int       *out_width,
                           int       *out_height)
{
  g_return_if_fail (COMFY_IS_FORM (self));

  *out_width = self->image_width;
  *out_height = self->image_height;
}

/**
 * comfy_form_set_layer_names:
 * @names: (nullable): the names of the image's layers, the upmost first
 *
 * Says which layers a picture can be bound to by name.
 */
void
comfy_form_set_layer_names (ComfyForm          *self,
                            const char * const *names)
{
  g_return_if_fail (COMFY_IS_FORM (self));

  g_strfreev (self->layer_names);
  self->layer_names = g_strdupv ((char **) names);
}

/**
 * comfy_form_get_layer_names:
 *
 * Returns: (transfer none) (nullable): the names of the image's layers; %NULL while there is no image
 */
const char * const *
comfy_form_get_layer_names (ComfyForm *self)
{
  g_return_val_if_fail (COMFY_IS_FORM (self), NULL);

  return (const char * const *) self->layer_names;
}

/**
 * comfy_form_set_table:
 * @table: (nullable): what the nodes of the graph take where it will run
 *
 * From then on comfy_form_check() looks at the graph, too. Built-in actions need none: their graphs
 * are known to be good, and find other files of models by themselves.
 */
void
comfy_form_set_table (ComfyForm      *self,
                      ComfyNodeTable *table)
{
  g_return_if_fail (COMFY_IS_FORM (self));

  g_set_object (&self->table, table);
}

/* a node may have any id: two inputs are never taken for one */
static char *
dup_key (const ComfyTarget *target)
{
  return g_strdup_printf ("%" G_GSIZE_FORMAT ":%s%s", strlen (target->node), target->node,
                          target->input);
}

/* (transfer full): input → the first field that sets it: there may be thousands */
static GHashTable *
index_targets (ComfyForm *self)
{
  const ComfyVariant *variant = comfy_form_get_variant (self);
  GHashTable         *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (unsigned int i = self->values->len; i > 0; i--)
    {
      const ComfyField  *field = comfy_action_get_field (self->action, i - 1);
      const ComfyTarget *targets = comfy_variant_get_targets (variant, field->id);

      if (targets != NULL)
        g_hash_table_replace (index, dup_key (targets), (void *) field);
    }

  return index;
}

/**
 * comfy_form_take_values:
 * @other: a form of the same graph, whose fields may have other names and another order
 *
 * Goes on with what the artist has entered there.
 */
void
comfy_form_take_values (ComfyForm *self,
                        ComfyForm *other)
{
  g_autoptr(GHashTable)  index = NULL;
  const ComfyVariant    *variant;

  g_return_if_fail (COMFY_IS_FORM (self) && COMFY_IS_FORM (other));

  index = index_targets (other);
  variant = comfy_form_get_variant (self);
  for (unsigned int i = 0; i < self->values->len; i++)
    {
      const ComfyField  *field = comfy_action_get_field (self->action, i);
      const ComfyTarget *targets = comfy_variant_get_targets (variant, field->id);
      g_autofree char   *key = targets != NULL ? dup_key (targets) : NULL;
      const ComfyField  *before = key != NULL ? g_hash_table_lookup (index, key) : NULL;

      /* what is something else now has the value of the graph */
      if (before != NULL && before->type == field->type)
        comfy_form_set_value (self, field->id, comfy_form_get_value (other, before->id));
    }
}

/**
 * comfy_form_has_table:
 *
 * Returns: whether comfy_form_check() looks at the graph
 */
gboolean
comfy_form_has_table (ComfyForm *self)
{
  g_return_val_if_fail (COMFY_IS_FORM (self), FALSE);

  return self->table != NULL;
}
