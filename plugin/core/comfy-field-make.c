/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fields that are made, not read: empty ones, what a graph says of them, and how a sidecar has
 * them. Reading them again is in comfy-field-read.c.
 */
#define G_LOG_DOMAIN "comfy-field"

#include "config.h"

#include "comfy-field-private.h"

static const char * const type_names[] = {
  "text", "int", "double", "boolean", "choice", "seed", "size", "edges", "picture",
};
G_STATIC_ASSERT (G_N_ELEMENTS (type_names) == COMFY_FIELD_PICTURE + 1);

static const char * const place_names[] = { "form", "advanced", "all" };
G_STATIC_ASSERT (G_N_ELEMENTS (place_names) == COMFY_PLACE_ALL + 1);

static gboolean
find_name (const char         *name,
           const char * const *names,
           unsigned int        n_names,
           unsigned int       *out_index)
{
  for (unsigned int i = 0; i < n_names; i++)
    if (g_strcmp0 (name, names[i]) == 0)
      {
        *out_index = i;
        return TRUE;
      }

  return FALSE;
}

/* Returns whether @name is that of a type */
gboolean
_comfy_field_type_from_id (const char     *name,
                           ComfyFieldType *out_type)
{
  unsigned int i;

  if (!find_name (name, type_names, G_N_ELEMENTS (type_names), &i))
    return FALSE;

  *out_type = (ComfyFieldType) i;

  return TRUE;
}

/* Returns whether @name is that of a place */
gboolean
_comfy_place_from_id (const char *name,
                      ComfyPlace *out_place)
{
  unsigned int i;

  if (!find_name (name, place_names, G_N_ELEMENTS (place_names), &i))
    return FALSE;

  *out_place = (ComfyPlace) i;

  return TRUE;
}

static void
choice_free (gpointer data)
{
  ComfyChoice *choice = data;

  g_free (choice->id);
  g_free (choice->label);
  g_free (choice);
}

/*
 * _comfy_field_new:
 * @id: (nullable): its id
 * @label: (nullable): with mnemonic
 * @type: what it holds
 *
 * Returns: (transfer full): a field without a value, to be filled by who makes it
 */
ComfyField *
_comfy_field_new (const char     *id,
                  const char     *label,
                  ComfyFieldType  type)
{
  ComfyField *self = g_new0 (ComfyField, 1);

  self->id = g_strdup (id);
  self->label = g_strdup (label);
  self->type = type;
  self->seed_max = G_MAXUINT64;
  self->choices = g_ptr_array_new_with_free_func (choice_free);
  self->presets = g_array_new (FALSE, FALSE, sizeof (ComfySize));

  return self;
}

void
_comfy_field_add_choice (ComfyField *self,
                         const char *id,
                         const char *label)
{
  ComfyChoice *choice = g_new0 (ComfyChoice, 1);

  choice->id = g_strdup (id);
  choice->label = g_strdup (label);
  g_ptr_array_add (self->choices, choice);
}

/*
 * _comfy_field_get_graph_value:
 * @graph: a graph
 * @targets: where the field goes in it
 *
 * Returns: (transfer full) (nullable): floating: what the graph has there; %NULL when that is of
 *   another type. Of a seed, none: each run has a new one.
 */
GVariant *
_comfy_field_get_graph_value (const ComfyField  *self,
                              ComfyWorkflow     *graph,
                              const ComfyTarget *targets)
{
  const char *node = targets[0].node;
  const char *input = targets[0].input;
  const char *text;
  gint64      integer;
  gint64      other;
  double      number;
  gboolean    flag;

  switch (self->type)
    {
    case COMFY_FIELD_INT:
      return comfy_workflow_get_int (graph, node, input, &integer)
             ? g_variant_new_int64 (integer) : NULL;
    case COMFY_FIELD_DOUBLE:
      return comfy_workflow_get_double (graph, node, input, &number)
             ? g_variant_new_double (number) : NULL;
    case COMFY_FIELD_BOOLEAN:
      return comfy_workflow_get_boolean (graph, node, input, &flag)
             ? g_variant_new_boolean (flag) : NULL;
    case COMFY_FIELD_SEED:
      return g_variant_new_maybe (G_VARIANT_TYPE_UINT64, NULL);
    case COMFY_FIELD_SIZE:
      return comfy_workflow_get_int (graph, node, input, &integer)
             && comfy_workflow_get_int (graph, targets[1].node, targets[1].input, &other)
             ? g_variant_new ("(ii)", (int) integer, (int) other) : NULL;
    case COMFY_FIELD_TEXT:
    case COMFY_FIELD_CHOICE:
      return comfy_workflow_get_string (graph, node, input, &text)
             ? g_variant_new_string (text) : NULL;
    case COMFY_FIELD_EDGES:
    case COMFY_FIELD_PICTURE:
    default:
      return NULL;
    }
}

static JsonNode *
target_to_json (const ComfyTarget *target)
{
  JsonNode   *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "node", target->node);
  json_object_set_string_member (object, "input", target->input);
  json_node_take_object (node, object);

  return node;
}

static void
add_integer_range (const ComfyField *self,
                   JsonObject       *object)
{
  json_object_set_int_member (object, "min", (gint64) self->min);
  json_object_set_int_member (object, "max", (gint64) self->max);
  json_object_set_int_member (object, "step", (gint64) self->step);
}

static void
add_range (const ComfyField *self,
           JsonObject       *object)
{
  if (self->type == COMFY_FIELD_INT || self->type == COMFY_FIELD_SIZE)
    add_integer_range (self, object);
  else if (self->type == COMFY_FIELD_SEED && self->seed_max <= G_MAXINT64)
    json_object_set_int_member (object, "max", (gint64) self->seed_max);
  else if (self->type == COMFY_FIELD_DOUBLE)
    {
      json_object_set_double_member (object, "min", self->min);
      json_object_set_double_member (object, "max", self->max);
      if (self->step > 0)
        json_object_set_double_member (object, "step", self->step);
    }
}

static void
add_choices (const ComfyField *self,
             JsonObject       *object)
{
  JsonArray *choices = json_array_new ();

  for (unsigned int i = 0; i < self->choices->len; i++)
    {
      const ComfyChoice *choice = g_ptr_array_index (self->choices, i);
      JsonObject        *inner = json_object_new ();

      json_object_set_string_member (inner, "id", choice->id);
      json_object_set_string_member (inner, "label", choice->label);
      json_array_add_object_element (choices, inner);
    }
  json_object_set_array_member (object, "choices", choices);
}

static void
add_size (const ComfyField *self,
          JsonObject       *object)
{
  JsonArray  *presets = json_array_new ();
  JsonObject *from_image = json_object_new ();

  for (unsigned int i = 0; i < self->presets->len; i++)
    {
      const ComfySize *size = &g_array_index (self->presets, ComfySize, i);
      JsonArray       *pair = json_array_new ();

      json_array_add_int_element (pair, size->width);
      json_array_add_int_element (pair, size->height);
      json_array_add_array_element (presets, pair);
    }
  json_object_set_array_member (object, "presets", presets);
  json_object_set_int_member (from_image, "area", (gint64) self->image_area);
  json_object_set_object_member (object, "from-image", from_image);
}

/*
 * _comfy_field_to_json:
 * @self: a field whose value goes into a graph and is, but for a picture, what the graph says
 * @targets: where it goes: one, for a size two
 *
 * Returns: (transfer full): the field as data/schema/action.schema.json has it
 */
JsonNode *
_comfy_field_to_json (const ComfyField  *self,
                      const ComfyTarget *targets)
{
  JsonNode   *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  json_object_set_string_member (object, "id", self->id);
  json_object_set_string_member (object, "label", self->label);
  json_object_set_string_member (object, "type", type_names[self->type]);
  if (self->type == COMFY_FIELD_SIZE)
    {
      json_object_set_member (object, "width", target_to_json (&targets[0]));
      json_object_set_member (object, "height", target_to_json (&targets[1]));
      add_size (self, object);
    }
  else
    {
      json_object_set_string_member (object, "node", targets[0].node);
      json_object_set_string_member (object, "input", targets[0].input);
    }
  add_range (self, object);
  if (self->type == COMFY_FIELD_CHOICE)
    add_choices (self, object);
  if (self->type == COMFY_FIELD_PICTURE)
    json_object_set_string_member (object, "default", g_variant_get_string (self->fallback, NULL));
  if (self->multiline)
    json_object_set_boolean_member (object, "multiline", TRUE);
  if (self->private_)
    json_object_set_boolean_member (object, "private", TRUE);
  json_object_set_string_member (object, "place", place_names[self->place]);
  if (self->group != NULL)
    json_object_set_string_member (object, "group", self->group);

  return node;
}
