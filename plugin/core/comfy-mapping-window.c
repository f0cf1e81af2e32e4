/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An author who has made an app of a graph in ComfyUI has chosen there what is shown: in the format
 * of its window, extra.linearData.inputs is a list of [node, name of the value, {…}], and
 * extra.linearData.outputs of nodes.
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-mapping-private.h"

/* (nullable) (transfer full): a node's id, which may be a number there */
static char *
dup_id (JsonNode *node)
{
  guint64 number;

  if (comfy_json_node_is_string (node))
    return g_strdup (json_node_get_string (node));
  if (comfy_json_node_get_uint64 (node, &number))
    return g_strdup_printf ("%" G_GUINT64_FORMAT, number);

  return NULL;
}

/* (nullable): the value that an author's list names: by its node, which in a subgraph is
 * "subgraph:node", or as the window names its widgets, "graph:node:value" */
static ComfyMappingItem *
find_listed (GHashTable *index,
             const char *id,
             const char *input)
{
  g_autofree char *ending = g_strconcat (":", input, NULL);
  g_autofree char *node = g_str_has_suffix (id, ending)
                          ? g_strndup (id, strlen (id) - strlen (ending)) : g_strdup (id);

  for (const char *rest = node; rest != NULL; rest = strchr (rest, ':'))
    {
      g_autofree char  *key = NULL;
      ComfyMappingItem *item;

      rest += *rest == ':' ? 1 : 0;
      key = g_strconcat (rest, "/", input, NULL);
      item = g_hash_table_lookup (index, key);
      if (item != NULL)
        return item;
    }

  return NULL;
}

static void
follow_inputs (ComfyMapping *self,
               JsonArray    *inputs)
{
  g_autoptr(GHashTable) index = _comfy_mapping_index (self);

  for (unsigned int i = 0; i < json_array_get_length (inputs); i++)
    {
      JsonNode         *element = json_array_get_element (inputs, i);
      JsonArray        *pair = JSON_NODE_HOLDS_ARRAY (element) ? json_node_get_array (element)
                                                               : NULL;
      g_autofree char  *node = NULL;
      ComfyMappingItem *item = NULL;

      if (pair == NULL || json_array_get_length (pair) < 2
          || !comfy_json_node_is_string (json_array_get_element (pair, 1)))
        continue;
      node = dup_id (json_array_get_element (pair, 0));
      if (node != NULL)
        item = find_listed (index, node, json_array_get_string_element (pair, 1));
      if (item == NULL || item->rank == COMFY_RANK_MARKED)
        continue;
      item->rank = COMFY_RANK_MARKED;
      item->position = i;
      item->entry.place = COMFY_PLACE_FORM;
    }
}

/* what is not on the author's list is a step on the way, unless a mark says more */
static void
follow_outputs (ComfyMapping *self,
                JsonArray    *outputs)
{
  g_autoptr(GHashTable) listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean              has_any = FALSE;

  for (unsigned int i = 0; i < json_array_get_length (outputs); i++)
    {
      char *id = dup_id (json_array_get_element (outputs, i));

      if (id != NULL)
        g_hash_table_add (listed, id);
    }
  for (unsigned int i = 0; i < self->outputs->len; i++)
    has_any |= g_hash_table_contains (listed,
                                      ((ComfyMappingOutput *) self->outputs->pdata[i])->node);

  for (unsigned int i = 0; has_any && i < self->outputs->len; i++)
    {
      ComfyMappingOutput *output = g_ptr_array_index (self->outputs, i);
      const char         *title = comfy_workflow_get_title (self->workflow, output->node);

      if (_comfy_mark_parse (title).type != COMFY_MARK_OUTPUT)
        output->outcome = g_hash_table_contains (listed, output->node) ? COMFY_OUTCOME_LAYERS
                                                                       : COMFY_OUTCOME_NOTHING;
    }
}

/*
 * _comfy_mapping_follow_window:
 * @self: a mapping with a window's graph
 *
 * Shows what the author of the graph chose to show.
 */
void
_comfy_mapping_follow_window (ComfyMapping *self)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (self->window) ? json_node_get_object (self->window)
                                                             : NULL;
  JsonObject *extra = object != NULL ? comfy_json_get_object (object, "extra") : NULL;
  JsonObject *linear = extra != NULL ? comfy_json_get_object (extra, "linearData") : NULL;
  JsonArray  *inputs = linear != NULL ? comfy_json_get_array (linear, "inputs") : NULL;
  JsonArray  *outputs = linear != NULL ? comfy_json_get_array (linear, "outputs") : NULL;

  if (inputs != NULL)
    follow_inputs (self, inputs);
  if (outputs != NULL)
    follow_outputs (self, outputs);
}
