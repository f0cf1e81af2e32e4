/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What surrounds a graph. Graphs come bare; as { "prompt": GRAPH, "extra_data": … }, which a server
 * is sent, or with "workflow" in place of "prompt", for version 2 of the cloud's API; and as
 * { "prompt": [ NUMBER, ID, GRAPH, EXTRA_DATA, … ] }, which a server keeps. Whatever stands where
 * may be of any type.
 */
#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include "comfy-workflow-file-private.h"
#include "comfy-workflow-private.h"

static JsonObject *
get_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
is_node (JsonObject *object)
{
  return comfy_json_get_string (object, "class_type") != NULL;
}

/* In a server's history stands { ID: { "prompt": … } }. Returns what is in there, else @object */
static JsonObject *
skip_history (JsonObject *object)
{
  JsonObjectIter iter;
  JsonNode *only;

  if (json_object_get_size (object) != 1)
    return object;

  json_object_iter_init (&iter, object);
  json_object_iter_next (&iter, NULL, &only);
  if (get_object (only) == NULL || is_node (get_object (only))
      || comfy_json_get_array (get_object (only), "prompt") == NULL)
    return object;

  return get_object (only);
}

/* Returns: (transfer none) (nullable): @node when it is a graph in the window's format */
static JsonNode *
as_window (JsonNode *node)
{
  return get_object (node) != NULL && _comfy_workflow_is_window (get_object (node)) ? node : NULL;
}

/* Returns: (transfer none) (nullable): what ComfyUI's window sent along with a graph */
static JsonNode *
find_window (JsonObject *extra)
{
  JsonObject *info = extra != NULL ? comfy_json_get_object (extra, "extra_pnginfo") : NULL;

  return info != NULL ? as_window (json_object_get_member (info, "workflow")) : NULL;
}

/**
 * _comfy_workflow_find_graph:
 * @root: a document
 * @window: (out) (nullable) (transfer none): the same graph in the format of ComfyUI's window
 *
 * Returns: (transfer none): the graph in @root, which is @root itself when nothing is around it;
 *   whether it is one is not known yet
 */
JsonNode *
_comfy_workflow_find_graph (JsonNode  *root,
                            JsonNode **window)
{
  JsonObject *object = get_object (root);
  JsonNode *graph;

  *window = NULL;
  if (object == NULL)
    return root;

  object = skip_history (object);
  if ((graph = json_object_get_member (object, "prompt")) == NULL
      && (graph = json_object_get_member (object, "workflow")) == NULL)
    return root;

  if (JSON_NODE_HOLDS_ARRAY (graph) && json_array_get_length (json_node_get_array (graph)) >= 4)
    {
      JsonArray *array = json_node_get_array (graph);

      *window = find_window (get_object (json_array_get_element (array, 3)));
      return json_array_get_element (array, 2);
    }

  /* else it is a node that is called so */
  if (get_object (graph) == NULL || is_node (get_object (graph)))
    return root;

  *window = find_window (comfy_json_get_object (object, "extra_data"));
  if (*window == NULL)
    *window = as_window (json_object_get_member (object, "workflow"));

  return graph;
}

/**
 * _comfy_workflow_forget_runs:
 * @graph: a document
 *
 * Removes what a server noted at a node while it ran. It would take it for its own word, and not
 * run a node again that has to.
 */
void
_comfy_workflow_forget_runs (JsonNode *graph)
{
  JsonObjectIter iter;
  JsonNode *node;

  if (get_object (graph) == NULL)
    return;

  json_object_iter_init (&iter, get_object (graph));
  while (json_object_iter_next (&iter, NULL, &node))
    if (get_object (node) != NULL && json_object_has_member (get_object (node), "is_changed"))
      json_object_remove_member (get_object (node), "is_changed");
}
