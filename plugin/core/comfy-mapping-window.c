/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An author who has made an app of a graph in ComfyUI has chosen there what is shown: in the format of
 * its window, extra.linearData.inputs is a list of [node, name of the value, {…}].
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include "comfy-json-private.h"
#include "comfy-mapping-private.h"

/* (nullable): the value that an author's list names; ids in subgraphs end in the node's own */
static ComfyMappingItem *
find_listed (ComfyMapping *self,
             const char   *node,
             const char   *input)
{
  for (unsigned int i = 0; i < self->items->len; i++)
    {
      ComfyMappingItem *item = g_ptr_array_index (self->items, i);

      if (g_str_equal (item->entry.node, node) && g_str_equal (item->entry.input, input))
        return item;
    }

  return NULL;
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

  for (unsigned int i = 0; inputs != NULL && i < json_array_get_length (inputs); i++)
    {
      JsonNode         *element = json_array_get_element (inputs, i);
      JsonArray        *pair = JSON_NODE_HOLDS_ARRAY (element) ? json_node_get_array (element) : NULL;
      g_autofree char  *node = NULL;
      ComfyMappingItem *item = NULL;
      JsonNode         *id;

      if (pair == NULL || json_array_get_length (pair) < 2
          || !comfy_json_node_is_string (json_array_get_element (pair, 1)))
        continue;
      id = json_array_get_element (pair, 0);
      node = comfy_json_node_is_string (id) ? g_strdup (json_node_get_string (id))
             : JSON_NODE_HOLDS_VALUE (id)   ? json_to_string (id, FALSE)
                                            : NULL;
      if (node != NULL)
        item = find_listed (self, node, json_array_get_string_element (pair, 1));
      if (item == NULL || item->rank == COMFY_RANK_MARKED)
        continue;
      item->rank = COMFY_RANK_MARKED;
      item->position = i;
      item->entry.place = COMFY_PLACE_FORM;
    }
}
