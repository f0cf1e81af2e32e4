/* SPDX-License-Identifier: GPL-3.0-or-later */

/* JSON from outside, kept and written exactly; comfy-json-read.c reads it.
 *
 * An integer above G_MAXINT64, which json-glib cannot hold, is kept as a string that begins with
 * U+FDD0, a code point that Unicode reserves for such internal use; the writer turns it into digits
 * again. */

#define G_LOG_DOMAIN "comfy-json"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-json-private.h"

#define BIG_MARK "\xEF\xB7\x90"
#define BIG_MARK_LENGTH 3

/* what a fault is called in the log */
static const char *const fault_names[] = {
  [COMFY_JSON_FINE] = "nothing",
  [COMFY_JSON_TOO_LONG] = "too long",
  [COMFY_JSON_NOT_UTF8] = "not UTF-8",
  [COMFY_JSON_NUL] = "a NUL character",
  [COMFY_JSON_EMPTY] = "empty",
  [COMFY_JSON_ROOT] = "neither an object nor an array",
  [COMFY_JSON_SYNTAX] = "not JSON",
  [COMFY_JSON_ENDS_EARLY] = "ends too early",
  [COMFY_JSON_NUMBER] = "a number that cannot be kept",
  [COMFY_JSON_DEPTH] = "nested too deeply",
  [COMFY_JSON_MEMBERS] = "too many members",
  [COMFY_JSON_TOO_MUCH] = "more than is kept",
};

/**
 * comfy_json_fault_dup_detail:
 *
 * Returns: (transfer full): what is wrong and where, for the log
 */
char *
comfy_json_fault_dup_detail (const ComfyJsonFault *fault)
{
  return g_strdup_printf ("%s in line %u, column %u%s%s", fault_names[fault->kind], fault->line,
                          fault->column, *fault->number != '\0' ? ": " : "", fault->number);
}

/**
 * comfy_json_read:
 * @text: JSON text, not necessarily terminated
 * @length: bytes of @text
 * @max_bytes: longer texts are refused before anything is allocated
 * @max_depth: of objects and arrays, at least 1
 *
 * Reads a document as comfy_json_read_by() does, without further limits.
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
  const ComfyJsonRules rules = { .max_bytes = max_bytes, .max_depth = max_depth };
  g_autofree char *detail = NULL;
  ComfyJsonFault fault;
  JsonNode *root = comfy_json_read_by (text, length, &rules, &fault);

  if (root != NULL)
    return root;

  detail = comfy_json_fault_dup_detail (&fault);
  if (fault.kind == COMFY_JSON_TOO_LONG)
    comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                     _("A document of %" G_GSIZE_FORMAT " bytes is larger than is read here."),
                     length);
  else
    comfy_set_error (error, COMFY_ERROR_PROTOCOL, detail,
                     _("This is not a JSON document that can be read."));

  return NULL;
}

static void
write_string (GString    *text,
              const char *string)
{
  const char *p = string;

  g_string_append_c (text, '"');
  while (*p != '\0')
    {
      const char *start = p;

      while ((unsigned char) *p >= 0x20 && *p != '"' && *p != '\\')
        p++;
      g_string_append_len (text, start, p - start);

      if (*p == '"' || *p == '\\')
        g_string_append_printf (text, "\\%c", *p++);
      else if (*p == '\n' && p++)
        g_string_append (text, "\\n");
      else if (*p != '\0')
        g_string_append_printf (text, "\\u%04x", *p++);
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

static JsonNode *
copy_object (JsonObject *object)
{
  JsonNode *copy = json_node_new (JSON_NODE_OBJECT);
  JsonObject *copied = json_object_new ();
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &member, &value))
    json_object_set_member (copied, member, comfy_json_copy (value));
  json_node_take_object (copy, copied);

  return copy;
}

/**
 * comfy_json_copy:
 * @node: a node as comfy_json_read() makes them; its depth is limited, so this may recurse
 *
 * Returns: (transfer full): the same, which shares nothing with @node that could be changed;
 *   json_node_copy() shares objects and arrays
 */
JsonNode *
comfy_json_copy (JsonNode *node)
{
  JsonNode *copy;
  JsonArray *array;
  JsonArray *copied;

  if (JSON_NODE_HOLDS_OBJECT (node))
    return copy_object (json_node_get_object (node));
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return json_node_copy (node);

  array = json_node_get_array (node);
  copied = json_array_sized_new (json_array_get_length (array));
  for (unsigned int i = 0; i < json_array_get_length (array); i++)
    json_array_add_element (copied, comfy_json_copy (json_array_get_element (array, i)));
  copy = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (copy, copied);

  return copy;
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
