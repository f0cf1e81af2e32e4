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

/* One node that is being looked at */
typedef struct
{
  ComfyMapping *mapping;    /* no ref */
  ComfyTrace   *trace;      /* no ref */
  const char   *node;
  const char   *class_type;
  JsonObject   *inputs;     /* no ref: what it is given */
  ComfyMark     mark;
  const char   *main;       /* nullable: the input that the mark is about */
  unsigned int  position;
  gboolean      is_told;    /* by the server: it has no other inputs */
  gboolean      is_primitive;
  gboolean      is_loader;  /* of a picture: its second output is a mask */
  gboolean      is_mask_only; /* which is all that is used of it */
  gboolean      is_size;
} Scan;

static gboolean
is_latent_size (const Scan *scan)
{
  ComfyWorkflow *workflow = scan->mapping->workflow;
  gint64         width;
  gint64         height;

  return ((g_str_has_prefix (scan->class_type, "Empty")
           && strstr (scan->class_type, "Latent") != NULL)
          || strstr (scan->class_type, "ToVideo") != NULL)
         && comfy_workflow_get_int (workflow, scan->node, "width", &width)
         && comfy_workflow_get_int (workflow, scan->node, "height", &height)
         && width > 0 && width <= 16384 && height > 0 && height <= 16384;
}

static gboolean
is_shown_value (const Scan *scan,
                const char *input,
                JsonNode   *value)
{
  if (value == NULL || !JSON_NODE_HOLDS_VALUE (value) || g_str_equal (input, "filename_prefix"))
    return FALSE;
  /* the button of ComfyUI's window that older exports have */
  if (g_str_equal (input, "upload") && comfy_json_node_is_string (value)
      && g_str_equal (json_node_get_string (value), "image"))
    return FALSE;

  /* what the server does not know, it does not look at */
  return !scan->is_told || _comfy_mapping_find_input (scan->mapping, scan->node, input) != NULL;
}

/* (nullable): of a node that is marked as a whole, the value that is meant */
static const char *
find_main (const Scan *scan)
{
  static const char * const names[] = {
    "value", "text", "prompt", "image", "string", "seed", "noise_seed", "strength", "denoise",
    "ckpt_name", "unet_name", "lora_name", "model_name", "width",
  };

  JsonObjectIter            iter;
  const char               *input;
  JsonNode                 *value;

  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    if (is_shown_value (scan, names[i], json_object_get_member (scan->inputs, names[i])))
      return names[i];

  json_object_iter_init_ordered (&iter, scan->inputs);
  while (json_object_iter_next_ordered (&iter, &input, &value))
    if (is_shown_value (scan, input, value))
      return input;

  return NULL;
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
  /* a node that holds a value stands where that would */
  const char *input = item->like_input != NULL ? item->like_input : item->entry.input;

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
      return rank_of_number (input);
    case COMFY_KIND_CHOICE:
      /* which of its models a partner's node calls */
      if (g_str_equal (input, "model"))
        return COMFY_RANK_MODEL;
      G_GNUC_FALLTHROUGH;
    case COMFY_KIND_TEXT:
      return _comfy_words_is_model (input) ? COMFY_RANK_MODEL : COMFY_RANK_REST;
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

/* the second half of a sampling that goes on with the noise of the first */
static gboolean
is_without_noise (const Scan *scan)
{
  const char *add_noise;

  return comfy_workflow_get_string (scan->mapping->workflow, scan->node, "add_noise", &add_noise)
         && g_str_equal (add_noise, "disable");
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
    case COMFY_RANK_SEED:
      return is_without_noise (scan) ? COMFY_PLACE_ALL : COMFY_PLACE_FORM;
    case COMFY_RANK_REST:
      return COMFY_PLACE_ALL;
    case COMFY_RANK_MARKED:
    case COMFY_RANK_PICTURE:
    case COMFY_RANK_MASK:
    case COMFY_RANK_PROMPT:
    case COMFY_RANK_NEGATIVE:
    case COMFY_RANK_VALUE:
    case COMFY_RANK_SIZE:
    default:
      return COMFY_PLACE_FORM;
    }
}

/* whether it is the value that the mark of its node is about */
static gboolean
is_main (const Scan             *scan,
         const ComfyMappingItem *item)
{
  if (scan->main == NULL)
    return FALSE;

  return g_str_equal (item->entry.input, scan->main)
         /* of a loader that is there for its mask only */
         || (scan->is_mask_only && item->entry.kind == COMFY_KIND_PICTURE);
}

/* the author's word counts */
static void
follow_mark (const Scan       *scan,
             ComfyMappingItem *item)
{
  if (scan->mark.type == COMFY_MARK_INPUT && is_main (scan, item))
    {
      item->rank = COMFY_RANK_MARKED;
      item->entry.place = scan->mark.is_rare ? COMFY_PLACE_ADVANCED : COMFY_PLACE_FORM;
      if (!comfy_field_is_blank (scan->mark.text))
        item->entry.label = _comfy_workflow_dup_shown (scan->mark.text);
    }
  else if (scan->mark.type == COMFY_MARK_PICTURE && item->entry.kind == COMFY_KIND_PICTURE)
    {
      /* the mask that comes with a picture has a name of its own */
      item->rank = COMFY_RANK_MARKED;
      if (g_strcmp0 (item->entry.binding, scan->mark.text) == 0)
        item->entry.label = g_strdup (scan->mark.label);
    }
  else if (scan->is_primitive)
    {
      item->rank = item->rank == COMFY_RANK_REST ? COMFY_RANK_VALUE : item->rank;
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
  /* the first seed is the one that is varied: not one that changes nothing */
  if (item->rank == COMFY_RANK_SEED && item->entry.place == COMFY_PLACE_ALL)
    item->rank = COMFY_RANK_REST;
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
  item->is_text = comfy_workflow_has_input (scan->mapping->workflow, scan->node, input);
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
  if (!scan->is_mask_only)
    add_picture (scan, input, binding);
  if (gives_mask)
    add_picture (scan, "mask", "mask");
}

/* a node that is there to hold one value: what for */
static void
find_like (const Scan       *scan,
           ComfyMappingItem *item)
{
  const char *input = NULL;
  const char *node = _comfy_trace_get_consumer (scan->trace, scan->node, &input);

  if (node == NULL)
    return;

  item->like_node = g_strdup (node);
  item->like_input = g_strdup (input);
  item->like = _comfy_mapping_find_input (scan->mapping, node, input);
}

static void
scan_input (const Scan *scan,
            const char *input,
            JsonNode   *value)
{
  ComfyMappingItem *item;

  if (!is_shown_value (scan, input, value) || (scan->is_size && g_str_equal (input, "height")))
    return;

  item = _comfy_mapping_item_new (scan->node, input, COMFY_KIND_TEXT);
  item->known = _comfy_mapping_find_input (scan->mapping, scan->node, input);
  if (scan->is_primitive && g_str_equal (input, "value"))
    find_like (scan, item);

  if (!_comfy_mapping_classify (scan->mapping, scan->trace, item, value))
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
    {
      item->entry.kind = COMFY_KIND_SIZE;
      scan->mapping->has_size = TRUE;
    }
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
  Scan            scan = { self, trace, node };
  JsonObjectIter  iter;
  const char     *input;
  JsonNode       *value;

  scan.inputs = _comfy_workflow_get_inputs (self->workflow, node);
  scan.class_type = comfy_workflow_get_class (self->workflow, node);
  scan.mark = _comfy_mark_parse (comfy_workflow_get_title (self->workflow, node));
  scan.position = position;
  scan.is_primitive = g_str_has_prefix (scan.class_type, "Primitive");
  scan.is_told = comfy_node_table_is_complete (self->table)
                 && comfy_node_table_lookup (self->table, scan.class_type) != NULL;
  scan.is_loader = g_str_equal (scan.class_type, "LoadImage");
  scan.is_mask_only = scan.is_loader && _comfy_trace_is_used (trace, node, 1)
                      && !_comfy_trace_is_used (trace, node, 0);
  /* one size of a form can follow the image's */
  scan.is_size = !self->has_size && is_latent_size (&scan);
  if (scan.mark.type == COMFY_MARK_INPUT)
    scan.main = find_main (&scan);

  json_object_iter_init_ordered (&iter, scan.inputs);
  while (json_object_iter_next_ordered (&iter, &input, &value))
    scan_input (&scan, input, value);
}
