/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which nodes of a graph give something, and which nodes run for that.
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <string.h>

#include "comfy-mapping-private.h"
#include "comfy-workflow-check.h"
#include "comfy-workflow-private.h"

static gboolean
has_link (ComfyMapping *self,
          const char   *node)
{
  JsonObjectIter  iter;
  const char     *input;
  JsonNode       *value;

  json_object_iter_init (&iter, _comfy_workflow_get_inputs (self->workflow, node));
  while (json_object_iter_next (&iter, &input, &value))
    if (comfy_json_node_is_link (value))
      return TRUE;

  return FALSE;
}

static gboolean
is_output (ComfyMapping *self,
           ComfyTrace   *trace,
           const char   *node,
           ComfyMark     mark)
{
  const char           *class_type = comfy_workflow_get_class (self->workflow, node);
  const ComfyNodeClass *klass = comfy_node_table_lookup (self->table, class_type);

  if (klass != NULL)
    return comfy_node_class_is_output (klass);

  /* what takes something and nobody uses would not be there if it did not give something itself */
  return mark.type == COMFY_MARK_OUTPUT
         || (_comfy_trace_is_sink (trace, node) && has_link (self, node));
}

static gboolean
takes_picture (ComfyMapping *self,
               const char   *node)
{
  return comfy_workflow_get_link (self->workflow, node, "images", NULL, NULL)
         || comfy_workflow_get_link (self->workflow, node, "image", NULL, NULL);
}

/* a text for people to read, not a picture with one */
static gboolean
is_text (ComfyMapping *self,
         const char   *node)
{
  const char *class_type = comfy_workflow_get_class (self->workflow, node);

  if (takes_picture (self, node))
    return FALSE;

  return g_str_equal (class_type, "PreviewAny") || strstr (class_type, "Text") != NULL
         || strstr (class_type, "String") != NULL;
}

static gboolean
is_preview (ComfyMapping *self,
            const char   *node)
{
  return g_str_has_prefix (comfy_workflow_get_class (self->workflow, node), "Preview");
}

static void
output_free (void *data)
{
  ComfyMappingOutput *output = data;

  g_free (output->node);
  g_free (output);
}

/* what is saved and kept; of a class that nobody knows, only what takes pictures: else the previews
 * may be all that there is to be seen */
static gboolean
is_saved (ComfyMapping             *self,
          const ComfyMappingOutput *output)
{
  const char *class_type = comfy_workflow_get_class (self->workflow, output->node);

  return !output->is_text && output->outcome != COMFY_OUTCOME_NOTHING
         && !is_preview (self, output->node)
         && (comfy_node_table_lookup (self->table, class_type) != NULL
             || takes_picture (self, output->node));
}

/* of pictures that are saved, the previews are steps on the way */
static void
drop_previews (ComfyMapping *self)
{
  gboolean has_saved = FALSE;

  for (unsigned int i = 0; i < self->outputs->len; i++)
    has_saved |= is_saved (self, g_ptr_array_index (self->outputs, i));

  for (unsigned int i = 0; has_saved && i < self->outputs->len; i++)
    {
      ComfyMappingOutput *output = g_ptr_array_index (self->outputs, i);
      ComfyMark           mark = _comfy_mark_parse (comfy_workflow_get_title (self->workflow,
                                                                              output->node));

      if (!output->is_text && is_preview (self, output->node) && mark.type != COMFY_MARK_OUTPUT)
        output->outcome = COMFY_OUTCOME_NOTHING;
    }
}

/*
 * _comfy_mapping_find_outputs:
 * @self: a mapping that is being made
 * @trace: what the links of its graph tell
 *
 * Finds what gives something, in the order of the file.
 */
void
_comfy_mapping_find_outputs (ComfyMapping *self,
                             ComfyTrace   *trace)
{
  g_auto(GStrv) nodes = comfy_workflow_dup_node_ids (self->workflow);

  g_clear_pointer (&self->outputs, g_ptr_array_unref);
  self->outputs = g_ptr_array_new_with_free_func (output_free);
  for (unsigned int i = 0; nodes[i] != NULL; i++)
    {
      ComfyMappingOutput *output;
      ComfyMark           mark;

      mark = _comfy_mark_parse (comfy_workflow_get_title (self->workflow, nodes[i]));
      if (!is_output (self, trace, nodes[i], mark))
        continue;

      output = g_new0 (ComfyMappingOutput, 1);
      output->node = g_strdup (nodes[i]);
      output->is_text = is_text (self, nodes[i]);
      output->outcome = mark.type == COMFY_MARK_OUTPUT ? mark.outcome : COMFY_OUTCOME_LAYERS;
      g_ptr_array_add (self->outputs, output);
    }
  drop_previews (self);
}

/*
 * _comfy_mapping_find_alive:
 * @self: a mapping whose outputs are known
 *
 * Returns: (transfer full): the set of the ids of nodes that run: those that an output depends on
 */
GHashTable *
_comfy_mapping_find_alive (ComfyMapping *self)
{
  GHashTable            *alive = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray)   roots = g_ptr_array_new ();
  g_autofree char      **order = NULL;

  for (unsigned int i = 0; i < self->outputs->len; i++)
    g_ptr_array_add (roots, ((ComfyMappingOutput *) self->outputs->pdata[i])->node);
  g_ptr_array_add (roots, NULL);

  order = comfy_workflow_dup_order (self->workflow, (const char * const *) roots->pdata, NULL);
  for (unsigned int i = 0; order[i] != NULL; i++)
    g_hash_table_add (alive, order[i]);

  return alive;
}
