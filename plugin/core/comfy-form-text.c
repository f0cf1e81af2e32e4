/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values as scripts write them: "prompt=a red bicycle", "3.steps=20". What cannot be used is an error:
 * nobody looks at the form before it costs.
 */
#define G_LOG_DOMAIN "comfy-form"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-form-private.h"
#include "comfy-mapping-private.h"

#define MAX_NAMES 12 /* that an error lists */

static GVariant *
set_no_number (const ComfyField  *field,
               const char        *text,
               GError           **error)
{
  comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                   _("“%s” is not a number from %g to %g, as “%s” takes it."), text, field->min,
                   field->max, field->id);
  return NULL;
}

static GVariant *
parse_int (const ComfyField  *field,
           const char        *text,
           GError           **error)
{
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, (gint64) field->min, (gint64) field->max, &number, NULL))
    return set_no_number (field, text, error);

  return g_variant_new_int64 (number);
}

static GVariant *
parse_double (const ComfyField  *field,
              const char        *text,
              GError           **error)
{
  char   *end = NULL;
  double  number = g_ascii_strtod (text, &end);

  if (end == text || *end != '\0' || !isfinite (number) || number < field->min
      || number > field->max)
    return set_no_number (field, text, error);

  return g_variant_new_double (number);
}

static GVariant *
parse_boolean (const ComfyField  *field,
               const char        *text,
               GError           **error)
{
  static const char * const yes[] = { "true", "yes", "on", "1", NULL };
  static const char * const no[] = { "false", "no", "off", "0", NULL };
  g_autofree char          *word = g_ascii_strdown (text, -1);

  if (g_strv_contains (yes, word))
    return g_variant_new_boolean (TRUE);
  if (g_strv_contains (no, word))
    return g_variant_new_boolean (FALSE);

  comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                   _("“%s” is neither true nor false, as “%s” takes it."), text, field->id);
  return NULL;
}

static GVariant *
parse_choice (const ComfyField  *field,
              const char        *text,
              GError           **error)
{
  for (unsigned int i = 0; i < field->choices->len; i++)
    if (g_str_equal (((ComfyChoice *) g_ptr_array_index (field->choices, i))->id, text))
      return g_variant_new_string (text);

  comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                   _("“%s” is none of the choices of “%s”. One of them is “%s”."), text, field->id,
                   ((ComfyChoice *) g_ptr_array_index (field->choices, 0))->id);
  return NULL;
}

/* "1024x768", or "image" for the size of the image, where the field follows that */
static GVariant *
parse_size (const ComfyField  *field,
            const char        *text,
            GError           **error)
{
  g_auto(GStrv) sides = g_strsplit (text, strstr (text, "×") != NULL ? "×" : "x", 2);
  gint64        width;
  gint64        height;

  if (g_str_equal (text, "image") && field->image_area > 0)
    return g_variant_new ("(ii)", 0, 0);
  if (g_strv_length (sides) == 2
      && g_ascii_string_to_signed (sides[0], 10, (gint64) field->min, (gint64) field->max, &width,
                                   NULL)
      && g_ascii_string_to_signed (sides[1], 10, (gint64) field->min, (gint64) field->max, &height,
                                   NULL))
    return g_variant_new ("(ii)", (int) width, (int) height);

  comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                   _("“%s” is no size, as “%s” takes it. Write 1024x768, with sides from %g to %g."),
                   text, field->id, field->min, field->max);
  return NULL;
}

static GVariant *
parse_picture (const char  *text,
               GError     **error)
{
  g_autoptr(ComfyBinding) binding = comfy_binding_parse (text, error);

  return binding != NULL ? g_variant_new_string (text) : NULL;
}

static GVariant *
parse_edges (const ComfyField  *field,
             const char        *text,
             GError           **error)
{
  g_auto(GStrv) sides = g_strsplit (text, ",", -1);
  int           edges[4];

  for (unsigned int i = 0; i < G_N_ELEMENTS (edges); i++)
    {
      gint64 edge;

      if (g_strv_length (sides) != G_N_ELEMENTS (edges)
          || !g_ascii_string_to_signed (g_strstrip (sides[i]), 10, 0, (gint64) field->max, &edge,
                                        NULL))
        return set_no_number (field, text, error);
      edges[i] = (int) edge;
    }

  return g_variant_new ("(iiii)", edges[0], edges[1], edges[2], edges[3]);
}

/* (nullable): floating or, a seed, full: for g_variant_take_ref() */
static GVariant *
parse (const ComfyField  *field,
       const char        *text,
       GError           **error)
{
  switch (field->type)
    {
    case COMFY_FIELD_INT:
      return parse_int (field, text, error);
    case COMFY_FIELD_DOUBLE:
      return parse_double (field, text, error);
    case COMFY_FIELD_BOOLEAN:
      return parse_boolean (field, text, error);
    case COMFY_FIELD_CHOICE:
      return parse_choice (field, text, error);
    case COMFY_FIELD_SEED:
      return comfy_field_parse_seed (text, error);
    case COMFY_FIELD_SIZE:
      return parse_size (field, text, error);
    case COMFY_FIELD_EDGES:
      return parse_edges (field, text, error);
    case COMFY_FIELD_PICTURE:
      return parse_picture (text, error);
    case COMFY_FIELD_TEXT:
    default:
      return g_variant_new_string (text);
    }
}

/* (nullable): as the form writes it, too: "Negative prompt"; and "image", which is called
 * "image-input" where GIMP's own argument has the name */
static const ComfyField *
find_labelled (ComfyForm  *self,
               const char *name)
{
  const ComfyField *field = comfy_action_find_field (self->action, name);
  g_autofree char  *slug = _comfy_mapping_dup_slug (name);
  g_autofree char  *input = g_strconcat (slug, "-input", NULL);

  if (field == NULL)
    field = comfy_action_find_field (self->action, slug);
  if (field == NULL)
    field = comfy_action_find_field (self->action, input);

  return field;
}

/* (nullable): by its name, or by the input that it sets, "NODE.INPUT" */
static const ComfyField *
find_named (ComfyForm  *self,
            const char *name)
{
  const ComfyVariant *variant = comfy_form_get_variant (self);
  const ComfyField   *field = find_labelled (self, name);

  for (unsigned int i = 0; field == NULL && i < self->values->len; i++)
    {
      const ComfyField  *other = comfy_action_get_field (self->action, i);
      const ComfyTarget *targets = comfy_variant_get_targets (variant, other->id);
      g_autofree char   *input = NULL;

      if (targets == NULL)
        continue;
      input = g_strconcat (targets[0].node, ".", targets[0].input, NULL);
      if (g_str_equal (input, name))
        field = other;
    }

  return field;
}

static void
set_unknown (ComfyForm   *self,
             const char  *name,
             GError     **error)
{
  g_autoptr(GString) names = g_string_new (NULL);
  unsigned int       n = 0;

  for (unsigned int i = 0; i < self->values->len && n < MAX_NAMES; i++)
    {
      const ComfyField *field = comfy_action_get_field (self->action, i);

      if (field->place == COMFY_PLACE_ALL)
        continue;
      g_string_append_printf (names, "%s%s", n > 0 ? ", " : "", field->id);
      n++;
    }

  comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                   _("“%s” has no value called “%s”. It has: %s; or write NODE.INPUT."),
                   comfy_action_get_title (self->action), name, names->str);
}

/**
 * comfy_form_set_text:
 * @assignment: "NAME=VALUE": a field's id or label, or NODE.INPUT, and what is written into it
 *
 * Returns: whether there is such a field and it takes the value as it is
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT
 */
gboolean
comfy_form_set_text (ComfyForm   *self,
                     const char  *assignment,
                     GError     **error)
{
  const char          *equals;
  g_autofree char     *name = NULL;
  g_autoptr(GVariant)  value = NULL;
  const ComfyField    *field;
  GVariant            *parsed;

  g_return_val_if_fail (COMFY_IS_FORM (self), FALSE);
  g_return_val_if_fail (assignment != NULL, FALSE);

  equals = strchr (assignment, '=');
  if (equals == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("“%s” sets nothing. Write NAME=VALUE."), assignment);
      return FALSE;
    }

  name = g_strstrip (g_strndup (assignment, equals - assignment));
  field = find_named (self, name);
  if (field == NULL)
    {
      set_unknown (self, name, error);
      return FALSE;
    }

  parsed = parse (field, equals + 1, error);
  if (parsed == NULL)
    return FALSE;

  value = g_variant_take_ref (parsed);
  comfy_form_set_value (self, field->id, value);

  return TRUE;
}

/**
 * comfy_form_bind_images:
 * @image_ids: (element-type int): the editor's ids of images
 *
 * Binds pictures that come of the image to other images, in the order of the form; a mask stays one.
 *
 * Returns: whether there are as many pictures
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT
 */
gboolean
comfy_form_bind_images (ComfyForm  *self,
                        GArray     *image_ids,
                        GError    **error)
{
  unsigned int n = 0;

  g_return_val_if_fail (COMFY_IS_FORM (self), FALSE);

  for (unsigned int i = 0; i < self->values->len && n < image_ids->len; i++)
    {
      const ComfyField        *field = comfy_action_get_field (self->action, i);
      g_autoptr(ComfyBinding)  binding = NULL;

      if (field->type == COMFY_FIELD_PICTURE)
        binding = comfy_binding_parse (g_variant_get_string (g_ptr_array_index (self->values, i),
                                                             NULL), NULL);
      if (binding == NULL || !comfy_binding_is_canvas (binding))
        continue;
      comfy_form_set_value (self, field->id,
                            g_variant_new_printf ("image:%d", g_array_index (image_ids, int, n)));
      n++;
    }

  if (n == image_ids->len)
    return TRUE;

  comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                   _("“%s” takes %u pictures, but %u images were given."),
                   comfy_action_get_title (self->action), n, image_ids->len);
  return FALSE;
}
