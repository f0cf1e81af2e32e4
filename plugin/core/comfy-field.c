/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a value of a field may be, and how it gets into a graph. Reading fields from data is in
 * comfy-field-read.c.
 */
#define G_LOG_DOMAIN "comfy-field"

#include "config.h"

#include <math.h>
#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-field-private.h"

#define MAX_LINE 500 /* characters: the longest of what comes with the program has 340 */

static const char * const formats[] = { "s", "x", "d", "b", "s", "mt", "(ii)", "(iiii)", "s" };
G_STATIC_ASSERT (G_N_ELEMENTS (formats) == COMFY_FIELD_PICTURE + 1);

static double
on_step (const ComfyField *self,
         double            number)
{
  double stepped = number;

  if (self->step > 0)
    stepped = self->min + round ((number - self->min) / self->step) * self->step;

  /* 57 times 0.01 is not quite 0.57 */
  if (fabs (stepped - number) <= 1e-6 * self->step)
    stepped = number;
  /* the largest value on the step may lie below the maximum */
  if (stepped > self->max && self->step > 0)
    stepped -= self->step;

  return CLAMP (stepped, self->min, self->max);
}

/* an edge on the step: sizes are multiples of the step itself, not counted from the minimum */
static int
edge_on_step (const ComfyField *self,
              int               edge)
{
  int step = MAX (1, (int) self->step);
  int first = ((int) self->min + step - 1) / step;
  int last = (int) self->max / step;

  return CLAMP ((int) round ((double) edge / step), first, last) * step;
}

/*
 * _comfy_field_is_choice:
 * @self: a field with choices
 * @id: (nullable): what may be one
 *
 * Returns: whether the artist could have chosen it
 */
gboolean
_comfy_field_is_choice (const ComfyField *self,
                        const char       *id)
{
  for (unsigned int i = 0; i < self->choices->len; i++)
    {
      const ComfyChoice *choice = g_ptr_array_index (self->choices, i);

      if (g_strcmp0 (choice->id, id) == 0)
        return TRUE;
    }

  return FALSE;
}

static GVariant *
sanitize_size (const ComfyField *self,
               GVariant         *value)
{
  int width;
  int height;

  g_variant_get (value, "(ii)", &width, &height);
  if (width <= 0 || height <= 0)
    return self->image_area > 0 ? g_variant_new ("(ii)", 0, 0) : g_variant_ref (self->fallback);

  return g_variant_new ("(ii)", edge_on_step (self, width), edge_on_step (self, height));
}

static GVariant *
sanitize_seed (const ComfyField *self,
               GVariant         *value)
{
  g_autoptr(GVariant) seed = g_variant_get_maybe (value);

  if (seed == NULL || g_variant_get_uint64 (seed) <= self->seed_max)
    return g_variant_ref (value);

  return g_variant_new_maybe (G_VARIANT_TYPE_UINT64, g_variant_new_uint64 (self->seed_max));
}

static GVariant *
sanitize_picture (const ComfyField *self,
                  GVariant         *value)
{
  g_autoptr(ComfyBinding) binding = comfy_binding_parse (g_variant_get_string (value, NULL), NULL);

  return g_variant_ref (binding != NULL ? value : self->fallback);
}

static GVariant *
sanitize_edges (const ComfyField *self,
                GVariant         *value)
{
  int max = (int) self->max;
  int left;
  int top;
  int right;
  int bottom;

  g_variant_get (value, "(iiii)", &left, &top, &right, &bottom);

  return g_variant_new ("(iiii)", CLAMP (left, 0, max), CLAMP (top, 0, max),
                        CLAMP (right, 0, max), CLAMP (bottom, 0, max));
}

/* floating or not: the caller sinks */
static GVariant *
sanitize (const ComfyField *self,
          GVariant         *value)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE (formats[self->type])))
    return g_variant_ref (self->fallback);

  switch (self->type)
    {
    case COMFY_FIELD_INT:
      return g_variant_new_int64 ((gint64) on_step (self, (double) g_variant_get_int64 (value)));

    case COMFY_FIELD_DOUBLE:
      if (!isfinite (g_variant_get_double (value)))
        return g_variant_ref (self->fallback);
      return g_variant_new_double (on_step (self, g_variant_get_double (value)));

    case COMFY_FIELD_CHOICE:
      if (!_comfy_field_is_choice (self, g_variant_get_string (value, NULL)))
        return g_variant_ref (self->fallback);
      return g_variant_ref (value);

    case COMFY_FIELD_SIZE:
      return sanitize_size (self, value);

    case COMFY_FIELD_EDGES:
      return sanitize_edges (self, value);

    case COMFY_FIELD_PICTURE:
      return sanitize_picture (self, value);

    case COMFY_FIELD_SEED:
      return sanitize_seed (self, value);

    case COMFY_FIELD_TEXT:
    case COMFY_FIELD_BOOLEAN:
    default:
      return g_variant_ref (value);
    }
}

/**
 * comfy_field_sanitize:
 * @self: a field
 * @value: a value of any type; consumed when floating
 *
 * Makes a value one that the field takes: numbers are clamped to the range and put on the step,
 * edges of a size become multiples of the step; an unknown choice, a number that is none and a
 * value of another type become the default.
 *
 * Returns: (transfer full): a value of the field type's format
 */
GVariant *
comfy_field_sanitize (const ComfyField *self,
                      GVariant         *value)
{
  g_autoptr(GVariant) owned = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (value != NULL, NULL);

  owned = g_variant_ref_sink (value);

  return g_variant_take_ref (sanitize (self, owned));
}

/**
 * comfy_field_is_left:
 * @self: a field
 * @value: a sane value of it
 *
 * Returns: whether @value says nothing, so that what the graph says stays
 */
gboolean
comfy_field_is_left (const ComfyField *self,
                     GVariant         *value)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!self->optional)
    return FALSE;

  switch (self->type)
    {
    case COMFY_FIELD_TEXT:
      return comfy_field_is_blank (g_variant_get_string (value, NULL));

    case COMFY_FIELD_INT:
      return g_variant_get_int64 (value) == 0;

    case COMFY_FIELD_DOUBLE:
      return g_variant_get_double (value) == 0.0;

    case COMFY_FIELD_BOOLEAN:
    case COMFY_FIELD_CHOICE:
    case COMFY_FIELD_SEED:
    case COMFY_FIELD_SIZE:
    case COMFY_FIELD_EDGES:
    case COMFY_FIELD_PICTURE:
    default:
      return FALSE;
    }
}

/**
 * comfy_field_is_blank:
 * @text: UTF-8
 *
 * Returns: whether there is nothing to read in @text
 */
gboolean
comfy_field_is_blank (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;

  return TRUE;
}

/* what ends a line, or turns the direction of what stands around it */
static gboolean
is_out_of_line (gunichar c)
{
  return g_unichar_iscntrl (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)
         || c == 0x2028 || c == 0x2029;
}

/**
 * comfy_field_dup_line:
 * @text: UTF-8 of any length, from anybody's file
 *
 * Returns: (transfer full): @text as a label, a tooltip or a menu may show it: on one line, at most
 *   500 characters
 */
char *
comfy_field_dup_line (const char *text)
{
  GString      *line = g_string_new (NULL);
  unsigned int  n = 0;

  for (; *text != '\0' && n < MAX_LINE; text = g_utf8_next_char (text), n++)
    {
      gunichar c = g_utf8_get_char (text);

      g_string_append_unichar (line, is_out_of_line (c) ? ' ' : c);
    }
  if (*text != '\0')
    g_string_append (line, "…");

  return g_string_free (line, FALSE);
}

/**
 * comfy_field_draw_seed:
 * @max: the largest that is wanted
 *
 * Returns: one of 0…@max, each as likely as the other but for the remainder of a division of 2^64
 */
guint64
comfy_field_draw_seed (guint64 max)
{
  guint64 drawn = ((guint64) g_random_int () << 32) | g_random_int ();

  return max == G_MAXUINT64 ? drawn : drawn % (max + 1);
}

/**
 * comfy_field_parse_seed:
 * @text: (nullable): decimal digits; blank, "random" and "-1" ask for a new seed
 *
 * Reads a seed as scripts give it: 64 bits do not fit into a number of GIMP's procedure database.
 *
 * Returns: (transfer full): a value of format "mt"
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT
 */
GVariant *
comfy_field_parse_seed (const char  *text,
                        GError     **error)
{
  g_autofree char   *trimmed = g_strstrip (g_strdup (text != NULL ? text : ""));
  g_autoptr(GError)  local = NULL;
  guint64            seed;

  if (*trimmed == '\0' || g_str_equal (trimmed, "-1") || g_str_equal (trimmed, "random"))
    return g_variant_ref_sink (g_variant_new_maybe (G_VARIANT_TYPE_UINT64, NULL));

  if (!g_ascii_string_to_unsigned (trimmed, 10, 0, G_MAXUINT64, &seed, &local))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, local->message,
                       _("The seed “%s” is not a whole number from 0 to 18446744073709551615."),
                       trimmed);
      return NULL;
    }

  return g_variant_ref_sink (g_variant_new_maybe (G_VARIANT_TYPE_UINT64,
                                                  g_variant_new_uint64 (seed)));
}

static gboolean
apply_size (GVariant           *value,
            const ComfyTarget  *targets,
            ComfyWorkflow      *graph,
            GError            **error)
{
  int width;
  int height;

  g_variant_get (value, "(ii)", &width, &height);

  return comfy_workflow_set_int (graph, targets[0].node, targets[0].input, width, error)
         && comfy_workflow_set_int (graph, targets[1].node, targets[1].input, height, error);
}

/* what the model is told: words instead of none, where the action has some for that */
static const char *
get_words (const ComfyField *self,
           GVariant         *value)
{
  const char *text = g_variant_get_string (value, NULL);

  return self->when_blank != NULL && comfy_field_is_blank (text) ? self->when_blank : text;
}

/**
 * _comfy_field_apply:
 * @self: a field
 * @value: a sane value, with nothing left open: a seed is a number, a size is in px
 * @targets: where it goes: one, for a size two
 * @graph: changed
 *
 * Returns: whether the graph has the inputs
 *
 * Errors: those of comfy_workflow_set_string()
 */
gboolean
_comfy_field_apply (const ComfyField   *self,
                    GVariant           *value,
                    const ComfyTarget  *targets,
                    ComfyWorkflow      *graph,
                    GError            **error)
{
  const char          *node = targets[0].node;
  const char          *input = targets[0].input;
  g_autoptr(GVariant)  seed = NULL;

  switch (self->type)
    {
    case COMFY_FIELD_INT:
      return comfy_workflow_set_int (graph, node, input, g_variant_get_int64 (value), error);

    case COMFY_FIELD_DOUBLE:
      return comfy_workflow_set_double (graph, node, input, g_variant_get_double (value), error);

    case COMFY_FIELD_BOOLEAN:
      return comfy_workflow_set_boolean (graph, node, input, g_variant_get_boolean (value), error);

    case COMFY_FIELD_SEED:
      seed = g_variant_get_maybe (value);
      g_return_val_if_fail (seed != NULL, FALSE);
      return comfy_workflow_set_uint64 (graph, node, input, g_variant_get_uint64 (seed), error);

    case COMFY_FIELD_SIZE:
      return apply_size (value, targets, graph, error);

    case COMFY_FIELD_TEXT:
      return comfy_workflow_set_string (graph, node, input, get_words (self, value), error);

    case COMFY_FIELD_CHOICE:
      return comfy_workflow_set_string (graph, node, input, g_variant_get_string (value, NULL),
                                        error);

    case COMFY_FIELD_PICTURE:
      /* the name of the file is known once it is uploaded */
      return TRUE;

    case COMFY_FIELD_EDGES:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/**
 * _comfy_field_free:
 * @self: (transfer full) (nullable): a field
 */
void
_comfy_field_free (ComfyField *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->label);
  g_free (self->group);
  g_free (self->hint);
  g_free (self->placeholder);
  g_free (self->when_blank);
  g_clear_pointer (&self->fallback, g_variant_unref);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  g_clear_pointer (&self->presets, g_array_unref);
  g_free (self);
}
