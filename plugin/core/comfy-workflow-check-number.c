/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a number is one, and in range. Whole numbers are compared as such: a seed near 2^64 is
 * neither taken for its neighbour nor shown as 1.84467e+19. */

#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <glib/gi18n.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "comfy-json-private.h"
#include "comfy-workflow-check-private.h"

#define TWO_TO_64 18446744073709551616.0

/* A whole number from -(2^64 - 1) to 2^64 - 1, or one that is beyond */
typedef struct
{
  gboolean is_negative;
  gboolean is_beyond;
  guint64  magnitude;
} Whole;

static Whole
whole_from_signed (gint64 value)
{
  /* -G_MININT64 has no gint64 */
  return (Whole) { value < 0, FALSE, value < 0 ? -(guint64) value : (guint64) value };
}

static Whole
whole_from_double (double value)
{
  double magnitude = fabs (trunc (value));

  return (Whole) { value <= -1, magnitude >= TWO_TO_64,
                   magnitude >= TWO_TO_64 ? G_MAXUINT64 : (guint64) magnitude };
}

/* As Python's int() reads text: digits, a sign before, blanks around */
static gboolean
whole_from_text (const char *text,
                 Whole      *whole)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  const char      *digits = stripped + (*stripped == '-' || *stripped == '+');
  gboolean         is_zero;

  if (*digits == '\0' || digits[strspn (digits, G_CSET_DIGITS)] != '\0')
    return FALSE;

  errno = 0;
  whole->magnitude = g_ascii_strtoull (digits, NULL, 10);
  whole->is_beyond = errno == ERANGE;
  is_zero = whole->magnitude == 0;
  whole->is_negative = *stripped == '-' && !is_zero;

  return TRUE;
}

static int
compare_whole (Whole one,
               Whole other)
{
  int larger = one.is_negative ? -1 : 1;

  if (one.is_negative != other.is_negative)
    return larger;
  if (one.is_beyond)
    return larger;
  if (one.magnitude == other.magnitude)
    return 0;

  return one.magnitude > other.magnitude ? larger : -larger;
}

/* A number as ComfyUI would make one of the value, which also takes text and truths. */
static gboolean
get_whole (JsonNode *value,
           Whole    *whole)
{
  guint64 large;

  if (!JSON_NODE_HOLDS_VALUE (value))
    return FALSE;

  if (comfy_json_node_get_uint64 (value, &large))
    *whole = (Whole) { FALSE, FALSE, large };
  else if (comfy_json_node_is_string (value))
    return whole_from_text (json_node_get_string (value), whole);
  else if (json_node_get_value_type (value) == G_TYPE_DOUBLE)
    *whole = whole_from_double (json_node_get_double (value));
  else if (json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    *whole = whole_from_signed (json_node_get_boolean (value));
  else
    *whole = whole_from_signed (json_node_get_int (value));

  return TRUE;
}

static gboolean
get_double (JsonNode *value,
            double   *number)
{
  guint64 large;
  char   *end = NULL;

  if (!JSON_NODE_HOLDS_VALUE (value))
    return FALSE;

  if (comfy_json_node_get_uint64 (value, &large))
    *number = (double) large;
  else if (comfy_json_node_is_string (value))
    {
      g_autofree char *text = g_strstrip (g_strdup (json_node_get_string (value)));

      *number = g_ascii_strtod (text, &end);
      return end != text && *end == '\0' && !isnan (*number);
    }
  else if (json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    *number = json_node_get_boolean (value);
  else
    *number = json_node_get_double (value);

  return TRUE;
}

/* Returns: (transfer full): the value as it is written in the graph */
static char *
dup_value (JsonNode *value)
{
  g_autoptr(GString) text = NULL;

  if (comfy_json_node_is_string (value))
    return _comfy_check_dup_shown (json_node_get_string (value));

  text = g_string_new (NULL);
  comfy_json_write (text, value);

  return _comfy_check_dup_shown (text->str);
}

/* the shortest that means the same */
static char *
dup_double (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.15g", value);
  if (g_ascii_strtod (text, NULL) != value)
    g_ascii_formatd (text, sizeof text, "%.17g", value);

  return g_strdup (text);
}

/* Returns: (transfer full) (nullable): the end of the range that the value is beyond; @is_less: it
 * is the lower one */
static char *
dup_passed_int (const ComfyNodeInput *input,
                Whole                 number,
                gboolean             *is_less)
{
  gboolean is_signed = input->min_int < 0;
  Whole    maximum = { FALSE, FALSE, input->max_int };

  if (is_signed)
    maximum = whole_from_signed ((gint64) input->max_int);

  *is_less = input->has_min && compare_whole (number, whole_from_signed (input->min_int)) < 0;
  if (*is_less)
    return g_strdup_printf ("%" G_GINT64_FORMAT, input->min_int);
  if (!input->has_max || compare_whole (number, maximum) <= 0)
    return NULL;

  return is_signed ? g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) input->max_int)
                   : g_strdup_printf ("%" G_GUINT64_FORMAT, input->max_int);
}

static char *
dup_passed_float (const ComfyNodeInput *input,
                  double                number,
                  gboolean             *is_less)
{
  *is_less = input->has_min && number < input->min_float;
  if (*is_less)
    return dup_double (input->min_float);

  return input->has_max && number > input->max_float ? dup_double (input->max_float) : NULL;
}

/*
 * _comfy_check_number:
 * @input: what the class takes there: an INT or a FLOAT
 * @value: what the graph has there
 */
void
_comfy_check_number (ComfyCheck           *check,
                     const char           *node_id,
                     const char           *name,
                     const ComfyNodeInput *input,
                     JsonNode             *value)
{
  gboolean         is_int = comfy_node_input_get_kind (input) == COMFY_NODE_INPUT_INT;
  g_autofree char *title = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *limit = NULL;
  g_autofree char *text = NULL;
  gboolean         is_less = FALSE;
  gboolean         is_number;
  Whole            whole = { 0 };
  double           number = 0;

  is_number = is_int ? get_whole (value, &whole) : get_double (value, &number);
  if (is_number)
    limit = is_int ? dup_passed_int (input, whole, &is_less)
                   : dup_passed_float (input, number, &is_less);
  if (is_number && limit == NULL)
    return;

  title = _comfy_check_dup_title (check, node_id);
  shown = _comfy_check_dup_shown (name);
  if (!is_number)
    {
      _comfy_check_add (check, node_id, name, "invalid_input_type",
                        is_int ? _("“%s” of the node “%s” must be a whole number.")
                               : _("“%s” of the node “%s” must be a number."), shown, title);
      return;
    }

  text = dup_value (value);
  if (is_less)
    _comfy_check_add (check, node_id, name, "value_smaller_than_min",
                      _("“%s” of the node “%s” is %s, but must be at least %s."),
                      shown, title, text, limit);
  else
    _comfy_check_add (check, node_id, name, "value_bigger_than_max",
                      _("“%s” of the node “%s” is %s, but must be at most %s."),
                      shown, title, text, limit);
}
