/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Graphs of an action, and where in each of them a picture, a mask, a value and a model's file go.
 * What a sidecar may say of them is in data/schema/action.schema.json.
 */
#define G_LOG_DOMAIN "comfy-variant"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-json-private.h"
#include "comfy-variant-private.h"

/* 16 megapixels: the uploads' limit is 100 MB, and the service takes at most 64 MP */
#define DEFAULT_MAX_PIXELS (G_GUINT64_CONSTANT (16) * 1024 * 1024)

#define N_TARGETS 2

G_DEFINE_BOXED_TYPE (ComfyLoader, comfy_loader, comfy_loader_copy, comfy_loader_free)

/**
 * comfy_loader_new:
 * @node: id of the node that loads
 * @input: its input that takes the file's name
 * @candidates: names, in the order in which they are tried
 *
 * Returns: (transfer full): the loader
 */
ComfyLoader *
comfy_loader_new (const char         *node,
                  const char         *input,
                  const char * const *candidates)
{
  ComfyLoader *self = g_new0 (ComfyLoader, 1);

  comfy_target_set (&self->target, node, input);
  self->candidates = g_strdupv ((char **) candidates);

  return self;
}

/**
 * comfy_loader_copy:
 * @self: a loader
 *
 * Returns: (transfer full): the same
 */
ComfyLoader *
comfy_loader_copy (const ComfyLoader *self)
{
  return comfy_loader_new (self->target.node, self->target.input,
                           (const char * const *) self->candidates);
}

/**
 * comfy_loader_free:
 * @self: (transfer full): a loader
 */
void
comfy_loader_free (ComfyLoader *self)
{
  comfy_target_clear (&self->target);
  g_strfreev (self->candidates);
  g_free (self);
}

static void
targets_free (gpointer data)
{
  ComfyTarget *targets = data;

  for (unsigned int i = 0; i < N_TARGETS; i++)
    comfy_target_clear (&targets[i]);
  g_free (targets);
}

void
_comfy_variant_free (ComfyVariant *self)
{
  g_free (self->id);
  g_free (self->label);
  g_clear_object (&self->workflow);
  comfy_target_clear (&self->image);
  comfy_target_clear (&self->mask);
  g_clear_pointer (&self->loaders, g_ptr_array_unref);
  g_clear_pointer (&self->targets, g_hash_table_unref);
  g_free (self);
}

/* what the variant says, else what the sidecar says */
static JsonObject *
get_object (JsonObject *sidecar,
            JsonObject *object,
            const char *member)
{
  JsonObject *own = object != NULL ? comfy_json_get_object (object, member) : NULL;

  return own != NULL ? own : comfy_json_get_object (sidecar, member);
}

/* The input "mask" of a Load Image node, which has none, is that of a loader of its own. */
static gboolean
find_target (ComfyVariant *self,
             const char   *node,
             const char   *input,
             ComfyTarget  *target)
{
  g_autofree char *mask_node = NULL;

  if (node == NULL || input == NULL)
    return FALSE;

  if (!comfy_workflow_has_input (self->workflow, node, input) && g_str_equal (input, "mask"))
    mask_node = comfy_workflow_take_mask (self->workflow, node);
  if (mask_node != NULL)
    {
      comfy_target_set (target, mask_node, "image");
      return TRUE;
    }
  if (!comfy_workflow_has_input (self->workflow, node, input))
    return FALSE;

  comfy_target_set (target, node, input);

  return TRUE;
}

static gboolean
read_target (ComfyVariant *self,
             JsonObject   *object,
             ComfyTarget  *target)
{
  return find_target (self, comfy_json_get_string (object, "node"),
                      comfy_json_get_string (object, "input"), target);
}

static gboolean
read_pictures (ComfyVariant *self,
               JsonObject   *sidecar,
               JsonObject   *object)
{
  JsonObject *image = get_object (sidecar, object, "image");
  JsonObject *mask = get_object (sidecar, object, "mask");
  gint64      max_pixels = image != NULL ? comfy_json_get_int (image, "max-pixels", 0) : 0;

  self->max_pixels = max_pixels > 0 ? (guint64) max_pixels : DEFAULT_MAX_PIXELS;
  if (mask != NULL)
    self->mask_grow = (int) CLAMP (comfy_json_get_int (mask, "grow", 0), 0, 1024);

  return (image == NULL || read_target (self, image, &self->image))
         && (mask == NULL || read_target (self, mask, &self->mask));
}

static gboolean
read_sizing (ComfyVariant *self,
             JsonObject   *sidecar,
             JsonObject   *object)
{
  JsonObject *sizing = get_object (sidecar, object, "sizing");

  self->sizing.multiple = 1;
  if (sizing == NULL)
    return TRUE;

  self->sizing.pixels = (guint64) MAX (0, comfy_json_get_int (sizing, "pixels", 0));
  self->sizing.multiple = (int) CLAMP (comfy_json_get_int (sizing, "multiple", 1), 1, 1024);
  self->sizing.min_edge = (int) CLAMP (comfy_json_get_int (sizing, "min-edge", 0), 0, 16384);
  self->sizing.max_edge = (int) CLAMP (comfy_json_get_int (sizing, "max-edge", 0), 0, 16384);
  self->sizing.context = MAX (0.0, comfy_json_get_double (sizing, "context", 0.0));
  self->sizing.context_min = (int) CLAMP (comfy_json_get_int (sizing, "context-min", 0), 0, 16384);

  return self->sizing.max_edge == 0 || self->sizing.max_edge >= self->sizing.min_edge;
}

static gboolean
read_loader (ComfyVariant *self,
             JsonObject   *object)
{
  JsonArray                *names = comfy_json_get_array (object, "candidates");
  g_autoptr(GStrvBuilder)   builder = g_strv_builder_new ();
  g_auto(GStrv)             candidates = NULL;
  ComfyTarget               target = { 0 };
  const char               *present;
  gboolean                  is_good;

  for (unsigned int i = 0; names != NULL && i < json_array_get_length (names); i++)
    {
      JsonNode *node = json_array_get_element (names, i);

      if (!comfy_json_node_is_string (node))
        return FALSE;
      g_strv_builder_add (builder, json_node_get_string (node));
    }
  candidates = g_strv_builder_end (builder);

  /* what the graph says is what is tried first */
  is_good = candidates[0] != NULL && read_target (self, object, &target)
            && comfy_workflow_get_string (self->workflow, target.node, target.input, &present)
            && g_str_equal (present, candidates[0]);
  if (is_good)
    g_ptr_array_add (self->loaders, comfy_loader_new (target.node, target.input,
                                                      (const char * const *) candidates));
  comfy_target_clear (&target);

  return is_good;
}

static gboolean
read_loaders (ComfyVariant *self,
              JsonObject   *sidecar,
              JsonObject   *object)
{
  JsonArray *loaders = object != NULL ? comfy_json_get_array (object, "loaders") : NULL;

  if (loaders == NULL)
    loaders = comfy_json_get_array (sidecar, "loaders");
  for (unsigned int i = 0; loaders != NULL && i < json_array_get_length (loaders); i++)
    {
      JsonNode *node = json_array_get_element (loaders, i);

      if (!JSON_NODE_HOLDS_OBJECT (node) || !read_loader (self, json_node_get_object (node)))
        return FALSE;
    }

  return TRUE;
}

/* @object: the field's own description, or what the variant says of it */
static gboolean
read_field_targets (ComfyVariant *self,
                    const char   *field_id,
                    JsonObject   *object)
{
  JsonObject  *width = comfy_json_get_object (object, "width");
  JsonObject  *height = comfy_json_get_object (object, "height");
  ComfyTarget *targets;
  gboolean     is_good;

  if (width == NULL && height == NULL && !json_object_has_member (object, "node"))
    return TRUE;

  targets = g_new0 (ComfyTarget, N_TARGETS);
  is_good = width != NULL && height != NULL
            ? read_target (self, width, &targets[0]) && read_target (self, height, &targets[1])
            : read_target (self, object, &targets[0]);
  g_hash_table_insert (self->targets, g_strdup (field_id), targets);

  return is_good;
}

/* the masks of all fields at once: each alone would look through the whole graph */
static void
take_masks (ComfyVariant *self,
            JsonArray    *fields)
{
  g_autoptr(GPtrArray) nodes = g_ptr_array_new ();

  for (unsigned int i = 0; i < json_array_get_length (fields); i++)
    {
      JsonNode   *element = json_array_get_element (fields, i);
      JsonObject *field = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      const char *node = field != NULL ? comfy_json_get_string (field, "node") : NULL;

      if (node != NULL && g_strcmp0 (comfy_json_get_string (field, "input"), "mask") == 0
          && comfy_workflow_has_node (self->workflow, node)
          && !comfy_workflow_has_input (self->workflow, node, "mask"))
        g_ptr_array_add (nodes, (char *) node);
    }
  g_ptr_array_add (nodes, NULL);
  comfy_workflow_take_masks (self->workflow, (const char * const *) nodes->pdata);
}

static gboolean
read_targets (ComfyVariant *self,
              JsonObject   *sidecar,
              JsonObject   *object)
{
  JsonArray  *fields = comfy_json_get_array (sidecar, "fields");
  JsonObject *own = object != NULL ? comfy_json_get_object (object, "targets") : NULL;

  if (fields != NULL)
    take_masks (self, fields);
  for (unsigned int i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonNode   *node = json_array_get_element (fields, i);
      JsonObject *field = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *id = field != NULL ? comfy_json_get_string (field, "id") : NULL;
      JsonObject *target = field;

      if (id == NULL)
        return FALSE;
      /* null: this graph has no place for the field */
      if (own != NULL && json_object_has_member (own, id))
        target = comfy_json_get_object (own, id);
      if (target != NULL && !read_field_targets (self, id, target))
        return FALSE;
    }

  return TRUE;
}

/*
 * _comfy_variant_new_from_json:
 * @sidecar: an action's sidecar; what it says goes for every variant
 * @object: (nullable): one of its variants: what goes for this one only
 * @workflow: (transfer none): its graph
 * @out_problem: (out): what is wrong, for the log
 *
 * Returns: (transfer full) (nullable): the variant
 */
ComfyVariant *
_comfy_variant_new_from_json (JsonObject     *sidecar,
                              JsonObject     *object,
                              ComfyWorkflow  *workflow,
                              const char    **out_problem)
{
  g_autoptr(ComfyVariant)  self = g_new0 (ComfyVariant, 1);
  const char              *id = object != NULL ? comfy_json_get_string (object, "id") : "";
  const char              *label = object != NULL ? comfy_json_get_string (object, "label") : NULL;

  self->id = g_strdup (id);
  self->label = label != NULL && *label != '\0' ? g_strdup (_(label)) : NULL;
  self->workflow = g_object_ref (workflow);
  self->loaders = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_loader_free);
  self->targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, targets_free);

  if (id == NULL || (object != NULL && self->label == NULL))
    *out_problem = "a variant has an id and a label";
  else if (!read_pictures (self, sidecar, object))
    *out_problem = "image or mask names no input of the graph";
  else if (!read_sizing (self, sidecar, object))
    *out_problem = "sizing makes no size";
  else if (!read_loaders (self, sidecar, object))
    *out_problem = "a loader names no input, or its first candidate is not what the graph says";
  else if (!read_targets (self, sidecar, object))
    *out_problem = "a field names no input of the graph";
  else
    return g_steal_pointer (&self);

  return NULL;
}

/*
 * _comfy_variant_take_masks:
 * @targets: two of each of @n fields
 *
 * Makes the loaders of masks that fields are about to go to, all at once: each alone would look
 * through the whole graph.
 */
void
_comfy_variant_take_masks (ComfyVariant      *self,
                           const ComfyTarget *targets,
                           unsigned int       n)
{
  g_autoptr(GPtrArray) nodes = g_ptr_array_new ();

  for (unsigned int i = 0; i < n; i++)
    if (g_str_equal (targets[2 * i].input, "mask")
        && !comfy_workflow_has_input (self->workflow, targets[2 * i].node, "mask"))
      g_ptr_array_add (nodes, targets[2 * i].node);
  g_ptr_array_add (nodes, NULL);
  comfy_workflow_take_masks (self->workflow, (const char * const *) nodes->pdata);
}

/*
 * _comfy_variant_add_targets:
 * @field_id: a field of its action
 * @targets: where it goes, as a sidecar says it: one, or for a size two; they are taken
 *
 * Returns: whether the graph has such inputs
 */
gboolean
_comfy_variant_add_targets (ComfyVariant *self,
                            const char   *field_id,
                            ComfyTarget  *targets)
{
  ComfyTarget *found = g_new0 (ComfyTarget, N_TARGETS);
  gboolean     is_good = TRUE;

  for (unsigned int i = 0; i < N_TARGETS && targets[i].node != NULL; i++)
    {
      /* most need not be looked for */
      if (comfy_workflow_has_input (self->workflow, targets[i].node, targets[i].input))
        {
          found[i] = targets[i];
          targets[i] = (ComfyTarget) { 0 };
        }
      else
        is_good &= find_target (self, targets[i].node, targets[i].input, &found[i]);
    }
  g_hash_table_insert (self->targets, g_strdup (field_id), found);

  return is_good;
}

/**
 * comfy_variant_get_targets:
 * @self: a variant
 * @field_id: a field of its action
 *
 * Returns: (transfer none) (nullable): where the field's value goes: one input, for a size two;
 *   %NULL when this graph has no place for it
 */
const ComfyTarget *
comfy_variant_get_targets (const ComfyVariant *self,
                           const char         *field_id)
{
  return g_hash_table_lookup (self->targets, field_id);
}
