/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a graph to a form: what each of its values is (comfy-mapping-guess.c), by which names they are
 * shown (comfy-mapping-names.c), what the artist says instead (comfy-mapping-edit.c), and the sidecar
 * that comes of it (comfy-mapping-sidecar.c).
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-mapping-private.h"

G_DEFINE_FINAL_TYPE (ComfyMapping, comfy_mapping, G_TYPE_OBJECT)

static void
comfy_mapping_finalize (GObject *object)
{
  ComfyMapping *self = COMFY_MAPPING (object);

  g_clear_object (&self->workflow);
  g_clear_object (&self->table);
  g_clear_pointer (&self->window, json_node_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->outputs, g_ptr_array_unref);
  g_clear_pointer (&self->outcomes, g_hash_table_unref);
  g_clear_pointer (&self->choices, g_hash_table_unref);
  g_free (self->title);

  G_OBJECT_CLASS (comfy_mapping_parent_class)->finalize (object);
}

static void
comfy_mapping_class_init (ComfyMappingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_mapping_finalize;

  /**
   * ComfyMapping::changed:
   *
   * The artist has corrected something.
   */
  g_signal_new ("changed", COMFY_TYPE_MAPPING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

static void
comfy_mapping_init (ComfyMapping *self)
{
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) _comfy_mapping_item_free);
  self->outputs = g_ptr_array_new ();
  self->outcomes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->choices = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
}

/*
 * _comfy_mapping_item_new:
 * @node: a node's id
 * @input: an input of it
 * @kind: what it is
 *
 * Returns: (transfer full): an entry without a place
 */
ComfyMappingItem *
_comfy_mapping_item_new (const char *node,
                         const char *input,
                         ComfyKind   kind)
{
  ComfyMappingItem *self = g_new0 (ComfyMappingItem, 1);

  self->entry.node = g_strdup (node);
  self->entry.input = g_strdup (input);
  self->entry.kind = kind;
  self->rank = COMFY_RANK_REST;

  return self;
}

void
_comfy_mapping_item_free (ComfyMappingItem *self)
{
  g_free (self->entry.node);
  g_free (self->entry.input);
  g_free (self->entry.label);
  g_free (self->entry.binding);
  g_free (self->like_node);
  g_free (self->like_input);
  g_free (self);
}

/*
 * _comfy_mapping_index:
 *
 * Returns: (transfer full): the items by "node/input"
 */
GHashTable *
_comfy_mapping_index (ComfyMapping *self)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (unsigned int i = 0; i < self->items->len; i++)
    {
      ComfyMappingItem *item = g_ptr_array_index (self->items, i);

      g_hash_table_insert (index, g_strconcat (item->entry.node, "/", item->entry.input, NULL),
                           item);
    }

  return index;
}

/* (nullable): of the input "model.size" what the model that the graph has chosen takes there:
 * others may have other sizes */
static const ComfyNodeInput *
find_chosen (ComfyMapping         *self,
             const char           *node,
             const ComfyNodeClass *klass,
             const char           *input)
{
  GPtrArray  *inputs = comfy_node_class_get_inputs (klass);
  const char *rest = input;

  while (inputs != NULL)
    {
      size_t                length = strcspn (rest, ".");
      g_autofree char      *prefix = g_strndup (input, (gsize) (rest - input) + length);
      const ComfyNodeInput *found = NULL;
      const char           *choice = NULL;

      for (unsigned int i = 0; i < inputs->len && found == NULL; i++)
        {
          const ComfyNodeInput *known = g_ptr_array_index (inputs, i);
          const char           *name = comfy_node_input_get_name (known);

          if (strncmp (name, rest, length) == 0 && name[length] == '\0')
            found = known;
        }
      if (found == NULL || rest[length] == '\0')
        return found;

      comfy_workflow_get_string (self->workflow, node, prefix, &choice);
      inputs = comfy_node_input_get_option_inputs (found, choice);
      rest += length + 1;
    }

  return NULL;
}

/*
 * _comfy_mapping_find_input:
 * @node: a node of the graph
 * @input: an input of it
 *
 * Returns: (transfer none) (nullable): what the table tells of it
 */
const ComfyNodeInput *
_comfy_mapping_find_input (ComfyMapping *self,
                           const char   *node,
                           const char   *input)
{
  const char           *class_type = comfy_workflow_get_class (self->workflow, node);
  const ComfyNodeClass *klass = NULL;
  const ComfyNodeInput *chosen = NULL;

  if (class_type != NULL)
    klass = comfy_node_table_lookup (self->table, class_type);
  if (klass == NULL)
    return NULL;
  if (strchr (input, '.') != NULL)
    chosen = find_chosen (self, node, klass, input);

  return chosen != NULL ? chosen : comfy_node_class_lookup_input (klass, input);
}

static int
compare_items (gconstpointer a,
               gconstpointer b)
{
  const ComfyMappingItem *one = *(ComfyMappingItem * const *) a;
  const ComfyMappingItem *other = *(ComfyMappingItem * const *) b;

  if (one->rank != other->rank)
    return one->rank < other->rank ? -1 : 1;
  if (one->position != other->position)
    return one->position < other->position ? -1 : 1;

  return 0;
}

/* an image that is made larger shall come back larger; a latent is for more detail in between */
static ComfyFit
guess_fit (ComfyMapping *self)
{
  g_auto(GStrv) nodes = comfy_workflow_dup_node_ids (self->workflow);

  for (unsigned int i = 0; nodes[i] != NULL; i++)
    {
      const char *class_type = comfy_workflow_get_class (self->workflow, nodes[i]);

      if (g_str_equal (class_type, "ImagePadForOutpaint")
          || (strstr (class_type, "Upscale") != NULL && strstr (class_type, "Latent") == NULL))
        return COMFY_FIT_NATURAL;
    }

  return COMFY_FIT_REGION;
}

static void
guess (ComfyMapping *self)
{
  g_autoptr(ComfyTrace) trace = _comfy_trace_new (self);
  g_auto(GStrv)         nodes = comfy_workflow_dup_node_ids (self->workflow);
  g_autoptr(GHashTable) alive = NULL;

  g_ptr_array_set_size (self->items, 0);
  self->has_size = FALSE;
  _comfy_mapping_find_outputs (self, trace);
  alive = _comfy_mapping_find_alive (self);
  for (unsigned int i = 0; nodes[i] != NULL; i++)
    if (g_hash_table_contains (alive, nodes[i]))
      _comfy_mapping_scan_node (self, trace, nodes[i], i);

  if (self->window != NULL)
    _comfy_mapping_follow_window (self);
  g_ptr_array_sort (self->items, compare_items);
  _comfy_mapping_name_items (self);
  self->fit = guess_fit (self);
}

/**
 * comfy_mapping_new:
 * @workflow: a graph; not changed
 * @table: what its classes take, as far as that is known
 * @title: what the graph is called
 *
 * Looks at a graph. Takes time with thousands of nodes: tens of milliseconds.
 *
 * Returns: (transfer full): what a form for it shows
 */
ComfyMapping *
comfy_mapping_new (ComfyWorkflow  *workflow,
                   ComfyNodeTable *table,
                   const char     *title)
{
  ComfyMapping *self;

  g_return_val_if_fail (COMFY_IS_WORKFLOW (workflow), NULL);
  g_return_val_if_fail (COMFY_IS_NODE_TABLE (table), NULL);
  g_return_val_if_fail (title != NULL, NULL);

  self = g_object_new (COMFY_TYPE_MAPPING, NULL);
  self->workflow = g_object_ref (workflow);
  self->table = g_object_ref (table);
  self->title = comfy_field_is_blank (title) ? g_strdup (_("Workflow")) : g_strdup (title);
  guess (self);

  return self;
}

/*
 * _comfy_mapping_set_window:
 * @window: (nullable): the same graph in the format of ComfyUI's window
 *
 * What its author chose to show there is shown here as well.
 */
void
_comfy_mapping_set_window (ComfyMapping *self,
                           JsonNode     *window)
{
  g_clear_pointer (&self->window, json_node_unref);
  if (window != NULL)
    self->window = json_node_ref (window);
  guess (self);
}

/**
 * comfy_mapping_reset:
 *
 * Forgets what the artist has corrected.
 */
void
comfy_mapping_reset (ComfyMapping *self)
{
  g_return_if_fail (COMFY_IS_MAPPING (self));

  g_hash_table_remove_all (self->outcomes);
  self->said_order = FALSE;
  self->said_fit = FALSE;
  guess (self);
  g_signal_emit_by_name (self, "changed");
}

/**
 * comfy_mapping_get_workflow:
 *
 * Returns: (transfer none): the graph
 */
ComfyWorkflow *
comfy_mapping_get_workflow (ComfyMapping *self)
{
  g_return_val_if_fail (COMFY_IS_MAPPING (self), NULL);

  return self->workflow;
}

/**
 * comfy_mapping_get_title:
 *
 * Returns: (transfer none): what the graph is called
 */
const char *
comfy_mapping_get_title (ComfyMapping *self)
{
  g_return_val_if_fail (COMFY_IS_MAPPING (self), NULL);

  return self->title;
}

/**
 * comfy_mapping_set_title:
 * @title: what the graph is called from now on
 */
void
comfy_mapping_set_title (ComfyMapping *self,
                         const char   *title)
{
  g_return_if_fail (COMFY_IS_MAPPING (self));
  g_return_if_fail (title != NULL);

  g_set_str (&self->title, title);
}

/**
 * comfy_mapping_get_n_entries:
 *
 * Returns: how many values the graph has that a person can set
 */
unsigned int
comfy_mapping_get_n_entries (ComfyMapping *self)
{
  g_return_val_if_fail (COMFY_IS_MAPPING (self), 0);

  return self->items->len;
}

/**
 * comfy_mapping_get_entry:
 * @i: below comfy_mapping_get_n_entries()
 *
 * Returns: (transfer none): one of them, in the order of the form
 */
const ComfyMappingEntry *
comfy_mapping_get_entry (ComfyMapping *self,
                         unsigned int  i)
{
  g_return_val_if_fail (COMFY_IS_MAPPING (self), NULL);
  g_return_val_if_fail (i < self->items->len, NULL);

  return &((ComfyMappingItem *) g_ptr_array_index (self->items, i))->entry;
}

/**
 * comfy_mapping_get_n_outputs:
 *
 * Returns: how many nodes give something
 */
unsigned int
comfy_mapping_get_n_outputs (ComfyMapping *self)
{
  g_return_val_if_fail (COMFY_IS_MAPPING (self), 0);

  return self->outputs->len;
}

/**
 * comfy_mapping_get_output:
 * @i: below comfy_mapping_get_n_outputs()
 *
 * Returns: (transfer none): one of them, in the order of the file
 */
const ComfyMappingOutput *
comfy_mapping_get_output (ComfyMapping *self,
                          unsigned int  i)
{
  g_return_val_if_fail (COMFY_IS_MAPPING (self), NULL);
  g_return_val_if_fail (i < self->outputs->len, NULL);

  return g_ptr_array_index (self->outputs, i);
}

/**
 * comfy_mapping_get_fit:
 *
 * Returns: how big the result is put into the image
 */
ComfyFit
comfy_mapping_get_fit (ComfyMapping *self)
{
  g_return_val_if_fail (COMFY_IS_MAPPING (self), COMFY_FIT_REGION);

  return self->fit;
}
