/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the arguments of an action's procedure to its form, and back for the next run.
 */
#define G_LOG_DOMAIN "comfy-procedure"

#include "config.h"

#include <math.h>

#include "comfy-procedure-private.h"

const char * const _comfy_procedure_edge_names[] = { "left", "top", "right", "bottom" };

/* a graph has more parameters than anybody wants to be arguments */
gboolean
_comfy_procedure_is_argument (const ComfyField *field)
{
  return field->place != COMFY_PLACE_ALL;
}

/* GIMP's integers have 32 bits, and its fractions hold every integer that a field can have */
gboolean
_comfy_procedure_is_wide (const ComfyField *field)
{
  return field->type == COMFY_FIELD_INT && (field->min < G_MININT || field->max > G_MAXINT);
}

static GVariant *
read_edges (GimpProcedureConfig  *config,
            ComfyForm            *form,
            GError              **error)
{
  g_autofree char *ratio = NULL;
  int              edges[4];
  ComfyEdges       wanted;

  g_object_get (config, COMFY_ARGUMENT_RATIO, &ratio, NULL);
  if (ratio != NULL && ratio[0] != '\0')
    {
      if (!comfy_form_parse_ratio (form, ratio, &wanted, error))
        return NULL;
      return g_variant_new ("(iiii)", wanted.left, wanted.top, wanted.right, wanted.bottom);
    }

  for (unsigned int i = 0; i < G_N_ELEMENTS (edges); i++)
    g_object_get (config, _comfy_procedure_edge_names[i], &edges[i], NULL);

  return g_variant_new ("(iiii)", edges[0], edges[1], edges[2], edges[3]);
}

static GVariant *
read_field (GimpProcedureConfig  *config,
            ComfyForm            *form,
            const ComfyField     *field,
            GError              **error)
{
  g_autofree char *text = NULL;
  double           fraction;
  int              number;
  int              height;
  gboolean         flag;

  switch (field->type)
    {
    case COMFY_FIELD_INT:
      if (_comfy_procedure_is_wide (field))
        {
          g_object_get (config, field->id, &fraction, NULL);
          return g_variant_new_int64 ((gint64) round (fraction));
        }
      g_object_get (config, field->id, &number, NULL);
      return g_variant_new_int64 (number);

    case COMFY_FIELD_DOUBLE:
      g_object_get (config, field->id, &fraction, NULL);
      return g_variant_new_double (fraction);

    case COMFY_FIELD_BOOLEAN:
      g_object_get (config, field->id, &flag, NULL);
      return g_variant_new_boolean (flag);

    case COMFY_FIELD_SEED:
      g_object_get (config, field->id, &text, NULL);
      return comfy_field_parse_seed (text != NULL ? text : "", error);

    case COMFY_FIELD_SIZE:
      g_object_get (config, COMFY_ARGUMENT_WIDTH, &number, COMFY_ARGUMENT_HEIGHT, &height, NULL);
      return g_variant_new ("(ii)", number, height);

    case COMFY_FIELD_EDGES:
      return read_edges (config, form, error);

    case COMFY_FIELD_TEXT:
    case COMFY_FIELD_CHOICE:
    case COMFY_FIELD_PICTURE:
    default:
      g_object_get (config, field->id, &text, NULL);
      return g_variant_new_string (text != NULL ? text : "");
    }
}

/**
 * comfy_procedure_read_form:
 * @config: the arguments that GIMP gave
 * @form: takes them
 * @error: return location
 *
 * Returns: whether every argument can be used; else %COMFY_ERROR_INVALID_ARGUMENT
 */
gboolean
comfy_procedure_read_form (GimpProcedureConfig  *config,
                           ComfyForm            *form,
                           GError              **error)
{
  ComfyAction *action = comfy_form_get_action (form);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);
      GVariant         *value;

      if (!_comfy_procedure_is_argument (field))
        continue;
      value = read_field (config, form, field, error);
      if (value == NULL)
        return FALSE;
      comfy_form_set_value (form, field->id, value);
    }

  return TRUE;
}

static void
write_edges (GimpProcedureConfig *config,
             GVariant            *value)
{
  int edges[4];

  g_variant_get (value, "(iiii)", &edges[0], &edges[1], &edges[2], &edges[3]);
  for (unsigned int i = 0; i < G_N_ELEMENTS (edges); i++)
    g_object_set (config, _comfy_procedure_edge_names[i], edges[i], NULL);
}

static void
write_field (GimpProcedureConfig *config,
             const ComfyField    *field,
             GVariant            *value)
{
  g_autoptr(GVariant)  seed = NULL;
  g_autofree char     *text = NULL;
  int                  width;
  int                  height;

  switch (field->type)
    {
    case COMFY_FIELD_INT:
      if (_comfy_procedure_is_wide (field))
        g_object_set (config, field->id, (double) g_variant_get_int64 (value), NULL);
      else
        g_object_set (config, field->id, (int) g_variant_get_int64 (value), NULL);
      break;

    case COMFY_FIELD_DOUBLE:
      g_object_set (config, field->id, g_variant_get_double (value), NULL);
      break;

    case COMFY_FIELD_BOOLEAN:
      g_object_set (config, field->id, g_variant_get_boolean (value), NULL);
      break;

    case COMFY_FIELD_SEED:
      seed = g_variant_get_maybe (value);
      if (seed != NULL)
        text = g_strdup_printf ("%" G_GUINT64_FORMAT, g_variant_get_uint64 (seed));
      g_object_set (config, field->id, text != NULL ? text : "", NULL);
      break;

    case COMFY_FIELD_SIZE:
      g_variant_get (value, "(ii)", &width, &height);
      g_object_set (config, COMFY_ARGUMENT_WIDTH, width, COMFY_ARGUMENT_HEIGHT, height, NULL);
      break;

    case COMFY_FIELD_EDGES:
      write_edges (config, value);
      break;

    case COMFY_FIELD_TEXT:
    case COMFY_FIELD_CHOICE:
    case COMFY_FIELD_PICTURE:
    default:
      g_object_set (config, field->id, g_variant_get_string (value, NULL), NULL);
      break;
    }
}

/**
 * comfy_procedure_write_form:
 * @config: the arguments, which GIMP remembers for the next run
 * @form: what the artist entered
 */
void
comfy_procedure_write_form (GimpProcedureConfig *config,
                            ComfyForm           *form)
{
  ComfyAction *action = comfy_form_get_action (form);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);

      if (_comfy_procedure_is_argument (field))
        write_field (config, field, comfy_form_get_value (form, field->id));
    }
}
