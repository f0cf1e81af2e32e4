/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist has said of a graph, written down: only that, so that all else follows what becomes
 * known of the graph's nodes later.
 *
 *   { "version": 1,
 *     "fields": { "6/text": { "kind": "prompt", "place": "form", "label": "Style" }, … },
 *     "order": [ "6/text", … ], "outputs": { "9": "group" }, "fit": "natural" }
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-mapping-private.h"

#define MAX_BYTES (4 * 1024 * 1024)
#define MAX_DEPTH 8

static const char * const kind_names[] = {
  "text", "prompt", "negative", "number", "seed", "switch", "choice", "size", "picture",
};
G_STATIC_ASSERT (G_N_ELEMENTS (kind_names) == COMFY_KIND_PICTURE + 1);

static const char * const place_names[] = { "form", "advanced", "all" };
G_STATIC_ASSERT (G_N_ELEMENTS (place_names) == COMFY_PLACE_ALL + 1);

static char *
dup_key (const ComfyMappingItem *item)
{
  return g_strconcat (item->entry.node, "/", item->entry.input, NULL);
}

static JsonObject *
item_to_json (const ComfyMappingItem *item)
{
  JsonObject *object = json_object_new ();

  if ((item->said & COMFY_SAID_KIND) != 0)
    json_object_set_string_member (object, "kind", kind_names[item->entry.kind]);
  if ((item->said & COMFY_SAID_PLACE) != 0)
    json_object_set_string_member (object, "place", place_names[item->entry.place]);
  if ((item->said & COMFY_SAID_LABEL) != 0)
    json_object_set_string_member (object, "label", item->entry.label);
  if ((item->said & COMFY_SAID_BINDING) != 0)
    json_object_set_string_member (object, "binding", item->entry.binding);

  return object;
}

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  const ComfyMappingItem *one = *(ComfyMappingItem * const *) a;
  const ComfyMappingItem *other = *(ComfyMappingItem * const *) b;
  int                     nodes = strcmp (one->entry.node, other->entry.node);

  return nodes != 0 ? nodes : strcmp (one->entry.input, other->entry.input);
}

/* (transfer full): what was said of each; in an order of its own, so that the same is the same
 * text */
static JsonObject *
fields_to_json (ComfyMapping *self)
{
  JsonObject           *fields = json_object_new ();
  g_autoptr(GPtrArray)  items = g_ptr_array_new ();

  for (unsigned int i = 0; i < self->items->len; i++)
    if (((ComfyMappingItem *) self->items->pdata[i])->said != 0)
      g_ptr_array_add (items, self->items->pdata[i]);
  g_ptr_array_sort (items, compare_keys);

  for (unsigned int i = 0; i < items->len; i++)
    {
      g_autofree char *key = dup_key (items->pdata[i]);

      json_object_set_object_member (fields, key, item_to_json (items->pdata[i]));
    }

  return fields;
}

/* (transfer full): what is behind the last that is shown has no order that anybody has seen */
static JsonArray *
order_to_json (ComfyMapping *self)
{
  JsonArray *order = json_array_new ();

  for (unsigned int i = 0; self->said_order && i < self->items->len; i++)
    {
      const ComfyMappingItem *item = g_ptr_array_index (self->items, i);
      g_autofree char        *key = NULL;

      if (item->entry.place == COMFY_PLACE_ALL)
        continue;
      key = dup_key (item);
      json_array_add_string_element (order, key);
    }

  return order;
}

/* @object takes what was said of entries; returns whether anything was */
static gboolean
add_items (ComfyMapping *self,
           JsonObject   *object)
{
  JsonObject *fields = fields_to_json (self);
  JsonArray  *order = order_to_json (self);

  json_object_set_object_member (object, "fields", fields);
  json_object_set_array_member (object, "order", order);

  return json_object_get_size (fields) > 0 || json_array_get_length (order) > 0;
}

/**
 * comfy_mapping_to_corrections:
 *
 * Returns: (transfer full) (nullable): what the artist has said, as JSON; %NULL when that is nothing
 */
GBytes *
comfy_mapping_to_corrections (ComfyMapping *self)
{
  g_autoptr(JsonNode)  root = json_node_new (JSON_NODE_OBJECT);
  JsonObject          *object = json_object_new ();
  JsonObject          *outputs = json_object_new ();
  g_autoptr(GString)   text = g_string_new (NULL);
  gboolean             has_any;

  g_return_val_if_fail (COMFY_IS_MAPPING (self), NULL);

  json_node_take_object (root, object);
  json_object_set_int_member (object, "version", 1);
  has_any = add_items (self, object);
  for (unsigned int i = 0; i < self->outputs->len; i++)
    {
      const ComfyMappingOutput *output = g_ptr_array_index (self->outputs, i);

      if (g_hash_table_contains (self->outcomes, output->node))
        json_object_set_string_member (outputs, output->node,
                                       comfy_outcome_to_id (output->outcome));
    }
  has_any |= self->said_fit || json_object_get_size (outputs) > 0;
  json_object_set_object_member (object, "outputs", outputs);
  if (self->said_fit)
    json_object_set_string_member (object, "fit",
                                   self->fit == COMFY_FIT_NATURAL ? "natural" : "region");
  if (!has_any)
    return NULL;

  comfy_json_write (text, root);

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

/* the place of a name among others; -1: it is none of them */
static int
find_name (const char         *name,
           const char * const *names,
           unsigned int        n_names)
{
  for (unsigned int i = 0; i < n_names; i++)
    if (g_strcmp0 (name, names[i]) == 0)
      return (int) i;

  return -1;
}

static void
correct_item (ComfyMapping *self,
              unsigned int  i,
              JsonObject   *object)
{
  ComfyMappingItem *item = g_ptr_array_index (self->items, i);
  int               kind = find_name (comfy_json_get_string (object, "kind"), kind_names,
                                      G_N_ELEMENTS (kind_names));
  int               place = find_name (comfy_json_get_string (object, "place"), place_names,
                                       G_N_ELEMENTS (place_names));
  const char       *label = comfy_json_get_string (object, "label");
  const char       *binding = comfy_json_get_string (object, "binding");

  if (kind >= 0 && _comfy_mapping_can_be (item, (ComfyKind) kind))
    comfy_mapping_set_kind (self, i, (ComfyKind) kind);
  if (place >= 0)
    comfy_mapping_set_place (self, i, (ComfyPlace) place);
  if (label != NULL)
    comfy_mapping_set_label (self, i, label);
  if (binding != NULL && item->entry.kind == COMFY_KIND_PICTURE)
    comfy_mapping_set_binding (self, i, binding);
}

static void
correct_items (ComfyMapping *self,
               JsonObject   *fields)
{
  for (unsigned int i = 0; i < self->items->len; i++)
    {
      g_autofree char *key = dup_key (g_ptr_array_index (self->items, i));
      JsonObject      *object = comfy_json_get_object (fields, key);

      if (object != NULL)
        correct_item (self, i, object);
    }
}

/* those that the list names first, in its order; the others behind, as they were */
static void
correct_order (ComfyMapping *self,
               JsonArray    *order)
{
  g_autoptr(GHashTable) index = _comfy_mapping_index (self);
  g_autoptr(GHashTable) placed = g_hash_table_new (NULL, NULL);
  g_autoptr(GPtrArray)  items = g_ptr_array_new ();

  for (unsigned int i = 0; i < json_array_get_length (order); i++)
    {
      JsonNode *node = json_array_get_element (order, i);
      void     *item = NULL;

      if (comfy_json_node_is_string (node))
        item = g_hash_table_lookup (index, json_node_get_string (node));
      if (item != NULL && g_hash_table_add (placed, item))
        g_ptr_array_add (items, item);
    }

  self->said_order |= items->len > 0;
  for (unsigned int i = 0; i < self->items->len; i++)
    if (!g_hash_table_contains (placed, self->items->pdata[i]))
      g_ptr_array_add (items, self->items->pdata[i]);
  for (unsigned int i = 0; i < self->items->len; i++)
    self->items->pdata[i] = items->pdata[i];
}

static void
correct_outputs (ComfyMapping *self,
                 JsonObject   *outputs)
{
  for (unsigned int i = 0; i < self->outputs->len; i++)
    {
      const ComfyMappingOutput *output = g_ptr_array_index (self->outputs, i);
      ComfyOutcome              outcome;

      if (comfy_outcome_from_id (comfy_json_get_string (outputs, output->node), &outcome))
        comfy_mapping_set_outcome (self, i, outcome);
    }
}

/**
 * comfy_mapping_correct:
 * @corrections: what comfy_mapping_to_corrections() made for a graph of the same shape
 *
 * Says again what the artist has said before. What does not fit is left out.
 */
void
comfy_mapping_correct (ComfyMapping *self,
                       GBytes       *corrections)
{
  g_autoptr(JsonNode)  root = NULL;
  JsonObject          *object;
  gsize                length;
  const char          *text = g_bytes_get_data (corrections, &length);
  const char          *fit;

  g_return_if_fail (COMFY_IS_MAPPING (self));

  root = comfy_json_read (text, length, MAX_BYTES, MAX_DEPTH, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return;

  object = json_node_get_object (root);
  self->is_silent = TRUE;
  if (comfy_json_get_object (object, "fields") != NULL)
    correct_items (self, comfy_json_get_object (object, "fields"));
  if (comfy_json_get_array (object, "order") != NULL)
    correct_order (self, comfy_json_get_array (object, "order"));
  if (comfy_json_get_object (object, "outputs") != NULL)
    correct_outputs (self, comfy_json_get_object (object, "outputs"));
  fit = comfy_json_get_string (object, "fit");
  if (fit != NULL)
    comfy_mapping_set_fit (self, g_str_equal (fit, "natural") ? COMFY_FIT_NATURAL
                                                              : COMFY_FIT_REGION);
  self->is_silent = FALSE;
  _comfy_mapping_changed (self);
}
