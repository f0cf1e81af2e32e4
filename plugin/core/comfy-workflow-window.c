/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Graphs in the format of ComfyUI's window, which its "Save" writes. A server does not run them,
 * and making one that it runs takes the window itself; but they still tell what they are made of.
 *
 *   { "nodes": [ { "id": 3, "type": "KSampler", "widgets_values": [ 7, "fixed", … ], … } … ],
 *     "links": [ … ],
 *     "definitions": { "subgraphs": [ { "id": UUID, "name": …, "nodes": … } ] }, … }
 *
 * Files may hold anything in place of anything.
 */
#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-workflow-private.h"

/* how many kinds and models a sentence names */
#define MAX_NAMED 5

/* kinds that are told apart; more are only counted */
#define MAX_KINDS 256

typedef struct
{
  const char   *name;  /* borrowed from the document */
  unsigned int  count;
} Kind;

typedef struct
{
  GHashTable   *subgraphs; /* of a definition's id to its name, both borrowed from the document */
  GPtrArray    *kinds;     /* of Kind, in the order of their first node */
  GPtrArray    *models;    /* of borrowed names, at most one more than is named */
  unsigned int  n_nodes;
} Survey;

/* an element that is no object is none */
static JsonObject *
get_element (JsonArray    *array,
             unsigned int  i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static unsigned int
get_length (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

/* The type of a subgraph's node is the id of its definition */
static const char *
get_kind_name (Survey     *self,
               JsonObject *node)
{
  const char *type = comfy_json_get_string (node, "type");
  const char *name = type != NULL ? g_hash_table_lookup (self->subgraphs, type) : NULL;

  return name != NULL ? name : type;
}

static void
count_kind (Survey     *self,
            const char *name)
{
  Kind *kind;

  for (unsigned int i = 0; i < self->kinds->len; i++)
    {
      kind = g_ptr_array_index (self->kinds, i);
      if (g_str_equal (kind->name, name))
        {
          kind->count++;
          return;
        }
    }

  if (self->kinds->len >= MAX_KINDS)
    return;

  kind = g_new (Kind, 1);
  *kind = (Kind) { name, 1 };
  g_ptr_array_add (self->kinds, kind);
}

static gboolean
is_model (const char *name)
{
  static const char *const suffixes[] = { ".safetensors", ".gguf", ".ckpt", ".pt", ".pth" };
  size_t length = strlen (name);

  for (unsigned int i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      size_t n = strlen (suffixes[i]);

      if (length > n && g_ascii_strcasecmp (name + length - n, suffixes[i]) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
add_model (Survey     *self,
           const char *name)
{
  if (self->models->len <= MAX_NAMED && is_model (name)
      && !g_ptr_array_find_with_equal_func (self->models, name, g_str_equal, NULL))
    g_ptr_array_add (self->models, (char *) name);
}

/* What is chosen in a node: a list, or an object of some nodes of others; the depth of a document
 * is limited, so this may recurse */
static void
survey_values (Survey   *self,
               JsonNode *value)
{
  if (JSON_NODE_HOLDS_ARRAY (value))
    {
      JsonArray *array = json_node_get_array (value);

      for (unsigned int i = 0; i < json_array_get_length (array); i++)
        survey_values (self, json_array_get_element (array, i));
    }
  else if (JSON_NODE_HOLDS_OBJECT (value))
    {
      JsonObjectIter iter;
      JsonNode *member;

      json_object_iter_init_ordered (&iter, json_node_get_object (value));
      while (json_object_iter_next_ordered (&iter, NULL, &member))
        survey_values (self, member);
    }
  else if (comfy_json_node_is_string (value))
    {
      add_model (self, json_node_get_string (value));
    }
}

static void
survey_nodes (Survey    *self,
              JsonArray *nodes)
{
  /* they do nothing but for who looks at the window */
  static const char *const silent[] = { "Note", "MarkdownNote", "Reroute", NULL };

  for (unsigned int i = 0; i < get_length (nodes); i++)
    {
      JsonObject *node = get_element (nodes, i);
      const char *name = node != NULL ? get_kind_name (self, node) : NULL;

      if (node == NULL || (name != NULL && g_strv_contains (silent, name)))
        continue;

      self->n_nodes++;
      if (name != NULL && *name != '\0')
        count_kind (self, name);
      if (json_object_has_member (node, "widgets_values"))
        survey_values (self, json_object_get_member (node, "widgets_values"));
    }
}

static JsonArray *
get_subgraphs (JsonObject *window)
{
  JsonObject *definitions = comfy_json_get_object (window, "definitions");

  return definitions != NULL ? comfy_json_get_array (definitions, "subgraphs") : NULL;
}

static void
survey (Survey     *self,
        JsonObject *window)
{
  JsonArray *subgraphs = get_subgraphs (window);

  for (unsigned int i = 0; i < MIN (get_length (subgraphs), MAX_KINDS); i++)
    {
      JsonObject *subgraph = get_element (subgraphs, i);
      const char *id = subgraph != NULL ? comfy_json_get_string (subgraph, "id") : NULL;

      if (id != NULL)
        g_hash_table_insert (self->subgraphs, (char *) id,
                             (char *) comfy_json_get_string (subgraph, "name"));
    }

  survey_nodes (self, comfy_json_get_array (window, "nodes"));
  for (unsigned int i = 0; i < get_length (subgraphs); i++)
    if (get_element (subgraphs, i) != NULL)
      survey_nodes (self, comfy_json_get_array (get_element (subgraphs, i), "nodes"));
}

static int
compare_kinds (const void *a,
               const void *b)
{
  const Kind *left = *(Kind *const *) a;
  const Kind *right = *(Kind *const *) b;

  return left->count > right->count ? -1 : left->count < right->count;
}

static char *
join_shown (GStrvBuilder *words,
            gboolean      more)
{
  g_auto(GStrv) strv = g_strv_builder_end (words);
  char *list = g_strjoinv (", ", strv);
  g_autofree char *beginning = NULL;

  if (!more)
    return list;

  beginning = list;
  return g_strdup_printf (_("%s and others"), beginning);
}

static char *
dup_kinds (Survey *self)
{
  g_autoptr(GStrvBuilder) words = g_strv_builder_new ();

  g_ptr_array_sort (self->kinds, compare_kinds);
  for (unsigned int i = 0; i < MIN (self->kinds->len, MAX_NAMED); i++)
    {
      Kind *kind = g_ptr_array_index (self->kinds, i);
      g_autofree char *name = _comfy_workflow_dup_shown (kind->name);

      if (kind->count > 1)
        g_strv_builder_take (words, g_strdup_printf ("%u × %s", kind->count, name));
      else
        g_strv_builder_add (words, name);
    }

  return join_shown (words, self->kinds->len > MAX_NAMED);
}

static char *
dup_models (Survey *self)
{
  g_autoptr(GStrvBuilder) words = g_strv_builder_new ();

  for (unsigned int i = 0; i < MIN (self->models->len, MAX_NAMED); i++)
    g_strv_builder_take (words, _comfy_workflow_dup_shown (g_ptr_array_index (self->models, i)));

  return join_shown (words, self->models->len > MAX_NAMED);
}

static char *
dup_findings (Survey *self)
{
  GString *text = g_string_new (NULL);
  g_autofree char *kinds = dup_kinds (self);
  g_autofree char *models = dup_models (self);

  if (self->kinds->len > 0)
    g_string_append_printf (text, ngettext (" It has %u node: %s.", " It has %u nodes: %s.",
                                            self->n_nodes), self->n_nodes, kinds);
  if (self->models->len > 0)
    g_string_append_printf (text, _(" The model files that it names: %s."), models);

  return g_string_free (text, FALSE);
}

/**
 * _comfy_workflow_is_window:
 * @object: the root of a document
 *
 * Returns: whether it is a graph in the format of ComfyUI's window
 */
gboolean
_comfy_workflow_is_window (JsonObject *object)
{
  /* a node of a graph in API format may have any id, but is an object */
  return comfy_json_get_array (object, "nodes") != NULL;
}

/**
 * _comfy_workflow_set_window_error:
 * @window: a graph in the format of ComfyUI's window
 * @is_picture: whether it was found in a picture
 *
 * Sets %COMFY_ERROR_INVALID_WORKFLOW: how to get the graph in API format, and what @window tells.
 */
void
_comfy_workflow_set_window_error (JsonObject  *window,
                                  gboolean     is_picture,
                                  GError     **error)
{
  g_autoptr(GHashTable) subgraphs = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) kinds = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) models = g_ptr_array_new ();
  g_autofree char *findings = NULL;
  Survey found = { subgraphs, kinds, models, 0 };

  survey (&found, window);
  findings = dup_findings (&found);
  comfy_set_error (error, COMFY_ERROR_INVALID_WORKFLOW, "UI format", "%s%s",
                   is_picture
                     ? _("This picture holds its workflow only in the format of ComfyUI's window. "
                         "Open it in ComfyUI, choose Workflow → Export (API), and use that file.")
                     : _("This workflow was saved in the format of ComfyUI's window. In ComfyUI, "
                         "choose Workflow → Export (API), and use that file."),
                   findings);
}
