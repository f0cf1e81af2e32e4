/* SPDX-License-Identifier: GPL-3.0-or-later */

/* JSON from outside, read and written exactly.
 *
 * json-glib alone is not enough for three reasons: it keeps integers in a gint64 and clamps what is
 * larger, while seeds of ComfyUI go up to 2^64 - 1; old versions parse by unlimited recursion; and
 * it accepts comments, assignments, several roots and other things that JSON does not have. One
 * pass over the text deals with all of it before json-glib sees it.
 *
 * An integer above G_MAXINT64 is kept as a string that begins with U+FDD0, a code point that
 * Unicode reserves for such internal use; the writer turns it into digits again. */

#define G_LOG_DOMAIN "comfy-json"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-json-private.h"

#define BIG_MARK "\xEF\xB7\x90"
#define BIG_MARK_LENGTH 3

/* what may stand outside of strings and numbers */
#define PLAIN_CHARS "truefalsn{}[]:, \t\r\n"

static void
set_bad_json (GError    **error,
              const char *detail)
{
  comfy_set_error (error, COMFY_ERROR_PROTOCOL, detail,
                   _("This is not a JSON document that can be read."));
}

/* Returns the position after the closing quote, or %NULL. "\u0000" is refused too: behind it a C
 * string would be cut off in silence. */
static const char *
skip_string (const char *p,
             const char *end)
{
  for (p++; p < end; p++)
    {
      if (*p == '"')
        return p + 1;
      if ((unsigned char) *p < 0x20)
        return NULL;
      if (*p == '\\' && end - p > 5 && memcmp (p, "\\u0000", 6) == 0)
        return NULL;
      /* json-glib takes an unknown escape for the character itself */
      if (*p == '\\' && (end - p < 2 || p[1] == '\0' || strchr ("\"\\/bfnrtu", p[1]) == NULL))
        return NULL;
      if (*p == '\\')
        p++;
    }

  return NULL;
}

/* Copies one number to @text; an integer that json-glib would clamp is marked on the way. */
static gboolean
copy_number (GString     *text,
             const char **position,
             const char  *end,
             GError     **error)
{
  const char *p = *position;
  gboolean is_integer = TRUE;
  gboolean fits = TRUE;
  g_autofree char *number = NULL;
  guint64 value = 0;

  for (; p < end && *p != '\0' && strchr ("0123456789+-.eE", *p) != NULL; p++)
    if (*p == '.' || *p == 'e' || *p == 'E')
      is_integer = FALSE;

  number = g_strndup (*position, p - *position);
  *position = p;

  /* what is short fits anyway, and json-glib judges its spelling */
  if (!is_integer)
    fits = isfinite (g_ascii_strtod (number, NULL));
  else if (strlen (number) > 18 && number[0] == '-')
    fits = g_ascii_string_to_signed (number, 10, G_MININT64, G_MAXINT64, NULL, NULL);
  else if (strlen (number) > 18)
    fits = g_ascii_string_to_unsigned (number, 10, 0, G_MAXUINT64, &value, NULL);

  if (!fits)
    set_bad_json (error, "a number is too large");
  else if (value > G_MAXINT64)
    g_string_append_printf (text, "\"" BIG_MARK "%" G_GUINT64_FORMAT "\"", value);
  else
    g_string_append (text, number);

  return fits;
}

static gboolean
copy_string (GString     *text,
             const char **position,
             const char  *end,
             GError     **error)
{
  const char *after = skip_string (*position, end);

  if (after == NULL)
    {
      set_bad_json (error, "a string does not end, or holds a control character");
      return FALSE;
    }

  g_string_append_len (text, *position, after - *position);
  *position = after;
  return TRUE;
}

/* The pass of the comment above. Returns @text with large integers marked, or %NULL. */
static GString *
prepare (const char    *text,
         gsize          length,
         unsigned int   max_depth,
         GError       **error)
{
  g_autoptr(GString) prepared = g_string_sized_new (length + 64);
  const char *p = text;
  const char *end = text + length;
  unsigned int depth = 0;
  gboolean begun = FALSE;

  while (p < end)
    {
      if (begun && depth == 0 && !g_ascii_isspace (*p))
        {
          set_bad_json (error, "something follows the document");
          return NULL;
        }

      if (*p == '"')
        {
          if (!copy_string (prepared, &p, end, error))
            return NULL;
        }
      else if (g_ascii_isdigit (*p) || *p == '-')
        {
          if (!copy_number (prepared, &p, end, error))
            return NULL;
        }
      else if (*p == '\0' || strchr (PLAIN_CHARS, *p) == NULL)
        {
          set_bad_json (error, "a character outside of strings is not JSON");
          return NULL;
        }
      else
        {
          if (*p == '{' || *p == '[')
            {
              begun = TRUE;
              depth++;
            }
          if (depth > max_depth || ((*p == '}' || *p == ']') && depth-- == 0))
            {
              set_bad_json (error, "nested too deeply, or a bracket closes nothing");
              return NULL;
            }
          g_string_append_c (prepared, *p++);
        }
    }

  return g_steal_pointer (&prepared);
}

/**
 * comfy_json_read:
 * @text: JSON text, not necessarily terminated
 * @length: bytes of @text
 * @max_bytes: longer texts are refused before anything is allocated
 * @max_depth: of objects and arrays, at least 1
 *
 * Reads a document from outside: RFC 8259 to the letter but for duplicate members (the last one
 * wins), every integer from G_MININT64 to G_MAXUINT64 exact, no number beyond a double. A document
 * that is not an object or array at its root is refused.
 *
 * Returns: (transfer full): the root
 *
 * Errors: %COMFY_ERROR_TOO_LARGE, %COMFY_ERROR_PROTOCOL
 */
JsonNode *
comfy_json_read (const char    *text,
                 gsize          length,
                 gsize          max_bytes,
                 unsigned int   max_depth,
                 GError       **error)
{
  g_autoptr(JsonParser) parser = NULL;
  g_autoptr(GString) prepared = NULL;
  g_autoptr(GError) foreign = NULL;
  JsonNode *root;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  if (length > max_bytes)
    {
      comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                       _("A document of %" G_GSIZE_FORMAT " bytes is larger than is read here."),
                       length);
      return NULL;
    }

  if (length == 0)
    text = "";

  if (!g_utf8_validate_len (text, length, NULL))
    {
      set_bad_json (error, "not UTF-8");
      return NULL;
    }

  if ((prepared = prepare (text, length, max_depth, error)) == NULL)
    return NULL;

  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, prepared->str, prepared->len, &foreign))
    {
      set_bad_json (error, foreign->message);
      return NULL;
    }

  root = json_parser_get_root (parser);
  if (root == NULL || JSON_NODE_HOLDS_VALUE (root) || JSON_NODE_HOLDS_NULL (root))
    {
      set_bad_json (error, "neither an object nor an array");
      return NULL;
    }

  return json_parser_steal_root (parser);
}

static void
write_string (GString    *text,
              const char *string)
{
  g_string_append_c (text, '"');
  for (const char *p = string; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_c (text, '\\');

      if (*p == '\n')
        g_string_append (text, "\\n");
      else if ((unsigned char) *p < 0x20)
        g_string_append_printf (text, "\\u%04x", *p);
      else
        g_string_append_c (text, *p);
    }
  g_string_append_c (text, '"');
}

/* The shortest text that reads back as the same double, always with a point or exponent so that
 * it stays one. */
static void
write_double (GString *text,
              double   value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_assert (isfinite (value));

  g_ascii_formatd (buffer, sizeof buffer, "%.15g", value);
  if (g_ascii_strtod (buffer, NULL) != value)
    g_ascii_formatd (buffer, sizeof buffer, "%.17g", value);

  g_string_append (text, buffer);
  if (strpbrk (buffer, ".e") == NULL)
    g_string_append (text, ".0");
}

static void
write_value (GString  *text,
             JsonNode *node)
{
  GType type = json_node_get_value_type (node);
  guint64 big;

  if (comfy_json_node_get_uint64 (node, &big) && big > G_MAXINT64)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT, big);
  else if (type == G_TYPE_STRING)
    write_string (text, json_node_get_string (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (text, json_node_get_boolean (node) ? "true" : "false");
  else if (type == G_TYPE_DOUBLE)
    write_double (text, json_node_get_double (node));
  else
    g_string_append_printf (text, "%" G_GINT64_FORMAT, json_node_get_int (node));
}

/**
 * comfy_json_write:
 * @text: where to append
 * @node: a node as comfy_json_read() makes them; its depth is limited, so this may recurse
 *
 * Writes @node without white space, members in their order: the same node gives the same bytes.
 */
void
comfy_json_write (GString  *text,
                  JsonNode *node)
{
  const char *separator = "";

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      const char *member;
      JsonNode *value;

      g_string_append_c (text, '{');
      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &member, &value))
        {
          g_string_append (text, separator);
          write_string (text, member);
          g_string_append_c (text, ':');
          comfy_json_write (text, value);
          separator = ",";
        }
      g_string_append_c (text, '}');
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      g_string_append_c (text, '[');
      for (unsigned int i = 0; i < json_array_get_length (array); i++)
        {
          g_string_append (text, separator);
          comfy_json_write (text, json_array_get_element (array, i));
          separator = ",";
        }
      g_string_append_c (text, ']');
    }
  else if (JSON_NODE_HOLDS_NULL (node))
    g_string_append (text, "null");
  else
    write_value (text, node);
}

/**
 * comfy_json_node_new_uint64:
 *
 * Returns: (transfer full): a node that comfy_json_write() writes as exactly @value
 */
JsonNode *
comfy_json_node_new_uint64 (guint64 value)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  if (value <= G_MAXINT64)
    {
      json_node_set_int (node, (gint64) value);
    }
  else
    {
      g_autofree char *marked = g_strdup_printf (BIG_MARK "%" G_GUINT64_FORMAT, value);

      json_node_set_string (node, marked);
    }

  return node;
}

/**
 * comfy_json_node_get_uint64:
 * @value: (out): the integer
 *
 * Returns: whether @node is an integer from 0 to G_MAXUINT64
 */
gboolean
comfy_json_node_get_uint64 (JsonNode *node,
                            guint64  *value)
{
  const char *string;

  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;

  if (json_node_get_value_type (node) == G_TYPE_INT64)
    {
      *value = (guint64) json_node_get_int (node);
      return json_node_get_int (node) >= 0;
    }

  string = json_node_get_string (node);
  return string != NULL && g_str_has_prefix (string, BIG_MARK)
         && g_ascii_string_to_unsigned (string + BIG_MARK_LENGTH, 10, 0, G_MAXUINT64, value, NULL);
}

/**
 * comfy_json_node_is_string:
 *
 * Returns: whether @node is a string, and not a large integer kept as one
 */
gboolean
comfy_json_node_is_string (JsonNode *node)
{
  guint64 big;

  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
         && !comfy_json_node_get_uint64 (node, &big);
}
