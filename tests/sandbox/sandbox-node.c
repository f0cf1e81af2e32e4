/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Carries out a graph, node by node, each after what it depends on. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-workflow-check.h"
#include "comfy-workflow-private.h"
#include "comfy-json-private.h"
#include "sandbox-node.h"

/**
 * sandbox_hash:
 *
 * FNV-1a with a finish that spreads it over all bits: the same on every machine.
 *
 * Returns: a hash of @seed and @data
 */
guint64
sandbox_hash (guint64       seed,
              gconstpointer data,
              gsize         length)
{
  guint64 hash = seed ^ G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ ((const guint8 *) data)[i]) * G_GUINT64_CONSTANT (0x100000001b3);

  hash = (hash ^ (hash >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  hash = (hash ^ (hash >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return hash ^ (hash >> 31);
}

SandboxValue *
sandbox_value_new (guint64 hash)
{
  SandboxValue *self = g_atomic_rc_box_new0 (SandboxValue);

  self->hash = hash;

  return self;
}

SandboxValue *
sandbox_value_ref (SandboxValue *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
sandbox_value_clear (gpointer data)
{
  SandboxValue *self = data;

  g_clear_pointer (&self->image, sandbox_image_unref);
  g_clear_pointer (&self->mask, sandbox_image_unref);
  g_free (self->text);
}

void
sandbox_value_unref (SandboxValue *self)
{
  g_atomic_rc_box_release_full (self, sandbox_value_clear);
}

static void
saved_free (gpointer data)
{
  SandboxSaved *self = data;

  g_free (self->node_id);
  g_free (self->prefix);
  g_bytes_unref (self->content);
  g_free (self);
}

/**
 * sandbox_node_get_value:
 *
 * Returns: (transfer none) (nullable): what comes over the link of @input
 */
SandboxValue *
sandbox_node_get_value (SandboxNode *node,
                        const char  *input)
{
  g_autofree char *key = NULL;
  const char *source_id;
  unsigned int slot;

  if (!comfy_workflow_get_link (node->run->workflow, node->id, input, &source_id, &slot))
    return NULL;

  key = g_strdup_printf ("%s:%u", source_id, slot);
  return g_hash_table_lookup (node->run->values, key);
}

/**
 * sandbox_node_get_image:
 *
 * Returns: (transfer none): the IMAGE or MASK that comes over the link of @input
 */
SandboxImage *
sandbox_node_get_image (SandboxNode  *node,
                        const char   *input,
                        GError      **error)
{
  SandboxValue *value = sandbox_node_get_value (node, input);

  if (value == NULL || value->image == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s holds no picture", input);
      return NULL;
    }

  return value->image;
}

/**
 * sandbox_node_get_int:
 *
 * Returns: the value, 0 when absent
 */
int
sandbox_node_get_int (SandboxNode *node,
                      const char  *input)
{
  return (int) sandbox_node_get_double (node, input);
}

/**
 * sandbox_node_get_double:
 *
 * Returns: the value, also when it comes over a link, made a number as ComfyUI does; 0 when absent
 */
double
sandbox_node_get_double (SandboxNode *node,
                         const char  *input)
{
  SandboxValue *linked = sandbox_node_get_value (node, input);
  double value = 0.0;
  gboolean truth;
  const char *text;

  if (linked != NULL)
    return linked->text != NULL ? g_ascii_strtod (linked->text, NULL) : linked->number;
  if (comfy_workflow_get_boolean (node->run->workflow, node->id, input, &truth))
    return truth;
  if (comfy_workflow_get_string (node->run->workflow, node->id, input, &text))
    return g_ascii_strtod (text, NULL);

  comfy_workflow_get_double (node->run->workflow, node->id, input, &value);
  return value;
}

/**
 * sandbox_node_get_string:
 *
 * Returns: (transfer none): the value, also when it comes over a link; "" when absent
 */
const char *
sandbox_node_get_string (SandboxNode *node,
                         const char  *input)
{
  SandboxValue *linked = sandbox_node_get_value (node, input);
  const char *value = "";

  if (linked != NULL)
    return linked->text != NULL ? linked->text : "";

  comfy_workflow_get_string (node->run->workflow, node->id, input, &value);
  return value;
}

/**
 * sandbox_node_get_boolean:
 *
 * Returns: the value; what is absent is false
 */
gboolean
sandbox_node_get_boolean (SandboxNode *node,
                          const char  *input)
{
  const char *text;

  if (sandbox_node_get_value (node, input) == NULL
      && comfy_workflow_get_string (node->run->workflow, node->id, input, &text))
    return g_ascii_strcasecmp (text, "true") == 0;

  return sandbox_node_get_double (node, input) != 0.0;
}

/**
 * sandbox_node_add_output:
 *
 * Returns: (transfer none): the value of an output slot, to be filled in
 */
SandboxValue *
sandbox_node_add_output (SandboxNode  *node,
                         unsigned int  slot)
{
  SandboxValue *value = sandbox_value_new (sandbox_hash (node->hash, &slot, sizeof slot));

  g_hash_table_insert (node->run->values, g_strdup_printf ("%s:%u", node->id, slot), value);
  return value;
}

/**
 * sandbox_node_take_image:
 * @image: (transfer full): the result for the slot
 *
 * Returns: %TRUE, so that a node can end with it
 */
gboolean
sandbox_node_take_image (SandboxNode  *node,
                         unsigned int  slot,
                         SandboxImage *image)
{
  sandbox_node_add_output (node, slot)->image = image;
  return TRUE;
}

/**
 * sandbox_node_get_output:
 *
 * Returns: (transfer none) (nullable): the value of an output slot, to be changed by its own node
 */
SandboxValue *
sandbox_node_get_output (SandboxNode  *node,
                         unsigned int  slot)
{
  g_autofree char *key = g_strdup_printf ("%s:%u", node->id, slot);

  return g_hash_table_lookup (node->run->values, key);
}

/**
 * sandbox_node_pass:
 * @source: (nullable): what came in
 *
 * Hands on what came in, with the hash of this node.
 */
void
sandbox_node_pass (SandboxNode  *node,
                   unsigned int  slot,
                   SandboxValue *source)
{
  SandboxValue *value = sandbox_node_add_output (node, slot);
  guint64 hash = value->hash;

  if (source == NULL)
    return;

  *value = *source;
  value->hash = hash;
  value->image = source->image != NULL ? sandbox_image_ref (source->image) : NULL;
  value->mask = source->mask != NULL ? sandbox_image_ref (source->mask) : NULL;
  value->text = g_strdup (source->text);
}

/* Of the class, the values and what comes over the links; not of ids, titles and file prefixes. */
static guint64
hash_node (SandboxNode *node)
{
  g_auto(GStrv) inputs = comfy_workflow_dup_inputs (node->run->workflow, node->id);
  guint64 hash = sandbox_hash (0, node->class_type, strlen (node->class_type));

  for (unsigned int i = 0; inputs[i] != NULL; i++)
    {
      SandboxValue *linked = sandbox_node_get_value (node, inputs[i]);
      JsonNode *literal = comfy_workflow_get_value (node->run->workflow, node->id, inputs[i]);
      g_autoptr(GString) text = g_string_new (inputs[i]);

      if (linked != NULL)
        g_string_append_printf (text, ":%" G_GUINT64_FORMAT, linked->hash);
      else
        comfy_json_write (text, literal);
      hash = sandbox_hash (hash, text->str, text->len);
    }

  return hash;
}

static gboolean
run_node (SandboxRun  *run,
          const char  *id,
          GError     **error)
{
  static const struct
  {
    SandboxNodeFunc (*lookup) (const char *class_type);
  } families[] = {
    { sandbox_nodes_files_lookup },
    { sandbox_nodes_masks_lookup },
    { sandbox_nodes_filters_lookup },
    { sandbox_nodes_sizes_lookup },
    { sandbox_nodes_resize_lookup },
    { sandbox_nodes_values_lookup },
    { sandbox_nodes_shapes_lookup },
    { sandbox_nodes_batches_lookup },
    { sandbox_nodes_latents_lookup },
    { sandbox_nodes_media_lookup },
    { sandbox_nodes_models_lookup },
  };
  SandboxNode node = { run, id, comfy_workflow_get_class (run->workflow, id), 0 };
  SandboxNodeFunc func = NULL;

  if (g_cancellable_set_error_if_cancelled (run->cancellable, error))
    return FALSE;

  for (unsigned int i = 0; i < G_N_ELEMENTS (families) && func == NULL; i++)
    func = families[i].lookup (node.class_type);

  if (func == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "The sandbox does not carry out %s.", node.class_type);
      return FALSE;
    }

  node.hash = hash_node (&node);
  return func (&node, error);
}

/**
 * sandbox_run_graph:
 * @outputs: ids of output nodes; they and what they depend on run, once each
 * @load: called on this thread
 * @previews: (nullable) (element-type SandboxPreview): what the samplers show is added
 * @failed_node_id: (out) (nullable): the node that failed
 *
 * Returns: (transfer full) (element-type SandboxSaved): what was saved, or %NULL with an error
 */
GPtrArray *
sandbox_run_graph (ComfyWorkflow      *workflow,
                   ComfyNodeTable     *table,
                   const char *const  *outputs,
                   SandboxLoadFunc     load,
                   gpointer            load_data,
                   GCancellable       *cancellable,
                   GPtrArray          *previews,
                   char              **failed_node_id,
                   GError            **error)
{
  g_auto(GStrv) order = comfy_workflow_dup_order (workflow, outputs, NULL);
  g_autoptr(GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                        (GDestroyNotify) sandbox_value_unref);
  g_autoptr(GPtrArray) saved = g_ptr_array_new_with_free_func (saved_free);
  SandboxRun run = { workflow, table, load, load_data, cancellable, values, saved,
                     previews };

  for (unsigned int i = 0; order[i] != NULL; i++)
    if (!run_node (&run, order[i], error))
      {
        *failed_node_id = g_strdup (order[i]);
        return NULL;
      }

  return g_steal_pointer (&saved);
}
