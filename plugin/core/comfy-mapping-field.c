/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One value of a graph as a field of a form: its type, and its choices as the node has them. Where
 * nobody knows the node, the value itself tells what it is. Numbers are in comfy-mapping-number.c.
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <string.h>

#include "comfy-mapping-private.h"

#define TEXT_ONE_LINE 60 /* characters: a longer text gets lines */

/* Whether the graph has what a choice brings with it: of a partner's models, those that take what
 * the present one takes */
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

static void
add_choice (ComfyField *field,
            const char *id)
{
  /* the PDB takes no empty names */
  _comfy_field_add_choice (field, id, *id != '\0' ? id : "-");
}

/* what can be chosen, @value in any case */
static void
add_choices (ComfyMapping           *self,
             const ComfyMappingItem *item,
             const ComfyNodeInput   *known,
             const char             *value,
             ComfyField             *field)
{
  const char * const *names = comfy_node_input_get_choices (known);

  /* what the graph says stays, though it is said to be missing */
  if (!g_strv_contains (names, value))
    add_choice (field, value);
  for (; *names != NULL; names++)
    if (g_str_equal (*names, value) || is_offered (self, item, known, *names))
      add_choice (field, *names);
}

/* the same list for all that take the same */
static void
share_choices (ComfyMapping           *self,
               const ComfyMappingItem *item,
               const ComfyNodeInput   *known,
               const char             *value,
               ComfyField             *field)
{
  GPtrArray *choices = g_hash_table_lookup (self->choices, known);

  if (choices == NULL)
    {
      add_choices (self, item, known, value, field);
      g_hash_table_insert (self->choices, (void *) known, g_ptr_array_ref (field->choices));
      return;
    }

  g_ptr_array_unref (field->choices);
  field->choices = g_ptr_array_ref (choices);
}

static void
describe_choice (ComfyMapping           *self,
                 const ComfyMappingItem *item,
                 ComfyField             *field)
{
  const ComfyNodeInput *known = _comfy_mapping_find_known (item);
  const char           *value = "";

  field->type = COMFY_FIELD_TEXT;
  if (known == NULL || comfy_node_input_get_choices (known) == NULL)
    return;

  field->type = COMFY_FIELD_CHOICE;
  comfy_workflow_get_string (self->workflow, item->entry.node, item->entry.input, &value);
  if (comfy_node_input_get_kind (known) == COMFY_NODE_INPUT_DYNAMIC
      || !g_strv_contains (comfy_node_input_get_choices (known), value))
    add_choices (self, item, known, value, field);
  else
    share_choices (self, item, known, value, field);
}

static void
describe_text (ComfyMapping           *self,
               const ComfyMappingItem *item,
               ComfyField             *field)
{
  const ComfyNodeInput *known = _comfy_mapping_find_known (item);
  gboolean              is_prompt = item->entry.kind != COMFY_KIND_TEXT;
  const char           *value = "";

  comfy_workflow_get_string (self->workflow, item->entry.node, item->entry.input, &value);
  field->type = COMFY_FIELD_TEXT;
  field->multiline = is_prompt || (known != NULL && comfy_node_input_is_multiline (known))
                     || strchr (value, '\n') != NULL
                     || g_utf8_strlen (value, -1) > TEXT_ONE_LINE;
  field->private_ = is_prompt;
}

static void
describe (ComfyMapping           *self,
          const ComfyMappingItem *item,
          ComfyField             *field)
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
      field->type = COMFY_FIELD_BOOLEAN;
      break;
    case COMFY_KIND_CHOICE:
      describe_choice (self, item, field);
      break;
    case COMFY_KIND_SIZE:
      _comfy_mapping_describe_size (self, item, field);
      break;
    case COMFY_KIND_PICTURE:
      field->type = COMFY_FIELD_PICTURE;
      break;
    case COMFY_KIND_TEXT:
    case COMFY_KIND_PROMPT:
    case COMFY_KIND_NEGATIVE:
    default:
      describe_text (self, item, field);
      break;
    }
}

/* where its value goes: @targets has room for two */
static void
set_targets (const ComfyMappingItem *item,
             ComfyTarget            *targets)
{
  comfy_target_set (&targets[0], item->entry.node, item->entry.input);
  if (item->entry.kind == COMFY_KIND_SIZE)
    comfy_target_set (&targets[1], item->entry.node, "height");
}

/*
 * _comfy_mapping_make_field:
 * @item: an entry
 * @id: (transfer full): the field's id
 * @group: (nullable): what it stands under
 * @targets: (out): where its value goes: one, or for a size two
 *
 * Returns: (transfer full): the field
 */
ComfyField *
_comfy_mapping_make_field (ComfyMapping           *self,
                           const ComfyMappingItem *item,
                           char                   *id,
                           const char             *group,
                           ComfyTarget            *targets)
{
  ComfyField      *field = _comfy_field_new (NULL, NULL, COMFY_FIELD_TEXT);
  GVariant        *value;

  field->id = id;
  field->label = _comfy_mapping_dup_plain_label (item->entry.label);
  describe (self, item, field);
  field->place = item->entry.place;
  field->group = g_strdup (group);
  set_targets (item, targets);
  value = item->entry.kind == COMFY_KIND_PICTURE
          ? g_variant_new_string (item->entry.binding)
          : _comfy_field_get_graph_value (field, self->workflow, targets);
  /* every kind is guessed by the value's own type */
  g_assert (value != NULL);
  field->fallback = g_variant_ref_sink (value);

  return field;
}
