/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Holds answers against responses.json. A path has "*" for one segment and, at its end, "**" for
 * any number. A shape is a JSON object whose members are all that may be there, those with "?" need
 * not; each says what it may be: a type, 'a word', [a type] for an array, or another shape, several with
 * " | " between. Shapes for what is no JSON: none, bytes, page, xml, stream, redirect. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "sandbox-responses.h"

struct _SandboxResponses
{
  JsonNode   *root;
  JsonObject *shapes;     /* no-ref */
  JsonArray  *responses;  /* no-ref: of [method, path, statuses, shapes] */
};

/**
 * sandbox_responses_new:
 * @path: of responses.json
 *
 * Returns: (transfer full): the table, or %NULL with an error
 */
SandboxResponses *
sandbox_responses_new (const char  *path,
                       GError     **error)
{
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) root = NULL;
  SandboxResponses *self;

  if (!g_file_get_contents (path, &text, NULL, error)
      || (root = json_from_string (text, error)) == NULL)
    return NULL;

  self = g_new0 (SandboxResponses, 1);
  self->root = g_steal_pointer (&root);
  self->shapes = json_object_get_object_member (json_node_get_object (self->root), "shapes");
  self->responses = json_object_get_array_member (json_node_get_object (self->root), "responses");

  return self;
}

void
sandbox_responses_free (SandboxResponses *self)
{
  json_node_unref (self->root);
  g_free (self);
}

static gboolean
path_fits (const char *pattern,
           const char *path)
{
  g_auto(GStrv) expected = g_strsplit (pattern, "/", -1);
  g_auto(GStrv) segments = g_strsplit (path, "/", -1);
  unsigned int i;

  for (i = 0; expected[i] != NULL; i++)
    {
      if (g_str_equal (expected[i], "**"))
        return TRUE;
      if (segments[i] == NULL
          || (!g_str_equal (expected[i], "*") && !g_str_equal (expected[i], segments[i])))
        return FALSE;
    }

  return segments[i] == NULL;
}

static gboolean
is_one_of (const char   *statuses,
           unsigned int  status)
{
  g_autofree char *text = g_strdup_printf ("%u", status);
  g_auto(GStrv) all = g_strsplit (statuses, " ", -1);

  return *statuses == '\0' || g_strv_contains ((const char *const *) all, text);
}

static gboolean
row_fits (JsonArray    *row,
          const char   *method,
          const char   *path,
          unsigned int  status)
{
  const char *row_method = json_array_get_string_element (row, 0);

  return (g_str_equal (row_method, method)
          || (g_str_equal (row_method, "*") && !g_str_equal (method, "EVENT")))
         && path_fits (json_array_get_string_element (row, 1), path)
         && is_one_of (json_array_get_string_element (row, 2), status);
}

static gboolean
is_number (JsonNode *node,
           gboolean  whole)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || (!whole && type == G_TYPE_DOUBLE);
}

static gboolean
is_time (const char *text)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  return time != NULL;
}

/* Absolute, or from the root of the origin. */
static gboolean
is_uri (const char *text)
{
  return *text == '/' || g_uri_is_valid (text, G_URI_FLAGS_NONE, NULL);
}

/* → whether @type is a simple one; @fits: whether @node is of it */
static gboolean
check_simple (JsonNode   *node,
              const char *type,
              gboolean   *fits)
{
  GType value_type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node)
                                                  : G_TYPE_INVALID;
  const char *text = value_type == G_TYPE_STRING ? json_node_get_string (node) : NULL;

  if (g_str_equal (type, "null"))
    *fits = JSON_NODE_HOLDS_NULL (node);
  else if (g_str_equal (type, "string"))
    *fits = text != NULL;
  else if (g_str_equal (type, "boolean"))
    *fits = value_type == G_TYPE_BOOLEAN;
  else if (g_str_equal (type, "integer"))
    *fits = is_number (node, TRUE);
  else if (g_str_equal (type, "number"))
    *fits = is_number (node, FALSE);
  else if (g_str_equal (type, "fraction"))
    *fits = is_number (node, FALSE) && json_node_get_double (node) >= 0.0
            && json_node_get_double (node) <= 1.0;
  else if (g_str_equal (type, "time"))
    *fits = text != NULL && is_time (text);
  else if (g_str_equal (type, "uri"))
    *fits = text != NULL && is_uri (text);
  else if (g_str_equal (type, "object"))
    *fits = JSON_NODE_HOLDS_OBJECT (node);
  else if (*type == '\'')
    *fits = text != NULL && strlen (type) == strlen (text) + 2
            && strncmp (type + 1, text, strlen (text)) == 0;
  else
    return FALSE;

  return TRUE;
}

static char *check_types  (SandboxResponses *self,
                           JsonNode         *node,
                           const char       *types,
                           const char       *where);

/* → (nullable): what is wrong */
static char *
check_object (SandboxResponses *self,
              JsonNode         *node,
              JsonObject       *shape,
              const char       *where)
{
  g_autoptr(GList) expected = json_object_get_members (shape);
  g_autoptr(GList) present = NULL;
  g_autoptr(GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  char *problem = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return g_strdup_printf ("%s is no object", where);

  for (GList *l = expected; l != NULL && problem == NULL; l = l->next)
    {
      const char *member = l->data;
      gboolean optional = g_str_has_suffix (member, "?");
      char *name = g_strndup (member, strlen (member) - (optional ? 1 : 0));
      JsonNode *type = json_object_get_member (shape, member);
      JsonNode *value = json_object_get_member (json_node_get_object (node), name);
      g_autofree char *path = g_strconcat (where, ".", name, NULL);

      g_hash_table_add (known, name);
      if (value == NULL)
        problem = optional ? NULL : g_strdup_printf ("%s is missing", path);
      else if (JSON_NODE_HOLDS_OBJECT (type))
        problem = check_object (self, value, json_node_get_object (type), path);
      else
        problem = check_types (self, value, json_node_get_string (type), path);
    }

  present = json_object_get_members (json_node_get_object (node));
  for (GList *l = present; l != NULL && problem == NULL; l = l->next)
    if (!g_hash_table_contains (known, l->data))
      problem = g_strdup_printf ("%s.%s is not in the table", where, (const char *) l->data);

  return problem;
}

static char *
check_array (SandboxResponses *self,
             JsonNode         *node,
             const char       *type,
             const char       *where)
{
  g_autofree char *element = g_strndup (type + 1, strlen (type) - 2);
  JsonArray *array;
  char *problem = NULL;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return g_strdup_printf ("%s is no array", where);

  array = json_node_get_array (node);
  for (unsigned int i = 0; i < json_array_get_length (array) && problem == NULL; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s[%u]", where, i);

      problem = check_types (self, json_array_get_element (array, i), element, path);
    }

  return problem;
}

/* @types: "a | b"; one must fit. → (nullable): what is wrong with the last one */
static char *
check_types (SandboxResponses *self,
             JsonNode         *node,
             const char       *types,
             const char       *where)
{
  g_auto(GStrv) all = g_strsplit (types, " | ", -1);
  g_autofree char *problem = NULL;

  for (unsigned int i = 0; all[i] != NULL; i++)
    {
      gboolean fits = FALSE;

      g_clear_pointer (&problem, g_free);
      if (*all[i] == '[')
        problem = check_array (self, node, all[i], where);
      else if (!check_simple (node, all[i], &fits))
        problem = json_object_has_member (self->shapes, all[i])
                  ? check_object (self, node, json_object_get_object_member (self->shapes, all[i]),
                                  where)
                  : g_strdup_printf ("there is no shape called %s", all[i]);
      else if (!fits)
        problem = g_strdup_printf ("%s is not %s", where, types);

      if (problem == NULL)
        return NULL;
    }

  return g_steal_pointer (&problem);
}

/* → whether @shape is one of what is no JSON; @fits: whether the answer is of it */
static gboolean
check_other (const char *shape,
             const char *content_type,
             GBytes     *body,
             gboolean   *fits)
{
  if (g_str_equal (shape, "none") || g_str_equal (shape, "redirect"))
    *fits = g_bytes_get_size (body) == 0;
  else if (g_str_equal (shape, "bytes"))
    *fits = content_type != NULL;
  else if (g_str_equal (shape, "page"))
    *fits = g_strcmp0 (content_type, "text/html") == 0;
  else if (g_str_equal (shape, "xml"))
    *fits = g_strcmp0 (content_type, "application/xml") == 0;
  else if (g_str_equal (shape, "stream"))
    *fits = g_strcmp0 (content_type, "text/event-stream") == 0;
  else
    return FALSE;

  return TRUE;
}

/* @shapes: "a | b"; one must fit. → (nullable): what is wrong */
static char *
check_body (SandboxResponses *self,
            const char       *shapes,
            const char       *content_type,
            GBytes           *body)
{
  g_auto(GStrv) all = g_strsplit (shapes, " | ", -1);
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) node = NULL;
  gboolean is_json = FALSE;

  for (unsigned int i = 0; all[i] != NULL; i++)
    {
      gboolean fits;

      if (!check_other (all[i], content_type, body, &fits))
        is_json = TRUE;
      else if (fits)
        return NULL;
    }

  if (!is_json || g_strcmp0 (content_type, "application/json") != 0)
    return g_strdup_printf ("it is %s, not %s", content_type != NULL ? content_type : "of no type",
                            shapes);

  text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  node = json_from_string (text, NULL);
  return node != NULL ? check_types (self, node, shapes, "it") : g_strdup ("it is no JSON");
}

/**
 * sandbox_responses_check:
 * @method: of the request; EVENT for a message that is pushed
 * @path: of the request; of a message its kind
 * @status: of the answer; of a message 0
 * @content_type: (nullable): of the answer
 * @body: of the answer, or the message
 *
 * Of several rows that are for the request one must fit.
 *
 * Returns: (transfer full) (nullable): what is wrong; %NULL when it is as the table says
 */
char *
sandbox_responses_check (SandboxResponses *self,
                         const char       *method,
                         const char       *path,
                         unsigned int      status,
                         const char       *content_type,
                         GBytes           *body)
{
  g_autofree char *first = NULL;

  for (unsigned int i = 0; i < json_array_get_length (self->responses); i++)
    {
      JsonArray *row = json_array_get_array_element (self->responses, i);
      g_autofree char *problem = NULL;

      if (!row_fits (row, method, path, status))
        continue;
      problem = check_body (self, json_array_get_string_element (row, 3), content_type, body);
      if (problem == NULL)
        return NULL;
      if (first == NULL)
        first = g_steal_pointer (&problem);
    }

  return g_strdup_printf ("%s %s %u: %s", method, path, status,
                          first != NULL ? first : "it is not in the table");
}
