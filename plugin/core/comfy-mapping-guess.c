/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each value of a graph is, and whether an artist wants to see it: by what its author says in
 * titles, by the nodes that exist only to hold a value, else by class, name, type and what it is
 * linked to.
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-mapping-private.h"
#include "comfy-workflow-private.h"

/* doubles hold every integer up to here; what is larger is kept exactly as a seed is */
#define EXACT_MAX ((gint64) 1 << 53)

/* One node that is being looked at */
typedef struct
{
  ComfyMapping *mapping;    /* no ref */
  ComfyTrace   *trace;      /* no ref */
  const char   *node;
  const char   *class_type;
  ComfyMark     mark;
  const char   *main;       /* nullable: the input that the mark is about */
  unsigned int  position;
  gboolean      is_primitive;
  gboolean      is_loader;  /* of a picture: its second output is a mask */
  gboolean      is_size;
} Scan;

/* Load Image and Load Image (as Mask); a table tells of others */
static gboolean
is_upload (const Scan *scan,
           const char *input)
{
  const ComfyNodeInput *known = _comfy_mapping_find_input (scan->mapping, scan->node, input);

  if (known != NULL && comfy_node_input_is_upload (known))
    return TRUE;

  return g_str_equal (input, "image")
         && (g_str_equal (scan->class_type, "LoadImage")
             || g_str_equal (scan->class_type, "LoadImageMask"));
}

static gboolean
is_latent_size (const Scan *scan)
{
  ComfyWorkflow *workflow = scan->mapping->workflow;
  gint64         width;
  gint64         height;

  return g_str_has_prefix (scan->class_type, "Empty") && strstr (scan->class_type, "Latent") != NULL
         && comfy_workflow_get_int (workflow, scan->node, "width", &width)
         && comfy_workflow_get_int (workflow, scan->node, "height", &height)
         && width > 0 && width <= 16384 && height > 0 && height <= 16384;
}

static gboolean
is_shown_value (const Scan *scan,
                const char *input)
{
  JsonNode *value = comfy_workflow_get_value (scan->mapping->workflow, scan->node, input);

  return value != NULL && JSON_NODE_HOLDS_VALUE (value) && !g_str_equal (input, "filename_prefix");
}

/* (nullable): of a node that is marked as a whole, the value that is meant */
static const char *
find_main (const Scan  *scan,
           char       **inputs)
{
  static const char * const names[] = {
    "value", "text", "prompt", "image", "string", "seed", "noise_seed", "strength", "denoise",
    "ckpt_name", "unet_name", "lora_name", "model_name", "width",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    if (is_shown_value (scan, names[i]))
      return names[i];

  for (; *inputs != NULL; inputs++)
    if (is_shown_value (scan, *inputs))
      return *inputs;

  return NULL;
}

static gboolean
says_negative (const Scan *scan)
{
  const char      *title = comfy_workflow_get_title (scan->mapping->workflow, scan->node);
  g_autofree char *folded = g_utf8_casefold (title, -1);

  return strstr (folded, "negative") != NULL;
}

/* a text for the model; others are names of files, modes and such */
static gboolean
is_prompt (const Scan           *scan,
           const char           *input,
           const ComfyNodeInput *known,
           int                   sign)
{
  if (_comfy_words_is_prompt (input) || _comfy_words_is_negative (input))
    return known == NULL || comfy_node_input_get_kind (known) == COMFY_NODE_INPUT_STRING;

  /* on the way to a sampler only texts are put together */
  return sign != 0 && (g_str_has_prefix (input, "string") || g_str_equal (input, "value"));
}

static ComfyKind
kind_of_text (const Scan           *scan,
              const char           *input,
              const ComfyNodeInput *known)
{
  int sign = _comfy_trace_get_sign (scan->trace, scan->node);

  if (is_upload (scan, input))
    return COMFY_KIND_PICTURE;
  if (known != NULL && comfy_node_input_get_choices (known) != NULL)
    return COMFY_KIND_CHOICE;
  if (!is_prompt (scan, input, known, sign))
    return COMFY_KIND_TEXT;
  if (sign < 0 || _comfy_words_is_negative (input) || (sign == 0 && says_negative (scan)))
    return COMFY_KIND_NEGATIVE;

  return COMFY_KIND_PROMPT;
}

static gboolean
is_too_large (JsonNode *value)
{
  guint64 large;

  if (json_node_get_value_type (value) == G_TYPE_DOUBLE)
    return FALSE;
  if (!comfy_json_node_get_uint64 (value, &large))
    return FALSE;

  return large > (guint64) EXACT_MAX;
}

static void
classify_number (const Scan           *scan,
                 ComfyMappingItem     *item,
                 JsonNode             *value,
                 const ComfyNodeInput *known)
{
  const char *input = item->like_input != NULL ? item->like_input : item->entry.input;
  guint64     natural;

  item->is_whole = known != NULL ? comfy_node_input_get_kind (known) == COMFY_NODE_INPUT_INT
                                 : json_node_get_value_type (value) != G_TYPE_DOUBLE
                                   && !_comfy_words_is_float (input);
  item->entry.kind = COMFY_KIND_NUMBER;
  if (!comfy_json_node_get_uint64 (value, &natural) || !item->is_whole)
    return;

  /* a Primitive node of a number can count up by itself, and is no seed for that */
  if (_comfy_words_is_seed (input) || is_too_large (value)
      || (known != NULL && !scan->is_primitive && comfy_node_input_is_seed (known)))
    item->entry.kind = COMFY_KIND_SEED;
}

/* FALSE: it is of no kind that a form has */
static gboolean
classify (const Scan       *scan,
          ComfyMappingItem *item)
{
  const char           *input = item->entry.input;
  JsonNode             *value = comfy_workflow_get_value (scan->mapping->workflow, scan->node, input);
  const ComfyNodeInput *known = _comfy_mapping_find_input (scan->mapping, scan->node, input);
  guint64               large;

  if (comfy_json_node_is_string (value))
    item->entry.kind = kind_of_text (scan, input, known);
  else if (json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    item->entry.kind = COMFY_KIND_SWITCH;
  else if (json_node_get_value_type (value) == G_TYPE_INT64
           || json_node_get_value_type (value) == G_TYPE_DOUBLE
           || comfy_json_node_get_uint64 (value, &large))
    classify_number (scan, item, value, known);
  else
    return FALSE;

  return TRUE;
}

static ComfyRank
rank_of_number (const char *input)
{
  if (g_str_equal (input, "steps"))
    return COMFY_RANK_STEPS;
  if (g_str_equal (input, "denoise"))
    return COMFY_RANK_DENOISE;

  return _comfy_words_is_guidance (input) ? COMFY_RANK_GUIDANCE : COMFY_RANK_REST;
}

static ComfyRank
rank_of (const ComfyMappingItem *item)
{
  switch (item->entry.kind)
    {
    case COMFY_KIND_PICTURE:
      return g_strcmp0 (item->entry.binding, "mask") == 0 ? COMFY_RANK_MASK : COMFY_RANK_PICTURE;
    case COMFY_KIND_PROMPT:
      return COMFY_RANK_PROMPT;
    case COMFY_KIND_NEGATIVE:
      return COMFY_RANK_NEGATIVE;
    case COMFY_KIND_SIZE:
      return COMFY_RANK_SIZE;
    case COMFY_KIND_SEED:
      return COMFY_RANK_SEED;
    case COMFY_KIND_NUMBER:
      return rank_of_number (item->entry.input);
    case COMFY_KIND_CHOICE:
      /* which of its models a partner's node calls */
      if (g_str_equal (item->entry.input, "model"))
        return COMFY_RANK_MODEL;
      G_GNUC_FALLTHROUGH;
    case COMFY_KIND_TEXT:
      return _comfy_words_is_model (item->entry.input) ? COMFY_RANK_MODEL : COMFY_RANK_REST;
    case COMFY_KIND_SWITCH:
    default:
      return COMFY_RANK_REST;
    }
}

/* what a graph's author leaves at 1 is a picture made from nothing, where it is no choice */
static gboolean
is_partial (const Scan *scan)
{
  double denoise;

  return comfy_workflow_get_double (scan->mapping->workflow, scan->node, "denoise", &denoise)
         && denoise < 1.0;
}

static ComfyPlace
place_of (const Scan *scan,
          ComfyRank   rank)
{
  switch (rank)
    {
    case COMFY_RANK_MODEL:
    case COMFY_RANK_STEPS:
    case COMFY_RANK_GUIDANCE:
      return COMFY_PLACE_ADVANCED;
    case COMFY_RANK_DENOISE:
      return is_partial (scan) ? COMFY_PLACE_FORM : COMFY_PLACE_ADVANCED;
    case COMFY_RANK_REST:
      return COMFY_PLACE_ALL;
    case COMFY_RANK_MARKED:
    case COMFY_RANK_PICTURE:
    case COMFY_RANK_MASK:
    case COMFY_RANK_PROMPT:
    case COMFY_RANK_NEGATIVE:
    case COMFY_RANK_SIZE:
    case COMFY_RANK_SEED:
    default:
      return COMFY_PLACE_FORM;
    }
}

/* the author's word counts */
static void
follow_mark (const Scan       *scan,
             ComfyMappingItem *item)
{
  gboolean is_main = scan->main != NULL && g_str_equal (item->entry.input, scan->main);

  if (scan->mark.type == COMFY_MARK_INPUT && is_main)
    {
      item->rank = COMFY_RANK_MARKED;
      item->entry.place = scan->mark.is_rare ? COMFY_PLACE_ADVANCED : COMFY_PLACE_FORM;
      item->entry.label = g_strdup (scan->mark.text);
    }
  else if (scan->mark.type == COMFY_MARK_PICTURE && item->entry.kind == COMFY_KIND_PICTURE)
    {
      item->rank = COMFY_RANK_MARKED;
      item->entry.label = g_strdup (scan->mark.label);
    }
  else if (scan->is_primitive)
    {
      item->rank = COMFY_RANK_MARKED;
      item->entry.place = COMFY_PLACE_FORM;
    }
}

/* @item: (transfer full): of a known kind */
static void
add_item (const Scan       *scan,
          ComfyMappingItem *item)
{
  item->position = scan->position;
  item->rank = rank_of (item);
  item->entry.place = place_of (scan, item->rank);
  follow_mark (scan, item);
  g_ptr_array_add (scan->mapping->items, item);
}

static void
add_picture (const Scan *scan,
             const char *input,
             const char *binding)
{
  ComfyMappingItem *item = _comfy_mapping_item_new (scan->node, input, COMFY_KIND_PICTURE);

  item->entry.binding = g_strdup (binding);
  add_item (scan, item);
}

/* A loader gives the picture and, from its transparency, a mask: each is asked for where it is
 * used. */
static void
add_pictures (const Scan *scan,
              const char *input)
{
  const char *binding = scan->mark.type == COMFY_MARK_PICTURE ? scan->mark.text : "layer";
  gboolean    is_mask = g_str_equal (scan->class_type, "LoadImageMask");
  gboolean    gives_mask = scan->is_loader && _comfy_trace_is_used (scan->trace, scan->node, 1);

  if (is_mask && scan->mark.type != COMFY_MARK_PICTURE)
    binding = "mask";
  if (!gives_mask || _comfy_trace_is_used (scan->trace, scan->node, 0))
    add_picture (scan, input, binding);
  if (gives_mask)
    add_picture (scan, "mask", "mask");
}

static void
scan_input (const Scan *scan,
            const char *input)
{
  ComfyMappingItem *item;

  if (!is_shown_value (scan, input) || (scan->is_size && g_str_equal (input, "height")))
    return;

  item = _comfy_mapping_item_new (scan->node, input, COMFY_KIND_TEXT);
  if (scan->is_primitive)
    {
      const char *like_input = NULL;

      item->like_node = g_strdup (_comfy_trace_get_consumer (scan->trace, scan->node, &like_input));
      item->like_input = g_strdup (like_input);
    }

  if (!classify (scan, item))
    {
      _comfy_mapping_item_free (item);
      return;
    }
  if (item->entry.kind == COMFY_KIND_PICTURE)
    {
      _comfy_mapping_item_free (item);
      add_pictures (scan, input);
      return;
    }
  if (scan->is_size && g_str_equal (input, "width"))
    item->entry.kind = COMFY_KIND_SIZE;
  add_item (scan, item);
}

/*
 * _comfy_mapping_scan_node:
 * @self: a mapping that is being made
 * @trace: what the links of its graph tell
 * @node: a node of it
 * @position: its place in the file
 *
 * Adds what the node takes of a person.
 */
void
_comfy_mapping_scan_node (ComfyMapping *self,
                          ComfyTrace   *trace,
                          const char   *node,
                          unsigned int  position)
{
  g_auto(GStrv) inputs = comfy_workflow_dup_inputs (self->workflow, node);
  Scan          scan = { self, trace, node };

  scan.class_type = comfy_workflow_get_class (self->workflow, node);
  scan.mark = _comfy_mark_parse (comfy_workflow_get_title (self->workflow, node));
  scan.position = position;
  scan.is_primitive = g_str_has_prefix (scan.class_type, "Primitive");
  scan.is_loader = g_str_equal (scan.class_type, "LoadImage");
  scan.is_size = is_latent_size (&scan);
  if (scan.mark.type == COMFY_MARK_INPUT)
    scan.main = find_main (&scan, inputs);

  for (unsigned int i = 0; inputs[i] != NULL; i++)
    scan_input (&scan, inputs[i]);
}
