/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON from outside, read exactly, in one pass over the text.
 *
 * json-glib's own parser is not enough: it keeps integers in a gint64 and clamps what is larger,
 * while seeds of ComfyUI go up to 2^64 - 1; it accepts comments, assignments, several roots and
 * other things that JSON does not have; it says of a mistake neither what nor where; and nothing
 * bounds what a file of a few megabytes makes it allocate.
 */
#define G_LOG_DOMAIN "comfy-json"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "comfy-json-scan-private.h"

/* what values cost in memory, in cells of about 100 bytes: a JsonObject is a hash table */
#define CELLS_OF_OBJECT 8
#define CELLS_OF_ARRAY 2

/* so many names of one object may have the same hash by chance */
#define MAX_SAME_HASH 8
#define MIN_CHECKED_MEMBERS 16

typedef struct
{
  ComfyJsonScan         scan;
  const ComfyJsonRules *rules;
  unsigned int          depth;
  guint64               n_cells;
  guint64               n_pairs; /* of names of one object, all objects together */
} Reader;

static JsonNode *read_value (Reader *self);

static gboolean
pay (Reader       *self,
     unsigned int  n_cells)
{
  self->n_cells += n_cells;

  return self->rules->max_cells == 0 || self->n_cells <= self->rules->max_cells
         || _comfy_json_scan_fail (&self->scan, COMFY_JSON_TOO_MUCH);
}

static int
compare_hashes (const void *a,
                const void *b)
{
  unsigned int left = *(const unsigned int *) a;
  unsigned int right = *(const unsigned int *) b;

  return left < right ? -1 : left > right;
}

/* Whether names were chosen to have the same hash: every look-up in such an object is slow */
static gboolean
has_crafted_names (JsonObject *object)
{
  unsigned int n_members = json_object_get_size (object);
  g_autofree unsigned int *hashes = g_new (unsigned int, n_members);
  JsonObjectIter iter;
  const char *name;
  unsigned int n = 0;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, NULL))
    hashes[n++] = g_str_hash (name);

  qsort (hashes, n, sizeof *hashes, compare_hashes);
  for (unsigned int i = MAX_SAME_HASH; i < n; i++)
    if (hashes[i] == hashes[i - MAX_SAME_HASH])
      return TRUE;

  return FALSE;
}

/* Bounds what the members of objects cost, with names as bad for a hash table as they can be */
static gboolean
check_members (Reader     *self,
               JsonObject *object)
{
  guint64 max = self->rules->max_members;
  unsigned int n = json_object_get_size (object);

  if (max == 0)
    return TRUE;

  self->n_pairs += n;
  if (n > max)
    return _comfy_json_scan_fail (&self->scan, COMFY_JSON_MEMBERS);
  if (self->n_pairs > max * max
      || (n >= MIN_CHECKED_MEMBERS && (n & (n - 1)) == 0 && has_crafted_names (object)))
    return _comfy_json_scan_fail (&self->scan, COMFY_JSON_TOO_MUCH);

  return TRUE;
}

static void
note_repeated (Reader     *self,
               JsonObject *object,
               const char *name)
{
  if (self->rules->repeated != NULL && !g_hash_table_contains (self->rules->repeated, object))
    g_hash_table_insert (self->rules->repeated, json_object_ref (object), g_strdup (name));
}

static gboolean
read_member (Reader     *self,
             JsonObject *object)
{
  unsigned int n_before = json_object_get_size (object);
  const char *name;
  JsonNode *value;

  if (_comfy_json_scan_peek (&self->scan) != '"')
    return _comfy_json_scan_fail_unexpected (&self->scan);
  if ((name = _comfy_json_scan_string (&self->scan)) == NULL)
    return FALSE;
  if (!_comfy_json_scan_take (&self->scan, ':'))
    return _comfy_json_scan_fail_unexpected (&self->scan);
  if ((value = read_value (self)) == NULL)
    return FALSE;

  json_object_set_member (object, name, value);
  if (json_object_get_size (object) == n_before)
    note_repeated (self, object, name);

  return check_members (self, object);
}

static gboolean
read_members (Reader     *self,
              JsonObject *object)
{
  if (_comfy_json_scan_take (&self->scan, '}'))
    return TRUE;

  do
    if (!read_member (self, object))
      return FALSE;
  while (_comfy_json_scan_take (&self->scan, ','));

  return _comfy_json_scan_take (&self->scan, '}') || _comfy_json_scan_fail_unexpected (&self->scan);
}

static gboolean
read_elements (Reader    *self,
               JsonArray *array)
{
  JsonNode *value;

  if (_comfy_json_scan_take (&self->scan, ']'))
    return TRUE;

  do
    {
      if ((value = read_value (self)) == NULL)
        return FALSE;
      json_array_add_element (array, value);
    }
  while (_comfy_json_scan_take (&self->scan, ','));

  return _comfy_json_scan_take (&self->scan, ']') || _comfy_json_scan_fail_unexpected (&self->scan);
}

/* @self stands at the bracket */
static JsonNode *
read_container (Reader *self)
{
  g_autoptr(JsonNode) node = json_node_alloc ();
  gboolean is_object = *self->scan.p == '{';

  if (self->depth >= self->rules->max_depth)
    {
      _comfy_json_scan_fail (&self->scan, COMFY_JSON_DEPTH);
      return NULL;
    }

  self->depth++;
  self->scan.p++;
  if (is_object)
    {
      g_autoptr(JsonObject) object = json_object_new ();

      json_node_init_object (node, object);
      if (!pay (self, CELLS_OF_OBJECT) || !read_members (self, object))
        return NULL;
    }
  else
    {
      g_autoptr(JsonArray) array = json_array_new ();

      json_node_init_array (node, array);
      if (!pay (self, CELLS_OF_ARRAY) || !read_elements (self, array))
        return NULL;
    }
  self->depth--;

  return g_steal_pointer (&node);
}

static JsonNode *
read_word (Reader *self)
{
  static const struct { const char *word; JsonNodeType type; gboolean value; } words[] = {
    { "true", JSON_NODE_VALUE, TRUE },
    { "false", JSON_NODE_VALUE, FALSE },
    { "null", JSON_NODE_NULL, FALSE },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (self->scan.p, words[i].word))
      {
        self->scan.p += strlen (words[i].word);
        return words[i].type == JSON_NODE_NULL
                 ? json_node_new (JSON_NODE_NULL)
                 : json_node_init_boolean (json_node_alloc (), words[i].value);
      }

  _comfy_json_scan_fail_unexpected (&self->scan);
  return NULL;
}

static JsonNode *
read_value (Reader *self)
{
  const char *string;
  char c = _comfy_json_scan_peek (&self->scan);

  if (c == '{' || c == '[')
    return read_container (self);
  if (!pay (self, 1))
    return NULL;
  if (c == '-' || g_ascii_isdigit (c) || c == 'N' || c == 'I')
    return _comfy_json_scan_number (&self->scan, self->rules->not_finite_is_null);
  if (c != '"')
    return read_word (self);
  if ((string = _comfy_json_scan_string (&self->scan)) == NULL)
    return NULL;

  return json_node_init_string (json_node_alloc (), string);
}

static gboolean
check_root (Reader   *self,
            JsonNode *root)
{
  if (_comfy_json_scan_peek (&self->scan) != '\0')
    return _comfy_json_scan_fail (&self->scan, COMFY_JSON_SYNTAX);
  if (!JSON_NODE_HOLDS_OBJECT (root) && !JSON_NODE_HOLDS_ARRAY (root))
    return _comfy_json_scan_fail (&self->scan, COMFY_JSON_ROOT);

  return TRUE;
}

static JsonNode *
read_document (Reader *self)
{
  g_autoptr(JsonNode) root = NULL;

  if (_comfy_json_scan_peek (&self->scan) == '\0')
    _comfy_json_scan_fail (&self->scan, COMFY_JSON_EMPTY);
  else
    root = read_value (self);

  return root != NULL && check_root (self, root) ? g_steal_pointer (&root) : NULL;
}

/**
 * comfy_json_repeated_new:
 *
 * Returns: (transfer full): an empty table for ComfyJsonRules.repeated
 */
GHashTable *
comfy_json_repeated_new (void)
{
  return g_hash_table_new_full (NULL, NULL, (GDestroyNotify) json_object_unref, g_free);
}

/* Says where in @text the fault is. What is before it is UTF-8 */
static void
locate (ComfyJsonFault *fault,
        const char     *text)
{
  const char *line = text;
  const char *place = text + fault->offset;
  const char *end;

  for (fault->line = 1; (end = memchr (line, '\n', place - line)) != NULL; fault->line++)
    line = end + 1;

  fault->column = 1 + (unsigned int) g_utf8_strlen (line, place - line);
}

/**
 * comfy_json_read_by:
 * @text: JSON text, not necessarily terminated
 * @length: bytes of @text
 * @rules: what is allowed
 * @fault: (out): what is wrong, and where
 *
 * Reads a document from outside: RFC 8259 to the letter but for what @rules say, every integer from
 * G_MININT64 to G_MAXUINT64 exact, no number beyond a double. Of several members of one name the
 * last one wins. A document that is not an object or array at its root is refused.
 *
 * Returns: (transfer full) (nullable): the root, %NULL when @fault tells why not
 */
JsonNode *
comfy_json_read_by (const char           *text,
                    gsize                 length,
                    const ComfyJsonRules *rules,
                    ComfyJsonFault       *fault)
{
  g_autofree char *copy = NULL;
  const char *end;
  Reader reader = { .rules = rules, .scan.fault = fault };
  JsonNode *root = NULL;

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (rules->max_depth > 0, NULL);

  *fault = (ComfyJsonFault) { COMFY_JSON_FINE };
  if (length == 0)
    text = "";

  if (length > rules->max_bytes)
    {
      fault->kind = COMFY_JSON_TOO_LONG;
    }
  else if (!g_utf8_validate_len (text, length, &end))
    {
      fault->kind = *end == '\0' ? COMFY_JSON_NUL : COMFY_JSON_NOT_UTF8;
      fault->offset = end - text;
    }
  else
    {
      reader.scan.text = reader.scan.p = copy = g_malloc (length + 1);
      memcpy (copy, text, length);
      copy[length] = '\0';
      root = read_document (&reader);
    }

  locate (fault, text);
  return root;
}
