/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What kind of thing a value of a graph is: by its node's class where that is known, else by class,
 * name and the value itself.
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-mapping-private.h"
#include "comfy-workflow-private.h"

/* doubles hold every integer up to here; what is larger is kept exactly as a seed is */
#define EXACT_MAX ((gint64) 1 << 53)

/* Load Image and Load Image (as Mask); a table tells of others. Of a class that nobody knows, an
 * image that has the name of a file, or whatever its author says is a picture of GIMP's. */
static gboolean
is_upload (ComfyMapping           *self,
           const ComfyMappingItem *item,
           const ComfyNodeInput   *known,
           const char             *value)
{
  const char *class_type = comfy_workflow_get_class (self->workflow, item->entry.node);
  const char *title = comfy_workflow_get_title (self->workflow, item->entry.node);
  gboolean    is_image = g_str_equal (item->entry.input, "image");

  if (known != NULL && comfy_node_input_is_upload (known))
    return TRUE;
  if (is_image && (g_str_equal (class_type, "LoadImage")
                   || g_str_equal (class_type, "LoadImageMask")))
    return TRUE;
  if (known != NULL)
    return FALSE;

  if (_comfy_mark_parse (title).type == COMFY_MARK_PICTURE)
    return is_image || _comfy_words_is_picture (value);

  return is_image && _comfy_words_is_picture (value);
}

static gboolean
says_negative (ComfyMapping *self,
               const char   *node)
{
  g_autofree char *folded = g_utf8_casefold (comfy_workflow_get_title (self->workflow, node), -1);

  return strstr (folded, "negative") != NULL;
}

/* a text for the model; others are names of files, modes and such */
static gboolean
is_prompt (const char           *input,
           const ComfyNodeInput *known,
           int                   sign)
{
  if (_comfy_words_is_prompt (input) || _comfy_words_is_negative (input))
    return known == NULL || comfy_node_input_get_kind (known) == COMFY_NODE_INPUT_STRING;

  /* on the way to a sampler only texts are put together */
  return sign != 0 && (g_str_has_prefix (input, "string") || g_str_equal (input, "value"));
}

static ComfyKind
kind_of_text (ComfyMapping           *self,
              ComfyTrace             *trace,
              const ComfyMappingItem *item,
              const ComfyNodeInput   *known,
              const char             *value)
{
  const char *node = item->entry.node;
  const char *input = item->entry.input;
  /* a node that holds a value is what it is there for */
  const char *meaning = item->like_input != NULL ? item->like_input : input;
  int         sign = _comfy_trace_get_sign (trace, node);

  if (is_upload (self, item, known, value))
    return COMFY_KIND_PICTURE;
  if (known != NULL && comfy_node_input_get_choices (known) != NULL)
    return COMFY_KIND_CHOICE;
  if (!is_prompt (input, known, sign) && (item->like_input == NULL
                                          || !is_prompt (meaning, NULL, 0)))
    return COMFY_KIND_TEXT;
  if (sign < 0 || _comfy_words_is_negative (meaning) || (sign == 0 && says_negative (self, node)))
    return COMFY_KIND_NEGATIVE;

  return COMFY_KIND_PROMPT;
}

static gboolean
is_whole (const ComfyMappingItem *item,
          JsonNode               *value,
          const ComfyNodeInput   *known)
{
  /* ComfyUI takes 20.0 for an integer; so it is written then */
  if (json_node_get_value_type (value) == G_TYPE_DOUBLE)
    return FALSE;

  return known != NULL ? comfy_node_input_get_kind (known) != COMFY_NODE_INPUT_FLOAT
                       : !_comfy_words_is_float (item->entry.input);
}

/* FALSE: no form can hold it exactly */
static gboolean
classify_number (ComfyMapping         *self,
                 ComfyMappingItem     *item,
                 JsonNode             *value,
                 const ComfyNodeInput *known)
{
  gboolean    is_primitive = item->like_input != NULL;
  const char *input = is_primitive ? item->like_input : item->entry.input;
  guint64     natural;

  item->is_whole = is_whole (item, value, known);
  item->entry.kind = COMFY_KIND_NUMBER;
  if (!item->is_whole)
    return TRUE;
  if (!comfy_json_node_get_uint64 (value, &natural))
    {
      /* -1 asks for a new seed, in nodes that know no other way */
      if (_comfy_words_is_seed (input) && json_node_get_int (value) == -1)
        item->entry.kind = COMFY_KIND_SEED;
      return json_node_get_int (value) >= -EXACT_MAX;
    }

  item->is_huge = natural > (guint64) EXACT_MAX;
  /* a Primitive node of a number can count up by itself, and is no seed for that */
  if (_comfy_words_is_seed (input) || item->is_huge
      || (known != NULL && !is_primitive && comfy_node_input_is_seed (known)))
    item->entry.kind = COMFY_KIND_SEED;

  return TRUE;
}

/*
 * _comfy_mapping_classify:
 * @self: a mapping that is being made
 * @trace: what the links of its graph tell
 * @item: of a value of its graph; its kind is set
 * @value: that value
 *
 * Returns: whether it is of a kind that a form has
 */
gboolean
_comfy_mapping_classify (ComfyMapping     *self,
                         ComfyTrace       *trace,
                         ComfyMappingItem *item,
                         JsonNode         *value)
{
  const ComfyNodeInput *known = item->known;
  guint64               large;

  if (comfy_json_node_is_string (value))
    {
      item->is_text = TRUE;
      item->entry.kind = kind_of_text (self, trace, item, known, json_node_get_string (value));
      return TRUE;
    }
  if (json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    {
      item->entry.kind = COMFY_KIND_SWITCH;
      return TRUE;
    }
  if (json_node_get_value_type (value) == G_TYPE_INT64
      || json_node_get_value_type (value) == G_TYPE_DOUBLE
      || comfy_json_node_get_uint64 (value, &large))
    return classify_number (self, item, value, known);

  return FALSE;
}
