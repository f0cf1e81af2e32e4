/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One value of a graph as a field of a sidecar: its type, and its choices as the node has them. Where
 * nobody knows the node, the value itself tells what it is. Numbers are in comfy-mapping-number.c.
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-mapping-private.h"

#define TEXT_ONE_LINE 60 /* characters: a longer text gets lines */

static void
add_choice (JsonArray  *choices,
            const char *id)
{
  JsonObject *choice = json_object_new ();

  json_object_set_string_member (choice, "id", id);
  /* the PDB takes no empty names */
  json_object_set_string_member (choice, "label", *id != '\0' ? id : "-");
  json_array_add_object_element (choices, choice);
}

/* Whether the graph has what a choice brings with it: of a partner's models, those that take what the
 * present one takes */
static gboolean
is_offered (ComfyMapping           *self,
            const ComfyMappingItem *item,
            const ComfyNodeInput   *known,
            const char             *choice)
{
  GPtrArray *inputs = comfy_node_input_get_option_inputs (known, choice);

  for (unsigned int i = 0; inputs != NULL && i < inputs->len; i++)
    {
      const ComfyNodeInput *inner = g_ptr_array_index (inputs, i);
      g_autofree char      *name = NULL;

      if (!comfy_node_input_is_required (inner)
          || comfy_node_input_get_kind (inner) == COMFY_NODE_INPUT_AUTOGROW)
        continue;
      name = g_strconcat (item->entry.input, ".", comfy_node_input_get_name (inner), NULL);
      if (!comfy_workflow_has_input (self->workflow, item->entry.node, name))
        return FALSE;
    }

  return TRUE;
}

/* (transfer full): what can be chosen, @value in any case */
static JsonArray *
make_choices (ComfyMapping           *self,
              const ComfyMappingItem *item,
              const ComfyNodeInput   *known,
              const char             *value)
{
  const char * const *names = comfy_node_input_get_choices (known);
  JsonArray          *choices = json_array_new ();

  /* what the graph says stays, though it is said to be missing */
  if (!g_strv_contains (names, value))
    add_choice (choices, value);
  for (; *names != NULL; names++)
    if (g_str_equal (*names, value) || is_offered (self, item, known, *names))
      add_choice (choices, *names);

  return choices;
}

/* (transfer full): the same list for all that take the same */
static JsonArray *
get_choices (ComfyMapping           *self,
             const ComfyMappingItem *item,
             const ComfyNodeInput   *known,
             const char             *value)
{
  JsonArray *choices = g_hash_table_lookup (self->choices, known);

  if (comfy_node_input_get_kind (known) == COMFY_NODE_INPUT_DYNAMIC
      || !g_strv_contains (comfy_node_input_get_choices (known), value))
    return make_choices (self, item, known, value);

  if (choices == NULL)
    {
      choices = make_choices (self, item, known, value);
      g_hash_table_insert (self->choices, (void *) known, choices);
    }

  return json_array_ref (choices);
}

static void
describe_choice (ComfyMapping           *self,
                 const ComfyMappingItem *item,
                 JsonObject             *field)
{
  const ComfyNodeInput *known = _comfy_mapping_find_known (self, item);
  const char           *value = "";

  if (known == NULL || comfy_node_input_get_choices (known) == NULL)
    {
      json_object_set_string_member (field, "type", "text");
      return;
    }

  comfy_workflow_get_string (self->workflow, item->entry.node, item->entry.input, &value);
  json_object_set_string_member (field, "type", "choice");
  json_object_set_array_member (field, "choices", get_choices (self, item, known, value));
}

static void
describe_text (ComfyMapping           *self,
               const ComfyMappingItem *item,
               JsonObject             *field)
{
  const ComfyNodeInput *known = _comfy_mapping_find_known (self, item);
  gboolean              is_prompt = item->entry.kind != COMFY_KIND_TEXT;
  const char           *value = "";

  comfy_workflow_get_string (self->workflow, item->entry.node, item->entry.input, &value);
  json_object_set_string_member (field, "type", "text");
  if (is_prompt || (known != NULL && comfy_node_input_is_multiline (known))
      || strchr (value, '\n') != NULL || g_utf8_strlen (value, -1) > TEXT_ONE_LINE)
    json_object_set_boolean_member (field, "multiline", TRUE);
  if (is_prompt)
    json_object_set_boolean_member (field, "private", TRUE);
}

static void
describe (ComfyMapping           *self,
          const ComfyMappingItem *item,
          JsonObject             *field)
{
  switch (item->entry.kind)
    {
    case COMFY_KIND_NUMBER:
      _comfy_mapping_describe_number (self, item, field);
      break;
    case COMFY_KIND_SEED:
      _comfy_mapping_describe_seed (self, item, field);
      break;
    case COMFY_KIND_SWITCH:
      json_object_set_string_member (field, "type", "boolean");
      break;
    case COMFY_KIND_CHOICE:
      describe_choice (self, item, field);
      break;
    case COMFY_KIND_SIZE:
      _comfy_mapping_describe_size (self, item, field);
      break;
    case COMFY_KIND_PICTURE:
      json_object_set_string_member (field, "type", "picture");
      json_object_set_string_member (field, "default", item->entry.binding);
      break;
    case COMFY_KIND_TEXT:
    case COMFY_KIND_PROMPT:
    case COMFY_KIND_NEGATIVE:
    default:
      describe_text (self, item, field);
      break;
    }
}

/*
 * _comfy_mapping_make_field:
 * @item: an entry
 * @id: the field's id
 * @group: (nullable): what it stands under
 *
 * Returns: (transfer full): the field as data/schema/action.schema.json has it
 */
JsonNode *
_comfy_mapping_make_field (ComfyMapping           *self,
                           const ComfyMappingItem *item,
                           const char             *id,
                           const char             *group)
{
  static const char * const places[] = { "form", "advanced", "all" };
  JsonNode                 *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject               *field = json_object_new ();
  g_autofree char          *label = _comfy_mapping_dup_plain_label (item->entry.label);

  json_node_take_object (node, field);
  json_object_set_string_member (field, "id", id);
  json_object_set_string_member (field, "label", label);
  if (item->entry.kind != COMFY_KIND_SIZE)
    {
      json_object_set_string_member (field, "node", item->entry.node);
      json_object_set_string_member (field, "input", item->entry.input);
    }
  describe (self, item, field);
  json_object_set_string_member (field, "place", places[item->entry.place]);
  if (group != NULL)
    json_object_set_string_member (field, "group", group);

  return node;
}
