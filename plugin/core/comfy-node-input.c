/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One input of a class of nodes: how both kinds of tables make it, and what it tells. */

#define G_LOG_DOMAIN "comfy-node-table"

#include "config.h"

#include <math.h>

#include "comfy-json-private.h"
#include "comfy-node-table-private.h"

/* as large as a guint64 gets, and one more; exact in a double */
#define TWO_TO_64 18446744073709551616.0
#define TWO_TO_63 9223372036854775808.0

static ComfyNodeInputKind
kind_of_type (const char *type_name)
{
  static const struct
  {
    const char         *type_name;
    ComfyNodeInputKind  kind;
  } kinds[] = {
    { "INT", COMFY_NODE_INPUT_INT },
    { "FLOAT", COMFY_NODE_INPUT_FLOAT },
    { "STRING", COMFY_NODE_INPUT_STRING },
    { "BOOLEAN", COMFY_NODE_INPUT_BOOLEAN },
    { "COMBO", COMFY_NODE_INPUT_COMBO },
    { "DYNAMIC", COMFY_NODE_INPUT_DYNAMIC },
    { "AUTOGROW", COMFY_NODE_INPUT_AUTOGROW },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].type_name, type_name))
      return kinds[i].kind;

  return COMFY_NODE_INPUT_LINK;
}

/*
 * _comfy_node_input_new:
 * @type_name: as ComfyUI names it, or DYNAMIC, AUTOGROW
 *
 * Returns: (transfer full): a required input of that type, of which nothing else is known
 */
ComfyNodeInput *
_comfy_node_input_new (const char *name,
                       const char *type_name)
{
  ComfyNodeInput *self = g_new0 (ComfyNodeInput, 1);

  self->name = g_strdup (name);
  self->type_name = g_strdup (type_name);
  self->kind = kind_of_type (type_name);
  self->required = TRUE;

  return self;
}

/*
 * _comfy_node_input_free:
 * @self: (transfer full): an input
 */
void
_comfy_node_input_free (ComfyNodeInput *self)
{
  g_free (self->name);
  g_free (self->type_name);
  g_free (self->fallback);
  g_strfreev (self->choices);
  g_clear_pointer (&self->options, g_hash_table_unref);
  g_clear_pointer (&self->elements, g_ptr_array_unref);
  g_free (self);
}

static gboolean
is_number (JsonNode *node)
{
  guint64 large;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;

  return json_node_get_value_type (node) == G_TYPE_INT64
         || json_node_get_value_type (node) == G_TYPE_DOUBLE
         || comfy_json_node_get_uint64 (node, &large);
}

static double
get_double (JsonNode *node)
{
  guint64 large;

  return comfy_json_node_get_uint64 (node, &large) ? (double) large : json_node_get_double (node);
}

static gint64
get_signed (JsonNode *node)
{
  double value = get_double (node);

  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  if (value >= TWO_TO_63)
    return G_MAXINT64;

  return value < -TWO_TO_63 ? G_MININT64 : (gint64) value;
}

/* @is_signed: the other end is negative, so that this one is a gint64 */
static guint64
get_maximum (JsonNode *node,
             gboolean  is_signed)
{
  double  value = get_double (node);
  guint64 large;

  if (is_signed || value < 0)
    return (guint64) get_signed (node);
  if (comfy_json_node_get_uint64 (node, &large))
    return large;

  return value >= TWO_TO_64 ? G_MAXUINT64 : (guint64) value;
}

/*
 * _comfy_node_input_set_range:
 * @minimum: (nullable): a number; anything else is none
 * @maximum: (nullable): the same
 */
void
_comfy_node_input_set_range (ComfyNodeInput *self,
                             JsonNode       *minimum,
                             JsonNode       *maximum)
{
  guint64 large;

  self->has_min = is_number (minimum);
  /* what may be negative and past 63 bits has no form here, nor use */
  self->has_max = is_number (maximum)
                  && (self->has_min || !comfy_json_node_get_uint64 (maximum, &large)
                      || large <= G_MAXINT64);

  if (self->kind == COMFY_NODE_INPUT_INT)
    {
      /* without a minimum a maximum is signed, since it may be negative */
      self->min_int = self->has_min ? get_signed (minimum) : G_MININT64;
      self->max_int = self->has_max ? get_maximum (maximum, self->min_int < 0) : G_MAXINT64;
    }
  else
    {
      self->min_float = self->has_min ? get_double (minimum) : -INFINITY;
      self->max_float = self->has_max ? get_double (maximum) : INFINITY;
    }
}

/*
 * _comfy_node_input_set_default:
 * @value: (nullable): a string, a number or a truth; anything else is none, as are false and "",
 *   which ComfyUI's window has anyway
 */
void
_comfy_node_input_set_default (ComfyNodeInput *self,
                               JsonNode       *value)
{
  g_autoptr(GString) text = NULL;

  if (value == NULL || !JSON_NODE_HOLDS_VALUE (value)
      || (json_node_get_value_type (value) == G_TYPE_BOOLEAN && !json_node_get_boolean (value)))
    return;

  if (comfy_json_node_is_string (value))
    {
      const char *string = json_node_get_string (value);

      self->fallback = string[0] != '\0' ? g_strdup (string) : NULL;
      return;
    }

  text = g_string_new (NULL);
  comfy_json_write (text, value);
  self->fallback = g_string_free (g_steal_pointer (&text), FALSE);
}

/*
 * _comfy_node_choice_from_json:
 * @node: what a table, or a graph, has for a choice: text mostly, but a number or a truth, too
 *
 * Returns: (transfer full) (nullable): it as text; the same for 2 and 2.0, as they are the same to
 *   ComfyUI; %NULL for what is no value
 */
char *
_comfy_node_choice_from_json (JsonNode *node)
{
  g_autoptr(GString) text = NULL;
  double             number;

  if (!JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (comfy_json_node_is_string (node))
    return g_strdup (json_node_get_string (node));

  number = json_node_get_value_type (node) == G_TYPE_DOUBLE ? json_node_get_double (node) : 0;
  if (number != 0 && fabs (number) < 1e15 && number == trunc (number))
    return g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) number);

  text = g_string_new (NULL);
  comfy_json_write (text, node);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * comfy_node_input_get_name:
 *
 * Returns: its name; within a dynamic or growing input, without the name of that
 */
const char *
comfy_node_input_get_name (const ComfyNodeInput *input)
{
  return input->name;
}

/**
 * comfy_node_input_get_kind:
 *
 * Returns: what may stand there
 */
ComfyNodeInputKind
comfy_node_input_get_kind (const ComfyNodeInput *input)
{
  return input->kind;
}

/**
 * comfy_node_input_get_type_name:
 *
 * Returns: the type as ComfyUI names it, e.g. "IMAGE"; several with commas; "*" is any
 */
const char *
comfy_node_input_get_type_name (const ComfyNodeInput *input)
{
  return input->type_name;
}

/**
 * comfy_node_input_is_required:
 *
 * Returns: whether a graph without it is refused
 */
gboolean
comfy_node_input_is_required (const ComfyNodeInput *input)
{
  return input->required;
}

/**
 * comfy_node_input_get_default:
 *
 * Returns: (nullable): what ComfyUI's window would fill in, as text
 */
const char *
comfy_node_input_get_default (const ComfyNodeInput *input)
{
  return input->fallback;
}

/**
 * comfy_node_input_get_choices:
 *
 * Returns: (nullable): what a combo or dynamic combo may be, %NULL-terminated; %NULL for other
 * kinds, and for files whose list only the server knows
 */
const char *const *
comfy_node_input_get_choices (const ComfyNodeInput *input)
{
  return (const char *const *) input->choices;
}

/**
 * comfy_node_input_get_int_range:
 * @minimum: (out): the smallest value
 * @maximum: (out): the largest value; a #gint64 when @minimum is negative, so that it may be
 *   negative, too
 *
 * Returns: whether it is an INT with a range
 */
gboolean
comfy_node_input_get_int_range (const ComfyNodeInput *input,
                                gint64               *minimum,
                                guint64              *maximum)
{
  if (input->kind != COMFY_NODE_INPUT_INT || !input->has_min || !input->has_max)
    return FALSE;

  *minimum = input->min_int;
  *maximum = input->max_int;
  return TRUE;
}

/**
 * comfy_node_input_get_float_range:
 * @minimum: (out): the smallest value
 * @maximum: (out): the largest value
 *
 * Returns: whether it is a FLOAT with a range
 */
gboolean
comfy_node_input_get_float_range (const ComfyNodeInput *input,
                                  double               *minimum,
                                  double               *maximum)
{
  if (input->kind != COMFY_NODE_INPUT_FLOAT || !input->has_min || !input->has_max)
    return FALSE;

  *minimum = input->min_float;
  *maximum = input->max_float;
  return TRUE;
}

/**
 * comfy_node_input_get_step:
 *
 * Returns: by how much ComfyUI's window changes an INT or FLOAT at a time; 0 when it does not say.
 *   Values between are good, too
 */
double
comfy_node_input_get_step (const ComfyNodeInput *input)
{
  return input->step;
}

/**
 * comfy_node_input_is_multiline:
 *
 * Returns: whether it is a STRING that is written in several lines, as prompts are
 */
gboolean
comfy_node_input_is_multiline (const ComfyNodeInput *input)
{
  return input->multiline;
}

/**
 * comfy_node_input_is_upload:
 *
 * Returns: whether it takes the name of a picture that was uploaded
 */
gboolean
comfy_node_input_is_upload (const ComfyNodeInput *input)
{
  return input->upload;
}

/**
 * comfy_node_input_is_seed:
 *
 * Returns: whether it is an INT that ComfyUI's window changes with each run
 */
gboolean
comfy_node_input_is_seed (const ComfyNodeInput *input)
{
  return input->seed;
}

/**
 * comfy_node_input_get_option_inputs:
 * @choice: (nullable): one of a dynamic combo's choices; ignored for a growing row
 *
 * Returns: (transfer none) (nullable) (element-type ComfyNodeInput): the inputs that @choice
 *   brings, or those of a growing row; %NULL for other kinds and unknown choices
 */
GPtrArray *
comfy_node_input_get_option_inputs (const ComfyNodeInput *input,
                                    const char           *choice)
{
  if (input->kind == COMFY_NODE_INPUT_AUTOGROW)
    return input->elements;
  if (input->kind == COMFY_NODE_INPUT_DYNAMIC && choice != NULL)
    return g_hash_table_lookup (input->options, choice);

  return NULL;
}
