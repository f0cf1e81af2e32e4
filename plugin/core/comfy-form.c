/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The values of an action's fields. Whatever is set, what is kept can be run, but for a text that
 * is needed and blank.
 */
#define G_LOG_DOMAIN "comfy-form"

#include "config.h"

#include <math.h>
#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-field-private.h"
#include "comfy-form.h"

struct _ComfyForm
{
  GObject      parent_instance;
  ComfyAction *action;       /* owned */
  GPtrArray   *values;       /* owned, of GVariant: one for each field, in their order */
  int          image_width;  /* px, 0: no image */
  int          image_height; /* px, 0: no image */
};

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
    g_ptr_array_add (self->values, g_variant_ref (comfy_action_get_field (action, i)->fallback));

  return self;
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
  for (unsigned int i = 0; i < self->values->len; i++)
    if (g_strcmp0 (comfy_action_get_field (self->action, i)->id, field_id) == 0)
      {
        *out_index = i;
        return TRUE;
      }

  return FALSE;
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

static gboolean
is_blank (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;

  return TRUE;
}

/**
 * comfy_form_check:
 * @out_field_id: (out) (optional) (transfer none) (nullable): the field that is wrong
 *
 * Returns: whether the form can be run
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT with a sentence for beside the field
 */
gboolean
comfy_form_check (ComfyForm   *self,
                  const char **out_field_id,
                  GError     **error)
{
  g_return_val_if_fail (COMFY_IS_FORM (self), FALSE);

  for (unsigned int i = 0; i < self->values->len; i++)
    {
      const ComfyField *field = comfy_action_get_field (self->action, i);
      GVariant         *value = g_ptr_array_index (self->values, i);

      if (field->type != COMFY_FIELD_TEXT || !field->required
          || !is_blank (g_variant_get_string (value, NULL)))
        continue;

      if (out_field_id != NULL)
        *out_field_id = field->id;
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, field->id,
                       _("Nothing is written here yet. Say in words what you want."));
      return FALSE;
    }

  if (out_field_id != NULL)
    *out_field_id = NULL;

  return TRUE;
}

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

static gboolean
follows_image (GVariant *size)
{
  int width;
  int height;

  g_variant_get (size, "(ii)", &width, &height);

  return width == 0 || height == 0;
}

/* 0…@max, each as likely as the other but for the remainder of a division of 2^64 */
static guint64
draw_seed (guint64 max)
{
  guint64 drawn = ((guint64) g_random_int () << 32) | g_random_int ();

  return max == G_MAXUINT64 ? drawn : drawn % (max + 1);
}

/* (transfer full): the value with nothing left open */
static GVariant *
settle (ComfyForm    *self,
        unsigned int  i,
        guint64      *out_seed)
{
  const ComfyField     *field = comfy_action_get_field (self->action, i);
  GVariant             *value = g_ptr_array_index (self->values, i);
  g_autoptr(GVariant)   seed = NULL;

  if (field->type == COMFY_FIELD_SIZE && follows_image (value))
    return size_of_image (self, field);
  if (field->type != COMFY_FIELD_SEED)
    return g_variant_ref (value);

  seed = g_variant_get_maybe (value);
  *out_seed = seed != NULL ? g_variant_get_uint64 (seed) : draw_seed (field->seed_max);

  return g_variant_ref_sink (g_variant_new_maybe (G_VARIANT_TYPE_UINT64,
                                                  g_variant_new_uint64 (*out_seed)));
}

/**
 * comfy_form_apply:
 * @out_seed: (out): the seed that was used, drawn where the form leaves it open; 0 where the action
 *   has none
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
  g_autoptr(ComfyWorkflow) graph = NULL;

  g_return_val_if_fail (COMFY_IS_FORM (self), NULL);
  g_return_val_if_fail (out_seed != NULL, NULL);

  *out_seed = 0;
  if (!comfy_form_check (self, NULL, error))
    return NULL;

  graph = comfy_workflow_copy (comfy_action_get_workflow (self->action));
  for (unsigned int i = 0; i < self->values->len; i++)
    {
      g_autoptr(GVariant) value = settle (self, i, out_seed);

      if (!_comfy_field_apply (comfy_action_get_field (self->action, i), value, graph, error))
        return NULL;
    }

  return g_steal_pointer (&graph);
}

/* the first field of a type, NULL when there is none */
static const ComfyField *
find_type (ComfyForm      *self,
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
 * comfy_form_get_fit:
 *
 * A picture that was asked for in the size of the image belongs exactly onto the canvas; one whose
 * size was chosen keeps it.
 *
 * Returns: how the result goes into the image
 */
ComfyFit
comfy_form_get_fit (ComfyForm *self)
{
  unsigned int i;

  g_return_val_if_fail (COMFY_IS_FORM (self), COMFY_FIT_REGION);

  if (find_type (self, COMFY_FIELD_SIZE, &i) != NULL
      && !follows_image (g_ptr_array_index (self->values, i)))
    return COMFY_FIT_NATURAL;

  return comfy_action_get_fit (self->action);
}

/**
 * comfy_form_dup_prompt:
 *
 * Returns: (transfer full) (nullable): the first text of the form, for names of layers and lists;
 *   %NULL where the action has none or it is blank
 */
char *
comfy_form_dup_prompt (ComfyForm *self)
{
  unsigned int  i;
  const char   *text;

  g_return_val_if_fail (COMFY_IS_FORM (self), NULL);

  if (find_type (self, COMFY_FIELD_TEXT, &i) == NULL)
    return NULL;

  text = g_variant_get_string (g_ptr_array_index (self->values, i), NULL);

  return is_blank (text) ? NULL : g_strdup (text);
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

  field = find_type (self, COMFY_FIELD_SIZE, &i);
  if (field == NULL)
    return FALSE;

  size = follows_image (g_ptr_array_index (self->values, i))
         ? size_of_image (self, field)
         : g_variant_ref (g_ptr_array_index (self->values, i));
  g_variant_get (size, "(ii)", out_width, out_height);

  return TRUE;
}
