/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-output"

#include "config.h"

#include <string.h>

#include "comfy-output.h"

G_DEFINE_BOXED_TYPE (ComfyOutput, comfy_output, comfy_output_copy, comfy_output_free)

/**
 * comfy_output_new:
 * @node: id of a node of the graph
 * @prefix: (nullable): its filename_prefix, where it has one
 * @outcome: what becomes of its pictures
 *
 * Returns: (transfer full): the output
 */
ComfyOutput *
comfy_output_new (const char   *node,
                  const char   *prefix,
                  ComfyOutcome  outcome)
{
  ComfyOutput *self = g_new0 (ComfyOutput, 1);

  self->node = g_strdup (node);
  self->prefix = g_strdup (prefix);
  self->outcome = outcome;

  return self;
}

/**
 * comfy_output_copy:
 *
 * Returns: (transfer full): the same
 */
ComfyOutput *
comfy_output_copy (const ComfyOutput *self)
{
  return comfy_output_new (self->node, self->prefix, self->outcome);
}

/**
 * comfy_output_free:
 * @self: (transfer full): an output
 */
void
comfy_output_free (ComfyOutput *self)
{
  g_free (self->node);
  g_free (self->prefix);
  g_free (self);
}

/* ComfyUI puts "_" and a counter behind the prefix */
static gboolean
has_prefix_of (const ComfyOutput *self,
               const char        *file_name)
{
  size_t length = self->prefix != NULL ? strlen (self->prefix) : 0;

  return length > 0 && file_name != NULL && strncmp (file_name, self->prefix, length) == 0
         && file_name[length] == '_';
}

/**
 * comfy_output_find:
 * @outputs: (element-type ComfyOutput): of one graph
 * @node: (nullable): the node that a server names; it counts more than the file's name
 * @file_name: (nullable): the name of a file that came. Prefixes are ours alone, so it tells as well,
 *   where a server names a node that came to be while the graph ran
 *
 * Returns: (transfer none) (nullable): the output that made it; %NULL when that cannot be told
 */
const ComfyOutput *
comfy_output_find (GPtrArray  *outputs,
                   const char *node,
                   const char *file_name)
{
  for (unsigned int i = 0; node != NULL && i < outputs->len; i++)
    {
      const ComfyOutput *output = g_ptr_array_index (outputs, i);

      if (g_str_equal (node, output->node))
        return output;
    }

  for (unsigned int i = 0; i < outputs->len; i++)
    if (has_prefix_of (g_ptr_array_index (outputs, i), file_name))
      return g_ptr_array_index (outputs, i);

  return NULL;
}
